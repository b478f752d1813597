//! The page is made in stages: what is seen first comes first, and between the stages the browser answers the visitor. All at
//! once would take a phone half a second.

use leptos::prelude::*;

use super::boxed;
use super::chosen::Chosen;
use super::rest::breathe;

/// How far the page has been made.
#[derive(Clone, Copy)]
pub(crate) struct Stages(RwSignal<usize>);

/// The stages behind the page's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Answer,
    Share,
    /// The sliders' room without sliders.
    Track,
    /// A group of sliders, from 0.
    Sliders(usize),
    Why,
    Files,
    Map,
    About,
}

impl Stage {
    const ALL: [Self; 10] = [
        Self::Answer,
        Self::Share,
        Self::Track,
        Self::Sliders(0),
        Self::Sliders(1),
        Self::Sliders(2),
        Self::Why,
        Self::Files,
        Self::Map,
        Self::About,
    ];
}

impl Stages {
    /// Begins with what stands before all stages, and goes on by itself.
    pub(crate) fn begin(chosen: Chosen) -> Self {
        let made = RwSignal::new(0);
        boxed::spawn(async move {
            breathe().await;
            // Nothing of the model has run yet, so the first answer takes as long as drawing it.
            chosen.answer.with_untracked(|_| ());
            for count in 1..=Stage::ALL.len() {
                breathe().await;
                made.set(count);
            }
        });
        Self(made)
    }

    /// A part of the page that belongs to a stage. When all is drawn anew, it is there at once.
    pub(crate) fn part(
        self,
        stage: Stage,
        part: impl Fn() -> AnyView + Send + 'static,
    ) -> impl IntoView {
        let is_made = Memo::new(move |_| {
            let made = Stage::ALL.iter().take(self.0.get());
            made.copied().any(|made| made == stage)
        });
        boxed::part(move || is_made.get().then(&part))
    }
}
