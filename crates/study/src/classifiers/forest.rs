//! A random forest on bins (Breiman 2001), with everything that the study's search varies.
//!
//! smartcore's forest has no switch for the bootstrap and goes through all rows at each node; this one sorts or counts
//! the rows of the node only, so a search over hundreds of forests is a matter of minutes. Its leaves keep the shares of
//! the classes, as scikit-learn's do, and a forest's answer is their mean.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use super::{Bins, Model};
use crate::StudyError;
use crate::parallel;
use crate::statistics::Answers;
use crate::table::Table;

/// How a forest is grown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// How many trees.
    pub trees: usize,
    /// How many splits a tree has between its root and a leaf, at most; `None` for no limit.
    pub depth: Option<usize>,
    /// How many features are drawn at each split.
    pub features: FeaturesPerSplit,
    /// How many rows a node that is split has, at least.
    pub minimum_split: usize,
    /// How many rows a leaf has, at least.
    pub minimum_leaf: usize,
    /// Whether each tree gets rows drawn with replacement, or all of them.
    pub bootstrap: bool,
}

/// How many features are drawn at each split.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum FeaturesPerSplit {
    /// The square root of their number.
    SquareRoot,
    /// This share of them, above 0 and at most 1.
    Share(f64),
}

impl FeaturesPerSplit {
    fn of(self, features: usize) -> usize {
        let number = features as f64;
        let drawn = match self {
            Self::SquareRoot => number.sqrt(),
            Self::Share(share) => number * share,
        };
        (drawn as usize).clamp(1, features.max(1))
    }
}

impl Default for Settings {
    /// The study's forest.
    fn default() -> Self {
        Self {
            trees: 500,
            depth: Some(20),
            features: FeaturesPerSplit::SquareRoot,
            minimum_split: 2,
            minimum_leaf: 1,
            bootstrap: true,
        }
    }
}

/// A grown forest.
pub struct Forest {
    bins: Bins,
    trees: Vec<Tree>,
    classes: usize,
    features: usize,
}

#[derive(Default)]
struct Tree {
    nodes: Vec<Node>,
    /// The leaves' shares, one behind the other, each as a class and the share that it has.
    shares: Vec<(u8, f32)>,
    /// How much the splits on each feature have lessened the impurity, weighed by rows.
    importances: Vec<f64>,
}

enum Node {
    /// Rows whose bin is at most the threshold go to the next node, the others to `right`.
    Split {
        feature: u16,
        threshold: u8,
        right: u32,
    },
    Leaf {
        start: u32,
        end: u32,
    },
}

impl Forest {
    /// Grows a forest; the same table, settings and seed give the same one on any number of cores.
    pub fn grow(table: &Table, settings: &Settings, seed: u64) -> Self {
        let bins = Bins::of(table);
        let rows = bins.apply(table);
        let growing = Growing {
            rows: &rows,
            features: table.width(),
            labels: &table.labels,
            classes: table.classes.len(),
            drawn: settings.features.of(table.width()),
            settings,
        };
        let trees = parallel::map(settings.trees, |tree| {
            // An odd multiplier keeps the seeds of trees and of forests apart.
            let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ tree as u64;
            growing.tree(StdRng::seed_from_u64(seed))
        });
        Self {
            bins,
            trees,
            classes: table.classes.len(),
            features: table.width(),
        }
    }

    /// The mean decrease in impurity by the splits on each feature, adding up to 1 (Breiman 2001).
    pub fn importances(&self) -> Vec<f64> {
        let mut importances = vec![0.0; self.features];
        for tree in &self.trees {
            let total: f64 = tree.importances.iter().sum();
            if total > 0.0 {
                for (sum, importance) in importances.iter_mut().zip(&tree.importances) {
                    *sum += importance / total;
                }
            }
        }
        let total: f64 = importances.iter().sum();
        if total > 0.0 {
            for importance in &mut importances {
                *importance /= total;
            }
        }
        importances
    }

