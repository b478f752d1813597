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

/// How many times as long as `act` has taken it is not called again while changes go on, so that it never takes much of
/// the time that the sliders need.
const SHARE: f64 = 10.0;

/// Calls `act` a pause after `changes` has changed: while changes go on, only so often that it takes a small share of
/// the time, and once they rest.
pub(crate) fn now_and_then(
    pause: Duration,
    changes: impl Fn() + 'static,
    act: impl Fn() + Copy + 'static,
) {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let not_before = StoredValue::new(0.0);
    boxed::follow(move || {
        changes();
        if let Some(handle) = waiting.get_value() {
            if js_sys::Date::now() >= not_before.get_value() {
                return;
            }
            handle.clear();
        }
        let handle = set_timeout_with_handle(
            move || {
                // The part of the page that waited may be gone.
                if waiting.try_set_value(None).is_none() {
                    let start = js_sys::Date::now();
                    act();
                    let end = js_sys::Date::now();
                    not_before.set_value(end + SHARE * (end - start));
                }
            },
            pause,
        );
        waiting.set_value(handle.ok());
    });
}
