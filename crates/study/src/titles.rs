//! Learns what the words of titles say about genres, and measures what they add to what the sound says.
//!
//! Multinomial logistic regression with a quadratic penalty, by stochastic gradient descent with a step size for each
//! weight (Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011). How much the words count beside the sound is
//! one number, chosen so that the log loss on rows that were not learned from is lowest, as for the temperature.

use overtone_genre::{Figures, Titles, title_buckets};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::StudyError;
use crate::abroad::{Fold, Told};
use crate::boost::softmax;
use crate::examples::Example;
use crate::figures::{Answers, area_under_curve, mean};
use crate::genre_map::EIGHT;
use crate::pool::Pool;
use crate::ship::{figures, mean_figures};

/// How the words of titles are learned.
#[derive(Clone, Copy, Debug)]
pub struct TitleLearning {
    /// How often each title is learned from.
    pub passes: usize,
    /// The first step of a weight.
    pub rate: f32,
    /// The quadratic penalty of the weights, for all titles together.
    pub penalty: f32,
}

impl Default for TitleLearning {
    fn default() -> Self {
        Self {
            passes: 12,
            rate: 0.2,
            penalty: 1.0,
        }
    }
}

/// How right answers are on some test rows without titles and with them.
#[derive(Clone, Debug)]
pub struct TitleRow {
    /// What it is: a collection, or a way to test.
    pub name: String,
    /// How many tracks, and how many of them have a title.
    pub tracks: (usize, usize),
    /// How right without titles.
    pub without: Figures,
    /// How right with them.
    pub with: Figures,
}

/// What the words of titles say, packed, and what that was measured to be worth.
#[derive(Clone, Debug)]
pub struct MeasuredTitles {
    /// The packed weights.
    pub bytes: Vec<u8>,
    /// How much the words count beside the sound, 0 to 1.
    pub share: f64,
    /// The means over the collections left out, without titles and with them.
    pub abroad: (Figures, Figures),
    /// The twin, at home, and each collection left out, told the sound and the length.
    pub rows: Vec<TitleRow>,
    /// How well outsiders are told at home and on each collection that has some: the area under the ROC curve without
    /// titles and with them.
    pub outside: Vec<(String, f64, f64)>,
}

/// What was learned.
#[derive(Clone, Debug)]
pub struct TitleWeights {
    /// A weight for each bucket and class, bucket by bucket.
    weights: Vec<f32>,
    classes: usize,
}

impl TitleLearning {
    /// Learns the classes of examples from the titles of their rows in the pool.
    pub(crate) fn learn(self, pool: &Pool, examples: Vec<Example>, seed: u64) -> TitleWeights {
        let titled = |example: Example| {
            let buckets = title_buckets(&pool.tracks.get(example.track?)?.title);
            (!buckets.is_empty()).then_some((buckets, example))
        };
        let classes = examples.first().map_or(1, |example| example.target.len());
        let examples = examples.into_iter();
        let mut examples: Vec<(Vec<u16>, Example)> = examples.filter_map(titled).collect();
        let mut uses = vec![0.0f32; Titles::BUCKETS];
        for &bucket in examples.iter().flat_map(|(buckets, _)| buckets) {
            uses[usize::from(bucket)] += 1.0;
        }
        let mut learned = TitleWeights {
            weights: vec![0.0; Titles::BUCKETS * classes],
            classes,
        };
        let mut squares = vec![1e-6f32; learned.weights.len()];
        let mut random = StdRng::seed_from_u64(seed);
        for _ in 0..self.passes {
            examples.shuffle(&mut random);
            for (buckets, example) in &examples {
                let value = 1.0 / (buckets.len() as f32).sqrt();
                let mut said = learned.scores(buckets);
                softmax(&mut said);
                for &bucket in buckets {
                    let bucket = usize::from(bucket);
                    let places = bucket * classes..(bucket + 1) * classes;
                    // Each bucket bears its whole penalty in the course of a pass.
                    let penalty = self.penalty / uses[bucket];
                    let shares = said.iter().zip(&example.target);
                    let numbers = learned.weights[places.clone()]
                        .iter_mut()
                        .zip(&mut squares[places]);
                    for ((weight, square), (said, target)) in numbers.zip(shares) {
                        let slope = example.weight * (said - target) * value + penalty * *weight;
                        *square += slope * slope;
                        *weight -= self.rate * slope / square.sqrt();
                    }
                }
            }
        }
        learned
    }
}

