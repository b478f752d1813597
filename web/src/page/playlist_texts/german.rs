//! German.

use super::{count, grouped};
use crate::page::texts::percent;

pub(crate) const TITLE: &str = "Deine Playlist";
pub(crate) const ROOM_COMING: &str = "Das Lesen von Dateien wird vorbereitet …";
/// Before and behind the name of Exportify.
pub(crate) const WHERE_FROM: [&str; 2] = [
    "Nötig sind Spalten mit Klangmerkmalen. ",
    " macht so eine Datei aus einer Spotify-Playlist.",
];
pub(crate) const STOP: &str = "Anhalten";
pub(crate) const DOWNLOAD: &str = "Mit Genres herunterladen";
pub(crate) const NO_WORKER: &str =
    "Dieser Browser erlaubt der Seite nicht, den Teil zu starten, der Dateien liest.";
pub(crate) const SAVED_IN_PLACE_OF_COPIED: &str =
    "Der Browser hat das Kopieren nicht erlaubt; der Text wurde als Datei gespeichert.";

pub(crate) const NOTHING_TO_COPY: &str = "Es gibt nichts zu kopieren.";

pub(crate) const UNLIKE_ALL: &str = "klingt nach keinem der Genres; dieses liegt am nächsten";
pub(crate) const TITLE_WORDS: &str = "Auch die Wörter der Titelnamen zählen lassen";
pub(crate) const TITLE_WORDS_HINT: &str = "„Sonate“ oder „feat.“ verrät etwas, das kein Klang verrät. Für die Regler zählt weiter nur der Klang.";
pub(crate) const TITLE_WORDS_COMING: &str = "Die Wörter der Titelnamen werden geladen …";

/// The shares of right answers on other people's collections, 0 to 1.
pub(crate) fn title_words_count(without: f32, with: f32) -> String {
    format!(
        "Die Titelnamen zählen mit. Bei Sammlungen anderer Leute waren damit {:.0} von 100 Antworten richtig statt {:.0}. Für die Regler zählt weiter nur der Klang.",
        with * 100.0,
        without * 100.0
    )
}

pub(crate) fn title_words_missing(why: &str) -> String {
    format!(
        "Die Wörter der Titelnamen ließen sich nicht laden ({why}). Bist du online? Versuch es noch einmal."
    )
}

pub(crate) fn files(first: &str, files: usize, unread: usize) -> String {
    let all = count(files, "Datei", "Dateien");
    match (files, unread) {
        (1, _) => first.to_owned(),
        (_, 0) => all,
        _ => format!("{} von {all}", grouped(files.saturating_sub(unread))),
    }
}

pub(crate) fn not_saved(sentence: &str) -> String {
    format!("Es wurde nichts gespeichert oder kopiert. {sentence}")
}

pub(crate) fn copied(lines: usize) -> String {
    format!("{} kopiert.", count(lines, "Zeile", "Zeilen"))
}

pub(crate) fn room_missing(why: &str) -> String {
    format!(
        "Der Teil der Seite, der Dateien liest, ließ sich nicht laden ({why}). Bist du online? Versuch es noch einmal."
    )
}

pub(crate) const NO_SCRIPT: &str = "sein Skript lässt sich nicht laden";

pub(crate) fn worker_died(message: &str) -> String {
    format!(
        "An dieser Datei ist der Teil der Seite gescheitert, der Dateien liest ({message}). Der Rest läuft weiter; eine \
         andere Datei kann gelesen werden."
    )
}

pub(crate) fn died_saving(message: &str) -> String {
    format!(
        "Beim Speichern oder Kopieren ist der Teil der Seite gescheitert, der Dateien liest ({message}), und mit ihm sind die \
         Titel verloren. Lass die Datei noch einmal lesen."
    )
}

pub(crate) fn reading(name: &str, tracks: usize, share: f64) -> String {
    format!(
        "{name} wird gelesen: {}, {:.0}\u{a0}%",
        count(tracks, "Titel", "Titel"),
        share * 100.0
    )
}

pub(crate) fn no_tracks(name: &str, files: usize) -> String {
    let have = if files == 1 { "hat" } else { "haben" };
    format!("{name} {have} Spaltennamen, aber keinen Titel darunter.")
}

pub(crate) fn all_read(name: &str, tracks: usize, with_genre: usize) -> String {
    let all = count(tracks, "Titel", "Titel");
    let of_all = count(tracks, "Titel", "Titeln");
    match (tracks, with_genre) {
        (1, 1) => format!("{name}: {all}, mit einem Genre. Ein Klick bringt ihn auf die Regler."),
        (1, _) => format!("{name}: {all}, ohne Genre."),
        (_, 1) => format!("{name}: 1 von {of_all} hat ein Genre."),
        _ if tracks == with_genre => {
            format!("{name}: {all}, jeder mit einem Genre. Ein Klick bringt einen auf die Regler.")
        }
        _ => format!(
            "{name}: {} von {of_all} haben ein Genre.",
            grouped(with_genre)
        ),
    }
}

