//! Pieces of text that several outputs share: cleaned text, places, short citations.

use crate::passage::Passage;

/// Text from documents made safe for a terminal: control characters, escape sequences and
/// bidirectional overrides become visible or vanish. Tabs and line feeds stay.
pub fn clean(text: &str) -> String {
    let mut chars = text.chars().peekable();
    std::iter::from_fn(|| Some((chars.next()?, chars.peek().copied())))
        .filter_map(|(c, next)| match c {
            '\n' | '\t' => Some(c),
            // CR LF and CR end a line, as LF does.
            '\r' => (next != Some('\n')).then_some('\n'),
            // Controls that change the order of the characters around them.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
            c if c.is_control() => Some('\u{FFFD}'),
            c => Some(c),
        })
        .collect()
}

/// Where a passage stands, for people: `reports/kaz.wiki:21`, or pages.
pub fn location_text(passage: &Passage) -> String {
    let doc_id = &passage.report.doc_id;
    let location = &passage.location;
    if let Some((first, last)) = &location.page_labels {
        return format!("{doc_id}, {}", pages(first, last));
    }
    match (location.pages, location.lines) {
        (Some((first, last)), _) => {
            format!("{doc_id}, {}", pages(&first.to_string(), &last.to_string()))
        }
        (None, Some((first, last))) if first == last => format!("{doc_id}:{first}"),
        (None, Some((first, last))) => format!("{doc_id}:{first}-{last}"),
        (None, None) => doc_id.clone(),
    }
}

fn pages(first: &str, last: &str) -> String {
    if first == last { format!("p. {first}") } else { format!("pp. {first}-{last}") }
}

/// A citation in brackets' length: title, year where the title lacks it, section, place.
pub fn short_citation(passage: &Passage) -> String {
    let mut citation = passage.report.title.clone();
    if let Some(year) = passage.metadata("year").filter(|year| !citation.contains(*year)) {
        citation.push_str(&format!(" ({year})"));
    }
    if passage.trail.len() > 1
        && let Some(heading) = passage.trail.last()
    {
        citation.push_str(&format!(", “{heading}”"));
    }
    match passage.location.pages.or(passage.location.lines) {
        Some((first, last)) => {
            let pages = passage.location.pages.is_some();
            let (one, many) = if pages { ("p.", "pp.") } else { ("line", "lines") };
            let place = match first == last {
                true => format!("{one} {first}"),
                false => format!("{many} {first}-{last}"),
            };
            format!("{citation}, {place}")
        }
        None => citation,
    }
}