    /// The probability of each class for each row of a table of the same columns.
    pub fn probabilities(&self, table: &Table) -> Vec<Vec<f64>> {
        let rows = self.bins.apply(table);
        parallel::map(table.len(), |index| {
            let row = &rows[index * self.features..(index + 1) * self.features];
            let mut sums = vec![0.0; self.classes];
            for tree in &self.trees {
                for &(class, share) in tree.leaf(row) {
                    sums[usize::from(class)] += f64::from(share);
                }
            }
            let total: f64 = sums.iter().sum();
            sums.iter().map(|sum| sum / total).collect()
        })
    }
}

impl Model for Forest {
    fn answer(&self, table: &Table) -> Result<Answers, StudyError> {
        Ok(Answers::from_probabilities(self.probabilities(table)))
    }
}

impl Tree {
    fn leaf(&self, row: &[u8]) -> &[(u8, f32)] {
        let mut index = 0;
        loop {
            match self.nodes[index] {
                Node::Split {
                    feature,
                    threshold,
                    right,
                } => {
                    index = if row[usize::from(feature)] <= threshold {
                        index + 1
                    } else {
                        right as usize
                    };
                }
                Node::Leaf { start, end } => return &self.shares[start as usize..end as usize],
            }
        }
    }
}

struct Growing<'a> {
    rows: &'a [u8],
    features: usize,
    labels: &'a [usize],
    classes: usize,
    drawn: usize,
    settings: &'a Settings,
}

/// A part of the drawn rows that becomes a node.
struct Part {
    start: usize,
    end: usize,
    depth: usize,
    /// The split whose right child it is.
    right_of: Option<usize>,
}

struct Split {
    feature: usize,
    threshold: u8,
    /// How much the impurity times the rows lessens.
    gain: f64,
}

/// Up to how many rows are sorted rather than counted in all bins.
const FEW_ROWS: usize = 128;

impl Growing<'_> {
    fn tree(&self, mut random: StdRng) -> Tree {
        let count = self.labels.len();
        let mut drawn: Vec<u32> = (0..count as u32).collect();
        if self.settings.bootstrap {
            for row in &mut drawn {
                *row = random.random_range(0..count as u32);
            }
        }
        let mut tree = Tree {
            importances: vec![0.0; self.features],
            ..Tree::default()
        };
        let mut scratch = Scratch::new(self.classes, self.features);
        let mut parts = vec![Part {
            start: 0,
            end: count,
            depth: 0,
            right_of: None,
        }];
        while let Some(part) = parts.pop() {
            let index = tree.nodes.len();
            if let Some(parent) = part.right_of
                && let Node::Split { right, .. } = &mut tree.nodes[parent]
            {
                *right = index as u32;
            }
            let rows = &mut drawn[part.start..part.end];
            scratch.count(rows, self.labels);
            let split = self
                .may_split(&scratch, rows.len(), part.depth)
                .then(|| self.best_split(rows, &mut scratch, &mut random))
                .flatten();
            let Some(split) = split else {
                tree.push_leaf(&scratch.total, rows.len());
                continue;
            };
            tree.importances[split.feature] += split.gain;
            tree.nodes.push(Node::Split {
                feature: split.feature as u16,
                threshold: split.threshold,
                right: 0,
            });
            let middle = part.start
                + partition(rows, |row| {
                    self.rows[row as usize * self.features + split.feature] <= split.threshold
                });
            let depth = part.depth + 1;
            // The left child is taken next, so it follows its parent.
            parts.push(Part {
                start: middle,
                end: part.end,
                depth,
                right_of: Some(index),
            });
            parts.push(Part {
                start: part.start,
                end: middle,
                depth,
                right_of: None,
            });
        }
        tree
    }

    fn may_split(&self, scratch: &Scratch, rows: usize, depth: usize) -> bool {
        self.settings.depth.is_none_or(|limit| depth < limit)
            && rows >= self.settings.minimum_split.max(2)
            && rows >= 2 * self.settings.minimum_leaf
            && scratch.total.iter().filter(|&&count| count > 0).count() > 1
    }

    /// The split with the largest gain on drawn features; where none of them has one, further features are drawn, as
    /// scikit-learn does.
    fn best_split(
        &self,
        rows: &[u32],
        scratch: &mut Scratch,
        random: &mut StdRng,
    ) -> Option<Split> {
        let mut best: Option<Split> = None;
        for position in 0..self.features {
            if position >= self.drawn && best.is_some() {
                break;
            }
            let other = random.random_range(position..self.features);
            scratch.order.swap(position, other);
            let feature = scratch.order[position];
            self.fill(rows, feature, scratch);
            let found = scratch.scan(rows.len(), self.settings.minimum_leaf);
            if let Some((threshold, gain)) = found
                && best.as_ref().is_none_or(|best| gain > best.gain)
            {
                best = Some(Split {
                    feature,
                    threshold,
                    gain,
                });
            }
        }
        best
    }

    /// Puts the node's rows into the order of a feature's bins: each entry a bin, a class and how many rows.
    fn fill(&self, rows: &[u32], feature: usize, scratch: &mut Scratch) {
        let at = |row: u32| {
            let bin = self.rows[row as usize * self.features + feature];
            (bin, self.labels[row as usize])
        };
        scratch.entries.clear();
        if rows.len() <= FEW_ROWS {
            let entries = rows.iter().map(|&row| {
                let (bin, label) = at(row);
                (bin, label as u8, 1)
            });
            scratch.entries.extend(entries);
            scratch.entries.sort_unstable();
        } else {
            scratch.counts.fill(0);
            for &row in rows {
                let (bin, label) = at(row);
                scratch.counts[usize::from(bin) * self.classes + label] += 1;
            }
            let counts = scratch.counts.iter().enumerate();
            let counted = counts.filter(|(_, count)| **count > 0);
            scratch.entries.extend(counted.map(|(index, &count)| {
                let bin = (index / self.classes) as u8;
                (bin, (index % self.classes) as u8, count)
            }));
        }
    }
}

