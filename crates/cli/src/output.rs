//! Where results go: files that are whole or not there, and a screen that may have been closed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, bail};
use tempfile::{NamedTempFile, TempDir};

/// What messages call standard output.
pub(crate) const STANDARD_OUTPUT: &str = "standard output";

/// A file that takes its name only when it is finished, so that what stood there before is kept until then.
pub(crate) struct OutputFile {
    /// What messages call it.
    name: String,
    place: Place,
}

enum Place {
    /// Written beside `path`, and given its name in the end.
    Pending {
        /// What is written so far.
        file: NamedTempFile,
        /// Where it is to stand.
        path: PathBuf,
    },
    /// A device or a pipe, such as `/dev/null`: it is written to, and never replaced by a file.
    Device(File),
}

impl OutputFile {
    /// Begins a file beside where it is to stand, unless it is to stand where one of `inputs` does.
    pub(crate) fn create(path: &Path, inputs: &[&Path]) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let cannot = || format!("{} cannot be written", path.display());
        let there = fs::metadata(path).ok();
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            // Opened under its own name: a pipe that the shell has made may have no other.
            let device = File::options().write(true).open(path);
            return Ok(Self {
                name,
                place: Place::Device(device.with_context(cannot)?),
            });
        }
        if there.is_none()
            && let Ok(target) = fs::read_link(path)
        {
            bail!(
                "{}: it is a link to {}, which is not there; make that file, or choose another name for the output",
                cannot(),
                target.display()
            );
        }
        // A link stays a link: what it leads to is replaced.
        let there = path.canonicalize();
        if let Ok(output) = &there {
            for input in inputs {
                if input.canonicalize().is_ok_and(|input| input == *output) {
                    bail!(
                        "{} is to be read and written; choose another name for the output",
                        path.display()
                    );
                }
            }
        }
        let path = there.unwrap_or_else(|_| path.to_owned());
        let folder = folder_of(&path);
        if !folder.is_dir() {
            bail!("{}: there is no folder {}", cannot(), folder.display());
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".overtone-").suffix(".part");
        // A temporary file can be read by its owner only; a result is a file like any other.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder
            .tempfile_in(folder)
            // The name of the file that is only for now would mislead.
            .map_err(|error| io::Error::from(error.kind()))
            .with_context(cannot)?;
        #[cfg(unix)]
        crate::interrupt::remove_when_interrupted(file.path());
        let place = Place::Pending { file, path };
        Ok(Self { name, place })
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let Self { name, place } = self;
        let Place::Pending { file, path } = place else {
            return Ok(());
        };
        let cannot = || format!("{name} cannot be written");
        // Whoever could read what stood there can read this.
        if let Ok(before) = fs::metadata(&path) {
            file.as_file()
                .set_permissions(before.permissions())
                .with_context(cannot)?;
        }
        file.persist(&path).with_context(cannot)?;
        Ok(())
    }

    fn file(&self) -> &File {
        match &self.place {
            Place::Pending { file, .. } => file.as_file(),
            Place::Device(device) => device,
        }
    }
}

/// Files for a folder that take their places in it only when all are finished.
pub(crate) struct OutputFolder {
    /// Where they are written.
    unfinished: TempDir,
    /// Where they are to stand.
    path: PathBuf,
}

impl OutputFolder {
    /// Begins within the folder, which has to be there.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let unfinished = tempfile::Builder::new()
            .prefix(".overtone-")
            .suffix(".part")
            .tempdir_in(path)
            .map_err(|error| io::Error::from(error.kind()))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        #[cfg(unix)]
        crate::interrupt::remove_when_interrupted(unfinished.path());
        Ok(Self {
            unfinished,
            path: path.to_owned(),
        })
    }

    /// Where the files are to be written until then.
    pub(crate) fn path(&self) -> &Path {
        self.unfinished.path()
    }

    /// Gives the files their places, also those of others by their names.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        for entry in fs::read_dir(self.path())? {
            let entry = entry?;
            let path = self.path.join(entry.file_name());
            fs::rename(entry.path(), &path)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(())
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file().write(bytes);
        written.map_err(|error| unwritten(&self.name, &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.file().flush();
        flushed.map_err(|error| unwritten(&self.name, &error))
    }
}

/// The error of writing something, with its name.
pub(crate) fn unwritten(name: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{name} cannot be written: {error}"))
}

/// Refuses to write two results into one file, of which only the last would be left.
pub(crate) fn check_apart<'a>(outputs: impl IntoIterator<Item = &'a Path>) -> anyhow::Result<()> {
    let mut places = Vec::new();
    for path in outputs {
        // None of them needs to be there yet; a device takes any number of results.
        let place = path.canonicalize().or_else(|_| {
            let folder = folder_of(path).canonicalize()?;
            Ok::<_, io::Error>(folder.join(path.file_name().unwrap_or_default()))
        });
        let Ok(place) = place else { continue };
        if places.contains(&place) && (place.is_file() || !place.exists()) {
            bail!(
                "{} is to be written twice; choose another name for one of the outputs",
                path.display()
            );
        }
        places.push(place);
    }
    Ok(())
}

/// The folder that a file stands in.
fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Whether a path is where the program's own output goes anyway.
pub(crate) fn is_standard_output(path: &Path) -> bool {
    path == Path::new("-") || path == Path::new("/dev/stdout")
}

/// Why something of the report could not be printed.
static UNPRINTED: OnceLock<io::Error> = OnceLock::new();

/// Prints a line of a report. Whoever has closed the screen does not want it; the work goes on, also where nothing can be
/// printed, which [`check_printed`] tells in the end.
pub(crate) fn report(line: impl std::fmt::Display) {
    if let Err(error) = writeln!(io::stdout(), "{line}")
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = UNPRINTED.set(error);
    }
}

/// Fails if something of the report could not be printed, unless nobody wanted it.
pub(crate) fn check_printed() -> anyhow::Result<()> {
    match UNPRINTED.get() {
        Some(error) => Err(unwritten(STANDARD_OUTPUT, error).into()),
        None => Ok(()),
    }
}

/// The beginning of a text from a file, as it can be shown on a line.
pub(crate) fn shortened(text: &str, longest: usize) -> String {
    let mut short: String = text.chars().take(longest).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    // A terminal would obey some of them.
    short.replace(char::is_control, " ")
}

/// Prints a line of what went wrong, or of what is being done.
pub(crate) fn complain(line: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
