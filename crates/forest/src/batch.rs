//! Prediction of many rows: the forest in the shape that runs fastest.

mod levels;
mod lockstep;
mod simd;

use alloc::vec;
use alloc::vec::Vec;

use crate::predict::MISSING;
use crate::{Feature, Forest, Output, RowError, SHARES};
use levels::LevelTree;
use lockstep::LockstepTree;
pub use simd::Kernel;

/// How many rows go through a tree before the next tree's turn: the tree stays in the first-level cache, and so do the
/// rows. A multiple of every kernel's lanes.
const BLOCK: usize = 1024;

/// Up to so many classes, votes are counted class by class in bytes; more would take longer than row by row.
const FEW_CLASSES: usize = 32;

/// How many votes a byte can count.
const VOTES_AT_A_TIME: usize = 255;

/// A forest laid out to answer fast, for one row or many. It gives the same bits as [`Forest::predict`].
#[derive(Clone, Debug)]
pub struct Batch {
    kernel: Kernel,
    features: Vec<Feature>,
    classes: usize,
    output: Output,
    /// For each distribution its only class, if every distribution has only one: counting votes is quicker.
    votes: Option<Vec<u8>>,
    trees: Vec<RunningTree>,
    /// Whether some tree is not laid out by levels.
    any_lockstep: bool,
}

/// A tree in both layouts: by levels for many rows, where that is faster.
#[derive(Clone, Debug)]
struct RunningTree {
    lockstep: LockstepTree,
    levels: Option<LevelTree>,
}

impl Forest {
    /// Lays the forest out to answer fast, with the fastest kernel that is here. `None` if a tree has more nodes than two
    /// bytes can tell apart; such a forest answers row by row, by [`Forest::predict`].
    pub fn batch(&self) -> Option<Batch> {
        self.lay_out(Kernel::fastest())
    }

    /// As [`Forest::batch`], for one kernel; `None` also if this processor or this build lacks it.
    pub fn batch_with(&self, kernel: Kernel) -> Option<Batch> {
        self.lay_out(kernel).filter(|_| kernel.is_here())
    }

    fn lay_out(&self, kernel: Kernel) -> Option<Batch> {
        let votes = match &self.output {
            Output::Shares(distributions) => votes(distributions),
            Output::Scores(_) => None,
        };
        let trees: Vec<_> = self
            .trees
            .iter()
            .map(|tree| {
                Some(RunningTree {
                    lockstep: LockstepTree::new(tree, self.features.len())?,
                    levels: kernel.lay_out(tree),
                })
            })
            .collect::<Option<_>>()?;
        Some(Batch {
            kernel,
            features: self.features.clone(),
            classes: self.classes.len(),
            output: self.output.clone(),
            votes,
            any_lockstep: trees.iter().any(|tree| tree.levels.is_none()),
            trees,
        })
    }
}

impl Batch {
    /// The kernel that goes through many rows.
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// The probability of each class for each of many rows; the same bits as [`Forest::predict`] gives for each.
    ///
    /// `rows` has the values of one row behind the other, each with a value for each feature in its own unit and NaN for
    /// a missing one. `probabilities` receives a number for each class, row by row.
    ///
    /// # Errors
    /// When `rows` is not a whole number of rows, or `probabilities` has not one place for each class of each row.
    pub fn predict(&self, rows: &[f32], probabilities: &mut [f64]) -> Result<(), RowError> {
        let features = self.features.len();
        let count = rows.len() / features;
        if !rows.len().is_multiple_of(features) {
            return Err(RowError::WrongLength {
                expected: (count + 1) * features,
                found: rows.len(),
            });
        }
        if probabilities.len() != count * self.classes {
            return Err(RowError::WrongOutputLength {
                expected: count * self.classes,
                found: probabilities.len(),
            });
        }
        if count == 1 {
            self.predict_one(rows, probabilities);
            return Ok(());
        }
        let mut block = Block::new(self, count.min(BLOCK));
        let blocks = rows.chunks(BLOCK * features);
        for (rows, probabilities) in blocks.zip(probabilities.chunks_mut(BLOCK * self.classes)) {
            block.begin(rows);
            block.add_trees();
            block.answer(probabilities);
        }
        Ok(())
    }

