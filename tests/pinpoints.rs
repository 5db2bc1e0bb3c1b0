//! The place in a report that a draft gives with a quotation: its heading and its lines, in the forms of `cite` and of hits.

use std::fmt::Write;

use tipsearch::engine::Engine;
use tipsearch::render::cite::short_citation;

use super::cli::tipsearch;
use super::read::office::word;
use super::support::Shelf;
use super::verify::verified_draft;

const CORPUS: &str = "\
--- 2021/Kenya_2021.md
# Kenya — 2021 Findings on the Worst Forms of Child Labor

Country: Kenya
Year: 2021
Source: U.S. Department of Labor, Bureau of International Labor Affairs

## Table 2. Overview of Children’s Work by Sector and Activity (Cont.)

Some children work in brick factories to offset family debt to employers in the north.

## Is there a gap in the legal framework of the country?

Inspectors visited the canal twice in the spring and found nobody.

## REFERENCES

U.S. Embassy official of the capital. E-mail communication to another official.
--- 2020/Kenya_2020.md
# Kenya — 2020 Findings on the Worst Forms of Child Labor

Country: Kenya
Year: 2020
Source: U.S. Department of Labor, Bureau of International Labor Affairs

## Coordination

Judges freed eleven miners in the harbour of the capital.
";

const DEBT: &str = "to offset family debt to employers";
const CANAL: &str = "Inspectors visited the canal twice";

/// The id of the passage of the report of 2021 under a heading that begins so.
fn id_under(shelf: &Shelf, heading: &str) -> String {
    let passages = shelf.engine().document("2021/Kenya_2021.md").unwrap();
    let is_own = |it: &&tipsearch::passage::Passage| {
        it.heading().is_some_and(|own| own.starts_with(heading))
    };
    passages.iter().find(is_own).unwrap().id.clone()
}

/// Drafts that give a quotation with each form of citing a passage: in brackets, and as a note.
fn drafts(shelf: &Shelf, id: &str, quote: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for style in ["chicago", "apa", "mla", "bluebook"] {
        let told =
            tipsearch(shelf.folder.path(), &["cite", id, "--style", style, "--index", "index"]);
        forms.extend(told.out.lines().last().map(str::to_owned));
    }
    let passage = shelf.engine().passage(id).unwrap().unwrap();
    forms.push(short_citation(&passage));
    let draft = |form: &String| {
        let bare = form.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(form);
        [
            format!("It says “{quote}” ({bare}).\n"),
            format!("It says “{quote}”.[^1]\n\n[^1]: {form}\n"),
        ]
    };
    forms.iter().flat_map(draft).collect()
}

/// Each quotation of a draft with where it stands, and the exit code.
fn told(shelf: &Shelf, draft: &str) -> (i32, Vec<String>) {
    let (code, value) = verified_draft(shelf, "draft.md", draft.as_bytes());
    let one = |result: &serde_json::Value| {
        let stands = result["source"]["stands"].as_str().unwrap_or("-");
        format!("{} {stands}", result["verdict"].as_str().unwrap())
    };
    (code, value["results"].as_array().unwrap().iter().map(one).collect())
}

