//! Walking down piece by piece: all splits of a piece of a tree are compared at once, and each leaves open what lies on its
//! side. Of the exits that all leave open, the first one is the row's (Lucchese et al., "QuickScorer: a fast algorithm to
//! rank documents with additive ensembles of regression trees", 2015).
//!
//! A piece has any shape that its tree has there, and at most sixteen exits. From the leaves up, each is as large as can be, so
//! a tree takes as few rounds as possible: three or four for 1,400 leaves up to 20 splits away from the root. Small pieces of a
//! round share a bundle. A leaf that is reached early is a piece of its own in each round that is left, so all rows take as many:
//! none waits for another, and there is nothing to check on the way.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::BLOCK;
use super::vectors::{FlippedBin, MISSING_BIN, RowBins, Vectors, flipped};
use crate::{Node, Tree};

/// The exits of a bundle.
const EXITS: usize = 16;

/// The most splits of a bundle: each piece has one less than exits.
const SPLITS: usize = EXITS - 1;

/// How many rows go through their bundles together. V8 puts off all that is neither a load nor a store until it is needed, so
/// what is loaded for eight finds no room in registers.
pub(super) const TOGETHER: usize = 4;

/// In place of a column: a look-up finds 0 there, on every processor.
const NO_COLUMN: u8 = 0x80;

/// Where a row is: in the upper half the index of a bundle; in the lower half a bit for each exit from the first of its
/// piece on. From the last round a row comes out with what its leaf refers to instead.
pub(super) type Place = u32;

/// Where a row begins: at the first bundle, which has but one piece.
const WAY_IN: Place = 0xFFFF;

/// Pieces of a tree side by side: two lines of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(128))]
pub(super) struct Bundle {
    /// What each split compares.
    pub(super) columns: [u8; EXITS],
    /// Rows whose bin is less go left.
    pub(super) limits: [FlippedBin; EXITS],
    /// The exits that are open to rows that go right at a split, a bit for each: all but those to its left. Behind the
    /// splits stand those where a missing value goes left, a bit for each; there all rows go left.
    pub(super) open_right: [u16; EXITS],
    /// Where to go on.
    exits: [Place; EXITS],
}

/// A tree laid out by bundles, round by round.
#[derive(Clone, Debug)]
pub(super) struct BundledTree {
    bundles: Box<[Bundle]>,
    /// How many rounds there are.
    rounds: usize,
}

/// The top of a tree, for another way to get through it: what its leaves refer to are their numbers.
pub(super) struct Top {
    pub(super) tree: Tree,
    /// The place that each leaf's rows come to in the bundles.
    pub(super) places: Vec<Place>,
    /// How many rounds are left from there.
    pub(super) rounds: usize,
}

impl BundledTree {
    /// Lays out a tree of a checked forest with few features, and gives its top with it: the largest one of at most
    /// `most_leaves`. `None` if there are more bundles than a [`Place`] can tell apart.
    pub(super) fn new(tree: &Tree, most_leaves: usize) -> Option<(Self, Top)> {
        let rounds_from = rounds_from(tree)?;
        let rounds = usize::from(*rounds_from.first()?).max(1);
        let mut bundles = Bundles::default();
        let mut top = None;
        let mut open = vec![OpenExit { node: 0, of: None }];
        for left in (1..=rounds).rev() {
            bundles.begin_round();
            let mut below = Vec::new();
            let mut places = Vec::new();
            for exit in &open {
                let piece = Piece::new(tree, &rounds_from, left, exit.node)?;
                let place = bundles.put(&piece, &mut below)?;
                bundles.lead(exit, place)?;
                places.push(place);
            }
            if places.len() <= most_leaves {
                top = Some((places, left));
            }
            open = below;
        }
        for exit in &open {
            let Some(&Node::Leaf { output }) = tree.nodes.get(exit.node) else {
                return None;
            };
            bundles.lead(exit, output.into())?;
        }
        let (places, left) = top?;
        let top = Top {
            tree: top_of(tree, &rounds_from, left)?,
            places,
            rounds: left,
        };
        let bundles = bundles.all.into_boxed_slice();
        Some((Self { bundles, rounds }, top))
    }

