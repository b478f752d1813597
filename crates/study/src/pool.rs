//! The pool: other people's collections under one set of genres, with what they share known.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use overtone_genre::{Feature, Features};
use overtone_tracks::Problem;

use crate::StudyError;
use crate::clean::Step;
use crate::dataset::{Dataset, LabelledTrack};
use crate::genre_map::{Meaning, meaning};
use crate::recordings::{Recordings, fingerprint};

/// A row of the pool.
#[derive(Clone, Debug)]
pub struct PoolTrack {
    /// The index of its collection.
    pub collection: usize,
    /// Its genre as the collection names it, in lower case.
    pub name: String,
    /// What that means.
    pub meaning: Meaning,
    /// What it sounds like.
    pub features: Features,
    /// Its title, or empty.
    pub title: String,
    /// The index of its recording: rows are one by the rule of `recordings`.
    pub recording: usize,
    /// The index of its first artist; without one, of the recording.
    pub artist: usize,
}

/// The collections together.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    /// The names of the collections, in the order of their files.
    pub collections: Vec<String>,
    /// The rows that cleaning has left.
    pub tracks: Vec<PoolTrack>,
    /// How many recordings there are.
    pub recordings: usize,
    /// What cleaning did to each collection.
    pub steps: Vec<(String, Vec<Step>)>,
    /// The index of each first artist, by name with case folded.
    pub artists: HashMap<String, usize>,
    /// What was wrong in the cells of each collection's file, where something was.
    pub problems: Vec<(PathBuf, Vec<Problem>)>,
    /// The rows as they were read, by what makes them one recording.
    rows: Recordings,
    /// The recording of each of these rows; none of one that cleaning has taken out with all that are the same recording.
    recording_of_row: Vec<Option<usize>>,
}

/// Artists and recordings of a pool.
#[derive(Clone, Debug, Default)]
pub struct Known {
    artists: HashSet<usize>,
    recordings: HashSet<usize>,
}

impl Known {
    /// Adds the artist and the recording of a row.
    pub(crate) fn add(&mut self, track: &PoolTrack) {
        self.artists.insert(track.artist);
        self.recordings.insert(track.recording);
    }

    /// Adds all artists and recordings of others.
    pub(crate) fn extend(&mut self, others: Self) {
        self.artists.extend(others.artists);
        self.recordings.extend(others.recordings);
    }

    /// Whether a row is one of these recordings.
    pub(crate) fn has_recording_of(&self, track: &PoolTrack) -> bool {
        self.recordings.contains(&track.recording)
    }

    /// Whether a row is neither by one of these artists nor one of these recordings.
    pub fn are_apart_from(&self, track: &PoolTrack) -> bool {
        !self.artists.contains(&track.artist) && !self.recordings.contains(&track.recording)
    }
}

impl Pool {
    /// The `.csv` files of a folder, in the order of their names.
    ///
    /// # Errors
    /// When the folder cannot be read, or holds none.
    pub fn files(folder: &Path) -> Result<Vec<PathBuf>, StudyError> {
        let unreadable = |source| StudyError::Unreadable {
            path: folder.to_owned(),
            source,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let extension = path.extension().unwrap_or_default();
            if extension.eq_ignore_ascii_case("csv") {
                files.push(path);
            }
        }
        if files.is_empty() {
            return Err(StudyError::NoCollections {
                path: folder.to_owned(),
            });
        }
        files.sort();
        Ok(files)
    }

    /// Reads all `.csv` files of a folder, in the order of their names.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, holds none, or holds no labelled tracks.
    pub fn read(folder: &Path) -> Result<Self, StudyError> {
        let mut collections = Vec::new();
        let mut problems = Vec::new();
        for path in Self::files(folder)? {
            let name = path.file_stem().unwrap_or_default();
            let name = name.to_string_lossy().into_owned();
            let dataset = Dataset::read_any(&path)?;
            if !dataset.problems.is_empty() {
                problems.push((path, dataset.problems));
            }
            collections.push((name, dataset.tracks));
        }
        Ok(Self {
            problems,
            ..Self::of(collections)
        })
    }

