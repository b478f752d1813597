//! Three parts: to learn from, to choose by, and to be asked about at the end.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::StudyError;
use crate::dataset::LabelledTrack;

/// The parts, as sorted indices of tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// What a classifier learns from, about 60 %.
    pub train: Vec<usize>,
    /// What classifiers and settings are chosen by, about 20 %.
    pub validation: Vec<usize>,
    /// What is asked at the end, about 20 %.
    pub test: Vec<usize>,
}

impl Parts {
    fn new(mut parts: [Vec<usize>; 3]) -> Self {
        for part in &mut parts {
            part.sort_unstable();
        }
        let [train, validation, test] = parts;
        Self {
            train,
            validation,
            test,
        }
    }

    /// How many tracks each part has.
    pub fn sizes(&self) -> [usize; 3] {
        [self.train.len(), self.validation.len(), self.test.len()]
    }
}

/// How many tenths of the tracks each part gets: 60, 20 and 20 %, as in the original study.
const TENTHS: [usize; 3] = [6, 2, 2];

/// How many tracks a genre needs, so that each part and each fold has some of it.
pub const FEWEST_TRACKS: usize = 20;

/// Deals tracks out at random, each genre in the same proportions.
///
/// # Errors
/// When there are fewer than two genres, or one of them has too few tracks.
pub fn at_random(tracks: &[LabelledTrack], seed: u64) -> Result<Parts, StudyError> {
    deal(tracks, seed, |index| index.to_string())
}

/// Deals artists out at random, so that each stands in one part only, in about the same proportions of each genre.
///
/// # Errors
/// When there are fewer than two genres, or one of them has too few tracks or artists.
pub fn by_artist(tracks: &[LabelledTrack], seed: u64) -> Result<Parts, StudyError> {
    deal(tracks, seed, |index| tracks[index].group())
}

fn deal(
    tracks: &[LabelledTrack],
    seed: u64,
    group: impl Fn(usize) -> String,
) -> Result<Parts, StudyError> {
    // Every genre stands here, also one whose artists have more tracks of another.
    let mut genres: BTreeMap<&str, Vec<Vec<usize>>> = check(tracks)?;
    for rows in groups(tracks, group) {
        let genre = main_genre(tracks, &rows);
        genres.entry(genre).or_default().push(rows);
    }
    let mut random = StdRng::seed_from_u64(seed);
    let mut parts = [const { Vec::new() }; 3];
    for (genre, mut groups) in genres {
        groups.shuffle(&mut random);
        let artists = groups.len();
        let total: usize = groups.iter().map(Vec::len).sum();
        let mut dealt = [0; 3];
        for rows in groups {
            // To the part that is furthest behind its share.
            let behind = |part: &usize| (TENTHS[*part] * total) as i64 - 10 * dealt[*part] as i64;
            let part = (0..3).max_by_key(behind).unwrap_or(0);
            dealt[part] += rows.len();
            parts[part].extend(rows);
        }
        if dealt.contains(&0) {
            return Err(StudyError::TooFewArtists {
                genre: genre.to_owned(),
                artists,
                tracks: total,
            });
        }
    }
    Ok(Parts::new(parts))
}

/// The genres, still without artists, if there are two or more with enough tracks.
fn check(tracks: &[LabelledTrack]) -> Result<BTreeMap<&str, Vec<Vec<usize>>>, StudyError> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for track in tracks {
        *counts.entry(&track.genre).or_default() += 1;
    }
    if counts.len() < 2 {
        return Err(StudyError::TooFewGenres {
            found: counts.len(),
        });
    }
    match counts.iter().find(|(_, count)| **count < FEWEST_TRACKS) {
        Some((genre, &found)) => Err(StudyError::TooFewTracks {
            genre: (*genre).to_owned(),
            found,
            needed: FEWEST_TRACKS,
        }),
        None => Ok(counts
            .into_keys()
            .map(|genre| (genre, Vec::new()))
            .collect()),
    }
}

/// The rows of each group, in the order of the groups' names.
pub fn groups(tracks: &[LabelledTrack], group: impl Fn(usize) -> String) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in 0..tracks.len() {
        groups.entry(group(index)).or_default().push(index);
    }
    groups.into_values().collect()
}

