//! What kind of file this is, and how its cells are told apart, judged by its first bytes.

use std::cmp::Reverse;

use crate::names;
use crate::records::{Cells, Quoting, Records, quoted_length};
use crate::{FileError, OtherFile};

/// The first bytes of files that people drop by mistake.
const OTHER_FILES: [(&[u8], OtherFile); 13] = [
    (b"\x89PNG", OtherFile::Png),
    (b"\xFF\xD8\xFF", OtherFile::Jpeg),
    (b"GIF8", OtherFile::Gif),
    (b"RIFF", OtherFile::Riff),
    (b"ID3", OtherFile::Mp3),
    (b"OggS", OtherFile::Ogg),
    (b"fLaC", OtherFile::Flac),
    (b"%PDF", OtherFile::Pdf),
    (b"PK\x03\x04", OtherFile::Zip),
    (b"\x1F\x8B", OtherFile::Gzip),
    (b"\xD0\xCF\x11\xE0", OtherFile::OldWorkbook),
    (b"7z\xBC\xAF", OtherFile::SevenZip),
    (b"SQLite format 3", OtherFile::Sqlite),
];

/// The bytes that may stand between cells without a line that tells so, the usual ones first.
pub(crate) const DELIMITERS: [u8; 6] = [b',', b';', b'\t', b'|', 0x1F, 0x1E];

/// How many records from the top the line of column names is looked for in.
const HEADER_WITHIN: usize = 30;

/// How many columns must be known for a line further down to be the one of column names; and at the top, less than half
/// as many.
const KNOWN_FURTHER_DOWN: usize = 5;

/// Refuses what other kinds of files begin with.
pub(crate) fn check_bytes(start: &[u8]) -> Result<(), FileError> {
    for (magic, looks_like) in OTHER_FILES {
        if start.starts_with(magic) {
            return Err(FileError::NotATable { looks_like });
        }
    }
    Ok(())
}

/// Refuses text that is no table, and what is no text at all.
pub(crate) fn check_text(start: &[u8]) -> Result<(), FileError> {
    let not_a_table = |looks_like| Err(FileError::NotATable { looks_like });
    let strange = |byte: &&u8| {
        byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1A | 0x1E | 0x1F)
    };
    let strange = start.iter().filter(strange).count();
    // A few of them are slips; their rows will tell. But text has no zero bytes.
    let is_short_slip = strange <= 3 && !start.contains(&0);
    if strange * 500 > start.len() && !is_short_slip {
        return not_a_table(OtherFile::Binary);
    }
    let text = start.trim_ascii_start();
    let begins = |prefix: &str| {
        text.get(..prefix.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    let web_page = [
        "<!doctype html",
        "<html",
        "<table",
        "<meta",
        "<head",
        "<body",
    ];
    if web_page.into_iter().any(begins) {
        return not_a_table(OtherFile::WebPage);
    }
    if begins("<?xml") {
        return not_a_table(OtherFile::Xml);
    }
    if begins("{\\rtf") {
        return not_a_table(OtherFile::RichText);
    }
    if begins("#EXTM3U") {
        return not_a_table(OtherFile::M3u);
    }
    // A table may begin with a bracket, but not with one and a quotation mark or another bracket.
    let (first, second) = (
        text.first(),
        text.get(1..).unwrap_or_default().trim_ascii_start().first(),
    );
    let is_json = matches!(
        (first, second),
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'[' | b']'))
    );
    if is_json {
        let has = |name: &[u8]| text.windows(name.len()).any(|window| window == name);
        if has(b"\"msPlayed\"") || has(b"\"ms_played\"") {
            return Err(FileError::AccountData);
        }
        if has(b"\"danceability\"") {
            return Err(FileError::FeaturesJson);
        }
        return not_a_table(OtherFile::Json);
    }
    Ok(())
}

/// How a text's cells are told apart, and where its table begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// The byte between cells.
    pub(crate) delimiter: u8,
    /// How many bytes stand before the first record: Excel's `sep=;`.
    pub(crate) offset: usize,
    /// How many records stand before the one of column names.
    pub(crate) above: usize,
    /// How quotation marks are meant.
    pub(crate) quoting: Quoting,
}

