//! The track that the sliders show, and what it sounds like.

use leptos::prelude::*;
use overtone_genre::{Classification, ClassifyError, Feature, Features, Model};

use super::confidence;
use super::models::{Models, Which};
use super::script;
use super::texts;
use super::track_name::TrackName;
use crate::bridge::FileTrack;

/// How many steps back can be undone.
const STEPS_KEPT: usize = 100;

/// How long after a move the next one of the same slider still belongs to it, in milliseconds.
const ONE_MOVE: f64 = 1000.0;

/// The track that the sliders show.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    /// A signal for each feature, in the order of [`Feature::ALL`], so that one slider redraws alone.
    values: StoredValue<Vec<RwSignal<Option<f32>>>>,
    /// What each slider goes back to: the track as it was loaded.
    origin: RwSignal<Features>,
    /// What the track is called, if it came from a file, a link or a button.
    pub(crate) name: RwSignal<Option<TrackName>>,
    /// The number of the file's track that was loaded.
    from_file: RwSignal<Option<u32>>,
    /// The number of the file's track that the sliders show; `None` while they show another one.
    pub(crate) track: Memo<Option<u32>>,
    /// Whether the sliders stand elsewhere than where the track was loaded.
    pub(crate) changed: RwSignal<bool>,
    /// How often a whole track has been shown, also one that leaves the sliders where they are.
    pub(crate) loads: RwSignal<usize>,
    /// What it sounds like.
    pub(crate) answer: Memo<Result<Classification, ClassifyError>>,
    /// The genre that the visitor wants explained; `None` for the one that is named, or the nearest of the family that is.
    pub(crate) picked: RwSignal<Option<usize>>,
    /// The name of the genre that is to be explained once the model that is wanted answers.
    pub(crate) to_be_picked: StoredValue<Option<String>>,
    /// The genre that is explained.
    pub(crate) explained: Memo<usize>,
    /// Whether anything has been chosen or moved yet.
    pub(crate) touched: RwSignal<bool>,
    /// How many steps can be undone.
    pub(crate) undoable: RwSignal<usize>,
    /// What was before, the latest last.
    steps: StoredValue<Vec<Step>>,
    /// The slider that was moved last, and when.
    last_move: StoredValue<Option<(Feature, f64)>>,
    /// Who answers.
    pub(crate) models: Models,
}

/// What the sliders showed before a step.
#[derive(Clone, PartialEq)]
struct Step {
    features: Features,
    origin: Features,
    name: Option<TrackName>,
    from_file: Option<u32>,
    /// The genre that was explained until the step, if the visitor had picked it, and of which model it is.
    picked: Option<(Which, usize)>,
}

/// Where the sliders stand at first: a song that could be several things. Popularity is not used, as for files.
pub(crate) fn at_first() -> Features {
    Features::from([
        (Feature::Danceability, 0.62),
        (Feature::Energy, 0.58),
        (Feature::Loudness, -8.0),
        (Feature::Speechiness, 0.05),
        (Feature::Acousticness, 0.3),
        (Feature::Instrumentalness, 0.0),
        (Feature::Liveness, 0.12),
        (Feature::Valence, 0.5),
        (Feature::Tempo, 116.0),
        (Feature::Duration, 213_000.0),
    ])
}

impl Chosen {
    pub(crate) fn new(models: Models) -> Self {
        let first = at_first();
        let values = Feature::ALL
            .map(|feature| RwSignal::new(first.get(feature)))
            .to_vec();
        let values = StoredValue::new(values);
        let answer = Memo::new(move |_| {
            let mut features = Features::default();
            values.with_value(|values| {
                for (feature, value) in Feature::ALL.into_iter().zip(values) {
                    features.set(feature, value.get());
                }
            });
            models.current.track();
            models.ask(|model| model.classify(&features))
        });
        let picked = RwSignal::new(None);
        let explained = Memo::new(move |before: Option<&usize>| {
            // Without an answer nothing else tells that there are other genres now.
            models.current.track();
            let genres = models.ask(|model| model.genres().len());
            let best = answer.with(|answer| {
                let found = answer.as_ref().ok()?;
                Some(models.ask(|model| confidence::nearest(model, found)))
            });
            let here = |genre: &usize| *genre < genres;
            let found = picked.get().filter(here).or(best);
            found.or(before.copied().filter(here)).unwrap_or_default()
        });
        let from_file = RwSignal::new(None);
        let changed = RwSignal::new(false);
        Self {
            values,
            origin: RwSignal::new(first),
            name: RwSignal::new(None),
            from_file,
            track: Memo::new(move |_| from_file.get().filter(|_| !changed.get())),
            changed,
            loads: RwSignal::new(0),
            answer,
            picked,
            to_be_picked: StoredValue::new(None),
            explained,
            touched: RwSignal::new(false),
            undoable: RwSignal::new(0),
            steps: StoredValue::new(Vec::new()),
            last_move: StoredValue::new(None),
            models,
        }
    }

