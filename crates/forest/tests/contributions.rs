//! Contributions are the Shapley values of the game that they are said to be, and what the shap package gives.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "the expected values are compared within a tolerance"
)]

#[path = "support/made_up.rs"]
mod made_up;

use made_up::{Numbers, Shape};
use overtone_forest::{
    Contributions, Feature, Forest, Node, Output, QuestionError, RowError, SHARES, Tree,
};

/// A tree's shares or steps for a class when only some features are known: the path-dependent rule, word for word.
fn game(forest: &Forest, tree: &Tree, node: usize, row: &[f32], known: usize, class: usize) -> f64 {
    match tree.nodes[node] {
        Node::Leaf { output } => match forest.output() {
            Output::Shares(distributions) => f64::from(distributions[usize::from(output)][class]),
            Output::Scores(scores) => f64::from(scores.values[usize::from(output)]),
        },
        Node::Split {
            feature,
            threshold,
            missing_right,
            left_share,
            right,
        } => {
            let below = |child| game(forest, tree, child, row, known, class);
            let index = usize::from(feature);
            if known >> index & 1 == 1 {
                let bin = forest.features()[index].bin(row[index]);
                let goes_right = bin.map_or(missing_right, |bin| bin > threshold);
                below(if goes_right { right as usize } else { node + 1 })
            } else {
                let share = (f64::from(left_share) + 0.5) / 16.0;
                share * below(node + 1) + (1.0 - share) * below(right as usize)
            }
        }
    }
}

/// The probability of a class when only some features are known.
fn value(forest: &Forest, row: &[f32], known: usize, class: usize) -> f64 {
    let say = |tree, class| game(forest, tree, 0, row, known, class);
    match forest.output() {
        Output::Shares(_) => {
            let shares: f64 = forest.trees().iter().map(|tree| say(tree, class)).sum();
            shares / (forest.trees().len() as f64 * f64::from(SHARES))
        }
        Output::Scores(scores) => {
            let mut sums: Vec<f64> = scores.base.iter().map(|&base| f64::from(base)).collect();
            for (tree, &of) in forest.trees().iter().zip(&scores.tree_classes) {
                sums[usize::from(of)] += say(tree, usize::from(of));
            }
            let powers: Vec<f64> = sums
                .iter()
                .map(|sum| (sum * f64::from(scores.step)).exp())
                .collect();
            powers[class] / powers.iter().sum::<f64>()
        }
    }
}

/// Shapley values by their definition, over all sets of features.
fn by_definition(forest: &Forest, row: &[f32], class: usize) -> Contributions {
    let count = forest.features().len();
    let values: Vec<f64> = (0..1 << count)
        .map(|known| value(forest, row, known, class))
        .collect();
    let factorial = |n: usize| (1..=n).map(|n| n as f64).product::<f64>();
    let features = (0..count)
        .map(|feature| {
            let without = (0..1usize << count).filter(|known| known >> feature & 1 == 0);
            without
                .map(|known| {
                    let size = known.count_ones() as usize;
                    let weight = factorial(size) * factorial(count - size - 1) / factorial(count);
                    weight * (values[known | 1 << feature] - values[known])
                })
                .sum()
        })
        .collect();
    Contributions {
        base: values[0],
        features,
    }
}

fn largest_difference(left: &Contributions, right: &Contributions) -> f64 {
    assert_eq!(left.features.len(), right.features.len());
    let features = left.features.iter().zip(&right.features);
    features
        .map(|(left, right)| (left - right).abs())
        .fold((left.base - right.base).abs(), f64::max)
}

#[test]
fn they_are_shapley_values_by_definition() {
    for seed in 0..40 {
        let mut numbers = Numbers(seed);
        let shape = Shape {
            split_features: 1 + numbers.below(6),
            features: 6,
            cuts: 9,
            trees: 3,
            depth: 1 + numbers.below(9),
        };
        let forest = made_up::either(&mut numbers, &shape, seed % 2 == 1);
        for _ in 0..5 {
            let row = made_up::row(&mut numbers, &shape);
            for class in 0..3 {
                let found = forest.contributions(&row, class).unwrap();
                let difference = largest_difference(&found, &by_definition(&forest, &row, class));
                assert!(difference < 1e-14, "seed {seed}, {row:?}: {difference:e}");
            }
        }
    }
}

/// Whatever the number of features, which decides how many points the integral takes.
#[test]
fn features_without_splits_change_nothing() {
    for features in [6, 12, 13, 24, 25, 100] {
        let mut numbers = Numbers(7);
        let mut shape = Shape {
            split_features: 6,
            features,
            cuts: 9,
            trees: 10,
            depth: 10,
        };
        let forest = made_up::forest(&mut numbers, &shape);
        shape.features = 6;
        let narrow = made_up::forest(&mut Numbers(7), &shape);
        let mut row = made_up::row(&mut numbers, &shape);
        let expected = narrow.contributions(&row, 1).unwrap();
        row.resize(features, 3.0);
        let mut found = forest.contributions(&row, 1).unwrap();
        assert!(found.features.drain(6..).all(|amount| amount == 0.0));
        assert!(largest_difference(&found, &expected) < 1e-13);
    }
}

