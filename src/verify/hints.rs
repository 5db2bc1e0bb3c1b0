//! What a draft says behind, around or below a quotation that it is from: the note whose mark stands there, or a source.

use std::ops::Range;

use super::addresses::addresses;
use super::blocks::{attributed, attribution, is_of_sources, is_source, text_of};
use super::gaps::is_quote;
use super::sources::years;
use super::words::{is_list_of_notes, is_remark, is_superscript};
use crate::document::{BlockKind, Document};
use crate::passage::sentence_ends;

/// A longer text in brackets is text.
pub const LONGEST_HINT: usize = 300;

/// The hint behind a quotation that ends at `end` of a block's text, its closing quotation mark included.
pub fn hint(draft: &Document, block: usize, end: usize) -> Option<String> {
    let own = draft.blocks.get(block)?;
    let after = draft.text.get(own.range.clone())?.get(end..)?;
    let is_block = own.kind == BlockKind::Quotation;
    marked_note(draft, &own.range, own.range.start + end)
        .or_else(|| linked(draft, own.range.start + end, own.range.end))
        .or_else(|| behind(draft, after, is_block))
        .or_else(|| is_block.then(|| below(draft, block)).flatten())
}

/// What a note that is marked by its number says, or what stands in brackets. In round ones a number is one of a note
/// at the end of a block only: `“…” (1) and`.
pub fn behind(draft: &Document, after: &str, is_block: bool) -> Option<String> {
    if let Some(note) = raised(after).and_then(|number| numbered(draft, number)) {
        return Some(note);
    }
    let is_between =
        |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ' ' | '\n' | '\u{A0}');
    let after = after.trim_start_matches(|c| is_between(c) || is_quote(c));
    let dashed = || (!is_block).then(|| behind_dash(after)).flatten();
    let told = named(draft, after, is_block);
    let is_first = told.as_deref().is_some_and(|told| goes_before_address(after, told));
    if is_first {
        return told;
    }
    address_behind(after).or_else(dashed).or(told)
}

/// What is named right behind a quotation: the note of a raised number, or what stands in brackets.
fn named(draft: &Document, after: &str, is_block: bool) -> Option<String> {
    let first = after.chars().next()?;
    if is_superscript(first) {
        let raised: String =
            after.chars().take_while(|&c| is_superscript(c)).map(lowered).collect();
        return numbered(draft, &raised);
    }
    let inside = bracketed(after)?;
    if is_remark(inside) {
        // `“…” (emphasis added) (Mali, 2021)`; one is enough.
        let inside = bracketed(behind_brackets(after)?)?;
        return is_hint(inside).then(|| inside.to_owned());
    }
    let number = inside.split(|c: char| !c.is_ascii_digit()).next().filter(|it| !it.is_empty());
    match number.filter(|_| is_list_of_notes(inside)) {
        Some(number) if first == '[' || is_block => numbered(draft, number),
        Some(_) => None,
        None => is_hint(inside).then(|| inside.to_owned()),
    }
}

/// Whether what is named right behind a quotation is what it is from, and not an address later in the sentence, which other words
/// go with: `“…” (Ghana, 2021), while police left (tipsearch://Kenya_2016.md)`.
fn goes_before_address(after: &str, told: &str) -> bool {
    let mut rest = after;
    while let Some(behind) = behind_brackets(rest) {
        if bracketed(rest).is_some_and(|inside| !addresses(inside).is_empty()) {
            return false;
        }
        rest = behind;
    }
    let first = addresses(rest).first().map_or(rest.len(), |address| address.start);
    let is_apart = rest.get(..first).is_some_and(|between| between.contains(char::is_alphabetic));
    // `(see above)` names nothing.
    let is_note = bracketed(after).is_none_or(is_list_of_notes);
    is_apart && (is_note || is_source(told))
}

/// What the brackets around a quotation say behind it: `(“…”; Ghana, 2021)`.
pub fn within_brackets(text: &str, quoted: &Range<usize>) -> Option<String> {
    let before = text.get(..quoted.start)?.trim_end_matches(is_quote);
    let open = before.chars().next_back().filter(|c| matches!(c, '(' | '['))?;
    let after = text.get(quoted.end..)?.trim_start_matches(is_quote);
    let rest = after.trim_start().strip_prefix([';', ',', ':', '—', '–'])?;
    let rest = rest.get(..rest.floor_char_boundary(2 * LONGEST_HINT)).unwrap_or_default();
    let whole = format!("{open}{rest}");
    let inside = bracketed(&whole)?;
    is_source(inside).then(|| inside.to_owned())
}

