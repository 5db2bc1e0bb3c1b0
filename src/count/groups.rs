//! What counts are grouped by: what a report is about, when it was written, what a section is about.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::error::{Error, Result};
use crate::passage::{Passage, Report};
use crate::query::Fields;

/// Something that passages have a value of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupField {
    /// As it is shown, in lower case.
    pub name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The report's (first) year.
    Year,
    Lang,
    /// The id of the document.
    Document,
    /// The title of the report.
    Title,
    /// What the section is about.
    Role,
    /// The nearest heading, as written.
    Section,
    /// A key of metadata; a report that has several values is in the group of each.
    Metadata,
}

/// A value that passages share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// A number: a year.
    Number(i64),
    /// Anything else.
    Text(String),
    /// Of those that have no value.
    None,
}

impl Group {
    /// As it is shown.
    pub fn label(&self) -> Cow<'_, str> {
        match self {
            Group::Number(number) => number.to_string().into(),
            Group::Text(text) => text.into(),
            Group::None => "(none)".into(),
        }
    }
}

/// Numbers by size, texts by the alphabet whatever their case, and what has no value last.
impl Ord for Group {
    fn cmp(&self, other: &Group) -> Ordering {
        match (self, other) {
            (Group::Number(a), Group::Number(b)) => a.cmp(b),
            (Group::Text(a), Group::Text(b)) => {
                let folded = |text: &str| text.to_lowercase();
                folded(a).cmp(&folded(b)).then_with(|| a.cmp(b))
            }
            _ => self.place().cmp(&other.place()),
        }
    }
}

impl PartialOrd for Group {
    fn partial_cmp(&self, other: &Group) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Group {
    fn place(&self) -> u8 {
        match self {
            Group::Number(_) => 0,
            Group::Text(_) => 1,
            Group::None => 2,
        }
    }
}

impl GroupField {
    /// The field of this name: `country`, `year`, `role`, `section`, `lang`, `doc`, `title`, or a key of the
    /// reports' metadata.
    ///
    /// # Errors
    /// `Usage` for a name that is none, with the nearest.
    pub fn of(name: &str, fields: &Fields) -> Result<GroupField> {
        let name = name.trim().to_lowercase();
        let kind = match name.as_str() {
            "year" => Kind::Year,
            "lang" | "language" => Kind::Lang,
            "doc" | "document" => Kind::Document,
            "title" => Kind::Title,
            "role" => Kind::Role,
            "section" | "heading" => Kind::Section,
            _ if fields.canonical(&name).is_some() => Kind::Metadata,
            _ => return Err(unknown(&name, fields)),
        };
        Ok(GroupField { name, kind })
    }

    /// The fields of these names, each once.
    ///
    /// # Errors
    /// As [`GroupField::of`]; and for a name that comes twice.
    pub fn all(names: &[String], fields: &Fields) -> Result<Vec<GroupField>> {
        let mut all: Vec<GroupField> = Vec::new();
        for name in names {
            let field = GroupField::of(name, fields)?;
            if all.iter().any(|other| other.kind == field.kind && other.name == field.name) {
                return Err(Error::usage(format!("`{name}` is named twice")));
            }
            all.push(field);
        }
        Ok(all)
    }

    /// Whether it is the role of a passage's section.
    pub fn is_role(&self) -> bool {
        matches!(self.kind, Kind::Role)
    }

    /// Whether it is the nearest heading of a passage.
    pub fn is_section(&self) -> bool {
        matches!(self.kind, Kind::Section)
    }

    /// Whether all passages of a document have the same value.
    pub fn is_of_documents(&self) -> bool {
        !matches!(self.kind, Kind::Role | Kind::Section)
    }

    /// The groups that a passage is in; at least one.
    pub fn groups(&self, passage: &Passage) -> Vec<Group> {
        let some = |text: Option<&str>| vec![text.map_or(Group::None, text_group)];
        match self.kind {
            Kind::Role => vec![role_group(passage)],
            Kind::Section => {
                some(passage.trail.last().filter(|_| passage.trail.len() > 1).map(String::as_str))
            }
            _ => self.groups_of_report(&passage.report),
        }
    }

    /// The groups that all passages of a report are in; that of those without a value for what only passages have.
    pub fn groups_of_report(&self, report: &Report) -> Vec<Group> {
        let values = |key: &str| report.metadata.get(key).map(Vec::as_slice).unwrap_or_default();
        match self.kind {
            Kind::Document => vec![text_group(&report.doc_id)],
            Kind::Title => vec![text_group(&report.title)],
            Kind::Lang => vec![report.language().map_or(Group::None, text_group)],
            Kind::Year => {
                let year = values("year").first().and_then(|year| year.trim().parse().ok());
                vec![year.map_or(Group::None, Group::Number)]
            }
            Kind::Metadata => {
                let mut groups: Vec<Group> =
                    values(&self.name).iter().map(|value| text_group(value)).collect();
                groups.sort_unstable();
                groups.dedup();
                if groups.is_empty() { vec![Group::None] } else { groups }
            }
            Kind::Role | Kind::Section => vec![Group::None],
        }
    }
}

/// The role of the passage's section.
pub(super) fn role_group(passage: &Passage) -> Group {
    passage.role.as_deref().map_or(Group::None, text_group)
}

fn text_group(text: &str) -> Group {
    match text.trim() {
        "" => Group::None,
        text => Group::Text(text.to_owned()),
    }
}

fn unknown(name: &str, fields: &Fields) -> Error {
    let mut names = vec!["country", "year", "role", "section", "lang", "doc", "title"];
    names.extend(fields.metadata.iter().map(String::as_str));
    names.sort_unstable();
    names.dedup();
    let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let hint = match fields.nearest(name) {
        Some(near) => format!("did you mean `{near}`? the fields are {list}"),
        None => format!("the fields are {list}"),
    };
    Error::Usage { message: format!("there is no field `{name}` to group by"), hint: Some(hint) }
}
