//! Gradient-boosted trees on bins: the learner behind the shipped models.
//!
//! Each round fits, for each class, one regression tree to the gradient of the softmax log loss (Friedman, Greedy
//! function approximation: a gradient boosting machine, 2001), with second-order leaf values and split gains (Chen and
//! Guestrin, XGBoost, 2016), grown on histograms from the leaf with the largest gain (Ke et al., LightGBM, 2017).
//!
//! Targets are shares of the classes, so a small model can learn from the probabilities of a large one as well as from
//! labels. Missing values are a bin of their own, and each split learns which way they go. The same examples, options
//! and seed give the same trees on any number of threads: threads share out the classes of a round, and each tree is
//! grown by one of them, in one order.

mod grower;
mod trees;

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::{SliceRandom, index};

use crate::StudyError;

use grower::Grower;
use trees::grown;

pub use trees::{BoostedNode, BoostedTree, BoostedTrees, softmax};

/// The bin of a missing value.
pub const MISSING: u8 = 255;

/// How trees are boosted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boosting {
    /// How many rounds; each gives one tree for each class, but for two classes only one.
    pub rounds: usize,
    /// What leaf values are multiplied with, above 0, at most 1.
    pub learning_rate: f32,
    /// How many leaves a tree has, at most; at least 2.
    pub leaves: usize,
    /// How many splits a tree has between its root and a leaf, at most; 1 to 64.
    pub depth: usize,
    /// How many rows a leaf has, at least.
    pub minimum_rows: u32,
    /// What the second derivatives of a leaf's rows add up to, at least.
    pub minimum_hessian: f64,
    /// What is added to the sum of second derivatives in leaf values and gains.
    pub l2: f64,
    /// The share of rows that a round's trees are fitted to, drawn anew for each round; above 0, at most 1.
    pub row_share: f64,
    /// The share of features that a tree may split on, drawn anew for each tree, at least one; above 0, at most 1.
    pub feature_share: f64,
    /// What the random draws begin with.
    pub seed: u64,
}

impl Default for Boosting {
    fn default() -> Self {
        Self {
            rounds: 100,
            learning_rate: 0.1,
            leaves: 31,
            depth: 32,
            minimum_rows: 20,
            minimum_hessian: 1e-3,
            l2: 1.0,
            row_share: 1.0,
            feature_share: 1.0,
            seed: 1,
        }
    }
}

/// Rows to learn from.
#[derive(Clone, Copy, Debug)]
pub struct Examples<'a> {
    bins: &'a [u8],
    features: usize,
    targets: &'a [f32],
    classes: usize,
    weights: &'a [f32],
}

impl<'a> Examples<'a> {
    /// Takes rows of `features` bins each ([`MISSING`] for a missing value), one behind the other; rows of `classes`
    /// target shares each, which add up to 1; and one weight for each row.
    ///
    /// # Errors
    /// When the lengths do not fit together, or there is no row, feature or class.
    pub fn new(
        bins: &'a [u8],
        features: usize,
        targets: &'a [f32],
        classes: usize,
        weights: &'a [f32],
    ) -> Result<Self, StudyError> {
        let rows = weights.len();
        for (option, found, expected) in [
            (
                "the number of bins",
                bins.len(),
                rows.saturating_mul(features),
            ),
            (
                "the number of targets",
                targets.len(),
                rows.saturating_mul(classes),
            ),
        ] {
            if found != expected || expected == 0 {
                return Err(StudyError::BadOption {
                    option,
                    found: found.to_string(),
                    expected: "rows times features (of bins) or classes (of targets), and not 0",
                });
            }
        }
        Ok(Self {
            bins,
            features,
            targets,
            classes,
            weights,
        })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.weights.len()
    }

    fn row(&self, row: usize) -> &'a [u8] {
        &self.bins[row * self.features..(row + 1) * self.features]
    }
}

