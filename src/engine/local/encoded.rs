//! The vectors that an encoder has made of the passages of an index. They answer where every passage has one: rankings
//! of which some passages are compared by one model and some by another would be of neither.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use tantivy::{DocAddress, DocId};

use super::from_tantivy;
use super::guarded::guarded;
use super::read::{LocalEngine, hit_at};
use crate::dense::{CAN_ENCODE, Encoded, Encoder, Model, Vectors, file_name};
use crate::engine::held;
use crate::error::Result;
use crate::rank::{Deadline, Hit};

/// So many questions are remembered with what they mean: a search asks several times.
const REMEMBERED: usize = 8;

/// No passage has so many before it.
const NOWHERE: u32 = u32::MAX;

/// The model of an index, as far as it has been asked for.
#[derive(Default)]
pub struct Dense {
    /// A model and a file of vectors, in place of those that the index has itself.
    given: Option<(Model, PathBuf)>,
    opened: OnceLock<Option<Meant>>,
}

/// A model, with a vector for every passage.
pub struct Meant {
    name: String,
    encoder: Encoder,
    vectors: Vectors,
    /// Of each segment the place of each passage's vector, or [`NOWHERE`].
    places: Vec<Vec<u32>>,
    asked: Mutex<Vec<(String, Option<Encoded>)>>,
}

/// How many passages of an index have vectors of its model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The model.
    pub model: Model,
    /// The file of vectors.
    pub vectors: PathBuf,
    /// How many passages have one.
    pub encoded: u64,
    /// How many are to have one: those that have a meaning at all, which are those in English.
    pub passages: u64,
}

impl Coverage {
    /// Whether the model answers.
    pub fn is_whole(&self) -> bool {
        self.encoded == self.passages
    }
}

impl LocalEngine {
    /// The same with a model and a file of vectors from elsewhere.
    #[must_use]
    pub fn with_model(mut self, model: Model, vectors: PathBuf) -> LocalEngine {
        self.dense = Dense { given: Some((model, vectors)), opened: OnceLock::new() };
        self
    }

    /// The model of this index and the file of its vectors; `None` where it has none.
    ///
    /// # Errors
    /// As [`Model::of_index`].
    pub fn model(&self) -> Result<Option<(Model, PathBuf)>> {
        if let Some(given) = &self.dense.given {
            return Ok(Some(given.clone()));
        }
        let vectors = |model: &Model| vectors_of(self.path(), model);
        Ok(Model::of_index(self.path())?.map(|model| (model.clone(), vectors(&model))))
    }

    /// How many passages have vectors of the model; `None` where there is none.
    ///
    /// # Errors
    /// As [`LocalEngine::model`] and [`Vectors::read`].
    pub fn coverage(&self) -> Result<Option<Coverage>> {
        let Some((model, path)) = self.model()? else { return Ok(None) };
        let vectors = Vectors::read(&path, &model.about.weights)?;
        let (mut encoded, mut passages) = (0, 0);
        for hit in self.to_encode()? {
            passages += 1;
            encoded += u64::from(vectors.place(hit.id).is_some());
        }
        Ok(Some(Coverage { model, vectors: path, encoded, passages }))
    }

    /// The passages that a model is to encode, as they are stored.
    ///
    /// # Errors
    /// `IndexDamaged` where the index cannot be read.
    pub fn to_encode(&self) -> Result<Vec<Hit>> {
        let read = || {
            let mut hits = Vec::new();
            for passage in self.meanings()?.passages() {
                let DocAddress { segment_ord, doc_id } = passage;
                let reader = self.searcher.segment_reader(segment_ord);
                if reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc_id)) {
                    hits.push(hit_at(passage, self.id_at(passage), 0.0));
                }
            }
            Ok(hits)
        };
        guarded(self.path(), || read().map_err(from_tantivy(self.path())))
    }

    /// The model, where every passage has a vector and this program can run it. What is wrong with it otherwise,
    /// [`LocalEngine::coverage`] tells; searches are answered without it.
    pub(super) fn meant(&self) -> Option<&Meant> {
        let open = || if CAN_ENCODE { self.open_meant().ok().flatten() } else { None };
        self.dense.opened.get_or_init(open).as_ref()
    }

    fn open_meant(&self) -> Result<Option<Meant>> {
        let Some((model, path)) = self.model()? else { return Ok(None) };
        let vectors = Vectors::read(&path, &model.about.weights)?;
        let readers = self.searcher.segment_readers().iter();
        let mut places: Vec<Vec<u32>> =
            readers.map(|reader| vec![NOWHERE; reader.max_doc() as usize]).collect();
        for hit in self.to_encode()? {
            let Some(place) = vectors.place(hit.id) else { return Ok(None) };
            let segment = places.get_mut((hit.address >> 32) as usize);
            if let Some(own) = segment.and_then(|own| own.get_mut(hit.address as u32 as usize)) {
                *own = place;
            }
        }
        let encoder = Encoder::open(&model, false)?;
        Ok(Some(Meant {
            name: model.about.name,
            encoder,
            vectors,
            places,
            asked: Mutex::default(),
        }))
    }
}

/// The file of vectors of an index for a model.
fn vectors_of(index: &Path, model: &Model) -> PathBuf {
    index.join(file_name(&model.about.weights))
}

impl Meant {
    /// What the model is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a question means.
    pub fn encode(&self, text: &str) -> Result<Option<Encoded>> {
        let remembered = || held(&self.asked);
        if let Some((_, known)) = remembered().iter().find(|(asked, _)| asked == text) {
            return Ok(known.clone());
        }
        let encoded = self.encoder.encode(text)?;
        let mut asked = remembered();
        if asked.len() >= REMEMBERED {
            asked.remove(0);
        }
        asked.push((text.to_owned(), encoded.clone()));
        Ok(encoded)
    }

    /// How like it a passage is; 0 where it has no vector.
    pub fn likeness(&self, encoded: &Encoded, passage: DocAddress) -> f32 {
        let segment = self.places.get(passage.segment_ord as usize);
        let place = segment.and_then(|places| places.get(passage.doc_id as usize));
        let vector = place.and_then(|&place| self.vectors.at(place));
        vector.map_or(0.0, |vector| encoded.likeness(vector))
    }

    /// So many passages that are most like it, and those that are as like it as the last of them. Passages are asked
    /// about in their order; those count for which `is_asked` holds.
    pub fn nearest(
        &self,
        encoded: &Encoded,
        many: usize,
        until: &Deadline,
        mut is_asked: impl FnMut(DocAddress) -> tantivy::Result<bool>,
    ) -> tantivy::Result<Vec<DocAddress>> {
        let mut found: Vec<(f32, DocAddress)> = Vec::new();
        let mut watch = until.watch();
        for (segment, places) in (0..).zip(&self.places) {
            for (doc, &place) in places.iter().enumerate() {
                let Some(vector) = self.vectors.at(place) else { continue };
                if watch.is_over() {
                    break;
                }
                let passage = DocAddress::new(segment, doc as DocId);
                if is_asked(passage)? {
                    found.push((encoded.likeness(vector), passage));
                }
            }
        }
        if found.len() > many {
            let by_likeness = |a: &(f32, DocAddress), b: &(f32, DocAddress)| b.0.total_cmp(&a.0);
            let (_, last, _) = found.select_nth_unstable_by(many, by_likeness);
            let least = last.0;
            found.retain(|(likeness, _)| *likeness >= least);
            found.sort_unstable_by_key(|(_, passage)| *passage);
        }
        Ok(found.into_iter().map(|(_, passage)| passage).collect())
    }
}
