//! The track as a link: the part of the address behind `#`, which browsers never send to anybody.
//!
//! `v=1&danceability=0.62&…&name=Blue%20Lamp&genre=jazz`: a value for each feature by its name, in its own unit, empty
//! for one that is unknown; what the track is called; which model
//! answers, if it is not the one of eight genres; the genre that is explained. A feature that is left out stays
//! where the sliders start.

use overtone_genre::{Feature, Features};

use super::chosen::at_first;
use super::models::Which;
use super::number;

/// The version of such links that this page writes and reads.
const VERSION: &str = "1";

/// The longest name that a link carries, in characters.
const LONGEST_NAME: usize = 120;

/// What a link shows.
#[derive(Clone, Debug)]
pub(crate) struct Linked {
    pub(crate) features: Features,
    pub(crate) name: Option<String>,
    /// Which model answers.
    pub(crate) model: Which,
    /// A genre's name, as models have it.
    pub(crate) genre: Option<String>,
}

/// What is wrong with a part of a link. The rest of it counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// The link is of another version.
    Version,
    /// A feature's value is no number, or one that the feature cannot have.
    Value { feature: Feature, value: String },
    /// A part that this page does not know.
    Unknown(String),
}

/// Writes a link's part behind `#`. `escape` makes text fit for an address.
pub(crate) fn write(linked: &Linked, escape: impl Fn(&str) -> String) -> String {
    let mut parts = vec![format!("v={VERSION}")];
    for feature in Feature::ALL {
        let value = linked.features.get(feature);
        // Popularity is unknown unless somebody says otherwise.
        if value.is_some() || at_first().get(feature).is_some() {
            let value = value.map(|value| value.to_string()).unwrap_or_default();
            parts.push(format!("{}={value}", feature.name()));
        }
    }
    if let Some(name) = &linked.name {
        let name: String = name.chars().take(LONGEST_NAME).collect();
        parts.push(format!("name={}", escape(&name)));
    }
    if linked.model != Which::default() {
        parts.push(format!("model={}", linked.model.name()));
    }
    if let Some(genre) = &linked.genre {
        parts.push(format!("genre={}", escape(genre)));
    }
    parts.join("&")
}

/// Reads the part of an address behind `#`, without it. `None` if it is no track but, say, a place on the page.
/// `unescape` is the inverse of what [`write()`] got.
pub(crate) fn read(
    fragment: &str,
    unescape: impl Fn(&str) -> Option<String>,
) -> Option<(Linked, Vec<Trouble>)> {
    if !fragment.contains('=') {
        return None;
    }
    let mut linked = Linked {
        features: at_first(),
        name: None,
        model: Which::default(),
        genre: None,
    };
    let mut troubles = Vec::new();
    for part in fragment.split('&').filter(|part| !part.is_empty()) {
        let (key, escaped) = part.split_once('=').unwrap_or((part, ""));
        // Nothing that could be told of.
        if key.is_empty() {
            continue;
        }
        let Some(value) = unescape(escaped) else {
            troubles.push(Trouble::Unknown(shortened(part)));
            continue;
        };
        match (key, Feature::from_name(key)) {
            (_, Some(feature)) => match feature_value(feature, &value) {
                Some(found) => linked.features.set(feature, found),
                None => troubles.push(Trouble::Value {
                    feature,
                    value: shortened(&value),
                }),
            },
            ("v", _) if value == VERSION => {}
            ("v", _) => troubles.push(Trouble::Version),
            ("name", _) => {
                let name: String = value.chars().take(LONGEST_NAME).collect();
                linked.name = (!name.trim().is_empty()).then_some(name);
            }
            ("model", _) => match Which::of_name(&value) {
                Some(which) => linked.model = which,
                None => troubles.push(Trouble::Unknown(shortened(part))),
            },
            ("genre", _) => linked.genre = Some(value),
            _ => troubles.push(Trouble::Unknown(shortened(key))),
        }
    }
    Some((linked, troubles))
}

/// The value that a feature has in a link: `Some(None)` for unknown, `None` for what it cannot have.
fn feature_value(feature: Feature, text: &str) -> Option<Option<f32>> {
    if text.is_empty() {
        return Some(None);
    }
    feature.check(number::read(text)?).ok()
}

/// Enough of a text to be recognised.
fn shortened(text: &str) -> String {
    text.chars().take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_plain(fragment: &str) -> Option<(Linked, Vec<Trouble>)> {
        read(fragment, |text| Some(text.to_owned()))
    }

    #[test]
    fn what_is_written_is_read_to_the_bit() {
        let mut features = at_first();
        features.set(Feature::Energy, Some(0.1 + 0.2));
        features.set(Feature::Tempo, None);
        features.set(Feature::Instrumentalness, Some(1.5e-6));
        let linked = Linked {
            features,
            name: Some("Blue Lamp".to_owned()),
            model: Which::Fifteen,
            genre: Some("jazz".to_owned()),
        };
        let written = write(&linked, |text| text.replace(' ', "_"));
        assert!(
            written.starts_with("v=1&danceability=0.62&energy=0.3"),
            "{written}"
        );
        assert!(
            written.ends_with("&name=Blue_Lamp&model=fifteen&genre=jazz"),
            "{written}"
        );
        let (read, troubles) = read(&written, |text| Some(text.replace('_', " "))).unwrap();
        assert_eq!(troubles, []);
        assert_eq!(read.name.as_deref(), Some("Blue Lamp"));
        assert_eq!(read.model, Which::Fifteen);
        assert_eq!(read.genre.as_deref(), Some("jazz"));
        for feature in Feature::ALL {
            assert_eq!(
                read.features.get(feature),
                features.get(feature),
                "{feature:?}"
            );
        }
    }

    #[test]
    fn a_bad_part_leaves_the_others() {
        let (linked, troubles) =
            read_plain("tempo=fast&energy=7&valence=NaN&loudness=-20&colour=blue&model=nine&v=9")
                .unwrap();
        assert_eq!(linked.features.get(Feature::Loudness), Some(-20.0));
        assert_eq!(linked.features.get(Feature::Tempo), Some(116.0));
        assert_eq!(linked.features.get(Feature::Energy), Some(0.58));
        let value = |feature, value: &str| Trouble::Value {
            feature,
            value: value.to_owned(),
        };
        assert_eq!(
            troubles,
            [
                value(Feature::Tempo, "fast"),
                value(Feature::Energy, "7"),
                value(Feature::Valence, "NaN"),
                Trouble::Unknown("colour".to_owned()),
                Trouble::Unknown("model=nine".to_owned()),
                Trouble::Version,
            ]
        );
    }

    #[test]
    fn a_place_on_the_page_is_no_track() {
        assert!(read_plain("").is_none());
        assert!(read_plain("playlist-title").is_none());
    }

    #[test]
    fn what_has_no_name_is_passed_over() {
        let (_, troubles) = read_plain("=&==&=3").unwrap();
        assert_eq!(troubles, []);
    }

    #[test]
    fn a_zero_tempo_is_unknown() {
        let (linked, troubles) = read_plain("tempo=0").unwrap();
        assert_eq!(linked.features.get(Feature::Tempo), None);
        assert_eq!(troubles, []);
    }
}
