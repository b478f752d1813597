//! The exported models in other programs: a script in Python compares what they say with what the command says.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{places, process};

/// Names the Python that the script is to run in.
const CHOICE: &str = "OVERTONE_PYTHON";

/// What the script imports and cannot do without.
const IMPORTS: &str = "import numpy, onnx, onnxruntime, pyarrow";

/// What to say where there is no such Python.
pub(crate) const MISSING: &str = "python3 has no onnx, onnxruntime and pyarrow; `pip install -r tests/onnx/requirements.txt` in a \
                                  virtual environment brings them, and OVERTONE_PYTHON names that environment's Python";

/// The Python that the user names, or else one that has what the script needs.
pub(crate) fn find_python() -> Option<PathBuf> {
    // CI sets what it has no value for to nothing.
    let chosen = env::var_os(CHOICE).filter(|chosen| !chosen.is_empty());
    chosen.map(PathBuf::from).or_else(|| {
        let python = PathBuf::from("python3");
        process::answer(process::command(&python).args(["-c", IMPORTS]))?;
        Some(python)
    })
}

/// Runs the script.
pub(crate) fn check(python: &Path) -> Result<()> {
    let script = places::repository().join("tests/onnx/check.py");
    process::run(process::command(python).arg(script).arg(places::command()?))
}
