//! Readers: the numbers of items of ordered lists, as readers of each format see them.

use super::office::{list_item, open_document, presentation, shape, word};
use super::web::book;
use super::*;

/// The blocks of a document, one a line.
fn items(name: &str, content: impl AsRef<[u8]>) -> String {
    let document = read(name, content.as_ref(), &Corpus::default()).unwrap();
    let texts = document.blocks.iter().map(|block| &document.text[block.range.clone()]);
    texts.map(|text| text.replace('\n', "⏎")).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn hold(name: &str, content: impl AsRef<[u8]>, expected: &[&str]) {
    assert_eq!(items(name, content), expected.join("\n"));
}

#[test]
fn items_of_markdown_have_the_numbers_that_are_written() {
    // The number of a law is no place in a list.
    hold(
        "a.md",
        "Codigo Penal, No.\n\n474. Enacted 2003.\n\n287. Enacted: 1998.\n\n641. Enacted: 2007.\n",
        &["Codigo Penal, No.", "474. Enacted 2003.", "287. Enacted: 1998.", "641. Enacted: 2007."],
    );
    hold("a.md", "1. one\n1. one again\n2. two\n", &["1. one", "1. one again", "2. two"]);
    hold("a.md", "476. a\n476. b\n", &["476. a", "476. b"]);
    hold("a.md", "1. one\n\n3. three\n   1. a\n   1. b\n", &["1. one", "3. three", "1. a", "2. b"]);
    hold("a.md", "> 09. nine\n> 11. eleven\n", &["09. nine", "11. eleven"]);
}

#[test]
fn items_of_markdown_that_all_say_one_are_counted() {
    hold("a.md", "1. one\n1. two\n1. three\n", &["1. one", "2. two", "3. three"]);
    hold("a.md", "text\n\n   2) two\n   3) three\n", &["text", "2) two", "3) three"]);
    hold("a.md", "7) seven\n9) eight\n", &["7) seven", "9) eight"]);
    hold(
        "a.md",
        "2. UCW. *Understanding*\n\n   More.\n\n   - bullet\n   - 1. nested\n     2. twice\n3. ILO\n\ntext\n\n1. [x] new\n",
        &[
            "2. UCW. Understanding",
            "More.",
            "bullet",
            "1. nested",
            "2. twice",
            "3. ILO",
            "text",
            "1. new",
        ],
    );
    // What comes first in an item has its number.
    hold("a.md", "1. 1. deep\n2. > quoted\n3. # Heading\n", &["1. 1. deep", "2. quoted", "3."]);
    hold("a.md", "999999999. last\n1. beyond\n", &["999999999. last", "1. beyond"]);
}

#[test]
fn numbers_whose_text_is_missing_stay() {
    hold("a.md", "1.\n2. two\n3.\n\ntext\n", &["1.", "2. two", "3.", "text"]);
    hold("a.md", "1.\n\n2.\n\n4. 5.\n\n6.\n", &["1.", "2.", "4. 5.", "6."]);
    hold("a.md", "-\n- two\n\ntext\n", &["two", "text"]);
    hold("a.rst", "1.\n\n2. two\n\n(c)\n\n#.\n\ntext\n", &["1.", "2. two", "(c)", "text"]);
    hold("a.org", "1.\n3. three\n4.\n", &["1.", "3. three", "4."]);
    hold("a.typ", "7.\n9. nine\n", &["7.", "9. nine"]);
    let document = read("a.md", b"text\n\n4. 5.\n\n6.\n", &Corpus::default()).unwrap();
    assert_eq!(document.text, "text\n\n4. 5.\n6.");
    let at = document.text.find("6.").unwrap();
    assert_eq!(document.locate(at..at + 2).bytes, Some(13..15));
}

#[test]
fn a_star_that_a_word_leads_to_is_the_sign_of_a_note() {
    hold(
        "a.md",
        "| A | B |\n|---|---|\n| N/A* | Unknown |\n\n* The government does not publish this. \u{2020} For 2020.\n",
        &["A\tB", "N/A*\tUnknown", "* The government does not publish this. \u{2020} For 2020."],
    );
    hold(
        "a.md",
        "Fishing,* farming*\n\n* Evidence is limited.\n\nMore.\n",
        &["Fishing,* farming*", "* Evidence is limited.", "More."],
    );
    // Further items, items within others, other bullets, and where no word has the sign.
    hold("a.md", "Fishing*\n\n* one\n* two\n", &["Fishing*", "one", "two"]);
    hold("a.md", "Fishing*\n\n- one\n  * two\n", &["Fishing*", "one", "two"]);
    hold("a.md", "*Fishing* 2 * 2\n\n* one\n", &["Fishing 2 * 2", "one"]);
}

#[test]
fn numbers_of_markdown_stand_where_they_are_written() {
    let source = "# T\n\n1. UCW. Understanding\n1. ILO\n";
    let document = read("a.md", source.as_bytes(), &Corpus::default()).unwrap();
    let place = |text: &str| {
        let at = document.text.find(text).unwrap();
        source[document.locate(at..at + text.len()).bytes.unwrap()].to_owned()
    };
    assert_eq!(document.text, "1. UCW. Understanding\n2. ILO");
    assert_eq!(place("1. UCW."), "1. UCW.");
    assert_eq!(place("1"), "1");
    // What is counted stands for what is written.
    assert_eq!(place("2."), "1.");
    assert_eq!(place("2. ILO"), "1. ILO");
}

#[test]
fn items_of_web_pages_have_the_numbers_that_browsers_show() {
    let page = |body: &str| format!("<!doctype html><title>T</title><body><p>Before.</p>{body}");
    let hold = |body: &str, expected: &[&str]| {
        let before = ["Before."];
        hold("a.html", page(body), &[&before, expected].concat());
    };
    hold("<ol><li>one<li>two<ul><li>bullet</ul></ol>", &["1. one", "2. two", "bullet"]);
    hold(
        "<ol start=5 type=a><li>e<li value=27><p>aa</p><p>more</p><li>ab</ol>",
        &["e. e", "aa. aa", "more", "ab. ab"],
    );
    hold("<ol reversed><li>two<li>one</ol>", &["2. two", "1. one"]);
    hold(
        "<ol><li><ol type=i><li>deep<li>er</ol><li></li><li>three</ol>",
        &["1. i. deep", "ii. er", "3. three"],
    );
    hold(
        "<ol style='list-style: none'><li>bare</ol><ul style='list-style-type:decimal'><li>own</ul>",
        &["bare", "1. own"],
    );
    hold(
        "<ol style='list-style-type:upper-roman'><li>I<li style='list-style-type: none'>no<li>III</ol>",
        &["I. I", "no", "III. III"],
    );
    hold("<ol><li>one<li hidden>no<li>two</ol><li>stray", &["1. one", "2. two", "stray"]);
    hold(
        "<ol start=99999999999999><li>far</ol><ol start=-1><li>a<li>b</ol>",
        &["99999999999999. far", "-1. a", "0. b"],
    );
    hold("<ol start=99999999999999999999><li>one</ol>", &["1. one"]);
    hold(
        "<table><tr><th>A<th>B<tr><td><ol><li>x<li>y</ol><td>z</table>",
        &["A\tB", "1. x⏎2. y\tz"],
    );
    hold("<ol><li></li></ol><p>After.", &["After."]);
}

#[test]
fn items_of_books_have_numbers() {
    let package = "<package xmlns='http://www.idpf.org/2007/opf' version='3.0'><metadata/><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/></spine></package>";
    let chapter = "<html xmlns='http://www.w3.org/1999/xhtml'><body><ol start='3'><li>three</li><li>four</li></ol></body></html>";
    let members = [("OEBPS/book.opf", package), ("OEBPS/a.xhtml", chapter)];
    hold("a.epub", book(&members), &["3. three", "4. four"]);
}

#[test]
fn items_of_word_have_the_labels_of_their_levels() {
    let level = |level: u8, format: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl='{level}'><w:start w:val='1'/><w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/></w:lvl>"
        )
    };
    let numbering = format!(
        "<w:numbering><w:abstractNum w:abstractNumId='0'>{}{}{}</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>\
         <w:num w:numId='2'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride></w:num></w:numbering>",
        level(0, "decimal", "%1."),
        level(1, "lowerLetter", "(%2)"),
        level(2, "bullet", "·"),
    );
    let cell = format!(
        "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        list_item(1, 0, "cell")
    );
    let body = [
        list_item(1, 0, "one"),
        list_item(1, 1, "a"),
        list_item(1, 1, "b"),
        list_item(1, 2, "bullet"),
        list_item(1, 0, ""),
        list_item(1, 0, "three"),
        list_item(1, 1, "anew"),
        cell,
        list_item(2, 0, "restarted"),
        list_item(2, 0, "goes on"),
    ];
    let document = word(&body.concat(), &[("word/numbering.xml", &numbering)]);
    let expected = [
        "1. one",
        "(a) a",
        "(b) b",
        "bullet",
        "3. three",
        "(a) anew",
        "4. cell\tx",
        "1. restarted",
        "2. goes on",
    ];
    hold("a.docx", document, &expected);
}

