//! What `npm/crossing.js` does.

use js_sys::{Array, Map};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(raw_module = "./crossing.js")]
extern "C" {
    /// Puts the numbers of a track into `values`, where `places` says that those of their names belong; what is below 0 there
    /// does not count. Gives `undefined`, `null` for what is no track, or the name of the first property that cannot be used.
    ///
    /// # Errors
    /// What the track itself throws, which may have code of its own.
    #[wasm_bindgen(js_name = takeNumbers, catch)]
    pub(crate) fn take_numbers(
        track: &JsValue,
        places: &Map,
        values: &mut [f64],
    ) -> Result<JsValue, JsValue>;

    /// An answer as an object. `best` and `likely` are places in `genres`.
    pub(crate) fn answer(
        genres: &Array,
        best: usize,
        confidence: f64,
        probabilities: &[f64],
        likely: Option<Vec<u32>>,
        none_of_these: Option<f64>,
        is_none_of_these: bool,
    ) -> JsValue;
}