    /// Puts collections together, each a name and its rows.
    pub fn of(collections: Vec<(String, Vec<LabelledTrack>)>) -> Self {
        let mut pool = Self::default();
        let mut recordings = Recordings::default();
        let mut artists: HashMap<String, usize> = HashMap::new();
        let mut first_artists = Vec::new();
        for (index, (name, tracks)) in collections.into_iter().enumerate() {
            let read = tracks.len();
            let mut steps = vec![Step {
                what: "rows read",
                removed: 0,
                left: read,
            }];
            let mut seen = HashMap::new();
            let mut never_analysed = 0;
            let mut again = 0;
            for track in tracks {
                if track.genre.is_empty() || is_never_analysed(&track.features) {
                    never_analysed += 1;
                    continue;
                }
                // Also a row that is taken out may tell that two others are one recording.
                let row = recordings.add(&track);
                let genre = track.genre.to_lowercase();
                let key = (fingerprint(&track.features), genre.clone());
                if seen.insert(key, ()).is_some() {
                    again += 1;
                    continue;
                }
                let artist = track.first_artist();
                first_artists.push((!artist.is_empty()).then(|| {
                    let next = artists.len();
                    *artists.entry(artist).or_insert(next)
                }));
                pool.tracks.push(PoolTrack {
                    collection: index,
                    meaning: meaning(&genre),
                    name: genre,
                    features: track.features,
                    title: track.track,
                    recording: row,
                    artist: 0,
                });
            }
            steps.push(Step {
                what: "without a genre, or never analysed (danceability and valence are 0)",
                removed: never_analysed,
                left: read - never_analysed,
            });
            steps.push(Step {
                what: "the same sound under the same genre again",
                removed: again,
                left: read - never_analysed - again,
            });
            pool.steps.push((name.clone(), steps));
            pool.collections.push(name);
        }
        let mut numbers = HashMap::new();
        let mut recording_artists: HashMap<usize, usize> = HashMap::new();
        for (track, artist) in pool.tracks.iter_mut().zip(&first_artists) {
            let root = recordings.root(track.recording);
            let next = numbers.len();
            track.recording = *numbers.entry(root).or_insert(next);
            if let Some(artist) = artist {
                recording_artists.entry(track.recording).or_insert(*artist);
            }
        }
        // A row without an artist has the one that its recording has elsewhere.
        for (track, artist) in pool.tracks.iter_mut().zip(first_artists) {
            track.artist = artist
                .or_else(|| recording_artists.get(&track.recording).copied())
                .unwrap_or(artists.len() + track.recording);
        }
        pool.recording_of_row = recordings
            .roots()
            .into_iter()
            .map(|root| numbers.get(&root).copied())
            .collect();
        pool.rows = recordings;
        pool.recordings = numbers.len();
        pool.artists = artists;
        pool
    }

    /// The first artists and the recordings of some tracks, as far as the pool has them.
    pub fn known_of(&self, tracks: &[LabelledTrack]) -> Known {
        Known {
            artists: tracks
                .iter()
                .filter_map(|track| self.artists.get(&track.first_artist()).copied())
                .collect(),
            recordings: tracks
                .iter()
                .flat_map(|track| self.rows.same_as(track))
                .filter_map(|row| self.recording_of_row.get(row).copied().flatten())
                .collect(),
        }
    }

    /// How many rows of each collection stand for each meaning: same, kind, other, unused.
    pub fn counts(&self) -> Vec<(String, [usize; 4])> {
        let mut counts: BTreeMap<usize, [usize; 4]> = BTreeMap::new();
        for track in &self.tracks {
            let place = match track.meaning {
                Meaning::Same(_) => 0,
                Meaning::Kind(_) => 1,
                Meaning::Other => 2,
                Meaning::Unused => 3,
            };
            counts.entry(track.collection).or_default()[place] += 1;
        }
        counts
            .into_iter()
            .map(|(index, counts)| (self.collections[index].clone(), counts))
            .collect()
    }
}

