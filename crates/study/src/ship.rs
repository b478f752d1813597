//! From the pool to the model that ships: measured at home and abroad, calibrated, packed.

use std::collections::BTreeMap;

use overtone_forest::Forest;
use overtone_genre::{
    Feature, Features, Figures, MissingCost, Model, Quality, Recall, Reliability, SetThreshold,
};

use crate::StudyError;
use crate::abroad::{Fold, TestRows, Told, check_left, leave_one_out, testable};
use crate::dataset::LabelledTrack;
use crate::examples::Example;
use crate::figures::{Answers, Band, area_under_curve, mean, temperature};
use crate::pack_boosted::{Steps, pack_boosted};
use crate::pool::{Pool, PoolTrack};
use crate::recipe::{Learned, Recipe};
use crate::size_curve::{Measured, SizePoint};
use crate::statistics::Estimate;
use crate::titles::{self, MeasuredTitles, TitleWeights};
use crate::typical::typical_tracks;

/// What the rows at home are called.
pub(crate) const AT_HOME: &str = "at home";

/// What the rows of the study's own test tracks are called.
pub(crate) const TWIN: &str = "twin by artist";

/// One artist of so many is kept for testing at home.
const HOME_TEST: usize = 8;

/// The coverages that sets of genres are measured for.
pub(crate) const COVERAGES: [f64; 3] = [0.8, 0.9, 0.95];

/// The share of tracks of the eight genres that may be taken for none of them.
const FALSE_ALARMS: f64 = 0.05;

/// What a step of a packed model's scores is worth.
pub(crate) const STEP: f32 = 0.01;

/// What was measured on one set of test rows.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is: a collection, or a way to test.
    pub name: String,
    /// How many tracks.
    pub tracks: usize,
    /// How right.
    pub figures: Figures,
    /// The balanced accuracy with its 95 % interval, drawing whole artists anew.
    pub balanced: Estimate,
}

/// How well outsiders are told on one set of test rows.
#[derive(Clone, Debug)]
pub struct OutsideRow {
    /// The collection.
    pub name: String,
    /// The area under the ROC curve, 0 to 1.
    pub area: f64,
    /// The same for each name of what is none of the eight.
    pub names: Vec<(String, f64)>,
}

/// A model that ships, and all that was measured about it.
#[derive(Clone, Debug)]
pub struct Shipped {
    /// The packed model.
    pub bytes: Vec<u8>,
    /// How many of them are the forest of the genres, and how many the forest that tells outsiders.
    pub parts: (usize, usize),
    /// What was measured, as it is shipped.
    pub quality: Quality,
    /// The temperature that calibrates it.
    pub temperature: f64,
    /// How many recordings it was learned from, and how many were left out, all of their labels being doubted.
    pub examples: (usize, usize),
    /// At home, and each collection left out, told the sound and the length.
    pub sound_and_length: Vec<Row>,
    /// The same told the sound alone.
    pub sound: Vec<Row>,
    /// The same told all, popularity too.
    pub all: Vec<Row>,
    /// The recall of each genre at home and abroad.
    pub recalls: Vec<(String, f64, f64)>,
    /// Coverage and mean size of the 90 % sets at home, and on each collection with the threshold of the others.
    pub sets: Vec<(String, f64, f64)>,
    /// How often right abroad when only the surest share of tracks is answered.
    pub coverage_accuracy: Vec<(f64, f64)>,
    /// Confidence against accuracy at home.
    pub reliability_home: Vec<Band>,
    /// How well outsiders are told at home and on each collection.
    pub outside: Vec<OutsideRow>,
    /// What the genres' forest is worth after fewer rounds, or after more, where [`size_curve`](crate::size_curve) was asked.
    pub sizes: Vec<SizePoint>,
    /// What the words of titles add.
    pub titles: MeasuredTitles,
}

