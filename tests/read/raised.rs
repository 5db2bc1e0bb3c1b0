//! Readers: what is raised behind a number is no digit of it, and what is struck out is not said.

use super::office::{open_document, package, word};
use super::*;

/// The text of a sample, by its blocks.
fn text(name: &str, content: impl AsRef<[u8]>) -> String {
    read(name, content.as_ref(), &Corpus::default()).unwrap().text
}

#[test]
fn raised_digits_of_word_stay_apart_from_the_number_before_them() {
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>")
    };
    let body = [
        run("", "It convicted 12"),
        run("<w:vertAlign w:val='superscript'/>", "3"),
        run("", " traffickers on the 1"),
        run("<w:vertAlign w:val='superscript'/>", "st"),
        run("", " of May, freed 45"),
        run("<w:position w:val='8'/>", "4,5"),
        run("", " victims of CO"),
        run("<w:vertAlign w:val='subscript'/>", "2"),
        run("", ", and 7"),
        run("<w:rStyle w:val='Mark'/>", "9"),
        run("", " in 2013"),
        run("<w:rStyle w:val='Mark'/><w:vertAlign w:val='baseline'/>", "."),
    ]
    .concat();
    let styles = "<w:styles><w:style w:type='character' w:styleId='Mark'><w:name w:val='footnote reference'/><w:rPr><w:vertAlign w:val='superscript'/></w:rPr></w:style></w:styles>";
    let file = word(&format!("<w:p>{body}</w:p>"), &[("word/styles.xml", styles)]);
    assert_eq!(
        text("a.docx", file),
        "It convicted 12³ traffickers on the 1st of May, freed 45⁴,⁵ victims of CO2, and 7⁹ in 2013."
    );
}

#[test]
fn raised_digits_of_open_document_stay_apart_from_the_number_before_them() {
    let styles = "<office:document-styles><office:styles>
        <style:style style:name='Up' style:family='text'><style:text-properties style:text-position='super 58%'/></style:style>
        <style:style style:name='High' style:family='text'><style:text-properties style:text-position='33% 58%'/></style:style>
        <style:style style:name='Low' style:family='text'><style:text-properties style:text-position='sub 58%'/></style:style>
        <style:style style:name='Child' style:family='text' style:parent-style-name='Up'/>
        </office:styles></office:document-styles>";
    let span = |style: &str, text: &str| {
        format!("<text:span text:style-name='{style}'>{text}</text:span>")
    };
    let body = format!(
        "<text:p>12{} and 13{} and CO{} and 14{} and 1{}.</text:p>",
        span("Up", "3"),
        span("High", "4"),
        span("Low", "2"),
        span("Child", "<text:a>5</text:a>"),
        span("Up", "st")
    );
    let file = open_document(&body, &[("styles.xml", styles)]);
    assert_eq!(text("a.odt", file), "12³ and 13⁴ and CO2 and 14⁵ and 1st.");
}

#[test]
fn raised_digits_of_slides_and_sheets_stay_apart_from_the_number_before_them() {
    let run = |properties: &str, text: &str| format!("<r><rPr {properties}/><t>{text}</t></r>");
    let strings = format!(
        "<sst><si>{}<r><rPr><vertAlign val='superscript'/></rPr><t>3</t></r>{}</si></sst>",
        run("", "12"),
        run("", " cases")
    );
    let sheet = "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row></sheetData></worksheet>";
    let book = package(&[
        (
            "xl/workbook.xml",
            "<workbook xmlns:r='r'><sheets><sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", &strings),
    ]);
    assert!(text("a.xlsx", book).contains("12³ cases"));
    let slide = format!(
        "<p:sld xmlns:p='p' xmlns:a='a'><p:cSld><p:spTree><p:sp><p:txBody><a:p>{}{}<a:r><a:t>4 were</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>",
        "<a:r><a:rPr/><a:t>In all 12</a:t></a:r>",
        "<a:r><a:rPr baseline='30000'/><a:t>3</a:t></a:r>"
    );
    let deck = package(&[
        (
            "ppt/presentation.xml",
            "<p:presentation xmlns:p='p' xmlns:r='r'><p:sldIdLst><p:sldId id='1' r:id='r1'/></p:sldIdLst></p:presentation>",
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            "<Relationships><Relationship Id='r1' Type='x/slide' Target='slides/slide1.xml'/></Relationships>",
        ),
        ("ppt/slides/slide1.xml", &slide),
    ]);
    assert!(text("a.pptx", deck).contains("In all 12³4 were"));
}

#[test]
fn raised_digits_of_rich_text_stay_apart_and_lead_to_their_bytes() {
    let source = r"{\rtf1\ansi It convicted 12{\super 3} traffickers, 10\up6 4\up0  and 5\super 6\nosupersub  more on the 1{\super st}.\par}";
    let document = lawful::document("a.rtf", source);
    assert_eq!(document.text, "It convicted 12³ traffickers, 10⁴ and 5⁶ more on the 1st.");
    let at = document.text.find('³').unwrap();
    let bytes = document.locate(at..at + '³'.len_utf8()).bytes.unwrap();
    assert_eq!(&source[bytes], "3");
}

