//! How far the file's own genres and the answers agree, and what its genres mean.

use leptos::prelude::*;

use super::kept;
use super::playlist_texts as own;
use super::reading::Reading;
use super::texts;
use crate::message::{LabelInfo, Looking};

/// A sentence, and behind it the confusion matrix and the file's genres. Nothing if the file has none.
#[component]
pub(crate) fn Agreement(reading: Reading, genres: StoredValue<Vec<String>>) -> impl IntoView {
    let has_labels = Memo::new(move |_| reading.summary.with(|summary| !summary.matrix.is_empty()));
    let sentence = move || {
        reading.summary.with(|summary| {
            let all: u32 = summary.matrix.iter().flatten().sum();
            let right: u32 = summary
                .matrix
                .iter()
                .enumerate()
                .filter_map(|(genre, row)| row.get(genre))
                .sum();
            if all == 0 && summary.labels.iter().any(|label| label.genre.is_some()) {
                own::no_answers_to_compare().to_owned()
            } else if all == 0 {
                own::no_agreement(summary.labels.len() + summary.more_labels)
            } else {
                own::agreement(f64::from(right) / f64::from(all), all)
            }
        })
    };
    let open = RwSignal::new(reading.kept.is_open(kept::AGREEMENT).unwrap_or_default());
    view! {
        <Show when=move || has_labels.get()>
            <details
                class="agreement"
                data-testid="agreement"
                open=open.get_untracked()
                on:toggle=move |event| open.set(reading.kept.toggled(kept::AGREEMENT, &event))
            >
                <summary>{sentence}</summary>
                // Drawn only when it is looked at: it has many cells, and changes while rows come.
                <Show when=move || open.get()>
                    <Matrix reading genres />
                    <Labels reading genres />
                </Show>
            </details>
        </Show>
    }
}

fn name_of(genres: StoredValue<Vec<String>>, genre: usize) -> String {
    genres.with_value(|genres| {
        genres
            .get(genre)
            .map(|name| texts::genre(name))
            .unwrap_or_default()
    })
}

/// The confusion matrix, with a row for each genre that the file has.
#[component]
fn Matrix(reading: Reading, genres: StoredValue<Vec<String>>) -> impl IntoView {
    let count = genres.with_value(Vec::len);
    let rows = move || {
        reading.summary.with(|summary| {
            let rows = summary.matrix.iter().cloned().enumerate();
            rows.filter(|(_, row)| row.iter().any(|&tracks| tracks > 0))
                .collect::<Vec<_>>()
        })
    };
    view! {
        // Not a caption: where the table is wider than its place, that would be moved out of sight with it.
        <p class="fine" id="matrix-caption">{own::matrix_caption()}</p>
        <div class="matrix" tabindex="0" role="region" aria-labelledby="matrix-caption">
            <table>
                <thead>
                    <tr>
                        <td></td>
                        {(0..count).map(|genre| view! { <th scope="col">{name_of(genres, genre)}</th> }).collect_view()}
                        <th scope="col">{own::recall()}</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        rows()
                            .into_iter()
                            .map(|(labelled, row)| view! { <MatrixRow reading genres labelled row /> })
                            .collect_view()
                    }}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn MatrixRow(
    reading: Reading,
    genres: StoredValue<Vec<String>>,
    labelled: usize,
    row: Vec<u32>,
) -> impl IntoView {
    let all = f64::from(row.iter().sum::<u32>()).max(1.0);
    let found = row
        .get(labelled)
        .map_or(0.0, |&tracks| f64::from(tracks) / all);
    let cells = row.into_iter().enumerate().map(|(answered, tracks)| {
        let pair = Some((labelled, answered));
        let label = own::cell(&name_of(genres, labelled), &name_of(genres, answered), tracks);
        let is_chosen = move || reading.looking.with(|looking| looking.pair == pair);
        let toggle = move |_| {
            let now = !is_chosen();
            reading.look(|looking| {
                *looking = Looking {
                    pair: pair.filter(|_| now),
                    ..Looking::default()
                };
            });
        };
        view! {
            <td class:right=answered == labelled style:--share=(f64::from(tracks) / all).to_string()>
                {(tracks > 0)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                aria-label=label
                                aria-pressed=move || is_chosen().to_string()
                                on:click=toggle
                            >
                                {texts::grouped(tracks as usize)}
                            </button>
                        }
                    })}
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row">{name_of(genres, labelled)}</th>
            {cells.collect_view()}
            <td>{texts::percent(found)}</td>
        </tr>
    }
}

/// The file's own genres, and what each means.
#[component]
fn Labels(reading: Reading, genres: StoredValue<Vec<String>>) -> impl IntoView {
    let labels = move || reading.summary.with(|summary| summary.labels.clone());
    let more = move || reading.summary.with(|summary| summary.more_labels);
    view! {
        <h3>{own::labels()}</h3>
        <ul class="labels" data-testid="labels">
            <For each=labels key=|label| (label.number, label.tracks) let:label>
                <li>
                    <LabelChoice reading genres label />
                </li>
            </For>
            {move || (more() > 0).then(|| view! { <li>{own::more(more())}</li> })}
        </ul>
    }
}

#[component]
fn LabelChoice(
    reading: Reading,
    genres: StoredValue<Vec<String>>,
    label: LabelInfo,
) -> impl IntoView {
    let (number, text) = (label.number, label.text.clone());
    let count = genres.with_value(Vec::len);
    let choose = move |event: web_sys::Event| {
        reading.label(number, &text, event_target_value(&event).parse().ok());
    };
    let value = label
        .genre
        .map_or_else(|| "-".to_owned(), |genre| genre.to_string());
    view! {
        <label>
            <span class="label-text">{label.text}</span>
            <span class="label-tracks">{texts::grouped(label.tracks as usize)}</span>
            <select prop:value=value.clone() on:change=choose>
                <option value="-" selected=label.genre.is_none()>
                    {own::none_of_these()}
                </option>
                {(0..count)
                    .map(|genre| {
                        view! {
                            <option value=genre.to_string() selected=label.genre == Some(genre)>
                                {name_of(genres, genre)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}
