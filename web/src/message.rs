//! What the page and its worker say to each other.

use overtone_genre::{Feature, Features};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::bridge::FileTrack;

/// What the page asks of the worker.
#[derive(Serialize, Deserialize)]
pub(crate) enum Request {
    /// Read tables of tracks, in place of those before, and classify their rows.
    Read {
        files: Vec<FileHandle>,
        /// What was chosen before about columns: fingerprints of column names, and choices as text.
        remembered: Vec<(String, String)>,
        /// What the words of titles say, packed, if they count.
        titles: Option<BytesHandle>,
        /// What the visitor has said about these files' own genres: their texts, and what they mean.
        labels: Vec<(String, Option<usize>)>,
    },
    /// Read no further.
    Stop,
    /// The first rows are drawn.
    Drawn,
    /// Look at the rows this way.
    Look(Looking),
    /// Tell these rows, by their places in what is looked at.
    Window { first: usize, count: usize },
    /// One of the file's genres means this one of the model's.
    Label { label: usize, genre: Option<usize> },
    /// Make files of the rows. The number tells which wish the response is about.
    Save {
        number: u32,
        format: Format,
        rows: WhichRows,
    },
}

/// A file that the visitor has chosen. Only this handle is handed over; the bytes are read in the worker.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct FileHandle {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub(crate) file: web_sys::File,
}

/// Bytes that are handed over as they are.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct BytesHandle {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub(crate) bytes: js_sys::Uint8Array,
}

/// An array that is handed over as it is.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ArrayHandle {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub(crate) array: js_sys::Array,
}

/// A sentence of the worker's, in each of the page's languages: the visitor may change the language later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Sentence {
    pub(crate) english: String,
    pub(crate) german: String,
}

impl Sentence {
    /// A text that is the same in each language, or in the one that the visitor has now.
    pub(crate) fn as_it_is(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            english: text.clone(),
            german: text,
        }
    }
}

/// Which rows are looked at, and in which order. By default all of them, as they were read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Looking {
    /// The column, and whether the largest come first.
    pub(crate) sort: Option<(SortBy, bool)>,
    /// What titles or artists contain.
    pub(crate) search: String,
    /// The genres, `None` for rows without an answer; all if empty.
    pub(crate) genres: Vec<Option<usize>>,
    /// From and below which probability.
    pub(crate) confidence: Option<(f32, f32)>,
    /// Only those whose own genre is another than the answer.
    pub(crate) differing: bool,
    /// Only those that sound like none of the genres.
    pub(crate) unlike: bool,
    /// Only those with this genre of their own, and this answer.
    pub(crate) pair: Option<(usize, usize)>,
}

/// A column of the table on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SortBy {
    Track,
    Artist,
    Table,
    Genre,
    Confidence,
    Label,
}

/// As what rows are saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Format {
    /// The original columns with genres behind them.
    Csv,
    /// The same with a byte order mark, and with formulas kept from running; where people write numbers with a decimal comma,
    /// with those, and with semicolons between cells.
    CsvForSpreadsheets { has_decimal_commas: bool },
    /// A list of objects.
    Json,
    /// The Spotify URIs, one on a line.
    Uris,
    /// Title, artist, genre and confidence, with tabs between them.
    Text,
}

/// Which rows are saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum WhichRows {
    All,
    /// Those that are looked at.
    Shown,
    /// Those that are looked at and were answered with a genre.
    OfGenre(usize),
}

/// What the worker tells the page.
#[derive(Serialize, Deserialize)]
pub(crate) enum Response {
    /// The worker listens: what was sent before is lost.
    Ready,
    /// It has begun to read what it was asked for last: what it told before was about other files.
    Begun,
    /// A table's columns have been understood.
    Table(TableInfo),
    /// Some rows have been read.
    Progress(Progress),
    /// All files have been read, or no more of them will be; why, if that is for an error. With some rows from all over
    /// them, for the map, and how many files gave none, as they could not be read.
    Read {
        sample: ArrayHandle,
        unread: usize,
        broken_off: Option<Sentence>,
    },
    /// Rows that are looked at.
    Window(Window),
    /// What the rows are, as a whole.
    Summary(Summary),
    /// What came of the wish with this number to save rows.
    Saved { number: u32, made: Made },
    /// No file can be read; why.
    Failed(Sentence),
}

/// What was made of rows.
#[derive(Serialize, Deserialize)]
pub(crate) enum Made {
    /// Files, each with its name.
    Files(Vec<(String, BlobHandle)>),
    /// Text to be copied.
    Text(String),
    /// Nothing; why.
    Nothing(Sentence),
}

/// How far reading has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// How many bytes of all files have been read, and how many there are.
    pub(crate) bytes: (f64, f64),
    pub(crate) rows: usize,
    pub(crate) with_genre: usize,
    /// Some of what was wrong with single rows, since the last time.
    pub(crate) problems: Vec<Sentence>,
    /// How many there have been in all.
    pub(crate) problem_count: usize,
    /// Some of what is to be known about whole files, since the last time.
    pub(crate) notes: Vec<Sentence>,
    /// How much there has been in all.
    pub(crate) note_count: usize,
}

/// Rows that are looked at.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Window {
    /// How many rows are looked at in all.
    pub(crate) total: usize,
    /// Of how many.
    pub(crate) all: usize,
    /// The place of the first.
    pub(crate) first: usize,
    pub(crate) rows: Vec<TrackRow>,
}

