//! The models: a forest, and what its features and classes mean.

use overtone_forest::{Forest, ReadError, RowError};

use crate::{Feature, Features};

/// How many of the nine audio features a track needs for an answer. With fewer, the default directions decide more
/// of the way through a tree than the track does.
pub const MINIMUM_FEATURES: usize = 5;

/// The model that ships: classical, country, electronic, hiphop, jazz, latin, pop, rock.
static EIGHT_GENRES: &[u8] = include_bytes!("../models/eight-genres.forest");

/// A genre model, ready to answer.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) forest: Forest,
    /// What each of the forest's features is.
    pub(crate) inputs: Vec<Feature>,
}

/// What a model says about one track.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// The probability of each genre, 0 to 1, in the order of [`Model::genres`]; together 1.
    pub probabilities: Vec<f64>,
    /// The index of the most probable genre; of equal ones, the first.
    pub best: usize,
    /// The probability of the most probable genre, 0 to 1.
    pub confidence: f64,
}

/// Why bytes are not a genre model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The bytes are not a forest.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The forest uses a feature that tracks do not have.
    #[error("the model asks for a feature named “{name}”, which tracks do not have")]
    UnknownFeature {
        /// The feature's name.
        name: String,
    },
}

/// Why a track has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClassifyError {
    /// Too few audio features are there.
    #[error("{found} of 9 audio features are there; {MINIMUM_FEATURES} are needed for an answer")]
    TooFewFeatures {
        /// How many are there.
        found: usize,
    },
    /// The forest does not take the row.
    #[error(transparent)]
    Row(#[from] RowError),
}

impl Model {
    /// The model of eight genres that ships with Overtone.
    ///
    /// # Errors
    /// When the bytes that were compiled in are not a model, which the tests of this crate rule out.
    pub fn eight_genres() -> Result<Self, ModelError> {
        Self::read(EIGHT_GENRES)
    }

    /// Reads a packed model.
    ///
    /// # Errors
    /// When the bytes are not a whole, undamaged forest, or one that asks for something else than [`Feature`]s.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let forest = Forest::read(bytes)?;
        let inputs = forest
            .features()
            .iter()
            .map(|feature| {
                Feature::from_name(&feature.name).ok_or_else(|| ModelError::UnknownFeature {
                    name: feature.name.clone(),
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { forest, inputs })
    }

    /// The genres' names, in the order of the probabilities.
    pub fn genres(&self) -> &[String] {
        self.forest.classes()
    }

    /// How likely each genre is for a track.
    ///
    /// # Errors
    /// When fewer than [`MINIMUM_FEATURES`] audio features are there.
    pub fn classify(&self, features: &Features) -> Result<Classification, ClassifyError> {
        let found = features.audio_count();
        if found < MINIMUM_FEATURES {
            return Err(ClassifyError::TooFewFeatures { found });
        }
        let row: Vec<f32> = self
            .inputs
            .iter()
            .map(|&input| features.get(input).unwrap_or(f32::NAN))
            .collect();
        let mut probabilities = vec![0.0; self.genres().len()];
        self.forest.predict(&row, &mut probabilities)?;
        let (best, confidence) = most_probable(&probabilities);
        Ok(Classification {
            probabilities,
            best,
            confidence,
        })
    }
}

/// The largest number and its index; of equal ones, the first.
fn most_probable(probabilities: &[f64]) -> (usize, f64) {
    let mut best = (0, 0.0);
    for (index, &probability) in probabilities.iter().enumerate() {
        if probability > best.1 {
            best = (index, probability);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_genres_the_first_is_named() {
        assert_eq!(most_probable(&[0.2, 0.4, 0.4]), (1, 0.4));
        assert_eq!(most_probable(&[0.5, 0.5]), (0, 0.5));
    }

    #[test]
    fn too_few_features_give_no_answer() {
        let model = Model::eight_genres().unwrap();
        let mut features = Features::default();
        features.set(Feature::Popularity, Some(50.0));
        features.set(Feature::Duration, Some(200_000.0));
        for (index, feature) in Feature::ALL.into_iter().take(MINIMUM_FEATURES).enumerate() {
            assert_eq!(
                model.classify(&features),
                Err(ClassifyError::TooFewFeatures { found: index })
            );
            features.set(feature, Some(0.5));
        }
        assert!(model.classify(&features).is_ok());
    }

    #[test]
    fn a_changed_byte_of_the_shipped_model_is_refused() {
        let mut bytes = EIGHT_GENRES.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        assert!(matches!(Model::read(&bytes), Err(ModelError::Read(_))));
    }

    #[test]
    fn the_shipped_model_knows_the_eight_genres() {
        let model = Model::eight_genres().unwrap();
        let genres = "classical country electronic hiphop jazz latin pop rock";
        assert_eq!(model.genres().join(" "), genres);
    }
}
