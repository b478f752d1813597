//! How right a recipe is on a collection that it has not learned from: each collection is left out in turn, with every
//! artist and recording that stands in its test rows.

use std::collections::{BTreeMap, HashMap, HashSet};

use overtone_genre::{Feature, Features};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::StudyError;
use crate::figures::Answers;
use crate::genre_map::Meaning;
use crate::pool::{Known, Pool, PoolTrack};
use crate::recipe::{Learned, Recipe};
use crate::titles::TitleWeights;

/// How many test rows a genre has, at most.
pub const ROWS_PER_GENRE: usize = 300;

/// How many test rows a name that is none of the eight has, at most.
pub const ROWS_PER_OTHER: usize = 60;

/// How many test rows of one genre an artist has, at most.
pub const ROWS_PER_ARTIST: usize = 3;

/// Collections that were pulled together count as one.
const PULLED_TOGETHER: [&str; 2] = ["search-2024", "eight-genres"];

/// What a model is told about a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The nine audio features.
    Sound,
    /// These and the length.
    SoundAndLength,
    /// All that there is, popularity too.
    All,
}

impl Told {
    /// The features with what is not told taken away.
    pub fn of(self, mut features: Features) -> Features {
        if self != Told::All {
            features.set(Feature::Popularity, None);
        }
        if self == Told::Sound {
            features.set(Feature::Duration, None);
        }
        features
    }
}

/// The rows of some collections that a model is tested on.
#[derive(Clone, Debug, Default)]
pub struct TestRows {
    /// Rows under one of the eight genres: indices in the pool, and the index of the genre.
    pub genres: Vec<(usize, usize)>,
    /// Rows under a name that is none of the eight.
    pub others: Vec<usize>,
    known: Known,
}

impl TestRows {
    /// Draws the test rows of collections, among those that are `eligible`: each recording once, and only under one genre; at most
    /// [`ROWS_PER_GENRE`] rows of a genre, [`ROWS_PER_OTHER`] of a name that is none of the eight, and [`ROWS_PER_ARTIST`] of one
    /// genre by one artist.
    pub fn draw(
        pool: &Pool,
        collections: &[usize],
        seed: u64,
        eligible: impl Fn(&PoolTrack) -> bool,
    ) -> Self {
        let under_several = under_several_genres(pool, collections);
        let in_collections = |&index: &usize| collections.contains(&pool.tracks[index].collection);
        let mut order: Vec<usize> = (0..pool.tracks.len()).filter(in_collections).collect();
        order.shuffle(&mut StdRng::seed_from_u64(seed));
        let mut rows = Self::default();
        let mut drawn: BTreeMap<String, usize> = BTreeMap::new();
        let mut of_artist: HashMap<(usize, Meaning), usize> = HashMap::new();
        for index in order {
            let track = &pool.tracks[index];
            let is_drawn = rows.known.has_recording_of(track);
            if is_drawn || under_several.contains(&track.recording) || !eligible(track) {
                continue;
            }
            let (name, most) = match track.meaning {
                Meaning::Same(genre) => (genre.to_string(), ROWS_PER_GENRE),
                Meaning::Other => (track.name.clone(), ROWS_PER_OTHER),
                Meaning::Kind(_) | Meaning::Unused => continue,
            };
            let count = drawn.entry(name).or_default();
            let by_artist = of_artist.entry((track.artist, track.meaning)).or_default();
            if *count >= most || *by_artist >= ROWS_PER_ARTIST {
                continue;
            }
            *count += 1;
            *by_artist += 1;
            rows.known.add(track);
            match track.meaning {
                Meaning::Same(genre) => rows.genres.push((index, genre)),
                _ => rows.others.push(index),
            }
        }
        rows
    }

    /// Draws test rows of each collection of a pool, as many as if it were alone, but each recording once in all, and only
    /// those under one genre in all.
    pub fn draw_everywhere(pool: &Pool, seed: u64, eligible: impl Fn(&PoolTrack) -> bool) -> Self {
        let all: Vec<usize> = (0..pool.collections.len()).collect();
        let under_several = under_several_genres(pool, &all);
        let mut rows = Self::default();
        for (_, collections) in left_out(pool) {
            let drawn = Self::draw(pool, &collections, seed, |track| {
                let is_drawn = rows.known.has_recording_of(track);
                !is_drawn && !under_several.contains(&track.recording) && eligible(track)
            });
            rows.genres.extend(drawn.genres);
            rows.others.extend(drawn.others);
            rows.known.extend(drawn.known);
        }
        rows
    }

    /// Whether a row shares neither recording nor artist with the test rows.
    pub fn are_apart_from(&self, track: &PoolTrack) -> bool {
        self.known.are_apart_from(track)
    }

