//! What the script that starts the page knows: the names of the page's files, which have hashes in them.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlScriptElement;

/// The element of the script.
pub(crate) fn element() -> Option<HtmlScriptElement> {
    let element = document().query_selector("script[data-js]").ok()??;
    element.dyn_into().ok()
}

/// The address of a file, relative to the page: of what the element has as `data-` and the name.
pub(crate) fn name(key: &str) -> Option<String> {
    element()?.dataset().get(key)
}
