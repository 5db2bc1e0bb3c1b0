//! The whole search: the only place that knows the order of the steps.
//!
//! parse, expand, retrieve, cap, load, mark, cut snippets: plain data in, plain data out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::analyze::is_stop_word;
use crate::engine::{Engine, Summary};
use crate::error::{Error, Result};
use crate::highlight::{self, Fragment, Mark, Marker, Passed, SectionMark};
use crate::passage::Passage;
use crate::query::{
    AskedWord, Clause, Expansion, ExpansionSource, Form, MOST_CLAUSES, PhraseClause, Query,
    TextField, Thesaurus, WordClause,
};
use crate::rank::{Explanation, Hit, PER_DOCUMENT, Ranking, Total};

/// The numbers of the clauses of a request's filter and section begin here, beyond those of a query.
const FILTER_NUMBERS: usize = MOST_CLAUSES;
const SECTION_NUMBERS: usize = 2 * MOST_CLAUSES;
/// The words of a relaxed phrase are clauses of their own.
const RELAXED_NUMBERS: usize = 3 * MOST_CLAUSES;

/// Up to so many passages are looked at only to count them.
const CHEAP_TO_LOOK_AT: u64 = 100;

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
    /// The most passages of one report; 0 for no limit. `None`: [`PER_DOCUMENT`] where the index has
    /// several reports and the query does not name one.
    pub per_document: Option<usize>,
    /// Hits that adjoin in one section become one.
    pub merge_neighbours: bool,
    /// How many passages to show before and after each hit.
    pub context: usize,
    /// Words as written: no stems, no other forms, no synonyms.
    pub literal: bool,
    /// Search for what the thesaurus says the words are also called.
    pub synonyms: bool,
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
}

/// The order of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first.
    #[default]
    Score,
    /// Latest year first, then best first; over the best 10,000.
    Date,
    /// By document and place in it; over the best 10,000.
    Document,
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
    /// Give this back for the next hits; `None` when there are no more.
    pub next_cursor: Option<String>,
    /// What to know before trusting the answer.
    pub warnings: Vec<String>,
    /// The hits, best first.
    pub hits: Vec<Found>,
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
    /// Ids of the hits that were merged into this one.
    pub merged: Vec<String>,
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
            context: 0,
            literal: false,
            synonyms: true,
            exact_total: false,
            relax: true,
            explain: false,
            snippet_characters: highlight::SNIPPET_CHARACTERS,
            sort: Sort::Score,
        }
    }
}

/// Answers requests from an engine.
pub struct Searcher<E> {
    engine: E,
    /// `None`: the one in the program, which is made when it is first asked for.
    thesaurus: Option<Arc<Thesaurus>>,
}

impl<E: Engine> Searcher<E> {
    /// A searcher over an engine, with the thesaurus in the program.
    pub fn new(engine: E) -> Searcher<E> {
        Searcher { engine, thesaurus: None }
    }

    /// The same with a thesaurus of one's own.
    pub fn with_thesaurus(self, thesaurus: Arc<Thesaurus>) -> Searcher<E> {
        Searcher { thesaurus: Some(thesaurus), ..self }
    }

    /// The thesaurus that requests are answered with.
    pub fn thesaurus(&self) -> Arc<Thesaurus> {
        self.thesaurus.clone().unwrap_or_else(Thesaurus::built_in)
    }

    /// The engine.
    pub fn engine(&self) -> &E {
        &self.engine
    }

    /// Parses the query and the restrictions of a request and adds the forms its words take in this
    /// index.
    ///
    /// # Errors
    /// As [`Query::parse`] and [`Query::expand`].
    pub fn query(&self, request: &SearchRequest) -> Result<Query> {
        let fields = &self.engine.summary().fields;
        let mut query = Query::parse(&request.query, fields)?;
        query.literal = request.literal;
        if let Some(filter) = request.filter.as_ref().filter(|filter| !filter.trim().is_empty()) {
            let filter = Query::parse_from(FILTER_NUMBERS, filter, fields)?;
            if !is_restriction(&filter.clause) {
                return Err(Error::Usage {
                    message: format!(
                        "the filter `{}` has words that are not in a field",
                        filter.text
                    ),
                    hint: Some(
                        "write `field:value`, as in `year:2020..2024 country:kazakhstan`".into(),
                    ),
                });
            }
            query.restrict(filter.clause);
        }
        if let Some(section) = &request.section {
            let is_kept = |c: char| c.is_alphanumeric() || "'’.,-&".contains(c);
            let words: String = section.chars().map(|c| if is_kept(c) { c } else { ' ' }).collect();
            let section =
                Query::parse_from(SECTION_NUMBERS, &format!("section:\"{words}\""), fields)?;
            query.restrict(section.clause);
        }
        self.expand(query, request)
    }

