//! The worker: reads the visitor's files, so that nothing in them can stop the page.

use gloo_file::Blob;
use gloo_file::futures::read_as_bytes;
use js_sys::{Array, Uint8Array};
use overtone_genre::{Model, Popularity};
use overtone_tracks::{Header, LabelledWriter, Reader, Role, Row};
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::message::{BlobHandle, Request, Response, TrackRow, decode, encode};

/// The first piece is small, so that the first rows appear at once.
const FIRST_PIECE: u64 = 64 * 1024;

/// How many bytes are read at a time after that:
/// so few that the page, which draws while rows come, is never kept busy for long.
const PIECE: u64 = 256 * 1024;

/// Visitors' playlists are not those that the model has learned from.
const POPULARITY: Popularity = Popularity::Ignored;

/// Listens to the page, and tells it so.
pub(crate) fn start(scope: DedicatedWorkerGlobalScope) {
    let listener = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(request) = decode::<Request>(event.data()) else {
                return;
            };
            let scope = scope.clone();
            spawn_local(async move {
                let response = match request {
                    Request::Read(handle) => read(&scope, &handle.file.into()).await,
                    Request::Label(handle) => label(&handle.file.into()).await,
                };
                tell(&scope, &response.unwrap_or_else(Response::Failed));
            });
        })
    };
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The worker listens for as long as it lives.
    listener.forget();
    tell(&scope, &Response::Ready);
}

fn tell(scope: &DedicatedWorkerGlobalScope, response: &Response) {
    // Posting fails only for what cannot be copied, and a response is plain data or a blob.
    let _ = scope.post_message(&encode(response));
}

/// Reads a file in pieces, and gives its column names in the end. `on_piece` is called after each, with the share that
/// is read.
async fn for_each_row(
    file: &Blob,
    mut on_row: impl FnMut(Row<'_>),
    mut on_piece: impl FnMut(f64),
) -> Result<Option<Header>, String> {
    let size = file.size();
    let mut reader = Reader::new();
    let mut offset = 0;
    loop {
        let piece = if offset == 0 { FIRST_PIECE } else { PIECE };
        let end = size.min(offset + piece);
        let bytes = read_as_bytes(&file.slice(offset, end))
            .await
            .map_err(|error| {
                format!("The file cannot be read any more; was it moved or changed? ({error})")
            })?;
        reader.push(&bytes);
        offset = end;
        if offset >= size {
            reader.finish();
        }
        while let Some(row) = reader.next_row().map_err(|error| error.to_string())? {
            on_row(row);
        }
        on_piece(offset as f64 / size.max(1) as f64);
        if offset >= size {
            return Ok(reader.header().cloned());
        }
    }
}

async fn read(scope: &DedicatedWorkerGlobalScope, file: &Blob) -> Result<Response, String> {
    let model = Model::eight_genres().map_err(|error| error.to_string())?;
    let rows = std::cell::RefCell::new(Vec::new());
    let problems = std::cell::RefCell::new(Vec::new());
    let tell_rows = |progress| {
        let response = Response::Rows {
            rows: rows.take(),
            problems: problems.take(),
            progress,
        };
        tell(scope, &response);
    };
    let result = for_each_row(
        file,
        |row| {
            let mut problems = problems.borrow_mut();
            problems.extend(row.problems.iter().map(ToString::to_string));
            let genre = match row.classify(&model, POPULARITY) {
                Ok(found) => Some((found.best, found.confidence)),
                Err(problem) => {
                    problems.push(problem.to_string());
                    None
                }
            };
            rows.borrow_mut().push(TrackRow::new(
                row.line,
                row.text(Role::Track),
                row.text(Role::Artist),
                genre,
                &row.features.with(POPULARITY),
            ));
        },
        tell_rows,
    )
    .await;
    // What was read before an error counts.
    if result.is_err() {
        tell_rows(1.0);
    }
    result.map(|_| Response::Read)
}

async fn label(file: &Blob) -> Result<Response, String> {
    let model = Model::eight_genres().map_err(|error| error.to_string())?;
    let parts = Array::new();
    let labelled = std::cell::RefCell::new(Vec::new());
    let mut writer = None;
    let header = for_each_row(
        file,
        |row| {
            let mut labelled = labelled.borrow_mut();
            let writer = writer
                .get_or_insert_with(|| LabelledWriter::new(&model, row.header, &mut labelled));
            let classification = row.classify(&model, POPULARITY).ok();
            writer.write_row(&row, classification.as_ref(), &mut labelled);
        },
        |_| {
            // The browser keeps what is written so far, on disk if it is much.
            parts.push(&Uint8Array::from(labelled.take().as_slice()));
        },
    )
    .await?;
    // A table without rows has columns all the same.
    if let (None, Some(header)) = (writer, header) {
        let mut columns = Vec::new();
        LabelledWriter::new(&model, &header, &mut columns);
        parts.push(&Uint8Array::from(columns.as_slice()));
    }
    let blob = blob_of(&parts).map_err(|_| "The browser has no memory left for the file.")?;
    Ok(Response::Labelled(BlobHandle { blob }))
}

fn blob_of(parts: &Array) -> Result<web_sys::Blob, JsValue> {
    web_sys::Blob::new_with_u8_array_sequence(parts)
}
