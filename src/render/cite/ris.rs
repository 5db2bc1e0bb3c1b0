//! RIS, as Zotero, EndNote and Mendeley import it: two letters, two blanks, a hyphen, a blank, the value.

use std::fmt::Write;

use crate::cite::{Kind, Name, Reference, Unit};

/// A reference as a record.
pub fn ris(reference: &Reference) -> String {
    let mut out = String::new();
    let mut tag = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = write!(out, "{name}  - {value}\r\n");
        }
    };
    let kind = match reference.kind {
        Kind::Report => "RPRT",
        Kind::WebPage => "ELEC",
    };
    tag("TY", Some(kind.to_owned()));
    tag("ID", Some(reference.key()));
    tag("TI", Some(reference.title.clone()));
    for author in &reference.authors {
        tag("AU", Some(name(author)));
    }
    tag("PB", reference.publisher.clone());
    tag("CY", reference.place.clone());
    // Zotero and EndNote have the number of a report there; `M1` is what else is known of it, and of a page of
    // the web the day on which it was read.
    match reference.kind {
        Kind::Report => tag("SN", reference.number.clone()),
        Kind::WebPage => {
            tag("N1", reference.number.as_ref().map(|number| format!("Number {number}")));
        }
    }
    if let Some(issued) = reference.issued {
        tag("PY", Some(issued.date.year.to_string()));
        let day = issued.date.iso().replace('-', "/");
        tag("DA", (!issued.is_about).then_some(day));
        let note = format!("Published about {}: the date of the file", issued.date.year);
        tag("N1", issued.is_about.then_some(note));
    }
    let pinpoint = reference.pinpoint.as_ref();
    let pages = pinpoint.and_then(|pinpoint| pinpoint.locator.as_ref());
    if let Some(pages) = pages.filter(|pages| pages.unit == Unit::Page) {
        tag("SP", Some(pages.first.clone()));
        // Zotero makes `57-57` of the same page twice.
        tag("EP", (pages.last != pages.first).then(|| pages.last.clone()));
    }
    tag("DO", reference.doi.clone());
    tag("UR", reference.url.clone());
    tag("Y2", Some(reference.accessed.iso().replace('-', "/")));
    tag("LA", reference.lang.clone());
    tag("N1", super::bibtex::note(reference));
    out + "ER  - \r\n\r\n"
}

/// A comma parts the family name from the others, so that an institution must have none: its parts are set off by full
/// stops, as library catalogs do (RDA 11.2.2.13).
fn name(name: &Name) -> String {
    match name {
        Name::Literal(name) => name.replace(", ", ". ").replace(',', "."),
        Name::Person { .. } => name.inverted(),
    }
}
