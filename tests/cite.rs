//! Citations: what is said is what the metadata says, in the form of each manual and of each program, and a link or
//! selector that finds the words again.

use std::process::Command;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::Value;
use tipsearch::cite::{Date, Issued, Name, Quote, Reference};
use tipsearch::engine::Engine;
use tipsearch::render::cite::{Style, bibtex, csl, link, ris, selector, styled, text_fragment};

use crate::support::{Shelf, report_folder};

/// Reports of each kind.
const CORPUS: &str = "\
--- labor/kazakhstan_2021.md
# Kazakhstan — 2021 Findings on the Worst Forms of Child Labor

Source: U.S. Department of Labor, Bureau of International Labor Affairs
Country: Kazakhstan
Year: 2021

The government made minimal advancement.

## Prosecution \"and law\"
Police investigated 42 cases. Five officials were convicted.
--- persons.md
---
title: Routes & Risks of 100% {Forced} Labor_
author: [\"Lee, Ann B.\", \"R. Okoye\"]
publisher: Migration Press
place: Geneva
date: 2019-03-05
url: https://example.org/a_b%20c.html
report_number: 12
doi: https://doi.org/10.1000/abc_1
---
# Routes

One passage of the report on routes and risks, in which there is enough to be quoted with an end - and a comma, too.
--- page.html
<html lang=\"en\"><head><title>Who is a victim?</title><meta name=\"author\" content=\"Walk Free\">
<link rel=\"canonical\" href=\"https://example.org/who?x=1&amp;y=2#part\">
<meta property=\"article:published_time\" content=\"2020-05-30T10:00:00Z\"><meta property=\"og:site_name\" content=\"Example\"></head>
<body><article><h1>Who is a victim?</h1><p>Anyone may be a victim of trafficking, wherever they were born.</p></article></body></html>
";

fn day() -> Date {
    Date::day("2026-11-28").unwrap()
}

/// The references to the first passage that has these words, and to its document.
fn references(shelf: &Shelf, words: &str) -> (Reference, Reference) {
    let searcher = shelf.searcher();
    let found = shelf.search(words);
    let passage = &found.hits.first().unwrap().passage;
    let documents = searcher.engine().documents().unwrap();
    let listed = documents.iter().find(|listed| listed.doc_id == passage.report.doc_id).unwrap();
    (Reference::of_passage(passage, day()), Reference::of_document(listed, day()))
}

fn all_styles(reference: &Reference) -> String {
    let styles = [Style::Chicago, Style::Apa, Style::Mla, Style::Bluebook];
    let lines = styles.iter().flat_map(|style| styled(reference, *style));
    lines.map(|line| line.markdown().replace('\\', "") + "\n").collect()
}

fn data(reference: &Reference) -> String {
    format!("{:#}\n{}{}", csl(reference), bibtex(reference), ris(reference).replace('\r', ""))
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(text);
}

#[test]
fn a_report_whose_year_is_what_it_is_about_has_no_date() {
    let shelf = Shelf::of(CORPUS);
    let (passage, document) = references(&shelf, "officials convicted");
    check(
        &all_styles(&passage),
        expect![[r#"
        *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor*. U.S. Department of Labor, Bureau of International Labor Affairs, n.d. Accessed November 28, 2026.
        *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor* (U.S. Department of Labor, Bureau of International Labor Affairs, n.d.), under “Prosecution ‘and law’,” accessed November 28, 2026.
        *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor*. (n.d.). U.S. Department of Labor, Bureau of International Labor Affairs.
        (*Kazakhstan — 2021 Findings on the Worst Forms of Child Labor*, n.d., “Prosecution ‘and law’” section)
        *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor*. U.S. Department of Labor, Bureau of International Labor Affairs. Accessed 28 Nov. 2026.
        (*Kazakhstan — 2021 Findings on the Worst Forms of Child Labor*, sec. “Prosecution ‘and law’”)
        U.S. Department of Labor, Bureau of International Labor Affairs, *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor* (n.d.) (under “Prosecution ‘and law’”).
    "#]],
    );
    check(
        &all_styles(&document),
        expect![[r#"
        *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor*. U.S. Department of Labor, Bureau of International Labor Affairs, n.d. Accessed November 28, 2026.
        *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor*. (n.d.). U.S. Department of Labor, Bureau of International Labor Affairs.
        *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor*. U.S. Department of Labor, Bureau of International Labor Affairs. Accessed 28 Nov. 2026.
        U.S. Department of Labor, Bureau of International Labor Affairs, *Kazakhstan — 2021 Findings on the Worst Forms of Child Labor* (n.d.).
    "#]],
    );
    check(
        &data(&passage),
        expect![[r#"
        {
          "accessed": {
            "date-parts": [
              [
                2026,
                11,
                28
              ]
            ]
          },
          "custom": {
            "tipsearch-passage": "6mnh2xwjsz96f"
          },
          "id": "labor:kazakhstan_2021.md",
          "language": "en",
          "publisher": "U.S. Department of Labor, Bureau of International Labor Affairs",
          "section": "Prosecution \"and law\"",
          "title": "Kazakhstan — 2021 Findings on the Worst Forms of Child Labor",
          "type": "report"
        }
        @techreport{labor:kazakhstan_2021.md,
          title = {{Kazakhstan — 2021 Findings on the Worst Forms of Child Labor}},
          institution = {U.S. Department of Labor, Bureau of International Labor Affairs},
          urldate = {2026-11-28},
          langid = {english},
          note = {Section “Prosecution ‘and law’”; passage 6mnh2xwjsz96f},
        }
        TY  - RPRT
        ID  - labor:kazakhstan_2021.md
        TI  - Kazakhstan — 2021 Findings on the Worst Forms of Child Labor
        PB  - U.S. Department of Labor, Bureau of International Labor Affairs
        Y2  - 2026/11/28
        LA  - en
        N1  - Section “Prosecution ‘and law’”; passage 6mnh2xwjsz96f
        ER  - 

    "#]],
    );
}

#[test]
fn persons_number_place_and_date() {
    let shelf = Shelf::of(CORPUS);
    let (passage, _) = references(&shelf, "routes and risks");
    check(
        &all_styles(&passage),
        expect![[r#"
            Lee, Ann B., and R. Okoye. *Routes & Risks of 100% {Forced} Labor_*. No. 12. Geneva: Migration Press, 2019. https://doi.org/10.1000/abc_1.
            Ann B. Lee and R. Okoye, *Routes & Risks of 100% {Forced} Labor_*, no. 12 (Geneva: Migration Press, 2019), under “Routes,” https://doi.org/10.1000/abc_1.
            Lee, A. B., & Okoye, R. (2019, March 5). *Routes & Risks of 100% {Forced} Labor_* (Report No. 12). Migration Press. https://doi.org/10.1000/abc_1
            (Lee & Okoye, 2019, “Routes” section)
            Lee, Ann B., and R. Okoye. *Routes & Risks of 100% {Forced} Labor_*. no. 12, Migration Press, 5 Mar. 2019, https://doi.org/10.1000/abc_1.
            (Lee and Okoye, sec. “Routes”)
            Ann B. Lee & R. Okoye, No. 12, *Routes & Risks of 100% {Forced} Labor_* (Mar. 5, 2019) (under “Routes”), https://example.org/a_b%20c.html.
        "#]],
    );
    check(
        &data(&passage),
        expect![[r#"
        {
          "DOI": "10.1000/abc_1",
          "URL": "https://example.org/a_b%20c.html",
          "accessed": {
            "date-parts": [
              [
                2026,
                11,
                28
              ]
            ]
          },
          "author": [
            {
              "family": "Lee",
              "given": "Ann B."
            },
            {
              "family": "Okoye",
              "given": "R."
            }
          ],
          "custom": {
            "tipsearch-passage": "et50sc5wc1a10"
          },
          "id": "persons.md",
          "issued": {
            "date-parts": [
              [
                2019,
                3,
                5
              ]
            ]
          },
          "language": "en",
          "number": "12",
          "publisher": "Migration Press",
          "publisher-place": "Geneva",
          "section": "Routes",
          "title": "Routes & Risks of 100% {Forced} Labor_",
          "type": "report"
        }
        @techreport{persons.md,
          title = {{Routes \& Risks of 100\% \textbraceleft{}Forced\textbraceright{} Labor\_}},
          author = {Lee, Ann B. and Okoye, R.},
          institution = {Migration Press},
          address = {Geneva},
          number = {12},
          year = {2019},
          month = {3},
          date = {2019-03-05},
          doi = {10.1000/abc_1},
          url = {https://example.org/a_b%20c.html},
          urldate = {2026-11-28},
          langid = {english},
          note = {Section “Routes”; passage et50sc5wc1a10},
        }
        TY  - RPRT
        ID  - persons.md
        TI  - Routes & Risks of 100% {Forced} Labor_
        AU  - Lee, Ann B.
        AU  - Okoye, R.
        PB  - Migration Press
        CY  - Geneva
        SN  - 12
        PY  - 2019
        DA  - 2019/03/05
        DO  - 10.1000/abc_1
        UR  - https://example.org/a_b%20c.html
        Y2  - 2026/11/28
        LA  - en
        N1  - Section “Routes”; passage et50sc5wc1a10
        ER  - 

    "#]],
    );
}

#[test]
fn a_page_of_the_web() {
    let shelf = Shelf::of(CORPUS);
    let (_, document) = references(&shelf, "wherever born");
    check(
        &all_styles(&document),
        expect![[r#"
            Walk Free. “Who is a victim?” Example, May 30, 2020. https://example.org/who?x=1&y=2#part.
            Walk Free. (2020, May 30). *Who is a victim?* Example. https://example.org/who?x=1&y=2#part
            Walk Free. “Who is a victim?” *Example*, 30 May 2020, https://example.org/who?x=1&y=2#part.
            Walk Free, *Who is a victim?*, Example (May 30, 2020), https://example.org/who?x=1&y=2#part.
        "#]],
    );
    check(
        &data(&document),
        expect![[r#"
        {
          "URL": "https://example.org/who?x=1&y=2#part",
          "accessed": {
            "date-parts": [
              [
                2026,
                11,
                28
              ]
            ]
          },
          "author": [
            {
              "literal": "Walk Free"
            }
          ],
          "container-title": "Example",
          "id": "page.html",
          "issued": {
            "date-parts": [
              [
                2020,
                5,
                30
              ]
            ]
          },
          "language": "en",
          "publisher": "Example",
          "title": "Who is a victim?",
          "type": "webpage"
        }
        @online{page.html,
          title = {{Who is a victim?}},
          author = {{Walk Free}},
          organization = {Example},
          year = {2020},
          month = {5},
          date = {2020-05-30},
          url = {https://example.org/who?x=1&y=2#part},
          urldate = {2026-11-28},
          langid = {english},
        }
        TY  - ELEC
        ID  - page.html
        TI  - Who is a victim?
        AU  - Walk Free
        PB  - Example
        PY  - 2020
        DA  - 2020/05/30
        UR  - https://example.org/who?x=1&y=2#part
        Y2  - 2026/11/28
        LA  - en
        ER  - 

    "#]],
    );
}

#[test]
fn names_are_persons_only_where_they_say_so() {
    let person = |family: &str, given: &str| Name::Person {
        family: family.to_owned(),
        given: given.to_owned(),
    };
    for (text, name) in [
        ("Lee, Ann", person("Lee", "Ann")),
        ("van der Berg, Jan P.", person("van der Berg", "Jan P.")),
        ("A. B. Lee", person("Lee", "A. B.")),
        ("Walk Free", Name::Literal("Walk Free".into())),
        ("Ann Lee", Name::Literal("Ann Lee".into())),
        (
            "U.S. Department of Labor, Bureau of International Labor Affairs",
            Name::Literal("U.S. Department of Labor, Bureau of International Labor Affairs".into()),
        ),
        ("Doctors, Lawyers, Teachers", Name::Literal("Doctors, Lawyers, Teachers".into())),
        ("Human Rights Watch", Name::Literal("Human Rights Watch".into())),
        ("J. P. Inc.", Name::Literal("J. P. Inc.".into())),
    ] {
        assert_eq!(Name::of(text), name, "{text}");
    }
}

#[test]
fn dates_are_what_the_metadata_says() {
    let date = |text: &str| Date::read(text).map(|date| date.iso());
    for (text, expected) in [
        ("2021-06-30", Some("2021-06-30")),
        ("2021-06-30T10:00:00+02:00", Some("2021-06-30")),
        ("2021/6", Some("2021-06")),
        ("2021", Some("2021")),
        ("June 30, 2021", Some("2021-06-30")),
        ("30 Jun 2021", Some("2021-06-30")),
        ("Summer 2021", Some("2021")),
        ("2021-13-40", Some("2021")),
        ("2021-02-30", Some("2021-02")),
        ("2020-02-29", Some("2020-02-29")),
        ("2013-2021", None),
        ("2013 to 2021", None),
        ("n.d.", None),
        ("", None),
        ("Ünï 2021", Some("2021")),
    ] {
        assert_eq!(date(text).as_deref(), expected, "{text}");
    }
    let of = |id: &str, key: &str| {
        let metadata = [(key.to_owned(), vec!["2021-06-30".to_owned()])].into();
        Issued::of(id, &metadata).map(|issued| (issued.date.iso(), issued.is_about))
    };
    assert_eq!(of("a.md", "year"), None);
    assert_eq!(of("a.md", "date"), Some(("2021-06-30".into(), false)));
    assert_eq!(of("a.pdf", "date"), Some(("2021".into(), true)));
    assert_eq!(of("a.pdf", "published"), Some(("2021-06-30".into(), false)));
    assert_eq!(Date::day("2021-06"), None);
    assert_eq!(Date::day("2021-02-30"), None);
    assert!(Date::today().iso().as_str() > "2026" && Date::today().day.is_some());
}

/// A PDF with the labels of its pages.
#[test]
fn pages_are_those_that_are_printed_and_links_those_of_the_viewer() {
    let shelf = Shelf::of(CORPUS);
    let (mut reference, _) = references(&shelf, "routes and risks");
    let mut pinpoint = reference.pinpoint.take().unwrap();
    pinpoint.page = Some(57);
    pinpoint.locator = Some(tipsearch::cite::Locator {
        unit: tipsearch::cite::Unit::Page,
        first: "43".into(),
        last: "44".into(),
    });
    reference.pinpoint = Some(pinpoint);
    reference.doc_id = "report.pdf".into();
    reference.title = "Trafficking in Persons Report 2008".into();
    check(
        &all_styles(&reference),
        expect![[r#"
            Lee, Ann B., and R. Okoye. *Trafficking in Persons Report 2008*. No. 12. Geneva: Migration Press, 2019. https://doi.org/10.1000/abc_1.
            Ann B. Lee and R. Okoye, *Trafficking in Persons Report 2008*, no. 12 (Geneva: Migration Press, 2019), 43–44, under “Routes,” https://doi.org/10.1000/abc_1.
            Lee, A. B., & Okoye, R. (2019, March 5). *Trafficking in Persons Report 2008* (Report No. 12). Migration Press. https://doi.org/10.1000/abc_1
            (Lee & Okoye, 2019, pp. 43–44)
            Lee, Ann B., and R. Okoye. *Trafficking in Persons Report 2008*. no. 12, Migration Press, 5 Mar. 2019, https://doi.org/10.1000/abc_1.
            (Lee and Okoye 43–44)
            Ann B. Lee & R. Okoye, No. 12, *Trafficking in Persons Report 2008*, at 43–44 (Mar. 5, 2019) (under “Routes”), https://example.org/a_b%20c.html.
        "#]],
    );
    assert_eq!(link(&reference, None), "https://example.org/a_b%20c.html#page=57");
    let record = ris(&reference);
    assert!(record.contains("SP  - 43\r\nEP  - 44\r\n"), "{record}");
}

#[test]
fn links_and_selectors_lead_to_the_words() {
    let shelf = Shelf::of(CORPUS);
    let searcher = shelf.searcher();
    let passage = shelf.search("routes and risks").hits.swap_remove(0).passage;
    let document = searcher.engine().document(&passage.report.doc_id).unwrap();
    let reference = Reference::of_passage(&passage, day());
    let of = |words: Option<&str>| Quote::of(&passage, words, &document);
    let quote = of(Some("an end -  and\na comma, too.")).unwrap();
    assert_eq!(quote.exact, "an end - and a comma, too.");
    check(
        &format!("{:#}", selector(&reference, &quote)),
        expect![[r#"
        {
          "@context": "http://www.w3.org/ns/anno.jsonld",
          "selector": [
            {
              "exact": "an end - and a comma, too.",
              "prefix": "ere is enough to be quoted with ",
              "suffix": "",
              "type": "TextQuoteSelector"
            }
          ],
          "source": "https://example.org/a_b%20c.html",
          "type": "SpecificResource"
        }"#]],
    );
    assert_eq!(
        link(&reference, Some(&quote)),
        "https://example.org/a_b%20c.html#:~:text=an%20end%20%2D%20and%20a%20comma%2C%20too."
    );
    let whole = of(None).unwrap();
    assert_eq!(whole.exact, passage.text);
    assert_eq!(
        link(&reference, Some(&whole)),
        "https://example.org/a_b%20c.html#:~:text=One%20passage%20of%20the,and%20a%20comma%2C%20too."
    );
    assert_eq!(of(Some("words that are not there")), None);
    let (page, _) = references(&shelf, "wherever born");
    let quote = Quote { prefix: String::new(), exact: "a victim".into(), suffix: String::new() };
    assert_eq!(link(&page, Some(&quote)), "https://example.org/who?x=1&y=2#part:~:text=a%20victim");
}

#[test]
fn the_command_cites() {
    let shelf = Shelf::of(CORPUS);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tipsearch"));
        let output =
            command.args(arguments).arg("--index").arg(shelf.index_path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let id = shelf.search("officials convicted").hits[0].passage.id.clone();
    for style in ["chicago", "apa", "mla", "bluebook", "csl-json", "bibtex", "ris", "w3c", "link"] {
        let arguments = ["cite", &id, "--style", style, "--accessed", "2026-11-28"];
        let (code, text, error) = run(&arguments);
        assert_eq!((code, error.as_str()), (Some(0), ""), "{style}");
        assert_eq!(run(&arguments).1, text);
        let json = run(&[&arguments[..], &["--json"]].concat()).1;
        serde_json::from_str::<Value>(&json).expect(style);
    }
    let (_, text, _) = run(&["cite", &id, "--style", "link"]);
    assert_eq!(text, format!("tipsearch://labor/kazakhstan_2021.md#{id}\n"));
    for (wrong, message) in [
        (&["cite", "nothing"][..], "there is no passage, document or file `nothing`"),
        (&["cite", &id, "--accessed", "2026-02-30"], "`2026-02-30` is not a day"),
        (&["cite", &id, "--quote", "x"], "a quotation is for a selector or a link"),
        (
            &["cite", &id, "--style", "w3c", "--quote", "xyz"],
            "the passage does not have these words",
        ),
        (&["cite", "persons.md", "--style", "w3c"], "words are quoted from a passage"),
    ] {
        let (code, text, error) = run(wrong);
        assert_eq!((code, text.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(
            error.contains(message) && error.contains("hint: ") | (wrong.len() == 2),
            "{error}"
        );
    }
    for format in ["bibtex", "csl-json", "ris"] {
        let (code, text, _) = run(&["the", "police", "victim", "routes", "-f", format]);
        assert_eq!(code, Some(0));
        let count = match format {
            "csl-json" => serde_json::from_str::<Vec<Value>>(&text).unwrap().len(),
            "ris" => text.matches("ER  - \r\n").count(),
            _ => text.lines().filter(|line| line.starts_with('@')).count(),
        };
        assert_eq!(count, 3, "{text}");
        let (code, text, _) = run(&["zebra", "-f", format]);
        assert_eq!(code, Some(1));
        assert_eq!(text.trim(), if format == "csl-json" { "[]" } else { "" });
    }
}

#[test]
fn the_embedded_report_is_cited() {
    let shelf = Shelf::empty();
    for entry in std::fs::read_dir(report_folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        shelf.write(&name, &std::fs::read(&path).unwrap());
    }
    shelf.index();
    let (passage, _) = references(&shelf, "border guards complicity");
    check(
        &all_styles(&passage),
        expect![[r#"
        “Human trafficking in Kazakhstan.” Wikipedia. Accessed November 28, 2026. https://en.wikipedia.org/wiki/Human_trafficking_in_Kazakhstan.
        “Human trafficking in Kazakhstan,” Wikipedia, under “Prosecution (2008),” accessed November 28, 2026, https://en.wikipedia.org/wiki/Human_trafficking_in_Kazakhstan.
        *Human trafficking in Kazakhstan*. (n.d.). Wikipedia. Retrieved November 28, 2026, from https://en.wikipedia.org/wiki/Human_trafficking_in_Kazakhstan
        (*Human trafficking in Kazakhstan*, n.d., “Prosecution (2008)” section)
        “Human trafficking in Kazakhstan.” *Wikipedia*, https://en.wikipedia.org/wiki/Human_trafficking_in_Kazakhstan. Accessed 28 Nov. 2026.
        (“Human trafficking in Kazakhstan”, sec. “Prosecution (2008)”)
        Wikipedia, *Human trafficking in Kazakhstan* (n.d.) (under “Prosecution (2008)”), https://en.wikipedia.org/wiki/Human_trafficking_in_Kazakhstan (last visited Nov. 28, 2026).
    "#]],
    );
}

/// BibTeX's own rule: braces count whatever stands before them.
fn is_balanced(entry: &str) -> bool {
    let mut depth = 0i64;
    let mut closed = 0;
    for c in entry.trim_end().chars() {
        depth += i64::from(c == '{') - i64::from(c == '}');
        closed += i64::from(depth == 0 && c == '}');
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && closed == 1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..crate::support::cases() })]
    /// Whatever stands in titles and names, no field ends before its end, and no record has a line of its own.
    #[test]
    fn no_title_breaks_out_of_its_field(
        title in "[ -~\u{e4}\u{2028}\r\n]{0,40}", author in "[ -~\r\n;]{0,30}", url in "https://[!-~]{1,20}",
        publisher in "[ -~\n]{0,20}", date in "[0-9/ -]{0,10}|[A-Za-z0-9, ]{0,12}",
    ) {
        let metadata = [("author", &author), ("url", &url), ("publisher", &publisher), ("date", &date)];
        let metadata = metadata.map(|(key, value)| (key.to_owned(), vec![value.clone()])).into();
        let report = tipsearch::passage::Report {
            doc_id: title.clone(), title: title.clone(), metadata, ..Default::default()
        };
        let passage = tipsearch::passage::Passage {
            id: "0000000000000".into(), ordinal: 0, report: report.into(), trail: vec![title.clone(), title.clone()],
            role: None, anchor: String::new(), text: title.clone(), location: Default::default(),
        };
        let reference = Reference::of_passage(&passage, day());
        let entry = bibtex(&reference);
        prop_assert!(is_balanced(&entry), "{entry}");
        for line in ris(&reference).split("\r\n").filter(|line| !line.is_empty()) {
            let is_tag = line.get(2..6) == Some("  - ") && line.is_char_boundary(2);
            prop_assert!(is_tag && !line.contains(['\r', '\n']), "{line:?}");
        }
        for style in [Style::Chicago, Style::Apa, Style::Mla, Style::Bluebook] {
            for line in styled(&reference, style) {
                prop_assert!(!line.plain().contains(['\r', '\n']), "{}", line.plain());
            }
        }
        if let Some(fragment) = text_fragment(&title) {
            let rest = fragment.strip_prefix("#:~:text=").unwrap();
            prop_assert!(rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"%._~,".contains(&b)));
        }
        prop_assert!(csl(&reference)["id"].as_str().is_some_and(|id| !id.is_empty()));
    }
}
