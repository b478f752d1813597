//! The tables of a file: itself, or those that a zip archive holds.

use crate::archive::{self, Archive, Event};
use crate::choices::Choices;
use crate::{ArchiveFault, FileError, Header, OtherFile, Reader, Row};

/// What comes next in a file.
#[derive(Debug)]
pub enum Step {
    /// More of the file is needed.
    Wait,
    /// A table begins; its name within the archive, if the file is one.
    Begin(Option<String>),
    /// A row has been read; [`Tables::row`] gives it.
    Row,
    /// The table has ended; [`Tables::header`] still gives its columns.
    End,
    /// The table cannot be read, or not any further. Others in the archive go on.
    Refused(FileError),
    /// A file in the archive that is no table was passed over; its name.
    PassedOver(String),
    /// The file has ended.
    Done,
}

/// Reads all tables of a file, in pieces: push bytes, take steps until [`Step::Wait`], push more; after the last piece,
/// [`finish`](Self::finish) and take steps until [`Step::Done`].
pub struct Tables {
    source: Source,
    reader: Option<Reader>,
    choices: Chosen,
    unpacked: Vec<u8>,
}

enum Chosen {
    Here(Choices),
    Remembered(Vec<(u64, Choices)>),
}

enum Source {
    /// Too little has come to tell.
    Unknown {
        bytes: Vec<u8>,
        finished: bool,
    },
    Plain {
        finished: bool,
        ended: bool,
    },
    Zip(Zip),
}

/// An archive that is being read.
struct Zip {
    archive: Box<Archive>,
    /// Whether the present file in it is no table, or one that is not read any further.
    is_passed_over: bool,
    /// Whether the present file has ended; its last rows may still be to come.
    has_ended: bool,
    /// How many tables were begun.
    tables: usize,
    /// Why the table that was just begun cannot be unpacked.
    unreadable: Option<ArchiveFault>,
    /// Whether the present file is damaged, which is told behind its rows.
    is_damaged: bool,
    /// The name of the present file.
    name: String,
}

impl Tables {
    /// Tables of which it is decided by themselves what their columns mean, but for those with the same column names as
    /// a table that somebody has chosen about before.
    pub fn new(remembered: Vec<(u64, Choices)>) -> Self {
        Self::with(Chosen::Remembered(remembered))
    }

    /// Tables whose columns mean what somebody has chosen.
    pub fn with_choices(choices: Choices) -> Self {
        Self::with(Chosen::Here(choices))
    }

    fn with(choices: Chosen) -> Self {
        Self {
            source: Source::Unknown {
                bytes: Vec::new(),
                finished: false,
            },
            reader: None,
            choices,
            unpacked: Vec::new(),
        }
    }

    /// Takes the next piece of the file. Take steps until [`Step::Wait`] before the next piece: what is pushed is kept
    /// until then.
    pub fn push(&mut self, piece: &[u8]) {
        match &mut self.source {
            Source::Unknown { bytes, .. } => bytes.extend_from_slice(piece),
            Source::Plain { .. } => {
                if let Some(reader) = &mut self.reader {
                    reader.push(piece);
                }
            }
            Source::Zip(zip) => zip.archive.push(piece),
        }
    }

    /// Tells that the file has ended.
    pub fn finish(&mut self) {
        match &mut self.source {
            Source::Unknown { finished, .. } => *finished = true,
            Source::Plain { finished, .. } => {
                *finished = true;
                if let Some(reader) = &mut self.reader {
                    reader.finish();
                }
            }
            Source::Zip(zip) => zip.archive.finish(),
        }
    }

