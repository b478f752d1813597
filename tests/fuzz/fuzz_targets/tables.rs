//! Any bytes as a file that somebody drops: read or refused, never a panic, and the same in pieces of any size.
//!
//! ```sh
//! cargo +nightly fuzz run tables --fuzz-dir tests/fuzz -- -max_len=65536 -max_total_time=600
//! ```
//!
//! The files in `tests/files` are good inputs to begin with.

#![no_main]

use libfuzzer_sys::fuzz_target;
use overtone_tracks::{Row, Step, Tables};

fuzz_target!(|bytes: &[u8]| {
    let whole = read(bytes, bytes.len());
    let piece = usize::from(bytes.first().copied().unwrap_or(0)) + 1;
    assert_eq!(read(bytes, piece), whole);
});

/// What came out, and how it ended.
fn read(bytes: &[u8], piece: usize) -> (Vec<String>, String) {
    let mut tables = Tables::new(Vec::new());
    let mut pieces = bytes.chunks(piece.max(1));
    let mut rows = Vec::new();
    loop {
        match tables.step() {
            Ok(Step::Wait) => match pieces.next() {
                Some(piece) => tables.push(piece),
                None => tables.finish(),
            },
            Ok(Step::Row) => rows.extend(tables.row().map(told)),
            Ok(Step::Done) => return (rows, "done".to_owned()),
            Ok(other) => rows.push(format!("{other:?}")),
            Err(error) => return (rows, error.to_string()),
        }
    }
}

fn told(row: Row<'_>) -> String {
    let Row { line, cells, features, problems, .. } = row;
    format!("{line} {cells:?} {features:?} {problems:?}")
}
