//! What the model is, what it knows, and where its limits are.

use leptos::prelude::*;
use overtone_genre::MINIMUM_FEATURES;

use super::chosen::Chosen;
use super::language::words;
use super::models::Which;
use super::texts;

/// The model's card.
#[component]
pub(crate) fn About(chosen: Chosen) -> impl IntoView {
    let words = words();
    let which = chosen.models.current.get_untracked();
    let genres: Vec<String> = (0..chosen.genre_count())
        .map(|genre| texts::genre(&chosen.genre(genre)))
        .collect();
    let right = chosen.ask(|model| {
        let quality = model.quality()?;
        let percent = |share: f32| texts::percent(f64::from(share));
        if which == Which::Fifteen {
            return Some((words.about_right_fifteen)(&percent(quality.home.accuracy)));
        }
        Some((words.about_right_text)(
            &percent(quality.home.accuracy),
            &percent(quality.abroad.accuracy),
            &percent(quality.abroad.calibration_error),
        ))
    });
    let right = right.map(|said| {
        view! {
            <dt>{words.about_right}</dt>
            <dd>{said}</dd>
        }
    });
    let [of_eight, of_fifteen] = words.about_limits_texts;
    let limits = if which == Which::Eight {
        of_eight
    } else {
        of_fifteen
    };
    view! {
        <section class="card about" aria-labelledby="about-title">
            <h2 id="about-title">{words.about_model}</h2>
            <dl>
                <dt>{words.about_answers}</dt>
                <dd>{genres.join(", ")}</dd>
                <dt>{words.about_needs}</dt>
                <dd>{(words.about_needs_features)(MINIMUM_FEATURES)}</dd>
                {right}
                <dt>{words.about_limits}</dt>
                <dd>{limits}</dd>
            </dl>
        </section>
    }
}
