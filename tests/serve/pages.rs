//! The pages without JavaScript: what they show, what they refuse, and that nothing of a report runs in them.

use super::client::{Server, get, post};
use super::shelf;

pub const FORM: &str = "application/x-www-form-urlencoded";

/// A page that is there, as text.
pub fn page(server: &Server, address: &str) -> String {
    let answer = get(server, address);
    assert_eq!(answer.status, 200, "{address}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{address}");
    let text = answer.text();
    assert!(text.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{address}");
    text
}

/// A page that shows what is wrong with its question, beside the question.
pub fn refused_page(server: &Server, address: &str) -> String {
    let answer = get(server, address);
    assert_eq!((answer.status, answer.header("etag")), (400, None), "{address}");
    let text = answer.text();
    assert!(text.contains("role=\"alert\"") && text.contains("<form"), "{address}: {text}");
    text
}

/// The addresses in a page.
pub fn links(page: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(|link| link.replace("&amp;", "&")).collect()
}

#[test]
fn a_search_shows_hits_with_marks_and_leads_to_the_passage() {
    let server = Server::of(shelf(), &[]);
    let found = page(&server, "/?q=border+guards+complicity");
    assert!(
        found.contains("<mark>complicity</mark> of some <mark>border</mark> <mark>guards</mark>"),
        "{found}"
    );
    assert!(found.contains("Kazakhstan 2008") && found.contains("Prosecution"), "{found}");
    let link =
        links(&found).into_iter().find(|link| link.starts_with("/d/kazakhstan-2008.md?")).unwrap();
    let (address, anchor) = link.split_once('#').unwrap();
    let read = page(&server, address);
    assert!(read.contains(&format!("id=\"{anchor}\"")), "{anchor} is not in {read}");
    assert!(
        read.contains(&format!("data-link=\"/d/kazakhstan-2008.md?at={}#{anchor}\"", &anchor[2..]))
    );
    assert!(read.contains("<mark>border</mark>") && read.contains("hit 1 of 1"), "{read}");
    assert!(read.contains("shelters"), "the whole report is there");
    assert!(
        links(&read).iter().any(|link| link == "/d/kazakhstan-2010.md?q=border+guards+complicity"),
        "its neighbour of another year, where the same is marked"
    );
}

/// The page that the first hit leads to, with its address.
fn first_read(server: &Server, search: &str) -> (String, String) {
    let found = page(server, search);
    let link = links(&found).into_iter().find(|link| link.starts_with("/d/"));
    let link = link.unwrap_or_else(|| panic!("no hit in {found}"));
    let read = page(server, link.split('#').next().unwrap());
    (link, read)
}

#[test]
fn a_report_is_asked_as_its_search_was() {
    let reports = "\
--- a.md
# Report

## Border guards

They took money at the gate.

They let people pass.

## Courts

The guard was convicted. Guards were fined.
";
    let size = tipsearch::passage::PassageSize { target: 20, max: 60 };
    let server = Server::of(crate::support::Shelf::of_passages(reports, size), &[]);
    let (link, read) = first_read(&server, "/?q=guard&literal=true");
    assert!(link.contains("literal=true"), "{link}");
    assert!(
        read.contains("The <mark>guard</mark> was") && !read.contains("<mark>Guards"),
        "{read}"
    );
    assert!(read.contains("hit 1 of 1") && read.contains("Words as written"), "{read}");
    // What was found by its heading counts as in the search, and the heading is lit.
    let found = page(&server, "/?q=border");
    assert!(found.contains("2 passages in 1 report"), "{found}");
    let (_, read) = first_read(&server, "/?q=border");
    assert!(read.contains("<h2 dir=\"auto\"><mark>Border</mark> guards</h2>"), "{read}");
    assert!(read.contains("hit 1 of 2, found by its heading"), "{read}");
    // So does what a field selects.
    let (_, read) = first_read(&server, "/?q=section%3Acourts");
    assert!(read.contains("hit 1 of 1") && !read.contains("not in this report"), "{read}");
    let (link, read) = first_read(&server, "/?q=guards&f=section%3ACourts&f=doc%3Aa.md");
    assert!(link.contains("f=section%3ACourts") && !link.contains("f=doc"), "{link}");
    assert!(read.contains("hit 1 of 1") && !read.contains("<mark>guards</mark></h2>"), "{read}");
    let without = links(&read).into_iter().find(|link| link == "/d/a.md?q=guards").unwrap();
    assert!(page(&server, &without).contains("<mark>guards</mark></h2>"));
    // A phrase that stands nowhere is answered with its words, here as there.
    let (_, read) = first_read(&server, "/?q=%22convicted+gate%22");
    assert!(read.contains("as a phrase; these have the words"), "{read}");
    assert!(read.contains("<mark>convicted</mark>") && read.contains("hit 1 of 2"), "{read}");
    assert!(page(&server, "/d/a.md?q=zebra").contains("not in this report"));
}

#[test]
fn what_means_the_same_is_lit_in_the_report_too() {
    let server = Server::of(shelf(), &[]);
    let search = "/?q=corrupt+officers+impunity";
    let found = page(&server, search);
    let meant = "<mark class=\"meant\">";
    assert!(found.contains(meant), "{found}");
    let links =
        links(&found).into_iter().filter(|link| link.starts_with("/d/") && link.contains("q="));
    let mut lit = 0;
    for (article, link) in found.split("<article data-hit").skip(1).zip(links) {
        let read = page(&server, link.split('#').next().unwrap());
        let (_, wanted) =
            read.split_once(&format!("id=\"{}\"", link.split_once('#').unwrap().1)).unwrap();
        let wanted = wanted.split("</div>").next().unwrap();
        for word in article.split(meant).skip(1).map(|rest| rest.split('<').next().unwrap()) {
            lit += 1;
            assert!(
                wanted.contains(&format!("{meant}{word}</mark>")),
                "{word} in {link}: {wanted}"
            );
        }
        assert!(wanted.contains("hit "), "{wanted}");
    }
    assert!(lit > 0);
}

#[test]
fn a_hit_leads_to_what_is_like_it() {
    let server = Server::of(shelf(), &[]);
    let found = page(&server, "/?q=border+guards+complicity");
    let like = links(&found).into_iter().find(|link| link.starts_with("/?like=")).unwrap();
    let alike = page(&server, &like);
    assert!(alike.contains("More like <a") && alike.contains("data-hit"), "{alike}");
    assert!(links(&alike).iter().any(|link| link == "/"), "a way out");
    let id = like.strip_prefix("/?like=").unwrap();
    let hidden = format!("<input type=\"hidden\" name=\"like\" value=\"{id}\">");
    assert!(alike.contains(&hidden), "{alike}");
    let both = page(&server, &format!("/?q=police&like={id}&sort=date"));
    assert!(links(&both).iter().any(|link| link == "/?q=police&sort=date"), "{both}");
    let exports = links(&both).into_iter().find(|link| link.ends_with("format=csv")).unwrap();
    assert_eq!(get(&server, &exports).status, 200, "{exports}");
    assert_eq!(get(&server, "/?like=0").status, 404);
}

#[test]
fn facets_are_filters_with_counts() {
    let server = Server::of(shelf(), &[]);
    let all = page(&server, "/?q=border");
    let filter = links(&all).into_iter().find(|link| link.contains("f=country%3AAlbania")).unwrap();
    let one = page(&server, &filter);
    assert!(one.contains("1 passage in 1 report") && !one.contains("Kazakhstan 2008"), "{one}");
    // Other values of the field can be chosen too, with what they would add.
    let added = "<span dir=\"auto\">Kazakhstan</span> <span class=\"count\">2</span>";
    assert!(one.contains(added), "{one}");
    assert!(
        links(&one).iter().any(|link| link.contains("Albania") && link.contains("Kazakhstan")),
        "{one}"
    );
    let part = "<summary>Part of the report</summary>";
    assert!(one.contains(part) && one.contains("f=role%3Aprosecution"), "{one}");
    let back = links(&one)
        .into_iter()
        .find(|link| link == "/?q=border")
        .expect("a link that removes the filter");
    assert!(page(&server, &back).contains("Kazakhstan 2008"));
    let two = page(&server, "/?q=border&f=country%3AAlbania&f=country%3AKazakhstan&f=year%3A2008");
    assert!(two.contains("2 passages in 2 reports"), "{two}");
    let odd = page(&server, "/?q=border&f=country%3A%22%29+OR+%28x%22");
    assert!(odd.contains("Nothing found"), "{odd}");
}

#[test]
fn hits_are_sorted_exported_and_counted_from_their_page() {
    let server = Server::of(shelf(), &[]);
    let found = page(&server, "/?q=border&f=country%3AKazakhstan");
    let latest = "/?q=border&sort=date&f=country%3AKazakhstan";
    assert!(links(&found).iter().any(|link| link == latest), "{found}");
    let sorted = page(&server, latest);
    assert!(sorted.contains("aria-current=\"true\">latest first</a>"), "{sorted}");
    let (newer, older) = (sorted.find("kazakhstan-2010.md?q").unwrap(), sorted.find("2008.md?q"));
    assert!(older.is_none_or(|older| newer < older), "{sorted}");
    assert!(sorted.contains("<input type=\"hidden\" name=\"sort\" value=\"date\">"), "{sorted}");
    for (format, lines) in [("csv", 3), ("jsonl", 2)] {
        let export = links(&sorted)
            .into_iter()
            .find(|link| link.ends_with(&format!("format={format}")))
            .unwrap_or_else(|| panic!("{format} is not in {sorted}"));
        let answer = get(&server, &export);
        assert_eq!((answer.status, answer.text().lines().count()), (200, lines), "{export}");
    }
    let counted = "/compare?q=border&by=year&f=country%3AKazakhstan";
    assert!(links(&sorted).iter().any(|link| link == counted));
    let nothing = page(&server, "/?q=pirates&f=country%3AKazakhstan");
    assert!(nothing.contains("Nothing found") && !nothing.contains("Export"), "{nothing}");
    assert!(links(&nothing).iter().any(|link| link == "/?q=pirates"), "a way out");
}

#[test]
fn the_first_page_leads_to_every_report() {
    let reports: String = (0..70)
        .map(|n| format!("--- r{n:02}.md\n---\ntitle: Report {n}\ncountry: {}\nyear: 2008\n---\n\n# R\n\nText.\n", ["A", "B"][n % 2]))
        .collect();
    let server = Server::of(crate::support::Shelf::of(&reports), &[]);
    let first = page(&server, "/");
    assert!(first.contains("70 reports") && first.contains("How to ask"), "{first}");
    assert!(!first.contains(">Report 69<"), "{first}");
    let next = links(&first).into_iter().find(|link| link == "/?page=2").expect("a next page");
    assert!(page(&server, &next).contains(">Report 69<"));
    let of_b = links(&first).into_iter().find(|link| link == "/?f=country%3AB").expect("a filter");
    let of_b = page(&server, &of_b);
    assert!(of_b.contains("35 of 70 reports") && of_b.contains(">Report 69<"), "{of_b}");
    assert!(!of_b.contains(">Report 68<"), "{of_b}");
    assert!(of_b.contains("<input type=\"hidden\" name=\"f\" value=\"country:B\">"));
}

#[test]
fn pages_of_hits_lead_on_and_back() {
    let reports: String = (0..25)
        .map(|n| {
            format!(
                "--- r{n}.md\n# Report {n}\n\n## Part\n\nThe border of province {n} was closed.\n"
            )
        })
        .collect();
    let server = Server::of(crate::support::Shelf::of(&reports), &[]);
    let first = page(&server, "/?q=border");
    assert!(!first.contains("rel=\"prev\"") && first.contains("rel=\"next\""));
    let second = page(&server, "/?q=border&page=2");
    assert!(
        second.contains("rel=\"prev\" href=\"/?q=border\"")
            && second.contains("<ol class=\"hits\" start=\"11\" id="),
        "{second}"
    );
    let third = page(&server, "/?q=border&page=3");
    assert_eq!(third.matches("<article data-hit").count(), 5);
    assert!(!third.contains("rel=\"next\""));
    let beyond = page(&server, "/?q=border&page=9");
    assert!(beyond.contains("No more hits") && beyond.contains("rel=\"prev\""), "{beyond}");
}

#[test]
fn what_is_misspelt_or_malformed_is_said() {
    let server = Server::of(shelf(), &[]);
    let found = page(&server, "/?q=traficking");
    assert!(found.contains("Did you mean") && found.contains(">trafficking</a>"), "{found}");
    let found = refused_page(&server, "/?q=contry%3Ax");
    assert!(
        found.contains("role=\"alert\"") && found.contains("did you mean <code>country:</code>"),
        "{found}"
    );
    assert!(found.contains("<summary>How to ask</summary>"), "{found}");
    assert!(page(&server, "/?q=zebra").contains("Nothing found"));
    let counted = page(&server, "/compare?q=zebra");
    assert!(counted.contains("Nowhere in the reports: <strong>zebra</strong>"), "{counted}");
    let missing = get(&server, "/d/nowhere.md");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("there is no document <code>nowhere.md</code>"));
    assert_eq!(get(&server, "/?qq=x").status, 400);
}

