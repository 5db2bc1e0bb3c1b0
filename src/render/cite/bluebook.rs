//! *The Bluebook*, 21st edition, as in documents of courts (B15): rule 15 for reports, with institutions as authors (15.1),
//! rule 3.2(a) for pages after a title that ends with a number, rule 18.2 for what is on the web, with the day of the last
//! visit where there is no date. Names of institutions are not abbreviated (T6 allows it, context decides).

use super::styled::{Styled, quoted};
use crate::cite::{Date, Issued, Kind, Reference, Unit};

/// The citation.
pub fn citation(reference: &Reference) -> Styled {
    let names = match reference.authors.as_slice() {
        [] => reference.publisher.clone(),
        [one, two] => Some(format!("{} & {}", one.spoken(), two.spoken())),
        [one] => Some(one.spoken()),
        [one, ..] => Some(format!("{} et al.", one.spoken())),
    };
    let mut line = Styled::default().maybe(names.map(|names| format!("{names}, ")));
    if let Some(number) = &reference.number {
        line = line.text(format!("No. {}, ", number.trim_start_matches("No. ")));
    }
    line = line.italic(&reference.title);
    let pinpoint = reference.pinpoint.as_ref();
    if let Some(locator) = pinpoint.and_then(|pinpoint| pinpoint.locator.as_ref()) {
        let ends_with_number = reference.title.ends_with(|c: char| c.is_ascii_digit());
        let place = locator.label(["", ""], ["¶", "¶¶"]);
        let at = if ends_with_number && locator.unit == Unit::Page { ", at" } else { "" };
        line = line.text(format!("{at} {place}"));
    }
    if let (Kind::WebPage, Some(site), false) =
        (reference.kind, &reference.publisher, reference.authors.is_empty())
    {
        line = line.text(format!(", {site}"));
    }
    let date = match reference.issued {
        Some(Issued { date, is_about: true }) => format!("ca. {}", date.year),
        Some(issued) if reference.url.is_some() => day(&issued.date),
        Some(issued) => issued.date.year.to_string(),
        None => "n.d.".to_owned(),
    };
    line = line.text(format!(" ({date})"));
    if let Some(section) = pinpoint.and_then(|pinpoint| pinpoint.section.as_ref()) {
        line = line.text(format!(" (under {})", quoted(section, "")));
    }
    if let Some(url) = &reference.url {
        line = line.text(format!(", {url}"));
        if reference.issued.is_none_or(|issued| issued.is_about) {
            line = line.text(format!(" (last visited {})", day(&reference.accessed)));
        }
    }
    line.text(".")
}

/// `Sept. 3, 2021`: months by T12.
fn day(date: &Date) -> String {
    let month = date.month_name().map(|month| match month {
        "May" | "June" | "July" => month.to_owned(),
        "September" => "Sept.".to_owned(),
        month => format!("{}.", month.get(..3).unwrap_or(month)),
    });
    match (month, date.day) {
        (Some(month), Some(day)) => format!("{month} {day}, {}", date.year),
        (Some(month), None) => format!("{month} {}", date.year),
        _ => date.year.to_string(),
    }
}
