//! Tables as all kinds of programs write them: the cases that csv-spectrum and PapaParse test, by their names, and any
//! table in any dialect.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::LazyLock;

use overtone_genre::{Feature, Model, Popularity};
use overtone_tracks::{FileError, LabelledWriter, Reader, Role};
use proptest::prelude::*;

/// What is looked at of a row.
#[derive(Clone, Debug, PartialEq)]
struct Read {
    cells: Vec<String>,
    title: String,
    energy: Option<f32>,
    problems: usize,
}

fn read(file: &[u8], piece: usize) -> Result<Vec<Read>, FileError> {
    let mut reader = Reader::new();
    let mut rows = Vec::new();
    for piece in file.chunks(piece.max(1)).map(Some).chain([None]) {
        match piece {
            Some(bytes) => reader.push(bytes),
            None => reader.finish(),
        }
        while let Some(row) = reader.next_row()? {
            rows.push(Read {
                cells: row
                    .cells
                    .iter()
                    .map(|cell| String::from_utf8_lossy(cell).into_owned())
                    .collect(),
                title: row.text(Role::Track),
                energy: row.features.get(Feature::Energy),
                problems: row.problems.len(),
            });
        }
    }
    Ok(rows)
}

/// Features that stand behind the cells that a case is about.
const FEATURES: &str = ",0.1,0.2,0.3,0.4,0.5";
const NAMES: &str = ",danceability,energy,valence,liveness,speechiness";

/// A table with the columns `a`, `b` and so on, and features behind them; `rows` are the cells as they are written.
fn table(columns: usize, rows: &[&str], end: &str) -> String {
    let names: Vec<String> = ('a'..).take(columns).map(String::from).collect();
    let mut table = format!("{}{NAMES}{end}", names.join(","));
    for row in rows {
        table += &format!("{row}{FEATURES}{end}");
    }
    table
}

/// A case's name, its rows as they are written, and the cells that they have.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static [&'static str]],
);

const CASES: &[Case] = &[
    // csv-spectrum
    (
        "comma_in_quotes",
        &["John,\"Ann, Bo\""],
        &[&["John", "Ann, Bo"]],
    ),
    ("empty", &["1,\"\"", "2,"], &[&["1", ""], &["2", ""]]),
    (
        "escaped_quotes",
        &["1,\"ha \"\"ha\"\" ha\""],
        &[&["1", "ha \"ha\" ha"]],
    ),
    (
        "json",
        &["1,\"{\"\"type\"\": \"\"Point\"\", \"\"at\"\": [1.5, 2.0]}\""],
        &[&["1", "{\"type\": \"Point\", \"at\": [1.5, 2.0]}"]],
    ),
    (
        "location_coordinates",
        &["1,\"37.785,-122.40\""],
        &[&["1", "37.785,-122.40"]],
    ),
    (
        "newlines",
        &["1,\"two\nlines\"", "3,4"],
        &[&["1", "two\nlines"], &["3", "4"]],
    ),
    (
        "newlines_crlf",
        &["1,\"two\r\nlines\"", "3,4"],
        &[&["1", "two\r\nlines"], &["3", "4"]],
    ),
    (
        "quotes_and_newlines",
        &["1,\"ha\n\"\"ha\"\"\nha\""],
        &[&["1", "ha\n\"ha\"\nha"]],
    ),
    ("simple", &["1,2"], &[&["1", "2"]]),
    ("utf8", &["1,ʤ", "音,♯"], &[&["1", "ʤ"], &["音", "♯"]]),
    // PapaParse
    (
        "Whitespace at edges of unquoted field",
        &["a,  b "],
        &[&["a", "  b "]],
    ),
    (
        "Quoted field with extra whitespace on edges",
        &["a,\" b  \""],
        &[&["a", " b  "]],
    ),
    (
        "Quoted fields with spaces between closing quote and next delimiter",
        &["a,\"b\" "],
        &[&["a", "b "]],
    ),
    (
        "Quoted field with whitespace around quotes",
        &["a, \"b\" "],
        &[&["a", " \"b\" "]],
    ),
    (
        "Quoted fields with line breaks",
        &["\"a\nb\",\"c\nd\ne\""],
        &[&["a\nb", "c\nd\ne"]],
    ),
    (
        "Quoted fields at end of row with delimiter and line break",
        &["a,\"b,c\nd\"", "e,f"],
        &[&["a", "b,c\nd"], &["e", "f"]],
    ),
    (
        "Quoted field with escaped quotes at the edges",
        &["a,\"\"\"b\"\"\""],
        &[&["a", "\"b\""]],
    ),
    (
        "Quoted field with 5 quotes in a row and a delimiter in there, too",
        &["\"1\",\"cnonce=\"\"\"\",nc=\"\"\"\"\""],
        &[&["1", "cnonce=\"\",nc=\"\""]],
    ),
    (
        "Unquoted field with quotes at end of field",
        &["a\",b\""],
        &[&["a\"", "b\""]],
    ),
    (
        "Misplaced quotes in data, not as opening quotes",
        &["a,b \"b\""],
        &[&["a", "b \"b\""]],
    ),
    (
        "Quoted field has no closing quote",
        &["\"a,b", "c,d"],
        &[&["\"a", "b"], &["c", "d"]],
    ),
    (
        "Line starts with quoted field",
        &["\"a\",b", "\"c\",d"],
        &[&["a", "b"], &["c", "d"]],
    ),
    (
        "Line starts with unquoted empty field",
        &[",b"],
        &[&["", "b"]],
    ),
    (
        "Multiple consecutive empty fields",
        &["a,", ","],
        &[&["a", ""], &["", ""]],
    ),
    (
        "Input with a hash at the beginning of a line",
        &["#a,b"],
        &[&["#a", "b"]],
    ),
];

