//! What is expected of a tree's nodes, learned from the nodes before.
//!
//! [`TreeModel::node`] says, once for both directions, of which decisions a node consists and what each is expected
//! from. `docs/model-format.md` describes the same in words.

use alloc::vec::Vec;

use crate::path::{Interval, Path, Side};
use crate::range_coder::{Coder, Probability};
use crate::{Feature, LEFT_SHARES, Node, ReadErrorKind};

/// Whether a node is a leaf is never taken to be more certain than 15/16, so that a node takes at least 0.0931 bits:
/// this is what bounds the nodes of a file of a given length. It costs 0.1 % of the shipped model.
const STRUCTURE_FLOOR: u16 = 1 << 12;

/// How many nodes a byte can hold at the most: 8 / 0.0931, rounded up.
pub(crate) const NODES_PER_BYTE: usize = 86;

/// Steps of a quarter octave, from all rows to a 4,096th of them and less.
const RARITY_STEPS: usize = 48;
const DEPTH_STEPS: usize = 21;
const SIDES: usize = 3;
/// Rarity for features, in steps of an octave.
const FEATURE_RARITY_STEPS: usize = 12;
/// How finely a threshold's middle is placed within what is open.
const PLACES: usize = 8;
/// How many shares a split can be expected to have.
const EXPECTED_SHARES: usize = 16;
const LEFT_SHARE_BITS: u32 = LEFT_SHARES.ilog2();

/// Up to this many leaf distributions, a leaf is expected from the two leaves before it. It is meant for forests that
/// vote, where there is one distribution for each class.
const FEW_DISTRIBUTIONS: usize = 16;
/// The bits in which the length of a leaf's index is told where there are many distributions.
const LENGTH_BITS: u32 = 5;
/// How many bits below the leading one of such an index are learned together.
const LEARNED_BITS: u32 = 5;

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
    /// A model that knows nothing yet, for a forest of `features` and a number of leaf `distributions`.
    pub(crate) fn new(features: &[Feature], distributions: usize) -> Self {
        let feature_bits = index_bits(features.len());
        Self {
            structure: Probability::table(RARITY_STEPS * SIDES * DEPTH_STEPS),
            feature_bits,
            features: Probability::table(FEATURE_RARITY_STEPS << feature_bits),
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
            left_shares: Probability::table((features.len() * EXPECTED_SHARES) << LEFT_SHARE_BITS),
            missing: Probability::table(usize::from(LEFT_SHARES)),
            leaves: LeafModel::new(distributions),
        }
    }

    /// Forgets the leaves of the tree before; what was learned stays.
    pub(crate) fn begin_tree(&mut self) {
        self.leaves.before = None;
        self.leaves.before_that = None;
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
                Node::Leaf { distribution } => usize::from(distribution),
                Node::Split { .. } => 0,
            };
            let after_leaf = path.side() == Side::RightOfLeaf;
            let distribution = self.leaves.code(coder, rarity, after_leaf, index)?;
            return Ok(Node::Leaf { distribution });
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
        let rarity = (rarity / 16).min(FEATURE_RARITY_STEPS - 1);
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

        // If rows lay evenly between the open thresholds, this part of them would go left.
        let (low, high) = (usize::from(interval.low), usize::from(interval.high));
        let below = usize::from(threshold) + 1 - low;
        let expected = below * EXPECTED_SHARES / (high - low + 1);
        let tree = subtable(
            &mut self.left_shares,
            feature_index * EXPECTED_SHARES + expected,
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

/// What is known about leaves.
#[derive(Debug)]
struct LeafModel {
    distributions: usize,
    /// Where there are few distributions: a tree for each two leaves before and for whether the last is the sibling.
    /// Where there are many: a tree of an index's length, for each octave of rarity.
    first: Vec<Probability>,
    /// Where there are many: a tree of the bits below the leading one, for each length.
    tops: Vec<Probability>,
    /// Where there are many: a probability for each bit below those, for each length.
    rest: Vec<Probability>,
    /// The leaf before in the same tree, and the one before that.
    before: Option<usize>,
    before_that: Option<usize>,
}

impl LeafModel {
    fn new(distributions: usize) -> Self {
        let few = distributions <= FEW_DISTRIBUTIONS;
        let contexts = distributions + 1;
        let many = |count| Probability::table(if few { 0 } else { count });
        Self {
            distributions,
            first: if few {
                Probability::table((contexts * contexts * 2) << index_bits(distributions))
            } else {
                Probability::table(FEATURE_RARITY_STEPS << LENGTH_BITS)
            },
            tops: many(1 << (LENGTH_BITS + LEARNED_BITS)),
            rest: many(1 << (LENGTH_BITS + 4)),
            before: None,
            before_that: None,
        }
    }

    fn code<C: Coder>(
        &mut self,
        coder: &mut C,
        rarity: usize,
        after_leaf: bool,
        index: usize,
    ) -> Result<u16, ReadErrorKind> {
        let index = if self.distributions <= FEW_DISTRIBUTIONS {
            let contexts = self.distributions + 1;
            let before = self.before.map_or(0, |leaf| leaf + 1);
            let before_that = self.before_that.map_or(0, |leaf| leaf + 1);
            let context = (before * contexts + before_that) * 2 + usize::from(after_leaf);
            let bits = index_bits(self.distributions);
            coder.symbol(subtable(&mut self.first, context, bits), bits, index)
        } else {
            self.code_among_many(coder, rarity, index)
        };
        if index >= self.distributions {
            return Err(ReadErrorKind::DistributionOutOfRange);
        }
        self.before_that = self.before.replace(index);
        // There are at most 65,535 distributions.
        u16::try_from(index).map_err(|_| ReadErrorKind::DistributionOutOfRange)
    }

    /// The length of the index in bits, then its bits: indices are given out by falling use, so small ones are
    /// frequent.
    fn code_among_many<C: Coder>(&mut self, coder: &mut C, rarity: usize, index: usize) -> usize {
        let length = (usize::BITS - index.leading_zeros()) as usize;
        let octave = (rarity / 16).min(FEATURE_RARITY_STEPS - 1);
        let lengths = subtable(&mut self.first, octave, LENGTH_BITS);
        let length = coder.symbol(lengths, LENGTH_BITS, length);
        if length == 0 {
            return 0;
        }
        // A length beyond 16, which no writer writes, makes an index that is refused.
        let below = (length - 1) as u32;
        let learned = below.min(LEARNED_BITS);
        let tops = subtable(&mut self.tops, length, LEARNED_BITS);
        let top = (index >> (below - learned)) & ((1 << learned) - 1);
        let mut coded = (1 << learned) | coder.symbol(tops, learned, top);
        let rest = subtable(&mut self.rest, length, 4);
        for level in (0..below - learned).rev() {
            let bit = coder.bit_at(rest, level as usize, (index >> level) & 1 == 1);
            coded = (coded << 1) | usize::from(bit);
        }
        coded
    }
}

/// The bits that tell indices below `count`.
fn index_bits(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}

/// The part of a table of trees of `bits` bits that is the tree at `index`; nothing if the table ends before.
fn subtable(table: &mut [Probability], index: usize, bits: u32) -> &mut [Probability] {
    table
        .get_mut(index << bits..(index + 1) << bits)
        .unwrap_or_default()
}
