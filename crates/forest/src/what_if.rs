//! What another value of a feature would change: curves, and the smallest changes that turn the answer.
//!
//! All answers are exact and come from the trees' thresholds: in each tree, the row is sent down with one or two
//! features left open, both ways at their splits, and each leaf that is reached is known to hold for a range of bins
//! of each open feature. Adding up what the leaves say over those ranges gives, for every bin, the very totals that
//! [`Forest::predict`] would find there.
//!
//! `cargo bench --package overtone-forest` measures what each question takes.

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::RangeInclusive;

use crate::predict::MISSING;
use crate::split::goes_right;
use crate::{Feature, Forest, MAXIMUM_CUTS, Node, QuestionError, Tree};

/// The probability of one class along one feature, all others as in the row. See [`Forest::curve`].
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The pieces on which the probability is constant, from the lowest values to the highest: neighbours differ,
    /// and each begins where the one before ends.
    pub pieces: Vec<Piece>,
    /// The class's probability if the feature's value is missing, 0 to 1.
    pub missing: f64,
}

/// A range of values with one probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// The values of this piece are greater than this, in the feature's unit: a cut, or minus infinity.
    pub above: f32,
    /// The values of this piece are at most this, in the feature's unit: a cut, or infinity.
    pub up_to: f32,
    /// The class's probability, 0 to 1: to the bit what [`Forest::predict`] gives.
    pub probability: f64,
}

/// A change of a row that makes a class the most probable. See [`Forest::smallest_change`].
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The features to change, by index; none if the class is the most probable already.
    pub settings: Vec<Setting>,
    /// How large the change is: for each feature the share of its cuts that it crosses, 0 to 1, added up. Where cuts are
    /// quantiles of the training rows, and no value is shared by many rows, that is the share of those rows that are passed
    /// by, whatever the unit.
    pub distance: f64,
    /// The class's probability after the change, 0 to 1: to the bit what [`Forest::predict`] gives.
    pub probability: f64,
}

/// A new value for one feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// The feature's index.
    pub feature: usize,
    /// The new value, in the feature's unit. Of the values that would do, the nearest to the old one: going down, the
    /// cut that has to be reached; going up, the next number above the cut that has to be crossed; or, if the feature may
    /// not be set to that, the nearest end of what it may be set to. Above a cut at [`f32::MAX`] it is infinity, if the
    /// feature may be set to that.
    pub value: f32,
}

impl Forest {
    /// The probability of a class for every value of one feature, all others as in `row`.
    ///
    /// It changes only at the feature's cuts. Takes one walk through the part of each tree that the row can reach.
    /// The row's own value of the feature does not matter; it may be missing.
    ///
    /// # Errors
    /// When `row` has not one value for each feature, or there is no such feature or class.
    pub fn curve(&self, row: &[f32], feature: usize, class: usize) -> Result<Curve, QuestionError> {
        let bins = self.checked_bins(row)?;
        self.check_feature(feature)?;
        self.check_class(class)?;
        let cuts = match self.features.get(feature) {
            Some(feature) => feature.cuts.as_slice(),
            None => &[],
        };
        let classes = self.classes.len();
        // For each bin and each class, by how much its total differs from that at the bin before.
        let mut steps = vec![0i32; (cuts.len() + 2) * classes];
        let mut missing = vec![0; classes];
        self.output.begin(&mut missing);
        let mut totals = missing.clone();
        let open = [Open::with_missing(cuts.len())];
        for (index, tree) in self.trees.iter().enumerate() {
            reach(tree, &bins, [feature], open, &mut |leaf, [open]| {
                if open.has_bins() {
                    let leaf = Leaf { tree: index, leaf };
                    add_range(&mut steps, self, leaf, open.low, open.high, 1);
                }
                if open.missing {
                    self.output.add(&mut missing, index, leaf, 1);
                }
            });
        }

        let mut pieces: Vec<Piece> = Vec::new();
        // Where each bin ends. The last step leads beyond the last bin.
        let ends = cuts.iter().copied().chain([f32::INFINITY]);
        for (end, steps) in ends.zip(steps.chunks_exact(classes)) {
            step(&mut totals, steps);
            let probability = self.probability(&totals, class);
            match pieces.last_mut() {
                Some(piece) if piece.probability == probability => piece.up_to = end,
                last => {
                    let above = last.map_or(f32::NEG_INFINITY, |piece| piece.up_to);
                    pieces.push(Piece {
                        above,
                        up_to: end,
                        probability,
                    });
                }
            }
        }
        Ok(Curve {
            pieces,
            missing: self.probability(&missing, class),
        })
    }

