//! `overtone train` and `overtone split`, on made-up tracks.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

fn overtone(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_overtone"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Two made-up genres that differ in energy and acousticness, thirty artists with four tracks each.
fn made_up_tracks() -> String {
    let mut table = String::from(
        "track_id,artist,track,popularity,duration_ms,danceability,energy,loudness,speechiness,acousticness,\
         instrumentalness,liveness,valence,tempo,genre\n",
    );
    for number in 0..240u32 {
        let artist = number / 4;
        let loud = artist % 2 == 0;
        let vary = |step: u32| f64::from(number * step % 101) / 101.0;
        let energy = if loud { 0.6 } else { 0.1 } + 0.3 * vary(7);
        let acousticness = if loud { 0.1 } else { 0.5 } + 0.4 * vary(13);
        writeln!(
            table,
            "id{number},Artist {artist},Track {number},{},{},{},{energy},{},0.05,{acousticness},{},0.1,{},{},{}",
            number % 100,
            150_000 + number * 997 % 100_000,
            0.1 + 0.8 * vary(17),
            -20.0 + 10.0 * vary(19),
            vary(23),
            vary(29),
            80 + number % 60,
            if loud { "loud" } else { "quiet" },
        )
        .unwrap();
    }
    table
}

#[test]
fn a_trained_model_tells_artists_that_it_has_not_seen() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("tracks.csv"), made_up_tracks()).unwrap();
    let train = |model: &str, seed: &str| {
        let arguments = [
            "train",
            "--data",
            "tracks.csv",
            "--model",
            model,
            "--seed",
            seed,
            "--trees",
            "20",
        ];
        let output = overtone(&arguments, folder);
        let report = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{report}");
        report
    };
    let report = train("a.forest", "3");
    assert!(report.contains("240 rows read"), "{report}");
    assert!(
        report.contains("192 for learning, 48 for testing"),
        "{report}"
    );
    assert!(
        report.contains("votes (packed)                    1.000"),
        "{report}"
    );

    train("b.forest", "3");
    train("c.forest", "4");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    assert_eq!(read("a.forest"), read("b.forest"));
    assert_ne!(read("a.forest"), read("c.forest"));

    let classify = ["classify", "tracks.csv", "--model", "a.forest"];
    let output = overtone(&classify, folder);
    let labelled = String::from_utf8(output.stdout).unwrap();
    assert!(labelled.starts_with("track_id,"));
    assert!(
        labelled
            .lines()
            .next()
            .unwrap()
            .ends_with(",p_loud,p_quiet")
    );
    let right = labelled
        .lines()
        .filter(|line| line.contains(",loud,loud,") || line.contains(",quiet,quiet,"))
        .count();
    assert_eq!(right, 240);
}

#[test]
fn a_split_keeps_artists_apart_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("tracks.csv"), made_up_tracks()).unwrap();
    let arguments = [
        "split",
        "--data",
        "tracks.csv",
        "--train",
        "train.csv",
        "--test",
        "test.csv",
    ];
    assert_eq!(overtone(&arguments, folder).status.code(), Some(0));
    let lines = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.starts_with("track_id,artist,track,danceability,energy,loudness,"));
        text.lines().count() - 1
    };
    assert_eq!((lines("train.csv"), lines("test.csv")), (192, 48));
    // What was written can be read again.
    let again = [
        "split",
        "--data",
        "train.csv",
        "--train",
        "a.csv",
        "--test",
        "b.csv",
    ];
    assert_eq!(overtone(&again, folder).status.code(), Some(0));
    assert_eq!(lines("a.csv") + lines("b.csv"), 192);
}

#[test]
fn a_split_tells_what_is_wrong_in_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let tracks = made_up_tracks().replacen(",0.05,", ",much,", 1);
    std::fs::write(folder.join("tracks.csv"), tracks).unwrap();
    let arguments = "split --data tracks.csv --train train.csv --test test.csv";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let output = overtone(&arguments, folder);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("tracks.csv, line 2, column “speechiness”: “much” is not a number"),
        "{told}"
    );
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("240 rows read"), "{report}");
}

