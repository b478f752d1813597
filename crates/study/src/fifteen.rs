//! The model of fifteen close genres: rap, trap and dance music that people tell apart more finely than the features do.
//!
//! The table has no artists and no ids, and one track stands under several genres. A track is known by its sound, counts
//! once, and learns all its genres as shares.

use std::collections::{BTreeMap, BTreeSet};

use overtone_forest::MAXIMUM_CUTS;
use overtone_genre::{Feature, Features, MissingCost, Quality, Recall, family};

use crate::StudyError;
use crate::boost::Boosting;
use crate::dataset::LabelledTrack;
use crate::examples::Example;
use crate::figures::{Answers, temperature};
use crate::pack_boosted::{Steps, pack_boosted};
use crate::pool::Pool;
use crate::recipe::{Learned, Recipe};
use crate::ship::{
    COVERAGES, STEP, figures, missing_sets, reliability, sets_of, with_typical_tracks,
};
use crate::statistics::largest;

/// One track of so many is kept for calibration, and one for testing.
const KEPT: usize = 8;

/// A model of close genres, and all that was measured about it.
#[derive(Clone, Debug)]
pub struct CloseGenres {
    /// The packed model.
    pub bytes: Vec<u8>,
    /// What was measured, as it is shipped; nothing was measured abroad, as there is no other such collection.
    pub quality: Quality,
    /// The genres.
    pub genres: Vec<String>,
    /// How many rows the table has, how many tracks they are, and how many of these stand under several genres.
    pub counts: (usize, usize, usize),
    /// How many tracks of one genre were tested.
    pub tested: usize,
    /// The share of tested tracks, those of several genres too, that get one of their genres.
    pub one_of_its_genres: f64,
    /// The share of tested tracks that get the right family.
    pub family_accuracy: f64,
    /// Each genre's recall, and the recall of its family.
    pub recalls: Vec<(String, f64, f64)>,
    /// The pairs of genres that are taken for each other most, with the share of their tracks for which that is so.
    pub confused: Vec<(String, String, f64)>,
    /// If the genre is named where its probability reaches a half, else the family: the share of tracks for which the
    /// genre is named, the share of right ones among these, and among those with the family.
    pub fine_or_family: (f64, f64, f64),
    /// The coverage of the 90 % sets, and their mean size.
    pub sets: (f64, f64),
}

