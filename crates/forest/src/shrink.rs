//! Smaller forests of a larger one, and what each tree costs in bytes.
//!
//! What a smaller forest loses in accuracy is for its user to measure.

mod round_thresholds;
mod shared_leaves;

use alloc::vec::Vec;

use crate::averages::{Averages, child, leaf, squared_distance};
use crate::path::Path;
use crate::{Forest, Node, Output, Tree};

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

    /// The forest without splits that send fewer than a share of the training rows one way: such a split becomes a leaf,
    /// which says what is nearest to the average of the leaves below. `minimum_share` is from 0, which leaves all splits, to 1,
    /// which leaves none. What no leaf refers to is left out of the output.
    pub fn without_small_leaves(&self, minimum_share: f64) -> Self {
        let trees = (0..self.trees.len())
            .filter_map(|index| {
                let averages = Averages::new(self, index);
                let mut nodes = Vec::new();
                self.keep(index, 0, &averages, minimum_share, &mut nodes)?;
                Some(Tree { nodes })
            })
            .collect();
        let mut pruned = Self {
            trees,
            ..self.clone()
        };
        pruned.forget_unused();
        pruned
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

    /// How many bytes each tree takes in the packed forest. A byte that holds bits of two trees counts for one of them, and the last
    /// few of the last tree, which end the coding, for none.
    pub fn tree_sizes(&self) -> Vec<usize> {
        let mut ends = Vec::new();
        self.coded(|end| ends.push(end));
        let starts = ends.iter();
        starts
            .clone()
            .skip(1)
            .zip(starts)
            .map(|(end, start)| end - start)
            .collect()
    }

    /// Appends what is kept of a subtree; gives nothing only for a node that does not exist.
    fn keep(
        &self,
        tree: usize,
        node: usize,
        averages: &Averages,
        minimum_share: f64,
        nodes: &mut Vec<Node>,
    ) -> Option<()> {
        let kept = *self.trees.get(tree)?.nodes.get(node)?;
        let Node::Split { right, .. } = kept else {
            nodes.push(kept);
            return Some(());
        };
        let right = child(right);
        if averages.reach(node + 1).min(averages.reach(right)) < minimum_share {
            let output = self.nearest(tree, averages.value(node))?;
            nodes.push(Node::Leaf { output });
            return Some(());
        }
        let own = nodes.len();
        nodes.push(kept);
        self.keep(tree, node + 1, averages, minimum_share, nodes)?;
        let new_right = u32::try_from(nodes.len()).ok()?;
        self.keep(tree, right, averages, minimum_share, nodes)?;
        if let Some(Node::Split { right, .. }) = nodes.get_mut(own) {
            *right = new_right;
        }
        Some(())
    }

    /// The output that is nearest to a value.
    fn nearest(&self, tree: usize, value: &[f64]) -> Option<u16> {
        let outputs = 0..u16::try_from(self.output.entries()).ok()?;
        let distance = |&output: &u16| squared_distance(&leaf(self, tree, output), value);
        outputs.min_by(|left, right| distance(left).total_cmp(&distance(right)))
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
