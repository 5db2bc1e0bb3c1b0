//! Entity tags: what was asked of which state of the index, so that the same question need not be answered twice.

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::engine::Engine;
use crate::serve::operations::Open;

/// The tag of an answer: the generation, and a digest of index, version, options and question. It is weak: an answer tells
/// how long it took, and is compressed or not.
pub fn etag(open: &Open, question: &str) -> String {
    let summary = open.engine().summary();
    let mut hash = Sha256::new();
    for part in
        [env!("CARGO_PKG_VERSION"), &summary.digest, &summary.stamp, &open.options, question]
    {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest: String =
        hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{}-{digest}\"", summary.generation)
}

/// Whether a client has the answer already.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let known = known.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut known = known.map(str::trim);
    known.any(|known| known == "*" || opaque(known) == opaque(etag))
}

/// Says which answer this is.
pub fn add(headers: &mut HeaderMap, etag: &str) {
    if let Ok(value) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}
