//! Readers: office.
