//! Prediction of many rows: the forest in the shape that runs fastest.
//!
//! All rows of a block go through a tree before the next tree's turn. Where there are vector registers, and no more features
//! than fit one of them, a tree is laid out as [`vectors`] describes; else as [`lockstep`] does. What the leaves say is
//! added up by [`sums`].

#[cfg_attr(
    not(any(
        target_arch = "x86_64",
        all(target_arch = "wasm32", target_feature = "simd128")
    )),
    allow(dead_code, reason = "no kernel of this build has vectors")
)]
mod bundles;
mod every_split;
#[cfg_attr(
    not(any(
        target_arch = "x86_64",
        all(target_arch = "wasm32", target_feature = "simd128")
    )),
    allow(dead_code, reason = "no kernel of this build has vectors")
)]
mod exclusion;
mod levels;
mod lockstep;
#[cfg_attr(
    not(any(
        target_arch = "x86_64",
        all(target_arch = "wasm32", target_feature = "simd128")
    )),
    allow(unused_variables, reason = "no kernel of this build has vectors")
)]
mod simd;
mod single;
mod sums;
#[cfg_attr(
    not(any(
        target_arch = "x86_64",
        all(target_arch = "wasm32", target_feature = "simd128")
    )),
    allow(dead_code, reason = "no kernel of this build has vectors")
)]
mod vectors;

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use crate::predict::MISSING;
use crate::{Feature, Forest, MAXIMUM_CLASSES, Output, RowError, Tree};
use lockstep::LockstepTree;
use simd::Here;
pub use simd::Kernel;
pub use single::Single;
use sums::{Leaves, Sums};
use vectors::{MOST_FEATURES, VectorRows, VectorTree};

/// How many rows go through a tree before the next tree's turn. With a quarter of it a 500-tree forest takes 1.5 times as long,
/// as a deep tree fills half of the first-level cache and has to come there again for each block; with twice it, a sixteenth
/// less. A multiple of every kernel's lanes.
const BLOCK: usize = 4096;

const _: () = assert!(BLOCK.is_multiple_of(64), "no lane may be left over");

/// The most nodes of a tree, in every layout: as many as two bytes can tell apart.
const MOST_NODES: usize = u16::MAX as usize;

/// A forest laid out to answer fast, for one row or many. It gives the same bits as [`Forest::predict`].
#[derive(Clone, Debug)]
pub struct Batch {
    kernel: Here,
    features: Vec<Feature>,
    classes: usize,
    output: Output,
    leaves: Leaves,
    trees: Trees,
    /// The layout for one row, if all trees are small.
    single: Option<Single>,
}

/// The trees in the layout that suits them all.
#[derive(Clone, Debug)]
enum Trees {
    Lockstep(Vec<LockstepTree>),
    Vectors(Vec<VectorTree>),
}

impl Forest {
    /// Lays the forest out to answer fast, with the fastest kernel that is here. `None` if a tree has more nodes than two
    /// bytes can tell apart; such a forest answers row by row, by [`Forest::predict`].
    pub fn batch(&self) -> Option<Batch> {
        self.lay_out(Here::fastest())
    }

    /// As [`Forest::batch`], for one kernel; `None` also if this processor or this build lacks it.
    pub fn batch_with(&self, kernel: Kernel) -> Option<Batch> {
        self.lay_out(Here::new(kernel)?)
    }

    fn lay_out(&self, kernel: Here) -> Option<Batch> {
        let is_too_large = |tree: &Tree| tree.nodes.len() > MOST_NODES;
        if self.trees.iter().any(is_too_large) {
            return None;
        }
        let single = self.single_with(kernel);
        let vectors = || -> Option<Vec<_>> {
            let tree =
                |tree| VectorTree::new(tree, &self.output, kernel.kernel(), single.is_some());
            self.trees.iter().map(tree).collect()
        };
        let lockstep = || -> Option<Vec<_>> {
            let tree = |tree| LockstepTree::new(tree, self.features.len());
            self.trees.iter().map(tree).collect()
        };
        let fits = kernel.kernel() != Kernel::Scalar && self.features.len() <= MOST_FEATURES;
        let trees = match fits.then(vectors).flatten() {
            Some(trees) => Trees::Vectors(trees),
            None => Trees::Lockstep(lockstep()?),
        };
        Some(Batch {
            kernel,
            features: self.features.clone(),
            classes: self.classes.len(),
            output: self.output.clone(),
            leaves: Leaves::new(self),
            trees,
            single,
        })
    }
}

impl Batch {
    /// The kernel that goes through many rows. Of a forest with more than 16 features that is always the scalar one.
    pub fn kernel(&self) -> Kernel {
        match self.trees {
            Trees::Lockstep(_) => Kernel::Scalar,
            Trees::Vectors(_) => self.kernel.kernel(),
        }
    }

    /// The probability of each class for each of many rows; the same bits as [`Forest::predict`] gives for each.
    ///
    /// `rows` has the values of one row behind the other, each with a value for each feature in its own unit and NaN for
    /// a missing one. `probabilities` receives a number for each class, row by row.
    ///
    /// # Errors
    /// When `rows` is not a whole number of rows, or `probabilities` has not one place for each class of each row.
    pub fn predict(&self, rows: &[f32], probabilities: &mut [f64]) -> Result<(), RowError> {
        let count = RowError::count(rows, self.features.len())?;
        // With 32 bits so many rows can be given that the product has no room.
        let expected = count.saturating_mul(self.classes);
        if probabilities.len() != expected {
            return Err(RowError::WrongOutputLength {
                expected,
                found: probabilities.len(),
            });
        }
        if count == 0 {
            return Ok(());
        }
        if count == 1 {
            return match &self.single {
                Some(single) => single.predict(rows, probabilities),
                None => {
                    self.predict_one(rows, probabilities);
                    Ok(())
                }
            };
        }
        let mut block = Block::new(self, count.min(BLOCK));
        let blocks = rows.chunks(BLOCK * self.features.len());
        for (rows, probabilities) in blocks.zip(probabilities.chunks_mut(BLOCK * self.classes)) {
            block.add_trees(rows);
            block.answer(probabilities);
        }
        Ok(())
    }

