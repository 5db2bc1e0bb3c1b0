//! Headlines of Org: levels, states, priorities, tags.

use std::ops::Range;

use super::{Reader, inline::inline};
use crate::read::light::Flat;

/// States that files use without defining them: those of Org, and those of most people's settings.
const STATES: [&str; 6] = [concat!("TO", "DO"), "DONE", "NEXT", "WAITING", "CANCELLED", "CANCELED"];

/// How many stars a line begins with, where it is a headline.
pub fn stars(line: &str) -> Option<usize> {
    let count = line.bytes().take_while(|byte| *byte == b'*').count();
    (count > 0 && line.as_bytes().get(count) == Some(&b' ')).then_some(count)
}

impl<'a> Reader<'a> {
    /// The headline on the current line, and the drawer under it.
    pub fn headline(&mut self) {
        self.leave();
        self.quotes = 0;
        let line = self.line(self.at);
        let range = self.lines[self.at].start..self.lines[self.at].start + line.trim_end().len();
        let count = stars(line).unwrap_or(1);
        self.at += 1;
        let shown = self.shown(line, count);
        let text = &line[shown.clone()];
        if text == "COMMENT" || text.starts_with("COMMENT ") {
            while self.at < self.lines.len()
                && stars(self.line(self.at)).is_none_or(|other| other > count)
            {
                self.at += 1;
            }
            return;
        }
        let flat = Flat::of(self.sheet.source, range.start + shown.start..range.start + shown.end);
        let pieces = inline(&flat.text, &mut self.definitions);
        self.sheet.links(&pieces);
        // When it is to be done, and when it was.
        const PLANS: [&str; 3] = ["CLOSED:", "DEADLINE:", "SCHEDULED:"];
        let planned = self.line(self.at).trim_start();
        self.at += usize::from(PLANS.iter().any(|plan| planned.starts_with(plan)));
        if let Some(id) = self.own_id() {
            self.sheet.builder.anchor(id);
        }
        let level = u8::try_from(count).unwrap_or(u8::MAX);
        let is_title = self.has_one_top && count == 1;
        let level = if is_title { level } else { level.saturating_add(1) };
        self.sheet.heading(level, &pieces.text(&flat), range);
        self.notes(pieces.note_sources(&flat));
    }

    /// Where the text of a headline stands in its line, without state, priority and tags.
    fn shown(&self, line: &str, stars: usize) -> Range<usize> {
        let line = line.trim_end();
        let mut text = line.get(stars..).unwrap_or_default().trim_start();
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let is_state = self.definitions.states.iter().any(|state| state == first)
            || self.definitions.states.is_empty() && STATES.contains(&first);
        if is_state && !rest.trim().is_empty() {
            text = rest.trim_start();
        }
        let is_priority = text.starts_with("[#") && text.as_bytes().get(3) == Some(&b']');
        if is_priority && text.is_char_boundary(4) {
            text = text[4..].trim_start();
        }
        let start = line.len() - text.len();
        start..start + without_tags(text).len()
    }

    /// The `CUSTOM_ID` of the drawer that begins on the current line, or the one after it.
    fn own_id(&self) -> Option<&'a str> {
        let is_drawer = |index: usize| self.line(index).trim().eq_ignore_ascii_case(":PROPERTIES:");
        let start = [self.at, self.at + 1].into_iter().find(|index| is_drawer(*index))?;
        let lines = (start + 1..start + 20).map(|index| self.line(index).trim());
        let mut properties = lines.take_while(|line| line.starts_with(':'));
        properties.find_map(|line| {
            let (name, value) = line.strip_prefix(':')?.split_once(':')?;
            name.eq_ignore_ascii_case("CUSTOM_ID").then_some(value.trim())
        })
    }
}

/// `Heading  :one:two:` without its tags.
fn without_tags(text: &str) -> &str {
    let text = text.trim_end();
    let Some(last) = text.rfind([' ', '\t']) else {
        let is_all = is_tags(text);
        return if is_all { "" } else { text };
    };
    if is_tags(&text[last + 1..]) { text[..last].trim_end() } else { text }
}

fn is_tags(word: &str) -> bool {
    let is_tag = |c: char| c.is_alphanumeric() || "_@#%:".contains(c);
    word.len() > 2 && word.starts_with(':') && word.ends_with(':') && word.chars().all(is_tag)
}
