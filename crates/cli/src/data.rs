//! `overtone data`

use std::path::PathBuf;

use overtone_study::collections::{self, HOW_TO_GET, Need, State};

use crate::Outcome;
use crate::output::report;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Tells which collections are in a folder, and whether they are those that the report was made from
    Check {
        /// The folder with the collections
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

pub(crate) fn run(command: &Command) -> anyhow::Result<Outcome> {
    let Command::Check { folder } = command;
    let mut outcome = Outcome::Done;
    for (collection, state) in collections::check(folder)? {
        let (rows, what) = (collection.rows, collection.what);
        match state {
            State::Same => report(format_args!("same       {} ({rows} rows)", collection.file)),
            State::Different {
                rows: found,
                sha256,
            } => {
                outcome = Outcome::SomeProblems;
                report(format_args!(
                    "different  {}: {found} rows, SHA-256 {sha256}\n           \
                     the report was made from {rows} rows, SHA-256 {}: your figures will be others",
                    collection.file, collection.sha256
                ));
            }
            State::Missing => {
                let need = match collection.need {
                    Need::Study => {
                        outcome = Outcome::SomeProblems;
                        "the study needs it"
                    }
                    Need::Transfer => "the study does without it",
                    Need::Profile => "the study only describes it",
                };
                report(format_args!(
                    "missing    {} ({what}; {need})",
                    collection.file
                ));
            }
        }
    }
    if matches!(outcome, Outcome::SomeProblems) {
        report(format_args!("\nWhere to get the data:\n{HOW_TO_GET}"));
    }
    Ok(outcome)
}
