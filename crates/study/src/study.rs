//! The study: the questions of the original one asked again, and two that it did not ask.
//!
//! [`run`] reads and checks the data first, so that what cannot be used is refused before anything is trained. Then each
//! part of the study is done, or taken from the [run folder](run_folder) if it was done before. [`crate::report`]
//! writes what was found.

pub mod close_genres;
pub mod compare;
pub mod data;
pub mod failures;
pub mod features;
pub mod learning_curve;
pub mod looking;
pub mod run_folder;
pub mod splits;
pub mod transfer;
pub mod tuning;

use std::path::{Path, PathBuf};

use overtone_genre::Feature;

use crate::StudyError;
use crate::classifiers::forest::Settings;
use crate::collections::{EIGHT_GENRES, FIFTEEN_GENRES};
use crate::statistics::Bootstrap;
use crate::table::Table;
use data::DataSet;
use run_folder::RunFolder;
use splits::Parts;

/// What is studied, and how thoroughly.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder with the collections.
    pub data: PathBuf,
    /// Where finished parts are kept, so that a run can go on where it stopped.
    pub run: PathBuf,
    /// Whether only a sample is studied, in less than two minutes.
    pub quick: bool,
    /// What the random draws begin with.
    pub seed: u64,
}

/// Who wants to know how far a study is.
pub trait Watcher: Sync {
    /// A part begins, of so many steps.
    fn begin(&self, part: &str, steps: usize);
    /// A step of the part is done.
    fn step(&self);
    /// Where finished parts are kept.
    fn folder(&self, folder: &Path);
}

/// How much of everything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// The tracks of a genre that are taken from the eight genres, at most.
    pub eight_genre_limit: usize,
    /// The tracks of a genre that are taken from the fifteen genres, at most.
    pub fifteen_genre_limit: usize,
    /// The tracks of a genre that are taken from another collection, at most.
    pub transfer_limit: usize,
    /// The trees of a forest, where the study's 500 are not called for.
    pub trees: usize,
    /// The trees of the study's forest.
    pub study_trees: usize,
    /// How often rows are drawn for a confidence interval.
    pub draws: usize,
    /// How often the split is drawn anew where one draw would say little.
    pub repeats: usize,
    /// How many settings of each grid are tried.
    pub candidates: usize,
    /// The parts of a cross-validation.
    pub folds: usize,
    /// How often a column is shuffled for its importance.
    pub shuffles: usize,
}

impl Plan {
    /// The whole study, or one on a sample.
    pub fn new(quick: bool) -> Self {
        if quick {
            Self {
                eight_genre_limit: 250,
                fifteen_genre_limit: 100,
                transfer_limit: 200,
                trees: 100,
                study_trees: 200,
                draws: 200,
                repeats: 2,
                candidates: 5,
                folds: 5,
                shuffles: 3,
            }
        } else {
            Self {
                eight_genre_limit: usize::MAX,
                fifteen_genre_limit: 600,
                transfer_limit: 1_000,
                trees: 300,
                study_trees: 500,
                draws: 1_000,
                repeats: 10,
                candidates: 20,
                folds: 5,
                shuffles: 10,
            }
        }
    }

    /// The forest of the original study: 500 trees of depth 20.
    pub fn study_forest(&self) -> Settings {
        Settings {
            trees: self.study_trees,
            ..Settings::default()
        }
    }

    /// The same forest with fewer trees, for what has to be done many times.
    pub fn forest(&self) -> Settings {
        Settings {
            trees: self.trees,
            ..Settings::default()
        }
    }
}

/// The features of the fifteen genres, which have no popularity.
pub const WITHOUT_POPULARITY: [Feature; 10] = [
    Feature::Danceability,
    Feature::Energy,
    Feature::Loudness,
    Feature::Speechiness,
    Feature::Acousticness,
    Feature::Instrumentalness,
    Feature::Liveness,
    Feature::Valence,
    Feature::Tempo,
    Feature::Duration,
];

/// How the tracks of a set are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// At random, as the original study did.
    Random,
    /// So that no artist stands on two sides.
    ByArtist,
}

impl Division {
    /// Both.
    pub const BOTH: [Division; 2] = [Division::Random, Division::ByArtist];

