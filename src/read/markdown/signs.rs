//! Signs that CommonMark takes for emphasis and that are text: marks of notes behind words, parts of addresses.
//!
//! A pair that is lost joins words (`exploitation*sometimes`) and breaks addresses (`#:~:text=`): what a report says
//! is then not found, or denied. So a pair is text where nobody would have written it to mark up what stands in it.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

/// What ends a word or clause: emphasis begins behind a blank.
const ENDS: &str = ",;.:!?)]%†‡§";

/// What goes on in an address.
const IN_ADDRESS: &str = "/=&?#";

/// So far (bytes) back is looked for what an address begins with, and on for a blank in what is marked up.
const FARTHEST: usize = 500;

/// Nobody writes longer runs of signs.
const LONGEST_RUN: usize = 4;

/// The delimiter with which something marked up begins or ends, where it is text.
pub fn sign(source: &str, event: &Event<'_>, range: &Range<usize>) -> Option<Range<usize>> {
    let is_double = source.get(range.clone()).is_some_and(|it| it.starts_with("~~"));
    let (is_start, length) = match event {
        Event::Start(Tag::Emphasis) => (true, 1),
        Event::Start(Tag::Strong) => (true, 2),
        Event::Start(Tag::Strikethrough) => (true, 1 + usize::from(is_double)),
        Event::End(TagEnd::Emphasis) => (false, 1),
        Event::End(TagEnd::Strong) => (false, 2),
        Event::End(TagEnd::Strikethrough) => (false, 1 + usize::from(is_double)),
        _ => return None,
    };
    let inside = range.start + length..range.end.checked_sub(length)?;
    let pair = Pair::new(source, range, inside.clone())?;
    let delimiter = if is_start { range.start..inside.start } else { inside.end..range.end };
    pair.is_text(length).then_some(delimiter)
}

/// What stands at a pair of delimiters.
struct Pair<'a> {
    /// What both are made of.
    sign: char,
    /// The text before the first, the text between, and the text behind the second.
    before: &'a str,
    inside: &'a str,
    behind: &'a str,
}

impl<'a> Pair<'a> {
    fn new(source: &'a str, range: &Range<usize>, inside: Range<usize>) -> Option<Pair<'a>> {
        let (before, behind) = (source.get(..range.start)?, source.get(range.end..)?);
        let sign = source.get(range.start..)?.chars().next()?;
        Some(Pair { sign, before, inside: source.get(inside)?, behind })
    }

    fn is_text(&self, length: usize) -> bool {
        let is_single = length == 1;
        match self.sign {
            // One tilde is one of an address, or stands for `about`.
            '~' => is_single || self.is_in_address(),
            '_' => is_single && self.ends_behind(ENDS) || self.is_in_name() || self.is_in_address(),
            _ => {
                is_single && (self.ends_behind(ENDS) || self.is_before_sign())
                    || self.is_in_word()
                    || self.is_in_address()
            }
        }
    }

    /// Whether one of these stands right before the first delimiter: such emphasis is a pair of marks
    /// (`palm oil,*† timber,*†`).
    fn ends_behind(&self, ends: &str) -> bool {
        self.last_before().is_some_and(|c| ends.contains(c))
    }

    /// Whether it is the mark of a note with another one behind it, not the note itself: `Logging *† and stone*†`.
    fn is_before_sign(&self) -> bool {
        let before = self.before.trim_end_matches([' ', '\t']);
        let is_first = before.is_empty() || before.ends_with(['\n', '|']);
        let behind_signs = self.inside.trim_start_matches(['†', '‡']);
        behind_signs.len() < self.inside.len() && behind_signs.starts_with(' ') && !is_first
    }

    /// Whether a delimiter stands within a word, and what they mark up is more than a piece of it:
    /// `exploitation*sometimes as a result of trafficking*`. Where words are written without blanks, nothing is known.
    fn is_in_word(&self) -> bool {
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && c < '\u{E00}');
        let first = self.other(self.inside.chars());
        let last = self.other(self.inside.chars().rev());
        let behind = self.other(self.behind.chars());
        let is_inside = is_letter(self.last_before()) && is_letter(first)
            || is_letter(last) && is_letter(behind);
        is_inside && start(self.inside).contains(char::is_whitespace)
    }

    /// Whether it is within the name of a file or what follows one in an address, which lines may have broken:
    /// `escape_from_hell_-_torture_and_ slavery.pdf`, `/_layouts`.
    fn is_in_name(&self) -> bool {
        let word = last_word(self.before).trim_start_matches(['(', '[', '"', '\'', '“', '*']);
        self.ends_behind(IN_ADDRESS) || word.contains('_') && !word.starts_with('_')
    }

    /// Whether one of them is within a web address.
    fn is_in_address(&self) -> bool {
        let is_address = |word: &str| word.contains("://") || word.contains("www.");
        let mut behind = self.behind.chars();
        let goes_on = behind.next().is_some_and(|c| {
            let is_end = c == '.' && !behind.next().is_some_and(char::is_alphanumeric);
            c.is_alphanumeric() || IN_ADDRESS.contains(c) || "-_~%+@.".contains(c) && !is_end
        });
        is_address(last_word(self.before)) || goes_on && is_address(last_word(self.inside))
    }

    fn last_before(&self) -> Option<char> {
        self.other(self.before.chars().rev())
    }

    /// The first character that is not one of the run of delimiters.
    fn other(&self, chars: impl Iterator<Item = char>) -> Option<char> {
        chars.take(LONGEST_RUN).find(|c| *c != self.sign)
    }
}

/// The beginning of a text.
fn start(text: &str) -> &str {
    text.get(..text.floor_char_boundary(FARTHEST)).unwrap_or_default()
}

/// What stands at the end of a text behind its last blank.
fn last_word(text: &str) -> &str {
    let from = text.ceil_char_boundary(text.len().saturating_sub(FARTHEST));
    let end = text.get(from..).unwrap_or_default();
    end.rsplit(char::is_whitespace).next().unwrap_or_default()
}
