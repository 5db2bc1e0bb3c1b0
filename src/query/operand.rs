//! The operands of a query that are more than words: what is near something, patterns, weights.

use std::collections::BTreeSet;

use super::chunk::{single_file, words_of};
use super::lex::{Piece, PieceKind};
use super::parse::{Parser, too_large};
use super::{Clause, NearClause, NearWritten, Pattern, PatternClause, TextField};
use crate::analyze;
use crate::error::{Error, Result};

/// How far apart words can be asked to be: less than the gap between the parts of a passage, which no
/// nearness reaches over.
const MOST_APART: u32 = 100;

/// The most words of a quotation that are looked for near one another.
const MOST_NEAR: usize = 32;

impl Parser<'_> {
    /// What is near something, or stands alone.
    pub(super) fn operand(&mut self) -> Result<Vec<Clause>> {
        // `anti-trafficking AND law`: the words of a chunk are one operand.
        let mut clauses = self.weighted(self.has_operators)?;
        while let Some(&Piece { kind: PieceKind::Near { ordered, distance }, column }) =
            self.pieces.get(self.at)
        {
            self.at += 1;
            let mut operands = clauses;
            operands.extend(self.weighted(true)?);
            self.column = column;
            clauses = Vec::from_iter(self.near(operands, ordered, distance)?);
        }
        Ok(clauses)
    }

    /// An operand with its weight: `police^2`. Several weights behind one another multiply.
    pub(super) fn weighted(&mut self, whole: bool) -> Result<Vec<Clause>> {
        let clauses = self.primary(whole)?;
        let mut weight: Option<f32> = None;
        while let Some(Piece { kind: PieceKind::Boost(by), column }) = self.pieces.get(self.at) {
            self.at += 1;
            let is_weight = |by: &f32| (0.01..=1000.0).contains(by);
            let known = by.parse::<f32>().ok().filter(is_weight);
            let product = known.map(|by| by * weight.unwrap_or(1.0)).filter(is_weight);
            weight = Some(product.ok_or_else(|| Error::Query {
                query: self.text.to_owned(),
                column: *column,
                message: match (known, weight) {
                    (Some(by), Some(before)) => format!("`^{before}^{by}` is not a weight"),
                    _ => format!("`^{by}` is not a weight"),
                },
                hint: Some("weights go from `^0.01` to `^1000`".to_owned()),
            })?);
        }
        let Some(by) = weight else { return Ok(clauses) };
        let boosted = |clause| match clause {
            // What does not score has no weight.
            Clause::Filter(_) => clause,
            clause => Clause::Boosted(Box::new(clause), by),
        };
        Ok(clauses.into_iter().map(boosted).collect())
    }

    /// The words and patterns of a quotation, each an operand.
    pub(super) fn near_words(
        &mut self,
        field: TextField,
        text: &str,
        window: Option<u32>,
    ) -> Result<Option<Clause>> {
        let mut operands = Vec::new();
        for chunk in words_of(text) {
            if Pattern::wildcard(chunk).is_some() {
                operands.extend(self.chunk(field, chunk, false)?);
                continue;
            }
            for token in single_file(self.analyzer.tokens(chunk)) {
                operands.extend(self.leaf(field, chunk, &[token])?);
            }
        }
        let written = NearWritten::Quoted(text.split_whitespace().collect::<Vec<_>>().join(" "));
        if operands.len() < 2 {
            return Ok(operands.pop());
        }
        if operands.len() > MOST_NEAR {
            return Err(too_large(format!("a quotation has more than {MOST_NEAR} words")));
        }
        let extra = self.extra(window.unwrap_or(0))?;
        Ok(Some(self.joined(operands, window.is_none(), extra, written)))
    }

    /// Two operands near one another; a single one stands for itself.
    fn near(
        &mut self,
        mut operands: Vec<Clause>,
        ordered: bool,
        distance: u32,
    ) -> Result<Option<Clause>> {
        if operands.len() < 2 {
            return Ok(operands.pop());
        }
        let fields: BTreeSet<_> = operands.iter().map(field_of).collect();
        if operands.len() > 2 || fields.len() > 1 || fields.contains(&None) {
            return Err(Error::Query {
                query: self.text.to_owned(),
                column: self.column,
                message: "only words, phrases and alternatives in brackets can be near one another"
                    .to_owned(),
                hint: Some("write `(police OR army) NEAR/5 \"border guards\"`".to_owned()),
            });
        }
        // Neighbours are one apart, with no word between.
        let extra = self.extra(distance)?.saturating_sub(1);
        Ok(Some(self.joined(operands, ordered, extra, NearWritten::Operator)))
    }

    /// A distance that is not too large.
    fn extra(&self, distance: u32) -> Result<u32> {
        match distance {
            0..=MOST_APART => Ok(distance),
            _ => Err(Error::Query {
                query: self.text.to_owned(),
                column: self.column,
                message: format!("words can be at most {MOST_APART} words apart"),
                hint: Some("join the words with `AND`: a passage is not much longer".to_owned()),
            }),
        }
    }

    /// Operands as one clause: all of them have its number, as the words of a phrase do.
    fn joined(
        &mut self,
        mut operands: Vec<Clause>,
        ordered: bool,
        extra: u32,
        written: NearWritten,
    ) -> Clause {
        let mut numbers = BTreeSet::new();
        operands.iter().for_each(|clause| clause.visit(&mut |leaf| numbers.extend(leaf.number())));
        let number = numbers.first().copied().unwrap_or(self.number);
        operands.iter_mut().for_each(|clause| clause.renumber(number));
        for word in self.words.iter_mut().filter(|word| numbers.contains(&word.number)) {
            word.number = number;
        }
        let field = operands.first().and_then(field_of).unwrap_or(TextField::Main);
        Clause::Near(NearClause { number, field, ordered, extra, operands, written })
    }

    pub(super) fn regex(&mut self, field: TextField, text: &str) -> Result<Vec<Clause>> {
        let pattern = Pattern::Regex(text.to_owned());
        pattern.matcher().map_err(|reason| Error::Query {
            query: self.text.to_owned(),
            column: self.column,
            message: format!("`/{text}/` is not a pattern: {reason}"),
            hint: Some("put it in quotes to search for what is written".to_owned()),
        })?;
        Ok(vec![self.pattern(field, format!("/{text}/"), pattern)?])
    }

    pub(super) fn pattern(
        &mut self,
        field: TextField,
        written: String,
        pattern: Pattern,
    ) -> Result<Clause> {
        let number = self.count()?;
        let (terms, words) = (Vec::new(), Vec::new());
        let has_forms = false;
        Ok(Clause::Pattern(PatternClause {
            number,
            field,
            written,
            pattern,
            terms,
            words,
            has_forms,
        }))
    }

    /// `word~1`, where it is one.
    pub(super) fn fuzzy(&mut self, field: TextField, chunk: &str) -> Result<Option<Clause>> {
        let Some((word, distance)) = Pattern::fuzzy(chunk) else {
            self.notes.extend(no_fuzzy(chunk));
            return Ok(None);
        };
        let distance = distance.ok_or_else(|| Error::Query {
            query: self.text.to_owned(),
            column: self.column,
            message: format!("`{chunk}` is too far: near spellings differ by 1 or 2"),
            hint: Some("write `word~`, `word~1` or `word~2`".to_owned()),
        })?;
        let [_] = self.analyzer.tokens(word).as_slice() else { return Ok(None) };
        let pattern = Pattern::Fuzzy { word: analyze::folded(word), term: None, distance };
        self.pattern(field, chunk.to_owned(), pattern).map(Some)
    }
}

/// What is said of a word that is too short, or none, to be looked for in near spellings.
fn no_fuzzy(chunk: &str) -> Option<String> {
    let (word, distance) = chunk.rsplit_once('~')?;
    let is_meant = word.chars().all(char::is_alphanumeric) && !word.is_empty();
    (is_meant && distance.bytes().all(|byte| byte.is_ascii_digit())).then(|| {
        format!("`~` behind `{word}` is left out: near spellings are those of words of three letters at least")
    })
}

/// The field of an operand of `NEAR`; `None` for what cannot be one: only what stands at places can.
fn field_of(clause: &Clause) -> Option<TextField> {
    match clause {
        Clause::Word(_) | Clause::Phrase(_) | Clause::Pattern(_) => clause.field(),
        // Of three words in any order only the shortest stretches are known, not all.
        Clause::Near(near) if near.ordered || near.operands.len() == 2 => clause.field(),
        Clause::Boolean { must, should, not } if must.is_empty() && not.is_empty() => {
            let fields: BTreeSet<_> = should.iter().map(field_of).collect();
            if fields.len() == 1 { fields.first().copied().flatten() } else { None }
        }
        _ => None,
    }
}
