//! How a feature is measured on the page: the slider's ends and steps, the shown unit, numbers as text.

use overtone_genre::Feature;

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

    /// A value in its shown unit, with no more digits than it has.
    pub(crate) fn shown(self, value: f32) -> String {
        let shown = value / self.factor;
        // Three digits behind the point tell apart what Spotify gives, but for the smallest ratios.
        let rounded = format!("{shown:.3}");
        let digits = rounded.trim_end_matches('0').trim_end_matches('.');
        match digits {
            "0" | "-0" => shown.to_string(),
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
        assert_eq!(of(Feature::Duration).shown(144_940.0), "144.94");
        assert_eq!(clock_time(213_000.0), "3:33");
        assert_eq!(clock_time(59_999.0), "1:00");
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
