//! Boosted trees: what they are, and what they say of a row.

use std::ops::Range;

use super::MISSING;

/// A node of a boosted tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BoostedNode {
    /// Rows whose bin of `feature` is at most `threshold` go to the node `left`, the others to `right`.
    Split {
        /// The feature's index.
        feature: u8,
        /// The largest bin that goes left.
        threshold: u8,
        /// Whether rows without a value go right.
        missing_right: bool,
        /// The index of the left child.
        left: usize,
        /// The index of the right child.
        right: usize,
        /// How many of the rows that the tree was fitted to came here.
        rows: u32,
    },
    /// Adds to the class's score.
    Leaf {
        /// What it adds; the learning rate is already in it.
        value: f32,
        /// How many of the rows that the tree was fitted to end here.
        rows: u32,
    },
}

impl BoostedNode {
    /// How many of the rows that the tree was fitted to came here.
    pub fn rows(&self) -> u32 {
        match *self {
            Self::Split { rows, .. } | Self::Leaf { rows, .. } => rows,
        }
    }
}

/// A regression tree that adds to the score of one class; the first node is the root.
#[derive(Clone, Debug, PartialEq)]
pub struct BoostedTree {
    /// The index of the class.
    pub class: usize,
    /// The nodes.
    pub nodes: Vec<BoostedNode>,
}

impl BoostedTree {
    /// The value of the leaf that a row of bins ends in.
    pub fn value(&self, row: &[u8]) -> f32 {
        let mut index = 0;
        loop {
            match self.nodes[index] {
                BoostedNode::Split {
                    feature,
                    threshold,
                    missing_right,
                    left,
                    right,
                    ..
                } => {
                    let bin = row[usize::from(feature)];
                    let goes_right = if bin == MISSING {
                        missing_right
                    } else {
                        bin > threshold
                    };
                    index = if goes_right { right } else { left };
                }
                BoostedNode::Leaf { value, .. } => return value,
            }
        }
    }

    /// How many leaves it has.
    pub fn leaves(&self) -> usize {
        self.nodes.len().div_ceil(2)
    }

    /// The same tree for rows with a value of `feature` above its lowest bin; to others, which `others` counts, it adds nothing.
    pub fn only_with(self, feature: u8, others: u32) -> Self {
        let rows = self.nodes.first().map_or(0, BoostedNode::rows);
        let mut nodes = vec![
            BoostedNode::Split {
                feature,
                threshold: 0,
                missing_right: false,
                left: 1,
                right: 2,
                rows: rows + others,
            },
            BoostedNode::Leaf {
                value: 0.0,
                rows: others,
            },
        ];
        let before = nodes.len();
        nodes.extend(self.nodes);
        for node in &mut nodes[before..] {
            if let BoostedNode::Split { left, right, .. } = node {
                *left += before;
                *right += before;
            }
        }
        Self {
            class: self.class,
            nodes,
        }
    }
}

/// Boosted trees: the score of a class is its base and the sum of its trees' values; probabilities are the softmax of
/// the scores.
#[derive(Clone, Debug, PartialEq)]
pub struct BoostedTrees {
    /// What the score of each class begins with.
    pub base: Vec<f32>,
    /// The trees, round by round, in each round one for each class in order; of two classes, for the second only.
    pub trees: Vec<BoostedTree>,
}

/// The classes for which a round grows a tree: all; but of two, the second alone, as only the difference of their scores
/// counts, which makes it logistic regression with a single score (Friedman 2001, section 4.5).
pub(super) fn grown(classes: usize) -> Range<usize> {
    if classes == 2 { 1..2 } else { 0..classes }
}

impl BoostedTrees {
    /// The score of each class for a row of bins.
    pub fn scores(&self, row: &[u8]) -> Vec<f32> {
        let mut scores = self.base.clone();
        for tree in &self.trees {
            scores[tree.class] += tree.value(row);
        }
        scores
    }

    /// How many trees a round gives.
    pub fn trees_a_round(&self) -> usize {
        grown(self.base.len()).len()
    }

    /// The probability of each class for a row of bins.
    pub fn predict(&self, row: &[u8]) -> Vec<f32> {
        let mut scores = self.scores(row);
        softmax(&mut scores);
        scores
    }
}

/// Turns scores into probabilities in place.
pub fn softmax(scores: &mut [f32]) {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = libm::expf(*score - largest);
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}
