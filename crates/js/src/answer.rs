//! Writes answers: plain objects, as `npm/index.d.ts` declares them.

use js_sys::Array;
use overtone_genre::{Change, Classification, Contributions, Feature, Model, Piece, family};
use wasm_bindgen::prelude::JsValue;

use crate::crossing;
use crate::property::object;

/// What a model says about a track. `genres` are the model's.
pub(crate) fn answer(
    model: &Model,
    genres: &Array,
    found: &Classification,
    coverage: f64,
) -> JsValue {
    let likely = model.likely_genres(found, coverage);
    let likely = likely.map(|genres| genres.into_iter().map(|genre| genre as u32).collect());
    crossing::answer(
        genres,
        found.best,
        found.confidence,
        &found.probabilities,
        likely,
        found.outside,
        model.is_outside(found),
    )
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

/// For each genre the name of its family.
pub(crate) fn families(genres: &[String]) -> JsValue {
    let names: Vec<JsValue> = genres.iter().map(JsValue::from).collect();
    let families = genres.iter().map(|genre| family(genre).into());
    object(names.iter().zip(families))
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
