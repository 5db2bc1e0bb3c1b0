//! A query as tantivy runs it.

use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur,
    PhraseQuery, Query as TantivyQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;

use super::careful::Careful;
use super::near::NearQuery;
use super::node::Node;
use super::schema::Schemas;
use super::seam::{SeamQuery, Seams};
use crate::engine::flat::{MOST_SCORED_TERMS, filter_terms, flat, is_live, weight_of};
use crate::query::{Clause, NearClause, PatternClause, PhraseClause, TextField, WordClause};
use crate::rank::Deadline;

/// Makes tantivy queries of clauses.
pub struct Compiler<'a> {
    pub schemas: &'a Schemas,
    pub seams: &'a Arc<Seams>,
    /// Words count as written, which the index does not know; then a query gives at least what matches.
    pub literal: bool,
    /// Whether a term of the main field is in the index; forms that are not are left out, so that a plain word stays
    /// a plain term query, which is fast.
    pub is_known: &'a dyn Fn(&str) -> bool,
    /// Phrases and words near one another end then.
    pub until: &'a Deadline,
    /// Whether scores are to be explained, and nothing is to be found.
    pub explains: bool,
}

impl Compiler<'_> {
    /// The clause as a tantivy query.
    pub fn compile(&self, clause: &Clause) -> Box<dyn TantivyQuery> {
        match clause {
            leaf if leaf.goes_over() => {
                let inside = self.inside(leaf);
                Box::new(SeamQuery::new(leaf, inside, self.seams, self.schemas.main, self.until))
            }
            Clause::Boosted(clause, by) => Box::new(BoostQuery::new(self.compile(clause), *by)),
            Clause::Forms(forms) => self.forms(forms, &|form| self.compile(form)),
            Clause::Boolean { must, should, not } => {
                self.boolean(must, should, not, &|clause| self.compile(clause))
            }
            leaf => self.inside(leaf),
        }
    }

    /// The clause where no part of it goes over the seam of two passages: leaves that do not, and what stands near
    /// something, whose passages have all of it.
    fn inside(&self, clause: &Clause) -> Box<dyn TantivyQuery> {
        match clause {
            Clause::Everything => Box::new(AllQuery),
            Clause::Word(clause) => word(clause, self.schemas),
            Clause::Phrase(clause) => self.phrase(clause),
            Clause::Pattern(clause) => self.pattern(clause),
            Clause::Near(near) => self.near(near),
            Clause::Boosted(clause, by) => Box::new(BoostQuery::new(self.inside(clause), *by)),
            Clause::Filter(filter) => {
                let meta = |term: String| Term::from_field_text(self.schemas.meta, &term);
                let terms = TermSetQuery::new(filter_terms(filter).into_iter().map(meta));
                Box::new(ConstScoreQuery::new(Box::new(terms), 0.0))
            }
            Clause::Forms(forms) => self.forms(forms, &|form| self.inside(form)),
            Clause::Boolean { must, should, not } => {
                self.boolean(must, should, not, &|clause| self.inside(clause))
            }
        }
    }

    fn near(&self, near: &NearClause) -> Box<dyn TantivyQuery> {
        let operands = near.operands.iter();
        let all = operands.map(|operand| (Occur::Must, self.inside(operand))).collect();
        let all = self.explainable(BooleanQuery::new(all));
        match near.field {
            TextField::Main => {
                let field = self.schemas.main;
                Box::new(NearQuery::new(Node::of_near(near, field), field, all, self.until))
            }
            // Their words; whether they are near, the passage tells.
            TextField::Title | TextField::Heading => all,
        }
    }

    fn forms(
        &self,
        forms: &[Clause],
        inner: &dyn Fn(&Clause) -> Box<dyn TantivyQuery>,
    ) -> Box<dyn TantivyQuery> {
        let live = forms.iter().filter(|form| is_live(form, self.is_known));
        let mut live: Vec<_> = live.map(inner).collect();
        match live.len() {
            0 => Box::new(EmptyQuery),
            1 => live.swap_remove(0),
            _ => self.explainable(DisjunctionMaxQuery::new(live)),
        }
    }

    fn boolean(
        &self,
        must: &[Clause],
        should: &[Clause],
        not: &[Clause],
        inner: &dyn Fn(&Clause) -> Box<dyn TantivyQuery>,
    ) -> Box<dyn TantivyQuery> {
        let with = |occur: Occur, clauses: &[Clause]| {
            clauses.iter().map(|clause| (occur, inner(clause))).collect::<Vec<_>>()
        };
        let mut clauses = with(Occur::Must, must);
        clauses.extend(with(Occur::Should, &flat(should, self.is_known)));
        if !not.is_empty() {
            // Stems exclude too much where words count as written; the passages decide then.
            let decides = |clause: &&Clause| !self.literal || matches!(clause, Clause::Filter(_));
            let not: Vec<Clause> = not.iter().filter(decides).cloned().collect();
            clauses.extend(with(Occur::MustNot, &not));
            if must.is_empty() && should.is_empty() {
                clauses.push((Occur::Must, Box::new(AllQuery)));
            }
        }
        self.explainable(BooleanQuery::new(clauses))
    }

    fn phrase(&self, phrase: &PhraseClause) -> Box<dyn TantivyQuery> {
        let field = self.schemas.of(phrase.field);
        let terms = phrase.terms.iter().map(|term| Term::from_field_text(field, &term.term));
        if phrase.field == TextField::Main {
            let what = format!("the phrase `{}`", phrase.written);
            return Box::new(Careful::new(PhraseQuery::new(terms.collect()), what, self.until));
        }
        // All its words; whether they stand as a phrase, the passage tells.
        let word = |term| -> (Occur, Box<dyn TantivyQuery>) {
            (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
        };
        self.explainable(BooleanQuery::new(terms.map(word).collect()))
    }

    fn pattern(&self, pattern: &PatternClause) -> Box<dyn TantivyQuery> {
        let field = self.schemas.of(pattern.field);
        let terms = pattern.terms.iter().map(|term| Term::from_field_text(field, term));
        match pattern.terms.len() {
            0 => Box::new(EmptyQuery),
            1..=MOST_SCORED_TERMS => {
                let query = |term| -> Box<dyn TantivyQuery> {
                    Box::new(TermQuery::new(term, option(pattern.field)))
                };
                self.explainable(DisjunctionMaxQuery::new(terms.map(query).collect()))
            }
            _ => self.explainable(TermSetQuery::new(terms)),
        }
    }

    /// What has parts, as it is explained. Where passages are to be found it is left as tantivy knows it best.
    fn explainable(&self, query: impl TantivyQuery + Clone) -> Box<dyn TantivyQuery> {
        match self.explains {
            true => Box::new(Careful::explaining(query)),
            false => Box::new(query),
        }
    }
}

fn word(word: &WordClause, schemas: &Schemas) -> Box<dyn TantivyQuery> {
    let term = Term::from_field_text(schemas.of(word.field), &word.term);
    let query = Box::new(TermQuery::new(term, option(word.field)));
    match weight_of(word.form) {
        1.0 => query,
        weight => Box::new(BoostQuery::new(query, weight)),
    }
}

/// What is read of a field's postings: titles and headings have no frequencies.
fn option(field: TextField) -> IndexRecordOption {
    match field {
        TextField::Main => IndexRecordOption::WithFreqs,
        TextField::Title | TextField::Heading => IndexRecordOption::Basic,
    }
}
