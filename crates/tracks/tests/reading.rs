//! Reading tables as people have them, whatever pieces they come in.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use overtone_genre::{Feature, Model, Popularity};
use overtone_tracks::{
    Choice, Choices, Confidence, FileError, LabelledOptions, LabelledWriter, Marks, ProblemKind,
    Reader, Role, RowLimit,
};

/// What a test looks at of a row.
#[derive(Debug, PartialEq)]
struct Read {
    line: u64,
    track: String,
    cells: Vec<Vec<u8>>,
    energy: Option<f32>,
    problems: Vec<String>,
}

/// Reads a file that comes in pieces of a size.
fn read(file: &[u8], piece: usize) -> Result<Vec<Read>, FileError> {
    let mut reader = Reader::new();
    let mut rows = Vec::new();
    let mut pieces = file.chunks(piece.max(1));
    loop {
        let piece = pieces.next();
        match piece {
            Some(bytes) => reader.push(bytes),
            None => reader.finish(),
        }
        while let Some(row) = reader.next_row()? {
            rows.push(Read {
                line: row.line,
                track: row.text(Role::Track),
                cells: row.cells.iter().map(<[u8]>::to_vec).collect(),
                energy: row.features.get(Feature::Energy),
                problems: row.problems.iter().map(ToString::to_string).collect(),
            });
        }
        if piece.is_none() {
            return Ok(rows);
        }
    }
}

const HEADER: &str = "Track Name,Danceability,Energy,Loudness,Speechiness,Valence";

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for end in ["\n", "\r\n"] {
        let file = [
            HEADER,
            "a,0.1,0.2,-3,0.4,0.5",
            "\"two\nlines\",0.1,x,-3,0.4,0.5",
            "",
            "c,0.1,0.2,-3,0.4",
            "d,0.1,9,-3,0.4,0.5",
        ]
        .join(end);
        let rows = read(file.as_bytes(), 7).unwrap();
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 3, 6, 7], "{end:?}");
        assert_eq!(rows[1].track, "two\nlines");
        assert_eq!(
            rows[1].problems,
            ["line 3, column “Energy”: “x” is not a number; it counts as missing"]
        );
        assert_eq!(
            rows[2].problems,
            ["line 6: the row is too short: 5 of 6 cells; those beyond count as missing"]
        );
        assert_eq!(
            rows[3].problems,
            [
                "line 7, column “Energy”: “9” cannot be, as energy lies between 0 and 1; it counts as missing"
            ]
        );
        assert_eq!(rows[3].energy, None);
    }
}

#[test]
fn pieces_of_any_size_give_the_same_rows() {
    let mut file = format!("\u{feff}{HEADER}\n");
    for number in 0..3000 {
        file += &format!("\"Song, №{number}\",0.1,0.{number},-3,0.4,0.5\n");
    }
    let whole = read(file.as_bytes(), file.len()).unwrap();
    assert_eq!(whole.len(), 3000);
    assert_eq!(whole[2999].track, "Song, №2999");
    assert_eq!(whole[2999].line, 3001);
    for piece in [1, 10, 1000, 70_000] {
        assert_eq!(read(file.as_bytes(), piece).unwrap(), whole);
    }
}

/// A table of more than 64 KiB: a row so often, then other rows.
fn long_table(row: &str, rest: &[u8]) -> Vec<u8> {
    let rows = format!("{row}\n").repeat(66_000 / row.len());
    [HEADER.as_bytes(), b"\n", rows.as_bytes(), rest].concat()
}

