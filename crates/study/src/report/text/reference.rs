//! What scikit-learn reaches on the same parts.

use super::Writer;
use crate::classifiers::Classifier;
use crate::report::words::{listed, number, percent, signed};
use crate::study::Division;
use crate::study::compare::REFERENCE_FILE;

impl Writer<'_> {
    pub(super) fn reference(&mut self) {
        let study = self.study;
        self.section("Against scikit-learn", "against-scikit-learn");
        let how = format!(
            "`python tests/reference/classifiers.py FOLDER` lets scikit-learn learn from the very same parts, which are \
             in the run folder, and leaves its figures there as `{REFERENCE_FILE}`; run `overtone study` again and they \
             stand here."
        );
        let Some(reference) = &study.reference else {
            self.paragraph(format_args!("Not compared on this run. {how}"));
            return;
        };
        let mut rows = Vec::new();
        let (mut furthest, mut furthest_tree): (f64, f64) = (0.0, 0.0);
        let mut ranges = Vec::new();
        for (division, compared) in Division::BOTH.into_iter().zip(&study.compared) {
            let Some(theirs) = reference
                .divisions
                .iter()
                .find(|other| other.division == division.key())
            else {
                continue;
            };
            for theirs in &theirs.classifiers {
                for ours in compared
                    .iter()
                    .filter(|ours| ours.classifier.name().starts_with(&theirs.name))
                {
                    let differences = [
                        ours.validation - theirs.validation,
                        ours.test.accuracy.value - theirs.test,
                    ];
                    let far = differences.iter().map(|difference| difference.abs());
                    let far = far.fold(0.0, f64::max);
                    if matches!(ours.classifier, Classifier::DecisionTree) {
                        furthest_tree = furthest_tree.max(far);
                        let [low, high] = theirs.test_range;
                        ranges.push(format!("{} to {}", number(low), percent(high)));
                    } else {
                        furthest = furthest.max(far);
                    }
                    rows.push(vec![
                        format!("{}, {}", ours.classifier.name(), division.name()),
                        number(ours.validation),
                        number(theirs.validation),
                        signed(differences[0]),
                        number(ours.test.accuracy.value),
                        number(theirs.test),
                        signed(differences[1]),
                    ]);
                }
            }
        }
        self.paragraph(format_args!(
            "scikit-learn {} on the same tracks, with the same settings. {how}",
            reference.version
        ));
        self.table(
            &[
                "classifier",
                "validation, %: ours",
                "scikit-learn",
                "difference",
                "test, %: ours",
                "scikit-learn",
                "difference",
            ],
            rows,
        );
        self.paragraph(format_args!(
            "All but the single tree are at most {:.1} points apart, the single tree {:.1}. Where chance is part of the method, \
             or a tie is broken another way, equal figures are not to be expected, for a single tree least: a different \
             first split makes another tree. scikit-learn's own trees reach {} on the test part from one seed to the next; \
             for its trees and forests the table has the mean of several seeds, for ours one.",
            furthest * 100.0,
            furthest_tree * 100.0,
            listed(&ranges)
        ));
    }
}
