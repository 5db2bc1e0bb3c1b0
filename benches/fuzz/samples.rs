//! What inputs begin from: pieces of sample files where there are any, and small inputs of our own.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use crate::mutate::Random;
use crate::readers::{MEMBER, Reader, packed};

/// Pieces of samples are as long as this at most, bytes; a piece of a third may be.
const LONGEST_PIECE: usize = 2000;

/// Binary samples that are longer make a slow start and nothing else.
const LONGEST_BINARY: u64 = 48 * 1024;

/// So many samples of a format are taken, and so many pieces of each.
const MOST_SAMPLES: usize = 200;
const MOST_PIECES: usize = 60;

/// The pieces that a reader's inputs begin from. `shared`: where samples are.
pub fn pieces(reader: &Reader, shared: &Path) -> Vec<Vec<u8>> {
    let mut pieces: Vec<Vec<u8>> = built_in(reader.name);
    let mut files = Vec::new();
    for (folder, ending) in reader.samples {
        collect(&shared.join(folder), ending, 3, &mut files);
    }
    files.sort();
    let mut random = Random(2008);
    for file in files.iter().take(MOST_SAMPLES) {
        let is_small = fs::metadata(file).is_ok_and(|data| data.len() <= LONGEST_BINARY);
        if reader.is_binary && !is_small && reader.name != "encodings" {
            continue;
        }
        let mut bytes = Vec::new();
        let opened = fs::File::open(file);
        let most = 1024 * 1024;
        if opened.is_ok_and(|file| file.take(most).read_to_end(&mut bytes).is_ok()) {
            match (reader.is_binary, bytes.starts_with(b"PK")) {
                (true, true) => package(bytes, &mut pieces, &mut random),
                (true, false) if reader.name != "encodings" => pieces.push(bytes),
                _ => cut(&bytes, &mut pieces, &mut random),
            }
        }
    }
    pieces
}

fn collect(folder: &Path, ending: &str, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() && depth > 0 {
            collect(&path, ending, depth - 1, files);
        } else if path.extension().is_some_and(|end| end == ending) {
            files.push(path);
        }
    }
}

/// Pieces of a text, each from the beginning of a line on.
fn cut(bytes: &[u8], pieces: &mut Vec<Vec<u8>>, random: &mut Random) {
    pieces.push(bytes[..bytes.len().min(LONGEST_PIECE)].to_vec());
    for _ in 0..(bytes.len() / 200).min(MOST_PIECES) {
        let at = random.below(bytes.len());
        let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |line| line + 1);
        let start = if at - start > LONGEST_PIECE { at } else { start };
        let halvings = random.below(5);
        let length = 16 + random.below(LONGEST_PIECE >> halvings);
        pieces.push(bytes[start..bytes.len().min(start + length)].to_vec());
    }
}

/// A package as it is, and in its written form where it is small.
fn package(bytes: Vec<u8>, pieces: &mut Vec<Vec<u8>>, random: &mut Random) {
    if let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(&bytes)) {
        let mut written = Vec::new();
        for index in 0..archive.len() {
            let Ok(member) = archive.by_index(index) else { continue };
            let Ok(name) = member.name().map(|name| name.into_owned()) else { continue };
            let is_text =
                [".xml", ".rels", ".xhtml", ".opf", ".ncx"].iter().any(|end| name.ends_with(end));
            let mut text = Vec::new();
            if is_text && member.take(200_000).read_to_end(&mut text).is_ok() {
                cut(&text, pieces, random);
                text.truncate(3000);
                written.extend_from_slice(format!("{MEMBER}{name}\n").as_bytes());
                written.extend_from_slice(&text);
                written.push(b'\n');
            }
        }
        written.truncate(20_000);
        pieces.push(written);
    }
    pieces.push(bytes);
}

/// Small inputs for the formats whose samples tell little or are too large.
fn built_in(name: &str) -> Vec<Vec<u8>> {
    let text = "# Head\n\nGuards came.\n";
    let archive = "=== a.md\n# Head\n\nText.\n=== b/c.txt\nText.\n=== d.html\n<p>Text.</p>\n";
    match name {
        "pdf" => vec![PDF.into()],
        "zip" => vec![archive.into(), packed("zip", archive.as_bytes()), nested(archive)],
        "tar" => vec![tar(text), tar("From: a@b\nSubject: c\nDate: d\n\ne\n")],
        "gzip" => [tar(text), text.into()].iter().map(|bytes| gzip(bytes)).collect(),
        "bzip2" => [tar(text), text.into()].iter().map(|bytes| bzip2(bytes)).collect(),
        "xz" => [tar(text), text.into()].iter().map(|bytes| xz(bytes)).collect(),
        "zstd" => [tar(text), text.repeat(20).into()].iter().map(|bytes| zstd(bytes)).collect(),
        _ => template(name).map(|(template, _)| template.into()).into_iter().collect(),
    }
}

/// A small package of a format, and what stands before the text of its main part.
pub fn template(format: &str) -> Option<(&'static str, &'static str)> {
    Some(match format {
        "docx" => (DOCX, "<w:body>"),
        "odt" => (ODT, "<office:text>"),
        "pptx" => (PPTX, "<p:spTree>"),
        "xlsx" => (XLSX, "<sheetData>"),
        "epub" => (EPUB, "<html><body>"),
        _ => return None,
    })
}

