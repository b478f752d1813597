//! How sure the answer is, in words.

use overtone_genre::{Classification, Model};

use super::language::words;
use super::order::largest_first;
use super::texts;

/// Which share of the probability the genres named in a set have together.
const SET_HOLDS: f64 = 0.9;

/// How sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sureness {
    Sure,
    Likely,
    Unsure,
    Guess,
}

impl Sureness {
    fn of(confidence: f64) -> Self {
        match confidence {
            0.85.. => Self::Sure,
            0.6.. => Self::Likely,
            0.4.. => Self::Unsure,
            _ => Self::Guess,
        }
    }
}

/// How sure an answer is, and which genres it could be.
pub(crate) fn sentence(model: &Model, answer: &Classification) -> String {
    let words = words();
    let name = |genre: usize| model.genres().get(genre).map(|name| texts::genre(name));
    if model.is_outside(answer) {
        let nearest = name(answer.best).unwrap_or_default();
        return (words.outside)(&nearest, &texts::percent(answer.confidence));
    }
    let sureness = Sureness::of(answer.confidence);
    let mut sentence = (words.sureness)(sureness).to_owned();
    // Measured with the model where it knows; else the genres that hold so much of the probability.
    let set = model
        .likely_genres(answer, SET_HOLDS)
        .unwrap_or_else(|| likely_set(&answer.probabilities));
    if set.len() > 1 {
        let names: Vec<String> = set.into_iter().filter_map(name).collect();
        sentence.push(' ');
        sentence.push_str(&(words.nine_tenths)(&(words.one_of)(&names)));
    }
    sentence
}

/// The fewest genres that together have nine tenths of the probability, the most probable first.
fn likely_set(probabilities: &[f64]) -> Vec<usize> {
    let mut order = largest_first(probabilities);
    let probability = |genre: usize| probabilities.get(genre).copied().unwrap_or(0.0);
    let mut together = 0.0;
    order.retain(|&genre| {
        let wanted = together < SET_HOLDS;
        together += probability(genre);
        wanted
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_holds_nine_tenths_and_no_more_than_it_needs() {
        assert_eq!(likely_set(&[0.05, 0.93, 0.02]), [1]);
        assert_eq!(likely_set(&[0.3, 0.5, 0.15, 0.05]), [1, 0, 2]);
        assert_eq!(likely_set(&[0.25; 4]), [0, 1, 2, 3]);
    }

    #[test]
    fn the_surer_the_higher() {
        assert_eq!(Sureness::of(0.9), Sureness::Sure);
        assert_eq!(Sureness::of(0.7), Sureness::Likely);
        assert_eq!(Sureness::of(0.5), Sureness::Unsure);
        assert_eq!(Sureness::of(0.3), Sureness::Guess);
    }
}