#[test]
fn pieces_decide_nothing_about_long_files() {
    let mixed = "Amp\u{e8}re,0.1,0.2,-3,0.4,0.5\n".repeat(3_000);
    let files = [
        // Whether these are percentages is told by the first 64 KiB alone.
        long_table("a,1,1,-3,0,1", &b"b,50,60,-3,4,50\n".repeat(3_000)),
        // Beyond them, the first letter that is not ASCII tells the encoding.
        long_table(
            "a,0.1,0.2,-3,0.4,0.5",
            &[b"caf\xE9,0,0,0,0,0\n", mixed.as_bytes()].concat(),
        ),
        // A quotation mark within a cell is open at the end of the file only.
        long_table("a,0.1,0.2,-3,0.4,0.5", b"a\"b,0.1,\"0.2,-3,0.4,0.5\"\n"),
        // Neither does the number of lines that are there tell whether a row has ended before them.
        long_table(
            "a,0.1,0.2,-3,0.4,0.5",
            &[
                b"\"open\n",
                "b,0.1,0.2,-3,0.4,0.5\n".repeat(20_000).as_bytes(),
                b"\"c\n\"d\" e,0,0,0,0,0\n\"f",
            ]
            .concat(),
        ),
        // A row that a spreadsheet has split may come in two pieces.
        long_table(
            "a,0.1,0.2,-3,0.4,0.5",
            "\"a\";\"b,0.1,\"\"0.2\"\",-3,0.4,0.5\";;\n"
                .repeat(20_000)
                .as_bytes(),
        ),
        // A row of one and a half megabytes is too long, with a line end in it or not.
        long_table(
            "a,0.1,0.2,-3,0.4,0.5",
            &[b"\"", "x".repeat(3 << 19).as_bytes(), b"\",0,0,0,0,0\n"].concat(),
        ),
        long_table(
            "a,0.1,0.2,-3,0.4,0.5",
            &[b"\"\n", "x".repeat(3 << 19).as_bytes(), b"\",0,0,0,0,0\n"].concat(),
        ),
    ];
    for file in files {
        let whole = read(&file, file.len());
        for piece in [1 << 16, 1 << 17, 100_003] {
            let problem = format!(
                "{:?}, in pieces of {piece}",
                String::from_utf8_lossy(&file[file.len() - 30..])
            );
            assert!(read(&file, piece) == whole, "{problem}");
        }
    }
}

#[test]
fn other_delimiters_are_found() {
    for delimiter in [";", "\t", "|"] {
        let file = format!("{HEADER}\nA, B and C,0.1,0.2,-3,0.4,0.5\n");
        let file = file
            .replace(',', delimiter)
            .replace(&format!("A{delimiter} B"), "A, B");
        let rows = read(file.as_bytes(), 100).unwrap();
        assert_eq!(rows[0].track, "A, B and C");
        assert_eq!(rows[0].energy, Some(0.2));
    }
}

#[test]
fn percentages_are_decided_for_the_whole_table() {
    let file = format!("{HEADER}\na,75,1,-3,0,80\nb,60,0,-3,4,1\nc,70,30,-3,4,1\n");
    let energies: Vec<_> = read(file.as_bytes(), 9)
        .unwrap()
        .iter()
        .map(|row| row.energy)
        .collect();
    assert_eq!(energies, [Some(0.01), Some(0.0), Some(0.3)]);
    // A column on another scale does not turn a table of ratios into percentages.
    let file = format!("{HEADER}\na,0.7,0.1,-3,0.2,8\nb,0.6,1,-3,0.3,7\n");
    let rows = read(file.as_bytes(), 9).unwrap();
    assert_eq!(rows[0].energy, Some(0.1));
    assert_eq!(rows[0].problems.len(), 1);
    // One stray number does not turn a table of ratios into percentages.
    let file = format!("{HEADER}\na,0.7,1,-3,0,0.8\nb,60,1,-3,0,0.1\nc,0.7,1,-3,0,0.1\n");
    let rows = read(file.as_bytes(), 9).unwrap();
    assert_eq!(rows[0].energy, Some(1.0));
    assert_eq!(rows[1].problems.len(), 1);
}

#[test]
fn what_is_no_table_of_tracks_is_named() {
    assert_eq!(read(b"", 1), Err(FileError::Empty));
    assert_eq!(read(b" \r\n\n", 1), Err(FileError::Empty));
    assert_eq!(read(b"\xEF\xBB\xBF", 1), Err(FileError::Empty));
    for (bytes, word) in [
        (&b"\x89PNG\r\n\x1a\n\0\0"[..], "picture"),
        (b"PK\x03\x04\x14", "Excel"),
        (b"abc\0def", "binary"),
    ] {
        let error = read(bytes, 3).unwrap_err();
        assert!(matches!(error, FileError::NotATable { .. }));
        assert!(error.to_string().contains(word), "{error}");
    }
    let error = read(b"title,artist\nA,B\n", 3).unwrap_err();
    assert!(error.to_string().starts_with(
        "There is no column of audio features. The column names are: “title”, “artist”."
    ));
    let error = read(b"energy,tempo\n0.1,100\n", 3).unwrap_err();
    assert!(error.to_string().starts_with(
        "There are only 2 columns of audio features (energy, tempo), and 5 are needed."
    ));
}

