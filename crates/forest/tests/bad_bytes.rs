//! Bytes that are not a forest are refused with a reason; nothing panics.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use overtone_forest::{
    BuildError, Feature, Forest, MAXIMUM_DEPTH, Node, Part, ReadErrorKind, Tree,
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
            Node::Leaf { distribution: 1 },
            Node::Leaf { distribution: 300 },
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
    let bytes = forest().write();
    for length in 0..bytes.len() {
        assert!(Forest::read(&bytes[..length]).is_err(), "{length} bytes");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    let error = Forest::read(&longer).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::WrongLength { .. }));
}

#[test]
fn every_changed_byte_is_refused() {
    let bytes = forest().write();
    for offset in 0..bytes.len() {
        for change in [1, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[offset] ^= change;
            assert!(Forest::read(&changed).is_err(), "byte {offset}");
        }
    }
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
    let bytes = forest().write();
    let mut accepted = 0;
    for offset in 14..bytes.len() {
        for value in [0, 1, 2, 3, 4, 5, 127, 128, 254, 255] {
            let forged = with_valid_checksum(bytes.clone(), offset, value);
            if let Ok(forest) = Forest::read(&forged) {
                let mut probabilities = vec![0.0; forest.classes().len()];
                let row = vec![0.1; forest.features().len()];
                forest.predict(&row, &mut probabilities).unwrap();
                let sum: f64 = probabilities.iter().sum();
                assert!((sum - 1.0).abs() < 1e-12, "byte {offset} as {value}: {sum}");
                accepted += 1;
            }
        }
    }
    // Names, cuts and leaves can be changed and still make a forest.
    assert!(accepted > 0);
}

#[test]
fn trees_that_are_no_trees_are_refused() {
    let leaf = Node::Leaf { distribution: 0 };
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
        vec![split(0, 0, 2), leaf, Node::Leaf { distribution: 1 }],
    ];
    for nodes in bad {
        assert!(
            matches!(build(nodes.clone()), Err(BuildError::BadTree { .. })),
            "{nodes:?}"
        );
    }
    let too_deep = |depth: usize| {
        let mut nodes = Vec::new();
        for level in 0..depth {
            // A chain to the right: each left child is a leaf.
            nodes.push(split(0, 0, (level * 2 + 2) as u32));
            nodes.push(leaf);
        }
        nodes.push(leaf);
        nodes
    };
    assert!(build(too_deep(MAXIMUM_DEPTH)).is_ok());
    assert!(build(too_deep(MAXIMUM_DEPTH + 1)).is_err());
}