    /// The probabilities for one row.
    fn predict_one(&self, row: &[f32], probabilities: &mut [f64]) {
        let mut sums = Sums::new(&self.leaves, self.classes, 1);
        sums.begin();
        let mut outputs = vec![0; self.trees.len()];
        match &self.trees {
            Trees::Lockstep(trees) => {
                let mut bins = vec![0; 2 * row.len()];
                bin_twice(&self.features, row, &mut bins);
                lockstep::one_row(trees, &bins, &mut outputs);
            }
            Trees::Vectors(trees) => {
                let row = vectors::row_bins(&self.features, row);
                simd::walk_one(self.kernel, trees, &row, &mut outputs);
            }
        }
        sums.add_all(&outputs);
        sums.settle();
        let mut totals = [0; MAXIMUM_CLASSES];
        let totals = totals.get_mut(..self.classes).unwrap_or_default();
        sums.totals(0, totals);
        self.output
            .probabilities(totals, self.trees.len(), probabilities);
    }
}

impl Trees {
    fn len(&self) -> usize {
        match self {
            Self::Lockstep(trees) => trees.len(),
            Self::Vectors(trees) => trees.len(),
        }
    }
}

/// The two columns of each feature for one row, as [`LockstepTree`] wants them.
fn bin_twice(features: &[Feature], row: &[f32], bins: &mut [u8]) {
    let (first, second) = bins.split_at_mut(features.len());
    for ((feature, &value), (first, second)) in
        features.iter().zip(row).zip(first.iter_mut().zip(second))
    {
        let bin = feature.bin(value);
        *first = bin.unwrap_or(MISSING);
        *second = bin.unwrap_or(0);
    }
}

/// A place to work in: the rows that go through the trees together, and what the trees have said so far.
struct Block<'batch> {
    batch: &'batch Batch,
    rows: Rows,
    /// What the leaves refer to that rows have ended in; on the way there, where rows are.
    outputs: Box<[u32; BLOCK]>,
    sums: Sums<'batch>,
}

/// Rows as each layout wants them.
enum Rows {
    /// For each row two bins for each feature.
    Lockstep(Vec<u8>),
    Vectors(VectorRows),
}

impl<'batch> Block<'batch> {
    /// For at most so many rows at once, and no more than [`BLOCK`]. Where there are vectors, rows have room for a whole block.
    fn new(batch: &'batch Batch, rows: usize) -> Self {
        let features = batch.features.len();
        Self {
            batch,
            rows: match batch.trees {
                Trees::Lockstep(_) => Rows::Lockstep(vec![0; 2 * features * rows]),
                Trees::Vectors(_) => Rows::Vectors(VectorRows::new(features)),
            },
            outputs: Box::new([0; BLOCK]),
            sums: Sums::new(&batch.leaves, batch.classes, rows),
        }
    }

    /// Takes rows, at most as many as it was made for, in place of those before, and adds up what all trees say about them.
    fn add_trees(&mut self, rows: &[f32]) {
        let batch = self.batch;
        let features = batch.features.len();
        let count = rows.len() / features;
        self.sums.begin();
        match (&batch.trees, &mut self.rows) {
            (Trees::Lockstep(trees), Rows::Lockstep(bins)) => {
                let columns = 2 * features;
                for (row, bins) in rows
                    .chunks_exact(features)
                    .zip(bins.chunks_exact_mut(columns))
                {
                    bin_twice(&batch.features, row, bins);
                }
                for (index, tree) in trees.iter().enumerate() {
                    let outputs = self.outputs.get_mut(..count).unwrap_or_default();
                    tree.leaves(bins, columns, outputs);
                    self.sums.add(index, outputs);
                }
            }
            (Trees::Vectors(trees), Rows::Vectors(of_block)) => {
                of_block.begin(&batch.features, rows);
                for (index, tree) in trees.iter().enumerate() {
                    if let Some(totals) = self.sums.totals_of(index)
                        && simd::add_values(batch.kernel, tree, of_block, totals)
                    {
                        continue;
                    }
                    simd::begin(batch.kernel, tree, of_block, &mut self.outputs);
                    simd::go_on(batch.kernel, tree, of_block, &mut self.outputs);
                    let outputs = self.outputs.get(..count).unwrap_or_default();
                    self.sums.add(index, outputs);
                }
            }
            // A block's rows are made for its batch.
            _ => {}
        }
        self.sums.settle();
    }

    /// Turns what the trees have said into probabilities, row by row.
    fn answer(&self, probabilities: &mut [f64]) {
        let batch = self.batch;
        let mut totals = vec![0; batch.classes];
        for (row, probabilities) in probabilities.chunks_exact_mut(batch.classes).enumerate() {
            self.sums.totals(row, &mut totals);
            batch
                .output
                .probabilities(&totals, batch.trees.len(), probabilities);
        }
    }
}
