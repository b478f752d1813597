//! What the page says, and how it writes numbers. All of it, so that another language is another such file.

use overtone_genre::Feature;

/// How a feature is shown: its words, and the slider that moves it.
pub(crate) struct FeatureText {
    /// Its name.
    pub(crate) label: &'static str,
    /// What it means, in a musician's words.
    pub(crate) hint: &'static str,
    /// The unit behind its number box, and how a screen reader says it.
    pub(crate) unit: (&'static str, &'static str),
    /// From where to where the slider goes, and in what steps, in the shown unit.
    pub(crate) slider: (f32, f32, f32),
    /// How many of the feature's own units make one shown unit.
    pub(crate) scale: f32,
}

/// How a feature is shown.
pub(crate) fn feature(feature: Feature) -> FeatureText {
    let ratio = |label, hint| FeatureText {
        label,
        hint,
        unit: ("", ""),
        slider: (0.0, 1.0, 0.01),
        scale: 1.0,
    };
    match feature {
        Feature::Danceability => ratio("Danceability", "how steady and strong the beat is"),
        Feature::Energy => ratio("Energy", "how fast, loud and busy it feels"),
        Feature::Loudness => FeatureText {
            label: "Loudness",
            hint: "the average level; 0 is as loud as a file can be",
            unit: ("dB", "decibels"),
            slider: (-50.0, 2.0, 0.1),
            scale: 1.0,
        },
        Feature::Speechiness => ratio("Speechiness", "spoken words: talk and rap are high"),
        Feature::Acousticness => ratio("Acousticness", "played on acoustic instruments"),
        Feature::Instrumentalness => ratio("Instrumentalness", "likely to have no singing"),
        Feature::Liveness => ratio("Liveness", "an audience can be heard"),
        Feature::Valence => ratio("Valence", "sad or angry at 0, cheerful at 1"),
        Feature::Tempo => FeatureText {
            label: "Tempo",
            hint: "beats per minute",
            unit: ("BPM", "beats per minute"),
            slider: (40.0, 220.0, 1.0),
            scale: 1.0,
        },
        Feature::Duration => FeatureText {
            label: "Duration",
            hint: "the track's length",
            unit: ("s", "seconds"),
            slider: (20.0, 900.0, 1.0),
            scale: 1000.0,
        },
        Feature::Popularity => FeatureText {
            label: "Popularity",
            hint: "Spotify's score; not used until you move it, as it often misleads",
            unit: ("", "of 100"),
            slider: (0.0, 100.0, 1.0),
            scale: 1.0,
        },
    }
}

/// The sliders' groups.
pub(crate) const GROUPS: [(&str, &[Feature]); 3] = [
    (
        "Groove and mood",
        &[
            Feature::Danceability,
            Feature::Energy,
            Feature::Valence,
            Feature::Tempo,
        ],
    ),
    (
        "Sound",
        &[
            Feature::Loudness,
            Feature::Acousticness,
            Feature::Instrumentalness,
            Feature::Speechiness,
            Feature::Liveness,
        ],
    ),
    ("About the track", &[Feature::Duration, Feature::Popularity]),
];

/// A genre's name as people write it.
pub(crate) fn genre(name: &str) -> String {
    match name {
        "hiphop" => "Hip-hop".to_owned(),
        _ => {
            let mut letters = name.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect()
        }
    }
}

/// A probability in percent; what is neither nothing nor certain is never shown as that.
pub(crate) fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    if percent > 0.0 && percent < 1.0 {
        "< 1 %".to_owned()
    } else if percent > 99.0 && percent < 100.0 {
        "> 99 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

/// A value in its shown unit, with no more digits than it has.
pub(crate) fn shown(feature_text: &FeatureText, value: f32) -> String {
    let shown = value / feature_text.scale;
    // Three digits behind the point tell apart what Spotify gives, but for the smallest ratios.
    let rounded = format!("{shown:.3}");
    let digits = rounded.trim_end_matches('0').trim_end_matches('.');
    match digits {
        "0" | "-0" if shown != 0.0 => format!("{shown:.6}").trim_end_matches('0').to_owned(),
        _ => digits.to_owned(),
    }
}

/// A value as a screen reader says it.
pub(crate) fn spoken(feature: Feature, feature_text: &FeatureText, value: f32) -> String {
    if feature == Feature::Duration {
        let seconds = (value / feature_text.scale).round() as usize;
        let minutes = count(seconds / 60, "minute", "minutes");
        return format!("{minutes} {}", count(seconds % 60, "second", "seconds"));
    }
    let number = shown(feature_text, value).replace('-', "minus ");
    format!("{number} {}", feature_text.unit.1)
        .trim_end()
        .to_owned()
}

/// A length as minutes and seconds.
pub(crate) fn clock_time(milliseconds: f32) -> String {
    let seconds = (milliseconds / 1000.0).round();
    format!("{}:{:02}", (seconds / 60.0).floor(), seconds % 60.0)
}

/// A count with its noun.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        if number == 1 { one } else { many }
    )
}

/// A count with a mark between thousands.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_read_them() {
        assert_eq!(count(1, "track", "tracks"), "1 track");
        assert_eq!(count(114_000, "track", "tracks"), "114,000 tracks");
        assert_eq!(count(100, "track", "tracks"), "100 tracks");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.004), "< 1 %");
        assert_eq!(percent(0.995), "> 99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(clock_time(213_000.0), "3:33");
        assert_eq!(clock_time(59_999.0), "1:00");
        assert_eq!(genre("hiphop"), "Hip-hop");
        assert_eq!(genre("jazz"), "Jazz");
    }

    #[test]
    fn values_keep_the_digits_that_matter() {
        let ratio = feature(Feature::Instrumentalness);
        assert_eq!(shown(&ratio, 0.5), "0.5");
        assert_eq!(shown(&ratio, 0.0), "0");
        assert_eq!(shown(&ratio, 0.000_015), "0.000015");
        let loudness = feature(Feature::Loudness);
        assert_eq!(shown(&loudness, -7.234), "-7.234");
        assert_eq!(
            spoken(Feature::Loudness, &loudness, -7.2),
            "minus 7.2 decibels"
        );
        let duration = feature(Feature::Duration);
        assert_eq!(shown(&duration, 144_940.0), "144.94");
        assert_eq!(
            spoken(Feature::Duration, &duration, 144_940.0),
            "2 minutes 25 seconds"
        );
        assert_eq!(
            spoken(Feature::Duration, &duration, 61_000.0),
            "1 minute 1 second"
        );
    }
}
