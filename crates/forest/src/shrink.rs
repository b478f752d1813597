//! Smaller forests of a larger one.
//!
//! What a smaller forest loses in accuracy is for its user to measure.

mod round_thresholds;
mod shared_leaves;

use alloc::vec::Vec;

use crate::path::Path;
use crate::{Forest, Node, Output};

impl Forest {
    /// The forest of the first trees, of all if there are not so many, and of one at least. A boosted forest's first trees
    /// are what it was after so many steps.
    pub fn first_trees(&self, count: usize) -> Self {
        let mut first = self.clone();
        let count = count.max(1);
        first.trees.truncate(count);
        if let Output::Scores(scores) = &mut first.output {
            scores.tree_classes.truncate(count);
        }
        first.forget_unused();
        first
    }

    /// The forest that does not keep which share of the training rows went left at a split, but the share that would have if
    /// rows lay evenly between the thresholds that can be there, which takes no room. It answers as before; contributions
    /// weigh the two ways by these shares, and are no longer those of the training rows.
    pub fn with_even_shares(&self) -> Self {
        let mut even = self.clone();
        for tree in &mut even.trees {
            let mut path = Path::new(&self.features);
            for (index, node) in tree.nodes.iter_mut().enumerate() {
                match node {
                    Node::Split {
                        feature,
                        threshold,
                        left_share,
                        ..
                    } => {
                        if let Some(open) = path.interval(*feature) {
                            *left_share = open.even_share(*threshold);
                        }
                        path.split(index, *feature, *threshold, *left_share);
                    }
                    Node::Leaf { .. } => {
                        path.leaf(index);
                    }
                }
            }
        }
        even
    }

    /// Leaves out what no leaf refers to any more.
    fn forget_unused(&mut self) {
        let mut used: Vec<u16> = self
            .trees
            .iter()
            .flat_map(|tree| &tree.nodes)
            .filter_map(output)
            .collect();
        used.sort_unstable();
        used.dedup();
        for node in self.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
            if let Node::Leaf { output } = node {
                let place = used.partition_point(|other| *other < *output);
                *output = u16::try_from(place).unwrap_or(*output);
            }
        }
        let is_used = |index: usize| {
            u16::try_from(index).is_ok_and(|index| used.binary_search(&index).is_ok())
        };
        match &mut self.output {
            Output::Shares(distributions) => retain(distributions, is_used),
            Output::Scores(scores) => retain(&mut scores.values, is_used),
        }
    }
}

/// What a leaf refers to.
fn output(node: &Node) -> Option<u16> {
    match *node {
        Node::Leaf { output } => Some(output),
        Node::Split { .. } => None,
    }
}

/// Keeps the items whose index is wanted.
fn retain<Item>(items: &mut Vec<Item>, is_wanted: impl Fn(usize) -> bool) {
    let mut index = 0;
    items.retain(|_| {
        index += 1;
        is_wanted(index - 1)
    });
}