    /// Takes the first `count` rows of a block from their places on through the last `rounds`, to what their leaves refer
    /// to. `ANY_MISSING` tells that some bin may be [`MISSING_BIN`].
    #[inline(always)]
    pub(super) fn go_on<V: Vectors, const ANY_MISSING: bool>(
        &self,
        rounds: usize,
        rows: &[RowBins],
        count: usize,
        places: &mut [Place; BLOCK],
    ) {
        // The last rows' companions may be rows of the block before, to no avail and no harm.
        let groups = count.div_ceil(TOGETHER);
        let rows = rows.as_chunks::<TOGETHER>().0;
        let places = places.as_chunks_mut::<TOGETHER>().0;
        let rows = rows.get(..groups).unwrap_or_default();
        let places = places.get_mut(..groups).unwrap_or_default();
        let all = &self.bundles;
        for _ in 0..rounds {
            for (rows, places) in rows.iter().zip(places.iter_mut()) {
                // Every place is in a bundle, so none is left out when it runs.
                if let Some(bundles) = bundles_at(all, places) {
                    *places = exits::<V, ANY_MISSING>(rows.each_ref(), bundles, places);
                }
            }
        }
    }
}

#[inline(always)]
fn bundles_at<'a>(all: &'a [Bundle], places: &[Place; TOGETHER]) -> Option<[&'a Bundle; TOGETHER]> {
    let at = |place: Place| all.get((place >> 16) as usize);
    let &[first, second, third, fourth] = places;
    Some([at(first)?, at(second)?, at(third)?, at(fourth)?])
}

/// Finds what the leaf of one row refers to in each tree. `tree` gives the tree of an index. All trees take a round before
/// the next one, so that none waits for another; those of few rounds begin later.
#[inline(always)]
pub(super) fn walk_one<'a, V: Vectors, const ANY_MISSING: bool>(
    tree: impl Fn(usize) -> Option<&'a BundledTree>,
    row: &RowBins,
    outputs: &mut [u32],
) {
    outputs.fill(WAY_IN);
    let rounds = (0..outputs.len()).filter_map(|index| Some(tree(index)?.rounds));
    for left in (1..=rounds.max().unwrap_or(0)).rev() {
        for (start, outputs) in (0..).step_by(TOGETHER).zip(outputs.chunks_mut(TOGETHER)) {
            let trees: [_; TOGETHER] = core::array::from_fn(|lane| {
                tree(start + lane).filter(|tree: &&BundledTree| left <= tree.rounds)
            });
            if trees.iter().all(Option::is_none) {
                continue;
            }
            let mut places = [WAY_IN; TOGETHER];
            let mut bundles = [&Bundle::EMPTY; TOGETHER];
            let lanes = places.iter_mut().zip(&mut bundles).zip(trees);
            for (((place, bundle), tree), &mut output) in lanes.zip(outputs.iter_mut()) {
                *place = output;
                let own = tree.and_then(|tree| tree.bundles.get((output >> 16) as usize));
                *bundle = own.unwrap_or(&Bundle::EMPTY);
            }
            let next = exits::<V, ANY_MISSING>([row; TOGETHER], bundles, &places);
            for (output, next) in outputs.iter_mut().zip(next) {
                *output = next;
            }
        }
    }
}

/// Where each row goes on from its place in its bundle.
#[inline(always)]
fn exits<V: Vectors, const ANY_MISSING: bool>(
    [row, second_row, third_row, fourth_row]: [&RowBins; TOGETHER],
    bundles: [&Bundle; TOGETHER],
    places: &[Place; TOGETHER],
) -> [Place; TOGETHER] {
    let [bundle, second, third, fourth] = bundles;
    let open = V::all_open(
        [
            V::open_exits::<ANY_MISSING>(row, bundle),
            V::open_exits::<ANY_MISSING>(second_row, second),
            V::open_exits::<ANY_MISSING>(third_row, third),
            V::open_exits::<ANY_MISSING>(fourth_row, fourth),
        ],
        places,
    );
    let mut found = [0; TOGETHER];
    for ((found, bundle), open) in found.iter_mut().zip(bundles).zip(open) {
        let exit = open.trailing_zeros() as usize % EXITS;
        *found = bundle.exits.get(exit).copied().unwrap_or(0);
    }
    found
}

impl Bundle {
    /// Every row goes left everywhere, no split takes an exit away, and all lead to the way in.
    const EMPTY: Self = Self {
        columns: {
            let mut columns = [0; EXITS];
            columns[SPLITS] = NO_COLUMN;
            columns
        },
        limits: [MISSING_BIN; EXITS],
        open_right: {
            let mut open_right = [0xFFFF; EXITS];
            open_right[SPLITS] = 0;
            open_right
        },
        exits: [WAY_IN; EXITS],
    };

