//! `overtone classify` as somebody meets it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/files")
        .join(name)
}

fn classify(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_overtone"))
        .arg("classify")
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const PLAYLIST: &str = "exportify-net/playlist.csv";

#[test]
fn the_original_columns_come_back_with_genres_behind_them() {
    let output = classify(&[&file(PLAYLIST)]);
    assert_eq!(output.status.code(), Some(0));
    let labelled = text(&output.stdout);
    let original = std::fs::read_to_string(file(PLAYLIST)).unwrap();
    assert_eq!(labelled.lines().count(), original.lines().count());
    for (labelled, original) in labelled.lines().zip(original.lines()) {
        assert!(labelled.starts_with(&format!("{original},")), "{labelled}");
    }
    assert!(
        labelled.lines().next().unwrap().ends_with(
            ",Time Signature,predicted_genre,confidence,p_classical,p_country,p_electronic,p_hiphop,p_jazz,p_latin,\
             p_pop,p_rock"
        )
    );
    assert!(text(&output.stderr).contains("12 of 12 tracks have a genre, 0 problems"));
}

#[test]
fn probabilities_add_up_and_name_the_genre() {
    let output = classify(&[Path::new("--json"), &file(PLAYLIST)]);
    let mut lines = 0;
    for line in text(&output.stdout).lines() {
        let track: Value = serde_json::from_str(line).unwrap();
        let probabilities = track["probabilities"].as_object().unwrap();
        assert_eq!(probabilities.len(), 8);
        let sum: f64 = probabilities.values().map(|p| p.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        let predicted = track["predicted_genre"].as_str().unwrap();
        assert_eq!(probabilities[predicted], track["confidence"]);
        lines += 1;
        assert_eq!(track["line"], lines + 1);
    }
    assert_eq!(lines, 12);
    // An orchestra's nocturne is not mistaken, nor is a night in a warehouse.
    let first: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(first[0]["track"], "Nocturne for an Empty Hall");
    assert_eq!(first[0]["artist"], "Ilse Brandt");
    assert_eq!(first[0]["predicted_genre"], "classical");
    assert_eq!(first[2]["predicted_genre"], "electronic");
}

#[test]
fn standard_input_and_output_files_do_the_same() {
    let expected = classify(&[&file(PLAYLIST)]).stdout;
    let mut child = Command::new(env!("CARGO_BIN_EXE_overtone"))
        .args(["classify", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let playlist = std::fs::read(file(PLAYLIST)).unwrap();
    child.stdin.take().unwrap().write_all(&playlist).unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, expected);

    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("out.csv");
    let output = classify(&[&file(PLAYLIST), Path::new("--output"), &written]);
    assert!(output.stdout.is_empty());
    assert_eq!(std::fs::read(written).unwrap(), expected);

    let to_screen = Command::new(env!("CARGO_BIN_EXE_overtone"))
        .args(["classify", "--output", "-"])
        .arg(file(PLAYLIST))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(to_screen.stdout, expected);
    assert!(!folder.path().join("-").exists());
}

#[test]
fn one_problem_more_than_are_told_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("loud.csv");
    let rows = ".5,loud,.5,.5,.5,.5\n".repeat(21);
    let names = "Danceability,Energy,Valence,Liveness,Speechiness,Acousticness";
    let rest = ".5,.5,.5,.5,.5,.5\n".repeat(30);
    std::fs::write(&path, format!("{names}\n{rest}{rows}")).unwrap();
    let told = text(&classify(&[&path]).stderr);
    assert!(
        told.contains("1 more problem; --all-problems tells it"),
        "{told}"
    );
}

#[test]
fn an_output_is_never_written_over_its_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("playlist.csv");
    let original = std::fs::read(file(PLAYLIST)).unwrap();
    std::fs::write(&path, &original).unwrap();
    let output = classify(&[&path, Path::new("--output"), &path]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("choose another name"));
    assert_eq!(std::fs::read(&path).unwrap(), original);
}

#[test]
fn an_output_is_replaced_only_by_something() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept.csv");
    std::fs::write(&kept, "precious").unwrap();
    for input in ["bad/not-there.csv", "bad/picture.png"] {
        let output = classify(&[&file(input), Path::new("--output"), &kept]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "precious");
    }
    let nowhere = folder.path().join("nowhere/out.csv");
    let output = classify(&[&file(PLAYLIST), Path::new("--output"), &nowhere]);
    assert!(text(&output.stderr).contains("cannot be written"));
    assert_eq!(output.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_device_a_device() {
    use std::os::unix::fs::FileTypeExt;

    let folder = tempfile::tempdir().unwrap();
    let (target, link) = (
        folder.path().join("target.csv"),
        folder.path().join("link.csv"),
    );
    std::fs::write(&target, "before").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    classify(&[&file(PLAYLIST), Path::new("--output"), &link]);
    assert!(link.is_symlink());
    assert_eq!(
        std::fs::read(&target).unwrap(),
        classify(&[&file(PLAYLIST)]).stdout
    );

    // A device of our own: a mistake here must not cost the machine its /dev/null.
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let mut reader = Command::new("cat")
        .arg(&pipe)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = classify(&[&file(PLAYLIST), Path::new("--output"), &pipe]);
    assert_eq!(output.status.code(), Some(0));
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    let mut read = Vec::new();
    std::io::Read::read_to_end(&mut reader.stdout.take().unwrap(), &mut read).unwrap();
    reader.wait().unwrap();
    assert_eq!(read, std::fs::read(&target).unwrap());
}

#[test]
fn a_table_without_tracks_keeps_its_columns() {
    let playlist = std::fs::read_to_string(file(PLAYLIST)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.csv");
    std::fs::write(&path, playlist.lines().next().unwrap()).unwrap();
    let output = classify(&[&path]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).ends_with(",p_rock\n"));
    assert!(text(&output.stderr).contains("0 of 0 tracks"));
}

#[test]
fn a_closed_screen_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_overtone"))
        .args(["classify", "--all-problems"])
        .args([
            file("bad/text-in-number.csv"),
            file("bad/text-in-number.csv"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    drop(child.stderr.take());
    // A panic ends with status 101, or by a signal.
    assert!(matches!(child.wait().unwrap().code(), Some(0 | 1)));
}

#[test]
fn whoever_reads_only_the_beginning_is_told_no_total() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    // More than are classified together.
    let rows = "song,0.1,0.2,-3,0.4,0.5\n".repeat(3_000);
    let table = format!("Track Name,Danceability,Energy,Loudness,Speechiness,Valence\n{rows}");
    std::fs::write(&path, table).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_overtone"))
        .arg("classify")
        .arg(&path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn options_that_change_nothing_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.csv");
    std::fs::write(
        &path,
        "Danceability,Energy,Valence,Liveness,Speechiness,Genre\n.5,.5,.5,.5,.5,trap\n",
    )
    .unwrap();
    let output = classify(&[&path, Path::new("--use-popularity")]);
    let told = text(&output.stderr);
    assert!(
        told.contains("there is no column of popularity, so --use-popularity changes nothing"),
        "{told}"
    );
    let output = classify(&[
        &path,
        Path::new("--label=trap=hiphop"),
        Path::new("--label=Trop=rock"),
    ]);
    let told = text(&output.stderr);
    assert!(!told.contains("popularity changes nothing"), "{told}");
    assert!(!told.contains("--label trap"), "{told}");
    assert!(
        told.contains(
            "--label Trop=rock changes nothing: no track with an answer has the genre “Trop”"
        ),
        "{told}"
    );
}

#[test]
fn several_files_need_the_same_columns() {
    let playlist = file(PLAYLIST);
    let output = classify(&[&playlist, &playlist]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout).lines().count(), 25);

    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.csv");
    std::fs::write(
        &other,
        "danceability,energy,valence,speechiness,acousticness\n.5,.5,.5,.5,.5\n",
    )
    .unwrap();
    let output = classify(&[&playlist, &other]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(told.contains("other columns"));
    assert!(!told.contains("other.csv: 1 of 1"), "{told}");
    let output = classify(&[&playlist, &other, Path::new("--json")]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout).lines().count(), 13);
}

#[test]
fn several_files_need_the_same_units_and_decimal_marks() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, table: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, table).unwrap();
        path
    };
    let ratios = "Danceability,Energy,Loudness,Liveness,Valence\n0.21,0.83,-7.5,0.1,0.55\n0.4,0.7,-9.5,0.2,0.34\n";
    let commas = ratios.replace(',', ";").replace('.', ",");
    let ratios = write("ratios.csv", ratios);
    let commas = write("commas.csv", &commas);
    let percent = write(
        "percent.csv",
        "Danceability,Energy,Loudness,Liveness,Valence\n21,83,-7.5,10,55\n40,70,-9.5,20,34\n",
    );
    let output = classify(&[&ratios, &commas, &percent, &ratios]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    for said in [
        "commas.csv has another decimal mark in “Danceability” than the file before it, and one CSV file cannot hold both; \
         classify them one at a time, or use --json",
        "percent.csv has “Danceability” in another unit than the file before it (percent, not ratio), and one CSV file",
    ] {
        assert!(told.contains(said), "{told}");
    }
    // Those that fit together are in the output, and no others.
    assert_eq!(text(&output.stdout).lines().count(), 5);
    assert!(!text(&output.stdout).contains("0,21"));
    let output = classify(&[Path::new("--json"), &ratios, &commas, &percent]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout).lines().count(), 6);
    // Whole numbers have no decimal mark that could be another.
    let whole = write(
        "whole.csv",
        "Danceability;Energy;Loudness;Liveness;Valence\n0;1;-7;1;0\n1;0;-9;0;1\n",
    );
    let output = classify(&[&commas, &whole]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn columns_under_unknown_names_can_be_seen_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("polish.csv");
    let others: String = (1..=12).map(|number| format!("Inne {number},")).collect();
    std::fs::write(
        &path,
        format!(
            "{others}Taneczność,Moc,Głośność,Żywość,Nastrój\n{}.5,.6,-7,.1,.4\n",
            "x,".repeat(12)
        ),
    )
    .unwrap();
    let said = "--column NAME=FEATURE tells which, such as --column Nrg=energy; overtone inspect shows all names";
    let output = classify(&[&path]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains(said));
    let path = path.display().to_string();
    let output = command(&["inspect", &path]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains(said));
    let shown = text(&output.stdout);
    for name in ["Inne 1", "Taneczność", "Nastrój"] {
        let begins = |line: &str| line.trim_start().starts_with(&format!("{name}  "));
        assert!(shown.lines().any(begins), "{shown}");
    }
    let chosen = [
        "--column=Taneczność=danceability",
        "--column=Moc=energy",
        "--column=Głośność=loudness",
        "--column=Żywość=liveness",
        "--column=Nastrój=valence",
    ];
    let output = command(&[&["classify", &path], &chosen[..]].concat());
    assert_eq!(output.status.code(), Some(0));
    // What a tool that is known leaves out, no column has.
    let output = command(&["classify", &self::path("soundiiz/playlist.csv")]);
    assert!(!text(&output.stderr).contains("--column"));
}

#[test]
fn a_long_label_is_cut_visibly_and_its_genre_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rock.csv");
    let label =
        "acid rock, album rock, alternative rock, classic rock, hard rock, psychedelic rock";
    std::fs::write(
        &path,
        format!(
            "Danceability,Energy,Valence,Liveness,Speechiness,Genre\n.5,.5,.5,.5,.5,\"{label}\"\n"
        ),
    )
    .unwrap();
    let told = text(&classify(&[&path]).stderr);
    assert!(
        told.contains(
            "  read as: acid rock, album rock, alternative rock, classic rock, hard … = rock\n"
        ),
        "{told}"
    );
}

