//! Laws of passages, marks, queries and snippets, over generated reports and queries.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::convert::Infallible;
use std::ops::Range;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{TestCaseError, TestCaseResult, TestRunner};
use tipsearch::analyze::{Analyzer, folded, word_ranges};
use tipsearch::document::Document;
use tipsearch::engine::{Engine, holds};
use tipsearch::error::{Error, Result};
use tipsearch::highlight::{Fragment, Mark, MarkKind, Marker, Passed, fragments};
use tipsearch::passage::{Passage, PassageSize, cut, sentence_ends};
use tipsearch::query::{
    Clause, Fields, Filter, Form, Pattern, Query, TextField, Thesaurus, Vocabulary,
};
use tipsearch::read::{markdown, plain, wikitext};

use crate::locations::{name, report};
use crate::reference::Reference;
use crate::support::{Shelf, cases};

fn read(name: &str, text: &str) -> Document {
    match name {
        "report.md" => markdown::read(name, text),
        "report.wiki" => wikitext::read(name, text),
        _ => plain::read(name, text),
    }
}

fn size() -> impl Strategy<Value = PassageSize> {
    let default = Just(PassageSize::default());
    prop_oneof![
        default,
        (0..50usize, 0..80usize).prop_map(|(target, max)| PassageSize { target, max })
    ]
}

/// Blocks lie in order, trimmed, with white space between them; sections form a tree in text order.
fn checked_tree(document: &Document) -> TestCaseResult {
    let text = &document.text;
    let (mut end, mut section) = (0, 0);
    for block in &document.blocks {
        let between = text.get(end..block.range.start);
        prop_assert!(
            between.is_some_and(|gap| gap.trim().is_empty()),
            "between blocks: {between:?}"
        );
        let inside = text.get(block.range.clone());
        prop_assert!(
            inside.is_some_and(|inside| !inside.is_empty() && inside.trim() == inside),
            "{inside:?}"
        );
        prop_assert!(section <= block.section && block.section < document.sections.len());
        (end, section) = (block.range.end, block.section);
    }
    prop_assert_eq!(end, text.len(), "text after the last block");
    prop_assert!(!document.title.is_empty());
    prop_assert_eq!(&document.sections[0].heading, &document.title);
    let mut slugs = HashSet::new();
    for (index, section) in document.sections.iter().enumerate() {
        let depth = section.parent.map(|parent| document.sections[parent].depth + 1);
        prop_assert!(section.parent.map_or(index == 0, |parent| parent < index));
        prop_assert_eq!(section.depth, depth.unwrap_or(0));
        prop_assert!(!section.heading.trim().is_empty());
        prop_assert!(slugs.insert(&section.slug), "two sections `{}`", section.slug);
    }
    Ok(())
}

/// Passages tile the text: in order, each inside one section and within the size, nothing left out.
fn checked_passages(document: &Document, size: PassageSize) -> TestCaseResult {
    let cuts = cut(document, size);
    let most = size.max.max(size.target).max(1);
    let (mut end, mut section, mut ids) = (0, 0, HashSet::new());
    for cut in &cuts {
        let between = document.text.get(end..cut.range.start);
        prop_assert!(between.is_some_and(|gap| gap.trim().is_empty()), "left out: {between:?}");
        let text = &document.text[cut.range.clone()];
        prop_assert_eq!(text.trim(), text);
        prop_assert!(text.chars().count() <= most, "{} characters", text.chars().count());
        let touches =
            |range: &Range<usize>| range.start < cut.range.end && cut.range.start < range.end;
        let blocks = document.blocks.iter().filter(|block| touches(&block.range));
        for block in blocks {
            prop_assert_eq!(block.section, cut.section, "crosses a heading");
        }
        prop_assert!(section <= cut.section);
        prop_assert!(ids.insert(&cut.id), "two passages {}", &cut.id);
        (end, section) = (cut.range.end, cut.section);
    }
    prop_assert!(document.text[end..].trim().is_empty(), "left out at the end");
    prop_assert!(!cuts.is_empty());
    Ok(())
}

