//! The public collections that the study is made with: where each goes, and how to know that it is the same one.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::StudyError;

/// A file that the study reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Where it goes, from the data folder.
    pub file: &'static str,
    /// What it is, and under which name others published it.
    pub what: &'static str,
    /// Where its genres come from.
    pub labels: &'static str,
    /// How many tracks it had for the published report.
    pub rows: u64,
    /// Its SHA-256 then, in hexadecimal.
    pub sha256: &'static str,
    /// What the study needs it for.
    pub need: Need,
}

/// What the study needs a collection for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// There is no study without it.
    Study,
    /// Testing on other people's collections; the report tells which were there.
    Transfer,
    /// Describing it only: it is the pull that the eight genres are from.
    Profile,
}

/// The eight distinct genres.
pub const EIGHT_GENRES: &str = "eight-genres.csv";

/// The fifteen close genres.
pub const FIFTEEN_GENRES: &str = "genres_v2.csv";

/// All files, those that the study cannot do without first.
pub const COLLECTIONS: [Collection; 10] = [
    Collection {
        file: EIGHT_GENRES,
        what: "eight distinct genres, pulled through Spotify's Web API in November 2024",
        labels: "Web API search, one query a genre",
        rows: 6_152,
        sha256: "346e10f183bf95fa101f34356aa772dafca4390a679241644ac7effb2964383b",
        need: Need::Study,
    },
    Collection {
        file: FIFTEEN_GENRES,
        what: "Kaggle “Dataset of songs in Spotify”: fifteen close genres, under the file's own headers",
        labels: "playlists, 2020",
        rows: 34_005,
        sha256: "b434e0ecfd6a21464056fc4ea4fce03c117d6859d1a60ad030c95745cbe2d623",
        need: Need::Study,
    },
    Collection {
        file: "pool/recommendations-2021.csv",
        what: "fifteen genres",
        labels: "Web API recommendations by genre seed, 2021",
        rows: 10_022,
        sha256: "ba98533ec6b08f4add8ea754f476022d5cbb5f83d73b12c824da765cba4c2647",
        need: Need::Transfer,
    },
    Collection {
        file: "pool/search-2019.csv",
        what: "nineteen genres; no artist, no popularity",
        labels: "Web API search, 2019",
        rows: 31_056,
        sha256: "76fbf12fdbc866d6b36c606fa57a4b9c57018cc8554a64fe5865065dc2399fe9",
        need: Need::Transfer,
    },
    Collection {
        file: "pool/seeds-114.csv",
        what: "Kaggle “Spotify Tracks Dataset”: 114 genres",
        labels: "Web API genre seeds, 2022",
        rows: 92_866,
        sha256: "fa66e963bc9053a9e2d3ed03cbeb42a0ffbd725c9b7e622f886bcad8ec7b016b",
        need: Need::Transfer,
    },
    Collection {
        file: "pool/ten-genres.csv",
        what: "Kaggle “Prediction of music genre”: ten genres",
        labels: "not documented, 2021",
        rows: 40_787,
        sha256: "7d156e85c6ef5b761717324372ad9a1db708485c36cb2eea7404e14e00c5ec6f",
        need: Need::Transfer,
    },
    Collection {
        file: "pool/codejam-2024.csv",
        what: "six genres; no popularity",
        labels: "Web API search, 2024",
        rows: 7_487,
        sha256: "e4d3695ae8e45439d4c781e38399228fe7f3624bdb1678d1b8913f6889b4fd02",
        need: Need::Transfer,
    },
    Collection {
        file: "pool/labelled-2022.csv",
        what: "eight genres",
        labels: "not documented, 2022",
        rows: 5_376,
        sha256: "5e17231e0fdcfb2a6c56bd152a8f262163b037e3d1311cf9109d2137634c5b10",
        need: Need::Transfer,
    },
    Collection {
        file: "pool/years-2010s.csv",
        what: "four genres by year, 2010 to 2019; no popularity",
        labels: "Web API search by year and genre, 2020",
        rows: 59_103,
        sha256: "bac2f885399491963f78092eeda59ea9281995b632ef08eb499a95e1c9aca57b",
        need: Need::Transfer,
    },
    Collection {
        file: "pool/search-2024.csv",
        what: "about 130 genres, the same pull as the eight",
        labels: "Web API search, one query a genre",
        rows: 63_640,
        sha256: "1967f33945ecd4a8ab771d0a56d6520247654600d2554bb2b7952d80c4fe3bb1",
        need: Need::Profile,
    },
];

