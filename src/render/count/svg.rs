//! Comparisons and timelines as pictures: SVG that needs nothing else, with title, legend and escaped text.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Measure;
use super::columns::{beginning, flat, width, wrapped};
use crate::count::{Cell, Comparison, Group};
use crate::render::text::entity;

/// Sizes in pixels of the picture. Letters of this size are about [`LETTER`] wide, capitals so much more.
const TEXT: usize = 12;
const LETTER: usize = 7;
const CAPITAL: usize = 3;
const ROW: usize = 20;
const LINE: usize = 15;
const MARGIN: usize = 16;

/// The head: title, what is shown, and some room.
const HEAD: usize = 62;

/// How high the legend is, with room below it.
const LEGEND: usize = 52;

/// Rows beyond this are left out, and said to be: no picture is looked at for so long.
const MOST_ROWS: usize = 500;

/// Columns likewise.
const MOST_COLUMNS: usize = 100;

/// The longest line of the name of a row or column, in letters, and the most lines.
const LONGEST_LABEL: usize = 40;
const LONGEST_HEADING: usize = 20;
const MOST_LINES: usize = 3;

/// From nothing to the most: white to the dark end of a scale of one hue (ColorBrewer, *Blues*), which prints in
/// grey and is told apart by those who see few colours.
const LIGHT: [f64; 3] = [247.0, 251.0, 255.0];
const DARK: [f64; 3] = [8.0, 69.0, 148.0];

/// The colour of bars.
const BAR: &str = "#2171b5";

/// Stands where there is no report to say anything.
const NO_REPORT: &str = "–";

/// Text for XML: escaped, and without the controls that it may not have.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match entity(c) {
            Some(entity) => out.push_str(entity),
            None if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push(' '),
            None => out.push(c),
        }
    }
    out
}

/// A comparison as a picture: a heat map of two fields, or bars of one.
pub fn comparison(comparison: &Comparison, measure: Measure) -> String {
    match comparison.columns.is_empty() {
        true => rows(comparison, measure),
        false => heat_map(comparison, measure),
    }
}

/// A name as it fits: whole, and in lines.
struct Label {
    whole: String,
    lines: Vec<String>,
}

impl Label {
    fn of(group: &Group, letters: usize) -> Label {
        let whole = flat(&group.label());
        let mut lines = wrapped(&whole, letters);
        if lines.len() > MOST_LINES {
            let rest = lines.split_off(MOST_LINES - 1);
            lines.push(rest.join(" "));
        }
        lines.iter_mut().for_each(|line| *line = beginning(line, letters));
        Label { whole, lines }
    }

    /// The names of groups. Those that are alike where they are cut are numbered.
    fn all<'g>(groups: impl Iterator<Item = &'g Group>, letters: usize) -> Vec<Label> {
        let mut times: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let numbered = |group| {
            let mut label = Label::of(group, letters);
            let time = times.entry(label.lines.clone()).or_default();
            *time += 1;
            if let (2.., Some(last)) = (*time, label.lines.last_mut()) {
                let _ = write!(last, " ({time})");
            }
            label
        };
        groups.map(numbered).collect()
    }

    fn wide(&self) -> usize {
        self.lines.iter().map(|line| pixels(line)).max().unwrap_or(0)
    }

    /// How high a row is that has it.
    fn high(&self) -> usize {
        ROW + self.lines.len().saturating_sub(1) * LINE
    }

    /// Writes it with its first line so far down.
    fn write(&self, out: &mut String, x: usize, y: usize, anchor: &str) {
        let _ = write!(out, "<g><title>{}</title>", escape(&self.whole));
        for (at, line) in self.lines.iter().enumerate() {
            write_text(out, x, y + at * LINE, anchor, "#000000", line);
        }
        out.push_str("</g>\n");
    }
}

/// How wide a text is, about: no font is at hand.
fn pixels(text: &str) -> usize {
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    width(text) * LETTER + capitals * CAPITAL
}

/// Where rows begin that are so high, one below the other, and where the last ends.
fn tops(labels: &[Label], first: usize) -> (Vec<usize>, usize) {
    let mut end = first;
    let top = |label: &Label| {
        let top = end;
        end += label.high();
        top
    };
    let tops = labels.iter().map(top).collect();
    (tops, end)
}