/// A sentence, a list item or a table row that fits is never broken.
fn checked_seams(document: &Document, size: PassageSize) -> TestCaseResult {
    let most = size.max.max(size.target).max(1);
    let cuts = cut(document, size);
    for block in &document.blocks {
        let text = &document.text[block.range.clone()];
        let is_whole = text.chars().count() <= most;
        let mut ends = sentence_ends(text);
        ends.push(text.len());
        for cut in &cuts {
            let seam = cut.range.end;
            if !(block.range.start < seam && seam < block.range.end) {
                continue;
            }
            prop_assert!(!is_whole, "a block that fits is broken at {seam}");
            let seam = seam - block.range.start;
            let next = ends.iter().position(|&end| seam <= end).unwrap_or(0);
            let start = next.checked_sub(1).map_or(0, |last| ends[last]);
            let sentence = text[start..ends[next]].trim();
            let is_long = sentence.chars().count() > most;
            prop_assert!(
                seam == ends[next] || is_long,
                "a sentence that fits is broken: {sentence:?}"
            );
        }
    }
    Ok(())
}

const WORDS: &[&str] = &[
    "border",
    "guards",
    "guard",
    "guarding",
    "police",
    "officer",
    "officers",
    "complicity",
    "complicit",
    "traffickers",
    "trafficking",
    "anti-trafficking",
    "antitrafficking",
    "anti",
    "the",
    "of",
    "not",
    "government",
    "governed",
    "governs",
    "victims’",
    "U.S.",
    "us",
    "$35,000",
    "35000",
    "125(3)(b)",
    "270",
    "naïve",
    "торговля",
    "людей",
    "人口",
    "organ",
    "organization",
    "co-operation",
    "cooperation",
    "F-16",
    "2008",
];

/// Synonyms over those words: of one word and of several, both ways and one way, entries in entries, the
/// joined and the stopped.
const THESAURUS: &str = r#"
built_in = false
groups = [
    ["border guards", "border police", "frontier officers"],
    ["police", "officers", "complicit guards"],
    ["trafficking", "торговля людей", "people trade"],
    ["police of government", "PG", "270"],
    ["F-16", "naive"],
]
[rules]
"the of" = ["organ"]
"guards" = ["co-operation", "U.S. police"]
"border guards police" = ["2008", "the police"]
"zebra" = ["victims' organization"]
"#;

fn thesaurus() -> Thesaurus {
    Thesaurus::of(&[(THESAURUS.to_owned(), "laws.toml".into())]).expect("a thesaurus")
}

/// What queries are made of: the same words in other forms, slips, phrases, prefixes, fields, operators.
const ASKED: &[&str] = &[
    "border",
    "guards",
    "Guarded",
    "police",
    "officers",
    "complicity",
    "trafficking",
    "anti-trafficking",
    "antitrafficking",
    "anti trafficking",
    "us",
    "U.S.",
    "$35,000",
    "125(3)(b)",
    "270",
    "naive",
    "торговля",
    "人口",
    "organs",
    "co-operation",
    "cooperation",
    "F-16",
    "the",
    "of government",
    "\"police of government\"",
    "\"border police\"",
    "polcie",
    "trafickers",
    "zebra",
    "\"border guards\"",
    "“guards police”",
    "\"the police of\"",
    "\"anti-trafficking police\"",
    "\"人口\"",
    "\"border guards police\"",
    "guard*",
    "complicit*",
    "governm*",
    "traffick*",
    "12*",
    "gover?s",
    "*trafficking",
    "of*c*rs",
    "/guard(s|ing)/",
    "/o.*/",
    "officer~1",
    "guards~",
    "polcie^2",
    "\"border guards\"^0.5",
    "\"guard* police\"",
    "\"border guard* police\"",
    "\"police border\"~3",
    "\"border guards police\"~2",
    "\"guard guard* the\"~4",
    "police NEAR/3 guards",
    "border PRE/2 guard*",
    "(police OR officers) NEAR/2 \"border guards\"",
    "the NEAR/1 of NEAR/4 police",
    "NEAR/3",
    "PRE/2",
    "title:\"police guards\"~2",
    "heading:(guards NEAR/2 police)",
    "title:police",
    "title:\"border guards\"",
    "heading:guards",
    "section:\"police officers\"",
    "title:guard*",
    "AND",
    "AND",
    "OR",
    "OR",
    "NOT",
    "-",
    "+",
    "(",
    ")",
    "(",
    ")",
    "*",
];