    /// A bit for each split where a missing value goes left.
    #[inline(always)]
    pub(super) fn missing_left(&self) -> u16 {
        self.open_right[SPLITS]
    }

    /// Puts a split to its place; its piece begins at an exit.
    fn put(&mut self, place: usize, split: &PieceSplit, first_exit: usize) -> Option<()> {
        let left = first_exit + split.left_exits.start..first_exit + split.left_exits.end;
        *self.columns.get_mut(place)? = split.feature;
        *self.limits.get_mut(place)? = flipped(split.threshold.saturating_add(1));
        *self.open_right.get_mut(place)? = left.fold(0xFFFF, |open, exit| open & !(1 << exit));
        if !split.missing_right {
            self.open_right[SPLITS] |= 1 << place;
        }
        Some(())
    }
}

/// Bundles that are being filled.
#[derive(Default)]
struct Bundles {
    all: Vec<Bundle>,
    /// How many splits and exits the last bundle has that pieces of this round may still come into.
    last: Option<(usize, usize)>,
}

/// An exit whose way on is not known yet.
struct OpenExit {
    /// The node there.
    node: usize,
    /// The bundle, and the exit's number in it; nothing for the way into the tree.
    of: Option<(usize, usize)>,
}

impl Bundles {
    /// The pieces to come share no bundle with those before.
    fn begin_round(&mut self) {
        self.last = None;
    }

    /// Puts a piece into the last bundle, or else into a new one, and adds its exits to others. Gives the piece's place.
    fn put(&mut self, piece: &Piece, open: &mut Vec<OpenExit>) -> Option<Place> {
        let fits = |&(_, exits): &(usize, usize)| exits + piece.exits.len() <= EXITS;
        let (first_split, first_exit) = self.last.filter(fits).unwrap_or_else(|| {
            self.all.push(Bundle::EMPTY);
            (0, 0)
        });
        let index = self.all.len() - 1;
        let bundle = self.all.get_mut(index)?;
        for (place, split) in (first_split..).zip(&piece.splits) {
            bundle.put(place, split, first_exit)?;
        }
        let exits = (first_exit..).zip(&piece.exits);
        open.extend(exits.map(|(exit, &node)| OpenExit {
            node,
            of: Some((index, exit)),
        }));
        self.last = Some((
            first_split + piece.splits.len(),
            first_exit + piece.exits.len(),
        ));
        let exits_from_here = (WAY_IN << first_exit) & 0xFFFF;
        Some(Place::from(u16::try_from(index).ok()?) << 16 | exits_from_here)
    }

    /// Leads an exit to a place, or to what a leaf refers to.
    fn lead(&mut self, exit: &OpenExit, to: Place) -> Option<()> {
        if let Some((bundle, exit)) = exit.of {
            *self.all.get_mut(bundle)?.exits.get_mut(exit)? = to;
        }
        Some(())
    }
}

/// A part of a tree that is gone through in one round.
struct Piece {
    splits: Vec<PieceSplit>,
    /// The nodes below it, from left to right.
    exits: Vec<usize>,
}

struct PieceSplit {
    feature: u8,
    threshold: u8,
    missing_right: bool,
    /// The piece's exits on its left side.
    left_exits: Range<usize>,
}

impl Piece {
    /// The piece that begins at a node, when so many rounds are left.
    fn new(tree: &Tree, rounds_from: &[u8], left: usize, node: usize) -> Option<Self> {
        let mut piece = Self {
            splits: Vec::new(),
            exits: Vec::new(),
        };
        piece.grow(tree, rounds_from, left, node)?;
        Some(piece)
    }

    fn grow(&mut self, tree: &Tree, rounds_from: &[u8], left: usize, node: usize) -> Option<()> {
        match *tree.nodes.get(node)? {
            Node::Split {
                feature,
                threshold,
                missing_right,
                right,
                ..
            } if usize::from(*rounds_from.get(node)?) == left => {
                let first = self.exits.len();
                self.grow(tree, rounds_from, left, node + 1)?;
                self.splits.push(PieceSplit {
                    feature,
                    threshold,
                    missing_right,
                    left_exits: first..self.exits.len(),
                });
                self.grow(tree, rounds_from, left, usize::try_from(right).ok()?)
            }
            _ => {
                self.exits.push(node);
                Some(())
            }
        }
    }
}

