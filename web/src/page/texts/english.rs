//! English.

use overtone_genre::{ClassifyError, Feature, MINIMUM_FEATURES};

use super::{FeatureText, Words, count, list};
use crate::page::confidence::Sureness;

/// All that the page says.
pub(crate) static WORDS: Words = Words {
    title: "Overtone: what genre is this track?",
    decimal_point: ".",
    thousands_mark: ",",
    one_of: |items| list(items, "or"),

    question: "What genre is this track?",
    invitation: [
        "Move a slider, and eight genres answer at once. Or",
        "Move a slider, and fifteen genres answer at once. Or",
    ],
    drop_a_playlist: "drop your playlist",
    skip_to_sliders: "Skip to the sliders",
    language: "Language",
    theme: "Colours",
    themes: ["Auto", "Light", "Dark"],
    private: "Private by construction.",
    private_how_to_check: "Your files are read on this computer, and this page is not allowed to send anything \
        anywhere. To check it, open your browser's network tools and watch: nothing leaves. Or go offline: it all \
        still works. It sets no cookie and keeps no track.",
    newer_page: "There is a newer Overtone.",
    load_newer: "Load it",
    model_damaged: |error| {
        format!(
            "The genre model that came with this page cannot be used: {error}. Reload the page; if that does not help, \
             the site is damaged."
        )
    },

    sounds_like: "This track sounds like",
    this_track: "This track",
    changed_track: |name| format!("{name} (changed)"),
    no_answer: "No answer",
    no_answer_because: |error| match error {
        ClassifyError::TooFewFeatures { found } => format!(
            "{found} of 9 audio features known; an answer needs at least {MINIMUM_FEATURES}."
        ),
        _ => format!("{error}."),
    },
    probabilities: "How likely each genre is",
    sureness: |sureness| match sureness {
        Sureness::Sure => "Hardly any doubt.",
        Sureness::Likely => "Probably.",
        Sureness::Unsure => "Not sure: other genres are close.",
        Sureness::Guess => "Only a guess: it sounds like several.",
    },
    nine_tenths: |genres| format!("Nine times out of ten it would be {genres}."),
    none_of_these: "None of these",
    outside: |genre, percent| {
        format!(
            "It sounds more like music of other kinds.\nThe nearest of these genres is {genre}, {percent}."
        )
    },
    family: |family| match family {
        "rap and trap" => "Rap and trap",
        "techno, house and trance" => "Techno, house and trance",
        "hard dance and bass" => "Hard dance and bass",
        _ => "Pop, R&B and emo",
    },
    within_family: |genre, percent| {
        format!(
            "A family of genres; which of them is less clear.\nThe nearest is {genre}, {percent}."
        )
    },
    models: "Which genres to tell apart",
    model_names: ["8 broad genres", "15 close ones"],
    model_coming: "Fetching the fifteen genres…",
    model_not_fetched: |why| {
        format!(
            "The fifteen genres could not be fetched ({why}). Once you have used them online they are kept for offline; \
             until then the eight go on."
        )
    },

    the_track: "The track",
    undo: "Undo",
    start_over: "Start over",
    start_from: "Start from",
    typical_track: |genre| format!("A typical {} track", within_sentence(genre)),
    kinds: ["Lullaby", "Rave, 4 a.m.", "Campfire", "Poem on a beat"],
    surprise_me: "Surprise me",
    surprise_track: "A random track",
    groups: ["Groove and mood", "Sound", "About the track"],
    curve_legend: |genre| {
        format!(
            "The hills show where {genre} gets likelier; the band on the line, where eight in ten of its tracks lie."
        )
    },
    unknown: "unknown",
    reset: "Reset",
    reset_feature: |feature| format!("Reset {feature}"),
    as_a_number: |feature| format!("{feature} as a number"),
    not_a_number: "That is not a number.",
    lies_between: |feature, low, high| format!("{feature} lies between {low} and {high}."),
    does_not_count: "does not count for these genres",
    popularity_misleads: "Popularity counts now, and on most music it misleads: it tells how a collection was put \
        together, not how music sounds. Reset it, and only the sound counts.",
    usually_lies: |genre, low, high| format!("{genre} usually lies between {low} and {high}."),

    why_genre: |genre| format!("Why {genre}?"),
    explain_genre: "Genre to explain",
    why_explained: "What each feature adds to the probability or takes from it, in percentage points.",
    feature: "Feature",
    value: "Value",
    percentage_points: "Percentage points",
    any_track: "Any track",
    what_if: "What would make it another genre?",
    what_if_explained: "The smallest change of a single slider that does it.",
    way: |genre, feature, rises, value| match rises {
        Some(true) => format!("{genre}: {feature} up to {value}"),
        Some(false) => format!("{genre}: {feature} down to {value}"),
        None => format!("{genre}: {feature} at {value}"),
    },
    do_it: "Do it",
    do_way: |genre, feature, value| format!("Do it: {genre}, {feature} {value}"),
    no_single_way: |genres| format!("No single slider makes it {genres}."),

    share: "Show it to others",
    copy_link: "Copy link",
    copy_picture: "Copy picture",
    save_picture: "Save picture",
    link_copied: "The link is on your clipboard. It holds all of the sliders.",
    copy_by_hand: "This browser does not let the page copy. Here is the link:",
    picture_copied: "The picture is on your clipboard.",
    picture_not_copied: "This browser does not let the page copy pictures. Save it instead.",
    picture_not_made: "The picture could not be made.",
    link_damaged: "Not everything in this link could be understood. The rest is shown.",
    link_of_other_version: "It was made for another version of this page.",
    link_with_bad_value: |feature, value| {
        format!("{feature} cannot be “{value}”; its slider stands as at the start.")
    },
    link_with_unknown_part: |part| format!("“{part}” means nothing here."),
    dismiss: "All right",

    map: "A map of music",
    map_explained: "Genres that are easily taken for each other lie close. A track lies between the genres that it \
        could be.",
    map_of_track: "The ring is the track on the sliders.",
    map_invites: "Drop a playlist to see its tracks here.",
    map_of_playlist: |tracks| match tracks {
        1 => "The dot is your playlist's track. Touch it, or point at it, to read its name."
            .to_owned(),
        _ => format!(
            "The dots are {} of your playlist. Touch one, or point at it, to read its name.",
            count(tracks, "track", "tracks")
        ),
    },
    map_described: |near| format!("The track lies closest to {}.", list(near, "and")),

    about_model: "About the model",
    about_answers: "It tells apart",
    about_needs: "It listens to",
    about_needs_features: |minimum| {
        format!(
            "nine audio features that Spotify computes, and the track's length; at least {minimum} of the nine have to \
             be known."
        )
    },
    about_right: "It is right on",
    about_right_text: |home, abroad, points| {
        format!(
            "{home} of tracks by artists that it has not learned from, without being told how popular they are, and on \
             {abroad} in collections that it has never seen. There its percentages are off by {} on average.",
            count(points, "percentage point", "percentage points")
        )
    },
    about_right_fifteen: |right| {
        format!(
            "{right} of tracks that it has not learned from. Their artists were not known, so some may be of artists \
             that it has learned from: expect less on other music. Where no genre reaches one half, it names a family \
             of genres in place of one."
        )
    },
    about_found: "It finds",
    about_found_where: ["of new artists' tracks", "in new collections"],
    about_found_fifteen: "of new tracks",
    about_genre: "Genre",
    about_limits: "Its limits",
    about_limits_texts: [
        "It has learned from collections of tracks that other people labelled, and music does not keep to eight boxes. It is \
        less often right on other people's music than on tracks like those. It knows numbers about a track, not its \
        sound, its words or its history. Popularity says more about a collection than about music, so it is left out \
        until you move its slider.",
        "It knows rap, trap, emo, pop and dance music and takes everything for one of these, a string quartet too. Its \
        genres lie so close that many a listener would not tell them apart either. It knows numbers about a track, \
        not its sound, its words or its history.",
    ],

    genre: |name| match name {
        "hiphop" => Some("Hip-hop"),
        "rnb" => Some("R&B"),
        "dnb" => Some("Drum and bass"),
        "techhouse" => Some("Tech house"),
        _ => None,
    },
    features,
    unit_aloud: |feature| match feature {
        Feature::Loudness => "decibels",
        Feature::Tempo => "beats per minute",
        Feature::Popularity => "of 100",
        _ => "",
    },
    minus: "minus ",
    minutes_and_seconds: |minutes, seconds| {
        format!(
            "{} {}",
            count(minutes, "minute", "minutes"),
            count(seconds, "second", "seconds")
        )
    },
};

