//! How much each feature contributes to a probability: exact path-dependent TreeSHAP values.
//!
//! This is about bagged forests; [`crate::score_contributions`] does the same for boosted ones.
//!
//! # What is computed
//! The value of a set of known features is what a tree gives on average when each split on a known feature sends
//! the row its way and each other split sends it both ways, weighted by the shares of the training rows that went
//! there ([`Node::Split::left_share`]). Contributions are the Shapley values of that game, averaged over the trees:
//! Lundberg et al., "From local explanations to global understanding with explainable AI for trees" (2020),
//! algorithm 2, with these weights for its node counts.
//!
//! # How
//! A leaf's part of the game is its weight times a factor for each feature on its path: for a known feature `o`, 1 if
//! the row passes all of its splits there and 0 if it fails one; for an unknown one `z`, the product of the shares of
//! the ways taken at its splits. The Shapley value of such a game is the integral of its multilinear extension's slope
//! along the diagonal (Owen, "Multilinear extensions of games", 1972): a leaf gives feature i
//!
//! ```text
//! weight · (o_i - z_i) · ∫₀¹ ∏_{j≠i} (t·o_j + (1-t)·z_j) dt
//! ```
//!
//! The integrand is a polynomial in t whose degree is below the number of features on the path, and Gauss-Legendre
//! quadrature with n points is exact up to degree 2n - 1: six points do for twelve features. All terms are positive, so
//! nothing cancels. The product at each point goes down the tree with the walk, as the polynomials of Linear TreeShap
//! do (Yu et al. 2022), so that a split costs a few operations for each point, however long the path. Below a split
//! that the row fails, the feature's factor is (1-t) times a number: all failed features of a leaf get the same, from
//! one sum. And contributions are linear in the weights, so leaves of one distribution are added up before the classes
//! come in.
//!
//! For one class, the parts of a tree without a leaf that has weight for it are left out. `cargo bench --package
//! overtone-forest` measures both ways.

use alloc::vec;
use alloc::vec::Vec;

use crate::split::{goes_right, share};
use crate::{
    Forest, MAXIMUM_DEPTH, Node, Output, QuestionError, SHARES, Tree, score_contributions,
};

/// How much each feature contributes to the probability of one class for one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// The class's probability when no feature is known, 0 to 1: the average over the training rows, as far as the
    /// shares kept at the splits tell. It is the same for every row.
    pub base: f64,
    /// For each feature what it adds to the probability, -1 to 1. Together with `base` they make the probability
    /// that [`Forest::predict`] gives, but for rounding (below 10⁻¹²).
    pub features: Vec<f64>,
}

impl Forest {
    /// How much each feature contributes to the probability of one class: exact TreeSHAP values, path-dependent
    /// (Lundberg et al. 2020).
    ///
    /// `row` is as for [`Forest::predict`]; a missing value is a feature like any other, which goes the way that each
    /// split provides. Takes time in proportion to the nodes of the forest. Equal rows give equal bits on every
    /// platform.
    ///
    /// The value of a set of known features in a boosted forest is the softmax of the scores that path-dependent
    /// TreeSHAP gives them, so that there too contributions are shares of a probability and add up to it. Takes time in
    /// proportion to the leaves, times 2 to the number of features on their paths, and to 2 to the number of features
    /// in use; and at most 50 MB of memory.
    ///
    /// # Errors
    /// When `row` has not one value for each feature, or there is no such class, or a boosted forest uses more features
    /// than [`QuestionError::TooManyFeatures`] tells.
    pub fn contributions(&self, row: &[f32], class: usize) -> Result<Contributions, QuestionError> {
        let bins = self.checked_bins(row)?;
        self.check_class(class)?;
        match &self.output {
            Output::Shares(distributions) => {
                let has_weight =
                    |weights: &Vec<u8>| weights.get(class).is_some_and(|&weight| weight > 0);
                let counts = distributions.iter().map(has_weight).collect();
                let amounts = self.amounts(&bins, counts);
                Ok(self.weigh(distributions, &amounts, class))
            }
            Output::Scores(scores) => {
                let classes = self.classes.len();
                let all = score_contributions::contributions(self, scores, &bins)?;
                let found = all.into_iter().nth(class);
                found.ok_or(QuestionError::NoSuchClass { class, classes })
            }
        }
    }

