//! How likely each genre is, live.

use leptos::html::Li;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;

use super::boxed;
use super::chosen::Chosen;
use super::confidence;
use super::language::{Language, words};
use super::models::ModelChoice;
use super::order::largest_first;
use super::rest::once_still;
use super::strings::Strings;
use super::texts;

/// How long the sliders have to rest before a screen reader is told.
const REST: Duration = Duration::from_millis(700);

/// How long a bar glides to its new place, in milliseconds; the style sheet has the same for its length.
const GLIDE: f64 = 180.0;

/// The genres' probabilities, the most probable first.
#[component]
pub(crate) fn Answer(chosen: Chosen) -> impl IntoView {
    let words = words();
    // Only when it changes: the order of the bars is drawn anew then.
    let order = Memo::new(move |_| {
        let genres = 0..chosen.genre_count();
        let probabilities: Vec<f64> = genres.map(|genre| chosen.probability(genre)).collect();
        largest_first(&probabilities)
    });
    let best = Memo::new(move |_| {
        chosen.answer.with(|answer| {
            let found = answer.as_ref().ok()?;
            Some(chosen.ask(|model| confidence::nearest(model, found)))
        })
    });
    let outside = Memo::new(move |_| {
        chosen.answer.with(|answer| {
            let found = answer.as_ref().ok();
            found.is_some_and(|found| chosen.ask(|model| model.is_outside(found)))
        })
    });
    let named = Memo::new(move |_| named(chosen));
    let percent = move || {
        named
            .get()
            .and_then(|(_, percent)| percent)
            .unwrap_or_default()
    };
    // So that only the text is drawn anew where another number stands there.
    let has_percent = Memo::new(move |_| named.with(|named| matches!(named, Some((_, Some(_))))));
    let best_class = move || match best.get().filter(|_| !outside.get()) {
        Some(best) => format!("headline {}", texts::genre_class(&chosen.genre(best))),
        None => "headline".to_owned(),
    };
    let title = move || match (chosen.name.get(), chosen.changed.get()) {
        (Some(name), false) => name.text(),
        (Some(name), true) => (words.changed_track)(&name.text()),
        (None, _) if best.get().is_none() => words.this_track.to_owned(),
        (None, _) => words.sounds_like.to_owned(),
    };
    let sentence = move || {
        chosen.answer.with(|answer| match answer {
            Ok(found) => chosen.ask(|model| confidence::sentence(model, found)),
            Err(error) => (words.no_answer_because)(error),
        })
    };
    let choose = move |which| {
        chosen.touched.set(true);
        boxed::spawn(async move {
            chosen.choose_model(which, None).await;
        });
    };
    view! {
        <section class="card answer" aria-labelledby="answer-title">
            <Strings chosen />
            // A long name is cut off; it can be read where it is pointed at.
            <h2 id="answer-title" class="kicker" title=boxed::text(title)>
                {boxed::text(title)}
            </h2>
            <p class=boxed::text(best_class) data-testid="headline">
                <strong>
                    {boxed::text(move || named.get().map_or_else(|| words.no_answer.to_owned(), |(name, _)| name))}
                </strong>
                {boxed::part(move || has_percent.get().then(|| view! {
                    <span class="visually-hidden">", "</span>
                    <span class="headline-percent">{boxed::text(percent)}</span>
                }))}
            </p>
            <p class="sureness" class:notice=boxed::flag(move || best.get().is_none()) data-testid="sureness">{boxed::text(sentence)}</p>
            <ModelChoice models=chosen.models choose />
            <ol
                class="bars"
                class:unanswered=boxed::flag(move || best.get().is_none())
                data-testid="bars"
                aria-label=words.probabilities
            >
                <For each=move || order.get() key=|genre| *genre let:genre>
                    <Bar genre chosen order />
                </For>
            </ol>
        </section>
    }
}

/// What the answer names, and how likely that is where it has a probability; `None` without an answer. Tracked.
fn named(chosen: Chosen) -> Option<(String, Option<String>)> {
    chosen.answer.with(|answer| {
        let found = answer.as_ref().ok()?;
        let (name, probability) = chosen.ask(|model| confidence::headline(model, found));
        Some((name, probability.map(texts::percent)))
    })
}

/// One genre. A click has it explained.
#[component]
fn Bar(genre: usize, chosen: Chosen, order: Memo<Vec<usize>>) -> impl IntoView {
    let node = NodeRef::<Li>::new();
    let name = chosen.genre(genre);
    let place = Memo::new(move |_| {
        order
            .with(|order| order.iter().position(|&other| other == genre))
            .unwrap_or_default()
    });
    Effect::new(move |before: Option<usize>| {
        let place = place.get();
        if let (Some(before), Some(node)) = (before, node.get_untracked())
            && before != place
        {
            glide(&node, before as f64 - place as f64);
        }
        place
    });
    let explained = move || chosen.explained.get() == genre;
    view! {
        <li node_ref=node class=format!("bar {}", texts::genre_class(&name)) data-genre=name.clone()>
            <button
                type="button"
                aria-pressed=boxed::text(move || explained().to_string())
                on:click=boxed::click(move || chosen.pick(Some(genre)))
            >
                <span class="bar-name">{texts::genre(&name)}</span>
                <span class="bar-track">
                    <span
                        class="bar-fill"
                        style:transform=boxed::text(move || format!("scaleX({})", chosen.probability(genre)))
                    ></span>
                </span>
                <span class="bar-value">{boxed::text(move || chosen.percent(genre))}</span>
            </button>
        </li>
    }
}

#[wasm_bindgen]
extern "C" {
    /// An element, which web-sys does not let animate.
    type Animated;

    #[wasm_bindgen(method)]
    fn animate(this: &Animated, frames: &js_sys::Object, milliseconds: f64);
}

/// Lets a bar glide to its place from where it was: so many places farther down.
fn glide(bar: &web_sys::Element, places: f64) {
    let calm = "(prefers-reduced-motion: reduce), (max-width: 44.99rem)";
    let is_calm = window().match_media(calm).ok().flatten();
    if is_calm.is_none_or(|query| query.matches()) {
        return;
    }
    let from = format!("0 {}%", 100.0 * places);
    let frames = js_sys::Object::new();
    let stops = js_sys::Array::of2(&from.into(), &"0 0".into());
    // Setting a property of a plain object cannot fail.
    let _ = js_sys::Reflect::set(&frames, &"translate".into(), &stops);
    bar.unchecked_ref::<Animated>().animate(&frames, GLIDE);
}

/// Tells a screen reader the answer, once the sliders rest. It outlives what is drawn anew for another model, so that the
/// answer of that one is told too.
#[component]
pub(crate) fn Announcement(chosen: Chosen, language: RwSignal<Language>) -> impl IntoView {
    let told = RwSignal::new(String::new());
    let headline = move || {
        language.track();
        match named(chosen) {
            Some((name, Some(percent))) => format!("{name}, {percent}"),
            Some((name, None)) => name,
            None => words().no_answer.to_owned(),
        }
    };
    // What the page shows at first was read out as the page.
    once_still(REST, headline, move |headline| told.set(headline));
    view! { <p class="visually-hidden" role="status">{boxed::text(move || told.get())}</p> }
}
