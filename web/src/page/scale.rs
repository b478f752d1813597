//! How a feature is measured on the page: the slider's ends and steps, the shown unit, numbers as text.

use overtone_genre::Feature;

use super::number;

/// A feature's scale on the page.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// The unit behind the number box; empty for a ratio.
    pub(crate) unit: &'static str,
    /// The slider's lowest and highest value, in the shown unit.
    pub(crate) low: f32,
    pub(crate) high: f32,
    /// The slider's step, in the shown unit.
    pub(crate) step: f32,
    /// How many of the feature's own units make one shown unit.
    pub(crate) factor: f32,
}

/// The scale of a feature.
pub(crate) const fn of(feature: Feature) -> Scale {
    let (unit, low, high, step, factor) = match feature {
        Feature::Loudness => ("dB", -50.0, 2.0, 0.1, 1.0),
        Feature::Tempo => ("BPM", 40.0, 220.0, 1.0, 1.0),
        Feature::Duration => ("s", 20.0, 900.0, 1.0, 1000.0),
        Feature::Popularity => ("", 0.0, 100.0, 1.0, 1.0),
        _ => ("", 0.0, 1.0, 0.01, 1.0),
    };
    Scale {
        unit,
        low,
        high,
        step,
        factor,
    }
}

impl Scale {
    /// The next value on a step of the slider, upwards or downwards, in the feature's own unit.
    pub(crate) fn round(self, value: f32, upwards: bool) -> f32 {
        let steps_a_unit = (1.0 / f64::from(self.step)).round();
        let factor = f64::from(self.factor);
        let steps = f64::from(value) / factor * steps_a_unit;
        let steps = if upwards { steps.ceil() } else { steps.floor() };
        (steps / steps_a_unit * factor) as f32
    }

    /// Whether two values in the feature's own unit lie so far apart that the slider moves from one to the other.
    pub(crate) fn tells_apart(self, one: f32, other: f32) -> bool {
        (one - other).abs() >= self.step * self.factor / 2.0
    }

    /// Where a value in the feature's own unit stands on the slider, in percent of its length.
    pub(crate) fn percent(self, value: f32) -> f32 {
        let shown = value / self.factor;
        (100.0 * (shown - self.low) / (self.high - self.low)).clamp(0.0, 100.0)
    }

    /// A value some steps of the slider away, on one of its steps, in the feature's own unit; from the slider's middle if it is unknown.
    pub(crate) fn stepped(self, value: Option<f32>, steps: f32) -> f32 {
        let middle = (self.low + self.high) / 2.0 * self.factor;
        let value = value.unwrap_or(middle) + steps * self.step * self.factor;
        // Not beyond the next step, for a value that lies between two.
        let value = self.round(value + 1e-3 * self.step * self.factor, false);
        value.clamp(self.low * self.factor, self.high * self.factor)
    }

    /// The number that a visitor has entered, in the shown unit: with a point or a comma, with the unit behind it or without; a
    /// length also in minutes and seconds. `None` if it is none.
    pub(crate) fn entered(self, text: &str) -> Option<f32> {
        let text = text.trim().replace('−', "-").replace(',', ".");
        let text = text.to_lowercase();
        let text = text
            .strip_suffix(&self.unit.to_lowercase())
            .unwrap_or(&text);
        match text.split_once(':') {
            Some((minutes, seconds)) if self.unit == "s" => {
                let (minutes, seconds) = (number::read(minutes)?, number::read(seconds)?);
                let is_clock_time = minutes >= 0.0 && (0.0..60.0).contains(&seconds);
                is_clock_time.then_some(60.0 * minutes + seconds)
            }
            _ => number::read(text),
        }
    }

    /// A value in its shown unit, with no more digits than it has.
    pub(crate) fn shown(self, value: f32) -> String {
        let shown = value / self.factor;
        // Three digits behind the point tell apart what Spotify gives, but for the smallest ratios.
        let rounded = format!("{shown:.3}");
        let digits = rounded.trim_end_matches('0').trim_end_matches('.');
        match digits {
            "0" | "-0" if shown != 0.0 => shown.to_string(),
            // There is no zero below zero.
            "-0" => "0".to_owned(),
            _ => digits.to_owned(),
        }
    }
}