    fn expand(&self, query: Query, request: &SearchRequest) -> Result<Query> {
        let thesaurus = if request.synonyms { self.thesaurus() } else { Arc::default() };
        query.expand(self.engine.vocabulary(), &thesaurus)
    }

    /// Answers a request.
    ///
    /// # Errors
    /// For a query or filter that makes no sense, a stale cursor, or an index that cannot be read.
    /// Finding nothing is not an error.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse> {
        let start = Instant::now();
        let limit = request.limit.clamp(1, MOST_HITS);
        let mut query = self.query(request)?;
        let mut warnings = std::mem::take(&mut query.notes);
        let offset = self.offset(request)?;
        let mut ranking = self.rank(&query, request, offset + limit + 1)?;
        if ranking.hits.is_empty()
            && request.relax
            && !query.literal
            && let Some(relaxed) = relax(&query)
        {
            let relaxed = self.expand(relaxed, request)?;
            ranking = self.rank(&relaxed, request, offset + limit + 1)?;
            if !ranking.hits.is_empty() {
                warnings.push(
                    "no passage has the quoted words as a phrase; these have the words".to_owned(),
                );
                query = relaxed;
            }
        }
        let has_more = ranking.hits.len() > offset + limit;
        let page = ranking.hits.get(offset..).unwrap_or_default();
        let page = &page[..page.len().min(limit)];
        let hits = self.found(&query, request, page, offset)?;
        let total = match page.is_empty() && offset == 0 {
            true => Total { passages: 0, documents: 0, is_exact: true },
            false => self.total(&query, request, &ranking)?,
        };
        Ok(SearchResponse {
            query: request.query.clone(),
            parsed: query.to_string(),
            unknown: unknown(&query.words),
            did_you_mean: did_you_mean(&query),
            index: self.engine.summary().clone(),
            total,
            took: start.elapsed(),
            next_cursor: has_more.then(|| self.cursor(request, offset + limit)),
            warnings,
            hits,
            expansions: query.expansions,
        })
    }

    /// The best `needed` hits after capping, filtering and sorting.
    fn rank(&self, query: &Query, request: &SearchRequest, needed: usize) -> Result<Ranking> {
        let cap = self.cap(query, request);
        let is_sorted = request.sort != Sort::Score;
        let mut fetch = match (is_sorted, cap) {
            (true, _) => 10_000,
            (false, Some(_)) => needed * 3,
            (false, None) => needed,
        };
        loop {
            let mut ranking = self.engine.retrieve(query, fetch)?;
            let is_all = ranking.hits.len() < fetch;
            if query.needs_a_look() {
                self.keep_confirmed(query, &mut ranking)?;
            }
            if let Some(most) = cap {
                let mut failure = None;
                ranking.cap_per_document(most, |hit| {
                    self.engine.document_of(hit).unwrap_or_else(|error| {
                        failure.get_or_insert(error);
                        0
                    })
                });
                failure.map_or(Ok(()), Err)?;
            }
            if is_all || is_sorted || ranking.hits.len() >= needed {
                self.sort(&mut ranking, request.sort)?;
                return Ok(ranking);
            }
            fetch *= 4;
        }
    }

    /// How many passages of one report are wanted.
    fn cap(&self, query: &Query, request: &SearchRequest) -> Option<usize> {
        let mut names_document = false;
        query.clause.visit_positive(&mut |clause| {
            names_document |= matches!(clause, Clause::Filter(filter) if filter.field == "doc");
        });
        match request.per_document {
            Some(0) => None,
            Some(most) => Some(most),
            None if self.engine.summary().documents > 1 && !names_document => Some(PER_DOCUMENT),
            None => None,
        }
    }

    /// Words as written and prefixes are not in the index, which holds stems: the passages decide.
    fn keep_confirmed(&self, query: &Query, ranking: &mut Ranking) -> Result<()> {
        let mut marker = Marker::new(query);
        let passages = self.engine.load(&ranking.hits)?;
        let mut passages = passages.iter();
        ranking.hits.retain(|_| {
            passages
                .next()
                .is_some_and(|passage| marker.mark(&passage.trail, &passage.text).is_some())
        });
        Ok(())
    }

    fn sort(&self, ranking: &mut Ranking, sort: Sort) -> Result<()> {
        if sort == Sort::Score {
            return Ok(());
        }
        let passages = self.engine.load(&ranking.hits)?;
        let mut order: Vec<(Passage, Hit)> =
            passages.into_iter().zip(ranking.hits.drain(..)).collect();
        match sort {
            Sort::Date => order.sort_by_key(|(passage, _)| std::cmp::Reverse(passage.year())),
            _ => order.sort_by(|(a, _), (b, _)| {
                (&a.report.doc_id, a.ordinal).cmp(&(&b.report.doc_id, b.ordinal))
            }),
        }
        ranking.hits = order.into_iter().map(|(_, hit)| hit).collect();
        Ok(())
    }

    fn found(
        &self,
        query: &Query,
        request: &SearchRequest,
        page: &[Hit],
        offset: usize,
    ) -> Result<Vec<Found>> {
        let mut marker = Marker::new(query);
        let mut found: Vec<Found> = Vec::with_capacity(page.len());
        for (index, (passage, hit)) in self.engine.load(page)?.into_iter().zip(page).enumerate() {
            let explanation =
                request.explain.then(|| self.engine.explain(query, hit)).transpose()?;
            found.push(Found {
                rank: offset + index + 1,
                score: hit.score,
                passage,
                marks: Vec::new(),
                section_marks: Vec::new(),
                missing: Vec::new(),
                fragments: Vec::new(),
                merged: Vec::new(),
                before: Vec::new(),
                after: Vec::new(),
                explanation,
            });
        }
        if request.merge_neighbours {
            found = merge_neighbours(found);
        }
        for hit in &mut found {
            hit.mark(&mut marker, request.snippet_characters);
        }
        if request.context > 0 {
            for hit in &mut found {
                self.add_context(hit, request.context)?;
            }
        }
        Ok(found)
    }

    fn add_context(&self, hit: &mut Found, context: usize) -> Result<()> {
        let passages = self.engine.document(&hit.passage.report.doc_id)?;
        // A merged hit begins at the first of its passages.
        let first = passages.iter().position(|passage| passage.ordinal == hit.passage.ordinal);
        let at = first.unwrap_or(0);
        let after = (at + 1 + hit.merged.len()).min(passages.len());
        let end = after.saturating_add(context).min(passages.len());
        hit.before = passages[at.saturating_sub(context)..at].to_vec();
        hit.after = passages[after..end].to_vec();
        Ok(())
    }

    fn total(&self, query: &Query, request: &SearchRequest, ranking: &Ranking) -> Result<Total> {
        if query.needs_a_look() {
            return self.total_of_confirmed(query, request, ranking);
        }
        let mut total = self.engine.total(query, request.exact_total)?;
        if !total.is_exact {
            total.passages = total.passages.max(ranking.hits.len() as u64);
            total.documents = self.documents_in(ranking)?;
        }
        Ok(total)
    }

    /// The index counts stems: what has been looked at is what is known, which is all only if asked.
    fn total_of_confirmed(
        &self,
        query: &Query,
        request: &SearchRequest,
        ranking: &Ranking,
    ) -> Result<Total> {
        let stems = self.engine.total(query, false)?;
        let is_cheap = stems.is_exact && stems.passages <= CHEAP_TO_LOOK_AT;
        if !request.exact_total && !is_cheap {
            let passages = ranking.hits.len() as u64;
            return Ok(Total { passages, documents: self.documents_in(ranking)?, is_exact: false });
        }
        let mut all = self.engine.retrieve(query, usize::MAX)?;
        self.keep_confirmed(query, &mut all)?;
        let passages = all.hits.len() as u64;
        Ok(Total { passages, documents: self.documents_in(&all)?, is_exact: true })
    }

    fn documents_in(&self, ranking: &Ranking) -> Result<u64> {
        let mut documents = std::collections::BTreeSet::new();
        for hit in &ranking.hits {
            documents.insert(self.engine.document_of(hit)?);
        }
        Ok(documents.len() as u64)
    }

    /// `generation-request-offset`: a cursor fits one request and one state of the index.
    fn cursor(&self, request: &SearchRequest, offset: usize) -> String {
        format!("{}-{:x}-{offset}", self.engine.summary().generation, self.digest(request))
    }

    fn offset(&self, request: &SearchRequest) -> Result<usize> {
        let Some(cursor) = &request.cursor else { return Ok(0) };
        let stale = |reason: &str| Error::CursorStale { reason: reason.to_owned() };
        let parts: Vec<&str> = cursor.split('-').collect();
        let [generation, request_digest, offset] = parts.as_slice() else {
            return Err(stale("it is malformed"));
        };
        if generation.parse() != Ok(self.engine.summary().generation) {
            return Err(stale("the index has changed since"));
        }
        if *request_digest != format!("{:x}", self.digest(request)) {
            return Err(stale("it belongs to another query"));
        }
        let offset: usize = offset.parse().map_err(|_| stale("it is malformed"))?;
        match offset as u64 <= self.engine.summary().passages {
            true => Ok(offset),
            false => Err(stale("it is malformed")),
        }
    }

    /// What a cursor must agree on with its request.
    fn digest(&self, request: &SearchRequest) -> u32 {
        let text = format!(
            "{}\0{:?}\0{:?}\0{:?}\0{}\0{:?}\0{:?}",
            request.query,
            request.filter,
            request.section,
            request.per_document,
            request.literal,
            request.sort,
            request.synonyms.then(|| self.thesaurus().digest())
        );
        // FNV-1a (Fowler, Noll and Vo), 32 bits: a check against mix-ups, not against malice.
        text.bytes()
            .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

impl Found {
    /// Marks the passage and chooses its snippet. A passage that the engine found and the evaluator
    /// does not confirm keeps no marks: nothing is lit that did not match.
    fn mark(&mut self, marker: &mut Marker<'_>, characters: usize) {
        let passed: Passed =
            marker.mark(&self.passage.trail, &self.passage.text).unwrap_or_default();
        self.fragments = highlight::fragments(&self.passage.text, &passed.marks, characters);
        self.marks = passed.marks;
        self.section_marks = passed.section_marks;
        self.missing = passed.missing;
    }
}

impl Query {
    /// Adds a clause that passages must also match.
    pub fn restrict(&mut self, clause: Clause) {
        let own = std::mem::replace(&mut self.clause, Clause::Everything);
        let is_empty = matches!(&own, Clause::Boolean { must, should, not } if must.is_empty() && should.is_empty() && not.is_empty());
        let own = if is_empty && self.text.trim().is_empty() { Clause::Everything } else { own };
        self.clause =
            Clause::Boolean { must: vec![clause, own], should: Vec::new(), not: Vec::new() };
    }
}

/// Whether a clause is made of fields only.
fn is_restriction(clause: &Clause) -> bool {
    let mut all = true;
    clause.visit(&mut |clause| {
        all &= match clause {
            Clause::Word(word) => word.field != TextField::Main,
            Clause::Phrase(phrase) => phrase.field != TextField::Main,
            Clause::Pattern(pattern) => pattern.field != TextField::Main,
            Clause::Near(near) => near.field != TextField::Main,
            _ => true,
        };
    });
    all
}

fn unknown(words: &[AskedWord]) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for word in words {
        if !word.is_known && !unknown.contains(&word.written) {
            unknown.push(word.written.clone());
        }
    }
    unknown
}

