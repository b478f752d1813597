//! The report's text.

use std::fmt::{Display, Write as _};

use overtone_genre::Feature;

use super::plots::{
    Heat, Mark, Tone, bars, counts, curves, dendrogram, dots, heat_map, hills, ranked, short,
};
use super::words::{
    feature, listed, more_or_less, number, percent, percent_with_margin, settings, signed,
    thousands, with_margin,
};
use super::{Report, original};
use crate::classifiers::Classifier;
use crate::clean::Step;
use crate::collections::{COLLECTIONS, HOW_TO_GET, Need};
use crate::statistics::mean;
use crate::study::compare::{Compared, REFERENCE_FILE};
use crate::study::data::{DataSet, Profile};
use crate::study::failures::{confused_pairs, precision_and_recall};
use crate::study::features::FeatureSet;
use crate::study::looking::{Look, best_accuracy};
use crate::study::transfer::{ALIASES, Tested};
use crate::study::tuning::{Candidate, Grid};
use crate::study::{Division, Study};

/// At random, and by artist: the order of everything that there is twice.
const RANDOM: usize = Division::Random as usize;
const BY_ARTIST: usize = Division::ByArtist as usize;

pub(super) struct Writer<'a> {
    study: &'a Study,
    name: &'static str,
    text: String,
    contents: Vec<(&'static str, &'static str)>,
    images: Vec<(String, String)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(study: &'a Study, name: &'static str) -> Self {
        Self {
            study,
            name,
            text: String::new(),
            contents: Vec::new(),
            images: Vec::new(),
        }
    }

    pub(super) fn write(mut self) -> Report {
        self.findings();
        self.side_by_side();
        self.data();
        self.looking();
        self.classifiers();
        self.features();
        self.tuning();
        self.by_artist();
        self.transfer();
        self.failures();
        self.close_genres();
        self.reference();
        self.again();
        let text = self.head() + &self.text;
        let mut files = vec![
            (format!("{}.md", self.name), text),
            (format!("{}-timings.md", self.name), self.timings()),
        ];
        files.extend(self.images);
        Report { files }
    }

    // What a report is made of.

    fn section(&mut self, title: &'static str, anchor: &'static str) {
        self.contents.push((title, anchor));
        self.paragraph(format_args!("## {title}"));
    }

    fn subsection(&mut self, title: impl Display) {
        self.paragraph(format_args!("### {title}"));
    }

    fn paragraph(&mut self, text: impl Display) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "{text}\n\n");
    }

    fn list<T: Display>(&mut self, items: impl IntoIterator<Item = T>) {
        for item in items {
            let _ = writeln!(self.text, "- {item}");
        }
        self.text.push('\n');
    }

    /// A table. The first column is text, and so are those whose names begin with `<`; the others are numbers.
    fn table(&mut self, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        let is_text = |index: usize| index == 0 || columns[index].starts_with('<');
        let alignment: Vec<&str> = (0..columns.len())
            .map(|index| if is_text(index) { "---" } else { "---:" })
            .collect();
        let names: Vec<&str> = columns
            .iter()
            .map(|name| name.trim_start_matches('<'))
            .collect();
        let _ = writeln!(self.text, "| {} |", names.join(" | "));
        let _ = writeln!(self.text, "|{}|", alignment.join("|"));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
        self.text.push('\n');
    }

    fn image(&mut self, file: &str, svg: String, alternative: impl Display, caption: impl Display) {
        let path = format!("images/{}/{file}.svg", self.name);
        self.paragraph(format_args!("![{alternative}]({path})"));
        self.paragraph(format_args!("*{caption}*"));
        self.images.push((path, svg));
    }

    // What is needed in several places.

    fn forest(&self, division: usize) -> &'a Compared {
        find(&self.study.compared[division], |classifier| {
            matches!(classifier, Classifier::Forest(_))
        })
    }

    fn best_of_the_box(&self, division: usize) -> &'a Compared {
        let compared = &self.study.compared[division];
        compared
            .iter()
            .reduce(|best, other| {
                let is_better = other.test.accuracy.value > best.test.accuracy.value;
                if is_better { other } else { best }
            })
            .unwrap_or(&compared[0])
    }

    fn genres(&self) -> &'a [String] {
        &self.study.eight_look.classes
    }

    fn ablated(&self, division: usize, set: FeatureSet) -> f64 {
        self.study.ablation.divisions[division][set as usize].mean
    }

    // The report.

    fn head(&self) -> String {
        let mut head = String::from("# Can a model hear what genre a track is?\n\n");
        let quick = if self.study.quick {
            " It is of a **sample**: good to see that everything works, too small to trust the figures."
        } else {
            ""
        };
        let _ = write!(
            head,
            "Spotify describes every track with a handful of numbers: how loud, how fast, how danceable, how acoustic. \
             A [study](#the-original-study-and-this-one) once asked whether they give away the genre, and found that \
             they do, in three of four cases. This report asks again, with two questions more: does the model know the \
             *genre*, or does it know the *artist*? And does it work on music that somebody else has collected?\n\n\
             Everything here is written by one command, figures, sentences and plots: \
             `overtone study --data-dir DIR{} --seed {}`.{quick}\n\n## Contents\n\n",
            if self.study.quick { " --quick" } else { "" },
            self.study.seed
        );
        for (title, anchor) in &self.contents {
            let _ = writeln!(head, "- [{title}](#{anchor})");
        }
        head.push('\n');
        head
    }

    fn findings(&mut self) {
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
        let [sets, tuned] = [
            &study.features[BY_ARTIST].sets,
            &study.features[RANDOM].sets,
        ];
        let gains = [
            tuned[1].test - tuned[0].test,
            sets[1].test - sets[0].test,
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
        let changes: Vec<f64> = transfer
            .collections
            .iter()
            .filter_map(|tested| {
                let with = balanced(tested, FeatureSet::All)?;
                Some(with - balanced(tested, FeatureSet::WithoutPopularity)?)
            })
            .collect();
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
        let title = if worse * 2 > changes.len() {
            "Popularity misleads on other people's music."
        } else {
            "Other people's music."
        };
        format!(
            "**{title}** On {} other collections, without popularity, {} to {} is right (each genre counting the same; at \
             home, with new artists, {}). Told the popularity, the forest does worse on {worse} of the {} that have it, \
             by {} points in the mean.",
            transfer.collections.len(),
            percent(low),
            percent(high),
            percent(home),
            changes.len(),
            signed(mean(&changes))
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

    fn side_by_side(&mut self) {
        let study = self.study;
        self.section(
            "The original study and this one",
            "the-original-study-and-this-one",
        );
        self.paragraph(format_args!(
            "The original pulled {} songs in eight genres from hand-picked playlists, with eleven features, and split them \
             at random: 60 % to learn from, 20 % to choose by, 20 % to be asked about at the end. Its songs are not public. \
             Ours are a twin: the same eight genres, pulled through the same interface by search. We repeat its split, and \
             then split by artist.",
            thousands(original::SONGS)
        ));
        let tuned = |division: usize| {
            let best = study.tuned[division].best.iter();
            let mut of_study = best.filter(|best| best.candidate.grid == Grid::Study);
            of_study.next().map_or(0.0, |best| best.validation)
        };
        let validation = |division: usize, is_it: fn(&Classifier) -> bool| {
            find(&study.compared[division], is_it).validation
        };
        let test = |division: usize, is_it: fn(&Classifier) -> bool| {
            find(&study.compared[division], is_it).test.accuracy.value
        };
        let on_set =
            |division: usize, index: usize| study.features[division].sets[index].validation;
        let is_nearest: fn(&Classifier) -> bool =
            |classifier| matches!(classifier, Classifier::NearestNeighbours { .. });
        let is_logistic: fn(&Classifier) -> bool =
            |classifier| matches!(classifier, Classifier::LogisticRegression);
        let is_bayes: fn(&Classifier) -> bool =
            |classifier| matches!(classifier, Classifier::NaiveBayes);
        let is_forest: fn(&Classifier) -> bool =
            |classifier| matches!(classifier, Classifier::Forest(_));
        let is_boosted: fn(&Classifier) -> bool =
            |classifier| matches!(classifier, Classifier::BoostedTrees(_));
        let both = |figure: &dyn Fn(usize) -> f64| [figure(RANDOM), figure(BY_ARTIST)];
        let rows: Vec<(&str, &str, f64, [f64; 2])> = vec![
            (
                "k-nearest neighbours (k = 10)",
                "validation",
                original::NEAREST_NEIGHBOURS,
                both(&|division| validation(division, is_nearest)),
            ),
            (
                "Logistic regression",
                "validation",
                original::LOGISTIC_REGRESSION,
                both(&|division| validation(division, is_logistic)),
            ),
            (
                "Gaussian naive Bayes",
                "validation",
                original::NAIVE_BAYES,
                both(&|division| validation(division, is_bayes)),
            ),
            (
                "Random forest",
                "validation",
                original::FOREST_VALIDATION,
                both(&|division| validation(division, is_forest)),
            ),
            (
                "Random forest",
                "test",
                original::FOREST_TEST,
                both(&|division| test(division, is_forest)),
            ),
            (
                "Boosted trees (XGBoost there)",
                "test",
                original::BOOSTED_TEST,
                both(&|division| test(division, is_boosted)),
            ),
            (
                "Forest with products of features",
                "validation",
                original::PRODUCTS,
                both(&|division| on_set(division, 1)),
            ),
            (
                "Forest on the best 20 of these",
                "validation",
                original::BEST_TWENTY,
                both(&|division| on_set(division, 2)),
            ),
            ("Forest, tuned", "validation", original::TUNED, both(&tuned)),
        ];
        self.table(
            &[
                "Accuracy, %",
                "<part",
                "original",
                "ours, random split",
                "difference",
                "ours, by artist",
            ],
            rows.iter()
                .map(|(name, part, original, [at_random, by_artist])| {
                    vec![
                        (*name).to_owned(),
                        (*part).to_owned(),
                        format!("{original:.1}"),
                        number(*at_random),
                        signed(at_random - original / 100.0),
                        number(*by_artist),
                    ]
                }),
        );
        let plot: Vec<(String, Vec<Mark>)> = rows
            .iter()
            .map(|(name, part, original, [at_random, by_artist])| {
                let marks = vec![
                    Mark::new(Tone::Theirs, original / 100.0),
                    Mark::new(Tone::First, *at_random),
                    Mark::new(Tone::Second, *by_artist),
                ];
                (format!("{name}, {part}"), marks)
            })
            .collect();
        let series = [
            ("original", Tone::Theirs),
            ("ours, random split", Tone::First),
            ("ours, by artist", Tone::Second),
        ];
        let svg = dots("Accuracy: the original study and ours", &series, &plot);
        self.image(
            "side-by-side",
            svg,
            "Nine rows of dots: the original's accuracy, ours on a random split, and ours when no artist stands on both \
             sides, for each classifier that the original tried",
            "The original's figures, ours on a split like theirs, and ours when no artist is on both sides.",
        );
        let auc = [RANDOM, BY_ARTIST].map(|division| {
            let probabilities = self.forest(division).test.probabilities;
            probabilities.map_or(0.0, |figures| figures.auc.value)
        });
        self.paragraph(format_args!(
            "The area under the ROC curve was {:.2} there; it is {:.2} here at random and {:.2} by artist. Where the \
             original does not say which part it means, we compare with the validation part. The settings that its search \
             tried are not told either; ours are [listed](#tuning).",
            original::AUC,
            auc[RANDOM],
            auc[BY_ARTIST]
        ));
        self.paragraph(format_args!(
            "**Cleaning matters, both ways.** Repeated recordings flatter: a random split puts one on both sides, and the \
             answer is copied, not found. Tracks that stand under several genres spoil: whichever answer is given, the other \
             label calls it wrong. We take out both. On all {} rows as they were pulled, the same forest reaches {} on the \
             test part; on the cleaned ones, {}.",
            thousands(study.uncleaned.rows),
            percent(study.uncleaned.test),
            percent(self.forest(RANDOM).test.accuracy.value)
        ));
    }

    fn data(&mut self) {
        let study = self.study;
        self.section("The data", "the-data");
        self.paragraph(
            "Two sets are studied, and other people's collections are tested on. None of their rows is in this \
             repository. `overtone data check DIR` tells whether a folder has the same files.",
        );
        let mut sets: Vec<(&str, &Profile)> = vec![
            (&study.eight.name, &study.eight.profile),
            (&study.fifteen.name, &study.fifteen.profile),
        ];
        sets.extend(
            study
                .profiles
                .iter()
                .map(|(file, profile)| (file.as_str(), profile)),
        );
        self.table(
            &[
                "file",
                "rows",
                "genres",
                "first artists",
                "repeated ids",
                "repeated titles",
                "repeated sounds",
                "tracks under several genres",
                "never analysed",
                "<missing values",
            ],
            sets.iter()
                .map(|(file, profile)| profile_row(file, profile)),
        );
        self.paragraph(
            "A *repeated title* has the title and first artist of an earlier row, a *repeated sound* agrees with an earlier \
             row in every digit of the nine audio features and the duration. A track *never analysed* has zeros for \
             danceability and valence. Tracks are told apart by id, or by sound where there is no id. An empty column \
             counts as missing in every row.",
        );
        for set in [&study.eight, &study.fifteen] {
            self.cleaning(set);
        }
        self.paragraph(
            "Which genre is right for a track under several is not known, so such tracks are taken out altogether. The \
             fifteen genres have neither ids nor artists; there, only the sound tells what is the same.",
        );
        let names = ["random", "by artist"];
        self.table(
            &[
                "split of the eight genres",
                "to learn from",
                "validation",
                "test",
            ],
            study.sizes.iter().zip(names).map(|(sizes, name)| {
                let mut row = vec![name.to_owned()];
                row.extend(sizes.iter().map(|&size| thousands(size)));
                row
            }),
        );
    }

    fn cleaning(&mut self, set: &DataSet) {
        self.subsection(format_args!("Cleaning {}", set.name));
        let start = vec![
            "as it was read".to_owned(),
            String::new(),
            thousands(set.profile.rows),
        ];
        let steps = set.steps.iter().map(|step: &Step| {
            vec![
                step.what.to_owned(),
                thousands(step.removed),
                thousands(step.left),
            ]
        });
        let rows: Vec<Vec<String>> = std::iter::once(start).chain(steps).collect();
        self.table(&["step", "taken out", "left"], rows);
        let mut genres: Vec<(String, usize)> = set
            .genres()
            .into_iter()
            .map(|genre| {
                let tracks = set
                    .tracks
                    .iter()
                    .filter(|track| track.genre == genre)
                    .count();
                (genre, tracks)
            })
            .collect();
        genres.sort_by_key(|(_, tracks)| usize::MAX - tracks);
        let genres: Vec<String> = genres
            .iter()
            .map(|(genre, tracks)| format!("{genre} {}", thousands(*tracks)))
            .collect();
        self.paragraph(format_args!("Left of each genre: {}.", listed(&genres)));
    }

    fn looking(&mut self) {
        let look = &self.study.eight_look;
        self.section("Looking at the features", "looking-at-the-features");
        let features: Vec<Feature> = Feature::ALL.to_vec();
        let names: Vec<String> = features
            .iter()
            .map(|feature| panel_name(*feature))
            .collect();
        let units: Vec<&str> = features
            .iter()
            .map(|feature| panel_unit(*feature))
            .collect();
        let svg = hills(
            "How each feature is distributed in each genre",
            &in_minutes(look),
            &names,
            &units,
        );
        self.image(
            "distributions",
            svg,
            "Eleven small panels, one for each feature, each with eight hills that show where the tracks of a genre lie",
            "A hill for each genre: where it is high, many tracks have that value (the root of their share, so that low \
             hills can be seen; the outermost half per cent on each side is in the last bar).",
        );
        let telling = self.most_telling();
        let told: Vec<String> = telling
            .iter()
            .map(|(column, low, high)| {
                let medians = &look.distributions[*column].medians;
                format!(
                    "{} (median {} in {}, {} in {})",
                    feature(&look.columns[*column]),
                    value(&look.columns[*column], medians[*low]),
                    look.classes[*low],
                    value(&look.columns[*column], medians[*high]),
                    look.classes[*high]
                )
            })
            .collect();
        self.paragraph(format_args!(
            "The medians of the genres differ most, for what is usual within all tracks, in {}.",
            listed(&told)
        ));
        self.subsection("Outliers");
        self.paragraph(
            "A value is an outlier here if it lies more than one and a half times the distance of the quartiles beyond \
             them (Tukey's fences). Outliers are not taken out: a very long track or a very wordy one is music too, and \
             trees do not mind them.",
        );
        let rows: Vec<Vec<String>> = look
            .columns
            .iter()
            .zip(&look.distributions)
            .map(|(column, distribution)| {
                let [low, median, high] =
                    distribution.quartiles.map(|number| value(column, number));
                let (class, share) = distribution.most_outliers;
                vec![
                    feature(column),
                    low,
                    median,
                    high,
                    thousands(distribution.outliers),
                    if distribution.outliers == 0 {
                        "none".to_owned()
                    } else {
                        format!("{}, {}", look.classes[class], percent(share))
                    },
                ]
            })
            .collect();
        self.table(
            &[
                "feature",
                "lower quartile",
                "median",
                "upper quartile",
                "outliers",
                "<most of them in",
            ],
            rows,
        );
        self.subsection("Correlation");
        let labels: Vec<String> = look.columns.iter().map(|column| feature(column)).collect();
        let heat = Heat {
            columns: "Blue: they rise together. Orange: one falls where the other rises.",
            full: 1.0,
            is_inverted: false,
            write: |value| format!("{value:.2}").replace("-", "−"),
        };
        let svg = heat_map(
            "Correlation of the features",
            &labels,
            &look.correlations,
            &heat,
        );
        let strongest = look.strongest_correlations();
        let told: Vec<String> = strongest
            .iter()
            .take(3)
            .map(|(a, b, correlation)| {
                format!(
                    "{} and {} ({})",
                    labels[*a],
                    labels[*b],
                    format!("{correlation:.2}").replace('-', "−")
                )
            })
            .collect();
        self.image(
            "correlation",
            svg,
            "A table of eleven by eleven cells with the correlation of every two features",
            format_args!("The strongest: {}.", listed(&told)),
        );
        self.subsection("How alike the genres are");
        self.distances(look, "eight");
    }

    /// The features in which genres differ most for their spread, with the genres of the lowest and highest median.
    fn most_telling(&self) -> Vec<(usize, usize, usize)> {
        let look = &self.study.eight_look;
        let mut features: Vec<(usize, usize, usize, f64)> = look
            .distributions
            .iter()
            .enumerate()
            .map(|(column, distribution)| {
                let medians = &distribution.medians;
                let low = (0..medians.len()).min_by(|&a, &b| medians[a].total_cmp(&medians[b]));
                let high = (0..medians.len()).max_by(|&a, &b| medians[a].total_cmp(&medians[b]));
                let (low, high) = (low.unwrap_or(0), high.unwrap_or(0));
                let spread = (distribution.quartiles[2] - distribution.quartiles[0]).max(1e-9);
                (column, low, high, (medians[high] - medians[low]) / spread)
            })
            .collect();
        features.sort_by(|a, b| b.3.total_cmp(&a.3));
        features.truncate(3);
        features
            .into_iter()
            .map(|(column, low, high, _)| (column, low, high))
            .collect()
    }

    fn distances(&mut self, look: &Look, which: &str) {
        self.paragraph(
            "The distance of two genres is that of their means, in standard deviations within a genre, with the features' \
             correlations taken out (Mahalanobis). At distance 1 the best straight border between two bell-shaped genres \
             is right in 69 % of the cases, at 2 in 84 %, at 4 in 98 %.",
        );
        let pairs = look.nearest_pairs();
        let far = pairs.last().map_or(1.0, |pair| pair.2);
        let heat = Heat {
            columns: "The darker, the nearer.",
            full: far,
            is_inverted: true,
            write: |value| {
                if value == 0.0 {
                    String::new()
                } else {
                    format!("{value:.1}")
                }
            },
        };
        let title = format!("Distances between the {which} genres");
        let svg = heat_map(&title, &look.classes, &look.distances, &heat);
        let told: Vec<String> = pairs
            .iter()
            .take(3)
            .map(|&(a, b, distance)| {
                format!(
                    "{} and {} ({distance:.2})",
                    look.classes[a], look.classes[b]
                )
            })
            .collect();
        let furthest = pairs.last().map(|&(a, b, distance)| {
            format!(
                " The furthest: {} and {} ({distance:.2}).",
                look.classes[a], look.classes[b]
            )
        });
        self.image(
            &format!("distances-{which}"),
            svg,
            format_args!("A square table with the distance of every two of the {which} genres, near ones dark"),
            format_args!("The nearest: {}.{}", listed(&told), furthest.unwrap_or_default()),
        );
        let title = format!("Which of the {which} genres belong together");
        let axis = "distance at which groups join (mean over their pairs)";
        let svg = dendrogram(&title, axis, &look.classes, &look.joins);
        self.image(
            &format!("dendrogram-{which}"),
            svg,
            format_args!("A tree in which the nearest of the {which} genres are joined first"),
            "Average linkage: the further left two genres join, the more alike they are.",
        );
    }

    fn classifiers(&mut self) {
        let study = self.study;
        self.section("Classifiers out of the box", "classifiers-out-of-the-box");
        self.paragraph(format_args!(
            "Eight ways to learn, as they come, without tuning. Nearest neighbours, logistic regression, Bayes and the support \
             vector machine get standardised features. Most are smartcore's; the second forest and the boosted trees are \
             our own. smartcore's forest takes a vote of its trees, ours the mean of what its leaves say, as scikit-learn \
             does. ± is half the width of the 95 % interval from {} draws of the test part, of whole artists where the split \
             is by artist.",
            thousands(study.plan.draws)
        ));
        for (division, title) in [(RANDOM, "Random split"), (BY_ARTIST, "Split by artist")] {
            self.subsection(title);
            self.compared(&study.compared[division]);
        }
        let best = [RANDOM, BY_ARTIST].map(|division| self.best_of_the_box(division));
        let names = best.map(|best| best.classifier.name());
        let opening = if names[RANDOM] == names[BY_ARTIST] {
            format!("{} is ahead on both splits", names[RANDOM])
        } else {
            format!(
                "{} is ahead at random, {} by artist",
                names[RANDOM], names[BY_ARTIST]
            )
        };
        self.paragraph(format_args!(
            "{opening} ({} and {} on the test part). Intervals overlap widely among the best: on this many tracks they \
             cannot be told apart by accuracy alone.",
            percent(best[RANDOM].test.accuracy.value),
            percent(best[BY_ARTIST].test.accuracy.value)
        ));
        let rows: Vec<(String, Vec<Mark>)> = study.compared[RANDOM]
            .iter()
            .zip(&study.compared[BY_ARTIST])
            .map(|(at_random, by_artist)| {
                let marks = vec![
                    Mark::of(Tone::First, &at_random.test.accuracy),
                    Mark::of(Tone::Second, &by_artist.test.accuracy),
                ];
                (at_random.classifier.name(), marks)
            })
            .collect();
        let series = [("random split", Tone::First), ("by artist", Tone::Second)];
        let svg = dots("Accuracy on the test part", &series, &rows);
        let losers = rows
            .iter()
            .filter(|(_, marks)| marks[1].value < marks[0].value)
            .count();
        self.image(
            "classifiers",
            svg,
            "A row for each classifier with its accuracy on the test part at random and by artist, with intervals",
            format_args!(
                "Accuracy with 95 % intervals. {losers} of {} do worse when the artists are new.",
                rows.len()
            ),
        );
        let name = self.name;
        self.paragraph(format_args!(
            "*Train* near 100 % says nothing good: a tree that may grow without limit learns its tracks by heart. *Balanced* \
             is the mean over the genres, so that small ones count as much. *ROC AUC* is each genre against the rest. *Log \
             loss* (nats, smaller is better; a probability below 0.001 counts as 0.001) and *ECE*, the expected calibration \
             error in points, say whether a probability can be believed. A dash stands where a classifier says only a \
             genre and no probability. Seconds to learn and to answer are in [{0}-timings.md]({0}-timings.md): they are \
             the only figures that differ from run to run.",
            name
        ));
    }

    fn compared(&mut self, compared: &[Compared]) {
        let rows: Vec<Vec<String>> = compared
            .iter()
            .map(|compared| {
                let figures = &compared.test;
                let probabilities = figures.probabilities;
                let dash = || "–".to_owned();
                vec![
                    compared.classifier.name(),
                    number(compared.train),
                    number(compared.validation),
                    percent_with_margin(&figures.accuracy),
                    percent_with_margin(&figures.balanced_accuracy),
                    probabilities.map_or_else(dash, |figures| with_margin(&figures.auc)),
                    probabilities.map_or_else(dash, |figures| with_margin(&figures.log_loss)),
                    probabilities.map_or_else(dash, |figures| {
                        percent_with_margin(&figures.calibration_error)
                    }),
                ]
            })
            .collect();
        self.table(
            &[
                "classifier",
                "train, %",
                "validation, %",
                "test, %",
                "balanced test, %",
                "ROC AUC",
                "log loss",
                "ECE, points",
            ],
            rows,
        );
    }

    fn features(&mut self) {
        let study = self.study;
        self.section("Features", "features");
        self.subsection("Which matter");
        let importances = &study.failures[BY_ARTIST].importances;
        let mut sorted: Vec<_> = importances.iter().collect();
        sorted.sort_by(|a, b| b.permutation.total_cmp(&a.permutation));
        let rows: Vec<(String, [f64; 2])> = sorted
            .iter()
            .map(|importance| {
                (
                    feature(&importance.feature),
                    [importance.permutation, importance.impurity],
                )
            })
            .collect();
        let panels = [
            "points of accuracy lost when shuffled",
            "% of the decrease in impurity",
        ];
        let svg = bars("What the forest depends on, split by artist", panels, &rows);
        let top: Vec<String> = rows.iter().take(3).map(|(name, _)| name.clone()).collect();
        let last = rows
            .last()
            .map(|(name, _)| name.clone())
            .unwrap_or_default();
        self.image(
            "importances",
            svg,
            "Two panels of bars, one for each feature: how much accuracy drops when it is shuffled, and its share of the \
             decrease in impurity",
            format_args!("{} matter most, {last} least.", capital(&listed(&top))),
        );
        let random = &study.failures[RANDOM].importances;
        let rows: Vec<Vec<String>> = sorted
            .iter()
            .map(|importance| {
                let at_random = random
                    .iter()
                    .find(|other| other.feature == importance.feature);
                let at_random = at_random.map_or_else(String::new, |other| {
                    format!(
                        "{} ± {:.1}",
                        signed(other.permutation),
                        other.deviation * 100.0
                    )
                });
                vec![
                    feature(&importance.feature),
                    format!(
                        "{} ± {:.1}",
                        signed(importance.permutation),
                        importance.deviation * 100.0
                    ),
                    at_random,
                    number(importance.impurity),
                ]
            })
            .collect();
        self.table(
            &[
                "feature",
                "permutation, by artist",
                "permutation, random",
                "impurity, %",
            ],
            rows,
        );
        self.paragraph(format_args!(
            "*Permutation*: by how many points accuracy on the test part drops when the feature's values are dealt out anew \
             (mean and standard deviation of {} times). *Impurity*: the feature's share of what all splits of the forest \
             achieve on the tracks it has learned from. The original found instrumentalness and speechiness to matter most, \
             liveness least.",
            study.plan.shuffles
        ));

        self.subsection("Products of features");
        self.paragraph(format_args!(
            "The original multiplied every two features, 55 products, and then kept the {} best of all 66 by impurity.",
            crate::study::features::KEPT
        ));
        let rows: Vec<Vec<String>> = study.features[RANDOM]
            .sets
            .iter()
            .zip(&study.features[BY_ARTIST].sets)
            .map(|(at_random, by_artist)| {
                vec![
                    at_random.what.clone(),
                    at_random.features.to_string(),
                    number(at_random.validation),
                    number(at_random.test),
                    number(by_artist.validation),
                    number(by_artist.test),
                ]
            })
            .collect();
        self.table(
            &[
                "forest on",
                "features",
                "random: validation, %",
                "test, %",
                "by artist: validation, %",
                "test, %",
            ],
            rows,
        );
        let best = &study.features[BY_ARTIST].best;
        let products = best.iter().filter(|(name, _)| name.contains('×')).count();
        let told: Vec<String> = best
            .iter()
            .take(5)
            .map(|(name, share)| format!("{} ({})", feature(name), percent(*share)))
            .collect();
        self.paragraph(format_args!(
            "Of the best {} by artist, {products} are products; the first five are {}. A forest can find such a product \
             by itself, with a split on one feature below a split on the other, so little is gained.",
            best.len(),
            listed(&told)
        ));

        self.subsection("Standardisation");
        let rows: Vec<Vec<String>> = study.features[RANDOM]
            .standardisation
            .iter()
            .zip(&study.features[BY_ARTIST].standardisation)
            .map(|(at_random, by_artist)| {
                vec![
                    at_random.name.clone(),
                    number(at_random.as_it_is),
                    number(at_random.standardised),
                    number(by_artist.as_it_is),
                    number(by_artist.standardised),
                ]
            })
            .collect();
        self.table(
            &[
                "test accuracy, %",
                "random: as it is",
                "standardised",
                "by artist: as it is",
                "standardised",
            ],
            rows,
        );
        self.paragraph(
            "Distances need it: in milliseconds, duration drowns everything else. Bayes adds a billionth of the largest \
             variance to every variance, so that none is zero; next to milliseconds squared, that billionth is more than a \
             ratio varies. A forest only asks whether a value is above or below another, and units are nothing to it.",
        );
    }

    fn tuning(&mut self) {
        let study = self.study;
        self.section("Tuning", "tuning");
        self.paragraph(format_args!(
            "A randomised search: {} settings from each of two grids, each judged by {}-fold cross-validation on the part \
             to learn from, by folds of artists where the split is by artist. *The study's grid* varies what the original \
             varied in its forest: the number of trees ({}, {} or {}), depth (5, 10, 20, 30, none), features at a split \
             (root, logarithm, all), smallest split (2, 5, 10), smallest leaf (1, 2, 4), bootstrap or not. *The wider grid* \
             has finer steps of these, from 10 % to 85 % of the features and leaves of up to 12 tracks, and boosted trees. \
             More settings and more trees would cost hours and, as the plot shows, promise little.",
            study.plan.candidates,
            study.plan.folds,
            study.plan.trees / 2,
            study.plan.trees,
            study.plan.trees * 2
        ));
        let rows: Vec<Vec<String>> = study
            .tuned
            .iter()
            .zip(["random", "by artist"])
            .flat_map(|(tuned, name)| tuned.best.iter().map(move |best| (name, best)))
            .map(|(name, best)| {
                vec![
                    format!("{name}, {}", best.candidate.grid.name()),
                    number(best.candidate.mean),
                    number(best.validation),
                    percent_with_margin(&best.test.accuracy),
                    settings(&best.candidate.classifier),
                ]
            })
            .collect();
        self.table(
            &[
                "best of",
                "cross-validated, %",
                "validation, %",
                "test, %",
                "<settings",
            ],
            rows,
        );
        let ranked_by = |is_it: fn(&Candidate) -> bool| -> Vec<f64> {
            let candidates = study.tuned[BY_ARTIST].candidates.iter();
            let mut means: Vec<f64> = candidates
                .filter(|candidate| is_it(candidate))
                .map(|candidate| candidate.mean)
                .collect();
            means.sort_by(|a, b| b.total_cmp(a));
            means
        };
        let series = [
            (
                "forests, the study's grid",
                Tone::First,
                ranked_by(|candidate| candidate.grid == Grid::Study),
            ),
            (
                "forests, the wider grid",
                Tone::Second,
                ranked_by(|candidate| {
                    candidate.grid == Grid::Wider
                        && matches!(candidate.classifier, Classifier::Forest(_))
                }),
            ),
            (
                "boosted trees, the wider grid",
                Tone::Third,
                ranked_by(|candidate| matches!(candidate.classifier, Classifier::BoostedTrees(_))),
            ),
        ];
        let spread: Vec<String> = series
            .iter()
            .filter_map(|(name, _, means)| {
                let (best, worst) = (means.first()?, means.last()?);
                Some(format!(
                    "{} to {} for {name}",
                    percent(*worst),
                    percent(*best)
                ))
            })
            .collect();
        let svg = ranked(
            "Cross-validated accuracy of every setting, split by artist",
            "settings, the best first",
            &series,
        );
        self.image(
            "tuning",
            svg,
            "Points for every setting tried, ranked by cross-validated accuracy, in three series",
            format_args!("Every setting that was tried: {}.", listed(&spread)),
        );
    }

    fn by_artist(&mut self) {
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
                let cell = |mean: f64, deviation: f64| {
                    format!("{} ± {:.1}", number(mean), deviation * 100.0)
                };
                vec![
                    set.name().to_owned(),
                    cell(at_random.mean, at_random.deviation),
                    cell(by_artist.mean, by_artist.deviation),
                    signed(by_artist.mean - at_random.mean),
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
                        let repeated = study.ablation.divisions[division][set as usize];
                        Mark {
                            tone,
                            value: repeated.mean,
                            interval: Some((
                                repeated.mean - repeated.deviation,
                                repeated.mean + repeated.deviation,
                            )),
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
            "Mean accuracy over the splits, with one standard deviation to each side.",
        );
        let cost = |division: usize, set: FeatureSet| {
            self.ablated(division, set) - self.ablated(division, FeatureSet::All)
        };
        self.paragraph(format_args!(
            "Popularity is worth {} points at random and {} by artist; duration {} and {}. From the sound alone the \
             artists' share is {} points.",
            signed(-cost(RANDOM, FeatureSet::WithoutPopularity)),
            signed(-cost(BY_ARTIST, FeatureSet::WithoutPopularity)),
            signed(-cost(RANDOM, FeatureSet::WithoutDuration)),
            signed(-cost(BY_ARTIST, FeatureSet::WithoutDuration)),
            signed(self.ablated(RANDOM, FeatureSet::AudioOnly) - self.ablated(BY_ARTIST, FeatureSet::AudioOnly))
        ));
    }

    fn transfer(&mut self) {
        let transfer = &self.study.transfer;
        self.section(
            "Music that somebody else collected",
            "music-that-somebody-else-collected",
        );
        if transfer.collections.is_empty() {
            self.paragraph("No other collection is in the data folder, so this was not tested.");
            return;
        }
        self.paragraph(format_args!(
            "The forest learns from all eight genres, and is asked about other people's collections: other years, other \
             labels, other tastes. What both have is taken out first: tracks by id, recordings by title and artist, and \
             every artist (and, where a collection names no artist, every title). At most {} tracks of a genre are drawn. \
             A collection has some of the eight genres only, but the forest may answer any of them.",
            thousands(self.study.plan.transfer_limit)
        ));
        let aliases: Vec<String> = ALIASES
            .iter()
            .map(|(alias, genre)| format!("{alias} as {genre}"))
            .collect();
        self.paragraph(format_args!(
            "Labels are read without regard to case, and {}.",
            listed(&aliases)
        ));
        let home_of = |set: FeatureSet| {
            let home = transfer.home.iter().find(|(other, _)| *other == set);
            home.map(|(_, figures)| &figures.balanced_accuracy)
        };
        let mut rows = vec![{
            let mut row = vec![
                "*at home, by artist*".to_owned(),
                String::new(),
                "all".to_owned(),
            ];
            row.extend(
                FeatureSet::ALL
                    .map(|set| home_of(set).map_or_else(String::new, percent_with_margin)),
            );
            row
        }];
        rows.extend(transfer.collections.iter().map(|tested| {
            let tracks: usize = tested.genres.iter().map(|(_, tracks)| tracks).sum();
            let mut row = vec![
                tested.file.clone(),
                thousands(tracks),
                tested.genres.len().to_string(),
            ];
            row.extend(FeatureSet::ALL.map(|set| {
                let figures = tested.figures.iter().find(|(other, _)| *other == set);
                figures.map_or_else(
                    || "–".to_owned(),
                    |(_, figures)| percent_with_margin(&figures.balanced_accuracy),
                )
            }));
            row
        }));
        self.table(
            &[
                "balanced accuracy, %",
                "tracks",
                "genres",
                "all features",
                "without popularity",
                "without duration",
                "sound alone",
            ],
            rows,
        );
        let mut rows: Vec<(String, Vec<Mark>)> = Vec::new();
        let home_marks: Vec<Mark> = [
            (Tone::First, FeatureSet::All),
            (Tone::Second, FeatureSet::WithoutPopularity),
            (Tone::Third, FeatureSet::AudioOnly),
        ]
        .into_iter()
        .filter_map(|(tone, set)| Some(Mark::of(tone, home_of(set)?)))
        .collect();
        rows.push(("at home, by artist".to_owned(), home_marks));
        for tested in &transfer.collections {
            let marks = [
                (Tone::First, FeatureSet::All),
                (Tone::Second, FeatureSet::WithoutPopularity),
                (Tone::Third, FeatureSet::AudioOnly),
            ]
            .into_iter()
            .filter_map(|(tone, set)| {
                let (_, figures) = tested.figures.iter().find(|(other, _)| *other == set)?;
                Some(Mark::of(tone, &figures.balanced_accuracy))
            })
            .collect();
            let name = tested
                .file
                .trim_start_matches("pool/")
                .trim_end_matches(".csv");
            rows.push((name.to_owned(), marks));
        }
        let series = [
            ("all features", Tone::First),
            ("without popularity", Tone::Second),
            ("sound alone", Tone::Third),
        ];
        let svg = dots("Balanced accuracy on other collections", &series, &rows);
        self.image(
            "transfer",
            svg,
            "A row for each other collection: balanced accuracy with all features, without popularity, and from the sound \
             alone, with intervals",
            "Balanced accuracy with 95 % intervals; a collection without popularity has no dot for all features.",
        );
        self.paragraph(
            "Popularity hurts because it is a fact about the pull, not about the music: a collection of hits and one of \
             everything have other popularities for the same genre.",
        );
        self.subsection("Genre by genre");
        let genres = self.genres();
        let mut columns = vec!["recognised without popularity, %"];
        columns.extend(genres.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = transfer
            .collections
            .iter()
            .map(|tested| {
                let mut row = vec![tested.file.clone()];
                row.extend(genres.iter().map(|genre| {
                    let recall = tested.recalls.iter().find(|(other, _)| other == genre);
                    recall.map_or_else(|| "–".to_owned(), |(_, recall)| number(*recall))
                }));
                row
            })
            .collect();
        self.table(&columns, rows);
        self.subsection("What was taken out");
        let rows: Vec<Vec<String>> = transfer
            .collections
            .iter()
            .map(|tested| {
                let removed = |words: &[&str]| -> String {
                    let steps = tested.steps.iter();
                    let sum: usize = steps
                        .filter(|(what, ..)| words.iter().any(|word| what.contains(word)))
                        .map(|(_, removed, _)| removed)
                        .sum();
                    thousands(sum)
                };
                let left = tested.steps.last().map_or(0, |(.., left)| *left);
                vec![
                    tested.file.clone(),
                    thousands(tested.rows),
                    removed(&["none of the genres"]),
                    removed(&["never analysed", "missing", "the same "]),
                    removed(&[
                        "id of the eight",
                        "title and artist of the eight",
                        "title of the eight",
                    ]),
                    removed(&["by an artist"]),
                    removed(&["beyond"]),
                    thousands(left),
                ]
            })
            .collect();
        self.table(
            &[
                "collection",
                "rows",
                "other genres",
                "cleaning",
                "tracks in common",
                "artists in common",
                "beyond the limit",
                "asked about",
            ],
            rows,
        );
        if !transfer.missing.is_empty() {
            self.paragraph(format_args!(
                "Not tested on, as they are not there: {}.",
                listed(&transfer.missing)
            ));
        }
    }

    fn failures(&mut self) {
        let study = self.study;
        self.section("Where it fails, and why", "where-it-fails-and-why");
        self.subsection("Which genres are taken for which");
        self.confusion(
            "confusion",
            "Answers of the forest, split by artist",
            self.genres(),
            &study.failures[BY_ARTIST].confusion,
        );
        let figures = [RANDOM, BY_ARTIST]
            .map(|division| precision_and_recall(&study.failures[division].confusion));
        let cell = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), number);
        let rows: Vec<Vec<String>> = self
            .genres()
            .iter()
            .enumerate()
            .map(|(genre, name)| {
                let ((random_precision, random_recall), (precision, recall)) =
                    (figures[RANDOM][genre], figures[BY_ARTIST][genre]);
                vec![
                    name.clone(),
                    cell(random_precision),
                    cell(random_recall),
                    cell(precision),
                    cell(recall),
                ]
            })
            .collect();
        self.table(
            &[
                "forest, test part",
                "random: precision, %",
                "recall, %",
                "by artist: precision, %",
                "recall, %",
            ],
            rows,
        );
        self.paragraph(
            "*Precision*: of the tracks that it calls so, how many are. *Recall*: of the tracks that are, how many it calls so.",
        );

        self.subsection("Would more tracks help?");
        let curve = &study.failures[BY_ARTIST].curve;
        let mut lines: Vec<(&str, Vec<(f64, f64)>)> = Vec::new();
        for point in curve {
            let place = (point.tracks as f64, point.test);
            match lines.last_mut() {
                Some((name, points)) if *name == point.classifier => points.push(place),
                _ => lines.push((&point.classifier, vec![place])),
            }
        }
        let svg = curves(
            "Accuracy by the number of tracks learned from, split by artist",
            "tracks to learn from (each step to the right doubles them)",
            &lines,
        );
        let gain = lines.first().and_then(|(_, points)| {
            let [.., before, last] = points.as_slice() else {
                return None;
            };
            Some((before.0, last.0, last.1 - before.1))
        });
        self.image(
            "learning-curve",
            svg,
            "Three curves that rise with the number of tracks: forest, boosted trees and logistic regression",
            "Test accuracy, mean of three draws of the tracks to learn from.",
        );
        if let Some((from, to, gain)) = gain {
            let still = if gain > 0.005 {
                "The curve still rises: more artists would help."
            } else {
                "The curve is almost flat: more tracks of this kind would help little."
            };
            self.paragraph(format_args!(
                "From {from:.0} to {to:.0} tracks the forest gains {} points. {still}",
                signed(gain)
            ));
        }

        self.subsection("The tracks that every classifier gets wrong");
        let failures = &study.failures[BY_ARTIST];
        let classifiers = failures.right_by.len() - 1;
        let labels: Vec<(String, usize)> = failures
            .right_by
            .iter()
            .enumerate()
            .map(|(right, tracks)| {
                let label = match right {
                    0 => "none".to_owned(),
                    right if right == classifiers => "all".to_owned(),
                    right => right.to_string(),
                };
                (label, *tracks)
            })
            .collect();
        let svg = counts(
            "How many classifiers get a test track right, split by artist",
            "classifiers that are right",
            &labels,
        );
        let tracks: usize = failures.right_by.iter().sum();
        let wrong = failures.right_by[0];
        self.image(
            "right-by",
            svg,
            "Bars: how many test tracks are right for none of the classifiers, for one, and so on up to all",
            format_args!(
                "{} of {} test tracks are wrong for all {classifiers} classifiers, {} are right for all.",
                thousands(wrong),
                thousands(tracks),
                thousands(failures.right_by[classifiers])
            ),
        );
        let rows: Vec<Vec<String>> = failures
            .all_wrong
            .iter()
            .map(|genre| {
                let unlike: Vec<String> = genre
                    .unlike
                    .iter()
                    .map(|(name, distance)| {
                        format!(
                            "{} {}",
                            feature(name),
                            format!("{distance:+.1}").replace('-', "−")
                        )
                    })
                    .collect();
                vec![
                    genre.genre.clone(),
                    thousands(genre.tracks),
                    thousands(genre.wrong),
                    percent(genre.wrong as f64 / genre.tracks.max(1) as f64),
                    genre
                        .taken_for
                        .as_ref()
                        .map_or_else(String::new, |(name, share)| {
                            format!("{name} ({share:.0} %)", share = share * 100.0)
                        }),
                    unlike.join(", "),
                ]
            })
            .collect();
        self.table(
            &[
                "genre",
                "test tracks",
                "all wrong",
                "share",
                "<most often taken for",
                "<unlike their genre in",
            ],
            rows,
        );
        let most = failures.all_wrong.iter().max_by(|a, b| {
            let share = |genre: &crate::study::failures::AllWrong| {
                genre.wrong as f64 / genre.tracks.max(1) as f64
            };
            share(a).total_cmp(&share(b))
        });
        if let Some(most) = most
            && let Some((taken_for, _)) = &most.taken_for
            && let Some((name, distance)) = most.unlike.first()
        {
            self.paragraph(format_args!(
                "The last column compares them with the genre's other tracks, in its standard deviations: such a track is \
                 unlike its own genre. {} has the largest share of them; they are most often taken for {taken_for}, and \
                 their {} is {} than is usual for {}.",
                capital(&most.genre),
                feature(name),
                if *distance < 0.0 { "lower" } else { "higher" },
                most.genre
            ));
        }
    }

    fn confusion(&mut self, file: &str, title: &str, genres: &[String], confusion: &[Vec<usize>]) {
        let cells: Vec<Vec<f64>> = confusion
            .iter()
            .map(|row| {
                let tracks: usize = row.iter().sum();
                row.iter()
                    .map(|&count| count as f64 / tracks.max(1) as f64)
                    .collect()
            })
            .collect();
        let heat = Heat {
            columns: "Rows: the genre. Columns: the answer. In % of the row.",
            full: 0.9,
            is_inverted: false,
            write: |value| {
                if value < 0.005 {
                    String::new()
                } else {
                    format!("{:.0}", value * 100.0)
                }
            },
        };
        let svg = heat_map(title, genres, &cells, &heat);
        let told: Vec<String> = confused_pairs(confusion)
            .iter()
            .take(3)
            .map(|&(a, b, share)| format!("{} and {} ({})", genres[a], genres[b], percent(share)))
            .collect();
        self.image(
            file,
            svg,
            format_args!(
                "A square table: for each genre, which share of its tracks got which answer"
            ),
            format_args!(
                "The most confused pairs, with the share of their tracks taken for the other: {}.",
                listed(&told)
            ),
        );
    }

    fn close_genres(&mut self) {
        let study = self.study;
        let (close, look) = (&study.close, &study.fifteen_look);
        self.section("The fifteen close genres", "the-fifteen-close-genres");
        self.paragraph(format_args!(
            "The original began with a Kaggle set of fifteen genres and had poor results. Here they are: {} tracks to learn \
             from, {} to be asked about, at most {} of a genre. The set has no popularity, and no artists, so the split is at \
             random and flatters.",
            thousands(close.sizes[0]),
            thousands(close.sizes[2]),
            thousands(study.plan.fifteen_genre_limit)
        ));
        self.compared(&close.compared);
        self.confusion(
            "confusion-fifteen",
            "Answers of the forest, fifteen genres",
            &look.classes,
            &close.confusion,
        );
        let rows: Vec<Vec<String>> = confused_pairs(&close.confusion)
            .iter()
            .take(10)
            .map(|&(a, b, share)| {
                let distance = look.distances[a][b];
                vec![
                    format!("{} and {}", look.classes[a], look.classes[b]),
                    number(share),
                    format!("{distance:.2}"),
                    number(best_accuracy(distance)),
                ]
            })
            .collect();
        self.subsection("The pairs that get confused");
        self.table(
            &[
                "pair",
                "taken for each other, %",
                "distance",
                "best straight border, %",
            ],
            rows,
        );
        self.paragraph(format_args!(
            "The last column is what the best straight border between the two could reach if they were bell-shaped; 50 is a \
             coin. The distance foretells the confusion: over all pairs their ranks agree with {:.2} (1 would be perfectly).",
            close.distance_and_confusion
        ));
        self.subsection("How alike they are");
        self.distances(look, "fifteen");
        let rows: Vec<Vec<String>> = close
            .merged
            .iter()
            .filter(|(groups, _)| {
                [15, 12, 10, 8, 6, 4, 2].contains(groups) || *groups == look.classes.len()
            })
            .map(|(groups, right)| vec![groups.to_string(), number(*right)])
            .collect();
        self.paragraph(
            "If genres that join early in this tree counted as one, the same answers would be right more often. Much of what \
             looks like a weak model is a fine label:",
        );
        self.table(&["groups left", "right, %"], rows);
    }

    fn reference(&mut self) {
        let study = self.study;
        self.section("Against scikit-learn", "against-scikit-learn");
        let how = format!(
            "`python tests/reference/classifiers.py FOLDER` lets scikit-learn learn from the very same parts, which are \
             in the run folder, and leaves its figures there as `{REFERENCE_FILE}`; run `overtone study` again and they \
             stand here."
        );
        let Some(reference) = &study.reference else {
            self.paragraph(format_args!("Not compared on this run. {how}"));
            return;
        };
        let mut rows = Vec::new();
        let mut furthest: f64 = 0.0;
        for (division, compared) in Division::BOTH.into_iter().zip(&study.compared) {
            let Some(theirs) = reference
                .divisions
                .iter()
                .find(|other| other.division == division.key())
            else {
                continue;
            };
            for theirs in &theirs.classifiers {
                for ours in compared
                    .iter()
                    .filter(|ours| ours.classifier.name().starts_with(&theirs.name))
                {
                    let differences = [
                        ours.validation - theirs.validation,
                        ours.test.accuracy.value - theirs.test,
                    ];
                    furthest = differences
                        .iter()
                        .fold(furthest, |far, difference| far.max(difference.abs()));
                    rows.push(vec![
                        format!("{}, {}", ours.classifier.name(), division.name()),
                        number(ours.validation),
                        number(theirs.validation),
                        signed(differences[0]),
                        number(ours.test.accuracy.value),
                        number(theirs.test),
                        signed(differences[1]),
                    ]);
                }
            }
        }
        self.paragraph(format_args!(
            "scikit-learn {} on the same tracks, with the same settings. {how}",
            reference.version
        ));
        self.table(
            &[
                "classifier",
                "validation, %: ours",
                "scikit-learn",
                "difference",
                "test, %: ours",
                "scikit-learn",
                "difference",
            ],
            rows,
        );
        self.paragraph(format_args!(
            "The furthest apart are {:.1} points. Where chance is part of the method (trees draw rows and features), or a \
             tie is broken another way, equal figures are not to be expected.",
            furthest * 100.0
        ));
    }

    fn again(&mut self) {
        let study = self.study;
        self.section("Run it again", "run-it-again");
        self.paragraph(
            "```\novertone data check DIR          # which files are there, and are they the same?\n\
             overtone study --data-dir DIR --quick   # a sample, under two minutes: study-quick.md\n\
             overtone study --data-dir DIR           # everything: study.md\n```",
        );
        self.paragraph(
            "What is finished is kept in a run folder (`--run`, `study-run` unless told otherwise). A run that was \
             interrupted goes on where it stopped, the search from the last setting. Remove the folder to begin anew: the \
             same data and seed give the same report, byte by byte.",
        );
        self.paragraph(HOW_TO_GET.replace('\n', "\n\n"));
        let rows: Vec<Vec<String>> = COLLECTIONS
            .iter()
            .map(|collection| {
                let need = match collection.need {
                    Need::Study => "studied",
                    Need::Transfer => "tested on",
                    Need::Profile => "described",
                };
                vec![
                    format!("`{}`", collection.file),
                    format!("{}; labels: {}", collection.what, collection.labels),
                    need.to_owned(),
                    thousands(usize::try_from(collection.rows).unwrap_or(usize::MAX)),
                    format!("`{}…`", &collection.sha256[..16]),
                ]
            })
            .collect();
        self.table(&["file", "<what it is", "<use", "rows", "<SHA-256"], rows);
        let limit = |limit: usize| {
            if limit == usize::MAX {
                "all".to_owned()
            } else {
                format!("at most {}", thousands(limit))
            }
        };
        self.paragraph(format_args!(
            "What was limited to keep it affordable: of the eight genres {} tracks of a genre, of the fifteen {}, of other \
             collections {}; {} trees in a forest where the study's {} are not called for; {} settings a grid.",
            limit(study.plan.eight_genre_limit),
            limit(study.plan.fifteen_genre_limit),
            limit(study.plan.transfer_limit),
            study.plan.trees,
            study.plan.study_trees,
            study.plan.candidates
        ));
    }

    fn timings(&self) -> String {
        let mut text = format!(
            "# How long the classifiers took\n\nBelongs to [{0}.md]({0}.md). Seconds on the clock of the machine that ran \
             the study, other work on it included; the only figures that change from run to run, and so in a file of \
             their own. smartcore's forest, ours and the boosted trees use all cores.\n\n",
            self.name
        );
        let parts = [
            (
                "Eight genres, random split",
                &self.study.compared[RANDOM],
                self.study.sizes[RANDOM],
            ),
            (
                "Eight genres, split by artist",
                &self.study.compared[BY_ARTIST],
                self.study.sizes[BY_ARTIST],
            ),
            (
                "Fifteen genres",
                &self.study.close.compared,
                self.study.close.sizes,
            ),
        ];
        for (title, compared, [train, _, test]) in parts {
            let _ = write!(
                text,
                "## {title}\n\n| classifier | seconds to learn from {} tracks | milliseconds to answer 1,000 tracks |\n\
                 |---|---:|---:|\n",
                thousands(train)
            );
            for compared in compared {
                let _ = writeln!(
                    text,
                    "| {} | {:.2} | {:.0} |",
                    compared.classifier.name(),
                    compared.seconds_to_train,
                    compared.seconds_to_answer * 1e6 / test.max(1) as f64
                );
            }
            text.push('\n');
        }
        text
    }
}

/// The first classifier of a kind. The study compares each kind.
fn find(compared: &[Compared], is_it: impl Fn(&Classifier) -> bool) -> &Compared {
    let found = compared.iter().find(|compared| is_it(&compared.classifier));
    found.unwrap_or(&compared[0])
}

fn balanced(tested: &Tested, set: FeatureSet) -> Option<f64> {
    let figures = tested.figures.iter().find(|(other, _)| *other == set);
    figures.map(|(_, figures)| figures.balanced_accuracy.value)
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().collect::<String>() + characters.as_str(),
        None => String::new(),
    }
}

fn profile_row(file: &str, profile: &Profile) -> Vec<String> {
    let missing: Vec<String> = profile
        .missing
        .iter()
        .map(|(name, rows)| {
            let rows = if *rows == profile.rows {
                "all".to_owned()
            } else {
                thousands(*rows)
            };
            format!("{} {rows}", feature(name.name()))
        })
        .collect();
    vec![
        file.to_owned(),
        thousands(profile.rows),
        profile.genres.len().to_string(),
        if profile.artists == 0 {
            "no column".to_owned()
        } else {
            thousands(profile.artists)
        },
        thousands(profile.repeated_ids),
        thousands(profile.repeated_recordings),
        thousands(profile.repeated_sounds),
        thousands(profile.several_genres),
        thousands(profile.never_analysed),
        if missing.is_empty() {
            "none".to_owned()
        } else {
            missing.join(", ")
        },
    ]
}

fn panel_name(feature: Feature) -> String {
    match feature {
        Feature::Duration => "duration".to_owned(),
        other => other.name().to_owned(),
    }
}

fn panel_unit(feature: Feature) -> &'static str {
    match feature {
        Feature::Loudness => " dB",
        Feature::Tempo => " BPM",
        Feature::Duration => " min",
        _ => "",
    }
}

/// A look with durations in minutes.
fn in_minutes(look: &Look) -> Look {
    let mut look = look.clone();
    for (column, distribution) in look.columns.iter().zip(&mut look.distributions) {
        if column == Feature::Duration.name() {
            let (low, high) = distribution.range;
            distribution.range = (low / 60_000.0, high / 60_000.0);
        }
    }
    look
}

/// A value of a feature with its unit, lengths in minutes.
fn value(column: &str, number: f64) -> String {
    match Feature::from_name(column) {
        Some(Feature::Duration) => format!("{:.1} min", number / 60_000.0),
        Some(feature) => format!("{}{}", short(number).replace('-', "−"), panel_unit(feature)),
        None => short(number),
    }
}
