//! `overtone classify`

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use overtone_genre::{Classification, Model, Popularity};
use overtone_tracks::{Cells, Header, LabelledWriter, Problem, Reader, Role, Row};
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::output::{OutputFile, complain};

/// How many bytes are read at once.
const PIECE: usize = 1 << 20;

/// How many problems of a file are told, unless all are asked for.
const PROBLEMS_TOLD: u64 = 20;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Tables of tracks with audio features, such as Exportify writes; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Where the table with genres goes, instead of standard output
    #[arg(short, long, value_name = "OUT.csv")]
    output: Option<PathBuf>,

    /// Writes a JSON object on a line for each track, instead of CSV
    #[arg(long)]
    json: bool,

    /// Tells every problem, not only the first twenty of each file
    #[arg(long)]
    all_problems: bool,

    /// Tells the model how popular each track is; it helps only on playlists much like those that it has learned from
    #[arg(long)]
    use_popularity: bool,

    /// A model that `overtone train` has written, instead of the eight genres that ship
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
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
    let inputs: Vec<&Path> = arguments.files.iter().map(PathBuf::as_path).collect();
    let destination = match &arguments.output {
        Some(path) => Destination::File(OutputFile::create(path, &inputs)?),
        None => Destination::Screen(io::stdout().lock()),
    };
    let mut output = Output {
        json: arguments.json,
        csv: None,
        model: &model,
        destination: BufWriter::new(destination),
        rows: 0,
    };
    let result = classify_files(arguments, &model, &mut output);
    // What was classified before something went wrong is kept; a file is not replaced by nothing.
    if result.is_ok() || output.rows > 0 {
        output.finish()?;
    }
    result
}

fn classify_files(
    arguments: &Arguments,
    model: &Model,
    output: &mut Output<'_>,
) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Done;
    for path in &arguments.files {
        let told = if arguments.all_problems {
            u64::MAX
        } else {
            PROBLEMS_TOLD
        };
        let mut report = Report::new(path, told, arguments.popularity());
        let result = classify_file(path, model, output, &mut report);
        output.destination.flush()?;
        if result.is_ok() || report.rows > 0 {
            report.tell();
        }
        result?;
        if report.problems > 0 {
            outcome = Outcome::SomeProblems;
        }
    }
    Ok(outcome)
}

