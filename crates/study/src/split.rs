//! Which tracks a model learns from, and which it is asked about.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::StudyError;
use crate::dataset::LabelledTrack;

/// The share of each genre's tracks that is kept for testing, at most.
pub const TEST_SHARE: f64 = 0.2;

/// The two sides of a split, as indices of tracks in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// What a model learns from.
    pub train: Vec<usize>,
    /// What it is asked about.
    pub test: Vec<usize>,
}

/// Splits tracks so that no artist stands on both sides.
///
/// An artist belongs to the genre that most of their tracks have. Within each genre artists are shuffled, and go to
/// the test side as long as its share of the genre's tracks stays within [`TEST_SHARE`].
///
/// # Errors
/// When there are fewer than two genres, or one of them has tracks on one side only.
pub fn by_artist(tracks: &[LabelledTrack], seed: u64) -> Result<Split, StudyError> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, track) in tracks.iter().enumerate() {
        groups.entry(track.group()).or_default().push(index);
    }
    // Every genre stands here, also one whose artists have more tracks of another.
    let mut genres: BTreeMap<&str, Vec<Vec<usize>>> = tracks
        .iter()
        .map(|track| (track.genre.as_str(), Vec::new()))
        .collect();
    for group in groups.into_values() {
        genres
            .entry(main_genre(tracks, &group))
            .or_default()
            .push(group);
    }
    if genres.len() < 2 {
        return Err(StudyError::TooFewGenres {
            found: genres.len(),
        });
    }
    let mut random = StdRng::seed_from_u64(seed);
    let mut split = Split {
        train: Vec::new(),
        test: Vec::new(),
    };
    for (genre, mut groups) in genres {
        let total: usize = groups.iter().map(Vec::len).sum();
        let artists = groups.len();
        groups.shuffle(&mut random);
        let mut tested = 0;
        for group in groups {
            if (tested + group.len()) as f64 <= total as f64 * TEST_SHARE {
                tested += group.len();
                split.test.extend(group);
            } else {
                split.train.extend(group);
            }
        }
        if tested == 0 {
            return Err(StudyError::TooFewArtists {
                genre: genre.to_owned(),
                artists,
                tracks: total,
            });
        }
    }
    split.train.sort_unstable();
    split.test.sort_unstable();
    Ok(split)
}

/// The genre that most of a group's tracks have; of equal ones, the first by name.
fn main_genre<'a>(tracks: &'a [LabelledTrack], group: &[usize]) -> &'a str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &index in group {
        *counts.entry(&tracks[index].genre).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    counts
        .into_iter()
        .find(|&(_, count)| count == most)
        .map_or("", |(genre, _)| genre)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use overtone_genre::Features;

    use super::*;

    fn tracks(artists_per_genre: usize) -> Vec<LabelledTrack> {
        let mut tracks = Vec::new();
        for genre in ["jazz", "pop"] {
            for artist in 0..artists_per_genre {
                for number in 0..3 {
                    tracks.push(LabelledTrack {
                        id: format!("{genre}{artist}{number}"),
                        track: format!("{number}"),
                        artist: format!("{genre} {artist}, guest {number}"),
                        genre: genre.into(),
                        features: Features::default(),
                    });
                }
            }
        }
        tracks
    }

    #[test]
    fn no_artist_stands_on_both_sides() {
        let tracks = tracks(20);
        let split = by_artist(&tracks, 1).unwrap();
        let artists = |side: &[usize]| -> HashSet<String> {
            side.iter()
                .map(|&index| tracks[index].first_artist())
                .collect()
        };
        assert!(artists(&split.train).is_disjoint(&artists(&split.test)));
        assert_eq!(split.train.len() + split.test.len(), tracks.len());
        assert_eq!(split.test.len(), tracks.len() / 5);
    }

    #[test]
    fn the_seed_decides() {
        let tracks = tracks(20);
        assert_eq!(
            by_artist(&tracks, 1).unwrap(),
            by_artist(&tracks, 1).unwrap()
        );
        assert_ne!(
            by_artist(&tracks, 1).unwrap(),
            by_artist(&tracks, 2).unwrap()
        );
    }

    #[test]
    fn too_little_is_refused() {
        assert!(matches!(
            by_artist(&tracks(2), 1),
            Err(StudyError::TooFewArtists { .. })
        ));
        let one_genre: Vec<_> = tracks(20)
            .into_iter()
            .filter(|track| track.genre == "pop")
            .collect();
        assert!(matches!(
            by_artist(&one_genre, 1),
            Err(StudyError::TooFewGenres { found: 1 })
        ));
    }
}
