//! Reads what somebody asks beside a track.

use js_sys::Array;
use overtone_genre::{Feature, Popularity};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;

use crate::crossing::take_properties;
use crate::property::{error, in_parts, kind_of};
use crate::track::no_feature;

const USE_POPULARITY: &str = "usePopularity";
const COVERAGE: &str = "coverage";
const FIXED: &str = "fixed";

/// The options of an answer.
pub(crate) const OF_AN_ANSWER: [&str; 2] = [USE_POPULARITY, COVERAGE];
/// The options of a question about an answer.
pub(crate) const OF_A_QUESTION: [&str; 1] = [USE_POPULARITY];
/// The options of the question what would change an answer.
pub(crate) const OF_A_CHANGE: [&str; 2] = [USE_POPULARITY, FIXED];

/// What was asked.
pub(crate) struct Options {
    pub(crate) popularity: Popularity,
    /// How often the likely genres have to hold the right one, 0 to 1.
    pub(crate) coverage: f64,
    /// The features that must not change.
    pub(crate) fixed: Vec<Feature>,
}

impl Options {
    /// Reads the options that a question has, each of which may be left out, as may all together.
    ///
    /// # Errors
    /// When it is no object, or has another property, or one of another kind.
    pub(crate) fn read(options: &JsValue, known: &[&str]) -> Result<Self, JsValue> {
        let mut read = Self {
            popularity: Popularity::Ignored,
            // What the page says.
            coverage: 0.9,
            fixed: Vec::new(),
        };
        if options.is_undefined() {
            return Ok(read);
        }
        let Some(properties) = take_properties(options)? else {
            return Err(error(format_args!(
                "options are an object, such as {{ usePopularity: true }}, not {}",
                kind_of(options)
            )));
        };
        for property in properties.iter() {
            let property: Array = property.unchecked_into();
            let value = property.get(1);
            let name = property.get(0).as_string().unwrap_or_default();
            if !known.contains(&name.as_str()) {
                let known = known.join(", ");
                return Err(error(format_args!(
                    "there is no option “{name}”; there are {known}"
                )));
            }
            if value.is_undefined() {
                continue;
            }
            match name.as_str() {
                USE_POPULARITY => read.popularity = popularity(&value)?,
                COVERAGE => read.coverage = coverage(&value)?,
                _ => read.fixed = fixed(&value)?,
            }
        }
        Ok(read)
    }
}

fn popularity(value: &JsValue) -> Result<Popularity, JsValue> {
    let used = value.as_bool().map(Popularity::used_if);
    used.ok_or_else(|| {
        error(format_args!(
            "{USE_POPULARITY} is true or false, not {}",
            kind_of(value)
        ))
    })
}

fn coverage(value: &JsValue) -> Result<f64, JsValue> {
    let number = value.as_f64();
    number
        .filter(|number| (0.0..=1.0).contains(number))
        .ok_or_else(|| error(format_args!("{COVERAGE} is a number from 0 to 1")))
}

fn fixed(value: &JsValue) -> Result<Vec<Feature>, JsValue> {
    let mut fixed = Vec::new();
    let is_array = in_parts(value, |names| {
        for name in names.iter() {
            fixed.push(feature(&name)?);
        }
        Ok(())
    })?;
    if is_array {
        return Ok(fixed);
    }
    Err(error(format_args!(
        "{FIXED} is an array of features' names, not {}",
        kind_of(value)
    )))
}

/// The feature of a name.
///
/// # Errors
/// When there is none.
pub(crate) fn feature(name: &JsValue) -> Result<Feature, JsValue> {
    let Some(name) = name.as_string() else {
        return Err(error(format_args!(
            "a feature is named by a string, not by {}",
            kind_of(name)
        )));
    };
    Feature::from_name(&name).ok_or_else(|| no_feature(&name))
}
