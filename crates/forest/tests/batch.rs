//! Many rows at once get the same bits as one row at a time.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/made_up.rs"]
mod made_up;

use made_up::{Numbers, Shape};
use overtone_forest::{Forest, Node, RowError};

const fn shape(features: usize) -> Shape {
    Shape {
        split_features: features,
        features,
        cuts: 9,
        trees: 20,
        depth: 12,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Leaves {
    Votes,
    Distributions,
    Values,
}

fn forest(numbers: &mut Numbers, features: usize, leaves: Leaves) -> Forest {
    let forest = made_up::either(numbers, &shape(features), leaves == Leaves::Values);
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
    for features in [1, 2, 11, 100] {
        for leaves in [Leaves::Votes, Leaves::Distributions, Leaves::Values] {
            let forest = forest(&mut numbers, features, leaves);
            let batch = forest.batch().unwrap();
            for count in [0, 1, 15, 16, 17, 255, 256, 257, 1000] {
                let mut rows: Vec<f32> = (0..count)
                    .flat_map(|_| made_up::row(&mut numbers, &shape(features)))
                    .collect();
                for value in &mut rows {
                    if numbers.below(6) == 0 {
                        *value = special[numbers.below(special.len())];
                    }
                }
                let mut together = vec![0.0; count * 3];
                batch.predict(&rows, &mut together).unwrap();
                for (row, together) in rows.chunks(features).zip(together.chunks(3)) {
                    let mut alone = [0.0; 3];
                    forest.predict(row, &mut alone).unwrap();
                    assert_eq!(
                        alone.map(f64::to_bits),
                        [0, 1, 2].map(|class| together[class].to_bits())
                    );
                }
            }
        }
    }
}

#[test]
fn wrong_lengths_are_refused() {
    let forest = forest(&mut Numbers(2), 2, Leaves::Votes);
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
