//! Made-up rows for a forest.

use alloc::vec::Vec;

use overtone_forest::Forest;

/// Rows that go all ways through a forest, one behind the other: each value is one of its feature's cuts. The same on
/// every run and every platform.
pub fn made_up_rows(forest: &Forest, count: usize) -> Vec<f32> {
    let mut state = 0u64;
    let mut rows = Vec::with_capacity(count * forest.features().len());
    for _ in 0..count {
        for feature in forest.features() {
            // Knuth's linear congruential generator (MMIX).
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let place = (state >> 33) as usize % feature.cuts.len().max(1);
            rows.push(feature.cuts.get(place).copied().unwrap_or(0.0));
        }
    }
    rows
}
