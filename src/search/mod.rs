//! The whole search: the only place that knows the order of the steps.
//!
//! parse, expand, retrieve, cap, join copies, load, mark, cut snippets: plain data in, plain data out.

mod confirmed;
mod continuation;
mod copies;
mod cursor;
mod excluded;
mod exhaustive;
mod feedback;
mod hidden;
mod kinds;
mod like;
mod named;
mod neighbours;
mod recent;
mod related;
mod relax;
mod request;
mod spelling;
mod stream;
mod values;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashMap;

pub use continuation::{Continuation, marked};
pub use exhaustive::Exhaustive;
pub use hidden::hidden_in;
pub use related::{Related, known_words};
pub use request::{Found, MOST_HITS, SearchRequest, SearchResponse, Sort};
use values::no_filter;
pub use values::spans;

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::highlight::Marker;
use crate::meaning::Spare;
use crate::passage::{Passage, Report, id_number};
use crate::query::{Clause, MOST_CLAUSES, Query, Thesaurus};
use crate::rank::{Hit, PER_DOCUMENT, Ranking, Total};
use copies::Distinct;
use named::KnownNames;
use neighbours::merge_neighbours;
use spelling::did_you_mean;

/// The numbers of the clauses of a request's filter and section begin here, beyond those of a query.
const FILTER_NUMBERS: usize = MOST_CLAUSES;
const SECTION_NUMBERS: usize = 2 * MOST_CLAUSES;

/// Up to so many passages are looked at only to count them.
const CHEAP_TO_LOOK_AT: u64 = 500;

/// So many passages are in memory at a time where all are gone through.
const LOADED_AT_ONCE: usize = 64;

/// What is said with an answer for which there was not enough time.
const CUT: &str = "the time was over before all passages were looked at: there may be better ones, and more of them";

/// What decides the place of a hit in an order by date or by document.
struct Place {
    year: Option<i64>,
    report: Arc<Report>,
    ordinal: usize,
}

impl Place {
    fn of(passage: &Passage) -> Place {
        let (year, report) = (passage.year(), Arc::clone(&passage.report));
        Place { year, report, ordinal: passage.ordinal }
    }
}

/// Answers requests from an engine.
pub struct Searcher<E> {
    engine: E,
    /// `None`: the one in the program, which is made when it is first asked for.
    thesaurus: Option<Arc<Thesaurus>>,
    /// What the values of metadata are called.
    names: KnownNames,
}

impl<E: Engine> Searcher<E> {
    /// A searcher over an engine, with the thesaurus in the program.
    pub fn new(engine: E) -> Searcher<E> {
        Searcher { engine, thesaurus: None, names: KnownNames::default() }
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
        if let Some(id) = &request.like {
            query = self.like(query, id)?;
        }
        if let Some(filter) = request.filter.as_ref().filter(|filter| !filter.trim().is_empty()) {
            let filter = Query::parse_from(FILTER_NUMBERS, filter, fields)?;
            if !filter.clause.is_restriction() {
                return Err(no_filter(&filter, fields));
            }
            query.restrict(filter.clause);
        }
        if let Some(section) = &request.section {
            let is_kept = |c: char| c.is_alphanumeric() || "'’.,-&".contains(c);
            let words: String = section.chars().map(|c| if is_kept(c) { c } else { ' ' }).collect();
            let section =
                Query::parse_from(SECTION_NUMBERS, &format!("section:\"{words}\""), fields)?;
            query.notes.extend(self.unknown_section(&section, &words)?);
            query.restrict(section.clause);
        }
        let mut query = self.expand(self.with_known_values(query)?, request)?;
        query.notes.extend(self.unknown_in_headings(&query)?);
        Ok(query)
    }

    /// The query of a request, with what it names, and the words of its best passages where that is asked for.
    fn fed_query(&self, request: &SearchRequest) -> Result<Query> {
        let mut query = self.query(request)?;
        if !request.exhaustive {
            query = self.naming(query)?;
        }
        if request.feedback { self.fed_back(query) } else { Ok(query) }
    }

