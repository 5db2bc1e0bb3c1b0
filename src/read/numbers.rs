//! Numbers as programs print them: before headings, as the labels of ordered lists, on pages.

/// The signs that a number is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numerals {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// I, II, III.
    UpperRoman,
    /// i, ii, iii.
    LowerRoman,
    /// A to Z, then AA, AB.
    UpperLetter,
    /// a to z, then aa, ab.
    LowerLetter,
    /// A to Z, then AA, BB.
    UpperDoubled,
    /// a to z, then aa, bb.
    LowerDoubled,
}

impl Numerals {
    /// The numerals that languages of markup name by their first one.
    pub fn like(first: char) -> Option<Numerals> {
        match first {
            '1' => Some(Numerals::Decimal),
            'I' => Some(Numerals::UpperRoman),
            'i' => Some(Numerals::LowerRoman),
            'A' => Some(Numerals::UpperLetter),
            'a' => Some(Numerals::LowerLetter),
            _ => None,
        }
    }

    /// The same with letters that are doubled after the last: as office programs count.
    pub fn doubled(self) -> Numerals {
        match self {
            Numerals::UpperLetter => Numerals::UpperDoubled,
            Numerals::LowerLetter => Numerals::LowerDoubled,
            numerals => numerals,
        }
    }

    /// A number in these signs; in digits where they have none for it.
    pub fn print(self, number: i64) -> String {
        let text = match self {
            Numerals::Decimal => None,
            Numerals::UpperRoman | Numerals::LowerRoman => roman(number),
            Numerals::UpperLetter | Numerals::LowerLetter => letters(number),
            Numerals::UpperDoubled | Numerals::LowerDoubled => doubled(number),
        };
        match (text, self) {
            (None, _) => number.to_string(),
            (Some(text), Numerals::LowerRoman | Numerals::LowerLetter | Numerals::LowerDoubled) => {
                text.to_ascii_lowercase()
            }
            (Some(text), _) => text,
        }
    }
}

/// A number in Roman signs. Nobody reads longer ones.
fn roman(number: i64) -> Option<String> {
    const SIGNS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = Some(number).filter(|number| (1..4000).contains(number))?;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    Some(text)
}

/// Z is followed by AA, AB.
fn letters(number: i64) -> Option<String> {
    let mut rest = Some(number).filter(|number| *number > 0)?;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(letter(rest));
        rest = (rest - 1) / 26;
    }
    Some(letters.into_iter().rev().collect())
}

/// Z is followed by AA, BB. Nobody reads longer ones.
fn doubled(number: i64) -> Option<String> {
    const LONGEST: i64 = 10;
    let number = Some(number).filter(|number| (1..=26 * LONGEST).contains(number))?;
    Some((0..=(number - 1) / 26).map(|_| letter(number)).collect())
}

/// A for 1, and for 27.
fn letter(number: i64) -> char {
    char::from(b'A' + ((number - 1) % 26) as u8)
}

/// How the items of an ordered list are labelled: `1.`, `(a)`, `iv)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    before: String,
    numerals: Numerals,
    after: String,
}

impl Pattern {
    /// Numerals between two texts.
    pub fn new(before: &str, numerals: Numerals, after: &str) -> Pattern {
        Pattern { before: before.to_owned(), numerals, after: after.to_owned() }
    }

    /// A pattern by the label of its first item; `None` where nothing in it counts.
    pub fn like(first: &str) -> Option<Pattern> {
        let (at, numerals) =
            first.char_indices().find_map(|(at, c)| Some((at, Numerals::like(c)?)))?;
        Some(Pattern::new(&first[..at], numerals, &first[at + 1..]))
    }

    /// The label of an item.
    pub fn label(&self, number: i64) -> String {
        format!("{}{}{}", self.before, self.numerals.print(number), self.after)
    }
}

/// An ordered list whose items are counted.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// How its items are labelled.
    pub pattern: Pattern,
    /// The number of the next item.
    pub next: i64,
    /// Whether it counts down.
    pub is_reversed: bool,
}

impl Ordered {
    /// A list that begins with a number.
    pub fn new(pattern: Pattern, first: i64) -> Ordered {
        Ordered { pattern, next: first, is_reversed: false }
    }

    /// The label of the next item.
    pub fn count(&mut self) -> String {
        let label = self.pattern.label(self.next);
        self.next = self.next.saturating_add(if self.is_reversed { -1 } else { 1 });
        label
    }
}

/// The numbers that are written before the items of a list.
///
/// What is written is what stands in the text: a report refers to it, and laws have their numbers. Only where all
/// items, two or more, say `1` is nothing meant by it: in Markdown, Org and AsciiDoc, such a list is left to be counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    items: usize,
    ones: usize,
}

impl Written {
    /// Takes the number of the next item, without the signs about it.
    pub fn add(&mut self, number: &str) {
        self.items += 1;
        self.ones += usize::from(number == "1");
    }

    /// Whether all of them are 1 so far.
    pub fn are_ones(&self) -> bool {
        self.items == self.ones
    }

    /// Whether the items are to be counted, if these are all.
    pub fn are_counted(&self) -> bool {
        self.items > 1 && self.are_ones()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_signs_that_are_asked_for() {
        let print = |numerals: Numerals, numbers: &[i64]| {
            let printed: Vec<String> = numbers.iter().map(|&it| numerals.print(it)).collect();
            printed.join(" ")
        };
        assert_eq!(print(Numerals::LowerRoman, &[1, 4, 1999, 0, 4000]), "i iv mcmxcix 0 4000");
        assert_eq!(print(Numerals::UpperLetter, &[1, 26, 27, 53, 703, -1]), "A Z AA BA AAA -1");
        assert_eq!(print(Numerals::LowerDoubled, &[1, 26, 27, 53, 261]), "a z aa aaa 261");
        assert_eq!(print(Numerals::LowerDoubled, &[28]), "bb");
        assert_eq!(print(Numerals::UpperLetter, &[i64::MAX]), "CRPXNLSKVLJFHG");
        assert_eq!(print(Numerals::Decimal, &[i64::MIN]), "-9223372036854775808");
    }

    #[test]
    fn a_pattern_is_like_its_first_label() {
        let label = |first: &str, number| Pattern::like(first).map(|it| it.label(number));
        assert_eq!(label("(a)", 3).as_deref(), Some("(c)"));
        assert_eq!(label("Nr. 1:", 12).as_deref(), Some("Nr. 12:"));
        assert_eq!(label("•", 1), None);
    }

    #[test]
    fn counting_ends_at_the_largest_number() {
        let mut list = Ordered::new(Pattern::like("1.").unwrap_or_default(), i64::MAX);
        assert_eq!([list.count(), list.count()].join(" "), format!("{0}. {0}.", i64::MAX));
    }
}
