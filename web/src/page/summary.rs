//! How the tracks divide into genres. A click on a genre shows only its tracks.

use leptos::prelude::*;

use super::playlist_texts as own;
use super::reading::Reading;
use super::texts;

/// A bar for each genre that there is, the most frequent first.
#[component]
pub(crate) fn SummaryBars(reading: Reading, genres: StoredValue<Vec<String>>) -> impl IntoView {
    let rows = move || {
        reading.summary.with(|summary| {
            let mut rows: Vec<(Option<usize>, u32)> = summary
                .answered
                .iter()
                .enumerate()
                .map(|(genre, &tracks)| (Some(genre), tracks))
                .collect();
            rows.sort_by_key(|(_, tracks)| std::cmp::Reverse(*tracks));
            rows.push((None, summary.unanswered));
            rows.retain(|(_, tracks)| *tracks > 0);
            rows.into_iter().map(|(genre, _)| genre).collect::<Vec<_>>()
        })
    };
    let tracks_of = move |genre: Option<usize>| {
        reading.summary.with(|summary| match genre {
            Some(genre) => summary.answered.get(genre).copied().unwrap_or(0),
            None => summary.unanswered,
        })
    };
    let all = move || {
        reading.summary.with(|summary| {
            f64::from(summary.answered.iter().sum::<u32>() + summary.unanswered).max(1.0)
        })
    };
    view! {
        <ul class="summary" aria-label=own::how_it_divides() data-testid="summary">
            <For each=rows key=|genre| *genre let:genre>
                <li>
                    <SummaryBar
                        reading
                        genres
                        genre
                        tracks=Signal::derive(move || tracks_of(genre))
                        share=Signal::derive(move || f64::from(tracks_of(genre)) / all())
                    />
                </li>
            </For>
        </ul>
    }
}

#[component]
fn SummaryBar(
    reading: Reading,
    genres: StoredValue<Vec<String>>,
    genre: Option<usize>,
    tracks: Signal<u32>,
    share: Signal<f64>,
) -> impl IntoView {
    let name = genre.and_then(|genre| genres.with_value(|genres| genres.get(genre).cloned()));
    let class = match &name {
        Some(name) => format!("summary-bar {}", texts::genre_class(name)),
        None => "summary-bar".to_owned(),
    };
    let words = name
        .as_deref()
        .map_or_else(|| own::no_answer().to_owned(), texts::genre);
    let is_chosen = move || {
        reading
            .looking
            .with(|looking| looking.genres.contains(&genre))
    };
    let toggle = move |_| {
        reading.look(|looking| {
            if looking.genres.contains(&genre) {
                looking.genres.retain(|chosen| *chosen != genre);
            } else {
                looking.genres.push(genre);
            }
        });
    };
    view! {
        <button type="button" class=class aria-pressed=move || is_chosen().to_string() on:click=toggle>
            <span class="summary-name">{words}</span>
            <span class="summary-track" aria-hidden="true">
                <span class="summary-fill" style:width=move || format!("{}%", share.get() * 100.0)></span>
            </span>
            <span class="summary-value">
                {move || texts::grouped(tracks.get() as usize)} " · " {move || texts::percent(share.get())}
            </span>
        </button>
    }
}
