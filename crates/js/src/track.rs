//! Reads a track: an object whose properties are features.

use js_sys::{Map, Number};
use overtone_genre::{Feature, Features};
use wasm_bindgen::prelude::JsValue;

use crate::crossing::take_numbers;
use crate::property::{error, kind_of};

/// What Spotify's "Get Track's Audio Features" gives beside the features, so that its object can be given as it is.
const BESIDE_FEATURES: [&str; 8] = [
    "analysis_url",
    "id",
    "key",
    "mode",
    "time_signature",
    "track_href",
    "type",
    "uri",
];

/// Reads tracks.
pub(crate) struct TrackReader {
    /// For the name of each feature its place in [`Feature::ALL`], and -1 for what may stand beside them.
    places: Map,
}

impl TrackReader {
    pub(crate) fn new() -> Self {
        let places = Map::new();
        for feature in Feature::ALL {
            places.set(&feature.name().into(), &(feature as u32).into());
        }
        for name in BESIDE_FEATURES {
            places.set(&name.into(), &(-1).into());
        }
        Self { places }
    }

    /// The features of a track. `undefined` and `null` are missing.
    ///
    /// # Errors
    /// When it is no object, has a property that is no feature, or a feature that is no number in its range.
    pub(crate) fn read(&self, track: &JsValue) -> Result<Features, JsValue> {
        let mut values = [f64::NAN; Feature::ALL.len()];
        if let Some(trouble) = take_numbers(track, &self.places, &mut values)? {
            let Some(name) = trouble.get(0).as_string() else {
                return Err(error(format_args!(
                    "a track is an object of features, such as {{ energy: 0.5 }}, not {}",
                    kind_of(track)
                )));
            };
            return Err(match Feature::from_name(&name) {
                Some(feature) => no_number(feature, &trouble.get(1)),
                None => no_feature(&name),
            });
        }
        let mut features = Features::default();
        for (feature, number) in Feature::ALL.into_iter().zip(values) {
            if !number.is_nan() {
                let checked = feature.check(number as f32).map_err(|problem| {
                    let number = shown(number);
                    error(format_args!("{problem}, but is {number}"))
                })?;
                features.set(feature, checked);
            }
        }
        Ok(features)
    }
}

/// A number as JavaScript writes it: `Infinity`, `1e+300`.
fn shown(number: f64) -> String {
    let text = Number::from(number).to_string_with_radix(10);
    text.map(String::from).unwrap_or_default()
}

/// The error about a value that is no number.
fn no_number(feature: Feature, value: &JsValue) -> JsValue {
    let name = feature.name();
    if value.as_f64().is_some() {
        return error(format_args!(
            "{name} is NaN; a feature that is not known is left out, undefined or null"
        ));
    }
    error(format_args!("{name} is a number, not {}", kind_of(value)))
}

/// The error about a name that no feature has.
pub(crate) fn no_feature(name: &str) -> JsValue {
    let names = Feature::ALL.map(Feature::name).join(", ");
    error(format_args!(
        "there is no feature “{name}”; there are {names}"
    ))
}
