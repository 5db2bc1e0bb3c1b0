//! Wildcards and regular expressions: how they are recognized in a query, and which words they mean.

use regex::{Regex, RegexBuilder};

use crate::analyze;

/// A pattern takes no more memory than this when it is built, nor when it is matched, bytes.
const MOST_MEMORY: usize = 1 << 20;

/// How deep brackets may nest in a regular expression.
const DEEPEST: u32 = 32;

/// Which words a pattern means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Words that begin so; folded.
    Prefix(String),
    /// Words with any letters at `*` and any one letter at `?`; folded otherwise.
    Wildcard(String),
    /// Words that fit a regular expression from end to end, whatever their case.
    Regex(String),
    /// Words within an edit distance of a word: a letter more, less or other, or two neighbours swapped, counts one.
    Fuzzy {
        /// The word, folded.
        word: String,
        /// Its stem, where words count too whose stem is so near: `policies` is not near to `police`, though their
        /// stems are, so that this is for guesses only.
        term: Option<String>,
        /// The distance.
        distance: u8,
    },
}

impl Pattern {
    /// What stands between two blanks, where it is a wildcard: letters and digits, two at least, with `*` or `?`
    /// anywhere.
    pub fn wildcard(chunk: &str) -> Option<Pattern> {
        if wild_letters(chunk)? < 2 {
            return None;
        }
        if let Some(start) = chunk.strip_suffix('*').filter(|start| !start.contains(is_wild)) {
            return Some(Pattern::Prefix(analyze::folded(start)));
        }
        let mut folded = String::new();
        for piece in chunk.split_inclusive(is_wild) {
            let letters = piece.trim_end_matches(is_wild);
            folded.push_str(&analyze::folded(letters));
            folded.push_str(&piece[letters.len()..]);
        }
        Some(Pattern::Wildcard(folded))
    }

    /// The parts of `word~`, `word~2`: the distance is 1 up to seven letters and 2 from eight on, unless
    /// given. One that is too large is `None`.
    pub fn fuzzy(chunk: &str) -> Option<(&str, Option<u8>)> {
        let (word, distance) = chunk.rsplit_once('~')?;
        let length = word.chars().count();
        let is_word = length >= 3 && word.chars().all(char::is_alphabetic);
        let is_number = distance.chars().all(|c| c.is_ascii_digit());
        if !is_word || !is_number {
            return None;
        }
        let distance = match distance {
            "" => Some(1 + u8::from(length >= 8)),
            number => number.parse().ok().filter(|distance| *distance <= 2),
        };
        Some((word, distance))
    }

    /// The letters that every such word begins with.
    pub fn beginning(&self) -> &str {
        match self {
            Pattern::Prefix(start) => start,
            Pattern::Wildcard(text) => text.split(['*', '?']).next().unwrap_or_default(),
            Pattern::Regex(_) | Pattern::Fuzzy { .. } => "",
        }
    }

    /// Tells the words that are meant, folded; `None` for near spellings, which are about stems.
    ///
    /// # Errors
    /// Why it is no regular expression, or that it is too large.
    pub fn matcher(&self) -> Result<Option<Regex>, String> {
        let regex = match self {
            Pattern::Prefix(start) => format!("{}.*", regex::escape(start)),
            Pattern::Wildcard(text) => {
                let letter = |c: char| match c {
                    '*' => ".*".to_owned(),
                    '?' => ".".to_owned(),
                    c => regex::escape(&c.to_string()),
                };
                text.chars().map(letter).collect()
            }
            Pattern::Regex(text) => text.clone(),
            Pattern::Fuzzy { .. } => return Ok(None),
        };
        let build = |regex: &str| {
            RegexBuilder::new(regex)
                .case_insensitive(true)
                .size_limit(MOST_MEMORY)
                .dfa_size_limit(MOST_MEMORY)
                .nest_limit(DEEPEST)
                .build()
        };
        let alone = match self {
            // `a)|(b` would become something else between the brackets.
            Pattern::Regex(text) => build(text).map(|_| ()),
            _ => Ok(()),
        };
        let built = alone.and_then(|()| build(&format!("^(?:{regex})$")));
        built.map(Some).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
            // The last line says what is wrong; those before it show where, in a line of their own.
            other => {
                let message = other.to_string();
                let last = message.lines().last().unwrap_or_default();
                last.trim_start_matches("error: ").to_owned()
            }
        })
    }
}

pub fn is_wild(c: char) -> bool {
    matches!(c, '*' | '?')
}

/// How many letters and digits a wildcard has beside its signs; `None` for what is none.
fn wild_letters(chunk: &str) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let is_pattern = chunk.contains(is_wild) && chunk.chars().all(|c| is_wild(c) || is_word(c));
    is_pattern.then(|| chunk.chars().filter(|c| c.is_alphanumeric()).count())
}

/// What is said of a phrase with a `*` that stands for a whole word.
pub fn any_word(phrase: &str) -> Option<String> {
    let is_alone = |chunk: &&str| matches!(*chunk, "*" | "?");
    let sign = phrase.split_whitespace().find(is_alone)?;
    let gaps = phrase.split_whitespace().filter(is_alone).count();
    let words: Vec<&str> = phrase.split_whitespace().filter(|chunk| !is_alone(chunk)).collect();
    let told = format!("a `{sign}` by itself stands for no word of a phrase");
    Some(match words.len() {
        0 | 1 => told,
        _ => format!("{told}; `\"{}\"~{gaps}` allows for words between", words.join(" ")),
    })
}

/// What is said of a sign that makes no pattern of what it stands in: a pattern of one letter would stand for a good part
/// of all words.
pub fn no_pattern(chunk: &str) -> Option<String> {
    if wild_letters(chunk) == Some(1) {
        let letter = chunk.chars().find(|c| c.is_alphabetic())?;
        return Some(format!(
            "`{chunk}` is taken as the word `{letter}`: a pattern has two letters at least"
        ));
    }
    if chunk.len() > 1 && chunk.chars().all(is_wild) {
        return Some(format!("`{chunk}` is left out: a pattern has two letters at least"));
    }
    let sign = chunk.chars().find(|c| is_wild(*c))?;
    let is_told = sign == '*' || chunk.starts_with('?') || chunk.ends_with('?');
    (is_told && chunk.contains(char::is_alphabetic)).then(|| {
        format!(
            "the `{sign}` of `{chunk}` is left out: a pattern is one word, two letters at least"
        )
    })
}
