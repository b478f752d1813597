//! The room for the visitor's files: a module of WebAssembly of its own, which draws into the page's place for it.

use std::cell::RefCell;

use leptos::mount::mount_to;
use leptos::prelude::*;

use super::element;
use super::language;
use super::parts::Parts;
use super::playlist::Playlist;
use super::reading::{Reading, State};
use crate::bridge::{self, Shown};

/// Listens to the page, and tells it so.
pub(crate) fn start_room(start_worker: js_sys::Function) {
    // What is known of the files outlives what is drawn of them.
    let owner = Owner::new();
    let (reading, shown) =
        owner.with(|| (Reading::new(start_worker), RwSignal::new(Shown::default())));
    let drawn = RefCell::new(None);
    // Both listen for as long as the page is there.
    bridge::on_shown(move |now| {
        let Some(place) = element("files-room") else {
            return;
        };
        let before = shown.get_untracked();
        let stays =
            before.language == now.language && before.model == now.model && place.has_child_nodes();
        reading.use_model(&now.model);
        shown.set(now.clone());
        if !stays {
            language::use_tag(&now.language);
            // The one before goes first: two of them would fight for the section's state.
            drawn.take();
            let genres = owner.with(|| StoredValue::new(now.genres));
            let track = Signal::derive(move || shown.with(|shown| shown.track));
            *drawn.borrow_mut() = Some(mount_to(place, move || room(reading, track, genres)));
        }
    });
    bridge::on_files(move |files| reading.read(files));
    bridge::tell_here();
}

fn room(
    reading: Reading,
    shown: Signal<Option<u32>>,
    genres: StoredValue<Vec<String>>,
) -> impl IntoView {
    let parts = Parts::new(reading);
    Effect::new(move |_| {
        let is_drawn = parts.are_complete();
        let state = match reading.state.get() {
            State::Waiting => "waiting",
            State::Reading => "reading",
            _ if !is_drawn => "reading",
            State::Done => "done",
            State::Failed(_) | State::Lost(_) => "failed",
        };
        if let Ok(Some(section)) = document().query_selector(".playlist") {
            let _ = section.set_attribute("data-state", state);
        }
    });
    Effect::new(move |_| {
        let is_read = reading
            .state
            .with(|state| matches!(state, State::Done | State::Failed(_)));
        reading.sample.with(|tracks| {
            if is_read {
                bridge::tell_sample(tracks);
            } else {
                bridge::tell_sample(&js_sys::Array::new());
            }
        });
    });
    view! { <Playlist reading shown genres parts /> }
}
