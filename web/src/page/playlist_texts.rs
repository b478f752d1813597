//! What the page says about files: a file for each language, with the same names in it.

mod english;
mod german;
mod german_problems;
pub(crate) mod problems;

pub(crate) use super::texts::{count, grouped};

use super::language::{Language, current};
use crate::message::Sentence;

/// Makes for each constant of the languages' files a function that gives it in the present language.
macro_rules! words {
    ($($name:ident = $constant:ident: $type:ty;)*) => {
        $(pub(crate) fn $name() -> $type {
            match current() {
                Language::English => english::$constant,
                Language::German => german::$constant,
            }
        })*
    };
}

/// Makes for each function of the languages' files one that says it in the present language.
macro_rules! sentences {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $said:ty;)*) => {
        $(pub(crate) fn $name($($argument: $type),*) -> $said {
            match current() {
                Language::English => english::$name($($argument),*),
                Language::German => german::$name($($argument),*),
            }
        })*
    };
}

words! {
    title = TITLE: &'static str;
    room_coming = ROOM_COMING: &'static str;
    where_from = WHERE_FROM: [&'static str; 2];
    stop = STOP: &'static str;
    download = DOWNLOAD: &'static str;
    saved_in_place_of_copied = SAVED_IN_PLACE_OF_COPIED: &'static str;
    nothing_to_copy = NOTHING_TO_COPY: &'static str;
    mapping_headings = MAPPING_HEADINGS: [&'static str; 5];
    column_not_read = COLUMN_NOT_READ: &'static str;
    forget = FORGET: &'static str;
    mapping_hint = MAPPING_HINT: &'static str;
    tell_columns = TELL_COLUMNS: &'static str;
    tracks_of_the_file = TRACKS_OF_THE_FILE: &'static str;
    printed_part = PRINTED_PART: &'static str;
    too_few_features = TOO_FEW_FEATURES: &'static str;
    some_missing = SOME_MISSING: &'static str;
    unlike_all = UNLIKE_ALL: &'static str;
    track = TRACK: &'static str;
    artist = ARTIST: &'static str;
    file = FILE: &'static str;
    in_the_file = IN_THE_FILE: &'static str;
    genre = GENRE: &'static str;
    confidence = CONFIDENCE: &'static str;
    confidence_short = CONFIDENCE_SHORT: &'static str;
    search = SEARCH: &'static str;
    how_sure = HOW_SURE: &'static str;
    least_certain = LEAST_CERTAIN: &'static str;
    maybe_mislabelled = MAYBE_MISLABELLED: &'static str;
    show_all = SHOW_ALL: &'static str;
    no_answer = NO_ANSWER: &'static str;
    no_answers_to_compare = NO_ANSWERS_TO_COMPARE: &'static str;
    how_it_divides = HOW_IT_DIVIDES: &'static str;
    confidences = CONFIDENCES: &'static [(&'static str, Option<(f32, f32)>)];
    labels = LABELS: &'static str;
    none_of_these = NONE_OF_THESE: &'static str;
    recall = RECALL: &'static str;
    matrix_caption = MATRIX_CAPTION: &'static str;
    format = FORMAT: &'static str;
    formats = FORMATS: &'static [&'static str];
    which = WHICH: &'static str;
    which_rows = WHICH_ROWS: &'static [&'static str];
    copy_table = COPY_TABLE: &'static str;
    copy_links = COPY_LINKS: &'static str;
    title_words = TITLE_WORDS: &'static str;
    title_words_hint = TITLE_WORDS_HINT: &'static str;
    title_words_coming = TITLE_WORDS_COMING: &'static str;
    drop_here = DROP_HERE: &'static str;
    pasted_table = PASTED_TABLE: &'static str;
    browse = BROWSE: &'static str;
    a_folder = A_FOLDER: &'static str;
}

sentences! {
    fn files(first: &str, files: usize, unread: usize) -> String;
    fn not_saved(sentence: &str) -> String;
    fn copied(lines: usize) -> String;
    fn room_missing(why: &str) -> String;
    fn reading(name: &str, tracks: usize, share: f64) -> String;
    fn no_tracks(name: &str, files: usize) -> String;
    fn all_read(name: &str, tracks: usize, with_genre: usize) -> String;
    fn stopped(name: &str, tracks: usize) -> String;
    fn not_read(name: &str, why: &str) -> String;
    fn read_until(name: &str, tracks: usize, why: &str) -> String;
    fn problems(problems: usize) -> String;
    fn more(more: usize) -> String;
    fn columns_of(table: &str) -> String;
    fn understood(name: Option<&str>, tool: Option<&str>, features: usize) -> String;
    fn written(encoding: &str, delimiter: char) -> String;
    fn missing(features: &[&str], cost: Option<(f32, f32)>) -> String;
    fn example(text: &str, value: &str) -> String;
    fn read_as_label(column: &str) -> String;
    fn unit_label(column: &str) -> String;
    fn unit(name: &str) -> &str;
    fn role(name: &str) -> String;
    fn sureness(name: &str) -> &str;
    fn title_words_count(without: f32, with: f32) -> String;
    fn title_words_missing(why: &str) -> String;
    fn line(line: u64) -> String;
    fn unlike_tracks(tracks: usize) -> String;
    fn shown_of(shown: usize, all: usize) -> String;
    fn agreement(share: f64, tracks: u32) -> String;
    fn no_agreement(labels: usize) -> String;
    fn cell(labelled: &str, answered: &str, tracks: u32) -> String;
}

/// A sentence of the worker's, in the present language.
pub(crate) fn said(sentence: Sentence) -> String {
    match current() {
        Language::English => sentence.english,
        Language::German => sentence.german,
    }
}
