//! tipsearch
pub mod analyze;
pub mod cli;
pub mod document;
pub mod engine;
pub mod error;
pub mod eval;
pub mod examine;
pub mod highlight;
pub mod index;
pub mod passage;
pub mod query;
pub mod rank;
pub mod read;
pub mod render;
pub mod search;
