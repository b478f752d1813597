//! Why a model answers as it does, and what would change its answer.

use overtone_forest::{Node, QuestionError};

use crate::model::{MINIMUM_FEATURES, Model};
use crate::{ClassifyError, Feature, Features};

/// Why a question about a track has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// The track has no answer that could be explained.
    #[error(transparent)]
    Classify(#[from] ClassifyError),
    /// The model does not have the feature.
    #[error("the model does not have {feature}", feature = .feature.name())]
    NoSuchFeature {
        /// The feature.
        feature: Feature,
    },
    /// The forest does not take the question.
    #[error(transparent)]
    Question(#[from] QuestionError),
}

/// How the probability of one genre comes about for one track.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// The genre's probability for a track of which nothing is known, 0 to 1.
    pub base: f64,
    /// What each feature that the model has adds to that, -1 to 1, in the order of the model: 0 where it does not
    /// [use](Model::uses) it. A missing feature has a contribution too. `base` and these make the probability that [`Model::classify`] gives, but for rounding
    /// (below 10⁻¹²).
    pub features: Vec<(Feature, f64)>,
}

/// A range of a feature's values with one probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// The values are greater than this, in the feature's unit, or minus infinity.
    pub above: f32,
    /// The values are at most this, in the feature's unit, or infinity.
    pub up_to: f32,
    /// The genre's probability, 0 to 1.
    pub probability: f64,
}

/// A new value of one feature that makes a genre the most probable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The feature to change.
    pub feature: Feature,
    /// Its new value, in the feature's unit: of those that would do, the nearest to the old one.
    pub value: f32,
    /// The genre's probability after the change, 0 to 1.
    pub probability: f64,
}

impl Model {
    /// What each feature contributes to the probability of the genre with this index: exact Shapley values, path-dependent
    /// as in TreeSHAP (Lundberg et al. 2020), of the probability itself (see [`overtone_forest::Forest::contributions`]).
    ///
    /// # Errors
    /// When the track has too few features for an answer, or there is no such genre.
    pub fn contributions(
        &self,
        features: &Features,
        genre: usize,
    ) -> Result<Contributions, ExplainError> {
        let found = self.forest.contributions(&self.row(features)?, genre)?;
        let inputs = self.engine.inputs.iter().copied();
        Ok(Contributions {
            base: found.base,
            features: inputs.zip(found.features).collect(),
        })
    }

    /// The probability of the genre with this index for every value that one feature can have, from the lowest to the highest,
    /// all other features as they are. Neighbouring pieces differ, and each begins where the one before ends.
    ///
    /// # Errors
    /// When the track has too few features for an answer, the model does not have this one, or there is no such genre.
    pub fn curve(
        &self,
        features: &Features,
        feature: Feature,
        genre: usize,
    ) -> Result<Vec<Piece>, ExplainError> {
        let row = self.row(features)?;
        let curve = self.forest.curve(&row, self.input(feature)?, genre)?;
        let range = feature.range();
        let pieces = curve
            .pieces
            .into_iter()
            .filter(|piece| piece.up_to >= *range.start() && piece.above < *range.end());
        let pieces = pieces.map(|piece| Piece {
            above: piece.above,
            up_to: piece.up_to,
            probability: piece.probability,
        });
        Ok(pieces.collect())
    }

    /// The smallest change of one feature that makes the genre with this index the most probable one; `None` if it is
    /// that already, or no change of one feature does it.
    ///
    /// How large a change is, is told by the share of the feature's cuts that it passes by. `fixed` lists the features that must
    /// not change. No value is outside its feature's range.
    ///
    /// # Errors
    /// When the track has too few features for an answer, or there is no such genre.
    pub fn smallest_change(
        &self,
        features: &Features,
        genre: usize,
        fixed: &[Feature],
    ) -> Result<Option<Change>, ExplainError> {
        let row = self.row(features)?;
        let inputs = self.engine.inputs.iter().enumerate();
        // The forest may have a cut beyond all values, to ask whether there is one.
        let free: Vec<_> = inputs
            .filter(|(_, feature)| !fixed.contains(feature))
            .map(|(input, feature)| (input, feature.range()))
            .collect();
        let found = self.forest.smallest_change(&row, genre, &free)?;
        // Nothing is to change if it is the most probable already.
        Ok(found.and_then(|found| {
            let setting = found.settings.first()?;
            Some(Change {
                feature: *self.engine.inputs.get(setting.feature)?,
                value: setting.value,
                probability: found.probability,
            })
        }))
    }

