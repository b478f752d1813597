//! What a column's name means, whatever tool wrote it and in whatever language.
//!
//! The names are those of Exportify (exportify.net and exportify.app, the latter in the languages of its page), Chosic,
//! Skiley, Organize Your Music, spotifyr and the data sets on Kaggle.

mod known;
mod plain;

use overtone_genre::Feature;

use self::known::NAMES;
pub(crate) use self::plain::without_accent;
use self::plain::{Name, plain, without_in, without_in_before};
use crate::header::Role;
use crate::units::Unit;

/// What tools put before a name without changing its meaning.
const PREFIXES: [&str; 6] = ["track", "audio", "features", "feature", "song", "spotify"];

/// How much worse a name is that had to be mended, such as `energy_x`, than one that is right as it is.
const MENDED: usize = 1_000;

/// What a name ends with that tells a unit which the feature has anyway.
const OWN_UNITS: [(&str, Feature); 5] = [
    ("db", Feature::Loudness),
    ("decibels", Feature::Loudness),
    ("dezibel", Feature::Loudness),
    ("bpm", Feature::Tempo),
    ("beatsperminute", Feature::Tempo),
];

/// Names for how much of something a track has, which are also names for whether it is so: the values 0 and 1 alone do
/// not tell which of them is meant.
const ALSO_YES_OR_NO: [&str; 6] = [
    "dance",
    "danceable",
    "acoustic",
    "instrumental",
    "live",
    "happy",
];

/// Units of a length, as they stand in brackets or at the end of a name.
const LENGTH_UNITS: [(&str, Unit); 16] = [
    ("milliseconds", Unit::Milliseconds),
    ("millis", Unit::Milliseconds),
    ("msec", Unit::Milliseconds),
    ("ms", Unit::Milliseconds),
    ("ミリ秒", Unit::Milliseconds),
    ("毫秒", Unit::Milliseconds),
    ("بالملليثانية", Unit::Milliseconds),
    ("seconds", Unit::Seconds),
    ("secs", Unit::Seconds),
    ("sec", Unit::Seconds),
    ("minutes", Unit::Minutes),
    ("mins", Unit::Minutes),
    ("min", Unit::Minutes),
    ("millisekunden", Unit::Milliseconds),
    ("sekunden", Unit::Seconds),
    ("minuten", Unit::Minutes),
];

/// What a column's name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) role: Role,
    /// How good the name is for the role: 0 is the best.
    pub(crate) rank: usize,
    /// The unit that the name tells.
    pub(crate) unit: Option<Unit>,
}

/// What a column's name means; `None` for a column that is only carried along.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    // Nobody names a column so; and what follows looks at a name once for each prefix that it has.
    if name.len() > LONGEST {
        return None;
    }
    meaning_as_it_is(name).or_else(|| {
        let mended = without_suffix_of_join(name).and_then(meaning_as_it_is);
        let meaning = mended.or_else(|| feature_behind_a_path(name))?;
        Some(Meaning {
            rank: meaning.rank + MENDED,
            ..meaning
        })
    })
}

/// What the last part of a name means that is a path, such as `content.energy` or `sp_energy`, if that is a feature.
fn feature_behind_a_path(name: &str) -> Option<Meaning> {
    let separators = ['.', '/', ':', '_'];
    // The unit of a length is a part of its own.
    let last_two = name
        .rmatch_indices(separators)
        .map(|(at, _)| name.split_at(at))
        .take(2);
    last_two
        .filter(|(before, _)| {
            let mut words = before.split(separators).map(|word| plain(word).plain);
            !words.any(|word| NOT_THE_VALUE.contains(&word.as_str()))
        })
        .filter_map(|(_, behind)| meaning_as_it_is(behind))
        .find(|meaning| {
            // Spotify's own name, as others also mean other things: a live recording, the time of an event.
            meaning.rank == 0
                && matches!(meaning.role, Role::Feature(feature) if feature != Feature::Popularity)
        })
}

/// The most bytes of a name that may mean something.
const LONGEST: usize = 300;

/// Words before a feature's name that tell of something else than the track's value.
const NOT_THE_VALUE: [&str; 24] = [
    "avg",
    "average",
    "mean",
    "median",
    "min",
    "max",
    "minimum",
    "maximum",
    "std",
    "sd",
    "stdev",
    "var",
    "variance",
    "diff",
    "delta",
    "norm",
    "normalized",
    "scaled",
    "target",
    "rank",
    "z",
    "artist",
    "album",
    "playlist",
];

/// A name without what a program puts behind the names of two tables that it joins: `energy_x`, `energy.y`, `energy.1`.
fn without_suffix_of_join(name: &str) -> Option<&str> {
    let name = name.trim();
    let suffixes = ["_x", "_y", ".x", ".y"];
    if let Some(base) = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        return Some(base);
    }
    let (base, number) = name.rsplit_once('.')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(base)
}

