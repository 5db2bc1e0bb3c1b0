//! PDF: small files made here, and what is known of the samples.

use std::collections::HashMap;
use std::fmt::Write;

use expect_test::expect;
use tipsearch::document::Document;
use tipsearch::read::corpus::Corpus;
use tipsearch::read::read;

use super::{check, outline};
use crate::support::shared;

/// A PDF of these objects, the first of which is the catalog.
fn file(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    out.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{start}\n%%EOF\n")
            .into_bytes(),
    );
    out
}

/// A PDF of pages with this content, in Helvetica (`F1`) and Helvetica-Bold (`F2`). `catalog`: more
/// entries of the catalog; `info`: those of the information dictionary; `more`: objects from
/// 6 + 2 × pages on.
fn pages(contents: &[String], catalog: &str, info: &str, more: &[&str]) -> Vec<u8> {
    let kids: Vec<String> =
        (0..contents.len()).map(|page| format!("{} 0 R", 6 + 2 * page)).collect();
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), contents.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"
            .to_owned(),
        format!("<< {info} >>"),
    ];
    for (page, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
            7 + 2 * page
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    file(&objects)
}

/// Lines of text, each `font size x y text`.
fn lines(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.splitn(5, ' ').collect();
        let [font, size, x, y, text] = parts.as_slice() else { panic!("{line}") };
        let text = text.replace('(', "\\(").replace(')', "\\)");
        out.push_str(&format!("BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n"));
    }
    out
}

fn document(name: &str, bytes: &[u8]) -> Document {
    read(name, bytes, &Corpus::default()).unwrap()
}

