//! Equations of Office in one line: what stands between the parts of a formula is written out, so
//! that `a` over `b` does not become the word `ab`.

use crate::read::xml::{Tag, Xml};

/// The open brackets of an equation, each with what closes it and whether it has been written.
#[derive(Default)]
pub struct Equation {
    brackets: Vec<Bracket>,
}

struct Bracket {
    open: String,
    close: String,
    is_written: bool,
}

impl Equation {
    /// What to write where an element of an equation begins.
    pub fn open(&mut self, tag: &Tag<'_>, xml: &mut Xml<'_>, text: &mut String) {
        match tag.name() {
            "sup" => text.push('^'),
            "sub" | "lim" => text.push('_'),
            "den" => text.push('/'),
            "mr" => text.push(' '),
            "d" => self.brackets.push(Bracket {
                open: "(".to_owned(),
                close: ")".to_owned(),
                is_written: false,
            }),
            "dPr" => self.bracket(xml),
            "naryPr" => {
                let depth = xml.depth();
                while let Some(tag) = xml.within(depth) {
                    if tag.name() == "chr" {
                        text.push_str(&tag.value().unwrap_or_default());
                    }
                }
            }
            "e" => {
                if let Some(bracket) = self.brackets.last_mut().filter(|it| !it.is_written) {
                    bracket.is_written = true;
                    text.push_str(&bracket.open);
                }
            }
            _ => {}
        }
    }

    fn bracket(&mut self, xml: &mut Xml<'_>) {
        let depth = xml.depth();
        while let Some(tag) = xml.within(depth) {
            let Some(bracket) = self.brackets.last_mut() else { continue };
            match tag.name() {
                "begChr" => bracket.open = tag.value().unwrap_or_default(),
                "endChr" => bracket.close = tag.value().unwrap_or_default(),
                _ => {}
            }
        }
    }

    /// What to write where an element ends. A mark that nothing follows is taken back.
    pub fn close(&mut self, element: &str, text: &mut String) {
        match element {
            "sup" if text.ends_with('^') => drop(text.pop()),
            "sub" | "lim" if text.ends_with('_') => drop(text.pop()),
            "den" if text.ends_with('/') => drop(text.pop()),
            "d" => {
                if let Some(bracket) = self.brackets.pop().filter(|it| it.is_written) {
                    text.push_str(&bracket.close);
                }
            }
            _ => {}
        }
    }
}