fn read_model(path: Option<&Path>) -> anyhow::Result<Model> {
    let Some(path) = path else {
        return Ok(Model::eight_genres()?);
    };
    let bytes = std::fs::read(path).with_context(|| name(path))?;
    Model::read(&bytes).with_context(|| name(path))
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// A file's name as messages show it.
fn name(path: &Path) -> String {
    if is_standard_input(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn classify_file(
    path: &Path,
    model: &Model,
    output: &mut Output<'_>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut input: Box<dyn Read> = if is_standard_input(path) {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).with_context(|| name(path))?)
    };
    let mut reader = Reader::new();
    let mut piece = vec![0; PIECE];
    loop {
        let length = input.read(&mut piece).with_context(|| name(path))?;
        match piece.get(..length) {
            None | Some([]) => reader.finish(),
            Some(bytes) => reader.push(bytes),
        }
        while let Some(row) = reader.next_row().with_context(|| name(path))? {
            let classification = report.classify(&row, model);
            output.write(path, &row, classification)?;
        }
        if length == 0 {
            // A table without rows has columns all the same.
            if let Some(header) = reader.header() {
                output.begin(path, header)?;
            }
            return Ok(());
        }
    }
}

/// What is told about a file.
struct Report {
    name: String,
    rows: u64,
    classified: u64,
    problems: u64,
    told: u64,
    popularity: Popularity,
}

impl Report {
    fn new(path: &Path, told: u64, popularity: Popularity) -> Self {
        Self {
            name: name(path),
            rows: 0,
            classified: 0,
            problems: 0,
            told,
            popularity,
        }
    }

    fn classify(&mut self, row: &Row<'_>, model: &Model) -> Result<Classification, Problem> {
        self.rows += 1;
        for problem in &row.problems {
            self.problem(problem);
        }
        let result = row.classify(model, self.popularity);
        match &result {
            Ok(_) => self.classified += 1,
            Err(problem) => self.problem(problem),
        }
        result
    }

    fn problem(&mut self, problem: &Problem) {
        self.problems += 1;
        if self.problems <= self.told {
            complain(format_args!("{}, {problem}", self.name));
        }
    }

    fn tell(&self) {
        if self.problems > self.told {
            complain(format_args!(
                "{}: {} more problems; --all-problems tells them",
                self.name,
                self.problems - self.told
            ));
        }
        complain(format_args!(
            "{}: {} of {} tracks have a genre, {} problem{}",
            self.name,
            self.classified,
            self.rows,
            self.problems,
            if self.problems == 1 { "" } else { "s" },
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
            Self::Screen(screen) => screen.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Screen(screen) => screen.flush(),
        }
    }
}

struct Output<'a> {
    json: bool,
    /// Once CSV has begun: its writer, and the first line of the file that it began with.
    csv: Option<(LabelledWriter, Cells)>,
    model: &'a Model,
    destination: BufWriter<Destination>,
    /// How many rows have been written.
    rows: u64,
}

impl Output<'_> {
    fn write(
        &mut self,
        path: &Path,
        row: &Row<'_>,
        result: Result<Classification, Problem>,
    ) -> anyhow::Result<()> {
        self.begin(path, row.header)?;
        let mut bytes = Vec::new();
        match &mut self.csv {
            Some((writer, _)) => writer.write_row(row, result.ok().as_ref(), &mut bytes),
            None => {
                let object = json_object(self.model, path, row, result);
                serde_json::to_writer(&mut bytes, &object)?;
                bytes.push(b'\n');
            }
        }
        self.destination.write_all(&bytes)?;
        self.rows += 1;
        Ok(())
    }

    /// Writes the line of column names, if it is CSV and nothing has been written yet.
    fn begin(&mut self, path: &Path, header: &Header) -> anyhow::Result<()> {
        if self.json {
            return Ok(());
        }
        match &self.csv {
            None => {
                let mut bytes = Vec::new();
                let writer = LabelledWriter::new(self.model, header, &mut bytes);
                self.csv = Some((writer, header.cells().clone()));
                self.destination.write_all(&bytes)?;
                Ok(())
            }
            Some((_, first_line)) if first_line == header.cells() => Ok(()),
            Some(_) => bail!(
                "{} has other columns than the file before it, and one CSV file cannot hold both; classify them one \
                 at a time, or use --json",
                name(path)
            ),
        }
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

/// A track as JSON: where it stands, who it is, and what it was found to be.
fn json_object(
    model: &Model,
    path: &Path,
    row: &Row<'_>,
    result: Result<Classification, Problem>,
) -> Value {
    let (classification, no_answer) = match result {
        Ok(classification) => (Some(classification), None),
        Err(problem) => (None, Some(problem)),
    };
    let genre = |found: &Classification| model.genres().get(found.best).cloned();
    let probabilities = |found: &Classification| -> Map<String, Value> {
        let genres = model.genres().iter().cloned();
        genres
            .zip(found.probabilities.iter().map(|&p| json!(p)))
            .collect()
    };
    let problems: Vec<String> = row
        .problems
        .iter()
        .chain(&no_answer)
        .map(ToString::to_string)
        .collect();
    json!({
        "file": name(path),
        "line": row.line,
        "track": row.text(Role::Track),
        "artist": row.text(Role::Artist),
        "predicted_genre": classification.as_ref().and_then(genre),
        "confidence": classification.as_ref().map(|found| found.confidence),
        "probabilities": classification.as_ref().map(probabilities),
        "problems": problems,
    })
}
