//! Characters of a text that nobody sees and that no script needs where they stand: they may hide words from people that
//! programs read, or turn the order of what is seen.

use std::collections::BTreeMap;

/// A kind of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hidden {
    /// Letters and signs a second time (U+E0020 to U+E007E), made to name languages: a whole text can be written in them.
    Tag,
    /// Letters are read in another order than they stand in (U+202D, U+202E).
    Override,
    /// Marks and embeddings of a direction of writing, in a text all of whose letters run from left to right.
    Direction,
    /// A space of no width (U+200B, U+FEFF).
    Space,
    /// What joins or parts letters or words, where nothing is to be joined (U+200C, U+200D, U+2060 to U+2064).
    Joiner,
    /// What selects the variant of a character that has none.
    Selector,
    /// What fills the place of a character, and what is of use no more.
    Filler,
}

impl Hidden {
    /// What so many of them are called.
    pub fn name(self, count: usize) -> &'static str {
        let (one, several) = match self {
            Hidden::Tag => ("tag character", "tag characters"),
            Hidden::Override => ("override of direction", "overrides of direction"),
            Hidden::Direction => ("mark of direction", "marks of direction"),
            Hidden::Space => ("zero-width space", "zero-width spaces"),
            Hidden::Joiner => ("invisible joiner", "invisible joiners"),
            Hidden::Selector => ("stray variation selector", "stray variation selectors"),
            Hidden::Filler => ("invisible filler", "invisible fillers"),
        };
        if count == 1 { one } else { several }
    }
}

/// The most tags behind a black flag, which they make that of a part of a country.
const LONGEST_FLAG: usize = 6;

/// How many characters of each kind a text hides. Soft hyphens are none, and neither are joiners, spaces of no width and
/// marks of direction in the scripts that need them.
pub fn hidden(text: &str) -> BTreeMap<Hidden, usize> {
    let mut counts = BTreeMap::new();
    if text.is_ascii() {
        return counts;
    }
    let runs_left = text.chars().any(is_right_to_left);
    let (mut last, mut of_flag) = ('\n', 0);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        of_flag = match c {
            '\u{1F3F4}' => LONGEST_FLAG,
            '\u{E0020}'..='\u{E007F}' => of_flag,
            _ => 0,
        };
        let next = chars.peek().copied().unwrap_or('\n');
        match kind(last, c, next, runs_left) {
            Some(Hidden::Tag) if of_flag > 0 => of_flag -= 1,
            Some(kind) => *counts.entry(kind).or_default() += 1,
            None => {}
        }
        last = c;
    }
    counts
}

/// What a character between two others hides.
fn kind(last: char, c: char, next: char, runs_left: bool) -> Option<Hidden> {
    let is_needed = |is: fn(char) -> bool| is(last) || is(next);
    match c {
        '\u{E0000}'..='\u{E007F}' => Some(Hidden::Tag),
        '\u{202D}' | '\u{202E}' => Some(Hidden::Override),
        '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}' => {
            (!runs_left).then_some(Hidden::Direction)
        }
        '\u{200B}' => (!is_needed(is_without_spaces)).then_some(Hidden::Space),
        '\u{FEFF}' => Some(Hidden::Space),
        '\u{200C}' | '\u{200D}' => (!is_needed(is_joined)).then_some(Hidden::Joiner),
        '\u{2060}'..='\u{2064}' => Some(Hidden::Joiner),
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
            let has_variants = last.is_ascii_digit()
                || !last.is_ascii() && !last.is_whitespace() && !super::is_invisible(last)
                || matches!(last, '#' | '*');
            (!has_variants).then_some(Hidden::Selector)
        }
        '\u{34F}' | '\u{3164}' | '\u{FFA0}' | '\u{206A}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' => {
            Some(Hidden::Filler)
        }
        _ => None,
    }
}

/// Hebrew, Arabic and the other scripts that run from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{60B}' | '\u{60D}'..='\u{61B}' | '\u{61D}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Scripts that write words without a space between, where one of no width tells where a line may end.
fn is_without_spaces(c: char) -> bool {
    super::is_unspaced(c)
        || matches!(c, '\u{F00}'..='\u{FFF}' | '\u{19E0}'..='\u{1AAF}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}')
}

/// Scripts whose letters join or not by such a character, and pictures that are made of several.
fn is_joined(c: char) -> bool {
    is_right_to_left(c)
        || matches!(c, '\u{900}'..='\u{DFF}' | '\u{E00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{2190}'..='\u{2BFF}'
            | '\u{A8E0}'..='\u{A8FF}' | '\u{FE0F}' | '\u{11000}'..='\u{11FFF}' | '\u{1F000}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::hidden;

    fn told(text: &str) -> String {
        let told = hidden(text);
        let told = told.iter().map(|(kind, count)| format!("{count} {}", kind.name(*count)));
        told.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_may_hide_something_is_told() {
        let tags: String = "ignore"
            .bytes()
            .map(|b| char::from_u32(0xE0000 + u32::from(b)).unwrap_or(' '))
            .collect();
        assert_eq!(told(&format!("Police{tags} came.")), "6 tag characters");
        assert_eq!(
            told("pol\u{200B}ice \u{202E}ecilop\u{202C} came"),
            "1 override of direction, 1 mark of direction, 1 zero-width space"
        );
        assert_eq!(
            told("po\u{200D}lice\u{2060}, a\u{FE0F}\u{FE0E}, \u{3164}"),
            "2 invisible joiners, 2 stray variation selectors, 1 invisible filler"
        );
    }

    #[test]
    fn what_scripts_need_is_not() {
        for text in [
            "co\u{AD}operation, “Côte d’Ivoire”",
            // Persian, Hindi, Thai.
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "ภาษา\u{200B}ไทย",
            // Hebrew with a mark of direction before a sign.
            "שלום\u{200F}! (2019)",
            // A family, a keycap, a heart, the flag of England.
            "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} 1\u{FE0F}\u{20E3} \u{2764}\u{FE0F} \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }
}
