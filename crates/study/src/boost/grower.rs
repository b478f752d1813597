//! Grows one tree: on histograms, from the leaf with the largest gain.

use super::{BoostedNode, BoostedTree, Boosting, Examples, MISSING};

/// How many bins a feature has, that of missing values among them.
const BINS: usize = MISSING as usize + 1;

/// What falls into one bin of a feature.
#[derive(Clone, Copy, Default)]
struct Sum {
    gradient: f64,
    hessian: f64,
    rows: u32,
}

impl Sum {
    fn plus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient + other.gradient,
            hessian: self.hessian + other.hessian,
            rows: self.rows + other.rows,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            rows: self.rows - other.rows,
        }
    }

    /// By how much the best value lessens twice the loss, to second order.
    fn score(self, l2: f64) -> f64 {
        self.gradient * self.gradient / (self.hessian + l2)
    }
}

/// A leaf that may still be split, and the best way to do so.
struct Candidate {
    node: usize,
    depth: usize,
    rows: Vec<u32>,
    histogram: Vec<Sum>,
    total: Sum,
    best: Option<Cut>,
}

#[derive(Clone, Copy)]
struct Cut {
    gain: f64,
    feature: usize,
    threshold: u8,
    missing_right: bool,
    left: Sum,
}

/// What a tree is grown of.
pub(super) struct Grower<'a> {
    pub(super) options: &'a Boosting,
    pub(super) examples: &'a Examples<'a>,
    /// First and second derivative of the loss by the class's score, for each row.
    pub(super) derivatives: Vec<[f32; 2]>,
    /// The features that the tree may split on.
    pub(super) features: Vec<usize>,
}

