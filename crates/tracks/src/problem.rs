//! What can be wrong with a file or a row, told in sentences that a visitor understands.

use std::fmt;

use overtone_genre::{ClassifyError, MINIMUM_FEATURES, OutOfRange};

use crate::cell::on_one_line;
use crate::header::Role;
use crate::tool::{TOOLS_WITH_FEATURES, Tool};
use crate::units::Unfit;

/// Something wrong in one row; the other rows go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The line of the file on which the row begins; the first line is 1.
    pub line: u64,
    /// The column's name as the file has it, where the problem lies in one cell.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong in a row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A feature's cell holds text; it counts as missing.
    NotANumber {
        /// The cell's text.
        text: String,
    },
    /// A feature's cell holds a number that the feature cannot have; it counts as missing.
    OutOfRange {
        /// The cell's text.
        text: String,
        /// What the feature can have.
        error: OutOfRange,
    },
    /// The row has fewer cells than there are columns; those that it has were read.
    TooFewCells {
        /// The row's cells.
        found: usize,
        /// The columns.
        expected: usize,
        /// The line on which it ends: far below where it begins, if a quotation mark was never closed.
        last_line: u64,
    },
    /// The row has fewer cells than there are columns, and its values make sense only in columns farther on, so that a cell
    /// before them is missing; no feature was read.
    CellsLost {
        /// The row's cells.
        found: usize,
        /// The columns.
        expected: usize,
    },
    /// The row has more cells than there are columns, so that its cells may stand in the wrong columns; no feature was
    /// read.
    TooManyCells {
        /// The row's cells.
        found: usize,
        /// The columns.
        expected: usize,
    },
    /// A quotation mark in the row was never closed, or too late; the row was read without minding its marks.
    StrayQuote,
    /// Some of the row's bytes are no text in the file's encoding; they are kept as they are, and shown as `�`.
    NotText,
    /// All cells of the row are empty.
    EmptyRow,
    /// The row has the names of the columns again, as where files were put one behind the other.
    NamesAgain,
    /// All ratios are 0 and there is no tempo, as Spotify writes for what it has not analysed; they count as missing.
    NeverAnalysed,
    /// The row has no genre.
    NoAnswer(ClassifyError),
}

/// Something that is to be known about a table as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A column has a feature's name, but is not read.
    NotRead {
        /// The column's name as the file has it.
        column: String,
        /// What it would have been read as.
        role: Role,
        /// Why it is not.
        why: Unfit,
    },
    /// The letters beyond ASCII may have been read wrongly, as the text is in no encoding that is known here.
    StrangeLetters,
    /// Lines above the line of column names were passed over.
    LinesAbove {
        /// On which line the column names stand.
        line: u64,
    },
    /// Names of columns stand twice, though the rows have one cell for both.
    NamesTwice {
        /// The names.
        names: Vec<String>,
    },
    /// The rows begin with names or numbers of their own, which have no column name.
    RowNames,
    /// Something was chosen about a column that the table does not have.
    NoSuchColumn {
        /// The name.
        name: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRead { column, role, why } => {
                let column = on_one_line(column);
                write!(formatter, "The column “{column}” is not read as {}: {why}.", role.in_words())
            }
            Self::StrangeLetters => formatter.write_str(
                "The text is not in Unicode, and letters with accents or of other scripts may be read wrongly. If they look \
                 odd, save the table again as “CSV UTF-8”.",
            ),
            Self::LinesAbove { line } => write!(
                formatter,
                "The column names stand on line {line}; what stands above them was passed over."
            ),
            Self::NamesTwice { names } => write!(
                formatter,
                "A column name stands twice, but the rows have one cell for it: {}. The second was left out.",
                on_one_line(&names.join(", "))
            ),
            Self::NoSuchColumn { name } => {
                let name = on_one_line(name);
                write!(formatter, "There is no column “{name}”; what was chosen about it has no effect.")
            }
            Self::RowNames => formatter.write_str(
                "The rows begin with a name or number of their own that has no column name. The names were moved to fit.",
            ),
        }
    }
}

