//! What is asked and what is answered: plain data in, plain data out.

use std::time::Duration;

use super::{Continuation, Exhaustive};
use crate::engine::Summary;
use crate::highlight::{self, Fragment, Mark, SectionMark};
use crate::passage::Passage;
use crate::query::Expansion;
use crate::rank::{Deadline, Explanation, Hit, Total};

/// The most hits that one request returns.
pub const MOST_HITS: usize = 1000;

/// What is asked.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// In the query language; see [`crate::query`].
    pub query: String,
    /// More restrictions, in the same language: only fields and their values.
    pub filter: Option<String>,
    /// Only sections whose heading has these words.
    pub section: Option<String>,
    /// How many hits; at most [`MOST_HITS`].
    pub limit: usize,
    /// Where an earlier response ended.
    pub cursor: Option<String>,
    /// The most passages of one report; 0 for no limit. `None`: [`PER_DOCUMENT`](crate::rank::PER_DOCUMENT) where the index has
    /// several reports and the query does not name one.
    pub per_document: Option<usize>,
    /// Hits that adjoin in one section become one.
    pub merge_neighbours: bool,
    /// Show every passage, where several have the same text; otherwise the best of them stands for all.
    pub copies: bool,
    /// How many passages to show before and after each hit.
    pub context: usize,
    /// Words as written: no stems, no other forms, no synonyms.
    pub literal: bool,
    /// Search for what the thesaurus says the words are also called.
    pub synonyms: bool,
    /// Search for words written apart or together too, and where `corrects` says so for near spellings.
    pub forms: bool,
    /// Take words that are nowhere for their nearest spellings.
    pub corrects: bool,
    /// Find what is asked for in every form: near spellings of all words too; of prose all words are required.
    /// Say what was searched for, and what could not be. Counts all matches.
    pub exhaustive: bool,
    /// Search again for the words that the best passages have in common as well.
    pub feedback: bool,
    /// The id of a passage that hits are to be like, beside what the query asks for, which may be nothing.
    pub like: Option<String>,
    /// Rank by words alone; otherwise prose is ranked by what it means too.
    pub lexical: bool,
    /// Count all matches, whatever it costs.
    pub exact_total: bool,
    /// Where no passage has a quoted phrase, answer with passages that have its words, and say so.
    pub relax: bool,
    /// Add to each hit how its score came about.
    pub explain: bool,
    /// How long snippets aim to be, in characters.
    pub snippet_characters: usize,
    /// The order of hits.
    pub sort: Sort,
    /// Until when it may take; what has been found by then is the answer.
    pub until: Deadline,
}

/// The order of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first.
    #[default]
    Score,
    /// Best first, where what is older counts less; over the best 1,000.
    Recent,
    /// Latest year first, then best first; over the best 10,000.
    Date,
    /// By document and place in it; over the best 10,000.
    Document,
}

impl Sort {
    /// The name in every interface.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Score => "score",
            Sort::Recent => "recent",
            Sort::Date => "date",
            Sort::Document => "document",
        }
    }

    /// The order of this name.
    pub fn named(name: &str) -> Option<Sort> {
        let all = [Sort::Score, Sort::Recent, Sort::Date, Sort::Document];
        all.into_iter().find(|sort| sort.name() == name)
    }
}

/// The answer.
#[derive(Clone, Debug)]
pub struct SearchResponse {
    /// The query as typed.
    pub query: String,
    /// The query as understood, in canonical form.
    pub parsed: String,
    /// What was searched for beside the words as typed.
    pub expansions: Vec<Expansion>,
    /// Words of the query that are nowhere in the index, as typed.
    pub unknown: Vec<String>,
    /// The query with those words in their nearest spelling.
    pub did_you_mean: Option<String>,
    /// The index that answered.
    pub index: Summary,
    /// How much matches in all.
    pub total: Total,
    /// How long it took.
    pub took: Duration,
    /// Whether the time was over before all was looked at: there may be better hits than these.
    pub truncated: bool,
    /// Whether no passage has what was asked for: then the hits, and what is told of them, are those of the words of its
    /// phrases, as `parsed` says.
    pub is_relaxed: bool,
    /// Give this back for the next hits; `None` when there are no more.
    pub next_cursor: Option<String>,
    /// What to know before trusting the answer.
    pub warnings: Vec<String>,
    /// How many passages of a report were shown at most, where that left some out and no more hits follow.
    pub capped: Option<usize>,
    /// What was searched for, and what could not be, if asked for.
    pub exhaustive: Option<Exhaustive>,
    /// The hits, best first.
    pub hits: Vec<Found>,
}

impl SearchResponse {
    /// The warnings; where the hits end before all passages were shown, why; and what a search in every form has left.
    pub fn all_warnings(&self) -> Vec<String> {
        let capped = self.capped.map(|most| {
            let passages = if most == 1 { "passage" } else { "passages" };
            format!("only the best {most} {passages} of each report are shown; `per_document` 0 shows all")
        });
        let doubts = self.exhaustive.iter().flat_map(Exhaustive::doubts);
        self.warnings.iter().cloned().chain(capped).chain(doubts).collect()
    }
}

/// A hit, with everything that is shown of it.
#[derive(Clone, Debug)]
pub struct Found {
    /// From 1, over all pages.
    pub rank: usize,
    /// Higher is better; comparable within one query only.
    pub score: f32,
    /// The passage itself.
    pub passage: Passage,
    /// In the passage's text.
    pub marks: Vec<Mark>,
    /// In the passage's heading trail.
    pub section_marks: Vec<SectionMark>,
    /// Words asked for that the passage lacks, as typed.
    pub missing: Vec<String>,
    /// The sentences worth showing first.
    pub fragments: Vec<Fragment>,
    /// Where what matches goes on, if it ends in the next passage of the section.
    pub continuation: Option<Continuation>,
    /// Ids of the hits that were merged into this one.
    pub merged: Vec<String>,
    /// The last of them in the order of the text: its own hit where none were.
    pub(super) last: Hit,
    /// Passages with the same text that were met on the way and are not shown; there may be more.
    pub copies: Vec<Passage>,
    /// Its neighbours before it, if asked for.
    pub before: Vec<Passage>,
    /// Its neighbours after it, if asked for.
    pub after: Vec<Passage>,
    /// How its score came about, if asked for.
    pub explanation: Option<Explanation>,
}

impl SearchRequest {
    /// A request for the ten best passages.
    pub fn new(query: impl Into<String>) -> SearchRequest {
        SearchRequest {
            query: query.into(),
            filter: None,
            section: None,
            limit: 10,
            cursor: None,
            per_document: None,
            merge_neighbours: false,
            copies: false,
            context: 0,
            literal: false,
            synonyms: true,
            forms: true,
            corrects: true,
            exhaustive: false,
            feedback: false,
            like: None,
            lexical: false,
            exact_total: false,
            relax: true,
            explain: false,
            snippet_characters: highlight::SNIPPET_CHARACTERS,
            sort: Sort::Score,
            until: Deadline::default(),
        }
    }
}
