//! What a search for settings finds.

use super::{BY_ARTIST, Writer};
use crate::classifiers::Classifier;
use crate::report::plots::{Tone, ranked};
use crate::report::words::{listed, number, percent, percent_with_margin, settings};
use crate::study::tuning::{Candidate, Grid};

impl Writer<'_> {
    pub(super) fn tuning(&mut self) {
        let study = self.study;
        self.section("Tuning", "tuning");
        self.paragraph(format_args!(
            "A randomised search: {} settings from each of two grids, each judged by {}-fold cross-validation on the part \
             to learn from, by folds of artists where the split is by artist. *The study's grid* varies what the original \
             varied in its forest: the number of trees ({}, {} or {}), depth (5, 10, 20, 30, none), features at a split \
             (root, half, all), smallest split (2, 5, 10), smallest leaf (1, 2, 4), bootstrap or not. *The wider grid* \
             has finer steps of these, from 10 % to 85 % of the features and leaves of up to 12 tracks, and boosted trees.",
            study.plan.candidates,
            study.plan.folds,
            study.plan.trees / 2,
            study.plan.trees,
            study.plan.trees * 2
        ));
        let rows: Vec<Vec<String>> = study
            .tuned
            .iter()
            .zip(["random", "by artist"])
            .flat_map(|(tuned, name)| tuned.best.iter().map(move |best| (name, best)))
            .map(|(name, best)| {
                vec![
                    format!("{name}, {}", best.candidate.grid.name()),
                    number(best.candidate.mean),
                    number(best.validation),
                    percent_with_margin(&best.test.accuracy),
                    settings(&best.candidate.classifier),
                ]
            })
            .collect();
        self.table(
            &[
                "best of",
                "cross-validated, %",
                "validation, %",
                "test, %",
                "<settings",
            ],
            rows,
        );
        let ranked_by = |is_it: fn(&Candidate) -> bool| -> Vec<f64> {
            let candidates = study.tuned[BY_ARTIST].candidates.iter();
            let mut means: Vec<f64> = candidates
                .filter(|candidate| is_it(candidate))
                .map(|candidate| candidate.mean)
                .collect();
            means.sort_by(|a, b| b.total_cmp(a));
            means
        };
        let series = [
            (
                "forests, the study's grid",
                Tone::First,
                ranked_by(|candidate| candidate.grid == Grid::Study),
            ),
            (
                "forests, the wider grid",
                Tone::Second,
                ranked_by(|candidate| {
                    candidate.grid == Grid::Wider
                        && matches!(candidate.classifier, Classifier::Forest(_))
                }),
            ),
            (
                "boosted trees, the wider grid",
                Tone::Third,
                ranked_by(|candidate| matches!(candidate.classifier, Classifier::BoostedTrees(_))),
            ),
        ];
        let spread: Vec<String> = series
            .iter()
            .filter_map(|(name, _, means)| {
                let (best, worst) = (means.first()?, means.last()?);
                Some(format!(
                    "{} to {} for {name}",
                    percent(*worst),
                    percent(*best)
                ))
            })
            .collect();
        let svg = ranked(
            "Cross-validated accuracy of every setting, split by artist",
            "settings, the best first",
            &series,
        );
        self.image(
            "tuning",
            svg,
            "Points for every setting tried, ranked by cross-validated accuracy, in three series",
            format_args!("Every setting that was tried: {}.", listed(&spread)),
        );
    }
}
