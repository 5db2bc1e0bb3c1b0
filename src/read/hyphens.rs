//! Words broken at the end of a line: which hyphens are the line's, and which are the word's own.

use std::collections::HashMap;

/// Prefixes that keep their hyphen in front of a word: what style guides ask for.
const HYPHENATED: [&str; 6] = ["self", "non", "ex", "all", "half", "quasi"];
/// What a line that breaks a word ends with.
const HYPHENS: [char; 2] = ['-', '\u{2010}'];
/// Different words of a document that are remembered.
const MOST_WORDS: usize = 500_000;

/// The words of a document, as evidence of how it spells them.
#[derive(Debug, Default)]
pub struct Vocabulary {
    counts: HashMap<String, u32>,
    /// Whether the line learned last ends with a hyphen.
    is_broken: bool,
}

impl Vocabulary {
    /// Learns the words of a line, but not those that may be broken: the last one before a hyphen, and the
    /// first one after it.
    pub fn learn(&mut self, line: &str) {
        let broken = line.ends_with(['-', '\u{ad}', '\u{2010}']);
        let line = line.replace('\u{2010}', "-");
        let words: Vec<&str> = line.split(|c: char| !c.is_alphabetic() && c != '-').collect();
        let whole = words.len() - usize::from(broken).min(words.len());
        let after = usize::from(std::mem::replace(&mut self.is_broken, broken));
        for word in words.iter().take(whole).skip(after) {
            let word = word.trim_matches('-');
            if word.len() > 1 && self.counts.len() < MOST_WORDS {
                self.note(word);
                word.split('-')
                    .filter(|part| part.len() > 1 && part.len() < word.len())
                    .for_each(|part| self.note(part));
            }
        }
    }

    fn note(&mut self, word: &str) {
        *self.counts.entry(word.to_lowercase()).or_default() += 1;
    }

    fn count(&self, word: &str) -> u32 {
        self.counts.get(&word.to_lowercase()).copied().unwrap_or(0)
    }

    /// Whether the hyphen at the end of a line belongs to the word, and not to the line.
    fn keeps_hyphen(&self, head: &str, tail: &str) -> bool {
        let joined = self.count(&format!("{head}{tail}"));
        let hyphenated = self.count(&format!("{head}-{tail}"));
        if joined != hyphenated {
            return hyphenated > joined;
        }
        // The document has neither: two words of its own are a compound, fragments are not.
        let lower = head.to_lowercase();
        let is_acronym = head.chars().nth(1).is_some() && head.chars().all(char::is_uppercase);
        is_acronym
            || HYPHENATED.contains(&lower.as_str())
            || head.chars().count() > 2
                && tail.chars().count() > 2
                && self.count(head) > 0
                && self.count(tail) > 0
    }

    /// Adds a line to a text: with a blank, or joined where a word goes on.
    pub fn join(&self, text: &mut String, next: &str) {
        let next = next.trim_start();
        if text.ends_with('\u{ad}') {
            text.pop();
        } else if ends_with_hyphen(text) && self.goes_on(text, next) {
            if self.is_broken(text, next) {
                text.pop();
            }
        } else if !self.is_glued(text, next)
            && !text.is_empty()
            && !text.ends_with(char::is_whitespace)
        {
            text.push(' ');
        }
        text.push_str(next);
    }

    /// Whether a line ends with the hyphen of a word that goes on in the next, and would have none elsewhere.
    pub fn is_broken(&self, line: &str, next: &str) -> bool {
        let head = last_word(line.trim_end_matches(HYPHENS));
        let token = line.rsplit(char::is_whitespace).next().unwrap_or_default();
        let is_address = token.contains(['/', '@', '_']);
        ends_with_hyphen(line)
            && self.goes_on(line, next)
            && next.starts_with(char::is_lowercase)
            && !is_address
            && !head.is_empty()
            && !self.keeps_hyphen(head, first_word(next))
    }

    /// The same where the document has the word elsewhere too: for texts whose lines may be broken by hand, at the hyphens of
    /// compounds only.
    pub fn is_surely_broken(&self, line: &str, next: &str) -> bool {
        let head = last_word(line.trim_end_matches(HYPHENS));
        self.is_broken(line, next) && self.count(&format!("{head}{}", first_word(next))) > 0
    }

    /// Whether a hyphen at the end of a line stands inside a word.
    fn goes_on(&self, text: &str, next: &str) -> bool {
        let before = text.chars().rev().nth(1);
        let is_suspended =
            ["and ", "or ", "to ", "und ", "et ", "y "].iter().any(|word| next.starts_with(word));
        before.is_some_and(char::is_alphanumeric)
            && next.starts_with(char::is_alphanumeric)
            && !is_suspended
    }

    /// Dashes and slashes between two parts of a word, and scripts that have no blanks.
    fn is_glued(&self, text: &str, next: &str) -> bool {
        let mut last = text.chars().rev();
        let (end, before) = (last.next(), last.next());
        let is_inside =
            before.is_some_and(char::is_alphanumeric) && next.starts_with(char::is_alphanumeric);
        let is_wide = |c: char| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}');
        match end {
            Some('–' | '/') => is_inside,
            Some(end) if is_wide(end) => next.starts_with(is_wide),
            _ => false,
        }
    }
}

/// Whether a line may break a word.
pub fn ends_with_hyphen(line: &str) -> bool {
    line.ends_with(HYPHENS)
}

fn last_word(text: &str) -> &str {
    let start = text.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| {
        at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    text.get(start..).unwrap_or_default()
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}