    /// A name for files and keys.
    pub const fn key(self) -> &'static str {
        match self {
            Division::Random => "random",
            Division::ByArtist => "by-artist",
        }
    }

    /// A name for readers.
    pub const fn name(self) -> &'static str {
        match self {
            Division::Random => "random split",
            Division::ByArtist => "split by artist",
        }
    }

    /// Divides the tracks of a set.
    ///
    /// # Errors
    /// When a genre has too few tracks or artists.
    pub fn divide(self, set: &DataSet, seed: u64) -> Result<Parts, StudyError> {
        match self {
            Division::Random => splits::at_random(&set.tracks, seed),
            Division::ByArtist => splits::by_artist(&set.tracks, seed),
        }
    }
}

/// Everything that was found.
#[derive(Clone, Debug)]
pub struct Study {
    /// Whether it is of a sample.
    pub quick: bool,
    /// What the random draws began with.
    pub seed: u64,
    /// How much of everything.
    pub plan: Plan,
    /// The eight genres.
    pub eight: DataSet,
    /// The fifteen genres.
    pub fifteen: DataSet,
    /// What is in other people's collections, by file.
    pub profiles: Vec<(String, data::Profile)>,
    /// What the features of the eight genres look like.
    pub eight_look: looking::Look,
    /// What the features of the fifteen genres look like.
    pub fifteen_look: looking::Look,
    /// How many tracks each part has, at random and by artist.
    pub sizes: [[usize; 3]; 2],
    /// The classifiers out of the box, at random and by artist.
    pub compared: [Vec<compare::Compared>; 2],
    /// A forest on rows that were not cleaned, or less.
    pub less_cleaned: Vec<compare::LessCleaned>,
    /// Interactions, the most important of them, and standardisation, at random and by artist.
    pub features: [features::FeatureResults; 2],
    /// The searches, at random and by artist.
    pub tuned: [tuning::Tuned; 2],
    /// What is left without popularity and without the length, at random and by artist.
    pub ablation: features::Ablation,
    /// Tests on other people's collections.
    pub transfer: transfer::Transfer,
    /// What more artists to learn from bring.
    pub curves: Vec<learning_curve::LearningCurve>,
    /// Where the classifiers fail, at random and by artist.
    pub failures: [failures::Failures; 2],
    /// The fifteen close genres.
    pub close: close_genres::CloseGenres,
    /// scikit-learn's figures on the same parts, if its script has been run.
    pub reference: Option<compare::Reference>,
}

