//! How the model that ships is learned from the pool.
//!
//! Each recording is one example, with the genres that the collections give it as shares. Where a model of the *other*
//! collections finds a label next to impossible, the label is left out, and the rest are mixed a little with what that
//! model says (after Northcutt, Jiang and Chuang, "Confident learning", 2021): what several collections agree on is what
//! holds on another one. Each example is learned from twice, without popularity: as it is, and with some of its features missing.
//! Popularity is learned from one pull only, under the labels as they are, by trees of their own that add nothing to a track
//! without it: what it says is true of that pull.

use std::collections::{BTreeMap, HashSet};

use overtone_forest::Feature as ForestFeature;
use overtone_genre::{Feature, Features, Popularity};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};

use crate::boost::{BoostedTree, BoostedTrees, Boosting, Examples, MISSING, softmax};
use crate::genre_map::{EIGHT, Meaning};
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

/// What the eight-genre set calls its genres.
const POPULARITY_NAMES: [&str; 9] = [
    "classical",
    "country",
    "electronic",
    "hip hop",
    "hiphop",
    "jazz",
    "latin",
    "pop",
    "rock",
];

/// A recording to learn from.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) features: Features,
    /// The index of the row of the pool that it was first found in; `None` of what is not from the pool.
    pub(crate) track: Option<usize>,
    pub(crate) collection: usize,
    /// Shares of the classes.
    pub(crate) target: Vec<f32>,
    pub(crate) weight: f32,
}

impl Example {
    /// Whether it is of no collection.
    fn is_made_up(&self) -> bool {
        self.collection == MADE_UP
    }
}

