//! The table out: the original columns as they were, and the genres behind them.

use csv_core::{WriteResult, Writer, WriterBuilder};
use overtone_genre::{Classification, Model};

use crate::dialect::DELIMITERS;
use crate::encoding::{BYTE_ORDER_MARK, Encoding};
use crate::number::{Comma, number};
use crate::records::Cells;
use crate::{Column, Header, Row};

/// The name of the column with the most probable genre.
pub const PREDICTED_GENRE: &str = "predicted_genre";

/// The name of the column with the most probable genre's probability.
pub const CONFIDENCE: &str = "confidence";

/// What stands before a genre's name in the name of the column with its probability.
pub const PROBABILITY_PREFIX: &str = "p_";

/// Whether a written table begins with a byte order mark, without which Excel takes it for text in an old encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ByteOrderMark {
    /// If the original did; and if the original was not UTF-8, as whoever reads it will not expect that.
    #[default]
    AsOriginal,
    /// Always.
    Always,
}

/// Which marks a written table has between cells and in its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marks {
    /// Those of the original.
    #[default]
    AsOriginal,
    /// Semicolons between cells and commas in numbers, as spreadsheets want them where people write numbers so: they take `0.5`
    /// for text, and `1.5` for a day in May. Of the original's columns those that are read for features are written so; what
    /// stands in the others stays as it is, as nobody knows whether it is a number.
    DecimalCommas,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelledOptions {
    /// Whether it begins with a byte order mark.
    pub byte_order_mark: ByteOrderMark,
    /// Whether an apostrophe is put before cells that a spreadsheet would run as a formula: those that begin with `=`,
    /// `+`, `-`, `@`, a tab or a line end, and are no number.
    pub guard_formulas: bool,
    /// Which marks it has between cells and in its numbers.
    pub marks: Marks,
}

/// Writes the rows of one table as CSV in UTF-8, with the original's delimiter unless [`Marks`] say otherwise; with commas if nobody
/// would find that one without the line `sep=` that told it.
///
/// Probabilities are written with as many digits as tell them apart, so that they read back as the same bits, and with the
/// original's decimal mark unless [`Marks`] say otherwise. A table that has genres from before gets the new ones in their place.
pub struct LabelledWriter {
    writer: Writer,
    columns: usize,
    /// The columns of genres from before, which are left out.
    left_out: std::ops::Range<usize>,
    genres: Vec<String>,
    has_decimal_commas: bool,
    /// The columns in which decimal points become commas.
    points_to_commas: Vec<usize>,
    options: LabelledOptions,
}

impl LabelledWriter {
    /// Writes the line of column names to `output`.
    pub fn new(model: &Model, header: &Header, output: &mut Vec<u8>) -> Self {
        Self::with_options(model, header, LabelledOptions::default(), output)
    }

    /// As [`new`](Self::new), written in another way.
    pub fn with_options(
        model: &Model,
        header: &Header,
        options: LabelledOptions,
        output: &mut Vec<u8>,
    ) -> Self {
        let wants_commas = options.marks == Marks::DecimalCommas;
        let delimiter = if wants_commas {
            b';'
        } else if DELIMITERS.contains(&header.delimiter) {
            header.delimiter
        } else {
            b','
        };
        let features = header
            .features
            .iter()
            .filter(|column| wants_commas && column.understanding.comma == Comma::Thousands);
        let mut labelled = Self {
            writer: WriterBuilder::new().delimiter(delimiter).build(),
            columns: header.columns.len(),
            left_out: genres_from_before(header, model),
            genres: model.genres().to_vec(),
            has_decimal_commas: wants_commas || has_decimal_commas(header, delimiter),
            points_to_commas: features.map(|column| column.index).collect(),
            options,
        };
        let wants_mark = options.byte_order_mark == ByteOrderMark::Always
            || header.byte_order_mark
            || header.encoding != Encoding::Utf8;
        if wants_mark {
            output.extend_from_slice(BYTE_ORDER_MARK);
        }
        let probabilities: Vec<String> = labelled
            .genres
            .iter()
            .map(|genre| format!("{PROBABILITY_PREFIX}{genre}"))
            .collect();
        let ours = [PREDICTED_GENRE, CONFIDENCE]
            .into_iter()
            .chain(probabilities.iter().map(String::as_str))
            .map(str::as_bytes);
        let columns = labelled.columns;
        labelled.write_record(header.cells(), columns, ours, output);
        labelled
    }

    /// Writes a row to `output`. Ours stay empty where there is no classification. A row that is too short is filled
    /// up with empty cells, so that ours stand in their columns; what a row has beyond its columns stands behind ours.
    pub fn write_row(
        &mut self,
        row: &Row<'_>,
        classification: Option<&Classification>,
        output: &mut Vec<u8>,
    ) {
        let number = |number: &f64| {
            let number = number.to_string();
            if self.has_decimal_commas {
                number.replace('.', ",")
            } else {
                number
            }
        };
        let mut ours = Vec::with_capacity(2 + self.genres.len());
        match classification {
            Some(found) => {
                ours.push(self.genres.get(found.best).cloned().unwrap_or_default());
                ours.push(number(&found.confidence));
                ours.extend(found.probabilities.iter().map(number));
            }
            None => ours.resize(2 + self.genres.len(), String::new()),
        }
        let columns = self.columns;
        self.write_record(
            row.cells,
            columns,
            ours.iter().map(String::as_bytes),
            output,
        );
    }

