//! A compact decision forest of any features and classes.
//!
//! A trainer hands its trees to [`Forest::new`], or if they are boosted to [`Forest::boosted`]; [`Forest::write`] packs them
//! into one or two bytes a node, [`Forest::read`] checks such bytes in full before they are used, and [`Forest::predict`]
//! answers for a row. The packed layout is described in `docs/model-format.md`. [`Forest::batch`] answers for many rows,
//! [`Forest::single`] for one at a time, [`Forest::contributions`] tells what each feature adds to an answer, and
//! [`Forest::curve`] and [`Forest::smallest_change`] what another value would change.
//!
//! Features are binned: a forest carries, for each feature, a sorted table of cuts, and a value's bin is the number
//! of cuts below it. Trees compare bins, so a threshold is one byte and packing loses nothing. A leaf refers to a
//! distribution over the classes in whole [`SHARES`], or if boosted to the value of a class in whole steps; predictions add
//! whole numbers and turn them into probabilities once, so that every platform gives the same bits, in whatever order the trees
//! are added up.
//!
//! Without the feature `std`, x86-64 uses the vector instructions that the build was compiled for, not those that the processor
//! has.
//!
//! ```
//! use overtone_forest::{Feature, Forest, Node, Tree};
//!
//! // One tree: "hot" above 20 degrees, else "cold"; a missing temperature counts as cold.
//! let temperature = Feature { name: "temperature".into(), cuts: vec![20.0] };
//! let tree = Tree {
//!     nodes: vec![
//!         Node::Split { feature: 0, threshold: 0, missing_right: false, left_share: 7, right: 2 },
//!         Node::Leaf { output: 0 },
//!         Node::Leaf { output: 1 },
//!     ],
//! };
//! let distributions = vec![vec![255, 0], vec![0, 255]];
//! let forest = Forest::new(
//!     vec![temperature],
//!     vec!["cold".into(), "hot".into()],
//!     distributions,
//!     vec![tree],
//! )?;
//!
//! let mut probabilities = [0.0; 2];
//! forest.predict(&[25.0], &mut probabilities)?;
//! assert_eq!(probabilities, [0.0, 1.0]);
//!
//! let bytes = forest.write();
//! assert_eq!(Forest::read(&bytes)?, forest);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod averages;
mod batch;
mod checksum;
mod contributions;
mod error;
mod exponential;
mod forest;
mod importance;
mod leaf_model;
mod output;
mod path;
mod predict;
mod question;
mod range_coder;
mod read;
mod score_contributions;
mod shrink;
mod split;
mod table_model;
mod tree_model;
mod what_if;
mod write;

pub use batch::{Batch, Kernel, Single};
pub use checksum::crc32;
pub use contributions::Contributions;
pub use error::{BuildError, Part, ReadError, ReadErrorKind, RowError};
pub use forest::{Feature, Forest, Node, Tree};
pub use output::{Output, Scores};
pub use question::QuestionError;
pub use read::ForestReader;
pub use what_if::{Change, Curve, Piece, Setting};

/// What the weights of one leaf's distribution add up to: each weight is a whole number of 255ths.
pub const SHARES: u8 = 255;

/// How many values [`Node::Split::left_share`] can have.
pub const LEFT_SHARES: u8 = 16;

/// The largest number of features of a forest.
pub const MAXIMUM_FEATURES: usize = 100;

/// The largest number of classes of a forest.
pub const MAXIMUM_CLASSES: usize = 255;

/// The largest number of cuts of one feature: bins run from 0 to 254, and 255 marks a missing value.
pub const MAXIMUM_CUTS: usize = 254;

/// The largest number of trees of a forest.
pub const MAXIMUM_TREES: usize = 65_535;

/// The deepest a tree may be, in splits from the root to a leaf.
pub const MAXIMUM_DEPTH: usize = 64;

/// The version of the packed layout that [`Forest::write`] writes and [`Forest::read`] reads.
pub const FORMAT_VERSION: u16 = 1;
