//! Evaluates a query over the words of one passage, apart from any index.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::parts::{Over, Part, Parts, Place};
use super::{Mark, MarkKind, SectionMark};
use crate::analyze::{self, Analyzer, Beginnings};
use crate::meaning::{Alike, Asked};
use crate::query::near::Span;
use crate::query::{
    self, Clause, Filter, Form, NearClause, Pattern, PatternClause, PhraseClause, Query, TextField,
    WordClause, with_brackets,
};

/// What a passage that passed has to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Marks in the text, by place; none lies inside another of the same clause.
    pub marks: Vec<Mark>,
    /// Marks in the heading trail.
    pub section_marks: Vec<SectionMark>,
    /// The words asked for that the passage lacks, as typed, each once.
    pub missing: Vec<String>,
    /// The whole matches that begin in the text, by place. None lies inside another.
    pub occurrences: Vec<Occurrence>,
    /// Marks in the text of the next passage, for what begins in this one and ends there.
    pub next_marks: Vec<Mark>,
}

/// A whole match: a word, a phrase, or the stretch from the first to the last of words near one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Half-open byte range in the passage's text.
    pub bytes: Range<usize>,
    /// Where it ends in the text of the next passage; `None` where it ends in this one.
    pub end_in_next: Option<usize>,
}

/// Marks passages for one query. Holds what is worth computing once for many passages.
pub struct Marker<'q> {
    query: &'q Query,
    /// The terms that the query looks for, numbered.
    terms: FxHashMap<&'q str, usize>,
    /// How those terms begin.
    beginnings: Beginnings,
    /// What may begin in one passage and end in the next.
    over: Vec<Over>,
    /// The words of prose that passages are ranked by the meaning of.
    meant: Option<Asked>,
    analyzer: Analyzer,
}

/// What has been found so far, each with the part it is in.
#[derive(Default)]
struct Found {
    marks: Vec<(usize, Mark)>,
    /// From the first to the last of words near one another: of these the marks tell only the words.
    stretches: Vec<(usize, Range<usize>)>,
}

/// Words that stand near others: the first position of each, and its bytes.
type NearWords = Vec<(u32, Range<usize>)>;

impl Found {
    fn len(&self) -> (usize, usize) {
        (self.marks.len(), self.stretches.len())
    }

    fn truncate(&mut self, (marks, stretches): (usize, usize)) {
        self.marks.truncate(marks);
        self.stretches.truncate(stretches);
    }

    fn push(&mut self, part: usize, bytes: Range<usize>, kind: MarkKind, clause: usize) {
        self.marks.push((part, Mark { bytes, kind, clause }));
    }

    /// The whole matches in a part of this length, without those that lie inside others.
    fn occurrences(&self, part: usize, length: usize) -> Vec<Occurrence> {
        let marks = self.marks.iter().filter(|(_, mark)| mark.kind != MarkKind::Near);
        let marks = marks.map(|(part, mark)| (part, &mark.bytes));
        let stretches = self.stretches.iter().map(|(part, bytes)| (part, bytes));
        let inside = marks.chain(stretches).filter(|(other, _)| **other == part);
        let mut whole: Vec<Range<usize>> = inside.map(|(_, bytes)| bytes.clone()).collect();
        whole.sort_unstable_by_key(|bytes| (bytes.start, std::cmp::Reverse(bytes.end)));
        let mut end = 0;
        // Of those that begin before it, one that ends behind it has it inside.
        whole.retain(|bytes| {
            let is_inside = bytes.end <= end;
            end = end.max(bytes.end);
            !is_inside
        });
        let occurrence = |bytes: Range<usize>| Occurrence {
            end_in_next: bytes.end.checked_sub(length).filter(|&end| end > 0),
            bytes: bytes.start..bytes.end.min(length),
        };
        whole.into_iter().map(occurrence).collect()
    }
}

