//! What `tests/bench/files.mjs` says about files.

use std::collections::HashMap;

use anyhow::{Context, Result};

use super::figures::Figures;
use super::peers;
use crate::process;

/// Weighs files, each once.
#[derive(Default)]
pub(crate) struct Scales {
    known: HashMap<Vec<String>, String>,
}

impl Scales {
    /// Adds the sizes of what figures name: the model, and what a page loads besides. And the hash of each file of answers.
    pub(crate) fn weigh(&mut self, figures: &mut Figures) -> Result<()> {
        for name in ["model", "loader"] {
            let files: Vec<String> = figures.all(name).map(str::to_owned).collect();
            if files.is_empty() {
                continue;
            }
            let sizes = self.sizes(files)?;
            for (kind, size) in ["raw", "gzip", "brotli"].iter().zip(sizes.split('\t')) {
                figures.push(&format!("{name}_{kind}"), size);
            }
        }
        let answers: Vec<String> = figures.all("answers").map(str::to_owned).collect();
        for file in answers {
            figures.push("hash", asked("hash", &[file])?);
        }
        Ok(())
    }

    fn sizes(&mut self, files: Vec<String>) -> Result<String> {
        if let Some(known) = self.known.get(&files) {
            return Ok(known.clone());
        }
        let sizes = asked("sizes", &files)?;
        self.known.insert(files, sizes.clone());
        Ok(sizes)
    }
}

fn asked(what: &str, files: &[String]) -> Result<String> {
    process::answer(peers::node("files.mjs").arg(what).args(files))
        .with_context(|| format!("the {what} of {} could not be found", files.join(", ")))
}
