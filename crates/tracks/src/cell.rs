//! What one cell of a feature column says.

use overtone_genre::Feature;

use crate::ProblemKind;
use crate::number::{number, unwrapped, without_unit};
use crate::units::{Understanding, Unit};

/// What tables write where they have no value, in lower case.
const MISSING: [&str; 24] = [
    "-",
    "--",
    "---",
    "?",
    "\u{2013}",
    "\u{2014}",
    "na",
    "n/a",
    "n.a.",
    "k.a.",
    "nan",
    "nat",
    "none",
    "null",
    "(null)",
    "[null]",
    "<null>",
    "nil",
    "undefined",
    "unknown",
    "empty_field",
    "missing",
    "<na>",
    "\\n",
];

/// Whether a cell's text, without white space around it, marks a missing value of a feature.
pub(crate) fn is_missing(feature: Feature, text: &str) -> bool {
    // Most cells are numbers.
    if text.is_empty() {
        return true;
    }
    if text.len() > 1 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.')) {
        return false;
    }
    // Where a value below 0 cannot be, -1 means that there is none.
    if feature != Feature::Loudness && matches!(text, "-1" | "-1.0" | "-1.00" | "-1,0" | "-1,00") {
        return true;
    }
    // What spreadsheets show where a formula has no result, in whatever language: `#N/A`, `#DIV/0!`, `#WERT!`, `#¡VALOR!`.
    if let Some(error) = text.strip_prefix('#')
        && error
            .trim_start_matches(['¡', '¿'])
            .starts_with(char::is_uppercase)
    {
        return true;
    }
    MISSING
        .iter()
        .any(|missing| text.eq_ignore_ascii_case(missing))
}

/// Reads a feature's cell, whose text has no white space around it; `None` where the table marks a missing value.
pub(crate) fn value(
    feature: Feature,
    understanding: Understanding,
    text: &str,
) -> Result<Option<f32>, ProblemKind> {
    if is_missing(feature, text) {
        return Ok(None);
    }
    let unit = understanding.unit;
    let as_number = || number(text, understanding.comma).map(|number| unit.convert(number));
    let number = match unit {
        _ if feature != Feature::Duration => as_number(),
        Unit::ClockTime | Unit::ClockTimeAsHours => length(text, unit == Unit::ClockTimeAsHours),
        _ => as_number().or_else(|| length(text, false)),
    };
    let Some(number) = number else {
        return Err(ProblemKind::NotANumber { text: shown(text) });
    };
    feature
        .check(number)
        .map_err(|error| ProblemKind::OutOfRange {
            text: shown(text),
            error,
        })
}

/// Reads a cell's bytes; bytes that are not UTF-8 are no number.
pub(crate) fn read(
    feature: Feature,
    understanding: Understanding,
    cell: &[u8],
) -> Result<Option<f32>, ProblemKind> {
    match str::from_utf8(cell) {
        Ok(text) => value(feature, understanding, text.trim()),
        Err(_) => Err(ProblemKind::NotANumber {
            text: shown(String::from_utf8_lossy(cell).trim()),
        }),
    }
}

/// The hours, minutes and seconds of a clock time such as `3:05` or `1:02:45`; also behind a number of days, before the
/// half of a day, as a spreadsheet may show it, and before a unit: `0 days 00:03:05`, `12:03:05 AM`, `3:05 min`.
pub(crate) fn clock_parts(text: &str) -> Option<(u32, u32, u32)> {
    let text = without_unit(text);
    let text = text
        .strip_prefix("0 days ")
        .or_else(|| text.strip_prefix("0 day "))
        .unwrap_or(text);
    let (text, noon) = match text.rsplit_once(char::is_whitespace) {
        Some((text, half)) if half.eq_ignore_ascii_case("am") => (text, Some(0)),
        Some((text, half)) if half.eq_ignore_ascii_case("pm") => (text, Some(12)),
        _ => (text, None),
    };
    let (before, seconds) = text.rsplit_once(':')?;
    // Fractions of a second do not matter.
    let seconds = seconds.split(['.', ',']).next().unwrap_or(seconds);
    let mut parts = [0; 3];
    let mut count = 0;
    for part in before.split(':').chain([seconds]) {
        *parts.get_mut(count)? = part.trim().parse().ok()?;
        count += 1;
    }
    // The half of a day says what the first part is counted from.
    if let (Some(noon), [first, ..]) = (noon, &mut parts) {
        *first = *first % 12 + noon;
    }
    let [first, second, third] = parts;
    let (hours, minutes, seconds) = match count {
        2 => (0, first, second),
        3 => (first, second, third),
        _ => return None,
    };
    (seconds < 60 && (hours == 0 || minutes < 60)).then_some((hours, minutes, seconds))
}

