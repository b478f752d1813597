//! German.

use overtone_genre::{ClassifyError, Feature, MINIMUM_FEATURES};

use super::{FeatureText, Words, count, list};
use crate::page::confidence::Sureness;

/// All that the page says.
pub(crate) static WORDS: Words = Words {
    title: "Overtone: Welches Genre ist das?",
    decimal_point: ",",
    thousands_mark: ".",
    one_of: |items| list(items, "oder"),

    question: "Welches Genre ist das?",
    invitation: [
        "Beweg einen Regler, und acht Genres antworten sofort. Oder",
        "Beweg einen Regler, und fünfzehn Genres antworten sofort. Oder",
    ],
    drop_a_playlist: "zieh deine Playlist her",
    skip_to_sliders: "Zu den Reglern springen",
    language: "Sprache",
    theme: "Farben",
    themes: ["Automatisch", "Hell", "Dunkel"],
    private: "Von Grund auf privat.",
    private_how_to_check: "Deine Dateien werden auf diesem Rechner gelesen, und diese Seite darf nirgendwohin etwas \
        senden. Nachprüfen kannst du es in der Netzwerkanalyse deines Browsers: Nichts geht hinaus. Oder geh offline: \
        Alles läuft weiter. Die Seite setzt keine Cookies und merkt sich keinen Titel.",
    newer_page: "Es gibt ein neueres Overtone.",
    load_newer: "Laden",
    model_damaged: |error| {
        format!(
            "Das Genre-Modell dieser Seite ist nicht zu gebrauchen: {error}. Lade die Seite neu; hilft das nicht, ist \
             die Seite beschädigt."
        )
    },

    sounds_like: "Dieser Titel klingt nach",
    this_track: "Dieser Titel",
    changed_track: |name| format!("{name} (verändert)"),
    no_answer: "Keine Antwort",
    no_answer_because: |error| match error {
        ClassifyError::TooFewFeatures { found } => format!(
            "{found} von 9 Klangmerkmalen bekannt; für eine Antwort braucht es mindestens {MINIMUM_FEATURES}."
        ),
        _ => format!("{error}."),
    },
    probabilities: "Wie wahrscheinlich jedes Genre ist",
    sureness: |sureness| match sureness {
        Sureness::Sure => "Kaum ein Zweifel.",
        Sureness::Likely => "Wahrscheinlich.",
        Sureness::Unsure => "Nicht sicher: Andere Genres liegen dicht dahinter.",
        Sureness::Guess => "Nur geraten: Es klingt nach mehreren.",
    },
    nine_tenths: |genres| format!("In neun von zehn Fällen wäre es {genres}."),
    none_of_these: "Nichts davon",
    outside: |genre, percent| {
        format!(
            "Der Titel klingt eher nach anderer Musik.\nVon diesen Genres liegt {genre} am nächsten, {percent}."
        )
    },
    family: |family| match family {
        "rap and trap" => "Rap und Trap",
        "techno, house and trance" => "Techno, House und Trance",
        "hard dance and bass" => "Hard Dance und Bass",
        _ => "Pop, R&B und Emo",
    },
    within_family: |genre, percent| {
        format!(
            "Eine Familie von Genres; welches davon, ist weniger klar.\nAm nächsten liegt {genre}, {percent}."
        )
    },
    models: "Welche Genres unterschieden werden",
    model_names: ["8 grobe Genres", "15 feine"],
    model_coming: "Die fünfzehn Genres werden geladen …",
    model_not_fetched: |why| {
        format!(
            "Die fünfzehn Genres ließen sich nicht laden ({why}). Wurden sie einmal online benutzt, sind sie auch \
             offline da; bis dahin antworten die acht weiter."
        )
    },

    the_track: "Der Titel",
    undo: "Rückgängig",
    start_over: "Von vorn",
    start_from: "Beginne mit",
    typical_track: |genre| format!("Typisch {genre}"),
    kinds: [
        "Wiegenlied",
        "Rave, 4 Uhr früh",
        "Lagerfeuer",
        "Gedicht auf Beat",
    ],
    surprise_me: "Überrasch mich",
    surprise_track: "Ein zufälliger Titel",
    groups: ["Groove und Stimmung", "Klang", "Über den Titel"],
    curve_legend: |genre| {
        format!(
            "Die Hügel zeigen, wo {genre} wahrscheinlicher wird; das Band auf der Linie, wo acht von zehn seiner Titel liegen."
        )
    },
    unknown: "unbekannt",
    reset: "Zurücksetzen",
    reset_feature: |feature| format!("{feature} zurücksetzen"),
    as_a_number: |feature| format!("{feature} als Zahl"),
    not_a_number: "Das ist keine Zahl.",
    lies_between: |feature, low, high| format!("{feature} liegt zwischen {low} und {high}."),
    does_not_count: "zählt bei diesen Genres nicht",
    popularity_misleads: "Beliebtheit zählt jetzt mit, und bei der meisten Musik führt sie in die Irre: Sie sagt, wie \
        eine Sammlung entstanden ist, nicht, wie Musik klingt. Setz sie zurück, dann zählt nur der Klang.",
    usually_lies: |genre, low, high| format!("Bei {genre} meist {low} bis {high}."),

    why_genre: |genre| format!("Warum {genre}?"),
    explain_genre: "Genre, das erklärt wird",
    why_explained: "Was jedes Merkmal zur Wahrscheinlichkeit beiträgt oder von ihr abzieht, in Prozentpunkten.",
    feature: "Merkmal",
    value: "Wert",
    percentage_points: "Prozentpunkte",
    any_track: "Irgendein Titel",
    what_if: "Wie würde daraus ein anderes Genre?",
    what_if_explained: "Die kleinste Änderung an einem einzigen Regler, die dafür reicht.",
    way: |genre, feature, rises, value| match rises {
        Some(true) => format!("{genre}: {feature} hoch auf {value}"),
        Some(false) => format!("{genre}: {feature} herunter auf {value}"),
        None => format!("{genre}: {feature} auf {value}"),
    },
    do_it: "Mach das",
    do_way: |genre, feature, value| format!("Mach das: {genre}, {feature} {value}"),
    no_single_way: |genres| format!("Kein einzelner Regler macht {genres} daraus."),

    share: "Anderen zeigen",
    copy_link: "Link kopieren",
    copy_picture: "Bild kopieren",
    save_picture: "Bild speichern",
    link_copied: "Der Link ist in der Zwischenablage. Er enthält die Stellung aller Regler.",
    copy_by_hand: "Dieser Browser erlaubt der Seite nicht zu kopieren. Hier ist der Link:",
    picture_copied: "Das Bild ist in der Zwischenablage.",
    picture_not_copied: "Dieser Browser erlaubt der Seite nicht, Bilder zu kopieren. Speichere das Bild stattdessen.",
    picture_not_made: "Das Bild ließ sich nicht erstellen.",
    link_damaged: "Nicht alles in diesem Link war zu verstehen. Der Rest ist zu sehen.",
    link_of_other_version: "Er stammt von einer anderen Fassung dieser Seite.",
    link_with_bad_value: |feature, value| {
        format!("{feature} kann nicht „{value}“ sein; sein Regler steht wie am Anfang.")
    },
    link_with_unknown_part: |part| format!("„{part}“ bedeutet hier nichts."),
    dismiss: "In Ordnung",

    map: "Eine Karte der Musik",
    map_explained: "Genres, die man leicht verwechselt, liegen nah beieinander. Ein Titel liegt zwischen den Genres, \
        die für ihn infrage kommen.",
    map_of_track: "Der Ring ist der Titel auf den Reglern.",
    map_invites: "Zieh eine Playlist hierher, um ihre Titel in der Karte zu sehen.",
    map_of_playlist: |tracks| {
        match tracks {
        1 => "Der Punkt ist der Titel deiner Playlist. Tipp oder zeig auf ihn, um seinen Namen zu lesen."
            .to_owned(),
        _ => format!(
            "Die Punkte sind {} deiner Playlist. Tipp oder zeig auf einen, um seinen Namen zu lesen.",
            count(tracks, "Titel", "Titel")
        ),
    }
    },
    map_described: |near| format!("Der Titel liegt am nächsten bei {}.", list(near, "und")),

    about_model: "Über das Modell",
    about_answers: "Es unterscheidet",
    about_needs: "Es braucht",
    about_needs_features: |minimum| {
        format!(
            "neun Klangmerkmale, die Spotify berechnet, und die Länge des Titels; mindestens {minimum} der neun müssen \
             bekannt sein."
        )
    },
    about_right: "Es hat recht bei",
    about_right_text: |home, abroad, points| {
        format!(
            "{home} der Titel von Interpreten, von denen es nicht gelernt hat, ohne zu wissen, wie beliebt sie sind, und \
             bei {abroad} in Sammlungen, die es nie gesehen hat. Dort liegen seine Prozentangaben im Mittel um {} \
             daneben.",
            count(points, "Prozentpunkt", "Prozentpunkte")
        )
    },
    about_right_fifteen: |right| {
        format!(
            "{right} der Titel, von denen es nicht gelernt hat. Ihre Interpreten waren nicht bekannt, manche Titel \
             können also von Interpreten sein, die es kennt: Bei anderer Musik ist weniger zu erwarten. Wo kein Genre \
             die Hälfte erreicht, nennt es stattdessen eine Familie von Genres."
        )
    },
    about_found: "Es findet",
    about_found_where: ["der Titel neuer Interpreten", "in neuen Sammlungen"],
    about_found_fifteen: "der neuen Titel",
    about_genre: "Genre",
    about_limits: "Seine Grenzen",
    about_limits_texts: [
        "Es hat aus Sammlungen gelernt, deren Titeln andere ein Genre gegeben haben, und Musik hält sich nicht an acht \
        Schubladen. Bei Musik anderer Leute hat es seltener recht als bei solchen Titeln. Es kennt Zahlen über einen \
        Titel, nicht seinen Klang, seinen Text oder seine Geschichte. Beliebtheit sagt mehr über eine Sammlung als über \
        Musik, deshalb zählt sie erst, wenn du ihren Regler bewegst.",
        "Es kennt Rap, Trap, Emo, Pop und Tanzmusik und hält alles für eines davon, auch ein Streichquartett. Seine \
        Genres liegen so nah beieinander, dass auch mancher Hörer sie nicht auseinanderhalten könnte. Es kennt Zahlen über einen Titel, nicht \
        seinen Klang, seinen Text oder seine Geschichte.",
    ],

    genre: |name| match name {
        "classical" => Some("Klassik"),
        "electronic" => Some("Elektronik"),
        "hiphop" => Some("Hip-Hop"),
        "rnb" => Some("R&B"),
        "dnb" => Some("Drum and Bass"),
        "techhouse" => Some("Tech House"),
        _ => None,
    },
    features,
    unit_aloud: |feature| match feature {
        Feature::Loudness => "Dezibel",
        Feature::Tempo => "Schläge pro Minute",
        Feature::Popularity => "von 100",
        _ => "",
    },
    minus: "minus ",
    minutes_and_seconds: |minutes, seconds| {
        format!(
            "{} {}",
            count(minutes, "Minute", "Minuten"),
            count(seconds, "Sekunde", "Sekunden")
        )
    },
};

