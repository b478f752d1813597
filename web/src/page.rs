//! The page.

mod about;
mod agreement;
mod answer;
mod app;
mod boxed;
mod chosen;
mod clipboard;
mod confidence;
mod curve;
mod download;
mod drop_zone;
mod explanation;
mod files;
mod filters;
mod insight;
mod kept;
mod language;
mod link;
mod map;
mod mapping;
mod memory;
mod models;
mod number;
mod order;
mod parts;
mod picture;
mod playlist;
pub(crate) mod playlist_texts;
mod presets;
mod reading;
mod remembered;
mod rest;
mod room;
mod scale;
mod script;
mod share;
mod sliders;
mod stages;
mod strings;
mod summary;
mod table;
mod texts;
mod theme;
mod title_words;
mod track_name;
mod update;

use leptos::mount::mount_to;
use leptos::prelude::document;
use wasm_bindgen::JsCast;

pub(crate) use room::start_room;

/// Shows the page in place of what the plain document says while it waits. `model` is the packed model of eight genres.
pub(crate) async fn start(model: &[u8]) {
    let Some(place) = element("app") else {
        return;
    };
    let model = models::read(model).await;
    rest::breathe().await;
    place.set_inner_html("");
    mount_to(place, move || app::app(model)).forget();
}

/// The element of the document with an id.
fn element(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
