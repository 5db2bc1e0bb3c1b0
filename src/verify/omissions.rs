//! What an ellipsis leaves out, and whether what remains still says what its source says: the verb of what follows, what turns
//! or limits a sentence, and the end of one with the beginning of the next cannot go without changing it.

use std::ops::Range;

use super::brackets::{LIMITS, is_auxiliary};
use super::items::{Item, items};
use super::negation::{denied_by, denies, ends_clause, is_negation};
use super::numbers::may_be_number;
use super::pieces::sentence_starts;
use super::predicates::{
    is_determiner, is_finite, is_preposition, is_verb, joins_clause, limits, turns, withdraws,
};
use super::words::{Words, is_superscript};
use crate::analyze::is_stop_word;

/// So far before the words behind an ellipsis a verb is looked for of which they are the object.
const FARTHEST_VERB: usize = 6;

/// So far before them stands what limits them.
const FARTHEST_LIMIT: usize = 4;

/// Words before what may be added to any clause: when something is done. `to`, `of`, `from` or `by` go with one verb.
const ADDED: [&str; 6] = ["after", "at", "before", "during", "in", "since"];

/// Words of the source, in order.
pub struct Omissions {
    /// Those that begin a sentence or an item.
    starts: Vec<usize>,
    /// The items of lists, in order.
    items: Vec<Item>,
    negations: Vec<usize>,
}

/// The first of some words in order from a place on.
fn next_of(words: &[usize], from: usize) -> usize {
    words.get(words.partition_point(|&word| word < from)).copied().unwrap_or(usize::MAX)
}

/// The last up to a place.
fn last_of(words: &[usize], to: usize) -> Option<usize> {
    words.get(words.partition_point(|&word| word <= to).checked_sub(1)?).copied()
}

impl Omissions {
    /// What is known of the words of a source.
    pub fn of(source: &Words) -> Omissions {
        let is_negation = |at: &usize| source.key(*at).is_some_and(is_negation);
        let mut starts = sentence_starts(source);
        starts.extend(unseen_starts(source));
        let items = items(source);
        starts.extend(items.iter().map(|item| item.first));
        starts.sort_unstable();
        starts.dedup();
        Omissions { starts, items, negations: (0..source.len()).filter(is_negation).collect() }
    }

    /// Whether leaving out some words changes what the source says.
    pub fn change(&self, source: &Words, from: usize, to: usize) -> bool {
        from < to
            && (self.hide_negation(source, from, to)
                || match self.cross(behind_mark(source, from), to) {
                    true => !self.is_beginning(source, from, to),
                    false => self.turn(source, from, to),
                })
    }

    /// Whether leaving out words turns a sentence into its opposite: a negation in what is left out of the sentence before
    /// or of the one after, or a word that denies what comes next (`failed to`). Whole sentences may go.
    fn hide_negation(&self, source: &Words, from: usize, to: usize) -> bool {
        let negates = |words: Range<usize>| next_of(&self.negations, words.start) < words.end;
        if denied_by(source, to, to - from).is_some() {
            return true;
        }
        let first = next_of(&self.starts, from).min(to);
        let last = last_of(&self.starts, to).unwrap_or(from).max(from);
        negates(from..first) || negates(last..to)
    }

    /// Whether a sentence ends where words are left out.
    fn cross(&self, from: usize, to: usize) -> bool {
        next_of(&self.starts, from) <= to
    }

    /// Whether what follows an ellipsis says by itself of what it is said: it begins a sentence, or a clause with a subject
    /// behind a semicolon or a colon. Else `The army … severely impacted efforts` would be said of the army. An item says it only
    /// with the line that leads to its list.
    fn is_beginning(&self, source: &Words, from: usize, to: usize) -> bool {
        if next_of(&self.starts, to) == to {
            return self.leads(to).is_none_or(|lead| lead < from);
        }
        let has_subject = !is_verb(source, to) && !source.key(to).is_some_and(goes_on);
        let sentence = last_of(&self.starts, to).unwrap_or_default();
        let is_introduced =
            || source.gap(to).contains(',') && is_introduction(source, sentence..to);
        let is_clause =
            || source.gap(to).contains([';', ':']) && says_by_itself(source, sentence, to);
        has_subject && (is_introduced() || is_clause())
    }

