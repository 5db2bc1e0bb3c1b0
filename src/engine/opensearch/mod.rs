//! The engine beyond one machine: an OpenSearch cluster keeps the passages and finds them; what they score, what of them
//! matches and why is told here from their words, so that it is the same as on one machine.
//!
//! ```text
//! reports          the name that searches use: an alias
//! reports-3        the index behind it; a new one is made beside it, and the name is moved in one step
//!   ID             a passage under its own id
//!   state          the last commit: generation, digest, and the pieces of
//!   catalog-7-0    the documents,
//!   words-7-0      the words as they are written,
//!   retired-7-0    and what ids meant that are no more
//! ```

mod address;
mod answer;
mod client;
mod compile;
mod document;
mod intervals;
mod journal;
mod mapping;
mod names;
mod outbox;
mod ranking;
mod read;
mod score;
mod state;
mod view;
mod write;

pub use address::{Access, Address};
pub use read::OpenSearchEngine;
pub use write::OpenSearchWriter;