fn words() -> impl Strategy<Value = String> {
    let blank = select(&[" ", " ", " ", ". ", ", ", "\n\n", "-", " — ", "/"][..]);
    vec((select(WORDS), blank), 1..9).prop_map(|pairs| {
        let text: String = pairs.iter().flat_map(|(word, blank)| [*word, *blank]).collect();
        text.trim().to_owned()
    })
}

fn asked() -> impl Strategy<Value = String> {
    vec(select(ASKED), 1..7).prop_map(|pieces| {
        let text: String = pieces
            .iter()
            .flat_map(|piece| [*piece, if matches!(*piece, "-" | "+" | "(") { "" } else { " " }])
            .collect();
        text.trim().to_owned()
    })
}

/// The words of a few passages (trail and text each), as an index would give them.
struct Words {
    fields: BTreeMap<(u8, String), BTreeSet<usize>>,
    /// Each word, folded, with its term.
    all: BTreeSet<(String, String)>,
}

impl Words {
    fn of(passages: &[(Vec<String>, String)]) -> Words {
        let mut words = Words { fields: BTreeMap::new(), all: BTreeSet::new() };
        let mut analyzer = Analyzer::default();
        for (number, (trail, text)) in passages.iter().enumerate() {
            let nearest = trail.last().filter(|_| trail.len() > 1);
            let main = [Some(text), nearest, trail.first()].into_iter().flatten();
            let parts = main.map(|part| (0, part));
            let parts =
                parts.chain([(1, &trail[0])]).chain(trail[1..].iter().map(|part| (2, part)));
            for (field, part) in parts {
                for token in analyzer.tokens(part) {
                    let written = folded(&part[token.bytes.clone()]);
                    words.all.insert((written, token.term.clone()));
                    words.fields.entry((field, token.term)).or_default().insert(number);
                }
            }
        }
        words
    }
}

fn field_number(field: TextField) -> u8 {
    match field {
        TextField::Main => 0,
        TextField::Title => 1,
        TextField::Heading => 2,
    }
}

impl Vocabulary for Words {
    fn passages(&self) -> u64 {
        self.fields.values().flatten().max().map_or(0, |last| *last as u64 + 1)
    }

    fn passages_with(&self, field: TextField, term: &str) -> Result<u64> {
        let passages = self.fields.get(&(field_number(field), term.to_owned()));
        Ok(passages.map_or(0, BTreeSet::len) as u64)
    }

    fn words_like(&self, pattern: &Pattern, limit: usize) -> Result<Vec<(String, String)>> {
        // Near enough for a law: the same letters, in another order or more often.
        let letters = |word: &str| word.chars().collect::<BTreeSet<char>>();
        let matcher = pattern.matcher().expect("a pattern");
        let is_like = |word: &str| match (pattern, &matcher) {
            (Pattern::Fuzzy { word: wanted, .. }, _) => letters(wanted) == letters(word),
            (_, Some(matcher)) => matcher.is_match(word),
            (_, None) => false,
        };
        let like = self.all.iter().filter(|(word, _)| is_like(word));
        Ok(like.take(limit + 1).cloned().collect())
    }

    fn have_only(&self, terms: &[String], words: &[String]) -> Result<bool> {
        let is_told =
            |(word, term): &(String, String)| !terms.contains(term) || words.contains(word);
        Ok(self.all.iter().all(is_told))
    }

    fn languages(&self) -> Result<Vec<String>> {
        Ok(vec!["es".to_owned()])
    }

    fn passages_in(&self, _: &str, terms: &[&str]) -> Result<Vec<u64>> {
        // Of half of them, more or less.
        let count = |term: &&str| match term.len() % 2 {
            0 => self.passages_with(TextField::Main, term),
            _ => Ok(0),
        };
        terms.iter().map(count).collect()
    }
}

