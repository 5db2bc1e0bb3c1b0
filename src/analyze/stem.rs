//! Stems: the frozen Snowball English stemmer, our exceptions to it, and a cache.
//!
//! The stemmer is the crate `frostem` at an exact version; three vintages of Snowball "English" are
//! known to disagree, so a change of version changes the fingerprint and asks for a new index.

use std::fmt;

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

/// Words that Snowball English (Porter 2) joins with unrelated ones, or leaves apart from their own
/// plural, and the terms they get instead. Each pair matters in reports on human rights: without
/// it, *internally* trafficked matches *international*, *minority* matches *minor*, *organ* matches
/// *organization*.
const EXCEPTIONS: [(&str, &str); 47] = [
    ("authorities", "authority"),
    ("authority", "authority"),
    ("children", "child"),
    ("corporal", "corporal"),
    ("department", "department"),
    ("departments", "department"),
    ("experiment", "experiment"),
    ("experiments", "experiment"),
    ("feet", "foot"),
    ("importance", "important"),
    ("important", "important"),
    ("importantly", "important"),
    ("internal", "internal"),
    ("internally", "internal"),
    ("international", "international"),
    ("internationally", "international"),
    ("men", "man"),
    ("minorities", "minority"),
    ("minority", "minority"),
    ("nationalities", "nationality"),
    ("nationality", "nationality"),
    ("officer", "officer"),
    ("officers", "officer"),
    ("organisation", "organiz"),
    ("organisational", "organiz"),
    ("organisations", "organiz"),
    ("organise", "organiz"),
    ("organised", "organiz"),
    ("organises", "organiz"),
    ("organising", "organiz"),
    ("organization", "organiz"),
    ("organizational", "organiz"),
    ("organizations", "organiz"),
    ("personal", "personal"),
    ("personally", "personal"),
    ("publication", "publication"),
    ("publications", "publication"),
    ("several", "several"),
    ("teeth", "tooth"),
    ("u.s", "u.s"),
    ("universal", "universal"),
    ("universally", "universal"),
    ("universe", "universe"),
    ("universities", "university"),
    ("university", "university"),
    ("wives", "wife"),
    ("women", "woman"),
];

/// The cache is dropped when it holds this many words: enough for the working vocabulary of a
/// shelf, a bound on memory (about 3 MB) where a hostile text never repeats itself.
const CACHED_WORDS: usize = 40_000;

/// Stems words and remembers the stems.
pub struct Stems {
    stemmer: Stemmer,
    exceptions: FxHashMap<&'static str, &'static str>,
    /// Word as it stood in the text, to the span of its term in `terms`.
    spans: FxHashMap<Box<str>, (u32, u32)>,
    terms: String,
}

impl Stems {
    /// Where the term of a word, given as it stood in the text, is kept; `None` when it is not known.
    pub fn find(&self, word: &str) -> Option<(u32, u32)> {
        self.spans.get(word).copied()
    }

    /// The term at a span that [`Stems::find`] gave.
    pub fn get(&self, span: (u32, u32)) -> &str {
        self.terms.get(span.0 as usize..span.1 as usize).unwrap_or_default()
    }

    /// Stems a folded word and remembers it under the word as it stood in the text.
    pub fn insert(&mut self, word: &str, folded: &str) -> &str {
        if self.spans.len() >= CACHED_WORDS {
            self.spans.clear();
            self.terms.clear();
        }
        let start = self.terms.len() as u32;
        match self.exceptions.get(folded) {
            Some(term) => self.terms.push_str(term),
            None => self.terms.push_str(&self.stemmer.stem(folded)),
        }
        let span = (start, self.terms.len() as u32);
        self.spans.insert(word.into(), span);
        self.get(span)
    }
}

impl Default for Stems {
    fn default() -> Stems {
        Stems {
            stemmer: Stemmer::new(Algorithm::English),
            exceptions: EXCEPTIONS.into_iter().collect(),
            spans: FxHashMap::default(),
            terms: String::new(),
        }
    }
}

impl Clone for Stems {
    /// A clone begins with an empty cache.
    fn clone(&self) -> Stems {
        Stems::default()
    }
}

impl fmt::Debug for Stems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stems").field("cached", &self.spans.len()).finish()
    }
}
