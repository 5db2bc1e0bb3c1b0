//! Which reader a file needs: by its content first, by its name where the content leaves it open.

use std::borrow::Cow;

use super::looks;

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
    /// A document that opens with a password only.
    Locked,
    /// A format that holds texts and is not read; its name. Its texts count as not read.
    Unread(&'static str),
    /// A format of no texts, which is not read; its name.
    NotRead(&'static str),
}

const BEFORE_2007: &str = "an office document of before 2007";
const CLOSED_ARCHIVE: &str = "an archive of a kind that is not open";
/// Pages that are scanned or come by fax; web pages have no such pictures.
const SCAN: &str = "a picture of pages (TIFF)";

/// Endings of names, and the format that each promises.
const ENDINGS: [(&[&str], Format); 38] = [
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
    (&["doc", "dot", "xls", "xlt", "ppt", "pps", "pot"], Format::Unread(BEFORE_2007)),
    (&["msg"], Format::Unread("a message of Outlook")),
    (&["ods", "odp"], Format::Unread("an OpenDocument spreadsheet or presentation")),
    (&["7z", "rar"], Format::Unread(CLOSED_ARCHIVE)),
    (&["tif", "tiff"], Format::Unread(SCAN)),
    (&["png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico"], Format::NotRead("a picture")),
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
        Some(Format::Unread(BEFORE_2007)) => compound(head, name, named),
        // A package may have its telling members at its end.
        Some(Format::Zip) if PACKAGES.contains(&named) => named,
        None if MAY_BE_LINES.contains(&named) && looks::is_json_lines(head) => Format::Jsonl,
        Some(format) => format,
        // What only looks like one of these by its name.
        None if is_binary(named) && is_plain_text(head) => Format::Plain,
        None => named,
    }
}

/// Whether documents of a format begin with what is no text.
fn is_binary(format: Format) -> bool {
    PACKAGES.contains(&format) || matches!(format, Format::Unread(_) | Format::Pdf)
}

/// Whether a beginning is all text, and not a piece of a PDF that lost its own, or a document in markup or as mail, whose text is
/// not what stands there.
fn is_plain_text(head: &[u8]) -> bool {
    let is_control = |byte: &u8| *byte < 0x20 && !b"\t\n\r\x0b\x0c\x1b".contains(byte);
    let has = |sign: &[u8]| memchr::memmem::find(head, sign).is_some();
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    !start.is_empty()
        && !start.starts_with(b"<")
        && !start.starts_with(b"MIME-Version:")
        && !head.iter().any(is_control)
        && !has(b"endobj")
        && !has(b"startxref")
}

/// What a compound file of Microsoft's is: old office documents and messages, and newer documents with a password.
fn compound(head: &[u8], name: &str, named: Format) -> Format {
    let stream: Vec<u8> = b"EncryptedPackage".iter().flat_map(|byte| [*byte, 0]).collect();
    let name = name.rsplit(['/', '#']).next().unwrap_or(name);
    match named {
        _ if memchr::memmem::find(head, &stream).is_some() => Format::Locked,
        // Windows leaves small pictures of the others in a folder.
        _ if name.eq_ignore_ascii_case("thumbs.db") => Format::NotRead("a database"),
        Format::Docx | Format::Pptx | Format::Xlsx => {
            Format::Unread("an office document of before 2007, or with a password")
        }
        Format::Unread("a message of Outlook") => named,
        _ => Format::Unread(BEFORE_2007),
    }
}

/// What files of JSON lines are taken for by their names.
const MAY_BE_LINES: [Format; 3] = [Format::Plain, Format::NotRead("a data file"), Format::Csv];

/// Formats that are zip archives inside.
const PACKAGES: [Format; 5] = [Format::Docx, Format::Odt, Format::Pptx, Format::Xlsx, Format::Epub];

/// The format that a file's name promises; plain text for names that promise nothing.
pub fn format_of_name(name: &str) -> Format {
    let name = name.rsplit(['/', '#']).next().unwrap_or(name);
    let ending = name.rsplit_once('.').map_or("", |(_, end)| end).to_lowercase();
    let known = ENDINGS.iter().find(|(endings, _)| endings.contains(&ending.as_str()));
    known.map_or(Format::Plain, |(_, format)| *format)
}

