//! The worker: reads the visitor's files, so that nothing in them can stop the page, and keeps their rows, so that sorting
//! and searching a million of them cannot either.

mod folded;
mod reading;
mod save;
mod store;
mod told;
mod view;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use overtone_genre::{Features, Model, Popularity, Titles};
use overtone_tracks::Choices;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::bridge::sample_to_js;
use crate::message::{
    ArrayHandle, FileHandle, LabelInfo, Looking, Made, MapTrack, Request, Response, Sentence,
    Summary, Window, decode, encode, full_name,
};
use store::{Answer, Store};
use view::View;

/// How many tracks the map shows; of a longer list every so many.
const SAMPLE: usize = 400;

/// How many of the file's own genres the page shows.
const LABELS_TOLD: usize = 200;

/// Visitors' playlists are not those that the model has learned from.
const POPULARITY: Popularity = Popularity::Ignored;

/// The rows that are told before the page has asked for any: the first place, and how many. About as many as are in sight;
/// the page asks for more once it has drawn them.
const FIRST_WINDOW: (usize, usize) = (0, 16);

/// What the worker knows.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    model: Model,
    /// What the words of titles say, if they count.
    titles: RefCell<Option<Titles>>,
    files: RefCell<Vec<web_sys::File>>,
    /// The places among the files of those that gave no row: they could not be read, or are there already.
    unread: RefCell<Vec<usize>>,
    remembered: RefCell<Vec<(u64, Choices)>>,
    store: RefCell<Store>,
    view: RefCell<View>,
    /// Which rows the page wants to see: the first place, and how many.
    window: Cell<(usize, usize)>,
    /// Counted up with each request to read or to stop: whoever reads for an older one stops.
    reading: Cell<u32>,
    /// The request to read whose files are kept.
    files_turn: Cell<u32>,
    /// While reading waits for the page to draw the first rows: what makes it go on.
    go_on: RefCell<Option<js_sys::Function>>,
}

/// Listens to the page, and tells it so.
pub(crate) fn start(model: &[u8]) {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let model = match Model::read(model) {
        Ok(model) => model,
        Err(error) => {
            let why = Sentence::as_it_is(error.to_string());
            tell(&scope, &Response::Failed(why));
            return;
        }
    };
    let worker = Rc::new(Worker {
        store: RefCell::new(Store::new(model.genres(), HashMap::new())),
        scope: scope.clone(),
        model,
        titles: RefCell::default(),
        files: RefCell::default(),
        unread: RefCell::default(),
        remembered: RefCell::default(),
        view: RefCell::default(),
        window: Cell::new(FIRST_WINDOW),
        reading: Cell::new(0),
        files_turn: Cell::new(0),
        go_on: RefCell::default(),
    });
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(request) = decode::<Request>(event.data()) {
            Rc::clone(&worker).answer(request);
        }
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The worker listens for as long as it lives.
    listener.forget();
    tell(&scope, &Response::Ready);
}

fn tell(scope: &DedicatedWorkerGlobalScope, response: &Response) {
    // Posting fails only for what cannot be copied, and a response is plain data or a blob.
    let _ = scope.post_message(&encode(response));
}

impl Worker {
    fn answer(self: Rc<Self>, request: Request) {
        match request {
            Request::Read {
                files,
                remembered,
                titles,
                labels,
            } => {
                tell(&self.scope, &Response::Begun);
                let titles = titles.map(|titles| Titles::read(&titles.bytes.to_vec()));
                match titles.transpose() {
                    Ok(titles) => self.titles.replace(titles),
                    Err(error) => {
                        // What is being read for an older request ends here too.
                        self.reading.set(self.reading.get() + 1);
                        self.files_turn.set(self.reading.get());
                        let why = Sentence::as_it_is(error.to_string());
                        return tell(&self.scope, &Response::Failed(why));
                    }
                };
                self.begin(files, &remembered, labels);
                spawn_local(async move { self.read().await });
            }
            Request::Drawn => {
                if let Some(go_on) = self.go_on.take() {
                    // It settles a promise, which cannot fail.
                    let _ = go_on.call0(&JsValue::NULL);
                }
            }
            Request::Stop => self.reading.set(self.reading.get() + 1),
            Request::Look(looking) => {
                self.answer_waiting();
                self.view.borrow_mut().look(looking, &self.store.borrow());
                self.tell_window();
            }
            Request::Window { first, count } => {
                self.answer_waiting();
                self.window.set((first, count));
                self.tell_window();
            }
            Request::Label { label, genre } => {
                self.answer_waiting();
                if let Some(label) = self.store.borrow_mut().labels.get_mut(label) {
                    label.genre = genre;
                }
                self.view.borrow_mut().again(&self.store.borrow());
                self.tell_summary();
                self.tell_window();
            }
            Request::Save {
                number,
                format,
                rows,
            } => {
                self.answer_waiting();
                spawn_local(async move {
                    let made = self.save(format, rows).await;
                    let made = made.unwrap_or_else(Made::Nothing);
                    tell(&self.scope, &Response::Saved { number, made });
                });
            }
        }
    }

