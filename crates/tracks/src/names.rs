//! What a column's name means, whatever tool wrote it and in whatever language.
//!
//! The names are those of Exportify (exportify.net and exportify.app, the latter in the languages of its page), Chosic,
//! Skiley, Organize Your Music, spotifyr and the data sets on Kaggle.

use overtone_genre::Feature;

use crate::header::Role;
use crate::units::Unit;

/// Names in the form that [`plain`] gives; of several columns with one role, the one whose name stands first is the
/// best.
const NAMES: [(Role, &[&str]); 18] = [
    (
        Role::Id,
        &[
            "uri",
            "id",
            "spotifyuri",
            "spotifyid",
            "spotifytrackuri",
            "spotifytrackid",
            "url",
            "spotifyurl",
            "link",
            "spotifylink",
            "href",
            "uridutitre",
            "uridelacancion",
            "uridellatraccia",
            "uridafaixa",
            "nummeruri",
            "latensuri",
            "parcauri",
            "sarkiuri",
            "トラックuri",
            "رابطالأغنية",
            "uriκομματιου",
            "曲目uri",
            "歌link",
        ],
    ),
    (
        Role::Track,
        &[
            "name",
            "track",
            "title",
            "song",
            "songname",
            "songtitle",
            "nomdutitre",
            "nombredelacancion",
            "nomedellatraccia",
            "nomedafaixa",
            "nummernaam",
            "latensnamn",
            "parcaadi",
            "sarkiadi",
            "トラック名",
            "اسمالأغنية",
            "ονομακομματιου",
            "曲目名称",
            "曲目名稱",
            "歌名",
            "titel",
            "titre",
            "titulo",
            "titolo",
            "tytul",
            "mastermetadatatrackname",
        ],
    ),
    (
        Role::Artist,
        &[
            "artistname",
            "artist",
            "artists",
            "artistnames",
            "artistsname",
            "artistsnames",
            "kunstlername",
            "kunstler",
            "nomdelartiste",
            "nombredelartista",
            "nomedellartista",
            "nomedoartista",
            "naamvanartiest",
            "artistensnamn",
            "sanatciadi",
            "アーティスト名",
            "أسماءالفنانين",
            "ονοματακαλλιτεχνη",
            "ονομακαλλιτεχνη",
            "艺人名称",
            "藝人名稱",
            "artist名",
            "artiste",
            "artista",
            "interpret",
            "performer",
            "performers",
            "autor",
            "autore",
            "mastermetadataalbumartistname",
        ],
    ),
    (
        Role::Genre,
        &[
            "genre",
            "musicgenre",
            "playlistgenre",
            "topgenre",
            "playlistsubgenre",
            "genres",
            "parentgenres",
            "artistgenres",
            "kunstlergenres",
            "genresdelartiste",
            "generosdelartista",
            "generidellartista",
            "generosdoartista",
            "genresvandeartiest",
            "artistensgenrer",
            "sanatciturleri",
            "アーティストジャンル",
            "أنواعالفنان",
            "ειδηκαλλιτεχνη",
            "艺人流派",
            "藝人曲風",
        ],
    ),
    (
        Role::Feature(Feature::Danceability),
        &[
            "danceability",
            "dance",
            "dnce",
            "danceable",
            "danceablity",
            "tanzbarkeit",
            "bailabilidad",
            "danseabilite",
            "ballabilita",
            "ダンサビリティ",
            "dansbaarheid",
            "dancabilidade",
            "dansbarhet",
            "dansedilebilirlik",
            "قابليةالرقص",
            "χορευτικοτητα",
            "舞蹈性",
        ],
    ),
    (
        Role::Feature(Feature::Energy),
        &[
            "energy",
            "nrgy",
            "energie",
            "energia",
            "エネルギー",
            "energi",
            "energylevel",
            "enerji",
            "الطاقة",
            "ενεργεια",
            "能量",
        ],
    ),
    (
        Role::Feature(Feature::Loudness),
        &[
            "loudness",
            "loud",
            "db",
            "loudnessdb",
            "loudeness",
            "lautstarke",
            "volumen",
            "volumesonore",
            "volume",
            "ラウドネス",
            "luidheid",
            "ljudstyrka",
            "sesseviyesi",
            "مستوىالصوت",
            "ενταση",
            "响度",
            "響度",
        ],
    ),
    (
        Role::Feature(Feature::Speechiness),
        &[
            "speechiness",
            "speech",
            "speechness",
            "spch",
            "sprachanteil",
            "hablado",
            "parlabilite",
            "linguaggioparlato",
            "スピーチ性",
            "spraakzaamheid",
            "oralidade",
            "talighet",
            "konusmaorani",
            "محتوىالكلام",
            "ομιλητικοτητα",
            "语音度",
            "語音度",
        ],
    ),
    (
        Role::Feature(Feature::Acousticness),
        &[
            "acousticness",
            "acoustic",
            "acous",
            "acoustiness",
            "accousticness",
            // Two published data sets name them so.
            "acoustics",
            "akustik",
            "acustica",
            "acoustique",
            "アコースティック性",
            "akoestiek",
            "akustiklik",
            "الطابعالصوتي",
            "ακουστικοτητα",
            "原声性",
            "原音性",
        ],
    ),
    (
        Role::Feature(Feature::Instrumentalness),
        &[
            "instrumentalness",
            "instrumental",
            "instr",
            "instrumentalitat",
            "instrumentalidad",
            "strumentalita",
            "インストゥルメンタル性",
            "instrumentaliteit",
            "instrumentalidade",
            "instrumentalhet",
            "enstrumantalite",
            "الطابعالآلي",
            "οργανοκεντρικοτητα",
            "器乐度",
            "器樂度",
        ],
    ),
    (
        Role::Feature(Feature::Liveness),
        &[
            "liveness",
            "live",
            "liveliness",
            "lebendigkeit",
            "vivacidad",
            "vivacite",
            "vivacita",
            "ライブ感",
            "levendigheid",
            "vivacidade",
            "livlighet",
            "canlilik",
            "الحيوية",
            "ζωντανια",
            "现场感",
            "現場感",
        ],
    ),
    (
        Role::Feature(Feature::Valence),
        &[
            "valence",
            "val",
            "valance",
            "happy",
            "happiness",
            "mood",
            "valenz",
            "valencia",
            "valenza",
            "感情値",
            "valentie",
            "valens",
            "duygusallik",
            "الإيجابية",
            "θετικοτητα",
            "情绪效价",
            "情緒效價",
        ],
    ),
    (
        Role::Feature(Feature::Tempo),
        &[
            "tempo",
            "bpm",
            "beatsperminute",
            "tempobpm",
            "テンポ",
            "الإيقاع",
            "ρυθμοσ",
            "速度",
        ],
    ),
    (Role::Feature(Feature::Duration), DURATIONS),
    (
        Role::Feature(Feature::Popularity),
        &[
            "popularity",
            "pop",
            "beliebtheit",
            "popularidad",
            "popularite",
            "popolarita",
            "人気度",
            "populariteit",
            "popularidade",
            "popularitet",
            "populerlik",
            "الشعبية",
            "δημοτικοτητα",
            "热度",
            "熱門度",
        ],
    ),
    (
        Role::Key,
        &[
            "key",
            "keymode",
            "keyname",
            "tonart",
            "tonalidad",
            "tonalite",
            "chiave",
            "キー",
            "toonsoort",
            "tonalidade",
            "ton",
            "المفتاح",
            "τονικοτητα",
            "调性",
            "調性",
            "camelot",
        ],
    ),
    (
        Role::Mode,
        &[
            "mode",
            "modename",
            "modus",
            "modo",
            "modalita",
            "モード",
            "lage",
            "mod",
            "النمط",
            "τροποσ",
            "调式",
            "調式",
        ],
    ),
    (
        Role::TimeSignature,
        &[
            "timesignature",
            "timesig",
            "taktart",
            "compas",
            "mesure",
            "battuta",
            "拍子",
            "maatstreep",
            "compasso",
            "olcuisareti",
            "توقيعالزمن",
            "μετρο",
            "拍号",
            "拍號",
        ],
    ),
];

