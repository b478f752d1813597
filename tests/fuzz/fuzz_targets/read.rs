//! Any bytes as a model: read whole or refused, never a panic.
//!
//! ```sh
//! cargo +nightly fuzz run read --fuzz-dir tests/fuzz -- -max_len=4096 -max_total_time=600
//! ```
//!
//! A checksum would stop nearly every input at the door, so the input is the body only and the header is made to fit it.
//! The bodies in `crates/forest/tests/corpus` are inputs of this target.

#![no_main]

use libfuzzer_sys::fuzz_target;
use overtone_forest::{Forest, Output};

fuzz_target!(|body: &[u8]| {
    // Once as it is, for the header.
    let _ = Forest::read(body);

    let mut bytes = b"OVTF\x01\x00".to_vec();
    bytes.extend_from_slice(&(body.len() as u32 + 14).to_le_bytes());
    bytes.extend_from_slice(&crc32(body).to_le_bytes());
    bytes.extend_from_slice(body);
    let Ok(forest) = Forest::read(&bytes) else {
        return;
    };

    // What was read is a forest by the rules of those who build one, and answers.
    let (features, classes) = (forest.features().to_vec(), forest.classes().to_vec());
    let trees = forest.trees().to_vec();
    let rebuilt = match forest.output().clone() {
        Output::Shares(distributions) => Forest::new(features, classes, distributions, trees),
        Output::Scores(scores) => Forest::boosted(features, classes, scores, trees),
    };
    assert_eq!(rebuilt.as_ref(), Ok(&forest));
    let mut probabilities = vec![0.0; forest.classes().len()];
    for value in [f32::NAN, f32::NEG_INFINITY, 0.0, 0.5, f32::INFINITY] {
        let row = vec![value; forest.features().len()];
        assert_eq!(forest.predict(&row, &mut probabilities), Ok(()));
        let sum: f64 = probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    }
    // And it is written so that it is read again.
    let written = forest.write();
    let again = Forest::read(&written);
    assert_eq!(again.as_ref(), Ok(&forest));
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
