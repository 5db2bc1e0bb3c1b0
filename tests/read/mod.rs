//! Readers: a sample in, its outline out.

mod containers;
mod kept;
mod latex;
mod lawful;
mod lists;
mod markup;
pub mod office;
mod org;
pub mod pdf;
mod raised;
mod typst;
mod variants;
pub mod web;

use std::fmt::Write;

use expect_test::{Expect, expect};
use tipsearch::document::Document;
use tipsearch::read::corpus::Corpus;
use tipsearch::read::read;
use tipsearch::read::source::Source;

use crate::support::shared;

/// A document as an outline: title, metadata, then headings and blocks, each block's kind in front.
fn outline(document: &Document) -> String {
    let mut out = format!("{}\n", document.title);
    for (key, values) in &document.metadata {
        let _ = writeln!(out, "@{key}: {}", values.join(" | "));
    }
    if let Some(lang) = &document.lang {
        let _ = writeln!(out, "lang {lang}");
    }
    for (index, section) in document.sections.iter().enumerate() {
        if index > 0 {
            let role = section.role.as_ref().map_or(String::new(), |role| format!(" [{role}]"));
            let _ = writeln!(out, "{} {}{role}", "=".repeat(section.depth), section.heading);
        }
        for block in document.blocks.iter().filter(|block| block.section == index) {
            let text = document.text[block.range.clone()]
                .replace('\r', "␍")
                .replace('\n', "⏎")
                .replace('\t', " | ");
            let _ = writeln!(out, "{:?}: {text}", block.kind);
        }
    }
    for warning in &document.warnings {
        let _ = writeln!(out, "warning: {}", warning.message);
    }
    out
}

fn check(name: &str, content: impl AsRef<[u8]>, expected: Expect) {
    let corpus = Corpus::parse("", std::path::Path::new("corpus.toml")).unwrap();
    match read(name, content.as_ref(), &corpus) {
        Ok(document) => expected.assert_eq(&outline(&document)),
        Err(reason) => expected.assert_eq(&format!("not read: {reason}\n")),
    }
}