/// A genre's name as it stands within a sentence: small, but for abbreviations such as R&B.
fn within_sentence(genre: &str) -> String {
    let words = genre.split(' ').map(|word| {
        let is_abbreviation = word
            .chars()
            .skip(1)
            .any(|letter| letter.is_ascii_uppercase());
        if is_abbreviation {
            word.to_owned()
        } else {
            word.to_lowercase()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn features(feature: Feature) -> FeatureText {
    let (label, hint, low, high) = match feature {
        Feature::Danceability => (
            "Danceability",
            "how steady and strong the beat is",
            "drifting",
            "impossible to sit still",
        ),
        Feature::Energy => (
            "Energy",
            "how fast, loud and busy it feels",
            "hushed",
            "full throttle",
        ),
        Feature::Loudness => (
            "Loudness",
            "the average level of the recording",
            "a whisper",
            "a wall of sound",
        ),
        Feature::Speechiness => (
            "Speechiness",
            "spoken words: rap and talk are high",
            "sung or played",
            "spoken",
        ),
        Feature::Acousticness => (
            "Acousticness",
            "acoustic instruments, or electric ones",
            "plugged in",
            "wood and strings",
        ),
        Feature::Instrumentalness => (
            "Instrumentalness",
            "how surely nobody sings",
            "a voice up front",
            "no voice",
        ),
        Feature::Liveness => (
            "Liveness",
            "whether an audience can be heard",
            "in the studio",
            "on stage",
        ),
        Feature::Valence => ("Valence", "the mood it spreads", "sad or angry", "cheerful"),
        Feature::Tempo => ("Tempo", "beats per minute", "largo", "presto"),
        Feature::Duration => ("Duration", "how long it plays", "short", "long"),
        Feature::Popularity => (
            "Popularity",
            "misleads on most music: counts only once you move it",
            "unheard of",
            "a hit",
        ),
    };
    FeatureText {
        label,
        hint,
        low,
        high,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genres_are_small_within_a_sentence_but_for_abbreviations() {
        for (genre, name) in [
            ("Hip-hop", "A typical hip-hop track"),
            ("Dark Trap", "A typical dark trap track"),
            ("R&B", "A typical R&B track"),
        ] {
            assert_eq!((WORDS.typical_track)(genre), name);
        }
    }
}
