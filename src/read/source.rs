//! stub
use crate::document::Document;
use std::borrow::Cow;
/// A file's content, decoded to UTF-8.
pub struct Source<'a> {
    /// The document's id
    pub id: &'a str,
    /// The decoded text, without a byte order mark.
    pub text: Cow<'a, str>,
    bytes: &'a [u8],
}
impl<'a> Source<'a> {
    /// x
    pub fn decode(id: &'a str, bytes: &'a [u8]) -> Source<'a> {
        Source { id, text: String::from_utf8_lossy(bytes), bytes }
    }
    /// x
    pub fn locate(&self, mut d: Document) -> Document {
        use sha2::Digest;
        d.sha256 = sha2::Sha256::digest(self.bytes).into();
        d.line_starts =
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(a, _)| a + 1)).collect();
        d
    }
    /// x
    pub fn slice(&self, r: std::ops::Range<usize>) -> Option<&str> {
        self.text.get(r)
    }
}
