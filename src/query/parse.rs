//! From pieces to clauses. Precedence, loosest first: `OR`, `AND`, juxtaposition, `NOT`, `+`, `-`.
//!
//! Juxtaposed words are alternatives that rank (any may match), juxtaposed quotations and fields are
//! required. Without any operator or field the query is prose: brackets are punctuation. Stop words are left
//! out beside others; as operands of their own they count.

use std::collections::BTreeSet;

use super::chunk::{
    groups, is_hyphen, is_ideograph, is_one_word, sentence_pieces, single_file, with_brackets,
    without_marks, words_of,
};
use super::fields::{Fields, Filter};
use super::lex::{Piece, PieceKind, pieces};
use super::meant::{denials, meant};
use super::pattern::{any_word, no_pattern};
use super::question::without_questions;
use super::sequence::{Occur, Part, is_common, is_filter, sequence, unboosted, without_idle};
use super::{
    AskedWord, Clause, Form, Pattern, PhraseClause, PhraseTerm, Query, TextField, WordClause,
};
use crate::analyze::{self, Analyzer, Token, is_unspaced};
use crate::error::{Error, Result};

/// The longest query that is read, in bytes.
pub const LONGEST_QUERY: usize = 4096;

/// A query with a quotation and so many words beside it is prose that quotes a name; with fewer, the quotation is what is
/// asked for.
const FEWEST_PLAIN: usize = 3;

/// The most words, phrases and filters a query may have.
pub const MOST_CLAUSES: usize = 256;

/// So many notes are enough for what is wrong with a query.
const MOST_NOTES: usize = 10;

/// How deep brackets may nest.
const DEEPEST: usize = 32;

impl Query {
    /// Whether something in quotes was typed: the parts of `AT&T` are a phrase too, and nobody quoted it.
    pub fn has_quotations(&self) -> bool {
        pieces(&self.text).iter().any(|piece| matches!(piece.kind, PieceKind::Quoted(_)))
    }

    /// Parses and analyzes a query.
    ///
    /// # Errors
    /// `Query` for a field there is not and for a malformed range of years; `QueryTooLarge` beyond
    /// [`LONGEST_QUERY`], [`MOST_CLAUSES`] or 32 nested brackets. Anything else is a search.
    pub fn parse(text: &str, fields: &Fields) -> Result<Query> {
        Query::parse_from(0, text, fields)
    }

    /// As [`Query::parse`], with the clauses numbered from `first` on: restrictions beside a query
    /// must not share its numbers.
    pub fn parse_from(first: usize, text: &str, fields: &Fields) -> Result<Query> {
        if text.len() > LONGEST_QUERY {
            return Err(too_large(format!(
                "the query has {} bytes; at most {LONGEST_QUERY} are read",
                text.len()
            )));
        }
        let mut notes = Vec::new();
        let mut pieces = meant(text, fields, pieces(text), &mut notes)?;
        let has_operators = pieces.iter().any(is_operator);
        without_questions(&mut pieces, has_operators, &mut notes);
        if !has_operators {
            notes.extend(denials(&pieces));
        }
        let has_words = pieces.iter().any(|piece| matches!(piece.kind, PieceKind::Word(_)));
        let mut parser = Parser {
            text,
            fields,
            pieces: &pieces,
            at: 0,
            column: 1,
            depth: 0,
            keeps_stop_words: has_operators,
            has_operators,
            within: None,
            number: first,
            last: first + MOST_CLAUSES,
            words: Vec::new(),
            notes: BTreeSet::new(),
            analyzer: Analyzer::default(),
        };
        let mut clause = parser.all()?;
        if parser.words.is_empty() && has_words && !has_operators {
            // Nothing but stop words: then they are what is asked for.
            parser.at = 0;
            parser.number = first;
            parser.keeps_stop_words = true;
            clause = parser.all()?;
        }
        notes.extend(parser.notes);
        let mut words = parser.words;
        let clause = clause.unwrap_or(Clause::any(Vec::new()));
        // What is excluded is not asked for.
        let mut asked = BTreeSet::new();
        clause.visit_positive(&mut |leaf| asked.extend(leaf.number()));
        words.retain(|word| asked.contains(&word.number));
        let mut has_patterns = false;
        clause.visit(&mut |leaf| has_patterns |= matches!(leaf, Clause::Pattern(_)));
        Ok(Query {
            text: text.to_owned(),
            words,
            has_operators,
            is_plain: is_plain(&pieces) && !has_patterns,
            notes: told_once(notes),
            ..Query::of(clause)
        })
    }
}

