//! What tracks of a genre are usually like.

use std::ops::RangeInclusive;

use crate::{Feature, Features, Model};

/// What tracks of a genre are usually like: counted when the model is trained, among the tracks that it learns from.
#[derive(Clone, Debug, PartialEq)]
pub struct Typical {
    /// A track in the middle of those that the model takes for the genre, one of the genre itself. Its popularity is missing.
    pub track: Features,
    /// In the order of [`Feature::ALL`].
    ranges: [Option<(f32, f32)>; Feature::ALL.len()],
}

impl Typical {
    /// What is usual where the middle of the tracks is like this one, and most lie within these ranges, the lower end first.
    pub fn new(track: Features, ranges: [Option<(f32, f32)>; Feature::ALL.len()]) -> Self {
        Self { track, ranges }
    }

    /// Where eight tenths of the genre's tracks lie along a feature, as many below as above, in the feature's unit; `None` where
    /// that is not known.
    pub fn range(&self, feature: Feature) -> Option<RangeInclusive<f32>> {
        let (low, high) = self.ranges.get(feature as usize).copied().flatten()?;
        Some(low..=high)
    }

    /// How many numbers [`Typical::numbers`] gives.
    pub(crate) const NUMBERS: usize = 3 * Feature::ALL.len();

    /// The track's values, and then the ends of all ranges; no number for what is not known.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = f32> {
        let values = Feature::ALL.map(|feature| self.track.get(feature).unwrap_or(f32::NAN));
        let ranges = self
            .ranges
            .map(|range| range.unwrap_or((f32::NAN, f32::NAN)));
        let ends = ranges.into_iter().flat_map(|(low, high)| [low, high]);
        values.into_iter().chain(ends)
    }

    /// What [`Typical::numbers`] gave. `None` if it is not that.
    pub(crate) fn from_numbers(numbers: &[f32; Self::NUMBERS]) -> Option<Self> {
        let (values, ends) = numbers.split_at(Feature::ALL.len());
        let mut typical = Self {
            track: Features::default(),
            ranges: [None; Feature::ALL.len()],
        };
        let ranges = typical.ranges.iter_mut().zip(ends.chunks_exact(2));
        for ((feature, &value), (range, ends)) in Feature::ALL.into_iter().zip(values).zip(ranges) {
            let known = |number: f32| feature.check(number).ok().flatten();
            if !value.is_nan() {
                typical.track.set(feature, Some(known(value)?));
            }
            if let [low, high] = *ends
                && !(low.is_nan() && high.is_nan())
            {
                *range = Some((known(low)?, known(high)?)).filter(|(low, high)| low <= high);
                (*range)?;
            }
        }
        Some(typical)
    }
}

impl Model {
    /// What tracks of the genre with this index are usually like. `None` if the model does not know: a bare forest does not.
    pub fn typical(&self, genre: usize) -> Option<&Typical> {
        self.quality()?.typical.get(genre)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typical_track_sounds_like_its_genre_and_lies_where_the_genre_usually_does() {
        for model in [Model::eight_genres(), Model::fifteen_genres()] {
            let model = model.unwrap();
            for (genre, name) in model.genres().iter().enumerate() {
                let typical = model.typical(genre).unwrap();
                let answer = model.classify(&typical.track).unwrap();
                assert_eq!(answer.best, genre, "{name}");
                assert!(!model.is_outside(&answer), "{name}");
                assert_eq!(typical.track.get(Feature::Popularity), None);
                for feature in Feature::ALL {
                    let Some(value) = typical.track.get(feature) else {
                        continue;
                    };
                    assert_eq!(feature.check(value), Ok(Some(value)));
                    let range = typical.range(feature).unwrap();
                    assert!(
                        range.contains(&value),
                        "{name}: {feature:?} {value} {range:?}"
                    );
                }
            }
            assert_eq!(model.typical(model.genres().len()), None);
        }
    }
}
