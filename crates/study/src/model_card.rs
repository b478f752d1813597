//! Writes the model card: what a model is, how right it is, and what it must not be taken for. Every figure in it was
//! measured by the run that writes it.

use std::fmt::Write as _;

use overtone_genre::{Feature, family};

use crate::abroad::{ROWS_PER_ARTIST, ROWS_PER_GENRE};
use crate::collections::COLLECTIONS;
use crate::fifteen::CloseGenres;
use crate::genre_map;
use crate::pool::Pool;
use crate::recipe::Recipe;
use crate::ship::{AT_HOME, Row, Shipped, TWIN};

/// A figure of another program on the same rows, as its script wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The program.
    pub model: String,
    /// The row of the table: "twin by artist" or a collection that was left out.
    pub row: String,
    /// What it was told: `all`, `sound_and_length` or `sound`.
    pub told: String,
    /// Accuracy, balanced accuracy, log loss and calibration error.
    pub figures: [f64; 4],
    /// The bytes of its model as it stores it.
    pub bytes: usize,
}

/// Reads what the scripts under `tests/reference` wrote: a line of names, then lines of `model,row,told,accuracy,balanced
/// accuracy,log loss,calibration error,bytes`.
///
/// # Errors
/// The number of the first line that is not so.
pub fn read_references(text: &str) -> Result<Vec<Reference>, usize> {
    let lines = text.lines().enumerate().skip(1);
    lines
        .map(|(index, line)| read_reference(line).ok_or(index + 1))
        .collect()
}

fn read_reference(line: &str) -> Option<Reference> {
    let cells: Vec<&str> = line.split(',').collect();
    let [model, row, told, figures @ .., bytes] = cells.as_slice() else {
        return None;
    };
    let figures: Result<Vec<f64>, _> = figures.iter().map(|cell| cell.parse()).collect();
    Some(Reference {
        model: (*model).to_owned(),
        row: (*row).to_owned(),
        told: (*told).to_owned(),
        figures: figures.ok()?.try_into().ok()?,
        bytes: bytes.parse().ok()?,
    })
}

/// The card of the eight-genre model, and of the fifteen-genre one if there is one, as Markdown.
pub fn write(
    shipped: &Shipped,
    pool: &Pool,
    recipe: &Recipe,
    close: Option<&CloseGenres>,
    references: &[Reference],
) -> String {
    let mut card = String::new();
    // Writing to a string does not fail.
    let _ = write_card(&mut card, shipped, pool, recipe, references)
        .and_then(|()| close.map_or(Ok(()), |close| write_close(&mut card, close, references)));
    card
}

fn write_close(
    card: &mut String,
    close: &CloseGenres,
    references: &[Reference],
) -> std::fmt::Result {
    let (rows, tracks, several) = close.counts;
    let home = close.quality.home;
    writeln!(
        card,
        "\n# The fifteen close genres\n\n\
         {} bytes, learned from the Kaggle \"Dataset of songs in Spotify\": {rows} rows are {tracks} tracks by their sound, \
         {several} of them under several genres, which are learned as shares. The table has no artists, so it is split by \
         recording, and an artist may stand on both sides: expect less on others.\n\n\
         On {} tracks of one genre that it has not learned from: accuracy {:.3}, balanced accuracy {:.3}, log loss {:.3}, \
         calibration error {:.3}. Of all tested tracks {:.3} get one of their genres. The 90 % sets hold the right genre for \
         {:.3} of the tracks, with {:.2} genres on average.\n\n\
         The families ({}) are right for {:.3}. Where a genre reaches one half it is named (for {:.3} of the tracks, {:.3} of \
         them right), else only the family ({:.3} right).\n\n\
         | genre | family | recall | recall of the family |\n|---|---|---|---|",
        close.bytes.len(),
        close.tested,
        home.accuracy,
        home.balanced_accuracy,
        home.log_loss,
        home.calibration_error,
        close.one_of_its_genres,
        close.sets.0,
        close.sets.1,
        families(close).join("; "),
        close.family_accuracy,
        close.fine_or_family.0,
        close.fine_or_family.1,
        close.fine_or_family.2,
    )?;
    for (genre, fine, coarse) in &close.recalls {
        writeln!(
            card,
            "| {genre} | {} | {fine:.3} | {coarse:.3} |",
            family(genre)
        )?;
    }
    writeln!(
        card,
        "\n| model | accuracy | balanced accuracy | log loss | calibration error | bytes |\n|---|---|---|---|---|---|\n\
         | **Overtone** | {:.3} | {:.3} | {:.3} | {:.3} | {} |",
        home.accuracy,
        home.balanced_accuracy,
        home.log_loss,
        home.calibration_error,
        close.bytes.len()
    )?;
    for other in references.iter().filter(|other| other.row == "fifteen") {
        let [accuracy, balanced, loss, error] = other.figures;
        writeln!(
            card,
            "| {} | {accuracy:.3} | {balanced:.3} | {loss:.3} | {error:.3} | {} |",
            other.model, other.bytes
        )?;
    }
    writeln!(
        card,
        "\nTaken for each other most:\n\n| | | share of their tracks |\n|---|---|---|"
    )?;
    for (first, second, share) in &close.confused {
        writeln!(card, "| {first} | {second} | {share:.3} |")?;
    }
    writeln!(
        card,
        "\nBalanced accuracy with features missing:\n\n| missing | |\n|---|---|"
    )?;
    for cost in &close.quality.missing {
        let names: Vec<&str> = cost.features().map(Feature::name).collect();
        writeln!(card, "| {} | {:.3} |", names.join(", "), cost.home)?;
    }
    Ok(())
}

