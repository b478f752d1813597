//! `overtone study`

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use overtone_study::study::{self, Options, Watcher};

use crate::Outcome;
use crate::output::{OutputFile, complain, report as print};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder with the collections; `overtone data check DIR` tells what goes where
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,

    /// Study a sample, in less than two minutes; writes study-quick.md instead of study.md
    #[arg(long)]
    quick: bool,

    /// What the random draws begin with; the same seed and data give the same report
    #[arg(long, default_value_t = crate::train::SEED)]
    seed: u64,

    /// The folder that the report and its plots go to
    #[arg(long, value_name = "DIR", default_value = "docs")]
    output: PathBuf,

    /// Where finished parts are kept: an interrupted run of the same program goes on from there
    #[arg(long, value_name = "DIR", default_value = "study-run")]
    run: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let options = Options {
        data: arguments.data_dir.clone(),
        run: arguments.run.clone(),
        quick: arguments.quick,
        seed: arguments.seed,
    };
    let progress = Progress::new()?;
    let study = study::run(&options, &progress)?;
    progress.finish();
    let report = overtone_study::report::write(&study);
    for (name, content) in &report.files {
        let path = arguments.output.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        let mut file = OutputFile::create(&path, &[])?;
        file.write_all(content.as_bytes())?;
        file.finish()?;
    }
    if let Some((name, _)) = report.files.first() {
        print(format_args!(
            "The report is {}.",
            arguments.output.join(name).display()
        ));
    }
    Ok(Outcome::Done)
}

/// A line that tells what is being done; on a screen with a bar, elsewhere without.
struct Progress {
    bar: ProgressBar,
    style: ProgressStyle,
}

impl Progress {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            bar: ProgressBar::new(0),
            style: ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}, {elapsed}")?,
        })
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for Progress {
    fn begin(&self, part: &str, steps: usize) {
        if self.bar.is_hidden() {
            complain(part);
        }
        self.bar.set_style(self.style.clone());
        self.bar.set_message(part.to_owned());
        self.bar.set_length(steps as u64);
        self.bar.reset();
    }

    fn step(&self) {
        self.bar.inc(1);
    }

    fn folder(&self, folder: &Path) {
        print(format_args!(
            "Finished parts are kept in {}.",
            folder.display()
        ));
    }
}