/// A PDF of these pages: each a list of lines with their place and size.
pub fn placed(contents: &[&[(f32, f32, f32, &str)]], catalog: &str) -> Vec<u8> {
    let contents = contents.iter().map(|page| {
        let each = page.iter().map(|(x, y, size, text)| format!("F1 {size} {x} {y} {text}\n"));
        lines(&each.collect::<String>())
    });
    pages(&contents.collect::<Vec<_>>(), catalog, "", &[])
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

const LEFT: &str = "
    F1 10 50 700 The left column begins here and goes on for a
    F1 10 50 688 line or more, so that it is seen as running text,
    F1 10 50 676 which speaks of traffick-
    F1 10 50 664 ing and of victim-
    F1 10 50 652 offender mediation, as in trafficking elsewhere, and
    F1 10 50 640 of the victim-offender dialogue that was begun and
";

const RIGHT: &str = "
    F1 10 320 700 goes on in the right column, which is read after
    F1 10 320 688 the left one, whatever the lines they share may be
    F1 10 320 676 and however long they are. This sentence ends it.
    F1 10 320 652 A new paragraph stands apart from the one before
    F1 10 320 640 it, and ends here.
";

#[test]
fn columns_are_read_one_after_the_other_and_words_are_rejoined() {
    let content = lines(&format!(
        "F2 16 50 740 A heading over both of the columns of this page\n{LEFT}{RIGHT}"
    ));
    check(
        "a.pdf",
        pages(&[content], "/Lang (en-GB)", "/Title (On Columns) /CreationDate (D:20240305)", &[]),
        expect![[r#"
            On Columns
            @date: 2024-03-05
            @year: 2024
            lang en-GB
            = A heading over both of the columns of this page
            Paragraph: The left column begins here and goes on for a line or more, so that it is seen as running text, which speaks of trafficking and of victim-offender mediation, as in trafficking elsewhere, and of the victim-offender dialogue that was begun and goes on in the right column, which is read after the left one, whatever the lines they share may be and however long they are. This sentence ends it.
            Paragraph: A new paragraph stands apart from the one before it, and ends here.
        "#]],
    );
}

#[test]
fn the_year_is_in_the_name_of_a_file_before_the_day_it_was_made() {
    let made = pages(&[lines("F1 10 50 400 Text.")], "", "/CreationDate (D:20220905)", &[]);
    check(
        "Kenya_2021.pdf",
        made,
        expect![[r#"
            Kenya 2021
            @date: 2022-09-05
            @year: 2021
            Paragraph: Text.
        "#]],
    );
}

#[test]
fn a_paragraph_goes_on_over_the_page_and_headers_and_numbers_are_left_out() {
    let page = |number: usize, text: &str| {
        lines(&format!("F1 8 50 780 Annual report 2024\n{text}\nF1 8 300 20 {}", number + 4))
    };
    let contents = [
        page(
            0,
            "F1 10 50 60 The first half of a sentence that is long enough to fill all of this line and then",
        ),
        page(
            1,
            "F1 10 50 740 goes on over the page.\nF1 10 50 700 Another paragraph that stands alone on the second page of the file.",
        ),
        page(2, "F1 10 50 740 The third page has text of its own, and nothing else but that."),
    ];
    let document = document("a.pdf", &pages(&contents, "", "", &[]));
    let first = &document.blocks[1];
    let location = document.locate(first.range.clone());
    assert_eq!(location.pages, Some((1, 2)));
    assert_eq!(location.page_labels, Some(("4".to_owned(), "5".to_owned())));
    expect![[r#"
        a
        lang en
        Paragraph: Annual report 2024
        Paragraph: The first half of a sentence that is long enough to fill all of this line and then goes on over the page.
        Paragraph: Another paragraph that stands alone on the second page of the file.
        Paragraph: The third page has text of its own, and nothing else but that.
    "#]].assert_eq(&outline(&document));
}

#[test]
fn lists_tables_and_notes() {
    let mut content = lines(
        "
        F1 10 50 740 The text before the list is a paragraph, and it is long enough to be one.
        F1 10 50 720 \\225 one item of the list, which goes on for longer than
        F1 10 60 708 one line
        F1 10 50 696 \\225 another item
        F1 10 50 684 (a) a third one
        F1 10 50 640 Country
        F1 10 200 640 Cases
        F1 10 300 640 Convictions
        F1 10 50 625 Kenya
        F1 10 200 625 12
        F1 10 300 625 3
        F1 10 50 610 Nepal
        F1 10 200 610 30
        F1 10 300 610 17
        F1 10 50 580 The text after the table is a paragraph again, and goes on to the end of its line here.
        F1 7 50 100 1 See the first report, page 12, which says so.
        F1 7 50 90 2 And the second one, which does not.
    ",
    );
    content = content.replace("\\\\225", "\\225");
    check(
        "a.pdf",
        pages(&[content], "", "", &[]),
        expect![[r#"
            a
            lang en
            Paragraph: The text before the list is a paragraph, and it is long enough to be one.
            ListItem: • one item of the list, which goes on for longer than one line
            ListItem: • another item
            ListItem: (a) a third one
            TableRow: Country | Cases | Convictions
            TableRow: Kenya | 12 | 3
            TableRow: Nepal | 30 | 17
            Paragraph: The text after the table is a paragraph again, and goes on to the end of its line here.
            Note: 1 See the first report, page 12, which says so.
            Note: 2 And the second one, which does not.
        "#]],
    );
}

#[test]
fn lines_ruled_in_a_table_part_its_rows() {
    let mut content = lines(
        "
        F2 10 50 740 Table 1. What is done
        F2 9 54 718 Program
        F2 9 200 718 Description
        F1 9 54 698 National Plan
        F1 9 54 688 of Action
        F1 9 200 698 Describes what is done and by whom, in more words
        F1 9 200 688 than fit on one line, or even on two of them, and is
        F1 9 200 678 revised each year.
        F1 9 54 660 Shelters
        F1 9 200 660 Houses victims.
        F1 10 50 600 A paragraph under the table, which is long enough to be seen as one.
    ",
    );
    for y in [728, 710, 670, 650] {
        content.push_str(&format!("50 {y} m 450 {y} l S\n"));
    }
    check(
        "a.pdf",
        pages(&[content], "", "", &[]),
        expect![[r#"
            a
            lang en
            Paragraph: Table 1. What is done
            TableRow: Program | Description
            TableRow: National Plan of Action | Describes what is done and by whom, in more words than fit on one line, or even on two of them, and is revised each year.
            TableRow: Shelters | Houses victims.
            Paragraph: A paragraph under the table, which is long enough to be seen as one.
        "#]],
    );
}

#[test]
fn headings_are_found_by_tags_then_by_the_outline_then_by_looks() {
    let text = "
        F2 10 50 740 I. PREVALENCE
        F1 10 50 720 Text under the first heading, which is long enough to be text, and ends.
        F2 10 50 690 Labor Law Enforcement
        F1 10 50 670 Text under the second heading, which is long enough to be text, and ends.
        F1 10 50 640 Plain line
        F1 10 50 610 More text of the same look, which is long enough to be text, and ends.
    ";
    check(
        "looks.pdf",
        pages(&[lines(text)], "", "/Title (Microsoft Word - x.doc)", &[]),
        expect![[r#"
            looks
            lang en
            = I. PREVALENCE [profile]
            Paragraph: Text under the first heading, which is long enough to be text, and ends.
            == Labor Law Enforcement [enforcement]
            Paragraph: Text under the second heading, which is long enough to be text, and ends.
            Paragraph: Plain line
            Paragraph: More text of the same look, which is long enough to be text, and ends.
        "#]],
    );

    let named = [
        "<< /First 9 0 R /Last 11 0 R >>",
        "<< /Title (Plain line) /Parent 8 0 R /Next 10 0 R /Dest [6 0 R /Fit] >>",
        "<< /Title (OLE_LINK1) /Parent 8 0 R /Next 11 0 R /Dest [6 0 R /Fit] >>",
        "<< /Title (I. Prevalence) /Parent 8 0 R /Next 9 0 R /First 8 0 R /Dest [6 0 R /Fit] >>",
    ];
    check(
        "outline.pdf",
        pages(&[lines(text)], "/Outlines 8 0 R", "", &named),
        expect![[r#"
            outline
            lang en
            = I. PREVALENCE [profile]
            Paragraph: Text under the first heading, which is long enough to be text, and ends.
            == Labor Law Enforcement [enforcement]
            Paragraph: Text under the second heading, which is long enough to be text, and ends.
            = Plain line
            Paragraph: More text of the same look, which is long enough to be text, and ends.
        "#]],
    );

    let tagged = format!(
        "/H1 << /MCID 0 >> BDC {} EMC /P << /MCID 1 >> BDC {} EMC /H2 << /MCID 2 >> BDC {} EMC /P << /MCID 3 >> BDC {} EMC /Artifact << /Type /Pagination >> BDC {} EMC",
        lines("F1 10 50 740 A plain line"),
        lines("F1 10 50 720 Text one."),
        lines("F1 10 50 700 Another plain line"),
        lines("F2 10 50 680 Bold text, which is no heading"),
        lines("F1 10 50 30 Left out"),
    );
    let tree = [
        "<< /Type /StructTreeRoot /K 9 0 R >>",
        "<< /S /Document /K [10 0 R 11 0 R 12 0 R 13 0 R 9 0 R] /Pg 6 0 R >>",
        "<< /S /Heading1 /K 0 >>",
        "<< /S /P /K [1] >>",
        "<< /S /H2 /K [<< /Type /MCR /MCID 2 /Pg 6 0 R >>] >>",
        "<< /S /P /K 3 >>",
    ];
    let mut tree = tree.to_vec();
    tree[0] = "<< /Type /StructTreeRoot /K 9 0 R /RoleMap << /Heading1 /H1 /Loop /Loop >> >>";
    check(
        "tags.pdf",
        pages(&[tagged], "/StructTreeRoot 8 0 R", "", &tree),
        expect![[r#"
        tags
        = A plain line
        Paragraph: Text one.
        == Another plain line
        Paragraph: Bold text, which is no heading
    "#]],
    );
}

#[test]
fn labels_of_pages() {
    let contents: Vec<String> =
        (0..5).map(|page| lines(&format!("F1 10 50 400 Text of page {page}."))).collect();
    let labels =
        "/PageLabels << /Nums [0 << /S /r /St 3 >> 2 << /S /D >> 4 << /P (A-) /S /A /St 27 >>] >>";
    let document = document("a.pdf", &pages(&contents, labels, "", &[]));
    let labels: Vec<String> = document
        .blocks
        .iter()
        .map(|block| document.locate(block.range.clone()).page_labels.unwrap().0)
        .collect();
    assert_eq!(labels, ["iii", "iv", "1", "2", "A-AA"]);
}

#[test]
fn pages_without_text_are_said_to_be_so() {
    let contents = [String::new(), String::new(), lines("F1 10 50 400 Text."), String::new()];
    check(
        "scan.pdf",
        pages(&contents, "", "", &[]),
        expect![[r#"
        scan
        Paragraph: Text.
        warning: pages 1-2, 4 have no text: they may be scanned
    "#]],
    );
}

#[test]
fn loops_end() {
    let form = |number: usize| {
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {number} 0 R >> /Font << /F1 3 0 R >> >> /Length 44 >>\nstream\nBT /F1 9 Tf 50 50 Td (x) Tj ET /X Do /X Do  \nendstream"
        )
    };
    let mut objects: Vec<String> = vec![
        "<< /Type /Catalog /Pages 2 0 R /Outlines 8 0 R /StructTreeRoot 8 0 R /PageLabels 8 0 R /Names << /Dests 8 0 R >> >>".into(),
        "<< /Type /Pages /Kids [4 0 R 2 0 R] /Count 2 /Parent 2 0 R >>".into(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 6 0 R /Resources << /XObject << /X 7 0 R >> >> >>".into(),
        "<< >>".into(),
        "<< /Length 5 >>\nstream\n/X Do\nendstream".into(),
    ];
    objects.push(form(7));
    objects.push(
        "<< /First 8 0 R /Next 8 0 R /Kids [8 0 R 8 0 R] /K [8 0 R 8 0 R] /S /S /Title (Loop) >>"
            .into(),
    );
    let document = document("loop.pdf", &file(&objects));
    expect!["0 []"].assert_eq(&format!("{} {:?}", document.text.len(), document.warnings));
}

#[test]
fn right_to_left_text_is_in_logical_order() {
    // The word is drawn from left to right: its last letter first.
    let font = "<< /Type /Font /Subtype /TrueType /BaseFont /Arial /FirstChar 65 /Widths [500 500 500 500] /Encoding << /Differences [65 /afii57677 /afii57669 /afii57676 /afii57689] >> >>";
    let content = "BT /F3 10 Tf 50 400 Td (ABCD) Tj 60 0 Td (AB) Tj ET".to_owned();
    let bytes = String::from_utf8(pages(&[content], "", "", &[font])).unwrap();
    let document = document("a.pdf", bytes.replace("/F2 4 0 R", "/F3 8 0 R").as_bytes());
    assert_eq!(document.text, "\u{5d5}\u{5dd} \u{5e9}\u{5dc}\u{5d5}\u{5dd}");
}

#[test]
fn encrypted_files_open_without_a_password_or_not_at_all() {
    let Some(folder) = shared("formats/pdf/encryption") else { return };
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        match read("a.pdf", &bytes, &Corpus::default()) {
            Ok(_) => {}
            Err(reason) => {
                assert_eq!(reason, "it is encrypted, and opens with a password only", "{path:?}")
            }
        }
    }
}

#[test]
fn damaged_files_give_what_they_have() {
    let Some(folder) = shared("formats/pdf-broken") else { return };
    let mut with_text = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        if let Ok(document) = read("a.pdf", &bytes, &Corpus::default()) {
            with_text += usize::from(!document.text.is_empty());
        }
    }
    assert!(with_text >= 70, "{with_text} of them have text");
}

#[test]
fn a_font_with_widths_for_more_codes_than_there_are_costs_its_own_text() {
    let page = "BT /F1 12 Tf 50 700 Td (Guards came.) Tj /F3 12 Tf 0 -50 Td <00410042> Tj ET";
    let fonts = "/F3 << /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [ << /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [ 0 [ 500 ] 1 60000000 600 ] >> ] >> /F1 3 0 R";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources << /Font << {fonts} >> >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
    ];
    let start = std::time::Instant::now();
    assert_eq!(document("a.pdf", &file(&objects)).text, "Guards came.");
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
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
    let bytes = placed(&[&first, &second], "/PageLabels<</Nums[0<</S/r/St 4>>1<</S/D>>]>>");
    let document = document("a.pdf", &bytes);
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
    let shown = shown(&document("a.pdf", &placed(&pages, "")));
    let expected = "\
= Second part
2-2 Paragraph: Some text stands here under the heading of this page, and it is long enough.
2-2 TableRow: Year | Cases
2-2 TableRow: 2007 | 22
";
    assert!(shown.contains(expected), "{shown}");
    assert_eq!(shown.matches("Annual Report").count(), 1, "{shown}");
}

#[test]
fn what_stands_at_the_head_of_the_pages_is_kept_once_where_it_first_stands() {
    let page = |lines_of_it: &str, head: &str, number: usize| {
        lines(&format!("{head}\n{lines_of_it}\nF1 8 300 20 {number} Bureau of Labor"))
    };
    let assessed =
        "F1 10 50 780 MINIMAL ADVANCEMENT, AS THE LAW THAT DELAYED IT\nF1 10 50 768 WAS KEPT";
    let chapter = "F1 8 50 780 The shelters 4/17/2023\nF1 8 500 770 17 April 2023";
    let text =
        "F1 10 50 600 A sentence of this page that is long enough to be text, and ends here.";
    let contents = [
        page(&format!("F2 16 50 740 Nowhere\n{text}"), assessed, 1),
        page(text, assessed, 2),
        page(
            "F1 10 50 60 The first half of a sentence that is long enough to fill all of this line and then",
            assessed,
            3,
        ),
        page("F1 10 50 740 goes on over the page.\nF1 10 50 700 More.", chapter, 4),
        page(text, chapter, 5),
        page(&format!("F2 12 50 740 The heading\n{text}"), chapter, 6),
    ];
    expect![[r#"
        1-1 Paragraph: MINIMAL ADVANCEMENT, AS THE LAW THAT DELAYED IT WAS KEPT
        1-1 Paragraph: A sentence of this page that is long enough to be text, and ends here.
        2-2 Paragraph: A sentence of this page that is long enough to be text, and ends here.
        3-4 Paragraph: The first half of a sentence that is long enough to fill all of this line and then goes on over the page.
        4-4 Paragraph: The shelters 4/17/2023
        4-4 Paragraph: More.
        5-5 Paragraph: A sentence of this page that is long enough to be text, and ends here.
        = The heading
        6-6 Paragraph: A sentence of this page that is long enough to be text, and ends here.
    "#]]
    .assert_eq(&shown(&document("a.pdf", &pages(&contents, "", "", &[]))));
}

#[test]
fn the_assessment_above_the_pages_of_a_report_is_text_of_its_first_page() {
    let Some(path) = shared("reports/child-labor-pdf/Azerbaijan_2021.pdf") else { return };
    let read = document("Azerbaijan_2021.pdf", &std::fs::read(path).unwrap());
    let said = "MINIMAL ADVANCEMENT – EFFORTS MADE BUT CONTINUED LAW THAT DELAYED ADVANCEMENT";
    let at = read.text.find(said).unwrap();
    assert_eq!(read.text.matches(said).count(), 1);
    assert_eq!(read.locate(at..at + said.len()).pages, Some((1, 1)));
    assert!(!read.text.contains("BUREAU OF INTERNATIONAL LABOR AFFAIRS"));
}

#[test]
fn what_cannot_be_read_says_why() {
    let corpus = Corpus::parse("", std::path::Path::new("corpus.toml")).unwrap();
    assert_eq!(
        read("a.pdf", b"%PDF-1.7 and no more", &corpus).unwrap_err(),
        "it is too damaged to be read as PDF"
    );
    assert!(read("a.pdf", &pages(&[], "", "", &[]), &corpus).is_err());
}

/// Objects whose ends would each be looked for up to the end of the file: that took minutes.
#[test]
fn objects_without_an_end_are_not_looked_for() {
    let corpus = Corpus::parse("", std::path::Path::new("corpus.toml")).unwrap();
    for piece in ["trail(er\n\n<<\n/R", "<< % ", "1 0 obj [(", "<< /Length 9 >> stream\n", "<</A[("]
    {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        bytes.extend(piece.repeat(4_000_000 / piece.len()).into_bytes());
        assert_eq!(
            read("a.pdf", &bytes, &corpus).unwrap_err(),
            "it is too damaged to be read as PDF: its objects have no end",
            "{piece}"
        );
    }
}

fn sample(name: &str) -> Option<Document> {
    let path = shared(&format!("formats/pdf/{name}"))?;
    Some(document(name, &std::fs::read(path).unwrap()))
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
        let document = document("a.pdf", &std::fs::read(entry.unwrap().path()).unwrap());
        headed(&document, &parts);
        count += 1;
    }
    assert_eq!(count, 12);
}

/// Sentences of public reports of the United States government, as another reader finds them on their
/// pages: report, page, sentence. They were drawn by lot.
const SENTENCES: &str = include_str!("sentences.tsv");

#[test]
fn sentences_stand_whole_on_their_pages() {
    let straight = |text: &str| text.replace(['’', '‘'], "'").replace(['“', '”'], "\"");
    let mut documents: HashMap<&str, Document> = HashMap::new();
    let mut missing = Vec::new();
    for line in SENTENCES.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, page, sentence] = cells.as_slice() else { panic!("{line}") };
        if !documents.contains_key(name) {
            let Some(path) = shared(name) else { return };
            documents.insert(name, document("a.pdf", &std::fs::read(path).unwrap()));
        }
        let (document, page) = (&documents[name], page.parse::<usize>().unwrap());
        // In one block, or in a paragraph that goes on over a page, and there on that page.
        let is_found = document.blocks.iter().any(|block| {
            let text = straight(&document.text[block.range.clone()]);
            text.find(&straight(sentence)).is_some_and(|at| {
                let before = text[..at].chars().count();
                let own = &document.text[block.range.clone()];
                let start = own.char_indices().nth(before).map_or(0, |(start, _)| start);
                let start = block.range.start + start;
                let (first, last) = document.locate(start..start + 1).pages.unwrap();
                (first..=last).contains(&page)
            })
        });
        if !is_found {
            missing.push(line);
        }
    }
    assert!(missing.is_empty(), "{} are missing: {missing:#?}", missing.len());
}

#[test]
fn words_broken_before_what_is_no_word_are_joined() {
    let text = "
        F1 10 50 700 They asked for the report and waited for the for-
        F1 10 50 688 mation of a court that would hear all of the cases,
        F1 10 50 676 and for a long-
        F1 10 50 664 term plan, as all long and all term plans are. An ILO-
        F1 10 50 652 led mission saw it.
    ";
    let document = document("a.pdf", &pages(&[lines(text)], "", "", &[]));
    assert!(document.text.contains("the formation of a court"), "{}", document.text);
    assert!(document.text.contains("long-term plan"), "{}", document.text);
    assert!(document.text.contains("ILO-led mission"), "{}", document.text);
}

#[test]
fn raised_and_lowered_letters_stay_in_their_line() {
    let text = "
        F1 12 50 500 Ruritania is a source country for women,
        F1 9 264.7 506.2 1
        F1 12 273 500 and for children
        F1 12 50 482 who work 22
        F1 9 117.4 488.2 2
        F1 12 125.7 482 hours; H
        F1 9 171 476.5 2
        F1 12 176 482 O is scarce in all of its provinces.
    ";
    let document = document("a.pdf", &pages(&[lines(text)], "", "", &[]));
    assert_eq!(
        document.text,
        "Ruritania is a source country for women,1 and for children who work 22 2 hours; H2O is scarce in all of its provinces."
    );
}

#[test]
fn a_heading_after_a_table_ends_it() {
    let text = "
        F1 10 50 700 Year
        F1 10 200 700 Investigated
        F1 10 350 700 Convicted
        F1 10 50 685 2016
        F1 10 200 685 14
        F1 10 350 685 3
        F1 10 50 670 2017
        F1 10 200 670 22
        F1 10 350 670 5
        F2 14 50 645 2.2 Investigations of the police
        F1 10 50 625 Definition of the first term.
        F1 10 80 610 Another line that is indented as code is.
    ";
    let document = document("a.pdf", &pages(&[lines(text)], "", "", &[]));
    expect![[r#"
        1-1 TableRow: Year | Investigated | Convicted
        1-1 TableRow: 2016 | 14 | 3
        1-1 TableRow: 2017 | 22 | 5
        = 2.2 Investigations of the police
        1-1 Paragraph: Definition of the first term.
        1-1 Paragraph: Another line that is indented as code is.
    "#]]
    .assert_eq(&shown(&document));
}

#[test]
fn placeholders_of_programs_are_no_metadata() {
    let text = "
        F2 20 50 740 The report
        F2 20 50 700 Part one
        F1 10 50 680 Text that is read, with words enough to be the body of it,
        F1 10 50 668 over a line and more, as running text mostly is.
        F2 20 50 640 Part two
        F1 10 50 620 More text of the same kind, which also goes on for a while and
        F1 10 50 608 ends here, where the page ends as well.
    ";
    let info = "/Title (untitled) /Author (\\(anonymous\\)) /Subject (unspecified)";
    check(
        "a.pdf",
        pages(&[lines(text)], "", info, &[]),
        expect![[r#"
        The report
        lang en
        = Part one
        Paragraph: Text that is read, with words enough to be the body of it, over a line and more, as running text mostly is.
        = Part two
        Paragraph: More text of the same kind, which also goes on for a while and ends here, where the page ends as well.
    "#]],
    );
}

#[test]
fn what_is_filled_into_a_form_is_read() {
    let text = "F1 10 50 700 Name of the agency:\nF1 10 50 680 Country:";
    let field = |number: usize, flags: u8, y: u32| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /F {flags} /Rect [150 {y} 300 {}] /AP << /N {number} 0 R >> >>",
            y + 12
        )
    };
    let look = |text: &str| {
        let content = format!("/Tx BMC q BT /F1 10 Tf 0 g 2 3 Td ({text}) Tj ET Q EMC");
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 150 12] /Resources << /Font << /F1 3 0 R >> >> /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        )
    };
    let annotations = format!("[{} {}]", field(8, 4, 697), field(9, 2, 677));
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [6 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
        "<< >>".to_owned(),
        "<< >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Annots {annotations} /Contents 7 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{}\nendstream", lines(text).len(), lines(text)),
        look("Fish and Wildlife Service"),
        look("hidden"),
    ];
    let document = document("a.pdf", &file(&objects));
    assert!(document.text.contains("Fish and Wildlife Service"), "{}", document.text);
    assert!(!document.text.contains("hidden"), "{}", document.text);
}

#[test]
fn arabic_letters_in_the_forms_of_their_places_are_letters() {
    let map = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange 3 beginbfchar <41> <FEE1> <42> <FEFC> <43> <FEB3> endbfchar endcmap";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [6 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 4 0 R >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{map}\nendstream", map.len()),
        "<< >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 7 0 R /Resources << /Font << /F1 3 0 R >> >> >>".to_owned(),
        "<< /Length 44 >>\nstream\nBT /F1 12 Tf 100 500 Td (ABC) Tj ET          \nendstream".to_owned(),
    ];
    // From left to right on the page, from right to left to the reader: `سلام`.
    assert_eq!(document("a.pdf", &file(&objects)).text, "سلام");
}

#[test]
fn rows_and_cells_are_those_of_the_structure_tree() {
    // Cells so near one another that they look like words of a line.
    let cell = |mcid: u8, x: u32, y: u32, text: &str| {
        format!("/TD << /MCID {mcid} >> BDC {} EMC ", lines(&format!("F1 10 {x} {y} {text}")))
    };
    let content = [
        cell(0, 50, 740, "Cases by year"),
        cell(1, 50, 720, "Year"),
        cell(2, 80, 720, "Convicted"),
        cell(3, 50, 700, "2016"),
        cell(4, 80, 700, "three of"),
        cell(5, 80, 688, "fourteen"),
    ];
    let tree = [
        "<< /Type /StructTreeRoot /K 9 0 R >>",
        "<< /S /Table /K [10 0 R 11 0 R 12 0 R] /Pg 6 0 R >>",
        "<< /S /Caption /K 0 >>",
        "<< /S /TR /K [13 0 R 14 0 R] >>",
        "<< /S /TR /K [15 0 R 16 0 R] >>",
        "<< /S /TH /K 1 >>",
        "<< /S /TH /K 2 >>",
        "<< /S /TD /K 3 >>",
        "<< /S /TD /K [4 5] >>",
    ];
    let file = pages(&[content.concat()], "/StructTreeRoot 8 0 R", "", &tree);
    expect![[r#"
        1-1 TableRow: Cases by year
        1-1 TableRow: Year | Convicted
        1-1 TableRow: 2016 | three of fourteen
    "#]]
    .assert_eq(&shown(&document("a.pdf", &file)));
}

#[test]
fn short_texts_under_a_head_that_alone_is_ruled_off_are_rows() {
    let text = "
        F1 12 72 700 Year
        F1 12 200 700 Investigated
        F1 12 371 700 Convicted
        F1 12 72 680 2016
        F1 12 230 680 14
        F1 12 397 680 3
        F1 12 72 660 2017
        F1 12 230 660 22
        F1 12 397 660 5
        F1 12 72 640 2018
        F1 12 230 640 31
        F1 12 394 640 11
    ";
    let ruled = lines(text) + "66 695 m 450 695 l S\n";
    let document = document("a.pdf", &pages(&[ruled], "", "", &[]));
    let rows: Vec<&str> = document.text.lines().collect();
    assert_eq!(rows.len(), 4, "{}", document.text);
    assert_eq!(rows[1].split('\t').collect::<Vec<_>>(), ["2016", "14", "3"]);
}

#[test]
fn fonts_whose_box_is_no_measure_of_their_letters_are_as_high_as_these_are_wide() {
    let glyphs = "<< /A 9 0 R /B 9 0 R >>";
    let font = format!(
        "<< /Type /Font /Subtype /Type3 /FontMatrix [0.012 0 0 0.012 0 0] /FontBBox [0 0 1000 1000] /FirstChar 65 /LastChar 66 /Widths [60 60] /Encoding << /Differences [65 /A /B] >> /CharProcs {glyphs} >>"
    );
    let glyph = "<< /Length 18 >>\nstream\n60 0 d0 0 0 9 9 re f\nendstream";
    // As high as the box, the second line would stand in the first.
    let content = "BT /F3 10 Tf 200 400 Td (AAB) Tj -150 -14 Td (BBA) Tj ET".to_owned();
    let bytes = String::from_utf8(pages(&[content], "", "", &[&font, glyph])).unwrap();
    let document = document("a.pdf", bytes.replace("/F2 4 0 R", "/F3 8 0 R").as_bytes());
    assert_eq!(document.text, "AAB BBA");
}
