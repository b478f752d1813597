//! smartcore's classifiers.

use serde::Deserialize;
use smartcore::ensemble::random_forest_classifier::{
    RandomForestClassifier, RandomForestClassifierParameters,
};
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};
use smartcore::metrics::distance::euclidian::Euclidian;
use smartcore::naive_bayes::gaussian::GaussianNB;
use smartcore::neighbors::knn_classifier::{KNNClassifier, KNNClassifierParameters};
use smartcore::svm::Kernels;
use smartcore::svm::svc::{SVC, SVCParameters};
use smartcore::tree::decision_tree_classifier::{
    DecisionTreeClassifier, DecisionTreeClassifierParameters,
};

use super::Model;
use crate::StudyError;
use crate::parallel;
use crate::statistics::{Answers, largest};
use crate::table::Table;

type Matrix = DenseMatrix<f64>;
type Labels = Vec<u32>;

fn matrix(table: &Table) -> Result<Matrix, StudyError> {
    DenseMatrix::new(table.len(), table.width(), table.values.clone(), false).map_err(refused)
}

fn labels(table: &Table) -> Labels {
    table.labels.iter().map(|&label| label as u32).collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "handed to map_err, which gives the error away"
)]
fn refused(error: smartcore::error::Failed) -> StudyError {
    StudyError::Learn(error.to_string())
}

/// The classes that smartcore met, in its order: the probabilities it gives are in that order, and a class without a
/// training row has none.
struct KnownClasses {
    known: Vec<usize>,
    count: usize,
}

impl KnownClasses {
    fn of(table: &Table) -> Self {
        let mut known = table.labels.clone();
        known.sort_unstable();
        known.dedup();
        Self {
            known,
            count: table.classes.len(),
        }
    }

    fn spread(&self, probabilities: &[f64]) -> Vec<f64> {
        let mut all = vec![0.0; self.count];
        for (&class, &probability) in self.known.iter().zip(probabilities) {
            all[class] = probability;
        }
        all
    }
}

/// The softmax of the logarithms of weights.
fn normalised(mut logarithms: Vec<f64>) -> Vec<f64> {
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for value in &mut logarithms {
        *value = libm::exp(*value - largest);
    }
    let sum: f64 = logarithms.iter().sum();
    logarithms.iter().map(|value| value / sum).collect()
}

struct NearestNeighbours {
    classifier: KNNClassifier<f64, u32, Matrix, Labels, Euclidian<f64>>,
    classes: KnownClasses,
}

pub(super) fn nearest_neighbours(table: &Table, k: usize) -> Result<Box<dyn Model>, StudyError> {
    let parameters = KNNClassifierParameters::default().with_k(k.min(table.len()));
    let classifier =
        KNNClassifier::fit(&matrix(table)?, &labels(table), parameters).map_err(refused)?;
    Ok(Box::new(NearestNeighbours {
        classifier,
        classes: KnownClasses::of(table),
    }))
}

impl Model for NearestNeighbours {
    fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        let probabilities = self
            .classifier
            .predict_proba(&matrix(table)?)
            .map_err(refused)?;
        let probabilities = probabilities.iter().map(|row| self.classes.spread(row));
        Ok(Answers::from_probabilities(probabilities.collect()))
    }
}

/// What scikit-learn's default penalty (C = 1) is here.
const PENALTY: f64 = 1.0;

struct Logistic {
    /// For each known class the coefficients and, last, the intercept.
    weights: Vec<Vec<f64>>,
    classes: KnownClasses,
}

pub(super) fn logistic_regression(table: &Table) -> Result<Box<dyn Model>, StudyError> {
    let parameters = LogisticRegressionParameters::default().with_alpha(PENALTY);
    let regression =
        LogisticRegression::fit(&matrix(table)?, &labels(table), parameters).map_err(refused)?;
    let (coefficients, intercept) = (regression.coefficients(), regression.intercept());
    let (rows, columns) = coefficients.shape();
    let mut weights: Vec<Vec<f64>> = (0..rows)
        .map(|row| {
            (0..columns)
                .map(|column| *coefficients.get((row, column)))
                .chain([*intercept.get((row, 0))])
                .collect()
        })
        .collect();
    if let [second] = weights.as_slice() {
        // Of two classes, smartcore learns the score of the second against the first.
        weights = vec![vec![0.0; second.len()], second.clone()];
    }
    Ok(Box::new(Logistic {
        weights,
        classes: KnownClasses::of(table),
    }))
}

