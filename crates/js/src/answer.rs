//! Writes answers: plain objects, as `npm/index.d.ts` declares them.

use js_sys::Array;
use overtone_genre::{Change, Classification, Contributions, Feature, Model, Piece};
use wasm_bindgen::prelude::JsValue;

use crate::property::object;

/// Writes what a model says about tracks.
pub(crate) struct AnswerWriter {
    /// The genres' names, which cross to JavaScript once.
    genres: Vec<JsValue>,
    /// The properties' names, in the order in which they are written.
    names: [JsValue; 6],
}

impl AnswerWriter {
    pub(crate) fn new(model: &Model) -> Self {
        let names = [
            "genre",
            "confidence",
            "probabilities",
            "likelyGenres",
            "noneOfThese",
            "isNoneOfThese",
        ];
        Self {
            genres: model.genres().iter().map(JsValue::from).collect(),
            names: names.map(JsValue::from),
        }
    }

    pub(crate) fn write(&self, model: &Model, found: &Classification, coverage: f64) -> JsValue {
        let probabilities = found.probabilities.iter().map(|&number| number.into());
        let likely = model.likely_genres(found, coverage).map(|genres| {
            let names = genres.into_iter().map(|genre| self.genre(genre));
            names.collect::<Array>().into()
        });
        let values = [
            self.genre(found.best),
            found.confidence.into(),
            object(self.genres.iter().zip(probabilities)),
            likely.unwrap_or(JsValue::NULL),
            found.outside.map_or(JsValue::NULL, JsValue::from),
            model.is_outside(found).into(),
        ];
        object(self.names.iter().zip(values))
    }

    fn genre(&self, index: usize) -> JsValue {
        self.genres.get(index).cloned().unwrap_or(JsValue::NULL)
    }
}

/// What there is to know about a feature.
pub(crate) fn feature(model: &Model, feature: Feature) -> JsValue {
    let (low, high) = feature.range().into_inner();
    named([
        ("name", feature.name().into()),
        ("unit", feature.unit().into()),
        ("min", low.into()),
        ("max", high.into()),
        ("isAudio", feature.is_audio().into()),
        ("isUsed", model.uses(feature).into()),
    ])
}

/// How a probability comes about.
pub(crate) fn contributions(found: &Contributions) -> JsValue {
    let features: Vec<(JsValue, f64)> = found
        .features
        .iter()
        .map(|&(feature, share)| (feature.name().into(), share))
        .collect();
    let features = features.iter().map(|(name, share)| (name, (*share).into()));
    named([("base", found.base.into()), ("features", object(features))])
}

/// A piece of a curve.
pub(crate) fn piece(piece: &Piece) -> JsValue {
    named([
        ("above", piece.above.into()),
        ("upTo", piece.up_to.into()),
        ("probability", piece.probability.into()),
    ])
}

/// A way to another genre.
pub(crate) fn change(change: &Change) -> JsValue {
    named([
        ("feature", change.feature.name().into()),
        ("value", change.value.into()),
        ("probability", change.probability.into()),
    ])
}

/// A plain object of these properties.
fn named<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let properties = properties.map(|(name, value)| (JsValue::from(name), value));
    let borrowed = properties.iter().map(|(name, value)| (name, value.clone()));
    object(borrowed)
}
