//! The table of tracks. Only the rows in sight are in the document, however many there are; the worker keeps the others.

use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;
use overtone_genre::Feature;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::playlist_texts as own;
use super::reading::Reading;
use super::texts;
use crate::bridge;
use crate::message::{SortBy, TrackRow};

/// The height of a row, in the document's font sizes; the style sheet has the same.
const ROW_HEIGHT: f64 = 2.75;

/// The browsers' usual font size, in CSS pixels.
const USUAL_FONT_SIZE: f64 = 16.0;

/// How many rows stand ready above and below those in sight.
const SPARE_ROWS: usize = 10;

/// The greatest height of the table in CSS pixels. Browsers draw nothing beyond some tens of millions; with more rows, one
/// pixel of the scroll bar stands for several of the table.
const GREATEST_HEIGHT: f64 = 8_000_000.0;

/// How long scrolling has to rest before the scroll bar is put where it belongs.
const REST: Duration = Duration::from_millis(200);

/// Where the table stands in its window.
#[derive(Clone, Copy)]
struct Scroll {
    /// How far the rows are scrolled, in pixels of rows as if all were there.
    top: RwSignal<f64>,
    /// The same in pixels of the scroll bar.
    bar: RwSignal<f64>,
    /// The height of the window, and of the titles that stay in it.
    height: RwSignal<f64>,
    titles: RwSignal<f64>,
    /// The height of a row, in CSS pixels.
    row: RwSignal<f64>,
    /// How many rows there are.
    rows: Memo<usize>,
}

impl Scroll {
    fn whole(&self) -> f64 {
        self.rows.get_untracked() as f64 * self.row.get_untracked()
    }

    /// How far the rows can be scrolled, and the bar.
    fn farthest(&self) -> (f64, f64) {
        let height = self.height.get_untracked() - self.titles.get_untracked();
        let farthest = |whole: f64| (whole - height).max(0.0);
        (
            farthest(self.whole()),
            farthest(self.whole().min(GREATEST_HEIGHT)),
        )
    }

    /// The bar has been moved. A short way is as far for the rows; a long way is a share of all.
    fn bar_moved(&self, bar: f64) {
        let (rows, farthest) = self.farthest();
        let moved = bar - self.bar.get_untracked();
        let top = if rows <= farthest || bar <= 0.0 {
            bar
        } else if bar >= farthest - 1.0 {
            rows
        } else if moved.abs() <= self.height.get_untracked() {
            (self.top.get_untracked() + moved).clamp(0.0, rows)
        } else {
            bar / farthest * rows
        };
        self.bar.set(bar);
        self.top.set(top);
    }

    /// Where the bar belongs.
    fn bar_of(&self, top: f64) -> f64 {
        let (rows, farthest) = self.farthest();
        if rows <= farthest {
            top
        } else {
            top / rows * farthest
        }
    }
}

