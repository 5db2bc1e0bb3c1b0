//! Parameters: what they are called, what they may be, and what a request gives for them. The check is one for
//! addresses, bodies and tools: what is unknown is refused with the nearest name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::LONGEST_SEARCH;
use super::problem::Problem;
use crate::query::edit_distance;
use crate::rank::Deadline;

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text of at most so many bytes.
    Text(usize),
    /// A whole number, both ends included.
    Number(usize, usize),
    /// Yes or no.
    Flag,
    /// One of these.
    Choice(&'static [&'static str]),
    /// At most so many texts, each of at most so many bytes; in an address separated by commas or given several times.
    List(usize, usize),
    /// The same, in an address only given several times: the texts may have commas.
    Many(usize, usize),
}

/// A parameter of an operation or of a tool.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Another name that is taken for it.
    pub alias: Option<&'static str>,
    /// What it may be.
    pub kind: Kind,
    /// What holds where it is not given.
    pub default: Option<&'static str>,
    /// Whether it must be given.
    pub is_required: bool,
    /// Another, without which it must be given.
    pub unless: Option<&'static str>,
    /// Whether it stands in the path of an address.
    pub is_in_path: bool,
    /// What it means, for documents and models.
    pub about: &'static str,
}

impl Parameter {
    /// A parameter that may be left out.
    pub const fn new(name: &'static str, kind: Kind, about: &'static str) -> Parameter {
        let (alias, default, unless) = (None, None, None);
        let (is_required, is_in_path) = (false, false);
        Parameter { name, alias, kind, default, is_required, unless, is_in_path, about }
    }

    /// The same, which must be given.
    pub const fn required(self) -> Parameter {
        Parameter { is_required: true, ..self }
    }

    /// The same, which must be given where another is not.
    pub const fn unless(self, other: &'static str) -> Parameter {
        Parameter { unless: Some(other), ..self }
    }

    /// The same, in the path.
    pub const fn in_path(self) -> Parameter {
        Parameter { is_in_path: true, is_required: true, ..self }
    }

    /// The same with what holds where it is not given, as it would be written in an address.
    pub const fn or(self, default: &'static str) -> Parameter {
        Parameter { default: Some(default), ..self }
    }

    /// The same under another name too.
    pub const fn also(self, alias: &'static str) -> Parameter {
        Parameter { alias: Some(alias), ..self }
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.alias == Some(name)
    }

    /// The JSON Schema of its values.
    pub fn schema(&self) -> Value {
        let mut schema = match self.kind {
            Kind::Text(most) => json!({"type": "string", "maxLength": most}),
            Kind::Number(least, most) => {
                json!({"type": "integer", "minimum": least, "maximum": most})
            }
            Kind::Flag => json!({"type": "boolean"}),
            Kind::Choice(names) => json!({"type": "string", "enum": names}),
            Kind::List(most, each) | Kind::Many(most, each) => json!({
                "type": "array", "maxItems": most, "items": {"type": "string", "maxLength": each},
            }),
        };
        if let (Kind::Text(_), true) = (self.kind, self.is_required) {
            schema["minLength"] = json!(1);
        }
        if let (Kind::List(..), true) = (self.kind, self.is_required) {
            schema["minItems"] = json!(1);
            schema["items"]["minLength"] = json!(1);
        }
        if let Some(Ok(default)) = self.default.map(|text| self.of_text(text)) {
            schema["default"] = default.json();
        }
        schema
    }

    fn fault(&self, what: &str) -> Problem {
        Problem::new(400, "bad_parameter", format!("`{}` {what}", self.name))
            .hint(format!("{}: {}", self.name, self.about))
    }

    fn number(&self, least: usize, most: usize, number: Option<u64>) -> Result<Given, Problem> {
        let number = number.and_then(|number| usize::try_from(number).ok());
        match number.filter(|number| (least..=most).contains(number)) {
            Some(number) => Ok(Given::Number(number)),
            None => Err(self.fault(&format!("is a whole number from {least} to {most}"))),
        }
    }

