//! Comparisons, facets and timelines for a terminal: tables that say with signs what colours say too, and bars.

use std::fmt::Write;

use anstyle::{Ansi256Color, Style};

use super::columns::{beginning, flat, left_aligned, right_aligned, width};
use super::{Measure, total, write_about, write_notes};
use crate::count::{Cell, Comparison, Counts, Facets, GroupField};
use crate::render::terminal::{HEADING, Look, MARK, QUIET, grouped, paint};

/// From the lowest quarter of what is not nothing to the highest: signs that are darker, and the colours of the
/// 256 of terminals from light yellow to dark red (xterm), which are light enough for black letters.
const HEAT: [(char, u8); 4] = [('░', 230), ('▒', 222), ('▓', 215), ('█', 203)];

/// The narrowest and, of what there is, the widest part for the names of rows.
const NARROWEST_LABEL: usize = 6;
const WIDEST_LABEL: usize = 40;

/// One place of a table.
#[derive(Clone, Default)]
pub(super) struct Shown {
    text: String,
    /// How much it is, in quarters of all: 1 to 4, or 0 for nothing.
    heat: usize,
}

/// A table. Where it is wider than the terminal its columns go on below, with the names of the rows again.
pub(super) struct Grid {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<(String, Vec<Shown>)>,
}

/// A comparison for a terminal. `measure`: what a table of two fields shows.
pub fn comparison(comparison: &Comparison, measure: Measure, look: &Look) -> String {
    let mut out = String::new();
    write_notes(&comparison.asked, look, &mut out);
    let silent = comparison.rows.iter().filter(|(_, cell)| cell.counts.passages == 0).count();
    if comparison.total.counts.passages > 0 {
        match comparison.columns.is_empty() {
            true => by_one(comparison, look, &mut out),
            false => by_two(comparison, measure, look, &mut out),
        }
        out.push('\n');
    }
    let mut footer = total(&comparison.asked, &comparison.total.counts);
    if silent > 0 && comparison.total.counts.passages > 0 {
        let field = comparison.by.first().map_or("", |field| field.name.as_str());
        let _ = write!(footer, "; none in {silent} of {} by {field}", comparison.rows.len());
    }
    write_about(&footer, QUIET, look, &mut out);
    out
}

fn by_two(comparison: &Comparison, measure: Measure, look: &Look, out: &mut String) {
    let heat = Heat::of(comparison.cells.values().filter_map(|cell| measure.of(cell, comparison)));
    let title = format!(
        "{} by {}: {}",
        flat(&comparison.asked.query),
        fields(&comparison.by, " and "),
        measure.name(comparison.has_occurrences)
    );
    write_about(&title, HEADING, look, out);
    let show = |cell: Option<&Cell>| match cell.and_then(|cell| measure.of(cell, comparison)) {
        Some(value) => Shown { text: measure.text(value), heat: heat.level(value) },
        None => Shown::default(),
    };
    let plain = |cell: &Cell| Shown { heat: 0, ..show(Some(cell)) };
    let matching = comparison.rows.iter().filter(|(_, cell)| cell.counts.passages > 0);
    let mut rows: Vec<(String, Vec<Shown>)> = matching
        .map(|(row, all)| {
            let cells = comparison.columns.iter();
            let cells =
                cells.map(|(column, _)| show(comparison.cells.get(&(row.clone(), column.clone()))));
            (flat(&row.label()), cells.chain([plain(all)]).collect())
        })
        .collect();
    let all = comparison.columns.iter().map(|(_, cell)| plain(cell));
    rows.push(("all".to_owned(), all.chain([plain(&comparison.total)]).collect()));
    let names = comparison.columns.iter().map(|(column, _)| flat(&column.label()));
    Grid { columns: names.chain(["all".to_owned()]).collect(), rows }.write(look, out);
    if let Some(legend) = heat.legend(measure) {
        write_about(&legend, QUIET, look, out);
    }
}

