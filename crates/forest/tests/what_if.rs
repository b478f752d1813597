//! Curves and smallest changes against trying out everything with `predict`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/made_up.rs"]
mod made_up;

use made_up::{Numbers, Shape};
use overtone_forest::{Change, Forest, QuestionError, RowError};

fn predict(forest: &Forest, row: &[f32]) -> [f64; 3] {
    let mut probabilities = [0.0; 3];
    forest.predict(row, &mut probabilities).unwrap();
    probabilities
}

/// The most probable class; of several the first.
fn answer(probabilities: [f64; 3]) -> usize {
    (0..3)
        .rev()
        .max_by(|&left, &right| probabilities[left].total_cmp(&probabilities[right]))
        .unwrap()
}

fn with(row: &[f32], changes: &[(usize, f32)]) -> Vec<f32> {
    let mut row = row.to_vec();
    for &(feature, value) in changes {
        row[feature] = value;
    }
    row
}

/// Values in each bin of a made-up forest's feature.
fn values(shape: &Shape) -> impl Iterator<Item = f32> + Clone {
    (0..=shape.cuts).map(|bin| bin as f32 - 0.5)
}

/// The share of the cuts between two values.
fn distance(forest: &Forest, feature: usize, from: f32, to: f32) -> f64 {
    let feature = &forest.features()[feature];
    let cuts = feature.cuts.len() as f64;
    let from = feature.bin(from).map_or(cuts / 2.0, f64::from);
    (from - f64::from(feature.bin(to).unwrap())).abs() / cuts
}

/// The size and the probability of the best change of at most `count` features, by trying out all: the smallest, of
/// those the ones of the fewest features, of those the most probable.
fn by_trying(
    forest: &Forest,
    shape: &Shape,
    row: &[f32],
    class: usize,
    fixed: &[usize],
    count: usize,
) -> Option<(f64, f64)> {
    // Size, number of features and probability of each change that turns the answer.
    let mut all: Vec<(f64, usize, f64)> = Vec::new();
    let mut consider = |changes: &[(usize, f32)]| {
        let probabilities = predict(forest, &with(row, changes));
        if answer(probabilities) == class {
            let sizes = changes
                .iter()
                .map(|&(feature, value)| distance(forest, feature, row[feature], value));
            all.push((sizes.sum(), changes.len(), probabilities[class]));
        }
    };
    consider(&[]);
    let free: Vec<usize> = (0..shape.features).filter(|f| !fixed.contains(f)).collect();
    let is_other = |feature: usize, value: f32| {
        let feature_bins = &forest.features()[feature];
        feature_bins.bin(value) != feature_bins.bin(row[feature])
    };
    for &first in &free {
        for value in values(shape).filter(|&value| is_other(first, value)) {
            consider(&[(first, value)]);
            for &second in free.iter().filter(|&&second| count == 2 && second > first) {
                for other in values(shape).filter(|&other| is_other(second, other)) {
                    consider(&[(first, value), (second, other)]);
                }
            }
        }
    }
    let smallest = all.iter().map(|change| change.0).reduce(f64::min)?;
    all.retain(|change| change.0 < smallest + 1e-12);
    let fewest = all.iter().map(|change| change.1).min()?;
    all.retain(|change| change.1 == fewest);
    let most_probable = all.iter().map(|change| change.2).reduce(f64::max)?;
    Some((smallest, most_probable))
}

/// That a change does what it says, and that each of its values is the nearest in its bin.
fn check(forest: &Forest, row: &[f32], class: usize, fixed: &[usize], change: &Change) {
    let changes: Vec<(usize, f32)> = change
        .settings
        .iter()
        .map(|s| (s.feature, s.value))
        .collect();
    let probabilities = predict(forest, &with(row, &changes));
    assert_eq!(answer(probabilities), class);
    assert_eq!(probabilities[class], change.probability);
    let mut size = 0.0;
    for &(feature, value) in &changes {
        assert!(!fixed.contains(&feature));
        size += distance(forest, feature, row[feature], value);
        let nearer = if value > row[feature] {
            value.next_down()
        } else {
            value.next_up()
        };
        let bin = |value| forest.features()[feature].bin(value);
        assert_ne!(bin(value), bin(row[feature]));
        if !row[feature].is_nan() {
            assert_ne!(bin(nearer), bin(value));
        }
    }
    assert!((size - change.distance).abs() < 1e-12);
}