/// The genre that most of some rows have.
pub(super) fn main_genre<'a>(tracks: &'a [LabelledTrack], rows: &[usize]) -> &'a str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &row in rows {
        *counts.entry(&tracks[row].genre).or_default() += 1;
    }
    // Of equal ones, the last by name.
    let most = counts.into_iter().max_by_key(|&(_, count)| count);
    most.map_or("", |(genre, _)| genre)
}

/// The rows of a part in as many folds, groups kept together: for each fold, what is learned from and what is asked.
pub fn folds(
    rows: &[usize],
    count: usize,
    seed: u64,
    group: impl Fn(usize) -> String,
) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &row in rows {
        groups.entry(group(row)).or_default().push(row);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.shuffle(&mut StdRng::seed_from_u64(seed));
    let mut asked = vec![Vec::new(); count];
    for group in groups {
        let smallest = (0..count)
            .min_by_key(|&fold| asked[fold].len())
            .unwrap_or(0);
        asked[smallest].extend(group);
    }
    let others = |fold: usize| -> Vec<usize> {
        let mut rows: Vec<usize> = asked
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != fold)
            .flat_map(|(_, rows)| rows)
            .copied()
            .collect();
        rows.sort_unstable();
        rows
    };
    let learned: Vec<Vec<usize>> = (0..count).map(others).collect();
    learned.into_iter().zip(asked).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use overtone_genre::Features;

    use super::*;

    fn tracks(artists: usize, each: usize) -> Vec<LabelledTrack> {
        let mut tracks = Vec::new();
        for genre in ["jazz", "pop"] {
            for artist in 0..artists {
                for number in 0..each {
                    tracks.push(LabelledTrack {
                        id: format!("{genre}{artist}{number}"),
                        track: format!("{number}"),
                        artist: format!("{genre} {artist}; guest {number}"),
                        genre: genre.into(),
                        features: Features::default(),
                    });
                }
            }
        }
        tracks
    }

    #[test]
    fn nothing_is_lost_and_shares_are_kept() {
        let tracks = tracks(25, 4);
        for parts in [at_random(&tracks, 1), by_artist(&tracks, 1)] {
            let parts = parts.unwrap();
            assert_eq!(parts.sizes(), [120, 40, 40]);
            let all: BTreeSet<usize> = [&parts.train, &parts.validation, &parts.test]
                .into_iter()
                .flatten()
                .copied()
                .collect();
            assert_eq!(all.len(), 200);
        }
    }

    #[test]
    fn artists_stand_in_one_part_only_when_asked() {
        let tracks = tracks(25, 4);
        let shared = |parts: Parts| {
            let artists = |part: &[usize]| -> BTreeSet<String> {
                part.iter().map(|&row| tracks[row].first_artist()).collect()
            };
            let test = artists(&parts.test);
            let learned = artists(&parts.train);
            test.intersection(&learned).count()
        };
        assert_eq!(shared(by_artist(&tracks, 1).unwrap()), 0);
        assert!(shared(at_random(&tracks, 1).unwrap()) > 20);
    }

    #[test]
    fn folds_ask_about_each_row_once() {
        let tracks = tracks(25, 4);
        let rows: Vec<usize> = (0..150).collect();
        let folds = folds(&rows, 5, 1, |row| tracks[row].group());
        let mut asked: Vec<usize> = folds.iter().flat_map(|(_, asked)| asked.clone()).collect();
        asked.sort_unstable();
        assert_eq!(asked, rows);
        for (learned, asked) in folds {
            assert_eq!(learned.len() + asked.len(), 150);
            let groups: BTreeSet<String> = learned.iter().map(|&row| tracks[row].group()).collect();
            assert!(
                asked
                    .iter()
                    .all(|&row| !groups.contains(&tracks[row].group()))
            );
        }
    }

    #[test]
    fn too_little_is_refused() {
        assert!(matches!(
            at_random(&tracks(1, 19), 1),
            Err(StudyError::TooFewTracks { found: 19, .. })
        ));
        assert!(matches!(
            by_artist(&tracks(2, 20), 1),
            Err(StudyError::TooFewArtists { artists: 2, .. })
        ));
        let one: Vec<_> = tracks(9, 9).into_iter().take(81).collect();
        assert!(matches!(
            at_random(&one, 1),
            Err(StudyError::TooFewGenres { found: 1 })
        ));
    }
}