#[test]
fn items_of_open_document_have_the_numbers_of_their_style() {
    let style = "<office:document-styles><office:styles><text:list-style style:name='L1'>
        <text:list-level-style-number text:level='1' style:num-suffix=')' style:num-format='1'/>
        <text:list-level-style-number text:level='2' style:num-format='a' style:num-prefix='(' style:num-suffix=')'/>
        <text:list-level-style-number text:level='3' style:num-format='i' style:num-suffix='.' text:display-levels='2'/>
        </text:list-style><text:list-style style:name='L2'><text:list-level-style-bullet text:level='1' text:bullet-char='•'/></text:list-style></office:styles></office:document-styles>";
    let item = |text: &str| format!("<text:list-item>{text}</text:list-item>");
    let p = |text: &str| format!("<text:p>{text}</text:p>");
    let list =
        |attributes: &str, items: &str| format!("<text:list {attributes}>{items}</text:list>");
    let deep = list("", &(item(&p("a")) + &item(&(p("b") + &list("", &item(&p("deepest")))))));
    let first = list(
        "text:style-name='L1'",
        &(item(&(p("one") + &p("more") + &deep))
            + "<text:list-header><text:p>head</text:p></text:list-header>"
            + &item(&p("two"))),
    );
    let body = first
        + &p("between")
        + &list("text:style-name='L1' text:continue-numbering='true'", &item(&p("three")))
        + &list(
            "text:style-name='L1'",
            &(item(&p("anew"))
                + &format!("<text:list-item text:start-value='9'>{}</text:list-item>", p("nine"))),
        )
        + &list("text:style-name='L2'", &item(&p("bullet")));
    let expected = [
        "1) one",
        "more",
        "(a) a",
        "(b) b",
        "b.i. deepest",
        "head",
        "2) two",
        "between",
        "3) three",
        "1) anew",
        "9) nine",
        "bullet",
    ];
    hold("a.odt", open_document(&body, &[("styles.xml", style)]), &expected);
}

