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
    /// The first parameter, or the one that is named as text is: a quotation.
    Quoted,
    /// What stands after the colon of a function.
    Argument(usize),
    /// This sign.
    Made(&'static str),
    /// Its name, and after this its first parameter.
    Named(&'static str),
    /// This between the first two parameters.
    Between(&'static str),
    /// The parts of a citation that name its source.
    Citation,
}

/// The parameters of a citation that are shown, in this order.
pub const CITED: [&str; 14] = [
    "author",
    "last",
    "last1",
    "first",
    "first1",
    "title",
    "work",
    "website",
    "newspaper",
    "journal",
    "publisher",
    "date",
    "year",
    "url",
];

/// Templates that show their first parameter.
const SHOWN: [&str; 41] = [
    "nowrap",
    "nobr",
    "small",
    "smaller",
    "big",
    "smallcaps",
    "sc",
    "abbr",
    "tooltip",
    "zh",
    "flag",
    "flagcountry",
    "flagu",
    "ill",
    "interlanguage link",
    "longitem",
    "sup",
    "sub",
    "em",
    "strong",
    "strongbad",
    "sic",
    "efn",
    "refn",
    "note",
    "nihongo",
    "val",
    "nts",
    "number table sorting",
    "ipa",
    "url",
    "isbn",
    "math",
    "mvar",
    "var",
    "code",
    "tq",
    "nobold",
    "center",
    "align",
    "flagdeco",
];

/// Those that show their second: the first names a language, a colour, a key.
const NAMED_FIRST: [&str; 11] = [
    "lang",
    "langx",
    "abbr2",
    "transl",
    "transliteration",
    "translit",
    "tlit",
    "color",
    "font color",
    "rp2",
    "sort",
];

/// Those that show a quotation.
const QUOTATIONS: [&str; 11] = [
    "quote",
    "cquote",
    "blockquote",
    "quotation",
    "block quote",
    "bq",
    "quote box",
    "quotebox",
    "rquote",
    "pull quote",
    "centered pull quote",
];

/// Those that show all their parameters.
const LISTS: [&str; 9] = [
    "ublist",
    "ubl",
    "unbulleted list",
    "hlist",
    "plainlist",
    "plain list",
    "flatlist",
    "bulleted list",
    "ordered list",
];

/// Those that show a year, a month and a day.
const DATES: [&str; 7] = [
    "birth date",
    "birth date and age",
    "death date",
    "death date and age",
    "start date",
    "end date",
    "dts",
];

/// What of a template is text, by its name in lower case. Templates that are not listed show nothing
/// that stands in the page: notes on editing, navigation, citations.
pub fn kept(name: &str) -> Kept {
    if let Some((function, _)) = name.split_once(':') {
        let is_kept = matches!(function.trim(), "formatnum" | "lc" | "uc" | "lcfirst" | "ucfirst");
        return if is_kept { Kept::Argument(function.len() + 1) } else { Kept::Nothing };
    }
    if name.starts_with("cite ") || name == "citation" {
        return Kept::Citation;
    }
    if name.starts_with("lang-") {
        return Kept::From(0);
    }
    match name {
        _ if SHOWN.contains(&name) => Kept::From(0),
        _ if NAMED_FIRST.contains(&name) => Kept::From(1),
        _ if QUOTATIONS.contains(&name) => Kept::Quoted,
        _ if LISTS.contains(&name) => Kept::Joined(0),
        _ if DATES.contains(&name) => Kept::First(3),
        "sortname" | "convert" | "cvt" => Kept::First(2),
        "frac" | "fraction" | "sfrac" => Kept::Between("/"),
        "as of" | "circa" | "c." | "ca." | "usd" | "gbp" | "eur" | "euro" => Kept::Named(" "),
        "us$" | "£" | "€" | "yes" | "no" | "n/a" | "'s" | "'" | "=" => Kept::Named(""),
        "ndash" | "endash" | "–" => Kept::Made("–"),
        "mdash" | "emdash" | "—" => Kept::Made("—"),
        "snd" | "spnd" | "spaced ndash" | "spaced en dash" => Kept::Made(" – "),
        "nbsp" | "space" | "spaces" => Kept::Made(" "),
        "·" | "middot" | "•" | "bull" => Kept::Made(" · "),
        "!" => Kept::Made("|"),
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
            if kept(&name) == Kept::Quoted {
                self.builder.begin(BlockKind::Quotation, false);
            }
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
