//! Many rows at once get the same bits as one row at a time.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/made_up.rs"]
mod made_up;

use made_up::{Numbers, Shape};
use overtone_forest::{Batch, Forest, Kernel, Node, RowError};

/// Shallow trees, deep ones, and such whose levels have more nodes than a byte can tell apart.
const SHAPES: [(usize, usize, usize); 6] = [
    (1, 9, 4),
    (2, 9, 12),
    (11, 9, 5),
    (11, 200, 11),
    (11, 254, 14),
    (100, 9, 12),
];

const fn shape((features, cuts, depth): (usize, usize, usize)) -> Shape {
    Shape {
        split_features: features,
        features,
        cuts,
        trees: 20,
        depth,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Leaves {
    Votes,
    Distributions,
    Values,
}

fn forest(numbers: &mut Numbers, shape: &Shape, leaves: Leaves) -> Forest {
    let forest = made_up::either(numbers, shape, leaves == Leaves::Values);
    if leaves != Leaves::Votes {
        return forest;
    }
    let mut trees = forest.trees().to_vec();
    for node in trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
        if let Node::Leaf { output } = node {
            *output %= 3;
        }
    }
    let votes = vec![vec![255, 0, 0], vec![0, 255, 0], vec![0, 0, 255]];
    let (features, classes) = (forest.features().to_vec(), forest.classes().to_vec());
    Forest::new(features, classes, votes, trees).unwrap()
}

fn bits(forest: &Forest, row: &[f32]) -> [u64; 3] {
    let mut probabilities = [0.0; 3];
    forest.predict(row, &mut probabilities).unwrap();
    probabilities.map(f64::to_bits)
}

#[test]
fn many_rows_get_the_bits_of_one() {
    let mut numbers = Numbers(1);
    let special = [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        -0.0,
        f32::MIN_POSITIVE / 4.0,
        f32::MAX,
    ];
    for shape in SHAPES.map(shape) {
        let features = shape.features;
        for leaves in [Leaves::Votes, Leaves::Distributions, Leaves::Values] {
            let forest = forest(&mut numbers, &shape, leaves);
            let batches: Vec<Batch> = Kernel::ALL
                .into_iter()
                .filter_map(|kernel| forest.batch_with(kernel))
                .collect();
            assert!(batches.iter().any(|batch| batch.kernel() == Kernel::Scalar));
            for count in [0, 1, 2, 15, 16, 65, 1000, 1024, 1025] {
                let mut rows: Vec<f32> = (0..count)
                    .flat_map(|_| made_up::row(&mut numbers, &shape))
                    .collect();
                for value in &mut rows {
                    if numbers.below(6) == 0 {
                        *value = special[numbers.below(special.len())];
                    }
                }
                let alone: Vec<u64> = rows
                    .chunks(features)
                    .flat_map(|row| bits(&forest, row))
                    .collect();
                for batch in &batches {
                    let mut together = vec![0.0; count * 3];
                    batch.predict(&rows, &mut together).unwrap();
                    let together: Vec<u64> = together.iter().map(|p| p.to_bits()).collect();
                    assert_eq!(together, alone, "{:?}, {count} rows", batch.kernel());
                }
            }
        }
    }
}

#[test]
fn wrong_lengths_are_refused() {
    let forest = forest(&mut Numbers(2), &shape((2, 9, 12)), Leaves::Votes);
    let batch = forest.batch().unwrap();
    let mut place = [0.0; 6];
    assert_eq!(
        batch.predict(&[1.0; 3], &mut place[..3]),
        Err(RowError::WrongLength {
            expected: 4,
            found: 3
        })
    );
    assert_eq!(
        batch.predict(&[1.0; 4], &mut place[..5]),
        Err(RowError::WrongOutputLength {
            expected: 6,
            found: 5
        })
    );
    assert_eq!(batch.predict(&[], &mut []), Ok(()));
}