impl Problem {
    /// The problem of a row for which a model has no answer.
    pub fn no_answer(line: u64, error: ClassifyError) -> Self {
        Self {
            line,
            column: None,
            kind: ProblemKind::NoAnswer(error),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(formatter, ", column “{}”", on_one_line(column))?;
        }
        write!(formatter, ": {}", self.kind)?;
        match self.kind {
            ProblemKind::TooFewCells { last_line, .. } if last_line > self.line => write!(
                formatter,
                ". It goes on to line {last_line}: a quotation mark that is never closed may have swallowed the rows between"
            ),
            _ => Ok(()),
        }
    }
}

/// What is wrong, without the place.
impl fmt::Display for ProblemKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber { text } => {
                write!(formatter, "“{text}” is not a number; it counts as missing")
            }
            Self::OutOfRange { text, error } => {
                write!(
                    formatter,
                    "“{text}” cannot be, as {error}; it counts as missing"
                )
            }
            Self::TooFewCells {
                found, expected, ..
            } => write!(
                formatter,
                "the row is too short: {found} of {expected} cells; those beyond count as missing"
            ),
            Self::CellsLost { found, expected } => write!(
                formatter,
                "the row is too short: {found} cells for {expected} columns, and its values stand in the wrong columns; none was \
                 read. Is a cell missing, or a delimiter?"
            ),
            Self::TooManyCells { found, expected } => write!(
                formatter,
                "the row is too long: {found} cells for {expected} columns, so they may stand in the wrong columns; \
                 none was read. Is a quotation mark or a delimiter in a text not escaped?"
            ),
            Self::StrayQuote => formatter.write_str(
                "a quotation mark is never closed, or not where a cell ends; the row was read as if it were an ordinary character",
            ),
            Self::NotText => {
                formatter.write_str("some characters are damaged; they are shown as � and kept as they are")
            }
            Self::NeverAnalysed => formatter.write_str(
                "all features are 0, as Spotify writes for a track that it has not analysed; they count as missing",
            ),
            Self::EmptyRow => formatter.write_str("the row is empty"),
            Self::NamesAgain => {
                formatter.write_str("the column names stand here again; the line is not a track")
            }
            Self::NoAnswer(error) => write!(formatter, "no genre: {error}"),
        }
    }
}

/// Why a file cannot be read, or not any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// There is nothing in the file.
    #[error("The file is empty. A table of tracks with a line of column names was expected.")]
    Empty,
    /// The file is of another kind.
    #[error(
        "This is {looks_like}, not a table of tracks. A CSV file was expected, such as Exportify writes.{}",
        looks_like.advice()
    )]
    NotATable {
        /// What the file seems to be.
        looks_like: OtherFile,
    },
    /// The columns are not those of a table of tracks with audio features.
    #[error("{}", features_missing(.0))]
    FeaturesMissing(Box<FeaturesMissing>),
    /// The first line has values, not column names.
    #[error(
        "The first line holds values, not column names ({}). Put a line above it that names the columns, such as Track, \
         Artist, Danceability, Energy.",
        listed(.cells)
    )]
    NoHeader {
        /// The first line's cells.
        cells: Vec<String>,
    },
    /// The account data that Spotify sends on request.
    #[error(
        "This is Spotify's account data. {} {}",
        Tool::AccountData.advice(),
        TOOLS_WITH_FEATURES
    )]
    AccountData,
    /// The JSON in which Spotify's Web API and its followers give audio features.
    #[error(
        "This is JSON with audio features, as Spotify's Web API gives them, not a table of tracks. Make a CSV file of it: a \
         line with the features' names, and a line with the values for each track."
    )]
    FeaturesJson,
    /// The archive cannot be unpacked.
    #[error("The zip archive cannot be read: {fault}")]
    Archive {
        /// Why.
        fault: ArchiveFault,
    },
    /// Quotation marks that nobody closed stand all over the file: a thousand at the least, and each was looked for far below.
    #[error(
        "Up to line {line}, a thousand quotation marks were never closed. In a CSV file, a quotation mark within a text is \
         written twice; save the table again with a program that does that."
    )]
    TooManyStrayQuotes {
        /// The line of the last of them.
        line: u64,
    },
    /// Further down, another table begins, with other columns.
    #[error(
        "On line {line}, another table begins, with its own column names. Only what stands above it was read; save the rest \
         as a file of its own."
    )]
    AnotherTable {
        /// The line of its column names.
        line: u64,
    },
    /// One row is longer than any table of tracks has them.
    #[error(
        "The row that begins on line {line} is longer than {limit}. A quotation mark may be open since then: \
         close or remove it, and try again."
    )]
    RowTooLong {
        /// The line on which it begins.
        line: u64,
        /// How long a row may be.
        limit: RowLimit,
    },
}

