//! Whether the words of titles count beside the sound: off until the visitor wants it.

use leptos::prelude::*;
use overtone_genre::Titles;
use overtone_tracks::Role;
use wasm_bindgen_futures::spawn_local;

use super::playlist_texts as texts;
use super::reading::{Reading, State};
use super::script;

/// How what titles say is coming.
#[derive(Clone, Debug, PartialEq)]
enum Coming {
    Quiet,
    OnTheWay,
    /// It cannot be fetched; why.
    Failed(String),
}

/// The switch, where the files have titles and the model is one that titles are known for.
#[component]
pub(crate) fn TitleWords(reading: Reading) -> impl IntoView {
    let coming = RwSignal::new(Coming::Quiet);
    let has_titles = Memo::new(move |before: Option<&bool>| {
        let is_title = |role: &Option<String>| role.as_deref() == Some(Role::Track.name());
        reading.tables.with(|tables| {
            if tables.is_empty() && reading.state.get() == State::Reading {
                // The same files are read once more: the switch stays, and the focus with it.
                return before.copied().unwrap_or(false);
            }
            let mut columns = tables.iter().flat_map(|table| &table.columns);
            columns.any(|column| is_title(&column.role))
        })
    });
    let is_on = move || reading.titles.with(Option::is_some) || coming.get() == Coming::OnTheWay;
    let switch = move |event: web_sys::Event| {
        if !event_target_checked(&event) {
            coming.set(Coming::Quiet);
            if reading.titles.with_untracked(Option::is_some) {
                reading.use_titles(None);
            }
            return;
        }
        coming.set(Coming::OnTheWay);
        spawn_local(async move {
            let fetched = script::fetch("titles").await;
            // The visitor may not want it any more, or has had all drawn anew.
            if coming.try_get_untracked() != Some(Coming::OnTheWay) {
                return;
            }
            match fetched {
                Ok(bytes) => {
                    coming.set(Coming::Quiet);
                    reading.use_titles(Some(bytes));
                }
                Err(why) => coming.set(Coming::Failed(why)),
            }
        });
    };
    let says = move || match coming.get() {
        Coming::OnTheWay => texts::title_words_coming().to_owned(),
        Coming::Failed(why) => texts::title_words_missing(&why),
        Coming::Quiet => {
            let titles = reading
                .titles
                .get()
                .map(|bytes| Titles::read(&bytes.to_vec()));
            let figures = titles.and_then(Result::ok).map(|titles| titles.figures());
            figures.map_or_else(
                || texts::title_words_hint().to_owned(),
                |(without, with)| texts::title_words_count(without.accuracy, with.accuracy),
            )
        }
    };
    let failed = move || matches!(coming.get(), Coming::Failed(_));
    let is_known = move || has_titles.get() && reading.asks_the_eight();
    view! {
        <Show when=is_known>
            <div class="title-words" data-testid="title-words">
                <label>
                    <input type="checkbox" prop:checked=is_on on:change=switch />
                    <span>{texts::title_words()}</span>
                </label>
                <p class="fine" class:notice=failed role="status">{says}</p>
            </div>
        </Show>
    }
}
