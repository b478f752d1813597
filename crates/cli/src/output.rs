//! Where results go: files that are whole or not there, and a screen that may have been closed.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

/// A file that takes its name only when it is finished, so that what stood there before is kept until then.
pub(crate) enum OutputFile {
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
        let cannot = || format!("{} cannot be written", path.display());
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
            if !output.is_file() {
                let device = File::options()
                    .write(true)
                    .open(output)
                    .with_context(cannot)?;
                return Ok(Self::Device(device));
            }
        }
        let path = there.unwrap_or_else(|_| path.to_owned());
        let folder = folder_of(&path);
        if !folder.is_dir() {
            bail!("{}: there is no folder {}", cannot(), folder.display());
        }
        // The name of the file that is only for now would mislead.
        let mut builder = tempfile::Builder::new();
        // A temporary file can be read by its owner only; a result is a file like any other.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder
            .tempfile_in(folder)
            .map_err(|error| io::Error::from(error.kind()))
            .with_context(cannot)?;
        Ok(Self::Pending { file, path })
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let Self::Pending { file, path } = self else {
            return Ok(());
        };
        let cannot = || format!("{} cannot be written", path.display());
        // Whoever could read what stood there can read this.
        if let Ok(before) = std::fs::metadata(&path) {
            file.as_file()
                .set_permissions(before.permissions())
                .with_context(cannot)?;
        }
        file.persist(&path).with_context(cannot)?;
        Ok(())
    }

    fn file(&self) -> &File {
        match self {
            Self::Pending { file, .. } => file.as_file(),
            Self::Device(device) => device,
        }
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
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

/// Prints a line of a report. Whoever has closed the screen does not want it; the work goes on.
pub(crate) fn report(line: impl std::fmt::Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line of what went wrong, or of what is being done.
pub(crate) fn complain(line: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
