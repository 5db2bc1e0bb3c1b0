//! Stems: the frozen Snowball English stemmer and our exceptions to it.
//!
//! The stemmer is the crate `frostem` at an exact version; three vintages of Snowball "English" are
//! known to disagree, so a change of version changes the fingerprint and asks for a new index.

use frostem::{Algorithm, Stemmer};

/// Words that Snowball English (Porter 2) joins with unrelated ones, or leaves apart from their own
/// plural, and the terms they get instead. Each pair matters in reports on human rights: without
/// it, *internally* trafficked matches *international*, *minority* matches *minor*, *organ* matches
/// *organization*. Sorted.
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

/// Stems folded words.
pub struct Stems(Stemmer);

impl Stems {
    /// Appends the stem of a folded word to `out`.
    pub fn stem(&self, folded: &str, out: &mut String) {
        match EXCEPTIONS.binary_search_by_key(&folded, |&(word, _)| word) {
            Ok(found) => out.push_str(EXCEPTIONS[found].1),
            Err(_) => out.push_str(&self.0.stem(folded)),
        }
    }
}

impl Default for Stems {
    fn default() -> Stems {
        Stems(Stemmer::new(Algorithm::English))
    }
}
