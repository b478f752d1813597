//! Music from elsewhere: a forest of the eight genres asked about other people's collections, without their tracks,
//! recordings and artists in common.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use overtone_genre::Feature;
use serde::{Deserialize, Serialize};

use super::compare::{Figures, bootstrap};
use super::data::{DataSet, Profile, check_units, clean, sample};
use super::features::FeatureSet;
use super::{Division, Plan, Watcher};
use crate::StudyError;
use crate::classifiers::Classifier;
use crate::clean::{Step, is_analysed};
use crate::collections::{COLLECTIONS, Need, checksum};
use crate::dataset::{Dataset, LabelledTrack};
use crate::statistics::{Answers, Bootstrap, confusion};
use crate::table::Table;

/// The tests on other collections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// The collections that were tested on.
    pub collections: Vec<Tested>,
    /// Those that are not there.
    pub missing: Vec<String>,
    /// The same forests at home: on the eight genres' own test part by artist, for each feature set.
    pub home: Vec<(FeatureSet, Figures)>,
}

/// A test on one collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// The file.
    pub file: String,
    /// How many rows it has.
    pub rows: usize,
    /// What was taken out, and how many were left.
    pub steps: Vec<(String, usize, usize)>,
    /// The genres that both have, with how many tracks were asked about.
    pub genres: Vec<(String, usize)>,
    /// The figures for each feature set that the collection has.
    pub figures: Vec<(FeatureSet, Figures)>,
    /// For each genre, the share of its tracks that got it, by the forest without popularity.
    pub recalls: Vec<(String, f64)>,
}

/// Another collection, ready to be asked about.
#[derive(Clone, Debug)]
pub struct Foreign {
    file: String,
    checksum: String,
    rows: usize,
    steps: Vec<Step>,
    tracks: Vec<LabelledTrack>,
    has_popularity: bool,
}

/// Every other collection in the data folder, and the names of those that are not there.
#[derive(Clone, Debug)]
pub struct ForeignCollections {
    /// Those that are there and share a genre.
    pub collections: Vec<Foreign>,
    /// The others.
    pub missing: Vec<String>,
    /// What is in each that is there.
    pub profiles: Vec<(String, Profile)>,
}

