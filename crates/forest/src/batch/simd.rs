//! Vectors of bytes in the instructions of each processor: the only unsafe code of this crate.
//!
//! # Why unsafe, and why it is sound
//! `cargo xtask bench` measures what the vectors gain: several times the rows a second of the scalar walk, and a
//! fraction of its time for one row. Two things are unsafe here, and no more:
//!
//! * An instruction must not run on a processor that lacks it. The vector types are private to this file and used only by the
//!   functions named after a kernel, which are compiled for its instructions and called by [`begin`], [`go_on`],
//!   [`add_values`], [`walk_one`] and [`exclude`] alone, for a [`Here`]. Only this file can make one, and makes it of a kernel that
//!   [`Kernel::is_here`] has found.
//! * A load or a store must stay within its slice. Each takes a pointer from an array of exactly the vector's size, or of twice
//!   that for its two halves; where it comes from a slice, `first_chunk` has checked it. The instructions have no demand on
//!   alignment. `cargo xtask test` watches them with the address sanitizer.

#![allow(
    unsafe_code,
    reason = "measured to matter; the argument stands at the head of this file"
)]

use super::BLOCK;
use super::exclusion::ExclusionTree;
use super::vectors::{RowBins, VectorRows, VectorTree};

/// The instructions that go through many rows at once. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// One row's bin at a time; everywhere.
    Scalar,
    /// WebAssembly's fixed-width SIMD, 16 rows at a time; in a module that was compiled with `simd128`.
    Simd128,
    /// AVX2 with BMI1, 32 rows at a time; x86-64.
    Avx2,
    /// AVX-512 with VBMI, beside AVX2 and BMI1, 64 rows at a time; x86-64.
    Avx512,
}

impl Kernel {
    /// All kernels, the fastest last.
    pub const ALL: &'static [Self] = &[Self::Scalar, Self::Simd128, Self::Avx2, Self::Avx512];

    /// The fastest kernel that this processor and this build have.
    pub fn fastest() -> Self {
        Here::fastest().kernel()
    }

    /// Whether this processor and this build have it. Without the feature `std`, an x86-64 processor is taken to have
    /// what the build was compiled for.
    pub fn is_here(self) -> bool {
        match self {
            Self::Scalar => true,
            Self::Simd128 => cfg!(all(target_arch = "wasm32", target_feature = "simd128")),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx2 => {
                std::arch::is_x86_feature_detected!("avx2")
                    && std::arch::is_x86_feature_detected!("bmi1")
            }
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx512 => {
                Self::Avx2.is_here()
                    && std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512bw")
                    && std::arch::is_x86_feature_detected!("avx512vbmi")
            }
            // 32-bit processors have these instructions too, but nothing here is compiled for them.
            #[cfg(not(all(target_arch = "x86_64", feature = "std")))]
            Self::Avx2 => cfg!(all(
                target_arch = "x86_64",
                target_feature = "avx2",
                target_feature = "bmi1"
            )),
            #[cfg(not(all(target_arch = "x86_64", feature = "std")))]
            Self::Avx512 => {
                Self::Avx2.is_here()
                    && cfg!(target_feature = "avx512bw")
                    && cfg!(target_feature = "avx512vbmi")
            }
        }
    }
}

/// A kernel that this processor and this build have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here(Kernel);

impl Here {
    /// `None` if it is not here.
    pub(super) fn new(kernel: Kernel) -> Option<Self> {
        kernel.is_here().then_some(Self(kernel))
    }

    /// The fastest one.
    pub(super) fn fastest() -> Self {
        let mut here = Kernel::ALL.iter().filter_map(|&kernel| Self::new(kernel));
        here.next_back().unwrap_or(Self(Kernel::Scalar))
    }

    pub(super) fn kernel(self) -> Kernel {
        self.0
    }
}

