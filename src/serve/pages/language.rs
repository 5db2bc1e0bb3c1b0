//! How to ask: the query language by examples that can be followed.

use maud::{Markup, html};

use super::address;
use crate::serve::operations::Open;

const EXAMPLES: [(&str, &str); 8] = [
    (
        "border guards complicity",
        "passages that have most of what the words say; forms and synonyms too",
    ),
    ("\"border guards\"", "these words, one after another"),
    ("police NEAR/5 bribe*", "near one another; words that begin so"),
    ("police AND (bribe* OR complicit*) NOT traffic", "all, any, none"),
    ("+police -smuggling", "must be there, must not"),
    ("traficking~1", "spelled nearly so"),
    (
        "country:kazakhstan year:2007..2010 trafficking",
        "by field: country, year, title, heading, section, role, lang, doc",
    ),
    ("section:prosecution police", "under headings with this word"),
];

/// The examples, each a search.
pub fn examples(open: &Open) -> Markup {
    html! {
        dl {
            @for (query, about) in EXAMPLES {
                dt { a href=(address(open, "/", &[("q", query)])) { code { (query) } } }
                dd { (about) }
            }
        }
    }
}

/// The same, to be opened where it is wanted.
pub fn help(open: &Open, is_open: bool) -> Markup {
    html! { details.language open[is_open] { summary { "How to ask" } (examples(open)) } }
}
