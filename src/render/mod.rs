//! Responses as text, JSON, Markdown and tables. Wire types live here; domain types do not serialize
//! themselves.

pub mod count;
pub mod eval;
pub mod json;
pub mod markdown;
pub mod outline;
pub mod terminal;
mod text;
pub mod verify;

pub use text::{clean, location_text, short_citation};
