//! Randomised search (Bergstra and Bengio 2012) with cross-validation: over the grid of the study, and over a wider one.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use super::run_folder::RunFolder;
use super::splits::{Parts, folds};
use super::{Division, Plan, Watcher};
use crate::StudyError;
use crate::classifiers::forest::{FeaturesPerSplit, Settings};
use crate::classifiers::{BoostedSettings, Classifier};
use crate::dataset::LabelledTrack;
use crate::statistics::{Bootstrap, accuracy, mean};
use crate::study::compare::Figures;
use crate::table::Table;

/// Where candidates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grid {
    /// The settings that the original study varied.
    Study,
    /// More of a forest's settings, and boosted trees.
    Wider,
}

impl Grid {
    /// Both.
    pub const BOTH: [Grid; 2] = [Grid::Study, Grid::Wider];

    /// Its name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Grid::Study => "the study's grid",
            Grid::Wider => "the wider grid",
        }
    }

    /// Draws a candidate. The study names what it varied, not between which values; these are the usual ones.
    fn draw(self, random: &mut StdRng, plan: &Plan) -> Classifier {
        // Half, once and twice the trees of most forests here.
        let trees = [plan.trees / 2, plan.trees, plan.trees * 2];
        match self {
            Grid::Study => Classifier::Forest(Settings {
                trees: pick(random, &trees),
                depth: pick(random, &[Some(5), Some(10), Some(20), Some(30), None]),
                features: pick(
                    random,
                    &[
                        FeaturesPerSplit::SquareRoot,
                        FeaturesPerSplit::Share(0.5),
                        FeaturesPerSplit::Share(1.0),
                    ],
                ),
                minimum_split: pick(random, &[2, 5, 10]),
                minimum_leaf: pick(random, &[1, 2, 4]),
                bootstrap: random.random(),
            }),
            Grid::Wider if random.random() => Classifier::Forest(Settings {
                trees: pick(random, &trees),
                depth: pick(random, &[Some(8), Some(12), Some(16), Some(24), None]),
                features: FeaturesPerSplit::Share(pick(random, &[0.1, 0.2, 0.3, 0.45, 0.65, 0.85])),
                minimum_split: pick(random, &[2, 4, 8, 16, 32]),
                minimum_leaf: pick(random, &[1, 2, 3, 5, 8, 12]),
                bootstrap: random.random(),
            }),
            Grid::Wider => Classifier::BoostedTrees(BoostedSettings {
                rounds: pick(random, &[50, 100, 150, 200]),
                learning_rate: pick(random, &[0.03, 0.05, 0.1, 0.2]),
                depth: pick(random, &[2, 3, 4, 6]),
                l2: pick(random, &[0.1, 1.0, 3.0, 10.0]),
                minimum_hessian: pick(random, &[0.5, 1.0, 3.0, 8.0]),
                row_share: pick(random, &[0.5, 0.7, 0.85, 1.0]),
                feature_share: pick(random, &[0.4, 0.6, 0.8, 1.0]),
            }),
        }
    }
}

fn pick<T: Copy>(random: &mut StdRng, values: &[T]) -> T {
    *values.choose(random).unwrap_or(&values[0])
}

/// A candidate and how it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Where it comes from.
    pub grid: Grid,
    /// The classifier with its settings.
    pub classifier: Classifier,
    /// The mean share of right answers over the folds.
    pub mean: f64,
}

/// What a search has found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tuned {
    /// Every candidate, in the order of the draws.
    pub candidates: Vec<Candidate>,
    /// The best of each grid, learned anew from the whole training part.
    pub best: Vec<Best>,
}

/// The best candidate of a grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// The candidate.
    pub candidate: Candidate,
    /// The share of right answers on the validation part.
    pub validation: f64,
    /// The figures on the test part.
    pub test: Figures,
}

