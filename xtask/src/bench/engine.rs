//! Overtone's own programs for the benchmark: a native one and modules of WebAssembly.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::wasm_target::{self, Compiler};
use crate::{places, process, say, tools};

/// The package in `tests/bench/engine`.
const PACKAGE: &str = "overtone-bench";

/// The instructions that a module of WebAssembly may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instructions {
    /// Those that every browser knows.
    Scalar,
    /// 128-bit vectors as well: Chrome 91, Firefox 89, Safari 16.4.
    Simd,
}

impl Instructions {
    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Simd => "simd128",
        }
    }
}

/// What a module can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Abilities {
    /// Read a forest and answer.
    Answers,
    /// Tell each feature's contribution to an answer as well, as the page does.
    Contributions,
}

/// The built programs.
pub(crate) struct Engine {
    native: PathBuf,
    modules: PathBuf,
    compilers: String,
}

impl Engine {
    /// Builds the programs; modules go into `folder`.
    pub(crate) fn build(folder: &Path) -> Result<Self> {
        let native = say::step("Building the native engine", build_native)?;
        let compiler = wasm_target::find_or_install()?;
        let wasm_opt = tools::find_or_install_wasm_opt()?;
        for instructions in [Instructions::Scalar, Instructions::Simd] {
            let doing = format!(
                "Building the engine for WebAssembly, {} (the first time a minute)",
                instructions.name()
            );
            say::step(&doing, || {
                for abilities in [Abilities::Answers, Abilities::Contributions] {
                    let module = build_module(compiler, folder, instructions, abilities)?;
                    // As the page's is.
                    let optimise = [
                        "-O3",
                        "--strip-debug",
                        "--strip-producers",
                        "--strip-target-features",
                        "-o",
                    ];
                    process::run(
                        process::command(&wasm_opt)
                            .arg(module)
                            .args(optimise)
                            .arg(module_in(folder, instructions, abilities)),
                    )?;
                }
                Ok(())
            })?;
        }
        let version = |rustc: &mut Command| process::answer(rustc.arg("--version"));
        let compilers = [
            version(&mut process::command("rustc")),
            version(&mut with_compiler(compiler, "rustc")?),
        ];
        let [native_compiler, module_compiler] = compilers.map(Option::unwrap_or_default);
        Ok(Self {
            native,
            modules: folder.to_path_buf(),
            compilers: if native_compiler == module_compiler {
                native_compiler
            } else {
                format!("{native_compiler}, and {module_compiler} for WebAssembly")
            },
        })
    }

    /// The native program.
    pub(crate) fn native(&self) -> Command {
        process::command(&self.native)
    }

    /// A module's file.
    pub(crate) fn module(&self, instructions: Instructions, abilities: Abilities) -> PathBuf {
        module_in(&self.modules, instructions, abilities)
    }

    /// Which compilers have built the programs.
    pub(crate) fn compilers(&self) -> &str {
        &self.compilers
    }
}

fn build_native() -> Result<PathBuf> {
    let build = ["build", "--quiet", "--release", "--package", PACKAGE];
    process::run(process::cargo().args(build))?;
    let programs = places::programs()?;
    let target = programs
        .parent()
        .context("The running program lies at the top.")?;
    let name = format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX);
    Ok(target.join("release").join(name))
}

fn build_module(
    compiler: Compiler,
    folder: &Path,
    instructions: Instructions,
    abilities: Abilities,
) -> Result<PathBuf> {
    // Each in a folder of its own, or else the one would throw the other's standard library away.
    let target = folder.join(format!("{} target", instructions.name()));
    let mut cargo = with_compiler(compiler, "cargo")?;
    cargo
        .args([
            "build",
            "--quiet",
            "--release",
            "--lib",
            "--package",
            PACKAGE,
        ])
        .args(["--target", wasm_target::TARGET])
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_RELEASE_LTO", "fat")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS");
    cargo.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        match instructions {
            Instructions::Scalar => "-C target-feature=-simd128",
            Instructions::Simd => "-C target-feature=+simd128",
        },
    );
    if abilities == Abilities::Contributions {
        cargo.args(["--features", "contributions"]);
    }
    process::run(&mut cargo)?;
    let name = format!("{}.wasm", PACKAGE.replace('-', "_"));
    Ok(target.join(wasm_target::TARGET).join("release").join(name))
}

/// A program of the compiler that makes WebAssembly.
fn with_compiler(compiler: Compiler, program: &str) -> Result<Command> {
    let mut command = process::command(program);
    compiler.use_in(&mut command);
    command.env("PATH", wasm_target::path_with(compiler.folders()?)?);
    Ok(command)
}

fn module_in(folder: &Path, instructions: Instructions, abilities: Abilities) -> PathBuf {
    let abilities = match abilities {
        Abilities::Answers => "answers",
        Abilities::Contributions => "contributions",
    };
    folder.join(format!("{} {abilities}.wasm", instructions.name()))
}
