//! Laws of locations, over generated reports in every encoding: what a passage says of its place in
//! the file is so. Also the generator of reports that other laws use.

use encoding_rs::Encoding;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;
use tipsearch::document::Document;
use tipsearch::passage::{PassageSize, cut};
use tipsearch::read::corpus::Corpus;
use tipsearch::read::read;
use tipsearch::read::source::Source;

use crate::places::{Meaning, checked_places};
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

/// All laws of locations, for one file.
fn checked(name: &str, bytes: &[u8]) -> TestCaseResult {
    let Ok(document) = read(name, bytes, &Corpus::default()) else { return Ok(()) };
    checked_places(&document, &Source::decode(bytes), bytes, Meaning::Known)
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

/// A construct that begins in a note and ends after it is cut off where the note ends, within a character.
#[test]
fn constructs_that_overlap_keep_their_places() {
    for (open, close) in [("[[", "]]"), ("{{", "}}"), ("{|\n|", "\n|}"), ("[[a|", "]]")] {
        for text in ["‹", "a‹", "é", "b", ""] {
            let source = format!("Text <ref>{open}{text}</ref>{close} and more {close}");
            checked("report.wiki", source.as_bytes())
                .unwrap_or_else(|error| panic!("{error} in {source:?}"));
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
