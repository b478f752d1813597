//! What is in the data, and what was taken out.

use super::Writer;
use crate::clean::Step;
use crate::report::words::{feature, listed, thousands};
use crate::study::data::{DataSet, Profile};

impl Writer<'_> {
    pub(super) fn data(&mut self) {
        let study = self.study;
        self.section("The data", "the-data");
        self.paragraph(
            "Two sets are studied, and other people's collections are tested on. None of their rows is in this \
             repository. `overtone data check DIR` tells whether a folder has the same files.",
        );
        let mut sets: Vec<(&str, &Profile)> = vec![
            (&study.eight.name, &study.eight.profile),
            (&study.fifteen.name, &study.fifteen.profile),
        ];
        sets.extend(
            study
                .profiles
                .iter()
                .map(|(file, profile)| (file.as_str(), profile)),
        );
        self.table(
            &[
                "file",
                "rows",
                "genres",
                "first artists",
                "repeated recordings",
                "recordings under several genres",
                "never analysed",
                "<missing values",
            ],
            sets.iter()
                .map(|(file, profile)| profile_row(file, profile)),
        );
        self.paragraph(
            "Two rows are one *recording* if they have the same title and first artist, the same sound to four decimals, or \
             the same id and much the same sound or the same artist (in one of the collections nearly all ids are those of \
             other tracks, so an id alone says nothing). A track *never analysed* has zeros for danceability and valence. An \
             empty column counts as missing in every row.",
        );
        for set in [&study.eight, &study.fifteen] {
            self.cleaning(set);
        }
        self.paragraph(
            "Which genre is right for a recording under several is not known, so its rows are taken out altogether. Where \
             a set has neither ids nor artists, as our copy of the fifteen genres, only the sound tells what is the same.",
        );
        let names = ["random", "by artist"];
        self.table(
            &[
                "split of the eight genres",
                "to learn from",
                "validation",
                "test",
            ],
            study.sizes.iter().zip(names).map(|(sizes, name)| {
                let mut row = vec![name.to_owned()];
                row.extend(sizes.iter().map(|&size| thousands(size)));
                row
            }),
        );
    }

    fn cleaning(&mut self, set: &DataSet) {
        self.subsection(format_args!("Cleaning {}", set.name));
        let start = vec![
            "as it was read".to_owned(),
            String::new(),
            thousands(set.profile.rows),
        ];
        let steps = set.steps.iter().map(|step: &Step| {
            vec![
                step.what.to_owned(),
                thousands(step.removed),
                thousands(step.left),
            ]
        });
        let rows: Vec<Vec<String>> = std::iter::once(start).chain(steps).collect();
        self.table(&["step", "taken out", "left"], rows);
        let mut genres: Vec<(String, usize)> = set
            .genres()
            .into_iter()
            .map(|genre| {
                let tracks = set
                    .tracks
                    .iter()
                    .filter(|track| track.genre == genre)
                    .count();
                (genre, tracks)
            })
            .collect();
        genres.sort_by_key(|(_, tracks)| usize::MAX - tracks);
        let genres: Vec<String> = genres
            .iter()
            .map(|(genre, tracks)| format!("{genre} {}", thousands(*tracks)))
            .collect();
        self.paragraph(format_args!("Left of each genre: {}.", listed(&genres)));
    }
}

fn profile_row(file: &str, profile: &Profile) -> Vec<String> {
    let missing: Vec<String> = profile
        .missing
        .iter()
        .map(|(name, rows)| {
            let rows = if *rows == profile.rows {
                "all".to_owned()
            } else {
                thousands(*rows)
            };
            format!("{} {rows}", feature(name.name()))
        })
        .collect();
    vec![
        file.to_owned(),
        thousands(profile.rows),
        profile.genres.len().to_string(),
        if profile.artists == 0 {
            "no column".to_owned()
        } else {
            thousands(profile.artists)
        },
        thousands(profile.repeated),
        thousands(profile.several_genres),
        thousands(profile.never_analysed),
        if missing.is_empty() {
            "none".to_owned()
        } else {
            missing.join(", ")
        },
    ]
}