impl Grower<'_> {
    /// Grows a tree for a class on a sample of the rows.
    pub(super) fn grow(&self, sample: &[u32], class: usize) -> BoostedTree {
        let mut nodes = Vec::new();
        let histogram = self.histogram(sample);
        let total = self.total(&histogram);
        nodes.push(self.leaf(total));
        let mut open = vec![self.candidate(0, 0, sample.to_vec(), histogram, total)];
        let mut leaves = 1;
        while leaves < self.options.leaves {
            // Of equal gains, the leaf that came first.
            let mut chosen: Option<(usize, Cut)> = None;
            for (place, candidate) in open.iter().enumerate() {
                if let Some(cut) = candidate.best
                    && chosen.is_none_or(|(_, best)| cut.gain > best.gain)
                {
                    chosen = Some((place, cut));
                }
            }
            let Some((place, cut)) = chosen else { break };
            let candidate = open.remove(place);
            let (left, right) = self.divide(candidate, cut, &mut nodes);
            open.push(left);
            open.push(right);
            leaves += 1;
        }
        BoostedTree { class, nodes }
    }

    fn leaf(&self, total: Sum) -> BoostedNode {
        let value = -total.gradient / (total.hessian + self.options.l2);
        BoostedNode::Leaf {
            value: value as f32 * self.options.learning_rate,
            rows: total.rows,
        }
    }

    fn histogram(&self, rows: &[u32]) -> Vec<Sum> {
        let mut histogram = vec![Sum::default(); self.features.len() * BINS];
        for &row in rows {
            let row = row as usize;
            let [gradient, hessian] = self.derivatives[row].map(f64::from);
            let bins = self.examples.row(row);
            for (sums, &feature) in histogram.chunks_exact_mut(BINS).zip(&self.features) {
                let sum = &mut sums[usize::from(bins[feature])];
                sum.gradient += gradient;
                sum.hessian += hessian;
                sum.rows += 1;
            }
        }
        histogram
    }

    fn total(&self, histogram: &[Sum]) -> Sum {
        histogram[..BINS]
            .iter()
            .fold(Sum::default(), |total, &sum| total.plus(sum))
    }

    fn candidate(
        &self,
        node: usize,
        depth: usize,
        rows: Vec<u32>,
        histogram: Vec<Sum>,
        total: Sum,
    ) -> Candidate {
        let best = if depth < self.options.depth {
            self.best_cut(&histogram, total)
        } else {
            None
        };
        Candidate {
            node,
            depth,
            rows,
            histogram,
            total,
            best,
        }
    }

    /// The cut with the largest gain; of equal ones, that of the first feature, at the lowest threshold.
    fn best_cut(&self, histogram: &[Sum], total: Sum) -> Option<Cut> {
        let options = self.options;
        let unsplit = total.score(options.l2);
        let allowed =
            |sum: Sum| sum.rows >= options.minimum_rows && sum.hessian >= options.minimum_hessian;
        let mut best: Option<Cut> = None;
        for (sums, &feature) in histogram.chunks_exact(BINS).zip(&self.features) {
            let (present, missing) = (&sums[..BINS - 1], sums[BINS - 1]);
            let mut below = Sum::default();
            for (bin, &sum) in present.iter().enumerate() {
                if sum.rows == 0 {
                    continue;
                }
                below = below.plus(sum);
                let above = total.minus(below).minus(missing);
                if above.rows == 0 {
                    break;
                }
                let directions = if missing.rows > 0 {
                    [Some(false), Some(true)]
                } else {
                    // Nothing to learn from: the way that more rows go.
                    [Some(above.rows > below.rows), None]
                };
                for missing_right in directions.into_iter().flatten() {
                    let left = if missing_right {
                        below
                    } else {
                        below.plus(missing)
                    };
                    let right = total.minus(left);
                    if !allowed(left) || !allowed(right) {
                        continue;
                    }
                    let gain = left.score(options.l2) + right.score(options.l2) - unsplit;
                    if gain > 0.0 && best.is_none_or(|best| gain > best.gain) {
                        best = Some(Cut {
                            gain,
                            feature,
                            threshold: middle_of_gap(present, bin),
                            missing_right,
                            left,
                        });
                    }
                }
            }
        }
        best
    }

    /// Splits a leaf; gives its two children, whose nodes are appended.
    fn divide(
        &self,
        candidate: Candidate,
        cut: Cut,
        nodes: &mut Vec<BoostedNode>,
    ) -> (Candidate, Candidate) {
        let (left, right) = (nodes.len(), nodes.len() + 1);
        nodes[candidate.node] = BoostedNode::Split {
            feature: cut.feature as u8,
            threshold: cut.threshold,
            missing_right: cut.missing_right,
            left,
            right,
            rows: candidate.total.rows,
        };
        let right_total = candidate.total.minus(cut.left);
        nodes.push(self.leaf(cut.left));
        nodes.push(self.leaf(right_total));

        let (left_rows, right_rows): (Vec<u32>, Vec<u32>) =
            candidate.rows.iter().partition(|&&row| {
                let bin = self.examples.row(row as usize)[cut.feature];
                if bin == MISSING {
                    !cut.missing_right
                } else {
                    bin <= cut.threshold
                }
            });
        // The smaller child is counted, the larger one is what is left of the parent.
        let smaller_is_left = left_rows.len() <= right_rows.len();
        let smaller = self.histogram(if smaller_is_left {
            &left_rows
        } else {
            &right_rows
        });
        let mut larger = candidate.histogram;
        for (sum, &taken) in larger.iter_mut().zip(&smaller) {
            *sum = sum.minus(taken);
        }
        let (left_histogram, right_histogram) = if smaller_is_left {
            (smaller, larger)
        } else {
            (larger, smaller)
        };
        let depth = candidate.depth + 1;
        (
            self.candidate(left, depth, left_rows, left_histogram, cut.left),
            self.candidate(right, depth, right_rows, right_histogram, right_total),
        )
    }
}

/// The bin in the middle between a bin with rows and the next one that has some: any of them cuts these rows alike.
fn middle_of_gap(present: &[Sum], bin: usize) -> u8 {
    let empty = present[bin + 1..]
        .iter()
        .take_while(|sum| sum.rows == 0)
        .count();
    (bin + empty / 2) as u8
}
