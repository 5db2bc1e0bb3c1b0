//! A parsed query as text, in canonical form: what is printed parses to the same query.

use std::fmt;

use super::{Clause, Filter, FilterValue, Query, TextField};

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.clause.fmt(f)
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clause::Everything => write!(f, "*"),
            Clause::Word(word) if matches!(word.written.as_str(), "AND" | "OR" | "NOT") => {
                write!(f, "{}\"{}\"", word.field, word.written)
            }
            Clause::Word(word) => write!(f, "{}{}", word.field, word.written),
            Clause::Phrase(phrase) => write!(f, "{}\"{}\"", phrase.field, phrase.written),
            Clause::Prefix(prefix) => write!(f, "{}{}", prefix.field, prefix.written),
            // The forms are shown apart, as expansions.
            Clause::Forms(forms) => forms.first().map_or(Ok(()), |form| form.fmt(f)),
            Clause::Filter(filter) => filter.fmt(f),
            Clause::Boolean { must, should, not } => boolean(f, must, should, not),
        }
    }
}

fn boolean(
    f: &mut fmt::Formatter<'_>,
    must: &[Clause],
    should: &[Clause],
    not: &[Clause],
) -> fmt::Result {
    let only_must = should.is_empty() && not.is_empty();
    let mut first = true;
    let mut part = |f: &mut fmt::Formatter<'_>, sign: &str, clause: &Clause| {
        if !std::mem::take(&mut first) {
            f.write_str(if only_must { " AND " } else { " " })?;
        }
        match clause {
            // Optional, as only what is typed without quotes is: `125(3)(b)`.
            Clause::Phrase(phrase)
                if sign.is_empty() && !phrase.written.contains(char::is_whitespace) =>
            {
                write!(f, "{}{}", phrase.field, phrase.written)
            }
            Clause::Boolean { .. } => write!(f, "{sign}({clause})"),
            _ => write!(f, "{sign}{clause}"),
        }
    };
    for clause in must {
        part(f, if only_must { "" } else { "+" }, clause)?;
    }
    for clause in should {
        part(f, "", clause)?;
    }
    for clause in not {
        part(f, "-", clause)?;
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
        for (index, value) in self.values.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{}:", self.field)?;
            let end = |year: &Option<i64>| year.map_or(String::new(), |year| year.to_string());
            match value {
                FilterValue::Is(value) if value.chars().all(char::is_alphanumeric) => {
                    write!(f, "{value}")?;
                }
                FilterValue::Is(value) => write!(f, "\"{value}\"")?,
                FilterValue::Years(from, to) if from == to => write!(f, "{}", end(from))?,
                FilterValue::Years(from, to) => write!(f, "{}..{}", end(from), end(to))?,
            }
        }
        Ok(())
    }
}