pub(crate) fn stopped(name: &str, tracks: usize) -> String {
    format!(
        "{name}: angehalten nach {}.",
        count(tracks, "Titel", "Titeln")
    )
}

pub(crate) fn not_read(name: &str, why: &str) -> String {
    format!("{name} kann nicht gelesen werden. {why}")
}

pub(crate) fn read_until(name: &str, tracks: usize, why: &str) -> String {
    let were = if tracks == 1 { "wurde" } else { "wurden" };
    format!(
        "{name}: {} {were} gelesen, mehr nicht. {why}",
        count(tracks, "Titel", "Titel")
    )
}

pub(crate) fn problems(problems: usize) -> String {
    count(
        problems,
        "Problem in einer Zeile",
        "Probleme in einzelnen Zeilen",
    )
}

pub(crate) fn more(more: usize) -> String {
    format!("und noch {}", grouped(more))
}

// What was understood of a table.

pub(crate) const MAPPING_HEADINGS: [&str; 5] =
    ["Spalte", "Erste Werte", "Gelesen als", "Einheit", "Sicher?"];
pub(crate) const COLUMN_NOT_READ: &str = "nicht gelesen";
pub(crate) const FORGET: &str = "Meine Wahl vergessen";
pub(crate) const TELL_COLUMNS: &str = "Wenn du weißt, was in den Spalten steht, sag es hier: Mit fünf Klangmerkmalen wird die Tabelle gelesen.";
pub(crate) const MAPPING_HINT: &str =
    "Was du hier wählst, merkt sich dieser Rechner für Dateien mit denselben Spaltennamen.";

pub(crate) fn columns_of(table: &str) -> String {
    format!("Spalten von {table}")
}

pub(crate) fn understood(name: Option<&str>, tool: Option<&str>, features: usize) -> String {
    let name = name.map(|name| format!("{name}: ")).unwrap_or_default();
    let tool = tool.map(|tool| format!("aus {tool}, ")).unwrap_or_default();
    format!("{name}{tool}{features} von 9 Klangmerkmalen verstanden")
}

pub(crate) fn written(encoding: &str, delimiter: char) -> String {
    let delimiter = match delimiter {
        ',' => "Kommas",
        ';' => "Strichpunkte",
        '\t' => "Tabulatoren",
        '|' => "senkrechte Striche",
        _ => "andere Zeichen",
    };
    format!("{encoding}, {delimiter} zwischen den Zellen")
}

pub(crate) fn missing(features: &[&str], cost: Option<(f32, f32)>) -> String {
    let names: Vec<String> = features.iter().map(|name| role(name)).collect();
    let listed = listed(&names.iter().map(String::as_str).collect::<Vec<_>>());
    match cost {
        Some((with, without)) => match ((with - without) * 100.0).round() {
            ..1.0 => format!(
                "Keine Spalte für {listed}. Bei Musik anderer Leute stimmen die Genres dann fast genauso oft."
            ),
            fewer => format!(
                "Keine Spalte für {listed}. Bei Musik anderer Leute stimmt das Genre dann seltener, um etwa {} (jedes Genre zählt \
                 gleich viel).",
                count(fewer as usize, "Prozentpunkt", "Prozentpunkte")
            ),
        },
        None => format!(
            "Keine Spalte für {listed}. Die Genres stützen sich auf die übrigen Merkmale und stimmen seltener."
        ),
    }
}

pub(crate) fn example(text: &str, value: &str) -> String {
    format!("{text} → {value}")
}

pub(crate) fn read_as_label(column: &str) -> String {
    format!("Als was „{column}“ gelesen wird")
}

pub(crate) fn unit_label(column: &str) -> String {
    format!("Einheit von „{column}“")
}

pub(crate) fn unit(name: &str) -> &str {
    match name {
        "ratio" => "0 bis 1",
        "percent" => "Prozent",
        "dB-without-minus" => "dB ohne Minus",
        "mm:ss:00" => "m:ss, für Stunden gehalten",
        "of-100" => "0 bis 100",
        _ => name,
    }
}

/// How sure it is what a column is, in the words of the other languages.
pub(crate) fn sureness(name: &str) -> &str {
    match name {
        "certain" => "sicher",
        "likely" => "wahrscheinlich",
        "unsure" => "unsicher",
        _ => name,
    }
}

pub(crate) fn role(name: &str) -> String {
    let role = match name {
        "id" => "Spotify-ID",
        "title" => "Titel",
        "artist" => "Interpret",
        "genre" => "Genre in der Datei",
        "danceability" => "Tanzbarkeit",
        "energy" => "Energie",
        "key" => "Tonart",
        "loudness" => "Lautheit",
        "mode" => "Tongeschlecht",
        "speechiness" => "Sprachanteil",
        "acousticness" => "Akustikanteil",
        "instrumentalness" => "Instrumentalanteil",
        "liveness" => "Liveness",
        "valence" => "Valenz",
        "tempo" => "Tempo",
        "duration_ms" => "Dauer",
        "popularity" => "Beliebtheit",
        "time_signature" => "Taktart",
        _ => name,
    };
    role.to_owned()
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} und {last}", first.join(", ")),
    }
}

