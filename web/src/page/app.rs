//! How the page is put together.

use leptos::ev;
use leptos::prelude::*;
use overtone_genre::{Model, ModelError};
use wasm_bindgen::JsCast;
use web_sys::FocusOptions;

use super::about::About;
use super::answer::{Announcement, Answer};
use super::boxed;
use super::chosen::Chosen;
use super::explanation::Why;
use super::files::{Files, FilesRoom};
use super::insight::Insight;
use super::language::{self, Language, words};
use super::link::Trouble;
use super::map::MapOfMusic;
use super::models::{Models, Which};
use super::share::{AddressNotice, ShareButtons, follow_address};
use super::sliders::Sliders;
use super::stages::{Stage, Stages};
use super::theme::ThemeChoice;
use super::update::UpdateNotice;

/// The whole page, with the model of eight genres.
pub(crate) fn app(model: Result<Model, ModelError>) -> impl IntoView {
    let language = RwSignal::new(language::find());
    match model {
        Ok(model) => {
            // What outlives a change of language.
            let chosen = Chosen::new(Models::new(model));
            let files = Files::new(chosen, language);
            let insight = Insight::new(chosen);
            let troubles = follow_address(chosen);
            undo_by_keyboard(chosen);
            let stages = Stages::begin(chosen);
            let rooms = move || {
                language.track();
                chosen.models.current.track();
                keep_focus();
                view! { <Rooms chosen files insight troubles language stages /> }
            };
            view! {
                {boxed::part(rooms)}
                {stages.part(Stage::About, move || view! { <Announcement chosen language /> }.into_any())}
            }
            .into_any()
        }
        Err(error) => view! {
            <p class="notice" role="alert">{(words().model_damaged)(&error.to_string())}</p>
        }
        .into_any(),
    }
}

#[component]
fn Rooms(
    chosen: Chosen,
    files: Files,
    insight: Insight,
    troubles: RwSignal<Vec<Trouble>>,
    language: RwSignal<Language>,
    stages: Stages,
) -> impl IntoView {
    let words = words();
    let [of_eight, of_fifteen] = words.invitation;
    let invitation = match chosen.models.current.get_untracked() {
        Which::Eight => of_eight,
        Which::Fifteen => of_fifteen,
    };
    view! {
        <a class="skip" href="#sliders-title">{words.skip_to_sliders}</a>
        <header class="masthead">
            <h1>"Overtone"</h1>
            <p class="question">{words.question}</p>
            <p class="invitation">
                {invitation} " " <a href="#playlist-title">{words.drop_a_playlist}</a> "."
            </p>
            <div class="choices">
                <LanguageChoice language />
                <ThemeChoice />
            </div>
        </header>
        <UpdateNotice />
        <AddressNotice troubles />
        <main>
            <div class="result">
                {stages.part(Stage::Answer, move || view! { <Answer chosen /> }.into_any())}
                {stages.part(Stage::Share, move || view! { <ShareButtons chosen /> }.into_any())}
            </div>
            <div class="bench">
                {stages.part(Stage::Track, move || view! { <Sliders chosen insight stages /> }.into_any())}
                {stages.part(Stage::Why, move || view! { <Why chosen insight /> }.into_any())}
                {stages.part(Stage::Files, move || view! { <FilesRoom files /> }.into_any())}
                {stages.part(Stage::Map, move || view! { <MapOfMusic chosen files /> }.into_any())}
                {stages.part(Stage::About, move || view! { <About chosen /> }.into_any())}
            </div>
        </main>
        // Not before all that stands above it, or it would be seen to jump.
        {stages.part(Stage::About, move || view! { <Foot /> }.into_any())}
    }
}

/// What the page promises.
#[component]
fn Foot() -> impl IntoView {
    let words = words();
    view! {
        <footer>
            <p>
                <strong>{words.private}</strong>
                " "
                {words.private_how_to_check}
            </p>
        </footer>
    }
}

/// Gives the focus back to what has it, once it has been drawn anew, and leaves the page where it is.
fn keep_focus() {
    let Some(id) = document().active_element().map(|element| element.id()) else {
        return;
    };
    if !id.is_empty() {
        request_animation_frame(move || {
            if let Some(same) = super::element(&id) {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                // Only an element that is gone cannot have it.
                let _ = same.focus_with_options(&options);
            }
        });
    }
}

/// The choice between the languages.
#[component]
fn LanguageChoice(language: RwSignal<Language>) -> impl IntoView {
    let current = language.get_untracked();
    let options = Language::ALL.map(|language| {
        view! {
            <option value=language.tag() lang=language.tag() selected={language == current}>
                {language.name()}
            </option>
        }
    });
    view! {
        <select
            aria-label=words().language
            id="language"
            data-testid="language"
            on:change=boxed::event(move |event| {
                if let Some(chosen) = Language::of_tag(&event_target_value(&event)) {
                    language::choose(chosen);
                    language.set(chosen);
                }
            })
        >
            {options.collect_view()}
        </select>
    }
}

/// Takes the last step back on Ctrl-Z, but where text is typed: there it is the browser's.
fn undo_by_keyboard(chosen: Chosen) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let wanted =
            (event.ctrl_key() || event.meta_key()) && !event.shift_key() && event.key() == "z";
        let types = event.target().is_some_and(|target| {
            let input = target.dyn_ref::<web_sys::HtmlInputElement>();
            let takes_no_text = ["range", "radio", "checkbox", "file"];
            input.is_some_and(|input| !takes_no_text.contains(&input.type_().as_str()))
        });
        if wanted && !types {
            event.prevent_default();
            chosen.undo();
        }
    });
    on_cleanup(move || listener.remove());
}