/// Learns, measures and packs the model of eight genres. `twin_test` are tracks, if any, to measure it on once more, by a model that
/// has learned from none of their artists and recordings. `progress` is told what is being done.
///
/// # Errors
/// When there are fewer than two collections to leave out, too little is left to learn from, or the model does not fit the format.
pub fn ship(
    pool: &Pool,
    recipe: &Recipe,
    twin_test: &[LabelledTrack],
    mut progress: impl FnMut(&str),
) -> Result<Shipped, StudyError> {
    check_collections(pool, recipe)?;
    progress("learning from all collections");
    let learned = recipe.learn(pool, |_| true, |_| {})?;
    let outside = recipe.learn_outside(pool, |_| true)?;

    let folds = leave_one_out(pool, recipe, |name| {
        progress(&format!("leaving out {name}"));
    })?;
    progress("keeping artists for testing at home");
    let home = at_home(pool, recipe)?;
    let twin = if twin_test.is_empty() {
        None
    } else {
        progress("keeping the twin's artists");
        Some(Twin::learn(pool, recipe, twin_test)?)
    };
    progress("measuring");

    let groups = |told: Told, temperature: f64| -> Vec<Answers> {
        std::iter::once(&home)
            .chain(&folds)
            .map(|fold| {
                let rounds = recipe.boosting.rounds;
                let answers = fold.test.ask(pool, &fold.learned, told, rounds);
                answers.at_temperature(temperature)
            })
            .collect()
    };
    let temperature = temperature(&groups(Told::SoundAndLength, 1.0));
    let names: Vec<String> = std::iter::once(AT_HOME.to_owned())
        .chain(folds.iter().map(|fold| fold.name.clone()))
        .collect();
    let rows = |told: Told| -> Vec<Row> {
        let mut rows: Vec<Row> = std::iter::once(&home)
            .chain(&folds)
            .zip(groups(told, temperature))
            .map(|(fold, answers)| {
                let tracks = fold.test.genres.iter();
                let artists = tracks.map(|&(index, _)| pool.tracks[index].artist);
                row(fold.name.clone(), &answers, artists)
            })
            .collect();
        if let Some(twin) = &twin {
            let answers = twin.ask(told).at_temperature(temperature);
            let artists = twin.tracks.iter().map(|(track, _)| track.group());
            rows.insert(0, row(TWIN.to_owned(), &answers, artists));
        }
        rows
    };
    let sound_and_length = rows(Told::SoundAndLength);
    let asked = groups(Told::SoundAndLength, temperature);
    let (home_answers, abroad_answers) = (&asked[0], &asked[1..]);
    let pooled = together(abroad_answers);
    let sets = sets_of(&pooled);
    let set_rows = set_rows(&names, home_answers, abroad_answers);

    let (outside_rows, outside_threshold) = outside_rows(pool, &home, &folds);
    let twin_rows = twin.as_ref().map(|twin| {
        let answers = twin.ask(Told::SoundAndLength).at_temperature(temperature);
        let titles = twin.tracks.iter().map(|(track, _)| track.track.as_str());
        titles::Rows::new(TWIN, &twin.titles, answers, titles)
    });
    let titles = titles::measure(
        pool,
        (
            &recipe.learn_titles(pool, |_| true),
            &recipe.learn_outside_titles(pool, |_| true),
        ),
        outside_threshold,
        (&home, home_answers),
        folds.iter().zip(abroad_answers),
        twin_rows,
    )?;

    let forest = pack(&learned, temperature)?;
    // Nobody asks why a track is an outsider.
    let outside_forest = pack(&outside, 1.0)?.with_even_shares();

    let recalls = recalls(&learned.classes, home_answers, abroad_answers);
    let mut quality = Quality {
        home: figures(home_answers),
        abroad: mean_figures(abroad_answers),
        reliability: reliability(&pooled),
        sets,
        missing: missing_costs(pool, recipe, &home, &folds),
        recalls: recalls
            .iter()
            .map(|&(_, home, abroad)| Recall {
                home: home as f32,
                abroad: abroad as f32,
            })
            .collect(),
        typical: Vec::new(),
        outside_threshold,
        outside: Some(outside_forest.clone()),
    };
    let all = recipe.boosting.rounds;
    let parts = (forest.write().len(), outside_forest.write().len());
    let examples = recipe.genre_examples(pool, &|_| true);
    let bytes = with_typical_tracks(&forest, &mut quality, &examples)?;
    Ok(Shipped {
        bytes,
        parts,
        temperature,
        examples: learned.examples,
        sound: rows(Told::Sound),
        all: rows(Told::All),
        sound_and_length,
        recalls,
        sets: set_rows,
        coverage_accuracy: pooled
            .coverage_accuracy(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        reliability_home: home_answers.reliability(10),
        outside: outside_rows,
        sizes: Measured {
            forest: &forest,
            popularity: learned.popularity.len(),
            home: &home,
            folds: &folds,
        }
        .after(pool, &[all / 8, all / 4, all / 2, 3 * all / 4, all]),
        quality,
        titles,
    })
}

/// Each collection is left out in turn, so there have to be two that can be.
fn check_collections(pool: &Pool, recipe: &Recipe) -> Result<(), StudyError> {
    let collections = testable(pool, recipe.seed).len();
    if collections >= 2 {
        return Ok(());
    }
    Err(StudyError::BadOption {
        option: "the number of collections with tracks of the eight genres",
        found: collections.to_string(),
        expected: "at least 2, pulled apart, as each is left out in turn to see how right the model is on it",
    })
}

/// The forest that has learned that, calibrated with a temperature.
pub(crate) fn pack(learned: &Learned, temperature: f64) -> Result<Forest, StudyError> {
    let steps = Steps {
        size: STEP,
        temperature: temperature as f32,
    };
    pack_boosted(
        &learned.all_trees(),
        learned.features.clone(),
        learned.classes.clone(),
        steps,
    )
}

/// The packed model, with what is usual among these examples of each of its genres put among what is known about it.
pub(crate) fn with_typical_tracks(
    forest: &Forest,
    quality: &mut Quality,
    examples: &[Example],
) -> Result<Vec<u8>, StudyError> {
    let packed = |quality: &Quality| {
        let mut bytes = forest.write();
        bytes.extend(quality.write());
        bytes
    };
    let model = Model::read(&packed(quality))?;
    quality.typical = typical_tracks(&model, examples);
    Ok(packed(quality))
}

/// The study's own test tracks, and a model that has learned from none of their artists and recordings.
struct Twin<'a> {
    /// The tracks of genres that it knows, each with the index of its genre.
    tracks: Vec<(&'a LabelledTrack, usize)>,
    learned: Learned,
    titles: TitleWeights,
}

impl<'a> Twin<'a> {
    fn learn(
        pool: &Pool,
        recipe: &Recipe,
        tracks: &'a [LabelledTrack],
    ) -> Result<Self, StudyError> {
        let known = pool.known_of(tracks);
        let keep = |track: &PoolTrack| known.are_apart_from(track);
        check_left(pool, TWIN, keep)?;
        let learned = recipe.learn(pool, keep, |_| {})?;
        let genre_of = |track: &'a LabelledTrack| {
            let genre = learned
                .classes
                .iter()
                .position(|genre| *genre == track.genre)?;
            Some((track, genre))
        };
        Ok(Self {
            tracks: tracks.iter().filter_map(genre_of).collect(),
            titles: recipe.learn_titles(pool, keep),
            learned,
        })
    }

    fn ask(&self, told: Told) -> Answers {
        let mut answers = Answers::default();
        for &(track, genre) in &self.tracks {
            let said = self.learned.probabilities(&told.of(track.features));
            answers.push(said, genre);
        }
        answers
    }
}

