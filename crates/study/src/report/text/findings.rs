//! What is told first: the answers, without how they were found.

use super::transfer::balanced;
use super::{BY_ARTIST, RANDOM, Writer, capital, find};
use crate::classifiers::Classifier;
use crate::report::original;
use crate::report::words::{
    listed, more_or_less, percent, percent_with_interval, signed, thousands,
};
use crate::statistics::{Estimate, mean};
use crate::study::failures::confused_pairs;
use crate::study::features::FeatureSet;
use crate::study::transfer::Tested;

impl Writer<'_> {
    pub(super) fn findings(&mut self) {
        let study = self.study;
        self.section("What we found", "what-we-found");
        let forest = self.forest(RANDOM);
        let [at_random, by_artist] = [RANDOM, BY_ARTIST]
            .map(|division| study.ablation.divisions[division][FeatureSet::All as usize].accuracy);
        let sound =
            [RANDOM, BY_ARTIST].map(|division| self.ablated(division, FeatureSet::AudioOnly));
        let without = self.ablated(BY_ARTIST, FeatureSet::WithoutPopularity);
        let holds = if (forest.test.accuracy.value - original::FOREST_TEST / 100.0).abs() < 0.05 {
            "The original holds."
        } else {
            "The original's figure is not ours."
        };
        let mut findings = vec![format!(
            "**{holds}** On its twin of {} tracks the random forest is right in {} of the cases (test part; \
             the original said {:.1} %).",
            thousands(study.eight.tracks.len()),
            percent(forest.test.accuracy.value),
            original::FOREST_TEST
        )];
        let (artists, margin) = at_random.above(&by_artist);
        let knows = if artists > margin {
            "Some of it is knowing the artist."
        } else if artists < -margin {
            "New artists are easier."
        } else {
            "Whether it knows the artist cannot be told."
        };
        findings.push(format!(
            "**{knows}** Over {} splits each, it is right in {} of the cases when they are random, and in {} when no \
             artist stands on both sides: {}, give or take {:.1} (two standard errors).",
            study.plan.repeats,
            percent(at_random.mean),
            percent(by_artist.mean),
            more_or_less(-artists),
            margin * 100.0
        ));
        findings.push(format!(
            "**{}** Without it, {} is left by artist. From the sound alone, without popularity \
             and duration, {} at random and {} by artist. Guessing would give {}.",
            if by_artist.mean - without > 0.05 {
                "Much of it is popularity."
            } else {
                "Little of it is popularity."
            },
            percent(without),
            percent(sound[RANDOM]),
            percent(sound[BY_ARTIST]),
            percent(1.0 / self.genres().len().max(1) as f64)
        ));
        findings.push(self.transfer_finding());
        let [at_random, by_artist] =
            [RANDOM, BY_ARTIST].map(|division| &study.features[division].sets);
        let gains = [
            at_random[1].test - at_random[0].test,
            by_artist[1].test - by_artist[0].test,
            self.best_tuned(RANDOM) - self.forest(RANDOM).test.accuracy.value,
            self.best_tuned(BY_ARTIST) - self.forest(BY_ARTIST).test.accuracy.value,
        ];
        let change = if gains.iter().all(|gain| gain.abs() < 0.03) {
            "change little"
        } else {
            "change something"
        };
        let gains = gains.map(signed);
        findings.push(format!(
            "**More features and better settings {change}.** In points on the test part, against the study's forest: \
             products of features {} at random and {} by artist, the best of the searched settings {} and {}.",
            gains[0], gains[1], gains[2], gains[3],
        ));
        findings.push(self.genres_apart());
        let close_forest = find(&study.close.compared, |classifier| {
            matches!(classifier, Classifier::Forest(_))
        });
        if let Some(&(a, b, _)) = confused_pairs(&study.close.confusion).first() {
            let classes = &study.fifteen_look.classes;
            let border = study.close.borders[a][b];
            findings.push(format!(
                "**{}** The forest is right in {} of the cases. {} and {}, which it confuses most, are told apart in {} of the \
                 cases by the best straight border that logistic regression finds between the two alone, where tossing a coin \
                 is right in 50 %.",
                if border < 0.75 {
                    "The fifteen close genres were hard because some are close."
                } else {
                    "The fifteen close genres."
                },
                percent(close_forest.test.accuracy.value),
                classes[a],
                classes[b],
                percent(border)
            ));
        }
        let right_by = &study.failures[BY_ARTIST].right_by;
        let tracks: usize = right_by.iter().sum();
        findings.push(format!(
            "**Some tracks none of ours gets.** {} of the test tracks by artist are wrong for all {} classifiers. That may be \
             the labels, the numbers, or that nothing like them was learned from.",
            percent(right_by[0] as f64 / tracks.max(1) as f64),
            right_by.len() - 1
        ));
        self.list(findings);
    }

    /// By how much popularity changes the balanced accuracy on each other collection that has it, -1 to 1.
    fn changes_by_popularity(&self) -> Vec<f64> {
        let change = |tested: &Tested| {
            let with = balanced(tested, FeatureSet::All)?;
            Some(with - balanced(tested, FeatureSet::WithoutPopularity)?)
        };
        let collections = self.study.transfer.collections.iter();
        collections.filter_map(change).collect()
    }

    /// Whether the forest does worse on most other collections where it is told the popularity.
    pub(super) fn popularity_misleads(&self) -> bool {
        let changes = self.changes_by_popularity();
        let worse = changes.iter().filter(|change| **change < 0.0).count();
        worse * 2 > changes.len()
    }

    fn transfer_finding(&self) -> String {
        let transfer = &self.study.transfer;
        if transfer.collections.is_empty() {
            return "**Music from elsewhere** was not tested: no other collection is in the data folder.".to_owned();
        }
        let balanced = |tested: &Tested, set| balanced(tested, set);
        let without: Vec<f64> = transfer
            .collections
            .iter()
            .filter_map(|tested| balanced(tested, FeatureSet::WithoutPopularity))
            .collect();
        let changes = self.changes_by_popularity();
        let worse = changes.iter().filter(|change| **change < 0.0).count();
        let (low, high) = (
            without.iter().copied().fold(f64::INFINITY, f64::min),
            without.iter().copied().fold(0.0, f64::max),
        );
        let home = transfer
            .home
            .iter()
            .find(|(set, _)| *set == FeatureSet::WithoutPopularity);
        let home = home.map_or(0.0, |(_, figures)| figures.balanced_accuracy.value);
        let title = if self.popularity_misleads() {
            "Popularity misleads on other people's music."
        } else {
            "Other people's music."
        };
        let told = if changes.is_empty() {
            String::new()
        } else {
            let all = changes.len();
            let which = if worse == all {
                format!("all {all}")
            } else {
                format!("{worse} of the {all}")
            };
            format!(
                " Told the popularity, the forest does worse on {which} that have it: {} on average.",
                more_or_less(mean(&changes))
            )
        };
        format!(
            "**{title}** On {} other collections, without popularity, {} to {} is right (each genre counting the same; at \
             home, with new artists, {}).{told}",
            transfer.collections.len(),
            percent(low),
            percent(high),
            percent(home)
        )
    }

    fn best_tuned(&self, division: usize) -> f64 {
        let best = &self.study.tuned[division].best;
        // The one that cross-validation prefers, not the one that the test part does.
        let best = best.iter().reduce(|best, other| {
            if other.candidate.mean > best.candidate.mean {
                other
            } else {
                best
            }
        });
        best.map_or(0.0, |best| best.test.accuracy.value)
    }

    /// Which genres are surely recognised more or less often than the mean genre.
    fn genres_apart(&self) -> String {
        let recalls = &self.study.failures[BY_ARTIST].recalls;
        let values: Vec<f64> = recalls.iter().map(|recall| recall.value).collect();
        let mean = mean(&values);
        let those = |is_apart: &dyn Fn(&Estimate) -> bool| -> Vec<(&str, String)> {
            let genres = self.genres().iter().zip(recalls);
            genres
                .filter(|(_, recall)| is_apart(recall))
                .map(|(genre, recall)| {
                    let told = format!("{genre} {}", percent_with_interval(recall));
                    (genre.as_str(), told)
                })
                .collect()
        };
        let easy = those(&|recall| recall.low > mean);
        let hard = those(&|recall| recall.high < mean);
        let said = |genres: &[(&str, String)], how: &str| {
            let names: Vec<&str> = genres.iter().map(|(name, _)| *name).collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            (!names.is_empty()).then(|| format!("{} {verb} {how}", listed(&names)))
        };
        let title: Vec<String> = [said(&easy, "easy"), said(&hard, "hard")]
            .into_iter()
            .flatten()
            .collect();
        if title.is_empty() {
            return format!(
                "**No genre is surely easier than another.** By artist, the mean genre has {} of its tracks recognised, and \
                 the 95 % interval of each takes that in.",
                percent(mean)
            );
        }
        let told: Vec<String> = easy.into_iter().chain(hard).map(|(_, told)| told).collect();
        format!(
            "**{}.** By artist, the mean genre has {} of its tracks recognised; in %, with 95 % intervals, {}. The intervals \
             of the others take that mean in.",
            capital(&title.join(", ")),
            percent(mean),
            listed(&told)
        )
    }
}
