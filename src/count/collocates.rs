//! Collocates: the words that stand beside what is asked for more often than elsewhere.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::visit::{Seen, visit};
use super::{Asked, CountRequest, Counts, Tally};
use crate::analyze::{Analyzer, Token, folded, is_stop_word};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::highlight::Occurrence;
use crate::query::{Clause, Form, Query, TextField, WordClause};
use crate::search::Searcher;

/// So many of the words that are most often beside are compared with how often they are elsewhere; rarer ones say
/// little.
const MOST_COMPARED: usize = 400;

/// The widest window, in words on each side.
pub const WIDEST_WINDOW: usize = 50;

/// What is asked.
#[derive(Clone, Debug)]
pub struct CollocatesRequest {
    /// Beside what.
    pub count: CountRequest,
    /// How many words on each side count as beside, within the passage.
    pub window: usize,
    /// Words that are beside less often say nothing.
    pub fewest: u64,
    /// How many at most, the strongest first.
    pub limit: usize,
    /// Words such as `the` too.
    pub stop_words: bool,
}

/// A word that stands beside.
#[derive(Clone, Debug, PartialEq)]
pub struct Collocate {
    /// In the form in which it most often stands there.
    pub word: String,
    /// How often it stands before.
    pub left: u64,
    /// How often it stands behind.
    pub right: u64,
    /// How often it stands in all the text that was asked about.
    pub everywhere: u64,
    /// How often it would stand beside if it did as often as everywhere.
    pub expected: f64,
    /// How surely that is no chance: the log-likelihood ratio G² (Dunning 1993). 10.83 is a chance of one in a
    /// thousand, 15.13 of one in ten thousand.
    pub log_likelihood: f64,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Collocates {
    /// The question.
    pub asked: Asked,
    /// How many words on each side.
    pub window: usize,
    /// The strongest first.
    pub words: Vec<Collocate>,
    /// How much there is of what was asked for.
    pub total: Counts,
    /// How many words stand beside it.
    pub beside: u64,
    /// How many words were asked about.
    pub everywhere: u64,
}

/// A term that stands beside.
#[derive(Debug, Default)]
struct Beside {
    left: u64,
    right: u64,
    forms: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Gathered {
    analyzer: Analyzer,
    terms: FxHashMap<String, Beside>,
    beside: u64,
    tally: Tally,
}

impl Gathered {
    fn add(&mut self, seen: &Seen, window: usize) {
        self.tally.add(seen.document, seen.occurrences.len());
        let text = &seen.passage.text;
        let mut tokens = self.analyzer.tokens(text);
        // Of two forms of one word the first.
        tokens.dedup_by_key(|token| token.position);
        for (place, is_left) in beside(&tokens, seen, window) {
            let Some(token) = tokens.get(place) else { continue };
            self.beside += 1;
            let known = self.terms.entry(token.term.clone()).or_default();
            *(if is_left { &mut known.left } else { &mut known.right }) += 1;
            let form = folded(text.get(token.bytes.clone()).unwrap_or_default());
            *known.forms.entry(form).or_default() += 1;
        }
    }

