//! What restricts a query beside its words: fields and their values, and headings.

use rustc_hash::FxHashSet;

use super::{Clause, Filter, Query, TextField};

impl Query {
    /// Adds a clause that passages must also match.
    pub fn restrict(&mut self, clause: Clause) {
        let own = std::mem::replace(&mut self.clause, Clause::Everything);
        let is_empty = matches!(&own, Clause::Boolean { must, should, not } if must.is_empty() && should.is_empty() && not.is_empty());
        let own = if is_empty && self.text.trim().is_empty() { Clause::Everything } else { own };
        self.clause =
            Clause::Boolean { must: vec![clause, own], should: Vec::new(), not: Vec::new() };
    }

    /// What is asked for of the text of passages: what was typed, or the words of it where there are fields too, which
    /// mean nothing there.
    pub fn words_of_text(&self) -> String {
        let mut has_fields = false;
        self.clause.visit(&mut |leaf| {
            has_fields |= matches!(leaf, Clause::Filter(_))
                || leaf.field().is_some_and(|field| field != TextField::Main);
        });
        if !has_fields {
            return self.text.clone();
        }
        let words = self.words.iter().filter(|word| word.field == TextField::Main);
        let words: Vec<&str> = words.map(|word| word.written.as_str()).collect();
        words.join(" ")
    }

    /// What a query asks of passages beside words of their text: fields, filters and headings that all of them must
    /// have. The words of these passages are those among which it could have matched.
    pub fn restriction(&self) -> Query {
        let clause = restricting(&self.clause).unwrap_or(Clause::Everything);
        Query { clause, words: Vec::new(), expansions: Vec::new(), ..self.clone() }
    }
}

impl Clause {
    /// Whether it asks for nothing but fields.
    pub fn is_restriction(&self) -> bool {
        let mut all = true;
        self.visit(&mut |clause| all &= clause.field() != Some(TextField::Main));
        all
    }

    /// Lets words, which are folded, count so many times, with whatever was added to them.
    pub fn lessen(&mut self, words: &FxHashSet<&str>, by: f32) {
        match self {
            Clause::Word(word) if words.contains(word.folded.as_str()) => self.boost(by),
            Clause::Forms(forms) => {
                let is_one = |form: &Clause| match form {
                    Clause::Word(word) => words.contains(word.folded.as_str()),
                    _ => false,
                };
                if forms.iter().any(is_one) {
                    forms.iter_mut().for_each(|form| form.boost(by));
                }
            }
            Clause::Boosted(own, _) => own.lessen(words, by),
            Clause::Boolean { must, should, .. } => {
                must.iter_mut().chain(should).for_each(|clause| clause.lessen(words, by));
            }
            _ => {}
        }
    }

    fn boost(&mut self, by: f32) {
        if let Clause::Boosted(_, own) = self {
            *own *= by;
            return;
        }
        let own = std::mem::replace(self, Clause::Everything);
        *self = Clause::Boosted(Box::new(own), by);
    }

    /// Goes through the filters, also of what is excluded.
    ///
    /// # Errors
    /// The first of `visit`.
    pub fn visit_filters<E>(
        &mut self,
        visit: &mut impl FnMut(&mut Filter) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Clause::Filter(filter) => visit(filter),
            Clause::Boosted(clause, _) => clause.visit_filters(visit),
            Clause::Forms(clauses) => clauses.iter_mut().try_for_each(|it| it.visit_filters(visit)),
            Clause::Boolean { must, should, not } => {
                let mut all = must.iter_mut().chain(should).chain(not);
                all.try_for_each(|clause| clause.visit_filters(visit))
            }
            _ => Ok(()),
        }
    }
}

fn restricting(clause: &Clause) -> Option<Clause> {
    match clause {
        _ if clause.is_restriction() => Some(clause.clone()),
        Clause::Boosted(clause, _) => restricting(clause),
        Clause::Boolean { must, not, .. } => {
            let mut must: Vec<Clause> = must.iter().filter_map(restricting).collect();
            let not: Vec<Clause> = not.iter().filter_map(restricting).collect();
            if must.is_empty() && not.is_empty() {
                return None;
            }
            if must.is_empty() {
                must.push(Clause::Everything);
            }
            Some(Clause::Boolean { must, should: Vec::new(), not })
        }
        _ => None,
    }
}
