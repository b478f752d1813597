//! What the page and its worker say to each other.

use overtone_genre::{Feature, Features};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// What the page asks of the worker.
#[derive(Serialize, Deserialize)]
pub(crate) enum Request {
    /// Read a table of tracks and classify its rows.
    Read(FileHandle),
    /// Write the table again, with genres.
    Label(FileHandle),
}

/// A file that the visitor has chosen. Only this handle is handed over; the bytes are read in the worker.
#[derive(Serialize, Deserialize)]
pub(crate) struct FileHandle {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub(crate) file: web_sys::File,
}

/// What the worker tells the page.
#[derive(Serialize, Deserialize)]
pub(crate) enum Response {
    /// The worker listens: what was sent before is lost.
    Ready,
    /// Some rows of the file have been read.
    Rows {
        rows: Vec<TrackRow>,
        /// Sentences about what was wrong with them.
        problems: Vec<String>,
        /// How much of the file has been read, 0 to 1.
        progress: f64,
    },
    /// The whole file has been read.
    Read,
    /// The table with genres.
    Labelled(BlobHandle),
    /// The file cannot be read, or not any further; a sentence.
    Failed(String),
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
    pub(crate) line: u64,
    pub(crate) track: String,
    pub(crate) artist: String,
    /// The index of the most probable genre and its probability; `None` where there are too few features.
    pub(crate) genre: Option<(usize, f64)>,
    /// In the order of [`Feature::ALL`].
    features: Vec<Option<f32>>,
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
            line,
            track,
            artist,
            genre,
            features: Feature::ALL.map(|feature| features.get(feature)).to_vec(),
        }
    }

    /// The track's features, each with its value.
    pub(crate) fn features(&self) -> impl Iterator<Item = (Feature, Option<f32>)> {
        Feature::ALL.into_iter().zip(self.features.iter().copied())
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
