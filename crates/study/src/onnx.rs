//! A model as an ONNX file, for programs that score where their data lies. `docs/catalogue.md` says how it is used.
//!
//! The graph takes the values of tracks as Spotify's Web API gives them and answers as `overtone classify` does for them:
//! what is outside a feature's range counts as missing, what Spotify has not analysed has no values, and a track with too
//! few of them gets no answer. The trees add up whole numbers, as the forest itself does, and these are exact in 32-bit
//! floats; so the genres are the same for every row, and only the last step, the softmax, is rounded otherwise.

mod graph;
mod messages;
mod nodes;
mod trees;

#[cfg(test)]
mod evaluator;
#[cfg(test)]
mod tests;

use overtone_genre::{Feature, MINIMUM_FEATURES, Model, ModelError, Popularity};
use prost::Message as _;
use serde_json::json;
use sha2::{Digest, Sha256};

use graph::Graph;
use messages::{
    GraphProto, ModelProto, OperatorSetIdProto, StringStringEntryProto, ValueInfoProto, element,
};
use nodes::rows;

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