#[test]
fn nothing_of_a_report_runs() {
    let server = Server::of(shelf(), &[]);
    for address in [
        "/",
        "/?q=pirates",
        "/?q=%3Cscript%3Ealert(3)%3C%2Fscript%3E",
        "/d/hostile.md?q=%22%3E%3Cb%3E",
        "/compare?q=pirates&by=title&and=section",
        "/compare?q=%3Cscript%3E&by=country",
        "/?q=pirates&f=country%3A%3Cscript%3E",
    ] {
        let text = page(&server, address);
        for hostile in [
            "<script>alert",
            "<img src=x",
            "<b onclick",
            "<b>",
            "style=",
            " onload=",
            "javascript:",
        ] {
            assert!(!text.contains(hostile), "{address} has {hostile}: {text}");
        }
        assert_eq!(text.matches("<script").count(), 1, "{address}");
        assert!(
            !text.contains("http://") && !text.contains("https://"),
            "{address} names another place"
        );
    }
    let picture = get(&server, "/compare.svg?q=pirates&by=title");
    assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
    assert!(!picture.text().contains("<script"), "{}", picture.text());
}

#[test]
fn comparisons_lead_to_their_passages() {
    let server = Server::of(shelf(), &[]);
    let table = page(&server, "/compare?q=border&by=country&and=year");
    let drill = links(&table)
        .into_iter()
        .find(|link| link.contains("Albania") && link.contains("2008"))
        .unwrap();
    let found = page(&server, &drill);
    assert!(found.contains("1 passage in 1 report"), "{drill}: {found}");
    // The picture is a part of the page, so that what its fields say can be read there.
    assert!(table.contains("<svg width=") && table.contains("<title>Albania, 2008: 1 occurrences"));
    assert!(links(&table).iter().any(|link| link.starts_with("/compare.svg?q=border")), "{table}");
    assert!(get(&server, "/compare.svg?q=border&by=year").text().starts_with("<svg"));
    assert!(
        refused_page(&server, "/compare?q=border&by=contry")
            .contains("did you mean <code>country</code>?")
    );
}

