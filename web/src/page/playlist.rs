//! The visitor's files: where they come in, how it goes, what is in them.

use leptos::html::P;
use leptos::prelude::*;

use super::agreement::Agreement;
use super::download::Download;
use super::filters::Filters;
use super::kept;
use super::mapping::Mappings;
use super::parts::Parts;
use super::playlist_texts as texts;
use super::reading::{Reading, State};
use super::summary::SummaryBars;
use super::table::Table;
use super::title_words::TitleWords;

/// The files' tracks. `shown` is the number of the track in the sliders.
#[component]
pub(crate) fn Playlist(
    reading: Reading,
    shown: Signal<Option<u32>>,
    genres: StoredValue<Vec<String>>,
    parts: Parts,
) -> impl IntoView {
    let is_made = move |part| parts.are_made(part);
    view! {
        <Status reading />
        <Problems reading />
        <Mappings reading />
        <TitleWords reading />
        <Show when=move || is_made(1)>
            <SummaryBars reading genres />
            <Agreement reading genres />
            <Filters reading />
        </Show>
        <Show when=move || is_made(2)>
            <Table reading shown genres has_rows=Signal::derive(move || is_made(3)) />
        </Show>
        <Show when=move || is_made(Parts::ALL)>
            <Download reading genres />
        </Show>
    }
}

/// How the reading goes, in a sentence.
#[component]
fn Status(reading: Reading) -> impl IntoView {
    let sentence = move || {
        let name = reading.file_name();
        let tracks = reading.rows.get();
        match reading.state.get() {
            State::Waiting | State::Reading => String::new(),
            State::Done if reading.stopped.get() => texts::stopped(&name, tracks),
            State::Done if tracks == 0 => texts::no_tracks(&name, reading.file_count.get()),
            State::Done => texts::all_read(&name, tracks, reading.with_genre.get()),
            // Of several, each has a reason of its own.
            State::Failed(why) if tracks == 0 && reading.file_count.get() > 1 => texts::said(why),
            State::Failed(why) if tracks == 0 => texts::not_read(&name, &texts::said(why)),
            State::Failed(why) => texts::read_until(&name, tracks, &texts::said(why)),
            State::Lost(why) => texts::said(why),
        }
    };
    let is_reading = move || reading.state.get() == State::Reading;
    let share = move || {
        let (read, all) = reading.bytes.get();
        if all > 0.0 { read / all } else { 0.0 }
    };
    let told = NodeRef::<P>::new();
    let stop = move |_| {
        reading.stop();
        // The button goes, and the focus with it.
        request_animation_frame(move || {
            if let Some(told) = told.try_get_untracked().flatten() {
                let _ = told.focus();
            }
        });
    };
    let failed = move || matches!(reading.state.get(), State::Failed(_) | State::Lost(_));
    let notes = move || reading.notes.get().into_iter().map(texts::said);
    let untold = move || {
        let untold = reading
            .note_count
            .get()
            .saturating_sub(reading.notes.with(Vec::len));
        (untold > 0).then(|| view! { <p class="notice">{texts::more(untold)}</p> })
    };
    view! {
        <Show when=is_reading>
            // Not told to screen readers: it changes many times a second.
            <div class="progress">
                <p class="status">
                    {move || texts::reading(&reading.file_name(), reading.rows.get(), share())}
                </p>
                <progress max="1" prop:value=share aria-label=move || reading.file_name()></progress>
                <button type="button" class="quiet" on:click=stop>
                    {texts::stop()}
                </button>
            </div>
        </Show>
        <p
            class="status"
            class:notice=failed
            node_ref=told
            tabindex="-1"
            role="status"
            data-testid="status"
            hidden=move || sentence().is_empty()
        >
            {sentence}
        </p>
        <div role="status" class="notes" data-testid="notes">
            {move || notes().map(|note| view! { <p class="notice">{note}</p> }).collect_view()}
            {untold}
        </div>
    }
}

/// What was wrong in single rows.
#[component]
fn Problems(reading: Reading) -> impl IntoView {
    let count = move || reading.problem_count.get();
    let untold = move || {
        let untold = count().saturating_sub(reading.problems.with(Vec::len));
        (untold > 0).then(|| view! { <li>{texts::more(untold)}</li> })
    };
    view! {
        <Show when=move || { count() > 0 }>
            <details
                class="problems"
                data-testid="problems"
                open=reading.kept.is_open(kept::PROBLEMS).unwrap_or_default()
                on:toggle=move |event| {
                    reading.kept.toggled(kept::PROBLEMS, &event);
                }
            >
                <summary>{move || texts::problems(count())}</summary>
                <ul>
                    {move || {
                        reading
                            .problems
                            .get()
                            .into_iter()
                            .map(|problem| view! { <li>{texts::said(problem)}</li> })
                            .collect_view()
                    }}
                    {untold}
                </ul>
            </details>
        </Show>
    }
}
