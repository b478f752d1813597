//! What a split does with rows.

use crate::LEFT_SHARES;

/// The share of the training rows that went left, 0 to 1.
pub(crate) fn share(left_share: u8) -> f64 {
    (f64::from(left_share) + 0.5) / f64::from(LEFT_SHARES)
}
