//! Which features matter: their products, the best of them, their units, and the two that are no sound.

use overtone_genre::Feature;
use serde::{Deserialize, Serialize};

use super::data::DataSet;
use super::splits::Parts;
use super::{Division, Plan, Watcher};
use crate::StudyError;
use crate::classifiers::Classifier;
use crate::classifiers::forest::Forest;
use crate::statistics::{Spread, accuracy, balanced_accuracy, mean};
use crate::table::Table;

/// What features do for a forest, and units for the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureResults {
    /// The forest on the features, on them and their products, and on the best twenty of all these.
    pub sets: Vec<OnFeatures>,
    /// The best of the features and their products by mean decrease in impurity, with their shares, the best first.
    pub best: Vec<(String, f64)>,
    /// Classifiers with and without standardisation.
    pub standardisation: Vec<Standardised>,
}

/// A forest on a set of features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnFeatures {
    /// What the set is.
    pub what: String,
    /// How many features it has.
    pub features: usize,
    /// The share of right answers on the validation part.
    pub validation: f64,
    /// The share of right answers on the test part.
    pub test: f64,
}

/// A classifier on features in their units, and standardised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standardised {
    /// Which classifier.
    pub name: String,
    /// The share of right answers on the test part with features in their units.
    pub as_it_is: f64,
    /// The same with standardised features.
    pub standardised: f64,
}

/// How many of the features and products are kept.
pub const KEPT: usize = 20;

/// The steps of [`study`].
pub const STEPS: usize = 6;

/// Tries products, the best of them, and standardisation.
///
/// # Errors
/// When a learner refuses the rows.
pub fn study(
    table: &Table,
    parts: &Parts,
    plan: &Plan,
    seed: u64,
    watcher: &dyn Watcher,
) -> Result<FeatureResults, StudyError> {
    let forest = Classifier::Forest(plan.study_forest());
    let on = |what: &str, table: &Table| -> Result<OnFeatures, StudyError> {
        let fitted = forest.fit(&table.select(&parts.train), seed)?;
        let right = |rows: &[usize]| -> Result<f64, StudyError> {
            let part = table.select(rows);
            Ok(accuracy(&part.labels, &fitted.answer(&part)?.labels))
        };
        let result = OnFeatures {
            what: what.to_owned(),
            features: table.width(),
            validation: right(&parts.validation)?,
            test: right(&parts.test)?,
        };
        watcher.step();
        Ok(result)
    };
    let products = table.with_interactions();
    let ranked = Forest::grow(&products.select(&parts.train), &plan.study_forest(), seed);
    let importances = ranked.importances();
    let mut order: Vec<usize> = (0..products.width()).collect();
    order.sort_by(|&a, &b| importances[b].total_cmp(&importances[a]));
    order.truncate(KEPT);
    let sets = vec![
        on("the features", table)?,
        on("the features and their products", &products)?,
        on("the best of both", &products.keep_columns(&order))?,
    ];
    let best = order
        .iter()
        .map(|&column| (products.columns[column].clone(), importances[column]))
        .collect();

    let (train, test) = (table.select(&parts.train), table.select(&parts.test));
    let standardisation = [
        Classifier::NearestNeighbours { k: 10 },
        Classifier::NaiveBayes,
        forest.clone(),
    ]
    .into_iter()
    .map(|classifier| {
        let units = crate::table::Standardisation::of(&train);
        let right = |learned: &Table, asked: &Table| -> Result<f64, StudyError> {
            let fitted = classifier.fit_as_it_is(learned, seed)?;
            Ok(accuracy(&asked.labels, &fitted.answer(asked)?.labels))
        };
        let result = Standardised {
            name: classifier.name(),
            as_it_is: right(&train, &test)?,
            standardised: right(&units.apply(&train), &units.apply(&test))?,
        };
        watcher.step();
        Ok(result)
    })
    .collect::<Result<_, StudyError>>()?;
    Ok(FeatureResults {
        sets,
        best,
        standardisation,
    })
}

/// What is left of the accuracy without popularity and without the length, over several divisions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ablation {
    /// The results at random and by artist, each for the feature sets of [`FeatureSet::ALL`].
    pub divisions: [Vec<Repeated>; 2],
}

/// Figures over several divisions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeated {
    /// The share of right answers.
    pub accuracy: Spread,
    /// The mean share of right answers, each genre counting the same.
    pub balanced: f64,
}

/// The features with and without the two that are not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeatureSet {
    /// All eleven.
    All,
    /// Without popularity.
    WithoutPopularity,
    /// Without the length.
    WithoutDuration,
    /// The nine audio features only.
    AudioOnly,
}

impl FeatureSet {
    /// All sets.
    pub const ALL: [FeatureSet; 4] = [
        FeatureSet::All,
        FeatureSet::WithoutPopularity,
        FeatureSet::WithoutDuration,
        FeatureSet::AudioOnly,
    ];

    /// Its name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            FeatureSet::All => "all eleven features",
            FeatureSet::WithoutPopularity => "without popularity",
            FeatureSet::WithoutDuration => "without duration",
            FeatureSet::AudioOnly => "without both: sound alone",
        }
    }

    /// The features in it.
    pub fn features(self) -> Vec<Feature> {
        let has = |feature: &Feature| match feature {
            Feature::Popularity => matches!(self, Self::All | Self::WithoutDuration),
            Feature::Duration => matches!(self, Self::All | Self::WithoutPopularity),
            _ => true,
        };
        Feature::ALL.into_iter().filter(has).collect()
    }
}

/// Draws divisions anew and leaves features out.
///
/// # Errors
/// When the tracks cannot be divided.
pub fn ablate(
    set: &DataSet,
    plan: &Plan,
    seed: u64,
    watcher: &dyn Watcher,
) -> Result<Ablation, StudyError> {
    let divide = |division: Division| -> Result<Vec<Repeated>, StudyError> {
        let parts: Vec<Parts> = (0..plan.repeats)
            .map(|repeat| division.divide(set, seed.wrapping_add(1 + repeat as u64)))
            .collect::<Result<_, _>>()?;
        let on = |features: FeatureSet| {
            let table = Table::of(&set.tracks, &features.features());
            let mut figures = [Vec::new(), Vec::new()];
            for parts in &parts {
                let forest = Forest::grow(&table.select(&parts.train), &plan.forest(), seed);
                let test = table.select(&parts.test);
                let answers =
                    crate::statistics::Answers::from_probabilities(forest.probabilities(&test));
                figures[0].push(accuracy(&test.labels, &answers.labels));
                let classes = test.classes.len();
                figures[1].push(balanced_accuracy(&test.labels, &answers.labels, classes));
                watcher.step();
            }
            Repeated {
                accuracy: Spread::of(&figures[0]),
                balanced: mean(&figures[1]),
            }
        };
        Ok(FeatureSet::ALL.into_iter().map(on).collect())
    };
    Ok(Ablation {
        divisions: [divide(Division::Random)?, divide(Division::ByArtist)?],
    })
}