    /// The smallest change of one feature that makes a class the most probable one, found over all values that
    /// features may be set to; `None` if there is no such change.
    ///
    /// A class is the most probable one if its total over the trees is the largest and no class before it has the same. (So is
    /// its probability, unless a boosted forest's step is so small that different totals give the same one.) How
    /// large a change is, is told at [`Change::distance`]; of equally small ones the one that makes the class more
    /// probable is taken, then the first feature, then the lowest value. `free` lists the features that may change, by
    /// index, each with the values that it may be set to, in its own unit; of a feature that is listed twice, the first
    /// entry counts. A missing value may be set, and lies then in the middle of the feature's bins, at its median; no value
    /// is made missing.
    ///
    /// Takes one walk for each feature through the part of each tree that the row can reach, and one step for each bin
    /// and class.
    ///
    /// # Errors
    /// When `row` has not one value for each feature, or there is no such class, or no feature of an index in `free`.
    pub fn smallest_change(
        &self,
        row: &[f32],
        class: usize,
        free: &[(usize, RangeInclusive<f32>)],
    ) -> Result<Option<Change>, QuestionError> {
        let mut search = Search::new(self, row, class, free)?;
        search.one();
        Ok(search.answer())
    }

    /// The smallest change of at most two features that makes a class the most probable one, found over all pairs of
    /// values that pairs of features may be set to; `None` if there is no such change.
    ///
    /// As [`Forest::smallest_change`]; of equally small changes, one of one feature goes before one of two.
    ///
    /// Takes one walk for each pair of features through the part of each tree that the row can reach, and one step for
    /// each pair of bins and each class; what is farther away than the best change so far is passed over.
    ///
    /// # Errors
    /// When `row` has not one value for each feature, or there is no such class, or no feature of an index in `free`.
    pub fn smallest_change_of_two(
        &self,
        row: &[f32],
        class: usize,
        free: &[(usize, RangeInclusive<f32>)],
    ) -> Result<Option<Change>, QuestionError> {
        let mut search = Search::new(self, row, class, free)?;
        search.one();
        search.two();
        Ok(search.answer())
    }

    /// The probability that totals over all trees make for a class, as in [`Forest::predict`].
    fn probability(&self, totals: &[i32], class: usize) -> f64 {
        self.output.probability(totals, self.trees.len(), class)
    }
}

/// The values that an open feature can still have at a node.
#[derive(Clone, Copy)]
struct Open {
    /// The lowest bin.
    low: u8,
    /// The highest bin; below `low` if no bin is left.
    high: u8,
    /// Whether it can be missing.
    missing: bool,
}

impl Open {
    /// Any bin of a feature, which has at most [`MAXIMUM_CUTS`] cuts, or none.
    fn with_missing(cuts: usize) -> Self {
        Self {
            low: 0,
            high: u8::try_from(cuts.min(MAXIMUM_CUTS)).unwrap_or(0),
            missing: true,
        }
    }

    fn has_bins(self) -> bool {
        self.low <= self.high
    }

    fn is_empty(self) -> bool {
        !self.has_bins() && !self.missing
    }

    /// What of it goes left and what right at a split.
    fn split(self, threshold: u8, missing_right: bool) -> (Self, Self) {
        let left = Self {
            low: self.low,
            high: self.high.min(threshold),
            missing: self.missing && !missing_right,
        };
        let right = Self {
            // A threshold is below the number of cuts, so there is a bin behind it.
            low: self.low.max(threshold.saturating_add(1)),
            high: self.high,
            missing: self.missing && missing_right,
        };
        (left, right)
    }
}

/// Finds all leaves of a tree that a row can reach if the features of `which` are open, and for which of their
/// values.
fn reach<const OPEN: usize>(
    tree: &Tree,
    bins: &[u8],
    which: [usize; OPEN],
    open: [Open; OPEN],
    found: &mut impl FnMut(u16, [Open; OPEN]),
) {
    reach_from(tree, 0, bins, which, open, found);
}

