//! Prediction of one row at a time: a forest of small trees without what only many rows need.

use alloc::vec;
use alloc::vec::Vec;

use super::exclusion::ExclusionTree;
use super::simd::{self, Here, Kernel};
use super::vectors::{MOST_FEATURES, row_bins};
use crate::predict::check_lengths;
use crate::{Feature, Forest, MAXIMUM_CLASSES, Output, RowError};

/// A forest of small trees laid out to answer fast for one row at a time. It gives the same bits as [`Forest::predict`], takes
/// a part of a [`Batch`](super::Batch)'s memory, and is laid out sooner.
#[derive(Clone, Debug)]
pub struct Single {
    kernel: Here,
    features: Vec<Feature>,
    classes: usize,
    output: Output,
    trees: Vec<ExclusionTree>,
}

impl Forest {
    /// Lays the forest out to answer fast for one row at a time. `None` if it has more than 16 features or a tree with
    /// more than 32 leaves, or if there are no vector instructions; such a forest answers by [`Forest::predict`].
    pub fn single(&self) -> Option<Single> {
        self.single_with(Here::fastest())
    }

    pub(super) fn single_with(&self, kernel: Here) -> Option<Single> {
        if kernel.kernel() == Kernel::Scalar || self.features.len() > MOST_FEATURES {
            return None;
        }
        let trees: Option<Vec<_>> = self.trees.iter().map(ExclusionTree::new).collect();
        Some(Single {
            kernel,
            features: self.features.clone(),
            classes: self.classes.len(),
            output: self.output.clone(),
            trees: trees?,
        })
    }
}

impl Single {
    /// The probability of each class for one row, as [`Forest::predict`] gives it.
    ///
    /// # Errors
    /// When `row` has not one value for each feature, or `probabilities` not one place for each class.
    pub fn predict(&self, row: &[f32], probabilities: &mut [f64]) -> Result<(), RowError> {
        check_lengths(row, self.features.len(), probabilities, self.classes)?;
        let (bins, _) = row_bins(&self.features, row);
        let mut outputs = vec![0; self.trees.len()];
        simd::exclude(self.kernel, &self.trees, &bins, &mut outputs);
        let mut totals = [0; MAXIMUM_CLASSES];
        let totals = totals.get_mut(..self.classes).unwrap_or_default();
        self.output.begin(totals);
        for (tree, &output) in outputs.iter().enumerate() {
            self.output.add(totals, tree, output, 1);
        }
        self.output
            .probabilities(totals, self.trees.len(), probabilities);
        Ok(())
    }
}
