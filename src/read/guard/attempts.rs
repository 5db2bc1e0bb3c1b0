//! A file whose reading begins anew: the members that ended the child are left out of it, and what came
//! out before does not come again.

use std::collections::HashMap;

use super::process::Lost;
use crate::read::Record;

/// An archive is read so many times over, at most: each member that ends the child costs one.
const MOST_RESTARTS: usize = 20;

/// Members that nothing is heard of cost a minute each, and not only a new child.
const MOST_SILENCES: usize = 3;

/// The attempts to read one file.
#[derive(Debug, Default)]
pub struct Attempts {
    /// Members to leave out, by id, and why.
    avoid: Vec<(String, String)>,
    silences: usize,
    /// How often records of an id have been handed over.
    given: HashMap<String, usize>,
    /// Those that come again in this attempt.
    again: HashMap<String, usize>,
}

impl Attempts {
    /// The members to leave out, and why.
    pub fn avoid(&self) -> &[(String, String)] {
        &self.avoid
    }

    /// Whether a record has not been handed over in an attempt before.
    pub fn is_new(&mut self, record: &Record<'_>) -> bool {
        let key = match record {
            Record::Document(document, _) => format!("document {}", document.id),
            // A message that has been read may fail in what is attached to it.
            Record::Failed(id, _) => format!("failure {id}"),
            Record::PassedOver(id, _) => format!("no document {id}"),
        };
        if let Some(left) = self.again.get_mut(&key).filter(|left| **left > 0) {
            *left -= 1;
            return false;
        }
        *self.given.entry(key).or_default() += 1;
        true
    }

    /// Takes note of a child that was lost, so that reading may begin anew.
    ///
    /// # Errors
    /// Why it may not: no member was being read, or too many have ended a child.
    pub fn begin_anew(&mut self, lost: Lost) -> Result<(), String> {
        self.silences += usize::from(lost.is_silent);
        let Some(member) = lost.member else { return Err(lost.reason) };
        let is_known = self.avoid.iter().any(|(known, _)| *known == member);
        if is_known || self.avoid.len() >= MOST_RESTARTS || self.silences > MOST_SILENCES {
            return Err(format!("{}, once more over `{member}`", lost.reason));
        }
        self.avoid.push((member, lost.reason));
        self.again.clone_from(&self.given);
        Ok(())
    }
}
