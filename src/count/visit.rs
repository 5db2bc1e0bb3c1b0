//! Looks at every passage that counts, on several threads, with little memory: passages are loaded a few at a
//! time, in the order in which they are stored.

use std::num::NonZero;
use std::thread;

use super::asks_for_text;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::highlight::{Marker, Occurrence};
use crate::passage::Passage;
use crate::query::Query;
use crate::rank::Hit;
use crate::search::marked;

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
    /// The whole matches that begin in its text; none where the query asks nothing of the text.
    pub occurrences: Vec<Occurrence>,
    /// The next passage, where one of them ends there.
    pub next: Option<Passage>,
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
    let gather = |from: usize| {
        let mut gathered = new();
        let before = from.checked_sub(1).and_then(|at| hits.get(at));
        let own = &hits[from..(from + share).min(hits.len())];
        look_at(engine, query, before, own, |seen| each(&mut gathered, seen))?;
        Ok(gathered)
    };
    thread::scope(|scope| {
        let gather = &gather;
        let others = (share..hits.len()).step_by(share);
        let others: Vec<_> = others.map(|from| scope.spawn(move || gather(from))).collect();
        let mut gathered = vec![gather(0)?];
        for other in others {
            gathered.push(other.join().unwrap_or_else(|_| Err(fault()))?);
        }
        Ok(gathered)
    })
}

fn fault() -> Error {
    Error::Internal { message: "a thread that counts has ended before its time".to_owned() }
}

/// What a match that began in one passage takes of the next: the id, and where it ends there.
#[derive(Default)]
struct Taken(Option<(String, usize)>);

impl Taken {
    fn by(occurrences: &[Occurrence], next: Option<&Passage>) -> Taken {
        let end = occurrences.iter().filter_map(|found| found.end_in_next).max();
        Taken(next.map(|next| next.id.clone()).zip(end))
    }

    /// Takes away what lies inside that match.
    fn retain_others(&self, passage: &Passage, occurrences: &mut Vec<Occurrence>) {
        if let Some((id, end)) = &self.0
            && *id == passage.id
        {
            occurrences.retain(|found| found.end_in_next.is_some() || found.bytes.end > *end);
        }
    }
}

/// `before`: the hit before the first of these.
fn look_at<E: Engine>(
    engine: &E,
    query: &Query,
    before: Option<&Hit>,
    hits: &[Hit],
    mut each: impl FnMut(Seen) -> Result<()>,
) -> Result<()> {
    let mut marker = Marker::new(query);
    let needs_text = asks_for_text(query);
    let mut taken = Taken::default();
    if let Some(hit) = before {
        for passage in engine.load(&[*hit])? {
            if let Some((passed, next)) = marked(engine, &mut marker, &passage, hit)? {
                taken = Taken::by(&passed.occurrences, next.as_ref());
            }
        }
    }
    for hits in hits.chunks(LOADED_AT_ONCE) {
        // What has been counted so far would be a wrong count.
        if query.until.is_over() {
            return Err(Error::TimedOut);
        }
        let words = engine.words(hits)?;
        for ((passage, hit), words) in engine.load(hits)?.into_iter().zip(hits).zip(words) {
            let Some((passed, next)) = marked(engine, &mut marker, &passage, hit)? else {
                continue;
            };
            let mut occurrences = if needs_text { passed.occurrences } else { Vec::new() };
            taken.retain_others(&passage, &mut occurrences);
            taken = Taken::by(&occurrences, next.as_ref());
            if needs_text && occurrences.is_empty() {
                continue;
            }
            let document = engine.document_of(hit)?;
            each(Seen { passage, document, words, occurrences, next })?;
        }
    }
    Ok(())
}
