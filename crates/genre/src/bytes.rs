//! Reads what stands beside a forest: figures and names, little-endian.

use crate::{Figures, ModelError};

/// What is left of some bytes.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    /// The error for what is wrong with them.
    damaged: fn(&'static str) -> ModelError,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], damaged: fn(&'static str) -> ModelError) -> Self {
        Self { bytes, damaged }
    }

    /// All that has not been read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], ModelError> {
        let (first, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or_else(|| (self.damaged)("it ends too soon"))?;
        self.bytes = rest;
        Ok(first)
    }

    pub(crate) fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], ModelError> {
        let bytes = self.take(LENGTH)?;
        bytes
            .try_into()
            .map_err(|_| (self.damaged)("it ends too soon"))
    }

    /// A number from 0 on.
    pub(crate) fn float(&mut self) -> Result<f32, ModelError> {
        let value = f32::from_le_bytes(self.array()?);
        if value.is_finite() && value >= 0.0 {
            Ok(value)
        } else {
            Err((self.damaged)("a figure is no number or below 0"))
        }
    }

    /// A number from 0 to 1.
    pub(crate) fn share(&mut self) -> Result<f32, ModelError> {
        let value = self.float()?;
        if value <= 1.0 {
            Ok(value)
        } else {
            Err((self.damaged)("a share is above 1"))
        }
    }

    pub(crate) fn figures(&mut self) -> Result<Figures, ModelError> {
        Ok(Figures {
            accuracy: self.share()?,
            balanced_accuracy: self.share()?,
            log_loss: self.float()?,
            calibration_error: self.share()?,
        })
    }
}