    /// Forgets the files before.
    fn begin(
        &self,
        files: Vec<FileHandle>,
        remembered: &[(String, String)],
        labels: Vec<(String, Option<usize>)>,
    ) {
        self.reading.set(self.reading.get() + 1);
        self.files_turn.set(self.reading.get());
        self.files
            .replace(files.into_iter().map(|handle| handle.file).collect());
        self.unread.take();
        self.remembered.replace(
            remembered
                .iter()
                .filter_map(|(fingerprint, choices)| {
                    let fingerprint = u64::from_str_radix(fingerprint, 16).ok()?;
                    Some((fingerprint, Choices::from_text(choices)))
                })
                .collect(),
        );
        let labels = labels.into_iter().collect();
        self.store.replace(Store::new(self.model.genres(), labels));
        self.window.set(FIRST_WINDOW);
        self.view
            .borrow_mut()
            .look(Looking::default(), &self.store.borrow());
        self.view.borrow_mut().again(&self.store.borrow());
    }

    /// How many rows are kept, and how many of them are tracks.
    fn rows_and_tracks(&self) -> (usize, usize) {
        let store = self.store.borrow();
        (store.len(), store.tracks())
    }

    /// Classifies the rows that wait for it, many at once: one by one they would take several times as long. Whoever looks at the
    /// rows has it done first.
    fn answer_waiting(&self) {
        if self.store.borrow().waiting_rows() == 0 {
            return;
        }
        let mut store = self.store.borrow_mut();
        let titles = self.titles.borrow();
        let answers = self.model.classify_all(&store.waiting()).into_iter();
        let answers = answers.zip(store.waiting_titles()).map(|(answer, title)| {
            let mut answer = answer.ok()?;
            if let Some(titles) = titles.as_ref() {
                titles.add_to(&mut answer, title);
            }
            Some(self.model.in_short(&answer))
        });
        let answers: Vec<Answer> = answers.collect();
        store.answer(answers.into_iter());
    }

    /// Every so many of all rows.
    fn sample(&self) -> ArrayHandle {
        let store = self.store.borrow();
        let every = store.len().div_ceil(SAMPLE).max(1);
        let rows = (0..store.len()).step_by(every);
        let rows = rows.filter_map(|row| {
            let row = u32::try_from(row).ok()?;
            Some((row, store.features(row)?))
        });
        let (rows, features): (Vec<u32>, Vec<Features>) = rows.unzip();
        let answers = self.model.classify_all(&features).into_iter();
        let titles = self.titles.borrow();
        let sample = rows.into_iter().zip(answers).filter_map(|(row, answer)| {
            let mut answer = answer.ok()?;
            if let Some(titles) = titles.as_ref() {
                titles.add_to(&mut answer, store.track(row));
            }
            Some(MapTrack {
                name: full_name(store.track(row), store.artist(row)),
                genre: answer.best,
                probabilities: answer.probabilities,
            })
        });
        ArrayHandle {
            array: sample_to_js(sample),
        }
    }

    fn tell_window(&self) {
        let (store, mut view) = (self.store.borrow(), self.view.borrow_mut());
        view.take_new(&store);
        let (first, count) = self.window.get();
        let total = view.len(&store);
        let first = first.min(total);
        let rows = (first..total.min(first + count))
            .filter_map(|place| store.row(view.row_at(place, &store)?))
            .collect();
        tell(
            &self.scope,
            &Response::Window(Window {
                total,
                all: store.tracks(),
                first,
                rows,
            }),
        );
    }

    fn tell_summary(&self) {
        let store = self.store.borrow();
        let mut labels: Vec<LabelInfo> = store
            .labels
            .iter()
            .enumerate()
            .skip(1)
            .map(|(number, label)| LabelInfo {
                number,
                text: String::new(),
                tracks: label.tracks(),
                genre: label.genre,
            })
            .collect();
        labels.sort_by_key(|label| std::cmp::Reverse(label.tracks));
        let more_labels = labels.len().saturating_sub(LABELS_TOLD);
        labels.truncate(LABELS_TOLD);
        for label in &mut labels {
            if let Some(found) = store.labels.get(label.number) {
                label.text = found.text.clone();
            }
        }
        let genres = self.model.genres().len();
        let agreement = store.agreement();
        let matrix = if store.has_labels() {
            (0..genres)
                .map(|labelled| {
                    (0..genres)
                        .map(|answered| agreement.count(labelled, answered) as u32)
                        .collect()
                })
                .collect()
        } else {
            Vec::new()
        };
        let summary = Summary {
            answered: store.answered.clone(),
            unanswered: store.tracks().saturating_sub(store.with_genre()) as u32,
            unlike: store.unlike,
            labels,
            more_labels,
            matrix,
        };
        tell(&self.scope, &Response::Summary(summary));
    }
}
