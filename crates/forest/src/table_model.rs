//! What is expected of a forest's tables: the cuts of each feature, what the leaves refer to, and the trees' classes.
//!
//! As in [`crate::tree_model`], each table is described once for both directions.

use alloc::vec::Vec;

use crate::range_coder::{Coder, NumberModel, Probability, index_bits, subtable};
use crate::{ReadErrorKind, SHARES};

/// What cuts are counted in: cut = count / scale, then rounded to the nearest float. Cuts lie between values that are
/// mostly short decimals, so most are a whole number of halves of some decimal place. The first scale stands for the
/// floats themselves, by their rank among all floats; it serves for any cuts.
const SCALES: [u32; 8] = [0, 2, 20, 200, 2_000, 20_000, 200_000, 2_000_000];
const SCALE_BITS: u32 = 3;

/// What is known about the cuts of a forest.
#[derive(Debug)]
pub(crate) struct CutModel {
    scales: Vec<Probability>,
    /// The first count of a feature.
    firsts: NumberModel,
    /// How much more the next count is, for each scale.
    steps: Vec<NumberModel>,
    /// How far the cut is from the float that the count gives, for each scale.
    corrections: Vec<NumberModel>,
}

impl CutModel {
    pub(crate) fn new() -> Self {
        Self {
            scales: Probability::table(1 << SCALE_BITS),
            firsts: NumberModel::new(),
            steps: SCALES.iter().map(|_| NumberModel::new()).collect(),
            corrections: SCALES.iter().map(|_| NumberModel::new()).collect(),
        }
    }

    /// Codes the scale of a feature's cuts; it is an index of [`SCALES`].
    pub(crate) fn scale<C: Coder>(&mut self, coder: &mut C, scale: usize) -> usize {
        coder.symbol(&mut self.scales, SCALE_BITS, scale)
    }

    /// Codes a cut, behind the count of the one before if there is one. Gives the cut and its count.
    ///
    /// # Errors
    /// Only when reading: when the number read is no cut.
    pub(crate) fn cut<C: Coder>(
        &mut self,
        coder: &mut C,
        scale: usize,
        before: Option<i64>,
        cut: f32,
    ) -> Result<(f32, i64), ReadErrorKind> {
        let (count, correction) = count(cut, scale);
        let count = match (before, self.steps.get_mut(scale)) {
            (Some(before), Some(steps)) => {
                let step = u64::try_from(count.saturating_sub(before)).unwrap_or(0);
                before.saturating_add_unsigned(coder.number(steps, step))
            }
            _ => from_zigzag(coder.number(&mut self.firsts, zigzag(count))),
        };
        let rank = if scale == 0 {
            count
        } else if let Some(corrections) = self.corrections.get_mut(scale) {
            let correction = from_zigzag(coder.number(corrections, zigzag(correction)));
            rank(float(count, scale)).saturating_add(correction)
        } else {
            count
        };
        let cut = from_rank(rank).ok_or(ReadErrorKind::CutsNotIncreasing)?;
        Ok((cut, count))
    }
}

/// The scale in which cuts are thought to take the least room.
pub(crate) fn best_scale(cuts: &[f32]) -> usize {
    let length = |number: u64| u64::from(u64::BITS - number.leading_zeros());
    let room = |scale: usize| -> u64 {
        let mut before = None;
        let mut room = 0;
        for &cut in cuts {
            let (count, correction) = count(cut, scale);
            let step = before.map_or_else(|| zigzag(count), |before| count.abs_diff(before));
            // The length of a number is foretold in part, its bits are not.
            room += length(step) * 4 + length(zigzag(correction)) * 6;
            before = Some(count);
        }
        room
    };
    (0..SCALES.len())
        .min_by_key(|&scale| room(scale))
        .unwrap_or(0)
}

/// A cut as a count in a scale, and the correction that the count needs.
fn count(cut: f32, scale: usize) -> (i64, i64) {
    if scale == 0 {
        return (rank(cut), 0);
    }
    let scaled = f64::from(cut) * scale_factor(scale);
    // Rounds to nearest. Counts beyond this are too coarse to be right, but the correction makes up for it.
    let rounded = if scaled < 0.0 {
        scaled - 0.5
    } else {
        scaled + 0.5
    };
    let limit = f64::from(i32::MAX);
    let count = rounded.clamp(-limit, limit) as i64;
    (count, rank(cut).saturating_sub(rank(float(count, scale))))
}

