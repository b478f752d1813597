//! The figures by which answers are judged, and what is known about numbers in general.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

/// The mean; 0 for no values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The standard deviation of the values themselves (divisor n); 0 for no values.
pub fn standard_deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / values.len().max(1) as f64).sqrt()
}

/// A figure that was found several times, as over several splits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation between the times, as of a sample (divisor n - 1); 0 for one time.
    pub deviation: f64,
    /// How many times.
    pub times: usize,
}

impl Spread {
    /// From the figure of each time.
    pub fn of(values: &[f64]) -> Self {
        let (times, rows) = (values.len(), values.len() as f64);
        let of_sample = (rows / (rows - 1.0).max(1.0)).sqrt();
        Self {
            mean: mean(values),
            deviation: standard_deviation(values) * of_sample,
            times,
        }
    }

    /// Two standard errors of the mean: beyond it, chance is no likely reason.
    pub fn margin(&self) -> f64 {
        2.0 * self.deviation / (self.times.max(1) as f64).sqrt()
    }

    /// How much larger the mean is than another's, with two standard errors of that.
    pub fn above(&self, other: &Self) -> (f64, f64) {
        let (own, others) = (self.margin(), other.margin());
        let margin = (own * own + others * others).sqrt();
        (self.mean - other.mean, margin)
    }
}

/// The value below which a share of the sorted values lies, between neighbours in proportion (Hyndman and Fan's type 7); no
/// number for no values.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = share.clamp(0.0, 1.0) * last as f64;
    let low = position.floor() as usize;
    let high = (low + 1).min(last);
    sorted[low] + (sorted[high] - sorted[low]) * (position - low as f64)
}

/// Pearson's correlation, -1 to 1; 0 where one side does not vary.
pub fn correlation(first: &[f64], second: &[f64]) -> f64 {
    let (mean_first, mean_second) = (mean(first), mean(second));
    let covariance = first
        .iter()
        .zip(second)
        .map(|(a, b)| (a - mean_first) * (b - mean_second))
        .sum::<f64>()
        / first.len().max(1) as f64;
    let deviations = standard_deviation(first) * standard_deviation(second);
    if deviations > 0.0 {
        covariance / deviations
    } else {
        0.0
    }
}

/// Spearman's rank correlation, -1 to 1: Pearson's correlation of the ranks.
pub fn rank_correlation(first: &[f64], second: &[f64]) -> f64 {
    correlation(&ranks(first), &ranks(second))
}

/// The rank of each value from 1; equal values share the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let below = order.partition_point(|&index| values[index] < values[tied[0]]);
        for &index in tied {
            ranks[index] = below as f64 + (tied.len() as f64 + 1.0) / 2.0;
        }
    }
    ranks
}

/// What a classifier answered on rows: a class for each and, if it has them, the probability of every class.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// The index of the class for each row.
    pub labels: Vec<usize>,
    /// The probability of every class for each row, each row adding up to 1.
    pub probabilities: Option<Vec<Vec<f64>>>,
}

impl Answers {
    /// The answers that give each row its most probable class; of equal ones, the first.
    pub fn from_probabilities(probabilities: Vec<Vec<f64>>) -> Self {
        Self {
            labels: probabilities.iter().map(|row| largest(row)).collect(),
            probabilities: Some(probabilities),
        }
    }
}

/// The index of the largest value; of equal ones, the first.
pub fn largest<T: PartialOrd>(values: &[T]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}

/// The share of right answers, 0 to 1.
pub fn accuracy(truth: &[usize], answers: &[usize]) -> f64 {
    let right = truth.iter().zip(answers).filter(|(a, b)| a == b).count();
    right as f64 / truth.len().max(1) as f64
}

/// For each true class (row), how many rows got each answer (column).
pub fn confusion(truth: &[usize], answers: &[usize], classes: usize) -> Vec<Vec<usize>> {
    let mut counts = vec![vec![0; classes]; classes];
    for (&truth, &answer) in truth.iter().zip(answers) {
        counts[truth][answer] += 1;
    }
    counts
}

/// The mean share of right answers over the classes that there are rows of, 0 to 1.
pub fn balanced_accuracy(truth: &[usize], answers: &[usize], classes: usize) -> f64 {
    let mut right = vec![0.0; classes];
    let mut rows = vec![0.0; classes];
    for (&truth, &answer) in truth.iter().zip(answers) {
        rows[truth] += 1.0;
        if truth == answer {
            right[truth] += 1.0;
        }
    }
    let recalls: Vec<f64> = right
        .iter()
        .zip(&rows)
        .filter(|(_, rows)| **rows > 0.0)
        .map(|(right, rows)| right / rows)
        .collect();
    mean(&recalls)
}