/// How to get the two files that the study cannot do without, for those who have none.
pub const HOW_TO_GET: &str = "\
genres_v2.csv: download “Dataset of songs in Spotify” from Kaggle and put its genres_v2.csv into the data folder as it \
is. The report was made from a part of it, 34,005 of its 42,305 rows, drawn beforehand and without the columns of ids and \
links; with the whole file your figures will differ a little.\n\
eight-genres.csv: any table of tracks with the columns track_id, artist, track, genre, the nine audio features under \
Spotify's names, duration_ms and popularity. The report was made from 6,152 tracks of classical, country, electronic, \
hiphop, jazz, latin, pop and rock; “Spotify Tracks Dataset” from Kaggle has all eight among its 114 labels \
(hip-hop for hiphop), and is the nearest that can be downloaded: keep the rows of these eight, as all labels in the file are \
studied.\n\
pool/: other people's collections, for the test on music from elsewhere. “Spotify Tracks Dataset” goes to \
pool/seeds-114.csv and “Prediction of music genre” to pool/ten-genres.csv, both from Kaggle, as they are. The \
others were put together from what people published, and are not to be had as they are. The study does without those that are \
not there, and says so; `overtone train --pool` takes any .csv files with the columns above, and needs neither duration_ms nor \
popularity.";

/// What stands where a collection should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The very file that the report was made from.
    Same,
    /// Another file: the figures will be others.
    Different {
        /// How many rows it has, the line of names not counted.
        rows: u64,
        /// Its SHA-256 in hexadecimal.
        sha256: String,
    },
    /// Nothing.
    Missing,
}

/// Looks at each collection in a data folder.
///
/// # Errors
/// When the folder is none, or a file in it cannot be read.
pub fn check(folder: &Path) -> Result<Vec<(Collection, State)>, StudyError> {
    if !folder.is_dir() {
        return Err(StudyError::Unusable {
            path: folder.to_owned(),
            wrong: "this is no folder".to_owned(),
            expected: format!("a folder with {EIGHT_GENRES} and {FIFTEEN_GENRES} in it"),
        });
    }
    COLLECTIONS
        .into_iter()
        .map(|collection| {
            let path = folder.join(collection.file);
            Ok((collection, state(&collection, &path)?))
        })
        .collect()
}

fn state(collection: &Collection, path: &Path) -> Result<State, StudyError> {
    if !path.exists() {
        return Ok(State::Missing);
    }
    let sha256 = checksum(path)?;
    if sha256 == collection.sha256 {
        return Ok(State::Same);
    }
    let unreadable = |source| StudyError::Unreadable {
        path: PathBuf::from(path),
        source: io::Error::other(source),
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .map_err(unreadable)?;
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        rows += 1;
    }
    Ok(State::Different { rows, sha256 })
}

/// The SHA-256 of a file in hexadecimal.
///
/// # Errors
/// When the file cannot be read.
pub fn checksum(path: &Path) -> Result<String, StudyError> {
    let unreadable = |source| StudyError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece).map_err(unreadable)? {
            0 => return Ok(hexadecimal(&hash.finalize())),
            length => hash.update(&piece[..length]),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_told_apart_from_the_published_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(EIGHT_GENRES);
        std::fs::write(&file, "track,genre\n\"a\nb\",pop\nc,rock\n").unwrap();
        let states = check(folder.path()).unwrap();
        assert!(matches!(&states[0].1, State::Different { rows: 2, .. }));
        assert_eq!(states[1].1, State::Missing);
        assert!(check(&file).is_err());
    }

    #[test]
    fn the_checksum_is_sha_256() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("abc");
        std::fs::write(&file, "abc").unwrap();
        // The example of FIPS 180-4.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(checksum(&file).unwrap(), expected);
    }
}
