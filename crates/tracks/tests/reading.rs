//! Reading tables as people have them, whatever pieces they come in.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use overtone_genre::{Feature, Model, Popularity};
use overtone_tracks::{Confidence, FileError, LabelledWriter, ProblemKind, Reader, Role, RowLimit};

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
    let model = Model::eight_genres().unwrap();
    let mut reader = Reader::new();
    reader.push(file);
    reader.finish();
    let mut output = Vec::new();
    let mut writer = None;
    while let Some(row) = reader.next_row().unwrap() {
        let writer =
            writer.get_or_insert_with(|| LabelledWriter::new(&model, row.header, &mut output));
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
        "line 2: no genre, as only 3 of 9 audio features are there; 5 are needed for an answer"
    );
}
