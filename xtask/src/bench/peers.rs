//! What Overtone is compared with: Python and npm packages, installed for this user.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{apt, node, pins, places, process, say};

/// The oldest Python that the pinned versions run on.
const OLDEST: (u32, u32) = (3, 11);

/// What makes the forests; without it there is nothing to compare.
const FOREST_PACKAGES: &str = "numpy scipy scikit-learn";

/// What each Python peer needs besides, apart from the others: one that cannot be installed must not stop the rest.
const PEER_PACKAGES: [(&str, &str); 4] = [
    ("onnxruntime", "onnxruntime skl2onnx"),
    ("ydf", "ydf"),
    ("catboost", "catboost"),
    ("lightgbm", "lightgbm"),
];

/// The installed peers.
pub(crate) struct Peers {
    python: PathBuf,
    node_packages: PathBuf,
    /// Those that could not be installed, and why.
    missing: Vec<(&'static str, String)>,
}

impl Peers {
    /// Finds what is there and installs what is missing.
    pub(crate) fn find_or_install() -> Result<Self> {
        node::check()?;
        let mut missing = Vec::new();
        let folder = places::tools()?.join("bench-python");
        let python = virtual_environment(&folder)?;
        install(&python, &folder, FOREST_PACKAGES)?;
        for (peer, packages) in PEER_PACKAGES {
            if let Err(error) = install(&python, &folder, packages) {
                missing.push((peer, format!("could not be installed: {error:#}")));
            }
        }
        let node_packages = places::tools()?.join("bench-node");
        if let Err(error) = install_node_packages(&node_packages) {
            for peer in ["onnxruntime-web", "ydf-inference", "ml-random-forest"] {
                missing.push((peer, format!("could not be installed: {error:#}")));
            }
        }
        for (peer, why) in &missing {
            say::line(format_args!("    {peer} {why}"));
        }
        Ok(Self {
            python,
            node_packages,
            missing,
        })
    }

    /// Fails if a peer could not be installed.
    pub(crate) fn check(&self, peer: &str) -> Result<()> {
        match self.missing.iter().find(|(missing, _)| *missing == peer) {
            Some((_, why)) => bail!("{why}"),
            None => Ok(()),
        }
    }

    /// A Python script of `tests/bench`.
    pub(crate) fn python(&self, script: &str) -> Command {
        let mut command = process::command(&self.python);
        command
            .arg(room().join(script))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
            command.env(threads, "1");
        }
        command
    }

    /// The folder that the npm packages are installed in.
    pub(crate) fn node_packages(&self) -> &Path {
        &self.node_packages
    }

    /// The versions of Python and Node, as people write them.
    pub(crate) fn versions(&self) -> String {
        let version = |program: &Path| process::version(program).unwrap_or_default();
        let node = version(Path::new("node"));
        format!(
            "{}, Node {}",
            version(&self.python),
            node.trim_start_matches('v')
        )
    }
}

/// A Node script of `tests/bench`.
pub(crate) fn node(script: &str) -> Command {
    let mut command = process::command("node");
    command.arg(room().join(script));
    command
}

/// The benchmark's room in the repository.
pub(crate) fn room() -> PathBuf {
    places::repository().join("tests").join("bench")
}

/// The file that pins the Python packages' versions.
fn python_versions() -> PathBuf {
    room().join("python-versions.txt")
}

/// A Python of its own for the pinned packages; another one when the pins have changed. Gives the program.
fn virtual_environment(folder: &Path) -> Result<PathBuf> {
    let python = if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    };
    let pins = folder.join("python-versions.txt");
    if process::version(&python).is_some() && same(&pins, &python_versions()) {
        return Ok(python);
    }
    let yours = your_python()?;
    let create = || {
        let _ = fs::remove_dir_all(folder);
        process::run(process::command(yours).args(["-m", "venv"]).arg(folder))
    };
    say::step("Making a virtual environment for Python", || {
        // Debian has this part of Python in a package of its own.
        if create().is_err() && apt::is_here() {
            apt::install(&["python3-venv"], || create().is_ok())?;
        }
        Ok(())
    })?;
    if process::version(&python).is_none() {
        bail!(
            "`{yours} -m venv` made no Python in {}. What it printed above says why.",
            folder.display()
        );
    }
    fs::copy(python_versions(), pins)?;
    Ok(python)
}

/// The command of a Python that is new enough.
fn your_python() -> Result<&'static str> {
    for name in ["python3", "python"] {
        let new_enough = process::version(name)
            .and_then(|printed| pins::major_minor(pins::version_in(&printed)?))
            .is_some_and(|version| version >= OLDEST);
        if new_enough {
            return Ok(name);
        }
    }
    let (major, minor) = OLDEST;
    bail!("The benchmark compares with Python packages. Install Python {major}.{minor} or newer.")
}

/// Installs Python packages in the pinned versions, unless that has been done.
fn install(python: &Path, folder: &Path, packages: &str) -> Result<()> {
    let done = folder.join(format!("installed {packages}"));
    if done.exists() {
        return Ok(());
    }
    let doing = format!("Installing for Python: {packages} (half a minute)");
    say::step(&doing, || {
        process::run(
            process::command(python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ])
                .arg("--constraint")
                .arg(python_versions())
                .args(packages.split_whitespace()),
        )
    })?;
    fs::write(&done, "").with_context(|| format!("{} cannot be written.", done.display()))
}

/// Installs the npm packages, unless that has been done for this very list.
fn install_node_packages(folder: &Path) -> Result<()> {
    let done = folder.join("installed.json");
    let wanted = room().join("package-lock.json");
    if same(&done, &wanted) {
        return Ok(());
    }
    say::step(
        "Installing the npm packages to compare with (half a minute)",
        || {
            fs::create_dir_all(folder)?;
            for file in ["package.json", "package-lock.json"] {
                fs::copy(room().join(file), folder.join(file))?;
            }
            process::run(
                node::npm()?
                    .args(["ci", "--no-audit", "--no-fund", "--prefix"])
                    .arg(folder),
            )
        },
    )?;
    fs::copy(wanted, done)?;
    Ok(())
}

/// Whether two files are there and are the same.
pub(crate) fn same(one: &Path, other: &Path) -> bool {
    match (fs::read(one), fs::read(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_python_package_has_a_pinned_version() {
        let pins = fs::read_to_string(python_versions()).unwrap();
        let wanted = PEER_PACKAGES.iter().map(|(_, packages)| *packages);
        for package in wanted
            .chain([FOREST_PACKAGES])
            .flat_map(str::split_whitespace)
        {
            let pinned = format!("{package}==");
            assert!(
                pins.lines().any(|line| line.starts_with(&pinned)),
                "{package}"
            );
        }
    }
}