#[test]
fn what_is_counted_is_searched_for_as_it_was_counted() {
    let reports = "\
--- a.md
---
country: Albania
---

# Report

## Borders

Border guards came.

## Courts

The frontier guards came.
--- b.md
# Note

Border guards left.
";
    let server = Server::of(crate::support::Shelf::of(reports), &[]);
    let counted = page(&server, "/compare?q=%22border+guards%22&by=country");
    assert!(counted.contains("2 occurrences in 2 passages of 2 reports"), "{counted}");
    // What has no country cannot be asked for.
    assert!(counted.contains("<th scope=\"row\" dir=\"auto\">(none)</th>"), "{counted}");
    let drill = links(&counted).into_iter().find(|link| link.contains("f=country")).unwrap();
    let found = page(&server, &drill);
    assert!(found.contains("1 passage in 1 report"), "{drill}: {found}");
    assert!(found.contains("name=\"synonyms\" value=\"false\" checked"), "{found}");
    assert!(links(&found).iter().any(|link| link.contains("synonyms=false&lexical=true")));
    let (link, read) = first_read(&server, &drill);
    assert!(link.contains("synonyms=false") && read.contains("hit 1 of 1"), "{link}: {read}");
    let with_synonyms = page(&server, "/?q=%22border+guards%22&f=country%3AAlbania");
    assert!(with_synonyms.contains("2 passages in 1 report"), "{with_synonyms}");
    // Where as many may not be found, the page says why.
    assert!(
        counted.contains("Names lead to") && counted.contains("in title or heading"),
        "{counted}"
    );
    let by_section = page(&server, "/compare?q=%22border+guards%22&by=section&and=country");
    assert!(
        by_section.contains("Names and numbers lead to") && by_section.contains("nearest heading")
    );
    assert_eq!(by_section.matches("%28none%29").count(), 0, "{by_section}");
}

