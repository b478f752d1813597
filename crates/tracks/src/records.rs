//! Text in, records of cells out.
//!
//! csv-core splits the cells. What is ours: counting lines as an editor does, whatever ends them; telling a record's
//! bytes again; and going on after a quotation mark that nobody closed, which would swallow the rest of the file.

use csv_core::ReadRecordResult;
use overtone_genre::MINIMUM_FEATURES;

use crate::{FileError, RowLimit};

/// How many bytes one record may have. Those of known tools have under 10 KiB.
const LONGEST: usize = 1 << 20;

/// How many cells a record may have.
const MOST_CELLS: usize = 10_000;

/// How many quotation marks that nobody closed are got over in any file, though each costs a look at up to [`LONGEST`] bytes.
const STRAY_QUOTES: u64 = 1_000;

/// How often as many bytes as have been read may be looked at beyond that, so that a long file may have more such marks.
const LOOKS_AT_EACH_BYTE: u64 = 10;

/// With how many lines that are rows by themselves it is judged that a row has ended before them.
const ROWS_THAT_FOLLOW: usize = 3;

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

    /// The cells' bytes, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// The cells' bytes, one behind the other.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether they are as many as expected, but for empty ones behind them, as a delimiter at the end of each row makes.
    fn fit(&self, expected: usize) -> bool {
        let mut beyond = self.iter().skip(expected);
        self.len() >= expected && beyond.all(|cell| cell.trim_ascii().is_empty())
    }

    /// How many bytes of memory the cells take.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len() + size_of_val(self.ends.as_slice())
    }

    /// Adds a cell at the end.
    pub(crate) fn push(&mut self, cell: &[u8]) {
        self.bytes.extend_from_slice(cell);
        self.ends.push(self.bytes.len());
    }

    /// The cells that were split without minding quotation marks, without those around whole cells.
    fn unquoted(&self) -> Self {
        let mut unquoted = Self::default();
        for cell in self.iter() {
            match cell {
                [b'"', text @ .., b'"'] if quoted_length(cell) == Some(cell.len()) => {
                    let mut after_mark = false;
                    let second = |byte: &&u8| {
                        after_mark = **byte == b'"' && !after_mark;
                        **byte != b'"' || after_mark
                    };
                    let text: Vec<u8> = text.iter().filter(second).copied().collect();
                    unquoted.push(&text);
                }
                _ => unquoted.push(cell),
            }
        }
        unquoted
    }

    /// The cells but for the last.
    pub(crate) fn without_last(mut self) -> Self {
        self.ends.pop();
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
        self
    }

    /// The cells with a byte between them, without empty ones at the end.
    fn joined(&self, separator: u8) -> Vec<u8> {
        let is_full = |cell: &[u8]| !cell.is_empty();
        let last = (0..self.len()).rfind(|&index| self.get(index).is_some_and(is_full));
        let cells: Vec<&[u8]> = self.iter().take(last.map_or(0, |last| last + 1)).collect();
        cells.join(&separator)
    }

    /// Makes of the bytes and ends that were filled a whole record.
    fn cut(&mut self, filled: usize, ended: usize) {
        self.bytes.truncate(filled);
        self.ends.truncate(ended);
    }
}

/// How quotation marks are meant, beside the usual way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quoting {
    /// Spaces before a cell's quotation marks are no part of the cell.
    pub(crate) spaced: bool,
    /// A quotation mark within a cell has a backslash before it, as MySQL and Spark write it, not another one.
    pub(crate) escaped: bool,
}

/// Splits text into records, in memory bounded by one record and what was pushed.
pub(crate) struct Records {
    core: csv_core::Reader,
    delimiter: u8,
    quoting: Quoting,
    /// What a spreadsheet may have taken for the byte between cells before it saved the table, and a reader that splits there.
    separator: u8,
    separated: csv_core::Reader,
    /// Whether it has filled the rows up with that byte.
    is_padded: bool,
    /// The same dialect, but for quotation marks, which are characters like others.
    literal: csv_core::Reader,
    input: Vec<u8>,
    /// How many bytes stood before `input`.
    drained: u64,
    /// Where in `input` the present record begins.
    start: usize,
    /// How far `input` has been read.
    consumed: usize,
    finished: bool,
    cells: Cells,
    /// How far the present record has filled `cells`; `None` between records.
    filled: Option<(usize, usize)>,
    /// The line of the next byte; the first is 1.
    next_line: u64,
    /// Whether the last byte was a carriage return, whose line feed belongs to it.
    after_return: bool,
    /// The line on which the last record began.
    line: u64,
    /// How many cells the records should have, once that is known.
    expected: Option<usize>,
    /// Whether the last record was read again without minding its quotation marks.
    stray_quote: bool,
    /// How many bytes were looked at for stray quotation marks, to be read again.
    looked_ahead: u64,
}

