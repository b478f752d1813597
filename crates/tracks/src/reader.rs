//! Bytes in, rows out.

use csv_core::ReadRecordResult;
use overtone_genre::{Classification, Features, MINIMUM_FEATURES, Model, Popularity};

use crate::header::{Header, Role};
use crate::{FileError, Problem, ProblemKind, cell, dialect, units};

/// How many bytes are looked at before the kind of file is judged. The longest header of the known tools has
/// under 1 KiB.
const START: usize = 64 * 1024;

/// How many bytes the cells of one row may have. The rows of known tools have under 10 KiB.
const LONGEST_ROW: usize = 1 << 20;

/// How many columns a table may have.
const MOST_COLUMNS: usize = 10_000;

/// The cells of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    bytes: Vec<u8>,
    /// Where each cell ends in `bytes`.
    ends: Vec<usize>,
}

impl Cells {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A cell's bytes, without quotation marks around them.
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(previous) => *self.ends.get(previous)?,
            None => 0,
        };
        self.bytes.get(start..end)
    }

    /// How many lines the cells go on for, beyond the first.
    fn line_feeds(&self) -> u64 {
        line_feeds(&self.bytes)
    }

    /// The cells' bytes, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

fn line_feeds(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// Splits bytes into records of cells, in memory bounded by one record and what was pushed.
pub(crate) struct Records {
    core: csv_core::Reader,
    input: Vec<u8>,
    consumed: usize,
    finished: bool,
    cells: Cells,
    /// How far the record that is being read has filled `cells`.
    filled: usize,
    ended: usize,
    /// The line on which the last record began; the first is 1.
    line: u64,
}

impl Records {
    pub(crate) fn new(delimiter: u8) -> Self {
        Self {
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            input: Vec::new(),
            consumed: 0,
            finished: false,
            cells: Cells::default(),
            filled: 0,
            ended: 0,
            line: 1,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.input.drain(..self.consumed);
        self.consumed = 0;
        self.input.extend_from_slice(bytes);
    }

    pub(crate) fn finish(&mut self) {
        self.finished = true;
    }

    /// The cells of the record that [`next_record`](Self::next_record) read last.
    pub(crate) fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Reads one record; false when more bytes are needed, or none are left.
    pub(crate) fn next_record(&mut self) -> Result<bool, FileError> {
        // The place for a record grows until it fits.
        loop {
            let input = self.input.get(self.consumed..).unwrap_or_default();
            if input.is_empty() && !self.finished {
                return Ok(false);
            }
            self.cells.bytes.resize(self.cells.bytes.len().max(1024), 0);
            self.cells.ends.resize(self.cells.ends.len().max(64), 0);
            let bytes = self.cells.bytes.get_mut(self.filled..).unwrap_or_default();
            let ends = self.cells.ends.get_mut(self.ended..).unwrap_or_default();
            let (result, read, written, ended) = self.core.read_record(input, bytes, ends);
            let last_byte = read
                .checked_sub(1)
                .and_then(|last| input.get(last))
                .copied();
            self.consumed += read;
            self.filled += written;
            self.ended += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    let length = self.cells.bytes.len() * 2;
                    self.check_length(length, LONGEST_ROW, "1 MiB")?;
                    self.cells.bytes.resize(length, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    let length = self.cells.ends.len() * 2;
                    self.check_length(length, MOST_COLUMNS * 2, "10,000 cells")?;
                    self.cells.ends.resize(length, 0);
                }
                ReadRecordResult::Record => {
                    self.line = self.first_line(last_byte);
                    self.cells.bytes.truncate(self.filled);
                    self.cells.ends.truncate(self.ended);
                    self.filled = 0;
                    self.ended = 0;
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    fn check_length(
        &self,
        length: usize,
        limit: usize,
        words: &'static str,
    ) -> Result<(), FileError> {
        if length > limit {
            return Err(FileError::RowTooLong {
                line: self.first_line(None),
                limit: words,
            });
        }
        Ok(())
    }

    /// The line on which the record in `cells` began. csv-core counts the line feeds that it has consumed:
    /// those within the record's quoted cells, and the one that ends the record if that is its last byte (after a
    /// carriage return, the line feed is consumed with the next record).
    fn first_line(&self, last_byte: Option<u8>) -> u64 {
        let filled = self.cells.bytes.get(..self.filled).unwrap_or_default();
        let within = line_feeds(filled);
        let behind = u64::from(last_byte == Some(b'\n'));
        self.core.line().saturating_sub(within + behind).max(1)
    }
}

/// Reads a table of tracks, in pieces.
///
/// Push the file's bytes as they come, take rows until there is none, push more; after the last piece,
/// [`finish`](Self::finish) and take the remaining rows.
pub struct Reader {
    state: State,
    header: Option<Header>,
}

enum State {
    /// The first bytes are gathered, as the delimiter is judged by them.
    Start { bytes: Vec<u8>, finished: bool },
    /// The rows are read.
    Rows(Box<Records>),
}

/// One row of a table.
#[derive(Debug)]
pub struct Row<'reader> {
    /// The table's columns.
    pub header: &'reader Header,
    /// The line of the file on which the row begins; the first line is 1.
    pub line: u64,
    /// The cells as the file has them.
    pub cells: &'reader Cells,
    /// The features that were understood.
    pub features: Features,
    /// What was wrong with the row's cells.
    pub problems: Vec<Problem>,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader that has not seen anything yet.
    pub fn new() -> Self {
        Self {
            state: State::Start {
                bytes: Vec::new(),
                finished: false,
            },
            header: None,
        }
    }

    /// Takes the next piece of the file. Take the rows out before the next piece: what is pushed is kept until then.
    pub fn push(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Start { bytes: start, .. } => start.extend_from_slice(bytes),
            State::Rows(records) => records.push(bytes),
        }
    }

    /// Tells that the file has ended.
    pub fn finish(&mut self) {
        match &mut self.state {
            State::Start { finished, .. } => *finished = true,
            State::Rows(records) => records.finish(),
        }
    }

    /// The table's columns, once they are known: after the first call of [`next_row`](Self::next_row) that gives a
    /// row, and for a table without rows after the last.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// The next row; `None` when more bytes are needed, or when the finished file has no more rows.
    ///
    /// # Errors
    /// When the file is no table of tracks with audio features, or cannot be read any further.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, FileError> {
        if let State::Start { bytes, finished } = &mut self.state {
            if bytes.len() < START && !*finished {
                return Ok(None);
            }
            let (header, records) = begin(bytes, *finished)?;
            self.header = Some(header);
            self.state = State::Rows(Box::new(records));
        }
        let (State::Rows(records), Some(header)) = (&mut self.state, &self.header) else {
            return Ok(None);
        };
        if !records.next_record()? {
            return Ok(None);
        }
        Ok(Some(Row::read(header, records.line, &records.cells)))
    }
}

/// Judges the first bytes and reads the header.
fn begin(start: &[u8], finished: bool) -> Result<(Header, Records), FileError> {
    let byte_order_mark = start.starts_with(dialect::BYTE_ORDER_MARK);
    if start.trim_ascii().is_empty() || start == dialect::BYTE_ORDER_MARK {
        return Err(FileError::Empty);
    }
    dialect::check_text(start)?;
    let delimiter = dialect::delimiter(start);
    // csv-core leaves out the byte order mark by itself.
    let mut records = Records::new(delimiter);
    records.push(start);
    if finished {
        records.finish();
    }
    if !records.next_record()? {
        return Err(FileError::RowTooLong {
            line: 1,
            limit: "64 KiB",
        });
    }
    let mut header = Header::read(&records.cells, delimiter, byte_order_mark);
    header.percentages = units::are_percentages(&header, start);
    let found: Vec<String> = header
        .features()
        .filter(|(_, feature)| feature.is_audio())
        .map(|(_, feature)| feature.name().to_owned())
        .collect();
    if found.len() < MINIMUM_FEATURES {
        return Err(FileError::FeaturesMissing {
            found,
            columns: header
                .columns
                .into_iter()
                .map(|column| column.name)
                .collect(),
        });
    }
    Ok((header, records))
}

impl<'reader> Row<'reader> {
    fn read(header: &'reader Header, line: u64, cells: &'reader Cells) -> Self {
        let mut problems = Vec::new();
        let (found, expected) = (cells.len(), header.columns.len());
        // Empty cells beyond the columns do no harm; spreadsheets leave them.
        let beyond = cells.iter().skip(expected);
        let is_shifted = beyond.into_iter().any(|cell| !cell.trim_ascii().is_empty());
        let mut problem = |kind| {
            problems.push(Problem {
                line,
                column: None,
                kind,
            });
        };
        if found < expected {
            problem(ProblemKind::TooFewCells {
                found,
                expected,
                last_line: line + cells.line_feeds(),
            });
        } else if is_shifted {
            problem(ProblemKind::TooManyCells { found, expected });
        }
        let mut features = Features::default();
        let readable = header.features().filter(|_| !is_shifted);
        for (index, feature) in readable {
            match cell::read(
                feature,
                header.percentages,
                cells.get(index).unwrap_or_default(),
            ) {
                Ok(value) => features.set(feature, value),
                Err(kind) => problems.push(Problem {
                    line,
                    column: header.columns.get(index).map(|column| column.name.clone()),
                    kind,
                }),
            }
        }
        Self {
            header,
            line,
            cells,
            features,
            problems,
        }
    }

    /// The text in the column with a role; empty where there is none. Bytes that are not UTF-8 become `�`.
    pub fn text(&self, role: Role) -> String {
        self.header
            .position(role)
            .and_then(|index| self.cells.get(index))
            .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
            .unwrap_or_default()
    }

    /// How likely each genre is for the row's track.
    ///
    /// # Errors
    /// When the row has too few features for an answer.
    pub fn classify(
        &self,
        model: &Model,
        popularity: Popularity,
    ) -> Result<Classification, Problem> {
        let features = self.features.with(popularity);
        model.classify(&features).map_err(|error| Problem {
            line: self.line,
            column: None,
            kind: ProblemKind::NoAnswer(error),
        })
    }
}
