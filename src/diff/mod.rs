//! What became of a report from one year to the next: paragraph by paragraph, and since when a sentence has stood.
//!
//! Two reports, or a section of each, are cut into paragraphs, which are aligned in order (`align`); what is aligned and
//! not the same is compared word by word (`edits`).

mod align;
mod edits;
mod fate;
mod paragraphs;
mod since;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::engine::{Engine, Summary};
use crate::error::{Error, Result};
use crate::passage::Report;
use crate::search::{SearchRequest, Searcher};
use align::{Aligned, align};
pub use edits::Edit;
use edits::edits;
pub use fate::{Fate, Known, fate};
pub use paragraphs::Paragraph;
use paragraphs::{is_of_section, paragraphs};
pub use since::{Sentence, Since, Year, since};

/// Pairs of paragraphs that are compared at most: two reports of a thousand paragraphs each, in a second or two.
const MOST_PAIRS: usize = 1_000_000;

/// So many reports are named where one was meant.
const MOST_NAMED: usize = 5;

/// What to compare.
#[derive(Clone, Debug, Default)]
pub struct DiffRequest {
    /// The older report: a year, or the id of a document.
    pub old: String,
    /// The newer one.
    pub new: String,
    /// Fields that a report of a year must have: `country:kazakhstan`.
    pub filter: Option<String>,
    /// Only sections with this role, or under a heading with these words.
    pub section: Option<String>,
}

/// Two reports compared.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The older report.
    pub old: Arc<Report>,
    /// The newer one.
    pub new: Arc<Report>,
    /// In the order of the newer report; what was dropped stands where it stood.
    pub changes: Vec<Change>,
    /// The index that answered.
    pub index: Summary,
}

/// What became of a paragraph.
#[derive(Clone, Debug)]
pub enum Change {
    /// The same words.
    Unchanged(Paragraph, Paragraph),
    /// Other words in places.
    Edited {
        /// As it was.
        old: Paragraph,
        /// As it is.
        new: Paragraph,
        /// What is in both, in the older, in the newer.
        edits: Vec<Edit>,
        /// The share of the words that both have, from 0 to 1.
        similarity: f32,
    },
    /// The same words, or nearly, in another place.
    Moved(Paragraph, Paragraph),
    /// In the newer report only.
    New(Paragraph),
    /// In the older report only.
    Dropped(Paragraph),
}

impl Change {
    /// A word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Change::Unchanged(..) => "unchanged",
            Change::Edited { .. } => "edited",
            Change::Moved(..) => "moved",
            Change::New(_) => "new",
            Change::Dropped(_) => "dropped",
        }
    }

    /// The paragraph of the older report, and that of the newer.
    pub fn sides(&self) -> (Option<&Paragraph>, Option<&Paragraph>) {
        match self {
            Change::Unchanged(old, new) | Change::Moved(old, new) => (Some(old), Some(new)),
            Change::Edited { old, new, .. } => (Some(old), Some(new)),
            Change::New(new) => (None, Some(new)),
            Change::Dropped(old) => (Some(old), None),
        }
    }
}

/// Compares two reports.
///
/// # Errors
/// `NotFound` where there is no such report or section; `Usage` where a year has several reports, a filter makes no
/// sense, or the two are too long to compare.
pub fn diff<E: Engine>(searcher: &Searcher<E>, request: &DiffRequest) -> Result<Revision> {
    let (old_report, old) = side(searcher, request, &request.old)?;
    let (new_report, new) = side(searcher, request, &request.new)?;
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return Err(Error::Usage {
            message: format!("{} and {} paragraphs are too many to compare", old.len(), new.len()),
            hint: Some("compare one section at a time: `--section NAME`".to_owned()),
        });
    }
    let (mut from_old, mut from_new): (Vec<_>, Vec<_>) =
        (old.into_iter().map(Some).collect(), new.into_iter().map(Some).collect());
    let aligned = align(&keys(&from_old), &keys(&from_new));
    let take =
        |side: &mut Vec<Option<Paragraph>>, at: usize| side.get_mut(at).and_then(Option::take);
    let changes = aligned.into_iter().filter_map(|aligned| {
        Some(match aligned {
            Aligned::Both(i, j) => changed(take(&mut from_old, i)?, take(&mut from_new, j)?),
            Aligned::Moved(i, j) => Change::Moved(take(&mut from_old, i)?, take(&mut from_new, j)?),
            Aligned::Old(i) => Change::Dropped(take(&mut from_old, i)?),
            Aligned::New(j) => Change::New(take(&mut from_new, j)?),
        })
    });
    let changes = changes.collect();
    let index = searcher.engine().summary().clone();
    Ok(Revision { old: old_report, new: new_report, changes, index })
}