#[test]
fn an_open_quotation_mark_does_not_swallow_the_memory() {
    let mut file = format!("{HEADER}\na,0.1,0.2,-3,0.4,0.5\n").into_bytes();
    file.resize(file.len() + (3 << 20), b'x');
    let mut reader = Reader::new();
    reader.push(&file);
    assert_eq!(reader.next_row().unwrap().unwrap().line, 2);
    let error = reader.next_row().unwrap_err();
    assert_eq!(
        error,
        FileError::RowTooLong {
            line: 3,
            limit: RowLimit::Bytes
        }
    );
}

#[test]
fn a_row_that_may_be_shifted_is_not_read() {
    let file = format!(
        "{HEADER}\nGreetings \"from\", you,0.1,0.2,-3,0.4,0.5\nspare,0.1,0.2,-3,0.4,0.5,,\nc,0.1,0.2,-3,0.4,0.5\n"
    );
    let rows = read(file.as_bytes(), 100).unwrap();
    assert_eq!(rows[0].energy, None);
    assert!(
        rows[0].problems[0].starts_with("line 2: the row is too long: 7 cells for 6 columns"),
        "{:?}",
        rows[0].problems
    );
    assert_eq!(rows[1].energy, Some(0.2));
    assert!(rows[1].problems.is_empty());
    assert_eq!(rows[2].energy, Some(0.2));
}

#[test]
fn an_empty_cell_at_the_end_does_not_hide_that_a_row_is_shifted() {
    let header = "Track Name,Danceability,Energy,Loudness,Speechiness,Valence,Tempo,Genres";
    let rows = [
        "Hello, Goodbye,0.1,0.2,-3,0.4,0.5,120,",
        "one word,loud,0.2,-3,0.4,0.5,120,,",
        "one word,loud,0.2,-3,0.4,0.5,120,,,,,,,,",
        "plain,0.1,0.2,-3,0.4,0.5,120,,",
        "plain,0.1,0.2,-3,0.4,0.5,120,,",
        "plain,0.1,0.2,-3,0.4,0.5,120,,",
    ];
    let rows = read(format!("{header}\n{}\n", rows.join("\n")).as_bytes(), 100).unwrap();
    assert!(
        rows[0].problems[0].contains("the row is too long"),
        "{:?}",
        rows[0]
    );
    assert_eq!(rows[0].energy, None);
    // Nothing fits any better one cell farther.
    for row in &rows[1..3] {
        assert_eq!((row.problems.len(), row.energy), (1, Some(0.2)));
    }
    for row in &rows[3..] {
        assert_eq!((row.problems.len(), row.energy), (0, Some(0.2)));
    }
}

#[test]
fn a_row_that_has_lost_a_cell_is_not_read() {
    let header = "Title,Artist,Danceability,Energy,Loudness,Speechiness,Valence,Tempo";
    let rows = [
        // The artist is gone, with its delimiter; then the energy.
        "a,0.1,0.2,-3.5,0.4,0.5,120",
        "a,b,0.1,-3.5,0.4,0.5,120",
        // Only cut off, also with a value that makes no sense.
        "a,b,0.1,0.2,-3.5,0.4,0.5",
        "a,b,0.1,0.2,loud,0.4,0.5",
        "a,b,0.1,0.2,-3.5,0.4,0.5,120",
    ];
    let rows = read(format!("{header}\n{}\n", rows.join("\n")).as_bytes(), 100).unwrap();
    for (row, line) in rows[..2].iter().zip(2..) {
        let told = format!(
            "line {line}: the row is too short: 7 cells for 8 columns, and its values stand in the wrong columns; none was \
             read. Is a cell missing, or a delimiter?"
        );
        assert_eq!((row.energy, &row.problems), (None, &vec![told]));
    }
    let found: Vec<_> = rows[2..]
        .iter()
        .map(|row| (row.energy, row.problems.len()))
        .collect();
    assert_eq!(found, [(Some(0.2), 1), (Some(0.2), 2), (Some(0.2), 0)]);
}