/// What a file is that is no table, judged by how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherFile {
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A GIF picture.
    Gif,
    /// A RIFF container, such as WAV or WebP.
    Riff,
    /// An MP3 sound file.
    Mp3,
    /// An Ogg sound file.
    Ogg,
    /// A FLAC sound file.
    Flac,
    /// A PDF document.
    Pdf,
    /// A zip archive within another.
    Zip,
    /// Something that gzip has compressed.
    Gzip,
    /// Something that 7z has compressed.
    SevenZip,
    /// An Excel workbook of today.
    Workbook,
    /// An Excel workbook of before 2007.
    OldWorkbook,
    /// A document of LibreOffice or its kin.
    OpenDocument,
    /// A document of Apple's Numbers or its kin.
    AppleDocument,
    /// A Word document.
    WordDocument,
    /// A text with its looks, RTF.
    RichText,
    /// An SQLite database.
    Sqlite,
    /// Bytes that are no text.
    Binary,
    /// An HTML page.
    WebPage,
    /// An XML file.
    Xml,
    /// A list of sound files.
    M3u,
    /// JSON.
    Json,
}

/// What helps with a file that is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing is known.
    None,
    /// To open it and save it as CSV.
    SaveAsCsv,
    /// To unpack it.
    Unpack,
}

impl OtherFile {
    /// What helps.
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::Workbook | Self::OldWorkbook | Self::OpenDocument | Self::AppleDocument => {
                Remedy::SaveAsCsv
            }
            Self::Gzip | Self::SevenZip => Remedy::Unpack,
            _ => Remedy::None,
        }
    }

    const fn advice(self) -> &'static str {
        match self.remedy() {
            Remedy::None => "",
            Remedy::SaveAsCsv => " Open your file and save it as CSV.",
            Remedy::Unpack => " Unpack your file first.",
        }
    }
}

impl fmt::Display for OtherFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Png => "a picture (PNG)",
            Self::Jpeg => "a picture (JPEG)",
            Self::Gif => "a picture (GIF)",
            Self::Riff => "a sound or picture file (RIFF)",
            Self::Mp3 => "a sound file (MP3)",
            Self::Ogg => "a sound file (Ogg)",
            Self::Flac => "a sound file (FLAC)",
            Self::Pdf => "a PDF document",
            Self::Zip => "a zip archive or an Excel workbook",
            Self::Gzip => "a compressed file (gzip)",
            Self::SevenZip => "a compressed file (7z)",
            Self::Workbook => "an Excel workbook",
            Self::OldWorkbook => "an old Excel workbook",
            Self::OpenDocument => "a LibreOffice document",
            Self::AppleDocument => "an Apple Numbers document",
            Self::WordDocument => "a Word document",
            Self::RichText => "a text document (RTF)",
            Self::Sqlite => "a database (SQLite)",
            Self::Binary => "a binary file",
            Self::WebPage => "a web page",
            Self::Xml => "an XML file",
            Self::M3u => "a list of sound files (M3U)",
            Self::Json => "a JSON file",
        })
    }
}

