//! How often each client may ask: a bucket of tokens that fills as time goes by.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::serve::problem::Problem;

/// So many clients are remembered; beyond, those that have not asked for a while are forgotten.
const MOST_CLIENTS: usize = 10_000;

/// A limit for each client.
pub struct Rate {
    a_second: f64,
    clients: Mutex<HashMap<IpAddr, Bucket>>,
}

struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Rate {
    /// So many requests a second on average, and twice as many at once.
    pub fn new(a_second: u32) -> Rate {
        Rate { a_second: f64::from(a_second.max(1)), clients: Mutex::default() }
    }

    fn most(&self) -> f64 {
        2.0 * self.a_second
    }

    /// Counts a request.
    ///
    /// # Errors
    /// `too_many_requests`, with the time to wait.
    pub fn take(&self, client: IpAddr) -> Result<(), Problem> {
        let now = Instant::now();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= MOST_CLIENTS {
            clients.retain(|_, bucket| self.filled(bucket, now) < self.most());
            // All of them ask at once: nobody is remembered, so that memory stays bounded.
            if clients.len() >= MOST_CLIENTS {
                clients.clear();
            }
        }
        let full = self.most();
        let bucket = clients.entry(network(client)).or_insert(Bucket { tokens: full, at: now });
        let tokens = self.filled(bucket, now);
        let is_enough = tokens >= 1.0;
        *bucket = Bucket { tokens: if is_enough { tokens - 1.0 } else { tokens }, at: now };
        match is_enough {
            true => Ok(()),
            false => {
                let wait = ((1.0 - tokens) / self.a_second).ceil().max(1.0);
                let detail = format!("more than {} requests a second", self.a_second);
                Err(Problem::new(429, "too_many_requests", detail).retry_after(wait as u64))
            }
        }
    }

    fn filled(&self, bucket: &Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.tokens + since * self.a_second).min(self.most())
    }
}

/// Who has one address of an IPv6 network has them all.
fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::from([a, b, c, d, 0, 0, 0, 0])
            }
        },
    }
}