#[test]
fn they_add_up_to_the_probability() {
    for (features, depth, is_boosted) in [
        (1, 3, false),
        (1, 3, true),
        (11, 14, false),
        (11, 14, true),
        (24, 12, false),
        (60, 12, false),
    ] {
        let mut numbers = Numbers(11);
        let shape = Shape {
            split_features: features,
            features,
            cuts: 20,
            trees: 10,
            depth,
        };
        let forest = made_up::either(&mut numbers, &shape, is_boosted);
        for _ in 0..3 {
            let mut row = made_up::row(&mut numbers, &shape);
            row[0] = [f32::INFINITY, f32::MIN_POSITIVE / 2.0, f32::NEG_INFINITY][numbers.below(3)];
            let mut probabilities = [0.0; 3];
            forest.predict(&row, &mut probabilities).unwrap();
            let all = forest.contributions_to_all(&row).unwrap();
            for (class, (found, probability)) in all.iter().zip(probabilities).enumerate() {
                let sum = found.base + found.features.iter().sum::<f64>();
                assert!((sum - probability).abs() < 1e-12, "{sum} {probability}");
                assert_eq!(&forest.contributions(&row, class).unwrap(), found);
            }
        }
    }
}

#[test]
fn too_many_features_of_a_boosted_forest_are_refused() {
    let mut numbers = Numbers(3);
    let shape = Shape {
        split_features: 40,
        features: 40,
        cuts: 9,
        trees: 60,
        depth: 12,
    };
    let forest = made_up::boosted(&mut numbers, &shape);
    let row = made_up::row(&mut numbers, &shape);
    let error = forest.contributions(&row, 0).unwrap_err();
    assert_eq!(
        error,
        QuestionError::TooManyFeatures {
            found: 40,
            most: 18
        }
    );
}

/// A path as long as the format allows, with a feature of its own at each split.
#[test]
fn the_longest_path_is_exact() {
    let feature = |index| Feature {
        name: format!("feature {index}"),
        cuts: vec![0.0],
    };
    let mut nodes = Vec::new();
    for index in 0..64 {
        nodes.push(Node::Split {
            feature: index,
            threshold: 0,
            missing_right: false,
            left_share: 8,
            right: 128 - u32::from(index),
        });
    }
    nodes.push(Node::Leaf { output: 1 });
    nodes.extend([Node::Leaf { output: 0 }; 64]);
    let forest = Forest::new(
        (0..64).map(feature).collect(),
        vec!["a".into(), "b".into()],
        vec![vec![255, 0], vec![0, 255]],
        vec![Tree { nodes }],
    )
    .unwrap();
    // All features play the same part, so that each gets the same.
    let found = forest.contributions(&[-1.0; 64], 1).unwrap();
    let base = (0..64).fold(1.0, |product, _| product * 8.5 / 16.0);
    assert!((found.base - base).abs() < 1e-30);
    for amount in found.features {
        assert!((amount - (1.0 - base) / 64.0).abs() < 1e-15, "{amount}");
    }
}

#[test]
fn they_are_what_shap_gives() {
    let text = include_str!("shap_values.txt");
    let mut features = Vec::new();
    let mut distributions = Vec::new();
    let mut trees: Vec<Tree> = Vec::new();
    let mut rows: Vec<(Vec<f32>, Vec<Contributions>)> = Vec::new();
    for line in text.lines() {
        let (kind, numbers) = line.split_once(' ').unwrap_or((line, ""));
        let numbers: Vec<f64> = numbers
            .split_whitespace()
            .map(|n| n.parse().unwrap())
            .collect();
        match kind {
            "feature" => features.push(Feature {
                name: String::new(),
                cuts: numbers.iter().map(|&n| n as f32).collect(),
            }),
            "distribution" => distributions.push(numbers.iter().map(|&n| n as u8).collect()),
            "tree" => trees.push(Tree { nodes: Vec::new() }),
            "split" => trees.last_mut().unwrap().nodes.push(Node::Split {
                feature: numbers[0] as u8,
                threshold: numbers[1] as u8,
                missing_right: numbers[2] == 1.0,
                left_share: numbers[3] as u8,
                right: numbers[4] as u32,
            }),
            "leaf" => trees.last_mut().unwrap().nodes.push(Node::Leaf {
                output: numbers[0] as u16,
            }),
            "row" => rows.push((numbers.iter().map(|&n| n as f32).collect(), Vec::new())),
            "class" => rows.last_mut().unwrap().1.push(Contributions {
                base: numbers[0],
                features: numbers[1..].to_vec(),
            }),
            _ => panic!("unknown line: {line}"),
        }
    }
    let classes = ["a", "b", "c"].map(String::from).to_vec();
    let forest = Forest::new(features, classes, distributions, trees).unwrap();
    let mut largest = 0.0f64;
    let mut values = 0;
    for (row, expected) in &rows {
        let found = forest.contributions_to_all(row).unwrap();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            largest = largest.max(largest_difference(found, expected));
            values += found.features.len();
        }
    }
    println!("largest difference to shap in {values} contributions: {largest:e}");
    assert_eq!(values, 40 * 6 * 3);
    assert!(largest < 1e-12, "{largest:e}");
}

#[test]
fn bad_questions_are_refused() {
    let shape = Shape {
        split_features: 2,
        features: 2,
        cuts: 3,
        trees: 1,
        depth: 2,
    };
    let forest = made_up::forest(&mut Numbers(1), &shape);
    let wrong_length = QuestionError::Row(RowError::WrongLength {
        expected: 2,
        found: 3,
    });
    assert_eq!(forest.contributions(&[0.0; 3], 0), Err(wrong_length));
    assert_eq!(forest.contributions_to_all(&[0.0; 3]), Err(wrong_length));
    assert_eq!(
        forest.contributions(&[0.0; 2], 3),
        Err(QuestionError::NoSuchClass {
            class: 3,
            classes: 3
        })
    );
}
