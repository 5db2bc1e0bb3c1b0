//! What was asked: text parsed and analyzed once into clauses and filters.
//!
//! Plain words are prose: every content word may match, and passages are ranked. Quotes, `AND`, `OR`, `NOT`, `+`, `-`, `!`,
//! brackets, `field:value`, `NEAR/5` and `PRE/5`, `"..."~5`, `*` and `?` in words, `word~1`, `/regex/` and `^2` are
//! understood where they are meant; stray punctuation is never an error.
//!
//! ```
//! use tipsearch::query::{Fields, Query};
//! let query = Query::parse(r#"police AND "border guards" year:2007..2010"#, &Fields::default())?;
//! assert_eq!(query.to_string(), r#"police AND ("border guards" AND year:2007..2010)"#);
//! # Ok::<(), tipsearch::error::Error>(())
//! ```

mod broad;
mod chunk;
mod expand;
mod fields;
mod inflected;
mod joined;
mod lex;
mod meant;
pub mod near;
mod operand;
mod parse;
mod pattern;
mod print;
mod question;
mod restrict;
mod sequence;
mod spelled;
mod synonyms;
mod thesaurus;

pub use broad::WordForms;
pub(crate) use chunk::with_brackets;
pub use expand::{Expansion, ExpansionSource, Vocabulary};
pub use fields::{Fields, Filter, FilterValue, Named, edit_distance, fold_value};
pub use parse::{LONGEST_QUERY, MOST_CLAUSES};
pub use pattern::Pattern;
pub use thesaurus::{LARGEST_THESAURUS, Thesaurus};

use crate::meaning::Vector;
use crate::rank::{Deadline, FEWEST_MEANT_WORDS};

/// A query, parsed and analyzed.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// As it was typed.
    pub text: String,
    /// What passages must or may hold, and are scored by.
    pub clause: Clause,
    /// Every content word asked for, in order, for naming those that a passage lacks.
    pub words: Vec<AskedWord>,
    /// What was added or replaced by [`Query::expand`].
    pub expansions: Vec<Expansion>,
    /// Words must match as written, without stemming.
    pub literal: bool,
    /// Whether a word that is nowhere in an index is taken for its nearest spelling there.
    pub corrects: bool,
    /// Whether it has operators; without them it is prose.
    pub has_operators: bool,
    /// Whether it is words as one says them: no operators, wildcards or weights. Fields restrict it, and a name may be
    /// in quotes; where most of it is, it is not plain.
    pub is_plain: bool,
    /// What looks like syntax and is none here: said with the answer, lest it pass for understood.
    pub notes: Vec<String>,
    /// What prose means, where passages are ranked by that too.
    pub meaning: Option<Vector>,
    /// The prose whose meaning an encoder may be asked for, where the index has one; `None` for what is to be like a passage.
    pub prose: Option<String>,
    /// What of the metadata of reports prose names: passages of these count more. At most one of a field.
    pub named: Vec<Named>,
    /// Until when passages are looked for.
    pub until: Deadline,
}

impl Query {
    /// What a clause asks for, without a text that it was typed as.
    pub fn of(clause: Clause) -> Query {
        Query {
            text: String::new(),
            clause,
            words: Vec::new(),
            expansions: Vec::new(),
            literal: false,
            corrects: true,
            has_operators: true,
            is_plain: false,
            notes: Vec::new(),
            meaning: None,
            prose: None,
            named: Vec::new(),
            until: Deadline::default(),
        }
    }

    /// The same without a deadline.
    pub fn unhurried(&self) -> Query {
        Query { until: Deadline::default(), ..self.clone() }
    }

    /// Whether it is words enough, as one says them, to mean something beside what each of them says.
    pub fn may_mean(&self) -> bool {
        self.is_plain && !self.literal && self.words.len() >= FEWEST_MEANT_WORDS
    }

