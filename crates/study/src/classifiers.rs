//! The classifiers that the study compares, behind one face: a table in, answers out.
//!
//! smartcore has most of them. Gaussian probabilities and the softmax over logistic scores are computed here from what
//! smartcore has learned, because it tells only the class. Its forest votes hard and has no switch for the bootstrap, so
//! tuning uses [`forest`].

pub mod forest;

mod smart;

use serde::{Deserialize, Serialize};

use crate::StudyError;
use crate::boost::{BoostedTrees, Boosting, Examples};
use crate::statistics::Answers;
use crate::table::{Standardisation, Table};

/// A classifier with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Classifier {
    /// The class that most of the nearest rows have (smartcore).
    NearestNeighbours {
        /// How many rows.
        k: usize,
    },
    /// Softmax regression (smartcore).
    LogisticRegression,
    /// Each feature normally distributed within a class, independent of the others (smartcore).
    NaiveBayes,
    /// One tree, grown until its leaves are pure (smartcore).
    DecisionTree,
    /// smartcore's forest of trees that vote for a class.
    VotingForest {
        /// How many trees.
        trees: u16,
        /// How many splits a tree has between its root and a leaf, at most.
        depth: u16,
    },
    /// Our forest, whose leaves say the classes of the rows in them.
    Forest(forest::Settings),
    /// Gradient-boosted trees ([`crate::boost`]).
    BoostedTrees(BoostedSettings),
    /// Support vectors with a Gaussian kernel, one machine for each pair of classes (smartcore).
    SupportVectors,
}

/// The settings of boosted trees that the study varies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoostedSettings {
    /// How many rounds.
    pub rounds: usize,
    /// What leaf values are multiplied with.
    pub learning_rate: f32,
    /// How many splits a tree has between its root and a leaf, at most.
    pub depth: usize,
    /// What is added to the sum of second derivatives in leaf values.
    pub l2: f64,
    /// What the second derivatives of a leaf's rows add up to, at least.
    pub minimum_hessian: f64,
    /// The share of rows that a round is fitted to.
    pub row_share: f64,
    /// The share of features that a tree may split on.
    pub feature_share: f64,
}

impl Default for BoostedSettings {
    /// What XGBoost does unless told otherwise: 100 rounds, trees of six splits.
    fn default() -> Self {
        Self {
            rounds: 100,
            learning_rate: 0.3,
            depth: 6,
            l2: 1.0,
            minimum_hessian: 1.0,
            row_share: 1.0,
            feature_share: 1.0,
        }
    }
}

impl Classifier {
    /// Its name in the report.
    pub fn name(&self) -> String {
        match self {
            Self::NearestNeighbours { k } => format!("k-nearest neighbours (k = {k})"),
            Self::LogisticRegression => "Logistic regression".to_owned(),
            Self::NaiveBayes => "Gaussian naive Bayes".to_owned(),
            Self::DecisionTree => "Decision tree".to_owned(),
            Self::VotingForest { .. } => "Random forest, smartcore".to_owned(),
            Self::Forest(_) => "Random forest, ours".to_owned(),
            Self::BoostedTrees(_) => "Gradient-boosted trees".to_owned(),
            Self::SupportVectors => "Support vector machine".to_owned(),
        }
    }

    /// Whether distances, penalties or smoothing make the columns' units matter, so that they have to be standardised.
    pub fn needs_standardisation(&self) -> bool {
        matches!(
            self,
            Self::NearestNeighbours { .. }
                | Self::LogisticRegression
                | Self::NaiveBayes
                | Self::SupportVectors
        )
    }

    /// Learns from a table, standardised first if [needed](Self::needs_standardisation).
    ///
    /// # Errors
    /// When a setting is out of range, or the learner refuses the rows.
    pub fn fit(&self, table: &Table, seed: u64) -> Result<Fitted, StudyError> {
        let standardisation = self
            .needs_standardisation()
            .then(|| Standardisation::of(table));
        let model = match &standardisation {
            Some(standardisation) => self.learn(&standardisation.apply(table), seed)?,
            None => self.learn(table, seed)?,
        };
        Ok(Fitted {
            standardisation,
            model,
        })
    }

    /// Learns from a table as it is, whatever its units.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_as_it_is(&self, table: &Table, seed: u64) -> Result<Fitted, StudyError> {
        Ok(Fitted {
            standardisation: None,
            model: self.learn(table, seed)?,
        })
    }

    fn learn(&self, table: &Table, seed: u64) -> Result<Box<dyn Model>, StudyError> {
        Ok(match self {
            Self::NearestNeighbours { k } => smart::nearest_neighbours(table, *k)?,
            Self::LogisticRegression => smart::logistic_regression(table)?,
            Self::NaiveBayes => smart::naive_bayes(table)?,
            Self::DecisionTree => smart::decision_tree(table, seed)?,
            Self::VotingForest { trees, depth } => smart::forest(table, *trees, *depth, seed)?,
            Self::Forest(settings) => Box::new(forest::Forest::grow(table, settings, seed)),
            Self::BoostedTrees(settings) => Box::new(Boosted::fit(table, settings, seed)?),
            Self::SupportVectors => smart::support_vectors(table, seed)?,
        })
    }
}

/// What was learned, whatever learned it.
trait Model: Send + Sync {
    /// The answers for a table of the same columns.
    fn answer(&self, table: &Table) -> Result<Answers, StudyError>;
}

/// A classifier that has learned.
pub struct Fitted {
    standardisation: Option<Standardisation>,
    model: Box<dyn Model>,
}

