//! Numbers and names in words.

use crate::classifiers::Classifier;
use crate::classifiers::forest::FeaturesPerSplit;
use crate::statistics::{Estimate, Spread};

/// A share as per cent, with one digit.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A share as a number of per cent, with one digit, for tables that say so.
pub(super) fn number(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// An estimate in per cent with half the width of its interval.
pub(super) fn percent_with_margin(estimate: &Estimate) -> String {
    let margin = (estimate.high - estimate.low) / 2.0 * 100.0;
    format!("{:.1} ± {margin:.1}", estimate.value * 100.0)
}

/// An estimate with half the width of its interval.
pub(super) fn with_margin(estimate: &Estimate) -> String {
    let margin = (estimate.high - estimate.low) / 2.0;
    format!("{:.3} ± {margin:.3}", estimate.value)
}

/// An estimate in per cent with its interval.
pub(super) fn percent_with_interval(estimate: &Estimate) -> String {
    format!(
        "{:.1} ({:.0} to {:.0})",
        estimate.value * 100.0,
        estimate.low * 100.0,
        estimate.high * 100.0
    )
}

/// The mean of a figure that was found several times, in per cent, with the standard deviation between the times.
pub(super) fn percent_with_deviation(spread: &Spread) -> String {
    format!(
        "{:.1} ± {:.1}",
        spread.mean * 100.0,
        spread.deviation * 100.0
    )
}

/// How far one share is above or below another, in points of a per cent: "2.1 points more".
pub(super) fn more_or_less(difference: f64) -> String {
    let points = difference * 100.0;
    if points.abs() < 0.05 {
        "just as much".to_owned()
    } else if points > 0.0 {
        format!("{points:.1} points more")
    } else {
        format!("{:.1} points less", -points)
    }
}

/// A difference of shares with its sign, in points of a per cent.
pub(super) fn signed(difference: f64) -> String {
    let points = difference * 100.0;
    if points.abs() < 0.05 {
        "0.0".to_owned()
    } else if points > 0.0 {
        format!("+{points:.1}")
    } else {
        format!("−{:.1}", -points)
    }
}

/// A number with a comma between thousands.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Things with commas and an "and" between them.
pub(super) fn listed<T: AsRef<str>>(things: &[T]) -> String {
    match things {
        [] => "none".to_owned(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// A feature's name without its unit, also in a product.
pub(super) fn feature(name: &str) -> String {
    name.replace("duration_ms", "duration")
}

/// A classifier's settings in words.
pub(super) fn settings(classifier: &Classifier) -> String {
    match classifier {
        Classifier::Forest(forest) => {
            let features = match forest.features {
                FeaturesPerSplit::SquareRoot => "the square root of the features".to_owned(),
                FeaturesPerSplit::Share(share) => format!("{:.0} % of the features", share * 100.0),
            };
            let depth = match forest.depth {
                Some(depth) => format!("depth {depth}"),
                None => "no limit of depth".to_owned(),
            };
            format!(
                "forest, {} trees, {depth}, {features} at a split, at least {} tracks to split and {} in a leaf, {} \
                 bootstrap",
                forest.trees,
                forest.minimum_split,
                forest.minimum_leaf,
                if forest.bootstrap { "with" } else { "without" }
            )
        }
        Classifier::BoostedTrees(boosted) => format!(
            "boosted trees, {} rounds, rate {}, depth {}, L2 {}, leaves of weight {} or more, {:.0} % of the tracks and \
             {:.0} % of the features",
            boosted.rounds,
            boosted.learning_rate,
            boosted.depth,
            boosted.l2,
            boosted.minimum_hessian,
            boosted.row_share * 100.0,
            boosted.feature_share * 100.0
        ),
        other => other.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        assert_eq!(percent(0.7544), "75.4 %");
        assert_eq!(more_or_less(0.0213), "2.1 points more");
        assert_eq!(more_or_less(-0.0213), "2.1 points less");
        assert_eq!(more_or_less(0.0001), "just as much");
        assert_eq!(signed(-0.031), "−3.1");
        assert_eq!(thousands(42_305), "42,305");
        assert_eq!(thousands(305), "305");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed::<&str>(&[]), "none");
        let estimate = Estimate {
            value: 0.75,
            low: 0.73,
            high: 0.77,
        };
        assert_eq!(percent_with_margin(&estimate), "75.0 ± 2.0");
        assert_eq!(percent_with_interval(&estimate), "75.0 (73 to 77)");
        let spread = Spread::of(&[0.7, 0.8, 0.75]);
        assert_eq!(percent_with_deviation(&spread), "75.0 ± 5.0");
    }
}
