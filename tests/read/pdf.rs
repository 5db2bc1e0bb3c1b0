//! Readers: pdf.