impl Fitted {
    /// The answers for a table of the columns that it has learned from.
    ///
    /// # Errors
    /// When the learner refuses the rows.
    pub fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        match &self.standardisation {
            Some(standardisation) => self.model.answer(&standardisation.apply(table)),
            None => self.model.answer(table),
        }
    }
}

/// Values as bins, found on training rows.
#[derive(Clone, Debug)]
pub(crate) struct Bins {
    cuts: Vec<Vec<f32>>,
}

impl Bins {
    pub(crate) fn of(table: &Table) -> Self {
        let cuts = |column| {
            let values: Vec<f32> = table.rows().map(|row: &[f64]| row[column] as f32).collect();
            crate::bins::cuts(&values, overtone_forest::MAXIMUM_CUTS)
        };
        Self {
            cuts: (0..table.width()).map(cuts).collect(),
        }
    }

    /// The bins of all rows, one behind the other.
    pub(crate) fn apply(&self, table: &Table) -> Vec<u8> {
        table
            .rows()
            .flat_map(|row| {
                self.cuts.iter().zip(row).map(|(cuts, &value)| {
                    // At most `MAXIMUM_CUTS` cuts, which fits a byte.
                    cuts.partition_point(|&cut| cut < value as f32) as u8
                })
            })
            .collect()
    }
}

struct Boosted {
    bins: Bins,
    trees: BoostedTrees,
}

impl Boosted {
    fn fit(table: &Table, settings: &BoostedSettings, seed: u64) -> Result<Self, StudyError> {
        let bins = Bins::of(table);
        let rows = bins.apply(table);
        let classes = table.classes.len();
        let mut targets = vec![0.0; table.len() * classes];
        for (row, &label) in table.labels.iter().enumerate() {
            targets[row * classes + label] = 1.0;
        }
        let weights = vec![1.0; table.len()];
        let examples = Examples::new(&rows, table.width(), &targets, classes, &weights)?;
        let boosting = Boosting {
            rounds: settings.rounds,
            learning_rate: settings.learning_rate,
            // The depth is the limit, as in XGBoost.
            leaves: 1 << settings.depth.min(16),
            depth: settings.depth,
            minimum_rows: 1,
            minimum_hessian: settings.minimum_hessian,
            l2: settings.l2,
            row_share: settings.row_share,
            feature_share: settings.feature_share,
            seed,
        };
        Ok(Self {
            trees: boosting.fit(&examples, |_| {})?,
            bins,
        })
    }
}

impl Model for Boosted {
    fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        let rows = self.bins.apply(table);
        let probabilities = rows
            .chunks_exact(table.width().max(1))
            .map(|row| self.trees.predict(row).into_iter().map(f64::from).collect())
            .collect();
        Ok(Answers::from_probabilities(probabilities))
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    use super::*;
    use crate::statistics::accuracy;

    /// Three classes around three points of a plane, and a column that says nothing.
    fn blobs(rows: usize, seed: u64) -> Table {
        let mut random = StdRng::seed_from_u64(seed);
        let centres = [(0.0, 0.0), (4.0, 0.0), (0.0, 400.0)];
        let mut table = Table {
            columns: vec!["x".into(), "y".into(), "noise".into()],
            values: Vec::new(),
            classes: vec!["a".into(), "b".into(), "c".into()],
            labels: Vec::new(),
        };
        for row in 0..rows {
            let (x, y) = centres[row % 3];
            let mut spread = || random.random_range(-1.5..1.5);
            let values = [x + spread(), y + 100.0 * spread(), spread()];
            table.values.extend(values);
            table.labels.push(row % 3);
        }
        table
    }

    fn all() -> Vec<Classifier> {
        vec![
            Classifier::NearestNeighbours { k: 10 },
            Classifier::LogisticRegression,
            Classifier::NaiveBayes,
            Classifier::DecisionTree,
            Classifier::VotingForest {
                trees: 20,
                depth: 20,
            },
            Classifier::Forest(forest::Settings {
                trees: 20,
                ..forest::Settings::default()
            }),
            Classifier::BoostedTrees(BoostedSettings {
                rounds: 10,
                ..BoostedSettings::default()
            }),
            Classifier::SupportVectors,
        ]
    }

    #[test]
    fn each_tells_classes_apart_that_can_be_told_apart() {
        let (train, test) = (blobs(300, 1), blobs(150, 2));
        for classifier in all() {
            let answers = classifier.fit(&train, 1).unwrap().answer(&test).unwrap();
            let accuracy = accuracy(&test.labels, &answers.labels);
            assert!(accuracy > 0.95, "{}: {accuracy}", classifier.name());
            for row in answers.probabilities.iter().flatten() {
                assert_eq!(row.len(), 3);
                assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_answers() {
        let (train, test) = (blobs(90, 3), blobs(90, 4));
        for classifier in all() {
            let answers = || classifier.fit(&train, 5).unwrap().answer(&test).unwrap();
            assert_eq!(answers(), answers(), "{}", classifier.name());
        }
    }

    #[test]
    fn units_do_not_matter_after_standardisation() {
        let (train, test) = (blobs(300, 1), blobs(150, 2));
        let nearest = Classifier::NearestNeighbours { k: 10 };
        let share = |fitted: Fitted| accuracy(&test.labels, &fitted.answer(&test).unwrap().labels);
        let standardised = share(nearest.fit(&train, 1).unwrap());
        let as_it_is = share(nearest.fit_as_it_is(&train, 1).unwrap());
        assert!(standardised > as_it_is, "{standardised} {as_it_is}");
    }
}
