//! Templates: which of them show text that stands in their parameters, and infoboxes as tables.

use std::ops::Range;

use super::{Place, Reader};
use crate::document::BlockKind;

/// What of a template is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    /// The parameter without a name at this index.
    From(usize),
    /// All parameters without a name from this index on.
    Joined(usize),
    /// The first so many parameters.
    First(usize),
}

/// What of a template is text, by its name in lower case. Templates that are not listed show nothing
/// that stands in the page: notes on editing, navigation, citations.
pub fn kept(name: &str) -> Kept {
    match name {
        "lang" | "abbr2" | "transl" | "transliteration" | "color" | "font color" | "rp2" => {
            Kept::From(1)
        }
        "nowrap" | "nobr" | "small" | "smaller" | "big" | "quote" | "cquote" | "blockquote"
        | "quotation" | "block quote" | "bq" | "smallcaps" | "sc" | "abbr" | "tooltip" | "zh"
        | "flag" | "flagcountry" | "flagu" | "ill" | "interlanguage link" | "longitem" | "sup"
        | "sub" | "em" | "strong" | "strongbad" | "sic" | "as of" | "efn" | "refn" | "note"
        | "nihongo" | "circa" | "c." | "lang-fr" | "lang-de" | "lang-es" | "lang-ru"
        | "lang-ar" | "lang-kk" | "lang-la" | "lang-el" | "lang-it" | "lang-zh" | "lang-ja" => {
            Kept::From(0)
        }
        "ublist" | "ubl" | "unbulleted list" | "hlist" | "plainlist" | "plain list"
        | "flatlist" | "bulleted list" | "ordered list" => Kept::Joined(0),
        "convert" | "cvt" => Kept::First(2),
        "birth date" | "birth date and age" | "death date" | "death date and age"
        | "start date" | "end date" | "dts" => Kept::First(3),
        _ => Kept::Nothing,
    }
}

impl Reader<'_> {
    /// A template that stands alone: an infobox becomes a table of names and values, others a
    /// paragraph of what they show.
    pub(super) fn template(&mut self, range: Range<usize>) {
        let parts = self.inline.template_parts(range.clone());
        let Some((name, parameters)) = parts.split_first() else { return };
        let name = self.source[name.clone()].trim().to_lowercase();
        if !name.starts_with("infobox") && !name.starts_with("taxobox") {
            self.push(range);
            return self.builder.end();
        }
        let mut tight = false;
        for parameter in parameters {
            let Some((name, value)) = self.inline.named(parameter) else { continue };
            if value.is_empty() {
                continue;
            }
            let start = parameter.start + self.source[parameter.clone()].find(name).unwrap_or(0);
            self.builder.begin(BlockKind::TableRow, tight);
            self.builder.push(name, start..start + name.len());
            self.builder.push_made("\t");
            self.cell(value);
            self.builder.end();
            tight = true;
        }
        self.inline.found.templates.push(name);
    }

    /// The text of a cell: line feeds in it are blanks, since a row is one line.
    pub(super) fn cell(&mut self, range: Range<usize>) {
        let builder = &mut self.builder;
        let text = &self.source[range.clone()];
        let start = range.start + text.len() - text.trim_start().len();
        let range = start..start + text.trim().len();
        self.inline.scan(range, &mut |text, place| match place {
            Place::Made => builder.push_made(if text == "\n" { " " } else { text }),
            Place::At(source) => {
                let mut at = source.start;
                if text.len() != source.len() {
                    return builder.push(text, source);
                }
                for line in text.split_inclusive(['\n', '\t']) {
                    let kept = line.trim_end_matches(['\n', '\t', '\r']);
                    if !kept.is_empty() {
                        builder.push(kept, at..at + kept.len());
                    }
                    if kept.len() < line.len() && !builder.ends_blank() {
                        builder.push(" ", at + kept.len()..at + line.len());
                    }
                    at += line.len();
                }
            }
        });
    }
}