fn meaning_as_it_is(name: &str) -> Option<Meaning> {
    let Name {
        plain,
        in_brackets,
        percent,
    } = plain(name);
    let of_name = |plain: &str| {
        let (role, rank) = lookup_behind_prefixes(plain)?;
        Some(Meaning {
            role,
            rank,
            unit: None,
        })
    };
    let length_units = || LENGTH_UNITS.iter().chain([&("s", Unit::Seconds)]);
    let found = of_name(&plain)
        .or_else(|| {
            length_units().find_map(|&(suffix, unit)| {
                let meaning = of_name(without_in(plain.strip_suffix(suffix)?))?;
                (meaning.role == Role::Feature(Feature::Duration)).then_some(Meaning {
                    unit: Some(unit),
                    ..meaning
                })
            })
        })
        .or_else(|| {
            OWN_UNITS.iter().find_map(|&(suffix, feature)| {
                let meaning = of_name(without_in(plain.strip_suffix(suffix)?))?;
                (meaning.role == Role::Feature(feature)).then_some(meaning)
            })
        });
    let mut found = found?;
    // The number of a track on its album, or in a list; but before all names, it marks the line as a comment.
    if name.trim_start_matches(['#', ' ']).contains('#') && !matches!(found.role, Role::Feature(_))
    {
        return None;
    }
    match found.role {
        Role::Feature(Feature::Duration) => {
            let told = length_units()
                .filter(|(word, _)| *word == without_in_before(&in_brackets))
                .map(|&(_, unit)| unit)
                .next();
            found.unit = told.or(found.unit);
        }
        Role::Feature(feature) if feature.is_ratio() && percent => found.unit = Some(Unit::Percent),
        _ => {}
    }
    // In brackets, a unit or the ends of a scale say nothing new; other words may tell of something else than the track.
    let is_scale = |text: &str| {
        let mut units = length_units().map(|(word, _)| word);
        units.any(|word| *word == text) || OWN_UNITS.iter().any(|(word, _)| *word == text)
    };
    let in_brackets = without_in_before(&in_brackets);
    let is_known = in_brackets.chars().all(char::is_numeric) || percent || is_scale(in_brackets);
    if matches!(found.role, Role::Feature(_)) && !is_known {
        found.rank += MENDED;
    }
    Some(found)
}

/// Whether a name for how much of something a track has is also one for whether it is so at all.
pub(crate) fn is_also_yes_or_no(name: &str) -> bool {
    ALSO_YES_OR_NO.contains(&plain(name).plain.as_str())
}

/// Whether a name for the length of a track is also one for when something was, if the date stands beside it.
pub(crate) fn is_also_time_of_day(name: &str) -> bool {
    plain(name).plain == "time"
}

/// Whether a name says that a column holds dates, and nothing more.
pub(crate) fn is_date(name: &str) -> bool {
    plain(name).plain == "date"
}

/// What a name means, as it is or without what tools put before it.
fn lookup_behind_prefixes(plain: &str) -> Option<(Role, usize)> {
    lookup(plain).or_else(|| {
        PREFIXES.iter().find_map(|prefix| {
            let rest = plain.strip_prefix(prefix)?;
            lookup_behind_prefixes(rest)
        })
    })
}

