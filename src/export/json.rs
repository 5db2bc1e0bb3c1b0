//! One JSON document: the hits first, as they come, then what is only known at the end.

use std::io::Write;

use super::{Export, flush, write};
use crate::error::Result;
use crate::render::json;
use crate::search::{Found, SearchResponse};

pub struct Document<'w> {
    out: Box<dyn Write + 'w>,
    is_first: bool,
}

impl<'w> Document<'w> {
    pub fn begin(mut out: Box<dyn Write + 'w>) -> Result<Document<'w>> {
        write(&mut out, "{\"hits\": [")?;
        Ok(Document { out, is_first: true })
    }
}

impl Export for Document<'_> {
    fn hit(&mut self, found: &Found) -> Result<()> {
        let comma = if self.is_first { "" } else { "," };
        self.is_first = false;
        write(&mut self.out, &format!("{comma}\n{}", json::hit(found)))
    }

    fn end(mut self: Box<Self>, response: &SearchResponse) -> Result<()> {
        write(&mut self.out, "\n]")?;
        let whole = json::response(response);
        for (key, value) in whole.as_object().into_iter().flatten() {
            if key != "hits" {
                write(&mut self.out, &format!(",\n{}: {value}", serde_json::json!(key)))?;
            }
        }
        write(&mut self.out, "}\n")?;
        flush(&mut self.out)
    }
}
