//! Reading a packed forest: nothing is used before it is checked.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::checksum::crc32;
use crate::forest::{are_within_totals, is_increasing, is_step};
use crate::leaf_model::LeafModel;
use crate::output::{Output, Scores};
use crate::path::Path;
use crate::range_coder::Decoder;
use crate::table_model::{
    ClassModel, CutModel, DISTRIBUTIONS_PER_BYTE, DistributionModel, ValueModel,
};
use crate::tree_model::{NODES_PER_BYTE, TreeModel};
use crate::write::{BAGGED, BOOSTED, HEADER_LENGTH, MAGIC};
use crate::{
    FORMAT_VERSION, Feature, Forest, MAXIMUM_CUTS, MAXIMUM_DEPTH, MAXIMUM_FEATURES, Node, Part,
    ReadError, ReadErrorKind, Tree,
};

impl Forest {
    /// Reads a packed forest, and checks all of it: length, checksum, every count, cut, weight, threshold and index.
    /// [`ForestReader`] does so a little at a time.
    ///
    /// A byte of the file holds at most 86 nodes. A tree takes 8 bytes of memory for each of its nodes, up to 16 as it grows by
    /// doubling, but for four at least, and 24 bytes beside them. All else that is not in the file byte by byte stays below
    /// 40 MB, the most that 65,535 distributions over 255 classes come to while they are gathered. A file that declares more than its length can hold is refused before anything
    /// is allocated for it.
    ///
    /// # Errors
    /// When the bytes are not a whole, undamaged forest of this version; the error names the part and the byte.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        ForestReader::new(bytes)?.finish()
    }
}

/// Reads a packed forest tree by tree, for programs that have other things to do meanwhile, such as to answer a visitor:
/// all trees of a large forest take tens of milliseconds.
///
/// ```
/// # use overtone_forest::{Forest, ForestReader, ReadError};
/// # fn read(bytes: &[u8]) -> Result<Forest, ReadError> {
/// let mut reader = ForestReader::new(bytes)?;
/// while reader.read_tree()? {
///     // Something else.
/// }
/// reader.finish()
/// # }
/// ```
#[derive(Debug)]
pub struct ForestReader<'a> {
    coded: Coded<'a>,
    features: Vec<Feature>,
    classes: Vec<String>,
    output: Output,
    tree_model: TreeModel,
    class_model: ClassModel,
    trees: Vec<Tree>,
    trees_left: usize,
    nodes_left: usize,
    failed: Option<ReadError>,
}

impl<'a> ForestReader<'a> {
    /// Reads and checks all but the trees.
    ///
    /// # Errors
    /// As [`Forest::read`].
    pub fn new(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let mut reader = Reader {
            bytes,
            offset: 0,
            part: Part::Header,
        };
        reader.header()?;

        let is_boosted = reader.is_boosted()?;

        reader.part = Part::Features;
        let counts = reader.counts()?;
        let mut features = Vec::new();
        let mut cut_counts = Vec::new();
        for _ in 0..counts.features {
            let name = reader.name()?;
            let cut_count = usize::from(reader.u8()?);
            if cut_count > MAXIMUM_CUTS {
                return Err(reader.error(ReadErrorKind::CountOutOfRange));
            }
            features.push(Feature {
                name,
                cuts: Vec::new(),
            });
            cut_counts.push(cut_count);
        }
        reader.part = Part::Classes;
        let mut classes = Vec::new();
        for _ in 0..counts.classes {
            classes.push(reader.name()?);
        }

        let step_and_base = if is_boosted {
            reader.part = Part::Outputs;
            Some(reader.step_and_base(&counts)?)
        } else {
            None
        };

        let mut coded = reader.coded();
        if !is_boosted && counts.outputs > coded.length.saturating_mul(DISTRIBUTIONS_PER_BYTE)
            || counts.nodes > coded.length.saturating_mul(NODES_PER_BYTE)
        {
            return Err(coded.error(ReadErrorKind::CountOutOfRange));
        }
        let mut cut_model = CutModel::new();
        for (feature, cut_count) in features.iter_mut().zip(cut_counts) {
            feature.cuts = coded.cuts(&mut cut_model, cut_count)?;
        }
        coded.part = Part::Outputs;
        let (output, leaves) = match step_and_base {
            None => {
                let distributions = coded.distributions(&counts)?;
                let leaves = LeafModel::of_distributions(distributions.len());
                (Output::Shares(distributions), leaves)
            }
            Some((step, base)) => {
                let values = coded.values(&counts, &base)?;
                let leaves = LeafModel::of_values(values.len());
                let scores = Scores {
                    step,
                    base,
                    values,
                    tree_classes: Vec::new(),
                };
                (Output::Scores(scores), leaves)
            }
        };
        coded.part = Part::Trees;
        Ok(Self {
            tree_model: TreeModel::new(&features, leaves),
            class_model: ClassModel::new(counts.classes),
            coded,
            features,
            classes,
            output,
            trees: Vec::new(),
            trees_left: counts.trees,
            nodes_left: counts.nodes,
            failed: None,
        })
    }

