//! Evaluation: topics and judgments in, measures out.
//!
//! A [`Topic`] is a question, [`Qrels`] say which documents answer it, a [`Run`] is what was found,
//! and a [`Measure`] makes a number of the two. The words and the files are those of TREC, the
//! collections those of BEIR.
//!
//! ```
//! use tipsearch::eval::{Collection, CollectionDocument, Topic, evaluate};
//! let document = |id: &str, text: &str| CollectionDocument {
//!     id: id.to_owned(),
//!     text: text.to_owned(),
//!     ..CollectionDocument::default()
//! };
//! let mut collection = Collection {
//!     documents: vec![document("a", "Border guards took bribes."), document("b", "A shelter.")],
//!     topics: vec![Topic { id: "1".to_owned(), text: "bribes at the border".to_owned() }],
//!     ..Collection::default()
//! };
//! collection.qrels.topics.entry("1".to_owned()).or_default().insert("a".to_owned(), 1);
//! let evaluation = evaluate(&collection, &["nDCG@10".parse()?])?;
//! assert_eq!(evaluation.means, [1.0]);
//! # Ok::<(), tipsearch::error::Error>(())
//! ```

mod collection;
mod compare;
mod known;
mod lines;
mod measures;
mod run;
mod trec;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub use collection::{Collection, CollectionDocument};
pub use compare::{
    ASSIGNMENTS, ChangedTopic, ComparedMeasure, Comparison, compare, randomization_test, shallower,
};
pub use known::check_run;
pub use measures::{DEEPEST, Measure, MeasureKind, WITHOUT_RANK};
pub use run::{Ranked, Run, TopicRun};
pub use trec::{read_qrels, read_run, read_topics, write_run};

use crate::dense::{self, Model};
use crate::engine::Engine;
use crate::engine::local::LocalEngine;
use crate::error::{Error, Result};
use crate::index;
use crate::query::Thesaurus;
use crate::search::Searcher;

/// How many documents are retrieved for each topic at least, so that a stored run can be measured otherwise.
pub const LEAST_DEPTH: usize = 100;

/// A question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// By which judgments and runs name it.
    pub id: String,
    /// What is asked, as a user types it.
    pub text: String,
}

/// The grades of documents (or passages) for one topic, by id; above 0 is relevant.
pub type Grades = BTreeMap<String, i32>;

/// Judgments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Qrels {
    /// By the topic's id.
    pub topics: BTreeMap<String, Grades>,
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// What was measured.
    pub measures: Vec<Measure>,
    /// For each measure its mean over `topics`.
    pub means: Vec<f64>,
    /// The topics that have judgments, in the order of the topics' file. As in trec_eval, one to which
    /// nothing is relevant counts too, as 0.
    pub topics: Vec<TopicValues>,
    /// How many of them found nothing at all; they count as 0, as with trec_eval's option `-c`.
    pub without_hit: usize,
    /// How many documents were retrieved for each topic at most.
    pub depth: usize,
    /// What was searched; `None` for a stored run.
    pub index: Option<Statistics>,
    /// How long the topics took; `None` for a stored run.
    pub latency: Option<Latency>,
    /// What was found for every topic that has judgments.
    pub run: Run,
    /// What was odd about topics.
    pub warnings: Vec<String>,
}

/// How much was searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// How many documents.
    pub documents: u64,
    /// How many passages they have.
    pub passages: u64,
    /// How many different terms these have, with title and headings.
    pub terms: u64,
}

/// The values of one topic.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicValues {
    /// The topic's id.
    pub id: String,
    /// In the order of the measures.
    pub values: Vec<f64>,
}

/// How long the topics took, from text to ranking, one after another on one thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Half of the topics took at most so long.
    pub p50: Duration,
    /// 99 of 100 topics took at most so long.
    pub p99: Duration,
}

/// How topics are asked.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// With the words that the best passages have in common; see [`Searcher::fed_back`].
    pub feedback: bool,
    /// By words alone.
    pub lexical: bool,
    /// By a model, where a collection is indexed for this.
    pub model: Option<&'a GivenModel>,
    /// Ends with `Interrupted` soon after it is set.
    pub stop: &'a AtomicBool,
}

/// A model that a collection is asked by.
#[derive(Clone, Debug)]
pub struct GivenModel {
    /// The model.
    pub model: Model,
    /// The file of what it makes of the collection's passages; `None` for one that goes away.
    pub vectors: Option<PathBuf>,
}

/// Indexes a collection in a temporary folder, asks its topics and measures the answers.
///
/// # Errors
/// `Evaluation` when the judgments name what is not there or nothing that is relevant; `Usage` when
/// there is no measure; and where the index cannot be written or read.
pub fn evaluate(collection: &Collection, measures: &[Measure]) -> Result<Evaluation> {
    let stop = AtomicBool::new(false);
    evaluate_until(
        collection,
        measures,
        Thesaurus::built_in(),
        Asking { feedback: false, lexical: false, model: None, stop: &stop },
    )
}

