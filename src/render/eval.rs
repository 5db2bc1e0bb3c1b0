//! An evaluation as JSON and as text.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::terminal::count;
use crate::eval::Evaluation;

/// An evaluation as JSON.
pub fn json(evaluation: &Evaluation) -> Value {
    let values = |values: &[f64]| -> Value {
        let names = evaluation.measures.iter().map(ToString::to_string);
        Value::Object(names.zip(values.iter().map(|value| json!(value))).collect())
    };
    let per_topic: Map<String, Value> =
        evaluation.topics.iter().map(|topic| (topic.id.clone(), values(&topic.values))).collect();
    json!({
        "schema": "tipsearch.eval/1",
        "measures": values(&evaluation.means),
        "topics": evaluation.topics.len(),
        "topics_without_hit": evaluation.without_hit,
        "depth": evaluation.depth,
        "per_topic": per_topic,
        "latency_ms": {
            "p50": rounded(evaluation.latency.p50),
            "p99": rounded(evaluation.latency.p99),
        },
        "warnings": evaluation.warnings,
    })
}

/// Milliseconds, to the microsecond.
fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// An evaluation for people: a line for each measure, then topics and latency.
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
    let (p50, p99) = (evaluation.latency.p50, evaluation.latency.p99);
    let _ = writeln!(
        text,
        "\n{:<width$}  p50 {:.2} ms, p99 {:.2} ms",
        "latency",
        p50.as_secs_f64() * 1e3,
        p99.as_secs_f64() * 1e3
    );
    text
}