/// As [`reach`], from a node on. Goes at most [`crate::MAXIMUM_DEPTH`] deep.
fn reach_from<const OPEN: usize>(
    tree: &Tree,
    mut node: usize,
    bins: &[u8],
    which: [usize; OPEN],
    mut open: [Open; OPEN],
    found: &mut impl FnMut(u16, [Open; OPEN]),
) {
    loop {
        let (feature, threshold, missing_right, right) = match tree.nodes.get(node) {
            Some(&Node::Leaf { output }) => return found(output, open),
            Some(&Node::Split {
                feature,
                threshold,
                missing_right,
                right,
                ..
            }) => (usize::from(feature), threshold, missing_right, right),
            None => return,
        };
        let right = usize::try_from(right).unwrap_or(usize::MAX);
        let place = which.iter().position(|&which| which == feature);
        if let Some(range) = place.and_then(|place| open.get_mut(place)) {
            let (to_left, to_right) = range.split(threshold, missing_right);
            if to_right.is_empty() {
                *range = to_left;
                node += 1;
            } else if to_left.is_empty() {
                *range = to_right;
                node = right;
            } else {
                *range = to_left;
                reach_from(tree, node + 1, bins, which, open, found);
                if let Some(range) = place.and_then(|place| open.get_mut(place)) {
                    *range = to_right;
                }
                node = right;
            }
        } else {
            let Some(&bin) = bins.get(feature) else {
                return;
            };
            node = if goes_right(bin, threshold, missing_right) {
                right
            } else {
                node + 1
            };
        }
    }
}

/// How large a change is, as an exact fraction, so that equally large changes compare equal.
#[derive(Clone, Copy)]
struct Distance {
    numerator: u64,
    denominator: u64,
}

impl Distance {
    const NONE: Self = Self {
        numerator: 0,
        denominator: 1,
    };

    /// From a row's bin of a feature to another: the number of cuts crossed, as a share of all cuts. A missing value
    /// lies in the middle.
    fn between(from: u8, to: u8, cuts: usize) -> Self {
        // In halves, so that the middle is a whole number; cuts are at most 254.
        let all = u64::try_from(cuts).unwrap_or(1);
        let from = if from == MISSING {
            all
        } else {
            2 * u64::from(from)
        };
        Self {
            numerator: from.abs_diff(2 * u64::from(to)),
            denominator: 2 * all.max(1),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            numerator: self.numerator * other.denominator + other.numerator * self.denominator,
            denominator: self.denominator * other.denominator,
        }
    }

    fn compare(self, other: Self) -> Ordering {
        // At most the product of four numbers below 2^10.
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }

    fn share(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// The best change so far.
#[derive(Clone, Copy)]
struct Best {
    distance: Distance,
    /// Pairs of a feature and its new bin.
    settings: [Option<(usize, u8)>; 2],
    /// The class's probability after the change.
    probability: f64,
}

/// A search for the smallest change.
struct Search<'a> {
    forest: &'a Forest,
    row: &'a [f32],
    bins: Vec<u8>,
    class: usize,
    free: Vec<Free<'a>>,
    best: Option<Best>,
}

/// A feature that may change and has cuts to cross.
#[derive(Clone, Copy)]
struct Free<'a> {
    index: usize,
    feature: &'a Feature,
    /// What it may be set to.
    values: &'a RangeInclusive<f32>,
    /// The bins in which there are such values.
    open: Open,
}

impl<'a> Free<'a> {
    /// `None` if there is nothing else to set the feature to.
    fn new(index: usize, feature: &'a Feature, values: &'a RangeInclusive<f32>) -> Option<Self> {
        if feature.cuts.is_empty() || values.is_empty() {
            return None;
        }
        let open = Open {
            low: feature.bin(*values.start())?,
            high: feature.bin(*values.end())?,
            missing: false,
        };
        Some(Self {
            index,
            feature,
            values,
            open,
        })
    }

    /// Of the values that it may be set to, the one in an open bin that is nearest to `from`, or to the middle of the bins
    /// if that is missing.
    fn value_in(&self, bin: u8, from: f32) -> f32 {
        let bin = usize::from(bin);
        let cuts = &self.feature.cuts;
        let goes_up = match self.feature.bin(from) {
            Some(own) => usize::from(own) < bin,
            None => cuts.len() < 2 * bin,
        };
        if goes_up {
            let cut = bin.checked_sub(1).and_then(|below| cuts.get(below));
            cut.map_or(f32::NEG_INFINITY, |cut| cut.next_up())
                .max(*self.values.start())
        } else {
            let cut = cuts.get(bin).copied();
            cut.unwrap_or(f32::INFINITY).min(*self.values.end())
        }
    }
}

