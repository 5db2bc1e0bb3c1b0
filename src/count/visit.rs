//! Looks at every passage that counts, on several threads, with little memory: passages are loaded a few at a
//! time, in the order in which they are stored.

use std::num::NonZero;
use std::ops::Range;
use std::thread;

use super::asks_for_text;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::highlight::Marker;
use crate::passage::Passage;
use crate::query::Query;
use crate::rank::Hit;

/// How many passages a thread has in memory at a time.
const LOADED_AT_ONCE: usize = 64;

/// Fewer passages than this are not worth a thread of their own: to start one takes as long as to look at
/// some twenty.
const WORTH_A_THREAD: usize = 100;

/// More threads than this wait for one another.
const MOST_THREADS: usize = 8;

/// A passage that counts.
pub struct Seen {
    /// The passage itself.
    pub passage: Passage,
    /// The number of its document.
    pub document: u64,
    /// How many words its text has.
    pub words: u64,
    /// The whole matches in its text; none where the query asks nothing of the text.
    pub occurrences: Vec<Range<usize>>,
}

/// Calls `each` with every passage that counts for an expanded query, as stored, and gives what the threads have
/// gathered, in order: each gathers into its own.
///
/// # Errors
/// Those of the engine and of `each`.
pub fn visit<E: Engine, T: Send>(
    engine: &E,
    query: &Query,
    new: impl Fn() -> T + Sync,
    each: impl Fn(&mut T, Seen) -> Result<()> + Sync,
) -> Result<Vec<T>> {
    let hits = engine.every(query)?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let threads = hits.len().div_ceil(WORTH_A_THREAD).clamp(1, cores);
    let share = hits.len().div_ceil(threads).max(1);
    let gather = |hits: &[Hit]| {
        let mut gathered = new();
        look_at(engine, query, hits, |seen| each(&mut gathered, seen))?;
        Ok(gathered)
    };
    let mut shares = hits.chunks(share);
    let own = shares.next().unwrap_or_default();
    thread::scope(|scope| {
        let others: Vec<_> = shares.map(|hits| scope.spawn(|| gather(hits))).collect();
        let mut gathered = vec![gather(own)?];
        for other in others {
            gathered.push(other.join().unwrap_or_else(|_| Err(fault()))?);
        }
        Ok(gathered)
    })
}

fn fault() -> Error {
    Error::Internal { message: "a thread that counts has ended before its time".to_owned() }
}

fn look_at<E: Engine>(
    engine: &E,
    query: &Query,
    hits: &[Hit],
    mut each: impl FnMut(Seen) -> Result<()>,
) -> Result<()> {
    let mut marker = Marker::new(query);
    let needs_text = asks_for_text(query);
    for hits in hits.chunks(LOADED_AT_ONCE) {
        // What has been counted so far would be a wrong count.
        if query.until.is_over() {
            return Err(Error::TimedOut);
        }
        let words = engine.words(hits)?;
        for ((passage, hit), words) in engine.load(hits)?.into_iter().zip(hits).zip(words) {
            let Some(passed) = marker.mark(&passage.trail, &passage.text) else { continue };
            let occurrences = if needs_text { passed.occurrences } else { Vec::new() };
            if needs_text && occurrences.is_empty() {
                continue;
            }
            each(Seen { passage, document: engine.document_of(hit)?, words, occurrences })?;
        }
    }
    Ok(())
}
