//! Readers: Typst.

use expect_test::expect;

use super::check;
use super::lawful::{document, holds, hostile, hostile_markup};

#[test]
fn typst_metadata_and_headings() {
    check(
        "a.typ",
        "// comment\n#set document(title: \"The \\\"Law\\\"\", author: (\"Ann Lee\", \"Bo Li\"), date: datetime(year: 2019, month: 5, day: 6), keywords: (\"law\", \"border\"))\n#set text(size: 10pt, lang: \"fr\")\n#set page(header: [Not read])\n#import \"a.typ\": b\n#include \"ch1.typ\"\n= First *bold* <first>\nText.#footnote[The _note_.] More\n\n=== Deeper\n#heading(level: 2, numbering: none)[By function]\n#heading(\"Named\")\n/* nested /* comment */ still */\n= Last\n#title[Other]\n",
        expect![[r#"
            The "Law"
            @author: Ann Lee | Bo Li
            @date: 2019-05-06
            @keywords: law | border
            @language: fr
            @year: 2019
            lang fr
            = First bold
            Paragraph: Text. More
            Note: The note.
            == Deeper
            == By function
            = Named
            = Last
            warning: `ch1.typ` is included, which is not read
        "#]],
    );
    check(
        "b.typ",
        "= Only\n\nText.\n== One\n== Two\n",
        expect![[r#"
        Only
        Paragraph: Text.
        = One
        = Two
    "#]],
    );
    check(
        "c.typ",
        "#show: project.with(\n  title: [The Law],\n  authors: (\n    (name: \"Ann Lee\", affiliation: \"Institute\"),\n    (name: \"Bo Li\", email: \"b@example.org\"),\n  ),\n  abstract: [What it says.],\n  date: \"2020\",\n)\n\nText.\n",
        expect![[r#"
            The Law
            @author: Ann Lee | Bo Li
            @date: 2020
            @year: 2020
            Paragraph: What it says.
            Paragraph: Text.
        "#]],
    );
}

// A soft hyphen is what the text has.
#[allow(clippy::invisible_characters)]
#[test]
fn typst_inline_markup() {
    check(
        "a.typ",
        "*Bold* and _it_, snake_case, `raw *x*`, $x^2 + \"y\"$, a~b --- c -- d... \\* \\u{1F600} \\# https://example.org/x_y_, #link(\"https://example.com\")[the *site*] and #link(\"https://example.net\").\nSee @first and @second[page 5], mail a@b.org <label> 1 < 2, [brackets [in] text], soft-?hyphen.\\\nNew line #emph[one #strong[two]] #text(red)[three] #text(\"four\") #smallcaps(\"five\"). #let x = 5 // hidden\n#x #x.y.z(1)[kept] #(1 + 2) #{ let y = [inside]; y } #\"string\" 5# 6\\\n#if x > 1 [yes #x] else [no]\n#for a in (1, 2) [loop]\n#let f(n) = {\n  n + 1\n}\n#let long = 1 +\n  2\nEnd; #x; after.\n",
        expect![[r#"
            a
            @links: https://example.org/x_y_ | https://example.com | https://example.net
            lang en
            Paragraph: Bold and it, snake_case, raw *x*, x^2 + "y", a b — c – d… * 😀 # https://example.org/x_y_, the site and https://example.net.⏎See first and second page 5, mail a@b.org 1 < 2, [brackets [in] text], soft­hyphen. New line one two three four five. kept inside string 5# 6 yes no⏎loop⏎End; ; after.
        "#]],
    );
}

#[test]
fn typst_lists_and_blocks() {
    check(
        "a.typ",
        "- one\n  goes on\n\n  second\n  - nested\n    + deep\n- two #footnote[note]\n5. five\n/ Term: meaning\n  more\n/ Other: thing\nText -- not a list.\n\n#list([a], [b])\n#enum.item[c]\n#quote(block: true, attribution: [Ann])[Quoted.\n\nMore.]\nHe said #quote[so].\n```rust\nfn main() {\n    x\n}\n```\n```\n  plain\n```\n#figure(image(\"a.png\", alt: \"The picture\"), caption: [The _caption_]) <fig>\n#align(center)[\n  = In content\n  - item\n]\nAfter.\n#block[A block] then\n$ display = math $\n`never closed\n",
        expect![[r#"
            a
            lang en
            ListItem: one⏎goes on
            ListItem: second
            ListItem: nested
            ListItem: 1. deep
            ListItem: two
            ListItem: 5. five
            ListItem: Term
            ListItem: meaning⏎more
            ListItem: Other
            ListItem: thing
            Note: note
            Paragraph: Text – not a list.
            ListItem: a
            ListItem: b
            ListItem: c
            Quotation: Ann
            Quotation: Quoted.
            Quotation: More.
            Paragraph: He said so.
            Code: fn main() {⏎    x⏎}
            Code: plain
            Paragraph: The picture
            Paragraph: The caption
            = In content
            ListItem: item
            Paragraph: After.
            Paragraph: A block
            Paragraph: then⏎display = math⏎never closed
        "#]],
    );
}

#[test]
fn typst_tables() {
    check(
        "a.typ",
        "#figure(\n  table(\n    columns: (auto, 1fr),\n    align: (left, right),\n    table.header([*Name*], [Cases]),\n    table.hline(),\n    [Ann], \"5\",\n    table.cell(colspan: 2)[wide],\n    [x#footnote[note]], $y$,\n  ),\n  caption: [Cases],\n)\n#let n = 3\n#table(columns: n, [a], [b], [c], [d])\n#table([one], [two])\n#grid(columns: 2, cell($x$, `x`), [b])\nText.\n",
        expect![[r#"
            a
            TableRow: Name | Cases
            TableRow: Ann | 5
            TableRow: wide
            TableRow: x | y
            Note: note
            Paragraph: Cases
            TableRow: a | b | c
            TableRow: d
            TableRow: one
            TableRow: two
            TableRow: x x | b
            Paragraph: Text.
        "#]],
    );
}

#[test]
fn typst_places() {
    let source = "= Title\n\nA #emph[word] \\u{e9}.";
    let document = document("a.typ", source);
    let place = |text: &str| {
        let at = document.text.find(text).unwrap();
        document.locate(at..at + text.len()).bytes.unwrap()
    };
    assert_eq!(&source[place("word")], "word");
    assert_eq!(&source[place("é")], "\\u{e9}");
}

#[test]
fn typst_that_is_hostile() {
    let pieces = [
        "#",
        "[",
        "]",
        "#[",
        "#(",
        "#{",
        "(",
        "{",
        "*",
        "_",
        "`",
        "``",
        "```",
        "$",
        "\"",
        "#\"",
        "/*",
        "//",
        "<",
        "<a",
        "@",
        "@a[",
        "\\",
        "\\u{",
        "~",
        "-",
        "- ",
        "= ",
        "+ a\n",
        "/ a",
        "/ a: ",
        "#a",
        "#a(",
        "#a[",
        "#a.",
        "#a()",
        "#a(b:",
        "#let a = ",
        "#let a = 5\n",
        "#set document(title: ",
        "#set document(author: \"a\")\n",
        "#table(",
        "#table([",
        "#table(columns: 2, ",
        "#table(columns: 9999, [a],",
        "#footnote[",
        "#footnote[a]",
        "#heading[",
        "#heading(level: 9)[a]",
        "#link(\"",
        "#link(\"a\")",
        "#figure(caption: [",
        "#quote(block: true)[",
        "#if a [",
        "#include \"a\"\n",
        "#show: a.with(title: [",
        "#f(\"",
        "#f(`",
        "#f($",
        "#f((",
        "http://",
        "#table.cell(colspan: 9999)[",
        "= a [\n",
        "- #[",
    ];
    hostile_markup("a.typ", &pieces);
    let pairs =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    hostile("a.typ", &pairs("#[", "]"));
    hostile("a.typ", &pairs("#f(", ")"));
    hostile("a.typ", &pairs("#{", "}"));
    hostile("a.typ", &pairs("/*", "*/"));
    hostile("a.typ", &pairs("#footnote[", "]"));
    hostile("a.typ", &pairs("#table([", "])"));
    hostile("a.typ", &pairs("#quote(block: true)[- a\n", "]"));
}

#[test]
fn typst_keeps_the_laws() {
    const MARKS: &[&str] = &[
        "= ",
        "\n== A\n",
        "\n- ",
        "\n  + ",
        "\n1. ",
        "\n/ a: ",
        "*",
        "_",
        "`",
        "```\n",
        "$",
        "\"",
        "~",
        "---",
        "...",
        "\\",
        "\\u{e9}",
        "\\\n",
        "<a>",
        "@a",
        "#",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        ",",
        ";",
        "#let x = ",
        "#set document(title: [",
        "#set text(lang: \"fr\")",
        "#heading(level: 2)[",
        "#footnote[",
        "#link(\"https://a.org\")",
        "#table(columns: 2, ",
        "table.header(",
        "#quote(block: true)[",
        "#figure(",
        "caption: [",
        "#emph[",
        "#text(\"a\")",
        "#if a [",
        "] else [",
        "#show: a.with(title: [",
        "// c\n",
        "/*",
        "*/",
        "https://example.org",
        "#x.y",
        "#image(\"a\", alt: \"b\")",
        "#list([",
    ];
    holds("a.typ", MARKS);
}
