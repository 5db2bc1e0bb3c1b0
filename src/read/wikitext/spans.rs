//! What encloses what in wikitext: comments, tags with content, templates, tables and links, paired up
//! in one pass. An opening without its end, and an end without its opening, are text.

use std::ops::Range;

use rustc_hash::FxHashMap;

/// What a pair encloses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Comment,
    /// `<nowiki>`, `<math>`: text as it stands.
    Verbatim,
    /// `<pre>`, `<syntaxhighlight>`: a block of text as it stands.
    Preformatted,
    Gallery,
    /// `<ref>`.
    Reference,
    /// Tags whose content is not text (`<style>`, `<score>`, `<timeline>`), or not said any more (`<del>`).
    Dropped,
    /// `{{`...`}}`, also `{{{`...`}}}`.
    Template,
    /// `{|`...`|}` at the starts of lines.
    Table,
    /// `[[`...`]]`.
    Link,
}

/// Tags whose content is not read as wikitext, or that are kept as references.
const TAGS: [(&str, Kind); 16] = [
    ("nowiki", Kind::Verbatim),
    ("math", Kind::Verbatim),
    ("chem", Kind::Verbatim),
    ("pre", Kind::Preformatted),
    ("syntaxhighlight", Kind::Preformatted),
    ("source", Kind::Preformatted),
    ("gallery", Kind::Gallery),
    ("ref", Kind::Reference),
    ("style", Kind::Dropped),
    ("score", Kind::Dropped),
    ("timeline", Kind::Dropped),
    ("imagemap", Kind::Dropped),
    ("templatedata", Kind::Dropped),
    ("del", Kind::Dropped),
    ("s", Kind::Dropped),
    ("strike", Kind::Dropped),
];

/// The longest opening tag that is believed, bytes.
const LONGEST_TAG: usize = 2000;

/// The pairs of a page.
pub struct Spans {
    /// By the offset of the opening: what it is, and the offset after its end.
    by_start: FxHashMap<usize, (Kind, usize)>,
}

/// An opening that waits for its end.
struct Open {
    kind: Kind,
    at: usize,
}

impl Spans {
    /// Pairs up the constructs of a page.
    pub fn of(source: &str) -> Spans {
        let mut scanner = Scanner {
            source,
            spans: Spans { by_start: FxHashMap::default() },
            open: Vec::new(),
            endings: FxHashMap::default(),
        };
        scanner.run();
        scanner.spans
    }

    /// What begins at an offset, and the offset after its end.
    pub fn at(&self, offset: usize) -> Option<(Kind, usize)> {
        self.by_start.get(&offset).copied()
    }

    /// The end of the line that begins at `start`: the next line feed that nothing encloses.
    pub fn line_end(&self, source: &str, start: usize) -> usize {
        let bytes = source.as_bytes();
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\n' => return at,
                b'{' | b'[' | b'<' => at = self.at(at).map_or(at + 1, |(_, end)| end),
                _ => at += 1,
            }
        }
        bytes.len()
    }

    /// What stands between the opening and the closing tag of a pair.
    pub fn inside(&self, source: &str, pair: Range<usize>) -> Range<usize> {
        let text = &source[pair.clone()];
        let start = text.find('>').map_or(text.len(), |at| at + 1);
        let end = text.rfind("</").unwrap_or(text.len()).max(start);
        pair.start + start..pair.start + end
    }
}