/// A leaf, by its tree and by what it refers to.
#[derive(Clone, Copy)]
struct Leaf {
    tree: usize,
    leaf: u16,
}

/// A range of bins of a feature that a leaf holds for, from one bin of another feature on, or no longer.
#[derive(Clone, Copy)]
struct Event {
    low: u8,
    high: u8,
    leaf: Leaf,
    /// 1 if the leaf begins to hold, -1 if it ends to.
    sign: i32,
}

impl<'a> Search<'a> {
    fn new(
        forest: &'a Forest,
        row: &'a [f32],
        class: usize,
        free: &'a [(usize, RangeInclusive<f32>)],
    ) -> Result<Self, QuestionError> {
        let bins = forest.checked_bins(row)?;
        forest.check_class(class)?;
        for &(feature, _) in free {
            forest.check_feature(feature)?;
        }
        let features = forest.features.iter().enumerate();
        let free = features
            .filter_map(|(index, feature)| {
                let (_, values) = free.iter().find(|(free, _)| *free == index)?;
                Free::new(index, feature, values)
            })
            .collect();
        let mut search = Self {
            forest,
            row,
            bins,
            class,
            free,
            best: None,
        };
        let mut totals = vec![0; forest.classes.len()];
        forest.output.begin(&mut totals);
        for (index, tree) in forest.trees.iter().enumerate() {
            reach(tree, &search.bins, [], [], &mut |leaf, []| {
                forest.output.add(&mut totals, index, leaf, 1);
            });
        }
        search.consider(&totals, Distance::NONE, [None, None]);
        Ok(search)
    }

    /// Whether nothing is left to find.
    fn is_answered(&self) -> bool {
        self.best.is_some_and(|best| best.settings == [None, None])
    }

    /// Whether a change of this size can still be the best one.
    fn is_near(&self, distance: Distance) -> bool {
        self.best
            .is_none_or(|best| distance.compare(best.distance).is_le())
    }

    /// Takes a change if it makes the class the most probable and is better than the best so far.
    fn consider(&mut self, totals: &[i32], distance: Distance, settings: [Option<(usize, u8)>; 2]) {
        let Some((before, [own, behind @ ..])) = totals.split_at_checked(self.class) else {
            return;
        };
        if before.iter().any(|other| other >= own) || behind.iter().any(|other| other > own) {
            return;
        }
        let probability = self.forest.probability(totals, self.class);
        let is_better = match &self.best {
            None => true,
            Some(best) => {
                let count = |settings: &[Option<_>]| settings.iter().flatten().count();
                distance
                    .compare(best.distance)
                    .then(count(&settings).cmp(&count(&best.settings)))
                    .then(best.probability.total_cmp(&probability))
                    .is_lt()
            }
        };
        if is_better {
            self.best = Some(Best {
                distance,
                settings,
                probability,
            });
        }
    }

    /// Tries all changes of one feature.
    fn one(&mut self) {
        let forest = self.forest;
        let classes = forest.classes.len();
        if self.is_answered() {
            return;
        }
        for free in self.free.clone() {
            let (index, open) = (free.index, free.open);
            let cuts = free.feature.cuts.len();
            // For each bin and each class, by how much its total differs from that at the bin before.
            let mut steps = vec![0; (cuts + 2) * classes];
            for (tree_index, tree) in forest.trees.iter().enumerate() {
                reach(tree, &self.bins, [index], [open], &mut |leaf, [open]| {
                    let leaf = Leaf {
                        tree: tree_index,
                        leaf,
                    };
                    add_range(&mut steps, forest, leaf, open.low, open.high, 1);
                });
            }
            let from = self.bins.get(index).copied().unwrap_or(MISSING);
            let mut totals = vec![0; classes];
            forest.output.begin(&mut totals);
            let lines = steps.chunks_exact(classes).skip(open.low.into());
            for (bin, steps) in (open.low..=open.high).zip(lines) {
                step(&mut totals, steps);
                if bin == from {
                    continue;
                }
                let distance = Distance::between(from, bin, cuts);
                if self.is_near(distance) {
                    self.consider(&totals, distance, [Some((index, bin)), None]);
                }
            }
        }
    }

