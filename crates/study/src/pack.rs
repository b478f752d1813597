//! Puts a learned forest into Overtone's format.

use std::collections::HashMap;

use overtone_forest::{Feature, Forest, LEFT_SHARES, Node, SHARES, Tree};

use crate::StudyError;
use crate::learn::{LearnedNode, LearnedTree};

/// What a leaf says about the rows that end in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// Its one class, as smartcore votes.
    Votes,
    /// The classes of the training rows that end in it, drawn for this tree or not, as shares.
    Distributions,
}

/// Packs learned trees. `rows` are the training rows as bins and `row_classes` the index of each row's class; they
/// decide which way a missing value goes (where more rows go) and what a leaf says.
///
/// Siblings that say the same are merged, which changes no answer.
///
/// # Errors
/// When the forest has more of something than the format holds.
pub fn pack(
    trees: &[LearnedTree],
    leaves: Leaves,
    features: Vec<Feature>,
    classes: Vec<String>,
    rows: &[Vec<u8>],
    row_classes: &[u8],
) -> Result<Forest, StudyError> {
    let mut distributions = Distributions {
        class_count: classes.len(),
        indices: HashMap::new(),
        weights: Vec::new(),
    };
    let mut packed: Vec<Tree> = trees
        .iter()
        .map(|tree| {
            let counts = class_counts(tree, classes.len(), rows, row_classes);
            let mut packing = Packing {
                tree,
                counts: &counts,
                leaves,
                distributions: &mut distributions,
                nodes: Vec::new(),
            };
            packing.place(0);
            Tree {
                nodes: packing.nodes,
            }
        })
        .collect();
    let weights = most_used_first(&mut packed, distributions.weights);
    Ok(Forest::new(features, classes, weights, packed)?)
}

/// How many training rows of each class pass each node of a tree.
fn class_counts(
    tree: &LearnedTree,
    class_count: usize,
    rows: &[Vec<u8>],
    row_classes: &[u8],
) -> Vec<Vec<u32>> {
    let mut counts = vec![vec![0; class_count]; tree.nodes.len()];
    for (row, &class) in rows.iter().zip(row_classes) {
        let mut index = 0;
        loop {
            counts[index][usize::from(class)] += 1;
            match tree.nodes[index] {
                LearnedNode::Split {
                    feature,
                    threshold,
                    left,
                    right,
                } => {
                    index = if row[usize::from(feature)] <= threshold {
                        left
                    } else {
                        right
                    }
                }
                LearnedNode::Leaf { .. } => break,
            }
        }
    }
    counts
}

/// The distributions of a forest, each once.
struct Distributions {
    class_count: usize,
    indices: HashMap<Vec<u8>, u16>,
    weights: Vec<Vec<u8>>,
}

impl Distributions {
    /// The index of a distribution. Beyond what an index can tell, the forest is refused as a whole when it is built.
    fn index(&mut self, weights: Vec<u8>) -> u16 {
        let next = u16::try_from(self.weights.len()).unwrap_or(u16::MAX);
        *self.indices.entry(weights).or_insert_with_key(|weights| {
            self.weights.push(weights.clone());
            next
        })
    }

    fn one_class(&mut self, class: u8) -> u16 {
        let mut weights = vec![0; self.class_count];
        weights[usize::from(class)] = SHARES;
        self.index(weights)
    }
}

struct Packing<'a> {
    tree: &'a LearnedTree,
    counts: &'a [Vec<u32>],
    leaves: Leaves,
    distributions: &'a mut Distributions,
    nodes: Vec<Node>,
}

impl Packing<'_> {
    /// Appends the nodes of a subtree in preorder.
    fn place(&mut self, index: usize) {
        match self.tree.nodes[index] {
            LearnedNode::Leaf { class } => {
                let counts = &self.counts[index];
                let seen = counts.iter().any(|&count| count > 0);
                let distribution = match self.leaves {
                    Leaves::Distributions if seen => self.distributions.index(shares(counts)),
                    _ => self.distributions.one_class(class),
                };
                self.nodes.push(Node::Leaf {
                    output: distribution,
                });
            }
            LearnedNode::Split {
                feature,
                threshold,
                left,
                right,
            } => {
                let rows = |index: usize| self.counts[index].iter().sum::<u32>();
                let missing_right = rows(right) > rows(left);
                let own = self.nodes.len();
                // The right child's index is not known before the left one is placed.
                self.nodes.push(Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    left_share: left_share(rows(left), rows(right)),
                    right: 0,
                });
                self.place(left);
                let right_index = self.nodes.len();
                self.place(right);
                let both = (self.nodes[own + 1], self.nodes[right_index]);
                match both {
                    (
                        Node::Leaf {
                            output: distribution,
                        },
                        Node::Leaf { output: other },
                    ) if distribution == other => {
                        self.nodes.truncate(own);
                        self.nodes.push(Node::Leaf {
                            output: distribution,
                        });
                    }
                    _ => {
                        if let Node::Split { right, .. } = &mut self.nodes[own] {
                            // A tree has far fewer than 2^32 nodes: there are at most two for each training row.
                            *right = right_index as u32;
                        }
                    }
                }
            }
        }
    }
}

/// Which of the [`LEFT_SHARES`] equal parts of 0 to 1 the share of rows that went left lies in.
fn left_share(left: u32, right: u32) -> u8 {
    let part = u64::from(left) * u64::from(LEFT_SHARES) / u64::from(left + right).max(1);
    // Where all rows went left, the last part.
    (part as u8).min(LEFT_SHARES - 1)
}