#[test]
fn long_names_are_whole_or_told_apart_in_pictures() {
    let common = "MINIMAL ADVANCEMENT AND EFFORTS MADE BUT CONTINUED ";
    let longer = "PRACTICES THAT DELAYED THE ADVANCEMENT OF THE MATTER WITH MANY MORE WORDS THAT MAKE IT LONG ";
    let reports: String = ["LAW", "POLICY", &format!("{longer}A"), &format!("{longer}B")]
        .iter()
        .enumerate()
        .map(|(at, end)| {
            format!("--- r{at}.md\n---\nassessment: {common}{end}\ncountry: C\n---\n\n# R\n\nPolice came.\n")
        })
        .collect();
    let server = Server::of(crate::support::Shelf::of(&reports), &[]);
    for fields in ["by=assessment", "by=assessment&and=country", "by=country&and=assessment"] {
        let picture = get(&server, &format!("/compare.svg?q=police&show=passages&{fields}")).text();
        for end in ["LAW", "POLICY"] {
            assert!(picture.contains(&format!("<title>{common}{end}</title>")), "{picture}");
            assert!(picture.contains(&format!("{end}</text>")), "{fields}: {picture}");
        }
        assert!(picture.contains("… (2)</text>"), "{fields}: {picture}");
    }
}

