//! What JavaScript calls. Numbers cross as they are; arrays as the address of memory that [`reserve`] has handed out.
//!
//! A module of the benchmark only: nothing is ever freed, and its one caller, `tests/bench/overtone.mjs`, is trusted with
//! the addresses.

#![allow(
    unsafe_code,
    reason = "memory is shared with JavaScript, which passes addresses"
)]

use alloc::boxed::Box;
use alloc::vec;
use core::{ptr, slice};

use dlmalloc::GlobalDlmalloc;

use crate::Loaded;
#[cfg(feature = "contributions")]
use crate::made_up_rows;

#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;

/// Ends the module's life. The standard library's handler would put a message together first, which takes more bytes.
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Room for this many bytes, aligned for any number.
#[unsafe(no_mangle)]
extern "C" fn reserve(bytes: usize) -> *mut u64 {
    Box::leak(vec![0u64; bytes.div_ceil(8)].into_boxed_slice()).as_mut_ptr()
}

/// Reads the packed forest of `length` bytes at `bytes`. Null if it is none.
#[unsafe(no_mangle)]
extern "C" fn load(bytes: *const u8, length: usize) -> *const Loaded {
    // SAFETY: JavaScript has reserved and filled these bytes.
    let bytes = unsafe { slice::from_raw_parts(bytes, length) };
    match Loaded::read(bytes) {
        Ok(loaded) => Box::leak(Box::new(loaded)),
        Err(_) => ptr::null(),
    }
}

/// How many values a row has.
#[unsafe(no_mangle)]
extern "C" fn features(loaded: &Loaded) -> usize {
    loaded.shape().0
}

/// How many probabilities an answer has.
#[unsafe(no_mangle)]
extern "C" fn classes(loaded: &Loaded) -> usize {
    loaded.shape().1
}

/// Answers for `count` rows. 1 when it has, 0 when it can't.
#[unsafe(no_mangle)]
extern "C" fn predict_all(
    loaded: &Loaded,
    rows: *const f32,
    count: usize,
    probabilities: *mut f64,
) -> u32 {
    let (features, classes) = loaded.shape();
    // SAFETY: JavaScript has reserved room for so many rows and answers.
    let rows = unsafe { slice::from_raw_parts(rows, count * features) };
    // SAFETY: as above, and apart from the rows.
    let probabilities = unsafe { slice::from_raw_parts_mut(probabilities, count * classes) };
    loaded.predict_all(rows, probabilities).is_ok().into()
}

/// Answers for one row, as a slider asks. 1 when it has, 0 when it can't.
#[unsafe(no_mangle)]
extern "C" fn predict_one(loaded: &Loaded, row: *const f32, probabilities: *mut f64) -> u32 {
    let (features, classes) = loaded.shape();
    // SAFETY: JavaScript has reserved room for a row and an answer.
    let row = unsafe { slice::from_raw_parts(row, features) };
    // SAFETY: as above, and apart from the row.
    let probabilities = unsafe { slice::from_raw_parts_mut(probabilities, classes) };
    loaded.predict_all(row, probabilities).is_ok().into()
}

/// Finds the contributions to one class, or to each class if `class` is negative. Gives their sum, or NaN when it can't.
#[cfg(feature = "contributions")]
#[unsafe(no_mangle)]
extern "C" fn contributions(loaded: &Loaded, row: *const f32, class: i32) -> f64 {
    let (features, _) = loaded.shape();
    // SAFETY: JavaScript has reserved room for a row.
    let row = unsafe { slice::from_raw_parts(row, features) };
    let class = usize::try_from(class).ok();
    loaded.contributions(row, class).unwrap_or(f64::NAN)
}

/// Made-up rows for the forest.
#[cfg(feature = "contributions")]
#[unsafe(no_mangle)]
extern "C" fn make_up_rows(loaded: &Loaded, count: usize) -> *const f32 {
    let rows = made_up_rows(loaded.forest(), count);
    Box::leak(rows.into_boxed_slice()).as_ptr()
}