/// What the words of titles add.
fn write_titles(card: &mut String, shipped: &Shipped) -> std::fmt::Result {
    let titles = &shipped.titles;
    writeln!(
        card,
        "\n### Told the title too\n\n\
         Off unless asked for, and in a file of its own ({} bytes): the words of the title, as groups of two to four letters, \
         by logistic regression. It counts {:.2} times what it says by itself; that is chosen on these rows (but for the \
         twin's), as the temperature is. Sound and length as above.\n\n\
         | rows | tracks | with a title | balanced accuracy | with titles | log loss | with titles | calibration error | with \
         titles |\n|---|---|---|---|---|---|---|---|---|",
        titles.bytes.len(),
        titles.share,
    )?;
    for row in &titles.rows {
        let (tracks, titled) = row.tracks;
        writeln!(
            card,
            "| {} | {tracks} | {titled} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
            row.name,
            row.without.balanced_accuracy,
            row.with.balanced_accuracy,
            row.without.log_loss,
            row.with.log_loss,
            row.without.calibration_error,
            row.with.calibration_error
        )?;
    }
    writeln!(
        card,
        "\nThey also say whether any of the eight fits (area under the ROC curve, as below):\n\n\
         | rows | without titles | with titles |\n|---|---|---|"
    )?;
    for (name, without, with) in &titles.outside {
        writeln!(card, "| {name} | {without:.3} | {with:.3} |")?;
    }
    let (without, with) = titles.abroad;
    writeln!(
        card,
        "\nMean balanced accuracy over the collections left out: {:.3} without titles, **{:.3}** with them.\n",
        without.balanced_accuracy, with.balanced_accuracy
    )
}

