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
use crate::split::{goes_right, share};
use crate::{Forest, Node, QuestionError, Scores, Tree};

/// At most so many sets of features, times classes, are looked at. The amounts take 8 MB then, and what they are made from less
/// than five times as much.
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
        products: vec![0.0, 1.0],
        up_to_date: 0,
    };
    for (index, tree) in forest.trees.iter().enumerate() {
        game.visit(scores, index, tree, 0);
    }
    game.add_subsets();
    game.turn_into_probabilities(scores);
    let of_classes = game.amounts.chunks_exact(1 << used);
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

/// A feature's factor in a product: what it multiplies the coefficients of the subsets without it by, and what those with it.
#[derive(Clone, Copy, Default)]
struct Factor {
    without: f64,
    with: f64,
}

impl OnPath {
    fn factor(self) -> Factor {
        let known = if self.passed { 1.0 } else { 0.0 };
        Factor {
            without: self.share,
            with: known - self.share,
        }
    }
}

/// The scores' game for one row.
struct Game<'a> {
    bins: &'a [u8],
    places: &'a [Option<u32>],
    /// How many sets of features there are.
    sets: usize,
    /// For each class and each set of features, a bit for each place: its coefficient, later its score, in steps,
    /// without the base, and at last its probability.
    amounts: Vec<f64>,
    /// The features on the path to the node at hand.
    path: Vec<OnPath>,
    /// The subsets of the features on the path, each as a bit for each place: first those without the last feature.
    subsets: Vec<usize>,
    /// The coefficients of those subsets in the product of the path's factors, and before them those in the products of its first
    /// features alone: the 2^n coefficients of n features begin at 2^n.
    products: Vec<f64>,
    /// So many features have their product there, and those before them.
    up_to_date: usize,
}

impl Game<'_> {
    /// Visits a node and all below it. A checked tree is at most [`crate::MAXIMUM_DEPTH`] deep.
    fn visit(&mut self, scores: &Scores, index: usize, tree: &Tree, node: usize) {
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
                let feature = usize::from(feature);
                let (Some(&bin), Some(&Some(place))) =
                    (self.bins.get(feature), self.places.get(feature))
                else {
                    return;
                };
                let goes_right = goes_right(bin, threshold, missing_right);
                let left_share = share(left_share);
                let right = usize::try_from(right).unwrap_or(usize::MAX);
                let on_path = self.path.iter().position(|above| above.place == place);
                let step = on_path.unwrap_or_else(|| self.enter(place));
                let Some(&before) = self.path.get(step) else {
                    return;
                };
                let mut leaves = None;
                for (child, share, passed) in [
                    (node + 1, left_share, !goes_right),
                    (right, 1.0 - left_share, goes_right),
                ] {
                    let below = OnPath {
                        place,
                        share: before.share * share,
                        passed: before.passed && passed,
                    };
                    // Two leaves side by side differ in this factor only, so they are added up first.
                    if let Some(&Node::Leaf { output }) = tree.nodes.get(child) {
                        let (class, value) = scores.leaf(index, output);
                        let (_, sum) = leaves.get_or_insert((class, Factor::default()));
                        let factor = below.factor();
                        sum.without += f64::from(value) * factor.without;
                        sum.with += f64::from(value) * factor.with;
                        continue;
                    }
                    self.set(step, below);
                    self.visit(scores, index, tree, child);
                }
                if let Some((class, factor)) = leaves {
                    self.add(class, step, factor);
                }
                match on_path {
                    Some(_) => self.set(step, before),
                    None => self.leave(step),
                }
            }
            None => {}
        }
    }

    /// Puts a feature at the end of the path, and gives its step there.
    fn enter(&mut self, place: u32) -> usize {
        self.path.push(OnPath {
            place,
            share: 1.0,
            passed: true,
        });
        let without = self.subsets.len();
        self.subsets.extend_from_within(..);
        for subset in self.subsets.iter_mut().skip(without) {
            *subset |= 1 << place;
        }
        self.path.len() - 1
    }

    /// Takes the last feature, at this step, from the path.
    fn leave(&mut self, step: usize) {
        self.path.truncate(step);
        self.subsets.truncate(1 << step);
        self.up_to_date = self.up_to_date.min(step);
    }

    /// Changes what is known of the feature at a step.
    fn set(&mut self, step: usize, on_path: OnPath) {
        if let Some(place) = self.path.get_mut(step) {
            *place = on_path;
        }
        self.up_to_date = self.up_to_date.min(step);
    }

    /// Adds to the amounts of a class the product of the path's factors, with another one for the feature at a step.
    fn add(&mut self, class: usize, step: usize, factor: Factor) {
        let first = self.up_to_date.min(step);
        for (features, on_path) in self.path.iter().enumerate().skip(first) {
            let factor = if features == step {
                factor
            } else {
                on_path.factor()
            };
            let half = 1 << features;
            if self.products.len() < 4 * half {
                self.products.resize(4 * half, 0.0);
            }
            let (above, below) = self.products.split_at_mut(2 * half);
            let above = above.get(half..).unwrap_or_default();
            let below = below.get_mut(..2 * half).unwrap_or_default();
            let (without, with) = below.split_at_mut_checked(half).unwrap_or_default();
            for ((without, with), above) in without.iter_mut().zip(with).zip(above) {
                *without = above * factor.without;
                *with = above * factor.with;
            }
        }
        // From this step on they hold the other factor.
        self.up_to_date = step;

        let amounts = self
            .amounts
            .get_mut(class * self.sets..(class + 1) * self.sets);
        let amounts = amounts.unwrap_or_default();
        let coefficients = self.products.iter().skip(self.subsets.len());
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

    /// Turns the scores of the classes with each set of known features into their probabilities.
    fn turn_into_probabilities(&mut self, scores: &Scores) {
        let mut of_set = vec![0.0; scores.base.len()];
        for set in 0..self.sets {
            let amounts = self.amounts.iter().skip(set).step_by(self.sets);
            for ((score, &base), amount) in of_set.iter_mut().zip(&scores.base).zip(amounts) {
                *score = (f64::from(base) + amount) * f64::from(scores.step);
            }
            Scores::softmax(&mut of_set);
            let amounts = self.amounts.iter_mut().skip(set).step_by(self.sets);
            for (amount, &probability) in amounts.zip(&of_set) {
                *amount = probability;
            }
        }
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
