//! Bytes in, rows out.

use overtone_genre::{Classification, Feature, Features, MINIMUM_FEATURES, Model, Popularity};

use crate::choices::Choices;
use crate::dialect::{self, dialect};
use crate::encoding::{self, Encoding, Text};
use crate::header::{self, FeatureColumn, Header, Role, Sample};
use crate::key::{self, Key, Mode};
use crate::names;
use crate::problem::FeaturesMissing;
use crate::records::{Cells, Records};
use crate::tool::Tool;
use crate::{FileError, Note, Problem, ProblemKind, RowLimit, cell};

/// By how many bytes, the first, the kind of file and the columns' units are judged: always as many, so that a file is read
/// the same whatever the pieces in which it comes.
const START: usize = 64 * 1024;

/// Reads a table of tracks, in pieces.
///
/// Push the file's bytes as they come, take rows until there is none, push more; after the last piece,
/// [`finish`](Self::finish) and take the remaining rows. Memory is bounded by the largest piece and one row, whatever the
/// file holds.
pub struct Reader {
    state: State,
    header: Option<Header>,
    chosen: Chosen,
    has_row: bool,
    /// Whether the present row has the table's column names again.
    has_names_again: bool,
    /// The line on which another table begins; nothing is read from there on.
    another_table: Option<u64>,
}

/// What somebody has chosen about columns.
enum Chosen {
    /// For this file.
    Here(Choices),
    /// For files with the same column names, told by their fingerprints.
    Remembered(Vec<(u64, Choices)>),
}

enum State {
    /// The first bytes are gathered, as encoding, dialect and units are judged by them.
    Start { bytes: Vec<u8>, finished: bool },
    /// The rows are read.
    Rows {
        text: Box<Text>,
        records: Box<Records>,
    },
}

/// One row of a table.
#[derive(Debug)]
pub struct Row<'reader> {
    /// The table's columns.
    pub header: &'reader Header,
    /// The line of the file on which the row begins; the first line is 1.
    pub line: u64,
    /// The cells as the file has them, in UTF-8 whatever the file's encoding; of column names that stand there again, as they
    /// were mended.
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
    /// A reader that has not seen anything yet, and decides by itself what columns mean.
    pub fn new() -> Self {
        Self::with(Chosen::Remembered(Vec::new()))
    }

    /// A reader to which somebody has told what columns mean.
    pub fn with_choices(choices: Choices) -> Self {
        Self::with(Chosen::Here(choices))
    }

    /// A reader that follows what was chosen before for a file with the same column names, told by their
    /// [`fingerprint`](Header::fingerprint).
    pub fn with_remembered(choices: Vec<(u64, Choices)>) -> Self {
        Self::with(Chosen::Remembered(choices))
    }

    fn with(chosen: Chosen) -> Self {
        Self {
            state: State::Start {
                bytes: Vec::new(),
                finished: false,
            },
            header: None,
            chosen,
            has_row: false,
            has_names_again: false,
            another_table: None,
        }
    }

    /// Takes the next piece of the file. Take the rows out before the next piece: what is pushed is kept until then.
    pub fn push(&mut self, bytes: &[u8]) {
        self.has_row = false;
        match &mut self.state {
            State::Start { bytes: start, .. } => start.extend_from_slice(bytes),
            State::Rows { text, records } => text.decode(bytes, false, records.input()),
        }
    }

    /// Tells that the file has ended.
    pub fn finish(&mut self) {
        self.has_row = false;
        match &mut self.state {
            State::Start { finished, .. } => *finished = true,
            State::Rows { text, records } => {
                text.decode(&[], true, records.input());
                records.finish();
            }
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
        self.advance()?;
        Ok(self.row())
    }

    /// Goes to the next row, which [`row`](Self::row) then gives; false where [`next_row`](Self::next_row) would give
    /// `None`.
    ///
    /// # Errors
    /// As [`next_row`](Self::next_row).
    pub fn advance(&mut self) -> Result<bool, FileError> {
        self.has_row = false;
        if let State::Start { bytes, finished } = &mut self.state {
            if bytes.len() < START && !*finished {
                return Ok(false);
            }
            let (mut start, finished) = (std::mem::take(bytes), *finished);
            let rest = start.split_off(start.len().min(START));
            let is_all = finished && rest.is_empty();
            let (header, mut text, mut records) = begin(start, is_all, &self.chosen)?;
            // Kept also where it is not enough: somebody may say what its columns are.
            let header = self.header.insert(header);
            check_features(header)?;
            if !is_all {
                text.decode(&rest, finished, records.input());
                if finished {
                    records.finish();
                }
            }
            self.state = State::Rows {
                text: Box::new(text),
                records: Box::new(records),
            };
        }
        if let State::Rows { records, .. } = &mut self.state {
            if let Some(line) = self.another_table {
                return Err(FileError::AnotherTable { line });
            }
            let has_row = records.next_record()?;
            let names = match &self.header {
                Some(header) if has_row => Names::of(header, records.cells()),
                _ => Names::None,
            };
            if names == Names::Others {
                let line = records.line();
                self.another_table = Some(line);
                return Err(FileError::AnotherTable { line });
            }
            self.has_row = has_row;
            self.has_names_again = names == Names::Same;
        }
        Ok(self.has_row)
    }

    /// The present row.
    pub fn row(&self) -> Option<Row<'_>> {
        match (&self.state, &self.header) {
            (State::Rows { records, .. }, Some(header)) if self.has_row => {
                Some(Row::read(header, records, self.has_names_again))
            }
            _ => None,
        }
    }
}

