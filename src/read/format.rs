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
    /// A web page.
    Html,
    /// reStructuredText.
    Rst,
    /// AsciiDoc.
    Asciidoc,
    /// Org mode.
    Org,
    /// LaTeX.
    Latex,
    /// Typst.
    Typst,
    /// Rich Text Format.
    Rtf,
    /// Rows of values, separated by commas, semicolons or tabs.
    Csv,
    /// A JSON object a line, each a record.
    Jsonl,
    /// Portable Document Format.
    Pdf,
    /// Word, since 2007.
    Docx,
    /// OpenDocument text.
    Odt,
    /// PowerPoint, since 2007.
    Pptx,
    /// Excel, since 2007.
    Xlsx,
    /// An e-book.
    Epub,
    /// A dump of a wiki in MediaWiki's XML.
    WikiDump,
    /// One message.
    Mail,
    /// Messages one after another.
    Mbox,
    /// An archive of files.
    Zip,
    /// An archive of files.
    Tar,
    /// One compressed file.
    Gzip,
    /// One compressed file.
    Bzip2,
    /// One compressed file.
    Xz,
    /// One compressed file.
    Zstd,
    /// A format that is not read; its name.
    NotRead(&'static str),
}

/// Endings of names, and the format that each promises.
const ENDINGS: [(&[&str], Format); 36] = [
    (&["wiki", "wikitext", "mediawiki"], Format::Wikitext),
    (&["md", "markdown", "mdown", "mkd"], Format::Markdown),
    (&["txt", "text"], Format::Plain),
    (&["htm", "html", "xhtml", "xht"], Format::Html),
    (&["rst", "rest"], Format::Rst),
    (&["adoc", "asciidoc", "asc"], Format::Asciidoc),
    (&["org"], Format::Org),
    (&["tex", "latex", "ltx"], Format::Latex),
    (&["typ"], Format::Typst),
    (&["rtf"], Format::Rtf),
    (&["csv", "tsv", "tab"], Format::Csv),
    (&["jsonl", "ndjson"], Format::Jsonl),
    (&["pdf"], Format::Pdf),
    (&["docx", "docm", "dotx"], Format::Docx),
    (&["odt", "ott"], Format::Odt),
    (&["pptx", "pptm", "ppsx"], Format::Pptx),
    (&["xlsx", "xlsm"], Format::Xlsx),
    (&["epub"], Format::Epub),
    (&["eml"], Format::Mail),
    (&["mbox"], Format::Mbox),
    (&["zip"], Format::Zip),
    (&["tar"], Format::Tar),
    (&["gz", "tgz"], Format::Gzip),
    (&["bz2", "tbz2"], Format::Bzip2),
    (&["xz", "txz"], Format::Xz),
    (&["zst", "tzst"], Format::Zstd),
    (&["doc", "xls", "ppt"], Format::NotRead("an office document of before 2007")),
    (&["ods", "odp"], Format::NotRead("an OpenDocument spreadsheet or presentation")),
    (&["7z", "rar"], Format::NotRead("an archive of a kind that is not open")),
    (
        &["png", "jpg", "jpeg", "gif", "svg", "webp", "tif", "tiff", "bmp", "ico"],
        Format::NotRead("a picture"),
    ),
    (&["mp3", "mp4", "wav", "avi", "mov", "mkv", "ogg"], Format::NotRead("sound or film")),
    (&["json", "xml", "yaml", "yml", "toml"], Format::NotRead("a data file")),
    (&["exe", "dll", "so", "o", "class", "bin"], Format::NotRead("a program")),
    (&["ttf", "otf", "woff", "woff2"], Format::NotRead("a font")),
    (&["css", "js"], Format::NotRead("a part of a web page")),
    (&["db", "sqlite", "sqlite3"], Format::NotRead("a database")),
];

/// The format of a file by its first bytes (up to [`HEAD`]), or else by its name.
pub fn format_of(head: &[u8], name: &str) -> Format {
    let named = format_of_name(name);
    match format_of_content(head) {
        // What a package holds may be named far behind its first bytes, or compressed.
        Some(Format::Zip) if named.is_package() => named,
        Some(format) => format,
        None => named,
    }
}

