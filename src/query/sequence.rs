//! What stands side by side as one clause.

use super::Clause;
use crate::analyze::is_stop_word;

/// How a part of a sequence takes part in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Occur {
    Must,
    Should,
    Not,
}

/// A part of a sequence.
pub(super) struct Part {
    pub(super) occur: Occur,
    pub(super) clause: Clause,
    /// A common word beside others, which says nothing unless it is all there is.
    pub(super) is_idle: bool,
}

/// Leaves out common words beside others: a question keeps its meaning where an operator stands in it.
pub(super) fn without_idle(mut parts: Vec<Part>) -> Vec<(Occur, Clause)> {
    let says_much = |part: &Part| {
        let is_bare = part.clause == Clause::Everything || is_filter(&part.clause);
        part.occur != Occur::Not && !part.is_idle && !is_bare
    };
    if parts.iter().any(says_much) {
        parts.retain(|part| !part.is_idle);
    }
    parts.into_iter().map(|part| (part.occur, part.clause)).collect()
}

/// Whether a clause is nothing but common words.
pub(super) fn is_common(clause: &Clause) -> bool {
    match clause {
        Clause::Word(word) => is_stop_word(&word.folded),
        Clause::Phrase(phrase) => phrase.terms.iter().all(|term| is_stop_word(&term.folded)),
        Clause::Boosted(clause, _) => is_common(clause),
        Clause::Forms(forms) => forms.first().is_some_and(is_common),
        _ => false,
    }
}

/// A clause without its weight.
pub(super) fn unboosted(clause: &Clause) -> &Clause {
    match clause {
        Clause::Boosted(clause, _) => unboosted(clause),
        clause => clause,
    }
}

/// Whether a clause asks for metadata and nothing else.
pub(super) fn is_filter(clause: &Clause) -> bool {
    match clause {
        Clause::Filter(_) => true,
        Clause::Boolean { must, should, not } => {
            let all = || must.iter().chain(should).chain(not);
            all().any(is_filter) && all().all(|it| is_filter(it) || *it == Clause::Everything)
        }
        _ => false,
    }
}

/// Joins the parts of a sequence; filters on the same field become one with several values.
pub(super) fn sequence(parts: Vec<(Occur, Clause)>) -> Option<Clause> {
    let (mut must, mut should, mut not): (Vec<Clause>, Vec<Clause>, Vec<Clause>) =
        Default::default();
    for (occur, clause) in parts {
        match (occur, clause) {
            (Occur::Must, Clause::Filter(filter)) => {
                let same = must.iter_mut().find_map(|clause| match clause {
                    Clause::Filter(known) if known.field == filter.field => Some(known),
                    _ => None,
                });
                match same {
                    Some(known) => known.add(filter.values),
                    None => must.push(Clause::Filter(filter)),
                }
            }
            (Occur::Must, clause) => must.push(clause),
            (Occur::Should, clause) => should.push(clause),
            (Occur::Not, clause) => not.push(clause),
        }
    }
    let is_filtered_only = must.iter().all(is_filter);
    match (must.len(), should.len(), not.len()) {
        (0, 0, 0) => None,
        (0, _, 0) => Some(Clause::any(should)),
        (1, 0, 0) => must.pop(),
        (_, 0, _) if is_filtered_only => {
            must.push(Clause::Everything);
            Some(Clause::Boolean { must, should, not })
        }
        // Where only fields are required, one of the words is required too.
        (1.., 1.., _) if must.iter().all(Clause::is_restriction) => {
            must.push(Clause::any(should));
            Some(Clause::Boolean { must, should: Vec::new(), not })
        }
        _ => Some(Clause::Boolean { must, should, not }),
    }
}
