//! Plain objects: their properties, and the errors that are thrown about them.

use std::fmt::Display;

use js_sys::{Array, Error, Object, Reflect};
use wasm_bindgen::prelude::JsValue;

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
    if Array::is_array(value) {
        return "an array".to_owned();
    }
    let kind = value.js_typeof().as_string().unwrap_or_default();
    let article = if kind == "object" { "an" } else { "a" };
    format!("{article} {kind}")
}

/// The names of an object's own properties. Those that are symbols name nothing.
///
/// # Errors
/// What the object itself throws, if it is a proxy.
pub(crate) fn own_names(object: &JsValue) -> Result<Array, JsValue> {
    // Unlike `Object.keys`, it is known to throw.
    Reflect::own_keys(object)
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