    /// The probabilities for one row.
    fn predict_one(&self, row: &[f32], probabilities: &mut [f64]) {
        let mut bins = vec![0; 2 * row.len()];
        bin_twice(&self.features, row, &mut bins);
        let mut totals = vec![0; self.classes];
        self.output.begin(&mut totals);
        let trees = self.trees.iter().map(|tree| &tree.lockstep);
        lockstep::one_row(trees, &bins, |tree, output| {
            self.output.add(&mut totals, tree, output, 1);
        });
        self.output
            .probabilities(&totals, self.trees.len(), probabilities);
    }
}

/// For each distribution its only class; `None` if some distribution has several classes, or a class several
/// distributions, or there are many classes.
fn votes(distributions: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut classes = Vec::new();
    for distribution in distributions {
        let class = distribution.iter().position(|&weight| weight == SHARES)?;
        let class = u8::try_from(class).ok().filter(|_| class < FEW_CLASSES)?;
        if classes.contains(&class) {
            return None;
        }
        classes.push(class);
    }
    Some(classes)
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
    /// How many rows there is place for, a multiple of every kernel's lanes.
    places: usize,
    /// How many rows there are.
    rows: usize,
    /// For each feature a bin for each place.
    columns: Vec<u8>,
    /// Whether some bin stands for a missing value.
    any_missing: bool,
    /// For each row two bins for each feature; only if some tree is walked so.
    row_bins: Vec<u8>,
    /// For each class a total for each place.
    totals: Vec<i32>,
    /// For each class votes for each place that are not yet part of the totals.
    votes: Vec<u8>,
    /// What rows have found in a tree laid out by levels.
    found: Vec<u8>,
    /// What the leaves refer to that rows have ended in.
    outputs: Vec<u16>,
}

impl<'batch> Block<'batch> {
    fn new(batch: &'batch Batch, rows: usize) -> Self {
        let places = rows.next_multiple_of(levels::PIECE);
        let features = batch.features.len();
        let row_bins = if batch.any_lockstep { places } else { 0 };
        Self {
            batch,
            places,
            rows: 0,
            columns: vec![0; places * features],
            any_missing: false,
            row_bins: vec![0; row_bins * features * 2],
            totals: vec![0; places * batch.classes],
            votes: vec![0; places * batch.classes],
            found: vec![0; places],
            outputs: vec![0; places],
        }
    }

    /// Takes rows in place of those before.
    fn begin(&mut self, rows: &[f32]) {
        let features = self.batch.features.len();
        self.rows = rows.len() / features;
        self.any_missing = false;
        let columns = self.columns.chunks_exact_mut(self.places);
        for ((index, feature), column) in self.batch.features.iter().enumerate().zip(columns) {
            let values = rows.iter().skip(index).step_by(features);
            for (place, &value) in column.iter_mut().zip(values) {
                *place = feature.bin(value).unwrap_or(MISSING);
                self.any_missing |= *place == MISSING;
            }
        }
        let row_bins = self.row_bins.chunks_exact_mut(features * 2);
        for (row, bins) in rows.chunks_exact(features).zip(row_bins) {
            bin_twice(&self.batch.features, row, bins);
        }
        let mut base = vec![0; self.batch.classes];
        self.batch.output.begin(&mut base);
        for (totals, base) in self.totals.chunks_exact_mut(self.places).zip(base) {
            totals.fill(base);
        }
    }

