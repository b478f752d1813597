//! The language of the page: which there are, and which one the visitor has.

use std::cell::Cell;

use leptos::prelude::*;

use super::memory;
use super::texts::{Words, english, german};

/// The name that the choice is remembered under.
const REMEMBERED_AS: &str = "overtone-language";

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag, as the document's `lang` has it.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its own name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language with a tag, or of a regional kind of it, such as "de-AT".
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let main = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(main))
    }

    fn words(self) -> &'static Words {
        match self {
            Self::English => &english::WORDS,
            Self::German => &german::WORDS,
        }
    }
}

thread_local! {
    static CURRENT: Cell<Language> = const { Cell::new(Language::English) };
}

/// The present language.
pub(crate) fn current() -> Language {
    CURRENT.get()
}

/// All that the page says, in the present language. The page is drawn anew when the language changes, so this needs no
/// tracking.
pub(crate) fn words() -> &'static Words {
    CURRENT.get().words()
}

/// The language that the visitor has chosen before, or else the first of the browser's that the page speaks.
pub(crate) fn find() -> Language {
    let remembered = memory::recall(REMEMBERED_AS);
    let browsers = window().navigator().languages();
    let browsers = browsers.iter().filter_map(|tag| tag.as_string());
    let found = remembered
        .into_iter()
        .chain(browsers)
        .find_map(|tag| Language::of_tag(&tag))
        .unwrap_or(Language::English);
    speak(found);
    found
}

/// Makes a language the present one, and remembers it.
pub(crate) fn choose(language: Language) {
    memory::remember(REMEMBERED_AS, language.tag());
    speak(language);
}

/// Makes the language with a tag the present one, for texts alone.
pub(crate) fn use_tag(tag: &str) {
    if let Some(language) = Language::of_tag(tag) {
        CURRENT.set(language);
    }
}

fn speak(language: Language) {
    CURRENT.set(language);
    if let Some(root) = document().document_element() {
        // Setting an attribute of that name cannot fail.
        let _ = root.set_attribute("lang", language.tag());
    }
    document().set_title(words().title);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regional_tags_are_understood() {
        assert_eq!(Language::of_tag("de-AT"), Some(Language::German));
        assert_eq!(Language::of_tag("EN"), Some(Language::English));
        assert_eq!(Language::of_tag("den"), None);
        assert_eq!(Language::of_tag(""), None);
    }
}
