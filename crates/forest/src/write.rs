//! Writing a forest in its packed layout, described in `docs/model-format.md`.

use alloc::vec::Vec;

use crate::checksum::crc32;
use crate::leaf_model::LeafModel;
use crate::output::Output;
use crate::path::Path;
use crate::range_coder::Encoder;
use crate::table_model::{ClassModel, CutModel, DistributionModel, ValueModel, best_scale};
use crate::tree_model::TreeModel;
use crate::{FORMAT_VERSION, Feature, Forest, Node};

/// The first bytes of every packed forest.
pub(crate) const MAGIC: [u8; 4] = *b"OVTF";

/// The bytes of magic, version, length and checksum.
pub(crate) const HEADER_LENGTH: usize = 14;

/// The byte that tells a bagged forest.
pub(crate) const BAGGED: u8 = 0;

/// The byte that tells a boosted forest.
pub(crate) const BOOSTED: u8 = 1;

impl Forest {
    /// Packs the forest. The same forest always gives the same bytes, and [`Forest::read`] gives it back.
    pub fn write(&self) -> Vec<u8> {
        let mut body = Vec::new();
        body.push(match self.output {
            Output::Shares(_) => BAGGED,
            Output::Scores(_) => BOOSTED,
        });
        put_u8(&mut body, self.features.len());
        put_u8(&mut body, self.classes.len());
        put_u16(&mut body, self.output.entries());
        put_u16(&mut body, self.trees.len());
        put_u32(
            &mut body,
            self.trees.iter().map(|tree| tree.nodes.len()).sum(),
        );
        for feature in &self.features {
            put_name(&mut body, &feature.name);
            put_u8(&mut body, feature.cuts.len());
        }
        for class in &self.classes {
            put_name(&mut body, class);
        }
        if let Output::Scores(scores) = &self.output {
            body.extend_from_slice(&scores.step.to_le_bytes());
            body.extend(scores.base.iter().flat_map(|base| base.to_le_bytes()));
        }
        body.extend_from_slice(&self.coded(|_| {}));

        let mut bytes = Vec::with_capacity(HEADER_LENGTH + body.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        put_u32(&mut bytes, HEADER_LENGTH + body.len());
        bytes.extend_from_slice(&crc32(&body).to_le_bytes());
        bytes.extend_from_slice(&body);
        bytes
    }

    /// Cuts, what leaves refer to, and trees, range-coded.
    ///
    /// `at` is told how many bytes there are before each tree and behind the last.
    ///
    /// What the models return is of use to the reader only: in writing, it is what they were given.
    pub(crate) fn coded(&self, mut at: impl FnMut(usize)) -> Vec<u8> {
        let mut encoder = Encoder::new();
        let mut cut_model = CutModel::new();
        for feature in &self.features {
            write_cuts(&mut encoder, &mut cut_model, feature);
        }
        match &self.output {
            Output::Shares(distributions) => {
                let mut model = DistributionModel::new();
                for distribution in distributions {
                    let _ = model.code(&mut encoder, &mut distribution.clone());
                }
            }
            Output::Scores(scores) => {
                let mut model = ValueModel::new();
                for &value in &scores.values {
                    let _ = model.code(&mut encoder, value);
                }
            }
        }
        let leaves = match &self.output {
            Output::Shares(distributions) => LeafModel::of_distributions(distributions.len()),
            Output::Scores(scores) => LeafModel::of_values(scores.values.len()),
        };
        let mut tree_model = TreeModel::new(&self.features, leaves);
        let mut class_model = ClassModel::new(self.classes.len());
        for (index, tree) in self.trees.iter().enumerate() {
            at(encoder.written());
            if let Output::Scores(scores) = &self.output {
                let class = scores.tree_classes.get(index).copied().unwrap_or(0);
                let _ = class_model.code(&mut encoder, class);
            }
            let mut path = Path::new(&self.features);
            tree_model.begin_tree();
            for (index, node) in tree.nodes.iter().enumerate() {
                let _ = tree_model.node(&mut encoder, &path, *node);
                match *node {
                    Node::Split {
                        feature,
                        threshold,
                        left_share,
                        ..
                    } => path.split(index, feature, threshold, left_share),
                    Node::Leaf { .. } => {
                        path.leaf(index);
                    }
                }
            }
        }
        at(encoder.written());
        encoder.finish()
    }
}

fn write_cuts(encoder: &mut Encoder, model: &mut CutModel, feature: &Feature) {
    if feature.cuts.is_empty() {
        return;
    }
    let scale = model.scale(encoder, best_scale(&feature.cuts));
    let mut before = None;
    for &cut in &feature.cuts {
        before = model
            .cut(encoder, scale, before, cut)
            .ok()
            .map(|(_, count)| count);
    }
}

/// Writes a number that a checked forest keeps within a byte.
fn put_u8(bytes: &mut Vec<u8>, value: usize) {
    bytes.push(u8::try_from(value).unwrap_or(u8::MAX));
}

/// Writes a number that a checked forest keeps within two bytes.
fn put_u16(bytes: &mut Vec<u8>, value: usize) {
    bytes.extend_from_slice(&u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes());
}

/// Writes a length; one beyond four bytes is written as the largest, which the reader refuses.
fn put_u32(bytes: &mut Vec<u8>, value: usize) {
    bytes.extend_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
}

fn put_name(bytes: &mut Vec<u8>, name: &str) {
    put_u8(bytes, name.len());
    bytes.extend_from_slice(name.as_bytes());
}
