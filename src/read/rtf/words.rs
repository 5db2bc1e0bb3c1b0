//! What control words mean.

use std::ops::Range;

use super::charset::Charset;
use super::reader::Reader;
use super::state::{Destination, Ends, ParagraphState, Property};
use crate::read::raised::LEAST_HALF_POINTS;

/// Groups whose text is not that of the document.
const NOWHERE: [&str; 46] = [
    "aftncn",
    "aftnsep",
    "aftnsepc",
    "annotation",
    "atnauthor",
    "atndate",
    "atnicn",
    "atnid",
    "atnparent",
    "atnref",
    "atntime",
    "atrfend",
    "atrfstart",
    "bkmkend",
    "bkmkstart",
    "buptim",
    "colortbl",
    "comment",
    "filetbl",
    "footer",
    "footerf",
    "footerl",
    "footerr",
    "formfield",
    "ftncn",
    "ftnsep",
    "ftnsepc",
    "header",
    "headerf",
    "headerl",
    "headerr",
    "listoverridetable",
    "listtable",
    "mmathPict",
    "nonesttables",
    "nonshppict",
    "objdata",
    "pict",
    "printim",
    "revtbl",
    "rxe",
    "shprslt",
    "tc",
    "tcn",
    "txe",
    "xe",
];

/// Optional groups that are read.
const READ: [&str; 13] = [
    "fldinst",
    "footnote",
    "ud",
    "shpinst",
    "shptxt",
    "do",
    "dptxbxtext",
    "nesttableprops",
    "moMath",
    "moMathPara",
    "mmath",
    "pn",
    "shpgrp",
];

