//! Genres that the features hardly tell apart, and what they have in common.

use crate::{Classification, Model};

/// Genres of the fifteen-genre model that belong together, each family with its genres.
const FAMILIES: [(&str, &[&str]); 4] = [
    (
        "rap and trap",
        &[
            "dark trap",
            "hiphop",
            "rap",
            "trap metal",
            "underground rap",
        ],
    ),
    (
        "techno, house and trance",
        &["psytrance", "techhouse", "techno", "trance"],
    ),
    ("hard dance and bass", &["dnb", "hardstyle", "trap"]),
    ("songs", &["emo", "pop", "rnb"]),
];

/// The family of a genre, by name in whatever case; a genre of no family is its own.
pub fn family(genre: &str) -> &str {
    let is_genre = |known: &&str| known.eq_ignore_ascii_case(genre);
    FAMILIES
        .iter()
        .find(|(_, genres)| genres.iter().any(is_genre))
        .map_or(genre, |&(family, _)| family)
}

impl Model {
    /// The families of the genres with the probability of each, 0 to 1, in the order of their first genre; together 1.
    pub fn families(&self, answer: &Classification) -> Vec<(&str, f64)> {
        let mut families: Vec<(&str, f64)> = Vec::new();
        for (genre, &probability) in self.genres().iter().zip(&answer.probabilities) {
            let name = family(genre);
            match families.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += probability,
                None => families.push((name, probability)),
            }
        }
        families
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genres_know_their_family() {
        assert_eq!(family("Trap Metal"), "rap and trap");
        assert_eq!(family("trance"), "techno, house and trance");
        assert_eq!(family("jazz"), "jazz");
    }

    #[test]
    fn families_add_up() {
        let model = Model::eight_genres().unwrap();
        let answer = Classification {
            probabilities: vec![0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.2, 0.1],
            best: 3,
            confidence: 0.2,
            outside: None,
        };
        let families = model.families(&answer);
        assert_eq!(families.len(), 8);
        let sum: f64 = families.iter().map(|(_, probability)| probability).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }
}