#[test]
fn pages_say_where_there_is_more_than_they_show() {
    let many: String = (0..30)
        .map(|n| format!("## Part {n}\n\nThe border of province {n} was closed.\n\n"))
        .collect();
    let few = "## Part\n\nThe border was open.\n";
    let reports = format!("--- many.md\n# Many\n\n{many}\n--- few.md\n# Few\n\n{few}");
    let server = Server::of(crate::support::Shelf::of(&reports), &[]);
    let found = page(&server, "/?q=border");
    assert!(
        found.contains("31 passages in 2 reports") && !found.contains("rel=\"next\""),
        "{found}"
    );
    assert!(found.contains("Of each report at most 3 passages are shown: 4 of 31"), "{found}");
    let report = links(&found).into_iter().find(|link| link == "/?q=border&f=doc%3Amany.md");
    assert_eq!(found.matches("All 30 of this report").count(), 3, "{found}");
    let one = page(&server, &report.expect("a way to the others of the report"));
    assert!(one.contains("30 passages in 1 report") && one.contains("rel=\"next\""), "{one}");
    assert!(!one.contains("of this report"), "{one}");
    let all = page(&server, "/?q=border&per_document=0");
    assert!(links(&found).iter().any(|link| link == "/?q=border&per_document=0"), "{found}");
    assert!(links(&all).iter().any(|link| link == "/?q=border&page=2&per_document=0"), "{all}");
    assert!(links(&all).iter().any(|link| link == "/?q=border"), "a way back");
    let last = page(&server, "/?q=border&page=4&per_document=0");
    assert_eq!(last.matches("<article data-hit").count(), 1);
    assert!(!last.contains("are shown"), "{last}");
}

