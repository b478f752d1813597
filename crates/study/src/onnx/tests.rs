//! An exported file answers as the model that it is made of.

use overtone_forest::{Feature as ForestFeature, Forest, Node, Tree};
use overtone_genre::{EIGHT_GENRES, Features};
use overtone_tracks::Reader;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::evaluator::{Evaluator, Value};
use super::*;

/// How far two probabilities may lie apart: what 32-bit floats leave out, where scores are some ten apart.
const ROUNDING: f64 = 1e-6;

fn fifteen_genres() -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../genre/models");
    std::fs::read(format!("{folder}/fifteen-genres.forest")).unwrap()
}

/// A model such as `overtone train --data` writes: a bagged forest and nothing behind it, with features in an order of its
/// own, and a tree that is a single leaf.
fn bagged() -> Vec<u8> {
    let feature = |name: &str, cuts: &[f32]| ForestFeature {
        name: name.into(),
        cuts: cuts.into(),
    };
    let split = |feature, threshold, missing_right, right| Node::Split {
        feature,
        threshold,
        missing_right,
        left_share: 7,
        right,
    };
    let leaf = |output| Node::Leaf { output };
    let trees = [
        vec![split(0, 1, true, 2), leaf(0), leaf(1)],
        vec![
            split(1, 0, false, 4),
            split(0, 0, true, 3),
            leaf(2),
            leaf(0),
            leaf(1),
        ],
        vec![leaf(2)],
    ];
    let forest = Forest::new(
        vec![feature("tempo", &[90.1, 140.7]), feature("energy", &[0.3])],
        vec!["slow, quiet".into(), "fast".into()],
        vec![vec![255, 0], vec![0, 255], vec![102, 153]],
        trees.map(|nodes| Tree { nodes }).into(),
    );
    forest.unwrap().write()
}

/// Made-up tracks within the features' ranges, half of them with gaps, and for cuts of each feature of the model's forests a
/// track on the cut and one just beside it on either side.
fn rows(model: &Model) -> Vec<[f32; 11]> {
    let mut random = StdRng::seed_from_u64(9);
    let mut made_up = |gaps: f64| {
        Feature::ALL.map(|feature| {
            let range = match feature {
                Feature::Loudness => -60.0..=0.0,
                Feature::Duration => 30_000.0..=600_000.0,
                other => other.range(),
            };
            let value = random.random_range(range);
            if random.random_bool(gaps) {
                f32::NAN
            } else {
                value
            }
        })
    };
    let mut rows: Vec<[f32; 11]> = (0..600)
        .map(|row| made_up(if row % 2 == 0 { 0.0 } else { 0.3 }))
        .collect();
    let outside = model.quality().and_then(|quality| quality.outside.as_ref());
    let forests = [model.forest()].into_iter().chain(outside);
    for feature in forests.flat_map(Forest::features) {
        let column = Feature::from_name(&feature.name).unwrap() as usize;
        // Some of them: they are all treated alike.
        for &cut in feature.cuts.iter().step_by(feature.cuts.len() / 16 + 1) {
            for value in [cut.next_down(), cut, cut.next_up()] {
                let mut row = made_up(0.1);
                row[column] = value;
                rows.push(row);
            }
        }
    }
    rows
}

/// A row's features, as the reader of tables takes them.
fn features(row: &[f32; 11]) -> Features {
    let mut features = Features::default();
    for (feature, &number) in Feature::ALL.into_iter().zip(row) {
        features.set(feature, feature.check(number).ok().flatten());
    }
    features
}

fn number(value: &Value) -> f64 {
    let [number] = value.numbers() else {
        panic!("{value:?} is not one number");
    };
    f64::from(*number)
}

/// What the file says is what the model says, for all rows.
fn assert_same(bytes: &[u8], popularity: Popularity) {
    let model = Model::read(bytes).unwrap();
    let evaluator = Evaluator::new(&export(bytes, popularity).unwrap());
    let (mut answers, mut refused) = (0, 0);
    for row in rows(&model) {
        let features = features(&row).with(popularity);
        let values = evaluator.values(&row);
        assert_eq!(
            number(&values[KNOWN_FEATURES]),
            features.audio_count() as f64
        );
        let probabilities = values[PROBABILITIES].numbers();
        let genre = &values[PREDICTED_GENRE];
        let Ok(answer) = model.classify(&features) else {
            refused += 1;
            assert_eq!(*genre, Value::Text(String::new()));
            assert!(probabilities.iter().all(|number| number.is_nan()));
            assert!(number(&values[CONFIDENCE]).is_nan());
            assert!(
                values
                    .get(NONE_OF_THESE)
                    .is_none_or(|value| number(value).is_nan())
            );
            continue;
        };
        answers += 1;
        assert_eq!(*genre, Value::Text(model.genres()[answer.best].clone()));
        let near = |said: f64, expected: f64| {
            assert!((said - expected).abs() < ROUNDING, "{said} for {expected}");
        };
        assert_eq!(probabilities.len(), answer.probabilities.len());
        for (&said, &expected) in probabilities.iter().zip(&answer.probabilities) {
            near(said.into(), expected);
        }
        near(number(&values[CONFIDENCE]), answer.confidence);
        let outside = values.get(NONE_OF_THESE).map(number);
        assert_eq!(outside.is_some(), answer.outside.is_some());
        if let (Some(said), Some(expected)) = (outside, answer.outside) {
            near(said, expected);
        }
    }
    assert!(
        answers > 500 && refused > 10,
        "{answers} answers, {refused} refused"
    );
}

