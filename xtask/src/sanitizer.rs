//! Runs the forest's vector kernels under the address sanitizer, which ends a program that reads or writes beside its memory.
//!
//! Miri looks closer, but at fewer and smaller forests, and it only imitates the instructions; here they are run.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{places, process};

/// Where the sanitizer is known to work. Cargo is told the target, so that what runs while it compiles is left alone.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Compiles for the sanitizer.
const FLAGS: &str = "-Zsanitizer=address";

/// Whether the compiler can link a program with the sanitizer, and this computer run it.
pub(crate) fn is_here() -> bool {
    let program = || -> Result<PathBuf> {
        let folder = places::sanitized()?;
        fs::create_dir_all(&folder)?;
        let source = folder.join("nothing.rs");
        fs::write(&source, "fn main() {}\n")?;
        let program = folder.join("nothing");
        let mut rustc = process::command("rustc");
        rustc.args([FLAGS, "--target", TARGET, "-o"]);
        process::run_quietly(unlocked(rustc.arg(&program).arg(&source)))?;
        Ok(program)
    };
    program()
        .is_ok_and(|program| process::run_quietly(unlocked(&mut Command::new(program))).is_ok())
}

/// Runs the kernels' tests, and shows each line that they print to `look`.
pub(crate) fn test_kernels(look: impl FnMut(&str)) -> Result<()> {
    let mut cargo = process::cargo();
    cargo
        .args(["test", "--package", "overtone-forest", "--test", "batch"])
        .args(["--target", TARGET])
        .env("CARGO_TARGET_DIR", places::sanitized()?)
        .env("RUSTFLAGS", FLAGS)
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    process::run_and_look(unlocked(&mut cargo), look)
}

/// The sanitizer is an unstable option, and leaks are no business of these tests.
fn unlocked(command: &mut Command) -> &mut Command {
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("ASAN_OPTIONS", "detect_leaks=0")
}
