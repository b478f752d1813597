//! smartcore's random forest, fitted to bins and taken out of it again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use serde::Deserialize;
use smartcore::ensemble::random_forest_classifier::{
    RandomForestClassifier, RandomForestClassifierParameters,
};
use smartcore::linalg::basic::matrix::DenseMatrix;

use crate::StudyError;

/// How a forest is grown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// How many trees.
    pub trees: u16,
    /// How many splits a tree has between its root and a leaf, at most.
    pub depth: u16,
    /// How many drawn rows a leaf has, at least.
    pub minimum_leaf: usize,
    /// What the random draws begin with.
    pub seed: u64,
}

/// A node of a tree as it was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearnedNode {
    /// Rows whose bin of `feature` is at most `threshold` go to the node `left`, the others to `right`.
    Split {
        /// The feature's index.
        feature: u8,
        /// The largest bin that goes left.
        threshold: u8,
        /// The index of the left child.
        left: usize,
        /// The index of the right child.
        right: usize,
    },
    /// Most of the drawn rows that end here have this class.
    Leaf {
        /// The class's index.
        class: u8,
    },
}

/// A tree as it was learned; the first node is the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnedTree {
    /// The nodes.
    pub nodes: Vec<LearnedNode>,
}

/// smartcore fits this many trees at a time, so that progress can be told and both cores have work. The number is
/// part of what decides a forest's bytes.
const TREES_AT_A_TIME: u16 = 10;