#[test]
fn the_models_that_ship_are_answered_as_they_answer() {
    for popularity in [Popularity::Ignored, Popularity::Used] {
        assert_same(EIGHT_GENRES, popularity);
    }
    assert_same(&fifteen_genres(), Popularity::Ignored);
}

#[test]
fn a_bagged_model_is_answered_as_it_answers() {
    assert_same(&bagged(), Popularity::Ignored);
}

#[test]
fn what_is_outside_a_range_is_missing() {
    let evaluator = Evaluator::new(&export(EIGHT_GENRES, Popularity::Ignored).unwrap());
    let within = [
        0.5,
        0.4,
        -9.0,
        0.1,
        0.2,
        0.0,
        0.1,
        0.3,
        120.0,
        200_000.0,
        f32::NAN,
    ];
    let answer = |change: &[(Feature, f32)]| {
        let mut row = within;
        for &(feature, value) in change {
            row[feature as usize] = value;
        }
        evaluator.values(&row)[PROBABILITIES].clone()
    };
    for (feature, numbers) in [
        (Feature::Energy, &[40.0, -0.1, f32::INFINITY][..]),
        (Feature::Loudness, &[-81.0, 11.0, f32::NEG_INFINITY]),
        (Feature::Tempo, &[0.0, 301.0]),
        (Feature::Duration, &[0.0, -1.0, 200.0]),
    ] {
        let missing = answer(&[(feature, f32::NAN)]);
        assert_ne!(missing, answer(&[]));
        for &number in numbers {
            assert_eq!(
                answer(&[(feature, number)]),
                missing,
                "{feature:?} {number}"
            );
        }
    }
    // An ignored popularity is as good as none.
    assert_eq!(answer(&[(Feature::Popularity, 70.0)]), answer(&[]));
}

#[test]
fn what_spotify_has_not_analysed_has_no_answer() {
    let evaluator = Evaluator::new(&export(EIGHT_GENRES, Popularity::Ignored).unwrap());
    let model = Model::eight_genres().unwrap();
    // All zeros; the same with a tempo; and with one ratio.
    for (row, known) in [
        ("0,0,-60,0,0,0,0,0,0,200000,5", 0.0),
        ("0,0,-60,0,0,0,0,0,90,200000,5", 9.0),
        ("0,0,-60,0,0.2,0,0,0,0,200000,5", 8.0),
    ] {
        let mut reader = Reader::new();
        let names = Feature::ALL.map(Feature::name).join(",");
        reader.push(format!("{names}\n{row}\n").as_bytes());
        reader.finish();
        let track = reader.next_row().unwrap().unwrap();
        let by_table = track.classify(&model, Popularity::Ignored).ok();

        let row: Vec<f32> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        let values = evaluator.values(&row);
        assert_eq!(number(&values[KNOWN_FEATURES]), known);
        let expected = by_table.map_or("", |answer| &model.genres()[answer.best]);
        assert_eq!(values[PREDICTED_GENRE], Value::Text(expected.to_owned()));
        assert_eq!(expected.is_empty(), known == 0.0);
    }
}

#[test]
fn the_file_says_what_it_takes_and_gives() {
    let bytes = bagged();
    let file = Evaluator::new(&export(&bytes, Popularity::Used).unwrap()).file;
    let said = |key: &str| {
        let mut entries = file.metadata_props.iter();
        let entry = entries.find(|entry| entry.key == key);
        entry.map(|entry| serde_json::from_str(&entry.value).unwrap_or(json!(entry.value)))
    };
    assert_eq!(said("genres"), Some(json!(["slow, quiet", "fast"])));
    let features = said("features").unwrap();
    let names: Vec<_> = Feature::ALL.map(|feature| json!(feature.name())).into();
    let said_names: Vec<_> = features
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["name"].clone())
        .collect();
    assert_eq!(said_names, names);
    assert_eq!(features[2]["unit"], "dB");
    assert_eq!(features[9]["lowest"], 1000.0);
    assert_eq!(said("popularity"), Some(json!("used")));
    // This model cannot tell whether any genre fits.
    assert_eq!(said("none_of_these_from"), None);
    let outputs = file.graph.unwrap().output;
    let outputs: Vec<&str> = outputs.iter().map(|output| output.name.as_str()).collect();
    assert_eq!(
        outputs,
        [PREDICTED_GENRE, CONFIDENCE, PROBABILITIES, KNOWN_FEATURES]
    );
}

#[test]
fn bytes_that_are_no_model_are_refused() {
    let error = export(b"PAR1 and something else", Popularity::Ignored).unwrap_err();
    assert!(matches!(error, OnnxError::Model(_)), "{error}");
}

#[test]
fn scores_that_would_be_rounded_are_refused() {
    let scores = |base| overtone_forest::Scores {
        step: 0.001,
        base: vec![base, 0],
        values: vec![-1, 7],
        tree_classes: vec![0],
    };
    let model = |base| {
        let forest = Forest::boosted(
            vec![ForestFeature {
                name: "energy".into(),
                cuts: vec![0.5],
            }],
            vec!["a".into(), "b".into()],
            scores(base),
            vec![Tree {
                nodes: vec![Node::Leaf { output: 1 }],
            }],
        );
        forest.unwrap().write()
    };
    assert!(export(&model((1 << 24) - 7), Popularity::Ignored).is_ok());
    let error = export(&model((1 << 24) - 6), Popularity::Ignored).unwrap_err();
    assert!(error.to_string().contains("2^24"), "{error}");
}
