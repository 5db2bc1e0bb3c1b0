//! The format of a number, as a cell shows it: `0.0%`, `#,##0`, `[$€-407] #,##0.00`, `_(* (#,##0);...` (ECMA-376 part 1,
//! 18.8.31).

/// A longer code is none that Excel writes.
const LONGEST_CODE: usize = 255;

/// A format of numbers: for positive ones, and where they have their own, for negative ones and zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    sections: Vec<Section>,
}

/// What is written around and how a number is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Section {
    before: String,
    after: String,
    /// Digits before the point that are always written.
    whole: usize,
    /// Digits after the point: always, and at most.
    least: usize,
    most: usize,
    has_point: bool,
    is_grouped: bool,
    /// The number is multiplied by so many powers of ten.
    power: i32,
    has_digits: bool,
}

impl Pattern {
    /// Reads a code; `None` of one that changes nothing or is more than digits with text around them: fractions, powers,
    /// conditions, numbers of telephones.
    pub fn parse(code: &str) -> Option<Pattern> {
        if code.len() > LONGEST_CODE {
            return None;
        }
        let mut sections: Vec<Section> = Vec::new();
        for part in parts(code).into_iter().take(3) {
            sections.push(Section::parse(part)?);
        }
        sections.first().is_some_and(|first| first.has_digits).then_some(Pattern { sections })
    }

