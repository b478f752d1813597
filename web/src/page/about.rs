//! What the model is, what it knows, and where its limits are.

use leptos::prelude::*;
use overtone_genre::MINIMUM_FEATURES;

use super::chosen::Chosen;
use super::language::words;
use super::models::Which;
use super::order::largest_first;
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
            (100.0 * quality.abroad.calibration_error).round() as usize,
        ))
    });
    let right = right.map(|said| {
        view! {
            <dt>{words.about_right}</dt>
            <dd>{said}</dd>
        }
    });
    let found = found(chosen).map(|found| {
        view! {
            <dt>{words.about_found}</dt>
            <dd>{found}</dd>
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
                {found}
                <dt>{words.about_limits}</dt>
                <dd>{limits}</dd>
            </dl>
        </section>
    }
}

/// The table of how many of each genre's tracks are taken for it, the surest genre first. `None` where the model does not
/// know.
fn found(chosen: Chosen) -> Option<AnyView> {
    let words = words();
    let recalls = chosen.ask(|model| Some(model.quality()?.recalls.clone()))?;
    if recalls.is_empty() {
        return None;
    }
    // The fifteen genres come from one collection, so there was no other to measure them on.
    let is_abroad = recalls.iter().any(|recall| recall.abroad > 0.0);
    let columns: &[&str] = if is_abroad {
        &words.about_found_where
    } else {
        &[words.about_found_fifteen]
    };
    let heads: Vec<_> = columns
        .iter()
        .map(|&column| view! { <th scope="col">{column}</th> })
        .collect();
    let shares: Vec<f64> = recalls
        .iter()
        .map(|recall| f64::from(recall.home))
        .collect();
    let rows = largest_first(&shares).into_iter().filter_map(|genre| {
        let recall = recalls.get(genre)?;
        let name = texts::genre(&chosen.genre(genre));
        let shares = [recall.home, recall.abroad];
        let cells: Vec<_> = shares
            .into_iter()
            .take(columns.len())
            .map(|share| view! { <td>{texts::percent(f64::from(share))}</td> })
            .collect();
        Some(view! { <tr><th scope="row">{name}</th>{cells}</tr> })
    });
    let rows: Vec<_> = rows.collect();
    Some(
        view! {
            <table class="found" data-testid="found">
                <thead><tr><th scope="col">{words.about_genre}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    )
}
