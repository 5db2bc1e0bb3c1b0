//! Full-text search for long, sectioned reports: ranked passages with truthful marks and exact places.
//!
//! ```text
//! corpus/ - read -> Document - passage -> Passage - engine::Writer -> index/
//!                   (a tree)              (a unit)
//!
//! text - query -> Query - engine::retrieve -> Ranking - load -> Passages - highlight -> marks, fragments
//!                                                                             |
//!                                 terminal, JSON, Markdown <- render <- SearchResponse
//! ```
//!
//! [`index`](mod@index) is the first line, [`search`] the second: the only places that know the order of
//! the steps. The modules below stand in the order of the pipeline.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use tipsearch::index::{IndexRequest, index};
//! use tipsearch::search::{SearchRequest, Searcher};
//!
//! let folder = tempfile::tempdir()?;
//! let request = IndexRequest::new(vec!["corpus".into()], folder.path().join("index"));
//! index(&request, &AtomicBool::new(false), &|_, _| {})?;
//! let searcher = Searcher::new(request.store.open()?);
//! let response = searcher.search(&SearchRequest::new("border guards complicity"))?;
//! let best = &response.hits[0];
//! assert_eq!(best.passage.trail[1], "Prosecution (2008)");
//! let marked: Vec<&str> = best.marks.iter().map(|mark| &best.passage.text[mark.bytes.clone()]).collect();
//! assert_eq!(marked, ["complicity", "border", "guards"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod error;

pub mod document;

pub mod analyze;

pub mod countries;

pub mod meaning;

pub mod dense;

pub mod read;

pub mod passage;

pub mod query;

pub mod rank;

pub mod highlight;

pub mod engine;

pub mod search;

pub mod pack;

pub mod cite;

pub mod count;

pub mod verify;

pub mod diff;

pub mod receipt;

pub mod index;

pub mod examine;

pub mod eval;

pub mod render;

pub mod export;

#[cfg(feature = "serve")]
pub mod serve;

pub mod cli;
