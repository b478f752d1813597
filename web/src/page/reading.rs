//! The file that is being read: the worker that reads it, and what it has told so far.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use gloo_file::{Blob, ObjectUrl};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::message::{FileHandle, Request, Response, TrackRow, decode, encode};

/// How many problems are kept to be shown; the others are only counted.
const PROBLEMS_KEPT: usize = 50;

/// How far a file has been read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// No file has been given.
    Waiting,
    /// A share of the file has been read, 0 to 1.
    Reading(f64),
    /// All of it has been read.
    Done,
    /// It cannot be read, or not any further; why, in a sentence.
    Failed(String),
}

/// What is done with a labelled file: it gets a name for it, and the file.
type OnLabelled = fn(&str, web_sys::Blob);

/// The file that is being read, and what is known of it.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) state: RwSignal<State>,
    pub(crate) file_name: RwSignal<String>,
    /// Shared with the table's rows, which are drawn while more come.
    pub(crate) rows: RwSignal<Vec<Arc<TrackRow>>>,
    /// The first problems, as sentences.
    pub(crate) problems: RwSignal<Vec<String>>,
    pub(crate) problem_count: RwSignal<usize>,
    /// How many of the rows have a genre.
    pub(crate) with_genre: RwSignal<usize>,
    /// Something else that the visitor has to know about the file, in a sentence.
    pub(crate) note: RwSignal<Option<String>>,
    /// Whether the labelled file is being made.
    pub(crate) labelling: RwSignal<bool>,
    file: StoredValue<Option<web_sys::File>, LocalStorage>,
    worker: StoredValue<Option<Connection>, LocalStorage>,
    on_labelled: StoredValue<Option<OnLabelled>>,
}

impl Reading {
    pub(crate) fn new() -> Self {
        let reading = Self {
            state: RwSignal::new(State::Waiting),
            file_name: RwSignal::new(String::new()),
            rows: RwSignal::new(Vec::new()),
            problems: RwSignal::new(Vec::new()),
            problem_count: RwSignal::new(0),
            with_genre: RwSignal::new(0),
            note: RwSignal::new(None),
            labelling: RwSignal::new(false),
            file: StoredValue::new_local(None),
            worker: StoredValue::new_local(None),
            on_labelled: StoredValue::new(None),
        };
        // Started at once, so that it is ready when a file comes.
        reading.connect();
        reading
    }

    /// Reads the first of some files in place of the one before.
    pub(crate) fn read(&self, files: &web_sys::FileList) {
        let Some(file) = files.get(0) else {
            return;
        };
        // A worker that still reads the file before would go on telling of it.
        if matches!(self.state.get_untracked(), State::Reading(_)) || self.labelling.get_untracked()
        {
            self.connect();
        }
        self.file_name.set(file.name());
        self.rows.set(Vec::new());
        self.problems.set(Vec::new());
        self.problem_count.set(0);
        self.with_genre.set(0);
        let others = files.length() > 1;
        self.note
            .set(others.then(|| "Only the first of these files was read.".to_owned()));
        self.labelling.set(false);
        self.state.set(State::Reading(0.0));
        self.file.set_value(Some(file.clone()));
        self.ask(&Request::Read(FileHandle { file }));
    }

    /// Makes the labelled file; `then` gets it.
    pub(crate) fn label(&self, then: OnLabelled) {
        let Some(file) = self.file.get_value() else {
            return;
        };
        self.labelling.set(true);
        self.note.set(None);
        self.on_labelled.set_value(Some(then));
        self.ask(&Request::Label(FileHandle { file }));
    }

    fn ask(&self, request: &Request) {
        let message = encode(request);
        let connected = self
            .worker
            .with_value(|worker| worker.as_ref().map(|worker| worker.post(message)));
        if connected.is_none() {
            self.fail("This browser does not let the page start the worker that reads files.");
        }
    }

    /// Starts a worker in place of the one before.
    fn connect(&self) {
        let reading = *self;
        let connection = Connection::open(
            move |response| reading.hear(response),
            move |message| reading.worker_died(&message),
        );
        self.worker.set_value(connection.ok());
    }

