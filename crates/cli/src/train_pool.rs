//! `overtone train --pool`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use overtone_study::dataset::Dataset;
use overtone_study::fifteen::close_genres;
use overtone_study::model_card;
use overtone_study::pool::Pool;
use overtone_study::recipe::Recipe;
use overtone_study::ship::{Row, Shipped, ship};
use overtone_study::size_curve::{SizePoint, size_curve};
use overtone_study::train::prepare;

use crate::Outcome;
use crate::output::{OutputFile, check_apart, complain, report};
use crate::train::{Arguments, outcome, read_pool, tell_problems};

pub(crate) fn run(arguments: &Arguments, folder: &Path) -> anyhow::Result<Outcome> {
    let others = [&arguments.close_model, &arguments.titles, &arguments.card];
    let others = others.into_iter().flatten().map(PathBuf::as_path);
    check_apart(others.chain([arguments.model.as_path()]))?;
    let read = [
        &arguments.data,
        &arguments.close_data,
        &arguments.references,
    ];
    let collections = Pool::files(folder)?;
    let read: Vec<&Path> = read
        .into_iter()
        .flatten()
        .chain(&collections)
        .map(PathBuf::as_path)
        .collect();
    let create = |path: &PathBuf| OutputFile::create(path, &read);
    let mut file = create(&arguments.model)?;
    let card = arguments.card.as_ref().map(create).transpose()?;
    let titles = arguments.titles.as_ref().map(create).transpose()?;
    let close_file = arguments.close_model.as_ref().map(create).transpose()?;
    let references = match &arguments.references {
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            model_card::read_references(&text).map_err(|line| {
                anyhow!(
                    "{}, line {line}: this is no figure of another program. tests/reference/pool.py writes such files.",
                    path.display()
                )
            })?
        }
        None => Vec::new(),
    };
    complain("reading the pool");
    let pool = read_pool(folder)?;
    let mut other_problems = Vec::new();
    for (name, steps) in &pool.steps {
        let left = steps.last().map_or(0, |step| step.left);
        let read = steps.first().map_or(0, |step| step.left);
        report(format_args!(
            "{name:<24}{read:>8} rows read, {left:>7} left"
        ));
    }
    let twin_test = match &arguments.data {
        Some(path) => {
            let prepared = prepare(path, arguments.seed)?;
            tell_problems(path, &prepared.problems);
            other_problems.extend(prepared.problems.iter().cloned());
            let test = prepared.split.test.iter();
            test.filter_map(|&index| prepared.tracks.get(index).cloned())
                .collect()
        }
        None => Vec::new(),
    };
    let recipe = Recipe {
        seed: arguments.seed,
        ..Recipe::default()
    };
    let close = match (&arguments.close_data, &arguments.close_model, close_file) {
        (Some(data), Some(model), Some(mut file)) => {
            complain("learning the close genres");
            let dataset = Dataset::read_any(data)?;
            tell_problems(data, &dataset.problems);
            other_problems.extend(dataset.problems);
            let close = close_genres(dataset.tracks, &recipe)?;
            file.write_all(&close.bytes)?;
            file.finish()?;
            let home = close.quality.home;
            report(format_args!(
                "\n{}: {} bytes; on {} tracks: accuracy {:.3}, balanced {:.3}, log loss {:.3}, calibration {:.3}, family {:.3}",
                model.display(),
                close.bytes.len(),
                close.tested,
                home.accuracy,
                home.balanced_accuracy,
                home.log_loss,
                home.calibration_error,
                close.family_accuracy
            ));
            Some(close)
        }
        _ => None,
    };
    let mut shipped = ship(&pool, &recipe, &twin_test, |what| complain(what))?;
    if arguments.size_curve {
        shipped.sizes = size_curve(&pool, &recipe, |what| complain(what))?;
    }
    file.write_all(&shipped.bytes)?;
    file.finish()?;
    if let Some(mut titles) = titles {
        titles.write_all(&shipped.titles.bytes)?;
        titles.finish()?;
    }
    if let Some(mut card) = card {
        let text = model_card::write(&shipped, &pool, &recipe, close.as_ref(), &references);
        card.write_all(text.as_bytes())?;
        card.finish()?;
    }
    report(format_args!(
        "\n{}: {} bytes",
        arguments.model.display(),
        shipped.bytes.len()
    ));
    print(&shipped);
    let of_pool = pool.problems.iter().flat_map(|(_, problems)| problems);
    Ok(outcome(of_pool.chain(&other_problems)))
}

fn print(shipped: &Shipped) {
    for (title, rows) in [
        ("told the sound and the length", &shipped.sound_and_length),
        ("told the sound alone", &shipped.sound),
        ("told all, popularity too", &shipped.all),
    ] {
        report(format_args!(
            "\n{title:<32}{:>8}{:>10}{:>10}{:>10}{:>13}",
            "tracks", "accuracy", "balanced", "log loss", "calibration"
        ));
        for Row {
            name,
            tracks,
            figures,
            ..
        } in rows
        {
            report(format_args!(
                "  {name:<30}{tracks:>8}{:>10.3}{:>10.3}{:>10.3}{:>13.3}",
                figures.accuracy,
                figures.balanced_accuracy,
                figures.log_loss,
                figures.calibration_error
            ));
        }
    }
    report("\nnone of these, area under the curve");
    for row in &shipped.outside {
        report(format_args!("  {:<30}{:>8.3}", row.name, row.area));
    }
    report("\n90 % sets: covered, genres on average");
    for (name, covered, size) in &shipped.sets {
        report(format_args!("  {name:<30}{covered:>8.3}{size:>8.2}"));
    }
    report("\nbalanced accuracy without the words of titles, and with them");
    for row in &shipped.titles.rows {
        report(format_args!(
            "  {:<30}{:>8.3}{:>8.3}",
            row.name, row.without.balanced_accuracy, row.with.balanced_accuracy
        ));
    }
    report("\nrounds, bytes, balanced accuracy at home and abroad");
    for SizePoint {
        rounds,
        bytes,
        home,
        abroad,
    } in &shipped.sizes
    {
        report(format_args!(
            "  {rounds:<10}{bytes:>10}{home:>10.3}{abroad:>10.3}"
        ));
    }
}