/// The model that is measured at home, on artists that are kept out of it.
pub(crate) fn at_home(pool: &Pool, recipe: &Recipe) -> Result<Fold, StudyError> {
    // Every so many, in an order that has nothing to do with that of the files.
    let is_kept = |track: &PoolTrack| {
        (track.artist as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 & 0xffff
            < 0x1_0000 / HOME_TEST as u64
    };
    let test = TestRows::draw_everywhere(pool, recipe.seed, is_kept);
    let keep = |track: &PoolTrack| !is_kept(track) && test.are_apart_from(track);
    Fold::learn(pool, recipe, AT_HOME.to_owned(), &test, keep)
}

/// `artists` has the artist of each track.
fn row<Artist: Ord>(name: String, answers: &Answers, artists: impl Iterator<Item = Artist>) -> Row {
    let mut by_artist: BTreeMap<Artist, Vec<usize>> = BTreeMap::new();
    for (track, artist) in artists.enumerate() {
        by_artist.entry(artist).or_default().push(track);
    }
    let groups: Vec<Vec<usize>> = by_artist.into_values().collect();
    Row {
        name,
        tracks: answers.len(),
        figures: figures(answers),
        balanced: answers.balanced_accuracy_by_groups(&groups),
    }
}

pub(crate) fn figures(answers: &Answers) -> Figures {
    Figures {
        accuracy: answers.accuracy() as f32,
        balanced_accuracy: answers.balanced_accuracy() as f32,
        log_loss: answers.log_loss() as f32,
        calibration_error: answers.calibration_error() as f32,
    }
}

pub(crate) fn mean_figures(groups: &[Answers]) -> Figures {
    let mean_of = |figure: fn(&Answers) -> f64| -> f32 { mean(groups.iter().map(figure)) as f32 };
    Figures {
        accuracy: mean_of(Answers::accuracy),
        balanced_accuracy: mean_of(Answers::balanced_accuracy),
        log_loss: mean_of(Answers::log_loss),
        calibration_error: mean_of(Answers::calibration_error),
    }
}

fn together<'a>(groups: impl IntoIterator<Item = &'a Answers>) -> Answers {
    let mut pooled = Answers::default();
    for answers in groups {
        pooled.probabilities.extend(answers.probabilities.clone());
        pooled.truths.extend(&answers.truths);
    }
    pooled
}

