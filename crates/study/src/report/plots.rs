//! The kinds of plots in the report.

use super::drawing::{Anchor, COLD, Drawing, HEAT, SERIES, text_width, ticks};
use crate::linkage::{Join, leaf_order};
use crate::statistics::Estimate;
use crate::study::looking::Look;

const WIDTH: f64 = 860.0;

/// What a dot stands for, by colour and shape. Others' figures are hollow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Theirs,
    First,
    Second,
    Third,
}

impl Tone {
    const fn colour(self) -> &'static str {
        match self {
            Tone::Theirs => "#7d8590",
            Tone::First => "#2f73d9",
            Tone::Second => "#d9682f",
            Tone::Third => "#3f9e57",
        }
    }

    fn is_hollow(self) -> bool {
        self == Tone::Theirs
    }
}

/// A mark in a row of dots: a value, perhaps with an interval.
pub(super) struct Mark {
    pub(super) tone: Tone,
    pub(super) value: f64,
    pub(super) interval: Option<(f64, f64)>,
}

impl Mark {
    pub(super) fn new(tone: Tone, value: f64) -> Self {
        Self {
            tone,
            value,
            interval: None,
        }
    }

    pub(super) fn of(tone: Tone, estimate: &Estimate) -> Self {
        Self {
            tone,
            value: estimate.value,
            interval: Some((estimate.low, estimate.high)),
        }
    }
}

/// Rows of dots on one scale of per cent; intervals are whiskers.
pub(super) fn dots(title: &str, series: &[(&str, Tone)], rows: &[(String, Vec<Mark>)]) -> String {
    let label_width = rows
        .iter()
        .map(|(label, _)| text_width(label))
        .fold(60.0, f64::max)
        + 24.0;
    let (row_height, top) = (34.0, 76.0);
    let bottom = top + rows.len() as f64 * row_height;
    let mut drawing = Drawing::new(title, WIDTH, bottom + 40.0);
    drawing.text(16.0, 26.0, Anchor::Start, "b", title);
    let mut x = 16.0;
    for (name, tone) in series {
        drawing.dot(x + 6.0, 48.0, tone.colour(), tone.is_hollow());
        drawing.text(x + 18.0, 52.5, Anchor::Start, "", name);
        x += 40.0 + text_width(name);
    }
    let marks = || rows.iter().flat_map(|(_, marks)| marks);
    let low = marks().map(|mark| mark.interval.map_or(mark.value, |interval| interval.0));
    let high = marks().map(|mark| mark.interval.map_or(mark.value, |interval| interval.1));
    let low = (low.fold(f64::INFINITY, f64::min) * 20.0).floor() * 5.0;
    let high = (high.fold(0.0, f64::max) * 20.0).ceil() * 5.0;
    let scale = |percent: f64| {
        label_width + (percent - low) / (high - low).max(1.0) * (WIDTH - label_width - 30.0)
    };
    for tick in ticks(low, high, 6.0) {
        drawing.grid_line((scale(tick), top - 8.0), (scale(tick), bottom));
        drawing.text(
            scale(tick),
            bottom + 20.0,
            Anchor::Middle,
            "s",
            &format!("{tick:.0} %"),
        );
    }
    for (row, (label, marks)) in rows.iter().enumerate() {
        let middle = top + (row as f64 + 0.5) * row_height;
        drawing.text(label_width - 14.0, middle + 4.5, Anchor::End, "", label);
        let spread = 9.0;
        for (index, mark) in marks.iter().enumerate() {
            // Marks of a row stand below each other, so that whiskers can be told apart.
            let y = middle + (index as f64 - (marks.len() as f64 - 1.0) / 2.0) * spread;
            let colour = mark.tone.colour();
            if let Some((low, high)) = mark.interval {
                drawing.line((scale(low * 100.0), y), (scale(high * 100.0), y), colour);
            }
            drawing.dot(scale(mark.value * 100.0), y, colour, mark.tone.is_hollow());
        }
    }
    drawing.finish()
}

