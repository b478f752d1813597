//! What `overtone classify` tells about a table.

use std::collections::BTreeMap;

use overtone_genre::{Classification, Feature, Model, Popularity};
use overtone_tracks::{
    Agreement, Confidence, Header, MOST_LABELS, Problem, Role, Row, match_label,
};

use super::{Arguments, Total};
use crate::Outcome;
use crate::output::{complain, shortened};

/// How many problems of a file are told, unless all are asked for.
const PROBLEMS_TOLD: u64 = 20;

/// What is told about a table.
pub(super) struct Report {
    pub(super) name: String,
    pub(super) rows: u64,
    classified: u64,
    /// How many of these sound like none of the genres.
    outside: u64,
    problems: u64,
    /// How many problems are told.
    told: u64,
    pub(super) told_all: bool,
    pub(super) popularity: Popularity,
    use_titles: bool,
    chosen_labels: Vec<(String, String)>,
    /// For each of the file's genres, how many tracks were answered with each of the model's.
    labels: BTreeMap<String, Vec<u64>>,
    /// How many tracks have other genres than these, as there are too many.
    other_labels: u64,
}

impl Report {
    pub(super) fn new(name: String, arguments: &Arguments) -> Self {
        let told = if arguments.all_problems {
            u64::MAX
        } else {
            PROBLEMS_TOLD
        };
        Self {
            name,
            rows: 0,
            classified: 0,
            outside: 0,
            problems: 0,
            told,
            told_all: false,
            popularity: Popularity::used_if(arguments.use_popularity),
            use_titles: arguments.use_titles,
            chosen_labels: arguments.labels.clone(),
            labels: BTreeMap::new(),
            other_labels: 0,
        }
    }

    /// Counts a row, and tells what is wrong with it.
    pub(super) fn row(
        &mut self,
        row: &Row<'_>,
        result: &Result<Classification, Problem>,
        model: &Model,
    ) {
        // An empty line is told, but no track.
        self.rows += u64::from(!row.is_no_track());
        for problem in &row.problems {
            self.problem(problem);
        }
        match result {
            Ok(found) => {
                self.classified += 1;
                self.outside += u64::from(model.is_outside(found));
                self.label(row, found, model);
            }
            // That the row is empty has been told.
            Err(_) if row.is_no_track() => {}
            Err(problem) => self.problem(problem),
        }
    }

    fn label(&mut self, row: &Row<'_>, found: &Classification, model: &Model) {
        let label = row.text(Role::Genre);
        if label.is_empty() {
            return;
        }
        if self.labels.len() >= MOST_LABELS && !self.labels.contains_key(&label) {
            self.other_labels += 1;
            return;
        }
        let genres = model.genres().len();
        let counts = self.labels.entry(label).or_insert_with(|| vec![0; genres]);
        if let Some(count) = counts.get_mut(found.best) {
            *count += 1;
        }
    }

    fn problem(&mut self, problem: &Problem) {
        self.problems += 1;
        if self.problems <= self.told {
            complain(format_args!("{}, {problem}", self.name));
        }
    }

    /// What is to be known about the columns.
    pub(super) fn tell_notes(&self, header: &Header) {
        for note in &header.notes {
            complain(format_args!("{}: {note}", self.name));
        }
        let missing: Vec<&str> = header
            .missing_features()
            .map(|feature| feature.name())
            .collect();
        if !missing.is_empty() {
            complain(format_args!(
                "{}: there is no column for {}",
                self.name,
                missing.join(", ")
            ));
        }
        let unsure: Vec<&str> = header
            .columns
            .iter()
            .filter(|column| column.confidence() == Some(Confidence::Unsure))
            .map(|column| column.name.as_str())
            .collect();
        if !unsure.is_empty() {
            complain(format_args!(
                "{}: it is not sure that these columns are read as they are meant; overtone inspect shows how they are read: {}",
                self.name,
                unsure.join(", ")
            ));
        }
        if self.use_titles && header.position(Role::Track).is_none() {
            complain(format_args!(
                "{}: there is no column of titles, so --use-titles changes nothing",
                self.name
            ));
        }
        let has_popularity = header
            .position(Role::Feature(Feature::Popularity))
            .is_some();
        if self.popularity == Popularity::Used && !has_popularity {
            complain(format_args!(
                "{}: there is no column of popularity, so --use-popularity changes nothing",
                self.name
            ));
        }
    }