    /// Where the sentence begins that leads to an item.
    fn leads(&self, first: usize) -> Option<usize> {
        let place = self.items.binary_search_by_key(&first, |item| item.first).ok()?;
        Some(last_of(&self.starts, self.items.get(place)?.lead).unwrap_or_default())
    }

    /// Whether words of one sentence are left out that turn or limit what remains, or without whose verb that is said of
    /// something else. What stands between commas or brackets may go, as it is said beside the sentence, unless it takes
    /// something back.
    fn turn(&self, source: &Words, from: usize, to: usize) -> bool {
        let is_aside = is_edge(source, from) && is_edge(source, to);
        match is_aside && !self.begins_clause(source, from, to) {
            true => self.takes_back(source, from, to),
            false => {
                let is_first = self.is_first_of_two(source, from, to);
                let is_spared = |at: usize| is_first && keeps_subject(source, at, from);
                (from..to).any(|at| turns(source, at, to) && !is_spared(at))
                    || self.limit(source, from, to)
                    || self.hide_verb(source, from, to)
                    || self.hide_subject(source, from, to)
            }
        }
    }

    /// Whether the first of two things is left out that are said of a subject: `The code bans night work and sets an age`.
    fn is_first_of_two(&self, source: &Words, from: usize, to: usize) -> bool {
        let start = last_of(&self.starts, from).unwrap_or_default();
        let is_joined = matches!(source.key(to - 1), Some("and" | "or" | "then"));
        start < from
            && is_verb(source, to)
            && source.key(to).is_some_and(is_finite)
            && (is_joined || source.gap(to).contains(','))
            && (is_verb(source, from) || turns(source, from, to))
            && !(start..from).any(|at| is_verb(source, at))
    }

    /// Whether no aside is left out but the beginning of another clause, of which a verb remains: `; police, in May, arrested`.
    fn begins_clause(&self, source: &Words, from: usize, to: usize) -> bool {
        let is_joined = matches!(source.key(from), Some("and" | "but" | "or"));
        let start = last_of(&self.starts, from).unwrap_or_default();
        (is_joined || source.gap(from).contains(';'))
            && is_verb(source, to)
            && source.key(to).is_some_and(is_finite)
            && (start..from).any(|at| is_verb(source, at))
    }

    /// Whether an aside takes back what its sentence says: `, except in farming,`, `, allegedly,`, `, which was repealed,`.
    fn takes_back(&self, source: &Words, from: usize, to: usize) -> bool {
        let key = |at: usize| source.key(at).unwrap_or_default();
        let first = from + usize::from(matches!(key(from), "and" | "but" | "or"));
        let is_turned = |at: usize| turns(source, at, to);
        let is_told =
            matches!(key(from), "but" | "which" | "who" | "though" | "although" | "however");
        let is_done = |at: usize| at > from && is_auxiliary(key(at - 1));
        withdraws(source, first) || (from..to).any(|at| is_turned(at) && (is_told || is_done(at)))
    }

    /// Whether what is left out right before some words limits them: `up to` a number, `alleged`; `may` does to the end of its
    /// clause.
    fn limit(&self, source: &Words, from: usize, to: usize) -> bool {
        let is_counted = source.key(to).is_some_and(may_be_number);
        let is_limit = |at: usize| {
            limits(source, at)
                || is_counted && source.key(at).is_some_and(|key| LIMITS.contains(&key))
        };
        let is_mood = |at: usize| {
            matches!(source.key(at), Some("could" | "may" | "might" | "should" | "would"))
        };
        self.window(source, from, to, FARTHEST_LIMIT).any(is_limit)
            || self.window(source, from, to, to).any(is_mood)
    }

