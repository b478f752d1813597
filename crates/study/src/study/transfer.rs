//! Music from elsewhere: a forest of the eight genres asked about other people's collections, without their tracks,
//! recordings and artists in common.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use overtone_genre::Feature;
use serde::{Deserialize, Serialize};

use super::compare::{Figures, bootstrap};
use super::data::{BEYOND, DataSet, Profile, check_units, clean, sample};
use super::features::FeatureSet;
use super::{Division, Plan, Watcher};
use crate::StudyError;
use crate::classifiers::Classifier;
use crate::clean::{Step, is_analysed};
use crate::collections::{COLLECTIONS, Need, checksum};
use crate::dataset::{Dataset, LabelledTrack};
use crate::recordings::Recordings;
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
    /// How many of the tracks that were asked about have an artist that no collection names.
    pub without_artist: usize,
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
    let features = FeatureSet::WithoutPopularity.features();
    let mut found = ForeignCollections {
        collections: Vec::new(),
        missing: Vec::new(),
        profiles: Vec::new(),
    };
    let mut read = Vec::new();
    let mut artists = Artists::default();
    artists.add(&home.uncleaned);
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
        let dataset = Dataset::read_columns(&path, &features)?;
        check_units(&path, &dataset, &features)?;
        let profile = Profile::of(&dataset, &Feature::ALL);
        found.profiles.push((collection.file.to_owned(), profile));
        artists.add(&dataset.tracks);
        if collection.need == Need::Transfer {
            read.push((collection.file, checksum(&path)?, dataset.tracks));
        }
    }
    let known = Known::of(&home.uncleaned);
    for (file, checksum, mut tracks) in read {
        artists.tell(&mut tracks);
        let foreign = Foreign::of((file, checksum), tracks, &names, &known, plan, seed);
        if foreign.tracks.is_empty() {
            found.missing.push(format!("{file} (no genre in common)"));
        } else {
            found.collections.push(foreign);
        }
    }
    Ok(found)
}

/// Who made a recording, as far as some collection names the artist.
#[derive(Default)]
struct Artists {
    recordings: Recordings,
    names: Vec<String>,
}

impl Artists {
    /// Adds rows; those that were never analysed all sound the same, and tell nothing.
    fn add(&mut self, tracks: &[LabelledTrack]) {
        for track in tracks.iter().filter(|track| is_analysed(track)) {
            if !track.first_artist().is_empty() {
                self.recordings.add(track);
                self.names.push(track.artist.clone());
            }
        }
    }

    /// Gives rows without an artist the one that their recording has elsewhere.
    fn tell(&self, tracks: &mut [LabelledTrack]) {
        for track in tracks {
            if track.first_artist().is_empty()
                && let Some(&row) = self.recordings.same_as(track).first()
            {
                track.artist.clone_from(&self.names[row]);
            }
        }
    }
}

/// What a forest has heard of at home.
struct Known {
    recordings: Recordings,
    artists: BTreeSet<String>,
}

impl Known {
    fn of(tracks: &[LabelledTrack]) -> Self {
        let artists = tracks.iter().map(LabelledTrack::first_artist);
        Self {
            recordings: Recordings::of(tracks),
            artists: artists.filter(|artist| !artist.is_empty()).collect(),
        }
    }
}

impl Foreign {
    /// `source` is the file's name and its checksum.
    fn of(
        (file, checksum): (&str, String),
        mut tracks: Vec<LabelledTrack>,
        names: &BTreeMap<String, String>,
        known: &Known,
        plan: &Plan,
        seed: u64,
    ) -> Self {
        let rows = tracks.len();
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
        cleaning.keep("a recording of the eight genres", |track| {
            known.recordings.same_as(track).is_empty()
        });
        cleaning.keep("by an artist of the eight genres", |track| {
            !known.artists.contains(&track.first_artist())
        });
        let kept = sample(&cleaning.tracks, plan.transfer_limit, seed);
        cleaning.keep_rows(BEYOND, |row| kept.contains(&row));
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
            without_artist: collection
                .tracks
                .iter()
                .filter(|track| track.first_artist().is_empty())
                .count(),
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

    fn asked_about(tracks: Vec<LabelledTrack>, home: &[LabelledTrack]) -> Foreign {
        let names = BTreeMap::from([("hiphop".to_owned(), "hiphop".to_owned())]);
        let source = ("file", String::new());
        let known = Known::of(home);
        Foreign::of(source, tracks, &names, &known, &Plan::new(true), 1)
    }

    fn ids(tracks: &[LabelledTrack]) -> Vec<&str> {
        tracks.iter().map(|track| track.id.as_str()).collect()
    }

    #[test]
    fn what_both_have_is_taken_out() {
        let home = [track("1", "Known", "Song", "hiphop", 0)];
        let tracks = vec![
            track("1", "Other", "Other", "Rap", 50),
            track("2", "['Known', 'Guest']", "Song", "Hip-Hop", 200),
            track("3", "Known;Guest", "Another", "hip hop", 300),
            track("4", "", "Any title", "rap", 0),
            track("5", "New", "Song", "rap", 500),
            track("6", "New", "New", "jazz", 600),
            // Another track's id.
            track("1", "Elsewhere", "Else", "rap", 700),
        ];
        let foreign = asked_about(tracks, &home);
        assert_eq!(ids(&foreign.tracks), ["5", "1"]);
        assert_eq!(foreign.tracks[1].artist, "Elsewhere");
        assert_eq!(foreign.tracks[0].genre, "hiphop");
        assert_eq!(foreign.rows, 7);
        let removed: usize = foreign.steps.iter().map(|step| step.removed).sum();
        assert_eq!(removed, 5);
    }

    #[test]
    fn a_row_without_an_artist_has_the_one_that_its_recording_has_elsewhere() {
        let home = [track("1", "Known", "Song", "hiphop", 0)];
        let mut artists = Artists::default();
        artists.add(&home);
        artists.add(&[
            track("7", "Known", "From another collection", "pop", 300),
            track("8", "Stranger", "Also", "pop", 500),
        ]);
        let mut tracks = vec![
            track("3", "", "By its sound", "rap", 300),
            track("8", "", "By its id, analysed anew", "rap", 540),
            track("9", "", "Nobody knows", "rap", 800),
        ];
        artists.tell(&mut tracks);
        let foreign = asked_about(tracks, &home);
        assert_eq!(ids(&foreign.tracks), ["8", "9"]);
        let names: Vec<&str> = foreign
            .tracks
            .iter()
            .map(|track| track.artist.as_str())
            .collect();
        assert_eq!(names, ["Stranger", ""]);
    }
}
