//! How much a compressed file may become, counted as it comes: what a file says of itself is not
//! believed.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes of one member of an archive or package.
pub const LARGEST_MEMBER: u64 = 100 * 1024 * 1024;
/// Bytes of all members of one archive or package together.
pub const LARGEST_ARCHIVE: u64 = 250 * 1024 * 1024;
/// Members of one archive or package.
pub const MOST_MEMBERS: usize = 10_000;
/// Inflated to packed, from [`RATIO_FROM`] inflated bytes on.
pub const LARGEST_RATIO: u64 = 100;
/// Where the ratio begins to count: small files compress well without harm.
pub const RATIO_FROM: u64 = 10 * 1024 * 1024;
/// Archives in archives.
pub const DEEPEST: usize = 3;

/// What the members of one archive have become so far. Clones count together.
#[derive(Clone, Debug)]
pub struct Budget {
    packed: Rc<Cell<u64>>,
    inflated: Rc<Cell<u64>>,
    most: u64,
}

impl Budget {
    /// For an archive of so many bytes.
    pub fn new(packed: u64) -> Budget {
        Budget {
            packed: Rc::new(Cell::new(packed)),
            inflated: Rc::default(),
            most: LARGEST_ARCHIVE,
        }
    }

    /// Without a bound on the whole, for what is never held in memory; the ratio counts still, against
    /// the packed bytes that have been read through [`Budget::packed`] so far.
    pub fn of_stream() -> Budget {
        Budget { most: u64::MAX, ..Budget::new(0) }
    }

    /// Counts the packed bytes of a stream.
    pub fn packed<R: Read>(&self, packed: R) -> Packed<R> {
        Packed { packed, count: Rc::clone(&self.packed) }
    }

    /// Counts what is read of a member through it.
    pub fn count<R: Read>(&self, member: R) -> Counted<R> {
        let most = if self.most == u64::MAX { u64::MAX } else { LARGEST_MEMBER };
        Counted { member, budget: self.clone(), own: 0, most }
    }

    fn spend(&self, bytes: u64) -> Result<(), String> {
        let all = self.inflated.get().saturating_add(bytes);
        self.inflated.set(all);
        self.excess().map_or(Ok(()), Err)
    }

    /// The limit that has been reached, if one has: nothing more is to be read then.
    pub fn excess(&self) -> Option<String> {
        let all = self.inflated.get();
        if all > self.most {
            return Some(format!("it inflates to more than {} MiB", self.most >> 20));
        }
        if all > RATIO_FROM && all / self.packed.get().max(1) > LARGEST_RATIO {
            return Some(format!("it inflates to more than {LARGEST_RATIO} times its size"));
        }
        None
    }
}

/// The packed bytes of a stream, counted as they are read.
#[derive(Debug)]
pub struct Packed<R> {
    packed: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.packed.read(buffer)?;
        self.count.set(self.count.get().saturating_add(count as u64));
        Ok(count)
    }
}

/// Why reading ends, in words for a person who holds the file: it needs no further explanation.
#[derive(Clone, Debug)]
pub struct Reason(pub String);

impl Reason {
    /// Whether an error is one.
    pub fn is_in(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Reason>())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Reason {}

/// A member of an archive, counted as it is read. Beyond a limit, reading fails with the reason.
#[derive(Debug)]
pub struct Counted<R> {
    member: R,
    budget: Budget,
    own: u64,
    most: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.member.read(buffer)?;
        self.own += count as u64;
        self.budget.spend(count as u64).map_err(|reason| io::Error::other(Reason(reason)))?;
        if self.own > self.most {
            let reason = format!("a member of it has more than {} MiB", self.most >> 20);
            return Err(io::Error::other(Reason(reason)));
        }
        Ok(count)
    }
}
