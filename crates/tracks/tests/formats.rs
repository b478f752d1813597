//! Every format that people have, as made-up files in `tests/files`: each with what it has to be read as beside it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use overtone_genre::Feature;
use overtone_tracks::{Header, Mode, Role, Row, Step, Tables};
use serde_json::{Map, Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/files")
}

/// What came out of a file, in the form of the expectations.
#[derive(Debug, Default, PartialEq)]
struct Found {
    tables: Vec<String>,
    passed_over: Vec<String>,
    refused: Option<String>,
    rows: Vec<Value>,
    keys: Vec<Value>,
    beats: Vec<Value>,
    uris: Vec<Value>,
    header: Map<String, Value>,
}

fn read(bytes: &[u8], piece: usize) -> Found {
    let mut tables = Tables::new(Vec::new());
    let mut found = Found::default();
    let mut pieces = bytes.chunks(piece.max(1));
    loop {
        match tables.step() {
            Ok(Step::Wait) => match pieces.next() {
                Some(piece) => tables.push(piece),
                None => tables.finish(),
            },
            Ok(Step::Begin(name)) => found.tables.extend(name),
            Ok(Step::Row) => found.row(&tables.row().unwrap()),
            Ok(Step::End) => found.header = header(tables.header().unwrap()),
            Ok(Step::PassedOver(name)) => found.passed_over.push(name),
            Ok(Step::Refused(error)) | Err(error) => {
                found.refused = Some(error.to_string());
                return found;
            }
            Ok(Step::Done) => return found,
        }
    }
}

impl Found {
    fn row(&mut self, row: &Row<'_>) {
        let features: Map<String, Value> = Feature::ALL
            .into_iter()
            .filter_map(|feature| {
                Some((feature.name().to_owned(), json!(row.features.get(feature)?)))
            })
            .collect();
        let problems: Vec<String> = row.problems.iter().map(ToString::to_string).collect();
        self.rows.push(json!({
            "line": row.line,
            "track": row.text(Role::Track),
            "artist": row.text(Role::Artist),
            "genre": row.text(Role::Genre),
            "features": features,
            "problems": problems,
        }));
        self.keys.push(match row.key() {
            Some(key) => json!([key.pitch, i32::from(key.mode.unwrap() == Mode::Major)]),
            None => Value::Null,
        });
        self.beats.push(json!(row.beats_in_a_bar()));
        self.uris.push(json!(row.uri()));
    }
}

fn header(header: &Header) -> Map<String, Value> {
    let missing: Vec<&str> = header
        .missing_features()
        .map(|feature| feature.name())
        .collect();
    let notes: Vec<String> = header.notes.iter().map(ToString::to_string).collect();
    let value = json!({
        "tool": header.tool.map(|tool| tool.to_string()),
        "encoding_found": header.encoding.to_string(),
        "delimiter": char::from(header.delimiter).to_string(),
        "missing": missing,
        "notes": notes,
    });
    value.as_object().unwrap().clone()
}

/// Compares what was expected, and nothing else; numbers of features within the rounding of a float.
fn compare(name: &str, found: &Found, expected: &Map<String, Value>) {
    for (what, expected) in expected {
        let text = || expected.as_str().unwrap();
        match what.as_str() {
            "refused" => {
                let refused = found.refused.as_deref().unwrap_or("not at all");
                assert!(refused.starts_with(text()), "{name} is refused: {refused}");
            }
            "refused_with" => {
                let refused = found.refused.as_deref().unwrap_or_default();
                for words in expected.as_array().unwrap() {
                    assert!(
                        refused.contains(words.as_str().unwrap()),
                        "{name}: no {words} in {refused}"
                    );
                }
            }
            "rows" => compare_rows(name, &found.rows, expected.as_array().unwrap()),
            "tables" => assert_eq!(&json!(found.tables), expected, "{name}"),
            "passed_over" => assert_eq!(&json!(found.passed_over), expected, "{name}"),
            "keys" => assert_eq!(&json!(found.keys), expected, "{name}"),
            "beats" => assert_eq!(&json!(found.beats), expected, "{name}"),
            "uris" => assert_eq!(&json!(found.uris), expected, "{name}"),
            _ => assert_eq!(&found.header[what], expected, "{name}: {what}"),
        }
    }
    if !expected.contains_key("refused") {
        assert_eq!(found.refused, None, "{name}");
    }
}

