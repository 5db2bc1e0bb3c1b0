//! The words of a quotation or of a stretch of text as quotations compare them: neither stemmed nor
//! stripped of accents, with what stands between them.

use std::ops::Range;

use super::gaps::has_ellipsis;
use super::labels::labels;
use crate::analyze::{Disregard, is_invisible, letters, word_ranges};

/// A word of a text.
#[derive(Clone, Debug)]
struct Word {
    /// Its letters, without what only looks different.
    key: String,
    /// The same without an ending in brackets (`prosecute[d]`), where it has one.
    short: Option<String>,
    bytes: Range<usize>,
}

/// Words between brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Indexes of the words.
    pub words: Range<usize>,
    /// The bytes, with the brackets.
    pub bytes: Range<usize>,
}

/// A text and its words.
#[derive(Clone, Debug)]
pub struct Words {
    /// The text.
    pub text: String,
    words: Vec<Word>,
    /// Where passages were joined: offsets in the text, sorted. The white space there is not known.
    seams: Vec<usize>,
    /// Words in square brackets.
    pub brackets: Vec<Group>,
    /// Marks of notes: `(2,4,7)` behind a full stop, `[12]`.
    pub marks: Vec<Group>,
    /// The labels of items: `2.`
    pub labels: Vec<Group>,
    /// For each word whether an ellipsis stands before it.
    breaks: Vec<bool>,
}

impl Words {
    /// The words of a text that is joined of passages at `seams`.
    pub fn of(text: String, seams: Vec<usize>) -> Words {
        let mut words: Vec<Word> = Vec::new();
        for range in word_ranges(&text) {
            let Some(range) = without_superscripts(&text, range) else { continue };
            match words.last_mut() {
                Some(last) if is_in_word(&text, last.bytes.end, &range) => {
                    *last = bracketed(&text, last.bytes.start..range.end);
                }
                Some(last) if is_per_cent(&text, last, &range) => {
                    *last = percent(last.bytes.start..range.end);
                }
                _ => {
                    let end = range.end;
                    words.push(Word { key: key(&text[range.clone()]), short: None, bytes: range });
                    words.extend(percent_sign(&text, end));
                }
            }
        }
        words.retain(|word| !word.key.is_empty());
        let mut made = Words {
            text,
            words,
            seams,
            brackets: Vec::new(),
            marks: Vec::new(),
            labels: Vec::new(),
            breaks: Vec::new(),
        };
        made.brackets = made.groups('[', ']');
        made.brackets.extend(made.remarks());
        made.brackets.sort_unstable_by_key(|group| group.bytes.start);
        made.marks = made.reference_marks();
        made.labels =
            labels(&made.text).into_iter().filter_map(|bytes| made.group(bytes)).collect();
        made.breaks = (0..made.len()).map(|at| has_ellipsis(made.gap(at))).collect();
        made
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// The letters of a word without what only looks different; `None` beyond the last.
    pub fn key(&self, at: usize) -> Option<&str> {
        self.words.get(at).map(|word| word.key.as_str())
    }

    /// The letters of all words.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.key.as_str())
    }

    /// A word without an ending in brackets.
    pub fn short(&self, at: usize) -> Option<&str> {
        self.words.get(at)?.short.as_deref()
    }

    /// The bytes of a word; beyond the last, the end of the text.
    pub fn bytes(&self, at: usize) -> Range<usize> {
        let end = self.text.len();
        self.words.get(at).map_or(end..end, |word| word.bytes.clone())
    }

    /// A word as it is written.
    pub fn written(&self, at: usize) -> &str {
        self.text.get(self.bytes(at)).unwrap_or_default()
    }

    /// The bytes from the first to the last of some words.
    pub fn span(&self, words: &Range<usize>) -> Range<usize> {
        match words.is_empty() {
            true => self.bytes(words.start).start..self.bytes(words.start).start,
            false => self.bytes(words.start).start..self.bytes(words.end - 1).end,
        }
    }

