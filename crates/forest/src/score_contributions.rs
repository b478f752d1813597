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
        terms: Vec::new(),
    };
    for (index, tree) in forest.trees.iter().enumerate() {
        game.visit(scores, index, tree, 0);
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
    /// The coefficients of a leaf: a place to work in.
    terms: Vec<(usize, f64)>,
}

impl Game<'_> {
    /// Visits a node and all below it. A checked tree is at most [`crate::MAXIMUM_DEPTH`] deep.
    fn visit(&mut self, scores: &Scores, index: usize, tree: &Tree, node: usize) {
        match tree.nodes.get(node) {
            Some(&Node::Leaf { output }) => {
                let (class, value) = scores.leaf(index, output);
                self.add(class, f64::from(value));
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
                let length = self.path.len();
                let before = self.enter(place);
                for (child, share, passed) in [
                    (node + 1, left_share, !goes_right),
                    (right, 1.0 - left_share, goes_right),
                ] {
                    if let Some(on_path) = self.path.iter_mut().find(|on| on.place == place) {
                        on_path.share = before.share * share;
                        on_path.passed = before.passed && passed;
                    }
                    self.visit(scores, index, tree, child);
                }
                // Leaves the path as it was.
                if let Some(on_path) = self.path.iter_mut().find(|on| on.place == place) {
                    *on_path = before;
                }
                self.path.truncate(length);
            }
            None => {}
        }
    }

    /// The state of a feature on the path; it is put there if it is not yet.
    fn enter(&mut self, place: u32) -> OnPath {
        if let Some(on_path) = self.path.iter().find(|on| on.place == place) {
            return *on_path;
        }
        let on_path = OnPath {
            place,
            share: 1.0,
            passed: true,
        };
        self.path.push(on_path);
        on_path
    }

    /// Adds the coefficients of the leaf at the end of the path.
    fn add(&mut self, class: usize, value: f64) {
        self.terms.clear();
        self.terms.push((0, value));
        for on_path in &self.path {
            let known = if on_path.passed { 1.0 } else { 0.0 } - on_path.share;
            for index in 0..self.terms.len() {
                if let Some((set, coefficient)) = self.terms.get_mut(index) {
                    let with = (*set | 1 << on_path.place, *coefficient * known);
                    *coefficient *= on_path.share;
                    self.terms.push(with);
                }
            }
        }
        let start = class * self.sets;
        if let Some(amounts) = self.amounts.get_mut(start..start + self.sets) {
            for &(set, coefficient) in &self.terms {
                if let Some(amount) = amounts.get_mut(set) {
                    *amount += coefficient;
                }
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
