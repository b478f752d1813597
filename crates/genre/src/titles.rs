//! What the words of titles say about genres: an optional addition to what a model says about the sound.
//!
//! Multinomial logistic regression over the letters of a title. Each word, in lower case and with a space before and
//! behind it, is taken apart into all groups of two to four letters; each group falls by a hash into one of
//! [`Titles::BUCKETS`] buckets (Weinberger et al., "Feature hashing for large scale multitask learning", 2009), and each
//! bucket weighs for or against each genre. The weights of a title's buckets are added and divided by the square root of
//! their number; by the sum's exponential each genre's probability is multiplied.
//!
//! Layout of the bytes, little-endian: magic `OVTT`, version (u16), CRC-32 of what follows (u32); the number of genres
//! (u8) and the name of each (its length, a byte, and UTF-8); what a step of the weights is worth (f32); [`Figures`]
//! abroad without titles and with them (four f32 each); of what titles say on whether any genre fits, what a step is worth
//! and what is added (f32 each); then a signed byte for each bucket and genre, bucket by bucket, and one for each bucket on
//! whether any genre fits.

use overtone_forest::crc32;

use crate::bytes::Reader;
use crate::{Classification, Figures, ModelError};

const MAGIC: [u8; 4] = *b"OVTT";

const VERSION: u16 = 1;

/// How many letters a group has.
const GROUP_LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;

/// How many letters of a title count. What is longer is no title.
const MOST_LETTERS: usize = 200;

/// What titles that ship say about the eight genres. What does not ask for it does not carry it.
static EIGHT_GENRES: &[u8] = include_bytes!("../models/eight-genres.titles");

/// What the words of titles say about the genres of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Titles {
    genres: Vec<String>,
    words: Weights,
    /// On whether any of the genres fits: above 0 for none.
    outside: Weights,
    /// What is added to what a title says on that.
    outside_base: f32,
    without: Figures,
    with: Figures,
}

/// Weights of the buckets for or against some classes.
#[derive(Clone, Debug, PartialEq)]
struct Weights {
    classes: usize,
    /// What a step is worth.
    step: f32,
    /// In steps, bucket by bucket.
    steps: Vec<i8>,
}

impl Titles {
    /// How many buckets groups of letters fall into.
    pub const BUCKETS: usize = 4096;

    /// Puts together what was learned: for each bucket a weight for each of the genres, bucket by bucket; a weight for each
    /// bucket on whether any genre fits, above 0 for none, and what is added to their sum; and how right answers are without
    /// titles and with them, on collections that nothing was learned from. Weights are rounded to 127 steps up and down.
    ///
    /// # Errors
    /// When the weights are not [`BUCKETS`](Self::BUCKETS) for each genre and for whether any fits, or one is no number.
    pub fn new(
        genres: Vec<String>,
        weights: &[f32],
        (outside, base): (&[f32], f32),
        (without, with): (Figures, Figures),
    ) -> Result<Self, ModelError> {
        let fits = weights.len() == genres.len() * Self::BUCKETS && outside.len() == Self::BUCKETS;
        if genres.is_empty() || !fits {
            return Err(damaged(WRONG_NUMBER));
        }
        let longest = genres.iter().map(String::len).max().unwrap_or(0);
        if genres.len().max(longest) > usize::from(u8::MAX) {
            return Err(damaged(
                "it has too many genres, or one with too long a name",
            ));
        }
        let mut numbers = weights.iter().chain(outside).chain([&base]);
        if !numbers.all(|number| number.is_finite()) {
            return Err(damaged("a weight is no number"));
        }
        Ok(Self {
            words: Weights::new(weights, genres.len()),
            outside: Weights::new(outside, 1),
            outside_base: base,
            genres,
            without,
            with,
        })
    }

    /// What titles say about the genres of [`Model::eight_genres`](crate::Model::eight_genres).
    ///
    /// # Errors
    /// When the bytes that were compiled in cannot be read, which the tests of this crate rule out.
    pub fn eight_genres() -> Result<Self, ModelError> {
        Self::read(EIGHT_GENRES)
    }

