//! Reads the tables of tracks that people have, and writes them back with genres.
//!
//! A [`Reader`] takes a file's bytes in pieces of any size and gives its rows; it never needs the whole file. Each
//! [`Row`] has the original cells, the [`Features`](overtone_genre::Features) that were understood, and the
//! [`Problem`]s that were met on the way. A [`LabelledWriter`] writes the rows again, with genres behind them. [`Tables`] does
//! the same for files that may be zip archives of several tables.
//!
//! ```
//! use overtone_genre::{Model, Popularity};
//! use overtone_tracks::{LabelledWriter, Reader};
//!
//! let file = b"Track Name,Danceability,Energy,Loudness,Speechiness,Acousticness,Valence\n\
//!              Adagio,0.2,0.05,-28,0.04,0.98,0.1\n";
//! let model = Model::eight_genres()?;
//! let mut reader = Reader::new();
//! reader.push(file);
//! reader.finish();
//!
//! let mut labelled = Vec::new();
//! let mut writer = None;
//! while let Some(row) = reader.next_row()? {
//!     let classification = row.classify(&model, Popularity::Ignored).ok();
//!     let writer = writer.get_or_insert_with(|| LabelledWriter::new(&model, row.header, &mut labelled));
//!     writer.write_row(&row, classification.as_ref(), &mut labelled);
//! }
//! let labelled = String::from_utf8(labelled)?;
//! assert!(labelled.starts_with("Track Name,Danceability,"));
//! assert!(labelled.contains("Adagio,0.2,0.05,-28,0.04,0.98,0.1,classical,"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod agreement;
mod archive;
mod batch;
mod cell;
mod choices;
mod decode;
mod dialect;
mod encoding;
mod header;
mod json;
mod key;
mod labelled;
mod labels;
mod names;
mod number;
mod problem;
mod reader;
mod records;
mod tables;
mod tool;
mod units;

pub use agreement::Agreement;
pub use batch::RowBatch;
pub use choices::{Choice, Choices};
pub use encoding::Encoding;
pub use header::{Column, Header, Role};
pub use json::write_json;
pub use key::{Key, Mode, beats_in_a_bar};
pub use labelled::{
    ByteOrderMark, CONFIDENCE, LabelledOptions, LabelledWriter, Marks, PREDICTED_GENRE,
    PROBABILITY_PREFIX, is_formula,
};
pub use labels::{MOST_LABELS, match_label};
pub use number::{Comma, short_number};
pub use problem::{
    ArchiveFault, FeaturesMissing, FileError, Note, OtherFile, Problem, ProblemKind, Remedy,
    RowLimit,
};
pub use reader::{Reader, Row, track_id};
pub use records::Cells;
pub use tables::{Step, Tables};
pub use tool::Tool;
pub use units::{Confidence, Understanding, Unfit, Unit};