    /// Whether the index, which holds stems and no positions in headings, finds more than the query
    /// means, so that passages have to be looked at: words as written, prefixes, phrases in headings.
    pub fn needs_a_look(&self) -> bool {
        let mut needs = false;
        self.clause.visit(&mut |clause| {
            needs |= match clause {
                Clause::Word(_) => self.literal,
                Clause::Pattern(pattern) => self.literal || !pattern.has_forms,
                Clause::Phrase(phrase) => self.literal || phrase.field != TextField::Main,
                Clause::Near(near) => self.literal || near.field != TextField::Main,
                // tantivy 0.27 cannot exclude a phrase: its scorer is asked to go backwards.
                Clause::Boolean { not, .. } => not.iter().any(Clause::has_phrase),
                _ => false,
            };
        });
        needs
    }

    /// The words asked for that are nowhere in the index, as typed, each once; known after [`Query::expand`]. Of a word
    /// that is asked of titles or headings only these are known.
    pub fn unknown(&self) -> Vec<String> {
        let mut unknown: Vec<String> = Vec::new();
        let of_texts = self.words.iter().filter(|word| word.field == TextField::Main);
        for word in of_texts.filter(|word| !word.is_known) {
            if !unknown.contains(&word.written) {
                unknown.push(word.written.clone());
            }
        }
        unknown
    }

    /// Whether the query is about sources: a word for them is in it, or it looks into headings or roles.
    pub fn names_references(&self) -> bool {
        let is_named = |word: &AskedWord| SOURCES.contains(&word.written.to_lowercase().as_str());
        let mut names = self.words.iter().any(is_named);
        self.clause.visit_positive(&mut |leaf| {
            names |= match leaf {
                Clause::Filter(filter) => filter.field == "role",
                leaf => leaf.field() == Some(TextField::Heading),
            };
        });
        names
    }
}

/// What sources are called.
const SOURCES: [&str; 11] = [
    "bibliography",
    "citation",
    "citations",
    "endnote",
    "endnotes",
    "footnote",
    "footnotes",
    "reference",
    "references",
    "source",
    "sources",
];

/// A part of a query. Leaves carry the number of the clause, counted from 0 in the order typed; the
/// forms that expansion adds to a leaf share its number.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    /// Every passage (`*`).
    Everything,
    /// One word.
    Word(WordClause),
    /// Words one after another.
    Phrase(PhraseClause),
    /// Every word of a kind: `complicit*`, `wom?n`, `traficking~1`, `/[fg]orced/`.
    Pattern(PatternClause),
    /// Words, phrases and patterns near one another.
    Near(NearClause),
    /// A clause that counts so many times as much (`police^2`).
    Boosted(Box<Clause>, f32),
    /// Forms of one leaf: matched where any is; the best one scores.
    Forms(Vec<Clause>),
    /// All of `must`, none of `not`, and, where `must` is empty, at least one of `should`; the scores
    /// of `must` and `should` add up.
    Boolean {
        /// All of these.
        must: Vec<Clause>,
        /// Any of these.
        should: Vec<Clause>,
        /// None of these.
        not: Vec<Clause>,
    },
    /// A restriction by metadata, which does not score.
    Filter(Filter),
}

/// Which words of a passage a leaf looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextField {
    /// The body, the title and the nearest heading together.
    Main,
    /// The title of the report.
    Title,
    /// The headings between title and passage.
    Heading,
}

/// Where a form of a leaf came from; decides the kind of its marks and its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The word as it was typed, or one with its stem.
    Typed,
    /// The same word written apart or together (`anti trafficking`, `antitrafficking`).
    Compound,
    /// A near spelling of a word that is nowhere in the index.
    Spelling,
    /// What a thesaurus says the words are also called.
    Synonym,
    /// What the best passages have in common.
    Feedback,
    /// Another form of the word in its own language, whose stem here is another.
    Inflected,
}

/// One word of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct WordClause {
    /// The number of the clause, as typed, from 0.
    pub number: usize,
    /// Which words of a passage it looks at.
    pub field: TextField,
    /// Where the form came from.
    pub form: Form,
    /// As typed, case and all.
    pub written: String,
    /// Folded, not stemmed.
    pub folded: String,
    /// As the index holds it.
    pub term: String,
}

/// A phrase of a query; at least two terms.
#[derive(Clone, Debug, PartialEq)]
pub struct PhraseClause {
    /// The number of the clause, as typed, from 0.
    pub number: usize,
    /// Which words of a passage it looks at.
    pub field: TextField,
    /// Where the form came from.
    pub form: Form,
    /// As typed, without the quotes.
    pub written: String,
    /// Term and folded word for each position, in order, without gaps.
    pub terms: Vec<PhraseTerm>,
}

