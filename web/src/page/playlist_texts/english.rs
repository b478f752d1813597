//! English.

use super::{count, grouped};
use crate::page::texts::percent;

pub(crate) const TITLE: &str = "Your playlist";
pub(crate) const ROOM_COMING: &str = "Loading the file reader…";
/// Before and behind the name of Exportify.
pub(crate) const WHERE_FROM: [&str; 2] = [
    "A file needs columns of audio features. ",
    " makes one from a Spotify playlist.",
];
pub(crate) const STOP: &str = "Stop";
pub(crate) const DOWNLOAD: &str = "Download with genres";
pub(crate) const NO_WORKER: &str =
    "This browser does not let the page start the worker that reads files.";
pub(crate) const SAVED_IN_PLACE_OF_COPIED: &str =
    "The browser did not let the page copy, so the text was saved as a file.";

pub(crate) const NOTHING_TO_COPY: &str = "There is nothing to copy.";

pub(crate) const UNLIKE_ALL: &str = "sounds like none of the genres; this is the nearest";
pub(crate) const TITLE_WORDS: &str = "Let the words of titles count too";
pub(crate) const TITLE_WORDS_HINT: &str = "“Sonata” or “feat.” says something that no sound does. The sliders go on with the sound alone.";
pub(crate) const TITLE_WORDS_COMING: &str = "Loading the words of titles…";

/// Some files by one name, and how many of them were read, where some could not be.
pub(crate) fn files(first: &str, files: usize, unread: usize) -> String {
    let all = count(files, "file", "files");
    match (files, unread) {
        (1, _) => first.to_owned(),
        (_, 0) => all,
        _ => format!("{} of {all}", grouped(files.saturating_sub(unread))),
    }
}

/// The shares of right answers on other people's collections, 0 to 1.
pub(crate) fn title_words_count(without: f32, with: f32) -> String {
    format!(
        "Titles count. On other people's collections that made {:.0} of 100 answers right in place of {:.0}. The sliders go on with the sound alone.",
        with * 100.0,
        without * 100.0
    )
}

pub(crate) fn title_words_missing(why: &str) -> String {
    format!("The words of titles could not be loaded ({why}). Are you online? Try again.")
}

pub(crate) fn not_saved(sentence: &str) -> String {
    format!("Nothing was saved or copied. {sentence}")
}

pub(crate) fn copied(lines: usize) -> String {
    format!("{} copied.", count(lines, "line", "lines"))
}

pub(crate) fn room_missing(why: &str) -> String {
    format!(
        "The part of the page that reads files could not be loaded ({why}). Are you online? Try again."
    )
}

/// In place of a message, where the browser gives none.
pub(crate) const NO_SCRIPT: &str = "its script cannot be loaded";

pub(crate) fn worker_died(message: &str) -> String {
    format!(
        "Reading this file stopped the part of the page that reads files ({message}). The rest works; another file can \
         be read."
    )
}

pub(crate) fn died_saving(message: &str) -> String {
    format!(
        "Saving or copying stopped the part of the page that reads files ({message}), and the tracks are gone with it. Have \
         the file read once more."
    )
}

pub(crate) fn reading(name: &str, tracks: usize, share: f64) -> String {
    format!(
        "Reading {name}: {}, {:.0}\u{a0}%",
        count(tracks, "track", "tracks"),
        share * 100.0
    )
}

pub(crate) fn no_tracks(name: &str, files: usize) -> String {
    let have = if files == 1 { "has" } else { "have" };
    format!("{name} {have} column names, but no track below them.")
}

pub(crate) fn all_read(name: &str, tracks: usize, with_genre: usize) -> String {
    let all = count(tracks, "track", "tracks");
    match (tracks, with_genre) {
        (1, 1) => format!("{name}: {all}, with a genre. Click it to see it on the sliders."),
        (1, _) => format!("{name}: {all}, without a genre."),
        (_, 1) => format!("{name}: 1 of {all} has a genre."),
        _ if tracks == with_genre => {
            format!("{name}: {all}, each with a genre. Click one to see it on the sliders.")
        }
        _ => format!("{name}: {} of {all} have a genre.", grouped(with_genre)),
    }
}

pub(crate) fn stopped(name: &str, tracks: usize) -> String {
    format!(
        "{name}: stopped after {}.",
        count(tracks, "track", "tracks")
    )
}

pub(crate) fn not_read(name: &str, why: &str) -> String {
    format!("{name} cannot be read. {why}")
}

pub(crate) fn read_until(name: &str, tracks: usize, why: &str) -> String {
    let were = if tracks == 1 { "was" } else { "were" };
    format!(
        "{name}: {} {were} read, then no more. {why}",
        count(tracks, "track", "tracks")
    )
}

