//! Runs every check that the project has, and adds up how they went.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::miri::Miri;
use crate::total::Total;
use crate::{browser, node, onnx, package, page, places, process, sanitizer, say};

/// The tests of the page in a browser.
const BROWSER_TESTS: &str = "tests/e2e";

/// The tests of the npm package.
const PACKAGE_TESTS: &str = "tests/npm";

/// Longer than any file of tests takes; a page that hangs must not hang the whole run.
const NODE_TESTS_LIMIT: &str = "--test-timeout=1200000";

/// Runs the checks. The last line printed is the total.
pub(crate) fn test(fast: bool) -> Result<ExitCode> {
    let data = places::data()?;
    say::line(if fast {
        "Five checks without a browser: formatting, lints, Rust's tests, documentation, the command. \
         From nothing about five minutes, later less than one."
    } else {
        "Twelve checks: formatting, lints, Rust's tests, documentation, the command, exported models, the vectors' memory, the \
         vectors in Miri, the page, the page in a browser, the npm package, and the npm package installed. From nothing about \
         half an hour, later half of that."
    });
    let mut report = Report::default();
    report.check(
        "formatting",
        "run `cargo fmt --all` and look at the difference",
        || process::run(process::cargo().args(["fmt", "--all", "--check"])),
    );
    report.check("lints", "clippy's advice is above", || {
        let clippy = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ];
        process::run(process::cargo().args(clippy))
    });
    report.tests("Rust's tests", "search for `FAILED` above", |total| {
        let mut cargo = process::cargo();
        cargo.args(["test", "--workspace", "--no-fail-fast"]);
        if let Some(data) = &data {
            // Those that need the tracks are the only ones that cargo is told to ignore.
            cargo
                .args(["--", "--include-ignored"])
                .env(places::DATA, data);
        }
        process::run_and_look(&mut cargo, |line| total.add_cargo_line(line))
    });
    report.check("documentation", "rustdoc's complaints are above", || {
        let doc = ["doc", "--workspace", "--no-deps"];
        process::run(
            process::cargo()
                .args(doc)
                .env("RUSTDOCFLAGS", "-D warnings"),
        )
    });
    let command = report.check("the command", "see above why it does not compile", || {
        process::run(process::cargo().args(["build", "--package", "overtone-cli"]))
    });
    if !fast {
        let name = "exported models";
        match onnx::find_python() {
            Some(python) => {
                report.check(name, "the script says above what differs", || {
                    if !command {
                        bail!("Not run, as the command is missing.");
                    }
                    onnx::check(&python)
                });
            }
            None => report.skip(name, onnx::MISSING),
        }
        let name = "the vectors' memory";
        if sanitizer::is_here() {
            report.tests(name, "search for `AddressSanitizer` above", |total| {
                sanitizer::test_kernels(|line| total.add_cargo_line(line))
            });
        } else {
            report.skip(
                name,
                "this compiler brings no address sanitizer for this computer",
            );
        }
        let name = "the vectors in Miri";
        if let Some(miri) = Miri::find() {
            report.tests(name, "search for `Undefined Behavior` above", |total| {
                miri.test_kernels(|line| total.add_cargo_line(line))
            });
        } else {
            report.skip(
                name,
                "it is not here; `rustup toolchain install nightly --component miri,rust-src` brings it",
            );
        }
        let page = report.check(
            "the page",
            "see above why it could not be built",
            page::build,
        );
        report.tests("the page in a browser", "search for `✖` above", |total| {
            if !(command && page) {
                bail!("Not run, as the page or the command is missing.");
            }
            let tests = node_tests(BROWSER_TESTS, data.as_deref());
            process::run_and_look(&mut tests?, |line| total.add_node_line(line))
        });
        let mut packed = None;
        report.check(
            "the npm package",
            "see above why it could not be built",
            || {
                packed = Some(package::build()?);
                Ok(())
            },
        );
        let name = "the npm package installed";
        report.tests(name, "search for `✖` above", |total| {
            let Some(packed) = packed.filter(|_| command) else {
                bail!("Not run, as the package or the command is missing.");
            };
            let mut tests = node_tests(PACKAGE_TESTS, data.as_deref())?;
            tests.env("OVERTONE_PACKAGE", packed);
            process::run_and_look(&mut tests, |line| total.add_node_line(line))
        });
    }
    Ok(report.finish())
}

