//! Takes out what would mislead a learner, and counts each step.

use std::collections::{HashMap, HashSet};

use overtone_genre::Feature;

use crate::dataset::LabelledTrack;

/// What one step of cleaning did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which rows the step takes out.
    pub what: &'static str,
    /// How many rows it took out.
    pub removed: usize,
    /// How many rows were left.
    pub left: usize,
}

/// Cleans a data set; the tracks that are left keep their order.
pub fn clean(tracks: Vec<LabelledTrack>) -> (Vec<LabelledTrack>, Vec<Step>) {
    let mut cleaning = Cleaning::new(tracks);
    cleaning.keep("without a genre", |track| !track.genre.is_empty());
    cleaning.keep(
        "never analysed (danceability and valence are 0)",
        is_analysed,
    );
    cleaning.keep("with a feature missing", |track| {
        Feature::ALL
            .into_iter()
            .all(|feature| track.features.get(feature).is_some())
    });
    cleaning.one_genre_each("the same id under several genres", id);
    cleaning.first_of_each("the same id again", id);
    cleaning.one_genre_each("the same recording under several genres", recording);
    cleaning.first_of_each("the same recording again", recording);
    (cleaning.tracks, cleaning.steps)
}

/// Spotify gives zeros for a track that it has not analysed.
pub(crate) fn is_analysed(track: &LabelledTrack) -> bool {
    [Feature::Danceability, Feature::Valence]
        .into_iter()
        .any(|feature| track.features.get(feature) != Some(0.0))
}

fn id(track: &LabelledTrack) -> String {
    track.id.clone()
}

/// The same title by the same first artist counts as the same recording: releases of one recording have other ids,
/// but the same sound.
fn recording(track: &LabelledTrack) -> String {
    let (artist, title) = (track.first_artist(), track.track.to_lowercase());
    if artist.is_empty() || title.is_empty() {
        String::new()
    } else {
        format!("{artist}\n{title}")
    }
}

/// Cleaning in progress.
pub(crate) struct Cleaning {
    /// What is left.
    pub(crate) tracks: Vec<LabelledTrack>,
    /// What was done.
    pub(crate) steps: Vec<Step>,
}

impl Cleaning {
    pub(crate) fn new(tracks: Vec<LabelledTrack>) -> Self {
        Self {
            tracks,
            steps: Vec::new(),
        }
    }

    pub(crate) fn keep(
        &mut self,
        what: &'static str,
        mut wanted: impl FnMut(&LabelledTrack) -> bool,
    ) {
        let before = self.tracks.len();
        self.tracks.retain(|track| wanted(track));
        self.steps.push(Step {
            what,
            removed: before - self.tracks.len(),
            left: self.tracks.len(),
        });
    }

    /// The same by the numbers of rows.
    pub(crate) fn keep_rows(&mut self, what: &'static str, mut wanted: impl FnMut(usize) -> bool) {
        let mut row = 0;
        self.keep(what, |_| {
            row += 1;
            wanted(row - 1)
        });
    }

    /// Takes out all tracks of a key that stands under several genres: which one is right is not known. Tracks with
    /// an empty key stay.
    fn one_genre_each(&mut self, what: &'static str, key: fn(&LabelledTrack) -> String) {
        let mut genres: HashMap<String, String> = HashMap::new();
        let mut several: HashSet<String> = HashSet::new();
        for track in &self.tracks {
            let genre = genres
                .entry(key(track))
                .or_insert_with(|| track.genre.clone());
            if *genre != track.genre {
                several.insert(key(track));
            }
        }
        several.remove("");
        self.keep(what, |track| !several.contains(&key(track)));
    }

    /// Keeps the first track of each key. Tracks with an empty key stay.
    fn first_of_each(&mut self, what: &'static str, key: fn(&LabelledTrack) -> String) {
        let mut seen = HashSet::new();
        self.keep(what, |track| {
            let key = key(track);
            key.is_empty() || seen.insert(key)
        });
    }
}

#[cfg(test)]
mod tests {
    use overtone_genre::Features;

    use super::*;

    fn track(id: &str, artist: &str, title: &str, genre: &str) -> LabelledTrack {
        let mut features = Features::default();
        for feature in Feature::ALL {
            features.set(feature, Some(0.5));
        }
        LabelledTrack {
            id: id.into(),
            track: title.into(),
            artist: artist.into(),
            genre: genre.into(),
            features,
        }
    }

    #[test]
    fn each_step_takes_its_rows() {
        let mut silent = track("8", "H", "h", "pop");
        for feature in [Feature::Danceability, Feature::Valence] {
            silent.features.set(feature, Some(0.0));
        }
        let mut incomplete = track("9", "I", "i", "pop");
        incomplete.features.set(Feature::Tempo, None);
        let tracks = vec![
            track("1", "A", "a", "pop"),
            track("1", "A", "a", "pop"),
            track("2", "B; X", "b", "rock"),
            track("3", "b, Y", "B", "rock"),
            track("4", "C", "c", "pop"),
            track("4", "C", "c", "rock"),
            track("5", "D", "d", "pop"),
            track("6", "D", "d", "jazz"),
            track("7", "E", "e", ""),
            silent,
            incomplete,
            track("", "", "", "pop"),
            track("", "", "", "jazz"),
        ];
        let (left, steps) = clean(tracks);
        let removed: Vec<usize> = steps.iter().map(|step| step.removed).collect();
        assert_eq!(removed, [1, 1, 1, 2, 1, 2, 1]);
        let ids: Vec<&str> = left.iter().map(|track| track.id.as_str()).collect();
        assert_eq!(ids, ["1", "2", "", ""]);
        assert_eq!(steps.last().map(|step| step.left), Some(4));
    }
}
