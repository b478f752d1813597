//! A forest in the layouts that answer fast: one for a single track, and one for many, which is made when it is first needed, as
//! most pages never ask for many.

use std::sync::OnceLock;

use overtone_forest::{Batch, Forest, RowError, Single};

use crate::{Feature, Features, ModelError};

/// How a forest is asked about tracks.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    /// What each of the forest's features is.
    pub(crate) inputs: Vec<Feature>,
    /// The layout for one track; `None` if the forest is too large for it.
    single: Option<Single>,
    /// The layout for many tracks, once it was needed; `None` if the forest is too large for it.
    batch: OnceLock<Option<Batch>>,
}

impl Engine {
    /// # Errors
    /// When the forest asks for something else than [`Feature`]s.
    pub(crate) fn new(forest: &Forest) -> Result<Self, ModelError> {
        let features = forest.features().iter();
        let inputs: Result<Vec<Feature>, ModelError> = features
            .map(|feature| {
                Feature::from_name(&feature.name).ok_or_else(|| ModelError::UnknownFeature {
                    name: feature.name.clone(),
                })
            })
            .collect();
        Ok(Self {
            inputs: inputs?,
            single: forest.single(),
            batch: OnceLock::new(),
        })
    }

    /// What the forest says about one track: a probability for each of its classes.
    pub(crate) fn one(&self, forest: &Forest, track: &Features) -> Result<Vec<f64>, RowError> {
        let mut said = vec![0.0; forest.classes().len()];
        let row: Vec<f32> = self.row(track).collect();
        match &self.single {
            Some(single) => single.predict(&row, &mut said)?,
            None => forest.predict(&row, &mut said)?,
        }
        Ok(said)
    }

    /// What the forest says about many tracks: a probability for each of its classes, track by track.
    pub(crate) fn many(&self, forest: &Forest, tracks: &[&Features]) -> Result<Vec<f64>, RowError> {
        let classes = forest.classes().len();
        let mut said = vec![0.0; tracks.len() * classes];
        let rows: Vec<f32> = tracks.iter().flat_map(|track| self.row(track)).collect();
        match self.batch.get_or_init(|| forest.batch()) {
            Some(batch) => batch.predict(&rows, &mut said)?,
            None => {
                let rows = rows.chunks_exact(self.inputs.len());
                for (row, said) in rows.zip(said.chunks_exact_mut(classes)) {
                    forest.predict(row, said)?;
                }
            }
        }
        Ok(said)
    }

    /// A track as the forest takes it.
    pub(crate) fn row(&self, track: &Features) -> impl Iterator<Item = f32> {
        let value = |&input: &Feature| track.get(input).unwrap_or(f32::NAN);
        self.inputs.iter().map(value)
    }
}
