//! Smaller forests of a larger one, and what matters to it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/made_up.rs"]
mod made_up;

use made_up::{Numbers, Shape};
use overtone_forest::{Feature, Forest, Node, Output, RowError, Tree};

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
    let feature = Feature {
        name: "a".into(),
        cuts: vec![0.0, 1.0],
    };
    let classes = vec!["x".into(), "y".into()];
    let votes = vec![vec![255, 0], vec![0, 255]];
    // Nearly all rows that come to the second split go right, or left.
    for (left_share, most) in [(0, 1), (15, 0)] {
        let nodes = vec![
            split(1, 7, 4),
            split(0, left_share, 3),
            leaf(0),
            leaf(1),
            leaf(1 - most),
        ];
        let (feature, classes, votes) = (feature.clone(), classes.clone(), votes.clone());
        let forest = Forest::new(vec![feature], classes, votes, vec![Tree { nodes }]).unwrap();
        let pruned = forest.without_small_leaves(0.1);
        let expected = vec![split(1, 7, 2), leaf(most), leaf(1 - most)];
        assert_eq!(pruned.trees()[0].nodes, expected);
    }
}

/// One tree over one feature whose bins are the whole numbers up to 16, with the distributions of two classes.
fn one_tree(nodes: Vec<Node>, distributions: &[[u8; 2]]) -> Forest {
    let feature = Feature {
        name: "a".into(),
        cuts: (0..16).map(|cut| cut as f32).collect(),
    };
    let classes = vec!["x".into(), "y".into()];
    let distributions = distributions.iter().map(|weights| weights.to_vec());
    let trees = vec![Tree { nodes }];
    Forest::new(vec![feature], classes, distributions.collect(), trees).unwrap()
}

const fn split(threshold: u8, right: u32) -> Node {
    Node::Split {
        feature: 0,
        threshold,
        missing_right: false,
        left_share: 7,
        right,
    }
}

const fn leaf(output: u16) -> Node {
    Node::Leaf { output }
}

#[test]
fn round_thresholds_answer_the_rows_as_before_in_less_room() {
    for forest in forests() {
        let mut numbers = Numbers(8);
        let rows: Vec<Vec<f32>> = (0..200)
            .map(|_| made_up::row(&mut numbers, &SHAPE))
            .collect();
        let round = forest.with_round_thresholds(&rows.concat()).unwrap();
        for row in &rows {
            assert_eq!(predict(&round, row), predict(&forest, row));
        }
        let packed = round.write();
        assert!(packed.len() < forest.write().len() * 9 / 10);
        assert_eq!(Forest::read(&packed), Ok(round));
        assert_eq!(forest.with_round_thresholds(&[]), Ok(forest.clone()));
        let uneven = RowError::CutShort {
            features: 5,
            found: 7,
        };
        assert_eq!(forest.with_round_thresholds(&[0.0; 7]), Err(uneven));
    }
}

#[test]
fn a_threshold_moves_between_the_rows_at_its_split_only() {
    let nodes = vec![
        split(5, 4),
        split(2, 3),
        leaf(0),
        leaf(1),
        split(9, 6),
        leaf(1),
        leaf(0),
    ];
    let forest = one_tree(nodes, &[[255, 0], [0, 255]]);
    // Bins 1, 4, 11, 12, 14: the first split may lie anywhere from 4 to 10, the second from 1 to 3, and all that come to the
    // third go right.
    let round = forest
        .with_round_thresholds(&[1.0, 4.0, 11.0, 12.0, 14.0])
        .unwrap();
    let expected = vec![split(8, 4), split(2, 3), leaf(0), leaf(1), leaf(0)];
    assert_eq!(round.trees()[0].nodes, expected);
    // A missing value goes left at all of them, and without another there nothing is left to the left of bin 0.
    let low = one_tree(vec![split(0, 2), leaf(0), leaf(1)], &[[255, 0], [0, 255]]);
    assert_eq!(
        low.with_round_thresholds(&[f32::NAN, 0.0]).unwrap().trees()[0].nodes,
        [leaf(0)]
    );
    assert_eq!(low.with_round_thresholds(&[f32::NAN, 3.0]), Ok(low.clone()));
    // If the first threshold became 8, no place would be left to the left of bin 9 for the second, which a missing value needs.
    let nodes = vec![
        Node::Split {
            feature: 0,
            threshold: 5,
            missing_right: true,
            left_share: 7,
            right: 2,
        },
        leaf(0),
        split(7, 4),
        leaf(1),
        leaf(0),
    ];
    let stuck = one_tree(nodes, &[[255, 0], [0, 255]]);
    assert_eq!(
        stuck.with_round_thresholds(&[4.0, 9.0, 11.0, f32::NAN]),
        Ok(stuck.clone())
    );
}