impl Records {
    pub(crate) fn new(delimiter: u8, quoting: Quoting) -> Self {
        let separator = if delimiter == b';' { b',' } else { b';' };
        let reader = |delimiter, minds_quotes| {
            csv_core::ReaderBuilder::new()
                .delimiter(delimiter)
                .quoting(minds_quotes)
                .escape(quoting.escaped.then_some(b'\\'))
                .build()
        };
        Self {
            core: reader(delimiter, true),
            literal: reader(delimiter, false),
            delimiter,
            quoting,
            separator,
            separated: reader(separator, true),
            is_padded: false,
            input: Vec::new(),
            drained: 0,
            start: 0,
            consumed: 0,
            finished: false,
            cells: Cells::default(),
            filled: None,
            next_line: 1,
            after_return: false,
            line: 1,
            expected: None,
            stray_quote: false,
            looked_ahead: 0,
        }
    }

    /// The place for more text, at the end of what has not been read.
    pub(crate) fn input(&mut self) -> &mut Vec<u8> {
        let done = if self.filled.is_some() {
            self.start
        } else {
            self.consumed
        };
        self.input.drain(..done);
        self.drained += done as u64;
        self.consumed -= done;
        self.start -= done.min(self.start);
        &mut self.input
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.input().extend_from_slice(bytes);
    }

    pub(crate) fn finish(&mut self) {
        self.finished = true;
    }

    /// Tells how many cells each record should have; a record with another number that goes on over several lines is
    /// then taken for one with a stray quotation mark.
    pub(crate) fn expect(&mut self, cells: usize) {
        self.expected = Some(cells);
    }

    /// Tells that the present record is the line of column names, and each row should have as many cells.
    pub(crate) fn expect_as_many(&mut self) {
        self.is_padded = self.record().ends_with(&[self.separator]);
        if self.is_padded {
            self.undo_saving();
        }
        self.expect(self.cells.len());
    }

    /// The cells of the record that [`next_record`](Self::next_record) read last.
    pub(crate) fn cells(&self) -> &Cells {
        &self.cells
    }

    /// The line on which it began; the first is 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The line on which it ended.
    pub(crate) fn last_line(&self) -> u64 {
        let terminator = u64::from(
            self.raw()
                .last()
                .is_some_and(|byte| matches!(byte, b'\n' | b'\r')),
        );
        self.next_line.saturating_sub(terminator).max(self.line)
    }

    /// Whether a quotation mark in it was never closed, or too late.
    pub(crate) fn has_stray_quote(&self) -> bool {
        self.stray_quote
    }

    /// Reads one record; false when more text is needed, or none is left. Empty lines are passed over.
    pub(crate) fn next_record(&mut self) -> Result<bool, FileError> {
        loop {
            if self.filled.is_none() && !self.begin() {
                return Ok(false);
            }
            if self.is_too_long() {
                return if self.without_quotes(None)? {
                    Ok(true)
                } else {
                    Err(self.too_long(RowLimit::Bytes))
                };
            }
            let (filled, ended) = self.filled.unwrap_or_default();
            // No further than a record may go, so that it does not matter in which pieces the text has come.
            let end = self.input.len().min(self.start + LONGEST + 1);
            let input = self.input.get(self.consumed..end).unwrap_or_default();
            if input.is_empty() && !self.finished {
                return Ok(false);
            }
            let is_at_end = input.is_empty();
            // The place for a record grows until it fits.
            self.cells.bytes.resize(self.cells.bytes.len().max(1024), 0);
            self.cells.ends.resize(self.cells.ends.len().max(64), 0);
            let bytes = self.cells.bytes.get_mut(filled..).unwrap_or_default();
            let ends = self.cells.ends.get_mut(ended..).unwrap_or_default();
            let (result, read, written, cells) = self.core.read_record(input, bytes, ends);
            self.consumed += read;
            let (filled, ended) = (filled + written, ended + cells);
            self.filled = Some((filled, ended));
            if ended > MOST_CELLS {
                return Err(self.too_long(RowLimit::Cells));
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    let length = self.cells.bytes.len() * 2;
                    self.cells.bytes.resize(length, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    let length = self.cells.ends.len() * 2;
                    self.cells.ends.resize(length, 0);
                }
                ReadRecordResult::Record => {
                    self.cells.cut(filled, ended);
                    if self.end(is_at_end)? {
                        return Ok(true);
                    }
                }
                ReadRecordResult::End => {
                    self.filled = None;
                    return Ok(false);
                }
            }
        }
    }