#[test]
fn a_quotation_is_held_to_the_heading_that_its_citation_names() {
    let shelf = Shelf::of(CORPUS);
    let mut wrong = String::new();
    for (heading, quote, expected) in [
        ("Table 2", DEBT, "there"),
        ("REFERENCES", DEBT, "elsewhere"),
        ("Is there", DEBT, "elsewhere"),
        ("Is there", CANAL, "there"),
        ("Table 2", CANAL, "elsewhere"),
    ] {
        for draft in drafts(&shelf, &id_under(&shelf, heading), quote) {
            let is = told(&shelf, &draft);
            let code = i32::from(expected == "elsewhere");
            if is != (code, vec![format!("verbatim {expected}")]) {
                let _ = writeln!(wrong, "{draft}  expected {expected}, is {is:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_heading_behind_the_year_needs_no_marks() {
    let shelf = Shelf::of(CORPUS);
    for (form, stands) in [
        ("(Kenya, 2021, REFERENCES)", "elsewhere"),
        ("(Kenya, 2021, section References)", "elsewhere"),
        ("(Kenya 2021, under Is there a gap in the legal framework of the country?)", "elsewhere"),
        (
            "(U.S. Department of Labor, Kenya, 2021, Table 2. Overview of Children’s Work by Sector and Activity (Cont.), line 9)",
            "there",
        ),
        ("(Kenya, 2021, in REFERENCES)", "elsewhere"),
        ("(Kenya, 2021, references)", "there"),
        ("(Kenya, 2021, Coordination)", "there"),
        ("(Kenya, 2021, Worst Forms of Child Labor)", "there"),
    ] {
        let is = told(&shelf, &format!("It says “{DEBT}” {form}.\n")).1;
        assert_eq!(is, [format!("verbatim {stands}")], "{form}");
    }
    let own = told(
        &shelf,
        "It says “E-mail communication to another official” (Kenya, 2021, REFERENCES).\n",
    );
    assert_eq!(own, (0, vec!["verbatim there".to_owned()]));
}

#[test]
fn a_quotation_is_held_to_the_lines_that_are_given() {
    let shelf = Shelf::of(CORPUS);
    let line = 1 + std::fs::read_to_string(shelf.corpus().join("2021/Kenya_2021.md"))
        .unwrap()
        .lines()
        .position(|it| it.contains(DEBT))
        .unwrap();
    let title = "Kenya — 2021 Findings on the Worst Forms of Child Labor";
    let mut wrong = String::new();
    let forms = |first: usize, last: usize| {
        [
            format!("(Kenya, 2021, line {first})"),
            format!("(Kenya, 2021, lines {first}-{last})"),
            format!("(Kenya, 2021, ll. {first}–{last}, p. 3)"),
            format!("[2021/Kenya_2021.md:{first}]"),
            format!("(Kenya_2021.md:{first}-{last})"),
            format!("(2021/Kenya_2021.md#L{first}-L{last})"),
            format!("[^1]\n\n[^1]: 2021/Kenya_2021.md:{first}\n"),
            format!("[^1]\n\n[^1]: {title}, line {first} (2021/Kenya_2021.md:{first}).\n"),
            format!(
                "[^1]\n\n[^1]: {title}, “Table 2. Overview of Children’s Work by Sector and Activity (Cont.)”, lines {first}-{last} (2021/Kenya_2021.md:{first}).\n"
            ),
        ]
    };
    for (first, last, expected) in [
        (line, line, "verbatim there"),
        (line, line + 3, "verbatim there"),
        (line - 3, line + 3, "verbatim there"),
        (5, 5, "verbatim elsewhere"),
        (900, 902, "verbatim elsewhere"),
    ] {
        for form in forms(first, last) {
            let (code, is) = told(&shelf, &format!("It says “{DEBT}” {form}"));
            let is_so = is == [expected] && code == i32::from(expected.ends_with("elsewhere"));
            // A form with one line names the first only.
            let names_all = first == last || form.contains(&last.to_string());
            if names_all && !is_so {
                let _ = writeln!(wrong, "{form}  expected {expected}, is {is:?} {code}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    let form = &forms(900, 900)[8];
    let (_, value) = verified_draft(&shelf, "draft.md", format!("“{DEBT}”{form}").as_bytes());
    assert!(value["results"][0]["source"]["sources"].is_null(), "one source: {value}");
}

#[test]
fn the_line_of_a_heading_and_of_a_file_without_lines() {
    let shelf = Shelf::of(CORPUS);
    let heading = "Is there a gap in the legal framework of the country?";
    let file = std::fs::read_to_string(shelf.corpus().join("2021/Kenya_2021.md")).unwrap();
    let line = 1 + file.lines().position(|it| it.contains(heading)).unwrap();
    for (line, stands) in [(line, "there"), (1, "elsewhere"), (line + 40, "elsewhere")] {
        let is = told(&shelf, &format!("It asks “{heading}” (2021/Kenya_2021.md:{line}).\n")).1;
        assert_eq!(is, [format!("verbatim {stands}")], "{line}");
    }
    let shelf = Shelf::empty();
    let body = format!("<w:p><w:r><w:t>Some {DEBT} in the north.</w:t></w:r></w:p>");
    shelf.write("Mali_2021.docx", &word(&body, &[]));
    shelf.index();
    let draft = format!("It says “{DEBT}” (Mali_2021.docx, line 900).\n");
    let (code, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
    let source = &value["results"][0]["source"];
    let is = (code, &source["stands"], &source["line_checked"]);
    assert_eq!(is, (0, &"there".into(), &false.into()), "{value}");
}

#[test]
fn a_heading_in_a_citation_is_no_quotation() {
    let shelf = Shelf::of(CORPUS);
    let title = "Kenya — 2021 Findings on the Worst Forms of Child Labor";
    let heading = "Is there a gap in the legal framework of the country?";
    for draft in [
        format!("“{CANAL}” ({title}, “{heading}”, line 13).\n"),
        format!("“{CANAL}”.[^1]\n\n[^1]: {title}, under “{heading},” accessed May 4, 2024.\n"),
        format!("“{CANAL}” (Kenya, 2021).\n\n## References\n\n- {title}, “{heading}”.\n"),
    ] {
        assert_eq!(told(&shelf, &draft), (0, vec!["verbatim there".to_owned()]), "{draft}");
    }
    let cut = CORPUS.replace("(Cont.)", "Cont)");
    let lost = format!(
        "“{DEBT}” ({title}, “Table 2. Overview of Children’s Work by Sector and Activity Cont)”, line 9).\n"
    );
    assert_eq!(told(&Shelf::of(&cut), &lost), (0, vec!["verbatim there".to_owned()]));
    // What is quoted in a note, or is no heading of what is cited there, is checked.
    for (draft, expected) in [
        (
            format!("So.[^1]\n\n[^1]: Kenya, 2021, under “{heading}”: “{CANAL} and saw it”.\n"),
            "near",
        ),
        (
            "So.[^1]\n\n[^1]: Kenya, 2021, under “Is there a gap in the law of the country?”.\n"
                .to_owned(),
            "absent",
        ),
        (format!("So.[^1]\n\n[^1]: Kenya, 2020, under “{heading}”.\n"), "verbatim"),
        (format!("It asks “{heading}” (Kenya, 2021).\n"), "verbatim"),
    ] {
        let is = told(&shelf, &draft).1;
        assert!(is.len() == 1 && is[0].starts_with(expected), "{draft}: {is:?}");
    }
}

#[test]
fn numbers_of_laws_and_papers_are_no_lines() {
    let paper = "--- A_HRC_47_L.12.md\n# Resolution on the harbour\n\nThe council deplores the fire in the harbour.\n";
    let shelf = Shelf::of(CORPUS);
    for form in [
        "(Kenya, 2021; see also A/HRC/47/L.12)",
        "(Kenya, 2021, citing Pub. L. 109–164)",
        "(Kenya, 2021, noting OJ L 101, 15 April 2011)",
        "(Kenya, 2021, Crossing the Line, 2021)",
        "(Kenya, 2021, Hold the Line 2021)",
        "(Kenya, 2021, line 18446744073709551615 f., lines 1–18446744073709551615)",
    ] {
        let is = told(&shelf, &format!("It says “{DEBT}” {form}.\n"));
        // Another publisher may be meant beside the country.
        let stands = if form.contains("HRC") { "unknown" } else { "there" };
        assert_eq!(is, (0, vec![format!("verbatim {stands}")]), "{form}");
    }
    let draft = "It says “The council deplores the fire” (A_HRC_47_L.12.md).\n";
    assert_eq!(told(&Shelf::of(paper), draft), (0, vec!["verbatim there".to_owned()]));
    for form in ["(Kenya, 2021, l. 900)", "[^1]\n\n[^1]: Kenya, 2021, lines 900 to 902.\n"] {
        let is = told(&shelf, &format!("It says “{DEBT}” {form}"));
        assert_eq!(is, (1, vec!["verbatim elsewhere".to_owned()]), "{form}");
    }
}

#[test]
fn lines_of_a_page_are_not_checked() {
    let shelf = Shelf::of(CORPUS);
    for form in
        ["Kenya, 2021, p. 5, line 3", "Kenya 2021, Transcript of 12 March, p. 45, lines 20-24"]
    {
        let draft = format!("It says “{DEBT}” ({form}).\n");
        let (code, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
        let source = &value["results"][0]["source"];
        assert_eq!((code, &source["stands"]), (0, &"there".into()), "{form}");
        assert_eq!(source["line_checked"], false, "{form}");
    }
}

#[test]
fn a_term_that_is_also_a_heading_is_no_place() {
    let forced =
        "\n## Forced Labor\n\nForced labor is known in the quarries.\n\n## Forced Marriage";
    let shelf = Shelf::of(
        &CORPUS.replace("\n## REFERENCES", &format!("{forced}\n\nNone.\n\n## REFERENCES")),
    );
    for (form, stands) in [
        ("(Kenya, 2021, on “forced labor”)", "there"),
        ("(Kenya, 2021, on “Forced Labor”)", "there"),
        ("(Kenya, 2021, “forced labor”)", "there"),
        ("(Kenya, 2021, forced labor)", "there"),
        ("[^1]\n\n[^1]: Kenya, 2021. The report speaks of “forced labor” elsewhere.\n", "there"),
        ("[^1]\n\n[^1]: Kenya, 2021. The report has a part, “Forced Labor,” on it.\n", "there"),
        ("(Kenya, 2021, “Forced Labor”)", "elsewhere"),
        ("(Kenya, 2021, Forced Labor)", "elsewhere"),
        ("[^1]\n\n[^1]: Kenya, 2021, under “Forced Labor.”\n", "elsewhere"),
    ] {
        let is = told(&shelf, &format!("It says “{DEBT}” {form}")).1;
        assert_eq!(is, [format!("verbatim {stands}")], "{form}");
    }
}

#[test]
fn a_long_list_of_sources_is_checked_in_time() {
    let shelf = Shelf::of(CORPUS);
    let entry = |at: usize| {
        format!(
            "Author {at}, 2021, “what is told of case {at} of the harbour,” Journal {at} of Kenya"
        )
    };
    let entries: Vec<String> = (0..400).map(entry).collect();
    let draft = format!("“{DEBT}” (Kenya, 2021).\n\n## References\n\n- {}\n", entries.join("; "));
    let begun = std::time::Instant::now();
    assert_eq!(told(&shelf, &draft).1.len(), 401);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
