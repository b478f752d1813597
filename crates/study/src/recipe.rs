//! How the model that ships is learned from the pool.
//!
//! Each recording is one example, with the genres that the collections give it as shares. Where a model of the *other*
//! collections finds a label next to impossible, the label is left out, and the rest are mixed a little with what that
//! model says (after Northcutt, Jiang and Chuang, "Confident learning", 2021): what several collections agree on is what
//! holds on another one. Each example is learned from twice, without popularity: as it is, and with some of its features missing.
//! Popularity is learned from one pull only, under the labels as they are, by trees of their own that add nothing to a track
//! without it: what it says is true of that pull.

use std::collections::BTreeSet;

use overtone_forest::Feature as ForestFeature;
use overtone_genre::{Feature, Features, Popularity};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use crate::boost::{BoostedTree, BoostedTrees, Boosting, Examples, MISSING, softmax};
use crate::examples::{Example, balance};
use crate::genre_map::EIGHT;
use crate::pool::{Pool, PoolTrack};
use crate::titles::{TitleLearning, TitleWeights};
use crate::{StudyError, bins};

/// How a model is learned from the pool.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// How many cuts a feature has, at most.
    pub cuts: usize,
    /// How many rows of one meaning a collection gives, at most.
    pub cap: usize,
    /// How many rows of one name that is none of the eight a collection gives, at most.
    pub other_cap: usize,
    /// What a label that is a kind of a genre weighs beside one that is the genre itself.
    pub kind_weight: f32,
    /// A label that the other collections give less than this probability is left out.
    pub doubt: f32,
    /// How much of what the other collections say is mixed into the labels, 0 to 1.
    pub mix: f32,
    /// What a copy of an example with some features missing weighs beside the example.
    pub missing_weight: f32,
    /// The collections whose popularity is learned from, where they name a genre as the eight-genre set does.
    pub popularity_from: Vec<String>,
    /// What such a row weighs once more among the examples, without its popularity and under its own label.
    pub own_weight: f32,
    /// What made-up tracks weigh beside all real ones, where it is learned whether any genre fits.
    pub made_up_weight: f32,
    /// How the model is boosted.
    pub boosting: Boosting,
    /// How boosting goes on from there with popularity.
    pub popularity: Boosting,
    /// How the models of the other collections are boosted.
    pub teacher: Boosting,
    /// How the model that tells whether any genre fits is boosted.
    pub outside: Boosting,
    /// How the words of titles are learned.
    pub titles: TitleLearning,
    /// What the random draws begin with.
    pub seed: u64,
}

impl Default for Recipe {
    fn default() -> Self {
        let boosting = Boosting {
            rounds: 50,
            learning_rate: 0.15,
            leaves: 31,
            depth: 10,
            minimum_rows: 60,
            minimum_hessian: 5.0,
            l2: 3.0,
            row_share: 0.6,
            feature_share: 0.6,
            ..Boosting::default()
        };
        Self {
            cuts: 64,
            cap: 1_500,
            other_cap: 400,
            kind_weight: 0.25,
            doubt: 0.02,
            mix: 0.5,
            missing_weight: 0.3,
            made_up_weight: 0.25,
            popularity_from: vec!["search-2024".into(), "eight-genres".into()],
            own_weight: 0.5,
            popularity: Boosting {
                rounds: 15,
                learning_rate: 0.25,
                leaves: 6,
                ..boosting
            },
            teacher: Boosting {
                rounds: 30,
                learning_rate: 0.2,
                leaves: 15,
                row_share: 0.5,
                ..boosting
            },
            outside: Boosting {
                leaves: 24,
                ..boosting
            },
            boosting,
            titles: TitleLearning::default(),
            seed: 1,
        }
    }
}

/// Boosted trees and how features become the bins that they compare.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The features and their cuts, in the order of a row.
    pub features: Vec<ForestFeature>,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The trees that know nothing of popularity.
    pub trees: BoostedTrees,
    /// What popularity adds: trees that say nothing of a track without it.
    pub popularity: Vec<BoostedTree>,
    /// How many recordings they were learned from, and how many were left out.
    pub examples: (usize, usize),
}

impl Learned {
    /// All trees, those of popularity first.
    pub fn all_trees(&self) -> BoostedTrees {
        BoostedTrees {
            base: self.trees.base.clone(),
            trees: self
                .popularity
                .iter()
                .chain(&self.trees.trees)
                .cloned()
                .collect(),
        }
    }

    /// A track as the trees see it.
    pub fn row(&self, features: &Features) -> Vec<u8> {
        row(&self.features, features)
    }

