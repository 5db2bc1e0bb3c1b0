//! Tables: lines whose parts stand in columns become rows of cells.
//!
//! Where the structure tree knows rows and cells, it is believed. Else a table is a run of lines that
//! keep the same gaps open; a row is what ruled lines part, or what begins with a text in the first column.

use std::collections::HashMap;

use super::content::Rule;
use super::lines::{Line, text};
use super::structure::Tag;
use super::words::Word;

/// Parts of a line this many font sizes apart may be cells: wider than any blank in justified text.
const CELL_GAP: f32 = 1.3;

/// The head of a table has at most so many lines.
const LONGEST_HEAD: usize = 4;

/// A row of a table: cells, each of lines.
#[derive(Debug, Default)]
pub struct Row {
    pub cells: Vec<Vec<String>>,
    pub y: f32,
}

/// A stretch of a region.
#[derive(Debug)]
pub enum Part<'l> {
    Lines(&'l [Line]),
    Table(Vec<Row>),
}

/// Parts the lines of a region into tables and what is none.
/// `tag`: what the structure tree says of a line; `cell`: the row and cell that it names for a word.
pub fn parts<'l>(
    lines: &'l [Line],
    rules: &[Rule],
    tag: impl Fn(&Line) -> Tag,
    cell: impl Fn(&Word) -> (u32, u32),
) -> Vec<Part<'l>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < lines.len() {
        let rest = lines.get(at..).unwrap_or_default();
        let count = table_length(rest, rules, &tag);
        if count == 0 {
            at += 1;
            continue;
        }
        let head = at
            - head_length(
                lines.get(start..at).unwrap_or_default(),
                rest.get(..count).unwrap_or_default(),
                rules,
            );
        parts.extend(lines.get(start..head).filter(|before| !before.is_empty()).map(Part::Lines));
        at += count;
        let lines = lines.get(head..at).unwrap_or_default();
        let named = named_rows(lines, &cell);
        parts.push(Part::Table(named.unwrap_or_else(|| rows(lines, rules, &tag))));
        start = at;
    }
    parts.extend(lines.get(start..).filter(|rest| !rest.is_empty()).map(Part::Lines));
    parts
}

fn is_caption(line: &Line) -> bool {
    line.text().starts_with("Table ") && line.is_bold()
}

/// Whether a line has two parts, the first of which is a number or sign.
fn is_numbered(line: &Line) -> bool {
    match cells(line).as_slice() {
        [[first], _] => {
            let text = first.text.trim_matches(|c: char| matches!(c, '.' | '(' | ')' | '[' | ']'));
            text.chars().count() <= 3
                && !text
                    .chars()
                    .any(|c| c.is_alphabetic() && !matches!(c, 'i' | 'v' | 'x' | 'a'..='h'))
        }
        _ => false,
    }
}

/// How many lines above a table are its head: those under the line that is ruled above it.
fn head_length(above: &[Line], table: &[Line], rules: &[Rule]) -> usize {
    let x0 = table.iter().map(|line| line.x0).fold(f32::MAX, f32::min);
    let x1 = table.iter().map(|line| line.x1).fold(f32::MIN, f32::max);
    let Some(mut below) = table.first() else { return 0 };
    for (index, line) in above.iter().rev().take(LONGEST_HEAD).enumerate() {
        if is_caption(line) {
            return index;
        }
        let is_inside = line.x0 >= x0 - 8.0 && line.x1 <= x1 + 8.0;
        if !is_inside
            || below.y - line.y > 1.8 * line.size.max(below.size)
            || is_ruled(line, below, rules) && index == 0 && is_ruled_above(below, rules)
        {
            return 0;
        }
        if is_ruled_above(line, rules) {
            return index + 1;
        }
        below = line;
    }
    0
}

/// Whether a line is ruled between two lines of text.
fn is_ruled(above: &Line, below: &Line, rules: &[Rule]) -> bool {
    let (x0, x1) = (above.x0.min(below.x0), above.x1.max(below.x1));
    let between = |rule: &&Rule| rule.y > above.y && rule.y < below.y - 0.3 * below.size;
    rules.iter().filter(between).any(|rule| rule.x0 < x1 && rule.x1 > x0)
}

fn is_ruled_above(line: &Line, rules: &[Rule]) -> bool {
    let near =
        |rule: &&Rule| rule.y < line.y - 0.4 * line.size && rule.y > line.y - 1.5 * line.size;
    rules.iter().filter(near).any(|rule| rule.x0 <= line.x0 + 2.0 && rule.x1 >= line.x1 - 2.0)
}

