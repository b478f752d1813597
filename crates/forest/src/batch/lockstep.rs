//! Walking down a tree side by side: many rows at once, or one row through many trees.
//!
//! Each step of a walk waits for memory; independent ones side by side hide that.

use alloc::vec;
use alloc::vec::Vec;

use crate::{Node, Tree};

/// How many walks go on side by side. With 8 a 500-tree forest takes 1.25 times as long, with 32 1.05 times.
const LANES: usize = 16;

/// How many levels are walked before it is asked whether all lanes have arrived.
const LEVELS_AT_A_TIME: usize = 2;

/// A node in four bytes, in breadth-first order: with eight, half of a deep tree would not find room in the first-level
/// cache. A split's children lie side by side, so that the next node's index is a sum and needs no branch; a leaf leads to
/// itself.
#[derive(Clone, Copy, Debug)]
struct RunningNode {
    /// The column of the row's bins that is compared.
    column: u8,
    /// Rows whose bin is larger go right. No bin is larger than a leaf's, 255.
    threshold: u8,
    /// The index, within the tree, of the left child; of a leaf, its own.
    left: u16,
}

/// A tree laid out for walks side by side.
///
/// Each feature has two columns in a row of bins, which differ only where its value is missing: 255 in the first, which
/// goes right at every split, and 0 in the second, which goes left. A split compares the column that suits its default
/// direction, and never has to ask whether a value is missing.
#[derive(Clone, Debug)]
pub(super) struct LockstepTree {
    nodes: Vec<RunningNode>,
    /// For each node what its leaf refers to; meaningless for splits.
    outputs: Vec<u16>,
}

impl LockstepTree {
    /// Lays out a tree of a checked forest with so many features. `None` if it has more nodes than two bytes can tell
    /// apart.
    pub(super) fn new(tree: &Tree, features: usize) -> Option<Self> {
        // The nodes of the tree, in the order in which they are placed.
        let mut order = vec![0usize];
        let mut nodes = Vec::with_capacity(tree.nodes.len());
        let mut outputs = Vec::with_capacity(tree.nodes.len());
        while let Some(&index) = order.get(nodes.len()) {
            let (node, output) = match tree.nodes.get(index) {
                Some(&Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    right,
                    ..
                }) => {
                    let second_column = if missing_right { 0 } else { features };
                    let node = RunningNode {
                        left: u16::try_from(order.len()).ok()?,
                        // There are at most 100 features, so 200 columns.
                        column: (usize::from(feature) + second_column) as u8,
                        threshold,
                    };
                    order.push(index + 1);
                    order.push(usize::try_from(right).ok()?);
                    (node, 0)
                }
                leaf => {
                    let node = RunningNode {
                        left: u16::try_from(nodes.len()).ok()?,
                        column: 0,
                        threshold: u8::MAX,
                    };
                    let output = match leaf {
                        Some(&Node::Leaf { output }) => output,
                        _ => 0,
                    };
                    (node, output)
                }
            };
            nodes.push(node);
            outputs.push(output);
        }
        Some(Self { nodes, outputs })
    }

    /// Where a walk that is at a node goes for a row of bins.
    fn step(&self, at: u16, bins: &[u8]) -> u16 {
        let Some(node) = self.nodes.get(usize::from(at)) else {
            return at;
        };
        let bin = bins.get(usize::from(node.column)).copied().unwrap_or(0);
        node.left + u16::from(bin > node.threshold)
    }

    /// What the leaf at a node refers to.
    fn output(&self, at: u16) -> u32 {
        self.outputs
            .get(usize::from(at))
            .copied()
            .unwrap_or(0)
            .into()
    }

    /// What the leaves refer to that rows end in. `bins` has `columns` bins for each row, a row behind the other; there
    /// is an output for each row.
    pub(super) fn leaves(&self, bins: &[u8], columns: usize, outputs: &mut [u32]) {
        let rows = bins.chunks(columns * LANES);
        for (bins, outputs) in rows.zip(outputs.chunks_mut(LANES)) {
            let mut at = [0; LANES];
            loop {
                let before = at;
                for _ in 0..LEVELS_AT_A_TIME {
                    for (at, bins) in at.iter_mut().zip(bins.chunks_exact(columns)) {
                        *at = self.step(*at, bins);
                    }
                }
                if at == before {
                    break;
                }
            }
            for (output, &at) in outputs.iter_mut().zip(&at) {
                *output = self.output(at);
            }
        }
    }
}

/// Finds what the leaf of one row refers to in each tree.
pub(super) fn one_row(trees: &[LockstepTree], bins: &[u8], outputs: &mut [u32]) {
    for (trees, outputs) in trees.chunks(LANES).zip(outputs.chunks_mut(LANES)) {
        let mut at = [0; LANES];
        loop {
            let before = at;
            for (at, tree) in at.iter_mut().zip(trees) {
                *at = tree.step(*at, bins);
            }
            if at == before {
                break;
            }
        }
        for (output, (tree, &at)) in outputs.iter_mut().zip(trees.iter().zip(&at)) {
            *output = tree.output(at);
        }
    }
}