struct Scratch {
    /// How many of the node's rows each class has.
    total: Vec<u32>,
    left: Vec<u32>,
    counts: Vec<u32>,
    entries: Vec<(u8, u8, u32)>,
    order: Vec<usize>,
}

impl Scratch {
    fn new(classes: usize, features: usize) -> Self {
        Self {
            total: vec![0; classes],
            left: vec![0; classes],
            counts: vec![0; 256 * classes],
            entries: Vec::new(),
            order: (0..features).collect(),
        }
    }

    fn count(&mut self, rows: &[u32], labels: &[usize]) {
        self.total.fill(0);
        for &row in rows {
            self.total[labels[row as usize]] += 1;
        }
    }

    /// The threshold between two bins with the largest decrease of the Gini impurity times the rows. With the squares of
    /// class counts on both sides it is `left² / left rows + right² / right rows - all² / all rows`.
    fn scan(&mut self, rows: usize, minimum_leaf: usize) -> Option<(u8, f64)> {
        let square = |count: u32| f64::from(count) * f64::from(count);
        let all: f64 = self.total.iter().map(|&count| square(count)).sum();
        self.left.fill(0);
        let (mut left_squares, mut right_squares) = (0.0, all);
        let mut left_rows = 0;
        let mut best: Option<(u8, f64)> = None;
        let mut entries = self.entries.iter().peekable();
        while let Some(&(bin, class, count)) = entries.next() {
            let left = &mut self.left[usize::from(class)];
            let right = self.total[usize::from(class)] - *left;
            left_squares += square(*left + count) - square(*left);
            right_squares += square(right - count) - square(right);
            *left += count;
            left_rows += count as usize;
            let Some(&&(next, ..)) = entries.peek() else {
                break;
            };
            let right_rows = rows - left_rows;
            if next == bin || left_rows < minimum_leaf || right_rows < minimum_leaf {
                continue;
            }
            let gain = left_squares / left_rows as f64 + right_squares / right_rows as f64
                - all / rows as f64;
            if gain > best.map_or(1e-9, |(_, best)| best) {
                // In the middle between both bins: rows that come later may lie between them.
                best = Some((bin + (next - bin - 1) / 2, gain));
            }
        }
        best
    }
}

