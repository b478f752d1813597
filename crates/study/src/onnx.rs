//! A model as an ONNX file, for programs that score where their data lies. `docs/catalogue.md` says how it is used.
//!
//! The graph takes the values of tracks as Spotify's Web API gives them and answers as `overtone classify` does for them:
//! what is outside a feature's range counts as missing, what Spotify has not analysed has no values, and a track with too
//! few of them gets no answer. The trees add up whole numbers, as the forest itself does, and these are exact in 32-bit
//! floats; so the genres are the same for every row, and only the last step, the softmax, is rounded otherwise.

mod messages;
mod nodes;
mod trees;

#[cfg(test)]
mod evaluator;
#[cfg(test)]
mod tests;

use overtone_forest::{Forest, Output, SHARES};
use overtone_genre::{Feature, MINIMUM_FEATURES, Model, ModelError, Popularity};
use prost::Message as _;
use serde_json::json;
use sha2::{Digest, Sha256};

use messages::{
    GraphProto, ModelProto, NodeProto, OperatorSetIdProto, StringStringEntryProto, TensorProto,
    ValueInfoProto, element,
};
use nodes::{constant, int, ints, node, rows, strings, text, whole_constant};

/// The versions that the file is written for, those of ONNX 1.12, of 2022: what runs newer ones runs them.
const IR_VERSION: i64 = 8;
const OPERATORS: i64 = 17;
const ML_OPERATORS: i64 = 3;

/// The name of the set of operators that trees belong to.
const ML_DOMAIN: &str = "ai.onnx.ml";

/// The input: a row of 32-bit floats for each track, its values in the order of [`Feature::ALL`] and in their units, NaN for
/// what is missing.
pub const FEATURES: &str = "features";

/// The output that names the most probable genre, empty where there is no answer.
pub const PREDICTED_GENRE: &str = "predicted_genre";

/// The output with the probability of the most probable genre, NaN where there is no answer.
pub const CONFIDENCE: &str = "confidence";

/// The output with the probability of each genre, NaN where there is no answer.
pub const PROBABILITIES: &str = "probabilities";

/// The output that says how much a track sounds like none of the genres, NaN where there is no answer. A model that cannot tell
/// does not have it.
pub const NONE_OF_THESE: &str = "none_of_these";

/// The output that counts how many of the nine audio features a track has.
pub const KNOWN_FEATURES: &str = "known_features";

/// Why a model cannot be written as ONNX.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// The bytes are no model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The scores are too large for 32-bit floats.
    #[error(
        "the model's scores can go beyond 2^24 steps, which 32-bit floats do not hold exactly; train a model of fewer trees"
    )]
    TotalsTooLarge,
}

/// Writes a packed model as an ONNX file. With [`Popularity::Ignored`], what the file is told about popularity does not count.
///
/// # Errors
/// When the bytes are no model, or its scores are too large for ONNX.
pub fn export(model: &[u8], popularity: Popularity) -> Result<Vec<u8>, OnnxError> {
    let hash = Sha256::digest(model);
    let model = Model::read(model)?;
    let mut graph = Graph::default();
    graph.known_values(popularity);
    graph.genres(&model)?;
    if let Some(outside) = model.quality().and_then(|quality| quality.outside.as_ref()) {
        graph.none_of_these(outside)?;
    }
    graph.output(
        KNOWN_FEATURES,
        element::INT64,
        None,
        "How many of the nine audio features the track has.",
    );
    let file = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "overtone".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        doc_string: "Tells what genre a track is, from its Spotify audio features.".to_owned(),
        graph: Some(GraphProto {
            name: "overtone".to_owned(),
            node: graph.nodes,
            initializer: graph.constants,
            input: vec![features_input(popularity)],
            output: graph.outputs,
        }),
        opset_import: [("", OPERATORS), (ML_DOMAIN, ML_OPERATORS)]
            .map(|(domain, version)| OperatorSetIdProto {
                domain: domain.to_owned(),
                version,
            })
            .into(),
        metadata_props: metadata(&model, popularity, &format!("{hash:x}")),
    };
    Ok(file.encode_to_vec())
}

/// What a program can ask the file about itself, lists as JSON.
fn metadata(model: &Model, popularity: Popularity, hash: &str) -> Vec<StringStringEntryProto> {
    let features = Feature::ALL.map(|feature| {
        json!({
            "name": feature.name(),
            "unit": unit(feature),
            "lowest": feature.range().start(),
            "highest": feature.range().end(),
            "is_audio": feature.is_audio(),
        })
    });
    let popularity = match popularity {
        Popularity::Ignored => "ignored",
        Popularity::Used => "used",
    };
    let mut entries = vec![
        ("features", json!(features).to_string()),
        ("genres", json!(model.genres()).to_string()),
        ("minimum_audio_features", MINIMUM_FEATURES.to_string()),
        ("popularity", popularity.to_owned()),
        ("model_sha256", hash.to_owned()),
    ];
    if let Some(quality) = model.quality().filter(|quality| quality.outside.is_some()) {
        entries.push(("none_of_these_from", quality.outside_threshold.to_string()));
    }
    let entry = |(key, value): (&str, String)| StringStringEntryProto {
        key: key.to_owned(),
        value,
    };
    entries.into_iter().map(entry).collect()
}

