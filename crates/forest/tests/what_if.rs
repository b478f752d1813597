//! Curves and smallest changes against trying out everything with `predict`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/made_up.rs"]
mod made_up;

use std::ops::RangeInclusive;

use made_up::{Numbers, Shape};
use overtone_forest::{Change, Feature, Forest, Node, QuestionError, RowError, Setting, Tree};

/// A feature that may change, and what it may be set to.
type Free = (usize, RangeInclusive<f32>);

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

/// Of the values of `free`, for each bin of a made-up forest's feature the one nearest to `from`, or to the middle of the cuts
/// if that is missing. The bins come from the lowest to the highest.
fn nearest_values(shape: &Shape, (_, free): &Free, from: f32) -> Vec<f32> {
    let from = if from.is_nan() {
        (shape.cuts / 2) as f32
    } else {
        from
    };
    let away = |value: &f32| (f64::from(*value) - f64::from(from)).abs();
    let bin = |bin: usize| {
        // A bin's ends and the ends of what is free.
        let (lower, upper) = (bin as f32 - 1.0, bin as f32);
        let values = [lower.next_up(), upper, *free.start(), *free.end()];
        let is_here = |value: &f32| {
            let is_above = bin == 0 || *value > lower;
            let is_below = bin == shape.cuts || *value <= upper;
            is_above && is_below && free.contains(value)
        };
        let values = values.into_iter().filter(is_here);
        values.min_by(|left, right| away(left).total_cmp(&away(right)))
    };
    (0..=shape.cuts).filter_map(bin).collect()
}

/// The best change of at most `count` features, by trying out all: the smallest; of those the ones of the fewest features; of
/// those the most probable; then the first features, then the lowest values.
fn by_trying(
    forest: &Forest,
    shape: &Shape,
    row: &[f32],
    class: usize,
    free: &[Free],
    count: usize,
) -> Option<Change> {
    let mut all: Vec<Change> = Vec::new();
    let mut consider = |changes: &[(usize, f32)]| {
        let probabilities = predict(forest, &with(row, changes));
        if answer(probabilities) == class {
            let sizes = changes
                .iter()
                .map(|&(feature, value)| distance(forest, feature, row[feature], value));
            all.push(Change {
                settings: changes
                    .iter()
                    .map(|&(feature, value)| Setting { feature, value })
                    .collect(),
                distance: sizes.sum(),
                probability: probabilities[class],
            });
        }
    };
    consider(&[]);
    let values = |free: &Free| {
        let feature = &forest.features()[free.0];
        let from = row[free.0];
        let mut values = nearest_values(shape, free, from);
        values.retain(|&value| feature.bin(value) != feature.bin(from));
        values
    };
    for first in free {
        for value in values(first) {
            consider(&[(first.0, value)]);
            for second in free
                .iter()
                .filter(|second| count == 2 && second.0 > first.0)
            {
                for other in values(second) {
                    consider(&[(first.0, value), (second.0, other)]);
                }
            }
        }
    }
    let smallest = all.iter().map(|change| change.distance).reduce(f64::min)?;
    all.retain(|change| change.distance < smallest + 1e-12);
    let fewest = all.iter().map(|change| change.settings.len()).min()?;
    all.retain(|change| change.settings.len() == fewest);
    let most_probable = all
        .iter()
        .map(|change| change.probability)
        .reduce(f64::max)?;
    all.retain(|change| change.probability == most_probable);
    let features = |change: &Change| -> Vec<usize> {
        change
            .settings
            .iter()
            .map(|setting| setting.feature)
            .collect()
    };
    let values = |change: &Change| -> Vec<f32> {
        change
            .settings
            .iter()
            .map(|setting| setting.value)
            .collect()
    };
    all.into_iter().min_by(|left, right| {
        let by_values = values(left).partial_cmp(&values(right)).unwrap();
        features(left).cmp(&features(right)).then(by_values)
    })
}

/// Which features may change: each of them to anything, to some values only, to none, or not at all.
fn made_up_free(numbers: &mut Numbers, shape: &Shape) -> Vec<Free> {
    let mut free = Vec::new();
    for feature in 0..shape.features {
        let mut end = || numbers.below(2 * shape.cuts) as f32 / 2.0 - 0.75;
        let (start, end) = (end(), end());
        match numbers.below(6) {
            0 => {}
            1 => free.push((feature, start..=end)),
            2 | 3 => free.push((feature, start.min(end)..=start.max(end))),
            _ => free.push((feature, f32::NEG_INFINITY..=f32::INFINITY)),
        }
    }
    free
}

#[test]
fn smallest_changes_are_found() {
    let (mut none, mut one, mut two, mut already, mut smaller) = (0, 0, 0, 0, 0);
    for seed in 0..200 {
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
        let free = made_up_free(&mut numbers, &shape);
        for class in 0..3 {
            let found = [
                forest.smallest_change(&row, class, &free).unwrap(),
                forest.smallest_change_of_two(&row, class, &free).unwrap(),
            ];
            for (count, found) in (1..).zip(&found) {
                let best = by_trying(&forest, &shape, &row, class, &free, count);
                let (found, best) = match (found, &best) {
                    (Some(found), Some(best)) => (found, best),
                    (found, best) => {
                        assert_eq!(found, best, "seed {seed}");
                        continue;
                    }
                };
                assert_eq!(found.settings, best.settings, "seed {seed}");
                assert_eq!(found.probability, best.probability, "seed {seed}");
                // The sum of shares is rounded.
                assert!(
                    (found.distance - best.distance).abs() < 1e-12,
                    "seed {seed}"
                );
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
    // Up to 2 it is low, above 6 high; cuts are the whole numbers from 0 to 9.
    let split = |threshold, missing_right, right| Node::Split {
        feature: 0,
        threshold,
        missing_right,
        left_share: 7,
        right,
    };
    let leaf = |output| Node::Leaf { output };
    let forest = |missing_right| {
        let nodes = vec![
            split(2, missing_right, 2),
            leaf(0),
            split(6, missing_right, 4),
            leaf(1),
            leaf(2),
        ];
        let feature = Feature {
            name: "a".into(),
            cuts: (0..10).map(|cut| cut as f32).collect(),
        };
        let classes = ["low", "middle", "high"].map(String::from).to_vec();
        let votes = vec![vec![255, 0, 0], vec![0, 255, 0], vec![0, 0, 255]];
        Forest::new(vec![feature], classes, votes, vec![Tree { nodes }]).unwrap()
    };
    let any = [(0, f32::NEG_INFINITY..=f32::INFINITY)];
    let change = |missing_right, class| {
        let found = forest(missing_right).smallest_change(&[f32::NAN], class, &any);
        let change = found.unwrap().unwrap();
        (change.settings[0].value, change.distance)
    };
    assert_eq!(change(false, 2), (6.0f32.next_up(), 0.2));
    assert_eq!(change(false, 1), (5.0, 0.0));
    assert_eq!(change(true, 0), (2.0, 0.3));
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
        assert_eq!(search(&forest, &row, 0, &[(2, 0.0..=1.0)]), Err(no_feature));
    }
}
