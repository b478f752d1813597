//! The forest itself, and the checks that every forest has passed.

use alloc::string::String;
use alloc::vec::Vec;

use crate::output::{Output, Scores};
use crate::path::Path;
use crate::{
    BuildError, LEFT_SHARES, MAXIMUM_CLASSES, MAXIMUM_CUTS, MAXIMUM_DEPTH, MAXIMUM_FEATURES,
    MAXIMUM_TREES, SHARES,
};

/// One input of a forest.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// The feature's name, at most 255 bytes.
    pub name: String,
    /// The borders between its bins, finite and strictly increasing, at most [`MAXIMUM_CUTS`]; in the feature's
    /// own unit. A value's bin is the number of cuts below it, so a value equal to a cut lies left of it.
    pub cuts: Vec<f32>,
}

/// A binary tree as its nodes in preorder: a split's left child is the node behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The nodes; the first is the root.
    pub nodes: Vec<Node>,
}

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// Sends a row on to one of two children.
    Split {
        /// The index of the feature that is compared.
        feature: u8,
        /// Rows whose bin is at most this go left, the others right. It lies where the splits above have left bins on
        /// both sides.
        threshold: u8,
        /// Whether rows without a value for the feature go right.
        missing_right: bool,
        /// Which sixteenth the share of the training rows here that went left lies in, 0 to 15: the share is taken to
        /// be (`left_share` + ½) / 16. Contributions weigh the two ways by it; predictions do not look at it.
        left_share: u8,
        /// The index, within the tree, of the right child.
        right: u32,
    },
    /// Ends a row's way.
    Leaf {
        /// The index of what the tree says about such rows: a distribution of a bagged forest, a value of a boosted one.
        output: u16,
    },
}

/// A checked forest: every index in it is within bounds, and every tree ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    pub(crate) features: Vec<Feature>,
    pub(crate) classes: Vec<String>,
    pub(crate) output: Output,
    pub(crate) trees: Vec<Tree>,
}

impl Forest {
    /// Puts a bagged forest together from its parts and checks them.
    ///
    /// `distributions` holds, for each leaf distribution, one weight for each class; the weights of one distribution
    /// add up to [`SHARES`].
    ///
    /// # Errors
    /// When a count, a name, a table of cuts, a distribution or a tree is not what the format holds.
    pub fn new(
        features: Vec<Feature>,
        classes: Vec<String>,
        distributions: Vec<Vec<u8>>,
        trees: Vec<Tree>,
    ) -> Result<Self, BuildError> {
        check_counts(&features, &classes, &trees)?;
        check_count("distributions", distributions.len(), MAXIMUM_OUTPUTS)?;
        for (index, distribution) in distributions.iter().enumerate() {
            if distribution.len() != classes.len() || !adds_up(distribution) {
                return Err(BuildError::BadDistribution { index });
            }
        }
        Self::checked(features, classes, Output::Shares(distributions), trees)
    }

    /// Puts a boosted forest together from its parts and checks them.
    ///
    /// # Errors
    /// When a count, a name, a table of cuts, the scores or a tree is not what the format holds.
    pub fn boosted(
        features: Vec<Feature>,
        classes: Vec<String>,
        scores: Scores,
        trees: Vec<Tree>,
    ) -> Result<Self, BuildError> {
        check_counts(&features, &classes, &trees)?;
        check_count("values", scores.values.len(), MAXIMUM_OUTPUTS)?;
        let has_class = |&class: &u8| usize::from(class) < classes.len();
        let problem = if !is_step(scores.step) {
            Some("the step of the scores is not finite and greater than 0")
        } else if scores.base.len() != classes.len() {
            Some("there is not one base score for each class")
        } else if !scores.values.is_sorted_by(|left, right| left < right) {
            Some("the values of the leaves are not strictly increasing")
        } else if scores.tree_classes.len() != trees.len()
            || !scores.tree_classes.iter().all(has_class)
        {
            Some("there is not one class for each tree")
        } else if !are_within_totals(&scores.base, &scores.values, trees.len()) {
            Some("the base scores, or the values of all trees together, are beyond 2^29 steps")
        } else {
            None
        };
        if let Some(what) = problem {
            return Err(BuildError::BadScores { what });
        }
        Self::checked(features, classes, Output::Scores(scores), trees)
    }

