//! What the columns of a table mean.

use std::collections::HashSet;

use overtone_genre::Feature;

use crate::choices::{Choice, Choices};
use crate::encoding::Encoding;
use crate::names;
use crate::number::{Comma, number};
use crate::reader::track_id;
use crate::records::Cells;
use crate::tool::Tool;
use crate::units::{self, Candidate, Confidence, Understanding, Unfit};
use crate::{Note, cell};

/// What a column holds, as far as Overtone needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The track's Spotify id, or a URI or address that ends in it.
    Id,
    /// The track's title.
    Track,
    /// The track's artist or artists.
    Artist,
    /// A genre that somebody gave the track.
    Genre,
    /// The musical key.
    Key,
    /// Whether the key is major or minor.
    Mode,
    /// Beats in a bar.
    TimeSignature,
    /// An audio feature, length or popularity.
    Feature(Feature),
}

impl Role {
    /// Every role, the features last.
    pub fn all() -> impl Iterator<Item = Role> {
        let others = [
            Role::Id,
            Role::Track,
            Role::Artist,
            Role::Genre,
            Role::Key,
            Role::Mode,
            Role::TimeSignature,
        ];
        others
            .into_iter()
            .chain(Feature::ALL.into_iter().map(Role::Feature))
    }

    /// A short name, as commands and stored choices use it.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Id => "id",
            Role::Track => "title",
            Role::Artist => "artist",
            Role::Genre => "genre",
            Role::Key => "key",
            Role::Mode => "mode",
            Role::TimeSignature => "time_signature",
            Role::Feature(feature) => feature.name(),
        }
    }

    /// What sentences call it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Role::Id => "Spotify id",
            Role::TimeSignature => "time signature",
            Role::Feature(Feature::Duration) => "duration",
            other => other.name(),
        }
    }

    /// The role with a [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|role| role.name().eq_ignore_ascii_case(name))
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name as the file has it, without the white space around it.
    pub name: String,
    /// What it holds; `None` for a column that is only carried along.
    pub role: Option<Role>,
    /// How its numbers are read, if it is read for a feature.
    pub understanding: Option<Understanding>,
    /// What its name says that it holds, and why it is not read all the same.
    pub unfit: Option<(Role, Unfit)>,
    /// Its first values that are not empty, at most [`Column::VALUES_SHOWN`].
    pub values: Vec<String>,
}

impl Column {
    /// How many first values a column keeps to be shown.
    pub const VALUES_SHOWN: usize = 3;

    /// How sure it is that the column was read as it was meant; `None` if it is not read.
    pub fn confidence(&self) -> Option<Confidence> {
        let by_name = self.role.map(|_| Confidence::Certain);
        self.understanding
            .map(|understanding| understanding.confidence)
            .or(by_name)
    }

    /// One of its values as it was read, in the feature's own unit; `None` where there is none.
    pub fn read(&self, value: &str) -> Option<f32> {
        let (Some(Role::Feature(feature)), Some(understanding)) = (self.role, self.understanding)
        else {
            return None;
        };
        cell::value(feature, understanding, value.trim())
            .ok()
            .flatten()
    }
}

/// A column that is read for a feature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FeatureColumn {
    pub(crate) index: usize,
    pub(crate) feature: Feature,
    pub(crate) understanding: Understanding,
}

/// The line of column names, and what they were understood to mean.
#[derive(Clone, Debug)]
pub struct Header {
    /// The columns, in the file's order.
    pub columns: Vec<Column>,
    /// The byte between cells.
    pub delimiter: u8,
    /// The text's encoding. What looked like plain ASCII when the header was read counts as UTF-8.
    pub encoding: Encoding,
    /// Whether the file begins with a byte order mark, as Excel wants it.
    pub byte_order_mark: bool,
    /// The tool that the table comes from, if its column names tell.
    pub tool: Option<Tool>,
    /// What a visitor should know about the table as a whole.
    pub notes: Vec<Note>,
    /// Up to the last column that has a name, every row should have a cell.
    pub(crate) named: usize,
    pub(crate) features: Vec<FeatureColumn>,
    /// The line of column names as it stands in the file, before it was mended.
    pub(crate) unmended: Cells,
    /// The names' cells, one for each column.
    cells: Cells,
}

/// What is known of a table when its header is judged.
pub(crate) struct Sample {
    pub(crate) delimiter: u8,
    pub(crate) encoding: Encoding,
    pub(crate) byte_order_mark: bool,
    /// The first rows.
    pub(crate) rows: Vec<Cells>,
    pub(crate) notes: Vec<Note>,
}