/// The area under the ROC curve of each class against the rest, averaged over the classes that have rows on both
/// sides: how often a row of the class has the higher probability of it than a row of another class (ties count half).
pub fn one_against_rest_auc(truth: &[usize], probabilities: &[Vec<f64>]) -> f64 {
    let classes = probabilities.first().map_or(0, Vec::len);
    let areas: Vec<f64> = (0..classes)
        .filter_map(|class| {
            let scores: Vec<f64> = probabilities.iter().map(|row| row[class]).collect();
            let positive: Vec<bool> = truth.iter().map(|&truth| truth == class).collect();
            auc(&positive, &scores)
        })
        .collect();
    mean(&areas)
}

/// The area under one ROC curve by the rank sum (Mann and Whitney), 0 to 1; `None` where one side has no rows.
pub fn auc(positive: &[bool], scores: &[f64]) -> Option<f64> {
    let positives = positive.iter().filter(|positive| **positive).count() as f64;
    let negatives = positive.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let rank_sum: f64 = ranks(scores)
        .iter()
        .zip(positive)
        .filter(|(_, positive)| **positive)
        .map(|(rank, _)| rank)
        .sum();
    Some((rank_sum - positives * (positives + 1.0) / 2.0) / (positives * negatives))
}

/// The smallest probability that counts in the log loss: a classifier that rules the truth out would else have an
/// infinite one.
const SMALLEST_PROBABILITY: f64 = 1e-3;

/// The mean of the negative natural logarithm of the true class's probability, in nats.
pub fn log_loss(truth: &[usize], probabilities: &[Vec<f64>]) -> f64 {
    let losses: Vec<f64> = truth
        .iter()
        .zip(probabilities)
        .map(|(&truth, row)| -libm::log(row[truth].max(SMALLEST_PROBABILITY)))
        .collect();
    mean(&losses)
}

/// How many equally wide bins of confidence the calibration error has.
const CONFIDENCE_BINS: usize = 10;

/// The expected calibration error (Naeini, Cooper and Hauskrecht 2015), 0 to 1: in ten bins of the answer's probability,
/// how far that is from the share of right answers, weighed by rows. The model card's has fifteen bins.
pub fn calibration_error(truth: &[usize], answers: &[usize], probabilities: &[Vec<f64>]) -> f64 {
    let mut bins = [(0.0, 0.0); CONFIDENCE_BINS];
    for ((&truth, &answer), row) in truth.iter().zip(answers).zip(probabilities) {
        let confidence = row[answer];
        let bin = (confidence * CONFIDENCE_BINS as f64) as usize;
        let (confident, right) = &mut bins[bin.min(CONFIDENCE_BINS - 1)];
        *confident += confidence;
        *right += if truth == answer { 1.0 } else { 0.0 };
    }
    let differences = bins
        .iter()
        .map(|(confident, right): &(f64, f64)| (confident - right).abs());
    differences.sum::<f64>() / truth.len().max(1) as f64
}

/// A figure and the interval in which it lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure on all rows.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

/// Draws of rows with replacement, all rows of a group together, to see how far a figure depends on which rows there
/// are (Efron 1979; groups: Field and Welsh 2007).
#[derive(Clone, Debug)]
pub struct Bootstrap {
    draws: Vec<Vec<usize>>,
}

impl Bootstrap {
    /// `draws` draws, each of as many groups as there are; `groups` has the rows of each group.
    pub fn new(groups: &[Vec<usize>], draws: usize, seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let draw = |_| {
            (0..groups.len())
                .flat_map(|_| groups[random.random_range(0..groups.len())].iter().copied())
                .collect()
        };
        Self {
            draws: (0..draws).map(draw).collect(),
        }
    }

