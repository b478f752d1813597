//! What can be wrong with a question about one row.

use alloc::vec::Vec;
use core::fmt;

use crate::predict::check_row;
use crate::{Forest, RowError};

/// Why a question about a row and a class has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuestionError {
    /// The row is not one of this forest.
    Row(RowError),
    /// There is no class of this index.
    NoSuchClass {
        /// The index asked for.
        class: usize,
        /// How many classes the forest has.
        classes: usize,
    },
    /// There is no feature of this index.
    NoSuchFeature {
        /// The index asked for.
        feature: usize,
        /// How many features the forest has.
        features: usize,
    },
    /// The splits of a boosted forest compare so many features that their sets cannot all be looked at.
    TooManyFeatures {
        /// How many features the splits compare.
        found: u32,
        /// How many they may be with that many classes.
        most: u32,
    },
}

impl fmt::Display for QuestionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuestionError::Row(error) => error.fmt(formatter),
            QuestionError::NoSuchClass { class, classes } => write!(
                formatter,
                "there is no class {class}: the forest has {classes}, counted from 0"
            ),
            QuestionError::NoSuchFeature { feature, features } => write!(
                formatter,
                "there is no feature {feature}: the forest has {features}, counted from 0"
            ),
            QuestionError::TooManyFeatures { found, most } => write!(
                formatter,
                "contributions are told for forests that compare at most {most} features, not {found}"
            ),
        }
    }
}

impl core::error::Error for QuestionError {}

impl From<RowError> for QuestionError {
    fn from(error: RowError) -> Self {
        QuestionError::Row(error)
    }
}

impl Forest {
    /// The row as bins; refuses one that has not one value for each feature.
    pub(crate) fn checked_bins(&self, row: &[f32]) -> Result<Vec<u8>, QuestionError> {
        check_row(row, self.features.len())?;
        Ok(self.bins(row).collect())
    }

    /// Refuses a class that the forest does not have.
    pub(crate) fn check_class(&self, class: usize) -> Result<(), QuestionError> {
        let classes = self.classes.len();
        if class < classes {
            Ok(())
        } else {
            Err(QuestionError::NoSuchClass { class, classes })
        }
    }

    /// Refuses a feature that the forest does not have.
    pub(crate) fn check_feature(&self, feature: usize) -> Result<(), QuestionError> {
        let features = self.features.len();
        if feature < features {
            Ok(())
        } else {
            Err(QuestionError::NoSuchFeature { feature, features })
        }
    }
}
