//! What is chosen on a page stays chosen, is called the same everywhere, and its numbers are those of what is shown.

use super::client::{Server, get, get_with, post};
use super::pages::{FORM, links, page, refused_page};
use super::shelf;
use crate::support::Shelf;

/// Reports of two countries and years.
fn borders() -> Server {
    let reports: String = [("Albania", 2008), ("Albania", 2009), ("Nepal", 2008)]
        .iter()
        .map(|(country, year)| {
            format!(
                "--- {country}-{year}.md\n---\ncountry: {country}\nyear: {year}\n---\n\n# {country}\n\n## Prosecution\n\n\
                 The border was closed. Borders stayed closed.\n"
            )
        })
        .collect();
    Server::of(Shelf::of(&reports), &[])
}

#[test]
fn what_is_chosen_is_counted_and_can_be_given_up() {
    let server = borders();
    let found = page(&server, "/?q=border&f=country%3AAlbania&literal=true");
    let counted = "/compare?q=border&by=year&literal=true&f=country%3AAlbania";
    assert!(links(&found).iter().any(|link| link == counted), "{found}");
    let counted = page(&server, counted);
    assert!(counted.contains("2 occurrences in 2 passages of 2 reports"), "{counted}");
    assert!(counted.contains("Country: Albania") && counted.contains("Words as written"));
    assert!(counted.contains("<input type=\"hidden\" name=\"f\" value=\"country:Albania\">"));
    let all =
        links(&counted).into_iter().find(|link| link == "/compare?q=border&by=year&literal=true");
    assert!(page(&server, &all.unwrap()).contains("3 occurrences in 3 passages of 3 reports"));
    // What a row leads to is asked as it was counted, and so is the picture.
    let drill = links(&counted).into_iter().find(|link| link.contains("f=year%3A2009")).unwrap();
    assert!(drill.contains("f=country%3AAlbania") && drill.contains("literal=true"), "{drill}");
    assert!(page(&server, &drill).contains("1 passage in 1 report"), "{drill}");
    let picture =
        links(&counted).into_iter().find(|link| link.starts_with("/compare.svg")).unwrap();
    assert!(get(&server, &picture).text().contains("2 occurrences in 2 passages"), "{picture}");
    let synonyms = page(&server, "/compare?q=border&by=year&synonyms=true");
    assert!(synonyms.contains("Synonyms too") && synonyms.contains("synonyms too. "), "{synonyms}");
    assert!(!links(&synonyms).iter().any(|link| link.contains("synonyms=false")), "{synonyms}");
    // A count that cannot be made can be mended.
    let wrong = refused_page(&server, "/compare?q=border&by=year&f=contry%3AAlbania");
    assert!(wrong.contains("role=\"alert\"") && wrong.contains("Contry: Albania"), "{wrong}");
}

#[test]
fn rows_within_what_is_chosen_lead_to_no_more() {
    let server = borders();
    let two = "/compare?q=border&by=country&f=country%3AAlbania&f=country%3ANepal";
    let counted = page(&server, two);
    let drill = links(&counted).into_iter().find(|link| link.starts_with("/?q=border")).unwrap();
    assert!(drill.contains("Albania") && !drill.contains("Nepal"), "{drill}");
    let years = page(&server, "/compare?q=border&by=year&f=year%3A2008..2009");
    let drill = links(&years).into_iter().find(|link| link.contains("f=year%3A2009")).unwrap();
    assert!(page(&server, &drill).contains("1 passage in 1 report"), "{drill}");
}

#[test]
fn rows_that_a_filter_does_not_tell_apart_are_one() {
    let reports: String = ["NO ADVANCEMENT – COMPLICIT", "NO ADVANCEMENT - COMPLICIT", "SOME"]
        .iter()
        .enumerate()
        .map(|(at, value)| {
            format!("--- r{at}.md\n---\nassessment: \"{value}\"\nyear: 2008\n---\n\n# R\n\nPolice came.\n")
        })
        .collect();
    let server = Server::of(Shelf::of(&reports), &[]);
    for fields in ["by=assessment", "by=assessment&and=year", "by=year&and=assessment"] {
        let counted = page(&server, &format!("/compare?q=police&show=passages&{fields}"));
        let links = links(&counted);
        let mut drills: Vec<&String> =
            links.iter().filter(|link| link.starts_with("/?q=police")).collect();
        drills.retain(|link| link.contains("COMPLICIT"));
        assert!(!drills.is_empty(), "{fields}: {counted}");
        for drill in drills {
            assert!(drill.contains("+-+"), "the first of as many: {drill}");
            assert!(page(&server, drill).contains("2 passages in 2 reports"), "{drill}");
        }
        assert!(counted.contains(">2</a></td>") || counted.contains("<td>2</td>"), "{counted}");
    }
}

