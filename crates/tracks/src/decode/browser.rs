//! Decoding with the browser's `TextDecoder`.

use web_sys::{TextDecodeOptions, TextDecoder, TextDecoderOptions};

use crate::encoding::Encoding;

/// Decodes one text, piece by piece.
pub(crate) struct Decoder(Option<TextDecoder>);

impl Decoder {
    pub(crate) fn new(encoding: Encoding) -> Self {
        let label = match encoding {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Windows1252 => "windows-1252",
        };
        let options = TextDecoderOptions::new();
        // A byte order mark has been taken away already; another one is text. Setting a property of a plain object works.
        let _ = js_sys::Reflect::set(&options, &"ignoreBOM".into(), &true.into());
        // Every browser and Node know these labels.
        Self(TextDecoder::new_with_label_and_options(label, &options).ok())
    }

    /// Decodes the next piece, the last one if `last`, to the end of `output`. What is wrong becomes `�`.
    pub(crate) fn decode(&mut self, piece: &[u8], last: bool, output: &mut Vec<u8>) {
        let options = TextDecodeOptions::new();
        options.set_stream(!last);
        let text = self.0.as_ref().and_then(|decoder| {
            // The decoder is not told to refuse anything, so it does not.
            decoder
                .decode_with_u8_array_and_options(piece, &options)
                .ok()
        });
        output.extend_from_slice(text.unwrap_or_default().as_bytes());
    }
}
