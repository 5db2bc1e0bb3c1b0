//! Text of DrawingML outside of slides: diagrams.

use super::xml::{Token, Xml};

/// The paragraphs of a part, in its order.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut open = String::new();
    let mut xml = Xml::new(text);
    while let Some(token) = xml.token() {
        match token {
            Token::Open(tag) if tag.name() == "t" => xml.text_into(&mut open),
            Token::Open(tag) if tag.name() == "br" => open.push('\n'),
            Token::Close(end) if end.name() == "p" => {
                let paragraph = std::mem::take(&mut open);
                if !paragraph.trim().is_empty() {
                    paragraphs.push(paragraph);
                }
            }
            _ => {}
        }
    }
    paragraphs
}
