//! What is expected of a tree's nodes, learned from the nodes before.
//!
//! [`TreeModel::node`] says, once for both directions, of which decisions a node consists and what each is expected
//! from. `docs/model-format.md` describes the same in words.

use alloc::vec::Vec;

use crate::leaf_model::LeafModel;
use crate::path::{Interval, Path, Side};
use crate::range_coder::{Coder, Probability, index_bits, subtable};
use crate::{Feature, LEFT_SHARES, Node, ReadErrorKind};

/// Whether a node is a leaf is never taken to be more certain than 15/16, so that a node takes at least 0.0931 bits:
/// this is what bounds the nodes of a file of a given length. It costs next to nothing, as few nodes of a trained
/// forest are so certain.
const STRUCTURE_FLOOR: u16 = 1 << 12;

/// How many nodes a byte can hold at the most: 8 / 0.0931, rounded up.
pub(crate) const NODES_PER_BYTE: usize = 86;

/// Steps of a quarter octave, from all rows to a 4,096th of them and less.
const RARITY_STEPS: usize = 48;
const DEPTH_STEPS: usize = 21;
const SIDES: usize = 3;
/// Rarity for features and leaves, in steps of an octave.
pub(crate) const RARITY_OCTAVES: usize = 12;
/// How finely a threshold's middle is placed within what is open.
const PLACES: usize = 8;
const LEFT_SHARE_BITS: u32 = LEFT_SHARES.ilog2();

/// The probabilities of all decisions that make up the trees of one forest.
#[derive(Debug)]
pub(crate) struct TreeModel {
    structure: Vec<Probability>,
    /// The bits of a feature's index.
    feature_bits: u32,
    features: Vec<Probability>,
    thresholds: Vec<Thresholds>,
    left_shares: Vec<Probability>,
    missing: Vec<Probability>,
    leaves: LeafModel,
}

/// What is known about the thresholds of one feature.
#[derive(Debug)]
struct Thresholds {
    /// The number of cuts, or more, such that it is a power of two.
    span: usize,
    table: Vec<Probability>,
}

impl TreeModel {
    /// A model that knows nothing yet, for a forest of `features`.
    pub(crate) fn new(features: &[Feature], leaves: LeafModel) -> Self {
        let feature_bits = index_bits(features.len());
        Self {
            structure: Probability::table(RARITY_STEPS * SIDES * DEPTH_STEPS),
            feature_bits,
            features: Probability::table(RARITY_OCTAVES << feature_bits),
            thresholds: features
                .iter()
                .map(|feature| {
                    let span = feature.cuts.len().next_power_of_two();
                    Thresholds {
                        span,
                        table: Probability::table(span * PLACES),
                    }
                })
                .collect(),
            left_shares: Probability::table(
                (features.len() * usize::from(LEFT_SHARES)) << LEFT_SHARE_BITS,
            ),
            missing: Probability::table(usize::from(LEFT_SHARES)),
            leaves,
        }
    }

    /// Forgets the leaves of the tree before; what was learned stays.
    pub(crate) fn begin_tree(&mut self) {
        self.leaves.begin_tree();
    }

    /// Codes the next node of a tree, to which `path` leads. The index of a split's right child is not part of the
    /// code; it comes back as 0.
    ///
    /// # Errors
    /// Only when reading: when what was read cannot stand there.
    pub(crate) fn node<C: Coder>(
        &mut self,
        coder: &mut C,
        path: &Path,
        node: Node,
    ) -> Result<Node, ReadErrorKind> {
        let rarity = usize::from(path.rarity());
        let side = match path.side() {
            Side::Left => 0,
            Side::RightOfSplit => 1,
            Side::RightOfLeaf => 2,
        };
        let place = ((rarity / 4).min(RARITY_STEPS - 1) * SIDES + side) * DEPTH_STEPS
            + path.depth().min(DEPTH_STEPS - 1);
        let is_leaf = matches!(node, Node::Leaf { .. });
        let is_leaf = match self.structure.get_mut(place) {
            Some(probability) => coder.bit_with_floor(probability, STRUCTURE_FLOOR, is_leaf),
            // The table has a place for each.
            None => return Err(ReadErrorKind::TooDeep),
        };
        if is_leaf {
            let index = match node {
                Node::Leaf { output } => usize::from(output),
                Node::Split { .. } => 0,
            };
            let after_leaf = path.side() == Side::RightOfLeaf;
            let output = self.leaves.code(coder, rarity, after_leaf, index)?;
            return Ok(Node::Leaf { output });
        }

        let (feature, threshold, missing_right, left_share) = match node {
            Node::Split {
                feature,
                threshold,
                missing_right,
                left_share,
                ..
            } => (feature, threshold, missing_right, left_share),
            Node::Leaf { .. } => (0, 0, false, 0),
        };
        let rarity = (rarity / 16).min(RARITY_OCTAVES - 1);
        let tree = subtable(&mut self.features, rarity, self.feature_bits);
        let feature_index = coder.symbol(tree, self.feature_bits, usize::from(feature));
        let feature = u8::try_from(feature_index).map_err(|_| ReadErrorKind::FeatureOutOfRange)?;
        let interval = path
            .interval(feature)
            .ok_or(ReadErrorKind::FeatureOutOfRange)?;
        if interval.is_empty() {
            return Err(ReadErrorKind::NoThresholdLeft);
        }
        let threshold = match self.thresholds.get_mut(feature_index) {
            Some(thresholds) => thresholds.code(coder, interval, threshold),
            None => return Err(ReadErrorKind::FeatureOutOfRange),
        };

        let expected = usize::from(interval.even_share(threshold));
        let tree = subtable(
            &mut self.left_shares,
            feature_index * usize::from(LEFT_SHARES) + expected,
            LEFT_SHARE_BITS,
        );
        let left_share = coder.symbol(tree, LEFT_SHARE_BITS, usize::from(left_share));
        let missing_right = coder.bit_at(&mut self.missing, left_share, missing_right);
        Ok(Node::Split {
            feature,
            threshold,
            missing_right,
            left_share: left_share as u8,
            right: 0,
        })
    }
}

impl Thresholds {
    /// Codes a threshold within its open interval, which is not empty: its bits among all of the feature's thresholds,
    /// highest first, but for those that the interval decides.
    fn code<C: Coder>(&mut self, coder: &mut C, interval: Interval, threshold: u8) -> u8 {
        let (low, high) = (usize::from(interval.low), usize::from(interval.high));
        let threshold = usize::from(threshold);
        let (mut start, mut length) = (0, self.span);
        // The place in a binary tree over all thresholds, 1 at its root.
        let mut place = 1;
        while length > 1 {
            length /= 2;
            let middle = start + length;
            let (left, right) = (start.max(low), (middle + length).min(high));
            let in_right = if left >= middle {
                true
            } else if right <= middle {
                false
            } else {
                // How the middle divides what is open here, in eighths.
                let divided = (middle - left) * PLACES / (right - left);
                coder.bit_at(
                    &mut self.table,
                    place * PLACES + divided,
                    threshold >= middle,
                )
            };
            place = place * 2 + usize::from(in_right);
            if in_right {
                start = middle;
            }
        }
        // Spans end at 256.
        start as u8
    }
}
