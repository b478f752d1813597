//! The npm package `overtone`: a face of [`overtone_genre`] for JavaScript, and nothing else.
//!
//! What JavaScript sees of it is declared in `npm/index.d.ts`; `cargo xtask package` makes the package. [`GenreModel`] is
//! the face; `track` and `options` read what comes in, `answer` writes what goes out, and `crossing` is the JavaScript that both
//! use where a caller's code may throw, or where it has to be fast.

mod answer;
mod crossing;
mod model;
mod options;
mod property;
mod track;

pub use model::{GenreModel, eight_genres, read_model};
