//! What stands between two blanks of a query: which of its tokens are a word, and which together a phrase.

use std::ops::Range;

use crate::analyze::{Analyzer, Token, is_invisible, is_unspaced};

/// What stands between the blanks of a quotation; of `anti-traffick*,` the word and the pattern.
pub fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|chunk| {
        let is_wild = chunk.contains(['*', '?']);
        let parts = chunk.split(move |c| is_wild && is_hyphen(c));
        parts.map(move |part| if is_wild { without_marks(part) } else { part })
    })
}

/// What ends a sentence is no part of a pattern. Of question marks only those are left that stand for letters.
pub fn without_marks(chunk: &str) -> &str {
    chunk.trim_end_matches([',', ';', ':', '.', '!'])
}

pub fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」')
}

pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// The longest words that are written in ideographs, in characters; what is longer between two blanks is a sentence.
const LONGEST_WORD: usize = 4;

/// The same of letters of scripts that leave no blanks between words: two or three words of Thai.
const LONGEST_WORDS: usize = 24;

/// A sentence of such letters is looked for in pieces of so many, each so many letters behind the one before it: pieces of words
/// find what no dictionary parts (McNamee and Mayfield 2004, "Character n-gram tokenization for European language text
/// retrieval").
const PIECE: (usize, usize) = (5, 2);

/// Whether the characters between two blanks, each of which is a term, are a word.
pub fn is_one_word(chunk: &str, terms: usize) -> bool {
    (2..=LONGEST_WORD).contains(&terms) && chunk.chars().all(is_ideograph)
        || (2..=LONGEST_WORDS).contains(&terms) && is_row(chunk)
}

/// The pieces of a sentence without blanks; `None` for what is none.
pub fn sentence_pieces(chunk: &str, tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    let is_sentence = tokens.len() > LONGEST_WORDS && is_row(chunk);
    let last = tokens.windows(PIECE.0).last();
    let pieces = || tokens.windows(PIECE.0).step_by(PIECE.1).chain(last).map(<[Token]>::to_vec);
    is_sentence.then(|| pieces().collect())
}

/// Whether a chunk is nothing but letters of scripts without blanks, whatever invisible characters say where it may be broken.
fn is_row(chunk: &str) -> bool {
    chunk.chars().all(|c| is_unspaced(c) || is_invisible(c))
}

pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309F}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// One token for each position: the joined form of a legal reference gives way to its parts.
pub fn single_file(tokens: Vec<Token>) -> Vec<Token> {
    let mut parts: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match parts.last_mut() {
            Some(last) if last.position == token.position => *last = token,
            _ => parts.push(token),
        }
    }
    parts
}

/// What joins numbers and single letters.
const JOINTS: &str = "-‐‑.'’()&_§";

/// What joins words too, where a chunk is meant as a whole. A comma parts them: a blank is missing there.
const JOINTS_OF_WORDS: &str = "-‐‑–/@.'’()&_§";

/// Groups the tokens of a chunk into words and phrases. A legal reference is one word. Numbers and
/// single letters joined by punctuation (`F-16`, `5-14`) are a phrase; other words joined by a
/// hyphen or a slash are a phrase only where the chunk is meant as a whole.
pub fn groups(chunk: &str, tokens: Vec<Token>, whole: bool) -> Vec<Vec<Token>> {
    let mut groups: Vec<Vec<Token>> = Vec::new();
    let mut covered = 0;
    for token in tokens {
        if token.bytes.start < covered && token.bytes.end <= covered {
            continue; // a part of the legal reference before it
        }
        let is_reference = chunk[token.bytes.clone()].ends_with(')');
        let joins = groups.last().and_then(|group| group.last()).is_some_and(|last| {
            let between = &chunk[last.bytes.end..token.bytes.start];
            let short = |token: &Token| {
                token.bytes.len() == 1
                    || chunk[token.bytes.clone()].contains(|c: char| c.is_numeric())
            };
            let are_all = |joints: &str| between.chars().all(|c| joints.contains(c));
            let is_joint = whole && are_all(JOINTS_OF_WORDS)
                || (short(last) || short(&token)) && are_all(JOINTS);
            is_joint && !is_reference
        });
        covered = token.bytes.end;
        match groups.last_mut() {
            Some(group) if joins => group.push(token),
            _ => groups.push(vec![token]),
        }
    }
    groups
}

/// Whether a phrase is one without quotes: in prose, or, `whole`, beside operators.
pub fn is_one_phrase(written: &str, whole: bool) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || JOINTS_OF_WORDS.contains(c);
    let is_operator = || written.starts_with("NEAR/") || written.starts_with("PRE/");
    written.starts_with(char::is_alphanumeric)
        && written.chars().all(is_plain)
        && is_balanced(written)
        && !is_operator()
        && {
            let tokens = Analyzer::default().tokens(written);
            let whole = whole || is_one_word(written, tokens.len());
            groups(written, tokens, whole).len() == 1
        }
}

/// Whether every bracket of a text has its other.
fn is_balanced(text: &str) -> bool {
    lonely_brackets(text) == (0, 0)
}

/// How many brackets of a text close what is not open, and how many stay open.
fn lonely_brackets(text: &str) -> (usize, usize) {
    text.chars().fold((0, 0), |(closing, open), c| match (c, open) {
        ('(', _) => (closing, open + 1),
        (')', 0) => (closing + 1, 0),
        (')', _) => (closing, open - 1),
        _ => (closing, open),
    })
}

/// A part of a text with the brackets beside it whose others it has: `Article 3(d)`.
pub fn with_brackets(text: &str, part: Range<usize>) -> &str {
    let (closing, open) = lonely_brackets(&text[part.clone()]);
    let behind = text[part.end..].bytes().take(open).take_while(|byte| *byte == b')').count();
    let before = text[..part.start].bytes().rev().take(closing).take_while(|byte| *byte == b'(');
    &text[part.start - before.count()..part.end + behind]
}
