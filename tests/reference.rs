//! A slow evaluator of queries, to compare the engine and the marks with: it reads a passage token by
//! token and tries everything, in the most obvious way.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use regex::Regex;
use tipsearch::analyze::{Analyzer, Token, folded};
use tipsearch::passage::Passage;
use tipsearch::query::{
    Clause, Filter, FilterValue, Form, NearClause, Pattern, PatternClause, Query, TextField,
    fold_value,
};

/// A passage as tokens: its trail's parts, the title first, and its text last.
pub struct Reference {
    parts: Vec<(String, Vec<Token>)>,
    /// How many positions the text has, where the tokens of the next passage are behind its own.
    own: Option<u32>,
    /// What is said of its report: keys, and values as filters compare them. `None`: whatever is asked for.
    about: Option<Vec<(String, String)>>,
}

/// First and last position of something that stands in a part.
type Ends = (u32, u32);

impl Reference {
    /// Reads a passage.
    pub fn of(trail: &[String], text: &str) -> Reference {
        let parts = trail.iter().map(String::as_str).chain([text]);
        let mut analyzer = Analyzer::default();
        let parts = parts.map(|part| (part.to_owned(), analyzer.tokens(part))).collect();
        Reference { parts, own: None, about: None }
    }

    /// Reads a passage of a report, of which filters may ask.
    pub fn of_report(passage: &Passage) -> Reference {
        let report = &passage.report;
        let (_, name) = report.doc_id.rsplit_once('/').unwrap_or(("", &report.doc_id));
        let (stem, _) = name.rsplit_once('.').unwrap_or((name, ""));
        let names = [report.doc_id.as_str(), name, stem].map(|name| ("doc", name));
        let values = report.metadata.iter();
        let values =
            values.flat_map(|(key, all)| all.iter().map(|one| (key.as_str(), one.as_str())));
        let all = names
            .into_iter()
            .chain(values)
            .chain(report.lang.iter().map(|lang| ("lang", lang.as_str())));
        let about = all.map(|(key, value)| (key.to_owned(), fold_value(value))).collect();
        Reference { about: Some(about), ..Reference::of(&passage.trail, &passage.text) }
    }

    /// The same where another passage of the section follows.
    pub fn followed_by(mut self, next: Option<&str>) -> Reference {
        let (Some(next), Some((text, tokens))) = (next, self.parts.last_mut()) else {
            return self;
        };
        let own = tokens.last().map_or(0, |token| token.position + 1);
        let start = text.len();
        text.push_str(next);
        tokens.extend(Analyzer::default().tokens(next).into_iter().map(|token| Token {
            position: own + token.position,
            bytes: start + token.bytes.start..start + token.bytes.end,
            ..token
        }));
        Reference { own: Some(own), ..self }
    }

    /// Whether a query matches.
    pub fn matches(&self, query: &Query) -> bool {
        self.clause(&query.clause, query.literal)
    }

    fn clause(&self, clause: &Clause, literal: bool) -> bool {
        let each = |clauses: &[Clause]| -> Vec<bool> {
            clauses.iter().map(|clause| self.clause(clause, literal)).collect()
        };
        match clause {
            Clause::Everything => true,
            Clause::Filter(filter) => self.is_about(filter),
            Clause::Word(word) => self.stands(word.field, clause, literal),
            Clause::Phrase(phrase) => self.stands(phrase.field, clause, literal),
            Clause::Pattern(pattern) => self.stands(pattern.field, clause, literal),
            Clause::Near(near) => self.stands(near.field, clause, literal),
            Clause::Boosted(clause, _) => self.clause(clause, literal),
            Clause::Forms(forms) => each(forms).contains(&true),
            Clause::Boolean { must, should, not } => {
                let any = each(should).contains(&true);
                !each(not).contains(&true)
                    && !each(must).contains(&false)
                    && (any || !must.is_empty())
            }
        }
    }

    fn is_about(&self, filter: &Filter) -> bool {
        let Some(about) = &self.about else { return true };
        about.iter().filter(|(key, _)| *key == filter.field).any(|(_, value)| {
            filter.values.iter().any(|wanted| match wanted {
                FilterValue::Is(wanted) => wanted == value,
                FilterValue::HasWord(wanted) => value.split(' ').any(|word| word == wanted),
                FilterValue::Years(from, to) => value.parse().is_ok_and(|year: i64| {
                    from.is_none_or(|from| from <= year) && to.is_none_or(|to| year <= to)
                }),
            })
        })
    }