    fn merge(&mut self, other: Gathered) {
        self.tally.merge(&other.tally);
        self.beside += other.beside;
        for (term, beside) in other.terms {
            let known = self.terms.entry(term).or_default();
            known.left += beside.left;
            known.right += beside.right;
            for (form, count) in beside.forms {
                *known.forms.entry(form).or_default() += count;
            }
        }
    }
}

/// The places of the tokens beside the occurrences, each once, and whether it stands before the first that it is
/// beside.
fn beside(tokens: &[Token], seen: &Seen, window: usize) -> Vec<(usize, bool)> {
    let spans: Vec<(usize, usize)> = seen
        .occurrences
        .iter()
        .map(|Occurrence { bytes, .. }| {
            let first = tokens.partition_point(|token| token.bytes.end <= bytes.start);
            let end = tokens.partition_point(|token| token.bytes.start < bytes.end);
            (first, end)
        })
        .collect();
    let inside: FxHashSet<usize> = spans.iter().flat_map(|&(first, end)| first..end).collect();
    let mut taken = FxHashSet::default();
    let mut places = Vec::new();
    for (first, end) in spans {
        let left = (first.saturating_sub(window)..first).map(|place| (place, true));
        let right = (end..(end + window).min(tokens.len())).map(|place| (place, false));
        for (place, is_left) in left.chain(right) {
            if !inside.contains(&place) && taken.insert(place) {
                places.push((place, is_left));
            }
        }
    }
    places
}

/// The words that stand beside what a query matches more often than elsewhere.
///
/// # Errors
/// As [`super::count`]; `Usage` for a window of no words or too many.
pub fn collocates<E: Engine>(
    searcher: &Searcher<E>,
    request: &CollocatesRequest,
) -> Result<Collocates> {
    if !(1..=WIDEST_WINDOW).contains(&request.window) {
        return Err(Error::usage(format!("a window has 1 to {WIDEST_WINDOW} words on each side")));
    }
    let engine = searcher.engine();
    let (query, asked) = request.count.asked(searcher)?;
    let parts = visit(engine, &query, Gathered::default, |gathered, seen| {
        gathered.add(&seen, request.window);
        Ok(())
    })?;
    let mut gathered = Gathered::default();
    parts.into_iter().for_each(|part| gathered.merge(part));
    let (total, beside) = (gathered.tally.counts(), gathered.beside);
    let within = query.restriction();
    let everywhere = match total.passages {
        0 => 0,
        _ => engine.words(&engine.every(&within)?)?.iter().sum(),
    };
    let candidates = candidates(gathered, request);
    let terms: Vec<&str> = candidates.iter().map(|(term, _)| term.as_str()).collect();
    let counts = frequencies(engine, &within, &terms)?;
    let mut words = Vec::new();
    for ((_, found), count) in candidates.iter().zip(counts) {
        words.extend(collocate(found, count, beside, everywhere));
    }
    words.sort_by(|a, b| {
        b.log_likelihood.total_cmp(&a.log_likelihood).then_with(|| a.word.cmp(&b.word))
    });
    words.truncate(request.limit);
    Ok(Collocates { asked, window: request.window, words, total, beside, everywhere })
}

/// The words that are beside most often.
fn candidates(gathered: Gathered, request: &CollocatesRequest) -> Vec<(String, Beside)> {
    let is_wanted = |beside: &Beside| {
        let is_stop = || beside.forms.keys().all(|form| is_stop_word(form));
        beside.left + beside.right >= request.fewest && (request.stop_words || !is_stop())
    };
    let mut all: Vec<_> = gathered.terms.into_iter().filter(|(_, it)| is_wanted(it)).collect();
    all.sort_by(|(a, one), (b, other)| {
        (other.left + other.right, a).cmp(&(one.left + one.right, b))
    });
    all.truncate(MOST_COMPARED);
    all
}

/// How often terms stand in the passages that a query allows. The index knows it, or each passage is gone through
/// once: as all words of a term are counted, it makes no difference whether those asked for must stand as written.
fn frequencies<E: Engine>(engine: &E, within: &Query, terms: &[&str]) -> Result<Vec<u64>> {
    let mut counts = Vec::with_capacity(terms.len());
    for term in terms {
        match engine.occurrences(&with(within, term))? {
            Some(found) => counts.push(found.into_iter().map(|(_, count)| count).sum()),
            None => return frequencies_of_texts(engine, within, terms),
        }
    }
    Ok(counts)
}

/// A query for a term, among the passages that another allows.
fn with(within: &Query, term: &str) -> Query {
    let word = Clause::Word(WordClause {
        number: 0,
        field: TextField::Main,
        form: Form::Typed,
        written: term.to_owned(),
        folded: term.to_owned(),
        term: term.to_owned(),
    });
    let must = vec![within.clause.clone(), word];
    let clause = Clause::Boolean { must, should: Vec::new(), not: Vec::new() };
    Query { clause, literal: false, ..within.clone() }
}

fn frequencies_of_texts<E: Engine>(engine: &E, within: &Query, terms: &[&str]) -> Result<Vec<u64>> {
    let places: FxHashMap<&str, usize> =
        terms.iter().enumerate().map(|(place, term)| (*term, place)).collect();
    let new = || (Analyzer::default(), vec![0; terms.len()]);
    let parts =
        visit(engine, within, new, |(analyzer, counts): &mut (Analyzer, Vec<u64>), seen| {
            for token in analyzer.tokens(&seen.passage.text) {
                if let Some(count) =
                    places.get(token.term.as_str()).and_then(|&at| counts.get_mut(at))
                {
                    *count += 1;
                }
            }
            Ok(())
        })?;
    let mut all = vec![0; terms.len()];
    for (_, counts) in parts {
        all.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
    }
    Ok(all)
}

/// The numbers of a word; `None` where it is beside no more often than elsewhere.
fn collocate(found: &Beside, count: u64, beside: u64, everywhere: u64) -> Option<Collocate> {
    let here = found.left + found.right;
    // A word in the joined form of a reference may be counted once less.
    let count = count.max(here);
    let expected = count as f64 * beside as f64 / everywhere.max(1) as f64;
    let commonest = found.forms.iter().max_by(|(a, m), (b, n)| (m, b).cmp(&(n, a)));
    (here as f64 > expected).then(|| Collocate {
        word: commonest.map(|(form, _)| form.clone()).unwrap_or_default(),
        left: found.left,
        right: found.right,
        everywhere: count,
        expected,
        log_likelihood: log_likelihood(here, count, beside, everywhere),
    })
}

/// G² of a word that stands `here` times among the `beside` words, and `count` times among `everywhere` words, of
/// which those beside are a part.
fn log_likelihood(here: u64, count: u64, beside: u64, everywhere: u64) -> f64 {
    let all = everywhere as f64;
    let cells = [
        (here, count, beside),
        (count - here, count, everywhere.saturating_sub(beside)),
        (beside - here, everywhere.saturating_sub(count), beside),
        (
            (everywhere + here).saturating_sub(count + beside),
            everywhere.saturating_sub(count),
            everywhere.saturating_sub(beside),
        ),
    ];
    let part = |(observed, row, column): (u64, u64, u64)| {
        let expected = row as f64 * column as f64 / all;
        if observed == 0 || expected == 0.0 {
            return 0.0;
        }
        observed as f64 * (observed as f64 / expected).ln()
    };
    2.0 * cells.map(part).iter().sum::<f64>()
}
