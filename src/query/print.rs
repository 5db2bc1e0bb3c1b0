//! A parsed query as text, in canonical form: what is printed parses to the same query.

use std::fmt;

use super::chunk::{is_one_phrase, is_quotation_mark};
use super::sequence::is_common;
use super::{
    Clause, Filter, FilterValue, NearClause, NearWritten, Pattern, PatternClause, Query, TextField,
};

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.clause.fmt(f)
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clause::Everything => write!(f, "*"),
            Clause::Word(word) if must_be_quoted(&word.written) => {
                write!(f, "{}{}", word.field, between_quotes(&word.written))
            }
            Clause::Word(word) => write!(f, "{}{}", word.field, word.written),
            Clause::Phrase(phrase) => {
                // It has no patterns: `"(a*b)"` is two words.
                let words = phrase.written.replace(['*', '?'], " ");
                write!(f, "{}{}", phrase.field, between_quotes(&words))
            }
            // Elsewhere it asks a question.
            Clause::Pattern(pattern) if pattern.is_edged() => {
                write!(f, "{}{}", pattern.field, between_quotes(&pattern.written))
            }
            Clause::Pattern(pattern) => write!(f, "{}{}", pattern.field, pattern.written),
            Clause::Near(near) => near.fmt(f),
            // Two weights behind one another would be one.
            Clause::Boosted(clause, by) if is_group(clause) || has_weight(clause) => {
                write!(f, "({clause})^{by}")
            }
            Clause::Boosted(clause, by) => write!(f, "{clause}^{by}"),
            // The forms are shown apart, as expansions.
            Clause::Forms(forms) => forms.first().map_or(Ok(()), |form| form.fmt(f)),
            Clause::Filter(filter) => filter.fmt(f),
            Clause::Boolean { must, should, not } => boolean(f, must, should, not),
        }
    }
}

