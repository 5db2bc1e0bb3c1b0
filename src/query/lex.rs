//! Cuts a query into pieces: words, quoted phrases, operators, brackets, fields. Every piece knows
//! where it stands. Nothing here fails: what is not syntax is a word.

/// A piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub kind: PieceKind,
    /// One-based, in characters.
    pub column: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A word or what stands between blanks, without the operators around it.
    Word(String),
    /// The words between a pair of quotes.
    Quoted(String),
    /// `name:` directly before a word or a quotation.
    Field(String),
    And,
    Or,
    Not,
    /// `+` directly before something.
    Plus,
    /// `-` or `!` directly before something.
    Minus,
    Open,
    Close,
    /// `NEAR/5`, and `PRE/5` where the order counts.
    Near {
        ordered: bool,
        distance: u32,
    },
    /// `~5` directly behind a quotation.
    Window(u32),
    /// `^2` directly behind a word, a quotation or a bracket, as typed.
    Boost(String),
    /// What stands between two strokes: `/[fg]orced/`.
    Regex(String),
}

/// The pieces of a query, in order.
pub fn pieces(query: &str) -> Vec<Piece> {
    let chars: Vec<char> = query.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0, last_end: usize::MAX, pieces: Vec::new() };
    while lexer.at < chars.len() {
        lexer.step();
    }
    lexer.pieces
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    /// Where the last piece ends.
    last_end: usize,
    pieces: Vec<Piece>,
}