#[test]
fn another_table_below_decides_nothing_about_the_one_above() {
    let above = format!("{HEADER}\n{}", "a,0.7,0.1,-3,0.2,0.8\n".repeat(5));
    let below = [
        // The same columns in another order, in percent; and so many rows of them that most are of that table.
        "Track Name,Energy,Danceability,Loudness,Speechiness,Valence\n",
        &"b,70,10,-3,20,80\n".repeat(50),
    ]
    .concat();
    let features = |file: &str| {
        let mut reader = Reader::new();
        reader.push(file.as_bytes());
        reader.finish();
        let mut features = Vec::new();
        loop {
            match reader.next_row() {
                Ok(Some(row)) => features.push((row.line, row.features)),
                Ok(None) => return (features, None),
                Err(error) => return (features, Some(error)),
            }
        }
    };
    let (alone, _) = features(&above);
    assert_eq!(alone[0].1.get(Feature::Energy), Some(0.1));
    let expected = (alone, Some(FileError::AnotherTable { line: 7 }));
    assert_eq!(features(&[above.as_str(), &below].concat()), expected);
    // The same names again begin no other table, whatever stands around them.
    let again = format!(
        "{above}{}\n{}",
        HEADER.replace(',', " ,"),
        "b,70,10,-3,20,80\n".repeat(50)
    );
    let (both, error) = features(&again);
    assert_eq!((both.len(), error), (56, None));
    assert_eq!(both[0].1.get(Feature::Energy), Some(0.001));
}

#[test]
fn a_table_that_a_spreadsheet_has_split_at_semicolons_is_read_as_it_was() {
    let header =
        "Track Name,Artist Name(s),Genres,Danceability,Energy,Loudness,Speechiness,Valence";
    let quoted = format!("\"{}\"", header.replace("Track Name", "\"\"Track Name\"\""));
    let rows = [
        "a,One,,0.1,0.2,-3,0.4,0.5;;",
        "\"b,\"\"One\";\"Two, or Three\"\",\"\"pop,rock\"\",0.1,0.2,-3,0.4,0.5\";",
        "\"c,\"\"One\";Two;\"Three\"\",pop,0.1,0.2,-3,0.4,0.5\"",
        "\"d,One,\"\"pop,rock\"\",0.1,0.2,-3,0.4,0.5\";;",
    ];
    for header in [header, &quoted] {
        let file = format!("{header};;\r\n{}\r\n", rows.join("\r\n"));
        for piece in [1, 100] {
            let rows = read(file.as_bytes(), piece).unwrap();
            let found: Vec<_> = rows
                .iter()
                .map(|row| {
                    (
                        row.cells[1].as_slice(),
                        row.cells[2].as_slice(),
                        &row.problems[..],
                    )
                })
                .collect();
            let expected: [(&[u8], &[u8], &[String]); 4] = [
                (b"One", b"", &[]),
                (b"One;Two, or Three", b"pop,rock", &[]),
                (b"One;Two;Three", b"pop", &[]),
                (b"One", b"pop,rock", &[]),
            ];
            assert_eq!(found, expected, "{header}");
            assert!(
                rows.iter()
                    .all(|row| row.energy == Some(0.2) && row.cells[7] == b"0.5")
            );
        }
        let labelled = String::from_utf8(label(file.as_bytes())).unwrap();
        assert!(labelled.contains(",Valence,predicted_genre,"), "{labelled}");
        assert!(
            labelled.contains("\na,One,,0.1,0.2,-3,0.4,0.5,"),
            "{labelled}"
        );
    }
    // Not all programs fill rows up.
    let file = format!("{header}\n{}\n{}\n", rows[2], rows[1].trim_end_matches(';'));
    let rows = read(file.as_bytes(), 100).unwrap();
    assert_eq!(rows[0].cells[1], b"One;Two;Three");
    assert_eq!(rows[1].cells[1], b"One;Two, or Three");
    assert!(
        rows.iter()
            .all(|row| row.energy == Some(0.2) && row.problems.is_empty())
    );
    // Quotation marks around a text are not those of a spreadsheet, though without them the row would be long enough.
    let file = format!("{header}\n\"Hello, Goodbye\",One,pop,0.1,0.2,-3,0.4\n");
    let rows = read(file.as_bytes(), 100).unwrap();
    assert_eq!(
        (rows[0].track.as_str(), rows[0].problems.len()),
        ("Hello, Goodbye", 1)
    );
}

