//! The worker: reads the visitor's files, so that nothing in them can stop the page, and keeps their rows, so that sorting
//! and searching a million of them cannot either.

mod folded;
mod save;
mod store;
mod view;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use gloo_file::Blob;
use gloo_file::futures::read_as_bytes;
use overtone_genre::{ClassifyError, Features, MINIMUM_FEATURES, Model, Popularity, Titles};
use overtone_tracks::{
    Choices, Column, Confidence, FileError, Header, Note, Problem, Role, Step, Tables,
};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::bridge::sample_to_js;
use crate::message::{
    ArrayHandle, ColumnInfo, FileHandle, LabelInfo, Looking, Made, MapTrack, Progress, Request,
    Response, Sentence, Summary, Sureness, TableInfo, Window, artists, decode, encode, full_name,
};
use crate::page::playlist_texts::problems;
use store::{Answer, NewRow, Store};
use view::View;

/// The first piece is small, so that the first rows appear at once.
const FIRST_PIECE: u64 = 64 * 1024;

/// How many rows are classified together.
const ANSWERED_TOGETHER: usize = 1024;

/// How many tracks the map shows; of a longer list every so many.
const SAMPLE: usize = 400;

/// How many bytes are read at a time after that. To get a piece takes two milliseconds, however small it is, as the browser asks
/// another process for it: in pieces of 128 KiB that was a sixth of all reading.
const PIECE: u64 = 1 << 20;

/// How often the page is told how far reading has come, in milliseconds. Drawing takes it some fifteen each time.
const TELL_EVERY: f64 = 250.0;

/// How long rows are read at a stretch, in milliseconds, before what the visitor asks meanwhile is answered.
const STRETCH: f64 = 100.0;

/// How many problems are told in words; the others are only counted.
const PROBLEMS_TOLD: usize = 50;

/// How many notes about tables are told, and how many of those that cannot be read; the others are only counted.
const NOTES_TOLD: usize = 20;

/// How many rows are kept. They take about half a gigabyte; a page may take four.
const MOST_ROWS: usize = 5_000_000;

/// How many of the file's own genres the page shows.
const LABELS_TOLD: usize = 200;

/// Visitors' playlists are not those that the model has learned from.
const POPULARITY: Popularity = Popularity::Ignored;

