//! Runs the forest's vector kernels in Miri, an interpreter that ends a program at the first undefined behaviour.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::{places, process, say};

/// Miri comes with the nightly compiler only.
const TOOLCHAIN: &str = "nightly";

/// A program in Miri runs on no processor that it could ask what it can do, so it is told. All kernels:
const ALL_KERNELS: &str = "-Ctarget-feature=+avx2,+bmi1,+avx512f,+avx512bw,+avx512vbmi";

/// All but the last: Miri of May 2026 did not know all of its instructions, that of October did.
const WITHOUT_AVX512: &str = "-Ctarget-feature=+avx2,+bmi1";

/// A program that Miri can run if it knows the look-ups of the AVX-512 kernel.
const LOOK_UP: &str = "\
use std::arch::x86_64::*;

fn main() {
    let bytes = unsafe { _mm512_set1_epi8(1) };
    let found = unsafe { _mm512_permutexvar_epi8(bytes, bytes) };
    let found = unsafe { _mm512_permutex2var_epi8(found, bytes, bytes) };
    assert_eq!(unsafe { _mm512_cmpeq_epi8_mask(found, bytes) }, u64::MAX);
}
";

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A Miri that is installed.
pub(crate) struct Miri {
    /// Which instructions the kernels may use.
    flags: &'static str,
}

impl Miri {
    /// Finds Miri, if it is installed and its standard library can be made.
    pub(crate) fn find() -> Option<Self> {
        let mut setup = nightly("cargo");
        setup.args(["miri", "setup", "--print-sysroot", "--target", TARGET]);
        let standard_library = process::answer(&mut setup)?;
        let folder = places::interpreted().ok()?;
        let program = folder.join("look_up.rs");
        fs::create_dir_all(&folder).ok()?;
        fs::write(&program, LOOK_UP).ok()?;
        let mut miri = nightly("miri");
        miri.args(["--sysroot", &standard_library, "--target", TARGET])
            .args(["--edition", "2024", ALL_KERNELS])
            .arg(program);
        let knows_all = process::run_quietly(&mut miri).is_ok();
        Some(Self {
            flags: if knows_all {
                ALL_KERNELS
            } else {
                WITHOUT_AVX512
            },
        })
    }

    /// Runs the kernels' tests, and shows each line that they print to `look`.
    pub(crate) fn test_kernels(&self, look: impl FnMut(&str)) -> Result<()> {
        if self.flags == WITHOUT_AVX512 {
            say::line(
                "This Miri does not know all instructions of the AVX-512 kernel, which is left out; \
                 `rustup update nightly` brings one that does.",
            );
        }
        let mut miri = nightly("cargo");
        miri.args(["miri", "test", "--package", "overtone-forest"])
            .args(["--test", "batch", "--target", TARGET])
            .env("CARGO_TARGET_DIR", places::interpreted()?)
            .env("RUSTFLAGS", self.flags);
        process::run_and_look(&mut miri, look)
    }
}

/// A program of the nightly toolchain.
fn nightly(program: &str) -> Command {
    let mut rustup = process::command("rustup");
    rustup.args(["run", TOOLCHAIN, program]);
    // What `cargo xtask` was started with must not reach the other toolchain.
    for name in [
        "CARGO",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC",
        "RUSTDOC",
        "RUSTUP_TOOLCHAIN",
    ] {
        rustup.env_remove(name);
    }
    rustup
}
