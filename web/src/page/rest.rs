//! Doing things once the sliders rest, or not too often while they move.

use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

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

/// Lets the browser draw and answer the visitor before work goes on.
pub(crate) async fn breathe() {
    sleep(Duration::ZERO).await;
}

/// Waits until no slider is dragged.
pub(crate) async fn until_released() {
    const DRAGGED: &str = "input[type=range]:active";
    while let Ok(Some(_)) = document().query_selector(DRAGGED) {
        sleep(Duration::from_millis(50)).await;
    }
}

async fn sleep(pause: Duration) {
    let promise = js_sys::Promise::new(&mut |wake, _| {
        // Takes any pause, and cannot fail in a window.
        let milliseconds = i32::try_from(pause.as_millis()).unwrap_or(i32::MAX);
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&wake, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}

/// How long work may keep the browser from anything else, in milliseconds: half a frame.
const STRETCH: f64 = 8.0;

/// Work that takes long, and lets the browser breathe in between.
pub(crate) struct Stretch {
    since: f64,
}

impl Stretch {
    pub(crate) fn new() -> Self {
        Self {
            since: js_sys::Date::now(),
        }
    }

    /// Breathes, if the work has gone on for long enough.
    pub(crate) async fn pause(&mut self) {
        if js_sys::Date::now() - self.since >= STRETCH {
            breathe().await;
            self.since = js_sys::Date::now();
        }
    }
}

/// How many times as long as `act` has taken it is not called again while changes go on, so that it never takes much of
/// the time that the sliders need.
const SHARE: f64 = 5.0;

/// What takes a while.
pub(crate) type Work = Pin<Box<dyn Future<Output = ()>>>;

/// Calls `act` a pause after `changes` has changed: while changes go on, only so often that it takes a small share of
/// the time, and once they rest. It is never called again before it has ended.
pub(crate) fn now_and_then(
    pause: Duration,
    changes: impl Fn() + 'static,
    act: impl Fn() -> Work + 'static,
) {
    let act: Rc<dyn Fn() -> Work> = Rc::new(act);
    let count = StoredValue::new(0u32);
    let works = StoredValue::new(false);
    boxed::follow(move || {
        changes();
        count.update_value(|count| *count = count.wrapping_add(1));
        if !works.get_value() {
            works.set_value(true);
            boxed::spawn(keep_up_while_there(pause, count, works, Rc::clone(&act)));
        }
    });
}

/// The part of the page that waits may go.
async fn keep_up_while_there(
    pause: Duration,
    count: StoredValue<u32>,
    works: StoredValue<bool>,
    act: Rc<dyn Fn() -> Work>,
) {
    keep_up(pause, count, &*act).await;
    works.try_set_value(false);
}

/// Acts until nothing has changed meanwhile.
async fn keep_up(pause: Duration, count: StoredValue<u32>, act: &dyn Fn() -> Work) -> Option<()> {
    let mut not_before = 0.0;
    loop {
        let mut seen = count.try_get_value()?;
        loop {
            sleep(pause).await;
            let now = count.try_get_value()?;
            if now == seen || js_sys::Date::now() >= not_before {
                break;
            }
            seen = now;
        }
        let seen = count.try_get_value()?;
        let start = js_sys::Date::now();
        act().await;
        let end = js_sys::Date::now();
        not_before = end + SHARE * (end - start);
        if count.try_get_value()? == seen {
            return Some(());
        }
    }
}