#[test]
fn popularity_counts_only_when_asked() {
    let playlist = std::fs::read_to_string(file(PLAYLIST)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("playlist.csv");
    std::fs::write(&path, playlist.replacen(",Popularity,", ",Plays,", 1)).unwrap();
    let answers = |arguments: &[&Path]| -> Vec<Value> {
        text(&classify(arguments).stdout)
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["probabilities"].clone())
            .collect()
    };
    let json = Path::new("--json");
    let without = answers(&[json, &path]);
    assert_eq!(answers(&[json, &file(PLAYLIST)]), without);
    let with = answers(&[json, &file(PLAYLIST), Path::new("--use-popularity")]);
    assert_ne!(with, without);
}

#[test]
fn words_of_titles_count_only_when_asked() {
    let features = "0.5,0.5,-9,0.05,0.5,0.1,0.1,0.5,110";
    let table = format!(
        "Track Name,Danceability,Energy,Loudness,Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo\n\
         \"Sonata No. 3 in B minor, Op. 58: II. Scherzo\",{features}\n,{features}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.csv");
    std::fs::write(&path, &table).unwrap();
    let classical = |path: &Path, arguments: &[&str]| -> Vec<f64> {
        let mut all = vec![Path::new("--json"), path];
        all.extend(arguments.iter().map(Path::new));
        let output = text(&classify(&all).stdout).to_owned();
        let lines = output.lines();
        lines
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .map(|row| row["probabilities"]["classical"].as_f64().unwrap())
            .collect()
    };
    let [sonata, nameless] = classical(&path, &[])[..] else {
        panic!("two rows");
    };
    assert_eq!(sonata, nameless);
    let with = classical(&path, &["--use-titles"]);
    assert!(with[0] > 2.0 * sonata, "{with:?}, {sonata} without");
    assert_eq!(with[1], nameless);

    // Where there are no titles, it says that they change nothing.
    std::fs::write(&path, table.replacen("Track Name", "Something", 1)).unwrap();
    let output = classify(&[&path, Path::new("--use-titles")]);
    assert!(text(&output.stderr).contains("there is no column of titles"));
    // What titles say is known for the shipped model alone.
    let output = classify(&[
        &path,
        Path::new("--use-titles"),
        Path::new("--model"),
        &path,
    ]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_track_that_sounds_like_none_of_the_genres_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.csv");
    std::fs::write(
        &path,
        "Track Name,Danceability,Energy,Loudness,Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo\n\
         Two Men at a Microphone,0.56,0.7,-11,0.95,0.82,0,0.8,0.4,90\n\
         Waltz for Nobody,0.3,0.2,-18,0.04,0.95,0.8,0.1,0.3,100\n",
    )
    .unwrap();
    let output = classify(&[Path::new("--json"), &path]);
    let told = text(&output.stderr);
    assert!(
        told.contains("1 of them sounds like none of the genres"),
        "{told}"
    );
    let none: Vec<f64> = text(&output.stdout)
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["none_of_these"]
                .as_f64()
                .unwrap()
        })
        .collect();
    assert!(
        0.0 < none[1] && none[1] < none[0] && none[0] < 1.0,
        "{none:?}"
    );
}

