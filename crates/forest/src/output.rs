//! What the leaves of a forest say, and how they make its answer.
//!
//! Both kinds of forest add whole numbers over the trees, the **totals** of the classes, and turn the totals into
//! probabilities once, so that every platform gives the same bits in whatever order the trees are added up.

use alloc::vec::Vec;

use crate::SHARES;
use crate::exponential::exponential;

/// What the leaves of a forest refer to.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// A bagged forest: a leaf refers to a distribution over the classes, and the answer is the trees' average. Each
    /// distribution has one weight for each class, in [`SHARES`].
    Shares(Vec<Vec<u8>>),
    /// A boosted forest: a leaf refers to a value, which its tree adds to the score of one class.
    Scores(Scores),
}

/// The scores of a boosted forest. A class's score is `step` times the sum of its base and of what the trees of this
/// class say, and the probabilities are the softmax of the scores: exp(score) as a share of the sum over all classes
/// (Friedman, "Greedy function approximation: a gradient boosting machine", 2001, section 4.6).
///
/// A temperature that calibrates the answers divides `step`, and a correction for a class goes into its base.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// What one whole step of a score is worth, finite and greater than 0.
    pub step: f32,
    /// For each class its score before any tree, in steps.
    pub base: Vec<i32>,
    /// What leaves say, in steps, strictly increasing; a leaf refers to one of them.
    pub values: Vec<i16>,
    /// For each tree the index of the class to whose score it adds.
    pub tree_classes: Vec<u8>,
}

impl Output {
    /// How many entries a leaf can refer to.
    pub(crate) fn entries(&self) -> usize {
        match self {
            Output::Shares(distributions) => distributions.len(),
            Output::Scores(scores) => scores.values.len(),
        }
    }

    /// The totals of the classes before any tree.
    pub(crate) fn begin(&self, totals: &mut [i32]) {
        match self {
            Output::Shares(_) => totals.fill(0),
            Output::Scores(scores) => totals.copy_from_slice(&scores.base),
        }
    }

    /// Adds what a leaf of a tree says to the totals of the classes, or takes it away.
    pub(crate) fn add(&self, totals: &mut [i32], tree: usize, entry: u16, sign: i32) {
        match self {
            Output::Shares(distributions) => {
                let weights = distributions.get(usize::from(entry));
                for (total, &weight) in totals.iter_mut().zip(weights.into_iter().flatten()) {
                    *total += sign * i32::from(weight);
                }
            }
            Output::Scores(scores) => {
                let (class, value) = scores.leaf(tree, entry);
                if let Some(total) = totals.get_mut(class) {
                    *total += sign * value;
                }
            }
        }
    }

    /// The probabilities that totals over all `trees` make.
    pub(crate) fn probabilities(&self, totals: &[i32], trees: usize, probabilities: &mut [f64]) {
        match self {
            Output::Shares(_) => {
                let all_shares = trees as f64 * f64::from(SHARES);
                for (probability, &total) in probabilities.iter_mut().zip(totals) {
                    *probability = f64::from(total) / all_shares;
                }
            }
            Output::Scores(scores) => {
                let largest = totals.iter().copied().max().unwrap_or(0);
                for (probability, &total) in probabilities.iter_mut().zip(totals) {
                    // Totals are within 32 bits, so their difference is exact.
                    let below = f64::from(total) - f64::from(largest);
                    *probability = exponential(below * f64::from(scores.step));
                }
                normalise(probabilities);
            }
        }
    }

    /// The probability that totals over all `trees` make for one class.
    pub(crate) fn probability(&self, totals: &[i32], trees: usize, class: usize) -> f64 {
        match self {
            Output::Shares(_) => {
                let total = totals.get(class).copied().unwrap_or(0);
                f64::from(total) / (trees as f64 * f64::from(SHARES))
            }
            Output::Scores(_) => {
                let mut probabilities: Vec<f64> = alloc::vec![0.0; totals.len()];
                self.probabilities(totals, trees, &mut probabilities);
                probabilities.get(class).copied().unwrap_or(0.0)
            }
        }
    }
}

impl Scores {
    /// The class to which a leaf of a tree adds, and what it adds, in steps.
    pub(crate) fn leaf(&self, tree: usize, entry: u16) -> (usize, i32) {
        let class = self.tree_classes.get(tree).copied().unwrap_or(0);
        let value = self.values.get(usize::from(entry)).copied().unwrap_or(0);
        (usize::from(class), i32::from(value))
    }

    /// Turns the scores of the classes into their probabilities in place: softmax.
    pub(crate) fn softmax(scores: &mut [f64]) {
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for score in scores.iter_mut() {
            *score = exponential(*score - largest);
        }
        normalise(scores);
    }
}

/// Divides numbers by their sum, which is at least 1.
fn normalise(numbers: &mut [f64]) {
    let sum: f64 = numbers.iter().sum();
    for number in numbers {
        *number /= sum;
    }
}
