//! What `overtone classify` writes: a table or lines of JSON, to a file or the screen.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::bail;
use overtone_genre::{Classification, Model, Titles};
use overtone_tracks::{
    ByteOrderMark, Column, Header, LabelledOptions, LabelledWriter, Problem, Row, write_json,
};

use super::Arguments;
use crate::output::{OutputFile, STANDARD_OUTPUT, is_standard_output, unwritten};

/// The labelled tracks on their way out.
pub(super) struct Output<'a> {
    json: bool,
    options: LabelledOptions,
    /// Once CSV has begun: its writer, and the columns of the file that it began with.
    csv: Option<(LabelledWriter, Header)>,
    model: &'a Model,
    /// What titles say, if they count.
    pub(super) titles: Option<&'a Titles>,
    destination: BufWriter<Destination>,
    /// Whether something could not be written, so that nothing more can.
    pub(super) has_failed: bool,
    /// How many rows have been written.
    pub(super) rows: u64,
}

impl<'a> Output<'a> {
    /// To where the arguments say. A file must not be one of the inputs.
    pub(super) fn create(
        arguments: &Arguments,
        inputs: &[&Path],
        model: &'a Model,
        titles: Option<&'a Titles>,
    ) -> anyhow::Result<Self> {
        let destination = match &arguments.output {
            Some(path) if !is_standard_output(path) => {
                Destination::File(OutputFile::create(path, inputs)?)
            }
            _ => Destination::Screen(io::stdout().lock()),
        };
        Ok(Self {
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
            model,
            titles,
            destination: BufWriter::new(destination),
            has_failed: false,
            rows: 0,
        })
    }

    /// Writes a row, and what it sounds like.
    pub(super) fn write(
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

    /// Hands on what waits to be written.
    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        let flushed = self.destination.flush();
        self.has_failed |= flushed.is_err();
        Ok(flushed?)
    }

    /// Fails if a table's rows do not fit behind those that were written before.
    pub(super) fn check_fits(&self, table: &str, header: &Header) -> anyhow::Result<()> {
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
    pub(super) fn begin(&mut self, header: &Header) -> anyhow::Result<()> {
        if self.json || self.csv.is_some() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        let writer = LabelledWriter::with_options(self.model, header, self.options, &mut bytes);
        self.csv = Some((writer, header.clone()));
        self.put(&bytes)
    }

    /// Gives a file its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
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
