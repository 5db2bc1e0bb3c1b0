//! Budgets: how many tokens a text has for a model, at most, and how much of a list fits.

use serde_json::{Value, json};

use crate::pack::Tokenizer;
use crate::passage::sentences;

/// How many tokens a text has at most, by a common vocabulary.
pub fn tokens(text: &str) -> usize {
    // Should the vocabulary be unreadable, each byte counts as one: no text has more.
    Tokenizer::get().map_or(text.len(), |tokenizer| tokenizer.count(text))
}

/// How many tokens a value has in an answer, with the comma behind it.
pub fn cost(value: &Value) -> usize {
    tokens(&value.to_string()) + 1
}

/// How many tokens a text has as JSON.
fn written(text: &str) -> usize {
    tokens(&json!(text).to_string())
}

/// Puts items into a list of an answer while the whole answer stays within a budget. Each has one form or several, the
/// shortest first: as many items as fit are in, and then as much of each as there is room for. What does not fit is
/// left out and `truncated` set. The first item is always in, so that nobody asks for ever. Returns how many are in.
pub fn fit(answer: &mut Value, list: &str, items: &[Vec<Value>], budget: usize) -> usize {
    answer["truncated"] = json!(false);
    answer[list] = json!([]);
    let mut left = budget.saturating_sub(tokens(&answer.to_string()));
    let mut taken: Vec<(&Value, usize)> = Vec::new();
    for form in items.iter().filter_map(|forms| forms.first()) {
        let cost = cost(form);
        if cost > left && !taken.is_empty() {
            break;
        }
        left = left.saturating_sub(cost);
        taken.push((form, cost));
    }
    // The second form of all goes before the third of any.
    let most = items.iter().map(Vec::len).max().unwrap_or(0);
    for level in 1..most {
        for ((form, shorter), forms) in taken.iter_mut().zip(items) {
            let Some(longer) = forms.get(level) else { continue };
            let cost = cost(longer);
            if cost.saturating_sub(*shorter) <= left {
                left -= cost.saturating_sub(*shorter);
                (*form, *shorter) = (longer, cost);
            }
        }
    }
    let is_whole =
        |((form, _), forms): (&(&Value, usize), &Vec<Value>)| Some(*form) == forms.last();
    if taken.len() < items.len() || !taken.iter().zip(items).all(is_whole) {
        answer["truncated"] = json!(true);
    }
    answer[list] = taken.iter().map(|(form, _)| (*form).clone()).collect();
    taken.len()
}

/// The same for items of one form.
pub fn fit_whole(answer: &mut Value, list: &str, items: Vec<Value>, budget: usize) -> usize {
    let items: Vec<Vec<Value>> = items.into_iter().map(|item| vec![item]).collect();
    fit(answer, list, &items, budget)
}

/// As [`fit`], with a warning where items are left out; it is told how many are in.
pub fn fit_or_warn(
    answer: &mut Value,
    list: &str,
    items: &[Vec<Value>],
    budget: usize,
    warning: impl Fn(usize) -> String,
) -> usize {
    // With the room that it takes itself, the warning may be about another item.
    const SPARE: usize = 20;
    let count = fit(answer, list, items, budget);
    if count == items.len() {
        return count;
    }
    let room = cost(&json!(warning(count))) + SPARE;
    let count = fit(answer, list, items, budget.saturating_sub(room));
    if let Some(warnings) = answer["warnings"].as_array_mut() {
        warnings.push(json!(warning(count)));
    }
    count
}

/// The beginning of a text that has at most so many tokens as JSON: up to the blank behind a word, or where the first
/// word alone is too long, up to a character.
pub fn beginning(text: &str, most: usize) -> &str {
    if written(text) <= most {
        return text;
    }
    let part = |end: usize| text.get(..end).unwrap_or_default();
    let longest = |ends: &[usize]| {
        let fitting = ends.partition_point(|end| written(part(*end)) <= most);
        fitting.checked_sub(1).and_then(|last| ends.get(last).copied())
    };
    let ends: Vec<usize> = text
        .split_inclusive(char::is_whitespace)
        .scan(0, |end, word| {
            *end += word.len();
            Some(*end)
        })
        .collect();
    let first = part(ends.first().copied().unwrap_or(0));
    let within = || first.char_indices().map(|(at, c)| at + c.len_utf8()).collect::<Vec<_>>();
    part(longest(&ends).or_else(|| longest(&within())).unwrap_or(0))
}

/// As much of a text as has at most so many tokens as JSON: what stands from `start` on, and where that reaches the end
/// of the text, sentences before it too.
pub fn excerpt(text: &str, start: usize, most: usize) -> &str {
    let from = |start: usize| text.get(start..).unwrap_or_default();
    let shown = beginning(from(start), most);
    if shown.len() < from(start).len() {
        return shown.trim_end();
    }
    let starts = sentences(text).into_iter().map(|sentence| sentence.start);
    let starts: Vec<usize> = starts.take_while(|at| *at < start).collect();
    let first = starts.partition_point(|at| written(from(*at)) > most);
    from(starts.get(first).copied().unwrap_or(start)).trim()
}
