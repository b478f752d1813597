//! Works an exported file out for one row at a time, by what the ONNX specification says of each operator. It shares nothing
//! with what writes the file but the messages.

use std::collections::HashMap;

use prost::Message as _;

use super::messages::{AttributeProto, ModelProto, NodeProto};

/// An exported file.
pub(super) struct Evaluator {
    pub(super) file: ModelProto,
    /// The trees of each node that has some, by the node's name.
    trees: HashMap<String, Trees>,
}

/// What the outputs hold for one row: numbers, with 1 and 0 for true and false, or texts.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Numbers(Vec<f32>),
    Text(String),
}

impl Value {
    pub(super) fn numbers(&self) -> &[f32] {
        match self {
            Value::Numbers(numbers) => numbers,
            Value::Text(text) => panic!("“{text}” is no number"),
        }
    }
}

impl Evaluator {
    pub(super) fn new(file: &[u8]) -> Self {
        let file = ModelProto::decode(file).unwrap();
        let nodes = file.graph.iter().flat_map(|graph| &graph.node);
        let nodes = nodes.filter(|node| node.op_type == "TreeEnsembleRegressor");
        let trees = nodes.map(|node| (node.name.clone(), Trees::new(node)));
        let trees = trees.collect();
        Self { file, trees }
    }

    /// All values of the graph for a row of its input.
    pub(super) fn values(&self, row: &[f32]) -> HashMap<String, Value> {
        let graph = self.file.graph.as_ref().unwrap();
        let mut values = HashMap::new();
        for constant in &graph.initializer {
            let whole = constant.int64_data.iter().map(|&number| number as f32);
            let numbers = constant.float_data.iter().copied().chain(whole).collect();
            values.insert(constant.name.clone(), Value::Numbers(numbers));
        }
        values.insert(graph.input[0].name.clone(), Value::Numbers(row.to_vec()));
        for node in &graph.node {
            let inputs: Vec<&[f32]> = node
                .input
                .iter()
                .map(|name| values[name].numbers())
                .collect();
            let value = self.node(node, &inputs);
            values.insert(node.output[0].clone(), value);
        }
        values
    }

    fn node(&self, node: &NodeProto, inputs: &[&[f32]]) -> Value {
        let truth = |is_true: bool| f32::from(u8::from(is_true));
        let first = inputs[0];
        let numbers = match node.op_type.as_str() {
            "GreaterOrEqual" => pairs(inputs, |left, right| truth(left >= right)),
            "LessOrEqual" => pairs(inputs, |left, right| truth(left <= right)),
            "Greater" => pairs(inputs, |left, right| truth(left > right)),
            "And" => pairs(inputs, |left, right| truth(left != 0.0 && right != 0.0)),
            "Add" => pairs(inputs, |left, right| left + right),
            "Mul" => pairs(inputs, |left, right| left * right),
            "Div" => pairs(inputs, |left, right| left / right),
            "Where" => {
                let width = inputs.iter().map(|input| input.len()).max().unwrap();
                let value = |index: usize| {
                    let chosen = if at(first, index) != 0.0 { 1 } else { 2 };
                    at(inputs[chosen], index)
                };
                (0..width).map(value).collect()
            }
            // With a matrix of one column.
            "MatMul" => vec![pairs(inputs, |left, right| left * right).iter().sum()],
            "Cast" | "Squeeze" => first.to_vec(),
            "ReduceMax" => vec![largest(first)],
            "ArgMax" => {
                let is_largest = |&number: &f32| number == largest(first);
                vec![first.iter().position(is_largest).unwrap() as f32]
            }
            "Softmax" => {
                let powers = first
                    .iter()
                    .map(|number| libm::expf(number - largest(first)));
                let powers: Vec<f32> = powers.collect();
                let sum: f32 = powers.iter().sum();
                powers.iter().map(|power| power / sum).collect()
            }
            "Gather" => vec![first[inputs[1][0] as usize]],
            "TreeEnsembleRegressor" => self.trees[&node.name].totals(first),
            "LabelEncoder" => {
                let keys = &attribute(node, "keys_int64s").ints;
                let key = keys.iter().position(|&key| key as f32 == first[0]);
                let text = match key {
                    Some(key) => &attribute(node, "values_strings").strings[key],
                    None => attribute(node, "default_string").s.as_ref().unwrap(),
                };
                return Value::Text(String::from_utf8(text.clone()).unwrap());
            }
            other => panic!("{other} is not known here"),
        };
        Value::Numbers(numbers)
    }
}

