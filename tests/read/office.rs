//! Readers: office.

use std::collections::BTreeMap;

use tipsearch::document::BlockKind;

use super::*;

/// A sample of the shared collection, read; the test that asks for it is skipped where it is absent.
fn sample(path: &str) -> Option<Document> {
    let file = shared(&format!("formats/{path}"))?;
    let name = path.rsplit('/').next().unwrap();
    Some(read(name, &std::fs::read(file).unwrap(), &Corpus::default()).unwrap())
}

/// The title and the headings of a sample, each with a blank for each level above it.
fn headings(path: &str) -> Option<String> {
    let document = sample(path)?;
    let mut headings = document.title.clone();
    for section in &document.sections[1..] {
        let _ = write!(headings, "\n{}{}", " ".repeat(section.depth), section.heading);
    }
    Some(headings)
}

#[test]
fn samples_have_the_headings_that_are_known_of_them() {
    let Some(word) = headings("docx/unit_test_headers.docx") else { return };
    let expected = [
        "Test Document",
        " Section 1",
        "  Section 1.1",
        "  Section 1.2",
        "   Section 1.2.3",
        " Section 2",
        "  Section 2.1.1",
        "  Section 2.1",
    ];
    assert_eq!(word, expected.join("\n"));
    let odt = headings("odt/text_document_01.odt").unwrap();
    let expected = ["Title", " heading level 1.0", "  Heading level 2: A", "  Heading level 2: B"];
    assert_eq!(odt, expected.join("\n"));
    let rtf = headings("rtf/heading.rtf").unwrap();
    assert_eq!(rtf, "Heading 1\n Heading 2\n  Heading 3");
    let slides = headings("pptx/powerpoint_sample.pptx").unwrap();
    assert_eq!(slides, "Test Table Slide\n Second slide title\n Slide 3");
    let sheets = headings("xlsx/basic.xlsx").unwrap();
    assert_eq!(sheets, "basic\n Main\n Secondary");
}

#[test]
fn the_shapes_of_a_slide_stand_where_the_file_has_them() {
    // The table is read first, as it stands above; the box that the file has before it comes after it.
    let Some(slides) = sample("pptx/powerpoint_sample.pptx") else { return };
    let end = slides.text.find("Let’s introduce").unwrap();
    assert!(slides.text[..end].trim_end().ends_with("With footnote"));
    let location = slides.locate(0..end);
    assert_eq!((location.pages, location.paragraphs), (Some((1, 1)), Some((2, 59))));
}

/// Text reduced to its words, marks of Markdown and numbers of list items aside.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Headings with the depth that their levels give them, as the builder nests them.
fn depths(headings: &[(usize, String)]) -> Vec<(usize, String)> {
    let mut open: Vec<usize> = Vec::new();
    let nested = headings.iter().map(|(level, heading)| {
        open.retain(|&other| other < *level);
        open.push(*level);
        (open.len(), heading.clone())
    });
    nested.collect()
}

/// What docling made of a Word file, compared with what is read here: headings and their nesting, the
/// cells of tables, and words. Equations are written differently.
#[test]
fn word_samples_have_the_headings_cells_and_words_that_docling_finds() {
    let Some(folder) = shared("formats/docx") else { return };
    let mut wrong = Vec::new();
    let mut compared = 0;
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for path in entries.filter(|path| path.to_string_lossy().ends_with(".docx.md")) {
        let markdown = std::fs::read_to_string(&path).unwrap().replace("<!-- image -->", "");
        let file = path.to_string_lossy().trim_end_matches(".md").to_owned();
        let name = file.rsplit('/').next().unwrap().to_owned();
        let document = read(&name, &std::fs::read(&file).unwrap(), &Corpus::default()).unwrap();
        let differences = differences(&markdown, &document).into_iter().filter(|it| !is_known(it));
        wrong.extend(differences.map(|difference| format!("{name}: {difference}")));
        compared += 1;
    }
    assert!(compared >= 16, "{compared} samples");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Where docling is wrong: it sets blanks around raised and lowered letters, and drops a box that says
/// what another one says.
fn is_known(difference: &str) -> bool {
    let known = [
        "word \"x²\" is not in the sample",
        "word \"h2o\" is not in the sample",
        "word \"no\" off by -1",
    ];
    known.contains(&difference)
}

fn differences(markdown: &str, document: &Document) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut headings = Vec::new();
    for line in markdown.lines().filter(|line| line.starts_with('#')) {
        let level = line.find(' ').unwrap();
        headings.push((level, words(line).join(" ")));
    }
    let mut own = vec![(1, words(&document.title).join(" "))];
    own.extend(
        document.sections[1..].iter().map(|it| (it.depth + 1, words(&it.heading).join(" "))),
    );
    if headings.first().is_none_or(|(level, first)| *level > 1 && *first != own[0].1) {
        own.remove(0);
    }
    let (expected, found) = (depths(&headings), depths(&own));
    if expected != found {
        wrong.push(format!("headings {expected:?}, not {found:?}"));
    }
    let all: String = document.text.split_whitespace().collect::<Vec<_>>().join(" ");
    for row in markdown.lines().filter(|line| line.starts_with("| ")) {
        let cells = row.split('|').map(|cell| words(cell).join(" "));
        let text = words(&all).join(" ");
        for cell in cells.filter(|cell| !cell.is_empty() && !text.contains(cell.as_str())) {
            // Nested tables follow their row here.
            if cell.len() < 40 {
                wrong.push(format!("cell {cell:?}"));
            }
        }
    }
    if markdown.contains('$') {
        return wrong;
    }
    let is_counted = !markdown.contains("| -");
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    words(markdown).into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
    let own = document.sections[1..].iter().map(|it| it.heading.as_str());
    let title = if headings.iter().any(|(_, it)| *it == words(&document.title).join(" ")) {
        document.title.as_str()
    } else {
        ""
    };
    let is_own = document.sections.iter().skip(1).any(|it| it.heading == title);
    let title = if is_own { "" } else { title };
    for text in own.chain([document.text.as_str(), title]) {
        for word in words(text) {
            match counts.get_mut(&word) {
                Some(count) => *count -= 1,
                None => wrong.push(format!("word {word:?} is not in the sample")),
            }
        }
    }
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let off = counts.iter().filter(|(word, count)| !is_number(word) && **count != 0);
    let off = off.filter(|(_, count)| is_counted && **count != 0).collect::<Vec<_>>();
    wrong.extend(off.into_iter().map(|(word, count)| format!("word {word:?} off by {count}")));
    wrong
}

