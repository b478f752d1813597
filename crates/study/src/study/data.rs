//! The data sets of the study: read, refused if they cannot be used, cleaned, and described.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use overtone_genre::Feature;
use overtone_tracks::{Problem, ProblemKind};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::splits::FEWEST_TRACKS;
use crate::StudyError;
use crate::clean::{Cleaning, Step, is_analysed};
use crate::collections::{COLLECTIONS, HOW_TO_GET, checksum};
use crate::dataset::{Dataset, LabelledTrack};
use crate::recordings::Recordings;

/// A data set of the study.
#[derive(Clone, Debug)]
pub struct DataSet {
    /// The file's name.
    pub name: String,
    /// Its SHA-256 in hexadecimal.
    pub checksum: String,
    /// What is in it, before cleaning.
    pub profile: Profile,
    /// What cleaning took out.
    pub steps: Vec<Step>,
    /// The tracks as they were read.
    pub uncleaned: Vec<LabelledTrack>,
    /// What is left.
    pub tracks: Vec<LabelledTrack>,
    /// The features that it is studied with.
    pub features: Vec<Feature>,
}

/// What is in a data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// How many rows it has.
    pub rows: usize,
    /// How many rows each genre has.
    pub genres: BTreeMap<String, usize>,
    /// How many first artists there are; 0 where the set has none.
    pub artists: usize,
    /// How many analysed rows are the recording of an earlier one.
    pub repeated: usize,
    /// How many recordings stand under more than one genre.
    pub several_genres: usize,
    /// How many rows Spotify has never analysed.
    pub never_analysed: usize,
    /// How many rows lack each feature, where any do. A feature that the file has no column for is not told.
    pub missing: Vec<(Feature, usize)>,
    /// How many cells could not be read.
    pub problems: usize,
}

impl DataSet {
    /// Reads and cleans a data set; `limit` is how many tracks of a genre are taken, drawn with a seed.
    ///
    /// # Errors
    /// When the file is not there or is no table of tracks, lacks a column, is in other units than it should be, or has
    /// too little left after cleaning.
    pub fn read(
        path: &Path,
        features: &[Feature],
        limit: (usize, u64),
    ) -> Result<Self, StudyError> {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if !path.exists() {
            return Err(missing_file(path, &name));
        }
        let dataset = Dataset::read_columns(path, features)?;
        let profile = Profile::of(&dataset, features);
        check_units(path, &dataset, features)?;
        let mut cleaning = clean(dataset.tracks.clone(), features);
        check_left(path, &cleaning, &profile)?;
        if limit.0 < usize::MAX {
            let kept = sample(&cleaning.tracks, limit.0, limit.1);
            cleaning.keep_rows(BEYOND, |row| kept.contains(&row));
        }
        Ok(Self {
            name,
            checksum: checksum(path)?,
            profile,
            steps: cleaning.steps,
            uncleaned: dataset.tracks,
            tracks: cleaning.tracks,
            features: features.to_vec(),
        })
    }

    /// The genres that are left, sorted.
    pub fn genres(&self) -> Vec<String> {
        let genres: BTreeSet<&str> = self
            .tracks
            .iter()
            .map(|track| track.genre.as_str())
            .collect();
        genres.into_iter().map(str::to_owned).collect()
    }
}

fn missing_file(path: &Path, name: &str) -> StudyError {
    let known = COLLECTIONS.iter().find(|known| known.file.ends_with(name));
    StudyError::Unusable {
        path: path.to_owned(),
        wrong: "there is no such file".to_owned(),
        expected: match known {
            Some(known) => format!(
                "{} ({} rows when the report was made).\nWhere to get the data:\n{HOW_TO_GET}",
                known.what, known.rows
            ),
            None => "a table of labelled tracks".to_owned(),
        },
    }
}

/// Cleans tracks; those that are left keep their order and have all `features`.
pub(super) fn clean(tracks: Vec<LabelledTrack>, features: &[Feature]) -> Cleaning {
    let mut cleaning = Cleaning::new(tracks);
    cleaning.keep("without a genre", |track| !track.genre.is_empty());
    cleaning.keep(
        "never analysed (danceability and valence are 0)",
        is_analysed,
    );
    cleaning.keep("with a feature missing", |track| {
        features
            .iter()
            .all(|&feature| track.features.get(feature).is_some())
    });
    take_out_ambiguous(&mut cleaning);
    take_out_repeats(&mut cleaning);
    cleaning
}

