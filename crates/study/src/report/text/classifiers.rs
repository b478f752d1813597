//! The classifiers side by side.

use super::{BY_ARTIST, RANDOM, Writer};
use crate::report::plots::{Mark, Tone, dots};
use crate::report::words::{number, percent, percent_with_margin, thousands, with_margin};
use crate::study::compare::Compared;

impl Writer<'_> {
    pub(super) fn classifiers(&mut self) {
        let study = self.study;
        self.section("Classifiers out of the box", "classifiers-out-of-the-box");
        self.paragraph(format_args!(
            "Eight ways to learn, as they come, without tuning. Nearest neighbours, logistic regression, Bayes and the support \
             vector machine get standardised features. Most are smartcore's; the second forest and the boosted trees are \
             our own. smartcore's forest takes a vote of its trees, ours the mean of what its leaves say, as scikit-learn \
             does. ± is half the width of the 95 % interval from {} draws of the test part, of whole artists where the split \
             is by artist.",
            thousands(study.plan.draws)
        ));
        for (division, title) in [(RANDOM, "Random split"), (BY_ARTIST, "Split by artist")] {
            self.subsection(title);
            self.compared(&study.compared[division]);
        }
        let best = [RANDOM, BY_ARTIST].map(|division| self.best_of_the_box(division));
        let names = best.map(|best| best.classifier.name());
        let opening = if names[RANDOM] == names[BY_ARTIST] {
            format!("{} is ahead on both splits", names[RANDOM])
        } else {
            format!(
                "{} is ahead at random, {} by artist",
                names[RANDOM], names[BY_ARTIST]
            )
        };
        let are_close = [RANDOM, BY_ARTIST].into_iter().all(|division| {
            let best = best[division].test.accuracy;
            let within = |other: &Compared| other.test.accuracy.high >= best.low;
            study.compared[division]
                .iter()
                .filter(|other| within(other))
                .count()
                > 1
        });
        let overlap = if are_close {
            " Intervals overlap among the best: on this many tracks they cannot be told apart by accuracy alone."
        } else {
            ""
        };
        self.paragraph(format_args!(
            "{opening} ({} and {} on the test part).{overlap}",
            percent(best[RANDOM].test.accuracy.value),
            percent(best[BY_ARTIST].test.accuracy.value)
        ));
        let rows: Vec<(String, Vec<Mark>)> = study.compared[RANDOM]
            .iter()
            .zip(&study.compared[BY_ARTIST])
            .map(|(at_random, by_artist)| {
                let marks = vec![
                    Mark::of(Tone::First, &at_random.test.accuracy),
                    Mark::of(Tone::Second, &by_artist.test.accuracy),
                ];
                (at_random.classifier.name(), marks)
            })
            .collect();
        let series = [("random split", Tone::First), ("by artist", Tone::Second)];
        let svg = dots("Accuracy on the test part", &series, &rows);
        let losers = rows
            .iter()
            .filter(|(_, marks)| marks[1].value < marks[0].value)
            .count();
        self.image(
            "classifiers",
            svg,
            "A row for each classifier with its accuracy on the test part at random and by artist, with intervals",
            format_args!(
                "Accuracy with 95 % intervals. {losers} of {} do worse when the artists are new.",
                rows.len()
            ),
        );
        let name = self.name;
        self.paragraph(format_args!(
            "*Train* near 100 % says nothing good: a tree that may grow without limit learns its tracks by heart. *Balanced* \
             is the mean over the genres, so that small ones count as much. *ROC AUC* is each genre against the rest. *Log \
             loss* (nats, smaller is better; a probability below 0.001 counts as 0.001) and *ECE*, the expected calibration \
             error in points, say whether a probability can be believed. A dash stands where a classifier says only a \
             genre and no probability. Seconds to learn and to answer are in [{0}-timings.md]({0}-timings.md): they are \
             the only figures that differ from run to run.",
            name
        ));
    }

    pub(super) fn compared(&mut self, compared: &[Compared]) {
        let rows: Vec<Vec<String>> = compared
            .iter()
            .map(|compared| {
                let figures = &compared.test;
                let probabilities = figures.probabilities;
                let dash = || "–".to_owned();
                vec![
                    compared.classifier.name(),
                    number(compared.train),
                    number(compared.validation),
                    percent_with_margin(&figures.accuracy),
                    percent_with_margin(&figures.balanced_accuracy),
                    probabilities.map_or_else(dash, |figures| with_margin(&figures.auc)),
                    probabilities.map_or_else(dash, |figures| with_margin(&figures.log_loss)),
                    probabilities.map_or_else(dash, |figures| {
                        percent_with_margin(&figures.calibration_error)
                    }),
                ]
            })
            .collect();
        self.table(
            &[
                "classifier",
                "train, %",
                "validation, %",
                "test, %",
                "balanced test, %",
                "ROC AUC",
                "log loss",
                "ECE, points",
            ],
            rows,
        );
    }
}
