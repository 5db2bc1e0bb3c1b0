//! Answers: parameters become the requests that the command line makes too, and answers are its JSON.

use serde_json::{Map, Value, json};

use super::operations::{MOST_PASSED, Open, VERIFY};
use super::parameters::Values;
use super::problem::Problem;
use crate::analyze;
use crate::count::{
    self, CompareRequest, Concordance, CountRequest, FacetsRequest, KwicRequest, Order,
};
use crate::document::Document;
use crate::engine::local::FORMAT;
use crate::engine::{Engine, around};
use crate::error::Error;
use crate::meaning;
use crate::passage::Passage;
use crate::read;
use crate::read::corpus::Corpus;
use crate::render::json::{self, DocumentLine, summary};
use crate::render::verify::{Checked, CheckedFigure, Report};
use crate::render::{count as counted, outline as headings, verify as verified};
use crate::search::{SearchRequest, Sort, hidden_in};
use crate::verify::{Claim, Quotations, Verifier, each_claim, quotations_within};

type Answer = Result<Value, Problem>;

/// So many bytes of hits are sent at once: many readers that take their time would fill the memory.
const LARGEST_ANSWER: usize = 8_000_000;

/// The most quotations of a draft, and the most figures, that are checked in one request.
const MOST_OF_DRAFT: usize = 200;

/// The request that a search's values make.
///
/// # Errors
/// `Usage` where words are to be found in every form and only as written.
pub fn search_request(values: &Values) -> Result<SearchRequest, Error> {
    if values.flag("exhaustive") && values.flag("literal") {
        return Err(Error::Usage {
            message: "`exhaustive` finds words in every form and `literal` only as written: one excludes the other"
                .to_owned(),
            hint: Some("leave out one of them".to_owned()),
        });
    }
    Ok(SearchRequest {
        filter: values.some_text("filter"),
        section: values.some_text("section"),
        limit: values.number("limit"),
        cursor: values.some_text("cursor"),
        per_document: values.some_number("per_document"),
        merge_neighbours: values.flag("merge"),
        copies: values.flag("copies"),
        context: values.number("context"),
        literal: values.flag("literal"),
        synonyms: values.flag("synonyms"),
        exhaustive: values.flag("exhaustive"),
        feedback: values.flag("feedback"),
        like: values.some_text("like"),
        lexical: values.flag("lexical"),
        exact_total: values.flag("exact"),
        explain: values.flag("explain"),
        sort: Sort::named(values.text("sort")).unwrap_or_default(),
        until: values.until.clone(),
        ..SearchRequest::new(values.text("query"))
    })
}

/// The request that counts have in common.
pub fn count_request(values: &Values) -> CountRequest {
    CountRequest {
        query: values.text("query").to_owned(),
        filter: values.some_text("filter"),
        section: values.some_text("section"),
        literal: values.flag("literal"),
        synonyms: values.flag("synonyms"),
        until: values.until.clone(),
    }
}

/// Answers `search`.
pub fn search(open: &Open, values: &Values) -> Answer {
    let request = search_request(values)?;
    let mut response = open.search(&request)?;
    let hits = std::mem::take(&mut response.hits);
    let all = hits.len();
    let (mut shown, mut bytes) = (Vec::new(), 0);
    let mut hits = hits.into_iter().peekable();
    while let Some(hit) = hits.peek() {
        let hit = json::hit(hit);
        bytes += hit.to_string().len();
        if bytes > LARGEST_ANSWER && !shown.is_empty() {
            break;
        }
        shown.push(hit);
        hits.next();
    }
    // Of hits that were joined not the first need be the best.
    if let Some(next) = hits.map(|hit| hit.rank).min() {
        response.next_cursor = Some(open.cursor(&request, next - 1));
        response.warnings.push(format!(
            "{} of {all} hits are here: more than {} MB are not sent at once; `next_cursor` leads to the others",
            shown.len(),
            LARGEST_ANSWER / 1_000_000
        ));
    }
    let mut answer = json::response(&response);
    answer["hits"] = Value::Array(shown);
    Ok(answer)
}

/// What is to be said of passages that hide something, in an answer that has no place for it otherwise.
fn warn(answer: &mut Value, passages: &[Passage]) {
    if let Some(told) = hidden_in(passages) {
        answer["warnings"] = json!([told]);
    }
}

/// Answers `passage`.
pub fn passage(open: &Open, values: &Values) -> Answer {
    let passage = found_passage(open, values.text("id"))?;
    let shown = around(open.engine(), &passage, values.number("before"), values.number("after"))?;
    let mut answer = json!({
        "schema": "tipsearch.passages/1",
        "index": summary(open.engine().summary()),
        "passages": shown.iter().map(json::passage).collect::<Vec<_>>(),
    });
    warn(&mut answer, &shown);
    Ok(answer)
}

/// The passage of this id.
///
/// # Errors
/// `not_found`, where there is none.
pub fn found_passage(open: &Open, id: &str) -> Result<Passage, Problem> {
    let found = open.engine().passage(id)?;
    found.ok_or_else(|| {
        let hint = "ids of passages are those of hits; a document is under /v1/documents/{id}";
        Problem::not_found("passage", id, Some(hint.to_owned()))
    })
}

