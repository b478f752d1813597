//! What the commands say while they work.

use std::fmt::Display;
use std::io::{Write, stdout};
use std::time::Instant;

use anyhow::Result;

/// Prints one line. A reader that has gone away (`| head`) is no reason to stop.
pub(crate) fn line(text: impl Display) {
    if cfg!(test) {
        // The test runner keeps back only what is printed in this way.
        println!("{text}");
    } else {
        let _ = writeln!(stdout(), "{text}");
    }
}

/// Says what is being done, does it, and says how long it took.
pub(crate) fn step<T>(doing: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    line(format_args!("==> {doing}"));
    let start = Instant::now();
    let done = work()?;
    line(format_args!("    done in {}", seconds(start)));
    Ok(done)
}

/// How long it is since `start`, for people.
pub(crate) fn seconds(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}
