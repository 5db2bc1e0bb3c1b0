//! What is chosen beside the words: what fields are called, and what can be given up again.

use maud::{Markup, html};

use super::question::Question;
use crate::query::fold_value;

/// What a field is called, on every page.
pub fn called(field: &str) -> &str {
    match field {
        "role" => "part of the report",
        "section" | "heading" => "heading",
        "lang" | "language" => "language",
        "doc" | "document" => "report",
        field => field,
    }
}

/// The same as a name that stands by itself.
pub fn titled(field: &str) -> String {
    let mut letters = called(field).chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The field and the value of a filter; what has no field filters nothing.
pub fn parts(filter: &str) -> Option<(&str, &str)> {
    filter.split_once(':')
}

/// Whether a filter is about a field.
pub fn is_of(filter: &str, field: &str) -> bool {
    parts(filter).is_some_and(|(of, _)| of == field)
}

/// Whether two filters leave the same.
pub fn is_same(one: &str, other: &str) -> bool {
    match (parts(one), parts(other)) {
        (Some((field, one)), Some((of, other))) => {
            field == of && fold_value(one) == fold_value(other)
        }
        _ => one == other,
    }
}

/// A filter as people read it.
fn told(filter: &str) -> String {
    match parts(filter) {
        Some((field, value)) => format!("{}: {value}", titled(field)),
        None => format!("{filter} (no filter)"),
    }
}

/// Each filter as people read it, with the question without it.
pub fn filters<'v>(question: &Question<'v>) -> Vec<(String, Question<'v>)> {
    let without = |at: usize| {
        let mut without = question.clone();
        without.chosen.remove(at);
        without
    };
    let chosen = question.chosen.iter().enumerate();
    chosen.map(|(at, filter)| (told(filter), without(at))).collect()
}

/// What can be given up, each with the address of the same without it.
pub fn chips(given: &[(String, String)]) -> Markup {
    html! {
        @if !given.is_empty() {
            ul.chosen aria-label="Chosen" {
                @for (told, without) in given {
                    li { a href=(without) {
                        span.visually-hidden { "Remove " }
                        span dir="auto" { (told) } span aria-hidden="true" { " ×" }
                    } }
                }
            }
        }
    }
}

/// Says of what is chosen that it filters nothing.
pub fn no_filters(question: &Question<'_>) -> Markup {
    html! {
        @for filter in question.chosen.iter().filter(|filter| parts(filter).is_none()) {
            p.notice {
                code { (filter) } " is no filter, and leaves nothing out: a filter is a field and a value, as in "
                code { "year:2020" } "."
            }
        }
    }
}
