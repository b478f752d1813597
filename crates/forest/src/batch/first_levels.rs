//! Walking down the first four levels of a tree: many rows at once in one vector register.
//!
//! A table of the splits fits one small register, so that each lane, which is a row, finds there what its split compares.

use super::BLOCK;
use super::vectors::{FlippedBin, Vectors};

/// How many levels these are.
pub(super) const LEVELS: usize = 4;

/// The splits of four full levels. What lies below them are the exits.
pub(super) const SPLITS: usize = 15;

/// The splits of the first levels, level by level, filled up with splits where every row goes left.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstLevels {
    /// What each split compares, perhaps with [`MISSING_LEFT`](super::vectors::MISSING_LEFT).
    pub(super) columns: [u8; 16],
    /// Rows whose bin is larger go right.
    pub(super) thresholds: [FlippedBin; 16],
    /// The columns that are compared somewhere in each level: a bit for each.
    pub(super) compared: [u16; LEVELS],
}

impl FirstLevels {
    /// Finds the exits of the rows of a block. `bins` has [`BLOCK`] bins for each feature, one feature behind the other;
    /// `found` receives for the first `count` rows their exits, counted from [`SPLITS`] and from left to right.
    /// `ANY_MISSING` tells that some bin may be missing.
    #[inline(always)]
    pub(super) fn walk<V: Vectors, const ANY_MISSING: bool>(
        &self,
        bins: &[FlippedBin],
        count: usize,
        found: &mut [u8; BLOCK],
    ) {
        let starts = (0..count).step_by(V::LANES);
        for (start, found) in starts.zip(found.chunks_exact_mut(V::LANES)) {
            let mut place = V::splat(0);
            for compared in self.compared {
                let column = V::look_up_small(&self.columns, place);
                let compared = columns_in(compared);
                let bin = V::bins_at::<ANY_MISSING>(bins, start, column, compared);
                let goes_right = V::greater(bin, V::look_up_small(&self.thresholds, place));
                let left = V::add(V::add(place, place), V::splat(1));
                place = V::choose(goes_right, V::add(left, V::splat(1)), left);
            }
            V::store(place, found);
        }
    }
}

/// The columns whose bits are set.
#[inline(always)]
fn columns_in(mut bits: u16) -> impl Iterator<Item = u8> {
    core::iter::from_fn(move || {
        let column = bits.trailing_zeros();
        bits = bits.checked_sub(1).map(|less| bits & less)?;
        Some(column as u8)
    })
}
