//! How the page is put together.

use leptos::prelude::*;
use overtone_genre::Model;

use super::answer::Answer;
use super::chosen::Chosen;
use super::playlist::Playlist;
use super::reading::Reading;
use super::sliders::Sliders;

/// The whole page.
#[component]
pub(crate) fn App() -> impl IntoView {
    match Model::eight_genres() {
        Ok(model) => view! { <Rooms model /> }.into_any(),
        Err(error) => view! {
            <p class="notice" role="alert">
                "The genre model that came with this page cannot be used: " {error.to_string()}
                ". Reload the page; if that does not help, the site is damaged."
            </p>
        }
        .into_any(),
    }
}

#[component]
fn Rooms(model: Model) -> impl IntoView {
    let genres = StoredValue::new(model.genres().to_vec());
    let chosen = Chosen::new(StoredValue::new(model));
    let reading = Reading::new();
    view! {
        <header class="masthead">
            <h1>"Overtone"</h1>
            <p>
                "What genre is this track? Move a slider, or " <a href="#playlist-title">"drop a playlist"</a> "."
            </p>
        </header>
        <main>
            <Answer chosen genres />
            <Sliders chosen />
            <Playlist reading chosen genres />
        </main>
        <footer>
            <p>
                "Private by construction: files are read on this computer, and this page is not allowed to send \
                 anything anywhere."
            </p>
        </footer>
    }
}