/// What cannot be used at all: nothing on standard output, the reason on standard error, exit status 2.
fn assert_refused(path: &Path, reason: &str) {
    let output = classify(&[path]);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty());
    assert!(message.contains(reason), "{message}");
    assert!(message.contains(&path.display().to_string()), "{message}");
}

#[test]
fn files_that_are_no_tables_of_tracks_are_refused() {
    assert_refused(&file("bad/empty.csv"), "The file is empty");
    assert_refused(&file("bad/picture.png"), "This is a picture (PNG)");
    assert_refused(
        &file("bad/no-features.csv"),
        "There is no column of audio features. The column names are: “Track name”",
    );
    assert_refused(&file("bad/not-there.csv"), "No such file");
}

#[test]
fn text_where_a_number_belongs_is_named_and_the_rest_goes_on() {
    let output = classify(&[&file("bad/text-in-number.csv")]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(
        message.contains("line 4, column “Energy”: “loud” is not a number"),
        "{message}"
    );
    assert!(message.contains("5 of 5 tracks have a genre, 1 problem"));
    assert_eq!(text(&output.stdout).lines().count(), 6);
}

#[test]
fn a_row_that_is_too_short_is_named_and_the_rest_goes_on() {
    let output = classify(&[&file("bad/short-row.csv")]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(
        message.contains("line 3: the row is too short: 12 of 24 cells"),
        "{message}"
    );
    assert!(message.contains("line 3: no genre: 0 of 9 audio features known"));
    assert!(message.contains("4 of 5 tracks have a genre"));
    // The short row is still there, with its own columns empty where it has none.
    let labelled = text(&output.stdout);
    let short = labelled.lines().nth(2).unwrap();
    assert_eq!(short.matches(',').count(), 24 + 10 - 1);
}

#[test]
fn a_model_that_is_damaged_is_refused() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../genre/models/eight-genres.forest");
    let model = std::fs::read(shipped).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.forest");
    let mut changed = model.clone();
    changed[model.len() / 2] ^= 4;
    let mut newer = model.clone();
    newer[4] = 99;
    let cases = [
        (model[..model.len() - 1].to_vec(), "bytes but has"),
        (changed, "checksum does not match"),
        (newer, "format version 99"),
        (b"Track URI".to_vec(), "not a forest model file"),
    ];
    for (bytes, reason) in cases {
        std::fs::write(&path, bytes).unwrap();
        let output = classify(&[&file(PLAYLIST), Path::new("--model"), &path]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(reason), "{message}");
    }
}

fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_overtone"))
        .args(arguments)
        .output()
        .unwrap()
}