#[test]
fn an_open_quotation_mark_on_a_short_row_costs_no_other_row() {
    let good = "b,0.1,0.2,-3,0.4,0.5\n".repeat(5);
    let files = [
        // Up to the end of the file, or to another mark, or over a line break.
        format!("{HEADER}\n\"a\n{good}"),
        format!("{HEADER}\n\"a\nb,0.1,0.2,-3,0.4,0.5"),
        format!("{HEADER}\n\"a,0.1\n{good}\"c, d\",0.1,0.2,-3,0.4,0.5\n{good}"),
        format!("{HEADER}\n{good}\"a\n{good}\"c\n{good}"),
    ];
    for file in files {
        for piece in [1, 100] {
            let rows = read(file.as_bytes(), piece).unwrap();
            assert_eq!(rows.len(), file.lines().count() - 1, "{file}");
            for row in rows {
                if row.cells[0].starts_with(b"\"") {
                    assert_eq!(row.problems.len(), 2, "{row:?}");
                    assert!(row.problems[0].contains("a quotation mark is never closed"));
                    assert!(row.problems[1].ends_with("cells; those beyond count as missing"));
                } else {
                    assert_eq!((row.energy, row.problems.len()), (Some(0.2), 0), "{row:?}");
                }
            }
        }
    }
}

#[test]
fn quotation_marks_around_a_part_of_a_title_are_kept() {
    let file = format!(
        "{HEADER}\n\"Heroes\" live,0.1,0.2,-3,0.4,0.5\n\"Heroes\" ,0.1,0.2,-3,0.4,0.5\n\
         \"Hello, you\" live,0.1,0.2,-3,0.4,0.5\n\"7\"\" mix\",0.1,0.2,-3,0.4,0.5\n\
         \"Theme from \"Femina\" (live)\",\"0.1\",0.2,-3,0.4,0.5\n"
    );
    let rows = read(file.as_bytes(), 100).unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row.track.as_str(), row.energy, row.problems.len()))
        .collect();
    assert_eq!(
        found,
        [
            ("\"Heroes\" live", Some(0.2), 1),
            ("Heroes", Some(0.2), 0),
            ("Hello, you live", Some(0.2), 0),
            ("7\" mix", Some(0.2), 0),
            ("\"Theme from \"Femina\" (live)\"", Some(0.2), 1),
        ]
    );
    // The marks around whole cells are none of the text.
    assert_eq!(rows[4].cells[1], b"0.1");
    assert_eq!(
        rows[0].problems,
        [
            "line 2: a quotation mark is never closed, or not where a cell ends; the row was read as if it were an ordinary character"
        ]
    );
}

#[test]
fn a_first_row_longer_than_what_is_judged_is_judged_all_the_same() {
    let lyrics = "la ".repeat(30_000);
    let file = format!("{HEADER},Lyrics\na,70,10,-3,20,80,\"{lyrics}\"\nb,60,20,-3,30,70,la\n");
    for piece in [1_000, 200_000] {
        let rows = read(file.as_bytes(), piece).unwrap();
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.energy, row.problems.len()))
            .collect();
        assert_eq!(found, [(Some(0.1), 0), (Some(0.2), 0)]);
    }
}

#[test]
fn of_two_columns_chosen_for_one_feature_the_second_is_named() {
    let mut choices = Choices::default();
    for name in ["Danceability", "Energy"] {
        let role = Role::Feature(Feature::Valence);
        choices.set_named(name, Choice::Read { role, unit: None });
    }
    let mut reader = Reader::with_choices(choices);
    reader.push(format!("{HEADER},Tempo,Liveness\na,0.1,0.2,-3,0.4,0.5,120,0.7\n").as_bytes());
    reader.finish();
    let header = reader.next_row().unwrap().unwrap().header;
    let notes: Vec<String> = header.notes.iter().map(ToString::to_string).collect();
    // Nobody has chosen the column “Valence”.
    assert_eq!(
        notes,
        ["The column “Energy” is not read as valence: another column is read for it."]
    );
}

#[test]
fn what_is_told_stays_on_its_line_and_writes_nothing_else() {
    let file =
        format!("{HEADER},\"Tem\npo\",\"Live\x1b[2Jness\"\na,0.1,x\x1b[2Jy,-3,0.4,0.5,120,loud\n");
    let file = file
        .replace("Danceability", "\"Dance\n(%)\"")
        .replace(",0.1,", ",\"200\n\",");
    let rows = read(file.as_bytes(), 100).unwrap();
    assert_eq!(
        rows[0].problems,
        [
            "line 4, column “Dance (%)”: “200” cannot be, as danceability lies between 0 and 1; it counts as missing",
            "line 4, column “Energy”: “x [2Jy” is not a number; it counts as missing",
            "line 4, column “Live [2Jness”: “loud” is not a number; it counts as missing",
        ]
    );
    let error = read(b"ti\ntle,\"art\x1b[2Jist\"\nA,B\n", 3)
        .unwrap_err()
        .to_string();
    assert!(!error.contains(char::is_control), "{error:?}");
}

