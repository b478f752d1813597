//! Files made of the rows: the visitor's files are read once more, and written piece by piece.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use js_sys::{Array, Uint8Array};
use overtone_genre::Classification;
use overtone_tracks::{
    ByteOrderMark, Cells, Header, LabelledOptions, LabelledWriter, Marks, Problem, Role, Row,
    RowBatch, Tables, is_formula, write_json,
};
use wasm_bindgen::JsValue;

use super::reading::Stepped;
use super::{POPULARITY, Worker};
use crate::message::{BlobHandle, Format, Made, Sentence, WhichRows, artists};
use crate::page::playlist_texts::problems;

/// How many bytes are gathered before the browser takes them, on disk if it is much.
const GATHERED: usize = 1 << 20;

/// Files that are being made.
struct Making<'a> {
    worker: &'a Worker,
    format: Format,
    /// The name of a file that holds rows of all tables.
    whole: &'a str,
    /// Whether each row is written, up to the last that is.
    wanted: Vec<bool>,
    /// The number of the next row.
    row: usize,
    /// The wanted rows that are not written yet, and their numbers.
    batch: RowBatch,
    waiting: Vec<usize>,
    /// The lines of a text, by the numbers of their rows.
    lines: BTreeMap<usize, String>,
    /// In which order they go, if not in that of the rows.
    order: Option<Vec<u32>>,
    finished: Vec<(String, web_sys::Blob)>,
    /// Whether the browser had no room for one of the files.
    has_lost_a_file: bool,
    present: Option<Present>,
}

/// The file that is being made.
struct Present {
    name: String,
    /// The columns of a CSV file.
    csv: Option<(LabelledWriter, Cells)>,
    bytes: Vec<u8>,
    /// What the browser has taken of it.
    parts: Array,
    rows: usize,
}

impl Worker {
    /// Makes files of rows. Tables with the same columns go into one file; in JSON, all do.
    pub(super) async fn save(&self, format: Format, which: WhichRows) -> Result<Made, Sentence> {
        let (mut wanted, order) = {
            let (store, mut view) = (self.store.borrow(), self.view.borrow_mut());
            view.take_new(&store);
            match which {
                WhichRows::All => (vec![true; store.len()], None),
                WhichRows::Shown => (view.rows(&store), view.order().map(<[u32]>::to_vec)),
                WhichRows::OfGenre(genre) => {
                    let mut wanted = view.rows(&store);
                    for (row, is_wanted) in (0..).zip(&mut wanted) {
                        *is_wanted &= store.genre(row) == Some(genre);
                    }
                    (wanted, view.order().map(<[u32]>::to_vec))
                }
            }
        };
        let last = wanted.iter().rposition(|&is_wanted| is_wanted);
        let Some(last) = last else {
            return match format {
                Format::Uris | Format::Text => Ok(Made::Text(String::new())),
                _ => Err(problems::no_track_shown()),
            };
        };
        wanted.truncate(last + 1);
        let turn = self.reading.get();
        let files = self.files.borrow().clone();
        let whole = match files.as_slice() {
            [only] => stem(&only.name()).to_owned(),
            _ => "playlists".to_owned(),
        };
        let mut making = Making {
            worker: self,
            format,
            whole: &whole,
            wanted,
            row: 0,
            batch: RowBatch::default(),
            waiting: Vec::new(),
            lines: BTreeMap::new(),
            order,
            finished: Vec::new(),
            has_lost_a_file: false,
            present: None,
        };
        for (place, file) in files.iter().enumerate() {
            if making.is_complete() {
                break;
            }
            // If it gave rows now, those of the files behind it would not be the ones that are wanted.
            if self.unread.borrow().contains(&place) {
                continue;
            }
            let mut name = file.name();
            let result = self
                .for_each_step(file, turn, |step| {
                    match step {
                        Stepped::Row(tables) => making.take(&name, tables),
                        Stepped::Begin(within) => {
                            making.write_batch(&name);
                            if let Some(within) = within {
                                name = within;
                            }
                        }
                        _ => {}
                    }
                    // Whatever comes behind the last of them need not be read again.
                    if making.is_complete() {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                })
                .await;
            making.write_batch(&name);
            // What could be read before is saved, as it is shown. But of a file that has changed since, nobody knows which of its
            // rows are wanted, nor which of those behind it.
            if let Err(error) = result
                && (making.row == 0 || error == problems::file_is_gone())
            {
                return Err(error);
            }
            if self.reading.get() != turn {
                return Err(problems::other_files_meanwhile());
            }
        }
        making.end()
    }
}

impl Making<'_> {
    /// Whether all wanted rows have been taken.
    fn is_complete(&self) -> bool {
        self.row >= self.wanted.len()
    }

    fn begin(&mut self, table: &str, header: &Header) {
        let options = match self.format {
            Format::Csv => LabelledOptions::default(),
            Format::CsvForSpreadsheets { has_decimal_commas } => LabelledOptions {
                byte_order_mark: ByteOrderMark::Always,
                guard_formulas: true,
                marks: if has_decimal_commas {
                    Marks::DecimalCommas
                } else {
                    Marks::AsOriginal
                },
            },
            Format::Json => {
                if self.present.is_none() {
                    self.present = Some(Present::new(self.whole, None, b"[\n".to_vec()));
                }
                return;
            }
            Format::Uris | Format::Text => return,
        };
        let fits = self
            .present
            .as_ref()
            .and_then(|present| present.csv.as_ref());
        if fits.is_some_and(|(_, columns)| columns == header.cells()) {
            return;
        }
        self.finish_present();
        let mut bytes = Vec::new();
        let writer = LabelledWriter::with_options(&self.worker.model, header, options, &mut bytes);
        let csv = Some((writer, header.cells().clone()));
        self.present = Some(Present::new(stem(table), csv, bytes));
    }

