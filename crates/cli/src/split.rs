//! `overtone split`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use overtone_genre::Feature;
use overtone_study::train::{Prepared, prepare};

use crate::Outcome;

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
    let prepared = prepare(&arguments.data, arguments.seed)?;
    write_side(&arguments.train, &prepared, &prepared.split.train)?;
    write_side(&arguments.test, &prepared, &prepared.split.test)?;
    Ok(Outcome::Done)
}

/// Writes the features and the genre of one side's tracks.
fn write_side(path: &Path, prepared: &Prepared, side: &[usize]) -> anyhow::Result<()> {
    let context = || path.display().to_string();
    let mut file = BufWriter::new(File::create(path).with_context(context)?);
    let names = Feature::ALL.map(Feature::name).join(",");
    writeln!(file, "{names},genre")?;
    for track in side.iter().filter_map(|&index| prepared.tracks.get(index)) {
        for feature in Feature::ALL {
            match track.features.get(feature) {
                Some(value) => write!(file, "{value},")?,
                None => write!(file, ",")?,
            }
        }
        writeln!(file, "{}", track.genre)?;
    }
    file.flush().with_context(context)?;
    eprintln!("{}: {} tracks", path.display(), side.len());
    Ok(())
}
