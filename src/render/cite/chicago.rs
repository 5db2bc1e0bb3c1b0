//! *The Chicago Manual of Style*, 17th edition, chapter 14, notes and bibliography: reports are treated like
//! books (14.220), pages of the web have their titles in quotation marks (14.207), an unknown date is `n.d.` and a supposed
//! one in brackets (14.145), a date of access stands where there is no date of publication (14.12), and in texts without
//! pages the place is the nearest heading (14.160).

use super::styled::{Styled, listed, quoted};
use crate::cite::{Date, Issued, Kind, Locator, Name, Reference};

/// The entry of the bibliography.
pub fn entry(reference: &Reference) -> Styled {
    let mut names: Vec<String> = reference.authors.iter().map(Name::spoken).collect();
    let is_person = matches!(reference.authors.first(), Some(Name::Person { .. }));
    if let (Some(first), Some(name)) = (names.first_mut(), reference.authors.first()) {
        *first = name.inverted();
    }
    let mut line = Styled::default();
    if !names.is_empty() {
        line = line.text(listed(&names, "and", is_person)).stop().text(" ");
    }
    line = match reference.kind {
        Kind::WebPage => line.text(quoted(&reference.title, ".")),
        Kind::Report => line.italic(&reference.title).stop(),
    };
    if let Some(number) = &reference.number {
        line = line.text(format!(" {}", capital(&numbered(number)))).stop();
    }
    let published = published(reference);
    line = line.text(format!(" {}", capital(&published))).stop();
    if let Some(accessed) = accessed(reference) {
        line = line.text(format!(" Accessed {accessed}."));
    }
    match address(reference) {
        Some(address) => line.text(format!(" {address}.")),
        None => line,
    }
}

/// The note.
pub fn note(reference: &Reference) -> Styled {
    let names: Vec<String> = match reference.authors.as_slice() {
        [first, _, _, _, ..] => vec![format!("{} et al.", first.spoken())],
        names => names.iter().map(Name::spoken).collect(),
    };
    let mut line = Styled::default();
    if !names.is_empty() {
        line = line.text(listed(&names, "and", false)).text(", ");
    }
    let published = published(reference);
    line = match reference.kind {
        Kind::WebPage => line.text(quoted(&reference.title, ",")).text(format!(" {published}")),
        Kind::Report => {
            let number = reference.number.as_ref().map(|number| format!(", {}", numbered(number)));
            line.italic(&reference.title).maybe(number).text(format!(" ({published})"))
        }
    };
    let pinpoint = reference.pinpoint.as_ref();
    if let Some(locator) = pinpoint.and_then(|pinpoint| pinpoint.locator.as_ref()) {
        line = line.text(format!(", {}", place(locator)));
    }
    let address = address(reference);
    if let Some(section) = pinpoint.and_then(|pinpoint| pinpoint.section.as_ref()) {
        let comma = if accessed(reference).is_some() || address.is_some() { "," } else { "." };
        line = line.text(format!(", under {}", quoted(section, comma)));
    } else if accessed(reference).is_some() || address.is_some() {
        line = line.text(",");
    }
    if let Some(accessed) = accessed(reference) {
        let comma = if address.is_some() { "," } else { "" };
        line = line.text(format!(" accessed {accessed}{comma}"));
    }
    line.maybe(address.map(|address| format!(" {address}"))).stop()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn numbered(number: &str) -> String {
    let is_bare = number.starts_with(|c: char| c.is_ascii_digit());
    if is_bare { format!("no. {number}") } else { number.to_owned() }
}

/// `Washington: U.S. Department of Labor, 2021`; a page of the web without a date has none.
fn published(reference: &Reference) -> String {
    let date = match (&reference.issued, reference.kind) {
        (Some(Issued { date, is_about: true }), _) => Some(format!("[ca. {}]", date.year)),
        (Some(issued), Kind::WebPage) => Some(day(&issued.date)),
        (Some(issued), Kind::Report) => Some(issued.date.year.to_string()),
        (None, Kind::Report) => Some("n.d.".to_owned()),
        (None, Kind::WebPage) => None,
    };
    let place = reference.place.as_ref();
    let publisher = reference.publisher.clone();
    let publisher = match (place, publisher) {
        (Some(place), Some(publisher)) => Some(format!("{place}: {publisher}")),
        (place, publisher) => publisher.or_else(|| place.cloned()),
    };
    let parts: Vec<String> = publisher.into_iter().chain(date).collect();
    // A page without either still has its address.
    if parts.is_empty() { "n.d.".to_owned() } else { parts.join(", ") }
}

fn accessed(reference: &Reference) -> Option<String> {
    let is_known = reference.issued.is_some_and(|issued| !issued.is_about);
    (!is_known).then(|| day(&reference.accessed))
}

fn address(reference: &Reference) -> Option<String> {
    let doi = reference.doi.as_ref().map(|doi| format!("https://doi.org/{doi}"));
    doi.or_else(|| reference.url.clone())
}

/// Pages stand without a word before them.
fn place(locator: &Locator) -> String {
    locator.label(["", ""], ["par.", "pars."])
}

/// `June 30, 2021`, or as much as is known.
pub fn day(date: &Date) -> String {
    match (date.month_name(), date.day) {
        (Some(month), Some(day)) => format!("{month} {day}, {}", date.year),
        (Some(month), None) => format!("{month} {}", date.year),
        _ => date.year.to_string(),
    }
}
