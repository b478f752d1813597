//! What a program of the benchmark prints: lines of a name, a tab and a value.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The figures that one program has printed, in its order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Figures(Vec<(String, String)>);

impl Figures {
    /// Runs a program and reads what it prints. When it fails, the error is what it complained about last.
    pub(crate) fn of(command: &mut Command) -> Result<Self> {
        let output = command
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} could not be started", command.get_program().display()))?;
        if !output.status.success() {
            let complaints = String::from_utf8_lossy(&output.stderr);
            match reason(&complaints) {
                Some(reason) => bail!("{reason}"),
                None => bail!("it failed without a word ({})", output.status),
            }
        }
        Ok(Self::read(&String::from_utf8_lossy(&output.stdout)))
    }

    fn read(printed: &str) -> Self {
        let lines = printed.lines().filter_map(|line| line.split_once('\t'));
        Self(
            lines
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// Adds a figure.
    pub(crate) fn push(&mut self, name: &str, value: impl ToString) {
        self.0.push((name.to_owned(), value.to_string()));
    }

    /// The values of a name.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a name.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The first value of a name, as a number.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.parse().ok()
    }

    /// For each name the median of its numbers over several runs.
    pub(crate) fn medians(runs: &[Self]) -> Self {
        let names = runs.first().map_or(&[][..], |first| &first.0);
        let medians = names.iter().filter_map(|(name, _)| {
            let mut numbers: Vec<f64> = runs.iter().filter_map(|run| run.number(name)).collect();
            numbers.sort_by(f64::total_cmp);
            let median = numbers.get(numbers.len() / 2)?;
            Some((name.clone(), median.to_string()))
        });
        Self(medians.collect())
    }
}

/// The line of a program's complaints that says most: Python's and Node's last or first one with an error's name.
fn reason(complaints: &str) -> Option<&str> {
    let lines = || {
        complaints
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
    };
    lines()
        .rfind(|line| {
            line.split(':')
                .next()
                .is_some_and(|name| name == "error" || name.ends_with("Error"))
        })
        .or_else(|| lines().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_and_everything_else_is_passed_over() {
        let figures = Figures::read("loading\nrows_per_second\t1200.5\nloader\ta\nloader\tb\n");
        assert_eq!(figures.number("rows_per_second"), Some(1200.5));
        assert_eq!(figures.all("loader").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(figures.number("loader"), None);
        assert_eq!(figures.text("model"), None);
    }

    #[test]
    fn the_median_is_taken_name_by_name() {
        let run = |load, row| Figures::read(&format!("load\t{load}\nrow\t{row}"));
        let medians = Figures::medians(&[run(9, 1), run(2, 3), run(4, 2)]);
        assert_eq!(medians.number("load"), Some(4.0));
        assert_eq!(medians.number("row"), Some(2.0));
    }

    #[test]
    fn the_reason_is_the_line_with_the_error() {
        let python = "Traceback (most recent call last):\n  File x\nModuleNotFoundError: No module named 'ydf'\n";
        assert_eq!(
            reason(python),
            Some("ModuleNotFoundError: No module named 'ydf'")
        );
        let node = "file:1\n\nError: no such model\n    at load (a.mjs:3:1)\n\nNode.js v20\n";
        assert_eq!(reason(node), Some("Error: no such model"));
        assert_eq!(reason("Killed\n"), Some("Killed"));
        assert_eq!(reason(""), None);
    }

    #[test]
    fn a_program_that_fails_gives_its_complaint() {
        let mut cargo = crate::process::cargo();
        let error = Figures::of(cargo.arg("--no-such-option")).unwrap_err();
        assert!(error.to_string().contains("--no-such-option"), "{error}");
        assert!(Figures::of(&mut Command::new("no-such-program-anywhere")).is_err());
    }
}
