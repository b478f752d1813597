//! Where and why classifiers fail.

use std::collections::BTreeSet;

use overtone_genre::Feature;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::compare::Compared;
use super::looking::deviation;
use super::splits::Parts;
use super::{Plan, Watcher};
use crate::classifiers::Classifier;
use crate::classifiers::forest::Forest;
use crate::dataset::LabelledTrack;
use crate::parallel;
use crate::statistics::{Answers, Bootstrap, Estimate, Spread, accuracy, confusion, mean};
use crate::table::Table;

/// What is known about wrong answers on one division.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failures {
    /// For each genre (row) how many of its test tracks got each answer (column), by the study's forest.
    pub confusion: Vec<Vec<usize>>,
    /// For each genre, the share of its test tracks that the study's forest recognises.
    pub recalls: Vec<Estimate>,
    /// How much each feature matters.
    pub importances: Vec<Importance>,
    /// How many test tracks got a right answer from how many classifiers: from none, from one, and so on.
    pub right_by: Vec<usize>,
    /// What the tracks that all get wrong have in common.
    pub all_wrong: Vec<AllWrong>,
}

/// How much a feature matters to the study's forest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The feature.
    pub feature: String,
    /// Its share of the decrease in impurity.
    pub impurity: f64,
    /// How much the share of right answers on the test part drops when the feature's values are shuffled.
    pub permutation: Spread,
}

/// The tracks of a genre that no classifier gets right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AllWrong {
    /// The genre.
    pub genre: String,
    /// How many test tracks it has.
    pub tracks: usize,
    /// How many of them no classifier gets right.
    pub wrong: usize,
    /// By how many artists these are.
    pub artists: usize,
    /// The genre that classifiers give them most often, and its share of all their answers.
    pub taken_for: Option<(String, f64)>,
    /// The two features in which they are furthest from their genre's other tracks, with the distance of the means in
    /// the genre's standard deviations.
    pub unlike: Vec<(String, f64)>,
}

/// The steps of [`study`].
pub const STEPS: usize = 3;

/// Asks where answers are wrong, and what they depend on. `tracks` are those of the table, `bootstrap` draws rows of the test
/// part.
pub fn study(
    (table, tracks): (&Table, &[LabelledTrack]),
    parts: &Parts,
    compared: &[Compared],
    bootstrap: &Bootstrap,
    (plan, seed): (&Plan, u64),
    watcher: &dyn Watcher,
) -> Failures {
    let (train, test) = (table.select(&parts.train), table.select(&parts.test));
    let forest_answers = compared
        .iter()
        .find(|compared| matches!(compared.classifier, Classifier::Forest(_)))
        .map(|compared| compared.answers.as_slice())
        .unwrap_or_default();
    let right_by = right_by(&test.labels, compared);
    let mut counts = vec![0; compared.len() + 1];
    for &right in &right_by {
        counts[right] += 1;
    }
    watcher.step();
    let groups: Vec<String> = parts.test.iter().map(|&row| tracks[row].group()).collect();
    Failures {
        recalls: (0..table.classes.len())
            .map(|class| recall(&test.labels, forest_answers, class, bootstrap))
            .collect(),
        confusion: confusion(&test.labels, forest_answers, table.classes.len()),
        importances: importances(&train, &test, plan, seed, watcher),
        right_by: counts,
        all_wrong: all_wrong(&test, &groups, &right_by, compared),
    }
}

/// The share of a class's rows that are answered right.
fn recall(truth: &[usize], answers: &[usize], class: usize, bootstrap: &Bootstrap) -> Estimate {
    bootstrap.estimate(truth.len(), |rows| {
        let of_class = rows.iter().filter(|&&row| truth[row] == class);
        let right: Vec<f64> = of_class
            .map(|&row| f64::from(u8::from(answers.get(row) == Some(&class))))
            .collect();
        if right.is_empty() {
            f64::NAN
        } else {
            mean(&right)
        }
    })
}

/// For each row, how many classifiers are right.
fn right_by(truth: &[usize], compared: &[Compared]) -> Vec<usize> {
    let is_right = |row: usize, truth: usize| {
        compared
            .iter()
            .filter(|compared| compared.answers.get(row) == Some(&truth))
            .count()
    };
    truth
        .iter()
        .enumerate()
        .map(|(row, &truth)| is_right(row, truth))
        .collect()
}

fn importances(
    train: &Table,
    test: &Table,
    plan: &Plan,
    seed: u64,
    watcher: &dyn Watcher,
) -> Vec<Importance> {
    let forest = Forest::grow(train, &plan.study_forest(), seed);
    watcher.step();
    let right = |table: &Table| {
        let answers = Answers::from_probabilities(forest.probabilities(table));
        accuracy(&table.labels, &answers.labels)
    };
    let whole = right(test);
    let impurity = forest.importances();
    let importances = (0..test.width())
        .map(|column| {
            let drops: Vec<f64> = (0..plan.shuffles)
                .map(|shuffle| whole - right(&shuffled(test, column, seed ^ shuffle as u64)))
                .collect();
            Importance {
                feature: test.columns[column].clone(),
                impurity: impurity[column],
                permutation: Spread::of(&drops),
            }
        })
        .collect();
    watcher.step();
    importances
}

