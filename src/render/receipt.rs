//! Receipts as they are kept, and what a search that was run again says, for a terminal and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::fate::{difference, said};
use super::terminal::{HEADING, Look, QUIET, count, paint, told};
use super::text::clean;
use crate::diff::Fate;
use crate::receipt::{Expanded, Receipt, Replay, Returned};

/// Under the headings of a result.
const INDENT: &str = "            ";

/// A receipt as it is kept, with a sentence for a methods section.
pub fn kept(receipt: &Receipt) -> Value {
    let mut value = serde_json::to_value(receipt).unwrap_or_default();
    value["methods"] = json!(methods(receipt));
    value
}

/// What a methods section says of a search: when, what was searched with what, the whole strategy, its limits, and
/// how much was found (PRISMA-S, items 1, 8, 9 and 13).
pub fn methods(receipt: &Receipt) -> String {
    let request = &receipt.request;
    let mut text = format!(
        "On {}, {} ({}, index {}) were searched with {} for `{}`, understood as `{}`",
        receipt.time,
        count(receipt.index.documents, "document"),
        count(receipt.index.passages, "passage"),
        receipt.index.digest,
        receipt.program,
        request.query,
        receipt.parsed,
    );
    let limits = [("restricted to", &request.filter), ("in sections under", &request.section)];
    for (what, limit) in limits {
        if let Some(limit) = limit {
            let _ = write!(text, ", {what} `{limit}`");
        }
    }
    text.push_str(match (request.exhaustive, request.literal, request.synonyms) {
        (true, false, true) => {
            ", in every form of the words, in near spellings, and with the synonyms of the thesaurus"
        }
        (true, _, _) => ", in every form of the words and in near spellings",
        (_, true, _) => ", as written",
        (_, _, false) => ", in the forms of the words",
        _ => ", in the forms of the words and with the synonyms of the thesaurus",
    });
    for Expanded { from, to, .. } in &receipt.expanded {
        let _ = write!(text, "; `{from}` also as `{}`", to.join("`, `"));
    }
    let _ = write!(text, ". {} matched; ", matched(receipt));
    let _ = match request.limit {
        None => write!(text, "all were returned."),
        Some(_) => write!(text, "the first {} were returned.", receipt.results.len()),
    };
    if !receipt.not_read.is_empty() {
        let files = count(receipt.not_read.len() as u64, "file");
        let _ = write!(text, " {files} could not be read, or not whole.");
    }
    text
}

/// A search that was run again, `tipsearch.replay/1`.
pub fn replay_json(replay: &Replay) -> Value {
    let results =
        replay.before.results.iter().zip(&replay.fates).map(|(returned, (fate, rank))| {
            let mut value = super::fate::json(fate);
            value["id"] = json!(returned.id);
            value["doc_id"] = json!(returned.doc_id);
            value["rank"] = json!({"before": returned.rank, "now": rank});
            value
        });
    json!({
        "schema": "tipsearch.replay/1",
        "is_same": replay.is_same(),
        "changes": changes(replay),
        "before": {"time": replay.before.time, "total": replay.before.total, "index": replay.before.index},
        "now": {"time": replay.now.time, "total": replay.now.total, "index": replay.now.index},
        "results": results.collect::<Vec<_>>(),
        "added": replay.added().collect::<Vec<_>>(),
    })
}

/// What is other than it was, apart from the results.
fn changes(replay: &Replay) -> Vec<String> {
    let (before, now) = (&replay.before, &replay.now);
    let mut changes = Vec::new();
    let mut compare = |what: &str, was: &str, is: &str| {
        if was != is {
            changes.push(format!("{what}: {was} → {is}"));
        }
    };
    compare("program", &before.program, &now.program);
    compare("format of the index", &before.index_format.to_string(), &now.index_format.to_string());
    compare("index", &before.index.digest, &now.index.digest);
    let documents = |receipt: &Receipt| receipt.index.documents.to_string();
    compare("documents", &documents(before), &documents(now));
    compare("query as understood", &before.parsed, &now.parsed);
    compare("thesaurus", &before.thesaurus, &now.thesaurus);
    let words = |receipt: &Receipt| {
        let each = receipt.expanded.iter().map(|it| format!("{} = {}", it.from, it.to.join(", ")));
        each.collect::<Vec<_>>().join("; ")
    };
    compare("also searched for", &words(before), &words(now));
    changes
}

/// A search that was run again, for a terminal.
pub fn replay_terminal(replay: &Replay, look: &Look) -> String {
    let (before, now) = (&replay.before, &replay.now);
    let mut out = String::new();
    let asked = format!("asked {}: {}", before.time, before.request.query);
    let _ = writeln!(out, "{}", paint(&clean(&asked), HEADING, look));
    for change in changes(replay) {
        let _ = writeln!(out, "{}", clean(&change));
    }
    let (then, today) = (matched(before), matched(now));
    let _ = match then == today {
        true => writeln!(out, "{today}"),
        false => writeln!(out, "{then} → {today}"),
    };
    if !before.results.is_empty() || !now.results.is_empty() {
        out.push('\n');
    }
    for (returned, (fate, rank)) in before.results.iter().zip(&replay.fates) {
        result(returned, fate, *rank, look, &mut out);
    }
    for returned in replay.added() {
        let _ = writeln!(out, " new → {:>3}  {}", returned.rank, named(returned, look));
    }
    let end = if replay.is_same() { "\nthe same results" } else { "\nnot the same results" };
    let _ = writeln!(out, "{}", paint(end, QUIET, look));
    out
}

fn matched(receipt: &Receipt) -> String {
    told(receipt.total.passages, receipt.total.documents, receipt.total.is_exact)
}

fn result(returned: &Returned, fate: &Fate, rank: Option<usize>, look: &Look, out: &mut String) {
    let now = rank.map_or("–".to_owned(), |rank| rank.to_string());
    let _ = writeln!(out, "{:>4} → {now:>3}  {}", returned.rank, named(returned, look));
    let said = match fate {
        Fate::Unchanged(_) if rank.is_some() => return,
        Fate::Unchanged(_) => {
            "it stands unchanged, but is not among the results any more".to_owned()
        }
        _ => said(fate),
    };
    let _ = writeln!(out, "{INDENT}{said}");
    out.push_str(&difference(fate, INDENT, look));
}

fn named(returned: &Returned, look: &Look) -> String {
    let trail = clean(&returned.section.join(" › "));
    format!("{trail} {}", paint(&format!("· id {}", returned.id), QUIET, look))
}
