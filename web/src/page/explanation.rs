//! Why the track is this genre, and what would make it another.

use leptos::prelude::*;
use overtone_genre::{Feature, Features};

use super::boxed;
use super::chosen::Chosen;
use super::insight::{Explanation, Insight, Way};
use super::language::words;
use super::order::largest_first;
use super::sliders::focus;
use super::texts;

/// The room of the explanation: what each feature adds, and the shortest ways elsewhere.
#[component]
pub(crate) fn Why(chosen: Chosen, insight: Insight) -> impl IntoView {
    let words = words();
    let genre_name = move || texts::genre(&chosen.genre(chosen.explained.get()));
    let class = move || {
        let genre = chosen.genre(chosen.explained.get());
        format!("card why {}", texts::genre_class(&genre))
    };
    let options = move || {
        let explained = chosen.explained.get();
        (0..chosen.genre_count())
            .map(|genre| {
                let name = texts::genre(&chosen.genre(genre));
                view! { <option value=genre.to_string() selected={genre == explained}>{name}</option> }
            })
            .collect_view()
    };
    let table = Memo::new(move |_| {
        insight.explanation.with(|explanation| {
            let explanation = explanation.as_ref()?;
            Some(Table::new(
                explanation,
                texts::genre(&chosen.genre(explanation.genre)),
            ))
        })
    });
    let lines = Memo::new(move |_| table.with(|table| Some(table.as_ref()?.lines.len())));
    // The sliders may be ahead of the explanation, for a moment.
    let behind = Memo::new(move |_| {
        chosen.track_features();
        let genre = chosen.explained.get();
        let features = chosen.features();
        let is_of = |explanation: &Explanation| {
            explanation.genre == genre
                && explanation.values == Feature::ALL.map(|feature| features.get(feature))
        };
        let has_answer = chosen.answer.with(|answer| answer.is_ok());
        insight.explanation.with(|explanation| match explanation {
            Some(explanation) => !is_of(explanation),
            None => has_answer,
        })
    });
    let ways = move || {
        insight.ways.with(|ways| {
            // The genres that are nearest anyway come first.
            let probabilities = chosen.answer.with_untracked(|answer| match answer {
                Ok(found) => found.probabilities.clone(),
                Err(_) => Vec::new(),
            });
            largest_first(&probabilities)
                .into_iter()
                .filter_map(|genre| {
                    let way = ways.get(genre).copied().flatten()?;
                    Some(way_view(chosen, &chosen.genre(genre), way))
                })
                .collect_view()
        })
    };
    let unreachable = move || {
        let best = chosen
            .answer
            .with(|answer| answer.as_ref().ok().map(|found| found.best));
        let Some(best) = best else {
            return String::new();
        };
        insight.ways.with(|ways| {
            let names: Vec<String> = ways
                .iter()
                .enumerate()
                .filter(|(genre, way)| way.is_none() && *genre != best)
                .map(|(genre, _)| texts::genre(&chosen.genre(genre)))
                .collect();
            if names.is_empty() {
                String::new()
            } else {
                (words.no_single_way)(&(words.one_of)(&names))
            }
        })
    };
    view! {
        // Without an answer there is nothing to explain.
        <section
            class=boxed::text(class)
            aria-labelledby="why-title"
            hidden=boxed::flag(move || chosen.answer.with(Result::is_err))
        >
            <div class="why-part" data-testid="why" aria-busy=boxed::text(move || behind.get().to_string())>
                <div class="card-head">
                    <h2 id="why-title">{boxed::text(move || (words.why_genre)(&genre_name()))}</h2>
                    <label class="picker">
                        <span class="visually-hidden">{words.explain_genre}</span>
                        <select
                            data-testid="explained"
                            prop:value=boxed::text(move || chosen.explained.get().to_string())
                            on:change=boxed::event(move |event| {
                                chosen.pick(event_target_value(&event).parse().ok());
                            })
                        >
                            {boxed::part(options)}
                        </select>
                    </label>
                </div>
                <p class="fine">{words.why_explained}</p>
                {boxed::part(move || lines.get().map(|lines| contributions(table, lines)))}
            </div>
            <div class="why-part">
                <h3>{words.what_if}</h3>
                <p class="fine">{words.what_if_explained}</p>
                <ul class="ways" data-testid="ways">{boxed::part(ways)}</ul>
                <p class="fine">{boxed::text(unreachable)}</p>
            </div>
        </section>
    }
}

