//! What a passage scores: BM25 as the engine on this machine has it, computed here from its words, so that scores, ties
//! and explanations are the same whichever engine answers, and whichever shard a passage is in.

use rustc_hash::FxHashMap;

use super::view::View;
use crate::engine::flat::{MOST_SCORED_TERMS, flat, weight_of};
use crate::query::{Clause, PatternClause, PhraseClause, Query, TextField};
use crate::rank::{BM25_B, BM25_K1, DEMOTED_WEIGHT, Explanation, rarity};

/// Of what begins in a passage and ends in the next.
const OVER: &str = "over the seam to the next passage";

/// What the index knows of the words of a query.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// How many passages there are.
    pub passages: u64,
    /// How many tokens a passage has in the mean: in the ranked field, the title, the headings.
    pub means: [f32; 3],
    /// In how many passages each term stands.
    pub counts: FxHashMap<(TextField, String), u64>,
}

impl Statistics {
    fn rarity(&self, field: TextField, term: &str) -> f32 {
        rarity(self.count(field, term), self.passages)
    }

    /// In how many passages a term stands.
    pub fn count(&self, field: TextField, term: &str) -> u64 {
        self.counts.get(&(field, term.to_owned())).copied().unwrap_or(0)
    }

    fn mean(&self, field: TextField) -> f32 {
        self.means[match field {
            TextField::Main => 0,
            TextField::Title => 1,
            TextField::Heading => 2,
        }]
    }
}

/// Scores passages for one query.
pub struct Scoring<'q> {
    query: &'q Query,
    statistics: &'q Statistics,
    names_references: bool,
    literal: bool,
}

