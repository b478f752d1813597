//! What the genre names of other people's collections mean to a model of eight genres.
//!
//! This is the table to review: every name that a collection of the pool uses stands in one of the three lists below,
//! or is left out of training: it says too little about the sound ("party"), lies between genres ("indie"), or is none of
//! the eight but sounds like some of them ("reggae").

/// The eight genres of the model that ships, in its order.
pub const EIGHT: [&str; 8] = [
    "classical",
    "country",
    "electronic",
    "hiphop",
    "jazz",
    "latin",
    "pop",
    "rock",
];

/// What a collection's genre means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// One of the eight, by its index, under its own name or a synonym. Only these are tested on.
    Same(usize),
    /// A kind of one of the eight, by its index: learned from with less weight, never tested on.
    Kind(usize),
    /// None of the eight, and unlike them.
    Other,
    /// Nothing that helps: see the top of this file.
    Unused,
}

/// Names and synonyms of the eight, in their order.
const SAME: [&[&str]; 8] = [
    &["classical"],
    &["country"],
    &["electronic", "edm_dance"],
    &["hiphop", "hip-hop", "hip hop", "rap", "rap/hip-hop"],
    &["jazz"],
    // One collection has latin only as these two.
    &["latin", "latino", "reggaeton", "salsa"],
    &["pop"],
    &["rock"],
];

/// Kinds of the eight, in their order.
const KINDS: [&[&str]; 8] = [
    &[
        "baroque",
        "romantic classical",
        "contemporary classical",
        "classical crossover",
        "renaissance",
        "minimalism",
    ],
    &["bluegrass", "honky-tonk"],
    &[
        "big room",
        "breakbeat",
        "chicago-house",
        "deep house",
        "deep-house",
        "detroit-techno",
        "downtempo",
        "drum and bass",
        "drum-and-bass",
        "dubstep",
        "edm",
        "electro",
        "electro swing",
        "electronica",
        "future bass",
        "gabber",
        "goa trance",
        "happy hardcore",
        "hardstyle",
        "house",
        "idm",
        "minimal-techno",
        "moombahton",
        "progressive house",
        "progressive-house",
        "psytrance",
        "synthwave",
        "techno",
        "trance",
        "trip-hop",
        "tropical house",
    ],
    &["bounce", "drill", "grime", "trap"],
    &[
        "avant-garde jazz",
        "bebop",
        "big band",
        "free jazz",
        "hard bop",
        "jazz fusion",
        "smooth jazz",
        "swing",
    ],
    &["bachata", "cumbia", "latin jazz", "latin pop", "merengue"],
    &[
        "contemporary r&b",
        "dance",
        "electropop",
        "indie-pop",
        "synth-pop",
        "synthpop",
    ],
    &[
        "alt-rock",
        "alternative",
        "art rock",
        "blues rock",
        "britpop",
        "garage",
        "glam rock",
        "grunge",
        "hard-rock",
        "heavy-metal",
        "metal",
        "new wave",
        "pop punk",
        "post-punk",
        "power-pop",
        "progressive rock",
        "psych-rock",
        "psychedelic",
        "punk",
        "punk-rock",
        "rock-n-roll",
        "shoegaze",
        "space rock",
        "stoner rock",
    ],
];

/// What none of the eight covers and what sounds like itself. Many more names are none of the eight ("reggae", "samba"),
/// but sound so much like them that learning them too makes these here worse recognised.
const OTHER: &[&str] = &[
    "bollywood",
    "carnatic",
    "children",
    "comedy",
    "desi",
    "disney",
    "hindustani",
    "indian",
    "kids",
    "opera",
    "show-tunes",
    "sleep",
    "sufi",
];

/// What a collection's name of a genre means; case does not matter.
pub fn meaning(name: &str) -> Meaning {
    let name = name.trim().to_lowercase();
    let among = |lists: &[&[&str]]| {
        lists
            .iter()
            .position(|names| names.contains(&name.as_str()))
    };
    if let Some(genre) = among(&SAME) {
        Meaning::Same(genre)
    } else if let Some(genre) = among(&KINDS) {
        Meaning::Kind(genre)
    } else if OTHER.contains(&name.as_str()) {
        Meaning::Other
    } else {
        Meaning::Unused
    }
}

/// The table as lines: each of the eight with its synonyms and kinds, and what is none of them.
pub fn table() -> Vec<(String, String, String)> {
    let mut lines: Vec<_> = EIGHT
        .iter()
        .zip(SAME)
        .zip(KINDS)
        .map(|((genre, same), kinds)| ((*genre).to_owned(), same.join(", "), kinds.join(", ")))
        .collect();
    lines.push(("none of these".to_owned(), OTHER.join(", "), String::new()));
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_stands_once() {
        let lists = SAME.iter().chain(&KINDS).chain([&OTHER]);
        let mut seen = HashSet::new();
        for name in lists.flat_map(|names| names.iter()) {
            assert!(seen.insert(name), "{name} stands twice");
            assert_eq!(*name, name.to_lowercase());
        }
    }

    #[test]
    fn names_mean_what_they_say() {
        assert_eq!(meaning("Hip-Hop"), Meaning::Same(3));
        assert_eq!(meaning("techno"), Meaning::Kind(2));
        assert_eq!(meaning("comedy"), Meaning::Other);
        assert_eq!(meaning("party"), Meaning::Unused);
    }
}