/// What a step of cleaning that draws takes out.
pub(crate) const BEYOND: &str = "beyond what is taken of a genre, drawn at random";

/// Takes out all rows of a recording that stands under several genres: which one is right is not known.
pub(super) fn take_out_ambiguous(cleaning: &mut Cleaning) {
    let recordings = Recordings::of(&cleaning.tracks).roots();
    let ambiguous: HashSet<usize> = genres_of(&recordings, &cleaning.tracks)
        .into_iter()
        .filter(|(_, genres)| genres.len() > 1)
        .map(|(recording, _)| recording)
        .collect();
    cleaning.keep_rows("of a recording under several genres", |row| {
        !ambiguous.contains(&recordings[row])
    });
}

/// Keeps the first row of a recording under a genre.
pub(super) fn take_out_repeats(cleaning: &mut Cleaning) {
    let recordings = Recordings::of(&cleaning.tracks).roots();
    let genres: Vec<String> = cleaning
        .tracks
        .iter()
        .map(|track| track.genre.clone())
        .collect();
    let mut seen = HashSet::new();
    cleaning.keep_rows("of the same recording again", |row| {
        seen.insert((recordings[row], &genres[row]))
    });
}

/// The genres of each recording, by its first row.
fn genres_of<'a>(
    recordings: &[usize],
    tracks: &'a [LabelledTrack],
) -> HashMap<usize, BTreeSet<&'a str>> {
    let mut genres: HashMap<usize, BTreeSet<&str>> = HashMap::new();
    for (&recording, track) in recordings.iter().zip(tracks) {
        genres.entry(recording).or_default().insert(&track.genre);
    }
    genres
}

/// The indices of at most `limit` tracks of each genre, drawn at random.
pub(super) fn sample(tracks: &[LabelledTrack], limit: usize, seed: u64) -> BTreeSet<usize> {
    let mut genres: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, track) in tracks.iter().enumerate() {
        genres.entry(&track.genre).or_default().push(index);
    }
    let mut random = StdRng::seed_from_u64(seed);
    genres
        .into_values()
        .flat_map(|mut rows| {
            rows.shuffle(&mut random);
            rows.truncate(limit);
            rows
        })
        .collect()
}

impl Profile {
    /// Describes a data set as it was read.
    pub fn of(dataset: &Dataset, features: &[Feature]) -> Self {
        let tracks = &dataset.tracks;
        let mut genres: BTreeMap<String, usize> = BTreeMap::new();
        for track in tracks.iter().filter(|track| !track.genre.is_empty()) {
            *genres.entry(track.genre.clone()).or_default() += 1;
        }
        let artists: BTreeSet<String> = tracks
            .iter()
            .map(LabelledTrack::first_artist)
            .filter(|artist| !artist.is_empty())
            .collect();
        let analysed: Vec<LabelledTrack> = tracks
            .iter()
            .filter(|track| is_analysed(track))
            .cloned()
            .collect();
        let recordings = genres_of(&Recordings::of(&analysed).roots(), &analysed);
        let missing = |&feature: &Feature| {
            let rows = tracks
                .iter()
                .filter(|track| track.features.get(feature).is_none());
            Some((feature, rows.count())).filter(|(_, count)| *count > 0)
        };
        Self {
            rows: tracks.len(),
            genres,
            artists: artists.len(),
            repeated: analysed.len() - recordings.len(),
            several_genres: recordings
                .values()
                .filter(|genres| genres.len() > 1)
                .count(),
            never_analysed: tracks.len() - analysed.len(),
            missing: features.iter().filter_map(missing).collect(),
            problems: dataset.problems.len(),
        }
    }
}

/// The share of a column's cells that may be unreadable or out of range. Beyond it the column holds something else.
const BAD_CELLS: f64 = 0.1;

