//! Walking down a narrow tree level by level: many rows at once in one vector register.
//!
//! All nodes of a level stand in tables that are looked up by the place of a row's node within its level. Each lane of a
//! vector is a row and holds that place; a step to the next level looks up what the nodes compare, takes the bins from the
//! columns that are compared anywhere in the level, and looks up where to go on. No step waits for memory, and no lane waits
//! for another one to arrive.
//!
//! Tables have to be gone through in pieces of as many bytes as one look-up takes. With 128 bytes and 64 rows at a time it takes
//! about half the time of a walk by bundles through trees of depth 8; with 16 bytes, as AVX2 and simd128 have them, it takes more
//! instructions than that.

use alloc::vec;
use alloc::vec::Vec;

use super::BLOCK;
use super::vectors::{
    Column, FlippedBin, LOWEST_BIN, MISSING_BIN, MISSING_LEFT, NEVER_RIGHT, PIECE, Vectors, flipped,
};
use crate::{Node, Tree};

/// The places that one byte can tell apart.
const NARROW: usize = 256;

/// The most nodes that a level may have.
const WIDEST: usize = 2 * NARROW;

/// The most levels, those of leaves included. With 20 levels this takes a third longer than to go on by bundles below a small
/// top; with 10 it takes a sixth less.
const MOST_LEVELS: usize = 13;

/// In place of a column: the node is a leaf, and its threshold is what rows find there.
const LEAF: u8 = 0x7F;

/// In place of a column: no row is here any more.
const GONE: u8 = 0x7E;

/// The nodes of one level. Tables are filled up to a multiple of [`PIECE`] bytes.
#[derive(Clone, Debug)]
struct Level {
    /// What each node compares: a column, perhaps with [`MISSING_LEFT`]; or [`LEAF`] or [`GONE`].
    columns: Vec<u8>,
    /// Rows whose bin is larger go right.
    thresholds: Vec<FlippedBin>,
    /// The low byte of the left child's place in the next level; an even number. The right child is the next one.
    children: Vec<u8>,
    /// The high byte; empty if the next level is narrow.
    high_children: Vec<u8>,
    /// The columns that are compared somewhere in this level.
    compared: Vec<u8>,
    /// Whether some leaf is here.
    has_leaves: bool,
}

/// A tree laid out by levels.
#[derive(Clone, Debug)]
pub(super) struct LevelTree {
    levels: Vec<Level>,
    /// For what rows find at their leaf, what the leaf refers to.
    outputs: Vec<u32>,
}

impl LevelTree {
    /// Lays out a tree of a checked forest. `None` if it has more than [`MOST_LEVELS`] or a level more than [`WIDEST`] nodes,
    /// or if more than 256 leaves refer to something of their own.
    pub(super) fn new(tree: &Tree) -> Option<Self> {
        let mut outputs = Vec::new();
        let mut levels = Vec::new();
        // The nodes of a level; the first two places of all but the root's are for rows that are gone.
        let mut nodes = vec![Some(0)];
        while nodes.iter().any(Option::is_some) {
            if nodes.len() > WIDEST || levels.len() == MOST_LEVELS {
                return None;
            }
            let mut level = Level::new(nodes.len());
            let mut below = vec![None, None];
            for (place, node) in nodes.iter().enumerate() {
                let node = node.and_then(|node: usize| Some((node, tree.nodes.get(node)?)));
                match node {
                    None => level.set(place, GONE, NEVER_RIGHT, 0),
                    Some((_, &Node::Leaf { output })) => {
                        let found = outputs.iter().position(|&other| other == u32::from(output));
                        let found = found.unwrap_or_else(|| {
                            outputs.push(u32::from(output));
                            outputs.len() - 1
                        });
                        level.set(place, LEAF, flipped(u8::try_from(found).ok()?), 0);
                        level.has_leaves = true;
                    }
                    Some((
                        index,
                        &Node::Split {
                            feature,
                            threshold,
                            missing_right,
                            right,
                            ..
                        },
                    )) => {
                        let missing = if missing_right { 0 } else { MISSING_LEFT };
                        level.set(place, feature | missing, flipped(threshold), below.len());
                        if !level.compared.contains(&feature) {
                            level.compared.push(feature);
                        }
                        below.push(Some(index + 1));
                        below.push(usize::try_from(right).ok());
                    }
                }
            }
            if below.len() <= NARROW {
                level.high_children.clear();
            }
            levels.push(level);
            nodes = below;
        }
        Some(Self { levels, outputs })
    }

