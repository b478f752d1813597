//! The exponential function, with the same bits on every platform: only sums, products and whole numbers.

/// log2(e).
const LOG2_E: f64 = core::f64::consts::LOG2_E;

/// ln(2) in two parts: the first has so few digits that its product with a whole number below 2^11 is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);

/// Below this, the result is taken to be 0: it would be smaller than any share of a probability that can be told.
const SMALLEST: f64 = -700.0;

/// e to the power of a number that is at most 0; numbers above are taken as 0.
///
/// `number` is written as k·ln 2 + rest with the rest within ±ln 2 / 2, for which the Taylor series to the 13th power
/// is exact to the last bits (the next term is below 4·10⁻¹⁸); then the result is 2^k times that (Cody and Waite,
/// "Software manual for the elementary functions", 1980).
pub(crate) fn exponential(number: f64) -> f64 {
    if number < SMALLEST {
        return 0.0;
    }
    let number = number.min(0.0);
    // Rounds to nearest: what is at most 0 is cut off towards 0.
    let k = (number * LOG2_E - 0.5) as i32;
    let rest = (number - f64::from(k) * LN_2_HIGH) - f64::from(k) * LN_2_LOW;
    let mut sum = 1.0;
    for power in (1..=13).rev() {
        sum = 1.0 + sum * rest / f64::from(power);
    }
    // k is from -1010 to 0, so 2^k is a normal number: its exponent's bits are those of k + 1023.
    let exponent = u64::try_from(k + 1023).unwrap_or(0);
    sum * f64::from_bits(exponent << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_exact_to_the_last_bits() {
        // (number, e^number), computed with 50 digits and rounded.
        let known = [
            (0.0, 1.0),
            (-1.0, 0.367_879_441_171_442_33),
            (-0.5, 0.606_530_659_712_633_4),
            (-0.346, 0.707_512_487_106_501_7),
            (-0.35, 0.704_688_089_718_713_4),
            (-10.0, 4.539_992_976_248_485e-5),
            (-100.0, 3.720_075_976_020_836e-44),
            (-699.0, 2.680_137_958_338_607e-304),
            (-1e-300, 1.0),
        ];
        for (number, expected) in known {
            let error = (exponential(number) - expected) / expected;
            assert!(error.abs() < 1e-15, "{number}: off by {error:e}");
        }
        assert_eq!(exponential(0.0), 1.0);
    }

    #[test]
    fn beyond_its_ends_it_stays_within_0_and_1() {
        assert_eq!(exponential(-701.0), 0.0);
        assert_eq!(exponential(f64::NEG_INFINITY), 0.0);
        assert_eq!(exponential(3.0), 1.0);
        assert_eq!(exponential(f64::NAN), 1.0);
    }

    #[test]
    fn it_never_falls() {
        let mut before = 0.0;
        for step in (0..70_000).rev() {
            let now = exponential(f64::from(step) * -0.01);
            assert!(now >= before);
            before = now;
        }
    }
}
