//! The rows that have been read, a million of them if need be, in columns: a row takes about sixty bytes beside its texts.

use std::collections::HashMap;

use overtone_genre::{Feature, Features, Nearest};
use overtone_tracks::{Agreement, MOST_LABELS, match_label};

use crate::message::TrackRow;

/// How many rows stand together. Whole groups are never moved again, so that memory grows by one group at a time.
const GROUP: usize = 8192;

/// What stands in place of a genre where there is none.
const NO_GENRE: u8 = u8::MAX;

/// Some rows.
#[derive(Default)]
struct Group {
    /// Titles and artists, one behind the other.
    text: Vec<u8>,
    /// Where each title and each artist ends.
    ends: Vec<u32>,
    lines: Vec<u32>,
    tables: Vec<u16>,
    labels: Vec<u16>,
    genres: Vec<u8>,
    confidences: Vec<f32>,
    /// Whether a row sounds like none of the genres.
    outside: Vec<bool>,
    /// Whether a row is a track, and no empty line.
    tracks: Vec<bool>,
    features: Vec<f32>,
}

/// A row to be kept.
#[derive(Default)]
pub(super) struct NewRow<'a> {
    pub(super) table: u16,
    pub(super) line: u64,
    pub(super) track: &'a str,
    pub(super) artist: &'a str,
    pub(super) label: &'a str,
    pub(super) features: Features,
    /// An empty line is kept as a row, so that rows have the numbers that they have in their files.
    pub(super) is_track: bool,
}

/// What is said of a row; `None` where there is no answer.
pub(super) type Answer = Option<Nearest>;

/// A genre that the file gives some of its tracks.
pub(super) struct Label {
    pub(super) text: String,
    /// Which of the model's genres it means.
    pub(super) genre: Option<usize>,
    /// How many of its tracks were answered with each of the model's genres.
    pub(super) answered: Vec<u32>,
    /// How many of its tracks have no answer.
    pub(super) unanswered: u32,
}

impl Label {
    pub(super) fn tracks(&self) -> u32 {
        self.answered.iter().sum::<u32>() + self.unanswered
    }
}

/// All rows.
pub(super) struct Store {
    model_genres: Vec<String>,
    /// What the visitor has said that labels mean.
    chosen_labels: HashMap<String, Option<usize>>,
    groups: Vec<Group>,
    rows: usize,
    /// How many of them are tracks.
    tracks: usize,
    /// How many rows, the first ones, have been answered.
    answered_rows: usize,
    /// How many of these sound like none of the genres.
    pub(super) unlike: u32,
    /// How many rows were answered with each genre.
    pub(super) answered: Vec<u32>,
    /// The first stands for rows without one.
    pub(super) labels: Vec<Label>,
    labels_by_text: HashMap<String, u16>,
    /// How many tracks have a label beyond those that are told apart.
    pub(super) other_labels: usize,
}

impl Store {
    pub(super) fn new(
        model_genres: &[String],
        chosen_labels: HashMap<String, Option<usize>>,
    ) -> Self {
        let mut store = Self {
            model_genres: model_genres.to_vec(),
            chosen_labels,
            groups: Vec::new(),
            rows: 0,
            tracks: 0,
            answered_rows: 0,
            unlike: 0,
            answered: vec![0; model_genres.len()],
            labels: Vec::new(),
            labels_by_text: HashMap::new(),
            other_labels: 0,
        };
        store.label("");
        store
    }

    /// How many rows there are, tracks or not.
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// How many tracks there are.
    pub(super) fn tracks(&self) -> usize {
        self.tracks
    }

    pub(super) fn with_genre(&self) -> usize {
        self.answered.iter().map(|&rows| rows as usize).sum()
    }

    /// The number of a label, which is made if there is none.
    fn label(&mut self, text: &str) -> u16 {
        if let Some(&label) = self.labels_by_text.get(text) {
            return label;
        }
        // The first is no genre.
        if self.labels.len() > MOST_LABELS {
            self.other_labels += 1;
            return 0;
        }
        let number = self.labels.len() as u16;
        self.labels.push(Label {
            text: text.to_owned(),
            genre: match self.chosen_labels.get(text) {
                Some(&chosen) => chosen,
                None => match_label(text, &self.model_genres),
            },
            answered: vec![0; self.model_genres.len()],
            unanswered: 0,
        });
        self.labels_by_text.insert(text.to_owned(), number);
        number
    }