const DURATIONS: &[&str] = &[
    "duration",
    "dur",
    "length",
    "time",
    "playtime",
    "runtime",
    "dauer",
    "duracion",
    "duree",
    "durata",
    "duracao",
    "duur",
    "langd",
    "lange",
    "laufzeit",
    // A published data set names it so, and has both.
    "durationinminms",
    "spieldauer",
    "trackdauer",
    "dureedutitre",
    "duraciondelacancion",
    "duratadellatraccia",
    "duracaodafaixa",
    "nummerduur",
    "latlangd",
    "suresi",
    "sure",
    "parcasuresi",
    "sarkisuresi",
    "トラックの長さ",
    "المدة",
    "مدةالأغنية",
    "διαρκεια",
    "διαρκειακομματιου",
    "曲目时长",
    "曲目長度",
    "曲目時長",
];

/// What tools put before a name without changing its meaning.
const PREFIXES: [&str; 6] = ["track", "audio", "features", "feature", "song", "spotify"];

/// How much worse a name is that had to be mended, such as `energy_x`, than one that is right as it is.
const MENDED: usize = 1_000;

/// What a name ends with that tells a unit which the feature has anyway.
const OWN_UNITS: [(&str, Feature); 5] = [
    ("db", Feature::Loudness),
    ("decibels", Feature::Loudness),
    ("dezibel", Feature::Loudness),
    ("bpm", Feature::Tempo),
    ("beatsperminute", Feature::Tempo),
];