/// Whether a passage without any asked word cannot match: then its marks are why it does.
fn needs_words(clause: &Clause) -> bool {
    match clause {
        Clause::Word(_) | Clause::Phrase(_) | Clause::Pattern(_) | Clause::Near(_) => true,
        Clause::Boosted(clause, _) => needs_words(clause),
        Clause::Everything | Clause::Filter(_) => false,
        Clause::Forms(forms) => forms.iter().all(needs_words),
        Clause::Boolean { must, should, .. } => {
            must.iter().any(needs_words)
                || must.is_empty() && !should.is_empty() && should.iter().all(needs_words)
        }
    }
}

/// Whether something is excluded inside of what is excluded: then words are wanted that have no mark.
fn excludes_twice(clause: &Clause, inside: bool) -> bool {
    match clause {
        Clause::Boolean { must, should, not } => {
            (inside && !not.is_empty())
                || must.iter().chain(should).any(|clause| excludes_twice(clause, inside))
                || not.iter().any(|clause| excludes_twice(clause, true))
        }
        _ => false,
    }
}

/// The text with the words replaced that `replaces` holds for: by a word that no query asks for, so
/// that every other word keeps its position.
fn replaced(text: &str, replaces: impl Fn(&Range<usize>) -> bool) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for word in word_ranges(text).into_iter().filter(replaces) {
        out.push_str(&text[at..word.start]);
        out.push_str(" xx ");
        at = word.end;
    }
    out + &text[at..]
}

fn is_in(word: &Range<usize>, marks: &[Mark]) -> bool {
    marks.iter().any(|mark| mark.bytes.start <= word.start && word.end <= mark.bytes.end)
}

/// The marks of each part of a passage: those of the trail, then those of the text.
fn by_part(passed: &Passed, trail: usize) -> Vec<Vec<Mark>> {
    let in_part = |part: usize| {
        let marks = passed.section_marks.iter().filter(|mark| mark.part == part);
        marks.map(|mark| mark.mark.clone()).collect()
    };
    (0..trail).map(in_part).chain([passed.marks.clone()]).collect()
}

/// A mark stands on what its clause asks for, and on nothing else.
fn checked_mark(query: &Query, text: &str, mark: &Mark, goes_over: bool) -> TestCaseResult {
    let Some(word) = text.get(mark.bytes.clone()) else {
        return Err(TestCaseError::fail(format!("{mark:?} is not in {text:?}")));
    };
    prop_assert!(!word.is_empty() && word.trim() == word, "{word:?}");
    let tokens: Vec<_> = Analyzer::default().tokens(text).into_iter().collect();
    let inside = tokens
        .iter()
        .filter(|token| mark.bytes.start <= token.bytes.start && token.bytes.end <= mark.bytes.end);
    let terms: Vec<&str> = inside.map(|token| token.term.as_str()).collect();
    let mut is_asked = false;
    query.clause.visit_positive(&mut |clause| {
        is_asked |= clause.number() == Some(mark.clause)
            && match clause {
                Clause::Word(clause) => {
                    mark.kind != MarkKind::Phrase && terms.contains(&clause.term.as_str())
                }
                Clause::Phrase(clause) => {
                    let kind = match clause.form {
                        Form::Synonym => MarkKind::Synonym,
                        _ => MarkKind::Phrase,
                    };
                    let mut wanted = clause.terms.iter().map(|term| term.term.as_str());
                    let stands = |term: &str| terms.contains(&term);
                    // What goes over a seam stands on either side of it in part.
                    mark.kind == kind
                        && (wanted.clone().all(stands) || goes_over && wanted.any(stands))
                }
                Clause::Pattern(clause) => match clause.pattern.matcher().expect("a pattern") {
                    Some(matcher) => matcher.is_match(&folded(word)),
                    None => clause.terms.iter().any(|term| terms.contains(&term.as_str())),
                },
                Clause::Near(near) => {
                    let mut wanted = false;
                    near.operands.iter().for_each(|operand| {
                        operand.visit_terms(&mut |term| wanted |= terms.contains(&term));
                    });
                    wanted && mark.kind == MarkKind::Near
                }
                _ => false,
            };
    });
    prop_assert!(is_asked, "nobody asked for {word:?} ({mark:?})");
    Ok(())
}

