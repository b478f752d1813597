//! Bytes and parts that are not a forest are refused with a reason; nothing panics.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/is_a_forest.rs"]
mod is_a_forest;

use is_a_forest::assert_is_a_forest;
use overtone_forest::{
    BuildError, Feature, Forest, ForestReader, MAXIMUM_DEPTH, Node, Output, Part, ReadErrorKind,
    Scores, Tree,
};

fn stump(feature: u8, threshold: u8) -> Tree {
    Tree {
        nodes: vec![
            Node::Split {
                feature,
                threshold,
                missing_right: true,
                left_share: 3,
                right: 2,
            },
            Node::Leaf { output: 1 },
            Node::Leaf { output: 300 },
        ],
    }
}

fn forest() -> Forest {
    let features = vec![
        Feature {
            name: "länge".into(),
            cuts: vec![-1.5, 0.0, 2.25],
        },
        Feature {
            name: "unused".into(),
            cuts: vec![],
        },
    ];
    let classes = vec!["x".into(), "y".into()];
    // More distributions than a tag byte can tell apart.
    let distributions = (0..301u16)
        .map(|index| vec![(index % 256) as u8, 255 - (index % 256) as u8])
        .collect();
    Forest::new(
        features,
        classes,
        distributions,
        vec![stump(0, 2), stump(0, 0)],
    )
    .unwrap()
}

/// A boosted forest of the same two trees.
fn boosted() -> Forest {
    let forest = forest();
    let scores = Scores {
        step: 0.01,
        base: vec![-3, 40],
        values: (-200..=200).step_by(1).collect(),
        tree_classes: vec![1, 0],
    };
    let (features, classes) = (forest.features().to_vec(), forest.classes().to_vec());
    Forest::boosted(features, classes, scores, forest.trees().to_vec()).unwrap()
}

#[test]
fn what_was_written_is_read() {
    let forest = forest();
    let bytes = forest.write();
    let read = Forest::read(&bytes).unwrap();
    assert_eq!(read, forest);
    assert_eq!(read.write(), bytes);
}

#[test]
fn every_cut_is_refused() {
    for bytes in [forest().write(), boosted().write()] {
        cuts_are_refused(&bytes);
    }
}

fn cuts_are_refused(bytes: &[u8]) {
    for length in 0..bytes.len() {
        assert!(Forest::read(&bytes[..length]).is_err(), "{length} bytes");
    }
    let mut longer = bytes.to_vec();
    longer.push(0);
    let error = Forest::read(&longer).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::WrongLength { .. }));
}

#[test]
fn every_changed_byte_is_refused() {
    for bytes in [forest().write(), boosted().write()] {
        for offset in 0..bytes.len() {
            for change in [1, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[offset] ^= change;
                assert!(Forest::read(&changed).is_err(), "byte {offset}");
            }
        }
    }
}

#[test]
fn a_boosted_forest_is_read_as_it_was_written() {
    let bytes = boosted().write();
    assert_eq!(Forest::read(&bytes), Ok(boosted()));
}

#[test]
fn read_tree_by_tree_it_is_the_same_and_an_error_stays() {
    let bytes = boosted().write();
    let mut reader = ForestReader::new(&bytes).unwrap();
    let mut trees = 0;
    while reader.read_tree().unwrap() {
        trees += 1;
    }
    assert_eq!(trees, boosted().trees().len());
    assert_eq!(reader.finish(), Ok(boosted()));

    // One node fewer than there are.
    let mut forged = bytes.clone();
    let nodes: usize = boosted().trees().iter().map(|tree| tree.nodes.len()).sum();
    forged[21..25].copy_from_slice(&(nodes as u32 - 1).to_le_bytes());
    let forged = with_valid_checksum(forged, 14, bytes[14]);
    let mut reader = ForestReader::new(&forged).unwrap();
    let error = loop {
        match reader.read_tree() {
            Ok(more) => assert!(more, "all trees are there"),
            Err(error) => break error,
        }
    };
    assert_eq!(reader.read_tree(), Err(error.clone()));
    assert_eq!(reader.finish(), Err(error));
}

#[test]
fn another_kind_is_named() {
    let forged = with_valid_checksum(forest().write(), 14, 2);
    let error = Forest::read(&forged).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::UnknownKind { found: 2 });
    assert_eq!((error.part, error.offset), (Part::Header, 14));
}

