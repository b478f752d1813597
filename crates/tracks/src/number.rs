//! Numbers as tables write them.

/// What a comma within a number is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comma {
    /// It stands between thousands, as in `1,292`; the decimal mark is a point.
    #[default]
    Thousands,
    /// It is the decimal mark, as in `0,89`; points stand between thousands.
    Decimal,
}

/// How many numbers of a table speak for one meaning of the comma.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CommaVotes {
    /// Numbers in which a comma can only be the decimal mark.
    pub(crate) decimal: u32,
    /// Numbers in which it can only stand between thousands, or in which a point can only be the decimal mark.
    pub(crate) thousands: u32,
    /// Numbers with a comma or a point that could be either.
    pub(crate) either: u32,
}

impl CommaVotes {
    /// Counts what one cell says.
    pub(crate) fn count(&mut self, text: &str) {
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let text = without_unit(text)
            .trim_start_matches(['-', '+', '\u{2212}'])
            .trim_end_matches([' ', '\u{a0}']);
        let marks = text.matches([',', '.']).count();
        let Some((whole, behind)) = text.rsplit_once([',', '.']) else {
            return;
        };
        let is_comma = text.as_bytes().get(whole.len()) == Some(&b',');
        if !digits(behind)
            || !whole
                .split([',', '.'])
                .all(|part| part.is_empty() || digits(part))
        {
            return;
        }
        let last_is_decimal = if marks > 1 {
            // Of two kinds of marks, the last is the decimal one; of one kind, all stand between thousands.
            whole.contains(if is_comma { '.' } else { ',' })
        } else {
            let groups =
                behind.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            if groups {
                self.either += 1;
                return;
            }
            true
        };
        if last_is_decimal == is_comma {
            self.decimal += 1;
        } else {
            self.thousands += 1;
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.decimal += other.decimal;
        self.thousands += other.thousands;
        self.either += other.either;
    }

    /// What the comma is, if anything speaks for it.
    pub(crate) fn verdict(self) -> Option<Comma> {
        match self.decimal.cmp(&self.thousands) {
            std::cmp::Ordering::Greater => Some(Comma::Decimal),
            std::cmp::Ordering::Less => Some(Comma::Thousands),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// A number that was read, as people would write it: without the last digits of what single precision makes of a short decimal.
pub fn short_number(number: f32) -> String {
    let (whole, rounded) = (number.to_string(), format!("{number:.5e}"));
    let rounded = rounded.parse().unwrap_or(number).to_string();
    if rounded.len() + 3 <= whole.len() {
        rounded
    } else {
        whole
    }
}

/// The number in a cell, whatever it means; a percent sign and a unit behind it do not count. `None` for what is no
/// number.
pub(crate) fn number(text: &str, comma: Comma) -> Option<f32> {
    // Nearly all numbers are plain ones.
    if text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'))
        && comma == Comma::Thousands
    {
        return text.parse().ok();
    }
    let mut plain = String::with_capacity(text.len());
    for character in without_unit(text).chars() {
        match character {
            '\u{2212}' | '\u{2013}' | '\u{fe63}' | '\u{ff0d}' => plain.push('-'),
            // Thin and other spaces, and the apostrophe, stand between thousands.
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' => plain.push('\u{1}'),
            'e' | 'E' | '0'..='9' | '.' | ',' | '-' | '+' => plain.push(character),
            _ => return word(text),
        }
    }
    let plain = ungrouped(&plain, '\u{1}')?;
    let plain = match comma {
        Comma::Thousands => {
            if let Some(plain) = ungrouped(&plain, ',') {
                plain
            } else if plain.matches(',').count() == 1 && !plain.contains('.') {
                // It can only be a decimal comma.
                plain.replace(',', ".")
            } else {
                return None;
            }
        }
        Comma::Decimal => {
            let (whole, behind) = plain.split_once(',').unwrap_or((&plain, ""));
            let has_comma = plain.contains(',');
            match ungrouped(whole, '.') {
                Some(whole) if has_comma => format!("{whole}.{behind}"),
                Some(whole) => whole,
                None if !has_comma => plain,
                None => return None,
            }
        }
    };
    plain.parse().ok()
}

/// `inf` and its kin, which are numbers that no feature can have.
fn word(text: &str) -> Option<f32> {
    let text = text.trim_start_matches(['-', '+']);
    (text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("infinity"))
        .then_some(f32::INFINITY)
}

/// The text without what keeps a spreadsheet from taking it for something else: an apostrophe before it, as stands before what
/// begins like a formula, or `="` and `"` around it.
pub(crate) fn unwrapped(text: &str) -> &str {
    let text = text.trim().trim_start_matches('\'');
    text.strip_prefix("=\"")
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text)
        .trim()
}

/// What stands behind a number of minutes.
pub(crate) const MINUTES: [&str; 4] = ["min", "mins", "minute", "minutes"];

/// What stands behind a number of seconds.
pub(crate) const SECONDS: [&str; 5] = ["s", "sec", "secs", "second", "seconds"];

/// Latin, wide and Arabic percent signs.
const PERCENT_SIGNS: [char; 3] = ['%', '\u{ff05}', '\u{66a}'];

/// Whether a percent sign stands behind the value, or before it, as in Turkish.
pub(crate) fn has_percent_sign(text: &str) -> bool {
    let text = unwrapped(text);
    text.starts_with(PERCENT_SIGNS) || text.ends_with(PERCENT_SIGNS)
}

/// The text without a percent sign, or a unit behind it.
pub(crate) fn without_unit(text: &str) -> &str {
    let text = unwrapped(text).trim_matches(PERCENT_SIGNS).trim();
    let number = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let unit = text.get(number.len()..).unwrap_or_default();
    let others = ["db", "dbfs", "lufs", "bpm", "ms"];
    let mut known = others.iter().chain(&MINUTES).chain(&SECONDS);
    if known.any(|known| unit.eq_ignore_ascii_case(known)) {
        number.trim_end()
    } else {
        text
    }
}

/// The number without the marks between its thousands; `None` if they stand elsewhere.
fn ungrouped(number: &str, mark: char) -> Option<String> {
    if !number.contains(mark) {
        return Some(number.to_owned());
    }
    let is_behind = |character| match character {
        '.' => mark != '.',
        // Between thousands that spaces divide, it stands before the decimals.
        ',' => mark == '\u{1}',
        _ => mark != '.' && matches!(character, 'e' | 'E'),
    };
    let (whole, behind) = match number.find(is_behind) {
        Some(at) => number.split_at(at),
        None => (number, ""),
    };
    let unsigned = whole.trim_start_matches(['-', '+']);
    let mut groups = unsigned.split(mark);
    let first = groups.next().unwrap_or_default();
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let starts = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    if starts && !behind.contains(mark) && groups.all(|group| group.len() == 3 && is_digits(group))
    {
        Some(number.replace(mark, ""))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_many_spellings() {
        for (text, point, comma) in [
            ("0.73", Some(0.73), Some(0.73)),
            ("0,89", Some(0.89), Some(0.89)),
            ("-5,3", Some(-5.3), Some(-5.3)),
            ("\u{2212}7.25", Some(-7.25), Some(-7.25)),
            ("1,292", Some(1292.0), Some(1.292)),
            ("1,292,103", Some(1_292_103.0), None),
            ("1.292,5", None, Some(1292.5)),
            ("230.666", Some(230.666), Some(230_666.0)),
            ("230\u{a0}666", Some(230_666.0), Some(230_666.0)),
            ("230'666", Some(230_666.0), Some(230_666.0)),
            ("213\u{202f}573,50", Some(213_573.5), Some(213_573.5)),
            ("1 213 573,5", Some(1_213_573.5), Some(1_213_573.5)),
            ("2.33e-5", Some(2.33e-5), Some(2.33e-5)),
            ("1E-3", Some(0.001), Some(0.001)),
            (".5", Some(0.5), Some(0.5)),
            ("89%", Some(89.0), Some(89.0)),
            ("89 %", Some(89.0), Some(89.0)),
            ("-7.2 dB", Some(-7.2), Some(-7.2)),
            ("128 BPM", Some(128.0), Some(128.0)),
            ("238 s", Some(238.0), Some(238.0)),
            ("3,97 min", Some(3.97), Some(3.97)),
            ("'-7,2", Some(-7.2), Some(-7.2)),
            ("=\"0.5\"", Some(0.5), Some(0.5)),
            ("%89", Some(89.0), Some(89.0)),
            ("% 89,5", Some(89.5), Some(89.5)),
            ("89\u{66a}", Some(89.0), Some(89.0)),
            ("%", None, None),
            ("loud", None, None),
            ("1 2", None, None),
            ("12,34,56", None, None),
            ("", None, None),
            ("-", None, None),
            ("04-Apr", None, None),
            ("nan", None, None),
            ("inf", Some(f32::INFINITY), Some(f32::INFINITY)),
        ] {
            assert_eq!(number(text, Comma::Thousands), point, "{text}");
            assert_eq!(number(text, Comma::Decimal), comma, "{text}");
        }
    }

    #[test]
    fn numbers_are_shown_with_the_digits_that_they_were_read_with() {
        for text in [
            "88.1",
            "128.004",
            "120.1234",
            "0.00000773",
            "312000",
            "-7.25",
            "0",
        ] {
            assert_eq!(short_number(text.parse().unwrap()), text);
        }
        assert_eq!(short_number(0.06 / 100.0), "0.0006");
    }

    #[test]
    fn what_a_comma_is_shows_in_some_numbers_only() {
        let verdict = |texts: &[&str]| {
            let mut votes = CommaVotes::default();
            texts.iter().for_each(|text| votes.count(text));
            votes.verdict()
        };
        assert_eq!(verdict(&["0,89"]), Some(Comma::Decimal));
        assert_eq!(verdict(&["0,123"]), Some(Comma::Decimal));
        assert_eq!(verdict(&["\u{2212}5,3 "]), Some(Comma::Decimal));
        assert_eq!(verdict(&["1.234,5"]), Some(Comma::Decimal));
        assert_eq!(verdict(&["-5,25 dB"]), Some(Comma::Decimal));
        assert_eq!(verdict(&["%62,5"]), Some(Comma::Decimal));
        assert_eq!(verdict(&["0.89"]), Some(Comma::Thousands));
        assert_eq!(verdict(&["1,234,567"]), Some(Comma::Thousands));
        assert_eq!(verdict(&["1,234.5"]), Some(Comma::Thousands));
        assert_eq!(
            verdict(&["1,292", "230.666", "text, and more", "3:05"]),
            None
        );
    }
}