/// Counts as whole shares that add up to [`SHARES`], by the method of largest remainders; of equal remainders, the
/// first class gets more.
fn shares(counts: &[u32]) -> Vec<u8> {
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let scaled: Vec<u64> = counts
        .iter()
        .map(|&count| u64::from(count) * u64::from(SHARES))
        .collect();
    let mut shares: Vec<u8> = scaled.iter().map(|scaled| (scaled / total) as u8).collect();
    let given: u64 = shares.iter().map(|&share| u64::from(share)).sum();
    let mut by_remainder: Vec<usize> = (0..counts.len()).collect();
    by_remainder.sort_by_key(|&class| std::cmp::Reverse(scaled[class] % total));
    for class in by_remainder
        .into_iter()
        .take((u64::from(SHARES) - given) as usize)
    {
        shares[class] += 1;
    }
    shares
}

/// Sorts distributions by how many leaves refer to them, as the first ones take fewer bytes; of equal ones, the first
/// stays first.
fn most_used_first(trees: &mut [Tree], weights: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut uses = vec![0usize; weights.len()];
    let leaves = trees.iter().flat_map(|tree| &tree.nodes);
    for node in leaves {
        if let Node::Leaf {
            output: distribution,
        } = node
        {
            uses[usize::from(*distribution)] += 1;
        }
    }
    let mut order: Vec<usize> = (0..weights.len()).filter(|&old| uses[old] > 0).collect();
    order.sort_by_key(|&old| std::cmp::Reverse(uses[old]));
    let mut places = vec![0u16; weights.len()];
    for (new, &old) in order.iter().enumerate() {
        places[old] = u16::try_from(new).unwrap_or(u16::MAX);
    }
    for node in trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
        if let Node::Leaf {
            output: distribution,
        } = node
        {
            *distribution = places[usize::from(*distribution)];
        }
    }
    order.into_iter().map(|old| weights[old].clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(threshold: u8, left: usize, right: usize) -> LearnedNode {
        LearnedNode::Split {
            feature: 0,
            threshold,
            left,
            right,
        }
    }

    const fn leaf(class: u8) -> LearnedNode {
        LearnedNode::Leaf { class }
    }

    /// Packs one tree over one feature whose bins are the whole numbers.
    fn pack_tree(nodes: Vec<LearnedNode>, leaves: Leaves) -> Forest {
        let feature = Feature {
            name: "a".into(),
            cuts: vec![0.5, 1.5, 2.5],
        };
        let rows = [0, 0, 1, 2, 3, 3, 3, 3].map(|bin| vec![bin]);
        let row_classes = [0, 1, 0, 0, 1, 1, 1, 1];
        pack(
            &[LearnedTree { nodes }],
            leaves,
            vec![feature],
            vec!["x".into(), "y".into()],
            &rows,
            &row_classes,
        )
        .unwrap()
    }

    fn answer(forest: &Forest, value: f32) -> [f64; 2] {
        let mut probabilities = [0.0; 2];
        forest.predict(&[value], &mut probabilities).unwrap();
        probabilities
    }

    /// The right child's subtree stands before the left one's, as smartcore may lay nodes.
    fn nodes() -> Vec<LearnedNode> {
        vec![
            split(1, 2, 1),
            split(2, 3, 4),
            split(0, 5, 6),
            leaf(0),
            leaf(1),
            leaf(0),
            leaf(0),
        ]
    }

    #[test]
    fn votes_answer_with_the_leafs_class() {
        let forest = pack_tree(nodes(), Leaves::Votes);
        assert_eq!(answer(&forest, 0.0), [1.0, 0.0]);
        assert_eq!(answer(&forest, 2.0), [1.0, 0.0]);
        assert_eq!(answer(&forest, 3.0), [0.0, 1.0]);
        // The two leaves of class x on the left have become one.
        assert_eq!(forest.trees()[0].nodes.len(), 5);
    }

    #[test]
    fn distributions_answer_with_the_training_rows() {
        let forest = pack_tree(nodes(), Leaves::Distributions);
        let [x, y] = answer(&forest, 0.0);
        assert!((x - 0.5).abs() < 1.0 / 255.0 && (x + y - 1.0).abs() < 1e-12);
        assert_eq!(answer(&forest, 1.0), [1.0, 0.0]);
        assert_eq!(answer(&forest, 3.0), [0.0, 1.0]);
        assert_eq!(forest.trees()[0].nodes.len(), 7);
    }

    #[test]
    fn missing_values_go_where_more_rows_went() {
        let forest = pack_tree(nodes(), Leaves::Votes);
        assert_eq!(answer(&forest, f32::NAN), [0.0, 1.0]);
    }

    #[test]
    fn the_share_that_went_left_is_told_in_sixteenths() {
        assert_eq!(left_share(0, 9), 0);
        assert_eq!(left_share(1, 1), 8);
        assert_eq!(left_share(3, 1), 12);
        assert_eq!(left_share(9, 0), 15);
        assert_eq!(left_share(0, 0), 0);
    }

    #[test]
    fn shares_always_add_up() {
        assert_eq!(shares(&[1, 1, 1]), [85, 85, 85]);
        assert_eq!(shares(&[1, 1]), [128, 127]);
        assert_eq!(shares(&[0, 1000, 1]), [0, 255, 0]);
        assert_eq!(shares(&[u32::MAX, u32::MAX, 0, 7]), [128, 127, 0, 0]);
    }
}
