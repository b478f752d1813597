//! What the page says, and how it writes numbers. Each language is a file with the same [`Words`].

pub(crate) mod english;
pub(crate) mod german;

use overtone_genre::{ClassifyError, Feature};

use super::confidence::Sureness;
use super::language::words;
use super::scale;

/// All that the page says in one language. Sentences with something in them are functions.
pub(crate) struct Words {
    /// The document's title.
    pub(crate) title: &'static str,
    /// What stands between a number's whole part and the rest, and between thousands.
    pub(crate) decimal_point: &'static str,
    pub(crate) thousands_mark: &'static str,
    /// "a", "a and b", "a, b or c".
    pub(crate) one_of: fn(&[String]) -> String,

    // The frame.
    pub(crate) question: &'static str,
    /// For each of the models.
    pub(crate) invitation: [&'static str; 2],
    pub(crate) drop_a_playlist: &'static str,
    pub(crate) skip_to_sliders: &'static str,
    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    /// Of the system, light, dark.
    pub(crate) themes: [&'static str; 3],
    pub(crate) private: &'static str,
    pub(crate) private_how_to_check: &'static str,
    pub(crate) newer_page: &'static str,
    pub(crate) load_newer: &'static str,
    /// Gets what is wrong.
    pub(crate) model_damaged: fn(&str) -> String,

    // The answer.
    pub(crate) sounds_like: &'static str,
    /// In its place, where there is no answer.
    pub(crate) this_track: &'static str,
    /// Gets the track's name.
    pub(crate) changed_track: fn(&str) -> String,
    pub(crate) no_answer: &'static str,
    pub(crate) no_answer_because: fn(&ClassifyError) -> String,
    pub(crate) probabilities: &'static str,
    pub(crate) sureness: fn(Sureness) -> &'static str,
    /// Gets the genres.
    pub(crate) nine_tenths: fn(&str) -> String,
    /// In place of a genre, where a track is like none of them.
    pub(crate) none_of_these: &'static str,
    /// The nearest genre and its probability, where a track is like none of them.
    pub(crate) outside: fn(&str, &str) -> String,
    /// Genres that belong together, by the model's name for them.
    pub(crate) family: fn(&str) -> &'static str,
    /// The nearest genre of a family and its probability, where none of them reaches one half.
    pub(crate) within_family: fn(&str, &str) -> String,
    pub(crate) models: &'static str,
    /// The models of eight and of fifteen genres.
    pub(crate) model_names: [&'static str; 2],
    pub(crate) model_coming: &'static str,
    /// Gets what is wrong.
    pub(crate) model_not_fetched: fn(&str) -> String,

    // The sliders.
    pub(crate) the_track: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) start_over: &'static str,
    pub(crate) start_from: &'static str,
    /// Gets a genre.
    pub(crate) typical_track: fn(&str) -> String,
    /// The made-up tracks.
    pub(crate) kinds: [&'static str; 4],
    pub(crate) surprise_me: &'static str,
    pub(crate) surprise_track: &'static str,
    pub(crate) groups: [&'static str; 3],
    /// Gets a genre.
    pub(crate) curve_legend: fn(&str) -> String,
    pub(crate) unknown: &'static str,
    pub(crate) reset: &'static str,
    /// Gets a feature.
    pub(crate) reset_feature: fn(&str) -> String,
    pub(crate) as_a_number: fn(&str) -> String,
    pub(crate) not_a_number: &'static str,
    /// Gets a feature, its least and its greatest value.
    pub(crate) lies_between: fn(&str, &str, &str) -> String,
    /// Of a feature that the model does not use.
    pub(crate) does_not_count: &'static str,
    /// What is said once popularity counts.
    pub(crate) popularity_misleads: &'static str,
    /// Gets a genre, and between which values.
    pub(crate) usually_lies: fn(&str, &str, &str) -> String,

    // The explanation.
    pub(crate) why_genre: fn(&str) -> String,
    pub(crate) explain_genre: &'static str,
    pub(crate) why_explained: &'static str,
    pub(crate) feature: &'static str,
    pub(crate) value: &'static str,
    pub(crate) percentage_points: &'static str,
    pub(crate) any_track: &'static str,
    pub(crate) what_if: &'static str,
    pub(crate) what_if_explained: &'static str,
    /// Gets a genre, a feature, whether it has to rise if that is known, and the value.
    pub(crate) way: fn(&str, &str, Option<bool>, &str) -> String,
    pub(crate) do_it: &'static str,
    /// Gets a genre, a feature and the value.
    pub(crate) do_way: fn(&str, &str, &str) -> String,
    /// Gets the genres.
    pub(crate) no_single_way: fn(&str) -> String,

    // Sharing.
    pub(crate) share: &'static str,
    pub(crate) copy_link: &'static str,
    pub(crate) copy_picture: &'static str,
    pub(crate) save_picture: &'static str,
    pub(crate) link_copied: &'static str,
    pub(crate) copy_by_hand: &'static str,
    pub(crate) picture_copied: &'static str,
    pub(crate) picture_not_copied: &'static str,
    pub(crate) picture_not_made: &'static str,
    pub(crate) link_damaged: &'static str,
    pub(crate) link_of_other_version: &'static str,
    /// Gets a feature and what the link says.
    pub(crate) link_with_bad_value: fn(&str, &str) -> String,
    /// Gets the part.
    pub(crate) link_with_unknown_part: fn(&str) -> String,
    pub(crate) dismiss: &'static str,

    // The map.
    pub(crate) map: &'static str,
    pub(crate) map_explained: &'static str,
    /// What the ring is, if there is one.
    pub(crate) map_of_track: &'static str,
    /// What stands behind it, without a playlist and with one of so many tracks.
    pub(crate) map_invites: &'static str,
    pub(crate) map_of_playlist: fn(usize) -> String,
    /// Gets the most probable genres.
    pub(crate) map_described: fn(&[String]) -> String,

    // The model.
    pub(crate) about_model: &'static str,
    pub(crate) about_answers: &'static str,
    pub(crate) about_needs: &'static str,
    /// Gets how many features are needed.
    pub(crate) about_needs_features: fn(usize) -> String,
    pub(crate) about_right: &'static str,
    /// The share of right answers at home and abroad, and by how many percentage points what it says is off abroad.
    pub(crate) about_right_text: fn(&str, &str, usize) -> String,
    /// The same for the fifteen genres: the share of right genres, without artists kept apart.
    pub(crate) about_right_fifteen: fn(&str) -> String,
    /// What stands before the share of each genre's tracks that are taken for it.
    pub(crate) about_found: &'static str,
    /// Those tracks: by artists, and in collections, that it has not learned from.
    pub(crate) about_found_where: [&'static str; 2],
    /// Those tracks of the fifteen genres.
    pub(crate) about_found_fifteen: &'static str,
    pub(crate) about_genre: &'static str,
    pub(crate) about_limits: &'static str,
    /// Of the models of eight and of fifteen genres.
    pub(crate) about_limits_texts: [&'static str; 2],

    /// A genre's name, if it is another than the model's with a capital letter.
    pub(crate) genre: fn(&str) -> Option<&'static str>,
    pub(crate) features: fn(Feature) -> FeatureText,
    /// How a screen reader says a unit: none for a ratio.
    pub(crate) unit_aloud: fn(Feature) -> &'static str,
    pub(crate) minus: &'static str,
    /// A length in minutes and seconds, said aloud.
    pub(crate) minutes_and_seconds: fn(usize, usize) -> String,
}

/// What is said about a feature.
pub(crate) struct FeatureText {
    /// Its name.
    pub(crate) label: &'static str,
    /// What it means, in a musician's words.
    pub(crate) hint: &'static str,
    /// What the slider's left and right end sound like.
    pub(crate) low: &'static str,
    pub(crate) high: &'static str,
}

/// What is said about a feature.
pub(crate) fn feature(feature: Feature) -> FeatureText {
    (words().features)(feature)
}

/// A genre's name as people write it.
pub(crate) fn genre(name: &str) -> String {
    if let Some(known) = (words().genre)(&name.to_lowercase()) {
        return known.to_owned();
    }
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The class of what has a genre's colour.
pub(crate) fn genre_class(name: &str) -> String {
    format!("genre-{}", name.to_lowercase().replace(' ', "-"))
}

/// A probability in percent; what is neither nothing nor certain is never shown as that. No line breaks within it.
pub(crate) fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    if percent > 0.0 && percent < 1.0 {
        "<\u{a0}1\u{a0}%".to_owned()
    } else if percent > 99.0 && percent < 100.0 {
        ">\u{a0}99\u{a0}%".to_owned()
    } else {
        format!("{percent:.0}\u{a0}%")
    }
}

/// A number with its sign.
pub(crate) fn signed(number: i64) -> String {
    match number {
        0 => "0".to_owned(),
        1.. => format!("+{number}"),
        _ => format!("−{}", number.unsigned_abs()),
    }
}

/// A number's digits, with the language's decimal point.
pub(crate) fn decimal(digits: &str) -> String {
    digits.replace('.', words().decimal_point)
}

/// A value with its unit, as it is read. No line breaks between them.
pub(crate) fn with_unit(feature: Feature, value: f32) -> String {
    if feature == Feature::Duration {
        return scale::clock_time(value);
    }
    let scale = scale::of(feature);
    let number = decimal(&scale.shown(value)).replace('-', "−");
    format!("{number}\u{a0}{}", scale.unit)
        .trim_end()
        .to_owned()
}

/// A value as a screen reader says it.
pub(crate) fn spoken(feature: Feature, value: f32) -> String {
    let words = words();
    let scale = scale::of(feature);
    if feature == Feature::Duration {
        let seconds = (value / scale.factor).round() as usize;
        return (words.minutes_and_seconds)(seconds / 60, seconds % 60);
    }
    let number = decimal(&scale.shown(value)).replace('-', words.minus);
    format!("{number} {}", (words.unit_aloud)(feature))
        .trim_end()
        .to_owned()
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
            grouped.push_str(words().thousands_mark);
        }
        grouped.push(digit);
    }
    grouped
}

/// A list with commas, and a word before the last.
fn list(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_read_them() {
        assert_eq!(count(1, "track", "tracks"), "1 track");
        assert_eq!(count(114_000, "track", "tracks"), "114,000 tracks");
        assert_eq!(count(100, "track", "tracks"), "100 tracks");
        assert_eq!(percent(0.0), "0\u{a0}%");
        assert_eq!(percent(0.004), "<\u{a0}1\u{a0}%");
        assert_eq!(percent(0.995), ">\u{a0}99\u{a0}%");
        assert_eq!(percent(1.0), "100\u{a0}%");
        assert_eq!(genre("hiphop"), "Hip-hop");
        assert_eq!(genre("jazz"), "Jazz");
        assert_eq!(genre("Trap Metal"), "Trap Metal");
        assert_eq!(genre_class("Trap Metal"), "genre-trap-metal");
        assert_eq!(signed(-4), "−4");
        assert_eq!(signed(12), "+12");
    }

    #[test]
    fn values_said_aloud_and_written() {
        assert_eq!(spoken(Feature::Loudness, -7.2), "minus 7.2 decibels");
        assert_eq!(spoken(Feature::Duration, 144_940.0), "2 minutes 25 seconds");
        assert_eq!(spoken(Feature::Duration, 61_000.0), "1 minute 1 second");
        assert_eq!(with_unit(Feature::Loudness, -7.2), "−7.2\u{a0}dB");
        assert_eq!(with_unit(Feature::Duration, 213_000.0), "3:33");
        assert_eq!(with_unit(Feature::Energy, 0.5), "0.5");
    }

    #[test]
    fn lists_read_as_sentences_do() {
        let genres = ["Jazz", "Pop", "Rock"].map(str::to_owned);
        assert_eq!(list(&genres, "or"), "Jazz, Pop or Rock");
        assert_eq!(list(&genres[..2], "oder"), "Jazz oder Pop");
        assert_eq!(list(&[], "or"), "");
    }
}
