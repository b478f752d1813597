//! Puts what the benchmark has printed into `docs/benchmarks.md`.

use std::fs;

use anyhow::{Context, Result};

use crate::{places, say};

/// What stands before this line is written by people, what stands behind it by `cargo xtask bench --write`.
const BORDER: &str =
    "<!-- Below this line stands what `cargo xtask bench --write` printed. Do not edit it. -->";

/// Replaces what the document says below its border.
pub(crate) fn write(report: &str) -> Result<()> {
    let file = places::repository().join("docs").join("benchmarks.md");
    let text =
        fs::read_to_string(&file).with_context(|| format!("{} cannot be read.", file.display()))?;
    let text = with_report(&text, report)?;
    fs::write(&file, text).with_context(|| format!("{} cannot be written.", file.display()))?;
    say::line(format_args!("Written into {}.", file.display()));
    Ok(())
}

fn with_report(text: &str, report: &str) -> Result<String> {
    let (by_people, _) = text
        .split_once(BORDER)
        .with_context(|| format!("docs/benchmarks.md has lost its line `{BORDER}`."))?;
    Ok(format!("{by_people}{BORDER}\n\n{}\n", report.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_below_the_border_changes() {
        let text = format!("# Title\n\n{BORDER}\n\nold\n");
        let once = with_report(&text, "new\n").unwrap();
        assert_eq!(once, format!("# Title\n\n{BORDER}\n\nnew\n"));
        assert_eq!(with_report(&once, "new\n").unwrap(), once);
        assert!(with_report("# Title\n", "new").is_err());
    }
}