    /// A number as it is shown; `None` where the number is none that has 15 digits.
    pub fn text(&self, number: f64) -> Option<String> {
        let own = match (self.sections.get(1), self.sections.get(2)) {
            (Some(negative), _) if number < 0.0 => Some(negative),
            (_, Some(zero)) if number == 0.0 => Some(zero),
            _ => None,
        };
        let section = own.or(self.sections.first())?;
        let (digits, is_zero) = section.digits(number.abs())?;
        let has_sign = number < 0.0 && own.is_none() && !is_zero;
        let sign = if has_sign { "-" } else { "" };
        let text = format!("{sign}{}{digits}{}", section.before, section.after);
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// The parts of a code between semicolons.
fn parts(code: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let mut chars = code.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|&(_, c)| c == '"')),
            '\\' | '_' | '*' => drop(chars.next()),
            ';' => {
                parts.push(&code[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&code[start..]);
    parts
}

impl Section {
    fn parse(code: &str) -> Option<Section> {
        let mut section = Section::default();
        // Commas behind the last digit so far: they group where another digit follows, else they divide by thousands.
        let mut commas = 0;
        let mut has_ended = false;
        let mut chars = code.chars();
        while let Some(c) = chars.next() {
            let literal = match c {
                '0' | '#' | '?' => {
                    // Text between digits: the number of a telephone.
                    if has_ended {
                        return None;
                    }
                    section.is_grouped |= commas > 0;
                    commas = 0;
                    section.digit(c);
                    continue;
                }
                ',' if section.has_digits && !has_ended => {
                    commas += 1;
                    continue;
                }
                '.' if !section.has_point && !has_ended => {
                    section.has_point = true;
                    continue;
                }
                '%' => {
                    section.power += 2;
                    "%".to_owned()
                }
                '"' => chars.by_ref().take_while(|&c| c != '"').collect(),
                '\\' => chars.next()?.to_string(),
                '_' => {
                    chars.next();
                    " ".to_owned()
                }
                // What is repeated fills the width of the cell.
                '*' => {
                    chars.next();
                    " ".to_owned()
                }
                '[' => bracketed(&chars.by_ref().take_while(|&c| c != ']').collect::<String>())?,
                '$' | '-' | '+' | '(' | ')' | ':' | ' ' | '\u{A0}' => c.to_string(),
                c if !c.is_ascii() => c.to_string(),
                // Fractions, powers, dates, text.
                _ => return None,
            };
            match section.has_digits {
                true => section.after.push_str(&literal),
                false => section.before.push_str(&literal),
            }
            has_ended |= section.has_digits && !literal.trim().is_empty();
        }
        section.power -= 3 * commas;
        Some(section)
    }

    fn digit(&mut self, c: char) {
        self.has_digits = true;
        match (self.has_point, c == '0') {
            (false, is_always) => self.whole += usize::from(is_always),
            (true, is_always) => {
                self.most += 1;
                if is_always {
                    self.least = self.most;
                }
            }
        }
    }

    /// The digits of a number, rounded as they are shown, halves away from zero; and whether they all are zero.
    fn digits(&self, number: f64) -> Option<(String, bool)> {
        if !self.has_digits {
            return Some((String::new(), number == 0.0));
        }
        /// Excel keeps so many digits.
        const KEPT: usize = 15;
        const GREATEST: f64 = 1e15;
        if !number.is_finite() || number >= GREATEST {
            return None;
        }
        let written = format!("{number:.*e}", KEPT - 1);
        let (mantissa, exponent) = written.split_once('e')?;
        let exponent: i32 = exponent.parse().ok()?;
        let mut digits: Vec<u8> =
            mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        // So many digits stand before the point.
        let mut point = exponent + 1 + self.power;
        let kept = usize::try_from(point + self.most as i32);
        match kept {
            Ok(kept) => round(&mut digits, kept, &mut point),
            Err(_) => digits.clear(),
        }
        let digit = |at: i32| {
            let digit = usize::try_from(at).ok().and_then(|at| digits.get(at));
            char::from(b'0' + digit.copied().unwrap_or(0))
        };
        let mut whole: String = (0..point.max(0)).map(digit).collect();
        while whole.len() > self.whole && whole.starts_with('0') {
            whole.remove(0);
        }
        whole.insert_str(0, &"0".repeat(self.whole.saturating_sub(whole.len())));
        let mut fraction: String = (point..point + self.most as i32).map(digit).collect();
        while fraction.len() > self.least && fraction.ends_with('0') {
            fraction.pop();
        }
        let whole = if self.is_grouped { grouped(&whole) } else { whole };
        let is_zero = digits.iter().all(|&digit| digit == 0);
        // `#` alone shows nothing of zero; a reader is better served by it.
        let whole =
            if whole.is_empty() && fraction.is_empty() && self.least == 0 { "0" } else { &whole };
        let text = match fraction.is_empty() {
            true => whole.to_owned(),
            false => format!("{whole}.{fraction}"),
        };
        Some((text, is_zero))
    }
}

/// Keeps so many digits; a carry makes one more before the point.
fn round(digits: &mut Vec<u8>, kept: usize, point: &mut i32) {
    let goes_up = digits.get(kept).is_some_and(|&digit| digit >= 5);
    digits.truncate(kept);
    if !goes_up {
        return;
    }
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
    *point += 1;
}

fn grouped(whole: &str) -> String {
    let first = whole.len() % 3;
    let mut text = String::from(&whole[..first]);
    for (at, c) in whole[first..].char_indices() {
        if at % 3 == 0 && (at > 0 || first > 0) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// What brackets say: `[$€-407]` a currency, `[Red]` nothing that is text; `None` of a condition.
fn bracketed(inside: &str) -> Option<String> {
    if let Some(currency) = inside.strip_prefix('$') {
        return Some(currency.split('-').next().unwrap_or_default().to_owned());
    }
    inside.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(String::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_their_cells_do() {
        let cases = [
            ("0%", 0.25, "25%"),
            ("0.0%", 0.12345, "12.3%"),
            ("0.00%", 1.0, "100.00%"),
            ("#,##0", 1234567.891, "1,234,568"),
            ("#,##0", 12.0, "12"),
            ("#,##0.00", 0.5, "0.50"),
            ("0", 2.5, "3"),
            ("0", 1.005, "1"),
            ("0.00", 1.005, "1.01"),
            ("0.00", -1.5, "-1.50"),
            ("0", -0.2, "0"),
            ("000", 7.0, "007"),
            ("0.##", 1.5, "1.5"),
            ("0.0", 0.05, "0.1"),
            ("0.0", 0.04, "0.0"),
            ("0", 999.5, "1000"),
            ("#,##0", 999_999.5, "1,000,000"),
            ("\"$\"#,##0", 35_000.0, "$35,000"),
            ("$#,##0.00;[Red]-$#,##0.00", -3.2, "-$3.20"),
            ("[$€-407] #,##0.00", 1234.5, "€ 1,234.50"),
            ("#,##0.00\\ [$€-1]", 1234.5, "1,234.50 €"),
            ("[$USD] #,##0", 5000.0, "USD 5,000"),
            ("#,##0_);(#,##0)", -1500.0, "(1,500)"),
            ("#,##0_);\\(#,##0\\)", 1500.0, "1,500"),
            (
                "_(\"$\"* #,##0.00_);_(\"$\"* \\(#,##0.00\\);_(\"$\"* \"-\"??_);_(@_)",
                1234.5,
                "$ 1,234.50",
            ),
            ("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)", 0.0, "-"),
            ("#,##0,", 1_234_567.0, "1,235"),
            ("0.0,,\"m\"", 1_500_000.0, "1.5m"),
            ("0 \"days\"", 3.0, "3 days"),
            ("0.00", 1e-9, "0.00"),
            ("#", 0.0, "0"),
        ];
        for (code, number, expected) in cases {
            let shown = Pattern::parse(code).and_then(|pattern| pattern.text(number));
            assert_eq!(shown.as_deref(), Some(expected), "{code} {number}");
        }
    }

    #[test]
    fn what_is_more_than_digits_stays_a_number() {
        let others = [
            "General",
            "@",
            "# ?/?",
            "0.00E+00",
            "000-00-0000",
            "[>100]0;0.0",
            "\"text\"",
            "",
            "0;@;0x",
        ];
        for code in others {
            assert_eq!(Pattern::parse(code), None, "{code}");
        }
        for number in [1e300, f64::NAN] {
            assert_eq!(Pattern::parse("0").and_then(|pattern| pattern.text(number)), None);
        }
    }
}
