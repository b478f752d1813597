//! Text for the visitor's clipboard.

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Puts text on the clipboard, if the browser lets it.
pub(crate) async fn write_text(text: &str) -> Result<JsValue, JsValue> {
    let navigator = window().navigator();
    // Without a secure connection there is no clipboard.
    if js_sys::Reflect::get(&navigator, &"clipboard".into())?.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await
}
