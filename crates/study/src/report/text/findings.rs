//! What is told first: the answers, without how they were found.

use super::transfer::balanced;
use super::{BY_ARTIST, RANDOM, Writer, capital, find};
use crate::classifiers::Classifier;
use crate::report::original;
use crate::report::words::{more_or_less, percent, signed, thousands};
use crate::statistics::mean;
use crate::study::failures::precision_and_recall;
use crate::study::features::FeatureSet;
use crate::study::looking::best_accuracy;
use crate::study::transfer::Tested;

impl Writer<'_> {
    pub(super) fn findings(&mut self) {
        let study = self.study;
        self.section("What we found", "what-we-found");
        let forest = self.forest(RANDOM);
        let (at_random, by_artist) = (
            self.ablated(RANDOM, FeatureSet::All),
            self.ablated(BY_ARTIST, FeatureSet::All),
        );
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
        let knows = if at_random - by_artist > 0.005 {
            "Some of it is knowing the artist."
        } else {
            "New artists are no harder."
        };
        findings.push(format!(
            "**{knows}** Over {} splits each, it is right in {} of the cases when they are random, and in {} when no \
             artist stands on both sides: {}.",
            study.plan.repeats,
            percent(at_random),
            percent(by_artist),
            more_or_less(by_artist - at_random)
        ));
        findings.push(format!(
            "**{}** Without it, {} is left by artist. From the sound alone, without popularity \
             and duration, {} at random and {} by artist. Guessing would give {}.",
            if by_artist - without > 0.05 {
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
        let ranked = self.genres_by_recall(BY_ARTIST);
        if let ([best, second, ..], [.., weak, weakest]) = (ranked.as_slice(), ranked.as_slice()) {
            findings.push(format!(
                "**{} and {} are easy, {} and {} are hard.** By artist, {} and {} of their tracks are recognised, \
                 against {} and {}.",
                capital(&best.0),
                second.0,
                weak.0,
                weakest.0,
                percent(best.1),
                percent(second.1),
                percent(weak.1),
                percent(weakest.1)
            ));
        }
        let close_forest = find(&study.close.compared, |classifier| {
            matches!(classifier, Classifier::Forest(_))
        });
        if let Some(&(a, b, distance)) = study.fifteen_look.nearest_pairs().first() {
            let classes = &study.fifteen_look.classes;
            findings.push(format!(
                "**The fifteen close genres were hard because they are close.** The forest is right in {} of the cases. \
                 {} and {} lie only {distance:.2} standard deviations apart: a perfect straight border between them would \
                 be right in {} of the cases, where tossing a coin is in 50 %.",
                percent(close_forest.test.accuracy.value),
                classes[a],
                classes[b],
                percent(best_accuracy(distance))
            ));
        }
        let right_by = &study.failures[BY_ARTIST].right_by;
        let tracks: usize = right_by.iter().sum();
        findings.push(format!(
            "**Some tracks nobody gets.** {} of the test tracks by artist are wrong for all {} classifiers: \
             not an accident of one method, but a limit of what these numbers and labels say.",
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
            format!(
                " Told the popularity, the forest does worse on {} that have it: {} points on average.",
                if worse == changes.len() {
                    format!("all {worse}")
                } else {
                    format!("{worse} of the {}", changes.len())
                },
                signed(mean(&changes))
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

    fn genres_by_recall(&self, division: usize) -> Vec<(String, f64)> {
        let figures = precision_and_recall(&self.study.failures[division].confusion);
        let mut genres: Vec<(String, f64)> = self
            .genres()
            .iter()
            .zip(figures)
            .filter_map(|(genre, (_, recall))| Some((genre.clone(), recall?)))
            .collect();
        genres.sort_by(|a, b| b.1.total_cmp(&a.1));
        genres
    }
}
