//! CSL-JSON, by the schema of the Citation Style Language 1.0.2 (`csl-data.json`).

use serde_json::{Value, json};

use crate::cite::{Date, Kind, Name, Reference};

/// A reference as an item. The place of a passage is its `section` and `locator`.
pub fn csl(reference: &Reference) -> Value {
    let mut item = json!({
        "id": reference.key(),
        "type": match reference.kind {
            Kind::Report => "report",
            Kind::WebPage => "webpage",
        },
        "title": reference.title,
        "accessed": date(&reference.accessed),
    });
    if !reference.authors.is_empty() {
        item["author"] = reference.authors.iter().map(name).collect();
    }
    let site = reference.publisher.as_ref().filter(|_| reference.kind == Kind::WebPage);
    let texts = [
        ("publisher", reference.publisher.as_ref()),
        ("container-title", site),
        ("publisher-place", reference.place.as_ref()),
        ("number", reference.number.as_ref()),
        ("URL", reference.url.as_ref()),
        ("DOI", reference.doi.as_ref()),
        ("language", reference.lang.as_ref()),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            item[key] = json!(text);
        }
    }
    if let Some(issued) = reference.issued {
        item["issued"] = date(&issued.date);
        if issued.is_about {
            item["issued"]["circa"] = json!(true);
        }
    }
    if let Some(pinpoint) = &reference.pinpoint {
        if let Some(section) = &pinpoint.section {
            item["section"] = json!(section);
        }
        if let Some(locator) = &pinpoint.locator {
            item["locator"] = json!(locator.numbers());
        }
        item["custom"] = json!({"tipsearch-passage": pinpoint.passage});
    }
    item
}

fn name(name: &Name) -> Value {
    match name {
        Name::Literal(name) => json!({"literal": name}),
        Name::Person { family, given } => json!({"family": family, "given": given}),
    }
}

fn date(date: &Date) -> Value {
    let parts: Vec<u32> = [Some(date.year), date.month, date.day].into_iter().flatten().collect();
    json!({"date-parts": [parts]})
}
