//! How much a compressed file may become, counted as it comes: what a file says of itself is not
//! believed.

use std::cell::Cell;
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
        Budget { most: LARGEST_ARCHIVE, ..Budget::of_stream(Rc::new(Cell::new(packed))) }
    }

    /// For what is never held in memory as a whole: only the ratio counts. `packed`: the bytes taken
    /// so far, which whoever takes them counts.
    pub fn of_stream(packed: Rc<Cell<u64>>) -> Budget {
        Budget { packed, inflated: Rc::default(), most: u64::MAX }
    }

    /// Counts what is read of a member through it.
    pub fn count<R: Read>(&self, member: R) -> Counted<R> {
        let most = if self.most == u64::MAX { u64::MAX } else { LARGEST_MEMBER };
        Counted { member, budget: self.clone(), own: 0, most }
    }

    /// Why nothing more may be read, if so.
    pub fn is_spent(&self) -> Option<String> {
        let all = self.inflated.get();
        if all > self.most {
            return Some(format!("it inflates to more than {} MiB", self.most >> 20));
        }
        (all > RATIO_FROM && all / self.packed.get().max(1) > LARGEST_RATIO)
            .then(|| format!("it inflates to more than {LARGEST_RATIO} times its size"))
    }

    fn spend(&self, bytes: u64) -> Result<(), String> {
        self.inflated.set(self.inflated.get().saturating_add(bytes));
        self.is_spent().map_or(Ok(()), Err)
    }
}

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
        self.budget.spend(count as u64).map_err(io::Error::other)?;
        if self.own > self.most {
            let reason = format!("a member of it has more than {} MiB", self.most >> 20);
            return Err(io::Error::other(reason));
        }
        Ok(count)
    }
}