/// Learns, measures and packs a model of close genres.
///
/// # Errors
/// When too little is left to learn from, or the model does not fit the format.
pub fn close_genres(
    tracks: Vec<LabelledTrack>,
    recipe: &Recipe,
) -> Result<CloseGenres, StudyError> {
    let Gathered {
        rows,
        genres,
        recordings,
    } = gather(tracks)?;
    let several = recordings
        .values()
        .filter(|(_, target)| target.iter().sum::<f32>() > 1.0)
        .count();
    let counts = (rows, recordings.len(), several);
    let examples = |wanted: &dyn Fn(usize) -> bool| -> Vec<Example> {
        let chosen = recordings
            .iter()
            .filter(|(recording, _)| wanted(**recording));
        chosen
            .map(|(_, (features, target))| {
                let sum: f32 = target.iter().sum();
                Example {
                    track: None,
                    features: *features,
                    collection: 0,
                    target: target.iter().map(|share| share / sum).collect(),
                    weight: 1.0,
                }
            })
            .collect()
    };
    // Larger steps would make it a third smaller, and less right.
    let boosting = Boosting {
        rounds: 70,
        learning_rate: 0.1,
        ..recipe.boosting
    };
    // A few beats a minute tell some of these genres apart, and no page loads this model at first.
    let recipe = Recipe {
        cuts: MAXIMUM_CUTS,
        ..recipe.clone()
    };
    let measured = recipe.fit(
        &examples(&|recording| part(recording) > 1),
        &[],
        genres.clone(),
        &boosting,
        |_| {},
    )?;
    let ask = |wanted: usize, learned: &Learned, missing: &[Feature]| {
        let mut answers = Answers::default();
        for (&recording, (features, target)) in &recordings {
            if part(recording) == wanted && target.iter().sum::<f32>() == 1.0 {
                let mut features = *features;
                for &feature in missing {
                    features.set(feature, None);
                }
                let truth = largest(target);
                answers.push(learned.probabilities(&features), truth);
            }
        }
        answers
    };
    let calibration = ask(0, &measured, &[]);
    let temperature = temperature(std::slice::from_ref(&calibration));
    let sets = sets_of(&calibration.at_temperature(temperature));
    let test = ask(1, &measured, &[]).at_temperature(temperature);

    let (mut right, mut asked) = (0usize, 0usize);
    for (&recording, (features, target)) in &recordings {
        if part(recording) == 1 {
            asked += 1;
            right += usize::from(target[largest(&measured.probabilities(features))] > 0.0);
        }
    }

    let all = examples(&|_| true);
    let learned = recipe.fit(&all, &[], genres.clone(), &boosting, |_| {})?;
    let forest = pack_boosted(
        &learned.all_trees(),
        learned.features.clone(),
        genres.clone(),
        Steps {
            size: STEP,
            temperature: temperature as f32,
        },
    )?;
    let missing = missing_sets()
        .into_iter()
        .filter(|missing| missing.contains(&Feature::Popularity))
        .map(|missing| MissingCost {
            missing: missing
                .iter()
                .fold(0, |bits, &feature| bits | 1 << (feature as u16)),
            home: ask(1, &measured, &missing).balanced_accuracy() as f32,
            abroad: 0.0,
        })
        .collect();
    let families = Families::of(&genres);
    let recalls = families.recalls(&genres, &test);
    let mut quality = Quality {
        home: figures(&test),
        abroad: overtone_genre::Figures::default(),
        reliability: reliability(&test),
        missing,
        recalls: recalls
            .iter()
            .map(|&(_, home, _)| Recall {
                home: home as f32,
                abroad: 0.0,
            })
            .collect(),
        typical: Vec::new(),
        outside_threshold: 1.0,
        outside: None,
        sets,
    };
    let bytes = with_typical_tracks(&forest, &mut quality, &all)?;
    let threshold = quality.sets[COVERAGES.iter().position(|&c| c == 0.9).unwrap_or(0)].threshold;
    Ok(CloseGenres {
        bytes,
        counts,
        tested: test.len(),
        one_of_its_genres: right as f64 / asked.max(1) as f64,
        family_accuracy: families.accuracy(&test),
        recalls,
        confused: confused(&genres, &test),
        fine_or_family: families.fine_or_family(&test),
        sets: test.sets(threshold),
        quality,
        genres,
    })
}

/// The tracks of a table, each once.
struct Gathered {
    /// How many rows the table has.
    rows: usize,
    genres: Vec<String>,
    /// The features of each recording, and 1 for each of its genres.
    recordings: BTreeMap<usize, (Features, Vec<f32>)>,
}

fn gather(tracks: Vec<LabelledTrack>) -> Result<Gathered, StudyError> {
    let rows = tracks.len();
    let genres: BTreeSet<String> = tracks
        .iter()
        .map(|track| track.genre.clone())
        .filter(|genre| !genre.is_empty())
        .collect();
    let genres: Vec<String> = genres.into_iter().collect();
    if genres.len() < 2 {
        return Err(StudyError::TooFewGenres {
            found: genres.len(),
        });
    }
    let names: Vec<String> = genres.iter().map(|genre| genre.to_lowercase()).collect();
    let pool = Pool::of(vec![("fifteen".to_owned(), tracks)]);
    let mut recordings: BTreeMap<usize, (Features, Vec<f32>)> = BTreeMap::new();
    for track in &pool.tracks {
        let Some(genre) = names.iter().position(|name| *name == track.name) else {
            continue;
        };
        let (_, target) = recordings
            .entry(track.recording)
            .or_insert_with(|| (track.features, vec![0.0; genres.len()]));
        target[genre] = 1.0;
    }
    Ok(Gathered {
        rows,
        genres,
        recordings,
    })
}