    /// What stands before a word and after the one before it; for the number of words, what stands
    /// after the last.
    pub fn gap(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.bytes(before).end);
        self.text.get(start..self.bytes(at).start).unwrap_or_default()
    }

    /// Whether passages were joined before a word.
    pub fn has_seam(&self, at: usize) -> bool {
        let start = at.checked_sub(1).map_or(0, |before| self.bytes(before).end);
        let first = self.seams.partition_point(|&seam| seam < start);
        self.seams.get(first).is_some_and(|&seam| seam <= self.bytes(at).start)
    }

    /// Whether an ellipsis stands before a word.
    pub fn has_break(&self, at: usize) -> bool {
        self.breaks.get(at).copied().unwrap_or(false)
    }

    /// Whether a word may belong to the same number as the one before: only blanks or hyphens between.
    pub fn is_one_number(&self, at: usize) -> bool {
        at > 0
            && at < self.len()
            && !self.is_label(at)
            && !self.gap(at).is_empty()
            && self.gap(at).chars().all(|c| c.is_whitespace() || matches!(c, '-' | '‐' | '‑'))
    }

    /// Whether a word may be the rest of the one before, divided by a hyphen, at the end of a line too,
    /// or by what is not seen.
    pub fn is_one_word(&self, at: usize) -> bool {
        let gap = self.gap(at);
        let is_hyphen = |c: char| matches!(c, '-' | '‐' | '‑' | '\u{AD}');
        let mut seen = gap.trim_end().chars();
        let is_divided = seen.next().is_some_and(is_hyphen) && seen.next().is_none();
        at > 0
            && at < self.len()
            && !gap.is_empty()
            && (is_divided || gap.chars().all(is_invisible))
    }

    /// The groups of words between two characters, where nothing is nested.
    fn groups(&self, open: char, close: char) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut start = None;
        for (at, c) in self.text.char_indices() {
            if c == open {
                start = Some(at);
            } else if c == close
                && let Some(start) = start.take()
            {
                groups.extend(self.group(start..at + c.len_utf8()));
            }
        }
        groups
    }

    /// The words in some bytes, where there are any.
    fn group(&self, bytes: Range<usize>) -> Option<Group> {
        let first = self.words.partition_point(|word| word.bytes.start < bytes.start);
        let end = self.words.partition_point(|word| word.bytes.end <= bytes.end);
        (first < end).then_some(Group { words: first..end, bytes })
    }

    /// What a quotation may put in or leave out that has these words.
    pub fn skippable(&self, words: &Range<usize>) -> Option<&Group> {
        let groups = self.brackets.iter().chain(&self.marks).chain(&self.labels);
        groups.into_iter().find(|group| group.words == *words)
    }

    /// Whether a word begins the label of an item.
    fn is_label(&self, at: usize) -> bool {
        self.labels.binary_search_by_key(&at, |label| label.words.start).is_ok()
    }

    /// What round brackets put in that says so itself: `(sic)`.
    fn remarks(&self) -> Vec<Group> {
        let inside = |group: &Group| self.text.get(group.bytes.start + 1..group.bytes.end - 1);
        let mut groups = self.groups('(', ')');
        groups.retain(|group| inside(group).is_some_and(is_remark));
        groups
    }

    fn reference_marks(&self) -> Vec<Group> {
        let is_list = |group: &Group| {
            let inside = self.text.get(group.bytes.start + 1..group.bytes.end - 1);
            inside.is_some_and(is_list_of_notes)
        };
        let ends_clause = |group: &Group| {
            let before = self.text.get(..group.bytes.start).unwrap_or_default().trim_end();
            before.ends_with(['.', '!', '?', ';', ':', ',', '”', '"', '’', '†', '‡', ')'])
        };
        let mut marks: Vec<Group> =
            self.brackets.iter().filter(|it| is_list(it)).cloned().collect();
        let round = self.groups('(', ')');
        // `12 offenders (19 in 2013)` is text: only behind a full stop, comma or mark is it a list of notes.
        marks.extend(round.into_iter().filter(|group| is_list(group) && ends_clause(group)));
        marks.sort_unstable_by_key(|group| group.words.start);
        marks
    }
}

/// Whether a character is one of numbers of notes in a row.
pub fn is_of_notes(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ',' | ';' | '-' | '–' | ' ')
}

/// Whether what stands in brackets may be the numbers of notes: `3,7,19`.
pub fn is_list_of_notes(inside: &str) -> bool {
    let mut numbers = inside.split(|c: char| !c.is_ascii_digit());
    inside.contains(|c: char| c.is_ascii_digit())
        && inside.chars().all(is_of_notes)
        && numbers.all(|number| number.len() <= 3)
}

