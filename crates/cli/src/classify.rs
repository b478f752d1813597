//! `overtone classify`

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use overtone_genre::{Classification, Feature, Model, Popularity, Titles};
use overtone_tracks::{
    Agreement, ByteOrderMark, Column, Confidence, Header, LabelledOptions, LabelledWriter,
    MOST_LABELS, Problem, Role, Row, RowBatch, match_label, write_json,
};

use crate::Outcome;
use crate::input::{ColumnChoices, Input, Next, explained, is_standard_input, name};
use crate::output::{
    OutputFile, STANDARD_OUTPUT, complain, is_standard_output, shortened, unwritten,
};

/// How many problems of a file are told, unless all are asked for.
const PROBLEMS_TOLD: u64 = 20;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Tables of tracks with audio features, such as Exportify writes, or zip archives of them; `-` reads standard input.
    /// `overtone inspect` shows how their columns are read
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Where the table with genres goes, instead of standard output (`-`)
    #[arg(short, long, value_name = "OUT.csv")]
    output: Option<PathBuf>,

    /// Writes a JSON object on a line for each track, instead of CSV
    #[arg(long)]
    json: bool,

    /// Begins the table with a byte order mark, without which Excel misreads letters beyond ASCII; for CSV only
    #[arg(long, conflicts_with = "json")]
    bom: bool,

    /// Puts an apostrophe before cells that a spreadsheet would run as formulas; for CSV only
    #[arg(long, conflicts_with = "json")]
    guard_formulas: bool,

    #[command(flatten)]
    columns: ColumnChoices,

    /// Says which genre a label in the file means, such as `Trap=hiphop`; `LABEL=-` leaves it out of the comparison
    #[arg(long = "label", value_name = "LABEL=GENRE", value_parser = label_choice)]
    labels: Vec<(String, String)>,

    /// Tells every problem, not only the first twenty of each file
    #[arg(long)]
    all_problems: bool,

    /// Lets popularity count, which is ignored otherwise: it helps only on playlists much like those that the model has
    /// learned from
    #[arg(long)]
    use_popularity: bool,

    /// Adds what the words of the titles say: on other people's collections this makes answers right more often.
    /// For the eight genres that ship only
    #[arg(long, conflicts_with = "model")]
    use_titles: bool,

    /// A model's file, such as `overtone train` writes, instead of the eight genres that ship
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
}

fn label_choice(text: &str) -> anyhow::Result<(String, String)> {
    let (label, genre) = text
        .rsplit_once('=')
        .ok_or_else(|| anyhow!("a label, `=` and a genre belong here"))?;
    Ok((label.trim().to_owned(), genre.trim().to_owned()))
}

