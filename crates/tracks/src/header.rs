//! What the columns of a table mean.

use overtone_genre::Feature;

use crate::reader::Cells;

/// What a column holds, as far as Overtone needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The track's Spotify id, or a URI that ends in it.
    Id,
    /// The track's title.
    Track,
    /// The track's artist or artists.
    Artist,
    /// A genre that somebody gave the track.
    Genre,
    /// An audio feature, length or popularity.
    Feature(Feature),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name as the file has it, without the white space around it.
    pub name: String,
    /// What it holds; `None` for a column that is only carried along.
    pub role: Option<Role>,
}

/// The first line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The columns, in the file's order. Of several with one role, only the first has it.
    pub columns: Vec<Column>,
    /// The byte between cells.
    pub delimiter: u8,
    /// Whether the file begins with a byte order mark, as Excel wants it.
    pub byte_order_mark: bool,
    /// Whether the features that run from 0 to 1 stand as percentages. Decided for all of them together, as a 1 in
    /// such a table means 1 %.
    pub percentages: bool,
    /// The cells as the file has them.
    cells: Cells,
}

impl Header {
    pub(crate) fn read(cells: &Cells, delimiter: u8, byte_order_mark: bool) -> Self {
        let mut columns: Vec<Column> = Vec::with_capacity(cells.len());
        for cell in cells.iter() {
            let name = String::from_utf8_lossy(cell).trim().to_owned();
            let role =
                role(&name).filter(|role| columns.iter().all(|column| column.role != Some(*role)));
            columns.push(Column { name, role });
        }
        Self {
            columns,
            delimiter,
            byte_order_mark,
            percentages: false,
            cells: cells.clone(),
        }
    }

    /// The index of the column with a role.
    pub fn position(&self, role: Role) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.role == Some(role))
    }

    /// The features that have a column, in the order of the columns, each with the column's index.
    pub fn features(&self) -> impl Iterator<Item = (usize, Feature)> {
        self.columns
            .iter()
            .enumerate()
            .filter_map(|(index, column)| match column.role {
                Some(Role::Feature(feature)) => Some((index, feature)),
                _ => None,
            })
    }

    /// The cells of the first line, as the file has them.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    pub(crate) fn known_columns(&self) -> usize {
        self.columns
            .iter()
            .filter(|column| column.role.is_some())
            .count()
    }
}

/// What a column's name means, whatever tool wrote it.
fn role(name: &str) -> Option<Role> {
    let plain = plain(name);
    let role = match plain.as_str() {
        "id" | "uri" | "spotifyid" | "spotifyuri" | "spotifytrackid" => Role::Id,
        "track" | "name" | "title" | "song" | "songname" => Role::Track,
        "artist" | "artists" | "artistname" | "artistnames" | "artistsname" => Role::Artist,
        "genre" | "playlistgenre" | "musicgenre" | "topgenre" => Role::Genre,
        "danceability" | "dance" | "dnce" => Role::Feature(Feature::Danceability),
        "energy" | "nrgy" => Role::Feature(Feature::Energy),
        "loudness" | "loud" | "db" | "loudnessdb" => Role::Feature(Feature::Loudness),
        "speechiness" | "speech" | "spch" => Role::Feature(Feature::Speechiness),
        "acousticness" | "acoustic" | "acous" => Role::Feature(Feature::Acousticness),
        "instrumentalness" | "instrumental" => Role::Feature(Feature::Instrumentalness),
        "liveness" | "live" => Role::Feature(Feature::Liveness),
        "valence" | "val" | "happy" | "happiness" => Role::Feature(Feature::Valence),
        "tempo" | "bpm" | "beatsperminute" => Role::Feature(Feature::Tempo),
        "durationms" | "duration" | "length" | "time" => Role::Feature(Feature::Duration),
        "popularity" => Role::Feature(Feature::Popularity),
        _ => return None,
    };
    Some(role)
}

/// A name in lower case, without what tools put around it: units in brackets, marks and spaces, and words such as
/// "track" in front.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    let mut brackets = 0usize;
    for character in name.chars() {
        match character {
            '(' => brackets += 1,
            ')' => brackets = brackets.saturating_sub(1),
            _ if brackets == 0 && character.is_alphanumeric() => {
                plain.extend(character.to_lowercase());
            }
            _ => {}
        }
    }
    let mut rest = plain.as_str();
    for prefix in ["track", "audio", "features", "feature"] {
        // A prefix alone is the name itself: the title's column may be called `track`.
        rest = rest
            .strip_prefix(prefix)
            .filter(|rest| !rest.is_empty())
            .unwrap_or(rest);
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_tools() {
        let expected = [
            ("Track URI", Role::Id),
            ("track_id", Role::Id),
            ("Spotify Track Id", Role::Id),
            ("Track Name", Role::Track),
            ("track", Role::Track),
            ("trackName", Role::Track),
            ("Song", Role::Track),
            ("Artist Name(s)", Role::Artist),
            ("artist(s)_name", Role::Artist),
            ("track_artist", Role::Artist),
            ("track_genre", Role::Genre),
            ("\t\t\t\tDanceability", Role::Feature(Feature::Danceability)),
            ("trackFeatureEnergy", Role::Feature(Feature::Energy)),
            ("danceability_%", Role::Feature(Feature::Danceability)),
            ("Loud (Db)", Role::Feature(Feature::Loudness)),
            ("Duration (ms)", Role::Feature(Feature::Duration)),
            ("track.duration_ms", Role::Feature(Feature::Duration)),
            ("track_popularity", Role::Feature(Feature::Popularity)),
            ("BPM", Role::Feature(Feature::Tempo)),
        ];
        for (name, expected) in expected {
            assert_eq!(role(name), Some(expected), "{name}");
        }
        for name in [
            "",
            "#",
            "Album Name",
            "Artist URI(s)",
            "Time Signature",
            "Key",
            "Added At",
            "albumPopularity",
            "Genres",
        ] {
            assert_eq!(role(name), None, "{name}");
        }
    }
}
