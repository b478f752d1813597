//! The fifteen close genres, and why they are hard.

use serde::{Deserialize, Serialize};

use super::compare::{Compared, compare};
use super::failures::confused_pairs;
use super::looking::Look;
use super::splits::Parts;
use super::{Division, Plan, Watcher};
use crate::StudyError;
use crate::classifiers::Classifier;
use crate::dataset::LabelledTrack;
use crate::statistics::{confusion, rank_correlation};
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
    /// How right the forest would be if the nearest genres counted as one, for each number of groups from all down to 2.
    pub merged: Vec<(usize, f64)>,
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
        merged: merged(&confusion, look),
        compared,
        confusion,
    })
}

/// The share of right answers when answers within a group of the dendrogram count as right.
fn merged(confusion: &[Vec<usize>], look: &Look) -> Vec<(usize, f64)> {
    let classes = confusion.len();
    let total: usize = confusion.iter().flatten().sum();
    let mut group: Vec<usize> = (0..classes).collect();
    let right = |group: &[usize]| {
        let within: usize = (0..classes)
            .flat_map(|a| (0..classes).map(move |b| (a, b)))
            .filter(|&(a, b)| group[a] == group[b])
            .map(|(a, b)| confusion[a][b])
            .sum();
        within as f64 / total.max(1) as f64
    };
    let mut merged = vec![(classes, right(&group))];
    for (index, join) in look.joins.iter().enumerate() {
        let name = classes + index;
        for of_class in &mut group {
            if *of_class == join.first || *of_class == join.second {
                *of_class = name;
            }
        }
        let groups = classes - index - 1;
        if groups > 1 {
            merged.push((groups, right(&group)));
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::Join;

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
        assert_eq!(merged, [(3, 20.0 / 30.0), (2, 29.0 / 30.0)]);
    }
}