/// How long reading waits for the first rows to be drawn, at most, in milliseconds.
const DRAWN_WITHIN: i32 = 200;

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

    /// Reads all files. What was read before an error counts.
    async fn read(&self) {
        let turn = self.reading.get();
        let mut told = Told::new(self.files.borrow().iter().map(|file| file.size()).sum());
        let files = self.files.borrow().clone();
        let several = files.len() > 1;
        let mut failed = Vec::new();
        let mut table = Table::default();
        for (place, file) in files.iter().enumerate() {
            let name = file.name();
            if files.iter().take(place).any(|other| is_same(other, file)) {
                told.always(problems::given_twice(&name));
                told.bytes_read += file.size();
                self.unread.borrow_mut().push(place);
                continue;
            }
            let (rows_before, tracks_before) = self.rows_and_tracks();
            let failed_before = failed.len();
            let result = self
                .for_each_step(file, turn, |step| {
                    match step {
                        Stepped::Begin(within) => {
                            table.begin(&name, within, several, self.rows_and_tracks().1);
                        }
                        Stepped::Row(tables) => self.keep(&mut table, tables, &mut told),
                        Stepped::End(header) => {
                            if let Some(header) = header {
                                self.tell_table(&mut table, header, &mut told);
                            }
                        }
                        Stepped::Refused(error, header) => {
                            if let Some(header) = header.filter(|header| self.may_be_told(header)) {
                                self.tell_table(&mut table, header, &mut told);
                            }
                            failed.push(Failure {
                                name: table.name.clone(),
                                tracks: self.rows_and_tracks().1 - table.tracks_before,
                                error,
                            });
                        }
                        Stepped::PassedOver(within) => {
                            told.note(problems::passed_over(&within, &name));
                        }
                        Stepped::Read(bytes) => {
                            told.bytes_read += bytes;
                            self.tell_progress(&mut told, false);
                        }
                    }
                    ControlFlow::Continue(())
                })
                .await;
            // Other files are read by now, and what is kept is theirs.
            if self.files_turn.get() != turn {
                return;
            }
            if let Err(error) = result {
                failed.push(Failure {
                    name: name.clone(),
                    tracks: self.rows_and_tracks().1 - tracks_before,
                    error,
                });
            }
            if failed.len() > failed_before && self.rows_and_tracks().0 == rows_before {
                self.unread.borrow_mut().push(place);
            }
            if self.reading.get() != turn {
                break;
            }
        }
        let (_, tracks) = self.rows_and_tracks();
        let broken_off = match failed.as_slice() {
            [only] if !several && only.tracks == tracks => Some(only.error.clone()),
            // Of several, those that cannot be read are told beside the others.
            _ => {
                told.failures(&failed);
                None
            }
        };
        let other_labels = self.store.borrow().other_labels;
        if other_labels > 0 {
            told.always(problems::too_many_labels(other_labels));
        }
        self.answer_waiting();
        self.view.borrow_mut().take_new(&self.store.borrow());
        self.view.borrow_mut().sort(&self.store.borrow());
        self.tell_progress(&mut told, true);
        let response = match broken_off {
            Some(why) if tracks == 0 => Response::Failed(why),
            None if tracks == 0 && !failed.is_empty() => {
                Response::Failed(problems::no_track_can_be_read())
            }
            broken_off => Response::Read {
                sample: self.sample(),
                unread: self.unread.borrow().len(),
                broken_off,
            },
        };
        tell(&self.scope, &response);
    }

    /// How many rows are kept, and how many of them are tracks.
    fn rows_and_tracks(&self) -> (usize, usize) {
        let store = self.store.borrow();
        (store.len(), store.tracks())
    }

    /// Reads a file in pieces, and takes the steps in it until `on_step` wants no more of them; while one piece is worked on, the
    /// next is read.
    async fn for_each_step(
        &self,
        file: &web_sys::File,
        turn: u32,
        mut on_step: impl FnMut(Stepped<'_>) -> ControlFlow<()>,
    ) -> Result<(), Sentence> {
        let blob = Blob::from(web_sys::Blob::from(file.clone()));
        let size = blob.size();
        let mut tables = Tables::new(self.remembered.borrow().clone());
        let piece_at = |offset: u64| {
            let piece = if offset == 0 { FIRST_PIECE } else { PIECE };
            let end = size.min(offset + piece);
            (end, read_as_bytes(&blob.slice(offset, end)))
        };
        let (mut end, mut coming) = piece_at(0);
        loop {
            let bytes = coming.await.map_err(|_| problems::file_is_gone())?;
            if self.reading.get() != turn {
                return Ok(());
            }
            tables.push(&bytes);
            let finished = end >= size;
            if finished {
                tables.finish();
            }
            (end, coming) = piece_at(end);
            let had_none = self.store.borrow().tracks() == 0;
            let mut since = js_sys::Date::now();
            let mut steps = 0u32;
            loop {
                let step = tables
                    .step()
                    .map_err(|error| problems::file_error(&error))?;
                let step = match step {
                    Step::Wait => break,
                    Step::Begin(within) => Stepped::Begin(within),
                    Step::Row => Stepped::Row(&tables),
                    Step::End => Stepped::End(tables.header()),
                    Step::Refused(error) => {
                        let header = match error {
                            FileError::FeaturesMissing(_) => tables.header(),
                            _ => None,
                        };
                        Stepped::Refused(problems::file_error(&error), header)
                    }
                    Step::PassedOver(within) => Stepped::PassedOver(within),
                    Step::Done => {
                        let _ = on_step(Stepped::Read(bytes.len() as f64));
                        return Ok(());
                    }
                };
                if on_step(step).is_break() {
                    return Ok(());
                }
                steps += 1;
                if steps.is_multiple_of(1024) && js_sys::Date::now() - since > STRETCH {
                    if on_step(Stepped::Read(0.0)).is_break() {
                        return Ok(());
                    }
                    // Reading nothing lets other messages come through.
                    let _ = read_as_bytes(&blob.slice(0, 0)).await;
                    if self.reading.get() != turn {
                        return Ok(());
                    }
                    since = js_sys::Date::now();
                }
            }
            if on_step(Stepped::Read(bytes.len() as f64)).is_break() || finished {
                return Ok(());
            }
            if had_none && self.store.borrow().tracks() > 0 {
                self.until_drawn().await;
            }
        }
    }

    /// Waits for the page to draw the first rows, but not for long. Where there are few processors, whoever reads on takes the
    /// time from the page that the visitor looks at.
    async fn until_drawn(&self) {
        let promise = js_sys::Promise::new(&mut |go_on, _| {
            let longest = self
                .scope
                .set_timeout_with_callback_and_timeout_and_arguments_0(&go_on, DRAWN_WITHIN);
            // Without a clock it goes on at once.
            if longest.is_ok() {
                self.go_on.replace(Some(go_on));
            } else {
                let _ = go_on.call0(&JsValue::NULL);
            }
        });
        let _ = JsFuture::from(promise).await;
        self.go_on.take();
    }

    /// Classifies and keeps a row.
    fn keep(&self, table: &mut Table, tables: &Tables, told: &mut Told) {
        let Some(row) = tables.row() else { return };
        self.tell_table(table, row.header, told);
        if self.store.borrow().len() >= MOST_ROWS {
            if !std::mem::replace(&mut told.has_too_many_rows, true) {
                told.always(problems::too_many_rows());
            }
            // As if the visitor had stopped it.
            self.reading.set(self.reading.get() + 1);
            return;
        }
        for problem in &row.problems {
            told.problem(&table.shown, problem);
        }
        let found = row.features.audio_count();
        let is_track = !row.is_no_track();
        if found < MINIMUM_FEATURES && is_track {
            let error = ClassifyError::TooFewFeatures { found };
            told.problem(&table.shown, &Problem::no_answer(row.line, error));
        }
        let text = |role| {
            row.cell(role)
                .map(String::from_utf8_lossy)
                .unwrap_or_default()
        };
        self.store.borrow_mut().push(&NewRow {
            table: table.number,
            line: row.line,
            track: text(Role::Track).trim(),
            artist: &artists(&row.text(Role::Artist)),
            label: text(Role::Genre).trim(),
            features: row.features.with(POPULARITY),
            is_track,
        });
        if self.store.borrow().waiting_rows() >= ANSWERED_TOGETHER {
            self.answer_waiting();
        }
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

    /// Whether somebody may know better what a refused table's columns are, or has chosen so that too few are left. What a known
    /// tool leaves out, no choice brings back.
    fn may_be_told(&self, header: &Header) -> bool {
        let is_chosen = || {
            let fingerprint = header.fingerprint();
            let remembered = self.remembered.borrow();
            remembered.iter().any(|(known, _)| *known == fingerprint)
        };
        header.columns.len() >= MINIMUM_FEATURES && (header.tool.is_none() || is_chosen())
    }

    /// Tells the page once what was understood of a table.
    fn tell_table(&self, table: &mut Table, header: &Header, told: &mut Told) {
        if !std::mem::replace(&mut table.is_told, true) {
            table.number = table.tables;
            table.tables = table.tables.saturating_add(1);
            // What is said of a column stands beside it.
            let notes = header.notes.iter();
            let notes = notes.filter(|note| !matches!(note, Note::NotRead { .. }));
            for note in notes {
                told.note(problems::note(&table.shown, note));
            }
            let remembered = self.remembered.borrow();
            let chosen = remembered
                .iter()
                .find(|(known, _)| *known == header.fingerprint());
            let choices = chosen
                .map(|(_, choices)| choices.to_string())
                .unwrap_or_default();
            tell(
                &self.scope,
                &Response::Table(table_info(&self.model, &table.name, header, choices)),
            );
        }
    }

    fn tell_progress(&self, told: &mut Told, always: bool) {
        let now = js_sys::Date::now();
        let rows = self.store.borrow().tracks();
        let is_first = told.rows == 0 && rows > 0;
        if !always && !is_first && now - told.at < TELL_EVERY {
            return;
        }
        self.answer_waiting();
        told.at = now;
        told.rows = rows;
        let progress = Progress {
            bytes: (told.bytes_read, told.bytes),
            rows,
            with_genre: self.store.borrow().with_genre(),
            problems: std::mem::take(&mut told.problems),
            problem_count: told.problem_count,
            notes: std::mem::take(&mut told.notes),
            note_count: told.note_count,
        };
        self.tell_window();
        self.tell_summary();
        tell(&self.scope, &Response::Progress(progress));
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

/// Whether it is the same file once more, as out of a copy of its folder: each of its tracks would count twice.
fn is_same(one: &web_sys::File, other: &web_sys::File) -> bool {
    one.name() == other.name()
        && one.size() == other.size()
        && one.last_modified() == other.last_modified()
}

/// A step in a file.
enum Stepped<'a> {
    /// A table begins; its name within an archive.
    Begin(Option<String>),
    Row(&'a Tables),
    End(Option<&'a Header>),
    /// Of a table in which features are missing also what was understood.
    Refused(Sentence, Option<&'a Header>),
    PassedOver(String),
    /// So many bytes have been worked on.
    Read(f64),
}

/// The table that is being read.
#[derive(Default)]
struct Table {
    name: String,
    /// What stands before its problems: its name, if there are several.
    shown: String,
    /// The number of the table among those that the page has been told of.
    number: u16,
    /// How many tables the page has been told of.
    tables: u16,
    is_told: bool,
    /// How many tracks there were before it.
    tracks_before: usize,
}

impl Table {
    fn begin(&mut self, file: &str, within: Option<String>, several: bool, tracks_before: usize) {
        self.shown = match (&within, several) {
            (Some(within), _) => format!("{within}, "),
            (None, true) => format!("{file}, "),
            (None, false) => String::new(),
        };
        self.name = within.unwrap_or_else(|| file.to_owned());
        self.is_told = false;
        self.tracks_before = tracks_before;
    }
}

/// A table, or a file, that cannot be read, or not any further.
struct Failure {
    name: String,
    /// How many of its tracks were read.
    tracks: usize,
    error: Sentence,
}

/// What is to be told about reading.
struct Told {
    bytes: f64,
    bytes_read: f64,
    /// When the page was told last.
    at: f64,
    /// How many rows there were then.
    rows: usize,
    problems: Vec<Sentence>,
    problem_count: usize,
    notes: Vec<Sentence>,
    note_count: usize,
    has_too_many_rows: bool,
}

impl Told {
    fn new(bytes: f64) -> Self {
        Self {
            bytes,
            bytes_read: 0.0,
            at: js_sys::Date::now(),
            rows: 0,
            problems: Vec::new(),
            problem_count: 0,
            notes: Vec::new(),
            note_count: 0,
            has_too_many_rows: false,
        }
    }

    /// An archive may have thousands of files that are no tables.
    fn note(&mut self, note: Sentence) {
        if self.note_count < NOTES_TOLD {
            self.notes.push(note);
        }
        self.note_count += 1;
    }

    /// Told however much else there is to tell.
    fn always(&mut self, note: Sentence) {
        self.notes.push(note);
        self.note_count += 1;
    }

    fn failures(&mut self, failed: &[Failure]) {
        for failure in failed.iter().take(NOTES_TOLD) {
            self.notes.push(match failure.tracks {
                0 => problems::not_read(&failure.name, &failure.error),
                tracks => problems::read_until(&failure.name, tracks, &failure.error),
            });
        }
        self.note_count += failed.len();
    }

    fn problem(&mut self, table: &str, problem: &Problem) {
        self.problem_count += 1;
        if self.problem_count <= PROBLEMS_TOLD {
            self.problems.push(problems::problem(table, problem));
        }
    }
}

fn table_info(model: &Model, name: &str, header: &Header, choices: String) -> TableInfo {
    // What a track of this table has; the values do not matter.
    let mut features = Features::default();
    for (_, feature) in header.features() {
        features.set(feature, Some(0.0));
    }
    let quality = model.quality();
    TableInfo {
        name: name.to_owned(),
        tool: header.tool.map(problems::tool),
        encoding: header.encoding.to_string(),
        delimiter: char::from(header.delimiter),
        fingerprint: format!("{:016x}", header.fingerprint()),
        choices,
        columns: header.columns.iter().map(column_info).collect(),
        missing: header
            .missing_features()
            .map(|feature| feature.name().to_owned())
            .collect(),
        is_refused: features.audio_count() < MINIMUM_FEATURES,
        cost: quality.and_then(|quality| quality.cost_of_missing(&features)),
    }
}

fn column_info(column: &Column) -> ColumnInfo {
    ColumnInfo {
        name: column.name.clone(),
        values: column.values.clone(),
        role: column.role.map(|role| role.name().to_owned()),
        unit: column
            .understanding
            .map(|understanding| understanding.unit.name().to_owned()),
        confidence: column.confidence().map(|confidence| match confidence {
            Confidence::Unsure => Sureness::Unsure,
            Confidence::Likely => Sureness::Likely,
            Confidence::Certain => Sureness::Certain,
        }),
        example: column
            .values
            .iter()
            .find_map(|value| Some((value.clone(), column.read(value)?))),
        unfit: column
            .unfit
            .map(|(role, why)| (role.name().to_owned(), problems::unfit(role, why))),
    }
}
