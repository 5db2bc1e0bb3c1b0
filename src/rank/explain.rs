//! Explanations: a score as a tree of the numbers it was made from.

use std::fmt;

/// A number, what it is, and the numbers it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The part of the score that this explains.
    pub value: f32,
    /// What it is, in words.
    pub description: String,
    /// What it is made of.
    pub parts: Vec<Explanation>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl Explanation {
    /// A part that adds nothing, and why.
    pub fn nothing(description: &str) -> Explanation {
        Explanation { value: 0.0, description: description.to_owned(), parts: Vec::new() }
    }

    /// This and a weight: what the whole counts.
    pub fn times(self, weight: f32, description: &str) -> Explanation {
        let weight =
            Explanation { value: weight, description: description.to_owned(), parts: Vec::new() };
        Explanation {
            value: self.value * weight.value,
            description: "product of".to_owned(),
            parts: vec![self, weight],
        }
    }

    /// This and what comes to it.
    pub fn plus(self, more: Vec<Explanation>) -> Explanation {
        let mut parts = vec![self];
        parts.extend(more);
        let value = parts.iter().map(|part| part.value).sum();
        Explanation { value, description: "sum of".to_owned(), parts }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        writeln!(f, "{}{:.4}  {}", "  ".repeat(depth), self.value, self.description)?;
        self.parts.iter().try_for_each(|part| part.write(f, depth + 1))
    }
}
