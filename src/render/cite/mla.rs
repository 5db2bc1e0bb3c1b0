//! *MLA Handbook*, 9th edition: chapter 5, the list of works cited (an institution that is both author and publisher is
//! named as publisher; what is not known is left out, and supposed dates stand in brackets), and chapter 6, citing in the text.

use super::styled::{Styled, quoted};
use crate::cite::{Date, Issued, Kind, Name, Reference, Unit};

/// The entry of the list of works cited.
pub fn entry(reference: &Reference) -> Styled {
    let mut line = Styled::default();
    let names = match authors(reference) {
        [] => None,
        [one] => Some(one.inverted()),
        [one, two] => Some(format!("{}, and {}", one.inverted(), two.spoken())),
        [one, ..] => Some(format!("{}, et al.", one.inverted())),
    };
    if let Some(names) = names {
        line = line.text(names).stop().text(" ");
    }
    let mut parts: Vec<String> = Vec::new();
    parts.extend(reference.number.as_ref().map(|number| {
        let is_bare = number.starts_with(|c: char| c.is_ascii_digit());
        if is_bare { format!("no. {number}") } else { number.clone() }
    }));
    line = match reference.kind {
        Kind::WebPage => {
            let line = line.text(quoted(&reference.title, "."));
            match &reference.publisher {
                Some(site) => {
                    let line = line.text(" ").italic(site);
                    if has_more(reference) { line.text(",") } else { line }
                }
                None => line,
            }
        }
        Kind::Report => {
            parts.extend(reference.publisher.clone());
            line.italic(&reference.title).stop()
        }
    };
    parts.extend(reference.issued.map(|issued| match issued {
        Issued { date, is_about: true } => format!("[circa {}]", date.year),
        Issued { date, .. } => day(&date),
    }));
    let doi = reference.doi.as_ref().map(|doi| format!("https://doi.org/{doi}"));
    parts.extend(doi.or_else(|| reference.url.clone()));
    if !parts.is_empty() {
        line = line.text(format!(" {}", parts.join(", "))).stop();
    }
    match reference.issued {
        Some(Issued { is_about: false, .. }) => line.stop(),
        _ => line.stop().text(format!(" Accessed {}.", day(&reference.accessed))),
    }
}

fn has_more(reference: &Reference) -> bool {
    reference.issued.is_some()
        || reference.url.is_some()
        || reference.doi.is_some()
        || reference.number.is_some()
}

/// The citation in the text.
pub fn in_text(reference: &Reference) -> Styled {
    let line = Styled::default().text("(");
    let mut line = match (authors(reference), reference.kind) {
        ([], Kind::WebPage) => line.text(quoted(&reference.title, "")),
        ([], Kind::Report) => line.italic(&reference.title),
        ([one], _) => line.text(one.family()),
        ([one, two], _) => line.text(format!("{} and {}", one.family(), two.family())),
        ([one, ..], _) => line.text(format!("{} et al.", one.family())),
    };
    if let Some(pinpoint) = &reference.pinpoint {
        // Pages are enough; other units are named, after a comma.
        let locator = pinpoint.locator.as_ref();
        let place = locator.map(|locator| locator.label(["", ""], ["par.", "pars."]));
        if locator.is_some_and(|locator| locator.unit == Unit::Page) {
            return line.maybe(place.map(|place| format!(" {place}"))).text(")");
        }
        let comma = if place.is_some() { "," } else { "" };
        let section = pinpoint.section.as_ref();
        let section = section.map(|section| format!(", sec. {}", quoted(section, comma)));
        let comma = if section.is_some() { "" } else { "," };
        line = line.maybe(section).maybe(place.map(|place| format!("{comma} {place}")));
    }
    line.text(")")
}

/// The authors, but for one who is the publisher.
fn authors(reference: &Reference) -> &[Name] {
    match (reference.authors.as_slice(), &reference.publisher) {
        ([Name::Literal(name)], Some(publisher)) if name == publisher => &[],
        (names, _) => names,
    }
}

/// `30 June 2021`; longer months are shortened.
fn day(date: &Date) -> String {
    let month = date.month_name().map(|month| match month {
        "May" | "June" | "July" => month.to_owned(),
        "September" => "Sept.".to_owned(),
        month => format!("{}.", month.get(..3).unwrap_or(month)),
    });
    let parts = [date.day.map(|day| day.to_string()), month, Some(date.year.to_string())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
