//! Puts boosted trees into Overtone's format: leaf values become whole steps.

use std::collections::BTreeSet;

use overtone_forest::{Feature, Forest, LEFT_SHARES, Node, Scores, Tree};

use crate::StudyError;
use crate::boost::{BoostedNode, BoostedTree, BoostedTrees};

/// How scores become whole steps, and calibrated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steps {
    /// What one step is worth before calibration. Leaf values are rounded to whole steps, so a larger step takes fewer
    /// bytes.
    pub size: f32,
    /// What scores are divided by so that probabilities are calibrated; 1 changes nothing.
    pub temperature: f32,
}

/// Packs boosted trees. Siblings that say the same in whole steps are merged, which changes no answer.
///
/// # Errors
/// When the forest has more of something than the format holds.
pub fn pack_boosted(
    trees: &BoostedTrees,
    features: Vec<Feature>,
    classes: Vec<String>,
    steps: Steps,
) -> Result<Forest, StudyError> {
    let whole = |value: f32| {
        (value / steps.size)
            .round()
            .clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
    };
    let mut said = BTreeSet::new();
    let merged: Vec<(usize, Vec<Placed>)> = trees
        .trees
        .iter()
        .map(|tree| {
            let mut nodes = Vec::new();
            place(tree, 0, &whole, &mut nodes);
            said.extend(nodes.iter().filter_map(|node| match node {
                Placed::Leaf(value) => Some(*value),
                Placed::Split(_) => None,
            }));
            (tree.class, nodes)
        })
        .collect();
    let values: Vec<i16> = said.into_iter().collect();
    let output = |value: i16| values.binary_search(&value).unwrap_or(0) as u16;
    let packed = merged
        .iter()
        .map(|(_, nodes)| Tree {
            nodes: nodes
                .iter()
                .map(|node| match *node {
                    Placed::Split(split) => split,
                    Placed::Leaf(value) => Node::Leaf {
                        output: output(value),
                    },
                })
                .collect(),
        })
        .collect();
    let scores = Scores {
        step: steps.size / steps.temperature,
        base: trees
            .base
            .iter()
            .map(|&base| (base / steps.size).round() as i32)
            .collect(),
        tree_classes: merged.iter().map(|&(class, _)| class as u8).collect(),
        values: values.clone(),
    };
    Ok(Forest::boosted(features, classes, scores, packed)?)
}

/// A node in preorder whose leaf value is in whole steps.
#[derive(Clone, Copy)]
enum Placed {
    Split(Node),
    Leaf(i16),
}

/// Appends the nodes of a subtree in preorder.
fn place(tree: &BoostedTree, index: usize, whole: &impl Fn(f32) -> i16, nodes: &mut Vec<Placed>) {
    match tree.nodes[index] {
        BoostedNode::Leaf { value, .. } => nodes.push(Placed::Leaf(whole(value))),
        BoostedNode::Split {
            feature,
            threshold,
            missing_right,
            left,
            right,
            rows,
        } => {
            let own = nodes.len();
            let left_rows = tree.nodes[left].rows();
            let split = |right: usize| {
                Placed::Split(Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    left_share: left_share(left_rows, rows),
                    right: u32::try_from(right).unwrap_or(u32::MAX),
                })
            };
            nodes.push(split(0));
            place(tree, left, whole, nodes);
            let right_index = nodes.len();
            place(tree, right, whole, nodes);
            if let [Placed::Leaf(left), Placed::Leaf(right)] = nodes[own + 1..]
                && left == right
            {
                nodes.truncate(own);
                nodes.push(Placed::Leaf(left));
            } else {
                nodes[own] = split(right_index);
            }
        }
    }
}

/// Which of the [`LEFT_SHARES`] equal parts of 0 to 1 the share of rows that went left lies in.
fn left_share(left: u32, all: u32) -> u8 {
    let part = u64::from(left) * u64::from(LEFT_SHARES) / u64::from(all).max(1);
    (part as u8).min(LEFT_SHARES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boost::{Boosting, Examples, MISSING};

    #[test]
    fn the_packed_forest_answers_as_the_trees_do() {
        let mut bins = Vec::new();
        let mut targets = Vec::new();
        for index in 0..500u32 {
            let (a, b) = ((index * 37 % 251) as u8, (index * 101 % 239) as u8);
            bins.extend([a, if index % 9 == 0 { MISSING } else { b }]);
            let class = usize::from(a > 120) + usize::from(b > 100);
            targets.extend((0..3).map(|other| if other == class { 1.0 } else { 0.0 }));
        }
        let examples = Examples::new(&bins, 2, &targets, 3, &[1.0; 500]).unwrap();
        let options = Boosting {
            rounds: 20,
            leaves: 8,
            minimum_rows: 5,
            ..Boosting::default()
        };
        let trees = options.fit(&examples, |_| {}).unwrap();
        let feature = |name: &str| Feature {
            name: name.into(),
            cuts: (0..254u8).map(|cut| f32::from(cut) + 0.5).collect(),
        };
        let forest = pack_boosted(
            &trees,
            vec![feature("a"), feature("b")],
            ["x", "y", "z"].map(str::to_owned).to_vec(),
            Steps {
                size: 1e-4,
                temperature: 1.0,
            },
        )
        .unwrap();
        let mut found = [0.0; 3];
        for row in bins.chunks(2) {
            let values: Vec<f32> = row
                .iter()
                .map(|&bin| {
                    if bin == MISSING {
                        f32::NAN
                    } else {
                        f32::from(bin)
                    }
                })
                .collect();
            forest.predict(&values, &mut found).unwrap();
            for (found, expected) in found.iter().zip(trees.predict(row)) {
                assert!((found - f64::from(expected)).abs() < 1e-3);
            }
        }
        assert_eq!(Forest::read(&forest.write()).unwrap(), forest);
    }

    #[test]
    fn a_temperature_softens_and_equal_siblings_merge() {
        let tree = BoostedTree {
            class: 1,
            nodes: vec![
                BoostedNode::Split {
                    feature: 0,
                    threshold: 0,
                    missing_right: true,
                    left: 1,
                    right: 2,
                    rows: 4,
                },
                BoostedNode::Leaf {
                    value: 0.5,
                    rows: 1,
                },
                BoostedNode::Leaf {
                    value: 0.501,
                    rows: 3,
                },
            ],
        };
        let trees = BoostedTrees {
            base: vec![0.0, 0.5],
            trees: vec![tree],
        };
        let feature = Feature {
            name: "a".into(),
            cuts: vec![0.5],
        };
        let steps = Steps {
            size: 0.1,
            temperature: 2.0,
        };
        let classes = vec!["x".into(), "y".into()];
        let forest = pack_boosted(&trees, vec![feature], classes, steps).unwrap();
        assert_eq!(forest.trees()[0].nodes.len(), 1);
        let mut found = [0.0; 2];
        forest.predict(&[1.0], &mut found).unwrap();
        let expected = 1.0 / (1.0 + libm::exp(-0.5));
        assert!((found[1] - expected).abs() < 1e-6);
    }
}
