//! The models: a forest, and what its features and classes mean.

use overtone_forest::{Forest, ForestReader, ReadError, RowError};

use crate::Features;
use crate::engine::Engine;
use crate::quality::{self, Quality};

/// How many of the nine audio features a track needs for an answer. With fewer, the default directions decide more
/// of the way through a tree than the track does.
pub const MINIMUM_FEATURES: usize = 5;

/// The bytes of the model that ships: classical, country, electronic, hiphop, jazz, latin, pop, rock.
pub static EIGHT_GENRES: &[u8] = include_bytes!("../models/eight-genres.forest");

/// The model of close genres: rap, trap, emo, pop and dance music in fifteen kinds. What does not ask for it does not carry it.
static FIFTEEN_GENRES: &[u8] = include_bytes!("../models/fifteen-genres.forest");

/// A genre model, ready to answer.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) forest: Forest,
    pub(crate) engine: Engine,
    quality: Option<Quality>,
    /// That of the forest that tells outsiders, if there is one.
    outside_engine: Option<Engine>,
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
    /// How much the track sounds like none of the model's genres, 0 to 1; `None` where the model cannot tell. Whether
    /// that is enough to say so, [`Model::is_outside`] tells.
    pub outside: Option<f64>,
}

/// The shortest answer about one track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// The index of the most probable genre; of equal ones, the first.
    pub genre: usize,
    /// Its probability, 0 to 1.
    pub confidence: f64,
    /// Whether the track sounds so little like any genre that none of them should be named.
    pub is_outside: bool,
}

/// Why bytes are not a genre model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The bytes are not a forest.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What stands behind the forest is not what is known about it.
    #[error("what the model knows about itself cannot be used: {what}")]
    Quality {
        /// What is wrong.
        what: &'static str,
    },
    /// What stands behind the forest is cut short, or something follows it.
    #[error("what the model knows about itself should have {declared} bytes but has {found}")]
    QualityLength {
        /// How many bytes it says to have.
        declared: u32,
        /// How many there are.
        found: usize,
    },
    /// What the words of titles say cannot be used.
    #[error("what the words of titles say about genres cannot be used: {what}")]
    Titles {
        /// What is wrong.
        what: &'static str,
    },
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
    #[error("{found} of 9 audio features known; an answer needs at least {MINIMUM_FEATURES}")]
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

    /// The model of fifteen close genres, of rap, trap, emo, pop and dance music. Many of them hardly differ in the
    /// features, so ask it for [`families`](Self::families) where a genre is unsure.
    ///
    /// # Errors
    /// When the bytes that were compiled in are not a model, which the tests of this crate rule out.
    pub fn fifteen_genres() -> Result<Self, ModelError> {
        Self::read(FIFTEEN_GENRES)
    }

    /// Reads a packed model: a forest, and behind it what is known about how right it is, which may be left out.
    ///
    /// # Errors
    /// When the bytes are not a whole, undamaged forest, or one that asks for something else than
    /// [`Feature`](crate::Feature)s, or what stands behind it is damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        ModelReader::new(bytes)?.finish()
    }

    /// The forest that tells the genres; the one that tells outsiders is [`Quality::outside`].
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// How right the model is, if it knows.
    pub fn quality(&self) -> Option<&Quality> {
        self.quality.as_ref()
    }

    /// The genres among which the right one is with at least the given probability, 0 to 1, the most probable first;
    /// there is always one. `None` where the model was not measured for it.
    ///
    /// The promise holds for tracks like those that it was measured on (split conformal prediction); the measured
    /// coverage on each collection is in the model card.
    pub fn likely_genres(&self, answer: &Classification, coverage: f64) -> Option<Vec<usize>> {
        let sets = &self.quality.as_ref()?.sets;
        let set = sets
            .iter()
            .find(|set| f64::from(set.coverage) >= coverage - 1e-6)?;
        let mut genres: Vec<(usize, f64)> = answer
            .probabilities
            .iter()
            .copied()
            .enumerate()
            .filter(|&(genre, probability)| {
                genre == answer.best || probability >= f64::from(set.threshold)
            })
            .collect();
        genres.sort_by(|left, right| right.1.total_cmp(&left.1));
        Some(genres.into_iter().map(|(genre, _)| genre).collect())
    }

    /// Whether a track sounds so little like the model's genres that none of them should be named.
    pub fn is_outside(&self, answer: &Classification) -> bool {
        let threshold = self
            .quality
            .as_ref()
            .map(|quality| quality.outside_threshold);
        answer
            .outside
            .zip(threshold)
            .is_some_and(|(outside, threshold)| outside >= f64::from(threshold))
    }

    /// The genres' names, in the order of the probabilities.
    pub fn genres(&self) -> &[String] {
        self.forest.classes()
    }

    /// How likely each genre is for a track, by all features that are set, popularity among them: the page and the command line
    /// take it away ([`Features::with`]) unless they are told not to. Values are not checked;
    /// [`crate::Feature::check`] does.
    ///
    /// # Errors
    /// When fewer than [`MINIMUM_FEATURES`] audio features are there.
    pub fn classify(&self, features: &Features) -> Result<Classification, ClassifyError> {
        let found = features.audio_count();
        if found < MINIMUM_FEATURES {
            return Err(ClassifyError::TooFewFeatures { found });
        }
        let said = self.engine.one(&self.forest, features)?;
        let outside = self.outsiders();
        let outside = outside.map(|(forest, engine)| engine.one(forest, features));
        Ok(classification(&said, outside.transpose()?.as_deref()))
    }

    /// How likely each genre is for each of many tracks: to the bit what [`Model::classify`] says for each, in a
    /// fraction of the time. A track with fewer than [`MINIMUM_FEATURES`] audio features gets an error in place of an
    /// answer, the others go on.
    pub fn classify_all(&self, tracks: &[Features]) -> Vec<Result<Classification, ClassifyError>> {
        let asked = with_enough_features(tracks);
        let classes = self.genres().len();
        let said = self.engine.many(&self.forest, &asked);
        let outside = self
            .outsiders()
            .map(|(forest, engine)| engine.many(forest, &asked));
        let (said, outside) = match said.and_then(|said| Ok((said, outside.transpose()?))) {
            Ok(found) => found,
            Err(error) => return vec![Err(ClassifyError::Row(error)); tracks.len()],
        };
        let answers = said.chunks_exact(classes).enumerate().map(|(track, said)| {
            let outside = outside
                .as_ref()
                .and_then(|outside| outside.get(2 * track..2 * track + 2));
            classification(said, outside)
        });
        in_places(tracks, answers)
    }

    /// A whole answer in short.
    pub fn in_short(&self, answer: &Classification) -> Nearest {
        Nearest {
            genre: answer.best,
            confidence: answer.confidence,
            is_outside: self.is_outside(answer),
        }
    }

    /// The forest that tells outsiders.
    fn outsiders(&self) -> Option<(&Forest, &Engine)> {
        let forest = self.quality.as_ref()?.outside.as_ref()?;
        Some((forest, self.outside_engine.as_ref()?))
    }
}

