//! Tracks to start from: a typical one of each genre, some made-up ones, and chance.

use leptos::prelude::*;
use overtone_genre::{Feature, Features, Model};

use super::boxed;
use super::chosen::Chosen;
use super::language::words;
use super::scale;
use super::texts;
use super::track_name::TrackName;

/// Tracks that everybody can imagine, made up; in the order of their names in the texts. Danceability, energy, loudness
/// (dB), speechiness, acousticness, instrumentalness, liveness, valence, tempo (BPM), duration (s).
const KINDS: [[f32; 10]; 4] = [
    // A lullaby.
    [0.36, 0.08, -21.0, 0.04, 0.96, 0.12, 0.1, 0.25, 82.0, 150.0],
    // A rave at four in the morning.
    [0.74, 0.93, -6.5, 0.06, 0.002, 0.84, 0.11, 0.2, 132.0, 420.0],
    // A song by the campfire.
    [0.56, 0.32, -11.5, 0.04, 0.88, 0.0, 0.32, 0.6, 104.0, 190.0],
    // A poem on a beat.
    [0.78, 0.55, -8.5, 0.42, 0.2, 0.0, 0.14, 0.5, 92.0, 175.0],
];

/// The buttons that load a track into the sliders.
#[component]
pub(crate) fn Presets(chosen: Chosen) -> impl IntoView {
    let words = words();
    let typical = (0..chosen.genre_count()).map(|genre| {
        let name = chosen.genre(genre);
        let label = texts::genre(&name);
        let full = (words.typical_track)(&label);
        let class = format!("chip {}", texts::genre_class(&name));
        let show = move || {
            if let Some(track) = chosen.ask(|model| typical_track(model, genre)) {
                chosen.show(track, Some(TrackName::Typical(name.clone())));
            }
        };
        view! {
            <button type="button" class=class title=full on:click=boxed::click(show)>
                {label}
            </button>
        }
    });
    let kinds = KINDS.into_iter().zip(words.kinds).enumerate();
    let kinds = kinds.map(|(place, (values, label))| {
        view! {
            <button
                type="button"
                class="chip"
                on:click=boxed::click(move || chosen.show(from_values(values), Some(TrackName::Kind(place))))
            >
                {label}
            </button>
        }
    });
    view! {
        <div class="presets" role="group" aria-label=words.start_from>
            <span class="presets-name" aria-hidden="true">{words.start_from}</span>
            {typical.collect_view()}
            {kinds.collect_view()}
            <button
                type="button"
                class="chip surprise"
                on:click=boxed::click(move || chosen.show(surprise(chosen), Some(TrackName::Surprise)))
            >
                {words.surprise_me}
            </button>
        </div>
    }
}

/// A typical track of a genre, with few digits if it stays one of that genre; `None` if the model knows none.
fn typical_track(model: &Model, genre: usize) -> Option<Features> {
    let track = model.typical(genre)?.track;
    let short = tidy(track);
    let answer = model.classify(&short);
    let stays = answer.is_ok_and(|answer| answer.best == genre && !model.is_outside(&answer));
    Some(if stays { short } else { track })
}

/// A track with no more digits than the sliders have.
fn tidy(mut track: Features) -> Features {
    for feature in Feature::ALL {
        let value = track.get(feature);
        track.set(
            feature,
            value.map(|value| scale::of(feature).round(value, false)),
        );
    }
    track
}

fn from_values(values: [f32; 10]) -> Features {
    let mut track = Features::default();
    for (feature, value) in Feature::ALL.into_iter().zip(values) {
        track.set(feature, Some(value * scale::of(feature).factor));
    }
    track
}

/// How many tracks chance may make until one of them sounds like a genre.
const SURPRISES: usize = 20;

/// A track by chance that sounds like some genre; after many that do not, one that does not.
fn surprise(chosen: Chosen) -> Features {
    let mut track = by_chance(chosen);
    for _ in 1..SURPRISES {
        let answer = chosen.ask(|model| model.classify(&track));
        if answer.is_ok_and(|answer| !chosen.ask(|model| model.is_outside(&answer))) {
            break;
        }
        track = by_chance(chosen);
    }
    track
}

/// A track by chance: each feature somewhere between two genres, so that it could be music.
fn by_chance(chosen: Chosen) -> Features {
    let random = js_sys::Math::random;
    let any_genre = || {
        let genre = (random() * chosen.genre_count() as f64) as usize;
        chosen
            .ask(|model| model.typical(genre).map(|typical| typical.track))
            .unwrap_or_default()
    };
    let (one, other) = (any_genre(), any_genre());
    let mut track = Features::default();
    for feature in Feature::ALL {
        let (Some(one), Some(other)) = (one.get(feature), other.get(feature)) else {
            continue;
        };
        // A little beyond both, too.
        let between = one + (other - one) * (1.4 * random() - 0.2) as f32;
        let range = feature.range();
        track.set(feature, Some(between.clamp(*range.start(), *range.end())));
    }
    tidy(track)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_made_up_tracks_are_possible_ones_with_an_answer() {
        let model = Model::eight_genres().unwrap();
        for values in KINDS {
            let track = from_values(values);
            for feature in Feature::ALL {
                if let Some(value) = track.get(feature) {
                    assert_eq!(feature.check(value), Ok(Some(value)), "{feature:?}");
                }
            }
            assert!(model.classify(&track).is_ok());
        }
    }
}
