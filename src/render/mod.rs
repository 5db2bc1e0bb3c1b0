//! Responses as text, JSON, Markdown and tables. Wire types live here; domain types do not serialize
//! themselves.

pub mod cite;
pub mod count;
pub mod diff;
pub mod eval;
pub mod exhaustive;
pub mod fate;
pub mod html;
pub mod json;
pub mod markdown;
pub mod outline;
pub mod pack;
pub mod receipt;
pub mod terminal;
mod text;
pub mod verify;

pub use cite::short_citation;
pub use text::{Lit, clean, clean_name, cut, is_deck, location_text};