/// Ten bands of confidence.
pub(crate) fn reliability(answers: &Answers) -> Vec<Reliability> {
    let all = answers.len().max(1) as f64;
    let bands = answers.reliability(10);
    bands
        .into_iter()
        .map(|band| Reliability {
            confidence: band.confidence as f32,
            accuracy: band.accuracy as f32,
            share: (band.tracks as f64 / all) as f32,
        })
        .collect()
}

/// The thresholds of the sets for all coverages.
pub(crate) fn sets_of(answers: &Answers) -> Vec<SetThreshold> {
    let coverages = COVERAGES.iter();
    coverages
        .map(|&coverage| SetThreshold {
            coverage: coverage as f32,
            threshold: answers.set_threshold(coverage),
        })
        .collect()
}

/// The 90 % sets at home with the threshold of all other collections, and on each collection with that of the others.
fn set_rows(names: &[String], home: &Answers, abroad: &[Answers]) -> Vec<(String, f64, f64)> {
    let threshold = |left_out: Option<usize>| {
        let others = abroad.iter().enumerate();
        let others = others.filter(|&(index, _)| Some(index) != left_out);
        together(others.map(|(_, answers)| answers)).set_threshold(0.9)
    };
    let (covered, size) = home.sets(threshold(None));
    let mut rows = vec![(names[0].clone(), covered, size)];
    for (index, answers) in abroad.iter().enumerate() {
        let (covered, size) = answers.sets(threshold(Some(index)));
        rows.push((names[index + 1].clone(), covered, size));
    }
    rows
}

fn recalls(genres: &[String], home: &Answers, abroad: &[Answers]) -> Vec<(String, f64, f64)> {
    let home = home.recalls();
    let abroad: Vec<Vec<Option<f64>>> = abroad.iter().map(Answers::recalls).collect();
    genres
        .iter()
        .enumerate()
        .map(|(genre, name)| {
            let abroad = mean(
                abroad
                    .iter()
                    .filter_map(|recalls| recalls.get(genre).copied().flatten()),
            );
            (
                name.clone(),
                home.get(genre).copied().flatten().unwrap_or(0.0),
                abroad,
            )
        })
        .collect()
}