#[test]
fn averages_over_something_else_are_no_values_and_row_numbers_no_ids() {
    let id = "ZTYS355nRaLPGSjgCdC2BH";
    let file = format!(
        "id,track_id,Name,Danceability,Energy,Loudness,Speechiness,Valence,playlist_avg_liveness,mean_acousticness\n\
         0,{id},a,0.1,0.2,-3,0.4,0.5,0.6,0.7\n"
    );
    let mut reader = Reader::new();
    reader.push(file.as_bytes());
    reader.finish();
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!(row.features.get(Feature::Liveness), None);
    assert_eq!(row.features.get(Feature::Acousticness), None);
    assert_eq!(row.uri(), Some(format!("spotify:track:{id}")));
}

#[test]
fn an_open_quotation_mark_costs_no_other_row() {
    let file = format!(
        "{HEADER}\n\"a,0.1,0.2,-3,0.4,0.5\nb,0.1,0.2,-3,0.4,0.5\n\"c, d\",0.1,0.2,-3,0.4,0.5\n"
    );
    let rows = read(file.as_bytes(), 100).unwrap();
    let tracks: Vec<&str> = rows.iter().map(|row| row.track.as_str()).collect();
    assert_eq!(tracks, ["\"a", "b", "c, d"]);
    assert_eq!(rows[0].energy, Some(0.2));
    assert!(
        rows[0].problems[0].starts_with("line 2: a quotation mark is never closed"),
        "{:?}",
        rows[0].problems
    );
    assert!(rows[1].problems.is_empty() && rows[2].problems.is_empty());
}

#[test]
fn two_stray_quotation_marks_at_the_end_cost_no_row() {
    for end in ["", "\n"] {
        let file = format!("{HEADER}\n\"a,0.1,0.2,-3,0.4,0.5\n\"b,0.1,0.3,-3,0.4,0.5{end}");
        for piece in [1, 100] {
            let rows = read(file.as_bytes(), piece).unwrap();
            let found: Vec<_> = rows
                .iter()
                .map(|row| (row.track.as_str(), row.energy, row.problems.len()))
                .collect();
            let expected = [("\"a", Some(0.2), 1), ("\"b", Some(0.3), 1)];
            assert_eq!(found, expected, "{end:?} in pieces of {piece}");
        }
    }
}

#[test]
fn a_text_of_several_lines_stays_one_where_rows_end_with_a_delimiter() {
    let file = format!(
        "{HEADER},Notes\na,0.1,0.2,-3,0.4,0.5,\"two\nlines\",\nb,0.1,0.2,-3,0.4,0.5,one,\n\
         \"c,0.1,0.2,-3,0.4,0.5,open,\nd,0.1,0.2,-3,0.4,0.5,one,\n"
    );
    let rows = read(file.as_bytes(), 100).unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row.track.as_str(), row.energy, row.problems.len()))
        .collect();
    assert_eq!(
        found,
        [
            ("a", Some(0.2), 0),
            ("b", Some(0.2), 0),
            ("\"c", Some(0.2), 1),
            ("d", Some(0.2), 0)
        ]
    );
    assert_eq!(rows[0].cells[6], b"two\nlines");
}

#[test]
fn what_may_be_the_time_of_a_day_is_not_sure_to_be_a_length() {
    let confidence = |names: &str, times: [&str; 3]| {
        let rows = times.map(|time| format!("2024-05-01,{time},a,0.1,0.2,-3,0.4,0.5\n"));
        let file = format!("{names},{HEADER}\n{}", rows.concat());
        let mut reader = Reader::new();
        reader.push(file.as_bytes());
        reader.finish();
        reader.next_row().unwrap();
        let header = reader.header().unwrap();
        let length = header.position(Role::Feature(Feature::Duration)).unwrap();
        header.columns[length].confidence()
    };
    let of_day = ["14:35", "9:05", "23:05"];
    let long = ["14:35:20", "09:05:00", "23:05:01"];
    assert_eq!(confidence("Date,Time", of_day), Some(Confidence::Unsure));
    assert_eq!(confidence("Released,Time", long), Some(Confidence::Unsure));
    // A playlist has some of each, and a name that says more is believed.
    let lengths = ["3:35", "4:05", "3:05"];
    assert_eq!(
        confidence("Released,Time", lengths),
        Some(Confidence::Certain)
    );
    assert_eq!(
        confidence("Date,Length", lengths),
        Some(Confidence::Certain)
    );
}