    /// Keeps a row, which waits for its answer.
    pub(super) fn push(&mut self, row: &NewRow<'_>) {
        // Where the column names stand once more, the name of a column is no genre.
        let number = self.label(if row.is_track { row.label } else { "" });
        if self.rows.is_multiple_of(GROUP) {
            if let Some(full) = self.groups.last_mut() {
                full.text.shrink_to_fit();
            }
            self.groups.push(Group::default());
        }
        self.rows += 1;
        self.tracks += usize::from(row.is_track);
        let Some(group) = self.groups.last_mut() else {
            return;
        };
        for text in [row.track, row.artist] {
            group.text.extend_from_slice(text.as_bytes());
            group.ends.push(group.text.len() as u32);
        }
        group
            .lines
            .push(u32::try_from(row.line).unwrap_or(u32::MAX));
        group.tables.push(row.table);
        group.labels.push(number);
        group.genres.push(NO_GENRE);
        group.confidences.push(f32::NAN);
        group.outside.push(false);
        group.tracks.push(row.is_track);
        let features = Feature::ALL.map(|feature| row.features.get(feature).unwrap_or(f32::NAN));
        group.features.extend_from_slice(&features);
    }

    /// How many rows wait for their answers.
    pub(super) fn waiting_rows(&self) -> usize {
        self.rows - self.answered_rows
    }

    /// The features of the rows that wait for their answers.
    pub(super) fn waiting(&self) -> Vec<Features> {
        let rows = self.answered_rows..self.rows;
        rows.filter_map(|row| self.features(u32::try_from(row).ok()?))
            .collect()
    }

    /// The titles of the rows that wait for their answers.
    pub(super) fn waiting_titles(&self) -> impl Iterator<Item = &str> {
        let rows = self.answered_rows..self.rows;
        rows.map(|row| u32::try_from(row).map_or("", |row| self.track(row)))
    }

    /// Answers the rows that have waited longest.
    pub(super) fn answer(&mut self, answers: impl Iterator<Item = Answer>) {
        for answer in answers {
            let row = self.answered_rows;
            let Some(group) = self.groups.get_mut(row / GROUP) else {
                return;
            };
            let index = row % GROUP;
            let genre = answer.and_then(|answer| u8::try_from(answer.genre).ok());
            if let Some(place) = group.genres.get_mut(index) {
                *place = genre.unwrap_or(NO_GENRE);
            }
            if let Some(place) = group.confidences.get_mut(index) {
                *place = answer.map_or(f32::NAN, |answer| answer.confidence as f32);
            }
            let is_unlike = answer.is_some_and(|answer| answer.is_outside);
            if let Some(place) = group.outside.get_mut(index) {
                *place = is_unlike;
            }
            self.unlike += u32::from(is_unlike);
            let label = group.labels.get(index).copied().unwrap_or(0);
            if let Some(label) = self.labels.get_mut(usize::from(label)) {
                match answer.and_then(|answer| label.answered.get_mut(answer.genre)) {
                    Some(count) => *count += 1,
                    None => label.unanswered += 1,
                }
            }
            if let Some(count) = answer.and_then(|answer| self.answered.get_mut(answer.genre)) {
                *count += 1;
            }
            self.answered_rows += 1;
        }
    }

    /// The features of a row.
    pub(super) fn features(&self, row: u32) -> Option<Features> {
        let (group, index) = self.place(row)?;
        let mut features = Features::default();
        let values = group.features.chunks(Feature::ALL.len()).nth(index)?;
        for (feature, value) in Feature::ALL.into_iter().zip(values) {
            features.set(feature, Some(*value));
        }
        Some(features)
    }

    fn place(&self, row: u32) -> Option<(&Group, usize)> {
        let row = row as usize;
        Some((self.groups.get(row / GROUP)?, row % GROUP))
    }

    fn text(&self, row: u32, which: usize) -> &str {
        let text = self.place(row).and_then(|(group, index)| {
            let index = 2 * index + which;
            let start = match index.checked_sub(1) {
                Some(before) => *group.ends.get(before)?,
                None => 0,
            };
            let end = *group.ends.get(index)?;
            str::from_utf8(group.text.get(start as usize..end as usize)?).ok()
        });
        text.unwrap_or_default()
    }