    /// Passes over line ends to where a record begins; false if there is none yet.
    fn begin(&mut self) -> bool {
        while let Some(&byte) = self.input.get(self.consumed) {
            if !matches!(byte, b'\n' | b'\r') {
                self.start = self.consumed;
                self.line = self.next_line;
                self.filled = Some((0, 0));
                self.stray_quote = false;
                return true;
            }
            let own_line = byte == b'\r' || !self.after_return;
            self.next_line += u64::from(own_line);
            self.after_return = byte == b'\r';
            self.consumed += 1;
        }
        false
    }

    /// A record has been read, with the end of the file for its end or not: counts its lines, and looks whether a
    /// quotation mark has made it too large. False if it was nothing but white space.
    fn end(&mut self, is_at_end: bool) -> Result<bool, FileError> {
        self.filled = None;
        let (breaks, after_return) = line_breaks(self.raw());
        if self.cells.len() == 1 && self.cells.bytes.iter().all(is_blank) {
            self.next_line += breaks;
            self.after_return = after_return;
            return Ok(false);
        }
        if self.quoting.spaced {
            self.split_rewritten(without_spaces_before_quotes, is_at_end);
        }
        if self.quoting.escaped {
            self.split_rewritten(with_lone_backslashes_doubled, is_at_end);
        }
        let has_marks = self.raw().contains(&b'"');
        let is_undone = (has_marks || self.is_padded) && self.undo_saving();
        if let Some(expected) = self.expected
            && has_marks
            && !is_undone
        {
            let is_unclosed = if breaks + u64::from(is_at_end) > 1 {
                !self.cells.fit(expected)
            } else {
                is_at_end && !self.cells.fit(expected) && self.is_open()
            };
            let is_stray = is_unclosed || self.closes_early();
            if is_stray && self.without_quotes(Some(expected))? {
                return Ok(true);
            }
        }
        self.next_line += breaks;
        self.after_return = after_return;
        Ok(true)
    }

    /// Splits a record again, if another way to write it is meant.
    fn split_rewritten(&mut self, rewritten: fn(&[u8], u8) -> Vec<u8>, is_at_end: bool) {
        let record = if is_at_end { self.raw() } else { self.record() };
        let text = rewritten(record, self.delimiter);
        if text.len() != record.len() {
            self.core.reset();
            if let Some(cells) = only_record(&mut self.core, &text, self.delimiter) {
                self.cells = cells;
            }
            self.core.reset();
        }
    }

    /// Splits a record again as it was before a spreadsheet saved it that expects another byte between cells. It has split the
    /// row at that byte only, in whatever text, puts quotation marks around each part with some in it, and fills up rows with
    /// fewer parts. False if the record does not look so, or that does not help.
    fn undo_saving(&mut self) -> bool {
        let fits = match self.expected {
            Some(expected) => self.cells.fit(expected),
            None => self.cells.len() > 1,
        };
        let is_saved = self.is_padded || (!fits && self.record().starts_with(b"\""));
        if !is_saved
            || self.is_open()
            || closes_within_a_cell(self.record(), self.separator, self.quoting)
        {
            return false;
        }
        self.separated.reset();
        let record = record(&self.input, self.start, self.consumed);
        let Some(parts) = only_record(&mut self.separated, record, self.separator) else {
            return false;
        };
        self.core.reset();
        let cells = only_record(
            &mut self.core,
            &parts.joined(self.separator),
            self.delimiter,
        );
        self.core.reset();
        let Some(cells) = cells else {
            return false;
        };
        let helps = match self.expected {
            Some(expected) => cells.len() == expected,
            // Before the columns are known; a text above them may have some commas.
            None => cells.len() >= MINIMUM_FEATURES,
        };
        if helps {
            self.cells = cells;
        }
        helps
    }