fn told_once(mut notes: Vec<String>) -> Vec<String> {
    let mut told = BTreeSet::new();
    notes.retain(|note| told.insert(note.clone()));
    notes.truncate(MOST_NOTES);
    notes
}

fn is_operator(piece: &Piece) -> bool {
    !matches!(
        piece.kind,
        PieceKind::Word(_)
            | PieceKind::Quoted(_)
            | PieceKind::Field(_)
            | PieceKind::Window(_)
            | PieceKind::Boost(_)
            | PieceKind::Regex(_)
    )
}

/// Whether pieces are words as one says them; where some are in quotes, with at least [`FEWEST_PLAIN`] beside them.
fn is_plain(pieces: &[Piece]) -> bool {
    let (mut words, mut quotes) = (0, 0);
    for piece in pieces {
        match piece.kind {
            PieceKind::Word(_) => words += 1,
            PieceKind::Quoted(_) => quotes += 1,
            PieceKind::Field(_) => {}
            _ => return false,
        }
    }
    quotes == 0 || words >= FEWEST_PLAIN
}

pub(super) fn too_large(message: String) -> Error {
    Error::QueryTooLarge { message, hint: "search for fewer words at a time".to_owned() }
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) fields: &'a Fields,
    pub(super) pieces: &'a [Piece],
    pub(super) at: usize,
    /// Where the piece stands that is being read; one-based, in characters.
    pub(super) column: usize,
    pub(super) depth: usize,
    pub(super) keeps_stop_words: bool,
    /// What stands between two blanks is one operand then; of prose it is so many words.
    pub(super) has_operators: bool,
    /// The field whose values stand in the brackets that are being read.
    within: Option<String>,
    pub(super) number: usize,
    /// The first number that is one too many.
    pub(super) last: usize,
    pub(super) words: Vec<AskedWord>,
    /// What is said of signs that are none here.
    pub(super) notes: BTreeSet<String>,
    pub(super) analyzer: Analyzer,
}

