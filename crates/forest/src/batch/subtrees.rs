//! Walking down four levels at a time: all fifteen splits of a subtree are compared at once, in one vector register.
//!
//! A row's bins fill one register of sixteen bytes. One look-up puts the bin that each split asks for beside the split's
//! threshold, one comparison answers all fifteen, and a small table turns the answers into the way out: a leaf, or the
//! next subtree. Several rows go down side by side, so that no step waits for the one before it. A row that has arrived goes
//! through its last subtree again until the others have: to leave it out would cost more than that.

use alloc::vec;
use alloc::vec::Vec;

use super::BLOCK;
use super::vectors::{FlippedBin, MISSING_BIN, NEVER_RIGHT, RowBins, Vectors, flipped};
use crate::{Node, Tree};

/// The levels of a subtree.
const LEVELS: usize = 4;

/// The splits of a full subtree. What lies below them are the exits.
const SPLITS: usize = 15;

/// How many walks go on side by side. In WebAssembly they take 1.5 times as long with 4, and 1.9 times with 12, for which the
/// registers do not suffice.
const LANES: usize = 8;

/// Set on an exit that is a leaf; the rest of it is what the leaf refers to. Without it, an exit is a subtree's index.
const LEAF: u16 = 0x8000;

/// Four levels of a tree, filled up with splits where every row goes left. It is one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Subtree {
    /// What each split compares, level by level. Behind them, and behind the thresholds, stand the splits where a missing
    /// value goes left: a bit for each.
    columns: [u8; 16],
    /// Rows whose bin is larger go right.
    thresholds: [FlippedBin; 16],
    /// Where to go on, a [`LEAF`] or a subtree: the exit of place `p` below the splits at `(p - 1) % 16`, where it is found
    /// with the least work.
    exits: [u16; 16],
}

/// A tree laid out by subtrees, the root's first.
#[derive(Clone, Debug)]
pub(super) struct SubtreeTree {
    subtrees: Vec<Subtree>,
}

/// Which split of the fourth level a row comes to, for each way to answer the seven splits above it.
#[allow(clippy::indexing_slicing, reason = "an error of the compiler, if any")]
const FOURTH_LEVEL: [u8; 128] = {
    let mut table = [0; 128];
    let mut answers = 0;
    while answers < 128 {
        let mut place = 0;
        let mut level = 1;
        while level < LEVELS {
            place = 2 * place + 1 + ((answers >> place) & 1);
            level += 1;
        }
        table[answers] = place as u8;
        answers += 1;
    }
    table
};

impl SubtreeTree {
    /// Lays out a tree of a checked forest with few features. `None` if there are more subtrees, or larger indices at
    /// leaves, than an exit can tell apart.
    pub(super) fn new(tree: &Tree) -> Option<Self> {
        let mut roots = vec![0];
        let mut subtrees = Vec::new();
        while let Some(&root) = roots.get(subtrees.len()) {
            let mut subtree = Subtree::EMPTY;
            // Nodes, and their places in the subtree, level by level.
            let mut open = vec![(root, 0)];
            while let Some((node, place)) = open.pop() {
                match tree.nodes.get(node) {
                    Some(split @ &Node::Split { right, .. }) if place < SPLITS => {
                        subtree.put(place, split);
                        open.push((node + 1, 2 * place + 1));
                        open.push((usize::try_from(right).ok()?, 2 * place + 2));
                    }
                    Some(Node::Split { .. }) => {
                        let index = u16::try_from(roots.len()).ok();
                        subtree.leave(place, index.filter(|&index| index < LEAF)?);
                        roots.push(node);
                    }
                    Some(&Node::Leaf { output }) => {
                        let output = Some(output).filter(|&output| output < LEAF)?;
                        subtree.leave(place, LEAF | output);
                    }
                    None => return None,
                }
            }
            subtrees.push(subtree);
        }
        Some(Self { subtrees })
    }

    /// Finds what the leaf of each row of a block refers to, for the first `count` rows. `ANY_MISSING` tells that some bin
    /// may be [`MISSING_BIN`].
    #[inline(always)]
    pub(super) fn walk<V: Vectors, const ANY_MISSING: bool>(
        &self,
        rows: &[RowBins],
        count: usize,
        outputs: &mut [u16; BLOCK],
    ) {
        let rows = rows.as_chunks::<LANES>().0;
        let outputs = outputs.as_chunks_mut::<LANES>().0;
        // The last rows' lanes may go through rows of the block before, to no avail and no harm.
        let groups = count.div_ceil(LANES);
        for (rows, outputs) in rows.iter().zip(outputs).take(groups) {
            *outputs = side_by_side(|lane, at| match rows.get(lane).zip(self.subtree(at)) {
                Some((row, subtree)) => subtree.exit::<V, ANY_MISSING>(row),
                None => LEAF,
            });
        }
    }