    /// Reads the first line of the present record without minding quotation marks but those around whole cells, and goes on
    /// behind that line. If a number of cells is told, only if it has so many, or the lines behind it have. False if that does
    /// not help.
    fn without_quotes(&mut self, expected: Option<usize>) -> Result<bool, FileError> {
        let raw = self
            .input
            .get(self.start..self.consumed)
            .unwrap_or_default();
        let Some(end) = raw
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .or_else(|| {
                // Without a line end, the whole rest is the line.
                (self.finished && self.consumed == self.input.len()).then_some(raw.len())
            })
        else {
            return Ok(false);
        };
        let line = raw.get(..end).unwrap_or_default();
        self.literal.reset();
        let Some(cells) = only_record(&mut self.literal, line, self.delimiter) else {
            return Ok(false);
        };
        let behind = raw.get(end..).unwrap_or_default();
        if let Some(expected) = expected
            && !cells.fit(expected)
            && !begins_with_rows(&mut self.core, behind, self.delimiter, expected)
        {
            return Ok(false);
        }
        self.looked_ahead += raw.len() as u64;
        let has_read = self.drained + self.start as u64;
        if self.looked_ahead > STRAY_QUOTES * LONGEST as u64 + LOOKS_AT_EACH_BYTE * has_read {
            return Err(FileError::TooManyStrayQuotes { line: self.line });
        }
        self.consumed = self.start + end;
        self.next_line = self.line;
        self.after_return = false;
        self.core.reset();
        self.cells = cells.unquoted();
        self.filled = None;
        self.stray_quote = true;
        Ok(true)
    }

    /// The bytes of the present record, as far as they have been read.
    fn raw(&self) -> &[u8] {
        self.input
            .get(self.start..self.consumed)
            .unwrap_or_default()
    }

    /// As [`raw`](Self::raw), without the line end.
    fn record(&self) -> &[u8] {
        record(&self.input, self.start, self.consumed)
    }

    /// Whether the last cell of the record began with a quotation mark that nothing closes.
    fn is_open(&self) -> bool {
        let mut bytes = self.raw().iter();
        let mut marks = 0;
        while let Some(&byte) = bytes.next() {
            if byte == b'\\' && self.quoting.escaped {
                bytes.next();
            }
            marks += usize::from(byte == b'"');
        }
        marks % 2 == 1
    }

    /// Whether a cell of the last record goes on behind the quotation mark that closes it.
    pub(crate) fn closes_early(&self) -> bool {
        closes_within_a_cell(self.raw(), self.delimiter, self.quoting)
    }

    fn is_too_long(&self) -> bool {
        self.consumed - self.start > LONGEST
    }

    fn too_long(&self, limit: RowLimit) -> FileError {
        FileError::RowTooLong {
            line: self.line,
            limit,
        }
    }
}

/// The cells of a text that is one record, as a reader that has not begun one splits it; `None` if it is more than that.
fn only_record(core: &mut csv_core::Reader, text: &[u8], delimiter: u8) -> Option<Cells> {
    let delimiters = text.iter().filter(|&&byte| byte == delimiter).count();
    let mut cells = Cells {
        bytes: vec![0; text.len() + 1],
        ends: vec![0; MOST_CELLS.min(delimiters + 1)],
    };
    let (_, read, written, ended) = core.read_record(text, &mut cells.bytes, &mut cells.ends);
    let (result, _, more, ended_now) = core.read_record(
        &[],
        cells.bytes.get_mut(written..).unwrap_or_default(),
        cells.ends.get_mut(ended..).unwrap_or_default(),
    );
    cells.cut(written + more, ended + ended_now);
    (read == text.len() && matches!(result, ReadRecordResult::Record)).then_some(cells)
}

/// A record's bytes without the line end.
fn record(input: &[u8], start: usize, end: usize) -> &[u8] {
    let raw = input.get(start..end).unwrap_or_default();
    match raw {
        [record @ .., b'\r', b'\n'] | [record @ .., b'\r' | b'\n'] => record,
        _ => raw,
    }
}