/// A zip package of these members.
pub fn package(members: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        // OpenDocument wants its type readable without inflating.
        let method = match *name {
            "mimetype" => zip::CompressionMethod::Stored,
            _ => zip::CompressionMethod::Deflated,
        };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A Word file with this body, and more parts.
pub fn word(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='x'><w:body>{body}</w:body></w:document>");
    let mut members = vec![("word/document.xml", document.as_str())];
    members.extend_from_slice(parts);
    package(&members)
}

#[test]
fn word_headings_by_style_outline_and_names_of_other_languages() {
    let styles = "<w:styles>
        <w:style w:type='paragraph' w:default='1' w:styleId='a'><w:name w:val='Normal'/></w:style>
        <w:style w:type='paragraph' w:styleId='1'><w:name w:val='heading 1'/><w:pPr><w:outlineLvl w:val='0'/></w:pPr></w:style>
        <w:style w:type='paragraph' w:styleId='Own'><w:name w:val='Chapter'/><w:basedOn w:val='1'/></w:style>
        <w:style w:type='paragraph' w:styleId='Loop'><w:name w:val='Loop'/><w:basedOn w:val='Loop2'/></w:style>
        <w:style w:type='paragraph' w:styleId='Loop2'><w:name w:val='Loop 2'/><w:basedOn w:val='Loop'/></w:style>
        <w:style w:type='paragraph' w:styleId='T'><w:name w:val='Title'/></w:style>
        <w:style w:type='paragraph' w:styleId='S'><w:name w:val='Subtitle'/><w:basedOn w:val='T'/></w:style>
        <w:style w:type='paragraph' w:styleId='A'><w:name w:val='Author'/><w:basedOn w:val='T'/></w:style>
        <w:style w:type='paragraph' w:styleId='Q'><w:name w:val='Intense Quote'/></w:style>
        </w:styles>";
    let body = [
        ("T", "", "The"),
        ("T", "", "Title"),
        ("S", "", "Below it"),
        ("A", "", "By Anna"),
        ("1", "", "One"),
        ("Own", "", "Two"),
        ("Überschrift2", "", "Deeper"),
        ("1", "<w:outlineLvl w:val='9'/>", "No heading"),
        ("a", "<w:outlineLvl w:val='2'/>", "Deepest"),
        ("Loop", "", "Text"),
        ("Q", "", "Said"),
        ("Missing", "", "End"),
    ]
    .map(|(style, more, text)| {
        format!("<w:p><w:pPr><w:pStyle w:val='{style}'/>{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    });
    check(
        "a.docx",
        word(&body.concat(), &[("word/styles.xml", styles)]),
        expect![[r#"
            The Title
            Paragraph: Below it
            Paragraph: By Anna
            = One
            = Two
            == Deeper
            Paragraph: No heading
            === Deepest
            Paragraph: Text
            Quotation: Said
            Paragraph: End
        "#]],
    );
}

/// An item of a list of Word.
pub fn list_item(list: u8, level: u8, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

#[test]
fn word_lists_inside_items_go_on_with_them() {
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/><w:lvlText w:val=' '/></w:lvl></w:abstractNum><w:num w:numId='9'><w:abstractNumId w:val='0'/></w:num></w:numbering>";
    let body = [
        list_item(1, 0, "one"),
        list_item(9, 0, "more of it"),
        list_item(2, 1, "deeper"),
        list_item(1, 0, "two"),
        list_item(3, 0, "another"),
    ];
    let document = word(&body.concat(), &[("word/numbering.xml", numbering)]);
    let document = read("a.docx", &document, &Corpus::default()).unwrap();
    let tight: Vec<bool> = document.blocks.iter().map(|block| block.tight).collect();
    assert_eq!(tight, [false, true, true, true, false]);
}

#[test]
fn word_lists_notes_and_numbers_of_headings() {
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId='0'>
        <w:lvl w:ilvl='0'><w:start w:val='2'/><w:numFmt w:val='upperRoman'/><w:lvlText w:val='Part %1.'/></w:lvl>
        <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.%2'/></w:lvl>
        </w:abstractNum><w:num w:numId='7'><w:abstractNumId w:val='0'/></w:num></w:numbering>";
    let notes = "<w:footnotes><w:footnote w:type='separator' w:id='-1'><w:p><w:r><w:t>no</w:t></w:r></w:p></w:footnote>
        <w:footnote w:id='2'><w:p><w:r><w:footnoteRef/><w:t xml:space='preserve'> A note.</w:t></w:r></w:p><w:p><w:r><w:t>Its second paragraph.</w:t></w:r></w:p></w:footnote>
        <w:footnote w:id='3'><w:p><w:r><w:t>Never referred to.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let heading = |level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val='Heading{}'/><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='7'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>",
            level + 1
        )
    };
    let item = |level: u8, list: u8, text: &str, more: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t>{more}</w:r></w:p>"
        )
    };
    let body = [
        heading(0, "Law"),
        heading(1, "Sources"),
        item(0, 3, "one", "<w:footnoteReference w:id='2'/>"),
        item(1, 4, "deeper", ""),
        item(0, 3, "two", ""),
        item(0, 5, "another list", ""),
        heading(1, "Practice"),
        heading(0, "End"),
        item(0, 0, "in no list", "<w:footnoteReference w:id='9'/>"),
    ];
    let parts = [("word/numbering.xml", numbering), ("word/footnotes.xml", notes)];
    let document = word(&body.concat(), &parts);
    check(
        "a.docx",
        &document,
        expect![[r#"
        a
        = Part II. Law
        == II.1 Sources [references]
        ListItem: one
        ListItem: deeper
        ListItem: two
        Note: A note.⏎Its second paragraph.
        ListItem: another list
        == II.2 Practice
        = Part III. End
        Paragraph: in no list
    "#]],
    );
    let document = read("a.docx", &document, &Corpus::default()).unwrap();
    let at = document.text.find("second").unwrap();
    let location = document.locate(at..at + 6);
    assert_eq!(location.part.as_deref(), Some("word/footnotes.xml"));
    assert_eq!(location.paragraphs, Some((3, 3)));
}

#[test]
fn comments_in_word_are_notes_with_their_authors() {
    let comments = "<w:comments><w:comment w:id='0' w:author='Ann Roe'><w:p><w:r><w:annotationRef/></w:r><w:r><w:t>Who says so?</w:t></w:r></w:p></w:comment>
        <w:comment w:id='2' w:author=''><w:p><w:r><w:t>The police.</w:t></w:r></w:p></w:comment></w:comments>";
    let body = "<w:p><w:commentRangeStart w:id='0'/><w:r><w:t>Ouch</w:t></w:r><w:commentRangeEnd w:id='0'/><w:r><w:commentReference w:id='0'/></w:r><w:r><w:t>.</w:t></w:r><w:r><w:commentReference w:id='2'/></w:r></w:p><w:p><w:r><w:t>End</w:t></w:r></w:p>";
    let document = word(body, &[("word/comments.xml", comments)]);
    check(
        "a.docx",
        &document,
        expect![[r#"
            a
            Paragraph: Ouch.
            Note: Ann Roe: Who says so?
            Note: The police.
            Paragraph: End
        "#]],
    );
    let read = read("a.docx", &document, &Corpus::default()).unwrap();
    let at = read.text.find("Who").unwrap();
    assert_eq!(read.locate(at..at + 3).part.as_deref(), Some("word/comments.xml"));
    assert_eq!(read.note_marks, [], "what is remarked on a text is no source of it");
}

#[test]
fn comments_in_excel_are_notes_of_their_rows() {
    let Some(path) = shared("formats/xlsx/xlsx_comments.xlsx") else { return };
    let read = read("a.xlsx", &std::fs::read(path).unwrap(), &Corpus::default()).unwrap();
    let notes = read.blocks.iter().filter(|block| block.kind == BlockKind::Note);
    let notes = notes.map(|note| {
        let row = read.locate(note.range.clone()).paragraphs.unwrap().0;
        format!("{row} {}", &read.text[note.range.clone()])
    });
    expect![[r#"
        1 John Reviewer: Why Python specifically?
        2 Jane Editor: Which libraries are you referring to?
        7 Jane Smith (JS): Minimum number of saltwater ducks
        7 Marcus Sterling (MS): I never thought it would be so low
        12 Jane Smith (JS): Maximum number of ducks
    "#]]
    .assert_eq(&notes.map(|note| note + "\n").collect::<String>());
}

#[test]
fn word_changes_fields_boxes_and_special_characters() {
    let body = "<w:p><w:r><w:t xml:space='preserve'>Kept </w:t></w:r><w:ins w:id='1'><w:r><w:t>new</w:t></w:r></w:ins><w:del w:id='2'><w:r><w:delText>old</w:delText></w:r></w:del>
        <w:moveFrom w:id='3'><w:r><w:t>from</w:t></w:r></w:moveFrom><w:moveTo w:id='4'><w:r><w:t xml:space='preserve'> moved</w:t></w:r></w:moveTo></w:p>
        <w:p><w:pPr><w:rPr><w:del w:id='5'/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>Joined </w:t></w:r></w:p><w:p><w:r><w:t>to this.</w:t></w:r></w:p>
        <w:p><w:pPr><w:framePr w:dropCap='drop'/></w:pPr><w:r><w:t>T</w:t></w:r></w:p><w:p><w:r><w:t>he drop cap.</w:t></w:r></w:p>
        <w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> HYPERLINK \"https://example.org/a\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>link</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>
        <w:fldSimple w:instr=' PAGE '><w:r><w:t xml:space='preserve'> 12</w:t></w:r></w:fldSimple></w:p>
        <w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>TOC \\o</w:instrText><w:fldChar w:fldCharType='separate'/><w:t>Contents 1</w:t></w:r></w:p><w:p><w:r><w:t>Contents 2</w:t><w:fldChar w:fldCharType='end'/></w:r></w:p>
        <w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Contents 3</w:t></w:r></w:p></w:sdtContent></w:sdt>
        <w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>
        <w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>Anchor</w:t><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent><w:tab/><w:t>tab</w:t><w:br/><w:t>next</w:t><w:noBreakHyphen/><w:t>line so</w:t><w:softHyphen/><w:t>ft</w:t><w:sym w:font='Symbol' w:char='F061'/><w:sym w:font='Wingdings' w:char='F0FC'/></w:r></w:p>
        <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>shown</w:t></w:r><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath></w:p>
        <w:p><w:r><w:drawing><c:chart r:id='r7'/></w:drawing></w:r></w:p>
        <w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>TOC</w:instrText></w:r></w:p><w:p><w:r><w:t>A field that never ends hides nothing.</w:t></w:r></w:p>";
    check(
        "a.docx",
        word(body, &[]),
        expect![[r#"
            a
            @links: https://example.org/a
            lang en
            Paragraph: Kept new moved
            Paragraph: Joined to this.
            Paragraph: The drop cap.
            Paragraph: link 12
            Paragraph: In a control
            Paragraph: Anchor | tab⏎next-line softα✓
            Paragraph: Box
            Paragraph: showna/b
            Paragraph: A field that never ends hides nothing.
        "#]],
    );
}

#[test]
fn word_tables_in_tables_merged_cells_and_deleted_rows() {
    let cell = |properties: &str, content: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>")
    };
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let inner = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", &p("x")), cell("", &p("y")));
    let rows = [
        [cell("<w:gridSpan w:val='2'/>", &p("wide")), String::new()],
        [cell("<w:vMerge w:val='restart'/>", &p("tall")), cell("", &(p("1") + &p("2")))],
        [cell("<w:vMerge/>", &p("covered")), cell("", &(inner + &p("around")))],
    ];
    let rows = rows.map(|row| format!("<w:tr>{}</w:tr>", row.concat())).concat();
    let deleted =
        "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr>";
    let frame = format!(
        "<w:tbl><w:tr>{}</w:tr></w:tbl>",
        cell(
            "",
            "<w:p><w:pPr><w:outlineLvl w:val='0'/></w:pPr><w:r><w:t>Framed heading</w:t></w:r></w:p><w:p><w:r><w:t>Framed text</w:t></w:r></w:p>"
        )
    );
    let body = format!("{}<w:tbl>{rows}{deleted}</w:tbl>{frame}", p("Before"));
    check(
        "a.docx",
        word(&body, &[]),
        expect![[r#"
        a
        Paragraph: Before
        TableRow: wide
        TableRow: tall | 1⏎2
        TableRow: around
        TableRow: x | y
        = Framed heading
        Paragraph: Framed text
    "#]],
    );
}

#[test]
fn word_main_part_elsewhere_properties_and_utf16() {
    let relations = "<Relationships><Relationship Id='r1' Type='http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument' Target='/Word/Main.xml'/><Relationship Id='r2' Type='x/metadata/core-properties' Target='p/core.xml'/></Relationships>";
    let links = "<Relationships><Relationship Id='r1' Type='x/hyperlink' Target='https://example.org/?a=1&amp;b=2' TargetMode='External'/></Relationships>";
    let core = "<cp:coreProperties><dc:title>A Title</dc:title><dc:creator>Anna; Bert</dc:creator><cp:keywords>law, practice</cp:keywords><dcterms:created>2019-05-01T10:00:00Z</dcterms:created><dc:language>fr-FR</dc:language></cp:coreProperties>";
    let main = "<d:document xmlns:d='http://purl.oclc.org/ooxml/wordprocessingml/main'><d:body><d:p><d:hyperlink q:id='r1'><d:r><d:t>Lien</d:t></d:r></d:hyperlink></d:p></d:body></d:document>";
    let members = [
        ("_rels/.rels", relations),
        ("word/main.xml", main),
        ("Word/_rels/Main.xml.rels", links),
        ("p/core.xml", core),
    ];
    check(
        "a.docx",
        package(&members),
        expect![[r#"
            A Title
            @author: Anna | Bert
            @date: 2019-05-01
            @keywords: law | practice
            @links: https://example.org/?a=1&b=2
            @year: 2019
            lang fr-fr
            Paragraph: Lien
        "#]],
    );
}

#[test]
fn hostile_word_files_end_in_text_or_a_reason() {
    let p = "<w:p><w:r><w:t>x</w:t></w:r></w:p>";
    let deep =
        |open: &str, close: &str, count: usize| open.repeat(count) + p + &close.repeat(count);
    let bodies = [
        deep("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 20_000),
        deep("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>", 20_000),
        deep("<mc:AlternateContent><mc:Choice>", "</mc:Choice></mc:AlternateContent>", 20_000),
        deep("<w:p>", "</w:p>", 50_000),
        "<w:fldChar w:fldCharType='begin'/>".repeat(50_000) + p,
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='400000000'/></w:tcPr>".to_owned() + p,
        "</w:p></w:tc>".to_owned(),
        "<w:tc><w:tr><w:tc>".to_owned() + p + "</w:tc></w:tr></w:tc></w:body></w:document>",
        "<w:tbl><w:tr><w:tc><w:txbxContent><w:tbl>".to_owned() + p,
    ];
    for body in bodies {
        let start = std::time::Instant::now();
        let document = read("a.docx", &word(&body, &[]), &Corpus::default()).unwrap();
        assert!(document.text == "x" || !document.warnings.is_empty(), "{}", document.text);
        assert!(start.elapsed().as_secs() < 10, "{:?} for {}", start.elapsed(), &body[..60]);
    }
    check(
        "entities.docx",
        package(&[(
            "word/document.xml",
            "<!DOCTYPE l [<!ENTITY a 'lol'><!ENTITY b '&a;&a;'>]><w:document><w:p><w:r><w:t>&b; &amp; x</w:t></w:r></w:p></w:document>",
        )]),
        expect![[r#"
            entities
            Paragraph: &b; & x
        "#]],
    );
    check(
        "none.docx",
        package(&[("word/other.xml", "<a/>")]),
        expect![[r#"
        not read: it has no `word/document.xml`, its main part
    "#]],
    );
}

/// An OpenDocument text with this body, and more parts.
pub fn open_document(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>
        <style:style style:name='P1' style:family='paragraph' style:parent-style-name='Title'/>
        <style:style style:name='P2' style:family='paragraph' style:parent-style-name='Preformatted_20_Text'/>
        <style:style style:name='T1' style:family='text'><style:text-properties text:display='none'/></style:style>
        </office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let mut members = vec![
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_str()),
    ];
    members.extend_from_slice(parts);
    package(&members)
}

#[test]
fn open_document_headings_lists_notes_and_marks_of_its_own() {
    let styles = "<office:document-styles><office:styles>
        <style:default-style style:family='paragraph'><style:text-properties fo:language='de' fo:country='AT'/></style:default-style>
        <style:style style:name='Zitat' style:display-name='Quotations' style:family='paragraph'/>
        <text:outline-style><text:outline-level-style text:level='1' style:num-format='I' style:num-suffix='.'/><text:outline-level-style text:level='2' style:num-format='1' text:display-levels='2'/></text:outline-style>
        </office:styles></office:document-styles>";
    let meta = "<office:document-meta><office:meta><dc:title>Anderer Titel</dc:title><meta:initial-creator>Anna</meta:initial-creator><dc:creator>Bert</dc:creator><meta:keyword>Recht</meta:keyword><meta:creation-date>2020-02-03T04:05:06</meta:creation-date></office:meta></office:document-meta>";
    let body = "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>
        <text:p text:style-name='P1'>Der  Titel</text:p>
        <text:table-of-content><text:index-body><text:p>Contents</text:p></text:index-body></text:table-of-content>
        <text:h text:outline-level='1'>Erstes<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Die Anmerkung.</text:p></text:note-body></text:note></text:h>
        <text:h text:outline-level='2'>Tiefer</text:h>
        <text:list><text:list-item><text:p>eins</text:p><text:p>noch eins</text:p><text:list><text:list-item><text:p>tiefer</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>zwei</text:p></text:list-item></text:list>
        <text:p text:style-name='Zitat'>Gesagt<text:line-break/>und <text:a xlink:href='https://example.org'>getan</text:a><office:annotation><text:p>comment</text:p></office:annotation>.</text:p>
        <text:p text:style-name='P2'>if<text:s text:c='3'/>x:</text:p><text:p text:style-name='P2'><text:s text:c='4'/>y()</text:p>
        <text:p>A<text:span text:style-name='T1'>hidden</text:span> frame <draw:frame><draw:text-box><text:p>Caption</text:p></draw:text-box><svg:title>alternative</svg:title><svg:desc>description</svg:desc></draw:frame>in
            <text:tab/>it. <text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby></text:p>
        <text:p>Formula <draw:object xlink:href='./Object 1'/></text:p>
        <text:section text:display='none'><text:p>not shown</text:p></text:section>";
    let formula = "<math><semantics><mrow><mi>x</mi><mo>=</mo><mn>2</mn></mrow><annotation>x = 2</annotation></semantics></math>";
    let parts = [("styles.xml", styles), ("meta.xml", meta), ("Object 1/content.xml", formula)];
    check(
        "a.odt",
        open_document(body, &parts),
        expect![[r#"
            Der Titel
            @author: Anna
            @date: 2020-02-03
            @keywords: Recht
            @links: https://example.org
            @year: 2020
            lang de-at
            = I. Erstes
            Note: Die Anmerkung.
            == I.1 Tiefer
            ListItem: eins
            ListItem: noch eins
            ListItem: tiefer
            ListItem: zwei
            Quotation: Gesagt⏎und getan.
            Note: comment
            Code: if   x:⏎    y()
            Paragraph: A frame in  | it. 漢
            Paragraph: Caption
            Paragraph: Formula x = 2
        "#]],
    );
}

#[test]
fn open_document_tables() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let covered = "<table:covered-table-cell><text:p>covered</text:p></table:covered-table-cell>";
    let inner = format!(
        "<table:table-cell><text:p>outer</text:p><table:table><table:table-row>{}{}</table:table-row></table:table></table:table-cell>",
        cell("", "x"),
        cell("", "y")
    );
    let body = format!(
        "<table:table><table:table-header-rows><table:table-row>{}{covered}</table:table-row></table:table-header-rows><table:table-row>{}{inner}</table:table-row></table:table>",
        cell("table:number-columns-spanned='2'", "Head"),
        cell("", "a")
    );
    check(
        "a.odt",
        open_document(&body, &[]),
        expect![[r#"
            a
            TableRow: Head
            TableRow: a | outer
            TableRow: x | y
        "#]],
    );
}

#[test]
fn hostile_open_document_files_end_in_text_or_a_reason() {
    let deep = |open: &str, close: &str, count: usize| {
        open.repeat(count) + "<text:p>x</text:p>" + &close.repeat(count)
    };
    let bodies = [
        deep("<text:list><text:list-item>", "</text:list-item></text:list>", 50_000),
        deep("<draw:text-box>", "</draw:text-box>", 50_000),
        deep("<text:p><text:note><text:note-body>", "</text:note-body></text:note></text:p>", 20_000),
        deep("<text:p><text:span>", "</text:span></text:p>", 20_000),
        deep(
            "<table:table><table:table-row><table:table-cell>",
            "</table:table-cell></table:table-row></table:table>",
            20_000,
        ),
        "<table:table><table:table-row table:number-rows-repeated='1048576'><table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p></table:table-cell></table:table-row></table:table>".to_owned(),
    ];
    for body in bodies {
        let start = std::time::Instant::now();
        let document = read("a.odt", &open_document(&body, &[]), &Corpus::default()).unwrap();
        assert_eq!(document.text, "x");
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
    let inside = "<text:p>x".repeat(100_000) + &"</text:p>".repeat(100_000);
    let start = std::time::Instant::now();
    let document = read("a.odt", &open_document(&inside, &[]), &Corpus::default()).unwrap();
    assert_eq!(document.blocks.len(), 100_000);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    let order = "<text:p>a<text:p>b<text:p>c</text:p><text:p> </text:p></text:p>d<draw:text-box><text:p>e</text:p></draw:text-box><text:p>f</text:p></text:p>";
    let document = read("a.odt", &open_document(order, &[]), &Corpus::default()).unwrap();
    assert_eq!(document.text, "ad\n\nb\n\nc\n\ne\n\nf");
    let spaces = "<text:p>a<text:s text:c='2000000000'/>b<text:s text:c='99999999999999999999999'/>c</text:p>";
    let document = read("a.odt", &open_document(spaces, &[]), &Corpus::default()).unwrap();
    assert_eq!(document.text, format!("a{}b c", " ".repeat(100)));
    let manifest = "<manifest:encryption-data/>";
    let encrypted = open_document("", &[("META-INF/manifest.xml", manifest)]);
    check(
        "a.odt",
        encrypted,
        expect![[r#"
        not read: it is encrypted, and opens with a password only
    "#]],
    );
    check(
        "a.odt",
        open_document("", &[]),
        expect![[r#"
        a
        warning: there is no text in it
    "#]],
    );
}

/// A presentation of these slides, each with its relationships; they are listed in reverse order.
pub fn presentation(slides: &[(&str, &str)], parts: &[(&str, &str)]) -> Vec<u8> {
    let count = slides.len();
    let ids: String =
        (0..count).rev().map(|at| format!("<p:sldId id='{at}' r:id='r{at}'/>")).collect();
    let targets =
        |at| format!("<Relationship Id='r{at}' Type='x/slide' Target='slides/slide{at}.xml'/>");
    let mut members = vec![
        (
            "ppt/presentation.xml".to_owned(),
            format!("<p:presentation><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"),
        ),
        (
            "ppt/_rels/presentation.xml.rels".to_owned(),
            format!(
                "<Relationships>{}</Relationships>",
                (0..count).map(targets).collect::<String>()
            ),
        ),
    ];
    for (at, (slide, relations)) in slides.iter().enumerate() {
        let slide = format!("<p:sld><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>");
        members.push((format!("ppt/slides/slide{at}.xml"), slide));
        let relations = format!("<Relationships>{relations}</Relationships>");
        members.push((format!("ppt/slides/_rels/slide{at}.xml.rels"), relations));
    }
    members.extend(parts.iter().map(|(name, part)| ((*name).to_owned(), (*part).to_owned())));
    let members: Vec<(&str, &str)> =
        members.iter().map(|(name, part)| (name.as_str(), part.as_str())).collect();
    package(&members)
}

/// A shape with a placeholder of this type at this place, and paragraphs.
pub fn shape(kind: &str, place: Option<(i64, i64)>, paragraphs: &str) -> String {
    let placeholder = match kind {
        "" => String::new(),
        kind => format!("<p:nvSpPr><p:nvPr><p:ph type='{kind}'/></p:nvPr></p:nvSpPr>"),
    };
    let place = place.map_or(String::new(), |(x, y)| {
        format!(
            "<p:spPr><a:xfrm><a:off x='{x}' y='{y}'/><a:ext cx='100' cy='100'/></a:xfrm></p:spPr>"
        )
    });
    format!("<p:sp>{placeholder}{place}<p:txBody>{paragraphs}</p:txBody></p:sp>")
}

#[test]
fn slides_are_read_in_their_order_with_titles_lists_tables_and_notes() {
    let p = |text: &str| format!("<a:p><a:r><a:rPr lang='en-GB'/><a:t>{text}</a:t></a:r></a:p>");
    let last = shape("", Some((500, 0)), &p("right"))
        + &shape("", Some((0, 200)), &p("below"))
        + &shape("", Some((0, 0)), &p("left"));
    let table = "<p:graphicFrame><a:tbl><a:tr><a:tc gridSpan='2'><a:txBody><a:p><a:r><a:t>wide</a:t></a:r></a:p></a:txBody></a:tc><a:tc hMerge='1'><a:txBody><a:p><a:r><a:t>covered</a:t></a:r></a:p></a:txBody></a:tc></a:tr><a:tr><a:tc><a:txBody><a:p><a:r><a:t>1</a:t></a:r></a:p><a:p><a:r><a:t>2</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>3</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>";
    let second = shape(
        "body",
        None,
        &(p("one")
            + "<a:p><a:pPr lvl='1'/><a:r><a:t>deeper</a:t></a:r></a:p>"
            + "<a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>no bullet</a:t></a:r><a:br/><a:r><a:rPr><a:hlinkClick r:id='r9'/></a:rPr><a:t>next line</a:t></a:r></a:p>"),
    ) + &shape("title", None, &p("The second slide"))
        + &shape("sldNum", None, &p("2"))
        + "<mc:AlternateContent><mc:Choice><p:graphicFrame><dgm:relIds r:dm='r2'/></p:graphicFrame></mc:Choice><mc:Fallback><p:sp><p:txBody><a:p><a:r><a:t>picture of it</a:t></a:r></a:p></p:txBody></p:sp></mc:Fallback></mc:AlternateContent>"
        + table;
    let first =
        shape("ctrTitle", None, &p("The Deck")) + &shape("subTitle", None, &p("A subtitle"));
    let notes = format!(
        "<p:notes><p:cSld><p:spTree>{}{}</p:spTree></p:cSld></p:notes>",
        shape("body", None, &(p("Say this.") + &p("And that."))),
        shape("sldNum", None, &p("2"))
    );
    let diagram = "<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>A step</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>";
    let relations = "<Relationship Id='r1' Type='x/notesSlide' Target='../notesSlides/n.xml'/><Relationship Id='r2' Type='x/diagramData' Target='/ppt/diagrams/d.xml'/><Relationship Id='r9' Type='x/hyperlink' Target='https://example.org' TargetMode='External'/>";
    let slides = [(last.as_str(), ""), (second.as_str(), relations), (first.as_str(), "")];
    let deck = presentation(
        &slides,
        &[("ppt/notesSlides/n.xml", &notes), ("ppt/diagrams/d.xml", diagram)],
    );
    check(
        "a.pptx",
        &deck,
        expect![[r#"
            The Deck
            @links: https://example.org
            lang en-gb
            Paragraph: A subtitle
            = The second slide
            ListItem: one
            ListItem: deeper
            Paragraph: no bullet⏎next line
            ListItem: A step
            TableRow: wide
            TableRow: 1⏎2 | 3
            Note: Say this.⏎And that.
            = Slide 3
            Paragraph: left
            Paragraph: right
            Paragraph: below
        "#]],
    );
    let document = read("a.pptx", &deck, &Corpus::default()).unwrap();
    let place = |word: &str| {
        let at = document.text.find(word).unwrap();
        let location = document.locate(at..at + word.len());
        (location.pages, location.part.unwrap(), location.paragraphs)
    };
    assert_eq!(place("deeper"), (Some((2, 2)), "ppt/slides/slide1.xml".to_owned(), Some((2, 2))));
    assert_eq!(place("And that"), (Some((2, 2)), "ppt/notesSlides/n.xml".to_owned(), Some((2, 2))));
}

#[test]
fn bullets_of_slides_come_from_their_layout_and_master() {
    let p = |text: &str| format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>");
    let slide = shape("body", None, &(p("one") + &p("two")));
    let layout = "<p:sldLayout><p:cSld><p:spTree><p:sp><p:nvPr><p:ph type='body'/></p:nvPr><p:txBody><a:lstStyle><a:lvl1pPr><a:buNone/></a:lvl1pPr></a:lstStyle></p:txBody></p:sp></p:spTree></p:cSld></p:sldLayout>";
    let master = "<p:sldMaster><p:cSld><p:spTree/></p:cSld><p:txStyles><p:bodyStyle><a:lvl1pPr><a:buChar char='-'/></a:lvl1pPr></p:bodyStyle></p:txStyles></p:sldMaster>";
    let relations = "<Relationship Id='r1' Type='x/slideLayout' Target='../slideLayouts/l.xml'/>";
    let behind = "<Relationships><Relationship Id='r1' Type='x/slideMaster' Target='../slideMasters/m.xml'/></Relationships>";
    let kinds = |layout: &str| {
        let parts = [
            ("ppt/slideLayouts/l.xml", layout),
            ("ppt/slideLayouts/_rels/l.xml.rels", behind),
            ("ppt/slideMasters/m.xml", master),
        ];
        let deck = presentation(&[(&slide, relations)], &parts);
        let document = read("a.pptx", &deck, &Corpus::default()).unwrap();
        document.blocks.iter().map(|block| block.kind).collect::<Vec<_>>()
    };
    use tipsearch::document::BlockKind::{ListItem, Paragraph};
    assert_eq!(kinds(layout), [Paragraph, Paragraph]);
    assert_eq!(kinds("<p:sldLayout/>"), [ListItem, ListItem]);
}

/// A workbook of these sheets, in their order: name, rows.
pub fn workbook(sheets: &[(&str, &str)], parts: &[(&str, &str)]) -> Vec<u8> {
    let list = |at: usize, name: &str| {
        format!("<sheet name='{name}' sheetId='9' state='hidden' r:id='r{at}'/>")
    };
    let list: String = sheets.iter().enumerate().map(|(at, (name, _))| list(at, name)).collect();
    let target = |at: usize| {
        format!("<Relationship Id='r{at}' Type='x/worksheet' Target='worksheets/s{at}.xml'/>")
    };
    let targets: String = (0..sheets.len()).map(target).collect();
    let mut members = vec![
        ("xl/workbook.xml".to_owned(), format!("<workbook><sheets>{list}</sheets></workbook>")),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("<Relationships>{targets}</Relationships>"),
        ),
    ];
    for (at, (_, rows)) in sheets.iter().enumerate() {
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        members.push((format!("xl/worksheets/s{at}.xml"), sheet));
    }
    members.extend(parts.iter().map(|(name, part)| ((*name).to_owned(), (*part).to_owned())));
    let members: Vec<(&str, &str)> =
        members.iter().map(|(name, part)| (name.as_str(), part.as_str())).collect();
    package(&members)
}

/// A row of cells, each `reference=text`; numbers are numbers.
pub fn row(number: usize, cells: &[&str]) -> String {
    let cell = |cell: &&str| {
        let (column, text) = cell.split_once('=').unwrap();
        match text.parse::<f64>() {
            Ok(_) => format!("<c r='{column}{number}'><v>{text}</v></c>"),
            Err(_) => format!("<c r='{column}{number}' t='inlineStr'><is><t>{text}</t></is></c>"),
        }
    };
    format!("<row r='{number}'>{}</row>", cells.iter().map(cell).collect::<String>())
}

#[test]
fn sheets_are_records_where_a_row_names_the_columns() {
    let statistics = row(1, &["A=Trafficking in persons"])
        + &row(3, &["A=Country", "B=2007", "C=2008"])
        + &row(4, &["A=Kenya", "B=12", "C=0.30000000000000004"])
        + &row(5, &["A=Uganda", "C=7", "E=more"])
        + &row(9, &["B=Name", "C=Cases"])
        + &row(10, &["B=Anna", "C=3"])
        + &row(12, &["B=a note"]);
    let plain = row(1, &["A=1", "B=2"]) + &row(2, &["A=3", "XFD=4"]);
    let column = row(1, &["A=only"]) + &row(2, &["A=one"]) + &row(3, &["A=column"]);
    let wider = row(1, &["A=Sum", "B=Labels"])
        + &row(2, &["A=x", "B=y", "C=z", "D=w"])
        + &row(3, &["A=1", "B=2", "C=3"]);
    let sheets = [
        ("Statistics", statistics.as_str()),
        ("Plain", &plain),
        ("Column", &column),
        ("Wider", &wider),
    ];
    let book = workbook(&sheets, &[]);
    check(
        "a.xlsx",
        &book,
        expect![[r#"
        a
        = Statistics
        Paragraph: Trafficking in persons
        TableRow: Country | 2007 | 2008
        TableRow: Country: Kenya | 2007: 12 | 2008: 0.3
        TableRow: Country: Uganda | 2008: 7 | more
        TableRow: Name | Cases
        TableRow: Name: Anna | Cases: 3
        TableRow: a note
        = Plain
        TableRow: 1 | 2
        TableRow: 3 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  | 4
        = Column
        TableRow: only
        TableRow: one
        TableRow: column
        = Wider
        TableRow: Sum | Labels
        TableRow: x | y | z | w
        TableRow: x: 1 | y: 2 | z: 3
    "#]],
    );
    let document = read("a.xlsx", &book, &Corpus::default()).unwrap();
    let at = document.text.find("Kenya").unwrap();
    let location = document.locate(at..at + 5);
    assert_eq!((location.part.as_deref(), location.paragraphs), (Some("Statistics"), Some((4, 4))));
}

#[test]
fn cells_of_all_kinds() {
    let styles = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd\\.mm\\.yyyy'/><numFmt numFmtId='165' formatCode='&quot;$&quot;#,##0.00'/><numFmt numFmtId='166' formatCode='0.0%'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='22'/><xf numFmtId='20'/><xf numFmtId='9'/><xf numFmtId='3'/><xf numFmtId='165'/><xf numFmtId='166'/></cellXfs></styleSheet>";
    let strings = "<sst><si><t>plain</t></si><si><r><t xml:space='preserve'>rich </t></r><r><t>text</t></r><rPh><t>phonetic</t></rPh></si><si><t>line_x000D_\nnext_x0041_ _x_</t></si></sst>";
    let rows = "<row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='s'><v>1</v></c><c t='s'><v>2</v></c><c t='s'><v>99</v></c></row>
        <row><c t='b'><v>1</v></c><c t='e'><v>#DIV/0!</v></c><c t='str'><f>A1&amp;B1</f><v>joined</v></c><c s='1'><v>45413</v></c><c s='2'><v>45413.5</v></c><c s='3'><v>0.75</v></c><c t='d'><v>2024-05-01T00:00:00</v></c><c><f>1+1</f></c></row>
        <row><c s='4'><v>0.25</v></c><c s='5'><v>1234567</v></c><c s='6'><v>35000</v></c><c s='7'><v>0.12345</v></c><c s='5'><v>-12</v></c></row>";
    let parts = [("xl/styles.xml", styles), ("xl/sharedStrings.xml", strings)];
    check(
        "a.xlsx",
        workbook(&[("S", rows)], &parts),
        expect![[r#"
        a
        = S
        TableRow: plain | rich text | line⏎nextA _x_
        TableRow: TRUE | #DIV/0! | joined | 2024-05-01 | 2024-05-01 12:00:00 | 18:00:00 | 2024-05-01
        TableRow: 25% | 1,234,567 | $35,000.00 | 12.3% | -12
    "#]],
    );
}

#[test]
fn hostile_sheets_and_slides_end_in_text_or_a_reason() {
    let long = "x".repeat(30_000);
    let strings = format!("<sst><si><t>{long}</t></si></sst>");
    let cells = "<c t='s'><v>0</v></c>".repeat(100);
    let rows = format!("<row>{cells}</row>").repeat(100);
    let book = workbook(&[("S", &rows)], &[("xl/sharedStrings.xml", &strings)]);
    let document = read("a.xlsx", &book, &Corpus::default()).unwrap();
    assert!(document.text.len() < 5_000_000, "{}", document.text.len());
    assert_eq!(document.warnings.len(), 1);

    let far = row(1, &["A=a", "XFD=b"])
        + "<row r='99999999999999999999'><c r='ZZZZZZZ1'><v>1</v></c></row>";
    let document = read("a.xlsx", &workbook(&[("S", &far)], &[]), &Corpus::default()).unwrap();
    assert!(document.text.len() < 100, "{}", document.text);

    let groups = "<p:grpSp>".repeat(50_000)
        + &shape("", None, "<a:p><a:r><a:t>x</a:t></a:r></a:p>")
        + &"</p:grpSp>".repeat(50_000);
    let many = shape("", Some((0, 0)), "<a:p><a:r><a:t>x</a:t></a:r></a:p>").repeat(20_000);
    for slide in [groups, many] {
        let start = std::time::Instant::now();
        let deck = presentation(&[(&slide, "")], &[]);
        let document = read("a.pptx", &deck, &Corpus::default()).unwrap();
        assert!(document.text.contains('x'));
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
}

#[test]
fn rich_text_characters_of_every_kind() {
    check(
        "a.rtf",
        "{\\rtf1\\ansi\\ansicpg1251\\deff0{\\fonttbl{\\f0\\fnil\\fcharset204 Arial;}{\\f1 Times;}{\\f2\\fcharset128 Gothic;}{\\f3\\fcharset2 Symbol;}{\\f4\\fcharset0 Sans;}}\n\
        \\uc1 \\'cf\\'f0\\'e0\\'e2\\'e0 {\\f1\\'ef\\'eb} {\\f2\\'83\\'65\\'83X\\'b1} {\\f3\\'61\\u-3913?} {\\f4\\'e9}\\par\n\
        \\u8364?\\u-10179?\\u-8704? {\\uc2\\u20013\\'d6\\'d0}{\\uc0\\u233}x \\u228\\'e4o\\par\n\
        a\\~b\\_c\\-d\\emdash\\ldblquote q\\rdblquote  \\{\\}\\\\ \\line next\\tab tab\n wrapped\\par\n\
        {\\v hidden}{\\deleted gone}{\\revised kept} {\\upr{ansi}{\\*\\ud{unicode}}} {\\*\\unknown nothing}{\\pict\\wmetafile8 0102}\\bin3 }}} end}",
        expect![[r#"
            a
            Paragraph: Права пл テスｱ α• é
            Paragraph: €😀 中éx äo
            Paragraph: a b-cd—“q” {}\ ⏎next | tab wrapped
            Paragraph: kept unicode  end
        "#]],
    );
}

#[test]
fn rich_text_of_other_programs() {
    // TextEdit: a backslash ends the paragraph.
    check(
        "a.rtf",
        "{\\rtf1\\ansi\\ansicpg1252\\cocoartf2580\n{\\fonttbl\\f0\\fswiss\\fcharset0 Helvetica;}\n\\pard\\f0 One\\\nTwo\\\n\\pard\\li720\\fi-720\\ls1\\ilvl0{\\listtext\t\\uc0\\u8226 \t}item\\\n}",
        expect![[r#"
            a
            Paragraph: One
            Paragraph: Two
            ListItem: item
        "#]],
    );
    // WordPad, and what hangs before a tab without being a list.
    check(
        "a.rtf",
        "{\\rtf1\\ansi\\ansicpg65001\\pard{\\pntext\\f1\\'B7\\tab}{\\*\\pn\\pnlvlblt\\pnf1{\\pntxtb\\'B7}}\\fi-200 \\'c3\\'a9\\'e2\\'82\\'ac\\par {\\pntext\\tab}b\\par\\pard\\fi-360 \\bullet\\tab c\\par (a)\\tab d\\par\\pard\\fi0 e\\tab f\\par\\pard\\intbl framed\\cell\\row\\pard End\\par}",
        expect![[r#"
            a
            ListItem: é€
            ListItem: b
            ListItem: c
            ListItem: (a) | d
            Paragraph: e | f
            Paragraph: framed
            Paragraph: End
        "#]],
    );
}

#[test]
fn rich_text_headings_lists_tables_notes_and_fields() {
    let source = "{\\rtf1\\ansi\\deflang1031{\\stylesheet{\\s0 Normal;}{\\s1\\sbasedon0\\outlinelevel0 heading 1;}{\\s2\\sbasedon1 Eigene;}{\\s3 Title;}{\\s4 Quote;}{\\s5 toc 1;}{\\*\\cs6 heading 2;}}\n\
        {\\info{\\title Andere}{\\author Anna}{\\keywords Recht, Praxis}{\\creatim\\yr2019\\mo5\\dy1}}{\\header Kopf}\n\
        \\pard\\s3 Der Titel\\par\\pard\\s5 Inhalt\\par\n\
        {\\field{\\*\\fldinst TOC \\\\o}{\\fldrslt \\pard Zeile 1\\par Zeile 2\\par}}\n\
        {\\listtext\\pard\\plain 1.\\tab}\\pard\\s2 Erstes{\\footnote \\pard\\plain\\chftn  Die Anmerkung.\\par Weiter.}\\par\n\
        \\pard Text mit {\\field{\\*\\fldinst HYPERLINK \"https://example.org\"}{\\fldrslt Verweis}}.\\par\n\
        {\\listtext\\'b7\\tab}\\pard\\ls1 eins\\par{\\pntext -\\tab}\\pard\\ls1\\ilvl1 zwei\\par\n\
        \\pard\\outlinelevel1 Zweites\\par\\pard\\s4 Gesagt\\par\n\
        \\trowd\\pard\\intbl A\\cell B\\par C\\cell\\row\\trowd\\pard\\intbl\\itap1 1\\cell \\pard\\intbl\\itap2 x\\nestcell y\\nestcell{\\*\\nesttableprops\\trowd\\nestrow}{\\nonesttables\\par}\\pard\\intbl\\itap1 around\\cell\\row\n\
        \\pard Anker{\\shp{\\*\\shpinst\\shpleft0{\\sp{\\sn x}{\\sv y}}{\\shptxt \\pard Kasten\\par}}{\\shprslt{\\pard Kasten\\par}}} danach\\par\\pard\\s1 Ende}";
    check(
        "a.rtf",
        source,
        expect![[r#"
            Der Titel
            @author: Anna
            @date: 2019-05-01
            @keywords: Recht | Praxis
            @links: https://example.org
            @year: 2019
            lang de
            = 1. Erstes
            Note: Die Anmerkung.⏎Weiter.
            Paragraph: Text mit Verweis.
            ListItem: eins
            ListItem: zwei
            == Zweites
            Quotation: Gesagt
            TableRow: A | B⏎C
            TableRow: 1 | around
            TableRow: x | y
            Paragraph: Anker danach
            Paragraph: Kasten
            = Ende
        "#]],
    );
    let document = read("a.rtf", source.as_bytes(), &Corpus::default()).unwrap();
    let at = document.text.find("zwei").unwrap();
    let bytes = document.locate(at..at + 4).bytes.unwrap();
    assert_eq!(&source[bytes], "zwei");
    let heading = document.sections.iter().position(|it| it.heading == "Zweites").unwrap();
    assert_eq!(&source[document.locate_heading(heading).bytes.unwrap()], "Zweites");
}

#[test]
fn hostile_rich_text_ends_in_text() {
    let deep = |open: &str, close: &str| {
        let count = if open.len() + close.len() < 3 { 100_000 } else { 20_000 };
        format!("{{\\rtf1 {} x{}}}", open.repeat(count), close.repeat(count))
    };
    let sources = [
        deep("{", "}"),
        deep("{", ""),
        deep("", "}"),
        deep("{\\footnote ", "}"),
        deep("{\\shptxt ", "}"),
        deep("{\\field{\\*\\fldinst a}{\\fldrslt ", "}}"),
        deep("\\cell", "\\row"),
        deep("\\intbl\\itap9\\nestcell ", "\\nestrow"),
        deep("\\u-10179?", "\\'8"),
        "{\\rtf1 \\bin2000000000 x}".to_owned(),
        "{\\rtf1 \\bin-5 \\u99999999999 \\uc-1 \\u65? \\s99999999999999 x\\".to_owned(),
        "{\\rtf1 {\\stylesheet{\\s1\\sbasedon2 a;}{\\s2\\sbasedon1 b;}}\\pard\\s1 x\\par}"
            .to_owned(),
    ];
    for source in sources {
        let start = std::time::Instant::now();
        let document = read("a.rtf", source.as_bytes(), &Corpus::default()).unwrap();
        assert!(document.text.contains('x'), "{}", &source[..40.min(source.len())]);
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
}

/// What Rich Text is made of, well formed or not.
const RICH_TEXT: &[&str] = &[
    "{",
    "}",
    "}",
    "{\\rtf1 ",
    "\\par ",
    "\\pard",
    "\\pard\\s1 ",
    "text ",
    "Überschrift ",
    "\n",
    "\\'e9",
    "\\'83",
    "\\'",
    "\\u8364?",
    "\\u-10179?",
    "\\u-8704?",
    "\\uc0 ",
    "\\uc3",
    "{\\footnote ",
    "{\\listtext 1.\\tab}",
    "{\\*\\pn",
    "\\intbl ",
    "\\cell ",
    "\\row ",
    "\\itap2 ",
    "\\nestcell ",
    "\\nestrow ",
    "{\\field{\\*\\fldinst TOC}{\\fldrslt ",
    "{\\shptxt ",
    "\\f2 ",
    "{\\fonttbl{\\f2\\fcharset128 a;}}",
    "{\\stylesheet{\\s1\\outlinelevel0 heading 1;}}",
    "\\outlinelevel2 ",
    "\\v ",
    "\\v0 ",
    "\\line ",
    "\\tab ",
    "\\~",
    "\\_",
    "\\*",
    "\\\\",
    "\\bin2 ",
    "日本",
    "\u{1F600}",
    " ",
    "\\emdash ",
    "{\\info{\\title T}}",
    "{\\upr{a}{\\*\\ud b}}",
    "\\",
];

/// What a Word file's text is made of, well formed or not.
const WORD: &[&str] = &[
    "<w:p>",
    "</w:p>",
    "<w:p>",
    "</w:p>",
    "<w:r>",
    "</w:r>",
    "<w:t>text</w:t>",
    "<w:t> more </w:t>",
    "<w:tab/>",
    "<w:br/>",
    "<w:tbl>",
    "</w:tbl>",
    "<w:tr>",
    "</w:tr>",
    "<w:tc>",
    "</w:tc>",
    "<w:tcPr><w:vMerge/></w:tcPr>",
    "<w:pPr><w:outlineLvl w:val='0'/></w:pPr>",
    "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>",
    "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>",
    "<w:pPr><w:pStyle w:val='Title'/></w:pPr>",
    "<w:pPr><w:pStyle w:val='Code'/></w:pPr>",
    "<w:fldChar w:fldCharType='begin'/>",
    "<w:instrText>TOC</w:instrText>",
    "<w:fldChar w:fldCharType='separate'/>",
    "<w:fldChar w:fldCharType='end'/>",
    "<w:txbxContent>",
    "</w:txbxContent>",
    "<mc:AlternateContent>",
    "<mc:Choice>",
    "</mc:Choice>",
    "<mc:Fallback>",
    "</mc:Fallback>",
    "</mc:AlternateContent>",
    "<w:del>",
    "</w:del>",
    "<m:oMath>",
    "<m:d><m:e>",
    "</m:e></m:d>",
    "</m:oMath>",
    "<w:sdt>",
    "</w:sdt>",
    "&#x41;",
    "&b;",
    "<",
];

mod laws {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    /// Blocks lie in the text in order, with white space between them only.
    fn checked(document: &Document) -> Result<(), TestCaseError> {
        let mut end = 0;
        for block in &document.blocks {
            prop_assert!(block.range.start >= end && block.range.end > block.range.start);
            prop_assert!(document.text[end..block.range.start].trim().is_empty());
            let text = &document.text[block.range.clone()];
            prop_assert_eq!(text, text.trim());
            prop_assert!(block.section < document.sections.len());
            end = block.range.end;
        }
        prop_assert_eq!(end, document.text.len());
        Ok(())
    }

    proptest! {
        #![proptest_config(crate::support::cases())]

        #[test]
        fn rich_text_is_where_its_runs_say(pieces in vec(select(RICH_TEXT), 0..60)) {
            let source = pieces.concat();
            let document = tipsearch::read::rtf::read("a.rtf", &source);
            checked(&document)?;
            for run in &document.map.runs {
                let place = source.get(run.source..run.source + run.source_len);
                prop_assert!(place.is_some(), "{:?}", run);
                if run.grain == tipsearch::document::Grain::Verbatim {
                    prop_assert_eq!(place, document.text.get(run.text..run.text + run.text_len));
                }
            }
        }

        #[test]
        fn damaged_word_files_are_read_in_order(pieces in vec(select(WORD), 0..40), skip in 0..3usize) {
            let body = pieces.into_iter().skip(skip).collect::<String>();
            let document = tipsearch::read::docx::read("a.docx", &word(&body, &[])).unwrap();
            checked(&document)?;
        }
    }
}
