//! Which lines are headings. What the document says of itself counts first: its structure tree, then
//! the entries of its outline that stand as a line on their page. Where it says nothing, headings are
//! lines set larger, bolder or in capitals, by themselves, that do not read as sentences.

use std::collections::HashMap;

use super::blocks::FlowLine;
use super::outline::Entry;
use super::structure::{Role, Tags};

/// So many headings of a source, and it is taken to name them all.
const ENOUGH: usize = 3;
/// A heading has at most so many letters, and so many lines.
const LONGEST: usize = 160;
const MOST_LINES: usize = 4;
/// Larger than the body by this much.
const LARGER: f32 = 1.12;
/// A title is larger than the body by this much.
const TITLE: f32 = 1.35;
/// Levels that looks are sorted into.
const DEEPEST: usize = 6;

/// The headings of a document.
#[derive(Debug, Default)]
pub struct Headings {
    /// By the number of their first line: level, and how many lines it takes.
    pub at: HashMap<usize, (u8, usize)>,
    /// The title, where a line on the first page looks like one.
    pub title: Option<String>,
    /// The size that most text has.
    pub body: f32,
}

impl Headings {
    /// Finds them.
    pub fn of(flow: &[FlowLine], outline: &[Entry], tags: &Tags) -> Headings {
        let body = body_size(flow);
        let mut headings = Headings { body, title: title(flow, body), ..Headings::default() };
        headings.tagged(flow, tags);
        if headings.at.len() < ENOUGH {
            headings.outlined(flow, outline);
        }
        if headings.at.len() < ENOUGH {
            headings.by_look(flow);
        }
        headings
    }

    fn tagged(&mut self, flow: &[FlowLine], tags: &Tags) {
        let mut index = 0;
        while let Some(line) = flow.get(index) {
            let tag = line.tag(tags);
            let Role::Heading(level) = tag.role else {
                index += 1;
                continue;
            };
            let same = flow[index..].iter().take_while(|next| next.tag(tags).block == tag.block);
            let count = same.count().max(1);
            if count <= MOST_LINES && line.line.text().chars().count() <= LONGEST {
                self.at.insert(index, (level.max(1), count));
            }
            index += count;
        }
    }

    fn outlined(&mut self, flow: &[FlowLine], outline: &[Entry]) {
        let mut by_page: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, line) in flow.iter().enumerate() {
            by_page.entry(line.page).or_default().push(index);
        }
        for entry in outline {
            let wanted = key(&entry.title);
            let Some(page) = entry.page.filter(|_| !wanted.is_empty()) else { continue };
            let lines = by_page.get(&page).map(Vec::as_slice).unwrap_or_default();
            let found =
                lines.iter().find_map(|&index| Some((index, matched(flow, index, &wanted)?)));
            if let Some((index, count)) = found {
                self.at.entry(index).or_insert((entry.level, count));
            }
        }
    }

    /// Lines that look like headings, in levels by their looks.
    fn by_look(&mut self, flow: &[FlowLine]) {
        let mut found: Vec<(usize, usize, (i32, bool, bool))> = Vec::new();
        let mut index = 0;
        while index < flow.len() {
            match self.look(flow, index) {
                Some((look, count)) => {
                    found.push((index, count, look));
                    index += count;
                }
                None => index += 1,
            }
        }
        let mut looks: Vec<(i32, bool, bool)> = found.iter().map(|(_, _, look)| *look).collect();
        looks.sort_unstable_by(|a, b| b.cmp(a));
        looks.dedup();
        for (index, count, look) in found {
            let level = looks.iter().position(|other| *other == look).unwrap_or(0);
            self.at.entry(index).or_insert((level.min(DEEPEST - 1) as u8 + 1, count));
        }
    }

    /// How a heading that begins here looks (size in half points, capitals, weight), and its lines.
    fn look(&self, flow: &[FlowLine], index: usize) -> Option<((i32, bool, bool), usize)> {
        let first = flow.get(index)?;
        let look = first.look();
        let is_larger = first.line.size >= LARGER * self.body;
        let is_marked = (look.1 || look.2) && first.line.size >= 0.95 * self.body;
        if !is_larger && !is_marked {
            return None;
        }
        let same = flow[index..]
            .iter()
            .take_while(|line| line.region == first.region && line.look() == look);
        let count = same.clone().zip(flow[index..].iter().skip(1)).take_while(|(a, b)| {
            b.line.top() - a.line.bottom() < 0.9 * a.line.size && b.region == a.region
        });
        let count = (count.count() + 1).min(same.count());
        let text: Vec<String> =
            flow[index..index + count].iter().map(|line| line.line.text()).collect();
        let text = text.join(" ");
        let is_plain = reads_as_heading(&text, is_larger) && count <= MOST_LINES;
        let is_table = is_beside_cells(flow, index, index + count, is_larger);
        // A bold line with a plain one right under it may still be a heading; one inside bold text not.
        let is_apart =
            index == 0 || flow[index - 1].region != first.region || flow[index - 1].look() != look;
        let has_text_after = index + count < flow.len();
        (is_plain && !is_table && is_apart && has_text_after).then_some((look, count))
    }
}

