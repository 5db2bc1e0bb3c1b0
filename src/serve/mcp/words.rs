//! In what words a hit says what is asked for, where it has not the words themselves: what they are also called, or what is
//! spelled nearly so.

use std::collections::BTreeMap;

use crate::analyze::folded;
use crate::highlight::MarkKind;
use crate::query::{Expansion, ExpansionSource};
use crate::search::{Found, SearchResponse};

/// So many other words are named for one.
const MOST: usize = 3;

/// So many words of the query are told of.
const MOST_WORDS: usize = 8;

/// Words of the query, and what a hit has in their place.
pub type OtherWords = BTreeMap<String, Vec<String>>;

/// The words of a query that a hit has not, but says otherwise.
pub fn other_words(response: &SearchResponse, hit: &Found) -> OtherWords {
    let own = own_clauses(hit);
    let mut others = OtherWords::new();
    for mark in &hit.marks {
        let said = hit.passage.text.get(mark.bytes.clone()).unwrap_or_default();
        let Some((from, clauses)) = meant(response, mark.kind, mark.clause, said) else { continue };
        if clauses.into_iter().all(|clause| own.contains(&clause)) {
            continue;
        }
        if others.len() == MOST_WORDS && !others.contains_key(&from) {
            continue;
        }
        let all = others.entry(from).or_default();
        if all.len() < MOST && !all.iter().any(|other| folded(other) == folded(said)) {
            all.push(said.to_owned());
        }
    }
    others
}

/// What is to be said where no hit has some words of the query themselves.
pub fn lacked_by_all(response: &SearchResponse) -> Option<String> {
    let mut hits = response.hits.iter().map(|hit| other_words(response, hit));
    let mut lacked: Vec<String> = hits.next()?.into_keys().collect();
    hits.for_each(|others| lacked.retain(|word| others.contains_key(word)));
    (!lacked.is_empty()).then(|| {
        format!(
            "no result here has “{}” as such, but other words for it (`other_words`); `mode` `literal` finds only words as \
             written",
            lacked.join("”, “")
        )
    })
}

/// The clauses of which a hit has the words themselves, in some form, in its text, its headings, or where it goes on.
fn own_clauses(hit: &Found) -> Vec<usize> {
    let in_headings = hit.section_marks.iter().map(|it| &it.mark);
    let beyond = hit.continuation.iter().flat_map(|next| &next.marks);
    let marks = hit.marks.iter().chain(in_headings).chain(beyond);
    let is_other = |kind| matches!(kind, MarkKind::Synonym | MarkKind::Semantic | MarkKind::Fuzzy);
    marks.filter(|mark| !is_other(mark.kind)).map(|mark| mark.clause).collect()
}

/// The words of the query that stand behind what a mark has, and their clauses.
fn meant(
    response: &SearchResponse,
    kind: MarkKind,
    clause: usize,
    said: &str,
) -> Option<(String, Vec<usize>)> {
    let by = match kind {
        MarkKind::Synonym => ExpansionSource::Thesaurus,
        MarkKind::Fuzzy => ExpansionSource::Spelling,
        _ => return None,
    };
    let of_clause = |it: &&Expansion| it.number == clause && it.by == by;
    let mut all = response.expansions.iter().filter(of_clause).collect::<Vec<_>>();
    // Where several end with the same word, it is one that begins so.
    if all.len() > 1 && all.iter().any(|it| is_of(it, said)) {
        all.retain(|it| is_of(it, said));
    }
    if let Some(expansion) = all.first() {
        return Some((expansion.from.clone(), (expansion.first..=expansion.number).collect()));
    }
    let forms = response.exhaustive.iter().flat_map(|exhaustive| &exhaustive.forms);
    let said = folded(said);
    let mut near = forms.filter(|word| word.spellings.contains(&said));
    near.next().map(|word| (word.written.clone(), vec![clause]))
}

/// Whether what is said may be what was searched for as well; its last letters may be others.
fn is_of(expansion: &Expansion, said: &str) -> bool {
    const STEM: usize = 4;
    let begins = |text: &str| folded(text).chars().take(STEM).collect::<String>();
    expansion.to.iter().any(|to| begins(to) == begins(said))
}
