//! Tracks that somebody has labelled with a genre.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use overtone_genre::{Feature, Features};
use overtone_tracks::{Column, Header, Problem, Reader, Role};

use crate::StudyError;

/// A track with the genre that somebody gave it.
#[derive(Clone, Debug)]
pub struct LabelledTrack {
    /// Spotify's id, or empty.
    pub id: String,
    /// The title, or empty.
    pub track: String,
    /// The artist or artists, or empty.
    pub artist: String,
    /// The genre, or empty.
    pub genre: String,
    /// The audio features, length and popularity.
    pub features: Features,
}

impl LabelledTrack {
    /// The first artist with case folded: up to the first `,` or `;`, without the brackets and quotes of a list.
    pub fn first_artist(&self) -> String {
        let list = self.artist.trim_start_matches(['[', '\'', '"']);
        let first = list.split([',', ';']).next().unwrap_or_default();
        first
            .trim_end_matches([']', '\'', '"'])
            .trim()
            .to_lowercase()
    }

    /// What a split has to keep together: the first artist; without one the title, and without that the id.
    pub fn group(&self) -> String {
        [self.first_artist(), self.track.to_lowercase()]
            .into_iter()
            .find(|key| !key.is_empty())
            .unwrap_or_else(|| self.id.clone())
    }
}

/// A table of labelled tracks.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// The rows, in the file's order.
    pub tracks: Vec<LabelledTrack>,
    /// What was wrong in the file's cells.
    pub problems: Vec<Problem>,
}

impl Dataset {
    /// Reads a table with a genre and all features for each track.
    ///
    /// # Errors
    /// When the file cannot be read, is no table of tracks, lacks a column that training needs, or has no row.
    pub fn read(path: &Path) -> Result<Self, StudyError> {
        Self::read_columns(path, &Feature::ALL)
    }

    /// Reads a table with a genre and the nine audio features for each track; length and popularity may lack.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_any(path: &Path) -> Result<Self, StudyError> {
        let audio = Feature::ALL
            .into_iter()
            .filter(|feature| feature.is_audio());
        Self::read_columns(path, &audio.collect::<Vec<_>>())
    }

    /// Reads a table with a genre and at least the `needed` features for each track.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_columns(path: &Path, needed: &[Feature]) -> Result<Self, StudyError> {
        let unreadable = |source| StudyError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let mut file = File::open(path).map_err(unreadable)?;
        let mut reader = Reader::new();
        let mut dataset = Self::default();
        let mut piece = vec![0; 1 << 20];
        loop {
            let length = file.read(&mut piece).map_err(unreadable)?;
            match length {
                0 => reader.finish(),
                _ => reader.push(&piece[..length]),
            }
            loop {
                let row = reader.next_row().map_err(|source| StudyError::NotATable {
                    path: path.to_owned(),
                    source,
                })?;
                let Some(row) = row else { break };
                if dataset.tracks.is_empty() {
                    check_columns(path, row.header, needed)?;
                }
                dataset.tracks.push(LabelledTrack {
                    id: row.text(Role::Id),
                    track: row.text(Role::Track),
                    artist: row.text(Role::Artist),
                    genre: row.text(Role::Genre),
                    features: row.features,
                });
                dataset.problems.extend(row.problems);
            }
            if length == 0 {
                if dataset.tracks.is_empty() {
                    return Err(StudyError::Empty {
                        path: path.to_owned(),
                    });
                }
                return Ok(dataset);
            }
        }
    }
}

fn check_columns(path: &Path, header: &Header, needed: &[Feature]) -> Result<(), StudyError> {
    let features = needed
        .iter()
        .map(|&feature| (Role::Feature(feature), feature.name()));
    let needed = [(Role::Genre, "genre")].into_iter().chain(features);
    for (role, name) in needed {
        if header.position(role).is_none() {
            let unfit = |column: &Column| Some((column.name.clone(), column.unfit?));
            let mut unfit = header.columns.iter().filter_map(unfit);
            if let Some((column, (_, why))) = unfit.find(|(_, (meant, _))| *meant == role) {
                return Err(StudyError::ColumnUnfit {
                    path: PathBuf::from(path),
                    column,
                    why,
                });
            }
            return Err(StudyError::ColumnMissing {
                path: PathBuf::from(path),
                column: name.to_owned(),
            });
        }
    }
    Ok(())
}