/// Judges the dialect by the first text.
///
/// Each possible delimiter is tried, with each way that quotation marks may be meant. The best gives most columns whose
/// names are known, as what a column means tells more than how often a character stands somewhere; of equal ones, that with
/// most records of one length; of those, that with most columns; and of those, that with fewest quotation marks where no
/// program writes them.
pub(crate) fn dialect(start: &[u8], finished: bool) -> Dialect {
    let (told, offset) = told_delimiter(start);
    let text = start.get(offset..).unwrap_or_default();
    let delimiters = match &told {
        Some(told) => std::slice::from_ref(told),
        None => DELIMITERS.as_slice(),
    };
    let has_escapes = text.windows(2).any(|pair| pair == b"\\\"");
    let trials = delimiters.iter().flat_map(|&delimiter| {
        let usual = Some(Quoting::default());
        let spaced = is_spaced(text, delimiter).then_some(Quoting {
            spaced: true,
            ..Quoting::default()
        });
        let escaped = has_escapes.then_some(Quoting {
            escaped: true,
            ..Quoting::default()
        });
        let ways = [usual, spaced, escaped].into_iter().flatten();
        ways.map(move |quoting| (delimiter, quoting))
    });
    let mut best: Option<(Dialect, Score)> = None;
    for (delimiter, quoting) in trials {
        let trial = Trial::of(text, delimiter, quoting, finished);
        let dialect = Dialect {
            delimiter,
            offset,
            above: trial.above,
            quoting,
        };
        if best.is_none_or(|(_, score)| trial.score > score) {
            best = Some((dialect, trial.score));
        }
    }
    best.map_or(
        Dialect {
            delimiter: b',',
            offset,
            above: 0,
            quoting: Quoting::default(),
        },
        |(dialect, _)| dialect,
    )
}

/// Whether a quotation mark seems to stand behind a delimiter and a space.
fn is_spaced(text: &[u8], delimiter: u8) -> bool {
    let mut cells = text.split(|&byte| byte == delimiter);
    cells.any(|cell| cell.starts_with(b" ") && cell.trim_ascii_start().starts_with(b"\""))
}

/// The delimiter that a first line such as `sep=;` tells, and that line's length.
fn told_delimiter(start: &[u8]) -> (Option<u8>, usize) {
    let length = start
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .unwrap_or(start.len());
    let line = start.get(..length).unwrap_or_default().trim_ascii();
    let line = line
        .strip_prefix(b"\"")
        .and_then(|line| line.strip_suffix(b"\""))
        .unwrap_or(line);
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ ..] => match *delimiter {
            [delimiter] if delimiter.is_ascii() => (Some(delimiter), length),
            // The tab was trimmed.
            [] => (Some(b'\t'), length),
            _ => (None, 0),
        },
        _ => (None, 0),
    }
}

/// Known columns, records of the most frequent length in thousandths, columns, and how often quotation marks stand as no program
/// writes them: around a cell but for a space, or within a cell by themselves.
type Score = (usize, usize, usize, Reverse<usize>);

/// What a delimiter makes of a text.
struct Trial {
    above: usize,
    score: Score,
}

