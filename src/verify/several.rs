//! A hint that names several sources (`Ghana, 2016; Mali, 2020`): where one ends and the next begins, so that no country of
//! one is taken with a year of another.

use std::ops::Range;

use super::sources::{OF_SOURCES, Sources, years};
use crate::analyze::{folded, word_ranges};
use crate::countries::without_possessive;
use crate::passage::id_number;

/// What of a longer hint stands behind so many bytes belongs to its last source.
const LONGEST: usize = 4096;

/// More sources are told as one: each is looked at by itself.
const MOST_SOURCES: usize = 16;

/// What of a hint tells which source it names.
#[derive(PartialEq)]
enum Sign<'s> {
    /// By what metadata calls it.
    Country(&'s [String]),
    Year,
    /// The name of a file, or the id of a passage.
    Name,
}

/// The words of a hint and what they tell.
struct Hint<'s> {
    text: &'s str,
    words: Vec<Range<usize>>,
    folded: Vec<String>,
    /// Each with its words, in order.
    signs: Vec<(Range<usize>, Sign<'s>)>,
}

/// What may part two sources before a word.
#[derive(Clone, Copy, PartialEq)]
enum Parting {
    /// `;`, `cited in`.
    Sure,
    /// A comma, a full stop, `and`: between what are sources by themselves.
    Perhaps,
}

impl Sources {
    /// The sources that a hint names, as bytes of it, in order; one where nothing parts it.
    pub fn parts(&self, hint: &str) -> Vec<Range<usize>> {
        let hint = self.read(hint);
        let mut parts = Vec::new();
        let mut start = 0;
        for at in 1..hint.words.len() {
            if parts.len() + 1 < MOST_SOURCES
                && let Some((parting, length)) = hint.parting(at)
                && hint.is_parted(start..at, at + length, parting)
            {
                parts.push(start..at);
                start = at + length;
            }
        }
        if parts.is_empty() {
            return std::iter::once(0..hint.text.len()).collect();
        }
        parts.push(start..hint.words.len());
        parts.into_iter().map(|words| hint.bytes(&words)).collect()
    }

    fn read<'s>(&'s self, text: &'s str) -> Hint<'s> {
        let start = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default();
        let words: Vec<Range<usize>> = word_ranges(start);
        let bare = |word: &Range<usize>| {
            let word = folded(text.get(word.clone()).unwrap_or_default());
            without_possessive(&word).to_owned()
        };
        let folded: Vec<String> = words.iter().map(bare).collect();
        let mut hint = Hint { text, words, folded, signs: Vec::new() };
        let names = self.names_in(start);
        let keys: Vec<String> = hint.folded.clone();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut at = 0;
        while let (Some(word), Some(&key)) = (hint.words.get(at), keys.get(at)) {
            let is_name = names.iter().any(|name| name.contains(&word.start));
            let country = self.countries.first(keys.get(at..).unwrap_or_default());
            let (length, sign) = match country {
                _ if is_name || id_number(key).is_some() => (1, Some(Sign::Name)),
                Some((names, length)) => (length.max(1), Some(Sign::Country(names))),
                None => (1, (!years(key).is_empty()).then_some(Sign::Year)),
            };
            hint.signs.extend(sign.map(|sign| (at..at + length, sign)));
            at += length;
        }
        hint
    }
}

