//! `overtone export` as somebody meets it. What is in the file, the tests of `overtone_study::onnx` ask, and
//! `tests/onnx/check.py` asks onnxruntime.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

fn export(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_overtone"))
        .arg("export")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_model_becomes_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let output = export(&["--onnx", "eight.onnx"], folder);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let bytes = std::fs::read(folder.join("eight.onnx")).unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(
        report.contains(&format!("eight.onnx: {} bytes", bytes.len())),
        "{report}"
    );
    // The same model gives the same bytes, and popularity makes a difference.
    let shipped = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../genre/models/eight-genres.forest"
    );
    export(&["--onnx", "same.onnx", "--model", shipped], folder);
    assert_eq!(std::fs::read(folder.join("same.onnx")).unwrap(), bytes);
    export(&["--onnx", "popular.onnx", "--use-popularity"], folder);
    assert_ne!(std::fs::read(folder.join("popular.onnx")).unwrap(), bytes);
}

#[test]
fn standard_output_has_the_model_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    export(&["--onnx", "eight.onnx"], folder);
    let bytes = std::fs::read(folder.join("eight.onnx")).unwrap();
    for name in ["-", "/dev/stdout"] {
        let output = export(&["--onnx", name], folder);
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        assert!(output.stdout == bytes, "{} bytes", output.stdout.len());
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_exported_is_said_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("table.csv"), "energy,tempo\n0.5,120\n").unwrap();
    for (arguments, sentence) in [
        (
            "--onnx out.onnx --model none.forest",
            "none.forest: No such file",
        ),
        ("--onnx out.onnx --model table.csv", "table.csv: "),
        (
            "--onnx none/out.onnx",
            "none/out.onnx cannot be written: there is no folder none",
        ),
        (
            "--onnx table.csv --model table.csv",
            "table.csv is to be read and written",
        ),
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let output = export(&arguments, folder);
        assert_eq!(output.status.code(), Some(2));
        assert!(told(&output).contains(sentence), "{}", told(&output));
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    }
}