impl Boosting {
    /// Boosts trees on examples. `boosted` is told after each round how many there are.
    ///
    /// # Errors
    /// When an option is out of its range.
    pub fn fit(
        &self,
        examples: &Examples<'_>,
        boosted: impl FnMut(usize),
    ) -> Result<BoostedTrees, StudyError> {
        let mut model = BoostedTrees {
            base: base_scores(examples),
            trees: Vec::new(),
        };
        model.trees = self.go_on(&model, examples, boosted)?;
        Ok(model)
    }

    /// Goes on boosting on examples, from where a model of as many classes has come, and gives the trees to add to it.
    ///
    /// # Errors
    /// When an option is out of its range.
    pub fn go_on(
        &self,
        model: &BoostedTrees,
        examples: &Examples<'_>,
        mut boosted: impl FnMut(usize),
    ) -> Result<Vec<BoostedTree>, StudyError> {
        self.check(examples)?;
        let classes = examples.classes;
        let mut scores = Scores::new(examples, &model.base);
        scores.add(examples, &model.trees);
        let mut added = Vec::new();
        for round in 0..self.rounds {
            let sample = self.sample(examples.rows(), round);
            let probabilities = scores.probabilities();
            let trees = each_class(grown(classes), |class| {
                self.grow(examples, &probabilities, &sample, round, class)
            });
            scores.add(examples, &trees);
            added.extend(trees);
            boosted(round + 1);
        }
        Ok(added)
    }

    fn check(&self, examples: &Examples<'_>) -> Result<(), StudyError> {
        let share = |share: f64| share > 0.0 && share <= 1.0;
        for (is_good, option, found, expected) in [
            (
                share(f64::from(self.learning_rate)),
                "the learning rate",
                self.learning_rate.to_string(),
                "above 0, at most 1",
            ),
            (
                self.leaves >= 2,
                "the number of leaves",
                self.leaves.to_string(),
                "at least 2",
            ),
            (
                (1..=64).contains(&self.depth),
                "the depth",
                self.depth.to_string(),
                "1 to 64",
            ),
            (
                self.l2 >= 0.0,
                "the L2 penalty",
                self.l2.to_string(),
                "at least 0",
            ),
            (
                share(self.row_share),
                "the share of rows",
                self.row_share.to_string(),
                "above 0, at most 1",
            ),
            (
                share(self.feature_share),
                "the share of features",
                self.feature_share.to_string(),
                "above 0, at most 1",
            ),
            (
                (1..=100).contains(&examples.features),
                "the number of features",
                examples.features.to_string(),
                "1 to 100",
            ),
        ] {
            if !is_good {
                return Err(StudyError::BadOption {
                    option,
                    found,
                    expected,
                });
            }
        }
        Ok(())
    }

    fn random(&self, round: usize, stream: usize) -> StdRng {
        // Odd multipliers keep the seeds of rounds and streams apart.
        StdRng::seed_from_u64(
            self.seed
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .wrapping_add((round as u64) << 16)
                .wrapping_add(stream as u64),
        )
    }

    /// The rows that a round's trees are fitted to, in their order.
    fn sample(&self, rows: usize, round: usize) -> Vec<u32> {
        if self.row_share >= 1.0 {
            return (0..rows as u32).collect();
        }
        let wanted = ((rows as f64 * self.row_share).ceil() as usize).clamp(1, rows);
        let mut random = self.random(round, 0);
        let mut sample: Vec<u32> = index::sample(&mut random, rows, wanted)
            .into_iter()
            .map(|row| row as u32)
            .collect();
        sample.sort_unstable();
        sample
    }

