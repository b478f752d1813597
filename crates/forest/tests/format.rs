//! What is written is read, for forests of every shape, and as `docs/model-format.md` says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/made_up.rs"]
#[allow(dead_code, reason = "its forests are not of every shape")]
mod made_up;

use made_up::{Numbers, grow};
use overtone_forest::{Feature, Forest, Node, Scores, Tree};

/// What a generated forest looks like.
#[derive(Clone, Copy, Debug)]
struct Shape {
    features: usize,
    cuts: usize,
    classes: usize,
    distributions: usize,
    trees: usize,
    depth: usize,
}

fn forest(shape: Shape, seed: u64) -> Forest {
    let mut numbers = Numbers(seed);
    let features: Vec<Feature> = (0..shape.features)
        .map(|index| {
            let mut cuts: Vec<f32> = (0..shape.cuts)
                .map(|_| match index % 3 {
                    // Short decimals, whole numbers, any floats.
                    0 => numbers.below(20_000) as f32 / 2000.0 - 5.0,
                    1 => numbers.below(1_000_000) as f32 + 0.5,
                    _ => {
                        f32::from_bits((numbers.below(0x7F7F_FFFF) | numbers.below(2) << 31) as u32)
                    }
                })
                .collect();
            cuts.sort_by(f32::total_cmp);
            cuts.dedup();
            Feature {
                name: format!("f{index}"),
                cuts,
            }
        })
        .collect();
    let distributions = (0..shape.distributions)
        .map(|index| {
            let mut weights = vec![0u8; shape.classes];
            if index < shape.classes {
                weights[index] = 255;
            } else {
                let first = numbers.below(shape.classes);
                let share = numbers.below(256) as u8;
                weights[first] += share;
                weights[numbers.below(shape.classes)] += 255 - share;
            }
            weights
        })
        .collect();
    let trees = (0..shape.trees)
        .map(|_| {
            let mut nodes = Vec::new();
            let mut open: Vec<_> = features
                .iter()
                .map(|feature| (0, feature.cuts.len()))
                .collect();
            let outputs = shape.distributions;
            grow(&mut numbers, outputs, shape.depth, &mut open, &mut nodes);
            Tree { nodes }
        })
        .collect();
    let classes = (0..shape.classes)
        .map(|index| format!("c{index}"))
        .collect();
    Forest::new(features, classes, distributions, trees).unwrap()
}

#[test]
fn forests_of_every_shape_are_read_as_they_were_written() {
    let shape = Shape {
        features: 11,
        cuts: 254,
        classes: 8,
        distributions: 8,
        trees: 5,
        depth: 12,
    };
    let shapes = [
        shape,
        Shape {
            features: 1,
            cuts: 1,
            classes: 1,
            distributions: 1,
            trees: 1,
            depth: 1,
        },
        Shape { cuts: 0, ..shape },
        Shape {
            depth: 0,
            trees: 300,
            ..shape
        },
        Shape {
            features: 2,
            cuts: 40,
            depth: 64,
            ..shape
        },
        Shape {
            features: 100,
            depth: 14,
            ..shape
        },
        Shape {
            classes: 255,
            distributions: 255,
            ..shape
        },
        Shape {
            distributions: 16,
            ..shape
        },
        Shape {
            distributions: 17,
            ..shape
        },
        Shape {
            distributions: 5000,
            trees: 20,
            ..shape
        },
        Shape {
            distributions: 65_535,
            classes: 3,
            ..shape
        },
        Shape {
            cuts: 3,
            features: 2,
            trees: 1000,
            ..shape
        },
    ];
    for (seed, shape) in shapes.into_iter().enumerate() {
        let forest = forest(shape, seed as u64);
        let bytes = forest.write();
        let read = Forest::read(&bytes);
        assert_eq!(read.as_ref(), Ok(&forest), "{shape:?}");
        assert_eq!(read.unwrap().write(), bytes, "{shape:?}");
    }
}

#[test]
fn boosted_forests_are_read_as_they_were_written() {
    for (values, classes) in [
        (1, 1),
        (2, 3),
        (200, 8),
        (257, 8),
        (5000, 200),
        (65_535, 255),
    ] {
        let shape = Shape {
            features: 11,
            cuts: 254,
            classes,
            distributions: values,
            trees: 30,
            depth: 7,
        };
        let bagged = forest(shape, 5);
        let mut numbers = Numbers(6);
        let scores = Scores {
            step: 1e-4,
            base: (0..classes)
                .map(|_| numbers.below(2000) as i32 - 1000)
                .collect(),
            values: (0..values)
                .map(|value| (value as i32 - values as i32 / 2) as i16)
                .collect(),
            tree_classes: (0..shape.trees)
                .map(|_| numbers.below(classes) as u8)
                .collect(),
        };
        let (features, names) = (bagged.features().to_vec(), bagged.classes().to_vec());
        let trees = bagged.trees().to_vec();
        let boosted = Forest::boosted(features, names, scores, trees).unwrap();
        let bytes = boosted.write();
        assert_eq!(Forest::read(&bytes), Ok(boosted), "{values} values");
    }
}

#[test]
fn a_forest_that_is_all_alike_stays_within_the_bound_on_nodes() {
    let leaf = Tree {
        nodes: vec![Node::Leaf { output: 0 }],
    };
    let feature = Feature {
        name: "a".into(),
        cuts: vec![],
    };
    let forest = Forest::new(
        vec![feature],
        vec!["x".into()],
        vec![vec![255]; 65_535],
        vec![leaf; 65_535],
    )
    .unwrap();
    let bytes = forest.write();
    assert!(bytes.len() < 2000, "{}", bytes.len());
    assert_eq!(Forest::read(&bytes), Ok(forest));
}

/// The two trees that `docs/model-format.md` spells out.
fn example() -> Forest {
    let features = vec![
        Feature {
            name: "hot".into(),
            cuts: vec![19.5, 24.5],
        },
        Feature {
            name: "dry".into(),
            cuts: vec![0.25],
        },
    ];
    let leaf = |output| Node::Leaf { output };
    let trees = vec![
        Tree {
            nodes: vec![
                Node::Split {
                    feature: 0,
                    threshold: 1,
                    missing_right: false,
                    left_share: 11,
                    right: 2,
                },
                leaf(0),
                leaf(1),
            ],
        },
        Tree {
            nodes: vec![
                Node::Split {
                    feature: 1,
                    threshold: 0,
                    missing_right: true,
                    left_share: 6,
                    right: 2,
                },
                leaf(0),
                Node::Split {
                    feature: 0,
                    threshold: 0,
                    missing_right: false,
                    left_share: 8,
                    right: 4,
                },
                leaf(0),
                leaf(1),
            ],
        },
    ];
    let classes = vec!["in".into(), "out".into()];
    Forest::new(features, classes, vec![vec![255, 0], vec![0, 255]], trees).unwrap()
}

#[test]
fn the_documented_example_is_what_is_written() {
    let document = include_str!("../../../docs/model-format.md");
    let (_, example_part) = document.split_once("## Example").unwrap();
    let documented: Vec<u8> = example_part
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split_once('`'))
        .flat_map(|(bytes, _)| bytes.split_whitespace())
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect();
    assert_eq!(documented, example().write());
    assert_eq!(Forest::read(&documented), Ok(example()));
}