    /// Whether the verb is left out of which the words behind an ellipsis are said or that is done to them: `convicted 101, and
    /// … 715 suspects` for `and acquitted 715 suspects`.
    fn hide_verb(&self, source: &Words, from: usize, to: usize) -> bool {
        let is_verb = |at: usize| is_verb(source, at);
        if !self.window(source, from, to, FARTHEST_VERB).any(is_verb) {
            return false;
        }
        let (next, last) =
            (source.key(to).unwrap_or_default(), source.key(to - 1).unwrap_or_default());
        let is_open = is_auxiliary(last) || is_verb(to - 1);
        let has_verb = is_verb(to) && is_finite(next);
        let is_added = ADDED.contains(&next) && self.clause_before(source, from).any(is_verb);
        is_open || !(has_verb || is_added || self.is_relative(source, from, to))
    }

    /// Whether a clause that is said of the subject is left out whole: `Girls who are trafficked from Ur work in bars`. Not what
    /// ends in the middle of it.
    fn is_relative(&self, source: &Words, from: usize, to: usize) -> bool {
        let key = |at: usize| source.key(at).unwrap_or_default();
        let is_small = |key: &str| is_determiner(key) || is_preposition(key);
        let start = last_of(&self.starts, from).unwrap_or_default();
        matches!(key(from), "who" | "which" | "that")
            && start < from
            && !(start..from).any(|at| is_verb(source, at))
            && !(is_small(key(to)) || may_be_number(key(to)) || is_small(key(to - 1)))
    }

    /// Whether the subject of a verb is left out where another clause stands before it: `Police raided farms, and … freed boys` for
    /// `and the union freed boys`.
    fn hide_subject(&self, source: &Words, from: usize, to: usize) -> bool {
        let is_verb = |at: usize| is_verb(source, at);
        let key = |at: usize| source.key(at).unwrap_or_default();
        let end = before_aside(source, from, to);
        let first = self.window(source, from, to, FARTHEST_VERB).last().unwrap_or(end);
        let begins = is_edge(source, first)
            || joins_clause(key(first))
            || first > 0 && joins_clause(key(first - 1));
        let is_noun = |at: usize| !is_stop_word(key(at)) && !joins_clause(key(at)) && !is_verb(at);
        let start = last_of(&self.starts, from).unwrap_or_default();
        is_verb(to)
            && is_finite(key(to))
            && begins
            && (first..end).any(is_noun)
            && (start..first).any(is_verb)
    }

    /// The last words left out in the clause of what follows, so many at most. An aside right before that is passed over.
    fn window(
        &self,
        source: &Words,
        from: usize,
        to: usize,
        most: usize,
    ) -> impl Iterator<Item = usize> {
        let end = before_aside(source, from, to);
        let first = end.saturating_sub(most).max(from);
        (first..end).rev().scan(true, move |is_inside, at| {
            let is_passed = at + 1 == end && end < to;
            let is_own = *is_inside && (is_passed || !ends_clause(source.gap(at + 1)));
            *is_inside = is_own;
            is_own.then_some(at)
        })
    }

    /// The words of the clause before an ellipsis.
    fn clause_before(&self, source: &Words, from: usize) -> impl Iterator<Item = usize> {
        let start = last_of(&self.starts, from).unwrap_or_default();
        (start..from).rev().scan(true, move |is_inside, at| {
            let is_own = *is_inside;
            *is_inside = !ends_clause(source.gap(at));
            is_own.then_some(at)
        })
    }
}

/// Behind the mark of a note that stands at a word.
fn behind_mark(source: &Words, at: usize) -> usize {
    let place = source.marks.partition_point(|group| group.words.start < at);
    let mark = source.marks.get(place).filter(|group| group.words.start == at);
    mark.map_or(at, |group| group.words.end)
}

