//! Judged collections in the form of BEIR (Thakur and others 2021): a folder with `corpus.jsonl`,
//! `queries.jsonl` and `qrels.tsv`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::lines::{Lines, empty, fault, json};
use super::trec::{JsonId, read_qrels, read_topics};
use super::{Qrels, Topic};
use crate::document::Location;
use crate::engine::{Catalog, Engine, FileStamp, Listed, Store, WriterOptions};
use crate::error::{Error, Result};
use crate::passage::{Passage, Report, id_text};
use crate::read::language_of;

/// Documents, topics and judgments.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// What is searched, in any order.
    pub documents: Vec<CollectionDocument>,
    /// What is asked; topics without judgments are passed over.
    pub topics: Vec<Topic>,
    /// Which documents answer.
    pub qrels: Qrels,
}

/// A document of a collection; it is indexed as one passage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CollectionDocument {
    /// Unique in the collection.
    pub id: String,
    /// May be empty.
    pub title: String,
    /// The headings between title and text, outermost first.
    pub headings: Vec<String>,
    /// May be empty.
    pub text: String,
}

/// A line of `corpus.jsonl`.
#[derive(Deserialize)]
struct CorpusLine {
    #[serde(rename = "_id")]
    id: JsonId,
    title: Option<String>,
    text: Option<String>,
    /// The headings, joined by [`HEADING_SEPARATOR`].
    section: Option<String>,
}

/// What stands between the headings in `section`.
const HEADING_SEPARATOR: &str = " > ";

impl Collection {
    /// Reads a folder. `qrels`: the judgments, where the folder's own are not meant.
    ///
    /// # Errors
    /// `Evaluation` with file and line when something is malformed, and when the folder has several
    /// files of judgments of which none is `qrels.tsv` or the test's; `Io`.
    pub fn read(folder: &Path, qrels: Option<&Path>) -> Result<Collection> {
        let file = |name: &str| {
            let path = folder.join(name);
            match path.is_file() {
                true => Ok(path),
                false => Err(Error::Evaluation {
                    message: format!("`{}` has no file `{name}`", folder.display()),
                    hint: Some(
                        "expected a folder with `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`"
                            .to_owned(),
                    ),
                }),
            }
        };
        let (corpus, queries) = (file("corpus.jsonl")?, file("queries.jsonl")?);
        let qrels = qrels.map_or_else(|| qrels_file(folder), |path| Ok(path.to_owned()))?;
        let qrels = read_qrels(&qrels)?;
        Ok(Collection { documents: documents(&corpus)?, topics: read_topics(&queries)?, qrels })
    }

    /// Indexes the documents anew, with the fields, analyzer and weights of every index: into so many shards, where the
    /// engine can.
    ///
    /// # Errors
    /// Where the index cannot be written; `Interrupted` when `stop` is set.
    pub fn index(&self, store: &Store, shards: u32, stop: &AtomicBool) -> Result<Arc<dyn Engine>> {
        // One thread writes one order of segments, so that scores agree to the last bit.
        let options = WriterOptions { threads: 1, fresh: true, shards, ..WriterOptions::default() };
        let writer = store.writer(options)?;
        let mut catalog = Catalog::default();
        for document in &self.documents {
            if stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted);
            }
            let passage = document.passage();
            writer.add(vec![passage], true)?;
            let listed = Listed {
                doc_id: document.id.clone(),
                title: document.title.clone(),
                passages: 1,
                ..Listed::default()
            };
            catalog.documents.insert(document.id.clone(), (listed, FileStamp::default()));
        }
        writer.commit(catalog)?;
        store.open()
    }
}

impl CollectionDocument {
    /// The one passage of the document. Its id comes from the document's alone, so that ties are
    /// broken in an order that has nothing to do with the judgments.
    fn passage(&self) -> Passage {
        let digest = Sha256::digest(self.id.as_bytes());
        let number = digest.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte));
        let report = Report {
            doc_id: self.id.clone(),
            title: self.title.clone(),
            lang: language_of(&self.text),
            sha256: digest.into(),
            ..Report::default()
        };
        Passage {
            id: id_text(number),
            ordinal: 0,
            report: Arc::new(report),
            trail: std::iter::once(&self.title).chain(&self.headings).cloned().collect(),
            role: None,
            anchor: String::new(),
            text: self.text.clone(),
            location: Location::default(),
        }
    }
}

fn documents(path: &Path) -> Result<Vec<CollectionDocument>> {
    const EXPECTED: &str = "expected an object with `_id`, `title` and `text`";
    let mut documents = Vec::new();
    let mut seen = BTreeSet::new();
    for line in Lines::open(path)? {
        let line = line?;
        let wrong = |message: String| fault(path, line.number, message);
        let parsed: CorpusLine = json(&line.text, EXPECTED).map_err(wrong)?;
        let id = parsed.id.text().ok_or_else(|| wrong(format!("{EXPECTED}; `_id` is empty")))?;
        if !seen.insert(id.clone()) {
            return Err(wrong(format!("the document `{id}` comes twice")));
        }
        let section = parsed.section.unwrap_or_default();
        let headings = section.split(HEADING_SEPARATOR).map(str::trim);
        documents.push(CollectionDocument {
            id,
            title: parsed.title.unwrap_or_default(),
            headings: headings.filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            text: parsed.text.unwrap_or_default(),
        });
    }
    match documents.is_empty() {
        true => Err(empty(path, "documents", "JSON objects with `_id`, `title` and `text`")),
        false => Ok(documents),
    }
}

/// The file of judgments of a folder: `qrels.tsv`, else `qrels/test.tsv`, else the only one with
/// `test` in its name, else the only one.
fn qrels_file(folder: &Path) -> Result<PathBuf> {
    for preferred in ["qrels.tsv", "qrels/test.tsv"].map(|name| folder.join(name)) {
        if preferred.is_file() {
            return Ok(preferred);
        }
    }
    let mut candidates = tables(folder, "qrels")?;
    let inner = folder.join("qrels");
    if inner.is_dir() {
        candidates.extend(tables(&inner, "")?);
    }
    candidates.sort_unstable();
    let is_test = |path: &&PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().contains("test"))
    };
    let tests: Vec<&PathBuf> = candidates.iter().filter(is_test).collect();
    match (tests.as_slice(), candidates.as_slice()) {
        ([only], _) => Ok((*only).clone()),
        (_, [only]) => Ok(only.clone()),
        (_, []) => Err(Error::Evaluation {
            message: format!("`{}` has no file `qrels.tsv`", folder.display()),
            hint: Some("name the judgments with `--qrels FILE`".to_owned()),
        }),
        (_, several) => {
            let names: Vec<String> =
                several.iter().map(|path| format!("`{}`", path.display())).collect();
            Err(Error::Evaluation {
                message: format!("there are several files of judgments: {}", names.join(", ")),
                hint: Some("name one of them with `--qrels FILE`".to_owned()),
            })
        }
    }
}

/// The files of a folder that begin so and end in `.tsv`.
fn tables(folder: &Path, prefix: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| Error::io("read", folder, error))?;
    let paths = entries.filter_map(|entry| entry.ok()).map(|entry| entry.path());
    let is_table = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy());
        name.is_some_and(|name| name.starts_with(prefix) && name.ends_with(".tsv"))
    };
    Ok(paths.filter(is_table).collect())
}
