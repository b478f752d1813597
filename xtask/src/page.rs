//! Builds the page with Trunk.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::wasm_target::{self, Compiler};
use crate::{places, process, say, tools};

/// All that it takes to build the page.
pub(crate) struct Workshop {
    tools: Vec<PathBuf>,
    compiler: Compiler,
}

/// Builds the release page into `dist/`.
pub(crate) fn build() -> Result<()> {
    let workshop = Workshop::prepare()?;
    say::step(BUILDING, || {
        process::run(workshop.trunk()?.args(["build", "--release"]))
    })
}

/// What is said while the page is built.
pub(crate) const BUILDING: &str =
    "Building the page (the first time two to five minutes, later some seconds)";

impl Workshop {
    /// Finds what is there and installs what is missing.
    pub(crate) fn prepare() -> Result<Self> {
        let compiler = wasm_target::find_or_install()?;
        let tools = tools::find_or_install()?;
        let workshop = Self { tools, compiler };
        // Trunk has cargo work offline, as it would otherwise download tools of its own choice.
        say::step(
            "Fetching the page's Rust packages, if any are missing",
            || {
                let fetch = ["fetch", "--quiet", "--target", wasm_target::TARGET];
                process::run(workshop.command("cargo")?.args(fetch))
            },
        )?;
        Ok(workshop)
    }

    /// The command `trunk`, which reads `Trunk.toml`.
    pub(crate) fn trunk(&self) -> Result<Command> {
        let mut trunk = self.command("trunk")?;
        // Trunk 0.21 takes the usual NO_COLOR=1 for a wrong argument and refuses to run.
        trunk.env_remove("NO_COLOR");
        Ok(trunk)
    }

    fn command(&self, program: &str) -> Result<Command> {
        let mut command = process::command(program);
        self.compiler.use_in(&mut command);
        let mut folders = self.compiler.folders()?;
        folders.extend(self.tools.iter().cloned());
        // Cargo would take these in place of the page's own flags (.cargo/config.toml), and its vectors would be gone.
        command
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("PATH", wasm_target::path_with(folders)?)
            .env("CARGO_TARGET_DIR", places::page_target()?);
        Ok(command)
    }
}
