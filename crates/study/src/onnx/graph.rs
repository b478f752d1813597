//! What an exported file computes, step by step.

use overtone_forest::{Forest, Output, SHARES};
use overtone_genre::{Feature, MINIMUM_FEATURES, Model, Popularity};

use super::messages::{NodeProto, TensorProto, ValueInfoProto, element};
use super::nodes::{constant, int, ints, node, rows, strings, text, whole_constant};
use super::{
    CONFIDENCE, FEATURES, KNOWN_FEATURES, ML_DOMAIN, NONE_OF_THESE, OnnxError, PREDICTED_GENRE,
    PROBABILITIES, trees,
};

/// A graph that is being put together.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<NodeProto>,
    pub(super) constants: Vec<TensorProto>,
    pub(super) outputs: Vec<ValueInfoProto>,
}

impl Graph {
    /// Takes away what cannot be meant, as the reader of tables does, and counts what is left: `values`, and `has_answer`, in
    /// a column, and `answered`, without one.
    pub(super) fn known_values(&mut self, popularity: Popularity) {
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
    pub(super) fn genres(&mut self, model: &Model) -> Result<(), OnnxError> {
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
    pub(super) fn none_of_these(&mut self, outside: &Forest) -> Result<(), OnnxError> {
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

    /// Makes what a node gives an output of the graph.
    pub(super) fn output(
        &mut self,
        name: &str,
        element_type: i32,
        width: Option<usize>,
        about: &str,
    ) {
        self.outputs
            .push(rows(name, element_type, width, about.to_owned()));
    }
}
