//! The tokens of Rich Text Format: groups, control words, escaped bytes, text.

use std::ops::Range;

/// A control word has at most so many letters; longer ones are text gone astray.
const LONGEST_WORD: usize = 40;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A group begins.
    Open,
    /// A group ends.
    Close,
    /// A control word and its number.
    Word(&'a str, Option<i32>),
    /// A control symbol: a backslash and a character that is no letter.
    Symbol(char),
    /// A byte in hexadecimal digits.
    Byte(u8),
    /// Text without line ends.
    Text(&'a str),
}

/// Splits a source into tokens.
pub struct Tokens<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// The tokens of a source.
    pub fn new(source: &'a str) -> Tokens<'a> {
        Tokens { source, at: 0 }
    }

    /// The next token, and where it stands.
    pub fn token(&mut self) -> Option<(Token<'a>, Range<usize>)> {
        // Line ends stand for nothing.
        let rest = self.source.get(self.at..)?;
        let start = self.at + rest.len() - rest.trim_start_matches(['\r', '\n', '\0']).len();
        let token = match self.source.as_bytes().get(start)? {
            b'{' => self.short(start, Token::Open),
            b'}' => self.short(start, Token::Close),
            b'\\' => self.control(start),
            _ => self.text(start),
        };
        Some((token, start..self.at))
    }

    fn short(&mut self, start: usize, token: Token<'a>) -> Token<'a> {
        self.at = start + 1;
        token
    }

    fn text(&mut self, start: usize) -> Token<'a> {
        let rest = &self.source.as_bytes()[start..];
        let is_end = |byte: &u8| matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n' | b'\0');
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        self.at = start + length;
        Token::Text(&self.source[start..self.at])
    }

    fn control(&mut self, start: usize) -> Token<'a> {
        let rest = &self.source[start + 1..];
        let letters = rest.bytes().take(LONGEST_WORD).take_while(u8::is_ascii_alphabetic).count();
        if letters == 0 {
            return self.symbol(start, rest);
        }
        let (word, rest) = rest.split_at(letters);
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest.bytes().skip(sign).take(10).take_while(u8::is_ascii_digit).count();
        let length = if digits > 0 { sign + digits } else { 0 };
        let number = rest.get(..length).and_then(|digits| digits.parse::<i64>().ok());
        let number = number.map(|it| it.clamp(i32::MIN.into(), i32::MAX.into()) as i32);
        self.at = start + 1 + letters + length;
        // One blank belongs to the word.
        self.at += usize::from(self.source.as_bytes().get(self.at) == Some(&b' '));
        Token::Word(word, number)
    }

    fn symbol(&mut self, start: usize, rest: &str) -> Token<'a> {
        let Some(symbol) = rest.chars().next() else {
            self.at = self.source.len();
            return Token::Symbol('\\');
        };
        self.at = start + 1 + symbol.len_utf8();
        if symbol == '\''
            && let Some(digits) = rest.get(1..3)
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            self.at += 2;
            return Token::Byte(u8::from_str_radix(digits, 16).unwrap_or(b'?'));
        }
        Token::Symbol(symbol)
    }

    /// Leaves out binary data of so many bytes; `false` where the source has fewer.
    pub fn skip(&mut self, count: usize) -> bool {
        let end = self.at.saturating_add(count);
        if end > self.source.len() {
            return false;
        }
        self.at = self.source.ceil_char_boundary(end);
        true
    }
}
