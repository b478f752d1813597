//! In which encoding a file's text is, judged by its first bytes.

use std::fmt;

use crate::decode::Decoder;

/// How a text is written in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, which nearly everything writes today.
    Utf8,
    /// UTF-16 with the low byte first, which Excel calls "Unicode text".
    Utf16Le,
    /// UTF-16 with the high byte first.
    Utf16Be,
    /// Windows-1252, which old spreadsheets write in western Europe and the Americas; ISO 8859-1 is read as this too.
    Windows1252,
}

impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 (little-endian)",
            Self::Utf16Be => "UTF-16 (big-endian)",
            Self::Windows1252 => "Windows-1252",
        })
    }
}

/// The byte order mark in UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The encoding that a byte order mark tells, and the mark's length.
pub(crate) fn byte_order_mark(start: &[u8]) -> Option<(Encoding, usize)> {
    if start.starts_with(BYTE_ORDER_MARK) {
        Some((Encoding::Utf8, 3))
    } else if start.starts_with(b"\xFF\xFE") {
        Some((Encoding::Utf16Le, 2))
    } else if start.starts_with(b"\xFE\xFF") {
        Some((Encoding::Utf16Be, 2))
    } else {
        None
    }
}

/// UTF-16 without a byte order mark: every other byte of its digits, delimiters and Latin letters is zero.
fn utf16_without_mark(start: &[u8]) -> Option<Encoding> {
    let looked_at = start.get(..start.len().min(4096) / 2 * 2)?;
    let zeros = |first: usize| {
        looked_at
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = looked_at.len() / 2;
    if pairs < 2 {
        None
    } else if odd * 10 > pairs * 4 && even * 20 < pairs {
        Some(Encoding::Utf16Le)
    } else if even * 10 > pairs * 4 && odd * 20 < pairs {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// Whether a file's first bytes, read as Windows-1252, look like text in yet another encoding: where it has typographic
/// marks or nothing at all, the old Mac and Turkish ones have letters, and East Asian ones have pairs of bytes.
pub(crate) fn is_strange_windows_1252(start: &[u8]) -> bool {
    let mut beyond_ascii = 0;
    let mut strange = 0;
    for (index, &byte) in start
        .iter()
        .enumerate()
        .filter(|(_, byte)| !byte.is_ascii())
    {
        beyond_ascii += 1;
        let before = index.checked_sub(1).and_then(|before| start.get(before));
        let after = start.get(index + 1);
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        let is_strange = match byte {
            // Not assigned.
            0x81 | 0x8D | 0x8F | 0x90 | 0x9D => true,
            // Capitals behind a small letter.
            0x8A | 0x8C | 0x8E | 0x9F => before.is_some_and(u8::is_ascii_lowercase),
            // Marks that touch no letter.
            0x83 | 0x86..=0x89 | 0x95 | 0x98 => is_letter(before) || is_letter(after),
            // Small letters, the apostrophe and what stands in words as it.
            0x92 | 0x9A | 0x9C | 0x9E | 0xAA | 0xAD | 0xB4 | 0xB7 | 0xBA => false,
            // Other marks stand before or behind words only.
            0x80..=0xBF => is_letter(before) && is_letter(after),
            _ => false,
        };
        let is_pair = before.is_some_and(|before| !before.is_ascii())
            || after.is_some_and(|after| !after.is_ascii());
        strange += usize::from(is_strange || is_pair);
    }
    beyond_ascii >= 4 && strange * 4 > beyond_ascii
}

/// Turns a file's bytes into UTF-8, piece by piece.
pub(crate) struct Text {
    state: State,
}

enum State {
    /// Nothing has come yet.
    Start,
    /// Only ASCII so far, which is the same in UTF-8 and Windows-1252. Holds the bytes of a character that is not
    /// whole yet.
    Ascii(Vec<u8>),
    /// UTF-8 goes through as it is; a byte that is none stays what it is, and its row is reported.
    Utf8,
    /// Anything else is decoded.
    Decoded(Encoding, Decoder),
}

impl Text {
    /// Judges the encoding by a file's first bytes, without a byte order mark.
    pub(crate) fn new(mark: Option<Encoding>, start: &[u8]) -> Self {
        let encoding = mark.or_else(|| utf16_without_mark(start));
        let state = match encoding {
            Some(Encoding::Utf8) => State::Utf8,
            Some(encoding) => State::Decoded(encoding, Decoder::new(encoding)),
            None => State::Start,
        };
        Self { state }
    }

    /// The encoding, as far as the bytes so far tell it: plain ASCII counts as UTF-8.
    pub(crate) fn encoding(&self) -> Encoding {
        match &self.state {
            State::Start | State::Ascii(_) | State::Utf8 => Encoding::Utf8,
            State::Decoded(encoding, _) => *encoding,
        }
    }

    /// Decodes the next piece, the last one if `last`, to the end of `output`. Only where the first piece ends matters;
    /// the others may be cut as they come.
    pub(crate) fn decode(&mut self, piece: &[u8], last: bool, output: &mut Vec<u8>) {
        match &mut self.state {
            State::Start => self.judge(piece.to_vec(), last, majority, output),
            State::Ascii(held) => {
                if held.is_empty() && piece.is_ascii() {
                    output.extend_from_slice(piece);
                    return;
                }
                let mut bytes = std::mem::take(held);
                bytes.extend_from_slice(piece);
                self.judge(bytes, last, first_word, output);
            }
            State::Utf8 => output.extend_from_slice(piece),
            State::Decoded(_, decoder) => decoder.decode(piece, last, output),
        }
    }

    /// The bytes beyond ASCII tell the encoding: those of Windows-1252 are hardly ever right in UTF-8.
    fn judge(
        &mut self,
        bytes: Vec<u8>,
        last: bool,
        is_utf8: fn(&[u8]) -> Option<bool>,
        output: &mut Vec<u8>,
    ) {
        // What is wrong only at the end of a piece may go on in the next.
        let held = if last { 0 } else { cut_off(&bytes) };
        let (whole, rest) = bytes
            .split_at_checked(bytes.len() - held)
            .unwrap_or((&bytes, &[]));
        self.state = match is_utf8(whole) {
            None => {
                output.extend_from_slice(whole);
                State::Ascii(rest.to_vec())
            }
            Some(true) => {
                output.extend_from_slice(&bytes);
                State::Utf8
            }
            Some(false) => {
                let mut decoder = Decoder::new(Encoding::Windows1252);
                decoder.decode(&bytes, last, output);
                State::Decoded(Encoding::Windows1252, decoder)
            }
        };
    }
}

/// Whether most of the bytes beyond ASCII are UTF-8; `None` if there are none.
fn majority(bytes: &[u8]) -> Option<bool> {
    let (right, wrong) = votes(bytes).fold((0, 0), |(right, wrong), vote| {
        (right + vote.0, wrong + vote.1)
    });
    (right > 0 || wrong > 0).then_some(right >= wrong)
}

/// Whether the first bytes beyond ASCII are UTF-8; `None` if there are none.
fn first_word(bytes: &[u8]) -> Option<bool> {
    let first = votes(bytes).find(|&(right, wrong)| right > 0 || wrong > 0);
    first.map(|(right, _)| right > 0)
}

/// For each stretch of bytes how many characters beyond ASCII are right in UTF-8, and whether what follows is wrong.
fn votes(bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    bytes.utf8_chunks().map(|chunk| {
        let characters = chunk.valid().chars();
        let right = characters.filter(|character| !character.is_ascii()).count();
        (right, usize::from(!chunk.invalid().is_empty()))
    })
}

/// How many bytes at the end are the beginning of a character in UTF-8.
fn cut_off(bytes: &[u8]) -> usize {
    let last = bytes.utf8_chunks().last();
    let invalid = last.map_or(&[][..], |chunk| chunk.invalid());
    let goes_on = str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none());
    if goes_on { invalid.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(pieces: &[&[u8]]) -> (Encoding, String) {
        let start = pieces.first().copied().unwrap_or_default();
        let (mark, length) =
            byte_order_mark(start).map_or((None, 0), |(encoding, length)| (Some(encoding), length));
        let mut text = Text::new(mark, &start[length..]);
        let mut output = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let piece = if index == 0 { &piece[length..] } else { piece };
            text.decode(piece, index + 1 == pieces.len(), &mut output);
        }
        (
            text.encoding(),
            String::from_utf8_lossy(&output).into_owned(),
        )
    }

    #[test]
    fn letters_of_other_old_encodings_are_noticed() {
        // What Windows writes in Western Europe, an old Mac, and Windows in Japan.
        let windows =
            b"Lautst\xE4rke,Instrumentalit\xE4t,Fr\xF6hlichkeit,Gr\xF6\xDFe,Don\x92t,\x93so\x94";
        assert!(!is_strange_windows_1252(windows));
        let mac = b"caf\x8E,fa\x8Dade,na\x95ve,cr\x90me,gar\x8Don,S\x8Bo";
        assert!(is_strange_windows_1252(mac));
        let shift_jis = b"\x83\x8C\x83\x52\x81\x5B\x83\x68,\x8B\xC8\x96\xBC";
        assert!(is_strange_windows_1252(shift_jis));
        assert!(!is_strange_windows_1252(b"plain"));
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let units = text.encode_utf16();
        units
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    const TEXT: &str = "Título;Énergie;“𝄞”\r\nAmpère;0,5;ダ\r\n";

    #[test]
    fn every_encoding_reads_the_same_in_pieces_of_any_size() {
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for (encoding, bytes) in [
            (Encoding::Utf8, TEXT.as_bytes().to_vec()),
            (Encoding::Utf8, marked(BYTE_ORDER_MARK, TEXT.as_bytes())),
            (Encoding::Utf16Le, utf16(TEXT, true)),
            (Encoding::Utf16Be, utf16(TEXT, false)),
            (Encoding::Utf16Le, marked(b"\xFF\xFE", &utf16(TEXT, true))),
            (Encoding::Utf16Be, marked(b"\xFE\xFF", &utf16(TEXT, false))),
        ] {
            for size in [40, 41, 1000] {
                let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
                assert_eq!(
                    decoded(&pieces),
                    (encoding, TEXT.to_owned()),
                    "{encoding}, {size}"
                );
            }
        }
        let bytes = b"T\xEDtulo;\x93\xC9nergie\x94;\x80";
        for size in 1..bytes.len() {
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            let text = "Título;“Énergie”;€".to_owned();
            assert_eq!(decoded(&pieces), (Encoding::Windows1252, text), "{size}");
        }
        for size in 1..TEXT.len() {
            let pieces: Vec<&[u8]> = TEXT.as_bytes().chunks(size).collect();
            assert_eq!(
                decoded(&pieces),
                (Encoding::Utf8, TEXT.to_owned()),
                "{size}"
            );
        }
    }

    #[test]
    fn one_wrong_byte_does_not_make_a_text_windows_1252() {
        assert_eq!(
            decoded(&["Ampère; Énergie; ".as_bytes(), b"caf\xE9"]).0,
            Encoding::Utf8
        );
        assert_eq!(decoded(&[b"\xEF\xBB\xBFcaf\xE9"]).0, Encoding::Utf8);
        assert_eq!(
            decoded(&[b"caf\xE9"]),
            (Encoding::Windows1252, "café".to_owned())
        );
        assert_eq!(decoded(&[b"plain"]), (Encoding::Utf8, "plain".to_owned()));
    }

    #[test]
    fn a_text_that_is_cut_off_ends_with_a_mark_for_it() {
        let mut bytes = utf16("Énergie", true);
        bytes.pop();
        assert_eq!(decoded(&[b"\xFF\xFE", &bytes]).1, "Énergi\u{fffd}");
    }
}
