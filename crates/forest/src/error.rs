//! What can be wrong with a forest, its bytes or a row, told in sentences.

use alloc::string::String;
use core::fmt;

/// The part of a packed forest that an error was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Magic bytes, version, length and checksum.
    Header,
    /// Names and cuts of the features.
    Features,
    /// Names of the classes.
    Classes,
    /// The distributions or the values that leaves refer to.
    Outputs,
    /// The trees.
    Trees,
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Part::Header => "header",
            Part::Features => "features",
            Part::Classes => "classes",
            Part::Outputs => "what leaves refer to",
            Part::Trees => "trees",
        })
    }
}

/// Why bytes are not a forest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The part in which the reader stopped.
    pub part: Part,
    /// The offset, in bytes from the start, at which the reader stopped.
    pub offset: usize,
    /// What was wrong there.
    pub kind: ReadErrorKind,
}

/// The ways in which bytes can fail to be a forest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The bytes do not begin with the magic bytes of this format.
    NotAForest,
    /// The layout has another version than the one that this reader knows.
    UnknownVersion {
        /// The version that the bytes declare.
        found: u16,
    },
    /// The bytes end before the forest does.
    CutShort,
    /// There are other bytes than the declared length.
    WrongLength {
        /// The length that the header declares, in bytes.
        declared: u32,
        /// The length that there is, in bytes.
        found: usize,
    },
    /// The checksum does not match: some byte has changed.
    WrongChecksum,
    /// A count is zero or beyond what the format allows.
    CountOutOfRange,
    /// A name is not UTF-8.
    NameNotText,
    /// A feature's cuts are not finite and strictly increasing.
    CutsNotIncreasing,
    /// A distribution's weights do not add up to [`crate::SHARES`].
    SharesDoNotAddUp,
    /// A split compares a feature that does not exist.
    FeatureOutOfRange,
    /// A split compares a feature of which the splits above it have left no two bins to tell apart.
    NoThresholdLeft,
    /// A leaf refers to a distribution or a value that does not exist.
    OutputOutOfRange,
    /// The kind of forest is none that this version knows.
    UnknownKind {
        /// The kind that the file declares.
        found: u8,
    },
    /// The step of a boosted forest's scores is not finite and greater than 0.
    BadStep,
    /// The base scores of a boosted forest, or the values of all its trees together, are too large to be added up.
    ScoresOutOfRange,
    /// The values of a boosted forest's leaves are not strictly increasing.
    ValuesNotIncreasing,
    /// A tree adds to the score of a class that does not exist.
    ClassOutOfRange,
    /// A tree is deeper than [`crate::MAXIMUM_DEPTH`].
    TooDeep,
    /// The trees have other nodes than the declared number.
    WrongNodeCount,
    /// The bytes do not end where the last tree does.
    TrailingBytes,
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ReadErrorKind::NotAForest => formatter.write_str("this is not a forest model file")?,
            ReadErrorKind::UnknownVersion { found } => write!(
                formatter,
                "the model has format version {found}, but this program reads version {}; \
                 use the program that wrote it, or train it again",
                crate::FORMAT_VERSION
            )?,
            ReadErrorKind::CutShort => formatter.write_str("the model is cut short")?,
            ReadErrorKind::WrongLength { declared, found } => write!(
                formatter,
                "the model should have {declared} bytes but has {found}"
            )?,
            ReadErrorKind::WrongChecksum => {
                formatter.write_str("the model is damaged: its checksum does not match")?;
            }
            ReadErrorKind::CountOutOfRange => {
                formatter.write_str("a count is zero or larger than the format allows")?;
            }
            ReadErrorKind::NameNotText => formatter.write_str("a name is not UTF-8 text")?,
            ReadErrorKind::CutsNotIncreasing => {
                formatter.write_str("the cuts of a feature are not finite and increasing")?;
            }
            ReadErrorKind::SharesDoNotAddUp => write!(
                formatter,
                "the weights of a leaf do not add up to {}",
                crate::SHARES
            )?,
            ReadErrorKind::FeatureOutOfRange => {
                formatter.write_str("a split compares a feature that does not exist")?;
            }
            ReadErrorKind::NoThresholdLeft => {
                formatter.write_str("a split has nothing left to tell apart")?;
            }
            ReadErrorKind::OutputOutOfRange => {
                formatter
                    .write_str("a leaf refers to a distribution or a value that does not exist")?;
            }
            ReadErrorKind::UnknownKind { found } => write!(
                formatter,
                "the model is of the unknown kind {found}; use a newer program to read it"
            )?,
            ReadErrorKind::BadStep => {
                formatter.write_str("the step of the scores is not finite and greater than 0")?;
            }
            ReadErrorKind::ScoresOutOfRange => {
                formatter.write_str("the scores are too large to be added up")?;
            }
            ReadErrorKind::ValuesNotIncreasing => {
                formatter.write_str("the values of the leaves are not increasing")?;
            }
            ReadErrorKind::ClassOutOfRange => {
                formatter.write_str("a tree adds to the score of a class that does not exist")?;
            }
            ReadErrorKind::TooDeep => write!(
                formatter,
                "a tree is deeper than {} splits",
                crate::MAXIMUM_DEPTH
            )?,
            ReadErrorKind::WrongNodeCount => {
                formatter.write_str("the trees have more or fewer nodes than declared")?;
            }
            ReadErrorKind::TrailingBytes => {
                formatter.write_str("the model does not end where its last tree does")?;
            }
        }
        write!(formatter, " ({}, byte {})", self.part, self.offset)
    }
}

