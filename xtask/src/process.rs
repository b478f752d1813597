//! Starting other programs.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{places, say};

/// Cargo, of the same toolchain that runs this program.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A program that runs in the repository.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(places::repository());
    command
}

/// Runs a program to its end, with its output on the screen.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = words(command);
    let status = command
        .status()
        .with_context(|| format!("`{words}` could not be started."))?;
    if !status.success() {
        bail!("`{words}` failed ({status}). What it printed above says why.");
    }
    Ok(())
}

/// Runs a program to its end. What it prints is not shown.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    answer(command)
        .map(drop)
        .with_context(|| format!("`{}` failed.", words(command)))
}

/// Runs a program to its end, with its output on the screen, and shows each of its lines to `look` as well.
pub(crate) fn run_and_look(command: &mut Command, mut look: impl FnMut(&str)) -> Result<()> {
    let words = words(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{words}` could not be started."))?;
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut bytes = Vec::new();
        while output.read_until(b'\n', &mut bytes)? > 0 {
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end();
            say::line(line);
            look(line);
            bytes.clear();
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{words}` failed ({status}). What it printed above says why.");
    }
    Ok(())
}

/// What a program prints, or nothing when it is missing or fails. Its complaints are not shown.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What `program --version` prints, or nothing when there is no such program or it does not run.
pub(crate) fn version(program: impl AsRef<Path>) -> Option<String> {
    // Trunk 0.21 takes the usual NO_COLOR=1 for a wrong argument and refuses to run.
    answer(
        command(program.as_ref())
            .arg("--version")
            .env_remove("NO_COLOR"),
    )
}

/// The command as one would type it.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reads_as_one_would_type_it() {
        let mut command = Command::new("/opt/rust/bin/cargo");
        command.args(["fmt", "--all"]);
        assert_eq!(words(&command), "cargo fmt --all");
    }

    #[test]
    fn every_line_is_looked_at_and_failure_is_an_error() {
        let mut seen = 0;
        run_and_look(cargo().arg("--version"), |line| {
            seen += usize::from(line.starts_with("cargo "));
        })
        .unwrap();
        assert_eq!(seen, 1);
        let mut wrong = cargo();
        wrong.arg("--no-such-option").stderr(Stdio::null());
        assert!(run(&mut wrong).is_err());
        assert!(run(&mut command("no-such-program-anywhere")).is_err());
    }

    #[test]
    fn a_missing_program_has_no_version() {
        assert!(version("cargo").unwrap().starts_with("cargo "));
        assert_eq!(version("no-such-program-anywhere"), None);
    }
}
