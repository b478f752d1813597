//! A slider and a number box for each feature.

use leptos::prelude::*;
use overtone_genre::Feature;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlInputElement};

use super::boxed;
use super::chosen::Chosen;
use super::curve;
use super::insight::Insight;
use super::language::words;
use super::presets::Presets;
use super::scale;
use super::stages::{Stage, Stages};
use super::texts;

/// The sliders' groups, in the order of their names in the texts.
const GROUPS: [&[Feature]; 3] = [
    &[
        Feature::Danceability,
        Feature::Energy,
        Feature::Valence,
        Feature::Tempo,
    ],
    &[
        Feature::Loudness,
        Feature::Acousticness,
        Feature::Instrumentalness,
        Feature::Speechiness,
        Feature::Liveness,
    ],
    &[Feature::Duration, Feature::Popularity],
];

/// All features, in groups.
#[component]
pub(crate) fn Sliders(chosen: Chosen, insight: Insight, stages: Stages) -> impl IntoView {
    let words = words();
    let groups = GROUPS.into_iter().zip(words.groups).enumerate();
    let groups = groups.map(|(group, (features, title))| {
        stages.part(Stage::Sliders(group), move || {
            let sliders = features
                .iter()
                .map(|&feature| view! { <Slider feature chosen insight /> });
            view! {
                <fieldset>
                    <legend>{title}</legend>
                    {sliders.collect_view()}
                </fieldset>
            }
            .into_any()
        })
    });
    let genre = move || chosen.genre(chosen.explained.get());
    // The colour of the curves and bands; a class of its own, so that nothing else is drawn anew.
    let class = move || format!("card sliders {}", texts::genre_class(&genre()));
    let legend = move || (words.curve_legend)(&texts::genre(&genre()));
    let undo = move || {
        chosen.undo();
        // The button goes off with the last step, and the focus with it.
        if chosen.undoable.get_untracked() == 0 {
            focus("sliders-title");
        }
    };
    view! {
        <section class=boxed::text(class) aria-labelledby="sliders-title" class:untouched=boxed::flag(move || !chosen.touched.get())>
            <div class="card-head">
                <h2 id="sliders-title" tabindex="-1">{words.the_track}</h2>
                <span class="card-tools">
                    <button
                        type="button"
                        class="quiet"
                        disabled=boxed::flag(move || chosen.undoable.get() == 0)
                        on:click=boxed::click(undo)
                    >
                        {words.undo}
                    </button>
                    <button type="button" class="quiet" on:click=boxed::click(move || chosen.start_over())>
                        {words.start_over}
                    </button>
                </span>
            </div>
            <Presets chosen />
            <p class="fine curve-legend">{boxed::text(legend)}</p>
            <div class="groups">{groups.collect_view()}</div>
        </section>
    }
}

