//! What is known about how right a model is: measured when it was trained, and shipped behind its forest.
//!
//! Layout, little-endian: magic `OVTQ`, version (u16), length of the whole section (u32), CRC-32 of what follows (u32);
//! then the parts in the order of [`Quality`]'s fields. Numbers are 32-bit floats; lists have their count in front, a
//! byte, that of the missing features two bytes; the forest that tells outsiders has its length in front, four bytes. A
//! typical track is a number for each feature, and two for the ends of each feature's range; what is not known is no
//! number.

use overtone_forest::{Forest, crc32};

use crate::bytes::Reader;
use crate::{Feature, Features, ModelError, Typical};

/// The section's first bytes.
pub(crate) const MAGIC: [u8; 4] = *b"OVTQ";

const VERSION: u16 = 2;

/// Magic, version, length and checksum.
const HEADER_LENGTH: usize = 14;

/// How right a model is, and what follows from it for its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// On tracks of the collections that it has learned from, by artists that it has not seen.
    pub home: Figures,
    /// On collections that it has not learned from, the mean over them.
    pub abroad: Figures,
    /// How right it is abroad by how sure it says to be, from the least to the most; at home where it was not tested abroad, as the
    /// fifteen genres.
    pub reliability: Vec<Reliability>,
    /// How large the sets of genres have to be, from the least coverage to the most.
    pub sets: Vec<SetThreshold>,
    /// What it costs when features are missing.
    pub missing: Vec<MissingCost>,
    /// How often each genre is found, in the order of [`Model::genres`](crate::Model::genres); empty if it was not
    /// measured.
    pub recalls: Vec<Recall>,
    /// What tracks of each genre are usually like, in the same order. May be empty.
    pub typical: Vec<Typical>,
    /// From which [`outside`](crate::Classification::outside) on a track counts as none of the model's genres.
    pub outside_threshold: f32,
    /// Tells tracks that are one of the model's genres (class 0) from others (class 1).
    pub outside: Option<Forest>,
}

/// How right answers are on average.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// The share of right answers, 0 to 1.
    pub accuracy: f32,
    /// The mean over the genres of the share of right answers, 0 to 1.
    pub balanced_accuracy: f32,
    /// The mean of the negative natural logarithm of the true genre's probability, in nats.
    pub log_loss: f32,
    /// How far confidence and accuracy lie apart on average (expected calibration error), 0 to 1.
    pub calibration_error: f32,
}

impl Figures {
    /// In the order of the fields, little-endian.
    pub(crate) fn to_bytes(self) -> impl Iterator<Item = u8> {
        let Self {
            accuracy,
            balanced_accuracy,
            log_loss,
            calibration_error,
        } = self;
        let numbers = [accuracy, balanced_accuracy, log_loss, calibration_error];
        numbers.into_iter().flat_map(f32::to_le_bytes)
    }
}

/// A group of answers that say to be about equally sure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reliability {
    /// The mean of their confidence, 0 to 1.
    pub confidence: f32,
    /// The share of right ones, 0 to 1.
    pub accuracy: f32,
    /// Their share of all answers, 0 to 1.
    pub share: f32,
}

/// The genres of at least this probability hold the right one as often as promised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SetThreshold {
    /// How often, 0 to 1.
    pub coverage: f32,
    /// The probability, 0 to 1.
    pub threshold: f32,
}

/// What a model is worth when some features are missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MissingCost {
    /// Bit `n` says that the feature `n` of [`Feature::ALL`] is missing.
    pub missing: u16,
    /// The balanced accuracy at home, 0 to 1.
    pub home: f32,
    /// The balanced accuracy abroad, 0 to 1.
    pub abroad: f32,
}

/// How many of a genre's tracks are taken for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recall {
    /// The share at home, 0 to 1.
    pub home: f32,
    /// The mean share over the collections that it has not learned from, 0 to 1; 0 where there are none.
    pub abroad: f32,
}

impl MissingCost {
    /// The bits of the features that a track lacks.
    pub fn bits(features: &Features) -> u16 {
        Feature::ALL
            .into_iter()
            .filter(|&feature| features.get(feature).is_none())
            .fold(0, |bits, feature| bits | 1 << (feature as u16))
    }

    /// The features that are missing.
    pub fn features(&self) -> impl Iterator<Item = Feature> + '_ {
        Feature::ALL
            .into_iter()
            .filter(|&feature| self.missing & 1 << (feature as u16) != 0)
    }
}

