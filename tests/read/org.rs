//! Readers: Org.

use expect_test::expect;

use super::check;
use super::lawful::{holds, hostile, hostile_markup};

#[test]
fn org_keywords_and_headlines() {
    check(
        "a.org",
        ":PROPERTIES:\n:ID: 7\n:END:\n#+TITLE: The /Law/\n#+title: of borders\n#+AUTHOR: Ann Lee; Bo Li\n#+DATE: <2019-05-06 Mon>\n#+LANGUAGE: fr\n#+KEYWORDS: law, border\n#+FILETAGS: :report:draft:\n#+OPTIONS: toc:nil\n#+country: Kenya\n#+TODO: OPEN(o) | SHUT\n#+MACRO: law the $1 Act\n\nUnder {{{law(Border)}}} by {{{author}}}.\n# comment\n* OPEN [#A] First *bold*   :one:two:\n:PROPERTIES:\n:CUSTOM_ID: first\n:END:\nSCHEDULED: <2019-05-07 Tue>\n*** Deeper\n* TODO kept here\n* COMMENT Hidden\nhidden\n** also hidden\n* Last\n-----\n#+author: Di Wu\n",
        expect![[r#"
            The Law of borders
            @author: Ann Lee | Bo Li | Di Wu
            @country: Kenya
            @date: 2019-05-06
            @keywords: law, border
            @language: fr
            @tags: report | draft
            @year: 2019
            lang fr
            Paragraph: Under the Border Act by Ann Lee; Bo Li.
            = First bold
            Paragraph: SCHEDULED: <2019-05-07 Tue>
            == Deeper
            = TODO kept here
            = Last
        "#]],
    );
    check(
        "b.org",
        "* Only\nText.\n** One\n** Two\n",
        expect![[r#"
        Only
        Paragraph: Text.
        = One
        = Two
    "#]],
    );
    check(
        "c.org",
        "* NEXT One\nText.\n* DONE\n",
        expect![[r#"
        c
        = One
        Paragraph: Text.
        = DONE
    "#]],
    );
}

#[test]
fn org_inline_markup() {
    check(
        "a.org",
        "*Bold*, /it/, _under_, +out+, =co*d*e=, ~v~, H_{2}O, x^{2}, a_b_c, 2 * 3 * 4, */both/*, and/or, (=x=).\n[[https://example.org][the *site*]], [[https://example.com]], <https://example.net>, https://example.org/x_y_, [[#here][inside]], [[*Headline]], [[file:a.png]], [[/url][embedded [brackets]]].\nNote[fn:1] and[fn:: inline /note/ [[/u][l]]] \\alpha{}b \\eacute \\Unknown{x} line\\\\\nend <<target>><<<radio>>> \\(a+b\\) $x^2$ $20 and $30 @@html:<b>@@ [cite/t:@key p. 3] {{{none}}} <2019-05-06 Mon> *open /slash\n\n[fn:1] The /note/\n  goes on.\n\n  Second.\n\n\nAfter.\n",
        expect![[r#"
            a
            @links: https://example.org | https://example.com | https://example.net | https://example.org/x_y_ | file:a.png | /url | /u
            lang en
            Paragraph: Bold, it, under, out, co*d*e, v, H2O, x², a_b_c, 2 * 3 * 4, both, and/or, (x).⏎the site, https://example.com, https://example.net, https://example.org/x_y_, inside, Headline, , embedded [brackets].⏎Note and αb é \Unknown{x} line⏎end radio a+b x^2 $20 and $30  @key p. 3 {{{none}}} <2019-05-06 Mon> *open /slash
            Note: inline note l
            Note: The note⏎goes on.
            Note: Second.
            Paragraph: After.
        "#]],
    );
}

#[test]
fn org_lists() {
    check(
        "a.org",
        "- one\n  goes on\n\n  second\n  - [X] nested\n    1. [@5] deep\n- term :: meaning\n  more\n\n 2) two\n * star\nB. Williams\n\n+ other\n  #+begin_src sh\n  ls\n    -l\n  #+end_src\n  | a | b |\n+ last\n\n\n- new\nText.\n",
        expect![[r#"
            a
            lang en
            ListItem: one⏎goes on
            ListItem: second
            ListItem: nested
            ListItem: 5. deep
            ListItem: term
            ListItem: meaning⏎more
            ListItem: 2) two
            ListItem: star
            Paragraph: B. Williams
            ListItem: other
            Code: ls⏎  -l
            TableRow: a | b
            ListItem: last
            ListItem: new
            Paragraph: Text.
        "#]],
    );
}

#[test]
fn org_blocks_and_drawers() {
    check(
        "a.org",
        "#+begin_quote\nQuoted.\n\n- item\n\n#+BEGIN_EXAMPLE\n,* not a headline\n  deeper\n#+END_EXAMPLE\n#+end_quote\n\n#+begin_verse\n Verse\n   /goes/\n#+end_verse\n#+begin_comment\nno\n#+end_comment\n#+begin_export html\n<b>\n#+end_export\n#+begin_center\nCentre\n#+end_center\n: fixed\n:  width\n:LOGBOOK:\nCLOCK: x\n:END:\n:NOTES:\nKept.\n:END:\n#+INCLUDE: \"b.org\"\n#+caption: The /caption/\n[[file:a.png]]\n\\begin{align}\na &= b\n\\end{align}\n#+RESULTS:\n#+begin_src python :x y\nnever closed\n* Next\n",
        expect![[r#"
            a
            @links: file:a.png
            lang en
            Quotation: Quoted.
            ListItem: item
            Code: * not a headline⏎  deeper
            Quotation: Verse⏎goes
            Paragraph: Centre
            Code: fixed⏎ width
            Paragraph: Kept.
            Paragraph: The caption
            Code: \begin{align}⏎a &= b⏎\end{align}
            Code: never closed
            = Next
            warning: `b.org` is included, which is not read
        "#]],
    );
}

#[test]
fn org_tables() {
    check(
        "a.org",
        "#+CAPTION: Cases\n| Name | *Cases* |\n|------+-------|\n| <l>  | <r5>  |\n| Ann  | 5[fn::note] |\n|      | 7     |\n#+TBLFM: $2=1\n| / | < |\n  | open | 2\n",
        expect![[r#"
            a
            Paragraph: Cases
            TableRow: Name | Cases
            TableRow: Ann | 5
            TableRow: 7
            Note: note
            TableRow: open | 2
        "#]],
    );
}

#[test]
fn org_that_is_hostile() {
    let pieces = [
        "*",
        "/",
        "_",
        "=",
        "~",
        "+",
        " *a",
        " /a",
        " =a",
        "*a\n",
        "[[",
        "[[a][",
        "]]",
        "[fn:",
        "[fn:1]\n",
        "[fn::",
        "[cite:",
        "<<",
        "<<<",
        "<http:",
        "\\",
        "\\(",
        "\\[",
        "\\a",
        "$",
        " $a",
        "$$",
        "{{{",
        "@@",
        "_{",
        "a^{",
        "- ",
        "1. ",
        "- a :: ",
        "  - [ ] ",
        "* a\n",
        "#+begin_quote\n",
        "#+begin_src\n",
        "#+begin_verse\na\n",
        ":PROPERTIES:\n",
        ":LOGBOOK:\n",
        "|",
        "|a",
        "|-",
        ": ",
        "\\begin{a}\n",
        "#+a: b\n",
        "#+title: a\n",
        "#+macro: a a\n{{{a}}}",
        "#",
        "COMMENT",
        "* COMMENT\n",
        "*** TODO [#A] :a:\n",
        "1. a\n",
        "1. a\n 1. b\n",
        "1. a\n\n\n",
    ];
    hostile_markup("a.org", &pieces);
    let nested: String = (0..2000).map(|depth| format!("{} a\n", "*".repeat(depth))).collect();
    hostile("a.org", &nested);
    hostile("a.org", &format!("#+macro: a {}\n{}", "$1".repeat(900), "{{{a(b)}}}".repeat(20_000)));
}

#[test]
fn org_keeps_the_laws() {
    const MARKS: &[&str] = &[
        "* ",
        "\n* TODO ",
        "\n** [#A] ",
        " :tag:\n",
        "\n- ",
        "\n  - ",
        "\n 1) [@3] ",
        " :: ",
        "[X] ",
        "*",
        "/",
        "_",
        "=",
        "~",
        "+",
        "[[",
        "][",
        "]]",
        "[fn:1]",
        "[fn::",
        "\n[fn:1] ",
        "]",
        "\\alpha",
        "\\\\\n",
        "\\(",
        "\\)",
        "$",
        "{{{title}}}",
        "@@",
        "_{",
        "}",
        "\n#+title: ",
        "\n#+begin_quote\n",
        "\n#+end_quote\n",
        "\n#+begin_src\n",
        "\n#+end_src\n",
        "\n,* ",
        "\n:PROPERTIES:\n",
        "\n:END:\n",
        "\n| a |",
        "|",
        "\n: ",
        "\n# ",
        "\n\\begin{a}\n",
        "\\end{a}\n",
        "<https://example.org>",
        "<<",
        ">>",
        "#+caption: ",
    ];
    holds("a.org", MARKS);
}
