//! The files that are being read: the worker that reads them and keeps their rows, and what it has told so far.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use gloo_file::{Blob, ObjectUrl};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker};

use super::kept::Kept;
use super::models::Which;
use super::playlist_texts::problems;
use super::{clipboard, playlist_texts as texts, remembered, script};
use crate::bridge;
use crate::message::{
    BytesHandle, FileHandle, Format, Looking, Made, Progress, Request, Response, Sentence, Summary,
    TableInfo, WhichRows, Window, decode, encode,
};

/// How many problems are kept to be shown; the others are only counted.
const PROBLEMS_KEPT: usize = 50;

/// How many files are saved at once.
const DOWNLOADS_AT_A_TIME: u32 = 10;

/// How long the browser is given for so many.
const BETWEEN_DOWNLOADS: Duration = Duration::from_secs(2);

/// How far the files have been read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// No file has been given.
    Waiting,
    /// They are being read.
    Reading,
    /// All of them have been read, or as much as the visitor wanted.
    Done,
    /// They cannot be read, or not any further; why.
    Failed(Sentence),
    /// They have been read, but their rows are gone; why.
    Lost(Sentence),
}

/// What came of a wish to copy or to save.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Copied {
        lines: usize,
    },
    SavedInPlaceOfCopied,
    NothingToCopy,
    /// Why not.
    NotSaved(Sentence),
}

impl Outcome {
    /// It in a sentence, in the present language.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Copied { lines } => texts::copied(lines),
            Self::SavedInPlaceOfCopied => texts::saved_in_place_of_copied().to_owned(),
            Self::NothingToCopy => texts::nothing_to_copy().to_owned(),
            Self::NotSaved(why) => texts::not_saved(&texts::said(why)),
        }
    }
}

/// Texts of the files' own genres, and what they mean.
type SaidLabels = Vec<(String, Option<usize>)>;

/// The files that are being read, and what is known of them.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) state: RwSignal<State>,
    /// The first file's name.
    first_file: RwSignal<String>,
    /// How many files there are.
    pub(crate) file_count: RwSignal<usize>,
    /// How many of them could not be read, once all have been.
    unread: RwSignal<usize>,
    /// How many rows there are, and how many of them have a genre.
    pub(crate) rows: RwSignal<usize>,
    pub(crate) with_genre: RwSignal<usize>,
    /// How many bytes have been read, of how many.
    pub(crate) bytes: RwSignal<(f64, f64)>,
    /// Whether the visitor has stopped the reading.
    pub(crate) stopped: RwSignal<bool>,
    /// What was understood of each table.
    pub(crate) tables: RwSignal<Vec<TableInfo>>,
    pub(crate) summary: RwSignal<Summary>,
    /// Rows from all over the files, once they have been read.
    pub(crate) sample: RwSignal<js_sys::Array, LocalStorage>,
    /// Which rows the visitor looks at.
    pub(crate) looking: RwSignal<Looking>,
    /// Those of them that are in sight.
    pub(crate) window: RwSignal<Window>,
    /// The first problems.
    pub(crate) problems: RwSignal<Vec<Sentence>>,
    pub(crate) problem_count: RwSignal<usize>,
    /// What else the visitor has to know about the files.
    pub(crate) notes: RwSignal<Vec<Sentence>>,
    pub(crate) note_count: RwSignal<usize>,
    /// Whether files with genres are being made.
    pub(crate) saving: RwSignal<bool>,
    /// What came of the last wish to copy or to save, where that does not show.
    pub(crate) outcome: RwSignal<Option<Outcome>>,
    /// The choice about a column that was made last: the table's fingerprint and the choice's name, which is empty if all of
    /// the table's were forgotten. It keeps the focus when the panel is drawn again.
    pub(crate) chosen_last: StoredValue<Option<(String, String)>>,
    /// What the visitor has opened and chosen.
    pub(crate) kept: Kept,
    /// What the words of titles say, packed, while the visitor wants them to count.
    pub(crate) titles: RwSignal<Option<js_sys::Uint8Array>, LocalStorage>,
    files: StoredValue<Vec<web_sys::File>, LocalStorage>,
    /// What the visitor has said about these files' own genres, for each model by its address.
    labels: StoredValue<HashMap<String, SaidLabels>>,
    /// The number of the last wish to copy or to save.
    saves: StoredValue<u32>,
    /// How often the worker was asked to read and has not begun to.
    unbegun: StoredValue<usize>,
    worker: StoredValue<Option<Connection>, LocalStorage>,
    start_worker: StoredValue<js_sys::Function, LocalStorage>,
    /// The address of the model that is asked about the tracks.
    model: StoredValue<String>,
}