#[test]
fn the_last_page_says_that_there_is_more() {
    let many: String =
        (0..1005).map(|n| format!("## Part {n}\n\nBorder {n} was closed.\n\n")).collect();
    let server = Server::of(crate::support::Shelf::of(&format!("# Many\n\n{many}")), &[]);
    let last = page(&server, "/?q=closed&page=100");
    assert!(
        last.contains("Pages end with hit 1,000") && last.contains("href=\"#exports\""),
        "{last}"
    );
    assert!(last.contains("<details class=\"exports\" id=\"exports\">"), "{last}");
    assert!(!page(&server, "/?q=closed&page=99").contains("Pages end"));
}

#[test]
fn a_line_of_time_shows_what_is_asked_for_and_years_without_a_report() {
    let reports: String = [(2008, 1), (2010, 3)]
        .iter()
        .map(|(year, times)| {
            let said = "Police came to the village. ".repeat(*times);
            format!("--- r{year}.md\n---\nyear: {year}\n---\n\n# Report\n\n## Part\n\n{said}\n")
        })
        .collect();
    let server = Server::of(crate::support::Shelf::of(&reports), &[]);
    let picture =
        |show: &str| get(&server, &format!("/compare.svg?q=police&by=year&show={show}")).text();
    // Of every five words one.
    let rate = picture("rate");
    assert!(
        rate.contains(">2,000</text>") && rate.contains("occurrences per 10,000 words"),
        "{rate}"
    );
    let occurrences = picture("occurrences");
    assert!(occurrences.contains("fill=\"#000000\">3</text>"), "{occurrences}");
    let documents = picture("documents");
    assert!(documents.contains(">documents; ") && !documents.contains(">3</text>"), "{documents}");
    for picture in [rate, occurrences, documents] {
        assert!(picture.contains("<title>2009: no report</title>"), "{picture}");
        assert!(picture.contains(">–</text>") && picture.contains("–: no report"), "{picture}");
        assert!(!picture.contains(">0</text>"), "{picture}");
    }
}

#[test]
fn a_passage_that_a_report_has_not_is_said_not_to_be_there() {
    let server = Server::of(shelf(), &[]);
    let read = page(&server, "/d/kazakhstan-2008.md?at=nope");
    assert!(
        read.contains("role=\"alert\"") && read.contains("<code>nope</code> is not in this report"),
        "{read}"
    );
    assert!(read.contains("shelters"), "the report is there all the same");
    for there in ["/d/kazakhstan-2008.md", "/d/kazakhstan-2008.md?at="] {
        assert!(!page(&server, there).contains("is not in this report"), "{there}");
    }
}

#[test]
fn a_draft_with_too_many_quotations_is_refused_beside_the_draft() {
    let server = Server::of(shelf(), &[]);
    let many: String = (0..201).map(|n| format!("%22the+words+of+quotation+{n}%22+")).collect();
    let answer = post(&server, "/verify", FORM, &format!("draft={many}"));
    assert_eq!(answer.status, 400);
    assert!(
        answer.text().contains("201 quotations; 200 are the most")
            && answer.text().contains("<textarea")
    );
}

#[test]
fn a_draft_is_coloured_by_verdict_with_sources() {
    let server = Server::of(shelf(), &[]);
    assert!(page(&server, "/verify").contains("<textarea"));
    let draft = "draft=It+says+%22complicity+of+some+border+guards%22+and+%22nobody+was+ever+accused+of+it%22.";
    let answer = post(&server, "/verify", FORM, draft);
    assert_eq!(answer.status, 200);
    let text = answer.text();
    assert!(text.contains("1 of 2 quotations stand in the reports"), "{text}");
    assert!(
        text.contains("<a class=\"good\" href=\"#quote-1\">complicity of some border guards</a>"),
        "{text}"
    );
    assert!(text.contains("<a class=\"bad\" href=\"#quote-2\">"), "{text}");
    assert!(text.contains("Kazakhstan 2008, “Prosecution”"), "{text}");
}