impl Hint<'_> {
    /// What may part two sources before a word, and how many words say so themselves.
    fn parting(&self, at: usize) -> Option<(Parting, usize)> {
        let is_within = |(words, _): &(Range<usize>, Sign<'_>)| words.start < at && at < words.end;
        let place = self.signs.partition_point(|(words, _)| words.end <= at);
        if self.signs.get(place).is_some_and(is_within) {
            return None;
        }
        let key = |at: usize| self.folded.get(at).map(String::as_str).unwrap_or_default();
        let gap = self.gap(at);
        match (key(at), key(at + 1)) {
            ("cited" | "quoted", "in" | "by") => Some((Parting::Sure, 2)),
            ("and", _) if gap.contains(';') => Some((Parting::Sure, 1)),
            ("and", _) => Some((Parting::Perhaps, 1)),
            _ if gap.contains(';') => Some((Parting::Sure, 0)),
            _ if gap.contains([',', '.', '&']) => Some((Parting::Perhaps, 0)),
            _ => None,
        }
    }

    /// Whether a source ends with some words, and another begins at a word.
    fn is_parted(&self, before: Range<usize>, next: usize, parting: Parting) -> bool {
        // To look for it at each comma would take the square of the time.
        let end = || {
            let is_end = |&at: &usize| matches!(self.parting(at), Some((Parting::Sure, _)));
            (next + 1..self.words.len()).find(is_end).unwrap_or(self.words.len())
        };
        match parting {
            Parting::Sure => {
                let after = next..end();
                self.names(&before) && self.names(&after) && !self.is_one(&before, &after)
            }
            Parting::Perhaps => self.is_whole(&before) && self.begins(next..end(), &before),
        }
    }

    fn signs(&self, words: &Range<usize>) -> &[(Range<usize>, Sign<'_>)] {
        let first = self.signs.partition_point(|(sign, _)| sign.start < words.start);
        let end = self.signs.partition_point(|(sign, _)| sign.start < words.end);
        self.signs.get(first..end.max(first)).unwrap_or_default()
    }

    /// Whether some words may name a source by themselves: a year does only with a name beside it.
    fn names(&self, words: &Range<usize>) -> bool {
        let signs = self.signs(words);
        let is_name =
            |key: &String| key.contains(char::is_alphabetic) && !OF_SOURCES.contains(&key.as_str());
        let has_name = || self.folded.get(words.clone()).unwrap_or_default().iter().any(is_name);
        signs.iter().any(|(_, sign)| *sign != Sign::Year) || !signs.is_empty() && has_name()
    }

    /// Whether what stands before a semicolon has the country of a source, and what stands behind it the year: `Ghana; U.S.
    /// Department of State, 2016`.
    fn is_one(&self, before: &Range<usize>, after: &Range<usize>) -> bool {
        let (own, signs) = (self.signs(before), self.signs(after));
        let is_year = |sign: &(Range<usize>, Sign<'_>)| sign.1 == Sign::Year;
        let is_country = |sign: &(Range<usize>, Sign<'_>)| matches!(sign.1, Sign::Country(_));
        !own.is_empty()
            && own.iter().all(is_country)
            && !signs.is_empty()
            && signs.iter().all(is_year)
    }

    /// Whether some words name a file, or a country and a year.
    fn is_whole(&self, words: &Range<usize>) -> bool {
        let mut signs = self.signs(words).iter().map(|(_, sign)| sign);
        let has_year = signs.clone().any(|sign| *sign == Sign::Year);
        let has_country = signs.clone().any(|sign| matches!(sign, Sign::Country(_)));
        has_year && has_country || signs.any(|sign| *sign == Sign::Name)
    }

    /// Whether words begin with another country than those before and have its year, in the order that those have: `Ghana
    /// 2016 and Mali 2020`, `the 2016 report on Ghana and the 2020 report on Mali`; or with the name of a file.
    fn begins(&self, words: Range<usize>, before: &Range<usize>) -> bool {
        let (own, signs) = (self.signs(before), self.signs(&words));
        let is_new = |sign: &Sign<'_>| {
            matches!(sign, Sign::Country(_)) && own.iter().all(|(_, other)| other != sign)
        };
        let has_year = signs.iter().any(|(_, sign)| *sign == Sign::Year);
        let is_year_first = matches!(own.first(), Some((_, Sign::Year)));
        match (signs.first(), signs.get(1)) {
            (Some((_, Sign::Name)), _) => !own.iter().any(|(_, sign)| *sign == Sign::Name),
            (Some((_, Sign::Year)), Some((_, next))) => is_year_first && is_new(next),
            (Some((_, first)), _) => is_new(first) && has_year && !is_year_first,
            _ => false,
        }
    }

    /// What stands before a word, behind the one before it.
    fn gap(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.words.get(before));
        let end = self.words.get(at).map_or(self.text.len(), |word| word.start);
        self.text.get(start.map_or(0, |word| word.end)..end).unwrap_or_default()
    }

    /// The bytes of some words, with the brackets around them; for the last ones, to the end of the text.
    fn bytes(&self, words: &Range<usize>) -> Range<usize> {
        let start = match words.start {
            0 => 0,
            at => self.words.get(at).map_or(self.text.len(), |word| word.start),
        };
        let end = match self.words.get(words.end) {
            Some(_) => words.end.checked_sub(1).and_then(|last| self.words.get(last)),
            None => None,
        };
        let Some(end) = end.map(|word| word.end) else { return start..self.text.len() };
        let gap = self.gap(words.end);
        let closing = gap.len() - gap.trim_start_matches([')', ']', '”', '"', '*']).len();
        start..end + closing
    }
}
