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
/// fetched when it does not work without, since that takes its time. Only for root; anybody else is told what to
/// type, since nothing is to change their whole system unasked.
pub(crate) fn install(packages: &[&str], ready: impl Fn() -> bool) -> Result<()> {
    if !is_root() {
        bail!(
            "That takes root's rights, which are not asked for here. Type this, then start again:\n\
             sudo apt-get update && sudo apt-get install --no-install-recommends {}",
            packages.join(" ")
        );
    }
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

fn is_root() -> bool {
    process::answer(process::command("id").arg("-u")).is_some_and(|user| user == "0")
}

/// `apt-get`, without questions.
fn apt_get() -> Command {
    let mut command = process::command("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