#[test]
fn raised_digits_of_web_pages_stay_apart_and_lead_to_their_bytes() {
    let source = "<html><body><h1>Cases of 2012<sup>4</sup></h1><p>It convicted 12<sup>3</sup> traffickers in 2013.<sup class=n>4,&#53;</sup> The 1<sup>st</sup> of 5 km<sup>2</sup>, and 9<sup>[6]</sup>.</p></body></html>";
    let document = lawful::document("a.html", source);
    assert_eq!(document.title, "Cases of 2012⁴");
    assert_eq!(
        document.text,
        "It convicted 12³ traffickers in 2013.⁴,⁵ The 1st of 5 km², and 9[6]."
    );
    let at = document.text.find('³').unwrap();
    let bytes = document.locate(at..at + '³'.len_utf8()).bytes.unwrap();
    assert_eq!(&source[bytes], "3");
}

#[test]
fn raised_digits_of_markdown_stay_apart_and_lead_to_their_bytes() {
    let source = "# Cases\n\nIt convicted 12<sup>3</sup> traffickers on the 1<sup>st</sup>.\n\n<p>It freed 45<sup>4</sup> men.</p>\n";
    let document = lawful::document("a.md", source);
    assert_eq!(document.text, "It convicted 12³ traffickers on the 1st.\n\nIt freed 45⁴ men.");
    let at = document.text.find('³').unwrap();
    let bytes = document.locate(at..at + '³'.len_utf8()).bytes.unwrap();
    assert_eq!(&source[bytes], "3");
}

#[test]
fn what_a_web_page_strikes_out_is_not_said() {
    let source = "<html><body><h1>Cases <s>closed</s></h1><p>The court <del>acquitted</del> convicted him. He was <s class=x>not</s> freed, <strike>never</strike> paid.</p><del><p>All gone.</p></del><p>The end <s>is</s></p><p>stays.</p></body></html>";
    let document = lawful::document("a.html", source);
    assert_eq!(document.title, "Cases");
    assert_eq!(document.text, "The court convicted him. He was freed, paid.\n\nThe end\n\nstays.");
}

#[test]
fn what_markdown_strikes_out_is_not_said() {
    let source = "# Cases ~~closed~~\n\nThe court ~~acquitted~~ convicted him. ~~Not~~ Freed <del>and paid</del> <s>in\nfull</s> he was: ~5 and ~6~ men.\n\n- ~~old~~\n- new <s>open\n\n<div>Of <del>two</del> three</div>\n\nThe end.\n";
    let document = lawful::document("a.md", source);
    assert_eq!(document.title, "Cases");
    assert_eq!(
        document.text,
        "The court convicted him. Freed he was: ~5 and ~6~ men.\nnew\n\nOf three\n\nThe end."
    );
}

#[test]
fn raised_and_struck_text_of_wikis_is_kept_apart_and_left_out() {
    let source = "== Cases 12<sup>4</sup> ==\nIt convicted 12<sup>3</sup> traffickers, <s>all</s> <del>most</del> in 2013.<SUP>4</SUP> The 1<sup>st</sup> of <span>5</span>.\n\nOpen <sup>6\n\nand 7.\n";
    let document = lawful::document("a.wiki", source);
    assert_eq!(document.sections[1].heading, "Cases 12⁴");
    assert_eq!(
        document.text,
        "It convicted 12³ traffickers,   in 2013.⁴ The 1st of 5.\n\nOpen ⁶\n\nand 7."
    );
}

#[test]
fn raised_digits_of_light_markup_stay_apart_and_lead_to_their_bytes() {
    let source = "= Cases\n\nIt convicted 12^3^ traffickers on the 1^st^ with CO~2~.\n";
    let document = lawful::document("a.adoc", source);
    assert_eq!(document.text, "It convicted 12³ traffickers on the 1st with CO2.");
    let source = "* Cases\n\nIt convicted 12^{3} traffickers on the 1^{st} with CO_{2}.\n";
    let document = lawful::document("a.org", source);
    assert_eq!(document.text, "It convicted 12³ traffickers on the 1st with CO2.");
}

#[test]
fn what_is_set_a_little_higher_is_not_raised() {
    let run = |points: u32, text: &str| {
        format!(
            "<w:r><w:rPr><w:position w:val='{points}'/></w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"
        )
    };
    let body =
        [run(1, "In all, "), run(1, "45"), run(3, " men were convicted in "), run(8, "2013")];
    let file = word(&format!("<w:p>{}</w:p>", body.concat()), &[]);
    assert_eq!(text("a.docx", file), "In all, 45 men were convicted in 2013");
    let rich = "{\\rtf1 In all, {\\up1 45} men and {\\up6 3} more\\par}";
    assert_eq!(text("a.rtf", rich), "In all, 45 men and ³ more");
}

#[test]
fn what_a_comment_or_a_blank_hides_strikes_nothing_out() {
    let source = "<div>\n<!-- old text:\n<s>hidden</s> <s> -->\nNobody was killed.\n</div>\n";
    assert_eq!(text("a.md", source), "Nobody was killed.");
    let source =
        "Nobody <s>x</s > was killed by police.\n\nSome <s>of <span>them</span></s> more.\n";
    let found = text("a.wiki", source);
    assert!(found.contains("was killed by police") && !found.contains("them"), "{found}");
}