/// Two panels of bars with the same rows.
pub(super) fn bars(title: &str, panels: [&str; 2], rows: &[(String, [f64; 2])]) -> String {
    let label_width = rows
        .iter()
        .map(|(label, _)| text_width(label))
        .fold(60.0, f64::max)
        + 24.0;
    let (row_height, top) = (26.0, 66.0);
    let bottom = top + rows.len() as f64 * row_height;
    let panel_width = (WIDTH - label_width - 60.0) / 2.0;
    let mut drawing = Drawing::new(title, WIDTH, bottom + 36.0);
    drawing.text(16.0, 26.0, Anchor::Start, "b", title);
    for (panel, name) in panels.into_iter().enumerate() {
        let left = label_width + panel as f64 * (panel_width + 30.0);
        drawing.text(left, 52.0, Anchor::Start, "s", name);
        let values = || rows.iter().map(|(_, values)| values[panel] * 100.0);
        let high = values().fold(0.0, f64::max);
        let low = values().fold(0.0, f64::min);
        let scale = |percent: f64| left + (percent - low) / (high - low).max(0.1) * panel_width;
        for tick in ticks(low, high, 4.0) {
            drawing.grid_line((scale(tick), top - 4.0), (scale(tick), bottom));
            drawing.text(
                scale(tick),
                bottom + 18.0,
                Anchor::Middle,
                "s",
                &format!("{tick:.0}"),
            );
        }
        for (row, percent) in values().enumerate() {
            let y = top + row as f64 * row_height + 4.0;
            let (from, to) = (scale(percent.min(0.0)), scale(percent.max(0.0)));
            let colour = if percent < 0.0 {
                COLD
            } else {
                [HEAT, "#3f9e57"][panel]
            };
            drawing.rectangle(
                (from, y),
                ((to - from).max(1.0), row_height - 8.0),
                colour,
                0.9,
            );
        }
    }
    for (row, (label, _)) in rows.iter().enumerate() {
        let y = top + row as f64 * row_height + row_height / 2.0 + 4.5;
        drawing.text(label_width - 12.0, y, Anchor::End, "", label);
    }
    drawing.finish()
}

/// How a heat map shows its cells.
pub(super) struct Heat<'a> {
    /// What is written over the columns, where they are not the rows again.
    pub(super) columns: &'a str,
    /// The value that has the full colour.
    pub(super) full: f64,
    /// Whether small values have the full colour instead.
    pub(super) is_inverted: bool,
    /// How a value is written.
    pub(super) write: fn(f64) -> String,
}

/// A square table of coloured cells. Negative values have another colour.
pub(super) fn heat_map(
    title: &str,
    labels: &[String],
    cells: &[Vec<f64>],
    heat: &Heat<'_>,
) -> String {
    let longest = labels
        .iter()
        .map(|label| text_width(label))
        .fold(40.0, f64::max);
    let left = longest + 30.0;
    let top = 64.0 + longest * 0.75;
    let width = ((WIDTH - left - longest * 0.6 - 20.0) / labels.len().max(1) as f64).min(72.0);
    let height = (width * 0.62).max(26.0);
    let mut drawing = Drawing::new(title, WIDTH, top + labels.len() as f64 * height + 20.0);
    drawing.text(16.0, 26.0, Anchor::Start, "b", title);
    drawing.text(16.0, 46.0, Anchor::Start, "s", heat.columns);
    for (index, label) in labels.iter().enumerate() {
        let x = left + (index as f64 + 0.5) * width;
        drawing.upward_text(x, top - 8.0, label);
        let y = top + (index as f64 + 0.5) * height + 4.5;
        drawing.text(left - 10.0, y, Anchor::End, "", label);
    }
    for (row, values) in cells.iter().enumerate() {
        for (column, &value) in values.iter().enumerate() {
            let (x, y) = (left + column as f64 * width, top + row as f64 * height);
            let share = (value.abs() / heat.full).min(1.0);
            let opacity = if heat.is_inverted { 1.0 - share } else { share };
            let colour = if value < 0.0 { COLD } else { HEAT };
            drawing.rectangle(
                (x + 1.0, y + 1.0),
                (width - 2.0, height - 2.0),
                colour,
                opacity,
            );
            let class = if opacity > 0.55 { "w s" } else { "s" };
            let class = if opacity > 0.55 {
                class.trim_end_matches(" s")
            } else {
                class
            };
            let text = (heat.write)(value);
            drawing.text(
                x + width / 2.0,
                y + height / 2.0 + 4.5,
                Anchor::Middle,
                class,
                &text,
            );
        }
    }
    drawing.finish()
}

