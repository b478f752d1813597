//! A compiler and tools that make WebAssembly, for the page and for the npm package.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::wasm_target::{self, Compiler};
use crate::{places, process, say};

/// All that it takes to make WebAssembly and what goes with it.
pub(crate) struct Workshop {
    tools: Vec<PathBuf>,
    compiler: Compiler,
}

impl Workshop {
    /// Finds what is there and installs what is missing. `find_tools` gives the folders of tools that have to be on the PATH.
    pub(crate) fn prepare(find_tools: fn() -> Result<Vec<PathBuf>>) -> Result<Self> {
        let compiler = wasm_target::find_or_install()?;
        let tools = find_tools()?;
        let workshop = Self { tools, compiler };
        // Trunk has cargo work offline, as it would otherwise download tools of its own choice.
        say::step("Fetching the Rust packages, if any are missing", || {
            let fetch = ["fetch", "--quiet", "--target", wasm_target::TARGET];
            process::run(workshop.command("cargo")?.args(fetch))
        })?;
        Ok(workshop)
    }

    /// A command, cargo among them, that finds the tools and makes what the page is made of.
    pub(crate) fn command(&self, program: &str) -> Result<Command> {
        let mut command = process::command(program);
        self.compiler.use_in(&mut command);
        let mut folders = self.compiler.folders()?;
        folders.extend(self.tools.iter().cloned());
        // Cargo would take these in place of the project's own flags (.cargo/config.toml), and the vectors would be gone.
        command
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("PATH", wasm_target::path_with(folders)?)
            .env("CARGO_TARGET_DIR", places::page_target()?);
        Ok(command)
    }
}
