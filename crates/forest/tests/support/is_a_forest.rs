//! What holds for every forest that was read, whatever its bytes are.

use overtone_forest::{Forest, Kernel, Output};

/// Holds what was read to the rules of those who build a forest, writes it to be read again, and asks it everything.
pub fn assert_is_a_forest(forest: &Forest) {
    let (features, classes) = (forest.features().to_vec(), forest.classes().to_vec());
    let trees = forest.trees().to_vec();
    let built = match forest.output().clone() {
        Output::Shares(distributions) => Forest::new(features, classes, distributions, trees),
        Output::Scores(scores) => Forest::boosted(features, classes, scores, trees),
    };
    assert_eq!(built.as_ref(), Ok(forest));
    assert_is_read_again(forest);

    let values = [f32::NAN, f32::NEG_INFINITY, 0.0, 0.5, f32::INFINITY];
    let rows = values.map(|value| vec![value; forest.features().len()]);
    let answers = rows.each_ref().map(|row| answer(forest, row));
    for probabilities in &answers {
        let sum: f64 = probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    }
    for &kernel in Kernel::ALL {
        if let Some(batch) = forest.batch_with(kernel) {
            let mut together = vec![0.0; answers.concat().len()];
            assert_eq!(batch.predict(&rows.concat(), &mut together), Ok(()));
            assert_eq!(together, answers.concat(), "{kernel:?}");
        }
    }
    for (row, probabilities) in rows.iter().zip(&answers) {
        assert_is_explained(forest, row, probabilities);
    }
    for smaller in [
        forest.first_trees(1),
        forest.with_even_shares(),
        forest.with_shared_leaves(2),
    ] {
        assert_is_read_again(&smaller);
    }
    let round = forest.with_round_thresholds(&rows.concat());
    let round = round.expect("whole rows");
    assert_is_read_again(&round);
    assert_eq!(rows.each_ref().map(|row| answer(&round, row)), answers);
}

fn assert_is_read_again(forest: &Forest) {
    assert_eq!(Forest::read(&forest.write()).as_ref(), Ok(forest));
}

fn answer(forest: &Forest, row: &[f32]) -> Vec<f64> {
    let mut probabilities = vec![0.0; forest.classes().len()];
    assert_eq!(forest.predict(row, &mut probabilities), Ok(()));
    probabilities
}

/// Holds the explanations of an answer to it, those for the last class and the last feature.
fn assert_is_explained(forest: &Forest, row: &[f32], probabilities: &[f64]) {
    let class = probabilities.len() - 1;
    // More features make a boosted forest's contributions take long.
    if matches!(forest.output(), Output::Shares(_)) || row.len() <= 8 {
        let found = forest.contributions(row, class).expect("few features");
        let sum = found.base + found.features.iter().sum::<f64>();
        assert!((sum - probabilities[class]).abs() < 1e-9, "{sum}");
    }
    let curve = forest.curve(row, row.len() - 1, class).expect("they exist");
    assert_eq!(curve.pieces[0].above, f32::NEG_INFINITY);
    let free: Vec<_> = (0..row.len())
        .map(|feature| (feature, -1e3..=1e3))
        .collect();
    let change = forest.smallest_change(row, class, &free);
    if let Some(change) = change.expect("they exist") {
        let mut changed = row.to_vec();
        for setting in &change.settings {
            assert!(setting.value.abs() <= 1e3);
            changed[setting.feature] = setting.value;
        }
        let changed = answer(forest, &changed);
        assert_eq!(changed[class], change.probability);
        assert!(changed.iter().all(|&other| other <= change.probability));
    }
}
