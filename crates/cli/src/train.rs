//! `overtone train`

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use overtone_study::evaluate::Evaluation;
use overtone_study::learn::Growth;
use overtone_study::pack;
use overtone_study::pool::Pool;
use overtone_study::train::{Prepared, Trained, prepare, train};
use overtone_tracks::{Problem, ProblemKind};

use crate::output::{OutputFile, complain, report};
use crate::{Outcome, train_pool};

/// What the random draws begin with, unless told otherwise.
pub(crate) const SEED: u64 = 1;

/// What grows one forest, which `--pool` decides by itself. clap forgives a missing `--pool` where one of these stands in its
/// way, so that what needs it has to rule them out too.
const OF_ONE_FOREST: [&str; 4] = ["trees", "depth", "minimum_leaf", "leaves"];

/// Under which headings the help tells the options of the two kinds of training.
const ONE_FOREST: &str = "One forest from one table (--data)";
const POOL: &str = "The models that ship (--pool)";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A table of labelled tracks, needed unless --pool is given: a genre, the nine audio features, duration_ms and popularity
    /// for each, and the artist and the title, by which tracks are kept apart for testing. With --pool it is only tested on
    #[arg(long, value_name = "FILE", required_unless_present = "pool")]
    pub(crate) data: Option<PathBuf>,

    /// A folder of collections of labelled tracks: learns the model of eight genres that ships, and measures it on each
    /// collection left out
    #[arg(long, value_name = "FOLDER", help_heading = POOL, conflicts_with_all = OF_ONE_FOREST)]
    pub(crate) pool: Option<PathBuf>,

    /// Where the model card goes
    #[arg(long, value_name = "OUT", help_heading = POOL, requires = "pool", conflicts_with_all = OF_ONE_FOREST)]
    pub(crate) card: Option<PathBuf>,

    /// A table of the fifteen close genres, to learn a second model from
    #[arg(long, value_name = "FILE", help_heading = POOL, requires_all = ["pool", "close_model"], conflicts_with_all = OF_ONE_FOREST)]
    pub(crate) close_data: Option<PathBuf>,

    /// Where the second model goes
    #[arg(long, value_name = "OUT", help_heading = POOL, requires = "close_data", conflicts_with_all = OF_ONE_FOREST)]
    pub(crate) close_model: Option<PathBuf>,

    /// Where the file of title words goes
    #[arg(long, value_name = "OUT", help_heading = POOL, requires = "pool", conflicts_with_all = OF_ONE_FOREST)]
    pub(crate) titles: Option<PathBuf>,

    /// Also measures forests of 25 to 300 kB, which takes four times as long
    #[arg(long, help_heading = POOL, requires = "pool", conflicts_with_all = OF_ONE_FOREST)]
    pub(crate) size_curve: bool,

    /// Figures of other programs for the model card, as tests/reference/pool.py writes them
    #[arg(long, value_name = "FILE", help_heading = POOL, requires = "card", conflicts_with_all = OF_ONE_FOREST)]
    pub(crate) references: Option<PathBuf>,

    /// Where the packed model goes
    #[arg(long, value_name = "OUT")]
    pub(crate) model: PathBuf,

    /// What the random draws begin with; the same seed and data give the same model
    #[arg(long, default_value_t = SEED)]
    pub(crate) seed: u64,

    /// How many trees
    #[arg(long, help_heading = ONE_FOREST, default_value_t = 200)]
    trees: u16,

    /// How many splits a tree has between its root and a leaf, at most
    #[arg(long, help_heading = ONE_FOREST, default_value_t = 14)]
    depth: u16,

    /// How many tracks a leaf has, at least
    #[arg(long, help_heading = ONE_FOREST, default_value_t = 3)]
    minimum_leaf: usize,

    /// What a leaf says
    #[arg(long, help_heading = ONE_FOREST, value_enum, default_value_t = Leaves::Votes)]
    leaves: Leaves,
}

#[derive(Clone, Copy, ValueEnum)]
enum Leaves {
    /// One genre, as smartcore votes
    Votes,
    /// The genres of the training tracks that end in it
    Distributions,
}

