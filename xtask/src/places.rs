//! Where things lie: the repository, what is built, and what is installed for this user.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::say;

/// Names the folder of studied tracks and real exports.
pub(crate) const DATA: &str = "OVERTONE_DATA";

/// Where that folder is looked for otherwise, from the repository.
const DATA_BESIDE: &str = "../shared/data";

/// The studied tracks, in that folder: by them it is known.
pub(crate) const TRACKS: &str = "eight-genres.csv";

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

/// The `overtone` command, once it is built.
pub(crate) fn command() -> Result<PathBuf> {
    Ok(programs()?.join(format!("overtone{}", env::consts::EXE_SUFFIX)))
}

/// What the page's compiler makes. Apart from cargo's other output, because it may be another compiler,
/// and two compilers in one folder would throw each other's work away.
pub(crate) fn page_target() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().unwrap_or(&programs).join("web"))
}

/// What `cargo xtask package` makes: the npm package, as a folder and packed.
pub(crate) fn npm() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().unwrap_or(&programs).join("npm"))
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
    let folder = data_in(env::var_os(DATA), &repository().join(DATA_BESIDE))?;
    if folder.is_none() {
        say::line(format_args!(
            "There is no {TRACKS} in {DATA_BESIDE}, and {DATA} names no folder: what needs its tracks is skipped."
        ));
    }
    Ok(folder)
}

/// The folder that was chosen, or else the one beside, if it is what it seems.
fn data_in(chosen: Option<OsString>, beside: &Path) -> Result<Option<PathBuf>> {
    // CI sets what it has no value for to nothing.
    if let Some(chosen) = chosen.filter(|chosen| !chosen.is_empty()) {
        let chosen = PathBuf::from(chosen);
        let Ok(folder) = chosen.canonicalize() else {
            bail!(
                "{DATA} is set to {}, which is not there. Set it to the folder of studied tracks, or unset it.",
                chosen.display()
            );
        };
        return Ok(Some(folder));
    }
    // Other projects have folders of that name too.
    let is_ours = beside.join(TRACKS).is_file();
    Ok(beside.canonicalize().ok().filter(|_| is_ours))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_counts_only_where_there_is_some() {
        let folder = programs()
            .unwrap()
            .join("data_counts_only_where_there_is_some");
        std::fs::create_dir_all(&folder).unwrap();
        let tracks = folder.join(TRACKS);
        let _ = std::fs::remove_file(&tracks);
        // Of another project.
        assert_eq!(data_in(None, &folder).unwrap(), None);
        std::fs::write(&tracks, "").unwrap();
        let ours = Some(folder.canonicalize().unwrap());
        assert_eq!(data_in(None, &folder).unwrap(), ours);
        // Set to nothing is not set.
        assert_eq!(data_in(Some("".into()), &folder).unwrap(), ours);
        let error = data_in(Some("no/such/folder".into()), &folder).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("no/such/folder, which is not there")
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
