//! Reading files that may be damaged: tantivy trusts what it wrote, and where a disk has changed it, its
//! decoders may panic. That is a damaged index, not a fault of the program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::error::{Error, Result};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread reads such files now: a panic is caught and told as an error, and nothing need
/// be printed of it.
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

/// Reads from the files of an index.
///
/// # Errors
/// As what is read; `IndexDamaged` where it panics.
pub fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T>) -> Result<T> {
    let was_guarded = IS_GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    IS_GUARDED.set(was_guarded);
    result.unwrap_or_else(|_| {
        Err(Error::IndexDamaged {
            path: path.to_owned(),
            reason: "a file of it holds what was not written there".to_owned(),
        })
    })
}
