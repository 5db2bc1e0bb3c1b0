//! A passage as tantivy indexes it. Its values are borrowed from it and from what all passages of its
//! section share, so that handing a passage over copies its text once.

use std::cell::RefCell;
use std::iter::{Empty, Take};
use std::sync::Arc;

use tantivy::schema::Field;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};

use super::schema::Schemas;
use super::seam;
use crate::analyze::{self, Analyzer, Edges, PART_SEPARATOR};
use crate::engine::record::{About, around, doc_number, encode, role_term};
use crate::error::{Error, Result};
use crate::meaning::{Bag, Embedder, PLANE, REST, Vector};
use crate::passage::{Passage, id_number};

/// What the passages of one section share, made once for all of them.
#[derive(Debug)]
struct Shared {
    /// The part of the record that is the same for all.
    about: About,
    title: String,
    /// The headings under the title, where there are any.
    headings: Option<String>,
    /// Title and nearest heading as parts of `main`.
    around: String,
    /// Their words, to which those of a passage are added.
    meaning: Bag,
    meta: String,
    doc: u64,
    year: Option<i64>,
}

/// A passage as tantivy indexes it.
#[derive(Debug)]
pub struct Entry {
    schemas: Schemas,
    shared: Arc<Shared>,
    id: u64,
    /// How many words the text has.
    words: u64,
    /// What stands on either side of the seam to the next passage of the section.
    seam: u8,
    /// [`Vector::to_words`] of what it means, made once, as tantivy goes through the values several times.
    meaning: Option<([u64; PLANE], [u64; REST])>,
    /// What is stored before the text; of a report's first passage with the report.
    record: Vec<u8>,
    text: String,
    /// What of both is stored with it.
    stored: Vec<u8>,
}

/// The entries of the passages of a report. `meta`: [`crate::engine::record::meta_text`] of the report.
pub fn entries<'p>(
    passages: Vec<Passage>,
    meta: &'p str,
    schemas: Schemas,
) -> impl Iterator<Item = Result<Entry>> + 'p {
    let mut passages = passages.into_iter().peekable();
    let mut analyzer = Analyzer::default();
    // What the passage shares with the one before it, and its words, where that has looked at them.
    let mut known: Option<(Arc<Shared>, Words)> = None;
    std::iter::from_fn(move || {
        let passage = passages.next()?;
        let (shared, words) = match known.take() {
            Some(known) => known,
            None => match Shared::of(&passage, meta) {
                Ok(shared) => {
                    let words = Words::of(&passage, &shared);
                    (Arc::new(shared), words)
                }
                Err(error) => return Some(Err(error)),
            },
        };
        let mut seam = seam::NONE;
        if let Some(next) = passages.peek().filter(|next| is_same_section(&passage, next)) {
            let after = Words::of(next, &shared);
            let (edges, after_edges) = (&words.edges, &after.edges);
            seam = seam::of(&mut analyzer, (&passage.text, edges), (&next.text, after_edges));
            known = Some((Arc::clone(&shared), after));
        }
        Some(Entry::of(passage, shared, &words, seam, schemas))
    })
}

/// What is known of the words of a passage's text, gone through once.
struct Words {
    edges: Edges,
    /// What they mean with the words around them.
    meaning: Option<Vector>,
}

thread_local! {
    /// Each thread that hands over passages remembers the pieces of their words.
    static EMBEDDER: RefCell<Embedder> = RefCell::default();
}

impl Words {
    fn of(passage: &Passage, shared: &Shared) -> Words {
        let text = passage.text.as_str();
        EMBEDDER.with_borrow_mut(|embedder| {
            let mut bag = shared.meaning.clone();
            let edges = analyze::edges(text, |word| embedder.add(text, word, &mut bag));
            Words { edges, meaning: bag.vector() }
        })
    }
}

impl Entry {
    fn of(
        passage: Passage,
        shared: Arc<Shared>,
        words: &Words,
        seam: u8,
        schemas: Schemas,
    ) -> Result<Entry> {
        let id = id_number(&passage.id).ok_or_else(|| Error::Internal {
            message: format!("`{}` is not an id of a passage", passage.id),
        })?;
        let record = encode(&passage, &shared.about, passage.ordinal == 0)?;
        let meaning = words.meaning.as_ref().map(Vector::to_words);
        let words = words.edges.words;
        let (text, stored) = (passage.text, Vec::new());
        Ok(Entry { schemas, shared, id, words, seam, meaning, record, text, stored })
    }

