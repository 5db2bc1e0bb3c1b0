//! The inside of a line: links, emphasis, tags, entities and templates go, their text stays.

use std::ops::Range;

use super::spans::{Kind, Spans};
use super::template::{CITED, Kept, kept};
use crate::read::light::trimmed;
use crate::read::raised::raised;

/// How deep templates and links are followed; what is nested deeper is left out.
const DEEPEST: usize = 24;

/// The longest reference that is kept, bytes.
const LONGEST_REFERENCE: usize = 1000;

/// Tags that are markup. Others are text that happens to stand in angle brackets.
const TAGS: [&str; 67] = [
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "data",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "includeonly",
    "indicator",
    "ins",
    "kbd",
    "li",
    "mark",
    "nobr",
    "noinclude",
    "ol",
    "onlyinclude",
    "p",
    "poem",
    "q",
    "rb",
    "references",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "templatestyles",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// A longer link to elsewhere (bytes) was never closed: each of many such would look for its end in all that
/// follows.
const LONGEST_LINK: usize = 4096;

/// Where a piece of text stands in the source, or that it does not.
pub enum Place {
    At(Range<usize>),
    /// Put there by the reader, where markup stood for a blank.
    Made,
}

/// Where text goes to.
type Sink<'s> = &'s mut dyn FnMut(&str, Place);

/// What is found beside the text.
#[derive(Default)]
pub struct Found {
    pub categories: Vec<String>,
    pub links: Vec<String>,
    pub references: Vec<String>,
    pub templates: Vec<String>,
}

/// Takes the markup off text.
pub struct Inline<'a> {
    source: &'a str,
    spans: &'a Spans,
    pub found: Found,
    depth: usize,
    /// Whether `<sup>` is open.
    is_raised: bool,
}

