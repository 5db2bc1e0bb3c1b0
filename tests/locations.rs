//! Laws of locations, over generated reports in every encoding: what a passage says of its place in
//! the file is so. Also the generator of reports that other laws use.

use encoding_rs::Encoding;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;
use std::ops::Range;
use tipsearch::document::{Document, Grain, Run};
use tipsearch::passage::{Cut, PassageSize, cut};
use tipsearch::read::builder::collapse;
use tipsearch::read::corpus::Corpus;
use tipsearch::read::read;
use tipsearch::read::source::Source;

use crate::support::cases;

/// What reports are made of, well formed or not.
const PIECES: &[&str] = &[
    // Words, and ends of sentences.
    "border guards",
    "police",
    "Victims",
    "the",
    "U.S.",
    "No. 5",
    "Art. 125(3)(b)",
    "$35,000",
    "Dr.",
    ". ",
    ". ",
    ".\n",
    "! ",
    "? ",
    "…",
    "; ",
    ", ",
    ": ",
    ". (2,4,7) ",
    "e.g. ",
    "’s ",
    "“",
    "”",
    // Blanks and ends of lines.
    " ",
    " ",
    " ",
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\n\n",
    "\n\n\n",
    "  \n",
    "\t",
    "    ",
    "\u{a0}",
    "\u{3000}",
    "\u{2028}",
    "\u{85}",
    "\u{c}",
    "\u{b}",
    "\\\n",
    "\r",
    "\r\n",
    // Markdown.
    "\n# ",
    "\n## Protection\n",
    "\n### ",
    "\n###### ",
    "Title\n===\n",
    "Head\n---\n",
    "\n- ",
    "\n* ",
    "\n  - ",
    "\n1. ",
    "\n   2) ",
    "\n- [x] ",
    "\n> ",
    "\n> > ",
    "\n    ",
    "\n```\n",
    "\n~~~ rust\n",
    "\n| a | b |\n|---|---|\n| c | d |\n",
    "\n|",
    "|",
    "---",
    "***",
    "**",
    "*",
    "_",
    "~~",
    "`",
    "``",
    "[link](https://example.org/a_(b) \"t\")",
    "[a][b]",
    "[^1]",
    "\n[^1]: ",
    "![",
    "](",
    "[",
    "]",
    "<https://example.org>",
    "<b>",
    "</b>",
    "<br>",
    "<br/>",
    "\n<div>\n",
    "</div>\n",
    "<!--",
    "-->",
    "&amp;",
    "&nbsp;",
    "&#1234;",
    "&#x110000;",
    "&notin;",
    "&",
    "&copy",
    "\\*",
    "\\",
    "\n---\n",
    "---\n",
    "+++\n",
    "title: A report\n",
    "Country: Kazakhstan\n",
    "Year: 2008\n",
    // Wikitext.
    "\n= Title =\n",
    "\n==Prosecution (2008)==\n",
    "\n=== ",
    " ===\n",
    "\n====",
    "\n:",
    "\n;",
    "\n#",
    "\n*#:",
    "'''",
    "''",
    "'''''",
    "''''",
    "[[",
    "]]",
    "[[Page|label]]",
    "[[File:A.jpg|thumb|A caption]]",
    "[[Category:Law]]",
    "[[fr:Loi]]",
    "[https://example.org label]",
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{{lang|fr|mot}}",
    "{{cite web|title=A|url=b}}",
    "\n{{Infobox\n|name=A\n|b=c\n}}\n",
    "\n{|\n",
    "\n|-\n",
    "\n|+ ",
    "\n! ",
    "\n| ",
    "||",
    "!!",
    "\n|}\n",
    "<ref>",
    "</ref>",
    "<ref name=a />",
    "<nowiki>",
    "</nowiki>",
    "<pre>",
    "</pre>",
    "<gallery>\n",
    "</gallery>",
    "File:A.jpg|b\n",
    "<math>",
    "</math>",
    "__NOTOC__",
    "#REDIRECT [[Page]]",
    // Plain text.
    "\nII. LEGAL FRAMEWORK\n",
    "\n2.1 Victims\n",
    "\nArticle 5.\n",
    "\nCAPITALS ALONE\n",
    "\n(a) ",
    "\n• ",
    // Other scripts, and what is more than one character.
    "Торговля людьми ",
    "қазақ",
    "人口贩运。",
    "カタカナ",
    "한국어",
    "الاتجار بالأشخاص؟ ",
    "עִבְרִית",
    "हिन्दी। ",
    "e\u{301}",
    "\u{301}",
    "👮\u{200D}♀️",
    "🇰🇿",
    "\u{AD}",
    "\u{200B}",
    "\u{202E}",
    "\u{FEFF}",
    "\u{1F}",
    "\u{FFFD}",
    "é",
    "€",
    "«",
    "»",
    "—",
    "ß",
    "ﬁ",
    "\u{10FFFF}",
];

