//! Reading: a passage with its neighbours, or a report from its first word to its last, in as many answers as the budget
//! makes of it.

use std::ops::Range;

use serde_json::{Value, json};

use super::address::{Address, Stretch, uri};
use super::budget::{beginning, cost, tokens};
use super::work::result;
use crate::engine::around;
use crate::passage::Passage;
use crate::render::short_citation;
use crate::search::hidden_in;
use crate::serve::operations::Open;
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;

/// A place that is written no shorter than any there is.
const FARTHEST: usize = 9_999_999;

/// However long the names are, so many tokens of text are given: each answer goes on.
const LEAST: usize = 16;

/// The last line of what is shown may be written longer than that of its first passage.
const LONGER: usize = 12;

/// What is read.
struct Reading {
    stretch: Stretch,
    /// Which of the passages is asked for: others are shown as far as there is room beside it.
    wanted: usize,
    /// The id of the report where that is what is asked for.
    doc_id: Option<String>,
}

impl Reading {
    fn of(open: &Open, values: &Values) -> Result<Option<Reading>, Problem> {
        let Some(address) = Address::find(open.engine(), values.text("id"))? else {
            return Ok(None);
        };
        Ok(match address {
            Address::Passage(passage) => {
                let (before, after) = (values.number("before"), values.number("after"));
                let stretch = Stretch::of(around(open.engine(), &passage, before, after)?);
                let wanted = stretch.passages.iter().position(|other| other.id == passage.id);
                Some(Reading { stretch, wanted: wanted.unwrap_or(0), doc_id: None })
            }
            Address::Document(passages) => {
                let doc_id = passages.first().map(|first| first.report.doc_id.clone());
                Some(Reading { stretch: Stretch::of(passages), wanted: 0, doc_id })
            }
            Address::Stretch(stretch) => {
                Some(Reading { stretch: *stretch, wanted: 0, doc_id: None })
            }
        })
    }

    /// How many tokens there are at most in where the reading goes on, and where it goes back.
    fn links(&self, open: &Open) -> usize {
        let address = self.stretch.address(open, 0..self.stretch.passages.len(), FARTHEST);
        let link = cost(&json!({"previous": address}));
        if self.wanted > 0 { link * 2 } else { link }
    }

    /// How many tokens a passage has in the answer beside its text.
    fn frame(&self, at: usize) -> usize {
        let part = self.stretch.passages.get(at).map(|it| part(it, &(FARTHEST..FARTHEST)));
        part.map_or(0, |part| cost(&part)) + cost(&json!(format!("\n\n{}", self.stretch.lead(at))))
    }

    /// The passages that fit: the one that is asked for, then its neighbours from near to far. None where it does not
    /// fit itself.
    fn shown(&self, room: usize) -> Range<usize> {
        let mut left = room;
        let mut takes = |at: Option<usize>| {
            let at = at.filter(|at| *at < self.stretch.passages.len());
            let needed = at.map(|at| self.frame(at) + cost(&json!(self.stretch.text(at))));
            let rest = needed.and_then(|needed| left.checked_sub(needed));
            left = rest.unwrap_or(left);
            rest.is_some()
        };
        if !takes(Some(self.wanted)) {
            return self.wanted..self.wanted;
        }
        let mut range = self.wanted..self.wanted + 1;
        let (mut goes_on, mut goes_back) = (true, true);
        while goes_on || goes_back {
            goes_on = goes_on && takes(Some(range.end));
            range.end += usize::from(goes_on);
            goes_back = goes_back && takes(range.start.checked_sub(1));
            range.start -= usize::from(goes_back);
        }
        range
    }
}

fn part(passage: &Passage, bytes: &Range<usize>) -> Value {
    let cite = short_citation(passage);
    json!({"id": passage.id, "cite": cite, "bytes": [bytes.start, bytes.end]})
}

/// Cites all from one passage to another, under the headings that are above both.
fn cite(answer: &mut Value, first: &Passage, last: &Passage) {
    let shared = first.trail.iter().zip(&last.trail).take_while(|(one, other)| one == other);
    let trail: Vec<String> = shared.map(|(heading, _)| heading.clone()).collect();
    let location = first.location.to(&last.location);
    let mut whole = Passage { trail, location, text: String::new(), ..first.clone() };
    let room = cost(&answer["cite"]) + LONGER;
    let mut cite = short_citation(&whole);
    if cost(&json!(cite)) > room {
        whole.trail.truncate(1);
        cite = short_citation(&whole);
    }
    answer["cite"] = json!(cite);
    let section = whole.trail.get(1..).unwrap_or_default().join(" › ");
    let Some(fields) = answer.as_object_mut() else { return };
    match section.is_empty() {
        true => drop(fields.remove("section")),
        false => drop(fields.get_mut("section").map(|shown| *shown = json!(section))),
    }
}

