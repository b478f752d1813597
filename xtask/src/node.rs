//! Node and npm: they bring wasm-opt, and run the tests of the page and of the npm package.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{pins, places, process, say};

/// The oldest Node that knows the test runner's options used here.
const OLDEST: (u32, u32) = (20, 11);

/// The command `npm`, once it is certain that it is there and that its Node is new enough.
pub(crate) fn npm() -> Result<Command> {
    check()?;
    Ok(process::command(if cfg!(windows) {
        "npm.cmd"
    } else {
        "npm"
    }))
}

/// Fails unless a Node is there that is new enough.
pub(crate) fn check() -> Result<()> {
    let (major, minor) = OLDEST;
    let wanted = format!(
        "Install Node {major}.{minor} or newer, with npm, from https://nodejs.org or your package manager."
    );
    let Some(printed) = process::version("node") else {
        bail!("Node is missing. {wanted}");
    };
    let version = printed.trim_start_matches('v');
    if pins::major_minor(version).is_none_or(|version| version < OLDEST) {
        bail!("Your Node is version {version}, which is too old. {wanted}");
    }
    Ok(())
}

/// Installs what the tests for Node need, if it is missing or older than what `package-lock.json` asks for.
pub(crate) fn install_test_packages() -> Result<()> {
    let tests = places::repository().join("tests");
    let wanted = tests.join("package-lock.json").metadata()?.modified()?;
    let there = tests
        .join("node_modules/.package-lock.json")
        .metadata()
        .and_then(|file| file.modified());
    if there.is_ok_and(|there| there >= wanted) {
        return Ok(());
    }
    say::step("Installing the tests' npm packages (some seconds)", || {
        process::run(
            npm()?
                .args(["ci", "--no-audit", "--no-fund", "--prefix"])
                .arg(&tests),
        )
    })
}
