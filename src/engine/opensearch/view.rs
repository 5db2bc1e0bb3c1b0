//! A passage as a query sees it: where the words of the query stand in it, by the same analyzer that made the index.

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::fieldnorm::FieldNormReader;

use super::read::Found;
use crate::analyze::{Analyzer, PART_SEPARATOR};
use crate::engine::flat::filter_terms;
use crate::engine::record::{meta_term, meta_text, role_term};
use crate::passage::Passage;
use crate::query::near::{Span, near};
use crate::query::{Clause, Filter, Query, TextField};
use crate::rank::{DEMOTED_ROLE, HEADING_WEIGHT, TITLE_WEIGHT};

/// The terms that a query asks for, wherever.
pub struct Wanted(FxHashSet<String>);

impl Wanted {
    /// Those of a query.
    pub fn of(query: &Query) -> Wanted {
        let mut wanted = FxHashSet::default();
        query.clause.visit_terms(&mut |term| {
            if !wanted.contains(term) {
                wanted.insert(term.to_owned());
            }
        });
        Wanted(wanted)
    }
}

/// Where words stand: the positions of each, ascending, one for each time that it counts.
#[derive(Default)]
struct Places(FxHashMap<String, Vec<u32>>);

impl Places {
    /// Adds the words of a text that is wanted, from a position on, each so many times; the position behind it and how
    /// many tokens there were.
    fn add(
        &mut self,
        analyzer: &mut Analyzer,
        text: &str,
        wanted: &Wanted,
        from: u32,
        weight: usize,
    ) -> (u32, usize) {
        let (mut end, mut tokens) = (from, 0);
        analyzer.scan(text, |term, position, _| {
            tokens += weight;
            end = from + position + 1;
            if wanted.0.contains(term) {
                let places = match self.0.get_mut(term) {
                    Some(places) => places,
                    None => self.0.entry(term.to_owned()).or_default(),
                };
                places.extend(std::iter::repeat_n(from + position, weight));
            }
        });
        (end, tokens)
    }

    fn of(&self, term: &str) -> &[u32] {
        self.0.get(term).map_or(&[], Vec::as_slice)
    }
}

/// A passage as a query sees it.
pub struct View {
    main: Places,
    title: Places,
    heading: Places,
    meta: FxHashSet<String>,
    /// How many words the text has.
    words: u32,
    /// How many tokens the ranked field has, as its norm tells.
    pub length: f32,
    /// The next passage of the section: its words, and how many there are.
    next: Option<(Places, u32)>,
}

impl View {
    /// A passage, with the text of the next of its section, where something may go on there.
    pub fn of(
        found: &Found,
        next: Option<&Found>,
        wanted: &Wanted,
        analyzer: &mut Analyzer,
    ) -> View {
        let (mut main, mut title, mut heading) =
            (Places::default(), Places::default(), Places::default());
        let passage = &found.passage;
        let report = &passage.report;
        let mut end = 0;
        let mut tokens = 0;
        let parts = [
            (Some(passage.text.as_str()), 1),
            (Some(report.title.as_str()), TITLE_WEIGHT),
            (passage.heading(), HEADING_WEIGHT),
        ];
        for (part, weight) in parts {
            let Some(part) = part else { continue };
            let (behind, more) = main.add(analyzer, part, wanted, end, weight);
            // Parts have a gap between them that nothing goes over.
            end = behind + crate::analyze::PART_GAP;
            tokens += more;
        }
        title.add(analyzer, &report.title, wanted, 0, 1);
        let under = passage.trail.get(1..).unwrap_or_default();
        heading.add(analyzer, &under.join(&PART_SEPARATOR.to_string()), wanted, 0, 1);
        let next = next.map(|next| {
            let mut places = Places::default();
            places.add(analyzer, &next.passage.text, wanted, 0, 1);
            (places, next.words as u32)
        });
        View {
            main,
            title,
            heading,
            meta: meta_of(passage),
            words: found.words as u32,
            length: as_norm(tokens),
            next,
        }
    }

    /// Whether its section counts less.
    pub fn is_demoted(&self) -> bool {
        self.meta.contains(&meta_term("role", DEMOTED_ROLE))
    }