/// A value's element; a value of one element has it everywhere.
fn at(values: &[f32], index: usize) -> f32 {
    values[index.min(values.len() - 1)]
}

fn pairs(inputs: &[&[f32]], made: impl Fn(f32, f32) -> f32) -> Vec<f32> {
    let width = inputs[0].len().max(inputs[1].len());
    (0..width)
        .map(|index| made(at(inputs[0], index), at(inputs[1], index)))
        .collect()
}

fn largest(numbers: &[f32]) -> f32 {
    numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max)
}

fn attribute<'node>(node: &'node NodeProto, name: &str) -> &'node AttributeProto {
    let mut attributes = node.attribute.iter();
    attributes.find(|attribute| attribute.name == name).unwrap()
}

/// The trees of a `TreeEnsembleRegressor`.
struct Trees {
    classes: usize,
    /// The index of each tree's first node, which is its root.
    roots: Vec<usize>,
    nodes: Vec<Step>,
}

enum Step {
    Split {
        feature: usize,
        value: f32,
        missing_is_true: bool,
        if_true: usize,
        if_false: usize,
    },
    /// What is added to which class.
    Leaf(Vec<(usize, f32)>),
}

impl Trees {
    fn new(node: &NodeProto) -> Self {
        let ints = |name: &str| &attribute(node, name).ints;
        let floats = |name: &str| &attribute(node, name).floats;
        let places = |trees: &str, nodes: &str| {
            let pairs = ints(trees).iter().copied().zip(ints(nodes).iter().copied());
            pairs.collect::<Vec<(i64, i64)>>()
        };
        let own = places("nodes_treeids", "nodes_nodeids");
        let indices: HashMap<_, _> = (0..)
            .zip(&own)
            .map(|(index, place)| (*place, index))
            .collect();
        let mut leaves: HashMap<_, Vec<_>> = HashMap::new();
        let of_leaves = places("target_treeids", "target_nodeids");
        for (index, place) in of_leaves.into_iter().enumerate() {
            let class = ints("target_ids")[index] as usize;
            let value = floats("target_weights")[index];
            leaves.entry(place).or_default().push((class, value));
        }
        let mut roots = Vec::new();
        let mut nodes = Vec::new();
        let modes = &attribute(node, "nodes_modes").strings;
        assert_eq!(modes.len(), own.len());
        for (index, (place, mode)) in own.iter().zip(modes).enumerate() {
            if index == 0 || own[index - 1].0 != place.0 {
                roots.push(index);
            }
            let child = |name: &str| indices[&(place.0, ints(name)[index])];
            nodes.push(if mode == b"BRANCH_LEQ" {
                Step::Split {
                    feature: ints("nodes_featureids")[index] as usize,
                    value: floats("nodes_values")[index],
                    missing_is_true: ints("nodes_missing_value_tracks_true")[index] == 1,
                    if_true: child("nodes_truenodeids"),
                    if_false: child("nodes_falsenodeids"),
                }
            } else {
                assert_eq!(mode, b"LEAF");
                Step::Leaf(leaves[place].clone())
            });
        }
        Self {
            classes: attribute(node, "n_targets").i.unwrap() as usize,
            roots,
            nodes,
        }
    }

    fn totals(&self, row: &[f32]) -> Vec<f32> {
        let mut totals = vec![0.0; self.classes];
        for &root in &self.roots {
            let mut index = root;
            loop {
                match &self.nodes[index] {
                    Step::Split {
                        feature,
                        value,
                        missing_is_true,
                        if_true,
                        if_false,
                    } => {
                        let of_row = row[*feature];
                        let is_true = of_row <= *value || (of_row.is_nan() && *missing_is_true);
                        index = if is_true { *if_true } else { *if_false };
                    }
                    Step::Leaf(said) => {
                        for &(class, value) in said {
                            totals[class] += value;
                        }
                        break;
                    }
                }
            }
        }
        totals
    }
}
