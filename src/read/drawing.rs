//! Parts of drawings that hold text: diagrams (SmartArt) and charts.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::{Token, Xml};

/// Series of a chart beyond this number are not for reading, and would make every row as long.
const MOST_SERIES: usize = 50;

/// What a drawing says.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// Its paragraphs, in the order of the part.
    pub paragraphs: Vec<String>,
    /// The data of a chart: a row of the names of its series, then one for each category.
    pub rows: Vec<Vec<String>>,
}

impl Drawing {
    /// Reads the part of a diagram or chart.
    pub fn parse(text: &str) -> Drawing {
        let mut drawing = Drawing::default();
        let mut chart = Chart::default();
        let mut open = String::new();
        let mut xml = Xml::new(text);
        // The element `t` of a diagram holds paragraphs, that of a run holds text.
        let mut is_text = false;
        while let Some(token) = xml.token() {
            let was_text = std::mem::replace(&mut is_text, false);
            match token {
                Token::Open(tag) => match tag.name() {
                    "t" => is_text = true,
                    "br" => open.push('\n'),
                    "ser" => chart.begin(),
                    "tx" | "cat" | "val" | "xVal" | "yVal" => chart.field = Field::of(tag.name()),
                    "pt" => chart.point = tag.number("idx").unwrap_or(0),
                    "v" => chart.value(xml.text()),
                    _ => {}
                },
                Token::Text(piece) if was_text => {
                    open.push_str(&piece);
                    is_text = true;
                }
                Token::Text(_) => {}
                Token::Close(end) if end.name() == "p" => {
                    let paragraph = std::mem::take(&mut open);
                    if !paragraph.trim().is_empty() {
                        drawing.paragraphs.push(paragraph);
                    }
                }
                Token::Close(end) if end.name() == "ser" => chart.field = Field::None,
                Token::Close(_) => {}
            }
        }
        drawing.rows = chart.rows();
        drawing
    }
}

/// Which data of a series are being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Field {
    #[default]
    None,
    Name,
    Categories,
    Values,
}

impl Field {
    fn of(element: &str) -> Field {
        match element {
            "tx" => Field::Name,
            "cat" | "xVal" => Field::Categories,
            _ => Field::Values,
        }
    }
}

#[derive(Default)]
struct Chart {
    series: Vec<(String, BTreeMap<usize, String>)>,
    categories: BTreeMap<usize, String>,
    field: Field,
    point: usize,
}

impl Chart {
    fn begin(&mut self) {
        self.field = Field::None;
        self.series.push(Default::default());
    }

    fn value(&mut self, value: String) {
        let Some((name, values)) = self.series.last_mut() else { return };
        match self.field {
            Field::None => {}
            Field::Name => *name = value,
            Field::Categories => drop(self.categories.entry(self.point).or_insert(value)),
            Field::Values => drop(values.insert(self.point, value)),
        }
    }

    fn rows(mut self) -> Vec<Vec<String>> {
        self.series.truncate(MOST_SERIES);
        let values = self.series.iter().flat_map(|(_, values)| values.keys().copied());
        let points: BTreeSet<usize> = values.chain(self.categories.keys().copied()).collect();
        if points.is_empty() {
            return Vec::new();
        }
        let names = self.series.iter().map(|(name, _)| name.clone());
        let mut rows = vec![std::iter::once(String::new()).chain(names).collect()];
        for point in points {
            let mut row = vec![self.categories.remove(&point).unwrap_or_default()];
            let values = self.series.iter_mut().map(|(_, values)| values.remove(&point));
            row.extend(values.map(Option::unwrap_or_default));
            rows.push(row);
        }
        rows
    }
}
