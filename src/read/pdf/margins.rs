//! What the margins of pages repeat: running headers and footers, and page numbers.

use std::collections::HashMap;

use super::super::numbers::Numerals;
use super::lines::{Line, lines};
use super::running::Running;
use super::words::Word;

/// The part of a page's height, at its top and bottom, where headers and footers stand.
const ZONE: f32 = 0.13;
/// Lines at each end of a page that may be one.
const MOST_LINES: usize = 4;
/// Running text is the same on pages near each other: a chapter's title.
const WINDOW: usize = 8;
/// How often it must be so.
const REPEATS: usize = 3;
/// A header stays at its height, give or take so many points.
const WAVER: f32 = 6.0;

/// Pages with Roman numbers; `civil` is none.
const LARGEST_ROMAN: i64 = 400;

/// A line near the end of a page.
struct Candidate {
    text: String,
    key: String,
    y: f32,
    size: f32,
    /// What may be the page number: the first word, the last.
    numbers: Vec<usize>,
    is_bare: bool,
}

/// The margins of one page, from the outermost line inwards.
struct Margins {
    top: Vec<Candidate>,
    bottom: Vec<Candidate>,
}

/// Takes running headers, footers and page numbers out of the words of all pages (those that run as
/// most text of the page does); but for what is large enough on the first page to be the title. `size`:
/// that of running text. Returns the page numbers that were printed, where they follow the pages, and
/// the headers: they may say what stands nowhere else.
pub fn strip(pages: &mut [Vec<Word>], heights: &[f32], size: f32) -> (Option<i64>, Running) {
    let mut declared = Vec::with_capacity(pages.len());
    let margins: Vec<Margins> = pages
        .iter_mut()
        .zip(heights)
        .map(|(words, &height)| {
            let pagination = words.extract_if(.., |word| word.is_pagination).collect();
            declared.push(at_top(pagination, height));
            margins_of(words, height)
        })
        .collect();
    let mut seen: HashMap<&str, Vec<(usize, f32)>> = HashMap::new();
    for (page, margin) in margins.iter().enumerate() {
        for candidate in margin.top.iter().chain(&margin.bottom) {
            seen.entry(&candidate.key).or_default().push((page, candidate.y));
        }
    }
    let offset = offset(&margins);
    let mut running = Running::default();
    let of_pages = pages.iter_mut().zip(&margins).zip(&declared);
    for (page, ((words, margin), declared)) in of_pages.enumerate() {
        let is_running = |candidate: &Candidate| {
            repeats(&seen, candidate, page, margins.len()) || is_number(candidate, page, offset)
        };
        let is_title = |candidate: &Candidate| page == 0 && candidate.size >= 1.5 * size;
        let dropped = |end: &'_ [Candidate]| -> Vec<(f32, f32)> {
            let lines = running_lines(end, page, offset, is_running).into_iter();
            let lines = lines.filter(|candidate| !is_title(candidate));
            lines.map(|candidate| (candidate.y, candidate.size)).collect()
        };
        let (top, bottom) = (dropped(&margin.top), dropped(&margin.bottom));
        let is_dropped = |candidate: &&Candidate| top.contains(&(candidate.y, candidate.size));
        for line in declared.iter().chain(margin.top.iter().filter(is_dropped)) {
            let text = without_numbers(&line.text, page, offset);
            running.add(page + 1, text, line.y, line.size);
        }
        let is_near = |word: &Word, (y, size): &(f32, f32)| (word.y - y).abs() < 0.4 * size;
        words.retain(|word| !top.iter().chain(&bottom).any(|line| is_near(word, line)));
    }
    (offset, running)
}

/// The lines of an end of a page that are no text of it. The number of the page is one wherever it
/// stands in the margin.
fn running_lines(
    end: &[Candidate],
    page: usize,
    offset: Option<i64>,
    is_running: impl Fn(&Candidate) -> bool,
) -> Vec<&Candidate> {
    let outermost = end.iter().take_while(|candidate| is_running(candidate)).count();
    let is_inner = |candidate: &&Candidate| offset.is_some() && is_number(candidate, page, offset);
    let inner = end.iter().skip(outermost).filter(is_inner);
    end.iter().take(outermost).chain(inner).collect()
}

/// The lines that stand at the top of a page.
fn at_top(words: Vec<Word>, height: f32) -> Vec<Candidate> {
    let words = words.into_iter().filter(|word| word.y <= height * ZONE).collect();
    lines(words).iter().take(MOST_LINES).map(candidate).collect()
}

