//! A passage as a document of the cluster, and back.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::mapping::{SAME_PLACE, sign};
use crate::analyze::{self, Analyzer, PART_GAP, PART_SEPARATOR};
use crate::engine::record::{
    About, Stored, around, doc_number, doc_term, encode, meta_text, role_term,
};
use crate::error::Result;
use crate::meaning::{Bag, Embedder, Vector};
use crate::passage::{Passage, id_number};
use crate::rank::{HEADING_WEIGHT, TITLE_WEIGHT};

/// So many of the last words of a text stand in `seam`: longer phrases are looked for by a piece of them.
pub const TAIL: usize = 40;
/// So many of the first words of the next one do.
pub const HEAD: usize = 128;

/// Before a term of the next passage.
pub const BEHIND: char = '>';

/// Makes documents of passages; remembers words, so that one serves for many.
pub struct Maker {
    analyzer: Analyzer,
    embedder: Embedder,
}

/// The terms of a text, by place, and how many tokens they are.
struct Terms {
    /// One or more terms, separated by [`SAME_PLACE`].
    places: Vec<String>,
    /// Behind these places there is a gap.
    gaps: Vec<usize>,
    tokens: usize,
}

impl Default for Maker {
    fn default() -> Maker {
        Maker { analyzer: Analyzer::keeping_words(), embedder: Embedder::default() }
    }
}

impl Maker {
    /// Words met for the first time; see [`Analyzer::take_new_words`].
    pub fn take_new_words(&mut self) -> Vec<Box<str>> {
        self.analyzer.take_new_words()
    }

    /// Documents of the passages of a report, which are all of it, in order; each with its id.
    ///
    /// # Errors
    /// `Internal`, for what should not happen.
    pub fn documents(&mut self, passages: &[Passage]) -> Result<Vec<(String, Value)>> {
        let Some(first) = passages.first() else { return Ok(Vec::new()) };
        let meta: Vec<String> =
            meta_text(&first.report).split(PART_SEPARATOR).map(str::to_owned).collect();
        let texts: Vec<Terms> =
            passages.iter().map(|passage| self.terms(&passage.text, 1)).collect();
        let mut documents = Vec::with_capacity(passages.len());
        for (at, passage) in passages.iter().enumerate() {
            let next = passages.get(at + 1).filter(|next| is_same_section(passage, next));
            let next_terms = next.and_then(|_| texts.get(at + 1));
            let mut document = self.document(passage, &texts[at], &meta)?;
            if let Some((next, terms)) = next.zip(next_terms) {
                document.insert("next".to_owned(), json!(next.id));
                if let Some(seam) = seam(&texts[at], terms) {
                    document.insert("seam".to_owned(), json!(seam));
                }
            }
            documents.push((passage.id.clone(), Value::Object(document)));
        }
        Ok(documents)
    }

    fn document(
        &mut self,
        passage: &Passage,
        text: &Terms,
        meta: &[String],
    ) -> Result<Map<String, Value>> {
        let report = &passage.report;
        let title = self.terms(&report.title, TITLE_WEIGHT);
        let nearest = passage.heading().map(|heading| self.terms(heading, HEADING_WEIGHT));
        let under = passage.trail.get(1..).unwrap_or_default();
        let headings: Vec<Terms> = under.iter().map(|heading| self.terms(heading, 1)).collect();
        let plain_title = self.terms(&report.title, 1);
        let mut parts = text.parts();
        parts.extend(title.parts());
        parts.extend(nearest.iter().flat_map(Terms::parts));
        let tokens = text.tokens + title.tokens + nearest.as_ref().map_or(0, |terms| terms.tokens);
        let mut meta = meta.to_vec();
        meta.extend(role_term(passage));
        let record = encode(passage, &About::of(passage)?, true)?;
        let mut document = json!({
            "kind": "passage",
            "id": passage.id,
            "main": parts,
            "title": plain_title.parts(),
            "heading": headings.iter().flat_map(Terms::parts).collect::<Vec<_>>(),
            "meta": meta,
            "document": doc_term(&report.doc_id),
            "number": doc_number(&report.doc_id) as i64,
            "ordinal": passage.ordinal,
            "words": analyze::count_words(&passage.text),
            "main_length": tokens,
            "title_length": plain_title.tokens,
            "heading_length": headings.iter().map(|terms| terms.tokens).sum::<usize>(),
            // An object, as such a one is kept and not looked at.
            "text": { "is": passage.text },
            "record": BASE64_STANDARD.encode(record),
        });
        if let Some(vector) = self.vector(passage) {
            let (signs, rest) = vector.to_words();
            for (number, &word) in signs.iter().enumerate() {
                document[sign(number)] = json!(word as i64);
            }
            let words = signs.into_iter().chain(rest).flat_map(u64::to_le_bytes);
            document["meaning"] = json!(BASE64_STANDARD.encode(words.collect::<Vec<u8>>()));
        }
        Ok(match document {
            Value::Object(document) => document,
            _ => Map::new(),
        })
    }