impl<'q> Scoring<'q> {
    /// Of a query, whose terms the statistics have.
    pub fn of(query: &'q Query, statistics: &'q Statistics) -> Scoring<'q> {
        let (names_references, literal) = (query.names_references(), query.needs_a_look());
        Scoring { query, statistics, names_references, literal }
    }

    /// What a passage counts, for the kind of its section.
    pub fn weight(&self, view: &View) -> f32 {
        if view.is_demoted() && !self.names_references { DEMOTED_WEIGHT } else { 1.0 }
    }

    /// What a passage scores by its words, without the weight of its section; `None` where it does not match.
    pub fn by_words(&self, view: &View) -> Option<Explanation> {
        self.clause(&self.query.clause, view)
    }

    fn clause(&self, clause: &Clause, view: &View) -> Option<Explanation> {
        match clause {
            Clause::Everything => Some(plain(1.0, "every passage")),
            Clause::Word(word) => {
                let times = view.count(word.field, &word.term);
                let what = format!("the word `{}`", word.term);
                self.bm25(word.field, &[&word.term], times, view, what)
                    .map(|it| weighed(it, weight_of(word.form)))
            }
            Clause::Phrase(phrase) => self.phrase(clause, phrase, view),
            Clause::Near(near) if near.field == TextField::Main => self.near(clause, view),
            Clause::Near(near) => {
                self.all(near.operands.iter().map(|operand| self.clause(operand, view)))
            }
            Clause::Pattern(clause) => self.pattern(clause, view),
            Clause::Boosted(clause, by) => self.clause(clause, view).map(|it| weighed(it, *by)),
            Clause::Forms(forms) => best(forms.iter().map(|form| self.clause(form, view))),
            Clause::Filter(filter) => view.fits(filter).then(|| plain(0.0, "a filter")),
            Clause::Boolean { must, should, not } => self.boolean(must, should, not, view),
        }
    }

    fn phrase(&self, clause: &Clause, phrase: &PhraseClause, view: &View) -> Option<Explanation> {
        let terms: Vec<&str> = phrase.terms.iter().map(|place| place.term.as_str()).collect();
        let field = phrase.field;
        if field != TextField::Main {
            return self.all(terms.iter().map(|&term| self.term(field, term, view)));
        }
        let what = format!("the phrase `{}`", phrase.written);
        let over = if phrase.goes_over() { view.over_count(clause) } else { 0 };
        let over = self.bm25(field, &terms, over, view, format!("{what} {OVER}"));
        best([self.bm25(field, &terms, view.phrase_count(&terms), view, what), over])
    }

    fn near(&self, clause: &Clause, view: &View) -> Option<Explanation> {
        let mut words = Vec::new();
        self.weighing(clause, &mut words);
        let what = "words near one another";
        let (inside, over) = (view.near_count(clause), view.over_count(clause));
        let over = self.bm25(TextField::Main, &words, over, view, format!("{what} {OVER}"));
        best([self.bm25(TextField::Main, &words, inside, view, what.to_owned()), over])
    }

    fn pattern(&self, pattern: &PatternClause, view: &View) -> Option<Explanation> {
        let mut terms = pattern.terms.iter();
        if terms.len() <= MOST_SCORED_TERMS {
            return best(terms.map(|term| self.term(pattern.field, term, view)));
        }
        let is_there = terms.any(|term| view.count(pattern.field, term) > 0);
        is_there.then(|| plain(1.0, &format!("a word like `{}`", pattern.written)))
    }

    fn boolean(
        &self,
        must: &[Clause],
        should: &[Clause],
        not: &[Clause],
        view: &View,
    ) -> Option<Explanation> {
        // Stems exclude too much where words count as written; whoever looks at the passages decides then.
        let decides = |clause: &&Clause| !self.literal || matches!(clause, Clause::Filter(_));
        if not.iter().filter(decides).any(|clause| self.clause(clause, view).is_some()) {
            return None;
        }
        let mut parts = Vec::with_capacity(must.len() + should.len());
        for clause in must {
            match clause {
                // As tantivy has it: what every passage has adds nothing to what else is required.
                Clause::Everything if must.len() > 1 => parts.push(plain(0.0, "every passage")),
                clause => parts.push(self.clause(clause, view)?),
            }
        }
        let is_known = |term: &str| self.statistics.count(TextField::Main, term) > 0;
        let should = flat(should, &is_known);
        parts.extend(should.iter().filter_map(|clause| self.clause(clause, view)));
        if parts.is_empty() {
            let is_rest = must.is_empty() && should.is_empty() && !not.is_empty();
            return is_rest.then(|| plain(1.0, "every passage"));
        }
        Some(sum(parts))
    }

    fn term(&self, field: TextField, term: &str, view: &View) -> Option<Explanation> {
        self.bm25(field, &[term], view.count(field, term), view, format!("the word `{term}`"))
    }

    fn all(&self, parts: impl Iterator<Item = Option<Explanation>>) -> Option<Explanation> {
        Some(sum(parts.collect::<Option<Vec<_>>>()?))
    }

    /// BM25 of words that stand so many times as one (Robertson and Walker 1994); `None` where they do not.
    fn bm25(
        &self,
        field: TextField,
        terms: &[&str],
        times: usize,
        view: &View,
        what: String,
    ) -> Option<Explanation> {
        if times == 0 {
            return None;
        }
        let rarity: f32 = terms.iter().map(|term| self.statistics.rarity(field, term)).sum();
        // Titles and headings have no lengths.
        let length = if field == TextField::Main { view.length } else { 1.0 };
        let mean = self.statistics.mean(field);
        let norm = BM25_K1 * (1.0 - BM25_B + BM25_B * length / mean);
        let frequency = times as f32 / (times as f32 + norm);
        let value = rarity * (1.0 + BM25_K1) * frequency;
        Some(Explanation {
            value,
            description: format!("{what}: product of"),
            parts: vec![
                plain(rarity, "how rare it is"),
                plain(1.0 + BM25_K1, "a constant of the formula, k1 + 1"),
                plain(
                    frequency,
                    &format!("{times} times in {length:.0} words, of {mean:.0} in the mean"),
                ),
            ],
        })
    }

    /// The words whose rarity makes the score of words near one another: of alternatives the most frequent.
    fn weighing<'c>(&self, clause: &'c Clause, out: &mut Vec<&'c str>) {
        let most = |terms: &mut dyn Iterator<Item = &'c str>| {
            terms.max_by_key(|term| (self.statistics.count(TextField::Main, term), *term))
        };
        match clause {
            Clause::Word(word) => out.push(&word.term),
            Clause::Pattern(pattern) => {
                out.extend(most(&mut pattern.terms.iter().map(String::as_str)))
            }
            Clause::Phrase(phrase) => {
                out.extend(phrase.terms.iter().map(|place| place.term.as_str()))
            }
            Clause::Near(near) => {
                near.operands.iter().for_each(|operand| self.weighing(operand, out))
            }
            Clause::Boosted(clause, _) => self.weighing(clause, out),
            Clause::Forms(clauses) | Clause::Boolean { should: clauses, .. } => {
                let mut words = Vec::new();
                clauses.iter().for_each(|clause| self.weighing(clause, &mut words));
                out.extend(most(&mut words.into_iter()));
            }
            Clause::Everything | Clause::Filter(_) => {}
        }
    }
}

fn plain(value: f32, description: &str) -> Explanation {
    Explanation { value, description: description.to_owned(), parts: Vec::new() }
}

fn weighed(explanation: Explanation, by: f32) -> Explanation {
    if by == 1.0 { explanation } else { explanation.times(by, "its weight") }
}

fn sum(mut parts: Vec<Explanation>) -> Explanation {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            let value = parts.iter().map(|part| part.value).sum();
            Explanation { value, description: "sum of".to_owned(), parts }
        }
    }
}

/// The greatest of what there is.
fn best(parts: impl IntoIterator<Item = Option<Explanation>>) -> Option<Explanation> {
    parts
        .into_iter()
        .flatten()
        .reduce(|best, other| if other.value > best.value { other } else { best })
}
