//! German for what the reader of tables finds wrong; its own sentences are English.

use overtone_genre::{ClassifyError, MINIMUM_FEATURES, OutOfRange};
use overtone_tracks::{
    ArchiveFault, FeaturesMissing, FileError, Note, OtherFile, Problem, ProblemKind, Remedy,
    RowLimit, Tool, Unfit,
};

use super::german::role;

pub(super) fn problem(problem: &Problem) -> String {
    let column = problem.column.as_ref();
    let column = column.map(|column| format!(", Spalte „{column}“"));
    format!(
        "Zeile {}{}: {}",
        problem.line,
        column.unwrap_or_default(),
        kind(problem.line, &problem.kind)
    )
}

fn kind(line: u64, kind: &ProblemKind) -> String {
    match kind {
        ProblemKind::NotANumber { text } => {
            format!("„{text}“ ist keine Zahl und gilt als fehlend")
        }
        ProblemKind::OutOfRange { text, error } => {
            format!(
                "„{text}“ kann nicht sein, denn {}; es gilt als fehlend",
                range(*error)
            )
        }
        ProblemKind::TooFewCells {
            found,
            expected,
            last_line,
        } => {
            let short = format!(
                "Die Zeile ist zu kurz: {found} von {expected} Zellen; die übrigen gelten als fehlend"
            );
            if *last_line > line {
                format!(
                    "{short}. Sie geht bis Zeile {last_line}: Ein Anführungszeichen, das nie geschlossen wird, kann die \
                     Zeilen dazwischen verschluckt haben"
                )
            } else {
                short
            }
        }
        ProblemKind::CellsLost { found, expected } => format!(
            "Die Zeile ist zu kurz: {found} Zellen für {expected} Spalten, und ihre Werte stehen in den falschen Spalten; keiner \
             wurde gelesen. Fehlt eine Zelle oder ein Trennzeichen?"
        ),
        ProblemKind::TooManyCells { found, expected } => format!(
            "Die Zeile ist zu lang: {found} Zellen für {expected} Spalten, sie können also in den falschen Spalten stehen; \
             keine wurde gelesen. Steht in einem Text ein Anführungs- oder Trennzeichen, das nicht als Teil des Textes \
             gekennzeichnet ist?"
        ),
        ProblemKind::StrayQuote => {
            "Ein Anführungszeichen wird nie geschlossen, oder nicht am Ende einer Zelle; die Zeile wurde gelesen, als wäre \
             es ein gewöhnliches Zeichen"
                .to_owned()
        }
        ProblemKind::NotText => {
            "Einige Zeichen sind beschädigt; sie werden als � gezeigt und bleiben, wie sie sind".to_owned()
        }
        ProblemKind::NeverAnalysed => {
            "Alle Merkmale sind 0, wie Spotify sie für einen Titel schreibt, den es nicht untersucht hat; sie gelten als \
             fehlend"
                .to_owned()
        }
        ProblemKind::EmptyRow => "Die Zeile ist leer".to_owned(),
        ProblemKind::NamesAgain => "Hier stehen die Spaltennamen noch einmal; die Zeile ist kein Titel".to_owned(),
        ProblemKind::NoAnswer(ClassifyError::TooFewFeatures { found }) => format!(
            "kein Genre: {found} von 9 Klangmerkmalen bekannt; für eine Antwort braucht es mindestens {MINIMUM_FEATURES}"
        ),
        ProblemKind::NoAnswer(error) => format!("kein Genre ({error})"),
        other => other.to_string(),
    }
}

fn range(error: OutOfRange) -> String {
    let range = error.feature.range();
    let unit = error.feature.unit();
    let space = if unit.is_empty() { "" } else { " " };
    let decimal = |number: &f32| number.to_string().replace('.', ",");
    format!(
        "{} liegt zwischen {} und {}{space}{unit}",
        role(error.feature.name()),
        decimal(range.start()),
        decimal(range.end()),
    )
}

pub(super) fn note(note: &Note) -> String {
    match note {
        Note::NotRead {
            column,
            role: meant,
            why,
        } => format!(
            "Die Spalte „{column}“ wird nicht als {} gelesen: {}.",
            role(meant.name()),
            unfit(*why)
        ),
        Note::StrangeLetters => {
            "Der Text ist nicht in Unicode geschrieben, und Buchstaben mit Akzenten oder aus anderen Schriften können falsch \
             gelesen sein. Wenn sie seltsam aussehen, speichere die Tabelle noch einmal als „CSV UTF-8“."
                .to_owned()
        }
        Note::LinesAbove { line } => format!(
            "Die Spaltennamen stehen in Zeile {line}; was darüber steht, wurde übergangen."
        ),
        Note::NamesTwice { names } => format!(
            "Ein Spaltenname steht zweimal da, die Zeilen haben aber nur eine Zelle dafür: {}. Der zweite wurde weggelassen.",
            names.join(", ")
        ),
        Note::RowNames => {
            "Die Zeilen beginnen mit einem eigenen Namen oder einer Nummer ohne Spaltennamen. Die Namen wurden passend verschoben."
                .to_owned()
        }
        Note::NoSuchColumn { name } => {
            format!("Es gibt keine Spalte „{name}“; was zu ihr gewählt wurde, bewirkt nichts.")
        }
        other => other.to_string(),
    }
}

