//! Packages of Office Open XML: relationships between parts, and the properties of the document.

use std::collections::HashMap;

use super::builder::DocumentBuilder;
use super::metadata::language_tag;
use super::package::Package;
use super::xml::{Xml, decode};

/// Titles that programs put there by themselves.
const NO_TITLES: [&str; 8] = [
    "untitled",
    "title",
    "powerpoint presentation",
    "presentation",
    "document",
    "slide 1",
    "untitled document",
    "word document",
];

/// More parts than this need not be told that cannot be read.
const MOST_FAULTS: usize = 10;

/// An open package whose parts are found whatever the case of their names.
pub struct Parts<'a> {
    package: Package<'a>,
    /// The names as the archive has them, by the names as references have them.
    names: HashMap<String, String>,
    /// Parts that could not be read.
    faults: usize,
}

impl<'a> Parts<'a> {
    /// Opens a package.
    ///
    /// # Errors
    /// The reason: it is damaged, encrypted, or has too many members.
    pub fn open(bytes: &'a [u8]) -> Result<Parts<'a>, String> {
        let package = Package::open(bytes)?;
        let key = |name: &String| (comparable(name), name.clone());
        let names = package.names().iter().map(key).collect();
        Ok(Parts { package, names, faults: 0 })
    }

    /// The bytes of a part; `None` where there is none of that name.
    ///
    /// # Errors
    /// The reason: it is damaged, encrypted, or goes beyond a limit.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        match self.names.get(&comparable(name)) {
            Some(name) => self.package.part(&name.clone()),
            None => Ok(None),
        }
    }

    /// The bytes of a part that the document can do without; what is wrong with it is a warning.
    pub fn optional(&mut self, name: &str, builder: &mut DocumentBuilder<'_>) -> Vec<u8> {
        match self.part(name) {
            Ok(part) => part.unwrap_or_default(),
            Err(reason) => {
                self.faults += 1;
                if self.faults <= MOST_FAULTS {
                    builder.warn(reason, None);
                }
                Vec::new()
            }
        }
    }

    /// The relationships of a part, or of the package for an empty name.
    pub fn relations(&mut self, part: &str) -> Relations {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = format!("{folder}/_rels/{file}.rels");
        // Without them, parts are looked for under their usual names.
        let bytes = self.part(&name).ok().flatten().unwrap_or_default();
        Relations::parse(&decode(&bytes), folder)
    }

    /// The main part: where the package says, else under its usual name.
    ///
    /// # Errors
    /// The reason: there is none, or it cannot be read.
    pub fn main(&mut self, usual: &str) -> Result<(String, Vec<u8>), String> {
        let named = self.relations("").first("officeDocument").map(str::to_owned);
        for name in named.into_iter().chain([usual.to_owned()]) {
            if let Some(bytes) = self.part(&name)? {
                return Ok((name, bytes));
            }
        }
        Err(format!("it has no `{usual}`, its main part"))
    }

    /// Reads the properties of the document into the metadata; gives its title, where that is one.
    pub fn properties(&mut self, builder: &mut DocumentBuilder<'_>) -> Properties {
        let named = self.relations("").first("core-properties").map(str::to_owned);
        let name = named.unwrap_or_else(|| "docProps/core.xml".to_owned());
        let bytes = self.optional(&name, builder);
        properties(&decode(&bytes), builder)
    }
}

/// A name as it is compared: in small letters, with `/`, without one at its beginning.
fn comparable(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// Where a relationship leads.
#[derive(Clone, Debug)]
pub struct Relation {
    id: String,
    /// The last word of its type: `styles`, `hyperlink`, `slide`.
    kind: String,
    /// The name of a part, or an address.
    pub target: String,
    /// Whether the target is an address.
    pub is_external: bool,
}

/// The relationships of a part.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    all: Vec<Relation>,
    by_id: HashMap<String, usize>,
}

impl Relations {
    fn parse(text: &str, folder: &str) -> Relations {
        let mut relations = Relations::default();
        let mut xml = Xml::new(text);
        while let Some(tag) = xml.within(0) {
            let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target")) else {
                continue;
            };
            let kind = tag.attribute("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let is_external = tag.attribute("TargetMode").as_deref() == Some("External");
            let target = if is_external { target } else { resolve(folder, &target) };
            relations.by_id.insert(id.clone(), relations.all.len());
            relations.all.push(Relation { id, kind, target, is_external });
        }
        relations
    }

