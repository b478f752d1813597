//! The classifiers out of the box, side by side.

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::data::{BEYOND, sample, take_out_ambiguous, take_out_repeats};
use super::splits::{Parts, groups};
use super::{Division, Plan, Watcher, splits};
use crate::StudyError;
use crate::classifiers::{BoostedSettings, Classifier};
use crate::clean::Cleaning;
use crate::dataset::LabelledTrack;
use crate::statistics::{
    Answers, Bootstrap, Estimate, Spread, accuracy, balanced_accuracy, calibration_error, largest,
    log_loss, mean, one_against_rest_auc,
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
    /// How much larger the share of right answers on the test part is of the classifier that has the largest: all have
    /// answered the same tracks, so this has an interval of its own.
    pub behind: Estimate,
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
    /// The expected calibration error, without an interval: each draw of rows adds noise to its bins, so the draws lie
    /// above the figure and not around it.
    pub calibration_error: f64,
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
                    calibration_error: calibration_error(truth, labels, probabilities),
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
    let mut compared = out_of_the_box(plan)
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
                behind: Estimate {
                    value: 0.0,
                    low: 0.0,
                    high: 0.0,
                },
                answers: answers.labels,
                seconds_to_train,
                seconds_to_answer,
                classifier,
            };
            watcher.step();
            Ok(compared)
        })
        .collect::<Result<Vec<_>, StudyError>>()?;
    let best = best(&compared).answers.clone();
    for compared in &mut compared {
        compared.behind = behind(&test.labels, &compared.answers, &best, bootstrap);
    }
    Ok(compared)
}

/// The classifier that has most answers right on the test part; of equal ones, the first.
pub fn best(compared: &[Compared]) -> &Compared {
    let accuracies: Vec<f64> = compared
        .iter()
        .map(|compared| compared.test.accuracy.value)
        .collect();
    &compared[largest(&accuracies)]
}

/// How much larger the share of right answers is among the best answers than among others to the same rows.
fn behind(truth: &[usize], answers: &[usize], best: &[usize], bootstrap: &Bootstrap) -> Estimate {
    let is_right = |answers: &[usize], row: usize| f64::from(u8::from(answers[row] == truth[row]));
    bootstrap.estimate(truth.len(), |rows| {
        let differences: Vec<f64> = rows
            .iter()
            .map(|&row| is_right(best, row) - is_right(answers, row))
            .collect();
        mean(&differences)
    })
}

/// A forest on random splits of rows that were cleaned less.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessCleaned {
    /// Whether recordings under several genres were taken out.
    pub without_ambiguous: bool,
    /// Whether repeated recordings were taken out.
    pub without_repeats: bool,
    /// How many rows there were.
    pub rows: usize,
    /// The share of right answers on the test part, over the splits.
    pub test: Spread,
}

/// Tries a forest on rows that were not cleaned, and with either step alone, on as many splits as [`super::features::ablate`].
/// Rows that lack a feature, or whose genre is none of `genres`, are always left out.
///
/// # Errors
/// When the rows cannot be divided.
pub fn less_cleaned(
    tracks: &[LabelledTrack],
    genres: &BTreeSet<&str>,
    plan: &Plan,
    seed: u64,
    watcher: &dyn Watcher,
) -> Result<Vec<LessCleaned>, StudyError> {
    let features = overtone_genre::Feature::ALL;
    let usable = |track: &&LabelledTrack| {
        features
            .iter()
            .all(|&feature| track.features.get(feature).is_some())
            && genres.contains(track.genre.as_str())
    };
    let tracks: Vec<LabelledTrack> = tracks.iter().filter(usable).cloned().collect();
    [(false, false), (true, false), (false, true)]
        .into_iter()
        .map(|(without_ambiguous, without_repeats)| {
            let mut cleaning = Cleaning::new(tracks.clone());
            if without_ambiguous {
                take_out_ambiguous(&mut cleaning);
            }
            if without_repeats {
                take_out_repeats(&mut cleaning);
            }
            let kept = sample(&cleaning.tracks, plan.eight_genre_limit, seed);
            cleaning.keep_rows(BEYOND, |row| kept.contains(&row));
            let table = Table::of(&cleaning.tracks, &features);
            let tests = (0..plan.repeats).map(|repeat| {
                let parts =
                    splits::at_random(&cleaning.tracks, seed.wrapping_add(1 + repeat as u64))?;
                let forest = Classifier::Forest(plan.forest());
                let fitted = forest.fit(&table.select(&parts.train), seed)?;
                let test = table.select(&parts.test);
                watcher.step();
                Ok(accuracy(&test.labels, &fitted.answer(&test)?.labels))
            });
            let tests: Vec<f64> = tests.collect::<Result<_, StudyError>>()?;
            Ok(LessCleaned {
                without_ambiguous,
                without_repeats,
                rows: cleaning.tracks.len(),
                test: Spread::of(&tests),
            })
        })
        .collect()
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

    struct Nobody;

    impl Watcher for Nobody {
        fn begin(&self, _: &str, _: usize) {}
        fn step(&self) {}
        fn folder(&self, _: &std::path::Path) {}
    }

    #[test]
    fn each_step_of_cleaning_is_tried_alone() {
        let track = |number: usize, genre: &str| {
            let mut features = Features::default();
            for (place, feature) in Feature::ALL.into_iter().enumerate() {
                let value = (number + 1) * (place + 3) % 89;
                features.set(feature, Some(value as f32 / 89.0));
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
        // One under both genres, and one again.
        tracks.extend([track(0, "rock"), track(1, "rock")]);
        // No genre is no genre, and another one is none of them.
        tracks.extend([track(80, ""), track(81, "polka")]);
        let genres = BTreeSet::from(["jazz", "rock"]);
        let plan = Plan {
            trees: 3,
            ..Plan::new(true)
        };
        let tried = less_cleaned(&tracks, &genres, &plan, 1, &Nobody).unwrap();
        let rows: Vec<usize> = tried.iter().map(|tried| tried.rows).collect();
        assert_eq!(rows, [82, 80, 81]);
        assert!(tried.iter().all(|tried| tried.test.times == plan.repeats));
    }

    #[test]
    fn a_difference_on_the_same_rows_is_surer_than_two_figures() {
        // Of a hundred rows, the best has sixty right, the other fifty of the same.
        let truth = vec![0; 100];
        let wrong_from = |row: usize| {
            (0..100)
                .map(|index| usize::from(index >= row))
                .collect::<Vec<_>>()
        };
        let groups: Vec<Vec<usize>> = (0..100).map(|row| vec![row]).collect();
        let bootstrap = Bootstrap::new(&groups, 400, 1);
        let behind = behind(&truth, &wrong_from(50), &wrong_from(60), &bootstrap);
        assert!((behind.value - 0.1).abs() < 1e-12);
        assert!(behind.low > 0.0, "{behind:?}");
    }
}
