//! What comes out of any bytes, for tests that compare it.

use overtone_tracks::{Step, Tables};

/// What came out of a file that begins with `start` and goes on with `bytes` in pieces of that length, and how it ended.
pub fn told(start: &[u8], bytes: &[u8], piece: usize) -> Vec<String> {
    let mut tables = Tables::new(Vec::new());
    tables.push(start);
    let mut pieces = bytes.chunks(piece.max(1));
    let mut told = Vec::new();
    loop {
        match tables.step() {
            Ok(Step::Wait) => match pieces.next() {
                Some(piece) => tables.push(piece),
                None => tables.finish(),
            },
            Ok(Step::Row) => {
                let row = tables.row().expect("a step to a row has one");
                let (line, cells) = (row.line, row.cells);
                told.push(format!(
                    "{line} {cells:?} {:?} {:?}",
                    row.features, row.problems
                ));
            }
            Ok(Step::Done) => return told,
            Ok(other) => told.push(format!("{other:?}")),
            Err(error) => {
                told.push(error.to_string());
                return told;
            }
        }
    }
}