fn features(feature: Feature) -> FeatureText {
    let (label, hint, low, high) = match feature {
        Feature::Danceability => (
            "Tanzbarkeit",
            "wie fest und stetig der Beat ist",
            "schwebend",
            "niemand bleibt sitzen",
        ),
        Feature::Energy => (
            "Energie",
            "wie schnell, laut und dicht es wirkt",
            "verhalten",
            "Vollgas",
        ),
        Feature::Loudness => (
            "Lautheit",
            "der mittlere Pegel der Aufnahme",
            "ein Flüstern",
            "eine Wand aus Klang",
        ),
        Feature::Speechiness => (
            "Sprachanteil",
            "gesprochene Worte: Rap und Rede liegen hoch",
            "gesungen oder gespielt",
            "gesprochen",
        ),
        Feature::Acousticness => (
            "Akustikanteil",
            "akustische Instrumente oder elektrische",
            "verstärkt",
            "Holz und Saiten",
        ),
        Feature::Instrumentalness => (
            "Instrumentalanteil",
            "wie sicher niemand singt",
            "Stimme ganz vorn",
            "keine Stimme",
        ),
        Feature::Liveness => (
            "Liveness",
            "ob ein Publikum zu hören ist",
            "im Studio",
            "auf der Bühne",
        ),
        Feature::Valence => (
            "Valenz",
            "die Stimmung, die es verbreitet",
            "traurig oder wütend",
            "fröhlich",
        ),
        Feature::Tempo => ("Tempo", "Schläge pro Minute", "largo", "presto"),
        Feature::Duration => ("Dauer", "wie lange es spielt", "kurz", "lang"),
        Feature::Popularity => (
            "Beliebtheit",
            "führt meist in die Irre: zählt erst, wenn du sie bewegst",
            "nie gehört",
            "ein Hit",
        ),
    };
    FeatureText {
        label,
        hint,
        low,
        high,
    }
}