/// All laws of marks, for one query and one passage.
fn has_not(clause: &Clause) -> bool {
    let mut found = false;
    clause.visit(&mut |clause| {
        found |= matches!(clause, Clause::Boolean { not, .. } if !not.is_empty());
    });
    found
}

/// `next`: the text of the passage that follows in the section.
fn checked_marks(
    query: &Query,
    trail: &[String],
    text: &str,
    next: Option<&str>,
) -> TestCaseResult {
    let mut marker = Marker::new(query);
    let mut mark = |trail: &[String], text: &str, next: Option<&str>| {
        let next = || Ok::<_, Infallible>(next.map(str::to_owned));
        let Ok(passed) = marker.mark_with_next(trail, text, &|_| true, next);
        passed
    };
    let slowly = Reference::of(trail, text).followed_by(next).matches(query);
    let Some(passed) = mark(trail, text, next) else {
        prop_assert!(!slowly, "`{}` matches {:?} {:?} {:?}", query, trail, text, next);
        return Ok(());
    };
    prop_assert!(slowly, "`{}` does not match {:?} {:?} {:?}", query, trail, text, next);
    let mut marks = by_part(&passed, trail.len());
    marks.push(passed.next_marks.clone());
    let behind = next.unwrap_or_default();
    let parts: Vec<&str> = trail.iter().map(String::as_str).chain([text, behind]).collect();
    for (part, marks) in parts.iter().zip(&marks) {
        let places: Vec<_> = marks.iter().map(|mark| (mark.bytes.start, mark.bytes.end)).collect();
        prop_assert!(places.is_sorted(), "{places:?}");
        for mark in marks {
            checked_mark(query, part, mark, !passed.next_marks.is_empty())?;
        }
    }
    let rewritten = |keeps: bool| -> (Vec<String>, String, Option<String>) {
        let both = parts.iter().zip(&marks);
        let mut new: Vec<String> =
            both.map(|(part, marks)| replaced(part, |word| is_in(word, marks) != keeps)).collect();
        let behind = new.pop().filter(|_| next.is_some());
        let text = new.pop().unwrap_or_default();
        (new, text, behind)
    };
    // Under NOT, fewer words may match more.
    if needs_words(&query.clause) && !has_not(&query.clause) {
        let (trail, text, next) = rewritten(false);
        prop_assert!(
            mark(&trail, &text, next.as_deref()).is_none(),
            "`{query}` without its marks: {trail:?} {text:?} {next:?}"
        );
    }
    if !excludes_twice(&query.clause, false) {
        let (trail, text, next) = rewritten(true);
        prop_assert!(
            mark(&trail, &text, next.as_deref()).is_some(),
            "`{query}` with its marks only: {trail:?} {text:?} {next:?}"
        );
    }
    let again = mark(trail, text, next);
    prop_assert_eq!(again, Some(passed), "marking twice");
    Ok(())
}

/// Reports of the vocabulary above, put together by a fixed generator of numbers.
fn shelf() -> Shelf {
    let mut seed = 7u32;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % most
    };
    let shelf = Shelf::empty();
    for report in 0..6 {
        let mut line = |most: usize| {
            let count = 1 + next(most);
            let words: Vec<&str> = (0..count).map(|_| WORDS[next(WORDS.len())]).collect();
            words.join(if next(4) == 0 { ". " } else { " " })
        };
        let mut text = format!(
            "---\ncountry: {}\nyear: {}\n---\n# {}\n\n",
            ["Kazakhstan", "Chad"][report % 2],
            2019 + report / 2,
            line(3)
        );
        for section in 0..5 {
            let marks = if section % 2 == 0 { "##" } else { "###" };
            text.push_str(&format!("{marks} {}\n\n{}\n\n", line(3), line(9)));
            for _ in 0..2 * (section % 2) {
                text.push_str(&format!("{}\n\n", line(9)));
            }
        }
        shelf.write(&format!("report-{report}.md"), text.as_bytes());
    }
    // A passage for each paragraph, some of which are cut.
    shelf.index_passages(PassageSize { target: 30, max: 60 });
    shelf
}

/// Whether a passage is the next one of the section of another.
fn follows(passage: &Passage, next: &Passage) -> bool {
    passage.report.doc_id == next.report.doc_id && passage.anchor == next.anchor
}