#[test]
fn smallest_changes_are_found() {
    let (mut none, mut one, mut two, mut already, mut smaller) = (0, 0, 0, 0, 0);
    for seed in 0..100 {
        let mut numbers = Numbers(seed);
        let shape = Shape {
            split_features: 1 + numbers.below(4),
            features: 4,
            cuts: 4 + numbers.below(4),
            trees: 1 + numbers.below(6),
            depth: 1 + numbers.below(6),
        };
        let forest = made_up::either(&mut numbers, &shape, seed % 2 == 1);
        let row = made_up::row(&mut numbers, &shape);
        let fixed: &[usize] = [&[][..], &[1], &[0, 2]][numbers.below(3)];
        for class in 0..3 {
            let found = [
                forest.smallest_change(&row, class, fixed).unwrap(),
                forest.smallest_change_of_two(&row, class, fixed).unwrap(),
            ];
            for (count, found) in (1..).zip(&found) {
                let best = by_trying(&forest, &shape, &row, class, fixed, count);
                assert_eq!(found.is_some(), best.is_some(), "seed {seed}");
                if let (Some(found), Some((smallest, probability))) = (found, best) {
                    check(&forest, &row, class, fixed, found);
                    assert!(found.settings.len() <= count);
                    assert!((found.distance - smallest).abs() < 1e-12, "seed {seed}");
                    assert_eq!(found.probability, probability, "seed {seed}");
                }
            }
            match &found {
                [None, None] => none += 1,
                [None, Some(_)] => two += 1,
                [Some(single), Some(pair)] if single.settings.is_empty() => {
                    assert_eq!(single, pair);
                    already += 1;
                }
                [Some(single), Some(pair)] if pair.distance < single.distance => smaller += 1,
                [Some(single), pair] => {
                    assert_eq!(pair.as_ref(), Some(single));
                    one += 1;
                }
            }
        }
    }
    println!("{none} none, {one} one, {two} only two, {smaller} two smaller, {already} already");
    assert!(
        [none, one, two, smaller, already]
            .iter()
            .all(|&count| count > 0)
    );
}

#[test]
fn curves_are_what_predict_gives() {
    for seed in 0..60 {
        let mut numbers = Numbers(seed);
        let shape = Shape {
            split_features: 3,
            features: 4,
            cuts: 12,
            trees: 1 + numbers.below(12),
            depth: numbers.below(9),
        };
        let forest = made_up::either(&mut numbers, &shape, seed % 2 == 1);
        let row = made_up::row(&mut numbers, &shape);
        for feature in 0..4 {
            for class in 0..3 {
                let curve = forest.curve(&row, feature, class).unwrap();
                let at = |value| predict(&forest, &with(&row, &[(feature, value)]))[class];
                assert_eq!(curve.missing, at(f32::NAN));
                assert_eq!(curve.pieces[0].above, f32::NEG_INFINITY);
                assert_eq!(curve.pieces.last().unwrap().up_to, f32::INFINITY);
                for pair in curve.pieces.windows(2) {
                    assert_eq!(pair[0].up_to, pair[1].above);
                    assert_ne!(pair[0].probability, pair[1].probability);
                }
                for value in values(&shape).flat_map(|value| [value, value + 0.5]) {
                    let mut pieces = curve.pieces.iter();
                    let piece = pieces.find(|piece| value <= piece.up_to).unwrap();
                    assert!(piece.above < value);
                    assert_eq!(piece.probability, at(value));
                }
            }
        }
    }
}

#[test]
fn a_missing_value_is_set_from_the_middle() {
    let shape = Shape {
        split_features: 1,
        features: 1,
        cuts: 10,
        trees: 5,
        depth: 6,
    };
    let mut set = 0;
    for seed in 0..20 {
        let forest = made_up::forest(&mut Numbers(seed), &shape);
        for class in 0..3 {
            let found = forest.smallest_change(&[f32::NAN], class, &[]).unwrap();
            for setting in found.iter().flat_map(|change| &change.settings) {
                assert!(setting.value.is_finite());
                set += 1;
            }
        }
    }
    assert!(set > 0);
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
        found: 1,
    });
    let no_class = QuestionError::NoSuchClass {
        class: 3,
        classes: 3,
    };
    let no_feature = QuestionError::NoSuchFeature {
        feature: 2,
        features: 2,
    };
    let row = [0.0; 2];
    assert_eq!(forest.curve(&[0.0], 0, 0), Err(wrong_length));
    assert_eq!(forest.curve(&row, 2, 0), Err(no_feature));
    assert_eq!(forest.curve(&row, 0, 3), Err(no_class));
    for search in [Forest::smallest_change, Forest::smallest_change_of_two] {
        assert_eq!(search(&forest, &[0.0], 0, &[]), Err(wrong_length));
        assert_eq!(search(&forest, &row, 3, &[]), Err(no_class));
        assert_eq!(search(&forest, &row, 0, &[2]), Err(no_feature));
    }
}