fn nested(archive: &str) -> Vec<u8> {
    let mut nested = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in
        [("a.zip", packed("zip", archive.as_bytes())), ("b.txt.gz", gzip(b"Text."))]
    {
        let _ = nested.start_file(name, zip::write::SimpleFileOptions::default());
        let _ = nested.write_all(&bytes);
    }
    nested.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn tar(text: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let long = format!("{}.md", "long/".repeat(60));
    for name in ["a.md", "b/c.txt", long.as_str()] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_cksum();
        let _ = builder.append_data(&mut header, name, text.as_bytes());
    }
    builder.into_inner().unwrap_or_default()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let Ok(mut writer) = lzma_rust2::XzWriter::new(Vec::new(), options) else { return Vec::new() };
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap_or_default()
}

const DOCX: &str = r#"=== [Content_Types].xml
<Types/>
=== word/document.xml
<w:document xmlns:w="w"><w:body><w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>Head</w:t></w:r></w:p><w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Guards came.</w:t><w:footnoteReference w:id="1"/></w:r></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>
=== word/_rels/document.xml.rels
<Relationships><Relationship Id="rId1" Type="http://a/footnotes" Target="footnotes.xml"/><Relationship Id="rId2" Type="http://a/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://a/numbering" Target="numbering.xml"/></Relationships>
=== word/footnotes.xml
<w:footnotes><w:footnote w:id="1"><w:p><w:r><w:t>Note.</w:t></w:r></w:p></w:footnote></w:footnotes>
=== word/styles.xml
<w:styles><w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 1"/><w:basedOn w:val="b"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>
=== word/numbering.xml
<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>
"#;

const ODT: &str = r#"=== mimetype
application/vnd.oasis.opendocument.text
=== content.xml
<office:document-content><office:automatic-styles><style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_1"/></office:automatic-styles><office:body><office:text><text:h text:style-name="P1" text:outline-level="1">Head</text:h><text:p>Guards<text:s text:c="2"/>came.<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Note.</text:p></text:note-body></text:note></text:p><text:list><text:list-item><text:p>a</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>b</text:p></table:table-cell></table:table-row></table:table></office:text></office:body></office:document-content>
=== styles.xml
<office:document-styles><text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/></text:outline-style></office:document-styles>
=== meta.xml
<office:meta><dc:title>A</dc:title></office:meta>
"#;

const PPTX: &str = r#"=== [Content_Types].xml
<Types/>
=== ppt/presentation.xml
<p:presentation xmlns:r="r"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>
=== ppt/_rels/presentation.xml.rels
<Relationships><Relationship Id="rId1" Type="http://a/slide" Target="slides/slide1.xml"/></Relationships>
=== ppt/slides/slide1.xml
<p:sld><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>Head</a:t></a:r></a:p></p:txBody></p:sp><p:sp><p:spPr><a:xfrm><a:off x="1" y="2"/><a:ext cx="3" cy="4"/></a:xfrm></p:spPr><p:txBody><a:p><a:pPr lvl="1"/><a:r><a:t>Guards came.</a:t></a:r></a:p></p:txBody></p:sp><p:graphicFrame><a:tbl><a:tr><a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>a</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame></p:spTree></p:cSld></p:sld>
"#;

const XLSX: &str = r#"=== [Content_Types].xml
<Types/>
=== xl/workbook.xml
<workbook xmlns:r="r"><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>
=== xl/_rels/workbook.xml.rels
<Relationships><Relationship Id="rId1" Type="http://a/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://a/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://a/styles" Target="styles.xml"/></Relationships>
=== xl/worksheets/sheet1.xml
<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" s="1"><v>45413.5</v></c></row><row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3"><v>0.30000000000000004</v></c></row></sheetData></worksheet>
=== xl/sharedStrings.xml
<sst><si><t>Country</t></si><si><r><t>Year</t></r></si></sst>
=== xl/styles.xml
<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>
"#;

const EPUB: &str = r##"=== mimetype
application/epub+zip
=== META-INF/container.xml
<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>
=== a.opf
<package><metadata><dc:title>A</dc:title></metadata><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/><item id="n" href="n.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>
=== c.xhtml
<html><body><h1 id="a">One</h1><p>Guards came.<a epub:type="noteref" href="#n1">1</a><span epub:type="pagebreak" title="1"/></p><aside epub:type="footnote" id="n1">Note.</aside></body></html>
=== n.xhtml
<html><body><nav epub:type="toc"><ol><li><a href="c.xhtml#a">One</a></li></ol></nav></body></html>
"##;

const PDF: &str = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R /PageLabels << /Nums [0 << /S /r >>] >> >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n4 0 obj\n<< /Length 120 >>\nstream\nBT /F1 18 Tf 72 720 Td (Head) Tj /F1 12 Tf 0 -30 Td (Guards came.) Tj 0 -14 Td [(And) -300 (left.)] TJ ET\nendstream\nendobj\n5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 7 0 R >>\nendobj\n6 0 obj\n<< /First 8 0 R /Last 8 0 R >>\nendobj\n7 0 obj\n<< /Length 90 >>\nstream\nbegincmap 1 beginbfrange <00> <FF> <0000> endbfrange 1 beginbfchar <41> <0042> endbfchar endcmap\nendstream\nendobj\n8 0 obj\n<< /Title (Head) /Parent 6 0 R /Dest [3 0 R /Fit] >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 9 >>\nstartxref\n0\n%%EOF\n";