    fn grow(
        &self,
        examples: &Examples<'_>,
        probabilities: &[f32],
        sample: &[u32],
        round: usize,
        class: usize,
    ) -> BoostedTree {
        let classes = examples.classes;
        // Friedman's factor for K classes, where each has a tree of its own though one would be redundant.
        let factor = if grown(classes).len() == classes {
            classes as f32 / (classes as f32 - 1.0).max(1.0)
        } else {
            1.0
        };
        let derivatives: Vec<[f32; 2]> = (0..examples.rows())
            .map(|row| {
                let probability = probabilities[row * classes + class];
                let weight = examples.weights[row];
                let gradient = weight * (probability - examples.targets[row * classes + class]);
                let hessian = weight * factor * probability * (1.0 - probability);
                [gradient, hessian.max(1e-16)]
            })
            .collect();
        let mut features: Vec<usize> = (0..examples.features).collect();
        if self.feature_share < 1.0 {
            let wanted = (examples.features as f64 * self.feature_share).round() as usize;
            features.shuffle(&mut self.random(round, class + 1));
            features.truncate(wanted.max(1));
            features.sort_unstable();
        }
        Grower {
            options: self,
            examples,
            derivatives,
            features,
        }
        .grow(sample, class)
    }
}

/// Does something for each class on all cores, and gives the results in the classes' order.
fn each_class<T: Send>(classes: Range<usize>, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(classes.start);
    let done = Mutex::new(Vec::with_capacity(classes.len()));
    thread::scope(|scope| {
        for _ in 0..threads.min(classes.len()) {
            scope.spawn(|| {
                loop {
                    let class = next.fetch_add(1, Ordering::Relaxed);
                    if class >= classes.end {
                        return;
                    }
                    let result = work(class);
                    if let Ok(mut done) = done.lock() {
                        done.push((class, result));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|&(class, _)| class);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The logarithm of each class's share of the weight.
fn base_scores(examples: &Examples<'_>) -> Vec<f32> {
    let mut shares = vec![0.0f64; examples.classes];
    let mut total = 0.0;
    for (targets, &weight) in examples
        .targets
        .chunks_exact(examples.classes)
        .zip(examples.weights)
    {
        for (share, &target) in shares.iter_mut().zip(targets) {
            *share += f64::from(weight * target);
        }
        total += f64::from(weight);
    }
    shares
        .into_iter()
        .map(|share| libm::log((share / total).max(1e-6)) as f32)
        .collect()
}

/// The score of each class for each row, as far as boosting has come.
struct Scores {
    classes: usize,
    scores: Vec<f32>,
}

impl Scores {
    fn new(examples: &Examples<'_>, base: &[f32]) -> Self {
        Self {
            classes: base.len(),
            scores: base.repeat(examples.rows()),
        }
    }

    /// Adds the values of a round's trees.
    fn add(&mut self, examples: &Examples<'_>, trees: &[BoostedTree]) {
        for (row, scores) in self.scores.chunks_exact_mut(self.classes).enumerate() {
            let bins = examples.row(row);
            for tree in trees {
                scores[tree.class] += tree.value(bins);
            }
        }
    }

    fn probabilities(&self) -> Vec<f32> {
        let mut probabilities = self.scores.clone();
        for row in probabilities.chunks_exact_mut(self.classes) {
            softmax(row);
        }
        probabilities
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Targets that are all one class.
    fn one_hot(classes: &[u8], count: usize) -> Vec<f32> {
        let mut targets = vec![0.0; classes.len() * count];
        for (row, &class) in classes.iter().enumerate() {
            targets[row * count + usize::from(class)] = 1.0;
        }
        targets
    }

    fn small() -> Boosting {
        Boosting {
            rounds: 30,
            learning_rate: 0.3,
            leaves: 4,
            minimum_rows: 1,
            l2: 0.0,
            ..Boosting::default()
        }
    }

    /// Rows in two features whose class is whether exactly one of the two is high.
    fn exclusive_or() -> (Vec<u8>, Vec<u8>) {
        let mut bins = Vec::new();
        let mut classes = Vec::new();
        for index in 0..400u32 {
            let (a, b) = ((index * 37 % 251) as u8, (index * 101 % 239) as u8);
            bins.extend([a, b]);
            classes.push(u8::from((a > 120) != (b > 100)));
        }
        (bins, classes)
    }

    #[test]
    fn one_split_is_as_computed_by_hand() {
        // Two rows of class 0 in bin 1, one in bin 5; one of class 1 in bin 5, two in bin 8.
        let bins = [1, 1, 5, 5, 8, 8];
        let targets = one_hot(&[0, 0, 0, 1, 1, 1], 2);
        let examples = Examples::new(&bins, 1, &targets, 2, &[1.0; 6]).unwrap();
        let options = Boosting {
            rounds: 1,
            learning_rate: 0.5,
            leaves: 2,
            minimum_rows: 1,
            l2: 1.0,
            ..Boosting::default()
        };
        let model = options.fit(&examples, |_| {}).unwrap();
        // All begin at probability 1/2: gradients are ±1/2, and second derivatives 1/2 * 1/2.
        assert_eq!(model.base[0], model.base[1]);
        // Only class 1 has a tree. Left of the cut behind bin 1 the gradients add up to 1 and the hessians to 1/2; right to
        // -1 and 1. The gain is 1/(1/2+1) + 1/(1+1) - 0; that behind bin 5 is the same, and comes later.
        assert_eq!(model.trees.len(), 1);
        let tree = &model.trees[0];
        assert_eq!(tree.class, 1);
        let expected = [
            BoostedNode::Split {
                feature: 0,
                threshold: 2,
                missing_right: true,
                left: 1,
                right: 2,
                rows: 6,
            },
            BoostedNode::Leaf {
                value: -1.0 / 3.0,
                rows: 2,
            },
            BoostedNode::Leaf {
                value: 0.25,
                rows: 4,
            },
        ];
        for (found, expected) in tree.nodes.iter().zip(expected) {
            match (*found, expected) {
                (
                    BoostedNode::Leaf { value, rows },
                    BoostedNode::Leaf {
                        value: expected,
                        rows: expected_rows,
                    },
                ) => {
                    assert!((value - expected).abs() < 1e-6);
                    assert_eq!(rows, expected_rows);
                }
                (found, expected) => assert_eq!(found, expected),
            }
        }
    }

    #[test]
    fn learns_what_no_single_feature_tells() {
        let (bins, classes) = exclusive_or();
        let targets = one_hot(&classes, 2);
        let weights = vec![1.0; classes.len()];
        let examples = Examples::new(&bins, 2, &targets, 2, &weights).unwrap();
        let model = small().fit(&examples, |_| {}).unwrap();
        let right = classes
            .iter()
            .enumerate()
            .filter(|&(row, &class)| model.predict(examples.row(row))[usize::from(class)] > 0.5)
            .count();
        assert!(right as f64 > 0.97 * classes.len() as f64, "{right}");
    }

    #[test]
    fn missing_values_go_where_their_class_is() {
        // Class 1 is high, or missing: the default has to lead right; and the other way round.
        for missing_class in [0u8, 1] {
            let mut bins = Vec::new();
            let mut classes = Vec::new();
            for index in 0..90u8 {
                let (bin, class) = match index % 3 {
                    0 => (MISSING, missing_class),
                    1 => (index, 0),
                    _ => (100 + index, 1),
                };
                bins.push(bin);
                classes.push(class);
            }
            let targets = one_hot(&classes, 2);
            let weights = vec![1.0; classes.len()];
            let examples = Examples::new(&bins, 1, &targets, 2, &weights).unwrap();
            let model = small().fit(&examples, |_| {}).unwrap();
            assert!(model.predict(&[MISSING])[usize::from(missing_class)] > 0.9);
            assert!(model.predict(&[4])[0] > 0.9);
            assert!(model.predict(&[180])[1] > 0.9);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_trees() {
        let (bins, classes) = exclusive_or();
        let targets = one_hot(&classes, 2);
        let weights = vec![1.0; classes.len()];
        let examples = Examples::new(&bins, 2, &targets, 2, &weights).unwrap();
        let options = Boosting {
            row_share: 0.6,
            feature_share: 0.5,
            rounds: 8,
            ..small()
        };
        let first = options.fit(&examples, |_| {}).unwrap();
        assert_eq!(first, options.fit(&examples, |_| {}).unwrap());
        let other = Boosting { seed: 2, ..options };
        assert_ne!(first, other.fit(&examples, |_| {}).unwrap());
    }

    #[test]
    fn soft_targets_are_answered_with_their_shares() {
        let bins = [0, 0, 9, 9];
        let targets = [0.7, 0.3, 0.7, 0.3, 0.2, 0.8, 0.2, 0.8];
        let examples = Examples::new(&bins, 1, &targets, 2, &[1.0; 4]).unwrap();
        let model = small().fit(&examples, |_| {}).unwrap();
        assert!((model.predict(&[0])[0] - 0.7).abs() < 0.01);
        assert!((model.predict(&[9])[0] - 0.2).abs() < 0.01);
    }

    #[test]
    fn weights_count_as_rows_do() {
        let bins = [0, 0, 0];
        let targets = one_hot(&[0, 1, 1], 2);
        let examples = Examples::new(&bins, 1, &targets, 2, &[6.0, 1.0, 1.0]).unwrap();
        let model = small().fit(&examples, |_| {}).unwrap();
        assert!((model.predict(&[0])[0] - 0.75).abs() < 0.01);
    }

    #[test]
    fn what_is_learned_of_a_feature_leaves_rows_without_it_alone() {
        let (mut bins, classes) = exclusive_or();
        let targets = one_hot(&classes, 2);
        let weights = vec![1.0; classes.len()];
        // A third feature that tells the class, and is never in its lowest bin.
        bins = bins
            .chunks_exact(2)
            .zip(&classes)
            .flat_map(|(row, &class)| [row[0], row[1], 1 + class])
            .collect();
        let without: Vec<u8> = bins
            .chunks_exact(3)
            .flat_map(|row| [row[0], row[1], MISSING])
            .collect();
        let examples = Examples::new(&without, 3, &targets, 2, &weights).unwrap();
        let short = Boosting {
            rounds: 2,
            ..small()
        };
        let model = short.fit(&examples, |_| {}).unwrap();
        let with = Examples::new(&bins, 3, &targets, 2, &weights).unwrap();
        let more = small().go_on(&model, &with, |_| {}).unwrap();
        let mut both = model.clone();
        both.trees
            .extend(more.into_iter().map(|tree| tree.only_with(2, 400)));
        for (row, &class) in classes.iter().enumerate() {
            assert_eq!(
                both.predict(examples.row(row)),
                model.predict(examples.row(row))
            );
            assert!(both.predict(with.row(row))[usize::from(class)] > 0.9);
        }
    }

    #[test]
    fn leaves_and_depth_are_kept_within() {
        let (bins, classes) = exclusive_or();
        let targets = one_hot(&classes, 2);
        let weights = vec![1.0; classes.len()];
        let examples = Examples::new(&bins, 2, &targets, 2, &weights).unwrap();
        let options = Boosting {
            leaves: 7,
            depth: 2,
            minimum_rows: 30,
            ..small()
        };
        let model = options.fit(&examples, |_| {}).unwrap();
        for tree in &model.trees {
            assert!(tree.leaves() <= 4);
            for node in &tree.nodes {
                assert!(node.rows() >= 30);
            }
        }
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        assert!(Examples::new(&[0, 1, 2], 2, &[1.0, 0.0], 2, &[1.0]).is_err());
        assert!(Examples::new(&[], 0, &[1.0, 0.0], 2, &[1.0]).is_err());
        let examples = Examples::new(&[0], 1, &[1.0, 0.0], 2, &[1.0]).unwrap();
        let options = Boosting {
            leaves: 1,
            ..small()
        };
        assert!(options.fit(&examples, |_| {}).is_err());
    }
}
