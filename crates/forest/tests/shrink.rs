//! Smaller forests of a larger one, and what matters to it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/made_up.rs"]
mod made_up;

use made_up::{Numbers, Shape};
use overtone_forest::{Feature, Forest, Node, Tree};

const SHAPE: Shape = Shape {
    split_features: 4,
    features: 5,
    cuts: 20,
    trees: 30,
    depth: 8,
};

fn forests() -> [Forest; 2] {
    [false, true].map(|is_boosted| made_up::either(&mut Numbers(5), &SHAPE, is_boosted))
}

fn predict(forest: &Forest, row: &[f32]) -> [f64; 3] {
    let mut probabilities = [0.0; 3];
    forest.predict(row, &mut probabilities).unwrap();
    probabilities
}

fn splits(forest: &Forest) -> usize {
    let nodes = forest.trees().iter().flat_map(|tree| &tree.nodes);
    nodes
        .filter(|node| matches!(node, Node::Split { .. }))
        .count()
}

#[test]
fn all_trees_are_the_same_forest_and_fewer_a_smaller_one() {
    for forest in forests() {
        let mut numbers = Numbers(6);
        let all = forest.first_trees(SHAPE.trees + 1);
        for _ in 0..50 {
            let row = made_up::row(&mut numbers, &SHAPE);
            assert_eq!(predict(&all, &row), predict(&forest, &row));
        }
        let few = forest.first_trees(7);
        assert_eq!(few.trees().len(), 7);
        assert_eq!(forest.first_trees(0).trees().len(), 1);
        // It is a forest that can be written and read.
        assert_eq!(Forest::read(&few.write()), Ok(few));
    }
}

#[test]
fn small_leaves_go_and_the_answer_stays_near() {
    for forest in forests() {
        assert_eq!(splits(&forest.without_small_leaves(0.0)), splits(&forest));
        assert_eq!(splits(&forest.without_small_leaves(1.0)), 0);
        let mut before = splits(&forest);
        for minimum in [0.001, 0.01, 0.1] {
            let pruned = forest.without_small_leaves(minimum);
            assert!(splits(&pruned) < before, "{minimum}");
            before = splits(&pruned);
            assert_eq!(Forest::read(&pruned.write()), Ok(pruned));
        }
    }
}

#[test]
fn a_pruned_leaf_says_what_is_nearest_to_the_average() {
    let split = |threshold, left_share, right| Node::Split {
        feature: 0,
        threshold,
        missing_right: false,
        left_share,
        right,
    };
    let leaf = |output| Node::Leaf { output };
    // Nearly all rows that come to the second split go right, to class y.
    let nodes = vec![split(1, 7, 4), split(0, 0, 3), leaf(0), leaf(1), leaf(0)];
    let feature = Feature {
        name: "a".into(),
        cuts: vec![0.0, 1.0],
    };
    let classes = vec!["x".into(), "y".into()];
    let votes = vec![vec![255, 0], vec![0, 255]];
    let forest = Forest::new(vec![feature], classes, votes, vec![Tree { nodes }]).unwrap();
    let pruned = forest.without_small_leaves(0.1);
    let expected = vec![split(1, 7, 2), leaf(1), leaf(0)];
    assert_eq!(pruned.trees()[0].nodes, expected);
}

#[test]
fn the_sizes_of_trees_add_up_to_what_they_take() {
    for forest in forests() {
        let sizes = forest.tree_sizes();
        assert_eq!(sizes.len(), SHAPE.trees);
        let without = forest.first_trees(1).write().len() - sizes[0];
        let all: usize = sizes.iter().sum();
        // Fewer trees may refer to fewer outputs, and a byte can be shared.
        assert!(forest.write().len().abs_diff(without + all) < 16);
    }
}

#[test]
fn what_is_compared_matters_and_what_is_not_does_not() {
    for forest in forests() {
        let importance = forest.importance();
        assert_eq!(importance.len(), 5);
        assert!((importance.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(importance[4], 0.0);
        assert!(importance[..4].iter().all(|&of_feature| of_feature > 0.0));
    }
    // Half the rows go each way and find another class: the impurity falls by 1/4 · 2, and all of it is feature 1's.
    let nodes = vec![
        Node::Split {
            feature: 1,
            threshold: 0,
            missing_right: false,
            left_share: 7,
            right: 2,
        },
        Node::Leaf { output: 0 },
        Node::Leaf { output: 1 },
    ];
    let feature = |name: &str| Feature {
        name: name.into(),
        cuts: vec![0.0],
    };
    let votes = vec![vec![255, 0], vec![0, 255]];
    let forest = Forest::new(
        vec![feature("a"), feature("b")],
        vec!["x".into(), "y".into()],
        votes,
        vec![Tree { nodes }],
    );
    assert_eq!(forest.unwrap().importance(), [0.0, 1.0]);
}