/// Sentences that show which script a report is in.
const LEADS: &[&str] = &[
    "",
    "Victims of trafficking are often exploited in agriculture and in domestic service.",
    "Торговля людьми остаётся серьёзной проблемой, и правительство не выделяет средств на защиту.",
    "Les victimes de la traite des êtres humains sont privées de leurs papiers à l’arrivée.",
    "Ofiary handlu ludźmi są często zmuszane do pracy w rolnictwie i w usługach domowych.",
    "人口贩运仍然是一个严重的问题，政府没有采取足够的措施保护受害者。",
    "人身売買は依然として深刻な問題であり、政府は被害者を十分に保護していません。",
    "인신매매는 여전히 심각한 문제이며 정부는 피해자를 충분히 보호하지 않는다.",
    "لا يزال الاتجار بالأشخاص مشكلة خطيرة ولم تتخذ الحكومة تدابير كافية لحماية الضحايا.",
];

/// The text of a report: pieces with one kind of line end, most of them ending as files do.
pub fn report() -> impl Strategy<Value = String> {
    let pieces = vec(select(PIECES), 0..30);
    let line_end = select(&["\n", "\n", "\r\n", "\r"][..]);
    (pieces, line_end, select(LEADS), 0..8u8).prop_map(|(pieces, line_end, lead, odd)| {
        let mut text = pieces.concat();
        if odd < 4 {
            text.insert_str(0, lead);
        }
        text.replace('\n', line_end)
    })
}

/// The names of reports, one for each format.
pub fn name() -> impl Strategy<Value = &'static str> {
    select(&["report.md", "report.wiki", "report.txt"][..])
}

const ENCODINGS: &[&str] = &[
    "UTF-8",
    "UTF-8 marked",
    "UTF-16LE",
    "UTF-16LE marked",
    "UTF-16BE",
    "UTF-16BE marked",
    "UTF-32LE marked",
    "UTF-32BE marked",
    "UTF-32LE",
    "windows-1251",
    "windows-1252",
    "windows-1250",
    "windows-1256",
    "KOI8-R",
    "ISO-8859-5",
    "IBM866",
    "macintosh",
    "gb18030",
    "GBK",
    "Big5",
    "Shift_JIS",
    "EUC-JP",
    "EUC-KR",
];

/// The encodings with a byte order mark.
const MARKED: &[&str] =
    &["UTF-8 marked", "UTF-16LE marked", "UTF-16BE marked", "UTF-32LE marked", "UTF-32BE marked"];

/// A text in an encoding; what a legacy encoding lacks becomes `&#1234;`.
fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let (name, is_marked) =
        encoding.strip_suffix(" marked").map_or((encoding, false), |name| (name, true));
    let marked = if is_marked { format!("\u{FEFF}{text}") } else { text.to_owned() };
    let units = || marked.encode_utf16();
    match name {
        "UTF-8" => marked.into_bytes(),
        "UTF-16LE" => units().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => units().flat_map(u16::to_be_bytes).collect(),
        "UTF-32LE" => marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        "UTF-32BE" => marked.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        name => {
            Encoding::for_label(name.as_bytes()).expect("an encoding").encode(text).0.into_owned()
        }
    }
}

