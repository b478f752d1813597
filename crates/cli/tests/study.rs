//! `overtone study` and `overtone data check`, on made-up tracks.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn overtone(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_overtone"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// A number from 0 to 1 that looks drawn at random.
fn vary(number: u32, step: u32) -> f64 {
    f64::from((number + 1).wrapping_mul(step).wrapping_mul(2_654_435_761) >> 16 & 0xffff) / 65_535.0
}

/// Made-up tracks: three genres that differ in energy, forty tracks each, two by an artist.
fn eight_genres() -> String {
    let mut table = String::from(
        "track_id,artist,track,popularity,duration_ms,danceability,energy,loudness,speechiness,acousticness,\
         instrumentalness,liveness,valence,tempo,genre\n",
    );
    for number in 0..120 {
        let kind = number % 3;
        let genre = ["calm", "middling", "wild"]
            .into_iter()
            .nth(kind as usize)
            .unwrap();
        let artist = number / 6 * 3 + kind;
        writeln!(
            table,
            "id{number},Artist {artist},Track {number},{:.0},{:.0},{:.3},{:.3},{:.3},{:.3},{:.3},{:.3},{:.3},{:.3},{:.1},{}",
            100.0 * vary(number, 3),
            150_000.0 + 100_000.0 * vary(number, 5),
            vary(number, 7),
            0.3 * f64::from(kind) + 0.35 * vary(number, 11),
            -20.0 + 15.0 * vary(number, 13),
            vary(number, 17),
            vary(number, 19),
            vary(number, 23),
            vary(number, 29),
            vary(number, 31),
            80.0 + 60.0 * vary(number, 37),
            genre,
        )
        .unwrap();
    }
    table
}

/// Made-up tracks under the headers of the other set: neither artist nor popularity.
fn fifteen_genres() -> String {
    let mut table = String::from(
        "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,type,\
         duration_ms,time_signature,genre,song_name,title\n",
    );
    for number in 0..120 {
        let kind = number % 3;
        let genre = ["techno", "trance", "trap"]
            .into_iter()
            .nth(kind as usize)
            .unwrap();
        writeln!(
            table,
            "{:.3},{:.3},1,{:.3},1,{:.3},{:.3},{:.3},{:.3},{:.3},{:.1},audio_features,{:.0},4,{},Song {number},",
            vary(number, 41),
            0.2 * f64::from(kind) + 0.5 * vary(number, 43),
            -15.0 + 10.0 * vary(number, 47),
            vary(number, 53),
            vary(number, 59),
            vary(number, 61),
            vary(number, 67),
            vary(number, 71),
            120.0 + 40.0 * vary(number, 73),
            100_000.0 + 100_000.0 * vary(number, 79),
            genre,
        )
        .unwrap();
    }
    table
}

fn data_folder(folder: &Path) {
    fs::create_dir_all(folder.join("data/pool")).unwrap();
    fs::write(folder.join("data/eight-genres.csv"), eight_genres()).unwrap();
    fs::write(folder.join("data/genres_v2.csv"), fifteen_genres()).unwrap();
}

fn study(folder: &Path, run: &str) -> Output {
    let arguments = [
        "study",
        "--data-dir",
        "data",
        "--quick",
        "--seed",
        "3",
        "--output",
        "docs",
        "--run",
        run,
    ];
    overtone(&arguments, folder)
}

