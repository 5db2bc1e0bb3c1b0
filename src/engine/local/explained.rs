//! tantivy's explanations in our terms.

use crate::rank::Explanation;

/// tantivy's explanation, read from its JSON: its own fields are private.
pub fn explanation_of(json: &serde_json::Value) -> Explanation {
    let details = json["details"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut context =
        json["context"].as_array().into_iter().flatten().filter_map(|line| line.as_str());
    let description = json["description"].as_str().unwrap_or_default();
    // `Term=Term(field=0, type=Str, "border")`: the word is what a reader wants.
    let word = context.find_map(|line| line.split('"').nth(1));
    let description = match (word, description) {
        (Some(word), _) => format!("the word `{word}`: product of"),
        (None, text) if text.starts_with("BooleanClause") => "sum of".to_owned(),
        (None, text) => text.to_owned(),
    };
    Explanation {
        value: json["value"].as_f64().unwrap_or(0.0) as f32,
        description,
        parts: details.iter().map(explanation_of).collect(),
    }
}
