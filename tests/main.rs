//! All tests, one program.
