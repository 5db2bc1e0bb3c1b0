//! The small XML documents of an e-book, as a list of elements in their order. They are read
//! leniently, for many books have broken ones.

use crate::read::html::{Token, Tokenizer};

/// An element.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// The name without the prefix of its namespace, in lower case.
    pub name: String,
    /// Names without prefixes, and values.
    attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    /// Its place in the list, and the place after the last element inside it.
    pub place: usize,
    pub end: usize,
}

impl Element {
    /// The value of an attribute, by its name without a prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The elements of a document, in the order of their start tags.
pub fn elements(source: &str) -> Vec<Element> {
    let mut tokenizer = Tokenizer::new(source, true);
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while let Some(token) = tokenizer.next_token() {
        match token {
            Token::Start { name, self_closing, .. } => {
                let place = elements.len();
                let attributes = tokenizer.attributes.iter().map(|attribute| {
                    let value = htmlize::unescape_attribute(&source[attribute.value.clone()]);
                    (local(&source[attribute.name.clone()]).to_owned(), value.into_owned())
                });
                elements.push(Element {
                    name: local(&source[name]).to_lowercase(),
                    attributes: attributes.collect(),
                    text: String::new(),
                    place,
                    end: place + 1,
                });
                if !self_closing {
                    open.push(place);
                }
            }
            Token::End { name, .. } => {
                // One that closes nothing near is a mistake.
                let name = local(&source[name]).to_lowercase();
                let near = open.iter().rev().take(4).position(|&at| elements[at].name == name);
                for _ in 0..near.map_or(0, |near| near + 1) {
                    if let Some(closed) = open.pop() {
                        elements[closed].end = elements.len();
                    }
                }
            }
            Token::Text(range) => {
                if let Some(&around) = open.last() {
                    elements[around].text.push_str(&htmlize::unescape(&source[range]));
                }
            }
            Token::Verbatim(range) => {
                if let Some(&around) = open.last() {
                    elements[around].text.push_str(&source[range]);
                }
            }
        }
    }
    let end = elements.len();
    open.into_iter().for_each(|at| elements[at].end = end);
    elements
}

/// A path with its `%20` and the like decoded.
pub fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%').then(|| path.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The path of a member that a document at `base` refers to, and the fragment.
pub fn resolve(base: &str, target: &str) -> (String, String) {
    let (path, fragment) = target.trim().split_once('#').unwrap_or((target.trim(), ""));
    let path = decoded(path.split('?').next().unwrap_or_default());
    let fragment = decoded(fragment);
    if path.is_empty() {
        return (base.to_owned(), fragment);
    }
    let folder =
        if path.starts_with('/') { "" } else { base.rsplit_once('/').map_or("", |(f, _)| f) };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    (parts.join("/"), fragment)
}