#[test]
fn scores_that_do_not_fit_are_refused() {
    let forest = boosted();
    let Output::Scores(scores) = forest.output() else {
        panic!("a boosted forest has scores");
    };
    let build = |change: fn(&mut Scores)| {
        let mut scores = scores.clone();
        change(&mut scores);
        let (features, classes) = (forest.features().to_vec(), forest.classes().to_vec());
        Forest::boosted(features, classes, scores, forest.trees().to_vec())
    };
    assert!(build(|_| {}).is_ok());
    let changes: [fn(&mut Scores); 9] = [
        |scores| scores.step = 0.0,
        |scores| scores.step = f32::NAN,
        |scores| scores.step = f32::INFINITY,
        |scores| scores.base.truncate(1),
        |scores| scores.base[0] = i32::MIN,
        |scores| scores.values.reverse(),
        |scores| scores.values[7] = scores.values[6],
        |scores| scores.tree_classes[0] = 2,
        |scores| scores.tree_classes.push(0),
    ];
    for change in changes {
        let error = build(change).unwrap_err();
        assert!(matches!(error, BuildError::BadScores { .. }), "{error}");
    }
    for (count, error) in [
        (0, build(|scores| scores.values.clear())),
        (
            65_536,
            build(|scores| scores.values = (i16::MIN..=i16::MAX).collect()),
        ),
    ] {
        let expected = format!("{count} values: a forest has 1 to 65535");
        assert_eq!(error.unwrap_err().to_string(), expected);
    }
    // All trees together could say more than 2^29 steps.
    let leaf = Tree {
        nodes: vec![Node::Leaf { output: 0 }],
    };
    for (trees, is_within) in [(16_384, true), (16_385, false)] {
        let scores = Scores {
            values: vec![i16::MIN],
            tree_classes: vec![0; trees],
            ..scores.clone()
        };
        let (features, classes) = (forest.features().to_vec(), forest.classes().to_vec());
        let built = Forest::boosted(features, classes, scores, vec![leaf.clone(); trees]);
        assert_eq!(built.is_ok(), is_within);
    }
    // Leaf 300 needs 301 values.
    let error = build(|scores| scores.values.truncate(300)).unwrap_err();
    assert_eq!(error, BuildError::BadTree { tree: 0, node: 2 });
}

#[test]
fn a_forged_step_and_base_are_refused() {
    let bytes = boosted().write();
    let step = 0.01f32.to_le_bytes();
    let place = bytes.windows(4).position(|bytes| bytes == step).unwrap();
    let forge = |offset: usize, with: [u8; 4]| {
        let mut forged = bytes.clone();
        forged[offset..offset + 4].copy_from_slice(&with);
        Forest::read(&with_valid_checksum(forged, 14, 1)).unwrap_err()
    };
    for step in [0.0, -1.0, f32::NAN, f32::NEG_INFINITY] {
        let error = forge(place, step.to_le_bytes());
        assert_eq!(error.kind, ReadErrorKind::BadStep);
        assert_eq!(error.part, Part::Outputs);
    }
    let error = forge(place + 4, i32::MAX.to_le_bytes());
    assert_eq!(error.kind, ReadErrorKind::ScoresOutOfRange);
}

#[test]
fn another_version_is_named() {
    let mut bytes = forest().write();
    bytes[4] = 7;
    let error = Forest::read(&bytes).unwrap_err();
    assert_eq!(error.part, Part::Header);
    assert_eq!(error.kind, ReadErrorKind::UnknownVersion { found: 7 });
    assert!(error.to_string().contains("version 7"));
}

#[test]
fn other_files_are_not_forests() {
    for bytes in [&b"\x89PNG\r\n\x1a\n"[..], b"Track URI,Track Name", b"\0"] {
        let error = Forest::read(bytes).unwrap_err();
        assert_eq!(error.kind, ReadErrorKind::NotAForest);
    }
    assert_eq!(Forest::read(b"").unwrap_err().kind, ReadErrorKind::CutShort);
}

/// Changes a byte of the body and mends the checksum, as a malicious file would.
fn with_valid_checksum(mut bytes: Vec<u8>, offset: usize, value: u8) -> Vec<u8> {
    bytes[offset] = value;
    let mut register = u32::MAX;
    for &byte in &bytes[14..] {
        register ^= u32::from(byte);
        for _ in 0..8 {
            register = (register >> 1) ^ (0xEDB8_8320 * (register & 1));
        }
    }
    bytes[10..14].copy_from_slice(&(!register).to_le_bytes());
    bytes
}