fn path(name: &str) -> String {
    file(name).display().to_string()
}

#[test]
fn inspect_shows_what_each_column_is_read_as() {
    let output = command(&["inspect", &path("chosic/2026.csv")]);
    assert_eq!(output.status.code(), Some(0));
    let shown = text(&output.stdout);
    let line = |column: &str| {
        let line = shown
            .lines()
            .find(|line| line.trim_start().starts_with(column))
            .unwrap_or_default();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(shown.contains("from Chosic's playlist analyzer"));
    assert_eq!(
        line("Dance"),
        "Dance 21 | 74 | 55 danceability, percent (21 → 0.21) certain"
    );
    assert_eq!(
        line("Duration"),
        "Duration 05:12 | 06:42 | 03:34 duration_ms, m:ss (05:12 → 312000) certain"
    );
    assert!(line("Camelot").ends_with("not as key: another column is read for it"));

    let output = command(&["inspect", &path("organize-your-music/top-2010s.csv")]);
    assert!(text(&output.stdout).contains("missing: instrumentalness"));
    let output = command(&["inspect", &path("exportify-net/export-all.zip")]);
    let shown = text(&output.stdout);
    assert!(
        shown.contains("export-all.zip/first.csv") && shown.contains("export-all.zip/second.csv")
    );
    let output = command(&["inspect", &path("soundiiz/playlist.csv")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("Soundiiz"));
}

#[test]
fn what_a_column_means_can_be_told() {
    let energies = |arguments: &[&str]| {
        let file = path("spreadsheet/energy-in-words.csv");
        let output = command(&[&["inspect", file.as_str()], arguments].concat());
        text(&output.stdout)
    };
    assert!(energies(&[]).contains("not as energy"));
    let chosen = energies(&["--column", "valence=energy"]);
    let valence = chosen
        .lines()
        .find(|line| line.contains("Valence"))
        .unwrap();
    let words: Vec<&str> = valence.split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "Valence 0.12 | 0.23 | 0.55 energy, ratio certain"
    );
    assert!(energies(&["--column", "Tempo=-"]).contains("missing: energy, tempo"));
    assert!(energies(&["--column", "Nothing=energy"]).contains("There is no column “Nothing”"));
    let wrong = command(&["inspect", "x.csv", "--column", "Energy=colour"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("nothing that a column can be read as"));
}

#[test]
fn an_archive_is_read_table_by_table() {
    let output = command(&["classify", &path("exportify-net/export-all.zip")]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout).lines().count(), 11);
    let told = text(&output.stderr);
    assert!(told.contains("notes.md: not a table, skipped"));
    assert!(told.contains("second.csv: 5 of 5 tracks have a genre"));

    // Tables with other columns, or damaged ones, do not keep those behind them back.
    let output = command(&["classify", &path("bent/other-columns-in-the-middle.zip")]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout).lines().count(), 11);
    let told = text(&output.stderr);
    assert!(told.contains("b.csv has other columns"), "{told}");
    assert!(!told.contains("b.csv: 5 of 5"), "{told}");
    assert!(told.contains("c.csv: 5 of 5 tracks"), "{told}");
    let output = command(&["classify", &path("bent/damaged-in-the-middle.zip")]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout).lines().count(), 16);
    let told = text(&output.stderr);
    assert!(
        told.contains("b.csv: The zip archive cannot be read: a file in it is damaged."),
        "{told}"
    );
    assert!(told.contains("c.csv: 5 of 5 tracks"), "{told}");

    // A damaged archive keeps what was read before.
    let archive = std::fs::read(file("exportify-net/export-all.zip")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let cut = folder.path().join("cut.zip");
    std::fs::write(&cut, &archive[..archive.len() / 2]).unwrap();
    let output = classify(&[&cut]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout).lines().count(), 6);
    assert!(text(&output.stderr).contains("Was it downloaded to the end?"));
}