impl Quality {
    /// What was measured with the features missing that a track lacks; `None` where this set was not measured.
    pub fn with_missing(&self, features: &Features) -> Option<MissingCost> {
        let bits = MissingCost::bits(features);
        self.missing
            .iter()
            .copied()
            .find(|cost| cost.missing == bits)
    }

    /// The balanced accuracy abroad of a track without popularity that has all else, and of one that lacks what this
    /// track lacks, 0 to 1; `None` where that set was not measured, or nothing but popularity is missing.
    pub fn cost_of_missing(&self, features: &Features) -> Option<(f32, f32)> {
        let mut lacking = *features;
        lacking.set(Feature::Popularity, None);
        let bits = MissingCost::bits(&lacking);
        let only_popularity = 1 << (Feature::Popularity as u16);
        let measured = |bits| self.missing.iter().find(|cost| cost.missing == bits);
        if bits == only_popularity {
            return None;
        }
        Some((measured(only_popularity)?.abroad, measured(bits)?.abroad))
    }

    /// Writes the section.
    pub fn write(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let float = |body: &mut Vec<u8>, value: f32| body.extend(value.to_le_bytes());
        for figures in [self.home, self.abroad] {
            body.extend(figures.to_bytes());
        }
        body.push(self.reliability.len() as u8);
        for band in &self.reliability {
            float(&mut body, band.confidence);
            float(&mut body, band.accuracy);
            float(&mut body, band.share);
        }
        body.push(self.sets.len() as u8);
        for set in &self.sets {
            float(&mut body, set.coverage);
            float(&mut body, set.threshold);
        }
        body.extend((self.missing.len() as u16).to_le_bytes());
        for cost in &self.missing {
            body.extend(cost.missing.to_le_bytes());
            float(&mut body, cost.home);
            float(&mut body, cost.abroad);
        }
        body.push(self.recalls.len() as u8);
        for recall in &self.recalls {
            float(&mut body, recall.home);
            float(&mut body, recall.abroad);
        }
        body.push(self.typical.len() as u8);
        for typical in &self.typical {
            for value in typical.numbers() {
                float(&mut body, value);
            }
        }
        float(&mut body, self.outside_threshold);
        let outside = self.outside.as_ref().map(Forest::write).unwrap_or_default();
        body.extend((outside.len() as u32).to_le_bytes());
        body.extend(outside);

        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(((HEADER_LENGTH + body.len()) as u32).to_le_bytes());
        bytes.extend(crc32(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// Reads the section and checks all of it.
    ///
    /// # Errors
    /// When the bytes are not a whole, undamaged section of this version.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader::new(bytes, damaged);
        if reader.array()? != MAGIC {
            return Err(damaged("it does not begin as one"));
        }
        if u16::from_le_bytes(reader.array()?) != VERSION {
            return Err(damaged("it has a version that this program does not know"));
        }
        let declared = u32::from_le_bytes(reader.array()?);
        if usize::try_from(declared) != Ok(bytes.len()) {
            return Err(ModelError::QualityLength {
                declared,
                found: bytes.len(),
            });
        }
        let checksum = u32::from_le_bytes(reader.array()?);
        if crc32(reader.rest()) != checksum {
            return Err(damaged("its checksum does not match"));
        }
        let home = reader.figures()?;
        let abroad = reader.figures()?;
        let [count] = reader.array()?;
        let mut reliability = Vec::new();
        for _ in 0..count {
            reliability.push(Reliability {
                confidence: reader.share()?,
                accuracy: reader.share()?,
                share: reader.share()?,
            });
        }
        let [count] = reader.array()?;
        let mut sets: Vec<SetThreshold> = Vec::new();
        for _ in 0..count {
            let set = SetThreshold {
                coverage: reader.share()?,
                threshold: reader.share()?,
            };
            if sets
                .last()
                .is_some_and(|last| set.coverage <= last.coverage || set.threshold > last.threshold)
            {
                return Err(damaged("its sets are not in order"));
            }
            sets.push(set);
        }
        let count = u16::from_le_bytes(reader.array()?);
        let mut missing = Vec::new();
        for _ in 0..count {
            let bits = u16::from_le_bytes(reader.array()?);
            if u32::from(bits) >> Feature::ALL.len() != 0 {
                return Err(damaged("it has a feature that tracks do not have"));
            }
            missing.push(MissingCost {
                missing: bits,
                home: reader.share()?,
                abroad: reader.share()?,
            });
        }
        let [count] = reader.array()?;
        let mut recalls = Vec::new();
        for _ in 0..count {
            recalls.push(Recall {
                home: reader.share()?,
                abroad: reader.share()?,
            });
        }
        let [count] = reader.array()?;
        let mut typical = Vec::new();
        for _ in 0..count {
            let mut numbers = [0.0; Typical::NUMBERS];
            for number in &mut numbers {
                *number = f32::from_le_bytes(reader.array()?);
            }
            let found = Typical::from_numbers(&numbers);
            typical.push(found.ok_or(damaged(
                "a typical track has values that tracks do not have",
            ))?);
        }
        let outside_threshold = reader.share()?;
        let length = u32::from_le_bytes(reader.array()?);
        let rest = reader.rest();
        if usize::try_from(length) != Ok(rest.len()) {
            return Err(damaged("it ends too soon or too late"));
        }
        let outside = if rest.is_empty() {
            None
        } else {
            Some(Forest::read(rest)?)
        };
        if outside
            .as_ref()
            .is_some_and(|forest| forest.classes().len() != 2)
        {
            return Err(damaged("its forest does not tell two classes apart"));
        }
        Ok(Self {
            home,
            abroad,
            reliability,
            sets,
            missing,
            recalls,
            typical,
            outside_threshold,
            outside,
        })
    }

    /// Whether it is that of a model with so many genres.
    pub(crate) fn is_of(&self, genres: usize) -> bool {
        let fits = |length: usize| length == 0 || length == genres;
        fits(self.recalls.len()) && fits(self.typical.len())
    }
}

fn damaged(what: &'static str) -> ModelError {
    ModelError::Quality { what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;

    #[test]
    fn what_is_missing_costs_something() {
        let model = Model::eight_genres().unwrap();
        let quality = model.quality().unwrap();
        let mut features = Features::default();
        for feature in Feature::ALL {
            features.set(feature, Some(0.5));
        }
        assert_eq!(quality.cost_of_missing(&features), None);
        features.set(Feature::Speechiness, None);
        let (before, after) = quality.cost_of_missing(&features).unwrap();
        assert!(
            after < before,
            "{after} without speechiness, {before} with it"
        );
    }

    fn typical() -> Typical {
        let mut numbers = [f32::NAN; Typical::NUMBERS];
        numbers[Feature::Tempo as usize] = 120.0;
        Typical::from_numbers(&numbers).unwrap()
    }

    fn quality() -> Quality {
        Quality {
            home: Figures {
                accuracy: 0.7,
                balanced_accuracy: 0.6,
                log_loss: 1.2,
                calibration_error: 0.02,
            },
            abroad: Figures::default(),
            reliability: vec![Reliability {
                confidence: 0.5,
                accuracy: 0.4,
                share: 1.0,
            }],
            sets: vec![
                SetThreshold {
                    coverage: 0.8,
                    threshold: 0.2,
                },
                SetThreshold {
                    coverage: 0.9,
                    threshold: 0.1,
                },
            ],
            missing: vec![MissingCost {
                missing: 1 << Feature::Popularity as u16,
                home: 0.6,
                abroad: 0.5,
            }],
            recalls: vec![Recall {
                home: 0.9,
                abroad: 0.8,
            }],
            typical: vec![typical()],
            outside_threshold: 0.75,
            outside: None,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Quality::read(&quality().write()), Ok(quality()));
    }

    #[test]
    fn no_changed_or_missing_byte_is_taken() {
        let bytes = quality().write();
        for length in 0..bytes.len() {
            assert!(Quality::read(&bytes[..length]).is_err());
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 0x10;
            assert!(Quality::read(&changed).is_err(), "byte {place}");
        }
    }

    #[test]
    fn figures_that_cannot_be_are_refused() {
        let mut bad: [Quality; 6] = core::array::from_fn(|_| quality());
        bad[0].home.accuracy = 1.5;
        bad[1].abroad.log_loss = f32::NAN;
        bad[2].sets.reverse();
        bad[3].missing[0].missing = 1 << 11;
        bad[4].recalls[0].home = 2.0;
        bad[5].typical[0].track.set(Feature::Tempo, Some(-1.0));
        for bad in bad {
            assert!(Quality::read(&bad.write()).is_err());
        }
    }

    #[test]
    fn what_is_missing_is_found_again() {
        let mut features = Features::default();
        for feature in Feature::ALL {
            features.set(feature, Some(0.5));
        }
        assert_eq!(quality().with_missing(&features), None);
        features.set(Feature::Popularity, None);
        let cost = quality().with_missing(&features).unwrap();
        assert_eq!(cost.home, 0.6);
        assert_eq!(cost.features().collect::<Vec<_>>(), [Feature::Popularity]);
    }
}