    /// The present row, after [`Step::Row`].
    pub fn row(&self) -> Option<Row<'_>> {
        self.reader.as_ref().and_then(Reader::row)
    }

    /// The present table's columns, once they are known.
    pub fn header(&self) -> Option<&Header> {
        self.reader.as_ref().and_then(Reader::header)
    }

    /// Goes one step on.
    ///
    /// # Errors
    /// When the file is an archive that cannot be read, or not any further.
    pub fn step(&mut self) -> Result<Step, FileError> {
        if let Source::Unknown { bytes, finished } = &mut self.source {
            if bytes.len() < archive::MAGIC.len() && !*finished {
                return Ok(Step::Wait);
            }
            let (bytes, finished) = (std::mem::take(bytes), *finished);
            if bytes.starts_with(archive::MAGIC) {
                let mut archive = Box::new(Archive::new());
                archive.push(&bytes);
                if finished {
                    archive.finish();
                }
                self.source = Source::Zip(Zip {
                    archive,
                    is_passed_over: true,
                    has_ended: false,
                    tables: 0,
                    unreadable: None,
                    is_damaged: false,
                    name: String::new(),
                });
            } else {
                let mut reader = self.choices.reader();
                reader.push(&bytes);
                if finished {
                    reader.finish();
                }
                self.reader = Some(reader);
                self.source = Source::Plain {
                    finished,
                    ended: false,
                };
                return Ok(Step::Begin(None));
            }
        }
        match &mut self.source {
            Source::Plain { finished, ended } => {
                Ok(step_in_file(self.reader.as_mut(), *finished, ended))
            }
            _ => self.step_in_archive(),
        }
    }

    fn step_in_archive(&mut self) -> Result<Step, FileError> {
        let Source::Zip(zip) = &mut self.source else {
            return Ok(Step::Done);
        };
        if let Some(fault) = zip.unreadable.take() {
            return Ok(Step::Refused(FileError::Archive { fault }));
        }
        loop {
            if !zip.is_passed_over
                && let Some(reader) = &mut self.reader
            {
                match reader.advance() {
                    Ok(true) => return Ok(Step::Row),
                    Ok(false) if zip.has_ended => {
                        zip.is_passed_over = true;
                        return Ok(if zip.is_damaged {
                            Step::Refused(damaged())
                        } else {
                            Step::End
                        });
                    }
                    Ok(false) => {}
                    Err(error) => {
                        zip.is_passed_over = true;
                        let has_begun = reader.header().is_some()
                            && !matches!(error, FileError::FeaturesMissing(_));
                        if !has_begun && is_beside_tables(&zip.name, &error) {
                            zip.tables -= 1;
                            return Ok(Step::PassedOver(std::mem::take(&mut zip.name)));
                        }
                        return Ok(Step::Refused(if zip.is_damaged {
                            damaged()
                        } else {
                            error
                        }));
                    }
                }
            }
            match zip.archive.next(&mut self.unpacked)? {
                Event::Wait => return Ok(Step::Wait),
                Event::Bytes if zip.is_passed_over => {}
                Event::Bytes => {
                    if let Some(reader) = &mut self.reader {
                        reader.push(&self.unpacked);
                    }
                }
                Event::Entry(name) => {
                    if zip.tables == 0
                        && let Some(looks_like) = document(&name)
                    {
                        return Err(FileError::NotATable { looks_like });
                    }
                    (zip.has_ended, zip.is_damaged) = (false, false);
                    zip.is_passed_over = !is_table(&name);
                    if !zip.is_passed_over {
                        zip.tables += 1;
                        zip.name.clone_from(&name);
                        self.reader = Some(self.choices.reader());
                        return Ok(Step::Begin(Some(name)));
                    }
                    self.reader = None;
                    if !is_litter(&name) {
                        return Ok(Step::PassedOver(name));
                    }
                }
                Event::Unreadable(name, fault) => {
                    zip.is_passed_over = true;
                    self.reader = None;
                    if is_table(&name) {
                        zip.tables += 1;
                        zip.unreadable = Some(fault);
                        return Ok(Step::Begin(Some(name)));
                    }
                    if !is_litter(&name) {
                        return Ok(Step::PassedOver(name));
                    }
                }
                Event::Damaged => zip.is_damaged = true,
                Event::EntryEnd => {
                    zip.has_ended = true;
                    if let Some(reader) = &mut self.reader {
                        reader.finish();
                    }
                }
                Event::End if zip.tables == 0 => {
                    return Err(FileError::Archive {
                        fault: ArchiveFault::NoTable,
                    });
                }
                Event::End => return Ok(Step::Done),
            }
        }
    }
}

fn step_in_file(reader: Option<&mut Reader>, finished: bool, ended: &mut bool) -> Step {
    let Some(reader) = reader.filter(|_| !*ended) else {
        return Step::Done;
    };
    match reader.advance() {
        Ok(true) => Step::Row,
        Ok(false) if !finished => Step::Wait,
        Ok(false) => {
            *ended = true;
            Step::End
        }
        Err(error) => {
            *ended = true;
            Step::Refused(error)
        }
    }
}

impl Chosen {
    fn reader(&self) -> Reader {
        match self {
            Self::Here(choices) => Reader::with_choices(choices.clone()),
            Self::Remembered(remembered) => Reader::with_remembered(remembered.clone()),
        }
    }
}

fn damaged() -> FileError {
    FileError::Archive {
        fault: ArchiveFault::Damaged,
    }
}

/// The kind of document that an archive with such a file in it is.
fn document(name: &str) -> Option<OtherFile> {
    let folder = name.split('/').next().unwrap_or_default();
    match folder {
        "xl" => Some(OtherFile::Workbook),
        "word" => Some(OtherFile::WordDocument),
        "mimetype" | "META-INF" => Some(OtherFile::OpenDocument),
        "Index" | "Index.zip" => Some(OtherFile::AppleDocument),
        _ => None,
    }
}

/// Whether a file in an archive is to be read.
fn is_table(name: &str) -> bool {
    // What comes through a pipe has no other name: `cat playlist.csv | zip > playlist.zip`.
    if name == "-" {
        return true;
    }
    let name = name.to_lowercase();
    [".csv", ".tsv", ".tab", ".txt", ".json"]
        .iter()
        .any(|ending| name.ends_with(ending))
        && !is_litter(&name)
}

/// Whether a file that cannot be read as a table was never meant to be one: a text that explains the others, or settings.
fn is_beside_tables(name: &str, error: &FileError) -> bool {
    let name = name.to_lowercase();
    let says_nothing = match error {
        FileError::Empty | FileError::NotATable { .. } | FileError::NoHeader { .. } => true,
        FileError::FeaturesMissing(missing) => missing.found.is_empty() && missing.tool.is_none(),
        // What helps with these is worth telling.
        _ => false,
    };
    says_nothing && (name.ends_with(".txt") || name.ends_with(".json"))
}

/// What systems put into archives without being asked.
fn is_litter(name: &str) -> bool {
    let name = name.to_lowercase();
    let own = name.rsplit('/').next().unwrap_or_default();
    // Of a Microsoft document, what stands before the file that tells the program.
    let of_document = ["[content_types].xml", "_rels/", "docprops/", "customxml/"];
    name.ends_with('/')
        || of_document.iter().any(|part| name.starts_with(part))
        || name.starts_with("__macosx/")
        || own.starts_with("._")
        || name.ends_with(".ds_store")
        || name.ends_with("thumbs.db")
}