impl TitleWeights {
    /// What a title's buckets say for or against each class.
    fn scores(&self, buckets: &[u16]) -> Vec<f32> {
        let value = 1.0 / (buckets.len().max(1) as f32).sqrt();
        let mut scores = vec![0.0; self.classes];
        for &bucket in buckets {
            let start = usize::from(bucket) * scores.len();
            for (score, weight) in scores.iter_mut().zip(&self.weights[start..]) {
                *score += weight * value;
            }
        }
        scores
    }
}

/// Test rows: what the sound says of them, and the buckets and scores of their titles.
pub(crate) struct Rows {
    name: String,
    sound: Answers,
    buckets: Vec<Vec<u16>>,
    scores: Vec<Vec<f32>>,
}

impl Rows {
    pub(crate) fn new<'a>(
        name: &str,
        weights: &TitleWeights,
        sound: Answers,
        titles: impl Iterator<Item = &'a str>,
    ) -> Self {
        let buckets: Vec<Vec<u16>> = titles.map(title_buckets).collect();
        Self {
            name: name.to_owned(),
            sound,
            scores: buckets
                .iter()
                .map(|buckets| weights.scores(buckets))
                .collect(),
            buckets,
        }
    }

    /// The titles' scores, times a share, added to the logarithms of the probabilities.
    fn with(&self, share: f64) -> Answers {
        let mut answers = self.sound.clone();
        for (said, scores) in answers.probabilities.iter_mut().zip(&self.scores) {
            for (said, score) in said.iter_mut().zip(scores) {
                let log = libm::log(f64::from(*said).max(1e-12));
                *said = (log + share * f64::from(*score)) as f32;
            }
            softmax(said);
        }
        answers
    }
}

/// Packs what `all` titles say about the genres and on whether any fits, and measures what the same is worth on rows that
/// were not learned from: the twin's if there is one, the home fold's, and those of each collection left out by what the others
/// say. With each fold come the answers by the sound.
///
/// # Errors
/// When a weight is no number.
pub(crate) fn measure<'a>(
    pool: &Pool,
    all: (&TitleWeights, &TitleWeights),
    outside_threshold: f32,
    home: (&Fold, &Answers),
    abroad: impl Iterator<Item = (&'a Fold, &'a Answers)> + Clone,
    twin: Option<Rows>,
) -> Result<MeasuredTitles, StudyError> {
    let folds = abroad.clone().map(|(fold, _)| fold);
    let (outside, outside_base) = measure_outside(pool, home.0, folds, outside_threshold);
    let rows_of = |(fold, sound): (&Fold, &Answers)| {
        let rows = fold.test.genres.iter();
        let titles = rows.map(|&(index, _)| pool.tracks[index].title.as_str());
        Rows::new(&fold.name, &fold.titles, sound.clone(), titles)
    };
    let home = rows_of(home);
    let abroad: Vec<Rows> = abroad.map(rows_of).collect();
    let loss = |share: f64| {
        let groups = abroad.iter().chain([&home]);
        mean(groups.map(|rows| rows.with(share).log_loss()))
    };
    let shares = (0..=20).map(|share| f64::from(share) / 20.0);
    let share = shares
        .min_by(|&left, &right| loss(left).total_cmp(&loss(right)))
        .unwrap_or(0.0);
    let (without, with): (Vec<Answers>, Vec<Answers>) = abroad
        .iter()
        .map(|rows| (rows.sound.clone(), rows.with(share)))
        .unzip();
    let (genre_weights, outside_weights) = all;
    let weights = genre_weights.weights.iter();
    let weights: Vec<f32> = weights.map(|weight| weight * share as f32).collect();
    // Of the two classes only the difference counts.
    let differences = outside_weights.weights.chunks_exact(2);
    let differences: Vec<f32> = differences.map(|pair| pair[1] - pair[0]).collect();
    let genres = EIGHT.map(str::to_owned).to_vec();
    let means = (mean_figures(&without), mean_figures(&with));
    let packed = Titles::new(genres, &weights, (&differences, outside_base), means)?;
    let rows = twin.into_iter().chain([home]).chain(abroad);
    Ok(MeasuredTitles {
        bytes: packed.write(),
        share,
        outside,
        abroad: means,
        rows: rows
            .map(|rows| TitleRow {
                tracks: (
                    rows.buckets.len(),
                    rows.buckets
                        .iter()
                        .filter(|buckets| !buckets.is_empty())
                        .count(),
                ),
                without: figures(&rows.sound),
                with: figures(&rows.with(share)),
                name: rows.name,
            })
            .collect(),
    })
}

