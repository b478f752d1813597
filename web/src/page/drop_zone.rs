//! Where files come in: dropped anywhere on the page, or chosen with a button.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DataTransfer, DragEvent, FileList, HtmlInputElement};

use super::boxed;
use super::files::Files;
use super::playlist_texts as texts;

/// The files that were dropped, without the folders, which are among them but cannot be read; `None` if there is no folder.
fn without_folders(dropped: &DataTransfer) -> Result<Option<FileList>, JsValue> {
    // Only the browser makes such a list.
    let files = DataTransfer::new()?;
    let items = dropped.items();
    let mut has_folder = false;
    for item in (0..items.length()).filter_map(|index| items.get(index)) {
        let entry = item.webkit_get_as_entry()?;
        if entry.is_some_and(|entry| entry.is_directory()) {
            has_folder = true;
        } else if let Some(file) = item.get_as_file()? {
            files.items().add_with_file(&file)?;
        }
    }
    Ok(files.files().filter(|_| has_folder))
}

/// Brings into sight where files come in: they can be dropped far from there, and what is said of them stands there.
fn show_playlist() {
    if let Ok(Some(section)) = document().query_selector(".playlist") {
        section.scroll_into_view();
    }
}

/// The zone that shows that files can be dropped, and the button to choose one.
#[component]
pub(crate) fn DropZone(files: Files) -> impl IntoView {
    // Entering a child of the page leaves its parent: only a count tells when the pointer has left the page.
    let entered = RwSignal::new(0i32);
    let has_folder = RwSignal::new(false);
    let holds_files = |event: &DragEvent| {
        event
            .data_transfer()
            .is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0))
    };
    // Text may be dragged into the search.
    let is_in_text_field = |event: &DragEvent| {
        let target = event.target();
        let input = target.and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        input.is_some_and(|input| ["search", "number", "text"].contains(&input.type_().as_str()))
    };
    let listeners = [
        window_event_listener(ev::dragenter, move |event| {
            if holds_files(&event) {
                files.prepare();
                entered.update(|count| *count += 1);
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if holds_files(&event) {
                entered.update(|count| *count = (*count - 1).max(0));
            }
        }),
        window_event_listener(ev::dragover, move |event| {
            let has_files = holds_files(&event);
            if !has_files && is_in_text_field(&event) {
                return;
            }
            // Without this, the browser opens the file, or a link, in place of the page.
            event.prevent_default();
            if let Some(transfer) = event.data_transfer() {
                transfer.set_drop_effect(if has_files { "copy" } else { "none" });
            }
        }),
        window_event_listener(ev::drop, move |event| {
            if !holds_files(&event) && is_in_text_field(&event) {
                return;
            }
            event.prevent_default();
            entered.set(0);
            let Some(dropped) = event.data_transfer() else {
                return;
            };
            let others = without_folders(&dropped).ok().flatten();
            has_folder.set(others.is_some());
            show_playlist();
            if let Some(dropped) = others.or_else(|| dropped.files()) {
                files.give(&dropped);
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));

    let on_choose = move |event: web_sys::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        has_folder.set(false);
        if let Some(chosen) = input.files() {
            files.give(&chosen);
        }
        // Choosing the same file again is a choice too.
        input.set_value("");
    };
    let [before, behind] = texts::where_from();
    view! {
        <div
            class="drop-zone"
            class:over=boxed::flag(move || { entered.get() > 0 })
            on:pointerenter=move |_| files.prepare()
            on:focusin=move |_| files.prepare()
        >
            <p>
                <strong>{texts::drop_here()}</strong>
            </p>
            <p>
                <label class="button">
                    {texts::browse()}
                    <input
                        type="file"
                        class="visually-hidden"
                        accept=".csv,.tsv,.txt,.zip,text/csv,application/zip"
                        multiple
                        on:change=boxed::event(on_choose)
                        data-testid="file"
                    />
                </label>
            </p>
            <p class="fine">
                {before}
                <a href="https://exportify.net" rel="noreferrer">"Exportify"</a>
                {behind}
            </p>
            <div role="status">
                {boxed::part(move || {
                    let sentence = has_folder.get().then(|| texts::a_folder().to_owned());
                    sentence.map(|sentence| view! { <p class="status notice">{sentence}</p> })
                })}
            </div>
        </div>
    }
}
