//! What the page knows about why the track sounds as it does. It takes longer than the answer, so it follows a moment
//! behind the sliders.

use std::time::Duration;

use leptos::prelude::*;
use overtone_genre::{Change, Contributions, Feature, Features, Model, Piece, Typical};

use super::boxed;
use super::chosen::Chosen;
use super::curve;
use super::rest::{Stretch, now_and_then, once_still};
use super::scale;

/// How far the explanation lags behind a slider that moves.
const BEHIND: Duration = Duration::from_millis(60);

/// How far what a genre is usually like lags behind the choice of another genre.
const FARTHER_BEHIND: Duration = Duration::from_millis(140);

/// How long the sliders have to rest before it is searched how to get to the other genres.
const REST: Duration = Duration::from_millis(250);

/// What is known about the track and the genre that is explained.
#[derive(Clone, Copy)]
pub(crate) struct Insight {
    /// Why the genre has its probability.
    pub(crate) explanation: RwSignal<Option<Explanation>>,
    /// The smallest change that leads to each genre, of one slider where one moves; `None` for the genre that it is already, and where
    /// there is none.
    pub(crate) ways: RwSignal<Vec<Option<Way>>>,
    /// What tracks of the explained genre are usually like.
    pub(crate) typical: RwSignal<Option<Typical>>,
}

/// Why a genre has its probability.
#[derive(Clone, PartialEq)]
pub(crate) struct Explanation {
    /// The genre's index.
    pub(crate) genre: usize,
    /// Its probability, 0 to 1.
    pub(crate) probability: f64,
    pub(crate) contributions: Contributions,
    /// The probability along each feature, in the order of [`Feature::ALL`].
    pub(crate) curves: Vec<Vec<Piece>>,
    /// The probability that the curves are drawn up to.
    pub(crate) top: f64,
    /// The track that is explained, in the order of [`Feature::ALL`].
    pub(crate) values: [Option<f32>; Feature::ALL.len()],
}

/// A way to another genre.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Way {
    pub(crate) feature: Feature,
    /// The value that it has to pass or reach, in the feature's unit.
    pub(crate) value: f32,
    /// Whether the feature has to rise; `None` if it is not known now.
    pub(crate) rises: Option<bool>,
    /// The genre's probability then.
    pub(crate) probability: f64,
}

impl Insight {
    pub(crate) fn new(chosen: Chosen) -> Self {
        let insight = Self {
            explanation: RwSignal::new(None),
            ways: RwSignal::new(Vec::new()),
            typical: RwSignal::new(None),
        };
        let other_genre = move || {
            chosen.models.current.track();
            chosen.explained.track();
        };
        now_and_then(FARTHER_BEHIND, other_genre, move || {
            Box::pin(async move {
                let genre = chosen.explained.get_untracked();
                let typical = chosen.ask(|model| model.typical(genre).cloned());
                insight.typical.set(typical);
            })
        });
        let changes = move || {
            chosen.models.current.track();
            chosen.track_features();
            chosen.explained.track();
        };
        now_and_then(BEHIND, changes, move || {
            Box::pin(async move {
                let which = chosen.models.current.get_untracked();
                let explanation = explain(chosen).await;
                // Of another model's genres it would be wrong; it is asked next.
                if chosen.models.current.get_untracked() == which {
                    insight.explanation.set(explanation);
                }
            })
        });
        let search = move || {
            boxed::spawn(async move {
                let asked = (chosen.models.current.get_untracked(), chosen.features());
                let ways = find_ways(chosen).await;
                // Where something has changed meanwhile, it is searched anew once that rests.
                if asked == (chosen.models.current.get_untracked(), chosen.features()) {
                    insight.ways.set(ways);
                }
            });
        };
        let asked_about = move || {
            chosen.models.current.track();
            chosen.track_features();
        };
        once_still(REST, asked_about, move |()| search());
        // All that was known is about other genres.
        boxed::follow(move || {
            chosen.models.current.track();
            insight.explanation.set(None);
            insight.ways.set(Vec::new());
            insight.typical.set(None);
        });
        // The first time, when the page has been drawn.
        set_timeout(search, REST);
        insight
    }
}

/// Why the genre that is explained has its probability. `None` without an answer.
async fn explain(chosen: Chosen) -> Option<Explanation> {
    let mut stretch = Stretch::new();
    let genre = chosen.explained.get_untracked();
    let features = chosen.features();
    let answer = chosen.ask(|model| model.classify(&features)).ok()?;
    let contributions = chosen.ask(|model| model.contributions(&features, genre));
    let mut curves = Vec::new();
    for feature in Feature::ALL {
        stretch.pause().await;
        let curve = chosen.ask(|model| model.curve(&features, feature, genre));
        curves.push(curve.unwrap_or_default());
    }
    stretch.pause().await;
    Some(Explanation {
        genre,
        probability: *answer.probabilities.get(genre)?,
        contributions: contributions.ok()?,
        top: curve::top(&curves),
        curves,
        values: Feature::ALL.map(|feature| features.get(feature)),
    })
}

/// The smallest change of one feature to each genre.
async fn find_ways(chosen: Chosen) -> Vec<Option<Way>> {
    let mut stretch = Stretch::new();
    let features = chosen.features();
    let mut ways = Vec::new();
    for genre in 0..chosen.genre_count() {
        stretch.pause().await;
        ways.push(chosen.ask(|model| find_way(model, &features, genre)));
    }
    ways
}

/// The smallest change of one feature to a genre, if it moves a slider; else that of another feature which does. That a track
/// is another one with an instrumentalness of 0.000003 is true, but of use only where nothing else is.
fn find_way(model: &Model, features: &Features, genre: usize) -> Option<Way> {
    // How popular a track is, and how long, is nothing that one hears.
    let mut fixed = vec![Feature::Popularity, Feature::Duration];
    let mut smallest = None;
    while let Some(found) = model.smallest_change(features, genre, &fixed).ok()? {
        fixed.push(found.feature);
        let way = round(model, features, genre, found);
        let before = features.get(way.feature);
        if before.is_none_or(|before| scale::of(way.feature).tells_apart(before, way.value)) {
            return Some(way);
        }
        smallest = smallest.or(Some(way));
    }
    smallest
}

/// The change with a value of few digits, where one does it as well.
fn round(model: &Model, features: &Features, genre: usize, change: Change) -> Way {
    let Change { feature, value, .. } = change;
    let rises = features.get(feature).map(|before| value > before);
    let rounded = scale::of(feature).round(value, rises == Some(true));
    let mut changed = *features;
    changed.set(feature, Some(rounded));
    let reaches = feature.range().contains(&rounded)
        && model
            .classify(&changed)
            .is_ok_and(|answer| answer.best == genre);
    Way {
        feature,
        value: if reaches { rounded } else { value },
        rises,
        probability: change.probability,
    }
}