impl Reader<'_> {
    /// Follows a control word.
    pub fn word(&mut self, word: &str, number: Option<i32>, place: Range<usize>) {
        if word == "bin" {
            return self.binary(number);
        }
        if self.state.destination == Destination::Nowhere {
            return;
        }
        if std::mem::take(&mut self.state.is_optional) {
            let is_style = self.state.destination == Destination::Styles;
            if !READ.contains(&word) && !is_style {
                self.state.destination = Destination::Nowhere;
                return;
            }
        }
        if self.state.destination == Destination::Alternatives {
            if word == "ud" {
                self.state.destination = self.state.outer;
            }
            return;
        }
        match word {
            "u" => self.unicode(number.unwrap_or(0), place),
            "uc" => self.state.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16),
            _ if self.begins(word) => {}
            _ if self.state.destination == Destination::Fonts => self.font_word(word, number),
            _ if self.state.destination == Destination::Styles => self.style_word(word, number),
            _ if matches!(self.state.destination, Destination::Property(_)) => {
                self.date_word(word, number);
            }
            _ => self.text_word(word, number, place),
        }
    }

    fn binary(&mut self, count: Option<i32>) {
        let count = usize::try_from(count.unwrap_or(0)).unwrap_or(0);
        if !self.tokens.skip(count) {
            self.builder.warn("binary data in it is longer than the file", None);
        }
    }

    /// Whether a word says where the text of its group goes.
    fn begins(&mut self, word: &str) -> bool {
        let is_properties = self.state.destination == Destination::Properties;
        let property = match word {
            "title" => Some(Property::Title),
            "author" => Some(Property::Author),
            "subject" => Some(Property::Subject),
            "keywords" => Some(Property::Keywords),
            "doccomm" => Some(Property::Description),
            "creatim" => Some(Property::Created),
            "revtim" => Some(Property::Modified),
            _ => None,
        };
        if let Some(property) = property.filter(|_| is_properties) {
            self.entry.clear();
            self.state.destination = Destination::Property(property);
            return true;
        }
        let destination = match word {
            "fonttbl" => Destination::Fonts,
            "stylesheet" => Destination::Styles,
            "info" => Destination::Properties,
            "listtext" | "pntext" => {
                self.context().list_text.get_or_insert_default();
                Destination::ListText
            }
            "pn" => {
                self.context().list_text.get_or_insert_default();
                Destination::Nowhere
            }
            "fldinst" => Destination::Instruction,
            "shpinst" | "do" | "shpgrp" => Destination::Drawing,
            "upr" => {
                self.state.outer = self.state.destination;
                Destination::Alternatives
            }
            "footnote" => {
                self.begin(Ends::Note);
                return true;
            }
            "shptxt" | "dptxbxtext" => {
                self.begin(Ends::Box);
                return true;
            }
            "field" => {
                self.fields.push(String::new());
                self.state.ends = Ends::Field;
                return true;
            }
            "fldrslt" => {
                self.begin_result();
                return true;
            }
            // Properties of equations.
            _ if word.starts_with('m') && word.ends_with("Pr") => Destination::Nowhere,
            _ if NOWHERE.binary_search(&word).is_ok() => Destination::Nowhere,
            _ => return false,
        };
        self.state.destination = destination;
        true
    }

    fn font_word(&mut self, word: &str, number: Option<i32>) {
        let number = number.unwrap_or(0);
        match word {
            "f" => {
                self.entry.clear();
                self.entry_number = Some(number);
            }
            "fcharset" | "cpg" => {
                let charset = match word {
                    "cpg" => Some(Charset::of_page(number)),
                    _ => Charset::of_font(number),
                };
                if let Some(font) = self.entry_number {
                    self.tables.fonts.entry(font).or_default().charset = charset;
                }
            }
            _ => {}
        }
    }

    fn style_word(&mut self, word: &str, number: Option<i32>) {
        match word {
            "s" => {
                self.entry.clear();
                self.entry_number = Some(number.unwrap_or(0));
            }
            "cs" | "ts" | "ds" => {
                self.entry.clear();
                self.entry_number = None;
            }
            "sbasedon" | "outlinelevel" | "ls" => {
                // A style without a number is the first, that of paragraphs without a style.
                let style = self.tables.styles.entry(self.entry_number.unwrap_or(0)).or_default();
                match word {
                    "sbasedon" => style.based_on = number,
                    "outlinelevel" => style.outline = number,
                    _ => style.list = number,
                }
            }
            _ => {}
        }
    }

    fn date_word(&mut self, word: &str, number: Option<i32>) {
        let number = number.unwrap_or(0);
        match word {
            "yr" => self.date[0] = number,
            "mo" => self.date[1] = number,
            "dy" => self.date[2] = number,
            _ => {}
        }
    }

    fn text_word(&mut self, word: &str, number: Option<i32>, place: Range<usize>) {
        let is_on = number != Some(0);
        match word {
            "par" | "sect" => self.end_paragraph(),
            "cell" => self.end_cell(false),
            "nestcell" => self.end_cell(true),
            "row" => self.end_row(),
            "nestrow" => self.end_inner_row(),
            "pard" => self.state.paragraph = ParagraphState::default(),
            "plain" => {
                self.state.is_hidden = false;
                self.state.is_deleted = false;
                self.state.is_raised = false;
                self.state.font = None;
                self.state.lang = None;
            }
            "s" => self.state.paragraph.style = number.unwrap_or(0),
            "outlinelevel" => self.state.paragraph.outline = number,
            "ls" => self.state.paragraph.list = number,
            "qc" => self.state.paragraph.is_centred = true,
            "ql" | "qr" | "qj" => self.state.paragraph.is_centred = false,
            "fi" => self.state.paragraph.is_hanging = number.unwrap_or(0) < 0,
            "intbl" => self.state.paragraph.is_in_table = is_on,
            "itap" => {
                self.state.paragraph.depth = number.unwrap_or(0);
                self.state.paragraph.is_in_table |= number.unwrap_or(0) > 0;
            }
            "f" => self.state.font = number,
            "lang" => self.state.lang = number,
            "v" => self.state.is_hidden = is_on,
            "deleted" => self.state.is_deleted = is_on,
            "super" => self.state.is_raised = is_on,
            "up" => {
                self.state.is_raised =
                    number.is_none_or(|half_points| half_points >= LEAST_HALF_POINTS)
            }
            "nosupersub" | "sub" | "dn" => self.state.is_raised = false,
            "deff" => self.font = number,
            "deflang" => self.lang = number,
            "ansicpg" => self.charset = Charset::of_page(number.unwrap_or(1252)),
            "mac" => self.charset = Charset::of_page(10000),
            "pc" => self.charset = Charset::of_page(437),
            "pca" => self.charset = Charset::of_page(850),
            _ => self.sign(word, place),
        }
    }

    /// Words that stand for a character.
    fn sign(&mut self, word: &str, place: Range<usize>) {
        let is_cell = self.state.paragraph.is_in_table;
        let text = match word {
            "line" | "lbr" | "page" | "column" => "\n",
            "tab" if is_cell => " ",
            "tab" => "\t",
            "emdash" => "—",
            "endash" => "–",
            "bullet" => "•",
            "lquote" => "‘",
            "rquote" => "’",
            "ldblquote" => "“",
            "rdblquote" => "”",
            "emspace" | "enspace" | "qmspace" => " ",
            _ => return,
        };
        self.add(text, place, false);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_sorted() {
        assert!(super::NOWHERE.is_sorted());
    }
}
