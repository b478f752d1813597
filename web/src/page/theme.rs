//! Light or dark.

use leptos::prelude::*;

use super::boxed;
use super::language::words;
use super::memory;

/// The name that the choice is remembered under; `boot.js` knows it too, so that the page starts in it.
const REMEMBERED_AS: &str = "overtone-theme";

/// The themes, as the style sheet names them. The first follows the system.
const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// The choice between them.
#[component]
pub(crate) fn ThemeChoice() -> impl IntoView {
    let words = words();
    let root = document().document_element();
    let current = root
        .and_then(|root| root.get_attribute("data-theme"))
        .filter(|theme| THEMES.contains(&theme.as_str()));
    let current = current.unwrap_or_else(|| "auto".to_owned());
    let options = THEMES.into_iter().zip(words.themes).map(|(theme, label)| {
        view! { <option value=theme selected={theme == current}>{label}</option> }
    });
    view! {
        <select
            aria-label=words.theme
            on:change=boxed::event(move |event| {
                let theme = event_target_value(&event);
                memory::remember(REMEMBERED_AS, &theme);
                if let Some(root) = document().document_element() {
                    let _ = root.set_attribute("data-theme", &theme);
                }
            })
        >
            {options.collect_view()}
        </select>
    }
}
