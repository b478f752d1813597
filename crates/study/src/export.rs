//! Writes the rows that a model learns from and is tested on, so that other programs can be measured on the same ones.

use std::path::Path;

use overtone_genre::{Feature, Features};

use crate::StudyError;
use crate::abroad::testable;
use crate::dataset::LabelledTrack;
use crate::fifteen::{CloseSplit, close_split};
use crate::genre_map::{EIGHT, Meaning};
use crate::pool::{Pool, PoolTrack};
use crate::recipe::Recipe;

/// The collection that is of one pull with the study's eight genres.
const THE_STUDYS: &str = "search-2024";

/// Writes, for each collection left out, `NAME.train.csv`, `NAME.seed.csv` and `NAME.test.csv` into a folder; and `twin by artist`
/// with the tracks in `twin_test`. The columns are the eleven features, `genre`, and for training `weight` and `collection`.
///
/// # Errors
/// When a file cannot be written.
pub fn export(
    pool: &Pool,
    recipe: &Recipe,
    twin_test: &[LabelledTrack],
    folder: &Path,
) -> Result<(), StudyError> {
    for (name, collections, test) in testable(pool, recipe.seed) {
        let keep = |track: &PoolTrack| {
            !collections.contains(&track.collection) && test.are_apart_from(track)
        };
        write_training(pool, recipe, &keep, folder, &name)?;
        let rows = test
            .genres
            .iter()
            .map(|&(index, genre)| (pool.tracks[index].features, EIGHT[genre]));
        write_rows(rows, &folder.join(format!("{name}.test.csv")))?;
    }
    let twin = pool.known_of(twin_test);
    let keep = |track: &PoolTrack| twin.are_apart_from(track);
    let name = "twin by artist";
    write_training(pool, recipe, &keep, folder, name)?;
    let rows = twin_test
        .iter()
        .map(|track| (track.features, track.genre.as_str()));
    write_rows(rows, &folder.join(format!("{name}.test.csv")))
}

/// Writes `fifteen.train.csv` and `fifteen.test.csv` for the close genres.
///
/// # Errors
/// When a file cannot be written, or there are fewer than two genres.
pub fn export_close(tracks: Vec<LabelledTrack>, folder: &Path) -> Result<(), StudyError> {
    let CloseSplit { train, test } = close_split(tracks)?;
    let mut lines = vec![header(&["genre", "weight", "collection"])];
    lines.extend(
        train.iter().map(|(features, genre, weight)| {
            line(features, &[genre, &weight.to_string(), "fifteen"])
        }),
    );
    write_lines(&lines, &folder.join("fifteen.train.csv"))?;
    let rows = train.iter();
    let rows = rows.map(|(features, genre, _)| (*features, genre.as_str()));
    write_rows(rows, &folder.join("fifteen.seed.csv"))?;
    let rows = test
        .iter()
        .map(|(features, genre)| (*features, genre.as_str()));
    write_rows(rows, &folder.join("fifteen.test.csv"))
}

/// The cells of a track: its features, and others behind them.
fn line(features: &Features, others: &[&str]) -> Vec<String> {
    let features = Feature::ALL.into_iter().map(|feature| {
        let value = features.get(feature);
        value.map(|value| value.to_string()).unwrap_or_default()
    });
    let others = others.iter().map(|&cell| cell.to_owned());
    features.chain(others).collect()
}

/// The columns' names: the features, and others behind them.
fn header(others: &[&'static str]) -> Vec<String> {
    let features = Feature::ALL.into_iter().map(Feature::name);
    let names = features.chain(others.iter().copied());
    names.map(str::to_owned).collect()
}

/// Writes what Overtone's trees begin with, and beside it what the study's forest learns from: the rows of its own pull that
/// have one of the eight genres, as they are.
fn write_training(
    pool: &Pool,
    recipe: &Recipe,
    keep: &impl Fn(&PoolTrack) -> bool,
    folder: &Path,
    name: &str,
) -> Result<(), StudyError> {
    let is_own = |track: &&PoolTrack| {
        let collection = pool.collections.get(track.collection);
        collection.is_some_and(|collection| collection == THE_STUDYS) && keep(track)
    };
    let own = pool.tracks.iter().filter(is_own);
    let own = own.filter_map(|track| match track.meaning {
        Meaning::Same(genre) => Some((track.features, EIGHT[genre])),
        _ => None,
    });
    write_rows(own, &folder.join(format!("{name}.seed.csv")))?;
    let mut lines = vec![header(&["genre", "weight", "collection"])];
    for example in recipe.genre_examples(pool, keep) {
        let genre = EIGHT[crate::statistics::largest(&example.target)];
        let collection = &pool.collections[example.collection];
        lines.push(line(
            &example.features,
            &[genre, &example.weight.to_string(), collection],
        ));
    }
    write_lines(&lines, &folder.join(format!("{name}.train.csv")))
}

/// Writes rows, each with its genre.
fn write_rows<'a>(
    rows: impl Iterator<Item = (Features, &'a str)>,
    path: &Path,
) -> Result<(), StudyError> {
    let mut lines = vec![header(&["genre"])];
    lines.extend(rows.map(|(features, genre)| line(&features, &[genre])));
    write_lines(&lines, path)
}

fn write_lines(lines: &[Vec<String>], path: &Path) -> Result<(), StudyError> {
    let unwritable = |source| StudyError::Unwritable {
        path: path.to_owned(),
        source,
    };
    // Names of collections and genres are anybody's, and may need quotation marks.
    let mut file = csv::Writer::from_path(path).map_err(|error| unwritable(error.into()))?;
    for line in lines {
        file.write_record(line)
            .map_err(|error| unwritable(error.into()))?;
    }
    file.flush().map_err(unwritable)
}