/// Whether what stands in brackets is a remark of who quotes: it names no source, and the source does not say it.
pub fn is_remark(inside: &str) -> bool {
    let inside = inside.trim().to_lowercase();
    let (first, rest) = inside.split_once(' ').unwrap_or((&inside, ""));
    match first {
        "sic" | "sic!" => rest.is_empty(),
        "emphasis" | "emphases" | "italics" => matches!(
            rest,
            "added" | "mine" | "ours" | "supplied" | "in original" | "in the original" | "omitted"
        ),
        "my" | "our" => matches!(rest, "emphasis" | "italics" | "translation"),
        "translation" => matches!(rest, "mine" | "ours"),
        _ => false,
    }
}

/// The letters of a word; a power keeps apart from its base (`10²` is not `102`).
fn key(word: &str) -> String {
    if word.is_ascii() {
        let word = word.to_ascii_lowercase();
        // What was typed without the key for `²`.
        return match word.strip_suffix(['2', '3']).filter(|unit| is_unit(unit)) {
            Some(unit) => format!("{unit}^{}", &word[unit.len()..]),
            None => word,
        };
    }
    match word.contains(is_superscript) {
        false => letters(word, Disregard::ALL),
        true => {
            let apart = word.chars().map(|c| match is_superscript(c) {
                true => format!("^{c}"),
                false => c.to_string(),
            });
            letters(&apart.collect::<String>(), Disregard::ALL)
        }
    }
}

/// Whether a character is a raised digit.
pub fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// Without the raised numbers of notes at its end, which stay outside of words; `None` where there is
/// nothing else. Powers of numbers and units stay.
fn without_superscripts(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let word = text.get(range.clone())?;
    if word.is_ascii() {
        return Some(range);
    }
    let bare = word.trim_end_matches(is_superscript);
    let is_power = bare.ends_with(|c: char| c.is_numeric()) || is_unit(bare);
    match bare.is_empty() {
        true => None,
        false if is_power => Some(range),
        false => Some(range.start..range.start + bare.len()),
    }
}

/// Whether a word is a unit that has powers.
fn is_unit(word: &str) -> bool {
    matches!(word, "m" | "km" | "cm" | "mm" | "mi" | "ft" | "s")
}

/// The word that `%` stands for behind a number, so that `45%`, `45 percent` and `45 per cent` are the same.
fn percent_sign(text: &str, end: usize) -> Option<Word> {
    let is_number = text.get(..end)?.ends_with(|c: char| c.is_ascii_digit());
    let rest = text.get(end..)?;
    let start = end + rest.len() - rest.trim_start_matches([' ', '\u{A0}', '\u{202F}']).len();
    let has_sign = is_number && text.get(start..)?.starts_with('%');
    has_sign.then(|| percent(start..start + 1))
}

fn is_per_cent(text: &str, last: &Word, next: &Range<usize>) -> bool {
    let gap = text.get(last.bytes.end..next.start).unwrap_or_default();
    last.key == "per"
        && text.get(next.clone()).is_some_and(|word| word.eq_ignore_ascii_case("cent"))
        && !gap.is_empty()
        && gap.chars().all(char::is_whitespace)
}

fn percent(bytes: Range<usize>) -> Word {
    Word { key: "percent".to_owned(), short: None, bytes }
}

/// Whether only a bracket inside a word parts it from what stands before: `[t]he`, `prosecut[ed]`.
fn is_in_word(text: &str, end: usize, next: &Range<usize>) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    matches!(text.get(end..next.start), Some("[" | "]"))
        && is_letter(text.get(..end).and_then(|text| text.chars().next_back()))
        && is_letter(text.get(next.start..).and_then(|text| text.chars().next()))
}

/// Endings that brackets may add to a word without changing what it says.
const ENDINGS: [&str; 7] = ["s", "es", "d", "ed", "ing", "'s", "’s"];

fn bracketed(text: &str, bytes: Range<usize>) -> Word {
    let written = text.get(bytes.clone()).unwrap_or_default();
    let whole: String = written.chars().filter(|c| !matches!(c, '[' | ']')).collect();
    let short = written.split_once('[').filter(|(_, ending)| ENDINGS.contains(ending));
    Word { key: key(&whole), short: short.map(|(short, _)| key(short)), bytes }
}
