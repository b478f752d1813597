//! How right a model is on tracks that it has not learned from.

use overtone_genre::{Model, Popularity};

use crate::dataset::LabelledTrack;

/// What a model answered on labelled tracks.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The genres, in the model's order.
    pub genres: Vec<String>,
    /// For each true genre (row), how many tracks got each answer (column).
    pub confusion: Vec<Vec<usize>>,
    /// The mean of the negative natural logarithm of the true genre's probability, in nats.
    pub log_loss: f64,
    /// How many tracks the model gave no answer for, or whose genre it does not know.
    pub unanswered: usize,
}

impl Evaluation {
    /// Asks a model about tracks.
    pub fn of<'a>(
        model: &Model,
        popularity: Popularity,
        tracks: impl IntoIterator<Item = &'a LabelledTrack>,
    ) -> Self {
        let genres = model.genres().to_vec();
        let mut evaluation = Self {
            confusion: vec![vec![0; genres.len()]; genres.len()],
            genres,
            log_loss: 0.0,
            unanswered: 0,
        };
        for track in tracks {
            let truth = evaluation
                .genres
                .iter()
                .position(|genre| *genre == track.genre);
            let (Some(truth), Ok(answer)) =
                (truth, model.classify(&track.features.with(popularity)))
            else {
                evaluation.unanswered += 1;
                continue;
            };
            evaluation.confusion[truth][answer.best] += 1;
            evaluation.log_loss -= logarithm(answer.probabilities[truth]);
        }
        evaluation.log_loss /= evaluation.answered().max(1) as f64;
        evaluation
    }

    /// How many tracks were answered.
    pub fn answered(&self) -> usize {
        self.confusion.iter().flatten().sum()
    }

    /// The share of tracks whose answer is right, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.genres.len())
            .map(|genre| self.confusion[genre][genre])
            .sum();
        right as f64 / self.answered().max(1) as f64
    }

    /// The share of a genre's tracks whose answer is right, 0 to 1; `None` where there is no such track.
    pub fn recall(&self, genre: usize) -> Option<f64> {
        let tracks: usize = self.confusion[genre].iter().sum();
        (tracks > 0).then(|| self.confusion[genre][genre] as f64 / tracks as f64)
    }

    /// The mean recall of the genres that there are tracks of, 0 to 1.
    pub fn balanced_accuracy(&self) -> f64 {
        let recalls: Vec<f64> = (0..self.genres.len())
            .filter_map(|genre| self.recall(genre))
            .collect();
        recalls.iter().sum::<f64>() / recalls.len().max(1) as f64
    }
}

/// The smallest probability that counts in the log loss: a model that rules the true genre out would else have an
/// infinite one. Less than one vote of the largest forests that are packed.
const SMALLEST_PROBABILITY: f64 = 1e-3;

#[expect(
    clippy::disallowed_methods,
    reason = "a figure of a report, not part of any model's answer"
)]
fn logarithm(probability: f64) -> f64 {
    probability.max(SMALLEST_PROBABILITY).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_known_confusion() {
        let evaluation = Evaluation {
            genres: vec!["jazz".into(), "pop".into(), "rock".into()],
            confusion: vec![vec![8, 2, 0], vec![5, 5, 0], vec![0, 0, 0]],
            log_loss: 0.0,
            unanswered: 0,
        };
        assert_eq!(evaluation.answered(), 20);
        assert!((evaluation.accuracy() - 0.65).abs() < 1e-12);
        assert_eq!(evaluation.recall(0), Some(0.8));
        assert_eq!(evaluation.recall(2), None);
        assert!((evaluation.balanced_accuracy() - 0.65).abs() < 1e-12);
    }
}