#[test]
fn items_of_wikis_are_counted_by_their_marks() {
    hold(
        "a.wiki",
        "# one\n#: goes on\n## a\n##* bullet\n## b\n# two\n#\n# three\n\n# anew\n*# in bullets\n*# twice\n## at once\n",
        &[
            "1. one",
            "goes on",
            "1. a",
            "bullet",
            "2. b",
            "2. two",
            "3. three",
            "1. anew",
            "1. in bullets",
            "2. twice",
            "1. 1. at once",
        ],
    );
    hold("a.wiki", "#REDIRECT [[Almaty]]\n", &["REDIRECT Almaty"]);
    hold("a.wiki", "#".repeat(50_000), &[]);
}

#[test]
fn items_of_latex_are_labelled_by_depth_and_options() {
    hold(
        "a.tex",
        "\\begin{enumerate}\n\\item one\n\\begin{enumerate}\\item a\\begin{enumerate}\\item i\\begin{enumerate}\\item A\\end{enumerate}\\end{enumerate}\\item b\\end{enumerate}\n\\item[*] own\n\\item two\n\\setcounter{enumi}{6}\\item seven\n\\begin{itemize}\\item bullet\\end{itemize}\n\\end{enumerate}",
        &["1. one", "(a) a", "i. i", "A. A", "(b) b", "* own", "2. two", "7. seven", "bullet"],
    );
    hold(
        "a.tex",
        "\\begin{enumerate}[label=\\textbf{(\\roman*)}, start=3]\\item three\\item four\\end{enumerate}\n\\begin{enumerate}[a)]\\item a\\end{enumerate}\n\\begin{enumerate}[noitemsep]\\item one\\end{enumerate}\n\\begin{enumerate}[label=--]\\item none\\end{enumerate}",
        &["(iii) three", "(iv) four", "a) a", "1. one", "none"],
    );
}

#[test]
fn items_of_restructured_text_have_their_enumerators() {
    hold(
        "a.rst",
        "#. one\n#. two\n\n   (a) inner\n   (#) counted\n\n#. three\n\nText.\n\n#. anew\n\n5) five\n\niv. four\n\n- bullet\n",
        &[
            "1. one",
            "2. two",
            "(a) inner",
            "(b) counted",
            "3. three",
            "Text.",
            "1. anew",
            "5) five",
            "iv. four",
            "bullet",
        ],
    );
}

#[test]
fn items_of_org_have_their_numbers_or_are_counted() {
    hold(
        "a.org",
        "1. one\n2. two\n   - bullet\n   - more\n     1) inner\n     1) twice\n3. three\n8. [@7] seven\n9. eight\n\n\n1. anew\n",
        &[
            "1. one", "2. two", "bullet", "more", "1) inner", "2) twice", "3. three", "7. seven",
            "9. eight", "1. anew",
        ],
    );
    hold(
        "a.org",
        "1. one\n1. two\n   more\n\n1. three\n",
        &["1. one", "2. two\u{23ce}more", "3. three"],
    );
    hold("a.org", "1. [@4] four\n1. [@9] nine\n641. law\n", &["4. four", "9. nine", "641. law"]);
}