impl Reading {
    /// `start_worker` gives a worker, when it is called with the address of a model.
    pub(crate) fn new(start_worker: js_sys::Function) -> Self {
        Self {
            state: RwSignal::new(State::Waiting),
            first_file: RwSignal::new(String::new()),
            file_count: RwSignal::new(0),
            unread: RwSignal::new(0),
            rows: RwSignal::new(0),
            with_genre: RwSignal::new(0),
            bytes: RwSignal::new((0.0, 0.0)),
            stopped: RwSignal::new(false),
            tables: RwSignal::new(Vec::new()),
            summary: RwSignal::new(Summary::default()),
            sample: RwSignal::new_local(js_sys::Array::new()),
            looking: RwSignal::new(Looking::default()),
            window: RwSignal::new(Window::default()),
            problems: RwSignal::new(Vec::new()),
            problem_count: RwSignal::new(0),
            notes: RwSignal::new(Vec::new()),
            note_count: RwSignal::new(0),
            saving: RwSignal::new(false),
            outcome: RwSignal::new(None),
            chosen_last: StoredValue::new(None),
            kept: Kept::new(),
            titles: RwSignal::new_local(None),
            files: StoredValue::new_local(Vec::new()),
            labels: StoredValue::new(HashMap::new()),
            saves: StoredValue::new(0),
            unbegun: StoredValue::new(0),
            worker: StoredValue::new_local(None),
            start_worker: StoredValue::new_local(start_worker),
            model: StoredValue::new(String::new()),
        }
    }

    /// Asks another model from now on: starts a worker with it, and reads the files once more.
    pub(crate) fn use_model(&self, address: &str) {
        if self.model.with_value(|model| model == address) {
            return;
        }
        self.model.set_value(address.to_owned());
        // They are about the genres of the model before.
        self.titles.set(None);
        self.kept.genre.set(0);
        // Started at once, so that it is ready when a file comes.
        self.connect();
        if !self.files.with_value(Vec::is_empty) {
            // Genres and their pairs are those of the model before; what was searched for, and the order, are not.
            let Looking { search, sort, .. } = self.looking.get_untracked();
            self.read_again();
            self.look(|now| (now.search, now.sort) = (search, sort));
        }
    }

    /// Whether it is the model of eight genres that is asked.
    pub(crate) fn asks_the_eight(&self) -> bool {
        let eight = script::name(Which::Eight.name());
        self.model.with_value(|model| eight.as_ref() == Some(model))
    }

    /// Reads files in place of those before.
    pub(crate) fn read(&self, files: Vec<web_sys::File>) {
        if let [first, ..] = files.as_slice() {
            self.first_file.set(first.name());
            self.file_count.set(files.len());
            self.files.set_value(files);
            self.labels.set_value(HashMap::new());
            self.kept.forget_panels();
            self.read_again();
        }
    }

    /// The file's name; of several, how many they are, and how many of them were read. Tracked.
    pub(crate) fn file_name(&self) -> String {
        let (count, unread) = (self.file_count.get(), self.unread.get());
        self.first_file
            .with(|first| texts::files(first, count, unread))
    }

    /// Has the words of titles count from now on, or not any more. The same rows are looked at the same way.
    pub(crate) fn use_titles(&self, titles: Option<js_sys::Uint8Array>) {
        let looking = self.looking.get_untracked();
        self.titles.set(titles);
        self.read_again();
        self.look(|now| *now = looking);
    }

    /// Reads the same files once more, with other choices about their columns. What the sliders show is no row of them any more.
    pub(crate) fn read_otherwise(&self) {
        bridge::tell_other_values();
        self.read_again();
    }

    /// Reads the same files once more.
    fn read_again(&self) {
        // One that could not be started may come up now.
        if self.worker.with_value(Option::is_none) {
            self.connect();
        }
        self.unbegun.update_value(|reads| *reads += 1);
        self.state.set(State::Reading);
        self.unread.set(0);
        self.rows.set(0);
        self.with_genre.set(0);
        self.bytes.set((0.0, 0.0));
        self.stopped.set(false);
        self.tables.set(Vec::new());
        self.sample.set(js_sys::Array::new());
        self.summary.set(Summary::default());
        self.looking.set(Looking::default());
        self.window.set(Window::default());
        self.problems.set(Vec::new());
        self.problem_count.set(0);
        self.notes.set(Vec::new());
        self.note_count.set(0);
        self.saving.set(false);
        self.outcome.set(None);
        let files = self.files.get_value();
        self.ask(&Request::Read {
            files: files.into_iter().map(|file| FileHandle { file }).collect(),
            remembered: remembered::all(),
            titles: self
                .titles
                .get_untracked()
                .map(|bytes| BytesHandle { bytes }),
            labels: self.labels.with_value(|labels| {
                let said = self.model.with_value(|model| labels.get(model).cloned());
                said.unwrap_or_default()
            }),
        });
    }

