//! A thesaurus in SKOS (Simple Knowledge Organization System), written as Turtle: the form in which the
//! United Nations, the European Union and others publish theirs.
//!
//! The preferred and alternative labels of a concept are a group; its hidden labels (slips, old spellings)
//! stand for these one way. Each language is a group of its own, labels without a language go with English;
//! those of languages that the index does not have are left out of a query like all words that it does not
//! have. Broader, narrower and related concepts mean something else and are passed over.

use std::collections::BTreeMap;

use oxrdf::{Literal, Term};
use oxttl::TurtleParser;

use super::{Faulty, File, MOST_WORDS, Rule};

const CORE: &str = "http://www.w3.org/2004/02/skos/core#";

/// The labels of a concept in one language.
#[derive(Default)]
struct Labels {
    group: Vec<String>,
    hidden: Vec<String>,
}

/// Reads the rules of a file.
pub fn rules(text: &str) -> Faulty<File> {
    let mut concepts: BTreeMap<(String, String), Labels> = BTreeMap::new();
    // Concepts may be named relative to the address that the file is published under.
    let parser = TurtleParser::new().with_base_iri("http://localhost/");
    let parser = parser.map_err(|error| error.to_string())?;
    for triple in parser.for_slice(text) {
        let triple = triple.map_err(|error| {
            let line = error.location().start.line + 1;
            format!("line {line}: {}; it must be SKOS in Turtle", error.message())
        })?;
        let Term::Literal(label) = &triple.object else { continue };
        let is_hidden = match triple.predicate.as_str().strip_prefix(CORE) {
            Some("prefLabel" | "altLabel") => false,
            Some("hiddenLabel") => true,
            _ => continue,
        };
        // The names of concepts may be whole sentences; nobody types those.
        if label.value().split_whitespace().count() > MOST_WORDS {
            continue;
        }
        let labels = concepts.entry((triple.subject.to_string(), language(label))).or_default();
        let labels = if is_hidden { &mut labels.hidden } else { &mut labels.group };
        labels.push(label.value().to_owned());
    }
    let mut rules = Vec::new();
    for ((place, _), Labels { group, hidden }) in concepts {
        if !hidden.is_empty() {
            rules.push(Rule { place: place.clone(), from: hidden, to: group.clone() });
        }
        rules.push(Rule { place, from: Vec::new(), to: group });
    }
    match rules.is_empty() {
        true => Err("it has no `skos:prefLabel` or `skos:altLabel`".to_owned()),
        false => Ok(File { rules, is_beside: true }),
    }
}

/// The language of a label without its region: `en` for `en-GB`, and where none is said.
fn language(label: &Literal) -> String {
    let tag = label.language().unwrap_or("en").to_lowercase();
    tag.split('-').next().unwrap_or_default().to_owned()
}
