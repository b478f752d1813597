//! What an interrupted command leaves behind: no unfinished files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static WATCH: Once = Once::new();

/// Has a file or a folder removed when the command is interrupted, as by Ctrl-C. One that is not there any more by then does no harm.
pub(crate) fn remove_when_interrupted(path: &Path) {
    UNFINISHED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(path.to_owned());
    WATCH.call_once(|| {
        // Not SIGHUP: nohup has it ignored, and a command that watches it would end with the terminal all the same.
        // Where signals cannot be watched, the command works as well, and an unfinished file stays.
        if let Ok(signals) = Signals::new([SIGINT, SIGTERM]) {
            thread::spawn(move || watch(signals));
        }
    });
}

fn watch(mut signals: Signals) {
    for signal in signals.forever() {
        for path in &*UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
        }
        // A shell's loop goes on with the next file unless it sees that the signal has ended this one.
        let _ = emulate_default_handler(signal);
    }
}