/// A feature's unit in words.
fn unit(feature: Feature) -> &'static str {
    match feature.unit() {
        "" if feature.is_ratio() => "ratio",
        "" => "points",
        unit => unit,
    }
}

fn features_input(popularity: Popularity) -> ValueInfoProto {
    let columns = Feature::ALL.map(|feature| {
        let (range, unit) = (feature.range(), unit(feature));
        format!(
            "{} ({} to {} {unit})",
            feature.name(),
            range.start(),
            range.end()
        )
    });
    let popularity = match popularity {
        Popularity::Ignored => "Popularity does not count.",
        Popularity::Used => "Popularity counts where it is there.",
    };
    let about = format!(
        "A row for each track: {}. NaN is missing, and so is what lies outside a range. {popularity}",
        columns.join(", ")
    );
    rows(FEATURES, element::FLOAT, Some(Feature::ALL.len()), about)
}

/// A graph that is being put together.
#[derive(Default)]
struct Graph {
    nodes: Vec<NodeProto>,
    constants: Vec<TensorProto>,
    outputs: Vec<ValueInfoProto>,
}

impl Graph {
    /// Takes away what cannot be meant, as the reader of tables does, and counts what is left: `values`, and `has_answer`, in
    /// a column, and `answered`, without one.
    fn known_values(&mut self, popularity: Popularity) {
        let all = Feature::ALL;
        let width = i64::try_from(all.len()).unwrap_or(i64::MAX);
        // No value of an ignored feature lies within its range.
        let is_ignored =
            |feature| feature == Feature::Popularity && popularity == Popularity::Ignored;
        let (lowest, highest) = all
            .map(|feature| match feature.range() {
                _ if is_ignored(feature) => (f32::INFINITY, f32::NEG_INFINITY),
                range => (*range.start(), *range.end()),
            })
            .into_iter()
            .unzip();
        // Multiplied with rows, a column of ones and zeros adds up some features.
        let adds_up = |is_meant: fn(Feature) -> bool| {
            all.map(|feature| f32::from(u8::from(is_meant(feature))))
                .into()
        };
        let is_heard = |feature: Feature| feature.is_ratio() || feature == Feature::Tempo;
        self.constants.extend([
            constant("lowest", &[width], lowest),
            constant("highest", &[width], highest),
            constant("ratios_and_tempo", &[width, 1], adds_up(is_heard)),
            constant("audio_features", &[width, 1], adds_up(Feature::is_audio)),
            constant("zero", &[], vec![0.0]),
            constant("missing", &[], vec![f32::NAN]),
            constant("minimum", &[], vec![MINIMUM_FEATURES as f32]),
            whole_constant("second_axis", &[1], vec![1]),
        ]);
        // NaN is neither above nor below anything.
        self.add("GreaterOrEqual", &[FEATURES, "lowest"], "is_not_below");
        self.add("LessOrEqual", &[FEATURES, "highest"], "is_not_above");
        self.add("And", &["is_not_below", "is_not_above"], "is_in_range");
        self.add(
            "Where",
            &["is_in_range", FEATURES, "zero"],
            "in_range_or_zero",
        );
        // Spotify gives zeros for what it could not analyse. Ratios are not below 0, and tempi above it.
        self.add("MatMul", &["in_range_or_zero", "ratios_and_tempo"], "heard");
        self.add("Greater", &["heard", "zero"], "was_analysed");
        self.add("And", &["is_in_range", "was_analysed"], "is_known");
        self.add("Where", &["is_known", FEATURES, "missing"], "values");
        self.cast("is_known", "known_ones", element::FLOAT);
        self.add(
            "MatMul",
            &["known_ones", "audio_features"],
            "known_audio_features",
        );
        self.add(
            "GreaterOrEqual",
            &["known_audio_features", "minimum"],
            "has_answer",
        );
        self.add("Squeeze", &["has_answer", "second_axis"], "answered");
        self.cast(
            "known_audio_features",
            "whole_audio_features",
            element::INT64,
        );
        self.add(
            "Squeeze",
            &["whole_audio_features", "second_axis"],
            KNOWN_FEATURES,
        );
    }

