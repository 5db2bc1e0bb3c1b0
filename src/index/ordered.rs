//! Several threads read, one after another is written: the lines of files in the order of the files.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::shard::{Lines, ShardWriter};
use super::work::held;
use crate::error::{Error, Result};

/// So much is kept of files whose turn has not come, bytes. Whoever would keep more waits for its turn.
const MOST_KEPT: usize = 64 << 20;

/// How often somebody who waits looks whether all has been stopped.
const LOOK: Duration = Duration::from_millis(50);

/// What is written file by file. The lines of the file whose turn it is go straight on; others wait.
pub struct Ordered<'s> {
    state: Mutex<State>,
    turned: Condvar,
    stop: &'s AtomicBool,
}

struct State {
    writer: ShardWriter,
    /// The file whose turn it is.
    turn: usize,
    waiting: BTreeMap<usize, Waiting>,
    kept: usize,
}

/// Lines of a file whose turn has not come.
#[derive(Default)]
struct Waiting {
    lines: Lines,
    is_whole: bool,
}

impl Ordered<'_> {
    /// Writes with this writer.
    pub fn new(writer: ShardWriter, stop: &AtomicBool) -> Ordered<'_> {
        let state = State { writer, turn: 0, waiting: BTreeMap::new(), kept: 0 };
        Ordered { state: Mutex::new(state), turned: Condvar::new(), stop }
    }

    /// Takes lines of a file; `is_last`: there will be no more of it.
    ///
    /// # Errors
    /// `Io`, and `Interrupted` where all was stopped while this waited.
    pub fn take(&self, file: usize, lines: Lines, is_last: bool) -> Result<()> {
        let mut state = held(&self.state);
        // The file whose turn it is never waits, so that the others do not wait for ever.
        while state.turn != file && state.kept > MOST_KEPT {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted);
            }
            let waited = self.turned.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.turn != file {
            state.keep(file, lines, is_last);
            return Ok(());
        }
        state.writer.write(&lines)?;
        if is_last {
            state.go_on()?;
            self.turned.notify_all();
        }
        Ok(())
    }

    /// The writer, when all files have been written.
    pub fn into_writer(self) -> ShardWriter {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).writer
    }
}

impl State {
    fn keep(&mut self, file: usize, lines: Lines, is_last: bool) {
        self.kept += lines.size();
        let waiting = self.waiting.entry(file).or_default();
        waiting.lines.append(lines);
        waiting.is_whole = is_last;
    }

    /// The file whose turn it was is done: writes what is there of those behind it.
    fn go_on(&mut self) -> Result<()> {
        loop {
            self.turn += 1;
            let Some(Waiting { lines, is_whole }) = self.waiting.remove(&self.turn) else {
                return Ok(());
            };
            self.kept -= lines.size();
            self.writer.write(&lines)?;
            if !is_whole {
                return Ok(());
            }
        }
    }
}
