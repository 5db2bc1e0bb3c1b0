//! One HTML page that needs nothing else: text is escaped first and marked after.

use std::io::Write;

use super::{Export, flush, write};
use crate::error::Result;
use crate::render::html::{escape, marked};
use crate::render::terminal::told;
use crate::render::{location_text, short_citation};
use crate::search::{Found, SearchResponse};

const STYLE: &str = "\
:root{color-scheme:light dark}body{max-width:45rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}
h2{font-size:1rem;margin:2rem 0 .25rem}blockquote{margin:0;white-space:pre-line}footer,.missing{font-size:.85rem}
mark{background:#ffe58a;color:#000}mark.meant{background:none;text-decoration:underline dotted}";

pub struct Page<'w> {
    out: Box<dyn Write + 'w>,
}

impl<'w> Page<'w> {
    pub fn begin(query: &str, mut out: Box<dyn Write + 'w>) -> Result<Page<'w>> {
        let title = escape(query);
        let head = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <style>\n{STYLE}\n</style>\n</head>\n<body>\n<h1 dir=\"auto\">{title}</h1>\n"
        );
        write(&mut out, &head)?;
        Ok(Page { out })
    }
}

impl Export for Page<'_> {
    fn hit(&mut self, found: &Found) -> Result<()> {
        let passage = &found.passage;
        let lang = passage.report.lang.as_deref().unwrap_or("und");
        let heading: Vec<String> = (0..passage.trail.len()).map(|at| part(found, at)).collect();
        let missing = match found.missing.is_empty() {
            true => String::new(),
            false => {
                let words = escape(&found.missing.join(", "));
                format!("<p class=\"missing\">without: {words}</p>\n")
            }
        };
        let next = found.continuation.as_ref().map_or(String::new(), |next| {
            let text = next.passage.text.get(next.bytes.clone()).unwrap_or_default();
            let text = marked(text, next.marks.iter());
            format!("<blockquote>{text} ({})</blockquote>\n", escape(&next.passage.id))
        });
        let article = format!(
            "<article id=\"{id}\" lang=\"{lang}\" dir=\"auto\">\n<h2>{rank}. {heading}</h2>\n\
             <blockquote>{text}</blockquote>\n{next}{missing}<footer>{citation} ({place}, passage {id})</footer>\n\
             </article>\n",
            id = escape(&passage.id),
            lang = escape(lang),
            rank = found.rank,
            heading = heading.join(" › "),
            text = marked(&passage.text, found.marks.iter()),
            citation = escape(&short_citation(passage)),
            place = escape(&location_text(passage)),
        );
        write(&mut self.out, &article)
    }

    fn end(mut self: Box<Self>, response: &SearchResponse) -> Result<()> {
        let total = response.total;
        let foot = format!(
            "<p>{}; index {}</p>\n</body>\n</html>\n",
            told(total.passages, total.documents, total.is_exact),
            escape(&response.index.digest)
        );
        write(&mut self.out, &foot)?;
        flush(&mut self.out)
    }
}

/// A part of the heading trail with its marks.
fn part(found: &Found, at: usize) -> String {
    let marks = found.section_marks.iter().filter(|mark| mark.part == at);
    marked(found.passage.trail.get(at).map_or("", String::as_str), marks.map(|mark| &mark.mark))
}
