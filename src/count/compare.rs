//! Comparing: how often something is said in each group of reports, and how often that is for so many words.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::groups::{Group, GroupField};
use super::roles::by_role;
use super::visit::visit;
use super::{Asked, CountRequest, Counts, Tally, asks_for_text};
use crate::engine::{Engine, Listed};
use crate::error::{Error, Result};
use crate::passage::{Passage, Report, carried};
use crate::query::Query;
use crate::search::Searcher;

/// Rates are per so many words.
pub const RATE_WORDS: u64 = 10_000;

/// What is counted, and by what.
#[derive(Clone, Debug, Default)]
pub struct CompareRequest {
    /// What is counted.
    pub count: CountRequest,
    /// The names of one or two fields; see [`GroupField::of`].
    pub by: Vec<String>,
}

/// Counts of a group, with the words among which they were counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How much there is.
    pub counts: Counts,
    /// The words of the group's passages: of all that the query's fields and filters allow, not only of those
    /// that match.
    pub words: u64,
}

/// The answer: a table of one or two dimensions.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The question.
    pub asked: Asked,
    /// What it is by: the field of the rows, and that of the columns where there are two.
    pub by: Vec<GroupField>,
    /// Whether the query asks for words of the text, so that there are occurrences.
    pub has_occurrences: bool,
    /// The groups of the first field, in order, each with its counts.
    pub rows: Vec<(Group, Cell)>,
    /// The groups of the second field; empty where there is one field.
    pub columns: Vec<(Group, Cell)>,
    /// By row and column; what is not there has no passages at all.
    pub cells: BTreeMap<(Group, Group), Cell>,
    /// All together. A report in several groups counts once.
    pub total: Cell,
}

impl Cell {
    /// Occurrences for [`RATE_WORDS`] words, or passages where there are none to count; `None` among no words.
    pub fn rate(&self, has_occurrences: bool) -> Option<f64> {
        let count = if has_occurrences { self.counts.occurrences } else { self.counts.passages };
        (self.words > 0).then(|| count as f64 * RATE_WORDS as f64 / self.words as f64)
    }
}

/// What is added to a table at a time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Amount {
    pub(super) occurrences: u64,
    pub(super) passages: u64,
    pub(super) words: u64,
}

/// By the number of the document.
pub(super) type Amounts = FxHashMap<u64, Amount>;

/// Counts of a group that are being added up.
#[derive(Clone, Debug, Default)]
pub(super) struct CellTally {
    pub(super) tally: Tally,
    words: u64,
}

impl CellTally {
    pub(super) fn add(&mut self, document: u64, amount: Amount) {
        self.tally.occurrences += amount.occurrences;
        self.tally.passages += amount.passages;
        self.words += amount.words;
        if amount.passages > 0 {
            self.tally.documents.insert(document);
        }
    }

    pub(super) fn merge(&mut self, other: &CellTally) {
        self.tally.merge(&other.tally);
        self.words += other.words;
    }

    fn cell(&self) -> Cell {
        Cell { counts: self.tally.counts(), words: self.words }
    }
}

/// A table that is being added up. Rows, columns and total are added up for themselves: a report with two
/// countries is in two rows, and once in the total.
#[derive(Default)]
struct Table {
    rows: FxHashMap<Group, CellTally>,
    columns: FxHashMap<Group, CellTally>,
    cells: FxHashMap<(Group, Group), CellTally>,
    total: CellTally,
}

impl Table {
    /// `groups`: for each field the groups of the passages.
    fn add(&mut self, groups: &[Vec<Group>], document: u64, amount: Amount) {
        self.total.add(document, amount);
        let (rows, columns) = (groups.first(), groups.get(1));
        for row in rows.into_iter().flatten() {
            self.rows.entry(row.clone()).or_default().add(document, amount);
            for column in columns.into_iter().flatten() {
                let key = (row.clone(), column.clone());
                self.cells.entry(key).or_default().add(document, amount);
            }
        }
        for column in columns.into_iter().flatten() {
            self.columns.entry(column.clone()).or_default().add(document, amount);
        }
    }

    fn merge(&mut self, other: Table) {
        self.total.merge(&other.total);
        for (group, tally) in other.rows {
            self.rows.entry(group).or_default().merge(&tally);
        }
        for (group, tally) in other.columns {
            self.columns.entry(group).or_default().merge(&tally);
        }
        for (key, tally) in other.cells {
            self.cells.entry(key).or_default().merge(&tally);
        }
    }
}

/// Compares how often a query matches in groups of reports or of passages.
///
/// # Errors
/// As [`super::count`]; `Usage` for fields that there are not, and for none or more than two.
pub fn compare<E: Engine>(searcher: &Searcher<E>, request: &CompareRequest) -> Result<Comparison> {
    let engine = searcher.engine();
    let by = GroupField::all(&request.by, &engine.summary().fields)?;
    if !(1..=2).contains(&by.len()) {
        return Err(Error::Usage {
            message: format!("counts are compared by one field or two, not by {}", by.len()),
            hint: Some("write `--by country` or `--by country,year`".to_owned()),
        });
    }
    let (query, asked) = request.count.asked(searcher)?;
    let table = match by.iter().all(|field| field.is_of_documents() || field.is_role()) {
        true => by_index(engine, &query, &by)?,
        false => by_passage(engine, &query, &by)?,
    };
    let sorted = |groups: FxHashMap<Group, CellTally>| {
        let cells = groups.into_iter().map(|(group, tally)| (group, tally.cell()));
        let mut cells: Vec<(Group, Cell)> = cells.collect();
        cells.sort_by(|(a, _), (b, _)| a.cmp(b));
        cells
    };
    Ok(Comparison {
        asked,
        by,
        has_occurrences: asks_for_text(&query),
        rows: sorted(table.rows),
        columns: sorted(table.columns),
        cells: table.cells.into_iter().map(|(key, tally)| (key, tally.cell())).collect(),
        total: table.total.cell(),
    })
}

