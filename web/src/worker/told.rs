//! What the page is told while files are read: how far it is, what was understood of each table, and what is wrong.

use overtone_genre::{Features, MINIMUM_FEATURES, Model};
use overtone_tracks::{Column, Confidence, Header, Note, Problem};

use super::{Worker, tell};
use crate::message::{ColumnInfo, Progress, Response, Sentence, Sureness, TableInfo};
use crate::page::playlist_texts::problems;

/// How often the page is told how far reading has come, in milliseconds. Drawing takes it some fifteen each time.
const TELL_EVERY: f64 = 250.0;

/// How many problems are told in words; the others are only counted.
const PROBLEMS_TOLD: usize = 50;

/// How many notes about tables are told, and how many of those that cannot be read; the others are only counted.
const NOTES_TOLD: usize = 20;

impl Worker {
    /// Whether somebody may know better what a refused table's columns are, or has chosen so that too few are left. What a known
    /// tool leaves out, no choice brings back.
    pub(super) fn may_be_told(&self, header: &Header) -> bool {
        let is_chosen = || {
            let fingerprint = header.fingerprint();
            let remembered = self.remembered.borrow();
            remembered.iter().any(|(known, _)| *known == fingerprint)
        };
        header.columns.len() >= MINIMUM_FEATURES && (header.tool.is_none() || is_chosen())
    }

    /// Tells the page once what was understood of a table.
    pub(super) fn tell_table(&self, table: &mut Table, header: &Header, told: &mut Told) {
        if !std::mem::replace(&mut table.is_told, true) {
            table.number = table.tables;
            table.tables = table.tables.saturating_add(1);
            // What is said of a column stands beside it.
            let notes = header.notes.iter();
            let notes = notes.filter(|note| !matches!(note, Note::NotRead { .. }));
            for note in notes {
                told.note(problems::note(&table.shown, note));
            }
            let remembered = self.remembered.borrow();
            let chosen = remembered
                .iter()
                .find(|(known, _)| *known == header.fingerprint());
            let choices = chosen
                .map(|(_, choices)| choices.to_string())
                .unwrap_or_default();
            tell(
                &self.scope,
                &Response::Table(table_info(&self.model, &table.name, header, choices)),
            );
        }
    }

    /// Tells the page how far reading is, now and then or always.
    pub(super) fn tell_progress(&self, told: &mut Told, always: bool) {
        let now = js_sys::Date::now();
        let rows = self.store.borrow().tracks();
        let is_first = told.rows == 0 && rows > 0;
        if !always && !is_first && now - told.at < TELL_EVERY {
            return;
        }
        self.answer_waiting();
        told.at = now;
        told.rows = rows;
        let progress = Progress {
            bytes: (told.bytes_read, told.bytes),
            rows,
            with_genre: self.store.borrow().with_genre(),
            problems: std::mem::take(&mut told.problems),
            problem_count: told.problem_count,
            notes: std::mem::take(&mut told.notes),
            note_count: told.note_count,
        };
        self.tell_window();
        self.tell_summary();
        tell(&self.scope, &Response::Progress(progress));
    }
}

/// The table that is being read.
#[derive(Default)]
pub(super) struct Table {
    pub(super) name: String,
    /// What stands before its problems: its name, if there are several.
    pub(super) shown: String,
    /// The number of the table among those that the page has been told of.
    pub(super) number: u16,
    /// How many tables the page has been told of.
    tables: u16,
    is_told: bool,
    /// How many tracks there were before it.
    pub(super) tracks_before: usize,
}

impl Table {
    pub(super) fn begin(
        &mut self,
        file: &str,
        within: Option<String>,
        several: bool,
        tracks_before: usize,
    ) {
        self.shown = match (&within, several) {
            (Some(within), _) => format!("{within}, "),
            (None, true) => format!("{file}, "),
            (None, false) => String::new(),
        };
        self.name = within.unwrap_or_else(|| file.to_owned());
        self.is_told = false;
        self.tracks_before = tracks_before;
    }
}

/// A table, or a file, that cannot be read, or not any further.
pub(super) struct Failure {
    pub(super) name: String,
    /// How many of its tracks were read.
    pub(super) tracks: usize,
    pub(super) error: Sentence,
}

/// What is to be told about reading.
pub(super) struct Told {
    bytes: f64,
    pub(super) bytes_read: f64,
    /// When the page was told last.
    at: f64,
    /// How many rows there were then.
    rows: usize,
    problems: Vec<Sentence>,
    problem_count: usize,
    notes: Vec<Sentence>,
    note_count: usize,
    pub(super) has_too_many_rows: bool,
}

impl Told {
    pub(super) fn new(bytes: f64) -> Self {
        Self {
            bytes,
            bytes_read: 0.0,
            at: js_sys::Date::now(),
            rows: 0,
            problems: Vec::new(),
            problem_count: 0,
            notes: Vec::new(),
            note_count: 0,
            has_too_many_rows: false,
        }
    }

    /// An archive may have thousands of files that are no tables.
    pub(super) fn note(&mut self, note: Sentence) {
        if self.note_count < NOTES_TOLD {
            self.notes.push(note);
        }
        self.note_count += 1;
    }

    /// Told however much else there is to tell.
    pub(super) fn always(&mut self, note: Sentence) {
        self.notes.push(note);
        self.note_count += 1;
    }

    pub(super) fn failures(&mut self, failed: &[Failure]) {
        for failure in failed.iter().take(NOTES_TOLD) {
            self.notes.push(match failure.tracks {
                0 => problems::not_read(&failure.name, &failure.error),
                tracks => problems::read_until(&failure.name, tracks, &failure.error),
            });
        }
        self.note_count += failed.len();
    }

    pub(super) fn problem(&mut self, table: &str, problem: &Problem) {
        self.problem_count += 1;
        if self.problem_count <= PROBLEMS_TOLD {
            self.problems.push(problems::problem(table, problem));
        }
    }
}

fn table_info(model: &Model, name: &str, header: &Header, choices: String) -> TableInfo {
    // What a track of this table has; the values do not matter.
    let mut features = Features::default();
    for (_, feature) in header.features() {
        features.set(feature, Some(0.0));
    }
    let quality = model.quality();
    TableInfo {
        name: name.to_owned(),
        tool: header.tool.map(problems::tool),
        encoding: header.encoding.to_string(),
        delimiter: char::from(header.delimiter),
        fingerprint: format!("{:016x}", header.fingerprint()),
        choices,
        columns: header.columns.iter().map(column_info).collect(),
        missing: header
            .missing_features()
            .map(|feature| feature.name().to_owned())
            .collect(),
        is_refused: features.audio_count() < MINIMUM_FEATURES,
        cost: quality.and_then(|quality| quality.cost_of_missing(&features)),
    }
}

fn column_info(column: &Column) -> ColumnInfo {
    ColumnInfo {
        name: column.name.clone(),
        values: column.values.clone(),
        role: column.role.map(|role| role.name().to_owned()),
        unit: column
            .understanding
            .map(|understanding| understanding.unit.name().to_owned()),
        confidence: column.confidence().map(|confidence| match confidence {
            Confidence::Unsure => Sureness::Unsure,
            Confidence::Likely => Sureness::Likely,
            Confidence::Certain => Sureness::Certain,
        }),
        example: column
            .values
            .iter()
            .find_map(|value| Some((value.clone(), column.read(value)?))),
        unfit: column
            .unfit
            .map(|(role, why)| (role.name().to_owned(), problems::unfit(role, why))),
    }
}
