//! How much each feature contributes to a probability of a boosted forest: exact Shapley values, in probability.
//!
//! # What is computed
//! The value of a set of known features is what the softmax makes of the scores that the trees give on average when
//! each split on a known feature sends the row its way and each other split sends it both ways, weighted by the shares of the
//! training rows that went there ([`Node::Split::left_share`]). For the scores themselves that is the game of
//! path-dependent TreeSHAP (Lundberg et al. 2020). The softmax of it is not a sum over trees any more, so the usual
//! algorithms do not hold; but a genre model has so few features that all their sets can be looked at, and the
//! contributions add up to the probability that is shown, not to a score.
//!
//! # How
//! A leaf's part of a score is its value times a factor for each feature on its path: for a known feature `o`, 1 if the
//! row passes all of its splits there and 0 if it fails one; for an unknown one `z`, the product of the shares of the
//! ways taken at its splits. With s = 1 for a known feature and 0 for another, a factor is z + s·(o - z), and the
//! product over a path of d features is a polynomial with 2^d coefficients, one for each subset (the game's Harsanyi
//! dividends). They are added up over all leaves, and one pass over the subsets turns them into the scores of every set
//! of known features (Yates's algorithm). Then come the softmax and the definition of the Shapley value (Shapley, "A
//! value for n-person games", 1953).

use alloc::vec;
use alloc::vec::Vec;

use crate::contributions::Contributions;
use crate::predict::MISSING;
use crate::{Forest, LEFT_SHARES, Node, QuestionError, Scores, Tree};

/// At most so many sets of features, times classes, are looked at: 8 MB.
const MOST_SETS: usize = 1 << 20;

/// The contributions to each class, in the order of the classes.
pub(crate) fn contributions(
    forest: &Forest,
    scores: &Scores,
    bins: &[u8],
) -> Result<Vec<Contributions>, QuestionError> {
    let places = places(forest)?;
    let used = places.iter().flatten().count();
    let mut game = Game {
        bins,
        places: &places,
        sets: 1 << used,
        amounts: vec![0.0; forest.classes.len() << used],
        path: Vec::new(),
        subsets: vec![0],
        coefficients: vec![1.0],
    };
    for (index, tree) in forest.trees.iter().enumerate() {
        game.visit(scores, index, tree, 0, 0);
    }
    game.add_subsets();
    let values = game.probabilities(scores);
    let of_classes = values.chunks_exact(1 << used);
    Ok(of_classes.map(|values| shapley(values, &places)).collect())
}

/// For each feature its place among those that some split compares; `None` for the others, which contribute nothing.
fn places(forest: &Forest) -> Result<Vec<Option<u32>>, QuestionError> {
    let mut places = vec![None; forest.features.len()];
    let mut found = 0;
    for node in forest.trees.iter().flat_map(|tree| &tree.nodes) {
        if let Node::Split { feature, .. } = *node
            && let Some(place @ None) = places.get_mut(usize::from(feature))
        {
            *place = Some(found);
            found += 1;
        }
    }
    let most = (MOST_SETS / forest.classes.len().max(1)).ilog2();
    if found > most {
        return Err(QuestionError::TooManyFeatures { found, most });
    }
    Ok(places)
}

/// A feature on the path to a node.
#[derive(Clone, Copy)]
struct OnPath {
    /// Its place among the features that are used.
    place: u32,
    /// The product of the shares of the ways taken at its splits.
    share: f64,
    /// Whether the row goes the way of the path at all of its splits.
    passed: bool,
}

/// The scores' game for one row.
struct Game<'a> {
    bins: &'a [u8],
    places: &'a [Option<u32>],
    /// How many sets of features there are.
    sets: usize,
    /// For each class and each set of features, a bit for each place: its coefficient, later its score, in steps,
    /// without the base.
    amounts: Vec<f64>,
    /// The features on the path to the node at hand.
    path: Vec<OnPath>,
    /// The subsets of the features on the path, each as a bit for each place: first those without the last feature.
    subsets: Vec<usize>,
    /// The coefficients of those subsets in the product of the path's factors; before them those of the nodes above.
    coefficients: Vec<f64>,
}