/// Whether Spotify never analysed the sound: it then says 0 for what is never exactly 0.
fn is_never_analysed(features: &Features) -> bool {
    [Feature::Danceability, Feature::Valence]
        .into_iter()
        .all(|feature| features.get(feature) == Some(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(id: &str, artist: &str, title: &str, genre: &str, energy: f32) -> LabelledTrack {
        let mut features = Features::default();
        for feature in Feature::ALL {
            features.set(feature, Some(0.5));
        }
        features.set(Feature::Energy, Some(energy));
        LabelledTrack {
            id: id.into(),
            track: title.into(),
            artist: artist.into(),
            genre: genre.into(),
            features,
        }
    }

    #[test]
    fn one_recording_is_known_by_id_by_title_and_by_sound() {
        let pool = Pool::of(vec![
            (
                "one".into(),
                vec![
                    track("1", "A", "a", "Pop", 0.1),
                    track("2", "a; X", "A", "rock", 0.2),
                    track("3", "B", "b", "jazz", 0.3),
                    track("3", "B", "b", "jazz", 0.3),
                ],
            ),
            (
                "two".into(),
                vec![
                    track("1", "", "", "hip hop", 0.15),
                    track("", "", "other title", "comedy", 0.3),
                    track("9", "C", "c", "party", 0.9),
                    // Another track's id.
                    track("1", "D", "d", "jazz", 0.8),
                ],
            ),
        ]);
        let recordings: Vec<usize> = pool.tracks.iter().map(|track| track.recording).collect();
        assert_eq!(recordings, [0, 0, 1, 0, 1, 2, 3]);
        let artists: Vec<usize> = pool.tracks.iter().map(|track| track.artist).collect();
        assert_eq!(artists, [0, 0, 1, 0, 1, 2, 3]);
        assert_eq!(pool.recordings, 4);
        assert_eq!(pool.steps[0].1[2].removed, 1);
        assert_eq!(
            pool.counts(),
            [("one".into(), [3, 0, 0, 0]), ("two".into(), [2, 0, 1, 1])]
        );
    }

    #[test]
    fn a_row_without_loudness_is_the_recording_that_all_else_says() {
        let mut quiet = track("", "", "", "pop", 0.1);
        quiet.features.set(Feature::Loudness, None);
        let mut longer = quiet.clone();
        longer.features.set(Feature::Duration, Some(300_000.0));
        longer.genre = "jazz".into();
        let mut again = quiet.clone();
        again.genre = "rock".into();
        let loud = track("", "", "", "jazz", 0.1);
        let pool = Pool::of(vec![("one".into(), vec![quiet, longer, loud, again])]);
        let recordings: Vec<usize> = pool.tracks.iter().map(|track| track.recording).collect();
        assert_eq!(recordings, [0, 1, 0, 0]);
    }

    #[test]
    fn a_row_that_is_taken_out_still_tells_what_is_one_recording() {
        // The second of the first collection sounds like the first; the other collection has its id, analysed anew.
        let one = vec![
            track("1", "A", "a", "pop", 0.1),
            track("2", "A", "another pressing", "pop", 0.1),
        ];
        let two = vec![track("2", "", "", "pop", 0.15)];
        let pool = Pool::of(vec![("one".into(), one), ("two".into(), two)]);
        let recordings: Vec<usize> = pool.tracks.iter().map(|track| track.recording).collect();
        assert_eq!(recordings, [0, 0]);
    }

    #[test]
    fn a_recording_is_known_by_its_title_and_its_id_too() {
        let pool = Pool::of(vec![(
            "one".into(),
            vec![
                track("1", "", "", "pop", 0.1),
                track("2", "", "", "pop", 0.3),
                track("3", "", "", "pop", 0.9),
            ],
        )]);
        // Each analysed anew: the first has the id and nearly the sound, the last the id alone.
        let known = pool.known_of(&[
            track("1", "A", "a", "pop", 0.15),
            track("3", "C", "c", "pop", 0.2),
        ]);
        let apart = pool.tracks.iter().map(|track| known.are_apart_from(track));
        assert_eq!(apart.collect::<Vec<_>>(), [false, true, true]);
    }

    #[test]
    fn what_a_track_shares_with_a_pool_is_known() {
        let pool = Pool::of(vec![(
            "one".into(),
            vec![
                track("", "A", "a", "pop", 0.1),
                track("", "B", "b", "pop", 0.2),
                track("", "C", "c", "pop", 0.3),
            ],
        )]);
        let known = pool.known_of(&[
            track("", "a", "another", "pop", 0.9),
            track("", "Another", "name", "pop", 0.2),
        ]);
        let apart: Vec<bool> = pool
            .tracks
            .iter()
            .map(|track| known.are_apart_from(track))
            .collect();
        assert_eq!(apart, [false, false, true]);
    }

    #[test]
    fn what_was_never_analysed_is_left_out() {
        let mut silent = track("1", "A", "a", "pop", 0.0);
        silent.features.set(Feature::Danceability, Some(0.0));
        silent.features.set(Feature::Valence, Some(0.0));
        let pool = Pool::of(vec![("one".into(), vec![silent])]);
        assert!(pool.tracks.is_empty());
    }
}