/// Grows a forest of rows of bins and the index of each row's class.
///
/// `grown` is told how many trees there are so far. The same input gives the same trees, however many threads there are.
///
/// # Errors
/// When smartcore does not take the rows.
pub fn grow(
    rows: &[Vec<u8>],
    classes: &[u8],
    growth: Growth,
    mut grown: impl FnMut(usize),
) -> Result<Vec<LearnedTree>, StudyError> {
    let matrix = rows
        .iter()
        .map(|row| row.iter().map(|&bin| f32::from(bin)).collect())
        .collect();
    let matrix = DenseMatrix::from_2d_vec(&matrix).map_err(|error| learn_error(&error))?;
    let classes: Vec<u32> = classes.iter().map(|&class| u32::from(class)).collect();

    let batches = usize::from(growth.trees.div_ceil(TREES_AT_A_TIME));
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut forest = vec![Vec::new(); batches];
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads.min(batches) {
            let (sender, next, matrix, classes) = (sender.clone(), &next, &matrix, &classes);
            scope.spawn(move || {
                loop {
                    let batch = next.fetch_add(1, Ordering::Relaxed);
                    if batch >= batches {
                        return;
                    }
                    // The receiver is gone once a batch has failed; then there is nothing more to do.
                    let trees = grow_batch(matrix, classes, growth, batch);
                    if sender.send((batch, trees)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut count = 0;
        for (batch, trees) in receiver {
            forest[batch] = trees?;
            count += forest[batch].len();
            grown(count);
        }
        Ok(forest.into_iter().flatten().collect())
    })
}

fn grow_batch(
    matrix: &DenseMatrix<f32>,
    classes: &Vec<u32>,
    growth: Growth,
    batch: usize,
) -> Result<Vec<LearnedTree>, StudyError> {
    let first = batch * usize::from(TREES_AT_A_TIME);
    let trees = usize::from(growth.trees) - first;
    let parameters = RandomForestClassifierParameters::default()
        .with_n_trees(TREES_AT_A_TIME.min(u16::try_from(trees).unwrap_or(u16::MAX)))
        // smartcore counts levels of nodes, not of splits.
        .with_max_depth(growth.depth.saturating_add(1))
        .with_min_samples_leaf(growth.minimum_leaf)
        .with_seed(growth.seed.wrapping_add(first as u64));
    let forest = RandomForestClassifier::fit(matrix, classes, parameters)
        .map_err(|error| learn_error(&error))?;
    take_out(&forest)
}

fn learn_error(error: &dyn std::fmt::Display) -> StudyError {
    StudyError::Learn(error.to_string())
}

/// The parts of smartcore's forest that matter here, by the names under which it is serialised: its fields are private.
#[derive(Deserialize)]
struct SmartcoreForest {
    trees: Vec<SmartcoreTree>,
}

#[derive(Deserialize)]
struct SmartcoreTree {
    nodes: Vec<SmartcoreNode>,
}

#[derive(Deserialize)]
struct SmartcoreNode {
    output: u8,
    split_feature: u8,
    split_value: Option<f64>,
    true_child: Option<usize>,
    false_child: Option<usize>,
}

fn take_out(
    forest: &RandomForestClassifier<f32, u32, DenseMatrix<f32>, Vec<u32>>,
) -> Result<Vec<LearnedTree>, StudyError> {
    let serialised = serde_json::to_vec(forest).map_err(|error| learn_error(&error))?;
    let forest: SmartcoreForest =
        serde_json::from_slice(&serialised).map_err(|error| learn_error(&error))?;
    Ok(forest
        .trees
        .into_iter()
        .map(|tree| LearnedTree {
            nodes: tree.nodes.iter().map(SmartcoreNode::learned).collect(),
        })
        .collect())
}

impl SmartcoreNode {
    fn learned(&self) -> LearnedNode {
        // The children tell a leaf: leaves that stopped at the depth limit still carry a stale split.
        match (self.split_value, self.true_child, self.false_child) {
            (Some(value), Some(left), Some(right)) => LearnedNode::Split {
                feature: self.split_feature,
                // Between bins k and k + 1 smartcore splits at k + 0.5, and rows at most that go left.
                threshold: value.floor() as u8,
                left,
                right,
            },
            _ => LearnedNode::Leaf { class: self.output },
        }
    }
}

#[cfg(test)]
mod tests {
    use smartcore::linalg::basic::arrays::Array;

    use super::*;

    /// Rows in two features; the class is decided by both, with some noise.
    fn rows() -> (Vec<Vec<u8>>, Vec<u8>) {
        let mut rows = Vec::new();
        let mut classes = Vec::new();
        for index in 0..600u32 {
            let (a, b) = ((index * 37 % 251) as u8, (index * 101 % 239) as u8);
            rows.push(vec![a, b]);
            classes.push(if index % 17 == 0 {
                2
            } else {
                u8::from(u16::from(a) + u16::from(b) > 230)
            });
        }
        (rows, classes)
    }

    fn class_of(tree: &LearnedTree, row: &[u8]) -> u8 {
        let mut index = 0;
        loop {
            match tree.nodes[index] {
                LearnedNode::Split {
                    feature,
                    threshold,
                    left,
                    right,
                } => {
                    index = if row[usize::from(feature)] <= threshold {
                        left
                    } else {
                        right
                    }
                }
                LearnedNode::Leaf { class } => return class,
            }
        }
    }

    #[test]
    fn the_trees_vote_as_smartcore_does() {
        let (rows, classes) = rows();
        let matrix: Vec<Vec<f32>> = rows
            .iter()
            .map(|row| row.iter().map(|&bin| f32::from(bin)).collect())
            .collect();
        let matrix = DenseMatrix::from_2d_vec(&matrix).unwrap();
        let classes: Vec<u32> = classes.iter().map(|&class| u32::from(class)).collect();
        for depth in [4, 20] {
            let parameters = RandomForestClassifierParameters::default()
                .with_n_trees(15)
                .with_max_depth(depth);
            let forest = RandomForestClassifier::fit(&matrix, &classes, parameters).unwrap();
            let expected = forest.predict(&matrix).unwrap();
            let trees = take_out(&forest).unwrap();
            assert_eq!(trees.len(), 15);
            for (row, expected) in rows.iter().zip(expected) {
                let mut votes = [0; 3];
                for tree in &trees {
                    votes[usize::from(class_of(tree, row))] += 1;
                }
                let most = votes.iter().max().unwrap();
                let winner = votes.iter().position(|vote| vote == most).unwrap();
                assert_eq!(winner, expected as usize);
            }
        }
        assert_eq!(matrix.shape(), (600, 2));
    }

    #[test]
    fn the_same_seed_grows_the_same_trees() {
        let (rows, classes) = rows();
        let growth = Growth {
            trees: 25,
            depth: 6,
            minimum_leaf: 2,
            seed: 7,
        };
        let mut progress = Vec::new();
        let first = grow(&rows, &classes, growth, |trees| progress.push(trees)).unwrap();
        let second = grow(&rows, &classes, growth, |_| {}).unwrap();
        assert_eq!(first.len(), 25);
        assert_eq!(first, second);
        assert_eq!(progress.last(), Some(&25));
        let other = grow(&rows, &classes, Growth { seed: 8, ..growth }, |_| {}).unwrap();
        assert_ne!(first, other);
    }
}