/// Names for how much of something a track has, which are also names for whether it is so: the values 0 and 1 alone do
/// not tell which of them is meant.
const ALSO_YES_OR_NO: [&str; 6] = [
    "dance",
    "danceable",
    "acoustic",
    "instrumental",
    "live",
    "happy",
];

/// Units of a length, as they stand in brackets or at the end of a name.
const LENGTH_UNITS: [(&str, Unit); 16] = [
    ("milliseconds", Unit::Milliseconds),
    ("millis", Unit::Milliseconds),
    ("msec", Unit::Milliseconds),
    ("ms", Unit::Milliseconds),
    ("ミリ秒", Unit::Milliseconds),
    ("毫秒", Unit::Milliseconds),
    ("بالملليثانية", Unit::Milliseconds),
    ("seconds", Unit::Seconds),
    ("secs", Unit::Seconds),
    ("sec", Unit::Seconds),
    ("minutes", Unit::Minutes),
    ("mins", Unit::Minutes),
    ("min", Unit::Minutes),
    ("millisekunden", Unit::Milliseconds),
    ("sekunden", Unit::Seconds),
    ("minuten", Unit::Minutes),
];

/// What a column's name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) role: Role,
    /// How good the name is for the role: 0 is the best.
    pub(crate) rank: usize,
    /// The unit that the name tells.
    pub(crate) unit: Option<Unit>,
}

/// What a column's name means; `None` for a column that is only carried along.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    // Nobody names a column so; and what follows looks at a name once for each prefix that it has.
    if name.len() > LONGEST {
        return None;
    }
    meaning_as_it_is(name).or_else(|| {
        let mended = without_suffix_of_join(name).and_then(meaning_as_it_is);
        let meaning = mended.or_else(|| feature_behind_a_path(name))?;
        Some(Meaning {
            rank: meaning.rank + MENDED,
            ..meaning
        })
    })
}

/// What the last part of a name means that is a path, such as `content.energy` or `sp_energy`, if that is a feature.
fn feature_behind_a_path(name: &str) -> Option<Meaning> {
    let separators = ['.', '/', ':', '_'];
    // The unit of a length is a part of its own.
    let last_two = name
        .rmatch_indices(separators)
        .map(|(at, _)| name.split_at(at))
        .take(2);
    last_two
        .filter(|(before, _)| {
            let mut words = before.split(separators).map(|word| plain(word).plain);
            !words.any(|word| NOT_THE_VALUE.contains(&word.as_str()))
        })
        .filter_map(|(_, behind)| meaning_as_it_is(behind))
        .find(|meaning| {
            // Spotify's own name, as others also mean other things: a live recording, the time of an event.
            meaning.rank == 0
                && matches!(meaning.role, Role::Feature(feature) if feature != Feature::Popularity)
        })
}

/// The most bytes of a name that may mean something.
const LONGEST: usize = 300;

/// Words before a feature's name that tell of something else than the track's value.
const NOT_THE_VALUE: [&str; 24] = [
    "avg",
    "average",
    "mean",
    "median",
    "min",
    "max",
    "minimum",
    "maximum",
    "std",
    "sd",
    "stdev",
    "var",
    "variance",
    "diff",
    "delta",
    "norm",
    "normalized",
    "scaled",
    "target",
    "rank",
    "z",
    "artist",
    "album",
    "playlist",
];