/// A whole answer, from the genres' probabilities and what the forest that tells outsiders says: one of these, none of
/// these.
fn classification(probabilities: &[f64], outside: Option<&[f64]>) -> Classification {
    let (best, confidence) = most_probable(probabilities);
    Classification {
        probabilities: probabilities.to_vec(),
        best,
        confidence,
        outside: outside.and_then(|said| said.last().copied()),
    }
}

/// Reads a packed model a little at a time, for programs that have other things to do meanwhile: a model's trees take tens
/// of milliseconds.
#[derive(Debug)]
pub struct ModelReader<'a> {
    forest: ForestReader<'a>,
    rest: &'a [u8],
}

impl<'a> ModelReader<'a> {
    /// Reads and checks what stands before the trees.
    ///
    /// # Errors
    /// As [`Model::read`].
    pub fn new(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let (forest, rest) = parts(bytes);
        let forest = ForestReader::new(forest)?;
        Ok(Self { forest, rest })
    }

    /// Reads and checks the next tree: well below a millisecond. Gives whether there was one.
    ///
    /// # Errors
    /// As [`Model::read`].
    pub fn read_tree(&mut self) -> Result<bool, ModelError> {
        Ok(self.forest.read_tree()?)
    }

    /// Reads what is left, and gives the model.
    ///
    /// # Errors
    /// As [`Model::read`].
    pub fn finish(self) -> Result<Model, ModelError> {
        let forest = self.forest.finish()?;
        let engine = Engine::new(&forest)?;
        let quality = if self.rest.is_empty() {
            None
        } else {
            Some(Quality::read(self.rest)?)
        };
        let genres = forest.classes().len();
        if quality
            .as_ref()
            .is_some_and(|quality| !quality.is_of(genres))
        {
            return Err(ModelError::Quality {
                what: "it is about another number of genres",
            });
        }
        let outside = quality
            .as_ref()
            .and_then(|quality| quality.outside.as_ref());
        let outside_engine = outside.map(Engine::new).transpose()?;
        Ok(Model {
            forest,
            engine,
            quality,
            outside_engine,
        })
    }
}

/// The tracks that can be answered.
fn with_enough_features(tracks: &[Features]) -> Vec<&Features> {
    let enough = |track: &&Features| track.audio_count() >= MINIMUM_FEATURES;
    tracks.iter().filter(enough).collect()
}

