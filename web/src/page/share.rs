//! Showing the track to others: the address that has all of it, a link to copy, a picture.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::boxed;
use super::chosen::Chosen;
use super::clipboard::write_text;
use super::language::words;
use super::link::{self, Linked};
use super::picture;
use super::rest::once_still;
use super::sliders::focus;
use super::texts;
use super::track_name::TrackName;

/// How long the sliders have to rest before the address follows. Browsers refuse too many changes in short time.
const REST: Duration = Duration::from_millis(400);

/// How long it is said that something has been done.
const SAID: Duration = Duration::from_secs(4);

/// Shows what the address says, and lets the address follow the sliders. Gives what is wrong with the address.
pub(crate) fn follow_address(chosen: Chosen) -> RwSignal<Vec<link::Trouble>> {
    let troubles = RwSignal::new(Vec::new());
    show_address(chosen, troubles);
    // Somebody who pastes another link into the same window wants to see that one.
    let listener = window_event_listener(ev::hashchange, move |_| {
        if !show_address(chosen, troubles) && chosen.touched.get_untracked() {
            // A jump within the page has taken the sliders' place in the address.
            write_address(chosen);
        }
    });
    on_cleanup(move || listener.remove());
    let changes = move || {
        track_linked(chosen);
        chosen.touched.get()
    };
    once_still(REST, changes, move |touched| {
        if touched {
            write_address(chosen);
        }
    });
    troubles
}

/// Has an effect follow all that a link holds.
fn track_linked(chosen: Chosen) {
    chosen.track_features();
    chosen.name.track();
    chosen.picked.track();
    chosen.models.current.track();
}

/// Has the address say what is shown.
fn write_address(chosen: Chosen) {
    let fragment = format!("#{}", fragment(chosen));
    let history = window().history();
    // A browser that refuses has had too many changes; the next one comes.
    let _ = history
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&fragment)));
}

/// Shows what the address says, if that is a track.
fn show_address(chosen: Chosen, troubles: RwSignal<Vec<link::Trouble>>) -> bool {
    let Ok(hash) = window().location().hash() else {
        return false;
    };
    let unescape = |text: &str| js_sys::decode_uri_component(text).ok().map(String::from);
    let Some((linked, wrong)) = link::read(hash.trim_start_matches('#'), unescape) else {
        return false;
    };
    chosen.show(linked.features, linked.name.map(TrackName::Given));
    troubles.set(wrong);
    boxed::spawn(async move {
        let answers = chosen
            .choose_model(linked.model, linked.genre.as_deref())
            .await;
        // Which genres there are shows when the model is there.
        if let Some(name) = linked.genre
            && answers
            && chosen.picked.get_untracked().is_none()
        {
            let unknown = link::Trouble::Unknown(name.chars().take(24).collect());
            troubles.update(|troubles| troubles.push(unknown));
        }
    });
    true
}

/// The address's part behind `#` for what is shown now.
fn fragment(chosen: Chosen) -> String {
    let name = chosen
        .name
        .get_untracked()
        .filter(|_| !chosen.changed.get_untracked());
    let models = chosen.models;
    let model = models.wanted.get_untracked();
    let genre = if model == models.current.get_untracked() {
        let picked = chosen.picked.get_untracked();
        picked.map(|genre| chosen.genre(genre))
    } else {
        // While a model is on its way, what is picked is a genre of the other one.
        chosen.to_be_picked.get_value()
    };
    let linked = Linked {
        features: chosen.features(),
        name: name.map(|name| name.text()),
        model,
        genre,
    };
    link::write(&linked, |text| js_sys::encode_uri_component(text).into())
}

/// The whole address of what is shown now.
fn address(chosen: Chosen) -> String {
    let page = window().location().href().unwrap_or_default();
    let page = page.split('#').next().unwrap_or_default();
    format!("{page}#{}", fragment(chosen))
}