    /// Appends what is stored of it, before it is packed.
    pub fn append_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.record);
        bytes.extend_from_slice(self.text.as_bytes());
    }

    /// The length of that, bytes.
    pub fn size(&self) -> usize {
        self.record.len() + self.text.len()
    }

    /// Takes what is stored of it: see [`super::group`].
    pub fn store(&mut self, stored: Vec<u8>) {
        self.stored = stored;
    }
}

fn is_same_section(a: &Passage, b: &Passage) -> bool {
    Arc::ptr_eq(&a.report, &b.report)
        && a.anchor == b.anchor
        && a.role == b.role
        && a.trail == b.trail
}

impl Shared {
    fn of(passage: &Passage, meta: &str) -> Result<Shared> {
        let report = &passage.report;
        let under = passage.trail.get(1..).unwrap_or_default();
        let around = around(passage);
        let meaning = EMBEDDER.with_borrow_mut(|embedder| embedder.bag(&around));
        let separator = PART_SEPARATOR.to_string();
        Ok(Shared {
            meaning,
            about: About::of(passage)?,
            title: report.title.clone(),
            headings: (!under.is_empty()).then(|| under.join(&separator)),
            around,
            meta: match role_term(passage) {
                Some(role) => format!("{meta}{PART_SEPARATOR}{role}"),
                None => meta.to_owned(),
            },
            doc: doc_number(&report.doc_id),
            year: passage.year(),
        })
    }
}

/// So many values an entry has at most.
const MOST_VALUES: usize = 11 + PLANE + REST;

/// A value of a field, borrowed from its entry.
#[derive(Clone, Copy, Debug)]
pub enum EntryValue<'e> {
    Text(&'e str),
    Number(u64),
    Year(i64),
    Stored(&'e [u8]),
}

impl Document for Entry {
    type Value<'e> = EntryValue<'e>;
    type FieldsValuesIter<'e> = Take<std::array::IntoIter<(Field, EntryValue<'e>), MOST_VALUES>>;

    /// In the order of the fields, as tantivy sorts them.
    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let (fields, shared) = (&self.schemas, &self.shared);
        // Body, title and nearest heading: the parts of the field, which weighs them by their number.
        let mut values = [(fields.main, EntryValue::Text(&self.text)); MOST_VALUES];
        let headings = shared.headings.as_deref();
        let rest = [
            Some((fields.main, EntryValue::Text(&shared.around))),
            Some((fields.title, EntryValue::Text(&shared.title))),
            headings.map(|headings| (fields.heading, EntryValue::Text(headings))),
            Some((fields.meta, EntryValue::Text(&shared.meta))),
            Some((fields.id, EntryValue::Number(self.id))),
            Some((fields.doc, EntryValue::Number(shared.doc))),
            shared.year.map(|year| (fields.year, EntryValue::Year(year))),
            Some((fields.words, EntryValue::Number(self.words))),
            Some((fields.seam, EntryValue::Number(u64::from(self.seam)))),
        ];
        let meaning = self.meaning.iter().flat_map(|(signs, rest)| {
            let signs = signs.iter().map(|&word| (fields.signs, EntryValue::Number(word)));
            signs.chain(rest.iter().map(|&word| (fields.meaning, EntryValue::Number(word))))
        });
        let stored = [(fields.passage, EntryValue::Stored(&self.stored))];
        let mut count = 1;
        for value in rest.into_iter().flatten().chain(meaning).chain(stored) {
            if let Some(place) = values.get_mut(count) {
                *place = value;
                count += 1;
            }
        }
        // tantivy makes room for them once, as their number is known.
        values.into_iter().take(count)
    }
}

impl<'e> Value<'e> for EntryValue<'e> {
    type ArrayIter = Empty<EntryValue<'e>>;
    type ObjectIter = Empty<(&'e str, EntryValue<'e>)>;

    fn as_value(&self) -> ReferenceValue<'e, EntryValue<'e>> {
        ReferenceValue::Leaf(match *self {
            EntryValue::Text(text) => ReferenceValueLeaf::Str(text),
            EntryValue::Number(number) => ReferenceValueLeaf::U64(number),
            EntryValue::Year(year) => ReferenceValueLeaf::I64(year),
            EntryValue::Stored(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}
