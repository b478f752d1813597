//! Adaptive binary range coding: the bits of a packed forest, each in as little room as it was expected.
//!
//! What is coded is a row of yes-or-no decisions. For each, both sides keep a [`Probability`] that they learn from the
//! decisions before; a decision that had the probability p takes -log2(p) bits. The arithmetic is that of LZMA's range
//! coder (a 32-bit range, bytes shifted out at the top, carries passed on), with finer probabilities.
//!
//! The two directions are one trait: a model that is written against [`Coder`] describes both the writing and the
//! reading of a thing, so that the two cannot drift apart.

use alloc::vec;
use alloc::vec::Vec;

/// How probable it is that a decision is a yes, learned from earlier ones of its kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probability {
    /// The probability in 65,536ths, from 1 to 65,535.
    yes: u16,
    /// How many decisions it has been learned from, at most [`MEMORY`].
    seen: u8,
}

/// A probability gives each new decision the weight of one in so many, at the least: the decisions of a forest's first
/// and last tree are alike, so the memory is long. How long hardly changes the size of a packed forest.
const MEMORY: u8 = 255;

/// One decision's weight, in 65,536ths, against the `seen` before it: 1 / (seen + 1.6).
const WEIGHTS: [u16; MEMORY as usize + 1] = {
    let mut weights = [0; MEMORY as usize + 1];
    let mut rest: &mut [u16] = &mut weights;
    let mut seen = 0;
    while let [weight, others @ ..] = rest {
        // At most 40,960.
        *weight = (655_360 / (10 * seen + 16)) as u16;
        seen += 1;
        rest = others;
    }
    weights
};

impl Probability {
    /// Even odds, with nothing learned.
    pub(crate) const fn new() -> Self {
        Self { yes: EVEN, seen: 0 }
    }

    /// `count` probabilities of which nothing is known.
    pub(crate) fn table(count: usize) -> Vec<Self> {
        vec![Self::new(); count]
    }

    fn learn(&mut self, bit: bool) {
        let weight = WEIGHTS
            .get(usize::from(self.seen))
            .map_or(0, |&weight| u32::from(weight));
        let yes = u32::from(self.yes);
        // Rounding down leaves the distance to either end above 0, so `yes` stays within 1 to 65,535.
        let step = |distance: u32| (distance * weight) >> 16;
        let learned = select(bit, yes + step(65_536 - yes), yes - step(yes));
        self.yes = learned as u16;
        self.seen = self.seen.saturating_add(1);
    }
}

/// One of two numbers, without a branch: which it is cannot be foretold, or it would not have been written, so a processor
/// that guesses would often guess wrong.
const fn select(first: bool, one: u32, other: u32) -> u32 {
    let mask = (first as u32).wrapping_neg();
    (one & mask) | (other & !mask)
}

/// A probability of one half, in 65,536ths.
const EVEN: u16 = 1 << 15;

/// The range is widened by a byte whenever it is below this.
const NARROW: u32 = 1 << 24;

/// One direction of coding. Each method takes the value to be written and gives the value that was written or read;
/// a reader does not look at what it is given.
pub(crate) trait Coder {
    /// Codes a decision that is a yes with a probability of `yes` 65,536ths, which is from 1 to 65,535.
    fn decision(&mut self, yes: u16, bit: bool) -> bool;

    /// Codes a decision and learns from it.
    fn bit(&mut self, probability: &mut Probability, bit: bool) -> bool {
        let bit = self.decision(probability.yes, bit);
        probability.learn(bit);
        bit
    }

    /// The same, but neither answer is taken to be more probable than 1 - `floor` / 65,536. So the decision takes
    /// some part of a bit however well it is foretold, and the number of such decisions in a file is bounded.
    fn bit_with_floor(&mut self, probability: &mut Probability, floor: u16, bit: bool) -> bool {
        let yes = probability.yes.clamp(floor, u16::MAX - floor + 1);
        let bit = self.decision(yes, bit);
        probability.learn(bit);
        bit
    }