    /// The signal of one feature, in its own unit.
    pub(crate) fn value(&self, feature: Feature) -> RwSignal<Option<f32>> {
        self.values
            .with_value(|values| values.get(feature as usize).copied())
            .unwrap_or_else(|| RwSignal::new(None))
    }

    /// Has a memo or an effect follow all sliders. The answer alone says less: it may stay the same when a slider moves.
    pub(crate) fn track_features(&self) {
        for feature in Feature::ALL {
            self.value(feature).track();
        }
    }

    /// All features as they are now. Not tracked.
    pub(crate) fn features(&self) -> Features {
        let mut features = Features::default();
        for feature in Feature::ALL {
            features.set(feature, self.value(feature).get_untracked());
        }
        features
    }

    /// Asks the model something.
    pub(crate) fn ask<Answer>(&self, question: impl FnOnce(&Model) -> Answer) -> Answer {
        self.models.ask(question)
    }

    /// The address of the model that answers, and its genres. Tracked.
    pub(crate) fn model(&self) -> (String, Vec<String>) {
        let which = self.models.current.get();
        let address = script::name(which.name()).unwrap_or_default();
        (address, self.ask(|model| model.genres().to_vec()))
    }

    /// Has a model answer, as soon as it is there, and explains the genre of that name, if it has one. Gives whether it
    /// does.
    pub(crate) async fn choose_model(&self, which: Which, explained: Option<&str>) -> bool {
        self.to_be_picked.set_value(explained.map(str::to_owned));
        let before = self.models.current.get_untracked();
        let answers = self.models.choose(which).await;
        // Not before: what is picked while the model is on its way is a genre of the other one.
        if answers && (which != before || explained.is_some()) {
            self.picked.set(explained.and_then(|name| {
                self.ask(|model| model.genres().iter().position(|genre| genre == name))
            }));
        }
        answers
    }

    /// Has a genre explained.
    pub(crate) fn pick(&self, genre: Option<usize>) {
        self.picked.set(genre);
        self.touched.set(true);
    }

    /// The name of a genre, as the model has it.
    pub(crate) fn genre(&self, index: usize) -> String {
        self.ask(|model| model.genres().get(index).cloned())
            .unwrap_or_default()
    }

    /// How many genres there are.
    pub(crate) fn genre_count(&self) -> usize {
        self.ask(|model| model.genres().len())
    }

    /// The probability of a genre, 0 if there is no answer.
    pub(crate) fn probability(&self, genre: usize) -> f64 {
        self.answer.with(|answer| match answer {
            Ok(found) => found.probabilities.get(genre).copied().unwrap_or(0.0),
            Err(_) => 0.0,
        })
    }

    /// The probability of a genre as it is shown. Without an answer, no genre is ruled out.
    pub(crate) fn percent(&self, genre: usize) -> String {
        if self.answer.with(Result::is_ok) {
            texts::percent(self.probability(genre))
        } else {
            "–".to_owned()
        }
    }

    /// Loads a track of a file into the sliders.
    pub(crate) fn load(&self, track: FileTrack) {
        let name = Some(track.name).filter(|name| !name.is_empty());
        self.show_from(
            track.features,
            name.map(TrackName::Given),
            Some(track.number),
        );
    }

    /// Forgets which tracks came from files: others come now, with the same numbers.
    pub(crate) fn forget_files(&self) {
        self.from_file.set(None);
        self.steps.update_value(|steps| {
            for step in steps {
                step.from_file = None;
            }
        });
    }

