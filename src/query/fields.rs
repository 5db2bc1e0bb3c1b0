//! Fields and filters: `country:kazakhstan`, `year:2007..2010`, and the answer to a field there is not.

use crate::analyze;
use crate::error::{Error, Result};

/// Fields that every index has.
const BUILT_IN: [&str; 9] =
    ["title", "heading", "section", "role", "country", "year", "lang", "doc", "source"];

/// Letters from which on a name of a field may have two slips, and be the beginning of another.
const LONG_NAME: usize = 6;
const SHORT_NAME: usize = 4;

/// The fields a query may name: the built-in ones and the keys of the reports' metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// Keys of metadata found in the index, in lower case.
    pub metadata: Vec<String>,
}

/// A restriction by metadata: a passage passes where any of the values fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// In lower case.
    pub field: String,
    /// What the field may be: any of these.
    pub values: Vec<FilterValue>,
}

/// What a filter asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterValue {
    /// The whole value, folded.
    Is(String),
    /// A value of several words that has this one, folded.
    HasWord(String),
    /// Years from .. to, both included; an open end is `None`.
    Years(Option<i64>, Option<i64>),
}

/// Metadata that prose names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The values of a field.
    pub filter: Filter,
    /// The words that name them, folded.
    pub words: Vec<String>,
}

impl Fields {
    /// Whether a name is a field, and its canonical (lower-case) form.
    pub fn canonical(&self, name: &str) -> Option<String> {
        let name = name.to_lowercase();
        let known = BUILT_IN.contains(&name.as_str()) || self.metadata.contains(&name);
        known.then_some(name)
    }

    /// The field whose name may be meant: a slip away, or two in a long one, or its beginning or what it begins with.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let name = name.to_lowercase();
        let slips = 1 + usize::from(name.len() >= LONG_NAME);
        let begins = |field: &str| field.starts_with(&name) || name.starts_with(field);
        let is_near = |(distance, field): &(usize, &str)| {
            *distance <= slips || name.len().min(field.len()) >= SHORT_NAME && begins(field)
        };
        let all = self.names().map(|field| (edit_distance(field, &name), field));
        all.filter(is_near).min().map(|(_, field)| field)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        BUILT_IN.into_iter().chain(self.metadata.iter().map(String::as_str))
    }

    /// The error for a field that is not there.
    pub fn unknown(&self, query: &str, column: usize, name: &str) -> Error {
        let mut names: Vec<&str> = self.names().collect();
        names.sort_unstable();
        names.dedup();
        let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let hint = match self.nearest(name) {
            Some(near) => format!("did you mean `{near}:`? the fields are {list}"),
            None => format!("the fields are {list}; put the words in quotes to search for them"),
        };
        let message = format!("there is no field `{name}`");
        Error::Query { query: query.to_owned(), column, message, hint: Some(hint) }
    }
}

impl Filter {
    /// Reads a filter's value. `column` is where the value stands in the query.
    pub fn parse(field: &str, value: &str, query: &str, column: usize) -> Result<Filter> {
        let value = match field {
            "year" => years(value).ok_or_else(|| Error::Query {
                query: query.to_owned(),
                column,
                message: format!("`{value}` is not a year or a range of years"),
                hint: Some(
                    "write `year:2008`, `year:2007..2010`, `year:2015..` or `year:..2010`".into(),
                ),
            })?,
            _ => FilterValue::Is(fold_value(value)),
        };
        Ok(Filter { field: field.to_owned(), values: vec![value] })
    }

    /// Takes other values too. A lower and an upper bound are a range: nobody who writes both means either.
    pub(super) fn add(&mut self, values: Vec<FilterValue>) {
        use FilterValue::Years;
        match (self.values.as_slice(), values.as_slice()) {
            ([Years(Some(from), None)], [Years(None, Some(to))])
            | ([Years(None, Some(to))], [Years(Some(from), None)])
                if from <= to =>
            {
                self.values = vec![Years(Some(*from), Some(*to))];
            }
            _ => self.values.extend(values),
        }
    }
}

/// A value of metadata as filters compare it: its words folded, one blank between them.
pub fn fold_value(value: &str) -> String {
    let words = analyze::word_ranges(value);
    let folded: Vec<String> =
        words.into_iter().map(|word| analyze::folded(&value[word].to_lowercase())).collect();
    match folded.is_empty() {
        true => value.trim().to_lowercase(),
        false => folded.join(" "),
    }
}

fn years(value: &str) -> Option<FilterValue> {
    let year = |text: &str| text.trim().parse::<i64>().ok();
    let bounds = [(">=", 0), (">", 1), ("<=", 0), ("<", -1)];
    if let Some((sign, by)) = bounds.into_iter().find(|(sign, _)| value.starts_with(sign)) {
        let bound = Some(year(&value[sign.len()..])?.saturating_add(by));
        return Some(match sign.starts_with('>') {
            true => FilterValue::Years(bound, None),
            false => FilterValue::Years(None, bound),
        });
    }
    // `2019-2021` is how a range is written elsewhere; no year is below 0.
    let dash = value.split_once(['-', '–']).filter(|(from, _)| !from.trim().is_empty());
    let Some((from, to)) = value.split_once("..").or(dash) else {
        let year = year(value)?;
        return Some(FilterValue::Years(Some(year), Some(year)));
    };
    let end = |text: &str| if text.trim().is_empty() { Some(None) } else { year(text).map(Some) };
    let (from, to) = (end(from)?, end(to)?);
    // `2019-20`.
    let century = from.filter(|from| *from >= 100).map(|from| from / 100 * 100);
    let to = to.map(|to| if (0..100).contains(&to) { to + century.unwrap_or(0) } else { to });
    // Nobody who writes the later one first means nothing.
    let (from, to) = match (from, to) {
        (Some(from), Some(to)) if from > to => (Some(to), Some(from)),
        bounds => bounds,
    };
    (from.is_some() || to.is_some()).then_some(FilterValue::Years(from, to))
}

/// Damerau-Levenshtein distance in characters (optimal string alignment: a swap of neighbours counts
/// one).
pub fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}