#[test]
fn the_cases_of_csv_spectrum_and_papaparse_are_read_right() {
    for (name, rows, expected) in CASES {
        for end in ["\n", "\r\n", "\r"] {
            let file = table(2, rows, end);
            for piece in [1, 3, 1000] {
                let found = read(file.as_bytes(), piece).unwrap();
                let cells: Vec<&[String]> = found.iter().map(|row| &row.cells[..2]).collect();
                assert_eq!(cells, *expected, "{name}, {end:?}, pieces of {piece}");
                let energies = found.iter().all(|row| row.energy == Some(0.2));
                assert!(energies, "{name}: {found:?}");
            }
        }
    }
}

#[test]
fn papaparse_rows_with_too_few_and_too_many_fields() {
    let file = format!(
        "{}x{FEATURES}\nx,y,z,more{FEATURES}\nx,y,z{FEATURES}\n",
        table(3, &[], "\n")
    );
    let found = read(file.as_bytes(), 10).unwrap();
    let problems: Vec<usize> = found.iter().map(|row| row.problems).collect();
    assert_eq!(problems, [1, 1, 0]);
}

#[test]
fn papaparse_a_quote_that_closes_too_early_costs_its_row_only() {
    // “Quoted field has invalid trailing quote after delimiter with a valid closer”
    let file = table(3, &["\"a,\"b,c\"", "d,e,f"], "\n");
    let found = read(file.as_bytes(), 10).unwrap();
    assert_eq!(found.len(), 2);
    assert!(found[0].problems > 0);
    assert_eq!(
        (found[1].cells[..3].concat().as_str(), found[1].problems),
        ("def", 0)
    );
}

#[test]
fn papaparse_other_delimiters() {
    // “Tab delimiter”, “Pipe delimiter”, “ASCII 30 delimiter”, “ASCII 31 delimiter”
    for delimiter in ["\t", "|", "\u{1e}", "\u{1f}", ";"] {
        let file = table(2, &["a,b"], "\n").replace(',', delimiter);
        let found = read(file.as_bytes(), 10).unwrap();
        assert_eq!(found[0].cells[..2], ["a", "b"], "{delimiter:?}");
    }
}

#[test]
fn papaparse_empty_lines_and_lines_of_delimiters() {
    // “Skip empty lines”, “Input is just empty fields”
    let file = table(2, &["a,b"], "\n") + "\n  \n,,,,,,\n\n";
    let found = read(file.as_bytes(), 10).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].problems, 1);
    for nothing in ["", "\n\n", ",", "just a string"] {
        assert!(read(nothing.as_bytes(), 10).is_err(), "{nothing:?}");
    }
}

/// How a table is written.
#[derive(Clone, Debug)]
struct Dialect {
    delimiter: char,
    end: &'static str,
    quote_all: bool,
    /// Whether a space stands behind each delimiter.
    spaced: bool,
    encoding: usize,
    sep_line: bool,
    ends_with_end: bool,
    decimal_comma: bool,
    percent: bool,
}

fn dialect() -> impl Strategy<Value = Dialect> {
    (
        prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')],
        prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        any::<bool>(),
        0..5usize,
        any::<[bool; 5]>(),
    )
        .prop_map(
            |(
                delimiter,
                end,
                quote_all,
                encoding,
                [spaced, sep_line, ends_with_end, decimal_comma, percent],
            )| Dialect {
                delimiter,
                end,
                quote_all,
                spaced,
                encoding,
                sep_line,
                ends_with_end,
                decimal_comma,
                percent,
            },
        )
}

