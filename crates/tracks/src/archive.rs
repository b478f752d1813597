//! Zip archives, as "Export all" gives them, unpacked from front to back.
//!
//! miniz_oxide inflates; what is ours is the container (APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.9): local headers, data
//! that is stored or deflated, data descriptors. Nothing is looked up at the archive's end, so that it can be read as it
//! comes, and memory is bounded by the inflater's window.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use crate::{ArchiveFault, FileError};

/// What every zip archive with a file in it begins with.
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";

/// How many files of an archive are read.
const MOST_ENTRIES: usize = 10_000;

/// How many bytes one file of an archive may unpack to, times those that it takes packed, once it has unpacked to
/// [`SUSPICIOUS`]: tables are packed to a tenth, at best to a fortieth.
const MOST_PACKED: u64 = 200;

/// See [`MOST_PACKED`].
const SUSPICIOUS: u64 = 64 << 20;

/// How many bytes all files of an archive may unpack to.
const LARGEST: u64 = 8 << 30;

/// Deflate looks back so far.
const WINDOW: usize = 32 * 1024;

/// What comes next in an archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// More of the archive is needed.
    Wait,
    /// A file begins.
    Entry(String),
    /// A file begins that cannot be unpacked; why. What comes behind it can be read.
    Unreadable(String, ArchiveFault),
    /// The present file is damaged. What comes behind it can be read.
    Damaged,
    /// Some of its bytes are in the output.
    Bytes,
    /// It has ended.
    EntryEnd,
    /// The archive has ended.
    End,
}

enum State {
    Header,
    Deflated,
    Stored {
        left: u64,
    },
    /// An entry that cannot be unpacked, or not any further.
    Skipped {
        left: u64,
    },
    /// The sizes behind an entry, if they do not stand before it.
    Descriptor,
    Ended,
}

/// An archive that is being unpacked.
pub(crate) struct Archive {
    input: Vec<u8>,
    consumed: usize,
    finished: bool,
    state: State,
    inflater: Box<DecompressorOxide>,
    window: Vec<u8>,
    /// Where in the window the next byte goes.
    position: usize,
    has_descriptor: bool,
    is_zip64: bool,
    entries: usize,
    /// How many bytes the present entry takes packed, if that stands before it.
    packed_size: Option<u64>,
    /// Of the present entry.
    packed: u64,
    unpacked: u64,
    /// The CRC-32 that the header tells, unless it stands in the descriptor.
    checksum: Option<u32>,
    hasher: crc32fast::Hasher,
    total: u64,
}

