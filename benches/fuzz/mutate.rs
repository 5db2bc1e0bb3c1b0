//! Changes inputs: seeded, so that a run comes again as it was.

/// A generator of numbers (SplitMix64; Steele, Lea, Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn choose<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// A length up to `most`, short ones as often as long ones of the same number of digits.
    fn length(&mut self, most: usize) -> usize {
        let bits = usize::BITS - most.leading_zeros();
        let most_here = 1usize << self.below(bits as usize + 1);
        (1 + self.below(most_here)).min(most)
    }

    /// A range within so many bytes.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..start + self.length(length - start)
    }
}

/// What counts, sizes, characters and repetitions overflow at.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "2",
    "7",
    "10",
    "99",
    "255",
    "256",
    "999",
    "1000",
    "10000",
    "32767",
    "32768",
    "65535",
    "65536",
    "55296",
    "1114112",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999",
    "1e308",
    "0.5",
    "-2147483648",
    "D800",
    "10FFFF",
    "110000",
];

/// Characters of every length and kind.
const CHARACTERS: &[&str] = &[
    "\0",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\u{b}",
    "\u{c}",
    "\u{1b}",
    " ",
    "  ",
    "\u{85}",
    "\u{a0}",
    "é",
    "ß",
    "İ",
    "ŉ",
    "ﬁ",
    "e\u{301}",
    "\u{301}",
    "ӣ",
    "中",
    "。",
    "\u{2028}",
    "\u{2029}",
    "\u{200B}",
    "\u{200D}",
    "\u{202E}",
    "\u{3000}",
    "\u{FEFF}",
    "\u{FFFD}",
    "👮\u{200D}♀️",
    "\u{10FFFF}",
    "K",
    "ǆ",
    "\u{1F}",
    "\u{7F}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "\"",
    "'",
    "\\",
    "/",
    "*",
    "_",
    "`",
    "|",
    "=",
    "-",
    "#",
    ":",
    ";",
    ",",
    ".",
    "&",
    "%",
    "$",
    "~",
    "^",
    "+",
    "!",
    "?",
    "@",
];

/// Raw bytes that no text has.
const BYTES: &[u8] = &[0, 1, 0x7F, 0x80, 0xBF, 0xC0, 0xE2, 0xED, 0xF0, 0xF4, 0xFE, 0xFF];

/// What inputs are changed with.
pub struct Material<'a> {
    pub tokens: &'a [&'static str],
    pub pieces: &'a [Vec<u8>],
    /// Whether bytes count, and not characters.
    pub is_binary: bool,
    /// The most bytes of an input.
    pub longest: usize,
}

impl Material<'_> {
    /// An input: one that was there before, changed a few times, or tokens one after another.
    pub fn input(&self, random: &mut Random) -> Vec<u8> {
        let mut input = match random.choose(self.pieces) {
            // A whole package or file is worth more than its part; of a text, short parts try as much.
            Some(piece) if self.is_binary && !random.one_in(5) => piece.clone(),
            Some(piece) if !random.one_in(5) => {
                let length = 16 + random.length(self.longest);
                let start = random.below(piece.len().saturating_sub(length / 2));
                piece[start..piece.len().min(start + length)].to_vec()
            }
            _ => self.made(random),
        };
        for _ in 0..1 + random.below(5) {
            self.change(&mut input, random);
        }
        input.truncate(self.longest);
        input
    }

    fn made(&self, random: &mut Random) -> Vec<u8> {
        let mut made = Vec::new();
        for _ in 0..1 + random.length(24) {
            made.extend_from_slice(self.token(random));
        }
        made
    }

    fn token(&self, random: &mut Random) -> &'static [u8] {
        let kind = random.below(8);
        let list = match kind {
            0 => CHARACTERS,
            1 if random.one_in(2) => NUMBERS,
            1 => &["word", "Guards came. ", "Victims of trafficking", "\n", "\n\n", " "],
            _ => self.tokens,
        };
        random.choose(list).map_or(&[], |token| token.as_bytes())
    }

    fn change(&self, input: &mut Vec<u8>, random: &mut Random) {
        let length = input.len();
        match random.below(if self.is_binary { 13 } else { 11 }) {
            0..=2 => insert(input, random.below(length + 1), self.token(random)),
            3 => drop(input.splice(random.range(length), self.token(random).iter().copied())),
            4 => drop(input.drain(random.range(length))),
            5 => self.repeat(input, random),
            6 => self.splice(input, random),
            7 => number(input, random),
            8 => lines(input, random),
            9 => input.truncate(random.below(length + 1)),
            _ => byte(input, random),
        }
    }

    fn repeat(&self, input: &mut Vec<u8>, random: &mut Random) {
        let range = random.range(input.len());
        let room = self.longest.saturating_sub(input.len()) / range.len().max(1);
        let times = random.length(64).min(room);
        let piece = input[range.clone()].repeat(times);
        insert(input, range.end, &piece);
    }

    /// A piece of another input takes the place of one of this.
    fn splice(&self, input: &mut Vec<u8>, random: &mut Random) {
        let Some(other) = random.choose(self.pieces) else { return };
        let piece = other[random.range(other.len())].to_vec();
        let range = random.range(input.len());
        let range = if random.one_in(2) { range.start..range.start } else { range };
        input.splice(range, piece);
    }
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    input.splice(at..at, piece.iter().copied());
}

/// Another number stands where one stood.
fn number(input: &mut Vec<u8>, random: &mut Random) {
    let start = random.below(input.len());
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let Some(start) = input[start..].iter().position(is_digit).map(|at| start + at) else { return };
    let length = input[start..].iter().take_while(|byte| is_digit(byte)).count();
    let number = random.choose(NUMBERS).map_or("", |number| number);
    input.splice(start..start + length, number.bytes());
}

/// A line goes, comes again elsewhere, or is joined to the next.
fn lines(input: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(input.len() + 1);
    let start = input[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = input[at..].iter().position(|byte| *byte == b'\n').map(|length| at + length + 1);
    let end = end.unwrap_or(input.len());
    let line = input[start..end].to_vec();
    match random.below(3) {
        0 => drop(input.drain(start..end)),
        1 => insert(input, random.below(input.len() + 1), &line),
        _ if end > start => drop(input.remove(end - 1)),
        _ => {}
    }
}

fn byte(input: &mut [u8], random: &mut Random) {
    let at = random.below(input.len());
    let odd = random.choose(BYTES).copied().unwrap_or(0);
    let Some(byte) = input.get_mut(at) else { return };
    *byte = match random.below(3) {
        0 => odd,
        1 => *byte ^ (1 << random.below(8)),
        _ => 32 + random.below(95) as u8,
    };
}