/// What each feature adds, in whole percentage points that make the shown number; in words and signs.
#[derive(PartialEq)]
struct Table {
    genre: String,
    /// The genre's probability.
    total: String,
    /// What the probability would be of any track.
    base: String,
    /// A line for each feature, the weightiest first.
    lines: Vec<Line>,
}

/// What a feature adds.
#[derive(PartialEq)]
struct Line {
    label: &'static str,
    value: String,
    points: String,
    /// Whether it takes away.
    is_against: bool,
    /// How far the bar goes, in CSS: to the right, or where the feature takes away, to the left.
    bar: String,
}

impl Table {
    fn new(explanation: &Explanation, genre: String) -> Self {
        let words = words();
        let all = &explanation.contributions.features;
        let sizes: Vec<f64> = all.iter().map(|(_, amount)| amount.abs()).collect();
        let order = largest_first(&sizes).into_iter();
        let features: Vec<(Feature, f64)> =
            order.filter_map(|index| all.get(index).copied()).collect();
        let mut amounts = vec![explanation.contributions.base];
        amounts.extend(features.iter().map(|(_, amount)| amount));
        let points = whole_points(&amounts, explanation.probability);
        let base = points.first().copied().unwrap_or_default();
        // The longest bar takes half of the width, to either side of the middle.
        let longest = features
            .iter()
            .map(|(_, amount)| amount.abs())
            .fold(0.1, f64::max);
        let mut values = Features::default();
        for (feature, value) in Feature::ALL.into_iter().zip(explanation.values) {
            values.set(feature, value);
        }
        let points = points.into_iter().skip(1);
        let lines = features
            .iter()
            .zip(points)
            .map(|(&(feature, amount), points)| Line {
                label: texts::feature(feature).label,
                value: values
                    .get(feature)
                    .map_or(words.unknown.to_owned(), |value| {
                        texts::with_unit(feature, value)
                    }),
                points: texts::signed(points),
                is_against: amount < 0.0,
                bar: format!("scaleX({:.3})", amount / longest),
            });
        Self {
            genre,
            total: texts::percent(explanation.probability),
            base: base.to_string(),
            lines: lines.collect(),
        }
    }
}

/// The table as it is shown. It is made once, and its texts follow: of what is made anew, Leptos takes away all attributes and sets
/// them again, and the browser styles and paints it anew, for each move of a slider.
fn contributions(table: Memo<Option<Table>>, lines: usize) -> AnyView {
    let words = words();
    let text = move |tell: fn(&Table) -> String| {
        boxed::text(move || table.with(|table| table.as_ref().map(tell).unwrap_or_default()))
    };
    let rows = (0..lines).map(|place| {
        let of_line = move |tell: fn(&Line) -> String| {
            boxed::text(move || {
                let line = |table: &Option<Table>| Some(tell(table.as_ref()?.lines.get(place)?));
                table.with(line).unwrap_or_default()
            })
        };
        let is_against = move || {
            let line = |table: &Option<Table>| Some(table.as_ref()?.lines.get(place)?.is_against);
            table.with(line).unwrap_or_default()
        };
        view! {
            <tr class:against=boxed::flag(is_against)>
                <th scope="row">{of_line(|line| line.label.to_owned())}</th>
                <td class="value">{of_line(|line| line.value.clone())}</td>
                <td class="bar-cell">
                    <span class="amount" aria-hidden="true">
                        <span style:transform=of_line(|line| line.bar.clone())></span>
                    </span>
                </td>
                <td class="number">{of_line(|line| line.points.clone())}</td>
            </tr>
        }
    });
    view! {
        <table class="contributions" data-testid="contributions">
            <thead class="visually-hidden">
                <tr>
                    <th scope="col">{words.feature}</th>
                    <th scope="col">{words.value}</th>
                    <td></td>
                    <th scope="col">{words.percentage_points}</th>
                </tr>
            </thead>
            <tbody>
                <tr class="base">
                    <th scope="row">{words.any_track}</th>
                    <td colspan="2"></td>
                    <td class="number">{text(|table| table.base.clone())}</td>
                </tr>
                {rows.collect_view()}
            </tbody>
            <tfoot>
                <tr>
                    <th scope="row">{text(|table| table.genre.clone())}</th>
                    <td colspan="2"></td>
                    <td class="number" data-testid="explained-total">{text(|table| table.total.clone())}</td>
                </tr>
            </tfoot>
        </table>
    }
    .into_any()
}