    /// Reads what [`write`](Self::write) has written.
    ///
    /// # Errors
    /// When the bytes are not whole, undamaged and of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader::new(bytes, damaged);
        if reader.array()? != MAGIC {
            return Err(damaged("it does not begin as one"));
        }
        if u16::from_le_bytes(reader.array()?) != VERSION {
            return Err(damaged("it has a version that this program does not know"));
        }
        let checksum = u32::from_le_bytes(reader.array()?);
        if crc32(reader.rest()) != checksum {
            return Err(damaged("its checksum does not match"));
        }
        let [count] = reader.array()?;
        let mut genres = Vec::new();
        for _ in 0..count {
            let [length] = reader.array()?;
            let name = str::from_utf8(reader.take(usize::from(length))?);
            genres.push(
                name.map_err(|_| damaged("a genre's name is not UTF-8"))?
                    .to_owned(),
            );
        }
        let step = reader.float()?;
        let (without, with) = (reader.figures()?, reader.figures()?);
        let (outside_step, base) = (reader.float()?, f32::from_le_bytes(reader.array()?));
        if !base.is_finite() {
            return Err(damaged("a figure is no number"));
        }
        let words = Weights::read(&mut reader, genres.len(), step)?;
        let outside = Weights::read(&mut reader, 1, outside_step)?;
        if genres.is_empty() || !reader.rest().is_empty() {
            return Err(damaged(WRONG_NUMBER));
        }
        Ok(Self {
            genres,
            words,
            outside,
            outside_base: base,
            without,
            with,
        })
    }

    /// Writes it.
    pub fn write(&self) -> Vec<u8> {
        let mut body = vec![self.genres.len() as u8];
        for genre in &self.genres {
            body.push(genre.len() as u8);
            body.extend(genre.as_bytes());
        }
        body.extend(self.words.step.to_le_bytes());
        for figures in [self.without, self.with] {
            body.extend(figures.to_bytes());
        }
        body.extend(self.outside.step.to_le_bytes());
        body.extend(self.outside_base.to_le_bytes());
        let steps = self.words.steps.iter().chain(&self.outside.steps);
        body.extend(steps.map(|steps| steps.cast_unsigned()));
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(crc32(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// The names of the genres that it is about: those of the model that it may be added to, in the same order.
    pub fn genres(&self) -> &[String] {
        &self.genres
    }

    /// How right answers are on collections that nothing was learned from, the mean over them: without titles and with
    /// them.
    pub fn figures(&self) -> (Figures, Figures) {
        (self.without, self.with)
    }

    /// Adds what a title says to an answer of a model with the same genres. A title without a word, or an answer about
    /// another number of genres, is left as it is.
    pub fn add_to(&self, answer: &mut Classification, title: &str) {
        let buckets = title_buckets(title);
        if answer.probabilities.len() != self.genres.len() || buckets.is_empty() {
            return;
        }
        let scores = self.words.scores(&buckets);
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        let weighed = answer.probabilities.iter().zip(scores);
        let mut weighed: Vec<f64> = weighed
            .map(|(probability, score)| probability * libm::exp(f64::from(score - most)))
            .collect();
        let sum: f64 = weighed.iter().sum();
        if sum > 0.0 {
            weighed
                .iter_mut()
                .for_each(|probability| *probability /= sum);
            (answer.best, answer.confidence) = crate::model::most_probable(&weighed);
            answer.probabilities = weighed;
        }
        if let Some(outside) = &mut answer.outside {
            let score: f32 = self.outside.scores(&buckets).iter().sum();
            // What is certain stays so; and the odds against it may be endless.
            if *outside > 0.0 && *outside < 1.0 {
                let odds_against = libm::exp(-f64::from(score + self.outside_base));
                *outside /= *outside + (1.0 - *outside) * odds_against;
            }
        }
    }

    /// What a title's buckets say for or against each genre, as differences of logarithms of probabilities.
    pub fn scores(&self, buckets: &[u16]) -> Vec<f32> {
        self.words.scores(buckets)
    }
}

impl Weights {
    /// Rounds weights to 127 steps up and down.
    fn new(weights: &[f32], classes: usize) -> Self {
        let largest = weights
            .iter()
            .fold(0.0, |most: f32, weight| most.max(weight.abs()));
        let step = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let steps = weights.iter().map(|weight| (weight / step).round() as i8);
        Self {
            classes,
            step,
            steps: steps.collect(),
        }
    }

    fn read(reader: &mut Reader<'_>, classes: usize, step: f32) -> Result<Self, ModelError> {
        let bytes = reader.take(classes * Titles::BUCKETS)?;
        Ok(Self {
            classes,
            step,
            steps: bytes.iter().map(|byte| byte.cast_signed()).collect(),
        })
    }

    /// What a title's buckets say for or against each class.
    fn scores(&self, buckets: &[u16]) -> Vec<f32> {
        let mut sums = vec![0i32; self.classes];
        for &bucket in buckets {
            let start = usize::from(bucket) * self.classes;
            let steps = self.steps.get(start..).unwrap_or_default();
            for (sum, &steps) in sums.iter_mut().zip(steps) {
                *sum += i32::from(steps);
            }
        }
        let worth = self.step / (buckets.len().max(1) as f32).sqrt();
        sums.into_iter().map(|sum| sum as f32 * worth).collect()
    }
}

/// The buckets, below [`Titles::BUCKETS`], that the groups of letters of a title fall into: each once, ascending.
pub fn title_buckets(title: &str) -> Vec<u16> {
    let mut buckets = Vec::new();
    let end = title
        .char_indices()
        .nth(MOST_LETTERS)
        .map_or(title.len(), |(end, _)| end);
    for word in title.get(..end).unwrap_or_default().split_whitespace() {
        let letters = word.chars().flat_map(char::to_lowercase);
        let letters: Vec<char> = [' '].into_iter().chain(letters).chain([' ']).collect();
        for length in GROUP_LENGTHS {
            buckets.extend(letters.windows(length).map(bucket));
        }
    }
    buckets.sort_unstable();
    buckets.dedup();
    buckets
}

/// FNV-1a over the letters, folded to the width of a bucket.
fn bucket(letters: &[char]) -> u16 {
    let hash = letters.iter().fold(0x811c_9dc5u32, |hash, &letter| {
        (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193)
    });
    ((hash ^ hash >> 12 ^ hash >> 24) & (Titles::BUCKETS as u32 - 1)) as u16
}

const WRONG_NUMBER: &str = "it has another number of weights than of genres and buckets";

fn damaged(what: &'static str) -> ModelError {
    ModelError::Titles { what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Feature, Features, Model};

    fn titles() -> Titles {
        let mut weights = vec![0.0; 2 * Titles::BUCKETS];
        for bucket in title_buckets("raga") {
            weights[2 * usize::from(bucket)] = 1.0;
        }
        let mut outside = vec![0.0; Titles::BUCKETS];
        for bucket in title_buckets("lullaby") {
            outside[usize::from(bucket)] = 2.0;
        }
        let genres = vec!["raga".to_owned(), "polka".to_owned()];
        let figures = (Figures::default(), Figures::default());
        Titles::new(genres, &weights, (&outside, -1.0), figures).unwrap()
    }

    fn even() -> Classification {
        Classification {
            probabilities: vec![0.4, 0.6],
            best: 1,
            confidence: 0.6,
            outside: Some(0.1),
        }
    }

    #[test]
    fn words_change_the_answer_and_it_stays_one() {
        let mut answer = even();
        titles().add_to(&mut answer, "Evening RAGA");
        assert_eq!(answer.best, 0);
        assert!((answer.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(answer.confidence, answer.probabilities[0]);
        let outside = |title: &str| {
            let mut answer = even();
            titles().add_to(&mut answer, title);
            answer.outside.unwrap()
        };
        assert!(outside("Polka") < 0.1 && outside("Lullaby") > 0.5);
    }

    #[test]
    fn however_much_titles_say_an_answer_stays_one() {
        let genres = vec!["raga".to_owned()];
        let words = vec![0.0; Titles::BUCKETS];
        let figures = (Figures::default(), Figures::default());
        for base in [f32::MAX, f32::MIN] {
            let titles = Titles::new(genres.clone(), &words, (&words, base), figures).unwrap();
            for outside in [0.0, 0.1, 1.0] {
                let mut answer = Classification {
                    probabilities: vec![1.0],
                    best: 0,
                    confidence: 1.0,
                    outside: Some(outside),
                };
                titles.add_to(&mut answer, "Evening");
                let told = answer.outside.unwrap();
                assert!(
                    (0.0..=1.0).contains(&told),
                    "{told} of {outside} and {base}"
                );
            }
        }
    }

    #[test]
    fn no_words_change_nothing() {
        for title in ["", "  ", "\u{a0}"] {
            let mut answer = even();
            titles().add_to(&mut answer, title);
            assert_eq!(answer, even());
        }
        // An answer about other genres, too.
        let mut answer = even();
        Titles::eight_genres().unwrap().add_to(&mut answer, "raga");
        assert_eq!(answer, even());
    }

    #[test]
    fn groups_of_letters_know_neither_case_nor_order_of_words() {
        assert_eq!(title_buckets("Élan vital"), title_buckets("VITAL  élan"));
        assert_ne!(title_buckets("ab"), title_buckets("ba"));
        // " a", "a " and " a ".
        assert_eq!(title_buckets("a").len(), 3);
        assert!(title_buckets(&"abc ".repeat(1_000_000)).len() < 50);
    }

    #[test]
    fn what_is_written_is_read_and_nothing_damaged() {
        let bytes = titles().write();
        assert_eq!(Titles::read(&bytes), Ok(titles()));
        for length in 0..200 {
            assert!(Titles::read(&bytes[..length]).is_err(), "{length} bytes");
        }
        for place in (0..bytes.len()).step_by(97).chain(0..60) {
            let mut changed = bytes.clone();
            changed[place] ^= 0x10;
            assert!(Titles::read(&changed).is_err(), "byte {place}");
        }
    }

    #[test]
    fn weights_that_do_not_fit_are_refused() {
        let new = |genres: usize, weights: &[f32], outside: &[f32], base: f32| {
            let genres = vec!["a".to_owned(); genres];
            let figures = (Figures::default(), Figures::default());
            Titles::new(genres, weights, (outside, base), figures)
        };
        let zeros = [0.0; Titles::BUCKETS];
        assert!(new(1, &zeros, &zeros, 0.0).is_ok());
        assert!(new(2, &zeros, &zeros, 0.0).is_err());
        assert!(new(0, &[], &zeros, 0.0).is_err());
        assert!(new(1, &zeros, &zeros[1..], 0.0).is_err());
        assert!(new(1, &[f32::NAN; Titles::BUCKETS], &zeros, 0.0).is_err());
        assert!(new(1, &zeros, &zeros, f32::INFINITY).is_err());
        let many = vec![0.0; 256 * Titles::BUCKETS];
        assert!(new(256, &many, &zeros, 0.0).is_err());
    }

    #[test]
    fn shipped_titles_fit_the_shipped_model_and_are_worth_it() {
        let model = Model::eight_genres().unwrap();
        let titles = Titles::eight_genres().unwrap();
        assert_eq!(titles.genres(), model.genres());
        let (without, with) = titles.figures();
        assert!(with.balanced_accuracy > without.balanced_accuracy);

        let mut track = Features::default();
        for feature in Feature::ALL
            .into_iter()
            .filter(|feature| feature.is_audio())
        {
            track.set(feature, Some(0.5));
        }
        let classical = |title: &str| {
            let mut answer = model.classify(&track).unwrap();
            titles.add_to(&mut answer, title);
            answer.probabilities[0]
        };
        assert!(classical("Sonata No. 3 in B minor, Op. 58: II. Scherzo") > 2.0 * classical(""));
    }
}