/// How well outsiders are told, and the threshold that few tracks of the eight genres reach at home.
fn outside_rows(pool: &Pool, home: &Fold, folds: &[Fold]) -> (Vec<OutsideRow>, f32) {
    let said = |outside: &Learned, index: usize| {
        let features = Told::SoundAndLength.of(pool.tracks[index].features);
        outside.probabilities(&features)[1]
    };
    let inside = |outside: &Learned, fold: &Fold| -> Vec<f32> {
        let rows = fold.test.genres.iter();
        rows.map(|&(index, _)| said(outside, index)).collect()
    };
    let threshold = home.outside.as_ref().and_then(|outside| {
        let mut inside = inside(outside, home);
        inside.sort_unstable_by(f32::total_cmp);
        let rank = (inside.len() as f64 * (1.0 - FALSE_ALARMS)) as usize;
        inside.get(rank).copied()
    });
    let mut rows = Vec::new();
    for fold in std::iter::once(home).chain(folds) {
        let Some(outside) = &fold.outside else {
            continue;
        };
        let mut names: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
        for &index in &fold.test.others {
            names
                .entry(&pool.tracks[index].name)
                .or_default()
                .push(said(outside, index));
        }
        if names.is_empty() {
            continue;
        }
        let inside = inside(outside, fold);
        let all: Vec<f32> = names.values().flatten().copied().collect();
        rows.push(OutsideRow {
            name: fold.name.clone(),
            area: area_under_curve(&all, &inside),
            names: names
                .into_iter()
                .map(|(name, said)| (name.to_owned(), area_under_curve(&said, &inside)))
                .collect(),
        });
    }
    (rows, threshold.unwrap_or(1.0))
}

/// The sets of missing features that are measured: none; popularity; popularity and each other; and what common tools
/// leave out.
pub fn missing_sets() -> Vec<Vec<Feature>> {
    use Feature::{Duration, Instrumentalness, Liveness, Loudness, Popularity, Speechiness, Tempo};
    let mut sets = vec![vec![], vec![Popularity]];
    for feature in Feature::ALL {
        if feature != Popularity {
            sets.push(vec![feature, Popularity]);
            sets.push(vec![feature]);
        }
    }
    sets.extend([
        // Tools that show what a DJ sorts by.
        vec![Speechiness, Instrumentalness, Liveness],
        vec![Speechiness, Instrumentalness, Liveness, Popularity],
        vec![
            Speechiness,
            Instrumentalness,
            Liveness,
            Duration,
            Popularity,
        ],
        vec![Loudness, Duration, Popularity],
        vec![Tempo, Duration, Popularity],
        vec![Loudness, Tempo, Popularity],
        vec![Loudness, Instrumentalness, Popularity],
    ]);
    sets
}

fn missing_costs(pool: &Pool, recipe: &Recipe, home: &Fold, folds: &[Fold]) -> Vec<MissingCost> {
    let rounds = recipe.boosting.rounds;
    let ask = |fold: &Fold, missing: &[Feature]| {
        let mut answers = Answers::default();
        for &(index, genre) in &fold.test.genres {
            let mut features: Features = pool.tracks[index].features;
            for &feature in missing {
                features.set(feature, None);
            }
            let said = fold.learned.probabilities_after(&features, &[rounds]);
            answers.push(said.into_iter().next().unwrap_or_default(), genre);
        }
        answers.balanced_accuracy()
    };
    missing_sets()
        .into_iter()
        .map(|missing| MissingCost {
            missing: missing
                .iter()
                .fold(0, |bits, &feature| bits | 1 << (feature as u16)),
            home: ask(home, &missing) as f32,
            abroad: mean(folds.iter().map(|fold| ask(fold, &missing))) as f32,
        })
        .collect()
}