    /// How much each feature contributes to the probability of each class, in the order of the classes: to the bit
    /// what [`Forest::contributions`] gives for each, in one walk through the trees.
    ///
    /// # Errors
    /// When `row` has not one value for each feature, or a boosted forest uses more features than
    /// [`QuestionError::TooManyFeatures`] tells.
    pub fn contributions_to_all(&self, row: &[f32]) -> Result<Vec<Contributions>, QuestionError> {
        let bins = self.checked_bins(row)?;
        match &self.output {
            Output::Shares(distributions) => {
                let amounts = self.amounts(&bins, vec![true; distributions.len()]);
                let classes = 0..self.classes.len();
                Ok(classes
                    .map(|class| self.weigh(distributions, &amounts, class))
                    .collect())
            }
            Output::Scores(scores) => score_contributions::contributions(self, scores, &bins),
        }
    }

    /// The contributions of each distribution's leaves, as [`Walk::amounts`]; only of those that count.
    fn amounts(&self, bins: &[u8], counts: Vec<bool>) -> Vec<f64> {
        // No path has more features than the forest, nor than a path has splits.
        match self.features.len().min(MAXIMUM_DEPTH) {
            ..=12 => Walk::<6>::over(self, bins, counts),
            13..=24 => Walk::<12>::over(self, bins, counts),
            _ => Walk::<{ MAXIMUM_DEPTH / 2 }>::over(self, bins, counts),
        }
    }

    /// The contributions to a class, from those of each distribution's leaves.
    fn weigh(&self, distributions: &[Vec<u8>], amounts: &[f64], class: usize) -> Contributions {
        let mut base = 0.0;
        let mut features = vec![0.0; self.features.len()];
        let of_distributions = amounts.chunks_exact(self.features.len() + 1);
        for (weights, amounts) in distributions.iter().zip(of_distributions) {
            let weight = f64::from(weights.get(class).copied().unwrap_or(0));
            if let Some((reach, amounts)) = amounts.split_first() {
                base += weight * reach;
                for (sum, amount) in features.iter_mut().zip(amounts) {
                    *sum += weight * amount;
                }
            }
        }
        let all_shares = self.trees.len() as f64 * f64::from(SHARES);
        for contribution in &mut features {
            *contribution /= all_shares;
        }
        Contributions {
            base: base / all_shares,
            features,
        }
    }
}

/// A value at each quadrature point.
type AtPoints<const POINTS: usize> = [f64; POINTS];

/// A set of features: bit i stands for feature i. [`crate::MAXIMUM_FEATURES`] is 100.
type Features = u128;

/// What the walk knows of a feature while the row passes all of its splits on the path.
#[derive(Clone, Copy)]
struct Passed<const POINTS: usize> {
    /// The product of the shares at its splits; 1 if there is none.
    share: f64,
    /// 1 / (t + (1-t)·share).
    inverse: AtPoints<POINTS>,
}

/// Where a walk is.
#[derive(Clone, Copy)]
struct Place<const POINTS: usize> {
    /// The index of the node.
    node: usize,
    /// The share of the training rows that come here, 0 to 1.
    reach: f64,
    /// The product of the factors of all features on the path, and the weight of the point.
    product: AtPoints<POINTS>,
    /// The features on the path all of whose splits the row passes.
    passed: Features,
    /// The features on the path of which the row fails a split.
    failed: Features,
}

/// A walk through all nodes of all trees.
struct Walk<'a, const POINTS: usize> {
    bins: &'a [u8],
    /// For each distribution whether its leaves are wanted.
    distribution_counts: Vec<bool>,
    /// For each node of the tree that is walked whether a wanted leaf lies below it: for one class of eight, many nodes
    /// can be left out. Empty when all leaves are wanted.
    node_counts: Vec<bool>,
    /// The quadrature points t, between 0 and 1.
    points: AtPoints<POINTS>,
    /// 1-t.
    rest: AtPoints<POINTS>,
    /// 1/(1-t).
    inverse_rest: AtPoints<POINTS>,
    /// For each feature its state; as if it had no split yet when it is not in [`Place::passed`].
    states: Vec<Passed<POINTS>>,
    /// For each distribution: the share of the training rows that come to its leaves, then for each feature what those
    /// leaves contribute; added up over all trees, for leaves of weight 1. Leaves share distributions and
    /// contributions are linear in the weights, so the classes come in at the very end.
    amounts: Vec<f64>,
}