impl<'a> Inline<'a> {
    pub fn new(source: &'a str, spans: &'a Spans) -> Inline<'a> {
        Inline { source, spans, found: Found::default(), depth: 0, is_raised: false }
    }

    /// Goes one deeper; `false` where that is too deep. Each entry needs its [`Inline::leave`].
    pub fn enter(&mut self) -> bool {
        let may = self.depth < DEEPEST;
        self.depth += usize::from(may);
        may
    }

    /// Comes back from [`Inline::enter`].
    pub fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The text of a range, as a string.
    pub fn plain(&mut self, range: Range<usize>) -> String {
        let mut plain = String::new();
        self.scan(range, &mut |text, _| plain.push_str(text));
        plain
    }

    /// Gives the text of a range to `sink`, piece by piece.
    pub fn scan(&mut self, range: Range<usize>, sink: Sink<'_>) {
        if !self.enter() {
            return;
        }
        let bytes = self.source.as_bytes();
        let (mut at, mut plain) = (range.start, range.start);
        while at < range.end {
            let special = memchr_special(&bytes[at..range.end]);
            let Some(found) = special.map(|offset| at + offset) else { break };
            let Some(end) = self.markup_end(found, range.end) else {
                at = found + 1;
                continue;
            };
            self.text(plain..found, sink);
            self.markup(found..end, sink);
            (at, plain) = (end, end);
        }
        self.text(plain..range.end, sink);
        self.leave();
        // What was never closed ends with its text.
        self.is_raised &= self.depth > 0;
    }

    fn text(&self, range: Range<usize>, sink: Sink<'_>) {
        if range.start < range.end {
            let text = &self.source[range.clone()];
            match self.is_raised {
                true => sink(&raised(text), Place::At(range)),
                false => sink(text, Place::At(range)),
            }
        }
    }

    /// The end of the markup that begins at an offset; `None` where it is text after all.
    fn markup_end(&self, at: usize, limit: usize) -> Option<usize> {
        let rest = &self.source[at..limit];
        if let Some((_, end)) = self.spans.at(at) {
            return Some(end.min(limit));
        }
        let run = |mark: u8| rest.bytes().take_while(|&byte| byte == mark).count();
        match rest.as_bytes()[0] {
            b'\'' => Some(run(b'\'')).filter(|&run| run >= 2).map(|run| at + run),
            b'[' if is_url(&rest[1..]) => {
                let mut inside = rest.bytes().take(LONGEST_LINK);
                let end = inside.position(|byte| matches!(byte, b']' | b'\n'))?;
                (rest.as_bytes()[end] == b']').then_some(at + end + 1)
            }
            b'<' => tag_length(rest).map(|length| at + length),
            b'&' => entity_length(rest).map(|length| at + length),
            b'_' => magic_word_length(rest).map(|length| at + length),
            _ => None,
        }
    }

    fn markup(&mut self, range: Range<usize>, sink: Sink<'_>) {
        if let Some((kind, _)) = self.spans.at(range.start) {
            return self.construct(kind, range, sink);
        }
        let text = &self.source[range.clone()];
        match text.as_bytes()[0] {
            b'\'' => self.quotes(range, sink),
            b'[' => self.external_link(range, sink),
            b'&' => sink(&htmlize::unescape(text), Place::At(range)),
            b'<' if is_break(text) => sink("\n", Place::Made),
            b'<' if is_sup(text) => self.is_raised = !text.starts_with("</"),
            _ => {}
        }
    }

    /// Two quotes are italics, three bold, five both; of four and of more than five, some are text.
    fn quotes(&self, range: Range<usize>, sink: Sink<'_>) {
        let text = match range.len() {
            4 => 1,
            more if more > 5 => more - 5,
            _ => 0,
        };
        self.text(range.start..range.start + text, sink);
    }

    fn construct(&mut self, kind: Kind, range: Range<usize>, sink: Sink<'_>) {
        match kind {
            Kind::Comment | Kind::Dropped | Kind::Gallery | Kind::Table => {}
            Kind::Verbatim | Kind::Preformatted => {
                let inside = self.spans.inside(self.source, range);
                self.text(inside, sink);
            }
            Kind::Reference => {
                let inside = self.spans.inside(self.source, range);
                let text = super::super::builder::collapse(&self.plain(inside));
                if !text.is_empty() {
                    let end = text.floor_char_boundary(LONGEST_REFERENCE.min(text.len()));
                    self.found.references.push(text[..end].to_owned());
                }
            }
            Kind::Template => self.template(range, sink),
            Kind::Link => self.link(range, sink),
        }
    }

    /// `[[target|label]]`: the label, else the target.
    fn link(&mut self, range: Range<usize>, sink: Sink<'_>) {
        let inside = self.between_marks(range);
        let parts = self.parts(inside.clone());
        let Some(first) = parts.first().cloned() else { return };
        let target = self.source[first.clone()].trim();
        let space = target.split_once(':').map(|(space, _)| space.trim().to_lowercase());
        match space.as_deref() {
            Some("file" | "image" | "media" | "datei" | "fichier" | "archivo" | "файл") => {
                return self.caption(&parts, sink);
            }
            Some("category" | "kategorie" | "catégorie" | "categoría" | "категория") => {
                let name = target.split_once(':').map_or(target, |(_, name)| name.trim());
                self.found.categories.push(name.to_owned());
                return;
            }
            // Links to the page in other languages show in no place of the text.
            Some(space) if is_language(space) && parts.len() == 1 => return,
            _ => {}
        }
        let page = target.trim_start_matches(':').split('#').next().unwrap_or_default();
        if !page.is_empty() {
            self.found.links.push(page.to_owned());
        }
        match parts.get(1) {
            Some(label) if parts.len() > 1 && !label.is_empty() => {
                let label = label.start..inside.end;
                self.scan(label, sink);
            }
            _ => {
                let colon = usize::from(self.source[first.clone()].starts_with(':'));
                self.scan(first.start + colon..first.end, sink);
            }
        }
    }

    /// The last part of a picture that is no option: its caption, set apart by blanks.
    fn caption(&mut self, parts: &[Range<usize>], sink: Sink<'_>) {
        let shown = parts.iter().skip(1).rev().find(|part| !self.is_option(part));
        let Some(shown) = shown.cloned() else { return };
        sink("\n", Place::Made);
        self.scan(shown, sink);
        sink("\n", Place::Made);
    }

    /// Whether a part of a picture's link says how it is shown.
    fn is_option(&self, part: &Range<usize>) -> bool {
        let text = self.source[part.clone()].trim();
        let is_size = text
            .strip_suffix("px")
            .is_some_and(|size| size.chars().all(|c| !c.is_alphabetic() || c == 'x'));
        let is_option = matches!(
            text,
            "thumb"
                | "left"
                | "right"
                | "center"
                | "frame"
                | "frameless"
                | "none"
                | "thumbnail"
                | "border"
                | "upright"
                | "baseline"
                | "middle"
                | "top"
                | "bottom"
                | "mini"
                | "miniatur"
                | "hochkant"
                | "links"
                | "rechts"
                | "vignette"
                | "droite"
                | "gauche"
                | "miniaturadeimagen"
                | "derecha"
                | "izquierda"
                | "мини"
                | "справа"
                | "слева"
        );
        text.is_empty()
            || is_size
            || is_option
            || text.split(' ').next().is_some_and(|word| word.contains('='))
    }

    /// `[https://example.org label]`: the label.
    fn external_link(&mut self, range: Range<usize>, sink: Sink<'_>) {
        let inside = range.start + 1..range.end - 1;
        let text = &self.source[inside.clone()];
        let target = text.split(char::is_whitespace).next().unwrap_or_default();
        self.found.links.push(target.to_owned());
        let rest = &text[target.len()..];
        let label = inside.end - rest.trim_start().len();
        self.scan(label..inside.end, sink);
    }

    /// `{{name|...}}`: what it shows as text, for the templates whose text is in their parameters.
    fn template(&mut self, range: Range<usize>, sink: Sink<'_>) {
        let parts = self.template_parts(range);
        let Some((name, parameters)) = parts.split_first() else { return };
        let whole = name.clone();
        let name = self.source[name.clone()].trim().to_lowercase();
        match kept(&name) {
            // The references that a list of them holds are kept.
            Kept::Nothing if name.starts_with("ref") => {
                parameters.iter().for_each(|range| self.scan(range.clone(), &mut |_, _| {}));
            }
            Kept::Nothing => {}
            Kept::From(first) => self.parameters(parameters, first, "", sink),
            Kept::Quoted => self.quoted(parameters, sink),
            Kept::Argument(start) => {
                let blank = self.source[whole.clone()].len()
                    - self.source[whole.clone()].trim_start().len();
                self.scan((whole.start + blank + start).min(whole.end)..whole.end, sink);
            }
            Kept::Made(text) => sink(text, Place::Made),
            Kept::Named(_) if matches!(name.as_str(), "yes" | "no") && !parameters.is_empty() => {
                self.parameters(parameters, 0, "", sink);
            }
            Kept::Named(between) => {
                self.text(trimmed(self.source, whole), sink);
                if !parameters.is_empty() {
                    sink(between, Place::Made);
                }
                self.parameters(parameters, 0, "", sink);
            }
            Kept::Between(text) => {
                let shown = parameters.get(..parameters.len().min(3)).unwrap_or_default();
                self.parameters(shown, 0, text, sink);
            }
            Kept::Citation => self.citation(parameters, sink),
            Kept::Joined(first) => self.parameters(parameters, first, ", ", sink),
            Kept::First(count) => {
                let shown = parameters.get(..count.min(parameters.len())).unwrap_or_default();
                self.parameters(shown, 0, " ", sink);
            }
        }
        // A function is none.
        if !name.contains(':') {
            self.found.templates.push(name);
        }
    }

    /// The first parameter of a quotation, or the one that holds its text.
    fn quoted(&mut self, parameters: &[Range<usize>], sink: Sink<'_>) {
        let named = |wanted: &str| {
            let mut all = parameters.iter().filter_map(|range| self.named(range));
            all.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
        };
        match ["text", "quote", "1", "content"].into_iter().find_map(named) {
            Some(value) => self.scan(value, sink),
            None => self.parameters(parameters, 0, "", sink),
        }
    }

    /// What a citation says of its source.
    fn citation(&mut self, parameters: &[Range<usize>], sink: Sink<'_>) {
        let mut is_first = true;
        for wanted in CITED {
            let mut all = parameters.iter().filter_map(|range| self.named(range));
            let found = all.find(|(name, value)| *name == wanted && !value.is_empty());
            let Some((_, value)) = found else { continue };
            if wanted == "url" {
                self.found.links.push(self.source[value].to_owned());
                continue;
            }
            if !std::mem::replace(&mut is_first, false) {
                sink(", ", Place::Made);
            }
            self.scan(value, sink);
        }
    }

    fn parameters(
        &mut self,
        parameters: &[Range<usize>],
        first: usize,
        between: &str,
        sink: Sink<'_>,
    ) {
        let unnamed = |range: &&Range<usize>| self.named(range).is_none();
        let shown: Vec<Range<usize>> =
            parameters.iter().filter(unnamed).skip(first).cloned().collect();
        for (index, range) in shown.into_iter().enumerate() {
            if index > 0 && !between.is_empty() {
                sink(between, Place::Made);
            }
            let text = &self.source[range.clone()];
            let start = range.start + text.len() - text.trim_start().len();
            let end = start + text.trim().len();
            self.scan(start..end, sink);
            if between.is_empty() {
                break;
            }
        }
    }

    /// A parameter's name and value, where it has a name.
    pub fn named(&self, parameter: &Range<usize>) -> Option<(&'a str, Range<usize>)> {
        let source: &'a str = self.source;
        let text = &source[parameter.clone()];
        let equals = text.find('=')?;
        let name = text[..equals].trim();
        let is_name = !name.is_empty() && !name.contains(['[', '{', '<', '\n', '/']);
        let value = &text[equals + 1..];
        let start = parameter.end - value.trim_start().len();
        let end = start + value.trim().len();
        is_name.then_some((name, start..end))
    }

    /// A template's name and parameters.
    pub fn template_parts(&self, range: Range<usize>) -> Vec<Range<usize>> {
        self.parts(self.between_marks(range))
    }

    /// What stands between the two characters that a link or template begins with and those that it ends
    /// with, which it lacks where it is cut off at the end of what it stands in.
    fn between_marks(&self, range: Range<usize>) -> Range<usize> {
        let start = range.start + 2;
        let inside = self.source.get(start..range.end).unwrap_or_default();
        let kept = inside.strip_suffix("]]").or(inside.strip_suffix("}}")).unwrap_or(inside);
        start..start + kept.len()
    }

    /// The parts between the bars of a link or template, not those of what it encloses.
    pub fn parts(&self, inside: Range<usize>) -> Vec<Range<usize>> {
        let bytes = self.source.as_bytes();
        let (mut parts, mut start, mut at) = (Vec::new(), inside.start, inside.start);
        while at < inside.end {
            match bytes[at] {
                b'|' => {
                    parts.push(start..at);
                    at += 1;
                    start = at;
                }
                b'{' | b'[' | b'<' => at = self.spans.at(at).map_or(at + 1, |(_, end)| end),
                _ => at += 1,
            }
        }
        parts.push(start.min(inside.end)..inside.end);
        parts
    }
}