/// Opens a picture: its size, its title, what it shows.
fn head(comparison: &Comparison, shows: &str, wide: usize, high: usize) -> String {
    let by: Vec<&str> = comparison.by.iter().map(|field| field.name.as_str()).collect();
    let query = flat(&comparison.asked.query);
    let title = format!("{} by {}", beginning(&query, (wide / LETTER).max(40)), by.join(" and "));
    let mut out = String::new();
    let wide = wide.max(2 * MARGIN + LETTER * (width(&title) * 5 / 4).max(width(shows)));
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img" font-family="sans-serif" font-size="{TEXT}">"#
    );
    let _ = writeln!(out, "<title>{}</title>", escape(&format!("{query} by {}", by.join(" and "))));
    let _ = writeln!(out, r##"<rect width="100%" height="100%" fill="#ffffff"/>"##);
    let middle = MARGIN + TEXT / 2;
    let _ = writeln!(
        out,
        r#"<text x="{MARGIN}" y="{middle}" font-size="15" font-weight="bold">{}</text>"#,
        escape(&title)
    );
    write_text(&mut out, MARGIN, middle + ROW, "start", "#555555", shows);
    out
}

fn write_text(out: &mut String, x: usize, y: usize, anchor: &str, fill: &str, text: &str) {
    let text = escape(text);
    let _ = writeln!(
        out,
        r#"<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}">{text}</text>"#
    );
}

/// What a picture shows, with the index and how many rows and columns are left out.
fn shows(comparison: &Comparison, measure: Measure, [rows, columns]: [usize; 2]) -> String {
    let mut shows = format!(
        "{}; {}",
        measure.name(comparison.has_occurrences),
        super::total(&comparison.asked, &comparison.total.counts)
    );
    for (left_out, what) in [(rows, "rows"), (columns, "columns")] {
        if left_out > 0 {
            let _ = write!(shows, "; {left_out} more {what} are not shown");
        }
    }
    shows
}

fn heat_map(comparison: &Comparison, measure: Measure) -> String {
    let matching = comparison.rows.iter().filter(|(_, cell)| cell.counts.passages > 0);
    let rows: Vec<&Group> = matching.map(|(row, _)| row).collect();
    let left_out = [
        rows.len().saturating_sub(MOST_ROWS),
        comparison.columns.len().saturating_sub(MOST_COLUMNS),
    ];
    let rows = rows.get(..MOST_ROWS).unwrap_or(&rows);
    let columns: Vec<&Group> =
        comparison.columns.iter().take(MOST_COLUMNS).map(|(column, _)| column).collect();
    let names = Label::all(rows.iter().copied(), LONGEST_LABEL);
    let headings = Label::all(columns.iter().copied(), LONGEST_HEADING);
    let widest = |labels: &[Label]| labels.iter().map(Label::wide).max().unwrap_or(0);
    let left = widest(&names) + MARGIN;
    let cell = widest(&headings).max(6 * LETTER) + 8;
    let top = HEAD + LEGEND;
    let first = top + headings.iter().map(Label::high).max().unwrap_or(ROW);
    let (tops, bottom) = tops(&names, first);
    let right = left + columns.len() * cell + MARGIN;
    let mut out = head(comparison, &shows(comparison, measure, left_out), right, bottom + MARGIN);
    for (at, heading) in headings.iter().enumerate() {
        heading.write(&mut out, left + at * cell + cell / 2, top + 14, "middle");
    }
    let most = comparison.cells.values().filter_map(|cell| measure.of(cell, comparison));
    let most = most.fold(0.0, f64::max);
    legend(&mut out, MARGIN, HEAD - 8, most, measure);
    for ((row, name), y) in rows.iter().zip(&names).zip(tops) {
        name.write(&mut out, left - 6, y + 14, "end");
        for (place, column) in columns.iter().enumerate() {
            let found = comparison.cells.get(&((*row).clone(), (*column).clone()));
            let value = found.and_then(|cell| measure.of(cell, comparison));
            let Some((cell_of, value)) = found.zip(value) else { continue };
            let about = format!("{}, {}: {}", row.label(), column.label(), told(cell_of));
            let place = [left + place * cell, y, cell - 1, name.high() - 1];
            heat_cell(&mut out, place, value, most, &measure.text(value), &about);
        }
    }
    out.push_str("</svg>\n");
    out
}

