//! What the trees have said about rows, added up.

use alloc::vec;
use alloc::vec::Vec;

use crate::{Forest, Output, Scores};

/// Classes are added in groups of so many, which is one vector of two-byte numbers.
const GROUP: usize = 8;

/// How many trees' shares two bytes can hold: 257 times 255.
const TREES_AT_A_TIME: usize = 257;

/// What the leaves of a forest say, laid out to be added up fast.
#[derive(Clone, Debug)]
pub(super) enum Leaves {
    /// For each distribution the weights of its classes, in groups that are filled up with zeros.
    Shares(Vec<[u8; GROUP]>),
    /// As in the forest.
    Scores(Scores),
}

/// The totals of each class, as [`Output`] defines them, for each row.
pub(super) enum Sums<'batch> {
    /// The groups of a row stand one behind the other.
    Shares {
        weights: &'batch [[u8; GROUP]],
        groups: usize,
        /// Shares of the last trees, which are not part of the totals yet.
        shares: Vec<[u16; GROUP]>,
        /// How many trees these are.
        trees: usize,
        totals: Vec<[i32; GROUP]>,
    },
    /// The totals of one class stand behind those of the class before.
    Scores {
        scores: &'batch Scores,
        rows: usize,
        totals: Vec<i32>,
    },
}

impl Leaves {
    pub(super) fn new(forest: &Forest) -> Self {
        match &forest.output {
            Output::Shares(distributions) => {
                let groups = distributions.iter().flat_map(|weights| {
                    weights.chunks(GROUP).map(|weights| {
                        let mut group = [0; GROUP];
                        for (place, &weight) in group.iter_mut().zip(weights) {
                            *place = weight;
                        }
                        group
                    })
                });
                Self::Shares(groups.collect())
            }
            Output::Scores(scores) => Self::Scores(scores.clone()),
        }
    }
}

impl<'batch> Sums<'batch> {
    /// Room for the sums of so many classes for so many rows.
    pub(super) fn new(leaves: &'batch Leaves, classes: usize, rows: usize) -> Self {
        match leaves {
            Leaves::Shares(weights) => {
                let groups = classes.div_ceil(GROUP);
                Self::Shares {
                    weights,
                    groups,
                    shares: vec![[0; GROUP]; rows * groups],
                    trees: 0,
                    totals: vec![[0; GROUP]; rows * groups],
                }
            }
            Leaves::Scores(scores) => Self::Scores {
                scores,
                rows,
                totals: vec![0; rows * classes],
            },
        }
    }

    /// Back to what stands before any tree.
    pub(super) fn begin(&mut self) {
        match self {
            Self::Shares {
                shares,
                trees,
                totals,
                ..
            } => {
                shares.fill([0; GROUP]);
                totals.fill([0; GROUP]);
                *trees = 0;
            }
            Self::Scores {
                scores,
                rows,
                totals,
            } => {
                for (totals, &base) in totals.chunks_exact_mut(*rows).zip(&scores.base) {
                    totals.fill(base);
                }
            }
        }
    }

    /// Adds what one tree says about the rows: what their leaves refer to.
    pub(super) fn add(&mut self, tree: usize, outputs: &[u32]) {
        match self {
            Self::Shares {
                weights,
                groups,
                shares,
                trees,
                ..
            } => {
                if *groups == 1 {
                    for (shares, &output) in shares.iter_mut().zip(outputs) {
                        add_weights(shares, weights.get(output as usize));
                    }
                } else {
                    for (shares, &output) in shares.chunks_exact_mut(*groups).zip(outputs) {
                        let start = output as usize * *groups;
                        let weights = weights.get(start..).unwrap_or_default();
                        for (shares, weights) in shares.iter_mut().zip(weights) {
                            add_weights(shares, Some(weights));
                        }
                    }
                }
                *trees += 1;
                if *trees == TREES_AT_A_TIME {
                    self.settle();
                }
            }
            Self::Scores {
                scores,
                rows,
                totals,
            } => {
                let class = scores.tree_classes.get(tree).copied().unwrap_or(0);
                // Not flattened, which would take three times as many instructions a row.
                let Some(totals) = totals.chunks_exact_mut(*rows).nth(usize::from(class)) else {
                    return;
                };
                for (total, &output) in totals.iter_mut().zip(outputs) {
                    let value = scores.values.get(output as usize);
                    *total += i32::from(value.copied().unwrap_or(0));
                }
            }
        }
    }

    /// Of a boosted forest the totals that a tree's values are added to, row by row.
    pub(super) fn totals_of(&mut self, tree: usize) -> Option<&mut [i32]> {
        let Self::Scores {
            scores,
            rows,
            totals,
        } = self
        else {
            return None;
        };
        let class = scores.tree_classes.get(tree).copied().unwrap_or(0);
        totals.chunks_exact_mut(*rows).nth(usize::from(class))
    }

    /// Adds what each tree says about the only row.
    pub(super) fn add_all(&mut self, outputs: &[u32]) {
        let Self::Scores { scores, totals, .. } = self else {
            for (tree, &output) in outputs.iter().enumerate() {
                self.add(tree, &[output]);
            }
            return;
        };
        for (&class, &output) in scores.tree_classes.iter().zip(outputs) {
            let value = scores.values.get(output as usize);
            if let Some(total) = totals.get_mut(usize::from(class)) {
                *total += i32::from(value.copied().unwrap_or(0));
            }
        }
    }

    /// Makes all shares part of the totals.
    pub(super) fn settle(&mut self) {
        if let Self::Shares {
            shares,
            trees,
            totals,
            ..
        } = self
        {
            let shares = shares.as_flattened_mut().iter_mut();
            for (total, shares) in totals.as_flattened_mut().iter_mut().zip(shares) {
                *total += i32::from(core::mem::take(shares));
            }
            *trees = 0;
        }
    }

    /// Writes the totals of a row, one for each class. What was added is settled.
    pub(super) fn totals(&self, row: usize, of_row: &mut [i32]) {
        match self {
            Self::Shares { groups, totals, .. } => {
                let start = row * groups * GROUP;
                let totals = totals.as_flattened().get(start..).unwrap_or_default();
                for (total, &of_class) in of_row.iter_mut().zip(totals) {
                    *total = of_class;
                }
            }
            Self::Scores { rows, totals, .. } => {
                let totals = totals.iter().skip(row).step_by(*rows);
                for (total, &of_class) in of_row.iter_mut().zip(totals) {
                    *total = of_class;
                }
            }
        }
    }
}

/// Adds the weights of a group.
fn add_weights(shares: &mut [u16; GROUP], weights: Option<&[u8; GROUP]>) {
    if let Some(weights) = weights {
        for (shares, &weight) in shares.iter_mut().zip(weights) {
            *shares += u16::from(weight);
        }
    }
}
