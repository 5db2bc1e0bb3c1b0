//! Several threads read, one after another is written: the lines of files in the order of the files.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::shard::{Lines, ShardWriter};
use crate::engine::held;
use crate::error::{Error, Result};

/// So much is kept of files whose turn has not come, bytes. Whoever would keep more waits for its turn.
const MOST_KEPT: usize = 64 << 20;

/// How often somebody who waits looks whether all has been stopped.
const LOOK: Duration = Duration::from_millis(50);

/// What is written file by file. The lines of the file whose turn it is go straight on; others wait.
pub struct Ordered<'s> {
    state: Mutex<State>,
    turned: Condvar,
    /// See [`MOST_KEPT`].
    most_kept: usize,
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
        Ordered { state: Mutex::new(state), turned: Condvar::new(), most_kept: MOST_KEPT, stop }
    }

    /// Takes lines of a file; `is_last`: there will be no more of it.
    ///
    /// # Errors
    /// `Io`, and `Interrupted` where all was stopped while this waited.
    pub fn take(&self, file: usize, lines: Lines, is_last: bool) -> Result<()> {
        let mut state = held(&self.state);
        // The file whose turn it is never waits, so that the others do not wait for ever.
        while state.turn != file && state.kept > self.most_kept {
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::engine::FileStamp;
    use crate::engine::{Listed, Outcome};
    use crate::index::shard::{Manifest, Names, Part};

    type Tested<T> = std::result::Result<T, Box<dyn std::error::Error>>;

    fn lines(name: String) -> Result<Lines> {
        let outcome = Outcome::Failed("a reason".to_owned());
        let listed = Listed { doc_id: name, outcome, ..Listed::default() };
        Lines::end_of_file([&listed].into_iter(), FileStamp::default())
    }

    /// Takes three pieces of each of 40 files, the next file each time.
    fn take_all(ordered: &Ordered<'_>, next: &AtomicUsize) -> Result<()> {
        loop {
            let file = next.fetch_add(1, Ordering::Relaxed);
            if file >= 40 {
                return Ok(());
            }
            for piece in 0..3 {
                // Some are slow, so that others wait for them.
                let pause = if file.is_multiple_of(7) { 4 } else { 0 };
                std::thread::sleep(Duration::from_millis(pause));
                ordered.take(file, lines(format!("{file}#{piece}"))?, piece == 2)?;
            }
        }
    }

    /// What so many threads write, of which at most so much is kept.
    fn written(threads: usize, most_kept: usize) -> Tested<Vec<u8>> {
        let folder = tempfile::tempdir()?;
        let names = Names::of(&folder.path().join("shard.jsonl.zst"))?;
        let stop = AtomicBool::new(false);
        let writer = ShardWriter::create(&names, Part::default())?;
        let ordered = Ordered { most_kept, ..Ordered::new(writer, &stop) };
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let all = (0..threads).map(|_| scope.spawn(|| take_all(&ordered, &next)));
            let all: Vec<_> = all.collect();
            assert!(all.into_iter().all(|one| one.join().is_ok_and(|taken| taken.is_ok())));
        });
        ordered.into_writer().finish(Manifest::default())?;
        Ok(zstd::decode_all(&*std::fs::read(&names.data)?)?)
    }

    #[test]
    fn lines_stand_in_the_order_of_the_files() -> Tested<()> {
        let expected = written(1, MOST_KEPT)?;
        assert_eq!(expected.iter().filter(|byte| **byte == b'\n').count(), 1 + 40 * 3);
        for most_kept in [0, 300, MOST_KEPT] {
            assert!(written(8, most_kept)? == expected, "{most_kept} bytes are kept");
        }
        Ok(())
    }

    #[test]
    fn who_waits_ends_when_all_is_stopped() -> Tested<()> {
        let folder = tempfile::tempdir()?;
        let names = Names::of(&folder.path().join("shard.jsonl.zst"))?;
        let stop = AtomicBool::new(false);
        let writer = ShardWriter::create(&names, Part::default())?;
        let ordered = Ordered { most_kept: 0, ..Ordered::new(writer, &stop) };
        ordered.take(1, lines("1".to_owned())?, true)?;
        stop.store(true, Ordering::Relaxed);
        let waited = ordered.take(2, lines("2".to_owned())?, true);
        assert!(matches!(waited, Err(Error::Interrupted)));
        drop(ordered);
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 0, "what was begun is removed");
        Ok(())
    }
}