    /// The classes' probabilities for a track.
    pub fn probabilities(&self, features: &Features) -> Vec<f32> {
        let row = self.row(features);
        let mut scores = self.trees.scores(&row);
        self.add_popularity(&row, &mut scores);
        softmax(&mut scores);
        scores
    }

    fn add_popularity(&self, row: &[u8], scores: &mut [f32]) {
        for tree in &self.popularity {
            scores[tree.class] += tree.value(row);
        }
    }

    /// The classes' probabilities for a track after each of the given numbers of rounds, which ascend; what popularity adds is
    /// not counted among these.
    pub fn probabilities_after(&self, features: &Features, rounds: &[usize]) -> Vec<Vec<f32>> {
        let row = self.row(features);
        let mut scores = self.trees.base.clone();
        let mut trees = self.trees.trees.chunks(self.trees.trees_a_round());
        let mut done = 0;
        rounds
            .iter()
            .map(|&wanted| {
                for tree in trees.by_ref().take(wanted.saturating_sub(done)).flatten() {
                    scores[tree.class] += tree.value(&row);
                }
                done = done.max(wanted);
                let mut probabilities = scores.clone();
                self.add_popularity(&row, &mut probabilities);
                softmax(&mut probabilities);
                probabilities
            })
            .collect()
    }
}

fn row(cuts: &[ForestFeature], features: &Features) -> Vec<u8> {
    Feature::ALL
        .into_iter()
        .zip(cuts)
        .map(|(feature, cuts)| {
            features
                .get(feature)
                .and_then(|value| cuts.bin(value))
                .unwrap_or(MISSING)
        })
        .collect()
}

impl Recipe {
    /// Learns the eight genres from the rows of the pool that `keep` wants.
    ///
    /// # Errors
    /// When no row of a genre is left, or an option is out of its range.
    pub fn learn(
        &self,
        pool: &Pool,
        keep: impl Fn(&PoolTrack) -> bool,
        progress: impl FnMut(usize),
    ) -> Result<Learned, StudyError> {
        let mut examples = self.genre_examples(pool, &keep);
        let before = examples.len();
        if self.doubt > 0.0 || self.mix > 0.0 {
            examples = self.agree(examples)?;
        }
        let left_out = before - examples.len();
        let classes = EIGHT.map(str::to_owned).to_vec();
        let popular = self.popular_examples(pool, &keep);
        let mut learned = self.fit(&examples, &popular, classes, &self.boosting, progress)?;
        learned.examples.1 = left_out;
        Ok(learned)
    }

    /// Learns whether any of the eight genres fits, from the rows of the pool that `keep` wants: class 0 is that one
    /// fits, class 1 that none does.
    ///
    /// # Errors
    /// When no row is left, or an option is out of its range.
    pub fn learn_outside(
        &self,
        pool: &Pool,
        keep: impl Fn(&PoolTrack) -> bool,
    ) -> Result<Learned, StudyError> {
        let mut examples = self.outside_examples(pool, &keep);
        self.add_made_up(&mut examples);
        let classes = vec!["one of these".to_owned(), "none of these".to_owned()];
        self.fit(&examples, &[], classes, &self.outside, |_| {})
    }

    /// Learns what titles say about the eight genres, from the rows of the pool that `keep` wants.
    pub(crate) fn learn_titles(
        &self,
        pool: &Pool,
        keep: impl Fn(&PoolTrack) -> bool,
    ) -> TitleWeights {
        let examples = self.genre_examples(pool, &keep);
        self.titles.learn(pool, examples, self.seed)
    }

    /// Learns what titles say about whether any of the eight genres fits, in the same way.
    pub(crate) fn learn_outside_titles(
        &self,
        pool: &Pool,
        keep: impl Fn(&PoolTrack) -> bool,
    ) -> TitleWeights {
        let examples = self.outside_examples(pool, &keep);
        self.titles.learn(pool, examples, self.seed)
    }

    /// Leaves out labels that the other collections find next to impossible, and mixes the others with what these say.
    fn agree(&self, examples: Vec<Example>) -> Result<Vec<Example>, StudyError> {
        let classes = EIGHT.len();
        let collections: BTreeSet<usize> =
            examples.iter().map(|example| example.collection).collect();
        if collections.len() < 2 {
            return Ok(examples);
        }
        let mut agreed = Vec::with_capacity(examples.len());
        for collection in collections {
            let (asked, mut others): (Vec<Example>, Vec<Example>) = examples
                .iter()
                .cloned()
                .partition(|example| example.collection == collection);
            balance(&mut others, classes);
            let without_copies = Self {
                missing_weight: 0.0,
                ..self.clone()
            };
            let names = EIGHT.map(str::to_owned).to_vec();
            let teacher = without_copies.fit(&others, &[], names, &self.teacher, |_| {})?;
            for mut example in asked {
                let said = teacher.probabilities(&without_popularity(&example));
                for (share, &said) in example.target.iter_mut().zip(&said) {
                    if said < self.doubt {
                        *share = 0.0;
                    }
                }
                let sum: f32 = example.target.iter().sum();
                if sum <= 0.0 {
                    continue;
                }
                for (share, said) in example.target.iter_mut().zip(said) {
                    *share = (1.0 - self.mix) * *share / sum + self.mix * said;
                }
                agreed.push(example);
            }
        }
        balance(&mut agreed, classes);
        Ok(agreed)
    }

