//! Roles of sections: what a section is about, in the field's terms, by its heading.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::analyze::Analyzer;
use crate::document::Document;

/// Headings of reports like *Trafficking in Persons* and *Findings on the Worst Forms of Child Labor*,
/// and of reports by human rights organizations. The first that fits counts.
const BUILT_IN: [(&str, &[&str]); 16] = [
    (
        "references",
        &[
            "references",
            "notes",
            "endnotes",
            "footnotes",
            "bibliography",
            "sources",
            "see also",
            "external links",
            "further reading",
        ],
    ),
    (
        "recommendations",
        &[
            "recommendations",
            "recommendation",
            "suggested government actions",
            "prioritized recommendations",
        ],
    ),
    (
        "methodology",
        &["methodology", "methods", "about this report", "research methods", "scope note"],
    ),
    ("prosecution", &["prosecution", "prosecutions", "criminal law enforcement"]),
    (
        "protection",
        &["protection", "victim assistance", "victim protection", "assistance to victims"],
    ),
    ("prevention", &["prevention"]),
    ("tier", &["tier", "tier rating", "tier ranking", "tier placement"]),
    (
        "legal-framework",
        &[
            "legal framework",
            "laws and regulations",
            "ratification of international conventions",
            "legislation",
            "international standards",
        ],
    ),
    ("enforcement", &["enforcement", "labor law enforcement", "agencies responsible"]),
    ("coordination", &["coordination", "mechanisms to coordinate", "coordinating mechanisms"]),
    ("policies", &["government policies", "policies", "key policies", "national action plan"]),
    ("programs", &["social programs", "programs", "programmes"]),
    (
        "profile",
        &[
            "prevalence and sectoral distribution",
            "prevalence",
            "trafficking profile",
            "profile",
            "current situation",
            "statistics on children",
            "overview of children",
        ],
    ),
    ("summary", &["summary", "executive summary", "overview", "key findings"]),
    ("background", &["background", "context", "history", "introduction"]),
    ("findings", &["findings"]),
];

/// Which headings mean which role.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// Role, and the stemmed words of a heading, in order.
    patterns: Vec<(String, Vec<String>)>,
    /// Of headings met before, the pattern that fits: reports have their headings in common.
    known: Arc<Mutex<HashMap<String, Option<usize>>>>,
}

/// How many headings are remembered: far more than a shelf of reports has.
const MOST_KNOWN: usize = 10_000;

impl Roles {
    /// The built-in table.
    pub fn built_in() -> Roles {
        let mut roles = Roles::default();
        let mut analyzer = Analyzer::default();
        for (role, headings) in BUILT_IN {
            for heading in headings {
                roles.patterns.push((role.to_owned(), stems(&mut analyzer, heading)));
            }
        }
        roles
    }

    /// Adds headings for a role before those that are there.
    pub fn put_first(&mut self, role: &str, headings: &[String]) {
        let mut analyzer = Analyzer::default();
        let new = headings.iter().map(|heading| (role.to_owned(), stems(&mut analyzer, heading)));
        self.patterns.splice(0..0, new.collect::<Vec<_>>());
        self.known = Arc::default();
    }

    /// Gives each section the role of its heading, else that of the section around it.
    pub fn assign(&self, document: &mut Document) {
        let mut analyzer = Analyzer::default();
        for index in 1..document.sections.len() {
            let section = &document.sections[index];
            let own = self.role_of(&section.heading, &mut analyzer);
            let inherited =
                || section.parent.and_then(|parent| document.sections[parent].role.clone());
            let role = own.map(str::to_owned).or_else(inherited);
            document.sections[index].role = role;
        }
    }

    /// The role of the first pattern that fits a heading.
    fn role_of(&self, heading: &str, analyzer: &mut Analyzer) -> Option<&str> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known().get(heading).copied();
        let place = before.unwrap_or_else(|| {
            let place = self.fitting(&stems(analyzer, heading));
            let mut known = known();
            if known.len() < MOST_KNOWN {
                known.insert(heading.to_owned(), place);
            }
            place
        });
        self.patterns.get(place?).map(|(role, _)| role.as_str())
    }

    /// The first pattern that stands in a heading: at its beginning, numbering aside, or anywhere for
    /// patterns of two and more words.
    fn fitting(&self, heading: &[String]) -> Option<usize> {
        let fits = |pattern: &[String]| match pattern.len() {
            0 => false,
            1 => first_words(heading).first() == pattern.first(),
            length => heading.windows(length).any(|window| window == pattern),
        };
        self.patterns.iter().position(|(_, pattern)| fits(pattern))
    }
}

fn stems(analyzer: &mut Analyzer, heading: &str) -> Vec<String> {
    analyzer.tokens(heading).into_iter().map(|token| token.term).collect()
}

/// A heading without the number before it: `III. ENFORCEMENT`, `Table 5. Agencies`, `2.1 Protection`.
fn first_words(heading: &[String]) -> &[String] {
    let is_number = |word: &&String| {
        word.chars().all(|c| c.is_ascii_digit() || c == '.')
            || word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l'))
            || matches!(
                word.as_str(),
                "tabl" | "part" | "chapter" | "section" | "annex" | "appendix"
            )
    };
    let skip = heading.iter().take(2).take_while(is_number).count();
    heading.get(skip..).unwrap_or_default()
}