impl Lexer<'_> {
    fn step(&mut self) {
        let Some(&c) = self.chars.get(self.at) else { return };
        let at_start = self.at == 0
            || self
                .chars
                .get(self.at - 1)
                .is_some_and(|&c| c.is_whitespace() || c == '(' || is_sign(c));
        if let Some(suffix) = self.suffix() {
            return suffix;
        }
        if let Some(regex) = (at_start || self.is_value()).then(|| self.regex(self.at)).flatten() {
            let length = regex.chars().count() + 2;
            return self.push(PieceKind::Regex(regex), length);
        }
        match c {
            c if c.is_whitespace() => self.at += 1,
            '(' if at_start || self.is_value() => self.push(PieceKind::Open, 1),
            ')' => self.push(PieceKind::Close, 1),
            '+' if at_start && self.operand_follows() => self.push(PieceKind::Plus, 1),
            '-' | '−' | '!' if at_start && self.operand_follows() => {
                self.push(PieceKind::Minus, 1)
            }
            c => match closing_quote(c).and_then(|closers| self.find_close(closers)) {
                Some(end) => self.quoted(end),
                None => self.word(),
            },
        }
    }

    /// Whether what begins here is the value of a field.
    fn is_value(&self) -> bool {
        let last = self.pieces.last().filter(|_| self.last_end == self.at);
        last.is_some_and(|last| matches!(last.kind, PieceKind::Field(_)))
    }

    fn push(&mut self, kind: PieceKind, length: usize) {
        self.pieces.push(Piece { kind, column: self.at + 1 });
        self.at += length;
        self.last_end = self.at;
    }

    /// Takes `~5` or `^2` where it stands directly behind what it belongs to.
    fn suffix(&mut self) -> Option<()> {
        let last = self.pieces.last().filter(|_| self.last_end == self.at)?;
        let (kind, length) = match (self.chars.get(self.at)?, &last.kind) {
            ('~', PieceKind::Quoted(_)) => {
                let number = self.number(self.at + 1, |c| c.is_ascii_digit(), &[')', '^'])?;
                // Too large a number is told with where it stands, as one that is large.
                (PieceKind::Window(number.parse().unwrap_or(u32::MAX)), number.len())
            }
            (
                '^',
                PieceKind::Word(_)
                | PieceKind::Quoted(_)
                | PieceKind::Window(_)
                | PieceKind::Regex(_)
                | PieceKind::Boost(_)
                | PieceKind::Close,
            ) => {
                let weight = self.weight(self.at + 1)?;
                let length = weight.len();
                (PieceKind::Boost(weight), length)
            }
            _ => return None,
        };
        self.push(kind, length + 1);
        Some(())
    }

    /// The number that begins at a place, where a blank, one of `ends` or nothing follows it.
    fn number(&self, at: usize, takes: fn(char) -> bool, ends: &[char]) -> Option<String> {
        let rest = self.chars.get(at..)?;
        let number: String = rest.iter().copied().take_while(|&c| takes(c)).collect();
        let next = rest.get(number.len());
        let ends = next.is_none_or(|c| c.is_whitespace() || ends.contains(c));
        (ends && !number.is_empty()).then_some(number)
    }

    /// The weight that begins at a place, with the sign that makes it none: `labor^-1` is told and no word.
    fn weight(&self, at: usize) -> Option<String> {
        let is_less = self.chars.get(at) == Some(&'-');
        let number = self.number(at + usize::from(is_less), is_of_weight, &[')', '^'])?;
        Some(if is_less { format!("-{number}") } else { number })
    }

    /// Whether a weight begins with the sign at `end` in a word: not in `10^-6`, which is a number.
    fn is_weighted(&self, start: usize, end: usize) -> bool {
        let word = &self.chars[start..end];
        let is_power =
            self.chars.get(end + 1) == Some(&'-') && word.last().is_some_and(|c| c.is_numeric());
        let is_word = *word == ['*'] || word.iter().any(|c| c.is_alphanumeric());
        is_word && !is_power && self.weight(end + 1).is_some()
    }

    /// The regular expression that begins at a place: no blank in it, and something in it that no path has.
    fn regex(&self, at: usize) -> Option<String> {
        let rest = self.chars.get(at..)?.strip_prefix(&['/'])?;
        let inside: String = rest.iter().take_while(|c| !c.is_whitespace()).collect();
        let (inside, after) = inside.rsplit_once('/')?;
        let is_whole = after.chars().next().is_none_or(|c| matches!(c, ')' | '^'));
        let is_meant = inside.contains(|c| "[](){}.*+?|\\^$".contains(c));
        (is_whole && is_meant).then(|| inside.to_owned())
    }

    fn operand_follows(&self) -> bool {
        let rest = self.chars.get(self.at + 1..).unwrap_or_default();
        if self.regex(self.at + 1).is_some() {
            return true;
        }
        // All there is, and a pattern that begins with stars: `-*`, `-*trafficking`.
        let is_end = |c: Option<&char>| c.is_none_or(|&c| c.is_whitespace() || c == ')');
        if rest.first() == Some(&'*') && is_end(rest.get(1)) {
            return true;
        }
        rest.iter().find(|c| **c != '*').is_some_and(|&c| {
            let is_next = rest.first() == Some(&c);
            c.is_alphanumeric() || is_next && (c == '(' || closing_quote(c).is_some())
        })
    }

    /// Where the quotation that opens here ends; `None` when it never does: then the quote is a
    /// stray mark. A quotation mark that closes must not stand inside a word (`officials’ own`).
    fn find_close(&self, closers: &[char]) -> Option<usize> {
        (self.at + 1..self.chars.len()).find(|&end| closers.contains(&self.chars[end]))
    }

    fn quoted(&mut self, end: usize) {
        let inside: String = self.chars[self.at + 1..end].iter().collect();
        let length = end + 1 - self.at;
        if inside.chars().any(char::is_alphanumeric) {
            self.push(PieceKind::Quoted(inside), length);
        } else {
            self.at += length;
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let mut end = start;
        let mut depth = 0usize;
        while let Some(&c) = self.chars.get(end) {
            let closes = c == ')' && depth == 0;
            if c.is_whitespace() || closes || (end > start && closing_quote(c).is_some()) {
                break;
            }
            if c == '^' && self.is_weighted(start, end) {
                break;
            }
            if c == ':' && self.is_field(start, end) {
                let name = self.chars[start..end].iter().collect();
                return self.push(PieceKind::Field(name), end + 1 - start);
            }
            depth = match c {
                '(' => depth + 1,
                ')' => depth - 1,
                _ => depth,
            };
            end += 1;
        }
        let end = end.max(start + 1);
        let word: String = self.chars[start..end].iter().collect();
        let kind = match word.as_str() {
            "AND" | "&&" => PieceKind::And,
            "OR" | "||" => PieceKind::Or,
            "NOT" => PieceKind::Not,
            _ => near(&word).unwrap_or(PieceKind::Word(word)),
        };
        self.push(kind, end - start);
    }

    /// Whether `start..colon` names a field: a plain identifier with a value directly after the
    /// colon, and not the scheme of an address.
    fn is_field(&self, start: usize, colon: usize) -> bool {
        let name = &self.chars[start..colon];
        let is_name = name.first().is_some_and(char::is_ascii_alphabetic)
            && name.iter().all(|&c| c.is_ascii_alphanumeric() || c == '_');
        let quotes = |closers: &[char]| {
            let rest = self.chars.get(colon + 2..).unwrap_or_default();
            let inside = rest.iter().position(|c| closers.contains(c)).map(|end| &rest[..end]);
            inside.is_some_and(|inside| inside.iter().any(|c| c.is_alphanumeric()))
        };
        let mut value = self.chars.get(colon + 1..).unwrap_or_default().iter().copied();
        let has_value = value.next().is_some_and(|c| match c {
            '.' | '(' => true,
            // `heading:*forcement`, `year:>2019`, `year:>=2019`.
            '*' | '>' | '<' => value.find(|c| *c != '=').is_some_and(char::is_alphanumeric),
            '/' => self.regex(colon + 1).is_some(),
            c => c.is_alphanumeric() || closing_quote(c).is_some_and(quotes),
        });
        is_name && has_value
    }
}

/// `NEAR/5`, `PRE/5`.
fn near(word: &str) -> Option<PieceKind> {
    let (name, number) = word.split_once('/')?;
    let ordered = match name {
        "NEAR" => false,
        "PRE" => true,
        _ => return None,
    };
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    let distance = number.parse().unwrap_or(u32::MAX);
    is_number.then_some(PieceKind::Near { ordered, distance })
}

/// What weights are written with.
fn is_of_weight(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

fn is_sign(c: char) -> bool {
    matches!(c, '+' | '-' | '−' | '!')
}

/// The marks that end a quotation which this character begins; `None` when it begins none. Single
/// quotes are apostrophes.
fn closing_quote(c: char) -> Option<&'static [char]> {
    match c {
        '"' => Some(&['"', '”', '“']),
        '“' | '”' | '„' | '‟' => Some(&['”', '“', '"']),
        '«' => Some(&['»']),
        '»' => Some(&['«']),
        '「' => Some(&['」']),
        _ => None,
    }
}