    pub(super) fn track(&self, row: u32) -> &str {
        self.text(row, 0)
    }

    pub(super) fn artist(&self, row: u32) -> &str {
        self.text(row, 1)
    }

    /// The index of the most probable genre.
    pub(super) fn genre(&self, row: u32) -> Option<usize> {
        let genre = self
            .place(row)
            .and_then(|(group, index)| group.genres.get(index).copied())?;
        (genre != NO_GENRE).then_some(usize::from(genre))
    }

    /// The most probable genre's probability; NaN where there is no answer.
    pub(super) fn confidence(&self, row: u32) -> f32 {
        let confidence = self
            .place(row)
            .and_then(|(group, index)| group.confidences.get(index).copied());
        confidence.unwrap_or(f32::NAN)
    }

    /// Whether a row is a track.
    pub(super) fn is_track(&self, row: u32) -> bool {
        let is_track = self
            .place(row)
            .and_then(|(group, index)| group.tracks.get(index).copied());
        is_track.unwrap_or(false)
    }

    /// Whether a row sounds like none of the genres.
    pub(super) fn is_unlike(&self, row: u32) -> bool {
        let outside = self
            .place(row)
            .and_then(|(group, index)| group.outside.get(index).copied());
        outside.unwrap_or(false)
    }

    /// The genre that the file gives the row.
    pub(super) fn label_of(&self, row: u32) -> Option<&Label> {
        let label = self
            .place(row)
            .and_then(|(group, index)| group.labels.get(index).copied())?;
        self.labels
            .get(usize::from(label))
            .filter(|label| !label.text.is_empty())
    }

    /// The number of the table that the row is from.
    pub(super) fn table(&self, row: u32) -> u16 {
        let table = self
            .place(row)
            .and_then(|(group, index)| group.tables.get(index).copied());
        table.unwrap_or(0)
    }

    /// A row as the page shows it.
    pub(super) fn row(&self, row: u32) -> Option<TrackRow> {
        let (group, index) = self.place(row)?;
        let features = self.features(row)?;
        let confidence = f64::from(self.confidence(row));
        let genre = self.genre(row).map(|genre| (genre, confidence));
        let line = group.lines.get(index).map_or(0, |&line| u64::from(line));
        Some(
            TrackRow::new(
                line,
                self.track(row).to_owned(),
                self.artist(row).to_owned(),
                genre,
                &features,
            )
            .placed(
                row,
                self.table(row),
                self.label_of(row).map(|label| label.text.clone()),
                self.is_unlike(row),
            ),
        )
    }

    /// How far the file's own genres and the answers agree.
    pub(super) fn agreement(&self) -> Agreement {
        let mut agreement = Agreement::new(self.model_genres.len());
        for label in self.labels.iter().skip(1) {
            let Some(genre) = label.genre else { continue };
            for (answered, &tracks) in label.answered.iter().enumerate() {
                agreement.add(genre, answered, u64::from(tracks));
            }
        }
        agreement
    }

    /// Whether some row has a genre of the file's own.
    pub(super) fn has_labels(&self) -> bool {
        self.labels.len() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(label: &str) -> NewRow<'_> {
        NewRow {
            label,
            is_track: true,
            ..NewRow::default()
        }
    }

    #[test]
    fn tracks_with_more_genres_than_are_told_apart_are_counted() {
        let mut store = Store::new(&["jazz".to_owned()], HashMap::new());
        for number in 0..MOST_LABELS + 1 {
            for label in [number.to_string().as_str(), ""] {
                store.push(&labelled(label));
            }
        }
        assert_eq!(store.labels.iter().skip(1).count(), MOST_LABELS);
        assert_eq!(store.other_labels, 1);
    }

    #[test]
    fn a_label_means_what_the_visitor_has_said() {
        let chosen = HashMap::from([("Jazz".to_owned(), None), ("polka".to_owned(), Some(1))]);
        let mut store = Store::new(&["jazz".to_owned(), "pop".to_owned()], chosen);
        for label in ["Jazz", "polka", "pop"] {
            store.push(&labelled(label));
        }
        let genres = store.labels.iter().skip(1).map(|label| label.genre);
        assert_eq!(genres.collect::<Vec<_>>(), [None, Some(1), Some(1)]);
    }
}
