//! Texts as they are searched and sorted: whatever their case, accents and kind of apostrophe. Accents are taken apart by the
//! browser, as Rust's own tables for it would make the module by an eighth larger.

/// The text in small letters, without accents, and with plain apostrophes.
pub(super) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let decomposed = decomposed(text);
    let letters = decomposed.chars().filter(|&letter| !is_accent(letter));
    letters
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            '‘' | '’' | 'ʼ' => '\'',
            letter => letter,
        })
        .collect()
}

/// Whether it is a mark above or below the letter before it.
fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// The text with letters and their accents one behind the other (Unicode's NFD).
#[cfg(target_arch = "wasm32")]
fn decomposed(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFD").into()
}

#[cfg(not(target_arch = "wasm32"))]
fn decomposed(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfd(text).collect()
}