/// What is wrong with the address, until it is dismissed.
#[component]
pub(crate) fn AddressNotice(troubles: RwSignal<Vec<link::Trouble>>) -> impl IntoView {
    let words = words();
    let sentences = move || {
        let sentence = |trouble: &link::Trouble| match trouble {
            link::Trouble::Version => words.link_of_other_version.to_owned(),
            link::Trouble::Value { feature, value } => {
                (words.link_with_bad_value)(texts::feature(*feature).label, value)
            }
            link::Trouble::Unknown(part) => (words.link_with_unknown_part)(part),
        };
        troubles.with(|troubles| {
            let items = troubles
                .iter()
                .map(|trouble| view! { <li>{sentence(trouble)}</li> });
            items.collect_view()
        })
    };
    let dismiss = move || {
        troubles.set(Vec::new());
        // The button goes, and the focus with it.
        focus("sliders-title");
    };
    view! {
        <div
            class="notice banner"
            role="alert"
            data-testid="address-notice"
            hidden=boxed::flag(move || troubles.with(Vec::is_empty))
        >
            <p>{words.link_damaged}</p>
            <ul>{sentences}</ul>
            <button type="button" class="quiet" on:click=boxed::click(dismiss)>
                {words.dismiss}
            </button>
        </div>
    }
}

/// The buttons to show the answer to others.
#[component]
pub(crate) fn ShareButtons(chosen: Chosen) -> impl IntoView {
    let words = words();
    let said = RwSignal::new(String::new());
    // What could not be copied is shown, to be copied by hand.
    let by_hand = RwSignal::new(None::<String>);
    // It would go on to show the track before.
    boxed::follow(move || {
        track_linked(chosen);
        by_hand.set(None);
    });
    let last = StoredValue::new(0u32);
    let say = move |sentence: &str| {
        // A copy may be done when the page has long been drawn anew.
        let Some(own) = last.try_get_value().map(|last| last + 1) else {
            return;
        };
        last.set_value(own);
        said.set(sentence.to_owned());
        set_timeout(
            move || {
                // What has been said since has its own time.
                if last.try_get_value() == Some(own) {
                    let _ = said.try_set(String::new());
                }
            },
            SAID,
        );
    };
    let copy_link = move || {
        let address = address(chosen);
        boxed::spawn(async move {
            if write_text(&address).await.is_ok() {
                by_hand.set(None);
                say(words.link_copied);
            } else {
                by_hand.set(Some(address));
                say(words.copy_by_hand);
            }
        });
    };
    let select_all = move |event: web_sys::FocusEvent| {
        event_target::<web_sys::HtmlInputElement>(&event).select();
    };
    let copy_picture = move || {
        let copying = picture::copy(chosen);
        boxed::spawn(async move {
            let is_copied = match copying {
                Ok(copying) => JsFuture::from(copying).await.is_ok(),
                Err(_) => false,
            };
            say(if is_copied {
                words.picture_copied
            } else {
                words.picture_not_copied
            });
        });
    };
    let save_picture = move || {
        boxed::spawn(async move {
            if picture::save(chosen).await.is_err() {
                say(words.picture_not_made);
            }
        });
    };
    view! {
        <section class="card share" aria-label=words.share>
            <button type="button" class="quiet" on:click=boxed::click(copy_link)>{words.copy_link}</button>
            <button type="button" class="quiet" on:click=boxed::click(copy_picture)>{words.copy_picture}</button>
            <button type="button" class="quiet" on:click=boxed::click(save_picture)>{words.save_picture}</button>
            <p class="fine" role="status" data-testid="shared">{boxed::text(move || said.get())}</p>
            <input
                class="by-hand"
                readonly
                aria-label=words.copy_link
                hidden=boxed::flag(move || by_hand.with(Option::is_none))
                prop:value=boxed::text(move || by_hand.get().unwrap_or_default())
                on:focus=select_all
            />
        </section>
    }
}
