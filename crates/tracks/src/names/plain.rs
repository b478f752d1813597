//! What is left of a column's name without spaces, marks, accents and brackets.

/// A name without what tools put around it.
pub(super) struct Name {
    /// Letters and digits only, in lower case, without accents, and without what stands in brackets.
    pub(super) plain: String,
    /// What stands in the last brackets, in the same form.
    pub(super) in_brackets: String,
    /// Whether the name has a percent sign or the word.
    pub(super) percent: bool,
}

/// Takes away what tools put around a name.
pub(super) fn plain(name: &str) -> Name {
    let mut plain = String::new();
    let mut in_brackets = String::new();
    let mut brackets = 0usize;
    let mut percent = false;
    for character in name.chars().map(half_width) {
        match character {
            '(' | '[' => {
                brackets += 1;
                in_brackets.clear();
            }
            ')' | ']' => brackets = brackets.saturating_sub(1),
            '%' => percent = true,
            _ if character.is_alphanumeric() => {
                let place = if brackets == 0 {
                    &mut plain
                } else {
                    &mut in_brackets
                };
                place.extend(character.to_lowercase().filter_map(without_accent));
            }
            _ => {}
        }
    }
    percent |= without_in_before(&in_brackets) == "percent";
    for word in ["score", "value"] {
        if let Some(rest) = plain.strip_suffix(word).filter(|rest| !rest.is_empty()) {
            plain.truncate(rest.len());
        }
    }
    for word in ["percentage", "percent", "prozent", "pct"] {
        if let Some(rest) = plain.strip_suffix(word).filter(|rest| !rest.is_empty()) {
            plain.truncate(rest.len());
            percent = true;
        }
    }
    if percent {
        let named = without_in(&plain).len();
        plain.truncate(named);
    }
    Name {
        plain,
        in_brackets,
        percent,
    }
}

/// A name without the word `in` that stands before a unit: of `duration in ms`, what is left when the unit is taken away.
pub(super) fn without_in(base: &str) -> &str {
    base.strip_suffix("in")
        .filter(|base| !base.is_empty())
        .unwrap_or(base)
}

/// What stands in brackets, without the word `in` before it.
pub(super) fn without_in_before(in_brackets: &str) -> &str {
    in_brackets.strip_prefix("in").unwrap_or(in_brackets)
}

/// The wide forms of Latin letters, digits and marks, as East Asian keyboards give them, as plain ones.
fn half_width(character: char) -> char {
    match u32::from(character) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

/// A lower-case letter without its accent; `None` for an accent that stands by itself.
pub(crate) fn without_accent(letter: char) -> Option<char> {
    let plain = match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ś' | 'ş' | 'š' | 'ș' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        // A small sigma has another form at the end of a word, which a capital one does not tell.
        'ς' => 'σ',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        '\u{300}'..='\u{36f}' => return None,
        _ => letter,
    };
    Some(plain)
}