// The table, and which of its rows are looked at.

pub(crate) const TRACKS_OF_THE_FILE: &str = "Titel der Datei";
pub(crate) const PRINTED_PART: &str = "Auf dem Papier stehen nur die Titel um die, die zu sehen waren. „Mit Genres herunterladen“ gibt alle.";
pub(crate) const TOO_FEW_FEATURES: &str = "zu wenige Merkmale";
pub(crate) const SOME_MISSING: &str = "Diesem Titel fehlen einige Klangmerkmale";
pub(crate) const TRACK: &str = "Titel";
pub(crate) const ARTIST: &str = "Interpret";
pub(crate) const FILE: &str = "Datei";
pub(crate) const IN_THE_FILE: &str = "In der Datei";
pub(crate) const GENRE: &str = "Genre";
pub(crate) const CONFIDENCE: &str = "Sicherheit";
/// The same where there is little place.
pub(crate) const CONFIDENCE_SHORT: &str = "Sicher";
pub(crate) const SEARCH: &str = "Titel und Interpreten durchsuchen";
pub(crate) const HOW_SURE: &str = "Wie sicher";
pub(crate) const LEAST_CERTAIN: &str = "Unsicherste zuerst";
/// The tracks that sound like none of the genres, which have a question mark in the table.
pub(crate) fn unlike_tracks(tracks: usize) -> String {
    format!("Klingt nach keinem ({})", grouped(tracks))
}

pub(crate) const MAYBE_MISLABELLED: &str = "Vielleicht falsches Genre";
pub(crate) const SHOW_ALL: &str = "Alle zeigen";
pub(crate) const NO_ANSWER: &str = "Keine Antwort";
pub(crate) const HOW_IT_DIVIDES: &str =
    "Wie sich die Titel auf die Genres verteilen; wähle Genres, um nur deren Titel zu sehen";

pub(crate) const CONFIDENCES: &[(&str, Option<(f32, f32)>)] = &[
    ("alle", None),
    ("unter 40\u{a0}%", Some((0.0, 0.4))),
    ("40 bis 60\u{a0}%", Some((0.4, 0.6))),
    ("60 bis 80\u{a0}%", Some((0.6, 0.8))),
    ("80\u{a0}% und mehr", Some((0.8, 1.0))),
];

pub(crate) fn line(line: u64) -> String {
    format!("Zeile {line}")
}

pub(crate) fn shown_of(shown: usize, all: usize) -> String {
    match all {
        1 if shown == all => "1 Titel".to_owned(),
        _ if shown == all => format!("Alle {}", count(all, "Titel", "Titel")),
        _ => format!("{} von {}", grouped(shown), count(all, "Titel", "Titeln")),
    }
}

// The file's own genres.

pub(crate) const LABELS: &str = "Was die Genres der Datei bedeuten";
pub(crate) const NONE_OF_THESE: &str = "keines davon";
pub(crate) const RECALL: &str = "Gefunden";
pub(crate) const MATRIX_CAPTION: &str = "In den Zeilen das Genre der Datei, in den Spalten die Antwort. Wähle eine Zahl, um ihre Titel zu sehen.";

pub(crate) fn agreement(share: f64, tracks: u32) -> String {
    format!(
        "Die Antworten stimmen bei {} von {} mit den Genres der Datei überein",
        percent(share),
        count(tracks as usize, "Titel", "Titeln")
    )
}

pub(crate) const NO_ANSWERS_TO_COMPARE: &str = "Die Datei hat eigene Genres, aber kein Titel hat eine Antwort, mit der man sie vergleichen könnte";

pub(crate) fn no_agreement(labels: usize) -> String {
    match labels {
        1 => "Die Datei hat ein eigenes Genre, das nicht bekannt ist".to_owned(),
        _ => format!(
            "Die Datei hat {} eigene Genres, von denen keines bekannt ist",
            grouped(labels)
        ),
    }
}

pub(crate) fn cell(labelled: &str, answered: &str, tracks: u32) -> String {
    format!(
        "{}: {labelled} in der Datei, {answered} als Antwort",
        count(tracks as usize, "Titel", "Titel")
    )
}

// Out.

pub(crate) const FORMAT: &str = "Datei";
pub(crate) const FORMATS: &[&str] = &["CSV", "CSV für Excel", "JSON"];
pub(crate) const WHICH: &str = "Titel";
pub(crate) const WHICH_ROWS: &[&str] = &["alle", "gezeigte, wie in der Datei"];
pub(crate) const COPY_TABLE: &str = "Die gezeigten kopieren";
pub(crate) const COPY_LINKS: &str = "Spotify-Links kopieren von";

// Where files come in.

pub(crate) const DROP_HERE: &str =
    "Zieh CSV-Dateien von Playlists irgendwo auf diese Seite, oder füg eine Tabelle ein";
pub(crate) const PASTED_TABLE: &str = "eingefügte Tabelle.csv";
pub(crate) const BROWSE: &str = "Dateien auswählen";
pub(crate) const A_FOLDER: &str = "Das ist ein Ordner; zieh stattdessen die Dateien darin hierher.";
