//! The page.

mod about;
mod agreement;
mod answer;
mod app;
mod chosen;
mod confidence;
mod curve;
mod download;
mod drop_zone;
mod explanation;
mod filters;
mod insight;
mod language;
mod link;
mod map;
mod mapping;
mod memory;
mod order;
mod picture;
mod playlist;
pub(crate) mod playlist_texts;
mod presets;
mod reading;
mod remembered;
mod rest;
mod scale;
mod share;
mod sliders;
mod strings;
mod summary;
mod table;
mod texts;
mod theme;
mod update;

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
