//! Why a study cannot be made.

use std::io;
use std::path::PathBuf;

use overtone_forest::BuildError;
use overtone_genre::ModelError;
use overtone_tracks::FileError;

/// Why a study cannot be made. Where there is a source, it says the rest of the sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// A file cannot be opened or read.
    #[error("{}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("{} cannot be written", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A folder that should hold collections holds no table.
    #[error("there is no .csv file in the folder {}", path.display())]
    NoCollections {
        /// The folder.
        path: PathBuf,
    },
    /// A file is no table of tracks.
    #[error("{}", path.display())]
    NotATable {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        source: FileError,
    },
    /// A table lacks a column that training needs.
    #[error(
        "{}: there is no column named “{column}”. Training needs a genre for every track and all eleven features: \
         {}.",
        path.display(),
        overtone_genre::Feature::ALL.map(overtone_genre::Feature::name).join(", ")
    )]
    ColumnMissing {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A column that training needs is there, but cannot be read as what its name says.
    #[error(
        "{}: the column “{column}” cannot be used: {why}. It has to be in the units of Spotify's API",
        path.display()
    )]
    ColumnUnfit {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Why not.
        why: overtone_tracks::Unfit,
    },
    /// A file has no track.
    #[error("{}: there is no row below the column names, so nothing to learn from", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Nothing is left to learn from where something is kept apart for testing.
    #[error(
        "Without “{kept_apart}”, which is kept for testing, no track of the genres is left to learn from: all others share \
         its artists or recordings. Add collections of other tracks"
    )]
    NothingLeft {
        /// What is kept apart.
        kept_apart: String,
    },
    /// There are fewer than two genres.
    #[error("genres left after cleaning: {found}; at least two are needed")]
    TooFewGenres {
        /// How many there are.
        found: usize,
    },
    /// A genre has too few tracks for all parts of a split.
    #[error("tracks of “{genre}”: {found}; a split into three parts needs at least {needed}")]
    TooFewTracks {
        /// The genre.
        genre: String,
        /// How many tracks it has.
        found: usize,
        /// How many it needs.
        needed: usize,
    },
    /// A genre has too few artists to stand on both sides of the split.
    #[error(
        "“{genre}” cannot be split; tracks: {tracks}, artists: {artists}. At least two artists are needed, none of them with \
         nearly all tracks"
    )]
    TooFewArtists {
        /// The genre.
        genre: String,
        /// How many artists it has.
        artists: usize,
        /// How many tracks it has.
        tracks: usize,
    },
    /// An option is outside what can be trained.
    #[error("{option} is {found}; it has to be {expected}")]
    BadOption {
        /// The option's name.
        option: &'static str,
        /// What was given.
        found: String,
        /// What can be given.
        expected: &'static str,
    },
    /// A data set is not what it should be, though it is a table of tracks.
    #[error("{}: {wrong}. Expected: {expected}.", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        wrong: String,
        /// What was expected.
        expected: String,
    },
    /// Something that a run keeps cannot be written or read again.
    #[error("{}: {reason}", path.display())]
    Results {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// smartcore refuses to learn.
    #[error("smartcore cannot fit the forest: {0}")]
    Learn(String),
    /// The forest does not fit the packed format.
    #[error("the forest cannot be packed")]
    Pack(#[from] BuildError),
    /// The packed model is not read back.
    #[error("the packed model cannot be used")]
    Model(#[from] ModelError),
}