    /// Reads and checks the next tree. Gives whether there was one.
    ///
    /// # Errors
    /// As [`Forest::read`]. After an error nothing more can be read: it comes again.
    pub fn read_tree(&mut self) -> Result<bool, ReadError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let read = self.next_tree();
        self.failed = read.as_ref().err().cloned();
        read
    }

    fn next_tree(&mut self) -> Result<bool, ReadError> {
        if self.trees_left == 0 {
            return Ok(false);
        }
        self.trees_left -= 1;
        if let Output::Scores(scores) = &mut self.output {
            let class = self.class_model.code(&mut self.coded.decoder, 0);
            scores.tree_classes.push(self.coded.check(class)?);
        }
        let tree = self
            .coded
            .tree(&mut self.tree_model, &self.features, self.nodes_left)?;
        self.nodes_left = self.nodes_left.saturating_sub(tree.nodes.len());
        self.trees.push(tree);
        Ok(true)
    }

    /// Reads what is left, and gives the forest.
    ///
    /// # Errors
    /// As [`Forest::read`].
    pub fn finish(mut self) -> Result<Forest, ReadError> {
        while self.read_tree()? {}
        if self.nodes_left != 0 {
            return Err(self.coded.error(ReadErrorKind::WrongNodeCount));
        }
        if !self.coded.decoder.is_at_end() {
            return Err(self.coded.error(ReadErrorKind::TrailingBytes));
        }
        Ok(Forest {
            features: self.features,
            classes: self.classes,
            output: self.output,
            trees: self.trees,
        })
    }
}

/// How many there are of everything, as the file declares it.
struct Counts {
    features: usize,
    classes: usize,
    /// Distributions or values.
    outputs: usize,
    trees: usize,
    /// In all trees together.
    nodes: usize,
}

/// A place in the bytes, and the part of the layout that it belongs to.
struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
    part: Part,
}

impl<'a> Reader<'a> {
    fn error(&self, kind: ReadErrorKind) -> ReadError {
        ReadError {
            part: self.part,
            offset: self.offset,
            kind,
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], ReadError> {
        let taken = self
            .bytes
            .get(self.offset..)
            .and_then(|rest| rest.get(..length))
            .ok_or_else(|| self.error(ReadErrorKind::CutShort))?;
        self.offset += length;
        Ok(taken)
    }

    fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], ReadError> {
        let taken = self.take(LENGTH)?;
        <[u8; LENGTH]>::try_from(taken).map_err(|_| self.error(ReadErrorKind::CutShort))
    }

    fn u8(&mut self) -> Result<u8, ReadError> {
        self.array().map(u8::from_le_bytes)
    }

    fn u16(&mut self) -> Result<u16, ReadError> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, ReadError> {
        self.array().map(u32::from_le_bytes)
    }

    fn header(&mut self) -> Result<(), ReadError> {
        let begins_right = self
            .bytes
            .iter()
            .zip(&MAGIC)
            .all(|(found, magic)| found == magic);
        if !begins_right {
            return Err(self.error(ReadErrorKind::NotAForest));
        }
        self.take(MAGIC.len())?;
        let found = self.u16()?;
        if found != FORMAT_VERSION {
            return Err(self.error(ReadErrorKind::UnknownVersion { found }));
        }
        let declared = self.u32()?;
        let found = self.bytes.len();
        if usize::try_from(declared) != Ok(found) {
            return Err(self.error(ReadErrorKind::WrongLength { declared, found }));
        }
        let checksum = self.u32()?;
        let body = self.bytes.get(HEADER_LENGTH..).unwrap_or_default();
        if crc32(body) != checksum {
            return Err(self.error(ReadErrorKind::WrongChecksum));
        }
        Ok(())
    }

    fn name(&mut self) -> Result<String, ReadError> {
        let length = usize::from(self.u8()?);
        let name = self.take(length)?;
        core::str::from_utf8(name)
            .map(String::from)
            .map_err(|_| self.error(ReadErrorKind::NameNotText))
    }