/// Which of equally many parts a recording belongs to, in an order that has nothing to do with that of the file: 0 is for
/// calibration, 1 for testing.
fn part(recording: usize) -> usize {
    ((recording as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize % KEPT
}

/// The two sides of a table of close genres.
#[derive(Clone, Debug, Default)]
pub struct CloseSplit {
    /// What a model learns from: a row for each genre of a track, with the genre's share.
    pub train: Vec<(Features, String, f32)>,
    /// The tracks of one genre that it is tested on.
    pub test: Vec<(Features, String)>,
}

/// The rows that a model of close genres learns from and is tested on.
///
/// # Errors
/// When there are fewer than two genres.
pub fn close_split(tracks: Vec<LabelledTrack>) -> Result<CloseSplit, StudyError> {
    let Gathered {
        genres, recordings, ..
    } = gather(tracks)?;
    let mut split = CloseSplit::default();
    for (&recording, (features, target)) in &recordings {
        let sum: f32 = target.iter().sum();
        for (genre, &share) in genres.iter().zip(target) {
            match part(recording) {
                0 => {}
                1 if share == 1.0 && sum == 1.0 => split.test.push((*features, genre.clone())),
                1 => {}
                _ if share > 0.0 => split.train.push((*features, genre.clone(), share / sum)),
                _ => {}
            }
        }
    }
    Ok(split)
}

/// The family of each genre, as an index.
struct Families {
    of: Vec<usize>,
}

impl Families {
    fn of(genres: &[String]) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let of = genres
            .iter()
            .map(|genre| {
                let name = family(genre);
                names
                    .iter()
                    .position(|known| *known == name)
                    .unwrap_or_else(|| {
                        names.push(name);
                        names.len() - 1
                    })
            })
            .collect();
        Self { of }
    }

    /// The family with the largest probability together.
    fn best(&self, said: &[f32]) -> usize {
        let mut sums = vec![0.0; said.len()];
        for (&family, &probability) in self.of.iter().zip(said) {
            sums[family] += probability;
        }
        largest(&sums)
    }

    fn accuracy(&self, answers: &Answers) -> f64 {
        let right = answers
            .probabilities
            .iter()
            .zip(&answers.truths)
            .filter(|&(said, &truth)| self.best(said) == self.of[truth])
            .count();
        right as f64 / answers.len().max(1) as f64
    }

    fn recalls(&self, genres: &[String], answers: &Answers) -> Vec<(String, f64, f64)> {
        let fine = answers.recalls();
        genres
            .iter()
            .enumerate()
            .map(|(genre, name)| {
                let (mut right, mut all) = (0usize, 0usize);
                for (said, _) in answers
                    .probabilities
                    .iter()
                    .zip(&answers.truths)
                    .filter(|&(_, &truth)| truth == genre)
                {
                    all += 1;
                    right += usize::from(self.best(said) == self.of[genre]);
                }
                let coarse = right as f64 / all.max(1) as f64;
                (
                    name.clone(),
                    fine.get(genre).copied().flatten().unwrap_or(0.0),
                    coarse,
                )
            })
            .collect()
    }

    fn fine_or_family(&self, answers: &Answers) -> (f64, f64, f64) {
        let mut fine = (0usize, 0usize);
        let mut coarse = (0usize, 0usize);
        for (said, &truth) in answers.probabilities.iter().zip(&answers.truths) {
            let genre = largest(said);
            if said[genre] >= 0.5 {
                fine.0 += 1;
                fine.1 += usize::from(genre == truth);
            } else {
                coarse.0 += 1;
                coarse.1 += usize::from(self.best(said) == self.of[truth]);
            }
        }
        let share = |part: usize, all: usize| part as f64 / all.max(1) as f64;
        (
            share(fine.0, answers.len()),
            share(fine.1, fine.0),
            share(coarse.1, coarse.0),
        )
    }
}

/// The ten pairs of genres that are taken for each other most.
fn confused(genres: &[String], answers: &Answers) -> Vec<(String, String, f64)> {
    let count = genres.len();
    let mut confusion = vec![vec![0usize; count]; count];
    for (said, &truth) in answers.probabilities.iter().zip(&answers.truths) {
        confusion[truth][largest(said)] += 1;
    }
    let size = |genre: usize| confusion[genre].iter().sum::<usize>().max(1) as f64;
    let mut pairs = Vec::new();
    for first in 0..count {
        for second in first + 1..count {
            let share = confusion[first][second] as f64 / size(first)
                + confusion[second][first] as f64 / size(second);
            pairs.push((genres[first].clone(), genres[second].clone(), share / 2.0));
        }
    }
    pairs.sort_by(|left, right| right.2.total_cmp(&left.2));
    pairs.truncate(10);
    pairs
}
