//! What the script that starts the page knows: the names of the page's files, which have hashes in them.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
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

/// Fetches a file, by what the element has as `data-` and the name. The error says why it is not there.
pub(crate) async fn fetch(key: &str) -> Result<js_sys::Uint8Array, String> {
    try_to_fetch(key).await.map_err(|error| {
        let message = error
            .dyn_ref::<js_sys::Error>()
            .map(|error| String::from(error.message()));
        message.or_else(|| error.as_string()).unwrap_or_default()
    })
}

async fn try_to_fetch(key: &str) -> Result<js_sys::Uint8Array, JsValue> {
    let address = name(key).ok_or("the page's script names no such file")?;
    let response = JsFuture::from(window().fetch_with_str(&address)).await?;
    let response: web_sys::Response = response.dyn_into()?;
    if !response.ok() {
        return Err(format!("{}", response.status()).into());
    }
    let bytes = JsFuture::from(response.array_buffer()?).await?;
    Ok(js_sys::Uint8Array::new(&bytes))
}
