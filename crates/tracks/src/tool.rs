//! Which tool a table comes from, as far as its column names tell.

use std::fmt;

/// A tool that writes tables of tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tool {
    /// Overtone itself: a table that has genres already.
    Overtone,
    /// exportify.net.
    Exportify,
    /// exportify.app, whose column names follow the language of its page.
    ExportifyApp,
    /// Chosic's playlist analyzer.
    Chosic,
    /// Skiley.
    Skiley,
    /// Organize Your Music, and the "Top 10s" tables made with it.
    OrganizeYourMusic,
    /// The R package spotifyr.
    Spotifyr,
    /// TuneMyMusic.
    TuneMyMusic,
    /// Soundiiz.
    Soundiiz,
    /// The account data that Spotify sends on request, turned into a table.
    AccountData,
}

impl Tool {
    /// Recognises a tool by the names of a table's columns.
    pub(crate) fn recognise<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let names: Vec<String> = names.map(str::to_lowercase).collect();
        let has = |name: &str| names.iter().any(|found| found == name);
        let all = |wanted: &[&str]| wanted.iter().all(|name| has(name));
        let addresses = names
            .iter()
            .filter(|name| name.contains("uri") || name.contains("link"));
        let recognised = [
            (all(&["predicted_genre", "confidence"]), Self::Overtone),
            (
                has("trackfeatureenergy") || all(&["albumrecordlabel", "artistfollowers"]),
                Self::Skiley,
            ),
            (has("camelot") && has("spotify track id"), Self::Chosic),
            (
                all(&["ms_played", "ts"]) || all(&["endtime", "msplayed"]),
                Self::AccountData,
            ),
            (all(&["nrgy", "dnce"]), Self::OrganizeYourMusic),
            (
                names
                    .iter()
                    .filter(|name| name.starts_with("track."))
                    .count()
                    >= 3,
                Self::Spotifyr,
            ),
            (has("isrc") && addresses.count() >= 3, Self::ExportifyApp),
            (
                has("added at")
                    && (has("artist name(s)") || has("artist name"))
                    && !has("artist uri"),
                Self::Exportify,
            ),
            (
                all(&["track name", "artist name", "playlist name", "type"]),
                Self::TuneMyMusic,
            ),
            (
                names == ["title", "artist", "album", "isrc"],
                Self::Soundiiz,
            ),
        ];
        recognised
            .into_iter()
            .find(|(is, _)| *is)
            .map(|(_, tool)| tool)
    }

    /// What to do when the tool's table has no audio features.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::ExportifyApp => {
                "exportify.app leaves the audio features out unless it is asked for them: open its settings (the cog), \
                 switch “Include audio features data” on, and export the playlist again."
            }
            Self::Exportify => {
                "Exportify writes audio features when Spotify gives them: export the playlist again at exportify.net."
            }
            Self::Chosic | Self::Skiley => "Export the playlist again with all columns.",
            Self::TuneMyMusic | Self::Soundiiz => {
                "It never writes audio features, but it can copy the playlist to Spotify; from there another tool \
                 exports it with them."
            }
            Self::AccountData => {
                "Spotify's account data says what was played, but nothing of how it sounds. Put the tracks into a \
                 playlist, and export that with another tool."
            }
            Self::Overtone | Self::OrganizeYourMusic | Self::Spotifyr => {
                "Take the table that has them, such as the one that this was made of."
            }
        }
    }
}

/// The tools that still write audio features: Spotify closed them to new apps in November 2024.
pub(crate) const TOOLS_WITH_FEATURES: &str = "Tools that still write audio features for a Spotify playlist: exportify.net, Chosic's playlist analyzer, Skiley.";

impl fmt::Display for Tool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Overtone => "Overtone",
            Self::Exportify => "Exportify (exportify.net)",
            Self::ExportifyApp => "Exportify (exportify.app)",
            Self::Chosic => "Chosic's playlist analyzer",
            Self::Skiley => "Skiley",
            Self::OrganizeYourMusic => "Organize Your Music",
            Self::Spotifyr => "spotifyr",
            Self::TuneMyMusic => "TuneMyMusic",
            Self::Soundiiz => "Soundiiz",
            Self::AccountData => "Spotify's account data",
        })
    }
}