impl Dialect {
    fn write(&self, rows: &[Vec<String>]) -> Vec<u8> {
        let cell = |cell: &String| {
            let needs = cell.contains([self.delimiter, '"', '\n', '\r']);
            if needs || self.quote_all {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        // Before cells without quotation marks, a space is a part of the cell; and cells of several lines have none before.
        let has_lines = rows
            .iter()
            .flatten()
            .any(|cell| cell.contains(['\n', '\r']));
        let space = if self.spaced && self.quote_all && !has_lines {
            " "
        } else {
            ""
        };
        let between = format!("{}{space}", self.delimiter);
        let lines: Vec<String> = rows
            .iter()
            .map(|row| row.iter().map(cell).collect::<Vec<_>>().join(&between))
            .collect();
        let mut text = lines.join(self.end);
        if self.sep_line {
            text = format!("sep={}{}{text}", self.delimiter, self.end);
        }
        if self.ends_with_end {
            text += self.end;
        }
        let utf16 =
            |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        match self.encoding {
            0 => text.into_bytes(),
            1 => format!("\u{feff}{text}").into_bytes(),
            2 => [vec![0xFF, 0xFE], utf16(u16::to_le_bytes)].concat(),
            3 => [vec![0xFE, 0xFF], utf16(u16::to_be_bytes)].concat(),
            _ => utf16(u16::to_le_bytes),
        }
    }

    fn number(&self, ratio: f32) -> String {
        let number = if self.percent {
            format!("{:.1}", ratio * 100.0)
        } else {
            format!("{ratio:.3}")
        };
        if self.decimal_comma {
            number.replace('.', ",")
        } else {
            number
        }
    }
}

fn made_up_tables() -> impl Strategy<Value = (Vec<(String, String, f32)>, Dialect, usize)> {
    // Letters of many kinds, and every character that means something to a table.
    let text = "[a-zA-Zéß音ж♯𝄞,;|\t\"\n\r' =+%0-9.#-]{0,12}";
    // Ratios that are written with three digits, none so small that it would look like nothing in percent.
    let ratio = (20..980u32).prop_map(|thousandths| thousandths as f32 / 1000.0);
    let row = (text, text, ratio);
    (
        proptest::collection::vec(row, 1..30),
        dialect(),
        1..200usize,
    )
}

fn whole_table(rows: &[(String, String, f32)], dialect: &Dialect) -> Vec<Vec<String>> {
    let names = [
        "Title",
        "Artist",
        "Danceability",
        "Energy",
        "Valence",
        "Liveness",
        "Speechiness",
    ];
    let mut table = vec![names.map(String::from).to_vec()];
    for (title, artist, ratio) in rows {
        let mut cells = vec![title.clone(), artist.clone()];
        cells.resize(7, dialect.number(*ratio));
        table.push(cells);
    }
    table
}

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::eight_genres().unwrap());

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_table_in_any_dialect_reads_back_the_same((rows, dialect, piece) in made_up_tables()) {
        let table = whole_table(&rows, &dialect);
        let found = read(&dialect.write(&table), piece).unwrap();
        prop_assert_eq!(found.len(), rows.len());
        for ((found, cells), (title, _, ratio)) in found.iter().zip(&table[1..]).zip(&rows) {
            prop_assert_eq!(&found.cells, cells);
            prop_assert_eq!(&found.title, title.trim());
            prop_assert_eq!(found.problems, 0);
            let energy = found.energy.unwrap();
            prop_assert!((energy - ratio).abs() < 1e-4, "{} in place of {}", energy, ratio);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), piece in 1..50usize) {
        let _ = read(&bytes, piece);
        let _ = read(&[b"energy,tempo,dance,live,valence\n".to_vec(), bytes].concat(), piece);
    }
}

proptest! {
    // Classifying takes its time without optimisation.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_labelled_table_reads_back_with_its_columns_as_they_were((rows, dialect, piece) in made_up_tables()) {
        let table = whole_table(&rows, &dialect);
        let label = |file: &[u8]| {
            let mut reader = Reader::new();
            reader.push(file);
            reader.finish();
            let (mut output, mut writer) = (Vec::new(), None);
            while let Some(row) = reader.next_row().unwrap() {
                let found = row.classify(&MODEL, Popularity::Ignored).ok();
                let writer = writer.get_or_insert_with(|| LabelledWriter::new(&MODEL, row.header, &mut output));
                writer.write_row(&row, found.as_ref(), &mut output);
            }
            output
        };
        let labelled = label(&dialect.write(&table));
        let found = read(&labelled, piece).unwrap();
        prop_assert_eq!(found.len(), rows.len());
        for (found, cells) in found.iter().zip(&table[1..]) {
            prop_assert_eq!(&found.cells[..7], &cells[..]);
            prop_assert_eq!(found.cells.len(), 7 + 10);
        }
        // What is labelled again is the same.
        prop_assert_eq!(label(&labelled), labelled);
    }
}
