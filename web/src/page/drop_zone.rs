//! Where files come in: dropped or pasted anywhere on the page, or chosen with a button.

use js_sys::Array;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DataTransfer, DragEvent, EventTarget, File, FileList, HtmlInputElement};

use super::boxed;
use super::files::Files;
use super::playlist_texts as texts;

/// The files that were dropped, without the folders, which are among them but cannot be read; `None` if there is no folder.
fn without_folders(dropped: &DataTransfer) -> Result<Option<Vec<File>>, JsValue> {
    let mut files = Vec::new();
    let items = dropped.items();
    let mut has_folder = false;
    for item in (0..items.length()).filter_map(|index| items.get(index)) {
        let entry = item.webkit_get_as_entry()?;
        if entry.is_some_and(|entry| entry.is_directory()) {
            has_folder = true;
        } else if let Some(file) = item.get_as_file()? {
            files.push(file);
        }
    }
    Ok(has_folder.then_some(files))
}

/// The files of a list, which belongs to the browser: it may empty it.
fn all(files: &FileList) -> Vec<File> {
    (0..files.length())
        .filter_map(|place| files.get(place))
        .collect()
}

/// What was pasted: cells that were copied in a spreadsheet, or the text of a table, as a file of its own; else files.
fn pasted(clipboard: &DataTransfer) -> Option<Vec<File>> {
    // First, as some spreadsheets also put a picture of the cells there.
    let text = clipboard.get_data("text/plain").unwrap_or_default();
    if text.trim().contains('\n') {
        let parts = Array::of1(&JsValue::from(text));
        let file = File::new_with_str_sequence(&parts, texts::pasted_table()).ok()?;
        return Some(vec![file]);
    }
    clipboard.files().map(|files| all(&files))
}

/// Whether something happens in a field for text, which takes what is dragged or pasted there.
fn is_text_field(target: Option<EventTarget>) -> bool {
    let input = target.and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| ["search", "number", "text"].contains(&input.type_().as_str()))
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
            if !has_files && is_text_field(event.target()) {
                return;
            }
            // Without this, the browser opens the file, or a link, in place of the page.
            event.prevent_default();
            if let Some(transfer) = event.data_transfer() {
                transfer.set_drop_effect(if has_files { "copy" } else { "none" });
            }
        }),
        window_event_listener(ev::drop, move |event| {
            if !holds_files(&event) && is_text_field(event.target()) {
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
            let dropped = others.or_else(|| Some(all(&dropped.files()?)));
            files.give(dropped.unwrap_or_default());
        }),
        window_event_listener(ev::paste, move |event| {
            if is_text_field(event.target()) {
                return;
            }
            let Some(pasted) = event.clipboard_data().as_ref().and_then(pasted) else {
                return;
            };
            if !pasted.is_empty() {
                event.prevent_default();
                has_folder.set(false);
                show_playlist();
                files.give(pasted);
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
            files.give(all(&chosen));
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
