//! Runs the network over one text at a time.

use std::fs;
use std::sync::Arc;

use rten::{ModelOptions, NodeId, RunOptions, ThreadPool, Value};

use super::network::{INPUTS, MOST_PIECES, PIECES};
use super::tokens::Tokens;
use super::{Encoded, Model};
use crate::error::{Error, Result};

/// A model, ready to encode texts.
pub struct Encoder {
    network: rten::Model,
    inputs: [NodeId; 2],
    tokens: Tokens,
}

/// A thread of those that share a model and encode many texts.
pub struct Worker<'e> {
    encoder: &'e Encoder,
    /// Of this thread alone: otherwise several would share the work on each text, which takes them longer.
    own: Arc<ThreadPool>,
}

impl Worker<'_> {
    /// What a text means; `None` where it is nothing.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn encode(&self, text: &str) -> Result<Option<Encoded>> {
        self.encoder.encode_on(text, Some(Arc::clone(&self.own)))
    }
}

impl Encoder {
    /// Opens a model. `is_for_many`: more is prepared, which pays for itself over some texts.
    ///
    /// # Errors
    /// `Model` where its files are not what was added; `Io`.
    pub fn open(model: &Model, is_for_many: bool) -> Result<Encoder> {
        let damaged = |path, message: String| Error::Model {
            path,
            message,
            hint: Some("add it again with `tipsearch model add`".to_owned()),
        };
        let (path, vocabulary) = (model.network(), model.vocabulary());
        let file = fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
        if file.len() as u64 != model.about.network_bytes {
            return Err(damaged(path, "it is not as long as it was when it was added".to_owned()));
        }
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(is_for_many);
        let network =
            options.load(file).map_err(|error| damaged(path.clone(), error.to_string()))?;
        let node =
            |name| network.node_id(name).map_err(|error| damaged(path.clone(), error.to_string()));
        let [pieces, places] = INPUTS.map(node);
        let inputs = [pieces?, places?];
        let text = fs::read_to_string(&vocabulary)
            .map_err(|error| Error::io("read", &vocabulary, error))?;
        let tokens = Tokens::of(&text).filter(|tokens| tokens.count() == PIECES);
        let tokens =
            tokens.ok_or_else(|| damaged(vocabulary, format!("it has not {PIECES} pieces")))?;
        Ok(Encoder { network, inputs, tokens })
    }

    /// A thread that encodes texts beside others.
    pub fn worker(&self) -> Worker<'_> {
        Worker { encoder: self, own: Arc::new(ThreadPool::with_num_threads(1)) }
    }

    /// What a text means, by the work of several threads; `None` where it is nothing.
    ///
    /// # Errors
    /// `Internal` where the network cannot be run.
    pub fn encode(&self, text: &str) -> Result<Option<Encoded>> {
        self.encode_on(text, None)
    }

    fn encode_on(&self, text: &str, threads: Option<Arc<ThreadPool>>) -> Result<Option<Encoded>> {
        let pieces = self.tokens.of_text(text);
        // The two that every text has.
        if pieces.len() <= 2 {
            return Ok(None);
        }
        let internal =
            |error: String| Error::Internal { message: format!("the encoder failed: {error}") };
        let count = pieces.len().min(MOST_PIECES);
        let places: Vec<i32> = (0..count as i32).collect();
        let value = |numbers| {
            Value::from_shape(&[count], numbers).map_err(|error| internal(error.to_string()))
        };
        let [pieces_at, places_at] = self.inputs;
        let inputs = vec![(pieces_at, value(pieces)?.into()), (places_at, value(places)?.into())];
        let options = RunOptions::default().with_thread_pool(threads);
        let outputs = self.network.run(inputs, self.network.output_ids(), Some(options));
        let output = outputs.map_err(|error| internal(error.to_string()))?.into_iter().next();
        let numbers = output.and_then(|value| value.into_shape_vec::<f32, 1>().ok());
        Ok(numbers.and_then(|(_, numbers)| Encoded::of(&numbers)))
    }
}
