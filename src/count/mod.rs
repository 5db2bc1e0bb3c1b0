//! Counting: how often something is said, in how many passages, in how many reports, and where.
//!
//! Three numbers that are easily mistaken for one another are told apart everywhere ([`Counts`]):
//!
//! - An **occurrence** is a whole match in the text of a passage: a word, a phrase, or the stretch of words near
//!   one another. It is what the marks light up; one that lies inside another is not counted beside it.
//! - A **passage** counts where its text has an occurrence. Headings decide which passages match, as in a
//!   search, but a word in a heading is no occurrence: it would count again for each passage under it.
//! - A **document** counts where one of its passages does.
//!
//! A query that asks for no words of the text (`country:kazakhstan`, `heading:law`, `*`) has no occurrences; then
//! passages and documents are those that match.
//!
//! What is counted is what was typed: words in all forms that share their stem, but neither synonyms, nor near
//! spellings, nor words written apart or together. [`CountRequest`] has the choices. Of several words in prose
//! each counts, as each would be found; for a phrase there are quotes.

mod collocates;
mod compare;
mod dispersion;
mod facets;
mod groups;
mod kwic;
mod roles;
mod timeline;
mod visit;

use rustc_hash::FxHashSet;

pub use collocates::{Collocate, Collocates, CollocatesRequest, WIDEST_WINDOW, collocates};
pub use compare::{Cell, CompareRequest, Comparison, RATE_WORDS, compare};
pub use dispersion::{Dispersion, DispersionRequest, Spread, dispersion};
pub use facets::{Facet, Facets, FacetsRequest, facets};
pub use groups::{Group, GroupField};
pub use kwic::{Beyond, Concordance, KwicRequest, Line, Order, kwic};
pub use roles::{Role, by_roles, roles};
pub use timeline::timeline;

use crate::engine::{Engine, Summary};
use crate::error::Result;
use crate::query::{Expansion, Query, TextField};
use crate::rank::Deadline;
use crate::search::{SearchRequest, Searcher};

/// What is counted.
#[derive(Clone, Debug, Default)]
pub struct CountRequest {
    /// In the query language; see [`crate::query`].
    pub query: String,
    /// More restrictions, in the same language: only fields and their values.
    pub filter: Option<String>,
    /// Only sections whose heading has these words.
    pub section: Option<String>,
    /// Words as written: no other forms.
    pub literal: bool,
    /// Count what a search would find: synonyms, words written apart or together, near spellings too.
    pub synonyms: bool,
    /// Until when it may take; a count that is not done then is an error, since a part of it would be wrong.
    pub until: Deadline,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Whole matches in the text.
    pub occurrences: u64,
    /// Passages that have one, or match where nothing is asked of the text.
    pub passages: u64,
    /// The documents of these passages.
    pub documents: u64,
}

/// The question as it was understood: what every answer begins with.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The query as typed.
    pub query: String,
    /// The query as understood, in canonical form.
    pub parsed: String,
    /// What was counted beside the words as typed.
    pub expansions: Vec<Expansion>,
    /// Words of the query that are nowhere in the index, as typed.
    pub unknown: Vec<String>,
    /// What to know before trusting the answer.
    pub warnings: Vec<String>,
    /// The index that answered.
    pub index: Summary,
}

impl CountRequest {
    /// A request that counts what is typed.
    pub fn new(query: impl Into<String>) -> CountRequest {
        CountRequest { query: query.into(), ..CountRequest::default() }
    }

    fn search(&self) -> SearchRequest {
        SearchRequest {
            filter: self.filter.clone(),
            section: self.section.clone(),
            literal: self.literal,
            synonyms: self.synonyms,
            forms: self.synonyms,
            // What is counted is in no order.
            lexical: true,
            until: self.until.clone(),
            ..SearchRequest::new(self.query.clone())
        }
    }

    /// The query, and what an answer says of it.
    fn asked<E: Engine>(&self, searcher: &Searcher<E>) -> Result<(Query, Asked)> {
        let mut query = searcher.query(&self.search())?;
        let mut warnings = std::mem::take(&mut query.notes);
        warnings.extend(prose_warning(&query));
        let asked = Asked {
            query: self.query.clone(),
            parsed: query.to_string(),
            expansions: query.expansions.clone(),
            unknown: query.unknown(),
            warnings,
            index: searcher.engine().summary().clone(),
        };
        Ok((query, asked))
    }
}

/// Several words without quotes or operators are any of them, which is rarely what a count means.
fn prose_warning(query: &Query) -> Option<String> {
    let words: Vec<&str> = query.words.iter().map(|word| word.written.as_str()).collect();
    let is_plain =
        words.len() > 1 && !query.text.contains(['"', '“', '”', '(', '+', '*', '/', '~']);
    let has_operator = query.text.split_whitespace().any(|word| {
        matches!(word, "AND" | "OR" | "NOT") || word.starts_with("NEAR") || word.starts_with("PRE")
    });
    (is_plain && !has_operator).then(|| {
        format!(
            "each of the words is counted ({}); put them in quotes to count the phrase",
            words.join(", ")
        )
    })
}

/// Whether a query asks for words of the text, so that there are occurrences to count.
fn asks_for_text(query: &Query) -> bool {
    let mut asks = false;
    query.clause.visit_positive(&mut |leaf| asks |= leaf.field() == Some(TextField::Main));
    asks
}

/// Counts that are being added up.
#[derive(Clone, Debug, Default)]
struct Tally {
    occurrences: u64,
    passages: u64,
    documents: FxHashSet<u64>,
}

impl Tally {
    fn add(&mut self, document: u64, occurrences: usize) {
        self.occurrences += occurrences as u64;
        self.passages += 1;
        self.documents.insert(document);
    }

    fn merge(&mut self, other: &Tally) {
        self.occurrences += other.occurrences;
        self.passages += other.passages;
        self.documents.extend(&other.documents);
    }

    fn counts(&self) -> Counts {
        Counts {
            occurrences: self.occurrences,
            passages: self.passages,
            documents: self.documents.len() as u64,
        }
    }
}

/// Counts what a query matches in the whole index.
///
/// # Errors
/// For a query or filter that makes no sense, or an index that cannot be read. Finding nothing is no error.
pub fn count<E: Engine>(searcher: &Searcher<E>, request: &CountRequest) -> Result<(Asked, Counts)> {
    let (query, asked) = request.asked(searcher)?;
    let tallies = visit::visit(searcher.engine(), &query, Tally::default, |tally, seen| {
        tally.add(seen.document, seen.occurrences.len());
        Ok(())
    })?;
    let mut total = Tally::default();
    tallies.iter().for_each(|tally| total.merge(tally));
    Ok((asked, total.counts()))
}