/// First bytes that only one format has.
const SIGNS: [(&[u8], Format); 15] = [
    (b"{\\rtf", Format::Rtf),
    (b"\x1F\x8B", Format::Gzip),
    (b"BZh", Format::Bzip2),
    (b"\xFD7zXZ\x00", Format::Xz),
    (b"\x28\xB5\x2F\xFD", Format::Zstd),
    (b"\xD0\xCF\x11\xE0", Format::Unread(BEFORE_2007)),
    (b"7z\xBC\xAF\x27\x1C", Format::Unread(CLOSED_ARCHIVE)),
    (b"Rar!", Format::Unread(CLOSED_ARCHIVE)),
    (b"II*\0", Format::Unread(SCAN)),
    (b"MM\0*", Format::Unread(SCAN)),
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
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(package(head));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(Format::Tar);
    }
    // Acrobat takes a PDF whose sign stands anywhere in the first 1,024 bytes (ISO 32000-1, annex H): an
    // archive whose first member is one is none.
    let start = &head[..head.len().min(1024)];
    if memchr::memmem::find(start, b"%PDF-").is_some() && !start.starts_with(b"From ") {
        return Some(Format::Pdf);
    }
    markup(head)
}

/// What a zip archive is: office documents and e-books name themselves in their first members. Only the
/// members of the archive itself count: an archive may hold office documents that are not packed again.
fn package(head: &[u8]) -> Format {
    const TYPES: [(&[u8], Format); 3] = [
        (b"application/epub+zip", Format::Epub),
        (b"application/vnd.oasis.opendocument.text", Format::Odt),
        (
            b"application/vnd.oasis.opendocument",
            Format::Unread("an OpenDocument file that is no text"),
        ),
    ];
    const FOLDERS: [(&[u8], &[u8], Format); 3] = [
        (b"word/", b"word/document.xml", Format::Docx),
        (b"ppt/", b"ppt/presentation.xml", Format::Pptx),
        (b"xl/", b"xl/workbook.xml", Format::Xlsx),
    ];
    let members: Vec<(&[u8], &[u8])> = Members { head, at: 0 }.collect();
    let own_type = members.iter().find(|(name, _)| *name == b"mimetype");
    let named = own_type.and_then(|(_, content)| {
        TYPES.iter().find(|(sign, _)| content.starts_with(sign)).map(|(_, format)| *format)
    });
    if let Some(format) = named {
        return format;
    }
    let has = |wanted: &[u8]| members.iter().any(|(name, _)| *name == wanted);
    if has(b"META-INF/container.xml") {
        return Format::Epub;
    }
    // The folder may begin beyond the members that the head shows; its name is in it at least once.
    let is_office = has(b"[Content_Types].xml") || has(b"_rels/.rels");
    let holds = |folder: &[u8], main: &[u8]| match is_office {
        true => memchr::memmem::find(head, folder).is_some(),
        false => has(main),
    };
    let found = FOLDERS.iter().find(|(folder, main, _)| holds(folder, main));
    found.map_or(Format::Zip, |(.., format)| *format)
}

/// The members of a zip archive by their local headers: names and packed content, as far as the head
/// shows them.
struct Members<'a> {
    head: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        const SIGN: &[u8] = b"PK\x03\x04";
        let header = self.head.get(self.at..)?.get(..30)?;
        if !header.starts_with(SIGN) {
            return None;
        }
        let short = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let (name_length, packed) = (short(26), short(18) | short(20) << 16);
        let start = self.at + 30 + name_length + short(28);
        let name = self.head.get(self.at + 30..self.at + 30 + name_length)?;
        let rest = self.head.get(start..).unwrap_or_default();
        // Written as a stream, it gives its size afterwards only: the next header must be looked for.
        let is_stream = short(6) & 8 != 0 && packed == 0;
        let length = match is_stream {
            true => memchr::memmem::find(rest, SIGN).unwrap_or(rest.len()),
            false => packed,
        };
        self.at = start.saturating_add(length);
        Some((name, &rest[..length.min(rest.len())]))
    }
}

