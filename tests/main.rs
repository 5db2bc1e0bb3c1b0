//! All tests, one program: `cargo test`. Each module is one kind of claim.
//!
//! Tests over the judged collections and the larger shelves of reports need a folder beside the
//! project (`TIPSEARCH_SHARED`, by default `../shared`); where it is absent they say that they skip.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod absence;
mod analyze;
mod attribution;
mod batch;
mod beside;
mod best;
mod cite;
mod claims;
mod cli;
mod configuration;
mod containers;
mod count;
mod deadline;
mod dense;
mod diff;
mod durability;
mod ellipses;
#[cfg(feature = "opensearch")]
mod engines;
mod eval;
mod export;
mod figures;
mod gold;
mod guard;
mod indexing;
mod languages;
mod laws;
mod locations;
mod meaning;
mod ocr;
mod pack;
mod packing;
mod pinpoints;
mod places;
mod queries;
mod quotations;
mod read;
mod reference;
mod restrictions;
mod revisions;
mod seams;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod shelves;
mod spelling;
mod support;
mod thesaurus;
mod tidy;
mod unread;
mod verify;
