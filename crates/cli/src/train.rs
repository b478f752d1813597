//! `overtone train`

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use overtone_study::evaluate::Evaluation;
use overtone_study::learn::Growth;
use overtone_study::pack;
use overtone_study::train::{Prepared, Trained, prepare, train};

use crate::Outcome;

/// What the random draws begin with, unless told otherwise.
pub(crate) const SEED: u64 = 1;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A table of labelled tracks: a genre and all eleven features for each
    #[arg(long, value_name = "FILE")]
    data: PathBuf,

    /// Where the packed model goes
    #[arg(long, value_name = "OUT")]
    model: PathBuf,

    /// What the random draws begin with; the same seed and data give the same model
    #[arg(long, default_value_t = SEED)]
    seed: u64,

    /// How many trees
    #[arg(long, default_value_t = 200)]
    trees: u16,

    /// How many splits a tree has between its root and a leaf, at most
    #[arg(long, default_value_t = 14)]
    depth: u16,

    /// How many tracks a leaf has, at least
    #[arg(long, default_value_t = 3)]
    minimum_leaf: usize,

    /// What a leaf says
    #[arg(long, value_enum, default_value_t = Leaves::Votes)]
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
    let prepared = prepare(&arguments.data, arguments.seed)?;
    print_preparation(&prepared);

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

    std::fs::write(&arguments.model, &trained.bytes)
        .with_context(|| arguments.model.display().to_string())?;
    println!(
        "\n{}: {} trees, {} nodes, {} leaf distributions, {} bytes",
        arguments.model.display(),
        arguments.trees,
        trained.nodes,
        trained.distributions,
        trained.bytes.len()
    );
    print_evaluation(arguments, &trained);
    Ok(if prepared.problems.is_empty() {
        Outcome::Done
    } else {
        Outcome::SomeProblems
    })
}

fn print_preparation(prepared: &Prepared) {
    for problem in prepared.problems.iter().take(20) {
        eprintln!("{problem}");
    }
    if prepared.problems.len() > 20 {
        eprintln!("{} more problems", prepared.problems.len() - 20);
    }
    println!("{:>7} rows read", prepared.rows);
    for step in &prepared.steps {
        println!(
            "{:>7} left, {} taken out: {}",
            step.left, step.removed, step.what
        );
    }
    println!(
        "{:>7} for learning, {} for testing; no artist on both sides",
        prepared.split.train.len(),
        prepared.split.test.len()
    );
}

fn print_evaluation(arguments: &Arguments, trained: &Trained) {
    let test = &trained.test;
    println!(
        "\nOn {} tracks of artists that it has not seen:",
        test.answered()
    );
    let (chosen, other) = match arguments.leaves {
        Leaves::Votes => ("votes", "distributions"),
        Leaves::Distributions => ("distributions", "votes"),
    };
    println!(
        "  {:<30}{:>9}{:>19}{:>10}",
        "leaves", "accuracy", "balanced accuracy", "log loss"
    );
    let rows = [
        (format!("{chosen} (packed)"), test),
        (
            format!("{chosen}, popularity unknown"),
            &trained.without_popularity,
        ),
        (other.to_owned(), &trained.other_leaves),
    ];
    for (name, evaluation) in rows {
        println!(
            "  {name:<30}{:>9.3}{:>19.3}{:>10.3}",
            evaluation.accuracy(),
            evaluation.balanced_accuracy(),
            evaluation.log_loss
        );
    }
    if test.unanswered > 0 {
        println!("  {} tracks got no answer", test.unanswered);
    }
    print_confusion(test);
}

/// Prints a row for each true genre: its recall, and how its tracks were answered.
fn print_confusion(test: &Evaluation) {
    let width = test.genres.iter().map(String::len).max().unwrap_or(0) + 2;
    print!("\n  {:width$}{:>8}", "genre", "recall");
    for genre in &test.genres {
        print!("{genre:>width$}");
    }
    println!("   (answers)");
    let rows = test.genres.iter().zip(&test.confusion);
    for (index, (genre, answers)) in rows.enumerate() {
        match test.recall(index) {
            Some(recall) => print!("  {genre:width$}{recall:>8.3}"),
            None => print!("  {genre:width$}{:>8}", "-"),
        }
        for count in answers {
            print!("{count:>width$}");
        }
        println!();
    }
}
