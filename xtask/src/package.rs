//! Builds the npm package.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workshop::Workshop;
use crate::{node, places, process, say, tools, wasm_target};

/// The package's version is that of all crates.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The cargo profile, the page's: what it has compiled of the crates is there already.
const PROFILE: &str = "page";

/// What goes into the package beside its own files.
const FROM_ELSEWHERE: [&str; 3] = [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "crates/genre/models/fifteen-genres.forest",
];

/// Builds the package into `target/npm/overtone`, and packs it. Gives the packed file.
pub(crate) fn build() -> Result<PathBuf> {
    let workshop = Workshop::prepare(tools::find_or_install_for_package)?;
    let folder = places::npm()?.join("overtone");
    // What is left of another state would be packed too.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made.", folder.display()))?;
    say::step(
        "Building the npm package (the first time a minute or two, later some seconds)",
        || make_wasm(&workshop, &folder),
    )?;
    copy_files(&folder)?;
    let packed = say::step("Packing it (some seconds)", || pack(&folder))?;
    print_sizes(&folder, &packed)?;
    say::line(format_args!(
        "\nTo use it in a project of yours: npm install {}",
        packed.display()
    ));
    Ok(packed)
}

/// Compiles the crate, and makes of it what JavaScript can load.
fn make_wasm(workshop: &Workshop, folder: &Path) -> Result<()> {
    let mut cargo = workshop.command("cargo")?;
    cargo
        .args(["build", "--package", "overtone-js", "--profile", PROFILE])
        .args(["--target", wasm_target::TARGET, "--offline"]);
    process::run(&mut cargo)?;
    let compiled = places::page_target()?
        .join(wasm_target::TARGET)
        .join(PROFILE)
        .join("overtone_js.wasm");
    // The declarations are written by hand, and the package says itself where its file is.
    let mut wasm_bindgen = workshop.command("wasm-bindgen")?;
    wasm_bindgen
        .args(["--target", "web", "--no-typescript"])
        .args(["--omit-default-module-path", "--out-name", "overtone"])
        .arg("--out-dir")
        .arg(folder)
        .arg(compiled);
    process::run(&mut wasm_bindgen)?;
    let wasm = folder.join("overtone_bg.wasm");
    let mut wasm_opt = workshop.command("wasm-opt")?;
    wasm_opt
        .args(["-O2", "--strip-debug", "--strip-producers"])
        .arg(&wasm)
        .arg("-o")
        .arg(&wasm);
    process::run(&mut wasm_opt)
}

/// Copies what is not compiled.
fn copy_files(folder: &Path) -> Result<()> {
    let repository = places::repository();
    let own = fs::read_dir(repository.join("crates/js/npm"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<PathBuf>>>()?;
    let others = FROM_ELSEWHERE.map(|file| repository.join(file));
    for file in own.iter().chain(&others) {
        let name = file.file_name().context("A file has no name.")?;
        fs::copy(file, folder.join(name))
            .with_context(|| format!("{} cannot be copied.", file.display()))?;
    }
    Ok(())
}

/// Writes the version into the package, and packs it beside its folder.
fn pack(folder: &Path) -> Result<PathBuf> {
    let mut version = node::npm()?;
    version
        .args(["pkg", "set", &format!("version={VERSION}")])
        .current_dir(folder);
    process::run(&mut version)?;
    let npm = places::npm()?;
    let mut pack = node::npm()?;
    pack.args(["pack", "--silent", "--pack-destination"])
        .arg(&npm)
        .current_dir(folder);
    process::run_quietly(&mut pack)?;
    Ok(npm.join(format!("overtone-{VERSION}.tgz")))
}

/// Prints how much a page loads of the package, and how large it is packed.
fn print_sizes(folder: &Path, packed: &Path) -> Result<()> {
    for name in ["overtone_bg.wasm", "overtone.js", "fifteen-genres.forest"] {
        let mut weigh = process::command("node");
        weigh
            .args(["tests/bench/files.mjs", "sizes"])
            .arg(folder.join(name));
        let sizes =
            process::answer(&mut weigh).with_context(|| format!("{name} cannot be weighed."))?;
        let mut sizes = sizes.split('\t');
        if let (Some(raw), Some(brotli)) = (sizes.next(), sizes.next_back()) {
            say::line(format_args!("{name}: {raw} bytes, {brotli} by brotli"));
        }
    }
    say::line(format_args!(
        "{}: {} bytes",
        packed.display(),
        packed.metadata()?.len()
    ));
    Ok(())
}
