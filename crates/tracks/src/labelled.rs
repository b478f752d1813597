//! The table out: the original columns as they were, and the genres behind them.

use csv_core::{WriteResult, Writer, WriterBuilder};
use overtone_genre::{Classification, Model};

use crate::dialect::BYTE_ORDER_MARK;
use crate::{Header, Row};

/// The name of the column with the most probable genre.
pub const PREDICTED_GENRE: &str = "predicted_genre";

/// The name of the column with the most probable genre's probability.
pub const CONFIDENCE: &str = "confidence";

/// What stands before a genre's name in the name of the column with its probability.
pub const PROBABILITY_PREFIX: &str = "p_";

/// Writes the rows of one table as CSV, with the original's delimiter and byte order mark.
///
/// Probabilities are written with as many digits as tell them apart, so that they read back as the same bits.
pub struct LabelledWriter {
    writer: Writer,
    columns: usize,
    genres: Vec<String>,
}

impl LabelledWriter {
    /// Writes the line of column names to `output`.
    pub fn new(model: &Model, header: &Header, output: &mut Vec<u8>) -> Self {
        let mut labelled = Self {
            writer: WriterBuilder::new().delimiter(header.delimiter).build(),
            columns: header.columns.len(),
            genres: model.genres().to_vec(),
        };
        if header.byte_order_mark {
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
        labelled.write_record(header.cells().iter().chain(ours), output);
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
        let mut ours = Vec::with_capacity(2 + self.genres.len());
        match classification {
            Some(found) => {
                ours.push(self.genres.get(found.best).cloned().unwrap_or_default());
                ours.push(found.confidence.to_string());
                ours.extend(found.probabilities.iter().map(f64::to_string));
            }
            None => ours.resize(2 + self.genres.len(), String::new()),
        }
        let originals = (0..self.columns).map(|index| row.cells.get(index).unwrap_or_default());
        let beyond = row.cells.iter().skip(self.columns);
        let cells = originals
            .chain(ours.iter().map(String::as_bytes))
            .chain(beyond);
        self.write_record(cells, output);
    }

    fn write_record<'a>(&mut self, cells: impl Iterator<Item = &'a [u8]>, output: &mut Vec<u8>) {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                fill(output, |place| self.writer.delimiter(place));
            }
            let mut rest = cell;
            fill(output, |place| {
                let (result, read, written) = self.writer.field(rest, place);
                rest = rest.get(read..).unwrap_or_default();
                (result, written)
            });
        }
        fill(output, |place| self.writer.terminator(place));
    }
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
