//! Thresholds that take less room, and send some rows the same ways.
//!
//! Between the last row that goes left and the first that goes right, a threshold may lie anywhere. Of the places there, the one
//! that most halvings of 2 lead to is the most foreseeable: its last bits are zeros.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use crate::path::Path;
use crate::predict::MISSING;
use crate::split::goes_right;
use crate::{Forest, Node, RowError, Tree};

impl Forest {
    /// The forest with rounder thresholds, and with the same answers, bit by bit, for some rows: those that it has learned
    /// from, as a rule. Other rows may be answered otherwise, as their values lie where the forest has seen none.
    ///
    /// `rows` has the values of one row behind the other, each with a value for each feature in its own unit and NaN for a
    /// missing one. A threshold moves only between the bins of the rows that come to its split; a split that sends all of them
    /// one way is left out. Without rows nothing changes. Contributions weigh the ways as before.
    ///
    /// # Errors
    /// When `rows` is not a whole number of rows.
    pub fn with_round_thresholds(&self, rows: &[f32]) -> Result<Self, RowError> {
        let features = self.features.len();
        if RowError::count(rows, features)? == 0 {
            return Ok(self.clone());
        }
        let bins: Vec<Vec<u8>> = rows
            .chunks_exact(features)
            .map(|row| self.bins(row).collect())
            .collect();
        let mut rows: Vec<&[u8]> = bins.iter().map(Vec::as_slice).collect();
        let rounded = |tree: &Tree| {
            let mut rounding = Rounding {
                tree,
                path: Path::new(&self.features),
                nodes: Vec::new(),
            };
            match rounding.place(0, &mut rows) {
                Some(()) => Tree {
                    nodes: rounding.nodes,
                },
                None => tree.clone(),
            }
        };
        let mut round = Self {
            trees: self.trees.iter().map(rounded).collect(),
            ..self.clone()
        };
        round.forget_unused();
        Ok(round)
    }
}

/// A tree on its way to rounder thresholds.
struct Rounding<'a> {
    tree: &'a Tree,
    /// The way to the next node of the new tree.
    path: Path,
    /// The new tree so far, in preorder.
    nodes: Vec<Node>,
}

impl Rounding<'_> {
    /// Appends what the subtree of a node becomes for the rows that come to it; their order is lost. Gives nothing where no
    /// threshold is left that would send them the same ways, which only rows without a value can bring about.
    fn place(&mut self, node: usize, rows: &mut [&[u8]]) -> Option<()> {
        let own = self.nodes.len();
        let split = *self.tree.nodes.get(node)?;
        let Node::Split {
            feature,
            threshold,
            missing_right,
            left_share,
            right,
        } = split
        else {
            self.nodes.push(split);
            self.path.leaf(own);
            return Some(());
        };
        let old_right = usize::try_from(right).ok()?;
        let bin = |row: &[u8]| row.get(usize::from(feature)).copied().unwrap_or(MISSING);
        let goes_right = |row: &[u8]| goes_right(bin(row), threshold, missing_right);
        rows.sort_unstable_by_key(|row| goes_right(row));
        let middle = rows.partition_point(|row| !goes_right(row));
        let (left_rows, right_rows) = rows.split_at_mut(middle);
        if left_rows.is_empty() {
            return self.place(old_right, right_rows);
        }
        if right_rows.is_empty() {
            return self.place(node + 1, left_rows);
        }

        let present = |row: &&[u8]| Some(bin(row)).filter(|&bin| bin != MISSING);
        let open = self.path.interval(feature)?;
        let last_left = left_rows.iter().filter_map(present).max();
        let first_right = right_rows.iter().filter_map(present).min();
        let allowed =
            last_left.unwrap_or(open.low)..=first_right.unwrap_or(open.high).checked_sub(1)?;
        let threshold = roundest(allowed).filter(|&threshold| open.contains(threshold))?;

        self.path.split(own, feature, threshold, left_share);
        self.nodes.push(split);
        self.place(node + 1, left_rows)?;
        let new_right = self.nodes.len();
        self.place(old_right, right_rows)?;
        let children = (self.nodes.get(own + 1), self.nodes.get(new_right));
        if let (Some(&Node::Leaf { output }), Some(&Node::Leaf { output: other })) = children
            && output == other
        {
            self.nodes.truncate(own);
            self.nodes.push(Node::Leaf { output });
        } else if let Some(place) = self.nodes.get_mut(own) {
            *place = Node::Split {
                feature,
                threshold,
                missing_right,
                left_share,
                right: u32::try_from(new_right).ok()?,
            };
        }
        Some(())
    }
}

/// The number with the most zeros at the end of its bits; there is only one. `None` if there are no numbers.
fn roundest(numbers: RangeInclusive<u8>) -> Option<u8> {
    numbers.max_by_key(|number| number.trailing_zeros())
}
