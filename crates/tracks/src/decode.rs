//! The decoders of other encodings than UTF-8: the browser's own where there is one, which costs the page nothing, and
//! encoding_rs elsewhere. Both follow the WHATWG's encoding standard, and so give the same text.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::Decoder;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::Decoder;