/// All passages of a document.
///
/// # Errors
/// `not_found`, with a document whose id is like it, where there is none of that id.
pub fn found_document(open: &Open, id: &str) -> Result<Vec<Passage>, Problem> {
    let passages = open.engine().document(id)?;
    if !passages.is_empty() {
        return Ok(passages);
    }
    let wanted = id.to_lowercase();
    let like = open.documents().find(|listed| listed.doc_id.to_lowercase().contains(&wanted));
    let hint = like.filter(|_| !wanted.is_empty());
    let hint = hint.map(|listed| format!("did you mean `{}`?", listed.doc_id));
    Err(Problem::not_found("document", id, hint))
}

/// Answers `documents`.
pub fn documents(open: &Open, values: &Values) -> Answer {
    let total = open.documents().count();
    let (offset, limit) = (values.number("offset"), values.number("limit"));
    let lines: Vec<DocumentLine<'_>> =
        open.documents().skip(offset).take(limit).map(DocumentLine::from).collect();
    Ok(json!({
        "schema": "tipsearch.documents/1",
        "index": summary(open.engine().summary()),
        "total": total,
        "next_offset": next(offset, limit, total),
        "documents": lines,
    }))
}

fn next(offset: usize, limit: usize, total: usize) -> Option<usize> {
    let next = offset.saturating_add(limit);
    (next < total).then_some(next)
}

/// Answers `document`.
pub fn document(open: &Open, values: &Values) -> Answer {
    let passages = found_document(open, values.text("id"))?;
    let (offset, limit) = (values.number("offset"), values.number("limit"));
    let first = passages.first();
    let end = offset.saturating_add(limit).min(passages.len());
    let shown = passages.get(offset..end).unwrap_or_default();
    let mut answer = json!({
        "schema": "tipsearch.passages/1",
        "index": summary(open.engine().summary()),
        "doc_id": first.map(|passage| &passage.report.doc_id),
        "title": first.map(|passage| &passage.report.title),
        "metadata": first.map(|passage| &passage.report.metadata),
        "total": passages.len(),
        "next_offset": next(offset, limit, passages.len()),
        "passages": shown.iter().map(json::passage).collect::<Vec<_>>(),
    });
    warn(&mut answer, shown);
    Ok(answer)
}

/// Answers `outline`.
pub fn outline(open: &Open, values: &Values) -> Answer {
    Ok(headings::json(&found_document(open, values.text("id"))?))
}

/// Answers `facets`.
pub fn facets(open: &Open, values: &Values) -> Answer {
    let request = FacetsRequest {
        count: count_request(values),
        by: values.list("by").to_vec(),
        limit: values.some_number("limit"),
    };
    Ok(counted::data::facets(&count::facets(open, &request)?))
}

/// The order of lines that is asked for.
pub fn order(values: &Values) -> Order {
    match values.text("sort") {
        "left" => Order::Left,
        "right" => Order::Right,
        _ => Order::Document,
    }
}

/// Answers `kwic`.
pub fn kwic(open: &Open, values: &Values) -> Answer {
    let (limit, offset) = (values.some_number("limit"), values.number("offset"));
    let request = KwicRequest { count: count_request(values), limit, order: order(values) };
    let page = lines(open, request, offset)?;
    let (next, _) = lines_after(&page, offset, page.lines.len());
    let mut answer = counted::kwic::json(&page, values.some_number("width"));
    answer["next_offset"] = json!(next);
    Ok(answer)
}

/// Lines without so many of the first.
///
/// # Errors
/// As [`count::kwic`].
pub fn lines(open: &Open, request: KwicRequest, offset: usize) -> Result<Concordance, Problem> {
    let limit = request.limit.map(|limit| limit.saturating_add(offset));
    let mut page = count::kwic(open, &KwicRequest { limit, ..request })?;
    page.lines.drain(..offset.min(page.lines.len()));
    let last = offset.saturating_add(page.lines.len());
    if last > MOST_PASSED && (last as u64) < page.total.occurrences {
        let told = format!(
            "the first {last} lines are the most that can be had; `filter` narrows what is looked at"
        );
        page.asked.warnings.push(told);
    }
    Ok(page)
}

/// Where lines go on behind those that are shown, and how many there are from there on.
pub fn lines_after(page: &Concordance, offset: usize, shown: usize) -> (Option<usize>, usize) {
    let next = offset.saturating_add(shown);
    let left = usize::try_from(page.total.occurrences).unwrap_or(usize::MAX).saturating_sub(next);
    ((left > 0 && shown > 0 && next <= MOST_PASSED).then_some(next), left)
}

/// Answers `compare`.
pub fn compare(open: &Open, values: &Values) -> Answer {
    let request = CompareRequest { count: count_request(values), by: values.list("by").to_vec() };
    Ok(counted::data::comparison(&count::compare(open, &request)?))
}

