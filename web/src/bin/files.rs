//! The room for files, and the worker that reads them.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Shows the room for files in the page. `start_worker` gives a worker of this module, when it is called with the address of the
/// model that is to be asked.
#[wasm_bindgen]
pub fn start_room(start_worker: js_sys::Function) {
    overtone_page::start_room(start_worker);
}

/// Reads files: this is the worker. `model` is the packed model that is asked about them.
#[wasm_bindgen]
pub fn start_worker(model: &[u8]) {
    overtone_page::start_worker(model);
}