impl Model for Logistic {
    fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        let probabilities = table.rows().map(|row| {
            let score = |weights: &Vec<f64>| -> f64 {
                let values = row.iter().chain([&1.0]);
                weights.iter().zip(values).map(|(w, x)| w * x).sum()
            };
            let scores = self.weights.iter().map(score).collect();
            self.classes.spread(&normalised(scores))
        });
        Ok(Answers::from_probabilities(probabilities.collect()))
    }
}

/// The share of a column's variance that is added to every variance, as in scikit-learn: a feature that is constant
/// within a class would else rule out every other value.
const VARIANCE_SMOOTHING: f64 = 1e-9;

struct NaiveBayes {
    priors: Vec<f64>,
    means: Vec<Vec<f64>>,
    variances: Vec<Vec<f64>>,
    classes: KnownClasses,
}

pub(super) fn naive_bayes(table: &Table) -> Result<Box<dyn Model>, StudyError> {
    let bayes =
        GaussianNB::fit(&matrix(table)?, &labels(table), Default::default()).map_err(refused)?;
    let largest_variance = (0..table.width())
        .map(|column| crate::statistics::standard_deviation(&table.column(column)).powi(2))
        .fold(0.0, f64::max);
    let smoothed = |row: &Vec<f64>| -> Vec<f64> {
        let smoothing = (VARIANCE_SMOOTHING * largest_variance).max(f64::MIN_POSITIVE);
        row.iter().map(|variance| variance + smoothing).collect()
    };
    Ok(Box::new(NaiveBayes {
        priors: bayes.class_priors().clone(),
        means: bayes.theta().clone(),
        variances: bayes.var().iter().map(smoothed).collect(),
        classes: KnownClasses::of(table),
    }))
}

impl Model for NaiveBayes {
    fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        let probabilities = table.rows().map(|row| {
            let logarithm = |class: usize| -> f64 {
                let densities = row
                    .iter()
                    .zip(&self.means[class])
                    .zip(&self.variances[class])
                    .map(|((value, mean), variance)| {
                        // The normal density's logarithm, without the constant that all classes share.
                        -(value - mean).powi(2) / (2.0 * variance) - libm::log(*variance) / 2.0
                    });
                libm::log(self.priors[class]) + densities.sum::<f64>()
            };
            let logarithms = (0..self.priors.len()).map(logarithm).collect();
            self.classes.spread(&normalised(logarithms))
        });
        Ok(Answers::from_probabilities(probabilities.collect()))
    }
}

struct Labelled<P>(P);

impl<P: Fn(&Matrix) -> Result<Labels, StudyError> + Send + Sync> Model for Labelled<P> {
    fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        let labels = (self.0)(&matrix(table)?)?;
        Ok(Answers {
            labels: labels.into_iter().map(|label| label as usize).collect(),
            probabilities: None,
        })
    }
}

pub(super) fn decision_tree(table: &Table, seed: u64) -> Result<Box<dyn Model>, StudyError> {
    let parameters = DecisionTreeClassifierParameters {
        seed: Some(seed),
        ..DecisionTreeClassifierParameters::default()
    };
    let tree = DecisionTreeClassifier::fit(&matrix(table)?, &labels(table), parameters)
        .map_err(refused)?;
    Ok(Box::new(Labelled(move |matrix: &Matrix| {
        tree.predict(matrix).map_err(refused)
    })))
}

struct VotingForest {
    trees: Vec<RandomForestClassifier<f64, u32, Matrix, Labels>>,
    classes: usize,
}

/// smartcore's forest tells the class with most votes only, so this is many forests of one tree: their votes can be
/// counted, and they grow on all cores.
pub(super) fn forest(
    table: &Table,
    trees: u16,
    depth: u16,
    seed: u64,
) -> Result<Box<dyn Model>, StudyError> {
    let (matrix, labels) = (matrix(table)?, labels(table));
    let trees = parallel::map(usize::from(trees), |tree| {
        let parameters = RandomForestClassifierParameters::default()
            .with_n_trees(1)
            // smartcore counts levels of nodes, not of splits.
            .with_max_depth(depth.saturating_add(1))
            .with_seed(seed.wrapping_mul(1_000_003).wrapping_add(tree as u64));
        RandomForestClassifier::fit(&matrix, &labels, parameters).map_err(refused)
    });
    Ok(Box::new(VotingForest {
        trees: trees.into_iter().collect::<Result<_, _>>()?,
        classes: table.classes.len(),
    }))
}