    /// Finds what the leaf of each row of a block refers to. `outputs` receives the answers for the first `count` rows.
    /// `ANY_MISSING` tells that some bin may be missing.
    #[inline(always)]
    pub(super) fn walk<V: Vectors, const ANY_MISSING: bool>(
        &self,
        bins: &[Column],
        count: usize,
        outputs: &mut [u32; BLOCK],
    ) {
        let starts = (0..count).step_by(V::LANES);
        for (start, outputs) in starts.zip(outputs.chunks_exact_mut(V::LANES)) {
            let mut place = V::splat(0);
            let mut is_high = V::greater(place, place);
            let mut result = place;
            for level in &self.levels {
                let column = look_up::<V>(&level.columns, place, is_high);
                let threshold = look_up::<V>(&level.thresholds, place, is_high);
                let child = look_up::<V>(&level.children, place, is_high);
                if level.has_leaves {
                    let is_leaf = V::equal(column, V::splat(LEAF));
                    result = V::choose(is_leaf, threshold, result);
                }
                // At a leaf, and where no row is, no column is meant, so that the way from there is left: to place 0.
                let compared = level.compared.iter().copied();
                let bin = bins_at::<V, ANY_MISSING>(bins, start, column, compared);
                let goes_right = V::greater(bin, threshold);
                if !level.high_children.is_empty() {
                    let high = look_up::<V>(&level.high_children, place, is_high);
                    is_high = V::equal(high, V::splat(1));
                } else {
                    is_high = V::greater(place, place);
                }
                place = V::choose(goes_right, V::add(child, V::splat(1)), child);
            }
            let mut found = [0; PIECE];
            V::store(result, &mut found);
            for (output, &found) in outputs.iter_mut().zip(&found) {
                let own = self.outputs.get(usize::from(flipped(found)));
                *output = own.copied().unwrap_or(0);
            }
        }
    }
}

impl Level {
    fn new(nodes: usize) -> Self {
        let length = nodes.next_multiple_of(PIECE);
        Self {
            columns: vec![GONE; length],
            thresholds: vec![NEVER_RIGHT; length],
            children: vec![0; length],
            high_children: vec![0; length],
            compared: Vec::new(),
            has_leaves: false,
        }
    }

    fn set(&mut self, place: usize, column: u8, threshold: u8, child: usize) {
        let [low, high, ..] = child.to_le_bytes();
        for (table, byte) in [
            (&mut self.columns, column),
            (&mut self.thresholds, threshold),
            (&mut self.children, low),
            (&mut self.high_children, high),
        ] {
            if let Some(place) = table.get_mut(place) {
                *place = byte;
            }
        }
    }
}

/// Looks up a table of at most [`WIDEST`] bytes.
#[inline(always)]
fn look_up<V: Vectors>(table: &[u8], place: V::Bytes, is_high: V::Mask) -> V::Bytes {
    match table.split_at_checked(NARROW) {
        Some((low, high)) if !high.is_empty() => {
            V::choose(is_high, V::look_up(high, place), V::look_up(low, place))
        }
        _ => V::look_up(table, place),
    }
}

/// For each lane, the row from `start` on, its bin at the column that its node compares; the lowest bin if that is none of
/// `compared`, or if the bin is missing and the column has [`MISSING_LEFT`]. `ANY_MISSING` tells that some bin may be [`MISSING_BIN`].
#[inline(always)]
fn bins_at<V: Vectors, const ANY_MISSING: bool>(
    bins: &[Column],
    start: usize,
    column: V::Bytes,
    compared: impl Iterator<Item = u8>,
) -> V::Bytes {
    let plain = V::and(column, V::splat(!MISSING_LEFT));
    let mut bin = V::splat(LOWEST_BIN);
    for compared in compared {
        let own = bins.get(usize::from(compared));
        let own = own.and_then(|column| column.0.get(start..));
        let is_here = V::equal(plain, V::splat(compared));
        bin = V::choose(is_here, V::load(own.unwrap_or_default()), bin);
    }
    if ANY_MISSING {
        let goes_left = V::greater(V::splat(0), column);
        let instead = V::choose(goes_left, V::splat(LOWEST_BIN), bin);
        bin = V::choose(V::equal(bin, V::splat(MISSING_BIN)), instead, bin);
    }
    bin
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree in which every level is full.
    fn full(depth: u32, feature: u8, nodes: &mut Vec<Node>) {
        if depth == 0 {
            let output = u16::from(feature % 3);
            return nodes.push(Node::Leaf { output });
        }
        let own = nodes.len();
        nodes.push(Node::Leaf { output: 0 });
        full(depth - 1, feature + 1, nodes);
        let right = nodes.len() as u32;
        full(depth - 1, feature + 2, nodes);
        if let Some(node) = nodes.get_mut(own) {
            *node = Node::Split {
                feature,
                threshold: 0,
                missing_right: false,
                left_share: 7,
                right,
            };
        }
    }

    #[test]
    fn wide_trees_are_left_to_the_other_walk() {
        let lay_out = |depth| {
            let mut nodes = Vec::new();
            full(depth, 0, &mut nodes);
            LevelTree::new(&Tree { nodes })
        };
        // 256 leaves and two places for rows that are gone.
        let wide = lay_out(8);
        assert_eq!(wide.map(|tree| tree.levels.len()), Some(9));
        assert!(lay_out(9).is_none());
    }
}