    fn write_record<'a>(
        &mut self,
        cells: &'a Cells,
        columns: usize,
        ours: impl Iterator<Item = &'a [u8]>,
        output: &mut Vec<u8>,
    ) {
        let left_out = self.left_out.clone();
        let points_to_commas = self.points_to_commas.clone();
        let originals = (0..columns)
            .filter(|index| !left_out.contains(index))
            .map(|index| {
                let cell = cells.get(index).unwrap_or_default();
                (cell, points_to_commas.contains(&index))
            });
        // Empty cells at the end are no column's, and would make rows longer than the line of names.
        let is_full = |cell: &[u8]| !cell.trim_ascii().is_empty();
        let beyond = || cells.iter().skip(columns);
        let kept = beyond().enumerate().filter(|(_, cell)| is_full(cell));
        let kept = kept.last().map_or(0, |(place, _)| place + 1);
        let beyond = beyond().take(kept);
        let others = ours.chain(beyond).map(|cell| (cell, false));
        let mut is_first = true;
        for (cell, has_points) in originals.chain(others) {
            if !std::mem::take(&mut is_first) {
                fill(output, |place| self.writer.delimiter(place));
            }
            if self.options.guard_formulas && is_formula(cell) {
                let guarded = [b"'", cell].concat();
                self.write_cell(&guarded, output);
            } else if has_points && let Some(number) = with_decimal_comma(cell) {
                self.write_cell(number.as_bytes(), output);
            } else {
                self.write_cell(cell, output);
            }
        }
        fill(output, |place| self.writer.terminator(place));
    }

    fn write_cell(&mut self, mut cell: &[u8], output: &mut Vec<u8>) {
        fill(output, |place| {
            let (result, read, written) = self.writer.field(cell, place);
            cell = cell.get(read..).unwrap_or_default();
            (result, written)
        });
    }
}

/// Whether most features' numbers have decimal commas. Where a comma stands between cells, a spreadsheet that opens the table
/// as it is counts with points.
fn has_decimal_commas(header: &Header, delimiter: u8) -> bool {
    let columns = header.features.iter();
    let commas = columns.filter(|column| column.understanding.comma == Comma::Decimal);
    delimiter != b',' && commas.count() * 2 > header.features.len()
}

/// A number that has a decimal point, and at most commas between thousands, with a decimal comma; `None` for any other cell.
fn with_decimal_comma(cell: &[u8]) -> Option<String> {
    let text = str::from_utf8(cell)
        .ok()
        .filter(|text| text.contains('.'))?;
    number(text.trim(), Comma::Thousands)?;
    Some(text.replace(',', "").replace('.', ","))
}

/// Whether a spreadsheet would run the cell as a formula. A number is none, in whatever spelling this crate reads.
pub fn is_formula(cell: &[u8]) -> bool {
    let begins = matches!(
        cell.first(),
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n')
    );
    let is_number = || {
        let text = str::from_utf8(cell).unwrap_or_default().trim();
        [Comma::Thousands, Comma::Decimal]
            .into_iter()
            .any(|comma| number(text, comma).is_some())
    };
    begins && !is_number()
}

/// The columns that Overtone has written before: a predicted genre, its probability, and each genre's. What only begins like
/// one of these, and holds no probabilities, is somebody else's.
fn genres_from_before(header: &Header, model: &Model) -> std::ops::Range<usize> {
    let cells = header.cells();
    let is = |index: usize, name: &str| cells.get(index) == Some(name.as_bytes());
    let Some(start) =
        (0..cells.len()).find(|&index| is(index, PREDICTED_GENRE) && is(index + 1, CONFIDENCE))
    else {
        return 0..0;
    };
    let mut end = start + 2;
    // Where no row has an answer, none has a probability.
    let has_answers = header
        .columns
        .get(start)
        .is_some_and(|column| !column.values.is_empty());
    let is_probability = |column: &Column| {
        let Some(genre) = column.name.strip_prefix(PROBABILITY_PREFIX) else {
            return false;
        };
        let is_share = |value: &String| {
            let number = value.replace(',', ".").parse();
            number.is_ok_and(|number: f64| (0.0..=1.0).contains(&number))
        };
        model.genres().iter().any(|known| known == genre)
            || (!column.values.is_empty() && column.values.iter().all(is_share))
            || (column.values.is_empty() && !has_answers)
    };
    while header.columns.get(end).is_some_and(is_probability) {
        end += 1;
    }
    start..end
}

/// Calls one of csv-core's writing steps until its input is written; it writes into places of fixed size.
fn fill(output: &mut Vec<u8>, mut step: impl FnMut(&mut [u8]) -> (WriteResult, usize)) {
    let mut place = [0; 256];
    loop {
        let (result, written) = step(&mut place);
        output.extend_from_slice(place.get(..written).unwrap_or_default());
        if matches!(result, WriteResult::InputEmpty) {
            return;
        }
    }
}