fn float(count: i64, scale: usize) -> f32 {
    (count as f64 / scale_factor(scale)) as f32
}

fn scale_factor(scale: usize) -> f64 {
    SCALES
        .get(scale)
        .map_or(1.0, |&factor| f64::from(factor).max(1.0))
}

/// The place of a float in the order of all floats: +0 has rank 0, -0 has rank -1.
fn rank(float: f32) -> i64 {
    let bits = float.to_bits();
    let magnitude = i64::from(bits & 0x7FFF_FFFF);
    // All bits turned over: -1 - magnitude.
    if bits >> 31 == 0 {
        magnitude
    } else {
        !magnitude
    }
}

/// The float of a rank; `None` if there is none, or it is not finite.
fn from_rank(rank: i64) -> Option<f32> {
    let float = if rank < 0 {
        f32::from_bits(u32::try_from(!rank).ok()? | 0x8000_0000)
    } else {
        f32::from_bits(u32::try_from(rank).ok()?)
    };
    (float.is_finite() && self::rank(float) == rank).then_some(float)
}

/// 0, -1, 1, -2, 2 and so on as 0, 1, 2, 3, 4.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn from_zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Whether a distribution has one class only is never taken to be more certain than 15/16, so that each takes some room.
const ONE_CLASS_FLOOR: u16 = 1 << 12;

/// How many distributions a byte can hold at the most: as many as nodes, for the same reason.
pub(crate) const DISTRIBUTIONS_PER_BYTE: usize = 86;

/// What is known about leaf distributions.
#[derive(Debug)]
pub(crate) struct DistributionModel {
    one_class: Probability,
    /// A tree of a weight's 8 bits for each length in bits of what remains to be given out.
    weights: Vec<Probability>,
}

impl DistributionModel {
    pub(crate) fn new() -> Self {
        Self {
            one_class: Probability::new(),
            weights: Probability::table(9 << u8::BITS),
        }
    }

    /// Codes the weights of one distribution over all classes in place.
    ///
    /// # Errors
    /// Only when reading: when the weights do not add up.
    pub(crate) fn code<C: Coder>(
        &mut self,
        coder: &mut C,
        weights: &mut [u8],
    ) -> Result<(), ReadErrorKind> {
        let one_class = weights.contains(&SHARES);
        if coder.bit_with_floor(&mut self.one_class, ONE_CLASS_FLOOR, one_class) {
            // Each class has its turn, so nothing can be learned.
            let class = weights.iter().position(|&weight| weight == SHARES);
            let bits = index_bits(weights.len());
            let class = coder.even_bits(bits, class.unwrap_or(0) as u64);
            weights.fill(0);
            let place = usize::try_from(class)
                .ok()
                .and_then(|class| weights.get_mut(class));
            *place.ok_or(ReadErrorKind::SharesDoNotAddUp)? = SHARES;
            return Ok(());
        }
        let mut remaining = SHARES;
        let Some((last, others)) = weights.split_last_mut() else {
            return Err(ReadErrorKind::SharesDoNotAddUp);
        };
        for weight in others {
            if remaining == 0 {
                *weight = 0;
                continue;
            }
            let length = (u8::BITS - remaining.leading_zeros()) as usize;
            // Not yet having given out anything is another matter than having given out less than half.
            let context = if remaining == SHARES { 0 } else { length };
            let tree = self
                .weights
                .get_mut(context << u8::BITS..(context + 1) << u8::BITS)
                .unwrap_or_default();
            *weight = coder.symbol(tree, u8::BITS, usize::from(*weight)) as u8;
            remaining = remaining
                .checked_sub(*weight)
                .ok_or(ReadErrorKind::SharesDoNotAddUp)?;
        }
        *last = remaining;
        Ok(())
    }
}

