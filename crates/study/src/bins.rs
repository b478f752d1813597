//! Turns feature values into bins before training, so that a threshold is a byte and packing loses nothing.

/// The borders between the bins of one feature, found from the values of training rows: between all neighbouring
/// distinct values if there are few, else between those at equal quantiles. At most `most`, strictly increasing.
///
/// A value's bin is the number of cuts below it.
pub fn cuts(values: &[f32], most: usize) -> Vec<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();

    let mut cuts: Vec<f32> = if distinct.len() <= most + 1 {
        distinct
            .windows(2)
            .map(|pair| between(pair[0], pair[1]))
            .collect()
    } else {
        (1..=most)
            .map(|quantile| sorted[quantile * sorted.len() / (most + 1)])
            // Many rows may share a value, and a quantile lies among them more often than between two values.
            .filter_map(|value| {
                let above = sorted.partition_point(|&other| other <= value);
                Some(between(value, *sorted.get(above)?))
            })
            .collect()
    };
    cuts.dedup();
    cuts
}

/// A number at or above `low` and below `high`.
fn between(low: f32, high: f32) -> f32 {
    let middle = low + (high - low) / 2.0;
    if middle < high { middle } else { low }
}

#[cfg(test)]
mod tests {
    use overtone_forest::{Feature, MAXIMUM_CUTS};

    use super::*;

    #[test]
    fn few_values_get_a_bin_each() {
        let values = [3.0, 1.0, 2.0, 2.0, 1.0f32.next_up()];
        let feature = Feature {
            name: "a".into(),
            cuts: cuts(&values, MAXIMUM_CUTS),
        };
        let bins = values.map(|value| feature.bin(value));
        assert_eq!(bins, [Some(3), Some(0), Some(2), Some(2), Some(1)]);
    }

    #[test]
    fn many_values_are_shared_out_evenly() {
        let values: Vec<f32> = (0..10_000).map(|index| (index as f32).powi(3)).collect();
        let feature = Feature {
            name: "a".into(),
            cuts: cuts(&values, MAXIMUM_CUTS),
        };
        assert_eq!(feature.cuts.len(), MAXIMUM_CUTS);
        let mut counts = [0; MAXIMUM_CUTS + 1];
        for value in values {
            counts[usize::from(feature.bin(value).unwrap())] += 1;
        }
        assert!(counts.iter().all(|count| (38..=41).contains(count)));
    }

    #[test]
    fn there_are_no_more_cuts_than_wanted() {
        let values: Vec<f32> = (0..10_000).map(|index| index as f32).collect();
        for most in [1, 7, 64] {
            assert_eq!(cuts(&values, most).len(), most);
        }
    }

    #[test]
    fn values_that_many_share_are_told_apart() {
        // Three decimals, as many of the collections have them.
        let values: Vec<f32> = (0..10_000).map(|row| (row % 1_000) as f32 / 1e3).collect();
        assert!(cuts(&values, MAXIMUM_CUTS).len() > 250);
        let values: Vec<f32> = (0..10_000)
            .map(|row| if row % 2 == 0 { 0.0 } else { row as f32 })
            .collect();
        let cuts = cuts(&values, MAXIMUM_CUTS);
        assert!(cuts.len() > 120);
        assert!(cuts[0] >= 0.0 && cuts[0] < 1.0);
    }

    #[test]
    fn one_value_needs_no_cut() {
        assert!(cuts(&[0.5; 100], MAXIMUM_CUTS).is_empty());
    }
}