#[test]
fn items_of_asciidoc_are_labelled_by_depth_and_attributes() {
    hold(
        "a.adoc",
        ". one\n.. a\n... i\n.. b\n* bullet\n. two\n+\n--\nattached\n\n. inner\n--\n. three\n\n[start=4]\n. four\n\n[loweralpha]\n. a\n\ntext\n\n3. three\n4. four\n\ntext\n\nb. bee\nc. cee\n\n----\nx <1>\ny <2>\n----\n<1> callout\n<.> another\n",
        &[
            "1. one",
            "a. a",
            "i. i",
            "b. b",
            "bullet",
            "2. two",
            "attached",
            "1. inner",
            "3. three",
            "4. four",
            "a. a",
            "text",
            "3. three",
            "4. four",
            "text",
            "b. bee",
            "c. cee",
            "x <1>⏎y <2>",
            "<1> callout",
            "<2> another",
        ],
    );
    hold(
        "a.adoc",
        "641. law\n287. law\n\ntext\n\n1. one\n1. one\n2. two\n",
        &["641. law", "287. law", "text", "1. one", "1. one", "2. two"],
    );
    hold(
        "a.adoc",
        "1. one\n\n1. two\n* bullet\n1. three\n\ntext\n\n1. a\n\n== H\n\n1. b\n\n[loweralpha]\n1. a\n3. c\n",
        &["1. one", "2. two", "bullet", "3. three", "text", "1. a", "1. b", "a. a", "c. c"],
    );
    hold(
        "a.adoc",
        "ix) nine\nxi) eleven\n\ntext\n\nc. cee\na. a\n",
        &["ix) nine", "xi) eleven", "text", "c. cee", "a. a"],
    );
}

#[test]
fn items_of_typst_are_counted() {
    hold(
        "a.typ",
        "+ one\n+ two\n  + inner\n  - bullet\n  + anew\n+ three\n\n7. seven\n+ eight\nText.\n+ one\n\n#set enum(numbering: \"(1.a)\", start: 2)\nText.\n+ two\n  + b\n",
        &[
            "1. one", "2. two", "1. inner", "bullet", "1. anew", "3. three", "7. seven",
            "8. eight", "Text.", "1. one", "Text.", "(2) two", "(b) b",
        ],
    );
}

#[test]
fn items_of_rich_text_have_the_numbers_that_stand_beside_them() {
    hold(
        "a.rtf",
        "{\\rtf1 {\\listtext 1.\\tab}\\ls1 one\\par {\\listtext\\'b7\\tab}\\ls1 bullet\\par {\\pntext (b)\\tab}two\\par \\pard\\intbl {\\listtext 3)\\tab}\\ls1 cell\\cell x\\cell\\row\\pard {\\listtext 4.\\tab}\\par End\\par}",
        &["1. one", "bullet", "(b) two", "3) cell\tx", "End"],
    );
}

#[test]
fn items_of_slides_are_counted_by_level() {
    let p = |level: u8, bullet: &str, text: &str| {
        format!("<a:p><a:pPr lvl='{level}'>{bullet}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>")
    };
    let number = "<a:buAutoNum type='arabicPeriod'/>";
    let letter = "<a:buAutoNum type='alphaLcParenBoth' startAt='3'/>";
    let paragraphs = [
        p(0, number, "one"),
        p(1, letter, "c"),
        p(1, letter, "d"),
        p(0, number, "two"),
        p(1, letter, "anew"),
        p(0, "<a:buChar char='-'/>", "bullet"),
        p(0, number, "one again"),
        p(0, "<a:buNone/>", "text"),
    ];
    let slide = shape("body", None, &paragraphs.concat());
    let expected =
        ["1. one", "(c) c", "(d) d", "2. two", "(c) anew", "bullet", "1. one again", "text"];
    hold("a.pptx", presentation(&[(&slide, "")], &[]), &expected);
}

#[test]
fn lists_of_any_depth_and_numbers_of_any_size_are_read() {
    let deep = |unit: &str| unit.repeat(10_000) + "x";
    let sources = [
        ("a.html", deep("<ol reversed start=9223372036854775807 type=a><li>")),
        ("a.html", deep("<li value=-9223372036854775808><ol type=I>")),
        ("a.tex", deep("\\begin{enumerate}\\item \\setcounter{enumi}{9223372036854775807}")),
        ("a.typ", deep("18446744073709551616. ")),
        ("a.org", deep("1. [@999999999] ")),
        ("a.adoc", "[start=9223372036854775807]\n. a\n. x".to_owned()),
        ("a.rst", deep("#. ")),
        ("a.md", deep("1. ")),
    ];
    for (name, source) in sources {
        let start = std::time::Instant::now();
        let text = items(name, source);
        assert!(text.ends_with('x'), "{name}: {}", &text[text.len().saturating_sub(50)..]);
        assert!(start.elapsed().as_secs() < 20, "{name}");
    }
}
