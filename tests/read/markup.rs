//! Readers: markup.

use std::fmt::Write;
use std::time::Instant;

use expect_test::expect;
use tipsearch::read::jsonl::{Mapping, Record, records};

use super::lawful::{LONGEST, document, holds, hostile, hostile_markup, lawful};
use super::{check, outline};

#[test]
fn marks_of_notes_stay_where_lines_of_metadata_are_taken_out() {
    let source = "# T\n\nYear: 2008[^2]\nCountry: Peru\n\nSaid so.[^1] More.\n\n[^1]: A source.\n\n[^2]: Another.\n";
    let document = document("a.md", source);
    assert_eq!(document.metadata["country"], ["Peru"]);
    let marks: Vec<(&str, &str)> = document
        .note_marks
        .iter()
        .map(|mark| {
            (&document.text[..mark.text], &document.text[document.blocks[mark.block].range.clone()])
        })
        .collect();
    assert_eq!(marks, [("Said so.", "A source.")]);
    // Nothing but such lines and their note.
    super::lawful::document("b.md", "Year: 2[^1]\n[^1]:0");
}

#[test]
fn csv_rows_name_their_columns() {
    check(
        "cases.csv",
        "Country,Year,\"Remarks, if any\"\r\nKenya,2019,\"Said \"\"no\"\",\r\nthen left\"\r\nPeru,,\r\n\r\nMali,2020, trimmed ,extra\r\n",
        expect![[r#"
            cases
            TableRow: Country: Kenya | Year: 2019 | Remarks, if any: Said "no",␍⏎then left
            TableRow: Country: Peru
            TableRow: Country: Mali | Year: 2020 | Remarks, if any: trimmed | extra
        "#]],
    );
    let source = "a,b\nsaid \"x\",\"he \"\"y\"\" z\"\n";
    let document = document("a.csv", source);
    let at = document.text.find("y").unwrap();
    assert_eq!(document.locate(at..at + 1).bytes, Some(19..20));
    assert_eq!(document.locate(at - 1..at).bytes, Some(17..19));
}

#[test]
fn csv_delimiters_titles_and_comments() {
    check(
        "a.csv",
        "Table 5. Cases by country\n# source: police, 2020\nCountry;Cases;Share\nKenya;5;1,5\nPeru;7;2,5\n",
        expect![[r#"
            Table 5. Cases by country
            Paragraph: source: police, 2020
            TableRow: Country: Kenya | Cases: 5 | Share: 1,5
            TableRow: Country: Peru | Cases: 7 | Share: 2,5
        "#]],
    );
    check(
        "a.tsv",
        "Kenya\t5\t\"quoted\"\nPeru\t7\tplain, with comma\n",
        expect![[r#"
            a
            TableRow: Kenya | 5 | quoted
            TableRow: Peru | 7 | plain, with comma
        "#]],
    );
    check(
        "a.csv",
        "sep=|\nCountry|2019|2020\nKenya|1|2\nPeru|3|4\n",
        expect![[r#"
            a
            TableRow: Country: Kenya | 2019: 1 | 2020: 2
            TableRow: Country: Peru | 2019: 3 | 2020: 4
        "#]],
    );
}

#[test]
fn csv_without_a_header_or_with_nothing_else() {
    check(
        "a.csv",
        "1,Kenya\n2,Peru\n",
        expect![[r#"
            a
            TableRow: 1 | Kenya
            TableRow: 2 | Peru
        "#]],
    );
    check(
        "a.csv",
        "Country,Year\n",
        expect![[r#"
            a
            TableRow: Country | Year
        "#]],
    );
    check(
        "a.csv",
        "one line\nanother \"line\"\n\"open, never closed\n",
        expect![[r#"
            a
            TableRow: one line
            TableRow: another "line"
            TableRow: "open | never closed
        "#]],
    );
}

#[test]
fn csv_that_is_hostile() {
    hostile("a.csv", &format!("a,b\n{}", "x".repeat(2_000_000)));
    hostile("a.csv", &"\"".repeat(1_000_001));
    hostile("a.csv", &"\"a\"b".repeat(200_000));
    hostile("a.csv", &format!("{}\n{}", "abcdefghij,".repeat(20_000), ",x".repeat(200_000)));
    hostile("a.csv", &",\n".repeat(200_000));
    hostile("a.csv", &format!("{},b\n{}", "n".repeat(99), "1,2\n".repeat(200_000)));
}

/// The records of a JSON Lines file as outlines, with where each begins.
fn jsonl(source: &str, mapping: &Mapping) -> String {
    let mut out = String::new();
    records("a.jsonl", source, mapping, &mut |record| match record {
        Record::Document(document, line) => {
            lawful(line, &document);
            let origin = document.origin;
            assert_eq!(source.get(origin.bytes..origin.bytes + line.len()), Some(line));
            let _ = writeln!(out, "{} after {} lines", document.id, origin.lines);
            out.push_str(&outline(&document));
        }
        Record::Malformed(line, reason) => {
            let _ = writeln!(out, "line {line}: {reason}");
        }
    });
    out
}

#[test]
fn jsonl_lines_are_documents() {
    let source = concat!(
        "{\"_id\": \"d1\", \"title\": \"The \\\"law\\\"\", \"text\": \"One\\u00e9 \\ud83d\\ude00.\\n\\nTwo\u{2028}still\\ttwo.\", \"section\": \"Protection\", \"year\": 2019, \"tags\": [\"a\", \"b\"], \"meta\": {\"lang\": \"en\", \"none\": null}}\n",
        "\r\n",
        "{\"_id\": \"d1\", \"text\": [\"first\", \"\\n second\"], \"language\": \"French\"}\r\n",
        "{\"text\": \"open\n",
        "[1, 2]\n",
        "{\"id\": 7, \"body\": \"kept as metadata\"}\n",
        "{\"text\": \"last\\uD800\"}",
    );
    expect![[r#"
        a.jsonl#d1 after 0 lines
        The "law"
        @meta_lang: en
        @tags: a | b
        @year: 2019
        = Protection
        Paragraph: Oneé 😀.
        Paragraph: Two still | two.
        a.jsonl#d1-2 after 2 lines
        d1 2
        @language: French
        lang fr
        Paragraph: first
        Paragraph: second
        line 4: EOF while parsing a string at column 14
        line 5: it is not a JSON object
        a.jsonl#7 after 5 lines
        7
        Paragraph: kept as metadata
        a.jsonl#7-2 after 6 lines
        7 2
        Paragraph: last�
    "#]]
    .assert_eq(&jsonl(source, &Mapping::default()));
}

#[test]
fn jsonl_fields_are_mapped() {
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    let mapping = Mapping {
        id: names(&["docno"]),
        title: names(&["head_line"]),
        text: names(&["summary", "body"]),
        section: names(&["part"]),
    };
    let source = r#"{"docno":"x y","head":{"line":"T"},"body":"B","part":"P","summary":"S"}"#;
    expect![[r#"
        a.jsonl#x y after 0 lines
        T
        = P
        Paragraph: S
        Paragraph: B
    "#]]
    .assert_eq(&jsonl(source, &mapping));
}

#[test]
fn jsonl_that_is_hostile() {
    let start = Instant::now();
    let deep = format!("{{\"text\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(jsonl(&deep, &Mapping::default()).starts_with("a.jsonl#1 after 0 lines"));
    let broken = format!("{{\"text\": {}", "[{\"a\":".repeat(100_000));
    assert!(jsonl(&broken, &Mapping::default()).starts_with("line 1: EOF"));
    let many = format!("{{\"text\": \"x\", \"a\": [{}0]}}", "\"v\",".repeat(200_000));
    assert!(jsonl(&many, &Mapping::default()).contains("@a: v"));
    let escapes = format!("{{\"text\": \"{}\"}}", "\\n\\u0041".repeat(200_000));
    assert!(jsonl(&escapes, &Mapping::default()).contains("A"));
    jsonl(&"{\"_id\":\"a\"}\n".repeat(20_000), &Mapping::default());
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
}

#[test]
fn rst_title_fields_and_headings() {
    check(
        "a.rst",
        "=========\n The Law\n=========\n-----------\nA subtitle\n-----------\n\n:Author: Ann Lee; Bo Li\n:Date: $Date: 2019/05/06 $\n:Language: French\n:Abstract: What it *says*.\n\n.. _scope:\n\nScope\n=====\nText.\n\nDeeper\n''''''\n\nOver and under\n~~~~~~~~~~~~~~\n\nNext\n====\nShort\n==\n",
        expect![[r#"
            The Law
            @author: Ann Lee | Bo Li
            @date: 2019/05/06
            @language: French
            @subtitle: A subtitle
            @year: 2019
            lang fr
            Paragraph: What it says.
            = Scope
            Paragraph: Text.
            == Deeper
            === Over and under
            = Next
            Paragraph: Short⏎==
        "#]],
    );
    check(
        "b.rst",
        "Only\n====\n\nOne\n---\n\nText.\n",
        expect![[r#"
        Only
        = One
        Paragraph: Text.
    "#]],
    );
}

#[test]
fn rst_inline_markup() {
    check(
        "a.rst",
        "*One* and **two**, ``lit ** eral``, `text`, :ref:`shown <label>`, :func:`~a.b.call`,\nsee `the site <https://example.org/a_b>`_, name_ and `two words`__ [1]_, |version| and |law|.\n2 * 3 * 4, snake_case_name, __init__, \\*kept\\*, un\\ joined, https://example.org/x_y_ end. `E=m`:math: *open\n\n.. |law| replace:: the **Law**\n.. _name: https://example.org/named\n__ https://example.org/anonymous\n\n.. [1] The note\n   goes on.\n\n   Second *paragraph*.\n.. [CIT2002] A citation.\n",
        expect![[r#"
            a
            @links: https://example.org/a_b | https://example.org/x_y_ | https://example.org/named | https://example.org/anonymous
            lang en
            Paragraph: One and two, lit ** eral, text, shown, a.b.call,⏎see the site, name and two words, version and the Law.⏎2 * 3 * 4, snake_case_name, __init__, *kept*, unjoined, https://example.org/x_y_ end. E=m *open
            Note: The note⏎goes on.
            Note: Second paragraph.
            Note: A citation.
        "#]],
    );
}

#[test]
fn rst_lists_and_definitions() {
    check(
        "a.rst",
        "* one\n  goes on\n\n  second paragraph\n\n  - nested\n\n    1. deep\n* two\n\nA. Smith wrote\nthis paragraph.\n\n(a) first\n(b) second\n\nterm : classifier\n   What it means.\n\n   More::\n\n      code\n\n-a, --all  everything\n--long=X   the long one\n\n| Verse\n|   goes\n\n  Quoted text.\n\n  -- Someone\n",
        expect![[r#"
            a
            lang en
            ListItem: one⏎goes on
            ListItem: second paragraph
            ListItem: nested
            ListItem: 1. deep
            ListItem: two
            Paragraph: A. Smith wrote⏎this paragraph.
            ListItem: (a) first
            ListItem: (b) second
            ListItem: term : classifier
            ListItem: What it means.
            ListItem: More:
            Code: code
            ListItem: -a, --all  everything
            ListItem: --long=X   the long one
            Paragraph: Verse⏎goes
            Quotation: Quoted text.
            Quotation: -- Someone
        "#]],
    );
}

#[test]
fn rst_directives() {
    check(
        "a.rst",
        ".. a comment\n   over lines\n\n.. note:: Mind this\n   and that.\n\n   More.\n\n.. admonition:: Of note\n   :class: x\n\n   Inside.\n\n.. figure:: a.png\n   :alt: The alt text\n\n   The caption.\n\n.. code-block:: python\n   :linenos:\n\n   x = 1\n\n     y\n\n.. raw:: html\n\n   <b>no</b>\n\n.. include:: other.rst\n\n.. toctree::\n   :maxdepth: 2\n\n   a\n   b\n\n.. versionadded:: 3.2\n   Now better.\n\n.. py:function:: call(x)\n\n   Calls.\n\n   :param x: what\n\n.. only:: html\n\n   Kept.\n\n::\n\n  literal\n\nQuoted literal::\n\n> line\n> other\n\nEnd.\n",
        expect![[r#"
            a
            lang en
            Paragraph: Mind this⏎and that.
            Paragraph: More.
            Paragraph: Of note
            Paragraph: Inside.
            Paragraph: The alt text
            Paragraph: The caption.
            Code: x = 1⏎⏎  y
            Paragraph: 3.2⏎Now better.
            Paragraph: call(x)
            Paragraph: Calls.
            ListItem: param x: what
            Paragraph: Kept.
            Code: literal
            Paragraph: Quoted literal:
            Code: > line⏎> other
            Paragraph: End.
            warning: `other.rst` is included, which is not read
        "#]],
    );
}

#[test]
fn rst_tables() {
    check(
        "a.rst",
        "+-----+----------+\n| A   | **B**    |\n+=====+==========+\n| 1   | two      |\n|     | lines    |\n| a   +----------+\n|     | 中文 x   |\n+-----+----------+\n| wide           |\n+-----+----------+\n\n=====  =====\n  A      B\n=====  =====\none    two\n       more\nspans both\n=====  =====\n\n.. csv-table:: Values\n   :header: \"Name\", Year\n\n   \"Ann, Lee\", 2019\n   Bo, *2020*\n\n.. list-table:: Listed\n   :header-rows: 1\n\n   * - Name\n     - Year\n   * - Ann\n       Lee\n     - 2019\n\n+-- not a table\n",
        expect![[r#"
            a
            TableRow: A | B
            TableRow: 1 a | two lines
            TableRow: 中文 x
            TableRow: wide
            TableRow: A | B
            TableRow: one | two more
            TableRow: spans both
            Paragraph: Values
            TableRow: Name | Year
            TableRow: Ann, Lee | 2019
            TableRow: Bo | 2020
            Paragraph: Listed
            TableRow: Name | Year
            TableRow: Ann Lee | 2019
            Paragraph: +-- not a table
        "#]],
    );
}

#[test]
fn rst_that_is_hostile() {
    let pieces = [
        "*", "**", "`", "``", "|", "[", "_", "a_:", ":a:`", "\\", "- ", "1. ", "+-", "=== ",
        "::\n\n", ".. a::\n", ".. |a|", ":a: ", " *a", " `a", " |a", " ``a", "`a <", ".. [1] ",
        "| ", "+--+\n|", "==\n", "http://", "\t", " a\n  ", "*  - ",
    ];
    hostile_markup("a.rst", &pieces);
}

#[test]
fn asciidoc_header_and_sections() {
    check(
        "a.adoc",
        "// comment\n= The *Law*\nAnn Lee <ann@example.org>; Bo Li\nv2.1, 2019-05-06: Second\n:lang: fr\n:keywords: law, border\n:product: Acme\n:toc:\n\nFrom {product} and {unknown}.\n\n[[scope]]\n== Scope ==\n\n////\nhidden\n////\n\n:later: x\n\n=== Deeper\n\nSetext\n------\n\nText.\n\n== Last\n",
        expect![[r#"
            The Law
            @author: Ann Lee | Bo Li
            @date: 2019-05-06
            @keywords: law, border
            @lang: fr
            @product: Acme
            @remark: Second
            @version: 2.1
            @year: 2019
            lang fr
            Paragraph: From Acme and {unknown}.
            = Scope
            == Deeper
            = Setext
            Paragraph: Text.
            = Last
        "#]],
    );
    check(
        "b.adoc",
        "Title\n=====\nAnn Lee\n\nText.\n",
        expect![[r#"
        Title
        @author: Ann Lee
        Paragraph: Text.
    "#]],
    );
}

#[test]
fn asciidoc_inline_markup() {
    check(
        "a.adoc",
        "*Bold*, _it_, `mono`, #mark#, **un**bound, H~2~O, x^2^, +*lit*+, pass:[<b>raw</b>], 2 * 3 * 4, a_b_c.\nhttps://example.org[the site], link:doc.html[Doc^], <<scope,the scope>>, xref:a.adoc#b[there], kbd:[F1].\nNote.footnote:[The *note* with footnote:[another].] \\*kept*, ((term)), (((index, only))), &ldquo;x&rdquo; \"`quoted`\" image:a.png[Alt text] *open\n",
        expect![[r#"
            a
            @links: https://example.org | doc.html
            lang en
            Paragraph: Bold, it, mono, mark, unbound, H2O, x², *lit*, raw, 2 * 3 * 4, a_b_c.⏎the site, Doc, the scope, there, F1.⏎Note. *kept*, term, , “x” "quoted" Alt text *open
            Note: The note with .
            Note: another
        "#]],
    );
}

#[test]
fn asciidoc_blocks_and_lists() {
    check(
        "a.adoc",
        "NOTE: Mind this.\n\n.The title\n====\nExample with\n\n* one\n** two\n+\nattached\n\n* three\n====\n\n[quote, Ann Lee, The Book]\n____\nQuoted.\n____\n\n----\ncode *as is*\n----\n\n++++\n<b>no</b>\n++++\n\nterm:: meaning\nother::\n  more\n\n. first\n. second\n\nifdef::x[]\nKept.\nendif::[]\n\nimage::a.png[The picture]\n\ninclude::b.adoc[]\n\n'''\n\n literal\n\n****\nnever closed\n",
        expect![[r#"
            a
            lang en
            Paragraph: NOTE: Mind this.
            Paragraph: The title
            Paragraph: Example with
            ListItem: one
            ListItem: two
            ListItem: attached
            ListItem: three
            Quotation: Ann Lee, The Book
            Quotation: Quoted.
            Code: code *as is*
            ListItem: term
            ListItem: meaning
            ListItem: other
            ListItem: more
            ListItem: 1. first
            ListItem: 2. second
            Paragraph: Kept.
            Paragraph: The picture
            Code: literal
            Paragraph: never closed
            warning: `b.adoc` is included, which is not read
        "#]],
    );
}

#[test]
fn asciidoc_tables() {
    check(
        "a.adoc",
        "[cols=\"1,2*\"]\n|===\n|A |*B* |C\n\n|1\n2+|two wide\n.2+|tall |x \\| y\n|z\n|p |q\n|===\n\n|===\n|a |b\n|c\n\nmore\n|d\n|===\n\n,===\nx,\"y, z\"\n,===\n\n|===\n|never closed\n",
        expect![[r#"
            a
            TableRow: A | B | C
            TableRow: 1 | two wide
            TableRow: tall | x | y | z
            TableRow: p | q
            TableRow: a | b
            TableRow: c more | d
            TableRow: x | y, z
            TableRow: never closed
        "#]],
    );
}

#[test]
fn asciidoc_that_is_hostile() {
    let pieces = [
        "*",
        "_",
        "`",
        "#",
        "+",
        "~",
        "^",
        "**",
        " *a",
        " _a",
        " `a",
        " #a",
        " +a",
        "[",
        "[[",
        "]",
        "<<",
        "((",
        "(((",
        "{",
        "&",
        "footnote:[",
        "footnote",
        "link:a[",
        "http://a[",
        "pass:[",
        "++",
        "+++",
        "* ",
        "a::",
        "|===\n",
        "====\n",
        "--\n",
        "= ",
        ".a\n",
        ":a: b\\\n",
        "[a]\n",
        "|===\n|",
        "2+|",
        "<",
        "\\",
        "a;;",
        "include::a[]\n",
        "+\n",
        "* a\n+\n",
        "1. a\n",
        "1. a\n== H\n",
        "1. a\n[[b]]\n",
        "1. a\n* b\n\nc\n\n",
    ];
    hostile_markup("a.adoc", &pieces);
    hostile("a.adoc", &format!("[cols=\"999999*\"]\n|===\n{}", "9999.9999+|".repeat(20_000)));
}

#[test]
fn asciidoc_and_rst_keep_the_laws() {
    const ASCIIDOC: &[&str] = &[
        "= ",
        "== ",
        "\n=== Head ===\n",
        "\n* ",
        "\n** ",
        "\n. ",
        "\nterm:: ",
        "\n+\n",
        "\n====\n",
        "\n____\n",
        "\n----\n",
        "\n|===\n",
        "|a ",
        "2+|",
        "\n[quote, Ann]\n",
        "\n.Title\n",
        ":name: value\n",
        "{name}",
        "{nbsp}",
        "*",
        "**",
        "_",
        "`",
        "#",
        "+",
        "++",
        "^a^",
        "~b~",
        "footnote:[",
        "link:a[",
        "]",
        "<<",
        ">>",
        "((",
        "))",
        "pass:[<b>",
        "https://example.org[",
        "&amp;",
        "image::a.png[",
        "\n// c\n",
        "\n////\n",
        "\n > q\n",
        "\\",
    ];
    const RST: &[&str] = &[
        "Title\n=====\n",
        "\nHead\n----\n",
        "\n* ",
        "\n  - ",
        "\n1. ",
        "::\n\n  ",
        "\n.. note:: ",
        "\n.. [1] ",
        "\n.. |a| replace:: b\n",
        "|a|",
        "*",
        "**",
        "`",
        "``",
        ":ref:`",
        "`_",
        "name_",
        "\n| ",
        "\n+--+--+\n",
        "\n== ==\n",
        "\n:field: ",
        "\n   ",
        "\\",
        "[1]_",
        "\n.. csv-table::\n\n   ",
        "\n>>> ",
        "https://example.org",
    ];
    holds("a.adoc", ASCIIDOC);
    holds("a.rst", RST);
}

#[test]
fn markup_without_a_telling_name() {
    let title = |source: &str| document("a.txt", source).title;
    assert_eq!(title("#+TITLE: Law\n\nText.\n"), "Law");
    assert_eq!(title("% c\n\\documentclass{a}\n\\title{Law}\n\\begin{document}\nText.\n"), "Law");
    assert_eq!(title("#set document(title: \"Law\")\n\nText.\n"), "Law");
    assert_eq!(title("= Law\n:toc:\n\nText.\n"), "Law");
    assert_eq!(title("Law\n===\n\n.. note:: Mind this.\n"), "Law");
    assert_eq!(title("A sign = and #tags, and * stars.\n"), "a");
}

#[test]
fn a_sentence_below_a_table_is_no_name_of_its_columns() {
    let source = "Country,2019,2020\nMali,14,15\nGhana,8,9\n\nNo victims were identified in Kayes in 2021,,\n,24,25\nTogo,26,27\n";
    let text = document("a.csv", source).text;
    assert!(text.contains("No victims were identified in Kayes in 2021"), "{text}");
    assert!(!text.contains("2021: "), "{text}");
}
