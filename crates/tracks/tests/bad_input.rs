//! Bytes that nobody means to give: they cost a message, never the memory or the rows before them.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use overtone_tracks::{ArchiveFault, FileError, RowLimit, Step, Tables};

const HEADER: &str = "Track Name,Danceability,Energy,Loudness,Speechiness,Valence\n";

const PIECE: usize = 64 * 1024;

/// What came out of a file.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// The lines of the rows, each with how many problems it has.
    rows: Vec<(u64, usize)>,
    /// Why the table was not read any further, or the file.
    error: Option<FileError>,
    /// How many bytes were taken before the end.
    taken: usize,
}

/// Reads a file that comes in pieces, until it is refused or ends.
fn read<'a>(mut pieces: impl Iterator<Item = &'a [u8]>) -> Outcome {
    let mut tables = Tables::new(Vec::new());
    let mut outcome = Outcome {
        rows: Vec::new(),
        error: None,
        taken: 0,
    };
    loop {
        match tables.step() {
            Ok(Step::Wait) => match pieces.next() {
                Some(piece) => {
                    outcome.taken += piece.len();
                    tables.push(piece);
                }
                None => tables.finish(),
            },
            Ok(Step::Row) => {
                let row = tables.row().unwrap();
                outcome.rows.push((row.line, row.problems.len()));
            }
            Ok(Step::Done) => return outcome,
            Ok(Step::Refused(error)) => outcome.error = Some(error),
            Err(error) => {
                outcome.error = Some(error);
                return outcome;
            }
            Ok(_) => {}
        }
    }
}

/// A table with so many good rows.
fn table(rows: usize) -> Vec<u8> {
    let mut table = HEADER.as_bytes().to_vec();
    for row in 0..rows {
        table.extend_from_slice(format!("song {row},0.1,0.2,-3,0.4,0.5\n").as_bytes());
    }
    table
}

/// Bytes of every value, always the same ones.
fn garbage(length: usize) -> Vec<u8> {
    let mut state = 1u32;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let line = vec![b'x'; PIECE];
    let start = table(3);
    let pieces = std::iter::once(start.as_slice()).chain(std::iter::repeat_n(&line[..], 1_000));
    let outcome = read(pieces);
    assert_eq!(outcome.rows, [(2, 0), (3, 0), (4, 0)]);
    let limit = RowLimit::Bytes;
    assert_eq!(
        outcome.error,
        Some(FileError::RowTooLong { line: 5, limit })
    );
    // A row may have a mebibyte; of the sixty that come, no more is taken than shows that this one has more.
    assert!(outcome.taken < (1 << 20) + 3 * PIECE, "{}", outcome.taken);
}

#[test]
fn a_first_line_without_end_is_refused_as_soon() {
    let line = vec![b'x'; PIECE];
    let outcome = read(std::iter::repeat_n(&line[..], 1_000));
    assert!(outcome.rows.is_empty());
    assert!(outcome.error.is_some());
    assert!(outcome.taken < 3 * PIECE, "{}", outcome.taken);
}

#[test]
fn garbage_alone_is_refused() {
    let outcome = read(garbage(1 << 20).chunks(PIECE));
    assert!(outcome.rows.is_empty());
    assert!(
        matches!(outcome.error, Some(FileError::NotATable { .. })),
        "{:?}",
        outcome.error
    );
}

#[test]
fn garbage_behind_a_good_table_costs_none_of_its_rows() {
    // More rows than the 64 KiB by which a file is judged.
    let good = 4_000;
    let mut file = table(good);
    assert!(file.len() > PIECE);
    file.extend_from_slice(&garbage(1 << 20));
    let outcome = read(file.chunks(PIECE));
    let rows = &outcome.rows[..good];
    assert!(rows.iter().zip(2..).all(|(row, line)| *row == (line, 0)));
    // What the garbage happens to look like is told, row by row.
    assert!(
        outcome
            .rows
            .iter()
            .skip(good)
            .all(|&(_, problems)| problems > 0)
    );
    assert!(outcome.rows.len() > good || outcome.error.is_some());
    let other = read(file.chunks(1_000));
    assert_eq!((other.rows, other.error), (outcome.rows, outcome.error));
}