#[test]
fn a_table_can_be_made_for_excel_and_formulas_kept_from_running() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.csv");
    std::fs::write(
        &table,
        "title,energy,loudness,valence,tempo,liveness\n\"=1+1\",0.1,-3,0.5,120,0.1\n",
    )
    .unwrap();
    let plain = classify(&[&table]);
    assert!(text(&plain.stdout).contains("\n=1+1,0.1,-3,"));
    let guarded = classify(&[&table, Path::new("--bom"), Path::new("--guard-formulas")]);
    assert!(guarded.stdout.starts_with(b"\xEF\xBB\xBFtitle,"));
    assert!(text(&guarded.stdout).contains("\n'=1+1,0.1,-3,"));
    // Numbers are no formulas, whatever their decimal mark.
    let commas = path("spreadsheet/semicolons-decimal-commas.csv");
    let guarded = text(&command(&["classify", &commas, "--guard-formulas"]).stdout);
    assert!(guarded.contains(";-27,4;"), "{guarded}");
    assert!(!guarded.contains(";'-"), "{guarded}");
}

#[test]
fn genres_from_before_are_replaced() {
    let first = classify(&[&file(PLAYLIST)]).stdout;
    let folder = tempfile::tempdir().unwrap();
    let again = folder.path().join("again.csv");
    std::fs::write(&again, &first).unwrap();
    let second = classify(&[&again]);
    assert_eq!(second.status.code(), Some(0));
    assert_eq!(second.stdout, first);

    // A column that somebody has put behind them stays, though its name begins like theirs.
    let with_mood: String = text(&first)
        .lines()
        .enumerate()
        .map(|(number, line)| format!("{line},{}\n", if number == 0 { "p_mood" } else { "calm" }))
        .collect();
    std::fs::write(&again, with_mood).unwrap();
    let third = text(&classify(&[&again]).stdout);
    assert_eq!(third.lines().count(), 13);
    let header = third.lines().next().unwrap();
    assert_eq!(header.matches("p_mood").count(), 1);
    assert_eq!(header.matches("p_jazz").count(), 1);
    assert_eq!(third.matches(",calm").count(), 12);
}