#[test]
fn a_phrase_that_is_nowhere_has_no_numbers_of_its_own() {
    let reports = "\
--- a.md
---
country: Albania
---

# A

## One

Children work in mines.

## Two

Cobalt is sold.
";
    let server = Server::of(Shelf::of(reports), &[]);
    let found = page(&server, "/?q=%22cobalt+children%22&f=country%3AAlbania");
    assert!(found.contains("Nothing has the phrase in what the filters leave"), "{found}");
    assert!(found.contains("Passages with its words: 2 passages in 1 report"), "{found}");
    assert!(!found.contains("0 passages") && !found.contains("Export all hits"), "{found}");
    assert!(!found.contains("aside class=\"filters\""), "{found}");
    assert!(found.contains("Country: Albania"), "what is chosen can be given up: {found}");
    let words = "/?q=cobalt+children&f=country%3AAlbania";
    assert!(links(&found).iter().any(|link| link == words), "{found}");
    assert!(page(&server, words).contains("Export all hits"));
}

#[test]
fn filters_count_what_the_heading_counts() {
    let few = "# A\n\n## One\n\nA border.\n\n## Two\n\nThe borders.\n";
    let server = Server::of(
        Shelf::of(&format!(
            "--- a.md\n---\ncountry: Albania\n---\n\n{few}\n--- b.md\n---\ncountry: Nepal\n---\n\n# B\n\nBorders.\n"
        )),
        &[],
    );
    let found = page(&server, "/?q=border&literal=true");
    assert!(found.contains("1 passage in 1 report"), "{found}");
    assert!(!found.contains('≤') && !found.contains("f=country%3ANepal"), "{found}");
    // Where too many may match, the numbers are of these, and the page says so.
    let many: String = (0..505).map(|n| format!("## Part {n}\n\nBorders {n}.\n\n")).collect();
    let many = format!("{many}## End\n\nA border.\n");
    let server = Server::of(
        Shelf::of(&format!("--- a.md\n---\ncountry: Albania\n---\n\n# A\n\n{many}")),
        &[],
    );
    let found = page(&server, "/?q=border&literal=true");
    assert!(found.contains("<span class=\"count\">≤ 506</span>"), "{found}");
    assert!(found.contains("≤: at most so many."), "{found}");
}

#[test]
fn fields_are_called_the_same_everywhere() {
    let server = Server::of(shelf(), &[]);
    let found = page(&server, "/?q=border&f=role%3Aprosecution&f=section%3AProsecution");
    assert!(
        found.contains("Part of the report: prosecution") && found.contains("Heading: Prosecution")
    );
    assert!(found.contains(">part of the report</a>"), "{found}");
    let counted = page(&server, "/compare?q=border&by=role&and=section");
    for name in [
        "<option value=\"role\" selected>part of the report</option>",
        "<option value=\"section\" selected>heading</option>",
    ] {
        assert!(counted.contains(name), "{name}: {counted}");
    }
    assert!(counted.contains("border by part of the report and heading"), "{counted}");
    // On dark paper the darker is the less.
    assert!(counted.contains("the stronger the blue, the more;") && !counted.contains("darker"));
    let read = page(&server, "/d/kazakhstan-2008.md?q=border&f=role%3Aprosecution");
    assert!(read.contains("Part of the report: prosecution"), "{read}");
}

#[test]
fn what_is_no_filter_is_said_to_be_none() {
    let server = Server::of(shelf(), &[]);
    for address in [
        "/?q=border&f=foo",
        "/?f=foo",
        "/compare?q=border&f=foo",
        "/d/kazakhstan-2008.md?q=border&f=foo",
    ] {
        let found = page(&server, address);
        assert!(!address.starts_with("/d/") || found.contains("hit 1"), "{address}");
        assert!(found.contains("<code>foo</code> is no filter"), "{address}: {found}");
    }
}