/// Studies the collections in a folder.
///
/// # Errors
/// When the data cannot be used, which is found out before anything is trained; or when the run folder cannot be
/// written.
pub fn run(options: &Options, watcher: &dyn Watcher) -> Result<Study, StudyError> {
    let plan = Plan::new(options.quick);
    let seed = options.seed;

    watcher.begin("Reading and checking the data", 3);
    let limit = (plan.eight_genre_limit, seed);
    let eight = DataSet::read(&options.data.join(EIGHT_GENRES), &Feature::ALL, limit)?;
    watcher.step();
    let limit = (plan.fifteen_genre_limit, seed);
    let fifteen_path = options.data.join(FIFTEEN_GENRES);
    let fifteen = DataSet::read(&fifteen_path, &WITHOUT_POPULARITY, limit)?;
    watcher.step();
    let foreign = transfer::read(&options.data, &eight, &plan, seed)?;
    watcher.step();
    let divided = [
        Division::Random.divide(&eight, seed)?,
        Division::ByArtist.divide(&eight, seed)?,
    ];
    let fifteen_parts = Division::Random.divide(&fifteen, seed)?;

    let key = format!(
        "{plan:?} {seed} {} {} {}",
        eight.checksum,
        fifteen.checksum,
        foreign.key()
    );
    let program = std::env::current_exe().map_err(|source| StudyError::Unreadable {
        path: "the running program".into(),
        source,
    })?;
    let folder = RunFolder::open(&options.run, &program, &key)?;
    let table = Table::of(&eight.tracks, &Feature::ALL);
    let fifteen_table = Table::of(&fifteen.tracks, &WITHOUT_POPULARITY);
    for (division, parts) in Division::BOTH.into_iter().zip(&divided) {
        folder.write_split(division.key(), &eight.tracks, parts)?;
    }
    watcher.folder(folder.path());
    let eight_look = looking::Look::at(&table);
    let fifteen_look = looking::Look::at(&fifteen_table);

    let draws = Division::BOTH.map(|division| {
        let rows = &divided[division as usize].test;
        compare::bootstrap(&eight.tracks, rows, division, plan.draws, seed)
    });
    let for_both = Both {
        divided: &divided,
        draws: &draws,
        watcher,
    };
    let compared = for_both.each("Comparing classifiers", compare::CLASSIFIERS, |one| {
        folder.part(&format!("compare-{}", one.division.key()), || {
            compare::compare(&table, one.parts, one.draws, &plan, seed, watcher)
        })
    })?;
    watcher.begin("Trying rows that were not cleaned", 3 * plan.repeats);
    let less_cleaned = folder.part("less-cleaned", || {
        let genres = eight.tracks.iter().map(|track| track.genre.as_str());
        compare::less_cleaned(&eight.uncleaned, &genres.collect(), &plan, seed, watcher)
    })?;
    let features = for_both.each("Trying products of features", features::STEPS, |one| {
        folder.part(&format!("features-{}", one.division.key()), || {
            features::study(&table, one.parts, &plan, seed, watcher)
        })
    })?;
    let failures = for_both.each("Looking at wrong answers", failures::STEPS, |one| {
        folder.part(&format!("failures-{}", one.division.key()), || {
            let compared = &compared[one.division as usize];
            let rows = (&table, eight.tracks.as_slice());
            let settings = (&plan, seed);
            Ok(failures::study(
                rows, one.parts, compared, one.draws, settings, watcher,
            ))
        })
    })?;
    watcher.begin(
        "Learning from fewer artists",
        learning_curve::STEPS * plan.repeats,
    );
    let curves = folder.part("learning-curves", || {
        learning_curve::study(&eight, &plan, seed, watcher)
    })?;
    watcher.begin("Leaving popularity and duration out", 8 * plan.repeats);
    let ablation = folder.part("ablation", || {
        features::ablate(&eight, &plan, seed, watcher)
    })?;
    watcher.begin(
        "Asking about other collections",
        4 + foreign.collections.len(),
    );
    let transfer = folder.part("transfer", || {
        transfer::test(&eight, &foreign, &plan, seed, watcher)
    })?;
    watcher.begin(
        "Comparing classifiers on the fifteen close genres",
        compare::CLASSIFIERS,
    );
    let close = folder.part("close-genres", || {
        let settings = (&plan, seed);
        let (tracks, look) = (&fifteen.tracks, &fifteen_look);
        close_genres::study(
            &fifteen_table,
            tracks,
            &fifteen_parts,
            look,
            settings,
            watcher,
        )
    })?;
    let tuned = for_both.each("Searching for settings", 2 * plan.candidates, |one| {
        folder.part(&format!("tuned-{}", one.division.key()), || {
            let settings = (&plan, seed);
            let (tracks, parts) = (&eight.tracks, one.parts);
            let division = one.division;
            tuning::search(
                &table, tracks, parts, division, one.draws, &folder, settings, watcher,
            )
        })
    })?;
    Ok(Study {
        quick: options.quick,
        seed,
        plan,
        sizes: [divided[0].sizes(), divided[1].sizes()],
        eight,
        fifteen,
        profiles: foreign.profiles,
        eight_look,
        fifteen_look,
        compared,
        less_cleaned,
        features,
        tuned,
        ablation,
        transfer,
        curves,
        failures,
        close,
        reference: compare::Reference::read(folder.path())?,
    })
}

/// What is done for both divisions.
struct Both<'a> {
    divided: &'a [Parts; 2],
    draws: &'a [Bootstrap; 2],
    watcher: &'a dyn Watcher,
}

/// One of them.
struct One<'a> {
    division: Division,
    parts: &'a Parts,
    draws: &'a Bootstrap,
}

impl Both<'_> {
    fn each<T>(
        &self,
        what: &str,
        steps: usize,
        work: impl Fn(One<'_>) -> Result<T, StudyError>,
    ) -> Result<[T; 2], StudyError> {
        let one = |division: Division| {
            self.watcher
                .begin(&format!("{what}, {}", division.name()), steps);
            work(One {
                division,
                parts: &self.divided[division as usize],
                draws: &self.draws[division as usize],
            })
        };
        Ok([one(Division::Random)?, one(Division::ByArtist)?])
    }
}