/// Judges the first bytes and reads the header.
fn begin(
    start: Vec<u8>,
    finished: bool,
    chosen: &Chosen,
) -> Result<(Header, Text, Records), FileError> {
    dialect::check_bytes(&start)?;
    let mark = encoding::byte_order_mark(&start);
    let bytes = start
        .get(mark.map_or(0, |(_, length)| length)..)
        .unwrap_or_default();
    let mut text = Text::new(mark.map(|(encoding, _)| encoding), bytes);
    let mut decoded = Vec::with_capacity(bytes.len());
    text.decode(bytes, finished, &mut decoded);
    if String::from_utf8_lossy(&decoded).trim().is_empty() {
        return Err(FileError::Empty);
    }
    dialect::check_text(&decoded)?;
    let dialect = dialect(&decoded, finished);

    // The first rows tell what the columns hold.
    let mut first_rows = Records::new(dialect.delimiter, dialect.quoting);
    first_rows.push(decoded.get(dialect.offset..).unwrap_or_default());
    if finished {
        first_rows.finish();
    }
    let above = dialect.above;
    let header_of = |records: &mut Records| -> Result<(), FileError> {
        for _ in 0..=above {
            if !records.next_record()? {
                return Err(FileError::RowTooLong {
                    line: 1,
                    limit: RowLimit::Names,
                });
            }
        }
        records.expect_as_many();
        Ok(())
    };
    header_of(&mut first_rows)?;
    let cells = first_rows.cells().clone();
    check_header(&cells)?;
    let line = first_rows.line();
    let mut rows = Vec::new();
    let names = NamesOfFeatures::in_header(&cells);
    while matches!(first_rows.next_record(), Ok(true)) {
        let row = first_rows.cells();
        // The names once more are no values.
        if *row == cells || names.are_in(row) {
            continue;
        }
        // What stands below other names is another table's, and says nothing about this one.
        if names.others_are_in(row) {
            break;
        }
        if row.iter().any(|cell| !cell.is_empty()) {
            rows.push(row.clone());
        }
    }
    // If the first row alone is longer than what is there, what there is of it has to tell.
    if rows.is_empty() && !finished {
        first_rows.finish();
        if matches!(first_rows.next_record(), Ok(true)) {
            rows.push(first_rows.cells().clone().without_last());
        }
    }
    let mut notes = Vec::new();
    if text.encoding() == Encoding::Windows1252 && encoding::is_strange_windows_1252(bytes) {
        notes.push(Note::StrangeLetters);
    }
    if dialect.above > 0 {
        notes.push(Note::LinesAbove { line });
    }
    let sample = || Sample {
        delimiter: dialect.delimiter,
        encoding: text.encoding(),
        byte_order_mark: mark.is_some(),
        rows: rows.clone(),
        notes: notes.clone(),
    };
    let header = match chosen {
        Chosen::Here(choices) => Header::read(&cells, sample(), choices),
        Chosen::Remembered(remembered) => {
            let header = Header::read(&cells, sample(), &Choices::default());
            let fingerprint = header.fingerprint();
            match remembered.iter().find(|(known, _)| *known == fingerprint) {
                Some((_, choices)) => Header::read(&cells, sample(), choices),
                None => header,
            }
        }
    };

    let mut records = Records::new(dialect.delimiter, dialect.quoting);
    records.push(decoded.get(dialect.offset..).unwrap_or_default());
    if finished {
        records.finish();
    }
    header_of(&mut records)?;
    records.expect(header.columns.len());
    Ok((header, text, records))
}

