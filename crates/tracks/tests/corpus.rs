//! What the fuzz target `tables` in `tests/fuzz` has found worth keeping: any bytes are read or refused, and the same
//! whatever pieces they come in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "support/told.rs"]
mod told;

use told::told;

#[test]
fn the_fuzz_corpus_is_read_the_same_in_pieces_of_any_size() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
    // Only what stands behind the first 64 KiB is read as it comes; reading them takes its time.
    let header = "id,Artist Name(s),Genres,Danceability,Energy,Loudness,Speechiness,Valence,Tempo,Track Name\n";
    let long_row = format!(
        "x,Nobody,jazz,0.5,0.5,-8,0.05,0.5,120,\"{}\"\n",
        "x".repeat(65_536)
    );
    let long_table = [header, &long_row].concat();
    let mut paths: Vec<_> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 300, "{}", paths.len());
    let same = |start: &str, path: &std::path::Path, piece: usize| {
        let bytes = std::fs::read(path).unwrap();
        let whole = told(start.as_bytes(), &bytes, bytes.len());
        let pieces = told(start.as_bytes(), &bytes, piece);
        assert_eq!(pieces, whole, "{} in pieces of {piece}", path.display());
    };
    for (index, path) in paths.iter().enumerate() {
        same("", path, index % 40 + 1);
    }
    for path in paths.iter().step_by(60) {
        same(&long_table, path, 7);
    }
}
