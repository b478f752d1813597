//! Where a run keeps what it has finished, so that the next one with the same data and seed goes on from there.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use overtone_genre::Feature;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::splits::Parts;
use crate::StudyError;
use crate::collections::checksum;
use crate::dataset::LabelledTrack;

/// A folder of finished parts, each a JSON file.
#[derive(Clone, Debug)]
pub struct RunFolder {
    folder: PathBuf,
}

impl RunFolder {
    /// Opens the part of a run folder that belongs to a program and a key (the plan, the seed and the data), or makes it.
    /// `program` is the executable that does the work: another one may find something else.
    ///
    /// # Errors
    /// When the program cannot be read, or the folder cannot be made.
    pub fn open(folder: &Path, program: &Path, key: &str) -> Result<Self, StudyError> {
        let key = format!("{} {key}", checksum(program)?);
        let hash = Sha256::digest(key.as_bytes());
        let name: String = hash
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let folder = folder.join(name);
        fs::create_dir_all(&folder).map_err(|error| Self::error(&folder, &error))?;
        Ok(Self { folder })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// A finished part; if there is none, it is worked out and kept.
    ///
    /// # Errors
    /// When the work fails, or the folder cannot be read or written.
    pub fn part<T: Serialize + DeserializeOwned>(
        &self,
        name: &str,
        work: impl FnOnce() -> Result<T, StudyError>,
    ) -> Result<T, StudyError> {
        let path = self.folder.join(format!("{name}.json"));
        if let Ok(kept) = fs::read(&path)
            && let Ok(kept) = serde_json::from_slice(&kept)
        {
            return Ok(kept);
        }
        let result = work()?;
        let json =
            serde_json::to_vec_pretty(&result).map_err(|error| Self::error(&path, &error))?;
        // First under another name: a file that is there is whole.
        let unfinished = path.with_extension("unfinished");
        fs::write(&unfinished, json)
            .and_then(|()| fs::rename(&unfinished, &path))
            .map_err(|error| Self::error(&path, &error))?;
        Ok(result)
    }

    /// The lines of a list that grows, as far as it has been written. A last line that was cut off does not count.
    pub fn list<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        let Ok(file) = File::open(self.list_path(name)) else {
            return Vec::new();
        };
        BufReader::new(file)
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| serde_json::from_str(&line).ok())
            .collect()
    }

    /// Adds a line to a list.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn add<T: Serialize>(&self, name: &str, item: &T) -> Result<(), StudyError> {
        let path = self.list_path(name);
        let line = serde_json::to_string(item).map_err(|error| Self::error(&path, &error))?;
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            // A line that was cut off must not spoil this one.
            .and_then(|mut file| write!(file, "\n{line}\n"))
            .map_err(|error| Self::error(&path, &error))
    }

    fn list_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.jsonl"))
    }

    /// Writes the parts of a split as tables, for other programs to learn from and to be asked about.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write_split(
        &self,
        name: &str,
        tracks: &[LabelledTrack],
        parts: &Parts,
    ) -> Result<(), StudyError> {
        for (part, rows) in [
            ("train", &parts.train),
            ("validation", &parts.validation),
            ("test", &parts.test),
        ] {
            let path = self.folder.join(format!("{name}-{part}.csv"));
            write_table(&path, tracks, rows).map_err(|error| Self::error(&path, &error))?;
        }
        Ok(())
    }

    fn error(path: &Path, error: &dyn std::fmt::Display) -> StudyError {
        StudyError::Results {
            path: path.to_owned(),
            reason: error.to_string(),
        }
    }
}

fn write_table(path: &Path, tracks: &[LabelledTrack], rows: &[usize]) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(Feature::ALL.map(Feature::name).into_iter().chain(["genre"]))?;
    for &row in rows {
        let track = &tracks[row];
        let values = Feature::ALL.map(|feature| {
            let value = track.features.get(feature);
            value.map(|value| value.to_string()).unwrap_or_default()
        });
        writer.write_record(values.iter().chain([&track.genre]))?;
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_finished_is_not_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        fs::write(&program, "one").unwrap();
        let run = RunFolder::open(folder.path(), &program, "a").unwrap();
        assert_eq!(run.part("sum", || Ok(1.5)).unwrap(), 1.5);
        let not_again = || Err::<f64, _>(StudyError::Learn("again".into()));
        assert_eq!(run.part("sum", not_again).unwrap(), 1.5);
        // Other data, another seed: nothing of it counts.
        let other = RunFolder::open(folder.path(), &program, "b").unwrap();
        assert_eq!(other.part("sum", || Ok(2.5)).unwrap(), 2.5);
        // Nor of what another program has found.
        fs::write(&program, "two").unwrap();
        let other = RunFolder::open(folder.path(), &program, "a").unwrap();
        assert_eq!(other.part("sum", || Ok(4.5)).unwrap(), 4.5);
        // What was damaged is done again.
        fs::write(run.path().join("sum.json"), "1.").unwrap();
        assert_eq!(run.part("sum", || Ok(3.5)).unwrap(), 3.5);
    }

    #[test]
    fn a_list_goes_on_after_an_interruption() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        fs::write(&program, "one").unwrap();
        let run = RunFolder::open(folder.path(), &program, "a").unwrap();
        assert!(run.list::<u32>("numbers").is_empty());
        run.add("numbers", &1).unwrap();
        run.add("numbers", &2).unwrap();
        assert_eq!(run.list::<u32>("numbers"), [1, 2]);
        // What was being written is lost, and nothing behind it.
        let mut file = OpenOptions::new()
            .append(true)
            .open(run.path().join("numbers.jsonl"))
            .unwrap();
        write!(file, "\"half").unwrap();
        run.add("numbers", &3).unwrap();
        assert_eq!(run.list::<u32>("numbers"), [1, 2, 3]);
    }
}