/// Finds where each row of a block comes to first in a tree, with the kernel's vectors. It is not the scalar one, for which
/// no tree is laid out so.
pub(super) fn begin(
    Here(kernel): Here,
    tree: &VectorTree,
    rows: &mut VectorRows,
    outputs: &mut [u32; BLOCK],
) {
    match kernel {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Kernel::Simd128 => tree.begin::<wasm::Simd128>(rows, outputs),
        // SAFETY: this kernel is here.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 => unsafe { x86::begin_avx2(tree, rows, outputs) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx512 => unsafe { x86::begin_avx512(tree, rows, outputs) },
        _ => {}
    }
}

/// Finds what the leaf of each row of a block refers to, from the places that [`begin`] has found, in the same way.
pub(super) fn go_on(
    Here(kernel): Here,
    tree: &VectorTree,
    rows: &VectorRows,
    outputs: &mut [u32; BLOCK],
) {
    match kernel {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Kernel::Simd128 => tree.go_on::<wasm::Simd128>(rows, outputs),
        // SAFETY: this kernel is here, and is so for AVX-512 only where AVX2's is.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 | Kernel::Avx512 => unsafe { x86::go_on_avx2(tree, rows, outputs) },
        _ => {}
    }
}

/// Adds the value of the leaf of each row of a block to the row's total, in the same way. Gives whether it did: it does for
/// small trees of a boosted forest.
pub(super) fn add_values(
    Here(kernel): Here,
    tree: &VectorTree,
    rows: &mut VectorRows,
    totals: &mut [i32],
) -> bool {
    match kernel {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Kernel::Simd128 => tree.add_values::<wasm::Simd128>(rows, totals),
        // SAFETY: this kernel is here.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 => unsafe { x86::add_values_avx2(tree, rows, totals) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx512 => unsafe { x86::add_values_avx512(tree, rows, totals) },
        _ => false,
    }
}

/// Finds what the leaf of one row refers to in each tree, in the same way.
pub(super) fn walk_one(
    Here(kernel): Here,
    trees: &[VectorTree],
    row: &(RowBins, bool),
    outputs: &mut [u32],
) {
    match kernel {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Kernel::Simd128 => super::vectors::walk_one::<wasm::Simd128>(trees, row, outputs),
        // SAFETY: this kernel is here, and is so for AVX-512 only where AVX2's is.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 | Kernel::Avx512 => unsafe { x86::walk_one_avx2(trees, row, outputs) },
        _ => {}
    }
}

