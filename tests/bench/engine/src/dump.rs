//! Reads scikit-learn's forest as `tests/bench/make_forests.py` dumps it, and packs it.

#![allow(
    clippy::indexing_slicing,
    reason = "native only, and on a file that the benchmark has made itself"
)]

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use overtone_forest::{Feature, Forest, LEFT_SHARES, Node, SHARES, Tree};

/// A forest as scikit-learn has it.
pub(crate) struct Dump {
    /// The cuts of each feature.
    cuts: Vec<Vec<f32>>,
    classes: usize,
    trees: Vec<DumpedTree>,
}

/// The columns of a tree's nodes, in preorder.
struct DumpedTree {
    /// Negative for a leaf.
    features: Vec<i32>,
    /// Rows whose value is at most this go left.
    thresholds: Vec<f32>,
    left: Vec<i32>,
    right: Vec<i32>,
    /// How many training rows passed.
    rows: Vec<f32>,
    /// The probability of each class, node by node.
    probabilities: Vec<f32>,
}

impl Dump {
    /// Reads a dump.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let mut rest = Rest(bytes);
        let [features, classes, trees] = [rest.count()?, rest.count()?, rest.count()?];
        let cuts = (0..features)
            .map(|_| {
                let count = rest.count()?;
                rest.numbers(count, f32::from_le_bytes)
            })
            .collect::<Result<_>>()?;
        let trees = (0..trees)
            .map(|_| {
                let nodes = rest.count()?;
                Ok(DumpedTree {
                    features: rest.numbers(nodes, i32::from_le_bytes)?,
                    thresholds: rest.numbers(nodes, f32::from_le_bytes)?,
                    left: rest.numbers(nodes, i32::from_le_bytes)?,
                    right: rest.numbers(nodes, i32::from_le_bytes)?,
                    rows: rest.numbers(nodes, f32::from_le_bytes)?,
                    probabilities: rest.numbers(nodes * classes, f32::from_le_bytes)?,
                })
            })
            .collect::<Result<_>>()?;
        if !rest.0.is_empty() {
            bail!("the dump has {} bytes too many", rest.0.len());
        }
        Ok(Self {
            cuts,
            classes,
            trees,
        })
    }

    /// The forest in Overtone's format. A leaf's distribution is rounded to `levels` equal steps; one step is a vote for
    /// the likeliest class. `levels` divides [`SHARES`].
    pub(crate) fn pack(&self, levels: u8) -> Result<Forest> {
        let mut packing = Packing {
            dump: self,
            levels,
            indices: HashMap::new(),
            weights: Vec::new(),
        };
        let mut trees = Vec::new();
        for tree in &self.trees {
            let mut nodes = Vec::new();
            packing.place(tree, 0, &mut nodes)?;
            trees.push(Tree { nodes });
        }
        let distributions = most_used_first(&mut trees, &packing.weights);
        let features = self.cuts.iter().enumerate().map(|(index, cuts)| Feature {
            name: format!("feature {index}"),
            cuts: cuts.clone(),
        });
        let classes = (0..self.classes).map(|class| format!("class {class}"));
        Ok(Forest::new(
            features.collect(),
            classes.collect(),
            distributions,
            trees,
        )?)
    }
}

/// What is not read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn count(&mut self) -> Result<usize> {
        let numbers = self.numbers(1, u32::from_le_bytes)?;
        let number = numbers.first().copied().unwrap_or(0);
        Ok(usize::try_from(number)?)
    }

    fn numbers<T>(&mut self, count: usize, from: fn([u8; 4]) -> T) -> Result<Vec<T>> {
        let (numbers, rest) = self
            .0
            .split_at_checked(count * 4)
            .context("the dump ends too early")?;
        self.0 = rest;
        Ok(numbers
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| from(bytes))
            .collect())
    }
}

struct Packing<'a> {
    dump: &'a Dump,
    levels: u8,
    /// The place of each distribution in `weights`.
    indices: HashMap<Vec<u8>, u16>,
    weights: Vec<Vec<u8>>,
}

