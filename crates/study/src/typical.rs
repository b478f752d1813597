//! What tracks of each genre are usually like, counted among those that a model learns from.

use overtone_genre::{Feature, Features, Model, Popularity, Typical};

use crate::examples::Example;

/// The shares of a genre's tracks that lie below the lower and below the upper end of where it usually lies.
const USUAL: (f32, f32) = (0.1, 0.9);

/// Of these shares of a genre's tracks, those that the model finds the genre most probable for, the middle is asked about in turn.
const CLEAREST: [f32; 4] = [1.0, 0.5, 0.25, 0.1];

/// How far below the threshold of being none of the model's genres a typical track stays, so that it may be rounded.
const ROOM: f64 = 0.85;

/// What tracks of each of the model's genres are usually like.
///
/// The usual range of a feature leaves out a tenth of the tracks at each end. The typical track has in each feature the middle
/// (median) of those tracks that the model itself takes for the genre; if the model takes that one for something else, as where a
/// genre has two kinds of tracks with nothing between, then of the clearer half of them, and so on. It is no track that there is.
pub(crate) fn typical_tracks(model: &Model, examples: &[Example]) -> Vec<Typical> {
    (0..model.genres().len())
        .map(|genre| {
            let own = examples.iter().filter_map(|example| {
                let weight = example.weight * example.target.get(genre)?;
                (weight > 0.0).then_some((&example.features, weight))
            });
            let own: Vec<(&Features, f32)> = own.collect();
            let ranges = Feature::ALL.map(|feature| {
                // It depends on the day of the pull more than on the genre.
                if feature == Feature::Popularity {
                    return None;
                }
                let quantile = |share| quantile(&own, feature, share);
                quantile(USUAL.0).zip(quantile(USUAL.1))
            });
            Typical::new(typical_track(model, genre, own), ranges)
        })
        .collect()
}

fn typical_track(model: &Model, genre: usize, own: Vec<(&Features, f32)>) -> Features {
    let probability = |track: &Features| {
        let answer = model.classify(&track.with(Popularity::Ignored)).ok()?;
        (answer.best == genre).then(|| answer.probabilities[genre])
    };
    let mut taken: Vec<(f64, (&Features, f32))> = own
        .into_iter()
        .filter_map(|(track, weight)| Some((probability(track)?, (track, weight))))
        .collect();
    taken.sort_by(|one, other| other.0.total_cmp(&one.0));
    let taken: Vec<(&Features, f32)> = taken.into_iter().map(|(_, track)| track).collect();
    let middles = CLEAREST.map(|share| {
        let count = (taken.len() as f32 * share).ceil() as usize;
        middle(&taken[..count])
    });
    let threshold = model
        .quality()
        .map(|quality| f64::from(quality.outside_threshold));
    let is_one = |track: &&Features| {
        model.classify(track).is_ok_and(|answer| {
            let is_inside = |(outside, threshold): (f64, f64)| outside < threshold * ROOM;
            answer.best == genre && answer.outside.zip(threshold).is_none_or(is_inside)
        })
    };
    let last = middles[CLEAREST.len() - 1];
    middles.iter().find(is_one).copied().unwrap_or(last)
}

/// The track that has the median of these in each feature but popularity.
fn middle(tracks: &[(&Features, f32)]) -> Features {
    let mut track = Features::default();
    for feature in Feature::ALL {
        track.set(feature, quantile(tracks, feature, 0.5));
    }
    track.with(Popularity::Ignored)
}

/// The least value that this share of the tracks' weight does not exceed, from 0 to 1; `None` if no track has one.
fn quantile(tracks: &[(&Features, f32)], feature: Feature, share: f32) -> Option<f32> {
    let mut values: Vec<(f32, f32)> = tracks
        .iter()
        .filter_map(|(track, weight)| Some((track.get(feature)?, *weight)))
        .collect();
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all: f32 = values.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    let found = values.iter().find(|(_, weight)| {
        below += weight;
        below >= share * all
    });
    found.or(values.last()).map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A quiet, acoustic track such as classical ones, with this danceability.
    fn classical(danceability: f32, weight: f32) -> Example {
        let features = Features::from([
            (Feature::Danceability, danceability),
            (Feature::Energy, 0.1),
            (Feature::Loudness, -22.0),
            (Feature::Speechiness, 0.04),
            (Feature::Acousticness, 0.97),
            (Feature::Instrumentalness, 0.88),
            (Feature::Liveness, 0.1),
            (Feature::Valence, 0.15),
            (Feature::Tempo, 95.0),
            (Feature::Popularity, 40.0),
        ]);
        let mut target = vec![0.0; 8];
        target[0] = 1.0;
        Example {
            features,
            track: None,
            collection: 0,
            target,
            weight,
        }
    }

    fn usual(examples: &[Example]) -> Typical {
        let model = Model::eight_genres().unwrap();
        typical_tracks(&model, examples).remove(0)
    }

    #[test]
    fn most_tracks_lie_in_the_usual_range_and_the_typical_one_in_their_middle() {
        let examples: Vec<Example> = (0..=100)
            .map(|step| classical(0.2 + 0.001 * step as f32, 1.0))
            .collect();
        let typical = usual(&examples);
        let range = typical.range(Feature::Danceability).unwrap();
        let inside = examples.iter().filter(|example| {
            range.contains(&example.features.get(Feature::Danceability).unwrap())
        });
        assert_eq!(inside.count(), 81);
        assert_eq!(typical.track.get(Feature::Danceability), Some(0.25));
        assert_eq!(typical.track.get(Feature::Popularity), None);
        assert_eq!(typical.range(Feature::Popularity), None);
        assert_eq!(typical.range(Feature::Duration), None, "no track has one");
    }

    #[test]
    fn what_counts_more_weighs_more() {
        let light = (0..9).map(|_| classical(0.2, 0.1));
        let examples: Vec<Example> = light.chain([classical(0.4, 9.0)]).collect();
        assert_eq!(usual(&examples).track.get(Feature::Danceability), Some(0.4));
    }

    #[test]
    fn tracks_that_sound_like_another_genre_do_not_pull_the_typical_one_away() {
        let mut examples: Vec<Example> = (0..5).map(|_| classical(0.3, 1.0)).collect();
        // Loud dance music that somebody calls classical.
        examples.extend((0..20).map(|_| {
            let mut loud = classical(0.8, 1.0);
            loud.features.set(Feature::Energy, Some(0.95));
            loud.features.set(Feature::Loudness, Some(-3.0));
            loud.features.set(Feature::Acousticness, Some(0.001));
            loud
        }));
        let typical = usual(&examples);
        assert_eq!(typical.track.get(Feature::Loudness), Some(-22.0));
        assert!(typical.range(Feature::Loudness).unwrap().contains(&-3.0));
    }
}
