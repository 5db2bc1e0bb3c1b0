//! In place of the encoder, in programs that are built without it.

use std::convert::Infallible;

use super::{CANNOT_ENCODE, Encoded, HOW_TO_BUILD, Model};
use crate::error::{Error, Result};

/// There is none in this program.
pub struct Encoder(Infallible);

/// Nor is there what works with it.
pub type Worker<'e> = &'e Encoder;

impl Encoder {
    /// Says that there is none.
    ///
    /// # Errors
    /// Always.
    pub fn open(_: &Model, _: bool) -> Result<Encoder> {
        Err(Error::Usage { message: CANNOT_ENCODE.to_owned(), hint: Some(HOW_TO_BUILD.to_owned()) })
    }

    /// Itself.
    pub fn worker(&self) -> &Encoder {
        self
    }

    /// Nothing, as there is no encoder to ask.
    ///
    /// # Errors
    /// None.
    pub fn encode(&self, _: &str) -> Result<Option<Encoded>> {
        match self.0 {}
    }
}