/// Refuses a first line that holds values.
fn check_header(cells: &Cells) -> Result<(), FileError> {
    let texts: Vec<String> = cells
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
        .collect();
    let known = texts
        .iter()
        .filter(|text| names::meaning(text).is_some())
        .count();
    let numbers = texts
        .iter()
        .filter(|text| text.parse::<f32>().is_ok())
        .count();
    let has_id = texts.iter().any(|text| track_id(text).is_some());
    if known < 2 && (numbers >= 3 || has_id) {
        return Err(FileError::NoHeader { cells: texts });
    }
    Ok(())
}

fn check_features(header: &Header) -> Result<(), FileError> {
    let audio = header.features().filter(|(_, feature)| feature.is_audio());
    let found: Vec<String> = audio
        .map(|(_, feature)| feature.name().to_owned())
        .collect();
    if found.len() >= MINIMUM_FEATURES {
        return Ok(());
    }
    Err(FileError::FeaturesMissing(Box::new(FeaturesMissing {
        found,
        columns: header
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect(),
        tool: header.tool,
        notes: header.notes.clone(),
    })))
}

/// The id of a track in its URI, its address, or by itself.
pub fn track_id(text: &str) -> Option<&str> {
    let text = text.trim();
    let id = match text.strip_prefix("spotify:track:") {
        Some(id) => id,
        None => match text.rsplit_once('/') {
            Some((before, id)) if before.ends_with("track") || before.ends_with("tracks") => {
                id.split(['?', '#']).next().unwrap_or_default()
            }
            Some(_) => return None,
            None => text,
        },
    };
    (id.len() == 22 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(id)
}

/// Whether a row has names of columns in place of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// It has values, as nearly all rows.
    None,
    /// Those of the table's columns.
    Same,
    /// Those of other columns, or of the same in another order.
    Others,
}

impl Names {
    fn of(table: &Header, cells: &Cells) -> Self {
        // As they stand in the file, though they may have been mended to fit the rows.
        if *cells == table.unmended {
            return Self::Same;
        }
        // Nearly all rows have a number where the first feature's name would stand, or nothing.
        let might_be = table.features.first().is_some_and(|column| {
            let cell = cells.get(column.index).unwrap_or_default();
            let text = header::name(str::from_utf8(cell).unwrap_or_default());
            text.starts_with(char::is_alphabetic) && !cell::is_missing(column.feature, text)
        });
        if !might_be {
            return Self::None;
        }
        if !has_names_of_features(cells) {
            return Self::None;
        }
        let is_same = |column: &FeatureColumn| {
            let cell = str::from_utf8(cells.get(column.index).unwrap_or_default()).ok();
            let name = table.columns.get(column.index);
            cell.map(header::name) == name.map(|column| column.name.as_str())
        };
        if table.features.iter().all(is_same) {
            Self::Same
        } else {
            Self::Others
        }
    }
}

/// Whether enough of a row's cells are names of features for it to be a line of column names.
fn has_names_of_features(cells: &Cells) -> bool {
    cells.iter().filter(|cell| names_feature(cell)).count() >= MINIMUM_FEATURES
}

fn names_feature(cell: &[u8]) -> bool {
    let meaning = str::from_utf8(cell)
        .ok()
        .map(header::name)
        .and_then(names::meaning);
    meaning.is_some_and(|meaning| matches!(meaning.role, Role::Feature(_)))
}

