//! That a page can be read: tables, numbers of pages, what an empty report says, and what is printed.

use super::client::{Server, post};
use super::pages::{FORM, links, page};
use super::shelf;
use crate::support::{Shelf, shared};

/// What is seen and copied of a page, without its marks and other tags.
fn without_tags(page: &str) -> String {
    let pieces = page.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect()
}

#[test]
fn rows_are_tables_with_every_cell_and_the_text_as_it_is() {
    let report = "\
# Prisons

Before the table police came.

| Place | Guards | Note |
|---|---|---|
| Tirana | 4 police | none |
| Durres | | the police left |

After it they left.
";
    let server = Server::of(Shelf::of(report), &[]);
    let text = "Before the table police came.\n\nPlace\tGuards\tNote\nTirana\t4 police\tnone\n\
                Durres\t\tthe police left\n\nAfter it they left.";
    let read = page(&server, "/d/report.md?q=police");
    assert!(without_tags(&read).contains(text), "{read}");
    assert!(
        read.contains("<td>4 <mark>police</mark></td>\t<td>none</td></tr>\n<tr><td>Durres</td>\t<td></td>\t<td>"),
        "{read}"
    );
    assert!(read.contains("<p dir=\"auto\">After it they left.</p>"), "{read}");
    // A mark that goes over cells is in each of them.
    let over = page(&server, "/d/report.md?q=%22tirana+4+police%22");
    assert!(
        over.contains("<td><mark>Tirana</mark></td>\t<td><mark>4 police</mark></td>"),
        "{over}"
    );
    let hit = page(&server, "/?q=police");
    assert!(hit.contains("<td>Durres</td>\t<td></td>\t<td>"), "{hit}");
}

#[test]
fn the_row_that_names_the_columns_is_their_head() {
    // As of a sheet of a workbook.
    let rows = "place\tguards\nplace: Tirana\tguards: 4\nplace: Durres\tguards: 2\n";
    let server = Server::of(Shelf::of(&format!("--- guards.txt\n{rows}")), &[]);
    let read = page(&server, "/d/guards.txt");
    assert!(
        read.contains("<tr><th scope=\"col\">place</th>\t<th scope=\"col\">guards</th>"),
        "{read}"
    );
    assert!(read.contains("<td>place: Durres</td>"), "{read}");
}

#[test]
fn the_heading_counts_what_has_the_words_and_names_what_is_only_like_them() {
    let reports = "\
--- a.md
# Farms
The guide describes officials who count wheat, barley and sheep before winter.
--- b.md
# Borders
Guards let smugglers pass for bribes, and officials covered it all up afterwards.
--- c.md
# Smuggling
Smuggling of eels ended in that year.
";
    let server = Server::of(Shelf::of(reports), &[]);
    let found = page(&server, "/?q=corrupt+authorities+protected+smuggling");
    assert_eq!(found.matches("<article data-hit").count(), 2, "{found}");
    assert!(
        found.contains("1 passage in 1 report with the words, and others like them in meaning"),
        "{found}"
    );
    let none = page(&server, "/?q=corrupt+authorities+protected+smuggling&f=doc%3Ab.md");
    assert!(none.contains("No passage has the words; these mean something like them"), "{none}");
    let words = page(&server, "/?q=smuggling+eels&synonyms=false");
    assert!(words.contains("1 passage in 1 report</h1>"), "{words}");
}