fn keys(paragraphs: &[Option<Paragraph>]) -> Vec<Vec<String>> {
    paragraphs.iter().flatten().map(|paragraph| paragraph.words.clone()).collect()
}

fn changed(old: Paragraph, new: Paragraph) -> Change {
    let is_same = || old.text.split_whitespace().eq(new.text.split_whitespace());
    if is_same() {
        return Change::Unchanged(old, new);
    }
    let (edits, similarity) = edits(&old.text, &new.text);
    Change::Edited { old, new, edits, similarity }
}

/// A report with its paragraphs.
type Side = (Arc<Report>, Vec<Paragraph>);

/// The report that is meant by a year or an id.
fn side<E: Engine>(searcher: &Searcher<E>, request: &DiffRequest, meant: &str) -> Result<Side> {
    let engine = searcher.engine();
    let mut passages = engine.document(meant)?;
    if passages.is_empty() {
        passages = match meant.parse::<u16>() {
            Ok(year) => engine.document(&only_of(searcher, request, year)?)?,
            Err(_) => return Err(no_document(engine, meant)?),
        };
    }
    if let Some(section) = &request.section {
        passages.retain(|passage| is_of_section(passage, section));
        if passages.is_empty() {
            return Err(Error::NotFound {
                what: "section",
                name: section.clone(),
                hint: Some(format!("`tipsearch outline {meant}` lists the headings")),
            });
        }
    }
    let report = passages.first().map(|passage| Arc::clone(&passage.report));
    let report = report.ok_or_else(|| Error::Internal { message: "no passages".to_owned() })?;
    Ok((report, paragraphs(&passages)))
}

fn no_document<E: Engine>(engine: &E, meant: &str) -> Result<Error> {
    let documents = engine.documents()?;
    let near = documents.iter().find(|listed| listed.doc_id.contains(meant));
    Ok(Error::NotFound {
        what: "document or year",
        name: meant.to_owned(),
        hint: near.map(|listed| format!("did you mean `{}`?", listed.doc_id)),
    })
}

/// The id of the only report of a year that fits the filter.
fn only_of<E: Engine>(searcher: &Searcher<E>, request: &DiffRequest, year: u16) -> Result<String> {
    let engine = searcher.engine();
    let filter = format!("{} year:{year}", request.filter.as_deref().unwrap_or_default());
    let query =
        searcher.query(&SearchRequest { filter: Some(filter), ..SearchRequest::new("*") })?;
    let mut seen = FxHashSet::default();
    let mut firsts = engine.every(&query)?;
    let mut numbers = Vec::with_capacity(firsts.len());
    for hit in &firsts {
        numbers.push(engine.document_of(hit)?);
    }
    let mut numbers = numbers.into_iter();
    firsts.retain(|_| numbers.next().is_some_and(|number| seen.insert(number)));
    let named = engine.load(firsts.get(..firsts.len().min(MOST_NAMED)).unwrap_or_default())?;
    let mut names: Vec<String> =
        named.iter().map(|passage| passage.report.doc_id.clone()).collect();
    match (names.pop(), firsts.len()) {
        (Some(only), 1) => Ok(only),
        (None, _) => Err(Error::NotFound {
            what: "report",
            name: format!("{} {year}", request.filter.as_deref().unwrap_or("of")).trim().to_owned(),
            hint: Some("`tipsearch facets --by country,year -n 0` shows what there is".to_owned()),
        }),
        (Some(last), count) => {
            names.push(last);
            Err(Error::Usage {
                message: format!("{year} has {count} reports: {}", names.join(", ")),
                hint: Some("name one: `--country NAME`, `--filter FIELDS`, or its id".to_owned()),
            })
        }
    }
}