    /// How often a term counts in a field.
    pub fn count(&self, field: TextField, term: &str) -> usize {
        match field {
            TextField::Main => self.main.of(term).len(),
            TextField::Title => self.title.of(term).len().min(1),
            TextField::Heading => self.heading.of(term).len().min(1),
        }
    }

    /// Where a term stands in the ranked field, each place as often as it counts.
    pub fn places(&self, term: &str) -> &[u32] {
        self.main.of(term)
    }

    /// Whether metadata are as a filter wants them.
    pub fn fits(&self, filter: &Filter) -> bool {
        filter_terms(filter).iter().any(|term| self.meta.contains(term))
    }

    /// How often a phrase counts inside the passage.
    pub fn phrase_count(&self, terms: &[&str]) -> usize {
        let Some((first, rest)) = terms.split_first() else { return 0 };
        let at = |term: &str, position: u32| {
            self.main.of(term).iter().filter(|&&place| place == position).count()
        };
        let mut counted = 0;
        let mut last = None;
        for &start in self.main.of(first) {
            if last == Some(start) {
                continue;
            }
            last = Some(start);
            let counts = (1..).zip(rest).map(|(offset, term)| at(term, start + offset));
            counted += counts.chain([at(first, start)]).min().unwrap_or(0);
        }
        counted
    }

    /// How often words stand near one another, or as a phrase, inside the passage.
    pub fn near_count(&self, clause: &Clause) -> usize {
        spans(clause, &|term| deduped(self.main.of(term).iter().copied())).len()
    }

    /// How often that goes over the seam to the next passage of the section.
    pub fn over_count(&self, clause: &Clause) -> usize {
        let Some((next, next_words)) = &self.next else { return 0 };
        let reach = clause.width().saturating_sub(1);
        let (tail, head) =
            (self.words.saturating_sub(reach)..self.words, 0..reach.min(*next_words));
        let places = |term: &str| {
            let before = self.main.of(term).iter().copied().filter(|place| tail.contains(place));
            let after = next.of(term).iter().copied().filter(|place| head.contains(place));
            deduped(before.chain(after.map(|place| place + self.words)))
        };
        let found = spans(clause, &places);
        found.iter().filter(|span| span.first < self.words && self.words <= span.last).count()
    }
}

fn deduped(places: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut places: Vec<u32> = places.collect();
    places.dedup();
    places
}

/// Where a clause stands, by the places of its terms; see [`crate::query::near`].
fn spans(clause: &Clause, places: &dyn Fn(&str) -> Vec<u32>) -> Vec<Span> {
    let word = |term: &str| -> Vec<Span> {
        places(term).into_iter().map(|place| Span::word(place, None)).collect()
    };
    match clause {
        Clause::Word(clause) => word(&clause.term),
        Clause::Pattern(pattern) => pattern.terms.iter().flat_map(|term| word(term)).collect(),
        Clause::Phrase(phrase) => {
            let words: Vec<Vec<Span>> =
                phrase.terms.iter().map(|place| word(&place.term)).collect();
            near(&words, true, 0)
        }
        Clause::Near(clause) => {
            let operands: Vec<Vec<Span>> =
                clause.operands.iter().map(|operand| spans(operand, places)).collect();
            near(&operands, clause.ordered, clause.extra)
        }
        Clause::Boosted(clause, _) => spans(clause, places),
        Clause::Forms(clauses) | Clause::Boolean { should: clauses, .. } => {
            clauses.iter().flat_map(|clause| spans(clause, places)).collect()
        }
        Clause::Everything | Clause::Filter(_) => Vec::new(),
    }
}

fn meta_of(passage: &Passage) -> FxHashSet<String> {
    let report = meta_text(&passage.report);
    let mut meta: FxHashSet<String> = report.split(PART_SEPARATOR).map(str::to_owned).collect();
    meta.extend(role_term(passage));
    meta
}

/// A length as the norms of Lucene and tantivy keep it: in one byte, rounded down.
fn as_norm(tokens: usize) -> f32 {
    let code =
        (0..=u8::MAX).rev().find(|&code| FieldNormReader::id_to_fieldnorm(code) as usize <= tokens);
    FieldNormReader::id_to_fieldnorm(code.unwrap_or(0)) as f32
}
