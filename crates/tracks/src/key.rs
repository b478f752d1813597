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
    /// Reads Spotify's numbers (0 to 11), letters (`C#`, `Db`, `C♯/D♭ Major`, `B minor`, `F#m`, `Cis-Moll`) and the wheels of
    /// disc jockeys (`9B`, `2d`). `None` for a missing key (`-1`) and for what is no key.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(number) = text.parse::<f32>() {
            let pitch = (0..12u8).find(|&pitch| f32::from(pitch) == number)?;
            return Some(Self { pitch, mode: None });
        }
        Self::wheel(text).or_else(|| Self::letters(text))
    }

    /// The wheels of disc jockeys, on which fifths go round clockwise: Camelot's, where 8B is C major and 8A is A minor, and
    /// Open Key, where these are 1d and 1m.
    fn wheel(text: &str) -> Option<Self> {
        let (number, wheel) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let (mode, at_c) = match wheel {
            "A" | "a" => (Mode::Minor, 8),
            "B" | "b" => (Mode::Major, 8),
            "m" => (Mode::Minor, 1),
            "d" => (Mode::Major, 1),
            _ => return None,
        };
        let number: u8 = number
            .parse()
            .ok()
            .filter(|number| (1..=12).contains(number))?;
        let tonic = match mode {
            Mode::Major => 0,
            Mode::Minor => 9,
        };
        let fifths = (number + 12 - at_c) % 12;
        Some(Self {
            pitch: (tonic + fifths * 7) % 12,
            mode: Some(mode),
        })
    }

    fn letters(text: &str) -> Option<Self> {
        // Of two names of one key, such as C♯/D♭, the first says it all.
        let (name, behind) = match text.split_once('/') {
            Some((name, rest)) => (name, rest.split_once(' ').map_or("", |(_, mode)| mode)),
            None => text.split_once([' ', '-']).unwrap_or((text, "")),
        };
        let (sign, behind) = match behind.split_once([' ', '-']).unwrap_or((behind, "")) {
            (sign @ ("sharp" | "flat"), behind) => (sign, behind),
            _ => ("", behind),
        };
        let is_german = matches!(behind.trim().to_lowercase().as_str(), "dur" | "moll");
        let mut characters = name.chars();
        let pitch: u8 = match characters.next()?.to_ascii_uppercase() {
            'C' => 0,
            'D' => 2,
            'E' => 4,
            'F' => 5,
            'G' => 7,
            'A' => 9,
            'B' if is_german => 10,
            'B' | 'H' => 11,
            _ => return None,
        };
        let rest = characters.as_str();
        let signs: &[(&str, u8)] = if is_german {
            &[("is", 1), ("es", 11), ("s", 11)]
        } else {
            &[("b", 11)]
        };
        let signed = [("#", 1), ("♯", 1), ("♭", 11)]
            .iter()
            .chain(signs)
            .find_map(|(mark, step)| Some((rest.strip_prefix(mark)?, *step)));
        let (rest, step) = match (signed, sign) {
            (Some(signed), _) => signed,
            (None, "sharp") => (rest, 1),
            (None, "flat") => (rest, 11),
            (None, _) => (rest, 0),
        };
        let mode = match (rest, behind.trim()) {
            ("", "") => None,
            ("", mode) | (mode, "") => Some(Mode::read(mode)?),
            _ => return None,
        };
        Some(Self {
            pitch: (pitch + step) % 12,
            mode,
        })
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
            ("1m", key(9, minor)),
            ("2d", key(7, major)),
            ("Cis-Dur", key(1, major)),
            ("h-Moll", key(11, minor)),
            ("F#-Moll", key(6, minor)),
            ("B-Dur", key(10, major)),
            ("Es-Dur", key(3, major)),
            ("As Dur", key(8, major)),
            ("C sharp minor", key(1, minor)),
            ("E flat", key(3, None)),
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
