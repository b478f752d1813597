//! The models, as JavaScript asks them.

use js_sys::Array;
use overtone_genre::{Classification, Feature, Features, Model, Popularity};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::answer;
use crate::crossing::take_bytes;
use crate::options::{self, Options};
use crate::property::{error, in_parts, kind_of};
use crate::track::TrackReader;

/// The model of eight genres, which is inside.
///
/// # Errors
/// When the bytes that were compiled in are not a model, which the tests of `overtone-genre` rule out.
#[wasm_bindgen(js_name = eightGenres)]
pub fn eight_genres() -> Result<GenreModel, JsValue> {
    Model::eight_genres().map(GenreModel::new).map_err(error)
}

/// A model from its bytes, a `Uint8Array` or an `ArrayBuffer`.
///
/// # Errors
/// When it is something else, or [`Model::read`] fails.
#[wasm_bindgen(js_name = readModel)]
pub fn read_model(bytes: &JsValue) -> Result<GenreModel, JsValue> {
    let Some(taken) = take_bytes(bytes)? else {
        return Err(error(format_args!(
            "a model is read from a Uint8Array or an ArrayBuffer, not from {}",
            kind_of(bytes)
        )));
    };
    Model::read(&taken).map(GenreModel::new).map_err(error)
}

/// A [`Model`] that takes tracks and gives answers as plain objects.
#[wasm_bindgen(js_name = Model)]
pub struct GenreModel {
    model: Model,
    tracks: TrackReader,
    /// The genres' names, which cross to JavaScript once.
    genres: Array,
}

impl GenreModel {
    fn new(model: Model) -> Self {
        let genres = model.genres().iter().map(JsValue::from).collect();
        Self {
            model,
            tracks: TrackReader::new(),
            genres,
        }
    }

    fn read(&self, track: &JsValue, popularity: Popularity) -> Result<Features, JsValue> {
        Ok(self.tracks.read(track)?.with(popularity))
    }

    fn answer(&self, found: &Classification, options: &Options) -> JsValue {
        answer::answer(&self.model, &self.genres, found, options.coverage)
    }

    /// The index of a genre.
    fn genre(&self, name: &JsValue) -> Result<usize, JsValue> {
        let genres = self.model.genres();
        let Some(name) = name.as_string() else {
            return Err(error(format_args!(
                "a genre is named by a string, not by {}",
                kind_of(name)
            )));
        };
        let index = genres.iter().position(|genre| *genre == name);
        index.ok_or_else(|| {
            let genres = genres.join(", ");
            error(format_args!(
                "the model has no genre “{name}”; it has {genres}"
            ))
        })
    }
}

#[wasm_bindgen(js_class = Model)]
impl GenreModel {
    /// The genres' names, in the order of the probabilities.
    #[wasm_bindgen(getter)]
    pub fn genres(&self) -> Vec<String> {
        self.model.genres().to_vec()
    }

    /// For each genre the name of its [`family`](overtone_genre::family).
    #[wasm_bindgen(getter)]
    pub fn families(&self) -> JsValue {
        answer::families(self.model.genres())
    }

    /// Every feature that a track may have: name, unit, range, and what the model makes of it.
    #[wasm_bindgen(getter)]
    pub fn features(&self) -> Array {
        let features = Feature::ALL.into_iter();
        features
            .map(|feature| answer::feature(&self.model, feature))
            .collect()
    }

    /// What [`Model::classify`] says about one track.
    ///
    /// # Errors
    /// When the track or the options cannot be read, or too little is known of the track.
    pub fn classify(&self, track: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        let options = Options::read(options, &options::OF_AN_ANSWER)?;
        let features = self.read(track, options.popularity)?;
        let found = self.model.classify(&features).map_err(error)?;
        Ok(self.answer(&found, &options))
    }

    /// What [`Model::classify_all`] says about many tracks. A track that has no answer gets an `Error` in its place.
    ///
    /// # Errors
    /// When the tracks are no array, or the options cannot be read.
    #[wasm_bindgen(js_name = classifyAll)]
    pub fn classify_all(&self, tracks: &JsValue, options: &JsValue) -> Result<Array, JsValue> {
        let options = Options::read(options, &options::OF_AN_ANSWER)?;
        let answers = Array::new();
        let is_array = in_parts(tracks, |tracks| {
            let read: Vec<Result<Features, JsValue>> = tracks
                .iter()
                .map(|track| self.read(&track, options.popularity))
                .collect();
            // What was not understood is asked about as a track of which nothing is known, to keep its place.
            let asked = read.iter().map(|track| track.as_ref().copied());
            let asked: Vec<Features> = asked.map(Result::unwrap_or_default).collect();
            let found = self.model.classify_all(&asked);
            for (track, found) in read.into_iter().zip(found) {
                let found = track.and_then(|_| found.map_err(error));
                let answer = found.map(|found| self.answer(&found, &options));
                answers.push(&answer.unwrap_or_else(|error| error));
            }
            Ok(())
        })?;
        if is_array {
            return Ok(answers);
        }
        Err(error(format_args!(
            "many tracks are classified from an array, not from {}",
            kind_of(tracks)
        )))
    }

    /// What [`Model::contributions`] says about a genre.
    ///
    /// # Errors
    /// When something cannot be read, or too little is known of the track.
    pub fn contributions(
        &self,
        track: &JsValue,
        genre: &JsValue,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let options = Options::read(options, &options::OF_A_QUESTION)?;
        let features = self.read(track, options.popularity)?;
        let genre = self.genre(genre)?;
        let found = self.model.contributions(&features, genre);
        Ok(answer::contributions(&found.map_err(error)?))
    }

    /// What [`Model::curve`] says about a genre along a feature.
    ///
    /// # Errors
    /// When something cannot be read, or too little is known of the track.
    pub fn curve(
        &self,
        track: &JsValue,
        feature: &JsValue,
        genre: &JsValue,
        options: &JsValue,
    ) -> Result<Array, JsValue> {
        let options = Options::read(options, &options::OF_A_QUESTION)?;
        let features = self.read(track, options.popularity)?;
        let feature = options::feature(feature)?;
        let genre = self.genre(genre)?;
        let found = self.model.curve(&features, feature, genre);
        Ok(found.map_err(error)?.iter().map(answer::piece).collect())
    }

    /// What [`Model::smallest_change`] says about a genre, or `null`. Where popularity is ignored, it does not change either.
    ///
    /// # Errors
    /// When something cannot be read, or too little is known of the track.
    #[wasm_bindgen(js_name = smallestChange)]
    pub fn smallest_change(
        &self,
        track: &JsValue,
        genre: &JsValue,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let mut options = Options::read(options, &options::OF_A_CHANGE)?;
        let features = self.read(track, options.popularity)?;
        let genre = self.genre(genre)?;
        if options.popularity == Popularity::Ignored {
            options.fixed.push(Feature::Popularity);
        }
        let found = self.model.smallest_change(&features, genre, &options.fixed);
        let found = found.map_err(error)?;
        Ok(found.map_or(JsValue::NULL, |change| answer::change(&change)))
    }
}
