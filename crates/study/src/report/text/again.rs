//! How to run it again, and how long it took.

use std::fmt::Write as _;

use super::{BY_ARTIST, RANDOM, Writer};
use crate::collections::{COLLECTIONS, HOW_TO_GET, Need};
use crate::report::words::thousands;

impl Writer<'_> {
    pub(super) fn again(&mut self) {
        let study = self.study;
        self.section("Run it again", "run-it-again");
        self.paragraph(
            "```\novertone data check DIR          # which files are there, and are they the same?\n\
             overtone study --data-dir DIR --quick   # a sample, under two minutes: study-quick.md\n\
             overtone study --data-dir DIR           # everything: study.md\n```",
        );
        self.paragraph(
            "What is finished is kept in a run folder (`--run`, `study-run` unless told otherwise). A run that was \
             interrupted goes on where it stopped, the search from the last setting. Other data, another seed or another build \
             of the program begin anew. The same data, seed and program give the same report, byte by byte.",
        );
        self.paragraph(HOW_TO_GET.replace('\n', "\n\n"));
        let rows: Vec<Vec<String>> = COLLECTIONS
            .iter()
            .map(|collection| {
                let need = match collection.need {
                    Need::Study => "studied",
                    Need::Transfer => "tested on",
                    Need::Profile => "described",
                };
                vec![
                    format!("`{}`", collection.file),
                    format!("{}; labels: {}", collection.what, collection.labels),
                    need.to_owned(),
                    thousands(usize::try_from(collection.rows).unwrap_or(usize::MAX)),
                    format!("`{}…`", &collection.sha256[..16]),
                ]
            })
            .collect();
        self.table(&["file", "<what it is", "<use", "rows", "<SHA-256"], rows);
        let limit = |limit: usize| {
            if limit == usize::MAX {
                "all".to_owned()
            } else {
                format!("at most {}", thousands(limit))
            }
        };
        self.paragraph(format_args!(
            "What was limited to keep it affordable: of the eight genres {} tracks of a genre, of the fifteen {}, of other \
             collections {}; {} trees in a forest where the study's {} are not called for; {} settings a grid.",
            limit(study.plan.eight_genre_limit),
            limit(study.plan.fifteen_genre_limit),
            limit(study.plan.transfer_limit),
            study.plan.trees,
            study.plan.study_trees,
            study.plan.candidates
        ));
    }

    pub(super) fn timings(&self) -> String {
        let mut text = format!(
            "# How long the classifiers took\n\nBelongs to [{0}.md]({0}.md). Seconds on the clock of the machine that ran \
             the study, other work on it included; the only figures that change from run to run, and so in a file of \
             their own. smartcore's forest, ours and the boosted trees use all cores.\n\n",
            self.name
        );
        let parts = [
            (
                "Eight genres, random split",
                &self.study.compared[RANDOM],
                self.study.sizes[RANDOM],
            ),
            (
                "Eight genres, split by artist",
                &self.study.compared[BY_ARTIST],
                self.study.sizes[BY_ARTIST],
            ),
            (
                "Fifteen genres",
                &self.study.close.compared,
                self.study.close.sizes,
            ),
        ];
        for (title, compared, [train, _, test]) in parts {
            let _ = write!(
                text,
                "## {title}\n\n| classifier | seconds to learn from {} tracks | milliseconds to answer 1,000 tracks |\n\
                 |---|---:|---:|\n",
                thousands(train)
            );
            for compared in compared {
                let _ = writeln!(
                    text,
                    "| {} | {:.2} | {:.0} |",
                    compared.classifier.name(),
                    compared.seconds_to_train,
                    compared.seconds_to_answer * 1e6 / test.max(1) as f64
                );
            }
            text.push('\n');
        }
        text
    }
}
