//! Many rows at once get the same bits as one row at a time.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/made_up.rs"]
mod made_up;

use made_up::{Numbers, Shape};
use overtone_forest::{Batch, Feature, Forest, Kernel, Node, RowError, Scores, Tree};

/// Shallow trees, deep ones, and such whose levels have more nodes than a byte can tell apart; as many features as a small
/// vector holds, and more: each the number of features, of cuts, and of levels.
const SHAPES: &[(usize, usize, usize)] = if UNDER_MIRI {
    &[(11, 9, 5), (11, 254, 7)]
} else {
    &[
        (1, 9, 4),
        (2, 9, 12),
        (11, 9, 5),
        (11, 200, 11),
        (11, 254, 14),
        (16, 9, 12),
        (17, 9, 12),
        (100, 9, 12),
    ]
};

/// How many rows there are at once, and whether some of their values are special ones.
const COUNTS: &[(usize, bool)] = if UNDER_MIRI {
    &[(15, true)]
} else {
    &[
        (0, true),
        (1, true),
        (2, true),
        (15, true),
        (65, true),
        (1000, false),
        (4097, true),
    ]
};

/// How many rows are asked about one at a time.
const ROWS_ALONE: usize = if UNDER_MIRI { 2 } else { 100 };

const TREES: usize = if UNDER_MIRI { 1 } else { 20 };

/// Miri takes a minute for what a processor does in a thousandth of a second.
const UNDER_MIRI: bool = cfg!(miri);