/// One place of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseTerm {
    /// As the index holds it.
    pub term: String,
    /// Folded, not stemmed.
    pub folded: String,
}

impl PhraseClause {
    /// One of its words as a clause of its own, as it is folded.
    pub fn word(&self, term: &PhraseTerm) -> WordClause {
        WordClause {
            number: self.number,
            field: self.field,
            form: Form::Typed,
            written: term.folded.clone(),
            folded: term.folded.clone(),
            term: term.term.clone(),
        }
    }

    /// Whether it may begin in one passage and end in the next of its section: what was typed, in the text. What is
    /// added to a query stands inside a passage.
    pub fn goes_over(&self) -> bool {
        self.field == TextField::Main && self.form == Form::Typed
    }
}

/// Words of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct PatternClause {
    /// The number of the clause, as typed, from 0.
    pub number: usize,
    /// Which words of a passage it looks at.
    pub field: TextField,
    /// As typed.
    pub written: String,
    /// Which words it means.
    pub pattern: Pattern,
    /// The terms of the index that stand for it, sorted; filled by [`Query::expand`].
    pub terms: Vec<String>,
    /// The words of the index that it means, folded and sorted; filled by [`Query::expand`]. A term
    /// stands for more words than these.
    pub words: Vec<String>,
    /// Whether other words of these terms count too, as they do for a word: where near spellings are guessed, and where there
    /// are none.
    pub has_forms: bool,
}

/// Words, phrases and patterns near one another. Every operand stands there, none on the words of
/// another, and there are at most `extra` other words between the first and the last.
#[derive(Clone, Debug, PartialEq)]
pub struct NearClause {
    /// The number of the clause, as typed, from 0; its operands have the same.
    pub number: usize,
    /// Which words of a passage it looks at.
    pub field: TextField,
    /// In the order of the operands.
    pub ordered: bool,
    /// How many other words there may be between the first and the last.
    pub extra: u32,
    /// Two or more. More than two are single words or patterns.
    pub operands: Vec<Clause>,
    /// As it is typed.
    pub written: NearWritten,
}

/// The two ways to write that words are near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NearWritten {
    /// `a NEAR/5 b`, `a PRE/5 b`.
    Operator,
    /// `"a b"~5`, or a phrase with a pattern in it: `"forc* labor"`; without the quotes.
    Quoted(String),
}

/// A content word asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedWord {
    /// The number of its clause.
    pub number: usize,
    /// Where it is asked for.
    pub field: TextField,
    /// As typed, without punctuation around it.
    pub written: String,
    /// As the index holds it.
    pub term: String,
    /// Whether the index has it at all; set by [`Query::expand`].
    pub is_known: bool,
}

impl Clause {
    /// The number of a leaf; `None` for what is none, or is not about words.
    pub fn number(&self) -> Option<usize> {
        match self {
            Clause::Word(word) => Some(word.number),
            Clause::Phrase(phrase) => Some(phrase.number),
            Clause::Pattern(pattern) => Some(pattern.number),
            Clause::Near(near) => Some(near.number),
            _ => None,
        }
    }

    /// Calls `visit` with every term that the words of this clause have in the index.
    pub fn visit_terms<'c>(&'c self, visit: &mut impl FnMut(&'c str)) {
        match self {
            Clause::Word(word) => visit(&word.term),
            Clause::Phrase(phrase) => phrase.terms.iter().for_each(|term| visit(&term.term)),
            Clause::Pattern(pattern) => pattern.terms.iter().for_each(|term| visit(term)),
            Clause::Near(near) => near.operands.iter().for_each(|clause| clause.visit_terms(visit)),
            Clause::Forms(forms) => forms.iter().for_each(|form| form.visit_terms(visit)),
            Clause::Boosted(clause, _) => clause.visit_terms(visit),
            Clause::Boolean { must, should, not } => {
                must.iter().chain(should).chain(not).for_each(|clause| clause.visit_terms(visit));
            }
            Clause::Everything | Clause::Filter(_) => {}
        }
    }