    fn expand(&self, mut query: Query, request: &SearchRequest) -> Result<Query> {
        query.until = request.until.clone();
        query.corrects = request.corrects;
        if request.lexical || request.exhaustive {
            query.meaning = None;
            query.prose = None;
        } else if query.meaning.is_none() && query.may_mean() {
            let prose = query.words_of_text();
            query.meaning = Spare::take().vector(&prose);
            query.prose = query.meaning.is_some().then_some(prose);
        }
        if !request.forms {
            return query.expand_patterns(self.engine.vocabulary());
        }
        let thesaurus = if request.synonyms { self.thesaurus() } else { Arc::default() };
        let query = query.expand(self.engine.vocabulary(), &thesaurus)?;
        match request.exhaustive {
            true => query.broaden(self.engine.vocabulary()),
            false => Ok(query),
        }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// For a query or filter that makes no sense, a stale cursor, or an index that cannot be read; `TimedOut` where
    /// nothing was found before the deadline. Finding nothing is not an error otherwise.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse> {
        let start = Instant::now();
        let limit = request.limit.clamp(1, MOST_HITS);
        let mut query = self.fed_query(request)?;
        let mut warnings = std::mem::take(&mut query.notes);
        let offset = self.offset(request)?;
        let mut distinct = self.rank(&query, request, offset + limit + 1)?;
        let mut is_relaxed = false;
        if distinct.ranking.hits.is_empty()
            && let Some((words, found, said)) = self.relaxed(&query, request, offset + limit + 1)?
        {
            warnings.push(said);
            (query, distinct, is_relaxed) = (words, found, true);
        }
        if distinct.ranking.hits.is_empty() && request.until.has_cut() {
            return Err(Error::TimedOut);
        }
        if distinct.ranking.hits.is_empty() {
            warnings.extend(self.excluded_everywhere(&query)?);
        }
        let Distinct { ranking, passages, copies, all, capped, ordered } = distinct;
        let has_more = ranking.hits.len() > offset + limit;
        let page = ranking.hits.get(offset..).unwrap_or_default();
        let page = &page[..page.len().min(limit)];
        let passages = match passages.is_empty() {
            true => self.engine.load(page)?,
            false => passages.into_iter().skip(offset).take(limit).collect(),
        };
        let shown = passages.into_iter().zip(page);
        let hits = self.found(&query, request, shown, offset, copies)?;
        let total = match all {
            _ if page.is_empty() && offset == 0 => {
                Total { passages: 0, documents: 0, is_exact: true }
            }
            Some(all) => self.with_found(all, &ranking)?,
            None => self.total(&query, request, &ranking)?,
        };
        warnings.extend(by_meaning_alone(&query, &hits));
        warnings.extend(hidden::hidden_in_hits(&hits));
        warnings.extend(ordered.filter(|_| !has_more).map(|most| the_last_in_order(most, request)));
        if request.until.has_cut() {
            warnings.push(CUT.to_owned());
        }
        Ok(SearchResponse {
            next_cursor: has_more.then(|| self.cursor(request, offset + limit)),
            warnings,
            capped: capped.filter(|_| !has_more),
            is_relaxed,
            hits,
            ..self.answer(request, query, total, start)?
        })
    }

    /// An answer without its hits.
    fn answer(
        &self,
        request: &SearchRequest,
        query: Query,
        total: Total,
        start: Instant,
    ) -> Result<SearchResponse> {
        let exhaustive = match request.exhaustive {
            true => Some(self.exhaustive(&query, request, total.passages > 0)?),
            false => None,
        };
        Ok(SearchResponse {
            query: request.query.clone(),
            exhaustive,
            parsed: query.to_string(),
            unknown: query.unknown(),
            did_you_mean: did_you_mean(&query, &total, self.engine.vocabulary())?,
            index: self.engine.summary().clone(),
            total,
            took: start.elapsed(),
            truncated: request.until.has_cut(),
            is_relaxed: false,
            next_cursor: None,
            warnings: Vec::new(),
            capped: None,
            hits: Vec::new(),
            expansions: query.expansions,
        })
    }

