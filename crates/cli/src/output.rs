//! Where results go: files that are whole or not there, and a screen that may have been closed.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

/// A file that takes its name only when it is finished, so that what stood there before is kept until then.
pub(crate) struct OutputFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl OutputFile {
    /// Begins a file beside where it is to stand, unless it is to stand where one of `inputs` does.
    pub(crate) fn create(path: &Path, inputs: &[&Path]) -> anyhow::Result<Self> {
        if let Ok(output) = path.canonicalize() {
            for input in inputs {
                if input.canonicalize().is_ok_and(|input| input == output) {
                    bail!(
                        "{} is to be read and written; choose another name for the output",
                        path.display()
                    );
                }
            }
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let cannot = || format!("{} cannot be written", self.path.display());
        // A temporary file can be read by its owner only; a result is a file like any other.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode =
                std::fs::metadata(&self.path).map_or(0o644, |before| before.permissions().mode());
            let permissions = std::fs::Permissions::from_mode(mode);
            self.file
                .as_file()
                .set_permissions(permissions)
                .with_context(cannot)?;
        }
        self.file.persist(&self.path).with_context(cannot)?;
        Ok(())
    }

    fn file(&self) -> &File {
        self.file.as_file()
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

/// Prints a line of a report. Whoever has closed the screen does not want it; the work goes on.
pub(crate) fn report(line: impl std::fmt::Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line of what went wrong, or of what is being done.
pub(crate) fn complain(line: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
