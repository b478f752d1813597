//! The fifteen close genres.

use super::Writer;
use crate::report::original;
use crate::report::words::{listed, number, percent, thousands};
use crate::study::failures::confused_pairs;

impl Writer<'_> {
    pub(super) fn close_genres(&mut self) {
        let study = self.study;
        let (close, look) = (&study.close, &study.fifteen_look);
        self.section("The fifteen close genres", "the-fifteen-close-genres");
        self.paragraph(format_args!(
            "The original began with a Kaggle set of fifteen genres and had poor results. Here they are: {} tracks to learn \
             from, {} to be asked about, at most {} of a genre. The set has no popularity, and no artists, so the split is at \
             random and flatters.",
            thousands(close.sizes[0]),
            thousands(close.sizes[2]),
            thousands(study.plan.fifteen_genre_limit)
        ));
        self.compared(&close.compared);
        self.confusion(
            "confusion-fifteen",
            "Answers of the forest, fifteen genres",
            (&look.classes, &look.tree_order()),
            &close.confusion,
        );
        let rows: Vec<Vec<String>> = confused_pairs(&close.confusion)
            .iter()
            .take(10)
            .map(|&(a, b, share)| {
                let distance = look.distances[a][b];
                vec![
                    format!("{} and {}", look.classes[a], look.classes[b]),
                    number(share),
                    format!("{distance:.2}"),
                    number(close.borders[a][b]),
                ]
            })
            .collect();
        self.subsection("The pairs that get confused");
        self.table(
            &[
                "pair",
                "taken for each other, %",
                "distance",
                "a straight border, %",
            ],
            rows,
        );
        self.paragraph(format_args!(
            "The last column is what logistic regression, a straight border, reaches on the two alone, each counting the same, \
             by {}-fold cross-validation; 50 is a coin. Distance and confusion agree over all pairs with a rank correlation of \
             {:.2} (1 would be perfectly).",
            study.plan.folds, close.distance_and_confusion
        ));
        self.named_pairs();
        self.subsection("How alike they are");
        self.distances(look, "fifteen");
        let rows: Vec<Vec<String>> = close
            .merged
            .iter()
            .filter(|merged| {
                [15, 12, 10, 8, 6, 4, 2].contains(&merged.groups)
                    || merged.groups == look.classes.len()
            })
            .map(|merged| {
                vec![
                    merged.groups.to_string(),
                    number(merged.right),
                    number(merged.by_chance),
                ]
            })
            .collect();
        self.paragraph(
            "If genres that join early in this tree counted as one, the same answers would be right more often. So they would \
             be in any groups; the last column is what groups of the same sizes give where genres are dealt out by chance:",
        );
        self.table(&["groups left", "right, %", "by chance, %"], rows);
    }

    /// The pairs that the original study named, and how they do here.
    fn named_pairs(&mut self) {
        let (close, look) = (&self.study.close, &self.study.fifteen_look);
        let pairs = confused_pairs(&close.confusion);
        let place = |genre: &str| look.classes.iter().position(|class| class == genre);
        let told: Vec<String> = original::HARDLY_DIFFERENT
            .iter()
            .filter_map(|(first, second)| {
                let (first, second) = (place(first)?, place(second)?);
                let is_it = |pair: &&(usize, usize, f64)| {
                    (pair.0, pair.1) == (first.min(second), first.max(second))
                };
                let (.., confused) = pairs.iter().find(is_it)?;
                Some(format!(
                    "{} and {} (distance {:.2}, {} taken for each other)",
                    look.classes[first],
                    look.classes[second],
                    look.distances[first][second],
                    percent(*confused)
                ))
            })
            .collect();
        if !told.is_empty() {
            self.paragraph(format_args!(
                "The original named three pairs that hardly differ. Here: {}.",
                listed(&told)
            ));
        }
    }
}