/// The words with which a sentence or item begins though no full stop with a blank tells so: `government.The`, `law.¹ The`,
/// `law.[3] The`, `law. (See Table 8) The`, a new paragraph.
fn unseen_starts(source: &Words) -> Vec<usize> {
    let begins = |at: usize| source.written(at).starts_with(char::is_uppercase);
    let is_stop = |at: usize| {
        let before = at.checked_sub(1).map(|before| source.written(before)).unwrap_or_default();
        let is_word = before.len() >= 3 && before.ends_with(char::is_lowercase);
        is_word && source.gap(at).starts_with(STOPS)
    };
    let is_start = |&at: &usize| {
        let gap = source.gap(at);
        let is_item = gap.contains("\n\n") || has_bullet(gap);
        let is_glued = gap.len() == 1 || gap.contains(is_superscript);
        is_item
            || gap.starts_with(STOPS) && is_glued && is_stop(at) && begins(at)
            || gap.starts_with(')') && begins(at) && opening(source, at).is_some_and(is_stop)
    };
    let is_behind = |words: &&Range<usize>| is_stop(words.start) && begins(words.end);
    let marks = source.marks.iter().map(|group| &group.words).filter(is_behind);
    let labels = source.labels.iter().map(|group| group.words.start);
    let mut starts: Vec<usize> = (1..source.len()).filter(is_start).collect();
    starts.extend(marks.map(|words| words.end).chain(labels));
    starts
}

/// Whether a line begins between two words with the sign of an item; a hyphen before its break is part of a word.
fn has_bullet(gap: &str) -> bool {
    let line = gap.rsplit_once('\n').map(|(_, line)| line.trim_start());
    line.is_some_and(|line| line.starts_with(['-', '*', '•', '·']))
}

const STOPS: [char; 3] = ['.', '!', '?'];

/// The first word of the brackets that close before a word.
fn opening(source: &Words, at: usize) -> Option<usize> {
    const FARTHEST: usize = 12;
    (at.saturating_sub(FARTHEST)..at).rev().find(|&at| source.gap(at).contains('('))
}

/// Whether a clause, or an aside, begins or ends before a word.
fn is_edge(source: &Words, at: usize) -> bool {
    ends_clause(source.gap(at)) || source.gap(at).contains(')')
}

/// Whether a word turns what stands behind it only, not the subject of what is left out from some word on: `bans work`, but not
/// `was banned` nor `lapsed in May`.
fn keeps_subject(source: &Words, at: usize, from: usize) -> bool {
    let next = source.key(at + 1).unwrap_or_default();
    let is_done = at > 0 && source.key(at - 1).is_some_and(is_auxiliary);
    let has_object = !goes_on(next) && !next.ends_with("ing") && !matches!(next, "than" | "then");
    !is_done && (at > from || has_object)
}

/// Where an aside begins that ends right before some words and is left out with what stands before it: `may, with a permit, hire`.
/// Without one, these words. What a list goes on with (`, and`) ends none.
fn before_aside(source: &Words, from: usize, to: usize) -> usize {
    let has_comma = |at: usize| source.gap(at).contains(',');
    let is_listed = matches!(source.key(to), Some("and" | "but" | "or"));
    let aside = || (from + 1..to).rev().find(|&at| has_comma(at));
    if has_comma(to) && !is_listed { aside().unwrap_or(to) } else { to }
}

/// Whether a clause of a sentence has a verb of its own, and no colon stands between it and what is denied: `prohibits: night
/// work; work that is done underground`.
fn says_by_itself(source: &Words, sentence: usize, to: usize) -> bool {
    let is_last = |at: &usize| ends_clause(source.gap(at + 1));
    let end = (to..source.len()).find(is_last).unwrap_or(source.len());
    let is_led = (sentence + 1..=to).any(|at| source.gap(at).contains(':'));
    let is_turned = |at: usize| turns(source, at, to) || denies(source, at);
    (to..=end).any(|at| is_verb(source, at)) && !(is_led && (sentence..to).any(is_turned))
}

/// Whether words at the beginning of a sentence only join it to the one before: `However, gaps remain`.
fn is_introduction(source: &Words, words: Range<usize>) -> bool {
    const SINGLE: [&str; 12] = [
        "additionally",
        "also",
        "finally",
        "furthermore",
        "however",
        "likewise",
        "meanwhile",
        "moreover",
        "nevertheless",
        "nonetheless",
        "similarly",
        "therefore",
    ];
    let keys: Vec<&str> = words.filter_map(|at| source.key(at)).collect();
    match keys.as_slice() {
        [only] => SINGLE.contains(only),
        ["in", "addition"] => true,
        _ => false,
    }
}

/// Whether a word at the beginning of a clause takes its subject from what stands before.
fn goes_on(key: &str) -> bool {
    joins_clause(key) || is_preposition(key)
}
