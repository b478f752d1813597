//! What one cell of a feature column says.

use overtone_genre::Feature;

use crate::ProblemKind;

/// What tables write where they have no value, in lower case.
const MISSING: [&str; 10] = [
    "",
    "-",
    "?",
    "na",
    "n/a",
    "nan",
    "none",
    "null",
    "nil",
    "undefined",
];

/// The number in a cell, whatever it means.
pub(crate) fn number(cell: &[u8]) -> Option<f32> {
    let text = str::from_utf8(cell).ok()?.trim();
    text.strip_suffix('%')
        .unwrap_or(text)
        .trim_end()
        .parse()
        .ok()
}

/// Reads a feature's cell; `None` where the table marks a missing value. `percentages` tells whether features that run
/// from 0 to 1 stand as percentages.
pub(crate) fn read(
    feature: Feature,
    percentages: bool,
    cell: &[u8],
) -> Result<Option<f32>, ProblemKind> {
    let text = String::from_utf8_lossy(cell);
    let text = text.trim();
    if MISSING
        .iter()
        .any(|missing| text.eq_ignore_ascii_case(missing))
    {
        return Ok(None);
    }
    let number = if feature == Feature::Duration && text.contains(':') {
        clock_time(text)
    } else {
        number(cell)
    };
    let Some(mut number) = number else {
        return Err(ProblemKind::NotANumber { text: shown(text) });
    };
    if percentages && feature.is_ratio() {
        number /= 100.0;
    }
    feature
        .check(number)
        .map_err(|error| ProblemKind::OutOfRange {
            text: shown(text),
            error,
        })
}

/// A length such as `3:05` or `1:02:45`, in milliseconds.
fn clock_time(text: &str) -> Option<f32> {
    let parts: Vec<u32> = text
        .split(':')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match *parts.as_slice() {
        [minutes, seconds] => (0, minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    if seconds >= 60 || (hours > 0 && minutes >= 60) {
        return None;
    }
    let seconds = f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + f64::from(seconds);
    Some((seconds * 1000.0) as f32)
}

/// A cell's text as a message shows it.
fn shown(text: &str) -> String {
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

    #[test]
    fn numbers_as_tables_write_them() {
        let read_energy = |text: &str| read(Feature::Energy, false, text.as_bytes()).unwrap();
        assert_eq!(read_energy("0.5"), Some(0.5));
        assert_eq!(read_energy(" 2.33e-5 "), Some(2.33e-5));
        assert_eq!(read_energy("1"), Some(1.0));
        for missing in ["", "NA", "nan", "undefined", "?", "None"] {
            assert_eq!(read_energy(missing), None, "{missing}");
        }
    }

    #[test]
    fn percentages_are_hundredths_and_only_ratios_are_in_them() {
        assert_eq!(read(Feature::Energy, true, b"75"), Ok(Some(0.75)));
        assert_eq!(read(Feature::Energy, true, b"1 %"), Ok(Some(0.01)));
        assert_eq!(read(Feature::Tempo, true, b"75"), Ok(Some(75.0)));
        assert!(read(Feature::Energy, true, b"101").is_err());
    }

    #[test]
    fn lengths_as_clock_times() {
        let read_length = |text: &str| read(Feature::Duration, false, text.as_bytes());
        assert_eq!(read_length("02:28"), Ok(Some(148_000.0)));
        assert_eq!(read_length("1:02:45"), Ok(Some(3_765_000.0)));
        assert_eq!(read_length("144940"), Ok(Some(144_940.0)));
        for wrong in ["2:75", "1:99:00", ":", "1:2:3:4", "4294967295:00:00:1"] {
            assert!(read_length(wrong).is_err(), "{wrong}");
        }
        assert!(read_length("99999999:00").is_err());
    }

    #[test]
    fn text_and_impossible_numbers_are_told_apart() {
        assert_eq!(
            read(Feature::Energy, false, b"loud"),
            Err(ProblemKind::NotANumber {
                text: "loud".into()
            })
        );
        assert!(matches!(
            read(Feature::Energy, false, b"75"),
            Err(ProblemKind::OutOfRange { .. })
        ));
        for huge in ["inf", "1e999", "-inf"] {
            assert!(matches!(
                read(Feature::Loudness, false, huge.as_bytes()),
                Err(ProblemKind::OutOfRange { .. })
            ));
        }
    }
}
