//! What was chosen about the columns of files with the same column names, kept in the browser: a number made of the names
//! and the choices, and nothing else of a file.

use std::cell::RefCell;

use leptos::prelude::window;

/// Under which name the browser keeps them.
const KEY: &str = "overtone-columns";

/// How many tables' choices are kept; the oldest are forgotten first.
const KEPT: usize = 50;

thread_local! {
    /// What the browser does not keep, until the page is left.
    static UNKEPT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// All that is kept: fingerprints of column names, and choices as text.
pub(crate) fn all() -> Vec<(String, String)> {
    let kept = UNKEPT
        .with_borrow(Clone::clone)
        .or_else(|| storage()?.get_item(KEY).ok()?)
        .unwrap_or_default();
    kept.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(fingerprint, choices)| (fingerprint.to_owned(), choices.to_owned()))
        .collect()
}

/// Keeps choices for a fingerprint, or forgets them if they are empty.
pub(crate) fn set(fingerprint: &str, choices: &str) {
    let mut kept = all();
    kept.retain(|(known, _)| known != fingerprint);
    if !choices.is_empty() {
        kept.push((fingerprint.to_owned(), choices.to_owned()));
    }
    let kept: Vec<String> = kept
        .iter()
        .skip(kept.len().saturating_sub(KEPT))
        .map(|(fingerprint, choices)| format!("{fingerprint} {choices}"))
        .collect();
    let kept = kept.join("\n");
    let is_kept = storage().is_some_and(|storage| storage.set_item(KEY, &kept).is_ok());
    UNKEPT.set((!is_kept).then_some(kept));
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