impl Header {
    pub(crate) fn read(cells: &Cells, sample: Sample, choices: &Choices) -> Self {
        let mut notes = sample.notes;
        let unmended = cells.clone();
        let cells = mended(cells, &sample.rows, &mut notes);
        let names: Vec<String> = cells
            .iter()
            .map(|cell| name(&String::from_utf8_lossy(cell)).to_owned())
            .collect();
        let mut columns: Vec<Column> = names
            .iter()
            .enumerate()
            .map(|(index, name)| Column {
                name: name.clone(),
                role: None,
                understanding: None,
                unfit: None,
                values: values(&sample.rows, index)
                    .filter(|value| !value.is_empty())
                    .take(Column::VALUES_SHOWN)
                    .map(cell::shown)
                    .collect(),
            })
            .collect();
        let (choices, nowhere) = choices.placed(&names);
        notes.extend(nowhere.into_iter().map(|name| Note::NoSuchColumn { name }));
        assign_texts(&mut columns, &choices);
        assign_features(&mut columns, &sample.rows, &choices);
        for (index, column) in columns.iter().enumerate() {
            // That another column is better needs no words, but for somebody who has chosen both.
            let is_chosen = || matches!(choices.get(index), Some(Choice::Read { .. }));
            if let Some((role, unfit)) = column.unfit
                && (unfit != Unfit::Taken || is_chosen())
            {
                notes.push(Note::NotRead {
                    column: column.name.clone(),
                    role,
                    why: unfit,
                });
            }
        }
        let features = columns
            .iter()
            .enumerate()
            .filter_map(
                |(index, column)| match (column.role, column.understanding) {
                    (Some(Role::Feature(feature)), Some(understanding)) => Some(FeatureColumn {
                        index,
                        feature,
                        understanding,
                    }),
                    _ => None,
                },
            )
            .collect();
        Self {
            named: names
                .iter()
                .rposition(|name| !name.is_empty())
                .map_or(0, |last| last + 1),
            tool: Tool::recognise(names.iter().map(String::as_str)),
            columns,
            delimiter: sample.delimiter,
            encoding: sample.encoding,
            byte_order_mark: sample.byte_order_mark,
            notes,
            features,
            unmended,
            cells,
        }
    }

    /// The index of the column with a role.
    pub fn position(&self, role: Role) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.role == Some(role))
    }

    /// The features that have a column, in the order of the columns, each with the column's index.
    pub fn features(&self) -> impl Iterator<Item = (usize, Feature)> {
        self.features
            .iter()
            .map(|column| (column.index, column.feature))
    }

    /// What answers are made from and no column is read for: audio features and the length.
    pub fn missing_features(&self) -> impl Iterator<Item = Feature> {
        Feature::ALL.into_iter().filter(|feature| {
            (feature.is_audio() || *feature == Feature::Duration)
                && self.position(Role::Feature(*feature)).is_none()
        })
    }

    /// The cells of the line of column names, as the file has them.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// A number that files with the same column names share, whatever their rows: under it, choices are remembered.
    ///
    /// It is FNV-1a with 64 bits over the names, each with a zero byte behind it.
    pub fn fingerprint(&self) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for cell in self.cells.iter() {
            for byte in cell.iter().chain(&[0]) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        hash
    }
}

/// A column's name without what stands around it: white space, or a byte order mark, also one that was read in an old encoding.
pub(crate) fn name(text: &str) -> &str {
    text.trim()
        .trim_start_matches(['\u{feff}'])
        .trim_start_matches("ï»¿")
}

/// The texts of one column in the first rows, without white space around them. A cell that is not UTF-8 counts as empty.
fn values(rows: &[Cells], column: usize) -> impl Iterator<Item = &str> {
    rows.iter().map(move |row| {
        let cell = row.get(column).unwrap_or_default();
        str::from_utf8(cell).unwrap_or_default().trim()
    })
}

/// The cells of the line of column names, mended where it is known to fit its rows badly.
fn mended(cells: &Cells, rows: &[Cells], notes: &mut Vec<Note>) -> Cells {
    if lacks_first_name(cells, rows) {
        let mut mended = Cells::default();
        mended.push(b"");
        cells.iter().for_each(|cell| mended.push(cell));
        notes.push(Note::RowNames);
        return mended;
    }
    // Once, Exportify wrote a name twice that had one cell in each row.
    let mut once = Cells::default();
    let mut twice = Vec::new();
    let mut before = HashSet::new();
    for cell in cells.iter() {
        let is_new = before.insert(cell);
        if !is_new && !cell.is_empty() {
            twice.push(String::from_utf8_lossy(cell).into_owned());
        } else {
            once.push(cell);
        }
    }
    if !twice.is_empty() && fits_most(rows, once.len()) {
        notes.push(Note::NamesTwice { names: twice });
        return once;
    }
    cells.clone()
}