/// What is known about the values of a boosted forest's leaves, which increase.
#[derive(Debug)]
pub(crate) struct ValueModel {
    first: NumberModel,
    /// How much more the next value is, less 1.
    steps: NumberModel,
    before: Option<i16>,
}

impl ValueModel {
    pub(crate) fn new() -> Self {
        Self {
            first: NumberModel::new(),
            steps: NumberModel::new(),
            before: None,
        }
    }

    /// Codes the next value.
    ///
    /// # Errors
    /// Only when reading: when the number read leads beyond 16 bits.
    pub(crate) fn code<C: Coder>(
        &mut self,
        coder: &mut C,
        value: i16,
    ) -> Result<i16, ReadErrorKind> {
        let number = match self.before {
            None => from_zigzag(coder.number(&mut self.first, zigzag(i64::from(value)))),
            Some(before) => {
                let least = i64::from(before) + 1;
                let more = u64::try_from(i64::from(value) - least).unwrap_or(0);
                least.saturating_add_unsigned(coder.number(&mut self.steps, more))
            }
        };
        let value = i16::try_from(number).map_err(|_| ReadErrorKind::ValuesNotIncreasing)?;
        self.before = Some(value);
        Ok(value)
    }
}

/// What is known about the classes of a boosted forest's trees: trainers grow a tree for each class in turn.
#[derive(Debug)]
pub(crate) struct ClassModel {
    classes: usize,
    /// A tree of the class's bits for each class before it.
    table: Vec<Probability>,
    before: usize,
}

impl ClassModel {
    pub(crate) fn new(classes: usize) -> Self {
        Self {
            classes,
            table: Probability::table(classes << index_bits(classes)),
            before: 0,
        }
    }

    /// Codes the class of the next tree.
    ///
    /// # Errors
    /// Only when reading: when there is no such class.
    pub(crate) fn code<C: Coder>(&mut self, coder: &mut C, class: u8) -> Result<u8, ReadErrorKind> {
        let bits = index_bits(self.classes);
        let tree = subtable(&mut self.table, self.before, bits);
        let class = coder.symbol(tree, bits, usize::from(class));
        if class >= self.classes {
            return Err(ReadErrorKind::ClassOutOfRange);
        }
        self.before = class;
        u8::try_from(class).map_err(|_| ReadErrorKind::ClassOutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::range_coder::{Decoder, Encoder};

    fn written_and_read(cuts: &[f32]) -> Vec<f32> {
        let mut encoder = Encoder::new();
        let mut model = CutModel::new();
        let scale = model.scale(&mut encoder, best_scale(cuts));
        let mut before = None;
        for &cut in cuts {
            let (_, count) = model.cut(&mut encoder, scale, before, cut).unwrap();
            before = Some(count);
        }
        let bytes = encoder.finish();
        let mut decoder = Decoder::new(&bytes);
        let mut model = CutModel::new();
        let read_scale = model.scale(&mut decoder, 0);
        assert_eq!(read_scale, scale);
        let mut before = None;
        let read = cuts
            .iter()
            .map(|_| {
                let (cut, count) = model.cut(&mut decoder, scale, before, 0.0).unwrap();
                before = Some(count);
                cut
            })
            .collect();
        assert!(decoder.is_at_end());
        read
    }

    #[test]
    fn cuts_of_every_size_are_read_again() {
        let tables = [
            vec![-1.5, 0.0, 2.25],
            vec![-0.0],
            vec![
                f32::MIN,
                -1e20,
                -1.0,
                -f32::MIN_POSITIVE,
                f32::from_bits(1),
                0.1,
                1e9,
                f32::MAX,
            ],
            vec![0.00015, 0.0125, 0.5, 0.50005],
            vec![200_591.0, 201_089.0, 201_436.5],
        ];
        for cuts in tables {
            let bits = |cuts: &[f32]| cuts.iter().map(|cut| cut.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&written_and_read(&cuts)), bits(&cuts));
        }
    }

    #[test]
    fn decimals_are_counted() {
        assert_eq!(SCALES[best_scale(&[0.5, 1.5, 7.5])], 2);
        assert_eq!(SCALES[best_scale(&[0.1235, 0.12455, 0.3])], 20_000);
    }
}
