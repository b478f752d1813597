//! The Overtone page.
//!
//! It is two modules of WebAssembly. `overtone-web` is what everybody loads: the sliders and their answer. `overtone-files`
//! is loaded when somebody comes with a file: the room for its tracks, and the worker that reads it.

#[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
compile_error!(
    "The page needs the flags of .cargo/config.toml. RUSTFLAGS takes their place where it is set: unset it, or use `cargo xtask build`."
);

mod bridge;
mod message;
mod page;
mod worker;

/// Shows the page. `model` is the packed model of eight genres.
pub async fn start_page(model: &[u8]) {
    console_error_panic_hook::set_once();
    page::start(model).await;
}

/// Shows the room for files in the page. `start_worker` gives a worker, when it is called with the address of the model that is
/// to be asked.
pub fn start_room(start_worker: js_sys::Function) {
    console_error_panic_hook::set_once();
    page::start_room(start_worker);
}

/// Reads files: this is the worker. `model` is the packed model that is asked about them.
pub fn start_worker(model: &[u8]) {
    console_error_panic_hook::set_once();
    worker::start(model);
}
