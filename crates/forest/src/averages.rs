//! What the nodes of a tree say on average, and how many rows come to them, by the shares that splits keep.

use alloc::vec;
use alloc::vec::Vec;

use crate::split::share;
use crate::{Forest, Node, Output};

/// The averages of one tree's nodes.
pub(crate) struct Averages {
    /// How many numbers a node has: one for each class of a bagged forest, one of a boosted forest.
    width: usize,
    /// For each node what the leaves below it say on average: shares of [`crate::SHARES`], or steps of a score.
    values: Vec<f64>,
    /// For each node the share of the training rows that come to it, 0 to 1.
    reach: Vec<f64>,
}

impl Averages {
    /// The averages of a tree's nodes, by their indices in preorder.
    pub(crate) fn new(forest: &Forest, tree_index: usize) -> Self {
        let nodes = forest
            .trees
            .get(tree_index)
            .map(|tree| tree.nodes.as_slice());
        let nodes = nodes.unwrap_or_default();
        let width = match forest.output {
            Output::Shares(_) => forest.classes.len(),
            Output::Scores(_) => 1,
        };
        let mut averages = Self {
            width,
            values: vec![0.0; nodes.len() * width],
            reach: vec![0.0; nodes.len()],
        };
        // Both children lie behind their parent.
        for (index, node) in nodes.iter().enumerate().rev() {
            let value = match *node {
                Node::Leaf { output } => leaf(forest, tree_index, output),
                Node::Split {
                    left_share, right, ..
                } => {
                    let share = share(left_share);
                    let left = averages.value(index + 1).iter();
                    let right = averages.value(child(right)).iter();
                    left.zip(right)
                        .map(|(left, right)| share * left + (1.0 - share) * right)
                        .collect()
                }
            };
            let start = index * width;
            if let Some(place) = averages.values.get_mut(start..start + width) {
                place.copy_from_slice(&value);
            }
        }
        if let Some(root) = averages.reach.first_mut() {
            *root = 1.0;
        }
        for (index, node) in nodes.iter().enumerate() {
            if let Node::Split {
                left_share, right, ..
            } = *node
            {
                let reach = averages.reach(index);
                let share = share(left_share);
                for (child, share) in [(index + 1, share), (child(right), 1.0 - share)] {
                    if let Some(place) = averages.reach.get_mut(child) {
                        *place = reach * share;
                    }
                }
            }
        }
        averages
    }

    /// What the leaves below a node say on average.
    pub(crate) fn value(&self, node: usize) -> &[f64] {
        let start = node * self.width;
        self.values
            .get(start..start + self.width)
            .unwrap_or_default()
    }

    /// The share of the training rows that come to a node, 0 to 1.
    pub(crate) fn reach(&self, node: usize) -> f64 {
        self.reach.get(node).copied().unwrap_or(0.0)
    }
}

/// What a leaf says, as [`Averages::value`].
pub(crate) fn leaf(forest: &Forest, tree: usize, output: u16) -> Vec<f64> {
    match &forest.output {
        Output::Shares(distributions) => {
            let weights = distributions.get(usize::from(output));
            let weights = weights.into_iter().flatten();
            weights.map(|&weight| f64::from(weight)).collect()
        }
        Output::Scores(scores) => vec![f64::from(scores.leaf(tree, output).1)],
    }
}

/// The squared distance of two values.
pub(crate) fn squared_distance(left: &[f64], right: &[f64]) -> f64 {
    let pairs = left.iter().zip(right);
    pairs
        .map(|(left, right)| (left - right) * (left - right))
        .sum()
}

/// A child's index.
pub(crate) fn child(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}