/// A split, where a walk goes on from it.
struct Fork {
    /// The step on the path that its feature takes.
    step: usize,
    /// The feature's state above it.
    before: OnPath,
    /// Whether it was not yet on the path.
    is_new: bool,
}

/// By what the coefficients of the subsets without a feature are multiplied to give those without it and with it below a
/// split on it.
#[derive(Clone, Copy, Default)]
struct Factors {
    without: f64,
    with: f64,
}

impl Fork {
    /// The factors for the side of the split below which the feature's state is `below`. Above the split, the coefficients
    /// without the feature hold its share there as a factor, which is divided out.
    fn factors(&self, below: OnPath) -> Factors {
        let known = if below.passed { 1.0 } else { 0.0 };
        Factors {
            without: below.share / self.before.share,
            with: (known - below.share) / self.before.share,
        }
    }
}

impl Game<'_> {
    /// Visits a node and all below it, whose first coefficient is at `start`. A checked tree is at most
    /// [`crate::MAXIMUM_DEPTH`] deep.
    fn visit(&mut self, scores: &Scores, index: usize, tree: &Tree, node: usize, start: usize) {
        match tree.nodes.get(node) {
            // The tree is only a leaf.
            Some(&Node::Leaf { output }) => {
                let (class, value) = scores.leaf(index, output);
                if let Some(amount) = self.amounts.get_mut(class * self.sets) {
                    *amount += f64::from(value);
                }
            }
            Some(&Node::Split {
                feature,
                threshold,
                missing_right,
                left_share,
                right,
            }) => {
                let goes_right = match self.bins.get(usize::from(feature)) {
                    Some(&MISSING) => missing_right,
                    Some(&bin) => bin > threshold,
                    None => return,
                };
                let Some(&Some(place)) = self.places.get(usize::from(feature)) else {
                    return;
                };
                let left_share = (f64::from(left_share) + 0.5) / f64::from(LEFT_SHARES);
                let right = usize::try_from(right).unwrap_or(usize::MAX);
                let fork = self.enter(place);
                let mut leaves = None;
                for (child, share, passed) in [
                    (node + 1, left_share, !goes_right),
                    (right, 1.0 - left_share, goes_right),
                ] {
                    let below = OnPath {
                        place,
                        share: fork.before.share * share,
                        passed: fork.before.passed && passed,
                    };
                    let factors = fork.factors(below);
                    // Two leaves side by side have the same subsets, so they are added up first.
                    if let Some(&Node::Leaf { output }) = tree.nodes.get(child) {
                        let (class, value) = scores.leaf(index, output);
                        let (_, sum) = leaves.get_or_insert((class, Factors::default()));
                        sum.without += f64::from(value) * factors.without;
                        sum.with += f64::from(value) * factors.with;
                        continue;
                    }
                    let end = self.coefficients.len();
                    self.multiply(&fork, factors, start);
                    if let Some(on_path) = self.path.get_mut(fork.step) {
                        *on_path = below;
                    }
                    self.visit(scores, index, tree, child, end);
                    self.coefficients.truncate(end);
                }
                if let Some((class, factors)) = leaves {
                    let end = self.coefficients.len();
                    self.multiply(&fork, factors, start);
                    self.add(class, end);
                    self.coefficients.truncate(end);
                }
                self.leave(&fork);
            }
            None => {}
        }
    }

    /// Puts a feature at the end of the path if it is not yet on it.
    fn enter(&mut self, place: u32) -> Fork {
        let step = self.path.iter().position(|on_path| on_path.place == place);
        if let Some(step) = step
            && let Some(&before) = self.path.get(step)
        {
            let is_new = false;
            return Fork {
                step,
                before,
                is_new,
            };
        }
        let before = OnPath {
            place,
            share: 1.0,
            passed: true,
        };
        self.path.push(before);
        let without = self.subsets.len();
        self.subsets.extend_from_within(..);
        for subset in self.subsets.iter_mut().skip(without) {
            *subset |= 1 << place;
        }
        Fork {
            step: self.path.len() - 1,
            before,
            is_new: true,
        }
    }

    /// Leaves the path as it was before a split.
    fn leave(&mut self, fork: &Fork) {
        if fork.is_new {
            self.path.truncate(fork.step);
            self.subsets.truncate(1 << fork.step);
        } else if let Some(on_path) = self.path.get_mut(fork.step) {
            *on_path = fork.before;
        }
    }

    /// Appends the coefficients below a split, made from those above it, which are at `start`.
    fn multiply(&mut self, fork: &Fork, factors: Factors, start: usize) {
        let above = if fork.is_new {
            1 << fork.step
        } else {
            self.subsets.len()
        };
        let end = self.coefficients.len();
        self.coefficients.resize(end + self.subsets.len(), 0.0);
        let (before, below) = self
            .coefficients
            .split_at_mut_checked(end)
            .unwrap_or_default();
        let above = before.get(start..start + above).unwrap_or_default();
        let half = 1 << fork.step;
        if fork.is_new {
            let (without, with) = below.split_at_mut_checked(half).unwrap_or_default();
            for ((without, with), above) in without.iter_mut().zip(with).zip(above) {
                *without = above * factors.without;
                *with = above * factors.with;
            }
            return;
        }
        let blocks = below.chunks_exact_mut(2 * half);
        for (below, above) in blocks.zip(above.chunks_exact(2 * half)) {
            let (without, with) = below.split_at_mut_checked(half).unwrap_or_default();
            for ((without, with), above) in without.iter_mut().zip(with).zip(above) {
                *without = above * factors.without;
                *with = above * factors.with;
            }
        }
    }

    /// Adds the coefficients at `start` to the amounts of a class.
    fn add(&mut self, class: usize, start: usize) {
        let amounts = self
            .amounts
            .get_mut(class * self.sets..(class + 1) * self.sets);
        let amounts = amounts.unwrap_or_default();
        let coefficients = self.coefficients.iter().skip(start);
        for (&subset, &coefficient) in self.subsets.iter().zip(coefficients) {
            if let Some(amount) = amounts.get_mut(subset) {
                *amount += coefficient;
            }
        }
    }

    /// Adds to the amount of each set those of all of its subsets.
    fn add_subsets(&mut self) {
        let mut half = 1;
        while half < self.sets {
            for block in self.amounts.chunks_exact_mut(2 * half) {
                let (without, with) = block.split_at_mut(half);
                for (with, without) in with.iter_mut().zip(without) {
                    *with += *without;
                }
            }
            half *= 2;
        }
    }

    /// For each class and each set of known features, the probability.
    fn probabilities(&self, scores: &Scores) -> Vec<f64> {
        let mut values = vec![0.0; self.amounts.len()];
        let mut of_set = vec![0.0; scores.base.len()];
        for set in 0..self.sets {
            let amounts = self.amounts.iter().skip(set).step_by(self.sets);
            for ((score, &base), amount) in of_set.iter_mut().zip(&scores.base).zip(amounts) {
                *score = (f64::from(base) + amount) * f64::from(scores.step);
            }
            Scores::softmax(&mut of_set);
            let places = values.iter_mut().skip(set).step_by(self.sets);
            for (place, &probability) in places.zip(&of_set) {
                *place = probability;
            }
        }
        values
    }
}

/// The Shapley values of a game that is told by the value of each set of features.
fn shapley(values: &[f64], places: &[Option<u32>]) -> Contributions {
    let used = values.len().ilog2();
    // For a set of so many other features, how probable it is that just those come before a feature, if all orders are
    // equally probable: 1 / (used · (used - 1 choose size)).
    let mut weights = Vec::new();
    let mut weight = 1.0 / f64::from(used.max(1));
    for size in 0..used {
        weights.push(weight);
        weight *= f64::from(size + 1) / f64::from((used - 1 - size).max(1));
    }
    let contribution = |place: u32| -> f64 {
        let with_feature = values
            .iter()
            .enumerate()
            .filter(|(set, _)| set >> place & 1 == 1);
        with_feature
            .map(|(set, with)| {
                let without = values.get(set ^ 1 << place).copied().unwrap_or(0.0);
                let others = set.count_ones() as usize - 1;
                weights.get(others).copied().unwrap_or(0.0) * (with - without)
            })
            .sum()
    };
    Contributions {
        base: values.first().copied().unwrap_or(0.0),
        features: places
            .iter()
            .map(|place| place.map_or(0.0, contribution))
            .collect(),
    }
}