impl<'q> Marker<'q> {
    /// Prepares a query for marking.
    pub fn new(query: &'q Query) -> Marker<'q> {
        let mut terms = FxHashMap::default();
        query.clause.visit_terms(&mut |term| {
            let next = terms.len();
            terms.entry(term).or_insert(next);
        });
        for word in &query.words {
            let next = terms.len();
            terms.entry(word.term.as_str()).or_insert(next);
        }
        let beginnings = Beginnings::of(terms.keys().copied());
        let mut over = Vec::new();
        query.clause.visit(&mut |clause| over.extend(Over::of(clause, &terms)));
        // What is asked of titles and headings is not asked of texts.
        let words = query.words.iter().filter(|word| word.field == TextField::Main);
        let words = words.map(|word| (word.number, word.written.as_str()));
        let meant = query.meaning.as_ref().map(|_| Asked::new(words));
        Marker { query, terms, beginnings, over, meant, analyzer: Analyzer::default() }
    }

    /// Adds to what passed the words of the text that mean what was asked for, where nothing else is marked.
    pub fn mark_meant(&mut self, text: &str, passed: &mut Passed) {
        let Some(meant) = &mut self.meant else { return };
        let marks = &passed.marks;
        let is_free = |bytes: &Range<usize>| {
            !marks.iter().any(|mark| mark.bytes.start < bytes.end && bytes.start < mark.bytes.end)
        };
        let alike = meant.alike(text).into_iter().filter(|alike| is_free(&alike.bytes));
        let mark = |it: Alike| Mark { bytes: it.bytes, kind: MarkKind::Semantic, clause: it.asked };
        let more: Vec<Mark> = alike.map(mark).collect();
        passed.marks.extend(more);
        passed.marks.sort_by_key(|mark| (mark.bytes.start, mark.bytes.end, mark.clause));
    }

    /// What a passage shows that has no word of the query: that it lacks them all.
    pub fn without_words(&self) -> Passed {
        let missing = self.missing(&Parts { parts: Vec::new(), holds: &|_| false }, &[]);
        Passed { missing, ..Passed::default() }
    }

    /// Evaluates the query over a passage that nothing of its section follows, and that has what filters ask for. See
    /// [`Marker::mark_with_next`].
    pub fn mark(&mut self, trail: &[String], text: &str) -> Option<Passed> {
        let next = || Ok::<_, Infallible>(None);
        let Ok(passed) = self.mark_with_next(trail, text, &|_| true, next);
        passed
    }

    /// Evaluates the query over a passage: its heading trail (the title first), its text, and its metadata, of which
    /// `holds` tells whether they are what a filter asks for. `None` when it does not match. What is typed as a phrase
    /// or as near may end in the text of the next passage of the section, which `next` gives; it is asked for where
    /// something may go on there.
    ///
    /// # Errors
    /// Those of `next`.
    pub fn mark_with_next<E>(
        &mut self,
        trail: &[String],
        text: &str,
        holds: &dyn Fn(&Filter) -> bool,
        next: impl FnOnce() -> Result<Option<String>, E>,
    ) -> Result<Option<Passed>, E> {
        let texts = trail.iter().map(String::as_str).chain([text]);
        let mut parts: Vec<Part<'_>> = texts.map(|text| self.take_apart(text)).collect();
        if let Some(part) = parts.last_mut()
            && self.over.iter().any(|over| over.may_begin(part))
            && let Some(next) = next()?
        {
            part.append(self.take_apart(&next));
        }
        Ok(self.passed(trail.len(), &Parts { parts, holds }))
    }

    fn passed(&self, text: usize, parts: &Parts<'_>) -> Option<Passed> {
        let mut found = Found::default();
        if !self.matches(&self.query.clause, parts, &mut found) {
            return None;
        }
        let part = parts.parts.get(text)?;
        let missing = self.missing(parts, &found.marks);
        let occurrences = found.occurrences(text, part.length);
        let mut found = found.marks;
        found.sort_by_key(|(part, mark)| (*part, mark.bytes.start, mark.bytes.end, mark.clause));
        found.dedup_by(|a, b| a.0 == b.0 && a.1.bytes == b.1.bytes && a.1.clause == b.1.clause);
        let mut passed = Passed { missing, occurrences, ..Passed::default() };
        for (number, mark) in found {
            match number == text {
                true => part.push(mark, &mut passed),
                false => passed.section_marks.push(SectionMark { part: number, mark }),
            }
        }
        Some(passed)
    }

    fn take_apart<'t>(&mut self, text: &'t str) -> Part<'t> {
        let mut places: Vec<Vec<Place>> = Vec::new();
        places.resize_with(self.terms.len(), Vec::new);
        let terms = &self.terms;
        let end = self.analyzer.scan_for(text, &self.beginnings, |term, position, bytes| {
            if let Some(places) = terms.get(term).and_then(|&number| places.get_mut(number)) {
                places.push(Place { position, bytes });
            }
        });
        Part { text: Cow::Borrowed(text), places, end, length: text.len() }
    }

    /// Whether a clause matches; if so its marks are added to `found`, otherwise `found` is as before.
    fn matches(&self, clause: &Clause, parts: &Parts<'_>, found: &mut Found) -> bool {
        match clause {
            Clause::Everything => true,
            Clause::Filter(filter) => (parts.holds)(filter),
            Clause::Word(word) => self.word(word, parts, found),
            Clause::Phrase(phrase) => self.phrase(phrase, parts, found),
            Clause::Pattern(pattern) => self.pattern(pattern, parts, found),
            Clause::Near(near) => self.near(near, parts, found),
            Clause::Boosted(clause, _) => self.matches(clause, parts, found),
            Clause::Forms(forms) => self.any(forms, parts, found),
            Clause::Boolean { must, should, not } => {
                let before = found.len();
                let holds = must.iter().all(|clause| self.matches(clause, parts, found))
                    && !not.iter().any(|clause| self.matches(clause, parts, &mut Found::default()));
                let any = holds && self.any(should, parts, found);
                let passes = holds && (any || !must.is_empty());
                if !passes {
                    found.truncate(before);
                }
                passes
            }
        }
    }

    /// Whether any of some clauses matches. Looks at all of them: each adds its marks.
    fn any(&self, clauses: &[Clause], parts: &Parts<'_>, found: &mut Found) -> bool {
        let mut any = false;
        for clause in clauses {
            any |= self.matches(clause, parts, found);
        }
        any
    }

    fn word(&self, word: &WordClause, parts: &Parts<'_>, found: &mut Found) -> bool {
        let before = found.len();
        for (number, part) in parts.of(word.field) {
            for place in self.places(part, &word.term) {
                let is_same = analyze::folded(&part.text[place.bytes.clone()]) == word.folded;
                let kind = match word.form {
                    Form::Spelling => MarkKind::Fuzzy,
                    Form::Synonym => MarkKind::Synonym,
                    Form::Feedback => MarkKind::Semantic,
                    Form::Typed if is_same => MarkKind::Term,
                    Form::Typed | Form::Compound | Form::Inflected => MarkKind::Stem,
                };
                if is_same || !self.query.literal {
                    found.push(number, place.bytes.clone(), kind, word.number);
                }
            }
        }
        found.len() > before
    }

    fn phrase(&self, phrase: &PhraseClause, parts: &Parts<'_>, found: &mut Found) -> bool {
        let before = found.len();
        // Of a legal reference its parts, in a longer one: `18(2)` of `18(2)(a)`.
        let is_reference = phrase.form == Form::Compound && phrase.written.contains('(');
        let kind = match phrase.form {
            Form::Synonym => MarkKind::Synonym,
            _ if is_reference => MarkKind::Stem,
            _ => MarkKind::Phrase,
        };
        for (number, part) in parts.of(phrase.field) {
            for (first, mut bytes) in self.phrases(phrase, part) {
                if is_reference {
                    bytes.end = bytes.start + with_brackets(&part.text, bytes.clone()).len();
                }
                let is_here = bytes.end <= part.length;
                if is_here || first < part.end && phrase.goes_over() {
                    found.push(number, bytes, kind, phrase.number);
                }
            }
        }
        found.len() > before
    }

    /// Where a phrase stands in a part and what follows: the position of its first word, and its bytes.
    fn phrases<'p>(
        &'p self,
        phrase: &'p PhraseClause,
        part: &'p Part<'_>,
    ) -> impl Iterator<Item = (u32, Range<usize>)> {
        let first = phrase.terms.first().map_or(&[][..], |first| self.all(part, &first.term));
        first.iter().filter_map(move |start| {
            let end = self.phrase_end(phrase, part, start)?;
            Some((start.position, start.bytes.start..end))
        })
    }

    /// Where the phrase that begins at `start` ends, if it stands there whole.
    fn phrase_end(&self, phrase: &PhraseClause, part: &Part<'_>, start: &Place) -> Option<usize> {
        let mut end = start.bytes.end;
        for (offset, wanted) in phrase.terms.iter().enumerate() {
            let position = start.position + offset as u32;
            let places = self.all(part, &wanted.term);
            let at = places.partition_point(|place| place.position < position);
            let place = places.get(at).filter(|place| place.position == position)?;
            if self.query.literal
                && analyze::folded(&part.text[place.bytes.clone()]) != wanted.folded
            {
                return None;
            }
            end = end.max(place.bytes.end);
        }
        Some(end)
    }

    fn pattern(&self, pattern: &PatternClause, parts: &Parts<'_>, found: &mut Found) -> bool {
        let before = found.len();
        let kind = match pattern.pattern {
            Pattern::Prefix(_) => MarkKind::Prefix,
            Pattern::Wildcard(_) => MarkKind::Wildcard,
            Pattern::Regex(_) => MarkKind::Regex,
            Pattern::Fuzzy { .. } => MarkKind::Fuzzy,
        };
        for (number, part) in parts.of(pattern.field) {
            let places = self.places_of(pattern, part);
            for place in places.filter(|place| place.position < part.end) {
                found.push(number, place.bytes.clone(), kind, pattern.number);
            }
        }
        found.len() > before
    }

    /// The words of a part and of what follows that a pattern means. The index holds stems: `govern` stands for
    /// `government` and for `governed`.
    fn places_of<'p>(
        &'p self,
        pattern: &'p PatternClause,
        part: &'p Part<'_>,
    ) -> impl Iterator<Item = &'p Place> {
        let is_meant = move |place: &&Place| {
            (pattern.has_forms && !self.query.literal) || {
                let folded = analyze::folded(&part.text[place.bytes.clone()]);
                pattern.words.binary_search(&folded).is_ok()
            }
        };
        pattern.terms.iter().flat_map(|term| self.all(part, term)).filter(is_meant)
    }

    fn near(&self, near: &NearClause, parts: &Parts<'_>, found: &mut Found) -> bool {
        let before = found.len();
        for (number, part) in parts.of(near.field) {
            let mut words = NearWords::new();
            let mut spans = self.near_spans(near, part, &mut words);
            spans.retain(|span| span.first < part.end);
            let stretches = spans.iter().filter_map(|span| stretch(span, &words));
            found.stretches.extend(stretches.map(|bytes| (number, bytes)));
            let shown = spans.into_iter().flat_map(|span| {
                // What could stand for one of its words behind the seam does so where it ends there itself.
                let end = if span.last < part.end { part.end } else { u32::MAX };
                let words = &words;
                let is_shown = move |&word: &usize| words.get(word).is_some_and(|it| it.0 < end);
                span.words.into_iter().filter(is_shown)
            });
            let mut marked: Vec<usize> = shown.collect();
            marked.sort_unstable();
            marked.dedup();
            for (_, bytes) in marked.into_iter().filter_map(|word| words.get(word)) {
                found.push(number, bytes.clone(), MarkKind::Near, near.number);
            }
        }
        found.len() > before
    }

    fn near_spans(&self, near: &NearClause, part: &Part<'_>, words: &mut NearWords) -> Vec<Span> {
        let operands: Vec<Vec<Span>> =
            near.operands.iter().map(|operand| self.spans(operand, part, words)).collect();
        query::near::near(&operands, near.ordered, near.extra)
    }

    /// Where an operand of a [`NearClause`] stands in a part and what follows. The words of the spans are numbered by their
    /// places in `words`, to which they are added.
    fn spans(&self, clause: &Clause, part: &Part<'_>, words: &mut NearWords) -> Vec<Span> {
        let word = |place: &Place| {
            words.push((place.position, place.bytes.clone()));
            Span::word(place.position, Some(words.len() - 1))
        };
        match clause {
            Clause::Word(clause) => {
                let is_meant = |place: &&Place| {
                    !self.query.literal
                        || analyze::folded(&part.text[place.bytes.clone()]) == clause.folded
                };
                self.all(part, &clause.term).iter().filter(is_meant).map(word).collect()
            }
            Clause::Pattern(pattern) => self.places_of(pattern, part).map(word).collect(),
            Clause::Phrase(phrase) => {
                let behind = (phrase.terms.len() as u32).saturating_sub(1);
                let span = |(first, bytes)| {
                    words.push((first, bytes));
                    Span { first, last: first + behind, words: vec![words.len() - 1] }
                };
                self.phrases(phrase, part).map(span).collect()
            }
            Clause::Near(near) => self.near_spans(near, part, words),
            Clause::Forms(clauses) | Clause::Boolean { should: clauses, .. } => {
                clauses.iter().flat_map(|clause| self.spans(clause, part, words)).collect()
            }
            Clause::Boosted(clause, _) => self.spans(clause, part, words),
            Clause::Everything | Clause::Filter(_) => Vec::new(),
        }
    }

    /// Where a term stands in a part.
    fn places<'p>(&self, part: &'p Part<'_>, term: &str) -> &'p [Place] {
        let all = self.all(part, term);
        &all[..all.partition_point(|place| place.position < part.end)]
    }

    /// Where a term stands in a part and in the text of the next passage.
    fn all<'p>(&self, part: &'p Part<'_>, term: &str) -> &'p [Place] {
        let places = self.terms.get(term).and_then(|&number| part.places.get(number));
        places.map_or(&[], Vec::as_slice)
    }

    /// The asked words that neither stand in the passage nor have another form of their clause there. A
    /// synonym stands for all the words that have it.
    fn missing(&self, parts: &Parts<'_>, found: &[(usize, Mark)]) -> Vec<String> {
        let mut matched: BTreeSet<usize> = found.iter().map(|(_, mark)| mark.clause).collect();
        for expansion in self.query.expansions.iter().filter(|found| found.first < found.number) {
            let is_synonym =
                |mark: &Mark| mark.kind == MarkKind::Synonym && mark.clause == expansion.number;
            if found.iter().any(|(_, mark)| is_synonym(mark)) {
                matched.extend(expansion.first..expansion.number);
            }
        }
        let mut missing: Vec<String> = Vec::new();
        for word in &self.query.words {
            // As written, a word stands only where it was marked.
            let stands = || {
                !self.query.literal
                    && parts.parts.iter().any(|part| !self.places(part, &word.term).is_empty())
            };
            if !matched.contains(&word.number) && !stands() && !missing.contains(&word.written) {
                missing.push(word.written.clone());
            }
        }
        missing
    }
}

/// From the first to the last word of a span. A span also names words behind its end, which could stand for
/// one of its own.
fn stretch(span: &Span, words: &NearWords) -> Option<Range<usize>> {
    let words = span.words.iter().filter_map(|&word| words.get(word));
    let mut inside = words.filter(|(position, _)| *position <= span.last).map(|(_, bytes)| bytes);
    let first = inside.next()?.clone();
    Some(inside.fold(first, |all, next| all.start.min(next.start)..all.end.max(next.end)))
}
