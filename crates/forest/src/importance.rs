//! How much each feature matters to a forest as a whole.

use alloc::vec;
use alloc::vec::Vec;

use crate::averages::{Averages, child, squared_distance};
use crate::split::share;
use crate::{Forest, Node};

impl Forest {
    /// The importance of each feature, 0 to 1, together 1 (all 0 if no split tells anything apart): by how much its splits lower the
    /// impurity, added up over all trees (Breiman et al., "Classification and regression trees", 1984, section 5.3).
    ///
    /// A split's impurity falls by r·s·(1-s)·|a - b|², where r is the share of the training rows that come to it, s the
    /// share of those that go left, and a and b are what its sides say on average: for distributions that is Gini's
    /// impurity, for scores the variance. The shares are those that splits keep, so no data are needed.
    pub fn importance(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.features.len()];
        for (index, tree) in self.trees.iter().enumerate() {
            let averages = Averages::new(self, index);
            for (place, node) in tree.nodes.iter().enumerate() {
                if let Node::Split {
                    feature,
                    left_share,
                    right,
                    ..
                } = *node
                {
                    let (left, right) = (averages.value(place + 1), averages.value(child(right)));
                    let share = share(left_share);
                    let fall = averages.reach(place)
                        * share
                        * (1.0 - share)
                        * squared_distance(left, right);
                    if let Some(sum) = sums.get_mut(usize::from(feature)) {
                        *sum += fall;
                    }
                }
            }
        }
        let all: f64 = sums.iter().sum();
        if all > 0.0 {
            for sum in &mut sums {
                *sum /= all;
            }
        }
        sums
    }
}
