//! The rows out: as files, or on the clipboard.

use leptos::prelude::*;

use super::kept::Kept;
use super::language::words;
use super::playlist_texts as own;
use super::reading::{Outcome, Reading, State};
use super::texts;
use crate::message::{Format, WhichRows};

/// Buttons for files with genres, for the table as text, and for a genre's Spotify links.
#[component]
pub(crate) fn Download(reading: Reading, genres: StoredValue<Vec<String>>) -> impl IntoView {
    let Kept {
        format,
        which,
        genre,
        ..
    } = reading.kept;
    let number = |event: &web_sys::Event| event_target_value(event).parse().unwrap_or(0);
    let is_busy = move || reading.saving.get() || reading.state.get() == State::Reading;
    let busy = move || is_busy().to_string();
    let rows = move || {
        if which.get() == 0 {
            WhichRows::All
        } else {
            WhichRows::Shown
        }
    };
    // A button that is switched off loses the focus, so it only says that it is.
    let save = move |format, rows| {
        if !is_busy() {
            reading.save(format, rows);
        }
    };
    let download = move |_| {
        let format = match format.get() {
            1 => Format::CsvForSpreadsheets {
                has_decimal_commas: words().decimal_point == ",",
            },
            2 => Format::Json,
            _ => Format::Csv,
        };
        save(format, rows());
    };
    let has_ids = Memo::new(move |_| {
        reading.tables.with(|tables| {
            let mut columns = tables.iter().flat_map(|table| &table.columns);
            columns.any(|column| column.role.as_deref() == Some("id"))
        })
    });
    let options = |words: &'static [&'static str], chosen: RwSignal<usize>| {
        let options = words.iter().enumerate();
        options
            .map(|(place, words)| {
                let is_chosen = chosen.get_untracked() == place;
                view! { <option value=place.to_string() selected=is_chosen>{*words}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="download">
            <label>
                <span>{own::format()}</span>
                <select on:change=move |event| format.set(number(&event))>{options(own::formats(), format)}</select>
            </label>
            <label>
                <span>{own::which()}</span>
                <select on:change=move |event| which.set(number(&event))>{options(own::which_rows(), which)}</select>
            </label>
            <button type="button" class="button" aria-disabled=busy on:click=download>
                {own::download()}
            </button>
            <button
                type="button"
                class="quiet"
                aria-disabled=busy
                on:click=move |_| save(Format::Text, WhichRows::Shown)
            >
                {own::copy_table()}
            </button>
            <Show when=move || has_ids.get()>
                <span class="links">
                    <button
                        type="button"
                        class="quiet"
                        aria-disabled=busy
                        on:click=move |_| save(Format::Uris, WhichRows::OfGenre(genre.get()))
                    >
                        {own::copy_links()}
                    </button>
                    <select aria-label=own::copy_links() on:change=move |event| genre.set(number(&event))>
                        {genres
                            .get_value()
                            .iter()
                            .enumerate()
                            .map(|(place, name)| {
                                let is_chosen = genre.get_untracked() == place;
                                view! {
                                    <option value=place.to_string() selected=is_chosen>
                                        {texts::genre(name)}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </span>
            </Show>
            <p class="status" role="status" data-testid="outcome" hidden=move || reading.outcome.with(Option::is_none)>
                {move || reading.outcome.get().map(Outcome::text)}
            </p>
        </div>
    }
}
