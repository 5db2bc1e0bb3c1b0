//! What may differ between a quotation and its source without a word being another one, and how it is
//! told from what may not: the white space and punctuation between words.

use std::collections::BTreeSet;

use super::words::is_superscript;
use crate::analyze::{SOFT_HYPHEN, is_invisible};

/// A difference in how the same words are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// Large and small letters.
    Case,
    /// White space and line breaks.
    WhiteSpace,
    /// Quotation marks and apostrophes.
    Quotes,
    /// Hyphens and dashes.
    Dashes,
    /// Ligatures and other characters of compatibility.
    Ligatures,
    /// Soft hyphens.
    SoftHyphens,
    /// Other characters that are not seen, which may hide what nobody reads, or turn what is read.
    Invisible,
    /// Something is left out, and an ellipsis says so.
    Ellipsis,
    /// Square brackets say that something was put in.
    Brackets,
    /// The same number in another form.
    Numbers,
    /// Marks of notes are left out.
    ReferenceMarks,
    /// The full stop or comma at the end.
    FinalPunctuation,
    /// Signs of a list or of emphasis.
    Markup,
    /// Other punctuation, signs of currency, percent: more than writing differs.
    Punctuation,
}

impl Difference {
    /// The name in every interface.
    pub fn name(self) -> &'static str {
        match self {
            Difference::Case => "case",
            Difference::WhiteSpace => "white space",
            Difference::Quotes => "quotes",
            Difference::Dashes => "dashes",
            Difference::Ligatures => "ligatures",
            Difference::SoftHyphens => "soft hyphens",
            Difference::Invisible => "invisible characters",
            Difference::Ellipsis => "ellipsis",
            Difference::Brackets => "brackets",
            Difference::Numbers => "numbers",
            Difference::ReferenceMarks => "reference marks",
            Difference::FinalPunctuation => "final punctuation",
            Difference::Markup => "markup",
            Difference::Punctuation => "punctuation",
        }
    }
}

/// The differences of a match.
pub type Differences = BTreeSet<Difference>;

/// What stands between two words, by kind.
#[derive(Debug, Default)]
struct Gap {
    white: String,
    quotes: String,
    dashes: String,
    soft: String,
    invisible: String,
    brackets: String,
    ellipses: String,
    marks: String,
    markup: String,
    others: String,
}

/// Whether an ellipsis stands in a gap.
pub fn has_ellipsis(gap: &str) -> bool {
    gap.len() > 2
        && gap.char_indices().any(|(at, _)| gap.get(at..).is_some_and(|rest| ellipsis(rest) > 0))
}

/// The bytes of an ellipsis at the beginning: `…`, `...`, `. . .`, with a full stop or without.
fn ellipsis(text: &str) -> usize {
    if text.starts_with('…') {
        return '…'.len_utf8();
    }
    let (mut dots, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '.' => {
                dots += 1;
                end = at + 1;
            }
            ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}' if dots > 0 && at == end => {}
            _ => break,
        }
    }
    if dots >= 3 { end } else { 0 }
}

/// The bytes of the raised numbers at the beginning, and of what parts them: `³`, `³,⁴`, `³–⁵`.
fn raised(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        match c {
            c if is_superscript(c) => end = at + c.len_utf8(),
            ',' | ';' | '-' | '–' | ' ' if at > 0 => {}
            _ => break,
        }
    }
    end
}

