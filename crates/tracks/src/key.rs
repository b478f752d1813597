//! Musical keys, modes and time signatures as tables write them.

/// A musical key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The pitch class of its tonic: 0 is C, 1 is C sharp, up to 11 for B.
    pub pitch: u8,
    /// Its mode, where the text tells it.
    pub mode: Option<Mode>,
}

/// Whether a key is major or minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Minor; 0 in Spotify's numbers.
    Minor,
    /// Major; 1 in Spotify's numbers.
    Major,
}

impl Mode {
    /// Reads `1`, `Major`, `Moll` and their kin.
    pub fn read(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "0" | "0.0" | "minor" | "min" | "m" | "moll" | "mineur" | "menor" | "minore" => {
                Some(Self::Minor)
            }
            "1" | "1.0" | "major" | "maj" | "dur" | "majeur" | "mayor" | "maior" | "maggiore" => {
                Some(Self::Major)
            }
            _ => None,
        }
    }
}

impl Key {
    /// Reads Spotify's numbers (0 to 11), letters (`C#`, `Db`, `C♯/D♭ Major`, `B minor`, `F#m`) and the Camelot wheel
    /// (`9B`). `None` for a missing key (`-1`) and for what is no key.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(number) = text.parse::<f32>() {
            let pitch = (0..12u8).find(|&pitch| f32::from(pitch) == number)?;
            return Some(Self { pitch, mode: None });
        }
        Self::camelot(text).or_else(|| Self::letters(text))
    }

    /// The Camelot wheel: fifths go round clockwise, 8B is C major, 8A is A minor.
    fn camelot(text: &str) -> Option<Self> {
        let (number, mode) = match text.as_bytes().last()? {
            b'A' | b'a' => (text.get(..text.len() - 1)?, Mode::Minor),
            b'B' | b'b' => (text.get(..text.len() - 1)?, Mode::Major),
            _ => return None,
        };
        let number: u8 = number
            .parse()
            .ok()
            .filter(|number| (1..=12).contains(number))?;
        let tonic_at_eight = match mode {
            Mode::Major => 0,
            Mode::Minor => 9,
        };
        let fifths = (number + 12 - 8) % 12;
        Some(Self {
            pitch: (tonic_at_eight + fifths * 7) % 12,
            mode: Some(mode),
        })
    }

    fn letters(text: &str) -> Option<Self> {
        // Of two names of one key, such as C♯/D♭, the first says it all.
        let (name, behind) = match text.split_once('/') {
            Some((name, rest)) => (name, rest.split_once(' ').map_or("", |(_, mode)| mode)),
            None => text.split_once(' ').unwrap_or((text, "")),
        };
        let mut characters = name.chars();
        let pitch = match characters.next()?.to_ascii_uppercase() {
            'C' => 0,
            'D' => 2,
            'E' => 4,
            'F' => 5,
            'G' => 7,
            'A' => 9,
            'B' | 'H' => 11,
            _ => return None,
        };
        let mut rest = characters.as_str();
        let mut pitch: u8 = pitch;
        for (mark, step) in [("#", 1), ("♯", 1), ("b", 11), ("♭", 11)] {
            if let Some(behind) = rest.strip_prefix(mark) {
                pitch = (pitch + step) % 12;
                rest = behind;
                break;
            }
        }
        let mode = match (rest, behind.trim()) {
            ("", "") => None,
            ("", mode) | (mode, "") => Some(Mode::read(mode)?),
            _ => return None,
        };
        Some(Self { pitch, mode })
    }
}

/// How many beats a bar has: `4`, `4/4`, and `04-Apr`, which a spreadsheet makes of it. `None` for 0 and for what is
/// no time signature.
pub fn beats_in_a_bar(text: &str) -> Option<u8> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let rest_fits = rest.is_empty() || rest == ".0" || rest.starts_with(['/', '-']);
    number
        .parse()
        .ok()
        .filter(|beats| rest_fits && (1..=15).contains(beats))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_many_spellings() {
        let key = |pitch, mode| Some(Key { pitch, mode });
        let (major, minor) = (Some(Mode::Major), Some(Mode::Minor));
        for (text, expected) in [
            ("0", key(0, None)),
            ("11", key(11, None)),
            ("7.0", key(7, None)),
            ("-1", None),
            ("12", None),
            ("C#", key(1, None)),
            ("Db", key(1, None)),
            ("B", key(11, None)),
            ("G Major", key(7, major)),
            ("B♭ Minor", key(10, minor)),
            ("C♯/D♭ Major", key(1, major)),
            ("b minor", key(11, minor)),
            ("F#m", key(6, minor)),
            ("8B", key(0, major)),
            ("9B", key(7, major)),
            ("8A", key(9, minor)),
            ("12B", key(4, major)),
            ("1A", key(8, minor)),
            ("13A", None),
            ("", None),
            ("unknown", None),
            ("E flat something", None),
        ] {
            assert_eq!(Key::read(text), expected, "{text}");
        }
    }

    #[test]
    fn modes_and_time_signatures() {
        assert_eq!(Mode::read("Major"), Some(Mode::Major));
        assert_eq!(Mode::read("Moll"), Some(Mode::Minor));
        assert_eq!(Mode::read("1"), Some(Mode::Major));
        assert_eq!(Mode::read("dorian"), None);
        for (text, beats) in [
            ("4", Some(4)),
            ("3.0", Some(3)),
            ("4/4", Some(4)),
            ("04-Apr", Some(4)),
            ("0", None),
            ("", None),
            ("Apr-04", None),
        ] {
            assert_eq!(beats_in_a_bar(text), beats, "{text}");
        }
    }
}
