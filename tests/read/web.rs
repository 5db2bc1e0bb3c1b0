//! Readers: web pages and e-books.

use std::io::{Cursor, Write};

use expect_test::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tipsearch::document::Document;
use tipsearch::read::builder::DocumentBuilder;
use tipsearch::read::corpus::Corpus;
use tipsearch::read::html;
use tipsearch::read::read;
use tipsearch::read::source::Source;
use zip::write::SimpleFileOptions;

use super::{check, outline};
use crate::support::{cases, shared};

/// A page whose body is this, in full.
fn in_full(body: &str) -> String {
    outline(&html::read("a.html", body, true))
}

#[test]
fn html_headings_and_text() {
    expect![[r#"
        The report
        lang en
        Paragraph: Lead bold and italic text, joined, X²,⏎on a new line.
        = Prosecution (2008)
        Paragraph: Text & signs — “quoted” ¬it; R&D &bogus; a < b.
        == Role
        Paragraph: Under it.
        = Third level
        Paragraph: Last.
    "#]]
    .assert_eq(&in_full(
        "<!DOCTYPE html><html lang=en><head><title>The report | The site</title></head><body>\n\
         <h1>The report</h1>\n<p>Lead  <b>bold</b>\n and <i>italic</i> text, jo<b>in</b>ed, X<sup>2</sup>, <br>\n on a new line.\n\
         <h2 id=p>Prosecution\n(2008)</h2>Text &amp; signs &mdash; &ldquo;quoted&#8221; &notit; R&D &bogus; a < b.\
         <div role=heading aria-level=3>Role</div><p>Under it.</p><h2>Third <span>level</span></h2><p>Last.",
    ));
}

#[test]
fn html_lists_tables_quotations_code_and_notes() {
    expect![[r#"
        a
        @links: https://example.org/?a=1&b=2
        ListItem: one
        ListItem: deeper
        ListItem: more of one
        ListItem: two, a link
        ListItem: term
        ListItem: meaning
        Paragraph: Figures
        TableRow: Year | Cases
        TableRow: 2007 | twenty⏎two
        TableRow: 2006 |  | 13
        Quotation: Quoted text.
        Quotation: More.
        Code: fn main() {⏎    a  &lt;⏎}
        Paragraph: A caption.
        Paragraph: Summary
        Paragraph: Detail.
        Paragraph: Text.
        Note: 1. The note.
        Note: Another.
    "#]]
    .assert_eq(&in_full(
        "<ul><li>one<ul><li>deeper</ul>more of one<li><p>two, <a href='https://example.org/?a=1&amp;b=2'>a link</a></p></ul>\
         <dl><dt>term<dd>meaning</dl>\
         <table><caption>Figures</caption><thead><tr><th>Year<th>Cases</thead>\
         <tr><td rowspan=2>2007<td colspan=4000000000><p>twenty</p><p>two</p><tr><td>2006<td><td> 13 </table>\
         <blockquote><p>Quoted text.</p>More.</blockquote>\
         <pre>\nfn main() {\n    a  &amp;lt;\n}</pre>\
         <figure><img alt=x><figcaption>A caption.</figcaption></figure>\
         <details><summary>Summary</summary>Detail.</details>\
         <p>Text.<a href='#fn1'>1</a></p><section role=doc-endnotes><ol><li id=fn1>The note. <a href=#r>↩</a></li></ol></section>\
         <aside epub:type=footnote>Another.</aside>",
    ));
}

#[test]
fn html_that_is_broken() {
    expect![[r#"
        a
        Paragraph: ab<3 </ p>
        Paragraph: bold both italic after
        Paragraph: kept-->x
        Paragraph: x
        TableRow: 1 | 2
        TableRow: 3
        Paragraph: out of its cell
        Paragraph: [CDATA[ 0 ?> hidden ]]
        Paragraph: end
    "#]]
    .assert_eq(&in_full(
        "<p>a\0b<3 &lt;/ p><p>bold <b>both <i>italic</b></i> after</div></p></p>\
         <!-- <p>not shown --!><p class=a'b id=\"x>y\">kept<!-->\
         <script>if (a</b) '<!--<script></script>' </script>-->x</script>\n\
         <p>x<style>p { } </p></style>\
         <table><tr><td>1<td>2</tr><td>3</td></tr></table>out of its cell\
         <p>[CDATA[<![CDATA[<?php echo 1 > 0 ?> hidden ]]</p><p>end<a href='x",
    ));
}

/// The words of an article, so that there is enough to find it by.
const LINE: &str = "<p>The government prosecuted traffickers, protected victims, and trained officials in all regions, \
                    but courts convicted fewer offenders than in the previous year, and shelters lacked funds.</p>";

fn article(lines: usize) -> String {
    LINE.repeat(lines)
}

#[test]
fn main_content_without_its_page() {
    let page = format!(
        "<html><head><title>Country report - The Ministry</title></head><body>\
         <div class=cookie-banner><p>We use cookies, and more cookies, to make this better for you.</p></div>\
         <header><a href=/>The Ministry</a><nav><ul><li><a href=/a>Home</a><li><a href=/b>News</a></ul></nav></header>\
         <div id=wrap><div class=sidebar><h3>Latest</h3><ul><li><a href=/1>One</a><li><a href=/2>Two</a></ul></div>\
         <div class=report-text><h1>Country report</h1>{}<h2>Protection</h2><ul><li>Shelters, of which two closed.<li>A hotline.</ul>{}\
         <p style='display: none'>Never shown.</p><p hidden>Nor this.</p><div aria-hidden=true>Nor that.</div>\
         <table><tr><th>Year<th>Cases<tr><td>2019<td>12</table>\
         <div class=share><a href=/f>Share</a> <a href=/t>Tweet</a></div></div>\
         <div class=comments><p>A reader says, at length, that this is all well known, and has been so for years.</p></div></div>\
         <footer><p>Copyright, all rights reserved, by the Ministry, in the year.</p></footer></body></html>",
        article(3),
        article(2)
    );
    let text = LINE.trim_start_matches("<p>").trim_end_matches("</p>");
    let expected = format!(
        "Country report\nParagraph: {text}\nParagraph: {text}\nParagraph: {text}\n= Protection\n\
         ListItem: Shelters, of which two closed.\nListItem: A hotline.\nParagraph: {text}\nParagraph: {text}\n\
         TableRow: Year | Cases\nTableRow: 2019 | 12\n"
    );
    assert_eq!(outline(&html::read("a.html", &page, false)), expected);
    let all = outline(&html::read("a.html", &page, true));
    for kept in
        ["We use cookies", "Home", "Latest", "Tweet", "A reader says", "Never shown", "Copyright"]
    {
        assert!(all.contains(kept), "{kept} is not kept:\n{all}");
    }
}

/// Text that only looks as if it were beside the content is kept: a report in a form, in a cell, in
/// sections, under a class that says `remarks`.
#[test]
fn reports_are_not_lost() {
    let frames = [
        ("<form id=aspnetForm><input type=hidden><div>", "</div></form>"),
        ("<table width=100%><tr><td><a href=/>Home</a><td>", "</table>"),
        ("<div class=remarks>", "</div>"),
        ("<div class='page-footer-template header'>", "</div>"),
        ("<main><section class=sidebar-layout>", "</section></main>"),
        ("<center><font size=2>", "</font></center>"),
        ("<my-app><my-view>", "</my-view></my-app>"),
        ("<article><div class=extra>", "</div></article>"),
    ];
    for (open, close) in frames {
        let page = format!(
            "<body><p>One.</p>{open}<h2>A</h2>{}<h2>B</h2>{}{close}",
            article(3),
            article(3)
        );
        let document = html::read("a.html", &page, false);
        let found = document.text.matches("The government prosecuted").count();
        assert_eq!((found, document.sections.len()), (6, 3), "{open}: {}", outline(&document));
    }
    for short in ["<p>Only a line.</p>", "Only a line.", "<div><a href=/>Only a line.</a></div>"] {
        assert_eq!(html::read("a.html", short, false).text, "Only a line.", "{short}");
    }
    // Parts of unequal length, deep in the page, of which the first has most points.
    let parts: String = [9, 4, 2, 1, 3]
        .into_iter()
        .map(|lines| format!("<div><div><div><h2>Part</h2>{}</div></div></div>", article(lines)))
        .collect();
    let page = format!("<body><div class=nav-bar><a href=/>Home</a></div><div>{parts}</div>");
    let document = html::read("a.html", &page, false);
    assert_eq!(document.text.matches("The government prosecuted").count(), 19);
    assert!(!document.text.contains("Home"), "{}", document.text);
    let sections: String =
        (0..5).map(|n| format!("<section><h2>{n}</h2>{}</section>", article(2))).collect();
    let page = format!("<body><nav>Menu</nav><main>{sections}</main>");
    assert_eq!(html::read("a.html", &page, false).sections.len(), 6);
}

/// Signs that link to a heading are not in it, nor are buttons; a short main landmark is still the
/// content; a list of sources is kept.
#[test]
fn what_stands_beside_headings_and_text() {
    let page = "<title>A - Site</title><div id=help><h2>Help</h2><p>Press S to search in the book, and Esc to hide this help again.</p></div>\
                <main><h1 id=a><a href=#a>A</a> <button>Copy</button></h1><p>Short.</p><h2 id=s>Sources <a href=#s>¶</a><span class=mw-editsection>[edit]</span></h2>\
                <ul><li>See <a href=/law>Law on trafficking</a> (2009).<li>And <a href=/r>the report</a>.</ul></main>";
    expect![[r#"
        A
        @links: /law | /r
        Paragraph: Short.
        = Sources
        ListItem: See Law on trafficking (2009).
        ListItem: And the report.
    "#]]
    .assert_eq(&outline(&html::read("a.html", page, false)));
}

#[test]
fn html_metadata() {
    check(
        "a.html",
        "<html xml:lang=FR-ca><head><title>Rapport annuel | Ministère</title>\
         <meta property='og:title' content='Rapport annuel'><meta name=author content='A. Martin'>\
         <meta name=keywords content='traite, victimes'><meta name=description content='Un rapport.'>\
         <meta property='article:published_time' content='2019-06-20T10:00:00+02:00'>\
         <meta property='og:site_name' content='Ministère'><link rel=canonical href='https://example.org/r'>\
         </head><body><p>Texte du rapport.</p>",
        expect![[r#"
            Rapport annuel
            @author: A. Martin
            @date: 2019-06-20
            @description: Un rapport.
            @keywords: traite | victimes
            @publisher: Ministère
            @url: https://example.org/r
            @year: 2019
            lang fr-ca
            Paragraph: Texte du rapport.
        "#]],
    );
    check(
        "b.html",
        "<html><meta http-equiv=content-language content='de, en'><meta name=DC.creator content='B'><meta name='DCTERMS.issued' content='1998'>\
         <script type='application/ld+json'>{\"@graph\":[{\"@type\":\"WebSite\",\"name\":\"No\"},{\"@type\":[\"NewsArticle\"],\
         \"headline\":\"Die Überschrift\",\"publisher\":{\"@type\":\"Organization\",\"name\":\"Das Amt\"},\"author\":[{\"name\":\"C\"},\"D\"]}]}</script>\
         <script type='application/ld+json'>{broken</script><h1>Die  Überschrift</h1><p>Text.</p>",
        expect![[r#"
            Die Überschrift
            @author: C | D
            @date: 1998
            @publisher: Das Amt
            @year: 1998
            lang de
            Paragraph: Text.
        "#]],
    );
}

/// Ids that links use are the slugs of sections; every slug is one of its own.
#[test]
fn anchors_are_slugs() {
    let page = "<h2 id=Sec.1>One</h2><p>a</p><a name='two'></a><h2>Two</h2><p>b</p><section id=three><h2>Three</h2>\
                <p>c</p></section><h2><span id=four>Four</span></h2><p id=x>d</p><h2>Five</h2><h2 id='two'>Six</h2><h2 id='a b'>Seven</h2>";
    let slugs: Vec<String> =
        html::read("a.html", page, true).sections.into_iter().map(|section| section.slug).collect();
    assert_eq!(slugs, ["a", "Sec.1", "two", "three", "four", "five", "two-2", "seven"]);
}

/// Every piece of text is at its bytes: equal to them, or what they stand for.
fn places_are_true(source: &str, document: &Document) {
    let mut covered = 0;
    for run in &document.map.runs {
        let text = &document.text[run.text..run.text + run.text_len];
        let place = &source[run.source..run.source + run.source_len];
        assert!(run.text >= covered, "{run:?}");
        let made = &document.text[covered..run.text];
        assert!(made.trim().is_empty(), "{made:?} came from nowhere");
        covered = run.text + run.text_len;
        let is_same = text == place
            || text == htmlize::unescape(place)
            || text == " " && htmlize::unescape(place).trim().is_empty()
            || text == "\n" && place.to_lowercase().contains("br")
            || text.ends_with('.') && place.to_lowercase().starts_with("<li");
        assert!(is_same, "{text:?} is not {place:?}");
    }
    for section in &document.sections {
        let Some(place) = section.source.clone() else { continue };
        assert!(!source[place].is_empty());
    }
}

#[test]
fn places_of_every_page() {
    let page = "<h1>T &amp; t</h1><p>a  b\n c&nbsp;d <b> e</b><br>f\r\n</p><pre>x\r\n  y &lt;</pre><ul><li>ж\u{a0}х</ul>";
    let document = html::read("a.html", page, true);
    assert_eq!(document.text, "a b c\u{a0}d e\nf\n\nx\r\n  y <\n\nж\u{a0}х");
    places_are_true(page, &document);
    let Some(folder) = shared("formats/html") else { return };
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let bytes = std::fs::read(entry.path().join("source.html")).unwrap();
        let source = Source::decode(&bytes);
        for keep_all in [false, true] {
            places_are_true(&source.text, &html::read("a.html", &source.text, keep_all));
        }
    }
}

/// What pages are made of, well formed or not.
const PIECES: &[&str] = &[
    "word ",
    "and more, of it. ",
    " ",
    "\n",
    " \r\n ",
    "\u{a0}",
    "é",
    "中文。",
    "&amp;",
    "&nbsp;",
    "&#10;",
    "&lt",
    "&",
    "\0",
    "<p>",
    "</p>",
    "<div class=content>",
    "<div class='comment sidebar'>",
    "</div>",
    "<b>",
    "</b>",
    "<a href=x>",
    "</a>",
    "<h1 id=a>",
    "</h1>",
    "<h2>",
    "</h2>",
    "<div role=heading>",
    "<ul>",
    "<ol class=footnotes>",
    "<ol start=99999999999999 type=i>",
    "<ol reversed style='list-style: upper-roman'>",
    "</ol>",
    "<li id=fn1>",
    "<li value=-3>",
    "<li>",
    "</li>",
    "</ul>",
    "<dl><dt>",
    "<dd>",
    "</dl>",
    "<table>",
    "<tr>",
    "<td>",
    "<th colspan=9>",
    "</td>",
    "</tr>",
    "</table>",
    "<caption>",
    "<blockquote>",
    "</blockquote>",
    "<pre>",
    "</pre>",
    "<br>",
    "</br>",
    "<hr/>",
    "<span hidden>",
    "<span style='display:block'>",
    "</span>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<svg>",
    "</svg>",
    "<math>",
    "<template>",
    "</template>",
    "<select><option>",
    "</select>",
    "<nav>",
    "</nav>",
    "<main>",
    "</main>",
    "<article>",
    "<section role=doc-endnotes>",
    "<footer>",
    "<html lang=en>",
    "<head>",
    "<title>",
    "</title>",
    "<body>",
    "</body>",
    "<form>",
    "<button>",
    "<x-y>",
    "</x-y>",
    "<",
    "</",
    "<a b='",
    "<p>The government prosecuted traffickers, protected victims, and trained officials in all of its regions.</p>",
];

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn places_of_any_page(pieces in vec(select(PIECES), 0..40), keep_all in any::<bool>()) {
        let page = pieces.concat();
        let document = html::read("a.html", &page, keep_all);
        places_are_true(&page, &document);
        let mut end = 0;
        for (at, block) in document.blocks.iter().enumerate() {
            let gap = &document.text[end..block.range.start];
            let expected = match (at, block.tight) {
                (0, _) => "",
                (_, true) => "\n",
                (_, false) => "\n\n",
            };
            prop_assert_eq!(gap, expected);
            let text = &document.text[block.range.clone()];
            prop_assert!(!text.is_empty() && text.trim() == text, "{:?}", text);
            end = block.range.end;
        }
        prop_assert_eq!(end, document.text.len());
        let mut slugs: Vec<&str> = document.sections.iter().map(|s| s.slug.as_str()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        prop_assert_eq!(slugs.len(), document.sections.len());
    }
}

/// The words of a text with how often each comes.
fn words(text: &str) -> std::collections::HashMap<String, i64> {
    let mut words = std::collections::HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *words.entry(word.to_lowercase()).or_default() += 1;
    }
    words
}

fn text_and_headings(document: &Document) -> String {
    let headings = document.sections.iter().skip(1).map(|section| section.heading.as_str());
    headings.chain([document.text.as_str()]).collect::<Vec<_>>().join("\n")
}

/// Mozilla's test pages: the content that Readability finds is found, with little beside it.
#[test]
fn content_of_test_pages() {
    let Some(folder) = shared("formats/html") else { return };
    let (mut sum, mut count, mut poor) = (0.0, 0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let text = |name: &str, keep_all| {
            let bytes = std::fs::read(entry.path().join(name)).unwrap();
            text_and_headings(&html::read("a.html", &Source::decode(&bytes).text, keep_all))
        };
        let (found, expected) =
            (words(&text("source.html", false)), words(&text("expected.html", true)));
        let shared: i64 =
            found.iter().map(|(word, count)| *count.min(expected.get(word).unwrap_or(&0))).sum();
        let share = |of: i64| if of == 0 { 1.0 } else { shared as f64 / of as f64 };
        let (precision, recall) = (share(found.values().sum()), share(expected.values().sum()));
        sum += 2.0 * precision * recall / (precision + recall);
        count += 1;
        if recall < 0.95 {
            poor.push(format!("{}: {recall:.3}", entry.file_name().display()));
        }
    }
    assert!(poor.is_empty(), "{poor:?}");
    let mean = sum / f64::from(count);
    // One page keeps a gallery of fifty captions that stands in its article; the others reach .996.
    assert!(mean >= 0.97, "mean F1 is {mean:.4}");
}

#[test]
fn declared_encodings_are_believed() {
    let page = |declaration: &str, encoding: &'static encoding_rs::Encoding, text: &str| {
        let text = format!("{declaration}<p>{text}</p>");
        encoding.encode(&text).0.into_owned()
    };
    let cases = [
        ("<meta charset=windows-1254>", encoding_rs::WINDOWS_1254, "İş", "windows-1254"),
        (
            "<html><head><META HTTP-EQUIV='content-type' CONTENT='text/html; charset=iso-8859-7'>",
            encoding_rs::ISO_8859_7,
            "Αθήνα",
            "ISO-8859-7",
        ),
        ("<?xml version='1.0' encoding='koi8-r'?><html>", encoding_rs::KOI8_R, "Суд", "KOI8-R"),
        ("<meta charset=\"shift_jis\">", encoding_rs::SHIFT_JIS, "日本", "Shift_JIS"),
        ("<meta charset=iso-2022-jp>", encoding_rs::ISO_2022_JP, "日本", "ISO-2022-JP"),
        ("<meta charset=windows-1251>", encoding_rs::UTF_8, "Суд", "UTF-8"),
        ("<!-- a --><meta name=a><meta charset = 'gbk' >", encoding_rs::GBK, "中文", "GBK"),
    ];
    for (declaration, encoding, text, name) in cases {
        let bytes = page(declaration, encoding, text);
        let source = Source::decode(&bytes);
        assert_eq!(source.encoding, name, "{declaration}");
        assert!(source.text.contains(text), "{declaration}: {}", source.text);
    }
    // No page, no declaration.
    let bytes =
        encoding_rs::WINDOWS_1251.encode("О <meta charset=shift_jis> в законе говорится многое.").0;
    assert_eq!(Source::decode(&bytes).encoding, "windows-1251");
}

#[test]
fn html_is_added_to_a_message() {
    let mut builder = DocumentBuilder::of_pages("a.eml");
    html::add(
        &mut builder,
        "<style>p{}</style><h2>Head</h2><p>Dear  all,<br>see <a href=https://example.org>this</a>.</p>",
    );
    expect![[r#"
        a
        @links: https://example.org
        = Head
        Paragraph: Dear all,⏎see this.
    "#]]
    .assert_eq(&outline(&builder.finish()));
}

#[test]
fn hostile_pages_take_linear_time() {
    let many = 50_000;
    let pages = [
        "<div>".repeat(many) + "x" + &"</div>".repeat(many),
        "<b><p>".repeat(many) + "x",
        "<table>".repeat(5000) + "<h1>x</h1>",
        "<p><div>".repeat(many) + &"</p>".repeat(many) + "x",
        "<p><button>".repeat(many) + &"</p>".repeat(many) + "x",
        "<table><tr><td>".repeat(many) + "x",
        "<ul><li>".repeat(many) + "x",
        "<a href=x><div>".repeat(many) + "x" + &"</a></div>".repeat(many),
        "<h1><div>".repeat(many) + "x",
        "<h2>x</h2>".repeat(many),
        "<x-a>".repeat(many) + &"</x-b>".repeat(many) + "x",
        "x".to_owned() + &"<!-- -- ".repeat(many),
        "x".to_owned() + &"<!DOCTYPE [>".repeat(many),
        "x<svg>".to_owned() + &"<![CDATA[".repeat(many),
        "x".to_owned() + &"<a b='".repeat(many),
        "x<a ".to_owned() + &"b ".repeat(many) + ">",
        "x<script>".to_owned() + &"<!--<script>".repeat(many),
        "x<p class='".to_owned() + &"comment sidebar ".repeat(many) + "'>",
        "x".to_owned() + &"&#0".repeat(many),
        "x".to_owned() + &"<select><option>".repeat(many),
        "x".to_owned() + &"<svg><foreignObject>".repeat(many),
        "<blockquote><pre>".repeat(many) + "x",
        "x".to_owned() + &"<meta name=author content=x>".repeat(many),
        "x<script type='application/ld+json'>".to_owned() + &"[".repeat(many) + "</script>",
        "<div><p>one, two, three, four, five, six</p>".repeat(many) + "x",
    ];
    for page in pages {
        let start = std::time::Instant::now();
        html::read("a.html", &page, false);
        let document = html::read("a.html", &page, true);
        let shown = &page[..page.len().min(60)];
        // Measured: at most 0.9 s in an unoptimized build; quadratic time would be minutes.
        assert!(start.elapsed().as_secs() < 20, "{shown}");
        assert!(text_and_headings(&document).contains('x') || document.title == "x", "{shown}");
    }
}

/// An e-book of these members.
pub fn book(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let container = "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>\
                     <rootfile full-path='OEBPS/book.opf' media-type='application/oebps-package+xml'/></rootfiles></container>";
    let first = [("mimetype", "application/epub+zip"), ("META-INF/container.xml", container)];
    for (name, content) in first.iter().chain(members) {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const PACKAGE: &str = "<?xml version='1.0'?><package version='3.0' xmlns:opf='x'><metadata xmlns:dc='y'>\
    <dc:title>The  book</dc:title><dc:creator opf:role='aut'>A. Author</dc:creator><dc:language>fr-CA</dc:language>\
    <dc:date>2012-02-20T00:00:00Z</dc:date><dc:publisher>P &amp; Q</dc:publisher><dc:subject>Law</dc:subject>\
    <dc:identifier>urn:isbn:1</dc:identifier><dc:rights>CC BY</dc:rights></metadata>\
    <manifest><item id='nav' href='nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>\
    <item id='c1' href='text/ch%201.xhtml' media-type='application/xhtml+xml'/>\
    <item id='c2' href='text/../text/ch2.xhtml' media-type='application/xhtml+xml'/>\
    <item id='c3' href='gone.xhtml' media-type='application/xhtml+xml'/>\
    <item id='p' href='p.png' media-type='image/png'/></manifest>\
    <spine><itemref idref='nav'/><itemref idref='c2'/><itemref idref='c1'/><itemref idref='c3'/><itemref idref='p'/></spine></package>";

const NAVIGATION: &str = "<html xmlns:epub='z'><body><nav epub:type='toc'><h1>Contents</h1><ol>\
    <li><a href='text/ch2.xhtml'>Part <b>one</b></a><ol><li><a href='text/ch%201.xhtml#s'>The law</a></li></ol></li></ol></nav>\
    <nav epub:type='page-list'><ol><li><a href='text/ch%201.xhtml#p12'>xii</a></li></ol></nav></body></html>";

const CHAPTER: &str = "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE html [<!ENTITY x '>'>]><html><head><title>No</title>\
    <script/></head><body><section id='s'><h1>The law</h1><p>First<a id='p12'/> page.</p><h2>Below</h2>\
    <p>More.<span epub:type='pagebreak' title='13'/> On it.<a epub:type='noteref' href='#n'>1</a></p>\
    <aside id='n' epub:type='footnote'>A note.</aside><nav>Kept here.</nav></section></body></html>";

#[test]
fn epub_chapters_in_order_with_their_places() {
    let bytes = book(&[
        ("OEBPS/book.opf", PACKAGE),
        ("OEBPS/nav.xhtml", NAVIGATION),
        ("OEBPS/text/ch 1.xhtml", CHAPTER),
        (
            "OEBPS/text/Ch2.xhtml",
            "<html><body><p>No heading.</p><div hidden='hidden'>no</div></body></html>",
        ),
    ]);
    check(
        "a.epub",
        &bytes,
        expect![[r#"
            The book
            @author: A. Author
            @date: 2012-02-20
            @identifier: urn:isbn:1
            @language: fr-CA
            @publisher: P & Q
            @rights: CC BY
            @subject: Law
            @year: 2012
            lang fr-ca
            = Part one
            Paragraph: No heading.
            == The law
            Paragraph: First page.
            === Below
            Paragraph: More. On it.
            Note: A note.
            Paragraph: Kept here.
            warning: `OEBPS/gone.xhtml` is missing
        "#]],
    );
    let document = read("a.epub", &bytes, &Corpus::default()).unwrap();
    let place = |text: &str| {
        let at = document.text.find(text).unwrap();
        let location = document.locate(at..at + text.len());
        (location.part.unwrap(), location.paragraphs, location.page_labels.map(|labels| labels.0))
    };
    let part = "OEBPS/text/ch 1.xhtml".to_owned();
    assert_eq!(place("No heading"), ("OEBPS/text/ch2.xhtml".to_owned(), Some((1, 1)), None));
    assert_eq!(place("First"), (part.clone(), Some((2, 2)), None));
    assert_eq!(place(" page."), (part.clone(), Some((2, 2)), Some("xii".to_owned())));
    assert_eq!(place("On it"), (part.clone(), Some((4, 4)), Some("13".to_owned())));
    assert_eq!(place("A note"), (part, Some((5, 5)), Some("13".to_owned())));
}

#[test]
fn epub_in_many_parts_has_one_tree_of_headings() {
    let parts = [
        "<h1>Part I</h1><p>Of the part.</p>",
        "<h1>Chapter 1</h1><p>Begins.</p>",
        "<h2>A section</h2><p>Of the section.</p>",
        "<p>It goes on.</p>",
        // The heading of the chapter over a page of it.
        "<h1>Chapter 1</h1><p>On the next page.</p><h3>Deeper</h3><p>There.</p>",
        "<h1>Chapter 2</h1><p>Another.</p>",
        "<p>Its end.</p>",
        "<h1>Part II</h1>",
    ];
    let numbers = || 0..parts.len();
    let items: String = numbers()
        .map(|at| {
            format!("<item id='p{at}' href='p{at}.xhtml' media-type='application/xhtml+xml'/>")
        })
        .collect();
    let spine: String = numbers().map(|at| format!("<itemref idref='p{at}'/>")).collect();
    let package = format!(
        "<package version='3.0'><metadata><dc:title>Cut</dc:title></metadata><manifest><item id='nav' href='nav.xhtml' \
         properties='nav' media-type='application/xhtml+xml'/>{items}</manifest><spine>{spine}</spine></package>"
    );
    let navigation = "<html><body><nav epub:type='toc'><ol><li><a href='p0.xhtml'>Part I</a><ol>\
        <li><a href='p1.xhtml'>Chapter 1</a></li><li><a href='p3.xhtml'>Page 4</a></li><li><a href='p5.xhtml'>Chapter 2</a></li></ol></li>\
        <li><a href='p7.xhtml'>Part II</a></li></ol></nav></body></html>";
    let pages: Vec<(String, String)> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            (format!("OEBPS/p{at}.xhtml"), format!("<html><body>{part}</body></html>"))
        })
        .collect();
    let mut members = vec![("OEBPS/book.opf", package.as_str()), ("OEBPS/nav.xhtml", navigation)];
    members.extend(pages.iter().map(|(name, page)| (name.as_str(), page.as_str())));
    let bytes = book(&members);
    check(
        "a.epub",
        &bytes,
        expect![[r#"
            Cut
            lang en
            = Part I
            Paragraph: Of the part.
            == Chapter 1
            Paragraph: Begins.
            === A section
            Paragraph: Of the section.
            Paragraph: It goes on.
            Paragraph: On the next page.
            ==== Deeper
            Paragraph: There.
            == Chapter 2
            Paragraph: Another.
            Paragraph: Its end.
            = Part II
        "#]],
    );
    let document = read("a.epub", &bytes, &Corpus::default()).unwrap();
    let at = document.text.find("It goes on").unwrap();
    assert_eq!(document.locate(at..at + 2).page_labels, Some(("4".to_owned(), "4".to_owned())));
}

#[test]
fn epub_2_with_an_ncx() {
    let package = "<package version='2.0'><metadata><dc:title>Old</dc:title><dc:date opf:event='creation'>2001</dc:date>\
        <dc:date opf:event='publication'>1999-05</dc:date></metadata><manifest><item id='n' href='toc.ncx' media-type='application/x-dtbncx+xml'/>\
        <item id='t' href='toc.html' media-type='application/xhtml+xml'/><item id='a' href='a.html' media-type='application/xhtml+xml'/></manifest>\
        <spine toc='n'><itemref idref='t'/><itemref idref='a'/></spine><guide><reference type='toc' href='toc.html'/></guide></package>";
    let ncx = "<ncx><navMap><navPoint><navLabel><text>Chapter I</text></navLabel><content src='a.html'/></navPoint></navMap></ncx>";
    let bytes = book(&[
        ("OEBPS/book.opf", package),
        ("OEBPS/toc.ncx", ncx),
        ("OEBPS/toc.html", "<p>Contents</p><ul><li><a href='a.html'>Chapter I</a></ul>"),
        ("OEBPS/a.html", "<p>Text.<p>More."),
    ]);
    check(
        "a.epub",
        bytes,
        expect![[r#"
            Old
            @date: 1999-05
            @year: 1999
            = Chapter I
            Paragraph: Text.
            Paragraph: More.
        "#]],
    );
}

#[test]
fn epub_that_cannot_be_read() {
    let encryption = |algorithm: &str| {
        format!(
            "<encryption><enc:EncryptedData><enc:EncryptionMethod Algorithm='{algorithm}'/><enc:CipherData>\
             <enc:CipherReference URI='OEBPS/text/ch%201.xhtml'/></enc:CipherData></enc:EncryptedData></encryption>"
        )
    };
    let chapters = [("OEBPS/book.opf", PACKAGE), ("OEBPS/text/ch 1.xhtml", CHAPTER)];
    let with = |name, content| book(&[chapters[0], chapters[1], (name, content)]);
    let locked = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc");
    check(
        "a.epub",
        with("META-INF/encryption.xml", &locked),
        expect![[r#"
            not read: it is encrypted (digital rights management), and opens with the key of its buyer only
        "#]],
    );
    let font =
        encryption("http://www.idpf.org/2008/embedding").replace("text/ch%201.xhtml", "a.otf");
    assert!(read("a.epub", &with("META-INF/encryption.xml", &font), &Corpus::default()).is_ok());
    check(
        "a.epub",
        book(&[]),
        expect![[r#"
            not read: it has no package document, which names its chapters
        "#]],
    );
    check(
        "a.epub",
        book(&[("OEBPS/book.opf", PACKAGE)]),
        expect![[r#"
            not read: `OEBPS/nav.xhtml` is missing
        "#]],
    );
    let mut damaged = book(&chapters);
    damaged.truncate(400);
    assert!(read("a.epub", &damaged, &Corpus::default()).is_err());
}

#[test]
fn accessible_epub_3() {
    let Some(folder) = shared("formats/epub") else { return };
    let bytes = std::fs::read(folder.join("accessible_epub_3.epub")).unwrap();
    let document = read("accessible_epub_3.epub", &bytes, &Corpus::default()).unwrap();
    assert_eq!(document.title, "Accessible EPUB 3");
    let headings: Vec<&str> = document.sections.iter().map(|s| s.heading.as_str()).collect();
    for heading in ["Preface", "Conventions Used in This Book", "Using Code Examples"] {
        assert!(headings.contains(&heading), "{headings:?}");
    }
    let chapters: Vec<&str> =
        document.sections.iter().filter(|s| s.depth == 1).map(|s| s.heading.as_str()).collect();
    assert!(chapters.contains(&"Chapter 1. Introduction"), "{chapters:?}");
    assert!(document.warnings.is_empty(), "{:?}", document.warnings);
}

#[test]
fn epub_parts_that_are_in_the_contents_alone() {
    let package = "<package version='3.0'><metadata><dc:title>Book</dc:title></metadata><manifest>\
        <item id='n' href='nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>\
        <item id='a' href='a.xhtml' media-type='application/xhtml+xml'/><item id='b' href='b.xhtml' media-type='application/xhtml+xml'/></manifest>\
        <spine><itemref idref='a'/><itemref idref='b'/></spine></package>";
    let navigation = "<html xmlns:epub='z'><body><nav epub:type='toc'><ol><li><a href='a.xhtml'>Introduction</a></li>\
        <li><span>Part I</span><ol><li><a href='b.xhtml'>Chapter 1</a></li></ol></li></ol></nav></body></html>";
    let bytes = book(&[
        ("OEBPS/book.opf", package),
        ("OEBPS/nav.xhtml", navigation),
        ("OEBPS/a.xhtml", "<html><body><h1>Introduction</h1><p>Text.</p></body></html>"),
        ("OEBPS/b.xhtml", "<html><body><h1>Chapter 1</h1><p>More.</p></body></html>"),
    ]);
    check(
        "a.epub",
        bytes,
        expect![[r#"
        Book
        = Introduction [background]
        Paragraph: Text.
        = Part I
        == Chapter 1
        Paragraph: More.
    "#]],
    );
}
