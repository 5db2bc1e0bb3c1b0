//! What the groups before the text hold: fonts, styles, properties of the document.

use super::reader::Reader;
use super::state::{Destination, Property};
use crate::read::opc::is_title;

impl Reader<'_> {
    /// A font without a group of its own ends with a semicolon.
    pub fn table_text(&mut self, text: &str) {
        match text.split_once(';') {
            Some((end, rest)) if self.state.destination == Destination::Fonts => {
                self.entry.push_str(end);
                self.end_font();
                self.entry.push_str(rest);
            }
            _ => self.entry.push_str(text),
        }
    }

    pub fn end_font(&mut self) {
        let name = std::mem::take(&mut self.entry);
        if let Some(number) = self.entry_number {
            let font = self.tables.fonts.entry(number).or_default();
            if font.name.is_empty() {
                font.name = name.trim().to_owned();
            }
        }
    }

    pub fn end_style(&mut self) {
        let name = std::mem::take(&mut self.entry);
        if let Some(number) = self.entry_number.take() {
            let style = self.tables.styles.entry(number).or_default();
            style.name = name.trim().trim_end_matches(';').to_owned();
        }
    }

    pub fn end_property(&mut self, property: Property) {
        let value = std::mem::take(&mut self.entry);
        let [year, month, day] = std::mem::take(&mut self.date);
        let date = format!("{year:04}-{month:02}-{day:02}");
        let is_date = (1985..2200).contains(&year) && (1..=12).contains(&month);
        match property {
            Property::Title => self.title = Some(value).filter(|title| is_title(title)),
            Property::Author => value.split(';').for_each(|it| self.builder.metadata("author", it)),
            Property::Subject => self.builder.metadata("subject", &value),
            Property::Description => self.builder.metadata("description", &value),
            Property::Keywords => {
                let words = value.split([',', ';']).take(100);
                words.for_each(|word| self.builder.metadata("keywords", word));
            }
            Property::Created if is_date => self.builder.metadata("date", &date),
            Property::Modified if is_date => self.builder.metadata("modified", &date),
            Property::Created | Property::Modified => {}
        }
    }
}