/// Decodes a piece of a file apart from what reads it; `None` where that cannot be done for a piece.
fn decoded(bytes: &[u8], encoding: &str) -> Option<String> {
    // What is left over at the end of a file is no character.
    let rest = |width: usize| (!bytes.len().is_multiple_of(width)).then_some('\u{FFFD}');
    let units = |unit: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks().0.iter().map(|&pair| unit(pair));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).chain(rest(2)).collect()
    };
    let quads = |quad: fn([u8; 4]) -> u32| {
        let quads = bytes.as_chunks().0.iter().map(|&four| quad(four));
        quads.map(|number| char::from_u32(number).unwrap_or('\u{FFFD}')).chain(rest(4)).collect()
    };
    match encoding {
        "UTF-16LE" => Some(units(u16::from_le_bytes)),
        "UTF-16BE" => Some(units(u16::from_be_bytes)),
        "UTF-32LE" => Some(quads(u32::from_le_bytes)),
        "UTF-32BE" => Some(quads(u32::from_be_bytes)),
        // Which characters its bytes are depends on what stands before them.
        "ISO-2022-JP" => None,
        name => {
            let encoding = Encoding::for_label(name.as_bytes())?;
            Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
        }
    }
}

/// The line (one-based) of an offset in a file, by counting the ends of lines before it.
fn line_of(bytes: &[u8], offset: usize, encoding: &str) -> usize {
    let width = match encoding {
        "UTF-16LE" | "UTF-16BE" => 2,
        "UTF-32LE" | "UTF-32BE" => 4,
        _ => 1,
    };
    let is_little = encoding.ends_with("LE");
    let unit = |chunk: &[u8]| -> u32 {
        let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        if is_little { chunk.iter().rev().fold(0, add) } else { chunk.iter().fold(0, add) }
    };
    let units: Vec<u32> = bytes.chunks(width).map(unit).collect();
    let ends_at = |index: usize| match units[index] {
        0x0A => true,
        0x0D => units.get(index + 1) != Some(&0x0A),
        _ => false,
    };
    1 + (0..offset / width).filter(|&index| ends_at(index)).count()
}

/// Whether an offset stands before the line end that ends the file: no line begins after it.
fn checked_lines(
    document: &Document,
    bytes: &[u8],
    place: &Range<usize>,
    encoding: &str,
) -> TestCaseResult {
    let lines = (line_of(bytes, place.start, encoding), line_of(bytes, place.end - 1, encoding));
    let found = document.lines_of(place);
    // Damage may part a line end of two units, which the two ways of counting then see otherwise.
    let slack = usize::from(encoding.starts_with("UTF-16") || encoding.starts_with("UTF-32"));
    let is_near = found.0.abs_diff(lines.0) <= slack && found.1.abs_diff(lines.1) <= slack;
    prop_assert!(is_near, "bytes {place:?}: {found:?}, not {lines:?}");
    Ok(())
}

/// A run's text is what its bytes mean, both by the source's own account and by another decoder's.
fn checked_run(
    document: &Document,
    source: &Source<'_>,
    bytes: &[u8],
    run: &Run,
) -> TestCaseResult {
    let place = run.source..run.source + run.source_len;
    let text = &document.text[run.text..run.text + run.text_len];
    prop_assert!(place.end <= bytes.len(), "{run:?} of {}", bytes.len());
    let slice = source.slice(place.clone());
    match run.grain {
        Grain::Verbatim => prop_assert_eq!(&bytes[place], text.as_bytes()),
        Grain::Characters { .. } => {
            if let Some(other) = decoded(&bytes[place], source.encoding) {
                prop_assert_eq!(other.as_str(), text, "{:?}", run);
            }
        }
        Grain::Whole => {
            // An entity is what it means, except in code.
            let slice = slice.unwrap_or_default();
            if slice.starts_with("&#") {
                return Ok(()); // numbers of control characters mean different things
            }
            let meant = [slice, &htmlize::unescape(slice)].map(collapse);
            let is_meant = meant.iter().any(|meant| meant.contains(&collapse(text)));
            prop_assert!(is_meant, "{run:?}: {text:?} from {slice:?}");
            return Ok(());
        }
    }
    prop_assert_eq!(slice, Some(text), "{:?}", run);
    Ok(())
}