pub(crate) fn problems(problems: usize) -> String {
    count(
        problems,
        "problem in one row",
        "problems in individual rows",
    )
}

pub(crate) fn more(more: usize) -> String {
    format!("and {} more", grouped(more))
}

// What was understood of a table.

pub(crate) const MAPPING_HEADINGS: [&str; 5] =
    ["Column", "First values", "Read as", "Unit", "Sure?"];
pub(crate) const COLUMN_NOT_READ: &str = "not read";
pub(crate) const FORGET: &str = "Forget what I chose";
pub(crate) const TELL_COLUMNS: &str =
    "If you know what the columns hold, say so here: with five audio features, the table is read.";
pub(crate) const MAPPING_HINT: &str =
    "What you choose here is remembered on this computer for files with the same column names.";

pub(crate) fn columns_of(table: &str) -> String {
    format!("Columns of {table}")
}

pub(crate) fn understood(name: Option<&str>, tool: Option<&str>, features: usize) -> String {
    let name = name.map(|name| format!("{name}: ")).unwrap_or_default();
    let tool = tool
        .map(|tool| format!("from {tool}, "))
        .unwrap_or_default();
    format!("{name}{tool}{features} of 9 audio features understood")
}

pub(crate) fn written(encoding: &str, delimiter: char) -> String {
    let delimiter = match delimiter {
        ',' => "commas",
        ';' => "semicolons",
        '\t' => "tabs",
        '|' => "bars",
        _ => "other marks",
    };
    format!("{encoding}, {delimiter} between cells")
}

/// Which features a table lacks, and what follows.
pub(crate) fn missing(features: &[&str], cost: Option<(f32, f32)>) -> String {
    // As the columns' choice calls them, but within a sentence.
    let names: Vec<String> = features
        .iter()
        .map(|name| role(name).to_lowercase())
        .collect();
    let listed = listed(&names.iter().map(String::as_str).collect::<Vec<_>>());
    match cost {
        // Only how far they lie apart: they are means over the genres, and would not fit the shares of tracks that stand
        // elsewhere.
        Some((with, without)) => match ((with - without) * 100.0).round() {
            ..1.0 => format!(
                "No column for {listed}. On other people's music the genres are then right nearly as often."
            ),
            fewer => format!(
                "No column for {listed}. On other people's music the genre is then right less often, by about {} (each genre \
                 counting the same).",
                count(fewer as usize, "percentage point", "percentage points")
            ),
        },
        None => format!(
            "No column for {listed}. The genres rest on the other features, and are less often right."
        ),
    }
}

pub(crate) fn example(text: &str, value: &str) -> String {
    format!("{text} → {value}")
}

pub(crate) fn read_as_label(column: &str) -> String {
    format!("What “{column}” is read as")
}

pub(crate) fn unit_label(column: &str) -> String {
    format!("Unit of “{column}”")
}

/// A unit as people write it.
pub(crate) fn unit(name: &str) -> &str {
    match name {
        "ratio" => "0 to 1",
        "percent" => "percent",
        "dB-without-minus" => "dB without its minus",
        "mm:ss:00" => "m:ss taken for hours",
        "of-100" => "0 to 100",
        _ => name,
    }
}

/// How sure it is what a column is.
pub(crate) fn sureness(name: &str) -> &str {
    name
}

