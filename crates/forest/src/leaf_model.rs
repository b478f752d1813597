//! What is expected of the leaves of a forest's trees: which distribution or value each refers to.

use alloc::vec::Vec;

use crate::ReadErrorKind;
use crate::range_coder::{Coder, Probability, index_bits, subtable};
use crate::tree_model::RARITY_OCTAVES;

/// Up to this many leaf distributions, a leaf is expected from the two leaves before it. It is meant for forests that
/// vote, where there is one distribution for each class.
const FEW_DISTRIBUTIONS: usize = 16;
/// The bits in which the length of a leaf's index is told where there are many distributions.
const LENGTH_BITS: u32 = 5;
/// How many bits below the leading one of such an index are learned together.
const LEARNED_BITS: u32 = 5;
/// How many of the highest bits of a value's index are learned; the others are even.
const VALUE_BITS: u32 = 8;
/// How finely the value of a leaf's sibling is looked at, in bits.
const SIBLING_BITS: u32 = 3;

/// What is known about leaves.
#[derive(Debug)]
pub(crate) struct LeafModel {
    /// How many distributions or values there are.
    outputs: usize,
    kind: Kind,
    /// The leaf before in the same tree, and the one before that.
    before: Option<usize>,
    before_that: Option<usize>,
}

#[derive(Debug)]
enum Kind {
    /// Few distributions: a tree for each two leaves before and for whether the last is the sibling.
    Few { indices: Vec<Probability> },
    /// Many distributions.
    Many {
        /// A tree of an index's length, for each octave of rarity.
        lengths: Vec<Probability>,
        /// A tree of the bits below the leading one, for each length.
        tops: Vec<Probability>,
        /// A probability for each bit below those, for each length.
        rest: Vec<Probability>,
    },
    /// Values in their order: a tree of an index's highest bits, for those of a sibling that came before or none.
    Values { tops: Vec<Probability> },
}

impl LeafModel {
    /// Leaves that refer to so many distributions.
    pub(crate) fn of_distributions(outputs: usize) -> Self {
        let kind = if outputs <= FEW_DISTRIBUTIONS {
            let contexts = outputs + 1;
            Kind::Few {
                indices: Probability::table((contexts * contexts * 2) << index_bits(outputs)),
            }
        } else {
            Kind::Many {
                lengths: Probability::table(RARITY_OCTAVES << LENGTH_BITS),
                tops: Probability::table(1 << (LENGTH_BITS + LEARNED_BITS)),
                rest: Probability::table(1 << (LENGTH_BITS + 4)),
            }
        };
        Self::new(outputs, kind)
    }

    /// Leaves that refer to so many values.
    pub(crate) fn of_values(outputs: usize) -> Self {
        let tops = Probability::table(((1 << SIBLING_BITS) + 1) << VALUE_BITS);
        Self::new(outputs, Kind::Values { tops })
    }

    fn new(outputs: usize, kind: Kind) -> Self {
        Self {
            outputs,
            kind,
            before: None,
            before_that: None,
        }
    }

    /// Forgets the leaves of the tree before; what was learned stays.
    pub(crate) fn begin_tree(&mut self) {
        self.before = None;
        self.before_that = None;
    }

    /// Codes what the next leaf refers to. `rarity` is that of [`crate::path::Path::rarity`], and `after_leaf` tells
    /// that the leaf's sibling is a leaf and came before it.
    ///
    /// # Errors
    /// Only when reading: when there is no such distribution or value.
    pub(crate) fn code<C: Coder>(
        &mut self,
        coder: &mut C,
        rarity: usize,
        after_leaf: bool,
        index: usize,
    ) -> Result<u16, ReadErrorKind> {
        let bits = index_bits(self.outputs);
        let index = match &mut self.kind {
            Kind::Few { indices } => {
                let contexts = self.outputs + 1;
                let before = self.before.map_or(0, |leaf| leaf + 1);
                let before_that = self.before_that.map_or(0, |leaf| leaf + 1);
                let context = (before * contexts + before_that) * 2 + usize::from(after_leaf);
                coder.symbol(subtable(indices, context, bits), bits, index)
            }
            Kind::Many {
                lengths,
                tops,
                rest,
            } => {
                let octave = (rarity / 16).min(RARITY_OCTAVES - 1);
                let lengths = subtable(lengths, octave, LENGTH_BITS);
                code_among_many(coder, lengths, tops, rest, index)
            }
            Kind::Values { tops } => {
                let sibling = self.before.filter(|_| after_leaf);
                let context = sibling.map_or(0, |sibling| {
                    1 + (sibling << SIBLING_BITS) / self.outputs.max(1)
                });
                let learned = bits.min(VALUE_BITS);
                let even = bits - learned;
                let tops = subtable(tops, context, VALUE_BITS);
                let top = coder.symbol(tops, learned, index >> even);
                (top << even) | coder.even_bits(even, index as u64) as usize
            }
        };
        if index >= self.outputs {
            return Err(ReadErrorKind::OutputOutOfRange);
        }
        self.before_that = self.before.replace(index);
        // There are at most 65,535 outputs.
        u16::try_from(index).map_err(|_| ReadErrorKind::OutputOutOfRange)
    }
}

/// The length of the index in bits, then its bits: indices are given out by falling use, so small ones are frequent.
fn code_among_many<C: Coder>(
    coder: &mut C,
    lengths: &mut [Probability],
    tops: &mut [Probability],
    rest: &mut [Probability],
    index: usize,
) -> usize {
    let length = (usize::BITS - index.leading_zeros()) as usize;
    let length = coder.symbol(lengths, LENGTH_BITS, length);
    if length == 0 {
        return 0;
    }
    // A length beyond 16, which no writer writes, makes an index that is refused.
    let below = (length - 1) as u32;
    let learned = below.min(LEARNED_BITS);
    let tops = subtable(tops, length, LEARNED_BITS);
    let top = (index >> (below - learned)) & ((1 << learned) - 1);
    let mut coded = (1 << learned) | coder.symbol(tops, learned, top);
    let rest = subtable(rest, length, 4);
    for level in (0..below - learned).rev() {
        let bit = coder.bit_at(rest, level as usize, (index >> level) & 1 == 1);
        coded = (coded << 1) | usize::from(bit);
    }
    coded
}
