//! Encoding: the passages of an index that have no vector of its model, each by one thread. It stands beside indexing, as
//! it takes a hundred times as long: what is encoded is kept whenever it is stopped.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;

use super::Progress;
use super::work::{in_parallel, threads};
use crate::dense::{Encoder, Keeper, Worker};
use crate::engine::local::LocalEngine;
use crate::engine::{Engine, held};
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::rank::Hit;

/// So many passages are encoded between two writings: with them at most so many are lost.
const AT_ONCE: usize = 8;

/// What was encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncodeReport {
    /// How many passages got a vector.
    pub encoded: u64,
    /// How many have one now.
    pub all: u64,
    /// How many vectors were dropped whose passages the index no longer has.
    pub dropped: u64,
    /// How long it took.
    pub took: Duration,
}

/// Encodes the passages that have no vector yet.
///
/// # Errors
/// `Usage` where the index has no model or the program no encoder; `IndexLocked` while another process encodes;
/// `Interrupted` where `stop` is set: what was encoded before is kept.
pub fn encode(
    engine: &LocalEngine,
    stop: &AtomicBool,
    progress: Progress<'_>,
) -> Result<EncodeReport> {
    let start = Instant::now();
    let (model, path) = engine.model()?.ok_or_else(|| Error::Usage {
        message: format!("the index at `{}` has no model", engine.path().display()),
        hint: Some("add one: `tipsearch model add FILE`".to_owned()),
    })?;
    let wanted = engine.to_encode()?;
    let mut keeper = Keeper::open(&path, &model.about.weights)?;
    let dropped = drop_unknown(&mut keeper, &model.about.weights, &wanted)?;
    let all = wanted.len() as u64;
    let missing: Vec<Hit> =
        wanted.into_iter().filter(|hit| keeper.vectors().place(hit.id).is_none()).collect();
    if missing.is_empty() {
        return Ok(EncodeReport { all, dropped, took: start.elapsed(), encoded: 0 });
    }
    let encoder = Encoder::open(&model, true)?;
    let parts: Vec<&[Hit]> = missing.chunks(AT_ONCE).collect();
    let (keeper, done) = (Mutex::new(keeper), AtomicUsize::new(0));
    let visit = |_, part: &&[Hit], worker: &mut Worker<'_>| {
        let mut new = Vec::with_capacity(part.len());
        for (passage, hit) in engine.load(part)?.iter().zip(*part) {
            let encoded = worker.encode(&text_of(passage))?;
            let encoded = encoded.ok_or_else(|| Error::Internal {
                message: format!("the model makes nothing of `{}`", passage.id),
            })?;
            new.push((hit.id, encoded));
        }
        held(&keeper).append(&new)?;
        progress(done.fetch_add(new.len(), Ordering::Relaxed) + new.len(), missing.len());
        Ok(())
    };
    let encoded = in_parallel(&parts, threads(), stop, &|_, _| (), || encoder.worker(), visit);
    held(&keeper).sync()?;
    encoded?;
    Ok(EncodeReport { encoded: missing.len() as u64, all, dropped, took: start.elapsed() })
}

/// What a model is given of a passage: title, nearest heading and text. What goes beyond 256 pieces it does not see.
pub fn text_of(passage: &Passage) -> String {
    let parts =
        [Some(passage.report.title.as_str()), passage.heading(), Some(passage.text.as_str())];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// Drops the vectors of passages that the index does not have, where they are more than the others; how many.
fn drop_unknown(keeper: &mut Keeper, weights: &str, wanted: &[Hit]) -> Result<u64> {
    let known: FxHashSet<u64> = wanted
        .iter()
        .map(|hit| hit.id)
        .filter(|id| keeper.vectors().place(*id).is_some())
        .collect();
    let unknown = keeper.vectors().len() - known.len();
    if unknown <= known.len() {
        return Ok(0);
    }
    keeper.keep(weights, |id| known.contains(&id))?;
    Ok(unknown as u64)
}