pub(super) fn unfit(why: Unfit) -> &'static str {
    match why {
        Unfit::NotNumbers => "in den meisten Zellen steht keine Zahl",
        Unfit::OutOfScale => {
            "die meisten Zahlen liegen außerhalb dessen, was das Merkmal haben kann"
        }
        Unfit::NotDecibels => "die Zahlen sind keine Dezibel, denn die liegen unter 0",
        Unfit::Taken => "dafür wird eine andere Spalte gelesen",
    }
}

pub(super) fn file_error(error: &FileError) -> String {
    match error {
        FileError::Empty => {
            "Die Datei ist leer. Erwartet wird eine Tabelle von Titeln mit einer Zeile der Spaltennamen.".to_owned()
        }
        FileError::NotATable { looks_like } => format!(
            "Das ist {}, keine Tabelle von Titeln. Erwartet wird eine CSV-Datei, wie Exportify sie schreibt.{}",
            other_file(*looks_like),
            match looks_like.remedy() {
                Remedy::None => "",
                Remedy::SaveAsCsv => " Öffne deine Datei und speichere sie als CSV.",
                Remedy::Unpack => " Entpacke deine Datei zuerst.",
            }
        ),
        FileError::FeaturesMissing(missing) => features_missing(missing),
        FileError::NoHeader { cells } => format!(
            "Die erste Zeile hat Werte, keine Spaltennamen ({}). Setze eine Zeile darüber, die die Spalten benennt, etwa \
             Track, Artist, Danceability, Energy.",
            listed(cells)
        ),
        FileError::AccountData => format!(
            "Das sind Kontodaten von Spotify. {} {}",
            advice(Tool::AccountData),
            TOOLS_WITH_FEATURES
        ),
        FileError::FeaturesJson => {
            "Das ist JSON mit Klangmerkmalen, wie Spotifys Web-API sie gibt, keine Tabelle von Titeln. Mach eine CSV-Datei \
             daraus: eine Zeile mit den Namen der Merkmale und für jeden Titel eine Zeile mit den Werten."
                .to_owned()
        }
        FileError::Archive { fault } => {
            format!("Das Zip-Archiv kann nicht gelesen werden: {}", archive_fault(*fault))
        }
        FileError::TooManyStrayQuotes { line } => format!(
            "Bis Zeile {line} wurden tausend Anführungszeichen nie geschlossen. In einer CSV-Datei wird ein \
             Anführungszeichen in einem Text doppelt geschrieben; speichere die Tabelle mit einem Programm, das das tut."
        ),
        FileError::AnotherTable { line } => format!(
            "In Zeile {line} beginnt eine andere Tabelle mit eigenen Spaltennamen. Nur was darüber steht, wurde gelesen; \
             speichere den Rest als eigene Datei."
        ),
        FileError::RowTooLong { line, limit } => format!(
            "Die Zeile, die in Zeile {line} beginnt, ist länger als {}. Vielleicht steht seitdem ein Anführungszeichen \
             offen: Schließ oder entferne es und versuch es noch einmal.",
            row_limit(*limit)
        ),
        other => other.to_string(),
    }
}

fn other_file(file: OtherFile) -> String {
    let name = match file {
        OtherFile::Png => "ein Bild (PNG)",
        OtherFile::Jpeg => "ein Bild (JPEG)",
        OtherFile::Gif => "ein Bild (GIF)",
        OtherFile::Riff => "eine Ton- oder Bilddatei (RIFF)",
        OtherFile::Mp3 => "eine Tondatei (MP3)",
        OtherFile::Ogg => "eine Tondatei (Ogg)",
        OtherFile::Flac => "eine Tondatei (FLAC)",
        OtherFile::Pdf => "ein PDF-Dokument",
        OtherFile::Zip => "ein Zip-Archiv oder eine Excel-Arbeitsmappe",
        OtherFile::Gzip => "eine gepackte Datei (gzip)",
        OtherFile::SevenZip => "eine gepackte Datei (7z)",
        OtherFile::Workbook => "eine Excel-Arbeitsmappe",
        OtherFile::OldWorkbook => "eine alte Excel-Arbeitsmappe",
        OtherFile::OpenDocument => "ein LibreOffice-Dokument",
        OtherFile::AppleDocument => "ein Dokument von Apple Numbers",
        OtherFile::WordDocument => "ein Word-Dokument",
        OtherFile::RichText => "ein Textdokument (RTF)",
        OtherFile::Sqlite => "eine Datenbank (SQLite)",
        OtherFile::Binary => "eine Binärdatei",
        OtherFile::WebPage => "eine Webseite",
        OtherFile::Xml => "eine XML-Datei",
        OtherFile::M3u => "eine Liste von Tondateien (M3U)",
        OtherFile::Json => "eine JSON-Datei",
        other => return other.to_string(),
    };
    name.to_owned()
}

