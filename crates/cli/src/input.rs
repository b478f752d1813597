//! The files that are read: tables, standard input, archives of tables.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, anyhow};
use overtone_tracks::{Choice, Choices, FileError, Step, Tables};

/// How many bytes are read at once.
const PIECE: usize = 1 << 20;

/// What a column can be read as, and in which units.
macro_rules! readable {
    () => {
        "id, title, artist, genre, key, mode, time_signature; danceability, energy, speechiness, acousticness, \
         instrumentalness, liveness, valence (each with :ratio or :percent); loudness (:dB or :dB-without-minus), tempo, \
         duration_ms (:ms, :s, :min, :m:ss, :mm:ss:00), popularity"
    };
}

/// Choices about columns, as options tell them.
#[derive(clap::Args)]
pub(crate) struct ColumnChoices {
    #[arg(
        long = "column",
        value_name = "NAME=FEATURE[:UNIT]",
        value_parser = column_choice,
        help = concat!(
            "Reads a column as a feature in a unit, such as `Nrg=energy:percent`, `Laenge=duration_ms:m:ss` or \
             `Sang=title`; `NAME=-` only carries it along. FEATURE and UNIT are one of: ",
            readable!()
        )
    )]
    columns: Vec<(String, Choice)>,
}

impl ColumnChoices {
    pub(crate) fn choices(&self) -> Choices {
        let mut choices = Choices::default();
        for (name, choice) in &self.columns {
            choices.set_named(name, *choice);
        }
        choices
    }
}

fn column_choice(text: &str) -> anyhow::Result<(String, Choice)> {
    let (name, choice) = text
        .rsplit_once('=')
        .ok_or_else(|| anyhow!("a column's name, `=` and what it is belong here"))?;
    let choice = Choice::from_text(choice).ok_or_else(|| {
        anyhow!(
            "“{choice}” is nothing that a column can be read as. There are {}; and -",
            readable!()
        )
    })?;
    Ok((name.to_owned(), choice))
}

/// Why a table cannot be read, and what can be done about it here.
pub(crate) fn explained(error: FileError) -> anyhow::Error {
    match &error {
        // What a tool that is known leaves out, no column has.
        FileError::FeaturesMissing(missing) if missing.tool.is_none() => anyhow!(
            "{error} If columns hold features under other names, --column NAME=FEATURE tells which, such as --column \
             Nrg=energy; overtone inspect shows all names."
        ),
        _ => anyhow!(error),
    }
}

pub(crate) fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// A file's name as messages show it.
pub(crate) fn name(path: &Path) -> String {
    if is_standard_input(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// A file whose tables are read.
pub(crate) struct Input<'path> {
    path: &'path Path,
    file: Box<dyn Read>,
    piece: Vec<u8>,
    finished: bool,
    pub(crate) tables: Tables,
    /// The name of the present table: the file's, and behind it the one within an archive.
    pub(crate) table: String,
}

/// What has come out of a file.
pub(crate) enum Next {
    /// A table begins.
    Begin,
    /// A row, which `tables` gives.
    Row,
    /// The table has ended.
    End,
    /// The table cannot be read, or not any further.
    Refused(FileError),
    /// Something in an archive is no table.
    PassedOver(String),
    /// There is nothing more.
    Done,
}

impl<'path> Input<'path> {
    pub(crate) fn open(path: &'path Path, choices: Choices) -> anyhow::Result<Self> {
        let file: Box<dyn Read> = if is_standard_input(path) {
            Box::new(io::stdin().lock())
        } else {
            Box::new(File::open(path).with_context(|| name(path))?)
        };
        Ok(Self {
            path,
            file,
            piece: vec![0; PIECE],
            finished: false,
            tables: Tables::with_choices(choices),
            table: name(path),
        })
    }

    /// Goes on to what comes next.
    pub(crate) fn next(&mut self) -> anyhow::Result<Next> {
        loop {
            let step = self.tables.step().with_context(|| name(self.path))?;
            return Ok(match step {
                Step::Wait => {
                    self.feed()?;
                    continue;
                }
                Step::Begin(within) => {
                    if let Some(within) = within {
                        self.table = format!("{}/{within}", name(self.path));
                    }
                    Next::Begin
                }
                Step::Row => Next::Row,
                Step::End => Next::End,
                Step::Refused(error) => Next::Refused(error),
                Step::PassedOver(name) => Next::PassedOver(name),
                Step::Done => Next::Done,
            });
        }
    }

    fn feed(&mut self) -> anyhow::Result<()> {
        if self.finished {
            // Whoever waits after the end would wait for ever.
            return Err(anyhow!("{} ends too early", name(self.path)));
        }
        let length = loop {
            match self.file.read(&mut self.piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result.with_context(|| name(self.path))?,
            }
        };
        match self.piece.get(..length) {
            None | Some([]) => {
                self.finished = true;
                self.tables.finish();
            }
            Some(bytes) => self.tables.push(bytes),
        }
        Ok(())
    }
}