/// What only web pages begin with, comments aside.
const HTML_STARTS: [&[u8]; 6] =
    [b"<!doctype html", b"<html", b"<head>", b"<head ", b"<body>", b"<body "];

/// Markup that names itself near its beginning.
fn markup(head: &[u8]) -> Option<Format> {
    let narrow = narrow(head);
    let head = narrow.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&narrow).trim_ascii_start();
    let start = head[..head.len().min(1024)].to_ascii_lowercase();
    let first = looks::after_comments(head);
    let first = first[..first.len().min(64)].to_ascii_lowercase();
    let has = |sign: &[u8]| memchr::memmem::find(&start, sign).is_some();
    match () {
        () if HTML_STARTS.iter().any(|sign| first.starts_with(sign)) => Some(Format::Html),
        () if start.starts_with(b"<mediawiki") => Some(Format::WikiDump),
        () if start.starts_with(b"<?xml") && has(b"<mediawiki") => Some(Format::WikiDump),
        () if start.starts_with(b"<?xml") && has(b"<html") => Some(Format::Html),
        () if start.starts_with(b"\\documentclass") => Some(Format::Latex),
        () if begins_box(head) => Some(Format::Mbox),
        () if is_mail(head) => Some(Format::Mail),
        () => None,
    }
}

/// The head of markup in UTF-16 as ASCII, which is all that shows a format.
fn narrow(head: &[u8]) -> Cow<'_, [u8]> {
    let every_other = |skip: usize| head.iter().skip(skip).step_by(2).copied().collect();
    match head {
        [0xFF, 0xFE, ..] => Cow::Owned(every_other(2)),
        [0xFE, 0xFF, ..] => Cow::Owned(every_other(3)),
        [b'<', 0, ..] => Cow::Owned(every_other(0)),
        [0, b'<', ..] => Cow::Owned(every_other(1)),
        _ => Cow::Borrowed(head),
    }
}

/// Whether a line is a field of a message's header: a name of printable ASCII, and a colon.
pub fn is_header_line(line: &[u8]) -> bool {
    let name = memchr::memchr(b':', line).map_or(&[][..], |colon| &line[..colon]);
    !name.is_empty()
        && name.len() <= 76
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Whether a line separates the messages of a mailbox: `From`, a sender, and a date with its time
/// (RFC 4155).
pub fn is_separator(line: &[u8]) -> bool {
    let is_time = |word: &[u8]| {
        word.len() >= 5
            && word[0].is_ascii_digit()
            && memchr::memchr(b':', word).is_some_and(|at| at == 2 || at == 1)
            && word.last().is_some_and(u8::is_ascii_digit)
    };
    line.starts_with(b"From ")
        && line.len() < 1000
        && line.split(|byte| *byte == b' ').skip(2).any(|word| is_time(word.trim_ascii()))
}

/// Whether a mailbox begins here: a line that separates messages, and a header.
pub fn begins_box(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n');
    lines.next().is_some_and(is_separator)
        && lines.next().is_some_and(|line| is_header_line(line) || line.starts_with(b">From "))
}

/// Whether a message begins here, whatever its name: nothing but a header before the first empty line,
/// and in it what people write and what only programs do.
fn is_mail(head: &[u8]) -> bool {
    const WRITTEN: [&[u8]; 3] = [b"date", b"subject", b"to"];
    const MADE: [&[u8]; 6] = [
        b"received",
        b"message-id",
        b"mime-version",
        b"return-path",
        b"delivered-to",
        b"dkim-signature",
    ];
    let (mut has_sender, mut written, mut made) = (false, false, false);
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        if !is_header_line(line) {
            return false;
        }
        let colon = memchr::memchr(b':', line).unwrap_or(0);
        let name = line[..colon].to_ascii_lowercase();
        has_sender |= name == b"from";
        written |= WRITTEN.contains(&name.as_slice());
        made |= MADE.contains(&name.as_slice());
    }
    has_sender && written && made
}