impl Model for VotingForest {
    fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        let matrix = matrix(table)?;
        let votes = parallel::map(self.trees.len(), |tree| {
            self.trees[tree].predict(&matrix).map_err(refused)
        });
        let mut shares = vec![vec![0.0; self.classes]; table.len()];
        for votes in votes {
            for (row, vote) in votes?.into_iter().enumerate() {
                shares[row][vote as usize] += 1.0 / self.trees.len() as f64;
            }
        }
        Ok(Answers::from_probabilities(shares))
    }
}

/// How often smartcore's online optimiser goes through the rows.
const EPOCHS: usize = 2;

/// One machine for two classes, taken out of smartcore's, which borrows the rows that it has learned from.
struct Machine {
    first: usize,
    second: usize,
    learned: LearnedMachine,
    gamma: f64,
}

/// The parts of smartcore's machine by the names under which it is serialised: its fields are private.
#[derive(Deserialize)]
struct LearnedMachine {
    instances: Vec<Vec<f64>>,
    w: Vec<f64>,
    b: f64,
}

impl Machine {
    fn fit(table: &Table, pair: (usize, usize), seed: u64) -> Result<Self, StudyError> {
        let (first, second) = pair;
        let rows: Vec<usize> = (0..table.len())
            .filter(|&row| [first, second].contains(&table.labels[row]))
            .collect();
        let two = table.select(&rows);
        let labels: Labels = two
            .labels
            .iter()
            .map(|&label| u32::from(label == second))
            .collect();
        // scikit-learn's default on standardised columns, which they are.
        let gamma = 1.0 / table.width().max(1) as f64;
        let parameters = SVCParameters::default()
            .with_epoch(EPOCHS)
            .with_c(1.0)
            .with_kernel(Kernels::rbf().with_gamma(gamma))
            .with_seed(Some(seed));
        let matrix = matrix(&two)?;
        let machine = SVC::fit(&matrix, &labels, &parameters).map_err(refused)?;
        let taken_out = serde_json::to_value(&machine).and_then(serde_json::from_value);
        Ok(Self {
            first,
            second,
            learned: taken_out.map_err(|error| StudyError::Learn(error.to_string()))?,
            gamma,
        })
    }

    /// Above 0 for the second class, else for the first.
    fn decide(&self, row: &[f64]) -> f64 {
        let kernel = |instance: &Vec<f64>| {
            let distance: f64 = instance.iter().zip(row).map(|(a, b)| (a - b).powi(2)).sum();
            libm::exp(-self.gamma * distance)
        };
        let weighted = self.learned.instances.iter().zip(&self.learned.w);
        self.learned.b
            + weighted
                .map(|(instance, w)| w * kernel(instance))
                .sum::<f64>()
    }
}

struct SupportVectors {
    machines: Vec<Machine>,
    classes: usize,
}

/// A machine for each pair of classes. smartcore's own for several classes breaks ties between them at random.
pub(super) fn support_vectors(table: &Table, seed: u64) -> Result<Box<dyn Model>, StudyError> {
    let known = KnownClasses::of(table).known;
    let pairs: Vec<(usize, usize)> = known
        .iter()
        .flat_map(|&first| known.iter().map(move |&second| (first, second)))
        .filter(|(first, second)| first < second)
        .collect();
    let machines = parallel::map(pairs.len(), |pair| Machine::fit(table, pairs[pair], seed));
    Ok(Box::new(SupportVectors {
        machines: machines.into_iter().collect::<Result<_, _>>()?,
        classes: table.classes.len(),
    }))
}

impl Model for SupportVectors {
    fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        let labels = parallel::map(table.len(), |row| {
            let mut votes = vec![0.0; self.classes];
            for machine in &self.machines {
                let decision = machine.decide(table.row(row));
                // Of classes with as many votes, the one that won more clearly; that counts for less than a vote.
                let clearly = decision.clamp(-1.0, 1.0) * 1e-3;
                votes[machine.second] += clearly;
                votes[machine.first] -= clearly;
                votes[if decision > 0.0 {
                    machine.second
                } else {
                    machine.first
                }] += 1.0;
            }
            largest(&votes)
        });
        Ok(Answers {
            labels,
            probabilities: None,
        })
    }
}
