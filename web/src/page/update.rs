//! When a newer page has been fetched in the background, it is offered.

use leptos::ev;
use leptos::prelude::*;

use super::boxed;
use super::language::words;

/// What `boot.js` says when a newer page is ready, and what it waits for to load it.
const READY: &str = "overtone:newer";
const LOAD: &str = "overtone:load-newer";

/// Offers a newer page.
#[component]
pub(crate) fn UpdateNotice() -> impl IntoView {
    let words = words();
    // It may have come before the page listened.
    let root = document().document_element();
    let came_before = root.is_some_and(|root| root.has_attribute("data-newer"));
    let is_ready = RwSignal::new(came_before);
    let listener = window_event_listener(ev::Custom::<web_sys::Event>::new(READY), move |_| {
        is_ready.set(true)
    });
    on_cleanup(move || listener.remove());
    let load = move || {
        if let Ok(event) = web_sys::Event::new(LOAD) {
            let _ = window().dispatch_event(&event);
        }
    };
    view! {
        <div class="notice banner calm" role="status" data-testid="update">
            {boxed::part(move || is_ready.get().then(|| view! {
                <p>{words.newer_page}</p>
                <button type="button" class="button" on:click=boxed::click(load)>{words.load_newer}</button>
            }))}
        </div>
    }
}
