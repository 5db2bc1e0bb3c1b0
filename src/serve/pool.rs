//! The pool: so many searches at once, so many that wait, and so long for each. What is beyond is told to come back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::problem::Problem;

/// Who has waited no longer for a thread has had the time that a request has.
const SHORT_WAIT: Duration = Duration::from_millis(300);

/// Runs what blocks, a few at a time.
pub struct Pool {
    slots: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    longest: Duration,
}

/// One that waits; counted until it goes away, however that is.
struct Waiting<'p>(&'p AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Pool {
    /// A pool of so many threads, for so many more that wait; nothing takes longer than `longest`.
    pub fn new(threads: usize, most_waiting: usize, longest: Duration) -> Pool {
        let slots = Arc::new(Semaphore::new(threads.max(1)));
        Pool { slots, waiting: AtomicUsize::new(0), most_waiting, longest }
    }

    /// How many wait for a thread.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Runs a piece of work on a thread of the pool. Searches and counts end by themselves; what takes too long all the
    /// same is answered for, goes on, and holds its thread until it ends, so that no more than the threads of the pool
    /// are ever at work.
    ///
    /// # Errors
    /// Those of the work; `overloaded` where too many wait, `timed_out` where it takes too long because it had to wait,
    /// `too_costly` where it takes too long by itself, `internal` where it panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (asked, waited) = (Instant::now(), Arc::new(OnceLock::new()));
        let begun = Arc::clone(&waited);
        let work = move || {
            let _ = begun.set(asked.elapsed());
            work()
        };
        let answer = match timeout(self.longest, self.start(work)).await {
            Ok(answer) => answer.and_then(|answer| answer),
            Err(_) => {
                let detail = format!("no answer within {} s", self.longest.as_secs_f32());
                let problem = Problem::new(503, "timed_out", detail).retry_after(2);
                Err(problem.hint("ask for less: fewer wildcards, a filter, a lower limit"))
            }
        };
        let has_waited = waited.get().is_none_or(|waited| *waited > SHORT_WAIT);
        answer.map_err(|problem| if has_waited { problem } else { problem.of_request() })
    }

    async fn start<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let slot = match Arc::clone(&self.slots).try_acquire_owned() {
            Ok(slot) => slot,
            Err(_) => {
                if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.most_waiting {
                    self.waiting.fetch_sub(1, Ordering::Relaxed);
                    return Err(overloaded());
                }
                let _waiting = Waiting(&self.waiting);
                let slot = Arc::clone(&self.slots).acquire_owned().await;
                slot.map_err(|_| overloaded())?
            }
        };
        let done = tokio::task::spawn_blocking(move || {
            let answer = work();
            drop(slot);
            answer
        });
        done.await.map_err(|_| Problem::new(500, "internal", "a fault of the program"))
    }
}

fn overloaded() -> Problem {
    Problem::new(503, "overloaded", "too much is being asked at once").retry_after(1)
}