impl Packing<'_> {
    /// Appends a subtree in preorder. Two leaves side by side that say the same become one, which changes no answer.
    fn place(&mut self, tree: &DumpedTree, index: usize, nodes: &mut Vec<Node>) -> Result<()> {
        let Ok(feature) = usize::try_from(tree.features[index]) else {
            let classes = self.dump.classes;
            let probabilities = &tree.probabilities[index * classes..][..classes];
            let distribution = self.index(in_shares(probabilities, self.levels));
            nodes.push(Node::Leaf {
                output: distribution,
            });
            return Ok(());
        };
        let [left, right] = [
            usize::try_from(tree.left[index])?,
            usize::try_from(tree.right[index])?,
        ];
        let threshold = tree.thresholds[index];
        let cut = self.dump.cuts[feature]
            .iter()
            .position(|&cut| cut == threshold)
            .context("a threshold is none of its feature's cuts")?;
        let share = tree.rows[left] / (tree.rows[left] + tree.rows[right]);
        let own = nodes.len();
        // A placeholder: the right child's index is not known before the left one is placed.
        nodes.push(Node::Leaf { output: 0 });
        self.place(tree, left, nodes)?;
        let right_index = nodes.len();
        self.place(tree, right, nodes)?;
        match (nodes[own + 1], nodes[right_index]) {
            (Node::Leaf { output: one }, Node::Leaf { output: other }) if one == other => {
                nodes.truncate(own);
                nodes.push(Node::Leaf { output: one });
            }
            _ => {
                nodes[own] = Node::Split {
                    feature: u8::try_from(feature)?,
                    threshold: u8::try_from(cut)?,
                    missing_right: share < 0.5,
                    left_share: ((share * f32::from(LEFT_SHARES)) as u8).min(LEFT_SHARES - 1),
                    right: u32::try_from(right_index)?,
                };
            }
        }
        Ok(())
    }

    /// The index of a distribution. Beyond what an index can tell, the forest is refused as a whole when it is built.
    fn index(&mut self, weights: Vec<u8>) -> u16 {
        let next = u16::try_from(self.weights.len()).unwrap_or(u16::MAX);
        *self.indices.entry(weights).or_insert_with_key(|weights| {
            self.weights.push(weights.clone());
            next
        })
    }
}

/// Sorts distributions by how many leaves refer to them, as the first ones take fewer bytes, and leaves out those that
/// merging has left without any.
fn most_used_first(trees: &mut [Tree], weights: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut uses = vec![0usize; weights.len()];
    for node in trees.iter().flat_map(|tree| &tree.nodes) {
        if let Node::Leaf {
            output: distribution,
        } = node
        {
            uses[usize::from(*distribution)] += 1;
        }
    }
    let mut order: Vec<usize> = (0..weights.len()).filter(|&old| uses[old] > 0).collect();
    order.sort_by_key(|&old| std::cmp::Reverse(uses[old]));
    let mut places = vec![0u16; weights.len()];
    for (new, &old) in order.iter().enumerate() {
        places[old] = u16::try_from(new).unwrap_or(u16::MAX);
    }
    for node in trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
        if let Node::Leaf {
            output: distribution,
        } = node
        {
            *distribution = places[usize::from(*distribution)];
        }
    }
    order.iter().map(|&old| weights[old].clone()).collect()
}

/// Probabilities as whole shares, rounded to `levels` equal steps by the method of largest remainders.
fn in_shares(probabilities: &[f32], levels: u8) -> Vec<u8> {
    let exact: Vec<f32> = probabilities
        .iter()
        .map(|&probability| probability * f32::from(levels))
        .collect();
    let mut steps: Vec<u8> = exact.iter().map(|&exact| exact as u8).collect();
    let missing = usize::from(levels) - steps.iter().map(|&step| usize::from(step)).sum::<usize>();
    let mut by_remainder: Vec<usize> = (0..exact.len()).collect();
    by_remainder.sort_by(|&one, &other| {
        (exact[other] - exact[other].floor()).total_cmp(&(exact[one] - exact[one].floor()))
    });
    for class in by_remainder.into_iter().take(missing) {
        steps[class] += 1;
    }
    steps.iter().map(|step| step * (SHARES / levels)).collect()
}
