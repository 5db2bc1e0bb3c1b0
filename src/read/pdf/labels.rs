//! The labels printed on pages: `iv`, `A-3`, `65`.

use hayro_syntax::object::{Array, Dict, Object};

use super::objects::{name_of, text};
use crate::read::numbers::Numerals;

/// Ranges of pages with labels of their own.
const MOST_RANGES: usize = 20_000;
const DEEPEST: usize = 32;

/// The label of each page; empty where the document gives no labels.
pub fn labels(catalog: &Dict<'_>, pages: usize) -> Vec<String> {
    let mut ranges = ranges(catalog);
    ranges.sort_by_key(|range| range.0);
    if ranges.is_empty() {
        return Vec::new();
    }
    let mut labels = Vec::with_capacity(pages);
    let mut at = 0;
    for page in 0..pages {
        while ranges.get(at + 1).is_some_and(|next| next.0 <= page) {
            at += 1;
        }
        labels.push(match ranges.get(at) {
            Some((from, dict)) if *from <= page => label(dict, page - from),
            _ => (page + 1).to_string(),
        });
    }
    labels
}

/// The entries of the number tree: the first page of a range, and how it is labelled.
fn ranges<'a>(catalog: &Dict<'a>) -> Vec<(usize, Dict<'a>)> {
    let mut ranges = Vec::new();
    let mut left: Vec<(Dict<'a>, usize)> = Vec::new();
    left.extend(catalog.get::<Dict<'a>>(b"PageLabels").map(|root| (root, 0)));
    let mut visited = 0;
    while let Some((node, depth)) = left.pop() {
        visited += 1;
        if visited > MOST_RANGES || ranges.len() > MOST_RANGES {
            break;
        }
        if let Some(kids) = node.get::<Array<'a>>(b"Kids").filter(|_| depth < DEEPEST) {
            left.extend(kids.iter::<Dict<'a>>().take(MOST_RANGES).map(|kid| (kid, depth + 1)));
        }
        let Some(pairs) = node.get::<Array<'a>>(b"Nums") else { continue };
        let mut pairs = pairs.iter::<Object<'a>>().take(2 * MOST_RANGES);
        while let (Some(Object::Number(from)), Some(value)) = (pairs.next(), pairs.next()) {
            if let (Ok(from), Object::Dict(dict)) = (usize::try_from(from.as_i64()), value) {
                ranges.push((from, dict));
            }
        }
    }
    ranges
}

fn label(dict: &Dict<'_>, offset: usize) -> String {
    let prefix = dict.get::<hayro_syntax::object::String<'_>>(b"P");
    let mut label = prefix.map(|prefix| text(prefix.as_bytes())).unwrap_or_default();
    label.truncate(label.char_indices().nth(40).map_or(label.len(), |(at, _)| at));
    let first = dict.get::<i64>(b"St").and_then(|first| usize::try_from(first).ok()).unwrap_or(1);
    let number = i64::try_from(first.saturating_add(offset)).unwrap_or(i64::MAX);
    let numerals = match name_of(dict, b"S").as_deref() {
        Some("D") => Numerals::Decimal,
        Some("r") => Numerals::LowerRoman,
        Some("R") => Numerals::UpperRoman,
        Some("a") => Numerals::LowerDoubled,
        Some("A") => Numerals::UpperDoubled,
        _ => return label,
    };
    label + &numerals.print(number)
}
