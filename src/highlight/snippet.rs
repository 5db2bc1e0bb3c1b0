//! Snippets: the sentences of a passage that show every clause that matched.

use std::ops::Range;

use super::{Mark, MarkKind};
use crate::passage::sentence_ends;

/// How long a snippet aims to be, in characters: four lines of a terminal 80 columns wide.
pub const SNIPPET_CHARACTERS: usize = 320;

/// A piece of a passage with its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Half-open byte range in the passage's text.
    pub bytes: Range<usize>,
    /// Indices of the passage's marks that lie in it, in order.
    pub marks: Vec<usize>,
}

/// Chooses whole sentences, in the order of the text, that show as many of the matched clauses as fit
/// into about `characters`; sentences that adjoin make one fragment. A sentence that alone is longer
/// is cut at blanks around its marks. Without marks it is the beginning of the text.
pub fn fragments(text: &str, marks: &[Mark], characters: usize) -> Vec<Fragment> {
    let sentences = sentences(text, marks);
    // What only means what was asked for leads where nothing matched.
    let leads = |mark: &&Mark| mark.kind != MarkKind::Semantic;
    let matched: Vec<Mark> = marks.iter().filter(leads).cloned().collect();
    let leading = if matched.is_empty() { marks } else { &matched };
    let mut chosen = cover(text, &sentences, leading, characters);
    if chosen.is_empty() && !sentences.is_empty() {
        chosen.push(0);
    }
    fill(text, &sentences, &mut chosen, characters);
    let mut fragments: Vec<Fragment> = Vec::new();
    let mut last_sentence = None;
    for index in chosen {
        let bytes = fit(text, sentences[index].clone(), leading, characters);
        match fragments.last_mut() {
            Some(last)
                if last_sentence.is_some_and(|last| last + 1 == index)
                    && last.bytes.end == sentences[index - 1].end
                    && bytes.start == sentences[index].start =>
            {
                last.bytes.end = bytes.end;
            }
            _ => fragments.push(Fragment { bytes, marks: Vec::new() }),
        }
        last_sentence = Some(index);
    }
    for fragment in &mut fragments {
        let inside = |mark: &Mark| {
            fragment.bytes.start <= mark.bytes.start && mark.bytes.end <= fragment.bytes.end
        };
        fragment.marks = (0..marks.len()).filter(|&index| inside(&marks[index])).collect();
    }
    fragments
}

/// The beginning of a text up to the end of the sentence in which its last mark ends; where that is longer than
/// `characters`, up to a blank behind that mark.
pub fn beginning(text: &str, marks: &[Mark], characters: usize) -> Range<usize> {
    let least = marks.iter().map(|mark| mark.bytes.end).max().unwrap_or(0);
    let sentence = sentences(text, marks).into_iter().find(|sentence| least <= sentence.end);
    let end = sentence.map_or(text.len(), |sentence| sentence.end);
    let Some((most, _)) = text[..end].char_indices().nth(characters) else { return 0..end };
    let blank = text[..most].rfind(char::is_whitespace).filter(|&blank| blank >= least);
    let next = || text[least..end].find(char::is_whitespace).map(|blank| least + blank);
    0..blank.or_else(next).unwrap_or(end)
}

/// The sentences of a text, trimmed; a line of a table or list is a sentence of its own.
fn sentences(text: &str, marks: &[Mark]) -> Vec<Range<usize>> {
    let mut ends = sentence_ends(text);
    ends.extend(text.match_indices("\n\n").map(|(at, _)| at));
    // A phrase may reach over the end of a sentence or paragraph: then there is none for it.
    let is_inside = |end: usize| marks.iter().any(|m| m.bytes.start < end && end < m.bytes.end);
    ends.retain(|&end| !is_inside(end));
    ends.push(text.len());
    ends.sort_unstable();
    let mut start = 0;
    let mut sentences = Vec::new();
    for end in ends {
        let piece = &text[start.min(end)..end];
        let lead = piece.len() - piece.trim_start().len();
        let trimmed = start + lead..start + piece.trim_end().len();
        if trimmed.start < trimmed.end {
            sentences.push(trimmed);
        }
        start = end.max(start);
    }
    sentences
}

