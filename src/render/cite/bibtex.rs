//! BibTeX, as BibLaTeX and Pandoc read it too: UTF-8, what TeX takes for commands escaped.

use std::fmt::Write;

use crate::cite::{Kind, Name, Reference};

/// A reference as an entry. The place of a passage is its `note`.
pub fn bibtex(reference: &Reference) -> String {
    // `@techreport` needs an institution.
    let kind = match (reference.kind, &reference.publisher) {
        (Kind::WebPage, _) => "online",
        (Kind::Report, Some(_)) => "techreport",
        (Kind::Report, None) => "misc",
    };
    let mut out = format!("@{kind}{{{},\n", reference.key());
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name} = {{{value}}},");
        }
    };
    // Braces keep the capitals, and an institution from being taken for a person.
    field("title", Some(format!("{{{}}}", escape(&reference.title))));
    let names: Vec<String> = reference.authors.iter().map(name).collect();
    field("author", (!names.is_empty()).then(|| names.join(" and ")));
    let publisher = reference.publisher.as_ref().map(|publisher| escape(publisher));
    let key = if kind == "online" { "organization" } else { "institution" };
    field(key, publisher);
    field("address", reference.place.as_ref().map(|place| escape(place)));
    field("number", reference.number.as_ref().map(|number| escape(number)));
    match reference.issued {
        Some(issued) if issued.is_about => {
            // EDTF, level 1: about that year.
            field("date", Some(format!("{}~", issued.date.year)));
        }
        Some(issued) => {
            field("year", Some(issued.date.year.to_string()));
            field("month", issued.date.month.map(|month| month.to_string()));
            field("date", issued.date.day.map(|_| issued.date.iso()));
        }
        None => {}
    }
    field("doi", reference.doi.as_ref().map(|doi| address(doi)));
    field("url", reference.url.as_ref().map(|url| address(url)));
    field("urldate", Some(reference.accessed.iso()));
    field("langid", reference.lang.as_deref().and_then(language).map(str::to_owned));
    field("note", note(reference).map(|note| escape(&note)));
    out + "}\n"
}

/// `Section “Prosecution”, pp. 12–14; passage fzrb4cye8xf60`.
pub fn note(reference: &Reference) -> Option<String> {
    let pinpoint = reference.pinpoint.as_ref()?;
    let section = pinpoint.section.as_ref();
    let section = section.map(|section| format!("Section {}", super::styled::quoted(section, "")));
    let place = pinpoint.locator.as_ref();
    let place = place.map(|place| place.label(["p.", "pp."], ["para.", "paras."]));
    let places: Vec<String> = section.into_iter().chain(place).collect();
    let blank = if places.is_empty() { "" } else { "; " };
    Some(format!("{}{blank}passage {}", places.join(", "), pinpoint.passage))
}

fn name(name: &Name) -> String {
    match name {
        Name::Literal(name) => format!("{{{}}}", escape(name)),
        Name::Person { family, given } => format!("{}, {}", escape(family), escape(given)),
    }
}

/// Braces are named, because BibTeX counts them with a backslash too.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// An address is read as it is, but must not close its field.
fn address(text: &str) -> String {
    text.replace('\\', "%5C").replace('{', "%7B").replace('}', "%7D")
}

/// Babel's name of a language.
fn language(tag: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 8] = [
        ("ar", "arabic"),
        ("de", "german"),
        ("en", "english"),
        ("es", "spanish"),
        ("fr", "french"),
        ("kk", "kazakh"),
        ("pt", "portuguese"),
        ("ru", "russian"),
    ];
    let primary = tag.split('-').next()?;
    NAMES.iter().find(|(tag, _)| *tag == primary).map(|(_, name)| *name)
}
