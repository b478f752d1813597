//! `overtone split`

use std::path::PathBuf;

use overtone_genre::Feature;
use overtone_study::train::{Prepared, prepare};

use crate::Outcome;
use crate::output::{OutputFile, complain};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A table of labelled tracks
    #[arg(long, value_name = "FILE")]
    data: PathBuf,

    /// Where the tracks for learning go
    #[arg(long, value_name = "TRAIN.csv")]
    train: PathBuf,

    /// Where the tracks for testing go
    #[arg(long, value_name = "TEST.csv")]
    test: PathBuf,

    /// What the random draw of artists begins with
    #[arg(long, default_value_t = crate::train::SEED)]
    seed: u64,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let train = OutputFile::create(&arguments.train, &[&arguments.data])?;
    let test = OutputFile::create(&arguments.test, &[&arguments.data])?;
    let prepared = prepare(&arguments.data, arguments.seed)?;
    for (file, path, side) in [
        (train, &arguments.train, &prepared.split.train),
        (test, &arguments.test, &prepared.split.test),
    ] {
        write_side(file, &prepared, side)?;
        complain(format_args!("{}: {} tracks", path.display(), side.len()));
    }
    Ok(Outcome::Done)
}

/// Writes one side's tracks, in the columns that the data set came in.
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
