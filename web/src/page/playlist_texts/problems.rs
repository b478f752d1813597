//! What can be wrong with files, in each of the page's languages: the worker that finds it does not know which one the
//! visitor reads. In English it is said as the command line says it.

use overtone_tracks::{FileError, MOST_LABELS, Note, Problem, Role, Tool, Unfit};

use super::german_problems as german;
use crate::message::Sentence;
use crate::page::language::{self, Language};

/// A sentence with a count, in which each language has its own mark between thousands.
fn counted(english: impl FnOnce() -> String, german: impl FnOnce() -> String) -> Sentence {
    let present = language::current();
    language::use_tag(Language::English.tag());
    let english = english();
    language::use_tag(Language::German.tag());
    let german = german();
    language::use_tag(present.tag());
    Sentence { english, german }
}

/// A problem of a row; what stands before it tells the table.
pub(crate) fn problem(table: &str, problem: &Problem) -> Sentence {
    Sentence {
        english: format!("{table}{problem}"),
        german: format!("{table}{}", german::problem(problem)),
    }
}

/// Something about a table as a whole.
pub(crate) fn note(table: &str, note: &Note) -> Sentence {
    Sentence {
        english: format!("{table}{note}"),
        german: format!("{table}{}", german::note(note)),
    }
}

pub(crate) fn file_error(error: &FileError) -> Sentence {
    Sentence {
        english: error.to_string(),
        german: german::file_error(error),
    }
}

/// One of several files is not read.
pub(crate) fn not_read(name: &str, why: &Sentence) -> Sentence {
    Sentence {
        english: super::english::not_read(name, &why.english),
        german: super::german::not_read(name, &why.german),
    }
}

/// One of several tables is not read any further.
pub(crate) fn read_until(name: &str, tracks: usize, why: &Sentence) -> Sentence {
    counted(
        || super::english::read_until(name, tracks, &why.english),
        || super::german::read_until(name, tracks, &why.german),
    )
}

/// The worker cannot be started.
pub(crate) fn no_worker() -> Sentence {
    Sentence {
        english: super::english::NO_WORKER.to_owned(),
        german: super::german::NO_WORKER.to_owned(),
    }
}

/// The worker has stopped while it read. The browser may say with which message.
pub(crate) fn worker_died(message: Option<&str>) -> Sentence {
    use super::{english, german};
    Sentence {
        english: english::worker_died(message.unwrap_or(english::NO_SCRIPT)),
        german: german::worker_died(message.unwrap_or(german::NO_SCRIPT)),
    }
}

/// The worker has stopped while it made a file.
pub(crate) fn died_saving(message: Option<&str>) -> Sentence {
    use super::{english, german};
    Sentence {
        english: english::died_saving(message.unwrap_or(english::NO_SCRIPT)),
        german: german::died_saving(message.unwrap_or(german::NO_SCRIPT)),
    }
}

/// A tool that a table comes from.
pub(crate) fn tool(tool: Tool) -> Sentence {
    Sentence {
        english: tool.to_string(),
        german: german::tool_name(tool),
    }
}

/// Why a column is not read as what its name says.
pub(crate) fn unfit(role: Role, why: Unfit) -> Sentence {
    Sentence {
        english: format!("not read as {}: {why}", role.in_words()),
        german: format!(
            "nicht als {} gelesen: {}",
            super::german::role(role.name()),
            german::unfit(why)
        ),
    }
}

pub(crate) fn passed_over(within: &str, archive: &str) -> Sentence {
    Sentence {
        english: format!("{within} in {archive} is not a table and was skipped."),
        german: format!("{within} in {archive} ist keine Tabelle und wurde übergangen."),
    }
}

pub(crate) fn given_twice(name: &str) -> Sentence {
    Sentence {
        english: format!("{name} was given more than once, and is read once."),
        german: format!("{name} ist mehrmals dabei und wird einmal gelesen."),
    }
}

/// The browser does not give a file's bytes any more.
pub(crate) fn file_is_gone() -> Sentence {
    Sentence {
        english: "The file cannot be read any more; was it moved or changed? Choose it once more."
            .to_owned(),
        german:
            "Die Datei lässt sich nicht mehr lesen; wurde sie verschoben oder geändert? Wähl sie noch einmal aus."
                .to_owned(),
    }
}

pub(crate) fn no_track_can_be_read() -> Sentence {
    Sentence {
        english: "No track could be read; what is wrong is named below.".to_owned(),
        german: "Es konnte kein Titel gelesen werden; was nicht stimmt, steht darunter.".to_owned(),
    }
}

pub(crate) fn too_many_rows() -> Sentence {
    Sentence {
        english:
            "Only the first five million tracks were read; the command line has no such limit."
                .to_owned(),
        german:
            "Nur die ersten fünf Millionen Titel wurden gelesen; die Kommandozeile kennt keine solche Grenze."
                .to_owned(),
    }
}

/// So many tracks have other genres of the file's own than are told apart.
pub(crate) fn too_many_labels(tracks: usize) -> Sentence {
    counted(
        || {
            let tracks = super::count(tracks, "track is", "tracks are");
            format!(
                "{tracks} left out where the file's own genres are compared: there are more than {} different ones.",
                super::grouped(MOST_LABELS)
            )
        },
        || {
            let tracks = super::count(tracks, "Titel fehlt", "Titel fehlen");
            format!(
                "{tracks}, wo die eigenen Genres der Datei verglichen werden: Es sind mehr als {} verschiedene.",
                super::grouped(MOST_LABELS)
            )
        },
    )
}

/// Nothing is among the rows that are looked at.
pub(crate) fn no_track_shown() -> Sentence {
    Sentence {
        english: "No track is shown.".to_owned(),
        german: "Es wird kein Titel gezeigt.".to_owned(),
    }
}

pub(crate) fn no_memory_left() -> Sentence {
    Sentence {
        english: "The browser has no memory left for the file.".to_owned(),
        german: "Der Browser hat keinen Speicher mehr für die Datei.".to_owned(),
    }
}

pub(crate) fn other_files_meanwhile() -> Sentence {
    Sentence {
        english: "Other files were given meanwhile.".to_owned(),
        german: "Inzwischen wurden andere Dateien gewählt.".to_owned(),
    }
}
