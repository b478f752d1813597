//! Doing things once the sliders rest, or not too often while they move.

use std::time::Duration;

use leptos::prelude::*;

use super::boxed;

/// Calls `act` once `changes` has been still for a while. Not for what it says at first.
pub(crate) fn once_still<Value: Clone + Send + Sync + 'static>(
    pause: Duration,
    changes: impl Fn() -> Value + 'static,
    act: impl Fn(Value) + Copy + 'static,
) {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |before: Option<()>| {
        let value = changes();
        if before.is_none() {
            return;
        }
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(move || act(value), pause);
        waiting.set_value(handle.ok());
    });
    on_cleanup(move || {
        if let Some(Some(handle)) = waiting.try_get_value() {
            handle.clear();
        }
    });
}

/// Calls `act` whenever `changes` has changed, but not before a pause after that, and once for all changes within it.
pub(crate) fn now_and_then(
    pause: Duration,
    changes: impl Fn() + 'static,
    act: impl Fn() + Copy + 'static,
) {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    boxed::follow(move || {
        changes();
        if waiting.with_value(Option::is_some) {
            return;
        }
        let handle = set_timeout_with_handle(
            move || {
                // The part of the page that waited may be gone.
                if waiting.try_set_value(None).is_none() {
                    act();
                }
            },
            pause,
        );
        waiting.set_value(handle.ok());
    });
}