    /// Tries all changes of two features.
    fn two(&mut self) {
        if self.is_answered() {
            return;
        }
        let free = self.free.clone();
        let mut events = vec![Vec::new(); MAXIMUM_CUTS + 2];
        for (place, first) in free.iter().enumerate() {
            for second in free.iter().skip(place + 1) {
                self.pair(first, second, &mut events);
            }
        }
    }

    /// Tries all changes of a pair of features. `events` is a place to work in: for each bin of the first feature, what
    /// begins and ends to hold there.
    ///
    /// A line along the second feature sweeps over the bins of the first.
    fn pair(&mut self, first: &Free<'_>, second: &Free<'_>, events: &mut [Vec<Event>]) {
        let forest = self.forest;
        let classes = forest.classes.len();
        let first_cuts = first.feature.cuts.len();
        let second_cuts = second.feature.cuts.len();
        for events in events.iter_mut() {
            events.clear();
        }
        let which = [first.index, second.index];
        let open = [first.open, second.open];
        for (index, tree) in forest.trees.iter().enumerate() {
            reach(
                tree,
                &self.bins,
                which,
                open,
                &mut |leaf, [along, across]| {
                    let event = Event {
                        low: across.low,
                        high: across.high,
                        leaf: Leaf { tree: index, leaf },
                        sign: 1,
                    };
                    if let Some(events) = events.get_mut(usize::from(along.low)) {
                        events.push(event);
                    }
                    if let Some(events) = events.get_mut(usize::from(along.high) + 1) {
                        events.push(Event { sign: -1, ..event });
                    }
                },
            );
        }

        let from = which.map(|index| self.bins.get(index).copied().unwrap_or(MISSING));
        let [from_first, from_second] = from;
        // For each bin of the second feature and each class, by how much its total differs from the bin before.
        let mut steps = vec![0; (second_cuts + 2) * classes];
        let mut totals = vec![0; classes];
        let events = events.iter().skip(first.open.low.into());
        for (first_bin, events) in (first.open.low..=first.open.high).zip(events) {
            for event in events {
                let Event {
                    low, high, sign, ..
                } = *event;
                add_range(&mut steps, forest, event.leaf, low, high, sign);
            }
            let first_distance = Distance::between(from_first, first_bin, first_cuts);
            if first_bin == from_first || !self.is_near(first_distance) {
                continue;
            }
            forest.output.begin(&mut totals);
            let lines = steps.chunks_exact(classes).skip(second.open.low.into());
            for (second_bin, steps) in (second.open.low..=second.open.high).zip(lines) {
                step(&mut totals, steps);
                if second_bin == from_second {
                    continue;
                }
                let second_distance = Distance::between(from_second, second_bin, second_cuts);
                let distance = first_distance.plus(second_distance);
                if self.is_near(distance) {
                    let settings = [
                        Some((first.index, first_bin)),
                        Some((second.index, second_bin)),
                    ];
                    self.consider(&totals, distance, settings);
                }
            }
        }
    }

    /// The best change, with values for bins.
    fn answer(self) -> Option<Change> {
        let best = self.best?;
        let setting = |(index, bin): (usize, u8)| {
            let free = self.free.iter().find(|free| free.index == index)?;
            Some(Setting {
                feature: index,
                value: free.value_in(bin, *self.row.get(index)?),
            })
        };
        let settings = best.settings.into_iter().flatten().map(setting);
        Some(Change {
            settings: settings.collect::<Option<_>>()?,
            distance: best.distance.share(),
            probability: best.probability,
        })
    }
}

/// Adds what a leaf says to the steps of a range of bins, from `low` to `high` with both, or takes it away.
fn add_range(steps: &mut [i32], forest: &Forest, leaf: Leaf, low: u8, high: u8, sign: i32) {
    let classes = forest.classes.len();
    let mut add_from = |bin: usize, sign| {
        let start = bin * classes;
        if let Some(steps) = steps.get_mut(start..start + classes) {
            forest.output.add(steps, leaf.tree, leaf.leaf, sign);
        }
    };
    add_from(usize::from(low), sign);
    add_from(usize::from(high) + 1, -sign);
}

/// Goes on to the next bin.
fn step(totals: &mut [i32], steps: &[i32]) {
    for (total, step) in totals.iter_mut().zip(steps) {
        *total += step;
    }
}
