//! The track that the sliders show, and what it sounds like.

use leptos::prelude::*;
use overtone_genre::{Classification, ClassifyError, Feature, Features, Model};

use crate::message::TrackRow;

/// The track that the sliders show.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    /// A signal for each feature, in the order of [`Feature::ALL`], so that one slider redraws alone.
    values: StoredValue<Vec<RwSignal<Option<f32>>>>,
    /// What the track is called, if it came from a file.
    pub(crate) name: RwSignal<Option<String>>,
    /// The line of the present file that the sliders show; `None` once they have been moved.
    pub(crate) line: RwSignal<Option<u64>>,
    /// Whether the sliders have been moved since the track was loaded.
    pub(crate) changed: RwSignal<bool>,
    /// What it sounds like.
    pub(crate) answer: Memo<Result<Classification, ClassifyError>>,
}

/// Where the sliders stand at first: a song that could be several things. Popularity is not used, as for files.
fn at_first(feature: Feature) -> Option<f32> {
    let value = match feature {
        Feature::Danceability => 0.62,
        Feature::Energy => 0.58,
        Feature::Loudness => -8.0,
        Feature::Speechiness => 0.05,
        Feature::Acousticness => 0.3,
        Feature::Instrumentalness => 0.0,
        Feature::Liveness => 0.12,
        Feature::Valence => 0.5,
        Feature::Tempo => 116.0,
        Feature::Duration => 213_000.0,
        Feature::Popularity => return None,
    };
    Some(value)
}

impl Chosen {
    pub(crate) fn new(model: StoredValue<Model>) -> Self {
        let values = Feature::ALL
            .map(|feature| RwSignal::new(at_first(feature)))
            .to_vec();
        let values = StoredValue::new(values);
        let answer = Memo::new(move |_| {
            let mut features = Features::default();
            values.with_value(|values| {
                for (feature, value) in Feature::ALL.into_iter().zip(values) {
                    features.set(feature, value.get());
                }
            });
            model.with_value(|model| model.classify(&features))
        });
        Self {
            values,
            name: RwSignal::new(None),
            line: RwSignal::new(None),
            changed: RwSignal::new(false),
            answer,
        }
    }

    /// The signal of one feature, in its own unit.
    pub(crate) fn value(&self, feature: Feature) -> RwSignal<Option<f32>> {
        self.values
            .with_value(|values| values.get(feature as usize).copied())
            .unwrap_or_else(|| RwSignal::new(None))
    }

    /// Loads a row of a file into the sliders.
    pub(crate) fn load(&self, row: &TrackRow) {
        for (feature, value) in row.features() {
            self.value(feature).set(value);
        }
        let name = [row.track.as_str(), row.artist.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        self.name.set((!name.is_empty()).then_some(name));
        self.line.set(Some(row.line));
        self.changed.set(false);
    }

    /// Sets one feature by hand: the sliders no longer show what the file has.
    pub(crate) fn change(&self, feature: Feature, value: Option<f32>) {
        self.value(feature).set(value);
        self.line.set(None);
        self.changed.set(true);
    }

    /// Forgets the file that a track came from; the sliders stay.
    pub(crate) fn leave_file(&self) {
        self.line.set(None);
    }

    /// Brings the sliders back to where they stood at first.
    pub(crate) fn reset(&self) {
        for feature in Feature::ALL {
            self.value(feature).set(at_first(feature));
        }
        self.name.set(None);
        self.line.set(None);
        self.changed.set(false);
    }
}