/// The hours, minutes and seconds of a length with their units: `3m 58s`, `3 min 58.2 sec`, `1h2m`, `PT3M58S`.
pub(crate) fn spelled_parts(text: &str) -> Option<(u32, u32, u32)> {
    let lower = unwrapped(text).to_ascii_lowercase();
    let prefixes = ["p0dt", "pt"].into_iter();
    let mut rest = prefixes
        .filter_map(|prefix| lower.strip_prefix(prefix))
        .next()
        .unwrap_or(&lower)
        .trim_start();
    let mut parts = [None; 3];
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = rest.split_at(digits);
        let fraction = behind.strip_prefix(['.', ',']).map(|fraction| {
            fraction.trim_start_matches(|character: char| character.is_ascii_digit())
        });
        let behind = fraction.unwrap_or(behind).trim_start();
        let letters = behind.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, behind) = behind.split_at(letters);
        let place = match unit {
            "h" | "hr" | "hrs" | "hour" | "hours" | "std" => 0,
            "m" | "min" | "mins" | "minute" | "minutes" => 1,
            "s" | "sec" | "secs" | "second" | "seconds" | "sek" => 2,
            _ => return None,
        };
        // Fractions matter, but for those of a second.
        if fraction.is_some() && place != 2 {
            return None;
        }
        let part = parts.get_mut(place)?;
        if part.replace(number.parse().ok()?).is_some() {
            return None;
        }
        rest = behind.trim_start_matches([' ', ',']);
    }
    let [hours, minutes, seconds] = parts;
    (hours.is_some() || minutes.is_some() || seconds.is_some()).then_some((
        hours.unwrap_or(0),
        minutes.unwrap_or(0),
        seconds.unwrap_or(0),
    ))
}

/// A length in milliseconds, as a clock shows it or with its units. `hours_are_minutes` where a spreadsheet took a clock's
/// minutes for hours.
fn length(text: &str, hours_are_minutes: bool) -> Option<f32> {
    let clock = clock_parts(text);
    let (hours, minutes, seconds) = clock.or_else(|| spelled_parts(text))?;
    let seconds = f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + f64::from(seconds);
    let seconds = if hours_are_minutes && clock.is_some() {
        seconds / 60.0
    } else {
        seconds
    };
    Some((seconds * 1000.0) as f32)
}