    /// Takes the next row, to be written with others if it is wanted.
    fn take(&mut self, table: &str, tables: &Tables) {
        let Some(row) = tables.row() else { return };
        let is_wanted = self.wanted.get(self.row).copied().unwrap_or(false);
        self.row += 1;
        // Not before there is one: of a table without, nobody wants the names of its columns.
        if is_wanted {
            self.begin(table, row.header);
            self.batch.push(row);
            self.waiting.push(self.row - 1);
        }
        if self.batch.is_full() {
            self.write_batch(table);
        }
    }

    /// Writes the rows that wait for it, all of this table.
    fn write_batch(&mut self, table: &str) {
        let batch = std::mem::take(&mut self.batch);
        let waiting = std::mem::take(&mut self.waiting);
        let titles = self.worker.titles.borrow();
        let classified = batch.classified(&self.worker.model, titles.as_ref(), POPULARITY);
        for (number, (row, result)) in waiting.into_iter().zip(classified) {
            match self.format {
                Format::Uris | Format::Text => self.write_line(number, &row, result.ok()),
                _ => self.write(table, &row, result),
            }
        }
    }

    fn write(&mut self, table: &str, row: &Row<'_>, result: Result<Classification, Problem>) {
        let Some(present) = &mut self.present else {
            return;
        };
        match (self.format, &mut present.csv) {
            (_, Some((writer, _))) => {
                writer.write_row(row, result.ok().as_ref(), &mut present.bytes)
            }
            (_, None) if row.is_no_track() => return,
            (Format::Json, None) => {
                if present.rows > 0 {
                    present.bytes.extend_from_slice(b",\n");
                }
                write_json(
                    &self.worker.model,
                    table,
                    row,
                    result.as_ref(),
                    &mut present.bytes,
                );
            }
            // Lines of a text are no file.
            _ => return,
        }
        present.rows += 1;
        if present.bytes.len() >= GATHERED {
            self.has_lost_a_file |= present.hand_over().is_err();
        }
    }

    /// Makes a row's line of a text.
    fn write_line(&mut self, number: usize, row: &Row<'_>, found: Option<Classification>) {
        if row.is_no_track() {
            return;
        }
        let line = match self.format {
            Format::Uris => row.uri(),
            _ => {
                let genres = self.worker.model.genres();
                let genre = found.as_ref().and_then(|found| genres.get(found.best));
                let percent = |found: &Classification| format!("{:.0} %", 100.0 * found.confidence);
                let cells = [
                    in_a_cell(row, Role::Track),
                    artists(&in_a_cell(row, Role::Artist)),
                    genre.cloned().unwrap_or_default(),
                    found.as_ref().map(percent).unwrap_or_default(),
                ];
                Some(cells.join("\t"))
            }
        };
        if let Some(line) = line {
            self.lines.insert(number, line);
        }
    }

    fn finish_present(&mut self) {
        let Some(mut present) = self.present.take() else {
            return;
        };
        if self.format == Format::Json {
            present.bytes.extend_from_slice(b"\n]\n");
        }
        self.has_lost_a_file |= present.hand_over().is_err();
        let ending = match self.format {
            Format::Csv | Format::CsvForSpreadsheets { .. } => "csv",
            _ => "json",
        };
        match web_sys::Blob::new_with_blob_sequence(&present.parts) {
            Ok(blob) => self
                .finished
                .push((format!("{}-genres.{ending}", present.name), blob)),
            Err(_) => self.has_lost_a_file = true,
        }
    }

    fn end(mut self) -> Result<Made, Sentence> {
        if matches!(self.format, Format::Uris | Format::Text) {
            let mut text = String::new();
            let order = self.order.take().unwrap_or_default();
            let shown = order
                .iter()
                .filter_map(|&row| self.lines.remove(&(row as usize)));
            let shown: Vec<String> = shown.collect();
            for line in shown.into_iter().chain(self.lines.into_values()) {
                text += &line;
                text.push('\n');
            }
            return Ok(Made::Text(text));
        }
        self.finish_present();
        if self.finished.is_empty() || self.has_lost_a_file {
            return Err(problems::no_memory_left());
        }
        let files = self
            .finished
            .into_iter()
            .map(|(name, blob)| (name, BlobHandle { blob }));
        Ok(Made::Files(files.collect()))
    }
}

impl Present {
    fn new(name: &str, csv: Option<(LabelledWriter, Cells)>, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            csv,
            bytes,
            parts: Array::new(),
            rows: 0,
        }
    }

    /// Gives what has been written to the browser, so that the worker has never the whole file. Fails where the browser has no
    /// room for it.
    fn hand_over(&mut self) -> Result<(), JsValue> {
        let bytes = Uint8Array::from(self.bytes.as_slice());
        self.bytes.clear();
        let part = web_sys::Blob::new_with_u8_array_sequence(&Array::of1(&bytes))?;
        self.parts.push(&part);
        Ok(())
    }
}

/// A file's name without its ending. It may come from within an archive, with folders before it.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A text without what would begin another cell or line, and with an apostrophe before what a spreadsheet would run.
fn in_a_cell(row: &Row<'_>, role: Role) -> String {
    let text = row.text(role).replace(['\t', '\n', '\r'], " ");
    if is_formula(text.as_bytes()) {
        format!("'{text}")
    } else {
        text
    }
}