/// A table with one column's values in another order (Breiman 2001).
fn shuffled(table: &Table, column: usize, seed: u64) -> Table {
    let mut values = table.column(column);
    values.shuffle(&mut StdRng::seed_from_u64(
        seed.wrapping_add(column as u64) << 8,
    ));
    let mut shuffled = table.clone();
    let width = table.width();
    for (row, value) in values.into_iter().enumerate() {
        shuffled.values[row * width + column] = value;
    }
    shuffled
}

fn all_wrong(
    test: &Table,
    groups: &[String],
    right_by: &[usize],
    compared: &[Compared],
) -> Vec<AllWrong> {
    let of_class = |class: usize| {
        let rows = |wrong: bool| -> Vec<usize> {
            (0..test.len())
                .filter(|&row| test.labels[row] == class && (right_by[row] == 0) == wrong)
                .collect()
        };
        let (wrong, others) = (rows(true), rows(false));
        let mut answers = vec![0; test.classes.len()];
        for compared in compared {
            for &row in &wrong {
                answers[compared.answers[row]] += 1;
            }
        }
        let all: usize = answers.iter().sum();
        let most = (0..answers.len()).max_by_key(|&answer| (answers[answer], usize::MAX - answer));
        let mut unlike: Vec<(String, f64)> = (0..test.width())
            .map(|column| {
                let values = |rows: &[usize]| -> Vec<f64> {
                    rows.iter().map(|&row| test.row(row)[column]).collect()
                };
                let distance = deviation(&values(&wrong), &values(&others));
                (test.columns[column].clone(), distance)
            })
            .collect();
        unlike.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        unlike.truncate(2);
        AllWrong {
            genre: test.classes[class].clone(),
            tracks: wrong.len() + others.len(),
            wrong: wrong.len(),
            artists: wrong
                .iter()
                .map(|&row| &groups[row])
                .collect::<BTreeSet<_>>()
                .len(),
            taken_for: most.filter(|_| all > 0).map(|most| {
                (
                    test.classes[most].clone(),
                    answers[most] as f64 / all as f64,
                )
            }),
            unlike: if wrong.is_empty() || others.is_empty() {
                Vec::new()
            } else {
                unlike
            },
        }
    };
    parallel::map(test.classes.len(), of_class)
}

/// The share of each genre's tracks that are right (recall), and of the answers of each genre that are (precision);
/// `None` where there are none.
pub fn precision_and_recall(confusion: &[Vec<usize>]) -> Vec<(Option<f64>, Option<f64>)> {
    (0..confusion.len())
        .map(|class| {
            let right = confusion[class][class];
            let answered: usize = confusion.iter().map(|row| row[class]).sum();
            let tracks: usize = confusion[class].iter().sum();
            let share = |of: usize| (of > 0).then(|| right as f64 / of as f64);
            (share(answered), share(tracks))
        })
        .collect()
}

/// Every two genres with the share of their tracks that were taken for the other, the most confused first.
pub fn confused_pairs(confusion: &[Vec<usize>]) -> Vec<(usize, usize, f64)> {
    let tracks: Vec<usize> = confusion.iter().map(|row| row.iter().sum()).collect();
    let mut pairs: Vec<(usize, usize, f64)> = (0..confusion.len())
        .flat_map(|a| (a + 1..confusion.len()).map(move |b| (a, b)))
        .map(|(a, b)| {
            let confused = confusion[a][b] + confusion[b][a];
            (
                a,
                b,
                confused as f64 / (tracks[a] + tracks[b]).max(1) as f64,
            )
        })
        .collect();
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
    pairs
}

/// The name of a feature for readers: without its unit.
pub fn plain_name(feature: &str) -> &str {
    if feature == Feature::Duration.name() {
        "duration"
    } else {
        feature
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_known_confusion() {
        let confusion = vec![vec![6, 4, 0], vec![2, 8, 0], vec![0, 0, 0]];
        let figures = precision_and_recall(&confusion);
        assert_eq!(figures[0], (Some(0.75), Some(0.6)));
        assert_eq!(figures[2], (None, None));
        assert_eq!(confused_pairs(&confusion)[0], (0, 1, 0.3));
    }

    #[test]
    fn a_recall_is_as_sure_as_its_artists_are_many() {
        // Ten rows of each class; the first is by one artist, the second by ten.
        let truth: Vec<usize> = (0..20).map(|row| row / 10).collect();
        let answers: Vec<usize> = (0..20).map(|row| row / 10 * (row % 2)).collect();
        let mut groups = vec![(0..10).collect::<Vec<usize>>()];
        groups.extend((10..20).map(|row| vec![row]));
        let bootstrap = Bootstrap::new(&groups, 400, 1);
        let first = recall(&truth, &answers, 0, &bootstrap);
        // Draws without the artist say nothing.
        assert_eq!((first.value, first.low, first.high), (1.0, 1.0, 1.0));
        let second = recall(&truth, &answers, 1, &bootstrap);
        assert!(
            second.value == 0.5 && second.low < 0.3 && second.high > 0.7,
            "{second:?}"
        );
    }

    #[test]
    fn shuffling_moves_one_column_only() {
        let table = Table {
            columns: vec!["a".into(), "b".into()],
            values: (0..40).map(f64::from).collect(),
            classes: vec!["x".into()],
            labels: vec![0; 20],
        };
        let shuffled = shuffled(&table, 1, 1);
        assert_eq!(shuffled.column(0), table.column(0));
        assert_ne!(shuffled.column(1), table.column(1));
        let mut values = shuffled.column(1);
        values.sort_by(f64::total_cmp);
        assert_eq!(values, table.column(1));
    }
}