/// The tree of joins, the things below each other, the distance to the right.
pub(super) fn dendrogram(title: &str, axis: &str, labels: &[String], joins: &[Join]) -> String {
    let label_width = labels
        .iter()
        .map(|label| text_width(label))
        .fold(60.0, f64::max)
        + 24.0;
    let (row_height, top) = (28.0, 48.0);
    let bottom = top + labels.len() as f64 * row_height;
    let mut drawing = Drawing::new(title, WIDTH, bottom + 54.0);
    drawing.text(16.0, 26.0, Anchor::Start, "b", title);
    let far = joins
        .iter()
        .map(|join| join.distance)
        .fold(0.0, f64::max)
        .max(1e-9);
    let scale = |distance: f64| label_width + distance / far * (WIDTH - label_width - 40.0);
    for tick in ticks(0.0, far, 6.0) {
        drawing.grid_line((scale(tick), top), (scale(tick), bottom));
        let text = format!("{tick:.1}");
        drawing.text(scale(tick), bottom + 20.0, Anchor::Middle, "s", &text);
    }
    drawing.text(label_width, bottom + 42.0, Anchor::Start, "s", axis);
    // Where each group's line begins: how far to the right, and how far down.
    let mut places = vec![(scale(0.0), 0.0); labels.len()];
    for (position, &thing) in leaf_order(labels.len(), joins).iter().enumerate() {
        let y = top + (position as f64 + 0.5) * row_height;
        places[thing].1 = y;
        drawing.text(label_width - 12.0, y + 4.5, Anchor::End, "", &labels[thing]);
    }
    for join in joins {
        let ((x1, y1), (x2, y2)) = (places[join.first], places[join.second]);
        let x = scale(join.distance);
        drawing.path(&[(x1, y1), (x, y1), (x, y2), (x2, y2)], Some(HEAT));
        places.push((x, (y1 + y2) / 2.0));
    }
    drawing.finish()
}

/// A line with its name, as points of x and y.
pub(super) type Line<'a> = (&'a str, Vec<(f64, f64)>);

