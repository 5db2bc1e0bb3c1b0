//! Readers: LaTeX.

use expect_test::expect;

use super::check;
use super::lawful::{document, holds, hostile, hostile_markup};

#[test]
fn latex_preamble_and_headings() {
    check(
        "a.tex",
        "% comment\n\\documentclass[12pt,ngerman]{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{babel}\n\\newcommand{\\law}{The \\emph{Law} Act }\n\\newcommand\\two[2]{#1 #2}\n\\hypersetup{pdftitle={No}, pdfkeywords={law, border}, colorlinks}\n\\title[short]{The \\textbf{Law}\\thanks{Paid by no one.} \\\\ of borders}\n\\author{Ann Lee\\thanks{Here}\\\\ The Institute \\and Bo~Li\\textsuperscript{}}\n\\date{6 May 2019}\nnot shown\n\\begin{document}\n\\maketitle\n\\begin{abstract}\nWhat it says.\n\\end{abstract}\n\\part{One}\n\\section[toc]{Scope \\& aim\\label{sec:scope}}\nUnder the \\law of 2019, \\law{}we say.\\footnote{A \\emph{note}\\footnote{and another}.}\n\nNext.\n\\subsection*{Deeper}\n\\subsubsection{Deep}\n\\paragraph{Run in.} Text.\n\\section{}\n\\section{Last}\n\\end{document}\nafter\n",
        expect![[r#"
            The Law of borders
            @author: Ann Lee | Bo Li
            @date: 6 May 2019
            @keywords: law, border
            @language: de
            @year: 2019
            lang de
            Note: Paid by no one.
            Note: Here
            = Abstract
            Paragraph: What it says.
            = One
            == Scope & aim
            Paragraph: Under the The Law Act of 2019, The Law Act we say.
            Note: A note.
            Note: and another
            Paragraph: Next.
            === Deeper
            ==== Deep
            ===== Run in.
            Paragraph: Text.
            == Last
        "#]],
    );
    check(
        "b.tex",
        "\\section{One}\nText % comment\nof a part.\n\\input{other} \\input more\n",
        expect![[r#"
            b
            = One
            Paragraph: Text of a part.
            warning: `other` is included, which is not read
            warning: `more` is included, which is not read
        "#]],
    );
    check(
        "c.tex",
        "\\documentclass{article}\\usepackage[english,main=french]{babel}\\begin{document}Texte.\\end{document}",
        expect![[r#"
            c
            @language: fr
            lang fr
            Paragraph: Texte.
        "#]],
    );
}

#[test]
fn latex_inline_commands() {
    check(
        "a.tex",
        "\\emph{One} {\\bf two} \\textcolor{red}{three} \\'e \\'{E}cole na\\\"\\i ve \\c{c}a \\v{s} \\~n \\^{\\i} \\ss{} Stra\\ss e \\ae\\oe{} \\L\\'od\\'z, \\o.\n``Quoted'' `single' it's -- a---b \\% \\& \\$5 \\# \\_ \\{x\\} a~b \\dots{} soft\\-hyphen A\\,B \\LaTeX{} \\S 5.\n\\href{https://example.org/a%20b}{the site} and \\url{https://example.com/x_y%20z}. See \\cite[p.~5]{key,other}, \\citep{third} and Section~\\ref{sec:x}.\n\\cite{first} shows $x^2 + y$ or \\(a\\) or \\[ b = c \\] and \\verb|a_b{| \\unknown{kept} \\unknown[gone]{text}\\label{x}.\n\\vspace{1cm}\\hspace*{2em}\\vskip 2pt \\noindent End \\textsuperscript{2} \\index{gone}here. $never closed\n\nNext $5 paragraph \\begin{equation}\\label{e}\n a = b\n\\end{equation} goes on. \\foreignlanguage{french}{mot} \\iffalse hidden \\fi !`Hola! \\ldots\n",
        expect![[r#"
            a
            @links: https://example.org/a%20b | https://example.com/x_y%20z
            lang en
            Paragraph: One two three é École naïve ça š ñ îß Straße æœ Łódź, ø.⏎“Quoted” ‘single' it's – a—b % & $5 # _ {x} a b … softhyphen A B LaTeX §5.⏎the site and https://example.com/x_y%20z. See [p. 5, key,other], [third] and Section sec:x.⏎[first] shows x^2 + y or a or b = c and a_b{ kept text.⏎End 2 here. never closed
            Paragraph: Next 5 paragraph \label{e}⏎ a = b goes on. mot ¡Hola! …
        "#]],
    );
}

#[test]
fn latex_environments() {
    check(
        "a.tex",
        "\\newtheorem{thm}{Theorem}\\newenvironment{points}{\\begin{itemize}}{\\end{itemize}}\n\\begin{itemize}[noitemsep]\n\\item one\\footnote{The note.}\n  goes on\n\n  second\n  \\begin{enumerate}\n  \\item nested\n  \\end{enumerate}\n\\item[--] two\n\\end{itemize}\n\\begin{description}\\item[Term] meaning\\item[Other] more\\end{description}\n\\begin{points}\\item own\\end{points}\n\\begin{quote}Quoted.\n\nMore.\\end{quote}\n\\begin{thm}[Lee] It holds.\\end{thm}\n\\begin{figure}[h!]\\centering\\includegraphics[width=1cm]{a.png}\\caption[short]{The \\emph{caption}}\\label{f}\\end{figure}\n\\begin{verbatim}\ncode \\emph{as} % is\n\\end{verbatim}\n\\begin{lstlisting}[language=C]\nint a;\n\\end{lstlisting}\n\\begin{comment}\nhidden\n\\end{comment}\n\\begin{align*}\na &= b \\\\\nc &= d\n\\end{align*}\n\\begin{thebibliography}{9}\n\\bibitem[L]{lee} Lee, \\emph{Law}.\n\\bibitem{li} Li.\n\\end{thebibliography}\n\\begin{verbatim}\nnever closed",
        expect![[r#"
            a
            lang en
            ListItem: one⏎goes on
            ListItem: second
            ListItem: 1. nested
            ListItem: – two
            Note: The note.
            ListItem: Term
            ListItem: meaning
            ListItem: Other
            ListItem: more
            ListItem: own
            Quotation: Quoted.
            Quotation: More.
            Paragraph: [Lee] It holds.
            Paragraph: The caption
            Code: code \emph{as} % is
            Code: int a;
            Paragraph: a &= b \\⏎c &= d
            = References [references]
            Note: Lee, Law.
            Note: Li.
            Code: never closed
        "#]],
    );
}

#[test]
fn latex_tables() {
    check(
        "a.tex",
        "\\begin{table}[t]\n\\caption{Cases}\n\\begin{tabular}{l|c}\n\\toprule\nName & \\textbf{Cases} \\\\ \\midrule\nAnn\n  Lee & 5\\footnote{note} \\\\[2pt]\n\\multicolumn{2}{c}{wide} \\\\\n\\cmidrule(lr){1-2}\n\\multirow{2}{*}{tall} & $a & b$ \\\\\n & last \\\\ \\hline\n\\end{tabular}\n\\end{table}\nAfter \\& that & this.\n\\begin{tabularx}{\\textwidth}{X X}a & b\\end{tabularx}\n\\begin{tabular}{ll}never & closed \\\\\n",
        expect![[r#"
            a
            lang en
            Paragraph: Cases
            TableRow: Name | Cases
            TableRow: Ann Lee | 5
            TableRow: wide
            TableRow: tall | a & b
            TableRow: last
            Note: note
            Paragraph: After & that & this.
            TableRow: a | b
            TableRow: never | closed
        "#]],
    );
}

#[test]
fn latex_places() {
    let source = "Caf\\'e ``x'' \\emph{y}.";
    let document = document("a.tex", source);
    let place = |text: &str| {
        let at = document.text.find(text).unwrap();
        document.locate(at..at + text.len()).bytes.unwrap()
    };
    assert_eq!(&source[place("é")], "\\'e");
    assert_eq!(&source[place("“")], "``");
    assert_eq!(&source[place("y")], "y");
}

#[test]
fn latex_that_is_hostile() {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        "\\",
        "$",
        "$$",
        "$a",
        "%",
        "&",
        "~",
        "`",
        "-",
        "\\[",
        "\\(",
        "\\a",
        "\\a{",
        "\\a[",
        "\\emph{",
        "\\section{",
        "\\section{a",
        "\\footnote{",
        "\\footnote{a}",
        "\\title{",
        "\\item",
        "\\item[",
        "\\'",
        "\\'{",
        "\\c",
        "\\verb",
        "\\verb|",
        "\\url{",
        "\\href{a}{",
        "\\begin",
        "\\begin{",
        "\\begin{a}",
        "\\begin{itemize}",
        "\\begin{tabular}",
        "\\begin{tabular}{l}",
        "\\begin{quote}",
        "\\begin{equation}",
        "\\begin{verbatim}",
        "\\begin{verbatim}\\end{verbatim}",
        "\\end{a}",
        "\\end{itemize}",
        "\\begin{quote}\\end{itemize}",
        "\\begin{document}",
        "\\end{document}",
        "\\newcommand{",
        "\\newcommand{\\a}{",
        "\\newcommand\\a{b}\\a",
        "\\def",
        "\\def\\a",
        "\\def\\a{b}\\a",
        "\\let",
        "\\cite{",
        "\\cite[",
        "\\cite{a}",
        "\\input{a}",
        "\\input ",
        "\\hypersetup{",
        "\\hypersetup{a,",
        "\\iffalse",
        "\\caption{",
        "\\caption{a}",
        "\\multicolumn{",
        "\\vskip ",
        "\\\\",
        "\\\\[",
        "\\author{\\and",
        "\\footnote{\\begin{math}",
        "\\bibitem",
        "a\n%\n",
    ];
    hostile_markup("a.tex", &pieces);
    let body = format!("\\newcommand{{\\a}}{{{}}}{}", "b".repeat(199), "\\a ".repeat(50_000));
    hostile("a.tex", &body);
    let pairs =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    hostile("a.tex", &pairs("{", "}"));
    hostile("a.tex", &pairs("\\emph{", "}"));
    hostile("a.tex", &pairs("\\footnote{", "}"));
    hostile("a.tex", &pairs("\\section{", "}"));
    hostile("a.tex", &pairs("\\begin{itemize}\\item ", "\\end{itemize}"));
    hostile("a.tex", &pairs("\\begin{a}", "\\end{b}"));
    hostile("a.tex", &pairs("\\begin{tabular}{l}", "\\end{tabular}"));
}

#[test]
fn latex_keeps_the_laws() {
    const MARKS: &[&str] = &[
        "\\documentclass{a}",
        "\\begin{document}",
        "\\end{document}",
        "\\title{",
        "\\author{",
        "\\and ",
        "\\section{",
        "\\section*{A}",
        "\\footnote{",
        "\\emph{",
        "{",
        "}",
        "[",
        "]",
        "\\'e",
        "\\'",
        "\\c{c}",
        "\\ss ",
        "``",
        "''",
        "--",
        "---",
        "~",
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "%",
        "&",
        "\\\\",
        "\\&",
        "\\begin{itemize}",
        "\\item ",
        "\\item[",
        "\\end{itemize}",
        "\\begin{tabular}{l}",
        "\\end{tabular}",
        "\\begin{quote}",
        "\\end{quote}",
        "\\begin{verbatim}",
        "\\end{verbatim}",
        "\\begin{equation}",
        "\\end{equation}",
        "\\caption{",
        "\\cite[a]{b}",
        "\\href{a}{",
        "\\url{",
        "\\verb|",
        "|",
        "\\input{a}",
        "\\newcommand{\\x}{text }",
        "\\x",
        "\\def\\y{",
        "\\multicolumn{2}{c}{",
        "\\hline",
        "\\bibitem{a}",
        "\\begin{thebibliography}{9}",
        "\\hypersetup{pdfauthor={",
        "\\unknown",
        "\\",
        "\\vskip 2pt",
        "\\iffalse",
        "\\fi",
        "\\label{a}",
        "\\par",
        "\\ ",
        "\\,",
    ];
    holds("a.tex", MARKS);
}