    /// Shows a track. A track of the files that was loaded before is that track again, as when the browser goes back to it.
    pub(crate) fn show(&self, features: Features, name: Option<TrackName>) {
        let present = self.present();
        let number = self.steps.with_value(|steps| {
            let mut known = steps.iter().chain([&present]);
            let same = known.find(|step| {
                step.from_file.is_some() && step.origin == features && step.name == name
            });
            same.and_then(|step| step.from_file)
        });
        self.show_from(features, name, number);
    }

    fn show_from(&self, features: Features, name: Option<TrackName>, from_file: Option<u32>) {
        let before = self.present();
        self.last_move.set_value(None);
        self.set_all(&features);
        self.origin.set(features);
        self.name.set(name);
        self.from_file.set(from_file);
        self.changed.set(false);
        self.touched.set(true);
        self.picked.set(None);
        // The second click of two shows nothing new, and to take it back would do nothing.
        if before != self.present() {
            self.remember(before);
        }
    }

    /// Sets one feature by hand.
    pub(crate) fn change(&self, feature: Feature, value: Option<f32>) {
        if self.value(feature).get_untracked() == value {
            return;
        }
        let now = js_sys::Date::now();
        let goes_on = self
            .last_move
            .get_value()
            .is_some_and(|(last, when)| last == feature && (0.0..ONE_MOVE).contains(&(now - when)));
        if !goes_on {
            // The same genre is explained as before, so there is none to come back.
            self.remember(Step {
                picked: None,
                ..self.present()
            });
        }
        self.last_move.set_value(Some((feature, now)));
        self.value(feature).set(value);
        self.compare();
        self.touched.set(true);
    }

    /// Whether a slider has left the place where the track was loaded.
    pub(crate) fn is_moved(&self, feature: Feature) -> bool {
        self.value(feature).get() != self.origin.with(|origin| origin.get(feature))
    }

    /// Brings one slider back to where the track was loaded.
    pub(crate) fn reset(&self, feature: Feature) {
        let value = self.origin.with_untracked(|origin| origin.get(feature));
        self.last_move.set_value(None);
        self.change(feature, value);
        self.last_move.set_value(None);
    }

    /// Takes back the last step.
    pub(crate) fn undo(&self) {
        let step = self.steps.try_update_value(Vec::pop).flatten();
        let Some(step) = step else { return };
        self.last_move.set_value(None);
        self.set_all(&step.features);
        self.origin.set(step.origin);
        self.name.set(step.name);
        self.from_file.set(step.from_file);
        if let Some((which, genre)) = step.picked
            && which == self.models.current.get_untracked()
        {
            self.picked.set(Some(genre));
        }
        self.compare();
        self.undoable
            .update(|count| *count = count.saturating_sub(1));
    }

    /// Brings the sliders back to where they stood at first.
    pub(crate) fn start_over(&self) {
        self.show(at_first(), None);
    }

    fn set_all(&self, features: &Features) {
        for feature in Feature::ALL {
            let (signal, value) = (self.value(feature), features.get(feature));
            // A slider that stays where it is need not be drawn again.
            if signal.get_untracked() != value {
                signal.set(value);
            }
        }
        self.loads.update(|loads| *loads += 1);
    }

    /// Finds out whether the sliders have left the track that was loaded, or are back.
    fn compare(&self) {
        let is_there = self
            .origin
            .with_untracked(|origin| *origin == self.features());
        self.changed.set(!is_there);
    }

    /// What the sliders show now.
    fn present(&self) -> Step {
        let picked = self.picked.get_untracked();
        Step {
            features: self.features(),
            origin: self.origin.get_untracked(),
            name: self.name.get_untracked(),
            from_file: self.from_file.get_untracked(),
            picked: picked.map(|genre| (self.models.current.get_untracked(), genre)),
        }
    }

    /// Keeps what the sliders showed before a step, for undo.
    fn remember(&self, step: Step) {
        self.steps.update_value(|steps| {
            if steps.len() == STEPS_KEPT {
                steps.remove(0);
            }
            steps.push(step);
            self.undoable.set(steps.len());
        });
    }
}
