//! Columns: cuts a page at the white gutters between them, so that one column is read before the next.
//!
//! A gutter is a tall strip that no word and no ruled line crosses, with running text at its side. What
//! crosses it (a title, a wide table) cuts the page in bands, above and below. Cells of a table stand
//! in columns too, but are read row by row: their lines are level with each other and short.

use super::content::Rule;
use super::lines::{Line, lines};
use super::words::Word;

/// Cuts in cuts.
const DEEPEST: usize = 40;
/// Pages with more words than this are maps or hostile.
const MOST_WORDS: usize = 30_000;
/// Strips that a page is looked at in, each a point wide.
const STRIPS: usize = 2000;

/// Words that are read as one column.
#[derive(Debug)]
pub struct Region {
    pub lines: Vec<Line>,
    pub x0: f32,
    pub x1: f32,
}

/// A white strip.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Gutter {
    x0: f32,
    x1: f32,
    top: f32,
    bottom: f32,
}

/// Cuts the words of a page into regions, in the order of reading.
pub fn regions(words: Vec<Word>, rules: &[Rule]) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut left = vec![(words, 0)];
    let is_rtl = left.iter().flat_map(|(words, _)| words).filter(|word| word.is_rtl()).count();
    let is_rtl = is_rtl * 2 > left.iter().map(|(words, _)| words.len()).sum();
    while let Some((words, depth)) = left.pop() {
        if words.is_empty() {
            continue;
        }
        let gutter = match depth < DEEPEST && (8..MOST_WORDS).contains(&words.len()) {
            true => gutter(&words, rules),
            false => None,
        };
        let Some(gutter) = gutter else {
            let x0 = words.iter().map(|word| word.x0).fold(f32::MAX, f32::min);
            let x1 = words.iter().map(|word| word.x1).fold(f32::MIN, f32::max);
            regions.push(Region { lines: lines(words), x0, x1 });
            continue;
        };
        let mut parts = split(words, gutter);
        if is_rtl {
            parts.swap(1, 2);
        }
        left.extend(parts.into_iter().rev().map(|part| (part, depth + 1)));
    }
    regions
}

/// What is above a gutter, left of it, right of it, and below.
fn split(words: Vec<Word>, gutter: Gutter) -> [Vec<Word>; 4] {
    let mut parts = [const { Vec::new() }; 4];
    let [above, left, right, below] = &mut parts;
    for word in words {
        let middle = (word.top() + word.bottom()) / 2.0;
        if middle < gutter.top {
            above.push(word);
        } else if middle > gutter.bottom {
            below.push(word);
        } else if word.x0 < gutter.x0 {
            left.push(word);
        } else {
            right.push(word);
        }
    }
    parts
}

/// How alike the heights of the strips of one gutter are: ragged lines reach into it here and there.
const ALIKE: [f32; 2] = [0.98, 0.85];

/// The best gutter among words: the one with most text beside it.
fn gutter(words: &[Word], rules: &[Rule]) -> Option<Gutter> {
    let size = median(words.iter().map(|word| word.size).collect());
    let x0 = words.iter().map(|word| word.x0).fold(f32::MAX, f32::min);
    let top = words.iter().map(Word::top).fold(f32::MAX, f32::min);
    let bottom = words.iter().map(Word::bottom).fold(f32::MIN, f32::max);
    let runs = white_runs(words, x0, (top, bottom), 3.0 * size);
    let mut best: Option<(f32, Gutter)> = None;
    let mut judged: Vec<Gutter> = Vec::new();
    for gutter in ALIKE.into_iter().flat_map(|alike| strips(&runs, alike, x0, size)) {
        let gutter = cut_at_rules(gutter, rules);
        if gutter.bottom - gutter.top < 3.0 * size || judged.contains(&gutter) {
            continue;
        }
        judged.push(gutter);
        if is_in_table(gutter, rules) {
            continue;
        }
        let Some((weight, gutter)) = judge(words, gutter, size, bottom) else { continue };
        if best.is_none_or(|(other, _)| weight > other) {
            best = Some((weight, gutter));
        }
    }
    best.map(|(_, gutter)| gutter)
}