impl Format {
    /// Whether it is a zip archive with parts of one document.
    fn is_package(self) -> bool {
        matches!(self, Format::Docx | Format::Odt | Format::Pptx | Format::Xlsx | Format::Epub)
    }
}

/// The format that a file's name promises; plain text for names that promise nothing.
pub fn format_of_name(name: &str) -> Format {
    let name = name.rsplit(['/', '#']).next().unwrap_or(name);
    let ending = name.rsplit_once('.').map_or("", |(_, end)| end).to_lowercase();
    let known = ENDINGS.iter().find(|(endings, _)| endings.contains(&ending.as_str()));
    known.map_or(Format::Plain, |(_, format)| *format)
}

/// First bytes that only one format has.
const SIGNS: [(&[u8], Format); 13] = [
    (b"{\\rtf", Format::Rtf),
    (b"\x1F\x8B", Format::Gzip),
    (b"BZh", Format::Bzip2),
    (b"\xFD7zXZ\x00", Format::Xz),
    (b"\x28\xB5\x2F\xFD", Format::Zstd),
    (b"\xD0\xCF\x11\xE0", Format::NotRead("an office document of before 2007")),
    (b"7z\xBC\xAF\x27\x1C", Format::NotRead("an archive of a kind that is not open")),
    (b"Rar!", Format::NotRead("an archive of a kind that is not open")),
    (b"\x89PNG", Format::NotRead("a picture")),
    (b"\xFF\xD8\xFF", Format::NotRead("a picture")),
    (b"GIF8", Format::NotRead("a picture")),
    (b"\x7FELF", Format::NotRead("a program")),
    (b"SQLite format 3", Format::NotRead("a database")),
];

/// How many of a file's first bytes show its format.
pub const HEAD: usize = 64 * 1024;

/// The format of a file by its first bytes (up to [`HEAD`]), where they are telling.
pub fn format_of_content(head: &[u8]) -> Option<Format> {
    if let Some((_, format)) = SIGNS.iter().find(|(sign, _)| head.starts_with(sign)) {
        return Some(*format);
    }
    // Acrobat takes a PDF whose sign stands anywhere in the first 1,024 bytes (ISO 32000-1, annex H).
    let start = &head[..head.len().min(1024)];
    if memchr::memmem::find(start, b"%PDF-").is_some() && !start.starts_with(b"From ") {
        return Some(Format::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(package(head));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(Format::Tar);
    }
    markup(head)
}

/// What a zip archive is: office documents and e-books name themselves in their first members.
fn package(head: &[u8]) -> Format {
    const MEMBERS: [(&[u8], Format); 8] = [
        (b"mimetypeapplication/epub+zip", Format::Epub),
        (b"mimetypeapplication/vnd.oasis.opendocument.text", Format::Odt),
        (b"application/vnd.oasis.opendocument.text", Format::Odt),
        (b"META-INF/container.xml", Format::Epub),
        (b"mimetypeapplication/vnd.oasis.opendocument", Format::NotRead("an OpenDocument file")),
        (b"word/", Format::Docx),
        (b"ppt/", Format::Pptx),
        (b"xl/", Format::Xlsx),
    ];
    let has = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    MEMBERS.iter().find(|(name, _)| has(name)).map_or(Format::Zip, |(_, format)| *format)
}

/// Markup that names itself near its beginning.
fn markup(head: &[u8]) -> Option<Format> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let start = head[..head.len().min(1024)].to_ascii_lowercase();
    let has = |sign: &[u8]| memchr::memmem::find(&start, sign).is_some();
    match () {
        () if start.starts_with(b"<!doctype html") || start.starts_with(b"<html") => {
            Some(Format::Html)
        }
        () if start.starts_with(b"<mediawiki") => Some(Format::WikiDump),
        () if start.starts_with(b"<?xml") && has(b"<mediawiki") => Some(Format::WikiDump),
        () if start.starts_with(b"<?xml") && has(b"<html") => Some(Format::Html),
        () if start.starts_with(b"\\documentclass") => Some(Format::Latex),
        () => None,
    }
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
