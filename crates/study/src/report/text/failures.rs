//! Where and why it fails.

use super::{BY_ARTIST, RANDOM, Writer, capital, in_order};
use crate::report::plots::{Heat, counts, curves, heat_map};
use crate::report::words::{feature, listed, number, percent, signed, thousands};
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
                let ((random_precision, random_recall), (precision, recall)) =
                    (figures[RANDOM][genre], figures[BY_ARTIST][genre]);
                vec![
                    name.clone(),
                    cell(random_precision),
                    cell(random_recall),
                    cell(precision),
                    cell(recall),
                ]
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
            "*Precision*: of the tracks that it calls so, how many are. *Recall*: of the tracks that are, how many it calls so.",
        );

        self.subsection("Would more tracks help?");
        let curve = &study.failures[BY_ARTIST].curve;
        let mut lines: Vec<(&str, Vec<(f64, f64)>)> = Vec::new();
        for point in curve {
            let place = (point.tracks as f64, point.test);
            match lines.last_mut() {
                Some((name, points)) if *name == point.classifier => points.push(place),
                _ => lines.push((&point.classifier, vec![place])),
            }
        }
        let svg = curves(
            "Accuracy by the number of tracks learned from, split by artist",
            "tracks to learn from (each step to the right doubles them)",
            &lines,
        );
        let gain = lines.first().and_then(|(_, points)| {
            let [.., before, last] = points.as_slice() else {
                return None;
            };
            Some((before.0, last.0, last.1 - before.1))
        });
        self.image(
            "learning-curve",
            svg,
            "Three curves that rise with the number of tracks: forest, boosted trees and logistic regression",
            "Test accuracy, mean of three draws of the tracks to learn from; the last points are of all tracks.",
        );
        if let Some((from, to, gain)) = gain {
            let still = if gain > 0.005 {
                "The curve still rises: more artists would help."
            } else {
                "The curve is almost flat: more tracks of this kind would help little."
            };
            self.paragraph(format_args!(
                "From {} to {} tracks the forest gains {} points. {still}",
                thousands(from as usize),
                thousands(to as usize),
                signed(gain)
            ));
        }

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