#[test]
fn only_artists_that_are_named_are_said_to_be_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let told = |tracks: &str| {
        std::fs::write(folder.join("tracks.csv"), tracks).unwrap();
        let arguments = "train --data tracks.csv --model m --trees 5";
        let output = overtone(&arguments.split(' ').collect::<Vec<_>>(), folder);
        String::from_utf8(output.stdout).unwrap()
    };
    let all_named = told(&made_up_tracks());
    assert!(
        all_named.contains("; no artist on both sides\n"),
        "{all_named}"
    );
    assert!(
        all_named.contains("tracks of artists that it has not seen:"),
        "{all_named}"
    );
    for (tracks, said) in [
        (
            made_up_tracks().replacen(",Artist 7,", ",,", 1),
            "no artist on both sides, as far as known: 1 track has none",
        ),
        (
            made_up_tracks().replacen(",artist,", ",who,", 1),
            "no title on both sides, as the table names no artists",
        ),
    ] {
        let told = told(&tracks);
        assert!(told.contains(said), "{told}");
        assert!(!told.contains("tracks of artists that"), "{told}");
    }
}

#[test]
fn what_was_never_analysed_is_taken_out_and_is_no_problem() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let nothing = "idx,Nobody,Silence,0,200000,0,0,-60,0,0,0,0,0,0,loud\n";
    std::fs::write(folder.join("tracks.csv"), made_up_tracks() + nothing).unwrap();
    let arguments = "split --data tracks.csv --train a.csv --test b.csv";
    let output = overtone(&arguments.split(' ').collect::<Vec<_>>(), folder);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(
        report.contains("1 taken out: with a feature missing"),
        "{report}"
    );
}

#[test]
fn the_data_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("tracks.csv"), made_up_tracks()).unwrap();
    for arguments in [
        &["train", "--data", "tracks.csv", "--model", "./tracks.csv"][..],
        &[
            "split",
            "--data",
            "tracks.csv",
            "--train",
            "tracks.csv",
            "--test",
            "b.csv",
        ],
        &[
            "train",
            "--data",
            "tracks.csv",
            "--model",
            "no/such/folder.forest",
        ],
    ] {
        let output = overtone(arguments, folder);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let kept = std::fs::read_to_string(folder.join("tracks.csv")).unwrap();
        assert!(kept == made_up_tracks());
    }
}

#[test]
fn the_folder_of_the_pool_is_not_written_into() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("pool")).unwrap();
    for name in ["tracks.csv", "pool/twin.train.csv"] {
        std::fs::write(folder.join(name), made_up_tracks()).unwrap();
    }
    for results in ["pool", "./pool/", "."] {
        let arguments = [
            "split",
            "--data",
            "tracks.csv",
            "--pool",
            "pool",
            "--folder",
            results,
        ];
        let output = overtone(&arguments, folder);
        assert_eq!(output.status.code(), Some(2), "{results}");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(complaint.contains("holds what is read"), "{complaint}");
    }
    let kept = std::fs::read_to_string(folder.join("pool/twin.train.csv")).unwrap();
    assert_eq!(kept, made_up_tracks());
}

#[test]
fn what_is_wrong_in_a_collection_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("pool")).unwrap();
    std::fs::write(folder.join("tracks.csv"), made_up_tracks()).unwrap();
    let split = || {
        let arguments = "split --data tracks.csv --pool pool --folder splits";
        overtone(&arguments.split(' ').collect::<Vec<_>>(), folder)
    };
    let collection = made_up_tracks().replace(",loud\n", ",rock\n");
    let collection = collection.replace(",quiet\n", ",jazz\n");
    // In capitals, as some programs save it.
    let path = folder.join("pool/ONE.CSV");
    std::fs::write(&path, &collection).unwrap();
    assert_eq!(split().status.code(), Some(0));
    let results = || {
        let entries = std::fs::read_dir(folder.join("splits")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap())
    };
    assert!(results().count() > 1);
    let unfinished: Vec<_> = results().filter(|name| !name.ends_with(".csv")).collect();
    assert!(unfinished.is_empty(), "{unfinished:?}");
    std::fs::write(&path, collection.replacen(",80,", ",fast,", 1)).unwrap();
    let output = split();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("ONE.CSV, line 2"), "{complaint}");
    assert!(complaint.contains("fast"), "{complaint}");
}