#[test]
fn zero_bytes_cost_their_row_at_most() {
    let mut file = table(4_000);
    file.extend_from_slice(
        b"so\0ng,0.1,0.2,-3,0.4,0.5\nsong,0.1,0\0.2,-3,0.4,0.5\nsong,0.1,0.2,-3,0.4,0.5\n",
    );
    let outcome = read(file.chunks(PIECE));
    assert_eq!(outcome.error, None);
    // In a title they do no harm; a number with one is none.
    assert_eq!(outcome.rows[4_000..], [(4_002, 0), (4_003, 1), (4_004, 0)]);
}

#[test]
fn quotation_marks_that_nobody_closes_cost_no_other_row() {
    let mut file = table(10);
    for _ in 0..20 {
        file.extend_from_slice(b"\"open,0.1,0.2,-3,0.4,0.5\nsong,0.1,0.2,-3,0.4,0.5\n");
    }
    let outcome = read(file.chunks(PIECE));
    assert_eq!(outcome.error, None);
    assert_eq!(outcome.rows.len(), 50);
    assert!(outcome.rows.iter().all(|&(_, problems)| problems <= 1));
}

#[test]
fn as_many_quotation_marks_may_be_open_as_a_long_file_has() {
    // Each is open up to the next, as in a table that quotes nothing.
    let mut file = table(10);
    let rows = "song,0.1,0.2,-3,0.4,0.5\n".repeat(19);
    for _ in 0..1_500 {
        file.extend_from_slice(b"\"Odd song,0.1,0.2,-3,0.4,0.5\n");
        file.extend_from_slice(rows.as_bytes());
    }
    let outcome = read(file.chunks(PIECE));
    assert_eq!((outcome.rows.len(), outcome.error), (10 + 1_500 * 20, None));
    let told = outcome
        .rows
        .iter()
        .filter(|(_, problems)| *problems > 0)
        .count();
    assert_eq!(told, 1_500);
}

#[test]
fn a_million_columns_are_refused_wherever_they_are() {
    let limit_of = |file: &[u8]| match read(file.chunks(PIECE)).error {
        Some(FileError::RowTooLong { limit, .. }) => Some(limit),
        _ => None,
    };
    let names = ["energy"; 1_000_000].join(",");
    assert_eq!(limit_of(names.as_bytes()), Some(RowLimit::Names));
    let mut file = table(4_000);
    file.extend_from_slice(&vec![b','; 1_000_000]);
    assert_eq!(limit_of(&file), Some(RowLimit::Cells));
}

#[test]
fn a_damaged_table_of_an_archive_costs_no_other() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/files/exportify-net/export-all.zip"
    );
    let archive = std::fs::read(path).unwrap();
    let whole = read(archive.chunks(PIECE));
    assert_eq!((whole.rows.len(), &whole.error), (10, &None));
    let fault = ArchiveFault::Damaged;
    let damaged = Some(FileError::Archive { fault });
    // Some byte of the first table, wherever inflating it fails.
    for place in (60..600).step_by(9) {
        let mut archive = archive.clone();
        archive[place] ^= 0x10;
        let outcome = read(archive.chunks(PIECE));
        assert_eq!(outcome.error, damaged, "{place}");
        assert!(outcome.rows.ends_with(&whole.rows[5..]), "{place}");
        for piece in [1, 7, 100] {
            let cut = read(archive.chunks(piece));
            assert_eq!(
                (&cut.rows, &cut.error),
                (&outcome.rows, &outcome.error),
                "{place}"
            );
        }
    }
}

#[test]
fn an_archive_that_unpacks_to_far_more_than_it_is_unpacks_no_further() {
    // Commas, packed by DEFLATE (RFC 1951) with codes of one bit: behind them, each byte of zeros is a thousand commas.
    let packed = b"\xEC\xC1\x81\x00\x00\x00\x00\x80\x20\xA1\xFD\xF9\x16\xA9\x0A";
    let name = b"table.csv";
    let mut file = b"PK\x03\x04\x14\0\x08\0\x08\0".to_vec();
    // Without time, checksum and sizes, which stand behind the bytes.
    file.extend_from_slice(&[0; 16]);
    file.extend_from_slice(&[name.len() as u8, 0, 0, 0]);
    file.extend_from_slice(name);
    file.extend_from_slice(packed);
    let zeros = vec![0; 4096];
    let pieces = std::iter::once(file.as_slice()).chain(std::iter::repeat_n(&zeros[..], 1_000));
    let outcome = read(pieces);
    let fault = ArchiveFault::TooLarge;
    assert_eq!(outcome.error, Some(FileError::Archive { fault }));
    // Seventy of the four thousand megabytes that come.
    assert!(outcome.taken < 80_000, "{}", outcome.taken);
}
