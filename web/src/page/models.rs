//! The two models: eight genres, which come with the page, and fifteen close ones, which are fetched when they are wanted.

use leptos::prelude::*;
use overtone_genre::{Model, ModelError, ModelReader};

use super::boxed;
use super::language::words;
use super::rest::{Stretch, until_released};
use super::script;

/// Which genres a track is asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Which {
    #[default]
    Eight,
    Fifteen,
}

impl Which {
    /// Both, in the order of their names in the texts.
    const ALL: [Self; 2] = [Self::Eight, Self::Fifteen];

    /// Its name in links, and in what the page's script knows of files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Eight => "eight",
            Self::Fifteen => "fifteen",
        }
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.name() == name)
    }
}

/// How the fifteen genres are coming.
#[derive(Clone, Debug, PartialEq)]
enum Coming {
    Quiet,
    OnTheWay,
    /// They cannot be fetched; why.
    Failed(String),
}

/// The models, and which of them answers.
#[derive(Clone, Copy)]
pub(crate) struct Models {
    /// The one that answers.
    pub(crate) current: RwSignal<Which>,
    /// The one that the visitor wants; it may still be on its way.
    pub(crate) wanted: RwSignal<Which>,
    coming: RwSignal<Coming>,
    eight: StoredValue<Model>,
    fifteen: StoredValue<Option<Model>>,
}

impl Models {
    pub(crate) fn new(eight: Model) -> Self {
        Self {
            current: RwSignal::new(Which::Eight),
            wanted: RwSignal::new(Which::Eight),
            coming: RwSignal::new(Coming::Quiet),
            eight: StoredValue::new(eight),
            fifteen: StoredValue::new(None),
        }
    }

    /// Asks the model that answers something. Not tracked: all is drawn anew when another one answers.
    pub(crate) fn ask<Answer>(&self, question: impl FnOnce(&Model) -> Answer) -> Answer {
        if self.current.get_untracked() == Which::Eight {
            return self.eight.with_value(question);
        }
        self.fifteen.with_value(|fifteen| match fifteen {
            Some(model) => question(model),
            // It only becomes the current one when it is there.
            None => self.eight.with_value(question),
        })
    }

    /// Has a model answer from now on, as soon as it is there. Gives whether it does: it may fail to come, or the visitor
    /// may want the other one by then.
    pub(crate) async fn choose(&self, which: Which) -> bool {
        self.wanted.set(which);
        self.coming.set(Coming::Quiet);
        if which == Which::Fifteen && self.fifteen.with_value(Option::is_none) {
            self.coming.set(Coming::OnTheWay);
            let fetched = fetch_model(which).await;
            // All is drawn anew, and a slider that is being dragged would be lost.
            until_released().await;
            if self.wanted.get_untracked() != which {
                return false;
            }
            match fetched {
                Ok(model) => self.fifteen.set_value(Some(model)),
                Err(why) => {
                    self.coming.set(Coming::Failed(why));
                    self.wanted.set(self.current.get_untracked());
                    return false;
                }
            }
            self.coming.set(Coming::Quiet);
        }
        // All that is about the model would be drawn again.
        if self.current.get_untracked() != which {
            self.current.set(which);
        }
        true
    }
}

async fn fetch_model(which: Which) -> Result<Model, String> {
    let bytes = script::fetch(which.name()).await?.to_vec();
    read(&bytes).await.map_err(|error| error.to_string())
}

/// Reads a packed model while the page goes on.
pub(crate) async fn read(bytes: &[u8]) -> Result<Model, ModelError> {
    let mut stretch = Stretch::new();
    let mut reader = ModelReader::new(bytes)?;
    while reader.read_tree()? {
        stretch.pause().await;
    }
    stretch.pause().await;
    reader.finish()
}

/// The choice between the models. `choose` is told what the visitor wants.
#[component]
pub(crate) fn ModelChoice(
    models: Models,
    choose: impl Fn(Which) + Copy + 'static,
) -> impl IntoView {
    let words = words();
    let options = Which::ALL
        .into_iter()
        .zip(words.model_names)
        .map(|(which, name)| {
            view! {
                <label>
                    <input
                        type="radio"
                        name="model"
                        id=format!("model-{}", which.name())
                        prop:checked=boxed::flag(move || models.wanted.get() == which)
                        on:change=boxed::event(move |_| choose(which))
                    />
                    <span>{name}</span>
                </label>
            }
        });
    let says = move || match models.coming.get() {
        Coming::Quiet => String::new(),
        Coming::OnTheWay => words.model_coming.to_owned(),
        Coming::Failed(why) => (words.model_not_fetched)(&why),
    };
    let failed = move || matches!(models.coming.get(), Coming::Failed(_));
    view! {
        <fieldset class="models" data-testid="models">
            <legend class="visually-hidden">{words.models}</legend>
            {options.collect_view()}
        </fieldset>
        <p class="fine model-says" class:notice=boxed::flag(failed) role="status" data-testid="model-says">{boxed::text(says)}</p>
    }
}
