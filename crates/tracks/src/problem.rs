//! What can be wrong with a file or a row, told in sentences that a visitor understands.

use std::fmt;

use overtone_genre::{ClassifyError, MINIMUM_FEATURES, OutOfRange};

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
    /// The row has more cells than there are columns, so that its cells may stand in the wrong columns; no feature was
    /// read.
    TooManyCells {
        /// The row's cells.
        found: usize,
        /// The columns.
        expected: usize,
    },
    /// The row has no genre.
    NoAnswer(ClassifyError),
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(formatter, ", column “{column}”")?;
        }
        formatter.write_str(": ")?;
        match &self.kind {
            ProblemKind::NotANumber { text } => {
                write!(formatter, "“{text}” is not a number; it counts as missing")
            }
            ProblemKind::OutOfRange { text, error } => {
                write!(
                    formatter,
                    "“{text}” cannot be, as {error}; it counts as missing"
                )
            }
            ProblemKind::TooFewCells {
                found,
                expected,
                last_line,
            } => {
                write!(
                    formatter,
                    "the row is too short: {found} of {expected} cells; those beyond count as missing"
                )?;
                if *last_line > self.line {
                    write!(
                        formatter,
                        ". It goes on to line {last_line}: a quotation mark that is never closed may have swallowed \
                         the rows between"
                    )?;
                }
                Ok(())
            }
            ProblemKind::TooManyCells { found, expected } => write!(
                formatter,
                "the row is too long: {found} cells for {expected} columns, so they may stand in the wrong columns; \
                 none was read. Is a quotation mark or a delimiter in a text not escaped?"
            ),
            ProblemKind::NoAnswer(error) => write!(formatter, "no genre, as only {error}"),
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
        "This is {looks_like}, not a table of tracks. A CSV file was expected, such as Exportify writes."
    )]
    NotATable {
        /// What the file seems to be, with an article.
        looks_like: &'static str,
    },
    /// The columns are not those of a table of tracks with audio features.
    #[error("{}", features_missing(found, columns))]
    FeaturesMissing {
        /// The audio feature columns that were recognised.
        found: Vec<String>,
        /// All columns' names.
        columns: Vec<String>,
    },
    /// One row is longer than any table of tracks has them.
    #[error(
        "The row that begins on line {line} is longer than {limit}. A quotation mark may be open since then: \
         close or remove it, and try again."
    )]
    RowTooLong {
        /// The line on which it begins.
        line: u64,
        /// How long a row may be, in words.
        limit: &'static str,
    },
}

fn features_missing(found: &[String], columns: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut names = columns
        .iter()
        .take(SHOWN)
        .map(|name| format!("“{}”", name.chars().take(40).collect::<String>()))
        .collect::<Vec<_>>()
        .join(", ");
    if columns.len() > SHOWN {
        names += &format!(" and {} more", columns.len() - SHOWN);
    }
    let which = if found.is_empty() {
        "There is no column of audio features".to_owned()
    } else {
        format!(
            "There are only {} columns of audio features ({}), and {MINIMUM_FEATURES} are needed",
            found.len(),
            found.join(", "),
        )
    };
    format!(
        "{which}. The first line has: {names}. Export the playlist with a tool that adds audio features, such as \
         exportify.net, where columns like Danceability and Energy come along."
    )
}
