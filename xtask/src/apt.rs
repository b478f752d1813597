//! Debian's package manager and its relatives', for what cannot be had in the usual way.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// Whether this is Debian or one of its relatives.
pub(crate) fn is_here() -> bool {
    Path::new("/usr/bin/apt-get").exists()
}

/// Installs packages until `ready` says that what was wanted is there. The lists of packages are only
/// fetched when it does not work without, since that takes its time.
pub(crate) fn install(packages: &[&str], ready: impl Fn() -> bool) -> Result<()> {
    let install = || {
        process::run(
            apt_get()
                .args([
                    "install",
                    "--yes",
                    "--quiet",
                    "--no-install-recommends",
                    "--no-remove",
                ])
                .args(packages),
        )
    };
    if install().is_ok() && ready() {
        return Ok(());
    }
    process::run(apt_get().args(["update", "--quiet"]))?;
    install()?;
    if !ready() {
        bail!(
            "The packages {} are installed, but they are not what is needed here.",
            packages.join(", ")
        );
    }
    Ok(())
}

/// `apt-get`, as root, and without questions.
fn apt_get() -> Command {
    let root = process::answer(process::command("id").arg("-u")).is_some_and(|user| user == "0");
    let mut command = process::command(if root { "env" } else { "sudo" });
    if !root {
        command.arg("env");
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}
