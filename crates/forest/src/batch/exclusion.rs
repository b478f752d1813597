//! One row through a small tree without a walk: all splits are compared at once, each that the row goes right at excludes the
//! leaves to its left, and the leftmost leaf that is left is the row's (Lucchese et al., "QuickScorer: a fast algorithm to rank
//! documents with additive ensembles of regression trees", 2015).
//!
//! Most comparisons are in vain, but no step waits for another.

use alloc::vec::Vec;

use super::vectors::{
    FlippedBin, LOWEST_BIN, MISSING_BIN, MISSING_LEFT, NEVER_RIGHT, RowBins, Vectors, flipped,
};
use crate::{Node, Tree};

/// The most leaves of such a tree: a bit for each.
const MOST_LEAVES: usize = 32;

/// A tree of few leaves, which are counted from the left.
#[derive(Clone, Debug)]
pub(super) struct ExclusionTree {
    splits: Splits,
    /// What each leaf refers to.
    outputs: [u16; MOST_LEAVES],
}

/// All splits of a tree, filled up with some that nothing goes right at.
#[derive(Clone, Debug)]
pub(super) struct Splits {
    /// The column that each split compares, with [`MISSING_LEFT`] where a missing value goes left.
    pub(super) columns: [u8; MOST_LEAVES],
    /// Rows whose bin is larger go right.
    pub(super) thresholds: [FlippedBin; MOST_LEAVES],
    /// The leaves to the left of each split, a bit for each: the first bytes of all splits, the second bytes, and so on.
    pub(super) left_leaves: [[u8; MOST_LEAVES]; 4],
}

/// The bins of one row, once as they are, and once with the lowest bin in place of a missing one.
pub(super) struct ExclusionRow {
    pub(super) bins: RowBins,
    pub(super) missing_lowest: RowBins,
}

impl ExclusionRow {
    pub(super) fn new(bins: &RowBins) -> Self {
        let lowest = |bin: FlippedBin| if bin == MISSING_BIN { LOWEST_BIN } else { bin };
        Self {
            bins: *bins,
            missing_lowest: bins.map(lowest),
        }
    }
}

impl ExclusionTree {
    /// Lays out a tree of a checked forest. `None` if it has too many leaves.
    pub(super) fn new(tree: &Tree) -> Option<Self> {
        if tree.nodes.len().div_ceil(2) > MOST_LEAVES {
            return None;
        }
        let mut splits = Splits {
            columns: [0; MOST_LEAVES],
            thresholds: [NEVER_RIGHT; MOST_LEAVES],
            left_leaves: [[0; MOST_LEAVES]; 4],
        };
        let mut outputs = [0; MOST_LEAVES];
        // Nodes stand in the order of a walk that goes left first, and so do leaves: how many stand before each node.
        let mut leaves = 0u32;
        let leaves_before = tree.nodes.iter().map(|node| {
            let before = leaves;
            leaves += u32::from(matches!(node, Node::Leaf { .. }));
            before
        });
        let leaves_before: Vec<u32> = leaves_before.collect();
        let (mut split, mut leaf) = (0, 0);
        for (index, node) in tree.nodes.iter().enumerate() {
            match *node {
                Node::Leaf { output } => {
                    *outputs.get_mut(leaf)? = output;
                    leaf += 1;
                }
                Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    right,
                    ..
                } => {
                    let end = *leaves_before.get(usize::try_from(right).ok()?)?;
                    let own = *leaves_before.get(index)?..end;
                    let left = own.fold(0u32, |all, leaf| all | 1 << leaf);
                    for (bytes, byte) in splits.left_leaves.iter_mut().zip(left.to_le_bytes()) {
                        *bytes.get_mut(split)? = byte;
                    }
                    let flag = if missing_right { 0 } else { MISSING_LEFT };
                    *splits.columns.get_mut(split)? = feature | flag;
                    *splits.thresholds.get_mut(split)? = flipped(threshold);
                    split += 1;
                }
            }
        }
        Some(Self { splits, outputs })
    }
}

/// Finds what the leaf of one row refers to in each tree.
#[inline(always)]
pub(super) fn answer<V: Vectors>(trees: &[ExclusionTree], row: &RowBins, outputs: &mut [u16]) {
    let row = ExclusionRow::new(row);
    for (tree, output) in trees.iter().zip(outputs) {
        let leaf = V::excluded(&row, &tree.splits).trailing_ones() as usize;
        *output = tree.outputs.get(leaf).copied().unwrap_or(0);
    }
}