fn is_ruled_below(line: &Line, rules: &[Rule]) -> bool {
    let near = |rule: &&Rule| rule.y > line.y && rule.y < line.y + 2.6 * line.size;
    rules.iter().filter(near).any(|rule| rule.x0 <= line.x0 + 2.0 && rule.x1 >= line.x0 + 12.0)
}

/// How many of the lines, from the first on, are a table.
fn table_length(lines: &[Line], rules: &[Rule], tag: &impl Fn(&Line) -> Tag) -> usize {
    let Some(first) = lines.first() else { return 0 };
    let table = tag(first).table;
    if table > 0 && !is_caption(first) {
        let same = lines.iter().take_while(|line| tag(line).table == table).count();
        return if same > 1 || cells(first).len() > 1 { same } else { 0 };
    }
    if cells(first).len() < 2 || is_caption(first) {
        return 0;
    }
    let mut gaps = gaps(first);
    let (mut celled, mut ruled, mut count) = (1, 0, 1);
    let mut numbered = usize::from(is_numbered(first));
    let mut last = first;
    for line in lines.iter().skip(1) {
        let is_row = is_ruled(last, line, rules)
            && is_ruled_below(line, rules)
            && line.size < 1.1 * last.size
            && line.x0 >= first.x0 - 8.0;
        let reach = if is_row { 6.0 } else { 3.5 };
        if line.y - last.y > reach * line.size.max(last.size)
            || tag(line).table > 0
            || is_caption(line)
        {
            break;
        }
        let own = cells(line).len();
        let open: Vec<(f32, f32)> = gaps.iter().filter_map(|&gap| narrowed(gap, line)).collect();
        let is_text = own < 2 && (is_sentence_line(line, &open) || is_after(line, first));
        if !is_row && (open.is_empty() || is_text) {
            break;
        }
        ruled += usize::from(is_row);
        celled += usize::from(own > 1);
        numbered += usize::from(is_numbered(line));
        gaps = if open.is_empty() { gaps } else { open };
        count += 1;
        last = line;
    }
    // Lines of one part at the end are text again, unless they hang in a column or are ruled.
    while count > 1
        && lines.get(count - 1).is_some_and(|line| {
            cells(line).len() < 2 && line.x0 <= first.x0 + 2.0 && !is_ruled_below(line, rules)
        })
    {
        count -= 1;
    }
    // A list whose numbers stand apart is no table.
    let is_list = numbered * 5 >= celled * 4;
    if (celled >= 2 || ruled >= 2) && !is_list { count } else { 0 }
}

/// A line of one part that fills the first column as text would fill it.
fn is_sentence_line(line: &Line, gaps: &[(f32, f32)]) -> bool {
    line.words.len() > 8 && gaps.iter().all(|gap| line.x1 <= gap.0 + 1.0)
}

/// A line of one part that begins where rows do and is larger than they are: the next heading.
fn is_after(line: &Line, first: &Line) -> bool {
    line.x0 <= first.x0 + 2.0 && line.size > 1.15 * first.size
}

fn cells(line: &Line) -> Vec<&[Word]> {
    line.chunks(CELL_GAP * line.size)
}

fn gaps(line: &Line) -> Vec<(f32, f32)> {
    let cells = cells(line);
    let edges = cells.windows(2).filter_map(|pair| match pair {
        [left, right] => Some((left.last()?.x1, right.first()?.x0)),
        _ => None,
    });
    edges.filter(|(from, to)| from < to).collect()
}

/// What a line leaves open of a gap.
fn narrowed((from, to): (f32, f32), line: &Line) -> Option<(f32, f32)> {
    let (mut from, mut to) = (from, to);
    for word in &line.words {
        if word.x1 > from && word.x0 < to {
            // A word over the gap closes it; one that reaches into it narrows it.
            match ((word.x0 + word.x1) / 2.0) < (from + to) / 2.0 {
                true => from = word.x1,
                false => to = word.x0,
            }
        }
    }
    (to - from > 0.4 * line.size).then_some((from, to))
}

/// A cell that the structure tree names: its left edge, and its lines.
struct Named {
    x0: f32,
    lines: Vec<String>,
}

