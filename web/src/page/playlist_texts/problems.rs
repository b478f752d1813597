//! What can be wrong with files, in each of the page's languages: the worker that finds it does not know which one the
//! visitor reads. In English it is said as the command line says it.

use overtone_tracks::{FileError, Note, Problem, Role, Unfit};

use super::german_problems as german;
use crate::message::Sentence;

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

/// Why a column is not read as what its name says.
pub(crate) fn unfit(role: Role, why: Unfit) -> Sentence {
    Sentence {
        english: format!("not read as {}: {why}", role.name()),
        german: format!(
            "nicht als {} gelesen: {}",
            super::german::role(role.name()),
            german::unfit(why)
        ),
    }
}

pub(crate) fn passed_over(within: &str, archive: &str) -> Sentence {
    Sentence {
        english: format!("{within} in {archive} is no table, and was passed over."),
        german: format!("{within} in {archive} ist keine Tabelle und wurde übergangen."),
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

pub(crate) fn no_file_can_be_read() -> Sentence {
    Sentence {
        english: "None of these files can be read; each is named above with the reason.".to_owned(),
        german: "Keine dieser Dateien kann gelesen werden; darüber steht bei jeder, warum."
            .to_owned(),
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