    /// What a model says about the rows under a genre.
    pub fn ask(&self, pool: &Pool, learned: &Learned, told: Told, rounds: usize) -> Answers {
        let mut answers = Answers::default();
        for &(index, genre) in &self.genres {
            let features = told.of(pool.tracks[index].features);
            let said = learned.probabilities_after(&features, &[rounds]);
            answers.push(said.into_iter().next().unwrap_or_default(), genre);
        }
        answers
    }
}

/// The recordings that some collections have under more than one of the eight genres and what is none of them. A kind of a genre
/// counts as the genre, and a name that is not used says nothing.
fn under_several_genres(pool: &Pool, collections: &[usize]) -> HashSet<usize> {
    let mut first: HashMap<usize, Option<usize>> = HashMap::new();
    let mut several = HashSet::new();
    for track in &pool.tracks {
        let genre = match track.meaning {
            Meaning::Same(genre) | Meaning::Kind(genre) => Some(genre),
            Meaning::Other => None,
            Meaning::Unused => continue,
        };
        if collections.contains(&track.collection)
            && *first.entry(track.recording).or_insert(genre) != genre
        {
            several.insert(track.recording);
        }
    }
    several
}

/// A collection left out.
#[derive(Clone, Debug)]
pub struct Fold {
    /// The name of the collection; of those that were pulled together, the first.
    pub name: String,
    /// Its test rows.
    pub test: TestRows,
    /// The eight genres, learned from the other collections.
    pub learned: Learned,
    /// Whether one of them fits, learned from the other collections.
    pub outside: Option<Learned>,
    /// What titles say, learned from the other collections.
    pub titles: TitleWeights,
    /// What titles say on whether a genre fits, where that is learned.
    pub outside_titles: Option<TitleWeights>,
}

impl Fold {
    /// Learns from the rows that `keep` wants, to be tested on others.
    ///
    /// # Errors
    /// When too little is left to learn from.
    pub(crate) fn learn(
        pool: &Pool,
        recipe: &Recipe,
        name: String,
        test: &TestRows,
        keep: impl Fn(&PoolTrack) -> bool,
    ) -> Result<Self, StudyError> {
        check_left(pool, &name, &keep)?;
        let tells_outsiders = recipe.outside.rounds > 0;
        Ok(Self {
            name,
            test: test.clone(),
            learned: recipe.learn(pool, &keep, |_| {})?,
            titles: recipe.learn_titles(pool, &keep),
            outside: tells_outsiders
                .then(|| recipe.learn_outside(pool, &keep))
                .transpose()?,
            outside_titles: tells_outsiders.then(|| recipe.learn_outside_titles(pool, &keep)),
        })
    }
}

/// Refuses what leaves no track of the genres to learn from. `kept_apart` says what is kept for testing.
pub(crate) fn check_left(
    pool: &Pool,
    kept_apart: &str,
    keep: impl Fn(&PoolTrack) -> bool,
) -> Result<(), StudyError> {
    let is_left = |track: &PoolTrack| {
        matches!(track.meaning, Meaning::Same(_) | Meaning::Kind(_)) && keep(track)
    };
    if pool.tracks.iter().any(is_left) {
        return Ok(());
    }
    Err(StudyError::NothingLeft {
        kept_apart: kept_apart.to_owned(),
    })
}

/// The collections of a pool, as they are left out.
pub fn left_out(pool: &Pool) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for (index, name) in pool.collections.iter().enumerate() {
        let together = PULLED_TOGETHER.contains(&name.as_str());
        let group = groups
            .iter_mut()
            .find(|(first, _)| together && PULLED_TOGETHER.contains(&first.as_str()));
        match group {
            Some((_, members)) => members.push(index),
            None => groups.push((name.clone(), vec![index])),
        }
    }
    groups
}

/// The collections that something can be tested on, as they are left out: each with its name, its indices and its test rows.
/// Those without a track that is under one of the eight genres only have none.
pub(crate) fn testable(pool: &Pool, seed: u64) -> Vec<(String, Vec<usize>, TestRows)> {
    let drawn = left_out(pool).into_iter().map(|(name, collections)| {
        let test = TestRows::draw(pool, &collections, seed, |_| true);
        (name, collections, test)
    });
    drawn
        .filter(|(_, _, test)| !test.genres.is_empty())
        .collect()
}

/// Leaves each collection that something can be tested on out in turn. `progress` is told the name of the one that is.
///
/// # Errors
/// When too little is left to learn from.
pub fn leave_one_out(
    pool: &Pool,
    recipe: &Recipe,
    mut progress: impl FnMut(&str),
) -> Result<Vec<Fold>, StudyError> {
    let mut folds = Vec::new();
    for (name, collections, test) in testable(pool, recipe.seed) {
        progress(&name);
        let keep = |track: &PoolTrack| {
            !collections.contains(&track.collection) && test.are_apart_from(track)
        };
        folds.push(Fold::learn(pool, recipe, name, &test, keep)?);
    }
    Ok(folds)
}