#[test]
fn a_row_has_ten_thousand_cells_at_most() {
    let limit = |cells: usize| {
        let row = format!("a,0.1,0.2,-3,0.4,0.5{}", ",".repeat(cells - 6));
        read(format!("{HEADER}\n{row}\n").as_bytes(), 1000)
    };
    assert!(limit(10_000).is_ok());
    assert_eq!(
        limit(10_001),
        Err(FileError::RowTooLong {
            line: 2,
            limit: RowLimit::Cells
        })
    );
}

#[test]
fn a_million_columns_are_refused() {
    let file = format!("{HEADER}\n{}\n", ",".repeat(1_000_000));
    assert!(matches!(
        read(file.as_bytes(), 1 << 16),
        Err(FileError::RowTooLong { line: 2, .. })
    ));
}

#[test]
fn a_table_without_rows_still_has_columns() {
    let mut reader = Reader::new();
    reader.push(HEADER.as_bytes());
    reader.finish();
    assert!(reader.next_row().unwrap().is_none());
    let header = reader.header().unwrap();
    assert_eq!(header.columns.len(), 6);
    assert_eq!(header.position(Role::Track), Some(0));
}

/// Labels a file, and gives the labelled file.
fn label(file: &[u8]) -> Vec<u8> {
    label_with(LabelledOptions::default(), file)
}

fn label_with(options: LabelledOptions, file: &[u8]) -> Vec<u8> {
    let model = Model::eight_genres().unwrap();
    let mut reader = Reader::new();
    reader.push(file);
    reader.finish();
    let mut output = Vec::new();
    let mut writer = None;
    while let Some(row) = reader.next_row().unwrap() {
        let writer = writer.get_or_insert_with(|| {
            LabelledWriter::with_options(&model, row.header, options, &mut output)
        });
        let classification = row.classify(&model, Popularity::Ignored).ok();
        writer.write_row(&row, classification.as_ref(), &mut output);
    }
    output
}