fn memchr_special(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| matches!(byte, b'\'' | b'[' | b'{' | b'<' | b'&' | b'_'))
}

fn is_url(text: &str) -> bool {
    ["http://", "https://", "//", "ftp://", "mailto:"].iter().any(|scheme| text.starts_with(scheme))
}

/// Codes of Wikipedia's languages are two or three letters, with a few longer ones.
fn is_language(space: &str) -> bool {
    let is_code = |code: &str| {
        (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    is_code(space) || matches!(space, "simple" | "zh-min-nan" | "be-x-old" | "zh-yue" | "bat-smg")
}

fn tag_length(rest: &str) -> Option<usize> {
    let name = rest[1..].trim_start_matches('/');
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let is_known = TAGS.contains(&name.get(..length)?.to_ascii_lowercase().as_str());
    let window = rest.floor_char_boundary(rest.len().min(1000));
    let end = rest[1..window].find(['>', '<']).map(|offset| offset + 1)?;
    (is_known && rest.as_bytes()[end] == b'>').then_some(end + 1)
}

/// Whether a tag is `<sup>` or its end.
fn is_sup(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    name[..length].eq_ignore_ascii_case("sup")
}

fn is_break(tag: &str) -> bool {
    let name = tag[1..].trim_start_matches('/').to_ascii_lowercase();
    ["br", "p", "div", "li", "hr", "tr", "td", "dd", "dt", "blockquote", "h1", "h2", "h3", "h4"]
        .iter()
        .any(|block| {
            name.strip_prefix(block)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        })
}

/// `&name;` or `&#number;` that HTML knows.
fn entity_length(rest: &str) -> Option<usize> {
    let window = rest.floor_char_boundary(rest.len().min(40));
    let end = rest[..window].find(';')? + 1;
    let is_entity =
        rest[1..end - 1].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    (is_entity && end > 2 && htmlize::unescape(&rest[..end]) != rest[..end]).then_some(end)
}

/// `__NOTOC__` and its like.
fn magic_word_length(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix("__")?;
    let length = inside.bytes().take_while(u8::is_ascii_uppercase).count();
    (length > 2 && inside[length..].starts_with("__")).then_some(length + 4)
}