/// Finds what the leaf of one row refers to in each of some small trees, in the same way.
pub(super) fn exclude(
    Here(kernel): Here,
    trees: &[ExclusionTree],
    row: &RowBins,
    outputs: &mut [u16],
) {
    match kernel {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Kernel::Simd128 => super::exclusion::answer::<wasm::Simd128>(trees, row, outputs),
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 | Kernel::Avx512 => unsafe { x86::exclude_avx2(trees, row, outputs) },
        _ => {}
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::arch::x86_64::*;

    use crate::batch::BLOCK;
    use crate::batch::bundles::{Bundle, Place, TOGETHER};
    use crate::batch::exclusion::{ExclusionRow, ExclusionTree, Splits};
    use crate::batch::vectors::{
        MISSING_BIN, MISSING_LEFT, PIECE, RowBins, VectorRows, VectorTree, Vectors,
    };

    /// # Safety
    /// The processor has AVX2.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn begin_avx2(
        tree: &VectorTree,
        rows: &mut VectorRows,
        outputs: &mut [u32; BLOCK],
    ) {
        tree.begin::<Avx2>(rows, outputs);
    }

    /// # Safety
    /// The processor has AVX-512 F, BW and VBMI.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) unsafe fn begin_avx512(
        tree: &VectorTree,
        rows: &mut VectorRows,
        outputs: &mut [u32; BLOCK],
    ) {
        tree.begin::<Avx512>(rows, outputs);
    }

    /// # Safety
    /// The processor has AVX2 and BMI1.
    #[target_feature(enable = "avx2,bmi1")]
    pub(super) unsafe fn go_on_avx2(
        tree: &VectorTree,
        rows: &VectorRows,
        outputs: &mut [u32; BLOCK],
    ) {
        tree.go_on::<Avx2>(rows, outputs);
    }

    /// # Safety
    /// The processor has AVX2.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn add_values_avx2(
        tree: &VectorTree,
        rows: &mut VectorRows,
        totals: &mut [i32],
    ) -> bool {
        tree.add_values::<Avx2>(rows, totals)
    }

    /// # Safety
    /// The processor has AVX-512 F, BW and VBMI.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) unsafe fn add_values_avx512(
        tree: &VectorTree,
        rows: &mut VectorRows,
        totals: &mut [i32],
    ) -> bool {
        tree.add_values::<Avx512>(rows, totals)
    }

    /// # Safety
    /// The processor has AVX2 and BMI1.
    #[target_feature(enable = "avx2,bmi1")]
    pub(super) unsafe fn walk_one_avx2(
        trees: &[VectorTree],
        row: &(RowBins, bool),
        outputs: &mut [u32],
    ) {
        crate::batch::vectors::walk_one::<Avx2>(trees, row, outputs);
    }

    /// # Safety
    /// The processor has AVX2.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn exclude_avx2(trees: &[ExclusionTree], row: &RowBins, outputs: &mut [u16]) {
        crate::batch::exclusion::answer::<Avx2>(trees, row, outputs);
    }

    /// The bins at sixteen columns.
    #[inline(always)]
    fn bins_at(bins: &RowBins, columns: &[u8; 16]) -> __m128i {
        // SAFETY: both are sixteen bytes; a processor with AVX2 has SSSE3.
        unsafe {
            _mm_shuffle_epi8(
                _mm_loadu_si128(bins.as_ptr().cast()),
                _mm_loadu_si128(columns.as_ptr().cast()),
            )
        }
    }

    /// [`Vectors::open_exits`], for all processors with AVX2.
    #[inline(always)]
    fn open_exits<const ANY_MISSING: bool>(row: &RowBins, bundle: &Bundle) -> __m256i {
        // SAFETY: each pointer is that of an array of as many bytes as are loaded.
        unsafe {
            let bins = bins_at(row, &bundle.columns);
            let limits = _mm_loadu_si128(bundle.limits.as_ptr().cast());
            let mut goes_left = _mm_cmpgt_epi8(limits, bins);
            if ANY_MISSING {
                let missing = _mm_cmpeq_epi8(bins, _mm_set1_epi8(MISSING_BIN as i8));
                // The bit of each split, brought into its lane.
                let bits = _mm_set1_epi64x(0x8040_2010_0804_0201u64.cast_signed());
                let left = _mm_set1_epi16(bundle.missing_left().cast_signed());
                let left = _mm_shuffle_epi8(left, _mm_set_epi64x(0x0101_0101_0101_0101, 0));
                let left = _mm_cmpeq_epi8(_mm_and_si128(left, bits), bits);
                goes_left = _mm_or_si128(goes_left, _mm_and_si128(missing, left));
            }
            let open_right = _mm256_loadu_si256(bundle.open_right.as_ptr().cast());
            _mm256_or_si256(_mm256_cvtepi8_epi16(goes_left), open_right)
        }
    }

    /// [`Vectors::all_open`], for all processors with AVX2.
    #[inline(always)]
    fn all_open(
        [first, second, third, fourth]: [__m256i; TOGETHER],
        places: &[Place; TOGETHER],
    ) -> [u32; TOGETHER] {
        let mut open = [0; TOGETHER];
        // Each step lays half of the splits upon the other half, for as many more rows side by side.
        // SAFETY: as above.
        unsafe {
            let two = _mm256_and_si256(
                _mm256_unpacklo_epi16(first, second),
                _mm256_unpackhi_epi16(first, second),
            );
            let other_two = _mm256_and_si256(
                _mm256_unpacklo_epi16(third, fourth),
                _mm256_unpackhi_epi16(third, fourth),
            );
            let four = _mm256_and_si256(
                _mm256_unpacklo_epi32(two, other_two),
                _mm256_unpackhi_epi32(two, other_two),
            );
            let four = _mm_and_si128(
                _mm256_castsi256_si128(four),
                _mm256_extracti128_si256(four, 1),
            );
            let all = _mm_and_si128(four, _mm_unpackhi_epi64(four, four));
            let places = _mm_loadu_si128(places.as_ptr().cast());
            let all = _mm_and_si128(_mm_cvtepu16_epi32(all), places);
            _mm_storeu_si128(open.as_mut_ptr().cast(), all);
        }
        open
    }

    /// [`Vectors::excluded`], for all processors with AVX2.
    #[inline(always)]
    fn excluded(row: &ExclusionRow, splits: &Splits) -> u32 {
        // SAFETY: each pointer is that of an array of as many bytes as are loaded.
        let table = |bins: &RowBins| unsafe {
            _mm256_broadcastsi128_si256(_mm_loadu_si128(bins.as_ptr().cast()))
        };
        // SAFETY: as above.
        let load = |bytes: &[u8; 32]| unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
        let columns = load(&splits.columns);
        // SAFETY: all that follows works on registers.
        unsafe {
            // A look-up gives 0 where the highest bit of the column is set: each split takes its bin from one table.
            let other_columns = _mm256_xor_si256(columns, _mm256_set1_epi8(MISSING_LEFT as i8));
            let bins = _mm256_or_si256(
                _mm256_shuffle_epi8(table(&row.bins), columns),
                _mm256_shuffle_epi8(table(&row.missing_lowest), other_columns),
            );
            let goes_right = _mm256_cmpgt_epi8(bins, load(&splits.thresholds));
            // The same byte of all splits, in half as many lanes.
            let byte = |bytes: &[u8; 32]| {
                let left = _mm256_and_si256(load(bytes), goes_right);
                _mm_or_si128(
                    _mm256_castsi256_si128(left),
                    _mm256_extracti128_si256(left, 1),
                )
            };
            let [first, second, third, fourth] = splits.left_leaves.each_ref().map(byte);
            let low = _mm_or_si128(
                _mm_unpacklo_epi8(first, second),
                _mm_unpackhi_epi8(first, second),
            );
            let high = _mm_or_si128(
                _mm_unpacklo_epi8(third, fourth),
                _mm_unpackhi_epi8(third, fourth),
            );
            let all = _mm_or_si128(_mm_unpacklo_epi16(low, high), _mm_unpackhi_epi16(low, high));
            let all = _mm_or_si128(all, _mm_shuffle_epi32(all, 0b01_00_11_10));
            let all = _mm_or_si128(all, _mm_shuffle_epi32(all, 0b10_11_00_01));
            _mm_cvtsi128_si32(all).cast_unsigned()
        }
    }

    struct Avx2;

    // SAFETY of the blocks below: this type is used by the functions named `_avx2` alone.
    impl Vectors for Avx2 {
        type Bytes = __m256i;
        type Mask = __m256i;
        type Exits = __m256i;
        const LANES: usize = 32;
        const LONG_TABLES: bool = false;

        #[inline(always)]
        fn splat(byte: u8) -> __m256i {
            unsafe { _mm256_set1_epi8(byte as i8) }
        }

        #[inline(always)]
        fn load(bytes: &[u8]) -> __m256i {
            match bytes.first_chunk::<32>() {
                Some(bytes) => unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) },
                None => Self::splat(0),
            }
        }

        #[inline(always)]
        fn store(vector: __m256i, bytes: &mut [u8]) {
            if let Some(bytes) = bytes.first_chunk_mut::<32>() {
                unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), vector) }
            }
        }

        #[inline(always)]
        fn look_up(table: &[u8], index: __m256i) -> __m256i {
            // A look-up goes by the low four bits, and gives 0 where the highest bit is set. Adding 0x70 with
            // saturation sets it for all but the indices of this piece.
            let mut rest = index;
            let mut found = Self::splat(0);
            for piece in table.as_chunks::<16>().0 {
                let at = unsafe { _mm256_adds_epu8(rest, Self::splat(0x70)) };
                let piece =
                    unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(piece.as_ptr().cast())) };
                found = unsafe { _mm256_or_si256(found, _mm256_shuffle_epi8(piece, at)) };
                rest = unsafe { _mm256_sub_epi8(rest, Self::splat(16)) };
            }
            found
        }

        #[inline(always)]
        fn equal(left: __m256i, right: __m256i) -> __m256i {
            unsafe { _mm256_cmpeq_epi8(left, right) }
        }

        #[inline(always)]
        fn greater(left: __m256i, right: __m256i) -> __m256i {
            unsafe { _mm256_cmpgt_epi8(left, right) }
        }

        #[inline(always)]
        fn choose(mask: __m256i, yes: __m256i, no: __m256i) -> __m256i {
            unsafe { _mm256_blendv_epi8(no, yes, mask) }
        }

        #[inline(always)]
        fn and(left: __m256i, right: __m256i) -> __m256i {
            unsafe { _mm256_and_si256(left, right) }
        }

        #[inline(always)]
        fn add(left: __m256i, right: __m256i) -> __m256i {
            unsafe { _mm256_add_epi8(left, right) }
        }

        #[inline(always)]
        fn open_exits<const ANY_MISSING: bool>(row: &RowBins, bundle: &Bundle) -> __m256i {
            open_exits::<ANY_MISSING>(row, bundle)
        }

        #[inline(always)]
        fn all_open(open: [__m256i; TOGETHER], places: &[Place; TOGETHER]) -> [u32; TOGETHER] {
            all_open(open, places)
        }

        #[inline(always)]
        fn excluded(row: &ExclusionRow, splits: &Splits) -> u32 {
            excluded(row, splits)
        }
    }

    struct Avx512;

    // SAFETY of the blocks below: this type is used by the functions named `_avx512` alone.
    impl Vectors for Avx512 {
        type Bytes = __m512i;
        type Mask = __mmask64;
        type Exits = __m256i;
        const LANES: usize = 64;
        const LONG_TABLES: bool = true;

        #[inline(always)]
        fn splat(byte: u8) -> __m512i {
            unsafe { _mm512_set1_epi8(byte as i8) }
        }

        #[inline(always)]
        fn load(bytes: &[u8]) -> __m512i {
            match bytes.first_chunk::<64>() {
                Some(bytes) => unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) },
                None => Self::splat(0),
            }
        }

        #[inline(always)]
        fn store(vector: __m512i, bytes: &mut [u8]) {
            if let Some(bytes) = bytes.first_chunk_mut::<64>() {
                unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), vector) }
            }
        }

        #[inline(always)]
        fn look_up(table: &[u8], index: __m512i) -> __m512i {
            let load = |piece: &[u8; PIECE]| unsafe { _mm512_loadu_si512(piece.as_ptr().cast()) };
            match table.as_chunks::<PIECE>().0 {
                [one] => unsafe { _mm512_permutexvar_epi8(index, load(one)) },
                [one, two] => unsafe { _mm512_permutex2var_epi8(load(one), index, load(two)) },
                [one, two, three] => {
                    let low = unsafe { _mm512_permutex2var_epi8(load(one), index, load(two)) };
                    let high = unsafe { _mm512_permutexvar_epi8(index, load(three)) };
                    Self::choose(unsafe { _mm512_movepi8_mask(index) }, high, low)
                }
                [one, two, three, four, ..] => {
                    let low = unsafe { _mm512_permutex2var_epi8(load(one), index, load(two)) };
                    let high = unsafe { _mm512_permutex2var_epi8(load(three), index, load(four)) };
                    Self::choose(unsafe { _mm512_movepi8_mask(index) }, high, low)
                }
                [] => Self::splat(0),
            }
        }

        #[inline(always)]
        fn equal(left: __m512i, right: __m512i) -> __mmask64 {
            unsafe { _mm512_cmpeq_epi8_mask(left, right) }
        }

        #[inline(always)]
        fn greater(left: __m512i, right: __m512i) -> __mmask64 {
            unsafe { _mm512_cmpgt_epi8_mask(left, right) }
        }

        #[inline(always)]
        fn choose(mask: __mmask64, yes: __m512i, no: __m512i) -> __m512i {
            unsafe { _mm512_mask_blend_epi8(mask, no, yes) }
        }

        #[inline(always)]
        fn and(left: __m512i, right: __m512i) -> __m512i {
            unsafe { _mm512_and_si512(left, right) }
        }

        #[inline(always)]
        fn add(left: __m512i, right: __m512i) -> __m512i {
            unsafe { _mm512_add_epi8(left, right) }
        }

        #[inline(always)]
        fn open_exits<const ANY_MISSING: bool>(row: &RowBins, bundle: &Bundle) -> __m256i {
            open_exits::<ANY_MISSING>(row, bundle)
        }

        #[inline(always)]
        fn all_open(open: [__m256i; TOGETHER], places: &[Place; TOGETHER]) -> [u32; TOGETHER] {
            all_open(open, places)
        }

        #[inline(always)]
        fn excluded(row: &ExclusionRow, splits: &Splits) -> u32 {
            excluded(row, splits)
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use core::arch::wasm32::*;

    use crate::batch::bundles::{Bundle, Place, TOGETHER};
    use crate::batch::exclusion::{ExclusionRow, Splits};
    use crate::batch::vectors::{FlippedBin, MISSING_BIN, MISSING_LEFT, RowBins, Vectors};

    pub(super) struct Simd128;

    /// Bytes of both in turn, those of the first and of the second half put together.
    #[inline(always)]
    fn pairs_of_bytes(left: v128, right: v128) -> v128 {
        v128_or(
            u8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(left, right),
            u8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(
                left, right,
            ),
        )
    }

    // A module with these instructions does not load where they are missing, so they are safe; loads and stores remain.
    impl Vectors for Simd128 {
        type Bytes = v128;
        type Mask = v128;
        type Exits = v128;
        const LANES: usize = 16;
        const LONG_TABLES: bool = false;

        #[inline(always)]
        fn splat(byte: u8) -> v128 {
            u8x16_splat(byte)
        }

        #[inline(always)]
        fn load(bytes: &[u8]) -> v128 {
            match bytes.first_chunk::<16>() {
                // SAFETY: the pointer is that of an array of 16 bytes.
                Some(bytes) => unsafe { v128_load(bytes.as_ptr().cast()) },
                None => u8x16_splat(0),
            }
        }

        #[inline(always)]
        fn store(vector: v128, bytes: &mut [u8]) {
            if let Some(bytes) = bytes.first_chunk_mut::<16>() {
                // SAFETY: the pointer is that of an array of 16 bytes.
                unsafe { v128_store(bytes.as_mut_ptr().cast(), vector) }
            }
        }

        #[inline(always)]
        fn look_up(table: &[u8], index: v128) -> v128 {
            // A swizzle gives 0 for indices beyond its piece.
            let mut rest = index;
            let mut found = u8x16_splat(0);
            for piece in table.as_chunks::<16>().0 {
                found = v128_or(found, u8x16_swizzle(Self::load(piece), rest));
                rest = u8x16_sub(rest, u8x16_splat(16));
            }
            found
        }

        #[inline(always)]
        fn equal(left: v128, right: v128) -> v128 {
            u8x16_eq(left, right)
        }

        #[inline(always)]
        fn greater(left: v128, right: v128) -> v128 {
            i8x16_gt(left, right)
        }

        #[inline(always)]
        fn choose(mask: v128, yes: v128, no: v128) -> v128 {
            v128_bitselect(yes, no, mask)
        }

        #[inline(always)]
        fn and(left: v128, right: v128) -> v128 {
            v128_and(left, right)
        }

        #[inline(always)]
        fn add(left: v128, right: v128) -> v128 {
            u8x16_add(left, right)
        }

        #[inline(always)]
        fn open_exits<const ANY_MISSING: bool>(row: &RowBins, bundle: &Bundle) -> v128 {
            let bins = u8x16_swizzle(Self::load(row), Self::load(&bundle.columns));
            let mut goes_left = i8x16_gt(Self::load(&bundle.limits), bins);
            if ANY_MISSING {
                let missing = u8x16_eq(bins, u8x16_splat(MISSING_BIN));
                // The bit of each split, brought into its lane.
                let bits = u8x16(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
                let left = u16x8_splat(bundle.missing_left());
                let left =
                    u8x16_shuffle::<0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1>(left, left);
                let left = u8x16_eq(v128_and(left, bits), bits);
                goes_left = v128_or(goes_left, v128_and(missing, left));
            }
            let low = u8x16_shuffle::<0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7>(
                goes_left, goes_left,
            );
            let high = u8x16_shuffle::<8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15>(
                goes_left, goes_left,
            );
            // SAFETY: both pointers are those of 16 bytes within an array of 32.
            let [open_low, open_high] = unsafe {
                let bytes = bundle.open_right.as_ptr().cast::<v128>();
                [v128_load(bytes), v128_load(bytes.add(1))]
            };
            v128_and(v128_or(low, open_low), v128_or(high, open_high))
        }

        #[inline(always)]
        fn all_open(
            [first, second, third, fourth]: [v128; TOGETHER],
            places: &[Place; TOGETHER],
        ) -> [u32; TOGETHER] {
            // Each step lays half of the splits upon the other half, for as many more rows side by side.
            let two = v128_and(
                u16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(first, second),
                u16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(first, second),
            );
            let other_two = v128_and(
                u16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(third, fourth),
                u16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(third, fourth),
            );
            let four = v128_and(
                u32x4_shuffle::<0, 4, 1, 5>(two, other_two),
                u32x4_shuffle::<2, 6, 3, 7>(two, other_two),
            );
            let all = v128_and(four, u64x2_shuffle::<1, 1>(four, four));
            let mut open = [0; TOGETHER];
            // SAFETY: both pointers are those of arrays of 16 bytes.
            unsafe {
                let places = v128_load(places.as_ptr().cast());
                let all = v128_and(u32x4_extend_low_u16x8(all), places);
                v128_store(open.as_mut_ptr().cast(), all);
            }
            open
        }

        #[inline(always)]
        fn excluded(row: &ExclusionRow, splits: &Splits) -> u32 {
            // A swizzle gives 0 where the highest bit of the column is set: each split takes its bin from one table.
            let goes_right = |columns: &[u8], thresholds: &[FlippedBin]| {
                let columns = Self::load(columns);
                let bins = u8x16_swizzle(Self::load(&row.bins), columns);
                let other_columns = v128_xor(columns, u8x16_splat(MISSING_LEFT));
                let lowest = u8x16_swizzle(Self::load(&row.missing_lowest), other_columns);
                i8x16_gt(v128_or(bins, lowest), Self::load(thresholds))
            };
            let (columns, more_columns) = splits.columns.split_at(16);
            let (thresholds, more_thresholds) = splits.thresholds.split_at(16);
            let goes_right = [
                goes_right(columns, thresholds),
                goes_right(more_columns, more_thresholds),
            ];
            // The same byte of all splits, in half as many lanes.
            let byte = |bytes: &[u8; 32]| {
                let (bytes, more_bytes) = bytes.split_at(16);
                v128_or(
                    v128_and(Self::load(bytes), goes_right[0]),
                    v128_and(Self::load(more_bytes), goes_right[1]),
                )
            };
            let [first, second, third, fourth] = splits.left_leaves.each_ref().map(byte);
            let low = pairs_of_bytes(first, second);
            let high = pairs_of_bytes(third, fourth);
            let all = v128_or(
                u16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(low, high),
                u16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(low, high),
            );
            let all = v128_or(all, u32x4_shuffle::<2, 3, 0, 1>(all, all));
            let all = v128_or(all, u32x4_shuffle::<1, 0, 3, 2>(all, all));
            u32x4_extract_lane::<0>(all)
        }
    }
}
