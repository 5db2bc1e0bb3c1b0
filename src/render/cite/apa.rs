//! *Publication Manual of the American Psychological Association*, 7th edition: reports (10.4), places in a source
//! (8.13) and in one without pages (8.28), a date of retrieval where there is none of publication (9.16).

use super::chicago;
use super::styled::{Styled, listed, quoted};
use crate::cite::{Issued, Name, Reference, Unit};

/// The entry of the list of references. Without an author the title comes first.
pub fn entry(reference: &Reference) -> Styled {
    let names: Vec<String> = reference.authors.iter().map(name).collect();
    let number = reference.number.as_ref().map(|number| {
        let is_bare = number.starts_with(|c: char| c.is_ascii_digit());
        format!(" ({}{number})", if is_bare { "Report No. " } else { "" })
    });
    let date = format!(" ({}).", date(reference, true));
    let mut line = match names.is_empty() {
        true => Styled::default().italic(&reference.title).maybe(number).stop().text(date),
        false => {
            let names = listed(&names, "&", names.len() > 1);
            let line = Styled::default().text(names).stop().text(date).text(" ");
            line.italic(&reference.title).maybe(number).stop()
        }
    };
    let is_author = |publisher: &&String| !matches!(reference.authors.as_slice(), [Name::Literal(name)] if name == *publisher);
    if let Some(publisher) = reference.publisher.as_ref().filter(is_author) {
        line = line.text(format!(" {publisher}")).stop();
    }
    match (&reference.doi, &reference.url, reference.issued) {
        (Some(doi), _, _) => line.text(format!(" https://doi.org/{doi}")),
        (None, Some(url), Some(_)) => line.text(format!(" {url}")),
        (None, Some(url), None) => {
            let day = chicago::day(&reference.accessed);
            line.text(format!(" Retrieved {day}, from {url}"))
        }
        (None, None, _) => line,
    }
}

/// The citation in the text.
pub fn in_text(reference: &Reference) -> Styled {
    let line = Styled::default().text("(");
    let line = match reference.authors.as_slice() {
        [] => line.italic(&reference.title),
        [one] => line.text(one.family()),
        [one, two] => line.text(format!("{} & {}", one.family(), two.family())),
        [one, ..] => line.text(format!("{} et al.", one.family())),
    };
    let mut line = line.text(format!(", {}", date(reference, false)));
    if let Some(pinpoint) = &reference.pinpoint {
        // Pages are enough.
        let has_page = pinpoint.locator.as_ref().is_some_and(|place| place.unit == Unit::Page);
        if let Some(section) = pinpoint.section.as_ref().filter(|_| !has_page) {
            line = line.text(format!(", {} section", quoted(section, "")));
        }
        let place = pinpoint.locator.as_ref();
        let place = place.map(|place| place.label(["p.", "pp."], ["para.", "paras."]));
        line = line.maybe(place.map(|place| format!(", {place}")));
    }
    line.text(")")
}

/// `Lee, A. B.`
fn name(name: &Name) -> String {
    let Name::Person { family, given } = name else { return name.inverted() };
    let initials = given.split(' ').filter_map(|part| part.chars().next());
    let initials: Vec<String> = initials.map(|initial| format!("{initial}.")).collect();
    format!("{family}, {}", initials.join(" "))
}

fn date(reference: &Reference, whole: bool) -> String {
    let Some(Issued { date, is_about }) = reference.issued else { return "n.d.".to_owned() };
    match (is_about, date.month_name().filter(|_| whole), date.day) {
        (true, ..) => format!("ca. {}", date.year),
        (false, Some(month), Some(day)) => format!("{}, {month} {day}", date.year),
        (false, Some(month), None) => format!("{}, {month}", date.year),
        (false, None, _) => date.year.to_string(),
    }
}