#[test]
fn examples_are_of_the_shelf() {
    let reports = "\
--- a.md
---
country: Burkina Faso
year: 2013
---

# Report

## Child Labor

Children work.

## Overview

Children go to school.
";
    let server = Server::of(Shelf::of(reports), &[]);
    let first = page(&server, "/");
    for (example, address) in [
        (
            "country:&quot;Burkina Faso&quot; year:2013 children",
            "country%3A%22Burkina+Faso%22+year%3A2013+children",
        ),
        ("section:overview children", "section%3Aoverview+children"),
    ] {
        assert!(first.contains(example), "{example}: {first}");
        assert!(page(&server, &format!("/?q={address}")).contains("1 report"), "{address}");
    }
}

#[test]
fn keys_pass_over_what_stands_before_the_answer() {
    let server = Server::of(shelf(), &[]);
    let found = page(&server, "/?q=border");
    assert!(found.contains("<a class=\"skip\" href=\"#hits\">Skip to the results</a>"), "{found}");
    let (hits, filters) = (found.find("id=\"hits\""), found.find("id=\"filters\""));
    assert!(hits.unwrap() < filters.unwrap(), "the filters stand behind the hits");
    for address in ["/compare?q=border", "/verify?draft=x"] {
        let answer = page(&server, address);
        assert!(
            answer.contains("href=\"#answer\"") && answer.contains("id=\"answer\""),
            "{answer}"
        );
    }
    for address in ["/", "/compare", "/verify", "/?q=zebra"] {
        assert!(!page(&server, address).contains("Skip to the results"), "{address}");
    }
}

#[test]
fn a_wrong_address_is_a_page_for_a_browser_and_a_problem_for_programs() {
    let server = Server::of(shelf(), &[]);
    let browser = "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\n";
    for address in ["/foo", "/d/"] {
        let answer = get_with(&server, address, browser);
        assert_eq!(answer.status, 404, "{address}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{address}");
        assert!(answer.text().contains("there is nothing at this address"), "{address}");
        assert_eq!(get(&server, address).code(), "not_found");
    }
    assert_eq!(get_with(&server, "/v1/foo", browser).code(), "not_found");
}

#[test]
fn lines_of_json_are_saved_under_a_name() {
    let server = Server::of(shelf(), &[]);
    let found = page(&server, "/?q=border");
    assert!(found.contains("download=\"tipsearch.jsonl\">lines of JSON</a>"), "{found}");
}

#[test]
fn of_a_table_beside_a_quotation_nothing_is_shown() {
    let cells = "Yes (1)\n\n".repeat(12);
    let prose = "The inspectors of the ministry came to the village on two days of that year.";
    let report = format!(
        "# Report\n\n## Part\n\n{cells}{prose}\n\nThe guards opened the northern gate.\n\n{cells}"
    );
    let size = tipsearch::passage::PassageSize { target: 400, max: 800 };
    let server = Server::of(Shelf::of_passages(&report, size), &[]);
    let text =
        post(&server, "/verify", FORM, "draft=%22The+guards+opened+the+northern+gate%22").text();
    assert!(text.contains("<mark>The guards opened the northern gate</mark>"), "{text}");
    assert!(text.contains(prose) && !text.contains("Yes (1)"), "{text}");
}

#[test]
fn what_is_chosen_is_meant_as_it_is_written() {
    let reports = "\
--- a.md
---
country: Whose?
---

# What is it?

## WHAT IS HUMAN TRAFFICKING?

Police came.

## Any* of all

Police left.
";
    let server = Server::of(Shelf::of(reports), &[]);
    for by in ["section", "country", "title"] {
        let counted = page(&server, &format!("/compare?q=police&by={by}&show=passages"));
        let drills = links(&counted).into_iter().filter(|link| link.starts_with("/?q=police&"));
        let drills: Vec<String> = drills.filter(|link| link.contains("f=")).collect();
        assert!(!drills.is_empty(), "{counted}");
        for drill in drills {
            let found = page(&server, &drill);
            assert!(found.contains("in 1 report</h1>"), "{drill}: {found}");
            assert!(!found.contains("class=\"notice\""), "{drill}: {found}");
        }
    }
}

