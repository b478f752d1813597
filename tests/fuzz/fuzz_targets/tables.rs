//! Any bytes as a file that somebody drops: read or refused, never a panic, and the same in pieces of any size.
//!
//! ```sh
//! cargo +nightly fuzz run tables --fuzz-dir tests/fuzz -- -max_len=65536 -max_total_time=600
//! ```
//!
//! The files in `tests/files` are good inputs to begin with.

#![no_main]

#[path = "../../../crates/tracks/tests/support/told.rs"]
mod told;

use libfuzzer_sys::fuzz_target;
use told::told;

/// How many bytes a file's kind is judged by; only what stands behind them is read in pieces.
const START: usize = 64 * 1024;

fuzz_target!(|bytes: &[u8]| {
    let piece = usize::from(bytes.first().copied().unwrap_or(0)) + 1;
    assert_eq!(told(&[], bytes, piece), told(&[], bytes, bytes.len()));
    // The same bytes as the rest of a long table, of which every run would take ten times as long.
    if piece % 4 > 0 {
        return;
    }
    let table = [TABLE, &[b'x'; START], b"\"\n"].concat();
    assert_eq!(told(&table, bytes, piece), told(&table, bytes, bytes.len()));
});

/// The beginning of a table, up to a long title.
const TABLE: &[u8] = b"id,Artist Name(s),Genres,Danceability,Energy,Loudness,Speechiness,Acousticness,Valence,Tempo,\
    Duration (ms),Popularity,Track Name\n\
    x,Nobody,jazz,0.5,0.5,-8,0.05,0.5,0.5,120,200000,50,\"";
