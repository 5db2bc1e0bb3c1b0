//! What the store of a local index gives back of a passage.

use tantivy::schema::OwnedValue;
use tantivy::schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer};

/// What the store holds of a passage.
#[derive(Default)]
pub struct Stored {
    pub record: Vec<u8>,
    pub text: String,
}

impl DocumentDeserialize for Stored {
    fn deserialize<'de, D>(mut deserializer: D) -> Result<Stored, DeserializeError>
    where
        D: DocumentDeserializer<'de>,
    {
        let mut stored = Stored::default();
        while let Some((_, value)) = deserializer.next_field()? {
            match value {
                OwnedValue::Bytes(record) => stored.record = record,
                OwnedValue::Str(text) => stored.text = text,
                _ => {}
            }
        }
        Ok(stored)
    }
}
