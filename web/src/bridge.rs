//! What the page and the room for files say to each other. They are two modules of WebAssembly in one document, so they
//! speak by events on the window.

use js_sys::Array;
use leptos::ev;
use leptos::prelude::*;
use overtone_genre::{Feature, Features};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, File};

use crate::message::MapTrack;

/// To `boot.js`: load the room for files.
const LOAD: &str = "overtone:load-files";
/// From `boot.js`: it cannot be loaded.
const MISSING: &str = "overtone:files-missing";
/// From the room: it listens.
const HERE: &str = "overtone:files-here";
/// To the room: files to read.
const FILES: &str = "overtone:files";
/// To the room: what the page shows.
const SHOWN: &str = "overtone:shown";
/// From the room: a track for the sliders.
const TRACK: &str = "overtone:track";
/// From the room: tracks for the map.
const SAMPLE: &str = "overtone:sample";

/// From the room: its tracks have other values now.
const OTHER_VALUES: &str = "overtone:other-values";

/// What the room has to know of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shown {
    /// The language's tag.
    pub(crate) language: String,
    /// The address of the model that answers.
    pub(crate) model: String,
    /// Its genres.
    pub(crate) genres: Vec<String>,
    /// The number of the track that the sliders show, if they show one of the room's.
    pub(crate) track: Option<u32>,
}

/// A track from the room.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileTrack {
    /// Its number among all that were read.
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) features: Features,
}

/// Has the room loaded, if it is not yet.
pub(crate) fn load_room() {
    tell(LOAD, &JsValue::UNDEFINED);
}

/// Listens for the room that cannot be loaded, and why.
pub(crate) fn on_missing(act: impl Fn(String) + 'static) -> WindowListenerHandle {
    hear(MISSING, move |why| act(why.as_string().unwrap_or_default()))
}

/// Says that the room listens.
pub(crate) fn tell_here() {
    tell(HERE, &JsValue::UNDEFINED);
}

/// Listens for the room.
pub(crate) fn on_here(act: impl Fn() + 'static) -> WindowListenerHandle {
    hear(HERE, move |_| act())
}

/// Gives the room files.
pub(crate) fn tell_files(files: &[File]) {
    tell(FILES, &files.iter().collect::<Array>());
}

/// Listens for files.
pub(crate) fn on_files(act: impl Fn(Vec<File>) + 'static) -> WindowListenerHandle {
    hear(FILES, move |files| {
        let files = Array::from(&files);
        let files = files.iter().filter_map(|file| file.dyn_into().ok());
        act(files.collect());
    })
}

/// Tells the room what the page shows.
pub(crate) fn tell_shown(shown: &Shown) {
    let genres: Array = shown
        .genres
        .iter()
        .map(|genre| JsValue::from(genre.as_str()))
        .collect();
    let track = shown.track.map_or(JsValue::NULL, JsValue::from);
    let detail = [
        shown.language.as_str().into(),
        shown.model.as_str().into(),
        genres.into(),
        track,
    ];
    tell(SHOWN, &Array::from_iter(detail));
}

/// Listens for what the page shows.
pub(crate) fn on_shown(act: impl Fn(Shown) + 'static) -> WindowListenerHandle {
    hear(SHOWN, move |detail| {
        let detail = Array::from(&detail);
        let genres = Array::from(&detail.get(2));
        act(Shown {
            language: detail.get(0).as_string().unwrap_or_default(),
            model: detail.get(1).as_string().unwrap_or_default(),
            genres: genres
                .iter()
                .filter_map(|genre| genre.as_string())
                .collect(),
            track: detail.get(3).as_f64().map(|number| number as u32),
        });
    })
}

/// Puts a track into the sliders.
pub(crate) fn tell_track(track: &FileTrack) {
    tell(TRACK, &track_to_js(track));
}

/// Listens for tracks for the sliders.
pub(crate) fn on_track(act: impl Fn(FileTrack) + 'static) -> WindowListenerHandle {
    hear(TRACK, move |track| act(track_from_js(&track)))
}

/// Says that the room's tracks have other values now.
pub(crate) fn tell_other_values() {
    tell(OTHER_VALUES, &JsValue::UNDEFINED);
}

/// Listens for other values.
pub(crate) fn on_other_values(act: impl Fn() + 'static) -> WindowListenerHandle {
    hear(OTHER_VALUES, move |_| act())
}

/// Tracks for the map as the page is told of them. The worker makes them so, and the room only hands them on, as turning four
/// hundred of them from one form into another and back would keep the page's thread busy.
pub(crate) fn sample_to_js(tracks: impl Iterator<Item = MapTrack>) -> Array {
    let track_to_js = |track: MapTrack| {
        let head = [track.name.into(), (track.genre as u32).into()];
        let probabilities = track.probabilities.into_iter().map(JsValue::from);
        head.into_iter().chain(probabilities).collect::<Array>()
    };
    tracks.map(track_to_js).collect()
}

/// Puts tracks onto the map, in place of those before.
pub(crate) fn tell_sample(tracks: &Array) {
    tell(SAMPLE, tracks);
}

/// Listens for tracks for the map.
pub(crate) fn on_sample(act: impl Fn(Vec<MapTrack>) + 'static) -> WindowListenerHandle {
    hear(SAMPLE, move |tracks| {
        let tracks = Array::from(&tracks);
        act(tracks.iter().map(|track| on_map_from_js(&track)).collect());
    })
}

/// Name and genre, and behind them a probability for each genre.
fn on_map_from_js(track: &JsValue) -> MapTrack {
    let parts = Array::from(track);
    let number = |part: JsValue| part.as_f64().unwrap_or_default();
    MapTrack {
        name: parts.get(0).as_string().unwrap_or_default(),
        genre: number(parts.get(1)) as usize,
        probabilities: parts.iter().skip(2).map(number).collect(),
    }
}

/// Number and name, and behind them a value for each feature.
fn track_to_js(track: &FileTrack) -> JsValue {
    let value = |feature| {
        track
            .features
            .get(feature)
            .map_or(JsValue::NULL, JsValue::from)
    };
    let head = [track.number.into(), track.name.as_str().into()];
    head.into_iter()
        .chain(Feature::ALL.map(value))
        .collect::<Array>()
        .into()
}

fn track_from_js(track: &JsValue) -> FileTrack {
    let parts = Array::from(track);
    let mut features = Features::default();
    for (place, feature) in (2..).zip(Feature::ALL) {
        features.set(feature, parts.get(place).as_f64().map(|value| value as f32));
    }
    FileTrack {
        number: parts.get(0).as_f64().unwrap_or_default() as u32,
        name: parts.get(1).as_string().unwrap_or_default(),
        features,
    }
}

fn tell(name: &str, detail: &JsValue) {
    let with_detail = CustomEventInit::new();
    with_detail.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &with_detail) {
        let _ = window().dispatch_event(&event);
    }
}

fn hear(name: &'static str, act: impl Fn(JsValue) + 'static) -> WindowListenerHandle {
    window_event_listener(ev::Custom::<CustomEvent>::new(name), move |event| {
        act(event.detail())
    })
}