impl Archive {
    pub(crate) fn new() -> Self {
        Self {
            input: Vec::new(),
            consumed: 0,
            finished: false,
            state: State::Header,
            inflater: Box::default(),
            window: vec![0; WINDOW],
            position: 0,
            has_descriptor: false,
            is_zip64: false,
            entries: 0,
            packed_size: None,
            packed: 0,
            unpacked: 0,
            checksum: None,
            hasher: crc32fast::Hasher::new(),
            total: 0,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.input.drain(..self.consumed);
        self.consumed = 0;
        self.input.extend_from_slice(bytes);
    }

    pub(crate) fn finish(&mut self) {
        self.finished = true;
    }

    /// Goes on to what comes next; bytes of a file are put in place of what `output` holds.
    pub(crate) fn next(&mut self, output: &mut Vec<u8>) -> Result<Event, FileError> {
        output.clear();
        match self.state {
            State::Header => self.header(),
            State::Stored { left } => self.stored(left, output),
            State::Deflated => self.deflated(output),
            State::Skipped { left } => self.skipped(left),
            State::Descriptor => self.descriptor(),
            State::Ended => Ok(Event::End),
        }
    }

    fn rest(&self) -> &[u8] {
        self.input.get(self.consumed..).unwrap_or_default()
    }

    /// The next bytes, without going past them; `None` if they have not come yet.
    fn peek(&self, length: usize) -> Result<Option<&[u8]>, FileError> {
        let bytes = self.rest().get(..length);
        if bytes.is_none() && self.finished {
            return Err(broken(ArchiveFault::CutOff));
        }
        Ok(bytes)
    }

    fn header(&mut self) -> Result<Event, FileError> {
        const LENGTH: usize = 30;
        if self.finished && self.rest().is_empty() && self.entries > 0 {
            return Err(broken(ArchiveFault::NoEnd));
        }
        let Some(signature) = self.peek(4)? else {
            return Ok(Event::Wait);
        };
        match signature {
            b"PK\x03\x04" => {}
            // The list of files, the end of the list, or what stands before them: everything has been read.
            [b'P', b'K', ..] => {
                self.state = State::Ended;
                return Ok(Event::End);
            }
            _ => return Err(broken(ArchiveFault::NoFileBegins)),
        }
        let Some(header) = self.peek(LENGTH)? else {
            return Ok(Event::Wait);
        };
        let header = header.to_vec();
        let (flags, method) = (u16_at(&header, 6), u16_at(&header, 8));
        let name_length = usize::from(u16_at(&header, 26));
        let length = LENGTH + name_length + usize::from(u16_at(&header, 28));
        let Some(whole) = self.peek(length)? else {
            return Ok(Event::Wait);
        };
        let name = whole.get(LENGTH..LENGTH + name_length).unwrap_or_default();
        let name = String::from_utf8_lossy(name).into_owned();
        let extra = whole
            .get(LENGTH + name_length..)
            .unwrap_or_default()
            .to_vec();
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            return Err(broken(ArchiveFault::TooManyFiles));
        }
        self.consumed += length;
        self.has_descriptor = flags & 8 != 0;
        self.checksum = (!self.has_descriptor).then_some(u32_at(&header, 14));
        self.hasher.reset();
        let size = u32_at(&header, 18);
        self.is_zip64 = size == u32::MAX;
        let packed_size = if self.is_zip64 {
            size_in_extra(&extra)
        } else {
            Some(u64::from(size))
        };
        (self.packed, self.unpacked) = (0, 0);
        let known_size = packed_size.filter(|_| !self.has_descriptor);
        self.packed_size = known_size;
        let is_locked = flags & 1 != 0;
        self.state = match (method, known_size) {
            (0, Some(left)) if !is_locked => State::Stored { left },
            (0, None) if name.ends_with('/') => State::Stored { left: 0 },
            (8, _) if !is_locked => {
                self.inflater.init();
                self.position = 0;
                State::Deflated
            }
            _ => {
                let fault = match method {
                    _ if is_locked => ArchiveFault::Locked,
                    0 => ArchiveFault::LengthUnknown,
                    _ => ArchiveFault::OtherPacking,
                };
                // Without its length, nobody knows where the next one begins.
                let left = known_size.ok_or(broken(fault))?;
                self.state = State::Skipped { left };
                return Ok(Event::Unreadable(name, fault));
            }
        };
        Ok(Event::Entry(name))
    }

