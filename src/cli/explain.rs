//! `tipsearch explain`: why a passage has its score, or why a document is not found.

use serde_json::{Value, json};

use super::args::{Common, ExplainArgs};
use super::output::Output;
use super::session::Session;
use super::show::not_found;
use super::{FOUND, NOTHING_FOUND};
use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Passage;
use crate::query::{Clause, Expansion, Query};
use crate::rank::Hit;
use crate::render::{clean, json, location_text};
use crate::search::SearchRequest;

/// Runs the command: 0 when the passage (or one of the document) matches, 1 when none does.
pub fn run(arguments: &ExplainArgs, common: &Common, output: &Output) -> Result<u8> {
    let session = Session::searching(&arguments.synonyms, common, output, &arguments.query)?;
    let code = explained(arguments, &session, common, output)?;
    session.leave(common, output);
    Ok(code)
}

fn explained(
    arguments: &ExplainArgs,
    session: &Session,
    common: &Common,
    output: &Output,
) -> Result<u8> {
    let engine = session.searcher.engine();
    let query = session.searcher.query(&SearchRequest::new(&arguments.query))?;
    let query = session.searcher.naming(query)?;
    let passages = match engine.passage(&arguments.what)? {
        Some(passage) => vec![passage],
        None => engine.document(&arguments.what)?,
    };
    if passages.is_empty() {
        return Err(not_found(engine, &arguments.what));
    }
    let Some((passage, hit)) = best(session, &query, &passages)? else {
        return not_matched(&query, session, &passages, common, output);
    };
    let explanation = session.searcher.explained(&query, &hit, passage)?;
    let rank = rank_of(session, &query, &hit)?;
    let expanded: Vec<_> = query.expansions.iter().map(json::expansion).collect();
    if common.json {
        output.json(&json!({
            "matches": true,
            "rank": rank,
            "score": hit.score,
            "parsed": query.to_string(),
            "expanded": expanded,
            "passage": json::passage(passage),
            "explanation": json::explained(&explanation),
        }))?;
        return Ok(FOUND);
    }
    let also: String = query.expansions.iter().map(also).collect();
    output.print(&format!(
        "{} ({}, id {})\nranks {rank} for {query}\n{also}\n{explanation}",
        clean(&passage.trail.join(" › ")),
        clean(&location_text(passage)),
        passage.id
    ))?;
    Ok(FOUND)
}

/// What the query was searched for beside the words as typed, and why.
fn also(expansion: &Expansion) -> String {
    let by = expansion.by.name();
    let (from, to) = (clean(&expansion.from), clean(&expansion.to.join("”, “")));
    format!("“{from}” is searched for as “{to}” ({by})\n")
}

/// The best of these passages for a query.
fn best<'p>(
    session: &Session,
    query: &Query,
    passages: &'p [Passage],
) -> Result<Option<(&'p Passage, Hit)>> {
    let mut best: Option<(&Passage, Hit)> = None;
    for passage in passages {
        let hit = session.searcher.hit_of(query, passage)?;
        let hit = session.searcher.confirmed(query, hit.into_iter().collect())?.pop();
        if let Some(hit) = hit
            && best.is_none_or(|(_, known)| known.score < hit.score)
        {
            best = Some((passage, hit));
        }
    }
    Ok(best)
}

/// From 1: how many passages are better, and one.
fn rank_of(session: &Session, query: &Query, hit: &Hit) -> Result<usize> {
    let mut limit = 100;
    loop {
        let (ranking, is_all) = session.searcher.best_of(query, limit)?;
        if let Some(at) = ranking.hits.iter().position(|other| other.id == hit.id) {
            return Ok(at + 1);
        }
        if is_all {
            return Ok(ranking.hits.len() + 1);
        }
        limit *= 10;
    }
}

/// Which parts of the query fail, each on its own.
fn not_matched(
    query: &Query,
    session: &Session,
    passages: &[Passage],
    common: &Common,
    output: &Output,
) -> Result<u8> {
    let (wanted, unwanted) = top_clauses(&query.clause);
    let matched_by = |clause: &Clause| -> Result<(String, Option<String>)> {
        let alone = Query { clause: clause.clone(), ..query.clone() };
        let found = best(session, &alone, passages)?;
        Ok((clause.to_string(), found.map(|(passage, _)| passage.id.clone())))
    };
    let parts = wanted.into_iter().map(matched_by).collect::<Result<Vec<_>>>()?;
    let excluded = unwanted.iter().map(matched_by).collect::<Result<Vec<_>>>()?;
    if common.json {
        let wanted = parts.iter().map(|wanted| part(wanted, false));
        let parts: Vec<_> =
            wanted.chain(excluded.iter().map(|unwanted| part(unwanted, true))).collect();
        output.json(&json!({"matches": false, "parsed": query.to_string(), "clauses": parts}))?;
        return Ok(NOTHING_FOUND);
    }
    let mut text = format!("no passage here matches {query}\n");
    for (clause, id) in parts {
        text.push_str(&match id {
            Some(id) => format!("  has      {clause} (passage {id})\n"),
            None => format!("  lacks    {clause}\n"),
        });
    }
    for (clause, id) in excluded.iter().filter_map(|(clause, id)| Some((clause, id.as_ref()?))) {
        text.push_str(&format!("  excluded {clause} (passage {id} has it)\n"));
    }
    output.print(&text)?;
    Ok(NOTHING_FOUND)
}

/// A clause, and the passage that has it, if any does.
fn part((clause, id): &(String, Option<String>), is_excluded: bool) -> Value {
    json!({"clause": clause, "matched_by": id, "excluded": is_excluded})
}

/// The clauses that a query joins at its outermost level, and those that it excludes there.
fn top_clauses(clause: &Clause) -> (Vec<&Clause>, &[Clause]) {
    match clause {
        Clause::Boolean { must, should, not } => (must.iter().chain(should).collect(), not),
        other => (vec![other], &[]),
    }
}