/// The names of features in a line of column names, before it is known which of them are read.
struct NamesOfFeatures<'header> {
    /// Each with the place where it stands.
    names: Vec<(usize, &'header [u8])>,
}

impl<'header> NamesOfFeatures<'header> {
    fn in_header(cells: &'header Cells) -> Self {
        let cells = cells.iter().enumerate();
        Self {
            names: cells.filter(|(_, cell)| names_feature(cell)).collect(),
        }
    }

    /// Whether the same names stand in a row.
    fn are_in(&self, row: &Cells) -> bool {
        let text = |cell| str::from_utf8(cell).ok().map(header::name);
        let mut names = self.names.iter();
        !self.names.is_empty()
            && names.all(|&(place, name)| text(row.get(place).unwrap_or_default()) == text(name))
    }

    /// Whether a row that has not the same names has those of another table.
    fn others_are_in(&self, row: &Cells) -> bool {
        // To know a name takes longer than to see that there is a number in its place, as in nearly all rows.
        let begins_with_letter = |&(place, _): &(usize, _)| {
            let cell = str::from_utf8(row.get(place).unwrap_or_default());
            cell.is_ok_and(|cell| header::name(cell).starts_with(char::is_alphabetic))
        };
        self.names.iter().any(begins_with_letter) && has_names_of_features(row)
    }
}

impl<'reader> Row<'reader> {
    fn read(header: &'reader Header, records: &'reader Records, has_names_again: bool) -> Self {
        let (line, cells) = (records.line(), records.cells());
        let mut row = Self {
            header,
            line,
            cells,
            features: Features::default(),
            problems: Vec::new(),
        };
        let (found, expected) = (cells.len(), header.columns.len());
        if cells.bytes().trim_ascii().is_empty() {
            row.problem(None, ProblemKind::EmptyRow);
            return row;
        }
        if has_names_again {
            // What was mended above is mended here, so that the names stand in their columns.
            if *cells == header.unmended {
                row.cells = header.cells();
            }
            row.problem(None, ProblemKind::NamesAgain);
            return row;
        }
        if records.has_stray_quote() {
            row.problem(None, ProblemKind::StrayQuote);
        }
        if str::from_utf8(cells.bytes()).is_err() {
            row.problem(None, ProblemKind::NotText);
        }
        // Empty cells beyond the columns do no harm in themselves; spreadsheets leave them.
        let is_shifted = found > expected
            && cells
                .iter()
                .skip(expected)
                .any(|cell| !cell.trim_ascii().is_empty());
        if is_shifted {
            row.problem(None, ProblemKind::TooManyCells { found, expected });
            return row;
        }
        if row.has_lost_cells() {
            row.problem(None, ProblemKind::CellsLost { found, expected });
            return row;
        }
        if found < header.named {
            let last_line = records.last_line();
            row.problem(
                None,
                ProblemKind::TooFewCells {
                    found,
                    expected,
                    last_line,
                },
            );
        }
        let value = |column: &FeatureColumn, index| {
            let cell = cells.get(index).unwrap_or_default();
            cell::read(column.feature, column.understanding, cell)
        };
        let beyond = found.saturating_sub(expected);
        // How many values there are so many cells farther, and how many that make no sense.
        let read = |by: usize| {
            let columns = header.features.iter();
            columns.fold((0, 0), |(values, wrong), column| {
                match value(column, column.index + by) {
                    Ok(found) => (values + usize::from(found.is_some()), wrong),
                    Err(_) => (values, wrong + 1),
                }
            })
        };
        // But where more values make sense so many cells farther, and all do, a delimiter before them belongs to a text.
        let is_shifted = || {
            let ((here, wrong_here), (farther, wrong_farther)) = (read(0), read(beyond));
            wrong_here > 0 && wrong_farther == 0 && farther > here
        };
        if beyond > 0 && is_shifted() {
            row.problem(None, ProblemKind::TooManyCells { found, expected });
            return row;
        }
        for column in &header.features {
            match value(column, column.index) {
                Ok(value) => row.features.set(column.feature, value),
                Err(kind) => row.problem(Some(column.index), kind),
            }
        }
        if row.was_never_analysed() {
            row.features = Features::default();
            row.problem(None, ProblemKind::NeverAnalysed);
        }
        row
    }