    /// What a passage means with title and nearest heading, as on one machine.
    fn vector(&mut self, passage: &Passage) -> Option<Vector> {
        let mut bag: Bag = self.embedder.bag(&around(passage));
        let text = passage.text.as_str();
        analyze::each_word(text, |word| self.embedder.add(text, &word, &mut bag));
        bag.vector()
    }

    /// The terms of a text, each so many times.
    fn terms(&mut self, text: &str, weight: usize) -> Terms {
        let mut terms = Terms { places: Vec::new(), gaps: Vec::new(), tokens: 0 };
        let mut last = None;
        self.analyzer.scan(text, |term, position, _| {
            if last.is_some_and(|last| position >= last + PART_GAP) {
                terms.gaps.push(terms.places.len());
            }
            if last != Some(position) {
                terms.places.push(String::new());
            }
            last = Some(position);
            if let Some(place) = terms.places.last_mut() {
                for _ in 0..weight {
                    if !place.is_empty() {
                        place.push(SAME_PLACE);
                    }
                    place.push_str(term);
                }
            }
            terms.tokens += weight;
        });
        terms
    }
}

impl Terms {
    /// As one text for each part; parts have a gap between them.
    fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        let mut start = 0;
        for &end in self.gaps.iter().chain([&self.places.len()]) {
            if start < end {
                parts.push(self.places[start..end].join(" "));
            }
            start = end;
        }
        parts
    }
}

/// What stands on either side of a seam; `None` where nothing can go over it.
fn seam(text: &Terms, next: &Terms) -> Option<String> {
    let tail = text.places.get(text.places.len().saturating_sub(TAIL)..)?;
    let head = next.places.get(..next.places.len().min(HEAD))?;
    if tail.is_empty() || head.is_empty() {
        return None;
    }
    let behind = |place: &String| {
        let terms = place.split(SAME_PLACE).map(|term| format!("{BEHIND}{term}"));
        terms.collect::<Vec<_>>().join(&SAME_PLACE.to_string())
    };
    let places: Vec<String> = tail.iter().cloned().chain(head.iter().map(behind)).collect();
    Some(places.join(" "))
}

fn is_same_section(a: &Passage, b: &Passage) -> bool {
    a.anchor == b.anchor && a.role == b.role && a.trail == b.trail
}

/// The passage of a document of the cluster; `None` where it is none.
pub fn passage(id: &str, source: &Value) -> Option<Passage> {
    let record = BASE64_STANDARD.decode(source["record"].as_str()?).ok()?;
    let text = source["text"]["is"].as_str()?.as_bytes();
    let record = [&record, text].concat();
    let stored = Stored::of(&record)?;
    let report = Arc::new(stored.report()?);
    stored.passage(id_number(id)?, report)
}

/// The vector of a document of the cluster.
pub fn vector(source: &Value) -> Option<Vector> {
    let bytes = BASE64_STANDARD.decode(source["meaning"].as_str()?).ok()?;
    let (words, rest) = bytes.as_chunks::<8>();
    rest.is_empty().then_some(())?;
    let words: Vec<u64> = words.iter().map(|&word| u64::from_le_bytes(word)).collect();
    let (signs, rest) = words.split_first_chunk()?;
    Vector::from_words(signs, rest.try_into().ok()?)
}
