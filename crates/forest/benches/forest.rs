//! What a page and a command line ask of a forest, on a made-up one with distributions at its leaves.
//!
//!     cargo bench --package overtone-forest
//!
//! `cargo xtask bench` measures the same on learned forests, beside other programs and in WebAssembly.

// The generator is the tests'; not all of it is used here.
#[path = "../tests/support/made_up.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "written for tests"
)]
mod made_up;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use made_up::{Numbers, Shape};
use overtone_forest::{Forest, QuestionError, RowError};

/// Large enough for every kind of walk, and small enough for a minute of measuring.
const SHAPE: Shape = Shape {
    split_features: 11,
    features: 11,
    cuts: 254,
    trees: 200,
    depth: 11,
};
const ROWS: usize = 10_000;
const CLASS: usize = 1;

/// The forest, and rows one behind the other.
fn forest_and_rows() -> (Forest, Vec<f32>) {
    let mut numbers = Numbers(20);
    let forest = made_up::forest(&mut numbers, &SHAPE);
    let rows = (0..ROWS).flat_map(|_| made_up::row(&mut numbers, &SHAPE));
    let rows = rows.collect();
    (forest, rows)
}

fn answers(criterion: &mut Criterion) {
    let (forest, rows) = forest_and_rows();
    let classes = forest.classes().len();
    let mut group = criterion.benchmark_group("answers");
    let mut probabilities = vec![0.0; ROWS * classes];

    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("row by row", |bencher| {
        bencher.iter(|| -> Result<(), RowError> {
            let rows = black_box(&rows).chunks(SHAPE.features);
            for (row, answer) in rows.zip(probabilities.chunks_mut(classes)) {
                forest.predict(row, answer)?;
            }
            Ok(())
        });
    });
    group.bench_function("all rows at once", |bencher| {
        let batch = forest.batch();
        bencher.iter(|| {
            let batch = batch.as_ref();
            batch.map(|batch| batch.predict(black_box(&rows), &mut probabilities))
        });
    });
    group.finish();
}

fn loading(criterion: &mut Criterion) {
    let (forest, _) = forest_and_rows();
    let bytes = forest.write();
    let mut group = criterion.benchmark_group("loading");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("read", |bencher| {
        bencher.iter(|| Forest::read(black_box(&bytes)));
    });
    group.bench_function("lay out for many rows", |bencher| {
        bencher.iter(|| black_box(&forest).batch().is_some());
    });
    group.finish();
}

fn questions(criterion: &mut Criterion) {
    let (forest, rows) = forest_and_rows();
    let mut group = criterion.benchmark_group("questions");
    // Another row each time, as the slider moves.
    let mut rows = rows.chunks(SHAPE.features).cycle();
    let any = f32::NEG_INFINITY..=f32::INFINITY;
    let free: Vec<_> = (0..SHAPE.features)
        .map(|feature| (feature, any.clone()))
        .collect();
    let mut ask = |name: &str, question: &dyn Fn(&[f32]) -> Result<(), QuestionError>| {
        group.bench_function(name, |bencher| {
            bencher.iter(|| rows.next().map(question));
        });
    };
    ask("contributions to one class", &|row| {
        forest
            .contributions(row, CLASS)
            .map(|found| drop(black_box(found)))
    });
    ask("contributions to all classes", &|row| {
        forest
            .contributions_to_all(row)
            .map(|found| drop(black_box(found)))
    });
    ask("curve", &|row| {
        forest
            .curve(row, 0, CLASS)
            .map(|found| drop(black_box(found)))
    });
    ask("smallest change of one feature", &|row| {
        forest
            .smallest_change(row, CLASS, &free)
            .map(|found| drop(black_box(found)))
    });
    ask("smallest change of two features", &|row| {
        forest
            .smallest_change_of_two(row, CLASS, &free)
            .map(|found| drop(black_box(found)))
    });
    group.finish();
}

criterion_group!(benches, answers, loading, questions);
criterion_main!(benches);
