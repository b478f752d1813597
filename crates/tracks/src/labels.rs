//! The genres that a file gives its tracks, matched to a model's.

use crate::names::without_accent;

/// Other names of genres, in the form that [`plain`] gives.
const SYNONYMS: [(&str, &[&str]); 8] = [
    (
        "classical",
        &[
            "classic",
            "classicalmusic",
            "klassik",
            "klassisk",
            "classique",
            "clasica",
            "musicaclasica",
            "opera",
            "baroque",
            "orchestral",
            "symphonic",
            "chambermusic",
            "romanticera",
        ],
    ),
    (
        "country",
        &[
            "countrymusic",
            "contemporarycountry",
            "moderncountry",
            "countryroad",
            "bluegrass",
            "honkytonk",
            "outlawcountry",
        ],
    ),
    (
        "electronic",
        &[
            "electronica",
            "electro",
            "edm",
            "edmdance",
            "dance",
            "danceelectronic",
            "electronicdance",
            "dancemusic",
            "house",
            "deephouse",
            "techhouse",
            "progressivehouse",
            "techno",
            "minimaltechno",
            "detroittechno",
            "trance",
            "psytrance",
            "dnb",
            "drumandbass",
            "drumnbass",
            "dubstep",
            "hardstyle",
            "elektronik",
            "elektronisch",
            "electronique",
            "electronicmusic",
            "bigroom",
        ],
    ),
    (
        "hiphop",
        &[
            "rap",
            "raphiphop",
            "hiphoprap",
            "rnbhiphop",
            "hiphoprnb",
            "trap",
            "undergroundrap",
            "gangsterrap",
            "gangstarap",
            "southernhiphop",
            "atlhiphop",
            "poprap",
            "trapmusic",
            "hiphopmusic",
            "oldschoolhiphop",
        ],
    ),
    (
        "jazz",
        &[
            "jazzmusic",
            "vocaljazz",
            "smoothjazz",
            "bebop",
            "swing",
            "bigband",
            "cooljazz",
            "jazzfusion",
            "jazzblues",
        ],
    ),
    (
        "latin",
        &[
            "latino",
            "latina",
            "latinpop",
            "latinmusic",
            "reggaeton",
            "salsa",
            "bachata",
            "cumbia",
            "tropical",
            "latinhiphop",
            "musicalatina",
            "urbanolatino",
            "traplatino",
            "merengue",
        ],
    ),
    (
        "pop",
        &[
            "popmusic",
            "dancepop",
            "electropop",
            "indiepop",
            "postteenpop",
            "teenpop",
            "synthpop",
            "kpop",
            "artpop",
        ],
    ),
    (
        "rock",
        &[
            "rockmusic",
            "classicrock",
            "alternativerock",
            "altrock",
            "albumrock",
            "hardrock",
            "indierock",
            "permanentwave",
            "punkrock",
            "rocknroll",
            "rockandroll",
            "softrock",
            "modernrock",
            "grunge",
            "psychedelicrock",
        ],
    ),
];

/// How many different genres of a file are compared with answers, at most: the tracks of any others are counted, and told.
pub const MOST_LABELS: usize = 60_000;

/// Which of a model's genres a label means; `None` where it means none of them.
///
/// Case, accents, spaces and marks do not matter. A label that lists several genres, as Exportify's `Genres` does, means
/// the one that most of them mean; of equal ones, the first.
pub fn match_label(label: &str, genres: &[String]) -> Option<usize> {
    if let Some(index) = match_one(label, genres) {
        return Some(index);
    }
    let parts: Vec<usize> = label
        .split([',', ';', '|'])
        .filter_map(|part| match_one(part, genres).or_else(|| match_last_word(part, genres)))
        .collect();
    let votes = |genre: &usize| parts.iter().filter(|part| *part == genre).count();
    // Of equal ones, `max_by_key` takes the last.
    parts.iter().rev().max_by_key(|part| votes(part)).copied()
}

fn match_one(label: &str, genres: &[String]) -> Option<usize> {
    let label = plain(label);
    let named = |name: &str| genres.iter().position(|genre| plain(genre) == name);
    named(&label).or_else(|| {
        let (genre, _) = SYNONYMS
            .iter()
            .find(|(_, names)| names.contains(&label.as_str()))?;
        named(genre)
    })
}

/// A finer genre, as artists have them: `canadian hip hop` is hip hop.
fn match_last_word(label: &str, genres: &[String]) -> Option<usize> {
    let words: Vec<&str> = label
        .split([' ', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    [2, 1].into_iter().find_map(|count| {
        let last = words.get(words.len().checked_sub(count)?..)?;
        match_one(&last.concat(), genres)
    })
}

/// Letters and digits only, in lower case, without accents; `&` and a lone `n` are "and".
fn plain(label: &str) -> String {
    label
        .replace('&', "n")
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .filter_map(without_accent)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_as_people_write_them() {
        let genres: Vec<String> = [
            "classical",
            "country",
            "electronic",
            "hiphop",
            "jazz",
            "latin",
            "pop",
            "rock",
        ]
        .map(String::from)
        .to_vec();
        for (label, genre) in [
            ("Hip-Hop", Some("hiphop")),
            ("hip hop", Some("hiphop")),
            ("rap", Some("hiphop")),
            ("Rap/Hip-Hop", Some("hiphop")),
            ("Drum & Bass", Some("electronic")),
            ("DnB", Some("electronic")),
            ("Clásica", Some("classical")),
            ("Música clásica", Some("classical")),
            ("ROCK", Some("rock")),
            ("Latino", Some("latin")),
            ("edm", Some("electronic")),
            ("dance pop, pop, pop rap", Some("pop")),
            (
                "atl hip hop, dirty south rap, hip hop, old school atlanta hip hop, rap",
                Some("hiphop"),
            ),
            ("Pop, Hip Hop", Some("pop")),
            (
                "classic city pop,idol kayo,japanese singer-songwriter",
                Some("pop"),
            ),
            ("canadian hip hop", Some("hiphop")),
            ("canadian hip hop, idol kayo", Some("hiphop")),
            ("Metal", None),
            ("idol kayo", None),
            ("", None),
            (",,", None),
        ] {
            let found = match_label(label, &genres).map(|index| genres[index].as_str());
            assert_eq!(found, genre, "{label}");
        }
        // A model with other genres takes what it knows.
        let others = vec!["Hip-Hop".to_owned(), "metal".to_owned()];
        assert_eq!(match_label("rap", &others), Some(0));
        assert_eq!(match_label("Metal", &others), Some(1));
        assert_eq!(match_label("jazz", &others), None);
    }
}
