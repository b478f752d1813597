//! What kind of file this is, judged by its first bytes.

use crate::FileError;
use crate::header::Header;
use crate::reader::Records;

/// The first bytes of files that people drop by mistake.
const OTHER_FILES: [(&[u8], &str); 10] = [
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xFF\xD8\xFF", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a sound or picture file (RIFF)"),
    (b"ID3", "a sound file (MP3)"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\x1F\x8B", "a compressed file (gzip)"),
    (
        b"\xFF\xFE",
        "UTF-16 text, which is not read yet: save it as UTF-8",
    ),
    (
        b"\xFE\xFF",
        "UTF-16 text, which is not read yet: save it as UTF-8",
    ),
];

/// The byte order mark that some tools put before UTF-8 text.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Refuses what is no text.
pub(crate) fn check_text(start: &[u8]) -> Result<(), FileError> {
    for (magic, looks_like) in OTHER_FILES {
        if start.starts_with(magic) {
            return Err(FileError::NotATable { looks_like });
        }
    }
    if start.contains(&0) {
        return Err(FileError::NotATable {
            looks_like: "a binary file",
        });
    }
    Ok(())
}

/// The byte between cells: the one that gives the header most columns that mean something, and of equal ones most
/// columns at all. What a column means tells more than how often a character stands there.
pub(crate) fn delimiter(start: &[u8]) -> u8 {
    let score = |delimiter: u8| {
        let mut records = Records::new(delimiter);
        records.push(start);
        records.finish();
        match records.next_record() {
            Ok(true) => {
                let header = Header::read(records.cells(), delimiter, false);
                (header.known_columns(), header.columns.len())
            }
            Ok(false) | Err(_) => (0, 0),
        }
    };
    let mut best = (b',', score(b','));
    for delimiter in [b';', b'\t', b'|'] {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}
