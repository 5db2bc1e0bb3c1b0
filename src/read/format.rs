//! Which reader a file needs: by its content first, by its name where the content leaves it open.

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// MediaWiki text.
    Wikitext,
    /// CommonMark with tables and footnotes.
    Markdown,
    /// Text without markup.
    Plain,
    /// A format that is not read; its name.
    NotRead(&'static str),
}

/// The format that a file's name promises; plain text for names that promise nothing.
pub fn format_of_name(name: &str) -> Format {
    let extension = name.rsplit('/').next().unwrap_or(name).rsplit_once('.').map(|(_, end)| end);
    match extension.unwrap_or_default().to_lowercase().as_str() {
        "wiki" | "wikitext" | "mediawiki" => Format::Wikitext,
        "md" | "markdown" | "mdown" | "mkd" => Format::Markdown,
        "pdf" => Format::NotRead("PDF"),
        "doc" | "docx" => Format::NotRead("Word"),
        "odt" => Format::NotRead("OpenDocument"),
        "epub" => Format::NotRead("EPUB"),
        "htm" | "html" | "xhtml" => Format::NotRead("HTML"),
        "xls" | "xlsx" | "ods" => Format::NotRead("a spreadsheet"),
        "ppt" | "pptx" => Format::NotRead("a presentation"),
        "zip" | "gz" | "bz2" | "xz" | "zst" | "tar" | "7z" | "rar" => Format::NotRead("an archive"),
        "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "tif" | "tiff" | "bmp" => {
            Format::NotRead("a picture")
        }
        "mp3" | "mp4" | "wav" | "avi" | "mov" | "mkv" => Format::NotRead("sound or film"),
        "json" | "jsonl" | "xml" | "csv" | "tsv" => Format::NotRead("a data file"),
        "exe" | "dll" | "so" | "o" | "class" | "bin" => Format::NotRead("a program"),
        _ => Format::Plain,
    }
}

/// The format of a file by its first bytes, where they are telling: binary formats that no name hides.
pub fn format_of_content(bytes: &[u8]) -> Option<Format> {
    const SIGNS: [(&[u8], &str); 10] = [
        (b"%PDF-", "PDF"),
        (b"PK\x03\x04", "an archive or office document"),
        (b"\xD0\xCF\x11\xE0", "an old office document"),
        (b"{\\rtf", "RTF"),
        (b"\x1F\x8B", "an archive"),
        (b"\x28\xB5\x2F\xFD", "an archive"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"\x7FELF", "a program"),
        (b"SQLite format 3", "a database"),
    ];
    SIGNS.iter().find(|(sign, _)| bytes.starts_with(sign)).map(|(_, name)| Format::NotRead(name))
}

/// Whether a text without a telling name is wikitext: links, templates or emphasis together with
/// headings of its kind, near the beginning.
pub fn is_wikitext(text: &str) -> bool {
    let sample = &text[..text.floor_char_boundary(text.len().min(16 * 1024))];
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
