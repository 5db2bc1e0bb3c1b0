//! Names of authors: persons only where the form says so, because `Walk Free` is nobody called Free.

use super::line;
use crate::document::Metadata;

/// An author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// An institution, or a name whose parts are not known, as it is written.
    Literal(String),
    /// A person.
    Person {
        /// The family name.
        family: String,
        /// The others.
        given: String,
    },
}

/// Words that persons do not have in their names.
const OF_INSTITUTIONS: [&str; 46] = [
    "agency",
    "alliance",
    "amnesty",
    "and",
    "association",
    "authority",
    "bank",
    "bureau",
    "center",
    "centre",
    "college",
    "commission",
    "committee",
    "community",
    "congress",
    "contributors",
    "council",
    "department",
    "dept",
    "division",
    "embassy",
    "federation",
    "for",
    "foundation",
    "fund",
    "government",
    "group",
    "inc",
    "institute",
    "international",
    "ltd",
    "ministry",
    "nations",
    "network",
    "of",
    "office",
    "organisation",
    "organization",
    "programme",
    "school",
    "secretariat",
    "service",
    "society",
    "staff",
    "union",
    "university",
];

/// The authors of a document.
pub fn names(metadata: &Metadata) -> Vec<Name> {
    let values = ["author", "authors"].iter().find_map(|key| metadata.get(*key));
    let values = values.into_iter().flatten().flat_map(|value| value.split(';'));
    values.map(line).filter(|name| !name.is_empty()).map(|name| Name::of(&name)).collect()
}

impl Name {
    /// `Lee, Ann` and `A. B. Lee` are persons; anything else is taken as it is written.
    pub fn of(name: &str) -> Name {
        let literal = || Name::Literal(name.to_owned());
        let words: Vec<String> = name
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let is_institution = words.iter().any(|word| OF_INSTITUTIONS.contains(&word.as_str()));
        if is_institution || name.contains(|c: char| c.is_ascii_digit() || "&/()@".contains(c)) {
            return literal();
        }
        let person = |family: &str, given: &str| Name::Person {
            family: family.trim().to_owned(),
            given: given.trim().to_owned(),
        };
        let is_short = |part: &str| (1..=3).contains(&part.split_whitespace().count());
        match name.split(',').collect::<Vec<_>>().as_slice() {
            [family, given] if is_short(family) && is_short(given) => person(family, given),
            [whole] => {
                let (given, family) = whole.rsplit_once(' ').unwrap_or(("", whole));
                let is_initial = |word: &str| word.ends_with('.') && word.chars().count() == 2;
                let has_initial = given.split(' ').any(is_initial);
                match has_initial && is_short(given) && family.chars().count() > 2 {
                    true => person(family, given),
                    false => literal(),
                }
            }
            _ => literal(),
        }
    }

    /// As it stands in a list of references, family name first.
    pub fn inverted(&self) -> String {
        match self {
            Name::Literal(name) => name.clone(),
            Name::Person { family, given } => format!("{family}, {given}"),
        }
    }

    /// As it is spoken.
    pub fn spoken(&self) -> String {
        match self {
            Name::Literal(name) => name.clone(),
            Name::Person { family, given } => format!("{given} {family}"),
        }
    }

    /// The family name, or all of a name without one.
    pub fn family(&self) -> &str {
        match self {
            Name::Literal(name) => name,
            Name::Person { family, .. } => family,
        }
    }
}