    /// Codes the decision at a place of a table. Both sides take a place beyond the table, for which no model asks, as
    /// even odds.
    fn bit_at(&mut self, table: &mut [Probability], place: usize, bit: bool) -> bool {
        match table.get_mut(place) {
            Some(probability) => self.bit(probability, bit),
            None => self.decision(EVEN, bit),
        }
    }

    /// Codes a number of `bits` bits, its highest first, each decision with a probability of its own for the bits
    /// before it: a binary tree of 2^`bits` probabilities, of which the first is not used.
    fn symbol(&mut self, tree: &mut [Probability], bits: u32, value: usize) -> usize {
        let mut node = 1;
        for level in (0..bits).rev() {
            let bit = self.bit_at(tree, node, (value >> level) & 1 == 1);
            node = (node << 1) | usize::from(bit);
        }
        node - (1 << bits)
    }

    /// Codes the low `bits` bits of a number, the highest first, at even odds.
    fn even_bits(&mut self, bits: u32, value: u64) -> u64 {
        let mut coded = 0;
        for level in (0..bits).rev() {
            let bit = self.decision(EVEN, (value >> level) & 1 == 1);
            coded = (coded << 1) | u64::from(bit);
        }
        coded
    }

    /// Codes a number from 0 to 2^48 - 2 of unknown size: the length of value + 1 in bits, then the bits below its
    /// leading one, of which the highest two are learned.
    fn number(&mut self, model: &mut NumberModel, value: u64) -> u64 {
        let value = value.saturating_add(1);
        let length = (u64::BITS - value.leading_zeros()) as usize;
        let length = self.symbol(&mut model.lengths, LENGTH_BITS, length);
        // No writer gives a length of 0 or beyond the largest; a reader that finds one takes it for the nearest.
        let length = length.clamp(1, LONGEST_NUMBER);
        let below = (length - 1) as u32;
        let learned = below.min(2);
        let plain = below - learned;
        let (_, tops) = model
            .tops
            .split_at_mut_checked(length * 4)
            .unwrap_or_default();
        let top = self.symbol(
            tops,
            learned,
            ((value >> plain) as usize) & ((1 << learned) - 1),
        );
        let rest = self.even_bits(plain, value);
        ((((1 << learned) | top as u64) << plain) | rest) - 1
    }
}

/// The bits in which a number's length is told.
const LENGTH_BITS: u32 = 6;

/// The most bits that a coded number can have.
const LONGEST_NUMBER: usize = 48;

/// What is known about numbers of one kind.
#[derive(Clone, Debug)]
pub(crate) struct NumberModel {
    lengths: Vec<Probability>,
    /// A tree of the two highest bits below the leading one, for each length.
    tops: Vec<Probability>,
}

impl NumberModel {
    pub(crate) fn new() -> Self {
        Self {
            lengths: Probability::table(1 << LENGTH_BITS),
            tops: Probability::table(4 << LENGTH_BITS),
        }
    }
}

/// The bits that tell indices below `count`.
pub(crate) fn index_bits(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}

/// The part of a table of trees of `bits` bits that is the tree at `index`; nothing if the table ends before.
pub(crate) fn subtable(table: &mut [Probability], index: usize, bits: u32) -> &mut [Probability] {
    table
        .get_mut(index << bits..(index + 1) << bits)
        .unwrap_or_default()
}

/// Writes decisions.
#[derive(Debug)]
pub(crate) struct Encoder {
    /// The lower end of the range; bit 32 is a carry into the bytes that wait.
    low: u64,
    range: u32,
    /// The last byte shifted out, which a carry can still change, and how many bytes of 255 follow it, which would pass
    /// the carry on.
    waiting: u8,
    full_bytes: usize,
    bytes: Vec<u8>,
}

impl Encoder {
    pub(crate) const fn new() -> Self {
        Self {
            low: 0,
            range: u32::MAX,
            waiting: 0,
            full_bytes: 0,
            bytes: Vec::new(),
        }
    }

