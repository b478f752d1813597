//! A drawing as SVG that reads well on a light and on a dark page.
//!
//! Colours are variables that follow the reader's colour scheme, paper included, so a drawing never stands with dark ink
//! on a dark page. Fonts are the reader's own.

use std::fmt::{Display, Write as _};

/// Colours that tell series and genres apart on both papers.
pub(super) const SERIES: [&str; 8] = [
    "#8b6ad8", "#c07f1c", "#1496ab", "#d9534f", "#4b7bd6", "#3f9e57", "#d0549a", "#7d8590",
];

/// The colour of cells in a heat map, and of what is more than nothing.
pub(super) const HEAT: &str = "#2f73d9";

/// The colour of what is less than nothing.
pub(super) const COLD: &str = "#d9682f";

const STYLE: &str = "\
svg{--paper:#fff;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0}\
@media(prefers-color-scheme:dark){svg{--paper:#0d1117;--ink:#e6edf3;--soft:#9aa4af;--line:#3d444d}}\
text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:var(--ink)}\
.s{fill:var(--soft);font-size:12px}\
.b{font-weight:600}\
.w{fill:#fff}\
.l{stroke:var(--line)}\
.k{stroke:var(--ink);fill:none}\
.p{fill:var(--paper)}";

/// Where a text stands from its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing in progress. Lengths are in pixels, downwards and to the right.
pub(super) struct Drawing {
    width: f64,
    height: f64,
    title: String,
    body: String,
}

impl Drawing {
    /// An empty paper; the title is read out instead of the drawing.
    pub(super) fn new(title: &str, width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            title: title.to_owned(),
            body: String::new(),
        }
    }

    fn add(&mut self, element: impl Display) {
        // Writing to a string does not fail.
        let _ = writeln!(self.body, "{element}");
    }

    /// A text; `class` is any of `s` (soft), `b` (bold) and `w` (white).
    pub(super) fn text(&mut self, x: f64, y: f64, anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escape(text);
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>"
        ));
    }

    /// A text that runs upwards, its end at the point.
    pub(super) fn upward_text(&mut self, x: f64, y: f64, text: &str) {
        let text = escape(text);
        self.add(format_args!(
            "<text transform=\"translate({x:.1} {y:.1}) rotate(-45)\" text-anchor=\"start\">{text}</text>"
        ));
    }

    /// A thin line of the paper's grid.
    pub(super) fn grid_line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.add(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"l\"/>"
        ));
    }

    /// A coloured line.
    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str) {
        self.add(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\" \
             stroke-width=\"2\"/>"
        ));
    }

    /// A line through points, in the ink's colour without one.
    pub(super) fn path(&mut self, points: &[(f64, f64)], colour: Option<&str>) {
        let path = path(points);
        match colour {
            Some(colour) => self.add(format_args!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"
            )),
            None => self.add(format_args!("<path d=\"{path}\" class=\"k\"/>")),
        }
    }

    /// An area within points.
    pub(super) fn area(&mut self, points: &[(f64, f64)], colour: &str, opacity: f64) {
        let path = path(points);
        self.add(format_args!(
            "<path d=\"{path}Z\" fill=\"{colour}\" fill-opacity=\"{opacity:.2}\"/>"
        ));
    }

    /// A filled box.
    pub(super) fn rectangle(
        &mut self,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        colour: &str,
        opacity: f64,
    ) {
        self.add(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"2\" \
             fill=\"{colour}\" fill-opacity=\"{opacity:.2}\"/>"
        ));
    }

    /// A point with a rim of paper, filled or hollow.
    pub(super) fn dot(&mut self, x: f64, y: f64, colour: &str, is_hollow: bool) {
        if is_hollow {
            self.add(format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" class=\"p\" stroke=\"{colour}\" stroke-width=\"2\"/>"
            ));
        } else {
            self.add(format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{colour}\"/>"
            ));
        }
    }

    /// The SVG.
    pub(super) fn finish(self) -> String {
        let (width, height, title, body) =
            (self.width, self.height, escape(&self.title), self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" role=\"img\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
             <rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\" class=\"p\"/>\n{body}</svg>\n"
        )
    }
}

fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        // Writing to a string does not fail.
        let _ = write!(path, "{command}{x:.1} {y:.1}");
    }
    path
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// About how wide a text is.
pub(super) fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * 7.8
}

/// Round numbers that divide a range into about as many steps.
pub(super) fn ticks(low: f64, high: f64, steps: f64) -> Vec<f64> {
    let rough = (high - low) / steps;
    if rough.is_nan() || rough <= 0.0 {
        return vec![low];
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|tick| tick as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(0.0, 100.0, 5.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(43.0, 81.0, 4.0), [50.0, 60.0, 70.0, 80.0]);
        assert_eq!(ticks(1.0, 1.0, 5.0), [1.0]);
    }

    #[test]
    fn marks_in_texts_are_escaped() {
        let mut drawing = Drawing::new("r&b", 10.0, 10.0);
        drawing.text(0.0, 0.0, Anchor::Start, "", "a < b");
        let svg = drawing.finish();
        assert!(svg.contains("<title>r&amp;b</title>") && svg.contains("a &lt; b"));
    }
}
