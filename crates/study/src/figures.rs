//! How right probabilities are: figures of a report, from what was said and what is true.

use crate::statistics::{Bootstrap, Estimate, largest};

/// How often groups of tracks are drawn anew for an interval.
const DRAWS: usize = 1000;

/// What a model said about tracks, and what is true of them.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The probability of each genre, for each track.
    pub probabilities: Vec<Vec<f32>>,
    /// The index of the true genre of each track.
    pub truths: Vec<usize>,
}

/// A group of answers of about the same confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The mean of their largest probabilities, 0 to 1.
    pub confidence: f64,
    /// The share of right ones, 0 to 1.
    pub accuracy: f64,
    /// How many there are.
    pub tracks: usize,
}

impl Answers {
    /// Adds an answer.
    pub fn push(&mut self, probabilities: Vec<f32>, truth: usize) {
        self.probabilities.push(probabilities);
        self.truths.push(truth);
    }

    /// How many answers there are.
    pub fn len(&self) -> usize {
        self.truths.len()
    }

    /// Whether there is no answer.
    pub fn is_empty(&self) -> bool {
        self.truths.is_empty()
    }

    fn is_right(&self, track: usize) -> bool {
        largest(&self.probabilities[track]) == self.truths[track]
    }

    /// The share of right answers, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        let right = (0..self.len())
            .filter(|&track| self.is_right(track))
            .count();
        right as f64 / self.len().max(1) as f64
    }

    /// The share of right answers among the tracks of each genre; `None` where there is no such track.
    pub fn recalls(&self) -> Vec<Option<f64>> {
        self.recalls_of(0..self.len())
    }

    fn recalls_of(&self, tracks: impl Iterator<Item = usize>) -> Vec<Option<f64>> {
        let genres = self.probabilities.first().map_or(0, Vec::len);
        let mut counts = vec![(0usize, 0usize); genres];
        for track in tracks {
            let (right, all) = &mut counts[self.truths[track]];
            *right += usize::from(largest(&self.probabilities[track]) == self.truths[track]);
            *all += 1;
        }
        counts
            .into_iter()
            .map(|(right, all)| (all > 0).then(|| right as f64 / all as f64))
            .collect()
    }

    /// The mean recall of the genres that there are tracks of, 0 to 1.
    pub fn balanced_accuracy(&self) -> f64 {
        mean(self.recalls().into_iter().flatten())
    }

    /// The balanced accuracy, with the 95 % interval that it has where whole groups of tracks are drawn anew; `groups` has the
    /// tracks of each group.
    pub fn balanced_accuracy_by_groups(&self, groups: &[Vec<usize>]) -> Estimate {
        Bootstrap::new(groups, DRAWS, 1).estimate(self.len(), |tracks| {
            mean(
                self.recalls_of(tracks.iter().copied())
                    .into_iter()
                    .flatten(),
            )
        })
    }

    /// The mean of the negative natural logarithm of the true genre's probability, but at least that of 0.001, in nats.
    pub fn log_loss(&self) -> f64 {
        mean(
            self.probabilities
                .iter()
                .zip(&self.truths)
                .map(|(said, &truth)| -libm::log(f64::from(said[truth]).max(1e-3))),
        )
    }

    /// The answers in `bands` bands of equal width by confidence, without the empty ones.
    pub fn reliability(&self, bands: usize) -> Vec<Band> {
        let mut sums = vec![(0.0f64, 0usize, 0usize); bands];
        for (track, said) in self.probabilities.iter().enumerate() {
            let confidence = f64::from(said[largest(said)]);
            let band = ((confidence * bands as f64) as usize).min(bands - 1);
            let (sum, right, all) = &mut sums[band];
            *sum += confidence;
            *right += usize::from(self.is_right(track));
            *all += 1;
        }
        sums.into_iter()
            .filter(|&(_, _, all)| all > 0)
            .map(|(sum, right, all)| Band {
                confidence: sum / all as f64,
                accuracy: right as f64 / all as f64,
                tracks: all,
            })
            .collect()
    }

    /// The expected calibration error over 15 bands of equal width: how far confidence and accuracy lie apart in the
    /// mean (Naeini, Cooper and Hauskrecht, 2015; Guo et al., "On calibration of modern neural networks", 2017).
    pub fn calibration_error(&self) -> f64 {
        let all = self.len().max(1) as f64;
        self.reliability(15)
            .iter()
            .map(|band| (band.accuracy - band.confidence).abs() * band.tracks as f64 / all)
            .sum()
    }

    /// The same answers with scores divided by a temperature.
    pub fn at_temperature(&self, temperature: f64) -> Self {
        let probabilities = self
            .probabilities
            .iter()
            .map(|said| {
                let mut scores: Vec<f32> = said
                    .iter()
                    .map(|&p| (libm::log(f64::from(p).max(1e-12)) / temperature) as f32)
                    .collect();
                crate::boost::softmax(&mut scores);
                scores
            })
            .collect();
        Self {
            probabilities,
            truths: self.truths.clone(),
        }
    }

    /// The share of right answers among the most confident tracks, for each share of tracks answered.
    pub fn coverage_accuracy(&self, shares: &[f64]) -> Vec<(f64, f64)> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        let confidence = |track: usize| {
            let said = &self.probabilities[track];
            said[largest(said)]
        };
        order.sort_by(|&left, &right| confidence(right).total_cmp(&confidence(left)));
        shares
            .iter()
            .map(|&share| {
                let count =
                    ((self.len() as f64 * share).round() as usize).clamp(1, self.len().max(1));
                let right = order
                    .iter()
                    .take(count)
                    .filter(|&&track| self.is_right(track));
                (share, right.count() as f64 / count as f64)
            })
            .collect()
    }

    /// The largest threshold for which the share `coverage` of tracks, at least, has a true genre of that probability,
    /// with the correction for a finite sample (split conformal prediction: Vovk, Gammerman and Shafer, 2005; Sadinle,
    /// Lei and Wasserman, "Least ambiguous set-valued classifiers", 2019).
    pub fn set_threshold(&self, coverage: f64) -> f32 {
        let mut said: Vec<f32> = self
            .probabilities
            .iter()
            .zip(&self.truths)
            .map(|(said, &truth)| said[truth])
            .collect();
        said.sort_unstable_by(f32::total_cmp);
        let outside = ((said.len() + 1) as f64 * (1.0 - coverage)).floor() as usize;
        match outside {
            0 => 0.0,
            _ => said.get(outside - 1).copied().unwrap_or(0.0),
        }
    }

    /// How often the set of genres with at least `threshold` (and always the most probable one) has the true one, and
    /// how many genres it has on average.
    pub fn sets(&self, threshold: f32) -> (f64, f64) {
        let (mut covered, mut size) = (0usize, 0usize);
        for (said, &truth) in self.probabilities.iter().zip(&self.truths) {
            let first = largest(said);
            covered += usize::from(said[truth] >= threshold || truth == first);
            size += said
                .iter()
                .enumerate()
                .filter(|&(genre, &p)| p >= threshold || genre == first)
                .count();
        }
        let all = self.len().max(1) as f64;
        (covered as f64 / all, size as f64 / all)
    }
}