    fn text(&self, most: usize, text: &str) -> Result<String, Problem> {
        match text.len() <= most {
            true => Ok(text.to_owned()),
            false => Err(self.fault(&format!("has {} bytes; {most} are the most", text.len()))),
        }
    }

    fn list<'t>(
        &self,
        most: usize,
        each: usize,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<Given, Problem> {
        let texts: Vec<String> =
            texts.map(|text| self.text(each, text)).collect::<Result<_, _>>()?;
        match texts.len() <= most {
            true => Ok(Given::List(texts)),
            false => Err(self.too_many(texts.len(), most)),
        }
    }

    fn too_many(&self, count: usize, most: usize) -> Problem {
        self.fault(&format!("has {count} values; {most} are the most"))
    }

    /// The value that a text of an address stands for.
    fn of_text(&self, text: &str) -> Result<Given, Problem> {
        match self.kind {
            Kind::Text(most) => self.text(most, text).map(Given::Text),
            Kind::Number(least, most) => self.number(least, most, text.trim().parse().ok()),
            Kind::Flag => match text {
                "true" | "1" | "yes" | "on" => Ok(Given::Flag(true)),
                "false" | "0" | "no" | "off" => Ok(Given::Flag(false)),
                _ => Err(self.fault("is `true` or `false`")),
            },
            Kind::Choice(names) => self.choice(names, text),
            Kind::Many(most, each) => self.list(most, each, std::iter::once(text)),
            Kind::List(most, each) => match text.split(',').count() {
                count if count > most => Err(self.too_many(count, most)),
                _ => {
                    let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
                    self.list(most, each, texts)
                }
            },
        }
    }

    fn choice(&self, names: &'static [&'static str], text: &str) -> Result<Given, Problem> {
        if names.contains(&text) {
            return Ok(Given::Text(text.to_owned()));
        }
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        Err(self.fault(&format!("is one of {}", names.join(", "))))
    }

    fn of_json(&self, value: &Value) -> Result<Given, Problem> {
        match (self.kind, value) {
            (Kind::Text(most), Value::String(text)) => self.text(most, text).map(Given::Text),
            (Kind::Choice(names), Value::String(text)) => self.choice(names, text),
            (Kind::Number(least, most), Value::Number(number)) => {
                let whole =
                    number.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0);
                self.number(least, most, number.as_u64().or(whole.map(|number| number as u64)))
            }
            (Kind::Flag, Value::Bool(flag)) => Ok(Given::Flag(*flag)),
            (Kind::List(most, each) | Kind::Many(most, each), Value::String(text)) => {
                match listed(text) {
                    Some(texts) => self.list(most, each, texts.iter().map(String::as_str)),
                    None => self.list(
                        most,
                        each,
                        Some(text.as_str()).filter(|t| !t.is_empty()).into_iter(),
                    ),
                }
            }
            (Kind::List(most, each) | Kind::Many(most, each), Value::Array(values)) => {
                match values.iter().map(Value::as_str).collect::<Option<Vec<&str>>>() {
                    Some(texts) => self.list(most, each, texts.into_iter()),
                    None => Err(self.fault("is a list of texts")),
                }
            }
            _ => Err(self.fault(match self.kind {
                Kind::Text(_) | Kind::Choice(_) => "is a text",
                Kind::Number(..) => "is a whole number",
                Kind::Flag => "is true or false",
                Kind::List(..) | Kind::Many(..) => "is a list of texts",
            })),
        }
    }
}

/// A value that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    Text(String),
    Number(usize),
    Flag(bool),
    List(Vec<String>),
}

impl Given {
    fn json(&self) -> Value {
        match self {
            Given::Text(text) => json!(text),
            Given::Number(number) => json!(number),
            Given::Flag(flag) => json!(flag),
            Given::List(texts) => json!(texts),
        }
    }
}