#[test]
fn a_quotation_from_elsewhere_and_a_figure_are_told_apart_from_what_is_right() {
    let server = Server::of(shelf(), &[]);
    let draft = "draft=It+says+%22complicity+of+some+border+guards%22+%28Albania%2C+2008%29.+The+courts+convicted+7+border+guards+of+bribery.";
    let text = post(&server, "/verify", FORM, draft).text();
    // It stands there word for word, but not where the draft says.
    assert!(text.contains("<a class=\"doubtful\" href=\"#quote-1\">complicity"), "{text}");
    assert!(text.contains("Not where the draft says: 1."), "{text}");
    assert!(text.contains("<a class=\"bad\" href=\"#figure-1\">7</a>"), "{text}");
    assert!(text.contains("otherwise there: the figure, three"), "{text}");
}

#[test]
fn of_a_long_passage_that_has_a_quotation_only_so_much_is_shown() {
    let around = "Nothing of the kind was noted at the river in that year. ".repeat(12);
    let report =
        format!("# Report\n\n## Part\n\n{around}The guards opened the northern gate. {around}\n");
    let server = Server::of(crate::support::Shelf::of(&report), &[]);
    let draft = "draft=%22The+guards+opened+the+northern+gate%22";
    let text = post(&server, "/verify", FORM, draft).text();
    assert!(text.contains("<mark>The guards opened the northern gate</mark>"), "{text}");
    let shown = text.matches("Nothing of the kind").count();
    assert!((2..=8).contains(&shown) && text.contains("… "), "{shown}: {text}");
}

#[test]
fn pages_are_light() {
    let server = Server::of(shelf(), &[]);
    let sizes: Vec<usize> =
        ["/?q=border", "/assets/style.css", "/assets/script.js", "/favicon.svg"]
            .iter()
            .map(|address| get(&server, address).body.len())
            .collect();
    assert!(sizes.iter().sum::<usize>() < 100_000, "{sizes:?}");
}

#[test]
fn several_indexes_have_a_choice_that_links_keep() {
    let other = crate::support::Shelf::of("# Laws\n\n## Article 1\n\nZebras are protected.\n");
    let also = format!("laws={}", other.index_path().display());
    let server = Server::of(shelf(), &["--also", &also]);
    let first = page(&server, "/?q=border");
    assert!(
        first.contains("<select name=\"index\" autocomplete=\"off\">")
            && !first.contains("index=laws"),
        "{first}"
    );
    for address in ["/?q=zebras&index=laws", "/compare?q=zebras&by=section&index=laws"] {
        let found = page(&server, address);
        assert!(found.contains("<option selected>laws</option>"), "{found}");
        let assets = ["/assets/", "/favicon", "/openapi", "/llms", "#"];
        for link in links(&found) {
            let is_asset = assets.iter().any(|asset| link.starts_with(asset));
            assert!(is_asset || link.contains("index=laws"), "{link} in {address}");
        }
    }
    let found = page(&server, "/?q=zebras&index=laws");
    let link = links(&found).into_iter().find(|link| link.starts_with("/d/report.md?")).unwrap();
    let read = page(&server, link.split('#').next().unwrap());
    assert!(read.contains("<mark>Zebras</mark>"), "{read}");
    assert!(read.contains("<input type=\"hidden\" name=\"index\" value=\"laws\">"), "{read}");
    assert!(
        page(&server, "/").contains("border guards complicity"),
        "without an index it is the first"
    );
    let draft =
        post(&server, "/verify", FORM, "draft=%22Zebras+are+protected+animals%22&index=laws");
    assert!(draft.text().contains("<option selected>laws</option>"), "{}", draft.text());
    assert_eq!(get(&server, "/?q=x&index=lows").status, 400);
}
