//! Where and why it fails.

use super::{BY_ARTIST, RANDOM, Writer, capital, in_order};
use crate::report::plots::{Heat, counts, curves, heat_map};
use crate::report::words::{
    feature, listed, number, percent, percent_with_interval, signed, thousands,
};
use crate::study::failures::{confused_pairs, precision_and_recall};

impl Writer<'_> {
    pub(super) fn failures(&mut self) {
        let study = self.study;
        self.section("Where it fails, and why", "where-it-fails-and-why");
        self.subsection("Which genres are taken for which");
        self.confusion(
            "confusion",
            "Answers of the forest, split by artist",
            (self.genres(), &self.study.eight_look.tree_order()),
            &study.failures[BY_ARTIST].confusion,
        );
        let figures = [RANDOM, BY_ARTIST]
            .map(|division| precision_and_recall(&study.failures[division].confusion));
        let cell = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), number);
        let rows: Vec<Vec<String>> = self
            .genres()
            .iter()
            .enumerate()
            .map(|(genre, name)| {
                let mut row = vec![name.clone()];
                for division in [RANDOM, BY_ARTIST] {
                    row.push(cell(figures[division][genre].0));
                    row.push(percent_with_interval(
                        &study.failures[division].recalls[genre],
                    ));
                }
                row
            })
            .collect();
        self.table(
            &[
                "forest, test part",
                "random: precision, %",
                "recall, %",
                "by artist: precision, %",
                "recall, %",
            ],
            rows,
        );
        self.paragraph(
            "*Precision*: of the tracks that it calls so, how many are. *Recall*: of the tracks that are, how many it calls so, \
             with the 95 % interval, by artist of whole artists: a genre with one busy artist is less sure than its tracks are \
             many.",
        );

        self.learning_curves();

        self.subsection("The tracks that every classifier gets wrong");
        let failures = &study.failures[BY_ARTIST];
        let classifiers = failures.right_by.len() - 1;
        let labels: Vec<(String, usize)> = failures
            .right_by
            .iter()
            .enumerate()
            .map(|(right, tracks)| {
                let label = match right {
                    0 => "none".to_owned(),
                    right if right == classifiers => "all".to_owned(),
                    right => right.to_string(),
                };
                (label, *tracks)
            })
            .collect();
        let svg = counts(
            "How many classifiers get a test track right, split by artist",
            "classifiers that are right",
            &labels,
        );
        let tracks: usize = failures.right_by.iter().sum();
        let wrong = failures.right_by[0];
        self.image(
            "right-by",
            svg,
            "Bars: how many test tracks are right for none of the classifiers, for one, and so on up to all",
            format_args!(
                "{} of {} test tracks are wrong for all {classifiers} classifiers, {} are right for all.",
                thousands(wrong),
                thousands(tracks),
                thousands(failures.right_by[classifiers])
            ),
        );
        let rows: Vec<Vec<String>> = failures
            .all_wrong
            .iter()
            .map(|genre| {
                let unlike: Vec<String> = genre
                    .unlike
                    .iter()
                    .map(|(name, distance)| {
                        format!(
                            "{} {}",
                            feature(name),
                            format!("{distance:+.1}").replace('-', "−")
                        )
                    })
                    .collect();
                vec![
                    genre.genre.clone(),
                    thousands(genre.tracks),
                    thousands(genre.wrong),
                    thousands(genre.artists),
                    percent(genre.wrong as f64 / genre.tracks.max(1) as f64),
                    genre
                        .taken_for
                        .as_ref()
                        .map_or_else(String::new, |(name, share)| {
                            format!("{name} ({share:.0} %)", share = share * 100.0)
                        }),
                    unlike.join(", "),
                ]
            })
            .collect();
        self.table(
            &[
                "genre",
                "test tracks",
                "all wrong",
                "their artists",
                "share",
                "<most often taken for",
                "<unlike their genre in",
            ],
            rows,
        );
        let most = failures.all_wrong.iter().max_by(|a, b| {
            let share = |genre: &crate::study::failures::AllWrong| {
                genre.wrong as f64 / genre.tracks.max(1) as f64
            };
            share(a).total_cmp(&share(b))
        });
        if let Some(most) = most
            && let Some((taken_for, _)) = &most.taken_for
            && let Some((name, distance)) = most.unlike.first()
        {
            self.paragraph(format_args!(
                "The last column compares them with the genre's other tracks, in its standard deviations: such a track is \
                 unlike its own genre. {} has the largest share of them; they are most often taken for {taken_for}, and \
                 their {} is {} than is usual for {}.",
                capital(&most.genre),
                feature(name),
                if *distance < 0.0 { "lower" } else { "higher" },
                most.genre
            ));
        }
    }

    fn learning_curves(&mut self) {
        let study = self.study;
        self.subsection("Would more artists help?");
        let names: Vec<String> = study
            .curves
            .iter()
            .map(|curve| curve.classifier.name())
            .collect();
        let lines: Vec<(&str, Vec<(f64, f64)>)> = names
            .iter()
            .zip(&study.curves)
            .map(|(name, curve)| {
                let points = curve.points.iter();
                (
                    name.as_str(),
                    points.map(|point| (point.artists, point.test)).collect(),
                )
            })
            .collect();
        let svg = curves(
            "Accuracy by the number of artists learned from, split by artist",
            "artists to learn from (equal steps multiply them alike)",
            &lines,
        );
        self.image(
            "learning-curve",
            svg,
            "Three curves over the number of artists: forest, boosted trees and logistic regression",
            format_args!(
                "Test accuracy, mean of {} splits by artist; the last points are of all artists of the part to learn from. \
                 The forest has {} trees.",
                study.plan.repeats, study.plan.trees
            ),
        );
        if let Some(curve) = study.curves.first()
            && let [.., before, all] = curve.points.as_slice()
        {
            let (gain, margin) = (curve.last_step.mean, curve.last_step.margin());
            let verdict = if gain > margin {
                "More artists would help."
            } else if gain < -margin {
                "More artists would not help."
            } else {
                "That is within chance: whether more artists would help cannot be told from this."
            };
            self.paragraph(format_args!(
                "From {} to {} artists ({} to {} tracks) the forest changes by {} points, give or take {:.1} (two standard \
                 errors over the splits). {verdict}",
                thousands(before.artists as usize),
                thousands(all.artists as usize),
                thousands(before.tracks as usize),
                thousands(all.tracks as usize),
                signed(gain),
                margin * 100.0
            ));
        }
    }

    /// A confusion matrix, with genres in the given order.
    pub(super) fn confusion(
        &mut self,
        file: &str,
        title: &str,
        (genres, order): (&[String], &[usize]),
        confusion: &[Vec<usize>],
    ) {
        let cells: Vec<Vec<f64>> = confusion
            .iter()
            .map(|row| {
                let tracks: usize = row.iter().sum();
                row.iter()
                    .map(|&count| count as f64 / tracks.max(1) as f64)
                    .collect()
            })
            .collect();
        let heat = Heat {
            columns: "Rows: the genre. Columns: the answer. In % of the row.",
            full: 0.9,
            is_inverted: false,
            write: |value| {
                if value < 0.005 {
                    String::new()
                } else {
                    format!("{:.0}", value * 100.0)
                }
            },
        };
        let (labels, cells) = in_order(order, genres, &cells);
        let svg = heat_map(title, &labels, &cells, &heat);
        let told: Vec<String> = confused_pairs(confusion)
            .iter()
            .take(3)
            .map(|&(a, b, share)| format!("{} and {} ({})", genres[a], genres[b], percent(share)))
            .collect();
        self.image(
            file,
            svg,
            format_args!(
                "A square table: for each genre, which share of its tracks got which answer"
            ),
            format_args!(
                "The most confused pairs, with the share of their tracks taken for the other: {}.",
                listed(&told)
            ),
        );
    }
}
