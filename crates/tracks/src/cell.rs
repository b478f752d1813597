//! What one cell of a feature column says.

use overtone_genre::Feature;

use crate::ProblemKind;
use crate::number::number;
use crate::units::{Understanding, Unit};

/// What tables write where they have no value, in lower case.
const MISSING: [&str; 20] = [
    "-",
    "--",
    "?",
    "\u{2013}",
    "\u{2014}",
    "na",
    "n/a",
    "n.a.",
    "#n/a",
    "nan",
    "none",
    "null",
    "nil",
    "undefined",
    "unknown",
    "empty_field",
    "missing",
    "<na>",
    "\\n",
    "#value!",
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
    if feature != Feature::Loudness && matches!(text, "-1" | "-1.0") {
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
    let number = if feature == Feature::Duration && text.contains(':') {
        clock_time(text, unit == Unit::ClockTimeAsHours)
    } else if matches!(unit, Unit::ClockTime | Unit::ClockTimeAsHours) {
        None
    } else {
        number(text, understanding.comma).map(|number| unit.convert(number))
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

/// The hours, minutes and seconds of a clock time such as `3:05` or `1:02:45`.
pub(crate) fn clock_parts(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = [0; 3];
    let mut count = 0;
    for part in text.split(':') {
        // Fractions of a second do not matter.
        let whole = part.split_once('.').map_or(part, |(whole, _)| whole);
        *parts.get_mut(count)? = whole.trim().parse().ok()?;
        count += 1;
    }
    let [first, second, third] = parts;
    let (hours, minutes, seconds) = match count {
        2 => (0, first, second),
        3 => (first, second, third),
        _ => return None,
    };
    (seconds < 60 && (hours == 0 || minutes < 60)).then_some((hours, minutes, seconds))
}

/// A clock time in milliseconds. `hours_are_minutes` where a spreadsheet took minutes for hours.
fn clock_time(text: &str, hours_are_minutes: bool) -> Option<f32> {
    let (hours, minutes, seconds) = clock_parts(text)?;
    let seconds = f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + f64::from(seconds);
    let seconds = if hours_are_minutes {
        seconds / 60.0
    } else {
        seconds
    };
    Some((seconds * 1000.0) as f32)
}

/// A cell's text as a message shows it.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        text.to_owned()
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
            "undefined",
            "?",
            "None",
            "-1",
            "empty_field",
            "\u{a0}",
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
        for wrong in [
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
