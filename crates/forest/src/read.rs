//! Reading a packed forest: nothing is used before it is checked.

use alloc::string::String;
use alloc::vec::Vec;

use crate::checksum::crc32;
use crate::forest::{adds_up, is_increasing};
use crate::write::{FAR_LEAF, HEADER_LENGTH, MAGIC};
use crate::{
    FORMAT_VERSION, Feature, Forest, LEFT_SHARES, MAXIMUM_CUTS, MAXIMUM_DEPTH, MAXIMUM_FEATURES,
    Node, Part, ReadError, ReadErrorKind, Tree,
};

impl Forest {
    /// Reads a packed forest, and checks all of it: length, checksum, every count, cut, weight, threshold and index.
    ///
    /// No allocation is larger than a small multiple of `bytes`.
    ///
    /// # Errors
    /// When the bytes are not a whole, undamaged forest of this version; the error names the part and the byte.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut reader = Reader {
            bytes,
            offset: 0,
            part: Part::Header,
        };
        reader.header()?;

        reader.part = Part::Features;
        let feature_count = usize::from(reader.u8()?);
        let class_count = usize::from(reader.u8()?);
        let distribution_count = usize::from(reader.u16()?);
        let tree_count = usize::from(reader.u16()?);
        if feature_count > MAXIMUM_FEATURES
            || [feature_count, class_count, distribution_count, tree_count].contains(&0)
        {
            return Err(reader.error(ReadErrorKind::CountOutOfRange));
        }

        let mut features = Vec::new();
        for _ in 0..feature_count {
            features.push(reader.feature()?);
        }
        reader.part = Part::Classes;
        let mut classes = Vec::new();
        for _ in 0..class_count {
            classes.push(reader.name()?);
        }
        reader.part = Part::Distributions;
        let mut distributions = Vec::new();
        for _ in 0..distribution_count {
            let distribution = reader.take(class_count)?;
            if !adds_up(distribution) {
                return Err(reader.error(ReadErrorKind::SharesDoNotAddUp));
            }
            distributions.push(distribution.to_vec());
        }
        reader.part = Part::Trees;
        let mut trees = Vec::new();
        for _ in 0..tree_count {
            trees.push(reader.tree(&features, distribution_count)?);
        }
        if reader.offset != bytes.len() {
            return Err(reader.error(ReadErrorKind::TrailingBytes));
        }
        Ok(Self {
            features,
            classes,
            distributions,
            trees,
        })
    }
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

    fn feature(&mut self) -> Result<Feature, ReadError> {
        let name = self.name()?;
        let cut_count = usize::from(self.u8()?);
        if cut_count > MAXIMUM_CUTS {
            return Err(self.error(ReadErrorKind::CountOutOfRange));
        }
        let mut cuts = Vec::new();
        for _ in 0..cut_count {
            cuts.push(self.array().map(f32::from_le_bytes)?);
        }
        if !is_increasing(&cuts) {
            return Err(self.error(ReadErrorKind::CutsNotIncreasing));
        }
        Ok(Feature { name, cuts })
    }

    /// Reads one tree. Preorder tells where it ends: when no split still waits for its right child.
    fn tree(&mut self, features: &[Feature], distributions: usize) -> Result<Tree, ReadError> {
        let mut nodes = Vec::new();
        // The splits that wait for their right child: their index, and how deep they lie.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut depth = 0;
        loop {
            let tag = usize::from(self.u8()?);
            if let Some(feature) = features.get(tag / 2) {
                let threshold = self.u8()?;
                if usize::from(threshold) >= feature.cuts.len() {
                    return Err(self.error(ReadErrorKind::ThresholdOutOfRange));
                }
                let left_share = self.u8()?;
                if left_share >= LEFT_SHARES {
                    return Err(self.error(ReadErrorKind::CountOutOfRange));
                }
                depth += 1;
                if depth > MAXIMUM_DEPTH {
                    return Err(self.error(ReadErrorKind::TooDeep));
                }
                open.push((nodes.len(), depth));
                nodes.push(Node::Split {
                    feature: u8::try_from(tag / 2).unwrap_or(u8::MAX),
                    threshold,
                    missing_right: tag % 2 == 1,
                    left_share,
                    // Set below, once the left child has ended.
                    right: 0,
                });
                continue;
            }
            let distribution = if tag == usize::from(FAR_LEAF) {
                self.u16()?
            } else {
                u16::try_from(tag - features.len() * 2).unwrap_or(u16::MAX)
            };
            if usize::from(distribution) >= distributions {
                return Err(self.error(ReadErrorKind::DistributionOutOfRange));
            }
            nodes.push(Node::Leaf { distribution });
            let Some((parent, parent_depth)) = open.pop() else {
                return Ok(Tree { nodes });
            };
            depth = parent_depth;
            let next = u32::try_from(nodes.len())
                .map_err(|_| self.error(ReadErrorKind::CountOutOfRange))?;
            if let Some(Node::Split { right, .. }) = nodes.get_mut(parent) {
                *right = next;
            }
        }
    }
}