    /// Shifts the top byte of `low` out.
    fn shift(&mut self) {
        let carry = (self.low >> 32) as u8;
        let top = (self.low >> 24) as u8;
        if top != u8::MAX || carry == 1 {
            self.bytes.push(self.waiting.wrapping_add(carry));
            let passed_on = u8::MAX.wrapping_add(carry);
            self.bytes
                .extend(core::iter::repeat_n(passed_on, self.full_bytes));
            self.full_bytes = 0;
            self.waiting = top;
        } else {
            self.full_bytes += 1;
        }
        self.low = (self.low & 0x00FF_FFFF) << 8;
    }

    /// How many bytes have been shifted out.
    pub(crate) fn written(&self) -> usize {
        self.bytes.len() + self.full_bytes
    }

    /// Ends the writing: all of `low` is shifted out, so that a reader's code is 0 at the end.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        for _ in 0..5 {
            self.shift();
        }
        // The byte that waited at the beginning is always 0.
        self.bytes.split_off(1)
    }
}

impl Coder for Encoder {
    fn decision(&mut self, yes: u16, bit: bool) -> bool {
        let bound = share(self.range, yes);
        if bit {
            self.range = bound;
        } else {
            self.low += u64::from(bound);
            self.range -= bound;
        }
        while self.range < NARROW {
            self.range <<= 8;
            self.shift();
        }
        bit
    }
}

/// A share of `yes` 65,536ths of a range, above 0 and below `range`, which is at least [`NARROW`].
fn share(range: u32, yes: u16) -> u32 {
    ((u64::from(range) * u64::from(yes)) >> 16) as u32
}

/// Reads decisions. It does not fail: behind the end it reads zeros and remembers that it has.
#[derive(Debug)]
pub(crate) struct Decoder<'a> {
    bytes: &'a [u8],
    offset: usize,
    range: u32,
    /// How far the written number lies above the lower end of the range; below `range`.
    code: u32,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Self {
            bytes,
            offset: 0,
            range: u32::MAX,
            code: 0,
        };
        for _ in 0..4 {
            decoder.shift();
        }
        decoder
    }

    fn shift(&mut self) {
        let byte = self.bytes.get(self.offset).copied().unwrap_or(0);
        self.offset += 1;
        self.code = (self.code << 8) | u32::from(byte);
    }

    /// How many bytes it has taken, those behind the end included.
    pub(crate) const fn taken(&self) -> usize {
        self.offset
    }

    /// Whether it had to read behind the end.
    pub(crate) const fn ran_out(&self) -> bool {
        self.offset > self.bytes.len()
    }

    /// Whether it stands where a writer finished: at the end of the bytes, and exactly on the lower end of the range.
    pub(crate) const fn is_at_end(&self) -> bool {
        self.offset == self.bytes.len() && self.code == 0
    }
}