/// Lines of shares over numbers of tracks, on a scale on which doubling is a step.
pub(super) fn curves(title: &str, axis: &str, lines: &[Line<'_>]) -> String {
    let (left, right, top, bottom) = (64.0, WIDTH - 30.0, 76.0, 380.0);
    let mut drawing = Drawing::new(title, WIDTH, bottom + 56.0);
    drawing.text(16.0, 26.0, Anchor::Start, "b", title);
    let points = || lines.iter().flat_map(|(_, points)| points);
    let extent = |value: fn(&(f64, f64)) -> f64| {
        let values = points().map(value);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let (first, last) = extent(|point| point.0);
    let (low, high) = extent(|point| point.1 * 100.0);
    let (low, high) = ((low / 5.0).floor() * 5.0, (high / 5.0).ceil() * 5.0);
    let x = |tracks: f64| {
        left + libm::log(tracks / first) / libm::log(last / first).max(1e-9) * (right - left)
    };
    let y = |percent: f64| bottom - (percent - low) / (high - low).max(1.0) * (bottom - top);
    for tick in ticks(low, high, 6.0) {
        drawing.grid_line((left, y(tick)), (right, y(tick)));
        drawing.text(
            left - 8.0,
            y(tick) + 4.5,
            Anchor::End,
            "s",
            &format!("{tick:.0} %"),
        );
    }
    let mut tracks: Vec<f64> = points().map(|point| point.0).collect();
    tracks.sort_by(f64::total_cmp);
    tracks.dedup();
    let mut room = f64::NEG_INFINITY;
    for tracks in tracks {
        if x(tracks) > room {
            drawing.text(
                x(tracks),
                bottom + 20.0,
                Anchor::Middle,
                "s",
                &format!("{tracks:.0}"),
            );
            room = x(tracks) + 44.0;
        }
    }
    drawing.text(left, bottom + 42.0, Anchor::Start, "s", axis);
    let mut legend = 16.0;
    for (index, (name, points)) in lines.iter().enumerate() {
        let colour = SERIES[index % SERIES.len()];
        let placed: Vec<(f64, f64)> = points
            .iter()
            .map(|point| (x(point.0), y(point.1 * 100.0)))
            .collect();
        drawing.path(&placed, Some(colour));
        for (x, y) in placed {
            drawing.dot(x, y, colour, false);
        }
        drawing.dot(legend + 6.0, 48.0, colour, false);
        drawing.text(legend + 18.0, 52.5, Anchor::Start, "", name);
        legend += 40.0 + text_width(name);
    }
    drawing.finish()
}

/// Points in a series, each in its order, on a scale of per cent.
pub(super) fn ranked(title: &str, axis: &str, series: &[(&str, Tone, Vec<f64>)]) -> String {
    let (left, right, top, bottom) = (64.0, WIDTH - 30.0, 76.0, 340.0);
    let mut drawing = Drawing::new(title, WIDTH, bottom + 40.0);
    drawing.text(16.0, 26.0, Anchor::Start, "b", title);
    let values = || {
        series
            .iter()
            .flat_map(|(.., values)| values)
            .map(|value| value * 100.0)
    };
    let low = (values().fold(f64::INFINITY, f64::min) / 5.0).floor() * 5.0;
    let high = (values().fold(0.0, f64::max) / 5.0).ceil() * 5.0;
    let longest = series
        .iter()
        .map(|(.., values)| values.len())
        .max()
        .unwrap_or(1);
    let y = |percent: f64| bottom - (percent - low) / (high - low).max(1.0) * (bottom - top);
    for tick in ticks(low, high, 5.0) {
        drawing.grid_line((left, y(tick)), (right, y(tick)));
        drawing.text(
            left - 8.0,
            y(tick) + 4.5,
            Anchor::End,
            "s",
            &format!("{tick:.0} %"),
        );
    }
    drawing.text(left, bottom + 24.0, Anchor::Start, "s", axis);
    let mut legend = 16.0;
    for (name, tone, values) in series {
        let colour = tone.colour();
        for (rank, value) in values.iter().enumerate() {
            let x = left + (rank as f64 + 0.5) / longest as f64 * (right - left);
            drawing.dot(x, y(value * 100.0), colour, false);
        }
        drawing.dot(legend + 6.0, 48.0, colour, false);
        drawing.text(legend + 18.0, 52.5, Anchor::Start, "", name);
        legend += 40.0 + text_width(name);
    }
    drawing.finish()
}

/// Upright bars of counts.
pub(super) fn counts(title: &str, axis: &str, bars: &[(String, usize)]) -> String {
    let (left, right, top, bottom) = (30.0, WIDTH - 30.0, 60.0, 280.0);
    let mut drawing = Drawing::new(title, WIDTH, bottom + 56.0);
    drawing.text(16.0, 26.0, Anchor::Start, "b", title);
    let most = bars
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(1)
        .max(1) as f64;
    let width = (right - left) / bars.len().max(1) as f64;
    for (index, (label, count)) in bars.iter().enumerate() {
        let height = *count as f64 / most * (bottom - top);
        let x = left + index as f64 * width;
        let colour = if index == 0 { COLD } else { HEAT };
        drawing.rectangle(
            (x + 6.0, bottom - height),
            (width - 12.0, height),
            colour,
            0.9,
        );
        let middle = x + width / 2.0;
        drawing.text(
            middle,
            bottom - height - 6.0,
            Anchor::Middle,
            "s",
            &count.to_string(),
        );
        drawing.text(middle, bottom + 20.0, Anchor::Middle, "", label);
    }
    drawing.text(left + 6.0, bottom + 44.0, Anchor::Start, "s", axis);
    drawing.finish()
}

/// A panel for each feature, in it a hill for each genre: the higher, the more of its tracks have that value.
pub(super) fn hills(title: &str, look: &Look, names: &[String], units: &[&str]) -> String {
    let columns = 3;
    let (panel_width, gap, top) = ((WIDTH - 40.0 - 2.0 * 24.0) / 3.0, 24.0, 76.0);
    let classes = look.classes.len();
    let (step, hill) = (if classes > 10 { 12.0 } else { 20.0 }, 26.0);
    let panel_height = 34.0 + hill + classes as f64 * step + 26.0;
    let rows = look.columns.len().div_ceil(columns);
    let mut drawing = Drawing::new(title, WIDTH, top + rows as f64 * panel_height + 10.0);
    drawing.text(16.0, 26.0, Anchor::Start, "b", title);
    let mut legend = 16.0;
    for (class, name) in look
        .classes
        .iter()
        .enumerate()
        .filter(|_| classes <= SERIES.len())
    {
        drawing.dot(legend + 6.0, 48.0, SERIES[class % SERIES.len()], false);
        drawing.text(legend + 16.0, 52.5, Anchor::Start, "", name);
        legend += 34.0 + text_width(name);
    }
    for (index, distribution) in look.distributions.iter().enumerate() {
        let left = 20.0 + (index % columns) as f64 * (panel_width + gap);
        let head = top + (index / columns) as f64 * panel_height;
        drawing.text(left, head + 14.0, Anchor::Start, "b", &names[index]);
        let base = |class: usize| head + 34.0 + hill + class as f64 * step;
        let (low, high) = distribution.range;
        let scale = |value: f64| {
            left + ((value - low) / (high - low).max(1e-12)).clamp(0.0, 1.0) * panel_width
        };
        let bottom = base(classes - 1) + 4.0;
        for share in [0.0, 0.5, 1.0] {
            let value = low + (high - low) * share;
            drawing.grid_line((scale(value), head + 30.0), (scale(value), bottom));
            let anchor = match share {
                0.0 => Anchor::Start,
                0.5 => Anchor::Middle,
                _ => Anchor::End,
            };
            let text = format!("{}{}", short(value), units[index]);
            drawing.text(scale(value), bottom + 16.0, anchor, "s", &text);
        }
        let tallest = distribution
            .shares
            .iter()
            .flatten()
            .copied()
            .fold(0.0, f64::max)
            .max(1e-9);
        for (class, shares) in distribution.shares.iter().enumerate() {
            let bars = shares.len() as f64;
            let mut points = vec![(left, base(class))];
            points.extend(shares.iter().enumerate().map(|(bar, share)| {
                let x = left + (bar as f64 + 0.5) / bars * panel_width;
                // The root, so that low hills beside a peak can be seen.
                (x, base(class) - (share / tallest).sqrt() * hill)
            }));
            points.push((left + panel_width, base(class)));
            let colour = SERIES[class % SERIES.len()];
            drawing.area(&points, colour, 0.45);
            drawing.path(&points, Some(colour));
        }
    }
    drawing.finish()
}

/// A number as short as it can be told.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    if size >= 10.0 {
        format!("{value:.0}")
    } else if size >= 1.0 || size == 0.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