#[test]
fn wikitext_headings_lists_and_emphasis() {
    check(
        "a.wiki",
        "= Title =\n\nLead '''bold''' and ''italic'' text\nover two lines.\n\n== Prosecution (2008) ==\n* one\n** deeper\n# first\n; term\n: meaning\n----\nAfter the rule.\n=== Odd ==\n",
        expect![[r#"
            Title
            Paragraph: Lead bold and italic text⏎over two lines.
            = Prosecution (2008) [prosecution]
            ListItem: one
            ListItem: deeper
            ListItem: 1. first
            ListItem: term
            Paragraph: meaning
            Paragraph: After the rule.
            = = Odd
        "#]],
    );
}

#[test]
fn wikitext_links_references_and_entities() {
    check(
        "a.wiki",
        "See [[Almaty|the city]], [[border]]s, [https://example.org the law] and https://example.com.<ref name=\"a\">{{cite web|title=X}} Source, ''p. 3''</ref> &ldquo;Caf&eacute;&rdquo; R&D &bogus; &#8212;<br/>next<ref name=a />\n[[Category:Crime|sort]]\n[[File:x.jpg|thumb|A '''caption''' here]]\n[[fr:Traite]]\n<!-- not\nshown -->\nEnd.",
        expect![[r#"
            a
            @categories: Crime
            @links: Almaty | border | https://example.org
            @references: X Source, p. 3
            @templates: cite web
            lang en
            Paragraph: See the city, borders, the law and https://example.com. “Café” R&D &bogus; —⏎next⏎A caption here⏎End.
        "#]],
    );
}

#[test]
fn wikitext_templates_and_tables() {
    check(
        "a.wiki",
        "{{Infobox country\n| name = Kazakhstan\n| capital = [[Astana]]<ref>x</ref>\n| empty =\n}}\n{{Use dmy dates}}\nAbout {{convert|5|km}} by {{lang|kk|Қазақстан}}.\n{| class=\"wikitable\"\n|+ Figures\n! Year !! Cases\n|-\n| 2007 || style=\"x\" | 22\n|-\n| 2006\n| 13 <!-- c -->\n|}\n",
        expect![[r#"
            a
            @links: Astana
            @references: x
            @templates: infobox country | use dmy dates | convert | lang
            TableRow: name | Kazakhstan
            TableRow: capital | Astana
            Paragraph: About 5 km by Қазақстан.
            Paragraph: Figures
            TableRow: Year | Cases
            TableRow: 2007 | 22
            TableRow: 2006 | 13
        "#]],
    );
}

#[test]
fn wikitext_that_is_broken_stays_text() {
    check(
        "a.wiki",
        "An [[open link and {{open template\n\n== Next ==\n<ref>never closed\n\nText ]] }} |} <nowiki>[[kept]] ''as is''</nowiki> <pre>\n== not a heading ==\n</pre>\n{| unclosed\n| cell",
        expect![[r#"
            a
            lang en
            Paragraph: An [[open link and {{open template
            = Next
            Paragraph: <ref>never closed
            Paragraph: Text ]] }} |} [[kept]] ''as is'' ⏎== not a heading ==⏎{| unclosed⏎| cell
        "#]],
    );
}

#[test]
fn markdown_signs_within_words_and_addresses_are_text() {
    for source in [
        "Commercial sexual exploitation*sometimes as a result of trafficking* (1, 3)",
        "including stealing*and transporting contraband* (6)",
        "exploitation**sometimes by others** (1)",
        "the sale of *some goods*and others",
        "Logging *† and clearing forest trees*† (4)",
        "about ~5 of ~12 children, and ~7~",
        "https://example.org/fight-debtbondage#:~:text= and /gissunafil/#:~:text=Las",
        "http://example.org/files/escape_from_hell_-_torture_and_ slavery.pdf",
        "files/escape_from_hell_-_torture_and_ slavery.pdf",
        "loi_scolaire_n°_008/90_du_6_ septembre",
        "https://example.org/cybercrime?__cf_chl_tk__=b5c5 and chapter=18&clang=_en of_ 2",
        "https://example.org/a-*b*-c.pdf, www.example.org/~~b~~",
        "_see https://example.org/a_/b",
        "*see https://example.org/a*b",
    ] {
        assert_eq!(lawful::document("a.md", source).text, source);
    }
    let kept = "# Gangs*and forced labor*\n\nExploitation*of these\ntwo lines*";
    let document = read("a.md", kept.as_bytes(), &Corpus::default()).unwrap();
    assert_eq!(document.title, "Gangs*and forced labor*");
    assert_eq!(document.text, "Exploitation*of these\ntwo lines*");
}

#[test]
fn markdown_emphasis_is_no_text() {
    for (source, text) in [
        ("**bold**word and un*frigging*believable", "boldword and unfriggingbelievable"),
        (
            "*emphasis* of a *longer phrase*, **and _of_ this**.",
            "emphasis of a longer phrase, and of this.",
        ),
        ("~~gone~~ **Note 1:** text (*see there*) “_so_”", "Note 1: text (see there) “so”"),
        ("***both of these*** and *†signs first*", "both of these and †signs first"),
        ("*†Data of 2020.* More", "†Data of 2020. More"),
        (
            "_https://example.org/a_b_ and *https://example.org*.",
            "https://example.org/a_b and https://example.org.",
        ),
        ("[*The law of a*](https://example.org/_b_)", "The law of a"),
        ("这是**World Bank 报告**的一部分", "这是World Bank 报告的一部分"),
        ("_he_-_she_ and `a*b c*`", "he-she and a*b c*"),
    ] {
        assert_eq!(lawful::document("a.md", source).text, text);
    }
}

#[test]
fn markdown_made_to_break_it_is_read() {
    let pieces = ["*", "_", "~~", "a*b ", "*a ", "x_y_", "1. a\n", "1. ", "* a\n\nb*\n\n", "- 1. "];
    lawful::hostile_markup("a.md", &pieces);
    let marks = [
        "*", "**", "_", "~", "~~", "\n1. ", "\n7) ", "\n* ", "\n   1. ", "\n# ", "N/A*", "://",
        "\n> ",
    ];
    lawful::holds("a.md", &marks);
}

#[test]
fn markdown_structure() {
    check(
        "a.md",
        "---\ntitle: The report\ncountry: Kenya\ntags: [a, b]\nauthor:\n  name: ILO\n---\n\n## Legal framework\n\nText with *emphasis*, `code`, [a link](https://example.org), &amp; an entity.\nSecond line.\n\n- one\n- two\n  - deeper\n\n1. first\n\n   more of it\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n> quoted\n\n```\ncode block\n```\n\n<div>html <b>text</b></div>\n\n<!-- a\n\ncomment -->\n\nNote.[^1]\n\n[^1]: The note.\n",
        expect![[r#"
            The report
            @author_name: ILO
            @country: Kenya
            @links: https://example.org
            @tags: a | b
            lang en
            = Legal framework [legal-framework]
            Paragraph: Text with emphasis, code, a link, & an entity.⏎Second line.
            ListItem: one
            ListItem: two
            ListItem: deeper
            ListItem: 1. first
            ListItem: more of it
            TableRow: A | B
            TableRow: 1 | 2
            Quotation: quoted
            Code: code block
            Paragraph: html text
            Paragraph: Note.
            Note: The note.
        "#]],
    );
}

#[test]
fn signs_of_notes_and_parts_of_addresses_are_no_emphasis() {
    let text = "Bananas,† palm oil,*† coca cultivation,*† timber.*† and *fish*, as *is* said at \
                http://a.org/_layouts/Download. See http://b.org/_c_d/ and (*this*) too.\n";
    let corpus = Corpus::parse("", std::path::Path::new("corpus.toml")).unwrap();
    let document = read("a.md", text.as_bytes(), &corpus).unwrap();
    assert_eq!(
        document.text.trim(),
        text.trim().replace("*fish*", "fish").replace("*is*", "is").replace("*this*", "this")
    );
}

#[test]
fn markdown_title_and_key_value_lines() {
    check(
        "kenya_2019.md",
        "# Kenya\nCountry: Kenya\nYear: 2019\n\n## I. PREVALENCE\n\nText.\n\n##### Deep\n\nMore.\n\n# Second\n\nEnd.\n",
        expect![[r#"
            Kenya
            @country: Kenya
            @year: 2019
            = I. PREVALENCE [profile]
            Paragraph: Text.
            == Deep [profile]
            Paragraph: More.
            = Second
            Paragraph: End.
        "#]],
    );
}

#[test]
fn malformed_front_matter_is_a_warning_and_stays_text() {
    check(
        "a.md",
        "---\ntitle: [open\n---\n\n# T\n\nText.\n",
        expect![[r#"
        a
        Code: title: [open
        = T
        Paragraph: Text.
        warning: the front matter is malformed: line 1 column 8: unclosed bracket '['
    "#]],
    );
    check(
        "b.md",
        "---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n---\n\nText.\n",
        expect![[r#"
            b
            Code: a: &a [x,x,x,x,x,x,x,x,x]⏎b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]⏎c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]⏎d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]⏎e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]⏎f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]⏎g: [*f,*f,*f,*f,*f,*f,*f,*f,*f]
            Paragraph: Text.
            warning: the front matter is malformed: line 6 column 14: budget breached: Nodes { nodes: 250001 }
        "#]],
    );
    check(
        "c.md",
        "+++\ntitle = \"T\"\nyear = 2008\n+++\nText.\n",
        expect![[r#"
        T
        @year: 2008
        Paragraph: Text.
    "#]],
    );
}

#[test]
fn plain_text_headings() {
    check(
        "law.txt",
        "THE LAW ON TRAFFICKING\n\nCHAPTER 1\n\nArticle 1\nEveryone is free and equal. This is a hard-\nwrapped paragraph.\n\nArticle 2.\n\nNobody is held in slavery.\n\nII. LEGAL FRAMEWORK\n\n2.1 Victims\n\n(a) one\n(b) two\n    goes on\n- three\n\nUnderlined\n----------\nText under it.\n",
        expect![[r#"
            THE LAW ON TRAFFICKING
            lang en
            = CHAPTER 1
            == Article 1
            Paragraph: Everyone is free and equal. This is a hard-⏎wrapped paragraph.
            == Article 2.
            Paragraph: Nobody is held in slavery.
            = II. LEGAL FRAMEWORK [legal-framework]
            == 2.1 Victims [legal-framework]
            ListItem: (a) one
            ListItem: (b) two⏎    goes on
            ListItem: - three
            == Underlined [legal-framework]
            Paragraph: Text under it.
        "#]],
    );
}

#[test]
fn plain_text_without_structure() {
    check(
        "note_on_victims.txt",
        "just one line",
        expect![[r#"
        note on victims
        Paragraph: just one line
    "#]],
    );
    check(
        "empty.txt",
        "",
        expect![[r#"
        empty
    "#]],
    );
    check(
        "blank.txt",
        " \n\t\n",
        expect![[r#"
        blank
    "#]],
    );
    check(
        "a.txt",
        "First line\r\nsecond line\r\n\r\nNext.\rOld Mac line.\r",
        expect![[r#"
        a
        Paragraph: First line␍⏎second line
        Paragraph: Next.␍Old Mac line.
    "#]],
    );
}

#[test]
fn wikitext_without_a_telling_name_is_known_by_its_content() {
    check(
        "a.txt",
        "'''Bold''' start, [[link]].\n\n== Head ==\nText.",
        expect![[r#"
        a
        @links: link
        Paragraph: Bold start, link.
        = Head
        Paragraph: Text.
    "#]],
    );
}

#[test]
fn what_is_not_text_is_refused_with_the_reason() {
    check(
        "a.txt",
        b"SQLite format 3\0 rows",
        expect![[r#"
        not read: it is a database, which is not read
    "#]],
    );
    check(
        "a.md",
        (0..2000u32).map(|n| (n * 7919 % 251) as u8).collect::<Vec<_>>(),
        expect![[r#"
        not read: it is not text, and of no format that is read
    "#]],
    );
}

#[test]
fn damaged_bytes_are_told() {
    check(
        "a.txt",
        b"\xEF\xBB\xBFcaf\xC3\xA9 and \xFF\xFE bad bytes in UTF-8 \xC3\xA9.",
        expect![[r#"
        a
        Paragraph: café and �� bad bytes in UTF-8 é.
        warning: 2 places are not UTF-8, shown as `�`
    "#]],
    );
}

#[test]
fn julia_kristeva_has_her_fourteen_headings() {
    let Some(folder) = shared("formats/wikitext") else { return };
    let bytes = std::fs::read(folder.join("julia_kristeva.txt")).unwrap();
    let document = read("julia_kristeva.txt", &bytes, &Corpus::default()).unwrap();
    let headings: Vec<String> = document.sections[1..]
        .iter()
        .map(|section| format!("{}{}", " ".repeat(section.depth - 1), section.heading))
        .collect();
    expect![[r#"
        Life
        Work
         The "semiotic" and the "symbolic"
         Anthropology and psychology
        Feminist
         Denunciation of identity politics
        Novelist
        Honors
        Scholarly reception
        Selected writings
         Novels
        See also
        Notes
        External links"#]]
    .assert_eq(&headings.join("\n"));
}

/// The sample of each encoding decodes to what its maker encoded: the same text as its twins in
/// UTF-8, and no character lost beyond those that the encoding does not have.
#[test]
fn every_encoding_is_detected() {
    let Some(folder) = shared("formats/encodings") else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let mut wrong = Vec::new();
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, encoding, _, _] = fields.as_slice() else { panic!("{line}") };
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let source = Source::decode(&bytes);
        let expected = match *encoding {
            "hostile" => continue,
            "utf-16" | "utf-16-le" => "UTF-16LE",
            "utf-16-be" => "UTF-16BE",
            "utf-32" => "UTF-32LE",
            "utf-8-sig" | "nfd" => "UTF-8",
            "kz1048" => "KZ-1048",
            "ptcp154" => "PTCP154",
            "mac-roman" => "macintosh",
            "mac-cyrillic" => "x-mac-cyrillic",
            // Supersets by the WHATWG Encoding Standard.
            "iso8859-1" | "iso8859-15" | "cp1252" => "windows-1252",
            "gb18030" | "gbk" => "GBK",
            "tis-620" => "windows-874",
            "koi8-r" => "KOI8-U",
            other => other,
        };
        let name = source.encoding;
        let label = encoding_rs_name(expected);
        if !name.eq_ignore_ascii_case(&label) {
            wrong.push(format!("{file}: {name}, not {label}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `cp1251` and its like, as the standard writes them.
fn encoding_rs_name(label: &str) -> String {
    match label.strip_prefix("cp125") {
        Some(page) => format!("windows-125{page}"),
        None => match label {
            "cp866" => "IBM866".to_owned(),
            label => label.replace("iso8859", "iso-8859").replace("shift_jis", "Shift_JIS"),
        },
    }
}

/// The language that a text is taken to be in.
fn language(text: &str) -> Option<String> {
    let corpus = Corpus::parse("", std::path::Path::new("corpus.toml")).unwrap();
    read("a.txt", text.as_bytes(), &corpus).unwrap().lang
}

#[test]
fn languages_are_detected_where_nothing_declares_them() {
    let texts = [
        (
            "en",
            "The government prosecuted three corrupt police officials, including the former head of the unit.",
        ),
        (
            "fr",
            "Le gouvernement a poursuivi trois policiers corrompus, dont l'ancien chef de l'unité spéciale.",
        ),
        (
            "ru",
            "Правительство возбудило уголовные дела против трёх коррумпированных сотрудников полиции.",
        ),
        (
            "kk",
            "Қазақстан Республикасының Үкіметі адам саудасына қарсы күрес жөніндегі шараларды қабылдады және құқық қорғау органдарына тапсырма берді.",
        ),
        (
            "ky",
            "Өкмөт адам сатууга каршы күрөшүү боюнча жаңы чараларды көрдү жана укук коргоо органдарына тапшырма берди, өлкөнүн өнүгүүсүнө.",
        ),
        (
            "ar",
            "حاكمت الحكومة ثلاثة من ضباط الشرطة الفاسدين بمن فيهم الرئيس السابق لوحدة مكافحة الاتجار بالأشخاص",
        ),
        (
            "zh",
            "政府起诉了三名腐败的警察官员，其中包括前打击人口贩运部门负责人。政府起诉了三名腐败的警察官员，其中包括前打击人口贩运部门负责人。",
        ),
    ];
    for (lang, text) in texts {
        assert_eq!(language(text).as_deref(), Some(lang), "{text}");
    }
    assert_eq!(language("Table 3: 12, 14, 35."), None, "too short to tell");
}

#[test]
fn the_year_is_found_in_date_name_or_title() {
    let year = |name: &str, text: &str| {
        let corpus = Corpus::parse("", std::path::Path::new("corpus.toml")).unwrap();
        let document = read(name, text.as_bytes(), &corpus).unwrap();
        document.metadata.get("year").map(|years| years.join(" "))
    };
    assert_eq!(year("Kenya_2021.md", "Text.").as_deref(), Some("2021"));
    assert_eq!(
        year("a.md", "---\ndate: 2019-05-06\n---\n# Report 2018\n").as_deref(),
        Some("2019")
    );
    assert_eq!(year("a.md", "# Report 2018\n\nIn 2017.").as_deref(), Some("2018"));
    assert_eq!(year("a.md", "# Reports 2013-2021\n"), None, "a span is no year");
    assert_eq!(year("a_20211.md", "Text."), None);
    // When a file was made says little of what it is about.
    let made = |title: &str| {
        format!(
            "{{\\rtf1\\ansi{{\\info{{\\title {title}}}{{\\creatim\\yr2022\\mo9\\dy1}}}}Text.\\par}}"
        )
    };
    assert_eq!(year("Kenya_2021.rtf", &made("A report")).as_deref(), Some("2021"));
    assert_eq!(year("a.rtf", &made("Findings of 2020")).as_deref(), Some("2020"));
    assert_eq!(year("a.rtf", &made("A report")).as_deref(), Some("2022"));
}

#[test]
fn what_is_no_country_and_no_year_is_not_kept() {
    let rules =
        "[[files]]\npattern = \"{country}_{year}.md\"\n[[files]]\npattern = \"{country}.txt\"\n";
    let corpus = Corpus::parse(rules, std::path::Path::new("corpus.toml")).unwrap();
    let told = |name: &str, text: &str| {
        let document = read(name, text.as_bytes(), &corpus).unwrap();
        let values = |key: &str| {
            document.metadata.get(key).map_or("-".to_owned(), |values| values.join(" "))
        };
        format!("{} {} {}", values("country"), values("year"), document.warnings.len())
    };
    let cases = [
        ("Korea_South_2021.md", "", "Korea South 2021 0"),
        ("2014 Child Labor_app.md", "", "- 2014 0"),
        ("2014_Child_Labor_app_2014.md", "", "- 2014 0"),
        ("Kenya_2021_final.md", "", "- 2021 0"),
        ("Kenya_2013-2014.md", "", "Kenya 2013 2014 0"),
        ("2014 Child Labor_app.txt", "", "- 2014 0"),
        ("Kenya.txt", "", "Kenya - 0"),
        ("a.md", "# A\n\nCountry: 2014 Report_app\nYear: 2014\n", "- 2014 1"),
        ("a.md", "---\ncountry: Côte d’Ivoire\nyear: final\n---\n", "Côte d’Ivoire - 1"),
        ("Chad_2020.md", "# A\n\nCountry: 2014 Report_app\nYear: 2014\n", "Chad 2014 1"),
    ];
    for (name, text, expected) in cases {
        assert_eq!(told(name, text), expected, "{name} {text}");
    }
}