/// The tracks with artist, genre and confidence. A click on one loads it into the sliders. Their rows are drawn once
/// `has_rows` says so; the table stands before.
#[component]
pub(crate) fn Table(
    reading: Reading,
    shown: Signal<Option<u32>>,
    genres: StoredValue<Vec<String>>,
    has_rows: Signal<bool>,
) -> impl IntoView {
    let window_node = NodeRef::<Div>::new();
    let scroll = Scroll {
        top: RwSignal::new(0.0),
        bar: RwSignal::new(0.0),
        height: RwSignal::new(600.0),
        titles: RwSignal::new(0.0),
        row: RwSignal::new(row_height()),
        rows: Memo::new(move |_| reading.window.with(|window| window.total)),
    };
    // The row that has the focus, and whether it had it when it went out of sight.
    let focused = RwSignal::new(0usize);
    let is_waiting = StoredValue::new(false);

    let settle = StoredValue::new(None::<TimeoutHandle>);
    let measure = move || {
        let Some(node) = window_node.get_untracked() else {
            return;
        };
        scroll.height.set(f64::from(node.client_height()));
        let row = row_height();
        if scroll.row.get_untracked() != row {
            scroll.row.set(row);
        }
        let titles = node.query_selector("thead").ok().flatten();
        scroll
            .titles
            .set(titles.map_or(0.0, |titles| f64::from(titles.client_height())));
        scroll.bar_moved(f64::from(node.scroll_top()));
    };
    let on_scroll = move |_| {
        measure();
        if let Some(handle) = settle.get_value() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(
            move || {
                // The table may be gone by then.
                let Some(node) = window_node.try_get_untracked().flatten() else {
                    return;
                };
                let bar = scroll.bar_of(scroll.top.get_untracked());
                if (bar - f64::from(node.scroll_top())).abs() > 1.0 {
                    scroll.bar.set(bar.round());
                    node.set_scroll_top(bar.round() as i32);
                }
            },
            REST,
        );
        settle.set_value(handle.ok());
    };
    Effect::new(move |_| {
        window_node.track();
        measure();
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());

    // Another order or choice of rows begins at the top.
    Effect::new(move |before: Option<()>| {
        reading.looking.track();
        if before.is_some()
            && let Some(node) = window_node.get_untracked()
        {
            focused.set(0);
            node.set_scroll_top(0);
            scroll.bar.set(0.0);
            scroll.top.set(0.0);
        }
    });

    let in_sight = Memo::new(move |_| {
        let first = (scroll.top.get() / scroll.row.get()).floor() as usize;
        let shown = (scroll.height.get() / scroll.row.get()).ceil() as usize;
        (first.saturating_sub(SPARE_ROWS), shown + 2 * SPARE_ROWS)
    });
    Effect::new(move |_| {
        let (first, count) = in_sight.get();
        reading.show(first, count);
    });

    // The rows that have come stand where they belong, whatever has been asked for since.
    let above = move || {
        let first = reading.window.with(|window| window.first) as f64 * scroll.row.get();
        (scroll.bar.get() - scroll.top.get() + first).max(0.0)
    };
    let below = move || {
        let rows = reading.window.with(|window| window.rows.len()) as f64 * scroll.row.get();
        let whole = (scroll.rows.get() as f64 * scroll.row.get()).min(GREATEST_HEIGHT);
        (whole - above() - rows).max(0.0)
    };
    let rows = move || {
        if !has_rows.get() {
            return Vec::new();
        }
        reading.window.with(|window| {
            let places = window.first..;
            places.zip(window.rows.iter().cloned()).collect::<Vec<_>>()
        })
    };

    let button_at = move |place: usize| {
        let node = window_node.get_untracked()?;
        let found = node
            .query_selector(&format!("tr[data-place=\"{place}\"] button"))
            .ok()
            .flatten()?;
        found.dyn_into::<HtmlElement>().ok()
    };
    // The focus stays with its row: while that is out of sight, the window has it.
    Effect::new(move |_| {
        reading.window.track();
        let place = focused.get_untracked();
        request_animation_frame(move || {
            // The table may be gone by then.
            let Some(node) = window_node.try_get_untracked().flatten() else {
                return;
            };
            let is_lost = document().active_element().is_none_or(|active| {
                active.tag_name() == "BODY" || active.is_same_node(Some(&node))
            });
            if !is_waiting.get_value() || !is_lost {
                return;
            }
            match button_at(place) {
                Some(button) => focus(&button),
                None => focus(&node),
            }
        });
    });

    // Brings a row into sight and gives it the focus, now or once it has come.
    let go_to = move |place: usize| {
        let Some(node) = window_node.get_untracked() else {
            return;
        };
        focused.set(place);
        let from = place as f64 * scroll.row.get_untracked();
        let height = scroll.height.get_untracked() - scroll.titles.get_untracked();
        let top = scroll.top.get_untracked();
        let wanted = if from < top {
            Some(from)
        } else if from + scroll.row.get_untracked() > top + height {
            Some(from + scroll.row.get_untracked() - height)
        } else {
            None
        };
        if let Some(wanted) = wanted {
            let (farthest, _) = scroll.farthest();
            let wanted = wanted.clamp(0.0, farthest);
            let bar = scroll.bar_of(wanted).round();
            // Told before the browser tells of it, so that it is not taken for the visitor's.
            scroll.bar.set(bar);
            scroll.top.set(wanted);
            node.set_scroll_top(bar as i32);
        }
        is_waiting.set_value(true);
        match button_at(place) {
            Some(button) => focus(&button),
            None => focus(&node),
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let last = scroll.rows.get_untracked().saturating_sub(1);
        let page = ((scroll.height.get_untracked() / scroll.row.get_untracked()).floor() as usize)
            .saturating_sub(1)
            .max(1);
        // Where no row has the focus, the keys count from the first one in sight, which is where the arrow down leads.
        let is_at_row = is_waiting.get_value();
        let place = if is_at_row {
            focused.get_untracked()
        } else {
            (scroll.top.get_untracked() / scroll.row.get_untracked()).ceil() as usize
        };
        let place = match event.key().as_str() {
            "ArrowDown" => place + usize::from(is_at_row),
            "ArrowUp" => place.saturating_sub(1),
            "PageDown" => place + page,
            "PageUp" => place.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        go_to(place.min(last));
    };

    let choose = move |place: usize, row: &TrackRow| {
        bridge::tell_track(&row.for_page());
        show_answer();
        // A click beside the title gives the focus to the window, and the keys have to go on from this row.
        if let Some(button) = button_at(place) {
            focus(&button);
        }
    };
    let has_labels = Memo::new(move |_| reading.summary.with(|summary| !summary.matrix.is_empty()));
    let has_tables = Memo::new(move |_| reading.tables.with(|tables| tables.len() > 1));
    let columns = move || {
        let mut columns = vec![
            (SortBy::Track, own::track(), "track"),
            (SortBy::Artist, own::artist(), "artist"),
        ];
        if has_tables.get() {
            columns.push((SortBy::Table, own::file(), "file"));
        }
        if has_labels.get() {
            columns.push((SortBy::Label, own::in_the_file(), "label"));
        }
        columns.push((SortBy::Genre, own::genre(), "genre-column"));
        columns.push((SortBy::Confidence, own::confidence(), "number"));
        columns
    };
    let is_part = move || {
        reading
            .window
            .with(|window| window.rows.len() < window.total)
    };
    view! {
        <Show when=is_part>
            <p class="fine on-paper">{own::printed_part()}</p>
        </Show>
        <div
            class="table-window"
            node_ref=window_node
            tabindex="0"
            role="region"
            aria-label=own::tracks_of_the_file()
            on:scroll=on_scroll
            on:keydown=on_key
        >
            <table
                class="tracks"
                class:more=move || has_labels.get() || has_tables.get()
                class:most=move || has_labels.get() && has_tables.get()
                aria-rowcount=move || (scroll.rows.get() + 1).to_string()>
                <thead>
                    <tr aria-rowindex="1">
                        {move || {
                            columns()
                                .into_iter()
                                .map(|(by, title, class)| view! { <Heading reading by title class /> })
                                .collect_view()
                        }}
                    </tr>
                </thead>
                <tbody data-testid="tracks">
                    <tr class="space" aria-hidden="true">
                        <td style:height=move || format!("{}px", above())></td>
                    </tr>
                    <For
                        each=rows
                        key=|(place, row)| (*place, row.number, row.label.is_some())
                        let((place, row))
                    >
                        <TableRow
                            reading
                            place
                            row
                            genres
                            is_loaded=move |row: &TrackRow| {
                                shown.get() == Some(row.number)
                            }
                            focused
                            is_waiting
                            has_labels
                            has_tables
                            choose
                        />
                    </For>
                    <tr class="space" aria-hidden="true">
                        <td style:height=move || format!("{}px", below())></td>
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

/// A column's title, which sorts by it: up, down, and as in the file.
#[component]
fn Heading(
    reading: Reading,
    by: SortBy,
    title: &'static str,
    class: &'static str,
) -> impl IntoView {
    let sorted = move || {
        let sort = reading.looking.with(|looking| looking.sort);
        sort.filter(|(sorted, _)| *sorted == by)
            .map(|(_, descending)| descending)
    };
    let direction = move || match sorted() {
        Some(false) => "ascending",
        Some(true) => "descending",
        None => "none",
    };
    let sort = move |_| {
        let next = match sorted() {
            None => Some((by, false)),
            Some(false) => Some((by, true)),
            Some(true) => None,
        };
        reading.look(|looking| looking.sort = next);
    };
    let name = match by {
        // The style sheet shows one of them.
        SortBy::Confidence => view! {
            <span class="long">{title}</span>
            <span class="short">{own::confidence_short()}</span>
        }
        .into_any(),
        _ => title.into_any(),
    };
    view! {
        <th scope="col" class=class aria-sort=direction>
            <button type="button" class="sort" on:click=sort>
                {name}
            </button>
        </th>
    }
}

#[component]
fn TableRow(
    reading: Reading,
    place: usize,
    row: TrackRow,
    genres: StoredValue<Vec<String>>,
    is_loaded: impl Fn(&TrackRow) -> bool + Copy + Send + Sync + 'static,
    focused: RwSignal<usize>,
    is_waiting: StoredValue<bool>,
    has_labels: Memo<bool>,
    has_tables: Memo<bool>,
    choose: impl Fn(usize, &TrackRow) + Copy + 'static,
) -> impl IntoView {
    let title = if row.track.is_empty() {
        own::line(row.line)
    } else {
        row.track.clone()
    };
    let artist = row.artist.clone();
    let genre = row.genre.map(|(genre, confidence)| {
        let name = genres.with_value(|genres| genres.get(genre).cloned().unwrap_or_default());
        (name, confidence)
    });
    let (genre_view, confidence_view) = match genre {
        Some((name, confidence)) => (
            view! { <span class=format!("genre {}", texts::genre_class(&name))>{texts::genre(&name)}</span> }
                .into_any(),
            Some(view! { <td class="number">{texts::percent(confidence)}</td> }),
        ),
        None => (
            view! { <span class="no-genre">{own::too_few_features()}</span> }
                .into_any(),
            None,
        ),
    };
    // What stands in place of a genre needs the place of the number, too.
    let genre_columns = if confidence_view.is_some() { "1" } else { "2" };
    // A file that lacks a feature says so once, above.
    let lacks = row.genre.is_some()
        && row.lacks_features()
        && reading.tables.with_untracked(|tables| {
            tables.get(usize::from(row.table)).is_some_and(|table| {
                table
                    .missing
                    .iter()
                    .all(|name| name == Feature::Duration.name())
            })
        });
    let table = reading.tables.with_untracked(|tables| {
        tables
            .get(usize::from(row.table))
            .map(|table| table.name.clone())
            .unwrap_or_default()
    });
    let label = row.label.clone().unwrap_or_default();
    let is_outside = row.is_outside;
    let row = StoredValue::new(row);
    let loaded = move || row.with_value(is_loaded);
    // The title is a real button, for keyboards and screen readers; a click elsewhere in the row does the same.
    view! {
        <tr
            aria-rowindex=(place + 2).to_string()
            data-place=place.to_string()
            class:selected=loaded
            on:click=move |_| row.with_value(|row| choose(place, row))
        >
            <td>
                <button
                    type="button"
                    class="row-button"
                    title=title
                    tabindex=move || if focused.get() == place { "0" } else { "-1" }
                    aria-pressed=move || loaded().to_string()
                    on:focus=move |_| {
                        focused.set(place);
                        is_waiting.set_value(true);
                    }
                    on:blur=move |event| {
                        let goes_to = event.related_target();
                        let goes_to = goes_to.and_then(|to| to.dyn_into::<HtmlElement>().ok());
                        // Another row has it now, or the window keeps it for a row out of sight.
                        let stays = |to: HtmlElement| {
                            let classes = to.class_list();
                            classes.contains("row-button") || classes.contains("table-window")
                        };
                        if goes_to.is_some_and(stays) {
                            return;
                        }
                        let button = event_target::<HtmlElement>(&event);
                        request_animation_frame(move || {
                            // A button that is still there was left by the visitor; it did not go away with its row.
                            if button.is_connected() {
                                is_waiting.set_value(false);
                            }
                        });
                    }
                >
                    {title.clone()}
                </button>
                // On a phone there is no place for a column of its own.
                <span class="artist-below">{artist.clone()}</span>
            </td>
            <td class="artist">{artist}</td>
            <Show when=move || has_tables.get()>
                <td class="file">{table.clone()}</td>
            </Show>
            <Show when=move || has_labels.get()>
                <td class="label">{label.clone()}</td>
            </Show>
            <td class="genre-cell" colspan=genre_columns>
                {genre_view}
                {is_outside
                    .then(|| {
                        view! {
                            <span class="unlike" title=own::unlike_all()>
                                <span class="visually-hidden">{own::unlike_all()}</span>
                            </span>
                        }
                    })}
                {lacks
                    .then(|| {
                        view! {
                            <span class="lacks" title=own::some_missing()>
                                <span class="visually-hidden">{own::some_missing()}</span>
                            </span>
                        }
                    })}
            </td>
            {confidence_view}
        </tr>
    }
}

/// The height of a row in CSS pixels: it grows with the text.
fn row_height() -> f64 {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    let size = size.and_then(|size| size.trim_end_matches("px").parse().ok());
    ROW_HEIGHT * size.unwrap_or(USUAL_FONT_SIZE)
}

/// Gives the focus to an element, and leaves the scrolling to us.
fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // Only an element that is gone cannot have it.
    let _ = element.focus_with_options(&options);
}

/// Brings the answer into sight, where it is not: in a low window it does not stay beside the table.
fn show_answer() {
    let Ok(Some(answer)) = document().query_selector(".answer") else {
        return;
    };
    let edges = answer.get_bounding_client_rect();
    let height = window().inner_height().ok();
    let height = height
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    if edges.bottom() <= 0.0 || edges.top() >= height {
        answer.scroll_into_view();
    }
}