    /// Calls `visit` with every term that the leaves of this clause have in the index, and the field that they look at.
    pub fn visit_field_terms(&self, visit: &mut impl FnMut(TextField, &str)) {
        self.visit(&mut |leaf| {
            if let Some(field) = leaf.field() {
                leaf.visit_terms(&mut |term| visit(field, term));
            }
        });
    }

    /// Gives all leaves of this clause a number.
    fn renumber(&mut self, number: usize) {
        match self {
            Clause::Word(word) => word.number = number,
            Clause::Phrase(phrase) => phrase.number = number,
            Clause::Pattern(pattern) => pattern.number = number,
            Clause::Near(near) => {
                near.number = number;
                near.operands.iter_mut().for_each(|clause| clause.renumber(number));
            }
            Clause::Forms(forms) => forms.iter_mut().for_each(|form| form.renumber(number)),
            Clause::Boosted(clause, _) => clause.renumber(number),
            Clause::Boolean { must, should, not } => {
                let all = must.iter_mut().chain(should).chain(not);
                all.for_each(|clause| clause.renumber(number));
            }
            Clause::Everything | Clause::Filter(_) => {}
        }
    }

    /// Whether it asks for words side by side or near one another.
    pub fn has_phrase(&self) -> bool {
        let mut found = false;
        self.visit(&mut |clause| found |= matches!(clause, Clause::Phrase(_) | Clause::Near(_)));
        found
    }

    /// Which words of a passage a leaf looks at; `None` for what is none, or is not about words.
    pub fn field(&self) -> Option<TextField> {
        match self {
            Clause::Word(word) => Some(word.field),
            Clause::Phrase(phrase) => Some(phrase.field),
            Clause::Pattern(pattern) => Some(pattern.field),
            Clause::Near(near) => Some(near.field),
            _ => None,
        }
    }

    /// A clause that any of `should` satisfies; a single one stands for itself.
    pub fn any(mut should: Vec<Clause>) -> Clause {
        match (should.len(), should.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                should.extend(last);
                Clause::Boolean { must: Vec::new(), should, not: Vec::new() }
            }
        }
    }

    /// How many positions it takes at most, from its first word to its last, where it stands as one.
    pub fn width(&self) -> u32 {
        let widest = |clauses: &[Clause]| clauses.iter().map(Clause::width).max().unwrap_or(0);
        match self {
            Clause::Word(_) | Clause::Pattern(_) => 1,
            Clause::Phrase(phrase) => phrase.terms.len() as u32,
            Clause::Near(near) => near.operands.iter().map(Clause::width).sum::<u32>() + near.extra,
            Clause::Boosted(clause, _) => clause.width(),
            Clause::Forms(clauses) | Clause::Boolean { should: clauses, .. } => widest(clauses),
            Clause::Everything | Clause::Filter(_) => 0,
        }
    }

    /// Whether it may begin in one passage and end in the next of its section.
    pub fn goes_over(&self) -> bool {
        match self {
            Clause::Phrase(phrase) => phrase.goes_over(),
            Clause::Near(near) => near.field == TextField::Main,
            _ => false,
        }
    }

    /// Calls `visit` with this clause and every clause under it, outer ones first.
    pub fn visit(&self, visit: &mut impl FnMut(&Clause)) {
        visit(self);
        match self {
            Clause::Forms(forms) => forms.iter().for_each(|form| form.visit(visit)),
            Clause::Boolean { must, should, not } => {
                must.iter().chain(should).chain(not).for_each(|clause| clause.visit(visit));
            }
            Clause::Near(near) => near.operands.iter().for_each(|clause| clause.visit(visit)),
            Clause::Boosted(clause, _) => clause.visit(visit),
            _ => {}
        }
    }

    /// Calls `visit` with every leaf that can match text of a passage: not those under `not`. What stands
    /// near something is a leaf with it.
    pub fn visit_positive(&self, visit: &mut impl FnMut(&Clause)) {
        match self {
            Clause::Forms(forms) => forms.iter().for_each(|form| form.visit_positive(visit)),
            Clause::Boolean { must, should, .. } => {
                must.iter().chain(should).for_each(|clause| clause.visit_positive(visit));
            }
            Clause::Boosted(clause, _) => clause.visit_positive(visit),
            leaf => visit(leaf),
        }
    }
}