/// What the rows are, as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// How many rows were answered with each genre.
    pub(crate) answered: Vec<u32>,
    pub(crate) unanswered: u32,
    /// How many of the answered rows sound like none of the genres.
    pub(crate) unlike: u32,
    /// The file's own genres, the most frequent first.
    pub(crate) labels: Vec<LabelInfo>,
    /// How many labels there are beyond those.
    pub(crate) more_labels: usize,
    /// For each genre of the file, how many of its rows were answered with each genre; empty if it has none.
    pub(crate) matrix: Vec<Vec<u32>>,
}

/// A genre that the file gives tracks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LabelInfo {
    pub(crate) number: usize,
    pub(crate) text: String,
    pub(crate) tracks: u32,
    pub(crate) genre: Option<usize>,
}

/// What was understood of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TableInfo {
    pub(crate) name: String,
    pub(crate) tool: Option<Sentence>,
    pub(crate) encoding: String,
    /// The character between cells.
    pub(crate) delimiter: char,
    /// What tables with the same column names share.
    pub(crate) fingerprint: String,
    /// What was chosen for such tables before, as text.
    pub(crate) choices: String,
    pub(crate) columns: Vec<ColumnInfo>,
    /// The audio features that no column is read for, by their names.
    pub(crate) missing: Vec<String>,
    /// Whether so many are missing that no row was read.
    pub(crate) is_refused: bool,
    /// How often answers are right with all features, and without these, 0 to 1, where that was measured.
    pub(crate) cost: Option<(f32, f32)>,
}

/// What was understood of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ColumnInfo {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
    /// The name of what it holds.
    pub(crate) role: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) confidence: Option<Sureness>,
    /// The first value as it was read, in the feature's own unit.
    pub(crate) example: Option<(String, f32)>,
    /// The name of what it is not read as, though its own name says so, and why.
    pub(crate) unfit: Option<(String, Sentence)>,
}

/// How sure it is that a column was read as it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Sureness {
    Unsure,
    Likely,
    Certain,
}

/// A file that the worker has made.
#[derive(Serialize, Deserialize)]
pub(crate) struct BlobHandle {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub(crate) blob: web_sys::Blob,
}

/// What the page shows of a row, and needs to load it into the sliders.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrackRow {
    /// The row's number among all that were read.
    pub(crate) number: u32,
    /// The number of its table.
    pub(crate) table: u16,
    pub(crate) line: u64,
    pub(crate) track: String,
    pub(crate) artist: String,
    /// The index of the most probable genre and its probability; `None` where there are too few features.
    pub(crate) genre: Option<(usize, f64)>,
    /// Whether it sounds like none of the genres.
    pub(crate) is_outside: bool,
    /// The genre that the file gives it.
    pub(crate) label: Option<String>,
    /// In the order of [`Feature::ALL`].
    features: Vec<Option<f32>>,
}

/// What the map shows of a row. The worker has asked the model, as four hundred answers would keep the page from drawing.
#[derive(Clone, PartialEq)]
pub(crate) struct MapTrack {
    /// The track's name, and the artists'.
    pub(crate) name: String,
    /// The index of the most probable genre.
    pub(crate) genre: usize,
    /// The probability of each genre.
    pub(crate) probabilities: Vec<f64>,
}

/// Artists as they are read. Most tools put semicolons between them.
pub(crate) fn artists(cell: &str) -> String {
    let names = cell.split(';').map(str::trim);
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    names.join(", ")
}

/// What is known of a track's name and its artists.
pub(crate) fn full_name(track: &str, artist: &str) -> String {
    let parts: Vec<&str> = [track, artist]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

impl TrackRow {
    pub(crate) fn new(
        line: u64,
        track: String,
        artist: String,
        genre: Option<(usize, f64)>,
        features: &Features,
    ) -> Self {
        Self {
            number: 0,
            table: 0,
            line,
            track,
            artist,
            genre,
            is_outside: false,
            label: None,
            features: Feature::ALL.map(|feature| features.get(feature)).to_vec(),
        }
    }

    /// The same row, with where it stands, the file's own genre, and whether it sounds like none.
    pub(crate) fn placed(
        self,
        number: u32,
        table: u16,
        label: Option<String>,
        is_outside: bool,
    ) -> Self {
        Self {
            number,
            table,
            label,
            is_outside,
            ..self
        }
    }

    /// The track's features, each with its value.
    pub(crate) fn features(&self) -> impl Iterator<Item = (Feature, Option<f32>)> {
        Feature::ALL.into_iter().zip(self.features.iter().copied())
    }

    /// The track as the page takes it.
    pub(crate) fn for_page(&self) -> FileTrack {
        let mut features = Features::default();
        for (feature, value) in self.features() {
            features.set(feature, value);
        }
        FileTrack {
            number: self.number,
            name: full_name(&self.track, &self.artist),
            features,
        }
    }

    /// Whether an audio feature is missing.
    pub(crate) fn lacks_features(&self) -> bool {
        self.features()
            .any(|(feature, value)| feature.is_audio() && value.is_none())
    }
}

/// Turns a message into what `postMessage` takes. These messages hold nothing that cannot be turned.
pub(crate) fn encode(message: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(message).unwrap_or(JsValue::NULL)
}

/// Reads what `postMessage` has brought; `None` for what is not ours, such as a browser extension's.
pub(crate) fn decode<Message: DeserializeOwned>(value: JsValue) -> Option<Message> {
    serde_wasm_bindgen::from_value(value).ok()
}
