//! How the rows are looked at: which of them, and in which order.

use std::cmp::Ordering;

use super::folded::folded;
use super::store::Store;
use crate::message::{Looking, SortBy};

/// The rows that are looked at.
#[derive(Default)]
pub(super) struct View {
    looking: Looking,
    /// The rows in their order; `None` stands for all rows as they were read, as long as each is a track.
    order: Option<Vec<u32>>,
    /// How many rows have been looked through.
    seen: usize,
}

impl View {
    /// Looks another way.
    pub(super) fn look(&mut self, looking: Looking, store: &Store) {
        if looking != self.looking {
            self.looking = looking;
            self.again(store);
        }
    }

    /// Looks through all rows again.
    pub(super) fn again(&mut self, store: &Store) {
        self.order = None;
        self.seen = 0;
        if self.looking != Looking::default() {
            self.order = Some(Vec::new());
        }
        self.take_new(store);
        self.sort(store);
    }

    /// Takes rows that have been read since, at the end whatever the order.
    pub(super) fn take_new(&mut self, store: &Store) {
        if self.order.is_none() && store.tracks() < store.len() {
            self.order = Some(Vec::new());
        }
        let Some(order) = &mut self.order else { return };
        let search = words(&self.looking.search);
        for row in self.seen as u32..store.len() as u32 {
            if store.is_track(row) && passes(&self.looking, &search, store, row) {
                order.push(row);
            }
        }
        self.seen = store.len();
    }

    /// Brings the rows into their order.
    pub(super) fn sort(&mut self, store: &Store) {
        let (Some(order), Some((by, descending))) = (&mut self.order, self.looking.sort) else {
            return;
        };
        match by {
            SortBy::Track => by_text(order, descending, |row| store.track(row)),
            SortBy::Artist => by_text(order, descending, |row| store.artist(row)),
            SortBy::Label => by_text(order, descending, |row| {
                store.label_of(row).map_or("", |label| label.text.as_str())
            }),
            // What has no answer stands last in either direction.
            SortBy::Genre => by_key(order, descending, |row| {
                store.genre(row).map(|genre| genre as f32)
            }),
            SortBy::Confidence => by_key(order, descending, |row| {
                Some(store.confidence(row)).filter(|confidence| !confidence.is_nan())
            }),
            SortBy::Table => by_key(order, descending, |row| Some(f32::from(store.table(row)))),
        }
    }

    /// How many rows are looked at.
    pub(super) fn len(&self, store: &Store) -> usize {
        self.order.as_ref().map_or(store.len(), Vec::len)
    }

    /// The number of the row that stands at a place.
    pub(super) fn row_at(&self, place: usize, store: &Store) -> Option<u32> {
        match &self.order {
            Some(order) => order.get(place).copied(),
            None => (place < store.len()).then_some(place as u32),
        }
    }

    /// The rows in their order; `None` stands for all of them as they were read.
    pub(super) fn order(&self) -> Option<&[u32]> {
        self.order.as_deref()
    }

    /// For each row whether it is looked at.
    pub(super) fn rows(&self, store: &Store) -> Vec<bool> {
        match &self.order {
            None => vec![true; store.len()],
            Some(order) => {
                let mut rows = vec![false; store.len()];
                for &row in order {
                    if let Some(is) = rows.get_mut(row as usize) {
                        *is = true;
                    }
                }
                rows
            }
        }
    }
}

fn passes(looking: &Looking, search: &[String], store: &Store, row: u32) -> bool {
    let genre = store.genre(row);
    if !looking.genres.is_empty() && !looking.genres.contains(&genre) {
        return false;
    }
    if let Some((low, high)) = looking.confidence {
        let confidence = store.confidence(row);
        // The highest is shown with those below it.
        if !(confidence >= low && (confidence < high || high >= 1.0)) {
            return false;
        }
    }
    if looking.unlike && !store.is_unlike(row) {
        return false;
    }
    if looking.differing || looking.pair.is_some() {
        let labelled = store.label_of(row).and_then(|label| label.genre);
        let (Some(labelled), Some(answered)) = (labelled, genre) else {
            return false;
        };
        if looking
            .pair
            .is_some_and(|pair| pair != (labelled, answered))
            || (looking.differing && labelled == answered)
        {
            return false;
        }
    }
    search
        .iter()
        .all(|word| contains(store.track(row), word) || contains(store.artist(row), word))
}

/// The words of a search, folded, without the marks around them.
fn words(search: &str) -> Vec<String> {
    let bare = |word: &str| {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        // Some are marks only, as the name of a band.
        let word = if bare.is_empty() { word } else { bare };
        folded(word)
    };
    search.split_whitespace().map(bare).collect()
}

/// Whether a text contains another, which is folded.
fn contains(text: &str, word: &str) -> bool {
    if text.is_ascii() {
        let (text, word) = (text.as_bytes(), word.as_bytes());
        return text
            .windows(word.len())
            .any(|window| window.eq_ignore_ascii_case(word));
    }
    folded(text).contains(word)
}