impl Coder for Decoder<'_> {
    fn decision(&mut self, yes: u16, _: bool) -> bool {
        let bound = share(self.range, yes);
        let bit = self.code < bound;
        self.code -= select(bit, 0, bound);
        self.range = select(bit, bound, self.range - bound);
        while self.range < NARROW {
            self.range <<= 8;
            self.shift();
        }
        bit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers in a fixed order that looks random.
    fn numbers() -> impl Iterator<Item = u64> {
        let mut state = 1u64;
        core::iter::repeat_with(move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state >> 33
        })
    }

    #[test]
    fn what_was_written_is_read() {
        let values: Vec<u64> = numbers().take(20_000).collect();
        let code = |coder: &mut dyn FnMut(&mut Models, u64) -> u64| -> Vec<u64> {
            let mut models = Models::new();
            values
                .iter()
                .map(|&value| coder(&mut models, value))
                .collect()
        };
        let mut encoder = Encoder::new();
        let written = code(&mut |models, value| models.code(&mut encoder, value));
        let bytes = encoder.finish();
        let mut decoder = Decoder::new(&bytes);
        let read = code(&mut |models, _| models.code(&mut decoder, 0));
        assert_eq!(read, written);
        assert!(decoder.is_at_end());
    }

    struct Models {
        rare: Probability,
        floored: Probability,
        symbols: Vec<Probability>,
        numbers: NumberModel,
    }

    impl Models {
        fn new() -> Self {
            Self {
                rare: Probability::new(),
                floored: Probability::new(),
                symbols: Probability::table(32),
                numbers: NumberModel::new(),
            }
        }

        fn code<C: Coder>(&mut self, coder: &mut C, value: u64) -> u64 {
            let rare = coder.bit(&mut self.rare, value.is_multiple_of(1000));
            let floored = coder.bit_with_floor(&mut self.floored, 4096, value.is_multiple_of(999));
            let symbol = coder.symbol(&mut self.symbols, 5, (value % 32) as usize);
            let even = coder.even_bits(9, value);
            let number = coder.number(&mut self.numbers, value >> (value % 31));
            u64::from(rare)
                | u64::from(floored) << 1
                | (symbol as u64) << 2
                | even << 7
                | number << 16
        }
    }

    #[test]
    fn carries_reach_through_full_bytes() {
        // Decisions of the greatest probability keep the range wide and push the low end up; then runs of 255 wait.
        for length in 0..400 {
            let bits: Vec<bool> = (0..length).map(|index| index % 7 == 3).collect();
            let mut encoder = Encoder::new();
            for &bit in &bits {
                encoder.decision(1, bit);
            }
            let bytes = encoder.finish();
            let mut decoder = Decoder::new(&bytes);
            for &bit in &bits {
                assert_eq!(decoder.decision(1, false), bit);
            }
            assert!(decoder.is_at_end());
        }
    }

    #[test]
    fn what_is_foretold_takes_little_room() {
        let mut encoder = Encoder::new();
        let mut probability = Probability::new();
        for _ in 0..100_000 {
            encoder.bit(&mut probability, true);
        }
        assert!(encoder.finish().len() < 100);
    }

    #[test]
    fn a_floor_bounds_how_many_fit_in_a_byte() {
        let mut encoder = Encoder::new();
        let mut probability = Probability::new();
        for _ in 0..86_000 {
            encoder.bit_with_floor(&mut probability, 4096, true);
        }
        assert!(encoder.finish().len() >= 1000);
    }

    #[test]
    fn lengths_that_no_number_has_are_taken_for_the_nearest() {
        for (length, nearest) in [(0, 1), (1, 1), (48, 48), (49, 48), (63, 48)] {
            let mut encoder = Encoder::new();
            let mut model = NumberModel::new();
            // Then as a writer gives it: what the first one has taught counts.
            for length in [length, nearest] {
                encoder.symbol(&mut model.lengths, LENGTH_BITS, length);
                if nearest > 1 {
                    encoder.symbol(subtable(&mut model.tops, nearest, 2), 2, 0b10);
                    encoder.even_bits(45, 5);
                }
            }
            let bytes = encoder.finish();
            let mut decoder = Decoder::new(&bytes);
            let mut model = NumberModel::new();
            let expected = if nearest > 1 {
                (0b110 << 45) + 5 - 1
            } else {
                0
            };
            for _ in 0..2 {
                assert_eq!(decoder.number(&mut model, 0), expected, "{length}");
            }
            assert!(decoder.is_at_end());
        }
    }

    #[test]
    fn the_largest_number_is_read_again() {
        for value in [0, 1, 2, 6, 7, 8, 1 << 32, (1 << 48) - 2] {
            let mut encoder = Encoder::new();
            encoder.number(&mut NumberModel::new(), value);
            let bytes = encoder.finish();
            let mut decoder = Decoder::new(&bytes);
            assert_eq!(decoder.number(&mut NumberModel::new(), 0), value);
        }
    }
}
