//! The recordings of the pool that a recipe learns from.

use std::collections::{BTreeMap, HashSet};

use overtone_genre::{Feature, Features};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};

use crate::genre_map::{EIGHT, Meaning};
use crate::pool::{Pool, PoolTrack};
use crate::recipe::Recipe;

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
    pub(crate) fn is_made_up(&self) -> bool {
        self.collection == MADE_UP
    }
}

/// What made-up tracks have for the index of their collection.
const MADE_UP: usize = usize::MAX;

impl Recipe {
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
    pub(crate) fn add_made_up(&self, examples: &mut Vec<Example>) {
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
    pub(crate) fn popular_examples(
        &self,
        pool: &Pool,
        keep: &impl Fn(&PoolTrack) -> bool,
    ) -> Vec<Example> {
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
}

/// Gives each class the same weight in all, and all examples together as much as there are.
pub(crate) fn balance(examples: &mut [Example], classes: usize) {
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
