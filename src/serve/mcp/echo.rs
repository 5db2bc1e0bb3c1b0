//! What an answer says of the question: how it was understood, what was searched for beside it, what to know before
//! trusting the answer. A question may be longer than a whole answer, so that all of this has a part of the budget.

use serde_json::{Value, json};

use super::budget::{beginning, cost};
use crate::query::Expansion;

/// Room for how many more there are.
const MORE: usize = 10;
/// A text of fewer tokens says nothing.
const LEAST: usize = 8;

/// What is left of the part of the budget for the question.
pub struct Echo {
    left: usize,
    /// Whether something had to be cut.
    pub is_cut: bool,
}

impl Echo {
    /// The question within an answer of this budget.
    pub fn within(budget: usize) -> Echo {
        Echo { left: budget / 3, is_cut: false }
    }

    /// What one thing may have, so that no other is lost for it.
    fn room(&self) -> usize {
        self.left / 2
    }

    /// Puts a text in: its beginning where it is too long.
    pub fn text(&mut self, answer: &mut Value, name: &str, text: &str) {
        let shown = shortened(text, self.room());
        self.is_cut |= shown != text;
        self.put(answer, name, json!(shown));
    }

    /// Puts a text in that is of no use in part.
    pub fn whole(&mut self, answer: &mut Value, name: &str, text: &str) {
        match cost(&json!(text)) <= self.room() {
            true => self.put(answer, name, json!(text)),
            false => self.is_cut = true,
        }
    }

    /// Puts texts in: the first of them where they are too many, and how many more there are.
    pub fn texts(&mut self, answer: &mut Value, name: &str, texts: &[String]) {
        let shown = first_of(texts, self.room());
        self.is_cut |= shown != texts;
        self.put(answer, name, json!(shown));
    }

    /// Puts in what was searched for beside the words as typed, as far as there is room.
    pub fn expansions(&mut self, answer: &mut Value, expansions: &[Expansion]) {
        let mut room = self.room();
        let shown =
            expansions.iter().map(|it| json!({"from": it.from, "to": it.to, "by": it.by.name()}));
        let shown: Vec<Value> = shown
            .take_while(|value| {
                let rest = room.checked_sub(cost(value));
                room = rest.unwrap_or(room);
                rest.is_some()
            })
            .collect();
        self.is_cut |= shown.len() < expansions.len();
        self.put(answer, "expanded", json!(shown));
    }

    fn put(&mut self, answer: &mut Value, name: &str, value: Value) {
        self.left = self.left.saturating_sub(cost(&value));
        answer[name] = value;
    }
}

/// As many texts as there is room for, of the next its beginning, and how many more there are.
pub fn first_of(texts: &[String], room: usize) -> Vec<String> {
    let (mut room, mut shown) = (room, Vec::new());
    for text in texts {
        let (cost, is_last) = (cost(&json!(text)), shown.len() + 1 == texts.len());
        let spare = if is_last { 0 } else { MORE };
        if cost + spare > room {
            let piece = shortened(text, room.saturating_sub(spare));
            shown.extend(Some(piece).filter(|piece| !piece.is_empty()));
            break;
        }
        room -= cost;
        shown.push(text.clone());
    }
    let more = texts.len() - shown.len();
    if more > 0 {
        shown.push(format!("… and {more} more"));
    }
    shown
}

/// A text, or its beginning where it is too long; nothing where there is room for nothing.
fn shortened(text: &str, room: usize) -> String {
    match cost(&json!(text)) {
        cost if cost <= room => text.to_owned(),
        _ if room < LEAST => String::new(),
        // The mark behind it and the comma are tokens too.
        _ => format!("{} …", beginning(text, room - 4).trim_end()),
    }
}