const fn shape((features, cuts, depth): (usize, usize, usize)) -> Shape {
    Shape {
        split_features: features,
        features,
        cuts,
        trees: TREES,
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
    for shape in SHAPES.iter().copied().map(shape) {
        let features = shape.features;
        for leaves in [Leaves::Votes, Leaves::Distributions, Leaves::Values] {
            let forest = forest(&mut numbers, &shape, leaves);
            let batches: Vec<Batch> = Kernel::ALL
                .iter()
                .filter_map(|&kernel| forest.batch_with(kernel))
                .collect();
            assert!(batches.iter().any(|batch| batch.kernel() == Kernel::Scalar));
            for &(count, are_special) in COUNTS {
                let mut rows: Vec<f32> = (0..count)
                    .flat_map(|_| made_up::row(&mut numbers, &shape))
                    .collect();
                for value in &mut rows {
                    if are_special && numbers.below(6) == 0 {
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
                    // A single row goes another way.
                    for (row, alone) in rows.chunks(features).zip(alone.chunks(3)).take(ROWS_ALONE)
                    {
                        let mut one = [0.0; 3];
                        batch.predict(row, &mut one).unwrap();
                        assert_eq!(one.map(f64::to_bits), alone, "{:?}", batch.kernel());
                    }
                }
            }
        }
    }
}

/// A tree of one split: rows above 0 go to the second leaf.
fn stump(left: u16, right: u16) -> Tree {
    let split = Node::Split {
        feature: 0,
        threshold: 0,
        missing_right: false,
        left_share: 7,
        right: 2,
    };
    let leaf = |output| Node::Leaf { output };
    Tree {
        nodes: vec![split, leaf(left), leaf(right)],
    }
}

/// A tree in which every leaf is as far from the root, and refers to something of its own, from `first` on. It asks about the
/// first feature alone, and only cuts 0 to 126 can be asked about.
fn full_tree(first: u16) -> Tree {
    fn grow(nodes: &mut Vec<Node>, cuts: std::ops::Range<u8>, first: u16) {
        let threshold = cuts.start + (cuts.end - cuts.start) / 2;
        if cuts.is_empty() {
            let output = first + u16::from(cuts.start);
            return nodes.push(Node::Leaf { output });
        }
        let own = nodes.len();
        nodes.push(Node::Leaf { output: 0 });
        grow(nodes, cuts.start..threshold, first);
        let right = nodes.len() as u32;
        grow(nodes, threshold + 1..cuts.end, first);
        nodes[own] = Node::Split {
            feature: 0,
            threshold,
            missing_right: false,
            left_share: 7,
            right,
        };
    }
    let mut nodes = Vec::new();
    grow(&mut nodes, 0..127, first);
    Tree { nodes }
}

fn above_zero() -> Vec<Feature> {
    vec![Feature {
        name: "a".into(),
        cuts: vec![0.0],
    }]
}

/// Holds all kernels' answers to some rows of one value against those to each alone.
fn assert_same_bits(forest: &Forest) {
    let classes = forest.classes().len();
    // Kernels have another way where something is missing.
    for rows in [&[-1.0, 1.0][..], &[-1.0, 1.0, f32::NAN]] {
        let mut alone = vec![0.0; rows.len() * classes];
        for (row, probabilities) in rows.iter().zip(alone.chunks_mut(classes)) {
            forest.predict(&[*row], probabilities).unwrap();
        }
        assert_ne!(alone[..classes], alone[classes..2 * classes]);
        for &kernel in Kernel::ALL {
            let Some(batch) = forest.batch_with(kernel) else {
                continue;
            };
            let mut together = vec![0.0; rows.len() * classes];
            batch.predict(rows, &mut together).unwrap();
            assert_eq!(together, alone, "{kernel:?}");
            for (row, alone) in rows.iter().zip(alone.chunks(classes)) {
                let mut one = vec![0.0; classes];
                batch.predict(&[*row], &mut one).unwrap();
                assert_eq!(one, alone, "{kernel:?}, one row");
            }
        }
    }
}

/// A tree that asks about as many features as it is deep, each once on every way, and whose leaves say one of two things by
/// turns. Its last leaf is a split instead if there is one feature more.
fn tree_of_levels(depth: u8, has_one_more: bool) -> Tree {
    fn grow(nodes: &mut Vec<Node>, feature: u8, depth: u8, leaves: &mut u16) {
        if feature == depth {
            *leaves += 1;
            return nodes.push(Node::Leaf {
                output: *leaves % 2,
            });
        }
        let own = nodes.len();
        nodes.push(Node::Leaf { output: 0 });
        grow(nodes, feature + 1, depth, leaves);
        let right = nodes.len() as u32;
        grow(nodes, feature + 1, depth, leaves);
        nodes[own] = Node::Split {
            feature,
            threshold: 0,
            missing_right: true,
            left_share: 7,
            right,
        };
    }
    let mut nodes = Vec::new();
    grow(&mut nodes, 0, depth, &mut 0);
    if has_one_more {
        nodes.pop();
        grow(&mut nodes, depth, depth + 1, &mut 0);
    }
    Tree { nodes }
}

#[test]
#[cfg_attr(miri, ignore = "it takes Miri too long")]
fn a_tree_is_laid_out_up_to_as_many_nodes_as_two_bytes_tell_apart() {
    let features: Vec<Feature> = (0..16)
        .map(|index| Feature {
            name: index.to_string(),
            cuts: vec![0.0],
        })
        .collect();
    let names = || vec!["a".into(), "b".into()];
    let votes = || vec![vec![255, 0], vec![0, 255]];
    let of = |tree| Forest::new(features.clone(), names(), votes(), vec![tree]).unwrap();
    let (largest, too_large) = (tree_of_levels(15, false), tree_of_levels(15, true));
    assert_eq!(
        (largest.nodes.len(), too_large.nodes.len()),
        (65_535, 65_537)
    );
    let forest = of(largest);
    let mut numbers = Numbers(4);
    let rows: Vec<f32> = (0..16 * 500)
        .map(|_| numbers.below(3) as f32 - 1.0)
        .collect();
    let mut alone = vec![0.0; 2 * 500];
    for (row, alone) in rows.chunks(16).zip(alone.chunks_mut(2)) {
        forest.predict(row, alone).unwrap();
    }
    for &kernel in Kernel::ALL.iter().filter(|kernel| kernel.is_here()) {
        let mut together = vec![0.0; 2 * 500];
        let batch = forest.batch_with(kernel).unwrap();
        batch.predict(&rows, &mut together).unwrap();
        assert_eq!(together, alone, "{kernel:?}");
    }
    let forest = of(too_large);
    for &kernel in Kernel::ALL {
        assert!(forest.batch_with(kernel).is_none(), "{kernel:?}");
    }
}

#[test]
fn more_features_than_a_vector_holds_are_gone_through_without() {
    for (features, has_vectors) in [(16, true), (17, false)] {
        let forest = forest(&mut Numbers(5), &shape((features, 9, 5)), Leaves::Values);
        for &kernel in Kernel::ALL {
            if let Some(batch) = forest.batch_with(kernel) {
                let used = if has_vectors { kernel } else { Kernel::Scalar };
                assert_eq!(batch.kernel(), used);
            }
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "it takes Miri too long")]
fn many_trees_that_agree_and_many_classes_are_counted_in_full() {
    // All trees together say more than two bytes hold, and classes are more than a vector has numbers.
    for (trees, classes) in [(257, 3), (600, 8), (600, 20)] {
        let one_class = |class: usize| {
            let mut weights = vec![0; classes];
            weights[class] = 255;
            weights
        };
        let distributions = vec![one_class(0), one_class(classes - 1)];
        let names = (0..classes).map(|class| class.to_string()).collect();
        let trees = vec![stump(0, 1); trees];
        let forest = Forest::new(above_zero(), names, distributions, trees).unwrap();
        assert_same_bits(&forest);
    }
}

#[test]
fn leaves_may_refer_to_more_than_fifteen_bits_can_tell() {
    let values: Vec<i16> = (-20_000..20_000).collect();
    let scores = Scores {
        step: 0.001,
        base: vec![0, 0],
        tree_classes: vec![0, 1],
        values,
    };
    let names = || vec!["a".into(), "b".into()];
    let trees = vec![stump(0, 39_999), stump(20_100, 7)];
    let forest = Forest::boosted(above_zero(), names(), scores.clone(), trees);
    assert_same_bits(&forest.unwrap());
    // So many leaves that there is no shorter way than a walk; up to the last number that fifteen bits tell, and beyond it.
    let cuts = (-63..64).map(|cut| cut as f32 / 32.0).collect();
    let features = vec![Feature {
        name: "a".into(),
        cuts,
    }];
    for first in [0x7FFF - 127, 0x7FFF - 63] {
        let trees = vec![full_tree(first), stump(20_000, 20_000)];
        let forest = Forest::boosted(features.clone(), names(), scores.clone(), trees);
        assert_same_bits(&forest.unwrap());
    }
}

#[test]
fn wrong_lengths_are_refused() {
    let forest = forest(&mut Numbers(2), &shape((2, 9, 12)), Leaves::Votes);
    let batch = forest.batch().unwrap();
    let mut place = [0.0; 6];
    assert_eq!(
        batch.predict(&[1.0; 3], &mut place[..3]),
        Err(RowError::CutShort {
            features: 2,
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

#[test]
fn a_layout_for_one_row_gives_the_same_bits_and_refuses_wrong_lengths() {
    let mut numbers = Numbers(3);
    let has_vectors = Kernel::fastest() != Kernel::Scalar;
    for leaves in [Leaves::Votes, Leaves::Distributions, Leaves::Values] {
        let shape = shape((11, 200, 4));
        let forest = forest(&mut numbers, &shape, leaves);
        let single = forest.single();
        assert_eq!(single.is_some(), has_vectors);
        let Some(single) = single else { continue };
        for _ in 0..5 * ROWS_ALONE {
            let mut row = made_up::row(&mut numbers, &shape);
            let missing = numbers.below(2 * row.len());
            if let Some(value) = row.get_mut(missing) {
                *value = f32::NAN;
            }
            let mut probabilities = [0.0; 3];
            single.predict(&row, &mut probabilities).unwrap();
            assert_eq!(probabilities.map(f64::to_bits), bits(&forest, &row));
        }
        assert_eq!(
            single.predict(&[0.0; 10], &mut [0.0; 3]),
            Err(RowError::WrongLength {
                expected: 11,
                found: 10
            })
        );
        assert_eq!(
            single.predict(&[0.0; 11], &mut [0.0; 2]),
            Err(RowError::WrongOutputLength {
                expected: 3,
                found: 2
            })
        );
    }
    // Trees of many leaves, and more features than a vector holds, have no such layout.
    for large in [(11, 200, 11), (17, 9, 4)] {
        let forest = forest(&mut numbers, &shape(large), Leaves::Votes);
        assert!(forest.single().is_none());
    }
}
