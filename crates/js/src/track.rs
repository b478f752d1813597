//! Reads a track: an object whose properties are features.

use js_sys::Reflect;
use overtone_genre::{Feature, Features};
use wasm_bindgen::prelude::JsValue;

use crate::property::{error, kind_of, own_names};

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
    /// The features with their names, which cross to JavaScript once.
    names: [(Feature, JsValue); Feature::ALL.len()],
}

impl TrackReader {
    pub(crate) fn new() -> Self {
        Self {
            names: Feature::ALL.map(|feature| (feature, feature.name().into())),
        }
    }

    /// The features of a track. `undefined` and `null` are missing.
    ///
    /// # Errors
    /// When it is no object, has a property that is no feature, or a feature that is no number in its range.
    pub(crate) fn read(&self, track: &JsValue) -> Result<Features, JsValue> {
        if !track.is_object() || js_sys::Array::is_array(track) {
            return Err(error(format_args!(
                "a track is an object of features, such as {{ energy: 0.5 }}, not {}",
                kind_of(track)
            )));
        }
        let mut features = Features::default();
        let mut understood = 0;
        for (feature, name) in &self.names {
            let value = Reflect::get(track, name)?;
            if value.is_undefined() {
                continue;
            }
            understood += 1;
            if !value.is_null() {
                features.set(*feature, number(*feature, &value)?);
            }
        }
        let names = own_names(track)?;
        // To look at names takes as long as all else, and most tracks have none but features.
        if names.length() > understood {
            for name in names.iter().filter_map(|name| name.as_string()) {
                if Feature::from_name(&name).is_none() && !BESIDE_FEATURES.contains(&name.as_str())
                {
                    return Err(no_feature(&name));
                }
            }
        }
        Ok(features)
    }
}

/// The value of a feature; `None` for numbers that mark a missing one.
fn number(feature: Feature, value: &JsValue) -> Result<Option<f32>, JsValue> {
    let name = feature.name();
    let Some(number) = value.as_f64() else {
        let kind = kind_of(value);
        return Err(error(format_args!("{name} is a number, not {kind}")));
    };
    if number.is_nan() {
        return Err(error(format_args!(
            "{name} is NaN; a feature that is not known is left out, undefined or null"
        )));
    }
    let checked = feature.check(number as f32);
    checked.map_err(|problem| error(format_args!("{problem}, but is {number}")))
}

/// The error about a name that no feature has.
pub(crate) fn no_feature(name: &str) -> JsValue {
    let names = Feature::ALL.map(Feature::name).join(", ");
    error(format_args!(
        "there is no feature “{name}”; there are {names}"
    ))
}