/// Searches on the training part: by folds of artists where artists were kept together, by folds of tracks otherwise.
/// Each candidate is kept as soon as it is done, and not tried again.
///
/// # Errors
/// When a learner refuses the rows, or the run folder cannot be written.
#[expect(
    clippy::too_many_arguments,
    reason = "each is another thing of the study's"
)]
pub fn search(
    table: &Table,
    tracks: &[LabelledTrack],
    parts: &Parts,
    division: Division,
    bootstrap: &Bootstrap,
    folder: &RunFolder,
    (plan, seed): (&Plan, u64),
    watcher: &dyn Watcher,
) -> Result<Tuned, StudyError> {
    let list = format!("search-{}", division.key());
    let kept: Vec<Candidate> = folder.list(&list);
    let group = |row: usize| match division {
        Division::Random => row.to_string(),
        Division::ByArtist => tracks[row].group(),
    };
    let folds: Vec<(Table, Table)> = folds(&parts.train, plan.folds, seed, group)
        .into_iter()
        .map(|(learned, asked)| (table.select(&learned), table.select(&asked)))
        .collect();
    let mut candidates: Vec<Candidate> = Vec::new();
    for grid in Grid::BOTH {
        let mut random = StdRng::seed_from_u64(seed ^ grid as u64);
        for _ in 0..plan.candidates {
            let classifier = grid.draw(&mut random, plan);
            let is_it = |kept: &&Candidate| kept.grid == grid && kept.classifier == classifier;
            let candidate = match kept.iter().chain(&candidates).find(is_it) {
                Some(kept) => kept.clone(),
                None => {
                    let candidate = cross_validate(grid, classifier, &folds, seed)?;
                    folder.add(&list, &candidate)?;
                    candidate
                }
            };
            candidates.push(candidate);
            watcher.step();
        }
    }
    let best = Grid::BOTH
        .into_iter()
        .filter_map(|grid| {
            let of_grid = candidates.iter().filter(|candidate| candidate.grid == grid);
            of_grid.reduce(|best, other| if other.mean > best.mean { other } else { best })
        })
        .map(|candidate| {
            let fitted = candidate
                .classifier
                .fit(&table.select(&parts.train), seed)?;
            let validation = table.select(&parts.validation);
            let test = table.select(&parts.test);
            let answers = fitted.answer(&test)?;
            Ok(Best {
                candidate: candidate.clone(),
                validation: accuracy(&validation.labels, &fitted.answer(&validation)?.labels),
                test: Figures::of(&test.labels, &answers, table.classes.len(), bootstrap),
            })
        })
        .collect::<Result<_, StudyError>>()?;
    Ok(Tuned { candidates, best })
}

fn cross_validate(
    grid: Grid,
    classifier: Classifier,
    folds: &[(Table, Table)],
    seed: u64,
) -> Result<Candidate, StudyError> {
    let accuracies: Vec<f64> = folds
        .iter()
        .map(|(learned, asked)| {
            let answers = classifier.fit(learned, seed)?.answer(asked)?;
            Ok(accuracy(&asked.labels, &answers.labels))
        })
        .collect::<Result<_, StudyError>>()?;
    Ok(Candidate {
        grid,
        classifier,
        mean: mean(&accuracies),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use overtone_genre::Features;

    use super::*;
    use crate::study::splits;

    struct Nobody;

    impl Watcher for Nobody {
        fn begin(&self, _: &str, _: usize) {}
        fn step(&self) {}
        fn folder(&self, _: &Path) {}
    }

    /// Two genres that one column tells apart, two tracks an artist.
    fn tracks_and_table() -> (Vec<LabelledTrack>, Table) {
        let track = |row: usize| LabelledTrack {
            id: row.to_string(),
            track: row.to_string(),
            artist: format!("Artist {}", row / 4 * 2 + row % 2),
            genre: ["calm", "wild"][row % 2].into(),
            features: Features::default(),
        };
        let table = Table {
            columns: vec!["a".into(), "b".into()],
            values: (0..120)
                .flat_map(|row| [(row % 2 * 10 + row % 7) as f64, (row % 11) as f64])
                .collect(),
            classes: vec!["calm".into(), "wild".into()],
            labels: (0..120).map(|row| row % 2).collect(),
        };
        ((0..120).map(track).collect(), table)
    }

    #[test]
    fn a_search_goes_on_where_it_stopped() {
        let (tracks, table) = tracks_and_table();
        let division = Division::ByArtist;
        let parts = splits::by_artist(&tracks, 1).unwrap();
        let plan = Plan {
            trees: 6,
            candidates: 3,
            ..Plan::new(true)
        };
        let draws = Bootstrap::new(&[vec![0], vec![1]], 5, 1);
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        std::fs::write(&program, "any").unwrap();
        let open = |run: &str| RunFolder::open(&folder.path().join(run), &program, "key").unwrap();
        let search = |run: &str| {
            let run = open(run);
            let settings = (&plan, 1);
            search(
                &table, &tracks, &parts, division, &draws, &run, settings, &Nobody,
            )
            .unwrap()
        };
        let whole = search("whole");
        assert_eq!(whole.candidates.len(), 6);
        assert!(whole.best.iter().all(|best| best.test.accuracy.value > 0.9));

        // What an interrupted run has kept is taken as it is, whatever it says.
        let run = open("interrupted");
        let kept = Candidate {
            mean: 2.0,
            ..whole.candidates[1].clone()
        };
        run.add("search-by-artist", &kept).unwrap();
        let resumed = search("interrupted");
        assert_eq!(resumed.candidates[1], kept);
        assert_eq!(resumed.candidates[2], whole.candidates[2]);
        assert_eq!(resumed.best[0].candidate, kept);
        assert_eq!(run.list::<Candidate>("search-by-artist").len(), 6);
    }
}
