//! The page: sliders, answer, explanation, map.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Shows the page. `model` is the packed model of eight genres.
#[wasm_bindgen]
pub async fn start_page(model: Vec<u8>) {
    overtone_page::start_page(&model).await;
}