impl Tree {
    fn push_leaf(&mut self, counts: &[u32], rows: usize) {
        let start = self.shares.len() as u32;
        let counted = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        self.shares.extend(
            counted.map(|(class, &count)| (class as u8, count as f32 / rows.max(1) as f32)),
        );
        self.nodes.push(Node::Leaf {
            start,
            end: self.shares.len() as u32,
        });
    }
}

/// Moves the rows that belong to the left to the front, and says how many they are.
fn partition(rows: &mut [u32], is_left: impl Fn(u32) -> bool) -> usize {
    let mut middle = 0;
    for index in 0..rows.len() {
        if is_left(rows[index]) {
            rows.swap(middle, index);
            middle += 1;
        }
    }
    middle
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Class 1 where the first column is above 5 and the second above 3; the third says nothing.
    fn corner() -> Table {
        let mut table = Table {
            columns: vec!["a".into(), "b".into(), "c".into()],
            values: Vec::new(),
            classes: vec!["no".into(), "yes".into()],
            labels: Vec::new(),
        };
        for row in 0..400 {
            let (a, b, c) = (row % 10, row / 10 % 10, row * 7 % 13);
            table.values.extend([a, b, c].map(f64::from));
            table.labels.push(usize::from(a > 5 && b > 3));
        }
        table
    }

    fn one_tree(settings: Settings) -> Forest {
        Forest::grow(
            &corner(),
            &Settings {
                trees: 1,
                bootstrap: false,
                ..settings
            },
            1,
        )
    }

    #[test]
    fn one_tree_on_all_rows_and_features_finds_the_rule() {
        let all = FeaturesPerSplit::Share(1.0);
        let forest = one_tree(Settings {
            features: all,
            ..Settings::default()
        });
        assert_eq!(forest.trees[0].nodes.len(), 5);
        for (row, label) in forest.probabilities(&corner()).iter().zip(corner().labels) {
            assert!((row[label] - 1.0).abs() < 1e-12);
        }
        // The Gini impurity is 2 × 0.24 × 0.76 before the split on a, 0.4 × (2 × 0.6 × 0.4) behind it, and 0 behind b.
        let importances = forest.importances();
        assert!((importances[0] - (1.0 - 0.192 / 0.3648)).abs() < 1e-9);
        assert!((importances[1] - 0.192 / 0.3648).abs() < 1e-9);
        assert_eq!(importances[2], 0.0);
    }

    #[test]
    fn limits_are_kept() {
        let all = FeaturesPerSplit::Share(1.0);
        let settings = Settings {
            features: all,
            ..Settings::default()
        };
        let stump = one_tree(Settings {
            depth: Some(1),
            ..settings
        });
        assert_eq!(stump.trees[0].nodes.len(), 3);
        // Half of the rows cannot stand in a leaf on either side of any useful split.
        let unsplit = one_tree(Settings {
            minimum_leaf: 201,
            ..settings
        });
        assert_eq!(unsplit.trees[0].nodes.len(), 1);
        let shares = unsplit.probabilities(&corner());
        assert!((shares[0][1] - 0.24).abs() < 1e-6);
        let unsplit = one_tree(Settings {
            minimum_split: 401,
            ..settings
        });
        assert_eq!(unsplit.trees[0].nodes.len(), 1);
    }

    #[test]
    fn counting_and_sorting_find_the_same_split() {
        // Fewer rows than FEW_ROWS and as many times over: the same counts in another way.
        let few = corner().select(&(0..100).collect::<Vec<_>>());
        let many = corner().select(&(0..100).cycle().take(300).collect::<Vec<_>>());
        let settings = Settings {
            trees: 1,
            features: FeaturesPerSplit::Share(1.0),
            bootstrap: false,
            ..Settings::default()
        };
        let grown = |table| Forest::grow(table, &settings, 1).probabilities(&corner());
        assert_eq!(grown(&few), grown(&many));
    }

    #[test]
    fn features_per_split_are_at_least_one() {
        assert_eq!(FeaturesPerSplit::SquareRoot.of(11), 3);
        assert_eq!(FeaturesPerSplit::Share(0.01).of(11), 1);
        assert_eq!(FeaturesPerSplit::Share(1.0).of(11), 11);
    }
}
