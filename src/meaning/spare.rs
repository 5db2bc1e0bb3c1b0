//! Embedders that know words already, for who needs one for a moment: a search compares the words of the passages that it
//! shows, and those of a corpus come again and again.

use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::embed::Embedder;

/// No more are kept; who needs one more at a time makes it anew.
const MOST_KEPT: usize = 8;

/// One that remembers more words is not kept. With so many it has about a megabyte.
const MOST_WORDS: usize = 16_384;

static KEPT: Mutex<Vec<Embedder>> = Mutex::new(Vec::new());

/// An embedder that is kept for the next when it is not needed any more.
pub struct Spare(Embedder);

impl Spare {
    /// One that is kept, or a new one.
    pub fn take() -> Spare {
        Spare(kept().pop().unwrap_or_default())
    }
}

impl Deref for Spare {
    type Target = Embedder;

    fn deref(&self) -> &Embedder {
        &self.0
    }
}

impl DerefMut for Spare {
    fn deref_mut(&mut self) -> &mut Embedder {
        &mut self.0
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        let mut kept = kept();
        if kept.len() < MOST_KEPT && self.0.remembered() <= MOST_WORDS {
            kept.push(mem::take(&mut self.0));
        }
    }
}

/// What they know is true whatever happened to a thread that held them.
fn kept() -> MutexGuard<'static, Vec<Embedder>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}