    /// How it went, in the end.
    pub(super) fn tell(&mut self, model: &Model) {
        self.told_all = true;
        let more = self.problems.saturating_sub(self.told);
        if more > 0 {
            complain(format_args!(
                "{}: {} more problem{}; --all-problems tells {}",
                self.name,
                more,
                if more == 1 { "" } else { "s" },
                if more == 1 { "it" } else { "them" },
            ));
        }
        complain(format_args!(
            "{}: {} of {} track{} {} a genre, {} problem{}",
            self.name,
            self.classified,
            self.rows,
            if self.rows == 1 { "" } else { "s" },
            if self.classified == 1 { "has" } else { "have" },
            self.problems,
            if self.problems == 1 { "" } else { "s" },
        ));
        if self.outside > 0 {
            complain(format_args!(
                "{}: {} of them sound{} like none of the genres, and {} the nearest",
                self.name,
                self.outside,
                if self.outside == 1 { "s" } else { "" },
                if self.outside == 1 { "has" } else { "have" },
            ));
        }
        self.tell_agreement(model);
    }

    /// How far the file's own genres and the answers agree.
    fn tell_agreement(&self, model: &Model) {
        if self.labels.is_empty() {
            return;
        }
        /// Labels can be long lists of genres.
        const LONGEST_LABEL: usize = 60;
        let genres = model.genres();
        let mut agreement = Agreement::new(genres.len());
        let (mut matched, mut unmatched) = (Vec::new(), Vec::new());
        let mut tracks = 0;
        for (label, counts) in &self.labels {
            let chosen = self
                .chosen_labels
                .iter()
                .rev()
                .find(|(chosen, _)| chosen == label);
            let genre = match chosen {
                Some((_, genre)) => genres.iter().position(|name| name == genre),
                None => match_label(label, genres),
            };
            tracks += counts.iter().sum::<u64>();
            let Some(genre) = genre else {
                unmatched.push(shortened(label, LONGEST_LABEL));
                continue;
            };
            if let Some(name) = genres.get(genre)
                && name != label
            {
                matched.push(format!("{} = {name}", shortened(label, LONGEST_LABEL)));
            }
            for (answered, &count) in counts.iter().enumerate() {
                agreement.add(genre, answered, count);
            }
        }
        if self.other_labels > 0 {
            complain(format_args!(
                "{}: there are more than {MOST_LABELS} different genres; left out of the comparison: {} tracks",
                self.name, self.other_labels
            ));
        }
        let (Some(accuracy), Some(recall)) = (agreement.accuracy(), agreement.mean_recall()) else {
            complain(format_args!(
                "{}: none of its genres is one of the model's",
                self.name
            ));
            return;
        };
        let total = agreement.total();
        complain(format_args!(
            "{}: the model knows the file's own genre of {total} of {tracks} track{}; it agrees on {:.1} %, mean recall {:.1} %",
            self.name,
            if tracks == 1 { "" } else { "s" },
            accuracy * 100.0,
            recall * 100.0
        ));
        tell_some("read as", &matched);
        tell_some("left out", &unmatched);
        tell_matrix(&agreement, genres);
    }

    /// Adds what matters to the whole command.
    pub(super) fn count(&self, total: &mut Total) {
        if self.problems > 0 {
            total.outcome = Outcome::SomeProblems;
        }
        let chosen = self.chosen_labels.iter().map(|(label, _)| label);
        let found = chosen.filter(|label| self.labels.contains_key(*label));
        total.labels.extend(found.cloned());
    }
}

/// Some labels on a line.
fn tell_some(what: &str, labels: &[String]) {
    const TOLD: usize = 20;
    if labels.is_empty() {
        return;
    }
    let more = match labels.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let told = labels.get(..TOLD).unwrap_or(labels);
    complain(format_args!("  {what}: {}{more}", told.join("; ")));
}

/// The confusion matrix, a row for each genre of the file.
fn tell_matrix(agreement: &Agreement, genres: &[String]) {
    let width = genres
        .iter()
        .map(|genre| genre.chars().count())
        .max()
        .unwrap_or(0)
        .max(8);
    let titles: String = genres
        .iter()
        .map(|genre| format!(" {genre:>width$}"))
        .collect();
    complain(format_args!(
        "  {:width$}{titles} {:>width$}",
        "file \\ us", "recall"
    ));
    for (labelled, genre) in genres.iter().enumerate() {
        let Some(recall) = agreement.recall(labelled) else {
            continue;
        };
        let counts: String = (0..genres.len())
            .map(|answered| format!(" {:>width$}", agreement.count(labelled, answered)))
            .collect();
        complain(format_args!(
            "  {genre:width$}{counts} {:>width$}",
            format!("{:.1} %", recall * 100.0)
        ));
    }
}
