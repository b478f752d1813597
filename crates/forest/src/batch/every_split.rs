//! Answering a small tree without a walk: every split is compared for every row, and from the leaves up each takes what its
//! right or its left side has found.
//!
//! Most of this is in vain, as a row meets but a few of the splits. But it needs no look-up, no row waits for another, and a
//! comparison and a choice for a whole vector of rows cost less than one step of one row.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::BLOCK;
use super::bundles::Top;
use super::vectors::{Column, FlippedBin, LOWEST_BIN, MISSING_BIN, PIECE, Vectors, flipped};
use crate::{Node, Output, Tree};

/// The most splits of such a tree. What they take grows with their number, what a walk takes with the depth.
const MOST_SPLITS: usize = 96;

/// The most leaves that the top of a larger tree should have. With 97, many forests take as long, and some a sixth longer.
pub(super) const MOST_LEAVES_OF_A_TOP: usize = 32;

/// How many rows go through the splits together: as many as the widest vector has lanes.
const ROWS: usize = 64;

/// What a leaf or a split has found for some rows: the number of a leaf. It is one line of the cache: with AVX-512 a store
/// across two lines, and the load that waits for it, take one and a half times as long.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Found([u8; ROWS]);

/// Room for what all leaves and splits find: more than there can be, so that every byte is an index.
pub(super) type AllFound = [Found; 256];

/// An empty [`AllFound`].
pub(super) fn room() -> Box<AllFound> {
    Box::new([Found([0; ROWS]); 256])
}

/// A tree of few splits. Leaves have numbers from 0; splits have the numbers behind them, and none stands before the splits
/// below it. The last one is the root.
#[derive(Clone, Debug)]
pub(super) struct SmallTree {
    splits: Vec<SmallSplit>,
    /// What each leaf refers to.
    outputs: Vec<u32>,
    /// Of a boosted forest the value of each leaf, its low and its high byte apart, filled up for a look-up.
    values: Option<[Vec<u8>; 2]>,
}

#[derive(Clone, Copy, Debug)]
struct SmallSplit {
    column: u8,
    /// Rows whose bin is larger go right.
    threshold: FlippedBin,
    /// The number of the leaf or split on each side.
    left: u8,
    right: u8,
    missing_left: bool,
}

impl SmallTree {
    /// Lays out a tree of a checked forest with that output. `None` if it has too many splits.
    pub(super) fn new(tree: &Tree, output: &Output) -> Option<Self> {
        let mut small = Self::without_values(tree)?;
        if let Output::Scores(scores) = output {
            let value = |&output: &u32| scores.values.get(output as usize).copied();
            let values: Option<Vec<i16>> = small.outputs.iter().map(value).collect();
            let bytes = |byte: fn([u8; 2]) -> u8| {
                let own = values.iter().flatten();
                let mut bytes: Vec<u8> = own.map(|value| byte(value.to_le_bytes())).collect();
                bytes.resize(bytes.len().next_multiple_of(PIECE), 0);
                bytes
            };
            small.values = Some([bytes(|[low, _]| low), bytes(|[_, high]| high)]);
        }
        Some(small)
    }

    /// Lays out the top of a tree. Rows find the place that they go on from.
    pub(super) fn of_top(top: &Top) -> Option<Self> {
        let mut small = Self::without_values(&top.tree)?;
        for output in &mut small.outputs {
            *output = *top.places.get(*output as usize)?;
        }
        Some(small)
    }