/// Whether most rows have so many cells, and none of the others has more: rows may be cut short, or have been lengthened
/// by a mark in a text that nobody escaped, but not all of them.
fn fits_most(rows: &[Cells], length: usize) -> bool {
    let fitting = rows.iter().filter(|row| row.len() == length).count();
    fitting > 0 && fitting * 5 >= rows.len() * 4
}

/// Whether the rows begin with a cell that has no name above it: R writes names of rows so, which are numbers unless
/// somebody gave others.
fn lacks_first_name(cells: &Cells, rows: &[Cells]) -> bool {
    if !fits_most(rows, cells.len() + 1) {
        return false;
    }
    let fitting = || rows.iter().filter(|row| row.len() == cells.len() + 1);
    // A mark at the end of each row makes an empty cell, which needs no name; so does a last column that is empty.
    let ends_empty = fitting().all(|row| {
        let last = row.get(cells.len()).unwrap_or_default();
        last.trim_ascii().is_empty()
    });
    // Where the names of features stand above numbers tells which way the names are to be moved.
    let features: Vec<(usize, Feature)> = cells
        .iter()
        .enumerate()
        .filter_map(|(index, cell)| {
            let meaning = str::from_utf8(cell).ok().and_then(names::meaning)?;
            match meaning.role {
                Role::Feature(feature) => Some((index, feature)),
                _ => None,
            }
        })
        .collect();
    if ends_empty {
        // A true mark at the end leaves the names above their values. So they are moved only if they stand above texts in
        // most rows, and moved in none of these.
        let misfits = |moved: usize| {
            let misfits = |row: &&Cells| {
                let mut features = features.iter();
                features.any(|&(index, feature)| {
                    let cell = row.get(index + moved).unwrap_or_default();
                    str::from_utf8(cell).is_ok_and(|text| is_text(feature, text.trim()))
                })
            };
            fitting().filter(misfits).count()
        };
        let rows = fitting().count();
        return misfits(0) * 5 >= rows * 4 && misfits(1) * 5 <= rows;
    }
    let numbers = |moved: usize| {
        let is_number = |cell: &[u8]| {
            str::from_utf8(cell).is_ok_and(|text| number(text.trim(), Comma::Decimal).is_some())
        };
        let of_row = |row: &Cells| {
            let places = features.iter();
            places
                .filter(|(index, _)| row.get(index + moved).is_some_and(is_number))
                .count()
        };
        fitting().map(of_row).sum::<usize>()
    };
    let (moved, as_they_are) = (numbers(1), numbers(0));
    let whole = |row: &Cells| -> Option<u64> { str::from_utf8(row.get(0)?).ok()?.parse().ok() };
    let first: Vec<Option<u64>> = fitting().map(whole).collect();
    let ascends = first.iter().all(Option::is_some) && first.is_sorted_by(|a, b| a < b);
    moved > as_they_are || (moved == as_they_are && ascends)
}

/// Whether a cell says something that can be no value of a feature in any unit.
fn is_text(feature: Feature, text: &str) -> bool {
    let is_length = || {
        cell::clock_parts(text)
            .or_else(|| cell::spelled_parts(text))
            .is_some()
    };
    !cell::is_missing(feature, text)
        && number(text, Comma::Decimal).is_none()
        && number(text, Comma::Thousands).is_none()
        && !(feature == Feature::Duration && is_length())
}

/// What is chosen for a column, or what its name says.
fn meaning(columns: &[Column], choices: &Choices, index: usize) -> Option<(names::Meaning, bool)> {
    match choices.get(index) {
        Some(Choice::Ignore) => None,
        Some(Choice::Read { role, unit }) => Some((
            names::Meaning {
                role,
                rank: 0,
                unit,
            },
            true,
        )),
        None => {
            let meaning = names::meaning(&columns.get(index)?.name)?;
            Some((meaning, false))
        }
    }
}

