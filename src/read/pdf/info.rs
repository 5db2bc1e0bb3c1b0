//! What a document says of itself: its information dictionary, its XMP packet, its language.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Stream};

use super::super::builder::{DocumentBuilder, collapse};
use super::super::metadata::language_tag;
use super::objects::{text, text_of};

/// An XMP packet beyond this size (bytes) holds thumbnails and histories, not what is looked for.
const LONGEST_PACKET: usize = 4 << 20;

/// What programs write where nobody wrote a value.
const NO_VALUES: [&str; 6] =
    ["anonymous", "(anonymous)", "unspecified", "(unspecified)", "unknown", "untitled"];

/// What programs write where nobody wrote a title.
const NO_TITLES: [&str; 9] = [
    "microsoft word",
    "microsoft powerpoint",
    "powerpoint presentation",
    "untitled",
    "slide 1",
    "document1",
    "doc1",
    "presentation1",
    "title",
];
/// The endings of names of files.
const FILE_ENDINGS: [&str; 14] = [
    ".doc", ".docx", ".pdf", ".indd", ".ppt", ".pptx", ".qxd", ".odt", ".rtf", ".tex", ".dvi",
    ".xls", ".xlsx", ".p65",
];

/// Puts what is known of a document into its metadata. Returns its title.
pub fn describe(
    pdf: &Pdf,
    catalog: &Dict<'_>,
    builder: &mut DocumentBuilder<'_>,
) -> Option<String> {
    let info = pdf.metadata();
    let packet = packet(catalog).unwrap_or_default();
    let field = |bytes: &Option<Box<[u8]>>, name: &str| {
        let own = bytes.as_ref().map(|bytes| collapse(&text(bytes)));
        let own = own.filter(|own| !own.is_empty()).or_else(|| property(&packet, name));
        own.filter(|own| !NO_VALUES.contains(&own.to_lowercase().as_str()))
    };
    let authors = field(&info.author, "dc:creator").unwrap_or_default();
    authors.split(';').for_each(|author| builder.metadata("author", author));
    for (key, value) in [
        ("subject", field(&info.subject, "dc:description")),
        ("keywords", field(&info.keywords, "pdf:Keywords")),
        ("publisher", property(&packet, "dc:publisher")),
    ] {
        builder.metadata(key, &value.unwrap_or_default());
    }
    if let Some(date) = info.creation_date.filter(|date| date.year >= 1900) {
        builder.metadata("date", &format!("{:04}-{:02}-{:02}", date.year, date.month, date.day));
    }
    field(&info.title, "dc:title").filter(|title| is_title(title))
}

/// The language that a document declares, as BCP 47.
pub fn language(catalog: &Dict<'_>) -> Option<String> {
    let lang = text_of(catalog, b"Lang")?;
    // The case that BCP 47 recommends is the one most files have.
    let tag = lang.replace('_', "-");
    let is_tag = tag.split('-').all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    let primary = tag.split('-').next().unwrap_or_default();
    match is_tag && (2..=3).contains(&primary.len()) {
        true if primary.len() == 3 => language_tag(&primary.to_lowercase()).or(Some(tag)),
        true => Some(tag),
        false => language_tag(&lang),
    }
}

/// Whether somebody wrote it as a title, not a program.
fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let is_file = FILE_ENDINGS.iter().any(|ending| lower.ends_with(ending));
    let is_made = NO_TITLES.iter().any(|made| {
        lower == *made
            || lower
                .strip_prefix(made)
                .is_some_and(|rest| rest.starts_with(" -") || rest.starts_with('-'))
    });
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    !is_file && !is_made && letters >= 3 && !title.contains('\u{fffd}')
}

fn packet(catalog: &Dict<'_>) -> Option<String> {
    let stream = catalog.get::<Stream<'_>>(b"Metadata")?;
    let data = stream.decoded_data().ok()?;
    let data = data.get(..data.len().min(LONGEST_PACKET))?;
    Some(String::from_utf8_lossy(data).into_owned())
}

/// The first value of a property of an XMP packet: what stands in its element, or in the first item of
/// the list in it.
fn property(packet: &str, name: &str) -> Option<String> {
    let start = packet.find(&format!("<{name}"))?;
    let rest = packet.get(start..)?;
    let rest = rest.get(rest.find('>')? + 1..)?;
    let inside = rest.get(..rest.find(&format!("</{name}"))?)?;
    let value = match inside.find("<rdf:li") {
        Some(item) => {
            let item = inside.get(item..)?;
            let item = item.get(item.find('>')? + 1..)?;
            item.get(..item.find('<')?)?
        }
        None if inside.contains('<') => return None,
        None => inside,
    };
    let value = collapse(&htmlize::unescape(value));
    (!value.is_empty()).then_some(value)
}