#[test]
fn even_shares_take_less_room_and_change_no_answer() {
    for forest in forests() {
        let mut numbers = Numbers(9);
        let even = forest.with_even_shares();
        for _ in 0..50 {
            let row = made_up::row(&mut numbers, &SHAPE);
            assert_eq!(predict(&even, &row), predict(&forest, &row));
        }
        let packed = even.write();
        assert!(packed.len() < forest.write().len() * 9 / 10);
        assert_eq!(Forest::read(&packed), Ok(even));
    }
    // Of 17 bins, 6 lie left of the root's threshold; of those, 3 left of the second one's.
    let nodes = vec![split(5, 4), split(2, 3), leaf(0), leaf(1), leaf(0)];
    let even = one_tree(nodes, &[[255, 0], [0, 255]]).with_even_shares();
    let shares: Vec<u8> = even.trees()[0]
        .nodes
        .iter()
        .filter_map(|node| match *node {
            Node::Split { left_share, .. } => Some(left_share),
            Node::Leaf { .. } => None,
        })
        .collect();
    assert_eq!(shares, [6 * 16 / 17, 3 * 16 / 6]);
}

fn outputs(forest: &Forest) -> usize {
    match forest.output() {
        Output::Shares(distributions) => distributions.len(),
        Output::Scores(scores) => scores.values.len(),
    }
}

#[test]
fn shared_leaves_are_as_many_as_asked_for_and_answers_stay_near() {
    for forest in forests() {
        let mut numbers = Numbers(10);
        let rows: Vec<Vec<f32>> = (0..50)
            .map(|_| made_up::row(&mut numbers, &SHAPE))
            .collect();
        let away = |shared: &Forest| -> f64 {
            let rows = rows.iter().flat_map(|row| {
                let pairs = predict(shared, row).into_iter().zip(predict(&forest, row));
                pairs.map(|(shared, forest)| (shared - forest).abs())
            });
            rows.sum()
        };
        assert_eq!(forest.with_shared_leaves(5), forest);
        let mut before = 0.0;
        for count in [4, 2, 1] {
            let shared = forest.with_shared_leaves(count);
            assert_eq!(outputs(&shared), count);
            assert!(away(&shared) > before, "{count}");
            before = away(&shared);
            assert_eq!(Forest::read(&shared.write()), Ok(shared));
        }
        assert_eq!(forest.with_shared_leaves(0), forest.with_shared_leaves(1));
    }
}

#[test]
fn leaves_that_say_nearly_the_same_say_their_mean() {
    // About half of the rows end in the first leaf; of the others, a little more end in the last.
    let nodes = vec![split(5, 2), leaf(0), split(9, 4), leaf(1), leaf(2)];
    let forest = one_tree(nodes, &[[10, 245], [200, 55], [220, 35]]);
    let shared = forest.with_shared_leaves(2);
    assert_eq!(outputs(&shared), 2);
    assert_eq!(answers(&shared, 3.0), [10.0 / 255.0, 245.0 / 255.0]);
    for value in [7.0, 12.0] {
        assert_eq!(answers(&shared, value), [211.0 / 255.0, 44.0 / 255.0]);
    }
}

fn answers(forest: &Forest, value: f32) -> [f64; 2] {
    let mut probabilities = [0.0; 2];
    forest.predict(&[value], &mut probabilities).unwrap();
    probabilities
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
    // A little less than half of the rows go left at both splits, and the second one sees the rest of the first one's.
    let split = |feature, right| Node::Split {
        feature,
        threshold: 0,
        missing_right: false,
        left_share: 7,
        right,
    };
    let leaf = |output| Node::Leaf { output };
    let nodes = vec![split(1, 2), leaf(0), split(0, 4), leaf(0), leaf(1)];
    let feature = |name: &str| Feature {
        name: name.into(),
        cuts: vec![0.0],
    };
    let forest = Forest::new(
        vec![feature("a"), feature("b"), feature("c")],
        vec!["x".into(), "y".into()],
        vec![vec![255, 0], vec![0, 255]],
        vec![Tree { nodes }],
    );
    // The share r of the rows goes right. The impurity falls by (1-r)·r·2 at the second split, which r of all rows come to, and by
    // (1-r)·r·2·r² at the first, as its right side says y in r of its rows only.
    let right = 1.0 - 7.5 / 16.0;
    let (first, second) = (right * right, right);
    let importance = forest.unwrap().importance();
    assert!((importance[0] - second / (first + second)).abs() < 1e-12);
    assert!((importance[1] - first / (first + second)).abs() < 1e-12);
    assert_eq!(importance[2], 0.0);
}
