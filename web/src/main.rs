//! The Overtone page. One wasm serves the page and its worker: one download, one version.

mod message;
mod page;
mod worker;

use wasm_bindgen::JsCast;

fn main() {
    console_error_panic_hook::set_once();
    match js_sys::global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>() {
        Ok(scope) => worker::start(scope),
        Err(_) => page::start(),
    }
}
