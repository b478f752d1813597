//! Where results go: what becomes of files, links, pipes and full disks.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A table of so many tracks, in which nothing is wrong.
fn tracks(count: usize) -> String {
    let names = "Track Name,Danceability,Energy,Loudness,Speechiness,Valence\n";
    names.to_owned() + &"song,0.1,0.2,-3,0.4,0.5\n".repeat(count)
}

fn overtone(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_overtone"));
    command.args(arguments).current_dir(folder);
    command
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
    names.sort();
    names
}

#[test]
fn a_link_to_a_pipe_is_written_to_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("tracks.csv"), tracks(3)).unwrap();
    // As /dev/stdout is one, which a mistake here must not cost the machine.
    symlink("/dev/fd/1", folder.join("link")).unwrap();
    let output = overtone(&["classify", "tracks.csv", "-o", "link"], folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let expected = overtone(&["classify", "tracks.csv"], folder).output();
    assert_eq!(output.stdout, expected.unwrap().stdout);
    assert!(folder.join("link").is_symlink());
}

#[test]
fn standard_output_by_its_path_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("tracks.csv"), tracks(3)).unwrap();
    let log = folder.join("log");
    fs::write(&log, "before\n").unwrap();
    let status = overtone(&["classify", "tracks.csv", "-o", "/dev/stdout"], folder)
        .stdout(File::options().append(true).open(&log).unwrap())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.starts_with("before\nTrack Name,"), "{log}");
    assert_eq!(log.lines().count(), 5);
}

#[test]
fn a_link_to_nothing_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("tracks.csv"), tracks(3)).unwrap();
    symlink("nowhere.csv", folder.join("link")).unwrap();
    let output = overtone(&["classify", "tracks.csv", "-o", "link"], folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        told(&output),
        "overtone: link cannot be written: it is a link to nowhere.csv, which is not there; make that file, or choose another \
         name for the output\n"
    );
    assert!(folder.join("link").is_symlink());
}

#[test]
fn the_model_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("tracks.csv"), tracks(3)).unwrap();
    let shipped =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../genre/models/fifteen-genres.forest");
    fs::copy(&shipped, folder.join("my.forest")).unwrap();
    let arguments = [
        "classify",
        "tracks.csv",
        "--model",
        "my.forest",
        "-o",
        "my.forest",
    ];
    let output = overtone(&arguments, folder).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told(&output).contains("my.forest is to be read and written"),
        "{}",
        told(&output)
    );
    let kept = fs::read(folder.join("my.forest")).unwrap();
    assert!(kept == fs::read(shipped).unwrap());
}

#[test]
fn an_interrupted_command_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut child = overtone(&["classify", "-", "-o", "out.csv"], folder)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // More than are classified together, so that some are written, and then it waits for more.
    let mut input = child.stdin.take().unwrap();
    input.write_all(tracks(20_000).as_bytes()).unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    let has_begun = || {
        let mut entries = fs::read_dir(folder).unwrap();
        entries.any(|entry| entry.unwrap().metadata().is_ok_and(|file| file.len() > 0))
    };
    while !has_begun() {
        assert!(Instant::now() < patience, "nothing is written");
        std::thread::sleep(Duration::from_millis(10));
    }
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(killed.success());
    // A shell sees that it was Ctrl-C, and ends its loop too.
    assert_eq!(child.wait().unwrap().signal(), Some(2));
    drop(input);
    assert_eq!(names(folder), Vec::<String>::new());
}

#[test]
fn what_cannot_be_written_is_named_once_and_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("tracks.csv"), tracks(20_000)).unwrap();
    fs::write(folder.join("out.csv"), "precious").unwrap();
    let limited = "trap '' XFSZ; ulimit -f 100; exec \"$0\" classify tracks.csv -o out.csv";
    let output = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_overtone")])
        .current_dir(folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        told(&output),
        "overtone: out.csv cannot be written: File too large (os error 27)\n"
    );
    assert_eq!(
        fs::read_to_string(folder.join("out.csv")).unwrap(),
        "precious"
    );
    assert_eq!(names(folder), ["out.csv", "tracks.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("tracks.csv"), tracks(3)).unwrap();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    for arguments in [
        &["inspect", "tracks.csv"][..],
        &["classify", "tracks.csv"],
        &["data", "check", "."],
    ] {
        let output = overtone(arguments, folder).stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(
            told(&output),
            "overtone: standard output cannot be written: No space left on device (os error 28)\n",
            "{arguments:?}"
        );
    }
    let output = overtone(&["classify", "tracks.csv", "-o", "/dev/full"], folder)
        .output()
        .unwrap();
    assert_eq!(
        told(&output),
        "overtone: /dev/full cannot be written: No space left on device (os error 28)\n"
    );
}