/// The names of the families, each once.
fn families(close: &CloseGenres) -> Vec<&str> {
    let mut names: Vec<&str> = close.genres.iter().map(|genre| family(genre)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn write_card(
    card: &mut String,
    shipped: &Shipped,
    pool: &Pool,
    recipe: &Recipe,
    references: &[Reference],
) -> std::fmt::Result {
    let quality = &shipped.quality;
    let (genres_bytes, outside_bytes) = shipped.parts;
    writeln!(
        card,
        "# Model card\n\n\
         Written by `overtone train --pool`; not to be edited by hand.\n\n\
         ## What it is\n\n\
         Boosted trees that say how likely each of eight genres is ({}), from Spotify's nine audio features, the length and, \
         where asked, the popularity of a track; each may be missing. A second, small forest says whether any of the eight \
         fits. Together {} bytes: {genres_bytes} for the genres, {outside_bytes} for outsiders, the rest for the figures below \
         that the page shows.\n\n\
         It was learned from {} recordings ({} more were left out, as the other collections find their label next to \
         impossible), over {} rounds of trees with at most {} leaves, and {} more rounds of small trees that add what the \
         popularity says, where it is told. Probabilities are calibrated with a temperature of {:.2}, found on the rows of the \
         tables below, which the models that answer there have not learned from. Its scores are rounded to hundredths; the \
         tables are of the models before that.",
        genre_map::EIGHT.join(", "),
        shipped.bytes.len(),
        shipped.examples.0,
        shipped.examples.1,
        recipe.boosting.rounds,
        recipe.boosting.leaves,
        recipe.popularity.rounds,
        shipped.temperature,
    )?;
    let twin = if shipped.sound.iter().any(|row| row.name == TWIN) {
        "*Twin by artist* is the test side of `overtone split` on the eight-genre set, by a model that has learned from none of its \
         artists and recordings. "
    } else {
        ""
    };
    let (nameless, told_where) = if is_the_studys(pool) {
        (
            " (search-2019 names no artists)",
            " What the collections are is told in [the study](study.md#the-data).",
        )
    } else {
        ("", "")
    };
    writeln!(
        card,
        "\n## How right it is\n\n\
         *At home* are tracks of the collections that it learns from, by artists that it does not learn from (one artist of \
         eight). {twin}Every other row is a collection left out, with all artists and recordings of its test rows as far as they \
         are known{nameless}: other people's music. A recording that is under more than one of the eight, \
         or also under a name that counts as none of them, is not tested on; at most {ROWS_PER_GENRE} tracks of a genre are \
         drawn, and {ROWS_PER_ARTIST} of one artist, so the accuracy is of nearly even genres. Balanced accuracy is the mean of the genres' recalls; log loss counts a \
         probability below 0.001 as 0.001. How many rounds there are, which cuts, and which names count as outsiders was chosen by \
         these figures, so they are a little kind to Overtone; LightGBM and CatBoost learn from the same rows with usual \
         settings, each recording under the genre that most collections give it. Behind ± stands half of the 95 % interval that a \
         balanced accuracy has where whole artists are drawn anew: programs that lie closer together than that cannot be told \
         apart by one row. The *seed recipe* is the study's first forest, 500 trees of depth 20, and knows the 2024 pull alone: what it \
         lacks is other people's music as much as method.{told_where}\n"
    )?;
    for (title, told, rows) in [
        (
            "Told the sound and the length, as most files have it",
            "sound_and_length",
            &shipped.sound_and_length,
        ),
        ("Told the sound alone", "sound", &shipped.sound),
        ("Told the popularity too", "all", &shipped.all),
    ] {
        figures_table(card, title, told, rows, shipped.bytes.len(), references)?;
        if told == "all" {
            write_popularity(card, rows, &shipped.sound_and_length)?;
        } else {
            writeln!(
                card,
                "\nMean balanced accuracy over the collections left out: **{:.3}**.\n",
                crate::figures::mean(abroad(rows).map(balanced_accuracy))
            )?;
        }
    }

    writeln!(
        card,
        "### By genre\n\nRecall, told the sound and the length.\n\n| genre | at home | abroad |\n|---|---|---|"
    )?;
    for (genre, home, abroad) in &shipped.recalls {
        writeln!(card, "| {genre} | {home:.3} | {abroad:.3} |")?;
    }

    write_titles(card, shipped)?;

    writeln!(
        card,
        "\n## How sure it is\n\n\
         | confidence abroad | right | share of tracks |\n|---|---|---|"
    )?;
    for band in &quality.reliability {
        writeln!(
            card,
            "| {:.2} | {:.2} | {:.3} |",
            band.confidence, band.accuracy, band.share
        )?;
    }
    writeln!(
        card,
        "\n| confidence at home | right | tracks |\n|---|---|---|"
    )?;
    for band in &shipped.reliability_home {
        writeln!(
            card,
            "| {:.2} | {:.2} | {} |",
            band.confidence, band.accuracy, band.tracks
        )?;
    }
    writeln!(
        card,
        "\nIf it answers only the surest share of the tracks (abroad):\n\n| answered | right |\n|---|---|"
    )?;
    for (share, accuracy) in &shipped.coverage_accuracy {
        writeln!(card, "| {share:.1} | {accuracy:.3} |")?;
    }
    writeln!(
        card,
        "\n### Sets of genres\n\n\
         All genres of at least a probability, chosen so that the right one is among them in 90 % of tracks (split conformal \
         prediction). Each collection is covered with the threshold that the other collections give.\n\n\
         | rows | covered | genres on average |\n|---|---|---|"
    )?;
    for (name, covered, size) in &shipped.sets {
        writeln!(card, "| {name} | {covered:.3} | {size:.2} |")?;
    }

    writeln!(
        card,
        "\n## None of these\n\n\
         How well the second forest tells tracks of genres that none of the eight covers from tracks of the eight: the area under \
         the ROC curve (0.5 is chance). At home it has learned from these genres, by other artists; a collection left out may have \
         genres that no other has. A track counts as none of these from {:.3} on, which 5 % of the tracks of the eight reach at home.\n",
        quality.outside_threshold
    )?;
    for row in &shipped.outside {
        let names: Vec<String> = row
            .names
            .iter()
            .map(|(name, area)| format!("{name} {area:.2}"))
            .collect();
        writeln!(
            card,
            "* {}: **{:.3}** ({})",
            row.name,
            row.area,
            names.join(", ")
        )?;
    }

    writeln!(
        card,
        "\n## What missing features cost\n\nBalanced accuracy.\n\n| missing | at home | abroad |\n|---|---|---|"
    )?;
    for cost in &quality.missing {
        let names: Vec<&str> = cost.features().map(Feature::name).collect();
        let names = if names.is_empty() {
            "nothing".to_owned()
        } else {
            names.join(", ")
        };
        writeln!(card, "| {names} | {:.3} | {:.3} |", cost.home, cost.abroad)?;
    }

    writeln!(
        card,
        "\n## Size\n\nThe genres' forest after some rounds, told the sound and the length; {} rounds are shipped.\n\n\
         | rounds | bytes | balanced accuracy at home | abroad |\n|---|---|---|---|",
        recipe.boosting.rounds
    )?;
    for point in &shipped.sizes {
        writeln!(
            card,
            "| {} | {} | {:.3} | {:.3} |",
            point.rounds, point.bytes, point.home, point.abroad
        )?;
    }
    provenance(card, pool)
}

fn figures_table(
    card: &mut String,
    title: &str,
    told: &str,
    rows: &[Row],
    bytes: usize,
    references: &[Reference],
) -> std::fmt::Result {
    writeln!(
        card,
        "### {title}\n\n\
         | rows | tracks | model | accuracy | balanced accuracy | log loss | calibration error | bytes |\n\
         |---|---|---|---|---|---|---|---|"
    )?;
    for row in rows {
        let figures = row.figures;
        writeln!(
            card,
            "| {} | {} | **Overtone** | {:.3} | {:.3} ± {:.3} | {:.3} | {:.3} | {bytes} |",
            row.name,
            row.tracks,
            figures.accuracy,
            figures.balanced_accuracy,
            (row.balanced.high - row.balanced.low) / 2.0,
            figures.log_loss,
            figures.calibration_error
        )?;
        for other in references
            .iter()
            .filter(|other| other.row == row.name && other.told == told)
        {
            let [accuracy, balanced, loss, error] = other.figures;
            writeln!(
                card,
                "| | | {} | {accuracy:.3} | {balanced:.3} | {loss:.3} | {error:.3} | {} |",
                other.model, other.bytes
            )?;
        }
    }
    Ok(())
}

/// What popularity did to the answers, beside those without it.
fn write_popularity(card: &mut String, rows: &[Row], without: &[Row]) -> std::fmt::Result {
    writeln!(
        card,
        "\nWhat the model knows of popularity is how the pull of the twin was made. It is right there and wrong elsewhere, \
         which is why popularity is not used unless asked for; where a collection has none, or the others have none to learn \
         from, it is as in the first table."
    )?;
    let pairs = abroad(rows).zip(abroad(without));
    let changed: Vec<(&Row, &Row)> = pairs
        .filter(|(row, without)| row.figures != without.figures)
        .collect();
    if changed.is_empty() {
        return writeln!(card);
    }
    writeln!(
        card,
        "\nMean balanced accuracy over the {} collections left out where it is not: **{:.3}**, and {:.3} without popularity.\n",
        changed.len(),
        crate::figures::mean(changed.iter().map(|(row, _)| balanced_accuracy(row))),
        crate::figures::mean(
            changed
                .iter()
                .map(|(_, without)| balanced_accuracy(without))
        ),
    )
}

/// The rows of collections left out.
fn abroad(rows: &[Row]) -> impl Iterator<Item = &Row> {
    rows.iter()
        .filter(|row| ![AT_HOME, TWIN].contains(&row.name.as_str()))
}

fn balanced_accuracy(row: &Row) -> f64 {
    f64::from(row.figures.balanced_accuracy)
}

/// Whether all collections are of those that the study describes, so that more is known of them than their rows.
fn is_the_studys(pool: &Pool) -> bool {
    pool.collections.iter().all(|name| {
        let file = format!("pool/{name}.csv");
        COLLECTIONS.iter().any(|known| known.file == file)
    })
}

fn provenance(card: &mut String, pool: &Pool) -> std::fmt::Result {
    let published = if is_the_studys(pool) {
        "Collections that other people pulled through Spotify's Web API and published, most without a licence. Spotify's developer \
         terms restrict training on its content. No row of them is part of this repository."
    } else {
        "The collections of the folder that `--pool` named."
    };
    writeln!(
        card,
        "\n## What it learned from\n\n{published}\n\n\
         | collection | rows | under the eight | kinds of them | none of them | not used |\n|---|---|---|---|---|---|"
    )?;
    for ((name, [same, kind, other, unused]), (_, steps)) in pool.counts().iter().zip(&pool.steps) {
        let rows = steps.first().map_or(0, |step| step.left);
        writeln!(
            card,
            "| {name} | {rows} | {same} | {kind} | {other} | {unused} |"
        )?;
    }
    writeln!(card, "\nCleaning, row by row:\n")?;
    for (name, steps) in &pool.steps {
        let steps: Vec<String> = steps
            .iter()
            .skip(1)
            .map(|step| format!("{} {}", step.removed, step.what))
            .collect();
        writeln!(card, "* {name}: {}", steps.join("; "))?;
    }
    writeln!(
        card,
        "\nRows that share an artist and title, the sound to four decimals (all but instrumentalness and tempo; where the loudness is \
         missing, the length in its place), or an id and beside it the artist or much of the sound are one recording ({} in all); \
         its labels are averaged. What the collections' names mean:\n\n\
         | genre | names | kinds, with a quarter of the weight |\n|---|---|---|",
        pool.recordings
    )?;
    for (genre, same, kinds) in genre_map::table() {
        writeln!(card, "| {genre} | {same} | {kinds} |")?;
    }
    writeln!(
        card,
        "\n## Limits\n\n\
         * A genre is what the people who pulled a collection called it. Where two collections disagree, no model can be right on both.\n\
         * Pop and rock are hard to tell from sound alone, and much of country is taken for one of them.\n\
         * Popularity says how a collection was pulled, and is ignored unless asked for.\n\
         * What none of the eight covers is named as one of them unless it sounds very unlike them.\n\
         * It must not be used to decide about people."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_a_bad_line_is_named() {
        let good = "model,row,told,accuracy,balanced_accuracy,log_loss,calibration_error,bytes\n\
                    LightGBM,seeds-114,sound,0.5,0.49,1.4,0.05,1000\n";
        let references = read_references(good).unwrap();
        assert_eq!(references.len(), 1);
        assert_eq!(references[0].figures, [0.5, 0.49, 1.4, 0.05]);
        assert_eq!(references[0].bytes, 1000);
        for bad in [
            "half a line,x",
            "LightGBM,seeds-114,sound,0.5,0.49,much,0.05,1000",
        ] {
            assert_eq!(read_references(&format!("{good}{bad}\n")), Err(3));
        }
    }
}