    /// Reads the counts; each is within what the format allows, but none is yet known to be true.
    fn counts(&mut self) -> Result<Counts, ReadError> {
        let start = self.offset;
        let counts = Counts {
            features: usize::from(self.u8()?),
            classes: usize::from(self.u8()?),
            outputs: usize::from(self.u16()?),
            trees: usize::from(self.u16()?),
            nodes: usize::try_from(self.u32()?).unwrap_or(usize::MAX),
        };
        let in_range = (1..=MAXIMUM_FEATURES).contains(&counts.features)
            && counts.classes > 0
            && counts.outputs > 0
            && counts.trees > 0
            && counts.nodes >= counts.trees;
        if !in_range {
            self.offset = start;
            return Err(self.error(ReadErrorKind::CountOutOfRange));
        }
        Ok(counts)
    }

    /// Reads the kind of forest.
    fn is_boosted(&mut self) -> Result<bool, ReadError> {
        let start = self.offset;
        match self.u8()? {
            BAGGED => Ok(false),
            BOOSTED => Ok(true),
            found => {
                self.offset = start;
                Err(self.error(ReadErrorKind::UnknownKind { found }))
            }
        }
    }

    /// Reads the step of a boosted forest's scores, and the base score of each class.
    fn step_and_base(&mut self, counts: &Counts) -> Result<(f32, Vec<i32>), ReadError> {
        let step = self.array().map(f32::from_le_bytes)?;
        if !is_step(step) {
            return Err(self.error(ReadErrorKind::BadStep));
        }
        let mut base = Vec::new();
        for _ in 0..counts.classes {
            base.push(self.array().map(i32::from_le_bytes)?);
        }
        Ok((step, base))
    }

    /// All that is left, which is range-coded; it begins with the cuts.
    fn coded(&self) -> Coded<'a> {
        let bytes = self.bytes.get(self.offset..).unwrap_or_default();
        Coded {
            decoder: Decoder::new(bytes),
            start: self.offset,
            length: bytes.len(),
            part: Part::Features,
        }
    }
}

/// The range-coded part of a forest.
///
/// Its decoder reads zeros behind the end, so that the models need not ask at each bit; [`Coded::check`] is called often
/// enough that this never goes on for long.
#[derive(Debug)]
struct Coded<'a> {
    decoder: Decoder<'a>,
    /// Where it begins, and its length, in bytes.
    start: usize,
    length: usize,
    part: Part,
}