struct Scanner<'a> {
    source: &'a str,
    spans: Spans,
    open: Vec<Open>,
    /// Where each ending comes next (start and end), or that it comes no more: a search that went far
    /// is not made again.
    endings: FxHashMap<&'static str, Option<(usize, usize)>>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let bytes = self.source.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                b'<' => self.tag(at),
                b'\n' if bytes[at..].starts_with(b"\n==") => {
                    // What is open before a heading was text: nothing reaches across one but tables.
                    self.open.retain(|open| open.kind == Kind::Table);
                    at + 1
                }
                b'{' if self.is_table_start(at) => {
                    self.open.push(Open { kind: Kind::Table, at });
                    at + 2
                }
                b'{' => self.opening(at, b'{', Kind::Template),
                b'[' => self.opening(at, b'[', Kind::Link),
                b'|' if self.is_table_end(at) => self.close_table(at),
                b'}' => self.closing(at, b'}', Kind::Template),
                b']' => self.closing(at, b']', Kind::Link),
                _ => at + 1,
            };
        }
    }

    /// Whether only blanks and marks of indentation stand before an offset in its line.
    fn begins_line(&self, at: usize) -> bool {
        let before = self.source.as_bytes()[..at].iter().rev();
        before
            .take(LONGEST_TAG)
            .find(|byte| !matches!(byte, b' ' | b':' | b'\t'))
            .is_none_or(|byte| *byte == b'\n')
    }

    fn is_table_start(&self, at: usize) -> bool {
        self.source[at..].starts_with("{|") && self.begins_line(at)
    }

    fn is_table_end(&self, at: usize) -> bool {
        self.source[at..].starts_with("|}")
            && !self.source[at..].starts_with("|}}")
            && self.open.iter().rev().take(8).any(|open| open.kind == Kind::Table)
            && self.begins_line(at)
    }

    fn close_table(&mut self, at: usize) -> usize {
        while let Some(open) = self.open.pop() {
            if open.kind == Kind::Table {
                self.spans.by_start.insert(open.at, (Kind::Table, at + 2));
                break;
            }
        }
        at + 2
    }

    /// A run of opening marks: each two of them open one construct.
    fn opening(&mut self, at: usize, mark: u8, kind: Kind) -> usize {
        let run = self.run_length(at, mark);
        // Of an odd run the first is left over; `{{{` may be a parameter, or a brace and a template.
        let first = at + run % 2;
        for place in (first..at + run).step_by(2) {
            self.open.push(Open { kind, at: place });
        }
        at + run
    }

    /// A run of closing marks: each two of them close the last construct of their kind. Openings
    /// after it were text. A link does not reach across a template's start.
    fn closing(&mut self, at: usize, mark: u8, kind: Kind) -> usize {
        let run = self.run_length(at, mark);
        let mut end = at;
        while end + 2 <= at + run {
            let found = match kind {
                Kind::Link => self.open.last().is_some_and(|open| open.kind == Kind::Link),
                _ => {
                    // A template does not reach across a table's start.
                    let inner = self.open.iter().rev().take_while(|open| open.kind != Kind::Table);
                    inner.take(64).any(|open| open.kind == kind)
                }
            };
            if !found {
                break;
            }
            end += 2;
            while let Some(open) = self.open.pop() {
                if open.kind == kind {
                    self.spans.by_start.insert(open.at, (kind, end));
                    break;
                }
            }
        }
        at + run
    }

    fn run_length(&self, at: usize, mark: u8) -> usize {
        self.source.as_bytes()[at..].iter().take_while(|&&byte| byte == mark).count()
    }

    fn tag(&mut self, at: usize) -> usize {
        let rest = &self.source[at..];
        if rest.starts_with("<!--") {
            return match self.find("-->", at + 4) {
                Some(end) => self.pair(at, Kind::Comment, end),
                None => at + 4,
            };
        }
        let Some((name, kind)) = TAGS.into_iter().find(|(name, _)| is_tag(rest, name)) else {
            return at + 1;
        };
        let limit = self.source.floor_char_boundary((at + LONGEST_TAG).min(self.source.len()));
        let Some(close) = self.source[at..limit].find('>').map(|offset| at + offset) else {
            return at + 1;
        };
        if self.source[..close].ends_with('/') {
            return self.pair(at, kind, close + 1);
        }
        let closing = closing_tag(name);
        let Some(end) = self.find(closing, close + 1) else { return close + 1 };
        let pair_end = self.pair(at, kind, end);
        // References hold templates and links; the others are opaque.
        if kind == Kind::Reference { close + 1 } else { pair_end }
    }

    fn pair(&mut self, at: usize, kind: Kind, end: usize) -> usize {
        self.spans.by_start.insert(at, (kind, end));
        end
    }

    /// The offset after the next `needle`, without regard to case. Calls come in the order of the text.
    fn find(&mut self, needle: &'static str, from: usize) -> Option<usize> {
        match self.endings.get(needle) {
            Some(None) => return None,
            Some(Some((start, end))) if *start >= from => return Some(*end),
            _ => {}
        }
        let found = self.search(needle, from);
        self.endings.insert(needle, found);
        found.map(|(_, end)| end)
    }

    fn search(&self, needle: &str, from: usize) -> Option<(usize, usize)> {
        let bytes = self.source.as_bytes();
        let mut at = from;
        while let Some(offset) = memchr::memchr(needle.as_bytes()[0], bytes.get(at..)?) {
            at += offset;
            let window = bytes.get(at..at + needle.len());
            if window.is_some_and(|window| window.eq_ignore_ascii_case(needle.as_bytes())) {
                let end = at + needle.len();
                // `</ref >` closes as well.
                let blank = bytes[end..].iter().take(8).take_while(|byte| **byte == b' ').count();
                let is_closed = bytes.get(end + blank) == Some(&b'>');
                if !is_closed && STRUCK.contains(&needle) {
                    at = end;
                    continue;
                }
                return Some((at, if is_closed { end + blank + 1 } else { end }));
            }
            at += 1;
        }
        None
    }
}

fn is_tag(rest: &str, name: &str) -> bool {
    let bytes = rest.as_bytes();
    bytes.get(1..=name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
        && matches!(bytes.get(name.len() + 1), Some(b'>' | b' ' | b'/' | b'\t' | b'\n'))
}

/// What ends text that is struck out, with blanks before its sign at most: `</span>` does not end `<s>`.
const STRUCK: [&str; 3] = ["</del", "</s", "</strike"];

fn closing_tag(name: &str) -> &'static str {
    match name {
        "nowiki" => "</nowiki",
        "math" => "</math",
        "chem" => "</chem",
        "pre" => "</pre",
        "syntaxhighlight" => "</syntaxhighlight",
        "source" => "</source",
        "gallery" => "</gallery",
        "ref" => "</ref",
        "style" => "</style",
        "score" => "</score",
        "timeline" => "</timeline",
        "imagemap" => "</imagemap",
        "del" => STRUCK[0],
        "s" => STRUCK[1],
        "strike" => STRUCK[2],
        _ => "</templatedata",
    }
}
