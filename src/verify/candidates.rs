//! Which passages may hold a quotation: those with its rarest words side by side.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::gaps::is_quote;
use super::numbers::{forms, may_be_number};
use super::words::Words;
use crate::analyze::{self, Analyzer};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::query::{
    Clause, Filter, FilterValue, Form, PhraseClause, PhraseTerm, Query, TextField, WordClause,
    fold_value,
};
use crate::rank::{Deadline, Hit};

/// The most passages that are looked at for a quotation that stands in many.
pub const MOST_CANDIDATES: usize = 500;

/// So many words side by side are asked for: enough to be rare, few enough to lie between two marks.
const WINDOW: usize = 4;

/// Where a quotation stands nowhere as a whole, every so many words of it are looked for by themselves.
const PIECE: usize = 8;

/// The most such pieces of a quotation, and the most passages that are looked at for each.
const MOST_PIECES: usize = 48;
const MOST_PER_PIECE: usize = 24;

/// The most words of a quotation that passages are ranked by, and the most of these passages.
const MOST_RANKED_BY: usize = 32;
const MOST_RANKED: usize = 24;

/// The most passages that are looked at for a sentence that states figures: of those with one of the figures,
/// and of all.
const MOST_FOR_FIGURE: usize = 40;

/// So many passages are kept in memory, some 2 kB each.
const MOST_LOADED: usize = 8192;

/// A word of a quotation as the index knows it.
struct Asked {
    term: String,
    folded: String,
    /// In how many passages it stands.
    passages: u64,
    /// The source may write it in another way, or something may stand before it there.
    is_unsure: bool,
    is_number: bool,
    /// Something other than white space stands between the word before and it.
    is_apart: bool,
}

/// Finds passages in an engine.
pub struct Candidates<'e> {
    engine: &'e dyn Engine,
    analyzer: Analyzer,
    /// Passages that have been loaded: the sentences of a draft have many in common.
    loaded: FxHashMap<u64, Passage>,
    /// Until when it may take: what has been found until then is not all, and none is given.
    pub until: Deadline,
}