impl Coded<'_> {
    /// An error at the byte that the decoder takes next; what is wrong may have begun a few bytes before.
    fn error(&self, kind: ReadErrorKind) -> ReadError {
        ReadError {
            part: self.part,
            offset: self.start + self.decoder.taken().min(self.length),
            kind,
        }
    }

    /// Gives what was read if there was something to read.
    fn check<T>(&self, read: Result<T, ReadErrorKind>) -> Result<T, ReadError> {
        if self.decoder.ran_out() {
            return Err(self.error(ReadErrorKind::CutShort));
        }
        read.map_err(|kind| self.error(kind))
    }

    fn cuts(&mut self, model: &mut CutModel, count: usize) -> Result<Vec<f32>, ReadError> {
        let mut cuts = Vec::new();
        if count == 0 {
            return Ok(cuts);
        }
        let scale = model.scale(&mut self.decoder, 0);
        let mut before = None;
        for _ in 0..count {
            let cut = model.cut(&mut self.decoder, scale, before, 0.0);
            let (cut, count) = self.check(cut)?;
            cuts.push(cut);
            before = Some(count);
        }
        if !is_increasing(&cuts) {
            return Err(self.error(ReadErrorKind::CutsNotIncreasing));
        }
        Ok(cuts)
    }

    fn distributions(&mut self, counts: &Counts) -> Result<Vec<Vec<u8>>, ReadError> {
        let mut model = DistributionModel::new();
        let mut distributions = Vec::new();
        for _ in 0..counts.outputs {
            let mut weights = vec![0; counts.classes];
            let read = model.code(&mut self.decoder, &mut weights);
            self.check(read)?;
            distributions.push(weights);
        }
        Ok(distributions)
    }

    fn values(&mut self, counts: &Counts, base: &[i32]) -> Result<Vec<i16>, ReadError> {
        let mut model = ValueModel::new();
        let mut values = Vec::new();
        for _ in 0..counts.outputs {
            let value = model.code(&mut self.decoder, 0);
            values.push(self.check(value)?);
        }
        if !are_within_totals(base, &values, counts.trees) {
            return Err(self.error(ReadErrorKind::ScoresOutOfRange));
        }
        Ok(values)
    }

    /// Reads one tree of at most `most` nodes. Preorder tells where it ends: when no split still waits for its right
    /// child.
    fn tree(
        &mut self,
        model: &mut TreeModel,
        features: &[Feature],
        most: usize,
    ) -> Result<Tree, ReadError> {
        let mut nodes = Vec::new();
        let mut path = Path::new(features);
        model.begin_tree();
        loop {
            if nodes.len() == most {
                return Err(self.error(ReadErrorKind::WrongNodeCount));
            }
            let read = model.node(&mut self.decoder, &path, Node::Leaf { output: 0 });
            let node = self.check(read)?;
            let index = nodes.len();
            nodes.push(node);
            match node {
                Node::Split {
                    feature,
                    threshold,
                    left_share,
                    ..
                } => {
                    if path.depth() == MAXIMUM_DEPTH {
                        return Err(self.error(ReadErrorKind::TooDeep));
                    }
                    path.split(index, feature, threshold, left_share);
                }
                Node::Leaf { .. } => {
                    let Some(parent) = path.leaf(index) else {
                        return Ok(Tree { nodes });
                    };
                    let next = u32::try_from(nodes.len())
                        .map_err(|_| self.error(ReadErrorKind::CountOutOfRange))?;
                    if let Some(Node::Split { right, .. }) = nodes.get_mut(parent) {
                        *right = next;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut Forest);

    fn split(feature: u8, threshold: u8) -> Node {
        Node::Split {
            feature,
            threshold,
            missing_right: false,
            left_share: 7,
            right: 2 * u32::from(threshold) + 2,
        }
    }

    /// A chain of splits on one feature, whose left children are leaves, over three classes.
    fn chain(depth: u8) -> Forest {
        let leaf = Node::Leaf { output: 0 };
        let splits = (0..depth).flat_map(|threshold| [split(0, threshold), leaf]);
        let feature = |name: &str| Feature {
            name: name.into(),
            cuts: (0..100u8).map(f32::from).collect(),
        };
        Forest {
            features: ["a", "b", "c"].map(feature).into(),
            classes: ["x", "y", "z"].map(String::from).into(),
            output: Output::Shares(vec![vec![255, 0, 0], vec![0, 255, 0], vec![100, 100, 55]]),
            trees: vec![Tree {
                nodes: splits.chain([leaf]).collect(),
            }],
        }
    }

    /// A boosted forest of one leaf, whose first class begins with a score and whose tree is of a class.
    fn boosted(base: i32, class: u8) -> Forest {
        let scores = Scores {
            step: 1.0,
            base: vec![base, 0, 0],
            values: vec![-1, 0, 1],
            tree_classes: vec![class],
        };
        Forest {
            output: Output::Scores(scores),
            ..chain(0)
        }
    }

    #[test]
    fn what_no_builder_takes_no_reader_takes() {
        for forest in [chain(64), boosted(1, 2)] {
            assert_eq!(Forest::read(&forest.write()), Ok(forest));
        }
        let bad: [(Forest, Change, ReadErrorKind); 14] = [
            (
                chain(0),
                |forest| forest.features = vec![forest.features[0].clone(); 101],
                ReadErrorKind::CountOutOfRange,
            ),
            (
                chain(0),
                |forest| forest.features[0].cuts = (0..255u8).map(f32::from).collect(),
                ReadErrorKind::CountOutOfRange,
            ),
            (
                chain(0),
                |forest| forest.classes.clear(),
                ReadErrorKind::CountOutOfRange,
            ),
            (
                chain(0),
                |forest| forest.output = Output::Shares(Vec::new()),
                ReadErrorKind::CountOutOfRange,
            ),
            (
                chain(0),
                |forest| forest.trees.clear(),
                ReadErrorKind::CountOutOfRange,
            ),
            (chain(65), |_| {}, ReadErrorKind::TooDeep),
            (
                chain(1),
                |forest| forest.trees[0].nodes[0] = split(3, 0),
                ReadErrorKind::FeatureOutOfRange,
            ),
            (
                chain(1),
                |forest| forest.features[0].cuts.clear(),
                ReadErrorKind::NoThresholdLeft,
            ),
            (
                chain(0),
                |forest| forest.trees[0].nodes[0] = Node::Leaf { output: 3 },
                ReadErrorKind::OutputOutOfRange,
            ),
            (
                chain(0),
                |forest| forest.features[0].cuts = vec![1.0, 1.0],
                ReadErrorKind::CutsNotIncreasing,
            ),
            (
                chain(0),
                |forest| forest.features[0].cuts = vec![f32::NAN],
                ReadErrorKind::CutsNotIncreasing,
            ),
            (
                chain(0),
                |forest| forest.output = Output::Shares(vec![vec![200, 100, 0]]),
                ReadErrorKind::SharesDoNotAddUp,
            ),
            (boosted(0, 3), |_| {}, ReadErrorKind::ClassOutOfRange),
            (
                boosted(i32::MIN, 0),
                |_| {},
                ReadErrorKind::ScoresOutOfRange,
            ),
        ];
        for (mut forest, change, kind) in bad {
            change(&mut forest);
            let read = Forest::read(&forest.write());
            assert_eq!(read.map_err(|error| error.kind), Err(kind));
        }
    }
}
