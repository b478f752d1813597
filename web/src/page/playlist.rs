//! The visitor's file: where it comes in, how it goes, what is in it.

use gloo_file::ObjectUrl;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::chosen::Chosen;
use super::drop_zone::DropZone;
use super::reading::{Reading, State};
use super::table::Table;
use super::texts;

/// The room for a file's tracks.
#[component]
pub(crate) fn Playlist(
    reading: Reading,
    chosen: Chosen,
    genres: StoredValue<Vec<String>>,
) -> impl IntoView {
    let has_rows = Memo::new(move |_| reading.rows.with(|rows| !rows.is_empty()));
    view! {
        <section
            class="card playlist"
            aria-labelledby="playlist-title"
            data-state=move || match reading.state.get() {
                State::Waiting => "waiting",
                State::Reading(_) => "reading",
                State::Done => "done",
                State::Failed(_) => "failed",
            }
        >
            <div class="card-head">
                <h2 id="playlist-title">"Your playlist"</h2>
                <Show when=move || has_rows.get() && reading.state.get() == State::Done>
                    <button
                        type="button"
                        class="button"
                        disabled=move || reading.labelling.get()
                        on:click=move |_| reading.label(save)
                    >
                        "Download with genres"
                    </button>
                </Show>
            </div>
            <DropZone reading />
            <Status reading />
            <Problems reading />
            <Show when=move || has_rows.get()>
                <Table reading chosen genres />
            </Show>
        </section>
    }
}

/// How the reading goes, in a sentence.
#[component]
fn Status(reading: Reading) -> impl IntoView {
    let sentence = move || {
        let name = reading.file_name.get();
        let tracks = reading.rows.with(Vec::len);
        let with_genre = reading.with_genre.get();
        let tracks_read = texts::count(tracks, "track", "tracks");
        match reading.state.get() {
            State::Waiting | State::Reading(_) => String::new(),
            State::Done if tracks == 0 => {
                format!("{name} has column names, but no track below them.")
            }
            State::Done if tracks == with_genre => {
                format!(
                    "{name}: {tracks_read}, each with a genre. Click one to see it on the sliders."
                )
            }
            State::Done => format!(
                "{name}: {} of {tracks_read} have a genre.",
                texts::grouped(with_genre)
            ),
            State::Failed(why) if tracks == 0 => format!("{name} cannot be read. {why}"),
            State::Failed(why) => format!("{name}: {tracks_read} were read, then no more. {why}"),
        }
    };
    // Not told to screen readers: it changes many times a second.
    let progress = move || match reading.state.get() {
        State::Reading(share) => {
            let name = reading.file_name.get();
            let tracks = texts::count(reading.rows.with(Vec::len), "track", "tracks");
            Some(format!("Reading {name}: {tracks}, {:.0} %", share * 100.0))
        }
        _ => None,
    };
    let failed = move || matches!(reading.state.get(), State::Failed(_));
    view! {
        <p class="status" hidden=move || progress().is_none()>{progress}</p>
        <p
            class="status"
            class:notice=failed
            role="status"
            data-testid="status"
            hidden=move || sentence().is_empty()
        >
            {sentence}
        </p>
        <p class="status notice" role="status" hidden=move || reading.note.with(Option::is_none)>
            {move || reading.note.get()}
        </p>
    }
}

/// What was wrong in single rows.
#[component]
fn Problems(reading: Reading) -> impl IntoView {
    let count = move || reading.problem_count.get();
    let untold = move || {
        let untold = count().saturating_sub(reading.problems.with(Vec::len));
        (untold > 0)
            .then(|| view! { <li>{format!("and {}", texts::count(untold, "more", "more"))}</li> })
    };
    view! {
        <Show when=move || { count() > 0 }>
            <details class="problems" data-testid="problems">
                <summary>
                    {move || texts::count(count(), "problem", "problems")} " in single rows"
                </summary>
                <ul>
                    {move || {
                        reading
                            .problems
                            .get()
                            .into_iter()
                            .map(|problem| view! { <li>{problem}</li> })
                            .collect_view()
                    }}
                    {untold}
                </ul>
            </details>
        </Show>
    }
}

/// Hands a file to the browser's downloads.
fn save(name: &str, blob: web_sys::Blob) {
    let url = ObjectUrl::from(gloo_file::Blob::from(blob));
    let link = document().create_element("a").ok();
    let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok())
    else {
        return;
    };
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The address has to live until the download has begun.
    set_timeout(move || drop(url), std::time::Duration::from_secs(60));
}