#[test]
fn a_forged_file_is_read_whole_or_refused() {
    let forests = [forest().write(), boosted().write()];
    let mut accepted = 0;
    for (bytes, offset) in forests
        .iter()
        .flat_map(|bytes| (14..bytes.len()).map(move |offset| (bytes, offset)))
    {
        for value in [0, 1, 2, 3, 4, 5, 127, 128, 254, 255] {
            let forged = with_valid_checksum(bytes.clone(), offset, value);
            if let Ok(forest) = Forest::read(&forged) {
                assert_is_a_forest(&forest);
                accepted += 1;
            }
        }
    }
    // Names, cuts and leaves can be changed and still make a forest.
    assert!(accepted > 0);
}

#[test]
fn parts_that_are_too_few_or_too_many_are_named() {
    let bagged = |features: usize, cuts: usize, classes: usize, trees: usize| {
        let feature = Feature {
            name: "tempo".into(),
            cuts: (0..cuts).map(|cut| cut as f32).collect(),
        };
        let mut distribution = vec![0; classes];
        distribution
            .iter_mut()
            .take(1)
            .for_each(|weight| *weight = 255);
        let tree = Tree {
            nodes: vec![Node::Leaf { output: 0 }],
        };
        let names = (0..classes).map(|class| class.to_string()).collect();
        let trees = vec![tree; trees];
        Forest::new(vec![feature; features], names, vec![distribution], trees)
    };
    assert!(bagged(100, 254, 255, 65_535).is_ok());
    for (built, what) in [
        (bagged(0, 1, 1, 1), "0 features: a forest has 1 to 100"),
        (bagged(101, 1, 1, 1), "101 features: a forest has 1 to 100"),
        (bagged(1, 1, 0, 1), "0 classes: a forest has 1 to 255"),
        (bagged(1, 1, 256, 1), "256 classes: a forest has 1 to 255"),
        (bagged(1, 1, 1, 0), "0 trees: a forest has 1 to 65535"),
        (
            bagged(1, 1, 1, 65_536),
            "65536 trees: a forest has 1 to 65535",
        ),
        (
            bagged(1, 255, 1, 1),
            "“tempo” has 255 cuts: a feature has at most 254",
        ),
    ] {
        assert_eq!(built.unwrap_err().to_string(), what);
    }
    let forest = boosted();
    let Output::Scores(scores) = forest.output().clone() else {
        panic!("a boosted forest has scores");
    };
    let (features, trees) = (forest.features().to_vec(), forest.trees().to_vec());
    let error = Forest::boosted(features, Vec::new(), scores, trees).unwrap_err();
    assert_eq!(error.to_string(), "0 classes: a forest has 1 to 255");
}

/// What a bagged forest is put together from.
struct Parts {
    features: Vec<Feature>,
    classes: Vec<String>,
    distributions: Vec<Vec<u8>>,
    trees: Vec<Tree>,
}

#[test]
fn parts_that_no_forest_has_are_refused() {
    let forest = forest();
    let build = |change: fn(&mut Parts)| {
        let Output::Shares(distributions) = forest.output() else {
            panic!("a bagged forest has distributions");
        };
        let mut parts = Parts {
            features: forest.features().to_vec(),
            classes: forest.classes().to_vec(),
            distributions: distributions.clone(),
            trees: forest.trees().to_vec(),
        };
        change(&mut parts);
        let Parts {
            features,
            classes,
            distributions,
            trees,
        } = parts;
        Forest::new(features, classes, distributions, trees)
    };
    assert!(build(|_| {}).is_ok());
    let changes: [fn(&mut Parts); 3] = [
        |parts| parts.features[0].cuts.reverse(),
        |parts| parts.features[0].cuts[1] = -1.5,
        |parts| parts.features[0].cuts[2] = f32::INFINITY,
    ];
    let feature = "länge".to_string();
    for change in changes {
        let feature = feature.clone();
        assert_eq!(
            build(change),
            Err(BuildError::CutsNotIncreasing { feature })
        );
    }
    let changes: [fn(&mut Parts); 2] = [
        |parts| parts.features[1].name = "x".repeat(256),
        |parts| parts.classes[1] = "x".repeat(256),
    ];
    for change in changes {
        let name = "x".repeat(256);
        assert_eq!(build(change), Err(BuildError::NameTooLong { name }));
    }
    let changes: [fn(&mut Parts); 2] = [
        |parts| parts.distributions[7].push(0),
        |parts| parts.distributions[7][0] += 1,
    ];
    for change in changes {
        assert_eq!(build(change), Err(BuildError::BadDistribution { index: 7 }));
    }
    for (count, change) in [
        (0, (|parts| parts.distributions.clear()) as fn(&mut Parts)),
        (65_536, |parts| {
            parts.distributions = vec![vec![255, 0]; 65_536]
        }),
    ] {
        let error = build(change).unwrap_err().to_string();
        let expected = format!("{count} distributions: a forest has 1 to 65535");
        assert_eq!(error, expected);
    }
    let error = build(|parts| {
        if let Node::Split { left_share, .. } = &mut parts.trees[1].nodes[0] {
            *left_share = 16;
        }
    });
    assert_eq!(error, Err(BuildError::BadTree { tree: 1, node: 0 }));
}

