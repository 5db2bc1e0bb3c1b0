//! PDF: small files made here, and what is known of the samples.

use std::fmt::Write;

use tipsearch::document::Document;
use tipsearch::read::corpus::Corpus;
use tipsearch::read::read;

use crate::support::shared;

/// A PDF of these pages: each a list of lines with their place and size.
fn pdf(pages: &[&[(f32, f32, f32, &str)]], catalog: &str) -> Vec<u8> {
    let mut objects = vec![String::new(), String::new()];
    objects.push("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned());
    let mut kids = String::new();
    for page in pages {
        let mut content = String::new();
        for (x, y, size, text) in *page {
            let text = text.replace('(', "\\(").replace(')', "\\)");
            let _ = writeln!(content, "BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET");
        }
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len()));
        let stream = objects.len();
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {stream} 0 R/Resources<</Font<</F 3 0 R>>>>>>"
        ));
        let _ = write!(kids, "{} 0 R ", objects.len());
    }
    objects[0] = format!("<</Type/Catalog/Pages 2 0 R{catalog}>>");
    objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len());
    let mut out = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    offsets.iter().for_each(|offset| {
        let _ = writeln!(out, "{offset:010} 00000 n ");
    });
    let size = objects.len() + 1;
    let _ = write!(out, "trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF");
    out.into_bytes()
}

fn document(bytes: &[u8]) -> Document {
    let corpus = Corpus::parse("", std::path::Path::new("corpus.toml")).unwrap();
    read("a.pdf", bytes, &corpus).unwrap()
}

/// Blocks with their pages, headings with their depth.
fn shown(document: &Document) -> String {
    let mut out = String::new();
    for (index, section) in document.sections.iter().enumerate() {
        if index > 0 {
            let _ = writeln!(out, "{} {}", "=".repeat(section.depth), section.heading);
        }
        for block in document.blocks.iter().filter(|block| block.section == index) {
            let location = document.locate(block.range.clone());
            let (first, last) = location.pages.unwrap();
            let labels = location.page_labels.map_or(String::new(), |(a, b)| format!(" {a}-{b}"));
            let text = document.text[block.range.clone()].replace('\t', " | ");
            let _ = writeln!(out, "{first}-{last}{labels} {:?}: {text}", block.kind);
        }
    }
    for warning in &document.warnings {
        let _ = writeln!(out, "warning: {}", warning.message);
    }
    out
}

#[test]
fn paragraphs_go_on_over_columns_and_pages_and_divided_words_are_joined() {
    let lines = |x: f32, texts: &[&'static str]| -> Vec<(f32, f32, f32, &'static str)> {
        let rows = texts.iter().enumerate();
        rows.map(|(row, text)| (x, 700.0 - 12.0 * row as f32, 10.0, *text)).collect()
    };
    let left = [
        "The government made efforts to prosecute traffick-",
        "ing and the police found evidence of forced labor",
        "in the cotton fields of the southern provinces and",
        "the trafficking of children. Victims were offered a",
        "place in shelters. The first column ends without end",
    ];
    let right = [
        "of its sentence and goes on in the second one here.",
        "A second paragraph of the second column tells more",
        "about the victim-",
        "offender relation, where every victim and offender",
        "was heard by the court, and the page ends before the",
    ];
    let mut first = lines(40.0, &left);
    first.extend(lines(320.0, &right));
    let second = lines(40.0, &["last words of its last sentence are read. It ends."]);
    let bytes = pdf(&[&first, &second], "/PageLabels<</Nums[0<</S/r/St 4>>1<</S/D>>]>>");
    let document = document(&bytes);
    assert_eq!(
        document.text,
        "The government made efforts to prosecute trafficking and the police found evidence of forced labor \
         in the cotton fields of the southern provinces and the trafficking of children. Victims were offered a \
         place in shelters. The first column ends without end of its sentence and goes on in the second one here. \
         A second paragraph of the second column tells more about the victim-offender relation, where every victim \
         and offender was heard by the court, and the page ends before the last words of its last sentence are read. \
         It ends."
    );
    let location = document.locate(0..document.text.len());
    assert_eq!(location.pages, Some((1, 2)));
    assert_eq!(location.page_labels, Some(("iv".to_owned(), "1".to_owned())));
}

#[test]
fn headings_by_size_headers_left_out_tables_row_by_row() {
    let page = |number: &'static str, heading: &'static str| {
        vec![
            (40.0, 780.0, 8.0, "Annual Report on Shelters"),
            (40.0, 700.0, 16.0, heading),
            (
                40.0,
                670.0,
                10.0,
                "Some text stands here under the heading of this page, and it is long enough.",
            ),
            (40.0, 630.0, 10.0, "Year"),
            (200.0, 630.0, 10.0, "Cases"),
            (40.0, 616.0, 10.0, "2007"),
            (200.0, 616.0, 10.0, "22"),
            (300.0, 20.0, 8.0, number),
        ]
    };
    let pages = [page("1", "First part"), page("2", "Second part"), page("3", "Third part")];
    let pages: Vec<&[(f32, f32, f32, &str)]> = pages.iter().map(Vec::as_slice).collect();
    let shown = shown(&document(&pdf(&pages, "")));
    let expected = "\
= Second part
2-2 Paragraph: Some text stands here under the heading of this page, and it is long enough.
2-2 TableRow: Year | Cases
2-2 TableRow: 2007 | 22
";
    assert!(shown.contains(expected), "{shown}");
    assert!(!shown.contains("Annual Report"), "{shown}");
}

