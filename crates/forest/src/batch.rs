//! Prediction of many rows: the forest in the shape that runs fastest.

use alloc::vec;
use alloc::vec::Vec;

use crate::predict::MISSING;
use crate::{Forest, Node, Output, RowError, SHARES, Tree};

/// How many rows go through a tree before the next tree's turn: the tree stays in the first-level cache, and so do the
/// rows.
const BLOCK: usize = 256;

/// How many rows walk down a tree side by side. Each step waits for memory; sixteen independent ones hide that.
const LANES: usize = 16;

/// How many levels are walked before it is asked whether all lanes have arrived.
const LEVELS_AT_A_TIME: usize = 2;

/// A node in four bytes. A split's children lie side by side, so that the next node's index is a sum and needs no
/// branch; a leaf leads to itself.
#[derive(Clone, Copy)]
struct RunningNode {
    /// The column of the row's bins that is compared.
    column: u8,
    /// Rows whose bin is larger go right. No bin is larger than a leaf's, 255.
    threshold: u8,
    /// The index, within the tree, of the left child; of a leaf, its own.
    left: u16,
}

/// A tree whose nodes are in breadth-first order.
struct RunningTree {
    nodes: Vec<RunningNode>,
    /// For each node what its leaf refers to; meaningless for splits.
    outputs: Vec<u16>,
}

/// A forest laid out for many rows.
///
/// Each feature has two columns in a row of bins, which differ only where its value is missing: 255 in the first, which
/// goes right at every split, and 0 in the second, which goes left. A split compares the column that suits its default
/// direction, and never has to ask whether a value is missing.
pub struct Batch<'forest> {
    forest: &'forest Forest,
    trees: Vec<RunningTree>,
    /// For each distribution its only class, if every distribution has only one: adding votes is quicker.
    votes: Option<Vec<u8>>,
}

impl Forest {
    /// Lays the forest out for many rows. `None` if a tree has more nodes than two bytes can tell apart; such a forest
    /// answers row by row.
    pub fn batch(&self) -> Option<Batch<'_>> {
        let trees = self
            .trees
            .iter()
            .map(|tree| self.lay_out(tree))
            .collect::<Option<_>>()?;
        let votes = match &self.output {
            Output::Shares(distributions) => distributions
                .iter()
                .map(|distribution| {
                    let class = distribution.iter().position(|&weight| weight == SHARES)?;
                    u8::try_from(class).ok()
                })
                .collect(),
            Output::Scores(_) => None,
        };
        Some(Batch {
            forest: self,
            trees,
            votes,
        })
    }

    fn lay_out(&self, tree: &Tree) -> Option<RunningTree> {
        // The nodes of the tree, in the order in which they are placed.
        let mut order = vec![0usize];
        let mut running = RunningTree {
            nodes: Vec::with_capacity(tree.nodes.len()),
            outputs: Vec::with_capacity(tree.nodes.len()),
        };
        let mut own = 0;
        while let Some(&index) = order.get(own) {
            match *tree.nodes.get(index)? {
                Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    right,
                    ..
                } => {
                    let second_column = if missing_right {
                        0
                    } else {
                        self.features.len()
                    };
                    running.nodes.push(RunningNode {
                        column: u8::try_from(usize::from(feature) + second_column).ok()?,
                        threshold,
                        left: u16::try_from(order.len()).ok()?,
                    });
                    running.outputs.push(0);
                    order.push(index + 1);
                    order.push(usize::try_from(right).ok()?);
                }
                Node::Leaf { output } => {
                    running.nodes.push(RunningNode {
                        column: 0,
                        threshold: u8::MAX,
                        left: u16::try_from(own).ok()?,
                    });
                    running.outputs.push(output);
                }
            }
            own += 1;
        }
        // Both children of the last split have to have an index.
        (own <= usize::from(u16::MAX)).then_some(running)
    }
}

