//! The classifiers out of the box, side by side.

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::splits::{Parts, groups};
use super::{Division, Plan, Watcher, splits};
use crate::StudyError;
use crate::classifiers::{BoostedSettings, Classifier};
use crate::dataset::LabelledTrack;
use crate::statistics::{
    Answers, Bootstrap, Estimate, accuracy, balanced_accuracy, calibration_error, log_loss,
    one_against_rest_auc,
};
use crate::table::Table;

/// How one classifier did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// What it is.
    pub classifier: Classifier,
    /// The share of right answers on the part that it has learned from.
    pub train: f64,
    /// The share of right answers on the validation part.
    pub validation: f64,
    /// The figures on the test part.
    pub test: Figures,
    /// The answers on the test part, as indices of classes.
    pub answers: Vec<usize>,
    /// Seconds to learn.
    pub seconds_to_train: f64,
    /// Seconds to answer the test part.
    pub seconds_to_answer: f64,
}

/// How right answers are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The share of right answers.
    pub accuracy: Estimate,
    /// The mean share of right answers over the classes.
    pub balanced_accuracy: Estimate,
    /// The figures that need probabilities, for a classifier that has them.
    pub probabilities: Option<ProbabilityFigures>,
}

/// How good probabilities are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbabilityFigures {
    /// The area under the ROC curve of each class against the rest, averaged.
    pub auc: Estimate,
    /// The log loss in nats.
    pub log_loss: Estimate,
    /// The expected calibration error.
    pub calibration_error: Estimate,
}

impl Figures {
    /// The figures of answers, with intervals by a bootstrap of the same rows.
    pub fn of(truth: &[usize], answers: &Answers, classes: usize, bootstrap: &Bootstrap) -> Self {
        let rows = truth.len();
        let pick = |rows: &[usize], from: &[usize]| -> Vec<usize> {
            rows.iter().map(|&row| from[row]).collect()
        };
        let labels = &answers.labels;
        let of_labels = |figure: &(dyn Fn(&[usize], &[usize]) -> f64 + Sync)| {
            bootstrap.estimate(rows, |rows| figure(&pick(rows, truth), &pick(rows, labels)))
        };
        Self {
            accuracy: of_labels(&accuracy),
            balanced_accuracy: of_labels(&|truth, labels| {
                balanced_accuracy(truth, labels, classes)
            }),
            probabilities: answers.probabilities.as_ref().map(|probabilities| {
                let picked = |rows: &[usize]| -> Vec<Vec<f64>> {
                    rows.iter().map(|&row| probabilities[row].clone()).collect()
                };
                ProbabilityFigures {
                    auc: bootstrap.estimate(rows, |rows| {
                        one_against_rest_auc(&pick(rows, truth), &picked(rows))
                    }),
                    log_loss: bootstrap
                        .estimate(rows, |rows| log_loss(&pick(rows, truth), &picked(rows))),
                    calibration_error: bootstrap.estimate(rows, |rows| {
                        calibration_error(&pick(rows, truth), &pick(rows, labels), &picked(rows))
                    }),
                }
            }),
        }
    }
}

/// The classifiers of the study, as they come.
pub fn out_of_the_box(plan: &Plan) -> Vec<Classifier> {
    let forest = plan.study_forest();
    vec![
        Classifier::NearestNeighbours { k: 10 },
        Classifier::LogisticRegression,
        Classifier::NaiveBayes,
        Classifier::DecisionTree,
        Classifier::SupportVectors,
        Classifier::VotingForest {
            trees: u16::try_from(forest.trees).unwrap_or(u16::MAX),
            depth: 20,
        },
        Classifier::Forest(forest),
        Classifier::BoostedTrees(BoostedSettings::default()),
    ]
}

/// How many classifiers are compared.
pub const CLASSIFIERS: usize = 8;

/// The draws of a part's rows: single rows, or all tracks of an artist together where artists were kept together.
pub(super) fn bootstrap(
    tracks: &[LabelledTrack],
    rows: &[usize],
    division: Division,
    draws: usize,
    seed: u64,
) -> Bootstrap {
    let part: Vec<LabelledTrack> = rows.iter().map(|&row| tracks[row].clone()).collect();
    let groups = match division {
        Division::Random => (0..part.len()).map(|row| vec![row]).collect(),
        Division::ByArtist => groups(&part, |row| part[row].group()),
    };
    Bootstrap::new(&groups, draws, seed)
}

