//! The page.

mod agreement;
mod answer;
mod app;
mod chosen;
mod download;
mod drop_zone;
mod filters;
mod mapping;
mod playlist;
mod playlist_texts;
mod reading;
mod remembered;
mod sliders;
mod summary;
mod table;
mod texts;

use leptos::mount::mount_to;
use leptos::prelude::document;
use wasm_bindgen::JsCast;

/// Shows the page in place of what the plain document says while it waits.
pub(crate) fn start() {
    let Some(place) = document().get_element_by_id("app") else {
        return;
    };
    let Ok(place) = place.dyn_into::<web_sys::HtmlElement>() else {
        return;
    };
    place.set_inner_html("");
    mount_to(place, app::App).forget();
}