    /// The relationship of this id.
    pub fn get(&self, id: &str) -> Option<&Relation> {
        self.all.get(*self.by_id.get(id)?)
    }

    /// The target of the first relationship of a kind.
    pub fn first(&self, kind: &str) -> Option<&str> {
        self.of_kind(kind).next().map(|(_, target)| target)
    }

    /// Ids and targets of all relationships of a kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = (&str, &str)> {
        let is_wanted = move |relation: &&Relation| relation.kind == kind;
        self.all.iter().filter(is_wanted).map(|found| (found.id.as_str(), found.target.as_str()))
    }
}

/// A target relative to the folder of the part that refers to it.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// What a document says of itself beside its metadata.
#[derive(Clone, Debug, Default)]
pub struct Properties {
    /// Its title.
    pub title: Option<String>,
    /// Its language, BCP 47.
    pub lang: Option<String>,
}

/// Reads Dublin Core as Office and OpenDocument write it.
pub fn properties(text: &str, builder: &mut DocumentBuilder<'_>) -> Properties {
    let mut found = Properties::default();
    let mut dates = [None, None];
    let (mut creator, mut initial_creator) = (String::new(), String::new());
    let mut xml = Xml::new(text);
    while let Some(tag) = xml.within(0) {
        let name = tag.name().to_owned();
        let mut text = || Some(xml.text()).filter(|text| !is_of_template(text)).unwrap_or_default();
        match name.as_str() {
            "title" => found.title = Some(text()).filter(|title| is_title(title)),
            "creator" => creator = text(),
            // OpenDocument calls the one who saved last the creator.
            "initial-creator" => initial_creator = text(),
            "subject" | "description" | "category" => builder.metadata(&name, &text()),
            "keywords" => keywords(&text(), builder),
            "keyword" => builder.metadata("keywords", &text()),
            "language" => found.lang = language_tag(&text()),
            "created" | "creation-date" => dates[0] = date(&text()),
            "modified" | "date" => dates[1] = date(&text()),
            _ => {}
        }
    }
    authors(if initial_creator.is_empty() { &creator } else { &initial_creator }, builder);
    let [created, modified] = dates;
    if let Some(date) = created.as_ref().or(modified.as_ref()) {
        builder.metadata("date", date);
    }
    if let Some(modified) = modified.filter(|_| created.is_some()) {
        builder.metadata("modified", &modified);
    }
    found
}

fn authors(text: &str, builder: &mut DocumentBuilder<'_>) {
    let names = text.split(';').map(str::trim);
    names.for_each(|name| builder.metadata("author", name));
}

fn keywords(text: &str, builder: &mut DocumentBuilder<'_>) {
    // Files with thousands of them exist to be found, not to find.
    let words = text.split([',', ';']).take(100);
    words.for_each(|word| builder.metadata("keywords", word));
}

/// What a library writes into every document that it makes.
fn is_of_template(text: &str) -> bool {
    matches!(
        text,
        "python-docx" | "openpyxl" | "generated by python-docx" | "generated using python-pptx"
    ) || matches!(text, "2013-12-23T23:15:00Z" | "2013-01-27T09:14:16Z")
}

/// The day of a W3CDTF date, where the year is one that office programs existed in.
pub fn date(text: &str) -> Option<String> {
    let day = text.trim().get(..10)?;
    let year: u32 = day.get(..4)?.parse().ok()?;
    let is_day = day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    (is_day && (1985..2200).contains(&year)).then(|| day.to_owned())
}

/// Whether a title is one that somebody gave: programs put file names and their own names there.
pub fn is_title(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    let is_file = title.starts_with("microsoft word - ")
        || [".doc", ".docx", ".dot", ".dotx", ".ppt", ".pptx", ".xls", ".xlsx", ".odt", ".rtf"]
            .iter()
            .any(|ending| title.ends_with(ending));
    !title.is_empty() && !is_file && !NO_TITLES.contains(&title.as_str())
}
