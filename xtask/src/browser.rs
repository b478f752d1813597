//! A Chromium for the browser tests: found, or else installed.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::{apt, node, pins, places, process, say};

/// Names the browser that the tests are to use.
pub(crate) const CHOICE: &str = "OVERTONE_CHROMIUM";

/// What Chromium and its kin are called, on the PATH and on a Mac.
const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Finds a Chromium, or installs one. Gives what to start.
pub(crate) fn find_or_install() -> Result<PathBuf> {
    // CI sets what it has no value for to nothing.
    let chosen = env::var_os(CHOICE).filter(|chosen| !chosen.is_empty());
    if let Some(chosen) = chosen.map(PathBuf::from) {
        if !runs(&chosen) {
            bail!(
                "{CHOICE} is set to {}, which does not run. Set it to a Chromium, or unset it.",
                chosen.display()
            );
        }
        return Ok(chosen);
    }
    if let Some(found) = installed().or_else(playwrights) {
        return Ok(found);
    }
    let normal_way = || {
        let install = [
            "exec",
            "--prefix",
            "tests",
            "--",
            "playwright-core",
            "install",
            "chromium",
        ];
        process::run(node::npm()?.args(install))
    };
    match say::step(
        "Installing Chromium with Playwright (about a minute)",
        normal_way,
    ) {
        Ok(()) => {
            if let Some(found) = playwrights() {
                return Ok(found);
            }
            say::line("    It is installed, but it does not run here.");
        }
        Err(error) => say::line(format_args!("    {error:#}")),
    }
    if apt::is_here() {
        let install = || apt::install(&["chromium"], || installed().is_some());
        match say::step(
            "Installing Debian's Chromium instead (about a minute)",
            install,
        ) {
            Ok(()) => {
                if let Some(found) = installed() {
                    return Ok(found);
                }
            }
            Err(error) => say::line(format_args!("    {error:#}")),
        }
    }
    bail!(
        "There is no Chromium to run the browser tests in, and none could be installed. \
         Install Chromium or Chrome, or set {CHOICE} to where one is."
    )
}

/// A Chromium that the system has, with its whole path, as Playwright wants it.
fn installed() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let in_folders = |name| folders.iter().map(move |folder| folder.join(name));
    NAMES.iter().flat_map(in_folders).find(runs)
}

/// The Chromium that Playwright has installed for this user.
fn playwrights() -> Option<PathBuf> {
    let ask =
        "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))";
    let mut node = process::command("node");
    node.args(["--eval", ask])
        .current_dir(places::repository().join("tests"));
    process::answer(&mut node).map(PathBuf::from).filter(runs)
}

fn runs(program: &PathBuf) -> bool {
    process::version(program).is_some_and(|printed| pins::version_in(&printed).is_some())
}