#[test]
fn rows_for_other_programs_are_csv_whatever_a_collection_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("pool")).unwrap();
    let tracks = made_up_tracks().replace(",loud\n", ",rock\n");
    let tracks = tracks.replace(",quiet\n", ",jazz\n");
    std::fs::write(folder.join("tracks.csv"), &tracks).unwrap();
    std::fs::write(folder.join("pool/mine, and yours.csv"), &tracks).unwrap();
    let arguments = "split --data tracks.csv --pool pool --folder splits";
    let output = overtone(&arguments.split(' ').collect::<Vec<_>>(), folder);
    assert_eq!(output.status.code(), Some(0));
    let training = folder.join("splits/twin by artist.train.csv");
    let mut rows = csv::Reader::from_path(training).unwrap();
    let collections: Vec<String> = rows
        .records()
        .map(|row| row.unwrap().get(13).unwrap().to_owned())
        .collect();
    assert!(!collections.is_empty());
    assert!(collections.iter().all(|name| name == "mine, and yours"));
}

#[test]
fn data_that_cannot_be_learned_from_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let whole = made_up_tracks();
    let one_genre = whole.replace(",quiet\n", ",loud\n");
    let no_label = whole.replacen(",genre\n", ",mood\n", 1);
    let no_tempo = whole.replacen(",tempo,", ",pace,", 1);
    let first_lines = |count: usize| whole.lines().take(count).collect::<Vec<_>>().join("\n");
    let cases = [
        (one_genre, "at least two are needed"),
        (no_label, "no column named “genre”"),
        (no_tempo, "no column named “tempo”"),
        (first_lines(9), "cannot be split"),
        (first_lines(1), "tracks.csv: there is no row"),
    ];
    for (table, reason) in cases {
        std::fs::write(folder.join("tracks.csv"), table).unwrap();
        let output = overtone(
            &["train", "--data", "tracks.csv", "--model", "m.forest"],
            folder,
        );
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(reason), "{message}");
        assert!(!folder.join("m.forest").exists());
    }
}

#[test]
fn no_result_takes_the_place_of_another_or_of_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let tracks = made_up_tracks();
    std::fs::create_dir(folder.join("pool")).unwrap();
    for name in ["tracks.csv", "pool/one.csv"] {
        std::fs::write(folder.join(name), &tracks).unwrap();
    }
    let train = "train --data tracks.csv --model m --trees 5";
    let split = "split --data tracks.csv --train a.csv --test b.csv";
    let train_pool = "train --pool pool --data tracks.csv";
    for (command, said) in [
        (
            "split --data tracks.csv --train a.csv --test ./a.csv",
            "to be written twice",
        ),
        (
            &format!("{train_pool} --model m --card m"),
            "to be written twice",
        ),
        (
            &format!("{train_pool} --model tracks.csv"),
            "to be read and written",
        ),
        (
            &format!("{train_pool} --model m --card pool/one.csv"),
            "to be read and written",
        ),
        (
            "train --data tracks.csv --model nowhere/m",
            "there is no folder nowhere",
        ),
        ("train --pool . --model m --trees 5", "cannot be used with"),
        (&format!("{train} --card c"), "cannot be used with"),
        (&format!("{train} --titles t"), "cannot be used with"),
        (&format!("{train} --references r"), "cannot be used with"),
        (&format!("{split} --folder f"), "cannot be used with"),
        (&format!("{split} --close-data f"), "cannot be used with"),
    ] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let output = overtone(&arguments, folder);
        assert!(!output.status.success(), "{arguments:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["pool", "tracks.csv"]);
    for name in ["tracks.csv", "pool/one.csv"] {
        assert_eq!(std::fs::read_to_string(folder.join(name)).unwrap(), tracks);
    }
    std::fs::create_dir(folder.join("empty")).unwrap();
    let output = overtone(&["train", "--pool", "empty", "--model", "m"], folder);
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("there is no .csv file in the folder empty")
    );
}