fn compare_rows(name: &str, found: &[Value], expected: &[Value]) {
    assert_eq!(found.len(), expected.len(), "{name}: rows");
    for (found, expected) in found.iter().zip(expected) {
        for (what, expected) in expected.as_object().unwrap() {
            if what != "features" {
                assert_eq!(&found[what], expected, "{name}: {found}");
                continue;
            }
            let (found, expected) = (
                found[what].as_object().unwrap(),
                expected.as_object().unwrap(),
            );
            let names: Vec<&String> = found.keys().collect();
            let mut expected_names: Vec<&String> = expected.keys().collect();
            expected_names.sort();
            assert_eq!(names, expected_names, "{name}: {found:?}");
            for (feature, expected) in expected {
                let (found, expected) =
                    (found[feature].as_f64().unwrap(), expected.as_f64().unwrap());
                let close = (found - expected).abs() <= expected.abs() * 1e-6;
                assert!(close, "{name}, {feature}: {found} in place of {expected}");
            }
        }
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_format_is_read_as_it_was_meant() {
    let expectations = files(&folder(), ".expected.json");
    assert!(
        expectations.len() > 80,
        "{} expectations",
        expectations.len()
    );
    let mut failures = Vec::new();
    for path in expectations {
        let expected: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let file = path.to_string_lossy().replace(".expected.json", "");
        let bytes = fs::read(&file).unwrap();
        let name = Path::new(&file)
            .strip_prefix(folder())
            .unwrap()
            .display()
            .to_string();
        let whole = read(&bytes, bytes.len());
        // All files are compared before the first failure ends the test.
        let result =
            std::panic::catch_unwind(|| compare(&name, &whole, expected.as_object().unwrap()));
        failures.extend(result.err().map(|_| name.clone()));
        for piece in [1, 61, 4096] {
            assert_eq!(read(&bytes, piece), whole, "{name} in pieces of {piece}");
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
#[ignore = "needs OVERTONE_DATA"]
fn real_exports_are_read_or_say_why_not() {
    let data = std::env::var_os("OVERTONE_DATA").expect("OVERTONE_DATA names a folder");
    let folder = Path::new(&data).join("exports");
    for (name, rows, complete, refused) in [
        // One track has a tempo of 0, which means that it is not known.
        ("chosic.csv", 246, 245, None),
        (
            "exportify-app-no-features.csv",
            0,
            0,
            Some("Include audio features data"),
        ),
        (
            "exportify-app-renamed-headers.csv",
            0,
            0,
            Some("Include audio features data"),
        ),
        ("exportify-net-2024-tab-header.csv", 50, 50, None),
        ("exportify-net-2025-a.csv", 10, 10, None),
        ("exportify-net-2025-b.csv", 12, 12, None),
        // Three rows have a cell too many, from a name that Skiley did not quote; one track has no tempo.
        ("skiley.csv", 1338, 1334, None),
        ("tunemymusic-no-features.csv", 0, 0, Some("TuneMyMusic")),
    ] {
        let found = read(&fs::read(folder.join(name)).unwrap(), 1 << 16);
        assert_eq!(found.rows.len(), rows, "{name}");
        let has_all = |row: &&Value| {
            let features = row["features"].as_object().unwrap();
            Feature::ALL
                .iter()
                .all(|feature| features.contains_key(feature.name()))
        };
        assert_eq!(
            found.rows.iter().filter(has_all).count(),
            complete,
            "{name}"
        );
        match (refused, found.refused) {
            (Some(words), Some(message)) => assert!(message.contains(words), "{name}: {message}"),
            (None, None) => {}
            (_, message) => panic!("{name}: {message:?}"),
        }
    }
}