/// One feature: its name, a slider, a number box with the unit.
#[component]
fn Slider(feature: Feature, chosen: Chosen, insight: Insight) -> impl IntoView {
    let words = words();
    let value = chosen.value(feature);
    let text = texts::feature(feature);
    let scale = scale::of(feature);
    let error = RwSignal::new(None::<String>);
    let id = feature.name();
    // All is drawn anew for another model.
    let counts = chosen.ask(|model| model.uses(feature));
    let (number_id, hint_id, error_id) = (
        format!("{id}-number"),
        format!("{id}-hint"),
        format!("{id}-error"),
    );

    // An unknown value stands in the middle, dimmed.
    let position = move || {
        value
            .get()
            .map_or((scale.low + scale.high) / 2.0, |value| value / scale.factor)
            .to_string()
    };
    let number = move || {
        value
            .get()
            .map(|value| texts::decimal(&scale.shown(value)))
            .unwrap_or_default()
    };
    let spoken = move || match value.get() {
        Some(value) => texts::spoken(feature, value),
        None => words.unknown.to_owned(),
    };
    let set_from_text = move |entered: String| {
        let entered = entered.trim();
        if entered.is_empty() {
            error.set(None);
            chosen.change(feature, None);
            return;
        }
        let checked = scale
            .entered(entered)
            .ok_or_else(|| words.not_a_number.to_owned())
            .and_then(|number| {
                // Files write a tempo of 0 for an unknown one; a visitor empties the box.
                let checked = feature.check(number * scale.factor).ok().flatten();
                checked.ok_or_else(|| {
                    let range = feature.range();
                    (words.lies_between)(
                        text.label,
                        &texts::decimal(&scale.shown(*range.start())),
                        &texts::decimal(&scale.shown(*range.end())),
                    )
                })
            });
        match checked {
            Ok(checked) => {
                error.set(None);
                chosen.change(feature, Some(checked));
            }
            Err(sentence) => error.set(Some(sentence)),
        }
    };
    // Whatever else sets the value, or leaves it where it is, ends the complaint about the last entry, and takes that back.
    let box_id = number_id.clone();
    boxed::follow(move || {
        chosen.loads.track();
        let shown = number();
        if error.get_untracked().is_some()
            && let Some(entry) = super::element(&box_id)
            && let Ok(entry) = entry.dyn_into::<HtmlInputElement>()
        {
            entry.set_value(&shown);
        }
        error.set(None);
    });

    let clock_time = move || {
        let length = value.get().filter(|_| feature == Feature::Duration);
        length
            .map(|length| format!(" ({})", scale::clock_time(length)))
            .unwrap_or_default()
    };
    let is_moved = Memo::new(move |_| chosen.is_moved(feature));
    let reset = move || {
        chosen.reset(feature);
        // The button goes off, and the focus with it.
        focus(id);
    };
    let percent = move || value.get().map_or(50.0, |value| scale.percent(value));
    let curve = Memo::new(move |_| {
        insight.explanation.with(|explanation| {
            let Some(found) = explanation else {
                return String::new();
            };
            let pieces = found.curves.get(feature as usize);
            curve::area(pieces.map_or(&[], Vec::as_slice), found.top, scale)
        })
    });
    let range = Memo::new(move |_| {
        insight.typical.with(|typical| {
            let range = typical.as_ref()?.range(feature)?;
            Some((scale.percent(*range.start()), scale.percent(*range.end())))
        })
    });
    let described = move || {
        let genre = texts::genre(&chosen.genre(chosen.explained.get()));
        let said = insight.typical.with(|typical| {
            let range = typical.as_ref()?.range(feature)?;
            let (low, high) = (
                texts::spoken(feature, scale.round(*range.start(), false)),
                texts::spoken(feature, scale.round(*range.end(), true)),
            );
            Some(format!(". {}", (words.usually_lies)(&genre, &low, &high)))
        });
        said.unwrap_or_default()
    };

    view! {
        <div class="slider" class:unknown=boxed::flag(move || value.get().is_none())>
            <label class="slider-name" for=id>{text.label}</label>
            <span class="slider-hint" id=hint_id.clone()>
                {if counts { text.hint } else { words.does_not_count }}
                {boxed::text(clock_time)}
                <span class="visually-hidden">{boxed::text(described)}</span>
            </span>
            <span class="slider-number">
                <button
                    type="button"
                    class="reset"
                    class:idle=boxed::flag(move || !is_moved.get())
                    disabled=boxed::flag(move || !is_moved.get())
                    title=words.reset
                    aria-label=(words.reset_feature)(text.label)
                    on:click=boxed::click(reset)
                >
                    "↺"
                </button>
                // Not a box for numbers only: that takes letters and commas away before the page sees them, and believes the rest.
                <input
                    type="text"
                    id=number_id
                    aria-label=(words.as_a_number)(text.label)
                    aria-describedby=error_id.clone()
                    aria-invalid=boxed::text(move || error.with(Option::is_some).to_string())
                    placeholder=words.unknown
                    // The keys for numbers of some phones have no minus.
                    inputmode=if scale.low < 0.0 { "text" } else { "decimal" }
                    autocomplete="off"
                    prop:value=boxed::text(number)
                    on:change=boxed::event(move |event| {
                        // A box that is taken away says so too, and what it shows is of a track that is gone.
                        if error.try_get_untracked().is_none() {
                            return;
                        }
                        set_from_text(event_target_value(&event));
                        // As every number is written.
                        if error.with_untracked(Option::is_none) {
                            event_target::<HtmlInputElement>(&event).set_value(&untrack(number));
                        }
                    })
                    on:keydown=boxed::key(move |event| {
                        let Some(steps) = steps_of(&event.key()) else { return };
                        event.prevent_default();
                        // They go on from what has been typed.
                        let entered = event_target_value(&event);
                        if entered != untrack(number) {
                            set_from_text(entered);
                        }
                        if error.with_untracked(Option::is_none) {
                            chosen.change(feature, Some(scale.stepped(value.get_untracked(), steps)));
                        }
                    })
                />
                <span class="unit" aria-hidden="true">{scale.unit}</span>
            </span>
            <div class="slider-range">
                <svg class="curve" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                    <path d=boxed::text(move || curve.get()) />
                </svg>
                <span class="rail" aria-hidden="true">
                    <span
                        class="band"
                        hidden=boxed::flag(move || range.get().is_none())
                        style:left=boxed::text(move || format!("{}%", range.get().map_or(0.0, |range| range.0)))
                        style:right=boxed::text(move || format!("{}%", 100.0 - range.get().map_or(0.0, |range| range.1)))
                    ></span>
                    <span class="now" style:left=boxed::text(move || format!("{}%", percent()))></span>
                </span>
                <input
                    type="range"
                    id=id
                    name=id
                    min=scale.low.to_string()
                    max=scale.high.to_string()
                    step=scale.step.to_string()
                    aria-describedby=hint_id
                    aria-valuetext=boxed::text(spoken)
                    prop:value=boxed::text(position)
                    on:input=boxed::event(move |event| set_from_text(event_target_value(&event)))
                    on:dblclick=boxed::click(move || chosen.reset(feature))
                />
            </div>
            <span class="poles" aria-hidden="true">
                <span>{text.low}</span>
                <span>{text.high}</span>
            </span>
            {(feature == Feature::Popularity && counts).then(|| view! {
                <p class="slider-note" role="status">
                    {boxed::text(move || value.get().map(|_| words.popularity_misleads.to_owned()).unwrap_or_default())}
                </p>
            })}
            <p class="slider-error" id=error_id role="alert">{boxed::text(move || error.get().unwrap_or_default())}</p>
        </div>
    }
}

/// By how many of the slider's steps a key changes a number.
fn steps_of(key: &str) -> Option<f32> {
    match key {
        "ArrowUp" => Some(1.0),
        "ArrowDown" => Some(-1.0),
        "PageUp" => Some(10.0),
        "PageDown" => Some(-10.0),
        _ => None,
    }
}

/// Gives the focus to a slider, or to the title above them, by its id. The page scrolls there for a visitor who uses the
/// keyboard, and stays in its place for one who points.
pub(crate) fn focus(id: &str) {
    let Some(element) = super::element(id) else {
        return;
    };
    let active = document().active_element();
    let by_keyboard =
        active.is_some_and(|active| active.matches(":focus-visible").unwrap_or_default());
    let options = FocusOptions::new();
    options.set_prevent_scroll(!by_keyboard);
    // Only an element that is gone cannot have it.
    let _ = element.focus_with_options(&options);
}