#[test]
fn genres_that_the_file_has_are_compared() {
    let table = path("kaggle/genres-v2.csv");
    let told = text(&command(&["classify", &table]).stderr);
    assert!(
        told.contains("the model knows the file's own genre of 5 of 5 tracks; it agrees on"),
        "{told}"
    );
    assert!(told.contains("techno = electronic"));
    assert!(told.contains("Hip-Hop = hiphop"));
    let told = text(&command(&["classify", &table, "--label", "techno=-"]).stderr);
    assert!(
        told.contains("4 of 5 tracks") && told.contains("left out: techno"),
        "{told}"
    );
    let wrong = command(&["classify", &table, "--label", "techno=polka"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("the model's genres are classical"));
}

#[test]
fn one_file_that_cannot_be_read_does_not_keep_the_others_back() {
    let output = command(&["classify", &path("bad/no-features.csv"), &path(PLAYLIST)]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout).lines().count(), 13);
    assert!(text(&output.stderr).contains("There is no column of audio features."));
}

#[test]
fn json_has_the_original_columns() {
    let output = command(&["classify", "--json", &path("kaggle/dataset-114.csv")]);
    let first: Value = serde_json::from_str(text(&output.stdout).lines().next().unwrap()).unwrap();
    assert_eq!(first["columns"]["column 1"], "0");
    assert_eq!(first["columns"]["track_genre"], "Classical");
    assert_eq!(first["columns"]["danceability"], "0.21");
}

#[test]
fn a_long_table_keeps_its_order_and_what_was_read_before_an_error() {
    // More rows than are classified together, some without an answer, and at last one that is too long.
    let mut table = "Track Name,Danceability,Energy,Loudness,Speechiness,Valence\n".to_owned();
    for row in 0..3_000 {
        let energy = if row % 700 == 0 { "none" } else { "0.2" };
        table.push_str(&format!("song {row},0.1,{energy},-3,0.4,0.5\n"));
    }
    table.push_str(&"x".repeat(3 << 20));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    std::fs::write(&path, table).unwrap();

    let output = classify(&[&path]);
    assert_eq!(output.status.code(), Some(2));
    let labelled = text(&output.stdout);
    let mut lines = labelled.lines().skip(1);
    for row in 0..3_000 {
        let line = lines.next().unwrap();
        assert!(line.starts_with(&format!("song {row},")), "{line}");
        assert_eq!(line.ends_with(",,"), row % 700 == 0, "{line}");
    }
    assert_eq!(lines.next(), None);
    let said = text(&output.stderr);
    let places: Vec<Option<usize>> = [
        "line 2:",
        "line 702:",
        "line 1402:",
        "line 2102:",
        "line 2802:",
        "line 3002",
    ]
    .iter()
    .map(|place| said.find(place))
    .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{said}"
    );
}