impl Arguments {
    fn popularity(&self) -> Popularity {
        if self.use_popularity {
            Popularity::Used
        } else {
            Popularity::Ignored
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let model = read_model(arguments.model.as_deref())?;
    if arguments
        .files
        .iter()
        .filter(|path| is_standard_input(path))
        .count()
        > 1
    {
        bail!("standard input can be read only once; name `-` only once");
    }
    let titles = arguments
        .use_titles
        .then(Titles::eight_genres)
        .transpose()?;
    for (label, genre) in &arguments.labels {
        if genre != "-" && !model.genres().contains(genre) {
            bail!(
                "--label {label}={genre}: the model's genres are {}",
                model.genres().join(", ")
            );
        }
    }
    let inputs = arguments.files.iter().chain(&arguments.model);
    let inputs: Vec<&Path> = inputs.map(PathBuf::as_path).collect();
    let destination = match &arguments.output {
        Some(path) if !is_standard_output(path) => {
            Destination::File(OutputFile::create(path, &inputs)?)
        }
        _ => Destination::Screen(io::stdout().lock()),
    };
    let mut output = Output {
        json: arguments.json,
        options: LabelledOptions {
            byte_order_mark: if arguments.bom {
                ByteOrderMark::Always
            } else {
                ByteOrderMark::AsOriginal
            },
            guard_formulas: arguments.guard_formulas,
            ..LabelledOptions::default()
        },
        csv: None,
        model: &model,
        titles: titles.as_ref(),
        destination: BufWriter::new(destination),
        has_failed: false,
        rows: 0,
    };
    let result = classify_files(arguments, &model, &mut output);
    // What was classified before something went wrong is kept; a file is not replaced by nothing, or by what is cut off.
    if !output.has_failed && (result.is_ok() || output.rows > 0) {
        output.finish()?;
    }
    result
}

fn classify_files(
    arguments: &Arguments,
    model: &Model,
    output: &mut Output<'_>,
) -> anyhow::Result<Outcome> {
    let mut total = Total {
        outcome: Outcome::Done,
        labels: BTreeSet::new(),
    };
    let mut error: Option<anyhow::Error> = None;
    for path in &arguments.files {
        // Other files go on; the last error ends the command.
        if let Err(next) = classify_file(path, arguments, model, output, &mut total) {
            replace(&mut error, next);
        }
        if !output.has_failed
            && let Err(next) = output.flush()
        {
            replace(&mut error, next);
        }
        // Where nothing can be written, nothing more is read.
        if output.has_failed {
            return error.map_or(Ok(total.outcome), Err);
        }
    }
    for (label, genre) in &arguments.labels {
        if !total.labels.contains(label) {
            complain(format_args!(
                "--label {label}={genre} changes nothing: no track with an answer has the genre “{label}”"
            ));
        }
    }
    error.map_or(Ok(total.outcome), Err)
}

/// What comes of all tables together.
struct Total {
    outcome: Outcome,
    /// Which of the labels that something was chosen about there are.
    labels: BTreeSet<String>,
}

fn read_model(path: Option<&Path>) -> anyhow::Result<Model> {
    let Some(path) = path else {
        return Ok(Model::eight_genres()?);
    };
    let bytes = std::fs::read(path).with_context(|| name(path))?;
    Model::read(&bytes).with_context(|| name(path))
}

fn classify_file(
    path: &Path,
    arguments: &Arguments,
    model: &Model,
    output: &mut Output<'_>,
    total: &mut Total,
) -> anyhow::Result<()> {
    let mut input = Input::open(path, arguments.columns.choices())?;
    let mut report = Report::new(name(path), arguments);
    let mut batch = RowBatch::default();
    let mut refused = None;
    // Whether the present table is refused already, so that its rows are not wanted.
    let mut is_passed_over = false;
    let result = loop {
        let next = input.next();
        // What is said next comes behind what is said of the rows before it.
        if (batch.is_full() || !matches!(next, Ok(Next::Row)))
            && let Err(error) = classify_rows(&mut batch, model, &mut report, output)
        {
            break Err(error);
        }
        let next = match next {
            Ok(next) => next,
            Err(error) => break Err(error),
        };
        if let (Next::Row | Next::End, Some(header)) = (&next, input.tables.header())
            && !is_passed_over
            && let Err(error) = output.check_fits(&report.name, header)
        {
            is_passed_over = true;
            replace(&mut refused, error);
        }
        match next {
            Next::Begin => {
                is_passed_over = false;
                report = Report::new(input.table.clone(), arguments);
            }
            Next::Row | Next::End | Next::Refused(_) if is_passed_over => {}
            Next::Row => {
                if let Some(row) = input.tables.row() {
                    batch.push(row);
                }
            }
            Next::End => {
                let header = input.tables.header();
                // A table without rows has columns all the same. What is told to have a genre is written.
                let written = header.map_or(Ok(()), |header| output.begin(header));
                if let Err(error) = written.and_then(|()| output.flush()) {
                    break Err(error);
                }
                if let Some(header) = header {
                    report.tell_notes(header);
                }
                report.tell(model);
                report.count(total);
            }
            Next::Refused(error) => {
                if report.rows > 0 {
                    if let Some(header) = input.tables.header() {
                        report.tell_notes(header);
                    }
                    report.tell(model);
                    report.count(total);
                }
                replace(&mut refused, explained(error).context(report.name.clone()));
            }
            Next::PassedOver(within) => {
                complain(format_args!(
                    "{}/{within}: not a table, skipped",
                    name(path)
                ));
            }
            Next::Done => break refused.take().map_or(Ok(()), Err),
        }
    };
    // Where nothing more can be written, nobody knows how many tracks there are.
    if result.is_err() && !output.has_failed && report.rows > 0 && !report.told_all {
        if let Some(header) = input.tables.header() {
            report.tell_notes(header);
        }
        report.tell(model);
        report.count(total);
    }
    // The last error is told by whoever asked for the file.
    if let Some(before) = refused {
        complain(format_args!("overtone: {before:#}"));
    }
    result
}

/// Keeps an error until there is another one; the last is told in the end.
fn replace(error: &mut Option<anyhow::Error>, next: anyhow::Error) {
    if let Some(before) = error.replace(next) {
        complain(format_args!("overtone: {before:#}"));
    }
}

/// How a table's columns differ from those of another, if one CSV file cannot hold both.
fn difference(before: &Header, header: &Header) -> Option<String> {
    if before.cells() != header.cells() {
        return Some("other columns than the file before it".to_owned());
    }
    let pairs = before.columns.iter().zip(&header.columns);
    pairs.into_iter().find_map(|(before, column)| {
        let (was, is) = (before.understanding?, column.understanding?);
        // Numbers without either mark are the same to both.
        let has_mark =
            |column: &Column| column.values.iter().any(|value| value.contains(['.', ',']));
        let name = &column.name;
        if was.unit != is.unit {
            Some(format!(
                "“{name}” in another unit than the file before it ({}, not {})",
                is.unit.name(),
                was.unit.name()
            ))
        } else if was.comma != is.comma && has_mark(before) && has_mark(column) {
            Some(format!(
                "another decimal mark in “{name}” than the file before it"
            ))
        } else {
            None
        }
    })
}

/// Classifies and writes the rows that wait for it.
fn classify_rows(
    batch: &mut RowBatch,
    model: &Model,
    report: &mut Report,
    output: &mut Output<'_>,
) -> anyhow::Result<()> {
    for (row, result) in batch.classified(model, output.titles, report.popularity) {
        // What cannot be written does not count.
        output.begin(row.header)?;
        report.row(&row, &result, model);
        output.write(&report.name, &row, result)?;
    }
    batch.clear();
    Ok(())
}

/// What is told about a table.
struct Report {
    name: String,
    rows: u64,
    classified: u64,
    /// How many of these sound like none of the genres.
    outside: u64,
    problems: u64,
    /// How many problems are told.
    told: u64,
    told_all: bool,
    popularity: Popularity,
    use_titles: bool,
    chosen_labels: Vec<(String, String)>,
    /// For each of the file's genres, how many tracks were answered with each of the model's.
    labels: BTreeMap<String, Vec<u64>>,
    /// How many tracks have other genres than these, as there are too many.
    other_labels: u64,
}

impl Report {
    fn new(name: String, arguments: &Arguments) -> Self {
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
            popularity: arguments.popularity(),
            use_titles: arguments.use_titles,
            chosen_labels: arguments.labels.clone(),
            labels: BTreeMap::new(),
            other_labels: 0,
        }
    }

    fn row(&mut self, row: &Row<'_>, result: &Result<Classification, Problem>, model: &Model) {
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

    fn tell_notes(&self, header: &Header) {
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

    fn tell(&mut self, model: &Model) {
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

    fn count(&self, total: &mut Total) {
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

enum Destination {
    File(OutputFile),
    Screen(io::StdoutLock<'static>),
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Screen(screen) => {
                let written = screen.write(bytes);
                written.map_err(|error| unwritten(STANDARD_OUTPUT, &error))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Screen(screen) => {
                let flushed = screen.flush();
                flushed.map_err(|error| unwritten(STANDARD_OUTPUT, &error))
            }
        }
    }
}

struct Output<'a> {
    json: bool,
    options: LabelledOptions,
    /// Once CSV has begun: its writer, and the columns of the file that it began with.
    csv: Option<(LabelledWriter, Header)>,
    model: &'a Model,
    /// What titles say, if they count.
    titles: Option<&'a Titles>,
    destination: BufWriter<Destination>,
    /// Whether something could not be written, so that nothing more can.
    has_failed: bool,
    /// How many rows have been written.
    rows: u64,
}

impl Output<'_> {
    fn write(
        &mut self,
        table: &str,
        row: &Row<'_>,
        result: Result<Classification, Problem>,
    ) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        match &mut self.csv {
            Some((writer, _)) => writer.write_row(row, result.ok().as_ref(), &mut bytes),
            None if row.is_no_track() => {}
            None => {
                write_json(self.model, table, row, result.as_ref(), &mut bytes);
                bytes.push(b'\n');
            }
        }
        self.put(&bytes)?;
        self.rows += 1;
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let written = self.destination.write_all(bytes);
        self.has_failed |= written.is_err();
        Ok(written?)
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let flushed = self.destination.flush();
        self.has_failed |= flushed.is_err();
        Ok(flushed?)
    }

    /// Fails if a table's rows do not fit behind those that were written before.
    fn check_fits(&self, table: &str, header: &Header) -> anyhow::Result<()> {
        if let Some((_, before)) = &self.csv
            && let Some(difference) = difference(before, header)
        {
            bail!(
                "{table} has {difference}, and one CSV file cannot hold both; classify them one at a time, or use --json"
            );
        }
        Ok(())
    }

    /// Writes the line of column names, if it is CSV and nothing has been written yet.
    fn begin(&mut self, header: &Header) -> anyhow::Result<()> {
        if self.json || self.csv.is_some() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        let writer = LabelledWriter::with_options(self.model, header, self.options, &mut bytes);
        self.csv = Some((writer, header.clone()));
        self.put(&bytes)
    }

    /// Gives a file its name.
    fn finish(self) -> anyhow::Result<()> {
        let destination = self
            .destination
            .into_inner()
            .map_err(|error| error.into_error())?;
        match destination {
            Destination::File(file) => file.finish(),
            Destination::Screen(_) => Ok(()),
        }
    }
}