/// Whether the first lines of a text are rows by themselves, as far as there are some.
fn begins_with_rows(
    core: &mut csv_core::Reader,
    text: &[u8],
    delimiter: u8,
    expected: usize,
) -> bool {
    let lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    let mut rows = lines
        .filter(|line| !line.iter().all(is_blank))
        .take(ROWS_THAT_FOLLOW)
        .peekable();
    rows.peek().is_some()
        && rows.all(|row| {
            core.reset();
            let cells = only_record(core, row, delimiter);
            core.reset();
            cells.is_some_and(|cells| cells.fit(expected))
        })
}

/// How long the text in quotation marks is with which the bytes begin, with both marks; `None` if they begin otherwise, or no mark
/// closes it.
pub(crate) fn quoted_length(bytes: &[u8]) -> Option<usize> {
    let mut quoted = bytes.strip_prefix(b"\"")?.iter().enumerate().peekable();
    while let Some((place, &byte)) = quoted.next() {
        if byte == b'"' && quoted.next_if(|(_, next)| **next == b'"').is_none() {
            return Some(place + 2);
        }
    }
    None
}

/// A record's bytes without the spaces between the beginning of a cell and its quotation mark.
fn without_spaces_before_quotes(record: &[u8], delimiter: u8) -> Vec<u8> {
    let mut closed_up = Vec::with_capacity(record.len());
    let mut rest = record;
    loop {
        let spaces = rest.iter().take_while(|&&byte| byte == b' ').count();
        let cell = rest.get(spaces..).unwrap_or_default();
        let behind = quoted_length(cell).map(|length| cell.get(length));
        // Marks around some of the words only are a part of the cell.
        if behind.is_some_and(|next| next.is_none_or(|&byte| byte == delimiter)) {
            rest = cell;
        }
        let quoted = quoted_length(rest).unwrap_or(0);
        let mut unquoted = rest.iter().skip(quoted);
        let Some(length) = unquoted.position(|&byte| byte == delimiter) else {
            closed_up.extend_from_slice(rest);
            return closed_up;
        };
        let (cell, behind) = rest.split_at(quoted + length + 1);
        closed_up.extend_from_slice(cell);
        rest = behind;
    }
}

/// A record's bytes with two backslashes, which mean one, for each within quotation marks that escapes nothing: csv-core takes
/// away what stands before any character.
fn with_lone_backslashes_doubled(record: &[u8], delimiter: u8) -> Vec<u8> {
    let mut doubled = Vec::with_capacity(record.len());
    let mut bytes = record.iter().copied().peekable();
    let mut is_quoted = false;
    let mut begins = true;
    while let Some(byte) = bytes.next() {
        doubled.push(byte);
        if !is_quoted {
            is_quoted = begins && byte == b'"';
            begins = byte == delimiter;
        } else if byte == b'\\' {
            doubled.push(
                bytes
                    .next_if(|next| matches!(next, b'"' | b'\\'))
                    .unwrap_or(b'\\'),
            );
        } else if byte == b'"' {
            match bytes.next_if_eq(&b'"') {
                Some(second) => doubled.push(second),
                None => is_quoted = false,
            }
        }
    }
    doubled
}

/// Whether a byte alone makes no row: white space, or the mark that old programs put at a text's end.
fn is_blank(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || *byte == 0x1A
}

/// Whether a cell goes on behind the quotation mark that closes it, and not only with spaces, as no program writes it: that
/// mark was meant to open the cell of another row, or those around a part of the cell are a part of its text.
fn closes_within_a_cell(record: &[u8], delimiter: u8, quoting: Quoting) -> bool {
    let mut bytes = record.iter().copied().peekable();
    let mut is_quoted = false;
    let mut begins = true;
    while let Some(byte) = bytes.next() {
        let ends_cell = |byte: &u8| *byte == delimiter || matches!(byte, b'\n' | b'\r');
        if is_quoted {
            if byte == b'\\' && quoting.escaped {
                bytes.next();
            } else if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                is_quoted = false;
                while bytes.next_if_eq(&b' ').is_some() {}
                if bytes.peek().is_some_and(|next| !ends_cell(next)) {
                    return true;
                }
            }
        } else {
            is_quoted = begins && byte == b'"';
            begins = ends_cell(&byte);
        }
    }
    false
}

