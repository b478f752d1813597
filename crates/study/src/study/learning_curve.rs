//! Whether more artists would help: forests and others that learn from some of the artists only.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::data::DataSet;
use super::splits::main_genre;
use super::{Division, Plan, Watcher};
use crate::StudyError;
use crate::classifiers::{BoostedSettings, Classifier};
use crate::statistics::{Spread, accuracy, mean};
use crate::table::Table;

/// How right a classifier is, by how many artists it has learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearningCurve {
    /// Which classifier.
    pub classifier: Classifier,
    /// The points, from few artists to all.
    pub points: Vec<CurvePoint>,
    /// What the last step brings: the share of right answers from all artists less that from the share before.
    pub last_step: Spread,
}

/// A point of a learning curve: means over several splits by artist.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// How many artists it has learned from.
    pub artists: f64,
    /// How many tracks these have.
    pub tracks: f64,
    /// The share of right answers on the test part.
    pub test: f64,
}

/// The shares of the training part's artists.
const SHARES: [f64; 6] = [0.05, 0.1, 0.2, 0.4, 0.7, 1.0];

/// How many classifiers learn.
pub const CLASSIFIERS: usize = 3;

/// The steps of [`study`] for each split.
pub const STEPS: usize = CLASSIFIERS * SHARES.len();

/// Draws splits by artist anew, and lets classifiers learn from shares of the artists.
///
/// # Errors
/// When the tracks cannot be divided, or a learner refuses the rows.
pub fn study(
    set: &DataSet,
    plan: &Plan,
    seed: u64,
    watcher: &dyn Watcher,
) -> Result<Vec<LearningCurve>, StudyError> {
    let table = Table::of(&set.tracks, &set.features);
    let classifiers: [Classifier; CLASSIFIERS] = [
        Classifier::Forest(plan.forest()),
        Classifier::BoostedTrees(BoostedSettings::default()),
        Classifier::LogisticRegression,
    ];
    // For each classifier and each share, what each split gave.
    let mut rights = vec![vec![Vec::new(); SHARES.len()]; CLASSIFIERS];
    let mut artists = [const { Vec::new() }; SHARES.len()];
    let mut tracks = [const { Vec::new() }; SHARES.len()];
    for repeat in 0..plan.repeats {
        let seed = seed.wrapping_add(1 + repeat as u64);
        let parts = Division::ByArtist.divide(set, seed)?;
        let test = table.select(&parts.test);
        let genres = artists_by_genre(set, &parts.train, seed);
        for (index, share) in SHARES.into_iter().enumerate() {
            let drawn: Vec<&Vec<usize>> = genres
                .iter()
                .flat_map(|artists| first(artists, share))
                .collect();
            let rows: Vec<usize> = drawn.iter().copied().flatten().copied().collect();
            artists[index].push(drawn.len() as f64);
            tracks[index].push(rows.len() as f64);
            let learned = table.select(&rows);
            for (classifier, rights) in classifiers.iter().zip(&mut rights) {
                let answers = classifier.fit(&learned, seed)?.answer(&test)?;
                rights[index].push(accuracy(&test.labels, &answers.labels));
                watcher.step();
            }
        }
    }
    let curve = |(classifier, rights): (Classifier, Vec<Vec<f64>>)| LearningCurve {
        classifier,
        points: (0..SHARES.len())
            .map(|index| CurvePoint {
                artists: mean(&artists[index]),
                tracks: mean(&tracks[index]),
                test: mean(&rights[index]),
            })
            .collect(),
        last_step: last_step(&rights),
    };
    Ok(classifiers.into_iter().zip(rights).map(curve).collect())
}

fn last_step(rights: &[Vec<f64>]) -> Spread {
    let [.., before, all] = rights else {
        return Spread::of(&[]);
    };
    let gains: Vec<f64> = all
        .iter()
        .zip(before)
        .map(|(all, before)| all - before)
        .collect();
    Spread::of(&gains)
}

/// The artists of each genre, each as rows, in an order that is drawn: the first of them are a share, and of every genre.
fn artists_by_genre(set: &DataSet, rows: &[usize], seed: u64) -> Vec<Vec<Vec<usize>>> {
    let mut artists: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &row in rows {
        artists
            .entry(set.tracks[row].group())
            .or_default()
            .push(row);
    }
    let mut genres: BTreeMap<&str, Vec<Vec<usize>>> = BTreeMap::new();
    for rows in artists.into_values() {
        let genre = main_genre(&set.tracks, &rows);
        genres.entry(genre).or_default().push(rows);
    }
    let mut random = StdRng::seed_from_u64(seed);
    let mut genres: Vec<Vec<Vec<usize>>> = genres.into_values().collect();
    for artists in &mut genres {
        artists.shuffle(&mut random);
    }
    genres
}

/// The first of them, so many as the share says, but at least one.
fn first<T>(all: &[T], share: f64) -> &[T] {
    let count = (all.len() as f64 * share).round() as usize;
    &all[..count.clamp(1.min(all.len()), all.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::LabelledTrack;

    #[test]
    fn artists_are_drawn_whole_and_of_every_genre() {
        let track = |row: usize| LabelledTrack {
            id: row.to_string(),
            track: row.to_string(),
            artist: format!("Artist {}", row / 4),
            genre: ["calm", "wild"][row / 4 % 2].into(),
            features: overtone_genre::Features::default(),
        };
        let set = DataSet {
            name: String::new(),
            checksum: String::new(),
            profile: super::super::data::Profile::default(),
            steps: Vec::new(),
            uncleaned: Vec::new(),
            tracks: (0..80).map(track).collect(),
            features: Vec::new(),
        };
        let rows: Vec<usize> = (0..80).collect();
        let genres = artists_by_genre(&set, &rows, 1);
        for share in [0.01, 0.5] {
            let drawn: Vec<&Vec<usize>> = genres
                .iter()
                .flat_map(|artists| first(artists, share))
                .collect();
            assert_eq!(drawn.len(), if share < 0.1 { 2 } else { 10 });
            assert!(drawn.iter().all(|rows| rows.len() == 4));
            let kinds = drawn.iter().map(|rows| set.tracks[rows[0]].genre.as_str());
            assert_eq!(
                kinds.filter(|genre| *genre == "calm").count() * 2,
                drawn.len()
            );
        }
    }
}