    /// The forest's row for a track that has enough features for an answer.
    fn row(&self, features: &Features) -> Result<Vec<f32>, ClassifyError> {
        let found = features.audio_count();
        if found < MINIMUM_FEATURES {
            return Err(ClassifyError::TooFewFeatures { found });
        }
        Ok(self.engine.row(features).collect())
    }

    /// Whether a feature can change this model's answers: whether some tree compares it. A model may have features that it
    /// does not use.
    pub fn uses(&self, feature: Feature) -> bool {
        let Ok(input) = self.input(feature) else {
            return false;
        };
        let compares = |node: &Node| match node {
            Node::Split { feature, .. } => usize::from(*feature) == input,
            Node::Leaf { .. } => false,
        };
        let trees = self.forest.trees();
        trees.iter().any(|tree| tree.nodes.iter().any(compares))
    }

    /// The forest's index of a feature.
    fn input(&self, feature: Feature) -> Result<usize, ExplainError> {
        let index = self
            .engine
            .inputs
            .iter()
            .position(|&input| input == feature);
        index.ok_or(ExplainError::NoSuchFeature { feature })
    }
}

#[cfg(test)]
mod tests {
    use overtone_forest::{Forest, SHARES, Tree};

    use super::*;

    /// A song that could be several things, of which the popularity is not known.
    fn song() -> Features {
        Features::from([
            (Feature::Danceability, 0.62),
            (Feature::Energy, 0.58),
            (Feature::Loudness, -8.0),
            (Feature::Speechiness, 0.05),
            (Feature::Acousticness, 0.3),
            (Feature::Instrumentalness, 0.0),
            (Feature::Liveness, 0.12),
            (Feature::Valence, 0.5),
            (Feature::Tempo, 116.0),
            (Feature::Duration, 213_000.0),
        ])
    }

    /// A song that is jazz where it is well known, and where no track can be: below no popularity at all.
    fn unpopular_song() -> Features {
        Features::from([
            (Feature::Danceability, 0.383),
            (Feature::Energy, 0.127),
            (Feature::Loudness, -6.64),
            (Feature::Speechiness, 0.0576),
            (Feature::Acousticness, 0.153),
            (Feature::Instrumentalness, 0.117),
            (Feature::Liveness, 0.285),
            (Feature::Valence, 0.682),
            (Feature::Tempo, 122.26),
            (Feature::Duration, 230_437.0),
        ])
    }

    #[test]
    fn the_smallest_change_is_found_where_a_track_can_have_it() {
        let model = Model::eight_genres().unwrap();
        let popularity = Feature::Popularity;
        let others: Vec<Feature> = Feature::ALL
            .into_iter()
            .filter(|&feature| feature != popularity)
            .collect();
        // A value on each side of each cut, as far as a track can have it.
        let input = model.input(popularity).unwrap();
        let cuts = model.forest.features()[input].cuts.iter();
        let mut values: Vec<f32> = cuts.flat_map(|&cut| [cut, cut.next_up()]).collect();
        values.retain(|value| popularity.range().contains(value));
        let best = |track: &Features, value: f32| {
            let mut changed = *track;
            changed.set(popularity, Some(value));
            model.classify(&changed).unwrap().best
        };
        let (mut found, mut not) = (0, 0);
        for track in [song(), unpopular_song()] {
            for own in [0.0, 5.0, 16.0, 50.0] {
                let now = best(&track, own);
                let mut track = track;
                track.set(popularity, Some(own));
                for genre in (0..model.genres().len()).filter(|&genre| genre != now) {
                    let does_it = values.iter().any(|&value| best(&track, value) == genre);
                    let change = model.smallest_change(&track, genre, &others).unwrap();
                    assert_eq!(change.is_some(), does_it, "{own}, {genre}");
                    match change {
                        Some(change) => {
                            assert!(values.contains(&change.value));
                            assert_eq!(best(&track, change.value), genre);
                            found += 1;
                        }
                        None => not += 1,
                    }
                }
                let curve = model.curve(&track, popularity, now).unwrap();
                let least = *popularity.range().start();
                assert!(curve.iter().all(|piece| piece.up_to >= least));
            }
        }
        assert!(found > 0 && not > 0);
    }

