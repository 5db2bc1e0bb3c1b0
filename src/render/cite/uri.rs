//! `tipsearch://` addresses (RFC 3986) of reports and of what is in them: `tipsearch://DOC`, `tipsearch://DOC#PART`, and
//! `tipsearch://DOC?index=NAME#PART` where a server has several indexes. What may not stand in a path is escaped, so that
//! they can be links anywhere, whatever a file is called.

use std::fmt::Write;

/// What an address begins with.
pub const SCHEME: &str = "tipsearch://";

/// What stands before the name of an index.
pub const INDEX: &str = "?index=";

/// The address of a report of an index, or of a part of it, as the id of a passage names one.
pub fn uri(doc_id: &str, index: Option<&str>, part: Option<&str>) -> String {
    let mut uri = format!("{SCHEME}{}", escaped(doc_id));
    if let Some(index) = index {
        let _ = write!(uri, "{INDEX}{index}");
    }
    if let Some(part) = part {
        let _ = write!(uri, "#{part}");
    }
    uri
}

/// Escapes what may not stand in the path of an address.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'/' | b'-' | b'.' | b'_' | b'~' | b',' | b'=' | b'+' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
