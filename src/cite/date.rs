//! Days of the calendar, and what the metadata says of the day of publication.

use std::time::SystemTime;

use crate::document::Metadata;

/// A day, a month, or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// In the common era.
    pub year: u32,
    /// From 1.
    pub month: Option<u32>,
    /// From 1; only with a month.
    pub day: Option<u32>,
}

/// When something was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The date.
    pub date: Date,
    /// It is that of the file, so that the publication is only about then.
    pub is_about: bool,
}

/// The names of months in English.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Formats whose `date` is the one that the program wrote into the file.
const WITH_PROPERTIES: [&str; 12] = [
    ".pdf", ".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm", ".odt", ".rtf", ".doc", ".ods",
    ".odp",
];

impl Issued {
    /// The date of publication that the metadata has: never `year`, which is what a report is about.
    pub fn of(doc_id: &str, metadata: &Metadata) -> Option<Issued> {
        let of = |keys: &[&str]| {
            let values = keys.iter().filter_map(|key| metadata.get(*key)?.first());
            values.filter_map(|text| Date::read(text)).next()
        };
        let stated = of(&["published", "issued", "publication_date", "date_published"]);
        if let Some(date) = stated {
            return Some(Issued { date, is_about: false });
        }
        let lower = doc_id.to_lowercase();
        let is_about = WITH_PROPERTIES.iter().any(|ending| lower.ends_with(ending));
        of(&["date"]).map(|date| match is_about {
            // The day that a file was made says nothing of the day of publication.
            true => Issued { date: Date { month: None, day: None, ..date }, is_about },
            false => Issued { date, is_about },
        })
    }
}

impl Date {
    /// Reads `2021-06-30`, `2021-06`, `2021`, with `/` too and a time behind it; `June 30, 2021`, `30 June 2021`,
    /// `June 2021`. Otherwise the only year in it.
    pub fn read(text: &str) -> Option<Date> {
        let text = text.trim();
        let numbers: Vec<&str> =
            text.split(['T', ' ']).next().unwrap_or_default().split(['-', '/']).take(3).collect();
        let is_iso = numbers.first().is_some_and(|year| year.len() == 4)
            && numbers.iter().skip(1).all(|part| part.len() <= 2)
            && numbers.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if is_iso && (numbers.len() > 1 || text.len() == 4) {
            let part = |index: usize| numbers.get(index).and_then(|part| part.parse().ok());
            return Date::checked(part(0)?, part(1), part(2));
        }
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let mut years = words
            .iter()
            .filter(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
        let year = years.next()?.parse().ok()?;
        if years.next().is_some() {
            return None;
        }
        let is_month =
            |word: &&&str| word.len() >= 3 && MONTHS.iter().any(|month| starts(month, word));
        let named = words.iter().find(is_month);
        let month = named.and_then(|word| MONTHS.iter().position(|month| starts(month, word)));
        let month = month.and_then(|month| u32::try_from(month + 1).ok());
        let day = words.iter().filter(|word| word.len() <= 2).find_map(|word| word.parse().ok());
        Date::checked(year, month, day.filter(|_| month.is_some()))
    }

    /// A date that can be: parts that cannot are left out, a year that cannot is none.
    fn checked(year: u32, month: Option<u32>, day: Option<u32>) -> Option<Date> {
        let month = month.filter(|month| (1..=12).contains(month));
        let length = month.map_or(0, |month| match month {
            2 if year.is_multiple_of(4)
                && (!year.is_multiple_of(100) || year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        });
        let day = day.filter(|day| (1..=length).contains(day));
        (1000..=2999).contains(&year).then_some(Date { year, month, day })
    }

    /// A day as `YYYY-MM-DD`; nothing else.
    pub fn day(text: &str) -> Option<Date> {
        let is_form = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
        let date = Date::read(text).filter(|_| is_form)?;
        date.day.map(|_| date)
    }

    /// Today in UTC.
    pub fn today() -> Date {
        let today = time::OffsetDateTime::from(SystemTime::now()).date();
        let (year, month) = (today.year().unsigned_abs(), u8::from(today.month()));
        Date { year, month: Some(month.into()), day: Some(today.day().into()) }
    }

    /// As much of `YYYY-MM-DD` as is known.
    pub fn iso(&self) -> String {
        let parts = [Some(self.year), self.month, self.day];
        let parts = parts.iter().flatten().map(|part| format!("{part:02}"));
        parts.collect::<Vec<_>>().join("-")
    }

    /// The name of the month.
    pub fn month_name(&self) -> Option<&'static str> {
        MONTHS.get(self.month?.checked_sub(1)? as usize).copied()
    }
}

fn starts(month: &str, word: &str) -> bool {
    month.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}
