//! Collocates for a terminal and as JSON.

use serde_json::{Value, json};

use super::columns::flat;
use super::data::rounded;
use super::table::{Grid, shown};
use super::{answer, total, write_about, write_notes};
use crate::count::Collocates;
use crate::render::terminal::{HEADING, Look, QUIET, count, grouped};

/// As JSON, `tipsearch.collocates/1`.
pub fn json(collocates: &Collocates) -> Value {
    let mut value = answer("tipsearch.collocates/1", &collocates.asked, &collocates.total);
    value["window"] = json!(collocates.window);
    value["words"] = json!({"beside": collocates.beside, "everywhere": collocates.everywhere});
    let words = collocates.words.iter().map(|word| {
        json!({
            "word": word.word,
            "left": word.left,
            "right": word.right,
            "everywhere": word.everywhere,
            "expected": rounded(word.expected),
            "log_likelihood": rounded(word.log_likelihood),
        })
    });
    value["collocates"] = words.collect();
    value
}

/// For a terminal.
pub fn text(collocates: &Collocates, look: &Look) -> String {
    let mut out = String::new();
    write_notes(&collocates.asked, look, &mut out);
    if !collocates.words.is_empty() {
        let words = count(collocates.window as u64, "word");
        let title = format!("within {words} of {}", flat(&collocates.asked.query));
        write_about(&title, HEADING, look, &mut out);
        let rows = collocates.words.iter().map(|word| {
            let cells = [
                grouped(word.left + word.right),
                grouped(word.left),
                grouped(word.right),
                grouped(word.everywhere),
                format!("{:.1}", word.log_likelihood),
            ];
            (flat(&word.word), cells.map(shown).to_vec())
        });
        let columns = ["beside", "left", "right", "everywhere", "G²"].map(str::to_owned).to_vec();
        Grid { columns, rows: rows.collect() }.write(look, &mut out);
        out.push('\n');
    }
    let mut footer = total(&collocates.asked, &collocates.total);
    if collocates.words.is_empty() && collocates.total.occurrences > 0 {
        footer.push_str("; no word stands beside it more often than elsewhere");
    }
    write_about(&footer, QUIET, look, &mut out);
    out
}
