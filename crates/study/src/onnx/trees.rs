//! A forest as ONNX's operator for trees.

use overtone_forest::{Forest, Node, Output, Scores};
use overtone_genre::{Feature, ModelError};

use super::OnnxError;
use super::messages::NodeProto;
use super::nodes::{floats, int, ints, node, strings, text};

/// Whole numbers up to here, and so all sums of them that stay below, are exact in 32-bit floats.
const LARGEST_EXACT: u64 = 1 << 24;

/// The node that adds up what a forest's leaves say about the rows of `input`, whose columns are [`Feature::ALL`]: for each
/// class the whole number that the trees of the forest itself add up. What a boosted class has before any tree ([`base`]) is
/// to be added.
///
/// # Errors
/// When a total can be too large to be exact.
pub(super) fn totals(forest: &Forest, input: &str, output: &str) -> Result<NodeProto, OnnxError> {
    if farthest_total(forest) > LARGEST_EXACT {
        return Err(OnnxError::TotalsTooLarge);
    }
    let columns = columns(forest)?;
    let mut trees = Columns::default();
    for (tree_index, tree) in (0..).zip(forest.trees()) {
        for (index, node) in (0..).zip(&tree.nodes) {
            trees.node(forest, &columns, (tree_index, index), *node);
        }
    }
    let classes = i64::try_from(forest.classes().len()).unwrap_or(i64::MAX);
    let attributes = vec![
        text("aggregate_function", "SUM"),
        int("n_targets", classes),
        ints("nodes_falsenodeids", trees.right),
        ints("nodes_featureids", trees.feature),
        ints("nodes_missing_value_tracks_true", trees.missing_left),
        strings("nodes_modes", trees.mode),
        ints("nodes_nodeids", trees.node),
        ints("nodes_treeids", trees.tree),
        ints("nodes_truenodeids", trees.left),
        floats("nodes_values", trees.cut),
        text("post_transform", "NONE"),
        ints("target_ids", trees.leaf_class),
        ints("target_nodeids", trees.leaf_node),
        ints("target_treeids", trees.leaf_tree),
        floats("target_weights", trees.leaf_value),
    ];
    Ok(NodeProto {
        domain: super::ML_DOMAIN.to_owned(),
        ..node("TreeEnsembleRegressor", &[input], output, attributes)
    })
}

/// The totals of a boosted forest's classes before any tree. They do not go into the operator's `base_values`: onnxruntime 1.32
/// passes over that of a class without trees, as the forest that tells outsiders has one.
pub(super) fn base(scores: &Scores) -> Vec<f32> {
    scores.base.iter().map(|&steps| steps as f32).collect()
}

/// For each of the forest's features its column in [`Feature::ALL`].
fn columns(forest: &Forest) -> Result<Vec<i64>, ModelError> {
    let features = forest.features().iter();
    features
        .map(|feature| {
            let known = Feature::from_name(&feature.name);
            let column = known.map(|feature| feature as i64);
            column.ok_or_else(|| ModelError::UnknownFeature {
                name: feature.name.clone(),
            })
        })
        .collect()
}

/// How far from 0 the total of any class can be.
fn farthest_total(forest: &Forest) -> u64 {
    let trees = forest.trees().len() as u64;
    match forest.output() {
        Output::Shares(_) => trees * u64::from(overtone_forest::SHARES),
        Output::Scores(scores) => {
            let values = scores.values.iter().map(|value| value.unsigned_abs());
            let base = scores.base.iter().map(|base| base.unsigned_abs());
            let of_trees = trees * u64::from(values.max().unwrap_or(0));
            of_trees + u64::from(base.max().unwrap_or(0))
        }
    }
}

/// What the operator is told of all nodes, an entry for each, and of what leaves say, an entry for each class that a leaf
/// says something about.
#[derive(Default)]
struct Columns {
    tree: Vec<i64>,
    node: Vec<i64>,
    mode: Vec<&'static str>,
    feature: Vec<i64>,
    cut: Vec<f32>,
    left: Vec<i64>,
    right: Vec<i64>,
    missing_left: Vec<i64>,
    leaf_tree: Vec<i64>,
    leaf_node: Vec<i64>,
    leaf_class: Vec<i64>,
    leaf_value: Vec<f32>,
}

impl Columns {
    /// Adds a node of a checked forest, by the indices of its tree and of itself.
    fn node(&mut self, forest: &Forest, columns: &[i64], (tree, index): (i64, i64), node: Node) {
        self.tree.push(tree);
        self.node.push(index);
        let (mode, feature, cut, left, right, missing_left) = match node {
            Node::Split {
                feature,
                threshold,
                missing_right,
                right,
                ..
            } => {
                let feature = usize::from(feature);
                // A bin of at most the threshold is a value of at most the cut.
                let cut = forest.features()[feature].cuts[usize::from(threshold)];
                let right = i64::from(right);
                let missing_left = i64::from(!missing_right);
                (
                    "BRANCH_LEQ",
                    columns[feature],
                    cut,
                    index + 1,
                    right,
                    missing_left,
                )
            }
            Node::Leaf { output } => {
                self.leaf(forest, (tree, index), output);
                ("LEAF", 0, 0.0, 0, 0, 0)
            }
        };
        self.mode.push(mode);
        self.feature.push(feature);
        self.cut.push(cut);
        self.left.push(left);
        self.right.push(right);
        self.missing_left.push(missing_left);
    }

    /// Adds what a leaf says.
    fn leaf(&mut self, forest: &Forest, (tree, index): (i64, i64), output: u16) {
        let output = usize::from(output);
        let said: Vec<(i64, f32)> = match forest.output() {
            Output::Shares(distributions) => {
                let weights = (0..).zip(&distributions[output]);
                let weights = weights.filter(|(_, weight)| **weight > 0);
                weights
                    .map(|(class, &weight)| (class, f32::from(weight)))
                    .collect()
            }
            Output::Scores(scores) => {
                let class = scores.tree_classes[tree as usize];
                vec![(i64::from(class), f32::from(scores.values[output]))]
            }
        };
        for (class, value) in said {
            self.leaf_tree.push(tree);
            self.leaf_node.push(index);
            self.leaf_class.push(class);
            self.leaf_value.push(value);
        }
    }
}
