//! Made-up forests and rows, the same on every run.

use overtone_forest::{Feature, Forest, Node, Scores, Tree};

/// A generator of numbers that look random.
pub struct Numbers(pub u64);

impl Numbers {
    /// A number from 0 to below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }
}

/// What a made-up forest is to be like.
pub struct Shape {
    /// How many features have splits.
    pub split_features: usize,
    /// How many features there are.
    pub features: usize,
    /// How many cuts each feature has: bin b lies from b - 1 (without it) to b (with it).
    pub cuts: usize,
    /// How many trees there are.
    pub trees: usize,
    /// The deepest that a tree gets, in splits.
    pub depth: usize,
}

/// A forest of three classes.
pub fn forest(numbers: &mut Numbers, shape: &Shape) -> Forest {
    let distributions = vec![
        vec![255, 0, 0],
        vec![0, 255, 0],
        vec![0, 0, 255],
        vec![100, 55, 100],
        vec![1, 253, 1],
    ];
    let trees = (0..shape.trees)
        .map(|_| {
            let mut nodes = Vec::new();
            let mut open = vec![(0, shape.cuts); shape.split_features];
            grow(
                numbers,
                distributions.len(),
                shape.depth,
                &mut open,
                &mut nodes,
            );
            Tree { nodes }
        })
        .collect();
    let features = (0..shape.features)
        .map(|feature| Feature {
            name: format!("feature {feature}"),
            cuts: (0..shape.cuts).map(|cut| cut as f32).collect(),
        })
        .collect();
    let classes = ["a", "b", "c"].map(String::from).to_vec();
    Forest::new(features, classes, distributions, trees).unwrap()
}

/// A boosted forest of three classes and at least as many trees.
pub fn boosted(numbers: &mut Numbers, shape: &Shape) -> Forest {
    let forest = forest(numbers, shape);
    let scores = Scores {
        step: 0.05,
        base: vec![3, -20, 0],
        values: vec![-32, -5, 0, 7, 40],
        tree_classes: (0..shape.trees).map(|tree| (tree % 3) as u8).collect(),
    };
    let (features, classes) = (forest.features().to_vec(), forest.classes().to_vec());
    Forest::boosted(features, classes, scores, forest.trees().to_vec()).unwrap()
}

/// A forest of either kind.
pub fn either(numbers: &mut Numbers, shape: &Shape, is_boosted: bool) -> Forest {
    if is_boosted {
        boosted(numbers, shape)
    } else {
        forest(numbers, shape)
    }
}

/// Adds a subtree of at most so many splits a path, whose leaves refer to so many outputs; `open` holds the lowest and the highest
/// bin that each feature can still have there.
pub fn grow(
    numbers: &mut Numbers,
    outputs: usize,
    depth: usize,
    open: &mut [(usize, usize)],
    nodes: &mut Vec<Node>,
) {
    let feature = numbers.below(open.len());
    let (low, high) = open[feature];
    if depth == 0 || low == high || numbers.below(8) == 0 {
        let output = numbers.below(outputs) as u16;
        nodes.push(Node::Leaf { output });
        return;
    }
    let threshold = low + numbers.below(high - low);
    let own = nodes.len();
    nodes.push(Node::Leaf { output: 0 });
    open[feature] = (low, threshold);
    grow(numbers, outputs, depth - 1, open, nodes);
    let right = nodes.len() as u32;
    open[feature] = (threshold + 1, high);
    grow(numbers, outputs, depth - 1, open, nodes);
    open[feature] = (low, high);
    nodes[own] = Node::Split {
        feature: feature as u8,
        threshold: threshold as u8,
        missing_right: numbers.below(2) == 1,
        left_share: numbers.below(16) as u8,
        right,
    };
}

/// A row for a made-up forest: on the cuts, between them and beyond them, and now and then missing.
pub fn row(numbers: &mut Numbers, shape: &Shape) -> Vec<f32> {
    (0..shape.features)
        .map(|_| match numbers.below(10) {
            0 => f32::NAN,
            _ => numbers.below(2 * shape.cuts + 2) as f32 / 2.0 - 0.5,
        })
        .collect()
}
