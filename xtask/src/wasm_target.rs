//! A Rust compiler that can make WebAssembly: the user's own where possible, or else Debian's.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{apt, pins, places, process, say};

/// The name of the target.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's Rust for building web browsers, the standard library's source (it ships no compiled one for
/// this target), and a linker.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-22";
const DEBIAN_STANDARD_LIBRARY: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// Which compiler makes the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compiler {
    /// The one that runs this program.
    Yours,
    /// Debian's, which compiles the standard library along with the page.
    Debian,
}

/// Finds a compiler for the target, or installs one.
pub(crate) fn find_or_install() -> Result<Compiler> {
    if yours_is_ready() {
        return Ok(Compiler::Yours);
    }
    if debian_is_ready() {
        return Ok(Compiler::Debian);
    }
    let rustup = || {
        let add = ["target", "add", TARGET];
        process::run(process::command("rustup").args(add))
    };
    let doing = format!("Adding {TARGET} to your Rust toolchain (some seconds)");
    match say::step(&doing, rustup) {
        Ok(()) if yours_is_ready() => return Ok(Compiler::Yours),
        Ok(()) => {}
        Err(error) => say::line(format_args!("    {error:#}")),
    }
    if apt::is_here() {
        let doing = "Installing Debian's Rust for the web instead (147 MB, about a minute)";
        match say::step(doing, || apt::install(&DEBIAN_PACKAGES, debian_is_ready)) {
            Ok(()) => return Ok(Compiler::Debian),
            Err(error) => say::line(format_args!("    {error:#}")),
        }
    }
    bail!(
        "Your Rust toolchain cannot compile for {TARGET}, and it could not be taught to. \
         With rustup, run `rustup target add {TARGET}` and see why it fails; \
         without, install your system's package of Rust's standard library for wasm32."
    )
}

/// Whether the compiler that runs this program has the target's standard library.
fn yours_is_ready() -> bool {
    let mut rustc = process::command(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let folder = process::answer(rustc.args(["--print", "target-libdir", "--target", TARGET]));
    folder
        .and_then(|folder| fs::read_dir(folder).ok())
        .is_some_and(|files| {
            files
                .flatten()
                .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
        })
}

/// Whether Debian's compiler is there, is new enough, and has what it needs.
fn debian_is_ready() -> bool {
    let new_enough = || {
        let printed = process::version("/usr/bin/rustc")?;
        let version = pins::major_minor(pins::version_in(&printed)?)?;
        let wanted = pins::major_minor(env!("CARGO_PKG_RUST_VERSION"))?;
        Some(version >= wanted)
    };
    ["/usr/bin/cargo", DEBIAN_LINKER, DEBIAN_STANDARD_LIBRARY]
        .iter()
        .all(|file| Path::new(file).exists())
        && new_enough() == Some(true)
}

impl Compiler {
    /// Makes a command, and the cargo that it calls in turn, use this compiler, provided that this
    /// compiler's [`folders`](Self::folders) come first on its PATH.
    pub(crate) fn use_in(self, command: &mut Command) {
        // What `cargo xtask` was started with must not reach the other cargo.
        command.env_remove("CARGO");
        if self == Self::Yours {
            return;
        }
        for name in ["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "LD_LIBRARY_PATH"] {
            command.env_remove(name);
        }
        // Without the target's compiled standard library, cargo has to build it from source, which a
        // stable cargo only does when it is told that this is meant.
        command
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
    }

    /// The folders that have to come first on the PATH.
    pub(crate) fn folders(self) -> Result<Vec<PathBuf>> {
        match self {
            Self::Yours => Ok(Vec::new()),
            Self::Debian => Ok(vec![debian_programs()?]),
        }
    }
}

/// A folder with nothing but Debian's Rust in it. With `/usr/bin` itself first on the PATH, everything else
/// in there would hide the user's own programs.
fn debian_programs() -> Result<PathBuf> {
    let folder = places::page_target()?.join("debian");
    fs::create_dir_all(&folder)?;
    for name in ["cargo", "rustc", "rustdoc"] {
        let program = Path::new("/usr/bin").join(name);
        let link = folder.join(name);
        if program.exists() && fs::read_link(&link).ok().as_ref() != Some(&program) {
            link_program(&program, &link)
                .with_context(|| format!("{} cannot be made.", link.display()))?;
        }
    }
    Ok(folder)
}

#[cfg(unix)]
fn link_program(program: &Path, link: &Path) -> std::io::Result<()> {
    let _ = fs::remove_file(link);
    std::os::unix::fs::symlink(program, link)
}

#[cfg(not(unix))]
fn link_program(_program: &Path, _link: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// The PATH with these folders in front.
pub(crate) fn path_with(folders: Vec<PathBuf>) -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.into_iter().chain(std::env::split_paths(&path));
    std::env::join_paths(all).context("A folder with a colon in its name cannot be on the PATH.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(command: &Command, name: &str) -> Option<Option<String>> {
        command
            .get_envs()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.map(|value| value.to_string_lossy().into_owned()))
    }

    #[test]
    fn your_own_compiler_keeps_its_toolchain() {
        let mut command = Command::new("trunk");
        Compiler::Yours.use_in(&mut command);
        assert!(Compiler::Yours.folders().unwrap().is_empty());
        assert_eq!(variable(&command, "CARGO"), Some(None));
        assert_eq!(variable(&command, "RUSTUP_TOOLCHAIN"), None);
        assert_eq!(variable(&command, "RUSTC_BOOTSTRAP"), None);
    }

    #[test]
    fn debians_compiler_is_not_led_astray_by_your_toolchain() {
        let mut command = Command::new("trunk");
        Compiler::Debian.use_in(&mut command);
        for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC", "LD_LIBRARY_PATH"] {
            assert_eq!(variable(&command, name), Some(None), "{name}");
        }
        assert_eq!(
            variable(&command, "RUSTC_BOOTSTRAP"),
            Some(Some("1".into()))
        );
    }

    #[test]
    fn folders_come_first_on_the_path() {
        let path = path_with(vec!["/first".into(), "/second".into()]).unwrap();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        assert_eq!(folders[0], Path::new("/first"));
        assert_eq!(folders[1], Path::new("/second"));
        assert!(folders.len() > 2);
    }
}