impl<'e> Candidates<'e> {
    /// Over the passages of an engine.
    pub fn new(engine: &'e dyn Engine) -> Candidates<'e> {
        let (analyzer, loaded) = (Analyzer::default(), FxHashMap::default());
        Candidates { engine, analyzer, loaded, until: Deadline::default() }
    }

    /// The passages that may hold a quotation, or a part of it where it goes over several; all of them up
    /// to [`MOST_CANDIDATES`].
    pub fn of_whole(&mut self, quote: &Words) -> Result<Vec<Passage>> {
        let asked = self.asked(quote)?;
        // Of a quotation with ellipses, the longest piece: whatever holds the quotation holds that.
        let mut pieces: Vec<Range<usize>> = vec![];
        let mut start = 0;
        for at in 1..=quote.len() {
            if at == quote.len() || quote.has_break(at) {
                pieces.push(start..at);
                start = at;
            }
        }
        let longest = pieces.into_iter().rev().max_by_key(Range::len);
        let longest = longest.unwrap_or(0..0);
        let found = self.passages(Clause::any(rarest(&asked, longest.clone())), MOST_CANDIDATES)?;
        if found.len() < MOST_CANDIDATES {
            return Ok(found);
        }
        // Too common to look at all: first those that have all words of the piece, most of the numbers.
        let word = |word: &Asked| words_or_phrase(TextField::Main, vec![phrase_term(word)]);
        let piece = asked.get(longest).unwrap_or_default();
        let sure = piece.iter().filter(|word| !word.is_unsure && word.is_content());
        let numbers = asked.iter().filter(|word| word.is_number && word.passages > 0);
        let all = Clause::Boolean {
            must: sure.filter_map(word).take(MOST_RANKED_BY).collect(),
            should: numbers.filter_map(word).take(MOST_RANKED_BY).collect(),
            not: Vec::new(),
        };
        let mut first = self.passages(all, MOST_CANDIDATES)?;
        first.extend(found);
        Ok(first)
    }

    /// The passages with a quotation's words in their headings.
    pub fn of_headings(&mut self, quote: &Words) -> Result<Vec<Passage>> {
        let asked = self.asked(quote)?;
        let terms = asked.iter().filter(|word| !word.term.is_empty());
        let terms: Vec<PhraseTerm> = terms.map(phrase_term).collect();
        let fields = [TextField::Title, TextField::Heading];
        let clauses = fields.map(|field| words_or_phrase(field, terms.clone()));
        self.passages(Clause::any(clauses.into_iter().flatten().collect()), MOST_CANDIDATES)
    }

    /// The passages that hold pieces of a quotation, or the most of its words.
    pub fn of_pieces(&mut self, quote: &Words) -> Result<Vec<Passage>> {
        let asked = self.asked(quote)?;
        let length = PIECE.max(quote.len().div_ceil(MOST_PIECES));
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        let mut keep = |passages: Vec<Passage>| {
            found.extend(passages.into_iter().filter(|passage| seen.insert(passage.id.clone())));
        };
        let mut ranked: Vec<&Asked> = asked.iter().filter(|word| word.is_content()).collect();
        ranked.sort_by(|a, b| (a.passages, &a.term).cmp(&(b.passages, &b.term)));
        ranked.dedup_by(|a, b| a.term == b.term);
        ranked.truncate(MOST_RANKED_BY);
        let words = ranked
            .iter()
            .filter_map(|word| words_or_phrase(TextField::Main, vec![phrase_term(word)]));
        keep(self.passages(Clause::any(words.collect()), MOST_RANKED)?);
        for start in (0..quote.len()).step_by(length) {
            // A window may begin in one piece and end in the next.
            let end = (start + length + WINDOW - 1).min(quote.len());
            let windows = windows(&asked, start..end, |word| word.is_unsure);
            let clauses = windows.into_iter().filter_map(|window| clause(&asked, window));
            keep(self.passages(Clause::any(clauses.collect()), MOST_PER_PIECE)?);
        }
        Ok(found)
    }

    /// The passages with the most of a sentence's words that say something: first those that have one of its
    /// figures, given by their values. About one of the countries, folded, where there are any.
    pub fn of_figures(
        &mut self,
        sentence: &Words,
        values: &[&str],
        countries: &[String],
    ) -> Result<Vec<Passage>> {
        let asked = self.asked(sentence)?;
        let mut words: Vec<&Asked> = asked.iter().filter(|word| word.is_content()).collect();
        words.sort_by(|a, b| (a.passages, &a.term).cmp(&(b.passages, &b.term)));
        words.dedup_by(|a, b| a.term == b.term);
        words.truncate(MOST_RANKED_BY);
        let word = |word: &&Asked| words_or_phrase(TextField::Main, vec![phrase_term(word)]);
        let context: Vec<Clause> = words.iter().filter_map(word).collect();
        if context.is_empty() {
            return Ok(Vec::new());
        }
        let forms = values.iter().flat_map(|value| forms(value));
        let forms: Vec<Clause> = forms.filter_map(|form| self.written(&form)).collect();
        let about: Vec<Clause> = countries.iter().flat_map(|it| self.about(it)).collect();
        let about = (!about.is_empty()).then(|| Clause::any(about));
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        for must in [Some(Clause::any(forms)), Some(Clause::any(context.clone()))] {
            let must = must.into_iter().chain(about.clone()).collect();
            let clause = Clause::Boolean { must, should: context.clone(), not: Vec::new() };
            let passages = self.passages(clause, MOST_FOR_FIGURE)?;
            found.extend(passages.into_iter().filter(|passage| seen.insert(passage.id.clone())));
        }
        Ok(found)
    }

    /// How much a term tells one passage from another: the logarithm of how few have it.
    pub fn weight(&self, term: &str) -> Result<f64> {
        let vocabulary = self.engine.vocabulary();
        let passages = vocabulary.passages_with(TextField::Main, term)?;
        Ok((1.0 + vocabulary.passages() as f64 / passages.max(1) as f64).ln())
    }

    /// The same of a figure, in all forms that it may be written in.
    pub fn weight_of_figure(&mut self, value: &str) -> Result<f64> {
        let mut passages = 0;
        for form in forms(value) {
            let mut rarest = None;
            for token in self.analyzer.tokens(&form) {
                let with = self.engine.vocabulary().passages_with(TextField::Main, &token.term)?;
                rarest = Some(rarest.map_or(with, |rarest: u64| rarest.min(with)));
            }
            passages += rarest.unwrap_or_default();
        }
        let all = self.engine.vocabulary().passages() as f64;
        Ok((1.0 + all / passages.max(1) as f64).ln())
    }

    /// A word or words as they are written.
    fn written(&mut self, text: &str) -> Option<Clause> {
        let tokens = self.analyzer.tokens(text);
        let terms = tokens.into_iter().map(|token| PhraseTerm {
            folded: analyze::folded(text.get(token.bytes).unwrap_or_default()),
            term: token.term,
        });
        words_or_phrase(TextField::Main, terms.collect())
    }

    /// What is about a country: by its report, or because it names it.
    fn about(&mut self, country: &str) -> Vec<Clause> {
        let folded = fold_value(country);
        let values = vec![FilterValue::Is(folded.clone()), FilterValue::HasWord(folded)];
        let filter = Clause::Filter(Filter { field: "country".to_owned(), values });
        std::iter::once(filter).chain(self.written(country)).collect()
    }

    /// The words of a quotation as the index knows them, one for each of its own.
    fn asked(&mut self, quote: &Words) -> Result<Vec<Asked>> {
        let mut asked = Vec::with_capacity(quote.len());
        for at in 0..quote.len() {
            let written = quote.written(at).replace(['[', ']', '\u{AD}'], "");
            let tokens = self.analyzer.tokens(&written);
            // A legal reference is one word and several: the last is its last part.
            let term = tokens.into_iter().next_back().map(|token| token.term).unwrap_or_default();
            let passages = self.engine.vocabulary().passages_with(TextField::Main, &term)?;
            let folded = analyze::folded(&written);
            let is_bracketed = quote.brackets.iter().any(|group| group.words.contains(&at));
            let is_number = may_be_number(quote.key(at).unwrap_or_default());
            let is_unsure = passages == 0
                || is_bracketed
                || written != quote.written(at)
                || is_number
                || quote.key(at) == Some("percent")
                // `US`, a term of its own, and `us`.
                || folded == "us" || folded == "u.s";
            let gap = quote.gap(at);
            let is_apart = at == 0 || !gap.chars().all(|c| c.is_whitespace() || is_quote(c));
            asked.push(Asked { term, folded, passages, is_unsure, is_number, is_apart });
        }
        Ok(asked)
    }

    /// The passages of hits, in their order.
    fn load(&mut self, hits: &[Hit]) -> Result<Vec<Passage>> {
        let is_new = |hit: &&Hit| !self.loaded.contains_key(&hit.address);
        let new: Vec<Hit> = hits.iter().filter(is_new).copied().collect();
        if self.loaded.len() + new.len() > MOST_LOADED {
            self.loaded.clear();
            return self.engine.load(hits);
        }
        let loaded = self.engine.load(&new)?;
        self.loaded.extend(new.iter().map(|hit| hit.address).zip(loaded));
        Ok(hits.iter().filter_map(|hit| self.loaded.get(&hit.address).cloned()).collect())
    }

    fn passages(&mut self, clause: Clause, most: usize) -> Result<Vec<Passage>> {
        let query = Query { until: self.until.clone(), ..Query::of(clause) };
        let ranking = self.engine.retrieve(&query, most)?;
        if self.until.has_cut() {
            return Err(Error::TimedOut);
        }
        self.load(&ranking.hits)
    }
}

impl Asked {
    fn is_content(&self) -> bool {
        self.passages > 0 && !analyze::is_stop_word(&self.folded)
    }
}

/// The two rarest windows of some words that do not overlap: what holds the words holds both, and where
/// they go over the seam of two passages, one of them lies on one side of it.
fn rarest(asked: &[Asked], words: Range<usize>) -> Vec<Clause> {
    let mut windows = windows(asked, words.clone(), |word| word.is_unsure);
    if windows.is_empty() {
        // What may be written otherwise is better than nothing.
        windows = self::windows(asked, words, |word| word.passages == 0);
    }
    let cost = |window: &Range<usize>| {
        let passages =
            asked.get(window.clone()).unwrap_or_default().iter().map(|word| word.passages);
        (passages.min().unwrap_or(u64::MAX), usize::MAX - window.len(), window.start)
    };
    let first = windows.iter().min_by_key(|window| cost(window)).cloned();
    let Some(first) = first else { return Vec::new() };
    let apart =
        windows.iter().filter(|window| window.end <= first.start || window.start >= first.end);
    let second = apart.min_by_key(|window| cost(window)).cloned();
    [Some(first), second].into_iter().flatten().filter_map(|window| clause(asked, window)).collect()
}

/// Some words side by side.
fn clause(asked: &[Asked], window: Range<usize>) -> Option<Clause> {
    let terms = asked.get(window).unwrap_or_default().iter().map(phrase_term).collect();
    words_or_phrase(TextField::Main, terms)
}

/// The windows of words side by side without one that is unfit; shorter ones only where there are no
/// longer ones.
fn windows(
    asked: &[Asked],
    words: Range<usize>,
    is_unfit: impl Fn(&Asked) -> bool,
) -> Vec<Range<usize>> {
    let mut windows = Vec::new();
    let mut run = words.start..words.start;
    for at in words.start..=words.end {
        let word = asked.get(at).filter(|word| at < words.end && !is_unfit(word));
        if word.is_none_or(|word| word.is_apart) {
            let length = WINDOW.min(run.len());
            if length > 0 {
                windows.extend((run.start..=run.end - length).map(|start| start..start + length));
            }
            run = at..at;
        }
        match word {
            Some(_) => run.end = at + 1,
            None => run = at + 1..at + 1,
        }
    }
    let longest = windows.iter().map(Range::len).max().unwrap_or(0);
    // A single common word says nothing where there are phrases.
    windows.retain(|window| window.len() > 1 || longest == 1);
    windows
}

fn phrase_term(word: &Asked) -> PhraseTerm {
    PhraseTerm { term: word.term.clone(), folded: word.folded.clone() }
}

fn words_or_phrase(field: TextField, terms: Vec<PhraseTerm>) -> Option<Clause> {
    let written: Vec<&str> = terms.iter().map(|term| term.folded.as_str()).collect();
    let written = written.join(" ");
    match terms.as_slice() {
        [] => None,
        [only] => Some(Clause::Word(WordClause {
            number: 0,
            field,
            form: Form::Typed,
            written,
            folded: only.folded.clone(),
            term: only.term.clone(),
        })),
        _ => Some(Clause::Phrase(PhraseClause {
            number: 0,
            field,
            form: Form::Typed,
            written,
            terms,
        })),
    }
}
