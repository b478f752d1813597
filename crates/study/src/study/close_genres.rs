//! The fifteen close genres, and why they are hard.

use serde::{Deserialize, Serialize};

use super::compare::{Compared, compare};
use super::failures::confused_pairs;
use super::looking::Look;
use super::splits::{Parts, folds};
use super::{Division, Plan, Watcher};
use crate::StudyError;
use crate::classifiers::Classifier;
use crate::dataset::LabelledTrack;
use crate::parallel;
use crate::statistics::{balanced_accuracy, confusion, rank_correlation};
use crate::table::Table;

/// What was found about the close genres.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CloseGenres {
    /// How many tracks each part has.
    pub sizes: [usize; 3],
    /// The classifiers out of the box.
    pub compared: Vec<Compared>,
    /// For each genre (row) how many of its test tracks got each answer (column), by the study's forest.
    pub confusion: Vec<Vec<usize>>,
    /// How well a pair's distance in the features tells how often it is confused: their rank correlation.
    pub distance_and_confusion: f64,
    /// How well a straight border tells every two genres apart: the mean of both recalls of logistic regression on the
    /// two alone, cross-validated.
    pub borders: Vec<Vec<f64>>,
    /// How right the forest would be if the nearest genres counted as one, from all down to two groups.
    pub merged: Vec<Merged>,
}

/// How right the forest would be if genres of a group counted as one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    /// How many groups there are.
    pub groups: usize,
    /// The share of right answers.
    pub right: f64,
    /// The share that is to be expected if genres were dealt out to groups of the same sizes by chance.
    pub by_chance: f64,
}

/// Compares the classifiers on the close genres.
///
/// # Errors
/// When one of them refuses the rows.
pub fn study(
    table: &Table,
    tracks: &[LabelledTrack],
    parts: &Parts,
    look: &Look,
    (plan, seed): (&Plan, u64),
    watcher: &dyn Watcher,
) -> Result<CloseGenres, StudyError> {
    let bootstrap =
        super::compare::bootstrap(tracks, &parts.test, Division::Random, plan.draws, seed);
    let compared = compare(table, parts, &bootstrap, plan, seed, watcher)?;
    let forest = compared
        .iter()
        .find(|compared| matches!(compared.classifier, Classifier::Forest(_)))
        .map(|compared| compared.answers.as_slice())
        .unwrap_or_default();
    let truth = table.select(&parts.test).labels;
    let confusion = confusion(&truth, forest, table.classes.len());
    let pairs = confused_pairs(&confusion);
    let nearness: Vec<f64> = pairs
        .iter()
        .map(|&(a, b, _)| -look.distances[a][b])
        .collect();
    let confused: Vec<f64> = pairs.iter().map(|&(_, _, confused)| confused).collect();
    Ok(CloseGenres {
        sizes: parts.sizes(),
        distance_and_confusion: rank_correlation(&nearness, &confused),
        borders: borders(table, plan, seed)?,
        merged: merged(&confusion, look),
        compared,
        confusion,
    })
}

fn borders(table: &Table, plan: &Plan, seed: u64) -> Result<Vec<Vec<f64>>, StudyError> {
    let classes = table.classes.len();
    let pairs: Vec<(usize, usize)> = (0..classes)
        .flat_map(|a| (a + 1..classes).map(move |b| (a, b)))
        .collect();
    let right = parallel::map(pairs.len(), |pair| border(table, pairs[pair], plan, seed));
    let mut borders = vec![vec![1.0; classes]; classes];
    for ((a, b), right) in pairs.into_iter().zip(right) {
        borders[a][b] = right?;
        borders[b][a] = borders[a][b];
    }
    Ok(borders)
}

