//! Words divided at the end of a line: joined where the hyphen was put there for the line only.

use std::collections::HashSet;

use super::blocks::FlowLine;

/// The words of a document, in lower case, hyphens inside them kept.
pub struct Vocabulary(HashSet<String>);

impl Vocabulary {
    /// Collects the words that stand whole on a line.
    pub fn of(flow: &[FlowLine]) -> Vocabulary {
        let mut words = HashSet::new();
        for line in flow {
            let all = line.line.words.len();
            for (index, word) in line.line.words.iter().enumerate() {
                let is_divided = index + 1 == all && ends_divided(&word.text);
                if !is_divided {
                    words.insert(bare(&word.text));
                }
            }
        }
        Vocabulary(words)
    }

    /// What stands between a line and the next in one paragraph: whether the last letter of the line,
    /// a hyphen, goes, and whether a blank comes.
    pub fn seam(&self, line: &str, next: &str) -> Seam {
        if line.ends_with('\u{ad}') {
            return Seam::Joined;
        }
        let is_small = next.chars().next().is_some_and(char::is_lowercase);
        if !ends_divided(line) {
            return Seam::Blank;
        }
        if !is_small {
            return Seam::Kept;
        }
        let first = line.rsplit(char::is_whitespace).next().unwrap_or_default();
        let first = first.trim_end_matches(is_hyphen);
        let second = next.split(char::is_whitespace).next().unwrap_or_default();
        let has = |word: String| self.0.contains(&word);
        let (a, b) = (bare(first), bare(second));
        if has(format!("{a}{b}")) {
            return Seam::Joined;
        }
        // `victim-offender`: written so elsewhere, or made of words that stand for themselves.
        let is_compound = has(format!("{a}-{b}")) || has(a) && has(b) || first.contains(is_hyphen);
        if is_compound { Seam::Kept } else { Seam::Joined }
    }
}

/// How two lines of a paragraph follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    /// With a blank between them.
    Blank,
    /// The hyphen at the end of the first stays, and nothing comes between.
    Kept,
    /// The hyphen goes.
    Joined,
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{ad}')
}

/// Whether a line ends within a word: in a hyphen right after a letter.
fn ends_divided(text: &str) -> bool {
    let mut letters = text.chars().rev();
    letters.next().is_some_and(is_hyphen) && letters.next().is_some_and(char::is_alphabetic)
}

/// A word as it is looked up.
fn bare(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.chars().map(|c| if is_hyphen(c) { '-' } else { c }).flat_map(char::to_lowercase).collect()
}