/// A name without what a program puts behind the names of two tables that it joins: `energy_x`, `energy.y`, `energy.1`.
fn without_suffix_of_join(name: &str) -> Option<&str> {
    let name = name.trim();
    let suffixes = ["_x", "_y", ".x", ".y"];
    if let Some(base) = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        return Some(base);
    }
    let (base, number) = name.rsplit_once('.')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(base)
}

fn meaning_as_it_is(name: &str) -> Option<Meaning> {
    let Name {
        plain,
        in_brackets,
        percent,
    } = plain(name);
    let of_name = |plain: &str| {
        let (role, rank) = lookup_behind_prefixes(plain)?;
        Some(Meaning {
            role,
            rank,
            unit: None,
        })
    };
    let length_units = || LENGTH_UNITS.iter().chain([&("s", Unit::Seconds)]);
    let found = of_name(&plain)
        .or_else(|| {
            length_units().find_map(|&(suffix, unit)| {
                let meaning = of_name(without_in(plain.strip_suffix(suffix)?))?;
                (meaning.role == Role::Feature(Feature::Duration)).then_some(Meaning {
                    unit: Some(unit),
                    ..meaning
                })
            })
        })
        .or_else(|| {
            OWN_UNITS.iter().find_map(|&(suffix, feature)| {
                let meaning = of_name(without_in(plain.strip_suffix(suffix)?))?;
                (meaning.role == Role::Feature(feature)).then_some(meaning)
            })
        });
    let mut found = found?;
    // The number of a track on its album, or in a list; but before all names, it marks the line as a comment.
    if name.trim_start_matches(['#', ' ']).contains('#') && !matches!(found.role, Role::Feature(_))
    {
        return None;
    }
    match found.role {
        Role::Feature(Feature::Duration) => {
            let told = length_units()
                .filter(|(word, _)| *word == without_in_before(&in_brackets))
                .map(|&(_, unit)| unit)
                .next();
            found.unit = told.or(found.unit);
        }
        Role::Feature(feature) if feature.is_ratio() && percent => found.unit = Some(Unit::Percent),
        _ => {}
    }
    // In brackets, a unit or the ends of a scale say nothing new; other words may tell of something else than the track.
    let is_scale = |text: &str| {
        let mut units = length_units().map(|(word, _)| word);
        units.any(|word| *word == text) || OWN_UNITS.iter().any(|(word, _)| *word == text)
    };
    let in_brackets = without_in_before(&in_brackets);
    let is_known = in_brackets.chars().all(char::is_numeric) || percent || is_scale(in_brackets);
    if matches!(found.role, Role::Feature(_)) && !is_known {
        found.rank += MENDED;
    }
    Some(found)
}

/// A name without the word `in` that stands before a unit: of `duration in ms`, what is left when the unit is taken away.
fn without_in(base: &str) -> &str {
    base.strip_suffix("in")
        .filter(|base| !base.is_empty())
        .unwrap_or(base)
}

/// What stands in brackets, without the word `in` before it.
fn without_in_before(in_brackets: &str) -> &str {
    in_brackets.strip_prefix("in").unwrap_or(in_brackets)
}

/// Whether a name for how much of something a track has is also one for whether it is so at all.
pub(crate) fn is_also_yes_or_no(name: &str) -> bool {
    ALSO_YES_OR_NO.contains(&plain(name).plain.as_str())
}

/// Whether a name for the length of a track is also one for when something was, if the date stands beside it.
pub(crate) fn is_also_time_of_day(name: &str) -> bool {
    plain(name).plain == "time"
}

/// Whether a name says that a column holds dates, and nothing more.
pub(crate) fn is_date(name: &str) -> bool {
    plain(name).plain == "date"
}

/// What a name means, as it is or without what tools put before it.
fn lookup_behind_prefixes(plain: &str) -> Option<(Role, usize)> {
    lookup(plain).or_else(|| {
        PREFIXES.iter().find_map(|prefix| {
            let rest = plain.strip_prefix(prefix)?;
            lookup_behind_prefixes(rest)
        })
    })
}

fn lookup(plain: &str) -> Option<(Role, usize)> {
    NAMES.iter().find_map(|(role, names)| {
        let rank = names.iter().position(|name| *name == plain)?;
        Some((*role, rank))
    })
}

