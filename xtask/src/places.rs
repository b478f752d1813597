//! Where things lie: the repository, what is built, and what is installed for this user.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::say;

/// Names the folder of studied tracks and real exports.
pub(crate) const DATA: &str = "OVERTONE_DATA";

/// Where that folder is looked for otherwise, from the repository.
const DATA_BESIDE: &str = "../shared/data";

/// The repository's top folder.
pub(crate) fn repository() -> PathBuf {
    // Cargo says it while it runs this program. What it said when it compiled may be another clone, if
    // two of them share a target folder.
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = PathBuf::from(here);
    here.parent().unwrap_or(&here).to_path_buf()
}

/// The folder that cargo put this very program into: `target/debug`, unless the user has moved it.
pub(crate) fn programs() -> Result<PathBuf> {
    let this_program = env::current_exe().context("The running program's own place is unknown.")?;
    let folder = this_program
        .parent()
        .context("The running program lies in no folder.")?;
    Ok(folder.to_path_buf())
}

/// What the page's compiler makes. Apart from cargo's other output, because it may be another compiler,
/// and two compilers in one folder would throw each other's work away.
pub(crate) fn page_target() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().unwrap_or(&programs).join("web"))
}

/// What is compiled for the address sanitizer.
pub(crate) fn sanitized() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().unwrap_or(&programs).join("sanitized"))
}

/// What is compiled for Miri.
pub(crate) fn interpreted() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().unwrap_or(&programs).join("miri"))
}

/// What `cargo xtask bench` makes: rows, forests, programs.
pub(crate) fn bench() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().unwrap_or(&programs).join("bench"))
}

/// The studied tracks and real exports, which are not in the repository: in the folder that the user names, or else beside
/// the repository. Nothing, said so, where there are none.
pub(crate) fn data() -> Result<Option<PathBuf>> {
    if let Some(chosen) = env::var_os(DATA).map(PathBuf::from) {
        let Ok(folder) = chosen.canonicalize() else {
            bail!(
                "{DATA} is set to {}, which is not there. Set it to the folder of studied tracks, or unset it.",
                chosen.display()
            );
        };
        return Ok(Some(folder));
    }
    let folder = repository().join(DATA_BESIDE).canonicalize().ok();
    if folder.is_none() {
        say::line(format_args!(
            "There is no folder {DATA_BESIDE}, and {DATA} names none: what needs its tracks is skipped."
        ));
    }
    Ok(folder)
}

/// The finished page.
pub(crate) fn dist() -> PathBuf {
    repository().join("dist")
}

/// The folder of one installed tool, for this user and for this version.
pub(crate) fn tool(name: &str, version: &str) -> Result<PathBuf> {
    Ok(tools()?.join(format!("{name}-{version}")))
}

/// The folder of all the tools that the project has installed for this user.
pub(crate) fn tools() -> Result<PathBuf> {
    let cache = match env::var_os("XDG_CACHE_HOME").map(PathBuf::from) {
        Some(folder) if folder.is_absolute() => folder,
        _ => env::home_dir()
            .context("Your home folder is unknown. Set XDG_CACHE_HOME to a folder for caches.")?
            .join(".cache"),
    };
    Ok(cache.join("overtone").join("tools"))
}
