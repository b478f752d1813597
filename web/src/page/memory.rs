//! What the browser remembers for the next visit: choices about the page, never anything about tracks.

use leptos::prelude::window;

/// What was remembered under a name, if the browser remembers anything.
pub(crate) fn recall(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Remembers a choice, if the browser lets us.
pub(crate) fn remember(name: &str, choice: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, choice);
    }
}