/// The values of a request, checked; those left out have their defaults.
#[derive(Clone, Debug)]
pub struct Values {
    given: BTreeMap<&'static str, Given>,
    /// The names of those that have their defaults.
    left_out: Vec<&'static str>,
    /// Until when the request may take, which began when it came.
    pub until: Deadline,
}

impl Values {
    fn new() -> Values {
        Values {
            given: BTreeMap::new(),
            left_out: Vec::new(),
            until: Deadline::after(LONGEST_SEARCH),
        }
    }

    /// The values of an address: its path's and its query's pairs, decoded.
    ///
    /// # Errors
    /// For a name that there is not, a value that may not be, one that comes twice, and one that is missing.
    pub fn of_pairs(
        parameters: &'static [Parameter],
        pairs: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Values, Problem> {
        let mut values = Values::new();
        for (name, text) in pairs {
            let parameter = known(parameters, &name)?;
            // Forms send the fields of text that nobody filled in.
            let is_text = matches!(parameter.kind, Kind::Text(_) | Kind::List(..) | Kind::Many(..));
            if text.is_empty() && is_text {
                continue;
            }
            values.put(parameter, parameter.of_text(&text)?)?;
        }
        values.complete(parameters)
    }

    /// The values of a JSON object.
    ///
    /// # Errors
    /// As [`Values::of_pairs`].
    pub fn of_object(
        parameters: &'static [Parameter],
        object: &Map<String, Value>,
    ) -> Result<Values, Problem> {
        let mut values = Values::new();
        for (name, value) in object {
            let parameter = known(parameters, name)?;
            if !value.is_null() {
                values.put(parameter, parameter.of_json(value)?)?;
            }
        }
        values.complete(parameters)
    }

    fn put(&mut self, parameter: &'static Parameter, given: Given) -> Result<(), Problem> {
        match (self.given.get_mut(parameter.name), given) {
            (Some(Given::List(texts)), Given::List(more)) => {
                texts.extend(more);
                let texts = texts.clone();
                parameter.of_json(&json!(texts)).map(|_| ())
            }
            (Some(_), _) => Err(parameter.fault("is given twice")),
            (None, given) => {
                self.given.insert(parameter.name, given);
                Ok(())
            }
        }
    }

    fn complete(mut self, parameters: &'static [Parameter]) -> Result<Values, Problem> {
        for parameter in parameters {
            let is_needed = match parameter.unless {
                Some(other) => !self.has(other),
                None => parameter.is_required,
            };
            if is_needed && !self.has(parameter.name) {
                return Err(parameter.fault("is missing"));
            }
            if let (None, Some(default)) = (self.given.get(parameter.name), parameter.default) {
                self.given.insert(parameter.name, parameter.of_text(default)?);
                self.left_out.push(parameter.name);
            }
        }
        Ok(self)
    }

    /// Whether there is something under this name.
    pub fn has(&self, name: &str) -> bool {
        match self.given.get(name) {
            Some(Given::Text(text)) => !text.trim().is_empty(),
            Some(Given::List(texts)) => !texts.is_empty(),
            given => given.is_some(),
        }
    }

    /// Whether the request itself gave a value, be it the default.
    pub fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name) && !self.left_out.contains(&name)
    }

    /// A text; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        match self.given.get(name) {
            Some(Given::Text(text)) => text,
            _ => "",
        }
    }

    /// A text, if there is one.
    pub fn some_text(&self, name: &str) -> Option<String> {
        self.has(name).then(|| self.text(name).to_owned())
    }

    /// A number; 0 where there is none.
    pub fn number(&self, name: &str) -> usize {
        self.some_number(name).unwrap_or(0)
    }

    /// A number, if there is one.
    pub fn some_number(&self, name: &str) -> Option<usize> {
        match self.given.get(name) {
            Some(Given::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether something is wanted.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.given.get(name), Some(Given::Flag(true)))
    }

    /// The texts of a list.
    pub fn list(&self, name: &str) -> &[String] {
        match self.given.get(name) {
            Some(Given::List(texts)) => texts,
            _ => &[],
        }
    }

    /// The values in one form, for digests.
    pub fn canonical(&self) -> String {
        format!("{:?}", self.given)
    }
}