    /// Reads no further. What has been read stays.
    pub(crate) fn stop(&self) {
        if self.state.get_untracked() == State::Reading {
            self.stopped.set(true);
            self.state.set(State::Done);
            self.ask(&Request::Stop);
        }
    }

    /// Looks at the rows another way.
    pub(crate) fn look(&self, change: impl FnOnce(&mut Looking)) {
        let before = self.looking.get_untracked();
        self.looking.update(change);
        let now = self.looking.get_untracked();
        if now != before {
            self.ask(&Request::Look(now));
        }
    }

    /// Tells that the first rows are drawn.
    pub(crate) fn drawn(&self) {
        self.ask(&Request::Drawn);
    }

    /// Asks for the rows that are to be in sight.
    pub(crate) fn show(&self, first: usize, count: usize) {
        self.ask(&Request::Window { first, count });
    }

    /// Says which genre one of the file's own means, by its number and its text.
    pub(crate) fn label(&self, label: usize, text: &str, genre: Option<usize>) {
        let model = self.model.get_value();
        self.labels.update_value(|labels| {
            let labels = labels.entry(model).or_default();
            labels.retain(|(known, _)| known != text);
            labels.push((text.to_owned(), genre));
        });
        self.ask(&Request::Label { label, genre });
    }

    /// Makes files with genres, or text to be copied.
    pub(crate) fn save(&self, format: Format, rows: WhichRows) {
        self.saving.set(true);
        self.outcome.set(None);
        self.saves
            .update_value(|number| *number = number.wrapping_add(1));
        self.ask(&Request::Save {
            number: self.saves.get_value(),
            format,
            rows,
        });
    }

    /// Whether the visitor still waits for what comes of a wish to copy or to save.
    fn is_awaited(&self, number: u32) -> bool {
        self.saving.get_untracked() && self.saves.get_value() == number
    }

    fn ask(&self, request: &Request) {
        let message = encode(request);
        let connected = self
            .worker
            .with_value(|worker| worker.as_ref().map(|worker| worker.post(message)));
        if connected.is_none() {
            self.fail(problems::no_worker());
        }
    }

    /// Starts a worker in place of the one before.
    fn connect(&self) {
        self.unbegun.set_value(0);
        let reading = *self;
        let model = self.model.get_value().into();
        let worker = self
            .start_worker
            .with_value(|start| start.call1(&JsValue::NULL, &model));
        let worker = worker.ok().and_then(|worker| worker.dyn_into().ok());
        let connection = worker.map(|worker| {
            Connection::open(
                worker,
                move |response| reading.hear(response),
                move |message| reading.worker_died(message.as_deref()),
            )
        });
        self.worker.set_value(connection);
    }

    fn hear(&self, response: Response) {
        match response {
            // The connection has sent on what had to wait.
            Response::Ready => {}
            Response::Begun => self
                .unbegun
                .update_value(|reads| *reads = reads.saturating_sub(1)),
            // About what was read before. But one that has not come up says why it cannot.
            _ if self.unbegun.get_value() > 0 && self.worker_listens() => {}
            Response::Table(table) => self.tables.update(|tables| tables.push(table)),
            Response::Progress(progress) => self.hear_progress(progress),
            Response::Read {
                sample,
                unread,
                broken_off,
            } => {
                self.sample.set(sample.array);
                self.unread.set(unread);
                self.state
                    .set(broken_off.map_or(State::Done, State::Failed));
            }
            Response::Window(window) => self.window.set(window),
            Response::Summary(summary) => {
                if self.summary.with_untracked(|before| *before != summary) {
                    self.summary.set(summary);
                }
            }
            // Whoever has had the files read anew does not wait for what was to be made of those before.
            Response::Saved { number, .. } if !self.is_awaited(number) => {}
            Response::Saved { number, made } => self.hear_made(number, made),
            Response::Failed(sentence) => self.state.set(State::Failed(sentence)),
        }
    }

