//! What the track on the sliders is called.

use super::language::words;
use super::texts;

/// The name of a track: as somebody gave it, or what it was made from, for which each language has its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TrackName {
    Given(String),
    /// A typical track of a genre, by the model's name for it.
    Typical(String),
    /// One of the made-up tracks, by its place among them.
    Kind(usize),
    Surprise,
}

impl TrackName {
    /// The name in the present language.
    pub(crate) fn text(&self) -> String {
        let words = words();
        match self {
            Self::Given(name) => name.clone(),
            Self::Typical(genre) => (words.typical_track)(&texts::genre(genre)),
            Self::Kind(place) => words
                .kinds
                .get(*place)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            Self::Surprise => words.surprise_track.to_owned(),
        }
    }
}
