//! What tracks of a genre are usually like.

use std::ops::RangeInclusive;

use crate::{Feature, Features, Model, Piece};

/// How often the search for a typical track goes through all features.
const ROUNDS: usize = 2;

/// How many tracks are looked at on the way from the most extreme one to the middle.
const STEPS: u8 = 10;

/// What a track of a genre is usually like, as far as the model tells: it is found by asking the model, not by counting
/// tracks.
#[derive(Clone, Debug, PartialEq)]
pub struct Typical {
    /// A track that the model takes for one of the genre. Its popularity is missing.
    pub track: Features,
    /// In the order of [`Feature::ALL`].
    ranges: [Option<(f32, f32)>; Feature::ALL.len()],
}

impl Typical {
    /// Where the genre usually lies along a feature, in the feature's unit; `None` where that is not known.
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
    /// What a track of the genre with this index is usually like: what the model ships with, or else what
    /// [`Model::find_typical`] finds.
    pub fn typical(&self, genre: usize) -> Typical {
        let known = self
            .quality()
            .and_then(|quality| quality.typical.get(genre));
        known.cloned().unwrap_or_else(|| self.find_typical(genre))
    }

    /// Finds what a track of the genre with this index is usually like, by asking about some thirty curves.
    pub fn find_typical(&self, genre: usize) -> Typical {
        let mut track = Features::default();
        for (&input, cuts) in self.described() {
            track.set(input, cuts.get(cuts.len() / 2).copied());
        }
        let middle = track;
        for _ in 0..ROUNDS {
            for (&input, cuts) in self.described() {
                let pieces = self.curve(&track, input, genre).unwrap_or_default();
                track.set(input, best_value(&pieces, cuts).or(track.get(input)));
            }
        }
        let track = self.less_extreme(genre, &middle, track);
        let mut ranges = [None; Feature::ALL.len()];
        for (&input, cuts) in self.described() {
            let pieces = self.curve(&track, input, genre).unwrap_or_default();
            if let Some(place) = ranges.get_mut(input as usize) {
                *place = likely_range(&pieces, cuts);
            }
        }
        Typical { track, ranges }
    }

    /// The nearest track on the way from `track` to `middle` that the model takes for one of the genre and not for an
    /// outsider; `track` if there is none. What is most like a genre in every way at once is like no track there is.
    fn less_extreme(&self, genre: usize, middle: &Features, track: Features) -> Features {
        let on_the_way = |step: u8| {
            let share = f32::from(step) / f32::from(STEPS);
            let mut between = track;
            for (&input, _) in self.described() {
                let ends = track.get(input).zip(middle.get(input));
                between.set(input, ends.map(|(from, to)| from + (to - from) * share));
            }
            between
        };
        let threshold = self
            .quality()
            .map(|quality| f64::from(quality.outside_threshold));
        let is_typical = |track: &Features| {
            let Ok(answer) = self.classify(track) else {
                return false;
            };
            // With some room, as values are rounded before they are shown.
            let is_inside = |(outside, threshold): (f64, f64)| outside < threshold * 0.85;
            answer.best == genre && answer.outside.zip(threshold).is_none_or(is_inside)
        };
        let mut candidates = (0..STEPS).map(on_the_way);
        candidates.find(is_typical).unwrap_or(track)
    }

    /// The features that describe a track, each with its cuts, which are quantiles of the training tracks.
    fn described(&self) -> impl Iterator<Item = (&Feature, &[f32])> {
        let cuts = self
            .forest
            .features()
            .iter()
            .map(|input| input.cuts.as_slice());
        let inputs = self.engine.inputs.iter().zip(cuts);
        inputs.filter(|(input, cuts)| **input != Feature::Popularity && !cuts.is_empty())
    }
}

/// What lies between a feature's cuts but for a tenth of them at the ends: where all but about a tenth of the training tracks lie.
fn usual(cuts: &[f32]) -> Option<(f32, f32)> {
    let margin = cuts.len() / 20;
    Some((*cuts.get(margin)?, *cuts.get(cuts.len() - 1 - margin)?))
}

/// Of the pieces among usual values the middle of the most probable one.
fn best_value(pieces: &[Piece], cuts: &[f32]) -> Option<f32> {
    let (lowest, highest) = usual(cuts)?;
    let mut best: Option<(f64, f32)> = None;
    for piece in pieces {
        let (low, high) = (piece.above.max(lowest), piece.up_to.min(highest));
        if low <= high && best.is_none_or(|(probability, _)| piece.probability > probability) {
            best = Some((piece.probability, (low + high) / 2.0));
        }
    }
    best.map(|(_, value)| value)
}

/// From the first to the last of the usual values at which the genre is at least four fifths as probable as at the best one.
fn likely_range(pieces: &[Piece], cuts: &[f32]) -> Option<(f32, f32)> {
    let (lowest, highest) = usual(cuts)?;
    let among_usual = |piece: &&Piece| piece.above < highest && piece.up_to > lowest;
    let pieces: Vec<&Piece> = pieces.iter().filter(among_usual).collect();
    let most = pieces
        .iter()
        .map(|piece| piece.probability)
        .fold(0.0, f64::max);
    let mut likely = pieces
        .iter()
        .filter(|piece| piece.probability >= most * 0.8);
    let first = likely.next()?;
    let last = likely.next_back().unwrap_or(first);
    Some((first.above.max(lowest), last.up_to.min(highest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typical_track_sounds_like_its_genre() {
        let model = Model::eight_genres().unwrap();
        for genre in 0..model.genres().len() {
            let typical = model.typical(genre);
            assert_eq!(typical, model.find_typical(genre));
            let answer = model.classify(&typical.track).unwrap();
            assert_eq!(answer.best, genre, "{}", model.genres()[genre]);
            assert!(!model.is_outside(&answer), "{}", model.genres()[genre]);
            assert_eq!(typical.track.get(Feature::Popularity), None);
            for feature in Feature::ALL {
                let Some(value) = typical.track.get(feature) else {
                    continue;
                };
                assert_eq!(feature.check(value), Ok(Some(value)));
                assert!(typical.range(feature).is_some(), "{feature:?}");
            }
        }
    }
}