/// How many lines end in the bytes, and whether the last byte is a carriage return.
fn line_breaks(bytes: &[u8]) -> (u64, bool) {
    let count = |wanted: u8| bytes.iter().filter(|&&byte| byte == wanted).count();
    let (feeds, returns) = (count(b'\n'), count(b'\r'));
    let pairs = if feeds > 0 && returns > 0 {
        bytes.windows(2).filter(|pair| *pair == b"\r\n").count()
    } else {
        0
    };
    (
        (feeds + returns - pairs) as u64,
        bytes.last() == Some(&b'\r'),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, expected: Option<usize>, piece: usize) -> Vec<(u64, bool, Vec<String>)> {
        let mut records = Records::new(b',', Quoting::default());
        if let Some(expected) = expected {
            records.expect(expected);
        }
        let mut found = Vec::new();
        let mut pieces = text.as_bytes().chunks(piece);
        loop {
            let piece = pieces.next();
            match piece {
                Some(piece) => records.push(piece),
                None => records.finish(),
            }
            while records.next_record().unwrap() {
                let cells = records.cells().iter();
                let cells = cells
                    .map(|cell| String::from_utf8_lossy(cell).into_owned())
                    .collect();
                found.push((records.line(), records.has_stray_quote(), cells));
            }
            if piece.is_none() {
                return found;
            }
        }
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "\"two", "lines\",c", "   ", "d,e", ""].join(end);
            for piece in 1..8 {
                let found = all(&text, None, piece);
                let lines: Vec<u64> = found.iter().map(|(line, _, _)| *line).collect();
                assert_eq!(lines, [1, 3, 6], "{end:?} in pieces of {piece}");
                assert_eq!(found[1].2[0], format!("two{end}lines"));
            }
        }
    }

    #[test]
    fn a_stray_quotation_mark_costs_one_row_at_most() {
        let text = "a,b,c\n\"1,2,3\n4,5,6\n7,\"8\",9\n10,11,12\n";
        for piece in [1, 5, 100] {
            let found = all(text, Some(3), piece);
            assert_eq!(
                found,
                [
                    (1, false, cells(&["a", "b", "c"])),
                    (2, true, cells(&["\"1", "2", "3"])),
                    (3, false, cells(&["4", "5", "6"])),
                    (4, false, cells(&["7", "8", "9"])),
                    (5, false, cells(&["10", "11", "12"])),
                ],
                "in pieces of {piece}"
            );
        }
        // At the end of the file, and within a line.
        assert_eq!(
            all("a,b\n1,\"2", Some(2), 3)[1],
            (2, false, cells(&["1", "2"]))
        );
        assert_eq!(
            all("a,b\n\"1,2", Some(2), 3)[1],
            (2, true, cells(&["\"1", "2"]))
        );
        assert_eq!(all("a,b\n\"1,2\n3,4\n", Some(2), 3).len(), 3);
    }

    #[test]
    fn two_stray_quotation_marks_do_not_make_one_row_of_theirs() {
        let text = "a,b\n\"1,2\n3,4\n\"5,6\n7,8\n";
        for piece in [1, 5, 100] {
            assert_eq!(
                all(text, Some(2), piece)[1..],
                [
                    (2, true, cells(&["\"1", "2"])),
                    (3, false, cells(&["3", "4"])),
                    (4, true, cells(&["\"5", "6"])),
                    (5, false, cells(&["7", "8"])),
                ],
                "in pieces of {piece}"
            );
        }
    }

    #[test]
    fn a_stray_quotation_mark_does_not_swallow_megabytes() {
        let mut text = "a,b\n\"1,2\n".to_owned();
        while text.len() < 3 << 20 {
            text += &format!("3,{}\n", "4".repeat(500));
        }
        let rows = text.lines().count();
        for piece in [1 << 16, 8 << 20] {
            let found = all(&text, Some(2), piece);
            assert_eq!(found.len(), rows);
            assert!(found[1].1);
        }
    }

    #[test]
    fn text_over_several_lines_is_no_stray_quotation_mark() {
        let found = all("a,b\n\"1,\n2\",3\n\"x\ny\nz\",4,5\n", Some(2), 100);
        assert_eq!(found[1], (2, false, cells(&["1,\n2", "3"])));
        assert_eq!(found[2], (4, false, cells(&["x\ny\nz", "4", "5"])));
    }
}