/// A way to another genre: what has to change, and a button that changes it.
fn way_view(chosen: Chosen, genre: &str, way: Way) -> AnyView {
    let words = words();
    let label = texts::feature(way.feature).label;
    let value = texts::with_unit(way.feature, way.value);
    let name = texts::genre(genre);
    let sentence = (words.way)(&name, label, way.rises, &value);
    let take = move || {
        chosen.change(way.feature, Some(way.value));
        // Other ways come, and the button would lead to another genre under the visitor's hand.
        focus(way.feature.name());
    };
    view! {
        <li class=texts::genre_class(genre)>
            <span class="way">{sentence}</span>
            <button
                type="button"
                class="quiet"
                aria-label=(words.do_way)(&name, label, &value)
                on:click=boxed::click(take)
            >
                {words.do_it}
            </button>
        </li>
    }
    .into_any()
}

/// Amounts as whole percentage points that add up to the whole percent of their sum.
///
/// Each is rounded down, and those that lost most get one more until the sum is right: the method of the largest
/// remainder. None is off by a whole point.
fn whole_points(amounts: &[f64], sum: f64) -> Vec<i64> {
    let mut points: Vec<i64> = amounts
        .iter()
        .map(|amount| (amount * 100.0).floor() as i64)
        .collect();
    // Halves go to the even number, as where the percent is written.
    let missing = (sum * 100.0).round_ties_even() as i64 - points.iter().sum::<i64>();
    let lost = |amount: &f64| amount * 100.0 - (amount * 100.0).floor();
    let lost: Vec<f64> = amounts.iter().map(lost).collect();
    let missing = usize::try_from(missing).unwrap_or(0);
    for index in largest_first(&lost).into_iter().take(missing) {
        if let Some(points) = points.get_mut(index) {
            *points += 1;
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::chosen::at_first;
    use overtone_genre::Model;

    #[test]
    fn rounded_amounts_make_the_rounded_sum() {
        assert_eq!(whole_points(&[0.126, 0.333, 0.333], 0.792), [13, 33, 33]);
        assert_eq!(whole_points(&[0.12, -0.004, -0.004], 0.112), [12, 0, -1]);
        assert_eq!(whole_points(&[], 0.0), Vec::<i64>::new());
    }

    #[test]
    fn every_genre_is_explained_to_the_shown_percent() {
        let model = Model::eight_genres().unwrap();
        let mut track = at_first();
        for energy in [0.0, 0.2, 0.5, 0.7, 1.0] {
            track.set(Feature::Energy, Some(energy));
            let answer = model.classify(&track).unwrap();
            for (genre, &probability) in answer.probabilities.iter().enumerate() {
                let found = model.contributions(&track, genre).unwrap();
                let mut amounts = vec![found.base];
                amounts.extend(found.features.iter().map(|(_, amount)| amount));
                let points = whole_points(&amounts, probability);
                let shown = format!("{:.0}", probability * 100.0);
                assert_eq!(points.iter().sum::<i64>().to_string(), shown);
                for (points, amount) in points.iter().zip(&amounts) {
                    assert!((*points as f64 - amount * 100.0).abs() < 1.0);
                }
            }
        }
    }
}