impl Trial {
    fn of(text: &[u8], delimiter: u8, quoting: Quoting, finished: bool) -> Self {
        const RECORDS: usize = 500;
        let mut records = Records::new(delimiter, quoting);
        records.push(text);
        if finished {
            records.finish();
        }
        let mut lengths: Vec<usize> = Vec::new();
        let mut known: Vec<usize> = Vec::new();
        let mut left_quoted = 0;
        loop {
            match records.next_record() {
                Ok(true) => {}
                Ok(false) if lengths.is_empty() => {
                    // The first record may be longer than what is there.
                    records.finish();
                    match records.next_record() {
                        Ok(true) => {}
                        Ok(false) | Err(_) => break,
                    }
                }
                Ok(false) | Err(_) => break,
            }
            lengths.push(records.cells().len());
            left_quoted += records.cells().iter().filter(is_left_quoted).count();
            left_quoted += usize::from(records.closes_early());
            if known.len() < HEADER_WITHIN {
                known.push(known_names(records.cells()));
            }
            if lengths.len() == RECORDS {
                break;
            }
        }
        let at_top = known.first().copied().unwrap_or(0);
        let most = known.iter().copied().max().unwrap_or(0);
        let is_further_down = most >= KNOWN_FURTHER_DOWN && at_top * 2 < most;
        let above = known
            .iter()
            .position(|&known| is_further_down && known == most)
            .unwrap_or(0);
        let columns = lengths.get(above).copied().unwrap_or(0);
        let mut sorted = lengths.get(above..).unwrap_or_default().to_vec();
        sorted.sort_unstable();
        let runs = sorted
            .chunk_by(|left, right| left == right)
            .filter(|run| run.first() > Some(&1));
        let longest_run = runs.map(<[usize]>::len).max().unwrap_or(0);
        let share = longest_run * 1000 / sorted.len().max(1);
        Self {
            above,
            score: (
                if is_further_down { most } else { at_top },
                share,
                columns,
                Reverse(left_quoted),
            ),
        }
    }
}

/// Whether quotation marks around the cell were taken for a part of it, as a space stands before them.
fn is_left_quoted(cell: &&[u8]) -> bool {
    let text = cell.trim_ascii_start();
    text.len() < cell.len() && quoted_length(text) == Some(text.len())
}

/// How many cells are names of columns that are known.
fn known_names(cells: &Cells) -> usize {
    cells
        .iter()
        .filter(|cell| str::from_utf8(cell).is_ok_and(|name| names::meaning(name.trim()).is_some()))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (char, usize, usize) {
        let dialect = dialect(text.as_bytes(), true);
        (char::from(dialect.delimiter), dialect.offset, dialect.above)
    }

    #[test]
    fn delimiters_are_found_where_counting_characters_fails() {
        for (text, delimiter) in [
            ("title,artist\nA,B\n", ','),
            ("title;artist;album;isrc\nA, B;C;D;E\n", ';'),
            ("Title;Energy;Valence\nA;0,5;0,3\nB;0,1;0,2\n", ';'),
            ("a;b, in the name, with commas;c\n1;2;3\n4;5;6\n", ';'),
            ("one\ttwo\n1\t2\n", '\t'),
            ("one|two\n1|2\n", '|'),
            ("one\u{1f}two\n1\u{1f}2\n", '\u{1f}'),
            ("one,two\n\"a;b;c\",2\n\"d;e;f\",3\n", ','),
            ("one;two\n\"a,\nb,\nc\";2\n", ';'),
            ("one;two\n1;2\n\n\n", ';'),
            ("alone\n", ','),
            ("", ','),
        ] {
            assert_eq!(found(text).0, delimiter, "{text:?}");
        }
    }

    #[test]
    fn a_line_that_tells_the_delimiter_is_no_part_of_the_table() {
        assert_eq!(found("sep=;\nTitle;Energy\n"), (';', 5, 0));
        assert_eq!(found("SEP=,\r\na;b,c;d\n"), (',', 5, 0));
        assert_eq!(found("\"sep=|\"\na|b\n"), ('|', 7, 0));
        assert_eq!(found("sep=\t\na\tb\n"), ('\t', 5, 0));
        assert_eq!(found("sep=^\na^b\n"), ('^', 5, 0));
        assert_eq!(found("sepal,petal\n1,2\n"), (',', 0, 0));
    }

    #[test]
    fn lines_above_the_column_names_are_passed_over() {
        let header = "Title,Danceability,Energy,Valence,Tempo,Liveness\n";
        assert_eq!(
            found(&format!(
                "My playlist\nmade in 2024,by me\n{header}A,1,2,3,4,5\n"
            ))
            .2,
            2
        );
        // Headings over groups of columns are names that are known, too.
        assert_eq!(
            found(&format!("Track,Energy,,,,\n{header}A,1,2,3,4,5\n")).2,
            1
        );
        assert_eq!(
            found(&format!("{header}energy,tempo,live,dance,pop,time\n")).2,
            0
        );
    }
}
