//! The genre or the artist, and what popularity and duration add.

use super::{BY_ARTIST, RANDOM, Writer};
use crate::report::plots::{Mark, Tone, dots};
use crate::report::words::{number, percent_with_deviation, signed};
use crate::study::features::FeatureSet;

impl Writer<'_> {
    pub(super) fn by_artist(&mut self) {
        let study = self.study;
        self.section(
            "Does it know the genre, or the artist?",
            "does-it-know-the-genre-or-the-artist",
        );
        self.paragraph(
            "A random split puts tracks of one artist, often of one album, on both sides. A model can then recognise the \
             artist's sound, or how popular the album was on the day of the pull, and call that a genre. A new song by an \
             unknown artist is another matter. So we split by artist: whoever is in the test part has not been heard before.",
        );
        self.paragraph(format_args!(
            "And two of the eleven features are not heard at all. Popularity says how much a track was played when \
             somebody collected it; duration is how long it is. We leave each out, and both. One split is one draw of luck, \
             so each figure is the mean of {} splits, with the standard deviation between them (forest of {} trees).",
            study.plan.repeats,
            study.plan.trees
        ));
        let rows: Vec<Vec<String>> = FeatureSet::ALL
            .into_iter()
            .map(|set| {
                let [at_random, by_artist] = [RANDOM, BY_ARTIST]
                    .map(|division| study.ablation.divisions[division][set as usize]);
                vec![
                    set.name().to_owned(),
                    percent_with_deviation(&at_random.accuracy),
                    percent_with_deviation(&by_artist.accuracy),
                    signed(by_artist.accuracy.mean - at_random.accuracy.mean),
                    number(by_artist.balanced),
                ]
            })
            .collect();
        self.table(
            &[
                "test accuracy, %",
                "random",
                "by artist",
                "difference",
                "by artist, balanced",
            ],
            rows,
        );
        let rows: Vec<(String, Vec<Mark>)> = FeatureSet::ALL
            .into_iter()
            .map(|set| {
                let marks =
                    [(Tone::First, RANDOM), (Tone::Second, BY_ARTIST)].map(|(tone, division)| {
                        let spread = study.ablation.divisions[division][set as usize].accuracy;
                        // Nineteen of twenty splits, as the intervals of other plots are of 95 %.
                        let reach = 2.0 * spread.deviation;
                        Mark {
                            tone,
                            value: spread.mean,
                            interval: Some((spread.mean - reach, spread.mean + reach)),
                        }
                    });
                (set.name().to_owned(), marks.into())
            })
            .collect();
        let series = [("random split", Tone::First), ("by artist", Tone::Second)];
        let svg = dots(
            "What is left without popularity and duration",
            &series,
            &rows,
        );
        self.image(
            "ablation",
            svg,
            "Four rows: all features, without popularity, without duration, without both; accuracy at random and by artist",
            "Mean accuracy over the splits, with two standard deviations between splits to each side.",
        );
        let cost = |division: usize, set: FeatureSet| {
            self.ablated(division, set) - self.ablated(division, FeatureSet::All)
        };
        let [at_random, by_artist] = [RANDOM, BY_ARTIST].map(|division| {
            study.ablation.divisions[division][FeatureSet::AudioOnly as usize].accuracy
        });
        let (artists, margin) = at_random.above(&by_artist);
        self.paragraph(format_args!(
            "Popularity is worth {} points at random and {} by artist; duration {} and {}. From the sound alone the \
             artists' share is {} points, give or take {:.1} (two standard errors).",
            signed(-cost(RANDOM, FeatureSet::WithoutPopularity)),
            signed(-cost(BY_ARTIST, FeatureSet::WithoutPopularity)),
            signed(-cost(RANDOM, FeatureSet::WithoutDuration)),
            signed(-cost(BY_ARTIST, FeatureSet::WithoutDuration)),
            signed(artists),
            margin * 100.0
        ));
    }
}