/// Whether a character is a quotation mark or an apostrophe.
pub fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“'..='‟' | '‘'..='‛' | '«' | '»' | '‹' | '›' | '＂' | '＇' | '`' | '´'
        | '′' | '″' | '「' | '」' | '『' | '』' | 'ʼ')
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' | '﹘' | '﹣' | '－'
    )
}

impl Gap {
    fn of(text: &str) -> Gap {
        let mut gap = Gap::default();
        let mut skip = 0;
        for (at, c) in text.char_indices() {
            if at < skip {
                continue;
            }
            let length = ellipsis(&text[at..]);
            if length > 0 {
                gap.ellipses.push_str(&text[at..at + length]);
                skip = at + length;
                continue;
            }
            let raised = raised(&text[at..]);
            if raised > 0 {
                gap.marks.push_str(&text[at..at + raised]);
                skip = at + raised;
                continue;
            }
            let kind = match c {
                c if c.is_whitespace() => &mut gap.white,
                c if is_quote(c) => &mut gap.quotes,
                c if is_dash(c) => &mut gap.dashes,
                SOFT_HYPHEN => &mut gap.soft,
                c if is_invisible(c) => &mut gap.invisible,
                '[' | ']' => &mut gap.brackets,
                '†' | '‡' => &mut gap.marks,
                '*' | '_' | '•' | '◦' | '▪' | '‣' | '·' | '|' | '#' => &mut gap.markup,
                _ => &mut gap.others,
            };
            kind.push(c);
        }
        if !gap.ellipses.is_empty() {
            // `[...]` and `(...)` are ellipses too.
            gap.brackets = gap.brackets.replace("[]", "");
            gap.others = gap.others.replace("()", "");
        }
        gap
    }

    /// The kinds of what stands in two gaps, punctuation and white space aside.
    fn kinds<'g>(&'g self, other: &'g Gap) -> [(Difference, &'g String, &'g String); 7] {
        [
            (Difference::Quotes, &self.quotes, &other.quotes),
            (Difference::Dashes, &self.dashes, &other.dashes),
            (Difference::SoftHyphens, &self.soft, &other.soft),
            (Difference::Invisible, &self.invisible, &other.invisible),
            (Difference::Brackets, &self.brackets, &other.brackets),
            (Difference::Ellipsis, &self.ellipses, &other.ellipses),
            (Difference::Markup, &self.markup, &other.markup),
        ]
    }

    /// Adds in which kinds two gaps differ, punctuation and white space aside.
    fn compare_kinds(&self, source: &Gap, found: &mut Differences) {
        let kinds = self.kinds(source);
        found.extend(kinds.iter().filter(|(_, own, other)| own != other).map(|(kind, _, _)| *kind));
        if self.marks != source.marks {
            found.insert(match self.marks.is_empty() {
                true => Difference::ReferenceMarks,
                false => Difference::Punctuation,
            });
        }
    }
}

/// What is known of the place of two gaps that are compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// The source was joined here: which white space stands there is not known.
    pub is_seam: bool,
    /// A number follows, of which a hyphen before it may be the sign, or a range.
    pub before_digit: bool,
}

/// Adds the differences between what stands between the same two words in a quotation and in its source.
pub fn compare(quoted: &str, source: &str, place: Place, found: &mut Differences) {
    if quoted == source {
        return;
    }
    let (own, other) = (Gap::of(quoted), Gap::of(source));
    own.compare_kinds(&other, found);
    let lacks_dash = own.dashes.is_empty() != other.dashes.is_empty();
    if own.others != other.others || lacks_dash && place.before_digit {
        found.insert(Difference::Punctuation);
    }
    let is_only_white = own.white.len() == quoted.len() && other.white.len() == source.len();
    let differs = match is_only_white {
        true => own.white != other.white,
        // What stands there besides has its own name; whether there is any white space counts.
        false => {
            own.white.is_empty() != other.white.is_empty() && own.dashes == other.dashes
                || own.white.contains('\n') != other.white.contains('\n')
        }
    };
    let is_unknown = place.is_seam && !own.white.is_empty();
    if differs && !is_unknown {
        found.insert(Difference::WhiteSpace);
    }
}

/// Signs that belong to the number beside them.
const UNITS: [char; 8] = ['%', '$', '€', '£', '¥', '‰', '°', '₹'];

/// Adds the differences before the first word. What a quotation leaves out there is no difference, but
/// for the sign of a number.
pub fn compare_start(quoted: &str, source: &str, before_digit: bool, found: &mut Differences) {
    let (own, other) = (Gap::of(quoted), Gap::of(source));
    let unit = |gap: &Gap| gap.others.chars().next_back().filter(|c| UNITS.contains(c));
    let is_sign = |text: &str| {
        text.ends_with(is_dash) && text.trim_end_matches(is_dash).ends_with([' ', '(', '\n'])
    };
    let is_changed =
        before_digit && (unit(&own) != unit(&other) || is_sign(source) && own.dashes.is_empty());
    if !other.others.ends_with(&own.others) || is_changed {
        found.insert(Difference::Punctuation);
    }
    compare_end_kinds(&own, &other, |known, text| known.ends_with(text), found);
}

/// Adds the differences after the last word, where a quotation may end with a full stop or comma of its
/// own.
pub fn compare_end(quoted: &str, source: &str, after_digit: bool, found: &mut Differences) {
    let (own, other) = (Gap::of(quoted), Gap::of(source));
    let unit = |gap: &Gap| gap.others.chars().next().filter(|c| UNITS.contains(c));
    if after_digit && unit(&own) != unit(&other) {
        found.insert(Difference::Punctuation);
    }
    if !other.others.starts_with(&own.others) {
        let is_stop =
            own.others.chars().all(|c| matches!(c, '.' | ',' | ';' | ':' | '。' | '،' | '।'));
        found.insert(if is_stop { Difference::FinalPunctuation } else { Difference::Punctuation });
    }
    compare_end_kinds(&own, &other, |known, text| known.starts_with(text), found);
}

fn compare_end_kinds(
    own: &Gap,
    other: &Gap,
    is_there: impl Fn(&str, &str) -> bool,
    found: &mut Differences,
) {
    let punctuation = [(Difference::Punctuation, &own.marks, &other.marks)];
    let kinds = own.kinds(other).into_iter().chain(punctuation);
    let differing = kinds.filter(|(_, own, other)| !is_there(other, own));
    found.extend(differing.map(|(kind, _, _)| kind));
}

/// Whether a character only joins or sets off words: dashes, brackets, signs of lists, what is not seen.
pub fn is_joining(c: char) -> bool {
    is_dash(c)
        || is_invisible(c)
        || matches!(c, '[' | ']' | '*' | '_' | '•' | '◦' | '▪' | '‣' | '·' | '|' | '#')
}