    fn hear_progress(&self, progress: Progress) {
        self.problem_count.set(progress.problem_count);
        if !progress.problems.is_empty() {
            self.problems.update(|kept| {
                let free = PROBLEMS_KEPT.saturating_sub(kept.len());
                kept.extend(progress.problems.into_iter().take(free));
            });
        }
        if !progress.notes.is_empty() {
            self.notes.update(|notes| notes.extend(progress.notes));
        }
        self.note_count.set(progress.note_count);
        self.with_genre.set(progress.with_genre);
        self.rows.set(progress.rows);
        self.bytes.set(progress.bytes);
    }

    fn hear_made(&self, number: u32, made: Made) {
        match made {
            Made::Files(files) => {
                self.saving.set(false);
                // Browsers take some ten downloads at a time, and drop the others without a word.
                for (place, (name, handle)) in (0u32..).zip(files) {
                    let wait = BETWEEN_DOWNLOADS * (place / DOWNLOADS_AT_A_TIME);
                    set_timeout(move || save(&name, handle.blob), wait);
                }
            }
            // What is on the clipboard stays there.
            Made::Text(text) if text.is_empty() => {
                self.saving.set(false);
                self.outcome.set(Some(Outcome::NothingToCopy));
            }
            Made::Text(text) => self.copy(number, text),
            Made::Nothing(why) => self.fail(why),
        }
    }

    /// Puts text on the clipboard, or into a file if the browser does not let it.
    fn copy(&self, number: u32, text: String) {
        let reading = *self;
        let lines = text.lines().count();
        spawn_local(async move {
            let copied = clipboard::write_text(&text).await.is_ok();
            if !reading.is_awaited(number) {
                return;
            }
            reading.saving.set(false);
            if copied {
                reading.outcome.set(Some(Outcome::Copied { lines }));
            } else {
                save("overtone.txt", Blob::new(text.as_str()).into());
                reading.outcome.set(Some(Outcome::SavedInPlaceOfCopied));
            }
        });
    }

    fn fail(&self, sentence: Sentence) {
        if self.saving.get_untracked() {
            // The rows that were read are still good.
            self.saving.set(false);
            self.outcome.set(Some(Outcome::NotSaved(sentence)));
        } else {
            self.state.set(State::Failed(sentence));
        }
    }

    fn worker_listens(&self) -> bool {
        self.worker
            .with_value(|worker| worker.as_ref().is_some_and(Connection::listens))
    }

    /// The worker has stopped, and the rows that it kept are gone. The page goes on with a new one; if it has never
    /// come up, not before the visitor tries again.
    fn worker_died(&self, message: Option<&str>) {
        if self.worker_listens() {
            self.connect();
        } else {
            self.worker.set_value(None);
        }
        if self.state.get_untracked() == State::Waiting {
            return;
        }
        self.rows.set(0);
        self.sample.set(js_sys::Array::new());
        if self.saving.get_untracked() {
            self.saving.set(false);
            self.state.set(State::Lost(problems::died_saving(message)));
        } else {
            self.fail(problems::worker_died(message));
        }
    }
}

/// Hands a file to the browser's downloads.
fn save(name: &str, blob: web_sys::Blob) {
    let url = ObjectUrl::from(Blob::from(blob));
    let link = document().create_element("a").ok();
    let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok())
    else {
        return;
    };
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The address has to live until the download has begun.
    set_timeout(move || drop(url), Duration::from_secs(60));
}

/// A worker, and what waits for it to be ready.
struct Connection {
    worker: Worker,
    /// `None` once the worker listens.
    waiting: Rc<RefCell<Option<Vec<JsValue>>>>,
    // Dropped with the connection: a worker that was replaced is not heard any more.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Connection {
    /// Listens to a worker that has been started.
    fn open(
        worker: Worker,
        hear: impl Fn(Response) + 'static,
        died: impl Fn(Option<String>) + 'static,
    ) -> Self {
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));

        let on_message = {
            let (worker, waiting) = (worker.clone(), Rc::clone(&waiting));
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let Some(response) = decode::<Response>(event.data()) else {
                    return;
                };
                if matches!(response, Response::Ready) {
                    let messages: Vec<JsValue> = waiting.take().unwrap_or_default();
                    for message in messages {
                        let _ = worker.post_message(&message);
                    }
                }
                hear(response);
            })
        };
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // A script that cannot be loaded gives a plain event, without a message.
            died(event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Self {
            worker,
            waiting,
            _on_message: on_message,
            _on_error: on_error,
        }
    }

    /// Whether the worker has come up.
    fn listens(&self) -> bool {
        self.waiting.borrow().is_none()
    }

    /// Sends a message, once the worker listens.
    fn post(&self, message: JsValue) {
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(message),
            None => {
                let _ = self.worker.post_message(&message);
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
