//! The genres in a plane: the closer two of them lie, the more often the model wavers between them.

use crate::{Feature, Features, Model};

/// How many steps of power iteration are made for an axis; far more than it takes to see no difference.
const STEPS: usize = 200;

/// Where the way from one typical track to another is looked at.
const ON_THE_WAY: [f32; 3] = [0.25, 0.5, 0.75];

/// The genres in a plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// Where each genre lies, x and y from 0 to 1, in the order of [`Model::genres`].
    pub genres: Vec<(f64, f64)>,
}

impl Map {
    /// Where a track lies: between the genres, in the middle of their probabilities as weights.
    pub fn place(&self, probabilities: &[f64]) -> (f64, f64) {
        let weighted = probabilities.iter().zip(&self.genres);
        weighted.fold((0.0, 0.0), |(x, y), (probability, genre)| {
            (x + probability * genre.0, y + probability * genre.1)
        })
    }
}

impl Model {
    /// The genres in a plane. `None` if the model does not know what its genres are usually like.
    ///
    /// The model is asked about the typical tracks of all genres and about tracks between each two. Genres that it
    /// finds probable for the same tracks are alike; classical scaling (Torgerson 1952) lays them out so that unlike
    /// ones are far apart.
    pub fn map(&self) -> Option<Map> {
        let count = self.genres().len();
        let answers = self.answers_between_genres()?;
        let dot = |one: usize, other: usize| -> f64 {
            let at = |answer: &Vec<f64>, genre| answer.get(genre).copied().unwrap_or(0.0);
            let products = answers
                .iter()
                .map(|answer| at(answer, one) * at(answer, other));
            products.sum()
        };
        // Squares of distances: the root of what two genres do not share, which keeps near ones apart.
        let mut squares = vec![vec![0.0; count]; count];
        for (one, row) in squares.iter_mut().enumerate() {
            for (other, place) in row.iter_mut().enumerate() {
                let alike = dot(one, other) / (dot(one, one) * dot(other, other)).sqrt();
                if one != other && alike.is_finite() {
                    *place = 1.0 - alike;
                }
            }
        }
        centre(&mut squares);
        let across = axis(&squares, &[]);
        let down = axis(&squares, &across);
        Some(Map {
            genres: unit_range(&across)
                .into_iter()
                .zip(unit_range(&down))
                .collect(),
        })
    }

    /// What the model says of each genre's typical track, and of those between.
    fn answers_between_genres(&self) -> Option<Vec<Vec<f64>>> {
        let genres = 0..self.genres().len();
        let typical: Vec<Features> = genres
            .map(|genre| Some(self.typical(genre)?.track))
            .collect::<Option<_>>()?;
        let mut tracks = typical.clone();
        for (index, one) in typical.iter().enumerate() {
            for other in typical.iter().skip(index + 1) {
                tracks.extend(ON_THE_WAY.map(|share| between(one, other, share)));
            }
        }
        let answers = tracks.iter().filter_map(|track| self.classify(track).ok());
        Some(answers.map(|answer| answer.probabilities).collect())
    }
}

/// A track on the way from one to another.
fn between(one: &Features, other: &Features, share: f32) -> Features {
    let mut track = Features::default();
    for feature in Feature::ALL {
        let values = one.get(feature).zip(other.get(feature));
        track.set(
            feature,
            values.map(|(one, other)| one + (other - one) * share),
        );
    }
    track
}

/// Turns squared distances into products around their centre.
fn centre(squares: &mut [Vec<f64>]) {
    let count = squares.len().max(1) as f64;
    let means: Vec<f64> = squares
        .iter()
        .map(|row| row.iter().sum::<f64>() / count)
        .collect();
    let mean = means.iter().sum::<f64>() / count;
    for (row, row_mean) in squares.iter_mut().zip(&means) {
        for (place, column_mean) in row.iter_mut().zip(&means) {
            *place = -(*place - row_mean - column_mean + mean) / 2.0;
        }
    }
}

/// The direction of the largest spread by power iteration, as long as the root of the spread; `other` is a direction
/// that it must not have, or empty.
fn axis(products: &[Vec<f64>], other: &[f64]) -> Vec<f64> {
    // Any start will do that has a part of every direction, so none that is even.
    let start = (0..products.len()).map(|index| 1.0 + (index * index) as f64);
    let mut direction: Vec<f64> = start.collect();
    let mut spread = 0.0;
    for _ in 0..STEPS {
        let mut next: Vec<f64> = products.iter().map(|row| dot(row, &direction)).collect();
        let own = dot(other, other);
        if own > 0.0 {
            let share = dot(&next, other) / own;
            for (value, other) in next.iter_mut().zip(other) {
                *value -= share * other;
            }
        }
        spread = dot(&next, &next).sqrt();
        if spread == 0.0 {
            return next;
        }
        direction = next.into_iter().map(|value| value / spread).collect();
    }
    let length = spread.sqrt();
    direction.into_iter().map(|value| value * length).collect()
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

/// The same, moved and stretched so that the least is 0 and the most 1.
fn unit_range(values: &[f64]) -> Vec<f64> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = if most > least { most - least } else { 1.0 };
    values.iter().map(|value| (value - least) / width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_finds_points_in_a_plane_again() {
        let points = [(0.0, 0.0), (4.0, 0.0), (4.0, 1.0), (0.0, 1.0)];
        let distance = |one: &(f64, f64), other: &(f64, f64)| {
            (one.0 - other.0).powi(2) + (one.1 - other.1).powi(2)
        };
        let mut squares: Vec<Vec<f64>> = points
            .iter()
            .map(|one| points.iter().map(|other| distance(one, other)).collect())
            .collect();
        centre(&mut squares);
        let first = axis(&squares, &[]);
        let second = axis(&squares, &first);
        let apart = |one: usize, other: usize| {
            distance(&(first[one], second[one]), &(first[other], second[other])).sqrt()
        };
        assert!((apart(0, 1) - 4.0).abs() < 1e-6);
        assert!((apart(1, 2) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn genres_lie_apart_and_a_sure_track_lies_at_its_genre() {
        let map = Model::eight_genres().unwrap().map().unwrap();
        assert_eq!(map.genres.len(), 8);
        for (index, one) in map.genres.iter().enumerate() {
            assert!((0.0..=1.0).contains(&one.0) && (0.0..=1.0).contains(&one.1));
            for other in map.genres.iter().skip(index + 1) {
                let apart = (one.0 - other.0).hypot(one.1 - other.1);
                assert!(apart > 0.05, "{one:?} {other:?}");
            }
        }
        let mut sure = vec![0.0; 8];
        sure[4] = 1.0;
        assert_eq!(map.place(&sure), map.genres[4]);
    }
}
