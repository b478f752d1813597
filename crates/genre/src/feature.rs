//! The audio features of a track: names, units, ranges.

use std::fmt;
use std::ops::RangeInclusive;

/// What Spotify's Web API says about the sound of a track, and two things beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// How suitable for dancing, 0 to 1.
    Danceability,
    /// Intensity and activity, 0 to 1.
    Energy,
    /// Loudness over the whole track in dBFS, about -60 to 0, a few above.
    Loudness,
    /// Presence of spoken words, 0 to 1.
    Speechiness,
    /// Confidence that the track is acoustic, 0 to 1.
    Acousticness,
    /// Likelihood that there are no vocals, 0 to 1.
    Instrumentalness,
    /// Likelihood of an audience, 0 to 1.
    Liveness,
    /// Musical positiveness, 0 to 1.
    Valence,
    /// Tempo in beats per minute; 0 stands for unknown.
    Tempo,
    /// Length in milliseconds.
    Duration,
    /// Popularity on the day of the export, 0 to 100.
    Popularity,
}

impl Feature {
    /// Every feature, those of the sound first.
    pub const ALL: [Feature; 11] = [
        Feature::Danceability,
        Feature::Energy,
        Feature::Loudness,
        Feature::Speechiness,
        Feature::Acousticness,
        Feature::Instrumentalness,
        Feature::Liveness,
        Feature::Valence,
        Feature::Tempo,
        Feature::Duration,
        Feature::Popularity,
    ];

    /// The feature's name in models, in the training data and in Spotify's Web API.
    pub const fn name(self) -> &'static str {
        match self {
            Feature::Danceability => "danceability",
            Feature::Energy => "energy",
            Feature::Loudness => "loudness",
            Feature::Speechiness => "speechiness",
            Feature::Acousticness => "acousticness",
            Feature::Instrumentalness => "instrumentalness",
            Feature::Liveness => "liveness",
            Feature::Valence => "valence",
            Feature::Tempo => "tempo",
            Feature::Duration => "duration_ms",
            Feature::Popularity => "popularity",
        }
    }

    /// The feature with a [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Feature> {
        Self::ALL.into_iter().find(|feature| feature.name() == name)
    }

    /// The feature's unit, empty for a ratio.
    pub const fn unit(self) -> &'static str {
        match self {
            Feature::Loudness => "dB",
            Feature::Tempo => "BPM",
            Feature::Duration => "ms",
            _ => "",
        }
    }

    /// Whether the feature is heard: the nine audio features are, length and popularity are not.
    pub const fn is_audio(self) -> bool {
        !matches!(self, Feature::Duration | Feature::Popularity)
    }

    /// Whether the feature runs from 0 to 1, which some tools write as a percentage.
    pub const fn is_ratio(self) -> bool {
        !matches!(
            self,
            Feature::Loudness | Feature::Tempo | Feature::Duration | Feature::Popularity
        )
    }

    /// The values that can be meant, in the feature's unit. What lies outside was measured in another unit or is
    /// a mistake.
    pub const fn range(self) -> RangeInclusive<f32> {
        match self {
            Feature::Loudness => -80.0..=10.0,
            Feature::Tempo => 20.0..=300.0,
            Feature::Duration => 1_000.0..=86_400_000.0,
            Feature::Popularity => 0.0..=100.0,
            _ => 0.0..=1.0,
        }
    }

    /// What a number in a table stands for: a value, or `None` for the numbers that mark a missing one (tempo 0,
    /// length 0 or -1).
    ///
    /// # Errors
    /// When the number is outside [`range`](Self::range).
    pub fn check(self, number: f32) -> Result<Option<f32>, OutOfRange> {
        let marks_missing = match self {
            Feature::Tempo => number == 0.0,
            Feature::Duration => number == 0.0 || number == -1.0,
            _ => false,
        };
        if marks_missing {
            Ok(None)
        } else if self.range().contains(&number) {
            Ok(Some(number))
        } else {
            Err(OutOfRange { feature: self })
        }
    }
}

/// Whether a model is told how popular a track is.
///
/// Popularity says more about how somebody collected the tracks that a model has learned from than about their sound,
/// and on other people's collections it misleads: see `docs/decisions.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Popularity {
    /// It counts as missing.
    #[default]
    Ignored,
    /// It is told where it is known.
    Used,
}