/// Gives the columns of texts their roles. All columns of titles and artists have theirs, as tables with several leave
/// some of them empty; of the others, the chosen one or the one with the best name.
fn assign_texts(columns: &mut [Column], choices: &Choices) {
    for role in Role::all().filter(|role| !matches!(role, Role::Feature(_))) {
        let mut fitting: Vec<(bool, usize, usize)> = (0..columns.len())
            .filter_map(|index| {
                let (meaning, chosen) =
                    meaning(columns, choices, index).filter(|(meaning, _)| meaning.role == role)?;
                Some((!chosen, meaning.rank, index))
            })
            .collect();
        // Beside Spotify's, an `id` is often only the number of the row.
        let is_other_id = |index: usize| {
            let mut values = columns
                .get(index)
                .into_iter()
                .flat_map(|column| &column.values);
            role == Role::Id && !values.any(|value| track_id(value).is_some())
        };
        fitting.sort_by_cached_key(|&(not_chosen, rank, index)| {
            (not_chosen, is_other_id(index), rank, index)
        });
        let chosen = fitting
            .first()
            .is_some_and(|(not_chosen, _, _)| !not_chosen);
        let several = matches!(role, Role::Track | Role::Artist) && !chosen;
        // Beside titles, what is only numbers counts the tracks.
        let counts =
            |index: usize| role == Role::Track && columns.get(index).is_some_and(counts_tracks);
        let (counting, others): (Vec<_>, Vec<_>) = fitting
            .into_iter()
            .partition(|&(_, _, index)| several && counts(index));
        let named = others.len();
        for (position, (_, _, index)) in others.into_iter().chain(counting).enumerate() {
            let Some(column) = columns.get_mut(index) else {
                continue;
            };
            if position == 0 || (several && position < named) {
                column.role = Some(role);
            } else {
                column.unfit = Some((role, Unfit::Taken));
            }
        }
    }
}

/// Whether all of a column's first values are whole numbers.
fn counts_tracks(column: &Column) -> bool {
    let is_number = |value: &String| value.bytes().all(|byte| byte.is_ascii_digit());
    !column.values.is_empty() && column.values.iter().all(is_number)
}

/// Gives the columns of features their roles and units. Of several columns for one feature, the chosen one is read; else,
/// of those of whose values most make sense, the one with the best name.
fn assign_features(columns: &mut [Column], rows: &[Cells], choices: &Choices) {
    let found: Vec<(usize, names::Meaning, Feature, bool)> = (0..columns.len())
        .filter_map(|index| {
            let (meaning, chosen) = meaning(columns, choices, index)?;
            match meaning.role {
                Role::Feature(feature) => Some((index, meaning, feature, chosen)),
                _ => None,
            }
        })
        .collect();
    let has_date = columns.iter().any(|column| names::is_date(&column.name));
    let candidates: Vec<Candidate<'_>> = found
        .iter()
        .map(|&(index, meaning, feature, chosen)| Candidate {
            feature,
            told: meaning.unit,
            chosen,
            also_yes_or_no: columns
                .get(index)
                .is_some_and(|column| names::is_also_yes_or_no(&column.name)),
            may_be_time_of_day: has_date
                && columns
                    .get(index)
                    .is_some_and(|column| names::is_also_time_of_day(&column.name)),
            values: values(rows, index)
                .filter(|value| !cell::is_missing(feature, value))
                .collect(),
        })
        .collect();
    let decisions = units::decide(&candidates);
    let judged: Vec<_> = found.iter().zip(decisions).collect();
    for feature in Feature::ALL {
        let of_feature = || judged.iter().filter(|((_, _, of, _), _)| *of == feature);
        let read = || of_feature().filter(|(_, (decision, _))| decision.is_ok());
        let most = read().map(|(_, (_, fitting))| *fitting).max().unwrap_or(0);
        let best = read().min_by_key(|((index, meaning, _, chosen), (_, fitting))| {
            let is_sparse = fitting * 10 < most * 9;
            (!chosen, is_sparse, meaning.rank, *index)
        });
        let best = best.map(|((index, _, _, _), _)| *index);
        for ((index, _, _, _), (decision, _)) in of_feature() {
            let Some(column) = columns.get_mut(*index) else {
                continue;
            };
            let role = Role::Feature(feature);
            match decision {
                Ok(understanding) if best == Some(*index) => {
                    column.role = Some(role);
                    column.understanding = Some(*understanding);
                }
                Ok(_) => column.unfit = Some((role, Unfit::Taken)),
                Err(unfit) => column.unfit = Some((role, *unfit)),
            }
        }
    }
}