impl fmt::Display for NearClause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.written {
            NearWritten::Quoted(text) if self.ordered => {
                write!(f, "{}{}", self.field, between_quotes(text))
            }
            NearWritten::Quoted(text) => {
                write!(f, "{}{}~{}", self.field, between_quotes(text), self.extra)
            }
            NearWritten::Operator => {
                let name = if self.ordered { "PRE" } else { "NEAR" };
                for (index, operand) in self.operands.iter().enumerate() {
                    if index > 0 {
                        write!(f, " {name}/{} ", self.extra + 1)?;
                    }
                    match is_group(operand) {
                        true => write!(f, "({operand})")?,
                        false => operand.fmt(f)?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl PatternClause {
    /// Whether a letter at an edge of it is any.
    fn is_edged(&self) -> bool {
        let is_word = matches!(self.pattern, Pattern::Wildcard(_));
        is_word && (self.written.starts_with('?') || self.written.ends_with('?'))
    }
}

fn has_weight(clause: &Clause) -> bool {
    matches!(clause, Clause::Boosted(..))
}

/// Whether a clause needs brackets to be an operand.
fn is_group(clause: &Clause) -> bool {
    match clause {
        Clause::Boolean { .. } => true,
        Clause::Near(near) => near.written == NearWritten::Operator,
        Clause::Forms(forms) => forms.first().is_some_and(is_group),
        _ => false,
    }
}

/// Whether a clause is required where it is typed without a sign.
fn is_required(clause: &Clause) -> bool {
    match clause {
        // `125(3)(b)` is a phrase that is typed without quotes.
        Clause::Phrase(phrase) => {
            phrase.field != TextField::Main || !is_one_phrase(&phrase.written, true)
        }
        Clause::Word(word) => word.field != TextField::Main,
        Clause::Pattern(pattern) => pattern.field != TextField::Main,
        Clause::Near(_) | Clause::Filter(_) => true,
        Clause::Boosted(clause, _) => is_required(clause),
        Clause::Forms(forms) => forms.first().is_some_and(is_required),
        _ => false,
    }
}

/// Whether an alternative needs an operator beside it to stay what it is: stop words, brackets and
/// `anti-trafficking` as one count only in a query that has one.
fn is_apart(clause: &Clause) -> bool {
    is_common(clause)
        || match clause {
            Clause::Boolean { .. } => true,
            Clause::Phrase(phrase) => !is_one_phrase(&phrase.written, false),
            Clause::Boosted(clause, _) => is_apart(clause),
            Clause::Forms(forms) => forms.first().is_some_and(is_apart),
            _ => false,
        }
}

/// A text between quotation marks: those in it would end it.
fn between_quotes(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_quotation_mark(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!("\"{}\"", words.join(" "))
}

/// A phrase, with its weight, without quotes: what has some is required. `None` for what is no phrase.
fn optional(clause: &Clause) -> Option<String> {
    match clause {
        Clause::Phrase(phrase) => Some(format!("{}{}", phrase.field, phrase.written)),
        Clause::Boosted(clause, by) if !has_weight(clause) => {
            optional(clause).map(|phrase| format!("{phrase}^{by}"))
        }
        _ => None,
    }
}

/// The form of a clause that was typed.
fn typed(clause: &Clause) -> &Clause {
    match clause {
        Clause::Forms(forms) => forms.first().map_or(clause, typed),
        clause => clause,
    }
}

/// Words that would be operators without quotes.
fn must_be_quoted(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT")
}

fn boolean(
    f: &mut fmt::Formatter<'_>,
    must: &[Clause],
    should: &[Clause],
    not: &[Clause],
) -> fmt::Result {
    let only_must = should.is_empty() && not.is_empty();
    let only_should = must.is_empty() && not.is_empty();
    let between = match () {
        () if only_must => " AND ",
        // Side by side they would be something else.
        () if only_should && should.iter().any(|part| is_required(part) || is_apart(part)) => {
            " OR "
        }
        () => " ",
    };
    let mut first = true;
    let mut part = |f: &mut fmt::Formatter<'_>, sign: &str, clause: &Clause| {
        if !std::mem::take(&mut first) {
            f.write_str(between)?;
        }
        let phrase = optional(clause).filter(|_| sign.is_empty() && !is_required(clause));
        match clause {
            // Beside others it would be left out.
            _ if sign.is_empty() && between == " " && is_common(clause) => write!(f, "({clause})"),
            Clause::Boolean { .. } => write!(f, "{sign}({clause})"),
            _ if sign.is_empty() && between == " " && is_required(clause) => {
                write!(f, "({clause})")
            }
            _ => write!(f, "{sign}{}", phrase.unwrap_or_else(|| clause.to_string())),
        }
    };
    for clause in must {
        part(f, if only_must { "" } else { "+" }, typed(clause))?;
    }
    for clause in should {
        part(f, "", typed(clause))?;
    }
    for clause in not {
        part(f, "-", typed(clause))?;
    }
    Ok(())
}

impl fmt::Display for TextField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TextField::Main => "",
            TextField::Title => "title:",
            TextField::Heading => "heading:",
        })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.values.len() > 1 { ("(", ")") } else { ("", "") };
        write!(f, "{}:{open}", self.field)?;
        for (index, value) in self.values.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            let end = |year: &Option<i64>| year.map_or(String::new(), |year| year.to_string());
            match value {
                FilterValue::Is(value) | FilterValue::HasWord(value)
                    if value.chars().all(char::is_alphanumeric)
                        || !value.contains(char::is_alphanumeric) =>
                {
                    write!(f, "{value}")?;
                }
                FilterValue::Is(value) | FilterValue::HasWord(value) => {
                    f.write_str(&between_quotes(value))?;
                }
                FilterValue::Years(from, to) if from == to => write!(f, "{}", end(from))?,
                FilterValue::Years(from, to) => write!(f, "{}..{}", end(from), end(to))?,
            }
        }
        f.write_str(close)
    }
}
