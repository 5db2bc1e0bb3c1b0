//! Items of lists of Org: bullets, numbers, terms, boxes to check.

use super::Reader;
use crate::document::BlockKind;
use crate::read::light::{Flat, indent};
use crate::read::numbers::{Numerals, Ordered, Pattern, Written};

/// The length of an item's bullet with the blanks after it. Letters are no bullets: they are an option
/// that is off unless one sets it.
pub fn bullet(text: &str, column: usize) -> Option<usize> {
    let digits = text.bytes().take(9).take_while(u8::is_ascii_digit).count();
    let mark = match (text.as_bytes().first()?, text.as_bytes().get(digits)) {
        (b'-' | b'+', _) => 1,
        (b'*', _) if column > 0 => 1,
        (_, Some(b'.' | b')')) if digits > 0 => digits + 1,
        _ => return None,
    };
    let rest = &text[mark..];
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    (blanks > 0 || rest.is_empty()).then_some(mark + blanks)
}

/// So many lines of a list are looked at to know whether its numbers are counted: lists in lists in lists are each looked at.
const MOST_LINES_AHEAD: usize = 1000;

impl Reader<'_> {
    /// An item that begins on the current line, in this column.
    pub fn item(&mut self, column: usize, skip: usize, mark: usize) {
        while self.items.last().is_some_and(|(item, _)| *item > column) {
            self.items.pop();
        }
        if self.items.is_empty() {
            self.sheet.end_list();
        }
        let line = self.line(self.at);
        let is_numbered = line[skip..].starts_with(|c: char| c.is_ascii_digit());
        let mut start = skip + mark;
        let counter = counter(&line[start.min(line.len())..]);
        self.count(column, skip, &line[start.min(line.len())..][..counter]);
        start += counter;
        start += check_box(&line[start.min(line.len())..]);
        let begin = self.lines[self.at].start;
        let text = line.get(start..).unwrap_or_default().trim_end();
        let term = text.find(" :: ").or_else(|| text.strip_suffix(" ::").map(str::len));
        if let Some(length) = term.filter(|_| !is_numbered) {
            let kind = self.item_kind();
            let flat = Flat::of(self.sheet.source, begin + start..begin + start + length);
            self.text(kind, &flat);
            start += length + " ::".len();
        }
        let flat = self.gather(begin + start, column + 1);
        let kind = self.item_kind();
        self.text(kind, &flat);
    }

    /// The number of an item, whose bullet begins after so many bytes of the current line: the one that is written,
    /// or that `counter` says. Org itself would count, and writes into the file what it has counted.
    fn count(&mut self, column: usize, skip: usize, counter: &str) {
        let text = &self.line(self.at)[skip..];
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let mark = text.get(..digits + 1).unwrap_or_default().to_owned();
        if self.items.last().is_none_or(|(item, _)| *item != column) {
            let pattern = Pattern::new("", Numerals::Decimal, mark.trim_start_matches('1'));
            let is_counted = mark.starts_with('1') && self.is_counted(column);
            self.items.push((column, is_counted.then(|| Ordered::new(pattern, 1))));
        }
        let Some((_, numbers)) = self.items.last_mut().filter(|_| digits > 0) else {
            return self.sheet.builder.unlabel(self.items.len());
        };
        let said = counter.trim().strip_prefix("[@").and_then(|it| it.strip_suffix(']'));
        let said = said.and_then(|said| said.parse::<i64>().ok());
        let label = match (said, numbers) {
            (Some(said), _) => format!("{said}{}", &mark[digits..]),
            (None, Some(numbers)) if mark.starts_with('1') && digits == 1 => numbers.count(),
            _ => mark,
        };
        let bullet = self.lines[self.at].start + skip;
        let source = bullet..bullet + digits + 1;
        self.sheet.builder.label(self.items.len(), &label, Some(source));
    }

    /// Whether all items of the list that begins on the current line, in this column, say `1`.
    fn is_counted(&self, column: usize) -> bool {
        let mut numbers = Written::default();
        let mut blanks = 0;
        let end = self.lines.len().min(self.at + MOST_LINES_AHEAD);
        for index in self.at..end {
            let line = self.line(index);
            let (own, skip) = indent(line);
            let text = &line[skip..];
            blanks = if text.trim().is_empty() { blanks + 1 } else { 0 };
            let is_item = own == column && bullet(text, own).is_some();
            if blanks > 1 || blanks == 0 && own <= column && !is_item {
                break;
            }
            if is_item && blanks == 0 {
                let digits = text.bytes().take_while(u8::is_ascii_digit).count();
                let is_said = text[digits..].trim_start_matches(['.', ')', ' ']).starts_with("[@");
                numbers.add(if is_said { "" } else { &text[..digits] });
            }
            if !numbers.are_ones() {
                break;
            }
        }
        numbers.are_counted()
    }

    fn item_kind(&self) -> BlockKind {
        if self.is_in_note { BlockKind::Note } else { BlockKind::ListItem }
    }
}

/// `[@5] ` says which number comes next.
fn counter(text: &str) -> usize {
    let inside = text.strip_prefix("[@").map(|rest| rest.bytes().take(9));
    let digits = inside.map_or(0, |bytes| bytes.take_while(u8::is_ascii_alphanumeric).count());
    let is_counter = digits > 0 && text[2 + digits..].starts_with(']');
    let length = if is_counter { digits + 3 } else { 0 };
    length
        + text[length..].bytes().take_while(|byte| *byte == b' ').count() * usize::from(is_counter)
}

fn check_box(text: &str) -> usize {
    let is_box = ["[ ] ", "[X] ", "[x] ", "[-] "].iter().any(|mark| text.starts_with(mark));
    if is_box { 4 } else { 0 }
}