#[test]
fn the_hits_of_a_long_report_are_counted_and_lead_on_over_its_parts() {
    let part = |n: usize| {
        let said = if [5, 6, 450, 850].contains(&n) { "A zebra came." } else { "Nobody came." };
        format!("## Part {n}\n\n{said}\n\n")
    };
    let parts: String = (0..900).map(part).collect();
    let server = Server::of(Shelf::of(&format!("# Long\n\n{parts}")), &[]);
    for query in ["zebra", "zebra&literal=true"] {
        let first = page(&server, &format!("/d/report.md?q={query}"));
        assert!(first.contains(">4 hits</a>, 2 on this page"), "{first}");
        assert_eq!(first.matches("aria-label=\"Parts of this report\"").count(), 1, "{first}");
        assert!(first.contains("hit 1 of 4") && first.contains("hit 2 of 4"), "{first}");
        let next = links(&first)
            .into_iter()
            .rfind(|link| link.contains("from=400") && link.contains("#p-"));
        let (address, anchor) = next.as_deref().and_then(|next| next.split_once('#')).unwrap();
        let second = page(&server, address);
        assert!(second.contains(&format!("id=\"{anchor}\" data-hit")), "{second}");
        assert!(second.contains("hit 3 of 4") && second.contains(">4 hits</a>, 1 on this page"));
        assert!(
            links(&second).iter().any(|link| link.contains("from=0") && link.contains("#p-")),
            "{second}"
        );
    }
    let last = page(&server, "/d/report.md?q=came+zebra&from=400&f=section%3A%22Part+5%22");
    assert!(last.contains(">1 hit</a>, none on this page"), "{last}");
    assert!(page(&server, "/d/report.md?q=giraffe").contains("not in this report"));
}

#[test]
fn what_goes_on_from_one_part_of_a_report_to_the_next_is_lit_in_both() {
    let sentence = |n: usize| {
        let words: Vec<String> = (10 * n..10 * n + 10).map(|word| format!("w{word}")).collect();
        format!("Now {}. ", words.join(" "))
    };
    let text: String = (0..9000).map(sentence).collect();
    let server = Server::of(Shelf::of(&format!("# Long\n\n{text}\n")), &[]);
    let second = without_tags(&page(&server, "/d/report.md?from=400"));
    let (before, _) = second.split_once("Now w").unwrap_or_else(|| panic!("{second}"));
    let first: usize = second[before.len() + 5..].split(' ').next().unwrap().parse().unwrap();
    let query = format!("/d/report.md?q=%22w{}+now+w{first}%22", first - 1);
    assert!(page(&server, &query).contains("hit 1 of 1"));
    let second = page(&server, &format!("{query}&from=400"));
    assert!(second.contains("<mark") && second.contains(&format!("w{first}</mark>")), "{second}");
}

#[test]
fn a_number_of_a_page_stands_above_its_headings_and_a_slide_is_called_so() {
    let Some(formats) = shared("formats") else { return };
    let shelf = Shelf::empty();
    for name in ["pdf/pagelabels.pdf", "pptx/powerpoint_sample.pptx"] {
        shelf.write(name, &std::fs::read(formats.join(name)).unwrap());
    }
    shelf.index();
    let server = Server::of(shelf, &[]);
    let read = page(&server, "/d/pdf/pagelabels.pdf");
    assert!(
        read.contains("<p class=\"page-number\">Page iv</p><h2 dir=\"auto\">2 Second section</h2>"),
        "{read}"
    );
    let deck = page(&server, "/d/pptx/powerpoint_sample.pptx");
    assert!(deck.contains(">Slide 2</p>") && !deck.contains(">Page 2</p>"), "{deck}");
}

#[test]
fn a_report_without_headings_has_no_outline_and_one_without_text_says_so() {
    let shelf = Shelf::of("--- a.txt\nPolice came.\n--- b.md\n# B\n\n## تقرير\n\nText.\n");
    shelf.write("empty.txt", b"");
    shelf.index();
    let server = Server::of(shelf, &[]);
    let plain = page(&server, "/d/a.txt");
    assert!(!plain.contains("Outline") && !plain.contains("has no text"), "{plain}");
    let empty = page(&server, "/d/empty.txt");
    assert!(empty.contains("This file has no text.") && !empty.contains("Outline"), "{empty}");
    // The level is set in on the side where a line begins.
    let headed = page(&server, "/d/b.md");
    assert!(headed.contains("<li class=\"level-1\" dir=\"auto\"><a href="), "{headed}");
}

