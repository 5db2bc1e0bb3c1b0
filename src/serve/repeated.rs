//! Keys that stand twice in one object of JSON. Readers of JSON take the last without a word, so that another question
//! would be answered than whoever reads the first of them has asked.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;

/// What is to be said of a text that is JSON, where an object in it has a key twice.
pub fn repeated(json: &[u8]) -> Option<String> {
    serde_json::from_slice::<Unique>(json).err().map(|error| error.to_string())
}

/// A value in which no object has a key twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unique, D::Error> {
        deserializer.deserialize_any(Looking)
    }
}

/// A key, borrowed where nothing in it is escaped.
#[derive(Deserialize, PartialEq, Eq, Hash)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

struct Looking;

impl<'de> Visitor<'de> for Looking {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Unique, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = fields.next_key::<Key<'de>>()? {
            if keys.contains(&key) {
                fields.next_value::<IgnoredAny>()?;
                return Err(A::Error::custom(format_args!("`{}` is given twice", shown(&key.0))));
            }
            keys.insert(key);
            fields.next_value::<Unique>()?;
        }
        Ok(Unique)
    }
}

/// As much of a key as tells it from others.
fn shown(key: &str) -> String {
    const LONGEST: usize = 64;
    key.chars().take(LONGEST).collect()
}