    /// Whether the row is too short because cells are missing before its end: some values make no sense in their columns,
    /// and all do if those from there on are moved to the row's other end.
    fn has_lost_cells(&self) -> bool {
        let lost = self.header.columns.len().saturating_sub(self.cells.len());
        if lost == 0 {
            return false;
        }
        let value = |column: &FeatureColumn, index: Option<usize>| {
            let cell = index.and_then(|index| self.cells.get(index));
            cell::read(
                column.feature,
                column.understanding,
                cell.unwrap_or_default(),
            )
        };
        let moved = |column: &FeatureColumn| value(column, column.index.checked_sub(lost));
        let mut columns = self.header.features.iter();
        let Some(first_wrong) =
            columns.position(|column| value(column, Some(column.index)).is_err())
        else {
            return false;
        };
        let mut from_there_on = self.header.features.iter().skip(first_wrong);
        let makes_sense = |column: &FeatureColumn| matches!(moved(column), Ok(Some(_)));
        from_there_on.clone().all(|column| moved(column).is_ok()) && from_there_on.any(makes_sense)
    }

    /// Spotify gives zeros for everything that it could not analyse; no sound is like that.
    fn was_never_analysed(&self) -> bool {
        let ratios = || {
            self.header
                .features
                .iter()
                .filter(|column| column.feature.is_ratio())
        };
        self.features.get(Feature::Tempo).is_none()
            && ratios().count() >= MINIMUM_FEATURES
            && ratios().all(|column| self.features.get(column.feature) == Some(0.0))
    }

    fn problem(&mut self, column: Option<usize>, kind: ProblemKind) {
        let column = column.and_then(|index| self.header.columns.get(index));
        self.problems.push(Problem {
            line: self.line,
            column: column.map(|column| column.name.clone()),
            kind,
        });
    }

    /// The text in the column with a role, or in the first of several that is not empty; empty where there is none.
    /// Bytes that are not UTF-8 become `�`, and what a tool has put before a comma in an artist's name is left out.
    pub fn text(&self, role: Role) -> String {
        let text = self
            .cell(role)
            .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
            .unwrap_or_default();
        // This tool puts commas between artists.
        if role == Role::Artist && self.header.tool == Some(Tool::ExportifyApp) {
            return text.replace("\\,", ",");
        }
        text
    }

    /// As [`text`](Self::text), as bytes.
    pub fn cell(&self, role: Role) -> Option<&'reader [u8]> {
        let columns = self.header.columns.iter().enumerate();
        columns
            .filter(|(_, column)| column.role == Some(role))
            .filter_map(|(index, _)| self.cells.get(index))
            .find(|cell| !cell.trim_ascii().is_empty())
    }

    /// Whether the row is no track: every cell is empty, or it has the column names again.
    pub fn is_no_track(&self) -> bool {
        matches!(
            self.problems.first(),
            Some(Problem {
                kind: ProblemKind::EmptyRow | ProblemKind::NamesAgain,
                ..
            })
        )
    }

    /// The track's musical key, from whatever column tells it; and its mode, from that or from a column of its own.
    pub fn key(&self) -> Option<Key> {
        let key = Key::read(&self.text(Role::Key))?;
        let mode = key.mode.or_else(|| Mode::read(&self.text(Role::Mode)));
        Some(Key { mode, ..key })
    }

    /// How many beats a bar of the track has.
    pub fn beats_in_a_bar(&self) -> Option<u8> {
        key::beats_in_a_bar(&self.text(Role::TimeSignature))
    }

    /// The track's Spotify URI.
    pub fn uri(&self) -> Option<String> {
        let text = self.text(Role::Id);
        track_id(&text).map(|id| format!("spotify:track:{id}"))
    }

    /// Whether the row has a value for every audio feature that the table has a column for.
    pub fn is_complete(&self) -> bool {
        let mut audio = self
            .header
            .features()
            .filter(|(_, feature)| feature.is_audio());
        audio.all(|(_, feature): (usize, Feature)| self.features.get(feature).is_some())
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
        model
            .classify(&features)
            .map_err(|error| Problem::no_answer(self.line, error))
    }
}
