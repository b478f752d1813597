//! The programs that make a page and an npm package of the Rust code: found, or else installed for this user.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::{node, pins, places, process, say};

/// One of the programs.
struct Tool {
    /// What it is called.
    program: &'static str,
    /// The version that is wanted, as `--version` prints it.
    version: String,
    /// Where it comes from.
    origin: Origin,
    /// How long it may take to install.
    patience: &'static str,
}

/// Where a program comes from.
enum Origin {
    /// A crate, compiled here.
    Crate(&'static str),
    /// An npm package of this name and version.
    Npm(&'static str, String),
}

/// Finds or installs what makes the page. Gives the folders that have to be on the PATH, besides what is there.
pub(crate) fn find_or_install_for_page() -> Result<Vec<PathBuf>> {
    let pins = pins::read()?;
    let trunk = Tool {
        program: "trunk",
        version: pins.trunk,
        origin: Origin::Crate("trunk"),
        patience: "three or four minutes",
    };
    find_or_install(&[
        wasm_opt(pins.wasm_opt),
        wasm_bindgen(pins.wasm_bindgen),
        trunk,
    ])
}

/// Finds or installs what makes the npm package. Gives the folders that have to be on the PATH, besides what is there.
pub(crate) fn find_or_install_for_package() -> Result<Vec<PathBuf>> {
    let pins = pins::read()?;
    find_or_install(&[wasm_opt(pins.wasm_opt), wasm_bindgen(pins.wasm_bindgen)])
}

fn find_or_install(tools: &[Tool]) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for tool in tools {
        folders.extend(find_or_install_one(tool)?);
    }
    // Only there while something was still to be compiled.
    let _ = fs::remove_dir_all(compiling()?);
    Ok(folders)
}

/// Finds or installs the one that makes a module of WebAssembly smaller and faster. Gives what to start.
pub(crate) fn find_or_install_wasm_opt() -> Result<PathBuf> {
    let tool = wasm_opt(pins::read()?.wasm_opt);
    let folder = find_or_install_one(&tool)?;
    Ok(folder.map_or_else(|| tool.program.into(), |folder| folder.join(tool.program)))
}

fn wasm_opt(version: String) -> Tool {
    Tool {
        program: "wasm-opt",
        origin: Origin::Npm("binaryen", format!("{version}.0.0")),
        version,
        patience: "some seconds",
    }
}

fn wasm_bindgen(version: String) -> Tool {
    Tool {
        program: "wasm-bindgen",
        version,
        origin: Origin::Crate("wasm-bindgen-cli"),
        patience: "a minute or two",
    }
}

fn find_or_install_one(tool: &Tool) -> Result<Option<PathBuf>> {
    if has_version(Path::new(tool.program), &tool.version) {
        return Ok(None);
    }
    let (root, folder) = match &tool.origin {
        Origin::Crate(_) => {
            let root = places::tool(tool.program, &tool.version)?;
            (root.clone(), root.join("bin"))
        }
        Origin::Npm(package, version) => {
            let root = places::tool(package, version)?;
            (root.clone(), root.join("node_modules").join(".bin"))
        }
    };
    // Running it is the test: a half-finished install is there, but does not run.
    let program = folder.join(tool.program);
    if !has_version(&program, &tool.version) {
        let doing = format!(
            "Installing {} {} for you, once, into {} ({})",
            tool.program,
            tool.version,
            root.display(),
            tool.patience
        );
        say::step(&doing, || install(tool, &root))?;
        if !has_version(&program, &tool.version) {
            bail!(
                "{} was installed into {}, but it is not version {}. Remove that folder and try again.",
                tool.program,
                root.display(),
                tool.version
            );
        }
    }
    Ok(Some(folder))
}

fn install(tool: &Tool, root: &Path) -> Result<()> {
    // What is left of an install that was interrupted would pass for a finished one.
    let _ = fs::remove_dir_all(root);
    fs::create_dir_all(root)?;
    match &tool.origin {
        // Unoptimised and without debug information, since it is compiled more than it is run. Without
        // its default features Trunk cannot download, which it never does here.
        Origin::Crate(package) => process::run(
            process::cargo()
                .args(["install", package, "--version", &tool.version, "--locked"])
                .args(["--no-default-features", "--debug", "--root"])
                .arg(root)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .env("CARGO_TARGET_DIR", compiling()?),
        ),
        Origin::Npm(package, version) => {
            process::run(npm_install(root)?.arg(format!("{package}@{version}")))
        }
    }
}

fn npm_install(root: &Path) -> Result<Command> {
    let mut npm = node::npm()?;
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"])
        .arg(root);
    Ok(npm)
}

/// Where the tools are compiled. It stays when an install is interrupted, so that the next one goes on there.
fn compiling() -> Result<PathBuf> {
    Ok(places::tools()?.join("compiling"))
}

fn has_version(program: &Path, version: &str) -> bool {
    process::version(program).is_some_and(|printed| pins::version_in(&printed) == Some(version))
}