/// A length in milliseconds as minutes and seconds.
pub(crate) fn clock_time(milliseconds: f32) -> String {
    let seconds = (milliseconds / 1000.0).round();
    format!("{}:{:02}", (seconds / 60.0).floor(), seconds % 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_the_digits_that_matter() {
        let ratio = of(Feature::Instrumentalness);
        assert_eq!(ratio.shown(0.5), "0.5");
        assert_eq!(ratio.shown(0.0), "0");
        assert_eq!(ratio.shown(0.000_015), "0.000015");
        assert_eq!(ratio.shown(0.000_000_4), "0.0000004");
        assert_eq!(of(Feature::Loudness).shown(-7.234), "-7.234");
        assert_eq!(of(Feature::Loudness).shown(-0.0), "0");
        assert_eq!(of(Feature::Loudness).shown(-0.000_4), "-0.0004");
        assert_eq!(of(Feature::Duration).shown(144_940.0), "144.94");
        assert_eq!(clock_time(213_000.0), "3:33");
        assert_eq!(clock_time(59_999.0), "1:00");
    }

    #[test]
    fn a_number_is_read_as_people_write_it() {
        let (duration, loudness, tempo) = (
            of(Feature::Duration),
            of(Feature::Loudness),
            of(Feature::Tempo),
        );
        assert_eq!(duration.entered("3:33"), Some(213.0));
        assert_eq!(duration.entered(" 213,5 s"), Some(213.5));
        assert_eq!(loudness.entered("−7,2 dB"), Some(-7.2));
        // As the page itself writes it.
        assert_eq!(loudness.entered("−7.2\u{a0}dB"), Some(-7.2));
        assert_eq!(tempo.entered("128 bpm"), Some(128.0));
        assert_eq!(tempo.entered("116"), Some(116.0));
        for (scale, text) in [
            (duration, "3:73"),
            (duration, "-1:10"),
            (duration, "3:3:3"),
            (tempo, "1:56"),
            (tempo, "fast"),
            (tempo, "1,2.5"),
            (tempo, "12e"),
            (loudness, "--"),
        ] {
            assert_eq!(scale.entered(text), None, "{text}");
        }
    }

    #[test]
    fn keys_go_from_step_to_step() {
        let (energy, tempo) = (of(Feature::Energy), of(Feature::Tempo));
        assert_eq!(energy.stepped(Some(0.58), 1.0), 0.59);
        assert_eq!(energy.stepped(Some(0.58), -1.0), 0.57);
        assert_eq!(energy.stepped(Some(0.995), 10.0), 1.0);
        assert_eq!(energy.stepped(None, 1.0), 0.51);
        assert_eq!(tempo.stepped(Some(119.7), 1.0), 120.0);
        assert_eq!(tempo.stepped(Some(45.0), -10.0), 40.0);
        assert_eq!(
            of(Feature::Duration).stepped(Some(213_000.0), 1.0),
            214_000.0
        );
    }

    #[test]
    fn less_than_half_a_step_moves_no_slider() {
        let ratio = of(Feature::Instrumentalness);
        assert!(!ratio.tells_apart(0.0, 0.000_003));
        assert!(ratio.tells_apart(0.5, 0.49));
        assert!(of(Feature::Duration).tells_apart(213_000.0, 214_000.0));
        assert!(!of(Feature::Duration).tells_apart(213_000.0, 213_400.0));
    }

    #[test]
    fn rounded_values_have_few_digits() {
        let ratio = of(Feature::Energy);
        assert_eq!(ratio.round(0.857_8, true), 0.86);
        assert_eq!(ratio.round(0.857_8, false), 0.85);
        assert_eq!(of(Feature::Loudness).round(-7.23, false), -7.3);
        assert_eq!(of(Feature::Duration).round(61_500.0, true), 62_000.0);
    }

    #[test]
    fn places_on_the_slider() {
        assert_eq!(of(Feature::Energy).percent(0.25), 25.0);
        assert_eq!(of(Feature::Duration).percent(460_000.0), 50.0);
        assert_eq!(of(Feature::Tempo).percent(300.0), 100.0);
    }
}
