//! What shows the rows of files is made in parts, one after the other, so that the browser draws and answers in between.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::reading::Reading;
use super::rest::breathe;

/// How many of the parts are made.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    made: RwSignal<usize>,
    has_rows: Memo<bool>,
}

impl Parts {
    /// How many there are.
    pub(crate) const ALL: usize = 4;

    /// Begins anew whenever there are rows where there were none.
    pub(crate) fn new(reading: Reading) -> Self {
        let made = RwSignal::new(0);
        let has_rows = Memo::new(move |_| reading.rows.get() > 0);
        Effect::new(move |_| {
            made.set(0);
            if !has_rows.get() {
                return;
            }
            spawn_local(async move {
                for part in 1..=Self::ALL {
                    breathe().await;
                    // Other files may be read by now, or all be drawn anew.
                    if has_rows.try_get_untracked() != Some(true) {
                        return;
                    }
                    made.update(|made| *made = part.max(*made));
                }
                breathe().await;
                reading.drawn();
            });
        });
        Self { made, has_rows }
    }

    /// Whether so many parts are made, or more.
    pub(crate) fn are_made(self, parts: usize) -> bool {
        self.made.get() >= parts
    }

    /// Whether all is drawn that the rows are shown with.
    pub(crate) fn are_complete(self) -> bool {
        !self.has_rows.get() || self.are_made(Self::ALL)
    }
}