/// The rows that the structure tree names, where it names one for every word; what stands above or below
/// them is a row of its own. Elements are numbered as they are found, which tells nothing of their order.
fn named_rows(lines: &[Line], cell: &impl Fn(&Word) -> (u32, u32)) -> Option<Vec<Row>> {
    let mut rows: Vec<(u32, f32, HashMap<u32, Named>)> = Vec::new();
    let mut places: HashMap<u32, usize> = HashMap::new();
    let (mut named, mut rtl) = (0, 0);
    for line in lines {
        let is_outside = line.words.iter().all(|word| cell(word) == (0, 0));
        for part in line.words.chunk_by(|a, b| cell(a) == cell(b)) {
            let own = part.first().map(cell)?;
            let (row, cell) = own;
            if !is_outside && (row == 0 || cell == 0) {
                return None;
            }
            named += usize::from(!is_outside);
            rtl += usize::from(part.iter().all(Word::is_rtl));
            let place = match places.get(&row).filter(|_| !is_outside) {
                Some(&place) => place,
                None => {
                    rows.push((row, line.y, HashMap::new()));
                    places.insert(row, rows.len() - 1);
                    rows.len() - 1
                }
            };
            let (_, y, cells) = rows.get_mut(place)?;
            *y = line.y;
            let own = cells.entry(cell).or_insert(Named { x0: f32::MAX, lines: Vec::new() });
            own.x0 = part.iter().map(|word| word.x0).fold(own.x0, f32::min);
            own.lines.push(text(part));
        }
    }
    let row = |(_, y, cells): (u32, f32, HashMap<u32, Named>)| {
        let mut cells: Vec<Named> = cells.into_values().collect();
        cells.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        if rtl * 2 > named {
            cells.reverse();
        }
        Row { cells: cells.into_iter().map(|cell| cell.lines).collect(), y }
    };
    (named > 0).then(|| rows.into_iter().map(row).collect())
}

fn rows(lines: &[Line], rules: &[Rule], tag: &impl Fn(&Line) -> Tag) -> Vec<Row> {
    let columns = columns(lines);
    let ruled =
        lines.windows(2).filter(|pair| matches!(pair, [a, b] if is_ruled(a, b, rules))).count();
    // Under a head that alone is ruled off, short texts in each column are rows.
    let most = lines.iter().map(|line| cells(line).len()).max().unwrap_or(0);
    let is_full = |line: &&Line| {
        let cells = cells(line);
        cells.len() == most && cells.iter().skip(1).all(|cell| cell.len() <= 3)
    };
    let full = lines.iter().filter(is_full).count();
    let are_rows = ruled == 1 && lines.len() > 3 && full * 5 >= lines.len() * 4;
    let by_rules = !are_rows && (ruled >= 2 || ruled > 0 && ruled * 5 >= lines.len());
    let mut rows: Vec<Row> = Vec::new();
    let mut previous: Option<&Line> = None;
    for line in lines {
        let begins = match previous {
            None => true,
            Some(previous) if tag(line).row > 0 && tag(previous).row > 0 => {
                tag(line).row != tag(previous).row
            }
            Some(previous) if by_rules => is_ruled(previous, line, rules),
            Some(_) => line
                .words
                .first()
                .is_some_and(|word| columns.first().is_none_or(|&first| word.x0 < first)),
        };
        if begins {
            rows.push(Row { cells: vec![Vec::new(); columns.len() + 1], y: line.y });
        }
        if let Some(row) = rows.last_mut() {
            add(row, line, &columns);
        }
        previous = Some(line);
    }
    for row in &mut rows {
        row.cells.retain(|cell| !cell.is_empty());
    }
    rows.retain(|row| !row.cells.is_empty());
    rows
}

fn add(row: &mut Row, line: &Line, columns: &[f32]) {
    row.y = line.y;
    let column = |word: &Word| columns.partition_point(|&edge| edge <= word.x0 + 0.5);
    for cell in line.words.chunk_by(|a, b| column(a) == column(b)) {
        let Some(first) = cell.first() else { continue };
        if let Some(lines) = row.cells.get_mut(column(first)) {
            lines.push(text(cell));
        }
    }
}

/// Where columns after the first begin: after what hardly any line crosses.
fn columns(lines: &[Line]) -> Vec<f32> {
    let mut starts: Vec<f32> = Vec::new();
    for line in lines {
        for cell in cells(line).iter().skip(1) {
            starts.extend(cell.first().map(|word| word.x0));
        }
    }
    starts.sort_by(f32::total_cmp);
    let mut columns: Vec<f32> = Vec::new();
    let mut group: Vec<f32> = Vec::new();
    for start in starts.into_iter().chain([f32::MAX]) {
        if group.last().is_some_and(|&last| start - last > 6.0) {
            columns.extend(group.first().copied().filter(|&edge| is_open(lines, edge)));
            group.clear();
        }
        group.push(start);
    }
    columns
}

/// Whether few lines cross the left edge of a column.
fn is_open(lines: &[Line], edge: f32) -> bool {
    let crossed = lines
        .iter()
        .filter(|line| line.words.iter().any(|word| word.x0 < edge - 1.0 && word.x1 > edge + 1.0));
    crossed.count() * 4 <= lines.len()
}