/// The mean, 0 of nothing.
pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for value in values {
        sum += value;
        count += 1;
    }
    sum / f64::from(count.max(1))
}

/// The temperature, between 0.5 and 2, at which the mean log loss of several groups of answers is lowest; 1 without answers.
pub fn temperature(groups: &[Answers]) -> f64 {
    if groups.iter().all(|answers| answers.is_empty()) {
        return 1.0;
    }
    let loss = |temperature: f64| {
        mean(
            groups
                .iter()
                .map(|answers| answers.at_temperature(temperature).log_loss()),
        )
    };
    // Golden-section search: the log loss is convex in the inverse temperature.
    let (mut low, mut high) = (0.5f64, 2.0f64);
    let ratio = 0.618_033_988_749_895;
    for _ in 0..14 {
        let (left, right) = (high - (high - low) * ratio, low + (high - low) * ratio);
        if loss(left) < loss(right) {
            high = right;
        } else {
            low = left;
        }
    }
    (low + high) / 2.0
}

/// The probability that one of `positives` is larger than one of `negatives` (the area under the ROC curve), by the
/// Mann-Whitney statistic; equal ones count half.
pub fn area_under_curve(positives: &[f32], negatives: &[f32]) -> f64 {
    let mut all: Vec<(f32, bool)> = positives.iter().map(|&value| (value, true)).collect();
    all.extend(negatives.iter().map(|&value| (value, false)));
    all.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
    let mut wins = 0.0;
    let mut below = 0usize;
    let mut start = 0;
    while start < all.len() {
        let value = all[start].0;
        let end = start
            + all[start..]
                .iter()
                .take_while(|entry| entry.0 == value)
                .count();
        let positive = all[start..end].iter().filter(|entry| entry.1).count();
        let negative = end - start - positive;
        wins += positive as f64 * (below as f64 + negative as f64 / 2.0);
        below += negative;
        start = end;
    }
    wins / (positives.len().max(1) as f64 * negatives.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers() -> Answers {
        let mut answers = Answers::default();
        answers.push(vec![0.8, 0.1, 0.1], 0);
        answers.push(vec![0.6, 0.3, 0.1], 1);
        answers.push(vec![0.2, 0.7, 0.1], 1);
        answers.push(vec![0.5, 0.4, 0.1], 0);
        answers
    }

    #[test]
    fn figures_of_known_answers() {
        let answers = answers();
        assert!((answers.accuracy() - 0.75).abs() < 1e-12);
        assert_eq!(answers.recalls(), [Some(1.0), Some(0.5), None]);
        assert!((answers.balanced_accuracy() - 0.75).abs() < 1e-12);
        let expected = -libm::log(0.8 * 0.3 * 0.7 * 0.5) / 4.0;
        assert!((answers.log_loss() - expected).abs() < 1e-6);
        // 0.8 right, 0.6 wrong, 0.7 right, 0.5 right, each in a band of its own.
        let expected = (0.2 + 0.6 + 0.3 + 0.5) / 4.0;
        assert!((answers.calibration_error() - expected).abs() < 1e-6);
        let curve = answers.coverage_accuracy(&[0.5, 1.0]);
        assert_eq!(curve, [(0.5, 1.0), (1.0, 0.75)]);
    }

    #[test]
    fn sets_cover_what_they_promise() {
        let answers = answers();
        // Of (4 + 1) * 0.5 = 2 true genres with the least probability, 0.3 and 0.5, the second is the threshold.
        let threshold = answers.set_threshold(0.5);
        assert_eq!(threshold, 0.5);
        assert_eq!(answers.sets(threshold), (0.75, 1.0));
        assert_eq!(answers.set_threshold(0.9), 0.0);
        assert_eq!(answers.sets(0.0), (1.0, 3.0));
    }

    #[test]
    fn temperature_undoes_overconfidence() {
        // Said 0.9, right in 3 of 5: to bring it down to 0.6 takes more than the largest temperature there is.
        let mut answers = Answers::default();
        for track in 0..5 {
            answers.push(vec![0.9, 0.1], usize::from(track >= 3));
        }
        let temperature = temperature(std::slice::from_ref(&answers));
        assert!((temperature - 2.0).abs() < 0.01, "{temperature}");
        let mut mild = Answers::default();
        for track in 0..5 {
            mild.push(vec![0.7, 0.3], usize::from(track >= 3));
        }
        let cooled = mild.at_temperature(super::temperature(std::slice::from_ref(&mild)));
        assert!((cooled.probabilities[0][0] - 0.6).abs() < 0.01);
    }

    #[test]
    fn area_under_a_known_curve() {
        assert_eq!(area_under_curve(&[0.9, 0.8], &[0.1, 0.2]), 1.0);
        assert_eq!(area_under_curve(&[0.5], &[0.5, 0.5]), 0.5);
        assert_eq!(area_under_curve(&[0.3, 0.9], &[0.5]), 0.5);
    }
}