    /// Checks what is the same in both kinds of forest, but for the counts.
    fn checked(
        features: Vec<Feature>,
        classes: Vec<String>,
        output: Output,
        trees: Vec<Tree>,
    ) -> Result<Self, BuildError> {
        let names = features.iter().map(|feature| &feature.name).chain(&classes);
        for name in names {
            if name.len() > usize::from(u8::MAX) {
                return Err(BuildError::NameTooLong { name: name.clone() });
            }
        }
        for feature in &features {
            if feature.cuts.len() > MAXIMUM_CUTS {
                return Err(BuildError::TooManyCuts {
                    feature: feature.name.clone(),
                    found: feature.cuts.len(),
                });
            }
            if !is_increasing(&feature.cuts) {
                return Err(BuildError::CutsNotIncreasing {
                    feature: feature.name.clone(),
                });
            }
        }
        for (index, tree) in trees.iter().enumerate() {
            check_tree(tree, &features, output.entries())
                .map_err(|node| BuildError::BadTree { tree: index, node })?;
        }
        Ok(Self {
            features,
            classes,
            output,
            trees,
        })
    }

    /// The features, in the order of a row's values.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The names of the classes, in the order of the probabilities.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The trees.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// What the leaves refer to.
    pub fn output(&self) -> &Output {
        &self.output
    }
}

/// The largest number of entries that leaves refer to, with 16 bits.
pub(crate) const MAXIMUM_OUTPUTS: usize = 65_535;

/// The farthest from 0 that a base score may be, and the values of all trees together, in steps. So totals and their
/// differences stay within 32 bits.
const FARTHEST_TOTAL: i64 = 1 << 29;

/// Whether a step of a boosted forest's scores is one.
pub(crate) fn is_step(step: f32) -> bool {
    step.is_finite() && step > 0.0
}

/// Whether no total of a boosted forest can be too large. `values` are sorted.
pub(crate) fn are_within_totals(base: &[i32], values: &[i16], trees: usize) -> bool {
    let ends = [values.first(), values.last()];
    let farthest = ends.into_iter().flatten().map(|value| value.unsigned_abs());
    let of_trees = farthest.max().map_or(0, i64::from) * i64::try_from(trees).unwrap_or(i64::MAX);
    let is_near = |total: i64| total <= FARTHEST_TOTAL;
    is_near(of_trees) && base.iter().all(|base| is_near(i64::from(*base).abs()))
}

/// Checks that there are as many features, classes and trees as a forest can have.
fn check_counts(
    features: &[Feature],
    classes: &[String],
    trees: &[Tree],
) -> Result<(), BuildError> {
    check_count("features", features.len(), MAXIMUM_FEATURES)?;
    check_count("classes", classes.len(), MAXIMUM_CLASSES)?;
    check_count("trees", trees.len(), MAXIMUM_TREES)
}

fn check_count(what: &'static str, found: usize, maximum: usize) -> Result<(), BuildError> {
    if found == 0 || found > maximum {
        return Err(BuildError::CountOutOfRange {
            what,
            found,
            maximum,
        });
    }
    Ok(())
}

/// Whether cuts are finite and strictly increasing.
pub(crate) fn is_increasing(cuts: &[f32]) -> bool {
    cuts.iter().all(|cut| cut.is_finite()) && cuts.is_sorted_by(|left, right| left < right)
}

/// Whether weights add up to [`SHARES`].
fn adds_up(distribution: &[u8]) -> bool {
    distribution.iter().map(|&w| u32::from(w)).sum::<u32>() == u32::from(SHARES)
}

/// Checks that a tree's nodes are the preorder of one binary tree in which every way can be taken; gives the first bad
/// node's index if not.
fn check_tree(tree: &Tree, features: &[Feature], outputs: usize) -> Result<(), usize> {
    let mut path = Path::new(features);
    let mut ended = false;
    for (index, node) in tree.nodes.iter().enumerate() {
        if ended {
            return Err(index);
        }
        match *node {
            Node::Split {
                feature,
                threshold,
                left_share,
                ..
            } => {
                let is_open = path
                    .interval(feature)
                    .is_some_and(|interval| interval.contains(threshold));
                if !is_open || path.depth() >= MAXIMUM_DEPTH || left_share >= LEFT_SHARES {
                    return Err(index);
                }
                path.split(index, feature, threshold, left_share);
            }
            Node::Leaf { output } => {
                if usize::from(output) >= outputs {
                    return Err(index);
                }
                let Some(parent) = path.leaf(index) else {
                    ended = true;
                    continue;
                };
                match tree.nodes.get(parent) {
                    Some(Node::Split { right, .. }) if usize::try_from(*right) == Ok(index + 1) => {
                    }
                    _ => return Err(index),
                }
            }
        }
    }
    if ended { Ok(()) } else { Err(tree.nodes.len()) }
}
