//! Fields of Word: their results are text, their instructions are not; links are kept, tables of
//! contents left out.

use super::body::Body;
use crate::read::xml::{Tag, Xml};

/// A field that has begun and not yet ended.
#[derive(Default)]
pub struct Field {
    instruction: String,
    /// Whether its instruction has ended, and its result has begun.
    pub is_result: bool,
    /// Where a table of contents began: containers, items, paragraph, bytes of that.
    contents: Option<(usize, usize, usize, usize)>,
}

impl Body<'_> {
    pub fn field(&mut self, kind: &str) {
        match kind {
            "begin" if !self.paragraphs.is_empty() => {
                self.fields.push(Field::default());
                self.instructions += 1;
            }
            "separate" => self.begin_result(),
            "end" => self.end_field(),
            _ => {}
        }
    }

    pub fn simple_field(&mut self, tag: &Tag<'_>) {
        let instruction = tag.attribute("instr").unwrap_or_default();
        self.fields.push(Field { instruction, ..Field::default() });
        self.instructions += 1;
        self.begin_result();
    }

    pub fn instruction(&mut self, xml: &mut Xml<'_>) {
        match self.fields.last_mut().filter(|field| !field.is_result) {
            Some(field) => xml.text_into(&mut field.instruction),
            None => xml.skip(),
        }
    }

    /// The instruction of the innermost field has ended.
    fn begin_result(&mut self) {
        let place = (self.flow.depth(), self.flow.count());
        let paragraph = self.paragraphs.last();
        let (ordinal, bytes) = paragraph.map_or((0, 0), |it| (it.ordinal, it.text.len()));
        let Some(field) = self.fields.last_mut().filter(|field| !field.is_result) else { return };
        field.is_result = true;
        self.instructions = self.instructions.saturating_sub(1);
        let mut words = field.instruction.split_whitespace();
        match words.next().map(str::to_ascii_uppercase).as_deref() {
            Some("TOC") => field.contents = Some((place.0, place.1, ordinal, bytes)),
            Some("HYPERLINK") => {
                let target = words.next().unwrap_or_default().trim_matches('"');
                if !target.starts_with('\\') {
                    self.flow.link(target);
                }
            }
            _ => {}
        }
    }

    /// The innermost field ends; a table of contents leaves nothing.
    pub fn end_field(&mut self) {
        let Some(field) = self.fields.pop() else { return };
        if !field.is_result {
            self.instructions = self.instructions.saturating_sub(1);
        }
        let Some((depth, count, ordinal, bytes)) = field.contents else { return };
        if self.flow.depth() != depth {
            return;
        }
        self.flow.truncate(count);
        if let Some(paragraph) = self.paragraphs.last_mut() {
            let kept = if paragraph.ordinal == ordinal { bytes } else { 0 };
            paragraph.text.truncate(kept);
        }
    }
}
