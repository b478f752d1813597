//! A tree laid out for vector registers. Many rows go through a small tree, and through the top of any other, by every split
//! at once, and on from there by bundles; a single row goes by bundles all the way. Where registers are widest, a tree that is
//! not deep is gone through level by level.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::BLOCK;
use super::bundles::{self, Bundle, BundledTree, Place, TOGETHER};
use super::every_split::{self, AllFound, MOST_LEAVES_OF_A_TOP, SmallTree};
use super::exclusion::{ExclusionRow, Splits};
use super::levels::LevelTree;
use super::simd::Kernel;
use crate::predict::MISSING;
use crate::{Feature, Output, Tree};

/// A bin with its highest bit turned over: every kind of vector can compare bytes with signs.
pub(super) type FlippedBin = u8;

/// The bins of one row, as many as a small vector has bytes.
pub(super) type RowBins = [FlippedBin; MOST_FEATURES];

/// The most features that a forest laid out so can have.
pub(super) const MOST_FEATURES: usize = 16;

/// The bin below all others.
pub(super) const LOWEST_BIN: FlippedBin = flipped(0);

/// The bin of a missing value, above all others.
pub(super) const MISSING_BIN: FlippedBin = flipped(MISSING);

/// A threshold that no bin is above.
pub(super) const NEVER_RIGHT: FlippedBin = MISSING_BIN;

/// Set on a column where a missing value goes left.
pub(super) const MISSING_LEFT: u8 = 0x80;

/// The bytes of a table that one look-up of the widest vectors takes; tables are filled up to a multiple of it.
pub(super) const PIECE: usize = 64;

/// A bin, or a threshold, with its highest bit turned over.
pub(super) const fn flipped(bin: u8) -> FlippedBin {
    bin ^ 0x80
}

/// What vectors of bytes can do.
///
/// The functions are inlined into one that is compiled for the instructions they need.
pub(super) trait Vectors {
    /// A byte for each lane.
    type Bytes: Copy;
    /// A yes or no for each lane.
    type Mask: Copy;
    /// Sixteen bits for each of sixteen splits.
    type Exits: Copy;
    /// How many lanes there are.
    const LANES: usize;
    /// Whether a look-up takes so many bytes at once that long tables are no detour.
    const LONG_TABLES: bool;

    /// The same byte in each lane.
    fn splat(byte: u8) -> Self::Bytes;
    /// The first bytes of a slice; zeros if it is too short.
    fn load(bytes: &[u8]) -> Self::Bytes;
    /// Writes the lanes to the beginning of a slice, unless it is too short.
    fn store(vector: Self::Bytes, bytes: &mut [u8]);
    /// For each lane the byte of a table at the lane's index. The table has at most 256 bytes, a multiple of
    /// [`PIECE`]; what is found beyond its end is not told.
    fn look_up(table: &[u8], index: Self::Bytes) -> Self::Bytes;
    /// Whether bytes are equal.
    fn equal(left: Self::Bytes, right: Self::Bytes) -> Self::Mask;
    /// Whether bytes are larger than others, with signs.
    fn greater(left: Self::Bytes, right: Self::Bytes) -> Self::Mask;
    /// `yes` where the mask says so, else `no`.
    fn choose(mask: Self::Mask, yes: Self::Bytes, no: Self::Bytes) -> Self::Bytes;
    /// Both.
    fn and(left: Self::Bytes, right: Self::Bytes) -> Self::Bytes;
    /// The sum, without a carry.
    fn add(left: Self::Bytes, right: Self::Bytes) -> Self::Bytes;

    /// The exits that each split of a bundle leaves open for a row, a bit for each.
    fn open_exits<const ANY_MISSING: bool>(row: &RowBins, bundle: &Bundle) -> Self::Exits;
    /// For each row the exits that all splits leave open and that its place has, a bit for each.
    fn all_open(open: [Self::Exits; TOGETHER], places: &[Place; TOGETHER]) -> [u32; TOGETHER];
    /// The leaves to the left of the splits that a row goes right at, a bit for each.
    fn excluded(row: &ExclusionRow, splits: &Splits) -> u32;
}

/// A tree in the layouts for one row and for many.
#[derive(Clone, Debug)]
pub(super) struct VectorTree {
    /// What many rows go through first.
    first: Layout,
    /// The rounds through the bundles that are left from there; none if that is the whole tree.
    rounds: usize,
    /// The whole tree, for one row and for the rounds below the top; `None` where neither needs it.
    bundles: Option<BundledTree>,
}

/// The layout that suits a tree or its top best for many rows.
#[derive(Clone, Debug)]
enum Layout {
    EverySplit(SmallTree),
    Levels(LevelTree),
}

/// The bins of one feature, row by row. A vector of them is never in two lines of the cache.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct Column(pub(super) [FlippedBin; BLOCK]);

/// The rows of a block, in the two orders that the layouts want.
pub(super) struct VectorRows {
    columns: Vec<Column>,
    rows: Vec<RowBins>,
    /// How many rows there are.
    count: usize,
    any_missing: bool,
    all_found: Box<AllFound>,
}

