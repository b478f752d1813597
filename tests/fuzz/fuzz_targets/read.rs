//! Any bytes as a model: read whole or refused, never a panic, and what was read answers every question.
//!
//! ```sh
//! cargo +nightly fuzz run read --fuzz-dir tests/fuzz -- -max_len=4096 -max_total_time=600
//! ```
//!
//! A checksum would stop nearly every input at the door, so the input is the body only and the header is made to fit it.
//! The bodies in `crates/forest/tests/corpus` are inputs of this target.

#![no_main]

#[path = "../../../crates/forest/tests/support/is_a_forest.rs"]
mod is_a_forest;

use is_a_forest::assert_is_a_forest;
use libfuzzer_sys::fuzz_target;
use overtone_forest::Forest;

fuzz_target!(|body: &[u8]| {
    // Once as it is, for the header.
    let _ = Forest::read(body);

    let mut bytes = b"OVTF\x01\x00".to_vec();
    bytes.extend_from_slice(&(body.len() as u32 + 14).to_le_bytes());
    bytes.extend_from_slice(&crc32(body).to_le_bytes());
    bytes.extend_from_slice(body);
    if let Ok(forest) = Forest::read(&bytes) {
        assert_is_a_forest(&forest);
    }
});

/// CRC-32 as the format uses it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut register = u32::MAX;
    for &byte in bytes {
        register ^= u32::from(byte);
        for _ in 0..8 {
            register = (register >> 1) ^ (0xEDB8_8320 * (register & 1));
        }
    }
    !register
}