/// What the engine finds is what the marker passes; where the engine only narrows down, no less.
fn agreed(
    engine: &impl Engine,
    thesaurus: &Thesaurus,
    passages: &[Passage],
    text: &str,
    (literal, is_broad): (bool, bool),
) -> TestCaseResult {
    let Ok(mut query) = Query::parse(text, &engine.summary().fields) else { return Ok(()) };
    query.literal = literal;
    let mut query = query.expand(engine.vocabulary(), thesaurus).expect("an expanded query");
    if is_broad && !literal {
        query = query.broaden(engine.vocabulary()).expect("a broadened query");
    }
    let hits = engine.retrieve(&query, 1000).expect("a ranking").hits;
    let found: BTreeSet<String> =
        engine.load(&hits).expect("passages").into_iter().map(|passage| passage.id).collect();
    prop_assert_eq!(found.len(), hits.len(), "a hit twice");
    let best = engine.retrieve(&query, 5).expect("a ranking").hits;
    prop_assert_eq!(&best[..], &hits[..hits.len().min(5)], "the best of `{}`", query);
    let mut marker = Marker::new(&query);
    for (place, passage) in passages.iter().enumerate() {
        let next = passages.get(place + 1).filter(|next| follows(passage, next));
        let next = next.map(|next| next.text.as_str());
        let get = || Ok::<_, Infallible>(next.map(str::to_owned));
        let holds = |filter: &Filter| holds(passage, filter);
        let Ok(passed) = marker.mark_with_next(&passage.trail, &passage.text, &holds, get);
        let passes = passed.is_some();
        let slowly = Reference::of_report(passage).followed_by(next).matches(&query);
        prop_assert_eq!(passes, slowly, "`{}` over {:?} {:?}", query, passage.trail, passage.text);
        let (hit, told) =
            (found.contains(&passage.id), || format!("{:?} {:?}", passage.trail, passage.text));
        prop_assert!(
            passes || !hit || query.needs_a_look(),
            "`{query}` is a hit and does not pass: {}",
            told()
        );
        prop_assert!(hit || !passes, "`{query}` passes and is no hit: {}", told());
    }
    Ok(())
}

