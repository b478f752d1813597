//! Reads the visitor's files in pieces, and keeps their rows.

use std::ops::ControlFlow;

use gloo_file::Blob;
use gloo_file::futures::read_as_bytes;
use overtone_genre::{ClassifyError, MINIMUM_FEATURES};
use overtone_tracks::{FileError, Header, Problem, Role, Step, Tables};
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::store::NewRow;
use super::told::{Failure, Table, Told};
use super::{POPULARITY, Worker, tell};
use crate::message::{Response, Sentence, artists};
use crate::page::playlist_texts::problems;

/// The first piece is small, so that the first rows appear at once.
const FIRST_PIECE: u64 = 64 * 1024;

/// How many rows are classified together.
const ANSWERED_TOGETHER: usize = 1024;

/// How many bytes are read at a time after that. To get a piece takes two milliseconds, however small it is, as the browser asks
/// another process for it: in pieces of 128 KiB that was a sixth of all reading.
const PIECE: u64 = 1 << 20;

/// How long rows are read at a stretch, in milliseconds, before what the visitor asks meanwhile is answered.
const STRETCH: f64 = 100.0;

/// How many rows are kept. They take about half a gigabyte; a page may take four.
const MOST_ROWS: usize = 5_000_000;

/// How long reading waits for the first rows to be drawn, at most, in milliseconds.
const DRAWN_WITHIN: i32 = 200;

impl Worker {
    /// Reads all files. What was read before an error counts.
    pub(super) async fn read(&self) {
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

    /// Reads a file in pieces, and takes the steps in it until `on_step` wants no more of them; while one piece is worked on, the
    /// next is read.
    pub(super) async fn for_each_step(
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
}

/// Whether it is the same file once more, as out of a copy of its folder: each of its tracks would count twice.
fn is_same(one: &web_sys::File, other: &web_sys::File) -> bool {
    one.name() == other.name()
        && one.size() == other.size()
        && one.last_modified() == other.last_modified()
}

/// A step in a file.
pub(super) enum Stepped<'a> {
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
