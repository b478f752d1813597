//! Builds the page with Trunk.

use std::process::Command;

use anyhow::Result;

use crate::workshop::Workshop;
use crate::{process, say, tools};

/// Builds the release page into `dist/`.
pub(crate) fn build() -> Result<()> {
    let workshop = prepare()?;
    say::step(BUILDING, || {
        process::run(trunk(&workshop)?.args(["build", "--release"]))
    })
}

/// What is said while the page is built.
pub(crate) const BUILDING: &str =
    "Building the page (the first time two to five minutes, later some seconds)";

/// Finds what it takes to build the page, and installs what is missing.
pub(crate) fn prepare() -> Result<Workshop> {
    Workshop::prepare(tools::find_or_install_for_page)
}

/// The command `trunk`, which reads `Trunk.toml`.
pub(crate) fn trunk(workshop: &Workshop) -> Result<Command> {
    let mut trunk = workshop.command("trunk")?;
    // Trunk 0.21 takes the usual NO_COLOR=1 for a wrong argument and refuses to run.
    trunk.env_remove("NO_COLOR");
    Ok(trunk)
}