/// How many rounds are needed from each node on: none at a leaf, and elsewhere as many as from a child, unless the piece that
/// begins at the node would have too many exits.
fn rounds_from(tree: &Tree) -> Option<Vec<u8>> {
    // With how many exits that piece has.
    let mut nodes = vec![(0u8, 1); tree.nodes.len()];
    for (index, node) in tree.nodes.iter().enumerate().rev() {
        if let Node::Split { right, .. } = *node {
            let left = *nodes.get(index + 1)?;
            let right = *nodes.get(usize::try_from(right).ok()?)?;
            let rounds = left.0.max(right.0).max(1);
            let exits = |(own, exits)| if own == rounds { exits } else { 1 };
            let both = exits(left) + exits(right);
            let fits = both <= EXITS;
            *nodes.get_mut(index)? = if fits {
                (rounds, both)
            } else {
                (rounds + 1, 2)
            };
        }
    }
    Some(nodes.into_iter().map(|(rounds, _)| rounds).collect())
}

/// The part of a tree above the nodes that at most `left` rounds are needed from.
fn top_of(tree: &Tree, rounds_from: &[u8], left: usize) -> Option<Tree> {
    let mut nodes: Vec<Node> = Vec::new();
    // The nodes to come, each with the split that it is the right child of.
    let mut open = vec![(0, None)];
    let mut leaves = 0;
    while let Some((index, parent)) = open.pop() {
        let own = nodes.len();
        let parent = parent.and_then(|parent: usize| nodes.get_mut(parent));
        if let Some(Node::Split { right, .. }) = parent {
            *right = u32::try_from(own).ok()?;
        }
        let node = *tree.nodes.get(index)?;
        match node {
            Node::Split { right, .. } if usize::from(*rounds_from.get(index)?) > left => {
                open.push((usize::try_from(right).ok()?, Some(own)));
                open.push((index + 1, None));
                nodes.push(node);
            }
            _ => {
                nodes.push(Node::Leaf { output: leaves });
                leaves = leaves.checked_add(1)?;
            }
        }
    }
    Some(Tree { nodes })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A split with a tree on each side.
    fn join(left: &[Node], right: &[Node]) -> Vec<Node> {
        let on_the_right = left.len() as u32 + 1;
        let mut nodes = vec![Node::Split {
            feature: 0,
            threshold: 0,
            missing_right: false,
            left_share: 7,
            right: on_the_right,
        }];
        for (side, start) in [(left, 1), (right, on_the_right)] {
            nodes.extend(side.iter().map(|&node| match node {
                Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    left_share,
                    right,
                } => Node::Split {
                    feature,
                    threshold,
                    missing_right,
                    left_share,
                    right: right + start,
                },
                leaf @ Node::Leaf { .. } => leaf,
            }));
        }
        nodes
    }

    fn full(depth: usize) -> Vec<Node> {
        (0..depth).fold(vec![Node::Leaf { output: 0 }], |below, _| {
            join(&below, &below)
        })
    }

    fn chain(splits: usize) -> Vec<Node> {
        let leaf = [Node::Leaf { output: 0 }];
        (0..splits).fold(leaf.to_vec(), |below, _| join(&leaf, &below))
    }

    #[test]
    fn a_tree_takes_no_more_rounds_than_it_has_to() {
        // The nodes, the rounds, and the bundles: full pieces fill one each, small ones share.
        for (nodes, rounds, bundles) in [
            (full(0), 1, 1),
            (chain(15), 1, 1),
            (chain(16), 2, 1 + 2),
            (full(4), 1, 1),
            (full(5), 2, 1 + 2),
            (full(8), 2, 1 + 16),
            (full(9), 3, 1 + 2 + 32),
            (chain(60), 4, 1 + 2 + 3 + 4),
        ] {
            let count = nodes.len();
            let (tree, _) =
                BundledTree::new(&Tree { nodes }, 1).unwrap_or_else(|| panic!("{count} nodes"));
            assert_eq!(
                (tree.rounds, tree.bundles.len()),
                (rounds, bundles),
                "{count} nodes"
            );
        }
    }

    #[test]
    fn a_top_is_the_largest_that_is_allowed() {
        let tree = Tree { nodes: full(12) };
        for (most_leaves, leaves, rounds) in [
            (1, 1, 3),
            (15, 1, 3),
            (16, 16, 2),
            (255, 16, 2),
            (256, 256, 1),
        ] {
            let top = BundledTree::new(&tree, most_leaves).map(|(_, top)| top);
            let top = top.map(|top| (top.tree.nodes.len(), top.places.len(), top.rounds));
            assert_eq!(top, Some((2 * leaves - 1, leaves, rounds)));
        }
    }
}
