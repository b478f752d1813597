//! Which rows are one recording: those that share an artist and title, their sound to four decimals (all but
//! instrumentalness and tempo, or the length in place of a missing loudness), or an id and much else.

use std::collections::HashMap;

use overtone_genre::{Feature, Features};

use crate::dataset::LabelledTrack;

/// The audio features to four decimals, as far as all tools write them: the same recording has the same, under whatever
/// id, and two recordings hardly ever do.
pub(crate) fn fingerprint(features: &Features) -> [i32; 7] {
    [
        Feature::Loudness,
        Feature::Danceability,
        Feature::Energy,
        Feature::Speechiness,
        Feature::Acousticness,
        Feature::Liveness,
        Feature::Valence,
    ]
    .map(|feature| {
        features
            .get(feature)
            .map_or(i32::MIN, |value| (f64::from(value) * 1e4).round() as i32)
    })
}

/// Where the loudness stands in a fingerprint.
const LOUDNESS: usize = 0;

/// The same with the length in milliseconds in place of the loudness, which some rows lack; `None` where more is missing.
fn fingerprint_without_loudness(features: &Features) -> Option<[i32; 7]> {
    let mut sound = fingerprint(features);
    sound[LOUDNESS] = features.get(Feature::Duration)?.round() as i32;
    (!sound.contains(&i32::MIN)).then_some(sound)
}

/// A row of an id.
#[derive(Clone, Debug)]
struct KnownById {
    row: usize,
    artist: String,
    features: Features,
}

impl KnownById {
    /// Whether another row of the same id is of the same recording: by the same artist, or with much the same sound. One of the
    /// collections gives nearly all of its rows ids of other tracks, so an id alone says nothing.
    fn may_be(&self, other: &Marks) -> bool {
        /// What Spotify's later analyses of a recording differ by.
        const NEAR: f32 = 0.1;
        let is_near = |feature| {
            let both = self.features.get(feature).zip(other.features.get(feature));
            both.is_some_and(|(one, other)| (one - other).abs() <= NEAR)
        };
        let sound = [
            Feature::Danceability,
            Feature::Energy,
            Feature::Acousticness,
            Feature::Valence,
        ];
        (!self.artist.is_empty() && self.artist == other.artist) || sound.into_iter().all(is_near)
    }
}

/// What a row's recording is known by.
struct Marks {
    id: String,
    artist: String,
    features: Features,
    /// The artist and the title, where both are known.
    title: Option<String>,
    sound: Option<[i32; 7]>,
    without_loudness: Option<[i32; 7]>,
}

impl Marks {
    fn of(track: &LabelledTrack) -> Self {
        let (artist, title) = (track.first_artist(), track.track.trim().to_lowercase());
        let sound = fingerprint(&track.features);
        Self {
            id: track.id.clone(),
            title: (!artist.is_empty() && !title.is_empty()).then(|| format!("{artist}\n{title}")),
            artist,
            features: track.features,
            sound: (!sound.contains(&i32::MIN)).then_some(sound),
            without_loudness: fingerprint_without_loudness(&track.features),
        }
    }

    /// Which of the two maps of [`Recordings::by_length`] the row stands in.
    fn has_loudness(&self) -> bool {
        self.features.get(Feature::Loudness).is_some()
    }
}

/// Rows, and which of them are one recording, by union and find.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recordings {
    parents: Vec<usize>,
    by_id: HashMap<String, Vec<KnownById>>,
    by_title: HashMap<String, usize>,
    by_sound: HashMap<[i32; 7], usize>,
    /// Rows without loudness and with it, by all else.
    by_length: [HashMap<[i32; 7], usize>; 2],
}

impl Recordings {
    /// Some rows.
    pub(crate) fn of(tracks: &[LabelledTrack]) -> Self {
        let mut recordings = Self::default();
        for track in tracks {
            recordings.add(track);
        }
        recordings
    }

    /// Adds a row; gives its number.
    pub(crate) fn add(&mut self, track: &LabelledTrack) -> usize {
        let row = self.parents.len();
        self.parents.push(row);
        let marks = Marks::of(track);
        for other in self.known_by(&marks) {
            let (left, right) = (self.root(row), self.root(other));
            let (first, last) = (left.min(right), left.max(right));
            self.parents[last] = first;
        }
        if let Some(sound) = marks.without_loudness {
            let rows = &mut self.by_length[usize::from(marks.has_loudness())];
            rows.entry(sound).or_insert(row);
        }
        if let Some(sound) = marks.sound {
            self.by_sound.entry(sound).or_insert(row);
        }
        if let Some(title) = marks.title {
            self.by_title.entry(title).or_insert(row);
        }
        if !marks.id.is_empty() {
            self.by_id.entry(marks.id).or_default().push(KnownById {
                row,
                artist: marks.artist,
                features: marks.features,
            });
        }
        row
    }

    /// Rows that are the recording of a track, the first that were found by each of its marks.
    pub(crate) fn same_as(&self, track: &LabelledTrack) -> Vec<usize> {
        self.known_by(&Marks::of(track))
    }

    fn known_by(&self, marks: &Marks) -> Vec<usize> {
        let mut same = Vec::new();
        let with_id = self.by_id.get(&marks.id).into_iter().flatten();
        let with_id = with_id.filter(|known| known.may_be(marks));
        same.extend(with_id.map(|known| known.row));
        let title = marks.title.as_ref();
        same.extend(title.and_then(|title| self.by_title.get(title)));
        same.extend(marks.sound.and_then(|sound| self.by_sound.get(&sound)));
        if let Some(sound) = marks.without_loudness {
            let [without, with] = &self.by_length;
            same.extend(without.get(&sound));
            // Two that have a loudness are compared by it.
            if !marks.has_loudness() {
                same.extend(with.get(&sound));
            }
        }
        same
    }

    /// For each row, the first row of its recording.
    pub(crate) fn roots(&mut self) -> Vec<usize> {
        (0..self.parents.len()).map(|row| self.root(row)).collect()
    }

    /// The first row of a row's recording.
    pub(crate) fn root(&mut self, mut row: usize) -> usize {
        while self.parents[row] != row {
            self.parents[row] = self.parents[self.parents[row]];
            row = self.parents[row];
        }
        row
    }
}
