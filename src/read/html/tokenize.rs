//! Splits a page into tags and text, each with its bytes in the source, by the states of the WHATWG
//! tokenizer (HTML Living Standard, section 13.2.5) that change which text a reader sees.
//!
//! Every byte is looked at a bounded number of times: what has no end goes to the end of the source.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A start tag; its attributes are in [`Tokenizer::attributes`] until the next token.
    Start {
        /// The bytes of its name.
        name: Range<usize>,
        /// The bytes of the whole tag.
        whole: Range<usize>,
        /// Whether it ends with `/>`.
        self_closing: bool,
    },
    /// An end tag.
    End {
        /// The bytes of its name.
        name: Range<usize>,
        /// The bytes of the whole tag.
        whole: Range<usize>,
    },
    /// Text with character references.
    Text(Range<usize>),
    /// Text without them: a CDATA section, or what stands in `<script>` and its like.
    Verbatim(Range<usize>),
}

/// The bytes of an attribute's name and value; the value has character references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub name: Range<usize>,
    pub value: Range<usize>,
}

/// The attributes of the start tag at this offset.
pub fn attributes_at(source: &str, at: usize) -> Vec<Attribute> {
    let mut tokenizer = Tokenizer::new(source, false);
    tokenizer.tag(at);
    tokenizer.attributes
}

/// Which text follows a start tag: up to its end tag, no tag counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawText {
    /// `<style>` and its like.
    Plain,
    /// `<title>` and `<textarea>`: character references count.
    References,
    /// `<script>`, whose end may stand in a comment inside it.
    Script,
    /// `<plaintext>`, which never ends.
    Endless,
}

/// See the module's page.
#[derive(Debug)]
pub struct Tokenizer<'a> {
    source: &'a str,
    at: usize,
    /// The attributes of the start tag that came last.
    pub attributes: Vec<Attribute>,
    /// Whether the page is XML: `<![CDATA[` is text, and `?>` ends a processing instruction.
    pub is_xml: bool,
    /// Whether the tags around are SVG or MathML, where HTML knows CDATA too.
    pub is_foreign: bool,
    raw: Option<(RawText, Range<usize>)>,
    /// Set when no `]>` follows, so that it is not looked for again.
    has_no_subset: bool,
}

impl<'a> Tokenizer<'a> {
    /// Begins at the start of a page.
    pub fn new(source: &'a str, is_xml: bool) -> Tokenizer<'a> {
        Tokenizer {
            source,
            at: 0,
            attributes: Vec::new(),
            is_xml,
            is_foreign: false,
            raw: None,
            has_no_subset: false,
        }
    }

    /// What follows is raw text, up to the end tag of this name.
    pub fn expect_raw(&mut self, raw: RawText, name: Range<usize>) {
        self.raw = Some((raw, name));
    }

    fn bytes(&self) -> &'a [u8] {
        self.source.as_bytes()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes().get(at).copied()
    }

