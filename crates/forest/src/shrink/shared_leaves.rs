//! Fewer different leaves: those that say nearly the same say the same.

use alloc::vec;
use alloc::vec::Vec;

use crate::averages::{Averages, leaf, squared_distance};
use crate::{Forest, Node, Output, SHARES};

impl Forest {
    /// The forest whose leaves refer to at most so many different outputs, at least one: distributions of a bagged forest, values
    /// of a boosted one. Outputs that say nearly the same become one, their mean, in which those count most that most rows
    /// end in.
    ///
    /// Of all groups of outputs, the one that is farthest from its mean is divided, again and again, where the class in which
    /// it is widest has its mean: median cut, as for colours (Heckbert, "Color image quantization for frame buffer display",
    /// 1982), at means.
    pub fn with_shared_leaves(&self, count: usize) -> Self {
        let count = count.max(1);
        if count >= self.output.entries() {
            return self.clone();
        }
        let mut groups = groups(self.points(), count);
        // The first distributions take the fewest bits.
        groups.sort_by(|left, right| right.weight.total_cmp(&left.weight));
        let mut shared = self.clone();
        let mut places = vec![0; self.output.entries()];
        match &mut shared.output {
            Output::Shares(distributions) => {
                distributions.clear();
                for group in &groups {
                    let weights = in_shares(&group.mean);
                    let place = distributions.iter().position(|other| *other == weights);
                    group.move_to(place.unwrap_or(distributions.len()), &mut places);
                    if place.is_none() {
                        distributions.push(weights);
                    }
                }
            }
            Output::Scores(scores) => {
                let values = groups.iter().map(Group::value);
                scores.values = values.collect();
                scores.values.sort_unstable();
                scores.values.dedup();
                for group in &groups {
                    let value = group.value();
                    let place = scores.values.partition_point(|&other| other < value);
                    group.move_to(place, &mut places);
                }
            }
        }
        for node in shared.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
            if let Node::Leaf { output } = node {
                let place = places.get(usize::from(*output)).copied();
                *output = place.unwrap_or(0);
            }
        }
        shared.forget_unused();
        shared
    }

    /// What each output says, and how many rows end in it, as a share of those of one tree.
    fn points(&self) -> Vec<Point> {
        let outputs = 0..u16::try_from(self.output.entries()).unwrap_or(u16::MAX);
        let mut points: Vec<Point> = outputs
            .map(|output| Point {
                output: usize::from(output),
                // What an output says is the same in each tree.
                value: leaf(self, 0, output),
                weight: 0.0,
            })
            .collect();
        for (index, tree) in self.trees.iter().enumerate() {
            let averages = Averages::new(self, index);
            for (place, node) in tree.nodes.iter().enumerate() {
                if let Node::Leaf { output } = *node
                    && let Some(point) = points.get_mut(usize::from(output))
                {
                    point.weight += averages.reach(place);
                }
            }
        }
        points
    }
}

/// An output among others.
struct Point {
    output: usize,
    value: Vec<f64>,
    weight: f64,
}

/// Outputs that become one.
struct Group {
    points: Vec<Point>,
    weight: f64,
    mean: Vec<f64>,
    /// How far its outputs are from the mean: their squared distances times their weights.
    error: f64,
}

impl Group {
    /// The group of some outputs, of one at least.
    fn new(points: Vec<Point>) -> Self {
        let weight: f64 = points.iter().map(|point| point.weight).sum();
        let mut mean = vec![0.0; points.first().map_or(0, |point| point.value.len())];
        for point in &points {
            // Outputs that no leaf refers to have no weight; they may all be in one group.
            let share = if weight > 0.0 {
                point.weight / weight
            } else {
                1.0 / points.len() as f64
            };
            for (mean, value) in mean.iter_mut().zip(&point.value) {
                *mean += share * value;
            }
        }
        let error = points
            .iter()
            .map(|point| point.weight * squared_distance(&point.value, &mean))
            .sum();
        Self {
            points,
            weight,
            mean,
            error,
        }
    }

    /// Its two parts, where the class in which it is widest has its mean. Only one where all outputs say the same.
    fn divided(self) -> Vec<Self> {
        let width = |class: usize| -> f64 {
            let mean = self.mean.get(class).copied().unwrap_or(0.0);
            let distances = self.points.iter().map(|point| {
                let away = point.value(class) - mean;
                point.weight * away * away
            });
            distances.sum()
        };
        let classes = 0..self.mean.len();
        let widest = classes.max_by(|&left, &right| width(left).total_cmp(&width(right)));
        let widest = widest.unwrap_or(0);
        let middle = self.mean.get(widest).copied().unwrap_or(0.0);
        let (below, above): (Vec<Point>, Vec<Point>) = self
            .points
            .into_iter()
            .partition(|point| point.value(widest) <= middle);
        [below, above]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(Self::new)
            .collect()
    }

    /// Its value in whole steps of a score.
    fn value(&self) -> i16 {
        let mean = self.mean.first().copied().unwrap_or(0.0);
        // To nearest; a mean of 16-bit numbers is one.
        let half = if mean < 0.0 { -0.5 } else { 0.5 };
        (mean + half) as i16
    }

    /// Notes the place of what its outputs become.
    fn move_to(&self, place: usize, places: &mut [u16]) {
        for point in &self.points {
            if let Some(entry) = places.get_mut(point.output) {
                *entry = u16::try_from(place).unwrap_or(0);
            }
        }
    }
}

impl Point {
    fn value(&self, class: usize) -> f64 {
        self.value.get(class).copied().unwrap_or(0.0)
    }
}

/// At most so many groups of like outputs.
fn groups(points: Vec<Point>, count: usize) -> Vec<Group> {
    let mut groups = vec![Group::new(points)];
    while groups.len() < count {
        let places = groups.iter().enumerate();
        let farthest = places.max_by(|(_, left), (_, right)| left.error.total_cmp(&right.error));
        let Some((place, _)) = farthest.filter(|(_, group)| group.error > 0.0) else {
            break;
        };
        let parts = groups.swap_remove(place).divided();
        let is_whole = parts.len() < 2;
        groups.extend(parts);
        // Its outputs differ by less than its mean is rounded by, and no other group's by more.
        if is_whole {
            break;
        }
    }
    groups
}

/// A mean of distributions as whole shares that add up to [`SHARES`]: each rounded down, and the classes that lose most by it
/// get one more.
fn in_shares(mean: &[f64]) -> Vec<u8> {
    let mut weights: Vec<u8> = mean.iter().map(|&weight| weight as u8).collect();
    let given: u16 = weights.iter().map(|&weight| u16::from(weight)).sum();
    let lost = |&class: &usize| mean.get(class).map_or(0.0, |weight| weight % 1.0);
    let mut by_loss: Vec<usize> = (0..mean.len()).collect();
    by_loss.sort_by(|left, right| lost(right).total_cmp(&lost(left)));
    let missing = u16::from(SHARES).saturating_sub(given);
    for class in by_loss.into_iter().take(usize::from(missing)) {
        if let Some(weight) = weights.get_mut(class) {
            *weight += 1;
        }
    }
    weights
}