impl From<Leaves> for pack::Leaves {
    fn from(leaves: Leaves) -> Self {
        match leaves {
            Leaves::Votes => pack::Leaves::Votes,
            Leaves::Distributions => pack::Leaves::Distributions,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if let Some(folder) = &arguments.pool {
        return train_pool::run(arguments, folder);
    }
    let data = arguments.data.as_deref().context("--data is missing")?;
    let mut file = OutputFile::create(&arguments.model, &[data])?;
    let prepared = prepare(data, arguments.seed)?;
    print_preparation(data, &prepared);

    let growth = Growth {
        trees: arguments.trees,
        depth: arguments.depth,
        minimum_leaf: arguments.minimum_leaf,
        seed: arguments.seed,
    };
    let style = ProgressStyle::with_template("Growing trees {bar:40} {pos}/{len}, {eta} left")?;
    let progress = ProgressBar::new(u64::from(arguments.trees)).with_style(style);
    let trained = train(&prepared, growth, arguments.leaves.into(), |trees| {
        progress.set_position(trees as u64);
    })?;
    progress.finish_and_clear();

    file.write_all(&trained.bytes)?;
    file.finish()?;
    report(format_args!(
        "\n{}: {} trees, {} nodes, {} leaf distributions, {} bytes",
        arguments.model.display(),
        arguments.trees,
        trained.nodes,
        trained.distributions,
        trained.bytes.len()
    ));
    print_evaluation(arguments, &prepared, &trained);
    Ok(outcome(&prepared.problems))
}

/// How a command ends that has used data with these problems.
pub(crate) fn outcome<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> Outcome {
    if problems.into_iter().any(is_wrong) {
        Outcome::SomeProblems
    } else {
        Outcome::Done
    }
}

/// Whether something is wrong with the file. What Spotify has not analysed is not: cleaning takes it out, and counts it.
fn is_wrong(problem: &Problem) -> bool {
    problem.kind != ProblemKind::NeverAnalysed
}

/// Reads the collections of a folder, and tells what was wrong in them.
pub(crate) fn read_pool(folder: &Path) -> anyhow::Result<Pool> {
    let pool = Pool::read(folder)?;
    for (path, problems) in &pool.problems {
        tell_problems(path, problems);
    }
    Ok(pool)
}

/// Tells what was wrong in a table, as far as it is not too much.
pub(crate) fn tell_problems(data: &Path, problems: &[Problem]) {
    const TOLD: usize = 20;
    let data = data.display();
    let wrong = || problems.iter().filter(|problem| is_wrong(problem));
    for problem in wrong().take(TOLD) {
        complain(format_args!("{data}, {problem}"));
    }
    match wrong().count().saturating_sub(TOLD) {
        0 => {}
        1 => complain(format_args!("{data}: 1 more problem")),
        more => complain(format_args!("{data}: {more} more problems")),
    }
}

/// Tells what was wrong in the data, and what was taken out of it.
pub(crate) fn print_preparation(data: &Path, prepared: &Prepared) {
    tell_problems(data, &prepared.problems);
    report(format_args!("{:>7} rows read", prepared.rows));
    for step in &prepared.steps {
        report(format_args!(
            "{:>7} left, {} taken out: {}",
            step.left, step.removed, step.what
        ));
    }
    let nameless = nameless(prepared);
    report(format_args!(
        "{:>7} for learning, {} for testing; {}",
        prepared.split.train.len(),
        prepared.split.test.len(),
        match nameless {
            0 => "no artist on both sides".to_owned(),
            _ if nameless == prepared.tracks.len() =>
                "no title on both sides, as the table names no artists".to_owned(),
            1 => "no artist on both sides, as far as known: 1 track has none".to_owned(),
            _ => format!("no artist on both sides, as far as known: {nameless} tracks have none"),
        }
    ));
}

/// How many tracks have no artist, so that their artist may stand on both sides of the split.
fn nameless(prepared: &Prepared) -> usize {
    let tracks = prepared.tracks.iter();
    tracks
        .filter(|track| track.first_artist().is_empty())
        .count()
}

fn print_evaluation(arguments: &Arguments, prepared: &Prepared, trained: &Trained) {
    let test = &trained.test;
    let unseen = match nameless(prepared) {
        0 => "of artists that it has not seen",
        _ => "that it has not seen, though it may have seen others of their artists",
    };
    report(format_args!("\nOn {} tracks {unseen}:", test.answered()));
    let (chosen, other) = match arguments.leaves {
        Leaves::Votes => ("votes", "distributions"),
        Leaves::Distributions => ("distributions", "votes"),
    };
    report(format_args!(
        "  {:<30}{:>9}{:>19}{:>10}",
        "leaves", "accuracy", "balanced accuracy", "log loss"
    ));
    let rows = [
        (format!("{chosen} (packed)"), Some(test)),
        (
            format!("{chosen}, popularity unknown"),
            Some(&trained.without_popularity),
        ),
        (other.to_owned(), trained.other_leaves.as_ref()),
    ];
    for (name, evaluation) in rows {
        match evaluation {
            Some(evaluation) => report(format_args!(
                "  {name:<30}{:>9.3}{:>19.3}{:>10.3}",
                evaluation.accuracy(),
                evaluation.balanced_accuracy(),
                evaluation.log_loss
            )),
            None => report(format_args!("  {name:<30} too many to be packed")),
        }
    }
    if test.unanswered > 0 {
        report(format_args!("  {} tracks got no answer", test.unanswered));
    }
    report(confusion(test));
}

/// A table with a line for each true genre: its recall, and how its tracks were answered.
fn confusion(test: &Evaluation) -> String {
    let width = test.genres.iter().map(String::len).max().unwrap_or(0) + 2;
    let mut table = format!("\n  {:width$}{:>8}", "genre", "recall");
    // Writing to a string does not fail.
    for genre in &test.genres {
        let _ = write!(table, "{genre:>width$}");
    }
    table += "   (answers)";
    for (index, (genre, answers)) in test.genres.iter().zip(&test.confusion).enumerate() {
        let recall = test.recall(index);
        let recall = recall.map_or_else(|| "-".to_owned(), |recall| format!("{recall:.3}"));
        let _ = write!(table, "\n  {genre:width$}{recall:>8}");
        for count in answers {
            let _ = write!(table, "{count:>width$}");
        }
    }
    table
}