    #[inline(always)]
    fn subtree(&self, index: u16) -> Option<&Subtree> {
        self.subtrees.get(usize::from(index))
    }
}

/// Finds what the leaf of one row refers to in each tree, several trees side by side. `tree` gives the tree of an index.
#[inline(always)]
pub(super) fn walk_one<'a, V: Vectors, const ANY_MISSING: bool>(
    tree: impl Fn(usize) -> Option<&'a SubtreeTree>,
    row: &RowBins,
    outputs: &mut [u16],
) {
    for (start, outputs) in (0..).step_by(LANES).zip(outputs.chunks_mut(LANES)) {
        let trees: [_; LANES] = core::array::from_fn(|lane| tree(start + lane));
        let found = side_by_side(|lane, at| {
            let tree = trees.get(lane).copied().flatten();
            match tree.and_then(|tree| tree.subtree(at)) {
                Some(subtree) => subtree.exit::<V, ANY_MISSING>(row),
                None => LEAF,
            }
        });
        for (output, found) in outputs.iter_mut().zip(found) {
            *output = found;
        }
    }
}

/// Walks down from the first subtree in each lane, and gives what the leaves there refer to. `exit` tells where a lane goes on
/// from a subtree.
#[inline(always)]
fn side_by_side(exit: impl Fn(usize, u16) -> u16) -> [u16; LANES] {
    let mut at = [0; LANES];
    loop {
        let mut exits = [LEAF; LANES];
        let mut all = LEAF;
        for (lane, (at, own)) in at.iter_mut().zip(&mut exits).enumerate() {
            *own = exit(lane, *at);
            all &= *own;
            *at = if *own < LEAF { *own } else { *at };
        }
        if all == LEAF {
            return exits.map(|exit| exit & !LEAF);
        }
    }
}

impl Subtree {
    /// Every row goes left everywhere.
    const EMPTY: Self = Self {
        columns: [0; 16],
        thresholds: {
            let mut thresholds = [NEVER_RIGHT; 16];
            thresholds[SPLITS] = 0;
            thresholds
        },
        exits: [LEAF; 16],
    };

    /// Puts a split to its place.
    fn put(&mut self, place: usize, split: &Node) {
        let &Node::Split {
            feature,
            threshold,
            missing_right,
            ..
        } = split
        else {
            return;
        };
        if let Some((column, own)) = self
            .columns
            .get_mut(place)
            .zip(self.thresholds.get_mut(place))
        {
            *column = feature;
            *own = flipped(threshold);
        }
        if !missing_right {
            let [low, high] = (1u16 << place).to_le_bytes();
            self.columns[SPLITS] |= low;
            self.thresholds[SPLITS] |= high;
        }
    }

    /// A bit for each split where a missing value goes left.
    #[inline(always)]
    fn goes_left(&self) -> u16 {
        u16::from_le_bytes([self.columns[SPLITS], self.thresholds[SPLITS]])
    }

    /// Sets the way out for rows that come to a place.
    fn leave(&mut self, mut place: usize, exit: u16) {
        while place < SPLITS {
            place = 2 * place + 1;
        }
        if let Some(own) = self.exits.get_mut((place - 1) % 16) {
            *own = exit;
        }
    }

    /// Where a row goes on from here.
    #[inline(always)]
    fn exit<V: Vectors, const ANY_MISSING: bool>(&self, row: &RowBins) -> u16 {
        let mut goes_right = V::which_are_greater(row, &self.columns, &self.thresholds);
        if ANY_MISSING {
            goes_right &= !(self.goes_left() & V::which_are(row, &self.columns, MISSING_BIN));
        }
        let goes_right = u32::from(goes_right);
        let fourth = FOURTH_LEVEL.get((goes_right & 0x7F) as usize);
        let fourth = u32::from(fourth.copied().unwrap_or(0));
        let last = (goes_right >> fourth) & 1;
        let exit = self.exits.get((2 * fourth + last) as usize % 16);
        exit.copied().unwrap_or(LEAF)
    }
}