/// The command that runs the tests in a folder with Node, with all that they need to know.
fn node_tests(folder: &str, data: Option<&Path>) -> Result<Command> {
    node::check()?;
    node::install_test_packages()?;
    let chromium = browser::find_or_install()?;
    let mut node = process::command("node");
    node.args(["--test", "--test-reporter=spec", NODE_TESTS_LIMIT])
        .args(node_test_files(folder)?)
        .env(browser::CHOICE, chromium)
        .env("OVERTONE_DIST", places::dist())
        .env("OVERTONE_CLI", places::command()?);
    if let Some(data) = data {
        node.env(places::DATA, data);
    }
    Ok(node)
}

/// The files named one by one, since Node's versions disagree on what a folder means.
fn node_test_files(name: &str) -> Result<Vec<PathBuf>> {
    let folder = places::repository().join(name);
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("The folder {name} is missing."))? {
        let file = entry?.path();
        let name = file.file_name().map(OsStr::to_string_lossy);
        if name.is_some_and(|name| name.ends_with(".test.mjs")) {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("There are no tests in {name}.");
    }
    Ok(files)
}

/// How the checks went so far.
#[derive(Default)]
struct Report {
    total: Total,
    lines: Vec<String>,
    advice: Vec<String>,
}

impl Report {
    /// Runs a check that either holds or does not. True when it does.
    fn check(&mut self, name: &str, advice: &str, work: impl FnOnce() -> Result<()>) -> bool {
        self.run(name, advice, || {
            let outcome = work();
            let total = if outcome.is_ok() {
                Total::PASSED
            } else {
                Total::FAILED
            };
            (total, outcome)
        })
    }

    /// Runs a check that counts its own tests.
    fn tests(&mut self, name: &str, advice: &str, work: impl FnOnce(&mut Total) -> Result<()>) {
        self.run(name, advice, || {
            let mut total = Total::default();
            let outcome = work(&mut total);
            (total.judged(outcome.is_ok()), outcome)
        });
    }

    /// Passes over a check that cannot be run here, and says why.
    fn skip(&mut self, name: &str, why: &str) {
        say::line(format_args!("\n==> Not checking {name}: {why}"));
        self.total.skipped += 1;
        self.lines.push(format!("skipped  {name}: {why}"));
    }

    fn run(
        &mut self,
        name: &str,
        advice: &str,
        work: impl FnOnce() -> (Total, Result<()>),
    ) -> bool {
        say::line(format_args!("\n==> Checking {name}"));
        let start = Instant::now();
        let (total, outcome) = work();
        if let Err(error) = outcome {
            say::line(format_args!("{error:#}"));
        }
        self.total += total;
        let verdict = if total.is_good() { "good  " } else { "FAILED" };
        self.lines.push(format!(
            "{verdict}  {name}: {total} in {}",
            say::seconds(start)
        ));
        if !total.is_good() {
            self.advice.push(format!("{name}: {advice}"));
        }
        total.is_good()
    }

    fn finish(self) -> ExitCode {
        say::line("\n==> How it went");
        for line in &self.lines {
            say::line(line);
        }
        if !self.advice.is_empty() {
            say::line("\n==> What to do");
            for line in &self.advice {
                say::line(line);
            }
        }
        say::line(format_args!("\n{}", self.total));
        if self.total.is_good() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_check_fails_the_whole_and_the_others_still_run() {
        let mut report = Report::default();
        assert!(report.check("one", "", || Ok(())));
        assert!(!report.check("two", "mend it", || bail!("broken")));
        report.tests("three", "", |total| {
            total.passed = 5;
            Ok(())
        });
        report.skip("four", "there is none");
        assert_eq!(report.total.to_string(), "6 passed, 1 failed, 1 skipped");
        assert_eq!(report.advice, ["two: mend it"]);
        assert_eq!(report.lines.len(), 4);
        assert!(report.lines[1].starts_with("FAILED  two"));
    }

    #[test]
    fn tests_that_could_not_run_count_as_failed() {
        let mut report = Report::default();
        report.tests("none", "", |_| Ok(()));
        report.tests("not run", "", |_| bail!("no page"));
        assert_eq!(report.total.to_string(), "0 passed, 2 failed");
    }

    #[test]
    fn the_tests_for_node_are_found() {
        let files = node_test_files(PACKAGE_TESTS).unwrap();
        assert!(
            files
                .iter()
                .any(|file| file.ends_with("tests/npm/node.test.mjs"))
        );
        let files = node_test_files(BROWSER_TESTS).unwrap();
        assert!(
            files
                .iter()
                .any(|file| file.ends_with("tests/e2e/smoke.test.mjs"))
        );
        assert!(!files.iter().any(|file| file.ends_with("harness.mjs")));
    }
}
