//! Whether a figure is of the year that is asked for: by the narrowest that names one.

use super::context::Sentence;
use super::fit::{Before, Frame};

/// Where the figures of a draft and of the corpus stand.
pub struct Places<'s> {
    pub asked: (&'s Sentence, usize),
    /// The years of the headings over it, which say of what it is where its sentence does not.
    pub headings: &'s [i64],
    pub found: (&'s Sentence, usize),
    pub frame: &'s Frame,
    pub before: &'s Before,
}

impl Places<'_> {
    /// The years that are asked for against those of a figure; where its sentence has none, those of the sentences
    /// before it and of the report; without any before it the report may be one that tells of the year before.
    pub fn are_of_one_year(&self) -> bool {
        let (own, figure) = self.asked;
        let asked = own.years_of(figure);
        let found = self.found.0.years_of(self.found.1);
        let is_asked = |year: &i64| asked.contains(year);
        let other = own.other_years(figure);
        match (asked.is_empty(), found.is_empty()) {
            (true, _) if !self.is_of_headings(&found) => false,
            (true, true) => true,
            (true, false) => !found.iter().all(|year| other.contains(year)),
            (false, false) => found.iter().any(is_asked),
            (false, true) => {
                let (years, frame) = (&self.before.years, self.frame);
                // Where those before name the year of the report too, it is of that.
                let is_of_report = |year: &i64| frame.years.contains(year) && !is_asked(year);
                let is_of_before = self.before.goes_on || frame.years.is_empty();
                is_of_before && years.iter().any(is_asked) && !years.iter().any(is_of_report)
                    || frame.years.iter().any(is_asked)
                    || years.is_empty()
                        && (frame.years.is_empty()
                            || frame.year_before.as_ref().is_some_and(is_asked))
            }
        }
    }

    /// Whether a figure may be of a year of the headings. These are held to less than a sentence is: what a report of that
    /// year tells, of whatever year, may stand below them.
    fn is_of_headings(&self, found: &[i64]) -> bool {
        let is_asked = |year: &i64| self.headings.contains(year);
        let frame = self.frame;
        self.headings.is_empty()
            || frame.years.is_empty()
            || found.iter().chain(&frame.years).any(is_asked)
            || found.is_empty() && frame.year_before.as_ref().is_some_and(is_asked)
    }
}
