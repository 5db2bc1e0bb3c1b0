//! All that a draft quotes and states, checked by as many threads as there are processors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{Claim, Finding, Quotation, Quotations, Verification, Verifier, claims, quotations};
use crate::document::Document;
use crate::engine::Engine;
use crate::error::{Error, Result};

/// What was found out about a draft, in its order.
#[derive(Default)]
pub struct Draft {
    /// Its quotations.
    pub quotations: Vec<(Quotation, Verification)>,
    /// How many are too short to be checked.
    pub short: usize,
    /// How many are opened and not closed.
    pub open: usize,
    /// The figures that it states without quoting.
    pub figures: Vec<(Claim, Finding)>,
}

/// More threads wait for one another's memory.
const MOST_THREADS: usize = 8;

/// So many are taken by a thread at a time: neighbours quote the same reports.
const AT_A_TIME: usize = 8;

/// Checks the quotations of a draft and, where `has_figures`, its figures; `only`: against this document.
///
/// # Errors
/// As those of the engine; `NotFound` where the index has no document `only`.
pub fn check_draft(
    engine: &dyn Engine,
    draft: &[Document],
    only: Option<&str>,
    has_figures: bool,
) -> Result<Draft> {
    let quoted: Vec<Quotations> = draft.iter().map(quotations).collect();
    let short = quoted.iter().map(|it| it.short).sum();
    let open = quoted.iter().map(|it| it.open).sum();
    let quotations: Vec<Quotation> = quoted.into_iter().flat_map(|it| it.long).collect();
    let claims: Vec<Claim> = draft.iter().flat_map(claims).filter(|_| has_figures).collect();
    let verifier = || match only {
        Some(doc_id) => Verifier::within(engine, doc_id),
        None => Ok(Verifier::new(engine)),
    };
    let verified = spread(&quotations, verifier, |verifier, quotation| verifier.check(quotation))?;
    let found = spread(&claims, verifier, |verifier, claim| verifier.figure(claim))?;
    Ok(Draft {
        quotations: quotations.into_iter().zip(verified).filter_map(checked).collect(),
        short,
        open,
        figures: claims.into_iter().zip(found).collect(),
    })
}

/// A quotation with what was found out, if it is one.
fn checked(
    (quotation, found): (Quotation, Option<Verification>),
) -> Option<(Quotation, Verification)> {
    Some((quotation, found?))
}

/// What becomes of each item, in their order; each thread has a verifier of its own.
fn spread<'e, I: Sync, O: Send>(
    items: &[I],
    verifier: impl Fn() -> Result<Verifier<'e>> + Sync,
    check: impl Fn(&mut Verifier<'e>, &I) -> Result<O> + Sync,
) -> Result<Vec<O>> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, O)>> {
        let mut verifier = verifier()?;
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(AT_A_TIME, Ordering::Relaxed);
            let Some(taken) = items.get(start..(start + AT_A_TIME).min(items.len())) else { break };
            if taken.is_empty() {
                break;
            }
            for (place, item) in taken.iter().enumerate() {
                done.push((start + place, check(&mut verifier, item)?));
            }
        }
        Ok(done)
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(MOST_THREADS).min(items.len().div_ceil(AT_A_TIME));
    let done = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let failed =
            || Error::Internal { message: "a thread that checks a draft failed".to_owned() };
        let joined = workers.into_iter().map(|worker| worker.join().map_err(|_| failed())?);
        joined.collect::<Result<Vec<_>>>()
    })?;
    let mut done: Vec<(usize, O)> = done.into_iter().flatten().collect();
    done.sort_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
}
