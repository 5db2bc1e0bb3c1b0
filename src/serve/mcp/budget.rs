//! Budgets: how many tokens a text has for a model, at most, and how much of a list fits.

use serde_json::{Value, json};

use crate::pack::Tokenizer;

/// How many tokens a text has at most, by a common vocabulary.
pub fn tokens(text: &str) -> usize {
    // Should the vocabulary be unreadable, each byte counts as one: no text has more.
    Tokenizer::get().map_or(text.len(), |tokenizer| tokenizer.count(text))
}

/// Puts items into a list of an answer while the whole answer stays within a budget. What does not fit is left out
/// and `truncated` set. Of the first item, if it alone is too large, the field `text` is cut. Returns how many are in.
pub fn fit(answer: &mut Value, list: &str, items: Vec<Value>, budget: usize) -> usize {
    let all = items.len();
    answer["truncated"] = json!(false);
    answer[list] = json!([]);
    let mut left = budget.saturating_sub(tokens(&answer.to_string()));
    let mut taken: Vec<Value> = Vec::new();
    for mut item in items {
        let cost = tokens(&item.to_string()) + 1;
        if cost > left && taken.is_empty() && !cut(&mut item, cost - left) {
            break;
        }
        if cost > left && !taken.is_empty() {
            break;
        }
        let cost = tokens(&item.to_string()) + 1;
        left = left.saturating_sub(cost);
        let is_cut = item.get("truncated").is_some();
        taken.push(item);
        if is_cut {
            answer["truncated"] = json!(true);
            break;
        }
    }
    let count = taken.len();
    if count < all {
        answer["truncated"] = json!(true);
    }
    answer[list] = Value::Array(taken);
    count
}

/// Cuts the text of an item so that it has so many tokens fewer, and says so. Whether anything is left.
fn cut(item: &mut Value, fewer: usize) -> bool {
    let Some(text) = item.get("text").and_then(Value::as_str) else { return false };
    let Some(most) = tokens(text).checked_sub(fewer + 8).filter(|most| *most > 0) else {
        return false;
    };
    let kept = beginning(text, most).to_owned();
    item["text"] = json!(kept);
    item["truncated"] = json!(true);
    !kept.is_empty()
}

/// The beginning of a text that has at most so many tokens, up to the end of a word.
pub fn beginning(text: &str, most: usize) -> &str {
    if tokens(text) <= most {
        return text;
    }
    let mut end = 0;
    let mut used = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        used += tokens(word);
        if used > most {
            break;
        }
        end += word.len();
    }
    text.get(..end).unwrap_or_default().trim_end()
}