    #[test]
    fn contributions_add_up_to_the_probability() {
        let model = Model::eight_genres().unwrap();
        let answer = model.classify(&song()).unwrap();
        for (genre, probability) in answer.probabilities.iter().enumerate() {
            let found = model.contributions(&song(), genre).unwrap();
            let sum: f64 = found.features.iter().map(|(_, amount)| amount).sum();
            assert!((found.base + sum - probability).abs() < 1e-12);
            assert!(found.features.iter().any(|(_, amount)| *amount != 0.0));
        }
    }

    #[test]
    fn a_curve_passes_through_the_answer() {
        let model = Model::eight_genres().unwrap();
        for genre in 0..model.genres().len() {
            let pieces = model.curve(&song(), Feature::Energy, genre).unwrap();
            for value in [0.0, 0.31, 0.58, 0.9, 1.0] {
                let mut changed = song();
                changed.set(Feature::Energy, Some(value));
                let answer = model.classify(&changed).unwrap();
                let piece = pieces
                    .iter()
                    .find(|piece| value > piece.above && value <= piece.up_to)
                    .unwrap();
                assert_eq!(piece.probability, answer.probabilities[genre]);
            }
        }
    }

    #[test]
    fn what_a_model_does_not_use_changes_none_of_its_answers() {
        let (eight, fifteen) = (
            Model::eight_genres().unwrap(),
            Model::fifteen_genres().unwrap(),
        );
        assert!(Feature::ALL.into_iter().all(|feature| eight.uses(feature)));
        for feature in Feature::ALL
            .into_iter()
            .filter(|&feature| !fifteen.uses(feature))
        {
            let range = feature.range();
            let with = |value: f32| {
                let mut track = song();
                track.set(feature, Some(value));
                fifteen.classify(&track).unwrap().probabilities
            };
            assert_eq!(with(*range.start()), with(*range.end()), "{feature:?}");
        }
        assert!(!fifteen.uses(Feature::Popularity));
        let curve = fifteen.curve(&song(), Feature::Popularity, 0).unwrap();
        assert_eq!(curve.len(), 1);
        let found = fifteen.contributions(&song(), 0).unwrap();
        assert!(found.features.contains(&(Feature::Popularity, 0.0)));
    }

    #[test]
    fn the_smallest_change_makes_the_genre_the_answer() {
        let model = Model::eight_genres().unwrap();
        let now = model.classify(&song()).unwrap().best;
        let mut reached = 0;
        for genre in 0..model.genres().len() {
            let change = model
                .smallest_change(&song(), genre, &[Feature::Popularity])
                .unwrap();
            if let Some(change) = change {
                let mut changed = song();
                changed.set(change.feature, Some(change.value));
                let answer = model.classify(&changed).unwrap();
                assert_ne!(change.feature, Feature::Popularity);
                assert_eq!(answer.best, genre);
                assert_eq!(answer.confidence, change.probability);
                reached += 1;
            }
        }
        assert!(reached > 0);
        assert_eq!(model.smallest_change(&song(), now, &[]), Ok(None));
    }

    #[test]
    fn a_feature_that_a_model_does_not_have_is_named() {
        let energy = overtone_forest::Feature {
            name: "energy".into(),
            cuts: vec![0.5],
        };
        let leaf = Node::Leaf { output: 0 };
        let tree = Tree { nodes: vec![leaf] };
        let classes = vec!["loud".into()];
        let distributions = vec![vec![SHARES]];
        let forest = Forest::new(vec![energy], classes, distributions, vec![tree]).unwrap();
        let model = Model::read(&forest.write()).unwrap();
        assert!(model.curve(&song(), Feature::Energy, 0).is_ok());
        let error = model.curve(&song(), Feature::Tempo, 0).unwrap_err();
        assert_eq!(error.to_string(), "the model does not have tempo");
    }

    #[test]
    fn questions_without_an_answer_are_errors() {
        let model = Model::eight_genres().unwrap();
        let empty = Features::default();
        let too_few = ExplainError::Classify(ClassifyError::TooFewFeatures { found: 0 });
        assert_eq!(model.contributions(&empty, 0), Err(too_few));
        assert!(matches!(
            model.curve(&song(), Feature::Energy, 99),
            Err(ExplainError::Question(_))
        ));
    }
}
