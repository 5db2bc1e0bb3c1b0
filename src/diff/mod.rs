//! What became of a report from one year to the next: paragraph by paragraph, and since when a sentence has stood.
//!
//! Two reports, or a section of each, are cut into paragraphs, which are aligned in order (`align`); what is aligned and
//! not the same is compared word by word (`edits`). A sentence is no news because its paragraph was cut in two, joined
//! with another or moved: what seems new or dropped is looked up in the whole other report (`standing`).

mod align;
mod edits;
mod fate;
mod heads;
mod notes;
mod paragraphs;
mod sentences;
mod since;
mod standing;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::engine::{Engine, Summary};
use crate::error::{Error, Result};
use crate::passage::{Passage, Report};
use crate::search::{SearchRequest, Searcher};
use align::{Aligned, align};
pub use edits::Edit;
use edits::{edits, with_standings};
pub use fate::{Fate, Known, fate};
use notes::without_notes;
pub use paragraphs::Paragraph;
use paragraphs::{is_of_section, paragraphs};
pub use since::{Sentence, Since, Year, since};
pub use standing::Standing;
use standing::standings;

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
    /// The same words; the numbers of notes may be others.
    Unchanged(Paragraph, Paragraph),
    /// Other words in places; it may have moved as well.
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
    /// The same words in another place; the numbers of notes may be others. What was edited there too is `Edited`.
    Moved(Paragraph, Paragraph),
    /// A paragraph of the newer report whose sentences all stand in the older one, in other paragraphs.
    Arrived(Paragraph, Vec<Standing>),
    /// A paragraph of the older report whose sentences all stand in the newer one, in other paragraphs.
    Left(Paragraph, Vec<Standing>),
    /// In the newer report only, but for those of its sentences that stand in the older one.
    New(Paragraph, Vec<Standing>),
    /// In the older report only, but for those of its sentences that stand in the newer one.
    Dropped(Paragraph, Vec<Standing>),
}

impl Change {
    /// A word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Change::Unchanged(..) => "unchanged",
            Change::Edited { .. } => "edited",
            Change::Moved(..) | Change::Arrived(..) | Change::Left(..) => "moved",
            Change::New(..) => "new",
            Change::Dropped(..) => "dropped",
        }
    }

    /// The paragraph of the older report, and that of the newer.
    pub fn sides(&self) -> (Option<&Paragraph>, Option<&Paragraph>) {
        match self {
            Change::Unchanged(old, new) | Change::Moved(old, new) => (Some(old), Some(new)),
            Change::Edited { old, new, .. } => (Some(old), Some(new)),
            Change::Arrived(new, _) | Change::New(new, _) => (None, Some(new)),
            Change::Left(old, _) | Change::Dropped(old, _) => (Some(old), None),
        }
    }

    /// The sentences of a paragraph that has no counterpart.
    pub fn sentences(&self) -> &[Standing] {
        match self {
            Change::Arrived(_, sentences) | Change::New(_, sentences) => sentences,
            Change::Left(_, sentences) | Change::Dropped(_, sentences) => sentences,
            Change::Unchanged(..) | Change::Edited { .. } | Change::Moved(..) => &[],
        }
    }
}

/// Compares two reports.
///
/// # Errors
/// `NotFound` where there is no such report or section; `Usage` where a year has several reports, a filter makes no
/// sense, or the two are too long to compare.
pub fn diff<E: Engine>(searcher: &Searcher<E>, request: &DiffRequest) -> Result<Revision> {
    let old = side(searcher, request, &request.old)?;
    let new = side(searcher, request, &request.new)?;
    let (rows, columns) = (old.chosen.len(), new.chosen.len());
    if rows.saturating_mul(columns) > MOST_PAIRS {
        return Err(Error::Usage {
            message: format!("{rows} and {columns} paragraphs are too many to compare"),
            hint: Some("compare one section at a time: `--section NAME`".to_owned()),
        });
    }
    let aligned = align(&old.keys(), &new.keys());
    let stand_in_new = standings(&old.chosen, new.all());
    let stand_in_old = standings(&new.chosen, old.all());
    let mut olds: Vec<Option<Told>> = old.chosen.into_iter().zip(stand_in_new).map(Some).collect();
    let mut news: Vec<Option<Told>> = new.chosen.into_iter().zip(stand_in_old).map(Some).collect();
    let take = |side: &mut Vec<Option<Told>>, at: usize| side.get_mut(at).and_then(Option::take);
    let changes = aligned.into_iter().filter_map(|aligned| {
        Some(match aligned {
            Aligned::Both(i, j) => changed(take(&mut olds, i)?, take(&mut news, j)?),
            Aligned::Moved(i, j) => match changed(take(&mut olds, i)?, take(&mut news, j)?) {
                Change::Unchanged(old, new) => Change::Moved(old, new),
                edited => edited,
            },
            Aligned::Old(i) => alone(take(&mut olds, i)?, Change::Left, Change::Dropped),
            Aligned::New(j) => alone(take(&mut news, j)?, Change::Arrived, Change::New),
        })
    });
    let changes = changes.collect();
    let index = searcher.engine().summary().clone();
    Ok(Revision { old: old.report, new: new.report, changes, index })
}

/// A paragraph, and where its sentences stand in the other report.
type Told = (Paragraph, Vec<Standing>);

fn changed((old, of_old): Told, (new, of_new): Told) -> Change {
    let (before, after) =
        (without_notes(&old.text, old.highest), without_notes(&new.text, new.highest));
    if before.split_whitespace().eq(after.split_whitespace()) {
        return Change::Unchanged(old, new);
    }
    let (edits, similarity) = edits(&old.text, &new.text);
    let edits = with_standings(edits, &of_old, &of_new);
    Change::Edited { old, new, edits, similarity }
}

/// What is told of a paragraph without a counterpart: one thing where all of its sentences stand elsewhere, another
/// where one does not.
fn alone(
    (paragraph, sentences): Told,
    elsewhere: fn(Paragraph, Vec<Standing>) -> Change,
    nowhere: fn(Paragraph, Vec<Standing>) -> Change,
) -> Change {
    let stands = !sentences.is_empty() && sentences.iter().all(|sentence| sentence.id.is_some());
    if stands { elsewhere(paragraph, sentences) } else { nowhere(paragraph, sentences) }
}

/// A report that is compared.
struct Side {
    report: Arc<Report>,
    /// The paragraphs of the section that was asked for, or all.
    chosen: Vec<Paragraph>,
    /// Those of its other sections, where sentences may have gone to.
    others: Vec<Paragraph>,
}

impl Side {
    fn keys(&self) -> Vec<Vec<String>> {
        self.chosen.iter().map(|paragraph| paragraph.words.clone()).collect()
    }

    fn all(&self) -> impl Iterator<Item = &Paragraph> {
        self.chosen.iter().chain(&self.others)
    }
}

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
    let section = request.section.as_deref();
    let is_meant =
        |passage: &Passage| section.is_none_or(|section| is_of_section(passage, section));
    if let Some(section) = section
        && !passages.iter().any(is_meant)
    {
        return Err(Error::NotFound {
            what: "section",
            name: section.to_owned(),
            hint: Some(format!("`tipsearch outline {meant}` lists the headings")),
        });
    }
    let report = passages.first().map(|passage| Arc::clone(&passage.report));
    let report = report.ok_or_else(|| Error::Internal { message: "no passages".to_owned() })?;
    let (chosen, others) =
        paragraphs(&passages).into_iter().partition(|paragraph| is_meant(&paragraph.passage));
    Ok(Side { report, chosen, others })
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