/// Why an archive cannot be unpacked, or not any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArchiveFault {
    /// It ends in the middle of a file.
    CutOff,
    /// The list at its end is missing.
    NoEnd,
    /// What should be the beginning of a file is none.
    NoFileBegins,
    /// It is encrypted.
    Locked,
    /// It holds too many files.
    TooManyFiles,
    /// A stored file's length stands behind it only, where it cannot be found.
    LengthUnknown,
    /// Its files are packed in another way than zip archives usually are.
    OtherPacking,
    /// A file's checksum or its packed bytes are wrong.
    Damaged,
    /// It unpacks to too much.
    TooLarge,
    /// None of its files is a table.
    NoTable,
}

impl fmt::Display for ArchiveFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::CutOff => "it ends in the middle of a file. Was it downloaded to the end?",
            Self::NoEnd => "its end is missing. Was it downloaded to the end?",
            Self::NoFileBegins => "something else stands where a file should begin.",
            Self::Locked => "it is locked with a password.",
            Self::TooManyFiles => "it holds more than 10,000 files.",
            Self::LengthUnknown => "a file in it does not tell how long it is.",
            Self::OtherPacking => {
                "it is packed in a way that few programs know; pack it again as a plain zip."
            }
            Self::Damaged => "a file in it is damaged.",
            Self::TooLarge => "it unpacks to far more than a playlist can have.",
            Self::NoTable => "there is no table (.csv, .tsv, .tab or .txt) in it.",
        })
    }
}

/// How long a row may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowLimit {
    /// The line of column names, which has to stand among the first bytes.
    Names,
    /// Any row's bytes.
    Bytes,
    /// Any row's cells.
    Cells,
}

impl fmt::Display for RowLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Names => "64 KiB",
            Self::Bytes => "1 MiB",
            Self::Cells => "10,000 cells",
        })
    }
}

/// What a table has in place of enough audio features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeaturesMissing {
    /// The audio features that have a column.
    pub found: Vec<String>,
    /// All columns' names.
    pub columns: Vec<String>,
    /// The tool that the table comes from, if it is known.
    pub tool: Option<Tool>,
    /// What is to be known about columns that were not read.
    pub notes: Vec<Note>,
}

fn features_missing(missing: &FeaturesMissing) -> String {
    let mut sentences = Vec::new();
    if missing.found.is_empty() {
        sentences.push("There is no column of audio features.".to_owned());
    } else {
        sentences.push(format!(
            "There {} of audio features ({}), and {MINIMUM_FEATURES} are needed.",
            if missing.found.len() == 1 {
                "is only 1 column".to_owned()
            } else {
                format!("are only {} columns", missing.found.len())
            },
            missing.found.join(", "),
        ));
    }
    sentences.push(format!(
        "The column names are: {}.",
        listed(&missing.columns)
    ));
    sentences.extend(missing.notes.iter().map(ToString::to_string));
    if let Some(tool) = missing.tool {
        sentences.push(format!(
            "The file looks like one from {tool}. {}",
            tool.advice()
        ));
    }
    sentences.push(TOOLS_WITH_FEATURES.to_owned());
    sentences.join(" ")
}

/// The first of some texts, as a message shows them.
fn listed(texts: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut listed = texts
        .iter()
        .take(SHOWN)
        .map(|name| {
            format!(
                "“{}”",
                on_one_line(name).chars().take(40).collect::<String>()
            )
        })
        .collect::<Vec<_>>()
        .join(", ");
    if texts.len() > SHOWN {
        listed += &format!(" and {} more", texts.len() - SHOWN);
    }
    listed
}

#[cfg(test)]
mod tests {
    use overtone_genre::Feature;

    use super::*;

    #[test]
    fn sentences_call_a_feature_as_people_do() {
        let note = Note::NotRead {
            column: "Laenge".to_owned(),
            role: Role::Feature(Feature::Duration),
            why: Unfit::NotNumbers,
        };
        assert!(
            note.to_string().contains("is not read as duration:"),
            "{note}"
        );
        let problem = ProblemKind::OutOfRange {
            text: "9e9".to_owned(),
            error: Feature::Duration.check(9e9).unwrap_err(),
        };
        assert!(
            problem.to_string().contains("as duration lies between"),
            "{problem}"
        );
    }
}