/// White strips beside each other that are about as high, where they are wide enough together.
fn strips(runs: &[Vec<(f32, f32)>], alike: f32, x0: f32, size: f32) -> Vec<Gutter> {
    let is_alike = |a: (f32, f32), b: (f32, f32)| {
        a.1.min(b.1) - a.0.max(b.0) >= alike * (a.1 - a.0).max(b.1 - b.0)
    };
    let mut gutters = Vec::new();
    for (at, own) in runs.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| runs.get(before));
        for &run in own {
            if before.is_some_and(|before| before.iter().any(|&other| is_alike(run, other))) {
                continue;
            }
            let (mut top, mut bottom) = run;
            let mut end = at + 1;
            // A strip that is white for longer, or shorter, belongs to another gutter.
            while let Some(next) =
                runs.get(end).and_then(|next| next.iter().find(|&&next| is_alike(run, next)))
            {
                (top, bottom) = (top.max(next.0), bottom.min(next.1));
                end += 1;
            }
            let (from, to) = (x0 + at as f32, x0 + end as f32);
            if to - from >= least_width((bottom - top) / size.max(1.0)) * size {
                gutters.push(Gutter { x0: from, x1: to, top, bottom });
            }
        }
    }
    gutters
}

/// The longest part of a gutter that no line is ruled across. The edge of a picture reaches into a gutter,
/// but not across it; the edges of two cells meet in it.
fn cut_at_rules(gutter: Gutter, rules: &[Rule]) -> Gutter {
    let inside = |rule: &&Rule| {
        rule.y > gutter.top && rule.y < gutter.bottom && rule.x0 < gutter.x1 && rule.x1 > gutter.x0
    };
    let mut across: Vec<Rule> = rules.iter().filter(inside).copied().collect();
    across.sort_by(|a, b| a.y.total_cmp(&b.y));
    let (mut best, mut from) = ((gutter.top, gutter.top), gutter.top);
    let groups = across.chunk_by(|a, b| b.y - a.y < 1.0).filter(|group| is_across(group, gutter));
    let heights: Vec<f32> = groups.filter_map(|group| Some(group.first()?.y)).collect();
    for y in heights.into_iter().chain([gutter.bottom]) {
        if y - from > best.1 - best.0 {
            best = (from, y);
        }
        from = y;
    }
    Gutter { top: best.0, bottom: best.1, ..gutter }
}

