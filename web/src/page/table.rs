//! The table of a file's tracks. Only the rows in sight are in the document, however many there are.

use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;

use super::chosen::Chosen;
use super::reading::Reading;
use super::texts;
use crate::message::TrackRow;

/// The height of a row in CSS pixels; the style sheet has the same.
const ROW_HEIGHT: f64 = 44.0;

/// How many rows stand ready above and below those in sight.
const SPARE_ROWS: usize = 10;

/// The tracks with artist, genre and confidence. A click on one loads it into the sliders.
#[component]
pub(crate) fn Table(
    reading: Reading,
    chosen: Chosen,
    genres: StoredValue<Vec<String>>,
) -> impl IntoView {
    let window_node = NodeRef::<Div>::new();
    let scrolled = RwSignal::new(0.0);
    let height = RwSignal::new(600.0);
    // A line of the file before means nothing in this one.
    chosen.leave_file();
    let measure = move || {
        if let Some(node) = window_node.get_untracked() {
            scrolled.set(f64::from(node.scroll_top()));
            height.set(f64::from(node.client_height()));
        }
    };
    Effect::new(move |_| {
        window_node.track();
        measure();
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());

    let count = Memo::new(move |_| reading.rows.with(Vec::len));
    let in_sight = Memo::new(move |_| {
        let first = (scrolled.get() / ROW_HEIGHT).floor() as usize;
        let shown = (height.get() / ROW_HEIGHT).ceil() as usize;
        let first = first.saturating_sub(SPARE_ROWS);
        (first, (first + shown + 2 * SPARE_ROWS).min(count.get()))
    });
    let rows = move || {
        let (first, end) = in_sight.get();
        reading.rows.with(|rows| {
            let rows = rows.get(first..end).unwrap_or_default();
            let indices = first..end;
            indices.zip(rows.iter().cloned()).collect::<Vec<_>>()
        })
    };
    let space = move |rows: usize| format!("{}px", rows as f64 * ROW_HEIGHT);
    let choose = move |row: &TrackRow| {
        chosen.load(row);
        show_answer();
    };
    view! {
        <div
            class="table-window"
            node_ref=window_node
            tabindex="0"
            role="region"
            aria-label="Tracks of the file"
            on:scroll=move |_| measure()
        >
            <table aria-rowcount=move || (count.get() + 1).to_string()>
                <thead>
                    <tr aria-rowindex="1">
                        <th scope="col">"Track"</th>
                        <th scope="col">"Artist"</th>
                        <th scope="col">"Genre"</th>
                        <th scope="col" class="number">"Confidence"</th>
                    </tr>
                </thead>
                <tbody data-testid="tracks">
                    <tr class="space" aria-hidden="true">
                        <td style:height=move || space(in_sight.get().0)></td>
                    </tr>
                    <For each=rows key=|(index, row)| (*index, row.line) let((index, row))>
                        <TableRow index row genres selected=chosen.line choose />
                    </For>
                    <tr class="space" aria-hidden="true">
                        <td style:height=move || space(count.get() - in_sight.get().1)></td>
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn TableRow(
    index: usize,
    row: Arc<TrackRow>,
    genres: StoredValue<Vec<String>>,
    selected: RwSignal<Option<u64>>,
    choose: impl Fn(&TrackRow) + Copy + 'static,
) -> impl IntoView {
    let line = row.line;
    let title = if row.track.is_empty() {
        format!("Line {line}")
    } else {
        row.track.clone()
    };
    let artist = row.artist.clone();
    let genre = row.genre.map(|(genre, confidence)| {
        let name = genres.with_value(|genres| genres.get(genre).cloned().unwrap_or_default());
        (name, confidence)
    });
    let (genre_view, confidence_view) = match genre {
        Some((name, confidence)) => (
            view! {
                <span class=format!("genre genre-{name}")>{texts::genre(&name)}</span>
            }
            .into_any(),
            texts::percent(confidence),
        ),
        None => (
            view! { <span class="no-genre">"too few features"</span> }.into_any(),
            String::new(),
        ),
    };
    // The title is a real button, for keyboards and screen readers; a click elsewhere in the row does the same.
    view! {
        <tr
            aria-rowindex=(index + 2).to_string()
            class:selected=move || selected.get() == Some(line)
            on:click=move |_| choose(&row)
        >
            <td>
                <button
                    type="button"
                    class="row-button"
                    title=title
                    aria-pressed=move || (selected.get() == Some(line)).to_string()
                >
                    {title.clone()}
                </button>
                // On a phone there is no place for a column of its own.
                <span class="artist-below" aria-hidden="true">{artist.clone()}</span>
            </td>
            <td>{artist}</td>
            <td>{genre_view}</td>
            <td class="number">{confidence_view}</td>
        </tr>
    }
}

/// Brings the answer into sight where it stands above the table: on anything narrower than the style sheet's three
/// columns.
fn show_answer() {
    let narrow = window()
        .match_media("(max-width: 79.99rem)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches());
    if !narrow {
        return;
    }
    if let Ok(Some(answer)) = document().query_selector(".answer") {
        answer.scroll_into_view();
    }
}