    fn stands(&self, field: TextField, clause: &Clause, literal: bool) -> bool {
        let text = self.parts.len() - 1;
        self.parts.iter().enumerate().any(|(number, (part, tokens))| {
            let is_looked_at = match field {
                TextField::Title => number == 0 && text > 0,
                TextField::Heading => number > 0 && number < text,
                TextField::Main => number == text || number == 0 || number + 1 == text,
            };
            let own = self.own.filter(|_| number == text).unwrap_or(u32::MAX);
            let may_end_in_next = match clause {
                Clause::Phrase(phrase) => phrase.form == Form::Typed,
                Clause::Near(_) => true,
                _ => false,
            };
            let is_here = |ends: &Ends| ends.0 < own && (ends.1 < own || may_end_in_next);
            is_looked_at && ends(clause, part, tokens, literal).iter().any(is_here)
        })
    }
}

/// Everywhere that a clause stands in a part.
fn ends(clause: &Clause, part: &str, tokens: &[Token], literal: bool) -> BTreeSet<Ends> {
    let word = |token: &Token, term: &str, written: &str| {
        token.term == term && (!literal || folded(&part[token.bytes.clone()]) == written)
    };
    let all = |clauses: &[Clause]| -> BTreeSet<Ends> {
        clauses.iter().flat_map(|clause| ends(clause, part, tokens, literal)).collect()
    };
    match clause {
        Clause::Word(clause) => {
            let same = tokens.iter().filter(|token| word(token, &clause.term, &clause.folded));
            same.map(|token| (token.position, token.position)).collect()
        }
        Clause::Pattern(pattern) => {
            let meant = tokens.iter().filter(|token| means(pattern, part, token, literal));
            meant.map(|token| (token.position, token.position)).collect()
        }
        Clause::Phrase(phrase) => {
            let last = phrase.terms.len() as u32 - 1;
            let starts = tokens.iter().map(|token| token.position).collect::<BTreeSet<u32>>();
            let stands = |start: &u32| {
                phrase.terms.iter().enumerate().all(|(offset, place)| {
                    tokens.iter().any(|token| {
                        token.position == start + offset as u32
                            && word(token, &place.term, &place.folded)
                    })
                })
            };
            starts.into_iter().filter(stands).map(|start| (start, start + last)).collect()
        }
        Clause::Near(clause) => near(clause, part, tokens, literal),
        Clause::Boosted(clause, _) => ends(clause, part, tokens, literal),
        Clause::Forms(clauses) | Clause::Boolean { should: clauses, .. } => all(clauses),
        Clause::Everything | Clause::Filter(_) => BTreeSet::new(),
    }
}

/// By the pattern itself where there is one, not by the words that expansion found for it.
fn means(clause: &PatternClause, part: &str, token: &Token, literal: bool) -> bool {
    match &clause.pattern {
        Pattern::Fuzzy { .. } => {
            let is_written = || clause.words.contains(&folded(&part[token.bytes.clone()]));
            let has_forms = clause.has_forms && !literal;
            clause.terms.contains(&token.term) && (has_forms || is_written())
        }
        pattern => {
            let word = folded(&part[token.bytes.clone()]);
            MATCHERS.with_borrow_mut(|known| {
                let matcher = known
                    .entry(format!("{pattern:?}"))
                    .or_insert_with(|| pattern.matcher().expect("a pattern").expect("a matcher"));
                matcher.is_match(&word)
            })
        }
    }
}

thread_local! {
    /// The patterns met so far: to build one takes longer than all the rest.
    static MATCHERS: RefCell<HashMap<String, Regex>> = RefCell::default();
}

/// Every choice of a place for each operand, one after another.
fn near(clause: &NearClause, part: &str, tokens: &[Token], literal: bool) -> BTreeSet<Ends> {
    let mut choices: Vec<Vec<Ends>> = vec![Vec::new()];
    for operand in &clause.operands {
        let places = ends(operand, part, tokens, literal);
        let longer = choices.iter().flat_map(|chosen| {
            places.iter().map(|place| chosen.iter().chain([place]).copied().collect::<Vec<Ends>>())
        });
        choices = longer.collect();
    }
    choices.retain(|chosen| is_near(chosen, clause));
    let whole = |chosen: Vec<Ends>| {
        let first = chosen.iter().map(|ends| ends.0).min().unwrap_or_default();
        let last = chosen.iter().map(|ends| ends.1).max().unwrap_or_default();
        (first, last)
    };
    choices.into_iter().map(whole).collect()
}

fn is_near(chosen: &[Ends], clause: &NearClause) -> bool {
    let mut sorted = chosen.to_vec();
    sorted.sort_unstable();
    let is_apart = sorted.windows(2).all(|pair| pair[0].1 < pair[1].0);
    let is_in_order = !clause.ordered || sorted == chosen;
    let between: u32 = sorted.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].1 + 1)).sum();
    is_apart && is_in_order && between <= clause.extra
}