#[test]
fn what_cannot_be_read_says_why() {
    let corpus = Corpus::parse("", std::path::Path::new("corpus.toml")).unwrap();
    assert_eq!(
        read("a.pdf", b"%PDF-1.7 and no more", &corpus).unwrap_err(),
        "it is too damaged to be read as PDF"
    );
    assert!(read("a.pdf", &pdf(&[], ""), &corpus).is_err());
}

fn sample(name: &str) -> Option<Document> {
    let path = shared(&format!("formats/pdf/{name}"))?;
    Some(document(&std::fs::read(path).unwrap()))
}

/// The text on a page: the blocks that touch it, blanks folded.
fn on_page(document: &Document, page: usize) -> String {
    let blocks = document.blocks.iter().filter(|block| {
        let pages = document.locate(block.range.clone()).pages.unwrap();
        (pages.0..=pages.1).contains(&page)
    });
    let text: Vec<&str> = blocks.map(|block| &document.text[block.range.clone()]).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn stands(document: &Document, page: usize, sentence: &str) {
    let text = on_page(document, page);
    assert!(text.contains(sentence), "not on page {page}: {sentence}\n{text}");
}

/// Whether these headings come in this order.
#[track_caller]
fn headed(document: &Document, expected: &[&str]) {
    let headings: Vec<&str> =
        document.sections.iter().map(|section| section.heading.as_str()).collect();
    let mut rest = headings.iter();
    for heading in expected {
        assert!(rest.any(|found| found.starts_with(heading)), "no `{heading}` in {headings:#?}");
    }
}

#[test]
fn samples_have_what_is_known_of_them() {
    let Some(document) = sample("GLOTIP2024_Chapter_2.pdf") else { return };
    let pages = document.places.iter().filter_map(|mark| mark.place.page);
    assert_eq!(pages.max(), Some(45));
    let place = |section: usize| document.sections[section].place.clone().unwrap();
    let label = document.places.last().unwrap().place.label.as_deref();
    assert_eq!(
        (place(1).page, place(1).label.as_deref(), label),
        (Some(1), Some("65"), Some("109"))
    );
    stands(
        &document,
        3,
        "Alongside its booming, youthful population, African countries also possess some of the world’s largest mineral, precious metal and gem reserves.",
    );
    let document = sample("response-guide.pdf").unwrap();
    headed(
        &document,
        &[
            "ABOUT THIS GUIDE",
            "WHAT IS HUMAN TRAFFICKING?",
            "Who It May Affect",
            "Risk Factors",
            "INDICATORS",
            "HOW TRAFFICKERS OPERATE",
        ],
    );
    stands(
        &document,
        3,
        "Students often experience individual and environmental risk factors that make them more vulnerable to human trafficking situations.",
    );
    let document = sample("Eswatini_2019.pdf").unwrap();
    headed(
        &document,
        &[
            "I. PREVALENCE AND SECTORAL DISTRIBUTION OF CHILD LABOR",
            "II. LEGAL FRAMEWORK FOR CHILD LABOR",
        ],
    );
    stands(
        &document,
        1,
        "Table 1 provides key indicators on children’s work and education in Eswatini.",
    );
    let document = sample("Vanuatu_2014.pdf").unwrap();
    assert!(!document.sections.iter().any(|section| {
        section.heading.starts_with("OLE_LINK") || section.heading.starts_with('_')
    }));
    stands(
        &document,
        1,
        "Source for primary completion rate: Data from 2010, published by UNESCO Institute for Statistics, 2015.",
    );
    let document = sample("multicolumn.pdf").unwrap();
    assert_eq!(document.title, "Two-Column Document with Lorem Ipsum");
    stands(&document, 1, "Duis nibh mi, congue eu, accumsan eleifend, sagittis quis, diam.");
    let document = sample("pagelabels.pdf").unwrap();
    let mut labels: Vec<(usize, &str)> = document
        .places
        .iter()
        .filter_map(|mark| Some((mark.place.page?, mark.place.label.as_deref()?)))
        .collect();
    labels.dedup();
    assert_eq!(labels, [(1, "iii"), (2, "iv"), (3, "1"), (4, "2"), (5, "1")]);
    let document = sample("cardinal.pdf").unwrap();
    assert!(document.warnings[0].message.contains("may be scanned"), "{:?}", document.warnings);
}

#[test]
fn reports_in_two_columns_have_their_seven_parts() {
    let Some(folder) = shared("reports/child-labor-pdf") else { return };
    let parts = [
        "I. PREVALENCE",
        "II. LEGAL FRAMEWORK",
        "III. ENFORCEMENT",
        "IV. COORDINATION",
        "V. GOVERNMENT POLICIES",
        "VI. SOCIAL PROGRAMS",
        "VII. SUGGESTED GOVERNMENT ACTIONS",
    ];
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let document = document(&std::fs::read(entry.unwrap().path()).unwrap());
        headed(&document, &parts);
        count += 1;
    }
    assert_eq!(count, 12);
}
