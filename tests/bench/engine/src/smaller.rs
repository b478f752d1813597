//! What packing options save, and what they cost.

use std::path::Path;

use anyhow::Result;
use overtone_bench::Loaded;
use overtone_forest::{Forest, Kernel, Output};

use crate::measure::{HeldAgainst, accuracy, read_numbers};

/// How many leaves share one output, where that is tried.
const SHARED_LEAVES: usize = 64;

/// Measures a packed forest, and what can be made of it, on the rows in `folder`, which `make_forests.py` has filled, and
/// holds each against the answers of scikit-learn's forest `name`.
pub(crate) fn smaller(model: &str, folder: &str, name: &str) -> Result<()> {
    let forest = Forest::read(&crate::read(model)?)?;
    let folder = Path::new(folder);
    let learned = read_numbers(folder.join("train.f32"))?;
    let round = forest.with_round_thresholds(&learned)?;
    let mut options = vec![
        ("as it is".to_owned(), forest.clone()),
        ("round thresholds".to_owned(), round.clone()),
        ("even shares".to_owned(), forest.with_even_shares()),
        ("both".to_owned(), round.with_even_shares()),
    ];
    if matches!(forest.output(), Output::Shares(distributions) if distributions.len() > SHARED_LEAVES)
    {
        let shared = forest.with_shared_leaves(SHARED_LEAVES);
        let all = shared.with_round_thresholds(&learned)?.with_even_shares();
        options.push((format!("{SHARED_LEAVES} shared leaves"), shared));
        options.push(("all three".to_owned(), all));
    }
    let rows = read_numbers(folder.join("throughput.f32"))?;
    let theirs = read_numbers(folder.join(name).join("answers.f32"))?;
    for (option, forest) in options {
        let packed = forest.write();
        println!("option\t{option}");
        println!("bytes\t{}", packed.len());
        let loaded = Loaded::read_for(&packed, Kernel::fastest())?;
        let (features, classes) = loaded.shape();
        let mut probabilities = vec![0.0; rows.len() / features * classes];
        loaded.predict_all(&rows, &mut probabilities)?;
        HeldAgainst::of(&probabilities, &theirs, classes).print();
        println!("accuracy\t{}", accuracy(&loaded, folder)?);
    }
    Ok(())
}