impl Popularity {
    /// Used or ignored, as somebody has chosen.
    pub fn used_if(used: bool) -> Self {
        if used { Self::Used } else { Self::Ignored }
    }
}

/// A number that a feature cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    /// The feature.
    pub feature: Feature,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = self.feature.range();
        let unit = self.feature.unit();
        write!(
            formatter,
            "{} lies between {} and {}{}{unit}",
            // The unit stands behind the numbers.
            self.feature.name().trim_end_matches("_ms"),
            range.start(),
            range.end(),
            if unit.is_empty() { "" } else { " " },
        )
    }
}

impl std::error::Error for OutOfRange {}

/// The features of one track, each of which may be missing. Missing is not zero.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    /// In the order of [`Feature::ALL`]; NaN marks a missing value, as the forest takes it.
    values: [f32; Feature::ALL.len()],
}

/// Missing is missing, though no number is equal to none.
impl PartialEq for Features {
    fn eq(&self, other: &Self) -> bool {
        let mut features = Feature::ALL.into_iter();
        features.all(|feature| self.get(feature) == other.get(feature))
    }
}

impl Default for Features {
    /// All features missing.
    fn default() -> Self {
        Self {
            values: [f32::NAN; Feature::ALL.len()],
        }
    }
}

/// What is not named is missing.
impl<const N: usize> From<[(Feature, f32); N]> for Features {
    fn from(values: [(Feature, f32); N]) -> Self {
        let mut features = Self::default();
        for (feature, value) in values {
            features.set(feature, Some(value));
        }
        features
    }
}

impl Features {
    /// The value of a feature, in its own unit.
    pub fn get(&self, feature: Feature) -> Option<f32> {
        let value = self.values.get(feature as usize).copied()?;
        (!value.is_nan()).then_some(value)
    }

    /// Sets a feature, in its own unit; NaN and `None` make it missing.
    pub fn set(&mut self, feature: Feature, value: Option<f32>) {
        if let Some(place) = self.values.get_mut(feature as usize) {
            *place = value.unwrap_or(f32::NAN);
        }
    }

    /// The same features, with or without popularity.
    pub fn with(mut self, popularity: Popularity) -> Self {
        if popularity == Popularity::Ignored {
            self.set(Feature::Popularity, None);
        }
        self
    }

    /// How many of the nine audio features are there.
    pub fn audio_count(&self) -> usize {
        Feature::ALL
            .into_iter()
            .filter(|feature| feature.is_audio() && self.get(*feature).is_some())
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_its_own_place_and_name() {
        for (index, feature) in Feature::ALL.into_iter().enumerate() {
            assert_eq!(feature as usize, index);
            assert_eq!(Feature::from_name(feature.name()), Some(feature));
        }
        assert_eq!(Feature::from_name("genre"), None);
    }

    #[test]
    fn missing_is_not_zero() {
        let mut features = Features::default();
        assert_eq!(features.get(Feature::Energy), None);
        features.set(Feature::Energy, Some(0.0));
        features.set(Feature::Duration, Some(200_000.0));
        assert_eq!(features.get(Feature::Energy), Some(0.0));
        assert_eq!(features.audio_count(), 1);
        features.set(Feature::Energy, None);
        assert_eq!(features.get(Feature::Energy), None);
    }

    #[test]
    fn popularity_can_be_left_out() {
        let mut features = Features::default();
        features.set(Feature::Popularity, Some(60.0));
        features.set(Feature::Energy, Some(0.5));
        let with = features.with(Popularity::Used);
        assert_eq!(with.get(Feature::Popularity), Some(60.0));
        let without = features.with(Popularity::Ignored);
        assert_eq!(without.get(Feature::Popularity), None);
        assert_eq!(without.get(Feature::Energy), Some(0.5));
    }

    #[test]
    fn numbers_that_mark_a_missing_value() {
        assert_eq!(Feature::Tempo.check(0.0), Ok(None));
        assert_eq!(Feature::Duration.check(-1.0), Ok(None));
        assert_eq!(Feature::Energy.check(0.0), Ok(Some(0.0)));
    }

    #[test]
    fn percentages_are_no_ratios() {
        let error = Feature::Danceability.check(75.0).unwrap_err();
        assert_eq!(error.to_string(), "danceability lies between 0 and 1");
        let error = Feature::Loudness.check(75.0).unwrap_err();
        assert_eq!(error.to_string(), "loudness lies between -80 and 10 dB");
    }
}
