//! The way from a tree's root to the node at hand, followed in preorder.

use alloc::vec::Vec;

use crate::{Feature, LEFT_SHARES};

/// The thresholds that a split can have where it stands: those from `low` to just below `high`. Any other would send
/// every row one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) low: u8,
    pub(crate) high: u8,
}

impl Interval {
    pub(crate) const fn contains(self, threshold: u8) -> bool {
        self.low <= threshold && threshold < self.high
    }

    /// The left share of a split at an open threshold if rows lay evenly between the open ones, in sixteenths rounded
    /// down: 0 to 15.
    pub(crate) fn even_share(self, threshold: u8) -> u8 {
        let below = u16::from(threshold.saturating_sub(self.low)) + 1;
        let bins = u16::from(self.high.saturating_sub(self.low)) + 1;
        let share = below * u16::from(LEFT_SHARES) / bins;
        u8::try_from(share).map_or(LEFT_SHARES - 1, |share| share.min(LEFT_SHARES - 1))
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.low >= self.high
    }
}

/// Which of its parent's children a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The left one, or the root.
    Left,
    /// The right one; the left one is a split.
    RightOfSplit,
    /// The right one; the left one is a leaf.
    RightOfLeaf,
}

/// The way to the next node of a tree whose nodes are gone through in preorder.
#[derive(Debug)]
pub(crate) struct Path {
    /// For each feature, the thresholds that are still open.
    intervals: Vec<Interval>,
    /// The splits above the next node, the root first. Never longer than a tree is deep.
    splits: Vec<Above>,
    side: Side,
    rarity: u16,
}

#[derive(Debug)]
struct Above {
    index: usize,
    feature: u8,
    threshold: u8,
    left_share: u8,
    /// The feature's open thresholds above this split.
    interval: Interval,
    rarity: u16,
    in_right: bool,
}

/// How much rarer rows become on the left side of a split with each left share: -log2((share + ½) / 16), in sixteenths.
const RARITIES: [u16; LEFT_SHARES as usize] =
    [80, 55, 43, 35, 29, 25, 21, 17, 15, 12, 10, 8, 6, 4, 2, 1];

impl Path {
    /// The way to the root of a tree.
    pub(crate) fn new(features: &[Feature]) -> Self {
        Self {
            intervals: features
                .iter()
                .map(|feature| Interval {
                    low: 0,
                    // A checked feature has at most 254 cuts.
                    high: u8::try_from(feature.cuts.len()).unwrap_or(u8::MAX - 1),
                })
                .collect(),
            splits: Vec::new(),
            side: Side::Left,
            rarity: 0,
        }
    }

    /// How many splits lie above the next node.
    pub(crate) fn depth(&self) -> usize {
        self.splits.len()
    }

    /// What share of all rows is thought to reach the next node, by the left shares above it: -log2 of it, in
    /// sixteenths.
    pub(crate) const fn rarity(&self) -> u16 {
        self.rarity
    }

    /// Which child the next node is.
    pub(crate) const fn side(&self) -> Side {
        self.side
    }

    /// The open thresholds of a feature; `None` if there is no such feature.
    pub(crate) fn interval(&self, feature: u8) -> Option<Interval> {
        self.intervals.get(usize::from(feature)).copied()
    }

    /// The next node, the one at `index`, is a split; goes on to its left child.
    pub(crate) fn split(&mut self, index: usize, feature: u8, threshold: u8, left_share: u8) {
        let Some(interval) = self.intervals.get_mut(usize::from(feature)) else {
            return;
        };
        self.splits.push(Above {
            index,
            feature,
            threshold,
            left_share,
            interval: *interval,
            rarity: self.rarity,
            in_right: false,
        });
        interval.high = threshold;
        self.side = Side::Left;
        self.rarity += rarity(left_share);
    }

    /// The next node, the one at `index`, is a leaf; goes on to the right child of the innermost split that still waits
    /// for it and gives that split's index, or `None` if the tree has ended.
    pub(crate) fn leaf(&mut self, index: usize) -> Option<usize> {
        while let Some(above) = self.splits.last_mut() {
            let interval = self.intervals.get_mut(usize::from(above.feature));
            if above.in_right {
                if let Some(interval) = interval {
                    *interval = above.interval;
                }
                self.splits.pop();
                continue;
            }
            above.in_right = true;
            if let Some(interval) = interval {
                *interval = Interval {
                    low: above.threshold.saturating_add(1),
                    high: above.interval.high,
                };
            }
            self.side = if above.index + 1 == index {
                Side::RightOfLeaf
            } else {
                Side::RightOfSplit
            };
            let right_share = (LEFT_SHARES - 1).saturating_sub(above.left_share);
            self.rarity = above.rarity + rarity(right_share);
            return Some(above.index);
        }
        None
    }
}

fn rarity(share: u8) -> u16 {
    RARITIES.get(usize::from(share)).copied().unwrap_or(0)
}
