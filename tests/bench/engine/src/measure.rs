//! What is measured, and how: CPU time, the median of three.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use overtone_bench::{Loaded, made_up_rows};
use overtone_forest::Kernel;

/// How many rows are asked about one by one.
const SINGLE_ROWS: usize = 2_000;

/// How many rows are explained.
const EXPLAINED_ROWS: usize = 50;

/// Measures a packed forest on the rows in `folder`, which `make_forests.py` has filled, and holds it against the answers of
/// scikit-learn's forest `name`. Writes what it answers, as 64-bit numbers: all rows at once into `answers`, one row at a time
/// into the same with `.single` behind it.
pub(crate) fn forest(
    kernel: Kernel,
    model: &str,
    folder: &str,
    name: &str,
    answers: &str,
) -> Result<()> {
    let (loaded, load) = load(&crate::read(model)?, kernel)?;
    println!("forest\tsame");
    println!("load_ms\t{:.3}", milliseconds(load));
    let folder = Path::new(folder);
    let rows = read_numbers(folder.join("throughput.f32"))?;
    let (features, classes) = loaded.shape();
    let count = rows.len() / features;
    let mut probabilities = vec![0.0; count * classes];
    let all = median(|| Ok(loaded.predict_all(&rows, &mut probabilities)?))?;
    println!("rows_per_second\t{:.0}", count as f64 / all.as_secs_f64());
    println!("one_row_us\t{:.3}", one_row(&loaded, &rows)?);
    write_numbers(answers, &probabilities)?;

    let theirs = read_numbers(folder.join(name).join("answers.f32"))?;
    HeldAgainst::of(&probabilities, &theirs, classes).print();

    let mut one_by_one = vec![0.0; count * classes];
    loaded.predict_one_by_one(&rows, &mut one_by_one)?;
    write_numbers(&format!("{answers}.single"), &one_by_one)?;

    println!("accuracy\t{}", accuracy(&loaded, folder)?);
    Ok(())
}

/// How some answers differ from others.
pub(crate) struct HeldAgainst {
    /// The largest difference between two probabilities.
    largest: f64,
    /// The share of rows whose likeliest class is another one.
    changed: f64,
}

impl HeldAgainst {
    /// Holds answers against scikit-learn's to the same rows.
    pub(crate) fn of(ours: &[f64], theirs: &[f32], classes: usize) -> Self {
        let differences = ours.iter().zip(theirs);
        let best_of_ours = ours.chunks(classes).map(best);
        let changed = best_of_ours
            .zip(theirs.chunks(classes).map(best))
            .filter(|(ours, theirs)| ours != theirs)
            .count();
        Self {
            largest: differences
                .map(|(ours, theirs)| (ours - f64::from(*theirs)).abs())
                .fold(0.0, f64::max),
            changed: changed as f64 / (ours.len() / classes) as f64,
        }
    }

    pub(crate) fn print(&self) {
        println!("largest_difference\t{}", self.largest);
        println!("changed_answers\t{}", self.changed);
    }
}

/// The share of the test rows in `folder` whose class is named.
pub(crate) fn accuracy(loaded: &Loaded, folder: &Path) -> Result<f64> {
    let rows = read_numbers(folder.join("test.f32"))?;
    let truth = crate::read(folder.join("test.u8"))?;
    let (_, classes) = loaded.shape();
    let mut probabilities = vec![0.0; truth.len() * classes];
    loaded.predict_all(&rows, &mut probabilities)?;
    let answers = probabilities.chunks(classes).map(best);
    let right = answers
        .zip(&truth)
        .filter(|(answer, truth)| *answer == usize::from(**truth))
        .count();
    Ok(right as f64 / truth.len() as f64)
}

/// Measures what the page does with its model: loads it, asks about a row, and explains the answer.
pub(crate) fn page(model: &str) -> Result<()> {
    let model = crate::read(model)?;
    let bytes = forest_of(&model).context("the model is cut short")?;
    let clock = Instant::now();
    let (loaded, load) = load(bytes, Kernel::fastest())?;
    println!("load_clock_ms\t{:.3}", milliseconds(clock.elapsed()));
    println!("load_ms\t{:.3}", milliseconds(load));
    let again = median(|| Loaded::read(bytes).map(drop).map_err(Into::into))?;
    println!("load_again_ms\t{:.3}", milliseconds(again));
    let rows = made_up_rows(loaded.forest(), SINGLE_ROWS);
    let (features, classes) = loaded.shape();
    let mut probabilities = vec![0.0; SINGLE_ROWS * classes];
    let clock = Instant::now();
    loaded.predict_one_by_one(&rows, &mut probabilities)?;
    let first = milliseconds(clock.elapsed()) * 1e3 / SINGLE_ROWS as f64;
    println!("first_rows_us\t{first:.3}");
    println!("one_row_us\t{:.3}", one_row(&loaded, &rows)?);
    for (name, class) in [
        ("contributions_to_one_ms", Some(0)),
        ("contributions_to_all_ms", None),
    ] {
        let explained = rows.chunks(features).take(EXPLAINED_ROWS);
        let time = median(|| {
            for row in explained.clone() {
                black_box(loaded.contributions(row, class)?);
            }
            Ok(())
        })?;
        println!("{name}\t{:.3}", milliseconds(time) / EXPLAINED_ROWS as f64);
    }
    Ok(())
}

/// The forest at the beginning of a model that ships; what is known about the model stands behind it.
fn forest_of(model: &[u8]) -> Option<&[u8]> {
    let length = model.get(6..10)?.try_into().ok()?;
    model.get(..usize::try_from(u32::from_le_bytes(length)).ok()?)
}

/// Reads a packed forest, and tells how long the first time took: in the page there is no other.
fn load(bytes: &[u8], kernel: Kernel) -> Result<(Loaded, Duration)> {
    let start = ProcessTime::now();
    let loaded = Loaded::read_for(bytes, kernel)?;
    Ok((loaded, start.elapsed()))
}

/// The microseconds for one row.
fn one_row(loaded: &Loaded, rows: &[f32]) -> Result<f64> {
    let (features, classes) = loaded.shape();
    let rows = rows
        .get(..SINGLE_ROWS * features)
        .context("there are too few rows")?;
    let mut probabilities = vec![0.0; SINGLE_ROWS * classes];
    let time = median(|| Ok(loaded.predict_one_by_one(rows, &mut probabilities)?))?;
    Ok(time.as_secs_f64() * 1e6 / SINGLE_ROWS as f64)
}

/// How long some work takes, after it has been done once to warm up.
fn median(mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    work()?;
    let mut times = [Duration::ZERO; 3];
    for time in &mut times {
        let start = ProcessTime::now();
        work()?;
        *time = start.elapsed();
    }
    times.sort();
    let [_, median, _] = times;
    Ok(median)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The place of the largest number; of equal ones, of the first.
fn best<T: PartialOrd + Copy>(numbers: &[T]) -> usize {
    let mut best = None;
    for (index, &number) in numbers.iter().enumerate() {
        if best.is_none_or(|(_, largest)| number > largest) {
            best = Some((index, number));
        }
    }
    best.map_or(0, |(index, _)| index)
}

pub(crate) fn read_numbers(path: impl AsRef<Path>) -> Result<Vec<f32>> {
    let bytes = crate::read(path)?;
    let (numbers, _) = bytes.as_chunks();
    Ok(numbers.iter().copied().map(f32::from_le_bytes).collect())
}

fn write_numbers(path: &str, numbers: &[f64]) -> Result<()> {
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    crate::write(path, &bytes)
}
