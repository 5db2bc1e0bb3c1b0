//! tantivy's explanations in words of a reader, in which the parts of a whole add up to it, multiply to it, or have it as
//! their best.

use serde_json::Value;

use crate::rank::Explanation;

/// How far numbers of 32 bits may be from what their parts make.
const NEAR: f32 = 0.001;
const EVERYTHING: &str = "every passage";

/// tantivy's explanation, read from its JSON: its own fields are private.
pub fn explanation_of(json: &Value) -> Explanation {
    let value = value_of(json);
    let description = json["description"].as_str().unwrap_or_default();
    let inner = || details(json).iter().map(explanation_of);
    match description.split([' ', ',', '.']).next().unwrap_or_default() {
        "BooleanClause" => whole(value, inner().collect()),
        "Boost" => match inner().next() {
            Some(only) if only.value != 0.0 => {
                let weight = value / only.value;
                only.times(weight, "its weight")
            }
            only => only.unwrap_or_else(|| plain(value, description)),
        },
        "TermQuery" => of_words(&named(json, "words"), value, details(json)),
        "AllQuery" => plain(value, EVERYTHING),
        // What restricts adds nothing; of many words each adds the same.
        "Const" if value == 0.0 => plain(value, "a filter"),
        "Const" | "AutomatonScorer" => plain(value, "one of many words"),
        "BooleanQuery" => plain(value, "words that have to be there"),
        // A phrase, and what we explain ourselves, each with what makes its score.
        _ => match details(json) {
            [only] => of_words(&named(json, description), value, details(only)),
            _ => plain(value, &named(json, description)),
        },
    }
}

fn details(json: &Value) -> &[Value] {
    json["details"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn value_of(json: &Value) -> f32 {
    json["value"].as_f64().unwrap_or(0.0) as f32
}

fn plain(value: f32, description: &str) -> Explanation {
    Explanation { value, description: description.to_owned(), parts: Vec::new() }
}

/// What an explanation is of, where it says so: a word, or what stands in the query.
fn named(json: &Value, otherwise: &str) -> String {
    let context = json["context"].as_array().and_then(|lines| lines.first());
    match context.and_then(Value::as_str) {
        // `Term=Term(field=0, type=Str, "border")`: the word is what a reader wants.
        Some(line) if line.starts_with("Term=") => {
            format!("the word `{}`", line.split('"').nth(1).unwrap_or_default())
        }
        Some(line) => line.to_owned(),
        None => otherwise.to_owned(),
    }
}

/// A whole of several parts: tantivy calls it a sum where it is their best, too.
fn whole(value: f32, mut parts: Vec<Explanation>) -> Explanation {
    let is_near = |one: f32| (one - value).abs() <= NEAR * value.abs().max(1.0);
    let sum = |parts: &[Explanation]| parts.iter().map(|part| part.value).sum();
    // What every passage has adds nothing to what else is required.
    for at in 0..parts.len() {
        let is_off = parts.len() > 1 && !is_near(sum(&parts));
        let part = parts.get_mut(at).filter(|part| is_off && part.description == EVERYTHING);
        part.into_iter().for_each(|part| part.value = 0.0);
    }
    let description = if is_near(sum(&parts)) { "sum of" } else { "the best of" };
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => Explanation { value, ..only },
        (last, _) => {
            parts.extend(last);
            Explanation { value, description: description.to_owned(), parts }
        }
    }
}

/// BM25 of a word, or of words that stand together, from its three factors.
fn of_words(what: &str, value: f32, factors: &[Value]) -> Explanation {
    let parts = factors.iter().map(|factor| plain(value_of(factor), &factor_in_words(factor)));
    let description = format!("{what}: product of");
    Explanation { value, description, parts: parts.collect() }
}

fn factor_in_words(factor: &Value) -> String {
    let number = |name: &str| {
        let is_it =
            |detail: &&Value| detail["description"].as_str().is_some_and(|it| it.starts_with(name));
        details(factor).iter().find(is_it).map(value_of)
    };
    let description = factor["description"].as_str().unwrap_or_default();
    match (number("freq,"), number("dl,"), number("avgdl,"), number("n,"), number("N,")) {
        (Some(times), Some(length), Some(mean), ..) => {
            format!("{times:.0} times in {length:.0} words, of {mean:.0} in the mean")
        }
        (.., Some(count), Some(all)) => {
            format!("how rare it is: in {count:.0} of {all:.0} passages")
        }
        _ if description.starts_with("idf") => "how rare its words are".to_owned(),
        _ if description.starts_with("(K1") => "a constant of the formula, k1 + 1".to_owned(),
        _ => description.to_owned(),
    }
}
