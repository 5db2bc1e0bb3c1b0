//! Readers: files as people and programs write them, beside what their formats are meant for.

use expect_test::expect;
use tipsearch::read::corpus::Corpus;
use tipsearch::read::records;
use tipsearch::read::{Input, Record};

use super::office::word;
use super::{check, outline};

/// All documents of a file, each as an outline.
fn all(name: &str, bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut each = |record: Record<'_>| {
        match record {
            Record::Document(document, _) => out.push_str(&outline(&document)),
            Record::Failed(id, reason) => out.push_str(&format!("{id}: {reason}\n")),
            Record::PassedOver(id, what) => out.push_str(&format!("{id} is {what}\n")),
        }
        std::ops::ControlFlow::Continue(())
    };
    let input = Input::new(bytes).unwrap();
    let outcome = records(name, input, &Corpus::default(), &mut each);
    if let Err(refusal) = outcome {
        out.push_str(&format!("{refusal:?}\n"));
    }
    out
}

#[test]
fn formats_are_known_by_content_where_the_name_says_nothing() {
    let page = "<!-- saved from a site -->\n<!DOCTYPE html><html><head><title>T</title></head><body><h1>Page</h1><p>Text of it.</p></body></html>";
    let piece = "<h1>Piece</h1>\n<p>Text of the piece.</p><h2>Second</h2><p>More.</p>";
    let head = "<head><title>T</title></head><body><h1>Head first</h1><p>Text.</p></body>";
    let markdown = "# Title\n\nText with **bold** and [a link](https://example.org).\n\n## Section\n\n- item\n";
    let settings = "---\ntitle: Set\ndate: 2019-05-06\n---\n\nText only.\n";
    let table = "Country,Year,Finding\nKenya,2008,\"22 cases, 3 convicted\"\nPeru,2009,none\n";
    let tabs = "Country\tYear\nKenya\t2008\nPeru\t2009\n";
    let rst = "==========\nThe Report\n==========\n\n:Author: Ann Lee\n\nScope\n=====\n\nText ``code``.\n";
    let latex = "\\section{Scope}\nText \\emph{here}.\n";
    let files = [page, piece, head, markdown, settings, table, tabs, rst, latex];
    let read: String = files.iter().map(|file| all("file", file.as_bytes())).collect();
    expect![[r#"
        Page
        Paragraph: Text of it.
        Piece
        Paragraph: Text of the piece.
        = Second
        Paragraph: More.
        Head first
        Paragraph: Text.
        Title
        @links: https://example.org
        Paragraph: Text with bold and a link.
        = Section
        ListItem: item
        Set
        @date: 2019-05-06
        @year: 2019
        Paragraph: Text only.
        file
        TableRow: Country: Kenya | Year: 2008 | Finding: 22 cases, 3 convicted
        TableRow: Country: Peru | Year: 2009 | Finding: none
        file
        TableRow: Country: Kenya | Year: 2008
        TableRow: Country: Peru | Year: 2009
        The Report
        @author: Ann Lee
        = Scope
        Paragraph: Text code.
        file
        = Scope
        Paragraph: Text here.
    "#]]
    .assert_eq(&read);
    // Prose stays prose.
    check(
        "letter",
        "Dear Anna, dear Bert,\nwe met in Astana, Kazakhstan, in May,\nand we thank you, all of us, for it.\n",
        expect![[r#"
            letter
            Paragraph: Dear Anna, dear Bert,⏎we met in Astana, Kazakhstan, in May,⏎and we thank you, all of us, for it.
        "#]],
    );
}

#[test]
fn json_lines_are_known_by_content_and_the_usual_names_of_fields() {
    let lines = "{\"_id\": \"a\", \"title\": \"One\", \"text\": \"First.\"}\n{\"doc_id\": \"b\", \"headline\": \"Two\", \"body\": \"Second.\", \"date\": \"2019-05-06\"}\n{\"id\": 3, \"contents\": \"Third.\", \"abstract\": \"Kept beside it.\"}\n";
    let expected = expect![[r#"
        One
        Paragraph: First.
        Two
        @date: 2019-05-06
        @year: 2019
        Paragraph: Second.
        3
        @abstract: Kept beside it.
        Paragraph: Third.
    "#]];
    expected.assert_eq(&all("records.json", lines.as_bytes()));
    assert_eq!(
        all("records", lines.as_bytes()).replace("records#", "records.json#"),
        all("records.json", lines.as_bytes())
    );
}

#[test]
fn sentences_of_plain_text_that_begin_as_headings_do() {
    check(
        "law.txt",
        "REPORT ON THE LAW\n\nArticle 128 of the Penal Code prohibits all forms of trafficking, and\nprescribes penalties of 3 to 15 years.\n\nArticle 5 Victims\nVictims are protected.\n\nСтатья 128 Уголовного кодекса запрещает\nторговлю людьми.\n\nPart 1, Article 2 and\nPart 2 apply.\n\n*** END OF THE REPORT ***\n",
        expect![[r#"
            REPORT ON THE LAW
            lang en
            Paragraph: Article 128 of the Penal Code prohibits all forms of trafficking, and⏎prescribes penalties of 3 to 15 years.
            = Article 5 Victims
            Paragraph: Victims are protected.
            Paragraph: Статья 128 Уголовного кодекса запрещает⏎торговлю людьми.
            Paragraph: Part 1, Article 2 and⏎Part 2 apply.
            Paragraph: *** END OF THE REPORT ***
        "#]],
    );
}

#[test]
fn markdown_of_other_programs() {
    check(
        "a.md",
        "# Executive summary {#summary .unnumbered}\n\nText.\n\nTerm\n:   Its meaning.\n\n<figure>\n<img src=\"a.png\"\nalt=\"A shelter\" />\n<figcaption>The shelter</figcaption>\n</figure>\n\n# Prosecution\n\nText.\n",
        expect![[r#"
            a
            = Executive summary [summary]
            Paragraph: Text.
            ListItem: Term
            ListItem: Its meaning.
            Paragraph: The shelter
            = Prosecution [prosecution]
            Paragraph: Text.
        "#]],
    );
}

#[test]
fn latex_as_pandoc_writes_it() {
    check(
        "a.tex",
        "\\documentclass{article}\n\\hypersetup{pdfauthor={Ann Lee; Bo Li}}\n\\author{Ann Lee \\and Bo Li}\n\\begin{document}\n\\section{\\texorpdfstring{With an \\href{https://example.org}{embedded link}}{With an embedded link}}\n\\begin{Shaded}\n\\begin{Highlighting}[]\n\\KeywordTok{def}\n\\end{Highlighting}\n\\end{Shaded}\n\\begin{longtable}{ll}\n\\caption{Cases}\\\\\nYear & Found \\\\\n\\midrule\n\\endfirsthead\nYear & Found \\\\\n\\midrule\n\\endhead\nContinued & below \\\\\n\\endfoot\n\\endlastfoot\n2016 & 14 \\\\\n\\end{longtable}\n\\end{document}\n",
        expect![[r#"
            a
            @author: Ann Lee | Bo Li
            = With an embedded link
            Paragraph: def
            Paragraph: Cases
            TableRow: Year | Found
            TableRow: 2016 | 14
        "#]],
    );
}

#[test]
fn asciidoc_and_typst_as_pandoc_writes_them() {
    check(
        "a.adoc",
        "= Title\n\nTerm::\n  Its meaning.\n  +\n  More of it.\n\n'''''\n\nEnd.\n",
        expect![[r#"
            Title
            ListItem: Term
            ListItem: Its meaning.
            Code: More of it.
            Paragraph: End.
        "#]],
    );
    check(
        "a.typ",
        "#let conf(title: none, doc) = {\n  doc\n}\n#show: doc => conf(\n  title: [The Report],\n  subtitle: [Of the mission],\n  authors: (\n    ( name: [Ann Lee],\n      email: \"\" ),\n    ),\n  date: [2019-05-14],\n  abstract: [What it says.],\n  doc,\n)\n\n= First\nText.\n",
        expect![[r#"
            The Report
            @author: Ann Lee
            @date: 2019-05-14
            @year: 2019
            Paragraph: Of the mission
            Paragraph: What it says.
            = First
            Paragraph: Text.
        "#]],
    );
}

#[test]
fn marks_of_notes_are_no_part_of_words_and_numbers() {
    check(
        "a.html",
        "<html lang=en><body><h1>Report</h1><p>They found 5<a href=\"#fn2\" class=\"footnote-ref\" id=\"fnref2\" role=\"doc-noteref\"><sup>2</sup></a> cases of labour.<sup class=reference><a href=\"#cite_note-x-1\">[1]</a></sup> See <a href=\"#s2\">2</a> and m<sup>2</sup>.</p><figure><img alt=\"A shelter\"><figcaption aria-hidden=\"true\">A shelter</figcaption></figure><section class=footnotes role=doc-endnotes><ol><li id=fn2><p>Two appeals.<a href=\"#fnref2\" role=\"doc-backlink\">↩︎</a></p></li></ol></section></body></html>",
        expect![[r#"
            Report
            lang en
            Paragraph: They found 5 cases of labour. See 2 and m².
            Paragraph: A shelter
            Note: 1. Two appeals.
        "#]],
    );
}

#[test]
fn wikitext_as_wikipedia_writes_it() {
    check(
        "a.wiki",
        "Some {{formatnum:1234567}} people{{snd}}{{as of|2008}}, {{frac|1|2}} of {{nowrap|3 of 5}}.<references />\n\n{{Blockquote|text=Nobody came.|author=A victim}}\n\n[[File:x.jpg|thumb|A shelter|alt=House]]\n\n* {{cite book |last=Smith |first=Ann |title=The Law |publisher=Press |year=1999 |url=https://example.org}}\n<poem>Verse</poem>\n\n{{reflist|refs=<ref name=\"x\">Kept.</ref>}}",
        expect![[r#"
            a
            @links: https://example.org
            @references: Kept.
            @templates: snd | as of | frac | nowrap | blockquote | cite book | reflist
            lang en
            Paragraph: Some 1234567 people – as of 2008, 1/2 of 3 of 5.
            Quotation: Nobody came.
            Paragraph: A shelter
            ListItem: Smith, Ann, The Law, Press, 1999
            Paragraph: Verse
        "#]],
    );
    check(
        "b.wiki",
        "= Executive summary =\nText.\n= Prosecution =\nMore.\n",
        expect![[r#"
        b
        = Executive summary [summary]
        Paragraph: Text.
        = Prosecution [prosecution]
        Paragraph: More.
    "#]],
    );
}

#[test]
fn word_titles_of_other_languages_hidden_styles_and_legal_numbers() {
    let styles = "<w:styles>
        <w:style w:type='paragraph' w:styleId='T'><w:name w:val='Titre'/></w:style>
        <w:style w:type='character' w:styleId='H'><w:name w:val='Hidden'/><w:rPr><w:vanish/></w:rPr></w:style>
        <w:style w:type='paragraph' w:styleId='P'><w:name w:val='Hidden text'/><w:rPr><w:vanish/></w:rPr></w:style>
        </w:styles>";
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId='0'>
        <w:lvl w:ilvl='0'><w:start w:val='2'/><w:numFmt w:val='upperRoman'/><w:lvlText w:val='%1.'/></w:lvl>
        <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:isLgl/><w:lvlText w:val='%1.%2'/></w:lvl>
        </w:abstractNum><w:num w:numId='7'><w:abstractNumId w:val='0'/></w:num></w:numbering>";
    let heading = |level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val='Heading{}'/><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='7'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>",
            level + 1
        )
    };
    let body = [
        "<w:p><w:pPr><w:pStyle w:val='T'/></w:pPr><w:r><w:t>Le rapport</w:t></w:r></w:p>".to_owned(),
        heading(0, "Loi"),
        heading(1, "Sources"),
        "<w:p><w:r><w:t>Shown</w:t></w:r><w:r><w:rPr><w:rStyle w:val='H'/></w:rPr><w:t> not shown</w:t></w:r><w:r><w:rPr><w:rStyle w:val='H'/><w:vanish w:val='0'/></w:rPr><w:t> again</w:t></w:r></w:p>".to_owned(),
        "<w:p><w:pPr><w:pStyle w:val='P'/></w:pPr><w:r><w:t>Not shown</w:t></w:r></w:p>".to_owned(),
    ];
    check(
        "a.docx",
        word(&body.concat(), &[("word/styles.xml", styles), ("word/numbering.xml", numbering)]),
        expect![[r#"
            Le rapport
            = II. Loi
            == 2.1 Sources [references]
            Paragraph: Shown again
        "#]],
    );
}

#[test]
fn word_headings_that_are_bold_letters_only() {
    let bold = |text: &str| format!("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>");
    let text = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let prose = text(&"The inspectors found that children worked in the kilns. ".repeat(10));
    let body = [
        bold("REPORT ON LABOUR"),
        bold("1. Introduction"),
        prose.clone(),
        bold("2. Findings"),
        prose.clone(),
        bold("2.1 Kilns"),
        prose.clone(),
        bold("A bold sentence is no heading."),
        prose,
    ];
    let read = tipsearch::read::read("a.docx", &word(&body.concat(), &[]), &Corpus::default());
    let document = read.unwrap();
    let headings: Vec<String> = document.sections[1..]
        .iter()
        .map(|section| format!("{} {}", section.depth, section.heading))
        .collect();
    assert_eq!(document.title, "REPORT ON LABOUR");
    assert_eq!(headings, ["1 1. Introduction", "1 2. Findings", "2 2.1 Kilns"]);
    // A short text with a few bold lines is left as it is.
    check(
        "b.docx",
        word(&[bold("One"), text("Text."), bold("Two"), text("More.")].concat(), &[]),
        expect![[r#"
            b
            Paragraph: One
            Paragraph: Text.
            Paragraph: Two
            Paragraph: More.
        "#]],
    );
}

#[test]
fn rich_text_whose_title_is_known_by_its_place() {
    check(
        "a.rtf",
        "{\\rtf1{\\pard \\qc \\b \\fs36 The Report on Labour\\par}{\\pard \\qc Ann Lee\\par}{\\pard \\ql \\outlinelevel0 First\\par}{\\pard Text.\\par}}",
        expect![[r#"
            The Report on Labour
            Paragraph: Ann Lee
            = First
            Paragraph: Text.
        "#]],
    );
}

#[test]
fn texts_by_name_of_typst_and_plans_of_org() {
    check(
        "a.typ",
        "#let country = \"Ruritania\"\n= Chapter\nIn #country there are cases; #country.len() is code.\n",
        expect![[r#"
            Chapter
            Paragraph: In Ruritania there are cases; is code.
        "#]],
    );
    check(
        "a.org",
        "#+TITLE: T\n#+DATE: <2018-03-04 Sun>\n* DONE One\nCLOSED: [2018-01-01 Mon]\n:PROPERTIES:\n:CUSTOM_ID: one\n:END:\nText.\n",
        expect![[r#"
            T
            @date: 2018-03-04
            @year: 2018
            = One
            Paragraph: Text.
        "#]],
    );
}

#[test]
fn numbered_headings_stand_beside_one_another() {
    check(
        "a.txt",
        "REPORT\n\nI. INTRODUCTION\n\nII. BACKGROUND\n\nIII. METHODS\n\nWe asked.\n\nPART I\n\nCHAPTER I\n\nOF GUARDS\n\nThey came.\n",
        expect![[r#"
            REPORT
            = I. INTRODUCTION [background]
            = II. BACKGROUND [background]
            = III. METHODS [methodology]
            Paragraph: We asked.
            = PART I
            == CHAPTER I
            === OF GUARDS
            Paragraph: They came.
        "#]],
    );
    // Each stood under the one before it, deeper than can be counted.
    let many = "II. LE\n".repeat(300);
    let bytes = format!("E\n\n{many}");
    let document = tipsearch::read::read("a.txt", bytes.as_bytes(), &Corpus::default()).unwrap();
    assert!(document.sections.iter().all(|section| section.depth < 3));
}

#[test]
fn chapters_whose_numbers_stand_alone() {
    check(
        "a.txt",
        "CHAPTER I\n\nTHE BEGINNING\n\nIt was a dark night in Zenda.\n\nCHAPTER II\n\nTHE MIDDLE\n\nThen the sun came up.\n",
        expect![[r#"
            a
            = CHAPTER I
            == THE BEGINNING
            Paragraph: It was a dark night in Zenda.
            = CHAPTER II
            == THE MIDDLE
            Paragraph: Then the sun came up.
        "#]],
    );
}

#[test]
fn the_head_of_a_page_that_pandoc_wrote() {
    let text =
        "The inspectors found that children worked in the kilns, and that nobody went there. "
            .repeat(6);
    let page = format!(
        "<html lang=en><head><title>Report</title></head><body><header id=\"title-block-header\"><h1 class=\"title\">Report</h1><p class=\"author\">Ann Lee</p><div class=\"abstract\"><p>What it says.</p></div></header><nav id=\"TOC\"><ul><li><a href=\"#a\">A</a></li></ul></nav><h1 id=\"a\">A</h1><p>{text}</p></body></html>"
    );
    let document = tipsearch::read::read("a.html", page.as_bytes(), &Corpus::default()).unwrap();
    assert!(
        document.text.starts_with("Ann Lee\n\nWhat it says.\n\nThe inspectors"),
        "{}",
        document.text
    );
}
