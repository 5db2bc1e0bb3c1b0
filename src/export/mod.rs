//! Result sets as other programs read them, written hit by hit as they come: any number of hits, little memory.

mod csv;
mod html;
mod json;
mod references;
mod row;
mod trec;
mod xlsx;

use std::io::Write;

use crate::error::{Error, Result};
use crate::render;
use crate::search::{Found, SearchResponse};

/// A form of a result set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One `tipsearch.hits/1`.
    Json,
    /// A hit on each line.
    Jsonl,
    /// RFC 4180, UTF-8, lines end with LF; no cell is taken for a formula.
    Csv,
    /// IANA's `text/tab-separated-values`: each stretch of white space in a cell is one blank.
    Tsv,
    /// An Office Open XML workbook.
    Xlsx,
    /// Quotations with numbered sources.
    Markdown,
    /// One page that needs nothing else.
    Html,
    /// Each report once, in the order of its best hit, as BibTeX.
    Bibtex,
    /// The same as CSL-JSON.
    CslJson,
    /// The same as RIS.
    Ris,
    /// A run as TREC's tools read it, with ids of passages as documents; the topic is `1`.
    Trec,
}

/// Where hits are written to, in their order.
pub trait Export {
    /// Writes a hit.
    ///
    /// # Errors
    /// Those of the writer.
    fn hit(&mut self, found: &Found) -> Result<()>;

    /// Writes what belongs to the whole: an answer whose hits have been written.
    ///
    /// # Errors
    /// Those of the writer.
    fn end(self: Box<Self>, response: &SearchResponse) -> Result<()>;
}

/// Writes hits of a query in a form to `out`.
///
/// # Errors
/// Those of the writer.
pub fn export<'w>(
    form: Form,
    query: &str,
    out: Box<dyn Write + 'w>,
) -> Result<Box<dyn Export + 'w>> {
    Ok(match form {
        Form::Json => Box::new(json::Document::begin(out)?),
        Form::Jsonl => lines(out, |found| render::json::hit(found).to_string()),
        Form::Trec => lines(out, trec::line),
        Form::Csv => Box::new(csv::Table::begin(csv::COMMA, out)?),
        Form::Tsv => Box::new(csv::Table::begin(csv::TAB, out)?),
        Form::Xlsx => Box::new(xlsx::Book::begin(out)?),
        Form::Bibtex | Form::CslJson | Form::Ris => {
            Box::new(references::References::begin(form, out))
        }
        Form::Html => Box::new(html::Page::begin(query, out)?),
        Form::Markdown => Box::new(Markdown::begin(query, out)?),
    })
}

/// Writes text; what fails is the output, wherever it goes.
fn write(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes()).map_err(failed)
}

fn flush(out: &mut dyn Write) -> Result<()> {
    out.flush().map_err(failed)
}

fn failed(error: std::io::Error) -> Error {
    Error::io("write", "the results", error)
}

/// Writes a line for each hit, and nothing else.
pub fn lines<'w>(
    out: Box<dyn Write + 'w>,
    line: impl Fn(&Found) -> String + 'w,
) -> Box<dyn Export + 'w> {
    Box::new(Lines { out, line: Box::new(line) })
}

struct Lines<'w> {
    out: Box<dyn Write + 'w>,
    line: Box<dyn Fn(&Found) -> String + 'w>,
}

impl Export for Lines<'_> {
    fn hit(&mut self, found: &Found) -> Result<()> {
        write(&mut self.out, &((self.line)(found) + "\n"))
    }

    fn end(mut self: Box<Self>, _: &SearchResponse) -> Result<()> {
        flush(&mut self.out)
    }
}

struct Markdown<'w> {
    out: Box<dyn Write + 'w>,
}

impl<'w> Markdown<'w> {
    fn begin(query: &str, mut out: Box<dyn Write + 'w>) -> Result<Markdown<'w>> {
        write(&mut out, &render::markdown::head(query))?;
        Ok(Markdown { out })
    }
}

impl Export for Markdown<'_> {
    fn hit(&mut self, found: &Found) -> Result<()> {
        write(&mut self.out, &render::markdown::hit(found))
    }

    fn end(mut self: Box<Self>, response: &SearchResponse) -> Result<()> {
        write(&mut self.out, &render::markdown::foot(response))?;
        flush(&mut self.out)
    }
}
