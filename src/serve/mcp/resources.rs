//! Resources: each report as a text with its headings, by its address; a passage or a section of it by a template.

use std::sync::Arc;

use rmcp::model::{
    ErrorData, ListResourcesResult, ReadResourceResult, Resource, ResourceContents,
    ResourceTemplate,
};

use super::address::{Address, Stretch, uri};
use crate::serve::operations::Open;
use crate::serve::problem::Problem;

/// So many reports are listed at once.
const PAGE: usize = 200;

/// So many are listed in all: clients take every page at once, and give up after some 60. The others have addresses
/// too, which searches name.
const MOST: usize = 10_000;

/// A longer report is cut, in bytes: `fetch` goes on.
const LONGEST: usize = 256 << 10;

fn fault(problem: &Problem) -> ErrorData {
    ErrorData::internal_error(problem.text(), None)
}

/// A page of the reports of all indexes. A cursor is how many come before it.
pub fn listed(
    opened: &[Arc<Open>],
    cursor: Option<&str>,
) -> Result<ListResourcesResult, ErrorData> {
    let start: usize = match cursor {
        None => 0,
        Some(cursor) => cursor
            .parse()
            .map_err(|_| ErrorData::invalid_params("the cursor is not one of this server", None))?,
    };
    let all = || {
        let each = opened.iter();
        each.flat_map(|open| open.documents().map(move |listed| (open, listed))).take(MOST)
    };
    let page = all().skip(start).take(PAGE).map(|(open, listed)| {
        Resource::new(uri(open, &listed.doc_id, None), listed.doc_id.as_str())
            .with_title(listed.title.as_str())
            .with_mime_type("text/markdown")
    });
    let mut result = ListResourcesResult::with_all_items(page.collect());
    let next = start.saturating_add(PAGE);
    result.next_cursor = (next < all().count()).then(|| next.to_string());
    Ok(result)
}

/// How the addresses of reports, sections and passages are made.
pub fn templates(has_several: bool) -> Vec<ResourceTemplate> {
    let template = |pattern: &str, name: &str, about: &str| {
        ResourceTemplate::new(pattern, name).with_description(about).with_mime_type("text/markdown")
    };
    let mut templates = vec![
        template("tipsearch://{+doc}", "report", "A report by its id, with its headings."),
        template(
            "tipsearch://{+doc}#{part}",
            "part",
            "A passage of a report by its id, or a section by its anchor.",
        ),
    ];
    if has_several {
        let about = "A report of another index than the first.";
        templates.push(template("tipsearch://{+doc}?index={index}", "indexed", about));
    }
    templates
}

/// The text at an address.
pub fn read(open: &Open, address: &str) -> Result<ReadResourceResult, ErrorData> {
    let found = Address::find(open.engine(), address);
    let stretch = match found.map_err(|error| fault(&Problem::from(error)))? {
        Some(Address::Passage(passage)) => Stretch::alone(vec![*passage]),
        Some(Address::Document(passages)) => Stretch::alone(passages),
        Some(Address::Stretch(stretch)) => *stretch,
        None => {
            let message = format!("there is nothing at `{address}`");
            let data = serde_json::json!({"uri": address});
            return Err(ErrorData::resource_not_found(message, Some(data)));
        }
    };
    let text = text(open, &stretch);
    let contents = ResourceContents::text(text, address).with_mime_type("text/markdown");
    Ok(ReadResourceResult::new(vec![contents]))
}

fn text(open: &Open, stretch: &Stretch) -> String {
    let mut text = String::new();
    let count = stretch.passages.len();
    for at in 0..count {
        if text.len() > LONGEST {
            let rest = stretch.address(open, at..count, 0).unwrap_or_default();
            text.push_str(&format!("[cut here; `fetch` the id {rest} goes on]\n"));
            break;
        }
        text.push_str(&stretch.lead(at));
        text.push_str(stretch.text(at));
        // A heading that nothing stands under has its blank line already.
        if !text.ends_with("\n\n") {
            text.push_str("\n\n");
        }
    }
    text
}
