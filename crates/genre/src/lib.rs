//! What genre a track is, from its Spotify audio features.
//!
//! The domain that the page, the command line and other programs share: the [`Feature`]s with their units and
//! ranges, the [`Features`] of one track, and the [`Model`]s that ship with Overtone.
//!
//! ```
//! use overtone_genre::{Feature, Features, Model};
//!
//! let model = Model::eight_genres()?;
//! let track = Features::from([
//!     (Feature::Danceability, 0.2),
//!     (Feature::Energy, 0.05),
//!     (Feature::Loudness, -28.0),
//!     (Feature::Acousticness, 0.98),
//!     (Feature::Instrumentalness, 0.9),
//!     (Feature::Valence, 0.1),
//! ]);
//! let answer = model.classify(&track)?;
//! assert_eq!(model.genres()[answer.best], "classical");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bytes;
mod engine;
mod explain;
mod family;
mod feature;
mod map;
mod model;
mod quality;
mod titles;
mod typical;

pub use explain::{Change, Contributions, ExplainError, Piece};
pub use family::family;
pub use feature::{Feature, Features, OutOfRange, Popularity};
pub use map::Map;
pub use model::{
    Classification, ClassifyError, EIGHT_GENRES, MINIMUM_FEATURES, Model, ModelError, ModelReader,
    Nearest,
};
pub use quality::{Figures, MissingCost, Quality, Recall, Reliability, SetThreshold};
pub use titles::{Titles, title_buckets};
pub use typical::Typical;