fn told(cell: &Cell) -> String {
    let Cell { counts, words } = cell;
    format!(
        "{} occurrences, {} passages, {} documents, {words} words",
        counts.occurrences, counts.passages, counts.documents
    )
}

/// A field of a heat map: `place` is left, top, width and height.
fn heat_cell(
    out: &mut String,
    [x, y, wide, high]: [usize; 4],
    value: f64,
    most: f64,
    text: &str,
    about: &str,
) {
    let (fill, ink) = color(value, most);
    let about = escape(&flat(about));
    let _ = writeln!(
        out,
        r#"<g><title>{about}</title><rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="{fill}"/>"#
    );
    write_text(out, x + wide / 2, y + high / 2 + 5, "middle", ink, text);
    out.push_str("</g>\n");
}

/// The colour of a value, and of letters on it. By the square root, as a few high values would leave all others
/// white.
fn color(value: f64, most: f64) -> (String, &'static str) {
    let share = if most > 0.0 { (value / most).clamp(0.0, 1.0).sqrt() } else { 0.0 };
    let mixed = LIGHT.iter().zip(DARK).map(|(light, dark)| light + (dark - light) * share);
    let parts: Vec<u8> = mixed.map(|part| part.round() as u8).collect();
    let mut fill = "#".to_owned();
    for part in &parts {
        let _ = write!(fill, "{part:02x}");
    }
    (fill, ink(luminance(&parts)))
}

/// White or black, whichever is told apart better from a colour of this luminance (WCAG 2.2, *contrast ratio*).
fn ink(luminance: f64) -> &'static str {
    let (on_white, on_black) = (1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05);
    if on_white > on_black { "#ffffff" } else { "#000000" }
}

/// The relative luminance of a colour (WCAG 2.2).
fn luminance(parts: &[u8]) -> f64 {
    let linear = |part: &u8| match f64::from(*part) / 255.0 {
        share if share <= 0.04045 => share / 12.92,
        share => ((share + 0.055) / 1.055).powf(2.4),
    };
    parts.iter().map(linear).zip([0.2126, 0.7152, 0.0722]).map(|(part, weight)| part * weight).sum()
}

fn legend(out: &mut String, x: usize, y: usize, most: f64, measure: Measure) {
    const STEPS: usize = 5;
    for step in 0..STEPS {
        // Even steps of colour: their values grow by the square.
        let share = step as f64 / (STEPS - 1) as f64;
        let value = most * share * share;
        let (fill, ink) = color(value, most);
        let left = x + step * 56;
        let _ = writeln!(
            out,
            r##"<rect x="{left}" y="{y}" width="55" height="{ROW}" fill="{fill}" stroke="#cccccc"/>"##
        );
        write_text(out, left + 28, y + 14, "middle", ink, &measure.text(value));
    }
    write_text(
        out,
        x,
        y + ROW + 14,
        "start",
        "#555555",
        "the darker, the more; blank: no passages",
    );
}

/// Bars from left to right, one below the other.
fn rows(comparison: &Comparison, measure: Measure) -> String {
    const LONGEST_BAR: usize = 420;
    let matching: Vec<_> =
        comparison.rows.iter().filter(|(_, cell)| cell.counts.passages > 0).collect();
    let left_out = matching.len().saturating_sub(MOST_ROWS);
    let shown = matching.get(..MOST_ROWS).unwrap_or(&matching);
    let labels = Label::all(shown.iter().map(|(group, _)| group), LONGEST_LABEL);
    let left = labels.iter().map(Label::wide).max().unwrap_or(0) + MARGIN;
    let (tops, bottom) = tops(&labels, HEAD);
    let about = shows(comparison, measure, [left_out, 0]);
    let mut out = head(comparison, &about, left + LONGEST_BAR + 80 + MARGIN, bottom + MARGIN);
    let value = |cell: &Cell| measure.of(cell, comparison).unwrap_or(0.0);
    let most = shown.iter().map(|(_, cell)| value(cell)).fold(f64::MIN_POSITIVE, f64::max);
    for (((group, cell), label), top) in shown.iter().zip(&labels).zip(tops) {
        let value = value(cell);
        let wide = (value / most * LONGEST_BAR as f64).round() as usize;
        let about = escape(&flat(&format!("{}: {}", group.label(), told(cell))));
        label.write(&mut out, left - 6, top + 14, "end");
        // The bar is in the middle of a name of several lines.
        let (y, high) = (top + (label.high() - ROW) / 2, ROW - 3);
        let _ = writeln!(
            out,
            r#"<g><title>{about}</title><rect x="{left}" y="{y}" width="{wide}" height="{high}" fill="{BAR}"/></g>"#
        );
        write_text(&mut out, left + wide + 6, y + 14, "start", "#000000", &measure.text(value));
    }
    out.push_str("</svg>\n");
    out
}

