//! The `overtone` command: tells the genre of tracks, and trains the models that do.

#![warn(clippy::print_stderr, clippy::print_stdout)]

mod classify;
mod data;
mod export;
mod input;
mod inspect;
#[cfg(unix)]
mod interrupt;
mod output;
mod split;
mod study;
mod train;
mod train_pool;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tells what genre a track is, from its Spotify audio features.
#[derive(Parser)]
#[command(
    name = "overtone",
    version,
    after_help = "Exit status: 0 when all went well; 1 when some rows have problems, which are told (the output has all rows \
                  all the same), or when `data check` finds something missing or different; 2 when a file or an option \
                  cannot be used."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Adds the most probable genre, and the probability of each, to tables of tracks
    Classify(classify::Arguments),
    /// Shows what was understood of a table of tracks: its columns, and what each is read as
    Inspect(inspect::Arguments),
    /// Trains a model on a table of labelled tracks, and measures it on artists that it has not seen
    Train(train::Arguments),
    /// Writes the two sides of the split that `train` uses, cleaned, for use with other programs
    Split(split::Arguments),
    /// Writes a model as an ONNX file, for programs that score tracks where they lie
    Export(export::Arguments),
    /// Studies how well genres can be told apart, and writes a report with plots
    Study(study::Arguments),
    /// Looks after the collections that the study is made with
    #[command(subcommand)]
    Data(data::Command),
}

/// How a command ended, short of failing.
enum Outcome {
    /// All went well.
    Done,
    /// There is output, but some rows had problems, which were told.
    SomeProblems,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Classify(arguments) => classify::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Train(arguments) => train::run(&arguments),
        Command::Split(arguments) => split::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Study(arguments) => study::run(&arguments),
        Command::Data(command) => data::run(&command),
    };
    match result.and_then(|outcome| output::check_printed().map(|()| outcome)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeProblems) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(format_args!("overtone: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of our output has seen enough, as `head` does.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