impl core::error::Error for ReadError {}

/// Why parts do not make a forest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// There are no features, classes, trees, distributions or values, or more than the format holds.
    CountOutOfRange {
        /// What was counted.
        what: &'static str,
        /// How many there were.
        found: usize,
        /// How many there may be.
        maximum: usize,
    },
    /// A name has more than 255 bytes.
    NameTooLong {
        /// The name.
        name: String,
    },
    /// A feature has more than [`crate::MAXIMUM_CUTS`] cuts.
    TooManyCuts {
        /// The feature's name.
        feature: String,
        /// How many cuts it has.
        found: usize,
    },
    /// A feature's cuts are not finite and strictly increasing.
    CutsNotIncreasing {
        /// The feature's name.
        feature: String,
    },
    /// A distribution has not one weight for each class, or its weights do not add up to [`crate::SHARES`].
    BadDistribution {
        /// The distribution's index.
        index: usize,
    },
    /// The scores of a boosted forest do not fit the rest of it.
    BadScores {
        /// What is wrong with them.
        what: &'static str,
    },
    /// A tree's nodes are not the preorder of one binary tree over the forest's features and outputs, or a
    /// split's threshold is one that the splits above it have decided.
    BadTree {
        /// The tree's index.
        tree: usize,
        /// The node's index within the tree.
        node: usize,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::CountOutOfRange {
                what,
                found,
                maximum,
            } => write!(formatter, "{found} {what}: a forest has 1 to {maximum}"),
            BuildError::NameTooLong { name } => {
                write!(formatter, "the name “{name}” has more than 255 bytes")
            }
            BuildError::TooManyCuts { feature, found } => write!(
                formatter,
                "“{feature}” has {found} cuts: a feature has at most {}",
                crate::MAXIMUM_CUTS
            ),
            BuildError::CutsNotIncreasing { feature } => {
                write!(
                    formatter,
                    "the cuts of “{feature}” are not finite and increasing"
                )
            }
            BuildError::BadDistribution { index } => write!(
                formatter,
                "distribution {index} needs a weight for each class, {} in all",
                crate::SHARES
            ),
            BuildError::BadScores { what } => formatter.write_str(what),
            BuildError::BadTree { tree, node } => write!(
                formatter,
                "node {node} of tree {tree} has a child, feature, distribution or value that does not exist, or a threshold that no row can be on both sides of"
            ),
        }
    }
}

impl core::error::Error for BuildError {}

/// Why a row has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowError {
    /// The row has not one value for each feature.
    WrongLength {
        /// How many features the forest has.
        expected: usize,
        /// How many values the row has.
        found: usize,
    },
    /// Many rows, one behind the other, end within a row.
    CutShort {
        /// How many features the forest has.
        features: usize,
        /// How many values the rows have together.
        found: usize,
    },
    /// The place for the answer has not one number for each class of each row.
    WrongOutputLength {
        /// How many numbers the answer has.
        expected: usize,
        /// How many numbers there is place for.
        found: usize,
    },
}

impl RowError {
    /// How many rows the values of many make, one row behind the other; refuses what is not a whole number of them.
    pub(crate) fn count(rows: &[f32], features: usize) -> Result<usize, Self> {
        let found = rows.len();
        match (found.checked_div(features), found.is_multiple_of(features)) {
            (Some(count), true) => Ok(count),
            _ => Err(Self::CutShort { features, found }),
        }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowError::WrongLength { expected, found } => write!(
                formatter,
                "the row has {found} values, but the forest has {expected} features"
            ),
            RowError::CutShort { features, found } => write!(
                formatter,
                "the last row is cut short: {found} values are not a whole number of rows of {features} features"
            ),
            RowError::WrongOutputLength { expected, found } => write!(
                formatter,
                "there is place for {found} probabilities, but the answer has {expected}"
            ),
        }
    }
}

impl core::error::Error for RowError {}
