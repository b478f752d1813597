//! Walking down four levels at a time: all fifteen splits of a subtree are compared at once, in one vector register.
//!
//! A row's bins fill one register of sixteen bytes. One look-up puts the bin that each split asks for beside the split's
//! threshold, one comparison answers all fifteen, and a small table turns the answers into the way out: a leaf, or the
//! next subtree. The rows that are still on their way go down together, one subtree each, over and over, so that no step
//! waits for the one before it, and no row for another one with a longer way.

use alloc::vec;
use alloc::vec::Vec;

use super::BLOCK;
use super::first_levels::{FirstLevels, LEVELS, SPLITS};
use super::vectors::{
    FlippedBin, MISSING_BIN, MISSING_LEFT, NEVER_RIGHT, RowBins, Vectors, flipped,
};
use crate::{Node, Tree};

/// Set on an exit that is a subtree; the rest of it is the subtree's index.
const SUBTREE: u16 = 0x8000;

/// Four levels of a tree, filled up with splits where every row goes left. It is one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Subtree {
    /// What each split compares, level by level. Behind them, and behind the thresholds, stand the splits where a missing
    /// value goes left: a bit for each.
    columns: [u8; 16],
    /// Rows whose bin is larger go right.
    thresholds: [FlippedBin; 16],
    /// Where to go on, from left to right: a [`SUBTREE`], or what a leaf refers to.
    exits: [u16; 16],
}

/// A tree laid out by subtrees.
#[derive(Clone, Debug)]
pub(super) struct SubtreeTree {
    subtrees: Vec<Subtree>,
    /// The first subtree, for many rows at once.
    first: FirstLevels,
}

/// The rows of a block that are still on their way: the row's place in the block, and above it the exit it has taken.
pub(super) type Travellers = [u32; BLOCK];

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
                        let exit = SUBTREE | index.filter(|&index| index < SUBTREE)?;
                        subtree.leave(place, exit);
                        roots.push(node);
                    }
                    Some(&Node::Leaf { output }) => {
                        let exit = Some(output).filter(|&output| output < SUBTREE)?;
                        subtree.leave(place, exit);
                    }
                    None => return None,
                }
            }
            subtrees.push(subtree);
        }
        let first = subtrees.first()?.as_first_levels();
        Some(Self { subtrees, first })
    }

    /// Finds what the leaf of each row of a block refers to, for the first `count` rows. `columns` has [`BLOCK`] bins for each
    /// feature, one feature behind the other, and `rows` the same bins row by row; `found` and `travellers` are room to
    /// work in. `ANY_MISSING` tells that some bin may be [`MISSING_BIN`].
    #[inline(always)]
    pub(super) fn walk<V: Vectors, const ANY_MISSING: bool>(
        &self,
        (columns, rows): (&[FlippedBin], &[RowBins; BLOCK]),
        count: usize,
        (found, travellers): (&mut [u8; BLOCK], &mut Travellers),
        outputs: &mut [u16; BLOCK],
    ) {
        let Some(first) = self.subtrees.first() else {
            return;
        };
        self.first.walk::<V, ANY_MISSING>(columns, count, found);
        let mut travelling = 0;
        for ((row, output), &found) in (0..).zip(outputs.iter_mut()).zip(&*found).take(count) {
            let exit = first.exits.get(usize::from(found + 1) % 16);
            *output = exit.copied().unwrap_or(0);
            if let Some(traveller) = travellers.get_mut(travelling % BLOCK) {
                *traveller = row | u32::from(*output) << 16;
            }
            travelling += usize::from(*output >= SUBTREE);
        }
        while travelling > 0 {
            let mut left = 0;
            for index in 0..travelling {
                // The remainders spare questions that cost time; none of the numbers is larger.
                let traveller = travellers.get(index % BLOCK).copied().unwrap_or(0);
                let row = traveller as usize % BLOCK;
                let exit = (traveller >> 16) as u16;
                let (Some(bins), Some(subtree)) = (rows.get(row), self.subtree(exit)) else {
                    continue;
                };
                let exit = subtree.exit::<V, ANY_MISSING>(bins);
                if let Some(output) = outputs.get_mut(row) {
                    // Unless it is a leaf, what is written here is written over later.
                    *output = exit;
                }
                // In place of those who have gone on already.
                if let Some(traveller) = travellers.get_mut(left % BLOCK) {
                    *traveller = row as u32 | u32::from(exit) << 16;
                }
                left += usize::from(exit >= SUBTREE);
            }
            travelling = left;
        }
    }

    /// The subtree that an exit leads to.
    #[inline(always)]
    fn subtree(&self, exit: u16) -> Option<&Subtree> {
        self.subtrees.get(usize::from(exit.wrapping_sub(SUBTREE)))
    }
}

/// Finds what the leaf of one row refers to in each tree. All trees together, as all rows are in
/// [`SubtreeTree::walk`]: from tree to tree, nobody could guess where a way ends. `tree` gives the tree of an index.
#[inline(always)]
pub(super) fn walk_one<'a, V: Vectors, const ANY_MISSING: bool>(
    tree: impl Fn(usize) -> Option<&'a SubtreeTree>,
    row: &RowBins,
    outputs: &mut [u16],
) {
    // An index of a tree, and above it an exit; there are fewer trees than two bytes tell apart.
    let start = u32::from(SUBTREE) << 16;
    let mut travellers: Vec<u32> = (start..).take(outputs.len()).collect();
    let mut travelling = travellers.len();
    while travelling > 0 {
        let mut left = 0;
        for index in 0..travelling {
            let traveller = travellers.get(index).copied().unwrap_or(0);
            let at = (traveller & 0xFFFF) as usize;
            let subtree = tree(at).and_then(|tree| tree.subtree((traveller >> 16) as u16));
            let (Some(subtree), Some(output)) = (subtree, outputs.get_mut(at)) else {
                continue;
            };
            *output = subtree.exit::<V, ANY_MISSING>(row);
            if let Some(traveller) = travellers.get_mut(left) {
                *traveller = at as u32 | u32::from(*output) << 16;
            }
            left += usize::from(*output >= SUBTREE);
        }
        travelling = left;
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
        exits: [0; 16],
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

    /// The same splits for many rows at once.
    fn as_first_levels(&self) -> FirstLevels {
        let mut columns = self.columns;
        let mut compared = [0; LEVELS];
        let goes_left = self.goes_left();
        let splits = columns.iter_mut().zip(&self.thresholds).take(SPLITS);
        for (place, (column, &threshold)) in splits.enumerate() {
            let level = (place + 1).ilog2() as usize;
            if let Some(compared) = compared.get_mut(level).filter(|_| threshold != NEVER_RIGHT) {
                *compared |= 1 << *column;
            }
            if (goes_left >> place) & 1 == 1 {
                *column |= MISSING_LEFT;
            }
        }
        FirstLevels {
            columns,
            thresholds: self.thresholds,
            compared,
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
        if let Some(own) = self.exits.get_mut(place - SPLITS) {
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
        // Split 7 leads to the first two exits.
        let exit = self.exits.get((2 * fourth + last + 2) as usize % 16);
        exit.copied().unwrap_or(0)
    }
}