/// Whether a text reads as a heading: short, no sentence, no caption. `is_larger`: it is set so.
fn reads_as_heading(text: &str, is_larger: bool) -> bool {
    const CAPTIONS: [&str; 5] = ["table ", "figure ", "box ", "source", "note"];
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let begins = text.chars().find(|c| c.is_alphanumeric());
    let is_short = text.chars().count() <= LONGEST && letters >= 3;
    let is_sentence = text.ends_with(['.', ';', ',']) && text.split_whitespace().count() > 6;
    let goes_on = text.ends_with(['.', ';', ',', ':']) && !is_larger;
    let lower = text.to_lowercase();
    let is_caption = CAPTIONS.iter().any(|word| lower.starts_with(word));
    let begins_small = begins.is_none_or(char::is_lowercase);
    is_short && !is_sentence && !goes_on && !is_caption && !begins_small
}

/// Whether lines from `start` to `end` are cells themselves or, where only their weight marks them,
/// stand right above or below cells: a column's head is bold too.
fn is_beside_cells(flow: &[FlowLine], start: usize, end: usize, is_larger: bool) -> bool {
    let has_cells = |line: &FlowLine| line.line.chunks(1.6 * line.line.size).len() > 1;
    let Some(own) = flow.get(start..end) else { return false };
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return false };
    let is_near = |a: &FlowLine, b: &FlowLine| {
        a.region == b.region && b.line.top() - a.line.bottom() < 1.5 * a.line.size
    };
    let above = start.checked_sub(1).and_then(|index| flow.get(index));
    let below = flow.get(end);
    let beside = above.is_some_and(|above| has_cells(above) && is_near(above, first))
        || below.is_some_and(|below| has_cells(below) && is_near(last, below));
    own.iter().any(has_cells) || beside && !is_larger
}

/// The size that most letters of the document have.
fn body_size(flow: &[FlowLine]) -> f32 {
    let mut letters: HashMap<i32, usize> = HashMap::new();
    for line in flow {
        let count: usize = line.line.words.iter().map(|word| word.text.len()).sum();
        *letters.entry((line.line.size * 2.0).round() as i32).or_default() += count;
    }
    let most = letters.into_iter().max_by_key(|&(size, count)| (count, size));
    most.map_or(0.0, |(size, _)| size as f32 / 2.0)
}

/// The largest lines of the first page, where they are much larger than the body.
fn title(flow: &[FlowLine], body: f32) -> Option<String> {
    let first = flow.iter().take_while(|line| line.page == 0);
    let has_letters =
        |line: &&FlowLine| line.line.text().chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let largest = first.clone().filter(has_letters).map(|line| line.line.size).fold(0.0, f32::max);
    if largest < TITLE * body {
        return None;
    }
    let lines = first.skip_while(|line| line.line.size < largest - 0.5);
    let lines = lines.take_while(|line| line.line.size >= largest - 0.5).take(MOST_LINES);
    let text = lines.map(|line| line.line.text()).collect::<Vec<_>>().join(" ");
    (text.chars().count() <= LONGEST && !text.is_empty()).then_some(text)
}

/// How many lines from this one on have just the words of an entry.
fn matched(flow: &[FlowLine], index: usize, wanted: &str) -> Option<usize> {
    let mut text = String::new();
    for count in 1..=MOST_LINES {
        let line = flow.get(index + count - 1)?;
        text.push_str(&key(&line.line.text()));
        if text == wanted {
            return Some(count);
        }
        if !wanted.starts_with(&text) {
            return None;
        }
    }
    None
}

/// Letters and digits in lower case: what an entry and its line agree on.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