    fn hear(&self, response: Response) {
        match response {
            // The connection has sent on what had to wait.
            Response::Ready => {}
            Response::Rows {
                rows,
                problems,
                progress,
            } => {
                self.problem_count.update(|count| *count += problems.len());
                self.problems.update(|kept| {
                    let free = PROBLEMS_KEPT.saturating_sub(kept.len());
                    kept.extend(problems.into_iter().take(free));
                });
                let with_genre = rows.iter().filter(|row| row.genre.is_some()).count();
                self.with_genre.update(|count| *count += with_genre);
                self.rows
                    .update(|kept| kept.extend(rows.into_iter().map(Arc::new)));
                self.state.set(State::Reading(progress));
            }
            Response::Read => self.state.set(State::Done),
            Response::Labelled(handle) => {
                self.labelling.set(false);
                if let Some(then) = self.on_labelled.get_value() {
                    then(&labelled_name(&self.file_name.get_untracked()), handle.blob);
                }
            }
            Response::Failed(sentence) => self.fail(&sentence),
        }
    }

    fn fail(&self, sentence: &str) {
        if self.labelling.get_untracked() {
            // The rows that were read are still good.
            self.labelling.set(false);
            let note = format!("The file with genres could not be made. {sentence}");
            self.note.set(Some(note));
        } else {
            self.state.set(State::Failed(sentence.to_owned()));
        }
    }

    /// The worker has stopped. The page goes on with a new one, but if it has never come up: a new one would not either.
    fn worker_died(&self, message: &str) {
        let came_up = self
            .worker
            .with_value(|worker| worker.as_ref().is_some_and(Connection::listens));
        if came_up {
            self.connect();
        } else {
            self.worker.set_value(None);
        }
        let was_busy = matches!(self.state.get_untracked(), State::Reading(_))
            || self.labelling.get_untracked();
        if was_busy {
            self.fail(&format!(
                "Reading this file stopped the part of the page that reads files ({message}). The rest works; \
                 another file can be read."
            ));
        }
    }
}

/// The name under which a labelled file is saved.
fn labelled_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}-genres.csv")
}

/// A worker, and what waits for it to be ready.
struct Connection {
    worker: Worker,
    /// `None` once the worker listens.
    waiting: Rc<RefCell<Option<Vec<JsValue>>>>,
    /// The address of the worker's script, which has to live while the worker loads.
    _script: ObjectUrl,
    // Dropped with the connection: a worker that was replaced is not heard any more.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Connection {
    /// Starts a worker from the same files that this page was started from.
    fn open(
        hear: impl Fn(Response) + 'static,
        died: impl Fn(String) + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let script = worker_script()?;
        let worker = Worker::new_with_options(&script, &options)?;
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
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            died(message.unwrap_or_else(|| "its script cannot be loaded".to_owned()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            waiting,
            _script: script,
            _on_message: on_message,
            _on_error: on_error,
        })
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

/// A script that starts the worker from the same files as this page.
///
/// A worker whose script has an address of its own on the site would not be held to the content security policy in the
/// page's head, and could reach any network. One that the page has made itself inherits the policy.
fn worker_script() -> Result<ObjectUrl, JsValue> {
    let script = document()
        .query_selector("script[data-js]")?
        .and_then(|element| element.dyn_into::<web_sys::HtmlScriptElement>().ok())
        .ok_or_else(|| JsValue::from_str("the page has no script that starts it"))?;
    let names = script.dataset();
    let name = |key| {
        let name = names
            .get(key)
            .map(|name| js_sys::encode_uri_component(&name));
        name.ok_or_else(|| JsValue::from_str("the page's script names no files"))
    };
    let address = format!("{}?js={}&wasm={}", script.src(), name("js")?, name("wasm")?);
    let import = format!("import {};", js_sys::JSON::stringify(&address.into())?);
    let blob = Blob::new_with_options(import.as_str(), Some("text/javascript"));
    Ok(ObjectUrl::from(blob))
}