/// Refuses a column whose numbers cannot be in the feature's unit, or are all missing.
pub(super) fn check_units(
    path: &Path,
    dataset: &Dataset,
    features: &[Feature],
) -> Result<(), StudyError> {
    let rows = dataset.tracks.len();
    let unusable = |feature: Feature, wrong: String| StudyError::Unusable {
        path: path.to_owned(),
        wrong: format!("column “{}”: {wrong}", feature.name()),
        expected: expected(feature),
    };
    for &feature in features {
        let is_of_column = |problem: &&Problem| {
            let name = problem.column.as_deref().unwrap_or_default();
            plain(name) == plain(feature.name())
                && matches!(
                    problem.kind,
                    ProblemKind::NotANumber { .. } | ProblemKind::OutOfRange { .. }
                )
        };
        let bad: Vec<&Problem> = dataset.problems.iter().filter(is_of_column).collect();
        if bad.len() as f64 > BAD_CELLS * rows as f64 {
            let example = bad.first().map(ToString::to_string).unwrap_or_default();
            let wrong = format!("{} of {rows} cells cannot be used ({example})", bad.len());
            return Err(unusable(feature, wrong));
        }
        let mut values: Vec<f64> = dataset
            .tracks
            .iter()
            .filter_map(|track| track.features.get(feature))
            .map(f64::from)
            .collect();
        if rows > 0 && values.is_empty() {
            return Err(unusable(feature, "there is no number in it".to_owned()));
        }
        values.sort_by(f64::total_cmp);
        let (low, high) = usual_median(feature);
        let median = crate::statistics::quantile(&values, 0.5);
        if median < low || median > high {
            let wrong = format!("half of its numbers lie below {median}, half above");
            return Err(unusable(feature, wrong));
        }
        if values.first() == values.last() && values.len() > FEWEST_TRACKS {
            return Err(unusable(feature, format!("every number in it is {median}")));
        }
    }
    Ok(())
}

/// A column's name without what tools write differently.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Between which values the median of a set's feature lies, if it is in the unit that it should be in. Wide: silence and
/// noise are music too; narrow enough that seconds, hertz or ratios stand out.
fn usual_median(feature: Feature) -> (f64, f64) {
    match feature {
        Feature::Loudness => (-45.0, -1.0),
        Feature::Tempo => (50.0, 220.0),
        Feature::Duration => (20_000.0, 1_800_000.0),
        Feature::Popularity => (0.0, 100.0),
        _ => (0.0, 1.0),
    }
}

fn expected(feature: Feature) -> String {
    match feature {
        Feature::Loudness => "loudness in dBFS, most tracks between -45 and -1".to_owned(),
        Feature::Tempo => "tempo in beats per minute, most tracks between 50 and 220".to_owned(),
        Feature::Duration => {
            "the length in milliseconds, most tracks between 20000 and 1800000".to_owned()
        }
        Feature::Popularity => "popularity from 0 to 100".to_owned(),
        _ => "numbers from 0 to 1, not all the same".to_owned(),
    }
}

/// Refuses what has too little left after cleaning, and says which step took most.
fn check_left(path: &Path, cleaning: &Cleaning, profile: &Profile) -> Result<(), StudyError> {
    let mut genres: BTreeMap<&str, usize> = BTreeMap::new();
    for track in &cleaning.tracks {
        *genres.entry(&track.genre).or_default() += 1;
    }
    let took_most = cleaning.steps.iter().max_by_key(|step| step.removed);
    let taken = match took_most {
        Some(step) if step.removed > 0 => format!(
            "; of {} rows, {} were taken out as {}",
            profile.rows, step.removed, step.what
        ),
        _ => format!("; the file has {} rows", profile.rows),
    };
    let expected = format!("at least two genres with {FEWEST_TRACKS} tracks each");
    let unusable = |wrong: String| {
        Err(StudyError::Unusable {
            path: path.to_owned(),
            wrong,
            expected: expected.clone(),
        })
    };
    if genres.len() < 2 {
        return unusable(format!(
            "genres left after cleaning: {}{taken}",
            genres.len()
        ));
    }
    match genres.iter().find(|(_, tracks)| **tracks < FEWEST_TRACKS) {
        Some((genre, tracks)) => unusable(format!(
            "tracks of “{genre}” left after cleaning: {tracks}{taken}"
        )),
        None => Ok(()),
    }
}