/// Greedy cover: again and again the sentence that shows the most clauses not yet shown (then the
/// most marks, then the first), while the budget lasts.
fn cover(text: &str, sentences: &[Range<usize>], marks: &[Mark], characters: usize) -> Vec<usize> {
    // Of each sentence its number, its marks and the clauses that they show.
    let mut open: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    for (index, sentence) in sentences.iter().enumerate() {
        let mut clauses: Vec<usize> = within(marks, sentence).map(|mark| mark.clause).collect();
        let count = clauses.len();
        clauses.sort_unstable();
        clauses.dedup();
        if count > 0 {
            open.push((index, count, clauses));
        }
    }
    let mut chosen: Vec<usize> = Vec::new();
    let mut used = 0;
    while let Some(best) = (0..open.len()).max_by_key(|&place| {
        let (index, count, new) = &open[place];
        (new.len(), *count, std::cmp::Reverse(*index))
    }) {
        let (index, _, new) = open.swap_remove(best);
        let length = text[sentences[index].clone()].chars().count();
        let is_full = !chosen.is_empty() && used + length.min(characters) > characters * 3 / 2;
        if new.is_empty() || is_full {
            break;
        }
        for (_, _, clauses) in &mut open {
            clauses.retain(|clause| !new.contains(clause));
        }
        used += length;
        chosen.push(index);
    }
    chosen.sort_unstable();
    chosen
}

fn within<'m>(marks: &'m [Mark], range: &Range<usize>) -> impl Iterator<Item = &'m Mark> {
    let range = range.clone();
    marks.iter().filter(move |mark| range.start <= mark.bytes.start && mark.bytes.end <= range.end)
}

/// Adds the sentences after and before the first chosen one while they fit: context that reads on.
fn fill(text: &str, sentences: &[Range<usize>], chosen: &mut Vec<usize>, characters: usize) {
    let length = |index: usize| text[sentences[index].clone()].chars().count();
    let mut used: usize = chosen.iter().map(|&index| length(index)).sum();
    let Some(&first) = chosen.first() else { return };
    let after = (first + 1..sentences.len()).take_while(|index| *index <= first + 2);
    for index in after.chain(first.checked_sub(1)) {
        if !chosen.contains(&index) && used + length(index) <= characters {
            used += length(index);
            chosen.push(index);
        }
    }
    chosen.sort_unstable();
}

/// Cuts a sentence that is too long at blanks, around its first marks.
fn fit(text: &str, sentence: Range<usize>, marks: &[Mark], characters: usize) -> Range<usize> {
    let most = characters * 3 / 2;
    if text[sentence.clone()].chars().count() <= most {
        return sentence;
    }
    let mark = within(marks, &sentence).next();
    let first = mark.map_or(sentence.start, |mark| mark.bytes.start);
    let before = text[sentence.start..first].char_indices().rev().nth(characters / 4);
    let start = before.map_or(sentence.start, |(at, _)| {
        let at = sentence.start + at;
        let blank = text[at..first].char_indices().find(|(_, c)| c.is_whitespace());
        blank.map_or(at, |(blank, c)| at + blank + c.len_utf8())
    });
    let end = text[start..sentence.end].char_indices().nth(characters);
    let end = end.map_or(sentence.end, |(at, _)| {
        let blank = text[start..start + at].rfind(char::is_whitespace);
        blank.map(|blank| start + blank).filter(|&blank| blank > first).unwrap_or(start + at)
    });
    // A mark that alone is longer than a snippet is shown whole all the same.
    let end = end.max(mark.map_or(end, |mark| mark.bytes.end));
    start + (text[start..end].len() - text[start..end].trim_start().len())..end
}