/// What made-up tracks have for the index of their collection.
const MADE_UP: usize = usize::MAX;

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

    /// The recordings that the eight genres are learned from, before the collections are heard about each other's.
    pub(crate) fn genre_examples(
        &self,
        pool: &Pool,
        keep: &impl Fn(&PoolTrack) -> bool,
    ) -> Vec<Example> {
        self.examples(pool, keep, EIGHT.len(), |meaning| match meaning {
            Meaning::Same(genre) => Some((genre, 1.0)),
            Meaning::Kind(genre) => Some((genre, self.kind_weight)),
            Meaning::Other | Meaning::Unused => None,
        })
    }

    /// The recordings that it is learned from whether any genre fits.
    pub(crate) fn outside_examples(
        &self,
        pool: &Pool,
        keep: &impl Fn(&PoolTrack) -> bool,
    ) -> Vec<Example> {
        self.examples(pool, keep, 2, |meaning| match meaning {
            Meaning::Same(_) => Some((0, 1.0)),
            Meaning::Other => Some((1, 1.0)),
            Meaning::Kind(_) | Meaning::Unused => None,
        })
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

    /// The recordings to learn from, with equal weight for each class.
    fn examples(
        &self,
        pool: &Pool,
        keep: &impl Fn(&PoolTrack) -> bool,
        classes: usize,
        class: impl Fn(Meaning) -> Option<(usize, f32)>,
    ) -> Vec<Example> {
        let mut random = StdRng::seed_from_u64(self.seed);
        let mut order: Vec<usize> = (0..pool.tracks.len()).collect();
        order.shuffle(&mut random);
        let mut taken: BTreeMap<(usize, String), usize> = BTreeMap::new();
        let mut recordings: BTreeMap<usize, Example> = BTreeMap::new();
        for index in order {
            let track = &pool.tracks[index];
            if class(track.meaning).is_none() || !keep(track) {
                continue;
            }
            // Of what is none of the eight, each name counts for itself, so that none of the many outweighs the others.
            let (sort, cap) = match track.meaning {
                Meaning::Same(genre) => (format!("same {genre}"), self.cap),
                Meaning::Kind(genre) => (format!("kind {genre}"), self.cap),
                Meaning::Other | Meaning::Unused => (track.name.clone(), self.other_cap),
            };
            let count = taken.entry((track.collection, sort)).or_default();
            if *count >= cap {
                continue;
            }
            *count += 1;
            recordings
                .entry(track.recording)
                .or_insert_with(|| Example {
                    features: track.features,
                    track: Some(index),
                    collection: track.collection,
                    target: vec![0.0; classes],
                    weight: 0.0,
                });
        }
        // A recording that was drawn has the labels of all its rows, drawn or not.
        for track in pool.tracks.iter().filter(|track| keep(track)) {
            if let Some((class, weight)) = class(track.meaning)
                && let Some(example) = recordings.get_mut(&track.recording)
            {
                example.target[class] += weight;
            }
        }
        let mut examples: Vec<Example> = recordings.into_values().collect();
        for example in &mut examples {
            let sum: f32 = example.target.iter().sum();
            example.weight = sum.min(1.0);
            example.target.iter_mut().for_each(|share| *share /= sum);
        }
        balance(&mut examples, classes);
        examples
    }

    /// Adds tracks like none that there are: each feature on its own, drawn from all tracks of the eight genres or evenly
    /// between their least and largest value. What tells them from real tracks knows where real ones are (Hastie,
    /// Tibshirani and Friedman, "The elements of statistical learning", 14.2.4), and so doubts what no collection has.
    fn add_made_up(&self, examples: &mut Vec<Example>) {
        let mut random = StdRng::seed_from_u64(self.seed.wrapping_add(2));
        let inside: Vec<Features> = examples
            .iter()
            .filter(|example| example.target.first() == Some(&1.0))
            .map(|example| example.features)
            .collect();
        let columns = Feature::ALL.map(|feature| {
            let mut values: Vec<f32> = inside.iter().filter_map(|row| row.get(feature)).collect();
            values.sort_unstable_by(f32::total_cmp);
            (feature, values)
        });
        let real: f32 = examples.iter().map(|example| example.weight).sum();
        let count = inside.len();
        for _ in 0..count {
            let mut features = Features::default();
            for (feature, values) in &columns {
                let (Some(&least), Some(&largest)) = (values.first(), values.last()) else {
                    continue;
                };
                let value = if random.random_bool(0.5) {
                    values.choose(&mut random).copied()
                } else if least < largest {
                    Some(random.random_range(least..largest))
                } else {
                    Some(least)
                };
                features.set(*feature, value);
            }
            examples.push(Example {
                track: None,
                features,
                collection: MADE_UP,
                target: vec![0.0, 1.0],
                weight: self.made_up_weight * real / count as f32,
            });
        }
    }

    /// The rows whose popularity is learned from.
    fn popular_examples(&self, pool: &Pool, keep: &impl Fn(&PoolTrack) -> bool) -> Vec<Example> {
        let classes = EIGHT.len();
        let mut seen = HashSet::new();
        let mut popular = Vec::new();
        for track in pool.tracks.iter().filter(|track| keep(track)) {
            let Meaning::Same(genre) = track.meaning else {
                continue;
            };
            let collection = &pool.collections[track.collection];
            let is_wanted = self.popularity_from.contains(collection)
                && POPULARITY_NAMES.contains(&track.name.as_str())
                && track.features.get(Feature::Popularity).is_some();
            if is_wanted && seen.insert((track.recording, genre)) {
                let mut target = vec![0.0; classes];
                target[genre] = 1.0;
                popular.push(Example {
                    track: None,
                    features: track.features,
                    collection: track.collection,
                    target,
                    weight: 1.0,
                });
            }
        }
        balance(&mut popular, classes);
        popular
    }

    /// Leaves out labels that the other collections find next to impossible, and mixes the others with what these say.
    fn agree(&self, examples: Vec<Example>) -> Result<Vec<Example>, StudyError> {
        let classes = EIGHT.len();
        let collections: std::collections::BTreeSet<usize> =
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

/// Gives each class the same weight in all, and all examples together as much as there are.
fn balance(examples: &mut [Example], classes: usize) {
    let mut totals = vec![0.0f64; classes];
    for example in examples.iter_mut() {
        for (total, &share) in totals.iter_mut().zip(&example.target) {
            *total += f64::from(example.weight * share);
        }
    }
    let wanted = examples.len() as f64 / classes as f64;
    for example in examples.iter_mut() {
        let factor: f64 = totals
            .iter()
            .zip(&example.target)
            .map(|(&total, &share)| f64::from(share) * wanted / total.max(1e-9))
            .sum();
        example.weight *= factor as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::LabelledTrack;

    #[test]
    fn a_recording_has_the_labels_of_all_its_rows() {
        let track = |title: &str, genre: &str, energy: f32| {
            let mut features = Features::default();
            for feature in Feature::ALL {
                features.set(feature, Some(0.5));
            }
            features.set(Feature::Energy, Some(energy));
            LabelledTrack {
                id: String::new(),
                track: title.into(),
                artist: "A".into(),
                genre: genre.into(),
                features,
            }
        };
        let both = |genre: &str| vec![track("a", genre, 0.1), track("b", genre, 0.2)];
        let pool = Pool::of(vec![
            ("one".into(), both("pop")),
            ("two".into(), both("rock")),
        ]);
        // Of two rows each, each collection gives one.
        let recipe = Recipe {
            cap: 1,
            ..Recipe::default()
        };
        let pop = EIGHT.iter().position(|genre| *genre == "pop");
        let rock = EIGHT.iter().position(|genre| *genre == "rock");
        let examples = recipe.genre_examples(&pool, &|_| true);
        assert!(!examples.is_empty());
        for example in examples {
            for genre in [pop, rock] {
                assert_eq!(genre.map(|genre| example.target[genre]), Some(0.5));
            }
        }
    }
}