fn by_one(comparison: &Comparison, look: &Look, out: &mut String) {
    let has_occurrences = comparison.has_occurrences;
    let rates = comparison.rows.iter().filter_map(|(_, cell)| cell.rate(has_occurrences));
    let heat = Heat::of(rates);
    let row = |label: String, cell: &Cell, is_total: bool| {
        let rate = cell.rate(has_occurrences);
        let mut shown = counts(&cell.counts, has_occurrences);
        shown.push(Shown { text: grouped(cell.words), heat: 0 });
        shown.push(Shown {
            text: rate.map_or_else(String::new, |rate| Measure::Rate.text(rate)),
            heat: if is_total { 0 } else { rate.map_or(0, |rate| heat.level(rate)) },
        });
        (label, shown)
    };
    let matching = comparison.rows.iter().filter(|(_, cell)| cell.counts.passages > 0);
    let mut rows: Vec<_> =
        matching.map(|(group, cell)| row(flat(&group.label()), cell, false)).collect();
    rows.push(row("all".to_owned(), &comparison.total, true));
    let title = format!("{} by {}", flat(&comparison.asked.query), fields(&comparison.by, " and "));
    write_about(&title, HEADING, look, out);
    let mut columns = count_names(has_occurrences);
    columns.extend(["words".to_owned(), "per 10,000".to_owned()]);
    Grid { columns, rows }.write(look, out);
}

fn count_names(has_occurrences: bool) -> Vec<String> {
    let names = ["occurrences", "passages", "documents"];
    names.iter().skip(usize::from(!has_occurrences)).map(|&name| name.to_owned()).collect()
}

fn counts(counts: &Counts, has_occurrences: bool) -> Vec<Shown> {
    let numbers = [counts.occurrences, counts.passages, counts.documents];
    let shown = numbers.iter().skip(usize::from(!has_occurrences));
    shown.map(|&number| Shown { text: grouped(number), heat: 0 }).collect()
}

fn fields(by: &[GroupField], between: &str) -> String {
    by.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(between)
}

/// Facets for a terminal.
pub fn facets(facets: &Facets, look: &Look) -> String {
    let mut out = String::new();
    write_notes(&facets.asked, look, &mut out);
    for facet in facets.facets.iter().filter(|facet| !facet.values.is_empty()) {
        let more = match facet.distinct - facet.values.len() {
            0 => String::new(),
            _ => format!(" ({} of {})", facet.values.len(), facet.distinct),
        };
        let _ = writeln!(out, "{}", paint(&format!("{}{more}", facet.field.name), HEADING, look));
        let rows = facet.values.iter().map(|(group, numbers)| {
            (flat(&group.label()), counts(numbers, facets.has_occurrences))
        });
        let columns = count_names(facets.has_occurrences);
        Grid { columns, rows: rows.collect() }.write(look, &mut out);
        out.push('\n');
    }
    write_about(&total(&facets.asked, &facets.total), QUIET, look, &mut out);
    out
}

/// A timeline for a terminal: a bar a year, by its count.
pub fn timeline(comparison: &Comparison, look: &Look) -> String {
    let mut out = String::new();
    write_notes(&comparison.asked, look, &mut out);
    if comparison.total.counts.passages > 0 {
        let unit = if comparison.has_occurrences { "occurrences" } else { "passages" };
        let title =
            format!("{} by year: {unit}, and for each 10,000 words", flat(&comparison.asked.query));
        write_about(&title, HEADING, look, &mut out);
        bars(comparison, look, &mut out);
        out.push('\n');
    }
    let footer = total(&comparison.asked, &comparison.total.counts);
    write_about(&footer, QUIET, look, &mut out);
    out
}

