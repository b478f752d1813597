//! What a split does with rows.

use crate::LEFT_SHARES;
use crate::predict::MISSING;

/// Whether a row goes right, by its bin of the split's feature.
pub(crate) fn goes_right(bin: u8, threshold: u8, missing_right: bool) -> bool {
    if bin == MISSING {
        missing_right
    } else {
        bin > threshold
    }
}

/// The share of the training rows that went left, 0 to 1.
pub(crate) fn share(left_share: u8) -> f64 {
    (f64::from(left_share) + 0.5) / f64::from(LEFT_SHARES)
}