impl Batch<'_> {
    /// The probability of each class for each of many rows; the same bits as [`Forest::predict`] gives for each.
    ///
    /// `rows` has the values of one row behind the other, each with a value for each feature in its own unit and NaN for
    /// a missing one. `probabilities` receives a number for each class, row by row.
    ///
    /// # Errors
    /// When `rows` is not a whole number of rows, or `probabilities` has not one place for each class of each row.
    pub fn predict(&self, rows: &[f32], probabilities: &mut [f64]) -> Result<(), RowError> {
        let features = self.forest.features.len();
        let classes = self.forest.classes.len();
        let count = rows.len() / features;
        if !rows.len().is_multiple_of(features) {
            return Err(RowError::WrongLength {
                expected: (count + 1) * features,
                found: rows.len(),
            });
        }
        if probabilities.len() != count * classes {
            return Err(RowError::WrongOutputLength {
                expected: count * classes,
                found: probabilities.len(),
            });
        }
        let mut bins = vec![0u8; BLOCK * features * 2];
        let mut totals = vec![0; BLOCK * classes];
        let blocks = rows.chunks(BLOCK * features);
        for (rows, probabilities) in blocks.zip(probabilities.chunks_mut(BLOCK * classes)) {
            self.bin(rows, &mut bins);
            for totals in totals.chunks_exact_mut(classes) {
                self.forest.output.begin(totals);
            }
            let rows = rows.len() / features;
            for (index, tree) in self.trees.iter().enumerate() {
                self.add_tree(index, tree, rows, &bins, &mut totals);
            }
            let answers = probabilities.chunks_exact_mut(classes);
            for (probabilities, totals) in answers.zip(totals.chunks_exact(classes)) {
                self.forest
                    .output
                    .probabilities(totals, self.trees.len(), probabilities);
            }
        }
        Ok(())
    }

    fn bin(&self, rows: &[f32], bins: &mut [u8]) {
        let features = &self.forest.features;
        let rows = rows.chunks(features.len());
        for (row, bins) in rows.zip(bins.chunks_mut(features.len() * 2)) {
            let (first, second) = bins.split_at_mut(features.len());
            for ((feature, &value), (first, second)) in features
                .iter()
                .zip(row)
                .zip(first.iter_mut().zip(second.iter_mut()))
            {
                let bin = feature.bin(value);
                *first = bin.unwrap_or(MISSING);
                *second = bin.unwrap_or(0);
            }
        }
    }

    /// Adds what one tree says about the rows of a block.
    fn add_tree(
        &self,
        index: usize,
        tree: &RunningTree,
        rows: usize,
        bins: &[u8],
        totals: &mut [i32],
    ) {
        let columns = self.forest.features.len() * 2;
        let classes = self.forest.classes.len();
        let lanes = bins.chunks(columns * LANES);
        for (start, (bins, totals)) in lanes.zip(totals.chunks_mut(classes * LANES)).enumerate() {
            if start * LANES >= rows {
                return;
            }
            let mut at = [0u16; LANES];
            loop {
                let before = at;
                for _ in 0..LEVELS_AT_A_TIME {
                    for (at, bins) in at.iter_mut().zip(bins.chunks_exact(columns)) {
                        let Some(node) = tree.nodes.get(usize::from(*at)) else {
                            continue;
                        };
                        let bin = bins.get(usize::from(node.column)).copied().unwrap_or(0);
                        *at = node.left + u16::from(bin > node.threshold);
                    }
                }
                if at == before {
                    break;
                }
            }
            for (at, totals) in at.iter().zip(totals.chunks_exact_mut(classes)) {
                let output = tree.outputs.get(usize::from(*at)).copied().unwrap_or(0);
                match &self.votes {
                    Some(votes) => {
                        let class = votes.get(usize::from(output)).copied().unwrap_or(0);
                        if let Some(total) = totals.get_mut(usize::from(class)) {
                            *total += i32::from(SHARES);
                        }
                    }
                    None => self.forest.output.add(totals, index, output, 1),
                }
            }
        }
    }
}
