//! The room for files, and the worker that reads them.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Shows the room for files in the page.
#[wasm_bindgen]
pub fn start_room() {
    overtone_page::start_room();
}

/// Reads files: this is the worker. `model` is the packed model that is asked about them.
#[wasm_bindgen]
pub fn start_worker(model: &[u8]) {
    overtone_page::start_worker(model);
}