#[test]
fn a_comparison_says_how_many_columns_it_leaves_out() {
    let reports: String = (0..45)
        .map(|n| {
            format!("--- r{n}.md\n---\ncountry: Land {n}\nyear: 2008\n---\n\n# R\n\nPolice came.\n")
        })
        .collect();
    let server = Server::of(Shelf::of(&reports), &[]);
    let counted = page(&server, "/compare?q=police&by=year&and=country");
    assert!(counted.contains("<p>and 5 more columns</p>"), "{counted}");
    assert!(!page(&server, "/compare?q=police&by=country&and=year").contains("more column"));
}

/// How well a colour is told apart from another (WCAG 2.2).
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| -> f64 {
        let parts = [1, 3, 5].map(|at| u8::from_str_radix(&colour[at..at + 2], 16).unwrap());
        let linear = parts.map(|part| match f64::from(part) / 255.0 {
            share if share <= 0.04045 => share / 12.92,
            share => ((share + 0.055) / 1.055).powf(2.4),
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn numbers_of_a_heat_map_can_be_read_on_every_colour_and_its_legend_stands_first() {
    let reports: String = (1..=40)
        .map(|n| {
            let said = "Police came. ".repeat(n);
            format!("--- r{n}.md\n---\nyear: {}\n---\n\n# R\n\n{said}\n", 1980 + n)
        })
        .collect();
    let server = Server::of(Shelf::of(&reports), &[]);
    let page = page(&server, "/compare?q=police&by=year&and=lang&show=occurrences");
    let fields: Vec<&str> = page.split("<rect ").skip(2).collect();
    assert!(fields.len() > 40, "{page}");
    for field in fields {
        let mut fills = field.split("fill=\"").skip(1).map(|rest| &rest[..7]);
        let (fill, ink) = (fills.next().unwrap(), fills.next().unwrap());
        assert!(contrast(fill, ink) >= 4.5, "{ink} on {fill}");
    }
    let legend = page.find("the stronger the blue").unwrap();
    assert!(legend < page.find("<title>1981</title>").unwrap(), "{page}");
    assert!(page.contains("href=\"#table\"") && page.contains("id=\"table\""));
}

#[test]
fn what_a_quotation_has_otherwise_is_told_by_whose_it_is() {
    let server = Server::of(shelf(), &[]);
    let draft = "draft=%22Police+investigated+border+guards%2C+and+courts+convicted+five+of+them+of+bribery%22";
    let text = post(&server, "/verify", FORM, draft).text();
    assert!(text.contains("<ins><span class=\"whose\">report: </span>three</ins>"), "{text}");
    assert!(text.contains("<del><span class=\"whose\">draft: </span>five</del>"), "{text}");
}

#[test]
fn a_source_of_a_quotation_marks_it() {
    let server = Server::of(shelf(), &[]);
    let quote = "reports+of+complicity+of+some+border+guards+in+trafficking";
    let text = post(&server, "/verify", FORM, &format!("draft=%22{quote}%22")).text();
    let link = links(&text).into_iter().find(|link| link.starts_with("/d/")).unwrap();
    let read = page(&server, link.split('#').next().unwrap());
    assert!(
        read.contains("<mark>reports of complicity of some border guards in trafficking</mark>"),
        "{read}"
    );
    // Of one that is written otherwise there, what stands there is marked.
    let near = "draft=%22Police+investigated+border+guards%2C+and+courts+convicted+five+of+them+of+bribery%22";
    let text = post(&server, "/verify", FORM, near).text();
    let link = links(&text).into_iter().find(|link| link.starts_with("/d/")).unwrap();
    let read = page(&server, link.split('#').next().unwrap());
    assert!(
        read.contains("<mark>Police investigated border guards, and courts convicted three of them of bribery</mark>"),
        "{read}"
    );
}
