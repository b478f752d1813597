//! Which features matter.

use super::{BY_ARTIST, RANDOM, Writer, capital};
use crate::report::plots::bars;
use crate::report::words::{feature, listed, number, percent, signed};
use crate::statistics::Spread;

impl Writer<'_> {
    pub(super) fn features(&mut self) {
        let study = self.study;
        self.section("Features", "features");
        self.subsection("Which matter");
        let importances = &study.failures[BY_ARTIST].importances;
        let mut sorted: Vec<_> = importances.iter().collect();
        sorted.sort_by(|a, b| b.permutation.mean.total_cmp(&a.permutation.mean));
        let rows: Vec<(String, [f64; 2])> = sorted
            .iter()
            .map(|importance| {
                (
                    feature(&importance.feature),
                    [importance.permutation.mean, importance.impurity],
                )
            })
            .collect();
        let panels = [
            "points of accuracy lost when shuffled",
            "% of the decrease in impurity",
        ];
        let svg = bars("What the forest depends on, split by artist", panels, &rows);
        let name = |row: Option<&(String, [f64; 2])>| row.map_or("", |(name, _)| name).to_owned();
        let (first, last) = (name(rows.first()), name(rows.last()));
        self.image(
            "importances",
            svg,
            "Two panels of bars, one for each feature: how much accuracy drops when it is shuffled, and its share of the \
             decrease in impurity",
            format_args!("{} matters most, {last} least.", capital(&first)),
        );
        let random = &study.failures[RANDOM].importances;
        let rows: Vec<Vec<String>> = sorted
            .iter()
            .map(|importance| {
                let at_random = random
                    .iter()
                    .find(|other| other.feature == importance.feature);
                let cell = |drop: &Spread| {
                    format!("{} ± {:.1}", signed(drop.mean), drop.deviation * 100.0)
                };
                vec![
                    feature(&importance.feature),
                    cell(&importance.permutation),
                    at_random.map_or_else(String::new, |other| cell(&other.permutation)),
                    number(importance.impurity),
                ]
            })
            .collect();
        self.table(
            &[
                "feature",
                "permutation, by artist",
                "permutation, random",
                "impurity, %",
            ],
            rows,
        );
        self.paragraph(format_args!(
            "*Permutation*: by how many points accuracy on the test part drops when the feature's values are dealt out anew \
             (mean and standard deviation of {} times; other test tracks would move it too). *Impurity*: the \
             feature's share of what all splits of the forest achieve on the tracks it has learned from. The original found instrumentalness and speechiness to matter most, \
             liveness least.",
            study.plan.shuffles
        ));

        let sets = &study.features[RANDOM].sets;
        self.subsection("Products of features");
        self.paragraph(format_args!(
            "The original multiplied every two features, {} products, and then kept the {} best of all {} by impurity.",
            sets[1].features - sets[0].features,
            crate::study::features::KEPT,
            sets[1].features
        ));
        let rows: Vec<Vec<String>> = study.features[RANDOM]
            .sets
            .iter()
            .zip(&study.features[BY_ARTIST].sets)
            .map(|(at_random, by_artist)| {
                vec![
                    at_random.what.clone(),
                    at_random.features.to_string(),
                    number(at_random.validation),
                    number(at_random.test),
                    number(by_artist.validation),
                    number(by_artist.test),
                ]
            })
            .collect();
        self.table(
            &[
                "forest on",
                "features",
                "random: validation, %",
                "test, %",
                "by artist: validation, %",
                "test, %",
            ],
            rows,
        );
        let best = &study.features[BY_ARTIST].best;
        let products = best.iter().filter(|(name, _)| name.contains('×')).count();
        let told: Vec<String> = best
            .iter()
            .take(5)
            .map(|(name, share)| format!("{} ({})", feature(name), percent(*share)))
            .collect();
        self.paragraph(format_args!(
            "Of the best {} by artist, {products} are products; the first five are {}. A forest can find such a product \
             by itself, with a split on one feature below a split on the other.",
            best.len(),
            listed(&told)
        ));

        self.subsection("Standardisation");
        let rows: Vec<Vec<String>> = study.features[RANDOM]
            .standardisation
            .iter()
            .zip(&study.features[BY_ARTIST].standardisation)
            .map(|(at_random, by_artist)| {
                vec![
                    at_random.name.clone(),
                    number(at_random.as_it_is),
                    number(at_random.standardised),
                    number(by_artist.as_it_is),
                    number(by_artist.standardised),
                ]
            })
            .collect();
        self.table(
            &[
                "test accuracy, %",
                "random: as it is",
                "standardised",
                "by artist: as it is",
                "standardised",
            ],
            rows,
        );
        self.paragraph(
            "Distances need it: in milliseconds, duration drowns everything else. Bayes adds a billionth of the largest \
             variance to every variance, so that none is zero; next to milliseconds squared, that billionth is more than a \
             ratio varies. A forest only asks whether a value is above or below another, and units are nothing to it.",
        );
    }
}
