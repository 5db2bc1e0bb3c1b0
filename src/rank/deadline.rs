//! Until when a search may take. What has been found until then is the answer, and the answer says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A [`Watch`] looks at the clock once in so many calls: that takes some 25 ns, and a passage some 100.
const CALLS: u8 = 64;

/// Until when a search may take; by default, as long as it does. Clones are one deadline.
///
/// Whoever asks whether it is over and hears so leaves something out, and the deadline remembers that. What is found
/// after that moment need not match any more, since part of a query may have ended: it is left out too.
#[derive(Clone, Debug, Default)]
pub struct Deadline(Option<Arc<Limit>>);

#[derive(Debug)]
struct Limit {
    end: End,
    has_cut: AtomicBool,
}

#[derive(Debug)]
enum End {
    At(Instant),
    /// So many times more it is not over.
    Looks(AtomicU32),
}

impl Deadline {
    /// From now on so long; nothing at all: it is over.
    pub fn after(time: Duration) -> Deadline {
        Deadline::at(End::At(Instant::now() + time))
    }

    /// After so many looks at the clock, which is the same each time: for tests.
    pub fn after_looks(looks: u32) -> Deadline {
        Deadline::at(End::Looks(AtomicU32::new(looks)))
    }

    fn at(end: End) -> Deadline {
        Deadline(Some(Arc::new(Limit { end, has_cut: AtomicBool::new(false) })))
    }

    /// Whether the time is over; whoever asks stops then.
    pub fn is_over(&self) -> bool {
        let Some(limit) = &self.0 else { return false };
        let is_over = limit.has_cut.load(Ordering::Relaxed) || limit.end.is_reached();
        if is_over {
            limit.has_cut.store(true, Ordering::Relaxed);
        }
        is_over
    }

    /// Whether something has been left out.
    pub fn has_cut(&self) -> bool {
        self.0.as_ref().is_some_and(|limit| limit.has_cut.load(Ordering::Relaxed))
    }

    /// Whether there is one.
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Asks in a loop.
    pub fn watch(&self) -> Watch {
        Watch { deadline: self.clone(), calls: 0 }
    }
}

impl PartialEq for Deadline {
    fn eq(&self, other: &Deadline) -> bool {
        match (&self.0, &other.0) {
            (Some(limit), Some(other)) => Arc::ptr_eq(limit, other),
            (limit, other) => limit.is_none() && other.is_none(),
        }
    }
}

impl End {
    fn is_reached(&self) -> bool {
        match self {
            End::At(at) => Instant::now() >= *at,
            End::Looks(left) => {
                let fewer = |left: u32| left.checked_sub(1);
                left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer).is_err()
            }
        }
    }
}

/// Asks whether the time is over again and again, which costs next to nothing.
#[derive(Debug)]
pub struct Watch {
    deadline: Deadline,
    calls: u8,
}

impl Watch {
    /// Whether the time is over; whoever asks stops then. The first call looks at the clock.
    pub fn is_over(&mut self) -> bool {
        if !self.deadline.is_set() {
            return false;
        }
        self.calls = (self.calls + 1) % CALLS;
        if self.calls == 1 { self.deadline.is_over() } else { self.deadline.has_cut() }
    }
}
