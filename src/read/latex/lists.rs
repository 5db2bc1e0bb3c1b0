//! Numbered lists of LaTeX: their labels by depth, and what options change of them.

use std::ops::Range;

use super::{Reader, groups};
use crate::read::numbers::{Numerals, Ordered, Pattern};

/// Options that are longer (bytes) are not looked at.
const LONGEST_OPTION: usize = 200;

/// Lists inside so many others have no counters of their own.
const DEEPEST: usize = 100;

/// The counters of nested lists.
const COUNTERS: [&str; 4] = ["enumi", "enumii", "enumiii", "enumiv"];

/// What prints a counter.
const PRINTED: [(&str, Numerals); 5] = [
    ("\\arabic*", Numerals::Decimal),
    ("\\alph*", Numerals::LowerLetter),
    ("\\Alph*", Numerals::UpperLetter),
    ("\\roman*", Numerals::LowerRoman),
    ("\\Roman*", Numerals::UpperRoman),
];

/// A numbered list inside so many others, as the standard classes label its items.
pub fn usual(depth: usize) -> Ordered {
    let pattern = match depth {
        1 => Pattern::new("(", Numerals::LowerLetter, ")"),
        2 => Pattern::new("", Numerals::LowerRoman, "."),
        3 => Pattern::new("", Numerals::UpperLetter, "."),
        _ => Pattern::new("", Numerals::Decimal, "."),
    };
    Ordered::new(pattern, 1)
}

/// What the options of a list say: `[label=(\alph*), start=3]`, or `[(a)]` by its first label. `None`: its items have
/// no numbers.
fn with_options(list: Ordered, options: &str) -> Option<Ordered> {
    let is_counter = |c: &char| c.is_alphanumeric();
    if options.chars().filter(is_counter).count() == 1 && !options.contains(['=', '\\']) {
        let pattern = Pattern::like(options.trim());
        return Some(pattern.map_or(list.clone(), |pattern| Ordered { pattern, ..list }));
    }
    let mut list = Some(list);
    for option in split(options) {
        let Some((name, value)) = option.split_once('=') else { continue };
        match (name.trim(), &mut list) {
            ("label", list) => {
                let pattern = labelled(value);
                *list = list.take().zip(pattern).map(|(it, pattern)| Ordered { pattern, ..it });
            }
            ("start", Some(list)) => list.next = value.trim().parse().unwrap_or(list.next),
            _ => {}
        }
    }
    list
}

/// Options between commas that stand in no braces.
fn split(options: &str) -> Vec<&str> {
    let mut depth = 0i32;
    let parts = options.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth <= 0
    });
    parts.collect()
}

/// `\textbf{(\alph*)}` prints a letter in brackets.
fn labelled(value: &str) -> Option<Pattern> {
    let (at, (name, numerals)) =
        PRINTED.iter().find_map(|printed| Some((value.find(printed.0)?, printed)))?;
    let (before, after) = (&value[..at], &value[at + name.len()..]);
    Some(Pattern::new(plain(before).trim_start(), *numerals, plain(after).trim_end()))
}

/// A text without commands and braces.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => while chars.next_if(char::is_ascii_alphabetic).is_some() {},
            '{' | '}' | '$' => {}
            '~' => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

impl Reader<'_> {
    /// What the options that begin here change of the list that has begun.
    pub fn number_list(&mut self) {
        let options = self.groups.inside(self.at).filter(|_| self.byte(self.at) == Some(b'['));
        let Some(options) = options.filter(|options| options.len() <= LONGEST_OPTION) else {
            return;
        };
        let options = groups::window(self.source, options.start, options.len());
        if let Some(list) = self.environments.lists.last_mut() {
            *list = list.take().and_then(|list| with_options(list, options));
        }
    }

    /// The label of an item, for which its command stands, unless it has its own.
    pub fn label_item(&mut self, command: Range<usize>, has_own: bool) {
        if self.stream.is_taken() || self.stream.is_muted {
            return;
        }
        let depth = self.environments.lists.len();
        let list = self.environments.lists.last_mut().and_then(Option::as_mut);
        let label = list.filter(|_| !has_own).map(Ordered::count).unwrap_or_default();
        self.stream.sheet.builder.label(depth.max(1), &label, Some(command));
    }

    /// `\setcounter{enumi}{4}`, whose arguments begin here.
    pub fn set_counter(&mut self) {
        let (Some(name), Some(value)) = (self.argument(), self.argument()) else { return };
        let (name, value) = (&self.source[name], self.source[value].trim().parse::<i64>());
        let (Ok(value), Some(depth)) = (value, COUNTERS.iter().position(|known| *known == name))
        else {
            return;
        };
        let mut numbered = self.environments.lists.iter_mut().take(DEEPEST).flatten();
        if let Some(list) = numbered.nth(depth) {
            list.next = value.saturating_add(1);
        }
    }
}