/// The query with its misspelled words replaced.
fn did_you_mean(query: &Query) -> Option<String> {
    let mut text = query.text.clone();
    for expansion in &query.expansions {
        if let (ExpansionSource::Spelling, [near]) = (expansion.by, expansion.to.as_slice()) {
            text = replace_word(&text, &expansion.from, near);
        }
    }
    (text != query.text).then_some(text)
}

/// Replaces a word where it stands as one.
fn replace_word(text: &str, word: &str, by: &str) -> String {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let stands = |&(at, _): &(usize, &str)| {
        !is_letter(text[..at].chars().next_back())
            && !is_letter(text[at + word.len()..].chars().next())
    };
    match text.match_indices(word).find(stands) {
        Some((at, _)) => format!("{}{by}{}", &text[..at], &text[at + word.len()..]),
        None => text.to_owned(),
    }
}

/// The query with its phrases as words; `None` where it has no phrase that is required.
fn relax(query: &Query) -> Option<Query> {
    let mut relaxed = query.clone();
    relaxed.expansions.clear();
    let mut changed = false;
    relaxed.clause = words_for_phrases(relaxed.clause, &mut relaxed.words, &mut changed);
    changed.then_some(relaxed)
}

fn words_for_phrases(clause: Clause, words: &mut [AskedWord], changed: &mut bool) -> Clause {
    match clause {
        Clause::Forms(mut forms) if !forms.is_empty() => {
            words_for_phrases(forms.swap_remove(0), words, changed)
        }
        Clause::Phrase(phrase) if phrase.field == TextField::Main => {
            *changed = true;
            words_of(&phrase, words)
        }
        Clause::Boolean { must, should, not } => {
            let mut all = |clauses: Vec<Clause>| {
                let each = clauses.into_iter();
                each.map(|clause| words_for_phrases(clause, words, changed)).collect()
            };
            Clause::Boolean { must: all(must), should: all(should), not }
        }
        other => other,
    }
}

