//! How likely each genre is, live.

use leptos::prelude::*;
use std::time::Duration;

use super::chosen::Chosen;
use super::texts;

/// How long the sliders have to rest before a screen reader is told.
const REST: Duration = Duration::from_millis(700);

/// The genres' probabilities, the most probable first.
#[component]
pub(crate) fn Answer(chosen: Chosen, genres: StoredValue<Vec<String>>) -> impl IntoView {
    let name_of = move |genre: usize| {
        genres.with_value(|genres| genres.get(genre).cloned().unwrap_or_default())
    };
    let probability = move |genre: usize| {
        chosen.answer.with(|answer| {
            answer
                .as_ref()
                .ok()
                .and_then(|found| found.probabilities.get(genre).copied())
                .unwrap_or(0.0)
        })
    };
    let order = Memo::new(move |_| {
        let mut order: Vec<usize> = (0..genres.with_value(Vec::len)).collect();
        order.sort_by(|&left, &right| probability(right).total_cmp(&probability(left)));
        order
    });
    let headline = move || {
        chosen.answer.with(|answer| match answer {
            Ok(found) => format!(
                "{}, {}",
                texts::genre(&name_of(found.best)),
                texts::percent(found.confidence)
            ),
            Err(_) => "No answer".to_owned(),
        })
    };
    let best_class = move || {
        chosen.answer.with(|answer| match answer {
            Ok(found) => format!("headline genre-{}", name_of(found.best)),
            Err(_) => "headline".to_owned(),
        })
    };
    let title = move || match (chosen.name.get(), chosen.changed.get()) {
        (Some(name), false) => name,
        (Some(name), true) => format!("{name} (changed)"),
        (None, _) => "This track sounds like".to_owned(),
    };
    let error = move || {
        chosen
            .answer
            .with(|answer| answer.as_ref().err().map(|error| format!("Only {error}.")))
    };
    view! {
        <section class="card answer" aria-labelledby="answer-title">
            <h2 id="answer-title" class="kicker">
                {title}
            </h2>
            <p class=best_class data-testid="headline">{headline}</p>
            <Show when=move || error().is_some()>
                <p class="notice">{error}</p>
            </Show>
            <ol class="bars" data-testid="bars">
                <For each=move || order.get() key=|genre| *genre let:genre>
                    <li class=format!("bar genre-{}", name_of(genre)) data-genre=name_of(genre)>
                        <span class="bar-name">{texts::genre(&name_of(genre))}</span>
                        <span class="bar-track">
                            <span
                                class="bar-fill"
                                style:transform=move || format!("scaleX({})", probability(genre))
                            ></span>
                        </span>
                        <span class="bar-value">{move || texts::percent(probability(genre))}</span>
                    </li>
                </For>
            </ol>
            <Announcement headline=Signal::derive(headline) />
        </section>
    }
}

/// Tells a screen reader the answer, once the sliders rest.
#[component]
fn Announcement(headline: Signal<String>) -> impl IntoView {
    let told = RwSignal::new(String::new());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |before: Option<()>| {
        let headline = headline.get();
        // What the page shows at first was read out as the page.
        if before.is_none() {
            return;
        }
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(move || told.set(headline), REST);
        waiting.set_value(handle.ok());
    });
    view! { <p class="visually-hidden" role="status">{move || told.get()}</p> }
}