    fn add_trees(&mut self) {
        let batch = self.batch;
        for (group, trees) in batch.trees.chunks(VOTES_AT_A_TIME).enumerate() {
            for (index, tree) in trees.iter().enumerate() {
                self.add_tree(group * VOTES_AT_A_TIME + index, tree);
            }
            if batch.votes.is_some() {
                for (total, votes) in self.totals.iter_mut().zip(&mut self.votes) {
                    *total += i32::from(core::mem::take(votes)) * i32::from(SHARES);
                }
            }
        }
    }

    /// Adds what one tree says about the rows.
    fn add_tree(&mut self, index: usize, tree: &RunningTree) {
        let batch = self.batch;
        let Some(levels) = &tree.levels else {
            let columns = batch.features.len() * 2;
            let outputs = self.outputs.get_mut(..self.rows).unwrap_or_default();
            tree.lockstep.leaves(&self.row_bins, columns, outputs);
            match &batch.votes {
                Some(votes) => {
                    let class = |&output: &u16| votes.get(usize::from(output)).copied();
                    for (found, output) in self.found.iter_mut().zip(&self.outputs) {
                        *found = class(output).unwrap_or(0);
                    }
                    self.count_votes(|class| class);
                }
                None => self.add_outputs(index),
            }
            return;
        };
        simd::walk(
            batch.kernel,
            levels,
            &self.columns,
            self.places,
            self.any_missing,
            &mut self.found,
        );
        match &batch.votes {
            Some(votes) => {
                // At most one for each class, and there are few.
                let mut places = [u8::MAX; FEW_CLASSES];
                for (place, &output) in (0..).zip(levels.outputs()) {
                    let class = votes.get(usize::from(output)).copied().unwrap_or(0);
                    if let Some(of_class) = places.get_mut(usize::from(class)) {
                        *of_class = place;
                    }
                }
                self.count_votes(|class| {
                    places.get(usize::from(class)).copied().unwrap_or(u8::MAX)
                });
            }
            None => {
                for (output, &found) in self.outputs.iter_mut().zip(&self.found) {
                    let of_leaf = levels.outputs().get(usize::from(found));
                    *output = of_leaf.copied().unwrap_or(0);
                }
                self.add_outputs(index);
            }
        }
    }

    /// Counts a vote for each row that has found the mark of a class.
    fn count_votes(&mut self, mark_of: impl Fn(u8) -> u8) {
        for (class, votes) in (0..).zip(self.votes.chunks_exact_mut(self.places)) {
            let mark = mark_of(class);
            for (votes, &found) in votes.iter_mut().zip(&self.found) {
                *votes += u8::from(found == mark);
            }
        }
    }

    /// Adds what the rows' leaves in one tree say, by what they refer to.
    fn add_outputs(&mut self, tree: usize) {
        match &self.batch.output {
            Output::Shares(distributions) => {
                for (row, &output) in self.outputs.iter().take(self.rows).enumerate() {
                    let weights = distributions.get(usize::from(output));
                    let totals = self.totals.iter_mut().skip(row).step_by(self.places);
                    for (total, &weight) in totals.zip(weights.into_iter().flatten()) {
                        *total += i32::from(weight);
                    }
                }
            }
            Output::Scores(scores) => {
                let (class, _) = scores.leaf(tree, 0);
                let totals = self.totals.chunks_exact_mut(self.places).nth(class);
                for (total, &output) in totals.into_iter().flatten().zip(&self.outputs) {
                    *total += scores.leaf(tree, output).1;
                }
            }
        }
    }

    /// Turns what the trees have said into probabilities, row by row.
    fn answer(&self, probabilities: &mut [f64]) {
        let classes = self.batch.classes;
        let mut totals = vec![0; classes];
        for (row, probabilities) in probabilities.chunks_exact_mut(classes).enumerate() {
            let of_row = self.totals.iter().skip(row).step_by(self.places);
            for (total, &of_class) in totals.iter_mut().zip(of_row) {
                *total = of_class;
            }
            let trees = self.batch.trees.len();
            self.batch
                .output
                .probabilities(&totals, trees, probabilities);
        }
    }
}