/// Adds up by document first: there are few of them, and the catalog says what each is about. Where a field is the
/// role, that is done role by role.
fn by_index<E: Engine>(engine: &E, query: &Query, by: &[GroupField]) -> Result<Table> {
    let reports = reports(engine)?;
    let parts = match by.iter().any(GroupField::is_role) {
        true => by_role(engine, query)?,
        false => vec![(Group::None, query.clone())],
    };
    let mut table = Table::default();
    for (role, query) in parts {
        let mut amounts = occurrences_by_document(engine, &query)?;
        for (document, part) in words_by_document(engine, &query.restriction())? {
            amounts.entry(document).or_default().words += part.words;
        }
        for (document, report) in &reports {
            let Some(amount) = amounts.get(document) else { continue };
            let groups = |field: &GroupField| match field.is_role() {
                true => vec![role.clone()],
                false => field.groups_of_report(report),
            };
            table.add(&by.iter().map(groups).collect::<Vec<_>>(), *document, *amount);
        }
    }
    Ok(table)
}

/// The reports of an index, each with its number.
pub(super) fn reports<E: Engine>(engine: &E) -> Result<Vec<(u64, Report)>> {
    let documents = engine.documents()?.iter().filter(|listed| listed.is_document());
    let report = |listed: &Listed| {
        let number = engine.document_number(&listed.doc_id);
        let report = Report {
            metadata: carried(&listed.metadata),
            doc_id: listed.doc_id.clone(),
            title: listed.title.clone(),
            lang: listed.lang.clone(),
            sha256: listed.sha256,
        };
        (number, report)
    };
    Ok(documents.map(report).collect())
}

/// What matches, by document. Of words, and of one phrase, the index knows where they stand; otherwise the passages
/// are looked at.
pub(super) fn occurrences_by_document<E: Engine>(engine: &E, query: &Query) -> Result<Amounts> {
    let add = |amounts: &mut Amounts, document: u64, occurrences: u64| {
        let amount = amounts.entry(document).or_default();
        amount.occurrences += occurrences;
        amount.passages += 1;
    };
    let mut amounts = Amounts::default();
    if !asks_for_text(query) && !query.needs_a_look() {
        for hit in engine.every(query)? {
            add(&mut amounts, engine.document_of(&hit)?, 0);
        }
        return Ok(amounts);
    }
    let Some(found) = engine.occurrences(query)? else {
        let parts = visit(engine, query, Amounts::default, |amounts, seen| {
            add(amounts, seen.document, seen.occurrences.len() as u64);
            Ok(())
        })?;
        for (document, part) in parts.into_iter().flatten() {
            let amount = amounts.entry(document).or_default();
            amount.occurrences += part.occurrences;
            amount.passages += part.passages;
        }
        return Ok(amounts);
    };
    for (hit, occurrences) in found {
        add(&mut amounts, engine.document_of(&hit)?, occurrences);
    }
    Ok(amounts)
}

/// The words of the passages that a query of fields and filters allows, by document. The index knows them;
/// nothing is read again.
pub(super) fn words_by_document<E: Engine>(engine: &E, query: &Query) -> Result<Amounts> {
    let mut amounts = Amounts::default();
    if query.needs_a_look() {
        let parts = visit(engine, query, FxHashMap::<u64, u64>::default, |words, seen| {
            *words.entry(seen.document).or_default() += seen.words;
            Ok(())
        })?;
        for (document, words) in parts.into_iter().flatten() {
            amounts.entry(document).or_default().words += words;
        }
        return Ok(amounts);
    }
    let hits = engine.every(query)?;
    for (hit, words) in hits.iter().zip(engine.words(&hits)?) {
        amounts.entry(engine.document_of(hit)?).or_default().words += words;
    }
    Ok(amounts)
}

/// Adds up by passage, where passages of one document are in several groups: each is looked at, for what it is
/// about.
fn by_passage<E: Engine>(engine: &E, query: &Query, by: &[GroupField]) -> Result<Table> {
    let groups =
        |passage: &Passage| by.iter().map(|field| field.groups(passage)).collect::<Vec<_>>();
    let matched = visit(engine, query, Table::default, |table, seen| {
        let occurrences = seen.occurrences.len() as u64;
        let amount = Amount { occurrences, passages: 1, words: 0 };
        table.add(&groups(&seen.passage), seen.document, amount);
        Ok(())
    })?;
    let allowed = visit(engine, &query.restriction(), Table::default, |table, seen| {
        let amount = Amount { words: seen.words, ..Amount::default() };
        table.add(&groups(&seen.passage), seen.document, amount);
        Ok(())
    })?;
    let mut table = Table::default();
    matched.into_iter().chain(allowed).for_each(|part| table.merge(part));
    Ok(table)
}
