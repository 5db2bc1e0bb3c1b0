//! A thesaurus as lines of words with commas between them, as spreadsheets write them and as Solr reads
//! its synonyms.
//!
//! ```text
//! # any stands for any other
//! border guards, frontier guards
//! # one way: what is before the arrow is also searched for as what is behind it
//! police => gendarmerie, "constabulary, rural"
//! ```

use super::{Faulty, File, Rule};

/// Reads the rules of a file.
pub fn rules(text: &str) -> Faulty<File> {
    let mut rules = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let row = line.trim();
        if row.is_empty() || row.starts_with('#') {
            continue;
        }
        let place = format!("line {}", number + 1);
        let fault = |message| format!("{place}: {message}");
        let (cells, arrow) = cells(row).map_err(fault)?;
        let rule = match arrow {
            Some(arrow) => {
                let (from, to) = cells.split_at(arrow);
                if from.is_empty() || to.is_empty() {
                    return Err(format!("{place}: there must be words on both sides of `=>`"));
                }
                Rule { place, from: from.to_vec(), to: to.to_vec() }
            }
            None => Rule { place, from: Vec::new(), to: cells },
        };
        rules.push(rule);
    }
    Ok(File { rules, is_beside: true })
}

/// The cells of a row without empty ones, and how many stand before an arrow.
fn cells(row: &str) -> Faulty<(Vec<String>, Option<usize>)> {
    let (mut cells, mut cell, mut arrow) = (Vec::new(), String::new(), None);
    let end = |cell: &mut String, cells: &mut Vec<String>| {
        let text = std::mem::take(cell);
        if !text.trim().is_empty() {
            cells.push(text.trim().to_owned());
        }
    };
    let mut characters = row.chars().peekable();
    let mut is_quoted = false;
    while let Some(c) = characters.next() {
        match c {
            // A quotation mark twice, inside quotation marks, is one.
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                cell.extend(characters.next());
            }
            '"' if is_quoted || cell.trim().is_empty() => is_quoted = !is_quoted,
            ',' if !is_quoted => end(&mut cell, &mut cells),
            '=' if !is_quoted && characters.peek() == Some(&'>') => {
                characters.next();
                end(&mut cell, &mut cells);
                if arrow.replace(cells.len()).is_some() {
                    return Err("there is more than one `=>`; write two lines".to_owned());
                }
            }
            c => cell.push(c),
        }
    }
    if is_quoted {
        return Err("a quotation mark is open at the end of the line; close it".to_owned());
    }
    end(&mut cell, &mut cells);
    Ok((cells, arrow))
}
