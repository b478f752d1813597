//! Plain objects and lists, and the errors that are thrown about them.

use std::fmt::Display;

use js_sys::{Array, Error, Object, Reflect};
use wasm_bindgen::prelude::JsValue;

use crate::crossing::{is_array, take_part};

/// How many elements of a list are taken together. What WebAssembly takes of memory it never gives back, so a list of any length
/// goes through a little of it.
const TAKEN_TOGETHER: u32 = 1024;

/// A JavaScript error that says this.
pub(crate) fn error(sentence: impl Display) -> JsValue {
    Error::new(&sentence.to_string()).into()
}

/// What a value is, in words: "a string", "null".
pub(crate) fn kind_of(value: &JsValue) -> String {
    if value.is_null() {
        return "null".to_owned();
    }
    if value.is_undefined() {
        return "undefined".to_owned();
    }
    if is_array(value) {
        return "an array".to_owned();
    }
    let kind = value.js_typeof().as_string().unwrap_or_default();
    let article = if kind == "object" { "an" } else { "a" };
    format!("{article} {kind}")
}

/// Gives `take` all elements of a list, some at a time. False if it is no array.
///
/// # Errors
/// What the list itself or `take` throws.
pub(crate) fn in_parts(
    list: &JsValue,
    mut take: impl FnMut(&Array) -> Result<(), JsValue>,
) -> Result<bool, JsValue> {
    let mut from: u32 = 0;
    while let Some(part) = take_part(list, from, TAKEN_TOGETHER)? {
        if part.length() == 0 {
            return Ok(true);
        }
        take(&part)?;
        from = from.saturating_add(part.length());
    }
    Ok(false)
}

/// A plain object of these properties.
pub(crate) fn object<'a>(properties: impl IntoIterator<Item = (&'a JsValue, JsValue)>) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        // A new object takes any property.
        let _ = Reflect::set(&object, name, &value);
    }
    object.into()
}