    fn without_values(tree: &Tree) -> Option<Self> {
        let leaves = tree.nodes.len().div_ceil(2);
        if leaves > MOST_SPLITS + 1 {
            return None;
        }
        let mut outputs = Vec::new();
        let mut splits = Vec::new();
        // The numbers of the nodes, the last one first: children stand behind their parents.
        let mut numbers = vec![0; tree.nodes.len()];
        for (index, node) in tree.nodes.iter().enumerate().rev() {
            let number = match *node {
                Node::Leaf { output } => {
                    outputs.push(u32::from(output));
                    outputs.len() - 1
                }
                Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    right,
                    ..
                } => {
                    splits.push(SmallSplit {
                        column: feature,
                        threshold: flipped(threshold),
                        left: *numbers.get(index + 1)?,
                        right: *numbers.get(usize::try_from(right).ok()?)?,
                        missing_left: !missing_right,
                    });
                    leaves + splits.len() - 1
                }
            };
            *numbers.get_mut(index)? = u8::try_from(number).ok()?;
        }
        Some(Self {
            splits,
            outputs,
            values: None,
        })
    }

    /// Finds what the leaf of each row of a block refers to, for the first `count` rows. `all` is room to work in.
    /// `ANY_MISSING` tells that some bin may be [`MISSING_BIN`].
    #[inline(always)]
    pub(super) fn answer<V: Vectors, const ANY_MISSING: bool>(
        &self,
        bins: &[Column],
        count: usize,
        all: &mut AllFound,
        outputs: &mut [u32; BLOCK],
    ) {
        self.begin(all);
        let starts = (0..count).step_by(ROWS);
        for (start, outputs) in starts.zip(outputs.chunks_mut(ROWS)) {
            let found = self.find::<V, ANY_MISSING>(bins, start, all);
            for (output, &leaf) in outputs
                .iter_mut()
                .zip(found.into_iter().flat_map(|found| &found.0))
            {
                *output = self.outputs.get(usize::from(leaf)).copied().unwrap_or(0);
            }
        }
    }

    /// Adds the value of each row's leaf to the row's total, in the same way. Gives whether the leaves have values.
    #[inline(always)]
    pub(super) fn add_values<V: Vectors, const ANY_MISSING: bool>(
        &self,
        bins: &[Column],
        all: &mut AllFound,
        totals: &mut [i32],
    ) -> bool {
        let Some([low, high]) = &self.values else {
            return false;
        };
        self.begin(all);
        for (start, totals) in (0..).step_by(ROWS).zip(totals.chunks_mut(ROWS)) {
            let Some(found) = self.find::<V, ANY_MISSING>(bins, start, all) else {
                continue;
            };
            let (mut lows, mut highs) = ([0; ROWS], [0; ROWS]);
            let bytes = lows.chunks_exact_mut(V::LANES);
            let bytes = bytes.zip(highs.chunks_exact_mut(V::LANES));
            for ((lows, highs), found) in bytes.zip(found.0.chunks_exact(V::LANES)) {
                let leaf = V::load(found);
                V::store(V::look_up(low, leaf), lows);
                V::store(V::look_up(high, leaf), highs);
            }
            for (total, bytes) in totals.iter_mut().zip(lows.into_iter().zip(highs)) {
                *total += i32::from(i16::from_le_bytes(bytes.into()));
            }
        }
        true
    }

    /// Has each leaf find itself.
    fn begin(&self, all: &mut AllFound) {
        for (number, found) in (0..).zip(all.iter_mut()).take(self.outputs.len()) {
            *found = Found([number; ROWS]);
        }
    }

    /// Finds the leaves of the rows from `start` on.
    #[inline(always)]
    fn find<'a, V: Vectors, const ANY_MISSING: bool>(
        &self,
        bins: &[Column],
        start: usize,
        all: &'a mut AllFound,
    ) -> Option<&'a Found> {
        let mut root = 0;
        for (number, split) in (self.outputs.len()..).zip(&self.splits) {
            let bins = bins.get(usize::from(split.column))?.0.get(start..)?;
            root = number as u8;
            split.answer::<V, ANY_MISSING>(bins.first_chunk()?, all, root);
        }
        all.get(usize::from(root))
    }
}

impl SmallSplit {
    /// Finds the leaf of each row below this split, from what is found on both sides of it.
    #[inline(always)]
    fn answer<V: Vectors, const ANY_MISSING: bool>(
        &self,
        bins: &[FlippedBin; ROWS],
        all: &mut AllFound,
        number: u8,
    ) {
        // Every byte is an index, so none of this is asked when it runs.
        let side = |number: u8| all.get(usize::from(number));
        let (Some(left), Some(right)) = (side(self.left), side(self.right)) else {
            return;
        };
        let threshold = V::splat(self.threshold);
        let mut found = Found([0; ROWS]);
        let lanes = found.0.chunks_exact_mut(V::LANES);
        let bins = bins.chunks_exact(V::LANES);
        let left = left.0.chunks_exact(V::LANES);
        let right = right.0.chunks_exact(V::LANES);
        for (((found, bins), left), right) in lanes.zip(bins).zip(left).zip(right) {
            let mut bin = V::load(bins);
            if ANY_MISSING && self.missing_left {
                let is_missing = V::equal(bin, V::splat(MISSING_BIN));
                bin = V::choose(is_missing, V::splat(LOWEST_BIN), bin);
            }
            let goes_right = V::greater(bin, threshold);
            V::store(V::choose(goes_right, V::load(right), V::load(left)), found);
        }
        if let Some(place) = all.get_mut(usize::from(number)) {
            *place = found;
        }
    }
}