/// A timeline as a picture: bars from the bottom up, one a year, with what they show above them. Below the years stand
/// rates, or counts where the bars are rates. A year without a report has no bar: nothing was said because nothing was
/// written.
pub fn timeline(comparison: &Comparison, measure: Measure) -> String {
    const HIGHEST_BAR: usize = 200;
    let below = match measure {
        Measure::Rate => Measure::count(comparison.has_occurrences),
        _ => Measure::Rate,
    };
    let rows = comparison.rows.get(..MOST_ROWS).unwrap_or(&comparison.rows);
    let value = |cell: &Cell| measure.of(cell, comparison);
    let most = rows.iter().filter_map(|(_, cell)| value(cell)).fold(f64::MIN_POSITIVE, f64::max);
    let text = |measure: Measure, cell: &Cell| {
        measure
            .of(cell, comparison)
            .map_or_else(|| NO_REPORT.to_owned(), |value| measure.text(value))
    };
    let widest = rows.iter().map(|(group, cell)| {
        let texts = [flat(&group.label()), text(measure, cell), text(below, cell)];
        texts.iter().map(|text| pixels(text)).max().unwrap_or(0)
    });
    let column = widest.fold(6 * LETTER, usize::max) + 10;
    let floor = HEAD + ROW + HIGHEST_BAR;
    let wide = rows.len() * column + 2 * MARGIN;
    let has_gaps = rows.iter().any(|(_, cell)| value(cell).is_none());
    let shows = shows_of_time(comparison, measure, below, has_gaps);
    let mut out = head(comparison, &shows, wide, floor + 3 * ROW);
    for (at, (group, cell)) in rows.iter().enumerate() {
        let x = MARGIN + at * column;
        let high = value(cell).map(|value| (value / most * HIGHEST_BAR as f64).round() as usize);
        year_bar(&mut out, [x, floor, column], high, group, cell);
        let middle = x + column / 2;
        let top = floor - high.unwrap_or(0) - 4;
        let ink = if high.is_some() { "#000000" } else { "#555555" };
        write_text(&mut out, middle, top, "middle", ink, &text(measure, cell));
        write_text(&mut out, middle, floor + 16, "middle", "#000000", &flat(&group.label()));
        if high.is_some() {
            let text = text(below, cell);
            write_text(&mut out, middle, floor + 16 + ROW, "middle", "#555555", &text);
        }
    }
    out.push_str("</svg>\n");
    out
}

fn shows_of_time(
    comparison: &Comparison,
    measure: Measure,
    below: Measure,
    has_gaps: bool,
) -> String {
    let below = below.name(comparison.has_occurrences);
    let mut shows = format!("{}; below the years: {below}", shows(comparison, measure, [0, 0]));
    if has_gaps {
        let _ = write!(shows, "; {NO_REPORT}: no report");
    }
    shows
}

/// The bar of a year, so high; a year without a report has the room of one. `place` is left, bottom, and width.
fn year_bar(
    out: &mut String,
    [x, floor, column]: [usize; 3],
    high: Option<usize>,
    group: &Group,
    cell: &Cell,
) {
    let (about, fill) = match high {
        Some(_) => (told(cell), BAR),
        None => ("no report".to_owned(), "#ffffff"),
    };
    let about = escape(&flat(&format!("{}: {about}", group.label())));
    let high = high.unwrap_or(ROW);
    let (x, y, wide) = (x + 3, floor - high, column - 6);
    let _ = writeln!(
        out,
        r#"<g><title>{about}</title><rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="{fill}"/></g>"#
    );
}
