//! What the features look like, and how alike genres are.

use overtone_genre::Feature;

use super::{Writer, in_order};
use crate::report::plots::{Heat, dendrogram, heat_map, hills, short};
use crate::report::words::{feature, listed, percent, thousands};
use crate::study::looking::Look;

impl Writer<'_> {
    pub(super) fn looking(&mut self) {
        let look = &self.study.eight_look;
        self.section("Looking at the features", "looking-at-the-features");
        let features: Vec<Feature> = Feature::ALL.to_vec();
        let names: Vec<String> = features
            .iter()
            .map(|feature| panel_name(*feature))
            .collect();
        let units: Vec<&str> = features
            .iter()
            .map(|feature| panel_unit(*feature))
            .collect();
        let svg = hills(
            "How each feature is distributed in each genre",
            &in_minutes(look),
            &names,
            &units,
        );
        self.image(
            "distributions",
            svg,
            "Eleven small panels, one for each feature, each with eight hills that show where the tracks of a genre lie",
            "A hill for each genre: where it is high, many tracks have that value (the root of their share, so that low \
             hills can be seen; the outermost half per cent on each side is in the last bar).",
        );
        let telling = self.most_telling();
        let told: Vec<String> = telling
            .iter()
            .map(|(column, low, high)| {
                let medians = &look.distributions[*column].medians;
                format!(
                    "{} (median {} in {}, {} in {})",
                    feature(&look.columns[*column]),
                    value(&look.columns[*column], medians[*low]),
                    look.classes[*low],
                    value(&look.columns[*column], medians[*high]),
                    look.classes[*high]
                )
            })
            .collect();
        self.paragraph(format_args!(
            "The medians of the genres differ most, for what is usual within all tracks, in {}.",
            listed(&told)
        ));
        self.subsection("Outliers");
        self.paragraph(
            "A value is an outlier here if it lies more than one and a half times the distance of the quartiles beyond \
             them (Tukey's fences). Outliers are not taken out: a very long track or a very wordy one is music too, and \
             trees do not mind them.",
        );
        let rows: Vec<Vec<String>> = look
            .columns
            .iter()
            .zip(&look.distributions)
            .map(|(column, distribution)| {
                let [low, median, high] =
                    distribution.quartiles.map(|number| value(column, number));
                let (class, share) = distribution.most_outliers;
                vec![
                    feature(column),
                    low,
                    median,
                    high,
                    thousands(distribution.outliers),
                    if distribution.outliers == 0 {
                        "none".to_owned()
                    } else {
                        format!("{}, {}", look.classes[class], percent(share))
                    },
                ]
            })
            .collect();
        self.table(
            &[
                "feature",
                "lower quartile",
                "median",
                "upper quartile",
                "outliers",
                "<most of them in",
            ],
            rows,
        );
        self.subsection("Correlation");
        let labels: Vec<String> = look.columns.iter().map(|column| feature(column)).collect();
        let heat = Heat {
            columns: "Blue: they rise together. Orange: one falls where the other rises.",
            full: 1.0,
            is_inverted: false,
            write: |value| format!("{value:.2}").replace("-", "−"),
        };
        let svg = heat_map(
            "Correlation of the features",
            &labels,
            &look.correlations,
            &heat,
        );
        let strongest = look.strongest_correlations();
        let told: Vec<String> = strongest
            .iter()
            .take(3)
            .map(|(a, b, correlation)| {
                format!(
                    "{} and {} ({})",
                    labels[*a],
                    labels[*b],
                    format!("{correlation:.2}").replace('-', "−")
                )
            })
            .collect();
        self.image(
            "correlation",
            svg,
            "A table of eleven by eleven cells with the correlation of every two features",
            format_args!("The strongest: {}.", listed(&told)),
        );
        self.subsection("How alike the genres are");
        self.distances(look, "eight");
    }

    /// The features in which genres differ most for their spread, with the genres of the lowest and highest median.
    fn most_telling(&self) -> Vec<(usize, usize, usize)> {
        let look = &self.study.eight_look;
        let mut features: Vec<(usize, usize, usize, f64)> = look
            .distributions
            .iter()
            .enumerate()
            .map(|(column, distribution)| {
                let medians = &distribution.medians;
                let low = (0..medians.len()).min_by(|&a, &b| medians[a].total_cmp(&medians[b]));
                let high = (0..medians.len()).max_by(|&a, &b| medians[a].total_cmp(&medians[b]));
                let (low, high) = (low.unwrap_or(0), high.unwrap_or(0));
                let spread = (distribution.quartiles[2] - distribution.quartiles[0]).max(1e-9);
                (column, low, high, (medians[high] - medians[low]) / spread)
            })
            .collect();
        features.sort_by(|a, b| b.3.total_cmp(&a.3));
        features.truncate(3);
        features
            .into_iter()
            .map(|(column, low, high, _)| (column, low, high))
            .collect()
    }

    pub(super) fn distances(&mut self, look: &Look, which: &str) {
        self.paragraph(
            "The distance of two genres is that of their means, in standard deviations within the two, with the features' \
             correlations taken out (Mahalanobis, by the mean of both covariances).",
        );
        let pairs = look.nearest_pairs();
        let far = pairs.last().map_or(1.0, |pair| pair.2);
        let heat = Heat {
            columns: "The stronger the blue, the nearer. In the order of the tree below.",
            // Further apart, no two are taken for each other, and one such pair would make all others look alike.
            full: far.min(6.0),
            is_inverted: true,
            write: |value| {
                if value == 0.0 {
                    String::new()
                } else {
                    format!("{value:.1}")
                }
            },
        };
        let title = format!("Distances between the {which} genres");
        let (classes, distances) = in_order(&look.tree_order(), &look.classes, &look.distances);
        let svg = heat_map(&title, &classes, &distances, &heat);
        let told: Vec<String> = pairs
            .iter()
            .take(3)
            .map(|&(a, b, distance)| {
                format!(
                    "{} and {} ({distance:.2})",
                    look.classes[a], look.classes[b]
                )
            })
            .collect();
        let furthest = pairs.last().map(|&(a, b, distance)| {
            format!(
                " The furthest: {} and {} ({distance:.2}).",
                look.classes[a], look.classes[b]
            )
        });
        self.image(
            &format!("distances-{which}"),
            svg,
            format_args!("A square table with the distance of every two of the {which} genres, near ones in strong blue"),
            format_args!("The nearest: {}.{}", listed(&told), furthest.unwrap_or_default()),
        );
        let title = format!("Which of the {which} genres belong together");
        let axis = "distance at which groups join (mean over their pairs)";
        let svg = dendrogram(&title, axis, &look.classes, &look.joins);
        self.image(
            &format!("dendrogram-{which}"),
            svg,
            format_args!("A tree in which the nearest of the {which} genres are joined first"),
            "Average linkage: the further left two genres join, the more alike they are.",
        );
    }
}

fn panel_name(feature: Feature) -> String {
    match feature {
        Feature::Duration => "duration".to_owned(),
        other => other.name().to_owned(),
    }
}

fn panel_unit(feature: Feature) -> &'static str {
    match feature {
        Feature::Loudness => " dB",
        Feature::Tempo => " BPM",
        Feature::Duration => " min",
        _ => "",
    }
}

/// A look with durations in minutes.
fn in_minutes(look: &Look) -> Look {
    let mut look = look.clone();
    for (column, distribution) in look.columns.iter().zip(&mut look.distributions) {
        if column == Feature::Duration.name() {
            let (low, high) = distribution.range;
            distribution.range = (low / 60_000.0, high / 60_000.0);
        }
    }
    look
}

/// A value of a feature with its unit, lengths in minutes.
fn value(column: &str, number: f64) -> String {
    match Feature::from_name(column) {
        Some(Feature::Duration) => format!("{:.1} min", number / 60_000.0),
        Some(feature) => format!("{}{}", short(number).replace('-', "−"), panel_unit(feature)),
        None => short(number),
    }
}