fn border(
    table: &Table,
    (a, b): (usize, usize),
    plan: &Plan,
    seed: u64,
) -> Result<f64, StudyError> {
    let rows: Vec<usize> = (0..table.len())
        .filter(|&row| [a, b].contains(&table.labels[row]))
        .collect();
    let (mut truth, mut answers) = (Vec::new(), Vec::new());
    for (learned, asked) in folds(&rows, plan.folds, seed, |row| row.to_string()) {
        let fitted = Classifier::LogisticRegression.fit(&table.select(&learned), seed)?;
        let asked = table.select(&asked);
        answers.extend(fitted.answer(&asked)?.labels);
        truth.extend(asked.labels);
    }
    Ok(balanced_accuracy(&truth, &answers, table.classes.len()))
}

/// The share of right answers when answers within a group of the dendrogram count as right.
fn merged(confusion: &[Vec<usize>], look: &Look) -> Vec<Merged> {
    let classes = confusion.len();
    let total: usize = confusion.iter().flatten().sum();
    let mut group: Vec<usize> = (0..classes).collect();
    let merge = |group: &[usize], groups: usize| {
        let pairs = || (0..classes).flat_map(|a| (0..classes).map(move |b| (a, b)));
        let share = |counts: &dyn Fn(usize, usize) -> bool| {
            let counted = pairs().filter(|&(a, b)| counts(a, b));
            counted.map(|(a, b)| confusion[a][b]).sum::<usize>() as f64 / total.max(1) as f64
        };
        let own = share(&|a, b| a == b);
        let together = pairs()
            .filter(|&(a, b)| a != b && group[a] == group[b])
            .count();
        // Dealt out by chance, every two genres are as likely to meet.
        let meeting = together as f64 / (classes * classes.saturating_sub(1)).max(1) as f64;
        Merged {
            groups,
            right: share(&|a, b| group[a] == group[b]),
            by_chance: own + meeting * (1.0 - own),
        }
    };
    let mut merged = vec![merge(&group, classes)];
    for (index, join) in look.joins.iter().enumerate() {
        let name = classes + index;
        for of_class in &mut group {
            if *of_class == join.first || *of_class == join.second {
                *of_class = name;
            }
        }
        let groups = classes - index - 1;
        if groups > 1 {
            merged.push(merge(&group, groups));
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::Join;

    #[test]
    fn a_border_is_measured_on_rows_that_it_has_not_learned_from() {
        // The first two lie apart, the third lies among the first.
        let table = Table {
            columns: vec!["a".into()],
            values: (0..120)
                .map(|row| (row % 3 % 2 * 50 + row / 3 % 10) as f64)
                .collect(),
            classes: vec!["low".into(), "high".into(), "low too".into()],
            labels: (0..120).map(|row| row % 3).collect(),
        };
        let borders = borders(&table, &Plan::new(true), 1).unwrap();
        assert_eq!(borders[0][1], 1.0);
        assert_eq!(borders[1][2], 1.0);
        assert!(borders[0][2] < 0.7, "{borders:?}");
    }

    #[test]
    fn answers_within_a_group_count_as_right() {
        let confusion = vec![vec![5, 5, 0], vec![4, 6, 0], vec![1, 0, 9]];
        let joins = vec![
            Join {
                first: 0,
                second: 1,
                distance: 1.0,
            },
            Join {
                first: 3,
                second: 2,
                distance: 2.0,
            },
        ];
        let look = Look {
            columns: Vec::new(),
            classes: Vec::new(),
            distributions: Vec::new(),
            correlations: Vec::new(),
            distances: Vec::new(),
            joins,
        };
        let merged = merged(&confusion, &look);
        let right: Vec<(usize, f64)> = merged
            .iter()
            .map(|merged| (merged.groups, merged.right))
            .collect();
        assert_eq!(right, [(3, 20.0 / 30.0), (2, 29.0 / 30.0)]);
        // Which two are one group does not matter by chance: (29 + 21 + 20) / 3 of 30.
        let by_chance: Vec<f64> = merged.iter().map(|merged| merged.by_chance).collect();
        assert!((by_chance[0] - 20.0 / 30.0).abs() < 1e-12);
        assert!((by_chance[1] - 70.0 / 90.0).abs() < 1e-12);
    }
}