impl ForeignCollections {
    /// What tells these collections from others, for the run folder's key.
    pub(super) fn key(&self) -> String {
        let file = |foreign: &Foreign| format!("{} {}", foreign.file, foreign.checksum);
        self.collections
            .iter()
            .map(file)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// What other collections call the genres, where they call them something else.
pub const ALIASES: [(&str, &str); 8] = [
    ("edm", "electronic"),
    ("edm_dance", "electronic"),
    ("hip hop", "hiphop"),
    ("hip-hop", "hiphop"),
    ("rap", "hiphop"),
    ("rap/hip-hop", "hiphop"),
    ("reggaeton", "latin"),
    ("salsa", "latin"),
];

fn canonical(genre: &str) -> String {
    let genre = genre.trim().to_lowercase();
    let alias = ALIASES.iter().find(|(alias, _)| *alias == genre);
    alias.map_or(genre, |(_, name)| (*name).to_owned())
}

/// A first artist however a collection writes lists of artists: some have brackets and quotation marks around them.
fn artist(track: &LabelledTrack) -> String {
    let marks = ['[', ']', '\'', '"', ' '];
    track.first_artist().trim_matches(marks).to_owned()
}

fn title(track: &LabelledTrack) -> String {
    track.track.trim().to_lowercase()
}

/// Reads the other collections, and takes out what they share with the home set.
///
/// # Errors
/// When one of them is there, but cannot be used.
pub fn read(
    folder: &Path,
    home: &DataSet,
    plan: &Plan,
    seed: u64,
) -> Result<ForeignCollections, StudyError> {
    let names: BTreeMap<String, String> = home
        .genres()
        .into_iter()
        .map(|genre| (canonical(&genre), genre))
        .collect();
    let known = Known::of(&home.uncleaned);
    let mut found = ForeignCollections {
        collections: Vec::new(),
        missing: Vec::new(),
        profiles: Vec::new(),
    };
    for collection in COLLECTIONS {
        let path = folder.join(collection.file);
        match collection.need {
            Need::Study => continue,
            Need::Transfer if !path.exists() => {
                found.missing.push(collection.file.to_owned());
                continue;
            }
            Need::Profile if !path.exists() => continue,
            Need::Transfer | Need::Profile => {}
        }
        let features = FeatureSet::WithoutPopularity.features();
        let dataset = Dataset::read_columns(&path, &features)?;
        check_units(&path, &dataset, &features)?;
        let profile = Profile::of(&dataset, &Feature::ALL);
        found.profiles.push((collection.file.to_owned(), profile));
        if collection.need == Need::Profile {
            continue;
        }
        let source = (collection.file, checksum(&path)?);
        let foreign = Foreign::of(source, dataset, &names, &known, plan, seed);
        if foreign.tracks.is_empty() {
            found
                .missing
                .push(format!("{} (no genre in common)", collection.file));
        } else {
            found.collections.push(foreign);
        }
    }
    Ok(found)
}

/// What a forest has heard of at home.
struct Known {
    ids: BTreeSet<String>,
    artists: BTreeSet<String>,
    titles: BTreeSet<String>,
    recordings: BTreeSet<(String, String)>,
}

impl Known {
    fn of(tracks: &[LabelledTrack]) -> Self {
        Self {
            ids: tracks.iter().map(|track| track.id.clone()).collect(),
            artists: tracks.iter().map(artist).collect(),
            titles: tracks.iter().map(title).collect(),
            recordings: tracks
                .iter()
                .map(|track| (artist(track), title(track)))
                .collect(),
        }
    }
}

impl Foreign {
    /// `source` is the file's name and its checksum.
    fn of(
        (file, checksum): (&str, String),
        dataset: Dataset,
        names: &BTreeMap<String, String>,
        known: &Known,
        plan: &Plan,
        seed: u64,
    ) -> Self {
        let rows = dataset.tracks.len();
        let mut tracks = dataset.tracks;
        for track in &mut tracks {
            track.genre = canonical(&track.genre);
        }
        // The genre first: a track under a genre of ours and under another one keeps ours.
        tracks.retain(|track| names.contains_key(&track.genre));
        for track in &mut tracks {
            track.genre.clone_from(&names[&track.genre]);
        }
        let mut first = vec![Step {
            what: "under none of the genres",
            removed: rows - tracks.len(),
            left: tracks.len(),
        }];
        let mut has = tracks.iter().filter(|track| is_analysed(track));
        let has_popularity = has.any(|track| track.features.get(Feature::Popularity).is_some());
        let mut features = FeatureSet::WithoutPopularity.features();
        if has_popularity {
            features.push(Feature::Popularity);
        }
        let mut cleaning = clean(tracks, &features);
        cleaning.keep("with an id of the eight genres", |track| {
            track.id.is_empty() || !known.ids.contains(&track.id)
        });
        cleaning.keep("with a title and artist of the eight genres", |track| {
            title(track).is_empty() || !known.recordings.contains(&(artist(track), title(track)))
        });
        cleaning.keep("by an artist of the eight genres", |track| {
            artist(track).is_empty() || !known.artists.contains(&artist(track))
        });
        cleaning.keep(
            "without an artist, and with a title of the eight genres",
            |track| !artist(track).is_empty() || !known.titles.contains(&title(track)),
        );
        let kept = sample(&cleaning.tracks, plan.transfer_limit, seed);
        let mut index = 0;
        cleaning.keep("beyond what is taken of a genre, drawn at random", |_| {
            index += 1;
            kept.contains(&(index - 1))
        });
        first.extend(cleaning.steps);
        Self {
            file: file.to_owned(),
            checksum,
            rows,
            steps: first,
            tracks: cleaning.tracks,
            has_popularity,
        }
    }
}

/// Lets forests learn from all eight genres, and asks them about each collection.
///
/// # Errors
/// When the home set cannot be divided.
pub fn test(
    home: &DataSet,
    foreign: &ForeignCollections,
    plan: &Plan,
    seed: u64,
    watcher: &dyn Watcher,
) -> Result<Transfer, StudyError> {
    let forest = Classifier::Forest(plan.forest());
    let parts = Division::ByArtist.divide(home, seed)?;
    let mut transfer = Transfer {
        collections: Vec::new(),
        missing: foreign.missing.clone(),
        home: Vec::new(),
    };
    let mut forests = Vec::new();
    for set in FeatureSet::ALL {
        let table = Table::of(&home.tracks, &set.features());
        let test = table.select(&parts.test);
        let answers = forest
            .fit(&table.select(&parts.train), seed)?
            .answer(&test)?;
        let draws = bootstrap(
            &home.tracks,
            &parts.test,
            Division::ByArtist,
            plan.draws,
            seed,
        );
        let figures = Figures::of(&test.labels, &answers, table.classes.len(), &draws);
        transfer.home.push((set, figures));
        forests.push((set, forest.fit(&table, seed)?));
        watcher.step();
    }
    let classes = home.genres();
    for collection in &foreign.collections {
        let rows: Vec<usize> = (0..collection.tracks.len()).collect();
        let draws: Bootstrap = bootstrap(
            &collection.tracks,
            &rows,
            Division::ByArtist,
            plan.draws,
            seed,
        );
        let mut tested = Tested {
            file: collection.file.clone(),
            rows: collection.rows,
            steps: collection
                .steps
                .iter()
                .map(|step| (step.what.to_owned(), step.removed, step.left))
                .collect(),
            genres: Vec::new(),
            figures: Vec::new(),
            recalls: Vec::new(),
        };
        for (set, forest) in &forests {
            if set.features().contains(&Feature::Popularity) && !collection.has_popularity {
                continue;
            }
            let table = foreign_table(&collection.tracks, &set.features(), &classes);
            let answers = forest.answer(&table)?;
            let figures = Figures::of(&table.labels, &answers, classes.len(), &draws);
            tested.figures.push((*set, figures));
            if *set == FeatureSet::WithoutPopularity {
                tested.tell_recalls(&table, &answers, &classes);
            }
        }
        transfer.collections.push(tested);
        watcher.step();
    }
    Ok(transfer)
}

/// A table with the home set's classes, of which the collection may have some only.
fn foreign_table(tracks: &[LabelledTrack], features: &[Feature], classes: &[String]) -> Table {
    let mut table = Table::of(tracks, features);
    table.labels = tracks
        .iter()
        .filter_map(|track| classes.iter().position(|class| *class == track.genre))
        .collect();
    table.classes = classes.to_vec();
    table
}

impl Tested {
    fn tell_recalls(&mut self, table: &Table, answers: &Answers, classes: &[String]) {
        let counts = confusion(&table.labels, &answers.labels, classes.len());
        for (class, counts) in counts.iter().enumerate() {
            let tracks: usize = counts.iter().sum();
            if tracks > 0 {
                self.genres.push((classes[class].clone(), tracks));
                let recall = counts[class] as f64 / tracks as f64;
                self.recalls.push((classes[class].clone(), recall));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use overtone_genre::Features;

    use super::*;

    fn track(id: &str, artist: &str, title: &str, genre: &str, number: u16) -> LabelledTrack {
        let mut features = Features::default();
        for feature in Feature::ALL {
            features.set(feature, Some(0.1 + f32::from(number) / 1000.0));
        }
        LabelledTrack {
            id: id.into(),
            track: title.into(),
            artist: artist.into(),
            genre: genre.into(),
            features,
        }
    }

    #[test]
    fn what_both_have_is_taken_out() {
        let home = [track("1", "Known", "Song", "hiphop", 0)];
        let names = BTreeMap::from([("hiphop".to_owned(), "hiphop".to_owned())]);
        let tracks = vec![
            track("1", "Other", "Other", "Rap", 1),
            track("2", "['Known', 'Guest']", "Song", "Hip-Hop", 2),
            track("3", "Known;Guest", "Another", "hip hop", 3),
            track("4", "", "Song", "rap", 4),
            track("5", "New", "Song", "rap", 5),
            track("6", "New", "New", "jazz", 6),
        ];
        let dataset = Dataset {
            tracks,
            problems: Vec::new(),
        };
        let known = Known::of(&home);
        let foreign = Foreign::of(
            ("file", String::new()),
            dataset,
            &names,
            &known,
            &Plan::new(true),
            1,
        );
        let ids: Vec<&str> = foreign
            .tracks
            .iter()
            .map(|track| track.id.as_str())
            .collect();
        assert_eq!(ids, ["5"]);
        assert_eq!(foreign.tracks[0].genre, "hiphop");
        assert_eq!(foreign.rows, 6);
        let removed: usize = foreign.steps.iter().map(|step| step.removed).sum();
        assert_eq!(removed, 5);
    }
}
