//! The classifiers side by side.

use super::{BY_ARTIST, RANDOM, Writer};
use crate::report::plots::{Mark, Tone, dots};
use crate::report::words::{number, percent, percent_with_margin, thousands, with_margin};
use crate::study::compare::{Compared, best};

impl Writer<'_> {
    pub(super) fn classifiers(&mut self) {
        let study = self.study;
        self.section("Classifiers out of the box", "classifiers-out-of-the-box");
        self.paragraph(format_args!(
            "Eight ways to learn, as they come, without tuning. Nearest neighbours, logistic regression, Bayes and the support \
             vector machine get standardised features. Most are smartcore's; the second forest and the boosted trees are \
             our own. smartcore's forest takes a vote of its trees, ours the mean of what its leaves say, as scikit-learn \
             does. ± is half the width of the 95 % interval from {} draws of the test part, of whole artists where the split \
             is by artist. All answer the same tracks, so how far each is behind the best has an interval of its own, which is \
             narrower than the two figures' intervals let one think.",
            thousands(study.plan.draws)
        ));
        for (division, title) in [(RANDOM, "Random split"), (BY_ARTIST, "Split by artist")] {
            self.subsection(title);
            self.compared(&study.compared[division]);
        }
        for (division, title) in [(RANDOM, "At random"), (BY_ARTIST, "By artist")] {
            let compared = &study.compared[division];
            let best = best(compared);
            let names = |is_behind: bool| {
                let others = compared
                    .iter()
                    .filter(|other| other.classifier != best.classifier);
                let names: Vec<String> = others
                    .filter(|other| (other.behind.low > 0.0) == is_behind)
                    .map(|other| other.classifier.name())
                    .collect();
                if names.is_empty() {
                    "none".to_owned()
                } else {
                    names.join("; ")
                }
            };
            self.paragraph(format_args!(
                "{title}, {} has most test tracks right ({}). Not to be told from it, as the interval of the difference \
                 takes in zero: {}. Behind it: {}.",
                best.classifier.name(),
                percent(best.test.accuracy.value),
                names(false),
                names(true)
            ));
        }
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
                "Accuracy with 95 % intervals of each by itself; which are behind is told by the tables. {losers} of {} \
                 do worse when the artists are new.",
                rows.len()
            ),
        );
        let name = self.name;
        self.paragraph(format_args!(
            "*Train* near 100 % says nothing good: a tree that may grow without limit learns its tracks by heart. *Balanced* \
             is the mean over the genres, so that small ones count as much. *ROC AUC* is each genre against the rest. *Log \
             loss* (nats, smaller is better; a probability below 0.001 counts as 0.001) and *ECE*, the expected calibration \
             error in points, say whether a probability can be believed; ECE has no interval, as it leans \
             upwards on few tracks and draws of them more so. A dash stands where a classifier says only a \
             genre and no probability. Seconds to learn and to answer are in [{0}-timings.md]({0}-timings.md): they are \
             the only figures that differ from run to run.",
            name
        ));
    }

    pub(super) fn compared(&mut self, compared: &[Compared]) {
        let best = best(compared);
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
                    probabilities.map_or_else(dash, |figures| number(figures.calibration_error)),
                    if compared.classifier == best.classifier {
                        "best".to_owned()
                    } else {
                        percent_with_margin(&compared.behind)
                    },
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
                "behind the best, points",
            ],
            rows,
        );
    }
}