fn archive_fault(fault: ArchiveFault) -> String {
    let name = match fault {
        ArchiveFault::CutOff => "Es endet mitten in einer Datei. Wurde es ganz heruntergeladen?",
        ArchiveFault::NoEnd => "Sein Ende fehlt. Wurde es ganz heruntergeladen?",
        ArchiveFault::NoFileBegins => "Wo eine Datei beginnen sollte, steht etwas anderes.",
        ArchiveFault::Locked => "Es ist mit einem Passwort verschlossen.",
        ArchiveFault::TooManyFiles => "Es enthält mehr als 10.000 Dateien.",
        ArchiveFault::LengthUnknown => "Eine Datei darin sagt nicht, wie lang sie ist.",
        ArchiveFault::OtherPacking => {
            "Es ist auf eine Art gepackt, die wenige Programme kennen; pack es noch einmal als einfaches Zip."
        }
        ArchiveFault::Damaged => "Eine Datei darin ist beschädigt.",
        ArchiveFault::TooLarge => "Entpackt ist es weit größer, als eine Playlist sein kann.",
        ArchiveFault::NoTable => "Es ist keine Tabelle (.csv, .tsv, .tab oder .txt) darin.",
        other => return other.to_string(),
    };
    name.to_owned()
}

fn row_limit(limit: RowLimit) -> String {
    match limit {
        RowLimit::Cells => "10.000 Zellen".to_owned(),
        other => other.to_string(),
    }
}

fn features_missing(missing: &FeaturesMissing) -> String {
    let mut sentences = Vec::new();
    match missing.found.len() {
        0 => sentences.push("Es gibt keine Spalte mit Klangmerkmalen.".to_owned()),
        found => {
            let columns = if found == 1 { "Spalte" } else { "Spalten" };
            let names: Vec<String> = missing.found.iter().map(|name| role(name)).collect();
            sentences.push(format!(
                "Es gibt nur {found} {columns} mit Klangmerkmalen ({}), und {MINIMUM_FEATURES} werden gebraucht.",
                names.join(", ")
            ));
        }
    }
    sentences.push(format!(
        "Die Spaltennamen sind: {}.",
        listed(&missing.columns)
    ));
    sentences.extend(missing.notes.iter().map(note));
    if let Some(tool) = missing.tool {
        sentences.push(format!(
            "Die Datei sieht aus wie eine aus {}. {}",
            tool_name(tool),
            advice(tool)
        ));
    }
    sentences.push(TOOLS_WITH_FEATURES.to_owned());
    sentences.join(" ")
}

/// A tool's name, in the dative.
pub(super) fn tool_name(tool: Tool) -> String {
    match tool {
        Tool::Chosic => "dem Playlist Analyzer von Chosic".to_owned(),
        Tool::AccountData => "den Kontodaten von Spotify".to_owned(),
        other => other.to_string(),
    }
}

fn advice(tool: Tool) -> &'static str {
    match tool {
        Tool::ExportifyApp => {
            "exportify.app lässt die Klangmerkmale weg, wenn man sie nicht verlangt: Öffne die Einstellungen (das Zahnrad), \
             schalte „Include audio features data“ ein und exportiere die Playlist noch einmal."
        }
        Tool::Exportify => {
            "Exportify schreibt Klangmerkmale, wenn Spotify sie hergibt: Exportiere die Playlist noch einmal auf \
             exportify.net."
        }
        Tool::Chosic | Tool::Skiley => "Exportiere die Playlist noch einmal mit allen Spalten.",
        Tool::TuneMyMusic | Tool::Soundiiz => {
            "Dieses Werkzeug schreibt nie Klangmerkmale, kann die Playlist aber zu Spotify kopieren; von dort kannst du sie mit \
             einem anderen samt Merkmalen exportieren."
        }
        Tool::AccountData => {
            "Die Kontodaten von Spotify sagen, was gespielt wurde, aber nicht, wie es klingt. Nimm die Titel in eine Playlist \
             auf und exportiere die mit einem anderen Werkzeug."
        }
        _ => "Nimm eine Tabelle mit Klangmerkmalen, etwa die, aus der diese hier gemacht ist.",
    }
}

const TOOLS_WITH_FEATURES: &str = "Werkzeuge, die noch Klangmerkmale für eine Spotify-Playlist schreiben: exportify.net, \
                                   der Playlist Analyzer von Chosic, Skiley.";

/// The first of some texts.
fn listed(texts: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown = texts.iter().take(SHOWN);
    let shown = shown.map(|text| format!("„{}“", text.chars().take(40).collect::<String>()));
    let mut listed = shown.collect::<Vec<_>>().join(", ");
    if texts.len() > SHOWN {
        listed += &format!(" und noch {}", texts.len() - SHOWN);
    }
    listed
}
