//! What was found, as a report in Markdown with plots.
//!
//! Every figure in it comes from a [`Study`]; so does each sentence that depends on one.

mod drawing;
mod plots;
mod text;
mod words;

use crate::study::Study;

/// A report and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Files with their paths from the report's folder, the report first.
    pub files: Vec<(String, String)>,
}

/// The figures that the original study reported, in per cent, as far as it says on which part.
pub mod original {
    /// k-nearest neighbours (k = 10), validation part.
    pub const NEAREST_NEIGHBOURS: f64 = 65.9;
    /// Logistic regression, validation part.
    pub const LOGISTIC_REGRESSION: f64 = 62.9;
    /// Gaussian naive Bayes, validation part.
    pub const NAIVE_BAYES: f64 = 54.2;
    /// The random forest, validation part.
    pub const FOREST_VALIDATION: f64 = 77.9;
    /// The random forest that it ended on, test part.
    pub const FOREST_TEST: f64 = 75.4;
    /// XGBoost, test part.
    pub const BOOSTED_TEST: f64 = 76.3;
    /// The forest on the features and their products; it does not say on which part.
    pub const PRODUCTS: f64 = 78.0;
    /// The forest on the best twenty of these.
    pub const BEST_TWENTY: f64 = 74.3;
    /// The forest with the settings that a search found.
    pub const TUNED: f64 = 77.7;
    /// The area under the ROC curve of the forest that it ended on, as a share.
    pub const AUC: f64 = 0.96;
    /// The pairs of close genres that, it says, hardly differ.
    pub const HARDLY_DIFFERENT: [(&str, &str); 3] = [
        ("Dark Trap", "Trap Metal"),
        ("techhouse", "techno"),
        ("trance", "psytrance"),
    ];
    /// How many songs it had.
    pub const SONGS: usize = 7_498;
}

/// Writes the report of a study.
pub fn write(study: &Study) -> Report {
    let name = if study.quick { "study-quick" } else { "study" };
    text::Writer::new(study, name).write()
}