/// A passage's bytes hold the sources of all its runs, and every letter has one.
fn checked_passage(document: &Document, cut: &Cut) -> TestCaseResult {
    let Some(place) = document.map.locate(cut.range.clone()) else {
        let text = &document.text[cut.range.clone()];
        prop_assert!(!text.contains(char::is_alphanumeric), "no place for {text:?}");
        return Ok(());
    };
    prop_assert_eq!(cut.location.bytes.as_ref(), Some(&place));
    let mut covered = cut.range.start;
    for run in &document.map.runs {
        let (start, end) =
            (run.text.max(cut.range.start), (run.text + run.text_len).min(cut.range.end));
        if start >= end {
            continue;
        }
        let made = &document.text[covered..start];
        prop_assert!(!made.contains(char::is_alphanumeric), "{made:?} came from nowhere");
        covered = end;
        let whole = start == run.text && end == run.text + run.text_len;
        let inside = match whole {
            true => Some(run.source..run.source + run.source_len),
            false => document.map.locate(start..end),
        };
        let is_inside =
            inside.is_some_and(|inside| place.start <= inside.start && inside.end <= place.end);
        prop_assert!(is_inside, "{run:?} is outside of {place:?}");
    }
    Ok(())
}

/// All laws of locations, for one file.
fn checked(name: &str, bytes: &[u8]) -> TestCaseResult {
    let Ok(document) = read(name, bytes, &Corpus::default()) else { return Ok(()) };
    let source = Source::decode(bytes);
    for run in &document.map.runs {
        checked_run(&document, &source, bytes, run)?;
    }
    let in_order =
        document.map.runs.windows(2).all(|pair| pair[0].text + pair[0].text_len <= pair[1].text);
    prop_assert!(in_order, "runs overlap");
    for cut in cut(&document, PassageSize { target: 40, max: 60 }) {
        checked_passage(&document, &cut)?;
        if let Some(place) = &cut.location.bytes {
            prop_assert!(place.start < place.end && place.end <= bytes.len(), "{place:?}");
            prop_assert_eq!(cut.location.lines, Some(document.lines_of(place)));
            checked_lines(&document, bytes, place, source.encoding)?;
        }
    }
    for place in document.sections.iter().filter_map(|section| section.source.as_ref()) {
        prop_assert!(source.slice(place.clone()).is_some_and(|line| !line.is_empty()), "{place:?}");
        checked_lines(&document, bytes, place, source.encoding)?;
    }
    Ok(())
}

#[test]
fn encodings_are_recognized() {
    let expected: &[(&str, usize)] = &[
        ("UTF-8", 2),
        ("UTF-16LE", 2),
        ("UTF-16BE", 1),
        ("UTF-32LE", 2),
        ("windows-1251", 2),
        ("KOI8-U", 2),
        ("ISO-8859-5", 2),
        ("IBM866", 2),
        ("windows-1252", 3),
        ("windows-1250", 4),
        ("gb18030", 5),
        ("Big5", 0),
        ("Shift_JIS", 6),
        ("EUC-JP", 6),
        ("EUC-KR", 7),
        ("windows-1256", 8),
    ];
    for &(name, lead) in expected {
        let lead = if name == "Big5" {
            "人口販運仍然是一個嚴重的問題，政府沒有採取足夠的措施保護受害者。"
        } else {
            LEADS[lead]
        };
        let text = format!("{lead} {lead}\n");
        let bytes = encoded(&text, name);
        let source = Source::decode(&bytes);
        let is_same = source.encoding == name || (name, source.encoding) == ("gb18030", "GBK");
        assert!(is_same, "{name} was taken for {}", source.encoding);
        assert_eq!(source.text, text, "{name}");
    }
}