/// A text on one line, without what would make a terminal do something else than write it.
pub(crate) fn on_one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// A cell's text as a message shows it.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let text = on_one_line(text);
    if text.chars().count() <= LONGEST {
        text
    } else {
        text.chars().take(LONGEST).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Comma;
    use crate::units::Confidence;

    fn read(feature: Feature, unit: Unit, text: &str) -> Result<Option<f32>, ProblemKind> {
        let understanding = Understanding {
            unit,
            comma: Comma::Thousands,
            confidence: Confidence::Certain,
        };
        super::read(feature, understanding, text.as_bytes())
    }

    #[test]
    fn numbers_as_tables_write_them() {
        let read_energy = |text: &str| read(Feature::Energy, Unit::Ratio, text).unwrap();
        assert_eq!(read_energy("0.5"), Some(0.5));
        assert_eq!(read_energy(" 2.33e-5 "), Some(2.33e-5));
        assert_eq!(read_energy("1"), Some(1.0));
        for missing in [
            "",
            " ",
            "NA",
            "nan",
            "nat",
            "undefined",
            "?",
            "None",
            "-1",
            "empty_field",
            "\u{a0}",
            "#NV",
            "#DIV/0!",
            "(null)",
            "-1.00",
        ] {
            assert_eq!(read_energy(missing), None, "{missing}");
        }
        assert_eq!(
            read(Feature::Loudness, Unit::Decibels, "-1"),
            Ok(Some(-1.0))
        );
        assert_eq!(read(Feature::Duration, Unit::Milliseconds, "-1"), Ok(None));
        assert_eq!(read(Feature::Tempo, Unit::BeatsPerMinute, "0"), Ok(None));
    }

    #[test]
    fn units_are_converted() {
        assert_eq!(read(Feature::Energy, Unit::Percent, "75"), Ok(Some(0.75)));
        assert_eq!(read(Feature::Energy, Unit::Percent, "1 %"), Ok(Some(0.01)));
        assert!(read(Feature::Energy, Unit::Percent, "101").is_err());
        assert_eq!(
            read(Feature::Duration, Unit::Seconds, "213"),
            Ok(Some(213_000.0))
        );
        assert_eq!(
            read(Feature::Duration, Unit::Minutes, "3.5"),
            Ok(Some(210_000.0))
        );
        assert_eq!(
            read(Feature::Loudness, Unit::DecibelsWithoutMinus, "7.5"),
            Ok(Some(-7.5))
        );
    }

    #[test]
    fn lengths_as_clock_times() {
        let read_length = |text: &str| read(Feature::Duration, Unit::ClockTime, text);
        assert_eq!(read_length("02:28"), Ok(Some(148_000.0)));
        assert_eq!(read_length("1:02:45"), Ok(Some(3_765_000.0)));
        assert_eq!(read_length("3:05.2"), Ok(Some(185_000.0)));
        for spelled in [
            "3m 58s",
            "3 min 58 sec",
            "3min, 58s",
            "PT3M58S",
            "0 days 00:03:58",
            "12:03:58 AM",
            "3:58 AM",
            "3:58\u{202f}am",
            "3:58 min",
            "'3:58",
            "=\"3:58\"",
            "03:58,25",
            "00:03:58.250",
            "3m58.25s",
            "PT3M58.250S",
            "P0DT0H3M58S",
            "238.0 seconds",
        ] {
            assert_eq!(read_length(spelled), Ok(Some(238_000.0)), "{spelled}");
        }
        assert_eq!(read_length("1h 2m"), Ok(Some(3_720_000.0)));
        // Forty-five seconds and a quarter of an hour, which a spreadsheet took for times of a day.
        assert_eq!(read_length("12:45 AM"), Ok(Some(45_000.0)));
        assert_eq!(read_length("3:01 PM"), Ok(Some(901_000.0)));
        for wrong in [
            "3m 58",
            "58s 3x",
            "3.5m 2s",
            "3:05,1:02",
            "3m 3m",
            "m",
            "PT",
            " AM",
            "2:75",
            "1:99:00",
            ":",
            "1:2:3:4",
            "4294967295:00:00:1",
            "185",
        ] {
            assert!(read_length(wrong).is_err(), "{wrong}");
        }
        assert!(read_length("99999999:00").is_err());
        let as_hours = read(Feature::Duration, Unit::ClockTimeAsHours, "03:05:00");
        assert_eq!(as_hours, Ok(Some(185_000.0)));
    }

    #[test]
    fn text_and_impossible_numbers_are_told_apart() {
        assert_eq!(
            read(Feature::Energy, Unit::Ratio, "loud"),
            Err(ProblemKind::NotANumber {
                text: "loud".into()
            })
        );
        assert!(matches!(
            read(Feature::Energy, Unit::Ratio, "75"),
            Err(ProblemKind::OutOfRange { .. })
        ));
        for huge in ["inf", "1e999", "-inf"] {
            assert!(matches!(
                read(Feature::Loudness, Unit::Decibels, huge),
                Err(ProblemKind::OutOfRange { .. })
            ));
        }
    }
}