fn bars(comparison: &Comparison, look: &Look, out: &mut String) {
    let count = |cell: &Cell| match comparison.has_occurrences {
        true => cell.counts.occurrences,
        false => cell.counts.passages,
    };
    let lines: Vec<YearLine> = comparison
        .rows
        .iter()
        .map(|(group, cell)| {
            let rate = cell.rate(comparison.has_occurrences);
            let rate = rate.map_or_else(|| "-".to_owned(), |rate| Measure::Rate.text(rate));
            let (year, count) = (flat(&group.label()), count(cell));
            YearLine { count, cells: [year, grouped(count), rate] }
        })
        .collect();
    let widest = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.cells.get(at));
        cells.map(|text| width(text)).max().unwrap_or(0)
    };
    let (year, number, rate) = (widest(0), widest(1), widest(2));
    let most = lines.iter().map(|line| line.count).max().unwrap_or(0).max(1);
    let room = look.width.saturating_sub(year + number + rate + 5) as u64;
    for YearLine { count, cells: [name, shown, per] } in &lines {
        // What is not nothing has a bar that can be seen.
        let length = (count * room).div_ceil(most).min(room) as usize;
        let line = format!(
            "{}  {}  {} {}",
            left_aligned(name, year),
            right_aligned(shown, number),
            right_aligned(per, rate),
            paint(&"█".repeat(length), MARK, look)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// A line of a timeline: its count, and year, count and rate as they are shown.
struct YearLine {
    count: u64,
    cells: [String; 3],
}

/// Values in quarters: of those that are not nothing, a quarter each. Equal values are in one.
struct Heat {
    /// The highest value of each quarter.
    ends: [f64; 4],
    is_empty: bool,
}

impl Heat {
    fn of(values: impl Iterator<Item = f64>) -> Heat {
        let mut values: Vec<f64> = values.filter(|value| *value > 0.0).collect();
        values.sort_by(f64::total_cmp);
        let end = |quarter: usize| {
            let index = (values.len() * quarter).div_ceil(4).saturating_sub(1);
            values.get(index).copied().unwrap_or(0.0)
        };
        Heat { ends: [end(1), end(2), end(3), end(4)], is_empty: values.is_empty() }
    }

    fn level(&self, value: f64) -> usize {
        let lower = self.ends.iter().take(3).filter(|end| value > **end).count();
        if value > 0.0 { 1 + lower } else { 0 }
    }

    fn legend(&self, measure: Measure) -> Option<String> {
        let mut parts: Vec<String> = Vec::new();
        for (level, end) in self.ends.iter().enumerate() {
            // A quarter without values of its own has no sign in the table.
            if self.level(*end) == level + 1
                && let Some((sign, _)) = HEAT.get(level)
            {
                parts.push(format!("{sign} to {}", measure.text(*end)));
            }
        }
        (!self.is_empty).then(|| parts.join("  "))
    }
}

impl Shown {
    /// The sign of how much it is before the number; in colour the sign is the colour too.
    fn painted(&self, columns: usize, look: &Look) -> String {
        let heat = self.heat.checked_sub(1).and_then(|level| HEAT.get(level));
        let Some(&(sign, color)) = heat else { return right_aligned(&self.text, columns) };
        let text = format!("{sign}{}", right_aligned(&self.text, columns.saturating_sub(1)));
        let black = Ansi256Color(16).into();
        let style = Style::new().fg_color(Some(black)).bg_color(Some(Ansi256Color(color).into()));
        paint(&text, style, look)
    }
}

/// A place without a sign.
pub(super) fn shown(text: String) -> Shown {
    Shown { text, heat: 0 }
}

impl Grid {
    pub(super) fn write(&self, look: &Look, out: &mut String) {
        let widest = self.rows.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
        let most = (look.width / 3).clamp(NARROWEST_LABEL, WIDEST_LABEL);
        // With few columns there is room for longer names.
        let needed: usize = (0..self.columns.len()).map(|at| self.column_width(at) + 1).sum();
        let label = widest.min(most.max(look.width.saturating_sub(needed).min(2 * WIDEST_LABEL)));
        let mut start = 0;
        while start < self.columns.len() {
            let mut end = start;
            let mut used = label;
            while end < self.columns.len() {
                used += self.column_width(end) + 1;
                if used > look.width && end > start {
                    break;
                }
                end += 1;
            }
            if start > 0 {
                out.push('\n');
            }
            self.write_columns(start..end, label, look, out);
            start = end;
        }
    }

    /// One column more than the widest number has, for its sign.
    fn column_width(&self, at: usize) -> usize {
        let has_heat = |shown: &Shown| usize::from(shown.heat > 0);
        let cells = self.rows.iter().filter_map(|(_, cells)| cells.get(at));
        let widest = cells.map(|shown| width(&shown.text) + 2 * has_heat(shown)).max();
        let header = self.columns.get(at).map_or(0, |name| width(name).min(WIDEST_HEADER));
        widest.unwrap_or(0).max(header)
    }

    fn write_columns(
        &self,
        columns: std::ops::Range<usize>,
        label: usize,
        look: &Look,
        out: &mut String,
    ) {
        let mut line = " ".repeat(label);
        for at in columns.clone() {
            let name = self.columns.get(at).map(String::as_str).unwrap_or_default();
            let wide = self.column_width(at);
            let _ = write!(line, " {}", right_aligned(&beginning(name, wide), wide));
        }
        let _ = writeln!(out, "{}", paint(&line, QUIET, look));
        for (name, cells) in &self.rows {
            let mut line = left_aligned(&beginning(name, label), label);
            for at in columns.clone() {
                let shown = cells.get(at).cloned().unwrap_or_default();
                let _ = write!(line, " {}", shown.painted(self.column_width(at), look));
            }
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
}

/// Longer names of columns are cut.
const WIDEST_HEADER: usize = 16;
