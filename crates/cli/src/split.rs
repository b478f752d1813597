//! `overtone split`

use std::path::{Path, PathBuf};

use anyhow::Context;
use overtone_genre::Feature;
use overtone_study::dataset::Dataset;
use overtone_study::export::{export, export_close};
use overtone_study::recipe::Recipe;
use overtone_study::train::{Prepared, prepare};

use crate::Outcome;
use crate::output::{OutputFile, OutputFolder, check_apart, complain};
use crate::train::{outcome, print_preparation, read_pool, tell_problems};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A table of labelled tracks, such as `train` needs
    #[arg(long, value_name = "FILE")]
    data: PathBuf,

    /// Where the tracks for learning go; needed unless --pool is given
    #[arg(long, value_name = "TRAIN.csv", required_unless_present = "pool")]
    train: Option<PathBuf>,

    /// Where the tracks for testing go; needed unless --pool is given
    #[arg(long, value_name = "TEST.csv", required_unless_present = "pool")]
    test: Option<PathBuf>,

    /// A folder of collections: writes the rows that `train --pool` learns from and tests on, for each collection left out
    #[arg(long, value_name = "FOLDER", requires = "folder", conflicts_with_all = ["train", "test"])]
    pool: Option<PathBuf>,

    /// A table of the fifteen close genres: writes its two sides too
    #[arg(long, value_name = "FILE", requires = "pool", conflicts_with_all = ["train", "test"])]
    close_data: Option<PathBuf>,

    /// Where the rows of --pool go
    #[arg(long, value_name = "FOLDER", requires = "pool", conflicts_with_all = ["train", "test"])]
    folder: Option<PathBuf>,

    /// What the random draw of artists begins with
    #[arg(long, default_value_t = crate::train::SEED)]
    seed: u64,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if let (Some(pool), Some(folder)) = (&arguments.pool, &arguments.folder) {
        return export_pool(arguments, pool, folder);
    }
    let (Some(train_path), Some(test_path)) = (&arguments.train, &arguments.test) else {
        anyhow::bail!("--train and --test say where the two sides go");
    };
    check_apart([train_path.as_path(), test_path])?;
    let train = OutputFile::create(train_path, &[&arguments.data])?;
    let test = OutputFile::create(test_path, &[&arguments.data])?;
    let prepared = prepare(&arguments.data, arguments.seed)?;
    print_preparation(&arguments.data, &prepared);
    for (file, path, side) in [
        (train, train_path, &prepared.split.train),
        (test, test_path, &prepared.split.test),
    ] {
        write_side(file, &prepared, side)?;
        complain(format_args!("{}: {} tracks", path.display(), side.len()));
    }
    Ok(outcome(&prepared.problems))
}

/// Writes the rows of each collection left out, and of the twin's split by artist.
fn export_pool(arguments: &Arguments, pool: &Path, folder: &Path) -> anyhow::Result<Outcome> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    check_folder(arguments, pool, folder)?;
    let prepared = prepare(&arguments.data, arguments.seed)?;
    print_preparation(&arguments.data, &prepared);
    let test: Vec<_> = prepared
        .split
        .test
        .iter()
        .filter_map(|&index| prepared.tracks.get(index).cloned())
        .collect();
    let recipe = Recipe {
        seed: arguments.seed,
        ..Recipe::default()
    };
    let pool = read_pool(pool)?;
    let results = OutputFolder::create(folder)?;
    export(&pool, &recipe, &test, results.path())?;
    let mut close_problems = Vec::new();
    if let Some(data) = &arguments.close_data {
        let close = Dataset::read_any(data)?;
        tell_problems(data, &close.problems);
        close_problems = close.problems;
        export_close(close.tracks, results.path())?;
    }
    results.finish()?;
    let of_pool = pool.problems.iter().flat_map(|(_, problems)| problems);
    Ok(outcome(
        of_pool.chain(&prepared.problems).chain(&close_problems),
    ))
}

/// Refuses to write among what is read: a result could take a table's place, and would be read as a collection the next time.
fn check_folder(arguments: &Arguments, pool: &Path, folder: &Path) -> anyhow::Result<()> {
    let own = folder.canonicalize()?;
    let read = [Some(&arguments.data), arguments.close_data.as_ref()];
    let read = read
        .into_iter()
        .flatten()
        .filter_map(|file| file.canonicalize().ok());
    let mut read_from = read.filter_map(|file| file.parent().map(Path::to_path_buf));
    if pool.canonicalize().is_ok_and(|pool| pool == own) || read_from.any(|place| place == own) {
        anyhow::bail!(
            "{} holds what is read; choose another folder for the results",
            folder.display()
        );
    }
    Ok(())
}

/// Writes one side's tracks, in columns that `train` reads.
fn write_side(file: OutputFile, prepared: &Prepared, side: &[usize]) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let names = ["track_id", "artist", "track"].into_iter();
    let names = names
        .chain(Feature::ALL.map(Feature::name))
        .chain(["genre"]);
    writer.write_record(names)?;
    for track in side.iter().filter_map(|&index| prepared.tracks.get(index)) {
        let features = Feature::ALL.map(|feature| {
            let value = track.features.get(feature);
            value.map(|value| value.to_string()).unwrap_or_default()
        });
        let cells = [&track.id, &track.artist, &track.track].into_iter();
        writer.write_record(cells.chain(&features).chain([&track.genre]))?;
    }
    let file = writer.into_inner().map_err(|error| error.into_error())?;
    file.finish()
}