    /// A figure of all rows, with the 2.5 and 97.5 percentiles of its value over the draws. A draw in which it has none
    /// (`NaN`, as the recall of a class that was not drawn) does not count.
    pub fn estimate(&self, rows: usize, figure: impl Fn(&[usize]) -> f64 + Sync) -> Estimate {
        let all: Vec<usize> = (0..rows).collect();
        let mut values = crate::parallel::map(self.draws.len(), |draw| figure(&self.draws[draw]));
        values.retain(|value| !value.is_nan());
        values.sort_by(f64::total_cmp);
        Estimate {
            value: figure(&all),
            low: quantile(&values, 0.025),
            high: quantile(&values, 0.975),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn a_spread_is_that_of_a_sample() {
        let spread = Spread::of(&[2.0, 4.0, 6.0]);
        assert!(near(spread.mean, 4.0) && near(spread.deviation, 2.0));
        assert!(near(spread.margin(), 4.0 / 3.0_f64.sqrt()));
        let (difference, margin) = spread.above(&Spread::of(&[1.0, 1.0]));
        assert!(near(difference, 3.0) && near(margin, spread.margin()));
        assert_eq!(Spread::of(&[0.5]).deviation, 0.0);
    }

    #[test]
    fn quantiles_and_correlations_of_small_series() {
        assert!(near(quantile(&[1.0, 2.0, 3.0, 4.0], 0.5), 2.5));
        assert!(near(quantile(&[1.0, 2.0, 3.0, 4.0], 1.0), 4.0));
        assert!(near(
            standard_deviation(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]),
            2.0
        ));
        assert!(near(correlation(&[1.0, 2.0, 3.0], &[6.0, 4.0, 2.0]), -1.0));
        assert!(near(correlation(&[1.0, 2.0], &[3.0, 3.0]), 0.0));
        // Order counts, distance does not.
        assert!(near(
            rank_correlation(&[1.0, 2.0, 300.0], &[1.0, 4.0, 5.0]),
            1.0
        ));
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 9.0]), [2.5, 1.0, 2.5, 4.0]);
    }

    #[test]
    fn auc_counts_pairs_in_the_right_order() {
        // Of the four pairs, (0.8, 0.4), (0.8, 0.1), (0.35, 0.1) are right and (0.35, 0.4) is wrong.
        let positive = [false, false, true, true];
        assert!(near(auc(&positive, &[0.1, 0.4, 0.35, 0.8]).unwrap(), 0.75));
        assert!(near(auc(&positive, &[0.5; 4]).unwrap(), 0.5));
        assert_eq!(auc(&[true, true], &[0.1, 0.2]), None);
    }

    #[test]
    fn one_against_rest_averages_the_classes() {
        let truth = [0, 1, 2];
        let sure = vec![
            vec![0.8, 0.1, 0.1],
            vec![0.1, 0.8, 0.1],
            vec![0.1, 0.1, 0.8],
        ];
        assert!(near(one_against_rest_auc(&truth, &sure), 1.0));
        // Class 0 is ranked last for its own row, the others are perfect.
        let mixed = vec![
            vec![0.0, 0.5, 0.5],
            vec![0.1, 0.8, 0.1],
            vec![0.1, 0.1, 0.8],
        ];
        assert!(near(one_against_rest_auc(&truth, &mixed), 2.0 / 3.0));
    }

    #[test]
    fn losses_of_known_probabilities() {
        let probabilities = vec![vec![0.5, 0.5], vec![0.75, 0.25]];
        let expected = (2.0_f64.log2() + 4.0_f64.log2()) / 2.0 * std::f64::consts::LN_2;
        assert!((log_loss(&[0, 1], &probabilities) - expected).abs() < 1e-9);
        // Ruled out counts as one in a thousand.
        let ruled_out = log_loss(&[0], &[vec![0.0, 1.0]]);
        assert!((ruled_out - 6.907_755).abs() < 1e-6);
    }

    #[test]
    fn calibration_error_is_the_gap_between_confidence_and_rightness() {
        // Four answers at 0.75, three of them right: no gap.
        let at = |confidence: f64| vec![vec![confidence, 1.0 - confidence]; 4];
        assert!(near(
            calibration_error(&[0, 0, 0, 1], &[0; 4], &at(0.75)),
            0.0
        ));
        // Four at 0.95, two of them right: 0.45.
        assert!(near(
            calibration_error(&[0, 0, 1, 1], &[0; 4], &at(0.95)),
            0.45
        ));
        // Certainty falls into the last bin.
        assert!(near(calibration_error(&[0; 4], &[0; 4], &at(1.0)), 0.0));
    }

    #[test]
    fn accuracies_of_a_known_confusion() {
        let truth = [0, 0, 0, 0, 1, 1];
        let answers = [0, 0, 0, 1, 1, 0];
        assert_eq!(confusion(&truth, &answers, 2), [[3, 1], [1, 1]]);
        assert!(near(accuracy(&truth, &answers), 4.0 / 6.0));
        assert!(near(balanced_accuracy(&truth, &answers, 3), 0.625));
    }

    #[test]
    fn a_bootstrap_keeps_groups_together_and_covers_the_truth() {
        let groups: Vec<Vec<usize>> = (0..50)
            .map(|group| vec![2 * group, 2 * group + 1])
            .collect();
        let bootstrap = Bootstrap::new(&groups, 400, 1);
        for draw in &bootstrap.draws {
            assert_eq!(draw.len(), 100);
            assert!(draw.chunks(2).all(|pair| pair[0] + 1 == pair[1]));
        }
        // Half of the groups are right: a share of 0.5 with a standard error of 0.5 / sqrt(50) = 0.07.
        let estimate = bootstrap.estimate(100, |rows| {
            rows.iter().filter(|&&row| row < 50).count() as f64 / rows.len() as f64
        });
        assert!(near(estimate.value, 0.5));
        assert!((estimate.low - 0.36).abs() < 0.04, "{estimate:?}");
        assert!((estimate.high - 0.64).abs() < 0.04, "{estimate:?}");
        let again = Bootstrap::new(&groups, 400, 1);
        assert_eq!(again.draws, bootstrap.draws);
    }
}