/// What can be fetched.
fn to_give(open: &Open) -> String {
    let mut hint =
        "give an `id` or `doc_id` of a result of `search`, or `next` of an earlier answer"
            .to_owned();
    if open.names.len() > 1 {
        hint.push_str(&format!(
            "; of another index than `{}` its `url`, or its name as `index`: there are {}",
            open.name,
            open.names.join(", ")
        ));
    }
    hint
}

/// `fetch`.
pub fn fetch(open: &Open, values: &Values) -> Result<Value, Problem> {
    let id = values.text("id");
    let reading = Reading::of(open, values)?;
    let named = reading.as_ref().and_then(|it| it.stretch.passages.get(it.wanted));
    let (Some(reading), Some(named)) = (&reading, named) else {
        return Err(Problem::not_found("passage or report", id, Some(to_give(open))));
    };
    let mut answer = result(open, named);
    answer["metadata"] = json!(named.report.metadata);
    if let Some(doc_id) = &reading.doc_id {
        answer["id"] = json!(doc_id);
        answer["url"] = json!(uri(open, doc_id, None));
    }
    answer["text"] = json!("");
    answer["parts"] = json!([]);
    answer["truncated"] = json!(false);
    let budget = values.number("budget_tokens").saturating_sub(reading.links(open) + LONGER);
    // Where there is little room, it is for the text, which is what is asked for.
    if let (true, Some(fields)) = (cost(&answer["metadata"]) > budget / 8, answer.as_object_mut()) {
        fields.remove("metadata");
    }
    // The citation names the nearest heading too.
    if let (true, Some(fields)) = (cost(&answer) > budget / 2, answer.as_object_mut()) {
        fields.remove("section");
    }
    let room = budget.saturating_sub(tokens(&answer.to_string()));
    let told = hidden_in(&reading.stretch.passages);
    let warning = told.as_ref().map_or(0, |told| cost(&json!({"warnings": [told]})));
    let shown = fill(open, &mut answer, reading, room.saturating_sub(warning));
    let shown = reading.stretch.passages.get(shown).and_then(hidden_in);
    // What is said of all may be shorter than what is said of these.
    if let (Some(shown), Some(all)) = (shown, told) {
        let told = if cost(&json!(shown)) > cost(&json!(all)) { all } else { shown };
        answer["warnings"] = json!([told]);
    }
    Ok(answer)
}

/// Joins the passages for which there is room, with the headings between them, and says where to read on. Which are there,
/// or of which a piece is.
fn fill(open: &Open, answer: &mut Value, reading: &Reading, room: usize) -> Range<usize> {
    let mut shown = reading.shown(room);
    let (mut text, mut parts) = (String::new(), Vec::new());
    let mut add = |at: usize, piece: &str| {
        let Some(passage) = reading.stretch.passages.get(at) else { return };
        // A heading that nothing stands under has its blank line already.
        if !text.is_empty() && !text.ends_with("\n\n") {
            text.push_str("\n\n");
        }
        text.push_str(&reading.stretch.lead(at));
        let start = text.len();
        text.push_str(piece);
        parts.push(part(passage, &(start..text.len())));
    };
    shown.clone().for_each(|at| add(at, reading.stretch.text(at)));
    let mut offset = 0;
    if shown.is_empty() {
        // A passage that alone is too long is given in pieces.
        let whole = reading.stretch.text(reading.wanted);
        let left = room.saturating_sub(reading.frame(reading.wanted)).max(LEAST);
        let piece = beginning(whole, left);
        add(reading.wanted, piece);
        match piece.len() < whole.len() {
            true => offset = reading.stretch.begins(reading.wanted) + piece.len(),
            false => shown.end += 1,
        }
    }
    answer["text"] = json!(text);
    answer["parts"] = Value::Array(parts);
    if let Some([first, .., last]) = reading.stretch.passages.get(shown.clone()) {
        cite(answer, first, last);
    }
    let count = reading.stretch.passages.len();
    for (name, left, offset) in
        [("next", shown.end..count, offset), ("previous", 0..shown.start, 0)]
    {
        if let Some(address) = reading.stretch.address(open, left, offset) {
            answer[name] = json!(address);
            answer["truncated"] = json!(true);
        }
    }
    if shown.is_empty() { reading.wanted..reading.wanted + 1 } else { shown }
}