impl VectorTree {
    /// Lays out a tree of a checked forest with at most [`MOST_FEATURES`]. `None` if the tree is too large for it.
    /// `has_single` tells that single rows have a layout of their own.
    pub(super) fn new(
        tree: &Tree,
        output: &Output,
        kernel: Kernel,
        has_single: bool,
    ) -> Option<Self> {
        let small = SmallTree::new(tree, output);
        if has_single && let Some(small) = small {
            return Some(Self {
                first: Layout::EverySplit(small),
                rounds: 0,
                bundles: None,
            });
        }
        let by_levels = || {
            // Other kernels take longer for the look-ups than for a walk by bundles.
            let levels = (kernel == Kernel::Avx512).then(|| LevelTree::new(tree));
            levels.flatten().map(Layout::Levels)
        };
        let (bundles, top) = BundledTree::new(tree, MOST_LEAVES_OF_A_TOP)?;
        let whole = small.map(Layout::EverySplit).or_else(by_levels);
        let (first, rounds) = match whole {
            Some(whole) => (whole, 0),
            None => (Layout::EverySplit(SmallTree::of_top(&top)?), top.rounds),
        };
        Some(Self {
            first,
            rounds,
            bundles: Some(bundles),
        })
    }

    /// Finds where each row of a block comes to first: to what its leaf refers to, if no rounds are left.
    #[inline(always)]
    pub(super) fn begin<V: Vectors>(&self, rows: &mut VectorRows, places: &mut [u32; BLOCK]) {
        if rows.any_missing {
            self.begin_with::<V, true>(rows, places);
        } else {
            self.begin_with::<V, false>(rows, places);
        }
    }

    #[inline(always)]
    fn begin_with<V: Vectors, const ANY_MISSING: bool>(
        &self,
        rows: &mut VectorRows,
        places: &mut [u32; BLOCK],
    ) {
        let (bins, count) = (&rows.columns, rows.count);
        match &self.first {
            Layout::EverySplit(tree) => {
                tree.answer::<V, ANY_MISSING>(bins, count, &mut rows.all_found, places);
            }
            Layout::Levels(tree) if V::LONG_TABLES => {
                tree.walk::<V, ANY_MISSING>(bins, count, places);
            }
            // For such kernels no tree is laid out so.
            Layout::Levels(_) => {}
        }
    }

    /// Finds what the leaf of each row of a block refers to, from where [`VectorTree::begin`] has led them to.
    #[inline(always)]
    pub(super) fn go_on<V: Vectors>(&self, rows: &VectorRows, places: &mut [u32; BLOCK]) {
        let Some(bundles) = &self.bundles else {
            return;
        };
        let (bins, count) = (&rows.rows, rows.count);
        if rows.any_missing {
            bundles.go_on::<V, true>(self.rounds, bins, count, places);
        } else {
            bundles.go_on::<V, false>(self.rounds, bins, count, places);
        }
    }

    /// Adds the value of the leaf of each row of a block to the row's total, if the leaves have values and are found so.
    /// Gives whether it did.
    #[inline(always)]
    pub(super) fn add_values<V: Vectors>(&self, rows: &mut VectorRows, totals: &mut [i32]) -> bool {
        let Layout::EverySplit(tree) = &self.first else {
            return false;
        };
        let totals = totals.get_mut(..rows.count).unwrap_or_default();
        let (bins, all) = (&rows.columns, &mut rows.all_found);
        if rows.any_missing {
            tree.add_values::<V, true>(bins, all, totals)
        } else {
            tree.add_values::<V, false>(bins, all, totals)
        }
    }
}

/// Finds what the leaf of one row refers to in each tree, of which each has bundles. The row comes with whether some bin of
/// it is missing.
#[inline(always)]
pub(super) fn walk_one<V: Vectors>(
    trees: &[VectorTree],
    (row, any_missing): &(RowBins, bool),
    outputs: &mut [u32],
) {
    let tree = |index| {
        trees
            .get(index)
            .and_then(|tree: &VectorTree| tree.bundles.as_ref())
    };
    if *any_missing {
        bundles::walk_one::<V, true>(tree, row, outputs);
    } else {
        bundles::walk_one::<V, false>(tree, row, outputs);
    }
}

impl VectorRows {
    /// Room for the rows of a block.
    pub(super) fn new(features: usize) -> Self {
        Self {
            columns: vec![Column([LOWEST_BIN; BLOCK]); features],
            rows: vec![[LOWEST_BIN; MOST_FEATURES]; BLOCK],
            count: 0,
            any_missing: false,
            all_found: every_split::room(),
        }
    }

    /// Takes rows in place of those before: at most [`BLOCK`].
    pub(super) fn begin(&mut self, features: &[Feature], values: &[f32]) {
        self.count = values.len() / features.len();
        self.any_missing = false;
        for ((index, feature), column) in features.iter().enumerate().zip(&mut self.columns) {
            let values = values.iter().skip(index).step_by(features.len());
            let places = column.0.iter_mut().zip(self.rows.iter_mut());
            for ((place, row), &value) in places.zip(values) {
                *place = flipped(feature.bin(value).unwrap_or(MISSING));
                self.any_missing |= *place == MISSING_BIN;
                if let Some(bin) = row.get_mut(index) {
                    *bin = *place;
                }
            }
        }
    }
}

/// The bins of one row of at most [`MOST_FEATURES`] values, and whether some value is missing.
pub(super) fn row_bins(features: &[Feature], values: &[f32]) -> (RowBins, bool) {
    let mut bins = [LOWEST_BIN; MOST_FEATURES];
    for ((bin, feature), &value) in bins.iter_mut().zip(features).zip(values) {
        *bin = flipped(feature.bin(value).unwrap_or(MISSING));
    }
    (bins, bins.contains(&MISSING_BIN))
}