#[test]
fn the_engine_and_the_marker_agree() {
    let shelf = shelf();
    let engine = shelf.engine();
    let documents = engine.documents().expect("documents");
    let of = |id: &str| engine.document(id).expect("passages");
    let passages: Vec<Passage> =
        documents.iter().flat_map(|document| of(&document.doc_id)).collect();
    assert!(passages.len() >= 25, "{} passages", passages.len());
    let filter = select(
        &[
            "",
            "",
            "",
            " country:chad",
            " -country:chad",
            " doc:report-1",
            " OR year:2020",
            " OR (NOT country:chad)",
            " -(police AND year:2019..2020)",
            " AND (country:chad OR guards)",
            " NOT (officers OR year:2021)",
            " -year:(2019 2021)",
            " (-country:chad)",
        ][..],
    );
    let literal = (proptest::bool::weighted(0.2), proptest::bool::weighted(0.2));
    let queries = (asked(), filter, literal);
    let thesaurus = thesaurus();
    let result = TestRunner::new(cases()).run(&queries, |(text, filter, literal)| {
        agreed(&engine, &thesaurus, &passages, &format!("{text}{filter}"), literal)
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

/// What is syntax, what looks like it, and what is neither.
const SYNTAX: &[&str] = &[
    "police",
    "Guards",
    "the",
    "AND",
    "OR",
    "NOT",
    "and",
    "&&",
    "||",
    "NEAR/5",
    "\"",
    "\"",
    "“",
    "”",
    "„",
    "«",
    "»",
    "‘",
    "’",
    "'",
    "(",
    ")",
    "((",
    "+",
    "-",
    "−",
    "--",
    "*",
    "border*",
    "*x",
    "a*b",
    "?",
    "wom?",
    "201?",
    "?olice",
    "U.N*",
    "~",
    "~1",
    "^2",
    "^2^3",
    "(d)",
    "!police",
    "/",
    "/re/",
    "title:",
    "heading:",
    "section:",
    "role:",
    "country:",
    "year:",
    "doc:",
    "lang:",
    "titel:",
    "Note:",
    "http://",
    "2007",
    "..",
    "2007..2010",
    "..2010",
    "2015..",
    ":",
    "::",
    "[",
    "]",
    "{",
    "}",
    "\\",
    "$35,000",
    "125(3)(b)",
    "U.S.",
    "F-16",
    "5-14",
    "anti-trafficking",
    "HIV/AIDS",
    "the",
    "who",
    "people's",
    "людей",
    "人口",
    "e\u{301}",
    "\u{301}",
    "ʼ",
    "ـ",
    "\u{1F}",
    "\0",
    "\n",
    "\t",
    "\u{A0}",
    "👮",
    "「",
    "」",
    "…",
    "@",
    "#",
    "%",
    "&",
    "_",
    "=",
    "|",
    "<",
    ">",
    ";",
    ",",
    ".",
    "!",
];

fn syntax() -> impl Strategy<Value = String> {
    let piece = (select(SYNTAX), any::<bool>());
    vec(piece, 0..10).prop_map(|pieces| {
        pieces
            .iter()
            .map(|(piece, blank)| if *blank { format!("{piece} ") } else { (*piece).to_owned() })
            .collect()
    })
}

fn fields() -> Fields {
    Fields { metadata: vec!["country".to_owned(), "publisher".to_owned()] }
}

/// A query is a query or says why not; what is printed of it means the same.
fn checked_query(text: &str) -> TestCaseResult {
    let words = Words::of(&[(vec!["Police".to_owned()], "the border guards".to_owned())]);
    let query = match Query::parse(text, &fields()) {
        Ok(query) => query,
        Err(Error::Query { .. } | Error::QueryTooLarge { .. }) => return Ok(()),
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    };
    let printed = query.to_string();
    let again = Query::parse(&printed, &fields()).map(|query| query.to_string());
    // A word of signs that no keyboard has may be told apart from others by what stands beside it, and a
    // bracket that is open in a word takes up one that is printed.
    let is_typed = text.chars().all(|c| c.is_ascii() || "“”„«»−’".contains(c));
    if is_typed && printed.matches('(').count() == printed.matches(')').count() {
        prop_assert_eq!(again.as_ref().ok(), Some(&printed), "{:?} is printed so", text);
    }
    match query.expand(&words, &thesaurus()) {
        Ok(query) => {
            prop_assert_eq!(query.to_string(), printed, "expanding changes what is printed")
        }
        Err(Error::QueryTooLarge { .. }) => {}
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    }
    Ok(())
}

#[test]
fn queries_beyond_the_caps_are_refused_not_answered() {
    let deep = "(".repeat(40) + "a OR b" + &")".repeat(40);
    let many = "word ".repeat(300);
    let long = "a".repeat(5000);
    for text in [deep, many, long, "a OR ".repeat(400), "\"a b\" ".repeat(300), "-a ".repeat(300)] {
        let parsed = Query::parse(&text, &fields());
        assert!(matches!(parsed, Err(Error::QueryTooLarge { .. })), "{parsed:?}");
    }
}

/// Fragments: in order, apart, whole sentences unless too long, with their marks.
fn checked_fragments(text: &str, marks: &[Mark], characters: usize) -> TestCaseResult {
    let shown = fragments(text, marks, characters);
    prop_assert_eq!(shown.is_empty(), text.trim().is_empty());
    let mut end = 0;
    for Fragment { bytes, marks: inside } in &shown {
        let piece = text.get(bytes.clone());
        prop_assert!(piece.is_some_and(|piece| !piece.trim().is_empty()), "{bytes:?} {piece:?}");
        prop_assert!(end <= bytes.start, "fragments overlap");
        let within = |mark: &Mark| bytes.start <= mark.bytes.start && mark.bytes.end <= bytes.end;
        let all: Vec<usize> = (0..marks.len()).filter(|&index| within(&marks[index])).collect();
        prop_assert_eq!(inside, &all);
        // A phrase that reaches over the end of a sentence takes both.
        let ends = sentence_ends(text);
        let is_over = |mark: &Mark| {
            let inside = mark.bytes.start + 1..mark.bytes.end;
            ends.iter().any(|end| inside.contains(end)) || text[mark.bytes.clone()].contains("\n\n")
        };
        if !marks.iter().any(is_over) {
            checked_edges(text, bytes, characters)?;
        }
        end = bytes.end;
    }
    let is_marked = marks.is_empty() || shown.iter().any(|fragment| !fragment.marks.is_empty());
    prop_assert!(is_marked, "no mark is shown: {shown:?}");
    Ok(())
}

/// A fragment begins and ends where a sentence does, or inside one that is too long.
fn checked_edges(text: &str, fragment: &Range<usize>, characters: usize) -> TestCaseResult {
    let mut ends: BTreeSet<usize> = sentence_ends(text).into_iter().collect();
    ends.extend(text.match_indices("\n\n").map(|(at, _)| at));
    ends.insert(text.len());
    let mut start = 0;
    for end in ends {
        let sentence = &text[start..end];
        let lead = start + sentence.len() - sentence.trim_start().len();
        let range = lead..start + sentence.trim_end().len();
        let is_long =
            text.get(range.clone()).is_some_and(|text| text.chars().count() > characters * 3 / 2);
        let is_cut = |at: usize| range.start < at && at < range.end;
        prop_assert!(
            is_long || !is_cut(fragment.start) && !is_cut(fragment.end),
            "breaks {sentence:?}"
        );
        start = end;
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn passages_tile_their_document(text in report(), name in name(), size in size()) {
        let document = read(name, &text);
        checked_tree(&document)?;
        checked_passages(&document, size)?;
        checked_seams(&document, size)?;
    }

    #[test]
    fn passages_tile_what_any_text_gives(text in any::<String>(), name in name(), size in size()) {
        let document = read(name, &text);
        checked_tree(&document)?;
        checked_passages(&document, size)?;
        checked_seams(&document, size)?;
    }

    #[test]
    fn reading_twice_gives_the_same_passages(text in report(), name in name(), size in size()) {
        let (one, other) = (read(name, &text), read(name, &text));
        prop_assert_eq!(cut(&one, size), cut(&other, size));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn marks_are_why_a_passage_matches(
        passages in vec((vec(words(), 1..4), words(), option::of(words())), 1..4),
        query in asked(),
        literal in proptest::bool::weighted(0.2),
    ) {
        let Ok(mut query) = Query::parse(&query, &fields()) else { return Ok(()) };
        query.literal = literal;
        let texts = passages.iter().flat_map(|(trail, text, next)| {
            [Some(text), next.as_ref()].into_iter().flatten().map(|text| (trail.clone(), text.clone()))
        });
        let words = Words::of(&texts.collect::<Vec<_>>());
        let query = query.expand(&words, &thesaurus()).expect("an expanded query");
        for (trail, text, next) in &passages {
            checked_marks(&query, trail, text, next.as_deref())?;
        }
    }

    #[test]
    fn no_query_is_too_odd(text in syntax()) {
        checked_query(&text)?;
    }

    #[test]
    fn no_text_is_too_odd_a_query(text in any::<String>()) {
        checked_query(&text)?;
    }

    #[test]
    fn snippets_show_whole_sentences_with_marks(
        sentences in vec((words(), select(&[". ", ". The ", "! ", "\n\n", " ", "?\n", ", "][..])), 1..8),
        phrase in 1..4usize,
        places in vec((any::<usize>(), 0..4usize), 0..5),
        characters in prop_oneof![20..60usize, Just(320)],
    ) {
        let text: String = sentences.iter().flat_map(|(words, end)| [words.as_str(), *end]).collect();
        let text = text.trim();
        let words = word_ranges(text);
        let mut marks: Vec<Mark> = places
            .iter()
            .map(|(place, clause)| {
                let first = place % words.len();
                let last = (first + phrase - 1).min(words.len() - 1);
                Mark { bytes: words[first].start..words[last].end, kind: MarkKind::Term, clause: *clause }
            })
            .collect();
        marks.sort_by_key(|mark| (mark.bytes.start, mark.bytes.end, mark.clause));
        marks.dedup();
        checked_fragments(text, &marks, characters)?;
    }
}
