//! What a visitor has opened and chosen in the room for files. It outlives what is drawn of it, as that is drawn anew in
//! another language.

use leptos::prelude::*;

/// The name of the panel of what was wrong in single rows. A table's columns go by the table's fingerprint.
pub(crate) const PROBLEMS: &str = "problems";
/// The name of the panel of the file's own genres.
pub(crate) const AGREEMENT: &str = "agreement";

/// What is open and chosen.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    /// The panels that have been opened or closed, by their names, and whether they are open.
    panels: StoredValue<Vec<(String, bool)>>,
    /// The places of what is chosen for a download: its format and its rows, and the genre whose links are copied.
    pub(crate) format: RwSignal<usize>,
    pub(crate) which: RwSignal<usize>,
    pub(crate) genre: RwSignal<usize>,
}

impl Kept {
    pub(crate) fn new() -> Self {
        Self {
            panels: StoredValue::new(Vec::new()),
            format: RwSignal::new(0),
            which: RwSignal::new(0),
            genre: RwSignal::new(0),
        }
    }

    /// Whether a panel is open; `None` if nobody has opened or closed it.
    pub(crate) fn is_open(&self, panel: &str) -> Option<bool> {
        self.panels.with_value(|panels| {
            let known = panels.iter().find(|(name, _)| name == panel);
            known.map(|&(_, is_open)| is_open)
        })
    }

    /// Keeps whether a panel is open: what its `toggle` event says.
    pub(crate) fn toggled(&self, panel: &str, event: &web_sys::Event) -> bool {
        let is_open = event_target::<web_sys::Element>(event).has_attribute("open");
        self.panels.update_value(|panels| {
            panels.retain(|(name, _)| name != panel);
            panels.push((panel.to_owned(), is_open));
        });
        is_open
    }

    /// Forgets which panels are open: they are of other files.
    pub(crate) fn forget_panels(&self) {
        self.panels.set_value(Vec::new());
    }
}