/// A name without what tools put around it.
struct Name {
    /// Letters and digits only, in lower case, without accents, and without what stands in brackets.
    plain: String,
    /// What stands in the last brackets, in the same form.
    in_brackets: String,
    /// Whether the name has a percent sign or the word.
    percent: bool,
}

fn plain(name: &str) -> Name {
    let mut plain = String::new();
    let mut in_brackets = String::new();
    let mut brackets = 0usize;
    let mut percent = false;
    for character in name.chars().map(half_width) {
        match character {
            '(' | '[' => {
                brackets += 1;
                in_brackets.clear();
            }
            ')' | ']' => brackets = brackets.saturating_sub(1),
            '%' => percent = true,
            _ if character.is_alphanumeric() => {
                let place = if brackets == 0 {
                    &mut plain
                } else {
                    &mut in_brackets
                };
                place.extend(character.to_lowercase().filter_map(without_accent));
            }
            _ => {}
        }
    }
    percent |= without_in_before(&in_brackets) == "percent";
    for word in ["score", "value"] {
        if let Some(rest) = plain.strip_suffix(word).filter(|rest| !rest.is_empty()) {
            plain.truncate(rest.len());
        }
    }
    for word in ["percentage", "percent", "prozent", "pct"] {
        if let Some(rest) = plain.strip_suffix(word).filter(|rest| !rest.is_empty()) {
            plain.truncate(rest.len());
            percent = true;
        }
    }
    if percent {
        let named = without_in(&plain).len();
        plain.truncate(named);
    }
    Name {
        plain,
        in_brackets,
        percent,
    }
}

