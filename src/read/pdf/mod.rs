//! PDF.
mod cmap;
mod content;
mod fonts;
mod lines;
mod matrix;
mod objects;
mod regions;
mod words;

use super::builder::DocumentBuilder;
use crate::document::Document;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

/// Reads PDF.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(reason)?;
    let mut fonts = fonts::Fonts::default();
    let mut b = DocumentBuilder::of_pages(id);
    let off = Default::default();
    for (n, page) in pdf.pages().iter().enumerate() {
        b.page(n + 1, None);
        let c = content::run(page, &mut fonts, &off);
        for words in words::words(&c, &fonts.faces) {
            for r in regions::regions(words, &c.rules) {
                b.begin(crate::document::BlockKind::Paragraph, false);
                for l in r.lines { b.add(&l.text()); b.add("\n"); }
                b.end();
            }
        }
        b.end();
    }
    Ok(b.finish())
}

fn reason(error: LoadPdfError) -> String {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            "it is encrypted, and opens with a password only".to_owned()
        }
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            "it is encrypted in a way that is not read".to_owned()
        }
        LoadPdfError::Decryption(_) => "its encryption is damaged".to_owned(),
        LoadPdfError::Invalid => "it is too damaged to be read as PDF".to_owned(),
    }
}
