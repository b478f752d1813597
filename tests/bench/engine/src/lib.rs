//! Overtone's forest, ready to be measured: what the native program and the WebAssembly module have in common.

#![no_std]

extern crate alloc;
// The native library needs someone to handle a panic; the WebAssembly module does it itself, in fewer bytes.
#[cfg(not(target_family = "wasm"))]
extern crate std;

#[cfg(target_family = "wasm")]
mod exports;
mod numbers;

use alloc::vec;

pub use numbers::made_up_rows;

use overtone_forest::{Batch, Forest, Kernel, QuestionError, ReadError, RowError};

/// A packed forest that has been read and laid out to answer fast.
pub struct Loaded {
    forest: Forest,
    /// `None` if the forest answers row by row only.
    batch: Option<Batch>,
}

impl Loaded {
    /// Reads a packed forest and lays it out for the fastest kernel that is here.
    ///
    /// # Errors
    /// When the bytes are not a packed forest.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        Self::read_for(bytes, Kernel::fastest())
    }

    /// Reads a packed forest and lays it out for a kernel, which has to be here.
    ///
    /// # Errors
    /// When the bytes are not a packed forest.
    pub fn read_for(bytes: &[u8], kernel: Kernel) -> Result<Self, ReadError> {
        let forest = Forest::read(bytes)?;
        let batch = forest.batch_with(kernel);
        Ok(Self { forest, batch })
    }

    /// The forest.
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// How many values a row has, and how many probabilities an answer.
    pub fn shape(&self) -> (usize, usize) {
        (self.forest.features().len(), self.forest.classes().len())
    }

    /// Answers for many rows in the fastest way there is.
    ///
    /// # Errors
    /// When `probabilities` has not one place for each class of each row.
    pub fn predict_all(&self, rows: &[f32], probabilities: &mut [f64]) -> Result<(), RowError> {
        match &self.batch {
            Some(batch) => batch.predict(rows, probabilities),
            None => self.predict_one_by_one(rows, probabilities),
        }
    }

    /// Answers for many rows one by one, as for a slider.
    ///
    /// # Errors
    /// When `probabilities` has not one place for each class of each row.
    pub fn predict_one_by_one(
        &self,
        rows: &[f32],
        probabilities: &mut [f64],
    ) -> Result<(), RowError> {
        let (features, classes) = self.shape();
        let rows = rows.chunks(features);
        for (row, probabilities) in rows.zip(probabilities.chunks_mut(classes)) {
            match &self.batch {
                Some(batch) => batch.predict(row, probabilities)?,
                None => self.forest.predict(row, probabilities)?,
            }
        }
        Ok(())
    }

    /// What each feature contributes to the probability of one class, or of each class if there is no `class`. Gives the
    /// sum of all numbers found, so that no compiler leaves the work out.
    ///
    /// # Errors
    /// When the row has not one value for each feature, or there is no such class.
    pub fn contributions(&self, row: &[f32], class: Option<usize>) -> Result<f64, QuestionError> {
        let all = match class {
            Some(class) => vec![self.forest.contributions(row, class)?],
            None => self.forest.contributions_to_all(row)?,
        };
        Ok(all
            .iter()
            .map(|of_class| of_class.base + of_class.features.iter().sum::<f64>())
            .sum())
    }
}
