//! The reports of a result set as references: each once, in the order of its best hit.

use std::collections::BTreeSet;
use std::io::Write;

use super::{Export, Form, flush, write};
use crate::cite::{Date, Reference};
use crate::error::Result;
use crate::render::cite::{bibtex, csl, ris};
use crate::search::{Found, SearchResponse};

/// Writes references.
pub struct References<'w> {
    out: Box<dyn Write + 'w>,
    form: Form,
    accessed: Date,
    written: BTreeSet<String>,
}

impl<'w> References<'w> {
    /// A list that is read today.
    pub fn begin(form: Form, out: Box<dyn Write + 'w>) -> References<'w> {
        References { out, form, accessed: Date::today(), written: BTreeSet::new() }
    }
}

impl Export for References<'_> {
    fn hit(&mut self, found: &Found) -> Result<()> {
        let mut passages = std::iter::once(&found.passage).chain(&found.copies);
        passages.try_for_each(|passage| {
            let is_first = self.written.is_empty();
            if !self.written.insert(passage.report.doc_id.clone()) {
                return Ok(());
            }
            let whole =
                Reference { pinpoint: None, ..Reference::of_passage(passage, self.accessed) };
            let text = match self.form {
                Form::Ris => ris(&whole),
                Form::CslJson => {
                    format!("{}{:#}", if is_first { "[\n" } else { ",\n" }, csl(&whole))
                }
                _ => format!("{}{}", if is_first { "" } else { "\n" }, bibtex(&whole)),
            };
            write(&mut self.out, &text)
        })
    }

    fn end(mut self: Box<Self>, _: &SearchResponse) -> Result<()> {
        if self.form == Form::CslJson {
            write(&mut self.out, if self.written.is_empty() { "[]\n" } else { "\n]\n" })?;
        }
        flush(&mut self.out)
    }
}
