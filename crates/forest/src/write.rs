//! Writing a forest in its packed layout, described in `docs/model-format.md`.

use alloc::vec::Vec;

use crate::checksum::crc32;
use crate::{FORMAT_VERSION, Forest, Node};

/// The first bytes of every packed forest.
pub(crate) const MAGIC: [u8; 4] = *b"OVTF";

/// The bytes of magic, version, length and checksum.
pub(crate) const HEADER_LENGTH: usize = 14;

/// The tag byte that announces a leaf whose distribution does not fit in the tag itself.
pub(crate) const FAR_LEAF: u8 = 255;

impl Forest {
    /// Packs the forest. The same forest always gives the same bytes, and [`Forest::read`] gives it back.
    pub fn write(&self) -> Vec<u8> {
        let mut body = Vec::new();
        put_u8(&mut body, self.features.len());
        put_u8(&mut body, self.classes.len());
        put_u16(&mut body, self.distributions.len());
        put_u16(&mut body, self.trees.len());
        for feature in &self.features {
            put_name(&mut body, &feature.name);
            put_u8(&mut body, feature.cuts.len());
            for cut in &feature.cuts {
                body.extend_from_slice(&cut.to_le_bytes());
            }
        }
        for class in &self.classes {
            put_name(&mut body, class);
        }
        for distribution in &self.distributions {
            body.extend_from_slice(distribution);
        }
        for node in self.trees.iter().flat_map(|tree| &tree.nodes) {
            self.put_node(&mut body, *node);
        }

        let mut bytes = Vec::with_capacity(HEADER_LENGTH + body.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        put_u32(&mut bytes, HEADER_LENGTH + body.len());
        bytes.extend_from_slice(&crc32(&body).to_le_bytes());
        bytes.extend_from_slice(&body);
        bytes
    }

    /// A node is a tag byte and what the tag calls for. Tags below twice the number of features are splits, those
    /// above are leaves; the child indices are not written, as preorder implies them.
    fn put_node(&self, body: &mut Vec<u8>, node: Node) {
        let first_leaf_tag = self.features.len() * 2;
        match node {
            Node::Split {
                feature,
                threshold,
                missing_right,
                left_share,
                ..
            } => {
                put_u8(body, usize::from(feature) * 2 + usize::from(missing_right));
                body.push(threshold);
                body.push(left_share);
            }
            Node::Leaf { distribution } => {
                let near = first_leaf_tag + usize::from(distribution);
                if near < usize::from(FAR_LEAF) {
                    put_u8(body, near);
                } else {
                    body.push(FAR_LEAF);
                    put_u16(body, usize::from(distribution));
                }
            }
        }
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
