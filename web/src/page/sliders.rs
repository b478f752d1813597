//! A slider and a number box for each feature.

use leptos::prelude::*;
use overtone_genre::Feature;
use web_sys::HtmlInputElement;

use super::chosen::Chosen;
use super::texts::{self, GROUPS};

/// All features, in groups.
#[component]
pub(crate) fn Sliders(chosen: Chosen) -> impl IntoView {
    let groups = GROUPS.map(|(title, features)| {
        view! {
            <fieldset>
                <legend>{title}</legend>
                {features
                    .iter()
                    .map(|&feature| view! { <Slider feature chosen /> })
                    .collect_view()}
            </fieldset>
        }
    });
    view! {
        <section class="card sliders" aria-labelledby="sliders-title">
            <div class="card-head">
                <h2 id="sliders-title">"The track"</h2>
                <button type="button" class="quiet" on:click=move |_| chosen.reset()>
                    "Start over"
                </button>
            </div>
            {groups.collect_view()}
        </section>
    }
}

/// One feature: its name, a slider, a number box with the unit.
#[component]
fn Slider(feature: Feature, chosen: Chosen) -> impl IntoView {
    let value = chosen.value(feature);
    let text = texts::feature(feature);
    let (low, high, step) = text.slider;
    let error = RwSignal::new(None::<String>);
    let id = feature.name();
    let (number_id, hint_id, error_id) = (
        format!("{id}-number"),
        format!("{id}-hint"),
        format!("{id}-error"),
    );

    // An unknown value stands in the middle, dimmed.
    let position = move || {
        let text = texts::feature(feature);
        value
            .get()
            .map_or((low + high) / 2.0, |value| value / text.scale)
            .to_string()
    };
    let number = move || {
        value
            .get()
            .map(|value| texts::shown(&texts::feature(feature), value))
            .unwrap_or_default()
    };
    let spoken = move || match value.get() {
        Some(value) => texts::spoken(feature, &texts::feature(feature), value),
        None => "unknown".to_owned(),
    };
    let set_from_text = move |entered: String| {
        let entered = entered.trim();
        if entered.is_empty() {
            error.set(None);
            chosen.change(feature, None);
            return;
        }
        let text = texts::feature(feature);
        let checked = entered
            .parse::<f32>()
            .map_err(|_| format!("“{entered}” is not a number."))
            .and_then(|number| {
                feature.check(number * text.scale).map_err(|_| {
                    let range = feature.range();
                    format!(
                        "{} lies between {} and {}.",
                        text.label,
                        range.start() / text.scale,
                        range.end() / text.scale
                    )
                })
            });
        match checked {
            Ok(checked) => {
                error.set(None);
                chosen.change(feature, checked);
            }
            Err(sentence) => error.set(Some(sentence)),
        }
    };
    // Whatever else sets the value ends the complaint about the last entry.
    Effect::new(move |_| {
        value.track();
        error.set(None);
    });

    view! {
        <div class="slider" class:unknown=move || value.get().is_none()>
            <label class="slider-name" for=id>{text.label}</label>
            <span class="slider-hint" id=hint_id.clone()>
                {text.hint}
                {(feature == Feature::Duration)
                    .then(|| view! { <span>{move || value.get().map(|length| format!(" ({})", texts::clock_time(length)))}</span> })}
            </span>
            <input
                type="range"
                id=id
                name=id
                min=low.to_string()
                max=high.to_string()
                step=step.to_string()
                aria-describedby=hint_id
                aria-valuetext=spoken
                prop:value=position
                on:input=move |event| set_from_text(event_target_value(&event))
            />
            <span class="slider-number">
                <input
                    type="number"
                    id=number_id
                    aria-label=format!("{} as a number", text.label)
                    aria-describedby=error_id.clone()
                    aria-invalid=move || error.with(Option::is_some).to_string()
                    step=step.to_string()
                    placeholder="unknown"
                    inputmode="decimal"
                    prop:value=number
                    on:change=move |event| {
                        // What is no number at all reads as empty, but does not mean unknown.
                        if event_target::<HtmlInputElement>(&event).validity().bad_input() {
                            error.set(Some("That is not a number.".to_owned()));
                        } else {
                            set_from_text(event_target_value(&event));
                        }
                    }
                />
                <span class="unit" aria-hidden="true">{text.unit.0}</span>
            </span>
            <p class="slider-error" id=error_id role="alert">{move || error.get()}</p>
        </div>
    }
}