/// The report and its plots, without the timings.
fn report(folder: &Path) -> Vec<(String, String)> {
    let mut files = vec![folder.join("docs/study-quick.md")];
    let images = fs::read_dir(folder.join("docs/images/study-quick")).unwrap();
    files.extend(images.map(|entry| entry.unwrap().path()));
    files.sort();
    files
        .into_iter()
        .map(|path| {
            (
                path.display().to_string(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_report_is_written_and_the_same_seed_writes_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    data_folder(folder);
    // Another collection with one of the genres, by artists that the first has not.
    let elsewhere = eight_genres()
        .replace("id", "other")
        .replace("Artist", "Stranger");
    let elsewhere = elsewhere
        .replace("Track ", "Tune ")
        .replace(",middling\n", ",polka\n");
    fs::write(folder.join("data/pool/labelled-2022.csv"), elsewhere).unwrap();

    let output = study(folder, "run");
    let messages = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{messages}");
    let first = report(folder);
    let (_, text) = first
        .iter()
        .find(|(path, _)| path.ends_with(".md"))
        .unwrap();
    for part in [
        "# Can a model hear what genre a track is?",
        "| Random forest | validation | 77.9 |",
        "| as it was read |  | 120 |",
        "calm 40, middling 40 and wild 40",
        "pool/labelled-2022.csv",
        "| Support vector machine |",
        "seeds-114.csv",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains("NaN") && !text.contains("inf %"), "{text}");
    // Every plot that the text shows is there, and none besides.
    let shown = text.matches("](images/study-quick/").count();
    assert_eq!(shown, first.len() - 1);
    for (path, svg) in first.iter().filter(|(path, _)| path.ends_with(".svg")) {
        let name = path.rsplit('/').next().unwrap();
        assert!(
            text.contains(&format!("](images/study-quick/{name})")),
            "{name}"
        );
        assert!(
            svg.starts_with("<svg ") && svg.contains("<title>"),
            "{name}"
        );
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    }
    let timings = fs::read_to_string(folder.join("docs/study-quick-timings.md")).unwrap();
    assert!(timings.contains("| Gaussian naive Bayes |"));

    // Anew, and from what was kept: the same report.
    assert_eq!(study(folder, "another-run").status.code(), Some(0));
    assert!(report(folder) == first, "another run differs");
    assert_eq!(study(folder, "run").status.code(), Some(0));
    assert!(report(folder) == first, "the kept run differs");
}

/// The table with a column's cells changed.
fn with_column(table: &str, column: &str, change: impl Fn(&str) -> String) -> String {
    let mut lines = table.lines();
    let header = lines.next().unwrap();
    let index = header.split(',').position(|name| name == column).unwrap();
    let mut changed = header.to_owned();
    for line in lines {
        let cells: Vec<String> = line
            .split(',')
            .enumerate()
            .map(|(cell, text)| {
                if cell == index {
                    change(text)
                } else {
                    text.to_owned()
                }
            })
            .collect();
        changed += &format!("\n{}", cells.join(","));
    }
    changed + "\n"
}

#[test]
fn data_that_cannot_be_studied_is_refused_before_anything_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let eight = eight_genres();
    let scaled = |text: &str| (1.0 + text.parse::<f64>().unwrap() / 60.0).to_string();
    let hertz = |text: &str| (text.parse::<f64>().unwrap() / 60.0).to_string();
    let features = [
        "danceability",
        "energy",
        "loudness",
        "speechiness",
        "acousticness",
        "instrumentalness",
        "liveness",
        "valence",
        "tempo",
    ];
    let all_nan = features.iter().fold(eight.clone(), |table, feature| {
        with_column(&table, feature, |_| "NaN".to_owned())
    });
    let some_nan = with_column(&eight, "tempo", |text| {
        if text.starts_with(['8', '9']) {
            text.to_owned()
        } else {
            "nan".to_owned()
        }
    });
    let first_lines = |count: usize| eight.lines().take(count).collect::<Vec<_>>().join("\n");
    let cases: Vec<(&str, String, &[&str])> = vec![
        (
            "eight-genres.csv",
            eight.replacen(",tempo,", ",pace,", 1),
            &["no column named “tempo”", "danceability"],
        ),
        (
            "eight-genres.csv",
            eight.replacen(",genre\n", ",mood\n", 1),
            &["no column named “genre”"],
        ),
        (
            "eight-genres.csv",
            with_column(&eight, "loudness", scaled),
            &["loudness", "not decibels"],
        ),
        (
            "eight-genres.csv",
            with_column(&eight, "tempo", hertz),
            &["tempo", "outside what the feature can have"],
        ),
        (
            "eight-genres.csv",
            with_column(&eight, "energy", |_| "0.5".to_owned()),
            &["energy", "every number in it is 0.5"],
        ),
        (
            "eight-genres.csv",
            with_column(&eight, "genre", |_| "calm".to_owned()),
            &["genres left after cleaning: 1", "at least two genres"],
        ),
        (
            "eight-genres.csv",
            first_lines(40),
            &["left after cleaning: 13", "20 tracks each"],
        ),
        (
            "eight-genres.csv",
            first_lines(1),
            &["no row below the column names"],
        ),
        (
            "eight-genres.csv",
            all_nan,
            &["danceability", "there is no number in it"],
        ),
        (
            "eight-genres.csv",
            some_nan,
            &["taken out as with a feature missing", "20 tracks each"],
        ),
        (
            "eight-genres.csv",
            with_column(&eight, "artist", |_| "One Band".to_owned()),
            &["cannot be split", "artist"],
        ),
        ("eight-genres.csv", String::new(), &["empty"]),
        (
            "genres_v2.csv",
            fifteen_genres().replacen(",energy,", ",power,", 1),
            &["genres_v2.csv", "no column named “energy”"],
        ),
        (
            "pool/ten-genres.csv",
            with_column(&eight, "tempo", hertz),
            &["ten-genres.csv", "tempo", "outside what"],
        ),
    ];
    for (file, table, reasons) in cases {
        data_folder(folder);
        fs::write(folder.join("data").join(file), table).unwrap();
        let output = study(folder, "run");
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{reasons:?}: {message}");
        for reason in reasons {
            assert!(message.contains(reason), "{reason} is not in: {message}");
        }
        assert!(!folder.join("run").exists(), "{message}");
        assert!(!folder.join("docs").exists(), "{message}");
        fs::remove_dir_all(folder.join("data")).unwrap();
    }
}

#[test]
fn a_newcomer_is_told_what_to_download() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("data")).unwrap();
    let output = study(folder, "run");
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    for part in [
        "there is no such file",
        "Kaggle",
        "eight-genres.csv",
        "genres_v2.csv",
    ] {
        assert!(message.contains(part), "{message}");
    }

    data_folder(folder);
    let output = overtone(&["data", "check", "data"], folder);
    let table = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{table}");
    for part in [
        "different  eight-genres.csv: 120 rows, SHA-256 ",
        "the report was made from 6152 rows",
        "missing    pool/seeds-114.csv",
        "the study does without it",
        "“Dataset of songs in Spotify” from Kaggle",
    ] {
        assert!(table.contains(part), "{part} is not in\n{table}");
    }
    let output = overtone(&["data", "check", "nowhere"], folder);
    assert_eq!(output.status.code(), Some(2));
}

/// The collections that the report was made from.
#[test]
#[ignore = "needs OVERTONE_DATA"]
fn the_published_collections_are_recognised() {
    let data = std::env::var("OVERTONE_DATA").expect("OVERTONE_DATA names the collections' folder");
    let output = overtone(&["data", "check", &data], Path::new("."));
    let table = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{table}");
    assert!(table.contains("same       eight-genres.csv (6152 rows)"));
}