    fn rest(&self, at: usize) -> &'a [u8] {
        self.bytes().get(at..).unwrap_or_default()
    }

    /// The offset of the first such byte from `at` on; the end of the source where there is none.
    fn find(&self, byte: u8, at: usize) -> usize {
        memchr(byte, self.rest(at)).map_or(self.source.len(), |found| at + found)
    }

    /// The offset after the first such text from `at` on; the end of the source where there is none.
    fn after(&self, text: &[u8], at: usize) -> usize {
        let found = memmem::find(self.rest(at), text);
        found.map_or(self.source.len(), |found| at + found + text.len())
    }

    /// The next tag or text; `None` at the end.
    pub fn next_token(&mut self) -> Option<Token> {
        while self.at < self.source.len() {
            // Comments may follow one another without end, and give nothing.
            if let Some(token) = self.advance() {
                return Some(token);
            }
        }
        None
    }

    /// Reads one tag, text or comment: always at least one byte.
    fn advance(&mut self) -> Option<Token> {
        if let Some((raw, name)) = self.raw.take() {
            let start = self.at;
            self.at = self.raw_end(raw, name);
            let text = start..self.at;
            return (!text.is_empty()).then_some(match raw {
                RawText::References => Token::Text(text),
                _ => Token::Verbatim(text),
            });
        }
        let start = self.at;
        let mut look = self.find(b'<', start);
        while look < self.source.len() && !self.is_markup(look) {
            look = self.find(b'<', look + 1);
        }
        if look > start {
            self.at = look;
            return Some(Token::Text(start..look));
        }
        match (self.byte(look + 1), self.byte(look + 2)) {
            (Some(b'!'), _) => return self.declaration(look),
            (Some(b'?'), _) if self.is_xml => self.at = self.after(b"?>", look),
            (Some(b'/'), Some(byte)) if byte.is_ascii_alphabetic() => return self.tag(look),
            (Some(byte), _) if byte.is_ascii_alphabetic() => return self.tag(look),
            _ => self.at = (self.find(b'>', look) + 1).min(self.source.len()),
        }
        None
    }

    /// Whether the `<` at this offset begins markup, and is not a character.
    fn is_markup(&self, at: usize) -> bool {
        match self.byte(at + 1) {
            Some(b'!' | b'?') => true,
            Some(b'/') => self.byte(at + 2).is_some(),
            Some(byte) => byte.is_ascii_alphabetic(),
            None => false,
        }
    }

    /// A comment, a document type, or a CDATA section, which alone is text.
    fn declaration(&mut self, at: usize) -> Option<Token> {
        let rest = self.rest(at);
        if rest.starts_with(b"<!--") {
            self.at = self.comment_end(at + 4);
            return None;
        }
        if rest.starts_with(b"<![CDATA[") && (self.is_xml || self.is_foreign) {
            let end = self.after(b"]]>", at + 9);
            self.at = end;
            let is_closed = self.bytes().get(..end).unwrap_or_default().ends_with(b"]]>");
            let text = at + 9..if is_closed { end - 3 } else { end };
            return (text.start < text.end).then_some(Token::Verbatim(text));
        }
        let close = self.find(b'>', at);
        self.at = (close + 1).min(self.source.len());
        if memchr(b'[', &self.bytes()[at..close]).is_some() && !self.has_no_subset {
            self.skip_subset(at);
        }
        None
    }

    /// The internal subset of a document type holds `>`: it ends with `]>`.
    fn skip_subset(&mut self, at: usize) {
        let is_doctype =
            self.rest(at).get(2..9).is_some_and(|name| name.eq_ignore_ascii_case(b"doctype"));
        if !is_doctype {
            return;
        }
        match memmem::find(self.rest(at), b"]>") {
            Some(found) => self.at = at + found + 2,
            None => self.has_no_subset = true,
        }
    }

    /// Where a comment whose text begins at `at` ends: `-->`, `--!>`, or at once with `>` or `->`.
    fn comment_end(&self, at: usize) -> usize {
        let rest = self.rest(at);
        if rest.starts_with(b">") {
            return at + 1;
        }
        if rest.starts_with(b"->") {
            return at + 2;
        }
        for dashes in memmem::find_iter(rest, b"--") {
            // Overlapping finds are not given: `--->` is `-` and `-->`.
            let mut after = at + dashes + 2;
            while self.byte(after) == Some(b'-') {
                after += 1;
            }
            match (self.byte(after), self.byte(after + 1)) {
                (Some(b'>'), _) => return after + 1,
                (Some(b'!'), Some(b'>')) => return after + 2,
                _ => {}
            }
        }
        self.source.len()
    }

    /// A start or end tag; `None` where the source ends in it: such a tag counts for nothing.
    fn tag(&mut self, at: usize) -> Option<Token> {
        let is_end = self.byte(at + 1) == Some(b'/');
        let name_start = at + 1 + usize::from(is_end);
        let is_name =
            |byte: &u8| !matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ' | b'/' | b'>');
        let length = self.rest(name_start).iter().take_while(|byte| is_name(byte)).count();
        let name = name_start..name_start + length;
        self.attributes.clear();
        let Some((end, self_closing)) = self.attributes_from(name.end) else {
            self.at = self.source.len();
            return None;
        };
        self.at = end;
        let whole = at..end;
        Some(match is_end {
            true => Token::End { name, whole },
            false => Token::Start { name, whole, self_closing },
        })
    }

    /// Reads attributes up to the `>` of a tag: where it ends, and whether with `/>`.
    fn attributes_from(&mut self, mut at: usize) -> Option<(usize, bool)> {
        let bytes = self.bytes();
        loop {
            let slash = at;
            while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
                at += 1;
            }
            if *bytes.get(at)? == b'>' {
                let self_closing = at > slash && bytes.get(at - 1) == Some(&b'/');
                return Some((at + 1, self_closing));
            }
            let name_start = at;
            at += 1;
            while bytes.get(at).is_some_and(|byte| {
                !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'=')
            }) {
                at += 1;
            }
            let name = name_start..at;
            let mut look = at;
            while bytes.get(look).is_some_and(u8::is_ascii_whitespace) {
                look += 1;
            }
            let mut value = at..at;
            if bytes.get(look) == Some(&b'=') {
                (value, at) = self.value(look + 1)?;
            }
            self.attributes.push(Attribute { name, value });
        }
    }

    /// The value of an attribute, from after its `=`: the value, and where the tag goes on.
    fn value(&self, mut at: usize) -> Option<(Range<usize>, usize)> {
        let bytes = self.bytes();
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        match *bytes.get(at)? {
            quote @ (b'"' | b'\'') => {
                let end = at + 1 + memchr(quote, bytes.get(at + 1..)?)?;
                Some((at + 1..end, end + 1))
            }
            b'>' => Some((at..at, at)),
            _ => {
                let rest = bytes.get(at..)?;
                let is_inside = |byte: &&u8| !byte.is_ascii_whitespace() && **byte != b'>';
                let end = at + rest.iter().take_while(is_inside).count();
                Some((at..end, end))
            }
        }
    }

    /// Where raw text ends: at its end tag.
    fn raw_end(&self, raw: RawText, name: Range<usize>) -> usize {
        let name = self.bytes().get(name).unwrap_or_default();
        match raw {
            RawText::Endless => self.source.len(),
            RawText::Script => self.script_end(name),
            RawText::Plain | RawText::References => {
                let rest = self.rest(self.at);
                let mut ends = memmem::find_iter(rest, b"</").map(|found| self.at + found);
                ends.find(|&end| self.is_tag(end + 2, name)).unwrap_or(self.source.len())
            }
        }
    }

    /// Whether a tag of this name stands at this offset, which is after `<` or `</`.
    fn is_tag(&self, at: usize, name: &[u8]) -> bool {
        let rest = self.rest(at);
        rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && rest
                .get(name.len())
                .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
    }

    /// In a comment inside a script, `<script>` and `</script>` pair up (the "double escaped" states).
    fn script_end(&self, name: &[u8]) -> usize {
        let (mut at, mut in_comment, mut in_inner) = (self.at, false, false);
        while let Some(found) = memchr2(b'<', b'-', self.rest(at)) {
            at += found;
            let rest = self.rest(at);
            if rest.starts_with(b"-->") {
                (in_comment, in_inner) = (false, false);
            } else if rest.starts_with(b"<!--") {
                in_comment = true;
                at += 1;
            } else if rest.starts_with(b"</") && self.is_tag(at + 2, name) {
                if !in_inner {
                    return at;
                }
                in_inner = false;
            } else if in_comment && rest.starts_with(b"<") && self.is_tag(at + 1, name) {
                in_inner = true;
            }
            at += 1;
        }
        self.source.len()
    }
}
