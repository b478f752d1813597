//! Which tracks are looked at.

use std::time::Duration;

use leptos::html::Input;
use leptos::prelude::*;

use super::playlist_texts as texts;
use super::reading::{Reading, State};
use crate::message::{Looking, SortBy};

/// How long nothing has to be typed before it is searched for.
const REST: Duration = Duration::from_millis(150);

/// A search box, a choice of how sure the answer is, and ways to what a visitor looks for most.
#[component]
pub(crate) fn Filters(reading: Reading) -> impl IntoView {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let search = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        let handle =
            set_timeout_with_handle(move || reading.look(|looking| looking.search = text), REST);
        waiting.set_value(handle.ok());
    };
    let confidence = move || {
        let chosen = reading.looking.with(|looking| looking.confidence);
        let place = texts::confidences()
            .iter()
            .position(|(_, range)| *range == chosen);
        place.unwrap_or(0).to_string()
    };
    let choose_confidence = move |event: web_sys::Event| {
        let chosen = event_target_value(&event).parse::<usize>().ok();
        let range = chosen
            .and_then(|chosen| texts::confidences().get(chosen))
            .and_then(|(_, range)| *range);
        reading.look(|looking| looking.confidence = range);
    };
    const LEAST_CERTAIN: Option<(SortBy, bool)> = Some((SortBy::Confidence, false));
    let least_certain = move || {
        reading
            .looking
            .with(|looking| looking.sort == LEAST_CERTAIN)
    };
    let differing = move || reading.looking.with(|looking| looking.differing);
    let unlike = move || reading.looking.with(|looking| looking.unlike);
    let unlike_tracks = Memo::new(move |_| reading.summary.with(|summary| summary.unlike));
    let has_labels = Memo::new(move |_| reading.summary.with(|summary| !summary.matrix.is_empty()));
    let is_changed = Memo::new(move |_| {
        reading
            .looking
            .with(|looking| *looking != Looking::default())
    });
    let is_reading = move || reading.state.get() == State::Reading;
    let search_box = NodeRef::<Input>::new();
    let show_all = move |_| {
        reading.look(|looking| *looking = Looking::default());
        // The button goes, and the focus with it.
        if let Some(search_box) = search_box.get_untracked() {
            let _ = search_box.focus();
        }
    };
    view! {
        <div class="filters">
            <label class="search">
                <span>{texts::search()}</span>
                <input type="search" node_ref=search_box prop:value=move || reading.looking.with(|looking| looking.search.clone()) on:input=search />
            </label>
            <label>
                <span>{texts::how_sure()}</span>
                <select prop:value=confidence on:change=choose_confidence>
                    {texts::confidences()
                        .iter()
                        .enumerate()
                        .map(|(place, (words, _))| view! { <option value=place.to_string()>{*words}</option> })
                        .collect_view()}
                </select>
            </label>
            <button
                type="button"
                class="quiet"
                aria-pressed=move || least_certain().to_string()
                on:click=move |_| {
                    let sort = if least_certain() { None } else { LEAST_CERTAIN };
                    reading.look(|looking| looking.sort = sort);
                }
            >
                {texts::least_certain()}
            </button>
            <Show when=move || has_labels.get()>
                <button
                    type="button"
                    class="quiet"
                    aria-pressed=move || differing().to_string()
                    on:click=move |_| {
                        let now = !differing();
                        reading
                            .look(|looking| {
                                looking.differing = now;
                                // Where the answer is surest, the file's genre is most likely wrong.
                                looking.sort = now.then_some((SortBy::Confidence, true));
                            });
                    }
                >
                    {texts::maybe_mislabelled()}
                </button>
            </Show>
            <Show when=move || { unlike_tracks.get() > 0 }>
                <button
                    type="button"
                    class="quiet"
                    aria-pressed=move || unlike().to_string()
                    on:click=move |_| {
                        let now = !unlike();
                        reading.look(|looking| looking.unlike = now);
                    }
                >
                    <span class="unlike-mark" aria-hidden="true">"? "</span>
                    {move || texts::unlike_tracks(unlike_tracks.get() as usize)}
                </button>
            </Show>
            <Show when=move || is_changed.get()>
                <button type="button" class="quiet" on:click=show_all>
                    {texts::show_all()}
                </button>
            </Show>
            // Not for each piece of a file that is being read.
            <p class="shown" role="status" aria-live=move || if is_reading() { "off" } else { "polite" } data-testid="shown">
                {move || reading.window.with(|window| texts::shown_of(window.total, window.all))}
            </p>
        </div>
    }
}