/// How well outsiders are told without titles and with them, and what is added to what a title says so that as many tracks of
/// the genres reach the threshold at home as without titles.
fn measure_outside<'a>(
    pool: &Pool,
    home: &'a Fold,
    abroad: impl Iterator<Item = &'a Fold>,
    threshold: f32,
) -> (Vec<(String, f64, f64)>, f32) {
    let threshold = log_odds(threshold);
    let home_rows = OutsideOdds::of(pool, home, home.test.genres.iter().map(|&(index, _)| index));
    let base = home_rows.map_or(0.0, |rows| rows.base(threshold));
    let mut areas = Vec::new();
    for fold in std::iter::once(home).chain(abroad) {
        let inside = fold.test.genres.iter().map(|&(index, _)| index);
        let inside = OutsideOdds::of(pool, fold, inside);
        let others = OutsideOdds::of(pool, fold, fold.test.others.iter().copied());
        let (Some(inside), Some(others)) = (inside, others) else {
            continue;
        };
        if others.0.is_empty() {
            continue;
        }
        areas.push((
            fold.name.clone(),
            area_under_curve(&others.by_sound(), &inside.by_sound()),
            area_under_curve(&others.with_titles(base), &inside.with_titles(base)),
        ));
    }
    (areas, base)
}

/// The logarithm of the odds that no genre fits, by the sound, and what is added for the title, of some rows.
struct OutsideOdds(Vec<(f32, Option<f32>)>);

impl OutsideOdds {
    /// `None` if the fold has not learned it.
    fn of(pool: &Pool, fold: &Fold, rows: impl Iterator<Item = usize>) -> Option<Self> {
        let (outside, titles) = (fold.outside.as_ref()?, fold.outside_titles.as_ref()?);
        let rows = rows.map(|index| {
            let track = &pool.tracks[index];
            let sound = outside.probabilities(&Told::SoundAndLength.of(track.features))[1];
            let buckets = title_buckets(&track.title);
            let scores = titles.scores(&buckets);
            let title = (!buckets.is_empty()).then(|| scores[1] - scores[0]);
            (log_odds(sound), title)
        });
        Some(Self(rows.collect()))
    }

    fn by_sound(&self) -> Vec<f32> {
        self.0.iter().map(|(sound, _)| *sound).collect()
    }

    fn with_titles(&self, base: f32) -> Vec<f32> {
        let rows = self.0.iter();
        rows.map(|(sound, title)| sound + title.map_or(0.0, |title| title + base))
            .collect()
    }

    /// What is to be added to titles so that as large a share of those with a title reaches the threshold as of all by sound.
    fn base(&self, threshold: f32) -> f32 {
        let reach = self.0.iter().filter(|(sound, _)| *sound >= threshold);
        let share = reach.count() as f64 / self.0.len().max(1) as f64;
        let titled = self.0.iter();
        let titled = titled.filter_map(|(sound, title)| Some(sound + (*title)?));
        let mut titled: Vec<f32> = titled.collect();
        titled.sort_unstable_by(f32::total_cmp);
        let rank = (titled.len() as f64 * (1.0 - share)) as usize;
        titled.get(rank).map_or(0.0, |odds| threshold - odds)
    }
}

fn log_odds(probability: f32) -> f32 {
    let probability = f64::from(probability).clamp(1e-6, 1.0 - 1e-6);
    libm::log(probability / (1.0 - probability)) as f32
}
