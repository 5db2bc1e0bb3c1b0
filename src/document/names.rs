//! Names of files as text: bytes of them that are no characters are escaped, so that no two names become one and each
//! leads back to its file.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::PathBuf;

/// What an escaped byte begins with.
const ESCAPE: &str = "\\x";

/// A backslash in a name that is not UTF-8.
const BACKSLASH: &str = "\\x5C";

/// The name or path as text: as it is where it is UTF-8, else with `\xE9` for each byte that belongs to no character.
pub fn name_text(name: &OsStr) -> Cow<'_, str> {
    if let Some(text) = name.to_str() {
        return Cow::Borrowed(text);
    }
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        // A backslash of its own is no escape.
        text.push_str(&chunk.valid().replace('\\', BACKSLASH));
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("{ESCAPE}{byte:02X}")));
    }
    Cow::Owned(text)
}

/// The path that [`name_text`] made a text of. A name that has a backslash itself is that of the file that there is.
pub fn path_of(text: String) -> PathBuf {
    let plain = PathBuf::from(text);
    let escaped = plain.to_str().filter(|text| text.contains(ESCAPE)).and_then(unescaped);
    match escaped {
        Some(path) if !plain.exists() => path,
        _ => plain,
    }
}

#[cfg(unix)]
fn unescaped(text: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let mut parts = text.split(ESCAPE);
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend(part.as_bytes().get(2..)?);
    }
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

/// Elsewhere names are UTF-16, and what is no character in them does not come back.
#[cfg(not(unix))]
fn unescaped(_: &str) -> Option<PathBuf> {
    None
}