#[test]
fn trees_that_are_no_trees_are_refused() {
    let leaf = Node::Leaf { output: 0 };
    let split = |feature, threshold, right| Node::Split {
        feature,
        threshold,
        missing_right: false,
        left_share: 7,
        right,
    };
    let build = |nodes: Vec<Node>| {
        Forest::new(
            vec![Feature {
                name: "a".into(),
                cuts: vec![0.0],
            }],
            vec!["x".into()],
            vec![vec![255]],
            vec![Tree { nodes }],
        )
    };
    assert!(build(vec![split(0, 0, 2), leaf, leaf]).is_ok());
    let bad = [
        vec![],
        vec![split(0, 0, 2)],
        vec![split(0, 0, 2), leaf],
        vec![leaf, leaf],
        vec![split(0, 0, 1), leaf, leaf],
        vec![split(0, 0, 0), leaf, leaf],
        vec![split(0, 1, 2), leaf, leaf],
        vec![split(1, 0, 2), leaf, leaf],
        vec![split(0, 0, 2), leaf, Node::Leaf { output: 1 }],
    ];
    for nodes in bad {
        assert!(
            matches!(build(nodes.clone()), Err(BuildError::BadTree { .. })),
            "{nodes:?}"
        );
    }
}

/// A chain of splits on one feature with a cut for each, whose left children are leaves.
fn chain(depth: usize) -> Result<Forest, BuildError> {
    let mut nodes = Vec::new();
    for level in 0..depth {
        nodes.push(Node::Split {
            feature: 0,
            threshold: level as u8,
            missing_right: false,
            left_share: 7,
            right: (level * 2 + 2) as u32,
        });
        nodes.push(Node::Leaf { output: 0 });
    }
    nodes.push(Node::Leaf { output: 0 });
    let cuts = (0..100u8).map(f32::from).collect();
    let feature = Feature {
        name: "a".into(),
        cuts,
    };
    Forest::new(
        vec![feature],
        vec!["x".into()],
        vec![vec![255]],
        vec![Tree { nodes }],
    )
}

#[test]
fn a_tree_has_a_greatest_depth() {
    let deepest = chain(MAXIMUM_DEPTH).unwrap();
    assert_eq!(Forest::read(&deepest.write()), Ok(deepest));
    assert!(matches!(
        chain(MAXIMUM_DEPTH + 1),
        Err(BuildError::BadTree { .. })
    ));
}

#[test]
fn a_split_that_tells_no_rows_apart_is_refused() {
    let split = |threshold, right| Node::Split {
        feature: 0,
        threshold,
        missing_right: false,
        left_share: 7,
        right,
    };
    let leaf = Node::Leaf { output: 0 };
    // Below a split at 1: on its left only 0 is open, on its right only 2.
    let build = |left, right| {
        let nodes = vec![
            split(1, 4),
            split(left, 3),
            leaf,
            leaf,
            split(right, 6),
            leaf,
            leaf,
        ];
        Forest::new(
            vec![Feature {
                name: "a".into(),
                cuts: vec![0.0, 1.0, 2.0],
            }],
            vec!["x".into()],
            vec![vec![255]],
            vec![Tree { nodes }],
        )
    };
    assert!(build(0, 2).is_ok());
    for (left, right, node) in [(1, 2, 1), (2, 2, 1), (0, 1, 4), (0, 0, 4), (0, 3, 4)] {
        assert_eq!(
            build(left, right),
            Err(BuildError::BadTree { tree: 0, node })
        );
    }
}