    /// The answer.
    fn genres(&mut self, model: &Model) -> Result<(), OnnxError> {
        let genres = model.genres();
        self.shares(model.forest(), "genre")?;
        self.add(
            "Where",
            &["has_answer", "genre_shares", "missing"],
            PROBABILITIES,
        );
        self.nodes.push(node(
            "ReduceMax",
            &["genre_shares"],
            "largest_share",
            vec![ints("axes", vec![1]), int("keepdims", 0)],
        ));
        self.add(
            "Where",
            &["answered", "largest_share", "missing"],
            CONFIDENCE,
        );
        // Of equal totals the first, as the model says.
        self.nodes.push(node(
            "ArgMax",
            &["genre_totals"],
            "largest_total",
            vec![int("axis", 1), int("keepdims", 0)],
        ));
        self.constants
            .push(whole_constant("no_genre", &[], vec![-1]));
        self.add("Where", &["answered", "largest_total", "no_genre"], "genre");
        let indices = (0..).zip(genres).map(|(index, _)| index).collect();
        self.nodes.push(NodeProto {
            domain: ML_DOMAIN.to_owned(),
            ..node(
                "LabelEncoder",
                &["genre"],
                PREDICTED_GENRE,
                vec![
                    ints("keys_int64s", indices),
                    strings("values_strings", genres),
                    text("default_string", ""),
                ],
            )
        });
        self.output(
            PREDICTED_GENRE,
            element::STRING,
            None,
            "The most probable genre; empty where there is no answer, as fewer than five of the nine audio features are known.",
        );
        self.output(
            CONFIDENCE,
            element::FLOAT,
            None,
            "Its probability, 0 to 1; NaN where there is no answer.",
        );
        self.output(
            PROBABILITIES,
            element::FLOAT,
            Some(genres.len()),
            &format!(
                "The probability of each genre, 0 to 1: {}. NaN where there is no answer.",
                genres.join(", ")
            ),
        );
        Ok(())
    }

    /// How likely none of the genres fits: what the second class of the forest that tells outsiders says.
    fn none_of_these(&mut self, outside: &Forest) -> Result<(), OnnxError> {
        self.shares(outside, "outside")?;
        self.constants
            .push(whole_constant("second_class", &[], vec![1]));
        self.nodes.push(node(
            "Gather",
            &["outside_shares", "second_class"],
            "outside_share",
            vec![int("axis", 1)],
        ));
        self.add(
            "Where",
            &["answered", "outside_share", "missing"],
            NONE_OF_THESE,
        );
        self.output(
            NONE_OF_THESE,
            element::FLOAT,
            None,
            "How much the track sounds like none of the genres, 0 to 1; NaN where there is no answer.",
        );
        Ok(())
    }

    /// What a forest says of `values`: its totals, and the probabilities that they make. They are outputs of nodes whose names
    /// begin with `name`.
    fn shares(&mut self, forest: &Forest, name: &str) -> Result<(), OnnxError> {
        let of_forest = |what: &str| format!("{name}_{what}");
        let (totals, shares) = (of_forest("totals"), of_forest("shares"));
        match forest.output() {
            Output::Shares(_) => {
                self.nodes.push(trees::totals(forest, "values", &totals)?);
                let all = of_forest("all_shares");
                let all_shares = forest.trees().len() as f32 * f32::from(SHARES);
                self.constants.push(constant(&all, &[], vec![all_shares]));
                self.add("Div", &[&totals, &all], &shares);
            }
            Output::Scores(scores) => {
                let of_trees = of_forest("totals_of_trees");
                self.nodes.push(trees::totals(forest, "values", &of_trees)?);
                let (base, step) = (of_forest("base"), of_forest("step"));
                let classes = i64::try_from(scores.base.len()).unwrap_or(i64::MAX);
                self.constants.extend([
                    constant(&base, &[classes], trees::base(scores)),
                    constant(&step, &[], vec![scores.step]),
                ]);
                self.add("Add", &[&of_trees, &base], &totals);
                let scaled = of_forest("scores");
                self.add("Mul", &[&totals, &step], &scaled);
                let over_classes = vec![int("axis", 1)];
                self.nodes
                    .push(node("Softmax", &[&scaled], &shares, over_classes));
            }
        }
        Ok(())
    }

    fn add(&mut self, operator: &str, inputs: &[&str], output: &str) {
        self.nodes.push(node(operator, inputs, output, Vec::new()));
    }

    fn cast(&mut self, input: &str, output: &str, to: i32) {
        let to = vec![int("to", to.into())];
        self.nodes.push(node("Cast", &[input], output, to));
    }

    fn output(&mut self, name: &str, element_type: i32, width: Option<usize>, about: &str) {
        self.outputs
            .push(rows(name, element_type, width, about.to_owned()));
    }
}