/// What a column holds.
pub(crate) fn role(name: &str) -> String {
    match name {
        "id" => "Spotify id".to_owned(),
        "duration_ms" => "Duration".to_owned(),
        "time_signature" => "Time signature".to_owned(),
        "genre" => "Genre in the file".to_owned(),
        _ => capital(name),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

// The table, and which of its rows are looked at.

pub(crate) const TRACKS_OF_THE_FILE: &str = "Tracks of the file";
pub(crate) const PRINTED_PART: &str = "Only the tracks around those that were in sight are on paper. “Download with genres” gives all of them.";
pub(crate) const TOO_FEW_FEATURES: &str = "too few features";
pub(crate) const SOME_MISSING: &str = "Some audio features of this track are missing";
pub(crate) const TRACK: &str = "Track";
pub(crate) const ARTIST: &str = "Artist";
pub(crate) const FILE: &str = "File";
pub(crate) const IN_THE_FILE: &str = "In the file";
pub(crate) const GENRE: &str = "Genre";
pub(crate) const CONFIDENCE: &str = "Confidence";
/// The same where there is little place.
pub(crate) const CONFIDENCE_SHORT: &str = "Sure";
pub(crate) const SEARCH: &str = "Search titles and artists";
pub(crate) const HOW_SURE: &str = "How sure";
pub(crate) const LEAST_CERTAIN: &str = "Least certain first";
/// The tracks that sound like none of the genres, which have a question mark in the table.
pub(crate) fn unlike_tracks(tracks: usize) -> String {
    format!("Like none of the genres ({})", grouped(tracks))
}

pub(crate) const MAYBE_MISLABELLED: &str = "Maybe mislabelled";
pub(crate) const SHOW_ALL: &str = "Show all";
pub(crate) const NO_ANSWER: &str = "No answer";
pub(crate) const HOW_IT_DIVIDES: &str =
    "How the tracks divide among the genres; choose some to see only those";

/// Ranges of probabilities, from and below which, with words for them.
pub(crate) const CONFIDENCES: &[(&str, Option<(f32, f32)>)] = &[
    ("all", None),
    ("below 40\u{a0}%", Some((0.0, 0.4))),
    ("40 to 60\u{a0}%", Some((0.4, 0.6))),
    ("60 to 80\u{a0}%", Some((0.6, 0.8))),
    ("80\u{a0}% and more", Some((0.8, 1.0))),
];

pub(crate) fn line(line: u64) -> String {
    format!("Line {line}")
}

pub(crate) fn shown_of(shown: usize, all: usize) -> String {
    match all {
        1 if shown == all => "1 track".to_owned(),
        _ if shown == all => format!("All {}", count(all, "track", "tracks")),
        _ => format!("{} of {}", grouped(shown), count(all, "track", "tracks")),
    }
}

// The file's own genres.

pub(crate) const LABELS: &str = "What the file's genres mean";
pub(crate) const NONE_OF_THESE: &str = "none of these";
pub(crate) const RECALL: &str = "Found";
pub(crate) const MATRIX_CAPTION: &str =
    "In rows the file's genre, in columns the answer. Choose a number to see its tracks.";

pub(crate) fn agreement(share: f64, tracks: u32) -> String {
    format!(
        "The answers agree with the file's own genres on {} of {}",
        percent(share),
        count(tracks as usize, "track", "tracks")
    )
}

pub(crate) const NO_ANSWERS_TO_COMPARE: &str =
    "The file has genres of its own, but no track has an answer to compare them with";

pub(crate) fn no_agreement(labels: usize) -> String {
    match labels {
        1 => "The file has one genre of its own, which is not known".to_owned(),
        _ => format!(
            "The file has {} genres of its own, none of which is known",
            grouped(labels)
        ),
    }
}

pub(crate) fn cell(labelled: &str, answered: &str, tracks: u32) -> String {
    format!(
        "{}: {labelled} in the file, {answered} by the answer",
        count(tracks as usize, "track", "tracks")
    )
}

// Out.

pub(crate) const FORMAT: &str = "File";
pub(crate) const FORMATS: &[&str] = &["CSV", "CSV for Excel", "JSON"];
pub(crate) const WHICH: &str = "Tracks";
pub(crate) const WHICH_ROWS: &[&str] = &["all", "those shown, in file order"];
pub(crate) const COPY_TABLE: &str = "Copy those shown";
pub(crate) const COPY_LINKS: &str = "Copy Spotify links of";

// Where files come in.

pub(crate) const DROP_HERE: &str =
    "Drop playlists' CSV files anywhere on this page, or paste a table";
pub(crate) const PASTED_TABLE: &str = "pasted table.csv";
pub(crate) const BROWSE: &str = "Browse files";
pub(crate) const A_FOLDER: &str = "That is a folder; drop the files in it.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_missing_column_costs_is_told_as_a_difference() {
        let cost = |with, without| missing(&["tempo"], Some((with, without)));
        assert!(cost(0.560, 0.556).ends_with("right nearly as often."));
        assert!(cost(0.56, 0.55).contains("by about 1 percentage point ("));
        assert!(cost(0.56, 0.50).contains("by about 6 percentage points ("));
    }

    #[test]
    fn one_of_something_is_spoken_of_as_one() {
        use super::super::german;
        assert_eq!(shown_of(1, 1), "1 track");
        assert_eq!(shown_of(2, 2), "All 2 tracks");
        assert_eq!(german::shown_of(1, 1), "1 Titel");
        assert_eq!(problems(1), "1 problem in one row");
        assert_eq!(german::problems(1), "1 Problem in einer Zeile");
        assert!(no_agreement(1).ends_with("one genre of its own, which is not known"));
        assert!(no_agreement(2).ends_with("2 genres of its own, none of which is known"));
        assert!(german::no_agreement(1).ends_with("ein eigenes Genre, das nicht bekannt ist"));
    }
}
