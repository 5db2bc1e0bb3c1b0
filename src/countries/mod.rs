//! What countries are called: by texts, by metadata, and by the world; and the words for what is of them.

mod known;
mod words;
mod world;

pub use known::{About, Countries, are_of_one_country, forms};
pub use words::{folded_words, has, without_possessive};
pub use world::{Country, Mention, country_called, is_country, mentions, mentions_in_question};