/// Where the bracket is closed that a text begins with: `(Gambia (The), 2020)`. One in quotation marks is part of a heading,
/// which may have lost its other half: `(Mali, 2021, “Activity Cont)”)`.
fn closing(text: &str) -> Option<usize> {
    let (open, close) = match text.chars().next()? {
        '[' => ('[', ']'),
        '(' => ('(', ')'),
        '【' => ('【', '】'),
        _ => return None,
    };
    let end = |is_quoted: fn(char) -> Option<bool>| {
        let (mut depth, mut is_heading) = (0_usize, false);
        for (at, c) in text.char_indices().take(2 * LONGEST_HINT) {
            is_heading = is_quoted(c).unwrap_or(is_heading);
            depth += usize::from(c == open && !is_heading);
            if c == close && !is_heading {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    };
    let marks = |c: char| match c {
        '“' => Some(true),
        '”' => Some(false),
        _ => None,
    };
    end(marks).or_else(|| end(|_| None)).or_else(|| text.find(close))
}

/// What stands in the brackets that a text begins with.
fn bracketed(text: &str) -> Option<&str> {
    let open = text.chars().next()?.len_utf8();
    text.get(open..closing(text)?).map(str::trim)
}

/// What stands behind the brackets that a text begins with.
fn behind_brackets(text: &str) -> Option<&str> {
    let mut rest = text.get(closing(text)?..)?.chars();
    rest.next()?;
    Some(rest.as_str().trim_start())
}

/// The mark of a note right behind a quotation, where nothing tells any more that it was raised: `”.1 The`.
fn raised(after: &str) -> Option<&str> {
    let after = after.trim_start_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '!' | '?') || is_quote(c)
    });
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = after.get(..after.len() - rest.len())?;
    let is_alone = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '%');
    // `1.5` and `1,000` are numbers, `1,2` are two notes.
    let more = rest.get(1..).unwrap_or_default();
    let digits = more.len() - more.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let goes_on = rest.starts_with('.') && digits > 0 || rest.starts_with(',') && digits > 2;
    ((1..=3).contains(&number.len()) && is_alone && !goes_on).then_some(number)
}

/// What the end of a block quotation says of whose it is, or the block below it.
fn below(draft: &Document, block: usize) -> Option<String> {
    let text = text_of(draft, block)?;
    if let Some(told) = attributed(text) {
        return Some(told);
    }
    let next = draft.blocks.get(block + 1).filter(|next| next.kind == BlockKind::Quotation);
    let text = next.and_then(|_| text_of(draft, block + 1))?;
    (attribution(text) == Some(0)).then(|| attributed(text)).flatten()
}

/// Whether a text in brackets may name a source: it has letters, and is no sign of what was left out.
pub fn is_hint(inside: &str) -> bool {
    inside.len() <= LONGEST_HINT && inside.contains(char::is_alphabetic) && !is_remark(inside)
}

/// The note whose mark stands behind a quotation, with nothing but punctuation between.
fn marked_note(draft: &Document, block: &Range<usize>, end: usize) -> Option<String> {
    let is_behind = |text: &str| !text.contains(char::is_alphanumeric);
    let first = draft.note_marks.partition_point(|mark| mark.text < end);
    let mark = draft.note_marks.get(first).filter(|mark| mark.text <= block.end)?;
    let is_marked = is_behind(draft.text.get(end..mark.text)?);
    text_of(draft, mark.block).filter(|_| is_marked).map(str::to_owned)
}

/// The note or entry of a list of sources with a number: `[3] Source`, `3. Source`, or the third of a list.
fn numbered(draft: &Document, number: &str) -> Option<String> {
    let all = 0..draft.blocks.len();
    let sources = all.clone().filter(|&index| is_of_sources(draft, index));
    let raised: String = number.chars().map(raised_digit).collect();
    let forms = FORMS.map(|form| form.replace('N', number).replace('R', &raised));
    let written = |index: usize, forms: &[String]| entry(text_of(draft, index)?, forms);
    let mut of_sources = sources.clone().filter_map(|index| written(index, &forms));
    // Also of a list that is not named so; the last, as what stands before may be a quotation's mark.
    let bracketed = || all.clone().rev().find_map(|index| written(index, &forms[..2]));
    if let Some(entry) = of_sources.next().or_else(bracketed) {
        return Some(entry);
    }
    let is_item = |index: &usize| {
        draft.blocks.get(*index).is_some_and(|block| block.kind == BlockKind::ListItem)
    };
    let place = number.parse::<usize>().ok()?.checked_sub(1)?;
    text_of(draft, sources.filter(is_item).nth(place)?).map(str::to_owned)
}

