//! A sentence encoder, for those who have the model and the time: passages and questions as vectors that a network makes
//! (all-MiniLM-L6-v2), in place of those of the table in the program ([`crate::meaning`]).
//!
//! A model is added from a file that the user has ([`Model::add`]); nothing is fetched. [`Encoder`] runs it, in programs
//! that are built with the feature `dense`; [`Vectors`] keeps what it has made of the passages of an index.

#[cfg(feature = "dense")]
mod encoder;
#[cfg(not(feature = "dense"))]
#[path = "without.rs"]
mod encoder;
mod model;
mod network;
mod onnx;
mod protobuf;
mod source;
mod tokens;
mod vector;
mod vectors;
mod weights;

pub use encoder::{Encoder, Worker};
pub use model::{About, Model, NAME, WEIGHTS};
pub use tokens::Tokens;
pub use vector::{DIMENSIONS, Encoded};
pub use vectors::{Keeper, Vectors, file_name};

/// Whether this program can run a model.
pub const CAN_ENCODE: bool = cfg!(feature = "dense");

/// What is said where it cannot.
pub const CANNOT_ENCODE: &str = "this program was built without the encoder";

/// How a program is built that can.
pub const HOW_TO_BUILD: &str = "build one that has it: `cargo build --release --features dense`";
