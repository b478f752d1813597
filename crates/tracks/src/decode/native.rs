//! Decoding with encoding_rs.

use encoding_rs::{CoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::encoding::Encoding;

/// Decodes one text, piece by piece.
pub(crate) struct Decoder(encoding_rs::Decoder);

impl Decoder {
    pub(crate) fn new(encoding: Encoding) -> Self {
        let encoding = match encoding {
            Encoding::Utf8 => UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::Windows1252 => WINDOWS_1252,
        };
        Self(encoding.new_decoder_without_bom_handling())
    }

    /// Decodes the next piece, the last one if `last`, to the end of `output`. What is wrong becomes `�`.
    pub(crate) fn decode(&mut self, mut piece: &[u8], last: bool, output: &mut Vec<u8>) {
        let mut place = [0; 8192];
        loop {
            let (result, read, written, _) = self.0.decode_to_utf8(piece, &mut place, last);
            output.extend_from_slice(place.get(..written).unwrap_or_default());
            piece = piece.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }
}
