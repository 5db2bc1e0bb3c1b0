//! Stems: the frozen Snowball stemmers of the languages that a word's script tells, and our exceptions to the English one.
//!
//! What is written in Latin letters is taken for English: a query of two words does not say in which language it is, and
//! its words must have the stems that they have in the index. The stemmers are the crate `frostem` at an exact version;
//! three vintages of Snowball "English" are known to disagree, so a change of version changes the fingerprint and asks for
//! a new index.

use frostem::{Algorithm, Stemmer};

/// Words that Snowball English (Porter 2) joins with unrelated ones, or leaves apart from their own
/// plural, and the terms they get instead. Each pair matters in reports on human rights: without
/// it, *internally* trafficked matches *international*, *minority* matches *minor*, *organ* matches
/// *organization*, the *informal* economy every *information*, *miners* every *mineral*, *execution* the *executive*, and
/// officials who were *complicit* do not match *complicity*. Sorted.
const EXCEPTIONS: [(&str, &str); 91] = [
    ("accession", "accession"),
    ("allowance", "allowance"),
    ("allowances", "allowance"),
    ("arms", "arms"),
    ("authorities", "authority"),
    ("authority", "authority"),
    ("children", "child"),
    ("collective", "collective"),
    ("collectively", "collective"),
    ("collectives", "collective"),
    ("combatant", "combatant"),
    ("combatants", "combatant"),
    ("complicit", "complicit"),
    ("complicity", "complicit"),
    ("constitution", "constitution"),
    ("constitutional", "constitution"),
    ("constitutionally", "constitution"),
    ("constitutions", "constitution"),
    ("corporal", "corporal"),
    ("customer", "customer"),
    ("customers", "customer"),
    ("customs", "customs"),
    ("department", "department"),
    ("departments", "department"),
    ("designate", "designate"),
    ("designated", "designate"),
    ("designates", "designate"),
    ("designating", "designate"),
    ("designation", "designate"),
    ("designations", "designate"),
    ("directive", "directive"),
    ("directives", "directive"),
    ("executive", "executive"),
    ("executives", "executive"),
    ("experiment", "experiment"),
    ("experiments", "experiment"),
    ("feet", "foot"),
    ("hospitality", "hospitality"),
    ("importance", "important"),
    ("important", "important"),
    ("importantly", "important"),
    ("informal", "informal"),
    ("informality", "informal"),
    ("informally", "informal"),
    ("integrity", "integrity"),
    ("internal", "internal"),
    ("internally", "internal"),
    ("international", "international"),
    ("internationally", "international"),
    ("lawful", "lawful"),
    ("lawfully", "lawful"),
    ("men", "man"),
    ("mineral", "mineral"),
    ("minerals", "mineral"),
    ("minorities", "minority"),
    ("minority", "minority"),
    ("mobile", "mobile"),
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
    ("positive", "positive"),
    ("positively", "positive"),
    ("publication", "publication"),
    ("publications", "publication"),
    ("relative", "relative"),
    ("relatives", "relative"),
    ("respective", "respective"),
    ("respectively", "respective"),
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
pub struct Stems {
    english: Stemmer,
    russian: Stemmer,
    arabic: Stemmer,
    greek: Stemmer,
    armenian: Stemmer,
    hindi: Stemmer,
    tamil: Stemmer,
}

impl Stems {
    /// Appends the stem of a folded word to `out`.
    pub fn stem(&self, folded: &str, out: &mut String) {
        match EXCEPTIONS.binary_search_by_key(&folded, |&(word, _)| word) {
            Ok(found) => out.push_str(EXCEPTIONS[found].1),
            Err(_) => match verb(folded) {
                Some(verb) => out.push_str(&self.english.stem(&verb)),
                None => match folded.chars().next() {
                    Some('\u{400}'..='\u{52F}') => {
                        out.push_str(&without_fleeting(&self.russian.stem(folded)));
                    }
                    Some('\u{600}'..='\u{6FF}') => out.push_str(&self.arabic(folded)),
                    _ => out.push_str(&self.of(folded).stem(folded)),
                },
            },
        }
    }

    /// The stem of an Arabic word. One with an article or a conjunction loses these only, and the word alone loses its ending: what
    /// is left is stemmed again until nothing more goes.
    fn arabic(&self, folded: &str) -> String {
        let mut stem = self.arabic.stem(without_conjunction(folded)).into_owned();
        for _ in 0..MOST_AFFIXES {
            let next = self.arabic.stem(&stem).into_owned();
            if next == stem {
                break;
            }
            stem = next;
        }
        stem
    }

    /// The stemmer of a word, by the script of its first letter. Of the languages of a script it is the one most written
    /// in reports: an ending that Russian has is taken from Ukrainian words too, in the index and in a query alike.
    fn of(&self, folded: &str) -> &Stemmer {
        match folded.chars().next() {
            Some('\u{370}'..='\u{3FF}') => &self.greek,
            Some('\u{530}'..='\u{58F}') => &self.armenian,
            Some('\u{900}'..='\u{97F}') => &self.hindi,
            Some('\u{B80}'..='\u{BFF}') => &self.tamil,
            _ => &self.english,
        }
    }
}

/// An Arabic word has so many affixes one round another, at most.
const MOST_AFFIXES: usize = 4;

/// With a conjunction and an article an Arabic word has so many letters at least.
const FEWEST_WITH_ARTICLE: usize = 6;

/// What may follow a conjunction: articles, alone and behind a preposition.
const ARTICLES: [&str; 4] = ["ال", "بال", "كال", "لل"];

/// A father, a mother and parents begin as an article behind a conjunction.
const PARENT: &str = "والد";
const OF_PARENTS: [&str; 10] = ["ة", "ه", "ي", "ين", "يه", "يها", "يهم", "ان", "اه", "اها"];

/// An Arabic word without *and* or *so* before its article, which the stemmer leaves there: `والنساء`.
fn without_conjunction(folded: &str) -> &str {
    let is_parent = folded.strip_prefix(PARENT).is_some_and(|end| OF_PARENTS.contains(&end));
    let rest = folded
        .strip_prefix(['و', 'ف'])
        .filter(|rest| ARTICLES.iter().any(|article| rest.starts_with(article)) && !is_parent);
    rest.filter(|rest| rest.chars().count() >= FEWEST_WITH_ARTICLE - 1).unwrap_or(folded)
}

/// Shorter Russian stems (letters) keep their vowels: `срок` is no `срк`.
const SHORTEST_FLEETING: usize = 5;

/// A Russian stem without the vowel that stands in some of a word's forms: `беженец` and `беженцы`, `ребенок` and `ребенка`,
/// `девочек` and `девочки`. Stems that have it in all forms lose it in all.
fn without_fleeting(stem: &str) -> String {
    let letters: Vec<char> = stem.chars().collect();
    let is_consonant = |c: &char| !"аеёиоуыэюяйь".contains(*c);
    match letters.as_slice() {
        [head @ .., before, 'е' | 'о', last @ ('к' | 'ц')]
            if head.len() + 3 >= SHORTEST_FLEETING && is_consonant(before) =>
        {
            head.iter().chain([before, last]).collect()
        }
        _ => stem.to_owned(),
    }
}

/// The verb that a word in `-ification` is made of, whose stem is otherwise another: `ratification` and `ratify`.
fn verb(folded: &str) -> Option<String> {
    let beginning = folded.strip_suffix('s').unwrap_or(folded).strip_suffix("ification")?;
    (!beginning.is_empty()).then(|| format!("{beginning}ify"))
}

impl Default for Stems {
    fn default() -> Stems {
        Stems {
            english: Stemmer::new(Algorithm::English),
            russian: Stemmer::new(Algorithm::Russian),
            arabic: Stemmer::new(Algorithm::Arabic),
            greek: Stemmer::new(Algorithm::Greek),
            armenian: Stemmer::new(Algorithm::Armenian),
            hindi: Stemmer::new(Algorithm::Hindi),
            tamil: Stemmer::new(Algorithm::Tamil),
        }
    }
}