#[test]
fn the_number_of_a_language_is_that_of_the_search_that_it_leads_to() {
    let reports: String = ["en", "en-US", "en-us", "fr"]
        .iter()
        .map(|lang| {
            format!(
                "--- {lang}.html\n<html lang=\"{lang}\"><h1>{lang}</h1><p>Police came.</p></html>\n"
            )
        })
        .collect();
    let server = Server::of(Shelf::of(&reports), &[]);
    for address in ["/?q=police", "/"] {
        let found = page(&server, address);
        for (lang, number) in [("en", 3), ("en-us", 2), ("fr", 1)] {
            let value =
                format!("<span dir=\"auto\">{lang}</span> <span class=\"count\">{number}</span>");
            assert!(found.contains(&value), "{lang}: {found}");
        }
        assert_eq!(found.matches("f=lang").count(), 3, "{found}");
    }
    let english = page(&server, "/?q=police&f=lang%3Aen");
    assert!(english.contains("3 passages in 3 reports"), "{english}");
    assert!(page(&server, "/?q=police&f=lang%3Aen-us").contains("2 passages in 2 reports"));
    let listed = page(&server, "/?f=lang%3Aen-us");
    assert!(listed.contains("2 of 4 reports"), "{listed}");
    assert!(
        !listed.contains(">en-us</span> <span"),
        "what is chosen is not to be chosen: {listed}"
    );
    let counted = page(&server, "/compare?q=police&by=lang&show=passages");
    let rows: Vec<String> =
        links(&counted).into_iter().filter(|link| link.contains("f=lang")).collect();
    assert!(rows.iter().any(|row| row.ends_with("f=lang%3Aen")), "{rows:?}");
    assert!(!rows.iter().any(|row| row.contains("en-us")), "{rows:?}");
}

#[test]
fn more_like_a_passage_keeps_what_is_chosen_and_takes_no_keys() {
    let server = borders();
    let found = page(&server, "/?q=border&f=country%3AAlbania&sort=date");
    let like = links(&found).into_iter().find(|link| link.contains("like=")).unwrap();
    assert!(like.contains("f=country%3AAlbania") && like.contains("sort=date"), "{like}");
    assert!(!page(&server, &like).contains("autofocus"), "`j` would be typed");
    assert!(page(&server, "/").contains("autofocus"));
}

#[test]
fn what_is_too_long_for_a_query_is_shown_to_be_shortened() {
    let server = borders();
    let long = "word+".repeat(1000);
    for address in ["/?q=", "/compare?q="] {
        let refused = refused_page(&server, &format!("{address}{long}"));
        assert!(refused.contains("This is too long to be searched for"), "{refused}");
        assert!(refused.contains(&format!("value=\"{}\"", long.replace('+', " "))), "{refused}");
        assert!(!refused.contains("maxlength"), "what is pasted is not cut");
    }
    let read = page(&server, &format!("/d/Nepal-2008.md?q={long}"));
    assert!(read.contains("5000 bytes") && read.contains("role=\"alert\""), "{read}");
    let draft = post(&server, "/verify", FORM, &format!("draft={}", "a".repeat(1 << 20)));
    assert_eq!(draft.status, 413);
    assert!(draft.text().contains("the draft is too long") && draft.text().contains("in parts"));
}

#[test]
fn a_page_behind_the_last_is_the_last() {
    let many: String = (0..1005).map(|n| format!("## Part {n}\n\nBorder {n}.\n\n")).collect();
    let server = Server::of(Shelf::of(&format!("# Many\n\n{many}")), &[]);
    let last = page(&server, "/?q=border&page=101");
    assert!(last.contains("Page 100") && last.contains("Pages end with hit 1,000"), "{last}");
}

#[test]
fn a_browser_that_goes_back_does_not_restore_what_was_chosen_since() {
    let server = borders();
    for (address, form) in
        [("/?q=border", "search"), ("/compare?q=border", "compare"), ("/d/Nepal-2008.md", "find")]
    {
        let page = page(&server, address);
        let start = page.find(&format!("<form class=\"{form}\"")).unwrap();
        let end = start + page[start..].find('>').unwrap();
        assert!(page[start..end].contains("autocomplete=\"off\""), "{page}");
    }
}