    /// The best `needed` hits after capping, filtering, joining copies and sorting.
    fn rank(&self, query: &Query, request: &SearchRequest, needed: usize) -> Result<Distinct> {
        let cap = self.cap(query, request);
        let is_sorted = request.sort != Sort::Score;
        let mut fetch = match (request.sort, cap) {
            (Sort::Recent, _) => 1000,
            (Sort::Date | Sort::Document, _) => 10_000,
            (Sort::Score, Some(_)) => needed * 3,
            (Sort::Score, None) => needed,
        };
        // Nothing is more like a passage than itself.
        let own = request.like.as_deref().and_then(id_number);
        loop {
            let (mut ranking, mut is_all) = self.best_of(query, fetch)?;
            ranking.hits.retain(|hit| Some(hit.id) != own);
            let all = self.all_of(query, &ranking, is_all)?;
            let uncapped = ranking.hits.len();
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
            let capped = cap.filter(|_| ranking.hits.len() < uncapped);
            is_all |= query.until.has_cut();
            let is_enough = |hits: &[Hit]| is_all || is_sorted || hits.len() >= needed;
            if is_enough(&ranking.hits) {
                let distinct = self.distinct(ranking, request, needed)?;
                if is_enough(&distinct.ranking.hits) {
                    let ordered = (is_sorted && !is_all).then_some(fetch);
                    return Ok(Distinct { all, capped, ordered, ..distinct });
                }
            }
            fetch *= 4;
        }
    }

    /// How many match, where the engine has told or these are all; what is found by its meaning alone does not.
    fn all_of(&self, query: &Query, ranking: &Ranking, is_all: bool) -> Result<Option<Total>> {
        if query.until.has_cut() {
            return Ok(None);
        }
        if !is_all || query.meaning.is_some() {
            return Ok(ranking.total);
        }
        let passages = ranking.hits.len() as u64;
        Ok(Some(Total { passages, documents: self.documents_in(ranking)?, is_exact: true }))
    }

    /// The hits in the order that is asked for, copies joined.
    fn distinct(
        &self,
        mut ranking: Ranking,
        request: &SearchRequest,
        needed: usize,
    ) -> Result<Distinct> {
        let is_by_score = matches!(request.sort, Sort::Score | Sort::Recent);
        self.sort(&mut ranking, request)?;
        if is_by_score && !request.copies {
            return Distinct::of(&self.engine, &ranking.hits, needed);
        }
        Ok(Distinct { ranking, ..Distinct::default() })
    }

