//! The native side of `cargo xtask bench`: packs scikit-learn's forests and measures Overtone's. Everything measured is
//! CPU time of the one thread there is. Each line printed is a name, a tab and a value.

mod dump;
mod measure;
mod smaller;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use dump::Dump;
use overtone_forest::{Kernel, Output};

const USAGE: &str = "\
overtone-bench pack DUMP LEVELS MODEL             pack a dumped forest, each leaf's distribution in LEVELS steps
overtone-bench forest KERNEL MODEL FOLDER NAME ANSWERS
                                                  measure a forest on rows, and write what it answers
overtone-bench smaller MODEL FOLDER NAME          measure what packing options save and cost
overtone-bench page MODEL                         measure what the page does with a model";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["pack", dump, levels, model] => pack(dump, levels.parse()?, model),
        ["forest", kernel, model, folder, name, answers] => {
            measure::forest(self::kernel(kernel)?, model, folder, name, answers)
        }
        ["smaller", model, folder, name] => smaller::smaller(model, folder, name),
        ["page", model] => measure::page(model),
        _ => bail!("{USAGE}"),
    }
}

/// The kernel of a name.
fn kernel(name: &str) -> Result<Kernel> {
    let kernel = match name {
        "scalar" => Kernel::Scalar,
        "avx2" => Kernel::Avx2,
        "avx512" => Kernel::Avx512,
        _ => bail!("{USAGE}"),
    };
    if !kernel.is_here() {
        bail!("this processor does not have the instructions for it");
    }
    Ok(kernel)
}

fn pack(dump: &str, levels: u8, model: &str) -> Result<()> {
    let forest = Dump::read(&read(dump)?)?.pack(levels)?;
    let nodes: usize = forest.trees().iter().map(|tree| tree.nodes.len()).sum();
    println!("nodes\t{nodes}");
    if let Output::Shares(distributions) = forest.output() {
        println!("distributions\t{}", distributions.len());
    }
    write(model, &forest.write())
}

fn read(path: impl AsRef<Path>) -> Result<Vec<u8>> {
    let path = path.as_ref();
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn write(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    let path = path.as_ref();
    fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
}
