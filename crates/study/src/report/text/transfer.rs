//! Other people's collections.

use super::Writer;
use crate::report::plots::{Mark, Tone, dots};
use crate::report::words::{listed, number, percent_with_margin, thousands};
use crate::study::data::BEYOND;
use crate::study::features::FeatureSet;
use crate::study::transfer::{ALIASES, Tested};

impl Writer<'_> {
    pub(super) fn transfer(&mut self) {
        let transfer = &self.study.transfer;
        self.section(
            "Music that somebody else collected",
            "music-that-somebody-else-collected",
        );
        if transfer.collections.is_empty() {
            self.paragraph("No other collection is in the data folder, so this was not tested.");
            return;
        }
        self.paragraph(format_args!(
            "The forest learns from all eight genres, and is asked about other people's collections: other years, other \
             labels, other tastes. What both have is taken out first: every recording, and every artist. A row without an \
             artist has the one that its recording has in another collection, if one has it. At most {} tracks of a genre \
             are drawn. A collection has some of the eight genres only, but the forest may answer any of them. At home the forest has \
             learned from three fifths of the tracks, as the rest is for testing; for the others, from all.",
            thousands(self.study.plan.transfer_limit)
        ));
        let aliases: Vec<String> = ALIASES
            .iter()
            .map(|(alias, genre)| format!("{alias} as {genre}"))
            .collect();
        self.paragraph(format_args!(
            "Labels are read without regard to case, and {}.",
            listed(&aliases)
        ));
        let home_of = |set: FeatureSet| {
            let home = transfer.home.iter().find(|(other, _)| *other == set);
            home.map(|(_, figures)| &figures.balanced_accuracy)
        };
        let mut rows = vec![{
            let mut row = vec![
                "*at home, by artist*".to_owned(),
                String::new(),
                "all".to_owned(),
            ];
            row.extend(
                FeatureSet::ALL
                    .map(|set| home_of(set).map_or_else(String::new, percent_with_margin)),
            );
            row
        }];
        rows.extend(transfer.collections.iter().map(|tested| {
            let tracks: usize = tested.genres.iter().map(|(_, tracks)| tracks).sum();
            let mut row = vec![
                tested.file.clone(),
                thousands(tracks),
                tested.genres.len().to_string(),
            ];
            row.extend(FeatureSet::ALL.map(|set| {
                let figures = tested.figures.iter().find(|(other, _)| *other == set);
                figures.map_or_else(
                    || "–".to_owned(),
                    |(_, figures)| percent_with_margin(&figures.balanced_accuracy),
                )
            }));
            row
        }));
        self.table(
            &[
                "balanced accuracy, %",
                "tracks",
                "genres",
                "all features",
                "without popularity",
                "without duration",
                "sound alone",
            ],
            rows,
        );
        let mut rows: Vec<(String, Vec<Mark>)> = Vec::new();
        let home_marks: Vec<Mark> = [
            (Tone::First, FeatureSet::All),
            (Tone::Second, FeatureSet::WithoutPopularity),
            (Tone::Third, FeatureSet::AudioOnly),
        ]
        .into_iter()
        .filter_map(|(tone, set)| Some(Mark::of(tone, home_of(set)?)))
        .collect();
        rows.push(("at home, by artist".to_owned(), home_marks));
        for tested in &transfer.collections {
            let marks = [
                (Tone::First, FeatureSet::All),
                (Tone::Second, FeatureSet::WithoutPopularity),
                (Tone::Third, FeatureSet::AudioOnly),
            ]
            .into_iter()
            .filter_map(|(tone, set)| {
                let (_, figures) = tested.figures.iter().find(|(other, _)| *other == set)?;
                Some(Mark::of(tone, &figures.balanced_accuracy))
            })
            .collect();
            let name = tested
                .file
                .trim_start_matches("pool/")
                .trim_end_matches(".csv");
            rows.push((name.to_owned(), marks));
        }
        let series = [
            ("all features", Tone::First),
            ("without popularity", Tone::Second),
            ("sound alone", Tone::Third),
        ];
        let svg = dots("Balanced accuracy on other collections", &series, &rows);
        self.image(
            "transfer",
            svg,
            "A row for each other collection: balanced accuracy with all features, without popularity, and from the sound \
             alone, with intervals",
            "Balanced accuracy with 95 % intervals, of whole artists; a collection without popularity has no dot for all features.",
        );
        if self.popularity_misleads() {
            self.paragraph(
                "Popularity hurts because it is a fact about the pull, not about the music: a collection of hits and one of \
                 everything have other popularities for the same genre.",
            );
        }
        self.subsection("Genre by genre");
        let genres = self.genres();
        let mut columns = vec!["recognised without popularity, %"];
        columns.extend(genres.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = transfer
            .collections
            .iter()
            .map(|tested| {
                let mut row = vec![tested.file.clone()];
                row.extend(genres.iter().map(|genre| {
                    let recall = tested.recalls.iter().find(|(other, _)| other == genre);
                    recall.map_or_else(|| "–".to_owned(), |(_, recall)| number(*recall))
                }));
                row
            })
            .collect();
        self.table(&columns, rows);
        self.subsection("What was taken out");
        let rows: Vec<Vec<String>> = transfer
            .collections
            .iter()
            .map(|tested| {
                let removed = |words: &[&str]| -> String {
                    let steps = tested.steps.iter();
                    let sum: usize = steps
                        .filter(|(what, ..)| words.iter().any(|word| what.contains(word)))
                        .map(|(_, removed, _)| removed)
                        .sum();
                    thousands(sum)
                };
                let left = tested.steps.last().map_or(0, |(.., left)| *left);
                vec![
                    tested.file.clone(),
                    thousands(tested.rows),
                    removed(&["none of the genres"]),
                    removed(&["never analysed", "missing", "under several", "again"]),
                    removed(&["recording of the eight"]),
                    if tested.without_artist == left {
                        "not known".to_owned()
                    } else {
                        removed(&["by an artist"])
                    },
                    removed(&[BEYOND]),
                    thousands(left),
                    thousands(tested.without_artist),
                ]
            })
            .collect();
        self.table(
            &[
                "collection",
                "rows",
                "other genres",
                "cleaning",
                "recordings in common",
                "by artists in common",
                "beyond the limit",
                "asked about",
                "of these, artist not known",
            ],
            rows,
        );
        if transfer
            .collections
            .iter()
            .any(|tested| tested.without_artist > 0)
        {
            self.paragraph(
                "Where the artist is not known, a track may be by somebody that the forest has learned from, and it counts as \
                 an artist of its own in the interval, which is so a little too narrow.",
            );
        }
        if !transfer.missing.is_empty() {
            self.paragraph(format_args!(
                "Not tested on, as they are not there: {}.",
                listed(&transfer.missing)
            ));
        }
    }
}

pub(super) fn balanced(tested: &Tested, set: FeatureSet) -> Option<f64> {
    let figures = tested.figures.iter().find(|(other, _)| *other == set);
    figures.map(|(_, figures)| figures.balanced_accuracy.value)
}
