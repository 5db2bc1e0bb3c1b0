//! OpenDocument text: LibreOffice and its kin.

mod body;
mod object;
mod styles;

use super::builder::DocumentBuilder;
use super::flow::Flow;
use super::opc::{Parts, properties};
use super::xml::decode;
use crate::document::Document;
use body::Body;
use styles::Styles;

/// The part with the text.
const MAIN: &str = "content.xml";

/// Reads OpenDocument text.
///
/// # Errors
/// The reason, when the package or its main part cannot be read.
pub fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let mut parts = Parts::open(bytes)?;
    let mut builder = DocumentBuilder::of_pages(id);
    let manifest = parts.optional("META-INF/manifest.xml", &mut builder);
    if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
        return Err(crate::read::LOCKED.to_owned());
    }
    let main = parts.part(MAIN)?.ok_or_else(|| format!("it has no `{MAIN}`, its main part"))?;
    let main = decode(&main);
    let mut styles = Styles::default();
    styles.read(&decode(&parts.optional("styles.xml", &mut builder)));
    styles.read(&main);
    let meta = parts.optional("meta.xml", &mut builder);
    let properties = properties(&decode(&meta), &mut builder);

    let mut body = Body::new(Flow::new(builder, MAIN), &styles, &mut parts);
    body.read(&main);
    let (flow, languages) = body.end();
    let mut document = flow.finish(properties.title.as_deref());
    let declared = properties.lang.filter(|lang| languages.is_plausible(lang));
    document.lang = languages.most().or(declared);
    Ok(document)
}
