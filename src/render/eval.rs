//! An evaluation as JSON and as text.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::terminal::count;
use crate::eval::{ASSIGNMENTS, ChangedTopic, Comparison, Evaluation};

/// How many of the topics that changed most are shown, of those won and of those lost.
const MOST_CHANGED: usize = 5;

/// An evaluation as JSON, with how it compares where it was compared.
pub fn json(evaluation: &Evaluation, comparison: Option<&Comparison>) -> Value {
    let values = |values: &[f64]| -> Value {
        let names = evaluation.measures.iter().map(ToString::to_string);
        Value::Object(names.zip(values.iter().map(|value| json!(value))).collect())
    };
    let per_topic: Map<String, Value> =
        evaluation.topics.iter().map(|topic| (topic.id.clone(), values(&topic.values))).collect();
    let index = evaluation.index.map(|index| {
        json!({"documents": index.documents, "passages": index.passages, "terms": index.terms})
    });
    let latency = evaluation
        .latency
        .map(|latency| json!({"p50": rounded(latency.p50), "p99": rounded(latency.p99)}));
    let mut value = json!({
        "schema": "tipsearch.eval/1",
        "measures": values(&evaluation.means),
        "topics": evaluation.topics.len(),
        "topics_without_hit": evaluation.without_hit,
        "depth": evaluation.depth,
        "index": index,
        "per_topic": per_topic,
        "latency_ms": latency,
        "warnings": evaluation.warnings,
    });
    if let (Some(object), Some(comparison)) = (value.as_object_mut(), comparison) {
        object.insert("comparison".to_owned(), comparison_json(comparison));
    }
    value
}

fn comparison_json(comparison: &Comparison) -> Value {
    let measures: Map<String, Value> = comparison
        .measures
        .iter()
        .map(|measure| {
            let value = json!({
                "this": measure.this,
                "other": measure.other,
                "difference": measure.this - measure.other,
                "p": measure.p,
                "wins": measure.wins,
                "ties": measure.ties,
                "losses": measure.losses,
            });
            (measure.measure.to_string(), value)
        })
        .collect();
    let changed: Vec<Value> = comparison
        .changed
        .iter()
        .map(|topic| json!({"topic": topic.id, "this": topic.this, "other": topic.other}))
        .collect();
    json!({"test": "paired randomization, two-sided", "measures": measures, "changed": changed})
}

/// Milliseconds, to the microsecond.
fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// An evaluation for people: a line for each measure, then what was searched, topics and latency.
pub fn text(evaluation: &Evaluation) -> String {
    let names: Vec<String> = evaluation.measures.iter().map(ToString::to_string).collect();
    let width = names.iter().map(String::len).max().unwrap_or(0).max("latency".len());
    let mut text = String::new();
    for (name, mean) in names.iter().zip(&evaluation.means) {
        let _ = writeln!(text, "{name:<width$}  {mean:.4}");
    }
    let _ = write!(text, "{:<width$}  {}", "topics", evaluation.topics.len());
    if evaluation.without_hit > 0 {
        let _ = write!(text, ", {} without a hit", count(evaluation.without_hit as u64, "topic"));
    }
    text.push('\n');
    if let Some(index) = evaluation.index {
        let _ = writeln!(
            text,
            "{:<width$}  {}, {}, {}",
            "index",
            count(index.documents, "document"),
            count(index.passages, "passage"),
            count(index.terms, "term")
        );
    }
    if let Some(latency) = evaluation.latency {
        let [p50, p99] = [latency.p50, latency.p99].map(|time| time.as_secs_f64() * 1e3);
        let _ = writeln!(text, "{:<width$}  p50 {p50:.2} ms, p99 {p99:.2} ms", "latency");
    }
    text
}

/// The values of every topic, for people: a line for each topic.
pub fn topics(evaluation: &Evaluation) -> String {
    let names: Vec<String> = evaluation.measures.iter().map(ToString::to_string).collect();
    let topics = evaluation.topics.iter().map(|topic| topic.id.chars().count());
    let width = topics.max().unwrap_or(0).max("topic".len());
    let mut text = format!("{:<width$}", "topic");
    let cell = |name: &str| name.len().max("0.0000".len());
    for name in &names {
        let _ = write!(text, "  {name:>width$}", width = cell(name));
    }
    text.push('\n');
    for topic in &evaluation.topics {
        let _ = write!(text, "{:<width$}", topic.id);
        for (name, value) in names.iter().zip(&topic.values) {
            let _ = write!(text, "  {value:>width$.4}", width = cell(name));
        }
        text.push('\n');
    }
    text
}

/// A comparison for people: a line for each measure, and the topics that changed most.
pub fn comparison(comparison: &Comparison) -> String {
    let names = comparison.measures.iter().map(|measure| measure.measure.to_string().len());
    let width = names.max().unwrap_or(0).max("measure".len());
    let mut text = format!(
        "{:<width$}    this   other  difference        p   wins   ties  losses\n",
        "measure"
    );
    for measure in &comparison.measures {
        let _ = writeln!(
            text,
            "{:<width$}  {:.4}  {:.4}     {:+.4}  {:.5}  {:>5}  {:>5}  {:>6}",
            measure.measure.to_string(),
            measure.this,
            measure.other,
            measure.this - measure.other,
            measure.p,
            measure.wins,
            measure.ties,
            measure.losses
        );
    }
    let _ = writeln!(
        text,
        "p: paired randomization test, two-sided, of {ASSIGNMENTS} assignments, or all where few \
         topics differ"
    );
    changed(comparison, &mut text);
    text
}

fn changed(comparison: &Comparison, text: &mut String) {
    let (Some(first), false) = (comparison.measures.first(), comparison.changed.is_empty()) else {
        return;
    };
    let is_won = |topic: &&ChangedTopic| topic.difference() > 0.0;
    let won = comparison.changed.iter().filter(is_won).take(MOST_CHANGED);
    let lost = comparison.changed.iter().filter(|topic| !is_won(topic)).take(MOST_CHANGED);
    let shown: Vec<&ChangedTopic> = won.chain(lost).collect();
    let width = shown.iter().map(|topic| topic.id.chars().count()).max().unwrap_or(0);
    let _ = writeln!(
        text,
        "\n{} of {} changed in {}, these most:",
        comparison.changed.len(),
        count((first.wins + first.ties + first.losses) as u64, "topic"),
        first.measure
    );
    for topic in shown {
        let (id, difference) = (&topic.id, topic.difference());
        let _ =
            writeln!(text, "{id:<width$}  {:.4}  {:.4}  {difference:+.4}", topic.this, topic.other);
    }
}
