//! Prediction.

use crate::split::goes_right;
use crate::{Feature, Forest, MAXIMUM_CLASSES, MAXIMUM_FEATURES, Node, RowError, Tree};

/// The bin of a missing value; real bins end at 254.
pub(crate) const MISSING: u8 = 255;

impl Feature {
    /// The bin of a value: the number of cuts below it; `None` for NaN, which stands for a missing value.
    /// Infinities lie in the outermost bins.
    pub fn bin(&self, value: f32) -> Option<u8> {
        if value.is_nan() {
            return None;
        }
        let bin = self.cuts.partition_point(|&cut| cut < value);
        // A checked forest has at most 254 cuts.
        Some(u8::try_from(bin).unwrap_or(u8::MAX - 1))
    }
}

impl Tree {
    /// The index of the leaf that a row of bins ends in; `None` only for a tree that is not part of a forest and
    /// refers beyond its nodes or the row.
    fn leaf(&self, bins: &[u8]) -> Option<u16> {
        let mut index = 0;
        loop {
            match *self.nodes.get(index)? {
                Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    right,
                    ..
                } => {
                    let bin = *bins.get(usize::from(feature))?;
                    // Both children lie behind their parent, so this loop ends.
                    index = if goes_right(bin, threshold, missing_right) {
                        usize::try_from(right).ok()?
                    } else {
                        index + 1
                    };
                }
                Node::Leaf { output } => return Some(output),
            }
        }
    }
}

/// Refuses a row that has not one value for each feature.
pub(crate) fn check_row(row: &[f32], features: usize) -> Result<(), RowError> {
    if row.len() != features {
        return Err(RowError::WrongLength {
            expected: features,
            found: row.len(),
        });
    }
    Ok(())
}

/// Refuses a row that has not one value for each feature, and a place for answers that has not one for each class.
pub(crate) fn check_lengths(
    row: &[f32],
    features: usize,
    probabilities: &[f64],
    classes: usize,
) -> Result<(), RowError> {
    check_row(row, features)?;
    if probabilities.len() != classes {
        return Err(RowError::WrongOutputLength {
            expected: classes,
            found: probabilities.len(),
        });
    }
    Ok(())
}

impl Forest {
    /// The bin of each value of a row; [`MISSING`] for NaN.
    pub(crate) fn bins(&self, row: &[f32]) -> impl Iterator<Item = u8> {
        let values = self.features.iter().zip(row);
        values.map(|(feature, &value)| feature.bin(value).unwrap_or(MISSING))
    }

    /// The probability of each class for one row.
    ///
    /// `row` has a value for each feature, in the feature's own unit; NaN marks a missing one, which goes the way
    /// that each split provides for it. `probabilities` receives one number from 0 to 1 for each class; together
    /// they make 1. Equal rows give equal bits on every platform.
    ///
    /// # Errors
    /// When `row` has not one value for each feature, or `probabilities` not one place for each class.
    pub fn predict(&self, row: &[f32], probabilities: &mut [f64]) -> Result<(), RowError> {
        check_lengths(row, self.features.len(), probabilities, self.classes.len())?;
        let mut bins = [MISSING; MAXIMUM_FEATURES];
        for (place, bin) in bins.iter_mut().zip(self.bins(row)) {
            *place = bin;
        }
        let mut totals = [0; MAXIMUM_CLASSES];
        let totals = totals.get_mut(..self.classes.len()).unwrap_or_default();
        self.output.begin(totals);
        for (index, tree) in self.trees.iter().enumerate() {
            if let Some(leaf) = tree.leaf(&bins) {
                self.output.add(totals, index, leaf, 1);
            }
        }
        self.output
            .probabilities(totals, self.trees.len(), probabilities);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    fn forest() -> Forest {
        let features = vec![
            Feature {
                name: "a".into(),
                cuts: vec![1.0, 2.0],
            },
            Feature {
                name: "b".into(),
                cuts: vec![-0.5],
            },
        ];
        let split = |feature, threshold, missing_right, right| Node::Split {
            feature,
            threshold,
            missing_right,
            left_share: 7,
            right,
        };
        let leaf = |output| Node::Leaf { output };
        let trees = vec![
            Tree {
                nodes: vec![split(0, 0, false, 2), leaf(0), leaf(1)],
            },
            Tree {
                nodes: vec![
                    split(0, 1, true, 4),
                    split(1, 0, true, 3),
                    leaf(0),
                    leaf(1),
                    leaf(2),
                ],
            },
        ];
        let distributions = vec![vec![255, 0, 0], vec![0, 255, 0], vec![51, 0, 204]];
        let classes = vec!["x".into(), "y".into(), "z".into()];
        Forest::new(features, classes, distributions, trees).unwrap()
    }

    fn predict(row: &[f32]) -> Vec<f64> {
        let mut probabilities = vec![0.0; 3];
        forest().predict(row, &mut probabilities).unwrap();
        probabilities
    }

    #[test]
    fn a_value_equal_to_a_cut_goes_left() {
        assert_eq!(predict(&[1.0, -0.5]), [1.0, 0.0, 0.0]);
        assert_eq!(predict(&[1.0f32.next_up(), -0.5]), [0.5, 0.5, 0.0]);
    }

    #[test]
    fn leaves_are_averaged() {
        assert_eq!(predict(&[3.0, 0.0]), [0.1, 0.5, 0.4]);
    }

    #[test]
    fn missing_values_go_where_the_split_says() {
        // First tree left, second tree right.
        assert_eq!(predict(&[f32::NAN, 0.0]), [0.6, 0.0, 0.4]);
        assert_eq!(predict(&[0.0, f32::NAN]), [0.5, 0.5, 0.0]);
    }

    #[test]
    fn infinities_and_negative_zero_have_their_place() {
        assert_eq!(predict(&[f32::INFINITY, 0.0]), predict(&[9.0, 0.0]));
        assert_eq!(predict(&[f32::NEG_INFINITY, 0.0]), predict(&[-9.0, 0.0]));
        assert_eq!(predict(&[-0.0, 0.0]), predict(&[0.0, -0.0]));
    }

    #[test]
    fn rows_of_another_length_are_refused() {
        let mut probabilities = [0.0; 3];
        assert_eq!(
            forest().predict(&[1.0], &mut probabilities),
            Err(RowError::WrongLength {
                expected: 2,
                found: 1
            })
        );
        assert_eq!(
            forest().predict(&[1.0, 2.0], &mut probabilities[..2]),
            Err(RowError::WrongOutputLength {
                expected: 3,
                found: 2
            })
        );
    }
}
