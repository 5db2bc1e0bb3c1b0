//! Which numbers are amounts of money, and of which currency.

use std::ops::Range;

use crate::verify::numbers::is_money;
use crate::verify::words::Words;

/// What names a currency, and what it is known by; what several countries call the same is one.
const CURRENCIES: [(&str, &str); 58] = [
    ("aud", "australian dollar"),
    ("baht", "baht"),
    ("bdt", "taka"),
    ("birr", "birr"),
    ("brl", "real"),
    ("cad", "canadian dollar"),
    ("cedis", "cedi"),
    ("chf", "franc"),
    ("cny", "yuan"),
    ("dollar", "dollar"),
    ("dollars", "dollar"),
    ("egp", "pound"),
    ("etb", "birr"),
    ("eur", "euro"),
    ("euro", "euro"),
    ("euros", "euro"),
    ("francs", "franc"),
    ("gbp", "pound"),
    ("ghs", "cedi"),
    ("idr", "rupiah"),
    ("inr", "rupee"),
    ("jpy", "yen"),
    ("kes", "shilling"),
    ("kzt", "tenge"),
    ("lei", "leu"),
    ("lira", "lira"),
    ("mxn", "peso"),
    ("naira", "naira"),
    ("ngn", "naira"),
    ("pesos", "peso"),
    ("php", "peso"),
    ("pkr", "rupee"),
    ("pound", "pound"),
    ("pounds", "pound"),
    ("rand", "rand"),
    ("reais", "real"),
    ("rmb", "yuan"),
    ("rubles", "ruble"),
    ("rupees", "rupee"),
    ("rupiah", "rupiah"),
    ("shillings", "shilling"),
    ("som", "som"),
    ("soms", "som"),
    ("taka", "taka"),
    ("tenge", "tenge"),
    ("thb", "baht"),
    ("tzs", "shilling"),
    ("ugx", "shilling"),
    ("usd", "dollar"),
    ("uzs", "som"),
    ("vnd", "dong"),
    ("xaf", "franc"),
    ("xof", "franc"),
    ("yen", "yen"),
    ("yuan", "yuan"),
    ("zar", "rand"),
    ("zloty", "zloty"),
    ("zlotys", "zloty"),
];

/// The currency of a number by the sign or the name beside it; `None` where it is no amount of money.
pub fn currency(words: &Words, number: &Range<usize>) -> Option<&'static str> {
    let (before, after) = (words.gap(number.start), words.gap(number.end));
    // `2021 $150,000`: the sign is of the next number.
    let is_of_next = after.starts_with(char::is_whitespace)
        && after.ends_with(is_money)
        && words.key(number.end).is_some_and(|key| key.starts_with(|c: char| c.is_ascii_digit()));
    let sign_before = before.trim_end().chars().next_back().filter(|c| is_money(*c));
    let sign_after = after.trim_start().chars().next().filter(|c| is_money(*c) && !is_of_next);
    if let Some(sign) = sign_before {
        return Some(whose_sign(words, number, sign));
    }
    if let Some(sign) = sign_after {
        return Some(of_sign(sign));
    }
    let is_near = after.chars().all(|c| c.is_whitespace() || c == '-');
    let behind = (0..2).filter(|_| is_near).find_map(|ahead| named(words, number.end + ahead));
    behind.or_else(|| named(words, number.start.checked_sub(1)?))
}

/// Whether a word is the name of a currency, or of whose dollar it is.
pub fn is_currency(words: &Words, at: usize) -> bool {
    named(words, at).is_some() || words.gap(at + 1) == "$"
}

/// The currency that a word names.
fn named(words: &Words, at: usize) -> Option<&'static str> {
    let key = words.key(at)?;
    let place = CURRENCIES.binary_search_by_key(&key, |(name, _)| name).ok()?;
    let (_, currency) = CURRENCIES.get(place)?;
    let whose = at.checked_sub(1).and_then(|before| words.key(before)).and_then(whose_dollar);
    match *currency {
        "dollar" => whose.or(Some("dollar")),
        currency => Some(currency),
    }
}

/// The currency of a sign before a number: `A$5` is of Australia.
fn whose_sign(words: &Words, number: &Range<usize>, sign: char) -> &'static str {
    let before = number.start.checked_sub(1).filter(|_| words.gap(number.start) == "$");
    match before.and_then(|at| words.key(at)) {
        Some("mx" | "mex") => "peso",
        Some("r") => "real",
        whose => whose.and_then(whose_dollar).unwrap_or(of_sign(sign)),
    }
}

fn whose_dollar(whose: &str) -> Option<&'static str> {
    match whose {
        "a" | "au" | "australian" => Some("australian dollar"),
        "c" | "ca" | "can" | "canadian" => Some("canadian dollar"),
        "hk" | "kong" => Some("hong kong dollar"),
        "nt" | "taiwan" | "taiwanese" => Some("taiwan dollar"),
        "nz" | "zealand" => Some("new zealand dollar"),
        "s" | "sg" | "singapore" => Some("singapore dollar"),
        _ => None,
    }
}

fn of_sign(sign: char) -> &'static str {
    match sign {
        '$' => "dollar",
        '£' => "pound",
        '¥' => "yen",
        '€' => "euro",
        '₦' => "naira",
        '₫' => "dong",
        '₱' => "peso",
        '₵' => "cedi",
        '₸' => "tenge",
        '₹' | '₨' => "rupee",
        '₺' => "lira",
        '₽' => "ruble",
        _ => "another",
    }
}