impl Parser<'_> {
    /// The whole query; a closing bracket too many is passed over.
    fn all(&mut self) -> Result<Option<Clause>> {
        let mut parts = Vec::new();
        while self.at < self.pieces.len() {
            parts.extend(self.alternatives()?.map(|clause| (Occur::Should, clause)));
            if self.at < self.pieces.len() {
                self.at += 1;
            }
        }
        Ok(sequence(parts))
    }

    fn alternatives(&mut self) -> Result<Option<Clause>> {
        let mut alternatives = Vec::from_iter(self.conjunction()?);
        while self.take(&PieceKind::Or) {
            alternatives.extend(self.conjunction()?);
        }
        Ok((!alternatives.is_empty()).then(|| Clause::any(alternatives)))
    }

    fn conjunction(&mut self) -> Result<Option<Clause>> {
        let first = self.juxtaposed()?;
        if !self.next_is(&PieceKind::And) {
            return Ok(first);
        }
        let mut parts: Vec<(Occur, Clause)> =
            first.map(|clause| (Occur::Must, clause)).into_iter().collect();
        while self.take(&PieceKind::And) {
            parts.extend(self.juxtaposed()?.map(|clause| (Occur::Must, clause)));
        }
        // `country:russia AND country:kazakhstan` asks for both; side by side they are alternatives.
        let mut must: Vec<Clause> = parts.into_iter().map(|(_, clause)| clause).collect();
        Ok(match must.len() {
            0 | 1 => must.pop(),
            _ => Some(Clause::Boolean { must, should: Vec::new(), not: Vec::new() }),
        })
    }

    fn juxtaposed(&mut self) -> Result<Option<Clause>> {
        let mut parts = Vec::new();
        loop {
            let occur = match self.pieces.get(self.at).map(|piece| &piece.kind) {
                None | Some(PieceKind::Or | PieceKind::And | PieceKind::Close) => break,
                Some(PieceKind::Plus) => Some(Occur::Must),
                Some(PieceKind::Minus | PieceKind::Not) => Some(Occur::Not),
                _ => None,
            };
            self.at += usize::from(occur.is_some());
            let first = self.pieces.get(self.at).map(|piece| &piece.kind);
            let is_idle = occur.is_none() && matches!(first, Some(PieceKind::Word(_)));
            let natural = match first {
                Some(PieceKind::Quoted(_) | PieceKind::Field(_)) => Occur::Must,
                _ => Occur::Should,
            };
            for clause in self.operand()? {
                let natural = match unboosted(&clause) {
                    Clause::Near(_) => Occur::Must,
                    clause if is_filter(clause) => Occur::Must,
                    Clause::Word(word) if word.field == TextField::Main => Occur::Should,
                    Clause::Pattern(pattern) if pattern.field == TextField::Main => Occur::Should,
                    _ => natural,
                };
                let occur = occur.unwrap_or(natural);
                let is_idle = is_idle && is_common(&clause);
                parts.push(Part { occur, clause, is_idle });
            }
        }
        Ok(sequence(without_idle(parts)))
    }

    /// One operand: a group, a field with its value, a quotation, or the words of a chunk. `whole`:
    /// the words of a chunk belong together as a phrase.
    pub(super) fn primary(&mut self, whole: bool) -> Result<Vec<Clause>> {
        let Some(piece) = self.pieces.get(self.at) else { return Ok(Vec::new()) };
        self.at += 1;
        self.column = piece.column;
        match &piece.kind {
            PieceKind::Open => Ok(Vec::from_iter(self.group()?)),
            PieceKind::Field(name) => self.field(name),
            value => match self.within.clone() {
                Some(field) => self.value(&field, value, piece.column),
                None => self.text(TextField::Main, value, whole),
            },
        }
    }

    /// What is asked for of a text.
    fn text(&mut self, field: TextField, piece: &PieceKind, whole: bool) -> Result<Vec<Clause>> {
        match piece {
            PieceKind::Quoted(text) => Ok(Vec::from_iter(self.phrase(field, text)?)),
            PieceKind::Word(word) => self.chunk(field, word, whole),
            PieceKind::Regex(text) => self.regex(field, text),
            // A sign or operator where none can stand.
            _ => Ok(Vec::new()),
        }
    }

    fn group(&mut self) -> Result<Option<Clause>> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(too_large(format!("brackets nest deeper than {DEEPEST}")));
        }
        let inside = self.alternatives()?;
        self.take(&PieceKind::Close);
        self.depth -= 1;
        Ok(inside)
    }

    /// A field and its value, or its values in brackets.
    fn field(&mut self, name: &str) -> Result<Vec<Clause>> {
        let Some(piece) = self.pieces.get(self.at) else { return Ok(Vec::new()) };
        self.at += 1;
        self.column = piece.column;
        let field = self.fields.canonical(name).unwrap_or_else(|| name.to_lowercase());
        if piece.kind != PieceKind::Open {
            return self.value(&field, &piece.kind, piece.column);
        }
        let outer = self.within.replace(field);
        let inside = self.group();
        self.within = outer;
        Ok(Vec::from_iter(inside?))
    }

    /// A value of a field.
    fn value(&mut self, field: &str, piece: &PieceKind, column: usize) -> Result<Vec<Clause>> {
        match field {
            "title" => self.text(TextField::Title, piece, true),
            "heading" | "section" => self.text(TextField::Heading, piece, true),
            _ => Ok(Vec::from_iter(self.filter(field, piece, column)?)),
        }
    }

    /// A value of metadata; nothing where there is none.
    fn filter(&mut self, field: &str, piece: &PieceKind, column: usize) -> Result<Option<Clause>> {
        let value = match piece {
            PieceKind::Word(value) | PieceKind::Quoted(value) => value,
            PieceKind::Regex(pattern) => {
                return Err(Error::Query {
                    query: self.text.to_owned(),
                    column,
                    message: format!("`{field}` has values, and no words for `/{pattern}/`"),
                    hint: Some(format!("write `{field}:(one OR another)`")),
                });
            }
            // A sign or operator where none can stand.
            _ => return Ok(None),
        };
        if !value.contains(char::is_alphanumeric) {
            return Ok(None);
        }
        self.count()?;
        let filter = Filter::parse(field, value, self.text, column)?;
        if matches!(piece, PieceKind::Word(_)) && without_marks(value).contains('*') {
            self.notes.insert(format!(
                "values of `{field}` are meant whole or by a word: `{value}` is no pattern there"
            ));
        }
        Ok(Some(Clause::Filter(filter)))
    }

    /// A quotation: a phrase, words near one another, or a phrase with patterns in it.
    fn phrase(&mut self, field: TextField, text: &str) -> Result<Option<Clause>> {
        let window = match self.pieces.get(self.at).map(|piece| &piece.kind) {
            Some(PieceKind::Window(extra)) => Some(*extra),
            _ => None,
        };
        self.at += usize::from(window.is_some());
        self.notes.extend(any_word(text));
        let is_pattern = |chunk: &str| Pattern::wildcard(chunk).is_some();
        let signs = words_of(text).filter(|chunk| !is_pattern(chunk));
        self.notes.extend(signs.filter_map(no_pattern));
        if window.is_none() && !words_of(text).any(is_pattern) {
            let tokens = single_file(self.analyzer.tokens(text));
            return self.leaf(field, text, &tokens);
        }
        self.near_words(field, text, window)
    }

    /// The clauses of what stands between two blanks.
    pub(super) fn chunk(
        &mut self,
        field: TextField,
        chunk: &str,
        whole: bool,
    ) -> Result<Vec<Clause>> {
        if chunk == "*" {
            self.count()?;
            return Ok(vec![Clause::Everything]);
        }
        let inner = without_marks(chunk);
        // `anti-traffick*`.
        if inner.contains(is_hyphen) && words_of(inner).any(|it| Pattern::wildcard(it).is_some()) {
            return Ok(Vec::from_iter(self.near_words(field, inner, None)?));
        }
        if let Some(pattern) = Pattern::wildcard(inner) {
            // Where no blanks part words every character is one: `奴隶*` asks for what follows it.
            if inner.contains(|c| is_ideograph(c) || is_unspaced(c)) {
                return self.chunk(field, &inner.replace(['*', '?'], ""), true);
            }
            return Ok(vec![self.pattern(field, inner.to_owned(), pattern)?]);
        }
        self.notes.extend(no_pattern(inner));
        if let Some(fuzzy) = self.fuzzy(field, chunk)? {
            return Ok(vec![fuzzy]);
        }
        let tokens = self.analyzer.tokens(chunk);
        let whole = whole || is_one_word(chunk, tokens.len());
        let mut clauses = Vec::new();
        let pieces = sentence_pieces(chunk, &tokens);
        for group in pieces.unwrap_or_else(|| groups(chunk, tokens, whole)) {
            let is_stop_word = |token: &Token| {
                analyze::is_stop_word(&analyze::folded(&chunk[token.bytes.clone()]))
            };
            if !self.keeps_stop_words && group.iter().all(is_stop_word) {
                continue;
            }
            clauses.extend(self.leaf(field, chunk, &group)?);
        }
        Ok(clauses)
    }

    /// A word or a phrase, by the number of its tokens.
    pub(super) fn leaf(
        &mut self,
        field: TextField,
        text: &str,
        tokens: &[Token],
    ) -> Result<Option<Clause>> {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Ok(None) };
        let number = self.count()?;
        let folded = |token: &Token| analyze::folded(&text[token.bytes.clone()]);
        for token in tokens {
            self.words.push(AskedWord {
                number,
                field,
                written: text[token.bytes.clone()].to_owned(),
                term: token.term.clone(),
                is_known: true,
            });
        }
        let written = with_brackets(text, first.bytes.start..last.bytes.end).to_owned();
        let form = Form::Typed;
        if tokens.len() == 1 {
            let (folded, term) = (folded(first), first.term.clone());
            return Ok(Some(Clause::Word(WordClause {
                number,
                field,
                form,
                written,
                folded,
                term,
            })));
        }
        let terms = tokens
            .iter()
            .map(|token| PhraseTerm { term: token.term.clone(), folded: folded(token) })
            .collect();
        Ok(Some(Clause::Phrase(PhraseClause { number, field, form, written, terms })))
    }

    /// The number of the next clause; refuses one too many.
    pub(super) fn count(&mut self) -> Result<usize> {
        let number = self.number;
        self.number += 1;
        match number < self.last {
            true => Ok(number),
            false => {
                Err(too_large(format!("the query has more than {MOST_CLAUSES} words and phrases")))
            }
        }
    }

    fn next_is(&self, kind: &PieceKind) -> bool {
        self.pieces.get(self.at).is_some_and(|piece| piece.kind == *kind)
    }

    fn take(&mut self, kind: &PieceKind) -> bool {
        let found = self.next_is(kind);
        self.at += usize::from(found);
        found
    }
}