/// Whether lines at one height cover a gutter together.
fn is_across(rules: &[Rule], gutter: Gutter) -> bool {
    let mut spans: Vec<(f32, f32)> = rules.iter().map(|rule| (rule.x0, rule.x1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut reached, mut covered) = (gutter.x0, 0.0);
    for (from, to) in spans {
        let (from, to) = (from.max(reached), to.min(gutter.x1));
        if to > from {
            covered += to - from;
            reached = to;
        }
    }
    covered > 0.9 * (gutter.x1 - gutter.x0)
}

/// How wide a gutter of so many lines is at least, in font sizes: blanks of a few lines may lie under
/// each other by chance, those of many do not.
fn least_width(lines: f32) -> f32 {
    match lines {
        lines if lines < 8.0 => 1.2,
        lines if lines < 18.0 => 0.75,
        _ => 0.45,
    }
}

/// Whether a white strip lies in a row of a table: lines are ruled across it above and below, and more.
fn is_in_table(gutter: Gutter, rules: &[Rule]) -> bool {
    let middle = (gutter.x0 + gutter.x1) / 2.0;
    // Lines drawn for each cell meet where the cells do.
    let across = rules.iter().filter(|rule| {
        rule.x0 <= gutter.x1 && rule.x1 >= gutter.x0 && (rule.x0 < middle || rule.x1 > middle)
    });
    let mut heights: Vec<f32> = across.map(|rule| rule.y).collect();
    heights.sort_by(f32::total_cmp);
    heights.dedup_by(|a, b| (*a - *b).abs() < 1.0);
    let is_at = |y: f32| heights.iter().any(|height| (height - y).abs() < 1.5);
    heights.len() >= 3 && is_at(gutter.top) && is_at(gutter.bottom)
}

/// For each strip of a point's width, the stretches that nothing crosses, where they are high enough.
fn white_runs(
    words: &[Word],
    x0: f32,
    (top, bottom): (f32, f32),
    least: f32,
) -> Vec<Vec<(f32, f32)>> {
    let x1 = words.iter().map(|word| word.x1).fold(f32::MIN, f32::max);
    let count = ((x1 - x0).ceil().max(1.0) as usize).min(STRIPS);
    let mut ink: Vec<(f32, f32, f32, f32)> =
        words.iter().map(|word| (word.top(), word.bottom(), word.x0, word.x1)).collect();
    ink.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut runs = vec![Vec::new(); count];
    // Where the last ink of each strip ends.
    let mut ends = vec![top; count];
    for (from, to, left, right) in ink {
        let first = (left - x0).floor().max(0.0) as usize;
        let last = ((right - x0).ceil().max(0.0) as usize).min(count);
        for strip in first..last {
            let (Some(end), Some(runs)) = (ends.get_mut(strip), runs.get_mut(strip)) else { break };
            if from - *end >= least {
                runs.push((*end, from));
            }
            *end = end.max(to);
        }
    }
    for (end, runs) in ends.into_iter().zip(&mut runs) {
        if bottom - end >= least {
            runs.push((end, bottom));
        }
    }
    runs
}

/// What stands on one side of a gutter.
struct Side {
    lines: Vec<Line>,
    /// Its lines are long: running text, not labels or cells.
    is_prose: bool,
    /// Of a line, as a rule.
    words: f32,
    top: f32,
    bottom: f32,
}

impl Side {
    fn new(words: Vec<Word>) -> Side {
        let lines = lines(words);
        let x0 = lines.iter().map(|line| line.x0).fold(f32::MAX, f32::min);
        let x1 = lines.iter().map(|line| line.x1).fold(f32::MIN, f32::max);
        let full = lines.iter().filter(|line| line.x1 - line.x0 > 0.75 * (x1 - x0)).count();
        let words = median(lines.iter().map(length).collect());
        let is_prose = words >= 3.5 && full * 2 >= lines.len() && lines.len() >= 3;
        let top = lines.iter().map(Line::top).fold(f32::MAX, f32::min);
        let bottom = lines.iter().map(Line::bottom).fold(f32::MIN, f32::max);
        Side { lines, is_prose, words, top, bottom }
    }

    /// The part of its lines that are level with a line of the other side.
    fn level_with(&self, other: &Side) -> f32 {
        let is_level = |line: &&Line| {
            let near = other.lines.partition_point(|other| other.y < line.y - 1.5);
            other.lines.get(near).is_some_and(|other| (other.y - line.y).abs() <= 1.5)
        };
        self.lines.iter().filter(is_level).count() as f32 / self.lines.len().max(1) as f32
    }
}

/// The words of a line; an address of a page counts as so many as it takes the room of.
fn length(line: &Line) -> f32 {
    let count = |word: &Word| match word.text.len() {
        letters if letters > 24 => letters as f32 / 6.0,
        _ => 1.0,
    };
    line.words.iter().map(count).sum()
}

/// Whether a white strip parts columns, with how much it weighs, and trimmed to them.
fn judge(words: &[Word], gutter: Gutter, size: f32, bottom: f32) -> Option<(f32, Gutter)> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for word in words {
        let middle = (word.top() + word.bottom()) / 2.0;
        if middle > gutter.top && middle < gutter.bottom {
            if word.x0 < gutter.x0 { left.push(word.clone()) } else { right.push(word.clone()) }
        }
    }
    if left.len() < 4 || right.len() < 4 {
        return None;
    }
    let (left, right) = (Side::new(left), Side::new(right));
    if left.lines.len() < 2 || right.lines.len() < 2 {
        return None;
    }
    let is_column = match (left.is_prose, right.is_prose) {
        (true, true) => true,
        (false, true) => left.level_with(&right) < 0.7,
        (true, false) => right.level_with(&left) < 0.7,
        (false, false) => {
            let fewer = if left.lines.len() < right.lines.len() {
                left.level_with(&right)
            } else {
                right.level_with(&left)
            };
            // The scale of a chart is no column.
            let has_words = left.words >= 2.0 && right.words >= 2.0;
            fewer < 0.5 && gutter.x1 - gutter.x0 > 1.5 * size && has_words
        }
    };
    // Both columns must run beside each other for some lines, not follow one another.
    let shared = left.bottom.min(right.bottom) - left.top.max(right.top);
    if !is_column || shared < 2.0 * size {
        return None;
    }
    let gutter = trim(gutter, &left, &right, size, bottom);
    let weight = shared * if left.is_prose && right.is_prose { 2.0 } else { 1.0 };
    Some((weight, gutter))
}

/// Ends a gutter where only one column is left and a gap shows that something else begins: else a
/// heading below two columns would be read as the end of the left one.
fn trim(mut gutter: Gutter, left: &Side, right: &Side, size: f32, bottom: f32) -> Gutter {
    if gutter.bottom < bottom - 1.0 {
        for pair in left.lines.windows(2) {
            let [before, after] = pair else { continue };
            let gap = after.top() - before.bottom();
            if after.top() > right.bottom && gap > size {
                gutter.bottom = gutter.bottom.min(after.top() - 0.1);
            }
        }
    }
    for pair in right.lines.windows(2).rev() {
        let [before, after] = pair else { continue };
        let gap = after.top() - before.bottom();
        if before.bottom() < left.top && gap > size {
            gutter.top = gutter.top.max(before.bottom() + 0.1);
        }
    }
    gutter
}

/// The middle of some values.
pub fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