/// The texts of a list that stands in a text, as models write it now and then: `"[\"a\", \"b\"]"`.
fn listed(text: &str) -> Option<Vec<String>> {
    text.trim_start().starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()
}

fn known(parameters: &'static [Parameter], name: &str) -> Result<&'static Parameter, Problem> {
    parameters
        .iter()
        .find(|parameter| parameter.is_called(name))
        .ok_or_else(|| unknown(parameters, name))
}

/// The refusal of a name, with the nearest that there is.
fn unknown(parameters: &'static [Parameter], name: &str) -> Problem {
    const LONGEST_SHOWN: usize = 64;
    let name: String = name.chars().take(LONGEST_SHOWN).collect();
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
    let distance = |other: &&&str| edit_distance(other, &name);
    let nearest = names.iter().min_by_key(distance).copied();
    let all: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let all = match all.is_empty() {
        true => "there are none".to_owned(),
        false => format!("they are {}", all.join(", ")),
    };
    let problem = Problem::new(400, "unknown_parameter", format!("there is no parameter `{name}`"));
    match nearest {
        Some(nearest) => {
            problem.hint(format!("did you mean `{nearest}`? {all}")).with("nearest", json!(nearest))
        }
        None => problem.hint(all),
    }
}

/// The JSON Schema of the body of a request: `null` is as good as nothing, and a text as a list of one.
pub fn body_schema<'p>(parameters: impl Iterator<Item = &'p Parameter> + Clone) -> Value {
    let mut schema = object_schema(parameters.clone());
    for parameter in parameters.clone() {
        let property = &mut schema["properties"][parameter.name];
        let mut types = vec![property["type"].take()];
        if matches!(parameter.kind, Kind::List(..)) {
            types.push(json!("string"));
            if parameter.is_required {
                property["minLength"] = json!(1);
            }
        }
        if !parameter.is_required {
            types.push(Value::Null);
        }
        let names = types.into_iter().map(|name| if name.is_null() { json!("null") } else { name });
        property["type"] = names.collect();
        let names = property.get_mut("enum").and_then(Value::as_array_mut);
        if let (Some(names), false) = (names, parameter.is_required) {
            names.push(Value::Null);
        }
    }
    with_aliases(schema, parameters)
}

/// The same schema with the other names of parameters, of which each is given by one only.
fn with_aliases<'p>(mut schema: Value, parameters: impl Iterator<Item = &'p Parameter>) -> Value {
    let mut rules = Vec::new();
    for Parameter { name, alias, .. } in parameters {
        let Some(alias) = alias else { continue };
        let mut property = schema["properties"][name].clone();
        property["description"] = json!(format!("The same as `{name}`."));
        schema["properties"][alias] = property;
        let required = schema.get_mut("required").and_then(Value::as_array_mut);
        let at = required.as_ref().and_then(|names| names.iter().position(|it| it == name));
        rules.push(match required.zip(at) {
            Some((names, at)) => {
                names.remove(at);
                json!({"oneOf": [{"required": [name]}, {"required": [alias]}]})
            }
            None => json!({"not": {"required": [name, alias]}}),
        });
    }
    if !rules.is_empty() {
        schema["allOf"] = Value::Array(rules);
    }
    schema
}

/// The JSON Schema of an object of these parameters; others are refused.
pub fn object_schema<'p>(parameters: impl Iterator<Item = &'p Parameter> + Clone) -> Value {
    let properties: Map<String, Value> = parameters
        .clone()
        .map(|parameter| {
            let mut schema = parameter.schema();
            schema["description"] = json!(parameter.about);
            (parameter.name.to_owned(), schema)
        })
        .collect();
    let required: Vec<&str> = parameters
        .filter(|parameter| parameter.is_required)
        .map(|parameter| parameter.name)
        .collect();
    let mut schema = json!({
        "type": "object", "properties": properties, "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