    pub(crate) fn fit(
        &self,
        examples: &[Example],
        popular: &[Example],
        classes: Vec<String>,
        boosting: &Boosting,
        progress: impl FnMut(usize),
    ) -> Result<Learned, StudyError> {
        let features: Vec<ForestFeature> = Feature::ALL
            .into_iter()
            .map(|feature| {
                let rows = if feature == Feature::Popularity {
                    popular
                } else {
                    examples
                };
                // Made-up tracks have values with more decimals, which take room, and no cut that the others lack.
                let values: Vec<f32> = rows
                    .iter()
                    .filter(|example| !example.is_made_up())
                    .filter_map(|example| example.features.get(feature))
                    .collect();
                let asks_whether = feature == Feature::Popularity && !popular.is_empty();
                let mut cuts = bins::cuts(&values, self.cuts - usize::from(asks_whether));
                if asks_whether {
                    cuts.insert(0, BELOW_POPULARITY);
                }
                ForestFeature {
                    name: feature.name().to_owned(),
                    cuts,
                }
            })
            .collect();
        let mut random = StdRng::seed_from_u64(self.seed.wrapping_add(1));
        let (mut rows, mut targets, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        let mut add = |heard: &Features, example: &Example, weight: f32| {
            if weight > 0.0 {
                rows.extend(row(&features, heard));
                targets.extend(&example.target);
                weights.push(weight);
            }
        };
        for example in examples {
            let heard = without_popularity(example);
            add(&heard, example, example.weight);
            let lacking = with_some_missing(heard, &mut random);
            add(&lacking, example, example.weight * self.missing_weight);
        }
        for example in popular {
            let heard = without_popularity(example);
            add(&heard, example, example.weight * self.own_weight);
        }
        let examples_of = Examples::new(&rows, features.len(), &targets, classes.len(), &weights)?;
        let trees = self.seeded(boosting).fit(&examples_of, progress)?;
        let popularity = self.learn_popularity(&features, &trees, popular, examples_of.rows())?;
        Ok(Learned {
            features,
            classes,
            trees,
            popularity,
            examples: (examples.len(), 0),
        })
    }

    /// Goes on with what popularity adds to what trees say that were learned from `others` rows.
    fn learn_popularity(
        &self,
        features: &[ForestFeature],
        trees: &BoostedTrees,
        popular: &[Example],
        others: usize,
    ) -> Result<Vec<BoostedTree>, StudyError> {
        if popular.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<u8> = popular
            .iter()
            .flat_map(|example| row(features, &example.features))
            .collect();
        let targets: Vec<f32> = popular
            .iter()
            .flat_map(|example| example.target.iter().copied())
            .collect();
        let weights: Vec<f32> = popular.iter().map(|example| example.weight).collect();
        let classes = trees.base.len();
        let examples = Examples::new(&rows, features.len(), &targets, classes, &weights)?;
        let added = self
            .seeded(&self.popularity)
            .go_on(trees, &examples, |_| {})?;
        Ok(added
            .into_iter()
            .map(|tree| tree.only_with(Feature::Popularity as u8, others as u32))
            .collect())
    }

    /// With the recipe's own seed.
    fn seeded(&self, boosting: &Boosting) -> Boosting {
        Boosting {
            seed: self.seed,
            ..*boosting
        }
    }
}

fn without_popularity(example: &Example) -> Features {
    example.features.with(Popularity::Ignored)
}

/// A cut below all popularities, so that a tree can ask whether there is one.
const BELOW_POPULARITY: f32 = -1.0;

/// Takes features away: the length in half of the cases, and one to four of the sound.
fn with_some_missing(mut features: Features, random: &mut StdRng) -> Features {
    let mut audio: Vec<Feature> = Feature::ALL
        .into_iter()
        .filter(|feature| feature.is_audio())
        .collect();
    audio.shuffle(random);
    if random.random_bool(0.5) {
        features.set(Feature::Duration, None);
        // Half of these lack nothing else: the sound alone.
        if random.random_bool(0.5) {
            return features;
        }
    }
    let count = random.random_range(1..=4);
    for feature in audio.into_iter().take(count) {
        features.set(feature, None);
    }
    features
}