/// The content words of a phrase as alternatives. Each becomes a clause of its own, so that a passage
/// that lacks one of them says so; stop words are no longer asked for.
fn words_of(phrase: &PhraseClause, words: &mut [AskedWord]) -> Clause {
    let mut clauses = Vec::new();
    for (index, word) in words.iter_mut().enumerate() {
        let Some(place) = phrase.terms.iter().find(|place| place.term == word.term) else {
            continue;
        };
        if word.number != phrase.number || is_stop_word(&place.folded) {
            continue;
        }
        word.number = RELAXED_NUMBERS + index;
        clauses.push(Clause::Word(WordClause {
            number: word.number,
            field: phrase.field,
            form: Form::Typed,
            written: word.written.clone(),
            folded: place.folded.clone(),
            term: place.term.clone(),
        }));
    }
    Clause::any(clauses)
}

/// Joins hits that follow one another in the same section into the best of them.
fn merge_neighbours(found: Vec<Found>) -> Vec<Found> {
    let mut merged: Vec<Found> = Vec::new();
    for hit in found {
        let neighbour = merged.iter_mut().find(|known| {
            let (a, b) = (&known.passage, &hit.passage);
            let length = known.merged.len() + 1;
            a.report.doc_id == b.report.doc_id
                && a.trail == b.trail
                && a.anchor == b.anchor
                && (a.ordinal + length == b.ordinal || b.ordinal + 1 == a.ordinal)
        });
        match neighbour {
            Some(known) => join(known, hit),
            None => merged.push(hit),
        }
    }
    merged
}

fn join(known: &mut Found, hit: Found) {
    let is_after = hit.passage.ordinal > known.passage.ordinal;
    let (first, second) =
        if is_after { (&known.passage, &hit.passage) } else { (&hit.passage, &known.passage) };
    let gap = first.location.bytes.as_ref().zip(second.location.bytes.as_ref());
    // One byte apart: the two are pieces of one paragraph.
    let is_same_block = gap.is_some_and(|(first, second)| first.end + 1 == second.start);
    let between = if is_same_block { " " } else { "\n\n" };
    let text = format!("{}{between}{}", first.text, second.text);
    let mut location = first.location.clone();
    if let (Some(own), Some(other)) = (&mut location.bytes, &second.location.bytes) {
        own.end = other.end.max(own.end);
    }
    if let (Some(own), Some(other)) = (&mut location.lines, &second.location.lines) {
        own.1 = other.1.max(own.1);
    }
    let ordinal = first.ordinal;
    known.passage.text = text;
    known.passage.location = location;
    known.passage.ordinal = ordinal;
    known.merged.push(hit.passage.id);
}
