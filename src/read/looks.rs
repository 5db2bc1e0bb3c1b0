//! What a text without a telling name is, by lines near its beginning that only one markup has.

use super::csv;
use super::format::Format;

/// How much of a text (bytes) is looked at.
const SAMPLE: usize = 16 * 1024;

/// Elements that pieces of web pages begin with.
const ELEMENTS: [&str; 14] = [
    "<article", "<div", "<h1", "<h2", "<h3", "<main", "<meta", "<p>", "<p ", "<section", "<span",
    "<table", "<title", "<ul",
];

/// The format of a text whose name says nothing.
pub fn of_text(text: &str) -> Format {
    let sample = &text[..text.floor_char_boundary(text.len().min(SAMPLE))];
    let has =
        |marks: &[&str]| sample.lines().any(|line| marks.iter().any(|mark| line.starts_with(mark)));
    let latex = ["\\documentclass", "\\begin{document}", "\\section{", "\\section*{", "\\chapter{"];
    let settings =
        ["#set document(", "#set page(", "#set text(", "#set heading(", "#set par(", "#show: "];
    let is_titled = || sample.lines().any(|line| line.starts_with("= ") || line.starts_with("== "));
    match () {
        () if is_html(sample) => Format::Html,
        () if has(&latex) => Format::Latex,
        () if is_org(sample) => Format::Org,
        () if has(&settings) => Format::Typst,
        () if is_asciidoc(sample) && is_titled() => Format::Asciidoc,
        () if is_rst(sample) => Format::Rst,
        () if is_wikitext(text) => Format::Wikitext,
        () if is_markdown(sample) => Format::Markdown,
        () if csv::is_table(whole_lines(text, sample)) => Format::Csv,
        () => Format::Plain,
    }
}

/// A sample without the line that it cuts off.
fn whole_lines<'t>(text: &str, sample: &'t str) -> &'t str {
    match sample.len() < text.len() {
        true => &sample[..sample.rfind('\n').unwrap_or(0)],
        false => sample,
    }
}

/// What stands after the comments and the declarations of XML that markup begins with.
pub fn after_comments(mut head: &[u8]) -> &[u8] {
    loop {
        head = head.trim_ascii_start();
        let end: &[u8] = match () {
            () if head.starts_with(b"<!--") => b"-->",
            () if head.starts_with(b"<?") => b"?>",
            () => return head,
        };
        let Some(at) = memchr::memmem::find(head, end) else { return head };
        head = &head[at + end.len()..];
    }
}

/// Whether each of the first two lines is an object of JSON; of the last one the head may show a part.
pub fn is_json_lines(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let mut lines = head.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let is_object = |line: &[u8]| {
        line.trim_ascii_start().starts_with(b"{\"")
            && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
    };
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    is_object(first) && second.trim_ascii_start().starts_with(b"{\"")
}

/// A piece of a web page: it begins with an element, and ends one.
fn is_html(sample: &str) -> bool {
    let rest = after_comments(sample.as_bytes());
    let start = rest[..rest.len().min(16)].to_ascii_lowercase();
    ELEMENTS.iter().any(|element| start.starts_with(element.as_bytes())) && sample.contains("</")
}

fn is_org(sample: &str) -> bool {
    sample.lines().any(|line| {
        let keyword =
            line.strip_prefix("#+").map(|rest| rest.split([':', ' ', '_']).next().unwrap_or(rest));
        keyword
            .is_some_and(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic()))
            || line.trim() == ":PROPERTIES:"
    })
}

fn is_asciidoc(sample: &str) -> bool {
    const MARKS: [&str; 12] = [
        ":toc:",
        ":author:",
        ":revdate:",
        ":sectnums:",
        ":doctype:",
        "[source,",
        "[NOTE]",
        "[quote",
        "|===",
        "toc::[]",
        "image::",
        "include::",
    ];
    sample.lines().any(|line| MARKS.iter().any(|mark| line.starts_with(mark)))
}

/// Directives, targets, or fields under a title that is ruled on both sides.
fn is_rst(sample: &str) -> bool {
    let is_directive = |line: &str| {
        let Some(rest) = line.strip_prefix(".. ") else { return false };
        let name = rest.split("::").next().filter(|_| rest.contains("::")).unwrap_or_default();
        let is_name = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | ':' | '_');
        !name.is_empty() && name.chars().all(is_name)
            || rest.starts_with('_') && rest.contains(": ")
    };
    let mut lines = sample.lines().skip_while(|line| line.trim().is_empty());
    let (over, title, under) = (lines.next(), lines.next(), lines.next());
    let is_ruled = over
        .is_some_and(|over| over.len() >= 4 && over.bytes().all(|byte| byte == b'='))
        && over == under
        && title.is_some_and(|title| !title.trim().is_empty());
    let has_fields = || {
        sample.lines().any(|line| {
            let name = line.strip_prefix(':').and_then(|rest| rest.split_once(": "));
            name.is_some_and(|(name, _)| {
                name.starts_with(char::is_uppercase) && !name.contains(' ')
            })
        })
    };
    sample.lines().any(is_directive) || is_ruled && has_fields()
}

/// Headings of its kind together with other marks, or settings above the text.
fn is_markdown(sample: &str) -> bool {
    let heading = |line: &str| {
        let marks = line.len() - line.trim_start_matches('#').len();
        (1..=6).contains(&marks) && line[marks..].starts_with(' ')
    };
    let has_heading = sample.lines().any(heading);
    let is_rule =
        |line: &str| line.starts_with("|-") || line.starts_with("| -") || line.starts_with("|:-");
    let has_link = ["](http", "](/", "](#", "](mailto"].iter().any(|link| sample.contains(link));
    let has_mark = has_link
        || sample.matches("**").count() >= 2
        || sample.lines().any(|line| line.starts_with("```") || is_rule(line));
    let has_settings = sample
        .strip_prefix("---\n")
        .and_then(|rest| rest.split("\n---").next())
        .is_some_and(|settings| settings.lines().any(|line| line.starts_with("title:")));
    has_heading && has_mark || has_settings
}

/// Whether a text without a telling name is wikitext: links, templates or emphasis together with
/// headings of its kind, near the beginning.
pub fn is_wikitext(text: &str) -> bool {
    let sample = &text[..text.floor_char_boundary(text.len().min(SAMPLE))];
    let has_heading = sample.lines().any(|line| {
        let line = line.trim();
        line.len() > 5
            && line.starts_with("==")
            && line.ends_with("==")
            && line.contains(char::is_alphabetic)
    });
    let signs = [sample.contains("[["), sample.contains("{{"), sample.contains("'''")];
    let is_redirect =
        sample.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("#REDIRECT ["));
    let count = signs.into_iter().filter(|sign| *sign).count() + usize::from(has_heading);
    count >= 2 || is_redirect
}
