//! `overtone classify`

mod labelled;
mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use overtone_genre::{Model, Titles};
use overtone_tracks::RowBatch;

use self::labelled::Output;
use self::report::Report;
use crate::Outcome;
use crate::input::{ColumnChoices, Input, Next, explained, is_standard_input, name};
use crate::output::complain;

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
    let mut output = Output::create(arguments, &inputs, &model, titles.as_ref())?;
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