fn lookup(plain: &str) -> Option<(Role, usize)> {
    NAMES.iter().find_map(|(role, names)| {
        let rank = names.iter().position(|name| *name == plain)?;
        Some((*role, rank))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> Option<Role> {
        meaning(name).map(|meaning| meaning.role)
    }

    #[test]
    fn names_of_many_tools() {
        let expected = [
            ("Track URI", Role::Id),
            ("track_id", Role::Id),
            ("Spotify Track Id", Role::Id),
            ("trackUrl", Role::Id),
            ("Spotify - id", Role::Id),
            ("Track Name", Role::Track),
            ("track", Role::Track),
            ("trackName", Role::Track),
            ("Song", Role::Track),
            ("Artist Name(s)", Role::Artist),
            ("artist(s)_name", Role::Artist),
            ("track_artist", Role::Artist),
            ("track_genre", Role::Genre),
            ("top genre", Role::Genre),
            ("playlist_subgenre", Role::Genre),
            ("Genres", Role::Genre),
            ("\t\t\t\tDanceability", Role::Feature(Feature::Danceability)),
            ("\u{a0}Energy\u{a0}", Role::Feature(Feature::Energy)),
            ("trackFeatureEnergy", Role::Feature(Feature::Energy)),
            (
                "trackFeatureSpeechiness",
                Role::Feature(Feature::Speechiness),
            ),
            ("audio_features.tempo", Role::Feature(Feature::Tempo)),
            ("danceability_%", Role::Feature(Feature::Danceability)),
            ("Ｅｎｅｒｇｙ", Role::Feature(Feature::Energy)),
            ("Loud (Db)", Role::Feature(Feature::Loudness)),
            ("Volume", Role::Feature(Feature::Loudness)),
            ("Duration (ms)", Role::Feature(Feature::Duration)),
            ("track.duration_ms", Role::Feature(Feature::Duration)),
            ("Length (Duration)", Role::Feature(Feature::Duration)),
            ("Time", Role::Feature(Feature::Duration)),
            ("track_popularity", Role::Feature(Feature::Popularity)),
            ("BPM", Role::Feature(Feature::Tempo)),
            ("Beats Per Minute (BPM)", Role::Feature(Feature::Tempo)),
            ("Key", Role::Key),
            ("Camelot", Role::Key),
            ("key_name", Role::Key),
            ("Mode", Role::Mode),
            ("Time Signature", Role::TimeSignature),
            (
                "audio_features.duration_ms",
                Role::Feature(Feature::Duration),
            ),
            ("features/duration_ms", Role::Feature(Feature::Duration)),
            (
                "spotify_track_duration_ms",
                Role::Feature(Feature::Duration),
            ),
            ("song_duration_ms", Role::Feature(Feature::Duration)),
            ("Dauer in ms", Role::Feature(Feature::Duration)),
            ("Länge", Role::Feature(Feature::Duration)),
            ("Loudness in dB", Role::Feature(Feature::Loudness)),
            ("Tempo in BPM", Role::Feature(Feature::Tempo)),
            ("content.energy", Role::Feature(Feature::Energy)),
            ("sp_duration_ms", Role::Feature(Feature::Duration)),
            ("audio_features.0.valence", Role::Feature(Feature::Valence)),
            ("Valence score", Role::Feature(Feature::Valence)),
            ("energy_x", Role::Feature(Feature::Energy)),
            ("valence.1", Role::Feature(Feature::Valence)),
            ("spotify_genre", Role::Genre),
            ("spotify_artist", Role::Artist),
            ("song_id", Role::Id),
            ("Tytuł", Role::Track),
            ("acoustics", Role::Feature(Feature::Acousticness)),
            ("liveliness", Role::Feature(Feature::Liveness)),
            ("Energy Level", Role::Feature(Feature::Energy)),
            ("Playtime", Role::Feature(Feature::Duration)),
            ("Runtime (s)", Role::Feature(Feature::Duration)),
            ("time_sig", Role::TimeSignature),
            // With the accents as marks of their own, as some systems write them.
            ("E\u{301}nergie", Role::Feature(Feature::Energy)),
        ];
        for (name, expected) in expected {
            assert_eq!(role(name), Some(expected), "{name}");
        }
        for name in [
            "",
            "#",
            "Album Name",
            "Artist URI(s)",
            "Added At",
            "albumPopularity",
            "artistPopularity",
            "Album Genres",
            "Track Number",
            "Type",
            "predicted_genre",
            "Danceability and energy",
            "spotify_streams",
            "energy_std",
            "std_energy",
            "target_tempo",
            "release_time",
            "album_duration_ms",
            "artist.popularity",
            "sp_name",
            "album_x",
            "1.1",
        ] {
            assert_eq!(role(name), None, "{name}");
        }
    }

    #[test]
    fn names_tell_units() {
        let unit = |name| meaning(name).and_then(|meaning| meaning.unit);
        assert_eq!(unit("Duration (ms)"), Some(Unit::Milliseconds));
        assert_eq!(unit("duration_ms"), Some(Unit::Milliseconds));
        assert_eq!(unit("trackDurationMs"), Some(Unit::Milliseconds));
        assert_eq!(unit("トラックの長さ（ミリ秒）"), Some(Unit::Milliseconds));
        assert_eq!(unit("length_seconds"), Some(Unit::Seconds));
        assert_eq!(unit("Duration (s)"), Some(Unit::Seconds));
        assert_eq!(unit("duration_min"), Some(Unit::Minutes));
        assert_eq!(unit("dur"), None);
        assert_eq!(unit("audio_features.duration_ms"), Some(Unit::Milliseconds));
        assert_eq!(unit("Dauer in Sekunden"), Some(Unit::Seconds));
        assert_eq!(unit("Duration (in min)"), Some(Unit::Minutes));
        assert_eq!(unit("energy in %"), Some(Unit::Percent));
        assert_eq!(unit("energy_%"), Some(Unit::Percent));
        assert_eq!(unit("Valence (%)"), Some(Unit::Percent));
        assert_eq!(unit("Energy"), None);
    }

    #[test]
    fn a_mended_name_is_worse_than_one_that_is_right_as_it_is() {
        let rank = |name| meaning(name).unwrap().rank;
        assert!(rank("energy_x") > rank("nrgy"));
        assert!(rank("duration_ms") < rank("Time"));
    }

    #[test]
    fn every_name_is_in_the_form_in_which_names_are_compared() {
        for (role, names) in NAMES {
            for name in names {
                let meaning = meaning(name).map(|meaning| meaning.role);
                assert_eq!(meaning, Some(role), "{name}");
            }
        }
    }
}