impl<'a, const POINTS: usize> Walk<'a, POINTS> {
    /// Walks through all trees; gives [`Walk::amounts`].
    fn over(forest: &Forest, bins: &'a [u8], distribution_counts: Vec<bool>) -> Vec<f64> {
        let (points, point_weights) = quadrature::<POINTS>();
        let rest = points.map(|point| 1.0 - point);
        let unseen = Passed {
            share: 1.0,
            inverse: [1.0; POINTS],
        };
        let all_count = distribution_counts.iter().all(|&counts| counts);
        let mut walk = Self {
            bins,
            amounts: vec![0.0; distribution_counts.len() * (bins.len() + 1)],
            distribution_counts,
            node_counts: vec![],
            points,
            rest,
            inverse_rest: rest.map(|rest| 1.0 / rest),
            states: vec![unseen; bins.len()],
        };
        let root = Place {
            node: 0,
            reach: 1.0,
            product: point_weights,
            passed: 0,
            failed: 0,
        };
        for tree in &forest.trees {
            if !all_count {
                walk.mark(tree);
            }
            walk.visit(tree, &root);
        }
        walk.amounts
    }

    /// Finds the nodes that have a wanted leaf below them, or are one.
    fn mark(&mut self, tree: &Tree) {
        self.node_counts.clear();
        self.node_counts.resize(tree.nodes.len(), false);
        for (index, node) in tree.nodes.iter().enumerate().rev() {
            // Both children lie behind their parent.
            let child = |child: usize| self.node_counts.get(child) == Some(&true);
            let counts = match *node {
                Node::Split { right, .. } => {
                    child(index + 1) || usize::try_from(right).is_ok_and(child)
                }
                Node::Leaf { output } => {
                    self.distribution_counts.get(usize::from(output)) == Some(&true)
                }
            };
            if let Some(place) = self.node_counts.get_mut(index) {
                *place = counts;
            }
        }
    }

    /// Visits a node and all below it. A checked tree is at most [`MAXIMUM_DEPTH`] deep.
    fn visit(&mut self, tree: &Tree, place: &Place<POINTS>) {
        if self.node_counts.get(place.node) == Some(&false) {
            return;
        }
        let (feature, goes_right, left_share, right) = match tree.nodes.get(place.node) {
            Some(&Node::Leaf { output }) => return self.add(output, place),
            Some(&Node::Split {
                feature,
                threshold,
                missing_right,
                left_share,
                right,
            }) => {
                let Some(&bin) = self.bins.get(usize::from(feature)) else {
                    return;
                };
                let goes_right = goes_right(bin, threshold, missing_right);
                (usize::from(feature), goes_right, share(left_share), right)
            }
            None => return,
        };
        let Some(&state) = self.states.get(feature) else {
            return;
        };
        let right = usize::try_from(right).unwrap_or(usize::MAX);
        let right = (right, 1.0 - left_share);
        let left = (place.node + 1, left_share);
        let (taken, other) = if goes_right {
            (right, left)
        } else {
            (left, right)
        };
        let bit: Features = 1 << feature;
        let mut below_taken = Place {
            node: taken.0,
            reach: place.reach * taken.1,
            ..*place
        };
        let mut below_other = Place {
            node: other.0,
            reach: place.reach * other.1,
            ..*place
        };

        if place.failed & bit != 0 {
            for product in &mut below_taken.product {
                *product *= taken.1;
            }
            for product in &mut below_other.product {
                *product *= other.1;
            }
            self.visit(tree, &below_taken);
            self.visit(tree, &below_other);
            return;
        }

        // Below, the feature's factor changes: the one so far is divided out.
        let failed_share = state.share * other.1;
        for ((product, inverse), rest) in below_other
            .product
            .iter_mut()
            .zip(&state.inverse)
            .zip(&self.rest)
        {
            *product *= inverse * (rest * failed_share);
        }
        below_other.passed &= !bit;
        below_other.failed |= bit;
        self.visit(tree, &below_other);

        let mut passed = Passed {
            share: state.share * taken.1,
            inverse: [0.0; POINTS],
        };
        for ((((product, inverse), new_inverse), point), rest) in below_taken
            .product
            .iter_mut()
            .zip(&state.inverse)
            .zip(&mut passed.inverse)
            .zip(&self.points)
            .zip(&self.rest)
        {
            let factor = point + rest * passed.share;
            *product *= inverse * factor;
            *new_inverse = 1.0 / factor;
        }
        below_taken.passed |= bit;
        self.put(feature, passed);
        self.visit(tree, &below_taken);
        self.put(feature, state);
    }

