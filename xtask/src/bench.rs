//! Measures the forest beside the programs that people would use otherwise, and prints what came out.
//!
//! [`peers`] installs those programs, [`engine`] builds Overtone's own, [`program`] measures one of either, and [`report`]
//! makes tables of what they print, which [`figures`] reads; [`files`] weighs what they leave. What is measured, and how, is in `tests/bench`; what the tables
//! mean, in `docs/benchmarks.md`.

mod document;
mod engine;
mod figures;
mod files;
mod peers;
mod program;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{places, process, say};
use engine::{Abilities, Engine, Instructions};
use figures::Figures;
use files::Scales;
use peers::Peers;
use program::{Leaves, Program};
use report::{ForestResult, PageResult, ProgramResult};

/// The forests, as `tests/bench/make_forests.py` names them, how many trees they have, and how many splits at most a path.
const FORESTS: [(&str, u32, u32); 3] =
    [("500x20", 500, 20), ("200x10", 200, 10), ("100x8", 100, 8)];

/// The model that ships.
const SHIPPED_MODEL: &str = "crates/genre/models/eight-genres.forest";

/// A page loads its model once, so that is measured so many times from the start.
const PAGE_RUNS: usize = 5;

/// Measures and prints. With `only`, just the programs whose name has it in it, and scikit-learn. With `write`, what is
/// printed goes into `docs/benchmarks.md` as well.
pub(crate) fn bench(only: Option<&str>, write: bool) -> Result<()> {
    let folder = places::bench()?;
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made.", folder.display()))?;
    let peers = Peers::find_or_install()?;
    let engine = Engine::build(&folder)?;
    let mut scales = Scales::default();
    let mut forests = Vec::new();
    let mut text = format!("{}\n\n", machine(&peers, &engine));
    say::line(&text);
    for rows in all_rows()? {
        let folder = folder.join(rows.name);
        make_forests(&peers, &folder, rows.tracks.as_deref())?;
        for (name, trees, depth) in FORESTS {
            let packed = program::pack(&engine, &folder.join(name))?;
            let mut programs = Vec::new();
            for program in Program::all() {
                if only.is_some_and(|only| !program.is_asked_for(only)) {
                    continue;
                }
                let doing = format!("Measuring {}, {name}: {}", rows.name, program.name);
                let measured = say::step(&doing.replace('*', ""), || {
                    let mut figures = program.measure(&peers, &engine, &folder, name)?;
                    scales.weigh(&mut figures)?;
                    Ok(figures)
                });
                if let Err(error) = &measured {
                    say::line(format_args!("    {error:#}"));
                }
                programs.push(ProgramResult {
                    name: program.name,
                    measured: measured.map_err(|error| format!("{error:#}")),
                });
            }
            let doing = format!("Making {}, {name} smaller", rows.name);
            let smaller = say::step(&doing, || {
                let leaves = Leaves::BOTH.into_iter();
                leaves
                    .map(|leaves| program::smaller(&engine, &folder, name, leaves))
                    .collect::<Result<_>>()
            })?;
            let forest = ForestResult {
                rows: rows.name,
                trees,
                depth,
                packed,
                programs,
                smaller,
            };
            // At once: a run is long, and what interrupts it must not take everything away.
            let section = report::of_forest(&forest);
            say::line(format_args!("\n{section}"));
            text += &section;
            forests.push(forest);
        }
    }
    let page = say::step("Measuring what the page does with its model", || {
        measure_page(&engine)
    })?;
    let section = report::of_all(&forests, &page);
    say::line(format_args!("\n{section}"));
    text += &section;
    if write {
        document::write(&text)?;
    }
    Ok(())
}

/// Rows to measure on.
struct Rows {
    /// What people call them, and their folder.
    name: &'static str,
    /// The table they come from, unless they are made up.
    tracks: Option<PathBuf>,
}

fn all_rows() -> Result<Vec<Rows>> {
    let mut all = vec![Rows {
        name: "made-up rows",
        tracks: None,
    }];
    let tracks = places::data()?.map(|folder| folder.join(places::TRACKS));
    match tracks.filter(|tracks| tracks.exists()) {
        Some(tracks) => all.push(Rows {
            name: "real tracks",
            tracks: Some(tracks),
        }),
        None => say::line(format_args!(
            "There is no {}, so nothing is measured on real tracks.",
            places::TRACKS
        )),
    }
    Ok(all)
}

/// Makes the rows and scikit-learn's forests, unless the script that does has done so already.
fn make_forests(peers: &Peers, folder: &Path, tracks: Option<&Path>) -> Result<()> {
    let done = folder.join("made-by.py");
    let script = peers::room().join("make_forests.py");
    let changed = |path: &Path| path.metadata()?.modified();
    let is_new = tracks.is_some_and(|tracks| match (changed(tracks), changed(&done)) {
        (Ok(tracks), Ok(done)) => tracks > done,
        _ => true,
    });
    if !is_new && peers::same(&done, &script) {
        return Ok(());
    }
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made.", folder.display()))?;
    say::step(
        "Preparing rows and growing scikit-learn's forests (a minute)",
        || {
            let mut python = peers.python("make_forests.py");
            process::run(python.arg(folder).args(tracks))
        },
    )?;
    fs::write(done, fs::read(script)?)?;
    Ok(())
}

/// Measures loading, asking and explaining with the model that ships.
fn measure_page(engine: &Engine) -> Result<Vec<PageResult>> {
    let model = places::repository().join(SHIPPED_MODEL);
    let module = |instructions| {
        let module = engine.module(instructions, Abilities::Contributions);
        let mut node = peers::node("overtone.mjs");
        node.arg("page").arg(module).arg(&model);
        node
    };
    let native = || {
        let mut native = engine.native();
        native.arg("page").arg(&model);
        native
    };
    Ok(vec![
        median_run("native", native)?,
        median_run("wasm", || module(Instructions::Scalar))?,
        median_run("wasm simd128", || module(Instructions::Simd))?,
    ])
}

fn median_run(name: &'static str, command: impl Fn() -> Command) -> Result<PageResult> {
    let runs = (0..PAGE_RUNS)
        .map(|_| Figures::of(&mut command()))
        .collect::<Result<Vec<_>>>()?;
    Ok(PageResult {
        name,
        figures: Figures::medians(&runs),
    })
}

/// What it was measured on.
fn machine(peers: &Peers, engine: &Engine) -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(':').nth(1))
        .map_or("processor unknown", str::trim);
    format!(
        "{} {}, {processor}; {}; {}.",
        std::env::consts::OS,
        std::env::consts::ARCH,
        peers.versions(),
        engine.compilers()
    )
}
