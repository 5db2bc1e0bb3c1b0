//! The way back to the words: W3C *Web Annotation Data Model* selectors, and links with `#page=` (RFC 8118) or a text
//! fragment (WICG, *URL Fragment Text Directives*).

use serde_json::{Value, json};

use super::uri::uri;
use crate::cite::{Quote, Reference, Unit};

/// A quotation of more words is named by its first and last ones.
const MOST_WORDS: usize = 8;

/// So many of each.
const WORDS_AT_ENDS: usize = 4;

/// A resource with the quotation as a selector, and its page where it has one.
pub fn selector(reference: &Reference, quote: &Quote) -> Value {
    let mut selectors = vec![json!({
        "type": "TextQuoteSelector",
        "exact": quote.exact,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
    })];
    if let Some(page) = page(reference) {
        selectors.push(json!({
            "type": "FragmentSelector",
            "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
            "value": page,
        }));
    }
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "SpecificResource",
        "source": reference.url.clone().unwrap_or_else(|| uri(&reference.doc_id, None, None)),
        "selector": selectors,
    })
}

/// The address of the report with the page or the words; where the report has none, that of the passage here.
pub fn link(reference: &Reference, quote: Option<&Quote>) -> String {
    let Some(url) = &reference.url else {
        let passage = reference.pinpoint.as_ref().map(|pinpoint| pinpoint.passage.as_str());
        return uri(&reference.doc_id, None, passage);
    };
    // A fragment of its own would be the place of something else, or must be kept for a text directive.
    let (bare, fragment) = url.split_once('#').unwrap_or((url, ""));
    if let Some(page) = page(reference) {
        return format!("{bare}#{page}");
    }
    match quote.and_then(|quote| text_fragment(&quote.exact)) {
        Some(directive) => format!("{bare}#{fragment}{}", directive.trim_start_matches('#')),
        None => url.clone(),
    }
}

/// The page of a PDF, as viewers count: the physical one where its label is no number.
fn page(reference: &Reference) -> Option<String> {
    let is_pdf = reference.doc_id.to_lowercase().ends_with(".pdf");
    let pinpoint = reference.pinpoint.as_ref().filter(|_| is_pdf)?;
    pinpoint.locator.as_ref().filter(|locator| locator.unit == Unit::Page)?;
    Some(format!("page={}", pinpoint.page?))
}

/// Words as a text fragment, `#:~:text=first,last` where there are many; `None` where there is none.
pub fn text_fragment(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let encoded = |words: &[&str]| words.join(" ").chars().map(encode).collect::<String>();
    match words.len() {
        0 => None,
        count if count <= MOST_WORDS => Some(format!("#:~:text={}", encoded(&words))),
        count => {
            let first = encoded(words.get(..WORDS_AT_ENDS)?);
            let last = encoded(words.get(count - WORDS_AT_ENDS..)?);
            Some(format!("#:~:text={first},{last}"))
        }
    }
}

/// Everything but letters, digits and marks without a meaning there: `-`, `,` and `&` have one.
fn encode(c: char) -> String {
    if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '~') {
        return c.to_string();
    }
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect()
}
