//! The report's text, a file for each section.

mod again;
mod by_artist;
mod classifiers;
mod close_genres;
mod data;
mod failures;
mod features;
mod findings;
mod looking;
mod reference;
mod side_by_side;
mod transfer;
mod tuning;

use std::fmt::{Display, Write as _};

use super::Report;
use crate::classifiers::Classifier;
use crate::study::compare::Compared;
use crate::study::features::FeatureSet;
use crate::study::{Division, Study};

/// At random, and by artist: the order of everything that there is twice.
const RANDOM: usize = Division::Random as usize;
const BY_ARTIST: usize = Division::ByArtist as usize;

/// Writes the report, section by section.
pub(super) struct Writer<'a> {
    study: &'a Study,
    name: &'static str,
    text: String,
    contents: Vec<(&'static str, &'static str)>,
    images: Vec<(String, String)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(study: &'a Study, name: &'static str) -> Self {
        Self {
            study,
            name,
            text: String::new(),
            contents: Vec::new(),
            images: Vec::new(),
        }
    }

    pub(super) fn write(mut self) -> Report {
        self.findings();
        self.side_by_side();
        self.data();
        self.looking();
        self.classifiers();
        self.features();
        self.tuning();
        self.by_artist();
        self.transfer();
        self.failures();
        self.close_genres();
        self.reference();
        self.again();
        let text = self.head() + &self.text;
        let mut files = vec![
            (format!("{}.md", self.name), text),
            (format!("{}-timings.md", self.name), self.timings()),
        ];
        files.extend(self.images);
        Report { files }
    }

    fn section(&mut self, title: &'static str, anchor: &'static str) {
        self.contents.push((title, anchor));
        self.paragraph(format_args!("## {title}"));
    }

    fn subsection(&mut self, title: impl Display) {
        self.paragraph(format_args!("### {title}"));
    }

    fn paragraph(&mut self, text: impl Display) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "{text}\n\n");
    }

    fn list<T: Display>(&mut self, items: impl IntoIterator<Item = T>) {
        for item in items {
            let _ = writeln!(self.text, "- {item}");
        }
        self.text.push('\n');
    }

    /// A table. The first column is text, and so are those whose names begin with `<`; the others are numbers.
    fn table(&mut self, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        let is_text = |index: usize| index == 0 || columns[index].starts_with('<');
        let alignment: Vec<&str> = (0..columns.len())
            .map(|index| if is_text(index) { "---" } else { "---:" })
            .collect();
        let names: Vec<&str> = columns
            .iter()
            .map(|name| name.trim_start_matches('<'))
            .collect();
        let _ = writeln!(self.text, "| {} |", names.join(" | "));
        let _ = writeln!(self.text, "|{}|", alignment.join("|"));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
        self.text.push('\n');
    }

    fn image(&mut self, file: &str, svg: String, alternative: impl Display, caption: impl Display) {
        let path = format!("images/{}/{file}.svg", self.name);
        self.paragraph(format_args!("![{alternative}]({path})"));
        self.paragraph(format_args!("*{caption}*"));
        self.images.push((path, svg));
    }

    fn forest(&self, division: usize) -> &'a Compared {
        find(&self.study.compared[division], |classifier| {
            matches!(classifier, Classifier::Forest(_))
        })
    }

    fn genres(&self) -> &'a [String] {
        &self.study.eight_look.classes
    }

    fn ablated(&self, division: usize, set: FeatureSet) -> f64 {
        self.study.ablation.divisions[division][set as usize]
            .accuracy
            .mean
    }

    fn head(&self) -> String {
        let mut head = String::from("# Can a model hear what genre a track is?\n\n");
        let quick = if self.study.quick {
            " It is of a **sample**: good to see that everything works, too small to trust the figures."
        } else {
            ""
        };
        let _ = write!(
            head,
            "Spotify describes every track with a handful of numbers: how loud, how fast, how danceable, how acoustic. \
             A [study](#the-original-study-and-this-one) once asked whether they give away the genre, and found that \
             they do, in three of four cases. This report asks again, with two questions more: does the model know the \
             *genre*, or does it know the *artist*? And does it work on music that somebody else has collected?\n\n\
             Everything here is written by one command, figures, sentences and plots: \
             `overtone study --data-dir DIR{} --seed {}`.{quick}\n\n## Contents\n\n",
            if self.study.quick { " --quick" } else { "" },
            self.study.seed
        );
        for (title, anchor) in &self.contents {
            let _ = writeln!(head, "- [{title}](#{anchor})");
        }
        head.push('\n');
        head
    }
}

/// The first classifier of a kind. The study compares each kind.
fn find(compared: &[Compared], is_it: impl Fn(&Classifier) -> bool) -> &Compared {
    let found = compared.iter().find(|compared| is_it(&compared.classifier));
    found.unwrap_or(&compared[0])
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().collect::<String>() + characters.as_str(),
        None => String::new(),
    }
}

/// A square table and its labels with rows and columns in another order.
fn in_order(
    order: &[usize],
    labels: &[String],
    cells: &[Vec<f64>],
) -> (Vec<String>, Vec<Vec<f64>>) {
    let row =
        |row: &usize| -> Vec<f64> { order.iter().map(|&column| cells[*row][column]).collect() };
    (
        order.iter().map(|&index| labels[index].clone()).collect(),
        order.iter().map(row).collect(),
    )
}