#[test]
fn counts_that_the_bytes_cannot_hold_are_refused_at_once() {
    let bytes = forest().write();
    let length = bytes.len() as u32;
    // The number of nodes stands behind the header and the other counts.
    let declare = |nodes: u32| {
        let mut forged = bytes.clone();
        forged[21..25].copy_from_slice(&nodes.to_le_bytes());
        with_valid_checksum(forged, 14, bytes[14])
    };
    assert!(Forest::read(&declare(6)).is_ok());
    for (nodes, kind) in [
        (0, ReadErrorKind::CountOutOfRange),
        (1, ReadErrorKind::CountOutOfRange),
        (5, ReadErrorKind::WrongNodeCount),
        (7, ReadErrorKind::WrongNodeCount),
        (length * 86, ReadErrorKind::CountOutOfRange),
        (u32::MAX, ReadErrorKind::CountOutOfRange),
    ] {
        assert_eq!(Forest::read(&declare(nodes)).unwrap_err().kind, kind);
    }
    // The number of distributions stands behind the kind and the numbers of features and classes.
    let mut forged = bytes.clone();
    forged[17..19].copy_from_slice(&u16::MAX.to_le_bytes());
    let error = Forest::read(&with_valid_checksum(forged, 14, bytes[14])).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::CountOutOfRange);
}

#[test]
fn bytes_behind_the_last_tree_are_refused() {
    let mut longer = forest().write();
    longer.push(0);
    let length = longer.len() as u32;
    longer[6..10].copy_from_slice(&length.to_le_bytes());
    let first = longer[14];
    let error = Forest::read(&with_valid_checksum(longer, 14, first)).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::TrailingBytes);
    assert_eq!(error.part, Part::Trees);
}

#[test]
fn any_bytes_as_a_coded_part_are_read_whole_or_refused() {
    // The plain part of a small forest with one tree, and then bytes in a fixed order that looks random.
    let plain = &chain(1).unwrap().write()[14..14 + 16];
    let mut state = 1u64;
    let mut kinds = std::collections::BTreeSet::new();
    for round in 0..20_000u32 {
        let mut bytes = b"OVTF\x01\0\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend_from_slice(plain);
        bytes[21..25].copy_from_slice(&(round % 40 + 1).to_le_bytes());
        bytes[27] = (round % 4) as u8;
        for _ in 0..round % 61 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            bytes.push((state >> 40) as u8);
        }
        let length = bytes.len() as u32;
        bytes[6..10].copy_from_slice(&length.to_le_bytes());
        match Forest::read(&with_valid_checksum(bytes, 14, 0)) {
            Ok(forest) => assert_is_a_forest(&forest),
            Err(error) => {
                assert!(error.offset <= length as usize);
                kinds.insert(format!("{:?}", error.kind));
            }
        }
    }
    for kind in [
        "CutShort",
        "CutsNotIncreasing",
        "NoThresholdLeft",
        "WrongNodeCount",
    ] {
        assert!(kinds.contains(kind), "{kind} is missing in {kinds:?}");
    }
}

/// Inputs that the fuzz target in `tests/fuzz` found, each another way through the reader.
#[test]
fn the_fuzz_corpus_is_read_whole_or_refused() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
    let mut accepted = 0;
    let mut kinds = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(corpus).unwrap() {
        let body = std::fs::read(entry.unwrap().path()).unwrap();
        let mut bytes = b"OVTF\x01\0".to_vec();
        bytes.extend_from_slice(&(body.len() as u32 + 14).to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&body);
        let Some(&first) = body.first() else { continue };
        match Forest::read(&with_valid_checksum(bytes, 14, first)) {
            Ok(forest) => {
                assert_is_a_forest(&forest);
                accepted += 1;
            }
            Err(error) => {
                kinds.insert(format!("{:?}", error.kind));
            }
        }
    }
    assert!(accepted > 0);
    for kind in [
        "BadStep",
        "ClassOutOfRange",
        "CountOutOfRange",
        "CutShort",
        "CutsNotIncreasing",
        "FeatureOutOfRange",
        "NameNotText",
        "NoThresholdLeft",
        "OutputOutOfRange",
        "ScoresOutOfRange",
        "SharesDoNotAddUp",
        "TrailingBytes",
        "ValuesNotIncreasing",
        "WrongNodeCount",
    ] {
        assert!(kinds.contains(kind), "{kind} is missing in {kinds:?}");
    }
}

#[test]
fn nodes_and_trees_take_as_many_bytes_as_the_reader_says() {
    assert_eq!((size_of::<Node>(), size_of::<Tree>()), (8, 24));
    for splits in [0, 1, 3, 32] {
        let forest = Forest::read(&chain(splits).unwrap().write()).unwrap();
        let nodes = &forest.trees()[0].nodes;
        assert!(nodes.capacity() <= (2 * nodes.len()).max(4));
    }
}