/// The wide forms of Latin letters, digits and marks, as East Asian keyboards give them, as plain ones.
fn half_width(character: char) -> char {
    match u32::from(character) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

/// A lower-case letter without its accent; `None` for an accent that stands by itself.
pub(crate) fn without_accent(letter: char) -> Option<char> {
    let plain = match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ś' | 'ş' | 'š' | 'ș' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        // A small sigma has another form at the end of a word, which a capital one does not tell.
        'ς' => 'σ',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        '\u{300}'..='\u{36f}' => return None,
        _ => letter,
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> Option<Role> {
        meaning(name).map(|meaning| meaning.role)
    }

    #[test]
    fn names_of_many_tools() {
        let expected = [
            ("Track URI", Role::Id),
            ("track_id", Role::Id),
            ("Spotify Track Id", Role::Id),
            ("trackUrl", Role::Id),
            ("Spotify - id", Role::Id),
            ("Track Name", Role::Track),
            ("track", Role::Track),
            ("trackName", Role::Track),
            ("Song", Role::Track),
            ("Artist Name(s)", Role::Artist),
            ("artist(s)_name", Role::Artist),
            ("track_artist", Role::Artist),
            ("track_genre", Role::Genre),
            ("top genre", Role::Genre),
            ("playlist_subgenre", Role::Genre),
            ("Genres", Role::Genre),
            ("\t\t\t\tDanceability", Role::Feature(Feature::Danceability)),
            ("\u{a0}Energy\u{a0}", Role::Feature(Feature::Energy)),
            ("trackFeatureEnergy", Role::Feature(Feature::Energy)),
            (
                "trackFeatureSpeechiness",
                Role::Feature(Feature::Speechiness),
            ),
            ("audio_features.tempo", Role::Feature(Feature::Tempo)),
            ("danceability_%", Role::Feature(Feature::Danceability)),
            ("Ｅｎｅｒｇｙ", Role::Feature(Feature::Energy)),
            ("Loud (Db)", Role::Feature(Feature::Loudness)),
            ("Volume", Role::Feature(Feature::Loudness)),
            ("Duration (ms)", Role::Feature(Feature::Duration)),
            ("track.duration_ms", Role::Feature(Feature::Duration)),
            ("Length (Duration)", Role::Feature(Feature::Duration)),
            ("Time", Role::Feature(Feature::Duration)),
            ("track_popularity", Role::Feature(Feature::Popularity)),
            ("BPM", Role::Feature(Feature::Tempo)),
            ("Beats Per Minute (BPM)", Role::Feature(Feature::Tempo)),
            ("Key", Role::Key),
            ("Camelot", Role::Key),
            ("key_name", Role::Key),
            ("Mode", Role::Mode),
            ("Time Signature", Role::TimeSignature),
            (
                "audio_features.duration_ms",
                Role::Feature(Feature::Duration),
            ),
            ("features/duration_ms", Role::Feature(Feature::Duration)),
            (
                "spotify_track_duration_ms",
                Role::Feature(Feature::Duration),
            ),
            ("song_duration_ms", Role::Feature(Feature::Duration)),
            ("Dauer in ms", Role::Feature(Feature::Duration)),
            ("Länge", Role::Feature(Feature::Duration)),
            ("Loudness in dB", Role::Feature(Feature::Loudness)),
            ("Tempo in BPM", Role::Feature(Feature::Tempo)),
            ("content.energy", Role::Feature(Feature::Energy)),
            ("sp_duration_ms", Role::Feature(Feature::Duration)),
            ("audio_features.0.valence", Role::Feature(Feature::Valence)),
            ("Valence score", Role::Feature(Feature::Valence)),
            ("energy_x", Role::Feature(Feature::Energy)),
            ("valence.1", Role::Feature(Feature::Valence)),
            ("spotify_genre", Role::Genre),
            ("spotify_artist", Role::Artist),
            ("song_id", Role::Id),
            ("Tytuł", Role::Track),
            ("acoustics", Role::Feature(Feature::Acousticness)),
            ("liveliness", Role::Feature(Feature::Liveness)),
            ("Energy Level", Role::Feature(Feature::Energy)),
            ("Playtime", Role::Feature(Feature::Duration)),
            ("Runtime (s)", Role::Feature(Feature::Duration)),
            ("time_sig", Role::TimeSignature),
            // With the accents as marks of their own, as some systems write them.
            ("E\u{301}nergie", Role::Feature(Feature::Energy)),
        ];
        for (name, expected) in expected {
            assert_eq!(role(name), Some(expected), "{name}");
        }
        for name in [
            "",
            "#",
            "Album Name",
            "Artist URI(s)",
            "Added At",
            "albumPopularity",
            "artistPopularity",
            "Album Genres",
            "Track Number",
            "Type",
            "predicted_genre",
            "Danceability and energy",
            "spotify_streams",
            "energy_std",
            "std_energy",
            "target_tempo",
            "release_time",
            "album_duration_ms",
            "artist.popularity",
            "sp_name",
            "album_x",
            "1.1",
        ] {
            assert_eq!(role(name), None, "{name}");
        }
    }

    #[test]
    fn names_tell_units() {
        let unit = |name| meaning(name).and_then(|meaning| meaning.unit);
        assert_eq!(unit("Duration (ms)"), Some(Unit::Milliseconds));
        assert_eq!(unit("duration_ms"), Some(Unit::Milliseconds));
        assert_eq!(unit("trackDurationMs"), Some(Unit::Milliseconds));
        assert_eq!(unit("トラックの長さ（ミリ秒）"), Some(Unit::Milliseconds));
        assert_eq!(unit("length_seconds"), Some(Unit::Seconds));
        assert_eq!(unit("Duration (s)"), Some(Unit::Seconds));
        assert_eq!(unit("duration_min"), Some(Unit::Minutes));
        assert_eq!(unit("dur"), None);
        assert_eq!(unit("audio_features.duration_ms"), Some(Unit::Milliseconds));
        assert_eq!(unit("Dauer in Sekunden"), Some(Unit::Seconds));
        assert_eq!(unit("Duration (in min)"), Some(Unit::Minutes));
        assert_eq!(unit("energy in %"), Some(Unit::Percent));
        assert_eq!(unit("energy_%"), Some(Unit::Percent));
        assert_eq!(unit("Valence (%)"), Some(Unit::Percent));
        assert_eq!(unit("Energy"), None);
    }

    #[test]
    fn a_mended_name_is_worse_than_one_that_is_right_as_it_is() {
        let rank = |name| meaning(name).unwrap().rank;
        assert!(rank("energy_x") > rank("nrgy"));
        assert!(rank("duration_ms") < rank("Time"));
    }

    #[test]
    fn every_name_is_in_the_form_in_which_names_are_compared() {
        for (role, names) in NAMES {
            for name in names {
                let meaning = meaning(name).map(|meaning| meaning.role);
                assert_eq!(meaning, Some(role), "{name}");
            }
        }
    }
}