/// Answers `verify`.
pub fn verify(open: &Open, values: &Values) -> Answer {
    let report = checked(open, values)?;
    let mut answer = verified::json(&report, open.engine().summary());
    if let (Some(warnings), Some(told)) =
        (answer["warnings"].as_array_mut(), looked_in(open, &report))
    {
        warnings.push(json!(told));
    }
    Ok(answer)
}

/// Where was looked, where there are other indexes and something is not found in this one.
pub fn looked_in(open: &Open, report: &Report) -> Option<String> {
    let others: Vec<String> = open
        .names
        .iter()
        .filter(|name| **name != open.name)
        .map(|name| format!("`{name}`"))
        .collect();
    (!others.is_empty() && !report.is_good()).then(|| {
        format!(
            "only the index `{}` was searched; what it has not may be in {}: give it as `index`",
            open.name,
            others.join(", ")
        )
    })
}

/// The values of `verify` in a JSON object, as a part of another request.
///
/// # Errors
/// As [`Values::of_object`].
pub fn verify_values(object: &Map<String, Value>, of: &Values) -> Result<Values, Problem> {
    let mut values = Values::of_object(VERIFY, object)?;
    values.until = of.until.clone();
    Ok(values)
}

/// What is found out about the quotations and figures of a request.
///
/// # Errors
/// Where there is nothing to check, a draft that cannot be read, a document that there is not.
pub fn checked(open: &Open, values: &Values) -> Result<Report, Problem> {
    if !values.has("quotes") && !values.has("draft") {
        return Err(Problem::new(400, "bad_parameter", "there is nothing to check")
            .hint("give `quotes`, a list of texts, or `draft`, a text with quotations"));
    }
    let engine: &dyn Engine = open.engine();
    let verifier = match values.some_text("doc") {
        Some(doc) => Verifier::within(engine, &doc)?,
        None => Verifier::new(engine),
    };
    let mut verifier = verifier.until(values.until.clone());
    let quotes = values.list("quotes");
    let draft = drafted(values.text("draft"))?;
    let quoted = match &draft {
        Some(draft) => quotations_within(draft, MOST_OF_DRAFT, &values.until)
            .map_err(|error| Problem::from(error).hint("send the draft in parts"))?,
        None => Quotations::default(),
    };
    let Quotations { long: quoted, short, open: unclosed } = quoted;
    within_limit(quoted.len(), "quotations")?;
    let claimed: Vec<Claim> = draft.iter().flat_map(each_claim).take(MOST_OF_DRAFT + 1).collect();
    within_limit(claimed.len(), "figures")?;
    let all = quotes.len() + quoted.len() + claimed.len();
    let mut checked = in_time(quotes, |quote| {
        Ok(Some(Checked { verification: verifier.verify(quote)?, drafted: None }))
    })?;
    checked.extend(in_time(quoted, |quotation| {
        let found = verifier.check(&quotation)?;
        Ok(found.map(|verification| Checked { verification, drafted: Some(quotation) }))
    })?);
    let figures =
        in_time(claimed, |claim| Ok(CheckedFigure { finding: verifier.figure(&claim)?, claim }))?;
    let unchecked = all - checked.len() - figures.len();
    let draft = values.has("draft").then(|| "draft".to_owned());
    let quotations = checked.into_iter().flatten().collect();
    Ok(Report { quotations, figures, draft, unchecked, short, open: unclosed })
}

/// What can be said in time of the first of some items.
fn in_time<I, O>(
    items: impl IntoIterator<Item = I>,
    check: impl FnMut(I) -> crate::error::Result<O>,
) -> crate::error::Result<Vec<O>> {
    let outcomes = items.into_iter().map(check);
    outcomes.take_while(|outcome| !matches!(outcome, Err(Error::TimedOut))).collect()
}

/// A draft, which is Markdown whatever it looks like: no other reader is given what a stranger sends.
fn drafted(draft: &str) -> Result<Option<Document>, Problem> {
    if draft.trim().is_empty() {
        return Ok(None);
    }
    let fault =
        |reason| Problem::new(400, "bad_parameter", format!("the draft cannot be read: {reason}"));
    read::markdown_text("draft.md", draft, &Corpus::default()).map(Some).map_err(fault)
}

fn within_limit(count: usize, of: &str) -> Result<(), Problem> {
    if count <= MOST_OF_DRAFT {
        return Ok(());
    }
    let detail = format!("the draft has at least {count} {of}; {MOST_OF_DRAFT} are the most");
    Err(Problem::new(400, "bad_parameter", detail).hint("send it in parts"))
}

/// Answers `status`. The folders of this machine are not told.
pub fn status(open: &Open, _: &Values) -> Answer {
    let engine = open.engine();
    let storage = engine.storage()?;
    let failed = engine.documents()?.iter().filter(|listed| listed.failure().is_some()).count();
    Ok(json!({
        "schema": "tipsearch.status/1",
        "version": env!("CARGO_PKG_VERSION"),
        "index": summary(engine.summary()),
        "format": FORMAT,
        "analyzer": analyze::fingerprint(),
        "meaning": meaning::DIGEST,
        "segments": storage.pieces,
        "bytes": storage.bytes,
        "failed_files": failed,
        "fields": engine.summary().fields.metadata,
    }))
}