/// Lets every classifier learn from one part, and asks it about all.
///
/// # Errors
/// When one of them refuses the rows.
pub fn compare(
    table: &Table,
    parts: &Parts,
    bootstrap: &Bootstrap,
    plan: &Plan,
    seed: u64,
    watcher: &dyn Watcher,
) -> Result<Vec<Compared>, StudyError> {
    let [train, validation, test] =
        [&parts.train, &parts.validation, &parts.test].map(|rows| table.select(rows));
    out_of_the_box(plan)
        .into_iter()
        .map(|classifier| {
            let begun = Instant::now();
            let fitted = classifier.fit(&train, seed)?;
            let seconds_to_train = begun.elapsed().as_secs_f64();
            let begun = Instant::now();
            let answers = fitted.answer(&test)?;
            let seconds_to_answer = begun.elapsed().as_secs_f64();
            let right = |part: &Table| -> Result<f64, StudyError> {
                Ok(accuracy(&part.labels, &fitted.answer(part)?.labels))
            };
            let compared = Compared {
                train: right(&train)?,
                validation: right(&validation)?,
                test: Figures::of(&test.labels, &answers, table.classes.len(), bootstrap),
                answers: answers.labels,
                seconds_to_train,
                seconds_to_answer,
                classifier,
            };
            watcher.step();
            Ok(compared)
        })
        .collect()
}

/// The study's forest on rows as they were read: duplicates on both sides, and the same track under several genres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uncleaned {
    /// How many rows there are.
    pub rows: usize,
    /// The share of right answers on the test part.
    pub test: f64,
}

/// Tries the study's forest without cleaning; only rows that lack a feature, or whose genre is none of `genres`, are left out.
///
/// # Errors
/// When the rows cannot be divided.
pub fn uncleaned(
    tracks: &[LabelledTrack],
    genres: &BTreeSet<&str>,
    plan: &Plan,
    seed: u64,
) -> Result<Uncleaned, StudyError> {
    let features = overtone_genre::Feature::ALL;
    let usable = |track: &&LabelledTrack| {
        features
            .iter()
            .all(|&feature| track.features.get(feature).is_some())
            && genres.contains(track.genre.as_str())
    };
    let tracks: Vec<LabelledTrack> = tracks.iter().filter(usable).cloned().collect();
    let kept = super::data::sample(&tracks, plan.eight_genre_limit, seed);
    let tracks: Vec<LabelledTrack> = kept.iter().map(|&row| tracks[row].clone()).collect();
    let parts = splits::at_random(&tracks, seed)?;
    let table = Table::of(&tracks, &features);
    let fitted = Classifier::Forest(plan.study_forest()).fit(&table.select(&parts.train), seed)?;
    let test = table.select(&parts.test);
    Ok(Uncleaned {
        rows: tracks.len(),
        test: accuracy(&test.labels, &fitted.answer(&test)?.labels),
    })
}

/// Figures of scikit-learn on the same parts, as `tests/reference/classifiers.py` writes them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Reference {
    /// Which version.
    pub version: String,
    /// The figures at random and by artist.
    pub divisions: Vec<ReferenceDivision>,
}

/// Figures of scikit-learn on one division.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReferenceDivision {
    /// The division's key.
    pub division: String,
    /// The classifiers.
    pub classifiers: Vec<ReferenceFigures>,
}

/// Figures of one of scikit-learn's classifiers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReferenceFigures {
    /// Its name in this report.
    pub name: String,
    /// The share of right answers on the validation part.
    pub validation: f64,
    /// The share of right answers on the test part: the mean over seeds, if it depends on chance.
    pub test: f64,
    /// The lowest and the highest of these.
    pub test_range: [f64; 2],
}

/// The file in the run folder that `tests/reference/classifiers.py` writes.
pub const REFERENCE_FILE: &str = "scikit-learn.json";

impl Reference {
    /// Reads the figures, if the script has been run on this run's parts.
    ///
    /// # Errors
    /// When there is such a file, but not with such figures.
    pub fn read(folder: &std::path::Path) -> Result<Option<Self>, StudyError> {
        let path = folder.join(REFERENCE_FILE);
        let Ok(json) = fs::read(&path) else {
            return Ok(None);
        };
        let reference = serde_json::from_slice(&json);
        reference.map(Some).map_err(|error| StudyError::Results {
            path,
            reason: error.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use overtone_genre::{Feature, Features};

    use super::*;

    #[test]
    fn rows_without_a_genre_are_no_genre_when_nothing_is_cleaned() {
        let track = |number: usize, genre: &str| {
            let mut features = Features::default();
            for (place, feature) in Feature::ALL.into_iter().enumerate() {
                features.set(feature, Some((number * (place + 3) % 17) as f32 / 17.0));
            }
            LabelledTrack {
                id: number.to_string(),
                track: format!("Track {number}"),
                artist: format!("Artist {number}"),
                genre: genre.to_owned(),
                features,
            }
        };
        let mut tracks: Vec<LabelledTrack> = (0..80)
            .map(|number| track(number, ["jazz", "rock"][number % 2]))
            .collect();
        tracks.push(track(80, ""));
        tracks.push(track(81, "polka"));
        let genres = BTreeSet::from(["jazz", "rock"]);
        let tried = uncleaned(&tracks, &genres, &Plan::new(true), 1).unwrap();
        assert_eq!(tried.rows, 80);
    }
}