/// As [`evaluate`] with a thesaurus of one's own, asked in this way.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_until(
    collection: &Collection,
    measures: &[Measure],
    thesaurus: Arc<Thesaurus>,
    asking: Asking<'_>,
) -> Result<Evaluation> {
    let folder =
        tempfile::tempdir().map_err(|error| Error::io("create", std::env::temp_dir(), error))?;
    let store = folder.path().to_owned().into();
    let engine = collection.index(&store, 1, asking.stop)?;
    let engine = match asking.model {
        Some(GivenModel { model, vectors }) => {
            let own = || folder.path().join(dense::file_name(&model.about.weights));
            let engine = LocalEngine::open(folder.path())?;
            let engine = engine.with_model(model.clone(), vectors.clone().unwrap_or_else(own));
            index::encode(&engine, asking.stop, &|_, _| ())?;
            Arc::new(engine)
        }
        None => engine,
    };
    let searcher = Searcher::new(engine).with_thesaurus(thesaurus);
    evaluate_index(&searcher, &collection.topics, &collection.qrels, measures, asking)
}

/// Asks topics of an index and measures the answers. Where the judgments name documents, the rank of
/// a document is that of its best passage; they may name passages instead.
///
/// # Errors
/// As [`evaluate_until`]; also `Evaluation` when the index is empty.
pub fn evaluate_index<E: Engine>(
    searcher: &Searcher<E>,
    topics: &[Topic],
    qrels: &Qrels,
    measures: &[Measure],
    asking: Asking<'_>,
) -> Result<Evaluation> {
    if measures.is_empty() {
        return Err(Error::usage("there is no measure to take"));
    }
    let unit = known::unit(searcher.engine(), topics, qrels)?;
    let deepest = measures.iter().map(|measure| measure.ranks()).max().unwrap_or(0);
    let depth = deepest.max(LEAST_DEPTH);
    let judged: Vec<&Topic> =
        topics.iter().filter(|topic| qrels.topics.contains_key(&topic.id)).collect();
    let (run, warnings) = run::run(searcher, &judged, unit, depth, asking)?;
    let (summary, terms) = (searcher.engine().summary(), searcher.engine().terms()?);
    let index = Statistics { documents: summary.documents, passages: summary.passages, terms };
    Ok(Evaluation {
        depth,
        latency: Some(latency(&run)),
        index: Some(index),
        warnings,
        ..measured(run, qrels, measures)
    })
}

/// Measures a stored run. Topics that only the judgments have count as 0, and those that only the run
/// has do not count.
///
/// # Errors
/// `Usage` when there is no measure; `Evaluation` when no document of the run is judged.
pub fn evaluate_run(mut run: Run, qrels: &Qrels, measures: &[Measure]) -> Result<Evaluation> {
    if measures.is_empty() {
        return Err(Error::usage("there is no measure to take"));
    }
    let topics = qrels.topics.keys().map(String::as_str).collect();
    let documents: BTreeSet<&str> =
        qrels.topics.values().flat_map(|grades| grades.keys()).map(String::as_str).collect();
    trec::rename(&mut run, &topics, &documents);
    let warnings = known::check_judged(&mut run, qrels)?;
    Ok(Evaluation { warnings, ..measured(run, qrels, measures) })
}

fn measured(run: Run, qrels: &Qrels, measures: &[Measure]) -> Evaluation {
    let topics: Vec<TopicValues> =
        run.topics.iter().filter_map(|topic| values(topic, qrels, measures)).collect();
    let judged = run.topics.iter().filter(|topic| qrels.topics.contains_key(&topic.topic));
    Evaluation {
        measures: measures.to_vec(),
        means: means(&topics, measures.len()),
        without_hit: judged.filter(|topic| topic.documents.is_empty()).count(),
        depth: run.topics.iter().map(|topic| topic.documents.len()).max().unwrap_or(0),
        index: None,
        latency: None,
        warnings: Vec::new(),
        topics,
        run,
    }
}

impl Qrels {
    /// Whether a topic has a relevant document.
    pub fn is_relevant(&self, topic: &str) -> bool {
        self.topics.get(topic).is_some_and(|grades| grades.values().any(|&grade| grade > 0))
    }
}

/// The values of a topic; `None` where it has no judgments.
fn values(run: &TopicRun, qrels: &Qrels, measures: &[Measure]) -> Option<TopicValues> {
    let grades = qrels.topics.get(&run.topic)?;
    let mut ideal: Vec<i32> = grades.values().copied().filter(|&grade| grade > 0).collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let found: Vec<Option<i32>> =
        run.documents.iter().map(|ranked| grades.get(&ranked.id).copied()).collect();
    let values = measures.iter().map(|measure| measure.value(&found, &ideal)).collect();
    Some(TopicValues { id: run.topic.clone(), values })
}

fn means(topics: &[TopicValues], measures: usize) -> Vec<f64> {
    let mean = |measure: usize| {
        let sum: f64 = topics.iter().filter_map(|topic| topic.values.get(measure)).sum();
        // Of no topics it would be -0.0.
        sum.max(0.0) / topics.len().max(1) as f64
    };
    (0..measures).map(mean).collect()
}

/// Percentiles by the nearest rank.
fn latency(run: &Run) -> Latency {
    let mut times: Vec<Duration> = run.topics.iter().map(|topic| topic.took).collect();
    times.sort_unstable();
    let percentile = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100);
        times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    };
    Latency { p50: percentile(50), p99: percentile(99) }
}