    fn put(&mut self, feature: usize, state: Passed<POINTS>) {
        if let Some(place) = self.states.get_mut(feature) {
            *place = state;
        }
    }

    /// Adds a leaf's part.
    fn add(&mut self, distribution: u16, place: &Place<POINTS>) {
        let length = self.bins.len() + 1;
        let start = usize::from(distribution) * length;
        let Some((reach, amounts)) = self
            .amounts
            .get_mut(start..start + length)
            .and_then(<[f64]>::split_first_mut)
        else {
            return;
        };
        *reach += place.reach;
        // (0 - z)·∏/((1-t)·z), the same for every failed feature.
        let integral = sum(&place.product, &self.inverse_rest);
        for feature in members(place.failed) {
            if let Some(amount) = amounts.get_mut(feature) {
                *amount -= integral;
            }
        }
        for feature in members(place.passed) {
            if let (Some(amount), Some(state)) =
                (amounts.get_mut(feature), self.states.get(feature))
            {
                *amount += (1.0 - state.share) * sum(&place.product, &state.inverse);
            }
        }
    }
}

/// The indices in a set, from the lowest.
fn members(mut set: Features) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        if set == 0 {
            return None;
        }
        let lowest = set.trailing_zeros();
        set &= set - 1;
        usize::try_from(lowest).ok()
    })
}

/// The sum of the products, from the first to the last.
fn sum<const POINTS: usize>(left: &AtPoints<POINTS>, right: &AtPoints<POINTS>) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

/// The points and the weights of Gauss-Legendre quadrature from 0 to 1, to the last few bits.
fn quadrature<const POINTS: usize>() -> (AtPoints<POINTS>, AtPoints<POINTS>) {
    let mut points = [0.0; POINTS];
    let mut weights = [0.0; POINTS];
    let mut found: Vec<f64> = Vec::new();
    for (point, weight) in points.iter_mut().zip(&mut weights) {
        // From above all roots, Newton's method falls onto the largest; those found before are divided out (Maehly).
        let mut root = 1.0;
        for _ in 0..MAXIMUM_STEPS {
            let (value, slope) = legendre::<POINTS>(root);
            let divided: f64 = found.iter().map(|found| 1.0 / (root - found)).sum();
            let step = value / (slope - value * divided);
            root -= step;
            if step.abs() < 1e-16 {
                break;
            }
        }
        let (_, slope) = legendre::<POINTS>(root);
        *point = (1.0 + root) / 2.0;
        *weight = 1.0 / ((1.0 - root * root) * slope * slope);
        found.push(root);
    }
    (points, weights)
}

/// More steps than Newton's method takes to any root of the polynomials used.
const MAXIMUM_STEPS: usize = 100;

/// The Legendre polynomial of degree `DEGREE` and its slope, between -1 and 1.
fn legendre<const DEGREE: usize>(at: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, at);
    let (mut slope_before, mut slope) = (0.0, 1.0);
    for degree in 2..=DEGREE {
        let degree = degree as f64;
        let odd = 2.0 * degree - 1.0;
        let next = (odd * at * value - (degree - 1.0) * before) / degree;
        let next_slope = slope_before + odd * value;
        (before, value) = (value, next);
        (slope_before, slope) = (slope, next_slope);
    }
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integrates<const POINTS: usize>() {
        let (points, weights) = quadrature::<POINTS>();
        for degree in 0..2 * POINTS {
            let power = |point: f64| (0..degree).fold(1.0, |power, _| power * point);
            let sum: f64 = points
                .iter()
                .zip(&weights)
                .map(|(&p, w)| w * power(p))
                .sum();
            let exact = 1.0 / (degree as f64 + 1.0);
            assert!(
                (sum - exact).abs() < 1e-14,
                "{POINTS} points, degree {degree}: {sum}"
            );
        }
    }

    #[test]
    fn quadrature_is_exact_for_the_degrees_it_is_used_for() {
        integrates::<6>();
        integrates::<12>();
        integrates::<32>();
    }
}
