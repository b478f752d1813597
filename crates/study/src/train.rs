//! From a table of labelled tracks to a packed model, and what it is worth.

use std::collections::BTreeSet;
use std::path::Path;

use overtone_forest::{Feature as ForestFeature, MAXIMUM_CUTS, Output};
use overtone_genre::{Feature, Model, Popularity};
use overtone_tracks::Problem;

use crate::clean::{Step, clean};
use crate::dataset::{Dataset, LabelledTrack};
use crate::evaluate::Evaluation;
use crate::learn::{Growth, grow};
use crate::pack::{Leaves, pack};
use crate::split::{Split, by_artist};
use crate::{StudyError, bins};

/// A cleaned data set and its split by artist.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// How many rows the file has.
    pub rows: usize,
    /// What was wrong in the file's cells.
    pub problems: Vec<Problem>,
    /// What cleaning took out.
    pub steps: Vec<Step>,
    /// The tracks that are left.
    pub tracks: Vec<LabelledTrack>,
    /// Which of them are for learning and which for testing.
    pub split: Split,
}

/// Reads, cleans and splits a table of labelled tracks.
///
/// # Errors
/// When the file cannot be used, or what is left of it cannot be split.
pub fn prepare(data: &Path, seed: u64) -> Result<Prepared, StudyError> {
    let dataset = Dataset::read(data)?;
    let rows = dataset.tracks.len();
    let (tracks, steps) = clean(dataset.tracks);
    let split = by_artist(&tracks, seed)?;
    Ok(Prepared {
        rows,
        problems: dataset.problems,
        steps,
        tracks,
        split,
    })
}

/// A packed model, and how it did on the artists that it has not learned from.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The packed model.
    pub bytes: Vec<u8>,
    /// How many nodes its trees have together.
    pub nodes: usize,
    /// How many leaf distributions they share.
    pub distributions: usize,
    /// The answers of the packed model on the test side.
    pub test: Evaluation,
    /// The same, without being told the popularity, as files are classified unless asked otherwise.
    pub without_popularity: Evaluation,
    /// What the same trees would reach with the other kind of leaves on the test side, if they can be packed with it:
    /// distributions may be too many.
    pub other_leaves: Option<Evaluation>,
}

/// Trains a model on the training side of a prepared data set. `grown` is told how many trees there are so far.
///
/// # Errors
/// When an option is out of range, smartcore refuses, or the forest does not fit the format.
pub fn train(
    prepared: &Prepared,
    growth: Growth,
    leaves: Leaves,
    grown: impl FnMut(usize),
) -> Result<Trained, StudyError> {
    check(growth)?;
    let training: Vec<&LabelledTrack> = prepared
        .split
        .train
        .iter()
        .map(|&index| &prepared.tracks[index])
        .collect();
    let genres: BTreeSet<&str> = training.iter().map(|track| track.genre.as_str()).collect();
    let genres: Vec<String> = genres.into_iter().map(str::to_owned).collect();

    let value = |track: &LabelledTrack, feature| track.features.get(feature).unwrap_or(f32::NAN);
    let features: Vec<ForestFeature> = Feature::ALL
        .into_iter()
        .map(|feature| {
            let values: Vec<f32> = training.iter().map(|track| value(track, feature)).collect();
            ForestFeature {
                name: feature.name().to_owned(),
                cuts: bins::cuts(&values, MAXIMUM_CUTS),
            }
        })
        .collect();
    let rows: Vec<Vec<u8>> = training
        .iter()
        .map(|track| {
            features
                .iter()
                .zip(Feature::ALL)
                // Cleaning has left no missing value.
                .map(|(bins, feature)| bins.bin(value(track, feature)).unwrap_or(0))
                .collect()
        })
        .collect();
    let classes: Vec<u8> = training
        .iter()
        .filter_map(|track| genres.iter().position(|genre| *genre == track.genre))
        .map(|class| class as u8)
        .collect();

    let trees = grow(&rows, &classes, growth, grown)?;
    let packed = |leaves| {
        pack(
            &trees,
            leaves,
            features.clone(),
            genres.clone(),
            &rows,
            &classes,
        )
    };
    let evaluate = |bytes: &[u8], popularity| -> Result<Evaluation, StudyError> {
        let model = Model::read(bytes)?;
        let test = prepared
            .split
            .test
            .iter()
            .map(|&index| &prepared.tracks[index]);
        Ok(Evaluation::of(&model, popularity, test))
    };
    let other = match leaves {
        Leaves::Votes => Leaves::Distributions,
        Leaves::Distributions => Leaves::Votes,
    };
    let other_leaves = packed(other)
        .ok()
        .map(|forest| evaluate(&forest.write(), Popularity::Used))
        .transpose()?;
    let forest = packed(leaves)?;
    let bytes = forest.write();
    Ok(Trained {
        nodes: forest.trees().iter().map(|tree| tree.nodes.len()).sum(),
        distributions: match forest.output() {
            Output::Shares(distributions) => distributions.len(),
            Output::Scores(_) => 0,
        },
        test: evaluate(&bytes, Popularity::Used)?,
        without_popularity: evaluate(&bytes, Popularity::Ignored)?,
        other_leaves,
        bytes,
    })
}

fn check(growth: Growth) -> Result<(), StudyError> {
    let bad = |option, found: String, expected| StudyError::BadOption {
        option,
        found,
        expected,
    };
    if growth.trees == 0 {
        return Err(bad(
            "the number of trees",
            growth.trees.to_string(),
            "at least 1",
        ));
    }
    if !(1..=64).contains(&growth.depth) {
        return Err(bad("the depth", growth.depth.to_string(), "from 1 to 64"));
    }
    if growth.minimum_leaf == 0 {
        return Err(bad(
            "the smallest leaf",
            growth.minimum_leaf.to_string(),
            "at least 1",
        ));
    }
    Ok(())
}
