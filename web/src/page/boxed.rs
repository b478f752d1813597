//! Closures of few types. Leptos makes a copy of its code for each type of closure in a view, so the page's first load
//! grows with each; behind these boxes all of a kind share one copy.

use std::pin::Pin;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, KeyboardEvent, MouseEvent};

type Dynamic<Value> = Box<dyn FnMut() -> Value + Send>;

/// A text that changes: an attribute's, a style's or the page's own.
pub(crate) fn text(value: impl FnMut() -> String + Send + 'static) -> Dynamic<String> {
    Box::new(value)
}

/// Whether something holds now: for attributes, properties and classes.
pub(crate) fn flag(value: impl FnMut() -> bool + Send + 'static) -> Dynamic<bool> {
    Box::new(value)
}

/// A part of the page that is drawn anew.
pub(crate) fn part<View: IntoAny>(
    mut view: impl FnMut() -> View + Send + 'static,
) -> Dynamic<AnyView> {
    Box::new(move || view().into_any())
}

/// What a click does.
pub(crate) fn click(mut act: impl FnMut() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| act())
}

/// What an event does.
pub(crate) fn event(act: impl FnMut(Event) + 'static) -> Box<dyn FnMut(Event)> {
    Box::new(act)
}

/// What a key does.
pub(crate) fn key(act: impl FnMut(KeyboardEvent) + 'static) -> Box<dyn FnMut(KeyboardEvent)> {
    Box::new(act)
}

/// Does something that takes a while.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    spawn_local(work);
}

/// Does something now and whenever a signal in it has changed.
pub(crate) fn follow(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    Effect::new(move |_| act());
}
