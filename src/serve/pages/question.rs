//! What is asked on one page and goes with the reader to the next: the words, what is chosen beside them, and how
//! they are meant.

use super::search::filter_of;
use super::{address, address_at};
use crate::rank::Deadline;
use crate::render::cite::uri::escaped;
use crate::search::SearchRequest;
use crate::serve::operations::{LONGEST_ID, Open};
use crate::serve::parameters::{Kind, Parameter, Values};

/// The parameters of a question, of every page that takes one.
pub const QUERY: Parameter = Parameter::new("q", Kind::Text(LONGEST_TYPED), "the query");
pub const FILTERS: Parameter = Parameter::new(
    "f",
    Kind::Many(40, LONGEST_FILTER),
    "a filter that is chosen, as in `country:Albania`",
);
pub const LITERAL: Parameter =
    Parameter::new("literal", Kind::Flag, "words as written").or("false");
pub const SYNONYMS: Parameter = Parameter::new(
    "synonyms",
    Kind::Flag,
    "`false`: no synonyms, no near spellings, and no likeness in meaning, as words are counted",
)
.or("true");
pub const LIKE: Parameter =
    Parameter::new("like", Kind::Text(LONGEST_ID), "the id of a passage that hits are to be like");

/// The longest text that a page takes for a query and shows again, to be mended where it is too long for one: about what
/// an address can have.
const LONGEST_TYPED: usize = 1 << 16;

/// The longest filter that is chosen: a field with the id of a report.
const LONGEST_FILTER: usize = LONGEST_ID + 100;

/// Fields of which passages of one report have different values.
const OF_PASSAGES: [&str; 3] = ["role", "section", "heading"];

/// A question.
#[derive(Clone, Debug)]
pub struct Question<'v> {
    pub query: &'v str,
    /// Filters that are chosen, as `field:value`.
    pub chosen: Vec<&'v str>,
    pub literal: bool,
    /// Whether what the words are also called is found too.
    pub synonyms: bool,
    /// The id of the passage that hits are to be like; empty for none.
    pub like: &'v str,
}

impl Default for Question<'_> {
    /// Nothing is asked, in the words' forms and synonyms.
    fn default() -> Self {
        Question { query: "", chosen: Vec::new(), literal: false, synonyms: true, like: "" }
    }
}

impl<'v> Question<'v> {
    /// The question of an address.
    pub fn of(values: &'v Values) -> Question<'v> {
        Question {
            query: values.text("q"),
            chosen: values.list("f").iter().map(String::as_str).collect(),
            literal: values.flag("literal"),
            synonyms: values.flag("synonyms"),
            like: values.text("like"),
        }
    }

    pub fn has_words(&self) -> bool {
        !self.query.trim().is_empty()
    }

    /// Whether nothing is asked for; filters alone ask for nothing.
    pub fn is_nothing(&self) -> bool {
        !self.has_words() && self.like.is_empty()
    }

    /// The same about one report, which has what is asked of reports.
    pub fn within_report(&self) -> Question<'v> {
        let is_of_passages = |filter: &&str| {
            filter.split_once(':').is_some_and(|(field, _)| OF_PASSAGES.contains(&field))
        };
        let chosen = self.chosen.iter().copied().filter(is_of_passages).collect();
        Question { chosen, ..self.clone() }
    }

    /// What an address says of it, the words first. What is empty is left out there.
    pub fn pairs(&self) -> Vec<(&'v str, &'v str)> {
        let mut pairs = vec![
            ("q", self.query),
            ("literal", if self.literal { "true" } else { "" }),
            ("synonyms", if self.synonyms { "" } else { "false" }),
            ("like", self.like),
        ];
        pairs.extend(self.chosen.iter().map(|filter| ("f", *filter)));
        pairs
    }

    /// The request that asks it.
    pub fn request(&self, until: &Deadline) -> SearchRequest {
        let chosen: Vec<String> = self.chosen.iter().map(|filter| (*filter).to_owned()).collect();
        SearchRequest {
            filter: filter_of(&chosen),
            literal: self.literal,
            synonyms: self.synonyms,
            forms: self.synonyms,
            lexical: !self.synonyms,
            like: Some(self.like.to_owned()).filter(|id| !id.is_empty()),
            until: until.clone(),
            ..SearchRequest::new(self.query)
        }
    }

    /// The address of a page that is asked it, with something more.
    pub fn address(&self, open: &Open, path: &str, more: &[(&str, &str)]) -> String {
        let mut pairs: Vec<(&str, &str)> = self.pairs();
        pairs.splice(1..1, more.iter().copied());
        address(open, path, &pairs)
    }

    /// The address of a report's page with what of it is found lit, at a passage that was found.
    pub fn in_report(&self, open: &Open, doc_id: &str, id: Option<&str>) -> String {
        let at = [("at", id.unwrap_or_default())];
        address_at(self.within_report().address(open, &report_path(doc_id), &at), id)
    }
}

/// Where the page of a report is.
pub fn report_path(doc_id: &str) -> String {
    format!("/d/{}", escaped(doc_id))
}