    /// How many passages of one report are wanted.
    pub fn cap(&self, query: &Query, request: &SearchRequest) -> Option<usize> {
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

    /// Puts hits into the order that is asked for. Passages are loaded a few at a time, as there may be any number.
    fn sort(&self, ranking: &mut Ranking, request: &SearchRequest) -> Result<()> {
        let sort = request.sort;
        match sort {
            Sort::Score => return Ok(()),
            Sort::Recent => return self.prefer_recent(ranking, request),
            Sort::Date | Sort::Document => {}
        }
        let mut order: Vec<(Place, Hit)> = Vec::with_capacity(ranking.hits.len());
        for hits in ranking.hits.chunks(LOADED_AT_ONCE) {
            let passages = self.engine.load(hits)?;
            order.extend(passages.iter().map(Place::of).zip(hits.iter().copied()));
            if request.until.is_over() {
                break;
            }
        }
        match sort {
            Sort::Date => order.sort_by_key(|(place, _)| std::cmp::Reverse(place.year)),
            _ => order.sort_by(|(a, _), (b, _)| {
                (&a.report.doc_id, a.ordinal).cmp(&(&b.report.doc_id, b.ordinal))
            }),
        }
        ranking.hits = order.into_iter().map(|(_, hit)| hit).collect();
        Ok(())
    }

    /// Hits with everything that is shown of them; `offset` come before them.
    fn found<'h>(
        &self,
        query: &Query,
        request: &SearchRequest,
        page: impl Iterator<Item = (Passage, &'h Hit)>,
        offset: usize,
        mut copies: FxHashMap<u64, Vec<Passage>>,
    ) -> Result<Vec<Found>> {
        let mut marker = Marker::new(query);
        let mut found: Vec<Found> = Vec::with_capacity(page.size_hint().0);
        // Each takes as long as a search.
        let unhurried = request.explain.then(|| query.unhurried());
        let explain = |query: &Query, hit, passage: &Passage| {
            let explained = self.explained(query, hit, passage)?;
            match request.sort {
                Sort::Recent => self.explained_as_recent(explained, passage),
                Sort::Score | Sort::Date | Sort::Document => Ok(explained),
            }
        };
        let wanted = || unhurried.as_ref().filter(|_| !request.until.is_over());
        for (index, (passage, hit)) in page.enumerate() {
            let explanation = wanted().map(|query| explain(query, hit, &passage)).transpose()?;
            found.push(Found {
                rank: offset + index + 1,
                score: hit.score,
                passage,
                marks: Vec::new(),
                section_marks: Vec::new(),
                missing: Vec::new(),
                fragments: Vec::new(),
                continuation: None,
                merged: Vec::new(),
                last: *hit,
                copies: copies.remove(&hit.id).unwrap_or_default(),
                before: Vec::new(),
                after: Vec::new(),
                explanation,
            });
        }
        if request.merge_neighbours {
            found = merge_neighbours(found);
        }
        for hit in &mut found {
            hit.mark(&self.engine, &mut marker, request.snippet_characters)?;
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
        let is_exact = request.exact_total || request.exhaustive;
        let total = self.engine.total(query, is_exact)?;
        self.with_found(total, ranking)
    }

    /// A total that is no less than what has been found.
    fn with_found(&self, mut total: Total, ranking: &Ranking) -> Result<Total> {
        // What is found by its meaning alone is not among those that have the words.
        total.is_exact &= total.passages >= ranking.hits.len() as u64;
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
        if !(request.exact_total || request.exhaustive || is_cheap) {
            let passages = ranking.hits.len() as u64;
            return Ok(Total { passages, documents: self.documents_in(ranking)?, is_exact: false });
        }
        let (all, _) = self.best_of(query, usize::MAX)?;
        let is_exact = !query.until.has_cut();
        // Where the time was over, fewer may have been counted than found.
        let all = if !is_exact && all.hits.len() < ranking.hits.len() { ranking } else { &all };
        Ok(Total { passages: all.hits.len() as u64, documents: self.documents_in(all)?, is_exact })
    }

    fn documents_in(&self, ranking: &Ranking) -> Result<u64> {
        let mut documents = BTreeSet::new();
        for hit in &ranking.hits {
            documents.insert(self.engine.document_of(hit)?);
        }
        Ok(documents.len() as u64)
    }
}

/// Says why hits in an order end before all that match have been shown.
fn the_last_in_order(most: usize, request: &SearchRequest) -> String {
    let sort = request.sort.name();
    format!(
        "`sort` {sort} orders the best {most} passages, and these are the last of them; the others come by `sort` score"
    )
}

/// Says of hits without a word of the query how they were found.
fn by_meaning_alone(query: &Query, hits: &[Found]) -> Option<String> {
    let asked: BTreeSet<&str> = query.words.iter().map(|word| word.written.as_str()).collect();
    let alone = hits.iter().filter(|hit| hit.missing.len() == asked.len()).count();
    query.meaning.as_ref().filter(|_| alone > 0 && !asked.is_empty())?;
    Some(match alone == hits.len() {
        true => "none of these has a word of the query; they mean something like it".to_owned(),
        false => format!("{alone} of these have no word of the query, and mean something like it"),
    })
}
