//! Documents inside a document: equations and charts.

use crate::read::xml::{Token, Xml};

/// What an inner document says.
#[derive(Debug, Default)]
pub struct Object {
    /// The text of an equation (MathML).
    pub equation: String,
    /// The data of a chart: rows of cells.
    pub rows: Vec<Vec<String>>,
}

impl Object {
    /// Reads the main part of an inner document; nothing where it is of another kind.
    pub fn parse(text: &str) -> Object {
        let mut object = Object::default();
        let mut is_chart = false;
        let mut cell: Option<String> = None;
        let mut xml = Xml::new(text);
        while let Some(token) = xml.token() {
            match token {
                Token::Open(tag) => match tag.name() {
                    "mi" | "mn" | "mo" | "mtext" => object.sign(&xml.text()),
                    // The formula in the words of its editor, and text that says how a chart looks.
                    "annotation" | "automatic-styles" | "title" | "legend" | "axis" => xml.skip(),
                    "chart" => is_chart = true,
                    "table-row" if is_chart => object.rows.push(Vec::new()),
                    "table-cell" if is_chart => cell = Some(String::new()),
                    _ => {}
                },
                Token::Close(end) if end.name() == "table-cell" => {
                    if let (Some(row), Some(cell)) = (object.rows.last_mut(), cell.take()) {
                        row.push(cell);
                    }
                }
                Token::Close(_) => {}
                Token::Text(text) => {
                    if let Some(cell) = &mut cell {
                        cell.push_str(&text);
                    }
                }
            }
        }
        object
    }

    /// What is raised or lowered must not become one word with what it stands at.
    fn sign(&mut self, text: &str) {
        if !self.equation.is_empty() {
            self.equation.push(' ');
        }
        self.equation.push_str(text.trim());
    }
}