/// A line without the number of its page at either end, and what sets that off.
fn without_numbers(text: &str, page: usize, offset: Option<i64>) -> &str {
    let is_number = |word: &str| {
        // A number that is not where the pages have theirs may be one of a chapter.
        let is_printed = |number| offset.is_some_and(|offset| page as i64 + offset == number);
        match page_number(word) {
            Some(0) => (1..LARGEST_ROMAN)
                .any(|number| Numerals::LowerRoman.print(number).eq_ignore_ascii_case(word)),
            Some(number) => is_printed(number as i64),
            None => !word.contains(char::is_alphanumeric),
        }
    };
    let mut text = text.trim();
    while let Some((_, rest)) = text.split_once(' ').filter(|(first, _)| is_number(first)) {
        text = rest.trim_start();
    }
    while let Some((rest, _)) = text.rsplit_once(' ').filter(|(_, last)| is_number(last)) {
        text = rest.trim_end();
    }
    text
}

fn margins_of(words: &[Word], height: f32) -> Margins {
    let near = |from: f32, to: f32| -> Vec<Word> {
        let inside = words.iter().filter(|word| word.y >= from && word.y <= to);
        inside.cloned().collect()
    };
    let bottom = lines(near(height * (1.0 - ZONE), f32::MAX));
    Margins {
        top: at_top(near(f32::MIN, height * ZONE), height),
        bottom: bottom.iter().rev().take(MOST_LINES).map(candidate).collect(),
    }
}

fn candidate(line: &Line) -> Candidate {
    let text = line.text();
    let mut key = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c.is_numeric() {
            true if key.ends_with('#') => {}
            true => key.push('#'),
            false => key.push(c),
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let ends = [words.first(), words.last()];
    let mut numbers: Vec<usize> =
        ends.into_iter().flatten().filter_map(|word| page_number(word)).collect();
    numbers.dedup();
    let is_bare = words
        .iter()
        .all(|word| page_number(word).is_some() || !word.chars().any(char::is_alphanumeric))
        || matches!(words.as_slice(), [word, _] | [word, _, _, _] if word.eq_ignore_ascii_case("page") || word.eq_ignore_ascii_case("p."));
    let is_bare = is_bare && words.len() <= 5;
    Candidate { text, key, y: line.y, size: line.size, numbers, is_bare }
}

/// A page number in digits. Roman ones are known by their place alone.
fn page_number(word: &str) -> Option<usize> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_roman = !word.is_empty() && word.len() <= 7 && word.chars().all(|c| "ivxlc".contains(c));
    if is_roman {
        return Some(0);
    }
    (word.len() <= 4).then(|| word.parse().ok()).flatten()
}

fn repeats(
    seen: &HashMap<&str, Vec<(usize, f32)>>,
    candidate: &Candidate,
    page: usize,
    pages: usize,
) -> bool {
    let is_caption =
        ["Table", "Figure", "Box", "Annex"].iter().any(|word| candidate.key.starts_with(word));
    let Some(places) = seen.get(candidate.key.as_str()).filter(|_| !is_caption) else {
        return false;
    };
    let from = places.partition_point(|place| place.0 + WINDOW < page);
    let near = places.iter().skip(from).take_while(|place| place.0 <= page + WINDOW);
    let mut level: Vec<usize> =
        near.filter(|place| (place.1 - candidate.y).abs() < WAVER).map(|place| place.0).collect();
    level.dedup();
    // A report of few pages has each of its two footers, left and right, on two of them.
    let is_alternate =
        pages <= 5 && level.len() == 2 && level.iter().all(|other| other % 2 == page % 2);
    level.len() >= REPEATS || is_alternate
}

fn is_number(candidate: &Candidate, page: usize, offset: Option<i64>) -> bool {
    let mut numbers = candidate.numbers.iter().filter(|_| candidate.is_bare);
    numbers.any(|&number| fits(number, page, offset))
}

/// Whether a number may be that of a page; Roman ones are 0.
fn fits(number: usize, page: usize, offset: Option<i64>) -> bool {
    let is_printed = offset.is_some_and(|offset| page as i64 + offset == number as i64);
    is_printed || number == 0 || number == page + 1
}

/// By how much the printed number of a page exceeds its index, where most pages agree.
fn offset(margins: &[Margins]) -> Option<i64> {
    let mut votes: HashMap<i64, usize> = HashMap::new();
    let mut voters = 0;
    for (page, margin) in margins.iter().enumerate() {
        let lines = margin.top.iter().take(2).chain(margin.bottom.iter().take(2));
        let numbers: Vec<i64> = lines
            .flat_map(|line| &line.numbers)
            .filter(|&&number| number > 0)
            .map(|&number| number as i64 - page as i64)
            .collect();
        voters += usize::from(!numbers.is_empty());
        numbers.iter().for_each(|&number| *votes.entry(number).or_default() += 1);
    }
    let (offset, count) =
        votes.into_iter().max_by_key(|&(offset, count)| (count, -offset.abs()))?;
    (count >= REPEATS && count * 2 > voters && count * 3 > margins.len()).then_some(offset)
}
