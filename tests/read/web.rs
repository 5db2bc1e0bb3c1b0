//! Readers: web.
