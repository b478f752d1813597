//! The report in `docs/` is what this code finds, on the collections that it was made from.

use std::path::{Path, PathBuf};

use overtone_genre::Feature;
use overtone_study::classifiers::{BoostedSettings, Classifier};
use overtone_study::collections::EIGHT_GENRES;
use overtone_study::statistics::accuracy;
use overtone_study::study::data::DataSet;
use overtone_study::study::{Division, Plan};
use overtone_study::table::Table;

/// The seed that the report names.
const SEED: u64 = 1;

#[test]
#[ignore = "needs OVERTONE_DATA"]
fn the_report_is_what_this_code_finds() {
    let data = std::env::var("OVERTONE_DATA").expect("OVERTONE_DATA names the collections' folder");
    let path = PathBuf::from(data).join(EIGHT_GENRES);
    let set = DataSet::read(&path, &Feature::ALL, (usize::MAX, SEED)).unwrap();
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/study.md");
    let report = std::fs::read_to_string(report).unwrap();
    let part = report.split("### Split by artist").nth(1).unwrap();

    let table = Table::of(&set.tracks, &set.features);
    let parts = Division::ByArtist.divide(&set, SEED).unwrap();
    for classifier in [
        Classifier::Forest(Plan::new(false).study_forest()),
        Classifier::BoostedTrees(BoostedSettings::default()),
    ] {
        let fitted = classifier.fit(&table.select(&parts.train), SEED).unwrap();
        let right = |rows: &[usize]| {
            let asked = table.select(rows);
            100.0 * accuracy(&asked.labels, &fitted.answer(&asked).unwrap().labels)
        };
        let row = format!(
            "| {} | {:.1} | {:.1} | {:.1} ± ",
            classifier.name(),
            right(&parts.train),
            right(&parts.validation),
            right(&parts.test)
        );
        assert!(
            part.contains(&row),
            "docs/study.md has other figures than “{row}”: run `overtone study` again"
        );
    }
}
