//! The visitor's files, as far as the page itself knows of them: where they come in. Their tracks have a room of their
//! own, which is loaded when somebody comes with a file (see [`super::room`]).

use std::time::Duration;

use leptos::prelude::*;
use web_sys::File;

use super::boxed;
use super::chosen::Chosen;
use super::drop_zone::DropZone;
use super::language::Language;
use super::playlist_texts as texts;
use crate::bridge::{self, Shown};
use crate::message::MapTrack;

/// Where the room has got to.
#[derive(Clone, Debug, PartialEq)]
enum Room {
    /// Nobody has wanted it.
    Unwanted,
    Coming,
    Here,
    /// It cannot be loaded; why.
    Missing(String),
}

/// What the page knows of the visitor's files.
#[derive(Clone, Copy)]
pub(crate) struct Files {
    /// Tracks from all over the files, once they have been read.
    pub(crate) sample: RwSignal<Vec<MapTrack>>,
    room: RwSignal<Room>,
    /// Files that came before the room.
    waiting: RwSignal<Vec<File>, LocalStorage>,
    shown: Memo<Shown>,
    chosen: Chosen,
}

impl Files {
    pub(crate) fn new(chosen: Chosen, language: RwSignal<Language>) -> Self {
        let shown = Memo::new(move |_| {
            let (model, genres) = chosen.model();
            Shown {
                language: language.get().tag().to_owned(),
                model,
                genres,
                track: chosen.track.get(),
            }
        });
        let files = Self {
            sample: RwSignal::new(Vec::new()),
            room: RwSignal::new(Room::Unwanted),
            waiting: RwSignal::new_local(Vec::new()),
            shown,
            chosen,
        };
        let listeners = [
            bridge::on_here(move || files.greet()),
            bridge::on_missing(move |why| files.room.set(Room::Missing(why))),
            bridge::on_track(move |track| chosen.load(track)),
            bridge::on_other_values(move || chosen.forget_files()),
            bridge::on_sample(move |tracks| {
                // Drawn in a task of its own, behind what the room draws.
                set_timeout(move || files.sample.set(tracks), Duration::ZERO);
            }),
        ];
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
        files
    }

    /// Has the room loaded: somebody is about to come with a file.
    pub(crate) fn prepare(&self) {
        if matches!(self.room.get_untracked(), Room::Unwanted | Room::Missing(_)) {
            self.room.set(Room::Coming);
            bridge::load_room();
        }
    }

    /// Gives files to the room, as soon as it is there.
    pub(crate) fn give(&self, files: Vec<File>) {
        if files.is_empty() {
            return;
        }
        self.chosen.forget_files();
        if self.room.get_untracked() == Room::Here {
            bridge::tell_files(&files);
        } else {
            self.waiting.set(files);
            self.prepare();
        }
    }

    fn greet(&self) {
        self.room.set(Room::Here);
        bridge::tell_shown(&self.shown.get_untracked());
        let waiting = self.waiting.try_update(std::mem::take).unwrap_or_default();
        if !waiting.is_empty() {
            bridge::tell_files(&waiting);
        }
    }

    fn tell_shown(&self) {
        let shown = self.shown.get();
        if self.room.get_untracked() == Room::Here {
            bridge::tell_shown(&shown);
        }
    }
}

/// Where files come in, and the place for their tracks.
#[component]
pub(crate) fn FilesRoom(files: Files) -> impl IntoView {
    // The room has to be told of its new place, when this is drawn anew.
    boxed::follow(move || files.tell_shown());
    let is_awaited = move || files.room.get() == Room::Coming && !files.waiting.with(Vec::is_empty);
    let missing = move || match files.room.get() {
        Room::Missing(why) => Some(texts::room_missing(&why)),
        _ => None,
    };
    view! {
        <section class="card playlist" aria-labelledby="playlist-title" data-state="waiting">
            <div class="card-head">
                <h2 id="playlist-title">{texts::title()}</h2>
            </div>
            <DropZone files />
            <div role="status" data-testid="room">
                {boxed::part(move || is_awaited().then(|| view! { <p class="status">{texts::room_coming()}</p> }))}
                {boxed::part(move || missing().map(|sentence| view! { <p class="status notice">{sentence}</p> }))}
            </div>
            <div id="files-room"></div>
        </section>
    }
}
