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

/// Below which probability of the most probable genre its family is named instead: as the model card's figures have it.
const NAMED_FROM: f64 = 0.5;

/// The most probable family of genres.
pub(crate) struct Family<'a> {
    /// As the model has it.
    pub(crate) name: &'a str,
    /// Of all its genres together, 0 to 1.
    pub(crate) probability: f64,
    /// Its most probable genre, and the probability of that.
    best: usize,
    nearest: f64,
}

/// The family that is named in place of a genre: the most probable one, where no genre is likely enough and genres have
/// families.
pub(crate) fn family<'a>(model: &'a Model, answer: &Classification) -> Option<Family<'a>> {
    let families = model.families(answer);
    if answer.confidence >= NAMED_FROM || families.len() == model.genres().len() {
        return None;
    }
    let sums: Vec<f64> = families.iter().map(|(_, sum)| *sum).collect();
    let &(name, probability) = families.get(*largest_first(&sums).first()?)?;
    let is_member = |&genre: &usize| {
        model
            .genres()
            .get(genre)
            .is_some_and(|genre| overtone_genre::family(genre) == name)
    };
    let best = largest_first(&answer.probabilities)
        .into_iter()
        .find(is_member)?;
    Some(Family {
        name,
        probability,
        best,
        nearest: answer.probabilities.get(best).copied()?,
    })
}

/// The genre that stands for what an answer names: that genre, or the most probable one of that family.
pub(crate) fn nearest(model: &Model, answer: &Classification) -> usize {
    family(model, answer).map_or(answer.best, |family| family.best)
}

/// What an answer names, and its probability: a genre, or a family of genres where none of these is likely enough. What is
/// unlike all of them has no probability.
pub(crate) fn headline(model: &Model, answer: &Classification) -> (String, Option<f64>) {
    let words = words();
    if model.is_outside(answer) {
        return (words.none_of_these.to_owned(), None);
    }
    match family(model, answer) {
        Some(family) => (
            (words.family)(family.name).to_owned(),
            Some(family.probability),
        ),
        None => {
            let genre = model.genres().get(answer.best);
            let name = genre.map(|name| texts::genre(name)).unwrap_or_default();
            (name, Some(answer.confidence))
        }
    }
}

/// How sure an answer is; and on lines of their own, for which a phone has no room, which genres it could be.
pub(crate) fn sentence(model: &Model, answer: &Classification) -> String {
    let words = words();
    let name = |genre: usize| model.genres().get(genre).map(|name| texts::genre(name));
    if model.is_outside(answer) {
        let nearest = name(answer.best).unwrap_or_default();
        return (words.outside)(&nearest, &texts::percent(answer.confidence));
    }
    let mut sentence = match family(model, answer) {
        Some(Family { best, nearest, .. }) => {
            (words.within_family)(&name(best).unwrap_or_default(), &texts::percent(nearest))
        }
        None => (words.sureness)(Sureness::of(answer.confidence)).to_owned(),
    };
    // Measured with the model where it knows; else the genres that hold so much of the probability.
    let set = model
        .likely_genres(answer, SET_HOLDS)
        .unwrap_or_else(|| likely_set(&answer.probabilities));
    if set.len() > 1 {
        let names: Vec<String> = set.into_iter().filter_map(name).collect();
        sentence.push('\n');
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
    fn a_family_is_named_where_no_genre_is_likely_enough() {
        let model = Model::fifteen_genres().unwrap();
        let genres = model.genres();
        let mut probabilities = vec![0.0; genres.len()];
        let mut set = |name: &str, probability| {
            let genre = genres.iter().position(|genre| genre == name).unwrap();
            probabilities[genre] = probability;
            genre
        };
        let emo = set("Emo", 0.34);
        let (rap, metal) = (set("Rap", 0.33), set("Trap Metal", 0.33));
        let mut answer = Classification {
            probabilities,
            best: emo,
            confidence: 0.34,
            outside: None,
        };
        let found = family(&model, &answer).unwrap();
        assert_eq!(found.name, "rap and trap");
        assert!((found.probability - 0.66).abs() < 1e-9);
        assert_eq!(found.best, rap.min(metal));
        answer.confidence = 0.5;
        assert!(family(&model, &answer).is_none());
        // Eight genres have no families.
        let eight = Model::eight_genres().unwrap();
        answer.confidence = 0.34;
        answer.probabilities.truncate(8);
        assert!(family(&eight, &answer).is_none());
    }

    #[test]
    fn the_surer_the_higher() {
        assert_eq!(Sureness::of(0.9), Sureness::Sure);
        assert_eq!(Sureness::of(0.7), Sureness::Likely);
        assert_eq!(Sureness::of(0.5), Sureness::Unsure);
        assert_eq!(Sureness::of(0.3), Sureness::Guess);
    }
}
