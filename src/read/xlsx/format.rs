//! Numbers of cells as text: as their formats show them, else without the noise of binary fractions; days and times
//! always in one form, which none takes for another day.

use std::collections::HashMap;
use std::rc::Rc;

use super::pattern::Pattern;
use crate::read::xml::Xml;

/// What a format shows of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// The number.
    #[default]
    Number,
    /// A day, and the time of day.
    Date { has_time: bool },
    /// A time of day or a stretch of time.
    Time,
    /// The number with so many digits, a sign of percent or of a currency.
    Written(Rc<Pattern>),
}

/// The formats of a workbook.
#[derive(Default)]
pub struct Formats {
    /// What each style of cells shows.
    styles: Vec<Shown>,
    is_1904: bool,
}

impl Formats {
    /// Reads `styles.xml`. `is_1904`: dates are counted from 1904 on.
    pub fn parse(text: &str, is_1904: bool) -> Formats {
        let mut custom: HashMap<usize, Shown> = HashMap::new();
        let mut formats = Formats { is_1904, ..Formats::default() };
        let mut xml = Xml::new(text);
        while let Some(tag) = xml.within(0) {
            match tag.name() {
                "numFmt" => {
                    let code = tag.attribute("formatCode").unwrap_or_default();
                    if let Some(id) = tag.number("numFmtId") {
                        custom.insert(id, shown_by(&code));
                    }
                }
                "cellXfs" => {
                    let depth = xml.depth();
                    while let Some(tag) = xml.within(depth) {
                        if tag.name() == "xf" {
                            let id = tag.number("numFmtId").unwrap_or(0);
                            let shown = custom.get(&id).cloned();
                            formats.styles.push(shown.unwrap_or_else(|| built_in(id)));
                        }
                    }
                }
                _ => {}
            }
        }
        formats
    }

    /// A number as a cell of this style shows it.
    pub fn text(&self, written: &str, style: usize) -> String {
        let written = written.trim();
        let shown = self.styles.get(style).unwrap_or(&Shown::Number);
        if *shown == Shown::Number && is_short(written) {
            return written.to_owned();
        }
        let Ok(number) = written.parse::<f64>() else { return written.to_owned() };
        // The last day that Excel knows is 9999-12-31.
        let is_date = (0.0..2_958_466.0).contains(&number);
        match shown {
            Shown::Date { has_time } if is_date => self.date(number, *has_time),
            Shown::Time if is_date => time(number),
            Shown::Written(pattern) => {
                pattern.text(number).unwrap_or_else(|| shortest(written, number))
            }
            _ => shortest(written, number),
        }
    }

    fn date(&self, number: f64, has_time: bool) -> String {
        let seconds = (number.fract() * 86_400.0).round() as i64;
        let mut days = number.trunc() as i64 + seconds / 86_400;
        // Excel takes 1900 for a leap year: what comes before its 29th of February is a day off.
        days += if self.is_1904 { 1462 } else { i64::from(days < 60) };
        let (year, month, day) = civil(days - 25_569);
        let date = format!("{year:04}-{month:02}-{day:02}");
        match has_time && seconds % 86_400 > 0 {
            true => format!("{date} {}", clock(seconds % 86_400)),
            false => date,
        }
    }
}

fn time(number: f64) -> String {
    clock((number * 86_400.0).round() as i64)
}

fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Year, month and day of a day counted from 1970-01-01 (Hinnant, *chrono-Compatible Low-Level Date
/// Algorithms*).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// A number in its shortest form: Excel keeps 15 digits, files often more.
fn shortest(written: &str, number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() || (size != 0.0 && !(1e-7..1e15).contains(&size)) {
        return written.to_owned();
    }
    match format!("{number:.14e}").parse::<f64>() {
        Ok(rounded) => format!("{rounded}"),
        Err(_) => written.to_owned(),
    }
}

/// Whether a number is written in its shortest form already.
fn is_short(written: &str) -> bool {
    let is_plain = written.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    is_plain && written.len() <= 15 && !(written.contains('.') && written.ends_with(['0', '.']))
}

/// ECMA-376 part 1, 18.8.30: the formats that have no code in the file.
fn built_in(id: usize) -> Shown {
    match id {
        14..=17 | 27..=31 | 36 | 50..=58 => Shown::Date { has_time: false },
        22 => Shown::Date { has_time: true },
        18..=21 | 32..=35 | 45..=47 => Shown::Time,
        _ => written_by(code(id)),
    }
}

/// The codes that such formats stand for. Which currency 5 to 8, 42 and 44 have, the reader's machine tells.
fn code(id: usize) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 | 37 | 38 => "#,##0_);(#,##0)",
        7 | 8 | 39 | 40 => "#,##0.00_);(#,##0.00)",
        9 => "0%",
        10 => "0.00%",
        41 | 42 => "_(* #,##0_);_(* (#,##0);_(* \"-\"_)",
        43 | 44 => "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_)",
        _ => "",
    }
}

fn written_by(code: &str) -> Shown {
    Pattern::parse(code).map_or(Shown::Number, |pattern| Shown::Written(Rc::new(pattern)))
}

/// What a format code shows: its letters outside of quotes, escapes and brackets tell.
fn shown_by(code: &str) -> Shown {
    let mut letters = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|&c| c == '"')),
            '\\' | '_' | '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                // Stretches of time: `[h]:mm`.
                if inside.chars().all(|c| "hmsHMS".contains(c)) {
                    letters.push_str(&inside.to_lowercase());
                }
            }
            ';' => break,
            c => letters.extend(c.to_lowercase()),
        }
    }
    if letters.starts_with("general") {
        return Shown::Number;
    }
    let has_time = letters.contains(['h', 's']);
    let has_date = letters.contains(['y', 'd']) || (letters.contains('m') && !has_time);
    match (has_date, has_time) {
        (true, has_time) => Shown::Date { has_time },
        (false, true) => Shown::Time,
        (false, false) => written_by(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_codes_tell_dates_from_numbers() {
        let cases = [
            ("yyyy\\-mm\\-dd", Shown::Date { has_time: false }),
            ("dd/mm/yy hh:mm", Shown::Date { has_time: true }),
            ("mmm", Shown::Date { has_time: false }),
            ("[h]:mm:ss", Shown::Time),
            ("mm:ss.0", Shown::Time),
            ("General", Shown::Number),
            ("0.00E+00", Shown::Number),
        ];
        for (code, shown) in cases {
            assert_eq!(shown_by(code), shown, "{code}");
        }
    }

    #[test]
    fn days_and_numbers_are_written_plainly() {
        let dates = Formats { styles: vec![Shown::Date { has_time: true }], is_1904: false };
        let days = [
            ("1", "1900-01-01"),
            ("59", "1900-02-28"),
            ("61", "1900-03-01"),
            ("45413", "2024-05-01"),
            ("45413.5625", "2024-05-01 13:30:00"),
            ("45413.999999999", "2024-05-02"),
            ("-1", "-1"),
            ("1e300", "1e300"),
        ];
        for (number, date) in days {
            assert_eq!(dates.text(number, 0), date);
        }
        let since_1904 = Formats { is_1904: true, ..dates };
        assert_eq!(since_1904.text("43951", 0), "2024-05-01");
        let numbers =
            [("0.30000000000000004", "0.3"), ("1.0", "1"), ("12.50", "12.5"), ("1E+20", "1E+20")];
        for (written, shortest) in numbers {
            assert_eq!(since_1904.text(written, 9), shortest);
        }
    }
}
