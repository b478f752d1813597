//! Trains, measures and packs the genre models. Native only: nothing here is part of the page.
//!
//! [`train`](train::train) goes the whole way: [`dataset`] reads labelled tracks, [`clean`] takes out what would
//! mislead, [`split`] keeps some artists for testing, [`bins`] turns values into bytes, [`learn`] fits smartcore's
//! random forest, [`pack`] puts it into Overtone's format, and [`evaluate`] asks the packed model about the artists
//! that it has not seen.
//!
//! The models that ship learn in another way: [`pool`] reads several collections, [`recipe`] says what is learned from them and
//! how, [`boost`] grows the trees, and [`ship`] calibrates, measures and packs them.
//!
//! [`onnx`] writes a finished model down for other programs.

#![allow(
    clippy::indexing_slicing,
    reason = "native only, and on tables whose shape this crate has made itself"
)]

pub mod abroad;
pub mod bins;
pub mod boost;
pub mod classifiers;
pub mod clean;
pub mod collections;
pub mod dataset;
pub mod evaluate;
mod examples;
pub mod export;
pub mod fifteen;
pub mod figures;
pub mod genre_map;
pub mod learn;
pub mod linkage;
pub mod model_card;
pub mod onnx;
pub mod pack;
pub mod pack_boosted;
pub mod pool;
pub mod recipe;
pub mod report;
pub mod ship;
pub mod size_curve;
pub mod split;
pub mod statistics;
pub mod study;
pub mod table;
pub mod titles;
pub mod train;
mod typical;

mod error;
mod parallel;
mod recordings;

pub use error::StudyError;