#[test]
fn every_line_end_counts_once() {
    for (line_end, encoding) in
        ["\n", "\r\n", "\r"].iter().flat_map(|end| ENCODINGS.iter().map(move |e| (end, e)))
    {
        let text =
            format!("One.{line_end}{line_end}Two.{line_end}{line_end}{line_end}Three.{line_end}");
        let bytes = encoded(&text, encoding);
        let document = read("report.txt", &bytes, &Corpus::default()).expect("a document");
        let lines: Vec<_> = cut(&document, PassageSize { target: 1, max: 8 })
            .iter()
            .map(|cut| cut.location.lines)
            .collect();
        assert_eq!(lines, [Some((1, 1)), Some((3, 3)), Some((6, 6))], "{line_end:?} in {encoding}");
    }
}

/// Many bytes for one character, and characters that come from no bytes of their own.
#[test]
fn odd_sequences_of_legacy_encodings_keep_their_places() {
    let escapes = [b"\x1b(J\x1b(B".repeat(60), "\x1b$B?M?H\x1b(B.".repeat(4).into_bytes()].concat();
    let broken: &[u8] = b"\xc8\xcb\xbf\xda\x81\x30\x81\x20 0 \xc8\xcb\x84\x31\xa4x\xbf\xda";
    for bytes in [escapes.as_slice(), &broken.repeat(8)] {
        for name in ["report.txt", "report.md", "report.wiki"] {
            checked(name, bytes).unwrap_or_else(|error| panic!("{error} in {name}"));
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_place_is_true_in_utf_8(text in report(), name in name(), marked in any::<bool>()) {
        checked(name, &encoded(&text, if marked { "UTF-8 marked" } else { "UTF-8" }))?;
    }

    #[test]
    fn every_place_is_true_in_every_encoding(
        text in report(),
        name in name(),
        encoding in select(ENCODINGS),
    ) {
        checked(name, &encoded(&text, encoding))?;
    }

    #[test]
    fn every_place_is_true_in_damaged_files(
        text in report(),
        name in name(),
        encoding in select(ENCODINGS),
        damage in vec((any::<usize>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = encoded(&text, encoding);
        for (place, byte) in damage {
            let length = bytes.len().max(1);
            match bytes.get_mut(place % length) {
                Some(found) if byte % 4 > 0 => *found = byte,
                Some(_) => drop(bytes.remove(place % length)),
                None => bytes.push(byte),
            }
        }
        checked(name, &bytes)?;
    }

    #[test]
    fn a_text_reads_the_same_in_every_unicode_encoding(
        text in report(),
        name in name(),
        encoding in select(MARKED),
    ) {
        let text = text.trim_start_matches('\u{FEFF}');
        let plain = read(name, text.as_bytes(), &Corpus::default());
        let other = read(name, &encoded(text, encoding), &Corpus::default());
        let shown = |document: Document| {
            let headings: Vec<String> = document.sections.into_iter().map(|s| s.heading).collect();
            (document.title, headings, document.text, document.blocks, document.metadata)
        };
        prop_assert_eq!(plain.map(shown), other.map(shown));
    }

    #[test]
    fn no_bytes_are_too_odd_to_decode(
        bytes in vec(any::<u8>(), 0..120),
        cuts in vec((0..140usize, 0..140usize), 4),
    ) {
        let source = Source::decode(&bytes);
        prop_assert_eq!(source.slice(0..bytes.len()).map(str::len).is_some(), true);
        for (start, end) in cuts {
            source.slice(start..end);
        }
        for name in ["report.txt", "report.md", "report.wiki"] {
            checked(name, &bytes)?;
        }
    }
}