/// How the numbers of notes and sources are written before them.
const FORMS: [&str; 6] = ["[N]", "R", "N.", "N)", "N:", "(N)"];

/// The entry of a number, without it: from the line that begins with it to the next line that begins with one. Entries of a
/// list may be lines of one paragraph.
fn entry(text: &str, marks: &[String]) -> Option<String> {
    let behind = |line: &'_ str| -> Option<String> {
        let line = line.trim_start();
        let rest = marks.iter().find_map(|mark| line.strip_prefix(mark.as_str()))?;
        // `¹²` is not `¹`.
        Some(rest).filter(|rest| !rest.starts_with(is_superscript))?;
        Some(rest.trim_start().to_owned())
    };
    let mut lines = text.lines();
    let first = lines.find_map(behind)?;
    let is_next = |line: &&str| {
        let line = line.trim_start().trim_start_matches(['[', '(']);
        if line.starts_with(is_superscript) {
            return true;
        }
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < line.len() && rest.starts_with([']', '.', ')', ':'])
    };
    let rest = lines.take_while(|line| !is_next(line));
    Some(rest.fold(first, |entry, line| format!("{entry}\n{line}")))
}

/// What a link behind a quotation or around it says that this is from: the address that it leads to, else its words. Between
/// may stand brackets and other signs, and other links.
fn linked(draft: &Document, end: usize, block_end: usize) -> Option<String> {
    let is_between = |text: &str| !text.contains(char::is_alphanumeric);
    let first = draft.links.partition_point(|link| link.text.end + MOST_CLOSING < end);
    let links = draft.links.get(first..)?;
    let mut last = end;
    let mut named: Vec<&str> = Vec::new();
    for link in links.iter().take_while(|link| link.text.start < block_end) {
        let is_around = link.text.start < end && link.text.end + MOST_CLOSING >= end;
        let is_behind = || draft.text.get(last..link.text.start).is_some_and(is_between);
        if !is_around && !is_behind() {
            break;
        }
        let words = draft.text.get(link.text.clone()).unwrap_or_default();
        let is_address = !addresses(&link.target).is_empty();
        match is_address {
            true => named.push(&link.target),
            false if !is_around && is_source(words) => named.push(words),
            false => {}
        }
        last = link.text.end.max(end);
    }
    (!named.is_empty()).then(|| named.join("; "))
}

/// A link may end so many bytes before the mark that closes a quotation in it.
const MOST_CLOSING: usize = 4;

/// The address that the server hands out to cite with, where one stands behind a quotation before anything else is quoted.
fn address_behind(after: &str) -> Option<String> {
    let part = after.get(..after.floor_char_boundary(LONGEST_HINT))?;
    let part = part.split('\n').next()?;
    let part = part.split(['“', '"', '«']).next()?;
    let found = addresses(part);
    let first = found.first()?.start;
    let is_near = sentence_ends(part).first().is_none_or(|&end| end > first);
    let all: Vec<&str> = found.into_iter().filter_map(|it| part.get(it)).collect();
    is_near.then(|| all.join("; "))
}

/// What stands behind a dash to the end of a line, and is a source: `“…” — Ghana, 2019`.
fn behind_dash(after: &str) -> Option<String> {
    let rest = after.strip_prefix(['—', '–', '―', '-'])?;
    let line = rest.trim_start_matches(['-', ' ']).lines().next()?;
    let end = sentence_ends(line).first().copied().unwrap_or(line.len());
    let told = line.get(..end)?.trim().trim_end_matches('.');
    (is_source(told) && !years(told).is_empty()).then(|| told.to_owned())
}

/// A digit, raised.
fn raised_digit(c: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    c.to_digit(10).and_then(|digit| RAISED.get(digit as usize)).copied().unwrap_or(c)
}

/// A raised digit on the line.
fn lowered(c: char) -> char {
    match c {
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(4 + (c as u32 - '⁴' as u32), 10).unwrap_or(c),
        _ => '0',
    }
}
