//! Readers: markup.