/// The answers of [`with_enough_features`], with errors for the other tracks between them.
fn in_places<Answer>(
    tracks: &[Features],
    mut answers: impl Iterator<Item = Answer>,
) -> Vec<Result<Answer, ClassifyError>> {
    let answer = |track: &Features| {
        let found = track.audio_count();
        let next = (found >= MINIMUM_FEATURES)
            .then(|| answers.next())
            .flatten();
        next.ok_or(ClassifyError::TooFewFeatures { found })
    };
    tracks.iter().map(answer).collect()
}

/// Where a packed forest says that it ends, and what follows.
fn parts(bytes: &[u8]) -> (&[u8], &[u8]) {
    let length = bytes
        .get(6..10)
        .and_then(|length| <[u8; 4]>::try_from(length).ok())
        .and_then(|length| usize::try_from(u32::from_le_bytes(length)).ok());
    length
        .filter(|&length| {
            let rest = bytes.get(length..).unwrap_or_default();
            // What does not begin as the part behind a forest is left to the forest's own checks.
            rest.starts_with(&quality::MAGIC)
        })
        .and_then(|length| bytes.split_at_checked(length))
        .unwrap_or((bytes, &[]))
}

/// The largest number and its index; of equal ones, the first.
pub(crate) fn most_probable(probabilities: &[f64]) -> (usize, f64) {
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
    use crate::Feature;

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
    fn many_tracks_get_the_answers_of_each() {
        let model = Model::eight_genres().unwrap();
        let tracks: Vec<Features> = (0..40u16)
            .map(|number| {
                let mut track = Features::default();
                let known = Feature::ALL.into_iter().skip(usize::from(number % 8));
                for (place, feature) in (0..).zip(known) {
                    let share = f32::from((number * 7 + place * 3) % 10) / 10.0;
                    track.set(feature, Some(share));
                }
                track
            })
            .collect();
        let together = model.classify_all(&tracks);
        let alone: Vec<_> = tracks.iter().map(|track| model.classify(track)).collect();
        assert_eq!(together, alone);
        assert!(together.iter().any(Result::is_ok) && together.iter().any(Result::is_err));
    }

    #[test]
    fn a_changed_byte_of_the_shipped_model_is_refused() {
        let mut bytes = EIGHT_GENRES.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        assert!(matches!(Model::read(&bytes), Err(ModelError::Read(_))));
    }

    #[test]
    fn the_shipped_models_know_how_right_they_are() {
        for model in [Model::eight_genres(), Model::fifteen_genres()] {
            let model = model.unwrap();
            let mut track = Features::default();
            for feature in Feature::ALL
                .into_iter()
                .filter(|feature| feature.is_audio())
            {
                track.set(feature, Some(0.5));
            }
            track.set(Feature::Tempo, Some(120.0));
            track.set(Feature::Loudness, Some(-8.0));
            let answer = model.classify(&track).unwrap();
            let few = model.likely_genres(&answer, 0.8).unwrap();
            let many = model.likely_genres(&answer, 0.95).unwrap();
            assert_eq!(few[0], answer.best);
            assert!(many.len() > few.len() && many.starts_with(&few));
            // The sound alone is what the page says it costs, and it costs something.
            let quality = model.quality().unwrap();
            let cost = quality.with_missing(&track).unwrap();
            assert!(cost.home <= quality.home.balanced_accuracy);
        }
    }

    #[test]
    fn close_genres_have_few_families() {
        let model = Model::fifteen_genres().unwrap();
        let mut track = Features::default();
        for feature in Feature::ALL {
            track.set(feature, Some(0.5));
        }
        let answer = model.classify(&track).unwrap();
        assert_eq!(model.genres().len(), 15);
        assert_eq!(model.families(&answer).len(), 4);
    }

    #[test]
    fn speech_is_none_of_the_eight_genres() {
        let model = Model::eight_genres().unwrap();
        let mut stand_up = Features::from([
            (Feature::Danceability, 0.56),
            (Feature::Energy, 0.7),
            (Feature::Loudness, -11.0),
            (Feature::Speechiness, 0.95),
            (Feature::Acousticness, 0.82),
            (Feature::Instrumentalness, 0.0),
            (Feature::Liveness, 0.8),
            (Feature::Valence, 0.4),
            (Feature::Tempo, 90.0),
            (Feature::Duration, 180_000.0),
        ]);
        let answer = model.classify(&stand_up).unwrap();
        assert!(model.is_outside(&answer), "{answer:?}");
        stand_up.set(Feature::Speechiness, Some(0.04));
        stand_up.set(Feature::Acousticness, Some(0.02));
        stand_up.set(Feature::Liveness, Some(0.1));
        let answer = model.classify(&stand_up).unwrap();
        assert!(!model.is_outside(&answer), "{answer:?}");
    }

    #[test]
    fn the_shipped_model_knows_the_eight_genres() {
        let model = Model::eight_genres().unwrap();
        let genres = "classical country electronic hiphop jazz latin pop rock";
        assert_eq!(model.genres().join(" "), genres);
    }
}
