//! What `npm/crossing.js` does.
//!
//! Whatever may run a caller's code is imported with `catch`: an exception that runs through WebAssembly leaves borrowed for good
//! what was borrowed, the model and the places of arguments, of which there are a thousand.

use js_sys::{Array, Map};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(raw_module = "./crossing.js")]
extern "C" {
    /// Puts the numbers of a track into `values`, where `places` says that those of their names belong; what is below 0 there
    /// does not count. Gives nothing if all is well, an empty array for what is no track, or else the name of the first property
    /// that cannot be used and, where a feature has that name, its value.
    ///
    /// # Errors
    /// What the track itself throws, which may have code of its own.
    #[wasm_bindgen(js_name = takeNumbers, catch)]
    pub(crate) fn take_numbers(
        track: &JsValue,
        places: &Map,
        values: &mut [f64],
    ) -> Result<Option<Array>, JsValue>;

    /// The own properties of an object, each an array of name and value, but for those under symbols; nothing for what is no
    /// object.
    ///
    /// # Errors
    /// What the object itself throws.
    #[wasm_bindgen(js_name = takeProperties, catch)]
    pub(crate) fn take_properties(object: &JsValue) -> Result<Option<Array>, JsValue>;

    /// The elements of an array from a place on, as many as there are up to `count`, in an array that has no code of its own;
    /// nothing for what is no array.
    ///
    /// # Errors
    /// What the array itself throws.
    #[wasm_bindgen(js_name = takePart, catch)]
    pub(crate) fn take_part(
        list: &JsValue,
        from: u32,
        count: u32,
    ) -> Result<Option<Array>, JsValue>;

    /// The bytes of a `Uint8Array` or an `ArrayBuffer`; nothing for what is neither.
    ///
    /// # Errors
    /// When the buffer has been given away, and what the value itself throws.
    #[wasm_bindgen(js_name = takeBytes, catch)]
    pub(crate) fn take_bytes(given: &JsValue) -> Result<Option<Vec<u8>>, JsValue>;

    /// Whether it is an array. Unlike `js_sys`' it never throws.
    #[wasm_bindgen(js_name = isArray)]
    pub(crate) fn is_array(value: &JsValue) -> bool;

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
