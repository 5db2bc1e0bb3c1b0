//! Readers: what is not to be lost where a title comes from elsewhere, in comments and repeated cells, and what is not to
//! be said of the columns of another table.

use super::office::{open_document, row, workbook};
use super::*;

fn outline_with(corpus: &str, name: &str, content: impl AsRef<[u8]>) -> String {
    let corpus = Corpus::parse(corpus, std::path::Path::new("corpus.toml")).unwrap();
    let document = read(name, content.as_ref(), &corpus).unwrap();
    assert_eq!(document.fault(), None);
    outline(&document)
}

#[test]
fn the_heading_of_a_page_stays_where_a_message_has_another_title() {
    let mail = "From: a@b.c\nSubject: Fwd: page\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>Before.</p><h1>Torture in prisons</h1><p>Body words.</p><h2>Prosecution</h2><p>None.</p></body></html>\n";
    expect![[r#"
        Fwd: page
        @author: a@b.c
        @from: a@b.c
        Paragraph: Before.
        = Torture in prisons
        Paragraph: Body words.
        == Prosecution [prosecution]
        Paragraph: None.
    "#]]
    .assert_eq(&outline_with("", "a.eml", mail));
    let same = mail.replace("Fwd: page", "Torture in prisons");
    assert!(!outline_with("", "a.eml", same).contains("= Torture"));
}

#[test]
fn the_heading_of_a_report_stays_where_the_configuration_has_another_title() {
    let config = "[[files]]\npattern = \"b.md\"\ntitle = \"Override\"\n";
    let report = "# Torture heading two\n\nBody b.\n\n## Override\n\nMore.\n";
    expect![[r#"
        Override
        = Torture heading two
        Paragraph: Body b.
        == Override
        Paragraph: More.
    "#]]
    .assert_eq(&outline_with(config, "b.md", report));
    let named = "---\ntitle: Named\n---\n\nBody b.\n";
    assert_eq!(outline_with(config, "b.md", named), "Override\nParagraph: Body b.\n");
}

#[test]
fn the_comments_of_open_document_are_told_beside_what_they_are_on() {
    let body = "<text:p>Nobody was seen.<office:annotation office:name='c'><dc:creator>Bob</dc:creator><dc:date>2020-01-01T00:00:00</dc:date><meta:creator-initials>B</meta:creator-initials><text:p>Two were.</text:p><text:p>And more.</text:p></office:annotation> Later<office:annotation-end office:name='c'/> on.</text:p>";
    check(
        "a.odt",
        open_document(body, &[]),
        expect![[r#"
            a
            Paragraph: Nobody was seen. Later on.
            Note: Bob: Two were.⏎And more.
        "#]],
    );
}

#[test]
fn repeated_cells_of_open_document_keep_the_columns() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let empty = "<table:table-cell table:number-columns-repeated='2'/>";
    let covered = "<table:covered-table-cell table:number-columns-repeated='2'/>";
    let many = "<table:table-cell table:number-columns-repeated='16384'/>";
    let rows = [
        cell("table:number-columns-repeated='2'", "rep") + &cell("", "14") + &cell("", "15"),
        cell("", "a") + empty + &cell("", "b") + many,
        cell("table:number-columns-spanned='3'", "wide") + covered + &cell("", "c"),
    ]
    .map(|cells| format!("<table:table-row>{cells}</table:table-row>"));
    check(
        "a.odt",
        open_document(&format!("<table:table>{}</table:table>", rows.concat()), &[]),
        expect![[r#"
            a
            TableRow: rep | rep | 14 | 15
            TableRow: a |  |  | b
            TableRow: wide |  |  | c
        "#]],
    );
}

#[test]
fn an_empty_row_ends_a_table_of_a_sheet() {
    let sheet = row(1, &["A=Table 3. Cases by country"])
        + &row(3, &["A=Country", "B=2019", "C=2020"])
        + &row(4, &["A=Mali", "B=14", "C=15"])
        + &row(5, &["A=Ghana", "C=9"])
        + &row(7, &["A=Total", "B=14", "C=24"])
        + &row(9, &["A=Source", "B=Ministry"])
        + &row(11, &["A=Judge", "B=Court"])
        + &row(12, &["A=Smith", "B=High Court"])
        + &row(14, &["A=Table 4"])
        + &row(15, &["A=Region", "B=2021", "C=2022"])
        + &row(16, &["A=North", "B=3", "C=4"]);
    check(
        "a.xlsx",
        workbook(&[("S", &sheet)], &[]),
        expect![[r#"
            a
            lang en
            = S
            Paragraph: Table 3. Cases by country
            TableRow: Country | 2019 | 2020
            TableRow: Country: Mali | 2019: 14 | 2020: 15
            TableRow: Country: Ghana | 2020: 9
            TableRow: Country: Total | 2019: 14 | 2020: 24
            TableRow: Source | Ministry
            TableRow: Judge | Court
            TableRow: Smith | High Court
            Paragraph: Table 4
            TableRow: Region | 2021 | 2022
            TableRow: Region: North | 2021: 3 | 2022: 4
        "#]],
    );
}

#[test]
fn an_empty_row_ends_a_table_of_values() {
    let table = "Country,2019,2020\nMali,14,15\nGhana,8,9\n\nTotal,22,24\n\nJudge,Court,\nSmith,High Court,\n,,\nRegion,Cases,\nNorth,3,\n";
    check(
        "a.csv",
        table,
        expect![[r#"
            a
            TableRow: Country: Mali | 2019: 14 | 2020: 15
            TableRow: Country: Ghana | 2019: 8 | 2020: 9
            TableRow: Country: Total | 2019: 22 | 2020: 24
            TableRow: Judge | Court
            TableRow: Smith | High Court
            TableRow: Region: North | Cases: 3
        "#]],
    );
    // Some programs leave an empty line after every row.
    check(
        "b.csv",
        "Name,Court\r\r\nSmith,High\r\r\nJones,Low\r\r\n",
        expect![[r#"
            b
            TableRow: Name: Smith | Court: High
            TableRow: Name: Jones | Court: Low
        "#]],
    );
}

#[test]
fn lines_that_break_inside_words_of_scripts_without_blanks_leave_none() {
    let zh =
        "# 报告\n\n中国政府在2019年起诉了12名人口\n贩运嫌疑人。\n公安机关解救了被拐卖的儿童。\n";
    let ja = "<html><body><h1>報告</h1><p>警察は児童労\n働の被害者を<b>保</b>護した。 <br>第\n2 条 <i>児童</i>\n労働</p></body></html>";
    let th = "# รายงาน\n\nเป็นอาชญากรรมร้ายแรงในประเทศ\nไทย ตำรวจจับ\nกุมผู้ต้องหา\nin Bangkok\n";
    let text = |name: &str, source: &str| lawful::document(name, source).text;
    let chinese = "中国政府在2019年起诉了12名人口贩运嫌疑人。\n公安机关解救了被拐卖的儿童。";
    assert_eq!((text("a.txt", zh), text("a.md", zh)), (chinese.to_owned(), chinese.to_owned()));
    assert_eq!(text("a.html", ja), "警察は児童労働の被害者を保護した。\n第 2 条 児童 労働");
    assert_eq!(text("a.md", th), "เป็นอาชญากรรมร้ายแรงในประเทศไทย ตำรวจจับกุมผู้ต้องหา\nin Bangkok");
}