fn by_key(order: &mut [u32], descending: bool, key: impl Fn(u32) -> Option<f32>) {
    let compare = |left: f32, right: f32| {
        let ordering = left.total_cmp(&right);
        if descending {
            ordering.reverse()
        } else {
            ordering
        }
    };
    let mut keyed: Vec<(Option<f32>, u32)> = order.iter().map(|&row| (key(row), row)).collect();
    keyed.sort_unstable_by(|left, right| {
        let ordering = match (left.0, right.0) {
            (Some(left), Some(right)) => compare(left, right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        ordering.then(left.1.cmp(&right.1))
    });
    for (place, (_, row)) in order.iter_mut().zip(keyed) {
        *place = row;
    }
}

/// Sorts by texts, which are folded once: to fold them in each comparison takes many times as long.
fn by_text<'a>(order: &mut [u32], descending: bool, text: impl Fn(u32) -> &'a str) {
    let mut keyed: Vec<(String, u32)> = order.iter().map(|&row| (folded(text(row)), row)).collect();
    keyed.sort_unstable_by(|left, right| {
        let ordering = left.0.cmp(&right.0);
        let ordering = if descending {
            ordering.reverse()
        } else {
            ordering
        };
        ordering.then(left.1.cmp(&right.1))
    });
    for (place, (_, row)) in order.iter_mut().zip(keyed) {
        *place = row;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use overtone_genre::Nearest;

    use super::super::store::NewRow;
    use super::*;

    fn store() -> Store {
        let mut store = Store::new(&["jazz".to_owned(), "pop".to_owned()], HashMap::new());
        let rows = [
            ("Émile", "b", "Jazz", Some((0, 0.9))),
            ("apple", "Zed", "pop", Some((0, 0.5))),
            ("Apple pie", "a", "polka", Some((1, 0.7))),
            ("zebra", "a", "", None),
        ];
        for (index, (track, artist, label, genre)) in rows.into_iter().enumerate() {
            store.push(&NewRow {
                line: index as u64 + 2,
                track,
                artist,
                label,
                is_track: true,
                ..NewRow::default()
            });
            let answer = genre.map(|(genre, confidence)| Nearest {
                genre,
                confidence,
                is_outside: genre == 1,
            });
            store.answer([answer].into_iter());
        }
        store
    }

    fn looked_at(looking: Looking) -> Vec<u32> {
        let store = store();
        let mut view = View::default();
        view.look(looking, &store);
        (0..view.len(&store))
            .filter_map(|place| view.row_at(place, &store))
            .collect()
    }

    #[test]
    fn rows_are_sorted_by_any_column() {
        let sorted = |by, descending| {
            looked_at(Looking {
                sort: Some((by, descending)),
                ..Looking::default()
            })
        };
        assert_eq!(sorted(SortBy::Track, false), [1, 2, 0, 3]);
        assert_eq!(sorted(SortBy::Track, true), [3, 0, 2, 1]);
        assert_eq!(sorted(SortBy::Artist, false), [2, 3, 0, 1]);
        assert_eq!(sorted(SortBy::Confidence, false), [1, 2, 0, 3]);
        assert_eq!(sorted(SortBy::Confidence, true), [0, 2, 1, 3]);
        assert_eq!(sorted(SortBy::Genre, true), [2, 0, 1, 3]);
    }

    #[test]
    fn rows_are_filtered_by_all_that_is_asked() {
        let look = |change: fn(&mut Looking)| {
            let mut looking = Looking::default();
            change(&mut looking);
            looked_at(looking)
        };
        assert_eq!(look(|_| ()), [0, 1, 2, 3]);
        assert_eq!(look(|looking| looking.search = "APPLE ".into()), [1, 2]);
        assert_eq!(look(|looking| looking.search = "émi".into()), [0]);
        assert_eq!(look(|looking| looking.search = "emile".into()), [0]);
        assert_eq!(look(|looking| looking.search = "zed".into()), [1]);
        assert_eq!(look(|looking| looking.search = "Zed, app".into()), [1]);
        assert_eq!(look(|looking| looking.search = "zed pie".into()), [0; 0]);
        assert_eq!(look(|looking| looking.genres = vec![Some(1), None]), [2, 3]);
        assert_eq!(look(|looking| looking.confidence = Some((0.6, 0.8))), [2]);
        assert_eq!(look(|looking| looking.differing = true), [1]);
        assert_eq!(look(|looking| looking.unlike = true), [2]);
        assert_eq!(look(|looking| looking.pair = Some((0, 0))), [0]);
    }

    #[test]
    fn apostrophes_and_marks_are_searched_as_people_type_them() {
        for (text, search) in [
            ("I can’t", "can't"),
            ("I can't", "can’t"),
            ("Song, \"1999\"", "song 1999"),
            ("Gymnopédie No. 1", "gymnopedie"),
            ("Gymnopedie", "Gymnopédie"),
            ("!!!", "!!!"),
        ] {
            let words = words(search);
            assert!(words.iter().all(|word| contains(text, word)), "{search}");
        }
        assert!(!contains("cant", &words("can't")[0]));
    }

    #[test]
    fn labels_are_counted_and_matched() {
        let store = store();
        assert_eq!(
            store.labels.iter().map(Label::tracks).collect::<Vec<_>>(),
            [1, 1, 1, 1]
        );
        assert_eq!(store.agreement().accuracy(), Some(0.5));
        assert_eq!(store.with_genre(), 3);
        assert_eq!(store.unlike, 1);
    }

    #[test]
    fn an_empty_line_keeps_its_number_and_is_not_looked_at() {
        let mut store = store();
        let mut view = View::default();
        for (line, track, is_track) in [(6, "", false), (7, "apricot", true)] {
            store.push(&NewRow {
                line,
                track,
                label: "genre",
                is_track,
                ..NewRow::default()
            });
            store.answer([None].into_iter());
            view.take_new(&store);
        }
        assert_eq!((store.len(), store.tracks()), (6, 5));
        assert_eq!(view.len(&store), 5);
        assert_eq!(view.row_at(4, &store), Some(5));
        assert_eq!(
            view.rows(&store),
            [true, true, true, true, false, true],
            "as for a file of those that are shown"
        );
        assert_eq!(store.labels.last().map(Label::tracks), Some(1));
        view.look(
            Looking {
                genres: vec![None],
                ..Looking::default()
            },
            &store,
        );
        assert_eq!(view.len(&store), 2);
    }

    use super::super::store::Label;
}