#[test]
fn a_labelled_file_reads_back_with_its_cells_untouched() {
    let file = format!(
        "\u{feff}{}\n\"He said \"\"hi\"\"; then\nleft\";0.1;0.2;-3;0.4;0.5\nshort;0.1\nlong;0.1;0.2;-3;0.4;0.5;beyond\n",
        HEADER.replace(',', ";")
    );
    // Bytes that are not UTF-8 are carried along as they are.
    let mut file = file.into_bytes();
    file.extend_from_slice(b"caf\xE9;0.1;0.2;-3;0.4;0.5\n");
    let labelled = label(&file);
    assert!(labelled.starts_with(b"\xEF\xBB\xBFTrack Name;"));

    let original = read(&file, 50).unwrap();
    let again = read(&labelled, 50).unwrap();
    assert_eq!(again.len(), original.len());
    for (again, original) in again.iter().zip(&original) {
        let kept = original.cells.len().min(6);
        assert_eq!(again.cells[..kept], original.cells[..kept]);
        assert_eq!(again.energy, original.energy);
    }
    assert_eq!(again[1].cells[2..16], vec![Vec::<u8>::new(); 14]);
    assert_eq!(again[2].cells[16], b"beyond");
    assert_eq!(again[3].cells[0], b"caf\xE9");
    for row in [0, 3] {
        let number = |cell: &[u8]| String::from_utf8_lossy(cell).parse::<f64>().unwrap();
        let sum: f64 = again[row].cells[8..16]
            .iter()
            .map(|cell| number(cell))
            .sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_delimiter_that_only_a_line_tells_is_not_written_without_it() {
    let table = format!("{HEADER}\nOne; or two,0.1,0.2,-3,0.4,0.5\n");
    let told = format!("sep=^\n{}", table.replace(',', "^"));
    let labelled = label(told.as_bytes());
    assert_eq!(labelled, label(table.as_bytes()));
    assert_eq!(read(&labelled, 100).unwrap()[0].energy, Some(0.2));
    let usual = String::from_utf8(label(
        format!("sep=|\n{}", table.replace(',', "|")).as_bytes(),
    ))
    .unwrap();
    assert!(usual.starts_with(&HEADER.replace(',', "|")), "{usual}");
}

#[test]
fn rows_that_end_with_a_delimiter_are_no_longer_than_the_line_of_names() {
    let rows = "a,0.1,0.2,-3,0.4,0.5,\nb,0.1,0.2,-3,0.4,0.5,\n";
    let labelled = label(format!("{HEADER}\n{rows}").as_bytes());
    let labelled = String::from_utf8(labelled).unwrap();
    let lengths: Vec<usize> = labelled
        .lines()
        .map(|line| line.split(',').count())
        .collect();
    assert!(
        lengths.iter().all(|&length| length == lengths[0]),
        "{labelled}"
    );
}

#[test]
fn probabilities_have_the_decimal_mark_of_the_table() {
    let file = format!("{HEADER};Mood\na;0.1;0.2;-3.5;0.4;0.5;calm\nb;0.1;;;;;calm\n")
        .replace(',', ";")
        .replace('.', ",");
    let labelled = label(file.as_bytes());
    let text = String::from_utf8(labelled.clone()).unwrap();
    let row: Vec<&str> = text.lines().nth(1).unwrap().split(';').collect();
    let number = |cell: &&str| cell.replace(',', ".").parse::<f64>().unwrap();
    let probabilities: Vec<f64> = row[9..].iter().map(number).collect();
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(probabilities.contains(&number(&row[8])));
    assert!(!text.contains('.'), "{text}");
    // They are known again, even those of another model.
    assert_eq!(label(&labelled), labelled);
    let other = text.replace("p_jazz", "p_polka");
    assert_eq!(label(other.as_bytes()), labelled);
    // Where the comma stands between cells, the point is the mark.
    let quoted = format!("{HEADER}\na,\"0,1\",\"0,2\",\"-3,5\",\"0,4\",\"0,5\"\n");
    let text = String::from_utf8(label(quoted.as_bytes())).unwrap();
    assert!(text.lines().nth(1).unwrap().contains(",0."), "{text}");
}

#[test]
fn a_table_for_spreadsheets_with_decimal_commas_has_them_in_all_of_its_numbers() {
    let options = LabelledOptions {
        marks: Marks::DecimalCommas,
        ..LabelledOptions::default()
    };
    let rows = "Take 1.5; live,0.1,0.2,-3.5,4.0e-1,0.5,1.5\nb,0.1,,?.?,0.4,0.5,\n";
    let labelled = label_with(options, format!("{HEADER},Side\n{rows}").as_bytes());
    let text = String::from_utf8(labelled.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // Who knows what stands in the other columns?
    let start = "\"Take 1.5; live\";0,1;0,2;-3,5;4,0e-1;0,5;1.5;";
    assert!(lines[1].starts_with(start), "{text}");
    assert!(!lines[1].replacen(start, "", 1).contains('.'), "{text}");
    assert!(lines[2].starts_with("b;0,1;;?.?;0,4;0,5;;"), "{text}");
    assert_eq!(read(&labelled, 100).unwrap()[0].energy, Some(0.2));
    // What has such numbers already stays as it is.
    let quoted = format!("{HEADER}\na,\"0,1\",\"0,2\",\"-3,5\",\"0,4\",\"0,5\"\n");
    let text = String::from_utf8(label_with(options, quoted.as_bytes())).unwrap();
    let row = text.lines().nth(1).unwrap();
    assert!(row.starts_with("a;0,1;0,2;-3,5;0,4;0,5;"), "{text}");
}

#[test]
fn too_few_features_in_a_row_leave_it_without_a_genre() {
    let model = Model::eight_genres().unwrap();
    let mut reader = Reader::new();
    reader.push(format!("{HEADER}\na,0.1,,NA,0.4,0.5\n").as_bytes());
    reader.finish();
    let row = reader.next_row().unwrap().unwrap();
    assert!(row.problems.is_empty());
    let problem = row.classify(&model, Popularity::Ignored).unwrap_err();
    assert!(matches!(problem.kind, ProblemKind::NoAnswer(_)));
    assert_eq!(
        problem.to_string(),
        "line 2: no genre: 3 of 9 audio features known; an answer needs at least 5"
    );
}
