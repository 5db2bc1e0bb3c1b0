//! Dispersion for a terminal, as bars, and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::columns::{beginning, flat, left_aligned, right_aligned, width};
use super::data::rounded;
use super::{answer, total, write_about, write_notes};
use crate::count::{Dispersion, Spread};
use crate::render::terminal::{HEADING, Look, MARK, QUIET, grouped, paint};

/// As JSON, `tipsearch.dispersion/1`.
pub fn json(dispersion: &Dispersion) -> Value {
    let mut value = answer("tipsearch.dispersion/1", &dispersion.asked, &dispersion.total);
    value["deviation_of_proportions"] = json!(dispersion.deviation.map(rounded));
    let reports = dispersion.reports.iter().map(|report| {
        let places: Vec<f64> = report.places.iter().map(|place| rounded(*place)).collect();
        json!({"doc_id": report.doc_id, "title": report.title, "year": report.year, "places": places})
    });
    value["reports"] = reports.collect();
    value
}

/// How much stands in a part of a report: nothing, 1, 2, 3 and more.
const LEVELS: [char; 4] = ['·', '▂', '▅', '█'];

/// The widest names, and the widest and narrowest bars, in columns.
const WIDEST_NAME: usize = 40;
const BAR: std::ops::RangeInclusive<usize> = 10..=60;

/// For a terminal: a line for each report, whose bar goes from its beginning to its end.
pub fn text(dispersion: &Dispersion, look: &Look) -> String {
    let mut out = String::new();
    write_notes(&dispersion.asked, look, &mut out);
    if !dispersion.reports.is_empty() {
        let title =
            format!("{} from the beginning of a report to its end", flat(&dispersion.asked.query));
        write_about(&title, HEADING, look, &mut out);
        bars(&dispersion.reports, look, &mut out);
        out.push('\n');
    }
    let mut footer = total(&dispersion.asked, &dispersion.total);
    if let Some(deviation) = dispersion.deviation {
        let _ = write!(footer, "; deviation of proportions {deviation:.2} (0 is even)");
    }
    write_about(&footer, QUIET, look, &mut out);
    out
}

fn bars(reports: &[Spread], look: &Look, out: &mut String) {
    let names: Vec<String> = reports.iter().map(name).collect();
    let counts: Vec<String> =
        reports.iter().map(|report| grouped(report.places.len() as u64)).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| width(text)).max().unwrap_or(0);
    let name = widest(&names).min(WIDEST_NAME).min(look.width / 3);
    let number = widest(&counts);
    let bar = look.width.saturating_sub(name + number + 2).clamp(*BAR.start(), *BAR.end());
    for ((label, count), report) in names.iter().zip(&counts).zip(reports) {
        let label = left_aligned(&beginning(label, name), name);
        let drawn = paint(&drawn(&report.places, bar), MARK, look);
        let _ = writeln!(out, "{label} {} {drawn}", right_aligned(count, number));
    }
}

fn name(report: &Spread) -> String {
    let title = flat(&report.title);
    match report.year.as_deref().filter(|year| !title.contains(*year)) {
        Some(year) => format!("{} {title}", flat(year)),
        None => title,
    }
}

/// A bar of so many parts.
fn drawn(places: &[f64], parts: usize) -> String {
    let mut counts = vec![0usize; parts];
    for place in places {
        let at = ((place * parts as f64) as usize).min(parts - 1);
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    counts.into_iter().map(|count| LEVELS[count.min(LEVELS.len() - 1)]).collect()
}