    fn stored(&mut self, left: u64, output: &mut Vec<u8>) -> Result<Event, FileError> {
        if left == 0 {
            return self.entry_end();
        }
        if self.peek(1)?.is_none() {
            return Ok(Event::Wait);
        }
        let length = self
            .rest()
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX))
            .min(WINDOW);
        output.extend_from_slice(self.rest().get(..length).unwrap_or_default());
        self.consumed += length;
        self.state = State::Stored {
            left: left - length as u64,
        };
        self.count(length, length, output)?;
        Ok(Event::Bytes)
    }

    fn skipped(&mut self, left: u64) -> Result<Event, FileError> {
        if left == 0 {
            self.state = State::Header;
            return Ok(Event::EntryEnd);
        }
        if self.peek(1)?.is_none() {
            return Ok(Event::Wait);
        }
        let here = self.rest().len();
        let length = here.min(usize::try_from(left).unwrap_or(here));
        self.consumed += length;
        self.state = State::Skipped {
            left: left - length as u64,
        };
        Ok(Event::Bytes)
    }

    fn deflated(&mut self, output: &mut Vec<u8>) -> Result<Event, FileError> {
        let left = self.packed_size.unwrap_or(u64::MAX);
        let left = left.saturating_sub(self.packed);
        let here = self.input.len() - self.consumed;
        let length = here.min(usize::try_from(left).unwrap_or(here));
        let more = if self.finished || length as u64 == left {
            0
        } else {
            inflate_flags::TINFL_FLAG_HAS_MORE_INPUT
        };
        let end = self.consumed + length;
        let input = self.input.get(self.consumed..end).unwrap_or_default();
        let (status, read, written) = decompress(
            &mut self.inflater,
            input,
            &mut self.window,
            self.position,
            more,
        );
        self.consumed += read;
        let end = self.position + written;
        output.extend_from_slice(self.window.get(self.position..end).unwrap_or_default());
        self.position = end % WINDOW;
        self.count(read, written, output)?;
        match status {
            TINFLStatus::Done if written == 0 => self.entry_end(),
            TINFLStatus::Done => {
                self.state = State::Stored { left: 0 };
                Ok(Event::Bytes)
            }
            TINFLStatus::HasMoreOutput => Ok(Event::Bytes),
            TINFLStatus::NeedsMoreInput if written > 0 => Ok(Event::Bytes),
            TINFLStatus::NeedsMoreInput if !self.finished => Ok(Event::Wait),
            // What came before the damage counts, in whatever pieces; the next call fails at once.
            _ if written > 0 => Ok(Event::Bytes),
            _ if self.finished && self.rest().is_empty() => Err(broken(ArchiveFault::CutOff)),
            _ => self.damaged(),
        }
    }

    fn count(&mut self, packed: usize, unpacked: usize, output: &[u8]) -> Result<(), FileError> {
        self.hasher.update(output);
        self.packed += packed as u64;
        self.unpacked += unpacked as u64;
        self.total += unpacked as u64;
        let is_bomb =
            self.unpacked > SUSPICIOUS && self.unpacked > self.packed.saturating_mul(MOST_PACKED);
        if is_bomb || self.total > LARGEST {
            return Err(broken(ArchiveFault::TooLarge));
        }
        Ok(())
    }

    fn entry_end(&mut self) -> Result<Event, FileError> {
        if self.has_descriptor {
            self.state = State::Descriptor;
            return self.descriptor();
        }
        if self
            .checksum
            .is_some_and(|checksum| checksum != self.hasher.clone().finalize())
        {
            return self.damaged();
        }
        self.state = State::Header;
        Ok(Event::EntryEnd)
    }

    /// The present entry is damaged; it is known where the next one begins, or nothing more can be read.
    fn damaged(&mut self) -> Result<Event, FileError> {
        let left = self
            .packed_size
            .and_then(|size| size.checked_sub(self.packed))
            .ok_or(broken(ArchiveFault::Damaged))?;
        self.state = State::Skipped { left };
        Ok(Event::Damaged)
    }

    /// A checksum and two sizes, of four or eight bytes, with or without a signature before them.
    fn descriptor(&mut self) -> Result<Event, FileError> {
        let Some(first) = self.peek(8)? else {
            return Ok(Event::Wait);
        };
        let signature = if first.starts_with(b"PK\x07\x08") {
            4
        } else {
            0
        };
        let sizes = if self.is_zip64 { 16 } else { 8 };
        let length = signature + 4 + sizes;
        let Some(whole) = self.peek(length)? else {
            return Ok(Event::Wait);
        };
        let checksum = u32_at(whole, signature);
        let packed_size = u32_at(whole, signature + 4);
        if checksum != self.hasher.clone().finalize() {
            // Only where it tells the size that was found, the entry ends here for sure.
            let is_here = packed_size == self.packed as u32;
            self.packed_size = is_here.then_some(self.packed);
            self.consumed += length;
            return self.damaged();
        }
        self.consumed += length;
        self.state = State::Header;
        Ok(Event::EntryEnd)
    }
}

fn broken(fault: ArchiveFault) -> FileError {
    FileError::Archive { fault }
}

fn u16_at(bytes: &[u8], offset: usize) -> u16 {
    match bytes.get(offset..) {
        Some([first, second, ..]) => u16::from_le_bytes([*first, *second]),
        _ => 0,
    }
}

fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    u32::from(u16_at(bytes, offset)) | u32::from(u16_at(bytes, offset + 2)) << 16
}

/// The packed size in the extra field of zip64: the second of its numbers.
fn size_in_extra(mut extra: &[u8]) -> Option<u64> {
    loop {
        let (kind, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let body = extra.get(4..4 + length)?;
        if kind == 1 {
            let bytes = body.get(8..16)?;
            return Some(u64::from(u32_at(bytes, 0)) | u64::from(u32_at(bytes, 4)) << 32);
        }
        extra = extra.get(4 + length..)?;
    }
}
