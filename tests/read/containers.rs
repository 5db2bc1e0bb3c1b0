//! Readers: containers.
